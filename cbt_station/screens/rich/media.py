"""An item's pictures and formulas, from the package's bytes in memory alone.

Qt's SVG reader opens files (an image, but also a style sheet that a processing instruction names: a pipe there hangs
the window) and can be kept busy for minutes (markers on markers), so a drawing is checked before Qt sees it: the shapes
that a bank may hold and no more, nothing that refers to anything, no style rules, no dashes finer than a pixel, a
bounded size. Pictures are PNG, JPEG or GIF of at most 4096 pixels a side and 8 million in all; what one question may
have unpacked together is bounded too. What cannot be drawn is None, and its alt text is shown instead. The compiler of
a bank makes the same checks and more; this is the second fence, for a package that somebody else sealed.
"""

import re
from collections.abc import Mapping
from xml.parsers import expat

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter
from PySide6.QtSvg import QSvgRenderer

from cbt_station.screens.rich.plays import Plays
from cbt_station.screens.rich.sound import Opener, open_sound

_MOST_BYTES = 8_000_000
_MOST_SIDE = 4096
_MOST_PIXELS = 8_000_000
_MOST_PIXELS_TOGETHER = 32_000_000
"""A third of a second; two large photographs for each of five options."""
_MOST_MIB = 64
_MOST_SVG_BYTES = 1 << 20
_MOST_NUMBER = 100_000.0
_LEAST_DASH = 1.0
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_COLOURS = frozenset({"id", "fill", "stroke", "xmlns", "aria-label", "font-family"})
_MOST_KEPT_BYTES = 64 << 20
_MOST_ELEMENTS = 2_000
_MOST_DEPTH = 40
_ELEMENTS = frozenset(
    [
        "svg",
        "g",
        "defs",
        "title",
        "desc",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
    ]
)


class _Unsafe(Exception):
    """The drawing holds something that we do not draw."""


class _Fence:
    """Expat's callbacks: raise at the first thing that is not allowed."""

    def __init__(self) -> None:
        self.count = 0
        self.depth = 0

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        self.depth += 1
        if (
            name.rpartition(":")[2] not in _ELEMENTS
            or self.count > _MOST_ELEMENTS
            or self.depth > _MOST_DEPTH
        ):
            raise _Unsafe(name)
        for key, value in attributes.items():
            if key.rpartition(":")[2] in ("href", "style") or "url(" in value.lower() or "\\" in value:
                raise _Unsafe(key)
            if key not in _COLOURS:
                _require_numbers(key, value)

    def closed(self, _name: str) -> None:
        self.depth -= 1

    def declared(self, *_anything: object) -> None:
        raise _Unsafe("declaration")


def _require_numbers(key: str, value: str) -> None:
    """No number so large, and no dash so fine, that a line becomes a million strokes."""
    numbers = [abs(float(number)) for number in _NUMBER.findall(value)]
    finest = min(numbers, default=_LEAST_DASH) if key == "stroke-dasharray" else _LEAST_DASH
    if max(numbers, default=0.0) > _MOST_NUMBER or finest < _LEAST_DASH:
        raise _Unsafe(key)


def _require_safe(data: bytes) -> None:
    """Raise `_Unsafe` or expat's error for a drawing that Qt must not see."""
    fence, parser = _Fence(), expat.ParserCreate()
    parser.StartElementHandler = fence.opened
    parser.EndElementHandler = fence.closed
    parser.ProcessingInstructionHandler = fence.declared
    parser.StartDoctypeDeclHandler = fence.declared
    parser.EntityDeclHandler = fence.declared
    parser.Parse(data, True)


def _drawing(data: bytes) -> QSvgRenderer | None:
    try:
        if len(data) > _MOST_SVG_BYTES:
            raise _Unsafe("size")
        _require_safe(data)
    except (_Unsafe, expat.ExpatError):
        return None
    renderer = QSvgRenderer(QByteArray(data))
    return renderer if renderer.isValid() else None


