"""Puts what assembly made onto a disk: durable files by name, never over a different file."""

from collections.abc import Mapping
from pathlib import Path

from cbt_station.errors import Refusal
from cbt_station.storage.files import disk_troubles, make_folder, write_durably


def write_all(folder: Path, files: Mapping[str, bytes], *, private: bool = False) -> None:
    """Write every file; one that is there with other bytes is a Refusal("file-exists") before anything is written.

    `private`: only this user may read them (keys, cards, what stays with the committee).
    """
    for name, data in files.items():
        path = folder / name
        if path.exists() and not _holds(path, data):
            raise Refusal("file-exists", where=str(path))
    for name, data in files.items():
        make_folder((folder / name).parent)
        write_durably(folder / name, data, private=private)


def _holds(path: Path, data: bytes) -> bool:
    with disk_troubles(path):
        return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data
