"""Foreign questions into a bank that is there, all or nothing; and the bank out again without its reviews.

How each format is read is in tests/banks/test_gift.py and its neighbours; what an export carries in test_export_qti3.py.
"""

from pathlib import Path
from typing import Any

import pytest

from cbt_station.banks.bank import BankHead
from cbt_station.banks.compiling import compile_bank
from cbt_station.banks.export_report import ExportReport
from cbt_station.banks.exporting import FORMATS, export_bank
from cbt_station.banks.faults import FaultList
from cbt_station.banks.native import faults, read_bank, read_head
from cbt_station.banks.workshop import workshop as workshop_face
from cbt_station.banks.workshop.disk import write_new
from cbt_station.banks.workshop.head_edit import extended
from cbt_station.banks.workshop.history import History
from cbt_station.banks.workshop.importing import ItemsImported
from cbt_station.banks.workshop.workshop import Workshop
from cbt_station.banks.writing import head_text
from cbt_station.errors import Refusal, Trouble
from tests.banks.small_bank import HEAD, files, put, square
from tests.banks.workshop.bench import BANKS, NAMES, NINE, at, contents, copy, edited, later, small
from tests.banks.workshop.test_power_cut import PowerCut, failing

GIFT = """\
$CATEGORY: TIU

::satu:: Berapa 2 + 2? {=4 ~3 ~5}

::dua:: Berapa 3 + 3? {=6 ~5 ~7}
"""


def source(folder: Path, text: str = GIFT) -> Path:
    path = folder / "soal.gift"
    path.write_text(text, encoding="utf-8")
    return path


def bring(bank: Path, path: Path, **sections: str) -> ItemsImported:
    with at(bank, "Rina") as workshop:
        return workshop.import_(path, NINE, sections=sections)


def test_foreign_questions_come_in_as_drafts_with_who_brought_them(tmp_path: Path) -> None:
    bank = small(tmp_path)
    before = read_bank(bank)
    found = bring(bank, source(tmp_path))
    assert found.report.counts == {"exact": 2, "lossy": 0, "refused": 0}
    after = read_bank(bank)
    new = [item for item in after.items if item.id in found.items.values()]
    assert [item for item in after.items if item not in new] == list(before.items)
    assert {item.section for item in new} == {"TIU"}
    with at(bank, "Agus") as workshop:
        for item in new:
            row = workshop.row(item.id)
            assert (row.state, row.author, row.faults) == ("draft", "Rina", ())
            assert workshop.versions(item.id)[-1].deed == "imported"


def test_where_a_foreign_section_goes_is_proposed_by_name_by_title_or_because_there_is_one_alone(
    tmp_path: Path,
) -> None:
    text = GIFT.replace("CATEGORY: TIU", "CATEGORY: Tes Lain")
    two = small(tmp_path)
    alone = put(tmp_path / "satu", {"bank.yaml": HEAD.partition("  TKP:")[0].encode()})
    before = contents(two)
    for bank, asked, ours, same in (
        (two, GIFT, "TIU", True),
        (two, text, "", False),
        (two, text.replace("Tes Lain", "Pribadi"), "TKP", False),
        (alone, text, "TIU", False),
    ):
        with at(bank, "Rina") as workshop:
            (section,) = workshop.bring(source(tmp_path, asked)).sections
        assert (section.ours, section.is_same, section.items) == (ours, same, 2)
    assert contents(two) == before


def test_what_the_head_lacks_is_added_to_it_and_its_other_lines_stay(tmp_path: Path) -> None:
    bank = copy("general-en", tmp_path)
    before = (bank / "bank.yaml").read_text()
    found = bring(bank, source(tmp_path, GIFT.replace("TIU", "Sejarah")))
    after = (bank / "bank.yaml").read_text()
    assert found.sections_added == ("sejarah",)
    assert [line for line in before.split("\n") if line not in after.split("\n")] == ["languages: [en]"]
    assert found.languages_added == ("id",)
    assert faults(bank) == ()


def test_the_caller_says_which_language_they_are_in(tmp_path: Path) -> None:
    bank = copy("general-en", tmp_path)
    with at(bank, "Rina") as workshop:
        found = workshop.import_(source(tmp_path), NINE, language="en")
        assert found.languages_added == ()
        assert {workshop.row(item).languages for item in found.items.values()} == {("en",)}
        with pytest.raises(Refusal, match="export-language"):
            workshop.import_(source(tmp_path), NINE, language="fr")
    assert faults(bank) == ()


def test_the_caller_says_which_section_takes_them(tmp_path: Path) -> None:
    bank = small(tmp_path)
    text = GIFT.replace("TIU", "Sejarah")
    found = bring(bank, source(tmp_path, text), sejarah="TKP")
    assert {item.section for item in read_bank(bank).items if item.id in found.items.values()} == {"TKP"}
    assert (found.sections_added, found.topics_added) == ((), ("umum",))
    with pytest.raises(Refusal, match="workshop-section-unknown"):
        bring(bank, source(tmp_path, text), sejarah="LAIN")


