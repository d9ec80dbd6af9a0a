r"""HTML text into lines: white space as a browser collapses it, LaTeX between `\(…\)`, `\[…\]` and `$$…$$`, runs of one style.

A line is put into its smallest form, so that the same look is always the same blocks: spaces at its ends are dropped,
spaces stand outside bold and italic, neighbours of one style are one run.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from msgspec.structs import replace

from cbt_station.banks.html_style import Direction, Style
from cbt_station.banks.runs import joined
from cbt_station.exam.content import Hot, Inline, LineBreak, Span, Text

Key = tuple[str, Direction, bool, bool]
_NO_SPAN: Final[Key] = ("", "", False, False)
_SPACES: Final = re.compile(r"[ \t\n\r\f]+")
_EDGES: Final = " \t\n\r\f\u00a0\u2002\u2003\u2009\u200a\u3000"
MOST_LATEX: Final = 2_000
LATEX: Final = re.compile(
    rf"\\\((?P<inline>[^\0]{{0,{MOST_LATEX}}}?)\\\)"
    rf"|\\\[(?P<display>[^\0]{{0,{MOST_LATEX}}}?)\\\]"
    rf"|\$\$(?P<dollars>[^$\0]{{1,{MOST_LATEX}}})\$\$"
)


class Line:
    """The parts of a line as they come, each with what a `Span` says of it."""

    def __init__(self) -> None:
        self._parts: list[tuple[Key, Inline]] = []
        self._after_space = True

    def __bool__(self) -> bool:
        return bool(self._parts)

    def add_text(self, text: str, style: Style) -> None:
        """Text; white space that follows white space, or begins the line, is no text."""
        text = _SPACES.sub(" ", text)
        if self._after_space:
            text = text.lstrip(" ")
        if not text:
            return
        self._after_space = text.endswith(" ")
        run = Text(text, style.bold, style.italic, style.code, style.sub, style.sup)
        self._parts.append((style.span, run))

    def add(self, part: Inline, style: Style) -> None:
        """Anything else within a line."""
        self._parts.append((_NO_SPAN if isinstance(part, LineBreak) else style.span, part))
        self._after_space = isinstance(part, LineBreak)

    def take(self) -> tuple[Inline, ...]:
        """The line so far, in its smallest form, and begin another one."""
        parts, self._parts, self._after_space = self._parts, [], True
        return _spanned(list(_spaces_outside(_trimmed(parts))))


def _trimmed(parts: list[tuple[Key, Inline]]) -> list[tuple[Key, Inline]]:
    """Without spaces and breaks at the ends, and without spaces around a break."""
    kept: list[tuple[Key, Inline]] = []
    for key, given in parts:
        at_start = not kept or isinstance(kept[-1][1], LineBreak)
        part = (
            replace(given, text=given.text.lstrip(_EDGES)) if isinstance(given, Text) and at_start else given
        )
        if isinstance(part, LineBreak):
            _strip_end(kept)
            if not kept:
                continue
        if not isinstance(part, Text) or part.text:
            kept.append((key, part))
    _strip_end(kept)
    while kept and isinstance(kept[-1][1], LineBreak):
        kept.pop()
        _strip_end(kept)
    return kept


def _strip_end(parts: list[tuple[Key, Inline]]) -> None:
    while parts and isinstance(parts[-1][1], Text):
        key, last = parts.pop()
        text = last.text.rstrip(_EDGES) if isinstance(last, Text) else ""
        if text and isinstance(last, Text):
            parts.append((key, replace(last, text=text)))
            return


def _spaces_outside(parts: list[tuple[Key, Inline]]) -> Iterator[tuple[Key, Inline]]:
    """Spaces at the ends of bold, italic and small runs as plain ones: they look the same."""
    for key, part in parts:
        styled = (
            isinstance(part, Text) and (part.bold or part.italic or part.sub or part.sup) and not part.code
        )
        if not isinstance(part, Text) or not styled:
            yield key, part
            continue
        inner = part.text.strip(" ")
        if not inner:
            yield key, Text(part.text)
            continue
        before, after = (
            len(part.text) - len(part.text.lstrip(" ")),
            len(part.text) - len(part.text.rstrip(" ")),
        )
        if before:
            yield key, Text(" " * before)
        yield key, replace(part, text=inner)
        if after:
            yield key, Text(" " * after)


def _spanned(parts: list[tuple[Key, Inline]]) -> tuple[Inline, ...]:
    found: list[Inline] = []
    for key, run in groupby(parts, key=lambda pair: pair[0]):
        content = joined([part for _, part in run])
        if key == _NO_SPAN or all(isinstance(part, Hot) for part in content):
            found.extend(content)
        else:
            language, direction, underline, strike = key
            found.append(Span(content, language, direction, underline, strike))
    return joined(found)
