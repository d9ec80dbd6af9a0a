"""What a disk may hold after a power cut: the files of a recording, with everything that no sync has made sure yet.

The model is harsher than any file system in use, and legal under POSIX:

- a sector (512 bytes) holds any of the contents that it had since the last sync of its file, each sector for itself;
  what was overwritten is old or new (SQLite's "powersafe overwrite"), a sector that is wholly new may hold rubbish;
- a file's size is any that it had since its last sync, whatever became of its sectors: what is missing reads as zeros;
- a name (created, renamed, removed) counts for sure only after a sync of its *folder*; until then each such change may
  be there or not, in any order. A rename is one change: it never loses a file between two names;
- after a failed sync nothing of what it should have made sure ever will be by a later one (Linux marks such pages clean);
  a folder's names are written anew only with a later change of the same folder.

ext4 keeps more: names change in order there, and a sync of a file brings its name along. All its states are among ours.
Absent on purpose: modes, times, links, and the index of SQLite's log ("-shm"), which is memory.
"""

import os
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from random import Random
from typing import NamedTuple, TypeAlias

SECTOR = 512
OPEN, WRITE, TRUNCATE, ALLOCATE, SYNC, RENAME, UNLINK, MKDIR, RMDIR, SAID, ASKED = range(1, 12)
"""The kinds of record, as `shim.c` writes them."""


class Op(NamedTuple):
    """One record of the log."""

    kind: int
    descriptor: int
    error: int
    offset: int
    length: int
    first: bytes
    second: bytes


@dataclass
class Sector:
    """A sector that may hold any of `versions`, oldest first; `dirty` if the next sync makes the newest sure."""

    versions: list[bytes]
    dirty: bool
    is_new: bool
    """No durable byte of its file lies in it: it may hold rubbish."""


class Content(NamedTuple):
    """A file in a crash state: `size` may be more than there is data, the rest is zeros."""

    data: bytes
    size: int
    digest: bytes


