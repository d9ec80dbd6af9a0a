"""One answer shown out of a sealed result: true with its notes, false after any change, and nothing else in it.

The tree's own arithmetic is held to the RFC's vectors in tests/sealing; the command is tried in tests/results.
"""

import json
import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbt_station.artefacts import names
from cbt_station.artefacts.answer_proof import (
    check_answer_proof,
    last_answer,
    prove_line,
    read_answer_proof,
    write_answer_proof,
)
from cbt_station.artefacts.result import ResultNote
from cbt_station.artefacts.signed import read
from cbt_station.errors import Failure, Refusal, Tampered, Trouble
from cbt_station.exam.events import AnswerChosen, Event
from cbt_station.sealing.notes import parse_note
from cbt_station.verify.answer import check_answer_in
from cbt_station.verify.anything import check_path_files
from tests.world import Sat, sat, sit, world

HERE = world("official")
SAT = sat("official")
RESULT = read(SAT.result, ResultNote)


def proof_of(seq: int, sat: Sat = SAT) -> bytes:
    return write_answer_proof(prove_line(sat.bundle, read(sat.result, ResultNote), seq))


def notes_of(sat: Sat) -> dict[str, bytes]:
    """What goes with a proof: the public notes, without the sealed file."""
    return {name: data for name, data in sat.tree().items() if name.startswith("notes/")}


@pytest.mark.parametrize("seq", range(1, len(SAT.bundle.journal) + 1))
def test_every_line_can_be_proven_alone_and_says_what_it_says(seq: int) -> None:
    event = check_answer_in(proof_of(seq), notes_of(SAT), HERE.trust)
    assert event.seq == seq
    assert SAT.bundle.journal[seq - 1].line == read_answer_proof(proof_of(seq)).line


@pytest.mark.parametrize("seq", range(1, len(SAT.bundle.journal) + 1))
def test_nothing_of_any_other_line_is_in_a_proof(seq: int) -> None:
    text = proof_of(seq).decode()
    # The line as JSON inside JSON; without it nothing of the sitting may be left.
    rest = text.replace(json.dumps(SAT.bundle.journal[seq - 1].line, ensure_ascii=False), "")
    entry = SAT.bundle.candidate
    for word in (*SAT.bundle.answers, entry.number, entry.name, entry.salt, "chosen", "wall", "left_ms"):
        assert word not in rest
    for record in SAT.bundle.journal[: seq - 1] + SAT.bundle.journal[seq:]:
        assert record.salt not in text
        assert record.head not in text
    assert len(re.findall("[0-9a-f]{64}", rest)) == 2 + len(read_answer_proof(proof_of(seq)).hashes)


def test_the_hash_beside_the_path_is_salted_so_that_no_guess_of_a_neighbour_can_be_tried() -> None:
    """Without its salt even the right line does not give the neighbour's hash."""
    from cbt_station.sealing.merkle import leaf_hash

    neighbour = SAT.bundle.journal[2]
    proof = read_answer_proof(proof_of(4))
    assert proof.hashes[0] == neighbour.leaf.hex()
    assert leaf_hash(neighbour.line.encode()).hex() != proof.hashes[0]


@settings(max_examples=300)
@given(st.data())
def test_no_changed_byte_is_believed(data: st.DataObject) -> None:
    good = proof_of(5)
    at, flip = data.draw(st.integers(0, len(good) - 1)), data.draw(st.integers(1, 255))
    bad = good[:at] + bytes([good[at] ^ flip]) + good[at + 1 :]
    # A change of the name of the result finds no such result; every other is false.
    with pytest.raises(Failure) as caught:
        check_answer_in(bad, notes_of(SAT), HERE.trust)
    assert isinstance(caught.value, Tampered) or caught.value.code == "evidence-missing"


def changed(**changes: object) -> bytes:
    return write_answer_proof(msgspec.structs.replace(read_answer_proof(proof_of(5)), **changes))


