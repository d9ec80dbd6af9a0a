"""A note and what it says, kept together, and the checks that every signed artefact shares."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from cbt_station.errors import Tampered
from cbt_station.sealing.body import Mode, NoteBody, read_body, write_body
from cbt_station.sealing.notes import Note, SigningKey, Verifier, parse_note, require_signatures, sign_note
from cbt_station.sealing.trust import Trust, require_quorum

B = TypeVar("B", bound=NoteBody)


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
    require_quorum(signed.note, trust.at(signed.body.trust), role)
    return signed


def check_by(data: bytes, of: type[B], trust: Trust, verifiers: Sequence[Verifier]) -> Signed[B]:
    """A note that exactly these keys signed, in this order."""
    signed = read_under(data, of, trust)
    require_signatures(signed.note, *verifiers)
    return signed
