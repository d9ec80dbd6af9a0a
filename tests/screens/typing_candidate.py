"""The candidate that `typist` puts before a window: a timer presses, an event filter sees every paint through to its end."""

import random
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest

from cbt_station.screens.item.option_row import OptionRow
from cbt_station.screens.station.window import Window
from tests.screens.typist import Life, say

PRESS_EVERY_MS = 4
LETTERS = "ABCDE"


class Typist(QObject):
    """Presses a key when the last one was answered; tells what is asked, and what was painted."""

    def __init__(self, window: Window, life: Life) -> None:
        super().__init__()
        self.window, self.life = window, life
        self.chance = random.Random(life.seed)  # noqa: S311 - repeatable
        self.item, self.begun, self.painted = "", False, 0
        self.seq = self.left_ms = 0
        window.desk.drawn.connect(self.hear)
        self.timer = QTimer(self, interval=PRESS_EVERY_MS)
        self.timer.timeout.connect(self.press)
        self.timer.start()

    def eventFilter(self, seen: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.Paint or not isinstance(seen, OptionRow):
            return False
        seen.event(event)  # paint now: what is told is on the screen
        self.look(seen)
        return True

    def hear(self, view: Any) -> None:
        """The first view of an event has the time that was kept with it; a tick's has less."""
        if view.seq > self.seq:
            self.seq, self.left_ms = view.seq, view.left_ms

    def look(self, row: OptionRow) -> None:
        view, shown = self.window.desk.view, self.window.desk.on_screen
        if view is None or shown is None or not row.isChecked():
            return
        if view.answers.get(shown.shown.id) != row.option.id:  # the tick that is about to go
            return
        if not self.window.bar.saved.text().startswith("Tersimpan"):
            return
        self.painted += 1
        say(
            do="painted",
            item=shown.shown.id,
            option=row.option.id,
            seq=view.saved.seq,
            left_ms=self.left_ms,
            level=view.saved.level,
        )

    def press(self) -> None:
        view, shown = self.window.desk.view, self.window.desk.on_screen
        if view is None or shown is None or self.window.pages.currentWidget() is not self.window.exam:
            return
        if not self.begun:
            self.begun = True
            say(do="begun", item=shown.shown.id, **self.told(view))
        elif shown.shown.id != self.item:
            say(do="shown", item=shown.shown.id, **self.told(view))
        self.item = shown.shown.id
        if self.window.desk._asked or (self.life.most and self.painted >= self.life.most):
            return
        if self.chance.random() < 0.2:
            items = [cell.item for cell in view.cells]
            item = items[(items.index(self.item) + 1) % len(items)]
            say(do="asks", item=item)
            self.window.desk.go(item)
        else:
            self.choose(view, shown.shown.id)

    def choose(self, view: Any, item: str) -> None:
        order = view.option_order[item]
        at = self.chance.choice([at for at, option in enumerate(order) if view.answers.get(item) != option])
        say(do="asks", item=item, option=order[at])
        QTest.keyClick(self.window.exam, Qt.Key(ord(LETTERS[at])))

    def told(self, view: Any) -> dict[str, Any]:
        return {
            "answers": view.answers,
            "left_ms": view.left_ms,
            "level": view.saved.level,
            "seq": view.saved.seq,
            "alarm": view.alarm,
        }
