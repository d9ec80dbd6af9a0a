"""The key ceremony: keys made for a role, backed up on paper cards, restored, and drilled.

A backup splits each secret's 32-byte seed into SLIP-39 cards; a drill joins cards and compares, and writes nothing.
"""

import os
import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from msgspec import Struct

from cbt_station.artefacts.key_file import ROLES, SEALS_ONLY, SIGNS_AND_OPENS, Keys, PublicKey
from cbt_station.errors import Refusal
from cbt_station.sealing import quorum
from cbt_station.sealing.age import hybrid_from_seed
from cbt_station.sealing.notes import SigningKey

Chance: TypeAlias = Callable[[int], bytes]
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,94}[A-Za-z0-9])?")


def new_keys(role: str, name: str, chance: Chance = os.urandom) -> Keys:
    """Fresh keys for a role. `name` is `ORG/ROLE/…`, without spaces or plus signs."""
    _require_role_and_name(role, name)
    signing = None if role in SEALS_ONLY else SigningKey.from_seed(name, chance(32))
    identity = hybrid_from_seed(chance(32)) if role in SEALS_ONLY | SIGNS_AND_OPENS else None
    return Keys(role, name, signing, identity)


class Card(Struct, frozen=True):
    """One paper card: `words` has a line for each secret of the key."""

    role: str
    name: str
    number: int
    of: int
    needed: int
    words: tuple[str, ...]


def backup(keys: Keys, needed: int, cards: int) -> tuple[Card, ...]:
    """Split every secret into SLIP-39 cards, any `needed` of which restore it; or Refusal("quorum-impossible")."""
    split = [quorum.split(seed, needed, cards) for seed in seeds(keys)]
    return tuple(
        Card(keys.role, keys.name, place + 1, cards, needed, tuple(words[place] for words in split))
        for place in range(cards)
    )


def seeds(keys: Keys) -> tuple[bytes, ...]:
    """The 32-byte seeds of a holder's secrets, signing key first."""
    signing = [keys.signing.seed] if keys.signing else []
    return (*signing, *([keys.identity.seed] if keys.identity else []))


def restore(role: str, name: str, cards: Sequence[Sequence[str]]) -> Keys:
    """The keys of enough cards (each a line of words for each secret); Refusal where they do not fit together."""
    _require_role_and_name(role, name)
    lines = {len(card) for card in cards}
    expected = 2 if role in SIGNS_AND_OPENS else 1
    if lines != {expected}:
        raise Refusal("cards-incomplete", expected=expected)
    joined = [quorum.join([card[at] for card in cards]) for at in range(expected)]
    if any(len(seed) != 32 for seed in joined):
        raise Refusal("cards-foreign")
    signing = None if role in SEALS_ONLY else SigningKey.from_seed(name, joined.pop(0))
    return Keys(role, name, signing, hybrid_from_seed(joined.pop(0)) if joined else None)


def card_lines(data: bytes) -> tuple[str, ...]:
    """The lines of words of a card's file; lines that begin with # are for people. Refusal("card-malformed")."""
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        raise Refusal("card-malformed") from error
    lines = (line.strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def card_text(card: Card) -> bytes:
    """A card's file, for `card_lines` and for the printer."""
    heading = f"# {card.role} {card.name}: card {card.number} of {card.of}, any {card.needed} restore it\n"
    return (heading + "".join(f"{words}\n" for words in card.words)).encode()


def drill(public: PublicKey, cards: Sequence[Sequence[str]]) -> None:
    """Prove that the cards restore this very key, and forget it again; else Refusal("cards-foreign")."""
    if restore(public.role, public.name, cards).public != public:
        raise Refusal("cards-foreign")


def _require_role_and_name(role: str, name: str) -> None:
    if role not in ROLES:
        raise Refusal("role-unknown", role=role, known=", ".join(ROLES))
    if not _NAME.fullmatch(name):
        raise Refusal("key-name", name=name[:60])
