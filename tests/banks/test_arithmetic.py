"""The keys of the numeric items, computed anew from the figures in their stems.

Series are in test_series.py; pictures and puzzles of words in test_puzzles.py.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction as Exact
from itertools import pairwise
from math import cbrt, sqrt

import pytest

from tests.banks.item_files import (
    BANKS,
    Number,
    Reader,
    english,
    indonesian,
    minutes,
    read_item,
    require_only_key,
    words,
)


@dataclass(frozen=True)
class Computed:
    """What an item's key must say, the figures of the stem that it is computed from, and how options are read."""

    answer: Callable[[], Number | str]
    figures: tuple[str, ...]
    read: Reader = indonesian


def most(table: dict[str, Exact], place: int = 0) -> str:
    """The name of the greatest entry (or of the one `place` further down)."""
    return sorted(table, key=lambda name: table[name], reverse=True)[place]


def telescope(last: int) -> Exact:
    """The sum of 1/(n(n+1)) for n up to `last`."""
    return sum((Exact(1, n * (n + 1)) for n in range(1, last + 1)), Exact(0))


def comparison(item: str, pairs: list[tuple[Exact, Exact]]) -> str:
    """The one statement about x and y, of those that the item offers, that holds for every possible pair."""
    statements: dict[str, Callable[[Exact, Exact], bool]] = {
        "$x > y$": lambda x, y: x > y,
        "$x < y$": lambda x, y: x < y,
        "$x = y$": lambda x, y: x == y,
        "$x = 2y$": lambda x, y: x == 2 * y,
        r"$x \ge y$": lambda x, y: x >= y,
        r"$x \le y$": lambda x, y: x <= y,
    }
    offered = set(read_item(item).options.values())
    sure = [
        text for text, holds in statements.items() if text in offered and all(holds(x, y) for x, y in pairs)
    ]
    (answer,) = sure or ["Hubungan $x$ dan $y$ tidak dapat ditentukan."]
    return answer


def filled_after(first_alone: Exact, taps: tuple[Exact, Exact, Exact]) -> Exact:
    """Minutes until a basin is full: the first tap alone for some hours, then both and the drain."""
    first, second, drain = (1 / hours for hours in taps)
    return 60 * (first_alone + (1 - first * first_alone) / (first + second - drain))


def shares(whole: int, ratio: tuple[int, ...]) -> list[Exact]:
    """A whole divided in a ratio."""
    return [Exact(whole * part, sum(ratio)) for part in ratio]


DENSITY = {
    "Anggrek": (45, 36000),
    "Bakung": (60, 45000),
    "Cempaka": (32, 27200),
    "Dahlia": (80, 60800),
    "Edelweis": (50, 41000),
}
LEAVE = {"North": (12, 66), "South": (20, 96), "East": (15, 78), "West": (8, 46), "Central": (25, 125)}
MARKS = {60: 4, 70: 9, 80: 5, 90: 2}
BUDGET = {"Pelayanan": (400, 340), "Sarana": (250, 150), "Pelatihan": (200, 170), "Pengawasan": (150, 120)}


def rest_of_budget() -> Exact:
    """The percentage of its own budget that the one unit must reach."""
    wanted = Exact(85, 100) * sum(budget for budget, _ in BUDGET.values())
    others = sum(spent for name, (_, spent) in BUDGET.items() if name != "Sarana")
    return 100 * (wanted - others) / BUDGET["Sarana"][0]


