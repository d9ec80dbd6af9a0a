"""`closing-SESSION-VENUE-K.note`: the venue's signed count of a session, exactly these N results."""

import hashlib
from collections.abc import Iterable
from typing import Any, ClassVar

from cbt_station.artefacts.names import belongs_to_venue, require_ids
from cbt_station.artefacts.signed import Signed, read_under, require_signers, signers_among
from cbt_station.errors import Tampered
from cbt_station.sealing.body import NoteBody
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
    require_venue_and_proctors(signed, trust, signed.body.venue, least=0 if signed.mode == "test" else 1)
    _require_counts(signed.body)
    return signed


def require_venue_and_proctors(
    signed: Signed[Any], trust: Trust, venue: str, *, least: int, most: int | None = None
) -> None:
    """The venue's key, then `least` to `most` of its proctors, in the list's order and nobody else."""
    listed = trust.at(signed.body.trust)
    venues, proctors = (
        signers_among(
            signed.note, (key for key in listed.verifiers(role) if belongs_to_venue(key.name, role, venue))
        )
        for role in ("venue", "proctor")
    )
    if not venues or len(proctors) < least:
        raise Tampered("authority-missing", where=venue)
    require_signers(signed, trust, venues[0], *proctors[:most])


def _require_counts(closing: ClosingNote) -> None:
    """Numbers that can be true together; that they are true of the results is `verify`'s to say."""
    numbers = (
        closing.count, closing.absent, closing.aborted, closing.disqualified,
        closing.spare_unused, closing.incidents, closing.minutes_granted,
    )  # fmt: skip
    whole = min(numbers) >= 0 and closing.count == closing.present and closing.aborted <= closing.count
    if not whole or closing.number < 1 or (closing.number == 1) != (closing.cites is None):
        raise Tampered("closing-count", where=closing.venue)
    require_ids("closing", closing.cites, closing.manifest, closing.pairs)