def test_the_same_source_twice_gets_other_ids(tmp_path: Path) -> None:
    bank = small(tmp_path)
    first, second = bring(bank, source(tmp_path)), bring(bank, source(tmp_path))
    assert set(first.items) == set(second.items)
    assert not set(first.items.values()) & set(second.items.values())
    assert len(read_bank(bank).items) == 7


def package(folder: Path, name: str, **changed: bytes) -> Path:
    """A QTI package of a bank, from the bank itself."""
    own = put(folder / name, files() | {file.replace("__", "/"): data for file, data in changed.items()})
    path = folder / f"{name}.zip"
    path.write_bytes(export_bank(own, "qti3")[0])
    return path


def test_shared_texts_and_pictures_come_along_under_names_that_are_free(tmp_path: Path) -> None:
    bank = small(tmp_path)
    path = tmp_path / "lain.zip"
    red = put(tmp_path / "lain", files())
    (red / "media/persegi.png").write_bytes(square("red"))
    path.write_bytes(export_bank(red, "qti3")[0])
    found = bring(bank, path)
    assert found.items == {"tiu-001": "tiu-001-2", "tiu-002": "tiu-002-2", "tkp-001": "tkp-001-2"}
    assert found.stimuli == {"teks": "teks-2"}
    assert found.media == {"persegi.png": "persegi-2.png"}
    read = {item.id: item for item in read_bank(bank).items}
    assert read["tiu-002-2"].stimulus == "teks-2"
    assert read["tiu-002-2"].rule == read["tiu-002"].rule
    assert (bank / "media/persegi.png").read_bytes() == square()
    assert (bank / "media/persegi-2.png").read_bytes() == square("red")
    assert "persegi-2.png" in (bank / "items/tiu/tiu-002-2.md").read_text()


@pytest.mark.parametrize("name", NAMES)
def test_every_sample_bank_comes_into_another_one_whole(name: str, tmp_path: Path) -> None:
    path = tmp_path / "paket.zip"
    path.write_bytes(export_bank(BANKS / name, "qti3")[0])
    bank = small(tmp_path)
    found = bring(bank, path)
    theirs = {item.id: item for item in read_bank(BANKS / name).items}
    ours = {item.id: item for item in read_bank(bank).items}
    assert set(found.items) == set(theirs)
    for old, new in found.items.items():
        assert (ours[new].rule, ours[new].languages) == (
            theirs[old].rule,
            theirs[old].languages,
        ) or found.media


def test_a_source_that_holds_nothing_changes_nothing(tmp_path: Path) -> None:
    bank = small(tmp_path)
    before = contents(bank)
    for text in ("", "bukan soal", "::x:: Berapa? {=4 ~"):
        with pytest.raises(Refusal):
            bring(bank, source(tmp_path, text))
    with pytest.raises(Trouble, match="import-source-not-there"):
        bring(bank, tmp_path / "tidak-ada")
    assert contents(bank) == before


@pytest.mark.parametrize("how", ["before", "dead"])
def test_an_import_that_fails_anywhere_has_not_happened(how: str, tmp_path: Path) -> None:
    """Every fourth operation, because there are many alike; the next opening takes back what the machine could not."""
    path = source(tmp_path, GIFT.replace("TIU", "Sejarah"))
    nth, happened = -3, True
    while happened:
        nth += 4
        bank = put(tmp_path / str(nth), {file: data for file, data in files().items() if "002" not in file})
        before = {file: data for file, data in contents(bank).items() if not file.startswith("history/")}
        with at(bank, "Rina") as workshop, failing(nth, how) as disk:  # type: ignore[arg-type]
            done = _tried(workshop, path)
            if not done and how == "before":
                assert len(workshop.rows()) == 2
        with at(bank, "Rina") as workshop:
            after = {file: data for file, data in contents(bank).items() if not file.startswith("history/")}
            assert done or disk.happened
            assert faults(bank) == ()
            assert after == before or len(workshop.rows()) == 4
            assert not (bank / "history/importing.yaml").exists()
            if after == before:
                found = workshop.import_(path, NINE)
                assert set(found.items) == set(found.items.values())
        happened = disk.happened
    assert nth > 40


def _tried(workshop: Workshop, path: Path) -> bool:
    try:
        workshop.import_(path, NINE)
    except (Trouble, PowerCut):
        return False
    return True


def test_a_file_that_somebody_changed_since_is_not_taken_back(tmp_path: Path) -> None:
    bank = small(tmp_path)
    with at(bank, "Rina"):
        pass
    hash_of_nothing = "0" * 64
    note = f"head: {hash_of_nothing}\nfiles:\n  items/tiu/tiu-001.md: {hash_of_nothing}\n  ../luar.md: {hash_of_nothing}\n"
    (tmp_path / "luar.md").write_text("tetap")
    put(bank, {"history/importing.yaml": note.encode(), "history/importing-bank.yaml": b"lama"})
    with at(bank, "Rina") as workshop:
        assert len(workshop.rows()) == 3
    assert (tmp_path / "luar.md").read_text() == "tetap"
    assert not (bank / "history/importing.yaml").exists()


