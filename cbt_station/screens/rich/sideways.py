"""A table that is wider than the page even when drawn smaller: rolled sideways, by mouse and by the arrow keys.

It takes the focus (what cannot be reached cannot be rolled) and says so to a screen reader. Widgets that stand in the
table are its own children and roll with it; one that takes the focus is rolled into sight.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QScrollBar, QWidget

from cbt_station.screens.look import Look
from cbt_station.screens.rich.hot_run import HotRun

_RING_PX = 3
_BAR_PX = 14


class Rolled(Protocol):
    """What is rolled: a box that knows its whole size."""

    rtl: bool

    @property
    def whole(self) -> QSizeF: ...

    def paint_whole(self, painter: QPainter, at: QPointF) -> None: ...

    def widgets_within(self, at: QPointF) -> Iterable[tuple[QWidget, QRectF, list[QRectF]]]: ...


class _Sheet(QWidget):
    """The whole table; what stands in it is its child."""

    def __init__(self, rolled: Rolled, parent: QWidget) -> None:
        super().__init__(parent)
        self._rolled = rolled

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._rolled.paint_whole(painter, QPointF(0, 0))
        painter.end()


class Sideways(QWidget):
    """A window onto a table, with a bar below it."""

    def __init__(self, look: Look, rolled: Rolled, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._rolled = look, rolled
        self._pane = QWidget(self)
        self._sheet = _Sheet(rolled, self._pane)
        self._bar = QScrollBar(Qt.Orientation.Horizontal, self)
        self._bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._bar.valueChanged.connect(self._roll)
        self._fresh = True
        self._widgets: list[QWidget] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        look.spoken.connect(self._say)
        self._say()

    def height_around(self, height: float) -> float:
        """How high it is around a table of a height."""
        return height + self._look.px(_BAR_PX) + 2 * self._look.px(_RING_PX)

    def parts_to_focus(self) -> list[QWidget]:
        """Itself, then what stands in the table."""
        found: list[QWidget] = [self]
        for widget in self._widgets:
            own = getattr(widget, "parts_to_focus", None)
            found += own() if own is not None else [widget]
        return found

    def put_widgets(self) -> list[QWidget]:
        """Place what stands in the table, and list it."""
        for widget in self._widgets:
            widget.removeEventFilter(self)
        self._widgets = []
        for widget, rect, lines in self._rolled.widgets_within(QPointF(0, 0)):
            put(widget, self._sheet, rect, lines)
            widget.installEventFilter(self)
            self._widgets.append(widget)
        return self._widgets

    def eventFilter(self, widget: QObject, event: QEvent) -> bool:
        """What takes the focus comes into sight."""
        if event.type() == QEvent.Type.FocusIn and isinstance(widget, QWidget):
            left, shown = widget.geometry().left(), self._pane.width()
            value = self._bar.value()
            if left < value or widget.geometry().right() > value + shown:
                self._bar.setValue(left - (shown - widget.width()) // 2)
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right roll; every other key is the page's."""
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        way = ways.get(Qt.Key(event.key()), 0)
        if way:
            self._bar.setValue(self._bar.value() + way * self._pane.width() // 3)
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        ring, bar = self._look.px(_RING_PX), self._look.px(_BAR_PX)
        self._pane.setGeometry(ring, ring, self.width() - 2 * ring, self.height() - 2 * ring - bar)
        self._bar.setGeometry(ring, self.height() - ring - bar, self.width() - 2 * ring, bar)
        whole = self._rolled.whole.toSize()
        self._sheet.resize(whole.width() + 1, whole.height() + 1)
        self._bar.setRange(0, max(0, self._sheet.width() - self._pane.width()))
        self._bar.setPageStep(self._pane.width())
        self._bar.setSingleStep(self._look.px(40))
        if self._fresh and self._rolled.rtl:
            self._bar.setValue(self._bar.maximum())
        self._fresh = False
        self._roll()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._look.colour("focus"), self._look.px(_RING_PX - 1)))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)
            painter.end()

    def _roll(self) -> None:
        self._sheet.move(-self._bar.value(), 0)

    def _say(self) -> None:
        self.setAccessibleName(self._look.words("station.wide_table"))


def put(widget: QWidget, parent: QWidget, rect: QRectF, lines: Sequence[QRectF]) -> None:
    """Place a widget of a content; words that can be chosen get their lines, and are high enough to be hit."""
    if widget.parentWidget() is not parent:
        widget.setParent(parent)
    whole = rect.toAlignedRect() if lines else rect.toRect()
    if isinstance(widget, HotRun):
        widget.set_lines([line.translated(rect.topLeft() - whole.topLeft()) for line in lines])
    widget.setGeometry(whole)
    widget.show()
