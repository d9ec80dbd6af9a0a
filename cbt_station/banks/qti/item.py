"""One `assessmentItem` into our model.

The steps: what our model cannot say is refused by name before anything else is read; what candidates never see is set
aside; each interaction is read and leaves its place in the stem; the rules that score it are read by `processing.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree
from msgspec.structs import replace

from cbt_station.banks.foreign import ForeignItem, QuestionRefused, remark
from cbt_station.banks.qti import attributes as of
from cbt_station.banks.qti.interactions import KINDS, read_interaction
from cbt_station.banks.qti.keys import remark_keys, with_offered_worths
from cbt_station.banks.qti.markup import below, children, first, named_by_rules, words
from cbt_station.banks.qti.names import local, qti2
from cbt_station.banks.qti.options import with_options_apart
from cbt_station.banks.qti.page import Page
from cbt_station.banks.qti.preparing import prepare
from cbt_station.banks.qti.recordings import recordings_as_content
from cbt_station.banks.qti.scoring import named_response, rule_of, rules_for
from cbt_station.banks.safe_xml import Element
from cbt_station.errors import Failure
from cbt_station.exam.content import Blocks, Place
from cbt_station.exam.interactions import RESPONSE, Composite, Interaction, Simple, SliderInteraction
from cbt_station.exam.item import MOST_PARTS, HandMarked, Shown
from cbt_station.exam.processing import Processing
from cbt_station.exam.rules.response import score

_REFUSED: Final = frozenset(
    [
        "template-declaration",
        "template-processing",
        "custom-operator",
        "portable-custom-interaction",
        "include",
    ]
)


@dataclass(frozen=True)
class ReadItem:
    """An item, and everything of it that was lost or is worth a remark (in `page`)."""

    item: ForeignItem
    page: Page


def read_item(
    root: Element,
    lookup: Callable[[str], bytes | None],
    media: dict[str, bytes],
    language: str,
    stimuli: Mapping[str, str] | None = None,
) -> ReadItem:
    """The item at `root`. `stimuli` names the stimulus of each reference. Raises QuestionRefused."""
    body, page = first(root, "item-body"), Page(lookup, media, language)
    if body is not None:
        recordings_as_content(root, body, page)
    _require_supported(root)
    _require_declared_once(root)
    if body is None:
        raise QuestionRefused(remark("qti-missing", element="itemBody", within="assessmentItem"))
    prepare(root, body, page)
    elements = _interactions(body)
    _without_typed_twins(root, elements)
    processing = rules_for(root, elements)
    page.begin(body)
    parts = {name: _read(element, name, processing, page) for name, element in elements.items()}
    processing = with_offered_worths(root, processing, parts, page)
    _name_beginnings(root, parts, processing, page)
    stem = page.blocks(body)
    shown, renamed = _shown(stem, parts, processing, page)
    rule = rule_of(root, shown.interaction, renamed, page)
    if not isinstance(rule, HandMarked):
        remark_keys(root, processing, parts, page)
    shown, rule = with_options_apart(shown, rule, page)
    item = ForeignItem(
        languages={language: shown},
        rule=rule,
        id=of.text(root, "identifier") or None,
        title=of.text(root, "title") or None,
        stimulus=_stimulus(root, stimuli or {}),
        note=page.note,
    )
    return ReadItem(item, page)


def _require_supported(root: Element) -> None:
    """Everything that is in the way, by name, at once."""
    found: dict[str, None] = {}
    if of.truth(root, "adaptive"):
        found.setdefault("assessmentItem adaptive")
    for element in root.iterdescendants(etree.Element):
        name = local(element)
        if name in _REFUSED or (
            name.endswith("-interaction") and name.removesuffix("-interaction") not in KINDS
        ):
            kind = of.text(element, "class") or of.text(element, "definition")
            found.setdefault(f"{qti2(name)} {kind if name == 'custom-operator' else ''}".strip()[:80])
    if found:
        raise QuestionRefused(remark("qti-unsupported", what=", ".join(found)))
    if not any(local(one).endswith("-interaction") for one in root.iterdescendants(etree.Element)):
        raise QuestionRefused(remark("qti-no-interaction"))


def _require_declared_once(root: Element) -> None:
    """A variable has one declaration: of two, the later key would win without a word."""
    declared: set[str] = set()
    for element in children(root, "response-declaration", "outcome-declaration"):
        name = of.text(element, "identifier")
        if name in declared:
            raise QuestionRefused(
                remark("qti-identifier-twice", identifier=name[:60], within="assessmentItem")
            )
        declared.add(name)


def _interactions(body: Element) -> dict[str, Element]:
    """The interactions by the response that each gives, in the order in which they stand."""
    found: dict[str, Element] = {}
    for element in below(body, *(f"{name}-interaction" for name in KINDS)):
        name = of.identifier(element, "response-identifier")
        if name in found:
            raise QuestionRefused(remark("qti-identifier-twice", identifier=name[:60], within="itemBody"))
        found[name] = element
    if not found:
        raise QuestionRefused(remark("qti-no-interaction"))
    if len(found) > MOST_PARTS:
        raise QuestionRefused(remark("content-too-much", what="interactions", most=MOST_PARTS))
    return found


def _without_typed_twins(root: Element, interactions: Mapping[str, Element]) -> None:
    """A number as it was typed (`stringIdentifier`) is a response of its own: one that no rule looks at says nothing."""
    used = named_by_rules(root)
    for element in interactions.values():
        twin = of.text(element, "string-identifier")
        if not twin:
            continue
        if twin in used or twin in interactions:
            raise QuestionRefused(remark("qti-unsupported", what=f"stringIdentifier {twin[:60]}"))
        for declared in list(children(root, "response-declaration")):
            if of.text(declared, "identifier") == twin:
                root.remove(declared)


def _name_beginnings(root: Element, parts: Mapping[str, Simple], processing: Processing, page: Page) -> None:
    """A response that begins with an answer: here every one begins with none.

    QTI counts an item as not answered while its response is still what it began with. Where a scale begins is so how it
    looks until it is moved, as long as that brings what no answer brings.
    """
    for declared in children(root, "response-declaration"):
        name, begins = of.text(declared, "identifier"), first(declared, "default-value")
        value = words(begins) if begins is not None else ""
        if not value or name not in parts:
            continue
        if (
            len(parts) == 1
            and isinstance(parts[name], SliderInteraction)
            and _is_worth_nothing(value, processing)
        ):
            page.hint("sliderInteraction defaultValue")
        else:
            page.lose("responseDeclaration", f"defaultValue={value[:40]}")


def _is_worth_nothing(value: str, processing: Processing) -> bool:
    """Whether an answer to the only question brings what no answer brings."""
    try:
        return score(processing, value) == score(processing, None)
    except Failure:
        return False


def _read(element: Element, name: str, processing: Processing, page: Page) -> Simple:
    declared = processing.responses.get(name)
    if declared is None:
        raise QuestionRefused(remark("qti-response-undeclared", response=name[:60]))
    return read_interaction(element, declared, page)


def _shown(
    stem: Blocks, parts: dict[str, Simple], processing: Processing, page: Page
) -> tuple[Shown, Processing]:
    """One interaction as itself, several as a composite; the only response is called as ours is."""
    name, only = next(iter(parts.items()))
    if len(parts) > 1 or (name != RESPONSE and RESPONSE in (*processing.responses, *processing.outcomes)):
        return Shown(stem, _composite(parts, page)), processing
    return Shown(_without_last_place(_renamed(stem, name)), only), named_response(processing, name)


def _composite(parts: dict[str, Simple], page: Page) -> Interaction:
    """A form orders one list of options an item, so nothing in a composite is shuffled."""
    kept: dict[str, Simple] = {}
    for name, part in parts.items():
        is_shuffled = bool(getattr(part, "shuffle", False))
        if is_shuffled:
            page.lose_as(remark("qti-shuffle-dropped", response=name))
        kept[name] = replace(part, shuffle=False) if is_shuffled else part
    return Composite(kept)


def _without_last_place(stem: Blocks) -> Blocks:
    """An interaction follows its stem by itself."""
    return stem[:-1] if stem and stem[-1] == Place(RESPONSE) else stem


def _renamed(stem: Blocks, name: str) -> Blocks:
    from cbt_station.banks.qti.renaming import renamed_places

    return renamed_places(stem, name, RESPONSE)


def _stimulus(root: Element, stimuli: Mapping[str, str]) -> str | None:
    references = [of.text(one, "href") for one in children(root, "assessment-stimulus-ref")]
    return stimuli.get("\n".join(references)) if references else None
