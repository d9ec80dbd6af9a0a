"""A log as static files that any web server can carry, from c2sp.org/tlog-tiles.

    checkpoint
    tile/0/x001/234          256 leaf hashes
    tile/1/000.p/17          17 hashes of full tiles of level 0: a partial tile
    tile/entries/x001/234    256 entries, each with its length in two bytes before it

Here are the names and the bytes; who writes them, and in which order (tiles before the checkpoint), is the server's.
Proofs are read from tiles, a few files each, through a function that fetches one path.
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial

from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.merkle import (
    EMPTY_ROOT,
    HASH_BYTES,
    Frontier,
    leaf_hash,
    prove_consistency,
    prove_inclusion,
    root,
)

WIDTH = 256
HEIGHT = 8
"""Levels of the tree in one tile: 2 ** HEIGHT == WIDTH."""
MOST_LEVEL = 63
MOST_ENTRY = 65535

Fetch = Callable[[str], bytes]
"""The bytes at a path below the log's prefix; raises a Trouble of its own where there are none."""


def tile_path(level: int, index: int, width: int = WIDTH) -> str:
    """Where a tile of `width` hashes lies."""
    if not 0 <= level <= MOST_LEVEL:
        raise Refusal("tree-range")
    return f"tile/{level}/{_place(index, width)}"


def entries_path(index: int, width: int = WIDTH) -> str:
    """Where a bundle of `width` entries lies."""
    return f"tile/entries/{_place(index, width)}"


def tile_width(level: int, index: int, size: int) -> int:
    """How many hashes the tile has in a tree of `size`: 256, fewer at the right edge, 0 beyond it."""
    return max(0, min(WIDTH, (size >> (HEIGHT * level)) - index * WIDTH))


def encode_entries(entries: Sequence[bytes]) -> bytes:
    """A bundle, or Refusal("entry-too-large")."""
    for entry in entries:
        if len(entry) > MOST_ENTRY:
            raise Refusal("entry-too-large", size=len(entry), most=MOST_ENTRY)
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def parse_entries(data: bytes, width: int | None = None) -> list[bytes]:
    """The entries of a bundle, exactly `width` where it is given, or Tampered("tile-malformed")."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data) or len(entries) == WIDTH:
            raise Tampered("tile-malformed", reason="entries")
        entries.append(data[start:at])
    if not entries or width not in (None, len(entries)):
        raise Tampered("tile-malformed", reason="entries")
    return entries


def parse_tile(data: bytes, width: int) -> list[bytes]:
    """The hashes of a tile, or Tampered("tile-malformed")."""
    if len(data) != width * HASH_BYTES or not 0 < width <= WIDTH:
        raise Tampered("tile-malformed", reason="width")
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def grow(fetch: Fetch, size: int, entries: Sequence[bytes]) -> dict[str, bytes]:
    """The files that a log of `size` entries gets with more of them: bundles, and tiles of every level.

    Only the partial files at the right edge are fetched. What is written under a path never changes.
    """
    bundles = [encode_entries([entry]) for entry in entries]
    files = _append(fetch, entries_path, parse_entries, size, bundles)
    hashes, level = [leaf_hash(entry) for entry in entries], 0
    while hashes:
        tiles = _append(fetch, partial(tile_path, level), parse_tile, size, hashes)
        files |= tiles
        full = range(size // WIDTH, (size + len(hashes)) // WIDTH)
        hashes = [root(parse_tile(tiles[tile_path(level, index)], WIDTH)) for index in full]
        level, size = level + 1, size // WIDTH
    return files


def _append(
    fetch: Fetch,
    path: Callable[[int, int], str],
    check: Callable[[bytes, int], object],
    size: int,
    pieces: Sequence[bytes],
) -> dict[str, bytes]:
    """The files of one row that had `size` pieces and gets more: the partial one goes on, then new ones."""
    index, width = divmod(size, WIDTH)
    data = fetch(path(index, width)) if width else b""
    if width:
        check(data, width)
    files: dict[str, bytes] = {}
    while pieces:
        taken, pieces = pieces[: WIDTH - width], pieces[WIDTH - width :]
        files[path(index, width + len(taken))] = data + b"".join(taken)
        index, width, data = index + 1, 0, b""
    return files


def root_from_tiles(fetch: Fetch, size: int) -> bytes:
    """The root of the first `size` entries."""
    return range_hash(fetch, size, 0, size) if size else EMPTY_ROOT


def inclusion_from_tiles(fetch: Fetch, index: int, size: int) -> tuple[bytes, ...]:
    """The inclusion proof of an entry in the tree of `size`, from a log that has at least that size."""
    fetch = cache(fetch)  # a path's hashes lie in few tiles
    return prove_inclusion(lambda start, end: range_hash(fetch, size, start, end), index, size)


def consistency_from_tiles(fetch: Fetch, old_size: int, size: int) -> tuple[bytes, ...]:
    """The consistency proof between two sizes."""
    fetch = cache(fetch)
    return prove_consistency(lambda start, end: range_hash(fetch, size, start, end), old_size, size)


def frontier_from_tiles(fetch: Fetch, size: int) -> Frontier:
    """The tree of `size` entries, ready to grow."""
    return Frontier(size, [subtree(fetch, size, height, index) for height, index in _perfect(0, size)])


def range_hash(fetch: Fetch, size: int, start: int, end: int) -> bytes:
    """The root over the leaves `start` to `end` of a tree of `size`."""
    hashes = [subtree(fetch, size, height, index) for height, index in _perfect(start, end)]
    return Frontier(end - start, hashes).root()


def subtree(fetch: Fetch, size: int, height: int, index: int) -> bytes:
    """The root of the perfect subtree number `index` of 2 ** height leaves."""
    level, within = divmod(height, HEIGHT)
    first = index << within
    width = tile_width(level, first // WIDTH, size)
    hashes = parse_tile(fetch(tile_path(level, first // WIDTH, width)), width)
    offset = first % WIDTH
    if offset + (1 << within) > width:
        raise Refusal("tree-range")
    return root(hashes[offset : offset + (1 << within)])


def _place(index: int, width: int) -> str:
    if index < 0 or not 0 < width <= WIDTH:
        raise Refusal("tree-range")
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    return "/".join(groups) + ("" if width == WIDTH else f".p/{width}")


def _perfect(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Height and number of the perfect subtrees that make up a range, the largest first."""
    while start < end:
        height = (end - start).bit_length() - 1
        yield height, start >> height
        start += 1 << height
