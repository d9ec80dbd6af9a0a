"""An item's body in one language: where its stem ends, and what belongs to which interaction.

What a kind needs (`kinds.KINDS`) stands at the end of the body in this order: `::: text`, a picture, the list of
options with `-`, the list of targets with `+`. A composite item has a block `::: response ID` for each of its responses
that needs anything, after the stem.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from cbt_station.banks import markdown
from cbt_station.banks.body import BodyReader, block_name, line_of
from cbt_station.banks.inlines import Named
from cbt_station.banks.kinds import KINDS
from cbt_station.banks.markdown import NAME_PATTERN
from cbt_station.exam.content import Blocks, Picture
from cbt_station.exam.interactions import RESPONSE

OPTION_ID: Final = re.compile(rf"\[({NAME_PATTERN})\](?:[ \n]+|$)")
_MARKS: Final = {"options": "-", "targets": "+"}


@dataclass(frozen=True)
class OptionText:
    """One entry of a list of options or targets."""

    id: str
    line: int
    content: Blocks
    has_faults: bool = False


@dataclass(frozen=True)
class PartText:
    """What stands in the body for one interaction."""

    line: int
    options: tuple[OptionText, ...] = ()
    targets: tuple[OptionText, ...] = ()
    text: Blocks = ()
    gaps: tuple[Named, ...] = ()
    hots: tuple[Named, ...] = ()
    picture: Picture | None = None
    has_faults: bool = False


@dataclass(frozen=True)
class BodyText:
    """A stem and its interactions in one language; `slots` and `places` are those of the stem."""

    line: int
    stem: Blocks = ()
    parts: Mapping[str, PartText] = field(default_factory=dict)
    slots: tuple[Named, ...] = ()
    places: tuple[Named, ...] = ()
    has_faults: bool = False
    """Something was left out, so that an empty stem is no fault of its own."""


def read_body(
    reader: BodyReader, responses: Mapping[str, str], composite: bool, text: str, first_line: int
) -> BodyText:
    """The body of an item whose responses are of these kinds."""
    return _ItemBody(reader, responses, first_line).read(text, composite)


class _ItemBody:
    def __init__(self, reader: BodyReader, responses: Mapping[str, str], first_line: int) -> None:
        self._reader, self._responses, self._first_line = reader, responses, first_line
        self._blocks = frozenset(name for name, kind in responses.items() if not KINDS[kind].inline)

    def read(self, text: str, composite: bool) -> BodyText:
        before = self._reader.left_out
        nodes = self._reader.tree(text, self._first_line)
        if not nodes and self._reader.left_out > before:
            nothing = {name: PartText(self._first_line, has_faults=True) for name in self._responses}
            return BodyText(self._first_line, parts=nothing, has_faults=True)
        if composite:
            nodes, parts = self._responses_of(nodes)
        else:
            nodes, part = self._taken(nodes, self._responses[RESPONSE], self._first_line)
            parts = {RESPONSE: part}
        stem, slots, hots, places = self._content(nodes, self._blocks)
        for hot in hots:
            self._reader.note(hot.line, "hot-outside", id=hot.id)
        return BodyText(self._first_line, stem, parts, slots, places, self._reader.left_out > before)

    def _responses_of(self, nodes: list[SyntaxTreeNode]) -> tuple[list[SyntaxTreeNode], dict[str, PartText]]:
        """The stem's nodes, and the parts of the `::: response ID` blocks after them."""
        stem: list[SyntaxTreeNode] = []
        parts: dict[str, PartText] = {}
        misnamed = False
        for node in nodes:
            name, argument = block_name(node) if node.type == "block" else ("", "")
            line = line_of(node, self._first_line)
            if name != "response":
                if parts:
                    self._reader.note(line, "text-after-response")
                stem.append(node)
            elif argument not in self._responses:
                self._reader.note(line, "response-unknown", id=argument)
                misnamed = True
            elif argument in parts:
                self._reader.note(line, "response-twice", id=argument)
                misnamed = True
            else:
                rest, parts[argument] = self._taken(list(node.children), self._responses[argument], line)
                for other in rest[:1]:
                    self._reader.note(line_of(other, self._first_line), "text-in-response", id=argument)
        for name, kind in self._responses.items():
            if name not in parts:
                if KINDS[kind].layout and not misnamed:
                    self._reader.note(self._first_line, "response-block-missing", id=name)
                parts[name] = PartText(self._first_line, has_faults=True)
        return stem, parts

    def _taken(
        self, nodes: list[SyntaxTreeNode], kind: str, line: int
    ) -> tuple[list[SyntaxTreeNode], PartText]:
        """What a kind needs, taken off the end of the nodes."""
        before = self._reader.left_out
        rest = list(nodes)
        found: dict[str, SyntaxTreeNode] = {}
        for piece in reversed(KINDS[kind].layout):
            if rest and self._is(rest[-1], piece, kind):
                found[piece] = rest.pop()
            else:
                place = line_of(rest[-1], self._first_line) if rest else line
                self._missing(place, piece)
        part = self._part(found, line)
        return rest, replace(part, has_faults=self._reader.left_out > before)

    def _missing(self, line: int, piece: str) -> None:
        match piece:
            case "options":
                self._reader.note(line, "options-missing")
            case "targets":
                self._reader.note(line, "targets-missing")
            case "picture":
                self._reader.note(line, "interaction-picture-missing")
            case _:
                self._reader.note(line, "interaction-text-missing")

    def _is(self, node: SyntaxTreeNode, piece: str, kind: str) -> bool:
        if piece == "text":
            return node.type == "block" and block_name(node) == ("text", "")
        if piece == "picture":
            return node.type == "paragraph"
        # The first kind that there was takes any mark, as CommonMark does.
        return node.type == "bullet_list" and (kind == "choice" or node.markup == _MARKS[piece])

    def _part(self, found: Mapping[str, SyntaxTreeNode], line: int) -> PartText:
        part = PartText(line)
        if "text" in found:
            node = found["text"]
            text, gaps, hots, _ = self._content(node.children, frozenset())
            part = PartText(line_of(node, self._first_line), text=text, gaps=gaps, hots=hots)
        if "picture" in found:
            part = replace(part, picture=self._picture(found["picture"]))
        if "options" in found:
            part = replace(part, options=self._options(found["options"]))
        if "targets" in found:
            part = replace(part, targets=self._options(found["targets"]))
        return part

    def _picture(self, node: SyntaxTreeNode) -> Picture | None:
        before = self._reader.left_out
        blocks = self._content([node], frozenset())[0]
        if len(blocks) == 1 and isinstance(blocks[0], Picture):
            return blocks[0]
        if self._reader.left_out == before:
            self._reader.note(line_of(node, self._first_line), "interaction-picture-missing")
        return None

    def _options(self, node: SyntaxTreeNode) -> tuple[OptionText, ...]:
        found = (self._option(entry) for entry in node.children)
        return tuple(option for option in found if option)

    def _option(self, entry: SyntaxTreeNode) -> OptionText | None:
        line = line_of(entry, self._first_line)
        first = entry.children[0] if entry.children and entry.children[0].type == "paragraph" else None
        text = first.to_tokens()[1].content if first else ""
        marker = OPTION_ID.match(text)
        if first is None or marker is None:
            self._reader.note(line, "option-without-id")
            return None
        before = self._reader.left_out
        nodes = [_without(first, marker.end()), *entry.children[1:]]
        content, slots, hots, _ = self._content(nodes, frozenset())
        for slot in slots:
            self._reader.note(slot.line, "slot-outside", id=slot.id)
        for hot in hots:
            self._reader.note(hot.line, "hot-outside", id=hot.id)
        return OptionText(marker[1], line, content, self._reader.left_out > before)

    def _content(
        self, nodes: Sequence[SyntaxTreeNode], places: frozenset[str]
    ) -> tuple[Blocks, tuple[Named, ...], tuple[Named, ...], tuple[Named, ...]]:
        """Blocks, with the slots, hot words and places that were read in them."""
        reader = self._reader
        reader.places, reader.slots, reader.hots, reader.placed = places, [], [], []
        blocks = reader.blocks(nodes, self._first_line)
        return blocks, tuple(reader.slots), tuple(reader.hots), tuple(reader.placed)


def _without(paragraph: SyntaxTreeNode, length: int) -> SyntaxTreeNode:
    """A paragraph without its first characters, which were an option's id and no Markdown."""
    opened, inline, closed = paragraph.to_tokens()
    rest = inline.content[length:]
    children: list[Token] = []
    parser = markdown.parser()
    parser.inline.parse(rest, parser, {}, children)
    for child in children:  # as the parser's own last step does
        child.type = "text" if child.type == "text_special" else child.type
    shortened = inline.copy(content=rest, children=children)
    return SyntaxTreeNode([opened, shortened, closed]).children[0]
