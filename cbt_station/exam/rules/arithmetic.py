"""Operators of arithmetic: exact, NULL where an operand is NULL or where there is no such number.

What is larger than any float is out of QTI's value space: NULL. Functions that no fraction holds are in `irrational`.
Source: QTI 3.0 ASI Information Model, "Operators".
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from math import floor, gcd, lcm

from cbt_station.errors import Refusal
from cbt_station.exam.processing import Node
from cbt_station.exam.rules.irrational import FUNCTIONS, compute, power, square_root
from cbt_station.exam.rules.plan import (
    Apply,
    Around,
    Memory,
    Operator,
    Ready,
    as_number,
    choice,
    need,
    need_single,
    number,
    operator,
    whole_of,
)
from cbt_station.exam.rules.values import FLOAT, INTEGER, NUMBERS, Held, Kind, coarse, settled

MOST_FIGURES = 400
Rounded = Callable[[Fraction, Memory], Fraction | None]
Bounds = tuple[Fraction | None, Fraction | None]


def rounded(node: Node, around: Around) -> Rounded:
    """The rounding that `rounding-mode` and `figures` ask for: a deciding digit of 5 or more goes away from zero."""
    mode = choice(node, "rounding-mode", ("significantFigures", "decimalPlaces"), "significantFigures")
    figures = whole_of(node, "figures", around)

    def apply(value: Fraction, memory: Memory) -> Fraction | None:
        n = figures(memory)
        if n is None or n > MOST_FIGURES or n < (1 if mode == "significantFigures" else 0):
            return None
        places = n - _leading(value) if mode == "significantFigures" else n
        scale = Fraction(10) ** places
        whole = floor(abs(value) * scale + Fraction(1, 2))
        return (-whole if value < 0 else whole) / scale

    return apply


def _leading(value: Fraction) -> int:
    """How many digits stand before the point (0 or less for a number below 0.1); 0 for zero."""
    if value == 0:
        return 0
    size = abs(value)
    digits = len(str(size.numerator)) - len(str(size.denominator))
    return next(n for n in (digits - 1, digits, digits + 1) if size < Fraction(10) ** n)


def _of_all(
    combine: Callable[[list[Fraction]], Fraction | None],
    bounds: Callable[[list[Kind]], Bounds] = lambda _kinds: (None, None),
    bases: tuple[str, ...] = NUMBERS,
) -> Operator:
    """Numbers, single or in containers, made one; an integer where all are."""

    def make(node: Node, kinds: list[Kind], _around: Around) -> Ready:
        need_single(node, kinds, bases, single=False)
        low, high = bounds(kinds)
        whole = all(kind.base == "integer" for kind in kinds)
        return (INTEGER if whole else FLOAT)._replace(low=low, high=high), _combined(combine)

    return make


def _combined(combine: Callable[[list[Fraction]], Fraction | None]) -> Apply:
    def apply(values: list[Held], _memory: Memory) -> Held:
        if any(value is None for value in values):
            return None
        numbers = [one for value in values for one in value or () if isinstance(one, Fraction)]
        return number(combine(numbers)) if numbers else None

    return apply


def _sum(numbers: Iterable[Fraction]) -> Fraction:
    total = Fraction(0)
    for one in numbers:
        total = coarse(total + one)
    return total


def _product(numbers: Sequence[Fraction]) -> Fraction | None:
    """Settled after every step, so that no number grows without end. Zero makes zero of everything."""
    total: Fraction | None = Fraction(1)
    for one in numbers if all(numbers) else [Fraction(0)]:
        total = None if total is None else settled(total * one)
    return total


def _sum_bounds(kinds: list[Kind]) -> Bounds:
    lows = [_stretched(kind.low, kind, min) for kind in kinds]
    highs = [_stretched(kind.high, kind, max) for kind in kinds]
    return _total(lows), _total(highs)


def _stretched(bound: Fraction | None, kind: Kind, pick: Callable[..., Fraction]) -> Fraction | None:
    """A bound of the sum of a container's values, of which there may be none to all."""
    if bound is None or kind.cardinality == "single":
        return bound
    return pick(bound, bound * kind.most)


