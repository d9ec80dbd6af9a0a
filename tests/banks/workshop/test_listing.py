"""What a workshop lists of a bank, good or faulty, and what a filter lets through.

The faults themselves are in tests/banks/test_faults.py, the advice in tests/banks/test_lint.py.
"""

from pathlib import Path

import pytest

from cbt_station.banks import lint
from cbt_station.banks.lint import lints
from cbt_station.banks.native import faults, read_bank
from cbt_station.banks.workshop.rows import Filter, Group
from cbt_station.errors import Refusal, Trouble
from cbt_station.exam.content import Blocks, as_text
from tests.banks.small_bank import PLAIN, files, put, square
from tests.banks.workshop.bench import NAMES, at, contents, copy, edited, later, small


def ids(bank: Path, only: Filter, by: str = "Rina") -> list[str]:
    with at(bank, by) as workshop:
        return [row.id for row in workshop.rows(only)]


@pytest.mark.parametrize("name", NAMES)
def test_every_item_of_a_bank_is_a_row_with_what_it_says(name: str, tmp_path: Path) -> None:
    bank = read_bank(copy(name, tmp_path))
    with at(tmp_path / name, "Rina") as workshop:
        rows = workshop.rows()
        assert {row.id for row in rows} == {item.id for item in bank.items}
        for item in bank.items:
            row = workshop.row(item.id)
            assert (row.section, row.topic, row.level) == (item.section, item.topic, item.level)
            assert (row.file, row.languages, row.state) == (item.file, tuple(item.languages), "draft")
        assert workshop.counts() == {"draft": len(rows), "review": 0, "approved": 0}
        assert workshop.faults() == ()


@pytest.mark.parametrize("name", NAMES)
def test_the_advice_on_each_item_is_the_advice_of_the_whole_bank(name: str, tmp_path: Path) -> None:
    bank = read_bank(copy(name, tmp_path))
    of_items = {item.file for item in bank.items}
    with at(tmp_path / name, "Rina") as workshop:
        found = sorted((one for row in workshop.rows() for one in row.lints), key=str)
        assert found == sorted((one for one in lints(bank) if one.file in of_items), key=str)
        assert workshop.lints() == lints(bank)


def test_the_advice_on_items_that_ask_the_same_is_the_advice_of_the_whole_bank(tmp_path: Path) -> None:
    sets = {"tiu-100": "x", "tiu-101": "x", "tiu-102": "z", "tiu-103": "y", "aaa-100": "x"}
    texts = {
        f"items/{name}.md": PLAIN.replace("tiu-001", name).replace("key: b", f"key: b\nenemies: {group}")
        for name, group in sets.items()
    }
    folder = put(small(tmp_path), {name: text.encode() for name, text in texts.items()})
    whole = lints(read_bank(folder))
    with at(folder, "Rina") as workshop:
        for row in workshop.rows():
            assert row.lints == tuple(one for one in whole if one.file == row.file)
            assert workshop.reading(row.id, workshop.text(row.id)).lints == row.lints
        repeated = {row.id for row in workshop.rows() if "stem-repeated" in {one.code for one in row.lints}}
    assert repeated == {"tiu-001", "tiu-102", "tiu-103"}


def test_two_items_that_ask_the_same_are_named_as_soon_as_one_is_saved(tmp_path: Path) -> None:
    with at(small(tmp_path), "Rina") as workshop:
        name, text = workshop.duplicate("tiu-001")
        workshop.save(name, text, later(0), was=None)
        assert name == "tiu-003"
        assert "stem-repeated" in {lint.code for lint in workshop.row(name).lints}
        assert "stem-repeated" in {lint.code for lint in workshop.reading(name, text).lints}
        edited(workshop, "tiu-001", "setengah", "seperempat")
        assert "stem-repeated" not in {lint.code for lint in workshop.row(name).lints}


def test_twice_the_items_that_ask_the_same_are_twice_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []

    def counted(blocks: Blocks) -> str:
        read.append(blocks)
        return as_text(blocks)

    monkeypatch.setattr(lint, "as_text", counted)

    def work(copies: int) -> int:
        names = [f"tiu-{number:03d}" for number in range(100, 100 + copies)]
        texts = {f"items/tiu/{name}.md": PLAIN.replace("tiu-001", name).encode() for name in names}
        bank = put(small(tmp_path / str(copies)), texts)
        read.clear()
        with at(bank, "Rina") as workshop:
            rows = [row for row in workshop.rows() if row.id in names]
            assert all("stem-repeated" in {one.code for one in row.lints} for row in rows)
            for name in names:
                workshop.reading(name, workshop.text(name))
        return len(read)

    few, many = work(20), work(40)
    assert 0 < many <= 2 * few


