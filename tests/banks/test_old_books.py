"""Workbooks of the nineties and of LibreOffice: their cells and pictures come in or are named, and none costs the machine.

What is in a cell is tried in test_sheets.py, archives that deceive in test_safe_reading.py.
"""

import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from cbt_station.banks import sheet_extent, sheets
from cbt_station.banks.foreign import ForeignBank
from cbt_station.banks.old_workbook import compound_file, read_old
from cbt_station.banks.workbook import read_sheets
from cbt_station.errors import Refusal
from cbt_station.exam.content import Picture
from tests.banks.old_books import (
    frame,
    label,
    ods_book,
    old_book,
    old_stream,
    picture_object,
    record,
    small_sectors,
)
from tests.banks.test_sheets import as_xlsx, png

HEADS = ["Teks Soal", "Opsi A", "Opsi B", "Kunci"]
ROW = ["Apa?", "x", "y", "A"]
CELLS = {(down, across): text for down, row in enumerate((HEADS, ROW)) for across, text in enumerate(row)}
PICTURES = {"Pictures/a.png": png()}


def read(folder: Path, data: bytes, suffix: str) -> ForeignBank:
    file = folder / f"bank{suffix}"
    file.write_bytes(data)
    bank = sheets.read(file)
    assert bank is not None
    return bank


@pytest.mark.parametrize(
    "make", [old_book, lambda cells: small_sectors(old_stream(cells))], ids=["large", "small"]
)
def test_an_old_workbook_is_read_whatever_its_sectors(make, tmp_path):
    (question,) = read(tmp_path, make(CELLS), ".xls").questions
    assert question.item is not None
    assert question.item.rule.scores == {"a": 5, "b": 0}  # type: ignore[union-attr]


@pytest.mark.parametrize(("kind", "count"), [(8, 1), (5, 1), (0x19, 0), (0x14, 0)])
def test_what_an_old_workbook_draws_is_counted_and_named(kind, count, tmp_path):
    losses = read(tmp_path, old_book(CELLS, picture_object(kind)), ".xls").losses
    assert [(one.code, one.facts["count"]) for one in losses] == [("sheet-drawings-lost", "1")] * count


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(label(99, 99, "jauh"), id="a cell"),
        pytest.param(record(0x00BD, struct.pack("<2H", 99, 90) + bytes(6) * 10 + struct.pack("<H", 99)), id="many cells in one"),
        pytest.param(record(0x0200, struct.pack("<2I3H", 0, 100, 0, 100, 0)), id="what the sheet says of itself"),
        pytest.param(record(0x0200, struct.pack("<2I3H", 0, 0xFFFFFFFF, 0, 100, 0)), id="more than there can be"),
        pytest.param(record(0x0200, struct.pack("<5H", 0, 100, 0, 100, 0)), id="what an older sheet says of itself"),
    ],
)  # fmt: skip
def test_an_old_workbook_that_reaches_too_far_is_refused_before_it_is_opened(more, monkeypatch):
    monkeypatch.setattr(sheet_extent, "MOST_CELLS", 100 * 100 - 1)
    with pytest.raises(Refusal) as refusal:
        read_old(old_book(CELLS, more))
    assert refusal.value.code == "sheet-too-large"


def test_sheets_of_an_old_workbook_count_together(monkeypatch):
    sheet = record(0x0809, struct.pack("<4H2I", 0x0600, 0x10, 0x0DBB, 0x07CC, 0, 6)) + label(9, 9, "x")
    book = compound_file("Workbook", old_stream({(9, 9): "x"}, record(0x000A) + sheet))
    monkeypatch.setattr(sheet_extent, "MOST_CELLS", 200)
    assert read_old(book).drawings == 0
    monkeypatch.setattr(sheet_extent, "MOST_CELLS", 199)
    with pytest.raises(Refusal) as refusal:
        read_old(book)
    assert refusal.value.code == "sheet-too-large"


