"""The Merkle tree of RFC 6962 and RFC 9162 over SHA-256: roots, proofs and the checks of proofs.

A tree's leaves are hashes already (`leaf_hash`); a size counts leaves, an index counts from 0.
Proofs come from leaf hashes in memory, or from any source that knows the hash of a range (`tiles` reads it from files).

A tree of size 0 has the root SHA-256(""). Nothing is included in it, and nothing follows consistently from it: a proof
from size 0 is refused, because it would prove nothing (`docs/decisions/0003-trees-of-size-zero.md`).
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

from cbt_station.errors import Refusal, Tampered

HASH_BYTES = 32
MOST_SIZE = 2**64 - 1
EMPTY_ROOT = hashlib.sha256(b"").digest()

RangeHash = Callable[[int, int], bytes]
"""The root over the leaves from `start` up to but without `end`."""


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root over all of these leaves."""
    frontier = Frontier()
    for leaf in leaf_hashes:
        frontier.append(leaf)
    return frontier.root()


class Frontier:
    """A growing tree, of which only the roots of its perfect subtrees are kept, the largest first.

    64 hashes at most; what it keeps (`size`, `hashes`) is enough to go on later.
    """

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        """A tree that resumes; Tampered("frontier") if so many hashes cannot be a tree of this size."""
        if not 0 <= size <= MOST_SIZE or len(hashes) != size.bit_count() or not _are_hashes(hashes):
            raise Tampered("frontier", size=size)
        self._size = size
        self._hashes = list(hashes)
        self._root: bytes | None = None

    @property
    def size(self) -> int:
        return self._size

    @property
    def hashes(self) -> tuple[bytes, ...]:
        return tuple(self._hashes)

    def append(self, leaf: bytes) -> None:
        # Every trailing one bit of the size is a perfect subtree that the new leaf completes to a larger one.
        carry = self._size
        while carry & 1:
            leaf = node_hash(self._hashes.pop(), leaf)
            carry >>= 1
        self._hashes.append(leaf)
        self._size += 1
        self._root = None

    def root(self) -> bytes:
        if self._root is None:  # asked for twice for each answer
            above = self._hashes[-1] if self._hashes else EMPTY_ROOT
            for left in reversed(self._hashes[:-1]):
                above = node_hash(left, above)
            self._root = above
        return self._root

    def copy(self) -> "Frontier":
        return Frontier(self._size, self._hashes)


# --- making proofs ----------------------------------------------------------------------------------------------


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int, size: int | None = None) -> tuple[bytes, ...]:
    """The path from leaf `index` to the root of the first `size` leaves, from its sibling upwards."""
    size = len(leaf_hashes) if size is None else size
    _require_range(0 <= index < size <= len(leaf_hashes))
    return prove_inclusion(lambda start, end: root(leaf_hashes[start:end]), index, size)


def consistency_proof(
    leaf_hashes: Sequence[bytes], old_size: int, size: int | None = None
) -> tuple[bytes, ...]:
    """That the first `size` leaves begin with the first `old_size`."""
    size = len(leaf_hashes) if size is None else size
    _require_range(0 < old_size <= size <= len(leaf_hashes))
    return prove_consistency(lambda start, end: root(leaf_hashes[start:end]), old_size, size)


def prove_inclusion(range_hash: RangeHash, index: int, size: int) -> tuple[bytes, ...]:
    """As `inclusion_proof`, where the leaves are elsewhere. RFC 9162, section 2.1.3.1."""
    _require_range(0 <= index < size)
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_hash(middle, end))
            end = middle
        else:
            path.append(range_hash(start, middle))
            start = middle
    return tuple(reversed(path))


def prove_consistency(range_hash: RangeHash, old_size: int, size: int) -> tuple[bytes, ...]:
    """As `consistency_proof`, where the leaves are elsewhere. RFC 9162, section 2.1.4.1."""
    _require_range(0 < old_size <= size)
    path: list[bytes] = []
    start, end = 0, size
    while old_size != end:
        middle = start + _split(end - start)
        if old_size <= middle:
            path.append(range_hash(middle, end))
            end = middle
        else:
            path.append(range_hash(start, middle))
            start = middle
    if start:  # the old tree is not itself a subtree that the reader has
        path.append(range_hash(start, end))
    return tuple(reversed(path))


# --- checking proofs --------------------------------------------------------------------------------------------


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raise Tampered("inclusion") unless `leaf` is number `index` of the tree. RFC 9162, section 2.1.3.2."""
    if not 0 <= index < size <= MOST_SIZE or not _are_hashes((leaf, root, *proof)):
        raise Tampered("inclusion", index=index, size=size)
    here, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise Tampered("inclusion", index=index, size=size)
        if here & 1 or here == last:
            found = node_hash(sibling, found)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        here, last = here >> 1, last >> 1
    if last != 0 or found != root:
        raise Tampered("inclusion", index=index, size=size)


def verify_consistency(
    old_size: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]
) -> None:
    """Raise Tampered("consistency") unless the tree of `size` begins with that of `old_size`. RFC 9162, 2.1.4.2."""
    refused = Tampered("consistency", old_size=old_size, size=size)
    if not 0 < old_size <= size <= MOST_SIZE or not _are_hashes((old_root, root, *proof)):
        raise refused
    if old_size == size:
        if proof or old_root != root:
            raise refused
        return
    # A perfect old tree is a subtree itself: the proof leaves it out.
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        raise refused
    here, last = old_size - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old_found = found = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise refused
        if here & 1 or here == last:
            old_found, found = node_hash(sibling, old_found), node_hash(sibling, found)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        here, last = here >> 1, last >> 1
    if last != 0 or old_found != old_root or found != root:
        raise refused


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _are_hashes(hashes: Iterable[bytes]) -> bool:
    return all(len(one) == HASH_BYTES for one in hashes)


def _require_range(holds: bool) -> None:
    if not holds:
        raise Refusal("tree-range")
