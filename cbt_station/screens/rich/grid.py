"""A table's columns, wide enough for what cannot wrap in them: formulas, pictures, fields.

WORKAROUND: Qt makes a column as wide as its longest word needs and does not count the objects among the words, which
would then lie over the next column. After a layout `Grid` looks for objects that are wider than their cell, fixes the
width of those columns and lays out again. Lengths are pixels of the screen at the present text size.
"""

from collections.abc import Iterable
from typing import Final

from PySide6.QtGui import QTextBlock, QTextLength, QTextTable

from cbt_station.screens.rich.flow import Flow
from cbt_station.screens.rich.objects import Inlay, own_room

_MOST_ROUNDS: Final = 4
"""A column that got wider takes from the others, which may then be too narrow themselves."""
_BORDERS: Final = 3.0


class Grid:
    """`note` what stands in each cell, then `lay_out`."""

    def __init__(self, flow: Flow, table: QTextTable) -> None:
        self._flow, self._table = flow, table
        self._standing: list[tuple[range, int, Inlay]] = []
        self._widths: dict[int, float] = {}

    def note(self, columns: range, inlaid: Iterable[tuple[int, Inlay]]) -> None:
        """The objects in a cell that lies in these columns, and where in the document."""
        self._standing += [(columns, at, inlay) for at, inlay in inlaid]

    def lay_out(self, width: float) -> None:
        self._fix({})
        self._flow.lay_out(width)
        for _ in range(_MOST_ROUNDS if self._standing else 0):
            narrow = self._narrow()
            if not narrow:
                return
            self._fix(self._widths | narrow)

    def _narrow(self) -> dict[int, float]:
        """Columns with an object that is wider than its cell, and how wide they must be."""
        found: dict[int, float] = {}
        edges, begins = 2 * self._table.format().cellPadding() + _BORDERS, self._begins()
        for columns, at, inlay in self._standing:
            own = inlay.size(own_room(self._flow.document, at, inlay))[0]
            wanted = inlay.head + own + inlay.tail + edges
            if self._room_of(columns, at, begins) < wanted:
                for column in columns:
                    each = wanted / len(columns) + 1
                    found[column] = max(each, found.get(column, 0.0), self._widths.get(column, 0.0))
        return found

    def _left_of(self, block: QTextBlock) -> float:
        return self._flow.document.documentLayout().blockBoundingRect(block).left()

    def _begins(self) -> dict[int, float]:
        """Where the words of each column begin; nothing for one in which no cell begins."""
        begins, table = dict[int, float](), self._table
        for column in range(table.columns()):
            cells = (table.cellAt(row, column) for row in range(table.rows()))
            cell = next((cell for cell in cells if cell.column() == column), None)
            if cell is not None:
                begins[column] = self._left_of(cell.firstCursorPosition().block())
        return begins

    def _room_of(self, columns: range, at: int, begins: dict[int, float]) -> float:
        """From where the words of a cell begin to where those of the next one do (or would, after the last)."""
        left = self._left_of(self._flow.document.findBlock(at))
        layout, pad = self._flow.document.documentLayout(), self._table.format().cellPadding()
        end = layout.frameBoundingRect(self._table).right() + pad
        return min([x for column, x in begins.items() if column not in columns and x > left] or [end]) - left

    def _fix(self, widths: dict[int, float]) -> None:
        if widths == self._widths:
            return
        self._widths = widths
        layout = self._table.format()
        layout.setColumnWidthConstraints(
            [
                QTextLength(QTextLength.Type.FixedLength, widths[column])
                if column in widths
                else QTextLength(QTextLength.Type.VariableLength, 0)
                for column in range(self._table.columns())
            ]
        )
        self._table.setFormat(layout)
        self._flow.lay_again()
