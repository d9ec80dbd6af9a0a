"""What a pen marks: circles and boxes with their letters, and scales."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final, Literal, NamedTuple, TypeAlias

from cbt_station.banks.booklet.blocks import text
from cbt_station.banks.booklet.ink import Ink
from cbt_station.banks.booklet.lines import lines, widths
from cbt_station.banks.booklet.pieces import Style
from cbt_station.banks.booklet.setting import Setting
from cbt_station.banks.booklet.slabs import Slab, Slabs, blank, moved
from cbt_station.exam.content import Text
from cbt_station.exam.interactions import SliderInteraction
from cbt_station.paper.dates import number

Mark: TypeAlias = Literal["circle", "box", "bare"]
RADIUS: Final = 7.2
LABEL: Final = 24.0
_MIDDLE: Final = 0.34
"""How far the middle of a capital letter lies above its baseline, of the size."""
_MOST_TICKS: Final = 40
_MOST_NUMBERS: Final = 11
_TALL: Final = 190.0


class _Tick(NamedTuple):
    """A stroke of a scale: how far along it, from 0 to 1, and the number at it."""

    at: float
    label: str


def letter(at: int) -> str:
    """A to Z, AA …"""
    return (letter(at // 26 - 1) if at >= 26 else "") + chr(ord("A") + at % 26)


def sign(ink: Ink, x: float, y: float, mark: Mark, radius: float = RADIUS) -> None:
    """An empty circle or box around (x, y)."""
    if mark == "circle":
        ink.oval(x, y, radius, radius, line=0.8)
    elif mark == "box":
        ink.box(x - radius, y - radius, 2 * radius, 2 * radius, line=0.8, radius=1.5)


def marked(slabs: Slabs, name: str, mark: Mark, setting: Setting, by: float = LABEL) -> Slabs:
    """Slabs with a circle or box with a letter in it before their first line, on the right where texts run leftwards."""
    small = setting.smaller(0.82 if mark != "bare" else 1.0).wide(200)
    label = lines((Text(name),), small, base=Style(bold=True))[:1] if name else ()
    wide = _width_of(name, small)
    first = slabs[0] if slabs else Slab(0.0, blank)
    baseline = first.baseline or setting.size
    middle = baseline - setting.size * _MIDDLE
    down = max(RADIUS + 0.4 - middle, 0.0) if mark != "bare" else 0.0
    radius = max(RADIUS, wide / 2 + 2) if mark == "circle" else RADIUS

    def draw(ink: Ink, x: float, y: float) -> None:
        edge = x + setting.room - 2 * RADIUS if setting.leftwards else x
        sign(ink, edge + RADIUS, y + down + middle, mark, radius)
        for one in label:
            left = edge if mark == "bare" else edge + RADIUS - wide / 2
            one.draw(ink, left, y + down + middle + small.size * _MIDDLE - one.baseline)
        first.draw(ink, x if setting.leftwards else x + by, y + down)

    height = max(first.height, middle + RADIUS) + down
    return (
        replace(first, height=height, draw=draw, baseline=baseline + down),
        *(slabs[1:] if setting.leftwards else moved(slabs[1:], by)),
    )


def _width_of(name: str, setting: Setting) -> float:
    return widths((Text(name),), setting, Style(bold=True))[1] if name else 0.0


def scale(part: SliderInteraction, setting: Setting) -> Slab:
    """A line from the lowest to the highest number, with a stroke for every step where they are not too many."""
    low, high, step = Decimal(part.low), Decimal(part.high), Decimal(part.step)
    count = max(int((high - low) / step), 1) if step > 0 else 1
    strokes = count if count <= _MOST_TICKS else _parts(count, _MOST_TICKS)
    numbered = strokes if strokes < _MOST_NUMBERS else _parts(strokes, _MOST_NUMBERS - 1)
    shown = {at * strokes // numbered for at in range(numbered + 1)}
    ticks = []
    for at in range(strokes + 1):
        steps = round(count * at / strokes)  # a stroke stands for a number that can be answered
        label = plain(low + steps * step, setting) if at in shown else ""
        ticks.append(_Tick((count - steps if part.reverse else steps) / count, label))
    return _upright(ticks, setting) if part.vertical else _lying(ticks, setting)


def plain(value: Decimal, setting: Setting) -> str:
    """A number as the language of the page writes it."""
    return number(value, setting.words.lang)


def _parts(count: int, most: int) -> int:
    """The largest number of equal parts that divides `count`, at most `most`; else 10."""
    return next((parts for parts in range(most, 1, -1) if count % parts == 0), min(10, most))


def _lying(ticks: Sequence[_Tick], setting: Setting) -> Slab:
    small = setting.smaller(0.85)
    side = 22.0
    length = max(setting.room - 2 * side, 40.0)

    def draw(ink: Ink, x: float, y: float) -> None:
        line = y + 8
        ink.line(x + side, line, x + side + length, line, 1.0)
        for tick in ticks:
            here, reach = x + side + length * tick.at, 5 if tick.label else 3
            ink.line(here, line - reach, here, line + reach, 0.7)
            if tick.label:
                label = text(tick.label, small.wide(200))[0]
                label.draw(ink, here - _width_of(tick.label, small) / 2, line + 7)

    return Slab(32.0, draw)


def _upright(ticks: Sequence[_Tick], setting: Setting) -> Slab:
    small = setting.smaller(0.85)

    def draw(ink: Ink, x: float, y: float) -> None:
        top, axis = y + 8, x + 60
        ink.line(axis, top, axis, top + _TALL, 1.0)
        for tick in ticks:
            here, reach = top + _TALL * (1 - tick.at), 5 if tick.label else 3
            ink.line(axis - reach, here, axis + reach, here, 0.7)
            if tick.label:
                label = text(tick.label, small.wide(200))[0]
                label.draw(ink, axis - 10 - _width_of(tick.label, small), here - label.height / 2)

    return Slab(_TALL + 16, draw)
