"""Signed notes: a text, an empty line, and one line a signature, all readable without our program.

    cbt-station/closing/v1 test
    …

    — cat.example.go.id/venue/jkt-07 x08go/ZJkuBS…

From c2sp.org/signed-note (Ed25519, type 0x01). Stricter than it asks: no control or direction-changing character, one
spelling of base64, bounded in size and lines. So what is parsed is written back to the same bytes.

The id of a note is the SHA-256 of its signed text. Lines from keys that nobody asked for never make a second id, and
`require_signatures` refuses them.

Not here: what the text says (`body`), who is trusted (`trust`), signatures with a time (`cosignature`).
"""

import base64
import binascii
import hashlib
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Protocol, Self, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cbt_station.errors import Failure, Refusal, Tampered
from cbt_station.sealing.body import MOST_BYTES, is_plain
from cbt_station.sealing.good_key import KEY_BYTES, require_good_key, verify_ed25519

ED25519 = 0x01
MOST_LINES = 4096
MOST_SIGNATURES = 100
"""As Go's sumdb; the specification asks for 16 at least."""
MOST_SIGNATURE_BYTES = 8192
MOST_NAME = 255


class LineVerifier(Protocol):
    """What can verify one signature line: a plain key, or a cosigner."""

    @property
    def name(self) -> str: ...
    @property
    def key_id(self) -> str: ...
    def verify_line(self, text: str, signature: bytes) -> None: ...


V = TypeVar("V", bound=LineVerifier)


@dataclass(frozen=True)
class SignatureLine:
    """One line; `key_id` is eight lower-case hex digits, `signature` what follows it."""

    name: str
    key_id: str
    signature: bytes

    def __str__(self) -> str:
        return f"— {self.name} {base64.b64encode(bytes.fromhex(self.key_id) + self.signature).decode()}"


@dataclass(frozen=True)
class Note:
    """A well-formed note. That it is one says nothing about who signed it."""

    text: str
    signatures: tuple[SignatureLine, ...]

    @property
    def id(self) -> str:
        """SHA-256 of the signed text, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def raw(self) -> bytes:
        """The very bytes that were parsed."""
        return (self.text + "\n" + "".join(f"{line}\n" for line in self.signatures)).encode()


@dataclass(frozen=True)
class Verifier:
    """A named Ed25519 public key, already held to `require_good_key`."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, vkey: str) -> "Verifier":
        """From `NAME+KEYID+BASE64`, or Tampered("key-malformed" or "key-weak")."""
        name, key_id, kind, public = split_key(vkey)
        if kind != ED25519 or len(public) != KEY_BYTES:
            raise Tampered("key-malformed", where=name)
        require_good_key(public)
        verifier = cls(name, public)
        if verifier.key_id != key_id:
            raise Tampered("key-malformed", where=name)
        return verifier

    @cached_property
    def key_id(self) -> str:
        return key_id_of(self.name, ED25519, self.public)

    @property
    def text(self) -> str:
        return join_key(self.name, ED25519, self.public)

    def verify_bytes(self, data: bytes, signature: bytes) -> None:
        """Raise Tampered("signature") unless this key signed exactly `data`."""
        verify_ed25519(self.public, data, signature)

    def verify_line(self, text: str, signature: bytes) -> None:
        self.verify_bytes(text.encode(), signature)


@dataclass(frozen=True)
class Ed25519Key:
    """A named Ed25519 private key for one type of signature. Its text is a secret: only `keyfile` and a wrapped file
    may hold it.
    """

    name: str
    seed: bytes = field(repr=False)

    TYPE: ClassVar[int]

    @classmethod
    def generate(cls, name: str) -> Self:
        return cls.from_seed(name, secrets.token_bytes(KEY_BYTES))

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> Self:
        """A key whose chance was thrown by the caller; Refusal("key-name") if the name cannot stand in a line."""
        if not is_key_name(name):
            raise Refusal("key-name", name=name)
        if len(seed) != KEY_BYTES:
            raise Refusal("signing-key-malformed", where=name)
        return cls(name, seed)

    @classmethod
    def parse(cls, text: str) -> Self:
        """From Go's form `PRIVATE+KEY+NAME+KEYID+BASE64(TYPE seed)`, or Refusal("signing-key-malformed")."""
        name, seed = split_signing_key(text, cls.TYPE)
        key = cls.from_seed(name, seed)
        if key.text != text:
            raise Refusal("signing-key-malformed", where=name)
        return key

    @property
    def text(self) -> str:
        return f"PRIVATE+KEY+{self.name}+{self.key_id}+{base64_of(bytes([self.TYPE]) + self.seed)}"

    @cached_property
    def public(self) -> bytes:
        return self._private.public_key().public_bytes_raw()

    @property
    def key_id(self) -> str:
        return key_id_of(self.name, self.TYPE, self.public)

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True)
class SigningKey(Ed25519Key):
    """What signs notes."""

    TYPE: ClassVar[int] = ED25519

    @cached_property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self.public)

    def sign_bytes(self, data: bytes) -> bytes:
        return self._private.sign(data)


# --- reading and writing ----------------------------------------------------------------------------------------


def parse_note(data: bytes, *, most_bytes: int = MOST_BYTES) -> Note:
    """A note whose `raw` is `data` again, or Tampered("note-malformed"). Verifies no signature."""
    if len(data) > most_bytes:
        raise Tampered("note-malformed", reason="too-large")
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise Tampered("note-malformed", reason="not-utf-8") from error
    if not is_plain(whole):
        raise Tampered("note-malformed", reason="control-character")
    # The text may contain empty lines: the last one divides.
    text, divider, lines = whole.rpartition("\n\n")
    if not divider or not lines.endswith("\n") or text.count("\n") >= MOST_LINES:
        raise Tampered("note-malformed", reason="no-signatures" if not lines else "lines")
    if lines.count("\n") > MOST_SIGNATURES:
        raise Tampered("note-malformed", reason="too-many-signatures")
    note = Note(text + "\n", tuple(parse_line(line) for line in lines[:-1].split("\n")))
    if note.raw != data:
        raise Tampered("note-malformed", reason="spelling")
    return note


