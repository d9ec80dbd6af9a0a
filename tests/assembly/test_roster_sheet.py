"""Rosters from sheets that people fill: what a spreadsheet does to numbers, dates and names is a fault with its row."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from cbt_station.artefacts.roster import pin_check
from cbt_station.assembly.roster_sheet import (
    COLUMNS,
    SheetFault,
    check_rows,
    read_photos,
    read_rows,
    rosters_of,
    write_template,
)
from cbt_station.banks import workbook
from cbt_station.banks.safe_zip import copied
from cbt_station.banks.sheet_extent import Counted
from cbt_station.errors import Refusal
from cbt_station.words import LANGUAGES, words_in
from tests.world import chance_of

GOOD = {
    "number": "26-0001", "name": "SITI RAHMAWATI", "birth_date": "1999-04-21", "pin": "", "category": "general",
    "position": "analis-01", "seat": "A-01", "venue": "jkt-07", "accommodations": "", "photo": "",
}  # fmt: skip


def as_csv(*rows: dict[str, str], separator: str = ",", headings: Sequence[str] = COLUMNS) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=separator, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([row.get(name, "") for name in headings] for row in rows)
    return target.getvalue().encode()


def as_xlsx(*rows: dict[str, Any]) -> bytes:
    """A workbook in which each cell has the type of its value; text that begins with = is a formula."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet, date = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, COLUMNS)
        for place, row in enumerate(rows, 1):
            for at, name in enumerate(COLUMNS):
                value = row.get(name, "")
                if isinstance(value, tuple):
                    sheet.write_datetime(place, at, dt.date(*value), date)
                elif isinstance(value, str) and value.startswith("="):
                    sheet.write_formula(place, at, value, None, "26-0009")
                elif isinstance(value, str):
                    sheet.write_string(place, at, value)
                else:
                    sheet.write(place, at, value)
    return target.getvalue()


def faults_of(data: bytes, suffix: str = ".csv", **known: Sequence[str]) -> list[tuple[int, str, str]]:
    rows, faults = read_rows(data, suffix)
    return [(fault.row, fault.column, fault.code) for fault in faults + check_rows(rows, **known)]


# --- good sheets ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_template_is_a_roster_without_faults(suffix: str) -> None:
    data = write_template(suffix)
    assert faults_of(data, suffix) == []
    (row,) = read_rows(data, suffix)[0]
    assert (row.row, row.cells["number"], row.cells["birth_date"]) == (2, "24-0001", "1999-04-21")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(as_csv(GOOD), id="comma"),
        pytest.param(as_csv(GOOD, separator=";"), id="semicolon, as Excel writes it here"),
        pytest.param(b"\xef\xbb\xbf" + as_csv(GOOD), id="with a byte-order mark"),
        pytest.param(b"\xef\xbb\xbf" + as_csv(GOOD, separator=";"), id="both"),
        pytest.param(as_csv(GOOD).replace(b"\r\n", b"\n"), id="Unix lines"),
        pytest.param(as_csv(GOOD).rstrip(b"\r\n"), id="no last line end"),
        pytest.param(as_csv(GOOD, {}, {}), id="empty rows below"),
        pytest.param(as_csv(GOOD, headings=COLUMNS[::-1]), id="columns in another order"),
    ],
)
def test_sheets_of_different_programs_say_the_same(data: bytes) -> None:
    rows, faults = read_rows(data, ".csv")
    assert faults == check_rows(rows) == []
    assert [row.cells for row in rows] == [GOOD]


def test_a_workbook_keeps_text_as_text_and_a_date_as_a_date() -> None:
    sixteen = "3175012304990001"
    rows, faults = read_rows(as_xlsx({**GOOD, "number": sixteen, "birth_date": (1999, 4, 21)}), ".xlsx")
    assert faults == check_rows(rows) == []
    assert (rows[0].cells["number"], rows[0].cells["birth_date"]) == (sixteen, "1999-04-21")


