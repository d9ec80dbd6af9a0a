"""Key files: the right passphrase, the wrong one, and damage told apart. Costs are tested in test_age.py."""

import pyrage
import pytest

from cbt_station.errors import Failure, Refusal, Tampered
from cbt_station.sealing.age import HybridIdentity, Passphrase, armor, encrypt
from cbt_station.sealing.keyfile import lock, unlock

LINES = "PRIVATE+KEY+contoh\nAGE-SECRET-KEY-PQ-1CONTOH\n"
LOCKED = lock(LINES, "rahasia-7", log_n=4)


def test_the_passphrase_gives_the_lines_back() -> None:
    assert unlock(LOCKED, "rahasia-7") == LINES


def test_the_wrong_passphrase_is_a_refusal() -> None:
    with pytest.raises(Refusal, match="passphrase-wrong"):
        unlock(LOCKED, "rahasia-8")


def test_another_age_program_opens_a_key_file() -> None:
    assert pyrage.passphrase.decrypt(LOCKED, "rahasia-7").decode() == LINES


def test_keyboards_that_compose_an_accent_differently_open_the_same_file() -> None:
    assert unlock(lock(LINES, "caf\u00e9", log_n=4), "cafe\u0301") == LINES


def test_the_default_cost_is_2_to_the_18() -> None:
    assert unlock(lock(LINES, "rahasia-7"), "rahasia-7") == LINES


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "age-armor", id="empty"),
        pytest.param(LOCKED[:-40], "age-armor", id="cut off"),
        pytest.param(armor(b"bukan age").encode(), "age-header", id="not an age file"),
        pytest.param(
            armor(encrypt(b"\xff", Passphrase("rahasia-7", 4))).encode(), "keyfile-malformed", id="not text"
        ),
        pytest.param(
            armor(encrypt(b"a", HybridIdentity.generate().recipient)).encode(),
            "keyfile-malformed",
            id="locked to a key",
        ),
        pytest.param(b"A" * (1 << 21), "keyfile-malformed", id="much too long"),
    ],
)
def test_what_is_no_whole_key_file_is_tampered(data: bytes, code: str) -> None:
    with pytest.raises(Tampered, match=code):
        unlock(data, "rahasia-7")


def test_every_changed_byte_is_noticed() -> None:
    for place in range(len(LOCKED) - 1):
        changed = LOCKED[:place] + bytes([LOCKED[place] ^ 1]) + LOCKED[place + 1 :]
        with pytest.raises(Failure):
            unlock(changed, "rahasia-7")
