"""Functions whose values no fraction holds: computed with guard digits and given to 50 significant digits.

Source of the functions and of what they give outside their domain (NULL): QTI 3.0 ASI Information Model, mathOperator.
Angles are radians.
"""

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction
from math import isqrt
from typing import Final

DIGITS: Final = 50
GUARD: Final = 15
MOST_EXPONENT: Final = 320
_SIGNIFICANT: Final = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN)
Function = Callable[[Decimal], Decimal | None]


def _pi(digits: int) -> Decimal:
    """By Machin's formula, in whole numbers."""
    unity: int = 10 ** (digits + 10)

    def arctan(one_over: int) -> int:
        term = total = unity // one_over
        n, sign = 3, -1
        while term:
            term //= one_over * one_over
            total += sign * (term // n)
            n, sign = n + 2, -sign
        return total

    whole = 4 * (4 * arctan(5) - arctan(239))
    return Decimal(f"{whole}E-{digits + 10}")  # no context rounds what is written


_LONG_PI: Final = _pi(DIGITS + GUARD + 2 * MOST_EXPONENT)
PI: Final = Fraction(_SIGNIFICANT.plus(_LONG_PI))
E: Final = Fraction(_SIGNIFICANT.exp(Decimal(1)))


def _working() -> Context:
    """With guard digits; what overflows or is no number is looked at afterwards, never raised."""
    return Context(prec=DIGITS + GUARD, rounding=ROUND_HALF_EVEN, traps=[])


def compute(name: str, values: list[Fraction]) -> Fraction | None:
    """A function of one number (`atan2`: y and x) to 50 digits; None outside its domain, or beyond any float."""
    with localcontext(_working()):
        numbers = [Decimal(value.numerator) / Decimal(value.denominator) for value in values]
        if any(number.adjusted() > MOST_EXPONENT for number in numbers):
            return None
        found = _atan2(*numbers) if name == "atan2" else FUNCTIONS[name](numbers[0])
        if found is None or not found.is_finite() or found.adjusted() > MOST_EXPONENT:
            return None
        rounded = _SIGNIFICANT.plus(found)
        return Fraction(0) if rounded.adjusted() < -2 * MOST_EXPONENT else Fraction(rounded)


def square_root(value: Fraction) -> Fraction | None:
    """Exact where it is a fraction."""
    if value < 0:
        return None
    top, bottom = isqrt(value.numerator), isqrt(value.denominator)
    if top * top == value.numerator and bottom * bottom == value.denominator:
        return Fraction(top, bottom)
    return compute("sqrt", [value])


def power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """Exact for small whole exponents; None for what is no real number, or beyond any float."""
    if base == 0:
        return None if exponent < 0 else Fraction(1 if exponent == 0 else 0)
    if exponent.denominator == 1 and abs(exponent) <= 64:
        return Fraction(base ** int(exponent))
    if base < 0 and exponent.denominator != 1:
        return None
    sign = -1 if base < 0 and exponent % 2 else 1
    with localcontext(_working()):
        size = Decimal(abs(base).numerator) / Decimal(abs(base).denominator)
        log = size.ln() * (Decimal(exponent.numerator) / Decimal(exponent.denominator))
        if log > 3 * MOST_EXPONENT:
            return None
        if log < -3 * MOST_EXPONENT:
            return Fraction(0)
        return sign * Fraction(_SIGNIFICANT.plus(log.exp()))


def _sin(x: Decimal) -> Decimal:
    """Reduced to a quarter turn with as many digits of pi as the number is long, then by its series."""
    with localcontext() as context:
        context.prec = _digits_of_angle(x)
        half = _LONG_PI / 2
        quarter = (x / half).to_integral_value()
        rest = x - quarter * half
    rest = +rest
    return [_sine, _cosine, _minus_sine, _minus_cosine][int(quarter) % 4](rest)


def _digits_of_angle(x: Decimal) -> int:
    """So many that 50 are left of an angle that differs from a quarter turn in its last digits alone."""
    return 2 * DIGITS + GUARD + max(0, x.adjusted())


def _cos(x: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = _digits_of_angle(x)
        shifted = x + _LONG_PI / 2
        return _sin(shifted)


def _series(term: Decimal, n: int, x2: Decimal) -> Decimal:
    total = Decimal(0)
    while term and (not total or term.adjusted() > total.adjusted() - DIGITS - GUARD):
        total += term
        term = -term * x2 / (n * (n + 1))
        n += 2
    return total


def _sine(x: Decimal) -> Decimal:
    return _series(x, 2, x * x)


def _cosine(x: Decimal) -> Decimal:
    return _series(Decimal(1), 1, x * x)


def _minus_sine(x: Decimal) -> Decimal:
    return -_sine(x)


def _minus_cosine(x: Decimal) -> Decimal:
    return -_cosine(x)


def _atan(x: Decimal) -> Decimal:
    """Halved until the series is quick: atan x = 2 atan(x / (1 + sqrt(1 + x²)))."""
    if abs(x) > 1:
        half = _LONG_PI / 2
        return (half if x > 0 else -half) - _atan(1 / x)
    times = 1
    while abs(x) > Decimal("0.05"):
        x = x / (1 + (1 + x * x).sqrt())
        times *= 2
    term = total = x
    n, x2 = 3, x * x
    while term and term.adjusted() > total.adjusted() - DIGITS - GUARD:
        term = -term * x2
        total += term / n
        n += 2
    return total * times


def _atan2(y: Decimal, x: Decimal) -> Decimal:
    if x > 0:
        return _atan(y / x)
    if x < 0:
        return _atan(y / x) + (_LONG_PI if y >= 0 else -_LONG_PI)
    half = _LONG_PI / 2
    return Decimal(0) if y == 0 else half if y > 0 else -half


def _asin(x: Decimal) -> Decimal | None:
    if abs(x) > 1:
        return None
    return _atan2(x, ((1 - x) * (1 + x)).sqrt())


def _acos(x: Decimal) -> Decimal | None:
    if abs(x) > 1:
        return None
    return _atan2(((1 - x) * (1 + x)).sqrt(), x)


def _sinh(x: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec += max(0, -x.adjusted()) * 2 if x else 0
        return (x.exp() - (-x).exp()) / 2


def _tanh(x: Decimal) -> Decimal:
    if abs(x) > 1_000:
        return Decimal(1).copy_sign(x)
    return _sinh(x) / ((x.exp() + (-x).exp()) / 2)


def _over(function: Function) -> Function:
    """One over a function; NULL where it is zero."""

    def apply(x: Decimal) -> Decimal | None:
        value = function(x)
        return 1 / value if value else None

    return apply


def _of_inverse(function: Function) -> Function:
    """A function of one over x; NULL for zero."""
    return lambda x: function(1 / x) if x else None


def _tan(x: Decimal) -> Decimal | None:
    cosine = _cos(x)
    return _sin(x) / cosine if cosine else None


def _log(function: Function) -> Function:
    return lambda x: function(x) if x > 0 else None


FUNCTIONS: Final[dict[str, Function]] = {
    "sin": _sin,
    "cos": _cos,
    "tan": _tan,
    "sec": _over(_cos),
    "csc": _over(_sin),
    "cot": _over(_tan),
    "asin": _asin,
    "acos": _acos,
    "atan": _atan,
    "asec": _of_inverse(_acos),
    "acsc": _of_inverse(_asin),
    "acot": lambda x: _atan(1 / x) if x else _LONG_PI / 2,
    "sinh": _sinh,
    "cosh": lambda x: (x.exp() + (-x).exp()) / 2,
    "tanh": _tanh,
    "sech": _over(lambda x: (x.exp() + (-x).exp()) / 2),
    "csch": _over(_sinh),
    "coth": _over(_tanh),
    "log": _log(lambda x: x.log10()),
    "ln": _log(lambda x: x.ln()),
    "exp": lambda x: x.exp() if x < 3 * MOST_EXPONENT else None,
    "sqrt": lambda x: x.sqrt() if x >= 0 else None,
    "toDegrees": lambda x: x * 180 / _LONG_PI,
    "toRadians": lambda x: x * _LONG_PI / 180,
}
