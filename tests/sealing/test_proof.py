"""The receipt that is checked without a network: form, quorum of witnesses, and no changed byte.

The tree's own proofs are in test_merkle.py, single cosignatures in test_cosignature.py.
"""

import contextlib
import json
from base64 import b64decode, b64encode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.checkpoint import Checkpoint, sign_checkpoint
from cbt_station.sealing.cosignature import CosigningKey, cosign
from cbt_station.sealing.merkle import inclusion_proof, leaf_hash, root
from cbt_station.sealing.notes import SigningKey, Verifier
from cbt_station.sealing.proof import TlogProof, parse, verify, write
from tests.shared import shared

LOG = SigningKey.from_seed("example.id/log/test", b"\x01" * 32)
WITNESSES = [CosigningKey.from_seed(f"example.id/w{number}", bytes([number]) * 32) for number in (2, 3, 4)]
ENTRIES = [f"cbt-station/entry/v1 test\nresult {number:064x}\n".encode() for number in range(11)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
ORIGIN = "example.id/log/test"


def receipt(index: int = 6, cosigned_by: int = 0, size: int = 11) -> TlogProof:
    data = sign_checkpoint(Checkpoint(ORIGIN, size, root(LEAVES[:size])), LOG)
    for witness in WITNESSES[:cosigned_by]:
        data = cosign(data, witness, 1_800_000_000)
    return TlogProof(index, inclusion_proof(LEAVES, index, size), data)


def check(proof: TlogProof, index: int = 6, quorum: int = 0) -> Checkpoint:
    return verify(proof, ENTRIES[index], LOG.verifier, ORIGIN, [key.verifier for key in WITNESSES], quorum)


def vectors() -> Any:
    return json.loads(shared("vectors/signed-note/tlog-proofs.json").read_bytes())


def test_the_published_proofs_are_written_and_read_the_same() -> None:
    for case in vectors()["marshal"]:
        proof = TlogProof(
            case["index"],
            tuple(map(b64decode, case["hashes"])),
            case["checkpoint"].encode(),
            b64decode(case["extra"]) if case["extra"] else None,
        )
        assert write(proof) == case["text"].encode()
        assert parse(case["text"].encode()) == proof


def test_the_published_false_forms_are_refused() -> None:
    cases = vectors()["reject"]
    assert len(cases) == 7
    for _, text in cases:
        with pytest.raises(Tampered, match="proof-malformed"):
            parse(text.encode())


def test_the_published_proofs_verify_and_only_for_their_entry() -> None:
    cases = vectors()["end_to_end"]
    assert len(cases) == 10
    for case in cases:
        data = case["proof"].encode()
        log = Verifier.parse(case["log_vkey"])
        proof = parse(data)
        assert write(proof) == data
        verify(proof, case["entry"].encode(), log, "example.com/log/testdata")
        with pytest.raises(Tampered, match="inclusion"):
            verify(proof, case["entry"].encode() + b"x", log, "example.com/log/testdata")


GOOD = write(receipt()).decode()
HASH = b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(GOOD.replace("@v1", "@v2"), id="another version"),
        pytest.param(GOOD.replace("index 6", "index 06"), id="leading zero"),
        pytest.param(GOOD.replace("index 6", "index +6"), id="plus sign"),
        pytest.param(GOOD.replace("index 6", "index  6"), id="two spaces"),
        pytest.param(GOOD.replace("index 6", "index 6 "), id="space at the end"),
        pytest.param(GOOD.replace("index 6", "index "), id="no number"),
        pytest.param(GOOD.replace("index 6", "index 18446744073709551616"), id="2 to the 64"),
        pytest.param(GOOD.replace("index 6", "index " + "9" * 5000), id="5000 digits"),
        pytest.param(GOOD.replace("index 6\n", ""), id="no index"),
        pytest.param(GOOD.replace("index 6\n", "index 6\nindex 6\n"), id="index twice"),
        pytest.param(GOOD.replace("index 6\n", "index 6\nextra YQ==\n"), id="extra after index"),
        pytest.param(GOOD.replace("index 6\n", "extra \nindex 6\n"), id="empty extra"),
        pytest.param(GOOD.replace("index 6\n", "extra YQ=\nindex 6\n"), id="extra without padding"),
        pytest.param(GOOD.replace("index 6\n", "extra YR==\nindex 6\n"), id="extra in another spelling"),
        pytest.param(GOOD.replace("index 6\n", "extra YQ==\nextra YQ==\nindex 6\n"), id="extra twice"),
        pytest.param(GOOD.replace("index 6\n", f"index 6\n{HASH[:-1]}\n"), id="hash without padding"),
        pytest.param(GOOD.replace("index 6\n", "index 6\nYQ==\n"), id="a short hash"),
        pytest.param(GOOD.replace("index 6\n", "index 6\n" + f"{HASH}\n" * 61), id="65 hashes"),
        pytest.param(GOOD.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(GOOD.replace("\n\n", "\n", 1).replace("\n\n", "\n"), id="no empty line"),
        pytest.param(GOOD[:-1], id="no newline at the end"),
        pytest.param("\ufeff" + GOOD, id="byte-order mark"),
        pytest.param(GOOD + "x" * (1 << 20) + "\n", id="too large"),
    ],
)
def test_is_not_a_proof(text: str) -> None:
    with pytest.raises(Tampered, match="proof-malformed"):
        parse(text.encode())