def parse_line(line: str) -> SignatureLine:
    """One signature line without its newline."""
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    raw = unbase64(encoded)
    if dash != "—" or not is_key_name(name) or raw is None or not 4 < len(raw) <= MOST_SIGNATURE_BYTES:
        raise Tampered("note-malformed", reason="signature-line")
    return SignatureLine(name, raw[:4].hex(), raw[4:])


def sign_note(text: str, *keys: SigningKey) -> bytes:
    """The bytes of a note: the text, signed by each key in this order."""
    if not text.endswith("\n") or not is_plain(text) or not keys or text.count("\n") > MOST_LINES:
        raise Refusal("note-text-unfit")
    if len({(key.name, key.key_id) for key in keys}) != len(keys):
        raise Refusal("already-signed", name=keys[0].name)
    data = text.encode()
    return Note(text, tuple(SignatureLine(key.name, key.key_id, key.sign_bytes(data)) for key in keys)).raw


def add_signature(data: bytes, key: SigningKey) -> bytes:
    """The same note with one more line at its end; its id stays."""
    note = parse_note(data)
    return add_line(note, SignatureLine(key.name, key.key_id, key.sign_bytes(note.text.encode()))).raw


def add_line(note: Note, line: SignatureLine) -> Note:
    """The note with a line that someone made, or Refusal("already-signed")."""
    if any((other.name, other.key_id) == (line.name, line.key_id) for other in note.signatures):
        raise Refusal("already-signed", name=line.name)
    return Note(note.text, (*note.signatures, line))


# --- checking ---------------------------------------------------------------------------------------------------


def require_signatures(note: Note, *verifiers: LineVerifier) -> None:
    """The note's lines are exactly these verifiers', in this order, and every one verifies.

    Raises Tampered("signature-missing", "signature-extra", "signature-order" or "signature-bad").
    """
    found = [(line.name, line.key_id) for line in note.signatures]
    wanted = [(verifier.name, verifier.key_id) for verifier in verifiers]
    for name, _ in (Counter(wanted) - Counter(found)).elements():
        raise Tampered("signature-missing", name=name)
    for name, _ in (Counter(found) - Counter(wanted)).elements():
        raise Tampered("signature-extra", name=name)
    if found != wanted:
        raise Tampered("signature-order", name=found[0][0])
    for verifier, line in zip(verifiers, note.signatures, strict=True):
        _verify(verifier, note, line)


def verify_known(note: Note, verifiers: Sequence[V]) -> tuple[V, ...]:
    """Who of `verifiers` signed, by the rules of a log's client: unknown lines are ignored, a known bad one is fatal.

    At least one must have signed, else Tampered("signature-missing"). A key counts once however often it signed.
    """
    verified: dict[tuple[str, str], V] = {}
    for line in note.signatures:
        known = [one for one in verifiers if (one.name, one.key_id) == (line.name, line.key_id)]
        if len(known) > 1:
            raise Tampered("key-ambiguous", name=line.name)
        for verifier in known:
            _verify(verifier, note, line)
            verified[line.name, line.key_id] = verifier
    if not verified:
        raise Tampered("signature-missing", name=", ".join(verifier.name for verifier in verifiers))
    return tuple(verified.values())


def _verify(verifier: LineVerifier, note: Note, line: SignatureLine) -> None:
    try:
        verifier.verify_line(note.text, line.signature)
    except Failure as error:
        raise Tampered("signature-bad", name=line.name) from error


# --- spelling ---------------------------------------------------------------------------------------------------


def is_key_name(name: str) -> bool:
    """Not empty, no space of any script, no plus sign."""
    return (
        0 < len(name) <= MOST_NAME
        and "+" not in name
        and not any(ch.isspace() for ch in name)
        and is_plain(name)
    )


def key_id_of(name: str, kind: int, public: bytes) -> str:
    """The first four bytes of SHA-256(name, newline, type, key), in hex."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).hexdigest()[:8]


def join_key(name: str, kind: int, public: bytes) -> str:
    return f"{name}+{key_id_of(name, kind, public)}+{base64_of(bytes([kind]) + public)}"


def split_key(vkey: str) -> tuple[str, str, int, bytes]:
    """Name, key id, type and key of a `NAME+KEYID+BASE64`; that they fit each other is the caller's to check."""
    name, _, rest = vkey.partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = unbase64(encoded)
    if not is_key_name(name) or not _is_key_id(key_id) or raw is None or len(raw) < 2:
        raise Tampered("key-malformed", where=name[:80])
    return name, key_id, raw[0], raw[1:]


def split_signing_key(text: str, kind: int) -> tuple[str, bytes]:
    """Name and seed of a `PRIVATE+KEY+…` of this type."""
    parts = text.split("+", 4)
    raw = unbase64(parts[4]) if len(parts) == 5 and parts[:2] == ["PRIVATE", "KEY"] else None
    if raw is None or len(raw) != 1 + KEY_BYTES or raw[0] != kind:
        raise Refusal("signing-key-malformed")
    return parts[2], raw[1:]


def unbase64(text: str) -> bytes | None:
    """The bytes of a canonical standard base64 with padding, else None."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):  # ValueError: not ASCII
        return None
    return raw if base64_of(raw) == text else None


def _is_key_id(text: str) -> bool:
    return len(text) == 8 and all(ch in "0123456789abcdef" for ch in text)


def base64_of(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
