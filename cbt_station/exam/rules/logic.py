"""Operators of logic and comparison. NULL is a third truth: what cannot be known is NULL, and a condition is met only by true.

Source: QTI 3.0 ASI Information Model, "Operators".
"""

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction

from cbt_station.errors import Refusal
from cbt_station.exam.processing import Node
from cbt_station.exam.rules.arithmetic import rounded
from cbt_station.exam.rules.patterns import Pattern
from cbt_station.exam.rules.places import is_inside
from cbt_station.exam.rules.plan import (
    MOST_PATTERN_STATES,
    Apply,
    Around,
    Memory,
    Operator,
    Ready,
    as_flag,
    as_number,
    as_text,
    boolean,
    choice,
    flag,
    need,
    need_one_base,
    need_single,
    number_of,
    operator,
    spend_steps,
    whole_of,
)
from cbt_station.exam.rules.values import BOOLEAN, NUMBERS, TEXTS, Held, Kind, Scalar

Truth = bool | None


def same(kind: Kind, one: Sequence[Scalar], other: Sequence[Scalar]) -> bool:
    """Whether two values are equal: in order where they are ordered, as bags where they are not."""
    return Counter(one) == Counter(other) if kind.cardinality == "multiple" else tuple(one) == tuple(other)


@operator("is-null", 1)
def _is_null(_node: Node, _kinds: list[Kind], _around: Around) -> Ready:
    """True for NULL, an empty container and an empty text, which QTI holds to be NULL too."""
    return BOOLEAN, lambda values, _memory: boolean(values[0] in (None, ("",)))


@operator("not", 1)
def _not(node: Node, kinds: list[Kind], _around: Around) -> Ready:
    """NULL where the operand is."""
    need_single(node, kinds, ("boolean",))

    def apply(values: list[Held], _memory: Memory) -> Held:
        truth = as_flag(values[0])
        return boolean(None if truth is None else not truth)

    return BOOLEAN, apply


@operator("and", 1, -1)
def _and(node: Node, kinds: list[Kind], _around: Around) -> Ready:
    """False where one is false; else NULL where one is NULL."""
    need_single(node, kinds, ("boolean",))
    return BOOLEAN, _of_truths(lambda truths: False if False in truths else None if None in truths else True)


@operator("or", 1, -1)
def _or(node: Node, kinds: list[Kind], _around: Around) -> Ready:
    """True where one is true; else NULL where one is NULL."""
    need_single(node, kinds, ("boolean",))
    return BOOLEAN, _of_truths(lambda truths: True if True in truths else None if None in truths else False)


@operator("any-n", 1, -1)
def _any_n(node: Node, kinds: list[Kind], around: Around) -> Ready:
    """Whether from `min` to `max` are true; NULL where that hangs on those that are NULL."""
    need_single(node, kinds, ("boolean",))
    least, most = whole_of(node, "min", around), whole_of(node, "max", around)

    def apply(values: list[Held], memory: Memory) -> Held:
        low, high, truths = least(memory), most(memory), [as_flag(value) for value in values]
        if low is None or high is None:
            return None
        true, unknown = truths.count(True), truths.count(None)
        if true > high or true + unknown < low:
            return (False,)
        return (True,) if low <= true and true + unknown <= high else None

    return BOOLEAN, apply


@operator("match", 2)
def _match(node: Node, kinds: list[Kind], _around: Around) -> Ready:
    """Whether two values of one kind are the same; NULL where one is NULL."""
    kind = need_one_base(node, kinds)
    cardinalities = {one.cardinality for one in kinds if one.base is not None}
    need(len(cardinalities) <= 1, node, kinds, str(kind))
    return BOOLEAN, _of_two(lambda one, other: same(kind, one, other))


