"""Points of a picture: by a click, or by keys with a crosshair that says where it is.

Arrows move it by ten pixels, with Shift by one; Enter or Space puts a point; Delete takes the nearest away. The list
beside the picture names every point and takes it away.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cbt_station.exam.content import Paragraph, Text
from cbt_station.exam.interactions import SelectPointInteraction, Value
from cbt_station.screens.item.interactions.base import PUT_KEYS, InteractionWidget, Respond, pair_of
from cbt_station.screens.item.interactions.beside import Beside
from cbt_station.screens.item.interactions.board import Board
from cbt_station.screens.item.interactions.counts import rule_of
from cbt_station.screens.item.interactions.rich_button import RichButton
from cbt_station.screens.look import Look
from cbt_station.screens.parts import announce, label
from cbt_station.screens.rich.media import Media

_STEP: Final = 10
_DARK, _LIGHT, _POINT = "#18212B", "#FFFFFF", "#B0261D"
_NEAR_PX: Final = 14


class Aim(QPushButton):
    """The picture as one thing that takes the focus (a button for a screen reader), laid over the board."""

    def __init__(self, board: "PointBoard") -> None:
        super().__init__(board)
        self._board = board
        self.key: Callable[[QKeyEvent], bool] = lambda _event: False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setAutoDefault(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.key(event):
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ring of the focus, seen on the page and on the picture's paper; everything else is the board's."""
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for colour, thick, inset in self._board.rings():
                painter.setPen(QPen(colour, thick))
                edge = inset + thick / 2
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), 8, 8)
            painter.end()

    def minimumSizeHint(self) -> QSize:
        return QSize(24, 24)


class PointBoard(Board):
    """The picture, its points and the crosshair."""

    def __init__(self, look: Look, interaction: SelectPointInteraction, media: Media) -> None:
        super().__init__(look, interaction.picture, media)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.points: list[tuple[QPoint, bool]] = []
        """Each point, and whether it is waited for."""
        self.at = QPoint(self.picture.width // 2, self.picture.height // 2)
        self.carried: tuple[QPoint, QPoint] | None = None
        self.aim = Aim(self)

    def rings(self) -> tuple[tuple[QColor, int, int], ...]:
        """Colour, width and how far in: in a dark theme the colour of the focus is not seen on white paper."""
        outer, inner = self._look.px(3), self._look.px(2)
        return (QColor(_DARK), inner, outer), (self._look.colour("focus"), outer, 0)

    def resizeEvent(self, _event: object) -> None:
        self.aim.setGeometry(0, 0, self.width(), self.height_of_picture())

    def height_of_picture(self) -> int:
        return min(self.height(), self.heightForWidth(self.width()))

    def near(self, at: QPointF) -> QPoint | None:
        """The point that a press at a place of the picture means."""
        far = self._look.px(_NEAR_PX) / self.scale()
        found = [point for point, _ in self.points if _distance(point, at) <= far]
        return min(found, key=lambda point: _distance(point, at)) if found else None

    def held_within(self, at: QPointF) -> QPoint:
        """Whole pixels of the picture."""
        x, y = round(at.x()), round(at.y())
        return QPoint(max(0, min(self.picture.width, x)), max(0, min(self.picture.height, y)))

    def paint_over(self, painter: QPainter) -> None:
        for number, (point, waiting) in enumerate(self.points, start=1):
            shown = self.carried[1] if self.carried and self.carried[0] == point else point
            self._paint_point(painter, shown, number, waiting=waiting or shown != point)
        if self.aim.hasFocus():
            self._paint_cross(painter)

    def _paint_point(self, painter: QPainter, point: QPoint, number: int, *, waiting: bool) -> None:
        look, at = self._look, self.to_screen(point.toPointF())
        radius = look.px(9)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, thick in ((_LIGHT, look.px(5)), (_POINT, look.px(2.6))):
            pen = QPen(QColor(colour), thick)
            if waiting and colour == _POINT:
                pen.setStyle(Qt.PenStyle.DotLine)
            painter.setPen(pen)
            painter.drawEllipse(at, radius, radius)
            painter.drawLine(at + QPointF(-radius * 1.6, 0), at + QPointF(radius * 1.6, 0))
            painter.drawLine(at + QPointF(0, -radius * 1.6), at + QPointF(0, radius * 1.6))
        if len(self.points) > 1:
            painter.setFont(look.font(14, bold=True))
            plate = painter.fontMetrics().boundingRect(str(number)).adjusted(-4, -2, 4, 2)
            plate.moveTopLeft((at + QPointF(radius, -radius - plate.height())).toPoint())
            painter.fillRect(plate, QColor(_DARK))
            painter.setPen(QColor(_LIGHT))
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, str(number))

    def _paint_cross(self, painter: QPainter) -> None:
        at, look = self.to_screen(self.at.toPointF()), self._look
        end = self.to_screen(QPointF(self.picture.width, self.picture.height))
        start = self.origin()
        for colour, thick in ((_LIGHT, look.px(4)), (_DARK, look.px(1.6))):
            painter.setPen(QPen(QColor(colour), thick))
            painter.drawLine(QPointF(start.x(), at.y()), QPointF(end.x(), at.y()))
            painter.drawLine(QPointF(at.x(), start.y()), QPointF(at.x(), end.y()))


