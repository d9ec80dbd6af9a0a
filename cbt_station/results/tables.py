"""The ranking as tables for people and programs: XLSX and CSV. Every cell is text: no number to round, no formula."""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from cbt_station.artefacts.scoring import plain
from cbt_station.exam.ranking import Placing
from cbt_station.results.opening import Candidate, OpenedSession
from cbt_station.results.placing import STATUS_KEYS, outcome_title, reason
from cbt_station.words import Words

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
LANDSCAPE_A4 = 9


class Table(Struct, frozen=True):
    """Headings and rows, and what stands beside them: session, mode, scoring, problems."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    about: tuple[tuple[str, str], ...]


def ranking_table(opened: OpenedSession, placings: Sequence[Placing], words: Words) -> Table:
    """One row a candidate, in the order of the placings."""
    blueprint = opened.blueprint
    candidates = {candidate.entry.number: candidate for candidate in opened.candidates}
    headings = (
        *(
            words(f"results.column.{name}")
            for name in ("position", "rank", "status", "number", "name", "category")
        ),
        *(outcome_title(blueprint, outcome, words) for outcome in blueprint.outcomes),
        *(words(f"results.column.{name}") for name in ("meaning", "reason", "venue", "result")),
    )
    rows = tuple(_row(opened, candidates[placing.number], placing, words) for placing in placings)
    return Table(headings, rows, _about(opened, words))


def _row(opened: OpenedSession, candidate: Candidate, placing: Placing, words: Words) -> tuple[str, ...]:
    entry = candidate.entry
    scores = candidate.scores.outcomes if candidate.scores else {}
    return (
        entry.position,
        "" if placing.rank is None else str(placing.rank),
        placing.status,
        entry.number,
        entry.name,
        entry.category,
        *(_score(scores.get(outcome)) for outcome in opened.blueprint.outcomes),
        words(f"results.verdict.{STATUS_KEYS[placing.status]}"),
        reason(opened.blueprint, placing, words, with_numbers=True),
        candidate.venue,
        candidate.result.notes.result.id if candidate.result else "",
    )


def _score(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _about(opened: OpenedSession, words: Words) -> tuple[tuple[str, str], ...]:
    manifest = opened.session.manifest
    facts = [
        ("session", manifest.body.session),
        ("exam", manifest.body.exam),
        ("mode", words(f"results.mode.{manifest.mode}")),
        ("state", words("results.provisional" if opened.problems else "results.complete")),
        ("manifest", manifest.id),
        ("scoring", f"{opened.decided.scoring.revision} {opened.decided.scoring_hash}"),
        ("order", ", ".join(opened.blueprint.ranking.order)),
        ("quota_multiple", str(opened.blueprint.ranking.quota_multiple)),
        ("source", opened.blueprint.source),
    ]
    facts += [
        ("position", f"{one.id}: {one.title}: {one.quota}") for one in opened.session.positions.positions
    ]
    facts += [
        ("decision", f"{note.body.number}: {note.body.what}: {note.body.why}")
        for note in opened.decided.notes
    ]
    facts += [("problem", f"{one.subject}: {one.code}") for one in opened.problems]
    return tuple((words(f"results.about.{name}"), value) for name, value in facts)


def as_csv(table: Table) -> bytes:
    """UTF-8 with a byte-order mark, which Excel needs; what a spreadsheet would run as a formula gets an apostrophe."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(table.headings)
    writer.writerows([[harmless(cell) for cell in row] for row in table.rows])
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula."""
    number = cell.removeprefix("-").replace(".", "", 1)
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) and not number.isdecimal() else cell


def as_xlsx(table: Table, title: str) -> bytes:
    """A sheet with the ranking, ready to print, and a sheet with what it is about."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"title": title})
        text = book.add_format(
            {"num_format": "@", "valign": "top", "text_wrap": True, "border": 1, "border_color": "#C3CCD6"}
        )
        heading = book.add_format(
            {
                "bold": True,
                "bg_color": "#17406D",
                "font_color": "#FFFFFF",
                "num_format": "@",
                "text_wrap": True,
                "valign": "vcenter",
            }
        )
        sheet = book.add_worksheet("ranking")
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(LANDSCAPE_A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, max(1, len(table.rows)), len(table.headings) - 1)
        for at, name in enumerate(table.headings):
            longest = max([len(name) // 2, *(len(row[at]) for row in table.rows)])
            sheet.set_column(at, at, min(44, max(8, longest + 2)))
            sheet.write_string(0, at, name, heading)
        for place, row in enumerate(table.rows, start=1):
            for at, cell in enumerate(row):
                sheet.write_string(place, at, cell, text)
        about = book.add_worksheet("about")
        about.set_column(0, 0, 28)
        about.set_column(1, 1, 90)
        for place, (name, value) in enumerate(table.about):
            about.write_string(place, 0, name, heading)
            about.write_string(place, 1, value, text)
    return target.getvalue()
