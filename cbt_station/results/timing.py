"""Timing facts per item, for people who analyse a session: one row an item of a sitting, as CSV and JSON.

Facts only, from the journal by `exam.dwell`: no inference about anybody stands here. Names do not leave; the number
does, because an analysis has to be joined with what else is known. Times are milliseconds of exam time, in which gaps
and pauses do not exist; `…_at` is the station's wall clock, for people.
"""

import csv
import io
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from cbt_station.exam.dwell import ItemTiming, measure
from cbt_station.exam.interactions import Response
from cbt_station.results.evidence import Evidence
from cbt_station.results.tables import harmless
from cbt_station.sealing import strict_json

COLUMNS: Final = (
    "number", "result", "place", "item", "section", "shown", "first_shown_ms", "first_shown_at", "first_answer_ms",
    "first_answer_at", "dwell_before_answer_ms", "changes", "dwell_ms", "answer", "plays",
)  # fmt: skip
"""The table's headings: a promise to programs, not translated."""


class ItemRow(Struct, frozen=True):
    """One item: `place` is its number in the candidate's form, from 1."""

    place: int
    section: str
    timing: ItemTiming


class SittingTiming(Struct, frozen=True):
    """One sitting; the items' dwells and `nothing_shown_ms` add up to `consumed_ms`."""

    number: str
    result: str
    consumed_ms: int
    nothing_shown_ms: int
    items: tuple[ItemRow, ...]


def timing_of(evidence: Evidence) -> SittingTiming:
    """The timing of one sitting, in the order of its form."""
    form = evidence.bundle.form
    timing = measure([entry.item for entry in form.items], evidence.events)
    rows = tuple(
        ItemRow(place, entry.section, item)
        for place, (entry, item) in enumerate(zip(form.items, timing.items, strict=True), start=1)
    )
    number = evidence.bundle.candidate.number
    return SittingTiming(number, evidence.result, timing.consumed_ms, timing.nothing_shown_ms, rows)


def as_csv(sittings: Iterable[SittingTiming]) -> bytes:
    """UTF-8, one row an item; empty cells where something never happened."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for sitting in sittings:
        writer.writerows(_row(sitting, row) for row in sitting.items)
    return target.getvalue().encode()


def as_json(session: str, sittings: Iterable[SittingTiming]) -> bytes:
    """The same as one object."""
    return strict_json.encode({"session": session, "sittings": list(sittings)})


def _row(sitting: SittingTiming, row: ItemRow) -> list[str | int | None]:
    one = row.timing
    return [
        harmless(sitting.number), sitting.result, row.place, one.item, row.section, one.shown, one.first_shown_ms,
        one.first_shown_at, one.first_answer_ms, one.first_answer_at, one.dwell_before_answer_ms, one.changes,
        one.dwell_ms, _answer(one.answer), one.plays,
    ]  # fmt: skip


def _answer(answer: Response | None) -> str | None:
    return answer if answer is None or isinstance(answer, str) else " ".join(answer)
