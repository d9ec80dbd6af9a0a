"""A sitting that moved to another seat: the chain from its start to its result, and every lie about a move.

Stations that really move are in tests/delivery/test_moving.py; here notes and journals are made by hand, each lie alone.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from msgspec.structs import replace

from cbt_station.artefacts import names
from cbt_station.artefacts.admit import check_admit
from cbt_station.artefacts.closing import pairs_hash
from cbt_station.artefacts.files import sha256_hex
from cbt_station.artefacts.handover import HandoverNote, Move, check_moves, seat_keys
from cbt_station.artefacts.journal import JournalRecord, check_journal, read_line, sign_head
from cbt_station.artefacts.result import ResultBundle, ResultNote, write_bundle
from cbt_station.artefacts.score import check_score
from cbt_station.artefacts.signed import Signed, read, sign
from cbt_station.artefacts.start import StartNote, check_start
from cbt_station.errors import Tampered
from cbt_station.exam.events import SeatMoved
from cbt_station.results.issuing import _attachments
from cbt_station.results.opening import Candidate, OpenedResult
from cbt_station.sealing.age import encrypt
from cbt_station.sealing.body import Mode
from cbt_station.sealing.merkle import Frontier
from cbt_station.sealing.notes import SigningKey, parse_note
from cbt_station.verify.result import CheckedResult, check_bundle, check_chain
from cbt_station.verify.tree import check_tree
from tests.verify.honest import score
from tests.verify.test_sheets import sheet_problems
from tests.world import (
    DURING,
    OTHER_VENUE,
    SESSION,
    STATION,
    VENUE,
    Sat,
    admit_body,
    chance_of,
    closing_note,
    identity,
    proctor,
    records_of,
    sat,
    signing,
    station_key,
    tree_of,
    world,
)

HEX = sha256_hex(b"other")
MOVED_AT = 3
"""Lines of the first seat."""
SECOND = f"station/{VENUE}/02"


def second_station() -> SigningKey:
    return SigningKey.from_seed(SECOND, chance_of(SECOND)(32))


def second_key(one: Sat, mode: Mode, which: str = "second") -> SigningKey:
    return SigningKey.from_seed(names.journal_origin(mode, one.note.sitting), chance_of(which)(32))


def second_admit(mode: Mode, **changes: Any) -> bytes:
    body = admit_body(**{"station": SECOND, "station_key": second_station().verifier.text, **changes})
    return sign(body, mode, second_station(), proctor())


def root_at(one: Sat, size: int) -> str:
    frontier = Frontier()
    for record in one.bundle.journal[:size]:
        frontier.append(record.leaf)
    return frontier.root().hex()


def move_body(one: Sat, mode: Mode, **changes: Any) -> HandoverNote:
    kept: dict[str, Any] = {
        "trust": 1,
        "session": SESSION,
        "venue": VENUE,
        "sitting": one.note.sitting,
        "start": one.note.start,
        "before": None,
        "size": MOVED_AT,
        "root": root_at(one, MOVED_AT),
        "old_key": one.sitting_key.verifier.text,
        "new_key": second_key(one, mode).verifier.text,
        "station": SECOND,
        "admit": parse_note(second_admit(mode)).id,
        "fence": 2,
        "cause": "technical",
        "at": DURING,
    }
    return HandoverNote(**{**kept, **changes})


def move_of(one: Sat, mode: Mode, *signers: SigningKey, **changes: Any) -> Move:
    chosen = signers or (signing("venue", VENUE), proctor())
    note = sign(move_body(one, mode, **changes), mode, *chosen)
    return Move(note.decode(), second_admit(mode).decode())


def journal_of(one: Sat, mode: Mode, move: Move, says: dict[str, Any]) -> tuple[JournalRecord, ...]:
    """The first seat's lines, then the second's, which begins by saying where it comes from."""
    events = [read_line(record.line) for record in one.bundle.journal]
    before = events[MOVED_AT - 1]
    moved = SeatMoved(
        **{
            "seq": MOVED_AT + 1,
            "mono_ms": 77,
            "boot": "b2",
            "wall": DURING,
            "left_ms": before.left_ms,
            "handover": parse_note(move.handover.encode()).id,
            "fence": 2,
            "wall_before": before.wall,
            "mono_before_ms": before.mono_ms,
            **says,
        }
    )
    later = [replace(event, seq=event.seq + 1) for event in events[MOVED_AT:]]
    old, _ = records_of(events[:MOVED_AT], mode, one.note.sitting, one.sitting_key)
    new, _ = records_of([*events[:MOVED_AT], moved, *later], mode, one.note.sitting, second_key(one, mode))
    return (*old, *new[MOVED_AT:])


def moved_result(
    mode: Mode,
    move: Move | None = None,
    *,
    says: dict[str, Any] | None = None,
    journal: Callable[[Sat, tuple[JournalRecord, ...]], tuple[JournalRecord, ...]] = lambda _, all_: all_,
    signer: Callable[[Sat], SigningKey] | None = None,
    station: SigningKey | None = None,
    named: str = SECOND,
    **changes: Any,
) -> tuple[Sat, Move, bytes, ResultBundle, bytes]:
    """A sitting that moved once; the arguments make it a lie."""
    one = sat(mode)
    move = move or move_of(one, mode)
    records = journal(one, journal_of(one, mode, move, says or {}))
    frontier = Frontier()
    for record in records:
        frontier.append(record.leaf)
    bundle = replace(one.bundle, handovers=(move.handover,), journal=records)
    sealed = encrypt(
        write_bundle(bundle), identity("results", "1").recipient, identity("escrow", "1").recipient
    )
    kept: dict[str, Any] = {
        "station": named,
        "handovers": (parse_note(move.handover.encode()).id,),
        "size": frontier.size,
        "root": frontier.root().hex(),
        "sealed": sha256_hex(sealed),
        "sealed_size": len(sealed),
    }
    note: ResultNote = replace(one.note, **{**kept, **changes})
    own = signer(one) if signer else second_key(one, mode)
    return one, move, sign(note, mode, own, station or second_station()), bundle, sealed


def checked_outside(mode: Mode, made: tuple[Sat, Move, bytes, ResultBundle, bytes]) -> CheckedResult:
    one, move, result, _, _ = made
    return check_chain(one.admit, one.start, result, world(mode).trust, [move])


@pytest.mark.parametrize("mode", ["official", "test"])
def test_a_moved_sitting_is_true_from_start_to_result(mode: Mode) -> None:
    made = moved_result(mode)
    checked = checked_outside(mode, made)
    state = check_bundle(made[3], checked, world(mode).trust, world(mode).pool.blueprint)
    assert (state.fence, state.answers) == (2, made[0].bundle.answers)
    assert [seat.admit.body.station for seat in checked.seats] == [SECOND]


def test_the_hub_alone_may_move_a_seat_and_in_a_test_the_venue_alone() -> None:
    for mode, signers in (("official", [signing("hub", VENUE)]), ("test", [signing("venue", VENUE)])):
        checked_outside(mode, moved_result(mode, move_of(sat(mode), mode, *signers)))  # type: ignore[arg-type]


LIES: dict[str, tuple[Callable[[Sat], Move], str]] = {
    "signed by a proctor alone": (lambda one: move_of(one, "official", proctor()), "authority-missing"),
    "signed by the venue alone": (
        lambda one: move_of(one, "official", signing("venue", VENUE)),
        "authority-missing",
    ),
    "signed by another venue": (
        lambda one: move_of(one, "official", signing("venue", OTHER_VENUE), proctor("ani", OTHER_VENUE)),
        "authority-missing",
    ),
    "signed by another venue's hub": (
        lambda one: move_of(one, "official", signing("hub", OTHER_VENUE)),
        "authority-missing",
    ),
    "signed by the new station": (
        lambda one: move_of(one, "official", second_station(), proctor()),
        "authority-missing",
    ),
    "signed by one proctor more": (
        lambda one: move_of(one, "official", signing("venue", VENUE), proctor(), proctor("bayu")),
        "signature-extra",
    ),
    "of another sitting": (
        lambda one: move_of(one, "official", sitting=HEX[:32]),
        "handover-of-another-sitting",
    ),
    "of another start": (lambda one: move_of(one, "official", start=HEX), "handover-of-another-sitting"),
    "from a key that never sat": (
        lambda one: move_of(one, "official", old_key=second_key(one, "official", "third").verifier.text),
        "handover-of-another-key",
    ),
    "to the old key": (
        lambda one: move_of(one, "official", new_key=one.sitting_key.verifier.text),
        "sitting-key-foreign",
    ),
    "to a key of another sitting": (
        lambda one: move_of(one, "official", new_key=second_station().verifier.text),
        "sitting-key-foreign",
    ),
    "with a number left out": (lambda one: move_of(one, "official", fence=3), "fence-skipped"),
    "with the first seat's number": (lambda one: move_of(one, "official", fence=1), "fence-skipped"),
    "after a move that nobody saw": (lambda one: move_of(one, "official", before=HEX), "fence-skipped"),
    "from before the start": (lambda one: move_of(one, "official", size=0), "handover-of-another-head"),
    "to a station that was not admitted with it": (
        lambda one: move_of(one, "official", admit=HEX),
        "handover-of-another-station",
    ),
    "to a station of another name": (
        lambda one: move_of(one, "official", station="station/x"),
        "handover-of-another-station",
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_forged_move_is_refused(lie: str) -> None:
    make, code = LIES[lie]
    one = sat("official")
    with pytest.raises(Tampered) as refused:
        checked_outside("official", moved_result("official", make(one)))
    assert refused.value.code == code


def _signed_anew(one: Sat, records: tuple[JournalRecord, ...]) -> tuple[JournalRecord, ...]:
    return _resigned(one, records, range(MOVED_AT), second_key(one, "official"))


def _signed_by_old(one: Sat, records: tuple[JournalRecord, ...]) -> tuple[JournalRecord, ...]:
    return _resigned(one, records, range(MOVED_AT, len(records)), one.sitting_key)


def _resigned(
    one: Sat, records: tuple[JournalRecord, ...], places: range, key: SigningKey
) -> tuple[JournalRecord, ...]:
    frontier, found = Frontier(), []
    for place, record in enumerate(records):
        frontier.append(record.leaf)
        head = sign_head(key, "official", one.note.sitting, frontier) if place in places else record.head
        found.append(JournalRecord(record.salt, record.line, head))
    return tuple(found)


INSIDE: dict[str, tuple[Callable[[], tuple[Sat, Move, bytes, ResultBundle, bytes]], str]] = {
    "a root that the old seat never had": (
        lambda: moved_result("official", move_of(sat("official"), "official", root=HEX)),
        "handover-of-another-head",
    ),
    "more lines than there are": (
        lambda: moved_result("official", move_of(sat("official"), "official", size=99, root=HEX)),
        "handover-of-another-head",
    ),
    "a new seat that does not say that it moved": (
        lambda: moved_result("official", says={"handover": HEX}),
        "handovers-differ",
    ),
    "a new seat with another number": (
        lambda: moved_result("official", says={"fence": 3}),
        "handovers-differ",
    ),
    "old lines under the new key alone": (
        lambda: moved_result("official", journal=_signed_anew),
        "signature",
    ),
    "new lines under the old key": (
        lambda: moved_result("official", journal=_signed_by_old),
        "signature",
    ),
}


@pytest.mark.parametrize("lie", INSIDE)
def test_a_lie_about_a_move_inside_a_well_signed_result_is_found(lie: str) -> None:
    make, code = INSIDE[lie]
    made = make()
    checked = checked_outside("official", made)
    with pytest.raises(Tampered) as found:
        check_bundle(made[3], checked, world("official").trust)
    assert found.value.code == code


def test_the_old_seats_key_signs_no_result_after_a_move() -> None:
    with pytest.raises(Tampered, match="signature"):
        checked_outside("official", moved_result("official", signer=lambda one: one.sitting_key))


def test_the_old_station_signs_no_result_after_a_move() -> None:
    with pytest.raises(Tampered, match="signature"):
        checked_outside("official", moved_result("official", station=station_key()))
    with pytest.raises(Tampered, match="result-of-another-sitting"):
        checked_outside("official", moved_result("official", named=STATION))


def test_a_result_that_leaves_out_its_move_is_false() -> None:
    made = moved_result("official", handovers=())
    with pytest.raises(Tampered, match="handovers-differ"):
        checked_outside("official", made)
    with pytest.raises(Tampered):  # and without the move, the new seat's key is nobody's
        check_chain(made[0].admit, made[0].start, made[2], world("official").trust)


def moved_tree() -> dict[str, bytes]:
    """The tree of a sitting that moved once; always the same one, for a sealed file is never the same twice."""
    return dict(_moved_tree())


@cache
def _moved_tree() -> dict[str, bytes]:
    one, move, result, _, sealed = moved_result("official")
    files = {
        name: data
        for name, data in tree_of(world("official"), [one], logged=False).items()
        if name.startswith(("notes/admit", "notes/start"))
    }
    files[names.tree_note("result", parse_note(result).id)] = result
    files[names.tree_note("handover", parse_note(move.handover.encode()).id)] = move.handover.encode()
    files[names.tree_note("admit", parse_note(move.admit.encode()).id)] = move.admit.encode()
    files[names.tree_sealed(sha256_hex(sealed))] = sealed
    return files


def test_a_tree_with_a_moved_sitting_counts_it_once() -> None:
    files, one = moved_tree(), sat("official")
    result = next(name for name in files if name.startswith("notes/result-"))
    pairs = [(one.note.start, result.removeprefix("notes/result-").removesuffix(".note"))]
    closing = closing_note(world("official"), [one], pairs=pairs_hash(pairs))
    files[names.tree_note("closing", parse_note(closing).id)] = closing
    _, steps = check_tree(files, world("official").trust)
    assert [step for step in steps.done if step.verdict == "false"] == []
    assert {step.verdict for step in steps.done if step.name in ("handover", "result", "counted")} == {"true"}


def test_a_sheet_carries_the_notes_of_a_move_and_verifies_alone() -> None:
    made = moved_result("official")
    checked = checked_outside("official", made)
    note = check_score(score(result=checked.result.id), world("official").trust)
    opened = OpenedResult(checked, made[3].form, made[3].answers, made[3].identity)
    candidate = Candidate(made[3].candidate, VENUE, "Jakarta", "present", opened)
    attached = _attachments(candidate, note, {})
    assert sheet_problems(attached) == {}
    for name in ("handover-2.note", "admit-2.note"):
        less = {one: data for one, data in attached.items() if one != name}
        assert sheet_problems(less) == {"result": "evidence-missing"}


@pytest.mark.parametrize("kind", ["handover", "admit"])
def test_a_moved_result_without_the_notes_of_its_move_is_not_checkable(kind: str) -> None:
    files = moved_tree()
    second = {parse_note(second_admit("official")).id}
    lost = next(
        name
        for name in files
        if name.startswith(f"notes/{kind}-") and (kind == "handover" or name[12:-5] in second)
    )
    _, steps = check_tree(
        {name: data for name, data in files.items() if name != lost}, world("official").trust
    )
    found = {(step.name, step.verdict, step.code) for step in steps.done if step.name == "result"}
    assert found == {("result", "not-checkable", "evidence-missing")}


def test_a_seat_that_never_wrote_is_passed_over_but_its_move_is_not() -> None:
    """Seat 2 died before its first line; seat 3 goes on from the same head, and cites both moves."""
    mode: Mode = "official"
    one = sat(mode)
    lost = move_of(one, mode)
    third = second_key(one, mode, "third")
    again = move_of(
        one,
        mode,
        before=parse_note(lost.handover.encode()).id,
        old_key=second_key(one, mode).verifier.text,
        new_key=third.verifier.text,
        fence=3,
    )
    start = read(one.start, StartNote).body
    moves = [read(move.handover.encode(), HandoverNote).body for move in (lost, again)]
    keys = seat_keys(start, moves)
    events = [read_line(record.line) for record in one.bundle.journal]
    old, _ = records_of(events[:MOVED_AT], mode, one.note.sitting, one.sitting_key)
    new, _ = records_of(events, mode, one.note.sitting, third)
    assert check_journal((*old, *new[MOVED_AT:]), mode, one.note.sitting, keys)[1].size == len(events)
    chain = check_moves([lost, again], world(mode).trust, checked_start(one))
    assert [seat.handover.body.fence for seat in chain] == [2, 3]
    with pytest.raises(Tampered, match="fence-skipped"):
        check_moves([again], world(mode).trust, checked_start(one))


def checked_start(one: Sat) -> Signed[StartNote]:
    trust = world("official").trust
    return check_start(one.start, trust, check_admit(one.admit, trust))
