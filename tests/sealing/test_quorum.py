"""A secret as SLIP-39 cards: the published vectors, and what every wrong set of cards comes to."""

import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shamir_mnemonic import Share
from shamir_mnemonic.wordlist import WORDLIST

from cbt_station.errors import Refusal
from cbt_station.sealing.quorum import join, join_with, split
from tests.shared import shared

SECRET = bytes(range(32))
CARDS = split(SECRET, 3, 5)


def test_all_45_vectors_of_slip_39_come_out() -> None:
    cases = json.loads(shared("vectors/slip39/vectors.json").read_text())
    assert len(cases) == 45
    for name, cards, secret, _ in cases:
        if secret:
            assert join_with(b"TREZOR", cards).hex() == secret, name
        else:
            with pytest.raises(Refusal):
                join_with(b"TREZOR", cards)


@given(st.sampled_from([16, 32]), st.integers(1, 16), st.data())
@settings(max_examples=15, deadline=None)
def test_any_k_of_n_cards_give_the_secret_back(length: int, k: int, data: st.DataObject) -> None:
    secret = data.draw(st.binary(min_size=length, max_size=length))
    n = 1 if k == 1 else data.draw(st.integers(k, 16))
    cards = split(secret, k, n)
    assert len(set(cards)) == n
    assert join(data.draw(st.permutations(cards))[:k]) == secret


def test_every_three_of_five_cards_do_and_more_than_three_too() -> None:
    for count in (3, 4, 5):
        assert all(join(chosen) == SECRET for chosen in itertools.combinations(CARDS, count))


def test_a_card_is_20_words_for_16_bytes_and_33_for_32() -> None:
    assert {len(card.split()) for card in split(SECRET[:16], 2, 3)} == {20}
    assert {len(card.split()) for card in CARDS} == {33}


def test_cards_may_be_typed_in_capitals_and_with_odd_spaces() -> None:
    assert join([CARDS[0].upper(), f"  {CARDS[1]}\n", CARDS[2].replace(" ", "  ")]) == SECRET


@pytest.mark.parametrize(
    ("cards", "code", "facts"),
    [
        pytest.param([], "cards-too-few", {"have": 0, "need": 1}, id="no card"),
        pytest.param(CARDS[:2], "cards-too-few", {"have": 2, "need": 3}, id="two of three"),
        pytest.param([*CARDS[:2], CARDS[0]], "card-twice", {}, id="one card twice"),
        pytest.param(
            [*CARDS[:2], split(SECRET, 3, 5)[2]], "cards-of-other-sets", {}, id="a card of another set"
        ),
        pytest.param([*CARDS[:2], "academic " * 33], "card-misread", {}, id="words that are no card"),
        pytest.param([*CARDS[:2], "soal"], "card-misread", {}, id="not a word of the list"),
        pytest.param([*CARDS[:2], ""], "card-misread", {}, id="an empty card"),
    ],
)
def test_a_wrong_set_of_cards_is_refused_with_its_reason(
    cards: list[str], code: str, facts: dict[str, int]
) -> None:
    with pytest.raises(Refusal) as caught:
        join(cards)
    assert (caught.value.code, caught.value.facts) == (code, facts)


def test_the_misread_card_is_named() -> None:
    with pytest.raises(Refusal, match="card 2"):
        join([CARDS[0], CARDS[1].replace(" ", " ox ", 1), CARDS[2]])


def test_every_single_misread_word_is_noticed() -> None:
    words = CARDS[0].split()
    for place, word in enumerate(words):
        misread = WORDLIST[(WORDLIST.index(word) + 1) % len(WORDLIST)]
        with pytest.raises(Refusal, match="card-misread"):
            join([" ".join([*words[:place], misread, *words[place + 1 :]]), *CARDS[1:3]])


def test_a_forged_card_with_a_good_checksum_does_not_give_another_secret() -> None:
    real = Share.from_mnemonic(CARDS[0])
    forged = Share(**{**vars(real), "value": bytes(len(real.value))})
    with pytest.raises(Refusal, match="cards-of-other-sets"):
        join([forged.mnemonic(), *CARDS[1:3]])


def test_two_cards_for_one_place_are_refused_even_where_enough_others_are_there() -> None:
    forged = Share(**{**vars(Share.from_mnemonic(CARDS[0])), "value": bytes(32)})
    with pytest.raises(Refusal, match="cards-of-other-sets"):
        join([forged.mnemonic(), *CARDS])


def test_a_card_that_asks_for_minutes_of_work_is_refused() -> None:
    costly = Share(**{**vars(Share.from_mnemonic(CARDS[0])), "iteration_exponent": 15})
    with pytest.raises(Refusal, match="card-misread"):
        join([costly.mnemonic()])


@pytest.mark.parametrize(("k", "n"), [(0, 1), (1, 2), (3, 2), (2, 17), (-1, 3)])
def test_an_impossible_quorum_is_refused(k: int, n: int) -> None:
    with pytest.raises(Refusal, match="quorum-impossible"):
        split(SECRET, k, n)
