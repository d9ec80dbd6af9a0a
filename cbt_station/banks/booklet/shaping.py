"""Letters that join, stack or run leftwards: HarfBuzz says which glyphs stand where, and they are drawn as outlines.

The text itself lies over them unseen, so that it can be searched and copied.
"""

from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import uharfbuzz

from cbt_station.banks.booklet import faces


class Glyph(NamedTuple):
    """A glyph of a shaped run, from the left: where it stands, in thousandths of the size."""

    number: int
    x: float
    y: float


class Shaped(NamedTuple):
    """A run of one font and direction."""

    font: str
    glyphs: tuple[Glyph, ...]
    width: float
    text: str
    """From the left, as readers of PDF expect it: what runs leftwards stands with its last character first."""


@lru_cache(maxsize=4096)
def shaped(text: str, font: str, *, leftwards: bool, language: str = "") -> Shaped:
    """The glyphs of a run."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if leftwards else "ltr"
    if language:
        buffer.language = language
    face, by = _face(font)
    uharfbuzz.shape(face, buffer)
    glyphs, at = [], 0.0
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        glyphs.append(Glyph(info.codepoint, (at + position.x_offset) * by, position.y_offset * by))
        at += position.x_advance
    return Shaped(font, tuple(glyphs), at * by, text[::-1] if leftwards else text)


@lru_cache(maxsize=4096)
def outline(font: str, index: int) -> tuple[str, ...]:
    """A glyph as operators of a PDF path, in thousandths of the size, y upwards."""
    face, by = _face(font)
    pen = _Pen(by)
    funcs = uharfbuzz.DrawFuncs()
    funcs.set_move_to_func(lambda x, y, _: pen.add("m", x, y))
    funcs.set_line_to_func(lambda x, y, _: pen.add("l", x, y))
    funcs.set_quadratic_to_func(lambda cx, cy, x, y, _: pen.quadratic(cx, cy, x, y))
    funcs.set_cubic_to_func(lambda ax, ay, bx, by_, x, y, _: pen.add("c", ax, ay, bx, by_, x, y))
    funcs.set_close_path_func(lambda _: pen.add("h"))
    face.draw_glyph(index, funcs)
    return tuple(pen.code)


class _Pen:
    def __init__(self, by: float) -> None:
        self._by = by
        self._at = (0.0, 0.0)
        self.code: list[str] = []

    def add(self, operator: str, *numbers: float) -> None:
        self.code.append(" ".join([*(f"{number * self._by:.1f}" for number in numbers), operator]))
        if numbers:
            *_, x, y = numbers
            self._at = (x, y)

    def quadratic(self, cx: float, cy: float, x: float, y: float) -> None:
        fx, fy = self._at
        self.add(
            "c",
            fx + (cx - fx) * 2 / 3,
            fy + (cy - fy) * 2 / 3,
            x + (cx - x) * 2 / 3,
            y + (cy - y) * 2 / 3,
            x,
            y,
        )


_THOUSAND: Final = 1000


@cache
def _face(font: str) -> tuple[uharfbuzz.Font, float]:
    """The font, and what makes thousandths of its units."""
    face = uharfbuzz.Face(uharfbuzz.Blob(Path(faces.path_of(font)).read_bytes()))
    return uharfbuzz.Font(face), _THOUSAND / face.upem
