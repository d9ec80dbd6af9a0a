"""One data folder, one program: a lock that the operating system gives back when the program dies, however it dies."""

import fcntl
import os
from pathlib import Path

from cbt_station.errors import Trouble
from cbt_station.storage.files import disk_troubles

LOCK_NAME = "lock"


class FolderLock:
    """Holds a folder from creation until `release`, or raises Trouble("data-folder-in-use")."""

    def __init__(self, folder: Path) -> None:
        path = folder / LOCK_NAME
        with disk_troubles(path):
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                self.release()
                raise Trouble("data-folder-in-use", where=str(folder)) from error

    def release(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
