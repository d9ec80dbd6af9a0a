"""Cosignatures: someone else says that, at a time, this was the largest consistent head of a tree that he had seen.

From c2sp.org/tlog-cosignature: Ed25519 (type 0x04, signs the whole checkpoint) and ML-DSA-44 (type 0x06, signs origin,
size and root, and the cosigner's name). Times are POSIX seconds; the caller says what time it is.

Not here: the check that makes the statement true. Who cosigns calls `merkle.verify_consistency` first, and keeps what
he cosigned.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.checkpoint import parse
from cbt_station.sealing.good_key import KEY_BYTES, SIGNATURE_BYTES, require_good_key, verify_ed25519
from cbt_station.sealing.notes import (
    Ed25519Key,
    Note,
    SignatureLine,
    add_line,
    join_key,
    key_id_of,
    parse_note,
    split_key,
    verify_known,
)

COSIGNATURE = 0x04
ML_DSA_44 = 0x06
_KEY_BYTES = {COSIGNATURE: KEY_BYTES, ML_DSA_44: 1312}
_SIGNATURE_BYTES = {COSIGNATURE: SIGNATURE_BYTES, ML_DSA_44: 2420}
_TIME_BYTES = 8
MOST_TIME = 2**63 - 1


@dataclass(frozen=True)
class Cosigner:
    """A named public key that cosigns; `kind` is its signature type."""

    name: str
    kind: int
    public: bytes

    @classmethod
    def parse(cls, vkey: str) -> "Cosigner":
        """From `NAME+KEYID+BASE64`, or Tampered("key-malformed" or "key-weak")."""
        name, key_id, kind, public = split_key(vkey)
        if len(public) != _KEY_BYTES.get(kind):
            raise Tampered("key-malformed", where=name)
        if kind == COSIGNATURE:
            require_good_key(public)
        cosigner = cls(name, kind, public)
        if cosigner.key_id != key_id:
            raise Tampered("key-malformed", where=name)
        return cosigner

    @cached_property
    def key_id(self) -> str:
        return key_id_of(self.name, self.kind, self.public)

    @property
    def text(self) -> str:
        return join_key(self.name, self.kind, self.public)

    def verify_line(self, text: str, signature: bytes) -> None:
        """Raise Tampered unless the signature, with the time in it, is this cosigner's of that checkpoint's text."""
        timestamp, bare = _split_time(signature)
        if len(bare) != _SIGNATURE_BYTES[self.kind]:
            raise Tampered("signature")
        if self.kind == COSIGNATURE:
            verify_ed25519(self.public, _signed_text(text, timestamp), bare)
        else:
            _verify_ml_dsa(self.public, signed_structure(self.name, text, timestamp), bare)


@dataclass(frozen=True)
class CosigningKey(Ed25519Key):
    """What cosigns and does nothing else: no key is used for two types."""

    TYPE: ClassVar[int] = COSIGNATURE

    @cached_property
    def verifier(self) -> Cosigner:
        return Cosigner(self.name, COSIGNATURE, self.public)

    def cosign_line(self, text: str, timestamp: int) -> SignatureLine:
        """The line alone, as a witness answers. Only a checkpoint's text is ever signed."""
        parse(text)
        if not 0 < timestamp <= MOST_TIME:
            raise Refusal("cosignature-time")
        bare = self._private.sign(_signed_text(text, timestamp))
        return SignatureLine(self.name, self.key_id, timestamp.to_bytes(_TIME_BYTES, "big") + bare)


def cosign(data: bytes, key: CosigningKey, timestamp: int) -> bytes:
    """The checkpoint's note with this key's cosignature below it."""
    note = parse_note(data)
    return add_line(note, key.cosign_line(note.text, timestamp)).raw


def verify_cosignature(note: Note, cosigner: Cosigner) -> int:
    """When this cosigner saw the checkpoint; Tampered("signature-missing" or "signature-bad") if he did not."""
    verify_known(note, [cosigner])
    return min(
        _split_time(line.signature)[0]
        for line in note.signatures
        if (line.name, line.key_id) == (cosigner.name, cosigner.key_id)
    )


def verify_cosigners(note: Note, cosigners: tuple[Cosigner, ...], quorum: int) -> tuple[Cosigner, ...]:
    """The cosigners who signed, at least `quorum` distinct keys, or Tampered("quorum-missed").

    Unknown lines are ignored; the line of a cosigner that does not verify is fatal.
    """
    known = {(one.name, one.key_id) for one in cosigners}
    if not any((line.name, line.key_id) in known for line in note.signatures):
        signed: tuple[Cosigner, ...] = ()
    else:
        signed = verify_known(note, cosigners)
    count = len({one.public for one in signed})
    if count < quorum:
        raise Tampered("quorum-missed", role="witness", count=count, quorum=quorum)
    return signed


def signed_structure(name: str, text: str, timestamp: int) -> bytes:
    """What an ML-DSA-44 cosigner signs: the `cosigned_message` of a whole checkpoint (start 0)."""
    checkpoint = parse(text)
    return b"".join(
        [
            b"subtree/v1\n\x00",
            _opaque(name),
            timestamp.to_bytes(8, "big"),
            _opaque(checkpoint.origin),
            (0).to_bytes(8, "big"),
            checkpoint.size.to_bytes(8, "big"),
            checkpoint.root,
        ]
    )


def _opaque(text: str) -> bytes:
    raw = text.encode()
    if not 1 <= len(raw) <= 255:
        raise Tampered("checkpoint-malformed", where=text[:80])
    return bytes([len(raw)]) + raw


def _signed_text(text: str, timestamp: int) -> bytes:
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()


def _split_time(signature: bytes) -> tuple[int, bytes]:
    timestamp = int.from_bytes(signature[:_TIME_BYTES], "big")
    if len(signature) <= _TIME_BYTES or timestamp > MOST_TIME:
        raise Tampered("signature")
    return timestamp, signature[_TIME_BYTES:]


def _verify_ml_dsa(public: bytes, data: bytes, signature: bytes) -> None:
    try:
        MLDSA44PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError) as error:
        raise Tampered("signature") from error
