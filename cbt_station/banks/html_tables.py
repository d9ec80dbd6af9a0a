"""HTML tables. A cell of ours is one line; a table whose cells hold more than lines (another table, an interaction that
needs a row of its own) is laid out as columns, a row at a time, and that is a named loss.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, TypeAlias

from cbt_station.banks.foreign import remark
from cbt_station.banks.html_lines import as_line
from cbt_station.banks.html_style import Style, alignment, is_hidden, styled, text_of
from cbt_station.banks.safe_xml import Element, local_name
from cbt_station.exam.content import MOST_SPAN, Block, Blocks, Cell, Columns, Table

if TYPE_CHECKING:
    from cbt_station.banks.html import HtmlReader

MOST_COLUMNS: Final = 4
_Read: TypeAlias = list[tuple[Element, Style, Blocks]]
"""A row's cells: the element, its style, what it holds."""


def read_table(table: Element, style: Style, reader: "HtmlReader") -> Blocks:
    """A table's caption, and the table or what stands for it."""
    from cbt_station.banks.html_flow import Flow

    captions: list[Block] = []
    for child in table:
        if local_name(child) == "caption":
            captions.extend(Flow(reader).read(child, styled(style, child, "caption", reader.noticed)))
        elif local_name(child) not in ("thead", "tbody", "tfoot", "tr", "colgroup", "col", "td", "th", ""):
            captions.extend(Flow(reader).read(child, style))
    if (table.text or "").strip():
        reader.lose(remark("element-dropped", element="table"))
    rows = [_cells(row, inner, reader) for row, inner in _rows(table, style, reader)]
    rows = [row for row in rows if row]
    if not rows:
        return tuple(captions)
    drawn = [_drawn(row, reader) for row in rows]
    if any(row is None for row in drawn):
        return (*captions, *_laid_out(rows, reader))
    return (*captions, Table(tuple(row for row in drawn if row is not None)))


def _rows(table: Element, style: Style, reader: "HtmlReader") -> Iterator[tuple[Element, Style]]:
    """The rows of a table, the foot's last, and the style around each."""
    parts: dict[str, list[tuple[Element, Style]]] = {"thead": [], "": [], "tfoot": []}
    for child in table:
        name = local_name(child)
        if name == "tr":
            parts[""].append((child, style))
        elif name in ("thead", "tbody", "tfoot") and not is_hidden(child):
            inner = styled(style, child, name, reader.noticed)
            rows = [(row, inner) for row in child if local_name(row) == "tr"]
            parts[name if name in parts else ""].extend(rows)
    for rows in parts.values():
        yield from (row for row in rows if not is_hidden(row[0]))


def _cells(row: Element, style: Style, reader: "HtmlReader") -> _Read:
    from cbt_station.banks.html_flow import Flow

    inner = styled(style, row, "tr", reader.noticed)
    found: _Read = []
    for child in row:
        name = local_name(child)
        if name in ("td", "th"):
            reader.enter()
            own = styled(inner, child, name, reader.noticed)
            found.append((child, own, Flow(reader).read(child, own)))
            reader.leave()
        elif name:
            reader.lose(remark("element-unknown", element=f"tr > {name[:30]}"))
    return found


def _drawn(row: _Read, reader: "HtmlReader") -> tuple[Cell, ...] | None:
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


def _laid_out(rows: list[_Read], reader: "HtmlReader") -> Iterator[Block]:
    reader.lose(remark("table-as-columns"))
    for row in rows:
        columns = tuple(blocks for _, _, blocks in row if blocks)
        if 1 < len(columns) <= MOST_COLUMNS:
            yield Columns(columns)
        else:
            yield from (block for column in columns for block in column)
