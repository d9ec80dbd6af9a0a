"""Workbooks of the nineties (.xls, BIFF in a compound file), bounded before a library makes room for them.

The library makes a full rectangle up to the farthest cell, and reserves what the sheet says of itself: one stray cell
costs half a gigabyte. So the records are read first, only as far as their places; the library gets a compound file
that we wrote, with this one stream in it and nothing else (no macros). What is drawn over the cells is only counted.
Sources: [MS-CFB] for the file, [MS-XLS] for the records.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cbt_station.banks import sheet_extent
from cbt_station.banks.old_facts import OldSheet, old_sheets
from cbt_station.errors import Refusal

OLD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Begins a compound file, which no archive is. A workbook that only its name calls .xls is read as what it is."""
_STREAMS: Final = ("Workbook", "Book")
_FREE, _END, _OF_FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_MOST_SECTORS: Final = 1 << 18
_SMALL: Final = 4_096
"""A shorter stream lies in small sectors; one that we write is never shorter."""
_SECTOR: Final = 4_096

_BOF, _DIMENSIONS, _OBJECT, _MANY = 0x0809, 0x0200, 0x005D, (0x00BD, 0x00BE)
_CELLS: Final = (0x0006, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E, *_MANY)
_PICTURE: Final = (1, 2, 3, 4, 5, 6, 8, 9, 30)
"""Objects that show something: shapes, charts, text boxes, pictures; not notes, buttons and lists."""


@dataclass(frozen=True)
class OldWorkbook:
    """A workbook that can be opened, how many things are drawn over its cells, and what it says of them."""

    data: bytes
    drawings: int
    sheets: tuple[OldSheet, ...] = ()


def read_old(data: bytes) -> OldWorkbook:
    """Refusal("sheet-unreadable") where it is no workbook, ("sheet-too-large") where it reaches too far."""
    try:
        stream = _stream(data)
        drawings = _counted(stream)
    except (struct.error, IndexError, ValueError) as error:
        raise Refusal("sheet-unreadable", where=".xls") from error
    return OldWorkbook(compound_file("Workbook", stream), drawings, tuple(old_sheets(stream)))


# The records


def _counted(stream: bytes) -> int:
    """How many things are drawn; raises Refusal where the sheets together reach too far."""
    before = rows = columns = drawings = 0
    for kind, record in _records(stream):
        if kind == _BOF:
            before, rows, columns = before + rows * columns, 0, 0
        elif kind == _OBJECT:
            drawings += len(record) >= 6 and struct.unpack_from("<3H", record)[2] in _PICTURE
        elif kind in (_DIMENSIONS, *_CELLS):
            row, column = _reach(kind, record)
            rows, columns = max(rows, row), max(columns, column)
        if before + rows * columns > sheet_extent.MOST_CELLS:
            raise Refusal("sheet-too-large", most=sheet_extent.MOST_CELLS)
    return drawings


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<2H", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _reach(kind: int, record: bytes) -> tuple[int, int]:
    """How many rows and columns a record reaches over."""
    if kind == _DIMENSIONS:
        rows, _, columns = (
            struct.unpack_from("<I2H", record, 4)
            if len(record) >= 14
            else struct.unpack_from("<3H", record, 2)
        )
        return rows, columns
    row, column = struct.unpack_from("<2H", record)
    if kind in _MANY:
        column = max(column, struct.unpack_from("<H", record, len(record) - 2)[0])
    return row + 1, column + 1


# The compound file


def _stream(data: bytes) -> bytes:
    """The stream of the workbook. Raises ValueError, IndexError or struct.error for a file that is damaged."""
    file = _Compound(data)
    entries = {name: (start, size) for name, kind, start, size in file.entries() if kind == 2}
    for name in _STREAMS:
        if name in entries:
            return file.stream(*entries[name])
    raise ValueError("no workbook")


