"""Moving a sitting to this station, from its second copy: every answer that was in two places, and the exact time.

1. What the place proves, with the venue's key (`found_copy`), signed by whom it must be, of this session's manifest.
2. It is not over, and was never fenced out here.
3. The candidate is the roster's, and the form is drawn again from the package: the code was typed here.
4. This station is admitted (by the same proctor, if it was not yet).
5. A fresh sitting key, and the hand-over note: old head, old and new key, the next fence number; signed by the venue and
   the proctor. From the moment it is in the second place no earlier seat may go on.
6. The folder with the journal up to the old head; it exists whole or not at all, and only after 5 is durable.

A cut before 5: nothing happened. Between 5 and 6: nobody goes on by himself; the move is done again, with the next number,
from the same head. After 6: this seat resumes like every other. The gap is not consumed; the seat's first event says it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from cbt_station import __version__
from cbt_station.artefacts import names
from cbt_station.artefacts.commitments import sitting_id
from cbt_station.artefacts.form import form_of
from cbt_station.artefacts.handover import HandoverNote, Move, check_handover
from cbt_station.artefacts.names import journal_origin
from cbt_station.artefacts.result import form_hash
from cbt_station.artefacts.roster import RosterEntry
from cbt_station.artefacts.signed import sign
from cbt_station.delivery.fencing import require_place_not_over
from cbt_station.delivery.found_copy import FoundSitting, SignedSeats, find_sitting, require_signed
from cbt_station.delivery.journal import SittingFacts
from cbt_station.delivery.sealing_result import put_notes
from cbt_station.delivery.session_folder import SessionFolder
from cbt_station.delivery.sitting_folder import (
    SittingFolder,
    create_sitting,
    list_sittings,
    new_database_key,
)
from cbt_station.delivery.starting import admit_station
from cbt_station.delivery.station_store import StationStore
from cbt_station.delivery.unlocking import Unlocked
from cbt_station.delivery.views import CopyView
from cbt_station.errors import Refusal, Tampered
from cbt_station.exam.clock import Reading
from cbt_station.sealing.age import parse_recipient
from cbt_station.sealing.notes import SigningKey
from cbt_station.storage.files import write_durably

Cause: TypeAlias = Literal["environment", "candidate", "staff", "technical"]
CAUSES: tuple[Cause, ...] = get_args(Cause)


@dataclass(frozen=True)
class Movable:
    """A sitting that can be moved here: steps 1 to 3 passed."""

    found: FoundSitting
    signed: SignedSeats
    candidate: RosterEntry

    @property
    def view(self) -> CopyView:
        found, last = self.found, self.found.events[-1]
        newest = self.signed.seats[-1].admit if self.signed.seats else self.signed.admit
        return CopyView(
            number=self.candidate.number,
            name=self.candidate.name,
            sitting=found.head.sitting,
            station=newest.body.station,
            fence=len(found.moves) + 1,
            answered=len(found.state.answers),
            seq=found.state.seq,
            left_ms=found.clock.left_ms(found.clock.at),
            last_at=last.wall,
            status=found.state.status,
        )


def look_at(
    folder: SessionFolder, store: StationStore, unlocked: Unlocked, number_or_sitting: str, place: Path
) -> Movable:
    """Steps 1 to 3: who can be moved here from `place`, by number or by the sitting's id."""
    entry = _entry(folder, unlocked, number_or_sitting)
    sitting = sitting_id(folder.session, entry.commitment)
    found = find_sitting(place, sitting, unlocked.key.identity)  # 1
    signed = require_signed(found, folder.trust)
    start = signed.start.body
    if (found.head.mode, start.session, start.venue) != (folder.mode, folder.session, unlocked.key.venue):
        raise Tampered("sitting-of-another-manifest", where=sitting)
    if start.manifest != folder.manifest.id:
        raise Tampered("sitting-of-another-manifest", where=sitting)
    for here in list_sittings(store.sittings):  # 2
        if here.sitting == sitting:
            raise _here_already(here, entry.number)
    require_place_not_over(place, folder.session, sitting, unlocked.key.venue, folder.trust)
    if found.candidate != entry:  # 3
        raise Tampered("candidate-not-listed", where=entry.number)
    form = form_of(unlocked.content.pool, unlocked.content.share, folder.draw().body.value, entry.commitment)
    if form_hash(form) != start.form or found.state.form != start.form:
        raise Tampered("form-not-drawn", sitting=sitting)
    return Movable(found, signed, entry)


