"""`SESSION.files`: every file of the session with size and SHA-256, sorted. The manifest signs its hash.

cbt-station/files/v1 test
<sha256> <size> <name>
"""

import hashlib
from collections.abc import Iterable

from msgspec import Struct

from cbt_station.artefacts.names import is_file_name, is_id
from cbt_station.errors import Tampered
from cbt_station.sealing.body import Mode, kind_and_mode

MOST_FILES = 20_000


class FileEntry(Struct, frozen=True, order=True):
    """One file, by its name in the session's folder."""

    name: str
    size: int
    sha256: str


def sha256_hex(data: bytes) -> str:
    """SHA-256 in lower-case hex: the name and the check of everything we write."""
    return hashlib.sha256(data).hexdigest()


def write_files(entries: Iterable[FileEntry], mode: Mode) -> bytes:
    """The list's bytes."""
    lines = [f"{entry.sha256} {entry.size} {entry.name}" for entry in sorted(entries)]
    return ("\n".join([f"cbt-station/files/v1 {mode}", *lines]) + "\n").encode()


def read_files(data: bytes) -> tuple[dict[str, FileEntry], Mode]:
    """The entries by name, and the mode."""
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        raise Tampered("malformed", where="files list") from error
    kind, mode = kind_and_mode(text)
    if kind != "files" or text.count("\n") > MOST_FILES:
        raise Tampered("malformed", where="files list")
    entries: dict[str, FileEntry] = {}
    for line in text.split("\n")[1:-1]:
        sha256, _, rest = line.partition(" ")
        size, _, name = rest.partition(" ")
        if not (is_id(sha256) and size.isdigit() and len(size) < 16 and is_file_name(name)):
            raise Tampered("malformed", where="files list")
        entries[name] = FileEntry(name, int(size), sha256)
    if write_files(entries.values(), mode) != data:
        raise Tampered("malformed", where="files list")
    return entries, mode
