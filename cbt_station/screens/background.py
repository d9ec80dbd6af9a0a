"""The one helper for slow work: a single thread that does what it is asked, in order.

Everything that may touch a disk goes through it, so that a stalled disk never freezes a key press. One thread and one
queue: what a candidate does first is durable first, and the station is never called from two threads.
A `Failure` comes back as a value to be shown; anything else is a bug of ours and is raised in the screen's thread.

Who asks waits 4 ms, a quarter of a frame, for the answer: it is nearly always there, and the press is then drawn once, with
its tick, instead of twice while both threads want the interpreter. Later answers come through the event loop.
"""

import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, Final, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cbt_station.errors import Failure

T = TypeVar("T")
_SHORT_WAIT_S: Final = 0.004


class Asker(Protocol):
    """What a page needs in order to ask the station something."""

    def ask(
        self, call: Callable[[], T], then: Callable[[T], None], failed: Callable[[Failure], None]
    ) -> None:
        """Do `call` elsewhere, then one of the two others in the screen's thread."""

    def close(self) -> None:
        """Answer nobody any more."""


class Background(QObject):
    """The thread and its queue. `close` lets the work at hand end and drops every answer that comes after it.

    `short_wait_s` is how long who asks waits.
    """

    _answered = Signal()

    def __init__(self, short_wait_s: float = _SHORT_WAIT_S) -> None:
        super().__init__()
        self._short_wait_s = short_wait_s
        self._asked = self._told = 0
        self._telling = self._waits = False
        self._answers: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._queue: SimpleQueue[
            tuple[Callable[[], Any], Callable[..., None], Callable[..., None]] | None
        ] = SimpleQueue()
        self._closed = False
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name="station", daemon=True)
        self._thread.start()

    def ask(
        self, call: Callable[[], T], then: Callable[[T], None], failed: Callable[[Failure], None]
    ) -> None:
        self._asked += 1
        mine = self._asked
        self._queue.put((call, then, failed))
        if not self._telling:  # or a newer answer would be told in the middle of this one
            self._wait_for(mine)

    def _wait_for(self, mine: int) -> None:
        end = time.monotonic() + self._short_wait_s
        self._waits = True
        try:
            while self._told < mine and (left := end - time.monotonic()) > 0:
                self._tell_next(left)
        finally:
            self._waits = False
        if self._told < self._asked:  # an answer may have come in this very moment, and nobody signalled it
            self._answered.emit()

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._queue.put(None)
            self._thread.join()

    def _work(self) -> None:
        while (task := self._queue.get()) is not None:
            call, then, failed = task
            self._answers.put(_outcome(call, then, failed))
            if not self._waits:  # else who waits has it, and this thread is in nobody's way
                self._answered.emit()

    @Slot()
    def _deliver(self) -> None:
        """Every answer that is there; none is left where who asked has waited for it."""
        while self._told < self._asked and not self._answers.empty():
            self._tell_next(0)

    def _tell_next(self, wait_s: float) -> None:
        """In the screen's thread: the oldest answer that was not told yet, if it comes in time."""
        try:
            answer = self._answers.get(block=wait_s > 0, timeout=wait_s or None)
        except Empty:
            return
        self._told += 1
        if self._closed:
            return
        self._telling = True
        try:
            answer()
        finally:
            self._telling = False


class AtOnce:
    """The same without a thread: for pictures and for tests of what a page draws."""

    def ask(
        self, call: Callable[[], T], then: Callable[[T], None], failed: Callable[[Failure], None]
    ) -> None:
        _outcome(call, then, failed)()

    def close(self) -> None:
        """Nothing to close."""


def _outcome(
    call: Callable[[], T], then: Callable[[T], None], failed: Callable[[Failure], None]
) -> Callable[[], None]:
    """Do the call; what to do with its answer, to be done in the screen's thread."""
    try:
        value = call()
    except Failure as failure:
        return _with(failed, failure)
    except BaseException as bug:  # noqa: BLE001  # carried to the screen's thread, and raised there
        return _raising(bug)
    return _with(then, value)


def _with(function: Callable[[T], None], value: T) -> Callable[[], None]:
    return lambda: function(value)


def _raising(bug: BaseException) -> Callable[[], None]:
    def again() -> None:
        raise bug

    return again
