"""Small workbooks of formats that no library of ours writes: .xls (BIFF8) and .ods."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

from cbt_station.banks.old_workbook import compound_file


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<2H", kind, len(body)) + body


def label(row: int, column: int, text: str) -> bytes:
    return record(0x0204, struct.pack("<4HB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def picture_object(kind: int = 8) -> bytes:
    return record(0x005D, struct.pack("<5H", 0x15, 0x12, kind, 1, 0) + bytes(12) + bytes(4))


def old_stream(cells: Mapping[tuple[int, int], str], more: bytes = b"", name: str = "soal") -> bytes:
    """The stream of a workbook with one sheet."""
    start = record(0x0809, struct.pack("<4H2I", 0x0600, 5, 0x0DBB, 0x07CC, 0, 6)) + record(
        0x0042, struct.pack("<H", 1200)
    )
    end = record(0x000A)
    title = struct.pack("<HBB", 0, len(name), 0) + name.encode("ascii")
    at = len(start) + len(record(0x0085, bytes(4) + title)) + len(end)
    bound = record(0x0085, struct.pack("<I", at) + title)
    sheet = record(0x0809, struct.pack("<4H2I", 0x0600, 0x10, 0x0DBB, 0x07CC, 0, 6))
    body = b"".join(label(row, column, text) for (row, column), text in cells.items())
    return start + bound + end + sheet + body + more + end


def old_book(cells: Mapping[tuple[int, int], str], more: bytes = b"") -> bytes:
    """An .xls file."""
    return compound_file("Workbook", old_stream(cells, more))


def small_sectors(stream: bytes, name: str = "Workbook") -> bytes:
    """The same in sectors of 512 bytes, with a stream below 4,096 in small sectors, as spreadsheet programs write it."""
    assert len(stream) < 4_096
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    small = stream.ljust(-(-len(stream) // 512) * 512, b"\0")
    count = len(small) // 512  # sectors: 0 table, 1 folder, 2 small table, 3 … the small sectors
    links = [0xFFFFFFFD, end, end, *range(4, 3 + count), end]
    small_links = [*range(1, -(-len(stream) // 64)), end]

    def entry(text: str, kind: int, child: int, start: int, size: int) -> bytes:
        raw = f"{text}\0".encode("utf-16-le")
        head = raw.ljust(64, b"\0") + struct.pack("<HBB3I", len(raw), kind, 1, free, free, child)
        return head + bytes(36) + struct.pack("<IQ", start, size)

    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, 2, 1, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    table = struct.pack("<128I", *links, *[free] * (128 - len(links)))
    folder = (
        entry("Root Entry", 5, 1, 3, len(small)) + entry(name, 2, free, end if not stream else 0, len(stream))
    ).ljust(512, b"\0")
    small_table = struct.pack("<128I", *small_links, *[free] * (128 - len(small_links)))
    return header + table + folder + small_table + small


_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"><office:body><office:spreadsheet>'
)


def frame(*names: str) -> str:
    """A picture as LibreOffice writes it: one frame, the picture in one kind or more."""
    return f"<draw:frame>{''.join(f'<draw:image xlink:href={chr(34)}{name}{chr(34)}/>' for name in names)}</draw:frame>"


def ods_book(
    rows: Sequence[Sequence[str]],
    drawn: Mapping[tuple[int, int], str] | None = None,
    files: Mapping[str, bytes] | None = None,
    beside: str = "",
) -> bytes:
    """An .ods file; `drawn`: what stands in a cell before its text, `beside`: what stands in `table:shapes`."""
    body = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string">{(drawn or {}).get((down, across), "")}<text:p>{cell}</text:p></table:table-cell>'
            if cell or (down, across) in (drawn or {})
            else "<table:table-cell/>"
            for across, cell in enumerate(row)
        )
        + '<table:table-cell table:number-columns-repeated="1000"/></table:table-row>'
        for down, row in enumerate(rows)
    )
    shapes = f"<table:shapes>{beside}</table:shapes>" if beside else ""
    end = "</table:table></office:spreadsheet></office:body></office:document-content>"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", "<manifest/>")
        book.writestr("content.xml", f'{_ODS_HEAD}<table:table table:name="soal">{shapes}{body}{end}')
        for name, data in (files or {}).items():
            book.writestr(name, data)
    return target.getvalue()
