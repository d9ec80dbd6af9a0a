"""A bank's folder as a whole: all of its files durably, or none, whatever ends the program or the power.

A new folder is filled beside its place and gets its name at the end. A folder that is there and empty may be where somebody
stands, or a disk of its own: it is filled inside itself, in a hidden folder, and once that is whole its entries move up, the
head last. A program that was cut off in the middle leaves the hidden folder, `.NAME.PID.writing`; the next one that writes to
the same place, or opens it as a bank, takes it away, or moves up what is whole (`finish`). Nobody touches one that a living
program holds.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from cbt_station.banks.native import HEAD
from cbt_station.errors import Refusal, Trouble
from cbt_station.storage.files import TEMPORARY, disk_troubles, sync_folder, write_and_sync

_WHOLE: Final = ".whole"
"""In the hidden folder: all that belongs into the bank is there, durably."""
_OF_THE_DISK: Final = "lost+found"
"""What an empty disk has."""


def write_files(files: Mapping[str, bytes], directory: Path) -> None:
    """Write the files of a bank into an empty or new folder: all of them, or Trouble("bank-not-written") and none."""
    directory = directory.absolute()
    try:
        finish(directory)
        _sweep(directory)
        is_there = directory.exists()
        if is_there and (not directory.is_dir() or _entries(directory)):
            raise Refusal("bank-folder-not-empty", where=str(directory))
        directory.parent.mkdir(parents=True, exist_ok=True)
        within = directory if is_there else directory.parent
        stage = within / f".{directory.name}.{os.getpid()}{TEMPORARY}"
        stage.mkdir()
        try:
            _fill(files, stage, directory)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    except (OSError, Trouble) as error:
        reason = (
            (error.strerror or "")
            if isinstance(error, OSError)
            else str(error.facts.get("reason", error.code))
        )
        raise Trouble("bank-not-written", where=str(directory), reason=reason) from error


def _entries(directory: Path) -> list[Path]:
    return [path for path in directory.iterdir() if path.name != _OF_THE_DISK]


def _fill(files: Mapping[str, bytes], stage: Path, directory: Path) -> None:
    with _held(stage):
        fill_folder(files, stage, durably=True)
        if stage.parent != directory:
            stage.rename(directory)
            sync_folder(directory.parent)
            return
        _write(stage / _WHOLE, b"")
        sync_folder(stage)
        _move_up(stage, directory)


def fill_folder(files: Mapping[str, bytes], directory: Path, *, durably: bool) -> None:
    """Files by their paths into a folder; `durably`: with their names, for longer than this process lives."""
    folders = {directory}
    for name, data in sorted(files.items()):
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        folders |= {folder for folder in path.parents if folder.is_relative_to(directory)}
        if durably:
            _write(path, data)
        else:
            path.write_bytes(data)
    for folder in folders if durably else ():
        sync_folder(folder)


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        write_and_sync(descriptor, data)
    finally:
        os.close(descriptor)


def _move_up(stage: Path, directory: Path) -> None:
    """What is whole, into the folder around it. The head comes last: without it the folder is no bank."""
    entries = [path for path in stage.iterdir() if path.name != _WHOLE]
    entries.sort(key=lambda path: path.name == HEAD)
    try:
        for entry in entries:
            entry.rename(directory / entry.name)
        sync_folder(directory)
    except BaseException:
        for entry in entries:
            with suppress(OSError):
                (directory / entry.name).rename(entry)
        raise
    (stage / _WHOLE).unlink()


def finish(directory: Path) -> None:
    """What a program that was cut off left inside a folder: a bank that was whole is moved up, anything less goes."""
    directory = directory.absolute()
    with disk_troubles(directory):
        for stage in _stages(directory, directory.name):
            with _held(stage) as is_ours:
                if is_ours:
                    _settle(stage, directory)


def _sweep(directory: Path) -> None:
    """What one left beside a folder that was to be made."""
    with suppress(PermissionError):
        for stage in _stages(directory.parent, directory.name):
            with _held(stage) as is_ours:
                if is_ours:
                    shutil.rmtree(stage)


def _settle(stage: Path, directory: Path) -> None:
    if (stage / _WHOLE).is_file():
        if any((directory / entry.name).exists() for entry in stage.iterdir()):
            return  # somebody made a name of the bank's own: neither is given up for the other
        _move_up(stage, directory)
    shutil.rmtree(stage)


def _stages(within: Path, name: str) -> list[Path]:
    found = []
    for path in within.iterdir() if within.is_dir() else ():
        number = path.name.removeprefix(f".{name}.").removesuffix(TEMPORARY)
        is_one = path.name == f".{name}.{number}{TEMPORARY}" and number.isdecimal()
        if is_one and path.is_dir() and not path.is_symlink():
            found.append(path)
    return found


@contextmanager
def _held(stage: Path) -> Iterator[bool]:
    """Whether nobody else holds it; ours meanwhile. The system gives it back when its program dies, however it dies."""
    descriptor = os.open(stage, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield _lock(descriptor)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # somebody's, or on a share that knows no locks, where nobody can tell
        return False
    return True
