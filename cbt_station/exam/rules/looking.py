"""Operators that look a value up: constants, variables, correct values, mappings, fields.

Source: QTI 3.0 ASI Information Model, "Built-in general expressions". `random` and its kin are not here: a score must be
the same whenever it is computed.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, get_args

from cbt_station.errors import Refusal
from cbt_station.exam.processing import AreaMapping, BaseType, Cardinality, Mapping, Node, ResponseDeclaration
from cbt_station.exam.rules.irrational import PI, E
from cbt_station.exam.rules.places import is_inside
from cbt_station.exam.rules.plan import (
    Around,
    Memory,
    Ready,
    as_number,
    choice,
    held,
    need,
    number,
    operator,
    spend_steps,
)
from cbt_station.exam.rules.values import (
    FLOAT,
    INTEGER,
    NULL,
    Held,
    Kind,
    Scalar,
    read_scalar,
    same_text,
)

BASES: Final = get_args(BaseType)
FIELDS: Final = {
    "stringValue": Kind("single", "string"),
    "floatValue": FLOAT,
    **dict.fromkeys(("integerValue", "leftDigits", "rightDigits", "ndp", "nsf", "exponent"), INTEGER),
}
"""What a typed number is recorded as where its response is a record."""


def kind_of_constant(cardinality: Cardinality, base: str, values: Sequence[Scalar]) -> Kind:
    """What is known of values that stand there."""
    numbers = [value for value in values if isinstance(value, Fraction)]
    low, high = (min(numbers), max(numbers)) if numbers else (None, None)
    return Kind(cardinality, base, len(values), low, high)  # type: ignore[arg-type]  # checked by the caller


def read_values(base: str, texts: Sequence[str] | None) -> Held:
    """Declared values; a text that is empty stands for nothing."""
    values = [read_scalar(base, text) for text in texts or ()]  # type: ignore[arg-type]  # of a declaration
    return tuple(values) or None


def by_mapping(mapping: Mapping, base: str) -> Callable[[Held], Fraction]:
    """From a value to its worth: those of all different values, `default` for one without an entry, within the bounds. NULL maps to 0.

    QTI counts a value that stands there twice once. That NULL is not worth `default` is ours: an item that was left out
    is not a wrong answer; the standard template says the same.
    """
    exact = {
        _key(base, entry.key): entry.worth for entry in reversed(mapping.entries) if entry.case_sensitive
    }
    folded = {
        _key(base, entry.key, fold=True): entry.worth
        for entry in reversed(mapping.entries)
        if not entry.case_sensitive
    }

    def worth_of(value: Held) -> Fraction:
        total = Fraction(0)
        for one in dict.fromkeys(value or ()):
            worth = exact.get(one)
            if worth is None:
                worth = folded.get(one.casefold() if isinstance(one, str) else one, mapping.default)
            total += Fraction(worth)
        return _within(total, mapping.lower, mapping.upper)

    return worth_of


def map_points(areas: AreaMapping, value: Held) -> Fraction:
    """The worths of the areas that a point lies in, each once, `default` for a point in none, within the bounds."""
    total, used = Fraction(0), set()
    for point in dict.fromkeys(value or ()):
        inside = [
            place
            for place, area in enumerate(areas.entries)
            if isinstance(point, tuple) and is_inside(area.shape, area.coords, point)  # type: ignore[arg-type]
        ]
        total += sum(
            (Fraction(areas.entries[place].worth) for place in inside if place not in used), Fraction(0)
        )
        total += 0 if inside else Fraction(areas.default)
        used |= set(inside)
    return _within(total, areas.lower, areas.upper)


@operator("null")
def _null(_node: Node, _kinds: list[Kind], _around: Around) -> Ready:
    return NULL, lambda _values, _memory: None


@operator("base-value")
def _base_value(node: Node, _kinds: list[Kind], _around: Around) -> Ready:
    base = choice(node, "base-type", BASES)
    value = (read_scalar(base, node.value),)  # type: ignore[arg-type]  # one of BASES
    return kind_of_constant("single", base, value), lambda _values, _memory: value


@operator("variable")
def _variable(node: Node, _kinds: list[Kind], around: Around) -> Ready:
    """In outcome processing an item's number may be asked for times one of its weights."""
    name, weight = node.args.get("identifier", ""), node.args.get("weight-identifier")
    if name not in around.known:
        raise Refusal("rule-variable", name=name)
    if around.at_test and weight is not None and name not in around.outcomes:
        return FLOAT, lambda _values, memory: number(_weighted(memory, name, weight))
    return around.known[name], lambda _values, memory: held(memory, name)


def _weighted(memory: Memory, name: str, weight: str) -> Fraction | None:
    value = as_number(held(memory, name))
    item = next((one for one in memory.items if name.startswith(f"{one.id}.")), None)
    factor = item.weights.get(weight, Decimal(1)) if item is not None else Decimal(1)
    return None if value is None else value * Fraction(factor)


