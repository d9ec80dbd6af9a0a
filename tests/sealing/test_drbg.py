"""The deterministic stream: NIST's vectors, the published vector of `Stream`, and that it favours no number."""

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbt_station.sealing.drbg import HmacDrbg, Stream
from tests.shared import shared

# The published vector: who draws forms with another program must come to the same numbers. Entropy is 32 bytes of 00,
# the nonce the bytes 00 to 1f.
ENTROPY, NONCE, PERSONALISATION = bytes(32), bytes(range(32)), b"cbt-station/form/v1"
FIRST_REQUESTS = (
    "e133e4cb326c03753a157865a4c78ab89d114906768a551b6ec3309036c8e465",
    "19e74c5f31a0c827e104028ebecec4422cef57b5cb67f6710a2cb4dce126b40c",
)
DRAWN = (
    (1, 0),
    (2, 1),
    (3, 0),
    (5, 0),
    (7, 6),
    (10, 3),
    (100, 12),
    (1000, 333),
    (2147483649, 434588767),
    (2147483649, 832620583),
    (2147483649, 753883061),
    (4294967296, 3412588145),
)


def test_all_thirty_of_nist_s_vectors_come_out() -> None:
    cases = json.loads(shared("vectors/hmac-drbg/hmac-drbg-nist.json").read_text())
    assert len(cases) == 30
    for case in cases:
        entropy, nonce, personalisation = (
            bytes.fromhex(case[name] or "") for name in ("entropy", "nonce", "pers")
        )
        first, second = (bytes.fromhex(text or "") for text in case["add"])
        drbg = HmacDrbg(entropy, nonce, personalisation)
        length = len(case["expected"]) // 2
        drbg.generate(length, first)
        assert drbg.generate(length, second).hex() == case["expected"], case["name"]


def test_the_published_vector_comes_out() -> None:
    drbg = HmacDrbg(ENTROPY, NONCE, PERSONALISATION)
    assert tuple(drbg.generate(32).hex() for _ in FIRST_REQUESTS) == FIRST_REQUESTS
    stream = Stream(HmacDrbg(ENTROPY, NONCE, PERSONALISATION))
    assert tuple((n, stream.below(n)) for n, _ in DRAWN) == DRAWN


class Spoken:
    """In place of a generator: says given numbers and notes what it was asked."""

    def __init__(self, *words: int) -> None:
        self._words = list(words)
        self.requests: list[int] = []

    def generate(self, length: int) -> bytes:
        self.requests.append(length)
        words, self._words = self._words[:8], self._words[8:]
        return b"".join(word.to_bytes(4) for word in words + [0] * (8 - len(words)))


def test_the_generator_is_asked_for_32_bytes_and_only_when_they_are_used_up() -> None:
    spoken = Spoken(*range(16))
    stream = Stream(spoken)
    assert spoken.requests == []
    assert [stream.below(100) for _ in range(8)] == list(range(8))
    assert spoken.requests == [32]
    assert stream.below(100) == 8
    assert spoken.requests == [32, 32]


@pytest.mark.parametrize(
    ("n", "words", "drawn"),
    [
        pytest.param(3, [2**32 - 1, 2**32 - 2, 5], (2**32 - 2) % 3, id="only the last word is unfair to 3"),
        pytest.param(6, [2**32 - 4, 2**32 - 5, 1], (2**32 - 5) % 6, id="the last four words are unfair to 6"),
        pytest.param(
            2**31 + 1, [2**31 + 1, 2**32 - 1, 2**31], 2**31, id="almost half of the words are unfair"
        ),
        pytest.param(2**32, [2**32 - 1], 2**32 - 1, id="all words are fair to 2^32"),
        pytest.param(1, [2**32 - 1, 7], 0, id="below 1 takes a word"),
        pytest.param(256, [0x01020304], 4, id="big-endian"),
    ],
)
def test_unfair_words_are_thrown_away(n: int, words: list[int], drawn: int) -> None:
    assert Stream(Spoken(*words)).below(n) == drawn


@pytest.mark.parametrize("n", [-1, 0, 2**32 + 1])
def test_a_number_that_cannot_be_drawn_is_a_bug(n: int) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        Stream(HmacDrbg(ENTROPY, NONCE)).below(n)


@pytest.mark.parametrize("length", [0, 65_537])
def test_a_request_is_bounded(length: int) -> None:
    with pytest.raises(ValueError, match="one request"):
        HmacDrbg(ENTROPY, NONCE).generate(length)


@given(st.binary(min_size=32, max_size=32), st.integers(1, 2**32))
@settings(max_examples=100)
def test_drawn_numbers_are_in_range_and_repeatable(entropy: bytes, n: int) -> None:
    first, again = (Stream(HmacDrbg(entropy, NONCE, PERSONALISATION)) for _ in range(2))
    numbers = [first.below(n) for _ in range(10)]
    assert all(0 <= number < n for number in numbers)
    assert [again.below(n) for _ in range(10)] == numbers


@pytest.mark.parametrize("n", [2, 5, 7, 100])
def test_each_number_comes_about_as_often_as_any_other(n: int) -> None:
    stream = Stream(HmacDrbg(ENTROPY, NONCE, PERSONALISATION))
    draws = 200 * n
    counts = Counter(stream.below(n) for _ in range(draws))
    chi_square = sum((counts[number] - 200) ** 2 / 200 for number in range(n))
    assert (
        chi_square < n + 5 * (2 * n) ** 0.5
    )  # 5 standard deviations; the stream is fixed, so this never varies
