"""Puts what assembly made onto a disk: durable files by name, never over a different file."""

from collections.abc import Mapping
from pathlib import Path

from cbt_station.errors import Refusal
from cbt_station.storage.files import write_durably


def write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write every file; one that is there with other bytes is a Refusal("file-exists") before anything is written."""
    for name, data in files.items():
        path = folder / name
        if path.exists() and path.read_bytes() != data:
            raise Refusal("file-exists", where=str(path))
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_durably(folder / name, data)
