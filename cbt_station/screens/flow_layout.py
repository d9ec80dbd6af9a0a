"""Widgets one after the other, in as many lines as the width asks for (Qt has no such layout of its own)."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from cbt_station.screens.look import Look


class FlowLayout(QLayout):
    """Each widget as wide as it asks for, or as the line is; its height for that width."""

    def __init__(self, look: Look, gap: int = 8) -> None:
        super().__init__()
        self._look, self._gap = look, gap
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._laid(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._laid(rect, move=True)

    def sizeHint(self) -> QSize:
        width = self._look.px(480)
        return QSize(width, self.heightForWidth(width))

    def minimumSize(self) -> QSize:
        least = [item.minimumSize() for item in self._items]
        return QSize(max((s.width() for s in least), default=0), max((s.height() for s in least), default=0))

    def _laid(self, rect: QRect, *, move: bool) -> int:
        gap = self._look.px(self._gap)
        leftwards = self._leftwards()
        x, y, line = 0, 0, 0
        for item in self._items:
            widget = item.widget()
            if widget is not None and widget.isHidden():
                continue
            width = min(item.sizeHint().width(), max(1, rect.width()))
            height = item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
            if x and x + width > rect.width():
                x, y, line = 0, y + line + gap, 0
            if move:
                left = rect.width() - x - width if leftwards else x
                item.setGeometry(QRect(rect.topLeft() + QPoint(left, y), QSize(width, height)))
            x, line = x + width + gap, max(line, height)
        return y + line

    def _leftwards(self) -> bool:
        parent = self.parent()
        return isinstance(parent, QWidget) and parent.layoutDirection() == Qt.LayoutDirection.RightToLeft
