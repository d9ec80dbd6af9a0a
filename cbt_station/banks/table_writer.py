"""Tables back into the Markdown that `table_reader.py` reads."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from cbt_station.banks.body import Files
from cbt_station.banks.line_writer import LineWriter
from cbt_station.errors import Refusal
from cbt_station.exam.content import MOST_SPAN, Cell, Table

_ALIGN: Final = {"start": "---", "end": "--:", "center": ":-:"}
_OWN_ALIGN: Final = re.compile(r"(^| )\{((?:start|center|end)\})$")
_MOST_PLACES: Final = 20_000


def table_text(table: Table, files: Files) -> str:
    """The table, or Refusal("bank-text-not-writable") where its cells do not fill a grid."""
    grid = _grid(table)
    aligns = [_usual(column) for column in zip(*grid, strict=True)]
    writer = LineWriter(files, one_line=True)
    has_head = all(cell.heading for cell, _, _ in grid[0]) and any(cell.content for cell, _, _ in grid[0])
    rows = [
        [
            _place(place, aligns[column], writer, marked=not (has_head and number == 0))
            for column, place in enumerate(row)
        ]
        for number, row in enumerate(grid)
    ]
    if not has_head:
        rows.insert(0, ["" for _ in aligns])
    rows.insert(1, [_ALIGN.get(align, "---") for align in aligns])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


_Place = tuple[Cell, int, int]
"""A cell, and how far a place lies from its first row and column."""


def _grid(table: Table) -> list[list[_Place]]:
    """Every place of the table with the cell that covers it, as HTML lays cells out; no hole and no overlap."""
    covered: dict[tuple[int, int], _Place] = {}
    for number, row in enumerate(table.rows):
        column = 0
        for cell in row:
            while (number, column) in covered:
                column += 1
            for down in range(cell.rows):
                for right in range(cell.columns):
                    _cover(covered, (number + down, column + right), (cell, down, right))
            column += cell.columns
    height = len(table.rows)
    width = 1 + max((column for _, column in covered), default=-1)
    if not covered or len(covered) != height * width or any(row >= height for row, _ in covered):
        raise Refusal("bank-text-not-writable", where="table")
    return [[covered[row, column] for column in range(width)] for row in range(height)]


def _cover(covered: dict[tuple[int, int], _Place], at: tuple[int, int], place: _Place) -> None:
    if at in covered or len(covered) >= _MOST_PLACES or at[1] >= MOST_SPAN:
        raise Refusal("bank-text-not-writable", where="table")
    covered[at] = place


def _usual(column: Sequence[_Place]) -> str:
    """The alignment of most cells that begin in a column."""
    counts = Counter(cell.align for cell, down, right in column if not down and not right)
    return counts.most_common(1)[0][0] if counts else "start"


def _place(place: _Place, usual: str, writer: LineWriter, *, marked: bool) -> str:
    cell, down, right = place
    if down or right:
        return "^^" if down else "<<"
    text = writer.line(cell.content)
    text = _OWN_ALIGN.sub(r"\1\\{\2", re.sub(r"^#", r"\\#", text))
    heading = "# " if cell.heading and marked else ""
    align = f" {{{cell.align}}}" if cell.align != usual else ""
    return f"{heading}{text}{align}".strip().replace("|", r"\|")