def _total(numbers: list[Fraction | None]) -> Fraction | None:
    found = [one for one in numbers if one is not None]
    return _sum(found) if len(found) == len(numbers) else None


def _product_bounds(kinds: list[Kind]) -> Bounds:
    low = high = Fraction(1)
    for kind in kinds:
        if kind.low is None or kind.high is None or kind.cardinality not in ("single", None):
            return None, None
        corners = [low * kind.low, low * kind.high, high * kind.low, high * kind.high]
        lowest, highest = settled(min(corners)), settled(max(corners))
        if lowest is None or highest is None:
            return None, None
        low, high = lowest, highest
    return low, high


def _extreme_bounds(pick: Callable[..., Fraction]) -> Callable[[list[Kind]], Bounds]:
    """The least or the greatest of several: any of them that has a bound on the picked side bounds it there."""

    def bounds(kinds: list[Kind]) -> Bounds:
        lows, highs = [kind.low for kind in kinds], [kind.high for kind in kinds]
        certain = highs if pick is min else lows
        other = lows if pick is min else highs
        known = [one for one in certain if one is not None]
        sure = pick(known) if known else None
        rest = None if None in other else pick(other)
        return (rest, sure) if pick is min else (sure, rest)

    return bounds


operator("sum", 1, -1)(_of_all(_sum, _sum_bounds))
operator("product", 1, -1)(_of_all(_product, _product_bounds))
operator("max", 1, -1)(_of_all(max, _extreme_bounds(max)))
operator("min", 1, -1)(_of_all(min, _extreme_bounds(min)))
operator("gcd", 1, -1)(_of_all(lambda ns: Fraction(gcd(*_whole(ns))), bases=("integer",)))
operator("lcm", 1, -1)(_of_all(lambda ns: _lcm(_whole(ns)), bases=("integer",)))


def _whole(numbers: list[Fraction]) -> list[int]:
    """An integer variable may hold a number with decimals that a candidate typed; it counts by its whole part."""
    return [int(one) for one in numbers]


def _lcm(numbers: list[int]) -> Fraction | None:
    """Looked at step by step, as a product is."""
    total = 1
    for one in numbers:
        total = lcm(total, one)
        if settled(Fraction(total)) is None:
            return None
    return Fraction(total)


def _of_two(
    combine: Callable[[Fraction, Fraction], Fraction | None],
    result: Kind | None = FLOAT,
    bases: tuple[str, ...] = NUMBERS,
    bounds: Callable[[list[Kind]], Bounds] = lambda _kinds: (None, None),
) -> Operator:
    """Two single numbers made one. Without `result` it is an integer where both are."""

    def make(node: Node, kinds: list[Kind], _around: Around) -> Ready:
        need_single(node, kinds, bases)
        whole = INTEGER if all(kind.base == "integer" for kind in kinds) else FLOAT
        low, high = bounds(kinds)

        def apply(values: list[Held], _memory: Memory) -> Held:
            one, other = as_number(values[0]), as_number(values[1])
            return None if one is None or other is None else number(combine(one, other))

        return (result or whole)._replace(low=low, high=high), apply

    return make


def _difference_bounds(kinds: list[Kind]) -> Bounds:
    one, other = kinds
    low = None if one.low is None or other.high is None else one.low - other.high
    return low, None if one.high is None or other.low is None else one.high - other.low


def _quotient_bounds(kinds: list[Kind]) -> Bounds:
    one, other = kinds
    if None in (one.low, one.high, other.low, other.high) or not _has_one_sign(other):
        return None, None
    corners = [above / below for above in (one.low, one.high) for below in (other.low, other.high)]  # type: ignore[operator]  # no None here
    return min(corners), max(corners)


def _has_one_sign(kind: Kind) -> bool:
    return (kind.low or 0) > 0 or (kind.high or 0) < 0


