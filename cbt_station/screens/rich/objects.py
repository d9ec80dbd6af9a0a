"""What stands in a line of text without being text: formulas, pictures, widgets; where its baseline is, how it is painted.

All lengths are pixels of the screen at the present text size. Qt gives an object on the baseline the descent of its
format's font, in whole pixels: `descending` finds the font for a descent, and what is missing to a whole pixel is left
free below the object, so that baselines are exact.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from math import ceil
from typing import Final, Protocol, cast

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPyTextObject,
    QTextCharFormat,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QWidget

from cbt_station.exam.content import Formula, InlinePicture, Picture
from cbt_station.screens.fonts import TEXT
from cbt_station.screens.look import Look
from cbt_station.screens.rich.media import Media
from cbt_station.screens.rich.sideways import Rolled, Sideways

OBJECT: Final = int(QTextFormat.ObjectTypes.UserObject) + 1
CHARACTER: Final = "\ufffc"
_WHICH: Final = int(QTextFormat.Property.UserProperty) + 1
_PAPER_EDGE: Final = 8
_LEAST: Final = 32.0
"""No picture gets narrower than this, however narrow its place."""
_ON_PAPER: Final = "#18212B"


class Setting:
    """What all parts of one content share: its media, the look, the text size in pixels, the widgets by id.

    `sideways` makes the widget in which a table too wide for any page is rolled; None where widgets have no place.
    """

    def __init__(
        self,
        media: Media,
        look: Look,
        em: float,
        widgets: Mapping[str, QWidget],
        sideways: Callable[[Rolled], Sideways] | None = None,
    ) -> None:
        self.media, self.look, self.em, self.widgets, self.sideways = media, look, em, widgets, sideways
        self.ink = QColor("black")
        self._taken: set[str] = set()

    def take(self, name: str) -> QWidget | None:
        """The widget of an id, for the first place that asks for it: a widget can stand in one place only."""
        if name in self._taken:
            return None
        self._taken.add(name)
        return self.widgets.get(name)


class Inlay(Protocol):
    """Something in a line: how far it reaches above and below the baseline, and how wide it is where there is room.

    `head` and `tail`: how wide the punctuation is that no line parts from it, before and after it (`holding`).
    """

    below: float
    head: float
    tail: float

    def size(self, room: float) -> tuple[float, float]:
        """Width, and height above the baseline."""

    def paint(self, painter: QPainter, rect: QRectF) -> None: ...


class _Held:
    """Nothing hangs on it until the whole line is typed."""

    head = 0.0
    tail = 0.0


class FormulaInlay(_Held):
    """A formula in the colour of the text around it; one wider than its place is drawn smaller."""

    def __init__(self, formula: Formula, setting: Setting, em: float) -> None:
        self._formula, self._setting = formula, setting
        self._width, self._height = formula.width * em / 1000, formula.height * em / 1000
        self.below = max(0.0, formula.depth * em / 1000)
        self._raised = max(0.0, -formula.depth * em / 1000)
        self._scale = 1.0

    def size(self, room: float) -> tuple[float, float]:
        self._scale = min(1.0, max(_LEAST, room) / self._width) if self._width else 1.0
        return self._width * self._scale, (self._height - self.below + self._raised) * self._scale

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        place = QRectF(rect.topLeft(), QSizeF(self._width, self._height) * self._scale)
        if not self._setting.media.paint_in(painter, self._formula.media, place, self._setting.ink):
            _say(painter, place, self._formula.alt, self._setting.ink, self._setting.look)


class PictureInlay(_Held):
    """A picture on white paper, at most as wide as its place; `edge` is the paper around it."""

    def __init__(self, picture: Picture | InlinePicture, setting: Setting) -> None:
        self._picture, self._setting = picture, setting
        self._edge = setting.look.px(_PAPER_EDGE if isinstance(picture, Picture) else 2)
        self.below = 0.0

    def size(self, room: float) -> tuple[float, float]:
        picture, edge = self._picture, 2 * self._edge
        wanted = max(1, picture.width) * self._setting.look.zoom / 100
        shown = min(wanted, max(_LEAST, room - edge))
        return shown + edge, max(1, picture.height) * shown / max(1, picture.width) + edge

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        tokens, radius = self._setting.look.tokens, 6 if isinstance(self._picture, Picture) else 2
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(tokens.hair))
        painter.setBrush(QColor(tokens.paper))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        inner = rect.adjusted(self._edge, self._edge, -self._edge, -self._edge)
        if not self._setting.media.paint(painter, self._picture.media, inner):
            _say(painter, inner, self._picture.alt, QColor(_ON_PAPER), self._setting.look)
        painter.restore()


class WidgetInlay(_Held):
    """Room for a real widget, whose own text stands on the baseline of the line; no letter touches it."""

    def __init__(self, widget: QWidget, setting: Setting) -> None:
        self._widget, self._gap, self._beside = widget, setting.em * 0.12, round(setting.em * 0.12)
        widget.ensurePolished()
        self.hint = wanted_size(widget)
        metrics, own = widget.fontMetrics(), getattr(widget, "baseline", None)
        middle = (self.hint.height() - metrics.height()) / 2 + metrics.ascent()
        self._above = own() if own is not None else middle
        self.below = max(0.0, self.hint.height() - self._above) + self._gap

    def size(self, room: float) -> tuple[float, float]:
        return min(float(self.hint.width() + 2 * self._beside), max(_LEAST, room)), self._above + self._gap

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """The widget paints itself."""

    def place(self, left: float, baseline: float, width: float) -> QRectF:
        """Where the widget goes on a line."""
        return QRectF(
            left + self._beside, baseline - self._above, width - 2 * self._beside, self.hint.height()
        )


class GapInlay(_Held):
    """An empty line to write on, where a widget should stand and none was given (a preview, an option)."""

    def __init__(self, setting: Setting) -> None:
        self._setting, self.below = setting, setting.em * 0.1

    def size(self, room: float) -> tuple[float, float]:
        return min(room, self._setting.em * 4), self._setting.em * 0.5

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        y = rect.top() + self._setting.em * 0.55
        painter.save()
        painter.setPen(QColor(self._setting.ink))
        painter.drawLine(QPointF(rect.left() + 1, y), QPointF(rect.right() - 1, y))
        painter.restore()


class Inlays(QPyTextObject):
    """The inlays of one document, as Qt asks for them."""

    def __init__(self) -> None:
        super().__init__()
        self._known: list[Inlay] = []

    def style_of(self, inlay: Inlay) -> QTextCharFormat:
        """The format of the character that stands for an inlay."""
        style = QTextCharFormat()
        style.setObjectType(OBJECT)
        style.setProperty(_WHICH, len(self._known))
        self._known.append(inlay)
        if inlay.below > 0:
            style.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBaseline)
            style.setFont(descending(ceil(inlay.below)))
        return style

    def of(self, style: QTextFormat) -> Inlay:
        return self._known[cast("int", style.property(_WHICH))]

    def intrinsicSize(self, document: QTextDocument, at: int, style: QTextFormat) -> QSizeF:
        inlay = self.of(style)
        width, above = inlay.size(own_room(document, at, inlay))
        return QSizeF(width + inlay.tail, above + ceil(inlay.below))

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, document: QTextDocument, at: int, style: QTextFormat
    ) -> None:
        inlay, place = self.of(style), QRectF(rect)
        if inlay.tail and _runs_leftwards(document, at):
            place.setLeft(place.left() + inlay.tail)
        elif inlay.tail:
            place.setRight(place.right() - inlay.tail)
        inlay.paint(painter, place)


def wanted_size(widget: QWidget) -> QSize:
    """What a widget asks for, within its own bounds."""
    least = widget.minimumSizeHint().expandedTo(widget.minimumSize())
    return widget.sizeHint().expandedTo(least).boundedTo(widget.maximumSize())


def own_room(document: QTextDocument, at: int, inlay: Inlay) -> float:
    """How wide an object itself may be in its line."""
    return max(1.0, room_at(document, at) - inlay.head - inlay.tail)


def _runs_leftwards(document: QTextDocument, at: int) -> bool:
    """Whether what follows an object stands at its left."""
    block = document.findBlock(at)
    place = at - block.position()
    line = block.layout().lineForTextPosition(place)
    begin, end = (cast("tuple[float, int]", line.cursorToX(one))[0] for one in (place, place + 1))
    return end < begin


def room_at(document: QTextDocument, at: int) -> float:
    """How wide something may be in its line."""
    width = document.textWidth()
    if width <= 0:
        return 10_000.0
    block = document.findBlock(at)
    indents = block.blockFormat().indent()
    found = block.textList()
    if found is not None:
        indents += found.format().indent()
    return float(max(1.0, width - indents * document.indentWidth()))


@lru_cache(maxsize=512)
def descending(pixels: int) -> QFont:
    """A font with exactly this descent."""
    font = QFont(TEXT)
    font.setPixelSize(1000)
    size = max(1, round(1000 * pixels / max(1, QFontMetrics(font).descent())))
    for candidate in (size, size + 1, size - 1, size + 2, size - 2, size + 3):
        font.setPixelSize(max(1, candidate))
        if QFontMetrics(font).descent() == pixels:
            break
    return font


def _say(painter: QPainter, rect: QRectF, text: str, colour: QColor, look: Look) -> None:
    """What cannot be drawn is said."""
    painter.setPen(colour)
    painter.setFont(look.font())
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), text)