def test_opening_and_looking_changes_no_file(tmp_path: Path) -> None:
    bank = small(tmp_path)
    before = contents(bank)
    with at(bank, "Rina") as workshop:
        for row in workshop.rows():
            workshop.reading(row.id, workshop.text(row.id))
            workshop.draft(workshop.text(row.id))
            workshop.versions(row.id)
            workshop.review(row.id)
        workshop.stimuli(), workshop.groups(), workshop.media(), workshop.lints()
    assert contents(bank) == before


FAULTY = {
    "items/tiu/tiu-003.md": PLAIN.replace("tiu-001", "tiu-003").replace("key: b", "key: z").encode(),
    "items/tiu/tiu-004.md": b"\xff\xfe tidak UTF-8",
    "items/tiu/dua kata.md": PLAIN.encode(),
    "items/lain/tiu-001.md": PLAIN.encode(),
    "items/tiu/catatan.txt": b"bukan soal",
    "media/Foto.PNG": square(),
}


def test_a_bank_with_faults_opens_and_each_fault_is_at_its_row(tmp_path: Path) -> None:
    bank = put(small(tmp_path), FAULTY)
    with at(bank, "Rina") as workshop:
        rows = {row.id: row for row in workshop.rows()}
        assert set(rows) == {
            "tiu-001", "tiu-002", "tiu-003", "tiu-004", "tkp-001", "items/tiu/dua kata.md", "items/tiu/tiu-001.md",
        }  # fmt: skip
        assert {one: [fault.code for fault in row.faults] for one, row in rows.items() if row.faults} == {
            "tiu-003": ["key-of-no-option"],
            "tiu-004": ["not-utf-8"],
            "items/tiu/dua kata.md": ["id-malformed"],
            "items/tiu/tiu-001.md": ["item-twice"],
        }
        assert workshop.faults() == faults(bank)
        assert {fault.code for fault in workshop.faults()} >= {"stray-file", "picture-name"}
        assert (rows["tiu-003"].section, rows["tiu-003"].kinds) == ("TIU", ("choice",))
        assert rows["tiu-003"].first_words == "Berapa setengah dari $3$?"
        assert workshop.text("tiu-004").startswith("\ufffd")


def test_an_item_whose_name_is_none_is_mended_by_renaming_it(tmp_path: Path) -> None:
    bank = put(
        small(tmp_path), {"items/tiu/dua kata.md": PLAIN.encode(), "items/lain/tiu-001.md": PLAIN.encode()}
    )
    with at(bank, "Rina") as workshop:
        with pytest.raises(Refusal, match="workshop-id-malformed"):
            edited(workshop, "items/tiu/dua kata.md", "setengah", "sepertiga")
        workshop.rename("items/tiu/dua kata.md", "tiu-010", later(0))
        workshop.rename("items/tiu/tiu-001.md", "tiu-011", later(1))
        assert workshop.faults() == ()
    assert faults(bank) == ()


def test_a_bank_whose_head_has_faults_still_opens(tmp_path: Path) -> None:
    bank = put(small(tmp_path), {"bank.yaml": b"id: x\n"})
    with at(bank, "Rina") as workshop:
        assert workshop.head is None
        assert [row.id for row in workshop.rows()] == ["tiu-001", "tiu-002", "tkp-001"]
        assert workshop.lints() == ()
        with pytest.raises(Refusal, match="workshop-head-faulty"):
            workshop.new_item("TIU")


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        pytest.param(Filter(section="TKP"), ["tkp-001"], id="a section"),
        pytest.param(Filter(topic="hitung"), ["tiu-002"], id="a topic"),
        pytest.param(Filter(level="mudah"), ["tiu-001", "tkp-001"], id="a level"),
        pytest.param(Filter(kind="choice"), ["tiu-001", "tiu-002", "tkp-001"], id="a kind"),
        pytest.param(Filter(kind="match"), [], id="a kind that no item has"),
        pytest.param(Filter(state="draft"), ["tiu-001", "tiu-002", "tkp-001"], id="a state"),
        pytest.param(Filter(stimulus="teks"), ["tiu-002"], id="a stimulus"),
        pytest.param(Filter(stimulus="-"), ["tiu-001", "tkp-001"], id="without a stimulus"),
        pytest.param(Filter(enemies="-"), ["tiu-001", "tiu-002", "tkp-001"], id="without enemies"),
        pytest.param(Filter(language_missing="en"), ["tiu-001", "tkp-001"], id="a language that is missing"),
        pytest.param(Filter(text="BERAPA setengah"), ["tiu-001"], id="words in any case and order"),
        pytest.param(Filter(text="tkp-0"), ["tkp-001"], id="a piece of the id"),
        pytest.param(Filter(only_faulty=True), [], id="only faulty"),
        pytest.param(Filter(only_linted=True), ["tiu-001", "tkp-001"], id="only with advice"),
        pytest.param(Filter(section="TIU", level="sulit"), ["tiu-002"], id="two at once"),
    ],
)
def test_a_filter_shows_what_fits(only: Filter, expected: list[str], tmp_path: Path) -> None:
    assert ids(small(tmp_path), only) == expected


