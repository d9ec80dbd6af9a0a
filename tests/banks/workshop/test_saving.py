"""Work is never lost: what saving writes, refuses and keeps.

A power cut in the middle is played in test_power_cut.py; votes and states are in test_reviews.py.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from cbt_station.banks.native import faults, read_bank
from cbt_station.banks.workshop.workshop import Workshop
from cbt_station.errors import Refusal
from tests.banks.small_bank import CIRCLE, PLAIN, put, square
from tests.banks.workshop.bench import at, contents, edited, later, small


def test_what_is_saved_is_the_text_that_a_person_could_have_written(tmp_path: Path) -> None:
    bank = small(tmp_path)
    with at(bank, "Rina") as workshop:
        edited(workshop, "tiu-001", "setengah", "separuh")
    assert (bank / "items/tiu/tiu-001.md").read_text() == PLAIN.replace("setengah", "separuh")
    assert read_bank(bank).items[0].id == "tiu-001"


def test_every_earlier_text_is_kept_with_who_wrote_it_and_when(tmp_path: Path) -> None:
    bank = small(tmp_path)
    with at(bank, "Rina") as workshop:
        edited(workshop, "tiu-001", "setengah", "separuh", 1)
    with at(bank, "Agus") as workshop:
        edited(workshop, "tiu-001", "separuh", "sepertiga", 2)
        versions = workshop.versions("tiu-001")
        assert [(one.number, one.by, one.deed, one.at) for one in versions] == [
            (1, "", None, None), (2, "Rina", "saved", later(1)), (3, "Agus", "saved", later(2)),
        ]  # fmt: skip
        assert [one.is_current for one in versions] == [False, False, True]
        texts = [workshop.version_text("tiu-001", one.number) for one in versions]
        assert texts == [PLAIN, PLAIN.replace("setengah", "separuh"), PLAIN.replace("setengah", "sepertiga")]
        assert workshop.row("tiu-001").author == "Agus"
        changed = [(one.mark, one.text) for one in workshop.differences("tiu-001", 1, 3) if one.mark != " "]
    assert changed == [("-", "Berapa *setengah* dari $3$?"), ("+", "Berapa *sepertiga* dari $3$?")]
    assert (bank / "history/items/tiu-001/0001.md").read_text() == PLAIN


def test_an_earlier_text_comes_back_as_a_new_version(tmp_path: Path) -> None:
    with at(small(tmp_path), "Rina") as workshop:
        edited(workshop, "tiu-001", "setengah", "separuh", 1)
        workshop.restore("tiu-001", 1, later(2))
        assert workshop.text("tiu-001") == PLAIN
        assert [one.deed for one in workshop.versions("tiu-001")] == [None, "saved", "restored"]
        workshop.restore("tiu-001", 3, later(3))
        assert len(workshop.versions("tiu-001")) == 3
        with pytest.raises(Refusal, match="workshop-version-unknown"):
            workshop.restore("tiu-001", 9, later(4))


def test_the_same_text_again_is_no_version(tmp_path: Path) -> None:
    bank = small(tmp_path)
    before = contents(bank)
    with at(bank, "Rina") as workshop:
        edited(workshop, "tiu-001", "setengah", "setengah")
    assert contents(bank) == before


def test_a_file_that_was_changed_outside_is_left_alone_and_then_seen(tmp_path: Path) -> None:
    bank = small(tmp_path)
    by_hand = PLAIN.replace("setengah", "seperempat")
    with at(bank, "Rina") as workshop:
        was = workshop.text_hash("tiu-001")
        put(bank, {"items/tiu/tiu-001.md": by_hand.encode()})
        with pytest.raises(Refusal, match="workshop-changed-meanwhile") as refused:
            workshop.save("tiu-001", PLAIN.replace("setengah", "separuh"), later(1), was=was)
        assert workshop.text("tiu-001") == by_hand
        assert refused.value.facts["hash"] == workshop.text_hash("tiu-001")
        workshop.save("tiu-001", PLAIN, later(2), was=workshop.text_hash("tiu-001"))
        assert [workshop.version_text("tiu-001", number) for number in (1, 2)] == [by_hand, PLAIN]
        (bank / "items/tiu/tiu-001.md").unlink()
        with pytest.raises(Refusal, match="workshop-changed-meanwhile"):
            workshop.save("tiu-001", by_hand, later(3), was=was)


def test_a_text_with_faults_is_saved_and_said_to_be_faulty(tmp_path: Path) -> None:
    bank = small(tmp_path)
    with at(bank, "Rina") as workshop:
        edited(workshop, "tiu-001", "- [b]", "- b")
        assert [fault.code for fault in workshop.row("tiu-001").faults] == [
            "key-of-no-option",
            "option-without-id",
        ]
    assert "- b $" in (bank / "items/tiu/tiu-001.md").read_text()
    assert faults(bank)


@pytest.mark.parametrize(
    ("name", "text", "was", "code"),
    [
        pytest.param("tiu-001", PLAIN, None, "workshop-item-exists", id="a new one over another"),
        pytest.param(
            "TIU-001", PLAIN, None, "workshop-item-exists", id="a new one whose id differs in letters"
        ),
        pytest.param("../luar", PLAIN, None, "workshop-id-malformed", id="a way out of the folder"),
        pytest.param("a/b", PLAIN, None, "workshop-id-malformed", id="a folder in an id"),
        pytest.param("tiu-009", "\ud800", None, "workshop-text-unwritable", id="half a character"),
        pytest.param("tiu-009", "x" * (1 << 20) + "x", None, "workshop-text-too-large", id="far too large"),
        pytest.param("tiu-009", PLAIN, "0" * 64, "workshop-item-unknown", id="an old one that is not there"),
    ],
)
def test_what_cannot_be_saved_changes_nothing(
    name: str, text: str, was: str | None, code: str, tmp_path: Path
) -> None:
    bank = small(tmp_path)
    before = contents(bank)
    with at(bank, "Rina") as workshop, pytest.raises(Refusal, match=code):
        workshop.save(name, text, later(0), was=was)
    assert contents(bank) == before
    assert not (tmp_path / "luar.md").exists()


def test_a_new_item_lies_where_its_section_lies_and_its_id_goes_on(tmp_path: Path) -> None:
    bank = small(tmp_path)
    with at(bank, "Rina") as workshop:
        draft = workshop.new_item("TIU")
        row = workshop.save(draft.id, workshop.draft_text(draft), later(0), was=None)
        assert row
        assert (row.id, row.file, row.author) == ("tiu-003", "items/tiu/tiu-003.md", "Rina")
        for section, kind in (("LAIN", "choice"), ("TIU", "tari")):
            with pytest.raises(Refusal, match=r"workshop-(section|kind)-unknown"):
                workshop.new_item(section, kind)


def test_a_deleted_item_is_in_the_history_and_comes_back(tmp_path: Path) -> None:
    bank = small(tmp_path)
    with at(bank, "Rina") as workshop:
        workshop.delete("tiu-001", later(1))
        assert workshop.deleted() == ("tiu-001",)
        assert not (bank / "items/tiu/tiu-001.md").exists()
        assert [one.is_current for one in workshop.versions("tiu-001")] == [False]
        assert workshop.new_item("TIU").id == "tiu-003"
        workshop.restore("tiu-001", 1, later(2))
        assert (workshop.deleted(), workshop.text("tiu-001")) == ((), PLAIN)


def test_a_renamed_item_keeps_its_versions_and_earlier_texts_come_back_under_its_new_id(
    tmp_path: Path,
) -> None:
    bank = small(tmp_path)
    with at(bank, "Rina") as workshop:
        edited(workshop, "tiu-001", "setengah", "separuh", 1)
        row = workshop.rename("tiu-001", "tiu-100", later(2))
        assert (row.file, row.faults) == ("items/tiu/tiu-100.md", ())
        assert [one.deed for one in workshop.versions("tiu-100")] == [None, "saved", "renamed"]
        assert workshop.deleted() == ()
        workshop.restore("tiu-100", 1, later(3))
        assert workshop.text("tiu-100") == PLAIN.replace("tiu-001", "tiu-100")
    assert faults(bank) == ()


BLUEPRINT = """\
id: kecil
title: {id: Kecil}
languages: [id]
allotted: 10 min
sections:
  - id: TIU
    title: {id: TIU}
    cells:
      - {count: 1, items: [tiu-001]}
