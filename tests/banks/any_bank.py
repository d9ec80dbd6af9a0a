"""Hypothesis draws items of every kind: any text, any content, any interaction, any rule our types can hold and a page show."""

import functools
from decimal import Decimal

from hypothesis import strategies as st

from cbt_station.banks import formulas
from cbt_station.banks.pictures import check_picture
from cbt_station.banks.recordings import check_recording
from cbt_station.banks.source_text import hidden_character
from cbt_station.exam import content as c
from cbt_station.exam import interactions as i
from cbt_station.exam.item import HandMarked, OptionScores, Shown
from cbt_station.exam.processing import (
    AreaEntry,
    AreaMapping,
    Lookup,
    LookupEntry,
    MapEntry,
    Mapping,
    Node,
    OutcomeDeclaration,
    Processing,
    ResponseDeclaration,
)
from tests.banks.small_bank import CIRCLE, square

WAV = b"RIFF\x24\x00\x00\x00WAVEfmt "
MEDIA = {"persegi.png": square(), "lingkaran.svg": CIRCLE.encode(), "nada.wav": WAV}
FILES = {
    "persegi.png": check_picture("persegi.png", MEDIA["persegi.png"]),
    "lingkaran.svg": check_picture("lingkaran.svg", MEDIA["lingkaran.svg"]),
    "nada.wav": check_recording("nada.wav", WAV),
}
PICTURES = ("persegi.png", "lingkaran.svg")

_LETTERS = st.one_of(
    st.sampled_from("\\`*_{}[]()<>#+-.!|$~^&:=\"' 19aZé\u00a0\u0633\ua9a5"),
    st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp")),
)
TEXTS = st.text(_LETTERS, min_size=1, max_size=12).filter(lambda text: not hidden_character(text))
WORDS = TEXTS.map(lambda text: " ".join(text.split())).filter(bool)
NAMES = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,4}", fullmatch=True)
COUNTS = st.integers(0, 9)
NUMBERS = st.decimals(-50, 50, places=2, allow_nan=False)


def names(least: int, most: int):
    """Some different names."""
    return st.lists(NAMES, min_size=least, max_size=most, unique=True)


@functools.cache
def _formula(latex: str) -> c.Formula:
    return formulas.draw(latex)[0]


RUNS = st.builds(
    c.Text, TEXTS, st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.booleans()
) | st.builds(c.Text, TEXTS)
OBJECTS = st.one_of(
    st.just(c.LineBreak()),
    st.sampled_from(["x^2", r"\frac{1}{2}", r"\sqrt{a|b}"]).map(_formula),
    st.builds(c.InlinePicture, st.sampled_from(PICTURES), st.integers(1, 99), st.integers(1, 99), WORDS),
)
_LANGUAGES = st.sampled_from(["", "ar", "jv", "zh-Hans"])


def _spans(inner):
    spans = st.builds(
        c.Span,
        st.lists(inner, min_size=1, max_size=3).map(tuple),
        _LANGUAGES,
        st.sampled_from(["", "ltr", "rtl"]),
        st.booleans(),
        st.booleans(),
    )
    return spans.filter(lambda span: span.language or span.direction or span.underline or span.strike)


INLINES = st.recursive(st.one_of(RUNS, RUNS, OBJECTS), _spans, max_leaves=3)
LINES = st.lists(INLINES, min_size=1, max_size=4).map(tuple)


@st.composite
def tables(draw):
    """Tables whose cells fill a grid: cells of 1 × 1, and now and then one that reaches over its neighbours."""
    width, height = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    taken, rows = set(), []
    for row in range(height):
        cells = []
        for column in range(width):
            if (row, column) in taken:
                continue
            wide = draw(st.integers(1, width - column))
            high = draw(st.integers(1, height - row))
            places = {(row + down, column + right) for down in range(high) for right in range(wide)}
            if places & taken:
                wide = high = 1
                places = {(row, column)}
            taken |= places
            line = draw(st.just(()) | LINES)
            align = draw(st.sampled_from(["start", "end", "center"]))
            cells.append(c.Cell(line, draw(st.booleans()), align, wide, high))
        rows.append(tuple(cells))
    return c.Table(tuple(rows))


PLAIN_BLOCKS = st.one_of(
    st.builds(c.Paragraph, LINES),
    st.builds(c.Paragraph, LINES),
    st.builds(c.Picture, st.sampled_from(PICTURES), st.integers(1, 999), st.integers(1, 999), WORDS),
    st.builds(c.Heading, st.integers(1, 3), LINES),
    st.builds(c.Verbatim, st.lists(TEXTS, max_size=3).map("\n".join)),
    st.builds(c.Audio, st.just("nada.wav"), WORDS, st.integers(0, 9)),
    st.just(c.Separator()),
    tables(),
)


