"""Rows put together with columns: a matrix where there is room, else each row with its columns beneath it.

Every crossing is one tick box (or, where a row takes one column, radio button) with a name of its own; arrows move
among them, Space ticks. A column that is used up says by which row.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from cbt_station.exam.content import Blocks
from cbt_station.exam.interactions import Associable, MatchInteraction
from cbt_station.screens.flow_layout import FlowLayout
from cbt_station.screens.icons import paint_icon
from cbt_station.screens.item.interactions.base import ARROWS, InteractionWidget, Respond, pair_of
from cbt_station.screens.item.interactions.choice import in_order
from cbt_station.screens.item.interactions.counts import rule_of
from cbt_station.screens.item.interactions.rich_button import natural_width, spoken
from cbt_station.screens.look import Look
from cbt_station.screens.rich.media import Media
from cbt_station.screens.rich.text import RichText
from cbt_station.screens.rich.view import RichView
from cbt_station.screens.ticks import only_ask, set_tick

_PX: Final = 16
_BOX_PX: Final = 26
_COLUMN_EM: Final = 6.5
_HEAD_EM: Final = 11


class Crossing(QRadioButton):
    """One row and one column; `spelled` shows the column's content beside the box."""

    def __init__(self, look: Look, row: str, column: Associable, media: Media, *, several: bool) -> None:
        super().__init__()
        self.row, self.column = row, column.id
        self._look, self._content, self._media, self._several = look, column.content, media, several
        self.spelled = self._waiting = False
        self.moved: Callable[[Crossing, int], None] = lambda _one, _key: None
        self.setAutoExclusive(not several)
        only_ask(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        look.changed.connect(self._build)
        self._build()

    def _build(self) -> None:
        self._text = RichText(self._content, self._media, self._look, _PX)
        self.updateGeometry()
        self.update()

    def spell(self, wanted: bool) -> None:
        self.spelled = wanted
        self.updateGeometry()

    def show_chosen(self, chosen: bool) -> None:
        self._waiting = False
        if chosen != self.isChecked():
            set_tick(self, chosen)
        self.update()

    def show_waiting(self) -> None:
        self._waiting = True
        self.update()

    def nextCheckState(self) -> None:
        """Nothing: only a view changes the state."""

    def hitButton(self, at: QPoint) -> bool:
        return self.rect().contains(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.click()
        elif event.key() in ARROWS:
            self.moved(self, event.key())
        else:
            event.ignore()

    # Geometry and paint

    def _box(self) -> QRectF:
        size, pad = self._look.px(_BOX_PX), self._look.px(8)
        left = pad if self.spelled else (self.width() - size) / 2
        return QRectF(left, (self.height() - size) / 2, size, size)

    def _inner(self, width: int) -> int:
        return max(1, width - self._look.px(8 + _BOX_PX + 8 + 10))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        least = self._look.px(_BOX_PX + 14)
        if not self.spelled:
            return least
        return max(least, self._text.height_for(self._inner(width)) + self._look.px(14))

    def sizeHint(self) -> QSize:
        px = self._look.px
        wide = px(8 + _BOX_PX + 8 + 10) + natural_width(self._content, self._look, _PX)
        width = wide if self.spelled else px(_COLUMN_EM * _PX)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(_BOX_PX + 14), self._look.px(_BOX_PX + 14))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, look = QPainter(self), self._look
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        if self.spelled or self.hasFocus() or self.underMouse():
            self._paint_frame(painter)
        box = self._box()
        pen = QPen(
            look.colour("accent" if chosen or self._waiting else "line"),
            look.px(2.4 if self._waiting else 1.8),
        )
        if self._waiting:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(look.colour("accent" if chosen else "card"))
        if self._several:
            painter.drawRoundedRect(box, look.px(6), look.px(6))
        else:
            painter.drawEllipse(box)
        if chosen:
            inset = look.px(4)
            paint_icon(painter, "check", box.adjusted(inset, inset, -inset, -inset), look.colour("on_accent"))
        if self.spelled:
            width = self._inner(self.width())
            top = (self.height() - self._text.height_for(width)) / 2 + look.px(2)  # letters in the middle
            self._text.paint(painter, QPointF(box.right() + look.px(8), top), width, look.colour("ink"))
        painter.end()

    def _paint_frame(self, painter: QPainter) -> None:
        look, focused = self._look, self.hasFocus()
        name = "focus" if focused else "accent" if self.isChecked() or self.underMouse() else "line"
        thick = look.px(3 if focused else 2 if self.isChecked() else 1.4)
        painter.setPen(QPen(look.colour(name), thick))
        painter.setBrush(look.colour("accent_soft" if self.isChecked() else "card"))
        edge = thick / 2 + 0.5
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), look.px(8), look.px(8)
        )


