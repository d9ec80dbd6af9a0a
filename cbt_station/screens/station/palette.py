"""The numbered palette: one item view over one model, however many questions there are.

110 buttons would cost four times the question switch; one view paints once and gives a screen reader one named cell a
question ("Soal 12, ragu-ragu, sudah dijawab"). A state is a colour and a mark and a name, never colour alone.
A section's title is a row of its own that cannot be chosen.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from cbt_station.delivery.views import CellView, SectionView, SittingView
from cbt_station.screens.icons import paint_icon
from cbt_station.screens.look import Look
from cbt_station.screens.models import AnyIndex
from cbt_station.screens.tokens import CellColours
from cbt_station.words import in_language

CELL_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
_CELL_PX: Final = 44
_GAP_PX: Final = 6
_TITLE_PX: Final = 32


class Filter(Enum):
    """Which cells the palette shows."""

    ALL = "all"
    OPEN = "open"
    DOUBTFUL = "doubtful"
    OPEN_OR_DOUBTFUL = "open-or-doubtful"

    def keeps(self, cell: CellView) -> bool:
        if self is Filter.ALL:
            return True
        if self is Filter.OPEN:
            return not cell.answered
        return cell.flagged or (self is Filter.OPEN_OR_DOUBTFUL and not cell.answered)


def state_of(cell: CellView) -> str:
    """The state's name, as the words know it."""
    if cell.flagged:
        return "doubtful_begun" if cell.begun else "doubtful_answered" if cell.answered else "doubtful"
    if cell.begun:
        return "begun"
    if cell.answered:
        return "answered"
    return "seen" if cell.seen else "unseen"


_COLOURS: Final = {"doubtful_begun": "doubtful"}
"""A state without colours of its own in the token table has those of another, and its own mark."""