def test_rows_become_one_roster_a_venue_with_salts_of_their_own() -> None:
    rows, _ = read_rows(
        as_csv(
            {**GOOD, "number": "26-0002", "pin": "4711", "accommodations": "magnification; spoken"},
            GOOD,
            {**GOOD, "number": "26-0101", "venue": "sby-01", "photo": "a.jpg", "extra:ipk": "3.75"},
            headings=[*COLUMNS, "extra:ipk"],
        ),
        ".csv",
    )
    jakarta, surabaya = rosters_of(
        rows, "s-1", "test", {"jkt-07": "Jakarta"}, {"a.jpg": "QUJD"}, spare=2, chance=chance_of("sheet")
    )
    assert (jakarta.title, surabaya.title) == ("Jakarta", "sby-01")
    assert [entry.number for entry in jakarta.candidates] == ["26-0001", "26-0002"]
    second = jakarta.candidates[1]
    assert second.pin_check == pin_check(second.salt, "4711")
    assert second.accommodations == ("magnification", "spoken")
    assert (surabaya.candidates[0].photo, surabaya.candidates[0].extra) == ("QUJD", {"ipk": "3.75"})
    assert [slot.slot for slot in jakarta.spare] == ["spare-jkt-07-001", "spare-jkt-07-002"]
    salts = [one.salt for roster in (jakarta, surabaya) for one in (*roster.candidates, *roster.spare)]
    assert len(set(salts)) == len(salts) == 7


# --- faults -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        pytest.param({"number": ""}, ("number", "cell-empty"), id="no number"),
        pytest.param({"name": ""}, ("name", "cell-empty"), id="no name"),
        pytest.param({"number": "26 0001"}, ("number", "number-malformed"), id="a space in a number"),
        pytest.param({"number": "2" * 41}, ("number", "number-malformed"), id="a number of 41 digits"),
        pytest.param({"number": "é1"}, ("number", "number-malformed"), id="a letter of another alphabet"),
        pytest.param({"birth_date": ""}, ("birth_date", "identity-missing"), id="neither birth date nor PIN"),
        pytest.param(
            {"birth_date": "21/04/1999"}, ("birth_date", "birth-date-malformed"), id="another form of date"
        ),
        pytest.param(
            {"birth_date": "1999-02-30"}, ("birth_date", "birth-date-malformed"), id="a day that was not"
        ),
        pytest.param(
            {"birth_date": "19990421"}, ("birth_date", "birth-date-malformed"), id="a date without lines"
        ),
        pytest.param({"pin": "123"}, ("pin", "pin-malformed"), id="a short PIN"),
        pytest.param({"pin": "12a4"}, ("pin", "pin-malformed"), id="a letter in a PIN"),
        pytest.param({"pin": "١٢٣٤"}, ("pin", "pin-malformed"), id="digits of another alphabet"),
        pytest.param({"category": "special"}, ("category", "category-unknown"), id="an unknown category"),
        pytest.param({"position": "x"}, ("position", "position-unknown"), id="an unknown position"),
        pytest.param(
            {"accommodations": "more-time"}, ("accommodations", "accommodation-unknown"), id="no PNP name"
        ),
        pytest.param({"venue": "Jakarta 7"}, ("venue", "venue-malformed"), id="a venue that is no word"),
        pytest.param({"name": "SITI\u200b"}, ("name", "cell-control-character"), id="a letter nobody sees"),
        pytest.param(
            {"name": "SITI\u202eITAM"}, ("name", "cell-control-character"), id="a name that runs backwards"
        ),
        pytest.param({"name": "SITI\nRAHMA"}, ("name", "cell-control-character"), id="two lines in a cell"),
        pytest.param({"name": "SITI\x00"}, ("name", "cell-control-character"), id="a zero byte"),
        pytest.param({"name": "=HYPERLINK(1)"}, ("name", "cell-formula"), id="a formula"),
        pytest.param({"seat": "@SUM(1)"}, ("seat", "cell-formula"), id="another formula"),
        pytest.param({"seat": "-1+1"}, ("seat", "cell-formula"), id="a formula that begins with a sign"),
    ],
)
def test_every_fault_has_its_row_and_column(changes: dict[str, str], fault: tuple[str, str]) -> None:
    found = faults_of(
        as_csv(GOOD, {**GOOD, "number": "26-0002", **changes}),
        categories=("general",),
        positions=("analis-01",),
    )
    assert found == [(3, *fault)]


def test_a_number_twice_names_the_first_row_and_empty_numbers_are_not_twins() -> None:
    rows, _ = read_rows(as_csv(GOOD, {**GOOD, "number": ""}, {**GOOD, "number": ""}, GOOD), ".csv")
    found = {(fault.row, fault.code): fault.facts for fault in check_rows(rows)}
    assert found == {
        (3, "cell-empty"): {},
        (4, "cell-empty"): {},
        (5, "number-twice"): {"number": "26-0001", "row": "2"},
    }


