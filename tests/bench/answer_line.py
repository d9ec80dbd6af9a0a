"""A key press to its answer durable and its tick painted in the real window, beside a bare write of the same bytes.

The product: a `Station` over a sealed SKD session of 110 questions, the candidate's window (offscreen), Qt's own event
loop. From just before the key event is delivered to the end of the option row's paint that has the tick, which is drawn
only from the view that came back after the commit. A press lands where nothing else is asked, as a person's does.
The reference: `write` and `fdatasync` of that answer's record and clock slot, appended to a file in the same folder,
with the same pauses: so that both see the same weather on the disk.
"""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest

from cbt_station.delivery.clock import SystemClock
from cbt_station.delivery.station import Station
from cbt_station.rehearsal.cast import PASSPHRASE
from cbt_station.rehearsal.stage import Stage
from cbt_station.screens.application import offscreen_application
from cbt_station.screens.item.option_row import OptionRow
from cbt_station.screens.station import open_window
from cbt_station.screens.station.window import Window
from tests.bench.harness import ROUNDS, Line, compare
from tests.staged import stage_skd

PRESSES = 420
"""In a round; 2,100 in all, so that the p99 stands on 21 of them."""
PRESSES_A_QUESTION = 4
PAUSE_MS = 12
"""Between two presses, and two bare writes. Offscreen Qt paints 5 ms after it was asked to: shorter, and a press paints what
the one before it left. A person's pauses are longer and change nothing.
"""
READING_MS = 60
"""After a question was opened: it is painted, and nobody has read it sooner."""
PATIENCE_MS = 10_000


class Painted(QObject):
    """Sees an option row's paint through to its end, and tells when one was painted with its tick."""

    def __init__(self) -> None:
        super().__init__()
        self.awaited: OptionRow | None = None
        self.at_ns = 0
        self.loop = QEventLoop()

    def eventFilter(self, row: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.Paint or row is not self.awaited:
            return False
        row.event(event)  # paint now, so that the time is taken after it
        if isinstance(row, OptionRow) and row.isChecked():
            self.at_ns = time.perf_counter_ns()
            self.awaited = None
            self.loop.quit()
        return True

    def press(self, window: Window, letter: str) -> int:
        """Press a letter; how long until its row was painted with its tick."""
        row = window.exam.question.row_at(letter)
        assert row is not None
        assert not row.isChecked()
        row.installEventFilter(self)
        self.awaited = row
        start_ns = time.perf_counter_ns()
        QTest.keyClick(window.exam, Qt.Key(ord(letter)))
        self._wait()
        row.removeEventFilter(self)
        view, shown = window.desk.view, window.desk.on_screen
        assert view is not None
        assert shown is not None
        assert view.answers[shown.shown.id] == row.option.id
        return self.at_ns - start_ns

    def _wait(self) -> None:
        late = QTimer(singleShot=True, interval=PATIENCE_MS)
        late.timeout.connect(self.loop.quit)
        late.start()
        if self.awaited is not None:
            self.loop.exec()
        assert self.awaited is None, "the tick was never painted"


@contextmanager
def sitting(stage: Stage, data: Path) -> Iterator[tuple[Station, Window]]:
    """A window at the first question of a new sitting."""
    application, clock = offscreen_application(), SystemClock()
    entry = stage.roster.candidates[0]
    station = Station.open(stage.session, data, clock=clock)
    station.unlock(stage.venue_key.read_bytes(), PASSPHRASE, stage.codes.start)
    station.check_in(entry.number, entry.birth_date)
    station.start("id")
    station.close()
    station = Station.open(stage.session, data, clock=clock)  # the window goes on with it, as after a restart
    window = open_window(station, clock=clock)
    window.resize(1366, 768)
    try:
        while window.desk.on_screen is None:
            application.processEvents()
        yield station, window
    finally:
        window.let_go()
        window.close()
        station.close()


def turn_to(window: Window, item: str) -> None:
    """Open a question, unmeasured, and let everything be painted."""
    window.desk.go(item)
    settle(window, READING_MS)
    assert window.desk.on_screen is not None
    assert window.desk.on_screen.shown.id == item


def settle(window: Window, pause_ms: int = PAUSE_MS) -> None:
    """A person's pause before the next press: nothing asked, nothing to paint."""
    loop = QEventLoop()
    QTimer.singleShot(pause_ms, loop.quit)
    loop.exec()
    while window.desk._asked:
        QTimer.singleShot(1, loop.quit)
        loop.exec()


def measure(folder: Path) -> Line:
    """Both in `folder`, which is on the disk and not in memory."""
    stage, _ = stage_skd(folder / "stage")
    with sitting(stage, folder / "data") as (station, window):
        painted = Painted()
        view = station.view()
        items = [cell.item for cell in view.cells]
        record = _last_bytes(station)

        def product(number: int) -> Iterable[int]:
            times = []
            for at in range(PRESSES // PRESSES_A_QUESTION):
                item = items[(number * PRESSES // PRESSES_A_QUESTION + at) % len(items)]
                turn_to(window, item)
                free = [row.letter for row in window.exam.question.options if not row.isChecked()]
                for letter in free[:PRESSES_A_QUESTION]:
                    times.append(painted.press(window, letter))
                    settle(window)
            return times

        def reference(number: int) -> Iterable[int]:
            with (folder / f"bare-{number}").open("wb", buffering=0) as file:
                return [_bare(file.fileno(), record) for _ in range(PRESSES)]

        line = compare("key press to durable and painted", product, reference, goal="≤ 3× p50, ≤ 4× p99")
        assert len(station.view().answers) >= min(len(items), ROUNDS * PRESSES // PRESSES_A_QUESTION)
        return line


def _bare(file: int, data: bytes) -> int:
    time.sleep(PAUSE_MS / 1000)
    start = time.perf_counter_ns()
    os.write(file, data)
    os.fdatasync(file)
    return time.perf_counter_ns() - start


def _last_bytes(station: Station) -> bytes:
    """What one answer has to keep: its line, salt and signed head, and the clock's signed slot."""
    journal = station._need_running().journal
    record, slot = journal.records[-1], journal.slot
    return b"".join(
        (
            bytes.fromhex(record.salt),
            record.line.encode(),
            record.head.encode(),
            slot.text.encode(),
            slot.signature.encode(),
        )
    )
