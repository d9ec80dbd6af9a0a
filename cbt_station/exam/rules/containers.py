"""Operators that make, take from or measure containers. An empty container is NULL.

Source: QTI 3.0 ASI Information Model, "Operators".
"""

from fractions import Fraction

from cbt_station.errors import Refusal
from cbt_station.exam.processing import Cardinality, Node
from cbt_station.exam.rules.plan import (
    Around,
    Memory,
    Operator,
    Ready,
    need,
    need_one_base,
    operator,
    whole_of,
)
from cbt_station.exam.rules.values import INTEGER, MOST_VALUES, NULL, Held, Kind, Scalar, joined


def _container(cardinality: Cardinality) -> Operator:
    """All operands one after the other; those that are NULL are left out."""

    def make(node: Node, kinds: list[Kind], _around: Around) -> Ready:
        first = need_one_base(node, kinds)
        need(
            all(kind.cardinality in ("single", cardinality, None) for kind in kinds), node, kinds, str(first)
        )

        def apply(values: list[Held], _memory: Memory) -> Held:
            return tuple(one for value in values for one in value or ()) or None

        if first.base is None:
            return NULL, apply
        return _all_of(kinds)._replace(cardinality=cardinality, most=sum(kind.most for kind in kinds)), apply

    return make


operator("multiple", 0, -1)(_container("multiple"))
operator("ordered", 0, -1)(_container("ordered"))


@operator("repeat", 1, -1)
def _repeat(node: Node, kinds: list[Kind], around: Around) -> Ready:
    """The operands' values `number-repeats` times, in order. Without chance every time is the same."""
    first = need_one_base(node, kinds)
    need(all(kind.cardinality in ("single", "ordered", None) for kind in kinds), node, kinds, str(first))
    times = whole_of(node, "number-repeats", around)
    text = node.args.get("number-repeats", "").strip()
    most = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else MOST_VALUES + 1

    def apply(values: list[Held], memory: Memory) -> Held:
        once = tuple(one for value in values for one in value or ())
        return once * max(0, times(memory) or 0) or None

    kind = _all_of(kinds)
    return kind._replace(cardinality="ordered", most=most * sum(one.most for one in kinds)), apply


@operator("container-size", 1)
def _container_size(node: Node, kinds: list[Kind], _around: Around) -> Ready:
    """How many values; none for NULL."""
    need(kinds[0].cardinality in ("multiple", "ordered", None), node, kinds, "container")
    kind = INTEGER._replace(low=Fraction(0), high=Fraction(kinds[0].most))
    return kind, lambda values, _memory: (Fraction(len(values[0] or ())),)


@operator("index", 1)
def _index(node: Node, kinds: list[Kind], around: Around) -> Ready:
    """The n-th value, from 1; NULL where there is none."""
    need(kinds[0].cardinality in ("ordered", None), node, kinds, "ordered")
    n = whole_of(node, "n", around)

    def apply(values: list[Held], memory: Memory) -> Held:
        place, container = n(memory), values[0] or ()
        return (container[place - 1],) if place is not None and 1 <= place <= len(container) else None

    return kinds[0]._replace(cardinality="single", most=1) if kinds[0].base else NULL, apply


@operator("delete", 2)
def _delete(node: Node, kinds: list[Kind], _around: Around) -> Ready:
    """The container without any value that is the first; NULL where one of the two is NULL."""
    need_one_base(node, kinds)
    need(kinds[0].cardinality in ("single", None), node, kinds, "single")
    need(kinds[1].cardinality in ("multiple", "ordered", None), node, kinds, "container")

    def apply(values: list[Held], _memory: Memory) -> Held:
        if values[0] is None or values[1] is None:
            return None
        gone: Scalar = values[0][0]
        return tuple(one for one in values[1] if one != gone) or None

    return kinds[1], apply


def _all_of(kinds: list[Kind]) -> Kind:
    kind = NULL
    for one in kinds:
        kind = joined(kind, one) if kind.base is not None else one
    if kind.base is None:
        raise Refusal("rule-shape", op="repeat")
    return kind