def test_what_the_blueprint_grants_time_for_is_known_too() -> None:
    data = as_csv({**GOOD, "accommodations": "rehat, magnification"})
    assert faults_of(data, accommodations=("rehat",)) == []
    assert faults_of(data) == [(2, "accommodations", "accommodation-unknown")]


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        pytest.param({"number": 260001}, ["cell-not-text"], id="a number that is a number"),
        pytest.param({"number": 3175012304990001}, ["cell-not-text"], id="16 digits that Excel has rounded"),
        pytest.param({"number": 26.5}, ["cell-not-text"], id="a number with a decimal"),
        pytest.param({"number": (2026, 1, 1)}, ["cell-not-text"], id="a number that became a date"),
        pytest.param({"number": True}, ["cell-not-text"], id="a number that became a truth"),
        pytest.param({"pin": 4711}, ["cell-not-text"], id="a PIN that may have lost a zero"),
        pytest.param({"birth_date": 36271}, ["birth-date-malformed"], id="a date that became a number"),
        pytest.param({"birth_date": (1999, 4, 21)}, [], id="a date that is a date"),
        pytest.param({"position": 101}, [], id="a position that is a number"),
        pytest.param({"number": '="26-0009"'}, [], id="a formula's value is text, and counted as shown"),
    ],
)
def test_cells_of_a_workbook_are_not_guessed_at(cell: dict[str, Any], codes: list[str]) -> None:
    found = [code for _, _, code in faults_of(as_xlsx({**GOOD, **cell}), ".xlsx")]
    assert found == codes


@pytest.mark.parametrize(
    ("data", "faults"),
    [
        pytest.param(
            as_csv(GOOD, headings=[one for one in COLUMNS if one != "number"]),
            [(1, "number", "column-missing")],
            id="a column missing",
        ),
        pytest.param(
            as_csv(GOOD, headings=[*COLUMNS, "nilai"]), [(1, "nilai", "column-unknown")], id="one unknown"
        ),
        pytest.param(
            as_csv(GOOD, headings=[*COLUMNS, "extra:"]), [(1, "extra:", "column-unknown")], id="no extra name"
        ),
        pytest.param(
            as_csv(GOOD, headings=[*COLUMNS, "name"]), [(1, "name", "column-twice")], id="one twice"
        ),
        pytest.param(
            as_csv(GOOD).replace(b"RAHMAWATI", b"RAHMA,WATI"),
            [(2, "", "row-too-long")],
            id="a separator inside a name",
        ),
        pytest.param(as_csv(GOOD).replace(b"photo", b" photo "), [], id="spaces around a heading"),
    ],
)
def test_the_shape_of_a_sheet(data: bytes, faults: list[tuple[int, str, str]]) -> None:
    found = [(fault.row, fault.column, fault.code) for fault in read_rows(data, ".csv")[1]]
    assert found == faults


@pytest.mark.parametrize(
    ("data", "suffix", "code"),
    [
        pytest.param(b"", ".csv", "sheet-unreadable", id="nothing"),
        pytest.param(b"\xff\xfe" + as_csv(GOOD), ".csv", "sheet-unreadable", id="UTF-16"),
        pytest.param(as_csv(GOOD) + b'"open', ".csv", "sheet-unreadable", id="a quote that is never closed"),
        pytest.param(
            as_csv(GOOD).replace(b"SITI", b"S" * 200_000), ".csv", "sheet-unreadable", id="an endless cell"
        ),
        pytest.param(b"x", ".xlsx", "sheet-unreadable", id="no workbook"),
        pytest.param(as_xlsx(GOOD)[:-50], ".xlsx", "sheet-unreadable", id="half a workbook"),
        pytest.param(b"x", ".pdf", "sheet-format", id="another format"),
        pytest.param(b"x", ".xls", "sheet-format", id="the old binary format"),
        pytest.param(b"x" * (65 << 20), ".csv", "sheet-too-large", id="65 MiB"),
    ],
)
def test_what_is_no_sheet_is_refused(data: bytes, suffix: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_rows(data, suffix)
    assert caught.value.code == code


def test_a_workbook_that_unpacks_without_end_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 1 << 20)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("xl/worksheets/sheet1.xml", bytes(2 << 20))
    with pytest.raises(Refusal, match="sheet-too-large"):
        read_rows(bomb.getvalue(), ".xlsx")


FAR = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
ODS = (
    b'<office:document-content xmlns:office="urn:o" xmlns:table="urn:t" xmlns:text="urn:x"><office:body>'
    b"<office:spreadsheet><table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
    b'<table:table-cell table:number-columns-repeated="16383"/></table:table-row>%s</table:table>'
    b"</office:spreadsheet></office:body></office:document-content>"
)
EMPTY_ROWS = (
    b'<table:table-row table:number-rows-repeated="1048575"><table:table-cell '
    b'table:number-columns-repeated="16384"/></table:table-row>'
)


