"""A bank as a sheet: what a row can carry comes back unchanged, what it cannot is named or refused.

How sheets are read is tried in test_sheets.py.
"""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from cbt_station.banks import sheets
from cbt_station.banks.export_xlsx import export_xlsx
from cbt_station.banks.importing import import_bank
from cbt_station.banks.native import read_bank
from cbt_station.banks.sheet_columns import TEMPLATE
from cbt_station.banks.sheet_template import write_template
from cbt_station.banks.workbook import as_text, read_sheets
from cbt_station.exam.content import Formula
from cbt_station.exam.item import OptionScores
from tests.banks.small_bank import PLAIN, put
from tests.banks.small_bank import files as small_bank
from tests.shared import shared

BANKS = Path(__file__).parents[2] / "question_banks"


def cells(data: bytes) -> list[list[str]]:
    sheet = read_sheets(data, ".xlsx")[0]
    rows = [[as_text(cell) for cell in row] for row in sheet.cells]
    return [row + [""] * (len(TEMPLATE) - len(row)) for row in rows]


def test_a_filled_template_goes_in_and_comes_out_with_the_same_cells(tmp_path: Path) -> None:
    filled = tmp_path / "soal.xlsx"
    filled.write_bytes(write_template(".xlsx"))
    import_bank(filled, tmp_path / "bank")
    data, report = export_xlsx(read_bank(tmp_path / "bank"))
    assert report.counts == {"exact": 10, "lossy": 0, "refused": 0}
    assert sorted(row[1:] for row in cells(data)) == sorted(row[1:] for row in cells(filled.read_bytes()))


def test_a_bank_of_another_committee_comes_out_and_in_as_the_same_questions(tmp_path: Path) -> None:
    import_bank(shared("data/id-p3k-bank-soal"), tmp_path / "first")
    first = read_bank(tmp_path / "first")
    data, report = export_xlsx(first)
    assert report.counts["refused"] == 0
    (tmp_path / "soal.xlsx").write_bytes(data)
    foreign = sheets.read(tmp_path / "soal.xlsx")
    assert foreign is not None
    read = [one.item for one in foreign.questions]
    for item, back, row in zip(first.items, read, report.items, strict=True):
        assert back is not None
        assert back.rule == item.rule
        if row.outcome == "exact":
            assert back.languages["id"] == item.first


def test_formulas_stand_as_latex_and_come_back_as_formulas(tmp_path: Path) -> None:
    bank = read_bank(BANKS / "general-en")
    data, report = export_xlsx(bank)
    (tmp_path / "soal.xlsx").write_bytes(data)
    foreign = sheets.read(tmp_path / "soal.xlsx")
    assert foreign is not None
    item = bank.items[0]
    assert any(isinstance(part, Formula) for part in item.first.stem[0].content)  # type: ignore[union-attr]
    back = foreign.questions[0].item
    assert back is not None
    assert back.languages["id"].stem == item.first.stem
    assert {one.item: one.outcome for one in report.items}[item.id] == "exact"


def test_what_a_cell_cannot_say_is_refused_or_a_named_loss() -> None:
    bank = read_bank(BANKS / "general-en")
    reasons = {one.item: {reason.code for reason in one.reasons} for one in export_xlsx(bank)[1].items}
    assert reasons["numeric-007"] == {"export-block"}
    assert reasons["numeric-001"] == set()


@pytest.mark.parametrize(
    ("stem", "outcome", "reasons"),
    [
        pytest.param("x" * 40_000, "refused", ["too-long"], id="longer than a cell"),
        pytest.param("Baris\n\n&nbsp;\n\nlagi", "lossy", ["export-differs"], id="read back otherwise"),
        pytest.param(
            "Baris **tebal**\n\n&nbsp;\n\nlagi",
            "lossy",
            ["export-style", "export-differs"],
            id="read back otherwise, and bold",
        ),
    ],
)
def test_a_text_that_a_cell_does_not_give_back_is_never_called_exact(
    stem: str, outcome: str, reasons: list[str], tmp_path: Path
) -> None:
    text = PLAIN.replace("Berapa *setengah* dari $3$?", stem)
    put(tmp_path, small_bank() | {"items/tiu/tiu-001.md": text.encode()})
    items = {one.item: one for one in export_xlsx(read_bank(tmp_path))[1].items}
    assert (items["tiu-001"].outcome, [one.code for one in items["tiu-001"].reasons]) == (outcome, reasons)


def test_the_same_bank_is_the_same_file() -> None:
    bank = read_bank(BANKS / "general-en")
    assert export_xlsx(bank)[0] == export_xlsx(bank)[0]


@pytest.mark.parametrize("bank", ["general-en", "skd-id"])
def test_every_rule_of_a_sample_bank_comes_back_as_it_was(bank: str, tmp_path: Path) -> None:
    read = read_bank(BANKS / bank)
    data, report = export_xlsx(read)
    (tmp_path / "soal.xlsx").write_bytes(data)
    foreign = sheets.read(tmp_path / "soal.xlsx")
    assert foreign is not None
    kept = [item for item, row in zip(read.items, report.items, strict=True) if row.outcome != "refused"]
    assert len(kept) == len(foreign.questions)
    for item, question in zip(kept, foreign.questions, strict=True):
        assert question.item is not None
        assert isinstance(item.rule, OptionScores)
        assert question.item.rule == OptionScores(
            {name: Decimal(worth) for name, worth in item.rule.scores.items()}
        )


def test_a_set_of_items_that_ask_for_different_things_is_a_named_loss() -> None:
    bank = read_bank(BANKS / "general-en")
    kept = [one.item for one in export_xlsx(bank)[1].items if one.outcome == "exact"][:2]
    items = tuple(replace(item, enemies="satu-set") if item.id in kept else item for item in bank.items)
    report = export_xlsx(replace(bank, items=items))[1]
    reasons = {one.item: [reason.code for reason in one.reasons] for one in report.items}
    assert [reasons[item] for item in kept] == [["export-enemies"]] * 2
