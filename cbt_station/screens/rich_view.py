"""`RichView`: the one widget that shows item content, and the only place where text is not plain.

A label for a screen reader (its name is the content read as text, with alt texts for pictures and formulas), painted by
`RichText`. It takes no input and opens nothing.
"""

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from cbt_station.exam.content import Blocks, as_text
from cbt_station.screens.look import Look
from cbt_station.screens.media import Media
from cbt_station.screens.rich_text import RichText


class RichView(QLabel):
    """Blocks at `size` pixels (at 100 %); wraps to its width and asks for the height that this takes."""

    def __init__(self, look: Look, size: float = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._size = look, size
        self._blocks: Blocks = ()
        self._media = Media({})
        self._text = RichText((), self._media, look, size)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        look.changed.connect(self._build)

    def show_blocks(self, blocks: Blocks, media: Media) -> None:
        """Show other content."""
        self._blocks, self._media = blocks, media
        self.setAccessibleName(as_text(blocks))
        self._build()

    def _build(self) -> None:
        self._text = RichText(self._blocks, self._media, self._look, self._size)
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._text.height_for(max(1, width))

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > 0 else self._look.px(480)
        return QSize(self._look.px(480), self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(80), self._look.px(self._size))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._text.paint(painter, QPointF(0, 0), self.width(), self._look.colour("ink"))
        painter.end()
