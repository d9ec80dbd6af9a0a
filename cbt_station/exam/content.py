"""What an item shows: a tree of blocks, never HTML.

The bank's compiler makes it, a screen or a page draws it. Pictures and formulas are names of media in the same
package; a formula is an SVG made when the bank was compiled, with its baseline and the text it reads as.
Lengths are in units of 1/1000 em, so that a formula scales with the text around it.
"""

from typing import TypeAlias

from msgspec import Struct


class Text(Struct, frozen=True, forbid_unknown_fields=True, tag="text", tag_field="is"):
    """A run of characters in one style."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    sub: bool = False
    sup: bool = False


class LineBreak(Struct, frozen=True, forbid_unknown_fields=True, tag="break", tag_field="is"):
    """A forced new line inside a paragraph."""


class Formula(Struct, frozen=True, forbid_unknown_fields=True, tag="formula", tag_field="is"):
    """A formula within a line: `media` is its SVG; it reaches `depth` below the baseline."""

    media: str
    width: int
    height: int
    depth: int
    alt: str
    latex: str


Inline: TypeAlias = Text | LineBreak | Formula


class Paragraph(Struct, frozen=True, forbid_unknown_fields=True, tag="paragraph", tag_field="is"):
    """Running text."""

    content: tuple[Inline, ...]


class Picture(Struct, frozen=True, forbid_unknown_fields=True, tag="picture", tag_field="is"):
    """A picture of its own line, `width` × `height` pixels at 100 %; `alt` says what it shows."""

    media: str
    width: int
    height: int
    alt: str


class Cell(Struct, frozen=True, forbid_unknown_fields=True):
    """One cell of a table."""

    content: tuple[Inline, ...]
    heading: bool = False
    align: str = "start"
    columns: int = 1
    rows: int = 1


class Table(Struct, frozen=True, forbid_unknown_fields=True, tag="table", tag_field="is"):
    """Rows of cells."""

    rows: tuple[tuple[Cell, ...], ...]


class Listing(Struct, frozen=True, forbid_unknown_fields=True, tag="list", tag_field="is"):
    """A bulleted or (with `start`) numbered list; each entry is a run of blocks."""

    entries: tuple[tuple["Block", ...], ...]
    start: int | None = None


class Quote(Struct, frozen=True, forbid_unknown_fields=True, tag="quote", tag_field="is"):
    """A quotation."""

    blocks: tuple["Block", ...]


Block: TypeAlias = Paragraph | Picture | Table | Listing | Quote
Blocks: TypeAlias = tuple[Block, ...]


def inlines_as_text(content: tuple[Inline, ...]) -> str:
    """What a line reads as, for a screen reader and for the hash of a stem."""
    return "".join(
        part.text if isinstance(part, Text) else "\n" if isinstance(part, LineBreak) else part.alt
        for part in content
    )


def as_text(blocks: Blocks) -> str:
    """What blocks read as: plain text, formulas and pictures by their alt text, one block a line."""
    return "\n".join(_block_as_text(block) for block in blocks)


def _block_as_text(block: Block) -> str:
    if isinstance(block, Paragraph):
        return inlines_as_text(block.content)
    if isinstance(block, Picture):
        return f"[{block.alt}]"
    if isinstance(block, Table):
        return "\n".join("\t".join(inlines_as_text(cell.content) for cell in row) for row in block.rows)
    if isinstance(block, Listing):
        return "\n".join(as_text(entry) for entry in block.entries)
    return as_text(block.blocks)


def media_in(blocks: Blocks) -> frozenset[str]:
    """The names of every picture and formula that blocks show."""
    found: set[str] = set()
    for block in blocks:
        if isinstance(block, Picture):
            found.add(block.media)
        elif isinstance(block, Paragraph):
            found |= _formulas(block.content)
        elif isinstance(block, Table):
            found |= {name for row in block.rows for cell in row for name in _formulas(cell.content)}
        elif isinstance(block, Listing):
            found |= {name for entry in block.entries for name in media_in(entry)}
        else:
            found |= media_in(block.blocks)
    return frozenset(found)


def _formulas(content: tuple[Inline, ...]) -> set[str]:
    return {part.media for part in content if isinstance(part, Formula)}
