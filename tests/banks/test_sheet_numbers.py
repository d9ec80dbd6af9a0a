"""Numbers in sheets mean what their author typed and saw, or the question is refused or names it.

Covers 1.000, which is a thousand to some and one to others, and how formats show numbers otherwise than they are.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cbt_station.banks.export_xlsx import export_xlsx
from cbt_station.banks.importing import import_bank
from cbt_station.banks.native import read_bank
from cbt_station.banks.sheet_formats import BUILT_IN, Shown, shown_as, shown_number, shown_text
from tests.banks.test_sheet_kinds import only, score
from tests.banks.test_sheets import as_csv, as_xlsx

AMBIGUOUS = ("1.000", "1,000", "12.500", "-1.125", "999,999")


@pytest.mark.parametrize("typed", AMBIGUOUS)
@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("angka", {"Kunci": "{}"}),
        ("angka", {"Kunci": "5", "Opsi_A": "{}"}),
        ("angka", {"Kunci": "5", "Toleransi": "{}"}),
        ("uraian", {"Poin": "{}"}),
        ("penggeser", {"Kunci": "5", "Setelan": "low: {}; high: 10"}),
        ("", {"Opsi_A": "x", "Opsi_B": "y", "Nilai_A": "{}", "Nilai_B": "0"}),
        ("urutan", {"Opsi_A": "x", "Opsi_B": "y", "Setelan": "each: {}"}),
    ],
)
@pytest.mark.parametrize("make", ["csv", "xlsx"])
def test_a_typed_number_that_could_be_two_is_refused(
    typed: str, kind: str, cells: dict[str, str], make: str, tmp_path: Path
) -> None:
    filled = {name: cell.format(typed) for name, cell in cells.items()}
    question = only(tmp_path, kind, **({"make": as_xlsx} if make == "xlsx" else {}), **filled)
    assert question.fault is not None
    assert question.fault.code == "number-ambiguous"
    assert question.fault.facts["thousands"] == typed.replace(".", "").replace(",", "")


@pytest.mark.parametrize(
    ("typed", "response"),
    [
        ("1000", "1000"),
        ("1.0000", "1"),
        ("1,1250", "1.125"),
        ("0.500", "0.5"),
        ("1234,500", "1234.5"),
        ("1,5", "1.5"),
    ],
)
def test_a_number_that_can_be_one_only_is_that(typed: str, response: str, tmp_path: Path) -> None:
    question = only(tmp_path, "angka", Kunci=typed)
    assert score(question, response) == 5
    assert score(question, "1" if response != "1" else "1000") == 0


def test_a_number_of_the_program_itself_is_no_riddle(tmp_path: Path) -> None:
    question = only(tmp_path, "angka", as_xlsx, Kunci=1.125, Toleransi=0.125, Poin=1.125)
    assert score(question, "1.25") == Decimal("1.125")
    assert question.losses == ()


def test_a_text_that_looks_like_a_number_stays_what_it_is(tmp_path: Path) -> None:
    question = only(tmp_path, "isian singkat", Kunci="1.000")
    assert (score(question, "1.000"), score(question, "1")) == (5, 0)


def test_what_the_export_writes_of_a_thousandth_reads_back(tmp_path: Path) -> None:
    heads = ["Jenis", "Soal", "Opsi A", "Opsi B", "Kunci", "Toleransi"]
    sheet = as_csv(tmp_path, heads, ["angka", "Berapa?", "2.1250", "", "1.1250", "0.5"])
    import_bank(sheet, tmp_path / "bank")
    data, report = export_xlsx(read_bank(tmp_path / "bank"))
    assert report.counts["refused"] == 0
    (tmp_path / "lembar.xlsx").write_bytes(data)
    import_bank(tmp_path / "lembar.xlsx", tmp_path / "kembali")
    ours, again = (read_bank(tmp_path / name).items[0] for name in ("bank", "kembali"))
    assert ours.rule == again.rule
    assert "1.125" in str(again.rule)


def test_the_report_says_a_kind_as_the_sheet_does(tmp_path: Path) -> None:
    question = only(tmp_path, "essay", Nilai_A="3")
    (loss,) = [loss for loss in question.losses if loss.code == "cell-unused"]
    assert loss.facts["kind"] == "uraian"


def _said(code: str, value: Any) -> str:
    return shown_number(code, value).name


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("General", 5.0, Shown.PLAIN),
        ("General", 0.5, Shown.PLAIN),
        ("General", 1e11, Shown.OTHER),
        ("", 4.0, Shown.PLAIN),
        ("0%", 0.5, Shown.OTHER),
        ("0%", 1.0, Shown.OTHER),
        ("0000", 12.0, Shown.DRESSED),
        ("0000", 12345.0, Shown.PLAIN),
        ("#,##0", 500.0, Shown.PLAIN),
        ("#,##0", 5000.0, Shown.SAME),
        ("0.00", 5.0, Shown.SAME),
        ("0.00", 0.333, Shown.OTHER),
        ("0", 0.5, Shown.OTHER),
        ('"Rp" #,##0', 5000.0, Shown.DRESSED),
        ("[$Rp-421]#,##0", 5.0, Shown.DRESSED),
        ("_(* #,##0_)", 5.0, Shown.PLAIN),
        ('_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-', 500.0, Shown.PLAIN),
        ('_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-', 0.0, Shown.DRESSED),
        ("# ?/?", 0.5, Shown.OTHER),
        ("0.00E+00", 5.0, Shown.OTHER),
        ("0,", 5000.0, Shown.OTHER),
        ('0 "kg"', 5.0, Shown.DRESSED),
        ("0;(0)", -5.0, Shown.DRESSED),
        ("0", -5.0, Shown.PLAIN),
        ("#", 0.0, Shown.DRESSED),
        (";;;", 5.0, Shown.HIDDEN),
        ("0;-0;;@", 0.0, Shown.HIDDEN),
    ],
)
def test_how_a_format_shows_a_number(code: str, value: float, shown: Shown) -> None:
    assert _said(code, value) == shown.name


def test_how_formats_show_texts_and_programs_say_what_they_show() -> None:
    assert [shown_text(code) for code in ("General", "@", "0", ";;;", '"x"@', "0;-0;;@")] == [
        Shown.PLAIN, Shown.PLAIN, Shown.PLAIN, Shown.HIDDEN, Shown.DRESSED, Shown.PLAIN,
    ]  # fmt: skip
    said = [
        (5.0, "5"),
        (0.5, "0,50"),
        (1000.0, "1.000"),
        (5000.0, "Rp5.000"),
        (12.0, "0012"),
        (0.5, "50%"),
        (1.0, ""),
    ]
    assert [shown_as(*one).name for one in said] == [
        "PLAIN", "SAME", "SAME", "DRESSED", "DRESSED", "OTHER", "HIDDEN",
    ]  # fmt: skip
    assert shown_number(BUILT_IN[10], 0.5) == Shown.OTHER
