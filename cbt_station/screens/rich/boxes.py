"""The boxes that content is stacked of: running text, tables, quotations, columns, lines across, widgets in a row.

A box lays itself out for a width and never needs more: text wraps, columns go one under the other, and what cannot
wrap (a table, lines of one width) is drawn smaller down to `LEAST_SCALE`; from there on it is rolled sideways.
Lengths are pixels of the screen at the present text size.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Protocol

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from cbt_station.screens.rich.flow import Flow
from cbt_station.screens.rich.objects import Setting, wanted_size
from cbt_station.screens.rich.sideways import Sideways

Placed = tuple[QWidget, QRectF, list[QRectF]]
LEAST_SCALE: Final = 0.7
"""At 200 % a table is still read at 140 %."""
_GAP: Final = 0.6
_PAD: Final = 0.6
_COLUMN: Final = 13
"""Columns of fewer ems go one under the other."""


class Box(Protocol):
    """Something with a height for a width."""

    def height_for(self, width: float) -> float: ...

    def paint(self, painter: QPainter, at: QPointF, width: float) -> None: ...

    def widgets_at(self, at: QPointF, width: float) -> Iterable[Placed]: ...


class Stack:
    """Boxes one under the other."""

    def __init__(self, boxes: Sequence[Box], gap: float) -> None:
        self._boxes, self._gap = boxes, gap

    def height_for(self, width: float) -> float:
        heights = [box.height_for(width) for box in self._boxes]
        return sum(heights) + self._gap * max(0, len(heights) - 1)

    def paint(self, painter: QPainter, at: QPointF, width: float) -> None:
        seen = painter.clipBoundingRect() if painter.hasClipping() else None
        for box, corner in self._corners(at, width):
            bottom = corner.y() + box.height_for(width)
            if seen is None or (corner.y() <= seen.bottom() and bottom >= seen.top()):
                box.paint(painter, corner, width)

    def widgets_at(self, at: QPointF, width: float) -> Iterator[Placed]:
        for box, corner in self._corners(at, width):
            yield from box.widgets_at(corner, width)

    def _corners(self, at: QPointF, width: float) -> Iterator[tuple[Box, QPointF]]:
        y = at.y()
        for box in self._boxes:
            yield box, QPointF(at.x(), y)
            y += box.height_for(width) + self._gap


class Indented:
    """A box of a list's entry: as far in as the entry's text."""

    def __init__(self, box: Box, by: float, *, rtl: bool) -> None:
        self._box, self._by, self._rtl = box, by, rtl

    def height_for(self, width: float) -> float:
        return self._box.height_for(self._inner(width))

    def paint(self, painter: QPainter, at: QPointF, width: float) -> None:
        self._box.paint(painter, self._corner(at), self._inner(width))

    def widgets_at(self, at: QPointF, width: float) -> Iterable[Placed]:
        return self._box.widgets_at(self._corner(at), self._inner(width))

    def _inner(self, width: float) -> float:
        return max(1.0, width - self._by)

    def _corner(self, at: QPointF) -> QPointF:
        return at if self._rtl else at + QPointF(self._by, 0)


class Shrinking:
    """A document that cannot wrap: a table, lines that keep their spaces. `lay_out(width)` lays it out, as wide as it must
    be; `tinted`: on a ground of its own.

    What is too wide is drawn smaller. Below `LEAST_SCALE` it is rolled sideways where the content has a place for that
    (`Setting.sideways`), one with widgets at once: they keep their size. Words and numbers are never broken, because half a
    number is another number.
    """

    def __init__(
        self,
        flow: Flow,
        lay_out: Callable[[float], None],
        *,
        rtl: bool = False,
        tinted: bool = False,
    ) -> None:
        self._flow, self._lay_out, self.rtl = flow, lay_out, rtl
        self._pad = flow.setting.em * _PAD if tinted else 0.0
        self._width, self._scale, self._size = -1.0, 1.0, QSizeF()
        self._sideways: Sideways | None = None
        self._is_rolled = False

    def height_for(self, width: float) -> float:
        if width != self._width:
            self._width = width
            self._fit(max(1.0, width - 2 * self._pad))
        if self._is_rolled and self._sideways is not None:
            return self._sideways.height_around(self.whole.height())
        return self.whole.height()

    def _fit(self, width: float) -> None:
        setting = self._flow.setting
        self._lay_out(width)
        self._size = self._flow.document.size()
        self._scale = min(1.0, width / max(1.0, self._size.width()))
        least = 1.0 if self._flow.holds_widgets else LEAST_SCALE
        self._is_rolled = self._scale < least and setting.sideways is not None
        if self._is_rolled:
            self._scale = least
            if self._sideways is None and setting.sideways is not None:
                self._sideways = setting.sideways(self)

    @property
    def whole(self) -> QSizeF:
        """How large it is, drawn as it is now."""
        pads = 2 * self._pad
        width = self._size.width() * self._scale + pads if self._is_rolled else self._width
        return QSizeF(width, self._size.height() * self._scale + pads)

    def paint(self, painter: QPainter, at: QPointF, width: float) -> None:
        self.height_for(width)
        if not self._is_rolled:
            self.paint_whole(painter, at)

    def paint_whole(self, painter: QPainter, at: QPointF) -> None:
        """All of it, whether there is room or not."""
        painter.save()
        if self._pad:
            painter.fillRect(QRectF(at, self.whole), self._flow.setting.look.colour("accent_soft"))
        painter.translate(self._corner(at))
        painter.scale(self._scale, self._scale)
        self._flow.draw(painter)
        painter.restore()

    def widgets_at(self, at: QPointF, width: float) -> Iterable[Placed]:
        height = self.height_for(width)
        if self._is_rolled and self._sideways is not None:
            return [(self._sideways, QRectF(at, QSizeF(width, height)), [])]
        return self.widgets_within(at)

    def widgets_within(self, at: QPointF) -> list[Placed]:
        """The widgets in it, and the words that can be chosen, which shrink with it."""
        corner, scale = self._corner(at), self._scale
        return [
            (
                widget,
                QRectF(corner + rect.topLeft() * scale, rect.size() * scale),
                [QRectF(line.topLeft() * scale, line.size() * scale) for line in lines],
            )
            for widget, rect, lines in self._flow.places()
        ]

    def _corner(self, at: QPointF) -> QPointF:
        free = self.whole.width() - 2 * self._pad - self._size.width() * self._scale if self.rtl else 0.0
        return at + QPointF(self._pad + max(0.0, free), self._pad)


class Quotation:
    """Boxes on a ground of their own, with a bar at the side where reading begins."""

    def __init__(self, inside: Box, setting: Setting, *, rtl: bool) -> None:
        self._inside, self._setting, self._rtl = inside, setting, rtl
        self._pad, self._bar = setting.em * _PAD, max(2.0, setting.em * 0.2)

    def height_for(self, width: float) -> float:
        return self._inside.height_for(self._inner(width)) + 2 * self._pad

    def paint(self, painter: QPainter, at: QPointF, width: float) -> None:
        height, look = self.height_for(width), self._setting.look
        painter.fillRect(QRectF(at, QSizeF(width, height)), look.colour("accent_soft"))
        side = at + QPointF(width - self._bar, 0) if self._rtl else at
        painter.fillRect(QRectF(side, QSizeF(self._bar, height)), look.colour("accent"))
        self._inside.paint(painter, self._corner(at), self._inner(width))

    def widgets_at(self, at: QPointF, width: float) -> Iterable[Placed]:
        return self._inside.widgets_at(self._corner(at), self._inner(width))

    def _inner(self, width: float) -> float:
        return max(1.0, width - 2 * self._pad - self._bar)

    def _corner(self, at: QPointF) -> QPointF:
        return at + QPointF(self._pad + (0 if self._rtl else self._bar), self._pad)


class Beside:
    """Boxes side by side, or one under the other where each would be too narrow to read."""

    def __init__(self, boxes: Sequence[Box], setting: Setting, *, rtl: bool) -> None:
        self._boxes, self._em, self._rtl = boxes, setting.em, rtl
        self._under = Stack(boxes, setting.em)

    def height_for(self, width: float) -> float:
        if self._is_narrow(width):
            return self._under.height_for(width)
        return max((box.height_for(self._each(width)) for box in self._boxes), default=0.0)

    def paint(self, painter: QPainter, at: QPointF, width: float) -> None:
        if self._is_narrow(width):
            self._under.paint(painter, at, width)
            return
        for box, corner in self._corners(at, width):
            box.paint(painter, corner, self._each(width))

    def widgets_at(self, at: QPointF, width: float) -> Iterator[Placed]:
        if self._is_narrow(width):
            yield from self._under.widgets_at(at, width)
            return
        for box, corner in self._corners(at, width):
            yield from box.widgets_at(corner, self._each(width))

    def _is_narrow(self, width: float) -> bool:
        return self._each(width) < _COLUMN * self._em

    def _each(self, width: float) -> float:
        return max(1.0, (width - 1.5 * self._em * (len(self._boxes) - 1)) / len(self._boxes))

    def _corners(self, at: QPointF, width: float) -> Iterator[tuple[Box, QPointF]]:
        step = self._each(width) + 1.5 * self._em
        for place, box in enumerate(self._boxes):
            across = len(self._boxes) - 1 - place if self._rtl else place
            yield box, at + QPointF(step * across, 0)


class LineAcross:
    """A line that parts what is above from what is below."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def height_for(self, width: float) -> float:  # noqa: ARG002 - a box's
        return self._setting.em

    def paint(self, painter: QPainter, at: QPointF, width: float) -> None:
        painter.save()
        painter.setPen(QPen(self._setting.look.colour("line"), max(1.0, self._setting.em / 16)))
        y = at.y() + self._setting.em / 2
        painter.drawLine(QPointF(at.x(), y), QPointF(at.x() + width, y))
        painter.restore()

    def widgets_at(self, at: QPointF, width: float) -> Iterable[Placed]:  # noqa: ARG002 - a box's
        return ()


class Row:
    """A widget in a row of its own, as wide as the page."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        widget.ensurePolished()

    def height_for(self, width: float) -> float:
        wanted, within = wanted_size(self._widget), int(width)
        if not self._widget.hasHeightForWidth():
            return wanted.height()
        return max(self._widget.heightForWidth(within), self._widget.minimumHeight())

    def paint(self, painter: QPainter, at: QPointF, width: float) -> None:
        """The widget paints itself."""

    def widgets_at(self, at: QPointF, width: float) -> Iterator[Placed]:
        yield self._widget, QRectF(at, QSizeF(width, self.height_for(width))), []


def gap_of(setting: Setting) -> float:
    """Between two boxes."""
    return setting.em * _GAP
