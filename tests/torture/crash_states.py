"""Crash states: what `model.Disk` allows, picked one after the other, each with the hash of what it holds.

At every record of a recording: first the corners (everything kept, everything lost, only the names, only the data), then
names in ext4's order with torn data, then any set of names with torn data and rubbish in new sectors. A recording's own
chance picks, so that a run can be repeated.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from random import Random

from tests.torture.model import SECTOR, Content, Disk, File, Folder, NameChange, Node, content_of

RUBBISH = 0.05
"""How often a new sector holds rubbish."""
KEEP = (0.05, 0.3, 0.5, 0.7, 0.95)
"""How likely a sector holds its newest content, one of these for each file of a state."""


@dataclass(frozen=True)
class CrashState:
    """What lies below a root: folders, and files by relative name."""

    folders: tuple[str, ...]
    files: dict[str, Content]
    digest: bytes

    def write(self, root: Path) -> None:
        """Make it real. `root` is empty."""
        for name in self.folders:
            os.mkdir(f"{root}/{name}")  # noqa: PTH102 - paths as texts: half the time
        for name, content in self.files.items():
            descriptor = os.open(f"{root}/{name}", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            os.write(descriptor, content.data)
            if content.size > len(content.data):
                os.ftruncate(descriptor, content.size)
            os.close(descriptor)


@dataclass
class Pick:
    """How one state is picked."""

    chance: Random
    names: str
    """all, none, prefix, some"""
    data: str
    """all, none, each (file for itself), torn"""
    contents: dict[int, Content] = field(default_factory=dict)

    def changes(self, pending: list[NameChange]) -> list[NameChange]:
        match self.names:
            case "all":
                return pending
            case "none":
                return []
            case "prefix":
                return pending[: self.chance.randint(0, len(pending))]
            case _:
                return [one for one in pending if self.chance.random() < 0.5]

    def content(self, file: File) -> Content:
        """The same for every name of a file."""
        if not file.is_pending:
            return file.now()
        if id(file) not in self.contents:
            self.contents[id(file)] = self._content(file)
        return self.contents[id(file)]

    def _content(self, file: File) -> Content:
        how = self.data
        if how == "each":
            how = self.chance.choice(("all", "none", "torn"))
        if how == "all":
            return file.now()
        keep = self.chance.choice(KEEP) if how == "torn" else 0.0
        data = bytearray(file.data)
        for number, sector in file.sectors.items():
            start = number * SECTOR
            if start + SECTOR > len(data):
                data.extend(bytes(start + SECTOR - len(data)))
            data[start : start + SECTOR] = self._sector(sector, keep, torn=how == "torn")
        size = self.chance.choice(file.sizes) if how == "torn" else file.sizes[0]
        return content_of(bytes(data[:size]), size)

    def _sector(self, sector, keep: float, *, torn: bool) -> bytes:  # type: ignore[no-untyped-def]
        if not torn:
            return sector.versions[0]
        if sector.is_new and self.chance.random() < RUBBISH:
            return self.chance.randbytes(SECTOR)
        return sector.versions[-1] if self.chance.random() < keep else self.chance.choice(sector.versions)


CORNERS = tuple((names, data) for names in ("all", "none") for data in ("all", "none"))


def states_of(disk: Disk, chance: Random, most: int) -> Iterator[CrashState]:
    """The corners, then states by chance, `most` of them in all; fewer where everything is sure."""
    certain = not disk.pending and not disk.pending_files()
    picks = [Pick(chance, names, data) for names, data in CORNERS[: 1 if certain else None]]
    if not certain:
        picks += [_some_pick(chance, number) for number in range(most - len(picks))]
    for pick in picks:
        yield state_of(disk, pick)


def state_of(disk: Disk, pick: Pick) -> CrashState:
    edits: dict[int, dict[str, Node | None]] = {}
    for change in pick.changes(disk.pending):
        for folder, name, node in change.edits:
            edits.setdefault(id(folder), {})[name] = node
    folders: list[str] = []
    files: dict[str, Content] = {}
    _collect(disk.top, "", edits, pick, folders, files)
    digest = blake2b(digest_size=16)
    for name in sorted(folders):
        digest.update(name.encode() + b"/\x00")
    for name in sorted(files):
        digest.update(name.encode() + b"\x00" + files[name].digest)
    return CrashState(tuple(folders), files, digest.digest())


def _some_pick(chance: Random, number: int) -> Pick:
    if number % 4 == 0:
        return Pick(chance, "prefix", "torn")
    return Pick(chance, "some" if number % 4 < 3 else "all", "each" if number % 2 else "torn")


def _collect(
    folder: Folder,
    before: str,
    edits: dict[int, dict[str, Node | None]],
    pick: Pick,
    folders: list[str],
    files: dict[str, Content],
) -> None:
    names: dict[str, Node | None] = dict(folder.sure)
    names.update(edits.get(id(folder), {}))
    for name, node in names.items():
        if isinstance(node, Folder):
            folders.append(before + name)
            _collect(node, f"{before}{name}/", edits, pick, folders, files)
        elif isinstance(node, File):
            files[before + name] = pick.content(node)
