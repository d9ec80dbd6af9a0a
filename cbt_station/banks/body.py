"""The body of an item: Markdown in, blocks of `exam.content` out, through an allow-list.

Allowed: paragraphs, bold, italic, code, hard breaks, formulas, sub- and superscript, tables, pictures of their own
paragraph, lists, quotations. Everything else is a fault with its line, never dropped and never shown as something else.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from msgspec.structs import replace

from cbt_station.banks import formulas, markdown
from cbt_station.banks.faults import FaultList, Faulty
from cbt_station.banks.pictures import NAME, PictureFile
from cbt_station.banks.source_text import hidden_character, named
from cbt_station.exam.content import (
    Block,
    Blocks,
    Cell,
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

MOST_DEPTH = 24
"""Nested tokens: about six lists or quotations in each other."""
OPTION_ID = re.compile(r"\[([a-z0-9][a-z0-9-]{0,15})\](?:\s+|$)")

_REFUSED = {
    "html_block": "raw-html",
    "html_inline": "raw-html",
    "link": "link",
    "heading": "heading",
    "fence": "code-block",
    "code_block": "code-block",
    "hr": "rule",
    "stray_dollar": "formula-open",
}


@dataclass(frozen=True)
class OptionText:
    """One entry of the list of options."""

    id: str
    line: int
    content: Blocks
    has_faults: bool = False


@dataclass(frozen=True)
class BodyText:
    """A stem and its options in one language."""

    line: int
    stem: Blocks
    options: tuple[OptionText, ...]
    has_faults: bool = False
    """Something was left out, so that an empty stem is no fault of its own."""


class BodyReader:
    """Reads the bodies of one file; `pictures` are the bank's checked ones, None for one that has faults itself.

    `media` gathers what the blocks name: SVGs of formulas and pictures.
    """

    def __init__(self, file: str, faults: FaultList, pictures: dict[str, PictureFile | None]) -> None:
        self._file, self._faults, self._pictures = file, faults, pictures
        self.media: dict[str, bytes] = {}
        self._left_out = 0
        """How often something could not be shown: what is empty only because of that is no fault of its own."""

    def blocks(self, text: str, first_line: int) -> Blocks:
        """A text without options."""
        return self._blocks(self._tree(text, first_line), first_line)

    def item(self, text: str, first_line: int) -> BodyText:
        """A stem and the options, which are the last bullet list."""
        before = self._left_out
        nodes = self._tree(text, first_line)
        if not nodes and self._left_out > before:
            return BodyText(first_line, (), (), has_faults=True)
        if not nodes or nodes[-1].type != "bullet_list":
            self._note(_line(nodes[-1], first_line) if nodes else first_line, "options-missing")
            self._blocks(nodes, first_line)
            return BodyText(first_line, (), (), has_faults=True)
        stem = self._blocks(nodes[:-1], first_line)
        has_faults = self._left_out > before
        options = [self._option(entry, first_line) for entry in nodes[-1].children]
        return BodyText(first_line, stem, tuple(option for option in options if option), has_faults)

    def _tree(self, text: str, first_line: int) -> list[SyntaxTreeNode]:
        env: dict[str, Any] = {}
        tokens = markdown.parser().parse(text, env)
        for reference in env.get("references", {}).values():
            self._note(first_line + reference["map"][0], "link")
        line = _too_deep(tokens)
        if line is not None:
            self._note(first_line + line, "nested-too-deep")
            return []
        return list(SyntaxTreeNode(tokens).children)

    def _option(self, entry: SyntaxTreeNode, first_line: int) -> OptionText | None:
        line = _line(entry, first_line)
        first = entry.children[0].children[0] if entry.children and entry.children[0].children else None
        text = first.children[0] if first and first.type == "inline" and first.children else None
        marker = OPTION_ID.match(text.content) if text and text.type == "text" else None
        if text is None or text.token is None or marker is None:
            self._note(line, "option-without-id")
            return None
        text.token.content = text.content[marker.end() :]
        before = self._left_out
        content = self._blocks(entry.children, first_line)
        return OptionText(marker[1], line, content, self._left_out > before)

    def _blocks(self, nodes: Iterable[SyntaxTreeNode], first_line: int) -> Blocks:
        found = (self._block(node, first_line) for node in nodes)
        return tuple(block for block in found if block)

    def _block(self, node: SyntaxTreeNode, first_line: int) -> Block | None:
        line = _line(node, first_line)
        match node.type:
            case "paragraph":
                return self._paragraph(node, line)
            case "bullet_list" | "ordered_list":
                entries = tuple(self._blocks(entry.children, first_line) for entry in node.children)
                start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
                return Listing(entries, start)
            case "blockquote":
                return Quote(self._blocks(node.children, first_line))
            case "table":
                return self._table(node, first_line)
        self._note(line, _REFUSED.get(node.type, "not-allowed"), kind=node.type)
        return None

    def _paragraph(self, node: SyntaxTreeNode, line: int) -> Block | None:
        parts = [
            part
            for inline in node.children
            for part in inline.children
            if not (part.type == "text" and not part.content.strip())
        ]
        if len(parts) == 1 and parts[0].type == "image":
            return self._picture(parts[0], line)
        content = self._inlines(node, line, alone=len(parts) == 1)
        return Paragraph(content) if content else None

    def _picture(self, node: SyntaxTreeNode, line: int) -> Picture | None:
        alt = " ".join(_plain(node).split())
        source = str(node.attrs.get("src", ""))
        name = source.removeprefix("media/")
        if not alt:
            self._note(line, "picture-without-alt", picture=source)
        if node.attrs.get("title"):
            self._note(line, "picture-title", picture=source)
        if name == source or not NAME.fullmatch(name):
            self._note(line, "picture-outside", picture=source)
            return None
        if name not in self._pictures:
            self._note(line, "picture-missing", picture=source)
            return None
        picture = self._pictures[name]
        if picture is None:
            self._left_out += 1
            return None
        self._check_text(alt, line)
        self.media[name] = picture.data
        return Picture(media=name, width=picture.width, height=picture.height, alt=alt)

    def _table(self, node: SyntaxTreeNode, first_line: int) -> Table:
        rows: list[tuple[Cell, ...]] = []
        for part in node.children:
            for row in part.children:
                cells = tuple(
                    Cell(
                        self._inlines(cell, _line(row, first_line)),
                        heading=cell.type == "th" and any(_plain(other).strip() for other in row.children),
                        align=_ALIGN.get(str(cell.attrs.get("style", "")), "start"),
                    )
                    for cell in row.children
                )
                if part.type == "tbody" or any(cell.content for cell in cells):  # an empty head is no row
                    rows.append(cells)
        return Table(tuple(rows))

    def _inlines(self, node: SyntaxTreeNode, line: int, *, alone: bool = False) -> tuple[Inline, ...]:
        walk = _InlineWalk(self, line, alone)
        for inline in node.children:
            walk.go(inline.children, Text(""))
        return _joined(walk.found)

    def formula(self, latex: str, line: int, *, alone: bool) -> Formula | None:
        """A formula drawn, or None after its fault was noted."""
        try:
            formula, svg = formulas.draw(latex, alone=alone)
        except Faulty as faulty:
            self._note(line, faulty.code, **faulty.facts)
            return None
        self.media[formula.media] = svg
        return formula

    def refuse(self, node: SyntaxTreeNode, line: int) -> None:
        """Note what may not stand within a line."""
        code = "picture-in-line" if node.type == "image" else _REFUSED.get(node.type, "not-allowed")
        self._note(line, code, kind=node.type)

    def _check_text(self, text: str, line: int) -> None:
        # An entity such as &#x202e; makes a character that the check of the file's bytes has not seen.
        hidden = hidden_character(text)
        if hidden:
            self._note(line, "hidden-character", character=named(hidden[1]), column=0)

    def text(self, text: Text, line: int) -> Text:
        """A checked run of text."""
        self._check_text(text.text, line)
        return text

    def _note(self, line: int, code: str, /, **facts: object) -> None:
        self._left_out += 1
        self._faults.add(self._file, line, code, **facts)


_ALIGN = {"text-align:right": "end", "text-align:center": "center"}


class _InlineWalk:
    """One line of text, left to right; line breaks move the place of faults on."""

    def __init__(self, reader: BodyReader, line: int, alone: bool) -> None:
        self._reader, self._line, self._alone = reader, line, alone
        self.found: list[Inline] = []

    def go(self, nodes: Sequence[SyntaxTreeNode], style: Text) -> None:
        for node in nodes:
            self._one(node, style)

    def _one(self, node: SyntaxTreeNode, style: Text) -> None:
        match node.type:
            case "text":
                self._add(replace(style, text=node.content))
            case "strong":
                self.go(node.children, replace(style, bold=True))
            case "em":
                self.go(node.children, replace(style, italic=True))
            case "code_inline":
                self._add(replace(style, text=node.content, code=True))
            case "sub":
                self._add(replace(style, text=node.content, sub=True))
            case "sup":
                self._add(replace(style, text=node.content, sup=True))
            case "softbreak":
                self._line += 1
                self._add(replace(style, text=" "))
            case "hardbreak":
                self._line += 1
                self.found.append(LineBreak())
            case "formula":
                formula = self._reader.formula(node.content, self._line, alone=self._alone)
                if formula:
                    self.found.append(formula)
            case _:
                self._reader.refuse(node, self._line)

    def _add(self, text: Text) -> None:
        if text.text:
            self.found.append(self._reader.text(text, self._line))


def _joined(parts: list[Inline]) -> tuple[Inline, ...]:
    """Neighbours of one style as one run."""
    joined: list[Inline] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, Text) and isinstance(last, Text) and replace(last, text=part.text) == part:
            joined[-1] = replace(part, text=last.text + part.text)
        else:
            joined.append(part)
    return tuple(joined)


def _line(node: SyntaxTreeNode, first_line: int) -> int:
    return first_line + (node.map[0] if node.map else 0)


def _plain(node: SyntaxTreeNode) -> str:
    if node.type == "softbreak":
        return " "
    children = node.children
    return "".join(_plain(child) for child in children) if children else (node.content if node.token else "")


def _too_deep(tokens: Iterable[Token]) -> int | None:
    """The line (from 0) at which tokens nest deeper than any honest item."""
    depth = line = 0
    for token in tokens:
        line = token.map[0] if token.map else line
        depth += token.nesting
        inner = 0
        for child in token.children or ():
            inner += child.nesting
            if depth + inner > MOST_DEPTH:
                return line
        if depth > MOST_DEPTH:
            return line
    return None
