"""A picture on which something is done: it grows with the text, shrinks to its place, and knows its own pixels.

`Board` paints the picture and the spots on it; `spot_at` says which spot a point of it means. A spot is drawn with two
lines, dark and light, so that it is seen on any picture, and bears its number on a plate.
"""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QTransform,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from cbt_station.exam.content import Picture
from cbt_station.exam.interactions import Spot
from cbt_station.screens.icons import paint_icon
from cbt_station.screens.look import Look
from cbt_station.screens.rich.media import Media

_EDGE_PX: Final = 8
_PLATE_PX: Final = 24
_DARK, _LIGHT = "#18212B", "#FFFFFF"


class Board(QWidget):
    """`pressed(point)` is called with a point of the picture, in its pixels; `hovered` with the point under the mouse."""

    def __init__(self, look: Look, picture: Picture, media: Media) -> None:
        super().__init__()
        self._look, self.picture, self._media = look, picture, media
        self.pressed: Callable[[QPointF], None] = lambda _at: None
        self.released: Callable[[QPointF], None] = lambda _at: None
        self.hovered: Callable[[QPointF | None], None] = lambda _at: None
        self.setAccessibleName(picture.alt)
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        look.changed.connect(self._changed)

    def _changed(self) -> None:
        self.updateGeometry()
        self.update()

    # Geometry

    def scale(self, width: int = 0) -> float:
        """Pixels of the screen for a pixel of the picture."""
        room = (width or self.width()) - 2 * self._look.px(_EDGE_PX)
        return max(0.02, min(self._look.zoom / 100, room / self.picture.width))

    def origin(self) -> QPointF:
        """The picture's corner."""
        edge = self._look.px(_EDGE_PX)
        return QPointF(edge, edge)

    def to_screen(self, at: QPointF) -> QPointF:
        return self.origin() + at * self.scale()

    def to_picture(self, at: QPointF) -> QPointF:
        return (at - self.origin()) / self.scale()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self.picture.height * self.scale(width)) + 2 * self._look.px(_EDGE_PX)

    def natural(self) -> int:
        """How wide it is where there is room."""
        return round(self.picture.width * self._look.zoom / 100) + 2 * self._look.px(_EDGE_PX)

    def sizeHint(self) -> QSize:
        return QSize(self.natural(), self.heightForWidth(self.natural()))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(120), self._look.px(60))

    # Mouse

    def _at(self, event: QMouseEvent) -> QPointF:
        return self.to_picture(event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed(self._at(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hovered(self._at(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.released(self._at(event))

    def leaveEvent(self, _event: object) -> None:
        self.hovered(None)

    # Paint

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_picture(painter)
        self.paint_over(painter)
        painter.end()

    def _paint_picture(self, painter: QPainter) -> None:
        look, scale = self._look, self.scale()
        place = QRectF(
            self.origin(), self.origin() + QPointF(self.picture.width, self.picture.height) * scale
        )
        edge = look.px(_EDGE_PX)
        painter.setPen(QPen(look.colour("line"), 1))
        painter.setBrush(QColor(look.tokens.paper))
        painter.drawRoundedRect(place.adjusted(-edge + 0.5, -edge + 0.5, edge - 0.5, edge - 0.5), 8, 8)
        if not self._media.paint(painter, self.picture.media, place):
            painter.setPen(QColor(_DARK))
            flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(place, flags, self.picture.alt)

    def paint_over(self, painter: QPainter) -> None:
        """What lies over the picture."""


class SpotBoard(Board):
    """A picture with spots; `marks` says how each is drawn: open, chosen, waiting, pointed, welcoming."""

    def __init__(self, look: Look, picture: Picture, media: Media, spots: Sequence[Spot]) -> None:
        super().__init__(look, picture, media)
        self.spots = [spot for spot in spots if spot.shape != "default"]
        self._whole = next((spot.id for spot in spots if spot.shape == "default"), None)
        self.numbers = {spot.id: str(number) for number, spot in enumerate(spots, start=1)}
        self.marks: dict[str, str] = {}
        self.plates: dict[str, str] = {}
        """What stands on a spot's plate instead of its number."""
        self.pointed: str | None = None

    def spot_at(self, at: QPointF) -> str | None:
        """The smallest spot around a point of the picture."""
        around = [spot for spot in self.spots if shape_of(spot).contains(at)]
        if around:
            return min(around, key=lambda spot: _area(shape_of(spot).boundingRect())).id
        inside = QRectF(0, 0, self.picture.width, self.picture.height).contains(at)
        return self._whole if inside else None

    def spot_under(self, at: QPoint) -> str | None:
        """The spot at a point of the screen."""
        return self.spot_at(self.to_picture(self.mapFromGlobal(at).toPointF()))

    def point_at(self, spot: str | None) -> None:
        """Which spot the mouse or the focus is at."""
        if spot != self.pointed:
            self.pointed = spot
            self.update()

    def paint_over(self, painter: QPainter) -> None:
        for spot in sorted(self.spots, key=lambda one: one.id == self.pointed):
            self._paint_spot(painter, spot)
        for spot in self.spots:
            self._paint_plate(painter, spot)

    def _paint_spot(self, painter: QPainter, spot: Spot) -> None:
        look, mark = self._look, self.marks.get(spot.id, "open")
        painter.save()
        painter.translate(self.origin())
        path = _scaled(shape_of(spot), self.scale())
        pointed = spot.id == self.pointed
        accent = QColor(
            look.tokens.accent if not look.tokens.dark else "#0A5A9C"
        )  # on white paper in every theme
        if mark in ("chosen", "welcome"):
            ground = QColor(accent)
            ground.setAlpha(90 if mark == "chosen" else 36)
            painter.fillPath(path, ground)
        thick = look.px(4 if pointed else 3 if mark == "chosen" else 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(_LIGHT), thick + look.px(2)))
        painter.drawPath(path)
        line = QPen(QColor(_DARK) if mark == "open" and not pointed else accent, thick)
        if mark == "waiting":
            line.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(line)
        painter.drawPath(path)
        painter.restore()

    def _paint_plate(self, painter: QPainter, spot: Spot) -> None:
        look, mark = self._look, self.marks.get(spot.id, "open")
        text = self.plates.get(spot.id) or self.numbers[spot.id]
        painter.setFont(look.font(14, bold=True))
        size = look.px(_PLATE_PX)
        most = max(size, self.width() - 2 * look.px(_EDGE_PX))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, most - look.px(12))
        width = max(size, painter.fontMetrics().horizontalAdvance(shown) + look.px(12))
        around = shape_of(spot).boundingRect()
        corner = self.to_screen(around.topLeft()) + QPointF(look.px(3), look.px(3))
        if spot.id in self.plates:
            corner = self.to_screen(around.center()) - QPointF(width / 2, size / 2)
        left = max(0.0, min(corner.x(), self.width() - width - 1.0))
        plate = QRectF(left, max(0.0, min(corner.y(), self.height() - size - 1.0)), width, size)
        chosen = mark == "chosen"
        painter.setPen(QPen(QColor(_LIGHT), look.px(1.4)))
        painter.setBrush(QColor("#0A5A9C" if chosen else _DARK))
        painter.drawRoundedRect(plate, look.px(6), look.px(6))
        painter.setPen(QColor(_LIGHT))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, shown)
        if chosen and spot.id not in self.plates:
            tick = look.px(18)
            at = QRectF(plate.right() + look.px(3), plate.center().y() - tick / 2, tick, tick)
            painter.setBrush(QColor(_LIGHT))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(at)
            paint_icon(painter, "check", at.adjusted(2, 2, -2, -2), QColor("#0A5A9C"))


def shape_of(spot: Spot) -> QPainterPath:
    """A spot's outline in the picture's pixels; nothing for coordinates that make none."""
    path, c = QPainterPath(), [float(number) for number in spot.coords]
    if spot.shape == "rect" and len(c) == 4:
        path.addRect(QRectF(QPointF(c[0], c[1]), QPointF(c[2], c[3])).normalized())
    elif spot.shape == "circle" and len(c) == 3:
        path.addEllipse(QPointF(c[0], c[1]), c[2], c[2])
    elif spot.shape == "ellipse" and len(c) == 4:
        path.addEllipse(QPointF(c[0], c[1]), c[2], c[3])
    elif spot.shape == "poly" and len(c) >= 6:
        corners = [QPointF(x, y) for x, y in zip(c[::2], c[1::2], strict=False)]
        path.addPolygon(QPolygonF(corners))
        path.closeSubpath()
    return path


def _scaled(path: QPainterPath, scale: float) -> QPainterPath:
    return QTransform.fromScale(scale, scale).map(path)


def _area(rect: QRectF) -> float:
    return rect.width() * rect.height()
