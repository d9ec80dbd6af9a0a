"""Our scoring rules as QTI 3: declarations and response processing, which our `Node` tree mirrors name by name."""

from decimal import Decimal

from lxml import etree

from cbt_station.banks.marks import unscored
from cbt_station.banks.safe_xml import Element
from cbt_station.exam.interactions import Interaction, parts_of
from cbt_station.exam.item import HandMarked, OptionScores, ScoringRule
from cbt_station.exam.processing import AreaMapping, Lookup, Mapping, Node, OutcomeDeclaration, Processing
from cbt_station.exam.rules import building
from cbt_station.exam.rules.trees import SCORE


def processing_of(rule: ScoringRule, interaction: Interaction) -> Processing:
    """The rule in QTI's words; what is marked by hand has no rules."""
    if isinstance(rule, OptionScores):
        return building.as_processing(rule, several=False)
    if isinstance(rule, HandMarked):
        responses = {name: unscored(part) for name, part in parts_of(interaction).items()}
        return Processing(responses, {}, (), rule.most)
    return rule


def write_declarations(root: Element, rule: ScoringRule, processing: Processing) -> None:
    """Responses and outcomes, before the item's body."""
    for name, declared in processing.responses.items():
        said = {"identifier": name, "cardinality": declared.cardinality, "base-type": declared.base}
        element = etree.SubElement(root, "qti-response-declaration", said)
        if declared.correct is not None:
            _values(etree.SubElement(element, "qti-correct-response"), declared.correct)
        if declared.mapping is not None:
            _mapping(element, declared.mapping)
        if declared.areas is not None:
            _areas(element, declared.areas)
    outcomes = processing.outcomes or {SCORE: OutcomeDeclaration("single", "float", default=("0",))}
    for name, outcome in outcomes.items():
        said = {"identifier": name, "cardinality": outcome.cardinality, "base-type": outcome.base}
        element = etree.SubElement(root, "qti-outcome-declaration", said)
        if name == processing.score:
            element.set("normal-maximum", _plain(processing.most))
            if isinstance(rule, HandMarked):
                element.set("external-scored", "human")
        if outcome.default is not None:
            _values(etree.SubElement(element, "qti-default-value"), outcome.default)
        if outcome.lookup is not None:
            _lookup(element, outcome.lookup)


def write_processing(root: Element, processing: Processing) -> None:
    """The rules, after the item's body."""
    if processing.rules:
        element = etree.SubElement(root, "qti-response-processing")
        for node in processing.rules:
            _node(element, node)


def _node(parent: Element, node: Node) -> None:
    element = etree.SubElement(parent, f"qti-{node.op}", dict(node.args))
    if node.value:
        element.text = node.value
    for one in node.of:
        _node(element, one)


def _values(parent: Element, values: tuple[str, ...]) -> None:
    for value in values:
        etree.SubElement(parent, "qti-value").text = value


def _mapping(parent: Element, mapping: Mapping) -> None:
    element = etree.SubElement(parent, "qti-mapping", _bounds(mapping))
    for entry in mapping.entries:
        said = {"map-key": entry.key, "mapped-value": _plain(entry.worth)}
        if not entry.case_sensitive:
            said["case-sensitive"] = "false"
        etree.SubElement(element, "qti-map-entry", said)


def _areas(parent: Element, areas: AreaMapping) -> None:
    element = etree.SubElement(parent, "qti-area-mapping", _bounds(areas))
    for entry in areas.entries:
        made = etree.SubElement(element, "qti-area-map-entry", {"shape": entry.shape})
        made.set("coords", ",".join(map(str, entry.coords)))
        made.set("mapped-value", _plain(entry.worth))


def _bounds(mapping: Mapping | AreaMapping) -> dict[str, str]:
    said = {"default-value": _plain(mapping.default)}
    if mapping.lower is not None:
        said["lower-bound"] = _plain(mapping.lower)
    if mapping.upper is not None:
        said["upper-bound"] = _plain(mapping.upper)
    return said


def _lookup(parent: Element, lookup: Lookup) -> None:
    said = {} if lookup.default is None else {"default-value": lookup.default}
    table = etree.SubElement(parent, f"qti-{lookup.kind}-table", said)
    for entry in lookup.entries:
        one = {"source-value": _plain(entry.source), "target-value": entry.target}
        if lookup.kind == "interpolation":
            one["include-boundary"] = "true" if entry.included else "false"
        etree.SubElement(table, f"qti-{lookup.kind}-table-entry", one)


def _plain(number: Decimal) -> str:
    return format(number, "f")
