"""One option as a whole row: a radio button, or (one of several) a tick box, that never ticks itself.

A click or a key asks; the tick is drawn when a view says that the answer is durable. So the button's own toggling is
switched off, and `show_chosen` alone changes its state.
"""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QRadioButton, QSizePolicy

from cbt_station.exam.content import as_text
from cbt_station.exam.interactions import Associable, Option
from cbt_station.screens.icons import paint_icon
from cbt_station.screens.look import Look
from cbt_station.screens.media import Media
from cbt_station.screens.rich_text import RichText

TEXT_PX = 18


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
        self.setAutoExclusive(not several)
        self._look, self._media = look, media
        self._waiting = False
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
            self.setAutoExclusive(False)  # or Qt would not let the last one go when an answer is taken back
            self.setChecked(chosen)
            self.setAutoExclusive(not self._several)  # what makes it a radio button for a screen reader
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
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

    # Paint

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_card(painter)
        self._paint_badge(painter)
        inner = self._inner(self.width())
        height = self._text.height_for(inner.width())
        top = max(inner.top(), (self.height() - height) / 2) + self._look.px(
            2
        )  # letters, not lines, in the middle
        self._text.paint(painter, QPointF(inner.left(), top), inner.width(), self._ink())
        if self.isChecked():
            size = self._look.px(24)
            at = QRectF(self.width() - self._look.px(12) - size, (self.height() - size) / 2, size, size)
            paint_icon(painter, "check", at, self._look.colour("accent"))
        painter.end()

    def _ink(self) -> QColor:
        return self._look.colour("ink" if self.isEnabled() else "muted")

    def _paint_card(self, painter: QPainter) -> None:
        hot = self.isChecked() or (self.underMouse() and self.isEnabled())
        border = "focus" if self.hasFocus() else "accent" if hot else "line"
        thick = self._look.px(3 if self.hasFocus() else 2 if self.isChecked() else 1.4)
        painter.setPen(QPen(self._look.colour(border), thick))
        painter.setBrush(self._look.colour("accent_soft" if self.isChecked() else "card"))
        edge = thick / 2 + 0.5
        radius = self._look.px(10)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), radius, radius)

    def _paint_badge(self, painter: QPainter) -> None:
        size = self._look.px(34)
        circle = QRectF(self._look.px(12), (self.height() - size) / 2, size, size)
        filled = self.isChecked()
        ring = "accent" if filled or self._waiting else "line"
        painter.setPen(QPen(self._look.colour(ring), self._look.px(3 if self._waiting else 1.6)))
        painter.setBrush(self._look.colour("accent" if filled else "card"))
        if self._several:
            painter.drawRoundedRect(circle, self._look.px(8), self._look.px(8))
        else:
            painter.drawEllipse(circle)
        painter.setPen(self._look.colour("on_accent" if filled else "ink"))
        painter.setFont(self._look.font(17 if len(self.letter) < 2 else 14, bold=True))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, self.letter)
