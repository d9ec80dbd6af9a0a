"""Where a QTI package lies: a zip, a folder, or one file. Everything is read by a name inside it, and nothing else is.

A zip is looked over before the first byte is unpacked: names that leave it, links, entries that share bytes, and sizes
that no honest package has are refused by name. Sizes are in bytes.
"""

import contextlib
import posixpath
import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Final, Protocol
from urllib.parse import unquote

from cbt_station.banks.safe_zip import DAMAGED, ENCRYPTED
from cbt_station.errors import Refusal, Trouble

MOST_FILE: Final = 32 << 20
MOST_ARCHIVE: Final = 256 << 20
MOST_TOTAL: Final = 512 << 20
MOST_ENTRIES: Final = 20_000
MOST_DIRECTORY: Final = 8 << 20
"""Of a zip's list of entries."""
MOST_RATIO: Final = 200
RATIO_FROM: Final = 1 << 20
"""Smaller entries may be as dense as they like."""
MOST_NAME: Final = 400
MOST_DEPTH: Final = 32
MOST_AROUND: Final = 3
"""Folders upwards in which a loose file's package is looked for."""
MOST_INDEXES: Final = 40
MOST_INDEX: Final = 2 << 20

_END: Final = struct.Struct("<4s4H2LH")
_LOCAL_HEADER: Final = 30
_DRIVE: Final = re.compile(r"[A-Za-z]:")


class Source(Protocol):
    """Files by their names inside a package, parted by slashes."""

    @property
    def name(self) -> str:
        """What the source is called."""

    def names(self) -> tuple[str, ...]:
        """Every file, sorted."""

    def read(self, name: str) -> bytes:
        """One file. Raises Refusal("source-file-missing") and the refusals of its kind."""


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Source]:
    """The source at `path`: a folder, a zip by its content, or a loose file with the folder that it lies in."""
    try:
        if path.is_dir():
            yield Folder(path)
        elif is_zip(path):
            with path.open("rb") as file:
                yield Archive(path.name, file)
        else:
            root = _package_around(path)
            yield Folder(root, only=path.relative_to(root).as_posix())
    except OSError as error:
        raise Trouble("import-source-not-there", where=path.name, reason=error.strerror or "") from error


def _package_around(path: Path) -> Path:
    """The folder that a loose file may name files in: its own, or a package's around it whose manifest or test names it.

    Only the name of the file is looked for: what it is, is told when it is read.
    """
    for root in list(path.parents)[:MOST_AROUND]:
        name = path.relative_to(root).as_posix().encode("utf-8", "replace")
        if any(name in _beginning(other) for other in _indexes(root) if other != path):
            return root
    return path.parent


def _indexes(folder: Path) -> list[Path]:
    """The files of a folder that may say what belongs to it."""
    try:
        found = [one for one in folder.glob("*.xml") if one.is_file() and not one.is_symlink()]
    except OSError:
        return []
    in_order = sorted(found, key=lambda one: (one.name != "imsmanifest.xml", one.name))
    return in_order if len(in_order) <= MOST_INDEXES else in_order[:1]


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(MOST_INDEX)
    except OSError:
        return b""
    return head if any(kind in head for kind in (b"<manifest", b"ssessmentTest", b"assessment-test")) else b""


def is_zip(path: Path) -> bool:
    """Whether a file begins as a zip does."""
    try:
        with path.open("rb") as file:
            return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    except OSError:
        return False


def joined(base: str, reference: str) -> str | None:
    """The name that `reference` in the file `base` means; None where it leaves the package or is an address."""
    return beside(base, unquote(reference.strip().split("#", 1)[0].split("?", 1)[0]))


def beside(base: str, path: str) -> str | None:
    """The same of a path without %-escapes."""
    path = path.strip().replace("\\", "/")
    if not path or path.startswith("/") or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", path) or "\0" in path:
        return None
    name = posixpath.normpath(posixpath.join(posixpath.dirname(base), path))
    return None if name.startswith("..") or name == "." else name


class Folder:
    """A folder, or one file of it with what that file names. A link is never followed."""

    def __init__(self, root: Path, only: str | None = None) -> None:
        self._root, self._only = root, only
        self.name = only or root.resolve().name

    def names(self) -> tuple[str, ...]:
        if self._only is not None:
            return (self._only,)
        return tuple(sorted(self._walk(self._root, "", 0)))

    def _walk(self, folder: Path, prefix: str, depth: int) -> Iterator[str]:
        if depth > MOST_DEPTH:
            raise Refusal("source-too-much", where=prefix[:80], what="folders", most=MOST_DEPTH)
        for number, entry in enumerate(sorted(folder.iterdir())):
            if number > MOST_ENTRIES:
                raise Refusal("source-too-much", where=prefix[:80], what="files", most=MOST_ENTRIES)
            if entry.is_symlink() or not _is_text(entry.name):
                continue
            if entry.is_dir():
                yield from self._walk(entry, f"{prefix}{entry.name}/", depth + 1)
            elif entry.is_file():
                yield f"{prefix}{entry.name}"

    def read(self, name: str) -> bytes:
        path = self._root
        for part in name.split("/"):
            path = path / part
            if part in ("", ".", "..") or path.is_symlink():
                raise Refusal("source-link", where=name[:MOST_NAME])
        if not path.is_file():
            raise Refusal("source-file-missing", where=name[:MOST_NAME])
        with path.open("rb") as file:
            return _bounded(file, name)


