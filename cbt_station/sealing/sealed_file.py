"""Reading parts of a sealed file without opening the rest.

Each 64 KiB chunk is authenticated when it is read; the last one already at opening, so the size is true as well.
age says nothing about who wrote a file. The *opening hash*, SHA-256(head ‖ payload nonce), is signed by whoever
vouches for the file (the manifest) and checked here: then only who knows the file key could have made another chunk.
One reader may be shared between threads.
"""

import hashlib
import os
import threading
from collections import OrderedDict
from typing import BinaryIO

from cbt_station.errors import Tampered
from cbt_station.sealing.age_header import Header, read_header
from cbt_station.sealing.age_recipients import Identity, file_key_of
from cbt_station.sealing.age_stream import (
    CHUNK_BYTES,
    NONCE_BYTES,
    SEALED_CHUNK_BYTES,
    ChunkCipher,
    read_fully,
    read_nonce,
)

_KEPT_CHUNKS = 4  # the current item's, and its neighbours'


def opening_hash(file: BinaryIO) -> str:
    """The opening hash of a sealed file, in lower-case hex. Needs no key."""
    return _read_opening(file)[2]


class SealedFile:
    """A sealed file, open for reading; the caller owns `file` and closes it."""

    def __init__(self, file: BinaryIO, *identities: Identity, opening: str | None = None) -> None:
        """Raise Tampered("age-opening") if the opening hash is not `opening`; else as `age.decrypt` raises."""
        header, nonce, self.opening = _read_opening(file)
        # 1. The head is the one that was vouched for, before any key touches it.
        if opening is not None and opening != self.opening:
            raise Tampered("age-opening", expected=opening, found=self.opening)
        # 2. One of the identities opens it.
        self._cipher = ChunkCipher(file_key_of(header, identities), nonce)
        # 3. The last chunk is a true last chunk, so nothing was cut off.
        self._file = file
        self._start = len(header.raw) + NONCE_BYTES
        sealed_bytes = file.seek(0, os.SEEK_END) - self._start
        self._last = max(0, -(-sealed_bytes // SEALED_CHUNK_BYTES) - 1)
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._lock = threading.Lock()
        self.size = self._last * CHUNK_BYTES + len(self._chunk(self._last))

    def read_at(self, offset: int, length: int) -> bytes:
        """What `plaintext[offset:offset + length]` would give; both at least 0."""
        if offset < 0 or length < 0:
            raise ValueError(f"no such range: {offset}, {length}")
        end = min(offset + length, self.size)
        with self._lock:
            parts = [self._chunk(index) for index in range(offset // CHUNK_BYTES, -(-end // CHUNK_BYTES))]
        skip = offset % CHUNK_BYTES
        return b"".join(parts)[skip : skip + max(0, end - offset)]

    def _chunk(self, index: int) -> bytes:
        if index in self._kept:
            self._kept.move_to_end(index)
            return self._kept[index]
        self._file.seek(self._start + index * SEALED_CHUNK_BYTES)
        sealed = read_fully(self._file, SEALED_CHUNK_BYTES)
        plain = self._kept[index] = self._cipher.open(index, sealed, last=index == self._last)
        if len(self._kept) > _KEPT_CHUNKS:
            self._kept.popitem(last=False)
        return plain


def _read_opening(file: BinaryIO) -> tuple[Header, bytes, str]:
    file.seek(0)
    header = read_header(file)
    nonce = read_nonce(file)
    return header, nonce, hashlib.sha256(header.raw + nonce).hexdigest()
