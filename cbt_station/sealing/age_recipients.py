"""For whom an age file is written, and who can open it: hybrid post-quantum keys, X25519 keys, passphrases.

Each recipient wraps the file key in one stanza; each identity unwraps the stanzas that are its own kind, or says
that they are another's (None). A stanza of its kind that is malformed is Tampered("age-header"), never passed over.
Ours are hybrid; X25519 is read, and written only on request. Source: c2sp.org/age, "Native recipient types".
"""

import functools
import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from cbt_station.errors import Refusal, Tampered, Trouble
from cbt_station.sealing import bech32
from cbt_station.sealing.age_header import (
    FILE_KEY_BYTES,
    MOST_STANZAS,
    Header,
    Stanza,
    from_base64,
    to_base64,
)

MOST_LOG_N = 20
"""2^20 takes 1 GiB and some seconds; more would let a file stop the machine that reads it."""

_KEY_BYTES = 32
_MLKEM_KEY_BYTES = 1184
_MLKEM_ENC_BYTES = 1088
_ENC_BYTES = _MLKEM_ENC_BYTES + _KEY_BYTES
_WRAPPED_BYTES = FILE_KEY_BYTES + 16
_SALT_BYTES = 16
_FIELD_PRIME = 2**255 - 19
_HPKE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_HPKE_INFO = b"age-encryption.org/mlkem768x25519"
_NO_NONCE = bytes(12)  # each wrapping key is used once
_DECIMAL = re.compile(r"[1-9][0-9]*", re.ASCII)


@dataclass(frozen=True)
class HybridRecipient:
    """A public key that stays closed to quantum computers: ML-KEM-768 and X25519 together."""

    public: bytes

    PREFIX = "age1pq"

    def __post_init__(self) -> None:
        _ = (
            self._key
        )  # a key that cannot be used is refused when it is read, not when something is sealed to it

    @classmethod
    def parse(cls, text: str) -> "HybridRecipient":
        """From "age1pq1…", or Refusal("age-key-malformed")."""
        return cls(bech32.decode(cls.PREFIX, text, _MLKEM_KEY_BYTES + _KEY_BYTES))

    @property
    def text(self) -> str:
        return bech32.encode(self.PREFIX, self.public)

    def wrap(self, file_key: bytes) -> Stanza:
        """The stanza for this recipient."""
        sealed = _HPKE.encrypt(file_key, self._key, _HPKE_INFO)
        return Stanza("mlkem768x25519", (to_base64(sealed[:_ENC_BYTES]),), sealed[_ENC_BYTES:])

    @functools.cached_property
    def _key(self) -> MLKEM768X25519PublicKey:
        try:
            mlkem = MLKEM768PublicKey.from_public_bytes(self.public[:_MLKEM_KEY_BYTES])
        except ValueError as error:
            raise Refusal("age-key-malformed", expected=f"{self.PREFIX}1…") from error
        return MLKEM768X25519PublicKey(mlkem, _good_x25519(self.public[_MLKEM_KEY_BYTES:], self.PREFIX))


