"""A result, from the outside (its notes) and, for who holds the results key, from the inside (its bundle).

Outside:
1. admit      the station's key, signed by itself and a proctor (test mode: by itself)
2. start      the sitting's key, signed by that station and an authority of the venue; then each move to another
              seat: from the one before it, to an admitted station, signed by the hub, or by the venue and a proctor
3. result     signed by the newest seat's sitting key and station key, for that very start and those moves
4. sealed     size and hash of the sealed file
5. bound      commitment, form, edition, scoring and manifest are the session's

Inside:
6. notes      the bundle carries the very notes of the outside
7. journal    every line strict, the chain whole, each seat's last head signed by its key, size and root the note's
8. fold       the events fold to the note's times and end, and to the final answers; each seat that wrote says so first
9. candidate  number and salt open the commitment
10. form      the form hashes to the note's; where pool, share and draw are known, it is the one that was drawn
"""

from collections.abc import Sequence

from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.artefacts.act import ActNote, check_act, require_counts
from cbt_station.artefacts.admit import AdmitNote, check_admit
from cbt_station.artefacts.files import sha256_hex
from cbt_station.artefacts.form import form_of
from cbt_station.artefacts.handover import Move, Seat, check_moves, seat_keys
from cbt_station.artefacts.journal import check_journal
from cbt_station.artefacts.result import ResultBundle, ResultNote, check_result, form_hash
from cbt_station.artefacts.signed import Signed
from cbt_station.artefacts.start import StartNote, check_start
from cbt_station.errors import Tampered
from cbt_station.exam.blueprint import Blueprint
from cbt_station.exam.events import ActDone, Event, SeatMoved, SittingStarted
from cbt_station.exam.interactions import Response
from cbt_station.exam.sitting import SittingState, fold
from cbt_station.sealing.body import read_body
from cbt_station.sealing.merkle import Frontier
from cbt_station.sealing.notes import Note
from cbt_station.sealing.trust import Trust
from cbt_station.verify.session import CheckedSession


class CheckedResult(Struct, frozen=True):
    """A result's notes, each signed by whom it must be, each about the next. `seats`: those it moved to, in order."""

    admit: Signed[AdmitNote]
    start: Signed[StartNote]
    result: Signed[ResultNote]
    seats: tuple[Seat, ...] = ()

    def notes(self) -> dict[str, bytes]:
        """All of them, by their names in a tree."""
        found = {
            names.tree_note("admit", self.admit.id): self.admit.raw,
            names.tree_note("start", self.start.id): self.start.raw,
        }
        for seat in self.seats:
            found[names.tree_note("admit", seat.admit.id)] = seat.admit.raw
            found[names.tree_note("handover", seat.handover.id)] = seat.handover.raw
        return found | {names.tree_note("result", self.result.id): self.result.raw}


def check_chain(
    admit: bytes, start: bytes, result: bytes, trust: Trust, moves: Sequence[Move] = ()
) -> CheckedResult:
    """Steps 1 to 3. `moves`: those that the result cites, in that order."""
    admitted = check_admit(admit, trust)
    begun = check_start(start, trust, admitted)
    seats = check_moves(moves, trust, begun)
    return CheckedResult(admitted, begun, check_result(result, trust, admitted, begun, seats), seats)


def check_sealed(sealed: bytes, note: ResultNote) -> None:
    """Step 4."""
    if len(sealed) != note.sealed_size or sha256_hex(sealed) != note.sealed:
        raise Tampered("sealed-changed", where=note.sealed)


def check_bound(checked: CheckedResult, session: CheckedSession) -> None:
    """Step 5: the result belongs to this session and no other."""
    note, manifest = checked.result.body, session.manifest
    if note.session != manifest.body.session or checked.start.body.manifest != manifest.id:
        raise Tampered("result-of-another-session", session=note.session)
    if note.commitment not in session.commitments:
        raise Tampered("commitment-unknown", sitting=note.sitting)
    if (note.edition, note.scoring) != (manifest.body.edition, manifest.body.scoring):
        raise Tampered("result-of-another-edition", sitting=note.sitting)


def check_start_bound(start: StartNote, session: CheckedSession) -> None:
    """A start belongs to this session, to a candidate of it, with the form that was drawn."""
    if (start.session, start.manifest) != (session.manifest.body.session, session.manifest.id):
        raise Tampered("result-of-another-session", session=start.session)
    if start.commitment not in session.commitments:
        raise Tampered("commitment-unknown", sitting=start.sitting)
    check_form(start, session)


def check_form(note: ResultNote | StartNote, session: CheckedSession) -> None:
    """Step 10's second half: anyone who has pool, share and draw draws the same form again."""
    if session.pool is None or session.reveal is None or session.draw is None:
        return
    share = bytes.fromhex(session.reveal.body.share)
    drawn = form_of(session.pool, share, session.draw.body.value, note.commitment)
    if form_hash(drawn) != note.form:
        raise Tampered("form-not-drawn", sitting=note.sitting)


