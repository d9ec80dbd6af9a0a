"""One data folder, one program: a lock that the operating system gives back when the program dies, however it dies."""

import fcntl
import os
import time
from pathlib import Path
from typing import Final

from cbt_station.errors import Trouble
from cbt_station.storage.files import disk_troubles

LOCK_NAME = "lock"
_AGAIN_S: Final = 0.02


class FolderLock:
    """Holds a folder from creation until `release`, or raises Trouble("data-folder-in-use").

    `patience_s`: how long to try. A program killed while it starts another leaves one behind that holds what it held, until
    a moment later it has become that other program.
    """

    def __init__(self, folder: Path, patience_s: float = 0.0) -> None:
        path = folder / LOCK_NAME
        tries_left = round(patience_s / _AGAIN_S)
        with disk_troubles(path):
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            while not self._is_mine():
                if tries_left <= 0:
                    self.release()
                    raise Trouble("data-folder-in-use", where=str(folder))
                tries_left -= 1
                time.sleep(_AGAIN_S)

    def _is_mine(self) -> bool:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
