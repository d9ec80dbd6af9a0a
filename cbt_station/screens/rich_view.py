"""`RichView`: the one widget that shows item content, and the only place where text is not plain.

A label for a screen reader (its name is the content read as text, with alt texts for pictures and formulas), painted by
`RichText`. It takes no input and opens nothing.
"""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy

from cbt_station.exam.content import Blocks, as_text
from cbt_station.screens.look import Look
from cbt_station.screens.media import Media
from cbt_station.screens.rich_text import RichText


class RichView(QLabel):
    """Blocks at `size` pixels (at 100 %); wraps to its width and asks for the height that this takes.

    Reached by Tab it shows a ring; `pad` (pixels at 100 %) leaves room for that.
    """

    def __init__(self, look: Look, size: float = 16, *, pad: int = 0) -> None:
        super().__init__()
        self._look, self._size, self._pad = look, size, pad
        self._blocks: Blocks = ()
        self._media = Media({})
        self._ringed = False
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        look.changed.connect(self._build)
        self._build()

    def show_blocks(self, blocks: Blocks, media: Media) -> None:
        """Show other content."""
        self._blocks, self._media = blocks, media
        self.setAccessibleName(as_text(blocks))
        self._build()

    def _build(self) -> None:
        self._text = RichText(self._blocks, self._media, self._look, self._size)
        self.updateGeometry()
        self.update()

    def _edge(self) -> int:
        return self._look.px(self._pad) if self._pad else 0

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._text.height_for(max(1, width - 2 * self._edge())) + 2 * self._edge()

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > 0 else self._look.px(480)
        return QSize(self._look.px(480), self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(80), max(24, self._look.px(self._size)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ringed = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ringed = False
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, edge = QPainter(self), self._edge()
        self._text.paint(
            painter, QPointF(edge, edge), max(1, self.width() - 2 * edge), self._look.colour("ink")
        )
        if self._ringed:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._look.colour("focus"), self._look.px(2)))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 6, 6)
        painter.end()