COMPUTED: dict[str, Computed] = {
    "tiu-021": Computed(
        lambda: Exact(3, 4) + Exact("0.5") * Exact(3, 2) - Exact(25, 100),
        (r"\frac{3}{4} + 0{,}5 \times 1\frac{1}{2} - 25\%",),
    ),
    "tiu-022": Computed(lambda: sqrt(144) + cbrt(125) * 2**3, (r"\sqrt{144} + \sqrt[3]{125} \times 2^3",)),
    "tiu-023": Computed(
        lambda: Exact(2**10) / 2**3 / 4**2 + 3**0, (r"\frac{2^{10} \times 2^{-3}}{4^2} + 3^0",)
    ),
    "tiu-024": Computed(
        lambda: Exact("37.5") * 640 / 100 + Exact("12.5") * 320 / 100,
        (r"37{,}5\%", "640", r"12\frac{1}{2}\%", "320"),
    ),
    "tiu-025": Computed(lambda: sqrt(75) + sqrt(48) - sqrt(12), (r"\sqrt{75} + \sqrt{48} - \sqrt{12}",)),
    "tiu-026": Computed(lambda: telescope(19), (r"\frac{1}{3 \times 4}", r"\cdots + \frac{1}{19 \times 20}")),
    "tiu-027": Computed(
        lambda: Exact(375**2 - 125**2) / (Exact(25, 100) * 500), (r"\frac{375^2 - 125^2}{25\% \times 500}",)
    ),
    "tiu-036": Computed(
        lambda: shares(640_000, (3, 5))[1] - shares(640_000, (3, 5))[0], ("3 : 5", "Rp640.000,00")
    ),
    "tiu-037": Computed(
        lambda: comparison("tiu-037", [(Exact("12.5") * 72 / 100, 72 * Exact("12.5") / 100)]),
        (r"12{,}5\%$ dari 72", r"72\%$ dari 12,5"),
        words,
    ),
    "tiu-038": Computed(
        lambda: comparison("tiu-038", [(Exact(x), Exact(7)) for x in range(-50, 51) if x * x == 49]),
        ("x^2 = 49", r"y = \sqrt{49}"),
        words,
    ),
    "tiu-039": Computed(
        lambda: Exact(12 * (20 - 8), 20 - 8 - 4) - 12,
        ("20 hari oleh 12 orang", "berjalan 8 hari", "selama 4 hari"),
    ),
    "tiu-040": Computed(
        lambda: most({name: Exact(people, area) for name, (area, people) in DENSITY.items()}, 2),
        tuple(
            f"| {name:9} | {area}   | {people // 1000}.{people % 1000:03}   |"
            for name, (area, people) in DENSITY.items()
        ),
        words,
    ),
    "tiu-041": Computed(
        lambda: shares(105, (8, 12, 15))[2] - shares(105, (8, 12, 15))[0],
        ("a : b = 2 : 3", "b : c = 4 : 5", "a + b + c = 105", "c - a"),
    ),
    "tiu-042": Computed(
        lambda: Exact(400_000) * Exact(75, 100) * Exact(90, 100), ("Rp400.000,00", "25%", "10%")
    ),
    "tiu-043": Computed(
        lambda: 7 * 60 + 40 + Exact(135, 60) * 60 + 20, ("07.40", "135 km", "60 km/jam", "20 menit"), minutes
    ),
    "tiu-044": Computed(
        lambda: Exact(sum(mark * people for mark, people in MARKS.items()), sum(MARKS.values())),
        ("20 peserta", "| 60 | 70 | 80 | 90 |", "| 4  | 9  | 5  | 2  |"),
    ),
    "tiu-045": Computed(
        lambda: Exact(600 * (50 - 30), 50 - 20),
        ("berkadar 20%", "berkadar 50%", "600 ml larutan berkadar 30%"),
    ),
    "tiu-046": Computed(
        lambda: filled_after(Exact(3, 2), (Exact(6), Exact(4), Exact(12))),
        ("6 jam", "4 jam", "12 jam", "1 jam 30 menit"),
        minutes,
    ),
    "tiu-047": Computed(
        rest_of_budget,
        ("85%", *(f"| {name:10} | {budget}  | {spent}       |" for name, (budget, spent) in BUDGET.items())),
    ),
    "numeric-001": Computed(lambda: Exact(3, 5) * 45 - 2**4, (r"\frac{3}{5} \times 45 - 2^4",), english),
    "numeric-002": Computed(
        lambda: Exact(15 * 240, 100) + Exact(240 * 15, 100), (r"15\%$ of 240", r"240\%$ of 15"), english
    ),
    "numeric-003": Computed(
        lambda: (sqrt(50) + sqrt(18)) / sqrt(2), (r"\frac{\sqrt{50} + \sqrt{18}}{\sqrt{2}}",), english
    ),
    "numeric-007": Computed(
        lambda: most({name: Exact(days, staff) for name, (staff, days) in LEAVE.items()}),
        tuple(f"| {name:7} | {staff:<5} | {days:<13} |" for name, (staff, days) in LEAVE.items()),
        words,
    ),
    "numeric-008": Computed(
        lambda: Exact(100 * (288 - 200), 200),
        ("| 200     | 250      | 225   | 288   |", "number in April higher than the number in January"),
        english,
    ),
    "numeric-009": Computed(
        lambda: Exact(80) * Exact(110, 100) * Exact(90, 100), ("80 euros", "10%"), english
    ),
    "numeric-010": Computed(
        lambda: 8 * 60 + 30 + Exact(240 - 30, 60 + 80) * 60,
        ("240 km", "08:00", "08:30", "60 km/h", "80 km/h"),
        minutes,
    ),
}


@pytest.mark.parametrize("item", COMPUTED)
def test_computed_answer_is_the_keyed_option_and_no_other(item):
    computed = COMPUTED[item]
    require_only_key(read_item(item), computed.answer(), computed.read)


@pytest.mark.parametrize("item", COMPUTED)
def test_figures_of_the_computation_are_those_of_the_stem(item):
    stem = read_item(item).stem
    assert [figure for figure in COMPUTED[item].figures if figure not in stem] == []


def test_ratio_of_three_agrees_with_both_ratios_of_two():
    assert [Exact(one, other) for one, other in pairwise((8, 12, 15))] == [Exact(2, 3), Exact(4, 5)]


def test_every_numeric_item_is_computed():
    topics = re.compile(r"^topic: (numerik-(?!deret).*|arithmetic|data|word-problems)$", re.MULTILINE)
    items = {
        path.stem for path in BANKS.glob("*/items/**/*.md") if topics.search(path.read_text(encoding="utf-8"))
    }
    assert items == set(COMPUTED)
