"""Reading parts of a sealed file. Verdicts on other programs' files are in test_age_testkit.py."""

import hashlib
import io
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.age import HybridIdentity, SealedFile, encrypt, hybrid_from_seed, opening_hash

CHUNK = 64 << 10
SEALED_CHUNK = CHUNK + 16
OWNER = hybrid_from_seed(b"\x07" * 32)
PLAIN = b"".join(number.to_bytes(4) for number in range(100_000))  # 6 chunks and a part
SEALED = encrypt(PLAIN, OWNER.recipient)
START = len(SEALED) - len(PLAIN) - 7 * 16


class CountingFile(io.BytesIO):
    read_bytes = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.read_bytes += len(data)
        return data


def opened(sealed: bytes = SEALED, opening: str | None = None) -> SealedFile:
    return SealedFile(io.BytesIO(sealed), OWNER, opening=opening)


@given(st.integers(0, len(PLAIN) + CHUNK), st.integers(0, 3 * CHUNK))
@settings(max_examples=150)
def test_reading_at_a_place_equals_the_slice(offset: int, length: int) -> None:
    assert READER.read_at(offset, length) == PLAIN[offset : offset + length]


READER = opened()


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 5 * CHUNK])
def test_size_and_ends_are_right_at_every_border(length: int) -> None:
    file = opened(encrypt(PLAIN[:length], OWNER.recipient))
    assert file.size == length
    assert file.read_at(0, 10 * CHUNK) == PLAIN[:length]
    assert file.read_at(max(0, length - 3), 3) == PLAIN[max(0, length - 3) : length]
    assert file.read_at(length, 5) == b""


def test_a_small_read_touches_only_its_chunk() -> None:
    file = CountingFile(SEALED)
    reader = SealedFile(file, OWNER)
    file.read_bytes = 0
    reader.read_at(3 * CHUNK + 5, 100)
    reader.read_at(3 * CHUNK + 500, 100)
    assert file.read_bytes == SEALED_CHUNK


def test_the_opening_hash_is_of_head_and_nonce_and_needs_no_key() -> None:
    assert opening_hash(io.BytesIO(SEALED)) == opened().opening == hashlib.sha256(SEALED[:START]).hexdigest()


def test_a_file_that_was_not_vouched_for_is_refused_before_a_key_touches_it() -> None:
    opened(opening=opening_hash(io.BytesIO(SEALED)))
    forged = encrypt(PLAIN, OWNER.recipient)
    with pytest.raises(Tampered, match="age-opening"):
        SealedFile(io.BytesIO(forged), opening=opening_hash(io.BytesIO(SEALED)))


def test_a_stranger_does_not_open_it() -> None:
    with pytest.raises(Refusal, match="age-no-match"):
        SealedFile(io.BytesIO(SEALED), HybridIdentity.generate())


def test_a_changed_chunk_is_noticed_when_it_is_read_and_spoils_no_other() -> None:
    place = START + 2 * SEALED_CHUNK + 10
    changed = opened(SEALED[:place] + bytes([SEALED[place] ^ 1]) + SEALED[place + 1 :])
    assert changed.read_at(0, 2 * CHUNK) == PLAIN[: 2 * CHUNK]
    with pytest.raises(Tampered, match="age-payload at chunk 2"):
        changed.read_at(2 * CHUNK, 1)
    assert changed.read_at(3 * CHUNK, CHUNK) == PLAIN[3 * CHUNK : 4 * CHUNK]


@pytest.mark.parametrize("cut", [1, 15, 16, 17, len(PLAIN) % CHUNK + 16, SEALED_CHUNK, 3 * SEALED_CHUNK])
def test_a_file_that_was_cut_off_does_not_even_open(cut: int) -> None:
    with pytest.raises(Tampered, match="age-payload"):
        opened(SEALED[:-cut])


def test_a_small_file_cut_off_anywhere_or_changed_anywhere_is_refused() -> None:
    sealed = encrypt(b"kunci", OWNER.recipient)
    for place in range(len(sealed)):
        with pytest.raises(Tampered):
            opened(sealed[:place])
        with pytest.raises((Tampered, Refusal)):
            opened(sealed[:place] + bytes([sealed[place] ^ 4]) + sealed[place + 1 :])


@pytest.mark.parametrize("more", [b"\0", bytes(16), bytes(SEALED_CHUNK), SEALED[-SEALED_CHUNK:]])
def test_bytes_behind_the_end_are_refused(more: bytes) -> None:
    with pytest.raises(Tampered, match="age-payload"):
        opened(SEALED + more)


def test_a_file_that_shrinks_while_it_is_open_is_tampered() -> None:
    file = io.BytesIO(SEALED)
    reader = SealedFile(file, OWNER)
    file.truncate(START + SEALED_CHUNK + 100)
    with pytest.raises(Tampered, match="age-payload at chunk 1"):
        reader.read_at(CHUNK, 10)


class FileThatLetsOthersIn(io.BytesIO):
    """Between its seek and its read every other thread gets a turn."""

    def seek(self, place: int, whence: int = 0) -> int:
        found = super().seek(place, whence)
        time.sleep(0.001)
        return found


def test_threads_may_share_one_reader() -> None:
    reader, wrong = SealedFile(FileThatLetsOthersIn(SEALED), OWNER), []

    def read(step: int) -> None:
        try:
            places = range(0, len(PLAIN), step)
            wrong.extend(at for at in places if reader.read_at(at, 64) != PLAIN[at : at + 64])
        except Tampered as failure:
            wrong.append(failure)

    threads = [threading.Thread(target=read, args=(step,)) for step in (30_011, 40_009, 50_021)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
