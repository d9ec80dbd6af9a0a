"""How far a workbook's sheets reach, counted before anything makes room for it.

The reader of workbooks makes a full rectangle up to the farthest cell: one stray cell in the last corner asks for 400 GB
and ends the program. So the sheets are read as a stream first, only the places of cells that hold something count, and
the reader of workbooks gets what was counted and nothing else: what it would take for a sheet is its own choice.
"""

import re
from typing import IO, Final
from xml.parsers import expat

from cbt_station.errors import Refusal

MOST_CELLS: Final = 5_000_000
"""Of all sheets of a workbook: the reader takes up to 70 bytes for one."""
_PLACE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_AT_ONCE: Final = 1 << 16
_ODS_KIND: Final = "mimetype"


class Counted:
    """Copies the parts of one workbook while it counts how far all its sheets reach together."""

    def __init__(self) -> None:
        self._cells = 0

    def copy(self, part: str, stream: IO[bytes], made: IO[bytes]) -> None:
        """One part; what is no XML (pictures, macros) is left empty. Raises Refusal("sheet-too-large" or "-unreadable")."""
        first = stream.read(_AT_ONCE)
        if part == _ODS_KIND:
            made.write(first)
        elif first.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<"):
            extent = (_OdsExtent if part == "content.xml" else _XlsxExtent)(self._cells)
            try:
                _read(first, stream, made, extent)
            except (expat.ExpatError, ValueError) as error:
                raise Refusal("sheet-unreadable", where=part[:80]) from error
            self._cells = extent.cells


class _Extent:
    """The farthest row and column with something in them, of the sheet that is being read; `before`, cells of others."""

    def __init__(self, before: int) -> None:
        self._before = before
        self.rows = self.columns = 0

    @property
    def cells(self) -> int:
        """So many altogether."""
        return self._before + self.rows * self.columns

    def next_sheet(self) -> None:
        self._before, self.rows, self.columns = self.cells, 0, 0

    def reach(self, row: int, column: int) -> None:
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        if self.cells > MOST_CELLS:
            raise Refusal("sheet-too-large", most=MOST_CELLS)

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError


class _XlsxExtent(_Extent):
    """A cell says where it stands, or stands after the one before."""

    def __init__(self, before: int) -> None:
        super().__init__(before)
        self._row = self._column = 0

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "row":
            self._row, self._column = _whole(attributes.get("r"), self._row + 1), 0
        elif kind == "c":
            after = (self._row, self._column + 1)
            self._row, self._column = cell_place(attributes.get("r", ""), after)
            self.reach(self._row, self._column)


class _OdsExtent(_Extent):
    """Rows and cells are repeated so many times; empty ones (LibreOffice writes a million) reach nowhere."""

    def __init__(self, before: int) -> None:
        super().__init__(before)
        self._row = self._column = 0

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "table":
            self.next_sheet()
            self._row = 0
        elif kind == "table-row":
            self._row += _whole(_named(attributes, "number-rows-repeated"), 1)
            self._column = 0
        elif kind in ("table-cell", "covered-table-cell"):
            self._column += _whole(_named(attributes, "number-columns-repeated"), 1)
            if _named(attributes, "value-type") or _named(attributes, "formula"):
                self.reach(self._row, self._column)
        elif kind == "p" and self._column:
            self.reach(self._row, self._column)


def _read(part: bytes, stream: IO[bytes], made: IO[bytes], extent: _Extent) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = extent.opened
    parser.StartDoctypeDeclHandler = _doctype
    while part:
        parser.Parse(part, False)
        made.write(part)
        part = stream.read(_AT_ONCE)
    parser.Parse(b"", True)


def _doctype(*_anything: object) -> None:
    raise ValueError("doctype")


def _named(attributes: dict[str, str], name: str) -> str | None:
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), None)


def _whole(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isdecimal() and len(text) < 10 else default


def cell_place(text: str, otherwise: tuple[int, int]) -> tuple[int, int]:
    """Row and column from 1 of a place such as `B3`."""
    place = _PLACE.fullmatch(text)
    return (int(place[2]), _number_of(place[1])) if place else otherwise


def _number_of(letters: str) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
