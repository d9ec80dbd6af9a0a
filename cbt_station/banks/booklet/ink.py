"""What a booklet draws with: a reportlab canvas whose y grows downwards from the top of the page, in points.

The same calls give the same bytes.
"""

from collections.abc import Callable, Sequence
from typing import Final

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.pathobject import PDFPathObject

from cbt_station.banks.booklet import faces
from cbt_station.banks.booklet.shaping import Shaped, outline
from cbt_station.paper.document import Document

WIDTH: Final = A4[0]
HEIGHT: Final = A4[1]
BLACK: Final = "#000000"
MUTED: Final = "#5a6470"
FAINT: Final = "#9aa4b0"
TINT: Final = "#f0f2f5"
_INVISIBLE: Final = 3
_MOST_STACKED: Final = 1000
"""How far from the baseline a mark is set, in thousandths of the size, however many stand on one letter."""
_NONZERO: Final = 1


class Ink(Document):
    """One document being drawn."""

    def text(self, x: float, y: float, text: str, font: str, size: float, colour: str = BLACK) -> None:
        """A run of one font whose baseline is at `y`."""
        line = self._canvas.beginText(x, HEIGHT - y)
        line.setFillColor(HexColor(colour))
        line.setFont(font, size)
        line.textOut(text)
        self._canvas.drawText(line)

    def shaped(self, x: float, y: float, run: Shaped, size: float, colour: str = BLACK) -> None:
        """A shaped run as outlines, with its text unseen over them."""
        by = size / 1000
        code: list[str] = []
        for glyph in run.glyphs:
            high = min(max(glyph.y, -_MOST_STACKED), _MOST_STACKED)
            code += [f"q 1 0 0 1 {glyph.x:.1f} {high:.1f} cm", *outline(run.font, glyph.number), "f Q"]
        self.path(x, y, code, by, fill=colour, painted=True)
        self._unseen(x, y, [(run.font, run.text)], run.width * by, size)

    def unseen(self, x: float, y: float, text: str, width: float, size: float) -> None:
        """What a drawing reads as, over `width`, for searching and copying."""
        runs = [(font, part) for font, part in faces.font_runs(text, (False, False, False)) if font]
        self._unseen(x, y, runs, width, size)

    def _unseen(self, x: float, y: float, runs: Sequence[tuple[str, str]], width: float, size: float) -> None:
        natural = sum(faces.width(part, font, size) for font, part in runs)
        if not natural or width <= 0:
            return
        line = self._canvas.beginText(x, HEIGHT - y)
        line.setTextRenderMode(_INVISIBLE)
        line.setHorizScale(100 * width / natural)
        for font, part in runs:
            line.setFont(font, size)
            line.textOut(part)
        line.setHorizScale(100)
        line.setTextRenderMode(0)
        self._canvas.drawText(line)

    def path(
        self,
        x: float,
        y: float,
        code: Sequence[str],
        by: float = 1.0,
        *,
        fill: str | None = None,
        stroke: str | None = None,
        width: float = 1.0,
        painted: bool = False,
    ) -> None:
        """Operators of a PDF path around (x, y), y upwards, times `by`; `painted`: they end in their own painting."""
        if not code:
            return
        self._canvas.saveState()
        self._canvas.translate(x, HEIGHT - y)
        self._canvas.scale(by, by)
        self._paint(fill, stroke, width)
        self._canvas.drawPath(
            PDFPathObject(code=list(code)),
            stroke=int(bool(stroke)),
            fill=int(bool(fill) and not painted),
            fillMode=_NONZERO,
        )
        self._canvas.restoreState()

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        width: float = 0.6,
        colour: str = BLACK,
        *,
        dashed: bool = False,
    ) -> None:
        """A straight line."""
        self._canvas.saveState()
        self._paint(None, colour, width)
        if dashed:
            self._canvas.setDash(2, 2)
        self._canvas.line(x1, HEIGHT - y1, x2, HEIGHT - y2)
        self._canvas.restoreState()

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str | None = None,
        stroke: str | None = BLACK,
        line: float = 0.6,
        radius: float = 0.0,
    ) -> None:
        """A rectangle whose upper left corner is at (x, y)."""
        self._canvas.saveState()
        self._paint(fill, stroke, line)
        self._canvas.roundRect(
            x,
            HEIGHT - y - height,
            width,
            height,
            min(radius, width / 2, height / 2),
            stroke=int(bool(stroke)),
            fill=int(bool(fill)),
        )
        self._canvas.restoreState()

    def oval(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        *,
        fill: str | None = None,
        stroke: str | None = BLACK,
        line: float = 0.6,
    ) -> None:
        """An ellipse around (x, y)."""
        self._canvas.saveState()
        self._paint(fill, stroke, line)
        self._canvas.ellipse(
            x - rx, HEIGHT - y - ry, x + rx, HEIGHT - y + ry, stroke=int(bool(stroke)), fill=int(bool(fill))
        )
        self._canvas.restoreState()

    def polygon(
        self, points: Sequence[tuple[float, float]], *, stroke: str = BLACK, line: float = 0.6
    ) -> None:
        """A closed outline."""
        code = [f"{x:.2f} {HEIGHT - y:.2f} {'l' if at else 'm'}" for at, (x, y) in enumerate(points)]
        self._canvas.saveState()
        self._paint(None, stroke, line)
        self._canvas.drawPath(PDFPathObject(code=[*code, "h"]), stroke=1, fill=0)
        self._canvas.restoreState()

    def image(self, x: float, y: float, width: float, height: float, picture: ImageReader) -> None:
        """A picture whose upper left corner is at (x, y)."""
        self._canvas.drawImage(picture, x, HEIGHT - y - height, width, height, mask="auto")

    def scaled(self, x: float, y: float, by: float, draw: Callable[["Ink", float, float], None]) -> None:
        """What `draw` draws at a place, smaller."""
        self._canvas.saveState()
        self._canvas.translate(x, HEIGHT - y)
        self._canvas.scale(by, by)
        draw(self, 0.0, HEIGHT)
        self._canvas.restoreState()

    def clipped(
        self, x: float, y: float, width: float, height: float, draw: Callable[["Ink", float, float], None]
    ) -> None:
        """What `draw` draws, as far as it lies in a rectangle."""
        self._canvas.saveState()
        frame = self._canvas.beginPath()
        frame.rect(x, HEIGHT - y - height, width, height)
        self._canvas.clipPath(frame, stroke=0, fill=0)
        draw(self, x, y)
        self._canvas.restoreState()

    def across(self, text: str, font: str, size: float, colour: str) -> None:
        """A text across the whole page, behind what is drawn later."""
        self._slanted(text, font, size, colour)

    def bookmark(self, y: float, title: str, name: str) -> None:
        """An entry of the outline that leads to `y` of this page."""
        self._canvas.bookmarkHorizontal(name, 0, HEIGHT - y)
        self._canvas.addOutlineEntry(title, name, level=0)

    def _paint(self, fill: str | None, stroke: str | None, width: float) -> None:
        if fill:
            self._canvas.setFillColor(HexColor(fill))
        if stroke:
            self._canvas.setStrokeColor(HexColor(stroke))
            self._canvas.setLineWidth(width)
