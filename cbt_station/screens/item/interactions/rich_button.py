"""A button whose words are content (formulas, pictures): chips, places to put them, rows to order.

It paints itself by states that its interaction sets; a press calls back, and nothing changes by itself. Content that
does not fit is drawn smaller, never cut.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QPushButton, QSizePolicy

from cbt_station.exam.content import Blocks, Formula, Paragraph, Picture, as_text, inlines_as_text
from cbt_station.screens.icons import paint_icon
from cbt_station.screens.look import Look
from cbt_station.screens.rich.media import Media
from cbt_station.screens.rich.text import RichText

TEXT_PX: Final = 17
_MOST_EM: Final = 24
"""A chip is at most this wide; longer content wraps in it."""


def natural_width(blocks: Blocks, look: Look, size: float) -> int:
    """How wide content is that need not wrap, in pixels."""
    metrics, em = QFontMetricsF(look.font(size)), look.px(size)
    widths = [float(em)]
    for block in blocks:
        if isinstance(block, Picture):
            widths.append(block.width * look.zoom / 100 + look.px(18))
        elif isinstance(block, Paragraph):
            formulas = [part for part in block.content if isinstance(part, Formula)]
            text = inlines_as_text(tuple(part for part in block.content if not isinstance(part, Formula)))
            lines = text.split("\n")
            widths.append(
                max(metrics.horizontalAdvance(line) for line in lines) * 1.04
                + sum(part.width * em / 1000 for part in formulas)
            )
        else:
            widths.append(float(_MOST_EM * em))
    return min(round(max(widths) + 2), _MOST_EM * em)


class RichButton(QPushButton):
    """`pressed_by(self)` is called on a click, Enter or Space; `key_pressed(self, key)` may take another key."""

    def __init__(
        self, look: Look, content: Blocks, media: Media, pressed_by: Callable[["RichButton"], None]
    ) -> None:
        super().__init__()
        self._look, self._media, self._blocks = look, media, content
        self.picked = self.filled = self.waiting = self.muted = self.empty = self.welcomes = False
        self.badge = self.badge_icon = ""
        self.size_px: float = TEXT_PX
        self.pad_px = 8
        self.key_pressed: Callable[[RichButton, int], bool] = lambda _button, _key: False
        self.dragged: Callable[[RichButton, QPoint, bool], None] | None = None
        """Called while it is dragged, with the cursor's place on the screen, and at last with True."""
        self._drag_from: QPoint | None = None
        self._dragging = False
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.clicked.connect(lambda: pressed_by(self))
        look.changed.connect(self.build)
        self.build()

    def show_blocks(self, content: Blocks) -> None:
        """Other content."""
        if content != self._blocks:
            self._blocks = content
            self.build()

    def name(self, text: str, more: str = "") -> None:
        """For a screen reader."""
        if text != self.accessibleName():
            self.setAccessibleName(text)
        if more != self.accessibleDescription():
            self.setAccessibleDescription(more)

    def show_state(self, **states: bool) -> None:
        """picked, filled, waiting, muted, empty, welcomes: how it is painted."""
        changed = [name for name, on in states.items() if getattr(self, name) != on]
        for name in changed:
            setattr(self, name, states[name])
        if changed:
            self.update()

    def build(self) -> None:
        self._text = RichText(self._blocks, self._media, self._look, self.size_px)
        self.updateGeometry()
        self.update()

    # Keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if not event.isAutoRepeat():
                self.click()
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier or not self.key_pressed(
            self, event.key()
        ):
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag_from, self._dragging = event.position().toPoint(), False
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        far = QApplication.startDragDistance()
        if self.dragged is None or self._drag_from is None:
            super().mouseMoveEvent(event)
        elif self._dragging or (at - self._drag_from).manhattanLength() >= far:
            self._dragging = True
            self.setDown(False)
            self.dragged(self, self.mapToGlobal(at), False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragging, self._dragging, self._drag_from = self._dragging, False, None
        if dragging and self.dragged is not None:
            self.setDown(False)
            self.dragged(self, self.mapToGlobal(event.position().toPoint()), True)
        else:
            super().mouseReleaseEvent(event)

    # Geometry

    def edges(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of the content."""
        px, pad = self._look.px, self.pad_px
        left = px(pad + 4) + (px(34) if self.badge else 0)
        right = px(pad + 4) + (px(24) if self.badge_icon else 0)
        return left, px(pad), right, px(pad)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        left, top, right, bottom = self.edges()
        inner = self._text.height_for(max(1, width - left - right)) if self._blocks else 0
        return max(self._look.px(22), inner) + top + bottom

    def natural(self) -> int:
        """How wide it would like to be."""
        left, _, right, _ = self.edges()
        return left + right + natural_width(self._blocks, self._look, self.size_px)

    def sizeHint(self) -> QSize:
        width = self.natural()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(60), self._look.px(38))

    # Paint

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_card(painter)
        self._paint_content(painter)
        self._paint_badges(painter)
        painter.end()

    def ink(self) -> QColor:
        return self._look.colour("muted" if self.muted else "ink")

    def _paint_card(self, painter: QPainter) -> None:
        look, hot = self._look, self.underMouse() and self.isEnabled()
        strong = self.picked or self.filled or self.welcomes or self.waiting
        border = "focus" if self.hasFocus() else "accent" if strong or hot else "line"
        thick = look.px(3 if self.hasFocus() or self.picked else 2 if strong else 1.4)
        pen = QPen(look.colour(border), thick)
        if (self.waiting or self.muted or self.empty) and not self.hasFocus():
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        ground = "accent_soft" if self.filled or self.picked or self.welcomes else "card"
        painter.setBrush(look.colour("background" if self.muted else ground))
        edge = thick / 2 + 0.5
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), look.px(9), look.px(9)
        )

    def _paint_content(self, painter: QPainter) -> None:
        left, top, right, bottom = self.edges()
        width, room = max(1, self.width() - left - right), max(1, self.height() - top - bottom)
        height = self._text.height_for(width) if self._blocks else 0
        scale, wide = min(1.0, room / height) if height else 1.0, width
        while height and height * scale > room + 1 and scale > 0.3:  # narrower letters need fewer lines
            scale *= 0.94
            wide = round(width / scale)
            height = self._text.height_for(wide)
        painter.save()
        painter.translate(
            left, top + (room - height * scale) / 2 + self._look.px(2)
        )  # letters, not lines, in the middle
        painter.scale(scale, scale)
        self._text.paint(painter, QPointF(0, 0), wide, self.ink())
        painter.restore()

    def _paint_badges(self, painter: QPainter) -> None:
        look, size = self._look, self._look.px(26)
        at = QRectF(look.px(self.pad_px), (self.height() - size) / 2, size, size)
        if self.badge:
            painter.setPen(QPen(look.colour("accent" if self.filled else "line"), look.px(1.6)))
            painter.setBrush(look.colour("accent" if self.filled else "card"))
            painter.drawRoundedRect(at, look.px(7), look.px(7))
            painter.setPen(look.colour("on_accent" if self.filled else "ink"))
            painter.setFont(look.font(14, bold=True))
            painter.drawText(at, Qt.AlignmentFlag.AlignCenter, self.badge)
        if self.badge_icon:
            small = look.px(18)
            right = QRectF(
                self.width() - look.px(self.pad_px) - small, (self.height() - small) / 2, small, small
            )
            paint_icon(painter, self.badge_icon, right, look.colour("accent" if self.filled else "muted"))


def spoken(content: Blocks, other: str = "") -> str:
    """Content as one line for a screen reader."""
    return " ".join(as_text(content).split()) or other