def test_one_far_cell_costs_no_half_gigabyte(tmp_path):
    """In a process of its own: what a process took it never gives back."""
    columns = min(256, sheet_extent.MOST_CELLS // 65_536)  # as far as may be
    (tmp_path / "jauh.xls").write_bytes(old_book(CELLS | {(65_535, columns - 1): "x"}))
    program = (
        "import resource, sys; from pathlib import Path; from cbt_station.banks import sheets; "
        "from cbt_station.banks.workbook import read_sheets; "
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; "
        "read_sheets(Path(sys.argv[1]).read_bytes(), '.xls'); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "jauh.xls")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(said.stdout) < 400 << 10


GOOD = old_book(CELLS)
SMALL = small_sectors(old_stream(CELLS))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(GOOD[:600], id="cut in the head"),
        pytest.param(GOOD[:5_000], id="cut in the folder"),
        pytest.param(compound_file("Lain", b"x"), id="without a workbook"),
        pytest.param(GOOD[:30] + b"\x07\x00" + GOOD[32:], id="sectors of another size"),
        pytest.param(GOOD[:48] + b"\xf0\xff\x00\x00" + GOOD[52:], id="the folder outside the file"),
        pytest.param(GOOD[:68] + bytes(4) + GOOD[72:], id="a table of tables in a ring"),
        pytest.param(SMALL[:512] + struct.pack("<4I", 0, 1, 1, 4) + SMALL[528:], id="sectors in a ring"),
        pytest.param(SMALL[:1536] + struct.pack("<2I", 1, 0) + SMALL[1544:], id="small sectors in a ring"),
        pytest.param(SMALL[: 1024 + 128 + 116] + struct.pack("<2I", 0, 4_000) + SMALL[1024 + 128 + 124 :], id="longer than it is"),
    ],
)  # fmt: skip
def test_a_damaged_old_workbook_is_refused_by_its_name(data):
    with pytest.raises(Refusal) as refusal:
        read_sheets(data, ".xls")
    assert refusal.value.code == "sheet-unreadable"


def test_pictures_over_the_cells_of_libreoffice_stand_with_their_text(tmp_path):
    drawn = {(1, 0): frame("Pictures/a.png"), (1, 2): frame("Pictures/b.svg", "Pictures/b.png")}
    files = PICTURES | {"Pictures/b.svg": b"<svg/>", "Pictures/b.png": png(30, 30)}
    bank = read(tmp_path, ods_book([HEADS, ROW], drawn, files), ".ods")
    (question,) = bank.questions
    assert question.item is not None
    assert question.losses == bank.losses == ()
    shown = question.item.languages["id"]
    assert isinstance(shown.stem[1], Picture)
    (_, option) = shown.interaction.options[1].content  # type: ignore[union-attr]
    assert isinstance(option, Picture)
    assert option.width == 30
    assert set(bank.media) == {shown.stem[1].media, option.media}


@pytest.mark.parametrize(
    ("drawn", "beside"),
    [
        pytest.param({}, frame("Pictures/a.png"), id="beside the cells"),
        pytest.param({(1, 0): frame("Pictures/none.png")}, "", id="missing in the file"),
        pytest.param({(1, 0): frame("https://contoh.id/a.png")}, "", id="elsewhere"),
        pytest.param({(1, 0): frame("../../etc/passwd")}, "", id="outside"),
        pytest.param({(1, 0): "<draw:frame><draw:object/></draw:frame>"}, "", id="a chart"),
        pytest.param({(1, 0): "<draw:custom-shape/>"}, "", id="a shape"),
    ],
)
def test_what_libreoffice_draws_and_is_no_picture_of_a_cell_is_named(drawn, beside, tmp_path):
    bank = read(tmp_path, ods_book([HEADS, ROW], drawn, PICTURES, beside), ".ods")
    assert [(one.code, one.facts["count"]) for one in bank.losses] == [("sheet-drawings-lost", "1")]
    assert not bank.media


def test_repeated_rows_and_cells_move_a_picture_on(tmp_path):
    data = ods_book([HEADS, ROW], {(1, 0): frame("Pictures/a.png")}, PICTURES)
    file = tmp_path / "geser.ods"
    file.write_bytes(data)
    with zipfile.ZipFile(file) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    more = b'<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
    parts["content.xml"] = parts["content.xml"].replace(b"<table:table-row>", more + b"<table:table-row>", 1)
    with zipfile.ZipFile(file, "w") as book:
        for name, part in parts.items():
            book.writestr(name, part)
    (sheet,) = read_sheets(file.read_bytes(), ".ods")
    assert list(sheet.pictures) == [(4, 0)]
    assert sheet.cells[4][0] == "Apa?"


def test_a_chart_over_the_cells_of_an_xlsx_workbook_is_named(tmp_path):
    file = tmp_path / "bagan.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("soal")
        sheet.write_row(0, 0, HEADS)
        sheet.write_row(1, 0, ROW)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=soal!$A$1:$A$2"})
        sheet.insert_chart(5, 5, chart)
        sheet.insert_textbox(9, 5, "Perhatikan!")
    bank = sheets.read(file)
    assert bank is not None
    assert [(one.code, one.facts["count"]) for one in bank.losses] == [("sheet-drawings-lost", "2")]


def test_a_picture_that_is_too_large_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("cbt_station.banks.sheet_drawings.MOST_PICTURE", 10_000)
    noise = Path(__file__).read_bytes()[:4_000]
    file = as_xlsx(tmp_path, HEADS, ROW, pictures={(1, 0): png() + noise * 3})
    bank = sheets.read(file)
    assert bank is not None
    assert [one.code for one in bank.losses] == ["sheet-drawings-lost"]
