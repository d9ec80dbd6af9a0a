"""What a workbook of the nineties (.xls) says of its cells beside their texts: letters within them, formats, errors, hidden things.

The library gives texts and numbers alone: 10² with a small raised 2 would be 102, and 50% is 0.5. Read are fonts, formats,
the runs of shared and own strings, and of each cell what shows it; of anything damaged so much as can be read. Lengths in
the file are believed only as far as the file reaches. Source: [MS-XLS] 2.4 (records), 2.5.293 (strings with runs).
"""

import struct
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from cbt_station.banks.sheet_drawings import Place
from cbt_station.banks.sheet_facts import ERROR, Format, SheetFacts
from cbt_station.banks.sheet_formats import BUILT_IN, Shown, shown_number, shown_text

_BOF, _EOF, _STRINGS, _CONTINUE = 0x0809, 0x000A, 0x00FC, 0x003C
_OF_TEXT: Final = (0x00FD, 0x0204, 0x00D6)
_NUMBER, _RK, _MANY_RK, _FORMULA, _TRUTH = 0x0203, 0x027E, 0x00BD, 0x0006, 0x0205
_ROW, _COLUMNS, _COMMENT, _LINK = 0x0208, 0x007D, 0x001C, 0x01B8
_NEW: Final = 0x0600
"""The version that keeps strings in one table; older ones keep them in their cells."""
_NO_FONT: Final = 4
"""No font has this number."""
_ERRORS: Final = {
    0: "#NULL!",
    7: "#DIV/0!",
    15: "#VALUE!",
    23: "#REF!",
    29: "#NAME?",
    36: "#NUM!",
    42: "#N/A",
}
_PLAIN_COLOURS: Final = (0x7FFF, 8, 0, 64)
_WHITE: Final = (1, 9)


class _Font(NamedTuple):
    looks: frozenset[str]
    is_white: bool


class _Cell(NamedTuple):
    """The format of a cell."""

    font: int
    code: str
    is_filled: bool


@dataclass
class OldSheet:
    """One sheet, by places from 0."""

    name: str
    place: int
    """Where its records begin."""
    looks: dict[Place, tuple[str, ...]] = field(default_factory=dict)
    facts: SheetFacts = field(default_factory=SheetFacts)


def old_sheets(stream: bytes) -> list[OldSheet]:
    """The sheets of a workbook, in its order."""
    reader = _Reader()
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<2H", stream, at)
        record = stream[at + 4 : at + 4 + size]
        with suppress(struct.error, IndexError, ValueError):
            if kind == _BOF:
                reader.begin(at, record)
            elif kind == _EOF:
                reader.end()
            else:
                reader.read(kind, record)
        at += 4 + size
    return reader.sheets


