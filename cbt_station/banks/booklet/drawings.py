"""Formulas as outlines on their baseline; pictures as they are, drawings (SVG) as pixels fine enough for print."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from reportlab.lib.colors import black, toColor
from reportlab.lib.utils import ImageReader

from cbt_station.banks.booklet.ink import TINT, Ink
from cbt_station.banks.booklet.setting import Setting
from cbt_station.banks.booklet.slabs import MOST_HEIGHT
from cbt_station.banks.faults import Faulty
from cbt_station.banks.formulas import EM
from cbt_station.banks.rasterising import rasterise
from cbt_station.banks.safe_xml import Element, local_name, parse
from cbt_station.exam.content import Formula

POINTS_A_PIXEL: Final = 0.75
"""96 pixels are an inch, as on a screen at 100 %."""
DOTS_A_POINT: Final = 300 / 72
MOST_DOTS: Final = 3_000
_NUMBER: Final = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?|[MLQCZHV]", re.IGNORECASE)


@dataclass(frozen=True)
class Drawing:
    """Something in a line or of its own: `depth` of its height lies below the baseline, where `draw` begins."""

    width: float
    height: float
    depth: float
    draw: Callable[[Ink, float, float], None]


def formula(formula: Formula, setting: Setting) -> Drawing:
    """A formula in letters of the setting's size, smaller where it is wider than its room."""
    by = min(
        1.0,
        setting.room / max(formula.width * setting.size / 1000, 0.1),
        MOST_HEIGHT / max(formula.height * setting.size / 1000, 0.1),
    )
    em = setting.size * by
    width, height, depth = (number * em / 1000 for number in (formula.width, formula.height, formula.depth))
    data = setting.media.get(formula.media, b"")
    left, strokes = _strokes(data) if data else (0.0, ())

    def draw(ink: Ink, x: float, y: float) -> None:
        if strokes is None:  # no drawing of ours has such marks yet
            pixels = _pixels(formula.media, data, width, height)
            if pixels:
                ink.image(x, y + depth - height, width, height, ImageReader(io.BytesIO(pixels)))
        for one in strokes or ():
            ink.path(
                x - left * em / EM, y, one.code, em / EM, fill=one.fill, stroke=one.stroke, width=one.width
            )
        ink.unseen(x, y, formula.alt, width, em)

    return Drawing(width, height, depth, draw)


def picture(
    name: str, width: int, height: int, setting: Setting, most_height: float = MOST_HEIGHT
) -> Drawing:
    """A picture `width` × `height` pixels, smaller where it is larger than its room."""
    wide, high = width * POINTS_A_PIXEL, height * POINTS_A_PIXEL
    by = min(1.0, setting.room / wide, most_height / high)
    wide, high = wide * by, high * by

    data = _pixels(name, setting.media.get(name, b""), wide, high)
    if not data:
        setting.losses.add("booklet-picture")

    def draw(ink: Ink, x: float, y: float) -> None:
        if data:
            ink.image(x, y - high, wide, high, ImageReader(io.BytesIO(data)))
        else:
            ink.box(x, y - high, wide, high, fill=TINT, stroke=None)

    return Drawing(wide, high, 0.0, draw)


def _pixels(name: str, data: bytes, wide: float, high: float) -> bytes:
    """The picture as PNG or JPEG: a drawing as fine as print is, or coarser where that takes too long; none for nothing."""
    if not name.endswith(".svg") or not data:
        return data
    for coarser in (1, 2, 4):
        by = min(DOTS_A_POINT, MOST_DOTS / max(wide, high)) / coarser
        try:
            return _rastered(data, max(1, round(wide * by)), max(1, round(high * by)))
        except Faulty:
            continue
    return b""


@lru_cache(maxsize=64)
def _rastered(data: bytes, width: int, height: int) -> bytes:
    return rasterise(data.decode(), width, height)


class _Stroke(NamedTuple):
    """Operators of a PDF path, y upwards, and how it is painted."""

    code: tuple[str, ...]
    fill: str | None
    stroke: str | None
    width: float


@lru_cache(maxsize=2048)
def _strokes(data: bytes) -> tuple[float, tuple[_Stroke, ...] | None]:
    """The left edge of a formula's drawing, and its ink; None where something in it is not known here."""
    svg = parse(data)
    left = float(svg.attrib["viewBox"].split()[0])
    elements = [one for one in svg.iter() if local_name(one) not in ("svg", "g")]
    if any("transform" in one.attrib for one in svg.iter()):
        return left, None
    return left, tuple(_Stroke(tuple(_code(one)), *_paint(one)) for one in elements)


def _paint(element: Element) -> tuple[str | None, str | None, float]:
    width = float(element.attrib.get("stroke-width", 1))
    fill, stroke = _colour(element.attrib.get("fill", "black")), _colour(element.attrib.get("stroke", "none"))
    return (None if local_name(element) == "line" else fill), stroke, width


def _colour(name: str) -> str | None:
    if name == "none":
        return None
    return f"#{toColor(name, black).hexval()[2:8]}"


def _code(element: Element) -> list[str]:
    kind = local_name(element)
    if kind == "path":
        return _path(_NUMBER.findall(element.attrib.get("d", "")))
    names = ("x1", "y1", "x2", "y2") if kind == "line" else ("x", "y", "width", "height")
    a, b, c, d = (float(element.attrib.get(name, 0)) for name in names)
    return [f"{a:g} {-b:g} m", f"{c:g} {-d:g} l"] if kind == "line" else [f"{a:g} {-b - d:g} {c:g} {d:g} re"]


def _path(tokens: list[str]) -> list[str]:
    """A path of absolute M, L, H, V, Q, C and Z, which is what ziafont writes."""
    code: list[str] = []
    x = y = 0.0
    numbers = iter(tokens)
    command = "M"
    for token in numbers:
        if token.isalpha():
            command = token
            if command in "Zz":
                code.append("h")
            continue
        first = float(token)
        if command == "H":
            x = first
            code.append(f"{x:g} {-y:g} l")
        elif command == "V":
            y = first
            code.append(f"{x:g} {-y:g} l")
        elif command in "ML":
            x, y = first, float(next(numbers))
            code.append(f"{x:g} {-y:g} {'m' if command == 'M' else 'l'}")
            command = "L"
        else:
            points = [first, *(float(next(numbers)) for _ in range(3 if command == "Q" else 5))]
            if command == "Q":
                cx, cy, ex, ey = points
                points = [
                    x + (cx - x) * 2 / 3,
                    y + (cy - y) * 2 / 3,
                    ex + (cx - ex) * 2 / 3,
                    ey + (cy - ey) * 2 / 3,
                    ex,
                    ey,
                ]
            x, y = points[4], points[5]
            code.append(" ".join(f"{-one if at % 2 else one:.2f}" for at, one in enumerate(points)) + " c")
    return code
