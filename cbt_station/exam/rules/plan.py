"""How an operator is looked up, checked and made ready to run.

Rules are made ready once: every node's kind is worked out, everything that could not be computed is refused, and what
remains is a function from the variables' values to a value, which cannot fail. An operator is one function
`(node, kinds, around) -> (kind, apply)`, registered under its name in QTI 3 without "qti-"; `apply` takes the values of
the operands and the memory. An operator that is not registered is refused by its name.

`Around` is what is known of the variables at a place in the rules; rules are followed in order, so that what an outcome
can hold is known where it is read. Work is bounded here and nowhere else: nodes, depth, sizes, states of patterns, steps
through tables and areas.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from msgspec import Struct

from cbt_station.errors import Refusal
from cbt_station.exam.processing import BaseType, Node, OutcomeDeclaration, ResponseDeclaration
from cbt_station.exam.rules.values import MOST_VALUES, NULL, NUMBERS, TEXTS, Held, Kind, read_number, settled

MOST_NODES: Final = 4_000
"""Nodes that run for one response, each at most once: rules know no loop."""
MOST_DEPTH: Final = 24
"""Nested operators; a sealed file's JSON holds no more than 64 levels, two of them a node."""
MOST_PATTERN_STATES: Final = 2_000
MOST_STEPS: Final = 1_000_000
"""Rows of tables, and corners of areas for each point, that are looked at for one response."""


class ItemOutcomes(Struct, frozen=True, forbid_unknown_fields=True):
    """What outcome processing knows of one item of a form: its outcomes and their normal bounds, where it stands."""

    id: str
    outcomes: dict[str, Decimal]
    sections: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    weights: dict[str, Decimal] = {}
    least: dict[str, Decimal] = {}
    most: dict[str, Decimal] = {}
    presented: bool = True
    responded: bool = False
    correct: bool | None = None
    """Whether every response is its correct one; None where the item declares none."""


@dataclass
class Memory:
    """The variables of one run, by name: those that a response gave, and those that rules set."""

    responses: dict[str, Held]
    outcomes: dict[str, Held]
    items: tuple[ItemOutcomes, ...] = ()
    """At the end of a test: what its items gave."""
    exited: bool = False


@dataclass
class Around:
    """What is known at a place in the rules."""

    responses: dict[str, ResponseDeclaration]
    outcomes: dict[str, OutcomeDeclaration]
    known: dict[str, Kind]
    """What each variable can hold here."""
    budget: "Budget"
    at_test: bool = False


@dataclass
class Budget:
    """What is left of the bounds, for a whole set of rules."""

    nodes: int = MOST_NODES
    pattern_states: int = MOST_PATTERN_STATES
    steps: int = MOST_STEPS
    exits: list[dict[str, Kind]] = field(default_factory=list)
    """What is known wherever the rules can be left."""


Apply: TypeAlias = Callable[[list[Held], Memory], Held]
Evaluate: TypeAlias = Callable[[Memory], Held]
Ready: TypeAlias = tuple[Kind, Apply]
Operator: TypeAlias = Callable[[Node, list[Kind], Around], Ready]

OPERATORS: Final[dict[str, tuple[Operator, int, int | None]]] = {}
"""By name: the operator, and how many operands it takes at least and at most."""


def operator(name: str, least: int = 0, most: int | None = None) -> Callable[[Operator], Operator]:
    """Register an operator; without `most` it takes exactly `least` operands, with -1 any number from there."""

    def register(made: Operator) -> Operator:
        OPERATORS[name] = (made, least, least if most is None else None if most < 0 else most)
        return made

    return register


def prepare(node: Node, around: Around, depth: int = 1) -> tuple[Kind, Evaluate]:
    """An expression, checked and ready to run.

    Codes: rule-operator, rule-shape, rule-type, rule-variable, rule-value, rule-missing, rule-pattern, rule-too-much.
    """
    spend(around, depth)
    if node.op not in OPERATORS:
        raise Refusal("rule-operator", op=_name(node))
    make, least, most = OPERATORS[node.op]
    if len(node.of) < least or (most is not None and len(node.of) > most):
        raise Refusal("rule-shape", op=node.op)
    parts = [prepare(operand, around, depth + 1) for operand in node.of]
    kind, apply = make(node, [kind for kind, _ in parts], around)
    kind = kind._replace(low=_bound(kind.low), high=_bound(kind.high))
    if kind.most > MOST_VALUES:
        raise Refusal("rule-too-much", what="values", number=kind.most, most=MOST_VALUES)
    operands = [evaluate for _, evaluate in parts]
    return kind, lambda memory: apply([evaluate(memory) for evaluate in operands], memory)