class _Line(QFrame):
    """A row: its content, then its crossings; in a line, or under it in as many lines as they need."""

    def __init__(self, look: Look, content: RichView, crossings: list[Crossing]) -> None:
        super().__init__()
        self._look, self.content, self.crossings = look, content, crossings
        self.setObjectName("card")
        self._outer = QVBoxLayout(self)
        self._wide = QHBoxLayout()
        self._wide.addWidget(content, 1, Qt.AlignmentFlag.AlignVCenter)
        self._outer.addLayout(self._wide)
        self._area = QWidget()
        self._outer.addWidget(self._area)
        self._flow = FlowLayout(look)
        self._area.setLayout(self._flow)
        for crossing in crossings:
            self._flow.addWidget(crossing)

    def lay_out(self, wide: bool, column: int) -> None:
        px = self._look.px
        for crossing in self.crossings:
            crossing.spell(not wide)
            (self._flow if wide else self._wide).removeWidget(crossing)
            (self._wide if wide else self._flow).addWidget(crossing)
            crossing.setFixedWidth(column) if wide else crossing.setMaximumWidth(16_777_215)
            crossing.setMinimumWidth(column if wide else 0)
        self._area.setVisible(not wide)
        self._outer.setContentsMargins(
            px(12), px(4 if wide else 10), px(12 if not wide else 4), px(4 if wide else 10)
        )
        self._outer.setSpacing(px(8))
        self._wide.setSpacing(px(4))