class Archive:
    """A zip whose list of entries was looked over as a whole."""

    def __init__(self, name: str, file: IO[bytes]) -> None:
        self.name = name
        _require_modest_directory(file, name)
        try:
            self._zip = zipfile.ZipFile(file)
        except DAMAGED as error:
            raise Refusal("source-broken", where=name) from error
        self._entries = _checked(self._zip)

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._entries))

    def read(self, name: str) -> bytes:
        entry = self._entries.get(name)
        if entry is None:
            raise Refusal("source-file-missing", where=name[:MOST_NAME])
        try:
            with self._zip.open(entry) as file:
                return _bounded(file, name)
        except DAMAGED as error:
            raise Refusal("source-broken", where=name[:MOST_NAME]) from error


def _bounded(file: IO[bytes], name: str) -> bytes:
    data = file.read(MOST_FILE + 1)
    if len(data) > MOST_FILE:
        raise Refusal("source-too-much", where=name[:MOST_NAME], what="bytes", most=MOST_FILE)
    return data


def _is_text(name: str) -> bool:
    """Whether a file's name is text at all: a folder may hold bytes that are none."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _require_modest_directory(file: IO[bytes], name: str) -> None:
    """The list of entries is read as a whole by the library, so its size is looked at first."""
    file.seek(0, 2)
    size = file.tell()
    if size > MOST_ARCHIVE:
        raise Refusal("source-too-much", where=name, what="bytes", most=MOST_ARCHIVE)
    file.seek(max(0, size - _END.size - 0xFFFF))
    tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < _END.size:
        raise Refusal("source-broken", where=name)
    entries, directory = _END.unpack_from(tail, place)[4:6]
    if directory > MOST_DIRECTORY or entries > MOST_ENTRIES:
        raise Refusal("source-too-much", where=name, what="files", most=MOST_ENTRIES)
    file.seek(0)


def _checked(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Every file by its name, after each entry and all of them together were found honest."""
    found: dict[str, zipfile.ZipInfo] = {}
    entries = archive.infolist()
    for entry in entries:
        name = _honest_name(entry)
        _require_honest_entry(entry)
        if entry.is_dir():
            continue
        if name in found:
            raise Refusal("zip-entry-twice", where=name)
        found[name] = entry
    for folder in {str(parent) for name in found for parent in PurePosixPath(name).parents}:
        if folder in found:
            raise Refusal("zip-entry-twice", where=folder)
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_TOTAL:
        raise Refusal("source-too-much", where=archive.filename or "zip", what="bytes", most=MOST_TOTAL)
    _require_apart(entries, archive.start_dir)
    return found


def _honest_name(entry: zipfile.ZipInfo) -> str:
    shown = entry.filename[:MOST_NAME]
    name = entry.filename.replace("\\", "/")
    if len(name) > MOST_NAME or any(ord(character) < 32 for character in name):
        raise Refusal("zip-name", where=ascii(shown))
    if name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/"):
        raise Refusal("zip-name-outside", where=shown)
    return posixpath.normpath(name)


def _require_honest_entry(entry: zipfile.ZipInfo) -> None:
    shown = entry.filename[:MOST_NAME]
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Refusal("source-link", where=shown)
    if entry.flag_bits & ENCRYPTED:
        raise Refusal("zip-encrypted", where=shown)
    if entry.file_size > MOST_FILE:
        raise Refusal("source-too-much", where=shown, what="bytes", most=MOST_FILE)
    if entry.file_size > RATIO_FROM and entry.file_size > MOST_RATIO * max(1, entry.compress_size):
        raise Refusal("zip-ratio", where=shown, most=MOST_RATIO)


def _require_apart(entries: list[zipfile.ZipInfo], directory: int) -> None:
    """No two entries share bytes: a small file would unpack to a huge one many times over."""
    in_order = sorted(entries, key=lambda entry: entry.header_offset)
    if not in_order:
        return
    if in_order[0].header_offset:  # another archive lies before this one, and other programs would read that
        raise Refusal("zip-overlap", where=in_order[0].filename[:MOST_NAME])
    ends = [entry.header_offset for entry in in_order[1:]] + [directory]
    for entry, end in zip(in_order, ends, strict=True):
        name_length = len(
            entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437", "replace")
        )
        if entry.header_offset + _LOCAL_HEADER + name_length + entry.compress_size > end:
            raise Refusal("zip-overlap", where=entry.filename[:MOST_NAME])