def extent_of(parts: dict[str, bytes]) -> None:
    """Pack a workbook's parts, and count how far they reach. The reader itself would end the program."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in parts.items():
            container.writestr(name, data)
    copied(packed.getvalue(), workbook.MOST_UNPACKED, workbook.MOST_PARTS, Counted().copy)


def parts_of(workbook: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as book:
        return {name: book.read(name) for name in book.namelist()}


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        pytest.param(parts_of(as_xlsx(GOOD)), "", id="a roster"),
        pytest.param({"content.xml": ODS % EMPTY_ROWS}, "", id="a million empty rows, as LibreOffice writes"),
        pytest.param(
            {"a.xml": b"<a><sheetData>" + FAR + b"</a>"}, "sheet-too-large", id="a cell in the last corner"
        ),
        pytest.param(
            {"x": b" <a><sheetData>" + FAR.replace(b'r="XFD1048576"', b"r='&#88;FD1048576'") + b"</a>"},
            "sheet-too-large",
            id="the same, spelt in another way under another name",
        ),
        pytest.param(
            {"content.xml": ODS % EMPTY_ROWS.replace(b"/>", b"><text:p>x</text:p></table:table-cell>", 1)},
            "sheet-too-large",
            id="a cell that is repeated to the end",
        ),
        pytest.param({"a.xml": b"<a><b></a>"}, "sheet-unreadable", id="no XML"),
        pytest.param({"a.xml": b"<!DOCTYPE a []><a/>"}, "sheet-unreadable", id="entities"),
        pytest.param({"media/a.png": b"\x89PNG"}, "", id="a picture"),
    ],
)
def test_a_workbook_that_reaches_farther_than_memory_is_not_opened(
    parts: dict[str, bytes], code: str
) -> None:
    if not code:
        extent_of(parts)
        return
    with pytest.raises(Refusal) as caught:
        extent_of(parts)
    assert caught.value.code == code


def test_no_row_is_left_out_silently(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    rows = [{**GOOD, "number": f"26-000{at}"} for at in range(3)]
    assert len(read_rows(as_csv(*rows[:2]), ".csv")[0]) == 2
    for data, suffix in ((as_csv(*rows), ".csv"), (as_xlsx(*rows), ".xlsx")):
        with pytest.raises(Refusal, match="sheet-too-large"):
            read_rows(data, suffix)


@given(st.binary(max_size=300), st.sampled_from([".csv", ".xlsx", ".ods"]))
def test_no_bytes_whatever_make_the_reader_fail_otherwise(data: bytes, suffix: str) -> None:
    try:
        rows, _ = read_rows(data, suffix)
    except Refusal:
        return
    check_rows(rows)


@given(st.data())
def test_a_damaged_workbook_never_makes_the_reader_fail_otherwise(data: st.DataObject) -> None:
    workbook = bytearray(as_xlsx(GOOD))
    for _ in range(data.draw(st.integers(1, 4))):
        workbook[data.draw(st.integers(0, len(workbook) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_rows(bytes(workbook), ".xlsx")
    except Refusal:
        return


def test_photos_are_jpeg_or_png_of_a_bearable_size() -> None:
    names = ("good.jpg", "good.png", "text.jpg", "huge.jpg", "missing.jpg", "")
    rows, _ = read_rows(
        as_csv(*({**GOOD, "number": str(at), "photo": name} for at, name in enumerate(names))), ".csv"
    )
    pictures, faults = read_photos(
        rows,
        {
            "good.jpg": b"\xff\xd8\xff1",
            "good.png": b"\x89PNG\r\n\x1a\n",
            "text.jpg": b"hello",
            "huge.jpg": b"\xff\xd8\xff" + bytes(300_000),
        },
    )
    assert sorted(pictures) == ["good.jpg", "good.png"]
    assert [(fault.row, fault.code) for fault in faults] == [
        (4, "photo-unfit"),
        (5, "photo-unfit"),
        (6, "photo-missing"),
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_fault_has_a_sentence(lang: str) -> None:
    facts = dict.fromkeys(("number", "row", "birth_date", "venue", "category", "position", "accommodation", "known", "photo", "most"), "x")  # fmt: skip
    for code in (
        "column-missing", "column-unknown", "column-twice", "row-too-long", "cell-not-text", "cell-empty",
        "cell-control-character", "cell-formula", "number-malformed", "number-twice", "identity-missing",
        "birth-date-malformed", "pin-malformed", "venue-malformed", "category-unknown", "position-unknown",
        "accommodation-unknown", "photo-missing", "photo-unfit",
    ):  # fmt: skip
        sentence = SheetFault(1, "", code, facts).sentence(words_in(lang))
        assert sentence != f"roster.{code}"
        assert "{" not in sentence
