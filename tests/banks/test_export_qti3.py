"""A bank as a QTI 3 package: it comes back byte for byte, and its items are whole without what we put beside them.

How QTI is read is tried in tests/banks/qti, what other programs changed in a package in test_returning.py.
"""

import io
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from cbt_station.banks.compiling import compile_bank
from cbt_station.banks.exporting import export_bank
from cbt_station.banks.importing import import_bank
from cbt_station.banks.native import read_bank
from cbt_station.banks.qti import reading
from tests.banks.packages import BANKS, package, texts
from tests.banks.small_bank import files, put
from tests.shared import shared

SAMPLES = sorted(path.parent.name for path in BANKS.glob("*/bank.yaml"))


@pytest.mark.parametrize("bank", SAMPLES)
def test_a_sample_bank_comes_back_byte_for_byte(bank: str, tmp_path: Path) -> None:
    report = import_bank(package(BANKS / bank, tmp_path), tmp_path / "back")
    assert texts(tmp_path / "back") == texts(BANKS / bank)
    assert report.counts == {"exact": len(report.questions), "lossy": 0, "refused": 0}
    assert compile_bank(read_bank(tmp_path / "back")).edition == compile_bank(read_bank(BANKS / bank)).edition


def test_a_bank_in_two_languages_with_a_shared_text_comes_back_byte_for_byte(tmp_path: Path) -> None:
    put(tmp_path / "first", files())
    import_bank(package(tmp_path / "first", tmp_path), tmp_path / "back")
    assert texts(tmp_path / "back") == texts(tmp_path / "first")


@pytest.mark.parametrize("bank", ["skd-id", "general-en"])
def test_items_are_whole_without_our_own_files(bank: str, tmp_path: Path) -> None:
    def bare(name: str, data: bytes) -> bytes | None:
        return None if name.startswith("cbt-station/") else data

    foreign = reading.read(package(BANKS / bank, tmp_path, bare))
    assert foreign is not None
    read = {one.item.id: one.item for one in foreign.questions if one.item is not None and not one.losses}
    for item in read_bank(BANKS / bank).items:
        assert read[item.id].languages == item.languages
        assert read[item.id].rule == item.rule
    import_bank(tmp_path / "bank.zip", tmp_path / "back")
    assert [one.first for one in read_bank(tmp_path / "back").items] == [
        one.first for one in read_bank(BANKS / bank).items
    ]


def test_the_same_bank_is_the_same_package() -> None:
    assert export_bank(BANKS / "general-en", "qti3")[0] == export_bank(BANKS / "general-en", "qti3")[0]


def test_a_test_draws_as_the_blueprint_does(tmp_path: Path) -> None:
    data, _ = export_bank(BANKS / "skd-id", "qti3")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("tests/skd-2024.xml"))
    drawn = [int(str(one.get("select"))) for one in root.iter("{*}qti-selection")]
    assert next(root.iter("{*}qti-time-limits")).get("max-time") == "6000"
    assert len(drawn) > 3
    assert sum(drawn) <= 110


@pytest.mark.parametrize("examples", ["qtiv3-examples", "qtiv2p2-examples"])
def test_every_example_of_the_standard_that_came_in_comes_back_byte_for_byte(
    examples: str, tmp_path: Path
) -> None:
    import_bank(shared(f"data/1edtech-qti-examples/{examples}"), tmp_path / "first")
    import_bank(package(tmp_path / "first", tmp_path), tmp_path / "back")
    assert texts(tmp_path / "back") == texts(tmp_path / "first")
    report = export_bank(tmp_path / "first", "qti3")[1]
    assert report.counts == {"exact": len(report.items), "lossy": 0, "refused": 0}


def test_what_other_readers_of_qti_do_not_see_is_named() -> None:
    report = export_bank(BANKS / "interactions", "qti3")[1]
    named = {one.item: {reason.code for reason in one.reasons} for one in report.items if one.reasons}
    assert named == {
        "composite-1": {"qti-shuffle-dropped", "export-qti-shown"},
        "composite-2": {"qti-shuffle-dropped", "export-qti-shown"},
        "extended-text-1": {"export-qti-shown"},
        "graphic-gap-match-1": {"export-qti-shown"},
        "graphic-gap-match-2": {"export-qti-shown"},
        "slider-2": {"export-qti-step", "export-qti-shown"},
        "text-2": {"export-qti-shown"},
    }


@pytest.mark.parametrize("name", ["format_soal.docx", "format_soal_akm.docx"])
def test_a_word_template_goes_in_and_out_as_the_same_bank(name: str, tmp_path: Path) -> None:
    found = next(shared("data/garudacbt-word-templates").rglob(name))
    import_bank(found, tmp_path / "first")
    import_bank(package(tmp_path / "first", tmp_path), tmp_path / "back")
    assert texts(tmp_path / "back") == texts(tmp_path / "first")
