"""A folder that may vanish while it is written to: a stick, a share.

Every file is written under a temporary name of its own, synced and renamed: whoever pulls the stick, whoever else
writes at the same time (a share may know no locks), a name never stands for half a file. A temporary file is held locked
while it is written, so what a killed program left behind can be told from what is being written now, and is cleared away.
The folder must be there and stay the same one: an unmounted stick must never be "written" to the disk below it.
"""

import errno
import fcntl
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cbt_station.errors import Trouble
from cbt_station.storage.files import disk_troubles, sync_folder, write_and_sync

_MARK = ".syncing"
PATIENCE_S = 600.0


class Target:
    """A folder that files are placed in by their names in the tree."""

    def __init__(self, root: Path) -> None:
        """Trouble("folder-missing") where it is not there: it is never made, for it may be a stick's."""
        if not root.is_dir():
            raise Trouble("folder-missing", where=str(root))
        self.root = root
        self._identity = _identity(root)

    @contextmanager
    def alone(self, patience_s: float = PATIENCE_S) -> Iterator[None]:
        """Hold the folder against other syncs, which wait: two at once are two in turn. Trouble("sync-busy")."""
        with disk_troubles(self.root):
            descriptor = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            _lock(descriptor, self.root, time.monotonic() + patience_s)
            yield
        finally:
            os.close(descriptor)

    def place(self, name: str, data: bytes) -> None:
        """Write a file of the tree, whole and durable, or raise Trouble and leave what was there."""
        path = self.root / name
        with disk_troubles(path):
            self._require_same()
            if path.parent.is_symlink():  # a stick that would have us write elsewhere on this machine
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
            if not path.parent.is_dir():
                path.parent.mkdir(exist_ok=True)
                sync_folder(self.root)
            temporary = path.with_name(f".{secrets.token_hex(8)}{_MARK}")
            try:
                _write_locked(temporary, data)
                self._require_same()
                temporary.replace(path)
            except OSError:
                temporary.unlink(missing_ok=True)
                raise
        sync_folder(path.parent)

    def clear(self) -> None:
        """Remove what killed programs left half written."""
        with disk_troubles(self.root):
            for temporary in self.root.glob(f"*/.*{_MARK}"):
                if temporary.parent.is_symlink() or not stat.S_ISREG(temporary.lstat().st_mode):
                    continue  # not ours: a pipe of that name would be waited for for ever
                descriptor = os.open(temporary, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    temporary.unlink(missing_ok=True)
                except BlockingIOError:
                    continue  # another program is writing it
                finally:
                    os.close(descriptor)

    def _require_same(self) -> None:
        if _identity(self.root) != self._identity:
            raise FileNotFoundError(errno.ENOENT, "gone")


def _lock(descriptor: int, root: Path, until: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > until:
                raise Trouble("sync-busy", where=str(root)) from error
            time.sleep(0.05)
        except OSError:
            return  # a share that knows no locks: each file is whole all the same, only a twin may be seen late
        else:
            return


def _write_locked(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        write_and_sync(descriptor, data)
    finally:
        os.close(descriptor)


def _identity(root: Path) -> tuple[int, int]:
    with disk_troubles(root):
        found = root.stat()
    return found.st_dev, found.st_ino
