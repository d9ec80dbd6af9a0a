"""The public log: static files in the layout of c2sp.org/tlog-tiles under one folder, and its signed checkpoint.

Publishing brings the files up to what the registry holds:
1. read the checkpoint that is published (none: size 0);
2. take the entries after it from the registry, where their order was made durable before;
3. write the tiles and bundles that they fill, durably; what stands under a path is never changed;
4. sign and write the checkpoint, last: it speaks only of what is on the disk.

A crash anywhere leaves an old checkpoint that is true, and the next publishing does the same steps again: a start is
an ordinary publishing. One writer; any web server or mirror can carry the folder.
"""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from cbt_station.errors import Tampered, Trouble
from cbt_station.sealing import proof as tlog_proof
from cbt_station.sealing.checkpoint import Checkpoint, sign_checkpoint, verify_checkpoint
from cbt_station.sealing.merkle import EMPTY_ROOT, leaf_hash
from cbt_station.sealing.notes import SigningKey
from cbt_station.sealing.tiles import (
    consistency_from_tiles,
    entries_path,
    frontier_from_tiles,
    grow,
    inclusion_from_tiles,
    parse_entries,
    root_from_tiles,
    tile_width,
)
from cbt_station.storage.files import make_folder, read_bounded, write_durably

CHECKPOINT = "checkpoint"
AT_ONCE = 4096
"""Entries that one checkpoint adds at most, so that memory stays small after a long outage."""
MOST_FILE = 32 << 20

Write = Callable[[Path, bytes], None]
Entries = Callable[[int, int], Sequence[bytes]]
"""The entries from one number up to but without another, in the order that was made durable."""


class Log:
    """One log in one folder, with the key that signs its checkpoints."""

    def __init__(self, folder: Path, origin: str, key: SigningKey, write: Write = write_durably) -> None:
        self._folder = folder
        self._origin = origin
        self._key = key
        self._write = write
        self._lock = threading.Lock()
        make_folder(folder)

    def checkpoint(self) -> bytes | None:
        """The published checkpoint's bytes; None before the first."""
        path = self._folder / CHECKPOINT
        return read_bounded(path, MOST_FILE) if path.exists() else None

    def head(self) -> Checkpoint:
        """What the published checkpoint says; verified, for it may have been restored from elsewhere."""
        raw = self.checkpoint()
        if raw is None:
            return Checkpoint(self._origin, 0, EMPTY_ROOT)
        return verify_checkpoint(raw, self._key.verifier, self._origin)

    def fetch(self, path: str) -> bytes:
        """A tile or a bundle of the log."""
        return read_bounded(self._folder / path, MOST_FILE)

    def publish(self, entries: Entries, size: int) -> None:
        """Steps 1 to 4 until `size` entries are published. Whoever comes second finds it done."""
        with self._lock:
            head = self.head()  # 1
            while head.size < size:
                new = entries(head.size, min(size, head.size + AT_ONCE))  # 2
                head = self._append(head, new)

    def require_whole(self, entries: Entries, size: int) -> None:
        """The published log is one that the registry of `size` entries can go on with.

        Raise Trouble("log-ahead") where the log knows more than the registry (which was restored from an old copy: to go
        on would fork the log), Tampered("log-changed") where the right edge of the files is not what the checkpoint or
        the registry says.
        """
        head = self.head()
        if head.size > size:
            raise Trouble("log-ahead", published=head.size, registered=size)
        if head.size == 0:
            return
        index = (head.size - 1) // 256
        width = tile_width(0, index, head.size)
        published = parse_entries(self.fetch(entries_path(index, width)), width)
        if (
            root_from_tiles(self.fetch, head.size) != head.root
            or list(entries(index * 256, head.size)) != published
        ):
            raise Tampered("log-changed", size=head.size)

    def proof(self, index: int) -> bytes:
        """The tlog-proof of a published entry, against the newest checkpoint."""
        head, raw = self.head(), self.checkpoint()
        if raw is None or index >= head.size:
            raise Trouble("log-behind", index=index, size=head.size)
        hashes = inclusion_from_tiles(self.fetch, index, head.size)
        return tlog_proof.write(tlog_proof.TlogProof(index, hashes, raw))

    def consistency(self, old_size: int, size: int) -> tuple[bytes, ...]:
        """The proof that the log of `size` begins with that of `old_size`."""
        return consistency_from_tiles(self.fetch, old_size, size)

    def _append(self, head: Checkpoint, new: Sequence[bytes]) -> Checkpoint:
        frontier = frontier_from_tiles(self.fetch, head.size)
        if frontier.root() != head.root:
            raise Tampered("log-changed", size=head.size)
        for path, data in grow(self.fetch, head.size, new).items():  # 3
            make_folder((self._folder / path).parent)
            self._write(self._folder / path, data)
        for entry in new:
            frontier.append(leaf_hash(entry))
        grown = Checkpoint(self._origin, frontier.size, frontier.root())
        self._write(self._folder / CHECKPOINT, sign_checkpoint(grown, self._key))  # 4
        return grown