def raster(data: bytes, most_pixels: int = _MOST_PIXELS) -> QImage | None:
    """A PNG, JPEG or GIF of a bounded size; None for anything else, however it is named."""
    if not data or len(data) > _MOST_BYTES:
        return None
    QImageReader.setAllocationLimit(_MOST_MIB)
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    size = reader.size()
    if (
        reader.format().data() not in (b"png", b"jpeg", b"gif")
        or max(size.width(), size.height()) > _MOST_SIDE
        or size.width() * size.height() > min(most_pixels, _MOST_PIXELS)
    ):
        return None
    image = reader.read()
    return None if image.isNull() else image


class Media:
    """The media of what is on the screen now, decoded once.

    `plays` knows how often a recording was played, `opener` makes it sound.
    """

    def __init__(
        self, files: Mapping[str, bytes], plays: Plays | None = None, opener: Opener = open_sound
    ) -> None:
        self._files = files
        self.plays = plays or Plays()
        self.opener = opener
        self._drawings: dict[str, QSvgRenderer | None] = {}
        self._drawn: dict[tuple[str, int, int, str], QImage] = {}
        self._unpacked: dict[str, int] = {}

    def recording(self, name: str) -> bytes:
        """A recording's file; nothing where there is none."""
        return self._files.get(name, b"")

    def _drawing(self, name: str) -> QSvgRenderer | None:
        if name not in self._drawings:
            self._drawings[name] = _drawing(self._files.get(name, b""))
        return self._drawings[name]

    def _picture(self, name: str) -> QSvgRenderer | QImage | None:
        """A drawing, or a picture unpacked: that is kept only at the size at which it is shown."""
        data = self._files.get(name, b"")
        if data.lstrip()[:1] == b"<":
            return self._drawing(name)
        together = sum(pixels for other, pixels in self._unpacked.items() if other != name)
        found = raster(data, _MOST_PIXELS_TOGETHER - together)
        self._unpacked[name] = found.width() * found.height() if found is not None else 0
        return found

    def paint(self, painter: QPainter, name: str, rect: QRectF) -> bool:
        """Draw a picture in its own colours, sharp on any screen; False where there is nothing to draw."""
        size = _device_size(painter, rect)
        key = (name, size.width(), size.height(), "")
        if key not in self._drawn:
            found = self._picture(name)
            self._keep(key, _render(found, size) if found is not None else QImage())
        image = self._drawn[key]
        if image.isNull():
            return False
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(rect, image)
        return True

    def _keep(self, key: tuple[str, int, int, str], image: QImage) -> None:
        """What was drawn is kept for the next paint, the oldest let go where it gets too much."""
        self._drawn[key] = image
        while (
            sum(kept.sizeInBytes() for kept in self._drawn.values()) > _MOST_KEPT_BYTES
            and len(self._drawn) > 1
        ):
            del self._drawn[next(iter(self._drawn))]

    def paint_in(self, painter: QPainter, name: str, rect: QRectF, colour: QColor) -> bool:
        """Draw a formula in the colour of the text around it; False where there is nothing to draw."""
        found = self._drawing(name)
        if found is None:
            return False
        ratio = max(2.0, painter.device().devicePixelRatioF())
        size = QSize(max(1, round(rect.width() * ratio)), max(1, round(rect.height() * ratio)))
        key = (name, size.width(), size.height(), colour.name())
        if key not in self._drawn:
            self._keep(key, _tint(found, size, colour))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(rect, self._drawn[key])
        return True


def _device_size(painter: QPainter, rect: QRectF) -> QSize:
    """How many pixels of the device a rectangle takes."""
    at = painter.deviceTransform()
    return QSize(max(1, round(rect.width() * abs(at.m11()))), max(1, round(rect.height() * abs(at.m22()))))


def _render(found: QSvgRenderer | QImage, size: QSize) -> QImage:
    """Once for a size: a repaint costs no decoding and no scaling."""
    if isinstance(found, QImage):
        aspect, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        return found if found.size() == size else found.scaled(size, aspect, smooth)
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    found.render(painter)
    painter.end()
    return image


def _tint(drawing: QSvgRenderer, size: QSize, colour: QColor) -> QImage:
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    drawing.render(painter)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(image.rect(), colour)
    painter.end()
    return image