def _holders(inner):
    some = st.lists(inner, min_size=1, max_size=2).map(tuple)
    return st.one_of(
        st.builds(c.Quote, some),
        st.builds(
            c.Listing, st.lists(some, min_size=1, max_size=2).map(tuple), st.none() | st.integers(0, 12)
        ),
        st.builds(c.Columns, st.lists(some, min_size=2, max_size=3).map(tuple)),
    )


BLOCKS = st.lists(st.recursive(PLAIN_BLOCKS, _holders, max_leaves=3), min_size=1, max_size=3).map(tuple)
CONTENTS = st.lists(st.one_of(st.builds(c.Paragraph, LINES), PLAIN_BLOCKS), min_size=1, max_size=2).map(
    tuple
)  # of an option


@st.composite
def options(draw, least: int = 1, most: int = 4):
    return tuple(
        i.Option(name, (*draw(CONTENTS), _said(f"option {name}")), draw(st.booleans()))
        for name in draw(names(least, most))
    )


def _said(text: str) -> c.Paragraph:
    return c.Paragraph((c.Text(text),))


def _associable(draw, name: str) -> i.Associable:
    return i.Associable(name, (*draw(CONTENTS), _said(name)), draw(st.booleans()), draw(COUNTS), draw(COUNTS))


@st.composite
def associables(draw, taken: tuple[str, ...] = ()):
    return tuple(_associable(draw, name) for name in draw(names(1, 3)) if name not in taken)


@st.composite
def areas(draw):
    shape = draw(st.sampled_from(["rect", "circle", "ellipse", "poly", "default"]))
    count = {"rect": 4, "circle": 3, "ellipse": 4, "poly": 6, "default": 0}[shape]
    return shape, tuple(draw(st.integers(0, 400)) for _ in range(count))


@st.composite
def spots(draw, taken: tuple[str, ...] = ()):
    free = [name for name in draw(names(1, 3)) if name not in taken]
    return tuple(i.Spot(name, *draw(areas()), draw(WORDS), draw(COUNTS)) for name in free)


PICTURE = st.builds(c.Picture, st.sampled_from(PICTURES), st.integers(1, 999), st.integers(1, 999), WORDS)


@st.composite
def matches(draw):
    rows = draw(associables())
    columns = draw(associables(tuple(row.id for row in rows)).filter(bool))
    return i.MatchInteraction(rows, columns, draw(st.booleans()), draw(COUNTS), draw(COUNTS))


@st.composite
def gap_matches(draw):
    gaps = draw(names(1, 3))
    text = (*draw(BLOCKS), *(c.Paragraph((c.Text("gap "), c.Slot(gap))) for gap in gaps))
    offered = draw(associables(tuple(gaps)).filter(bool))
    return i.GapMatchInteraction(text, tuple(gaps), offered, draw(st.booleans()))


@st.composite
def hottexts(draw):
    inner = st.lists(st.one_of(RUNS, RUNS, OBJECTS), min_size=1, max_size=2).map(tuple)
    runs = [(c.Text("see "), c.Hot(name, draw(inner))) for name in draw(names(1, 3))]
    text = (*draw(BLOCKS), *(c.Paragraph(run) for run in runs))
    return i.HottextInteraction(text, draw(COUNTS), draw(COUNTS))


@st.composite
def graphic_gap_matches(draw):
    offered = draw(associables())
    places = draw(spots(tuple(one.id for one in offered)).filter(bool))
    return i.GraphicGapMatchInteraction(draw(PICTURE), places, offered, draw(st.booleans()))


@st.composite
def sliders(draw):
    low = draw(st.integers(-50, 50))
    return i.SliderInteraction(
        str(low), str(low + draw(st.integers(1, 90))), draw(st.sampled_from(["1", "0.5", "3"])),
        draw(st.booleans()), draw(st.booleans()),
    )  # fmt: skip


