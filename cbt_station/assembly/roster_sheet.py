"""A roster from a sheet that people fill: CSV or XLSX, the template written by the program, every fault named by row.

Numbers and birth dates are text: a 16-digit number that Excel took for a number has lost its last digit, so a numeric
cell is a fault and not guessed at. A cell that would be a formula is written as text.
"""

import base64
import csv
import datetime as dt
import io
import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Literal

from msgspec import Struct

from cbt_station.artefacts.names import is_word
from cbt_station.artefacts.roster import Roster, RosterEntry, SpareSlot, pin_check
from cbt_station.assembly.timing_check import ACCOMMODATIONS
from cbt_station.banks.workbook import as_text, read_sheets
from cbt_station.errors import Refusal
from cbt_station.sealing.body import Mode
from cbt_station.words import Words

COLUMNS: Final = (
    "number", "name", "birth_date", "pin", "category", "position", "seat", "venue", "accommodations", "photo",
)  # fmt: skip
REQUIRED: Final = ("number", "name", "category", "position", "venue")
TYPED: Final = ("number", "pin")
"""Must be text: as numbers they lose leading zeros and, from 16 digits on, the last digit."""
EXTRA: Final = "extra:"
KNOWN: Final = (".csv", ".xlsx", ".ods")
MOST_PHOTO: Final = 200_000
_NUMBER: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9./-]{0,38}[A-Za-z0-9])?")
_EXAMPLE: Final = {
    "number": "24-0001", "name": "SITI RAHMAWATI", "birth_date": "1999-04-21", "pin": "", "category": "general",
    "position": "analis-01", "seat": "A-01", "venue": "jkt-07", "accommodations": "", "photo": "24-0001.jpg",
}  # fmt: skip


class SheetFault(Struct, frozen=True):
    """One fault: `row` counts as the sheet shows it (the headings are row 1)."""

    row: int
    column: str
    code: str
    facts: dict[str, str] = {}

    def sentence(self, words: Words) -> str:
        """What is wrong and how to mend it, in the language of `words`."""
        return words(f"roster.{self.code}", **self.facts)


class SheetRow(Struct, frozen=True):
    """One candidate as typed, with nothing guessed."""

    row: int
    cells: dict[str, str]


def write_template(suffix: str) -> bytes:
    """An empty sheet with one example row: `.csv` or `.xlsx`."""
    if suffix == ".csv":
        target = io.StringIO()
        csv.writer(target, lineterminator="\n").writerows([COLUMNS, [_EXAMPLE[name] for name in COLUMNS]])
        return target.getvalue().encode()
    if suffix == ".xlsx":
        return _write_xlsx()
    raise Refusal("sheet-format", suffix=suffix, known=".csv, .xlsx")


def _write_xlsx() -> bytes:
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        as_text = book.add_format({"num_format": "@"})
        heading = book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1, "num_format": "@"})
        sheet = book.add_worksheet("roster")
        sheet.freeze_panes(1, 0)
        for at, name in enumerate(COLUMNS):
            sheet.set_column(at, at, max(14, len(name) + 4), as_text)
            sheet.write_string(0, at, name, heading)
            sheet.write_string(1, at, _EXAMPLE[name], as_text)
    return target.getvalue()


def read_rows(data: bytes, suffix: str) -> tuple[list[SheetRow], list[SheetFault]]:
    """The sheet's rows, and what is wrong with its shape.

    Refusal("sheet-format", "sheet-unreadable" or "sheet-too-large") where it is no sheet.
    """
    table = next((sheet.cells for sheet in read_sheets(data, suffix, KNOWN)), ())
    if not table:
        raise Refusal("sheet-unreadable", where="row 1")
    headings = [as_text(cell) for cell in table[0]]
    faults = _faults_of_headings(headings)
    rows = []
    for place, cells in enumerate(table[1:], start=2):
        typed = {name: as_text(cell) for name, cell in zip(headings, cells, strict=False) if name}
        if not any(map(as_text, cells)):
            continue
        rows.append(SheetRow(place, typed))
        faults += [
            SheetFault(place, name, "cell-not-text")
            for name, cell in zip(headings, cells, strict=False)
            if name in TYPED and not isinstance(cell, str)
        ]
        unnamed = [cell for name, cell in zip(headings, cells, strict=False) if not name]
        if len(cells) > len(headings) or any(map(as_text, unnamed)):
            faults.append(SheetFault(place, "", "row-too-long"))
    return rows, faults


def _faults_of_headings(headings: Sequence[str]) -> list[SheetFault]:
    faults = [SheetFault(1, name, "column-missing") for name in REQUIRED if name not in headings]
    for name in dict.fromkeys(headings):
        if name and name not in COLUMNS and not (name.startswith(EXTRA) and name != EXTRA):
            faults.append(SheetFault(1, name, "column-unknown"))
        if name and headings.count(name) > 1:
            faults.append(SheetFault(1, name, "column-twice"))
    return faults


def check_rows(
    rows: Sequence[SheetRow],
    categories: Sequence[str] = (),
    positions: Sequence[str] = (),
    accommodations: Sequence[str] = (),
) -> list[SheetFault]:
    """Every fault of every row; an empty list of categories or positions is not checked against.

    `accommodations`: those that the blueprint grants time for; the others are known by name.
    """
    faults: list[SheetFault] = []
    first: dict[str, int] = {}
    known = (*accommodations, *ACCOMMODATIONS)
    for row in rows:
        faults += _faults_of_cells(row)
        faults += _faults_of_number(row, first)
        faults += _faults_of_identity(row)
        faults += _unknown(row, "category", categories)
        faults += _unknown(row, "position", positions)
        for name in accommodations_of(row):
            if name not in known:
                facts = {"accommodation": name, "known": ", ".join(sorted(set(known)))}
                faults.append(SheetFault(row.row, "accommodations", "accommodation-unknown", facts))
        venue = row.cells.get("venue", "")
        if venue and not is_word(venue):
            faults.append(SheetFault(row.row, "venue", "venue-malformed", {"venue": venue[:48]}))
    return faults


