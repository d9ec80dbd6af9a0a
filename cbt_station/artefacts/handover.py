"""`handover-SITTING-FENCE.note`: a sitting moves to another station, and the key of the seat before it is void.

The new journal continues the tree at the old head: up to line `size`, whose root is `root`, the old seat's key speaks,
from there on the new one's. Each move has the next fence number (the first seat has 1) and cites the move before it, so
that nobody leaves one out. A seat that was fenced out and went on all the same has made another history: both are
evidence, and are never merged.

Signed by the venue's hub alone, or by the venue's key and one of its proctors (test mode: the venue alone may do).
"""

from collections.abc import Sequence
from typing import ClassVar, Literal

from msgspec import Struct

from cbt_station.artefacts.admit import AdmitNote, check_admit
from cbt_station.artefacts.closing import require_venue_and_proctors
from cbt_station.artefacts.journal import Handed, SeatKeys
from cbt_station.artefacts.names import belongs_to_venue, journal_origin, require_ids
from cbt_station.artefacts.signed import Signed, read_under, require_signers, signers_among
from cbt_station.artefacts.start import StartNote
from cbt_station.errors import Tampered
from cbt_station.sealing.body import NoteBody
from cbt_station.sealing.notes import Verifier
from cbt_station.sealing.trust import Trust


class HandoverNote(NoteBody, frozen=True, kw_only=True):
    """`start`: the sitting's start note; `before`: the move before this one; `admit`: the new station's admission."""

    KIND: ClassVar[str] = "handover"

    session: str
    venue: str
    sitting: str
    start: str
    before: str | None = None
    size: int
    root: str
    old_key: str
    new_key: str
    station: str
    admit: str
    fence: int
    cause: Literal["environment", "candidate", "staff", "technical"]
    at: str


class Move(Struct, frozen=True, forbid_unknown_fields=True):
    """A move as it is kept and travels: both notes whole."""

    handover: str
    admit: str


class Seat(Struct, frozen=True):
    """A later seat of a sitting: its move, checked, and its station's admission."""

    handover: Signed[HandoverNote]
    admit: Signed[AdmitNote]


def check_handover(
    data: bytes,
    trust: Trust,
    start: Signed[StartNote],
    before: Signed[HandoverNote] | None,
    admit: Signed[AdmitNote],
) -> Signed[HandoverNote]:
    """A move of this very sitting, from the seat before it to the admitted station, signed by whom it must be."""
    signed = check_handover_authority(data, trust)
    move, begun = signed.body, start.body
    if (move.start, move.session, move.venue, move.sitting) != (
        start.id,
        begun.session,
        begun.venue,
        begun.sitting,
    ):
        raise Tampered("handover-of-another-sitting", sitting=move.sitting)
    old_key, fence, size = (
        (before.body.new_key, before.body.fence, before.body.size)
        if before is not None
        else (begun.sitting_key, begun.fence, 1)
    )
    if move.fence != fence + 1 or move.before != (before.id if before is not None else None):
        raise Tampered("fence-skipped", fence=move.fence, expected=fence + 1)
    if move.old_key != old_key:
        raise Tampered("handover-of-another-key", fence=move.fence)
    _require_own_key(signed, old_key)
    same_root = before is None or move.size > size or move.root == before.body.root
    if move.size < size or not same_root:
        raise Tampered("handover-of-another-head", fence=move.fence)
    if (move.admit, move.session, move.venue, move.station) != (
        admit.id,
        admit.body.session,
        admit.body.venue,
        admit.body.station,
    ):
        raise Tampered("handover-of-another-station", station=move.station)
    return signed


def check_handover_authority(data: bytes, trust: Trust) -> Signed[HandoverNote]:
    """Somebody who may move seats at the venue signed it; whether it fits a sitting is `check_handover`'s to say."""
    signed = read_under(data, HandoverNote, trust)
    move = signed.body
    require_ids("handover", move.start, move.before, move.root, move.admit)
    listed = trust.at(move.trust)
    hubs = signers_among(
        signed.note,
        (
            key
            for role in ("hub", "standby")
            for key in listed.verifiers(role)
            if belongs_to_venue(key.name, role, move.venue)
        ),
    )
    if len(signed.note.signatures) == 1 and hubs:
        require_signers(signed, trust, hubs[0])
    else:
        least = 0 if signed.mode == "test" else 1
        require_venue_and_proctors(signed, trust, move.venue, least=least, most=1)
    return signed


def check_moves(moves: Sequence[Move], trust: Trust, start: Signed[StartNote]) -> tuple[Seat, ...]:
    """The later seats of a sitting, in order, each moved to from the one before."""
    seats: list[Seat] = []
    for move in moves:
        admit = check_admit(move.admit.encode(), trust)
        before = seats[-1].handover if seats else None
        seats.append(Seat(check_handover(move.handover.encode(), trust, start, before, admit), admit))
    return tuple(seats)


def seat_keys(start: StartNote, moves: Sequence[HandoverNote]) -> SeatKeys:
    """Whose head signs which lines of a sitting's journal. The notes' signatures are NOT checked."""
    keys = [Verifier.parse(start.sitting_key), *(Verifier.parse(move.new_key) for move in moves)]
    earlier = zip(keys[:-1], moves, strict=True)
    return SeatKeys(keys[-1], tuple(Handed(key, move.size, move.root) for key, move in earlier))


def _require_own_key(signed: Signed[HandoverNote], old_key: str) -> None:
    """A fresh key, named for this sitting alone."""
    move = signed.body
    new = Verifier.parse(move.new_key)
    if new.name != journal_origin(signed.mode, move.sitting) or new.public == Verifier.parse(old_key).public:
        raise Tampered("sitting-key-foreign")