class _Compound:
    """A compound file: sectors in chains, and a folder of streams."""

    def __init__(self, data: bytes) -> None:
        shift, small_shift = struct.unpack_from("<2H", data, 30)
        if shift not in (9, 12) or small_shift != 6:
            raise ValueError("sectors")
        self._data, self._size = data, 1 << shift
        fat_count, folder = struct.unpack_from("<2I", data, 44)
        small_start = struct.unpack_from("<I", data, 60)[0]
        more, _ = struct.unpack_from("<2I", data, 68)
        self._fat = self._table(self._fat_sectors(fat_count, more))
        self._folder = self._chain(folder)
        self._small_fat = [] if small_start in (_END, _FREE) else self._numbers(self._chain(small_start))
        root = next((one for one in self.entries() if one[1] == 5), None)
        if root is None:
            raise ValueError("no root")
        self._small = self._chain(root[2])[: root[3]] if root[2] not in (_END, _FREE) else b""

    def entries(self) -> Iterator[tuple[str, int, int, int]]:
        """Name, kind, first sector and size of everything in the folder."""
        for at in range(0, len(self._folder) - 127, 128):
            length, kind = struct.unpack_from("<HB", self._folder, at + 64)
            start, size = struct.unpack_from("<2I", self._folder, at + 116)
            name = self._folder[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            yield name, kind, start, size

    def stream(self, start: int, size: int) -> bytes:
        """A stream, whole."""
        if size >= _SMALL:
            found = self._chain(start)
        else:
            found = b"".join(
                self._small[one * 64 : one * 64 + 64] for one in self._links(start, self._small_fat)
            )
        if len(found) < size:
            raise ValueError("cut short")
        return found[:size]

    def _fat_sectors(self, count: int, more: int) -> list[int]:
        numbers = list(struct.unpack_from("<109I", self._data, 76))
        seen = set()
        while more not in (_END, _FREE):
            if more in seen:
                raise ValueError("ring")
            seen.add(more)
            *some, more = self._numbers(self._sector(more))
            numbers += some
        return [one for one in numbers if one < _OF_FAT][:count]

    def _table(self, sectors: list[int]) -> list[int]:
        return [number for one in sectors for number in self._numbers(self._sector(one))]

    def _numbers(self, data: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))

    def _sector(self, number: int) -> bytes:
        data = self._data[(number + 1) * self._size : (number + 2) * self._size]
        if not data:
            raise ValueError("outside")
        return data.ljust(self._size, b"\0")

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(one) for one in self._links(start, self._fat))

    def _links(self, start: int, table: list[int]) -> Iterator[int]:
        seen: set[int] = set()
        while start != _END:
            if start in seen or len(seen) > _MOST_SECTORS:
                raise ValueError("ring")
            seen.add(start)
            yield start
            start = table[start]


def compound_file(name: str, stream: bytes) -> bytes:
    """A compound file that holds one stream: the folder, the stream's sectors, one for small streams, the table.

    There is no small stream, but a reader that we know takes a file without a place for them for an empty one.
    """
    padded = stream.ljust(max(len(stream), _SMALL), b"\0")
    count = -(-len(padded) // _SECTOR)
    in_table = _SECTOR // 4
    tables = 1
    while tables * in_table < 2 + count + tables:
        tables += 1
    links = [_END, *range(2, count + 1), _END, _END, *[_OF_FAT] * tables]
    links += [_FREE] * (tables * in_table - len(links))
    header = OLD + bytes(16) + struct.pack("<5H6x", 0x3E, 4, 0xFFFE, 12, 6)
    header += struct.pack("<9I", 1, tables, 0, 0, _SMALL, _END, 0, _END, 0)
    header += struct.pack("<109I", *range(count + 2, count + 2 + tables), *[_FREE] * (109 - tables))
    root = _entry("Root Entry", 5, 1, count + 1, 64)
    folder = (root + _entry(name, 2, _FREE, 1, len(padded))).ljust(_SECTOR, b"\0")
    body = padded.ljust((count + 1) * _SECTOR, b"\0")
    return header.ljust(_SECTOR, b"\0") + folder + body + struct.pack(f"<{len(links)}I", *links)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = f"{name}\0".encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBB3I", len(text), kind, 1, _FREE, _FREE, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)
