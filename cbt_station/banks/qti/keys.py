"""Whether the answers that an item calls right, or gives points for, are answers that it offers.

A file may say so and mean it (a slip in an identifier, one association where two are right): the question comes in as it
is, and a remark says what nobody could see before an exam. Points for what is not offered are left out: no response can
bring them, and the most of the item would count them.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree
from msgspec.structs import replace

from cbt_station.banks.foreign import remark
from cbt_station.banks.qti.markup import below
from cbt_station.banks.qti.page import Page
from cbt_station.banks.qti.processing import with_most
from cbt_station.banks.qti.scoring import refused
from cbt_station.banks.safe_xml import Element
from cbt_station.errors import Failure, Refusal
from cbt_station.exam.content import Hot, every
from cbt_station.exam.interactions import (
    RESPONSE,
    ExtendedTextInteraction,
    GapMatchInteraction,
    GraphicGapMatchInteraction,
    HotspotInteraction,
    HottextInteraction,
    MatchInteraction,
    NumberEntryInteraction,
    SelectPointInteraction,
    Simple,
    TextEntryInteraction,
    Value,
    ordered_options,
)
from cbt_station.exam.processing import MapEntry, Processing, ResponseDeclaration
from cbt_station.exam.processing import Mapping as Worths
from cbt_station.exam.responding import SINGLE, require_response

_NAMED: Final = ("identifier", "pair", "directedPair")
_FREE: Final = (TextEntryInteraction, NumberEntryInteraction, ExtendedTextInteraction, SelectPointInteraction)
"""What is typed or pointed at: anything can be given."""


def with_offered_worths(
    root: Element, processing: Processing, parts: Mapping[str, Simple], page: Page
) -> Processing:
    """The rules without points for choices that no interaction offers. Raises QuestionRefused as reading them does."""
    responses = dict(processing.responses)
    for name, part in parts.items():
        declared = responses[name]
        if declared.mapping is not None and not isinstance(part, _FREE):
            responses[name] = replace(declared, mapping=_offered(declared.mapping, part, declared, page))
    if responses == processing.responses:
        return processing
    try:
        return with_most(root, replace(processing, responses=responses))
    except Refusal as refusal:
        raise refused(refusal) from refusal


def remark_keys(root: Element, processing: Processing, parts: Mapping[str, Simple], page: Page) -> None:
    """Say of which response no right answer is declared though a rule asks for it, or none that can be given."""
    asked = {str(one.get("identifier")) for one in below(root, "correct")}
    for name, part in parts.items():
        declared = processing.responses[name]
        if declared.correct is None:
            if name in asked or (name == RESPONSE and _is_templated(root)):
                page.remark(remark("qti-key-missing", response=name[:60]))
        elif not isinstance(part, _FREE):
            _remark_unlike(name, part, declared.correct, page)


def _is_templated(root: Element) -> bool:
    """Whether a template without rules of its own, that compares with the right answer, scores the item."""
    return any(
        not len(one)
        and str(one.get("template") or "").rstrip("/").removesuffix(".xml").endswith("match_correct")
        for one in root.iterchildren(etree.Element)
    )


def _remark_unlike(name: str, part: Simple, correct: tuple[str, ...], page: Page) -> None:
    given: Value = correct[0] if isinstance(part, SINGLE) else tuple(" ".join(one.split()) for one in correct)
    try:
        require_response(part, given, [option.id for option in ordered_options(part)])
    except Failure:
        page.remark(remark("qti-key-not-offered", response=name[:60], answer=", ".join(correct)[:80]))


def _offered(worths: Worths, part: Simple, declared: ResponseDeclaration, page: Page) -> Worths:
    names = {place for one in _places(part) for place in (one, one.casefold())}
    entries: list[MapEntry] = []
    left: list[MapEntry] = []
    for entry in worths.entries:
        key = entry.key if entry.case_sensitive else entry.key.casefold()
        words = key.split() if declared.base in ("pair", "directedPair") else [key.strip()]
        (entries if set(words) <= names or declared.base not in _NAMED else left).append(entry)
    if left:
        page.remark(remark("qti-worth-not-offered", answers=", ".join(entry.key for entry in left)[:80]))
    return replace(worths, entries=tuple(entries)) if left else worths


def _places(part: Simple) -> Iterator[str]:
    """The identifiers of everything that can be chosen, moved, or moved to."""
    yield from (option.id for option in ordered_options(part))
    match part:
        case MatchInteraction():
            yield from (column.id for column in part.columns)
        case GapMatchInteraction():
            yield from part.gaps
        case GraphicGapMatchInteraction() | HotspotInteraction():
            yield from (spot.id for spot in part.spots)
        case HottextInteraction():
            yield from (hot.id for hot in every(Hot, part.content))
        case _:
            return
