"""What an item shows: a tree of blocks, never HTML.

The bank's compiler makes it, a screen or a page draws it. Pictures and formulas are names of media in the same
package; a formula is an SVG made when the bank was compiled, with its baseline and the text it reads as.
Lengths are in units of 1/1000 em, so that a formula scales with the text around it.

`require_modest` bounds a tree: one that no page can hold would stop the window that lays it out, and with it the exam.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Literal, TypeAlias, TypeVar

from msgspec import Struct

from cbt_station.errors import Refusal

P = TypeVar("P")
MOST_PARTS: Final = 4_000
"""Blocks, entries, cells and runs of text, all together."""
MOST_CHARACTERS: Final = 128 << 10
MOST_DEPTH: Final = 24
"""Blocks within blocks, and spans within spans."""
MOST_SPAN: Final = 200
"""Columns of a table, and how far a cell reaches."""
MOST_START: Final = 999_999_999
MOST_CELLS: Final = 2_000
"""Of one table, also those that are nowhere written: twice that many take a second to lay out."""
MOST_PICTURES: Final = 24
MOST_RECORDINGS: Final = 12
"""Each has buttons of its own on the page."""
TIMES_TOGETHER: Final = 4
"""How much more all pieces of an item's content may have than one of them."""
MOST_SIDE: Final = 4_096
MOST_LEVEL: Final = 3
MOST_COLUMNS: Final = 4
MOST_PLAYS: Final = 100
GAP: Final = "____"
"""What a place to answer in reads as within a line."""
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


class InlinePicture(Struct, frozen=True, forbid_unknown_fields=True, tag="inline-picture", tag_field="is"):
    """A picture within a line, its lower edge on the baseline; sizes as of a `Picture`."""

    media: str
    width: int
    height: int
    alt: str


class Span(Struct, frozen=True, forbid_unknown_fields=True, tag="span", tag_field="is"):
    """A part of a line in another language, another direction of writing, underlined or struck out."""

    content: tuple["Inline", ...]
    language: str = ""
    direction: Literal["", "ltr", "rtl"] = ""
    underline: bool = False
    strike: bool = False


class Slot(Struct, frozen=True, forbid_unknown_fields=True, tag="slot", tag_field="is"):
    """Where an interaction stands within a line: its response id, or (in a gap match) the gap's id."""

    response: str


class Hot(Struct, frozen=True, forbid_unknown_fields=True, tag="hot", tag_field="is"):
    """Words that can be chosen (only in a hottext interaction's content)."""

    id: str
    content: tuple["Inline", ...]


Inline: TypeAlias = Text | LineBreak | Formula | InlinePicture | Span | Slot | Hot


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


class Heading(Struct, frozen=True, forbid_unknown_fields=True, tag="heading", tag_field="is"):
    """A heading within an item, level 1 to 3."""

    level: int
    content: tuple[Inline, ...]


class Verbatim(Struct, frozen=True, forbid_unknown_fields=True, tag="verbatim", tag_field="is"):
    """Lines that keep their spaces, in letters of one width."""

    text: str


class Separator(Struct, frozen=True, forbid_unknown_fields=True, tag="separator", tag_field="is"):
    """A line across."""


class Columns(Struct, frozen=True, forbid_unknown_fields=True, tag="columns", tag_field="is"):
    """Blocks side by side (two languages, a text beside a picture)."""

    columns: tuple[tuple["Block", ...], ...]


class Audio(Struct, frozen=True, forbid_unknown_fields=True, tag="audio", tag_field="is"):
    """A recording that may be played `plays` times, 0 for any number; `alt` says what it is, never what it says."""

    media: str
    alt: str
    plays: int = 0


class Place(Struct, frozen=True, forbid_unknown_fields=True, tag="place", tag_field="is"):
    """Where a block interaction of a composite item stands: its response id."""

    response: str


Block: TypeAlias = (
    Paragraph | Picture | Table | Listing | Quote | Heading | Verbatim | Separator | Columns | Audio | Place
)
Blocks: TypeAlias = tuple[Block, ...]


def require_modest(*contents: Blocks) -> None:
    """Raise Refusal("content-too-much") where a tree is larger than a page can hold, or a number in it cannot be drawn.

    The pieces of one item are given together: sixty options that a page could hold one by one are no page.
    """
    trees = [_Size() for _ in contents]
    for tree, blocks in zip(trees, contents, strict=True):
        tree.blocks(blocks)
    _require_within("parts", sum(tree.parts for tree in trees), 0, TIMES_TOGETHER * MOST_PARTS)
    _require_within("text", sum(tree.characters for tree in trees), 0, TIMES_TOGETHER * MOST_CHARACTERS)
    _require_within("pictures", sum(tree.pictures for tree in trees), 0, TIMES_TOGETHER * MOST_PICTURES)
    _require_within("recordings", sum(tree.recordings for tree in trees), 0, TIMES_TOGETHER * MOST_RECORDINGS)


