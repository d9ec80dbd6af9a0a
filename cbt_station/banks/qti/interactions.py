"""QTI's interactions into ours, one function a kind. Whatever our model cannot say of one is a named loss.

How much may be given, how often something may be used, what is shuffled and what stays, bounds and shapes map as they
stand. What QTI itself calls a hint to the renderer (orientation, labels of a slider's steps) is a remark.
"""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from cbt_station.banks.foreign import QuestionRefused, remark
from cbt_station.banks.qti import attributes as of
from cbt_station.banks.qti.markup import below, children
from cbt_station.banks.qti.names import local, qti2
from cbt_station.banks.qti.page import Page
from cbt_station.banks.safe_xml import Element
from cbt_station.exam.content import Picture
from cbt_station.exam.interactions import (
    Associable,
    AssociateInteraction,
    ChoiceInteraction,
    ChoicesInteraction,
    ExtendedTextInteraction,
    GapMatchInteraction,
    GraphicGapMatchInteraction,
    HotspotInteraction,
    HottextInteraction,
    InlineChoiceInteraction,
    MatchInteraction,
    NumberEntryInteraction,
    Option,
    OrderInteraction,
    SelectPointInteraction,
    Simple,
    SliderInteraction,
    Spot,
    TextEntryInteraction,
)
from cbt_station.exam.item import MOST_OPTIONS
from cbt_station.exam.processing import BaseType, ResponseDeclaration
from cbt_station.exam.rules.values import read_number

MOST_WIDTH: Final = 200
MOST_TYPED: Final = 200
MOST_WRITTEN: Final = 10_000
MOST_LINES: Final = 60
MOST_STEPS: Final = 10_000
"""Of a slider whose file names no steps."""
CHARACTERS_A_LINE: Final = 70

PICTURES: Final = ("object", "img", "picture", "svg")
_CHOICES: Final = frozenset(
    [
        "simple-choice",
        "inline-choice",
        "simple-match-set",
        "simple-associable-choice",
        "hotspot-choice",
        "associable-hotspot",
        "gap-img",
        "gap-text",
    ]
)
_READ_WHOLE: Final = ("gap-match", "hottext")
"""Interactions whose content is read like any other."""
_FOLLOWED: Final = re.compile(r"qti-(?:input-width|height-lines)-([0-9]{1,3})")
"""Classes of QTI's shared vocabulary that say how much room there is to write."""

Kind: TypeAlias = Callable[
    [Element, ResponseDeclaration, Page],
    Simple,
]


def read_interaction(element: Element, declared: ResponseDeclaration, page: Page) -> Simple:
    """The interaction in `element`. Raises QuestionRefused with the name of what is in the way."""
    name = local(element).removesuffix("-interaction")
    kind, cardinalities, bases = KINDS[name]
    if declared.cardinality not in cardinalities or declared.base not in bases:
        raise QuestionRefused(
            remark(
                "qti-response-kind",
                interaction=qti2(local(element)),
                kind=f"{declared.cardinality} {declared.base}",
            )
        )
    if of.text(element, "orientation") and name != "slider":
        page.hint(f"{qti2(local(element))} orientation")
    page.notice_classes(element, _FOLLOWED)
    found = kind(element, declared, page)
    _name_unread(element, name, page)
    return found


def _name_unread(element: Element, name: str, page: Page) -> None:
    """What stands in an interaction beside what is read of it: a label, a second picture, words between the choices."""
    if name in _READ_WHOLE:
        return
    pictures = [one for one in children(element) if local(one) in PICTURES]
    for child in children(element):
        if local(child) not in _CHOICES and child not in pictures[:1]:
            page.lose(qti2(local(element)), qti2(local(child)))
    beside = "".join([element.text or "", *(child.tail or "" for child in element)])
    if beside.strip():
        page.lose(qti2(local(element)), " ".join(beside.split())[:40])


def _choice(element: Element, declared: ResponseDeclaration, page: Page) -> Simple:
    options = _options(element, "simple-choice", page)
    shuffle = of.truth(element, "shuffle")
    if declared.cardinality == "single":
        _remark_least(element, page)
        return ChoiceInteraction(options, shuffle)
    return ChoicesInteraction(options, shuffle, *_least_and_most(element, "choices", 1, declared))


