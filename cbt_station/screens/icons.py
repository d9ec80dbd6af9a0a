"""Lucide's icons in a token's colour and at the text's size.

An icon never stands for itself: its button has a name.
"""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from cbt_station.travelling import travelling


@cache
def _drawn(name: str, colour: str) -> QSvgRenderer:
    drawing = (travelling("assets") / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    text = drawing.replace("currentColor", colour)
    return QSvgRenderer(QByteArray(text.encode()))


def paint_icon(painter: QPainter, name: str, rect: QRectF, colour: QColor) -> None:
    """Draw an icon into a square of a painter."""
    _drawn(name, colour.name()).render(painter, rect)


@cache
def pixmap(name: str, colour: str, px: int, ratio: float = 2.0) -> QPixmap:
    """An icon as a picture of `px` logical pixels, sharp on a screen of `ratio`."""
    picture = QPixmap(round(px * ratio), round(px * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    _drawn(name, colour).render(painter)
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


@cache
def icon(name: str, colour: str, px: int, checked: str | None = None, disabled: str | None = None) -> QIcon:
    """An icon for a button; `checked` and `disabled` are its colours in those states."""
    made = QIcon(pixmap(name, colour, px))
    if checked is not None:
        made.addPixmap(pixmap(name, checked, px), QIcon.Mode.Normal, QIcon.State.On)
        made.addPixmap(pixmap(name, checked, px), QIcon.Mode.Active, QIcon.State.On)
    if disabled is not None:
        for state in (QIcon.State.Off, QIcon.State.On):
            made.addPixmap(pixmap(name, disabled, px), QIcon.Mode.Disabled, state)
    return made
