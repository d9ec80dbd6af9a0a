"""The program that writes the second copy (`second_writer`), as its station holds it: asked one thing at a time.

Starting it costs the station a millisecond; it is up 20 ms later, and what is asked meanwhile waits in the pipe. It gets
nothing of the station's environment but what a Python needs, and no argument: no secret can come along.

Trouble("second-writer-stopped") where it is gone, ("second-writer-stuck") where it does not answer in time.
"""

import contextlib
import os
import select
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import cbt_station
from cbt_station.delivery.second_writer import (
    APPEND,
    DONE,
    HEAD,
    KEEP,
    LOCK,
    OPEN,
    frame,
)
from cbt_station.errors import Trouble

if TYPE_CHECKING:
    import subprocess  # loaded where there is a second place: a start has no time for it

_PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONDONTWRITEBYTECODE")
_END_S: Final = 0.5
_KNOWN: Final = {
    trouble.code: trouble
    for trouble in (
        Trouble("disk-full"),
        Trouble("disk-read-only"),
        Trouble("medium-gone"),
        Trouble("disk-failed"),
        Trouble("second-writer-busy"),
    )
}


class Writer:
    """The two ends of the pipes. `most_wait_s` bounds each wait for it; None: as long as the medium takes."""

    def __init__(self, asks: int, answers: int, end: Callable[[], None], pid: int = 0) -> None:
        self._asks, self._answers, self._end, self.pid = asks, answers, end, pid
        self.most_wait_s: float | None = None
        os.set_blocking(asks, False)

    def lock(self, path: Path) -> None:
        """Hold a file of the sitting, or Trouble("second-writer-busy"): another writer is not done with its last frames."""
        self._ask(LOCK, os.fsencode(path.absolute()))

    def open(self, path: Path, keep: int) -> None:
        """Open or create a copy; what follows `keep` bytes is cut off, and the rest is durable."""
        self._ask(OPEN, KEEP.pack(keep) + os.fsencode(path.absolute()))

    def append(self, data: bytes) -> None:
        """Returns when the bytes are durable."""
        self._ask(APPEND, data)

    def end(self) -> None:
        """It ends by itself when it has done what it was asked; nobody waits for one that hangs."""
        if self._asks >= 0:
            os.close(self._asks)
            self._asks = -1
            self._end()
            os.close(self._answers)

    def _ask(self, kind: bytes, body: bytes) -> None:
        if self._asks < 0:
            raise Trouble("second-writer-stopped")
        try:
            self._send(frame(kind, body))
            answered, length = HEAD.unpack(self._receive(HEAD.size))
            said = self._receive(length)
        except BrokenPipeError as error:
            raise Trouble("second-writer-stopped") from error
        if answered != DONE:
            code, _, where = said.partition(b"\x00")
            raise _KNOWN[code.decode()].at(os.fsdecode(where))

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            self._wait(self._asks, select.POLLOUT)
            with contextlib.suppress(BlockingIOError):
                view = view[os.write(self._asks, view) :]

    def _receive(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            self._wait(self._answers, select.POLLIN)
            more = os.read(self._answers, size - len(data))
            if not more:
                raise BrokenPipeError
            data += more
        return data

    def _wait(self, descriptor: int, what: int) -> None:
        poll = select.poll()
        poll.register(descriptor, what)
        if not poll.poll(None if self.most_wait_s is None else self.most_wait_s * 1000):
            raise Trouble("second-writer-stuck")


def start_writer() -> Writer:
    """A new process. In a session of its own: what ends the station's terminal does not end it."""
    import subprocess

    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment["PYTHONPATH"] = str(Path(cbt_station.__file__).parents[1])
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "cbt_station.delivery.second_writer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        raise Trouble("second-writer-stopped", reason=error.strerror or str(error.errno)) from error
    _reap()
    return _writer_of(process)


_unreaped: "list[subprocess.Popen[bytes]]" = []
"""Writers that hung when they were ended; they end when their medium lets them."""


def _writer_of(process: "subprocess.Popen[bytes]") -> Writer:
    asks, answers = process.stdin, process.stdout
    assert asks is not None and answers is not None  # noqa: PT018, S101 - pipes, as asked for
    from subprocess import TimeoutExpired

    def end() -> None:
        try:
            process.wait(_END_S)
        except TimeoutExpired:
            _unreaped.append(process)

    # The descriptors are the writer's own: an object that closes them by itself would close them twice.
    pipes = os.dup(asks.fileno()), os.dup(answers.fileno())
    asks.close()
    answers.close()
    return Writer(*pipes, end, process.pid)


def _reap() -> None:
    _unreaped[:] = [process for process in _unreaped if process.poll() is None]