@dataclass(frozen=True)
class HybridIdentity:
    """The secret behind a hybrid recipient: 32 bytes, from which both keys are derived."""

    seed: bytes = field(repr=False)

    PREFIX = "AGE-SECRET-KEY-PQ-"

    @classmethod
    def generate(cls) -> "HybridIdentity":
        return cls(secrets.token_bytes(_KEY_BYTES))

    @classmethod
    def parse(cls, text: str) -> "HybridIdentity":
        """From "AGE-SECRET-KEY-PQ-1…", or Refusal("age-key-malformed")."""
        return cls(bech32.decode(cls.PREFIX, text, _KEY_BYTES))

    @property
    def text(self) -> str:
        return bech32.encode(self.PREFIX, self.seed)

    @functools.cached_property
    def recipient(self) -> HybridRecipient:
        mlkem, x25519 = self._keys
        return HybridRecipient(mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw())

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, or None if the stanza is for somebody else."""
        if stanza.kind != "mlkem768x25519":
            return None
        (enc,) = _require_shape(stanza, _ENC_BYTES)
        mlkem, x25519 = self._keys
        _agree(x25519, enc[_MLKEM_ENC_BYTES:], stanza)  # HPKE would call a low-order share merely a wrong key
        try:
            return _HPKE.decrypt(enc + stanza.body, MLKEM768X25519PrivateKey(mlkem, x25519), _HPKE_INFO)
        except InvalidTag:
            return None

    @functools.cached_property
    def _keys(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        # From draft-ietf-hpke-pq, MLKEM768-X25519: the seed is expanded by SHAKE256 to d, z and the X25519 scalar.
        expanded = hashlib.shake_256(self.seed).digest(96)
        return MLKEM768PrivateKey.from_seed_bytes(expanded[:64]), X25519PrivateKey.from_private_bytes(
            expanded[64:]
        )


@dataclass(frozen=True)
class X25519Recipient:
    """A classical public key. Files recorded today can be read by the quantum computers of later."""

    public: bytes

    PREFIX = "age"

    def __post_init__(self) -> None:
        _good_x25519(self.public, self.PREFIX)

    @classmethod
    def parse(cls, text: str) -> "X25519Recipient":
        """From "age1…", or Refusal("age-key-malformed")."""
        return cls(bech32.decode(cls.PREFIX, text, _KEY_BYTES))

    @property
    def text(self) -> str:
        return bech32.encode(self.PREFIX, self.public)

    def wrap(self, file_key: bytes) -> Stanza:
        """The stanza for this recipient."""
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(self.public))
        body = ChaCha20Poly1305(_x25519_wrap_key(shared, share, self.public)).encrypt(
            _NO_NONCE, file_key, None
        )
        return Stanza("X25519", (to_base64(share),), body)


@dataclass(frozen=True)
class X25519Identity:
    """The secret behind an X25519 recipient."""

    secret: bytes = field(repr=False)

    PREFIX = "AGE-SECRET-KEY-"

    @classmethod
    def generate(cls) -> "X25519Identity":
        return cls(secrets.token_bytes(_KEY_BYTES))

    @classmethod
    def parse(cls, text: str) -> "X25519Identity":
        """From "AGE-SECRET-KEY-1…", or Refusal("age-key-malformed")."""
        return cls(bech32.decode(cls.PREFIX, text, _KEY_BYTES))

    @property
    def text(self) -> str:
        return bech32.encode(self.PREFIX, self.secret)

    @functools.cached_property
    def recipient(self) -> X25519Recipient:
        return X25519Recipient(self._key.public_key().public_bytes_raw())

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, or None if the stanza is for somebody else."""
        if stanza.kind != "X25519":
            return None
        (share,) = _require_shape(stanza, _KEY_BYTES)
        shared = _agree(self._key, share, stanza)
        return _unwrapped(_x25519_wrap_key(shared, share, self.recipient.public), stanza.body)

    @functools.cached_property
    def _key(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(self.secret)


@dataclass(frozen=True)
class Passphrase:
    """A passphrase, recipient and identity at once; `log_n` is the cost with which it is written.

    Characters are taken as typed, in UTF-8: who wants one spelling of them normalises before (`keyfile` does).
    """

    passphrase: str = field(repr=False)
    log_n: int = 18

    def __post_init__(self) -> None:
        try:
            _ = self._typed
        except UnicodeEncodeError as error:
            raise Refusal("passphrase-unusable") from error
        if not self.passphrase:
            raise Refusal("passphrase-unusable")
        _require_bearable(self.log_n)

    def wrap(self, file_key: bytes) -> Stanza:
        """The stanza for this passphrase; it must be the only one of its file."""
        salt = secrets.token_bytes(_SALT_BYTES)
        body = ChaCha20Poly1305(self._wrap_key(salt, self.log_n)).encrypt(_NO_NONCE, file_key, None)
        return Stanza("scrypt", (to_base64(salt), str(self.log_n)), body)

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, or None if the stanza is for somebody else or for another passphrase."""
        if stanza.kind != "scrypt":
            return None
        salt, cost = _require_shape(stanza, _SALT_BYTES, more=1)
        if not _DECIMAL.fullmatch(cost.decode("ascii")):
            raise Tampered("age-header", where="scrypt work factor")
        log_n = int(cost[:9])  # cut: nine digits are far beyond the bound, and thousands would stop `int`
        _require_bearable(log_n)
        return _unwrapped(self._wrap_key(salt, log_n), stanza.body)

    @property
    def _typed(self) -> bytes:
        return self.passphrase.encode("utf-8")

    def _wrap_key(self, salt: bytes, log_n: int) -> bytes:
        full_salt = b"age-encryption.org/v1/scrypt" + salt
        try:
            return Scrypt(salt=full_salt, length=32, n=1 << log_n, r=8, p=1).derive(self._typed)
        except MemoryError as error:
            raise Trouble("memory-short", needed_mib=max(1, (1 << log_n) >> 10)) from error


Recipient: TypeAlias = HybridRecipient | X25519Recipient | Passphrase
Identity: TypeAlias = HybridIdentity | X25519Identity | Passphrase


def stanzas_for(recipients: Sequence[Recipient], file_key: bytes) -> list[Stanza]:
    """A stanza a recipient, or a Refusal if these recipients may not share a file."""
    if not 1 <= len(recipients) <= MOST_STANZAS:
        raise Refusal("age-recipients-count", count=len(recipients), most=MOST_STANZAS)
    kinds = {type(recipient) for recipient in recipients}
    # A passphrase stands alone; one classical recipient would take the hybrid ones' protection away.
    if len(kinds) > 1 or (kinds == {Passphrase} and len(recipients) > 1):
        raise Refusal("age-recipients-mixed")
    return [recipient.wrap(file_key) for recipient in recipients]


def file_key_of(header: Header, identities: Sequence[Identity]) -> bytes:
    """The file key under a head that one of these identities opens, with the head's MAC checked."""
    for identity in identities:
        for stanza in header.stanzas:
            file_key = identity.unwrap(stanza)
            if file_key is not None:
                header.require_mac(file_key)
                return file_key
    raise Refusal("age-no-match")


def hybrid_from_seed(seed: bytes) -> HybridIdentity:
    """The identity whose 32 secret bytes were derived from something else (R and S from the master)."""
    if len(seed) != _KEY_BYTES:
        raise ValueError(f"a seed has {_KEY_BYTES} bytes, not {len(seed)}")
    return HybridIdentity(seed)


def parse_recipient(text: str) -> HybridRecipient | X25519Recipient:
    """A recipient of either kind, or Refusal("age-key-malformed")."""
    if text.startswith(HybridRecipient.PREFIX + "1"):
        return HybridRecipient.parse(text)
    return X25519Recipient.parse(text)


def parse_identity(text: str) -> HybridIdentity | X25519Identity:
    """An identity of either kind, or Refusal("age-key-malformed")."""
    if text.startswith(HybridIdentity.PREFIX + "1"):
        return HybridIdentity.parse(text)
    return X25519Identity.parse(text)


def _require_shape(stanza: Stanza, first_bytes: int, *, more: int = 0) -> tuple[bytes, ...]:
    """The stanza's arguments, the first decoded from base64 and of this length; the body wraps a file key.

    The body's length is checked before anything is opened: otherwise one body could be tried on many keys at once.
    """
    where = f"{stanza.kind} stanza"
    if len(stanza.arguments) != 1 + more or len(stanza.body) != _WRAPPED_BYTES:
        raise Tampered("age-header", where=where)
    first, *rest = (argument.encode("ascii") for argument in stanza.arguments)
    decoded = from_base64(first, where)
    if len(decoded) != first_bytes:
        raise Tampered("age-header", where=where)
    return decoded, *rest


def _agree(own: X25519PrivateKey, share: bytes, stanza: Stanza) -> bytes:
    """The shared secret; a share of low order, which makes it zero whatever the key, is Tampered."""
    try:
        return own.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError as error:
        raise Tampered("age-header", where=f"{stanza.kind} share") from error


def _good_x25519(public: bytes, prefix: str) -> X25519PublicKey:
    """A public key of one spelling and not of low order, or Refusal("age-key-malformed")."""
    try:
        key = X25519PublicKey.from_public_bytes(public)
        X25519PrivateKey.from_private_bytes(bytes(_KEY_BYTES)).exchange(key)
    except ValueError as error:
        raise Refusal("age-key-malformed", expected=f"{prefix}1…") from error
    if int.from_bytes(public, "little") >= _FIELD_PRIME:
        raise Refusal("age-key-malformed", expected=f"{prefix}1…")
    return key


def _x25519_wrap_key(shared: bytes, share: bytes, recipient: bytes) -> bytes:
    info = b"age-encryption.org/v1/X25519"
    return HKDF(algorithm=SHA256(), length=32, salt=share + recipient, info=info).derive(shared)


def _unwrapped(wrap_key: bytes, body: bytes) -> bytes | None:
    try:
        return ChaCha20Poly1305(wrap_key).decrypt(_NO_NONCE, body, None)
    except InvalidTag:
        return None


def _require_bearable(log_n: int) -> None:
    if not 1 <= log_n <= MOST_LOG_N:
        raise Refusal("age-work-factor", log_n=log_n, most=MOST_LOG_N)