@operator("member", 2)
def _member(node: Node, kinds: list[Kind], _around: Around) -> Ready:
    """Whether the first, a single value, is in the second, a container; NULL where one is NULL.

    Here and in `contains` a single value is taken as a container of one: real items write so, and it says one thing.
    """
    need_one_base(node, kinds)
    need(kinds[0].cardinality in ("single", None), node, kinds, "single")
    return BOOLEAN, _of_two(lambda one, container: one[0] in container)


@operator("contains", 2)
def _contains(node: Node, kinds: list[Kind], _around: Around) -> Ready:
    """Whether the first container holds the second: as a bag, or, where they are ordered, as a run. NULL where one is."""
    need_one_base(node, kinds)
    known = {one.cardinality for one in kinds if one.base is not None} - {"single"}
    need(len(known) <= 1, node, kinds, "container")

    def holds(whole: Sequence[Scalar], part: Sequence[Scalar]) -> bool:
        if known != {"ordered"}:
            return Counter(part) <= Counter(whole)
        starts = range(len(whole) - len(part) + 1)
        return any(whole[start : start + len(part)] == part for start in starts)

    return BOOLEAN, _of_two(holds)


@operator("string-match", 2)
def _string_match(node: Node, kinds: list[Kind], _around: Around) -> Ready:
    """Whether two texts are the same, with or without regard to capitals; NULL where one is NULL."""
    need_single(node, kinds, TEXTS)
    exact, part = flag(node, "case-sensitive", True), flag(node, "substring", False)
    fold = _folding(exact)
    return BOOLEAN, _of_texts(
        lambda one, other: fold(other) in fold(one) if part else fold(one) == fold(other)
    )


@operator("substring", 2)
def _substring(node: Node, kinds: list[Kind], _around: Around) -> Ready:
    """Whether the first text stands within the second; NULL where one is NULL."""
    need_single(node, kinds, TEXTS)
    fold = _folding(flag(node, "case-sensitive", True))
    return BOOLEAN, _of_texts(lambda one, other: fold(one) in fold(other))


@operator("pattern-match", 1)
def _pattern_match(node: Node, kinds: list[Kind], around: Around) -> Ready:
    """Whether the whole text is of a pattern of XML Schema; NULL where it is NULL."""
    need_single(node, kinds, TEXTS)
    if "pattern" not in node.args:
        raise Refusal("rule-shape", op=node.op)
    pattern = Pattern(node.args["pattern"])
    around.budget.pattern_states -= pattern.states
    if around.budget.pattern_states < 0:
        number = MOST_PATTERN_STATES - around.budget.pattern_states
        raise Refusal("rule-too-much", what="pattern", number=number, most=MOST_PATTERN_STATES)

    def apply(values: list[Held], _memory: Memory) -> Held:
        text = as_text(values[0])
        return boolean(None if text is None else pattern.matches(text))

    return BOOLEAN, apply


@operator("equal", 2)
def _equal(node: Node, kinds: list[Kind], around: Around) -> Ready:
    """Whether the second number is the first, or within `tolerance` of it: two widths (or one for both), below and above.

    A relative tolerance is in percent of the first number's size. Both ends belong to it unless they are left out.
    """
    need_single(node, kinds, NUMBERS)
    mode = choice(node, "tolerance-mode", ("exact", "absolute", "relative"), "exact")
    low_in, high_in = flag(node, "include-lower-bound", True), flag(node, "include-upper-bound", True)
    widths = _tolerances(node, around) if mode != "exact" else []

    def apply(values: list[Held], memory: Memory) -> Held:
        one, other = as_number(values[0]), as_number(values[1])
        found = [width(memory) for width in widths]
        if one is None or other is None or None in found:
            return None
        below, above = (
            (found[0] or Fraction(0), found[-1] or Fraction(0)) if found else (Fraction(0), Fraction(0))
        )
        scale = abs(one) / 100 if mode == "relative" else 1
        low, high = one - below * scale, one + above * scale
        if not widths:
            return (one == other,)
        return ((low < other or (low_in and low == other)) and (other < high or (high_in and other == high)),)

    return BOOLEAN, apply