class _Reader:
    def __init__(self) -> None:
        self.version = _NEW
        self.sheets: list[OldSheet] = []
        self._fonts: list[_Font] = []
        self._codes: dict[int, str] = {}
        self._cells: list[tuple[int, int, bool]] = []
        self._pieces: list[bytes] = []
        self._in_strings = False
        self._strings: list[list[int]] | None = None
        self._sheet = OldSheet("", -1)
        self._around: list[OldSheet] = []

    def begin(self, at: int, record: bytes) -> None:
        """The records of a sheet begin, or of a chart within it, which are none of ours."""
        self._around.append(self._sheet)
        self._sheet = next((sheet for sheet in self.sheets if sheet.place == at), OldSheet("", -1))
        self.version = struct.unpack_from("<H", record)[0]

    def end(self) -> None:
        """They end."""
        if self._around:
            self._sheet = self._around.pop()

    def read(self, kind: int, record: bytes) -> None:
        """One record."""
        if kind == _CONTINUE and self._in_strings:
            self._pieces.append(record)
            return
        self._in_strings = kind == _STRINGS
        match kind:
            case 0x00FC:
                self._pieces = [record]
            case 0x0031:
                self._fonts.append(_font(record))
            case 0x041E:
                self._codes[struct.unpack_from("<H", record)[0]] = self._text(
                    record[2:], wide=self.version >= _NEW
                )
            case 0x00E0:
                self._cells.append(self._cell(record))
            case 0x0085:
                place, state = struct.unpack_from("<IB", record)
                sheet = OldSheet(self._text(record[6:], wide=False), place)
                sheet.facts.is_hidden = state & 3 != 0
                self.sheets.append(sheet)
            case _ if self._sheet.place >= 0:
                self._in_sheet(kind, record)

    def _text(self, data: bytes, *, wide: bool) -> str:
        """A short string; its length takes two bytes where it is `wide`."""
        count = struct.unpack_from("<H" if wide else "<B", data)[0]
        start = 2 if wide else 1
        if self.version < _NEW:
            return data[start : start + count].decode("cp1252", "replace")
        if data[start] & 1:
            return data[start + 1 : start + 1 + 2 * count].decode("utf-16-le", "replace")
        return data[start + 1 : start + 1 + count].decode("latin-1")

    def _cell(self, record: bytes) -> tuple[int, int, bool]:
        font, code = struct.unpack_from("<2H", record)
        if self.version < _NEW:
            ground = struct.unpack_from("<I", record, 8)[0]
            return font, code, ground >> 16 & 0x3F != 0 and ground & 0x7F not in _WHITE
        pattern, colours = struct.unpack_from("<IH", record, 14)
        return font, code, pattern >> 26 != 0 and colours & 0x7F not in _WHITE

    def _look(self, number: int) -> _Cell:
        font, code, is_filled = self._cells[number] if number < len(self._cells) else (0, 0, False)
        return _Cell(font, self._codes.get(code) or BUILT_IN.get(code, f"?{code}"), is_filled)

    def _font_at(self, number: int) -> _Font:
        place = number - (number > _NO_FONT)
        return self._fonts[place] if place < len(self._fonts) else _Font(frozenset(), False)

    # Of a sheet

    def _in_sheet(self, kind: int, record: bytes) -> None:
        facts = self._sheet.facts
        if kind == _ROW:
            row, *_, options = struct.unpack_from("<6HI", record)
            if options & 0x20:
                facts.hidden_rows.add(row)
        elif kind == _COLUMNS:
            first, last, _, _, options = struct.unpack_from("<5H", record)
            if options & 1:
                facts.hidden_columns.update(range(first, min(last, 255) + 1))
        elif kind == _COMMENT:
            facts.comments.add(struct.unpack_from("<2H", record))
        elif kind == _LINK:
            row, _, column = struct.unpack_from("<3H", record)
            facts.links[row, column] = "…"
        elif kind in (*_OF_TEXT, _NUMBER, _RK, _FORMULA, _TRUTH):
            row, column, look = struct.unpack_from("<3H", record)
            self._cell_at(kind, (row, column), look, record[6:])
        elif kind == _MANY_RK:
            row, column = struct.unpack_from("<2H", record)
            for number, at in enumerate(range(4, len(record) - 7, 6)):
                look = struct.unpack_from("<H", record, at)[0]
                self._numbered((row, column + number), look, _of_rk(record[at + 2 : at + 6]))
        facts.require_modest()

    def _cell_at(self, kind: int, place: Place, look: int, data: bytes) -> None:
        match kind:
            case 0x0203:
                self._numbered(place, look, struct.unpack_from("<d", data)[0])
            case 0x027E:
                self._numbered(place, look, _of_rk(data[:4]))
            case 0x0205 if data[1]:
                self._sheet.facts.faults[place] = (ERROR, _ERRORS.get(data[0], "#?"))
            case 0x0006:
                self._result(place, look, data[:8])
            case 0x00FD:
                number = struct.unpack_from("<I", data)[0]
                runs = self._runs_of_strings()
                self._worded(place, look, runs[number] if number < len(runs) else [])
                if number >= len(runs):  # of a table that is cut nobody knows how its letters look
                    self._sheet.facts.faults[place] = (ERROR, "#?")
            case 0x0204:
                self._worded(place, look, [])
            case 0x00D6:
                self._worded(place, look, self._own_runs(data))

    def _result(self, place: Place, look: int, value: bytes) -> None:
        if value[6:8] != b"\xff\xff":
            self._numbered(place, look, struct.unpack("<d", value)[0])
        elif value[0] == 2:
            self._sheet.facts.faults[place] = (ERROR, _ERRORS.get(value[2], "#?"))
        elif value[0] == 0:
            self._worded(place, look, [])

    def _numbered(self, place: Place, look: int, value: float) -> None:
        self._shown(place, look, shown_number(self._look(look).code, value))

    def _worded(self, place: Place, look: int, runs: Sequence[int]) -> None:
        """A text; `runs`: the fonts of its letters beside the cell's own."""
        own = self._look(look)
        found = {name for run in runs for name in self._font_at(own.font if run < 0 else run).looks}
        if found and len(runs) > 0:
            self._sheet.looks[place] = tuple(sorted(found))
        self._shown(place, look, shown_text(own.code))

    def _shown(self, place: Place, look: int, shown: Shown) -> None:
        cell, facts = self._look(look), self._sheet.facts
        font = self._font_at(cell.font)
        if font.is_white and not cell.is_filled:
            facts.formats[place] = Format(Shown.HIDDEN, "FFFFFF")
        elif shown != Shown.PLAIN:
            facts.formats[place] = Format(shown, cell.code)
        if "strike" in font.looks:
            facts.looks[place] = "strike"

    def _own_runs(self, data: bytes) -> list[int]:
        """The fonts of a string that its cell keeps itself."""
        count = struct.unpack_from("<H", data)[0]
        if self.version < _NEW:
            start, size, shape = 3 + count, 2, "<2B"
            many = data[2 + count]
        else:
            start = 5 + count * (2 if data[2] & 1 else 1)
            many, size, shape = struct.unpack_from("<H", data, start - 2)[0], 4, "<2H"
        runs = [struct.unpack_from(shape, data, start + at * size) for at in range(many)]
        return _fonts_of(runs, count)

    def _runs_of_strings(self) -> list[list[int]]:
        if self._strings is None:
            self._strings = _runs_of(self._pieces)
        return self._strings


