"""Cosignatures: who saw a head, when, and that neither can be changed.

Quorums of witnesses over a proof are in test_proof.py. The requests to a real witness at the end use only what the
hub does when it cosigns: its key's signature, its last size, and the consistency proof.
"""

import base64
import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.checkpoint import Checkpoint, parse, sign_checkpoint, verify_checkpoint
from cbt_station.sealing.cosignature import (
    COSIGNATURE,
    ML_DSA_44,
    Cosigner,
    CosigningKey,
    cosign,
    signed_structure,
    verify_cosignature,
    verify_cosigners,
)
from cbt_station.sealing.merkle import leaf_hash, verify_consistency
from cbt_station.sealing.notes import (
    Note,
    SignatureLine,
    SigningKey,
    Verifier,
    add_line,
    parse_line,
    parse_note,
    sign_note,
    unbase64,
)
from tests.shared import shared

LOG = SigningKey.from_seed("example.id/log/test", b"\x01" * 32)
HUB = CosigningKey.from_seed("example.id/hub/1", b"\x02" * 32)
PRESS = CosigningKey.from_seed("example.id/press", b"\x03" * 32)
HEAD = Checkpoint("example.id/log/test", 3, leaf_hash(b"root"))
SIGNED = sign_checkpoint(HEAD, LOG)
TIME = 1_800_000_000


def vectors() -> Any:
    return json.loads(shared("vectors/signed-note/cosignatures.json").read_bytes())


def ml_dsa(name: str) -> tuple[MLDSA44PrivateKey, Cosigner]:
    private = MLDSA44PrivateKey.from_seed_bytes(b"\x07" * 32)
    return private, Cosigner(name, ML_DSA_44, private.public_key().public_bytes_raw())


def ml_dsa_line(private: MLDSA44PrivateKey, cosigner: Cosigner, text: str, time: int) -> SignatureLine:
    bare = private.sign(signed_structure(cosigner.name, text, time))
    return SignatureLine(cosigner.name, cosigner.key_id, time.to_bytes(8, "big") + bare)


# --- the published vectors ---


def test_a_real_witness_s_cosignature_verifies() -> None:
    case = vectors()["real_cosigned_checkpoint"]
    note = parse_note(case["note"].encode())
    for vkey in case["witness_vkeys"]:
        assert verify_cosignature(note, Cosigner.parse(vkey)) == 1_767_139_200


def test_the_time_stands_in_the_first_eight_bytes() -> None:
    for case in vectors()["timestamps"]:
        raw = unbase64(case["sig_b64"])
        assert raw is not None
        if "unix" in case:
            assert int.from_bytes(raw[4:12], "big") == case["unix"]
        else:  # a plain signature has no room for a time
            line = SignatureLine(HUB.name, HUB.key_id, raw[4:])
            with pytest.raises(Tampered, match="signature-bad"):
                verify_cosignature(add_line(parse_note(SIGNED), line), HUB.verifier)


def test_cosigners_keys_of_both_kinds_read_back() -> None:
    kinds = {"ed25519": COSIGNATURE, "ml-dsa-44": ML_DSA_44}
    for name, vkey in vectors()["cosigner_vkeys"].items():
        cosigner = Cosigner.parse(vkey)
        assert cosigner.kind == kinds[name]
        assert cosigner.text == vkey