def _inline_choice(element: Element, _declared: ResponseDeclaration, page: Page) -> Simple:
    _remark_least(element, page)
    if of.text(element, "data-prompt"):
        page.hint("inlineChoiceInteraction data-prompt")
    return InlineChoiceInteraction(_options(element, "inline-choice", page), of.truth(element, "shuffle"))


def _order(element: Element, _declared: ResponseDeclaration, page: Page) -> Simple:
    """Where no least is said all are ordered, and QTI ignores what is said of a most."""
    options, least = _options(element, "simple-choice", page), of.count(element, "min-choices", 0)
    most = of.count(element, "max-choices", 0) if least else 0
    return OrderInteraction(options, of.truth(element, "shuffle"), least, most)


def _text_entry(element: Element, declared: ResponseDeclaration, page: Page) -> Simple:
    _lose(element, page, "placeholder-text")
    width = of.size(element, "expected-length", 0, MOST_WIDTH) or _room(element, MOST_WIDTH)
    if declared.cardinality == "single" and declared.base in ("float", "integer"):
        _lose(element, page, "pattern-mask")
        if of.count(element, "base", 10) != 10:
            of.refuse(element, "base")
        return NumberEntryInteraction(width=width or 10)
    pattern = of.text(element, "pattern-mask")
    return TextEntryInteraction(width=width or 20, most_characters=max(MOST_TYPED, width), pattern=pattern)