@pytest.mark.parametrize(
    "proof",
    [
        pytest.param(TlogProof(-1, (), b"x\n"), id="negative index"),
        pytest.param(TlogProof(2**64, (), b"x\n"), id="index too large"),
        pytest.param(TlogProof(0, (b"short",), b"x\n"), id="short hash"),
        pytest.param(TlogProof(0, (), b"x"), id="no newline"),
        pytest.param(TlogProof(0, (), b"x\n", b""), id="empty extra"),
    ],
)
def test_is_not_written(proof: TlogProof) -> None:
    with pytest.raises(Refusal, match="proof-unfit"):
        write(proof)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 11])
def test_every_entry_has_its_receipt(size: int) -> None:
    for index in range(size):
        proof = parse(write(receipt(index, size=size)))
        assert check(proof, index).size == size


@pytest.mark.parametrize(
    ("cosigned_by", "quorum", "passes"),
    [
        pytest.param(0, 0, True, id="no witness asked"),
        pytest.param(0, 1, False, id="nobody saw it"),
        pytest.param(2, 2, True, id="two of three"),
        pytest.param(2, 3, False, id="one short"),
        pytest.param(3, 2, True, id="more than needed"),
    ],
)
def test_the_quorum_of_witnesses(cosigned_by: int, quorum: int, passes: bool) -> None:
    proof = receipt(cosigned_by=cosigned_by)
    if passes:
        check(proof, quorum=quorum)
    else:
        with pytest.raises(Tampered, match="quorum-missed"):
            check(proof, quorum=quorum)


def test_the_receipt_of_another_log_or_mode_is_refused() -> None:
    with pytest.raises(Tampered, match="checkpoint-origin"):
        verify(receipt(), ENTRIES[6], LOG.verifier, "example.id/log/official")
    with pytest.raises(Tampered, match="signature-missing"):
        verify(receipt(), ENTRIES[6], SigningKey.from_seed(ORIGIN, b"\x09" * 32).verifier, ORIGIN)


def test_extra_is_carried_and_believed_by_nobody() -> None:
    plain = receipt()
    proof = parse(write(TlogProof(plain.index, plain.hashes, plain.checkpoint, b"anything")))
    assert proof.extra == b"anything"
    assert check(proof) == check(plain)


def test_every_flipped_byte_of_a_receipt_is_refused() -> None:
    data = write(receipt(cosigned_by=2))
    check(parse(data), quorum=2)
    for at in range(len(data)):
        for mask in (0x01, 0x20, 0x80):
            with pytest.raises(Tampered):
                check(parse(data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]), quorum=2)


def test_every_dropped_or_doubled_line_of_a_receipt_is_refused() -> None:
    lines = write(receipt(cosigned_by=2)).splitlines(keepends=True)
    for at in range(len(lines)):
        dropped = b"".join(lines[:at] + lines[at + 1 :])
        with pytest.raises(Tampered):
            check(parse(dropped), quorum=2)
        if at < len(lines) - 3:  # a log's client lets a signature line stand twice: it is the same signature
            with pytest.raises(Tampered):
                check(parse(b"".join(lines[: at + 1] + lines[at:])), quorum=2)


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_proof_or_refused(data: bytes) -> None:
    for one in (data, b"c2sp.org/tlog-proof@v1\n" + data, b"c2sp.org/tlog-proof@v1\nindex 1\n\n" + data):
        with contextlib.suppress(Tampered):
            proof = parse(one)
            assert write(proof) == one
            verify(proof, b"", LOG.verifier, ORIGIN)
