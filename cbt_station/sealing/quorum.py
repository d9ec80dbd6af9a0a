"""A secret as cards, k of which give it back: SLIP-39, readable by other programs for it.

One group of n cards, no passphrase; each card is 20 words for 16 bytes and 33 words for 32. Joining takes any SLIP-39
set. For ceremonies only: the arithmetic of the library beneath (Trezor's) takes a time that depends on the secret.
Source: SLIP-0039.
"""

from collections.abc import Sequence

from shamir_mnemonic import MnemonicError, Share, decode_mnemonics, generate_mnemonics, recover_ems
from shamir_mnemonic.shamir import ShareGroup

from cbt_station.errors import Refusal

MOST_CARDS = 16
_MOST_ITERATION_EXPONENT = 5
"""Ours say 1. Each step doubles the work of joining; 15 would be minutes."""


def split(secret: bytes, k: int, n: int) -> tuple[str, ...]:
    """n cards of which any k give the secret back; or Refusal("quorum-impossible")."""
    # SLIP-39 knows no 1 of n: such cards are copies, and should look like copies.
    if not 1 <= k <= n <= MOST_CARDS or (k == 1 < n):
        raise Refusal("quorum-impossible", k=k, n=n, most=MOST_CARDS)
    (cards,) = generate_mnemonics(1, [(k, n)], secret)
    return tuple(cards)


def join(cards: Sequence[str]) -> bytes:
    """The secret behind the cards, in any order; cards beyond the needed number are allowed."""
    return join_with(b"", cards)


def join_with(passphrase: bytes, cards: Sequence[str]) -> bytes:
    """As `join`, for a set made elsewhere under a passphrase."""
    if not cards:
        raise Refusal("cards-too-few", have=0, need=1)
    shares = [_read_card(card, number) for number, card in enumerate(cards, start=1)]
    places = [(share.group_index, share.index) for share in shares]
    if len(set(shares)) < len(shares):
        raise Refusal("card-twice", where=f"card {_first_repeated(shares) + 1}")
    if len(set(places)) < len(places):
        raise Refusal("cards-of-other-sets")
    try:
        groups = decode_mnemonics([share.mnemonic() for share in shares])
    except MnemonicError as error:
        raise Refusal("cards-of-other-sets") from error
    try:
        return recover_ems(_just_enough(groups)).decrypt(passphrase)
    except MnemonicError as error:
        # Each card is readable and all say that they belong together, yet the secret's own checksum is wrong.
        raise Refusal("cards-of-other-sets") from error


def _read_card(card: str, number: int) -> Share:
    try:
        share = Share.from_mnemonic(card)
    except MnemonicError as error:
        raise Refusal("card-misread", where=f"card {number}") from error
    if share.iteration_exponent > _MOST_ITERATION_EXPONENT:
        raise Refusal("card-misread", where=f"card {number}")
    return share


def _first_repeated(shares: Sequence[Share]) -> int:
    return next(place for place, share in enumerate(shares) if share in shares[:place])


def _just_enough(groups: dict[int, ShareGroup]) -> dict[int, ShareGroup]:
    """As many complete groups as needed, each with as many cards as needed; or Refusal("cards-too-few")."""
    needed = next(iter(groups.values())).common_parameters().group_threshold
    complete = {index: group.get_minimal_group() for index, group in groups.items() if group.is_complete()}
    if len(complete) < needed:
        short = [group for group in groups.values() if not group.is_complete()]
        have, need = (len(short[0]), short[0].member_threshold()) if short else (len(complete), needed)
        raise Refusal("cards-too-few", have=have, need=need)
    return dict(sorted(complete.items())[:needed])