class PaletteModel(QAbstractListModel):
    """The cells that the filter keeps, under their sections' titles."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._view: SittingView | None = None
        self._filter = Filter.ALL
        self.rows: list[CellView | SectionView] = []
        self.current = ""

    def show(self, view: SittingView, only: Filter) -> None:
        """Another view; only rows that changed are told, so that the view keeps its place and paints no more."""
        rows, old, left = _rows(view, only), self.rows, self.current
        self.current, self._view, self._filter = view.current, view, only
        changed = [place for place, (one, other) in enumerate(zip(old, rows, strict=False)) if one != other]
        if len(rows) != len(old) or any(_key(old[place]) != _key(rows[place]) for place in changed):
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return
        self.rows = rows
        if left != self.current:
            changed += [place for place in (self.place_of(left), self.place_of(self.current)) if place >= 0]
        for place in changed:
            self.dataChanged.emit(self.index(place), self.index(place))

    def words_changed(self) -> None:
        if self.rows:
            self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: AnyIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        row = self.rows[index.row()]
        if role == CELL_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return str(row.number) if isinstance(row, CellView) else self._title(row)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self.name_of(row)
        return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if not isinstance(self.rows[index.row()], CellView):
            return Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def name_of(self, row: CellView | SectionView) -> str:
        """What a screen reader says."""
        if isinstance(row, SectionView):
            return self._title(row)
        words = self._look.words
        name = words("station.cell", number=row.number, state=words(f"station.cell_{state_of(row)}"))
        return words("station.cell_current", name=name) if row.item == self.current else name

    def place_of(self, item: str) -> int:
        """The row of an item, or -1."""
        found = (p for p, row in enumerate(self.rows) if isinstance(row, CellView) and row.item == item)
        return next(found, -1)

    def _title(self, section: SectionView) -> str:
        titles = section.title
        return in_language(titles, self._look.language, section.id)


def _key(row: CellView | SectionView) -> str:
    return f"item {row.item}" if isinstance(row, CellView) else f"section {row.id}"


def _rows(view: SittingView, only: Filter) -> list[CellView | SectionView]:
    rows: list[CellView | SectionView] = []
    for section in view.sections:
        cells = [cell for cell in view.cells if cell.section == section.id and only.keeps(cell)]
        if cells and len(view.sections) > 1:
            rows.append(section)
        rows.extend(cells)
    return rows


class _CellPainter(QStyledItemDelegate):
    """Paints a cell: ground, border, number, and the mark of its state."""

    def __init__(self, look: Look, view: "Palette") -> None:
        super().__init__(view)
        self._look, self._view = look, view

    def sizeHint(self, _option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        if isinstance(index.data(CELL_ROLE), SectionView):
            return QSize(self._view.cell_width * self._view.columns, self._look.px(_TITLE_PX))
        return QSize(self._view.cell_width, self._look.px(_CELL_PX + _GAP_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        row, rect = index.data(CELL_ROLE), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, SectionView):
            self._paint_title(painter, rect, str(index.data()))
        else:
            state = option.state
            focused = bool(state & QStyle.StateFlag.State_HasFocus) and self._view.hasFocus()
            hovered = bool(state & QStyle.StateFlag.State_MouseOver)
            self._paint_cell(painter, rect, row, focused=focused, hovered=hovered)
        painter.restore()

    def _paint_title(self, painter: QPainter, rect: QRectF, title: str) -> None:
        painter.setFont(self._look.font(14, bold=True))
        painter.setPen(self._look.colour("muted"))
        shown = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, round(rect.width()) - 6)
        where = rect.adjusted(self._look.px(3), 0, 0, -self._look.px(4))
        painter.drawText(where, int(Qt.AlignmentFlag.AlignBottom) | int(Qt.AlignmentFlag.AlignLeading), shown)

    def _paint_cell(
        self, painter: QPainter, rect: QRectF, cell: CellView, *, focused: bool, hovered: bool
    ) -> None:
        look, state = self._look, state_of(cell)
        colours: CellColours = getattr(look.tokens, _COLOURS.get(state, state))
        gap = look.px(_GAP_PX) / 2
        box = rect.adjusted(gap, gap, -gap, -gap)
        current = cell.item == self._view.cells.current
        if current or focused:
            self._paint_ring(painter, box, "focus" if focused else "ink")
        pen = QPen(
            QColor(look.tokens.accent if hovered else colours.border),
            look.px(2 if state != "unseen" else 1.4),
        )
        painter.setPen(pen)
        painter.setBrush(QColor(colours.ground))
        inset = look.px(4) if current or focused else 1.0
        body = box.adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(body, look.px(6), look.px(6))
        self._paint_number(painter, body, cell, QColor(colours.ink), bold=current or state != "unseen")
        self._paint_mark(painter, body, state, QColor(colours.ink))

    def _paint_ring(self, painter: QPainter, box: QRectF, token: str) -> None:
        painter.setPen(QPen(self._look.colour(token), self._look.px(2.6)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), self._look.px(9), self._look.px(9))

    def _paint_number(
        self, painter: QPainter, body: QRectF, cell: CellView, ink: QColor, *, bold: bool
    ) -> None:
        painter.setFont(self._look.font(15, bold=bold))
        painter.setPen(ink)
        marked = state_of(cell) not in ("unseen", "seen")
        down = self._look.px(5) if marked else 0
        painter.drawText(body.adjusted(0, down, 0, 0), Qt.AlignmentFlag.AlignCenter, str(cell.number))

    def _paint_mark(self, painter: QPainter, body: QRectF, state: str, ink: QColor) -> None:
        size, inset = self._look.px(11), self._look.px(3)
        right = QRectF(body.right() - size - inset, body.top() + inset, size, size)
        left = QRectF(body.left() + inset, body.top() + inset, size, size)
        if state in ("answered", "doubtful_answered"):
            paint_icon(painter, "check", right, ink)
        if state in ("begun", "doubtful_begun"):
            self._paint_dots(painter, right, ink)
        if state.startswith("doubtful"):
            paint_icon(painter, "flag", left, ink)

    def _paint_dots(self, painter: QPainter, place: QRectF, ink: QColor) -> None:
        """Three dots: something is still to come. Larger than the icon's, which are lost at this size."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        for part in (0.12, 0.5, 0.88):
            at = QPointF(place.left() + part * place.width(), place.center().y())
            painter.drawEllipse(at, self._look.px(1.7), self._look.px(1.7))