def _extended_text(element: Element, _declared: ResponseDeclaration, page: Page) -> Simple:
    _lose(element, page, "placeholder-text", "pattern-mask")
    if of.text(element, "format", "plain") == "xhtml":
        page.lose(qti2(local(element)), "format=xhtml")
    length = of.size(element, "expected-length", 0, MOST_WRITTEN)
    usual = _room(element, MOST_LINES) or -(-length // CHARACTERS_A_LINE) or 6
    lines = of.size(element, "expected-lines", usual, MOST_LINES)
    return ExtendedTextInteraction(
        lines=min(max(lines, 1), MOST_LINES),
        most_characters=max(MOST_WRITTEN, length),
        least_characters=1 if of.count(element, "min-strings", 0) else 0,
    )


def _room(element: Element, most: int) -> int:
    """Characters or lines by a class of the shared vocabulary; 0 where none says it."""
    found = (_FOLLOWED.fullmatch(one) for one in of.text(element, "class").split())
    return min(next((int(one[1]) for one in found if one is not None), 0), most)


def _match(element: Element, declared: ResponseDeclaration, page: Page) -> Simple:
    sets = list(children(element, "simple-match-set"))
    if len(sets) != 2:
        raise QuestionRefused(remark("qti-missing", element="simpleMatchSet", within="matchInteraction"))
    _lose(element, page, "data-first-column-header")
    rows, columns = (_associables(one, "simple-associable-choice", page) for one in sets)
    shuffle = of.truth(element, "shuffle")
    if shuffle and sum(not column.fixed for column in columns) > 1:
        # Which row stands beside which column is as random when one side alone is shuffled.
        page.remark(remark("qti-columns-in-order"))
    return MatchInteraction(rows, columns, shuffle, *_least_and_most(element, "associations", 1, declared))


def _associate(element: Element, declared: ResponseDeclaration, page: Page) -> Simple:
    options = _associables(element, "simple-associable-choice", page)
    return AssociateInteraction(
        options, of.truth(element, "shuffle"), *_least_and_most(element, "associations", 1, declared)
    )


def _gap_match(element: Element, _declared: ResponseDeclaration, page: Page) -> Simple:
    options = _associables(element, ("gap-text", "gap-img"), page)
    for option in list(children(element, "gap-text", "gap-img")):
        page.cut(option)
    gaps = tuple(of.identifier(gap) for gap in below(element, "gap"))
    for gap in below(element, "gap"):
        _require_always_there(gap)
        _lose(gap, page, "match-group")
        if of.truth(gap, "required"):
            page.lose("gap", "required")
    _require_distinct(element, gaps)
    _require_room(element, len(gaps), page)
    return GapMatchInteraction(page.blocks(element), gaps, options, of.truth(element, "shuffle"))


def _hottext(element: Element, declared: ResponseDeclaration, page: Page) -> Simple:
    ids = [of.identifier(hot) for hot in below(element, "hottext")]
    for hot in below(element, "hottext"):
        _require_always_there(hot)
    _require_distinct(element, ids)
    if not ids:
        raise QuestionRefused(remark("qti-missing", element="hottext", within="hottextInteraction"))
    return HottextInteraction(page.blocks(element), *_least_and_most(element, "choices", 1, declared))


def _hotspot(element: Element, declared: ResponseDeclaration, page: Page) -> Simple:
    spots = _spots(element, "hotspot-choice", page)
    return HotspotInteraction(
        _picture(element, page), spots, *_least_and_most(element, "choices", 1, declared)
    )


def _graphic_gap_match(element: Element, _declared: ResponseDeclaration, page: Page) -> Simple:
    spots = _spots(element, "associable-hotspot", page)
    options = _associables(element, ("gap-img", "gap-text"), page)
    _require_room(element, sum(spot.most or len(options) for spot in spots), page)
    # QTI does not shuffle these; nothing says that they may be.
    return GraphicGapMatchInteraction(_picture(element, page), spots, options, shuffle=False)


def _slider(element: Element, declared: ResponseDeclaration, page: Page) -> Simple:
    low, high = of.decimal(element, "lower-bound"), of.decimal(element, "upper-bound")
    is_smooth = declared.base == "float" and not of.text(element, "step")
    step = _fine_step(low, high, declared) if is_smooth else of.decimal(element, "step", "1")
    if not low < high or step <= 0:
        of.refuse(element, "step" if low < high else "upper-bound")
    if is_smooth:
        page.remark(remark("qti-slider-smooth", step=of.plain(step)))
    if of.truth(element, "step-label"):
        page.hint("sliderInteraction stepLabel")
    return SliderInteraction(
        low=of.plain(low),
        high=of.plain(high),
        step=of.plain(step),
        vertical=of.text(element, "orientation") == "vertical",
        reverse=of.truth(element, "reverse"),
    )


def _fine_step(low: Decimal, high: Decimal, declared: ResponseDeclaration) -> Decimal:
    """Of a number that is no integer QTI says: without steps the scale is about continuous. Ours has a hundred or more.

    So fine that the ends and the right answer stand on it, as far as a mouse can tell two places apart.
    """
    if not low < high:
        return Decimal(1)
    right = [number for text in declared.correct or () if (number := read_number(text)) is not None]
    decimals = [-int(number.as_tuple().exponent) for number in (low, high)]
    decimals += [_decimals(number) for number in right]
    step = Decimal(1).scaleb((high - low).adjusted() - 2)
    finest = Decimal(1).scaleb(-min(max(decimals), 6))
    return min(step, finest) if (high - low) / finest <= MOST_STEPS else step


def _decimals(number: Fraction) -> int:
    return next((places for places in range(7) if (number * 10**places).denominator == 1), 7)


def _select_point(element: Element, declared: ResponseDeclaration, page: Page) -> Simple:
    return SelectPointInteraction(_picture(element, page), *_least_and_most(element, "choices", 1, declared))


_ANY_SET: Final = ("single", "multiple")
_ID: Final[tuple[BaseType, ...]] = ("identifier",)
KINDS: Final[dict[str, tuple[Kind, tuple[str, ...], tuple[BaseType, ...]]]] = {
    "choice": (_choice, _ANY_SET, _ID),
    "inline-choice": (_inline_choice, ("single",), _ID),
    "text-entry": (_text_entry, ("single", "record"), ("string", "integer", "float")),
    "extended-text": (_extended_text, ("single", "record"), ("string",)),
    "match": (_match, _ANY_SET, ("directedPair",)),
    "associate": (_associate, _ANY_SET, ("pair",)),
    "order": (_order, ("ordered",), _ID),
    "gap-match": (_gap_match, _ANY_SET, ("directedPair",)),
    "hottext": (_hottext, _ANY_SET, _ID),
    "hotspot": (_hotspot, _ANY_SET, _ID),
    "graphic-gap-match": (_graphic_gap_match, _ANY_SET, ("directedPair",)),
    "slider": (_slider, ("single",), ("integer", "float")),
    "select-point": (_select_point, _ANY_SET, ("point",)),
}
"""By QTI's name: the reader, and the kinds of response variable that a candidate's answer fits into."""
WITHIN_A_LINE: Final = frozenset(["inline-choice-interaction", "text-entry-interaction"])


def _options(element: Element, name: str, page: Page) -> tuple[Option, ...]:
    """The options. Where nothing is shuffled, that one keeps its place says nothing."""
    shuffled = of.truth(element, "shuffle")
    options = tuple(
        Option(of.identifier(one), page.blocks(one), of.truth(one, "fixed") and shuffled)
        for one in _choices(element, (name,))
    )
    _require_distinct(element, [option.id for option in options])
    return options


def _associables(element: Element, names: str | tuple[str, ...], page: Page) -> tuple[Associable, ...]:
    found = []
    holder = element if local(element) != "simple-match-set" else element.getparent()
    shuffled = holder is not None and of.truth(holder, "shuffle")
    for one in _choices(element, (names,) if isinstance(names, str) else names):
        _lose(one, page, "match-group")
        is_picture = local(one) == "gap-img"
        content = (_picture(one, page),) if is_picture else page.blocks(one)
        most, least = of.count(one, "match-max", 1), of.count(one, "match-min", 0)
        found.append(
            Associable(of.identifier(one), content, of.truth(one, "fixed") and shuffled, most, least)
        )
    _require_distinct(element, [option.id for option in found])
    return tuple(found)


def _choices(element: Element, names: tuple[str, ...]) -> list[Element]:
    """The choices; one that only shows under a template or after an answer is another item's."""
    found = list(children(element, *names))
    if not found:
        raise QuestionRefused(remark("qti-missing", element=qti2(names[0]), within=qti2(local(element))))
    if len(found) > MOST_OPTIONS:
        raise QuestionRefused(remark("content-too-much", what="options", most=MOST_OPTIONS))
    for one in found:
        _require_always_there(one)
    return found


def _require_always_there(choice: Element) -> None:
    """One that shows only under a template stands in some candidates' items and not in others'."""
    if of.text(choice, "template-identifier"):
        of.refuse(choice, "template-identifier")


def _spots(element: Element, name: str, page: Page) -> tuple[Spot, ...]:
    found = []
    for one in _choices(element, (name,)):
        _lose(one, page, "match-group", "match-min", "hotspot-label-hidden")
        shape, coords = of.shape(one)
        label = of.text(one, "hotspot-label") or of.text(one, "aria-label") or of.identifier(one)
        most = of.count(one, "match-max", 1) if name == "associable-hotspot" else 1
        found.append(Spot(of.identifier(one), shape, coords, label, most))
    _require_distinct(element, [spot.id for spot in found])
    return tuple(found)


def _picture(element: Element, page: Page) -> Picture:
    for one in children(element, *PICTURES):
        return page.picture(one, of.text(element, "object-label"))
    raise QuestionRefused(remark("qti-missing", element="object", within=qti2(local(element))))


def _least_and_most(
    element: Element, what: str, default: int, declared: ResponseDeclaration
) -> tuple[int, int]:
    """How much must and may be given; a single response takes one, whatever the interaction says."""
    least, most = of.count(element, f"min-{what}", 0), of.count(element, f"max-{what}", default)
    return (min(least, 1), 1) if declared.cardinality == "single" else (least, most)


def _remark_least(element: Element, page: Page) -> None:
    """That one choice must be made is what one choice means to us; nobody is held to it, as in QTI by itself."""
    if of.count(element, "min-choices", 0) or of.truth(element, "required"):
        page.remark(remark("qti-answer-asked"))


def _require_room(element: Element, places: int, page: Page) -> None:
    """How many pairs may or must be made, where our model says it only by gaps and uses."""
    most, least = of.count(element, "max-associations", 0), of.count(element, "min-associations", 0)
    if 0 < most < places:
        page.lose(qti2(local(element)), f"maxAssociations={most}")
    if least:
        page.lose(qti2(local(element)), f"minAssociations={least}")


def _require_distinct(element: Element, ids: Sequence[str]) -> None:
    twice = next((one for place, one in enumerate(ids) if one in ids[:place]), None)
    if twice is not None:
        raise QuestionRefused(
            remark("qti-identifier-twice", identifier=twice[:60], within=qti2(local(element)))
        )


def _lose(element: Element, page: Page, *names: str) -> None:
    """Name each attribute that stands there with something in it, and that we have no place for."""
    for name in names:
        if of.text(element, name) not in ("", "0", "false"):
            page.lose(qti2(local(element)), f"{qti2(name)}={of.text(element, name)[:40]}")
