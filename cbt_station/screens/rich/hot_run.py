"""Words of a text that can be chosen (QTI's hot text): the text stays text and wraps, the button lies over its words.

A tick box for mouse, keyboard and screen reader, which never ticks itself: `show_chosen` alone changes its state, as for
an option. The content's view says which lines its words take, and lets it paint its ground beneath them.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QCheckBox

from cbt_station.screens.look import Look
from cbt_station.screens.ticks import only_ask, set_tick

_OPEN, _WAITING = (2.0, 1.5), (4.0, 2.0)
"""Dashes in widths of the line: dots would be too faint to be seen beside text."""


class HotRun(QCheckBox):
    """`words` is its name; put it into `RichView.show_blocks` under the id of its `Hot`."""

    def __init__(self, look: Look, words: str) -> None:
        super().__init__()
        self._look, self._lines = look, list[QRectF]()
        self._waiting = False
        self.setAccessibleName(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        only_ask(self)
        look.changed.connect(self.update)

    def show_chosen(self, chosen: bool) -> None:
        """What the last view says of these words."""
        self._waiting = False
        set_tick(self, chosen)
        self.update()

    def show_waiting(self) -> None:
        """Asked for, and not durable yet."""
        self._waiting = True
        self.update()

    def nextCheckState(self) -> None:
        """Nothing: only a view changes the state."""

    def set_lines(self, lines: Sequence[QRectF]) -> None:
        """Where its words are, within itself."""
        self._lines = list(lines)
        region = QRegion()
        for line in self._lines:
            region = region.united(QRegion(line.toAlignedRect().adjusted(-1, -1, 1, 1)))
        self.setMask(region)

    def paint_ground(self, painter: QPainter, lines: Sequence[QRectF]) -> None:
        """Beneath the words: filled where they are chosen."""
        if not (self.isChecked() or self.underMouse()):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.colour("accent_soft"))
        for line in lines:
            painter.drawRoundedRect(line, 4, 4)
        painter.restore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Over the words: a frame a line; dashed while open, whole when chosen, the ring of the focus."""
        painter, px = QPainter(self), self._look.px
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, focused = self.isChecked(), self.hasFocus()
        name = "focus" if focused else "accent" if chosen or self._waiting else "line"
        thick = px(3) if focused else px(2) if chosen or self._waiting else px(1.5)
        pen = QPen(self._look.colour(name), thick)
        if not focused and (self._waiting or not chosen):
            pen.setDashPattern(_WAITING if self._waiting else _OPEN)
        painter.setPen(pen)
        for line in self._lines:
            edge = thick / 2
            painter.drawRoundedRect(line.adjusted(edge, edge, -edge, -edge), 4, 4)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space chooses; every other key is the page's."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.click()
        else:
            event.ignore()

    def hitButton(self, at: QPoint) -> bool:
        return any(line.contains(at.toPointF()) for line in self._lines)

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(24), self._look.px(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(1, 1)
