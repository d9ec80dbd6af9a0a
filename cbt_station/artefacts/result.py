"""A finished sitting: `SHA.result.age`, sealed once to results and escrow keys, and `RESULT.note`, which is public."""

import hashlib
from typing import ClassVar, Literal

from msgspec import Struct

from cbt_station.artefacts.admit import AdmitNote
from cbt_station.artefacts.closing import require_venue_and_proctors
from cbt_station.artefacts.handover import Move, Seat
from cbt_station.artefacts.journal import JournalRecord
from cbt_station.artefacts.names import require_ids
from cbt_station.artefacts.roster import RosterEntry
from cbt_station.artefacts.signed import Signed, read_under
from cbt_station.artefacts.start import StartNote
from cbt_station.errors import Refusal, Tampered
from cbt_station.exam.form import Form
from cbt_station.exam.interactions import Response
from cbt_station.sealing import crockford, strict_json
from cbt_station.sealing.body import Mode, NoteBody
from cbt_station.sealing.notes import Verifier, require_signatures
from cbt_station.sealing.trust import Trust

PROCTORS_WHO_ABORT = 2
SLIP_CHARACTERS = 16


class ResultBundle(
    Struct, frozen=True, forbid_unknown_fields=True, tag="cbt-station/result/v1", tag_field="type"
):
    """Everything of a sitting. `identity` is R, so that the results key alone never opens a package early.

    `answers` are the final answers, so that a nation can be scored without decoding every event; an audit compares
    them with the events.
    """

    mode: Mode
    session: str
    sitting: str
    start: str
    admit: str
    handovers: tuple[str, ...]
    candidate: RosterEntry
    identity: str
    form: Form
    journal: tuple[JournalRecord, ...]
    answers: dict[str, Response]


class ResultNote(NoteBody, frozen=True, kw_only=True):
    """What is public of a result: which engine, form, bank and key made it, and what was sealed."""

    KIND: ClassVar[str] = "result"

    session: str
    venue: str
    station: str
    sitting: str
    start: str
    handovers: tuple[str, ...]
    commitment: str
    form: str
    edition: str
    scoring: str
    engine: str
    allotted_ms: int
    granted_ms: int
    left_ms: int
    ended_by: Literal["candidate", "clock", "proctor"]
    size: int
    root: str
    sealed: str
    sealed_size: int
    started_at: str
    ended_at: str
    level: Literal["station", "second"]


class AbortedNote(NoteBody, frozen=True, kw_only=True):
    """A sitting that cannot go on, sealed from the second copy; venue and two proctors sign."""

    KIND: ClassVar[str] = "aborted"

    session: str
    venue: str
    sitting: str
    start: str
    commitment: str
    size: int
    root: str
    sealed: str
    sealed_size: int
    cause: str
    at: str


class AbortedBundle(
    Struct, frozen=True, forbid_unknown_fields=True, tag="cbt-station/aborted/v1", tag_field="type"
):
    """What the second copy of a sitting held. No form and no R: they are not in a copy, anybody with R draws the form."""

    mode: Mode
    session: str
    sitting: str
    start: str
    admit: str
    moves: tuple[Move, ...]
    candidate: RosterEntry
    journal: tuple[JournalRecord, ...]
    answers: dict[str, Response]


def write_bundle(bundle: ResultBundle | AbortedBundle) -> bytes:
    return strict_json.encode(bundle)


def read_bundle(data: bytes) -> ResultBundle:
    return strict_json.decode(data, ResultBundle, "result")


def read_aborted_bundle(data: bytes) -> AbortedBundle:
    return strict_json.decode(data, AbortedBundle, "aborted sitting")


def check_result(
    data: bytes,
    trust: Trust,
    admit: Signed[AdmitNote],
    start: Signed[StartNote],
    seats: tuple[Seat, ...] = (),
) -> Signed[ResultNote]:
    """The sitting key of the newest seat signed it, then its admitted station; it speaks of that very sitting.

    Without a move the seat is the start note's; every move is cited, in order.
    """
    signed = read_under(data, ResultNote, trust)
    result, begun = signed.body, start.body
    newest = seats[-1] if seats else None
    if result.handovers != tuple(seat.handover.id for seat in seats):
        raise Tampered("handovers-differ", sitting=result.sitting)
    if (
        result.start,
        result.session,
        result.venue,
        result.station,
        result.sitting,
        result.commitment,
        result.form,
    ) != (
        start.id,
        begun.session,
        begun.venue,
        newest.admit.body.station if newest else begun.station,
        begun.sitting,
        begun.commitment,
        begun.form,
    ):
        raise Tampered("result-of-another-sitting", sitting=result.sitting)
    require_ids("result", *result.handovers, result.edition, result.scoring, result.root, result.sealed)
    if min(result.size, result.sealed_size, result.left_ms, result.granted_ms, result.allotted_ms) < 0:
        raise Tampered("malformed", where="result: numbers")
    sitting_key = newest.handover.body.new_key if newest else begun.sitting_key
    station = newest.admit if newest else admit
    require_signatures(signed.note, Verifier.parse(sitting_key), Verifier.parse(station.body.station_key))
    return signed


def check_aborted(data: bytes, trust: Trust) -> Signed[AbortedNote]:
    """The venue signed it, then exactly two of its proctors (test mode: the venue alone is enough)."""
    signed = read_under(data, AbortedNote, trust)
    aborted = signed.body
    least = 0 if signed.mode == "test" else PROCTORS_WHO_ABORT
    require_venue_and_proctors(signed, trust, aborted.venue, least=least, most=PROCTORS_WHO_ABORT)
    require_ids("aborted", aborted.start, aborted.commitment, aborted.root, aborted.sealed)
    return signed


def slip_code(result_id: str) -> str:
    """The first 80 bits of a result's id as people read them: 9J44-2MF7-WQX8-JCMA."""
    return crockford.spell(int(result_id[:20], 16), SLIP_CHARACTERS)


def slip_prefix(typed: str) -> str:
    """The 20 hex digits that a typed slip code stands for, or Refusal("slip-malformed")."""
    code = crockford.meant(typed, SLIP_CHARACTERS)
    if code is None:
        raise Refusal("slip-malformed")
    return f"{crockford.value_of(code):020x}"


def slip_qr(result_id: str, salt_hex: str) -> str:
    """What the slip's QR says: the whole id and the salt, so that its owner can prove it. ASCII, upper case."""
    return f"CBT1:{result_id}:{salt_hex}".upper()


def form_hash(form: Form) -> str:
    return hashlib.sha256(strict_json.encode(form)).hexdigest()
