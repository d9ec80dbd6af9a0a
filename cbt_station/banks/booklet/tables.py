"""Tables with cells across columns and rows: columns as wide as their texts ask for, smaller letters where they must be.

Rows that a cell joins stay together; a row that is higher than a page is cut between the lines of its cells.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from cbt_station.banks.booklet.bidi import reads_leftwards
from cbt_station.banks.booklet.ink import FAINT, TINT, Ink
from cbt_station.banks.booklet.lines import Align, lines, widths
from cbt_station.banks.booklet.pieces import Style
from cbt_station.banks.booklet.setting import LEAST_SIZE, Setting
from cbt_station.banks.booklet.slabs import (
    MOST_HEIGHT,
    Draw,
    Slab,
    Slabs,
    beside,
    drawn,
    fitted,
    moved,
    total,
)
from cbt_station.exam.content import Cell, Table, as_text

PAD: Final = 4.0
_SMALLER: Final = (1.0, 0.86, 0.74, 0.62)
_WIDEST_WORD: Final = 90.0
"""A longer word is broken rather than the table made smaller for it."""
_WIDEST: Final = 5_000.0


@dataclass(frozen=True)
class _Placed:
    """A cell at its place in the grid."""

    cell: Cell
    row: int
    column: int
    rows: int
    columns: int


def table(block: Table, setting: Setting) -> Slabs:
    """The table's rows as slabs."""
    placed, count = _grid(block)
    if not placed:
        return ()
    leftwards = reads_leftwards(as_text((block,)), setting.leftwards)
    setting = replace(setting, leftwards=leftwards)
    for by in _SMALLER:
        inner = setting.smaller(by)
        least, most = _widths(placed, count, inner)
        if sum(least) <= setting.room or by == _SMALLER[-1]:
            break
    columns = _shared(least, most, setting.room)
    whole = sum(columns)
    if whole > setting.room + 0.01 and inner.size * setting.room / whole < LEAST_SIZE:
        setting.losses.add("booklet-table-small")
    rows = _rows(placed, columns, inner, leftwards)
    free = max(setting.room - whole, 0.0) if leftwards else 0.0
    return moved([fitted(row, whole, setting.room, most=1e9) for row in rows], free)


