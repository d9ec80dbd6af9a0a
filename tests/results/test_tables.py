"""The ranking as tables: every reason in words, every cell text, nothing that a spreadsheet would run."""

import csv
import io
import zipfile

import pytest
from msgspec.structs import replace
from python_calamine import CalamineWorkbook

from cbt_station.results.opening import OpenedSession, Problem
from cbt_station.results.placing import place
from cbt_station.results.tables import as_csv, as_xlsx, ranking_table
from cbt_station.words import words_in


def table(opened: OpenedSession, lang: str = "id"):
    return ranking_table(opened, place(opened), words_in(lang))


def test_the_csv_has_a_row_for_everybody_in_the_order_of_the_ranking(opened: OpenedSession) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(table(opened)).decode("utf-8-sig"))))
    assert rows[0][:6] == ["Jabatan", "Peringkat", "Status", "Nomor peserta", "Nama", "Kategori"]
    assert [(row[1], row[2], row[3]) for row in rows[1:]] == [
        ("1", "P/L", "24-0001"),
        ("2", "P/L", "24-0002"),
        ("3", "P", "24-0003"),
        ("3", "P", "24-0004"),
        ("1", "P/L", "24-0006"),
        ("", "TL", "24-0005"),
        ("", "TS", "24-0008"),
        ("", "TH", "24-0007"),
    ]


@pytest.mark.parametrize(
    ("number", "lang", "reason"),
    [
        ("24-0002", "id", ""),
        ("24-0003", "id", "Nilai total sama dengan 24-0002; urutan ditentukan oleh nilai TIU. Semua nilai sama dengan 24-0004, sehingga peringkatnya sama."),
        ("24-0003", "en", "The total score equals that of 24-0002; the TIU score decided the order. All scores equal those of 24-0004, so the rank is the same."),
        ("24-0005", "id", "TWK: 0 di bawah ambang batas 5."),
    ],
)  # fmt: skip
def test_every_tie_has_its_reason_in_words(
    opened: OpenedSession, number: str, lang: str, reason: str
) -> None:
    shown = table(opened, lang)
    at = shown.headings.index("Alasan" if lang == "id" else "Reason")
    assert next(row[at] for row in shown.rows if row[3] == number) == reason


def test_the_workbook_says_the_same_and_every_cell_is_text(opened: OpenedSession) -> None:
    shown = table(opened)
    data = as_xlsx(shown, "ranking")
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    cells = book.get_sheet_by_name("ranking").to_python()
    assert [tuple(row) for row in cells] == [shown.headings, *shown.rows]
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name]
    assert all("<f>" not in sheet and ' t="n"' not in sheet for sheet in sheets)


@pytest.mark.parametrize("name", ["=1+1", "+62", "@SUM(A1)", "-2+3"])
def test_a_name_that_a_spreadsheet_would_run_is_text_in_both(opened: OpenedSession, name: str) -> None:
    first, *rest = opened.candidates
    bad = replace(opened, candidates=(replace(first, entry=replace(first.entry, name=name)), *rest))
    shown = table(bad)
    row = next(
        row for row in csv.reader(io.StringIO(as_csv(shown).decode("utf-8-sig"))) if row[3] == "24-0001"
    )
    assert row[4] == f"'{name}"
    cells = (
        CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(shown, "x")))
        .get_sheet_by_name("ranking")
        .to_python()
    )
    assert cells[1][4] == name


def test_a_provisional_table_says_so_and_why(opened: OpenedSession) -> None:
    problem = Problem("counted", "jkt-07", "trouble", "closing-missing", "jkt-07", {})
    about = dict(table(replace(opened, problems=(problem,))).about)
    assert about["Keadaan"].startswith("SEMENTARA")
    assert about["Masalah pada bukti"] == "jkt-07: closing-missing"
    assert dict(table(opened).about)["Keadaan"].startswith("Lengkap")
