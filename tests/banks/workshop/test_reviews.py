"""States and votes: who may do what, and that a vote never outlives what it was given on.

Names prove nothing (docs/bank-format.md says what they do); these are the rules among people who type their own.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from cbt_station.banks.native import faults, read_bank
from cbt_station.banks.workshop.disk import hash_of
from cbt_station.banks.workshop.reviews import Choice
from cbt_station.banks.workshop.rows import State
from cbt_station.banks.workshop.workshop import Workshop
from cbt_station.errors import Refusal
from tests.banks.small_bank import PLAIN, put, square
from tests.banks.workshop.bench import at, edited, later, small

ITEM = "tiu-002"
"""It has a shared text and two pictures."""


def handed_in(folder: Path, item: str = ITEM) -> Path:
    """A bank with an item that Rina wrote and handed in."""
    bank = small(folder)
    with at(bank, "Rina") as workshop:
        edited(workshop, item, "benar" if item == ITEM else "setengah", "betul", 1)
        workshop.submit(item, later(2))
    return bank


def vote(bank: Path, by: str, choice: Choice = "for", comment: str = "", minute: int = 3) -> None:
    with at(bank, by) as workshop:
        workshop.vote(ITEM, choice, comment, later(minute), on=workshop.review(ITEM).on)


def approved(folder: Path) -> Path:
    """… which two others voted for, and which is approved."""
    bank = handed_in(folder)
    vote(bank, "Agus")
    vote(bank, "Siti")
    with at(bank, "Siti") as workshop:
        workshop.approve(ITEM, later(5))
    return bank


def state(bank: Path, item: str = ITEM) -> State:
    with at(bank, "Rina") as workshop:
        return workshop.review(item).state


def test_two_other_people_approve_an_item(tmp_path: Path) -> None:
    bank = approved(tmp_path)
    with at(bank, "Rina") as workshop:
        review, row = workshop.review(ITEM), workshop.row(ITEM)
        assert workshop.counts() == {"draft": 2, "review": 0, "approved": 1}
    assert (review.state, review.by, review.at) == ("approved", "Siti", later(5))
    assert [(one.by, one.vote, one.on) for one in review.votes] == [
        ("Agus", "for", review.on), ("Siti", "for", review.on),
    ]  # fmt: skip
    assert (row.votes_for, row.votes_against, row.voters) == (2, 0, ("Agus", "Siti"))


def test_a_review_file_is_what_a_person_would_write(tmp_path: Path) -> None:
    bank = handed_in(tmp_path)
    vote(bank, "Agus", "against", "Kuncinya dua.\nLihat b.")
    with at(bank, "Rina") as workshop:
        on = workshop.review(ITEM).on
    assert (bank / f"reviews/{ITEM}.yaml").read_text() == (
        'state: review\nby: Rina\nat: "2026-03-02T09:02:00Z"\nvotes:\n'
        '  - by: Agus\n    vote: against\n    comment: "Kuncinya dua.\\nLihat b."\n'
        f'    at: "2026-03-02T09:03:00Z"\n    on: {on}\n'
    )


def test_what_is_voted_on_can_be_computed_by_hand(tmp_path: Path) -> None:
    bank = handed_in(tmp_path)
    named = [("item", "items/tiu/tiu-002.md"), ("stimulus teks", "stimuli/teks.md")]
    named += [(f"media {name}", f"media/{name}") for name in ("lingkaran.svg", "persegi.png")]
    lines = "".join(f"{name} {hash_of((bank / file).read_bytes())}\n" for name, file in named)
    with at(bank, "Rina") as workshop:
        assert workshop.review(ITEM).on == hash_of(lines.encode())


EDITS: dict[str, Callable[[Path], object]] = {
    "the text in the workshop": lambda bank: _edit(bank, "Rina"),
    "the text by hand": lambda bank: _by_hand(bank, "items/tiu/tiu-002.md", b"harga", b"tarif"),
    "its shared text": lambda bank: _by_hand(bank, "stimuli/teks.md", b"teks", b"bacaan"),
    "a picture": lambda bank: put(bank, {"media/persegi.png": square("red")}),
}


def _edit(bank: Path, by: str) -> None:
    with at(bank, by) as workshop:
        edited(workshop, ITEM, "harga", "biaya", 10)


def _by_hand(bank: Path, file: str, old: bytes, new: bytes) -> None:
    data = (bank / file).read_bytes()
    assert old in data
    (bank / file).write_bytes(data.replace(old, new))


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit_after_approval_asks_for_the_votes_again(
    edit: Callable[[Path], object], tmp_path: Path
) -> None:
    bank = approved(tmp_path)
    edit(bank)
    with at(bank, "Rina") as workshop:
        review = workshop.review(ITEM)
        assert (review.state, review.changed_since_approved) == ("review", True)
        assert (review.votes, [one.by for one in review.earlier]) == ((), ["Agus", "Siti"])
        assert workshop.row(ITEM).changed_since_approved
    with at(bank, "Siti") as workshop, pytest.raises(Refusal, match="review-votes-missing"):
        workshop.approve(ITEM, later(20))


def test_the_approved_text_that_comes_back_has_its_votes_again_and_waits_for_the_last_step(
    tmp_path: Path,
) -> None:
    bank = approved(tmp_path)
    _edit(bank, "Rina")
    with at(bank, "Rina") as workshop:
        workshop.restore(ITEM, workshop.versions(ITEM)[-2].number, later(11))
        review = workshop.review(ITEM)
        assert (review.state, review.changed_since_approved, review.count("for")) == ("review", False, 2)
        assert workshop.approve(ITEM, later(12)).state == "approved"


def test_a_note_that_makes_a_text_faulty_makes_it_a_draft_until_it_is_handed_in_again(tmp_path: Path) -> None:
    bank = approved(tmp_path)
    with at(bank, "Rina") as workshop:
        edited(workshop, ITEM, "- [a] betul", "- betul", 10)
        assert workshop.review(ITEM).state == "draft"
        with pytest.raises(Refusal, match="review-faulty"):
            workshop.submit(ITEM, later(11))
        edited(workshop, ITEM, "- betul", "- [a] betul", 12)
        assert workshop.review(ITEM).state == "draft"
        assert workshop.submit(ITEM, later(13)).state == "review"


def test_nobody_votes_for_a_text_of_their_own_but_may_against_it(tmp_path: Path) -> None:
    bank = handed_in(tmp_path)
    for name in ("Rina", " rina ", "RINA"):
        with pytest.raises(Refusal, match="review-own-text"):
            vote(bank, name)
    vote(bank, "Rina", "against", "Saya salah hitung.")


def test_a_vote_that_an_author_writes_into_the_file_does_not_count(tmp_path: Path) -> None:
    bank = handed_in(tmp_path)
    vote(bank, "Agus")
    _by_hand(bank, f"reviews/{ITEM}.yaml", b"votes:\n", b"votes:\n" + _own_vote(bank))
    with at(bank, "Agus") as workshop, pytest.raises(Refusal, match="review-votes-missing") as refused:
        workshop.approve(ITEM, later(5))
    assert (refused.value.facts["have"], refused.value.facts["needed"]) == (1, 2)


def _own_vote(bank: Path) -> bytes:
    with at(bank, "Rina") as workshop:
        on = workshop.review(ITEM).on
    return f'  - by: Rina\n    vote: for\n    at: "2026-03-02T09:03:00Z"\n    on: {on}\n'.encode()


def test_the_one_who_edited_last_is_the_author_and_the_first_one_may_vote(tmp_path: Path) -> None:
    bank = handed_in(tmp_path)
    _edit(bank, "Agus")
    with pytest.raises(Refusal, match="review-own-text"):
        vote(bank, "Agus")
    vote(bank, "Rina")


def test_a_later_vote_takes_the_place_of_ones_own(tmp_path: Path) -> None:
    bank = handed_in(tmp_path)
    vote(bank, "Agus", "against", "Kuncinya dua.", 3)
    vote(bank, "Siti", minute=4)
    with at(bank, "Siti") as workshop, pytest.raises(Refusal, match="review-vote-against") as refused:
        workshop.approve(ITEM, later(5))
    assert refused.value.facts["by"] == "Agus"
    vote(bank, "Agus", "for", minute=6)
    with at(bank, "Siti") as workshop:
        review = workshop.approve(ITEM, later(7))
    assert [one.by for one in review.votes] == ["Siti", "Agus"]
    assert [one.vote for one in review.earlier] == ["against"]


def test_how_many_votes_it_takes_is_the_banks_to_say(tmp_path: Path) -> None:
    bank = put(handed_in(tmp_path), {"workshop.yaml": b"approvals_needed: 1\n"})
    vote(bank, "Agus")
    with at(bank, "Rina") as workshop:
        assert workshop.needed == 1
        assert workshop.approve(ITEM, later(5)).state == "approved"


def test_a_reviewer_votes_on_what_was_read(tmp_path: Path) -> None:
    bank = handed_in(tmp_path)
    with at(bank, "Agus") as workshop:
        on = workshop.review(ITEM).on
        put(bank, {"media/persegi.png": square("red")})
        with pytest.raises(Refusal, match="review-changed-meanwhile"):
            workshop.vote(ITEM, "for", "", later(3), on=on)
        assert workshop.review(ITEM).on != on
        with pytest.raises(Refusal, match="review-changed-meanwhile"):
            workshop.vote(ITEM, "for", "", later(3), on=on)


def test_a_vote_that_was_written_by_hand_meanwhile_stays(tmp_path: Path) -> None:
    bank = handed_in(tmp_path)
    vote(bank, "Agus")
    with at(bank, "Siti") as workshop:
        on = workshop.review(ITEM).on
        _by_hand(bank, f"reviews/{ITEM}.yaml", b"by: Agus", b"by: Dewi")
        review = workshop.vote(ITEM, "for", "", later(4), on=on)
    assert [one.by for one in review.votes] == ["Dewi", "Siti"]


STEPS: dict[str, tuple[Callable[[Workshop], object], str]] = {
    "a vote on a draft": (lambda w: w.vote("tiu-001", "for", "", later(0), on=w.review("tiu-001").on), "review-wrong-state"),
    "an approval of a draft": (lambda w: w.approve("tiu-001", later(0)), "review-wrong-state"),
    "sending back a draft": (lambda w: w.send_back("tiu-001", later(0)), "review-wrong-state"),
    "handing in twice": (lambda w: w.submit(ITEM, later(0)), "review-wrong-state"),
    "a vote against without a word": (
        lambda w: w.vote(ITEM, "against", " \n ", later(0), on=w.review(ITEM).on), "review-comment-missing",
    ),
    "a vote with a novel": (
        lambda w: w.vote(ITEM, "for", "x" * 2001, later(0), on=w.review(ITEM).on), "review-comment-long",
    ),
    "an item that is not there": (lambda w: w.review("tidak-ada"), "workshop-item-unknown"),
}  # fmt: skip


@pytest.mark.parametrize(("step", "code"), STEPS.values(), ids=STEPS)
def test_a_wrong_step_is_refused_and_changes_nothing(
    step: Callable[[Workshop], object], code: str, tmp_path: Path
) -> None:
    bank = handed_in(tmp_path)
    before = (bank / f"reviews/{ITEM}.yaml").read_bytes()
    with at(bank, "Agus") as workshop, pytest.raises(Refusal, match=code):
        step(workshop)
    assert (bank / f"reviews/{ITEM}.yaml").read_bytes() == before
    assert not (bank / "reviews/tiu-001.yaml").exists()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        pytest.param("stimuli/teks.md", b"# en", b"# fr", id="its shared text"),
        pytest.param("bank.yaml", b"author:", b"pengarang:", id="the bank's head"),
    ],
)
def test_an_item_is_not_approved_while_what_it_rests_on_has_faults(
    file: str, old: bytes, new: bytes, tmp_path: Path
) -> None:
    bank = small(tmp_path)
    _by_hand(bank, file, old, new)
    with at(bank, "Rina") as workshop:
        assert workshop.row(ITEM).faults == ()
        with pytest.raises(Refusal, match="review-faulty"):
            workshop.submit(ITEM, later(0))


def test_sending_back_makes_a_draft_of_what_was_approved(tmp_path: Path) -> None:
    bank = approved(tmp_path)
    with at(bank, "Agus") as workshop:
        assert workshop.send_back(ITEM, later(9)).state == "draft"
    assert state(bank) == "draft"


def test_a_new_item_under_an_old_id_begins_as_a_draft(tmp_path: Path) -> None:
    bank = approved(tmp_path)
    with at(bank, "Rina") as workshop:
        text = workshop.text(ITEM)
        workshop.delete(ITEM, later(10))
        workshop.save(ITEM, text, later(11), was=None)
        assert workshop.review(ITEM).state == "draft"


def test_a_renamed_item_is_another_text_whose_votes_are_still_to_be_read(tmp_path: Path) -> None:
    bank = approved(tmp_path)
    with at(bank, "Rina") as workshop:
        workshop.rename(ITEM, "tiu-222", later(10))
        review = workshop.review("tiu-222")
    assert (review.state, len(review.earlier)) == ("review", 2)
    assert not (bank / f"reviews/{ITEM}.yaml").exists()


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        pytest.param("state: jadi\n", "value-kind", 1, id="an unknown state"),
        pytest.param("by: Rina\n", "key-missing", 1, id="no state"),
        pytest.param("state: draft\nstate: review\n", "key-twice", 2, id="a state twice"),
        pytest.param("state: approved\n", "key-missing", 1, id="approved, but what"),
        pytest.param("state: draft\nnilai: 3\n", "key-unknown", 2, id="an unknown key"),
        pytest.param("state: draft\nat: kemarin\n", "value-kind", 2, id="no moment"),
        pytest.param(
            "state: draft\nat: 2026-03-02T09:00:00\n", "value-kind", 2, id="a moment without a zone"
        ),
        pytest.param("state: draft\napproved: abc\n", "value-kind", 2, id="no hash"),
        pytest.param("state: draft\nvotes: satu\n", "value-kind", 2, id="votes that are no list"),
        pytest.param("state: draft\nvotes: [satu]\n", "value-kind", 2, id="a vote that is a word"),
        pytest.param(
            "state: draft\nvotes:\n  - by: Agus\n    vote: ya\n", "value-kind", 4, id="an unknown vote"
        ),
        pytest.param("state: [draft\n", "yaml-syntax", 2, id="no YAML"),
        pytest.param("state: dra\u202eft\n", "hidden-character", 1, id="a hidden character"),
    ],
)
def test_a_review_file_that_cannot_be_read_is_a_fault_and_is_not_written_over(
    text: str, code: str, line: int, tmp_path: Path
) -> None:
    bank = put(small(tmp_path), {"reviews/tiu-001.yaml": text.encode()})
    with at(bank, "Agus") as workshop:
        found = workshop.row("tiu-001").faults
        assert (code, line) in {(fault.code, fault.line) for fault in found}
        assert {fault.file for fault in found} == {"reviews/tiu-001.yaml"}
        assert workshop.review("tiu-001").state == "draft"
        with pytest.raises(Refusal, match="review-file-faulty"):
            workshop.submit("tiu-001", later(0))
        edited(workshop, "tiu-001", "setengah", "separuh")
    assert (bank / "reviews/tiu-001.yaml").read_text() == text
    assert faults(bank) == ()


@pytest.mark.parametrize(
    "text", ["approvals_needed: 0\n", "approvals_needed: 10\n", "lain: 1\n", "approvals_needed: dua\n"]
)
def test_settings_that_make_no_sense_are_a_fault_and_the_usual_number_counts(
    text: str, tmp_path: Path
) -> None:
    with at(put(small(tmp_path), {"workshop.yaml": text.encode()}), "Rina") as workshop:
        assert [fault.file for fault in workshop.faults()] == ["workshop.yaml"]
        assert workshop.needed == 2


def test_reviews_and_versions_belong_to_no_edition(tmp_path: Path) -> None:
    bank = small(tmp_path)
    before = read_bank(bank)
    with at(bank, "Rina") as workshop:
        edited(workshop, "tiu-001", "setengah", "separuh", 1)
        edited(workshop, "tiu-001", "separuh", "setengah", 2)
        workshop.submit("tiu-001", later(3))
    assert (bank / "reviews/tiu-001.yaml").is_file()
    assert (bank / "items/tiu/tiu-001.md").read_text() == PLAIN
    assert read_bank(bank) == before


def test_the_page_about_the_format_shows_a_review_that_is_read(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "bank-format.md").read_text(encoding="utf-8")
    text = page.partition("## Reviews and versions")[2].partition("```yaml\n")[2].partition("```")[0]
    with at(put(small(tmp_path), {"reviews/tiu-001.yaml": text.encode()}), "Siti") as workshop:
        review = workshop.review("tiu-001")
        assert workshop.faults() == ()
    assert (review.state, review.by, [one.comment for one in review.earlier]) == (
        "review",
        "Rina",
        ["Kuncinya benar."],
    )
