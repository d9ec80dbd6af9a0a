"""Workbooks and CSV as tables of cells: XLSX, XLS, ODS and CSV, bounded before anything is opened.

What a cell holds is what its file says: text, a number, a date, a truth value; nothing is guessed here. Pictures that
lie over the cells of an XLSX or ODS workbook come with the row and column (from 0) of their upper left corner
(`sheet_drawings.py`), and so do looks of letters that the text alone does not have (`sheet_looks.py`); pictures of an
XLS workbook are counted (`old_workbook.py`).
"""

import csv
import datetime as dt
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, TypeAlias

from cbt_station.banks.old_workbook import OLD, read_old
from cbt_station.banks.safe_zip import NotZip, TooMuch, copied
from cbt_station.banks.sheet_drawings import Drawings, drawings
from cbt_station.banks.sheet_extent import MOST_CELLS, Counted
from cbt_station.banks.sheet_facts import SheetFacts, facts_of
from cbt_station.banks.sheet_looks import looks_of
from cbt_station.errors import Refusal

MOST_SHEET: Final = 64 << 20
MOST_UNPACKED: Final = 512 << 20
MOST_ROWS: Final = 200_000
MOST_SHEETS: Final = 64
MOST_PARTS: Final = 5_000
KNOWN: Final = (".csv", ".xlsx", ".xls", ".ods")
Cells: TypeAlias = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its cells, and the pictures over them by (row, column) from 0.

    `lost`: how many things that are drawn over its cells could not be read as pictures (of a workbook of the nineties:
    over those of all its sheets, at the first one).
    """

    name: str
    cells: Cells
    pictures: dict[tuple[int, int], tuple[bytes, ...]] = field(default_factory=dict)
    lost: int = 0
    looks: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)
    """By the same places: how some letters of a cell look (`sup`, `bold`, …), which its text does not say."""
    facts: SheetFacts = field(default_factory=SheetFacts)
    joined: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    """By the places that a joined cell reaches over: the place where it stands."""

    def at(self, row: int, column: int | None) -> tuple[int, int]:
        """Where the cell stands that is seen at a place; no cell is in a column below 0."""
        place = (row, -1 if column is None else column)
        return self.joined.get(place, place)

    def cell(self, row: int, column: int | None) -> object:
        """What stands at a place, also where a joined cell only reaches over it."""
        down, across = self.at(row, column)
        if (down, across) in self.facts.texts:
            return self.facts.texts[down, across]
        cells = self.cells[down] if down < len(self.cells) else ()
        return cells[across] if 0 <= across < len(cells) else ""


def read_sheets(data: bytes, suffix: str, known: Sequence[str] = KNOWN) -> tuple[Sheet, ...]:
    """Every sheet. Refusal("sheet-format", "sheet-unreadable" or "sheet-too-large") where it is none that can be read."""
    if suffix not in known:
        raise Refusal("sheet-format", suffix=suffix, known=", ".join(known))
    if len(data) > MOST_SHEET:
        raise Refusal("sheet-too-large", most=f"{MOST_SHEET >> 20} MiB")
    sheets = (Sheet("", _read_csv(data)),) if suffix == ".csv" else _read_workbook(data, suffix)
    if any(len(sheet.cells) > MOST_ROWS + 1 for sheet in sheets):
        raise Refusal("sheet-too-large", most=MOST_ROWS)
    return sheets


def as_text(cell: object) -> str:
    """A cell as people read it: a date in ISO form, a whole number without decimals, text in NFC without outer spaces."""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return unicodedata.normalize("NFC", str(cell)).strip()


def _read_csv(data: bytes) -> Cells:
    try:
        text = data.decode("utf-8-sig")
        sample = text.partition("\n")[0]
        separator = ";" if sample.count(";") > sample.count(",") else ","
        return list(
            islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), MOST_ROWS + 2)
        )
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refusal("sheet-unreadable", where="CSV, UTF-8") from error


def _read_workbook(data: bytes, suffix: str) -> tuple[Sheet, ...]:
    import python_calamine

    old = read_old(data) if suffix == ".xls" and data.startswith(OLD) else None
    counted = _counted(data, suffix) if old is None else old.data
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(counted))
        names = book.sheet_names
        if len(names) > MOST_SHEETS:
            raise Refusal("sheet-too-large", most=MOST_SHEETS)
        read = [book.get_sheet_by_name(name) for name in names]
        tables = [sheet.to_python(nrows=MOST_ROWS + 2, skip_empty_area=False) for sheet in read]
        ranges = [sheet.merged_cell_ranges or () for sheet in read]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Refusal("sheet-unreadable", where=suffix) from error
    drawn = drawings(data) if old is None else {names[0]: Drawings({}, old.drawings)} if names else {}
    if old is None:
        looks, facts = looks_of(data), facts_of(data)
    else:  # their names are in the code page of some machine: they are known by their order
        in_order = len(names) == len(old.sheets)
        called = names if in_order else [sheet.name for sheet in old.sheets]
        by_name = dict(zip(called, old.sheets, strict=True))
        looks = {name: sheet.looks for name, sheet in by_name.items()}
        facts = {name: sheet.facts for name, sheet in by_name.items()}
    for name, cells in zip(names, tables, strict=True):
        if cells and name not in facts:  # what nobody looked at would be taken for plain text
            raise Refusal("sheet-unreadable", where=name[:80])
    said = [facts.get(name, SheetFacts()) for name in names]
    return tuple(
        Sheet(
            name,
            cells,
            shown.pictures,
            shown.lost,
            looks.get(name, {}),
            own,
            _joined([*over, *own.joined], cells),
        )
        for name, cells, over, own in zip(names, tables, ranges, said, strict=True)
        for shown in (drawn.get(name, Drawings({}, 0)),)
    )


def _joined(
    ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]], cells: Cells
) -> dict[tuple[int, int], tuple[int, int]]:
    """The places that joined cells reach over, as far as the sheet has any."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    width = max(map(len, cells), default=0)
    left = MOST_CELLS
    for (top, start), (bottom, end) in ranges:
        rows, columns = range(top, min(bottom + 1, len(cells))), range(start, min(end + 1, width))
        left -= len(rows) * len(columns)
        if left < 0:
            raise Refusal("sheet-too-large", most=MOST_CELLS)
        found.update(((row, column), (top, start)) for row in rows for column in columns)
    return found


def _counted(data: bytes, suffix: str) -> bytes:
    """A workbook is a ZIP: one that unpacks to more than memory holds, or reaches farther, is not opened."""
    try:
        return copied(data, MOST_UNPACKED, MOST_PARTS, Counted().copy)
    except NotZip as error:
        raise Refusal("sheet-unreadable", where=error.part or suffix) from error
    except TooMuch as error:
        raise Refusal("sheet-too-large", most=f"{MOST_UNPACKED >> 20} MiB") from error
