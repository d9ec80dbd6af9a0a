"""The one helper for slow work: a single thread that does what it is asked, in order.

Everything that may touch a disk goes through it, so that a stalled disk never freezes a key press. One thread and one
queue: what a candidate does first is durable first, and the station is never called from two threads.
A `Failure` comes back as a value to be shown; anything else is a bug of ours and is raised in the screen's thread.
"""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cbt_station.errors import Failure

T = TypeVar("T")


class Asker(Protocol):
    """What a page needs in order to ask the station something."""

    def ask(
        self, call: Callable[[], T], then: Callable[[T], None], failed: Callable[[Failure], None]
    ) -> None:
        """Do `call` elsewhere, then one of the two others in the screen's thread."""

    def close(self) -> None:
        """Answer nobody any more."""


class Background(QObject):
    """The thread and its queue. `close` lets the work at hand end and drops every answer that comes after it."""

    _answered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
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
        self._queue.put((call, then, failed))

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._queue.put(None)
            self._thread.join()

    def _work(self) -> None:
        while (task := self._queue.get()) is not None:
            call, then, failed = task
            self._answered.emit(_outcome(call, then, failed))

    @Slot(object)
    def _deliver(self, answer: Callable[[], None]) -> None:
        if not self._closed:
            answer()


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