operator("subtract", 2)(_of_two(lambda one, other: one - other, None, bounds=_difference_bounds))
operator("divide", 2)(_of_two(lambda one, other: one / other if other else None, bounds=_quotient_bounds))
operator("power", 2)(_of_two(power))
operator("integer-divide", 2)(
    _of_two(lambda one, other: Fraction(one // other) if other else None, INTEGER, ("integer",))
)
operator("integer-modulus", 2)(
    _of_two(lambda one, other: one - other * (one // other) if other else None, INTEGER, ("integer",))
)


def _of_one(change: Callable[[Fraction], Fraction], result: Kind, wider: int) -> Operator:
    """A single number changed by at most `wider`; NULL where it is NULL."""

    def make(node: Node, kinds: list[Kind], _around: Around) -> Ready:
        need_single(node, kinds, NUMBERS)
        low = None if kinds[0].low is None else kinds[0].low - wider
        high = None if kinds[0].high is None else kinds[0].high + wider

        def apply(values: list[Held], _memory: Memory) -> Held:
            one = as_number(values[0])
            return None if one is None else number(change(one))

        return result._replace(low=low, high=high), apply

    return make


operator("round", 1)(_of_one(lambda one: Fraction(floor(one + Fraction(1, 2))), INTEGER, 1))
operator("truncate", 1)(_of_one(lambda one: Fraction(int(one)), INTEGER, 1))
operator("integer-to-float", 1)(_of_one(lambda one: one, FLOAT, 0))


@operator("round-to", 1)
def _round_to(node: Node, kinds: list[Kind], around: Around) -> Ready:
    need_single(node, kinds, NUMBERS)
    round_off = rounded(node, around)

    def apply(values: list[Held], memory: Memory) -> Held:
        one = as_number(values[0])
        return None if one is None else number(round_off(one, memory))

    doubled = [None if bound is None else bound * 2 for bound in (kinds[0].low, kinds[0].high)]
    low = None if doubled[0] is None else min(doubled[0], Fraction(0)) - 1
    high = None if doubled[1] is None else max(doubled[1], Fraction(0)) + 1
    return FLOAT._replace(low=low, high=high), apply


_WHOLE: dict[str, Callable[[Fraction], Fraction]] = {
    "floor": lambda one: Fraction(floor(one)),
    "ceil": lambda one: Fraction(-floor(-one)),
    "signum": lambda one: Fraction((one > 0) - (one < 0)),
}


@operator("math-operator", 1, 2)
def _math_operator(node: Node, kinds: list[Kind], _around: Around) -> Ready:
    """A named function: exact where it can be, else to 50 digits. `floor`, `ceil` and `signum` give integers."""
    name = choice(node, "name", (*FUNCTIONS, *_WHOLE, "abs", "atan2"))
    need_single(node, kinds, NUMBERS)
    if name == "sqrt" or len(kinds) != (2 if name == "atan2" else 1):
        raise Refusal("rule-shape", op=f"{node.op} {name}")

    def apply(values: list[Held], _memory: Memory) -> Held:
        numbers = [as_number(value) for value in values]
        found = [one for one in numbers if one is not None]
        if len(found) < len(numbers):
            return None
        if name == "abs":
            return number(abs(found[0]))
        return number(_WHOLE[name](found[0]) if name in _WHOLE else compute(name, found))

    return INTEGER if name in _WHOLE else FLOAT, apply


@operator("stats-operator", 1)
def _stats_operator(node: Node, kinds: list[Kind], _around: Around) -> Ready:
    """Mean, variance or standard deviation of a container; NULL where there are too few values."""
    name = choice(node, "name", ("mean", "sampleVariance", "sampleSD", "popVariance", "popSD"))
    need_single(node, kinds, NUMBERS, single=False)
    need(kinds[0].cardinality != "single", node, kinds, "container")
    low, high = (kinds[0].low, kinds[0].high) if name == "mean" else (None, None)
    return FLOAT._replace(low=low, high=high), _combined(lambda numbers: _statistic(name, numbers))


def _statistic(name: str, numbers: list[Fraction]) -> Fraction | None:
    n = len(numbers)
    mean = coarse(_sum(numbers) / n)
    if name == "mean":
        return mean
    divisor = n - 1 if name.startswith("sample") else n
    if divisor == 0:
        return None
    variance = _sum(coarse((one - mean) ** 2) for one in numbers) / divisor
    return square_root(variance) if name.endswith("SD") else variance
