"""Tables: a grid of cells in Markdown, rows of cells that may reach over several columns and rows in `exam.content`.

A cell that says `<<` belongs to the cell on its left, one that says `^^` to the one above. `# ` begins a heading cell
where it does not stand in the table's head, `{center}` at its end is its own alignment, `<br>` a new line in it.
"""

from collections import Counter
from typing import Final, Protocol

from markdown_it.tree import SyntaxTreeNode

from cbt_station.exam.content import Cell, Inline, Table

_ALIGN: Final = {"text-align:right": "end", "text-align:center": "center"}
_NO_CELL: Final = -1


class Reader(Protocol):
    """What a table needs of the reader of the body."""

    def inlines(
        self, node: SyntaxTreeNode, line: int, *, alone: bool = False, one_line: bool = False
    ) -> tuple[Inline, ...]: ...
    def note(self, line: int, code: str, /, **facts: object) -> None: ...


def read_table(reader: Reader, node: SyntaxTreeNode, first_line: int) -> Table | None:
    """The table, or None after its fault was noted."""
    rows = [(part.type, row) for part in node.children for row in part.children]
    if rows and not any(_raw(cell) or _meta(cell) for cell in rows[0][1].children):
        rows = rows[1:]  # an empty head is no row
    grid = _Grid()
    for kind, row in rows:
        line = first_line + (row.map[0] if row.map else 0)
        problem = grid.add([_cell(reader, cell, kind, line) for cell in row.children])
        if problem is not None:
            reader.note(line, "table-merge", column=problem + 1)
            return None
    return Table(grid.rows())


def _cell(reader: Reader, node: SyntaxTreeNode, kind: str, line: int) -> "Cell | str":
    """A cell, or to which side it belongs."""
    meta = _meta(node)
    if "merged" in meta:
        return str(meta["merged"])
    return Cell(
        reader.inlines(node, line, one_line=True),
        heading=kind == "thead" or bool(meta.get("heading")),
        align=str(meta.get("align") or _ALIGN.get(str(node.attrs.get("style", "")), "start")),
    )


def _meta(node: SyntaxTreeNode) -> dict[str, object]:
    return dict(node.nester_tokens.opening.meta) if node.nester_tokens else {}


def _raw(node: SyntaxTreeNode) -> str:
    return "".join(child.content for child in node.children)


class _Grid:
    """The places of a table row by row, each with the number of the cell that covers it."""

    def __init__(self) -> None:
        self._cells: list[Cell] = []
        self._begins: list[tuple[int, int]] = []
        self._places: list[list[int]] = []

    def add(self, row: list[Cell | str]) -> int | None:
        """Add a row; the column at which it makes no sense, if it does not."""
        places: list[int] = []
        number = len(self._places)
        for column, cell in enumerate(row):
            if isinstance(cell, Cell):
                places.append(len(self._cells))
                self._cells.append(cell)
                self._begins.append((number, column))
                continue
            owner = self._owner(places, column, cell)
            if owner == _NO_CELL:
                return column
            places.append(owner)
        self._places.append(places)
        return self._torn(number)

    def _owner(self, places: list[int], column: int, side: str) -> int:
        if side == "left":
            # Only in a cell's first row: in its lower rows each of its places says `^^`.
            owner = places[column - 1] if column else _NO_CELL
            return owner if owner != _NO_CELL and self._begins[owner][0] == len(self._places) else _NO_CELL
        above = self._places[-1] if self._places else []
        return above[column] if column < len(above) else _NO_CELL

    def _torn(self, number: int) -> int | None:
        """The column of a cell that reaches down in some of its columns only."""
        if number == 0:
            return None
        here = self._places[number]
        widths_above, widths = Counter(self._places[number - 1]), Counter(here)
        for column, owner in enumerate(here):
            if self._begins[owner][0] < number and widths_above[owner] != widths[owner]:
                return column
        return None

    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        heights = Counter(owner for places in self._places for owner in set(places))
        found: list[tuple[Cell, ...]] = []
        for number, places in enumerate(self._places):
            widths = Counter(places)
            found.append(
                tuple(
                    self._spanning(owner, widths[owner], heights[owner])
                    for column, owner in enumerate(places)
                    if self._begins[owner] == (number, column)
                )
            )
        return tuple(found)

    def _spanning(self, owner: int, columns: int, rows: int) -> Cell:
        cell = self._cells[owner]
        return Cell(cell.content, cell.heading, cell.align, columns, rows)