def another_answer() -> str:
    line = SAT.bundle.journal[4].line
    event = msgspec.json.decode(line)
    return line.replace(
        f'"answer":"{event["answer"]}"', f'"answer":"{"a" if event["answer"] != "a" else "b"}"'
    )


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        pytest.param(changed(line=another_answer()), "inclusion", id="another answer"),
        pytest.param(changed(index=5), "inclusion", id="another place"),
        pytest.param(changed(salt="00" * 16), "inclusion", id="another salt"),
        pytest.param(changed(salt="00" * 15), "malformed", id="a short salt"),
        pytest.param(changed(hashes=()), "inclusion", id="no path"),
        pytest.param(changed(root="0" * 64), "journal-not-the-sealed-one", id="another root"),
        pytest.param(changed(size=4), "journal-not-the-sealed-one", id="another size"),
        pytest.param(changed(mode="test"), "answer-of-another-result", id="another mode"),
        pytest.param(changed(root="x"), "malformed", id="no hash at all"),
        pytest.param(proof_of(5) + b"\n", "malformed", id="bytes behind it"),
        pytest.param(b"{}", "malformed", id="no proof"),
    ],
)
def test_a_false_proof_is_called_false(bad: bytes, code: str) -> None:
    with pytest.raises(Tampered) as caught:
        check_answer_in(bad, notes_of(SAT), HERE.trust)
    assert caught.value.code == code


def test_a_proof_is_of_its_own_result_only() -> None:
    other = sat("official", "26-0002")
    with pytest.raises(Tampered) as caught:
        check_answer_proof(read_answer_proof(proof_of(5)), read(other.result, ResultNote))
    assert caught.value.code == "answer-of-another-result"


def test_a_result_note_that_its_keys_did_not_sign_proves_nothing() -> None:
    """The attacker's own journal, with a note over it: the sitting's key is the start note's."""
    forged = sit(HERE, signers=lambda own, station: (station, own))
    with pytest.raises(Tampered):
        check_answer_in(proof_of(5, forged), notes_of(forged), HERE.trust)


def test_a_line_that_says_another_number_than_its_place_is_false() -> None:
    def skip(events: list[Event]) -> list[Event]:
        return [msgspec.structs.replace(one, seq=one.seq + 1) for one in events]

    shifted = sit(HERE, change_events=skip)
    with pytest.raises(Tampered) as caught:
        proof_of(5, shifted)
    assert caught.value.code == "journal-broken"


def test_the_last_answer_of_an_item_is_found_and_a_line_that_is_not_there_refused() -> None:
    item = HERE.form("26-0001").items[0].item
    seq = last_answer(SAT.bundle, item)
    event = check_answer_in(proof_of(seq), notes_of(SAT), HERE.trust)
    assert isinstance(event, AnswerChosen)
    assert (event.item, event.answer) == (item, SAT.bundle.answers[item])
    with pytest.raises(Refusal) as caught:
        last_answer(SAT.bundle, "tiu-9")
    assert caught.value.code == "item-not-answered"
    for seq in (0, len(SAT.bundle.journal) + 1, -1):
        with pytest.raises(Refusal) as caught:
            prove_line(SAT.bundle, RESULT, seq)
        assert caught.value.code == "journal-line-unknown"


def test_verify_says_true_beside_the_notes_and_not_checkable_without_them() -> None:
    name = names.answer_proof(RESULT.id, 5)
    steps = check_path_files({**notes_of(SAT), name: proof_of(5)}, HERE.trust)
    assert steps.verdict == "true"
    (step,) = [one for one in steps.done if one.name == "answer"]
    assert "2026-12-01T08:10:00+07:00" in step.subject
    alone = check_path_files({name: proof_of(5)}, HERE.trust)
    assert (alone.verdict, alone.done[0].code) == ("not-checkable", "evidence-missing")
    assert check_path_files({name: proof_of(5)}, None).verdict == "not-checkable"
    false = check_path_files({**notes_of(SAT), name: changed(line=another_answer())}, HERE.trust)
    assert false.verdict == "false"


def test_without_the_start_note_nothing_is_said() -> None:
    start = names.tree_note("start", parse_note(SAT.start).id)
    notes = {name: data for name, data in notes_of(SAT).items() if name != start}
    with pytest.raises(Trouble) as caught:
        check_answer_in(proof_of(5), notes, HERE.trust)
    assert caught.value.code == "evidence-missing"
