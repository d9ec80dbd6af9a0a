"""Blocks and interactions back into the Markdown that `body.py` and `item_body.py` read.

Characters that mean something in Markdown are escaped, so a text stays the text it was. What cannot be said in our
dialect is found by whoever writes a file: it is read again there and compared (`writing.py`).
"""

import re
from collections.abc import Sequence

from cbt_station.banks.body import Files
from cbt_station.banks.item_parts import labelled
from cbt_station.banks.kinds import KINDS, Body, body_of, kind_of
from cbt_station.banks.line_writer import LineWriter, escaped, picture_text, started
from cbt_station.banks.table_writer import table_text
from cbt_station.exam.content import (
    Audio,
    Block,
    Blocks,
    Columns,
    Heading,
    Inline,
    Listing,
    Paragraph,
    Picture,
    Place,
    Quote,
    Separator,
    Table,
    Text,
    Verbatim,
)
from cbt_station.exam.interactions import Composite, Simple
from cbt_station.exam.item import Shown


def content_text(blocks: Blocks, files: Files) -> str:
    """Content without options, such as a stimulus."""
    return _Writer(files).blocks(blocks)


def body_text(shown: Shown, files: Files) -> str:
    """The body of an item in one language."""
    writer = _Writer(files)
    pieces = [writer.blocks(shown.stem)] if shown.stem else []
    if isinstance(shown.interaction, Composite):
        for name, part in shown.interaction.parts.items():
            inner = writer.part(part)
            if inner:
                pieces.append(f"::: response {name}\n" + "\n".join(inner) + ":::\n")
    else:
        pieces += writer.part(shown.interaction)
    return "\n".join(pieces)


class _Writer:
    def __init__(self, files: Files) -> None:
        self._files = files
        self._lines = LineWriter(files)
        self._headings = LineWriter(files, one_line=True)

    def part(self, interaction: Simple) -> list[str]:
        """What an interaction has in the body, in the order of its kind's layout."""
        body: Body = body_of(interaction, labelled)
        written = []
        for piece in KINDS[kind_of(interaction)].layout:
            if piece == "text":
                written.append(f"::: text\n{self.blocks(body.text)}:::\n")
            elif piece == "picture" and body.picture is not None:
                written.append(self._block(body.picture, "*", odd=False, at_start=True))
            elif piece == "options":
                written.append("".join(self._option("-", *one) for one in body.options.items()))
            elif piece == "targets":
                written.append("".join(self._option("+", *one) for one in body.targets.items()))
        return written

    def _option(self, mark: str, name: str, content: Blocks) -> str:
        if content and isinstance(content[0], Paragraph | Picture) and not _starts_with_space(content[0]):
            text = self.blocks(content, first_on_line_of_its_own=False)
            return _indented(f"[{name}] {text}", f"{mark} ")
        return _indented(f"[{name}]\n\n{self.blocks(content)}", f"{mark} ")

    def blocks(self, blocks: Blocks, bullet: str = "*", *, first_on_line_of_its_own: bool = True) -> str:
        """Blocks with a blank line between them; neighbouring lists get different marks, or they would be one list."""
        parts: list[str] = []
        odd = False
        for index, block in enumerate(blocks):
            follows_list = index > 0 and isinstance(blocks[index - 1], Listing)
            odd = isinstance(block, Listing) and follows_list and not odd
            at_start = index > 0 or first_on_line_of_its_own
            parts.append(self._block(block, bullet, odd=odd, at_start=at_start))
        return "\n".join(parts)

    def _block(self, block: Block, bullet: str, *, odd: bool, at_start: bool) -> str:
        match block:
            case Paragraph():
                return self._line(block.content, at_start=at_start) + "\n"
            case Picture():
                return picture_text(block, self._files) + "\n"
            case Table():
                return table_text(block, self._files)
            case Quote():
                inner = self.blocks(block.blocks, bullet).rstrip("\n").split("\n")
                return "".join(f"> {line}\n" if line else ">\n" for line in inner)
            case Listing():
                return self._listing(block, bullet, odd)
            case _:
                return self._rarer(block, bullet)

    def _rarer(self, block: Heading | Verbatim | Separator | Columns | Audio | Place, bullet: str) -> str:
        match block:
            case Heading():
                text = re.sub(r"#$", r"\\#", self._headings.line(block.content))
                return f"{'#' * (block.level + 1)} {text}".rstrip(" ") + "\n"
            case Verbatim():
                return _fenced(block.text)
            case Separator():
                return "***\n"
            case Columns():
                columns = "".join(
                    f"::: column\n{self.blocks(column, bullet)}:::\n" for column in block.columns
                )
                return f"::: columns\n{columns}:::\n"
            case Audio():
                plays = f"{{plays={block.plays}}}" if block.plays else ""
                return f"![{escaped(block.alt)}](media/{block.media}){plays}\n"
            case Place():
                return "{{" + block.response + "}}\n"

    def _listing(self, block: Listing, bullet: str, odd: bool) -> str:
        entries = []
        for number, entry in enumerate(block.entries, block.start or 0):
            if block.start is None:
                marker = "+ " if odd else f"{bullet} "
            else:
                marker = f"{number}) " if odd else f"{number}. "
            # `* ***` would be a line across: there the entry begins on the line below its mark.
            below = "\n" if entry and isinstance(entry[0], Separator) else ""
            entries.append(_indented(below + self.blocks(entry, bullet), marker))
        return "".join(entries)

    def _line(self, content: Sequence[Inline], *, at_start: bool) -> str:
        text = self._lines.line(content, alone=True)
        first, newline, rest = text.partition("\n")
        return (started(first) if at_start else first) + newline + started(rest)


def _starts_with_space(block: Block) -> bool:
    first = block.content[0] if isinstance(block, Paragraph) and block.content else None
    return isinstance(first, Text) and first.text[:1].isspace()


def _fenced(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}\n" if text else f"{fence}\n{fence}\n"


def _indented(text: str, marker: str) -> str:
    """An entry of a list: its first line after the marker, the others below it."""
    first, *rest = text.rstrip("\n").split("\n")
    space = " " * len(marker)
    return (
        "\n".join(
            [
                f"{marker}{first}" if first else marker.rstrip(" "),
                *(f"{space}{line}" if line else "" for line in rest),
            ]
        )
        + "\n"
    )
