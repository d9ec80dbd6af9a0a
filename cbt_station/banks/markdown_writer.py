r"""Blocks back into the Markdown that `body.py` reads: the same blocks come out of it again.

Characters that mean something in Markdown are escaped, so a text stays the text it was. Where a tree cannot be said in
our dialect (it was not read from it), the comparison in `body_text` refuses it rather than write something else.
"""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from cbt_station.banks.body import BodyReader
from cbt_station.banks.faults import FaultList
from cbt_station.banks.pictures import PictureFile
from cbt_station.errors import Refusal
from cbt_station.exam.content import (
    Block,
    Blocks,
    Formula,
    Inline,
    LineBreak,
    Listing,
    Paragraph,
    Picture,
    Quote,
    Table,
    Text,
)

_ALWAYS: Final = re.compile(r"([\\`*_\[\]<&$~^])")
_AT_START: Final = re.compile(r"^(\s*)(?:([#>+=|:-])|(\d{1,9})([.)]))")
_ALIGN: Final = {"start": "---", "end": "--:", "center": ":-:"}


def body_text(stem: Blocks, options: dict[str, Blocks], where: str) -> str:
    """The body of an item in one language, or Refusal("bank-text-not-writable")."""
    text = _written(stem, "*") + "\n" + "".join(_option(name, content) for name, content in options.items())
    faults = FaultList()
    read = BodyReader(
        where, faults, _pictures((*stem, *(b for blocks in options.values() for b in blocks)))
    ).item(text, 1)
    if faults.found or read.stem != stem or {option.id: option.content for option in read.options} != options:
        raise Refusal("bank-text-not-writable", where=where)
    return text


def stimulus_text(content: Blocks, where: str) -> str:
    """A stimulus in one language, or Refusal("bank-text-not-writable")."""
    text = _written(content, "*")
    faults = FaultList()
    if BodyReader(where, faults, _pictures(content)).blocks(text, 1) != content or faults.found:
        raise Refusal("bank-text-not-writable", where=where)
    return text


def _pictures(blocks: Sequence[Block]) -> dict[str, PictureFile | None]:
    """The pictures that blocks name, as far as reading them again needs to know them."""
    found: dict[str, PictureFile | None] = {}
    for block in blocks:
        if isinstance(block, Picture):
            found[block.media] = PictureFile(b"", block.width, block.height)
        elif isinstance(block, Quote):
            found |= _pictures(block.blocks)
        elif isinstance(block, Listing):
            found |= _pictures([inner for entry in block.entries for inner in entry])
    return found


def _option(name: str, content: Blocks) -> str:
    if content and isinstance(content[0], Paragraph | Picture):
        text = _written(content, "*", first_on_line_of_its_own=False)
        return _indented(f"[{name}] {text}", "- ")
    return _indented(f"[{name}]\n\n{_written(content, '*')}", "- ")


def _indented(text: str, marker: str) -> str:
    """An entry of a list: its first line after the marker, the others below it."""
    first, *rest = text.rstrip("\n").split("\n")
    space = " " * len(marker)
    return (
        "\n".join([f"{marker}{first}".rstrip(), *(f"{space}{line}" if line else "" for line in rest)]) + "\n"
    )


def _written(blocks: Blocks, bullet: str, *, first_on_line_of_its_own: bool = True) -> str:
    """Blocks with a blank line between them; neighbouring lists get different marks, or they would be one list."""
    parts: list[str] = []
    odd = False
    for index, block in enumerate(blocks):
        follows_list = index > 0 and isinstance(blocks[index - 1], Listing)
        odd = isinstance(block, Listing) and follows_list and not odd
        parts.append(_block(block, bullet, odd, at_start=index > 0 or first_on_line_of_its_own))
    return "\n".join(parts)


def _block(block: Block, bullet: str, odd: bool, *, at_start: bool) -> str:
    match block:
        case Paragraph():
            return _line(block.content, at_start=at_start) + "\n"
        case Picture():
            return f"![{_escaped(block.alt)}](media/{block.media})\n"
        case Table():
            return _table(block)
        case Quote():
            inner = _written(block.blocks, bullet).rstrip("\n").split("\n")
            return "".join(f"> {line}".rstrip() + "\n" for line in inner)
        case Listing():
            return _listing(block, bullet, odd)
        case _:
            raise Refusal("bank-text-not-writable", where=type(block).__name__)


def _listing(block: Listing, bullet: str, odd: bool) -> str:
    entries = []
    for number, entry in enumerate(block.entries, block.start or 0):
        if block.start is None:
            marker = "+ " if odd else f"{bullet} "
        else:
            marker = f"{number}) " if odd else f"{number}. "
        entries.append(_indented(_written(entry, bullet), marker))
    return "".join(entries)


def _table(table: Table) -> str:
    rows = [[_line(cell.content, at_start=False).replace("|", r"\|") for cell in row] for row in table.rows]
    first = table.rows[0]
    if not any(cell.heading for cell in first):
        rows.insert(0, ["" for _ in first])
    rows.insert(1, [_ALIGN.get(cell.align, "---") for cell in first])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _line(content: Sequence[Inline], *, at_start: bool) -> str:
    lines = _styled(list(content), ("bold", "italic")).split("\n")
    return "\n".join(_start_escaped(line) if at_start or index else line for index, line in enumerate(lines))


def _start_escaped(line: str) -> str:
    """What would begin a heading, list, quotation, table or underline at the start of a line."""
    return _AT_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", line)


_MARKS: Final = {"bold": "**", "italic": "*"}


def _styled(parts: list[Inline], styles: tuple[str, ...]) -> str:
    """Runs of one style inside one pair of marks: bold outside, italic inside."""
    if not styles:
        return "".join(_run(part) for part in parts)
    style, inner = styles[0], styles[1:]
    text = ""
    for on, group in groupby(_with_style(parts, style), key=lambda pair: pair[1]):
        written = _styled([part for part, _ in group], inner)
        text += f"{_MARKS[style]}{written}{_MARKS[style]}" if on else written
    return text


def _with_style(parts: list[Inline], style: str) -> list[tuple[Inline, bool]]:
    """Each part and whether it is in the style. A formula or break goes with its neighbours, where marks need it."""
    own = [bool(getattr(part, style)) if isinstance(part, Text) else None for part in parts]
    result: list[tuple[Inline, bool]] = []
    for index, part in enumerate(parts):
        state = own[index]
        if state is None:
            before = result[-1][1] if result else False
            after = next((on for on in own[index + 1 :] if on is not None), False)
            previous = parts[index - 1] if index else None
            open_end = isinstance(previous, Text) and previous.text[-1:].isspace()
            state = before and (bool(after) or open_end)
        result.append((part, bool(state)))
    return result


def _run(part: Inline) -> str:
    match part:
        case LineBreak():
            return "\\\n"
        case Formula():
            return f"${part.latex}$"
        case Text(code=True):
            return _code(part.text)
        case Text(sub=True):
            return f"~{_escaped(part.text)}~"
        case Text(sup=True):
            return f"^{_escaped(part.text)}^"
        case Text():
            return _escaped(part.text)
        case _:
            raise Refusal("bank-text-not-writable", where=type(part).__name__)


def _escaped(text: str) -> str:
    return _ALWAYS.sub(r"\\\1", text)


def _code(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{pad}{text}{pad}{fence}"
