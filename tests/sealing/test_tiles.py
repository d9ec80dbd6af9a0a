"""The log as files: the same names and bytes as another program writes, and proofs out of a few of them.

The tree's arithmetic is in test_merkle.py.
"""

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbt_station.errors import Refusal, Tampered, Trouble
from cbt_station.sealing.checkpoint import parse as parse_checkpoint
from cbt_station.sealing.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from cbt_station.sealing.notes import parse_note
from cbt_station.sealing.tiles import (
    consistency_from_tiles,
    encode_entries,
    entries_path,
    frontier_from_tiles,
    grow,
    inclusion_from_tiles,
    parse_entries,
    parse_tile,
    root_from_tiles,
    subtree,
    tile_path,
    tile_width,
)
from tests.shared import shared


class Files:
    """A log in memory, as any store of files is to this module."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.fetched: list[str] = []
        self.size = 0

    def fetch(self, path: str) -> bytes:
        self.fetched.append(path)
        if path not in self.files:
            raise Trouble("file-missing", where=path)
        return self.files[path]

    def add(self, entries: list[bytes]) -> None:
        new = grow(self.fetch, self.size, entries)
        assert not new.keys() & self.files.keys()
        self.files |= new
        self.size += len(entries)


def entries(count: int) -> list[bytes]:
    return [f"entry {number}".encode() for number in range(count)]


@pytest.fixture(scope="module")
def large() -> Files:
    """70,000 entries, the specification's example, in batches of every awkward size."""
    log, counts, todo = Files(), itertools.cycle([1, 255, 3, 256, 5000, 257, 700]), entries(70_000)
    while todo:
        count = next(counts)
        log.add(todo[:count])
        todo = todo[count:]
    return log


LARGE_LEAVES = [leaf_hash(entry) for entry in entries(70_000)]


# --- a log made by another program ---


def published() -> Path:
    return shared("vectors/tlog-tiles/log")


def test_the_same_entries_give_the_same_files_as_another_program_s() -> None:
    folder, log = published(), Files()
    for entry in parse_entries((folder / "tile/entries/000.p/15").read_bytes(), 15):
        log.add([entry])
    there = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in (folder / "tile").rglob("*")
        if path.is_file()
    }
    assert log.files == there


@pytest.mark.parametrize("size", range(1, 16))
def test_every_published_root_is_rebuilt_from_tiles_and_from_entries(size: int) -> None:
    folder = published()
    head = parse_checkpoint(parse_note((folder / f"checkpoint.{size}").read_bytes()).text)
    bundle = parse_entries((folder / f"tile/entries/000.p/{size}").read_bytes(), size)
    assert head.size == size
    assert root_from_tiles(lambda path: (folder / path).read_bytes(), size) == head.root
    assert root(map(leaf_hash, bundle)) == head.root


def test_every_published_head_follows_from_every_older_one() -> None:
    folder = published()
    heads = [
        parse_checkpoint(parse_note((folder / f"checkpoint.{size}").read_bytes()).text) for size in range(16)
    ]
    for old in range(1, 16):
        for size in range(old, 16):
            proof = consistency_from_tiles(lambda path: (folder / path).read_bytes(), old, size)
            verify_consistency(old, size, heads[old].root, heads[size].root, proof)


# --- names ---


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (tile_path(0, 0), "tile/0/000"),
        (tile_path(3, 1234067), "tile/3/x001/x234/067"),
        (tile_path(63, 999, 1), "tile/63/999.p/1"),
        (tile_path(0, 1000, 255), "tile/0/x001/000.p/255"),
        (entries_path(1000), "tile/entries/x001/000"),
        (entries_path(5, 7), "tile/entries/005.p/7"),
    ],
)
def test_the_names_are_the_specification_s(path: str, expected: str) -> None:
    assert path == expected


@pytest.mark.parametrize(
    ("level", "index", "width"), [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)]
)
def test_no_such_tile(level: int, index: int, width: int) -> None:
    with pytest.raises(Refusal, match="tree-range"):
        tile_path(level, index, width)


def test_the_specification_s_example_of_70000_entries(large: Files) -> None:
    full = [path for path in large.files if path.startswith("tile/0/") and ".p/" not in path]
    assert len(full) == 273
    assert [tile_width(level, index, 70_000) for level, index in ((0, 273), (1, 0), (1, 1), (2, 0))] == [
        112,
        256,
        17,
        1,
    ]
    assert [tile_width(0, 274, 70_000), tile_width(3, 0, 70_000)] == [0, 0]
    assert {"tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"} <= large.files.keys()
    assert [tile_width(0, 0, 256), tile_width(1, 0, 256)] == [256, 1]


