"""`roster-SESSION-VENUE.age`: who may sit at a venue; sealed to the venue and to the results keys."""

import hashlib
import re
from typing import Final

from msgspec import Struct

from cbt_station.artefacts.commitments import SALT_BYTES, commitment
from cbt_station.artefacts.names import hex_bytes
from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing import strict_json
from cbt_station.sealing.body import Mode

_BIRTH_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class RosterEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """One candidate.

    `photo` is a JPEG or PNG as base64 (may be empty); `birth_date` is YYYY-MM-DD; one of `birth_date` and `pin_check`
    is what check-in asks for (`pin_check` wins where there is one). `salt`: 16 bytes, hex. `extra`: application data
    that later stages rank by, such as a grade average, by name.
    """

    number: str
    name: str
    birth_date: str
    category: str
    position: str
    salt: str
    seat: str = ""
    photo: str = ""
    pin_check: str = ""
    accommodations: tuple[str, ...] = ()
    extra: dict[str, str] = {}

    @property
    def commitment(self) -> str:
        return commitment(self.salt, self.number)


class SpareSlot(Struct, frozen=True, forbid_unknown_fields=True):
    """A place for a walk-in; spare slots are taken in order."""

    slot: str
    salt: str


class Roster(Struct, frozen=True, forbid_unknown_fields=True, tag="cbt-station/roster/v1", tag_field="type"):
    """A venue's candidates in a session, sorted by number."""

    mode: Mode
    session: str
    venue: str
    title: str
    candidates: tuple[RosterEntry, ...]
    spare: tuple[SpareSlot, ...] = ()

    def entry(self, number: str) -> RosterEntry:
        """The candidate of a number, or Refusal("number-unknown")."""
        for entry in self.candidates:
            if entry.number == number:
                return entry
        raise Refusal("number-unknown", number=number)


def write_roster(roster: Roster) -> bytes:
    return strict_json.encode(roster)


def read_roster(data: bytes) -> Roster:
    """A roster as it was written: each number once, in order, each with a salt of its own."""
    roster = strict_json.decode(data, Roster, "roster")
    numbers = [entry.number for entry in roster.candidates]
    salts = [entry.salt for entry in roster.candidates] + [slot.salt for slot in roster.spare]
    slots = {slot.slot for slot in roster.spare}
    if numbers != sorted(set(numbers)) or len(slots) != len(roster.spare) or slots & set(numbers):
        raise Tampered("malformed", where="roster: numbers")
    if len(set(salts)) != len(salts):
        raise Tampered("malformed", where="roster: salts")
    for entry in roster.candidates:
        if entry.birth_date and not _BIRTH_DATE.fullmatch(entry.birth_date):
            raise Tampered("malformed", where="roster: birth dates")
    for salt in salts:
        hex_bytes(salt, SALT_BYTES, "roster: salts")
    return roster


def pin_check(salt_hex: str, pin: str) -> str:
    """What the roster keeps of a PIN. It only slows a look over the shoulder: the roster itself is sealed."""
    return hashlib.sha256(f"pin\x00{salt_hex}\x00{pin}".encode()).hexdigest()


def require_identity(entry: RosterEntry, secret: str) -> None:
    """The birth date (YYYY-MM-DD or DDMMYYYY or DD-MM-YYYY, as people type it) or the PIN, else Refusal."""
    if entry.pin_check:
        if pin_check(entry.salt, secret.strip()) != entry.pin_check:
            raise Refusal("identity-mismatch")
        return
    digits = "".join(ch for ch in secret if ch.isdigit())
    year, month, day = (*entry.birth_date.split("-"), "", "", "")[:3]
    if not entry.birth_date or digits not in {year + month + day, day + month + year}:
        raise Refusal("identity-mismatch")
