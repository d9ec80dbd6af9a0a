"""The program that writes a sitting's second copy: bytes come in, "durable" goes out. It ends when its input ends.

    python -m cbt_station.delivery.second_writer

    asked    = kind (1 byte) | length (4 bytes, big-endian) | body
    answered = the same: K (done, and durable) or T (trouble; body = code 0x00 where)

    kind L   body = path of a file on the station's own disk: held locked from here on
    kind O   body = keep (8 bytes, big-endian) | path: open or create a copy, and cut off what follows `keep` bytes
    kind A   body = bytes: append them to the copy

A process of its own, so that a medium that hangs hangs nobody else, and the station may die at any moment: what was
received whole is still written, and the lock keeps the next station from reading before that is done. It knows no key
and no candidate: what it writes is sealed already. Absent on purpose: what a frame holds (`second_copy`), when to write
and what to do about trouble (`second_place`), anything slow to load.
"""

import fcntl
import os
import signal
import struct
import time
from contextlib import suppress
from pathlib import Path

from cbt_station.errors import Trouble
from cbt_station.storage.files import AppendedFile, disk_troubles

HEAD = struct.Struct(">cI")
KEEP = struct.Struct(">Q")
LOCK, OPEN, APPEND = b"L", b"O", b"A"
DONE, TROUBLE = b"K", b"T"
MOST = 256 << 20
_LOCK_TRIES, _LOCK_TRY_S = 300, 0.01
"""A writer whose station died has a moment to finish."""


class Writing:
    """What one writer holds: the lock of its sitting, and one open copy."""

    def __init__(self) -> None:
        self._lock = -1
        self._copy: AppendedFile | None = None

    def do(self, kind: bytes, body: bytes) -> None:
        if kind == LOCK:
            self._hold(Path(os.fsdecode(body)))
        elif kind == OPEN:
            self._open(Path(os.fsdecode(body[KEEP.size :])), *KEEP.unpack_from(body))
        elif kind == APPEND:
            self._append(body)

    def end(self) -> None:
        self._close()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _hold(self, path: Path) -> None:
        with disk_troubles(path):
            self._lock = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        for _ in range(_LOCK_TRIES):
            if _is_locked(self._lock):
                return
            time.sleep(_LOCK_TRY_S)
        raise Trouble("second-writer-busy", where=path.parent.name)

    def _open(self, path: Path, keep: int) -> None:
        self._close()
        self._copy = AppendedFile(path, keep=keep)

    def _append(self, data: bytes) -> None:
        if self._copy is None:
            raise Trouble("medium-gone")
        self._copy.append(data)

    def _close(self) -> None:
        if self._copy is not None:
            self._copy.close()
            self._copy = None


def serve(asked: int, answered: int) -> None:
    """Do what comes in on the descriptor `asked`, in order, until it ends; who asked may be gone by the time of the answer."""
    writing = Writing()
    try:
        while (command := _read_frame(asked)) is not None:
            _write_all(answered, _outcome(writing, *command))
    except BrokenPipeError:
        pass  # nobody waits for the answer any more; what was asked for is done
    finally:
        writing.end()


def frame(kind: bytes, body: bytes) -> bytes:
    return HEAD.pack(kind, len(body)) + body


def _outcome(writing: Writing, kind: bytes, body: bytes) -> bytes:
    try:
        writing.do(kind, body)
    except Trouble as trouble:
        return frame(TROUBLE, b"\x00".join((trouble.code.encode(), os.fsencode(trouble.where))))
    return frame(DONE, b"")


def _read_frame(descriptor: int) -> tuple[bytes, bytes] | None:
    """The next frame; None at the end, also in the middle of a frame: what did not come whole was never asked for."""
    head = _read(descriptor, HEAD.size)
    if len(head) < HEAD.size:
        return None
    kind, length = HEAD.unpack(head)
    body = _read(descriptor, length) if length <= MOST else b""
    return (kind, body) if len(body) == length else None


def _read(descriptor: int, size: int) -> bytes:
    data = bytearray()
    while len(data) < size and (more := os.read(descriptor, min(size - len(data), 1 << 20))):
        data += more
    return bytes(data)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a disk that knows no locks
        return True
    return True


def main() -> None:
    """Standard input and output are the pipes. Whatever else is printed goes where errors go."""
    from cbt_station.storage.core_dumps import forbid_core_dumps

    forbid_core_dumps()
    with suppress(OSError):
        os.chdir("/")  # the folder of whoever started it can be unmounted
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answered = os.dup(1)
    os.dup2(2, 1)
    serve(0, answered)


if __name__ == "__main__":
    main()
