"""Workbooks and CSV as tables of cells: XLSX, XLS, ODS and CSV, bounded before anything is opened.

What a cell holds is what its file says: text, a number, a date, a truth value; nothing is guessed here. Pictures that
lie over the cells of an XLSX workbook come with the row and column (from 0) of their upper left corner.
"""

import csv
import datetime as dt
import io
import posixpath
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import islice
from typing import Final, TypeAlias

from cbt_station.banks.safe_xml import Element, NotXml, parse
from cbt_station.banks.safe_zip import DAMAGED, NotZip, TooMuch, copied
from cbt_station.banks.sheet_extent import Counted
from cbt_station.errors import Refusal

MOST_SHEET: Final = 64 << 20
MOST_UNPACKED: Final = 512 << 20
MOST_ROWS: Final = 200_000
MOST_SHEETS: Final = 64
MOST_PARTS: Final = 5_000
MOST_PICTURE: Final = 8 << 20
KNOWN: Final = (".csv", ".xlsx", ".xls", ".ods")
_OLD: Final = b"\xd0\xcf\x11\xe0"
"""Begins a workbook of the nineties, which no archive is. One that only its name calls .xls is read as what it is."""
Cells: TypeAlias = Sequence[Sequence[object]]
_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REFERENCE: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DRAWN: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its cells, and the pictures over them by (row, column) from 0."""

    name: str
    cells: Cells
    pictures: dict[tuple[int, int], tuple[bytes, ...]] = field(default_factory=dict)


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

    counted = data if suffix == ".xls" and data.startswith(_OLD) else _counted(data, suffix)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(counted))
        names = book.sheet_names
        if len(names) > MOST_SHEETS:
            raise Refusal("sheet-too-large", most=MOST_SHEETS)
        tables = [
            book.get_sheet_by_name(name).to_python(nrows=MOST_ROWS + 2, skip_empty_area=False)
            for name in names
        ]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Refusal("sheet-unreadable", where=suffix) from error
    pictures = _pictures(data) if counted is not data else {}
    return tuple(
        Sheet(name, cells, pictures.get(name, {})) for name, cells in zip(names, tables, strict=True)
    )


def _counted(data: bytes, suffix: str) -> bytes:
    """A workbook is a ZIP: one that unpacks to more than memory holds, or reaches farther, is not opened."""
    try:
        return copied(data, MOST_UNPACKED, MOST_PARTS, Counted().copy)
    except NotZip as error:
        raise Refusal("sheet-unreadable", where=error.part or suffix) from error
    except TooMuch as error:
        raise Refusal("sheet-too-large", most=f"{MOST_UNPACKED >> 20} MiB") from error


# Pictures of an XLSX workbook (ECMA-376 part 1, 20.5: spreadsheet drawings)


def _pictures(data: bytes) -> dict[str, dict[tuple[int, int], tuple[bytes, ...]]]:
    """The pictures of each sheet by its name; none where the parts that name them are damaged."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        read = cache(partial(_part, book))  # a picture may stand in a thousand places
        found: dict[str, dict[tuple[int, int], tuple[bytes, ...]]] = {}
        for name, part in _sheet_parts(book):
            pictures: dict[tuple[int, int], list[bytes]] = {}
            for drawing in dict.fromkeys(_related(book, part, "/drawing").values()):
                for place, picture in _drawn(book, drawing, read):
                    pictures.setdefault(place, []).append(picture)
            found[name] = {place: tuple(over) for place, over in pictures.items()}
        return found


def _sheet_parts(book: zipfile.ZipFile) -> list[tuple[str, str]]:
    root = _xml(book, "xl/workbook.xml")
    parts = _related(book, "xl/workbook.xml", "/worksheet")
    if root is None:
        return []
    sheets = [
        (sheet.get("name", ""), sheet.get(f"{_REFERENCE}id", "")) for sheet in root.iter(f"{_MAIN}sheet")
    ]
    return [(name, parts[reference]) for name, reference in sheets if reference in parts]


def _drawn(
    book: zipfile.ZipFile, drawing: str, read: Callable[[str], bytes | None]
) -> list[tuple[tuple[int, int], bytes]]:
    root, pictures = _xml(book, drawing), _related(book, drawing, "/image")
    found = []
    for anchor in root if root is not None else ():
        corner, blip = anchor.find(f"{_DRAWING}from"), anchor.find(f".//{_DRAWN}blip")
        if corner is None or blip is None:
            continue
        row, column = (corner.findtext(f"{_DRAWING}{name}", "") for name in ("row", "col"))
        part = pictures.get(blip.get(f"{_REFERENCE}embed", ""))
        data = read(part) if part else None
        if row.isdecimal() and column.isdecimal() and data is not None:
            found.append(((int(row), int(column)), data))
    return found


def _related(book: zipfile.ZipFile, part: str, kind: str) -> dict[str, str]:
    """The parts inside the workbook that a part refers to, by reference; what lies outside is never followed."""
    folder, name = posixpath.split(part)
    root = _xml(book, f"{folder}/_rels/{name}.rels")
    related = {}
    for one in root if root is not None else ():
        if one.get("TargetMode") != "External" and one.get("Type", "").endswith(kind):
            target = one.get("Target", "")
            inside = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            )
            related[one.get("Id", "")] = inside
    return related


def _xml(book: zipfile.ZipFile, part: str) -> Element | None:
    data = _part(book, part)
    try:
        return None if data is None else parse(data)
    except NotXml:
        return None


def _part(book: zipfile.ZipFile, part: str) -> bytes | None:
    try:
        return book.read(part) if book.getinfo(part).file_size <= MOST_PICTURE else None
    except (KeyError, OSError, *DAMAGED):
        return None
