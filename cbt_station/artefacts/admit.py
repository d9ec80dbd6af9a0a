"""`admit-SESSION-STATION.note`: a station's key and facts, signed by the station and by a proctor of its venue, on the day, offline.

Never by the venue's key alone, which also signs starts: who holds it and nothing else makes no sitting of anybody.
In test mode a station may admit itself; the note then has one signature line and `verify` says so.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from cbt_station.artefacts.names import belongs_to_venue
from cbt_station.artefacts.signed import Signed, read_under, require_unrevoked, signers_among
from cbt_station.errors import Tampered
from cbt_station.sealing.body import NoteBody
from cbt_station.sealing.notes import Verifier, require_signatures
from cbt_station.sealing.trust import Trust

MAY_START: Final = ("proctor", "venue", "hub", "standby")
"""Whose key may stand beside the station's under a start."""


class AdmitNote(NoteBody, frozen=True, kw_only=True):
    """`facts`: operating system, displays, input devices, virtual machine, remote session … by name."""

    KIND: ClassVar[str] = "admit"

    session: str
    venue: str
    station: str
    station_key: str
    program: str
    facts: dict[str, str]
    at: str


def check_admit(data: bytes, trust: Trust) -> Signed[AdmitNote]:
    """The station signed it with the key it names, then a proctor of its venue (test mode: the station alone)."""
    signed = read_under(data, AdmitNote, trust)
    station = Verifier.parse(signed.body.station_key)
    require_station_and_authority(signed, trust, station, signed.body.venue, ("proctor",))
    return signed


def require_station_and_authority(
    signed: Signed[Any], trust: Trust, station: Verifier, venue: str, roles: Sequence[str] = MAY_START
) -> None:
    """Two lines: the station, then a key of its venue in one of the roles. In test mode one line is enough."""
    if signed.mode == "test" and len(signed.note.signatures) == 1:
        require_signatures(signed.note, station)
        return
    authorities = signers_among(signed.note, venue_authorities(trust.at(signed.body.trust), venue, roles))
    if not authorities:
        raise Tampered("authority-missing", where=venue)
    if station.public in {one.public for one in authorities}:
        raise Tampered("key-doubled", where=venue)
    require_signatures(signed.note, station, authorities[0])
    require_unrevoked(signed, trust, authorities[0])


def venue_authorities(trust: Trust, venue: str, roles: Sequence[str]) -> tuple[Verifier, ...]:
    """The keys that may speak for a venue in these roles."""
    return tuple(
        verifier
        for role in roles
        for verifier in trust.verifiers(role)
        if belongs_to_venue(verifier.name, role, venue)
    )
