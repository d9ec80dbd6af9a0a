"""Files that survive a power cut, and the disk's refusals as Trouble.

A durable write: temporary file in the same folder, write, fsync, rename, fsync of the folder. After a failed fsync
nobody knows what the disk holds, so it is final for that file: it is never tried again on the same one.
The temporary file is held locked meanwhile: two programs that write one name at once take turns. It has one name a
target, so that what a power cut leaves behind is the next write's, and never piles up.
Sizes are bytes.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cbt_station.errors import Tampered, Trouble

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_GONE = {errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ESTALE, errno.ENOTCONN, errno.ENOTDIR}
TEMPORARY = ".writing"


@contextmanager
def disk_troubles(path: Path) -> Iterator[None]:
    """Turn what the operating system says about `path` into Trouble.

    Codes: disk-full, disk-read-only, medium-gone, disk-failed.
    """
    try:
        yield
    except OSError as error:
        where = path.name
        if error.errno in _FULL:
            raise Trouble("disk-full", where=where) from error
        if error.errno in _READ_ONLY:
            raise Trouble("disk-read-only", where=where) from error
        if error.errno in _GONE:
            raise Trouble("medium-gone", where=where) from error
        raise Trouble("disk-failed", where=where, reason=error.strerror or str(error.errno)) from error


def write_durably(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a whole file so that after a power cut either the old or the new one is there, whole.

    `private`: only this user may read it.
    """
    temporary, is_new = path.with_name(f".{path.name}{TEMPORARY}"), not path.exists()
    with disk_troubles(path):
        descriptor = _open_alone(temporary, 0o600 if private else 0o644)
        try:
            write_and_sync(descriptor, data)
            temporary.replace(path)
            sync_folder(path.parent)
        except (OSError, Trouble):
            _leave_nothing(descriptor, temporary, path if is_new else None)
            raise
        finally:
            os.close(descriptor)


def write_and_sync(descriptor: int, data: bytes) -> None:
    """All of it, durable in the file; its name may not be. Raises OSError."""
    _write_all(descriptor, data)
    os.fsync(descriptor)


def make_folder(path: Path) -> None:
    """Make a folder (and those above it) durably; nothing happens if it is there."""
    if path.is_dir():
        return
    missing: list[Path] = []
    try:
        with disk_troubles(path):
            missing = [folder for folder in (path, *path.parents) if not folder.exists()]
            path.mkdir(parents=True, exist_ok=True)
        for folder in reversed(missing):
            sync_folder(folder.parent)
    except Trouble:
        for folder in missing:  # a second try makes it anew, else nothing would sync its name
            with suppress(OSError):
                folder.rmdir()
        raise


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable: a new file's name is lost in a power cut without it."""
    with disk_troubles(folder):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sync_file(path: Path) -> None:
    """Make durable what was written to a file, by whichever program."""
    with disk_troubles(path):
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def rename_durably(old: Path, new: Path) -> None:
    """Move a file or folder within its folder, for good."""
    with disk_troubles(old):
        old.rename(new)
    sync_folder(new.parent)


def remove_durably(path: Path) -> None:
    """Remove a file; nothing happens if it is not there."""
    with disk_troubles(path):
        if not path.exists():
            return
        path.unlink()
    sync_folder(path.parent)


def destroy(path: Path) -> None:
    """Overwrite a file with chance, then remove it. A flash disk may still keep the old bytes somewhere."""
    with disk_troubles(path):
        if not path.exists():
            return
        descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            _write_all(descriptor, os.urandom(os.fstat(descriptor).st_size))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    remove_durably(path)


def read_bounded(path: Path, most: int) -> bytes:
    """A whole file of at most `most` bytes.

    Trouble("file-missing") if it is not there, Tampered("file-too-large") if it is larger.
    """
    if not path.is_file():
        raise Trouble("file-missing", where=path.name)
    with disk_troubles(path), path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Tampered("file-too-large", where=path.name, most=most)
    return data


class AppendedFile:
    """A file that only grows. `append` returns when the bytes are durable; its first failure is final."""

    def __init__(self, path: Path, *, keep: int | None = None) -> None:
        """Open or create; `keep` cuts off what follows that many bytes (a frame that a power cut tore)."""
        self.path = path
        self._failure: Trouble | None = None
        with disk_troubles(path):
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            self._settle(keep)
        except Trouble:
            self.close()
            raise

    def _settle(self, keep: int | None) -> None:
        """Make sure what is there: a program that was killed may have left bytes, and the name, without a sync."""
        with disk_troubles(self.path):
            if keep is not None and os.fstat(self._descriptor).st_size > keep:
                os.ftruncate(self._descriptor, keep)
            os.fsync(self._descriptor)
        sync_folder(self.path.parent)

    def append(self, data: bytes) -> None:
        """Add bytes, durably. Raises the first failure again, always."""
        if self._failure is not None:
            raise self._failure
        try:
            with disk_troubles(self.path):
                # A stick that was pulled out and unmounted leaves a file nobody can find again.
                if not _is_same_file(self._descriptor, self.path):
                    raise FileNotFoundError(errno.ENOENT, "gone")
                _write_all(self._descriptor, data)
                os.fdatasync(self._descriptor)
        except Trouble as trouble:
            self._failure = trouble
            raise

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
            self._failure = self._failure or Trouble("medium-gone", where=self.path.name)


def _open_alone(temporary: Path, mode: int) -> int:
    """The temporary file, empty and ours until it is closed; waits for another writer of the same one."""
    while True:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, mode)
        try:
            with suppress(OSError):  # a share that knows no locks
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            if _is_same_file(descriptor, temporary):  # else the other has renamed it: it is the target by now
                if os.fstat(descriptor).st_size:
                    os.ftruncate(descriptor, 0)
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _leave_nothing(descriptor: int, temporary: Path, new: Path | None) -> None:
    """After a failure: nothing that a second try could take for durable, and no space taken."""
    with suppress(OSError):
        if _is_same_file(descriptor, temporary):
            os.ftruncate(descriptor, 0)
        elif new is not None and _is_same_file(descriptor, new):
            new.unlink()


def _is_same_file(descriptor: int, path: Path) -> bool:
    open_one = os.fstat(descriptor)
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    return (there.st_dev, there.st_ino) == (open_one.st_dev, open_one.st_ino)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