def test_my_vote_is_asked_for_once_and_never_for_my_own_text(tmp_path: Path) -> None:
    bank, only = small(tmp_path), Filter(only_my_vote=True)
    with at(bank, "Rina") as workshop:
        edited(workshop, "tiu-001", "setengah", "separuh")
        workshop.submit("tiu-001", later(1))
    assert ids(bank, only, "Rina") == []
    assert ids(bank, only, "Agus") == ["tiu-001"]
    with at(bank, "Agus") as workshop:
        workshop.vote("tiu-001", "for", "", later(2), on=workshop.review("tiu-001").on)
    assert ids(bank, only, "agus") == []


def test_stimuli_groups_and_media_say_who_names_them(tmp_path: Path) -> None:
    bank = put(
        small(tmp_path),
        {
            f"items/tkp/tkp-00{number}.md": files()["items/tkp/tkp-001.md"]
            .replace(b"tkp-001", f"tkp-00{number}".encode())
            .replace(b"fixed:", b"enemies: sama\nfixed:")
            for number in (2, 3)
        },
    )
    with at(bank, "Rina") as workshop:
        assert [(one.id, one.items, one.languages) for one in workshop.stimuli()] == [
            ("teks", ("tiu-002",), ("id", "en"))
        ]
        assert workshop.groups() == (
            Group("enemies", "sama", ("tkp-002", "tkp-003")),
            Group("stimulus", "teks", ("tiu-002",)),
        )
        media = {one.name: one for one in workshop.media()}
        assert media["persegi.png"].items == media["lingkaran.svg"].items == ("tiu-002",)
        assert media["persegi.png"].data == square()


def test_a_preview_has_everything_that_the_station_draws(tmp_path: Path) -> None:
    with at(small(tmp_path), "Rina") as workshop:
        reading = workshop.reading("tiu-002", workshop.text("tiu-002"))
    assert reading.shown
    assert reading.stimulus
    assert reading.rule
    assert list(reading.shown.languages) == ["id", "en"]
    assert {"persegi.png", "lingkaran.svg"} < set(reading.media)
    assert any(
        name.startswith("f-") or name.endswith(".svg") for name in set(reading.media) - {"lingkaran.svg"}
    )


def test_a_preview_of_a_text_with_faults_names_them_and_writes_nothing(tmp_path: Path) -> None:
    bank = small(tmp_path)
    with at(bank, "Rina") as workshop:
        text = workshop.text("tiu-002").replace("![Persegi hitam]", "![]")
        reading = workshop.reading("tiu-002", text)
        assert (reading.shown, [fault.code for fault in reading.faults]) == (None, ["picture-without-alt"])
        assert workshop.reading("baru", "bukan soal").faults[0].code == "head-missing"
        assert workshop.reading("tiu-001", "\ud800").faults[0].code == "not-utf-8"


def test_one_bank_is_open_once(tmp_path: Path) -> None:
    bank = small(tmp_path)
    with at(bank, "Rina"), pytest.raises(Trouble, match="bank-in-use"), at(bank, "Agus"):
        pass
    with at(bank, "Agus"):
        pass


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "Ri\u202ena", "a\nb\x00"])
def test_a_person_has_a_name_that_can_be_read(name: str, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="reviewer-name"), at(small(tmp_path), name):
        pass


def test_a_folder_that_is_not_there_is_trouble(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="bank-not-there"), at(tmp_path / "tidak-ada", "Rina"):
        pass
    assert not (tmp_path / "tidak-ada").exists()
