"""Workbooks, Word documents and CSV: formulas, links to elsewhere, objects, parts that unpack without end, far cells."""

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable
from typing import Final

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tests.hostile.building import png, zipped
from tests.hostile.case import Case, Made, file

_HEAD: Final = ("No", "Soal", "Opsi A", "Opsi B", "Kunci")
_ROW: Final = ("1", "Soal satu.", "benar", "salah", "A")


def xlsx(
    change: Callable[[xlsxwriter.Workbook, Worksheet], object] | None = None,
    rows: tuple[tuple[object, ...], ...] = (_ROW,),
) -> bytes:
    """A workbook of questions, and something done to it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet("soal")
        for down, row in enumerate((_HEAD, *rows)):
            for across, value in enumerate(row):
                sheet.write(down, across, value)
        if change is not None:
            change(book, sheet)
    return out.getvalue()


def parts(data: bytes, change: dict[str, Callable[[bytes], bytes] | bytes]) -> bytes:
    """An archive with some parts changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        names = old.namelist()
        for name in names:
            how = change.get(name)
            content = old.read(name)
            made.writestr(name, how(content) if callable(how) else content if how is None else how)
        for name, how in change.items():
            if name not in names and not callable(how):
                made.writestr(name, how)
    return out.getvalue()


_SHEET: Final = "xl/worksheets/sheet1.xml"
_FAR: Final = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'


def _formula(text: str, value: str = "") -> Callable[[], bytes]:
    return lambda: xlsx(lambda _book, sheet: sheet.write_formula(1, 2, text, None, value))


def _with_picture() -> bytes:
    return xlsx(
        lambda _book, sheet: sheet.insert_image(1, 1, "x.png", {"image_data": io.BytesIO(png(20, 20))})
    )


def _far_csv() -> str:
    return "No,Soal,Opsi A,Opsi B,Kunci\n1,Soal satu.,benar,salah,A\n" + "\n" * 500_000


def _stray(cells: str) -> Callable[[], bytes]:
    return lambda: parts(
        xlsx(), {_SHEET: lambda part: part.replace(b"</sheetData>", cells.encode() + b"</sheetData>")}
    )


def ods(body: str, doctype: str = "") -> bytes:
    """An OpenDocument sheet around table rows."""
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
    )
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
            for text in row
        )
        + "</table:table-row>"
        for row in (_HEAD, _ROW)
    )
    content = f'<?xml version="1.0"?>{doctype}<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="soal">{rows}{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        }
    )


