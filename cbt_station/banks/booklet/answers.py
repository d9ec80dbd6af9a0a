"""The ways of answering as forms on paper, each as groups of slabs; two languages put the same groups side by side.

Options keep the bank's order and have letters, gaps and places have numbers; `names_of` is what the key calls them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from cbt_station.banks.booklet import answers_pictures, drawings
from cbt_station.banks.booklet.answers_tables import match
from cbt_station.banks.booklet.bidi import reads_leftwards
from cbt_station.banks.booklet.blocks import inlines_of, paragraph, slabs_of, text
from cbt_station.banks.booklet.ink import FAINT, Ink
from cbt_station.banks.booklet.lines import lines
from cbt_station.banks.booklet.marking import Mark, letter, marked, scale
from cbt_station.banks.booklet.pieces import Style
from cbt_station.banks.booklet.setting import Gap, Setting
from cbt_station.banks.booklet.slabs import Slab, Slabs, beside, framed, spaced, stuck, together
from cbt_station.exam import interactions as ways
from cbt_station.exam.content import Hot, Inline, Picture, Place, Slot, Text, as_text, every
from cbt_station.exam.interactions import INLINE, RESPONSE, Associable, Composite, Option, Simple, parts_of
from cbt_station.exam.item import Shown

Groups: TypeAlias = list[Slabs]
_LABEL: Final = 24.0
_LINE: Final = 23.0
"""Between lines to write on by hand."""
_MOST_LINES: Final = 60
_MOST_PAIRS: Final = 40
_LONGEST_GAP: Final = 60
_ABOVE: Final = 5.0


def form(shown: Shown, setting: Setting) -> Groups:
    """The stem and how it is answered."""
    parts = parts_of(shown.interaction)
    labels = labels_of(shown)
    slots: dict[str, tuple[Inline | Gap, ...]] = {
        name: _inline(part, labels[name]) for name, part in parts.items() if isinstance(part, INLINE)
    }
    placed = {one.response for one in every(Place, shown.stem)}
    places = {
        name: _at_place(part, labels[name])
        for name, part in parts.items()
        if name in placed and name not in slots
    }
    inner = replace(setting, slots=slots, places=places)
    found = [slabs_of(shown.stem, inner)]
    written = {one.response for one in every(Slot, shown.stem)}
    for name, part in parts.items():
        if name in slots and name not in written:
            found.append(spaced(paragraph(slots[name], setting), _ABOVE))
        elif name not in slots and name not in placed:
            found += _groups(part, setting, labels[name])
    return [group for group in found if group]


def labels_of(shown: Shown) -> dict[str, str]:
    """What the responses of a composite item are called: (1), (2) …; the only one of an item has no name."""
    if not isinstance(shown.interaction, Composite):
        return {RESPONSE: ""}
    return {name: f"({at})" for at, name in enumerate(shown.interaction.parts, start=1)}


def names_of(part: Simple) -> dict[str, str]:
    """The letter or number under which a form shows each option, row, column, gap, place or word."""
    found: dict[str, str] = {}
    if isinstance(part, ways.MatchInteraction):
        found |= {row.id: str(at) for at, row in enumerate(part.rows, start=1)}
        return found | {column.id: letter(at) for at, column in enumerate(part.columns)}
    if isinstance(part, ways.GapMatchInteraction):
        found |= {gap: str(at) for at, gap in enumerate(part.gaps, start=1)}
    if isinstance(part, ways.GraphicGapMatchInteraction):
        found |= {spot.id: str(at) for at, spot in enumerate(part.spots, start=1)}
    if isinstance(part, ways.HotspotInteraction):
        return {spot.id: letter(at) for at, spot in enumerate(part.spots)}
    if isinstance(part, ways.HottextInteraction):
        return {hot.id: str(at) for at, hot in enumerate(every(Hot, part.content), start=1)}
    options: Sequence[Option | Associable] = getattr(part, "options", ())
    return found | {option.id: letter(at) for at, option in enumerate(options)}


def _at_place(part: Simple, label: str) -> Callable[[Setting], Slabs]:
    """A block interaction within the stem of a composite item."""
    return lambda setting: tuple(slab for group in _groups(part, setting, label) for slab in group)


def _inline(part: Simple, label: str) -> tuple[Inline | Gap, ...]:
    name: tuple[Inline, ...] = (Text(f"{label} ", bold=True),) if label else ()
    if not isinstance(part, ways.InlineChoiceInteraction):
        ems = min(max(getattr(part, "width", 10), 4), _LONGEST_GAP)
        return (Gap(float(ems), label, boxed=isinstance(part, ways.NumberEntryInteraction)),)
    found: list[Inline] = [*name, Text("(\u00a0", bold=True)]
    for at, option in enumerate(part.options):
        found += [Text(" / ", bold=True)] if at else []
        found.append(Hot(f"\0{option.id}", inlines_of(option.content)))
    return (*found, Text("\u00a0)", bold=True))


def _groups(part: Simple, setting: Setting, label: str) -> Groups:
    found = _WAYS[type(part)](part, setting)
    said = _asked(part, setting)
    if label or said:
        content = (*((Text(f"{label} ", bold=True),) if label else ()), Text(said, italic=True))
        hint = stuck(spaced(lines(content, setting.smaller(0.92)), _ABOVE))
        found = [(*hint, *spaced(found[0], 3.0)), *found[1:]] if found else [hint]
    return found


def _asked(part: Simple, setting: Setting) -> str:
    """What to do, and how many of them."""
    words, kind = setting.words, type(part).__name__.removesuffix("Interaction").lower()
    counts = ""
    least, most = getattr(part, "least", 0), getattr(part, "most", 0)
    if not isinstance(part, ways.OrderInteraction) or most:
        if least and least == most:
            counts = words("booklet.exactly", count=least)
        elif least and most:
            counts = words("booklet.between", least=least, most=most)
        elif most:
            counts = words("booklet.at_most", count=most)
        elif least:
            counts = words("booklet.at_least", count=least)
    if isinstance(part, ways.ExtendedTextInteraction) and part.least_characters:
        counts = words("booklet.characters", count=part.least_characters)
    key = f"booklet.do_{kind}"
    return " ".join(one for one in (words(key) if words.knows(key) else "", counts) if one)


def _choice(part: ways.ChoiceInteraction, setting: Setting) -> Groups:
    return _options(part.options, setting, "circle")


def _choices(part: ways.ChoicesInteraction, setting: Setting) -> Groups:
    return _options(part.options, setting, "box")


def _order(part: ways.OrderInteraction, setting: Setting) -> Groups:
    setting = _directed(setting, part.options)
    rows = []
    for at, option in enumerate(part.options):
        inner = slabs_of(option.content, setting.narrower(2 * _LABEL - 4))
        row = marked(inner, letter(at), "bare", setting.narrower(_LABEL), by=_LABEL - 4)
        rows.append(spaced(together(marked(row, "", "box", setting)), _ABOVE))
    return rows


def _options(options: Sequence[Option | Associable], setting: Setting, mark: Mark) -> Groups:
    setting = _directed(setting, options)
    grid = _picture_grid(options, replace(setting, leftwards=False), mark)
    if grid is not None:
        return [grid]
    rows = []
    for at, option in enumerate(options):
        inner = slabs_of(option.content, setting.narrower(_LABEL))
        rows.append(spaced(together(marked(inner, letter(at), mark, setting)), _ABOVE))
    return rows


def _directed(setting: Setting, options: Sequence[Option | Associable]) -> Setting:
    """The same for options that are read leftwards: their letters stand on the right."""
    said = " ".join(as_text(option.content) for option in options)
    return replace(setting, leftwards=reads_leftwards(said, setting.leftwards))


def _picture_grid(options: Sequence[Option | Associable], setting: Setting, mark: Mark) -> Slabs | None:
    """Options that are all small pictures stand side by side."""
    pictures = [option.content[0] for option in options if len(option.content) == 1]
    if len(pictures) < len(options) or not all(isinstance(one, Picture) for one in pictures) or not options:
        return None
    widest = max(one.width * drawings.POINTS_A_PIXEL for one in pictures if isinstance(one, Picture))
    across = int(setting.room // (widest + _LABEL + 10))
    if across < 2:
        return None
    wide = setting.room / min(across, len(options))
    rows: list[Slab] = []
    for begin in range(0, len(options), across):
        cells = []
        for at, option in list(enumerate(options))[begin : begin + across]:
            inner = slabs_of(option.content, setting.wide(wide - _LABEL - 10))
            cells.append(((at - begin) * wide, marked(inner, letter(at), mark, setting)))
        rows += spaced(beside(cells), 8.0)
    return tuple(rows)


def _associate(part: ways.AssociateInteraction, setting: Setting) -> Groups:
    pairs = part.most or max(len(part.options) // 2, 1)
    content: list[Inline | Gap] = []
    for at in range(1, min(pairs, _MOST_PAIRS) + 1):
        content += [Text(f"{at}.\u00a0"), Gap(6.0), Text("\u00a0–\u00a0"), Gap(6.0), Text("      ")]
    return [*_bank(part.options, setting), spaced(lines(content, setting.smaller(1.08)), 8.0)]


def _bank(options: Sequence[Associable], setting: Setting) -> Groups:
    """What is put somewhere, with letters, and how often each may be."""
    setting = _directed(setting, options)
    rows = []
    for at, option in enumerate(options):
        inner = slabs_of(option.content, setting.narrower(_LABEL + 12))
        if option.most != 1:
            key = "booklet.uses" if option.most else "booklet.uses_any"
            note = text(
                setting.words(key, count=option.most),
                setting.narrower(_LABEL + 12).smaller(0.85),
                italic=True,
            )
            inner = (*stuck(inner), *note)
        rows.append(
            together(spaced(marked(inner, letter(at), "bare", setting.narrower(12)), _ABOVE if at else 0.0))
        )
    flat = framed([slab for row in rows for slab in row], setting.room)
    return [spaced(flat, 6.0)]


def _gap_match(part: ways.GapMatchInteraction, setting: Setting) -> Groups:
    slots = {gap: (Gap(8.0, f"({at})"),) for at, gap in enumerate(part.gaps, start=1)}
    content = slabs_of(part.content, replace(setting, slots=slots))
    return [spaced(content, _ABOVE), *_bank(part.options, setting)]


def _hottext(part: ways.HottextInteraction, setting: Setting) -> Groups:
    return [spaced(slabs_of(part.content, replace(setting, marks=names_of(part))), _ABOVE)]


def _hotspot(part: ways.HotspotInteraction, setting: Setting) -> Groups:
    picture = answers_pictures.outlined(part.picture, part.spots, names_of(part), setting)
    mark: Mark = "circle" if part.most == 1 else "box"
    return [spaced((picture,), _ABOVE), _legend(part.spots, names_of(part), setting, mark)]


def _graphic_gap_match(part: ways.GraphicGapMatchInteraction, setting: Setting) -> Groups:
    names = names_of(part)
    spots = {spot.id: names[spot.id] for spot in part.spots}
    picture = answers_pictures.outlined(part.picture, part.spots, spots, setting)
    answers: list[Slab] = []
    for spot in part.spots:
        label = (Text(f"{spots[spot.id]}. {spot.label}".rstrip() + "\u00a0"), Gap(8.0))
        answers += spaced(lines(label, setting.smaller(1.05)), 4.0)
    return [spaced((picture,), _ABOVE), *_bank(part.options, setting), spaced(answers, 8.0)]


def _legend(spots: Sequence[ways.Spot], names: Mapping[str, str], setting: Setting, mark: Mark) -> Slabs:
    found: list[Slab] = []
    for spot in spots:
        inner = text(spot.label or "…", setting.narrower(_LABEL))
        found += spaced(marked(inner, names[spot.id], mark, setting), _ABOVE)
    return together(found)


def _select_point(part: ways.SelectPointInteraction, setting: Setting) -> Groups:
    return [spaced((answers_pictures.outlined(part.picture, (), {}, setting),), _ABOVE)]


def _slider(part: ways.SliderInteraction, setting: Setting) -> Groups:
    answer = lines(
        (Text(f"{setting.words('booklet.answer')} "), Gap(10.0, boxed=True)), setting, base=Style(bold=True)
    )
    return [spaced((*stuck((scale(part, setting),)), *spaced(answer, 6.0)), 8.0)]


def _extended(part: ways.ExtendedTextInteraction, setting: Setting) -> Groups:
    def draw(ink: Ink, x: float, y: float) -> None:
        ink.line(x, y + _LINE, x + setting.room, y + _LINE, 0.6, FAINT)

    count = min(max(part.lines, 3), _MOST_LINES)
    return [tuple(Slab(_LINE, draw, sticky=at < 2) for at in range(count))]


def _gap_line(_part: Simple, setting: Setting) -> Groups:
    return [paragraph((Gap(20.0),), setting)]


_WAYS: Final[Mapping[type, Callable[[Any, Setting], Groups]]] = {
    ways.ChoiceInteraction: _choice,
    ways.ChoicesInteraction: _choices,
    ways.InlineChoiceInteraction: _gap_line,
    ways.TextEntryInteraction: _gap_line,
    ways.NumberEntryInteraction: _gap_line,
    ways.ExtendedTextInteraction: _extended,
    ways.MatchInteraction: match,
    ways.AssociateInteraction: _associate,
    ways.OrderInteraction: _order,
    ways.GapMatchInteraction: _gap_match,
    ways.HottextInteraction: _hottext,
    ways.HotspotInteraction: _hotspot,
    ways.GraphicGapMatchInteraction: _graphic_gap_match,
    ways.SliderInteraction: _slider,
    ways.SelectPointInteraction: _select_point,
}
