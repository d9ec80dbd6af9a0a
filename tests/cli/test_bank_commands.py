"""What `bank import` and `bank export` tell a person: every loss with its place, and where the report lies.

What becomes of each question is tested in tests/banks.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.commands import Ran, command

BANKS = Path(__file__).resolve().parents[2] / "question_banks"
Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return lambda *arguments: command(capsys, *arguments)


def test_an_import_names_what_was_refused_and_where_its_report_lies(run: Run, tmp_path: Path) -> None:
    good = {"pertanyaan": "Dua kali dua?", "pilihan": ["3", "4"], "jawaban": 1}
    bad = {"pertanyaan": "Tiga kali tiga?", "pilihan": ["6", "9"], "jawaban": 7}
    (tmp_path / "soal.json").write_text(json.dumps({"hitung": [good, bad]}))
    said = run("--lang", "en", "bank", "import", tmp_path / "soal.json", tmp_path / "bank")
    assert said.code == 0
    assert "hitung[1]: " in said.err
    assert "hitung[0]" not in said.err
    assert str(tmp_path / "bank" / "import-report.md") in said.err


def test_a_package_of_ours_comes_back_without_a_word_of_a_report_that_is_not_there(
    run: Run, tmp_path: Path
) -> None:
    run("bank", "export", BANKS / "general-en", tmp_path / "bank.zip", "--to", "qti3")
    said = run("bank", "import", tmp_path / "bank.zip", tmp_path / "bank")
    assert (said.code, list((tmp_path / "bank").glob("*.md"))) == (0, [])
    assert "import-report" not in said.err


def test_an_export_that_can_carry_nothing_says_why(run: Run, tmp_path: Path) -> None:
    bank = shutil.copytree(BANKS / "interactions", tmp_path / "bank")
    for item in (bank / "items").rglob("*.md"):
        if not item.stem.startswith("hotspot"):  # a sheet has no row for it
            item.unlink()
    said = run("--lang", "en", "bank", "export", bank, tmp_path / "x.xlsx", "--to", "xlsx", "--json")
    assert (said.code, said.json["code"]) == (1, "export-nothing")
    assert "hotspot-1" in said.json["message"]
    assert not (tmp_path / "x.xlsx").exists()


def test_a_check_says_where_the_items_of_a_reviewed_bank_stand(run: Run, tmp_path: Path) -> None:
    bank = shutil.copytree(BANKS / "general-en", tmp_path / "bank")
    assert "states" not in run("bank", "check", bank, "--json").json
    item = sorted((bank / "items").rglob("*.md"))[0].stem
    (bank / "reviews").mkdir()
    (bank / f"reviews/{item}.yaml").write_text("state: review\n")
    (bank / "reviews/rusak.yaml").write_text("state: review\n")
    said = run("--lang", "en", "bank", "check", bank, "--json")
    assert (said.code, said.json["states"]) == (0, {"draft": 27, "review": 1, "approved": 0})
    assert f"Item {item} is not approved (state: review)." in said.json["lints"]
    (bank / f"reviews/{item}.yaml").write_text("state: jadi\n")
    told = run("--lang", "en", "bank", "check", bank)
    assert f"reviews/{item}.yaml:1: " in told.err
    assert "28 drafts, 0 in review, 0 approved" in told.err
