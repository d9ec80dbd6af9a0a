"""A journal's line, leaf and head: the truth of a sitting.

- line: an event as strict JSON, one line, never serialised again;
- leaf: SHA-256(0x00 ‖ salt ‖ line), the salt 16 random bytes, so that one answer can be proven without the others;
- head: a C2SP checkpoint over the RFC 6962 tree of leaves, signed by the sitting key for every event, in the same
  transaction. Only its 64-byte signature is stored: origin, size and root follow from the sitting and the lines.

A sitting that moved has a key a seat: each signs the heads of its own lines (`SeatKeys`).
"""

import base64
from collections.abc import Sequence

from msgspec import Struct

from cbt_station.artefacts.names import hex_bytes, journal_origin
from cbt_station.errors import Tampered
from cbt_station.exam.events import Event
from cbt_station.sealing import strict_json
from cbt_station.sealing.body import Mode
from cbt_station.sealing.merkle import Frontier, leaf_hash
from cbt_station.sealing.notes import SigningKey, Verifier, unbase64

SALT_BYTES = 16


class JournalRecord(Struct, frozen=True, forbid_unknown_fields=True):
    """One event as kept and as sealed: salt in hex, the line, the head's signature in base64."""

    salt: str
    line: str
    head: str

    @property
    def leaf(self) -> bytes:
        return leaf_of(hex_bytes(self.salt, SALT_BYTES, "journal salt"), self.line)


class Head(Struct, frozen=True, forbid_unknown_fields=True):
    """A journal's head: how many events, and the root over them (hex)."""

    size: int
    root: str


class Handed(Struct, frozen=True):
    """An earlier seat: its key signs heads up to `size` lines, whose root is `root` (hex)."""

    key: Verifier
    size: int
    root: str


class SeatKeys(Struct, frozen=True):
    """The keys of a sitting's seats, `earlier` ones in order; a seat that wrote no line ends where the one before did."""

    newest: Verifier
    earlier: tuple[Handed, ...] = ()

    @property
    def all(self) -> tuple[Verifier, ...]:
        return (*(seat.key for seat in self.earlier), self.newest)

    def at(self, size: int) -> Verifier:
        """Whose key signs the head over `size` lines."""
        return next((seat.key for seat in self.earlier if size <= seat.size), self.newest)


def write_line(event: Event) -> str:
    return strict_json.encode(event).decode()


def read_line(line: str) -> Event:
    event: Event = strict_json.decode(line.encode(), Event, "journal line", most_bytes=1 << 20)  # type: ignore[arg-type]  # a union is a type to msgspec
    return event


def leaf_of(salt: bytes, line: str) -> bytes:
    return leaf_hash(salt + line.encode())


def head_text(mode: Mode, sitting: str, size: int, root: bytes) -> bytes:
    """What the sitting key signs: a C2SP checkpoint."""
    return f"{journal_origin(mode, sitting)}\n{size}\n{base64.b64encode(root).decode()}\n".encode()


def sign_head(key: SigningKey, mode: Mode, sitting: str, frontier: Frontier) -> str:
    """The head's signature over everything appended so far, base64."""
    signature = key.sign_bytes(head_text(mode, sitting, frontier.size, frontier.root()))
    return base64.b64encode(signature).decode()


def check_journal(
    records: Sequence[JournalRecord], mode: Mode, sitting: str, key: Verifier | SeatKeys
) -> tuple[tuple[Event, ...], Head]:
    """The events and the head: every line strict, the chain whole, the LAST head's signature of each seat good.

    A later head covers every earlier line; checking each one costs 50 times as much and proves nothing more.
    """
    if not records:
        raise Tampered("journal-empty")
    keys = key if isinstance(key, SeatKeys) else SeatKeys(key)
    ends = {seat.size: seat.root for seat in keys.earlier}
    if max(ends, default=0) > len(records):
        raise Tampered("handover-of-another-head", size=max(ends), here=len(records))
    frontier, events = Frontier(), []
    for place, record in enumerate(records, start=1):
        event = read_line(record.line)
        if event.seq != place:
            raise Tampered("journal-broken", where=f"journal line {place}")
        frontier.append(record.leaf)
        events.append(event)
        if place in ends:
            _check_handed(record, frontier, ends[place], keys, mode, sitting)
    check_head(records[-1].head, keys.at(len(records)), mode, sitting, frontier)
    return tuple(events), Head(frontier.size, frontier.root().hex())


def check_head(signature: str, key: Verifier, mode: Mode, sitting: str, frontier: Frontier) -> None:
    """The signature of a head, or Tampered."""
    raw = unbase64(signature)
    if raw is None:
        raise Tampered("malformed", where="journal head")
    key.verify_bytes(head_text(mode, sitting, frontier.size, frontier.root()), raw)


def _check_handed(
    record: JournalRecord, frontier: Frontier, root: str, keys: SeatKeys, mode: Mode, sitting: str
) -> None:
    """Where a seat was left: the root that the handover says, under the head of the seat that wrote the line."""
    if frontier.root().hex() != root:
        raise Tampered("handover-of-another-head", size=frontier.size)
    check_head(record.head, keys.at(frontier.size), mode, sitting, frontier)
