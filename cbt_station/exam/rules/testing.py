"""Operators over the items of a form, for outcome processing; in an item's own rules they are refused by their names.

Each takes the items of a section and of categories (`section-identifier`, `include-category`, `exclude-category`).
Source: QTI 3.0 ASI Information Model, "Outcome processing": testVariables and the item subset expressions.
"""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from cbt_station.errors import Refusal
from cbt_station.exam.processing import Node
from cbt_station.exam.rules.plan import Around, ItemOutcomes, Memory, Ready, choice, operator
from cbt_station.exam.rules.values import FLOAT, INTEGER, MOST_VALUES, Held, Kind, settled

Chosen = Callable[[Memory], list[ItemOutcomes]]


@operator("test-variables")
def _test_variables(node: Node, _kinds: list[Kind], around: Around) -> Ready:
    """The items' values of one outcome, each times its weight where one is asked for; items without it are left out."""
    chosen, name = _chosen(node, around), node.args.get("variable-identifier", "")
    if choice(node, "base-type", ("float", "integer"), "float") and not name:
        raise Refusal("rule-shape", op=node.op)
    return _numbers(MOST_VALUES), lambda _values, memory: _weighted(
        node, [(item, item.outcomes.get(name)) for item in chosen(memory)]
    )


@operator("outcome-maximum")
def _outcome_maximum(node: Node, _kinds: list[Kind], around: Around) -> Ready:
    """The most that each item declares for an outcome; NULL where one declares none."""
    chosen, name = _chosen(node, around), node.args.get("outcome-identifier", "")

    def apply(_values: list[Held], memory: Memory) -> Held:
        found = [(item, item.most.get(name)) for item in chosen(memory)]
        return None if any(most is None for _, most in found) else _weighted(node, found)

    return _numbers(MOST_VALUES), apply


@operator("outcome-minimum")
def _outcome_minimum(node: Node, _kinds: list[Kind], around: Around) -> Ready:
    """The least that each item declares for an outcome; items that declare none are left out."""
    chosen, name = _chosen(node, around), node.args.get("outcome-identifier", "")
    return _numbers(MOST_VALUES), lambda _values, memory: _weighted(
        node, [(item, item.least.get(name)) for item in chosen(memory)]
    )


def _count(name: str, counts: Callable[[ItemOutcomes], bool]) -> None:
    def make(node: Node, _kinds: list[Kind], around: Around) -> Ready:
        chosen = _chosen(node, around)
        kind = INTEGER._replace(low=Fraction(0), high=Fraction(MOST_VALUES))
        return kind, lambda _values, memory: (Fraction(sum(map(counts, chosen(memory)))),)

    operator(name)(make)


_count("number-selected", lambda _item: True)
_count("number-presented", lambda item: item.presented)
_count("number-responded", lambda item: item.responded)
_count("number-correct", lambda item: item.correct is True)
_count("number-incorrect", lambda item: item.responded and item.correct is False)


def _numbers(most: int) -> Kind:
    return FLOAT._replace(cardinality="multiple", most=most)


def _chosen(node: Node, around: Around) -> Chosen:
    if not around.at_test:
        raise Refusal("rule-operator", op=node.op)
    section = node.args.get("section-identifier")
    include = set(node.args.get("include-category", "").split())
    exclude = set(node.args.get("exclude-category", "").split())

    def chosen(memory: Memory) -> list[ItemOutcomes]:
        return [
            item
            for item in memory.items
            if (section is None or section in item.sections)
            and (not include or include & set(item.categories))
            and not exclude & set(item.categories)
        ]

    return chosen


def _weighted(node: Node, found: list[tuple[ItemOutcomes, Decimal | None]]) -> Held:
    weight = node.args.get("weight-identifier", "")
    numbers = [
        settled(Fraction(value) * Fraction(item.weights.get(weight, Decimal(1))))
        for item, value in found
        if value is not None
    ]
    return tuple(number for number in numbers if number is not None) or None
