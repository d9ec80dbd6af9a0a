"""A note and what it says, kept together, and the checks that every signed artefact shares.

A revoked key signs nothing more: a note that says it was made at or after the revocation is false. One that says it was
made before is as good as the log's order proves it; the note alone cannot tell.
"""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Final, Generic, TypeVar

from msgspec import Struct

from cbt_station.errors import Tampered
from cbt_station.sealing.body import Mode, NoteBody, read_body, write_body
from cbt_station.sealing.notes import Note, SigningKey, Verifier, parse_note, require_signatures, sign_note
from cbt_station.sealing.trust import Trust, require_quorum

B = TypeVar("B", bound=NoteBody)
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Signed(Struct, Generic[B], frozen=True):
    """A note with its body. Made by a `check_…` function, its signatures were verified."""

    body: B
    mode: Mode
    note: Note

    @property
    def id(self) -> str:
        return self.note.id

    @property
    def raw(self) -> bytes:
        return self.note.raw


def sign(body: NoteBody, mode: Mode, *keys: SigningKey) -> bytes:
    """The bytes of a note: signed once, then stored and sent as they are."""
    return sign_note(write_body(body, mode), *keys)


def as_text(note: bytes) -> str:
    """A note's bytes as text, for another file to hold, or Tampered("malformed")."""
    try:
        return note.decode()
    except UnicodeDecodeError as error:
        raise Tampered("malformed", where="note") from error


def read(data: bytes, of: type[B]) -> Signed[B]:
    """The note with its body; type first, signatures NOT checked."""
    note = parse_note(data)
    body, mode = read_body(note.text, of)
    return Signed(body, mode, note)


def read_under(data: bytes, of: type[B], trust: Trust) -> Signed[B]:
    """As `read`, and the note belongs to this trust list's mode. Signatures NOT checked."""
    signed = read(data, of)
    if signed.mode != trust.mode:
        raise Tampered("mode-mixed", where=of.KIND, mode=signed.mode, expected=trust.mode)
    return signed


def check_by_quorum(data: bytes, of: type[B], trust: Trust, role: str) -> Signed[B]:
    """A note that exactly the quorum of a role signed, under the list that the note names."""
    signed = read_under(data, of, trust)
    signers = require_quorum(signed.note, trust.at(signed.body.trust), role)
    require_unrevoked(signed, trust, *signers)
    return signed


def require_signers(signed: Signed[B], trust: Trust, *verifiers: Verifier) -> None:
    """Exactly these keys signed it, in this order, and none of them was revoked by then."""
    require_signatures(signed.note, *verifiers)
    require_unrevoked(signed, trust, *verifiers)


def require_unrevoked(signed: Signed[B], trust: Trust, *verifiers: Verifier) -> None:
    """Tampered("key-revoked") where the note says that it was made when the key was revoked already."""
    when = made_at(signed.body)
    for verifier in verifiers:
        trust.require_unrevoked(verifier, when)


def signers_among(note: Note, verifiers: Iterable[Verifier]) -> tuple[Verifier, ...]:
    """Those of `verifiers` who have a line in the note, in their own order. Signatures NOT checked."""
    lines = {(line.name, line.key_id) for line in note.signatures}
    return tuple(verifier for verifier in verifiers if (verifier.name, verifier.key_id) in lines)


def made_at(body: NoteBody) -> dt.datetime:
    """When a note says that it was made; a manifest was made before it opens, a score note on a day (its end)."""
    said = {name: getattr(body, name) for name in ("at", "ended_at", "date", "opens") if hasattr(body, name)}
    text = next(iter(said.values()))
    if "date" in said and _DAY.fullmatch(text):
        text = f"{text}T23:59:59Z"
    return instant(text)


def instant(text: str) -> dt.datetime:
    """A moment in RFC 3339 with its offset, or Tampered("malformed")."""
    if not _MOMENT.fullmatch(text):
        raise Tampered("malformed", where="time")
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise Tampered("malformed", where="time") from error
