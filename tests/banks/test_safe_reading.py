"""Archives and XML that say one thing to one reader and another to the next: a library gets only what was read before it.

How far a sheet may reach is played part by part in tests/assembly/test_roster_sheet.py; here whole files that hide it.
The bound is made small for it: at its real size a reader that is deceived ends the program.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from cbt_station.banks import safe_xml, sheet_extent
from cbt_station.banks.safe_xml import NotXml, parse
from cbt_station.banks.safe_zip import ENCRYPTED, NotZip, TooMuch, copied
from cbt_station.banks.word_tables import read_document
from cbt_station.banks.workbook import MOST_SHEETS, read_sheets
from cbt_station.errors import Refusal

SHEET = "xl/worksheets/sheet1.xml"
ROW, COLUMN = 49, 49


def book(*sheets: str) -> bytes:
    """A workbook with one cell a sheet, far from the first one."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        for name in sheets or ("soal",):
            made.add_worksheet(name).write_string(ROW, COLUMN, "x")
    return target.getvalue()


def changed(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with another first sheet."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in source.namelist():
            made.writestr(name, change(source.read(name)) if name == SHEET else source.read(name))
    return target.getvalue()


def bare(part: bytes) -> bytes:
    return part.partition(b"?>")[2]


def said_to_be_short(data: bytes) -> bytes:
    """The first sheet begins as another document, and both lists of entries say that it ends there."""
    start = b"<a/>"
    whole = changed(data, lambda part: start + bare(part) + b" " * (1 << 20))
    with zipfile.ZipFile(io.BytesIO(whole)) as source:
        entry = source.getinfo(SHEET)
    sizes = struct.pack("<3L", entry.CRC, entry.compress_size, entry.file_size)
    assert whole.count(sizes) == 2
    return whole.replace(sizes, struct.pack("<3L", zlib.crc32(start), entry.compress_size, len(start)))


@pytest.mark.parametrize(
    ("make", "suffix"),
    [
        pytest.param(book, ".xlsx", id="as it is"),
        pytest.param(book, ".xls", id="under the name of an older kind"),
        pytest.param(lambda: changed(book(), lambda part: b"x" + bare(part)), ".xlsx", id="after a letter"),
        pytest.param(
            lambda: changed(book(), lambda part: b" " * 70_000 + bare(part)), ".xlsx", id="far down"
        ),
        pytest.param(lambda: said_to_be_short(book()), ".xlsx", id="behind the end that the archive says"),
    ],
)
def test_a_far_cell_is_found_wherever_it_hides(
    make: Callable[[], bytes], suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_extent, "MOST_CELLS", ROW * COLUMN)
    try:
        found = [cell for sheet in read_sheets(make(), suffix) for row in sheet.cells for cell in row]
    except Refusal as refusal:
        found = [refusal.code]
    # What nobody looked at is not there for the library either.
    assert found in ([], ["sheet-too-large"], ["sheet-unreadable"])


def test_the_sheets_of_a_workbook_reach_so_far_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_extent, "MOST_CELLS", 2 * (ROW + 1) * (COLUMN + 1))
    assert [sheet.name for sheet in read_sheets(book("a", "b"), ".xlsx")] == ["a", "b"]
    with pytest.raises(Refusal) as refusal:
        read_sheets(book("a", "b", "c"), ".xlsx")
    assert refusal.value.code == "sheet-too-large"


def test_no_sheet_is_left_out_in_silence() -> None:
    names = [f"s{number}" for number in range(MOST_SHEETS + 1)]
    assert len(read_sheets(book(*names[:-1]), ".xlsx")) == MOST_SHEETS
    with pytest.raises(Refusal) as refusal:
        read_sheets(book(*names), ".xlsx")
    assert refusal.value.code == "sheet-too-large"


