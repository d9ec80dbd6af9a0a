"""Values of QTI's variables while rules run: what kinds there are, and how a lexical form becomes a value.

A value is a tuple of scalars, one for single cardinality; NULL, and an empty container, which QTI holds to be the same, are
None. A scalar is a text (identifier, string, uri), a bool, a `Fraction` (integer, float, duration), two `Fraction`s
(point) or two ids (pair: in the order of their code points, so that both ways of writing it are equal). A record is one
scalar: a mapping from field names to values.

A `Kind` is what is known of a value before any response is there: cardinality and base type (None: NULL, which fits
everywhere), how many scalars at most, and for numbers the bounds within which they lie (None: no bound).
Source: QTI 3.0 ASI Information Model, "Variables" and the data types' lexical forms; floats are exact here.
"""

import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from typing import Final, NamedTuple, TypeAlias

from cbt_station.errors import Refusal
from cbt_station.exam.processing import BaseType, Cardinality

MOST_VALUES: Final = 1_000
"""Scalars of one value: more than any item needs, few enough that no rule takes long."""
LARGEST: Final = Fraction(2**1024 - 2**970)
"""The largest finite float; what lies beyond is out of the value space, and NULL."""
MOST_FRACTION_BITS: Final = 4096
"""Denominators longer than this are rounded to as many binary places."""
MOST_NUMBER_LENGTH: Final = 400
TEXTS: Final = ("identifier", "string", "uri")
NUMBERS: Final = ("integer", "float")

Scalar: TypeAlias = str | bool | Fraction | tuple[Fraction, Fraction] | tuple[str, str] | Mapping[str, "Held"]
Held: TypeAlias = tuple[Scalar, ...] | None

_NUMBER: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_INTEGER: Final = re.compile(r"[+-]?[0-9]+")


class Kind(NamedTuple):
    """What is known of a value beforehand."""

    cardinality: Cardinality | None
    base: BaseType | None
    most: int = 1
    low: Fraction | None = None
    high: Fraction | None = None

    def __str__(self) -> str:
        return f"{self.cardinality} {self.base}" if self.base else "NULL"


NULL: Final = Kind(None, None, 0, Fraction(0), Fraction(0))
BOOLEAN: Final = Kind("single", "boolean")
FLOAT: Final = Kind("single", "float")
INTEGER: Final = Kind("single", "integer")


def joined(one: Kind, other: Kind) -> Kind:
    """What is known of a value that is one or the other; both have one type, or one is NULL."""
    if one.base is None or other.base is None:
        known = other if one.base is None else one
        return known._replace(most=max(one.most, other.most))
    low = None if one.low is None or other.low is None else min(one.low, other.low)
    high = None if one.high is None or other.high is None else max(one.high, other.high)
    return one._replace(most=max(one.most, other.most), low=low, high=high)


def settled(number: Fraction) -> Fraction | None:
    """A number as it can be held: None beyond the largest float."""
    return None if abs(number) > LARGEST else coarse(number)


def coarse(number: Fraction) -> Fraction:
    """Rounded where it is finer than any float, so that no sum of fractions grows without end."""
    if number.denominator.bit_length() > MOST_FRACTION_BITS:
        return Fraction(round(number * (1 << MOST_FRACTION_BITS)), 1 << MOST_FRACTION_BITS)
    return number


def read_scalar(base: BaseType, text: str) -> Scalar:
    """A lexical form as a value, or Refusal("rule-value")."""
    found = _read(base, text.strip(" \t\r\n"))
    if found is None:
        raise Refusal("rule-value", op=base, value=text[:100])
    return found


def same_text(text: str) -> str:
    """The form in which texts are compared: Unicode NFC."""
    return unicodedata.normalize("NFC", text)


def read_number(text: str) -> Fraction | None:
    """A float's lexical form, exactly; no NaN and no infinity, which no score can come from."""
    if len(text) > MOST_NUMBER_LENGTH or not _NUMBER.fullmatch(text):
        return None
    return settled(Fraction(text))


def _read(base: BaseType, text: str) -> Scalar | None:  # noqa: PLR0911 - one return a base type
    match base:
        case "identifier" | "uri":
            return same_text(text) or None
        case "string":
            return same_text(text)
        case "boolean":
            return {"true": True, "1": True, "false": False, "0": False}.get(text)
        case "integer":
            return read_number(text) if _INTEGER.fullmatch(text) else None
        case "float" | "duration":
            return read_number(text)
        case "point":
            return _read_point(text.split())
        case "pair" | "directedPair":
            return _read_pair(text.split(), base == "directedPair")


def _read_point(parts: list[str]) -> tuple[Fraction, Fraction] | None:
    numbers = [read_number(part) for part in parts]
    if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
        return None
    return numbers[0], numbers[1]


def _read_pair(parts: list[str], directed: bool) -> tuple[str, str] | None:
    if len(parts) != 2:
        return None
    first, second = parts if directed else sorted(parts)
    return first, second
