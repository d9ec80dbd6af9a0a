"""What a good Ed25519 key and a good signature are: one predicate for every library that is used here.

Libraries differ where a key or the signature's point R is of low order, of mixed order, or not in its canonical
encoding: one takes what another refuses, so a signer who chose such a key could show one note as true here and as
false there. A point is therefore good only if it is canonical, on the curve, and in the prime-order group without its
neutral element; the scalar S must be below the group's order L. Who signs by RFC 8032 never makes anything else.
What is left, `cryptography` and libsodium judge alike (`docs/decisions/0004-good-ed25519.md` has the classes).

Not here: notes, names, who is trusted.
"""

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nacl.bindings import crypto_core_ed25519_is_valid_point

from cbt_station.errors import Tampered

KEY_BYTES = 32
SIGNATURE_BYTES = 64
ORDER = 2**252 + 27742317777372353535851937790883648493
"""L, the order of the prime-order group (RFC 8032, section 5.1)."""


@lru_cache(maxsize=8192)  # a refused key is not cached: an exception never is
def require_good_key(public: bytes) -> None:
    """Raise Tampered("key-weak") unless these bytes are a public key that no two libraries judge differently."""
    if not _is_good_point(public):
        raise Tampered("key-weak", key=public[:KEY_BYTES].hex())


def require_good_signature(signature: bytes) -> None:
    """Raise Tampered("signature") unless R is a good point and S is below L. Says nothing of what was signed."""
    if len(signature) != SIGNATURE_BYTES:
        raise Tampered("signature")
    if not _is_good_point(signature[:32]) or int.from_bytes(signature[32:], "little") >= ORDER:
        raise Tampered("signature")


def verify_ed25519(public: bytes, data: bytes, signature: bytes) -> None:
    """Raise Tampered("key-weak" or "signature") unless a good key made a good signature of `data`."""
    require_good_key(public)
    require_good_signature(signature)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except InvalidSignature as error:
        raise Tampered("signature") from error


def _is_good_point(point: bytes) -> bool:
    # libsodium's own: canonical, on the curve, not of low order, in the main subgroup. Before libsodium 1.0.20's
    # fix of December 2025 it let some points of mixed order through (CVE-2025-69277): PyNaCl 1.6.2 carries the fix.
    return len(point) == KEY_BYTES and bool(crypto_core_ed25519_is_valid_point(point))