thresholds:
  umum:
    - {outcome: total, least: 0}
ranking: {quota_multiple: 3, order: [total]}
"""


@pytest.mark.parametrize(
    "deed",
    [
        pytest.param(lambda workshop: workshop.delete("tiu-001", later(0)), id="delete"),
        pytest.param(lambda workshop: workshop.rename("tiu-001", "tiu-009", later(0)), id="rename"),
    ],
)
def test_an_item_that_a_blueprint_names_stays(deed: Callable[[Workshop], None], tmp_path: Path) -> None:
    bank = put(small(tmp_path), {"blueprints/kecil.yaml": BLUEPRINT.encode(), "blueprints/rusak.yaml": b"x"})
    with at(bank, "Rina") as workshop, pytest.raises(Refusal, match="workshop-item-in-blueprint"):
        deed(workshop)
    assert (bank / "items/tiu/tiu-001.md").is_file()


@pytest.mark.parametrize(
    ("new", "code"),
    [
        pytest.param("tkp-001", "workshop-item-exists", id="one that is there"),
        pytest.param("tiu-001", "workshop-item-exists", id="its own"),
        pytest.param("tkp-900", "workshop-item-exists", id="one that was there"),
        pytest.param("a b", "workshop-id-malformed", id="no id"),
    ],
)
def test_an_item_gets_no_name_that_is_taken(new: str, code: str, tmp_path: Path) -> None:
    with at(small(tmp_path), "Rina") as workshop:
        workshop.save("tkp-900", PLAIN.replace("tiu-001", "tkp-900"), later(0), was=None)
        workshop.delete("tkp-900", later(1))
        with pytest.raises(Refusal, match=code):
            workshop.rename("tiu-001", new, later(2))
        assert workshop.text("tiu-001") == PLAIN


def test_a_stimulus_is_written_and_goes_only_when_nothing_names_it(tmp_path: Path) -> None:
    bank = small(tmp_path)
    with at(bank, "Rina") as workshop:
        name, text = workshop.new_stimulus()
        assert name == "teks-001"
        workshop.save(
            name, text + "# id\n\nBacaan.\n\n# en\n\nPassage.\n", later(0), was=None, what="stimulus"
        )
        edited(workshop, "tiu-002", "stimulus: teks", f"stimulus: {name}")
        assert workshop.row("tiu-002").faults == ()
        with pytest.raises(Refusal, match="workshop-stimulus-named"):
            workshop.delete(name, later(1), "stimulus")
        workshop.delete("teks", later(2), "stimulus")
        assert workshop.deleted("stimulus") == ("teks",)
        assert workshop.versions(name, "stimulus")[-1].by == "Rina"
    assert faults(bank) == ()


@pytest.mark.parametrize(
    ("given", "data", "own"),
    [
        pytest.param("Foto Kita.JPEG", None, "foto-kita.jpg", id="a name in small letters"),
        pytest.param("persegi.png", square(), "persegi.png", id="the very file that is there"),
        pytest.param("persegi.png", square("red"), "persegi-2.png", id="another one of a name that is there"),
        pytest.param("???.svg", CIRCLE.encode(), "berkas.svg", id="a name of nothing"),
    ],
)
def test_a_picture_comes_in_checked_and_under_a_name_that_a_bank_may_have(
    given: str, data: bytes | None, own: str, tmp_path: Path
) -> None:
    import io

    from PIL import Image

    if data is None:
        out = io.BytesIO()
        Image.new("RGB", (8, 8)).save(out, "JPEG")
        data = out.getvalue()
    bank = small(tmp_path)
    with at(bank, "Rina") as workshop:
        assert workshop.add_media(given, data) == own
        assert {one.name: one.data for one in workshop.media()}[own] == data
    assert faults(bank) == ()


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        pytest.param("catatan.pdf", b"%PDF", "workshop-media-name", id="no picture"),
        pytest.param("x", b"", "workshop-media-name", id="no ending"),
        pytest.param("x.png", b"bukan gambar", "bank-media-faulty", id="a false picture"),
        pytest.param("x.svg", b"<svg><script/></svg>", "bank-media-faulty", id="a script"),
        pytest.param("x.ogg", b"bukan suara", "bank-media-faulty", id="a false recording"),
    ],
)
def test_what_no_bank_may_hold_stays_out(name: str, data: bytes, code: str, tmp_path: Path) -> None:
    bank = small(tmp_path)
    before = contents(bank)
    with at(bank, "Rina") as workshop, pytest.raises(Refusal, match=code):
        workshop.add_media(name, data)
    assert contents(bank) == before


def test_a_picture_that_nothing_names_can_go_and_is_kept(tmp_path: Path) -> None:
    bank = put(small(tmp_path), {"media/lama.png": square("blue")})
    with at(bank, "Rina") as workshop:
        with pytest.raises(Refusal, match="workshop-media-named"):
            workshop.remove_media("persegi.png")
        workshop.remove_media("lama.png")
        assert "lama.png" not in {one.name for one in workshop.media()}
    assert [path.read_bytes() for path in (bank / "history/media").iterdir()] == [square("blue")]


def _work(bank: Path) -> None:
    with at(bank, "Rina") as workshop:
        workshop.save("tiu-009", PLAIN.replace("tiu-001", "tiu-009"), later(0), was=None)
        workshop.submit("tiu-009", later(1))


@pytest.mark.parametrize("folder", ["history", "reviews", "items"])
def test_nothing_is_written_through_a_link(folder: str, tmp_path: Path) -> None:
    bank, outside = small(tmp_path), tmp_path / "luar"
    outside.mkdir()
    if (bank / folder).exists():
        (bank / folder).rename(tmp_path / "disimpan")
    (bank / folder).symlink_to(outside, target_is_directory=True)
    with pytest.raises(Refusal, match="workshop-link"):
        _work(bank)
    assert list(outside.iterdir()) == []


def test_the_workshop_says_who_is_at_it(tmp_path: Path) -> None:
    with Workshop.open(small(tmp_path), by="  Rina   Dewi ") as workshop:
        assert (workshop.by, workshop.directory, workshop.needed) == ("Rina Dewi", tmp_path / "kecil", 2)


@pytest.mark.parametrize("name", ["con", "nul", "com1"])
def test_a_text_or_picture_never_gets_the_name_of_a_device_which_would_swallow_it(
    tmp_path: Path, name: str
) -> None:
    bank = small(tmp_path)
    with at(bank, "Rina") as workshop:
        item = workshop.rows()[0].id
        text = workshop.text(item)
        before = contents(bank)
        with pytest.raises(Refusal, match="workshop-id-malformed"):
            workshop.save(name, text, later(1), was=None)
        with pytest.raises(Refusal, match="workshop-id-malformed"):
            workshop.rename(item, name, later(1))
        with pytest.raises(Refusal, match="workshop-media-name"):
            workshop.add_media(f"{name}.png", b"")
        assert contents(bank) == before


def test_the_items_of_a_renamed_shared_text_follow_and_their_votes_are_to_be_given_again(
    tmp_path: Path,
) -> None:
    bank = small(tmp_path)
    with at(bank, "Rina") as workshop:
        before = workshop.text("tiu-002")
        workshop.submit("tiu-002", later(1))
    with at(bank, "Agus") as workshop:
        workshop.vote("tiu-002", "for", "", later(2), on=workshop.review("tiu-002").on)
        assert workshop.rename_stimulus("teks", "bacaan-1", later(3)) == ("tiu-002",)
        assert workshop.text("tiu-002") == before.replace("stimulus: teks\n", "stimulus: bacaan-1\n")
        assert [row.id for row in workshop.stimuli()] == ["bacaan-1"]
        assert workshop.deleted("stimulus") == ()
        assert [one.deed for one in workshop.versions("bacaan-1", "stimulus")] == [None]
        assert [one.deed for one in workshop.versions("tiu-002")] == [None, "saved"]
        assert workshop.review("tiu-002").votes == ()
    assert faults(bank) == ()


@pytest.mark.parametrize(
    ("new", "code"),
    [
        pytest.param("teks", "workshop-item-exists", id="its own"),
        pytest.param("lain", "workshop-item-exists", id="one that is there"),
        pytest.param("lama", "workshop-item-exists", id="one that was there"),
        pytest.param("a b", "workshop-id-malformed", id="no id"),
    ],
)
def test_a_shared_text_gets_no_name_that_is_taken(new: str, code: str, tmp_path: Path) -> None:
    bank = put(small(tmp_path), {"stimuli/lain.md": b"# id\n\nLain.\n\n# en\n\nOther.\n"})
    with at(bank, "Rina") as workshop:
        workshop.save("lama", "# id\n\nLama.\n", later(0), was=None, what="stimulus")
        workshop.delete("lama", later(1), "stimulus")
        before = contents(bank)
        with pytest.raises(Refusal, match=code):
            workshop.rename_stimulus("teks", new, later(2))
        assert contents(bank) == before


def test_a_shared_text_is_not_renamed_where_an_item_could_not_follow(tmp_path: Path) -> None:
    bank = small(tmp_path)
    item = bank / "items/tiu/tiu-002.md"
    item.write_text(item.read_text().replace("stimulus: teks", "stimulus:\n  teks"))
    with at(bank, "Rina") as workshop:
        before = contents(bank)
        with pytest.raises(Refusal, match="workshop-stimulus-line"):
            workshop.rename_stimulus("teks", "bacaan", later(2))
        assert contents(bank) == before