def _font(record: bytes) -> _Font:
    _, flags, colour, weight, script = struct.unpack_from("<5H", record)
    line = record[10] if len(record) > 10 else 0
    looks = {
        "bold": weight >= 600,
        "italic": bool(flags & 2),
        "strike": bool(flags & 8),
        "sup": script == 1,
        "sub": script == 2,
        "underline": line != 0,
        "color": colour not in (*_PLAIN_COLOURS, *_WHITE),
    }
    return _Font(frozenset(name for name, is_so in looks.items() if is_so), colour in _WHITE)


def _of_rk(data: bytes) -> float:
    """A number in four bytes: a whole one, or the upper half of another; a hundredth where the first bit is set."""
    bits = struct.unpack("<I", data)[0]
    if bits & 2:
        value = float(struct.unpack("<i", data)[0] >> 2)
    else:
        value = struct.unpack("<d", bytes(4) + struct.pack("<I", bits & ~3))[0]
    return value / 100 if bits & 1 else value


def _fonts_of(runs: Iterable[tuple[int, ...]], length: int) -> list[int]:
    """The fonts that letters of a string are in; -1 for the cell's own."""
    found = list(runs)
    if not found:
        return []
    ends = [start for start, _ in found[1:]] + [length]
    fonts = [font for (start, font), end in zip(found, ends, strict=True) if start < min(end, length)]
    return [*([-1] if found[0][0] > 0 else []), *fonts]


# The table of strings


class _Cut(Exception):
    """The table ends before what it says."""


class _Pieces:
    """The table of strings: it goes on over several records, and the letters of one string may be cut anywhere."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces = [piece for piece in pieces if piece]
        self._piece = self._at = 0

    def take(self, count: int) -> bytes:
        """So many bytes."""
        parts = []
        while count:
            left = self._left()
            parts.append(self._pieces[self._piece][self._at : self._at + min(count, left)])
            self._at += len(parts[-1])
            count -= len(parts[-1])
        return b"".join(parts)

    def skip_letters(self, count: int, size: int) -> None:
        """Letters of one or two bytes; after a cut another byte says which."""
        while count:
            before, left = self._piece, self._left()
            if self._piece != before:
                size = 2 if self.take(1)[0] & 1 else 1
                left = self._left()
            here = min(count, left // size)
            if not here:
                raise _Cut
            self._at += here * size
            count -= here

    def _left(self) -> int:
        while self._piece < len(self._pieces) and self._at >= len(self._pieces[self._piece]):
            self._piece, self._at = self._piece + 1, 0
        if self._piece >= len(self._pieces):
            raise _Cut
        return len(self._pieces[self._piece]) - self._at


def _runs_of(pieces: Sequence[bytes]) -> list[list[int]]:
    """Of each string the fonts of its letters, as far as the table reaches."""
    table = _Pieces(pieces)
    found: list[list[int]] = []
    try:
        _, count = struct.unpack("<2I", table.take(8))
        while len(found) < count:
            length, flags = struct.unpack("<HB", table.take(3))
            runs = struct.unpack("<H", table.take(2))[0] if flags & 8 else 0
            more = struct.unpack("<I", table.take(4))[0] if flags & 4 else 0
            table.skip_letters(length, 2 if flags & 1 else 1)
            found.append(_fonts_of([struct.unpack("<2H", table.take(4)) for _ in range(runs)], length))
            table.take(more)
    except _Cut:
        pass
    return found