@operator("correct")
def _correct(node: Node, _kinds: list[Kind], around: Around) -> Ready:
    """NULL where none is declared."""
    declared = _response(node, around)
    value = read_values(declared.base, declared.correct)
    kind = NULL if value is None else kind_of_constant(declared.cardinality, declared.base, value)
    return kind, lambda _values, _memory: value


@operator("default")
def _default(node: Node, _kinds: list[Kind], around: Around) -> Ready:
    """What an outcome begins with, by its declaration; a response begins with nothing."""
    name = node.args.get("identifier", "")
    if name in around.responses:
        return NULL, lambda _values, _memory: None
    if name not in around.outcomes:
        raise Refusal("rule-variable", name=name)
    declared = around.outcomes[name]
    value = read_values(declared.base, declared.default)
    kind = NULL if value is None else kind_of_constant(declared.cardinality, declared.base, value)
    return kind, lambda _values, _memory: value


@operator("map-response")
def _map_response(node: Node, _kinds: list[Kind], around: Around) -> Ready:
    name, declared = node.args.get("identifier", ""), _response(node, around)
    if declared.mapping is None:
        raise Refusal("rule-missing", op=node.op, needed="mapping", name=name)
    need(
        declared.cardinality != "record" and declared.base != "point", node, [around.known[name]], "no point"
    )
    mapping = declared.mapping
    spend_steps(around, len(mapping.entries))
    worth_of = by_mapping(mapping, declared.base)
    worths = [entry.worth for entry in mapping.entries]
    times = 1 if declared.cardinality == "single" else None
    kind = _kind_of_map(
        worths, mapping.default, (mapping.lower, mapping.upper), times, around.known[name].most
    )
    return kind, lambda _values, memory: number(worth_of(memory.responses.get(name)))


@operator("map-response-point")
def _map_response_point(node: Node, _kinds: list[Kind], around: Around) -> Ready:
    name, declared = node.args.get("identifier", ""), _response(node, around)
    if declared.areas is None:
        raise Refusal("rule-missing", op=node.op, needed="areaMapping", name=name)
    need(declared.base == "point" and declared.cardinality != "record", node, [around.known[name]], "point")
    areas = declared.areas
    worths = [entry.worth for entry in areas.entries]
    for area in areas.entries:
        is_inside(area.shape, area.coords, (Fraction(0), Fraction(0)))  # the coordinates make a shape
        spend_steps(around, max(1, len(area.coords)) * around.known[name].most)
    kind = _kind_of_map(worths, areas.default, (areas.lower, areas.upper), None, around.known[name].most)
    return kind, lambda _values, memory: number(map_points(areas, memory.responses.get(name)))


@operator("math-constant")
def _math_constant(node: Node, _kinds: list[Kind], _around: Around) -> Ready:
    value = {"pi": PI, "e": E}[choice(node, "name", ("pi", "e"))]
    return FLOAT._replace(low=value, high=value), lambda _values, _memory: (value,)


@operator("field-value", 1)
def _field_value(node: Node, kinds: list[Kind], _around: Around) -> Ready:
    """A field of a record: of the fields that a typed answer is recorded as. NULL where it has none."""
    need(kinds[0].cardinality in ("record", None), node, kinds, "record")
    name = choice(node, "field-identifier", tuple(FIELDS))

    def apply(values: list[Held], _memory: Memory) -> Held:
        record = values[0][0] if values[0] else {}
        return record.get(name) if isinstance(record, dict) else None

    return FIELDS[name], apply


def _response(node: Node, around: Around) -> ResponseDeclaration:
    name = node.args.get("identifier", "")
    if name not in around.responses:
        raise Refusal("rule-variable", name=name)
    return around.responses[name]


def _key(base: str, key: str, *, fold: bool = False) -> Scalar:
    scalar = read_scalar(base, key)  # type: ignore[arg-type]  # of a declaration
    return same_text(scalar).casefold() if fold and isinstance(scalar, str) else scalar


def _within(total: Fraction, lower: Decimal | None, upper: Decimal | None) -> Fraction:
    if lower is not None and total < lower:
        return Fraction(lower)
    if upper is not None and total > upper:
        return Fraction(upper)
    return total


def _kind_of_map(
    worths: Sequence[Decimal],
    default: Decimal,
    bounds: tuple[Decimal | None, Decimal | None],
    times: int | None,
    values: int,
) -> Kind:
    """A single response has one worth; several have each worth once at most, and `default` for each other value."""
    numbers = [Fraction(worth) for worth in worths]
    other = Fraction(default)
    if times == 1:
        low, high = min([*numbers, other, Fraction(0)]), max([*numbers, other, Fraction(0)])
    else:
        low = sum((worth for worth in numbers if worth < 0), Fraction(0)) + min(other, Fraction(0)) * values
        high = sum((worth for worth in numbers if worth > 0), Fraction(0)) + max(other, Fraction(0)) * values
    lowest, highest = bounds
    return FLOAT._replace(low=_within(low, lowest, highest), high=_within(high, lowest, highest))