def xls(rows: list[tuple[int, int, str]]) -> bytes:
    """A bare BIFF5 workbook stream of labels in an OLE file: just enough for readers to see its cells."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    bof = record(0x809, struct.pack("<4H", 0x500, 0x10, 0, 0))
    cells = b"".join(
        record(0x204, struct.pack("<4H", down, across, 0, len(text)) + text.encode("latin-1"))
        for down, across, text in rows
    )
    sheet = bof + cells + record(0xA, b"")
    globals_ = record(0x809, struct.pack("<4H", 0x500, 5, 0, 0))
    bound = record(0x85, struct.pack("<LHB", len(globals_) + 4 + 11 + 4, 0, 4) + b"soal")
    stream = globals_ + bound + record(0xA, b"") + sheet
    return _ole(stream)


def _ole(stream: bytes) -> bytes:
    stream += b"\0" * (-len(stream) % 512)
    stream += b"\0" * max(0, 4_096 - len(stream))
    count = len(stream) // 512
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + count), 0xFFFFFFFE]
    chain += [0xFFFFFFFF] * (128 - len(chain))
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 16
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + b"\0" * 6
    )
    head += struct.pack("<9L", 0, 1, 1, 0, 4_096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack(
        "<109L", 0, *[0xFFFFFFFF] * 108
    )

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        raw = (name + "\0").encode("utf-16-le")
        return (
            raw.ljust(64, b"\0")
            + struct.pack("<HBB3L", len(raw), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
            + b"\0" * 36
            + struct.pack("<LQ", start, size)
        )

    folder = (
        entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Book", 2, 0xFFFFFFFF, 2, len(stream)) + b"\0" * 256
    )
    return head + struct.pack("<128L", *chain[:128]) + folder + stream


_CELLS: Final = [
    (down, across, str(text)) for down, row in enumerate((_HEAD, _ROW)) for across, text in enumerate(row)
]

_SHEETS: Final[dict[str, tuple[Made, str]]] = {
    "hyperlink-formula": (
        file("soal.xlsx", _formula('=HYPERLINK("http://127.0.0.1:PORT/","tekan")')),
        "2: Sel",
    ),
    "web-formula": (file("soal.xlsx", _formula('=WEBSERVICE("http://127.0.0.1:PORT/")')), "2: Sel"),
    "dde-formula": (file("soal.xlsx", _formula("=cmd|'/c calc'!A1")), "2: Sel"),
    "formula-of-another-book": (
        file("soal.xlsx", _formula("='\\\\127.0.0.1\\share\\[x.xlsx]soal'!A1")),
        "2: Sel",
    ),
    "cell-in-the-last-corner": (
        file("soal.xlsx", _stray(_FAR.decode().removesuffix("</sheetData>"))),
        "soal.xlsx",
    ),
    "cell-far-to-the-right": (
        file("soal.xlsx", _stray('<row r="3"><c r="XFD3" t="inlineStr"><is><t>x</t></is></c></row>')),
        "soal.xlsx",
    ),
    "cell-far-below": (
        file(
            "soal.xlsx", _stray('<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row>')
        ),
        "soal.xlsx",
    ),
    "cell-far-enough": (
        file(
            "soal.xlsx", _stray('<row r="199000"><c r="CV199000" t="inlineStr"><is><t>x</t></is></c></row>')
        ),
        "soal.xlsx",
    ),
    "doctype": (
        file(
            "soal.xlsx",
            lambda: parts(
                xlsx(),
                {
                    _SHEET: lambda part: part.replace(
                        b"<worksheet", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet', 1
                    )
                },
            ),
        ),
        _SHEET,
    ),
    "laughs-in-the-strings": (
        file(
            "soal.xlsx",
            lambda: parts(
                xlsx(),
                {
                    "xl/sharedStrings.xml": lambda part: part.replace(
                        b"<sst", b'<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;">]><sst', 1
                    )
                },
            ),
        ),
        "sharedStrings",
    ),
    "string-beyond-the-last": (
        file(
            "soal.xlsx",
            lambda: parts(xlsx(), {_SHEET: lambda part: part.replace(b"<v>6</v>", b"<v>99999999</v>")}),
        ),
        "soal.xlsx|kosong|Soal",
    ),
    "part-that-unpacks": (
        file("soal.xlsx", lambda: parts(xlsx(), {"xl/media/x.bin": b"\0" * (600 << 20)})),
        "soal.xlsx",
    ),
    "sheet-that-unpacks": (
        file(
            "soal.xlsx",
            lambda: parts(
                xlsx(),
                {_SHEET: lambda part: part.replace(b"</sheetData>", b" " * (80 << 20) + b"</sheetData>")},
            ),
        ),
        "soal.xlsx",
    ),
    "many-parts": (
        file("soal.xlsx", lambda: parts(xlsx(), {f"xl/x{n}.bin": b"" for n in range(6_000)})),
        "soal.xlsx",
    ),
    "many-rows": (
        file(
            "soal.xlsx",
            lambda: parts(
                xlsx(),
                {
                    _SHEET: lambda part: part.replace(
                        b"</sheetData>",
                        "".join(
                            f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(3, 150_000)
                        ).encode()
                        + b"</sheetData>",
                    )
                },
            ),
        ),
        "soal",
    ),
    "many-columns": (
        file("soal.xlsx", _stray('<row r="3">' + "<c><v>1</v></c>" * 16_000 + "</row>")),
        "soal",
    ),
    "a-cell-of-a-megabyte": (
        file(
            "soal.xlsx",
            _stray(
                '<row r="3"><c r="A3"><v>2</v></c><c r="B3" t="inlineStr"><is><t>'
                + "soal " * 400_000
                + '</t></is></c><c r="C3" t="inlineStr"><is><t>a</t></is></c><c r="D3" t="inlineStr"><is><t>b</t></is></c><c r="E3" t="inlineStr"><is><t>A</t></is></c></row>'
            ),
        ),
        "terlalu banyak",
    ),
    "picture-from-afar": (
        file("soal.xlsx", lambda: xlsx(rows=((*_ROW[:1], "http://127.0.0.1:PORT/x.png", *_ROW[2:]),))),
        "http",
    ),
    "drawing-that-links": (
        file(
            "soal.xlsx",
            lambda: parts(
                _with_picture(),
                {
                    "xl/drawings/_rels/drawing1.xml.rels": lambda part: part.replace(
                        b'Target="../media/image1.png"', b'Target="file:///etc/passwd" TargetMode="External"'
                    )
                },
            ),
        ),
        "gambar|soal",
    ),
    "drawing-outside": (
        file(
            "soal.xlsx",
            lambda: parts(
                _with_picture(),
                {
                    "xl/drawings/_rels/drawing1.xml.rels": lambda part: part.replace(
                        b"../media/image1.png", b"../../../../../o/rahasia.png"
                    )
                },
            ),
        ),
        "gambar|soal",
    ),
    "picture-that-is-a-page": (
        file(
            "soal.xlsx",
            lambda: parts(
                _with_picture(),
                {"xl/media/image1.png": b"<html><script>x()</script></html>"},
            ),
        ),
        "gambar|svg",
    ),
    "picture-of-forty-thousand": (
        file(
            "soal.xlsx",
            lambda: parts(
                _with_picture(),
                {"xl/media/image1.png": png(40_000, 40_000, rows=b"\0")},
            ),
        ),
        "picture",
    ),
    "a-date-for-an-option": (
        file(
            "soal.xlsx",
            lambda: xlsx(
                lambda book, sheet: sheet.write_datetime(
                    1, 2, dt.date(2024, 1, 2), book.add_format({"num_format": "d/m"})
                )
            ),
        ),
        "tanggal",
    ),
    "text-that-a-sheet-runs": (
        file("soal.xlsx", lambda: xlsx(rows=(("1", "=cmd|'/c calc'!A1", "benar", "salah", "A"),))),
        "=cmd",
    ),
    "bidi": (
        file("soal.xlsx", lambda: xlsx(rows=(("1", "Soal \u202esatu", "benar", "salah", "A"),))),
        "202E",
    ),
    "xls-of-rubbish": (file("soal.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5_000), "soal.xls"),
    "xls-whose-sectors-loop": (
        file("soal.xls", lambda: xls(_CELLS)[:512] + b"\1\0\0\0" * 128 + xls(_CELLS)[1_024:]),
        "soal.xls",
    ),
    "xls-with-a-far-cell": (file("soal.xls", lambda: xls([*_CELLS, (65_535, 255, "x")])), "soal.xls"),
    "xls-with-many-far-cells": (
        file("soal.xls", lambda: xls([*_CELLS, *((65_535, column, "x") for column in range(200, 256))])),
        "soal.xls",
    ),
    "xls-that-is-a-page": (
        file("soal.xls", b"<html><table><tr><td>Soal</td></tr></table></html>"),
        "soal.xls",
    ),
    "ods-of-a-million-columns": (
        file(
            "soal.ods",
            lambda: ods(
                '<table:table-row><table:table-cell table:number-columns-repeated="1000000" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
            ),
        ),
        "soal.ods|soal",
    ),
    "ods-of-a-billion-rows": (
        file(
            "soal.ods",
            lambda: ods(
                '<table:table-row table:number-rows-repeated="999999999"><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
            ),
        ),
        "soal.ods|soal",
    ),
    "ods-of-minus-one-row": (
        file(
            "soal.ods",
            lambda: ods(
                '<table:table-row table:number-rows-repeated="-1"><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
            ),
        ),
        "soal",
    ),
    "ods-with-entities": (
        file("soal.ods", lambda: ods("", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>')),
        "content.xml|soal.ods",
    ),
    "ods-formula": (
        file(
            "soal.ods",
            lambda: ods(
                "<table:table-row>"
                + "".join(
                    f'<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'
                    for text, more in (
                        ("2", ""),
                        ("Soal dua.", ' table:formula="of:=WEBSERVICE(&quot;http://127.0.0.1:PORT/&quot;)"'),
                        *((text, "") for text in ("benar", "salah", "A")),
                    )
                )
                + "</table:table-row>"
            ),
        ),
        "Soal dua.",
    ),
    "csv-of-half-a-million-lines": (file("soal.csv", _far_csv), "soal.csv"),
    "csv-of-one-line": (
        file("soal.csv", lambda: "No,Soal,Opsi A,Opsi B,Kunci\n" + "x," * 2_000_000),
        "soal.csv",
    ),
    "csv-of-a-quote-that-never-ends": (
        file("soal.csv", 'No,Soal,Opsi A,Opsi B,Kunci\n1,"' + "x" * 200_000),
        "soal.csv",
    ),
    "csv-of-nul": (
        file("soal.csv", "No,Soal,Opsi A,Opsi B,Kunci\n1,Soal\0satu,benar,salah,A\n"),
        "soal.csv|0000",
    ),
    "csv-in-utf-16": (
        file("soal.csv", "No,Soal,Opsi A,Opsi B,Kunci\n1,Soal,benar,salah,A\n".encode("utf-16")),
        "soal.csv|CSV",
    ),
    "csv-of-a-formula": (
        file("soal.csv", 'No,Soal,Opsi A,Opsi B,Kunci\n1,"=HYPERLINK(""HTTP/"",""x"")",benar,salah,A\n'),
        "=HYPERLINK",
    ),
    "csv-of-markup": (
        file("soal.csv", "No,Soal,Opsi A,Opsi B,Kunci\n1,<script>x()</script>,benar,salah,A\n"),
        "<script>",
    ),
    "csv-of-a-picture-outside": (
        file(
            "soal.csv",
            "No,Soal,Opsi A,Opsi B,Kunci,Gambar\n1,Soal satu.,benar,salah,A,../../../../o/rahasia.png\n",
        ),
        "rahasia.png",
    ),
    "csv-of-a-picture-from-afar": (
        file("soal.csv", "No,Soal,Opsi A,Opsi B,Kunci,Gambar\n1,Soal satu.,benar,salah,A,HTTP/x.png\n"),
        "x.png",
    ),
    "csv-of-a-picture-of-a-share": (
        file(
            "soal.csv",
            "No,Soal,Opsi A,Opsi B,Kunci,Gambar\n1,Soal satu.,benar,salah,A,\\\\127.0.0.1\\share\\x.png\n",
        ),
        "x.png",
    ),
}
_KEPT_SHEETS: Final = (
    "sheet-that-unpacks",
    "many-rows",
    "picture-from-afar",
    "csv-of-markup",
    "text-that-a-sheet-runs",
    "ods-formula",
    "csv-of-a-formula",
)

CASES: Final = (
    *(
        Case(
            f"sheet/{name}",
            "import",
            make,
            ("Soal satu." if name in ("sheet-that-unpacks", "many-rows") else said,),
            kept=name in _KEPT_SHEETS,
        )
        for name, (make, said) in _SHEETS.items()
    ),
)