SIMPLE = {
    "choice": st.builds(i.ChoiceInteraction, options(2), st.booleans()),
    "choices": st.builds(i.ChoicesInteraction, options(), st.booleans(), COUNTS, COUNTS),
    "inline-choice": st.builds(i.InlineChoiceInteraction, options(), st.booleans()),
    "text": st.builds(i.TextEntryInteraction, COUNTS, COUNTS, st.just("") | WORDS),
    "number": st.builds(i.NumberEntryInteraction, COUNTS, COUNTS),
    "extended-text": st.builds(i.ExtendedTextInteraction, COUNTS, COUNTS, COUNTS),
    "match": matches(),
    "associate": st.builds(i.AssociateInteraction, associables(), st.booleans(), COUNTS, COUNTS),
    "order": st.builds(i.OrderInteraction, options(), st.booleans(), COUNTS, COUNTS),
    "gap-match": gap_matches(),
    "hottext": hottexts(),
    "hotspot": st.builds(i.HotspotInteraction, PICTURE, spots(), COUNTS, COUNTS),
    "graphic-gap-match": graphic_gap_matches(),
    "slider": sliders(),
    "select-point": st.builds(i.SelectPointInteraction, PICTURE, COUNTS, COUNTS),
}


@st.composite
def shown(draw, kind: str):
    """An item in one language whose one interaction is of this kind, or a composite one."""
    stem = draw(BLOCKS)
    if kind != "composite":
        part = draw(SIMPLE[kind])
        return Shown((*stem, _said("What?"), *_placed(i.RESPONSE, part, draw(st.booleans()))), part)
    parts = {}
    for name in draw(names(1, 3)):
        parts[name] = draw(SIMPLE[draw(st.sampled_from(sorted(SIMPLE)))])
        stem = (*stem, *_placed(name, parts[name], True))
    return Shown(stem, i.Composite(parts))


def _placed(name: str, part: i.Simple, needed: bool) -> c.Blocks:
    if isinstance(part, i.INLINE):
        return (c.Paragraph((c.Text("here: "), c.Slot(name))),)
    return (c.Place(name),) if needed else ()


_VALUE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp")), max_size=6)
_ARGS = st.dictionaries(st.from_regex(r"[a-z][a-z-]{0,5}", fullmatch=True), _VALUE, max_size=2)
_OPS = st.sampled_from(["match", "variable", "base-value", "response-condition", "sum", "and"])
_LEAVES = st.builds(Node, _OPS, st.just(()), _ARGS, _VALUE)
NODES = st.recursive(
    _LEAVES,
    lambda inner: st.builds(Node, _OPS, st.lists(inner, min_size=1, max_size=3).map(tuple), _ARGS),
    max_leaves=8,
)
_BOUND = st.none() | NUMBERS
_CARDINALITIES = st.sampled_from(["single", "multiple", "ordered", "record"])
_BASES = st.sampled_from(
    ["identifier", "boolean", "integer", "float", "string", "point", "pair", "directedPair"]
)
_VALUES = st.none() | st.lists(_VALUE, max_size=2).map(tuple)
MAPPINGS = st.builds(
    Mapping,
    st.lists(st.builds(MapEntry, _VALUE, NUMBERS, st.booleans()), max_size=2).map(tuple),
    NUMBERS,
    _BOUND,
    _BOUND,
)
AREA_MAPPINGS = st.builds(
    AreaMapping,
    st.lists(st.tuples(areas(), NUMBERS).map(lambda one: AreaEntry(*one[0], one[1])), max_size=2).map(tuple),
    NUMBERS,
    _BOUND,
    _BOUND,
)
LOOKUPS = st.builds(
    Lookup,
    st.sampled_from(["match", "interpolation"]),
    st.lists(st.builds(LookupEntry, NUMBERS, _VALUE, st.booleans()), max_size=2).map(tuple),
    st.none() | _VALUE,
)
PROCESSINGS = st.builds(
    Processing,
    st.dictionaries(
        NAMES,
        st.builds(
            ResponseDeclaration,
            _CARDINALITIES,
            _BASES,
            _VALUES,
            st.none() | MAPPINGS,
            st.none() | AREA_MAPPINGS,
        ),
        max_size=2,
    ),
    st.dictionaries(
        NAMES, st.builds(OutcomeDeclaration, _CARDINALITIES, _BASES, _VALUES, st.none() | LOOKUPS), max_size=2
    ).map(lambda found: {"SCORE": OutcomeDeclaration("single", "float")} | found),
    st.lists(NODES, max_size=3).map(tuple),
    NUMBERS,
)


def plain_rule(one: Shown) -> OptionScores | HandMarked:
    """A rule that any item can have."""
    if isinstance(one.interaction, i.ChoiceInteraction | i.InlineChoiceInteraction):
        return OptionScores(
            {option.id: Decimal(place) for place, option in enumerate(one.interaction.options)}
        )
    return HandMarked(Decimal(10))
