"""A4 pages: text in our fonts, rules, boxes, pictures and QR codes, at millimetres from the top left corner.

`Paper` draws; `Block` and `paginate` decide what comes onto which page. Text is never clipped: what is too wide gets
smaller down to a legible size, then breaks into lines.
"""

import io
from collections.abc import Callable, Sequence
from typing import Final, Literal, TypeAlias

from msgspec import Struct
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.pathobject import PDFPathObject

from cbt_station.errors import Refusal
from cbt_station.paper import fonts, qr
from cbt_station.paper.document import Document
from cbt_station.paper.fonts import Face

WIDTH: Final = A4[0] / mm
HEIGHT: Final = A4[1] / mm
POINT: Final = 1 / mm
"""Millimetres in a point."""
LEADING: Final = 1.28
Colour: TypeAlias = str
Align: TypeAlias = Literal["start", "middle", "end"]

INK: Final[Colour] = "#16202c"
MUTED: Final[Colour] = "#566375"
LINE: Final[Colour] = "#c3ccd6"
TINT: Final[Colour] = "#f1f4f8"
ACCENT: Final[Colour] = "#17406d"
GOLD: Final[Colour] = "#b08a2e"


class Paper(Document):
    """One document being drawn. `finish` gives its bytes: the same for the same calls."""

    def __init__(self, title: str, lang: str, author: str, subject: str) -> None:
        fonts.load_fonts()
        super().__init__(title, lang, author, subject)

    def text(  # where, what, and how it looks
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        face: Face = "text",
        colour: Colour = INK,
        align: Align = "start",
    ) -> float:
        """One line whose baseline is at `y`; returns its width."""
        wide = fonts.width(text, face, size) * POINT
        at = x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[align]
        line = self._canvas.beginText(at * mm, (HEIGHT - y) * mm)
        line.setFillColor(HexColor(colour))
        for font, part in fonts.runs(text, face):
            line.setFont(font, size)
            line.textOut(part)
        self._canvas.drawText(line)
        return wide

    def lines(
        self, x: float, y: float, lines: Sequence[str], size: float, face: Face = "text", colour: Colour = INK
    ) -> float:
        """Lines below each other, the first baseline at `y`; returns the baseline that would come next."""
        for line in lines:
            self.text(x, y, line, size, face, colour)
            y += leading(size)
        return y

    def rule(self, x: float, y: float, length: float, width: float = 0.2, colour: Colour = LINE) -> None:
        """A horizontal line of `width` mm."""
        self._canvas.setStrokeColor(HexColor(colour))
        self._canvas.setLineWidth(width * mm)
        self._canvas.line(x * mm, (HEIGHT - y) * mm, (x + length) * mm, (HEIGHT - y) * mm)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: Colour | None = None,
        stroke: Colour | None = None,
        radius: float = 0.0,
    ) -> None:
        """A rectangle whose upper left corner is at (x, y)."""
        if fill:
            self._canvas.setFillColor(HexColor(fill))
        if stroke:
            self._canvas.setStrokeColor(HexColor(stroke))
            self._canvas.setLineWidth(0.2 * mm)
        self._canvas.roundRect(
            x * mm,
            (HEIGHT - y - height) * mm,
            width * mm,
            height * mm,
            radius * mm,
            stroke=bool(stroke),
            fill=bool(fill),
        )

    def picture(self, x: float, y: float, width: float, height: float, data: bytes) -> None:
        """A JPEG or PNG, as large as fits the room, in its middle; Refusal("picture-unreadable")."""
        try:
            self._canvas.drawImage(
                ImageReader(io.BytesIO(data)),
                x * mm,
                (HEIGHT - y - height) * mm,
                width * mm,
                height * mm,
                mask="auto",
                preserveAspectRatio=True,
            )
        except Exception as error:  # reportlab and Pillow raise whatever a damaged picture makes them
            raise Refusal("picture-unreadable") from error

    def qr(self, x: float, y: float, width: float, data: bytes) -> None:
        """A QR code `width` mm wide (without its quiet zone, which the caller leaves free), on white."""
        count, runs = qr.modules(data)
        if width < qr.LEAST_WIDTH_MM:
            raise Refusal("qr-too-small", width_mm=width)
        module = width / count
        quiet = module * qr.QUIET_MODULES
        self.box(x - quiet, y - quiet, width + 2 * quiet, width + 2 * quiet, fill="#ffffff")
        self._canvas.saveState()
        self._canvas.translate(x * mm, (HEIGHT - y) * mm)
        self._canvas.scale(module * mm, module * mm)  # one unit is one module: whole numbers from here
        self._canvas.setFillColor(HexColor("#000000"))
        squares = [f"{first} {-row - 1} {length} 1 re" for row, first, length in runs]
        self._canvas.drawPath(PDFPathObject(code=squares), stroke=0, fill=1)
        self._canvas.restoreState()

    def across(self, text: str, size: float, colour: Colour) -> None:
        """A text across the whole page, behind what is drawn later."""
        ((font, _), *_) = fonts.runs(text, "bold")
        self._slanted(text, font, size, colour)


class Block(Struct, frozen=True):
    """Something `height` mm high that stays together; `heading` is drawn again where a page begins inside a run."""

    height: float
    draw: Callable[[Paper, float], None]
    heading: "Block | None" = None


def paginate(blocks: Sequence[Block], first_room: float, next_room: float) -> list[list[Block]]:
    """The blocks page by page; a block that continues a run brings its heading to the new page."""
    pages: list[list[Block]] = [[]]
    left = first_room
    for block in blocks:
        if block.height > left and pages[-1]:
            pages.append([block.heading] if block.heading else [])
            left = next_room - sum(one.height for one in pages[-1])
        pages[-1].append(block)
        left -= block.height
    return pages


def leading(size: float) -> float:
    """From baseline to baseline, in mm."""
    return size * LEADING * POINT


def fitted(
    text: str, size: float, room: float, face: Face = "text", least: float = 8.0, most_lines: int = 2
) -> tuple[float, list[str]]:
    """The size and the lines in which a text fits `room` mm: one line if it can, else smaller, else more lines."""
    chosen = size
    while chosen > least and fonts.width(text, face, chosen) * POINT > room:
        chosen -= 0.5
    if fonts.width(text, face, chosen) * POINT <= room:
        return chosen, [text]
    chosen = size
    while chosen > least and len(fonts.wrapped(text, face, chosen, room * mm)) > most_lines:
        chosen -= 0.5
    return chosen, fonts.wrapped(text, face, chosen, room * mm)
