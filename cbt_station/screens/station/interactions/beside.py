"""A picture and the list that says the same in words: side by side where there is room, else one under the other."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from cbt_station.screens.look import Look
from cbt_station.screens.station.interactions.board import Board

_LIST_PX = 250


class Beside(QWidget):
    """`column` takes the list's parts."""

    def __init__(self, look: Look, board: Board) -> None:
        super().__init__()
        self._look, self._board = look, board
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._both.addWidget(board, 1)
        self._side = QWidget()
        self.column = QVBoxLayout(self._side)
        self.column.setContentsMargins(0, 0, 0, 0)
        self._both.addWidget(self._side, 0, Qt.AlignmentFlag.AlignTop)
        look.changed.connect(self._fit)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        px = self._look.px
        beside = self.width() >= min(self._board.natural(), px(460)) + px(_LIST_PX + 16)
        directions = QBoxLayout.Direction
        self._both.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        self._side.setMaximumWidth(px(_LIST_PX) if beside else 16_777_215)
        self._side.setMinimumWidth(px(_LIST_PX) if beside else 0)
        self._both.setAlignment(self._side, Qt.AlignmentFlag.AlignTop if beside else Qt.AlignmentFlag(0))
        self._both.setSpacing(px(14))
        self.column.setSpacing(px(8))