def accommodations_of(row: SheetRow) -> tuple[str, ...]:
    """A candidate's accommodations: names with a semicolon or a comma between them."""
    parts = row.cells.get("accommodations", "").replace(",", ";").split(";")
    return tuple(part.strip() for part in parts if part.strip())


def _faults_of_cells(row: SheetRow) -> Iterator[SheetFault]:
    for name, value in row.cells.items():
        if name in REQUIRED and not value:
            yield SheetFault(row.row, name, "cell-empty")
        if any(unicodedata.category(ch) in {"Cc", "Cf"} for ch in value):
            yield SheetFault(row.row, name, "cell-control-character")
        # What a sheet would run as a formula when a list of results is opened again.
        if value.startswith(("=", "@", "+", "-") if name in COLUMNS else ("=", "@")):
            yield SheetFault(row.row, name, "cell-formula")


def _faults_of_number(row: SheetRow, first: dict[str, int]) -> Iterator[SheetFault]:
    number = row.cells.get("number", "")
    if not number:
        return
    if not _NUMBER.fullmatch(number):
        yield SheetFault(row.row, "number", "number-malformed", {"number": number[:40]})
    if number in first:
        yield SheetFault(row.row, "number", "number-twice", {"number": number, "row": str(first[number])})
    first.setdefault(number, row.row)


def _unknown(
    row: SheetRow, column: Literal["category", "position"], known: Sequence[str]
) -> Iterator[SheetFault]:
    value = row.cells.get(column, "")
    if value and known and value not in known:
        yield SheetFault(row.row, column, f"{column}-unknown", {column: value, "known": ", ".join(known)})


def _faults_of_identity(row: SheetRow) -> list[SheetFault]:
    """A candidate needs a birth date that is a date, or a PIN of 4 to 12 digits."""
    birth_date, pin = row.cells.get("birth_date", ""), row.cells.get("pin", "")
    faults = []
    if not birth_date and not pin:
        faults.append(SheetFault(row.row, "birth_date", "identity-missing"))
    if birth_date:
        try:
            if dt.date.fromisoformat(birth_date).isoformat() != birth_date:
                raise ValueError(birth_date)
        except ValueError:
            faults.append(
                SheetFault(row.row, "birth_date", "birth-date-malformed", {"birth_date": birth_date[:40]})
            )
    if pin and not (pin.isdigit() and pin.isascii() and 4 <= len(pin) <= 12):
        faults.append(SheetFault(row.row, "pin", "pin-malformed"))
    return faults


def rosters_of(
    rows: Sequence[SheetRow],
    session: str,
    mode: Mode,
    venue_titles: dict[str, str],
    photos: dict[str, str],
    spare: int = 0,
    chance: Callable[[int], bytes] = os.urandom,
) -> tuple[Roster, ...]:
    """One roster a venue, sorted by number, every candidate with a fresh salt. `photos`: base64 by file name."""
    by_venue: dict[str, list[RosterEntry]] = {}
    for row in rows:
        by_venue.setdefault(row.cells["venue"], []).append(_entry(row, photos, chance(16).hex()))
    return tuple(
        Roster(
            mode,
            session,
            venue,
            venue_titles.get(venue, venue),
            tuple(sorted(entries, key=lambda entry: entry.number)),
            tuple(SpareSlot(f"spare-{venue}-{at:03}", chance(16).hex()) for at in range(1, spare + 1)),
        )
        for venue, entries in sorted(by_venue.items())
    )


def _entry(row: SheetRow, photos: dict[str, str], salt: str) -> RosterEntry:
    cells = row.cells
    return RosterEntry(
        number=cells["number"],
        name=cells["name"],
        birth_date=cells.get("birth_date", ""),
        category=cells["category"],
        position=cells["position"],
        salt=salt,
        seat=cells.get("seat", ""),
        photo=photos.get(cells.get("photo", ""), ""),
        pin_check=pin_check(salt, cells["pin"]) if cells.get("pin") else "",
        accommodations=accommodations_of(row),
        extra={
            name.removeprefix(EXTRA): value
            for name, value in cells.items()
            if name.startswith(EXTRA) and value
        },
    )


def read_photos(
    rows: Sequence[SheetRow], files: Mapping[str, bytes]
) -> tuple[dict[str, str], list[SheetFault]]:
    """The photos that rows name, as base64 by file name; a missing one, or one that is no picture, is a fault."""
    pictures: dict[str, str] = {}
    faults: list[SheetFault] = []
    for row in rows:
        name = row.cells.get("photo", "")
        if not name:
            continue
        data = files.get(name, b"")
        if not data:
            faults.append(SheetFault(row.row, "photo", "photo-missing", {"photo": name}))
        elif len(data) > MOST_PHOTO or not data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
            faults.append(
                SheetFault(row.row, "photo", "photo-unfit", {"photo": name, "most": str(MOST_PHOTO)})
            )
        else:
            pictures[name] = base64.b64encode(data).decode()
    return pictures, faults