class SelectPointWidget(InteractionWidget):
    """`board` is the picture, `buttons` the points by their value."""

    def __init__(
        self,
        look: Look,
        interaction: SelectPointInteraction,
        media: Media,
        _order: tuple[str, ...] | None,
        respond: Respond,
    ) -> None:
        super().__init__(look, respond)
        self._interaction, self._media = interaction, media
        self.board = PointBoard(look, interaction, media)
        self.board.pressed, self.board.hovered, self.board.released = (
            self._pressed,
            self._hovered,
            self._released,
        )
        self.board.aim.key = self._key
        self._down: QPoint | None = None
        self.buttons: dict[str, RichButton] = {}
        self._caption = label(role="small")
        self._beside = Beside(look, self.board)
        self._beside.column.addWidget(self._caption)
        self._points = QVBoxLayout()
        self._beside.column.addLayout(self._points)
        self._beside.column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.hint)
        column.addWidget(self._beside)
        self._name()
        self.draw()
        self.show_rule()

    # Acts

    def put(self, at: QPoint) -> None:
        """Ask for a point more; where one is all that may be, it replaces the other."""
        value, most = f"{at.x()} {at.y()}", self._interaction.most
        if value in self.values:
            return
        if most == 1:
            self.ask((value,))
        elif most and len(self.values) >= most:
            self.refuse(self.words("station.point_too_many", most=most))
        else:
            self.ask((*self.values, value))

    def take_away(self, value: str) -> None:
        """Ask for the points without one."""
        self.ask(tuple(one for one in self.values if one != value))

    def _move(self, value: str, to: QPoint) -> None:
        moved = f"{to.x()} {to.y()}"
        if moved != value and moved not in self.values:
            self.ask(tuple(moved if one == value else one for one in self.values))

    def _pressed(self, at: QPointF) -> None:
        self.board.aim.setFocus(Qt.FocusReason.MouseFocusReason)
        self.board.at = self.board.held_within(at)
        self._down = self.board.near(at)
        if self._down is None:
            self.put(self.board.at)
        self._name()

    def _hovered(self, at: QPointF | None) -> None:
        if self._down is not None and at is not None:
            self.board.carried = (self._down, self.board.held_within(at))
            self.board.update()

    def _released(self, at: QPointF) -> None:
        down, self._down, self.board.carried = self._down, None, None
        to = self.board.held_within(at)
        if down is not None and _distance(down, at) * self.board.scale() > self.look.px(4):
            self._move(f"{down.x()} {down.y()}", to)
        self.board.update()

    # Keys

    def _key(self, event: QKeyEvent) -> bool:
        key, board = event.key(), self.board
        step = 1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
        moves = {
            Qt.Key.Key_Left: QPoint(-step, 0),
            Qt.Key.Key_Right: QPoint(step, 0),
            Qt.Key.Key_Up: QPoint(0, -step),
            Qt.Key.Key_Down: QPoint(0, step),
        }
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        if key in moves:
            board.at = board.held_within((board.at + moves[Qt.Key(key)]).toPointF())
            self._name()
            board.update()
            announce(board.aim, self._where(board.at))
            return True
        if key in PUT_KEYS:
            if not event.isAutoRepeat():
                self.put(board.at)
            return True
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            nearest = min(board.points, key=lambda one: _distance(one[0], board.at.toPointF()), default=None)
            if nearest is not None:
                self.take_away(f"{nearest[0].x()} {nearest[0].y()}")
            return True
        return False

    def _where(self, at: QPoint) -> str:
        picture = self.board.picture
        return self.words("station.point_at", x=at.x(), y=at.y(), width=picture.width, height=picture.height)

    def _name(self) -> None:
        aim = self.board.aim
        aim.setAccessibleName(self.words("station.point_board", alt=self.board.picture.alt))
        aim.setAccessibleDescription(f"{self._where(self.board.at)}. {self.words('station.point_keys')}")

    # Drawing

    def draw(self) -> None:
        durable, asked = self.value or (), self.values
        shown = [*durable, *(one for one in asked if one not in durable)]
        self.board.points = [
            (QPoint(*(int(number) for number in pair_of(one))), (one in durable) != (one in asked))
            for one in shown
        ]
        for value in [value for value in self.buttons if value not in shown]:
            self._forget(value)
        for number, value in enumerate(shown, start=1):
            if value not in self.buttons:
                self._show(value)
            button = self.buttons[value]
            x, y = pair_of(value)
            words = self.words("station.point", number=number, x=x, y=y)
            button.show_blocks((Paragraph(content=(Text(text=words),)),))
            button.name(words, self.words("station.point_undo"))
            button.show_state(filled=value in durable, waiting=(value in durable) != (value in asked))
        self._caption.setText(self.words("station.points" if shown else "station.points_none"))
        self.board.update()

    def _show(self, value: str) -> None:
        button = RichButton(self.look, (), self._media, lambda _button: self.take_away(value))
        button.badge_icon = "x"
        self.buttons[value] = button
        self._points.addWidget(button)
        button.show()

    def _forget(self, value: str) -> None:
        button = self.buttons.pop(value)
        if button.hasFocus():
            self.board.aim.setFocus(Qt.FocusReason.OtherFocusReason)
        self._points.removeWidget(button)
        button.hide()
        button.deleteLater()

    def told_of(self, before: Value | None, now: Value | None) -> str:
        new = [value for value in now or () if value not in (before or ())]
        if new:
            x, y = pair_of(new[-1])
            return self.words("station.point_put", x=x, y=y)
        return self.words("station.point_gone")

    def rule(self) -> str:
        words, part = self.words, self._interaction
        counts = rule_of(words, part.least, part.most, len(self.value or ()), 1 << 30)
        return f"{words('station.point_rule')} {counts}"

    def parts_to_focus(self) -> list[QWidget]:
        return [self.board.aim, *self.buttons.values()]


def _distance(point: QPoint, at: QPointF) -> float:
    return float((point.toPointF() - at).manhattanLength())
