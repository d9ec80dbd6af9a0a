"""age v1 files: everything secret is one. Readable by every other implementation of age.

`encrypt` and `decrypt` for what fits in memory, the `_stream` pair for what does not, `SealedFile` to read parts.
Nothing here is armored unless asked. age keeps secrets; it does not say who wrote a file: check its hash first.
Source: c2sp.org/age; why this is ours: docs/decisions/0002-age-of-our-own.md.
"""

import io
import secrets
from collections.abc import Sequence
from typing import BinaryIO

from cbt_station.sealing.age_header import FILE_KEY_BYTES, read_header, write_header
from cbt_station.sealing.age_recipients import (
    HybridIdentity,
    HybridRecipient,
    Identity,
    Passphrase,
    Recipient,
    X25519Identity,
    X25519Recipient,
    file_key_of,
    hybrid_from_seed,
    parse_identity,
    parse_recipient,
    stanzas_for,
)
from cbt_station.sealing.age_stream import NONCE_BYTES, ChunkCipher, open_chunks, read_nonce, seal_chunks
from cbt_station.sealing.armor import armor, dearmor
from cbt_station.sealing.sealed_file import SealedFile, opening_hash

__all__ = [
    "HybridIdentity",
    "HybridRecipient",
    "Identity",
    "Passphrase",
    "Recipient",
    "SealedFile",
    "X25519Identity",
    "X25519Recipient",
    "armor",
    "dearmor",
    "decrypt",
    "decrypt_stream",
    "encrypt",
    "encrypt_stream",
    "hybrid_from_seed",
    "opening_hash",
    "parse_identity",
    "parse_recipient",
]


def encrypt(plaintext: bytes, *recipients: Recipient) -> bytes:
    """An age file for all of the recipients: each of them alone can open it."""
    target = io.BytesIO()
    encrypt_stream(io.BytesIO(plaintext), target, *recipients)
    return target.getvalue()


def decrypt(data: bytes, *identities: Identity) -> bytes:
    """The plaintext of a whole age file.

    Refusal("age-no-match") if none of the identities fits; Tampered("age-header" | "age-mac" | "age-payload") if the
    file is malformed or was changed.
    """
    target = io.BytesIO()
    decrypt_stream(io.BytesIO(data), target, *identities)
    return target.getvalue()


def encrypt_stream(source: BinaryIO, target: BinaryIO, *recipients: Recipient) -> None:
    """Seal all of `source` into `target`, in bounded memory."""
    # Both fresh for every file: the same pair for two files would give away the difference of their contents.
    file_key, nonce = secrets.token_bytes(FILE_KEY_BYTES), secrets.token_bytes(NONCE_BYTES)
    _encrypt_stream_with(file_key, nonce, source, target, recipients)


def decrypt_stream(source: BinaryIO, target: BinaryIO, *identities: Identity) -> None:
    """Open `source` into `target`, in bounded memory. If this raises, throw away what `target` holds."""
    header = read_header(source)
    file_key = file_key_of(header, identities)
    open_chunks(ChunkCipher(file_key, read_nonce(source)), source, target)


def _encrypt_stream_with(
    file_key: bytes, nonce: bytes, source: BinaryIO, target: BinaryIO, recipients: Sequence[Recipient]
) -> None:
    target.write(write_header(stanzas_for(recipients, file_key), file_key))
    target.write(nonce)
    seal_chunks(ChunkCipher(file_key, nonce), source, target)
