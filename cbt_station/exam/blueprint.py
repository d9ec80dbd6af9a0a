"""The exam's specification as data: sections, how many items of which kind, time, scoring, thresholds, ranking.

Everything that makes SKD what it is stands in such a file and nothing of it in code. The source of the SKD figures is
KepmenPANRB 321/2024 (see the sample blueprints). Times are whole milliseconds, scores are exact decimals.
"""

from decimal import Decimal
from typing import Literal, TypeAlias

from msgspec import Struct

from cbt_station.errors import Refusal

Titles: TypeAlias = dict[str, str]
"""A title by language."""
Outcome: TypeAlias = str
"""A section's id, or "total"."""
TOTAL: Outcome = "total"
MOST_SCORE = 1_000_000
MOST_DECIMALS = 6
"""Numbers beyond these are refused, so that sums are exact and a number can be printed."""


class BlueprintCell(Struct, frozen=True, forbid_unknown_fields=True):
    """One cell of the test grid: how many items of a topic and level. `None` takes any.

    A fixed cell names its items in order and draws nothing.
    """

    count: int
    topic: str | None = None
    level: str | None = None
    items: tuple[str, ...] = ()

    @property
    def fixed(self) -> bool:
        return bool(self.items)


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the exam; `order` says whether its units are shuffled after they are drawn."""

    id: str
    title: Titles
    cells: tuple[BlueprintCell, ...]
    order: Literal["shuffled", "fixed"] = "shuffled"
    scored: bool = True
    most: Decimal | None = None
    """The most that can be scored here, as the regulation prints it: sealing checks it against the scoring file."""

    @property
    def count(self) -> int:
        return sum(cell.count for cell in self.cells)


class ExtraTime(Struct, frozen=True, forbid_unknown_fields=True):
    """The time of candidates who have an accommodation (1EdTech PNP 3.0 name)."""

    accommodation: str
    allotted_ms: int


class Requirement(Struct, frozen=True, forbid_unknown_fields=True):
    """One threshold: `outcome` must be at least `least`."""

    outcome: Outcome
    least: Decimal


class Ranking(Struct, frozen=True, forbid_unknown_fields=True):
    """Who goes on: thresholds met and rank within `quota_multiple` × the position's quota.

    `order` lists outcomes from the strongest; candidates equal in all of them at the cut go through together.
    """

    quota_multiple: int
    order: tuple[Outcome, ...]


class Blueprint(Struct, frozen=True, forbid_unknown_fields=True):
    """One exam. `thresholds` has an entry for each applicant category that a roster may name."""

    id: str
    title: Titles
    languages: tuple[str, ...]
    allotted_ms: int
    sections: tuple[Section, ...]
    thresholds: dict[str, tuple[Requirement, ...]]
    ranking: Ranking
    extra_time: tuple[ExtraTime, ...] = ()
    movement: Literal["free"] = "free"
    clock: Literal["one"] = "one"
    warnings_ms: tuple[int, ...] = (1_800_000, 900_000, 300_000, 60_000)
    show_score: bool = False
    least_level: Literal["station", "second"] = "station"
    source: str = ""
    """The regulation that these figures come from."""

    @property
    def count(self) -> int:
        return sum(section.count for section in self.sections)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What a candidate is scored in: the scored sections, and the total of these."""
        return (*(section.id for section in self.sections if section.scored), TOTAL)

    def allotted_for(self, accommodations: tuple[str, ...]) -> int:
        """The milliseconds of a candidate: the longest time that an accommodation of theirs grants."""
        return max(
            [
                self.allotted_ms,
                *(extra.allotted_ms for extra in self.extra_time if extra.accommodation in accommodations),
            ]
        )


def is_plain_number(number: Decimal) -> bool:
    """Whether a score can be added exactly and printed: finite, at most a million, at most six decimals."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and abs(exponent) <= MOST_DECIMALS and abs(number) <= MOST_SCORE


def check(blueprint: Blueprint) -> None:
    """Raise Refusal for a blueprint that no exam could follow; `where` names the part.

    Codes: blueprint-empty, blueprint-section-twice, blueprint-count, blueprint-item-twice, blueprint-outcome-unknown,
    blueprint-time, blueprint-number, blueprint-no-language.
    """
    if not blueprint.languages or len(set(blueprint.languages)) != len(blueprint.languages):
        raise Refusal("blueprint-no-language", where=blueprint.id)
    _check_times(blueprint)
    _check_numbers(blueprint)
    _check_sections(blueprint)
    _check_outcomes(blueprint)


def _check_times(blueprint: Blueprint) -> None:
    times = (
        blueprint.allotted_ms,
        *(extra.allotted_ms for extra in blueprint.extra_time),
        *blueprint.warnings_ms,
    )
    if min(times) <= 0:
        raise Refusal("blueprint-time", where=blueprint.id)


def _check_numbers(blueprint: Blueprint) -> None:
    """No threshold and no printed most is NaN, endless, or larger than a sum can be."""
    numbers = {section.id: section.most for section in blueprint.sections if section.most is not None}
    for category, needs in blueprint.thresholds.items():
        numbers |= {f"{category}, {need.outcome}": need.least for need in needs}
    for where, number in numbers.items():
        if not is_plain_number(number):
            raise Refusal("blueprint-number", where=where, number=number)


def _check_sections(blueprint: Blueprint) -> None:
    seen: set[str] = {TOTAL}
    if not blueprint.sections:
        raise Refusal("blueprint-empty", where=blueprint.id)
    for section in blueprint.sections:
        if not section.cells:
            raise Refusal("blueprint-empty", where=section.id)
        if section.id in seen:
            raise Refusal("blueprint-section-twice", where=section.id)
        seen.add(section.id)
        _check_cells(section)


def _check_cells(section: Section) -> None:
    for cell in section.cells:
        if cell.count <= 0 or (cell.fixed and len(cell.items) != cell.count):
            raise Refusal("blueprint-count", where=section.id, count=cell.count)
    named = [item for cell in section.cells for item in cell.items]
    for item in named:
        if named.count(item) > 1:
            raise Refusal("blueprint-item-twice", where=section.id, item=item)


def _check_outcomes(blueprint: Blueprint) -> None:
    order = blueprint.ranking.order
    named = {need.outcome for needs in blueprint.thresholds.values() for need in needs} | set(order)
    for outcome in sorted(named - set(blueprint.outcomes)):
        raise Refusal("blueprint-outcome-unknown", where=blueprint.id, outcome=outcome)
    if blueprint.ranking.quota_multiple <= 0 or not order or len(set(order)) != len(order):
        raise Refusal("blueprint-count", where="ranking", count=blueprint.ranking.quota_multiple)
