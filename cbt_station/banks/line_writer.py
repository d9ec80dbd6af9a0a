r"""One line of content as Markdown: as a person writes it, or exactly, with a span for each run.

The exact way can say what marks cannot: a space at the edge of bold letters, small letters with spaces, styles that
touch words. Spaces at the ends of a line become entities there, because Markdown would drop them.
"""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from cbt_station.banks.body import BodyReader, Files
from cbt_station.banks.faults import FaultList
from cbt_station.banks.inlines import LINE_BREAK, STYLES, proportional_height
from cbt_station.banks.pictures import PictureFile
from cbt_station.errors import Refusal
from cbt_station.exam.content import (
    Formula,
    Hot,
    Inline,
    InlinePicture,
    LineBreak,
    Picture,
    Slot,
    Span,
    Text,
)

_ALWAYS: Final = re.compile(r"([\\`*_\[\]<&$~^])")
_SLOT: Final = re.compile(r"\{(?=\{)")
_AT_START: Final = re.compile(r"^(\s*)(?:([#>+=|:-])|(\d{1,9})([.)]))")
_MARKS: Final = {"bold": "**", "italic": "*"}


class LineWriter:
    """Writes lines; `files` are the media they name. `one_line`: in a cell or heading a new line is written `<br>`."""

    def __init__(self, files: Files, *, one_line: bool = False) -> None:
        self._files, self._one_line = files, one_line

    def line(self, content: Sequence[Inline], *, alone: bool = False) -> str:
        """The line as a person writes it, where that is read as the same line; else the exact way.

        `alone`: it is the whole of a paragraph, where a single formula is drawn large and a single picture is a block.
        """
        only = _is_single(content) and alone
        text = self._runs(list(content), exactly=False, only=only)
        if not self._reads_as(text, tuple(content), only):
            text = self._runs(list(content), exactly=True, only=only)
        return text

    def _reads_as(self, text: str, content: tuple[Inline, ...], only: bool) -> bool:
        faults = FaultList()
        reader = BodyReader("", faults, self._files)
        nodes = reader.tree(started(text), 1)
        if len(nodes) != 1 or nodes[0].type != "paragraph":
            return not text and not content
        return (
            reader.inlines(nodes[0], 1, alone=only, one_line=self._one_line) == content and not faults.found
        )

    def _runs(self, parts: list[Inline], *, exactly: bool, only: bool = False) -> str:
        if exactly:
            return "".join(self._exact(parts, index, only) for index in range(len(parts)))
        return self._styled(parts, ("bold", "italic"), only)

    def _styled(self, parts: list[Inline], styles: tuple[str, ...], only: bool) -> str:
        """Runs of one style inside one pair of marks: bold outside, italic inside."""
        if not styles:
            return "".join(self._run(part, only) for part in parts)
        style, inner = styles[0], styles[1:]
        text = ""
        for on, group in groupby(_with_style(parts, style), key=lambda pair: pair[1]):
            written = self._styled([part for part, _ in group], inner, only)
            text += f"{_MARKS[style]}{written}{_MARKS[style]}" if on else written
        return text

    def _run(self, part: Inline, only: bool) -> str:
        match part:
            case Text(code=True):
                return _code(part.text)
            case Text(sub=True):
                return f"~{escaped(part.text)}~"
            case Text(sup=True):
                return f"^{escaped(part.text)}^"
            case Text():
                return escaped(part.text)
            case _:
                return self._object(part, exactly=False, only=only)

    def _exact(self, parts: list[Inline], index: int, only: bool) -> str:
        part = parts[index]
        if not isinstance(part, Text):
            return self._object(part, exactly=True, only=only)
        styles = [style for style in STYLES if getattr(part, style)]
        if styles:
            return f"[{_with_entities(part.text, True, True)}]{{{' '.join(styles)}}}"
        return _with_entities(part.text, _is_edge(parts, index - 1), _is_edge(parts, index + 1))

    def _object(self, part: Inline, *, exactly: bool, only: bool) -> str:
        match part:
            case LineBreak():
                return LINE_BREAK if self._one_line else "\\\n"
            case Formula():
                return f"${part.latex}$"
            case Slot():
                return "{{" + part.response + "}}"
            case InlinePicture():
                return picture_text(part, self._files, stays_in_line=only)
            case Hot():
                return f"[[{part.id}|{self._runs(list(part.content), exactly=exactly)}]]"
            case Span():
                return f"[{self._runs(list(part.content), exactly=exactly)}]{{{_attributes(part)}}}"
            case _:
                raise Refusal("bank-text-not-writable", where=type(part).__name__)


def _attributes(span: Span) -> str:
    said = (
        f"lang={span.language}" if span.language else "",
        f"dir={span.direction}" if span.direction else "",
        "underline" if span.underline else "",
        "strike" if span.strike else "",
    )
    return " ".join(word for word in said if word)


def _is_single(content: Sequence[Inline]) -> bool:
    return len([part for part in content if not (isinstance(part, Text) and not part.text.strip())]) == 1


def _is_edge(parts: Sequence[Inline], index: int) -> bool:
    """Whether a line ends there, so that a space beside it would be dropped."""
    return not 0 <= index < len(parts) or isinstance(parts[index], LineBreak)


def _with_entities(text: str, at_start: bool, at_end: bool) -> str:
    """Escaped, with the space at an end of the line as an entity, and new lines too."""
    first = text[:1] if at_start and text[:1].isspace() else ""
    rest = text[len(first) :]
    last = rest[-1:] if at_end and rest[-1:].isspace() else ""
    middle = escaped(rest[: len(rest) - len(last)]).replace("\n", "&#10;")
    return "".join([_entity(first), middle, _entity(last)])


def _entity(character: str) -> str:
    return f"&#{ord(character)};" if character else ""


def picture_text(picture: Picture | InlinePicture, files: Files, *, stays_in_line: bool = False) -> str:
    """A picture with its size where that is not the file's own."""
    file = files.get(picture.media)
    if not isinstance(file, PictureFile):
        raise Refusal("bank-text-not-writable", where=picture.media)
    said = []
    if picture.width != file.width:
        said.append(f"width={picture.width}")
    if picture.height != proportional_height(file, picture.width):
        said.append(f"height={picture.height}")
    if stays_in_line:
        said.append("inline")
    attributes = f"{{{' '.join(said)}}}" if said else ""
    return f"![{escaped(picture.alt)}](media/{picture.media}){attributes}"


def started(text: str) -> str:
    """A text whose lines begin nothing: no heading, list, quotation, table or block."""
    return "\n".join(
        _AT_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", line)
        for line in text.split("\n")
    )


def _with_style(parts: list[Inline], style: str) -> list[tuple[Inline, bool]]:
    """Each part and whether it is in the style. A formula or break goes with its neighbours, where marks need it."""
    own = [_own_style(part, style) for part in parts]
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


def _own_style(part: Inline, style: str) -> bool | None:
    if isinstance(part, Text):
        return bool(getattr(part, style))
    return False if isinstance(part, Span | Hot) else None


def escaped(text: str) -> str:
    """A text in which nothing means anything in Markdown."""
    return _SLOT.sub(r"\\{", _ALWAYS.sub(r"\\\1", text))


def _code(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{pad}{text}{pad}{fence}"