def test_wycheproof_s_ml_dsa_signatures_get_their_verdict() -> None:
    from cbt_station.sealing.cosignature import _verify_ml_dsa

    groups = json.loads(shared("vectors/wycheproof/mldsa_44_verify_test.json").read_bytes())["testGroups"]
    count = 0
    for group in groups:
        public = bytes.fromhex(group["publicKey"])
        for case in group["tests"]:
            if case.get("ctx"):
                continue
            count += 1
            arguments = (public, bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
            if case["result"] == "valid":
                _verify_ml_dsa(*arguments)
            else:
                with pytest.raises(Tampered, match="signature"):
                    _verify_ml_dsa(*arguments)
    assert count > 50


# --- Ed25519 ---


def test_the_hub_s_cosignature_says_when() -> None:
    note = parse_note(cosign(SIGNED, HUB, TIME))
    assert verify_cosignature(note, HUB.verifier) == TIME
    assert verify_checkpoint(note.raw, LOG.verifier, HEAD.origin) == HEAD
    assert note.id == parse_note(SIGNED).id


def test_what_is_signed_is_the_specification_s_text() -> None:
    line = HUB.cosign_line(parse_note(SIGNED).text, TIME)
    text = f"cosignature/v1\ntime {TIME}\n{parse_note(SIGNED).text}"
    Verifier(HUB.name, HUB.verifier.public).verify_bytes(text.encode(), line.signature[8:])


def test_the_key_id_depends_on_the_type() -> None:
    plain = SigningKey.from_seed(HUB.name, HUB.seed)
    assert plain.verifier.public == HUB.verifier.public
    assert plain.key_id != HUB.key_id
    expected = hashlib.sha256(HUB.name.encode() + b"\n\x04" + HUB.verifier.public).hexdigest()[:8]
    assert HUB.key_id == expected


@pytest.mark.parametrize("time", [0, -1, 2**63])
def test_is_not_a_time_to_cosign_at(time: int) -> None:
    with pytest.raises(Refusal, match="cosignature-time"):
        cosign(SIGNED, HUB, time)


def test_nothing_but_a_checkpoint_is_cosigned() -> None:
    with pytest.raises(Tampered, match="checkpoint-malformed"):
        cosign(sign_note("cbt-station/result/v1 test\ntrust 1\n", LOG), HUB, TIME)


def test_nobody_cosigns_twice() -> None:
    with pytest.raises(Refusal, match="already-signed"):
        cosign(cosign(SIGNED, HUB, TIME), HUB, TIME + 1)


def test_a_head_that_the_hub_did_not_see_says_so() -> None:
    with pytest.raises(Tampered, match="signature-missing"):
        verify_cosignature(parse_note(SIGNED), HUB.verifier)


def test_a_cosignature_does_not_fit_another_head() -> None:
    line = parse_note(cosign(SIGNED, HUB, TIME)).signatures[1]
    other = parse_note(sign_checkpoint(Checkpoint(HEAD.origin, 4, HEAD.root), LOG))
    with pytest.raises(Tampered, match="signature-bad"):
        verify_cosignature(add_line(other, line), HUB.verifier)


def test_a_plain_signature_is_no_cosignature() -> None:
    plain = SigningKey.from_seed(HUB.name, HUB.seed)
    bare = plain.sign_bytes(parse_note(SIGNED).text.encode())
    line = SignatureLine(HUB.name, HUB.key_id, TIME.to_bytes(8, "big") + bare)
    with pytest.raises(Tampered, match="signature-bad"):
        verify_cosignature(add_line(parse_note(SIGNED), line), HUB.verifier)


def test_every_flipped_byte_of_a_cosignature_is_refused() -> None:
    note = parse_note(cosign(SIGNED, HUB, TIME))
    line = note.signatures[1]
    for at in range(len(line.signature)):
        changed = bytearray(line.signature)
        changed[at] ^= 0x01
        false = SignatureLine(line.name, line.key_id, bytes(changed))
        with pytest.raises(Tampered, match="signature-bad"):
            verify_cosignature(Note(note.text, (note.signatures[0], false)), HUB.verifier)


def test_a_cosigning_key_reads_back_and_is_no_signing_key() -> None:
    key = CosigningKey.generate("example.id/hub/2")
    assert CosigningKey.parse(key.text).verifier == key.verifier
    assert key.seed.hex() not in repr(key)
    with pytest.raises(Refusal, match="signing-key-malformed"):
        SigningKey.parse(key.text)
    with pytest.raises(Refusal, match="signing-key-malformed"):
        CosigningKey.parse(LOG.text)
    with pytest.raises(Tampered, match="key-malformed"):
        Verifier.parse(key.verifier.text)
    with pytest.raises(Tampered, match="key-malformed"):
        Cosigner.parse(LOG.verifier.text)


@pytest.mark.parametrize(
    "vkey",
    [
        pytest.param(Cosigner("x", COSIGNATURE, bytes(31)).text, id="short"),
        pytest.param(Cosigner("x", ML_DSA_44, bytes(32)).text, id="Ed25519 key as ML-DSA"),
        pytest.param(Cosigner("x", 0x02, bytes(32)).text, id="unknown type"),
        pytest.param(Cosigner("x", COSIGNATURE, bytes(32)).text, id="low order"),
        pytest.param(HUB.verifier.text.replace(HUB.key_id, "00000000"), id="another key id"),
    ],
)
def test_is_not_a_cosigner(vkey: str) -> None:
    with pytest.raises(Tampered, match="key-"):
        Cosigner.parse(vkey)


# --- ML-DSA-44 ---


@pytest.mark.parametrize("time", [0, TIME])
def test_a_post_quantum_cosigner_is_verified(time: int) -> None:
    private, cosigner = ml_dsa("example.id/quantum")
    note = parse_note(SIGNED)
    assert (
        verify_cosignature(add_line(note, ml_dsa_line(private, cosigner, note.text, time)), cosigner) == time
    )


@pytest.mark.parametrize("change", ["name", "time", "size", "root", "origin", "signature", "length"])
def test_a_changed_post_quantum_cosignature_is_refused(change: str) -> None:
    private, cosigner = ml_dsa("example.id/quantum")
    note = parse_note(SIGNED)
    line = ml_dsa_line(private, cosigner, note.text, TIME)
    text, name, signature = note.text, cosigner.name, bytearray(line.signature)
    match change:
        case "name":
            name = "example.id/other"
        case "time":
            signature[7] ^= 1
        case "signature":
            signature[100] ^= 1
        case "length":
            signature += b"\x00"
        case "size":
            text = sign_text(Checkpoint(HEAD.origin, 4, HEAD.root))
        case "root":
            text = sign_text(Checkpoint(HEAD.origin, 3, leaf_hash(b"other")))
        case "origin":
            text = sign_text(Checkpoint("example.id/log/official", 3, HEAD.root))
    other = Cosigner(name, ML_DSA_44, cosigner.public)
    false = Note(text, (SignatureLine(name, other.key_id, bytes(signature)),))
    with pytest.raises(Tampered, match="signature-bad"):
        verify_cosignature(false, other)


def sign_text(head: Checkpoint) -> str:
    return parse_note(sign_checkpoint(head, LOG)).text


def test_the_structure_is_the_specification_s() -> None:
    text = sign_text(HEAD)
    assert signed_structure("ab", text, 5) == (
        b"subtree/v1\n\x00\x02ab" + bytes(7) + b"\x05" + bytes([len(HEAD.origin)]) + HEAD.origin.encode()
        + bytes(8) + bytes(7) + b"\x03" + HEAD.root
    )  # fmt: skip


def test_an_origin_too_long_for_the_structure_is_refused() -> None:
    private, cosigner = ml_dsa("example.id/quantum")
    note = parse_note(sign_checkpoint(Checkpoint("o" * 256, 1, HEAD.root), LOG))
    line = SignatureLine(cosigner.name, cosigner.key_id, TIME.to_bytes(8, "big") + bytes(2420))
    with pytest.raises(Tampered, match="signature-bad"):
        verify_cosignature(add_line(note, line), cosigner)
    assert private


# --- quorums ---


def test_a_quorum_counts_keys_and_not_lines() -> None:
    note = parse_note(cosign(cosign(SIGNED, HUB, TIME), PRESS, TIME))
    both = (HUB.verifier, PRESS.verifier)
    assert verify_cosigners(note, both, 2) == both
    twin = Cosigner("example.id/twin", COSIGNATURE, HUB.verifier.public)
    line = CosigningKey.from_seed(twin.name, HUB.seed).cosign_line(note.text, TIME)
    twice = add_line(parse_note(cosign(SIGNED, HUB, TIME)), line)
    with pytest.raises(Tampered, match="quorum-missed"):
        verify_cosigners(twice, (HUB.verifier, twin), 2)


def test_no_quorum_needs_no_cosigner() -> None:
    assert verify_cosigners(parse_note(SIGNED), (), 0) == ()
    with pytest.raises(Tampered, match="quorum-missed"):
        verify_cosigners(parse_note(SIGNED), (HUB.verifier,), 1)


def test_a_bad_line_of_a_known_cosigner_is_fatal_even_without_need() -> None:
    bad = SignatureLine(HUB.name, HUB.key_id, TIME.to_bytes(8, "big") + bytes(64))
    note = add_line(parse_note(cosign(SIGNED, PRESS, TIME)), bad)
    with pytest.raises(Tampered, match="signature-bad"):
        verify_cosigners(note, (HUB.verifier, PRESS.verifier), 1)


# --- a real witness's conversation ---


def test_what_a_witness_answered_follows_from_signature_size_and_consistency() -> None:
    case = json.loads(shared("vectors/signed-note/witness-add-checkpoint.json").read_bytes())
    log = Verifier.parse(case["log_vkey"])
    seen = Checkpoint(log.name, 0, b"")
    for request in case["requests"]:
        status, seen = answer(request["body"], log, seen)
        assert status == request["status"], request["body"]


def answer(body: str, log: Verifier, seen: Checkpoint) -> tuple[int, Checkpoint]:
    head, _, note = body.partition("\n\n")
    old, *proof = head.split("\n")
    try:
        found = verify_checkpoint(note.encode(), log, log.name)
    except Tampered:
        return 403, seen
    old_size = int(old.removeprefix("old "))
    if old_size != seen.size:
        return 409, seen
    try:
        if old_size:  # from nothing there is nothing to prove
            hashes = [base64.b64decode(line) for line in proof]
            verify_consistency(old_size, found.size, seen.root, found.root, hashes)
    except Tampered:
        return 422, seen
    return 200, found


@settings(max_examples=100)
@given(st.binary(min_size=1, max_size=100))
def test_any_signature_bytes_are_refused_and_nothing_else(signature: bytes) -> None:
    for cosigner in (HUB.verifier, ml_dsa("example.id/quantum")[1]):
        line = SignatureLine(cosigner.name, cosigner.key_id, signature)
        with pytest.raises(Tampered, match="signature-bad"):
            verify_cosignature(add_line(parse_note(SIGNED), line), cosigner)


def test_a_witness_s_line_alone_can_be_added() -> None:
    line = parse_line(str(HUB.cosign_line(parse_note(SIGNED).text, TIME)))
    assert add_line(parse_note(SIGNED), line).raw == cosign(SIGNED, HUB, TIME)
    assert parse(parse_note(SIGNED).text) == HEAD
