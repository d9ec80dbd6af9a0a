"""The tree: roots, proofs, and that no false proof passes.

Trees of size zero and one are decided in docs/decisions/0003-trees-of-size-zero.md. Proofs out of files are in
test_tiles.py.
"""

import hashlib
import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from tests.shared import shared

LEAVES = [leaf_hash(str(number).encode()) for number in range(130)]
DO_NOT_CARE = "sizes-are-equal-one-and-proof-is-empty.json"
"""Its roots are twelve bytes of text; ours must be SHA-256."""


def cases(kind: str) -> list[tuple[Path, dict[str, Any]]]:
    return [
        (path, json.loads(path.read_bytes()))
        for path in sorted(shared(f"vectors/merkle/{kind}").rglob("*.json"))
    ]


def hashes(case: dict[str, Any]) -> list[bytes]:
    return [b64decode(one) for one in case["proof"] or []]


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


def test_the_98_inclusion_vectors_get_their_verdict() -> None:
    found = cases("inclusion")
    assert len(found) == 98
    for _, case in found:
        arguments = (b64decode(case["leafHash"]), case["leafIdx"], case["treeSize"], hashes(case))
        if case["wantErr"]:
            with pytest.raises(Tampered, match="inclusion"):
                verify_inclusion(*arguments, b64decode(case["root"]))
        else:
            verify_inclusion(*arguments, b64decode(case["root"]))


def test_the_98_consistency_vectors_get_their_verdict_but_for_a_root_that_is_none() -> None:
    found = cases("consistency")
    assert len(found) == 98
    for path, case in found:
        arguments = (
            case["size1"],
            case["size2"],
            b64decode(case["root1"]),
            b64decode(case["root2"]),
            hashes(case),
        )
        if case["wantErr"] or path.name == DO_NOT_CARE:
            with pytest.raises(Tampered, match="consistency"):
                verify_consistency(*arguments)
        else:
            verify_consistency(*arguments)


def test_leaf_and_node_cannot_be_taken_for_each_other() -> None:
    assert leaf_hash(b"") == hashlib.sha256(b"\x00").digest()
    assert node_hash(b"l" * 32, b"r" * 32) == hashlib.sha256(b"\x01" + b"l" * 32 + b"r" * 32).digest()
    assert leaf_hash(b"l" * 32 + b"r" * 32) != node_hash(b"l" * 32, b"r" * 32)


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert root([]) == Frontier().root() == EMPTY_ROOT == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("size", range(35))
def test_the_root_is_that_of_the_definition(size: int) -> None:
    assert root(LEAVES[:size]) == naive_root(LEAVES[:size])


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65])
def test_every_leaf_is_proved_and_no_other(size: int) -> None:
    head = root(LEAVES[:size])
    for index in range(size):
        proof = inclusion_proof(LEAVES, index, size)
        verify_inclusion(LEAVES[index], index, size, proof, head)
        for other in range(size):
            if other != index:
                with pytest.raises(Tampered, match="inclusion"):
                    verify_inclusion(LEAVES[index], other, size, proof, head)
                with pytest.raises(Tampered, match="inclusion"):
                    verify_inclusion(LEAVES[other], index, size, proof, head)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 33])
def test_every_older_size_is_proved_and_no_other(size: int) -> None:
    head = root(LEAVES[:size])
    for old in range(1, size + 1):
        proof = consistency_proof(LEAVES, old, size)
        verify_consistency(old, size, root(LEAVES[:old]), head, proof)
        for other in range(1, size + 1):
            if other != old:
                with pytest.raises(Tampered, match="consistency"):
                    verify_consistency(old, size, root(LEAVES[:other]), head, proof)