@operator("equal-rounded", 2)
def _equal_rounded(node: Node, kinds: list[Kind], around: Around) -> Ready:
    """Whether two numbers are the same when they are rounded; NULL where one is NULL."""
    need_single(node, kinds, NUMBERS)
    round_off = rounded(node, around)

    def apply(values: list[Held], memory: Memory) -> Held:
        numbers = [as_number(value) for value in values]
        found = [None if one is None else round_off(one, memory) for one in numbers]
        return None if None in found else (found[0] == found[1],)

    return BOOLEAN, apply


@operator("inside", 1)
def _inside(node: Node, kinds: list[Kind], around: Around) -> Ready:
    """Whether a point, or one of several, lies in an area; NULL where there is none."""
    need_single(node, kinds, ("point",), single=False)
    shape = choice(node, "shape", ("rect", "circle", "ellipse", "poly", "default"))
    try:
        coords = [int(part) for part in node.args.get("coords", "").split(",") if part.strip()]
    except ValueError:
        raise Refusal("rule-value", op=node.op, value=node.args.get("coords", "")[:100]) from None
    is_inside(shape, coords, (Fraction(0), Fraction(0)))
    spend_steps(around, len(coords) * kinds[0].most)

    def apply(values: list[Held], _memory: Memory) -> Held:
        if values[0] is None:
            return None
        points = [point for point in values[0] if isinstance(point, tuple)]
        return (any(is_inside(shape, coords, point) for point in points),)  # type: ignore[arg-type]  # points, by kind

    return BOOLEAN, apply


def _comparison(bases: tuple[str, ...], holds: Callable[[Fraction, Fraction], bool]) -> Operator:
    """Two numbers compared; NULL where one is NULL."""

    def make(node: Node, kinds: list[Kind], _around: Around) -> Ready:
        need_single(node, kinds, bases)

        def apply(values: list[Held], _memory: Memory) -> Held:
            one, other = as_number(values[0]), as_number(values[1])
            return None if one is None or other is None else (holds(one, other),)

        return BOOLEAN, apply

    return make


operator("lt", 2)(_comparison(NUMBERS, lambda one, other: one < other))
operator("lte", 2)(_comparison(NUMBERS, lambda one, other: one <= other))
operator("gt", 2)(_comparison(NUMBERS, lambda one, other: one > other))
operator("gte", 2)(_comparison(NUMBERS, lambda one, other: one >= other))
operator("duration-lt", 2)(_comparison(("duration",), lambda one, other: one < other))
operator("duration-gte", 2)(_comparison(("duration",), lambda one, other: one >= other))


def _of_truths(decide: Callable[[list[Truth]], Truth]) -> Apply:
    return lambda values, _memory: boolean(decide([as_flag(value) for value in values]))


def _of_two(decide: Callable[[tuple[Scalar, ...], tuple[Scalar, ...]], bool]) -> Apply:
    """NULL where one of two operands is."""

    def apply(values: list[Held], _memory: Memory) -> Held:
        return None if values[0] is None or values[1] is None else (decide(values[0], values[1]),)

    return apply


def _of_texts(decide: Callable[[str, str], bool]) -> Apply:
    def apply(values: list[Held], _memory: Memory) -> Held:
        one, other = as_text(values[0]), as_text(values[1])
        return None if one is None or other is None else (decide(one, other),)

    return apply


def _folding(exact: bool) -> Callable[[str], str]:
    return str if exact else str.casefold


def _tolerances(node: Node, around: Around) -> list[Callable[[Memory], Fraction | None]]:
    parts = node.args.get("tolerance", "").split()
    if len(parts) not in (1, 2):
        raise Refusal("rule-value", op=node.op, value=node.args.get("tolerance", "")[:100])
    return [number_of(Node(node.op, args={"tolerance": part}), "tolerance", around) for part in parts]
