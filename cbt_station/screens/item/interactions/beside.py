"""A picture and the list that says the same in words: side by side where there is room, else one under the other.

A layout of our own: what it does follows from the width alone, so that no scroll bar can make it swing to and fro.
"""

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QVBoxLayout, QWidget

from cbt_station.screens.item.interactions.board import Board
from cbt_station.screens.look import Look

_LIST_PX: Final = 250
_BOARD_PX: Final = 460
_GAP_PX: Final = 14


class _Pair(QLayout):
    """The board and the list."""

    def __init__(self, look: Look, board: Board, side: QWidget) -> None:
        super().__init__()
        self._look, self._board = look, board
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.addWidget(board)
        self.addWidget(side)

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
        first, second = self._places(width)
        return max(first.bottom(), second.bottom()) + 1

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        for item, place in zip(self._items, self._places(rect.width()), strict=True):
            item.setGeometry(place.translated(rect.topLeft()))

    def sizeHint(self) -> QSize:
        width = self._look.px(_BOARD_PX + _GAP_PX + _LIST_PX)
        return QSize(width, self.heightForWidth(width))

    def minimumSize(self) -> QSize:
        least = [item.minimumSize().width() for item in self._items]
        return QSize(max(least, default=0), self._look.px(60))

    def _places(self, width: int) -> tuple[QRect, QRect]:
        px, board, side = self._look.px, self._board, self._items[-1]
        gap = px(_GAP_PX)
        beside = width >= min(board.natural(), px(_BOARD_PX)) + gap + px(_LIST_PX)
        wide = min(board.natural(), width - (px(_LIST_PX) + gap if beside else 0))
        first = QRect(0, 0, wide, board.heightForWidth(wide))
        room = px(_LIST_PX) if beside else width
        high = side.heightForWidth(room) if side.hasHeightForWidth() else side.sizeHint().height()
        corner = QPoint(wide + gap, 0) if beside else QPoint(0, first.height() + gap)
        return first, QRect(corner, QSize(room, high))


class Beside(QWidget):
    """`column` takes the list's parts."""

    def __init__(self, look: Look, board: Board) -> None:
        super().__init__()
        self._look = look
        side = QWidget()
        self.column = QVBoxLayout(side)
        self.column.setContentsMargins(0, 0, 0, 0)
        self._pair = _Pair(look, board, side)
        self.setLayout(self._pair)
        look.changed.connect(self._space)
        self._space()

    def _space(self) -> None:
        self.column.setSpacing(self._look.px(8))
        self._pair.invalidate()