class _Size:
    """What was counted of a tree so far."""

    def __init__(self) -> None:
        self.parts = self.characters = self.pictures = self.recordings = self.depth = 0

    def blocks(self, blocks: Blocks) -> None:
        with self._deeper():
            self._each(blocks)

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self.depth += 1
        _require_within("depth", self.depth, 0, MOST_DEPTH)
        yield
        self.depth -= 1

    def _each(self, blocks: Blocks) -> None:
        for block in blocks:
            self._part()
            if isinstance(block, Paragraph):
                self._inlines(block.content)
            elif isinstance(block, Picture):
                self._picture(block)
            elif isinstance(block, Table):
                self._table(block)
            elif isinstance(block, Listing):
                _require_within("list", block.start or 0, 0, MOST_START)
                for entry in block.entries:
                    self._part()
                    self.blocks(entry)
            elif isinstance(block, Quote):
                self.blocks(block.blocks)
            else:
                self._rarer(block)

    def _rarer(self, block: Heading | Verbatim | Separator | Columns | Audio | Place) -> None:
        if isinstance(block, Heading):
            _require_within("heading", block.level, 1, MOST_LEVEL)
            self._inlines(block.content)
        elif isinstance(block, Verbatim):
            self._part(block.text.count("\n"))
            self._text(block.text)
        elif isinstance(block, Columns):
            _require_within("columns", len(block.columns), 1, MOST_COLUMNS)
            for column in block.columns:
                self._part()
                self.blocks(column)
        elif isinstance(block, Audio):
            _require_within("plays", block.plays, 0, MOST_PLAYS)
            self.recordings += 1
            _require_within("recordings", self.recordings, 0, MOST_RECORDINGS)
            self._text(block.alt)

    def _table(self, table: Table) -> None:
        """Also the cells that are nowhere written: short rows are filled up to the longest."""
        columns = max((sum(cell.columns for cell in row) for row in table.rows), default=0)
        _require_within("table", len(table.rows) * columns, 0, MOST_CELLS)
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
                self._text(part.text)
            elif isinstance(part, Formula):
                _require_within("formula", part.width, 0, MOST_FORMULA_WIDTH)
                _require_within("formula", part.height, 0, MOST_FORMULA_HEIGHT)
                _require_within("formula", part.depth, -MOST_FORMULA_HEIGHT, MOST_FORMULA_HEIGHT)
                self._text(part.alt)
                self._text(part.latex)
            elif isinstance(part, InlinePicture):
                self._picture(part)
            elif isinstance(part, Span | Hot):
                with self._deeper():
                    self._inlines(part.content)

    def _text(self, text: str) -> None:
        self.characters += len(text)
        _require_within("text", self.characters, 0, MOST_CHARACTERS)

    def _picture(self, picture: Picture | InlinePicture) -> None:
        self.pictures += 1
        _require_within("pictures", self.pictures, 0, MOST_PICTURES)
        for side in (picture.width, picture.height):
            _require_within("picture", side, 1, MOST_SIDE)
        self._text(picture.alt)

    def _part(self, more: int = 1) -> None:
        self.parts += more
        _require_within("parts", self.parts, 0, MOST_PARTS)


def _require_within(what: str, number: int, least: int, most: int) -> None:
    if not least <= number <= most:
        raise Refusal("content-too-much", what=what, number=str(number)[:12], most=most)


def inlines_as_text(content: tuple[Inline, ...]) -> str:
    """What a line reads as, for a screen reader and for the hash of a stem."""
    return "".join(_inline_as_text(part) for part in content)


def _inline_as_text(part: Inline) -> str:
    if isinstance(part, Text):
        return part.text
    if isinstance(part, LineBreak):
        return "\n"
    if isinstance(part, Span | Hot):
        return inlines_as_text(part.content)
    return GAP if isinstance(part, Slot) else part.alt


def as_text(blocks: Blocks) -> str:
    """What blocks read as: plain text, formulas and pictures by their alt text, one block a line."""
    return "\n".join(_block_as_text(block) for block in blocks)


def _block_as_text(block: Block) -> str:  # noqa: PLR0911 - one return a kind of block
    match block:
        case Paragraph(content=content) | Heading(content=content):
            return inlines_as_text(content)
        case Picture(alt=alt) | Audio(alt=alt):
            return f"[{alt}]"
        case Table(rows=rows):
            return "\n".join("\t".join(inlines_as_text(cell.content) for cell in row) for row in rows)
        case Listing(entries=parts) | Columns(columns=parts):
            return "\n".join(as_text(part) for part in parts)
        case Verbatim(text=text):
            return text
        case Quote(blocks=blocks):
            return as_text(blocks)
        case _:
            return ""


def every(kind: type[P], part: object) -> Iterator[P]:
    """Every part of this kind in content, as they are read; a part's own content is not searched."""
    if isinstance(part, kind):
        yield part
    elif isinstance(part, tuple):
        for one in part:
            yield from every(kind, one)
    elif isinstance(part, Struct):
        for field in part.__struct_fields__:
            yield from every(kind, getattr(part, field))


def media_in(blocks: Blocks) -> frozenset[str]:
    """The names of every picture, formula and recording that blocks show."""
    found: set[str] = set()
    for block in blocks:
        match block:
            case Picture(media=media) | Audio(media=media):
                found.add(media)
            case Paragraph(content=content) | Heading(content=content):
                found |= _in_line(content)
            case Table(rows=rows):
                found |= {name for row in rows for cell in row for name in _in_line(cell.content)}
            case Listing(entries=parts) | Columns(columns=parts):
                found |= {name for part in parts for name in media_in(part)}
            case Quote(blocks=inner):
                found |= media_in(inner)
    return frozenset(found)


def _in_line(content: tuple[Inline, ...]) -> set[str]:
    found = {part.media for part in content if isinstance(part, Formula | InlinePicture)}
    return found.union(*(_in_line(part.content) for part in content if isinstance(part, Span | Hot)))
