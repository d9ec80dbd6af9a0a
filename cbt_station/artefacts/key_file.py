"""A key file, and what others may know of it: an armored age file (scrypt) around one line a secret.

    venue demo.example/venue/jkt-07
    PRIVATE+KEY+demo.example/venue/jkt-07+…
    AGE-SECRET-KEY-PQ-1…

Role and name first, then the signing key and the age identity as far as the role has them. Beside it stands `NAME.pub`,
from which the trust list is made.
"""

from typing import Final, Literal, TypeAlias, get_args

from msgspec import Struct

from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing import keyfile, strict_json
from cbt_station.sealing.age import HybridIdentity
from cbt_station.sealing.cosignature import CosigningKey
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
COSIGNS: Final = "witness"
"""Its key only cosigns heads of the log: another type of key, which signs no note."""


LEAST_PASSPHRASE: Final = 8
LEAST_PIN: Final = 6


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
            self._vkey(),
            self.identity.recipient.text if self.identity else "",
        )

    def _vkey(self) -> str:
        if self.signing is None:
            return ""
        if self.role == COSIGNS:
            return CosigningKey.from_seed(self.name, self.signing.seed).verifier.text
        return self.signing.verifier.text

    def require_signing(self) -> SigningKey:
        """The signing key, or Refusal("key-cannot-sign")."""
        if self.signing is None or self.role == COSIGNS:
            raise Refusal("key-cannot-sign", where=self.name)
        return self.signing

    def require_identity(self) -> HybridIdentity:
        """The age identity, or Refusal("key-cannot-open")."""
        if self.identity is None:
            raise Refusal("key-cannot-open", where=self.name)
        return self.identity


def write_key_file(keys: Keys, passphrase: str, *, log_n: int = 18) -> bytes:
    """The key file's bytes. A passphrase has at least 8 characters, a proctor's PIN at least 6."""
    least = LEAST_PIN if keys.role == "proctor" else LEAST_PASSPHRASE
    if len(passphrase) < least:
        raise Refusal("passphrase-too-short", least=least)
    lines = [f"{keys.role} {keys.name}"]
    if keys.signing:
        cosigns = keys.role == COSIGNS
        lines += [CosigningKey(keys.name, keys.signing.seed).text if cosigns else keys.signing.text]
    lines += [keys.identity.text] if keys.identity else []
    return keyfile.lock("\n".join(lines) + "\n", passphrase, log_n)


def read_key_file(data: bytes, passphrase: str) -> Keys:
    """Keys from a key file, or Refusal("passphrase-wrong", "key-file-of-papers"), Tampered("key-file-malformed")."""
    lines = keyfile.unlock(data, passphrase).splitlines()
    if lines and lines[0].startswith("-----BEGIN"):
        raise Refusal("key-file-of-papers")
    try:
        role, _, name = lines[0].partition(" ")
        rest = lines[1:]
        signing = _read_signing(role, rest.pop(0)) if role not in SEALS_ONLY else None
        identity = HybridIdentity.parse(rest.pop(0)) if role in SEALS_ONLY | SIGNS_AND_OPENS else None
    except (IndexError, Refusal, Tampered) as error:
        raise Tampered("key-file-malformed") from error
    if rest or role not in ROLES or not name or (signing and signing.name != name):
        raise Tampered("key-file-malformed")
    return Keys(role, name, signing, identity)


def _read_signing(role: str, line: str) -> SigningKey:
    if role != COSIGNS:
        return SigningKey.parse(line)
    key = CosigningKey.parse(line)
    return SigningKey.from_seed(key.name, key.seed)


def write_public(public: PublicKey) -> bytes:
    return strict_json.encode(public) + b"\n"


def read_public(data: bytes) -> PublicKey:
    return strict_json.decode(data.removesuffix(b"\n"), PublicKey, "public key")