class MatchWidget(InteractionWidget):
    """`crossings` by (row, column)."""

    def __init__(
        self,
        look: Look,
        interaction: MatchInteraction,
        media: Media,
        order: tuple[str, ...] | None,
        respond: Respond,
    ) -> None:
        super().__init__(look, respond)
        self._interaction, self._wide, self._column = interaction, True, 0
        rows = [row for row in in_order(interaction.rows, order) if isinstance(row, Associable)]
        self._rows = {row.id: row for row in rows}
        self._columns = {column.id: column for column in interaction.columns}
        both = {**self._rows, **self._columns}
        self.names = {name: spoken(one.content, name) for name, one in both.items()}
        self.crossings: dict[tuple[str, str], Crossing] = {}
        self._list = QVBoxLayout(self)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.addWidget(self.hint)
        self._heads = self._make_heads(media)
        self._list.addWidget(self._heads)
        self._lines = [self._make_line(row, media) for row in rows]
        for line in self._lines:
            self._list.addWidget(line)
        look.changed.connect(self._fit)
        self._fit(anew=True)
        self.draw()
        self.show_rule()

    def _make_heads(self, media: Media) -> QWidget:
        made = QWidget()
        self._head_row = QHBoxLayout(made)
        self._head_row.addStretch(1)
        self._head_views: list[tuple[RichView, QWidget, Blocks]] = []
        for column in self._columns.values():
            view, place = RichView(self.look, _PX), QWidget()
            view.show_blocks(column.content, media)
            view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            middle = QHBoxLayout(place)
            middle.setContentsMargins(0, 0, 0, 0)
            middle.addWidget(view)
            self._head_views.append((view, place, column.content))
            self._head_row.addWidget(place, 0, Qt.AlignmentFlag.AlignBottom)
        return made

    def _make_line(self, row: Associable, media: Media) -> _Line:
        view = RichView(self.look, _PX + 1)
        view.show_blocks(row.content, media)
        made = []
        for column in self._columns.values():
            crossing = Crossing(self.look, row.id, column, media, several=row.most != 1)
            crossing.setAccessibleName(f"{self.names[row.id]}: {self.names[column.id]}")
            crossing.clicked.connect(_pressing(self.press, row.id, column.id))
            crossing.moved = self._move
            self.crossings[row.id, column.id] = crossing
            made.append(crossing)
        return _Line(self.look, view, made)

    # Acts

    def press(self, row: str, column: str) -> None:
        """A press on a crossing."""
        pair, pairs = f"{row} {column}", self.values
        single = self._rows[row].most == 1
        if pair in pairs:
            if not single:
                self.ask(tuple(one for one in pairs if one != pair))
            return
        kept = tuple(one for one in pairs if not (single and pair_of(one)[0] == row))
        refusal = self._refusal(row, column, kept)
        if refusal:
            self.refuse(refusal)
        else:
            self.ask((*kept, pair))

    def is_several(self, row: str) -> bool:
        """Whether a row takes more than one column."""
        return self._rows[row].most != 1

    def _refusal(self, row: str, column: str, kept: tuple[str, ...]) -> str:
        """Why one more pair is too many, in words; "" where it is not."""
        words, most = self.words, self._columns[column].most
        users = [self.names[one] for one, there in map(pair_of, kept) if there == column]
        if most and len(users) >= most:
            return words(
                "station.match_column_full", option=self.names[column], rows=", ".join(users), most=most
            )
        most = self._rows[row].most
        if most and sum(pair_of(one)[0] == row for one in kept) >= most:
            return words("station.match_row_full", option=self.names[row], most=most)
        most = self._interaction.most
        return words("station.count_too_many", most=most) if most and len(kept) >= most else ""

    def _move(self, here: Crossing, key: int) -> None:
        rows, columns = list(self._rows), list(self._columns)
        down, across = rows.index(here.row), columns.index(here.column)
        down += {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(key), 0)
        across += {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(key), 0)
        down, across = max(0, min(len(rows) - 1, down)), max(0, min(len(columns) - 1, across))
        self.focus_on(self.crossings[rows[down], columns[across]])

    # Drawing

    def draw(self) -> None:
        durable, asked = set(self.value or ()), set(self.values)
        for (row, column), crossing in self.crossings.items():
            pair = f"{row} {column}"
            crossing.show_chosen(pair in durable)
            if (pair in durable) != (pair in asked):
                crossing.show_waiting()

    def rule(self) -> str:
        words, rows = self.words, list(self._rows.values())
        ones = "match_one" if all(row.most == 1 for row in rows) else "match_any"
        wanted = words(f"station.{ones}")
        if all(column.most == 1 for column in self._columns.values()):
            wanted += " " + words("station.match_columns_once")
        if 0 < self._interaction.most < len(rows) or self._interaction.least > 1:
            offered = len(self.crossings)
            given = len(self.value or ())
            wanted += " " + rule_of(words, self._interaction.least, self._interaction.most, given, offered)
        return wanted

    def parts_to_focus(self) -> list[QWidget]:
        return list(self.crossings.values())

    # Geometry

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self, *, anew: bool = False) -> None:
        px, count = self.look.px, len(self._columns)
        em = px(_PX)
        widest = max(
            [natural_width(column.content, self.look, _PX) for column in self._columns.values()] or [0]
        )
        column = round(min(max(widest + px(12), _COLUMN_EM * em), _HEAD_EM * em))
        wide = self.width() >= count * column + 14 * em
        if not anew and (wide, column) == (self._wide, self._column):
            return
        self._wide, self._column = wide, column
        self._heads.setVisible(wide)
        for view, place, content in self._head_views:
            place.setFixedWidth(column)
            view.setFixedWidth(min(column, natural_width(content, self.look, _PX)))
        self._head_row.setContentsMargins(px(12), 0, px(5), 0)
        self._head_row.setSpacing(px(4))
        self._list.setSpacing(px(6))
        for line in self._lines:
            line.lay_out(wide, column)
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(120), super().minimumSizeHint().height())


def _pressing(press: Callable[[str, str], None], row: str, column: str) -> Callable[[], None]:
    return lambda: press(row, column)
