"""Checkpoints: what is one, and whose.

Cosignatures below them are in test_cosignature.py, the log's files in test_tiles.py.
"""

import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.checkpoint import Checkpoint, parse, sign_checkpoint, verify_checkpoint, write
from cbt_station.sealing.merkle import EMPTY_ROOT, leaf_hash
from cbt_station.sealing.notes import SigningKey, Verifier, add_signature, parse_note
from tests.shared import shared

LOG = SigningKey.from_seed("example.id/log/test", b"\x01" * 32)
OTHER = SigningKey.from_seed("example.id/other", b"\x02" * 32)
HEAD = Checkpoint("example.id/log/test", 3, leaf_hash(b"root"))
ROOT = b64encode(HEAD.root).decode()
STRICTER = {
    "YmFuYW5hcw==": "a root of 6 bytes",
    "dGhlIHZpZXcgZnJvbSB0aGUgdHJlZSB0b3BzIGlzIGdyZWF0IQ==": "a root of 37 bytes",
}
"""Roots that the vectors' makers let pass; c2sp.org/tlog-checkpoint wants the root of an RFC 6962 tree: 32 bytes."""


def test_the_vectors_get_their_verdict_but_for_roots_that_are_none() -> None:
    cases = json.loads(shared("vectors/signed-note/checkpoints.json").read_bytes())["cases"]
    taken = 0
    for case in cases:
        if case["ok"] and not any(root in case["text"] for root in STRICTER):
            found = parse(case["text"])
            assert found.root == leaf_hash(case["root_is_leafhash_of"].encode())
            assert write(found) == case["text"]
            taken += 1
        else:
            with pytest.raises(Tampered, match="checkpoint-malformed"):
                parse(case["text"])
    assert taken == 1


@pytest.mark.parametrize("extension", [(), ("one",), ("lots", "of", "lines")])
def test_extension_lines_of_others_are_kept(extension: tuple[str, ...]) -> None:
    head = Checkpoint("Log", 9944, HEAD.root, extension)
    assert parse(write(head)) == head


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("Log\n3\n", id="no root"),
        pytest.param(f"Log\n3\n{ROOT}", id="no newline"),
        pytest.param(f"\n3\n{ROOT}\n", id="no origin"),
        pytest.param(f"Log\n\n{ROOT}\n", id="no size"),
        pytest.param(f"Log\n03\n{ROOT}\n", id="leading zero"),
        pytest.param(f"Log\n+3\n{ROOT}\n", id="plus sign"),
        pytest.param(f"Log\n-3\n{ROOT}\n", id="minus sign"),
        pytest.param(f"Log\n 3\n{ROOT}\n", id="space before"),
        pytest.param(f"Log\n3 \n{ROOT}\n", id="space after"),
        pytest.param(f"Log\n0x3\n{ROOT}\n", id="hexadecimal"),
        pytest.param(f"Log\n3_0\n{ROOT}\n", id="underscore"),
        pytest.param(f"Log\n٣\n{ROOT}\n", id="a digit of another script"),
        pytest.param(f"Log\n³\n{ROOT}\n", id="superscript"),
        pytest.param(f"Log\n18446744073709551616\n{ROOT}\n", id="2 to the 64"),
        pytest.param(f"Log\n{'9' * 5000}\n{ROOT}\n", id="5000 digits"),
        pytest.param(f"Log\n3\n{ROOT[:-1]}\n", id="no padding"),
        pytest.param(f"Log\n3\n{ROOT}=\n", id="padding twice"),
        pytest.param(f"Log\n3\n{b64encode(bytes(31)).decode()}\n", id="31 bytes"),
        pytest.param(f"Log\n3\n{b64encode(bytes(33)).decode()}\n", id="33 bytes"),
        pytest.param(f"Log\n3\n{ROOT}\n\n", id="an empty extension line"),
        pytest.param(f"Log\n3\n{ROOT}\na\n\nb\n", id="an empty line between extensions"),
        pytest.param(f"Log\n0\n{ROOT}\n", id="an empty tree with a root"),
    ],
)
def test_is_not_a_checkpoint(text: str) -> None:
    with pytest.raises(Tampered, match="checkpoint-malformed"):
        parse(text)


def test_the_largest_size_and_the_empty_tree_are_checkpoints() -> None:
    for head in (Checkpoint("Log", 2**64 - 1, HEAD.root), Checkpoint("Log", 0, EMPTY_ROOT)):
        assert parse(write(head)) == head


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(Checkpoint("", 1, HEAD.root), id="no origin"),
        pytest.param(Checkpoint("a\nb", 1, HEAD.root), id="two lines"),
        pytest.param(Checkpoint("a\rb", 1, HEAD.root), id="control character"),
        pytest.param(Checkpoint("a", -1, HEAD.root), id="negative"),
        pytest.param(Checkpoint("a", 2**64, HEAD.root), id="too large"),
        pytest.param(Checkpoint("a", 1, b"short"), id="short root"),
        pytest.param(Checkpoint("a", 0, HEAD.root), id="empty with a root"),
        pytest.param(Checkpoint("a", 1, HEAD.root, ("",)), id="empty extension"),
    ],
)
def test_is_not_written(head: Checkpoint) -> None:
    with pytest.raises(Refusal, match="checkpoint-unfit"):
        write(head)


def test_a_signed_head_reads_back_with_other_signatures_below() -> None:
    data = add_signature(sign_checkpoint(HEAD, LOG), OTHER)
    assert verify_checkpoint(data, LOG.verifier, HEAD.origin) == HEAD


@pytest.mark.parametrize(
    ("key", "verifier", "origin", "code"),
    [
        pytest.param(LOG, LOG.verifier, "example.id/log/official", "checkpoint-origin", id="another log"),
        pytest.param(OTHER, LOG.verifier, HEAD.origin, "signature-missing", id="another signer"),
        pytest.param(LOG, OTHER.verifier, HEAD.origin, "signature-missing", id="another key asked"),
    ],
)
def test_is_not_that_log_s_head(key: SigningKey, verifier: Any, origin: str, code: str) -> None:
    with pytest.raises(Tampered, match=code):
        verify_checkpoint(sign_checkpoint(HEAD, key), verifier, origin)


def test_every_flipped_byte_of_a_checkpoint_is_refused() -> None:
    data = sign_checkpoint(HEAD, LOG)
    for at in range(len(data)):
        for mask in (0x01, 0x20, 0x80, 0xFF):
            with pytest.raises(Tampered):
                verify_checkpoint(
                    data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :], LOG.verifier, HEAD.origin
                )


def test_every_head_of_a_log_made_by_another_program_verifies() -> None:
    verifier = vectors_log_key()
    for size in range(16):
        data = shared(f"vectors/tlog-tiles/log/checkpoint.{size}").read_bytes()
        head = verify_checkpoint(data, verifier, "example.com/log/testdata")
        assert head.size == size
        assert parse_note(data).raw == data


def vectors_log_key() -> Any:
    vkeys = json.loads(shared("vectors/signed-note/notes.json").read_bytes())["vkeys"]["good"]
    return next(Verifier.parse(vkey) for vkey in vkeys if vkey.startswith("example.com/log/testdata+"))


@settings(max_examples=100)
@given(st.text(max_size=120))
def test_any_text_is_a_checkpoint_or_refused(text: str) -> None:
    for body in (text, f"Log\n{text}\n{ROOT}\n", f"Log\n1\n{text}\n"):
        try:
            assert write(parse(body)) == body
        except (Tampered, Refusal):
            continue
