"""A folder's files as a mapping from relative name to bytes: how disk comes into rooms that know none."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from cbt_station.errors import Trouble
from cbt_station.storage.files import read_bounded

MOST_BYTES = 1 << 30
MOST_NOTE = 16 << 20
"""No note is larger (the largest is a trust list), no proof, no list of files: so that a sparse file fills no memory."""
_SMALL = (".note", ".tlog-proof", ".answer-proof", ".files", ".positions")


class Folder(Mapping[str, bytes]):
    """The regular files below a folder by POSIX relative name, read when asked for, each of at most `most` bytes.

    A link is not followed.
    """

    def __init__(self, path: Path, *, most: int = MOST_BYTES) -> None:
        if not path.is_dir():
            raise Trouble("folder-missing", where=str(path))
        self._path, self._most = path, most
        entries = (entry for entry in path.rglob("*") if entry.is_file() and not entry.is_symlink())
        self._names = tuple(sorted(entry.relative_to(path).as_posix() for entry in entries))
        self._known = frozenset(self._names)

    def __getitem__(self, name: str) -> bytes:
        if name not in self._known:
            raise KeyError(name)
        most = min(self._most, MOST_NOTE) if name.endswith(_SMALL) else self._most
        return read_bounded(self._path / name, most)

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
