"""The rule of every number series in the sample banks, as a program.

`terms` yields the series from its first term, `shown` of them stand in the stem, and the term at `asked` (from 0) is
the answer. A fraction that the stem writes unreduced is yielded as it is valued.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

Terms = Iterator[int | Fraction]


@dataclass(frozen=True)
class Series:
    """How a series goes on."""

    terms: Callable[[], Terms]
    shown: int
    asked: int


def doubled_plus(first: int, added: int) -> Terms:
    """Each term is twice the one before and `added`."""
    term = first
    while True:
        yield term
        term = 2 * term + added


def growing_steps(first: int, step: int, growth: int) -> Terms:
    """The step itself grows by `growth`."""
    term = first
    while True:
        yield term
        term, step = term + step, step + growth


def in_turn(one: Terms, other: Terms) -> Terms:
    """Two series, a term of each in turn."""
    while True:
        yield next(one)
        yield next(other)


def sums(*first: int) -> Terms:
    """Each term is the sum of as many before it as are given."""
    window = list(first)
    while True:
        yield window[0]
        window = [*window[1:], sum(window)]


def two_steps(first: int, odd: Callable[[int], int], even: Callable[[int], int]) -> Terms:
    """Two operations in turn."""
    term = first
    for place in count():
        yield term
        term = even(term) if place % 2 else odd(term)


def halved(term: int) -> int:
    """Half of an even term."""
    assert term % 2 == 0
    return term // 2


SERIES: dict[str, Series] = {
    "tiu-028": Series(lambda: doubled_plus(4, 1), 5, 5),
    "tiu-029": Series(lambda: growing_steps(3, 2, 2), 6, 6),
    "tiu-030": Series(lambda: in_turn(count(5, 3), count(40, -4)), 7, 7),
    "tiu-031": Series(lambda: sums(3, 4), 6, 6),
    "tiu-032": Series(lambda: two_steps(96, halved, lambda term: term + 4), 6, 6),
    "tiu-033": Series(lambda: (n**3 - 1 for n in count(1)), 5, 5),
    "tiu-034": Series(lambda: sums(1, 2, 4), 6, 6),
    "tiu-035": Series(lambda: (Fraction(2 * n - 1, n * n + 1) for n in count(1)), 4, 4),
    "numeric-004": Series(lambda: growing_steps(7, 1, 1), 6, 6),
    "numeric-005": Series(lambda: two_steps(2, lambda term: term * 3, lambda term: term + 1), 6, 6),
    "numeric-006": Series(lambda: doubled_plus(1, 2), 5, 5),
}
