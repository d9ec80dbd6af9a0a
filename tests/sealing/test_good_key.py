"""Which Ed25519 keys and signatures are good, and that the two libraries never disagree about it.

Notes and their lines are in test_notes.py; the verdict for each class of the public vectors is in
docs/decisions/0004-good-ed25519.md.
"""

import json
import secrets
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from cbt_station.errors import Tampered
from cbt_station.sealing.good_key import (
    ORDER,
    require_good_key,
    require_good_signature,
    verify_ed25519,
)
from tests.shared import shared

P = 2**255 - 19
ORDER_8_Y = int("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd83d3d706a17c7", 16)
LOW_ORDER_Y = {0, 1, P - 1, ORDER_8_Y, P - ORDER_8_Y}
LOW_ORDER = sorted(
    (y + more * P + (sign << 255)).to_bytes(32, "little")
    for y in LOW_ORDER_Y
    for more in (0, 1)
    for sign in (0, 1)
    if y + more * P < 2**255
)
"""The eight points whose order divides 8, in every encoding that a lenient decoder takes."""


def by_libsodium(public: bytes, data: bytes, signature: bytes) -> None:
    """The peer: the same predicate before another library."""
    require_good_key(public)
    require_good_signature(signature)
    try:
        crypto_sign_open(signature + data, public)
    except BadSignatureError as error:
        raise Tampered("signature") from error


BOTH = pytest.mark.parametrize("verify", [verify_ed25519, by_libsodium])


def cctv() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(shared("vectors/ed25519/cctv_ed25519vectors.json").read_bytes())
    return found


def accepts(verify: Any, public: bytes, data: bytes, signature: bytes) -> bool:
    try:
        verify(public, data, signature)
    except Tampered:
        return False
    return True


@pytest.mark.parametrize("public", LOW_ORDER, ids=bytes.hex)
def test_every_encoding_of_a_low_order_key_is_refused(public: bytes) -> None:
    with pytest.raises(Tampered, match="key-weak"):
        require_good_key(public)
    with pytest.raises(Tampered, match="signature"):
        require_good_signature(public + bytes(32))


@pytest.mark.parametrize("y", range(P, P + 19))
@pytest.mark.parametrize("sign", [0, 1])
def test_every_encoding_above_the_prime_is_refused(y: int, sign: int) -> None:
    with pytest.raises(Tampered, match="key-weak"):
        require_good_key((y + (sign << 255)).to_bytes(32, "little"))


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(Tampered, match="key-weak"):
        require_good_key(bytes(length))


def test_keys_that_people_make_are_good() -> None:
    for _ in range(50):
        require_good_key(Ed25519PrivateKey.generate().public_key().public_bytes_raw())


def test_of_the_914_edge_cases_only_the_one_without_a_flaw_is_accepted() -> None:
    cases = cctv()
    assert len(cases) == 914
    for case in cases:
        public, signature = bytes.fromhex(case["key"]), bytes.fromhex(case["sig"])
        expected = not case["flags"]
        for verify in (verify_ed25519, by_libsodium):
            assert accepts(verify, public, case["msg"].encode(), signature) is expected, case


def test_all_keys_of_mixed_order_are_refused() -> None:
    flawed = {
        bytes.fromhex(case["key"])
        for case in cctv()
        if {"low_order_A", "low_order_component_A", "non_canonical_A"} & set(case["flags"] or ())
    }
    assert len(flawed) == 21
    for public in flawed:
        with pytest.raises(Tampered, match="key-weak"):
            require_good_key(public)


@BOTH
def test_wycheproof_agrees_in_every_class(verify: Any) -> None:
    groups = json.loads(shared("vectors/wycheproof/ed25519_test.json").read_bytes())["testGroups"]
    count = 0
    for group in groups:
        public = bytes.fromhex(group["publicKey"]["pk"])
        for case in group["tests"]:
            verdict = accepts(verify, public, bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
            assert verdict is (case["result"] == "valid"), case
            count += 1
    assert count == 151


@BOTH
@pytest.mark.parametrize("more", [1, 2, 8])
def test_a_signature_whose_scalar_was_raised_by_the_order_is_refused(verify: Any, more: int) -> None:
    private = Ed25519PrivateKey.generate()
    public, signature = private.public_key().public_bytes_raw(), private.sign(b"text")
    raised = int.from_bytes(signature[32:], "little") + more * ORDER
    with pytest.raises(Tampered, match="signature"):
        verify(public, b"text", signature[:32] + raised.to_bytes(32, "little"))


@pytest.mark.parametrize("scalar", [ORDER, ORDER + 1, 2**253, 2**256 - 1])
def test_a_scalar_from_the_order_up_is_refused_without_any_library(scalar: int) -> None:
    signature = Ed25519PrivateKey.generate().sign(b"text")
    require_good_signature(signature[:32] + (ORDER - 1).to_bytes(32, "little"))
    with pytest.raises(Tampered, match="signature"):
        require_good_signature(signature[:32] + scalar.to_bytes(32, "little"))


@BOTH
def test_every_flipped_bit_of_a_signature_is_refused(verify: Any) -> None:
    private = Ed25519PrivateKey.generate()
    public, signature = private.public_key().public_bytes_raw(), private.sign(b"text")
    verify(public, b"text", signature)
    for bit in range(512):
        changed = bytearray(signature)
        changed[bit // 8] ^= 1 << (bit % 8)
        with pytest.raises(Tampered, match="signature"):
            verify(public, b"text", bytes(changed))


@settings(max_examples=200)
@given(public=st.binary(max_size=40), data=st.binary(max_size=40), signature=st.binary(max_size=80))
def test_any_bytes_get_the_same_verdict_from_both_libraries(
    public: bytes, data: bytes, signature: bytes
) -> None:
    one = accepts(verify_ed25519, public, data, signature)
    assert one is accepts(by_libsodium, public, data, signature)


def test_a_good_key_with_random_signatures_is_refused_by_both() -> None:
    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    for _ in range(50):
        signature = secrets.token_bytes(63) + b"\x00"
        assert not accepts(verify_ed25519, public, b"", signature)
        assert not accepts(by_libsodium, public, b"", signature)
