"""Whether a point lies in an area of a picture: QTI's shapes, edges included.

Coordinates as HTML has them: rect l,t,r,b; circle x,y,r; ellipse x,y,h,v (half axes); poly x1,y1,x2,y2 …; default is the
whole picture. Exact: no point is in or out by rounding.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from cbt_station.errors import Refusal

Point = tuple[Fraction, Fraction]
_LENGTHS: Final = {"rect": 4, "circle": 3, "ellipse": 4, "default": 0}
_LEAST_POLY: Final = 6
_MOST_POLY: Final = 1_000
_FARTHEST: Final = 1_000_000


def is_inside(shape: str, coords: Sequence[int], point: Point) -> bool:
    """Refusal("rule-value") where the coordinates make no such shape."""
    if not _makes(shape, coords):
        raise Refusal("rule-value", op=shape, value=str(list(coords))[:100])
    x, y = point
    match shape:
        case "rect":
            left, top, right, bottom = coords
            return left <= x <= right and top <= y <= bottom
        case "circle":
            cx, cy, r = coords
            return (x - cx) ** 2 + (y - cy) ** 2 <= r * r
        case "ellipse":
            cx, cy, h, v = coords
            return h > 0 and v > 0 and ((x - cx) / h) ** 2 + ((y - cy) / v) ** 2 <= 1
        case "poly":
            return _is_in_poly(list(zip(coords[::2], coords[1::2], strict=True)), x, y)
        case _:
            return True


def _makes(shape: str, coords: Sequence[int]) -> bool:
    if any(abs(coord) > _FARTHEST for coord in coords):
        return False
    if shape == "poly":
        return _LEAST_POLY <= len(coords) <= _MOST_POLY and len(coords) % 2 == 0
    return shape in _LENGTHS and (shape == "default" or len(coords) == _LENGTHS[shape])


def _is_in_poly(corners: list[tuple[int, int]], x: Fraction, y: Fraction) -> bool:
    """By counting the sides that a ray to the right crosses; a point on a side is inside."""
    inside = False
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
        cross = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        if cross == 0 and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
            return True
        if (ay > y) != (by > y) and x < ax + (y - ay) * Fraction(bx - ax, by - ay):
            inside = not inside
    return inside
