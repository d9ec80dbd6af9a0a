"""What a disk may hold after a power cut: file operations of a real process, recorded from outside, and replayed.

`strace` records every operation on the data folder, SQLite's included, and the lines that the process told the world. Up to
any operation the disk then holds what was synced, and of the rest anything:

- a file's bytes are certain after fsync or fdatasync of that file; pending writes may be there or not, by sectors of 512;
- a name (created, renamed, removed) is certain after fsync of its folder; pending ones may be there or not, in order.

That is stricter than a journalling file system. Memory-mapped writes are not seen (SQLite rebuilds its shared index).
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CALLS = (
    "execve,openat,open,creat,close,write,pwrite64,ftruncate,fsync,fdatasync,"
    "rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir"
)
SECTOR = 512
_LINE = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+)")
_PROGRAM = re.compile(r"^(\d+) +execve\(")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


def strace(trace: Path) -> tuple[str, ...]:
    """What to put before the command."""
    return ("strace", "-f", "-qqq", "-xx", "-s", "16777216", "-o", str(trace), "-e", f"trace={CALLS}")


@dataclass
class File:
    """A file: what is read now, what is certain, and what was written since."""

    now: bytes = b""
    certain: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def write(self, offset: int, data: bytes) -> None:
        self.now = _written(self.now, offset, data)
        self.pending.append((offset, data))

    def cut(self, size: int) -> None:
        self.now = self.now[:size].ljust(size, b"\0")
        self.pending.append((size, None))

    def sync(self) -> None:
        self.certain, self.pending = self.now, []

    def after_cut(self, chance: random.Random | None, keep: bool) -> bytes:
        """Without chance all pending writes are there (`keep`) or none."""
        if chance is None:
            return self.now if keep else self.certain
        found = self.certain
        for offset, data in self.pending:
            if data is None:
                found = found[:offset].ljust(offset, b"\0") if chance.random() < 0.5 else found
                continue
            for start in range(0, len(data), SECTOR):
                if chance.random() < 0.5:
                    found = _written(found, offset + start, data[start : start + SECTOR])
        return found


@dataclass
class Folder:
    """A folder: its names now, those that are certain, and the changes since."""

    now: dict[str, "File | Folder"] = field(default_factory=dict)
    certain: dict[str, "File | Folder"] = field(default_factory=dict)
    pending: list[dict[str, "File | Folder | None"]] = field(default_factory=list)

    def change(self, changes: dict[str, "File | Folder | None"]) -> None:
        self.now = _changed(self.now, changes)
        self.pending.append(changes)

    def sync(self) -> None:
        self.certain, self.pending = dict(self.now), []

    def after_cut(self, chance: random.Random | None, keep: bool) -> dict[str, "File | Folder"]:
        if chance is None:
            return self.now if keep else self.certain
        found = self.certain
        for changes in self.pending[: chance.randint(0, len(self.pending))]:
            found = _changed(found, changes)
        return found


@dataclass
class Opened:
    node: File | Folder
    appends: bool
    at: int = 0


class Disk:
    """One folder of the machine, as the operations leave it. `root` is there and certain from the beginning."""

    def __init__(self, root: Path) -> None:
        self._root, self.folder = root, Folder()
        self._programs: list[str] = []
        """The first one, whose threads share its descriptors, and those that it started."""
        self._opened: dict[tuple[str, int], Opened] = {}

    def replay(self, trace: Path) -> Iterator[str | None]:
        """Do one operation after the other; yields after each what was told on standard output then, if anything."""
        with trace.open(encoding="ascii") as lines:
            for line in lines:
                if begun := _PROGRAM.match(line):
                    self._programs.append(begun[1])
                    continue
                found = _LINE.match(line)
                if found is None or found[4].startswith("-"):
                    continue
                call, arguments, result = found[2], found[3], int(found[4])
                program = found[1] if found[1] in self._programs[1:] else ""
                if call == "write" and arguments.startswith("1,"):
                    yield _bytes(arguments)[:result].decode()
                elif self._did(program, call, arguments, result):
                    yield None

    def write_after_cut(self, target: Path, chance: random.Random | None, *, keep: bool = False) -> None:
        """A folder that holds what the disk may hold if the power goes now."""
        _write(self.folder, target, chance, keep)

    def _did(self, program: str, call: str, arguments: str, result: int) -> bool:
        match call:
            case "openat" | "open" | "creat":
                return self._open(program, arguments, result)
            case "close":
                self._opened.pop((program, int(arguments)), None)
                return False
            case "rename" | "renameat" | "renameat2":
                return self._rename(*_paths(arguments))
            case "unlink" | "unlinkat" | "rmdir":
                return self._name(_paths(arguments)[0], None)
            case "mkdir" | "mkdirat":
                return self._name(_paths(arguments)[0], Folder())
            case _:
                return self._on_opened(program, call, arguments, result)

    def _open(self, program: str, arguments: str, descriptor: int) -> bool:
        path = self._inside(_paths(arguments)[0])
        if path is None:
            return False
        node, changed = self._find(path), False
        if node is None:
            node, changed = File(), True
            self._name(self._root / path, node)
        if isinstance(node, File) and "O_TRUNC" in arguments and node.now:
            node.cut(0)
            changed = True
        self._opened[program, descriptor] = Opened(node, "O_APPEND" in arguments)
        return changed

    def _on_opened(self, program: str, call: str, arguments: str, result: int) -> bool:
        opened = self._opened.get((program, int(arguments.partition(",")[0])))
        if opened is None:
            return False
        node = opened.node
        if call in ("fsync", "fdatasync"):
            node.sync()
        elif call == "ftruncate" and isinstance(node, File):
            node.cut(int(arguments.rpartition(",")[2]))
        elif isinstance(node, File):
            data = _bytes(arguments)[:result]
            offset = int(arguments.rpartition(",")[2]) if call == "pwrite64" else opened.at
            offset = len(node.now) if opened.appends else offset
            node.write(offset, data)
            opened.at = offset + len(data) if call == "write" else opened.at
        return True

    def _rename(self, old: Path, new: Path) -> bool:
        inside_old, inside_new = self._inside(old), self._inside(new)
        if inside_old is None or inside_new is None:
            return False
        parent, node = self._parent(inside_old), self._find(inside_old)
        assert node is not None
        assert parent is self._parent(inside_new)
        parent.change({inside_old.name: None, inside_new.name: node})
        return True

    def _name(self, path: Path, node: File | Folder | None) -> bool:
        inside = self._inside(path)
        if inside is None:
            return False
        self._parent(inside).change({inside.name: node})
        return True

    def _inside(self, path: Path) -> Path | None:
        return path.relative_to(self._root) if path.is_relative_to(self._root) else None

    def _parent(self, inside: Path) -> Folder:
        found = self._find(inside.parent)
        assert isinstance(found, Folder)
        return found

    def _find(self, inside: Path) -> File | Folder | None:
        node: File | Folder | None = self.folder
        for part in inside.parts:
            node = node.now.get(part) if isinstance(node, Folder) else None
        return node


def _write(folder: Folder, target: Path, chance: random.Random | None, keep: bool) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name, node in folder.after_cut(chance, keep).items():
        if isinstance(node, Folder):
            _write(node, target / name, chance, keep)
        else:
            (target / name).write_bytes(node.after_cut(chance, keep))


def _changed(
    names: dict[str, File | Folder], changes: dict[str, File | Folder | None]
) -> dict[str, File | Folder]:
    kept = {name: node for name, node in names.items() if name not in changes}
    return kept | {name: node for name, node in changes.items() if node is not None}


def _written(old: bytes, offset: int, data: bytes) -> bytes:
    return old[:offset].ljust(offset, b"\0") + data + old[offset + len(data) :]


def _bytes(arguments: str) -> bytes:
    found = _STRING.search(arguments)
    return bytes.fromhex(found[1].replace("\\x", "")) if found else b""


def _paths(arguments: str) -> list[Path]:
    return [Path(bytes.fromhex(text.replace("\\x", "")).decode()) for text in _STRING.findall(arguments)]
