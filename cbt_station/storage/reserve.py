"""Disk space that only answers may use.

A file of that size is allocated before the start; when the disk runs low it is given back, before a write of answers can
fail. Logs and media never get it. Too little space for it: the start is refused.
"""

import os
from contextlib import suppress
from pathlib import Path

from cbt_station.errors import Trouble
from cbt_station.storage.files import disk_troubles, remove_durably

EIGHT_HOURS_OF_ANSWERS = 32 << 20
"""20,000 events of 700 bytes, the write-ahead log, and the sealed result beside them."""
LOW = 8 << 20


def require_room_for(path: Path, size: int = EIGHT_HOURS_OF_ANSWERS) -> None:
    """Raise Trouble("disk-low") where a reserve would leave too little for what is being written now."""
    with disk_troubles(path):
        found = os.statvfs(path.parent)
    if found.f_bavail * found.f_frsize < size + LOW:
        raise Trouble("disk-low")


class Reserve:
    """The reserve of one sitting."""

    def __init__(self, path: Path, size: int = EIGHT_HOURS_OF_ANSWERS) -> None:
        """Allocate it (again, after a restart), or raise Trouble("disk-too-small") if there is no room."""
        self._path = path
        self._held = True
        try:
            with disk_troubles(path):
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
                try:
                    os.posix_fallocate(descriptor, 0, size)
                finally:
                    os.close(descriptor)
        except Trouble as trouble:
            with suppress(OSError):  # where nothing can be written, nothing can be removed
                path.unlink(missing_ok=True)
            if trouble.code != "disk-full":
                raise
            raise Trouble("disk-too-small", needed_mib=size >> 20) from trouble

    def require_room(self) -> None:
        """Raise Trouble("disk-low") while the disk is low. The first time, the reserve becomes free space for answers."""
        with disk_troubles(self._path):
            found = os.statvfs(self._path.parent)
        if found.f_bavail * found.f_frsize >= LOW:
            return
        if self._held:
            self.give_back()
        raise Trouble("disk-low")

    def give_back(self) -> None:
        self._held = False
        remove_durably(self._path)
