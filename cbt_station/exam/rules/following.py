"""Rules made ready and run: what is set, which branch is taken, where it ends.

`follow` goes through the rules in order once, before anything is there, and keeps what each outcome can hold at every
place; what comes out is a function that changes a memory. Response rules and outcome rules differ in names alone.
Source: QTI 3.0 ASI Information Model, "Response processing" and "Outcome processing".
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final

from cbt_station.errors import Refusal
from cbt_station.exam.processing import Lookup, Node, OutcomeDeclaration
from cbt_station.exam.rules import arithmetic, containers, logic, looking, testing
from cbt_station.exam.rules.looking import kind_of_constant, read_values
from cbt_station.exam.rules.plan import (
    Around,
    Evaluate,
    Memory,
    alike,
    as_flag,
    as_number,
    need,
    prepare,
    spend,
    spend_steps,
)
from cbt_station.exam.rules.values import NULL, NUMBERS, Held, Kind, joined, read_scalar

Run = Callable[[Memory], None]
_CONDITIONS: Final = {
    "response-condition": ("response-if", "response-else-if", "response-else"),
    "outcome-condition": ("outcome-if", "outcome-else-if", "outcome-else"),
}
OPERATOR_MODULES: Final = (arithmetic, containers, logic, looking, testing)
"""Importing them registers their operators."""
_FRAGMENTS: Final = ("response-processing-fragment", "outcome-processing-fragment")
_EXITS: Final = ("exit-response", "exit-test")
RULES: Final = frozenset(
    [
        *_CONDITIONS,
        *(name for names in _CONDITIONS.values() for name in names),
        *_FRAGMENTS,
        *_EXITS,
        "set-outcome-value",
        "lookup-outcome-value",
    ]
)
"""What stands where a rule may stand, and the branches of conditions."""


def follow(rules: Sequence[Node], around: Around, depth: int = 1) -> Run:
    """All rules, checked and ready; `around.known` is afterwards what is known after them.

    Codes: those of `plan.prepare`.
    """
    ready = [_rule(rule, around, depth) for rule in rules]

    def run(memory: Memory) -> None:
        for one in ready:
            if memory.exited:
                return
            one(memory)

    return run


def beginning(declared: OutcomeDeclaration) -> tuple[Kind, Held]:
    """What an outcome holds before any rule: its default, or 0 for a number (QTI's own rule), or NULL."""
    value = read_values(declared.base, declared.default)
    if value is None and declared.cardinality == "single" and declared.base in NUMBERS:
        value = (Fraction(0),)
    kind = Kind(declared.cardinality, declared.base, 0)
    return (kind if value is None else kind_of_constant(declared.cardinality, declared.base, value)), value


def _rule(node: Node, around: Around, depth: int) -> Run:
    if node.op in _CONDITIONS:
        spend(around, depth)
        return _condition(node, around, depth)
    if node.op in _FRAGMENTS:
        spend(around, depth)
        return follow(node.of, around, depth + 1)
    if node.op in _EXITS:
        spend(around, depth)
        around.budget.exits = [_any_of([*around.budget.exits, around.known])]
        return _exit
    if node.op in ("set-outcome-value", "lookup-outcome-value"):
        return _assignment(node, around, depth)
    raise Refusal("rule-operator", op=node.op)


def _exit(memory: Memory) -> None:
    memory.exited = True


def _condition(node: Node, around: Around, depth: int) -> Run:
    """The first branch whose condition is true; NULL is not true. Afterwards known: what any branch, or none, leaves."""
    first, further, last = _CONDITIONS[node.op]
    names = [part.op for part in node.of]
    body = names[:-1] if names and names[-1] == last else names
    if not names or body[:1] not in ([first], []) or any(name != further for name in body[1:]):
        raise Refusal("rule-shape", op=node.op)
    before, after, branches = around.known, [], []
    for part in node.of:
        around.known = dict(before)
        branches.append(_branch(part, around, depth + 1, conditional=part.op != last))
        after.append(around.known)
    if names[-1] != last:
        after.append(before)
    around.known = _any_of(after)

    def run(memory: Memory) -> None:
        for condition, then in branches:
            if as_flag(condition(memory)):
                then(memory)
                return

    return run


def _branch(node: Node, around: Around, depth: int, *, conditional: bool) -> tuple[Evaluate, Run]:
    spend(around, depth)
    if not conditional:
        return lambda _memory: (True,), follow(node.of, around, depth + 1)
    if not node.of:
        raise Refusal("rule-shape", op=node.op)
    kind, condition = prepare(node.of[0], around, depth + 1)
    need(
        kind.base in ("boolean", None) and kind.cardinality in ("single", None),
        node,
        [kind],
        "single boolean",
    )
    return condition, follow(node.of[1:], around, depth + 1)


def _any_of(ways: Sequence[dict[str, Kind]]) -> dict[str, Kind]:
    """What is known after one of several ways."""
    known = dict(ways[0])
    for other in ways[1:]:
        known = {
            name: kind if kind is other[name] else joined(kind, other[name]) for name, kind in known.items()
        }
    return known


def known_at_end(around: Around) -> dict[str, Kind]:
    """What is known wherever the rules end: after the last, or at any exit."""
    return _any_of([around.known, *around.budget.exits])


def _assignment(node: Node, around: Around, depth: int) -> Run:
    name = node.args.get("identifier", "")
    spend(around, depth)
    if name not in around.outcomes:
        raise Refusal("rule-variable", name=name)
    if len(node.of) != 1:
        raise Refusal("rule-shape", op=node.op)
    declared = around.outcomes[name]
    kind, evaluate = prepare(node.of[0], around, depth + 1)
    if node.op == "lookup-outcome-value":
        kind, evaluate = _looked_up(node, kind, evaluate, declared)
        spend_steps(around, len(declared.lookup.entries) if declared.lookup else 0)
    fits = kind.base is None or (kind.cardinality == declared.cardinality and alike(kind.base, declared.base))
    need(fits, node, [kind], f"{declared.cardinality} {declared.base}")
    own = Kind(declared.cardinality, declared.base, kind.most, kind.low, kind.high)
    # A number that is NULL counts as 0 where a score is read, so that 0 belongs to what can be there.
    around.known[name] = (
        own if kind.base is not None else own._replace(most=0, low=Fraction(0), high=Fraction(0))
    )

    def run(memory: Memory) -> None:
        memory.outcomes[name] = evaluate(memory)

    return run


def _looked_up(
    node: Node, kind: Kind, number: Evaluate, declared: OutcomeDeclaration
) -> tuple[Kind, Evaluate]:
    """The number's place in the outcome's table; the table's default, or NULL, where it has none."""
    need(
        kind.base in (*NUMBERS, None) and kind.cardinality in ("single", None), node, [kind], "single number"
    )
    table = declared.lookup
    if table is None:
        raise Refusal("rule-missing", op=node.op, needed="lookupTable")
    targets = [read_scalar(declared.base, entry.target) for entry in table.entries]
    otherwise = None if table.default is None else (read_scalar(declared.base, table.default),)
    sources = [Fraction(entry.source) for entry in table.entries]
    values = [*targets, *(otherwise or ())]
    found_kind = kind_of_constant("single", declared.base, values)._replace(most=1) if values else NULL

    def look_up(memory: Memory) -> Held:
        value = as_number(number(memory))
        if value is None:
            return otherwise
        for entry, source, target in zip(table.entries, sources, targets, strict=True):
            if _is_row(table, value, source, entry.included):
                return (target,)
        return otherwise

    return found_kind, look_up


def _is_row(table: Lookup, value: Fraction, source: Fraction, included: bool) -> bool:
    if table.kind == "match":
        return value == source
    return value > source or (included and value == source)
