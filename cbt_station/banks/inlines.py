"""One line of an item's text: Markdown in, runs of `exam.content` out, through an allow-list.

What is not allowed is noted with its line by the reader of the body, never dropped.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple, Protocol

from markdown_it.tree import SyntaxTreeNode
from msgspec.structs import replace

from cbt_station.banks.pictures import PictureFile
from cbt_station.banks.runs import joined
from cbt_station.exam.content import Formula, Hot, Inline, InlinePicture, LineBreak, Slot, Span, Text

LANGUAGE_TAG: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")
STYLES: Final = ("bold", "italic", "code", "sub", "sup")
LINE_BREAK: Final = "<br>"
"""The only way to break a line in a cell of a table or in a heading."""


class Named(NamedTuple):
    """A slot, place or run of words by its id, and the line it stands in."""

    id: str
    line: int


class Sized(NamedTuple):
    """A picture as it is shown: its file, its size on the page and its words."""

    media: str
    width: int
    height: int
    alt: str
    in_line: bool


class Reader(Protocol):
    """What a walk needs of the reader of the body: it notes faults and knows the pictures."""

    slots: list[Named]
    hots: list[Named]

    def formula(self, latex: str, line: int, *, alone: bool) -> Formula | None: ...
    def picture(self, node: SyntaxTreeNode, line: int) -> Sized | None: ...
    def text(self, text: Text, line: int) -> Text: ...
    def refuse(self, node: SyntaxTreeNode, line: int) -> None: ...
    def note_attributes(self, line: int, found: str) -> None: ...


class InlineWalk:
    """One line of text, left to right; line breaks move the place of faults on."""

    def __init__(self, reader: Reader, line: int, *, alone: bool = False, one_line: bool = False) -> None:
        self._reader, self._line, self._alone, self._one_line = reader, line, alone, one_line
        self.found: list[Inline] = []
        self._plain: dict[str, Callable[[SyntaxTreeNode, Text], None]] = {
            "text": self._text,
            "code_inline": lambda node, style: self._add(replace(style, text=node.content, code=True)),
            "sub": lambda node, style: self._add(replace(style, text=node.content, sub=True)),
            "sup": lambda node, style: self._add(replace(style, text=node.content, sup=True)),
            "strong": lambda node, style: self.go(node.children, replace(style, bold=True)),
            "em": lambda node, style: self.go(node.children, replace(style, italic=True)),
            "softbreak": self._softbreak,
            "hardbreak": self._hardbreak,
            "formula": self._formula,
            "image": self._image,
            "slot": self._slot,
            "hot": self._hot,
            "span": self._span,
        }

    def go(self, nodes: Sequence[SyntaxTreeNode], style: Text) -> None:
        """Walk over nodes in a style."""
        for node in nodes:
            if self._one_line and node.type == "html_inline" and node.content == LINE_BREAK:
                self.found.append(LineBreak())
                continue
            read = self._plain.get(node.type)
            if read is None:
                self._reader.refuse(node, self._line)
            else:
                read(node, style)

    def _text(self, node: SyntaxTreeNode, style: Text) -> None:
        self._add(replace(style, text=node.content))

    def _softbreak(self, _: SyntaxTreeNode, style: Text) -> None:
        self._line += 1
        self._add(replace(style, text=" "))

    def _hardbreak(self, _: SyntaxTreeNode, __: Text) -> None:
        self._line += 1
        self.found.append(LineBreak())

    def _formula(self, node: SyntaxTreeNode, _: Text) -> None:
        formula = self._reader.formula(node.content, self._line, alone=self._alone)
        if formula:
            self.found.append(formula)

    def _image(self, node: SyntaxTreeNode, _: Text) -> None:
        picture = self._reader.picture(node, self._line)
        if picture:
            self.found.append(InlinePicture(*picture[:4]))

    def _slot(self, node: SyntaxTreeNode, _: Text) -> None:
        self._reader.slots.append(Named(node.content, self._line))
        self.found.append(Slot(node.content))

    def _hot(self, node: SyntaxTreeNode, style: Text) -> None:
        name = _info(node)
        self._reader.hots.append(Named(name, self._line))
        self.found.append(Hot(name, self._within(node, style)))

    def _span(self, node: SyntaxTreeNode, style: Text) -> None:
        attributes = span_attributes(_info(node))
        if attributes is None:
            self._reader.note_attributes(self._line, _info(node))
            return
        styles = {name: True for name in STYLES if name in attributes}
        content = self._within(node, replace(style, **styles))
        language, direction = attributes.get("lang", ""), _direction(attributes.get("dir", ""))
        underline, strike = "underline" in attributes, "strike" in attributes
        if language or direction or underline or strike:
            self.found.append(Span(content, language, direction, underline, strike))
        else:
            self.found.extend(content)

    def _within(self, node: SyntaxTreeNode, style: Text) -> tuple[Inline, ...]:
        outer, self.found = self.found, []
        alone, self._alone = self._alone, False
        self.go(node.children, style)
        inner, self.found = self.found, outer
        self._alone = alone
        return joined(inner)

    def _add(self, text: Text) -> None:
        if text.text:
            self.found.append(self._reader.text(text, self._line))


def _info(node: SyntaxTreeNode) -> str:
    return str(node.nester_tokens.opening.info) if node.nester_tokens else ""


def _direction(text: str) -> Literal["", "ltr", "rtl"]:
    return "rtl" if text == "rtl" else "ltr" if text == "ltr" else ""


def span_attributes(text: str) -> dict[str, str] | None:
    """What a span's braces say, each thing once; None where something in them is unknown."""
    found: dict[str, str] = {}
    for word in text.split(" "):
        name, equals, value = word.partition("=")
        good = (
            (name == "lang" and bool(LANGUAGE_TAG.fullmatch(value)))
            or (name == "dir" and value in ("ltr", "rtl"))
            or (not equals and name in (*STYLES, "underline", "strike"))
        )
        if not good or name in found:
            return None
        found[name] = value
    return found


_SIZE: Final = re.compile(r"[1-9][0-9]{0,3}")


def picture_size(text: str, picture: PictureFile) -> tuple[int, int, bool] | None:
    """Width, height and whether it stays within its line; None where the braces say something unknown."""
    found: dict[str, str] = {}
    for word in text.split(" ") if text else ():
        name, _, value = word.partition("=")
        good = (name in ("width", "height") and bool(_SIZE.fullmatch(value))) or word == "inline"
        if not good or name in found:
            return None
        found[name] = value
    width = int(found.get("width", picture.width))
    if "height" in found:
        return width, int(found["height"]), "inline" in found
    return width, proportional_height(picture, width), "inline" in found


def proportional_height(picture: PictureFile, width: int) -> int:
    """The height of a picture that is shown `width` wide, rounded half up, at least 1."""
    return max(1, (picture.height * width * 2 + picture.width) // (picture.width * 2))