def move_here(
    folder: SessionFolder,
    store: StationStore,
    unlocked: Unlocked,
    movable: Movable,
    place: Path,
    proctor: SigningKey | None,
    cause: str,
    now: Reading,
) -> SittingFolder:
    """Steps 4 to 6. Without a proctor only in test mode."""
    if cause not in CAUSES:
        raise Refusal("cause-unknown", cause=cause)
    if proctor is None and folder.mode != "test":
        raise Refusal("proctor-needed")
    found, venue, pool = movable.found, unlocked.key.venue, unlocked.content.pool
    admit = admit_station(folder, store, venue, now, proctor)  # 4
    station, sitting = store.keys(venue), found.head.sitting
    key = SigningKey.generate(journal_origin(folder.mode, sitting))  # 5
    before = movable.signed.seats[-1].handover if movable.signed.seats else None
    note = sign(
        HandoverNote(
            trust=folder.trust.number,
            session=folder.session,
            venue=venue,
            sitting=sitting,
            start=movable.signed.start.id,
            before=before.id if before else None,
            size=found.tree.size,
            root=found.tree.root,
            old_key=before.body.new_key if before else movable.signed.start.body.sitting_key,
            new_key=key.verifier.text,
            station=station.signing.name,
            admit=admit.id,
            fence=len(found.moves) + 2,
            cause=cause,  # one of CAUSES, just checked
            at=now.wall,
        ),
        folder.mode,
        *([unlocked.key.signing] if proctor is None else [unlocked.key.signing, proctor]),
    )
    handover = check_handover(note, folder.trust, movable.signed.start, before, admit)
    moves = (*found.moves, Move(note.decode(), admit.raw.decode()))
    start, manifest = movable.signed.start, folder.manifest.body
    facts = SittingFacts(
        mode=folder.mode,
        session=folder.session,
        venue=venue,
        station=station.signing.name,
        sitting=sitting,
        trust=folder.trust.number,
        engine=__version__,
        edition=manifest.edition,
        scoring=manifest.scoring,
        recipients=(*manifest.results_recipients, *manifest.escrow_recipients),
        candidate=movable.candidate,
        identity=unlocked.identity.text,
        blueprint=pool.blueprint,
        form=form_of(pool, unlocked.content.share, folder.draw().body.value, movable.candidate.commitment),
        admit=found.head.admit,
        start=found.head.start,
        started_at=start.body.at,
        moves=moves,
        copies_read=found.copies,
    )

    def fence_others_out() -> None:
        put_notes(place / "tree", facts.admit, facts.start, moves)
        path = place / names.handover(sitting, handover.body.fence)
        if path.exists():
            raise Refusal("handover-taken", where=path.name)
        write_durably(path, note)

    return create_sitting(  # 6
        store.sittings,
        facts,
        key,
        found.records,
        found.clock,  # as the old seat read it: the gap begins there
        station,
        unlocked.key.identity.recipient,
        [parse_recipient(text) for text in manifest.results_recipients],
        new_database_key(),
        fence_others_out,
    )


def _entry(folder: SessionFolder, unlocked: Unlocked, number_or_sitting: str) -> RosterEntry:
    for entry in unlocked.roster.candidates:
        if number_or_sitting in (entry.number, sitting_id(folder.session, entry.commitment)):
            return entry
    raise Refusal("number-unknown", number=number_or_sitting)


def _here_already(here: SittingFolder, number: str) -> Refusal:
    if here.is_fenced_out:
        body = here.fenced_out_by().body
        return Refusal(
            "fenced-out", where=body.sitting, fence=body.fence, station=body.station, moved_at=body.at
        )
    return Refusal("number-already-sat", number=number, result="")
