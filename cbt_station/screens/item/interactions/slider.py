"""A number set on a scale. Until it is touched nothing is answered: the handle is hollow, and words say so.

What is being set is shown at the handle; what is answered is said beneath, from the view.
"""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QVBoxLayout, QWidget

from cbt_station.exam.interactions import SliderInteraction, Value
from cbt_station.screens.item.interactions.base import PUT_KEYS, InteractionWidget, Respond
from cbt_station.screens.look import Look
from cbt_station.screens.parts import IconButton, label, set_role
from cbt_station.screens.rich.media import Media

_MOST_STEPS: Final = 100_000
_MOST_TICKS: Final = 40
_LONG: Final = 260
"""An upright scale at every text size: with its ends it is seen at once on the smallest screen."""


class Scale(QSlider):
    """`set_by_hand()` is called when the candidate has set a value: at a key, or when the mouse lets go."""

    def __init__(
        self, look: Look, steps: int, *, vertical: bool, reverse: bool, set_by_hand: Callable[[], None]
    ) -> None:
        super().__init__(Qt.Orientation.Vertical if vertical else Qt.Orientation.Horizontal)
        self._look, self._set_by_hand = look, set_by_hand
        self.is_answered = self.is_waiting = False
        self.caption = ""
        self.setRange(0, steps)
        self.setPageStep(max(1, steps // 10))
        self.setInvertedAppearance(reverse)
        self.setInvertedControls(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        fixed, wide = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding
        self.setSizePolicy(fixed if vertical else wide, wide if vertical else fixed)

    # Hand

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows by a step, Page Up and Down by a tenth; Enter and Space take the value that is shown."""
        moves = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Down: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: 1,
            Qt.Key.Key_PageDown: -self.pageStep(),
            Qt.Key.Key_PageUp: self.pageStep(),
            Qt.Key.Key_Home: -self.maximum(),
            Qt.Key.Key_End: self.maximum(),
        }
        key = Qt.Key(event.key()) if event.key() in moves else None
        if key is not None:
            leftwards = self.orientation() == Qt.Orientation.Horizontal and self.invertedAppearance()
            turned = leftwards and key in (Qt.Key.Key_Left, Qt.Key.Key_Right)
            self.setValue(self.value() + (-moves[key] if turned else moves[key]))
            self._set_by_hand()
        elif event.key() in PUT_KEYS and not self.is_answered:
            if not event.isAutoRepeat():
                self._set_by_hand()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.setSliderDown(True)
            self._go_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._go_to(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            self.setSliderDown(False)
            self._set_by_hand()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the wheel scrolls the page, and must not answer on its way

    def _go_to(self, at: QPointF) -> None:
        start, end = self._track()
        along = (at.x() - start) if self.orientation() == Qt.Orientation.Horizontal else (end - at.y())
        part = max(0.0, min(1.0, along / max(1.0, end - start)))
        part = 1 - part if self.invertedAppearance() else part
        self.setValue(round(part * self.maximum()))

    # Geometry and paint

    def _track(self) -> tuple[float, float]:
        """Where the scale begins and ends, along it."""
        edge = self._look.px(22)
        long = self.width() if self.orientation() == Qt.Orientation.Horizontal else self.height()
        return edge, long - edge

    def place_at(self, value: int) -> QPointF:
        """Where on the widget a place of the scale is."""
        start, end = self._track()
        part = value / max(1, self.maximum())
        part = 1 - part if self.invertedAppearance() else part
        if self.orientation() == Qt.Orientation.Horizontal:
            return QPointF(start + part * (end - start), self.height() - self._look.px(20))
        return QPointF(self._look.px(20), end - part * (end - start))

    def sizeHint(self) -> QSize:
        px = self._look.px
        return (
            QSize(px(320), px(72))
            if self.orientation() == Qt.Orientation.Horizontal
            else QSize(px(130), _LONG)
        )

    def minimumSizeHint(self) -> QSize:
        px = self._look.px
        return (
            QSize(px(140), px(72))
            if self.orientation() == Qt.Orientation.Horizontal
            else QSize(px(110), min(px(200), _LONG))
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, look = QPainter(self), self._look
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        zero, last, here = self.place_at(0), self.place_at(self.maximum()), self.place_at(self.value())
        painter.setPen(QPen(look.colour("line"), look.px(6), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(zero, last)
        if self.is_answered:
            painter.setPen(
                QPen(look.colour("accent"), look.px(6), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
            )
            painter.drawLine(zero, here)
        self._paint_ticks(painter)
        self._paint_handle(painter, here)
        self._paint_caption(painter, here)
        painter.end()

    def _paint_ticks(self, painter: QPainter) -> None:
        if not 0 < self.maximum() <= _MOST_TICKS:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.colour("card"))
        for value in range(self.maximum() + 1):
            painter.drawEllipse(self.place_at(value), self._look.px(1.6), self._look.px(1.6))

    def _paint_handle(self, painter: QPainter, here: QPointF) -> None:
        look, radius = self._look, self._look.px(12)
        pen = QPen(look.colour("accent" if self.is_answered else "line"), look.px(3))
        if self.is_waiting or not self.is_answered:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(look.colour("accent" if self.is_answered and not self.is_waiting else "card"))
        painter.drawEllipse(here, radius, radius)
        if self.hasFocus():
            painter.setPen(QPen(look.colour("focus"), look.px(3)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(here, radius + look.px(4), radius + look.px(4))

    def _paint_caption(self, painter: QPainter, here: QPointF) -> None:
        """The number at the handle: above it, or beside it on an upright scale."""
        look = self._look
        painter.setFont(look.font(17, bold=True))
        painter.setPen(look.colour("ink" if self.is_answered or self.is_waiting else "muted"))
        wide, high = painter.fontMetrics().horizontalAdvance(self.caption) + 4, look.px(26)
        if self.orientation() == Qt.Orientation.Horizontal:
            left = max(0.0, min(here.x() - wide / 2, self.width() - wide))
            place = QRectF(left, here.y() - look.px(18) - high, wide, high)
        else:
            place = QRectF(here.x() + look.px(22), here.y() - high / 2, wide, high)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self.caption)


class SliderWidget(InteractionWidget):
    """The scale between its ends, buttons for one step, and what is answered."""

    def __init__(
        self,
        look: Look,
        interaction: SliderInteraction,
        _media: Media,
        _order: tuple[str, ...] | None,
        respond: Respond,
    ) -> None:
        super().__init__(look, respond)
        self._low, self._high, self._step = (
            _decimal(text) for text in (interaction.low, interaction.high, interaction.step)
        )
        steps = self._steps()
        self.scale = Scale(
            look, steps, vertical=interaction.vertical, reverse=interaction.reverse, set_by_hand=self._set
        )
        self.scale.setAccessibleName(self.words("station.slider", low=self._said(0), high=self._said(steps)))
        self.scale.valueChanged.connect(self._moved)
        self.less, self.more = IconButton(look, "minus"), IconButton(look, "plus")
        for button, by in ((self.less, -1), (self.more, 1)):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(_stepping(self._step_by, by))
        self.less.name(self.words("station.slider_less"))
        self.more.name(self.words("station.slider_more"))
        self.state = label(role="waiting")
        self._lay_out(interaction, steps)
        self._middle = steps // 2
        self.scale.setValue(self._middle)
        self.draw()
        self.show_rule()

    def _lay_out(self, interaction: SliderInteraction, steps: int) -> None:
        ends = [label(self._said(0), "strong", wrap=False), label(self._said(steps), "strong", wrap=False)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        middle = Qt.AlignmentFlag.AlignBottom
        if interaction.vertical:
            top, bottom = (ends[0], ends[1]) if interaction.reverse else (ends[1], ends[0])
            line = QHBoxLayout()
            upright = QVBoxLayout()
            for part in (top, self.scale, bottom):
                upright.addWidget(part)
            line.addLayout(upright)
            buttons = QVBoxLayout()
            buttons.addStretch(1)
            for button in (self.more, self.less):
                buttons.addWidget(button)
            buttons.addStretch(1)
            line.addLayout(buttons)
            line.addStretch(1)
        else:
            line = QHBoxLayout()
            first, last = (ends[1], ends[0]) if interaction.reverse else (ends[0], ends[1])
            line.addWidget(self.less, 0, middle)
            line.addWidget(first, 0, middle)
            line.addWidget(self.scale, 1)
            line.addWidget(last, 0, middle)
            line.addWidget(self.more, 0, middle)
            for end in ends:
                end.setMinimumHeight(self.less.sizeHint().height())
        line.setSpacing(self.look.px(10))
        column.addWidget(self.hint)
        column.addLayout(line)
        column.addWidget(self.state)

    # Numbers

    def _steps(self) -> int:
        """How many steps up from the low end reach the high one."""
        if self._step <= 0 or self._high <= self._low:
            return 1
        return max(1, min(_MOST_STEPS, int(-(-(self._high - self._low) // self._step))))

    def value_at(self, place: int) -> str:
        """The response at a place of the scale."""
        text = format(min(self._high, self._low + self._step * place), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text

    def place_of(self, value: str) -> int:
        step = self._step or Decimal(1)
        return max(0, min(self.scale.maximum(), round((_decimal(value) - self._low) / step)))

    def _said(self, place: int) -> str:
        text = self.value_at(place)
        return text.replace(".", ",") if self.look.language == "id" else text

    # Acts

    def _set(self) -> None:
        self.ask(self.value_at(self.scale.value()))

    def _step_by(self, by: int) -> None:
        self.scale.setValue(self.scale.value() + (by if self.value is not None or self.waits else 0))
        self._set()

    def _moved(self, place: int) -> None:
        self.scale.caption = self._said(place)
        self.scale.update()

    # Drawing

    def draw(self) -> None:
        words, scale = self.words, self.scale
        if not self.waits and not scale.isSliderDown():
            shown = self.place_of(self.value) if isinstance(self.value, str) else self._middle
            scale.setValue(shown)
        scale.is_answered, scale.is_waiting = self.value is not None, self.waits
        scale.caption = self._said(scale.value())
        key = "waiting" if self.waits else "slider_answer" if self.value is not None else "slider_not_yet"
        shown_value = self._said(self.place_of(self.value)) if isinstance(self.value, str) else ""
        self.state.setText(words(f"station.{key}", value=shown_value))
        set_role(self.state, "saved" if key == "slider_answer" else "waiting")
        scale.setAccessibleDescription(self.state.text())
        scale.update()

    def told_of(self, _before: Value | None, _now: Value | None) -> str:
        return self.state.text()

    def rule(self) -> str:
        return self.words("station.slider_rule")

    def parts_to_focus(self) -> list[QWidget]:
        return [self.scale]


def _decimal(text: str) -> Decimal:
    """A number of the item, which was checked when its bank was compiled; nought for one that is none."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() else Decimal(0)


def _stepping(step: Callable[[int], None], by: int) -> Callable[[], None]:
    return lambda: step(by)
