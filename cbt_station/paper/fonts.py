"""The faces of our papers, registered once a process, and how wide a text is in them.

Atkinson Hyperlegible Next (made for low vision, every letter and digit distinct), its Mono for ids and codes, and
Noto Sans glyph by glyph for what it lacks. Sizes and widths are points.
"""

from functools import cache, lru_cache
from itertools import groupby
from typing import Final, Literal, TypeAlias, cast

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from cbt_station.errors import Trouble
from cbt_station.travelling import travelling

Face: TypeAlias = Literal["text", "bold", "italic", "code"]
Run: TypeAlias = tuple[str, str]
"""A font's name and the text that it draws."""

_FILES: Final[dict[Face, tuple[str, str]]] = {
    "text": ("AtkinsonHyperlegibleNext_400Regular", "NotoSans_400Regular"),
    "bold": ("AtkinsonHyperlegibleNext_700Bold", "NotoSans_700Bold"),
    "italic": ("AtkinsonHyperlegibleNext_400Regular_Italic", "NotoSans_400Regular_Italic"),
    "code": ("AtkinsonHyperlegibleMono_400Regular", "NotoSans_400Regular"),
}


@cache
def load_fonts() -> None:
    """Make every face known to reportlab; Trouble("font-unreadable") where a file is damaged."""
    for name in sorted({name for pair in _FILES.values() for name in pair}):
        path = travelling("assets") / "fonts" / f"{name}.ttf"
        try:
            pdfmetrics.registerFont(TTFont(name, str(path)))
        except (TTFError, OSError) as error:
            raise Trouble("font-unreadable", where=str(path)) from error


@lru_cache(maxsize=8192)
def runs(text: str, face: Face) -> tuple[Run, ...]:
    """The text in runs of one font each: the face's own, or Noto Sans where it lacks a glyph."""
    load_fonts()
    own, spare = _FILES[face]
    has = _glyphs(own)
    parts = groupby(text, key=lambda ch: own if ord(ch) in has else spare)
    return tuple((font, "".join(characters)) for font, characters in parts)


@lru_cache(maxsize=16384)
def width(text: str, face: Face, size: float) -> float:
    """How wide a line is, in points."""
    return sum(pdfmetrics.stringWidth(part, font, size) for font, part in runs(text, face))


def wrapped(text: str, face: Face, size: float, room: float) -> list[str]:
    """The text in lines no wider than `room`; a word that is wider alone is cut where it must be."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        for piece in _pieces(word, face, size, room):
            longer = f"{line} {piece}" if line else piece
            if line and width(longer, face, size) > room:
                lines.append(line)
                line = piece
            else:
                line = longer
    return [*lines, line] if line or not lines else lines


def _pieces(word: str, face: Face, size: float, room: float) -> list[str]:
    pieces = []
    while width(word, face, size) > room and len(word) > 1:
        fits = max(
            1, next(n for n in range(len(word), 0, -1) if n == 1 or width(word[:n], face, size) <= room)
        )
        pieces.append(word[:fits])
        word = word[fits:]
    return [*pieces, word]


@cache
def _glyphs(font: str) -> frozenset[int]:
    return frozenset(cast("TTFont", pdfmetrics.getFont(font)).face.charToGlyph)
