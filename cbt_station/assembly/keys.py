"""Keys: made for a role, kept under a passphrase, backed up on paper cards, restored, and drilled.

A key file is an armored age file (scrypt) around one line a secret: the signing key, then the age identity, as far as
the role has them. Beside it stands `NAME.pub`, which the trust list is made from. A backup splits each secret's 32-byte
seed into SLIP-39 cards; a drill joins cards and compares, and writes nothing.
"""

import os
import re
from collections.abc import Callable, Sequence
from typing import Final, Literal, TypeAlias, get_args

from msgspec import Struct

from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing import keyfile, quorum, strict_json
from cbt_station.sealing.age import HybridIdentity, hybrid_from_seed
from cbt_station.sealing.notes import SigningKey

Role: TypeAlias = Literal[
    "root",
    "committee",
    "release",
    "venue",
    "hub",
    "standby",
    "proctor",
    "log",
    "witness",
    "score",
    "results",
    "escrow",
]
ROLES: Final[tuple[str, ...]] = get_args(Role)
SEALS_ONLY: Final = frozenset({"results", "escrow"})
SIGNS_AND_OPENS: Final = frozenset({"venue", "hub", "standby"})
Chance: TypeAlias = Callable[[int], bytes]
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,94}[A-Za-z0-9])?")


class PublicKey(Struct, frozen=True, forbid_unknown_fields=True):
    """`NAME.pub`: what others may know. A role that only opens has no `vkey`, one that only signs no `recipient`."""

    role: str
    name: str
    vkey: str = ""
    recipient: str = ""


class Keys(Struct, frozen=True):
    """One holder's secrets for one role."""

    role: str
    name: str
    signing: SigningKey | None = None
    identity: HybridIdentity | None = None

    @property
    def public(self) -> PublicKey:
        return PublicKey(
            self.role,
            self.name,
            self.signing.verifier.text if self.signing else "",
            self.identity.recipient.text if self.identity else "",
        )

    def require_signing(self) -> SigningKey:
        """The signing key, or Refusal("key-cannot-sign")."""
        if self.signing is None:
            raise Refusal("key-cannot-sign", where=self.name)
        return self.signing

    def require_identity(self) -> HybridIdentity:
        """The age identity, or Refusal("key-cannot-open")."""
        if self.identity is None:
            raise Refusal("key-cannot-open", where=self.name)
        return self.identity


def new_keys(role: str, name: str, chance: Chance = os.urandom) -> Keys:
    """Fresh keys for a role. `name` is `ORG/ROLE/…`, without spaces or plus signs."""
    if role not in ROLES:
        raise Refusal("role-unknown", role=role, known=", ".join(ROLES))
    if not _NAME.fullmatch(name):
        raise Refusal("name-malformed", where="key", name=name[:60])
    signing = None if role in SEALS_ONLY else SigningKey.from_seed(name, chance(32))
    identity = hybrid_from_seed(chance(32)) if role in SEALS_ONLY | SIGNS_AND_OPENS else None
    return Keys(role, name, signing, identity)


def write_key_file(keys: Keys, passphrase: str, *, log_n: int = 18) -> bytes:
    """The key file's bytes. A passphrase has at least 8 characters."""
    if len(passphrase) < 8:
        raise Refusal("passphrase-too-short", least=8)
    lines = [f"{keys.role} {keys.name}"]
    lines += [keys.signing.text] if keys.signing else []
    lines += [keys.identity.text] if keys.identity else []
    return keyfile.lock("\n".join(lines) + "\n", passphrase, log_n)


def read_key_file(data: bytes, passphrase: str) -> Keys:
    """Keys from a key file, or Refusal("passphrase-wrong"), Tampered("key-file-malformed")."""
    lines = keyfile.unlock(data, passphrase).splitlines()
    try:
        role, _, name = lines[0].partition(" ")
        rest = lines[1:]
        signing = SigningKey.parse(rest.pop(0)) if role not in SEALS_ONLY else None
        identity = HybridIdentity.parse(rest.pop(0)) if role in SEALS_ONLY | SIGNS_AND_OPENS else None
    except (IndexError, Refusal, Tampered) as error:
        raise Tampered("key-file-malformed") from error
    if rest or role not in ROLES or not name or (signing and signing.name != name):
        raise Tampered("key-file-malformed")
    return Keys(role, name, signing, identity)


def write_public(public: PublicKey) -> bytes:
    return strict_json.encode(public) + b"\n"


def read_public(data: bytes) -> PublicKey:
    return strict_json.decode(data.removesuffix(b"\n"), PublicKey, "public key")


class Card(Struct, frozen=True):
    """One paper card: `words` has a line for each secret of the key."""

    role: str
    name: str
    number: int
    of: int
    needed: int
    words: tuple[str, ...]


def backup(keys: Keys, needed: int, cards: int) -> tuple[Card, ...]:
    """Split every secret into SLIP-39 cards, any `needed` of which restore it."""
    if not 1 <= needed <= cards <= 16 or (needed == 1 and cards > 1):
        raise Refusal("cards-number", needed=needed, cards=cards)
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
    if role not in ROLES:
        raise Refusal("role-unknown", role=role, known=", ".join(ROLES))
    lines = {len(card) for card in cards}
    expected = 2 if role in SIGNS_AND_OPENS else 1
    if lines != {expected}:
        raise Refusal("cards-incomplete", expected=expected)
    joined = [quorum.join([card[at] for card in cards]) for at in range(expected)]
    if any(len(seed) != 32 for seed in joined):
        raise Refusal("cards-foreign")
    signing = None if role in SEALS_ONLY else SigningKey.from_seed(name, joined.pop(0))
    return Keys(role, name, signing, hybrid_from_seed(joined.pop(0)) if joined else None)


def drill(public: PublicKey, cards: Sequence[Sequence[str]]) -> None:
    """Prove that the cards restore this very key, and forget it again; else Refusal("cards-foreign")."""
    if restore(public.role, public.name, cards).public != public:
        raise Refusal("cards-foreign")