def _grid(block: Table) -> tuple[list[_Placed], int]:
    """Every cell at its place, and how many columns there are."""
    taken: set[tuple[int, int]] = set()
    placed = []
    last = len(block.rows)
    for row, cells in enumerate(block.rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            high = max(1, min(cell.rows, last - row))
            placed.append(_Placed(cell, row, column, high, cell.columns))
            taken |= {(row + down, column + on) for down in range(high) for on in range(cell.columns)}
            column += cell.columns
    return placed, max((one.column + one.columns for one in placed), default=0)


def _style(cell: Cell) -> Style:
    return Style(bold=cell.heading)


def _widths(placed: Sequence[_Placed], count: int, setting: Setting) -> tuple[list[float], list[float]]:
    """The least and the best width of each column."""
    least, most = [2 * PAD + 4.0] * count, [2 * PAD + 4.0] * count
    for one in sorted(placed, key=lambda one: one.columns):
        word, line = widths(one.cell.content, setting.wide(_WIDEST), _style(one.cell))
        for widest, need in ((least, min(word, _WIDEST_WORD)), (most, min(line, _WIDEST))):
            span = range(one.column, one.column + one.columns)
            missing = need + 2 * PAD - sum(widest[at] for at in span)
            for at in span:
                widest[at] += max(missing, 0.0) / one.columns
    return least, most


def _shared(least: Sequence[float], most: Sequence[float], room: float) -> list[float]:
    """The width of each column: all that it asks for, or its least and its share of what is left."""
    if sum(most) <= room or sum(least) >= room:
        return list(most if sum(most) <= room else least)
    left = (room - sum(least)) / (sum(most) - sum(least))
    return [low + (high - low) * left for low, high in zip(least, most, strict=True)]


def _rows(
    placed: Sequence[_Placed], columns: Sequence[float], setting: Setting, leftwards: bool
) -> list[Slab]:
    last = max(one.row + one.rows for one in placed)
    found: list[Slab] = []
    begin = 0
    while begin < last:
        end = begin + 1
        while any(one.row < end < one.row + one.rows for one in placed):
            end += 1
        inside = [one for one in placed if begin <= one.row < end]
        found += _band(inside, begin, end, columns, setting, leftwards)
        begin = end
    return found


def _band(
    inside: Sequence[_Placed],
    begin: int,
    end: int,
    columns: Sequence[float],
    setting: Setting,
    leftwards: bool,
) -> Slabs:
    """Rows that cells join, as one slab where a page holds them."""
    filled = {one: _filled(one, columns, setting) for one in inside}
    heights = [setting.size * 1.4 + 2 * PAD] * (end - begin)
    for one in sorted(inside, key=lambda one: one.rows):
        span = range(one.row - begin, one.row - begin + one.rows)
        missing = total(filled[one]) + 2 * PAD - sum(heights[at] for at in span)
        heights[span[-1]] += max(missing, 0.0)
    whole = sum(columns)
    if sum(heights) <= MOST_HEIGHT:
        tops = [sum(heights[:at]) for at in range(end - begin + 1)]
        return (Slab(sum(heights), _drawing(filled, begin, tops, columns, leftwards)),)
    return _cut(filled, columns, whole, leftwards, begin, end)


def _drawing(
    filled: dict[_Placed, Slabs], begin: int, tops: Sequence[float], columns: Sequence[float], leftwards: bool
) -> Draw:
    def draw(ink: Ink, x: float, y: float) -> None:
        for one, slabs in filled.items():
            left, wide = _across(one, columns, leftwards)
            top, bottom = tops[one.row - begin], tops[one.row - begin + one.rows]
            ink.box(
                x + left, y + top, wide, bottom - top, fill=TINT if one.cell.heading else None, stroke=FAINT
            )
            free = (bottom - top - 2 * PAD - total(slabs)) / 2 if one.rows > 1 else 0.0
            drawn(slabs)(ink, x + left + PAD, y + top + PAD + max(free, 0.0))

    return draw


def _across(one: _Placed, columns: Sequence[float], leftwards: bool) -> tuple[float, float]:
    """The left edge and the width of a cell."""
    left, wide = sum(columns[: one.column]), sum(columns[one.column : one.column + one.columns])
    return (sum(columns) - left - wide if leftwards else left), wide


def _cut(
    filled: dict[_Placed, Slabs],
    columns: Sequence[float],
    whole: float,
    leftwards: bool,
    begin: int,
    end: int,
) -> Slabs:
    """Rows higher than a page: row by row, each cut between lines; a cell across rows stands in its first."""
    found: list[Slab] = []
    for row in range(begin, end):
        here = [(one, slabs) for one, slabs in filled.items() if one.row == row]
        parts = [(_across(one, columns, leftwards)[0] + PAD, slabs) for one, slabs in here]
        edges = sorted({0.0, whole, *(_across(one, columns, leftwards)[0] for one, _ in here)})
        found += [_edged(slab, edges, whole) for slab in beside(parts)]
    return tuple(found)


def _edged(slab: Slab, edges: Sequence[float], whole: float) -> Slab:
    height = slab.height + slab.space + 2 * PAD

    def draw(ink: Ink, x: float, y: float) -> None:
        for edge in edges:
            ink.line(x + edge, y, x + edge, y + height, 0.6, FAINT)
        for at in (0.0, height):
            ink.line(x, y + at, x + whole, y + at, 0.6, FAINT)
        slab.draw(ink, x, y + PAD)

    return replace(slab, height=height, space=0.0, draw=draw)


def _filled(one: _Placed, columns: Sequence[float], setting: Setting) -> Slabs:
    wide = sum(columns[one.column : one.column + one.columns])
    aligns: dict[str, Align] = {"center": "center", "end": "end"}
    align = aligns.get(one.cell.align, "start")
    return lines(one.cell.content, setting.wide(wide - 2 * PAD), align, _style(one.cell))