class File:
    """One file, as the program sees it (`data`, `size`) and as the disk may hold it."""

    def __init__(self, data: bytes = b"") -> None:
        self.data = bytearray(data)
        self.size = len(data)
        self.sectors: dict[int, Sector] = {}
        self.sizes = [self.size]
        self.size_dirty = False
        self._now: Content | None = None

    @property
    def is_pending(self) -> bool:
        return bool(self.sectors) or len(self.sizes) > 1

    def write(self, offset: int, data: bytes) -> None:
        if not data:
            return
        self._now, end = None, offset + len(data)
        touched = range(offset // SECTOR, -(-end // SECTOR))
        before = {number: self._sector(number) for number in touched}
        if end > len(self.data):
            self.data.extend(bytes(end - len(self.data)))
        self.data[offset:end] = data
        for number in touched:
            self._changed(number, before[number])
        self._resized(max(self.size, end))

    def truncate(self, size: int) -> None:
        self._now = None
        if size < len(self.data):
            touched = range(size // SECTOR, -(-len(self.data) // SECTOR))
            before = {number: self._sector(number) for number in touched}
            del self.data[size:]
            for number in touched:
                self._changed(number, before[number])
        self._resized(size)

    def allocate(self, end: int) -> None:
        self._now = None
        self._resized(max(self.size, end))

    def sync(self) -> None:
        for number in [number for number, sector in self.sectors.items() if sector.dirty]:
            del self.sectors[number]
        if self.size_dirty:
            self.sizes, self.size_dirty = [self.size], False

    def sync_failed(self) -> None:
        for sector in self.sectors.values():
            sector.dirty = False
        self.size_dirty = False

    def now(self) -> Content:
        """As the program sees it."""
        if self._now is None:
            self._now = content_of(bytes(self.data[: self.size]), self.size)
        return self._now

    def _sector(self, number: int) -> bytes:
        return bytes(self.data[number * SECTOR : (number + 1) * SECTOR]).ljust(SECTOR, b"\x00")

    def _changed(self, number: int, before: bytes) -> None:
        sector = self.sectors.get(number)
        if sector is None:
            is_new = number * SECTOR >= max(self.sizes)
            sector = self.sectors[number] = Sector([before], True, is_new)
        after = self._sector(number)
        if sector.versions[-1] != after:
            sector.versions.append(after)
        sector.dirty = True

    def _resized(self, size: int) -> None:
        if size != self.size:
            self.size, self.size_dirty = size, True
            self.sizes.append(size)


def chance_of(*what: object) -> Random:
    """The same dice for the same words: a run can be repeated."""
    return Random(" ".join(map(str, what)))  # noqa: S311 - repeatable is what it must be


def content_of(data: bytes, size: int) -> Content:
    return Content(
        data, size, blake2b(data.rstrip(b"\x00") + size.to_bytes(8, "big"), digest_size=16).digest()
    )


class Folder:
    """One folder: names as the program sees them, and those that are sure."""

    def __init__(self) -> None:
        self.now: dict[str, Node] = {}
        self.sure: dict[str, Node] = {}


Node: TypeAlias = File | Folder


@dataclass(eq=False)
class NameChange:
    """A change of names that no sync has made sure yet: each (folder, name) becomes a node, or nothing."""

    edits: tuple[tuple[Folder, str, Node | None], ...]
    is_dirty: bool = True
    """The next sync of its folder writes it."""


@dataclass
class Disk:
    """The folders below `root`, fed with one record after the other."""

    root: str
    top: Folder = field(default_factory=Folder)
    pending: list[NameChange] = field(default_factory=list)
    _open: dict[int, Node] = field(default_factory=dict)

    def apply(self, op: Op) -> None:
        """What a record does. One that failed does nothing, except for a sync."""
        if op.kind == SYNC:
            self._sync(op)
        elif op.error == 0:
            self._apply(op)

    def walk(self) -> dict[str, Node]:
        """Every file and folder by relative name, as the program sees them."""
        return dict(_walk(self.top, ""))

    def pending_files(self) -> list[File]:
        """Every file of which something is not sure, also those that are reached by unsure names only."""
        found: dict[int, File] = {}
        for node in self._reachable():
            if isinstance(node, File) and node.is_pending:
                found[id(node)] = node
        return list(found.values())

    def _reachable(self) -> list[Node]:
        todo: list[Node] = [self.top, *(node for one in self.pending for _, _, node in one.edits if node)]
        seen: dict[int, Node] = {}
        while todo:
            node = todo.pop()
            if id(node) in seen:
                continue
            seen[id(node)] = node
            if isinstance(node, Folder):
                todo += [*node.now.values(), *node.sure.values()]
        return list(seen.values())

    def _apply(self, op: Op) -> None:
        match op.kind:
            case 1:  # OPEN
                self._opened(op)
            case 2:  # WRITE
                self._file(op).write(op.offset, op.first)
            case 3:  # TRUNCATE
                self._file(op).truncate(op.offset)
            case 4:  # ALLOCATE
                self._file(op).allocate(op.offset + op.length)
            case 6:  # RENAME
                self._renamed(op.first, op.second)
            case 7 | 9:  # UNLINK, RMDIR
                self._change((*self._place(op.first), None))
            case 8:  # MKDIR
                self._change((*self._place(op.first), Folder()))

    def _opened(self, op: Op) -> None:
        if self._relative(op.first) == PurePosixPath():
            self._open[op.descriptor] = self.top
            return
        folder, name = self._place(op.first)
        node = folder.now.get(name)
        if node is None:
            node = File()
            self._change((folder, name, node))
        elif isinstance(node, File) and op.offset & os.O_TRUNC:
            node.truncate(0)
        self._open[op.descriptor] = node

    def _renamed(self, old: bytes, new: bytes) -> None:
        old_folder, old_name = self._place(old)
        new_folder, new_name = self._place(new)
        node = old_folder.now[old_name]
        self._change((new_folder, new_name, node), (old_folder, old_name, None))

    def _change(self, *edits: tuple[Folder, str, Node | None]) -> None:
        _edit(edits, lambda folder: folder.now)
        self.pending.append(NameChange(edits))

    def _sync(self, op: Op) -> None:
        node = self._open[op.descriptor]
        if isinstance(node, File):
            if op.error:
                node.sync_failed()
            else:
                node.sync()
            return
        ours = [one for one in self.pending if any(folder is node for folder, _, _ in one.edits)]
        if op.error:
            for change in ours:
                change.is_dirty = False
        elif any(change.is_dirty for change in ours):
            for change in ours:
                _edit(change.edits, lambda folder: folder.sure)
                self.pending.remove(change)

    def _file(self, op: Op) -> File:
        node = self._open[op.descriptor]
        assert isinstance(node, File)
        return node

    def _place(self, path: bytes) -> tuple[Folder, str]:
        relative = self._relative(path)
        folder = self.top
        for part in relative.parts[:-1]:
            node = folder.now[part]
            assert isinstance(node, Folder)
            folder = node
        return folder, relative.name

    def _relative(self, path: bytes) -> PurePosixPath:
        return PurePosixPath(path.decode()).relative_to(self.root)


def _edit(edits, which) -> None:  # type: ignore[no-untyped-def]
    for folder, name, node in edits:
        if node is None:
            which(folder).pop(name, None)
        else:
            which(folder)[name] = node


def _walk(folder: Folder, before: str):  # type: ignore[no-untyped-def]
    for name, node in folder.now.items():
        yield before + name, node
        if isinstance(node, Folder):
            yield from _walk(node, f"{before}{name}/")


def disk_of(root: Path) -> Disk:
    """A disk on which everything that is below `root` now is sure."""
    disk = Disk(str(root))
    _load(root, disk.top)
    return disk


def _load(path: Path, folder: Folder) -> None:
    for entry in path.iterdir():
        node: Node
        if entry.is_dir():
            node = Folder()
            _load(entry, node)
        elif entry.name.endswith("-shm"):
            continue
        else:
            node = File(b"")
            size = entry.stat().st_size
            node.data = bytearray(entry.read_bytes().rstrip(b"\x00"))
            node.size, node.sizes = size, [size]
        folder.now[entry.name] = folder.sure[entry.name] = node
