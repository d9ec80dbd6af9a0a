"""HTML tables. A cell of ours is one line; a table whose cells hold more than lines (another table, an interaction that
needs a row of its own) is laid out as columns, a row at a time, and that is a named loss.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from cbt_station.banks.foreign import remark
from cbt_station.banks.html_lines import as_line
from cbt_station.banks.html_style import Style, alignment, styled, text_of
from cbt_station.banks.safe_xml import Element, local_name
from cbt_station.exam.content import MOST_COLUMNS, MOST_SPAN, Block, Blocks, Cell, Columns, Table

if TYPE_CHECKING:
    from cbt_station.banks.html import HtmlReader

_Row: TypeAlias = list[tuple[Element, Style, Blocks]]
"""A row's cells: the element, its style, what it holds."""


def read_table(table: Element, style: Style, reader: "HtmlReader") -> Blocks:
    """What stands in a table beside its cells, and the table or what stands for it."""
    found = _Rows(reader)
    found.gather(table, style, "")
    rows = [row for part in found.parts.values() for row in part if row]
    if not rows:
        return tuple(found.beside)
    drawn = [_drawn(row, reader) for row in rows]
    if any(row is None for row in drawn):
        return (*found.beside, *_laid_out(rows, reader))
    return (*found.beside, Table(tuple(row for row in drawn if row is not None)))


class _Rows:
    """The rows of a table as they come, the foot's last. A cell without a row begins one, as in a browser.

    `beside`: the caption, and what stands between the cells, which a browser puts before the table too.
    """

    def __init__(self, reader: "HtmlReader") -> None:
        self._reader = reader
        self.beside: list[Block] = []
        self.parts: dict[str, list[_Row]] = {"thead": [], "": [], "tfoot": []}

    def gather(self, element: Element, style: Style, part: str, row: _Row | None = None) -> None:
        """What a table, a part of it or a row holds; `row` takes the cells of a row."""
        own_row = row
        self._text(element.text, style)
        for child in element:
            name = local_name(child)
            if name and not self._reader.hides(child):
                self._reader.enter()
                if name in ("td", "th"):
                    own_row = self._new_row(part) if own_row is None else own_row
                    self._cell(child, name, style, own_row)
                else:
                    own_row = row
                    self._other(child, name, style, part)
                self._reader.leave()
            self._text(child.tail, style)

    def _new_row(self, part: str) -> _Row:
        self.parts[part].append([])
        return self.parts[part][-1]

    def _cell(self, cell: Element, name: str, style: Style, row: _Row) -> None:
        from cbt_station.banks.html_flow import Flow

        own = styled(style, cell, name, self._reader.noticed)
        row.append((cell, own, Flow(self._reader).read(cell, own)))

    def _other(self, element: Element, name: str, style: Style, part: str) -> None:
        from cbt_station.banks.html_flow import Flow

        if name in ("tr", "thead", "tbody", "tfoot", "caption"):
            style = styled(style, element, name, self._reader.noticed)
        if name == "tr":
            self.gather(element, style, part, self._new_row(part))
        elif name in ("thead", "tbody", "tfoot"):
            self.gather(element, style, name if name in self.parts else "")
        elif name == "caption":
            self.beside.extend(Flow(self._reader).read(element, style))
        else:
            self.beside.extend(Flow(self._reader).read_one(element, style))

    def _text(self, text: str | None, style: Style) -> None:
        from cbt_station.banks.html_flow import Flow

        if text and text.strip():
            self.beside.extend(Flow(self._reader).read_text(text, style))


def _drawn(row: _Row, reader: "HtmlReader") -> tuple[Cell, ...] | None:
    """A row of ours, or None where a cell holds more than a line."""
    cells = []
    for element, _, blocks in row:
        line = as_line(blocks, reader)
        if line is None:
            return None
        parent = element.getparent()
        align = alignment(element) or (alignment(parent) if parent is not None else None) or _inside(element)
        heading = local_name(element) == "th"
        cells.append(
            Cell(
                line,
                heading=heading,
                align=align or ("center" if heading else "start"),
                columns=_span(element, "colspan", reader),
                rows=_span(element, "rowspan", reader),
            )
        )
    return tuple(cells)


def _inside(element: Element) -> str | None:
    """How the one paragraph of a cell stands."""
    inner = [child for child in element if isinstance(child.tag, str)]
    return alignment(inner[0]) if len(inner) == 1 and local_name(inner[0]) in ("p", "div") else None


def _span(element: Element, attribute: str, reader: "HtmlReader") -> int:
    said = text_of(element, attribute).strip()
    if not said:
        return 1
    number = int(said[:6]) if said.isdecimal() and said.isascii() else 0
    if not 1 <= number <= MOST_SPAN:
        reader.lose(remark("table-span", found=f"{attribute}={said[:12]}"))
        return min(max(number, 1), MOST_SPAN)
    return number


def _laid_out(rows: list[_Row], reader: "HtmlReader") -> Iterator[Block]:
    reader.lose(remark("table-as-columns"))
    for row in rows:
        columns = tuple(blocks for _, _, blocks in row if blocks)
        if 1 < len(columns) <= MOST_COLUMNS:
            yield Columns(columns)
        else:
            yield from (block for column in columns for block in column)
