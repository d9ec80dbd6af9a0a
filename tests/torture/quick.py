"""What is asked a million times and answers the same: pure functions of the program, remembered.

Keys, spellings and notes only. Nothing that reads a disk, and no check of a journal's chain, is ever answered from here.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from cbt_station.artefacts.signed import read
from cbt_station.delivery import journal, recover, sitting_folder
from cbt_station.sealing import bech32, body, notes
from cbt_station.sealing.age import HybridIdentity, decrypt

read_note = functools.lru_cache(maxsize=256)(read)


@functools.lru_cache(maxsize=256)
def _decrypted(data: bytes, identity: str) -> bytes:
    return decrypt(data, HybridIdentity.parse(identity))


def _decrypt(data: bytes, identity: HybridIdentity) -> bytes:
    return _decrypted(data, identity.text)


_is_plain = functools.lru_cache(maxsize=4096)(body.is_plain)
_REMEMBERED: tuple[tuple[Any, str, Callable[..., Any]], ...] = (
    (sitting_folder, "decrypt", _decrypt),
    (sitting_folder, "read", read_note),
    (journal, "read", read_note),
    (recover, "read", read_note),
    (bech32, "encode", functools.lru_cache(maxsize=1024)(bech32.encode)),
    (bech32, "decode", functools.lru_cache(maxsize=1024)(bech32.decode)),
    (body, "is_plain", _is_plain),
    (notes, "is_plain", _is_plain),
)


@contextmanager
def quick_keys() -> Iterator[None]:
    """Remember what the same bytes opened to, and which notes were read."""
    kept = [(room, name, getattr(room, name)) for room, name, _ in _REMEMBERED]
    for room, name, quick in _REMEMBERED:
        setattr(room, name, quick)
    try:
        yield
    finally:
        for room, name, slow in kept:
            with suppress(AttributeError):
                setattr(room, name, slow)
