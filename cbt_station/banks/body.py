"""Markdown in, blocks of `exam.content` out, through an allow-list.

Allowed: paragraphs, headings from `##` on, bold, italic, code, hard breaks, formulas, sub- and superscript, spans,
tables, pictures and recordings, lists, quotations, lines that keep their spaces, rules, columns, and places to answer
in. Everything else is a fault with its line, never dropped and never shown as something else.

Where an item's stem ends and its options begin is decided in `item_body.py`.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from cbt_station.banks import formulas, markdown
from cbt_station.banks.faults import FaultList, Faulty
from cbt_station.banks.inlines import InlineWalk, Named, Sized, picture_size
from cbt_station.banks.pictures import NAME, PictureFile
from cbt_station.banks.recordings import RECORDING, Recording
from cbt_station.banks.runs import joined
from cbt_station.banks.source_text import hidden_character, named
from cbt_station.banks.table_reader import read_table
from cbt_station.exam.content import (
    MOST_COLUMNS,
    MOST_PLAYS,
    Audio,
    Block,
    Blocks,
    Columns,
    Formula,
    Heading,
    Inline,
    Listing,
    Paragraph,
    Picture,
    Place,
    Quote,
    Separator,
    Text,
    Verbatim,
)

Files: TypeAlias = Mapping[str, PictureFile | Recording | None]
"""The checked media of a bank by name; None for one that has faults itself."""
MOST_DEPTH = 24
"""Nested tokens: about six lists or quotations in each other."""
MOST_BRACKETS: Final = 3_000
RULE: Final = "****"
"""What markdown-it-py gives as the mark of a line of three stars: it counts one too many."""

_REFUSED = {
    "html_block": "raw-html",
    "html_inline": "raw-html",
    "link": "link",
    "heading": "heading",
    "code_block": "code-block",
    "hr": "rule",
    "stray_dollar": "formula-open",
    "block_malformed": "block-malformed",
    "block_not_closed": "block-not-closed",
}


class BodyReader:
    """Reads the bodies of one file; `files` are the bank's.

    `places` are the responses that stand as blocks: a paragraph that is nothing but their slot is their place.
    What was read of slots, places and hot words gathers in `slots`, `placed` and `hots`; `media` gathers what the
    blocks name of the bank's files, and the drawings of their formulas.
    """

    def __init__(self, file: str, faults: FaultList, files: Files) -> None:
        self._file, self._faults, self._files = file, faults, files
        self.media: dict[str, bytes] = {}
        self._formulas = formulas.Budget()
        self.places: frozenset[str] = frozenset()
        self.slots: list[Named] = []
        self.placed: list[Named] = []
        self.hots: list[Named] = []
        self.left_out = 0
        """How often something could not be shown: what is empty only because of that is no fault of its own."""

    def content(self, text: str, first_line: int) -> Blocks:
        """A text without options, such as a stimulus; it holds no place to answer in."""
        blocks = self.blocks(self.tree(text, first_line), first_line)
        for slot in (*self.slots, *self.placed):
            self.note(slot.line, "slot-outside", id=slot.id)
        for hot in self.hots:
            self.note(hot.line, "hot-outside", id=hot.id)
        return blocks

    def tree(self, text: str, first_line: int) -> list[SyntaxTreeNode]:
        """The nodes of a text; none after a fault that makes it unreadable."""
        if text.count("[") > MOST_BRACKETS:
            self.note(first_line, "brackets-many", most=MOST_BRACKETS)
            return []
        env: dict[str, Any] = {}
        tokens = markdown.parser().parse(text, env)
        for reference in env.get("references", {}).values():
            self.note(first_line + reference["map"][0], "link")
        line = _too_deep(tokens)
        if line is not None:
            self.note(first_line + line, "nested-too-deep")
            return []
        return list(SyntaxTreeNode(tokens).children)

    def blocks(self, nodes: Iterable[SyntaxTreeNode], first_line: int) -> Blocks:
        """The blocks of nodes; what may not stand there is noted and left out."""
        found = (self._block(node, first_line) for node in nodes)
        return tuple(block for block in found if block)

    def _block(self, node: SyntaxTreeNode, first_line: int) -> Block | None:
        line = line_of(node, first_line)
        match node.type:
            case "paragraph":
                return self._paragraph(node, line)
            case "bullet_list" | "ordered_list":
                entries = tuple(self.blocks(entry.children, first_line) for entry in node.children)
                start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
                return Listing(entries, start)
            case "blockquote":
                return Quote(self.blocks(node.children, first_line))
            case "table":
                return read_table(self, node, first_line)
            case "block":
                return self._columns(node, line, first_line)
        return self._plain_block(node, line)

    def _plain_block(self, node: SyntaxTreeNode, line: int) -> Block | None:
        if node.type == "heading" and not node.markup.strip("#") and 2 <= len(node.markup) <= 4:
            return Heading(len(node.markup) - 1, self.inlines(node, line, one_line=True))
        if node.type == "fence" and not node.info.strip():
            self._check_text(node.content, line)
            return Verbatim(node.content.removesuffix("\n"))
        if node.type == "hr" and node.markup == RULE:
            return Separator()
        code = "code-block" if node.type == "fence" else _REFUSED.get(node.type, "not-allowed")
        self.note(line, code, kind=node.type)
        return None

    def _columns(self, node: SyntaxTreeNode, line: int, first_line: int) -> Columns | None:
        name, argument = block_name(node)
        if name != "columns" or argument:
            self.note(line, "block-unknown", name=name)
            return None
        columns = []
        for child in node.children:
            if child.type != "block" or block_name(child) != ("column", ""):
                self.note(line_of(child, first_line), "columns-of-column")
            else:
                columns.append(self.blocks(child.children, first_line))
        if not 2 <= len(columns) <= MOST_COLUMNS:
            self.note(line, "columns-count", count=len(columns), most=MOST_COLUMNS)
            return None
        return Columns(tuple(columns))

    def _paragraph(self, node: SyntaxTreeNode, line: int) -> Block | None:
        parts = [
            part
            for inline in node.children
            for part in inline.children
            if not (part.type == "text" and not part.content.strip())
        ]
        alone = len(parts) == 1
        if alone and parts[0].type == "slot" and parts[0].content in self.places:
            self.placed.append(Named(parts[0].content, line))
            return Place(parts[0].content)
        if alone and parts[0].type == "image" and not self._stays_in_line(parts[0]):
            return (
                self._recording(parts[0], line) if _is_recording(parts[0]) else self._picture(parts[0], line)
            )
        content = self.inlines(node, line, alone=alone)
        return Paragraph(content) if content else None

    def _stays_in_line(self, node: SyntaxTreeNode) -> bool:
        return "inline" in _attributes(node).split(" ")

    def _picture(self, node: SyntaxTreeNode, line: int) -> Picture | None:
        found = self.picture(node, line)
        return Picture(*found[:4]) if found else None

    def picture(self, node: SyntaxTreeNode, line: int) -> Sized | None:
        """A picture as its line says it, or None after its fault was noted."""
        if _is_recording(node):
            self.note(line, "recording-in-line")
            return None
        alt, name = self._file_of(node, line)
        picture = self._files.get(name or "")
        if not isinstance(picture, PictureFile):
            return None
        size = picture_size(_attributes(node), picture)
        if size is None:
            self.note_attributes(line, _attributes(node))
            return None
        self.media[name or ""] = picture.data
        return Sized(name or "", *size[:2], alt, size[2])

    def _recording(self, node: SyntaxTreeNode, line: int) -> Audio | None:
        alt, name = self._file_of(node, line)
        recording = self._files.get(name or "")
        if not isinstance(recording, Recording):
            return None
        word, _, number = _attributes(node).partition("=")
        plays = int(number) if word == "plays" and number.isdecimal() and len(number) <= 3 else 0
        if _attributes(node) and not (str(plays) == number and 1 <= plays <= MOST_PLAYS):
            self.note_attributes(line, _attributes(node))
            return None
        self.media[name or ""] = recording.data
        return Audio(name or "", alt, plays)

    def _file_of(self, node: SyntaxTreeNode, line: int) -> tuple[str, str | None]:
        """The words and the name of a picture or recording; no name after its fault was noted."""
        alt = " ".join(plain(node).split())
        source = str(node.attrs.get("src", ""))
        name = source.removeprefix("media/")
        if not alt:
            self.note(line, "picture-without-alt", picture=source)
        if node.attrs.get("title"):
            self.note(line, "picture-title", picture=source)
        self._check_text(alt, line)
        if name == source or not (NAME.fullmatch(name) or RECORDING.fullmatch(name)):
            self.note(line, "picture-outside", picture=source)
            return alt, None
        if name not in self._files:
            self.note(line, "picture-missing", picture=source)
            return alt, None
        if self._files[name] is None:
            self.left_out += 1
            return alt, None
        return alt, name

    def inlines(
        self, node: SyntaxTreeNode, line: int, *, alone: bool = False, one_line: bool = False
    ) -> tuple[Inline, ...]:
        """The runs of a line."""
        walk = InlineWalk(self, line, alone=alone, one_line=one_line)
        for inline in node.children:
            walk.go(inline.children, Text(""))
        return joined(walk.found)

    def formula(self, latex: str, line: int, *, alone: bool) -> Formula | None:
        """A formula drawn, or None after its fault was noted."""
        try:
            formula, svg = self._formulas.draw(latex, alone=alone)
        except Faulty as faulty:
            self.note(line, faulty.code, **faulty.facts)
            return None
        self.media[formula.media] = svg
        return formula

    def refuse(self, node: SyntaxTreeNode, line: int) -> None:
        """Note what may not stand within a line."""
        self.note(line, _REFUSED.get(node.type, "not-allowed"), kind=node.type)

    def note_attributes(self, line: int, found: str) -> None:
        """Note braces that say something unknown."""
        self.note(line, "attributes-unknown", found=found)

    def _check_text(self, text: str, line: int) -> None:
        # An entity such as &#x202e; makes a character that the check of the file's bytes has not seen.
        hidden = hidden_character(text)
        if hidden:
            self.note(line, "hidden-character", character=named(hidden[1]), column=0)

    def text(self, text: Text, line: int) -> Text:
        """A checked run of text."""
        self._check_text(text.text, line)
        return text

    def note(self, line: int, code: str, /, **facts: object) -> None:
        """Note a fault: something is left out."""
        self.left_out += 1
        self._faults.add(self._file, line, code, **facts)


def block_name(node: SyntaxTreeNode) -> tuple[str, str]:
    """The name and the argument of a `:::` block."""
    if node.nester_tokens is None:
        return "", ""
    token = node.nester_tokens.opening
    return token.info, str(token.meta.get("argument", ""))


def _attributes(node: SyntaxTreeNode) -> str:
    return str(node.token.info) if node.token else ""


def _is_recording(node: SyntaxTreeNode) -> bool:
    return bool(RECORDING.fullmatch(str(node.attrs.get("src", "")).removeprefix("media/")))


def line_of(node: SyntaxTreeNode, first_line: int) -> int:
    """The line of the file in which a node begins."""
    return first_line + (node.map[0] if node.map else 0)


def plain(node: SyntaxTreeNode) -> str:
    """The words of a node without their style."""
    if node.type == "softbreak":
        return " "
    children = node.children
    return "".join(plain(child) for child in children) if children else (node.content if node.token else "")


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