def packed(method: int = zipfile.ZIP_DEFLATED, *names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as made:
        for name in names or ("a.xml",):
            made.writestr(name, bytes(range(256)) * 40)
    return target.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_archive_is_refused_however_it_is_packed(method: int) -> None:
    data = packed(method)
    for place in range(35, len(data) - 22, 7):
        damaged = data[:place] + bytes([data[place] ^ 0x5A]) + data[place + 1 :]
        with pytest.raises(Refusal):
            read_sheets(damaged, ".xlsx")
        with pytest.raises(Refusal):
            read_document(damaged)


def copy(_name: str, stream: object, made: object) -> None:
    made.write(stream.read())  # type: ignore[attr-defined] # both are streams


def test_an_archive_with_more_in_it_than_its_reader_takes_is_not_read() -> None:
    data = packed(zipfile.ZIP_DEFLATED, "a", "b")
    with zipfile.ZipFile(io.BytesIO(copied(data, 2 * 10_240, 2, copy))) as made:
        assert made.read("b") == bytes(range(256)) * 40
    for most, parts in ((2 * 10_240 - 1, 2), (2 * 10_240, 1)):
        with pytest.raises(TooMuch):
            copied(data, most, parts, copy)


def locked(data: bytes) -> bytes:
    """The list says that its last entry has a password."""
    made = bytearray(data)
    made[made.rindex(b"PK\1\2") + 8] |= ENCRYPTED
    return bytes(made)


def beyond(place: int) -> Callable[[bytes], bytes]:
    """The list says that its last entry begins at this place, which only zip64 can say."""

    def change(data: bytes) -> bytes:
        made, more = bytearray(data), struct.pack("<HHQ", 1, 8, place)
        entry, end = made.rindex(b"PK\1\2"), made.rindex(b"PK\5\6")
        struct.pack_into("<L", made, end + 12, struct.unpack_from("<L", made, end + 12)[0] + len(more))
        struct.pack_into("<H", made, entry + 30, len(more))
        struct.pack_into("<L", made, entry + 42, 0xFFFFFFFF)
        return bytes(made[:end]) + more + bytes(made[end:])

    return change


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(locked, id="a password"),
        pytest.param(beyond(1 << 40), id="behind its end"),
        pytest.param(beyond((1 << 63) - 1), id="farther than a file reaches"),
        pytest.param(beyond(1 << 63), id="farther than a machine counts"),
        pytest.param(beyond((1 << 64) - 1), id="the last place that can be said"),
    ],
)
def test_an_archive_of_which_a_part_cannot_be_read_is_refused(change: Callable[[bytes], bytes]) -> None:
    data = change(packed(zipfile.ZIP_DEFLATED, "a.xml", "b.xml"))
    with pytest.raises(NotZip) as refused:
        copied(data, 1 << 20, 9, copy)
    assert refused.value.part == "b.xml"
    with pytest.raises(Refusal):
        read_sheets(data, ".xlsx")
    with pytest.raises(Refusal):
        read_document(data)


def test_a_fault_of_who_reads_a_part_is_not_called_one_of_the_archive() -> None:
    def fails(_name: str, _stream: object, _made: object) -> None:
        raise RecursionError

    with pytest.raises(RecursionError):
        copied(packed(), 1 << 20, 9, fails)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_in_which_a_name_stands_twice_is_refused() -> None:
    with pytest.raises(NotZip):
        copied(packed(zipfile.ZIP_DEFLATED, "a", "a"), 1 << 20, 9, copy)


@pytest.mark.parametrize("data", [b"", b"<a>", b"<?xml version='1.0' encoding='none'?><a/>", b"\xff\xfe<"])
def test_what_is_no_xml_says_so(data: bytes) -> None:
    with pytest.raises(NotXml):
        parse(data)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<a>" + "<b/>" * 9 + "</a>", id="elements"),
        pytest.param("<a " + " ".join(f'b{number}=""' for number in range(9)) + "/>", id="attributes"),
    ],
)
def test_a_document_of_more_elements_than_memory_holds_is_not_parsed(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safe_xml, "MOST_MARKS", 11)
    for document in (text, text.encode()):
        parse(document)
    monkeypatch.setattr(safe_xml, "MOST_MARKS", 9)
    for document in (text, text.encode()):
        with pytest.raises(NotXml):
            parse(document)


def test_nothing_outside_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("RAHASIA", encoding="utf-8")
    root = parse(f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a>&x;</a>'.encode())
    assert "RAHASIA" not in "".join(str(text) for text in root.itertext())
