"""A booklet without its key has nothing of it: not in words, bookmarks or what is no page; with it, it stands at the end.

The strongest of these laws: banks that differ in keys, points, notes, sources and titles alone give the same bytes.
"""

import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from cbt_station.banks.bank import Bank
from cbt_station.banks.booklet.pages import export_booklet
from cbt_station.banks.exporting import export_bank
from cbt_station.errors import Refusal
from cbt_station.exam.item import HandMarked
from tests.banks.booklet.reading import BANKS, booklet, outline, pages, reader, sample, whole_pages

NAMES = ("skd-id", "general-en", "interactions")


def with_other_secrets(bank: Bank) -> Bank:
    """The same to a candidate: every rule, note, source, title and kin of an item is another."""
    items = [
        replace(
            item,
            rule=HandMarked(Decimal(7)),
            note="catatan rahasia",
            source="sumber",
            title="judul",
            enemies=None,
        )
        for item in bank.items
    ]
    stimuli = [replace(one, note="catatan rahasia", source="sumber") for one in bank.stimuli]
    return replace(bank, items=tuple(items), stimuli=tuple(stimuli))


@pytest.mark.parametrize("name", NAMES)
def test_banks_that_differ_in_what_no_candidate_sees_give_the_same_bytes(name: str) -> None:
    other, _ = export_booklet(with_other_secrets(sample(name)))
    assert booklet(name) == other


@pytest.mark.parametrize("name", NAMES)
def test_the_key_stands_at_the_end_and_every_page_of_it_is_marked(name: str, tmp_path: Path) -> None:
    mark, title = ("KEY — SECRET", "Key") if name == "general-en" else ("KUNCI — RAHASIA", "Kunci jawaban")
    without = whole_pages(booklet(name), tmp_path)
    whole = whole_pages(booklet(name, key=True), tmp_path)
    assert [at for at, page in enumerate(whole) if mark in page] == list(range(len(without), len(whole)))
    assert not any(mark in page for page in without)
    assert outline(booklet(name, key=True)) == [*outline(booklet(name)), title]
    keys = "\n".join(whole[len(without) :]).replace("\n", "")
    assert [item.id for item in sample(name).items if item.id not in keys] == []


def test_without_the_key_no_id_no_note_and_no_bookmark_tells_of_it(tmp_path: Path) -> None:
    bank = with_other_secrets(sample("skd-id"))
    data, _ = export_booklet(bank)
    text = "\n".join(whole_pages(data, tmp_path))
    assert "catatan rahasia" not in text
    assert "twk-001" not in text
    assert outline(data) == [section.title["id"] for section in bank.head.sections.values()]
    information = reader(data).trailer["/Info"]
    assert sorted(information) == ["/Author", "/CreationDate", "/Creator", "/Keywords", "/ModDate", "/Producer", "/Subject", "/Title", "/Trapped"]  # fmt: skip
    assert "/Metadata" not in reader(data).root
    assert "/Names" not in reader(data).root or "/EmbeddedFiles" not in reader(data).root["/Names"]


def test_the_questions_with_the_key_are_those_without_it(tmp_path: Path) -> None:
    without = pages(booklet("interactions"), tmp_path)
    whole = pages(booklet("interactions", key=True), tmp_path)
    assert whole[1 : len(without)] == without[1:]


def test_the_same_bank_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    found = set()
    for seed in ("1", "2"):
        target = tmp_path / f"{seed}.pdf"
        script = (
            "import sys; from pathlib import Path; from cbt_station.banks.exporting import export_bank;"
            "Path(sys.argv[2]).write_bytes(export_bank(Path(sys.argv[1]), 'booklet', key=True)[0])"
        )
        subprocess.run(
            [sys.executable, "-c", script, str(BANKS / "interactions"), str(target)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
        )
        found.add(target.read_bytes())
    assert len(found) == 1


def test_other_formats_have_no_form_without_a_key() -> None:
    with pytest.raises(Refusal) as refused:
        export_bank(BANKS / "general-en", "xlsx", key=True)
    assert refused.value.code == "export-no-key"
