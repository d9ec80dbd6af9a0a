"""A score note's 500 bytes: what is shortened, in which order, and what never is."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbt_station.artefacts.score import MOST_BYTES, ScoreNote
from cbt_station.artefacts.signed import read
from cbt_station.errors import Refusal
from cbt_station.paper.qr import MOST_VERSION, modules
from cbt_station.results.score_notes import salt_text, scores_text, short_name, write_score_note
from tests.results.small_results import SCORE

SKD = {"TWK": Decimal(100), "TIU": Decimal(120), "TKP": Decimal("180.5"), "total": Decimal("400.5")}
PPPK = {
    "teknis": Decimal(350),
    "manajerial": Decimal(80),
    "sosio-kultural": Decimal(70),
    "wawancara": Decimal(30),
    "total": Decimal(530),
}
LONG = "RADEN MAS HARYO KUSUMANINGRAT WIJAYAKUSUMA SASTRODIPURO NOTONEGORO, S.H., M.Kn."


def body(name: str, supersedes: str | None = None, number: str = "24-0001") -> ScoreNote:
    return ScoreNote(
        trust=1,
        exam="skd-2024",
        session="skd-2026-1",
        number=number,
        name=name,
        verdict="P/L",
        result="a" * 64,
        scoring=1,
        date="2026-11-26",
        supersedes=supersedes,
        salt=salt_text(bytes(16)),
    )


def written(note: ScoreNote, scores: dict[str, Decimal] | None = SKD) -> ScoreNote:
    raw = write_score_note(note, scores, "official", SCORE)
    assert len(raw) <= MOST_BYTES
    assert modules(raw)[0] <= 17 + 4 * MOST_VERSION
    return read(raw, ScoreNote).body


def test_a_usual_note_says_everything_in_full() -> None:
    note = written(body("SITI RAHMAWATI PUTRI"))
    assert note.name == "SITI RAHMAWATI PUTRI"
    assert note.scores == "TWK 100, TIU 120, TKP 180.5, total 400.5"


def test_a_candidate_without_a_result_has_no_scores() -> None:
    assert written(body("RUDI HARTONO"), None).scores is None


def test_a_long_name_keeps_its_first_word_and_gets_initials() -> None:
    assert written(body(LONG, "b" * 64)).name == "RADEN M. H. K. W. S. N."


def test_a_note_that_supersedes_another_still_fits() -> None:
    note = written(body("MUHAMMAD RIZKY PRATAMA", "b" * 64))
    assert note.name == "MUHAMMAD RIZKY PRATAMA"
    assert note.supersedes == "b" * 64


def test_sections_are_shortened_last_and_stay_distinct() -> None:
    note = written(body("MUHAMMAD RIZKY PRATAMA", "b" * 64, number="1234567890123456"), PPPK)
    assert note.scores == "tek 350, man 80, sos 70, waw 30, total 530"
    assert (
        scores_text({"teknis-a": Decimal(1), "teknis-b": Decimal(2)}, short=True) == "teknis-a 1, teknis-b 2"
    )


def test_what_cannot_be_shortened_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        write_score_note(body("A", number="9" * 200), PPPK, "official", SCORE)
    assert caught.value.code == "score-note-too-long"


@pytest.mark.parametrize(
    ("most", "name"),
    [
        (80, "MUHAMMAD RIZKI ADITYA PRATAMA"),
        (28, "MUHAMMAD RIZKI ADITYA P."),
        (20, "MUHAMMAD RIZKI A. P."),
        (17, "MUHAMMAD R. A. P."),
        (14, "MUHAMMAD R. A."),
    ],
)
def test_a_name_is_shortened_from_its_end(most: int, name: str) -> None:
    assert short_name("MUHAMMAD RIZKI ADITYA PRATAMA", most) == name


@given(st.text(alphabet="ABCé ŁД'.", min_size=1, max_size=90).filter(str.strip), st.integers(14, 90))
@settings(deadline=None)
def test_a_short_name_fits_and_is_never_empty(name: str, most: int) -> None:
    short = short_name(name, most)
    assert len(short.encode()) <= most
    assert short == short.strip() != ""