class Palette(QListView):
    """The view. `jump(item)` is called when a cell is pressed or entered; moving the focus alone opens nothing."""

    def __init__(self, look: Look, jump: Callable[[str], None], *, height: int = 400) -> None:
        super().__init__()
        self._look, self._jump, self._height = look, jump, height
        self.cells = PaletteModel(look)
        self.columns, self.cell_width = 5, look.px(_CELL_PX + _GAP_PX)
        self.setModel(self.cells)
        self.setItemDelegate(_CellPainter(look, self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.clicked.connect(self._pressed)
        look.changed.connect(self._fit)
        look.spoken.connect(self.cells.words_changed)

    def show_view(self, view: SittingView, only: Filter = Filter.ALL) -> None:
        """Draw another view and keep the current question in sight."""
        moved = self.cells.current != view.current
        before = len(self.cells.rows)
        self.cells.show(view, only)
        if len(self.cells.rows) != before:
            self._fit()
        place = self.cells.place_of(view.current)
        if place >= 0 and (moved or not self.currentIndex().isValid()):
            index = self.cells.index(place)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(index)

    def press(self, item: str) -> None:
        """What a click on the cell of an item does."""
        self._jump(item)

    def _pressed(self, index: QModelIndex) -> None:
        row = index.data(CELL_ROLE)
        if isinstance(row, CellView):
            self._jump(row.item)

    # Keys: arrows move among cells as they lie, Enter and Space go there.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._pressed(self.currentIndex())
        elif (place := self._moved(event.key())) is not None:
            index = self.cells.index(place)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(index)
            self.viewport().update()
        else:
            event.ignore()

    def _moved(self, key: int) -> int | None:
        places = [p for p, row in enumerate(self.cells.rows) if isinstance(row, CellView)]
        here = self.currentIndex().row()
        if here not in places:
            return places[0] if places and key in _ARROWS else None
        at = places.index(here)
        if key == Qt.Key.Key_Home:
            return places[0]
        if key == Qt.Key.Key_End:
            return places[-1]
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = -1 if key == Qt.Key.Key_Left else 1
            return places[max(0, min(len(places) - 1, at + step))]
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return self._beside(here, places, down=key == Qt.Key.Key_Down)
        return None

    def _beside(self, here: int, places: list[int], *, down: bool) -> int:
        """The cell nearest above or below."""
        start = self._rect(here).center()
        ahead = [p for p in places if (self._rect(p).center().y() - start.y()) * (1 if down else -1) > 2]
        if not ahead:
            return here

        def far(place: int) -> tuple[int, int]:
            centre = self._rect(place).center()
            return abs(centre.y() - start.y()), abs(centre.x() - start.x())

        return min(ahead, key=far)

    def _rect(self, place: int) -> QRect:
        return self.visualRect(self.cells.index(place))

    # Geometry: whole columns over the width.

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        outer, cell = self.contentsRect(), self._look.px(_CELL_PX + _GAP_PX)
        bar = self._look.px(14) if self._overflows(outer.width(), outer.height()) else 0
        on, off = Qt.ScrollBarPolicy.ScrollBarAlwaysOn, Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(on if bar else off)
        width = max(1, outer.width() - bar - 1)
        self.columns = max(1, width // cell)
        self.cell_width = width // self.columns
        self.scheduleDelayedItemsLayout()

    def _overflows(self, width: int, height: int) -> bool:
        """Whether the cells need more height than there is: decided here, so that the bar never flickers."""
        columns = max(1, width // self._look.px(_CELL_PX + _GAP_PX))
        lines, titles, run = 0, 0, 0
        for row in [*self.cells.rows, None]:
            if isinstance(row, CellView):
                run += 1
            else:
                lines, run = lines + -(-run // columns), 0
                titles += isinstance(row, SectionView)
        return lines * self._look.px(_CELL_PX + _GAP_PX) + titles * self._look.px(_TITLE_PX) > height

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(3 * _CELL_PX), self._look.px(2 * _CELL_PX))

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(300), self._look.px(self._height))


_ARROWS: Final = (
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
)