def spend(around: Around, depth: int) -> None:
    """One more node."""
    around.budget.nodes -= 1
    if around.budget.nodes < 0:
        raise Refusal("rule-too-much", what="nodes", number=MOST_NODES + 1, most=MOST_NODES)
    if depth > MOST_DEPTH:
        raise Refusal("rule-too-much", what="depth", number=depth, most=MOST_DEPTH)


def spend_steps(around: Around, steps: int) -> None:
    """What one node looks at besides its operands."""
    around.budget.steps -= steps
    if around.budget.steps < 0:
        raise Refusal("rule-too-much", what="steps", number=MOST_STEPS - around.budget.steps, most=MOST_STEPS)


def need(good: bool, node: Node, kinds: list[Kind], expected: str) -> None:
    """Raise Refusal("rule-type") unless the operands are as they must be."""
    if not good:
        raise Refusal("rule-type", op=node.op, given=", ".join(map(str, kinds)), expected=expected)


def need_single(node: Node, kinds: list[Kind], bases: tuple[str, ...], *, single: bool = True) -> None:
    """Operands of these base types, each of single cardinality unless containers are taken too."""
    for kind in kinds:
        fits = kind.base is None or (
            kind.base in bases
            and kind.cardinality != "record"
            and not (single and kind.cardinality != "single")
        )
        need(fits, node, kinds, ("single " if single else "") + " / ".join(bases))


def need_one_base(node: Node, kinds: list[Kind]) -> Kind:
    """Operands that can be compared: one base type, or two of one family. The first that is not NULL."""
    known = [kind for kind in kinds if kind.base is not None]
    for kind in known:
        need(kind.cardinality != "record" and alike(kind.base, known[0].base), node, kinds, str(known[0]))
    return known[0] if known else NULL


def alike(one: BaseType | None, other: BaseType | None) -> bool:
    """Whether values of two base types can be compared: the same, both numbers, or both texts.

    QTI asks for the same; real items compare an integer with a float, and an identifier with a string.
    """
    return one == other or {one, other} <= set(NUMBERS) or {one, other} <= set(TEXTS)


def flag(node: Node, name: str, otherwise: bool) -> bool:
    """A boolean attribute."""
    value = node.args.get(name, "true" if otherwise else "false").strip()
    if value not in ("true", "false", "1", "0"):
        raise Refusal("rule-value", op=node.op, value=value[:100])
    return value in ("true", "1")


def choice(node: Node, name: str, choices: tuple[str, ...], otherwise: str = "") -> str:
    """An attribute with a few possible values."""
    value = node.args.get(name, otherwise)
    if value not in choices:
        raise Refusal("rule-value", op=node.op, value=value[:100])
    return value


def number_of(node: Node, name: str, around: Around) -> Callable[[Memory], Fraction | None]:
    """A number that an attribute gives: as it stands, or by the name of a variable that holds it."""
    text = node.args.get(name, "").strip()
    found = read_number(text)
    if found is not None:
        return lambda _memory: found
    kind = around.known.get(text.strip("{}"))
    if kind is None or kind.cardinality != "single" or kind.base not in NUMBERS:
        raise Refusal("rule-value", op=node.op, value=text[:100])
    return lambda memory: as_number(held(memory, text.strip("{}")))


def whole_of(node: Node, name: str, around: Around) -> Callable[[Memory], int | None]:
    """A whole number that an attribute gives; None where its variable holds none."""
    number = number_of(node, name, around)

    def whole(memory: Memory) -> int | None:
        found = number(memory)
        return int(found) if found is not None and found.denominator == 1 else None

    return whole


def held(memory: Memory, name: str) -> Held:
    """What a variable holds now."""
    return memory.outcomes[name] if name in memory.outcomes else memory.responses.get(name)


def as_number(value: Held) -> Fraction | None:
    """The number of a single numeric value."""
    return value[0] if value and isinstance(value[0], Fraction) else None


def as_flag(value: Held) -> bool | None:
    """The truth of a single boolean."""
    return value[0] if value and isinstance(value[0], bool) else None


def as_text(value: Held) -> str | None:
    """The text of a single text."""
    return value[0] if value and isinstance(value[0], str) else None


def boolean(truth: bool | None) -> Held:
    """A truth as a value."""
    return None if truth is None else (truth,)


def number(value: Fraction | None) -> Held:
    """A number as a value, NULL where it is out of the value space."""
    found = None if value is None else settled(value)
    return None if found is None else (found,)


def _bound(bound: Fraction | None) -> Fraction | None:
    """A bound that is held as a number would be."""
    return None if bound is None else settled(bound)


def _name(node: Node) -> str:
    """The operator as its author knows it: a custom one by its class."""
    named = node.args.get("class") or node.args.get("definition")
    return f"{node.op} {named}" if named else node.op
