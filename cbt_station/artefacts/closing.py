"""`closing-SESSION-VENUE-K.note`: the venue's signed count of a session, exactly these N results."""

import hashlib
from collections.abc import Iterable
from typing import ClassVar

from cbt_station.artefacts.names import belongs_to_venue
from cbt_station.artefacts.signed import Signed, read_under
from cbt_station.errors import Tampered
from cbt_station.sealing.body import NoteBody
from cbt_station.sealing.notes import require_signatures
from cbt_station.sealing.trust import Trust


class ClosingNote(NoteBody, frozen=True, kw_only=True):
    """`pairs` is the hash of the sorted list of (start id, result id or `aborted`); a late result makes closing K+1.

    On the roster = present + absent; present = count (sealed and aborted).
    """

    KIND: ClassVar[str] = "closing"

    session: str
    venue: str
    number: int
    cites: str | None = None
    manifest: str
    count: int
    pairs: str
    present: int
    absent: int
    aborted: int
    disqualified: int
    spare_unused: int
    incidents: int
    minutes_granted: int
    at: str


def pairs_hash(pairs: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over the lines `start result`, sorted."""
    lines = sorted(f"{start} {result}\n" for start, result in pairs)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def check_closing(data: bytes, trust: Trust) -> Signed[ClosingNote]:
    """The venue signed it, then at least one proctor of the venue (test mode: the venue alone is enough)."""
    signed = read_under(data, ClosingNote, trust)
    closing, listed = signed.body, trust.at(signed.body.trust)
    names = {(line.name, line.key_id) for line in signed.note.signatures}
    venue = [key for key in listed.verifiers("venue") if belongs_to_venue(key.name, "venue", closing.venue)]
    proctors = [
        key
        for key in listed.verifiers("proctor")
        if belongs_to_venue(key.name, "proctor", closing.venue) and (key.name, key.key_id) in names
    ]
    if not venue or not (proctors or signed.mode == "test"):
        raise Tampered("authority-missing", where=closing.venue)
    require_signatures(signed.note, venue[0], *proctors)
    if closing.count != closing.present or closing.aborted > closing.count:
        raise Tampered("closing-count", where=closing.venue)
    return signed
