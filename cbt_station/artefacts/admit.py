"""`admit-SESSION-STATION.note`: a station's key and facts, signed by the station and a proctor, on the day, offline.

In test mode a station may admit itself; the note then has one signature line and `verify` says so.
"""

from typing import ClassVar

from cbt_station.artefacts.names import belongs_to_venue
from cbt_station.artefacts.signed import Signed, read_under
from cbt_station.errors import Tampered
from cbt_station.sealing.body import NoteBody
from cbt_station.sealing.notes import Note, Verifier, require_signatures
from cbt_station.sealing.trust import Trust


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
    admit = signed.body
    station = Verifier.parse(admit.station_key)
    require_station_and_authority(signed.note, station, trust.at(admit.trust), admit.venue)
    return signed


def require_station_and_authority(note: Note, station: Verifier, trust: Trust, venue: str) -> None:
    """Two lines: the station, then a proctor, venue or hub key of its venue. In test mode one line is enough."""
    if trust.mode == "test" and len(note.signatures) == 1:
        require_signatures(note, station)
        return
    second = note.signatures[-1]
    for verifier in venue_authorities(trust, venue):
        if (verifier.name, verifier.key_id) == (second.name, second.key_id):
            require_signatures(note, station, verifier)
            return
    raise Tampered("authority-missing", where=venue)


def venue_authorities(trust: Trust, venue: str) -> tuple[Verifier, ...]:
    """The keys that may speak for a venue: its proctors, itself, its hub and standby."""
    return tuple(
        verifier
        for role in ("proctor", "venue", "hub", "standby")
        for verifier in trust.verifiers(role)
        if belongs_to_venue(verifier.name, role, venue)
    )
