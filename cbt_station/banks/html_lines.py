"""Lines of foreign HTML as blocks, and blocks as one line (of a cell, of a heading, of words that can be chosen)."""

from typing import TYPE_CHECKING

from cbt_station.banks.foreign import remark
from cbt_station.exam.content import (
    Block,
    Blocks,
    Formula,
    Heading,
    Inline,
    InlinePicture,
    LineBreak,
    Listing,
    Paragraph,
    Picture,
    Quote,
    Text,
)

if TYPE_CHECKING:
    from cbt_station.banks.html import HtmlReader


def paragraphs(content: tuple[Inline, ...], reader: "HtmlReader") -> list[Block]:
    """A line as blocks: parted where two breaks stand together, and around a picture that has a line for itself."""
    found: list[Block] = []
    open_lines: list[list[Inline]] = []
    for part in _lines(content):
        alone = part[0] if len(part) == 1 else None
        if part and not isinstance(alone, InlinePicture):
            open_lines.append(part)
            continue
        found.extend(_paragraph(open_lines, reader))
        open_lines = []
        if isinstance(alone, InlinePicture):
            found.append(Picture(alone.media, alone.width, alone.height, alone.alt))
    return [*found, *_paragraph(open_lines, reader)]


def _lines(content: tuple[Inline, ...]) -> list[list[Inline]]:
    lines: list[list[Inline]] = [[]]
    for part in content:
        if isinstance(part, LineBreak):
            lines.append([])
        else:
            lines[-1].append(part)
    return lines


def _paragraph(lines: list[list[Inline]], reader: "HtmlReader") -> list[Block]:
    if not lines:
        return []
    content: list[Inline] = []
    for line in lines:
        content += [LineBreak(), *line] if content else line
    if len(content) == 1 and isinstance(content[0], Formula):
        return [Paragraph((reader.formula(content[0].latex, alone=True),))]
    return [Paragraph(tuple(content))]


def as_line(blocks: Blocks, reader: "HtmlReader") -> tuple[Inline, ...] | None:
    """Blocks within one line, parted by breaks; None where one of them cannot stand in a line."""
    found: list[Inline] = []
    for block in blocks:
        line = _block_as_line(block, reader)
        if line is None:
            return None
        found += [LineBreak(), *line] if found and line else line
    return tuple(found)


def _block_as_line(block: Block, reader: "HtmlReader") -> list[Inline] | None:
    if isinstance(block, Paragraph | Heading):
        if isinstance(block, Heading):
            reader.lose(remark("element-simplified", element="h"))
        return [_in_line(part, reader) for part in block.content]
    if isinstance(block, Picture):
        return [InlinePicture(block.media, block.width, block.height, block.alt)]
    if isinstance(block, Listing):
        return _list_as_line(block, reader)
    if isinstance(block, Quote):
        inner = as_line(block.blocks, reader)
        reader.lose(remark("element-simplified", element="blockquote"))
        return None if inner is None else list(inner)
    return None


def _in_line(part: Inline, reader: "HtmlReader") -> Inline:
    return reader.formula(part.latex) if isinstance(part, Formula) else part


def _list_as_line(block: Listing, reader: "HtmlReader") -> list[Inline] | None:
    reader.lose(remark("element-simplified", element="ul" if block.start is None else "ol"))
    found: list[Inline] = []
    for number, entry in enumerate(block.entries, block.start or 0):
        line = as_line(entry, reader)
        if line is None:
            return None
        mark = Text("• " if block.start is None else f"{number}. ")
        found += [LineBreak(), mark, *line] if found else [mark, *line]
    return found