@pytest.mark.parametrize(
    ("old", "size", "old_root", "new_root", "proof"),
    [
        pytest.param(0, 0, EMPTY_ROOT, EMPTY_ROOT, (), id="nothing to nothing"),
        pytest.param(0, 3, EMPTY_ROOT, root(LEAVES[:3]), (), id="from nothing"),
        pytest.param(0, 1, EMPTY_ROOT, LEAVES[0], (LEAVES[0],), id="from nothing with a hash"),
        pytest.param(1, 0, LEAVES[0], EMPTY_ROOT, (), id="back to nothing"),
        pytest.param(2, 1, root(LEAVES[:2]), LEAVES[0], (), id="backwards"),
        pytest.param(-1, 1, LEAVES[0], LEAVES[0], (), id="negative"),
        pytest.param(1, 2**64, LEAVES[0], LEAVES[0], (), id="too large"),
        pytest.param(3, 3, root(LEAVES[:3]), root(LEAVES[:3]), (LEAVES[0],), id="equal with a hash"),
    ],
)
def test_proves_no_consistency(
    old: int, size: int, old_root: bytes, new_root: bytes, proof: tuple[bytes, ...]
) -> None:
    with pytest.raises(Tampered, match="consistency"):
        verify_consistency(old, size, old_root, new_root, proof)


def test_equal_trees_of_size_one_are_consistent() -> None:
    verify_consistency(1, 1, LEAVES[0], LEAVES[0], ())


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 3), (3, 3), (0, 2**64)])
def test_no_leaf_is_there(index: int, size: int) -> None:
    with pytest.raises(Tampered, match="inclusion"):
        verify_inclusion(LEAVES[0], index, size, (), LEAVES[0])


@pytest.mark.parametrize("call", [
    pytest.param(lambda: inclusion_proof(LEAVES, 3, 3), id="index at the size"),
    pytest.param(lambda: inclusion_proof(LEAVES, -1, 3), id="negative index"),
    pytest.param(lambda: inclusion_proof([], 0), id="nothing there"),
    pytest.param(lambda: inclusion_proof(LEAVES[:2], 0, 3), id="larger than the leaves"),
    pytest.param(lambda: consistency_proof(LEAVES, 0, 3), id="from nothing"),
    pytest.param(lambda: consistency_proof(LEAVES, 4, 3), id="backwards"),
])  # fmt: skip
def test_no_proof_is_made(call: Any) -> None:
    with pytest.raises(Refusal, match="tree-range"):
        call()


@given(st.integers(1, 130), st.data())
@settings(max_examples=60)
def test_one_changed_bit_of_a_proof_is_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    head, proof = root(LEAVES[:size]), inclusion_proof(LEAVES, index, size)
    verify_inclusion(LEAVES[index], index, size, proof, head)
    if proof:
        at, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
        changed = bytearray(proof[at])
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Tampered, match="inclusion"):
            verify_inclusion(
                LEAVES[index], index, size, (*proof[:at], bytes(changed), *proof[at + 1 :]), head
            )
    for false in (
        proof[:-1] if proof else (head,),
        (*proof, head),
        (head, *proof),
        proof[1:] or (head, head),
    ):
        with pytest.raises(Tampered, match="inclusion"):
            verify_inclusion(LEAVES[index], index, size, false, head)


@given(st.integers(0, 130), st.integers(0, 130))
@settings(max_examples=60)
def test_a_frontier_resumes_where_it_was(first: int, more: int) -> None:
    leaves = [leaf_hash(bytes([number % 256, number // 256])) for number in range(first + more)]
    frontier = Frontier()
    for leaf in leaves[:first]:
        frontier.append(leaf)
    resumed = Frontier(frontier.size, frontier.hashes)
    copied = frontier.copy()
    for leaf in leaves[first:]:
        resumed.append(leaf)
        copied.append(leaf)
    assert resumed.root() == copied.root() == root(leaves)
    assert resumed.size == first + more
    assert frontier.size == first
    assert frontier.root() == root(leaves[:first])


@pytest.mark.parametrize(
    ("size", "kept"), [(0, [LEAVES[0]]), (3, LEAVES[:1]), (4, LEAVES[:2]), (1, [b"short"]), (-1, [])]
)
def test_is_not_a_frontier(size: int, kept: list[bytes]) -> None:
    with pytest.raises(Tampered, match="frontier"):
        Frontier(size, kept)
