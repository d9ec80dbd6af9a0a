"""From an item's declarations and response processing, as QTI writes them, to `Processing`.

Takes the names of QTI 2.x and of QTI 3; a standard template stands for its rules (`exam.rules.trees`). What comes out can
be scored: an operator that is not known, a variable that is not declared, a value of the wrong kind is refused here, by
its name as the file has it. What is ours where files are loose: SCORE, and the feedback of a standard template, need no
declaration; `completionStatus` is QTI's own. How high the score goes is taken from the best response that is declared;
else from MAXSCORE or the score's normalMaximum; else from what the rules can give.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final, get_args

from lxml import etree
from msgspec.structs import replace

from cbt_station.banks.qti.attributes import upright
from cbt_station.banks.qti.names import kebab
from cbt_station.banks.safe_xml import Element
from cbt_station.errors import Refusal
from cbt_station.exam.blueprint import is_plain_number
from cbt_station.exam.processing import (
    AreaEntry,
    AreaMapping,
    BaseType,
    Cardinality,
    Lookup,
    LookupEntry,
    MapEntry,
    Node,
    OutcomeDeclaration,
    Processing,
    ResponseDeclaration,
)
from cbt_station.exam.processing import Mapping as Worths
from cbt_station.exam.rules.best import best_score
from cbt_station.exam.rules.following import RULES
from cbt_station.exam.rules.plan import MOST_DEPTH, OPERATORS
from cbt_station.exam.rules.response import as_score, bounds_of, check_processing
from cbt_station.exam.rules.trees import FEEDBACK, FEEDBACK_BASIC, MAXSCORE, SCORE, TEMPLATES
from cbt_station.exam.rules.values import NUMBERS, read_number

MOST_ELEMENTS: Final = 4_000
AT_TEST: Final = frozenset(
    [
        "test-variables",
        "outcome-maximum",
        "outcome-minimum",
        "number-selected",
        "number-presented",
        "number-responded",
        "number-correct",
        "number-incorrect",
    ]
)
"""Operators over the items of a test."""
_SUPPORTED: Final = (frozenset(OPERATORS) | RULES) - AT_TEST
_NOT_AN_ITEM: Final = ("template-declaration", "template-processing", "outcome-processing")
_STATUS: Final = ("completionStatus", "completion-status")
_SHAPES: Final = ("rect", "circle", "ellipse", "poly", "default")


def read_processing(item: Element) -> Processing:
    """An item's rules, checked. Refusal("qti-unsupported") with `what`; or those of `check_processing`.

    Refusal("scoring-item-most") where the correct response that is declared gives nothing, though the rules give points.
    """
    return with_most(item, read_rules(item))


def read_rules(item: Element) -> Processing:
    """The same without knowing how high the score goes: `most` is 0."""
    for child in _children(item):
        if _name(child) in _NOT_AN_ITEM:
            raise Refusal("qti-unsupported", what=_known_as(child))
    responses = {_text(one, "identifier"): _response(one) for one in _named(item, "response-declaration")}
    outcomes = {_text(one, "identifier"): _outcome(one) for one in _named(item, "outcome-declaration")}
    rules, is_template = _rules(item)
    for name in _set_by(rules):
        if name not in outcomes and (
            name == SCORE or name in _STATUS or (is_template and name in (FEEDBACK, FEEDBACK_BASIC))
        ):
            outcomes[name] = OutcomeDeclaration("single", "float" if name == SCORE else "identifier")
    score = _score(outcomes, rules)
    outcomes.setdefault(score, OutcomeDeclaration("single", "float"))
    processing = Processing(responses, outcomes, rules, Decimal(0), score)
    check_processing(processing)
    return processing


def rules_of(element: Element) -> tuple[Node, ...]:
    """The rules below a responseProcessing or an outcomeProcessing, as data."""
    _require_few(element)
    supported = _SUPPORTED | AT_TEST if _name(element) == "outcome-processing" else _SUPPORTED
    return tuple(_node(child, 1, supported) for child in _children(element))


def outcome_of(element: Element) -> OutcomeDeclaration:
    """An outcomeDeclaration of a test or an item."""
    return _outcome(element)


def with_most(item: Element, processing: Processing) -> Processing:
    """The same rules with how high the score goes. The refusals of `read_processing` for one that is not known."""
    best, high = best_score(processing), bounds_of(processing).high
    if best is not None and best <= 0 and high != 0:
        raise Refusal("scoring-item-most", found=best, printed=_declared_most(item, processing) or "> 0")
    if best is None:
        best = _declared_most(item, processing)
    if best is None and high is not None:
        best = as_score((high,))
    if best is None or not is_plain_number(best):
        raise Refusal("qti-unsupported", what=f"{processing.score} without a highest value")
    return replace(processing, most=max(best, Decimal(0)))


def _declared_most(item: Element, processing: Processing) -> Decimal | None:
    most = processing.outcomes.get(MAXSCORE)
    texts = list(most.default or ()) if most is not None else []
    texts += [
        _text(one, "normal-maximum")
        for one in _named(item, "outcome-declaration")
        if _text(one, "identifier") == processing.score
    ]
    for text in texts:
        number = read_number(text)
        if number is not None:
            return as_score((number,))
    return None


def _score(outcomes: Mapping[str, OutcomeDeclaration], rules: tuple[Node, ...]) -> str:
    """SCORE; where there is none, the one number that the rules set."""
    if SCORE in outcomes:
        return SCORE
    numbers = [
        name
        for name in dict.fromkeys(_set_by(rules))
        if name in outcomes and outcomes[name].cardinality == "single" and outcomes[name].base in NUMBERS
    ]
    return numbers[0] if len(numbers) == 1 else SCORE


def _set_by(rules: tuple[Node, ...]) -> Iterator[str]:
    for rule in rules:
        if rule.op in ("set-outcome-value", "lookup-outcome-value"):
            yield rule.args.get("identifier", "")
        yield from _set_by(rule.of)


def _rules(item: Element) -> tuple[tuple[Node, ...], bool]:
    """The rules, and whether a standard template gave them."""
    found = next(_named(item, "response-processing"), None)
    if found is None:
        return (), False
    written = rules_of(found)
    template = _text(found, "template") or _text(found, "template-location")
    if written or not template:
        return written, False
    name = template.rstrip("/").rpartition("/")[2].removesuffix(".xml")
    if name not in TEMPLATES:
        raise Refusal("qti-unsupported", what=f"template {name[:100]}")
    return TEMPLATES[name], True


def _node(element: Element, depth: int, supported: frozenset[str]) -> Node:
    op = _name(element)
    if op not in supported:
        raise Refusal("qti-unsupported", what=_known_as(element))
    if depth > MOST_DEPTH:
        raise Refusal("rule-too-much", what="depth", number=depth, most=MOST_DEPTH)
    args = {kebab(str(name)): str(value) for name, value in element.attrib.items() if "{" not in str(name)}
    text = "".join(element.itertext()) if op == "base-value" else ""
    value = _settled(text, args.get("base-type", ""))
    return Node(op, tuple(_node(child, depth + 1, supported) for child in _children(element)), args, value)


def _response(element: Element) -> ResponseDeclaration:
    cardinality, base = _cardinality(element), _base(element)
    mapping = next(_named(element, "mapping"), None)
    areas = next(_named(element, "area-mapping"), None)
    return ResponseDeclaration(
        cardinality,
        base,
        correct=None if cardinality == "record" else _values(element, "correct-response", base),
        mapping=None if mapping is None else _mapping(mapping),
        areas=None if areas is None else _areas(areas),
    )


def _outcome(element: Element) -> OutcomeDeclaration:
    cardinality, base = _cardinality(element), _base(element)
    tables = [one for one in _children(element) if _name(one) in ("match-table", "interpolation-table")]
    return OutcomeDeclaration(
        cardinality,
        base,
        default=None if cardinality == "record" else _values(element, "default-value", base),
        lookup=_lookup(tables[0]) if tables else None,
    )


def _cardinality(element: Element) -> Cardinality:
    found = _text(element, "cardinality")
    if found not in get_args(Cardinality):
        raise Refusal("qti-unsupported", what=f"cardinality {found[:100]}".strip())
    return found  # type: ignore[return-value]  # one of them


def _base(element: Element) -> BaseType:
    found = _text(element, "base-type") or ("string" if _text(element, "cardinality") == "record" else "")
    if found not in get_args(BaseType):
        raise Refusal("qti-unsupported", what=f"baseType {found[:100]}".strip())
    return found  # type: ignore[return-value]  # one of them


def _values(element: Element, holder: str, base: BaseType) -> tuple[str, ...] | None:
    found = next(_named(element, holder), None)
    if found is None:
        return None
    texts = ["".join(value.itertext()) for value in _named(found, "value")]
    kept = tuple(_settled(text, base) for text in texts)
    return tuple(text for text in kept if text) or None


def _settled(text: str, base: str) -> str:
    """A value without what an XML file wraps it in: white space at its ends is none of it in any base type."""
    return text.strip(" \t\r\n") if base == "string" else " ".join(text.split())


def _mapping(element: Element) -> Worths:
    folds = _text(element, "case-sensitive") or "true"
    entries = tuple(
        MapEntry(
            _text(entry, "map-key", strip=False),
            _number(entry, "mapped-value"),
            (_text(entry, "case-sensitive") or folds) not in ("false", "0"),
        )
        for entry in _named(element, "map-entry")
    )
    return Worths(entries, *_default_and_bounds(element))


def _areas(element: Element) -> AreaMapping:
    entries = tuple(_area(entry) for entry in _named(element, "area-map-entry"))
    return AreaMapping(entries, *_default_and_bounds(element))


def _area(element: Element) -> AreaEntry:
    shape, coords = _text(element, "shape"), _text(element, "coords")
    numbers = [read_number(part.strip()) for part in coords.split(",") if part.strip()]
    if shape not in _SHAPES or any(number is None or number.denominator != 1 for number in numbers):
        raise Refusal("qti-unsupported", what=f"{_known_as(element)} {shape} {coords}"[:100])
    whole = tuple(int(number) for number in numbers if number is not None)
    return AreaEntry(shape, upright(shape, whole), _number(element, "mapped-value"))  # type: ignore[arg-type]  # one of _SHAPES


def _default_and_bounds(element: Element) -> tuple[Decimal, Decimal | None, Decimal | None]:
    default = _number(element, "default-value") if _text(element, "default-value") else Decimal(0)
    lower, upper = (
        _number(element, name) if _text(element, name) else None for name in ("lower-bound", "upper-bound")
    )
    return default, lower, upper


def _lookup(element: Element) -> Lookup:
    kind = _name(element).removesuffix("-table")
    entries = tuple(
        LookupEntry(
            _number(entry, "source-value"),
            _text(entry, "target-value"),
            _text(entry, "include-boundary") not in ("false", "0"),
        )
        for entry in _named(element, f"{kind}-table-entry")
    )
    return Lookup(kind, entries, _text(element, "default-value") or None)  # type: ignore[arg-type]  # one of two


def _number(element: Element, name: str) -> Decimal:
    text = _text(element, name)
    if read_number(text) is None:
        raise Refusal("qti-unsupported", what=f"{_known_as(element)} {name} {text}"[:100])
    return Decimal(format(Decimal(text), "f"))


def _require_few(element: Element) -> None:
    number = sum(1 for _ in element.iter(etree.Element))
    if number > MOST_ELEMENTS:
        raise Refusal("rule-too-much", what="nodes", number=number, most=MOST_ELEMENTS)


def _children(element: Element) -> Iterator[Element]:
    return (child for child in element if isinstance(child.tag, str))


def _named(element: Element, name: str) -> Iterator[Element]:
    return (child for child in _children(element) if _name(child) == name)


def _name(element: Element) -> str:
    return kebab(etree.QName(element).localname).removeprefix("qti-")


def _known_as(element: Element) -> str:
    """As its author knows it: QTI 2's spelling, and the class of an operator of one's own."""
    first, *rest = _name(element).split("-")
    of = _text(element, "class") or _text(element, "definition")
    return " ".join([first + "".join(part.capitalize() for part in rest), of]).strip()


def _text(element: Element, name: str, *, strip: bool = True) -> str:
    """An attribute under its name in either version."""
    for given, value in element.attrib.items():
        if kebab(str(given)) == name:
            return str(value).strip() if strip else str(value)
    return ""
