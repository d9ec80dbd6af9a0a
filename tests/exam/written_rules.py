"""Rules written short for tests: `op("sum", 1, "2.5", var("X"))`, and one expression computed."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from cbt_station.exam.interactions import Response
from cbt_station.exam.processing import (
    BaseType,
    Cardinality,
    Node,
    OutcomeDeclaration,
    Processing,
    ResponseDeclaration,
)
from cbt_station.exam.rules.plan import Around, Budget, Memory, prepare
from cbt_station.exam.rules.response import outcomes_of
from cbt_station.exam.rules.trees import constant, variable
from cbt_station.exam.rules.values import Held, Kind

NULL = Node("null")
Written = Node | int | str | bool


def op(op_name: str, /, *operands: Written, value: str = "", **args: str) -> Node:
    """An operator; a whole number, a text of digits and a bool stand for constants, any other text for an identifier."""
    named = {name.replace("_", "-"): text for name, text in args.items()}
    return Node(op_name, tuple(node(one) for one in operands), named, value)


def node(written: Written) -> Node:
    if isinstance(written, Node):
        return written
    if isinstance(written, bool):
        return constant("boolean", str(written).lower())
    if isinstance(written, int):
        return constant("integer", str(written))
    is_number = written.removeprefix("-").replace(".", "", 1).isdigit()
    return constant("float" if is_number else "identifier", written)


def text(written: str) -> Node:
    return constant("string", written)


def pair(written: str) -> Node:
    return constant("directedPair", written)


def var(name: str) -> Node:
    return variable(name)


def computed(written: Node, **known: Held) -> Held:
    """An expression's value; variables by name are float containers of what they hold."""
    kinds = {
        name: Kind("single" if held is None or len(held) == 1 else "ordered", "float", 8)
        for name, held in known.items()
    }
    _, evaluate = prepare(written, Around({}, {}, kinds, Budget()))
    return evaluate(Memory(dict(known), {}))


def number_of(written: Node) -> Fraction | None:
    held = computed(written)
    return held[0] if held is not None and isinstance(held[0], Fraction) else None


def item(
    *rules: Node,
    cardinality: Cardinality = "single",
    base: BaseType = "identifier",
    correct: tuple[str, ...] | None = None,
    outcomes: Mapping[str, OutcomeDeclaration] | None = None,
) -> Processing:
    """An item with one response and a SCORE."""
    declared = {"SCORE": OutcomeDeclaration("single", "float")} | dict(outcomes or {})
    response = ResponseDeclaration(cardinality, base, correct)
    return Processing({"RESPONSE": response}, declared, rules, Decimal(1))


def scored(processing: Processing, response: Response | None) -> Held:
    return outcomes_of(processing, response)["SCORE"]