def check_bundle(
    bundle: ResultBundle, checked: CheckedResult, trust: Trust, blueprint: Blueprint | None = None
) -> SittingState:
    """Steps 6 to 10 of an opened result; returns what the events fold to.

    With the session's blueprint also that the candidate had exactly the time that it grants.
    """
    note = checked.result.body
    if (
        bundle.mode != checked.result.mode
        or bundle.session != note.session
        or bundle.sitting != note.sitting
        or bundle.start.encode() != checked.start.raw
        or bundle.admit.encode() != checked.admit.raw
        or tuple(text.encode() for text in bundle.handovers)
        != tuple(one.handover.raw for one in checked.seats)
    ):
        raise Tampered("bundle-of-another-result", sitting=bundle.sitting)  # 6
    keys = seat_keys(checked.start.body, [seat.handover.body for seat in checked.seats])
    events, head = check_journal(bundle.journal, bundle.mode, bundle.sitting, keys)  # 7
    if (head.size, head.root) != (note.size, note.root):
        raise Tampered("journal-not-the-sealed-one", sitting=note.sitting)
    state = fold(events)  # 8
    _check_fold(events, state, bundle, note, checked)
    _check_acts(events, bundle, note, trust)
    if bundle.candidate.commitment != note.commitment:  # 9
        raise Tampered("commitment-unknown", sitting=note.sitting)
    if form_hash(bundle.form) != note.form:  # 10
        raise Tampered("form-changed", sitting=note.sitting)
    accommodations = bundle.candidate.accommodations
    if blueprint is not None and blueprint.allotted_for(accommodations) != note.allotted_ms:
        raise Tampered("times-differ", sitting=note.sitting)
    return state


def _check_fold(
    events: tuple[Event, ...],
    state: SittingState,
    bundle: ResultBundle,
    note: ResultNote,
    checked: CheckedResult,
) -> None:
    first = events[0]
    begun = isinstance(first, SittingStarted) and (first.sitting, first.start, first.form)
    if begun != (note.sitting, checked.start.id, note.form):
        raise Tampered("journal-of-another-sitting", sitting=note.sitting)
    _check_seats(events, checked)
    if state.status != "ended" or state.ended_by != note.ended_by:
        raise Tampered("journal-not-ended", sitting=note.sitting)
    if (state.allotted_ms, state.granted_ms, state.left_ms) != (
        note.allotted_ms,
        note.granted_ms,
        note.left_ms,
    ):
        raise Tampered("times-differ", sitting=note.sitting)
    if state.answers != bundle.answers:
        raise Tampered("answers-differ", sitting=note.sitting)
    offered = {entry.item: entry.options for entry in bundle.form.items}
    for item, answer in state.answers.items():
        if item not in offered:
            raise Tampered("response-unknown", where=item, response=str(answer))
        require_of_form(offered[item], answer, item)


def require_of_form(options: tuple[str, ...], answer: Response, where: str) -> None:
    """Tampered("response-unknown") where an answer names no option of the form: itself, or as the first of a pair.

    A form says nothing of what is typed, pointed at or answered in parts: there scoring is the judge.
    """
    values = (answer,) if isinstance(answer, str) else tuple(answer)
    unknown = [value for value in values if value not in options and value.partition(" ")[0] not in options]
    if not values or (options and (isinstance(answer, dict) or unknown)):
        raise Tampered("response-unknown", where=where, response=str(answer)[:200])


def _check_seats(events: tuple[Event, ...], checked: CheckedResult) -> None:
    """A seat's first line names the move that made it; the newest seat has one, and nobody else says that he moved.

    A seat that ended before its first line wrote none: the next one was moved from the same head.
    """
    moves = [seat.handover for seat in checked.seats]
    ends = [*(move.body.size for move in moves[1:]), len(events)]
    wrote = [
        (move.body.size + 1, move) for move, end in zip(moves, ends, strict=False) if end > move.body.size
    ]
    said = [(event.seq, event.handover, event.fence) for event in events if isinstance(event, SeatMoved)]
    if said != [(seq, move.id, move.body.fence) for seq, move in wrote] or (
        moves and ends[-1] == moves[-1].body.size
    ):
        raise Tampered("handovers-differ", sitting=checked.result.body.sitting)


def _check_acts(events: tuple[Event, ...], bundle: ResultBundle, note: ResultNote, trust: Trust) -> None:
    """Every act in the journal is a note of the venue's proctors for it that says what the event says, and counts."""
    before: list[Signed[ActNote]] = []
    for event in events:
        if not isinstance(event, ActDone) or _says_nothing(event, trust):
            continue
        act = _act_of(event, note, trust)
        where = f"journal line {event.seq}"
        if (act.id, act.body.act, act.body.minutes) != (event.id, event.act, event.minutes):
            raise Tampered("act-differs", where=where)
        if act.note.signatures and act.body.head not in _roots(bundle, event.seq - 1):
            raise Tampered("act-of-another-journal", where=where)
        try:
            require_counts(act, before)
        except Tampered as failure:
            raise failure.at(where) from failure
        before.append(act)


def _roots(bundle: ResultBundle, size: int) -> set[str]:
    """Every head that the journal had in its first `size` lines."""
    frontier, roots = Frontier(), set[str]()
    for record in bundle.journal[:size]:
        frontier.append(record.leaf)
        roots.add(frontier.root().hex())
    return roots


def _act_of(event: ActDone, note: ResultNote, trust: Trust) -> Signed[ActNote]:
    """The act that a line embeds. In test mode a driver may do acts without a proctor: a bare text, signed by nobody."""
    if trust.mode != "test" or "\n\n" in event.note:
        return check_act(event.note.encode(), trust, note.venue, note.sitting)
    act, mode = read_body(event.note, ActNote)
    if mode != "test":
        raise Tampered("mode-mixed", where=ActNote.KIND, mode=mode, expected=trust.mode)
    if (act.venue, act.sitting) != (note.venue, note.sitting):
        raise Tampered("act-of-another-sitting")
    return Signed(act, mode, Note(event.note, ()))


def _says_nothing(event: ActDone, trust: Trust) -> bool:
    """In test mode an act may come without any text at all."""
    return trust.mode == "test" and event.note == "" and event.id == ""