def head(text: str) -> BankHead:
    found = read_head(text, FaultList())
    assert found
    return found


LISTS = """\
# Bank kami
id: kecil
title: {id: Bank kecil}
languages:
  - id # utama
sections:
  # bagian pertama
  TIU:
    title: {id: Inteligensia}
    right: 5
    topics: [deret,
      "hitung"]   # dua
    levels: [mudah]
licence: CC0-1.0  # bebas
author: Penguji
"""


def test_a_head_grows_line_by_line() -> None:
    wanted = HEAD.replace("languages: [id, en]", "languages: [id, en, jv]")
    wanted = wanted.replace("[deret, hitung]", "[deret, hitung, umum]").replace("[mudah]", "[mudah, umum]")
    assert extended(HEAD, head(wanted)) == wanted


def test_a_head_keeps_its_comments_and_its_style() -> None:
    bigger = LISTS.replace("- id # utama", "- id # utama\n  - en").replace('"hitung"]', '"hitung", umum]')
    bigger = bigger.replace(
        "levels: [mudah]\n",
        "levels: [mudah]\n  LAIN:\n    title: {id: Lain}\n    topics: [umum]\n    levels: [umum]\n",
    )
    assert extended(LISTS, head(bigger)) == bigger


def test_a_head_whose_lines_cannot_be_kept_is_refused_or_written_anew() -> None:
    flow = 'id: x\ntitle: {id: X}\nlicence: a\nauthor: b\nlanguages: [id]\nsections: {A: {title: {id: A}, topics: [t, "a\\u0062"], levels: [t]}}\n'
    wanted = head(flow.replace('"a\\u0062"]', '"a\\u0062", u]'))
    assert extended(flow, wanted) == head_text(wanted)
    with pytest.raises(Refusal, match="workshop-head-not-extended"):
        extended("# catatan\n" + flow, wanted)


def reviewed(folder: Path, name: str) -> Path:
    """A bank with history, reviews and settings, whose texts are what they were."""
    bank = copy(name, folder)
    with at(bank, "Rina") as workshop:
        item = workshop.rows()[0].id
        edited(workshop, item, f"id: {item}", f"id: {item} ", 1)
        workshop.restore(item, 1, later(2))
        workshop.submit(item, later(3))
    put(bank, {"workshop.yaml": b"approvals_needed: 1\n"})
    with at(bank, "Agus") as workshop:
        workshop.vote(item, "for", "", later(4), on=workshop.review(item).on)
        workshop.approve(item, later(5))
    return bank


@pytest.mark.parametrize("to", FORMATS)
@pytest.mark.parametrize("name", ["general-en", "interactions"])
def test_a_bank_goes_out_the_same_with_reviews_as_without(name: str, to: str, tmp_path: Path) -> None:
    bank = reviewed(tmp_path, name)
    with at(bank, "Rina") as workshop:
        report = workshop.export(to, tmp_path / "keluar")
        assert isinstance(report, ExportReport)
        assert workshop.counts()["approved"] == 1
        with pytest.raises(Refusal, match="file-exists"):
            workshop.export(to, tmp_path / "keluar")
    data = export_bank(BANKS / name, to)[0]
    assert (tmp_path / "keluar").read_bytes() == data
    assert compile_bank(read_bank(bank)).edition == compile_bank(read_bank(BANKS / name)).edition


def test_a_file_that_was_made_while_the_export_was_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "keluar.xlsx"

    def slow(*args: Any, **named: Any) -> tuple[bytes, ExportReport]:
        target.write_bytes(b"milik orang lain")
        return export_bank(*args, **named)

    monkeypatch.setattr(workshop_face, "export_bank", slow)
    with at(small(tmp_path), "Rina") as workshop, pytest.raises(Refusal, match="file-exists"):
        workshop.export("xlsx", target)
    assert target.read_bytes() == b"milik orang lain"


@pytest.mark.parametrize("nth", range(1, 8))
def test_an_export_that_fails_leaves_no_file_that_looks_like_one(nth: int, tmp_path: Path) -> None:
    target = tmp_path / "keluar.xlsx"
    with failing(nth, "before") as disk:
        try:
            write_new(target, b"isi")
        except Trouble:
            assert not target.exists()
        else:
            assert target.read_bytes() == b"isi"
    assert disk.happened == (nth <= 6)


def test_who_is_no_reader_of_ours_still_reads_the_history(tmp_path: Path) -> None:
    bank = reviewed(tmp_path, "general-en")
    (item,) = History(bank).names("item")
    assert (bank / f"history/items/{item}/0001.md").read_text() == next(
        (BANKS / "general-en").rglob(f"{item}.md")
    ).read_text()
    assert (bank / f"history/items/{item}/0001.yaml").read_text().startswith("deed: saved\nby: Rina\nat: ")
