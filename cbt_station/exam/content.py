"""What an item shows: a tree of blocks, never HTML.

The bank's compiler makes it, a screen or a page draws it. Pictures and formulas are names of media in the same
package; a formula is an SVG made when the bank was compiled, with its baseline and the text it reads as.
Lengths are in units of 1/1000 em, so that a formula scales with the text around it.

`require_modest` bounds a tree: one that no page can hold would stop the window that lays it out, and with it the exam.
"""

from typing import Final, TypeAlias

from msgspec import Struct

from cbt_station.errors import Refusal

MOST_PARTS: Final = 4_000
"""Blocks, entries, cells and runs of text, all together."""
MOST_CHARACTERS: Final = 128 << 10
MOST_SPAN: Final = 200
"""Columns of a table, and how far a cell reaches."""
MOST_START: Final = 999_999_999
MOST_PICTURES: Final = 24
MOST_SIDE: Final = 4_096
MOST_FORMULA_WIDTH: Final = 200_000
MOST_FORMULA_HEIGHT: Final = 20_000


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


def require_modest(blocks: Blocks) -> None:
    """Raise Refusal("content-too-much") where a tree is larger than a page can hold, or a number in it cannot be drawn."""
    tree = _Size()
    tree.blocks(blocks)


class _Size:
    """What was counted of a tree so far."""

    def __init__(self) -> None:
        self.parts = self.characters = self.pictures = 0

    def blocks(self, blocks: Blocks) -> None:
        for block in blocks:
            self._part()
            if isinstance(block, Paragraph):
                self._inlines(block.content)
            elif isinstance(block, Picture):
                self.pictures += 1
                _require_within("pictures", self.pictures, 0, MOST_PICTURES)
                for side in (block.width, block.height):
                    _require_within("picture", side, 1, MOST_SIDE)
            elif isinstance(block, Table):
                self._table(block)
            elif isinstance(block, Listing):
                _require_within("list", block.start or 0, 0, MOST_START)
                for entry in block.entries:
                    self._part()
                    self.blocks(entry)
            else:
                self.blocks(block.blocks)

    def _table(self, table: Table) -> None:
        for row in table.rows:
            self._part()
            for cell in row:
                self._part()
                _require_within("table", cell.columns, 1, MOST_SPAN)
                _require_within("table", cell.rows, 1, MOST_SPAN)
                self._inlines(cell.content)
            _require_within("table", sum(cell.columns for cell in row), 0, MOST_SPAN)

    def _inlines(self, content: tuple[Inline, ...]) -> None:
        for part in content:
            self._part()
            if isinstance(part, Text):
                self.characters += len(part.text)
                _require_within("text", self.characters, 0, MOST_CHARACTERS)
            elif isinstance(part, Formula):
                _require_within("formula", part.width, 0, MOST_FORMULA_WIDTH)
                _require_within("formula", part.height, 0, MOST_FORMULA_HEIGHT)
                _require_within("formula", part.depth, -MOST_FORMULA_HEIGHT, MOST_FORMULA_HEIGHT)

    def _part(self) -> None:
        self.parts += 1
        _require_within("parts", self.parts, 0, MOST_PARTS)


def _require_within(what: str, number: int, least: int, most: int) -> None:
    if not least <= number <= most:
        raise Refusal("content-too-much", what=what, number=str(number)[:12], most=most)


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