# --- bytes ---


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=256))
@settings(max_examples=50)
def test_a_bundle_reads_back(bundle: list[bytes]) -> None:
    assert parse_entries(encode_entries(bundle), len(bundle)) == bundle


@pytest.mark.parametrize(
    ("data", "width"),
    [
        pytest.param(b"", None, id="empty"),
        pytest.param(b"\x00", None, id="half a length"),
        pytest.param(b"\x00\x02a", None, id="cut off"),
        pytest.param(b"\x00\x01a\x00", None, id="garbage after"),
        pytest.param(b"\x00\x01a", 2, id="too few"),
        pytest.param(b"\x00\x01a\x00\x01b", 1, id="too many"),
        pytest.param(b"\x00\x00" * 257, None, id="257 entries"),
    ],
)
def test_is_not_a_bundle(data: bytes, width: int | None) -> None:
    with pytest.raises(Tampered, match="tile-malformed"):
        parse_entries(data, width)


def test_the_largest_entry_fits_and_one_byte_more_does_not() -> None:
    assert parse_entries(encode_entries([bytes(65535)])) == [bytes(65535)]
    with pytest.raises(Refusal, match="entry-too-large"):
        encode_entries([bytes(65536)])


@pytest.mark.parametrize(("length", "width"), [(0, 0), (31, 1), (33, 1), (32, 2), (64, 1), (257 * 32, 257)])
def test_is_not_a_tile(length: int, width: int) -> None:
    with pytest.raises(Tampered, match="tile-malformed"):
        parse_tile(bytes(length), width)


def test_a_damaged_partial_tile_stops_the_log_s_growth() -> None:
    log = Files()
    log.add(entries(3))
    for path in ("tile/0/000.p/3", "tile/entries/000.p/3"):
        whole = log.files[path]
        log.files[path] = whole[:-1]
        with pytest.raises(Tampered, match="tile-malformed"):
            grow(log.fetch, 3, [b"next"])
        log.files[path] = whole


# --- proofs ---


def test_the_root_of_70000_entries_comes_from_a_few_files(large: Files) -> None:
    large.fetched.clear()
    assert root_from_tiles(large.fetch, 70_000) == root(LARGE_LEAVES)
    assert len(set(large.fetched)) <= 4
    assert root_from_tiles(large.fetch, 0) == EMPTY_ROOT


@pytest.mark.parametrize("index", [0, 1, 255, 256, 65_535, 65_536, 69_887, 69_888, 69_999])
def test_an_entry_s_path_comes_from_a_few_files(large: Files, index: int) -> None:
    large.fetched.clear()
    proof = inclusion_from_tiles(large.fetch, index, 70_000)
    assert len(large.fetched) <= 6
    assert proof == inclusion_proof(LARGE_LEAVES, index)
    verify_inclusion(LARGE_LEAVES[index], index, 70_000, proof, root_from_tiles(large.fetch, 70_000))


@pytest.mark.parametrize("old", [1, 2, 255, 256, 257, 65_536, 65_537, 69_999, 70_000])
def test_a_consistency_proof_comes_from_a_few_files(large: Files, old: int) -> None:
    large.fetched.clear()
    assert consistency_from_tiles(large.fetch, old, 70_000) == consistency_proof(LARGE_LEAVES, old)
    assert len(large.fetched) <= 8


def test_a_tree_goes_on_from_its_files(large: Files) -> None:
    frontier = frontier_from_tiles(large.fetch, 70_000)
    frontier.append(leaf_hash(b"next"))
    assert frontier.root() == root([*LARGE_LEAVES, leaf_hash(b"next")])
    assert frontier_from_tiles(large.fetch, 0).root() == EMPTY_ROOT


def test_a_subtree_beyond_the_edge_is_refused(large: Files) -> None:
    with pytest.raises(Refusal, match="tree-range"):
        subtree(large.fetch, 70_000, 7, 546)
    with pytest.raises(Refusal, match="tree-range"):
        inclusion_from_tiles(large.fetch, 70_000, 70_000)
    with pytest.raises(Refusal, match="tree-range"):
        consistency_from_tiles(large.fetch, 0, 70_000)


@given(st.lists(st.integers(0, 600), min_size=1, max_size=4))
@settings(max_examples=30, deadline=None)
def test_batches_make_no_difference(counts: list[int]) -> None:
    log, todo = Files(), entries(sum(counts))
    for count in counts:
        log.add(todo[log.size : log.size + count])
    assert root_from_tiles(log.fetch, log.size) == root(map(leaf_hash, todo))
