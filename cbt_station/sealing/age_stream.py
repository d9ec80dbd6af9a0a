"""The body of an age file: chunks of 64 KiB, each with its own tag, the last one marked as the last.

Chunk i is sealed under the nonce (i as 11 bytes, big-endian; then 1 for the last chunk, else 0). So a chunk can be
neither changed, moved, dropped nor added, and each can be read alone. A failure is Tampered("age-payload") with the
chunk's number from 0. Source: c2sp.org/age, "Payload".
"""

import contextlib
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cbt_station.errors import Tampered

NONCE_BYTES = 16
CHUNK_BYTES = 64 << 10
TAG_BYTES = 16
SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES


class ChunkCipher:
    """Seals and opens single chunks of one file."""

    def __init__(self, file_key: bytes, nonce: bytes) -> None:
        key = HKDF(algorithm=SHA256(), length=32, salt=nonce, info=b"payload").derive(file_key)
        self._cipher = ChaCha20Poly1305(key)

    def seal(self, index: int, plain: bytes, *, last: bool) -> bytes:
        return self._cipher.encrypt(_chunk_nonce(index, last), plain, None)

    def open(self, index: int, sealed: bytes, *, last: bool) -> bytes:
        """The chunk's plaintext. Only the one chunk of an empty file may be empty."""
        try:
            plain = self._cipher.decrypt(_chunk_nonce(index, last), sealed, None)
        except InvalidTag as error:
            raise Tampered("age-payload", where=f"chunk {index}") from error
        if not plain and index > 0:
            raise Tampered("age-payload", where=f"chunk {index}")
        return plain


def seal_chunks(cipher: ChunkCipher, source: BinaryIO, target: BinaryIO) -> None:
    """Seal all that is left in `source`, two chunks in memory at a time; nothing left is one empty chunk."""
    index, plain = 0, read_fully(source, CHUNK_BYTES)
    while following := read_fully(source, CHUNK_BYTES):
        target.write(cipher.seal(index, plain, last=False))
        index, plain = index + 1, following
    target.write(cipher.seal(index, plain, last=True))


def open_chunks(cipher: ChunkCipher, source: BinaryIO, target: BinaryIO) -> None:
    """Open all that is left in `source`. What `target` holds is good only once this returns."""
    index, last = 0, False
    while not last:
        plain, last = _open_next(cipher, index, read_fully(source, SEALED_CHUNK_BYTES))
        target.write(plain)
        index += 1
    if source.read(1):
        raise Tampered("age-payload", where=f"chunk {index}")


def read_nonce(source: BinaryIO) -> bytes:
    """The payload's nonce, which follows the head."""
    nonce = read_fully(source, NONCE_BYTES)
    if len(nonce) != NONCE_BYTES:
        raise Tampered("age-header", where="payload nonce")
    return nonce


def read_fully(source: BinaryIO, length: int) -> bytes:
    """`length` bytes, or fewer only where the stream ends (a pipe may hand out less at a time)."""
    parts = []
    while length > 0 and (part := source.read(length)):
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _open_next(cipher: ChunkCipher, index: int, sealed: bytes) -> tuple[bytes, bool]:
    """The next chunk, and whether it says that it is the last; only the last one may be short."""
    if len(sealed) == SEALED_CHUNK_BYTES:
        with contextlib.suppress(Tampered):
            return cipher.open(index, sealed, last=False), False
    return cipher.open(index, sealed, last=True), True


def _chunk_nonce(index: int, last: bool) -> bytes:
    return index.to_bytes(11) + (b"\x01" if last else b"\x00")
