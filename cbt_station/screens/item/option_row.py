"""One option as a whole row: a radio button, or (one of several) a tick box, that never ticks itself.

A click or a key asks; the tick is drawn when a view says that the answer is durable. So the button's own toggling is
switched off, and `show_chosen` alone changes its state.
"""

from math import ceil
from typing import Final, NamedTuple

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QRadioButton, QSizePolicy

from cbt_station.exam.content import as_text
from cbt_station.exam.interactions import Associable, Option
from cbt_station.screens.icons import paint_icon
from cbt_station.screens.look import Look
from cbt_station.screens.rich.media import Media
from cbt_station.screens.rich.text import RichText
from cbt_station.screens.ticks import only_ask, set_tick

TEXT_PX = 18
_MOST_PICTURES: Final = 6
"""Of a row, kept: with and without its tick, focus and mouse."""
_SEEN_MS: Final = 30
"""By now the question has been painted."""


class _State(NamedTuple):
    """All that a row's look depends on, but for theme and text size."""

    chosen: bool
    waiting: bool
    focused: bool
    hot: bool
    enabled: bool
    width: int
    height: int
    ratio: float
    """Pixels of the screen that it is on to one of these."""


class OptionRow(QRadioButton):
    """`letter` is its place on the screen, `option` what it means: answers are kept by option id.

    `several`: others may be chosen beside it. It is then a tick box with a square badge (for a screen reader too: what
    is not exclusive is none of a group's radio buttons).
    """

    def __init__(
        self, look: Look, letter: str, option: Option | Associable, media: Media, *, several: bool = False
    ) -> None:
        super().__init__()
        self.letter, self.option, self._several = letter, option, several
        self.setAutoExclusive(not several)  # what makes it a radio button for a screen reader
        only_ask(self)
        self._look, self._media = look, media
        self._waiting = self._preparing = False
        self._pictures: dict[_State, QPixmap] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(f"{letter}. {as_text(option.content)}")
        look.changed.connect(self._build)
        self._build()

    def show_chosen(self, chosen: bool) -> None:
        """What the last view says of this option. A tick that is waited for is painted before all else."""
        waited, changed = self._waiting, chosen != self.isChecked()
        self._waiting = False
        if changed:
            set_tick(self, chosen)
        if waited and chosen:
            self.repaint()
        elif waited or changed:
            self.update()

    def show_waiting(self) -> None:
        """The answer was asked for and is not durable yet: an open ring, no tick."""
        self._waiting = True
        self.update()

    def nextCheckState(self) -> None:
        """Nothing: only a view changes the state."""

    def _build(self) -> None:
        self._pictures.clear()
        self._text = RichText(self.option.content, self._media, self._look, TEXT_PX)
        self.updateGeometry()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space answers; every other key is the page's (a radio button would move its choice with the arrows)."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.click()
        else:
            event.ignore()

    # Geometry: frame, badge with the letter, text, place for the tick.

    def _frame(self) -> int:
        return self._look.px(2)

    def _inner(self, width: int) -> QRect:
        pad, badge = self._look.px(12), self._look.px(34)
        left = pad + badge + self._look.px(14)
        right = pad + self._look.px(28)
        return QRect(left, pad, max(1, width - left - right), 1)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        inner = self._inner(width)
        return max(self._look.px(34), self._text.height_for(inner.width())) + 2 * inner.top()

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > 0 else self._look.px(480)
        return QSize(self._look.px(480), self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(120), self._look.px(48))

    def hitButton(self, at: QPoint) -> bool:
        return self.rect().contains(at)

    # Paint: a picture for each state, so that a key press only lays one on the screen.

    def showEvent(self, event: QShowEvent) -> None:
        """It paints all of its ground, so that Qt need not paint what lies under it; the style sheet has unset that."""
        super().showEvent(event)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, _event: QPaintEvent) -> None:
        state, painter = self._state(), QPainter(self)
        is_whole = state.ratio.is_integer()
        if is_whole:
            painter.drawPixmap(0, 0, self._picture(state))
        else:  # the row may begin within a pixel, where a picture of it would be blurred
            self._draw(painter, state)
        painter.end()
        if is_whole and not self._preparing:
            self._preparing = True
            QTimer.singleShot(0, self, self.prepare)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A row that is out of sight is prepared too: a press brings it into sight, and draws it with its tick."""
        super().resizeEvent(event)
        QTimer.singleShot(_SEEN_MS, self, self.prepare)

    def prepare(self) -> None:
        """Draw the row as it will look when it is answered, and when another is, before anybody answers."""
        self._preparing = False
        state = self._state()
        if state.ratio.is_integer():
            for answered in (True, False):
                self._picture(state._replace(chosen=answered, waiting=False, focused=answered))

    def _state(self) -> _State:
        size = self.size()
        return _State(
            chosen=self.isChecked(),
            waiting=self._waiting,
            focused=self.hasFocus(),
            hot=self.underMouse() and self.isEnabled(),
            enabled=self.isEnabled(),
            width=size.width(),
            height=size.height(),
            ratio=self.devicePixelRatioF(),
        )

    def _picture(self, state: _State) -> QPixmap:
        found = self._pictures.get(state)
        if found is None:
            found = QPixmap(ceil(state.width * state.ratio), ceil(state.height * state.ratio))
            found.setDevicePixelRatio(state.ratio)
            painter = QPainter(found)
            self._draw(painter, state)
            painter.end()
            if len(self._pictures) >= _MOST_PICTURES:
                self._pictures.clear()
            self._pictures[state] = found
        return found

    def _draw(self, painter: QPainter, state: _State) -> None:
        painter.fillRect(0, 0, state.width, state.height, self._look.colour("background"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_card(painter, state)
        self._draw_badge(painter, state)
        inner = self._inner(state.width)
        height = self._text.height_for(inner.width())
        top = max(inner.top(), (state.height - height) / 2)
        top += self._look.px(2)  # letters, not lines, in the middle
        ink = self._look.colour("ink" if state.enabled else "muted")
        self._text.paint(painter, QPointF(inner.left(), top), inner.width(), ink)
        if state.chosen:
            size = self._look.px(24)
            at = QRectF(state.width - self._look.px(12) - size, (state.height - size) / 2, size, size)
            paint_icon(painter, "check", at, self._look.colour("accent"))

    def _draw_card(self, painter: QPainter, state: _State) -> None:
        border = "focus" if state.focused else "accent" if state.chosen or state.hot else "line"
        thick = self._look.px(3 if state.focused else 2 if state.chosen else 1.4)
        painter.setPen(QPen(self._look.colour(border), thick))
        painter.setBrush(self._look.colour("accent_soft" if state.chosen else "card"))
        edge = thick / 2 + 0.5
        radius = self._look.px(10)
        whole = QRectF(0, 0, state.width, state.height)
        painter.drawRoundedRect(whole.adjusted(edge, edge, -edge, -edge), radius, radius)

    def _draw_badge(self, painter: QPainter, state: _State) -> None:
        size = self._look.px(34)
        circle = QRectF(self._look.px(12), (state.height - size) / 2, size, size)
        ring = "accent" if state.chosen or state.waiting else "line"
        painter.setPen(QPen(self._look.colour(ring), self._look.px(3 if state.waiting else 1.6)))
        painter.setBrush(self._look.colour("accent" if state.chosen else "card"))
        if self._several:
            painter.drawRoundedRect(circle, self._look.px(8), self._look.px(8))
        else:
            painter.drawEllipse(circle)
        painter.setPen(self._look.colour("on_accent" if state.chosen else "ink"))
        painter.setFont(self._look.font(17 if len(self.letter) < 2 else 14, bold=True))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, self.letter)
