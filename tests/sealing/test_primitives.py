"""The primitives beneath age, as the installed library computes them, against Wycheproof's vectors.

One case a file and not a case a vector: what is tested is the library that a venue would ship, not code of ours.
HPKE has no file there; the testkit's hybrid files (test_age_testkit.py) stand in for it.
"""

import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests.shared import shared

Case = dict[str, Any]


def octets(case: Case, name: str) -> bytes:
    return bytes.fromhex(case[name])


def x25519(case: Case) -> bool:
    public = X25519PublicKey.from_public_bytes(octets(case, "public"))
    try:
        shared_secret = X25519PrivateKey.from_private_bytes(octets(case, "private")).exchange(public)
    except ValueError:
        return False
    return shared_secret == octets(case, "shared")


def chacha20_poly1305(case: Case) -> bool:
    try:
        cipher = ChaCha20Poly1305(octets(case, "key"))
        sealed = octets(case, "ct") + octets(case, "tag")
        plain = cipher.decrypt(octets(case, "iv"), sealed, octets(case, "aad"))
    except (InvalidTag, ValueError):
        return False
    again = cipher.encrypt(octets(case, "iv"), plain, octets(case, "aad"))
    return plain == octets(case, "msg") and again == sealed


def hkdf(case: Case) -> bool:
    try:
        derived = HKDF(
            algorithm=SHA256(), length=case["size"], salt=octets(case, "salt"), info=octets(case, "info")
        )
    except ValueError:
        return False
    return derived.derive(octets(case, "ikm")) == octets(case, "okm")


def hmac_sha256(case: Case) -> bool:
    tag = hmac.digest(octets(case, "key"), octets(case, "msg"), "sha256")
    return hmac.compare_digest(tag[: len(octets(case, "tag"))], octets(case, "tag"))


def mlkem_768(case: Case) -> bool:
    try:
        key = MLKEM768PrivateKey.from_seed_bytes(octets(case, "seed"))
        secret = key.decapsulate(octets(case, "c"))
    except ValueError:
        return False
    return secret == octets(case, "K") and key.public_key().public_bytes_raw() == octets(case, "ek")


def low_order(case: Case) -> bool:
    """An "acceptable" share that gives zero: age must refuse it, and the library does."""
    return not any(octets(case, "shared"))


@pytest.mark.parametrize(
    ("name", "agrees", "cases"),
    [
        pytest.param("x25519_test", x25519, 518, id="X25519"),
        pytest.param("chacha20_poly1305_test", chacha20_poly1305, 325, id="ChaCha20-Poly1305"),
        pytest.param("hkdf_sha256_test", hkdf, 86, id="HKDF-SHA-256"),
        pytest.param("hmac_sha256_test", hmac_sha256, 174, id="HMAC-SHA-256"),
        pytest.param("mlkem_768_test", mlkem_768, 193, id="ML-KEM-768"),
    ],
)
def test_the_library_agrees_with_wycheproof(name: str, agrees: Callable[[Case], bool], cases: int) -> None:
    groups = json.loads((shared("vectors/wycheproof") / f"{name}.json").read_text())["testGroups"]
    tests = [case for group in groups for case in group["tests"]]
    wanted = {
        case["tcId"]: case["result"] == "valid" or (case["result"] == "acceptable" and not low_order(case))
        for case in tests
    }
    assert {case["tcId"]: agrees(case) for case in tests} == wanted
    assert len(tests) == cases
