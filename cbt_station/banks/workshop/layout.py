"""An item's text taken apart where a form can change it, every piece as it stands: entries of the head, languages, lists.

Nothing is judged here but whether the pieces are all there is: what a form could lose (a comment of the head, a line
after the lists) raises `Unusual`. What the pieces mean is decided by the readers of the format.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import yaml
from markdown_it.tree import SyntaxTreeNode

from cbt_station.banks import markdown, strict_yaml
from cbt_station.banks.body import MOST_BRACKETS
from cbt_station.banks.faults import FaultList
from cbt_station.banks.item_file import language_marks
from cbt_station.banks.kinds import KINDS
from cbt_station.banks.markdown import NAME_PATTERN
from cbt_station.banks.strict_yaml import Node, Scalar

COMPOSITE: Final = "composite"
_ENTRY: Final = re.compile(rf"( {{0,3}}[-*+] +)\[({NAME_PATTERN})\](?: +|$)(.*)")
_LISTS: Final = {"options": "-", "targets": "+"}


class Unusual(Exception):
    """The text has something that a form cannot keep."""

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(code)
        self.code, self.line = code, line


@dataclass(frozen=True)
class Entry:
    """One key of the head with its value, and the lines that say it."""

    key: str
    value: Node
    line: int
    raw: str


@dataclass(frozen=True)
class Listed:
    """One entry of a list: its id, and its text without the indentation of the list."""

    id: str
    text: str


@dataclass(frozen=True)
class LanguageText:
    """The body of one language: the lines as they stand, and its pieces."""

    raw: str
    stem: str
    options: tuple[Listed, ...] = ()
    targets: tuple[Listed, ...] = ()


@dataclass(frozen=True)
class Layout:
    """A whole text: `entries` by key in the order of the head, `languages` in the order of the body."""

    kind: str
    entries: Mapping[str, Entry]
    languages: Mapping[str, LanguageText]
    comments: frozenset[int]
    """The lines of the head that hold a comment."""
    body: str


def lay_out(text: str, first_language: str) -> Layout:
    """The pieces of a text. Raises Unusual."""
    lines = text.split("\n")
    if lines[0] != "---" or "---" not in lines[1:]:
        raise Unusual("head", 1)
    end = lines.index("---", 1)
    entries = _entries(lines[1:end])
    kind = _kind(entries)
    languages = {
        language: _language(lines[start:stop], kind, start + 1)
        for language, start, stop in _languages(lines, end + 1, first_language)
    }
    comments = frozenset(comment_lines("\n".join(lines[1:end])))
    return Layout(kind, entries, languages, comments, "\n".join(lines[end + 1 :]))


def _entries(lines: list[str]) -> dict[str, Entry]:
    """Every key begins a line of its own, so that it can be changed alone."""
    faults = FaultList()
    text = "\n".join(lines)
    mapping = strict_yaml.load(text, "", faults, first_line=2, deep=("processing",))
    if mapping is None or not mapping.entries:
        raise Unusual("head", faults.found[0].line if faults.found else 1)
    starts = [key.line - 2 for key, _ in mapping.entries]
    if starts != sorted(set(starts)) or any(lines[at][:1] in " {,?" for at in starts):
        raise Unusual("head", starts[0] + 2)
    stops = [*starts[1:], len(lines)]
    if any(line.strip() for line in lines[: starts[0]]):
        raise Unusual("comment", 2)
    return {
        key.text: Entry(key.text, value, key.line, "\n".join(lines[start:stop]) + "\n")
        for (key, value), start, stop in zip(mapping.entries, starts, stops, strict=True)
    }


def comment_lines(head: str) -> Iterator[int]:
    """The lines with a comment: a `#` outside every value."""
    rest = list(head)
    for token in yaml.scan(head, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.ScalarToken):
            start, stop = token.start_mark.index, token.end_mark.index
            header = head[start:stop].partition("\n")[0] if token.style in ("|", ">") else ""
            if "#" in header:
                yield token.start_mark.line + 2
            rest[start:stop] = [one if one == "\n" else " " for one in rest[start:stop]]
    for number, line in enumerate("".join(rest).split("\n")):
        if "#" in line:
            yield number + 2


def _kind(entries: Mapping[str, Entry]) -> str:
    if "responses" in entries:
        return COMPOSITE
    said = entries.get("interaction")
    kind = "choice" if said is None else said.value.text if isinstance(said.value, Scalar) else ""
    if kind not in KINDS:
        raise Unusual("kind", said.line if said else 0)
    return kind


def _languages(lines: list[str], first: int, first_language: str) -> list[tuple[str, int, int]]:
    """The languages of a body with the lines of each, as `item_file` parts them."""
    marks = [(language, first + index) for language, index in language_marks(lines[first:])]
    if not marks:
        return [(first_language, first, len(lines))]
    if any(line.strip() for line in lines[first : marks[0][1]]):
        raise Unusual("layout", first + 1)
    if len({language for language, _ in marks}) < len(marks):
        raise Unusual("layout", marks[-1][1] + 1)
    stops = [index for _, index in marks[1:]] + [len(lines)]
    return [(language, index + 1, stop) for (language, index), stop in zip(marks, stops, strict=True)]


def _language(lines: list[str], kind: str, line: int) -> LanguageText:
    raw = "\n".join(lines)
    if raw.count("[") > MOST_BRACKETS:
        raise Unusual("layout", line)
    nodes = list(SyntaxTreeNode(markdown.parser().parse(raw, {})).children)
    found: dict[str, tuple[Listed, ...]] = {}
    end = len(lines)
    for piece in reversed(() if kind == COMPOSITE else KINDS[kind].layout):
        if piece not in _LISTS or not nodes or not _is_list(nodes[-1], _LISTS[piece], kind):
            continue
        node = nodes.pop()
        found[piece] = tuple(_listed(entry, lines, line) for entry in node.children)
        start, stop = node.map or (0, 0)
        if any(one.strip() for one in lines[stop:end]):
            raise Unusual("layout", line + stop)
        end = start
    return LanguageText(raw, "\n".join(lines[:end]).strip("\n"), **found)


def _is_list(node: SyntaxTreeNode, mark: str, kind: str) -> bool:
    return node.type == "bullet_list" and (kind == "choice" or node.markup == mark)


def _listed(entry: SyntaxTreeNode, lines: list[str], line: int) -> Listed:
    start, stop = entry.map or (0, 0)
    opening = _ENTRY.fullmatch(lines[start])
    if opening is None:
        raise Unusual("option", line + start)
    width = len(opening[1])
    rest = [_dedented(one, width) for one in lines[start + 1 : stop]]
    return Listed(opening[2], "\n".join([opening[3], *rest]).rstrip("\n "))


def _dedented(line: str, width: int) -> str:
    return line[min(width, len(line) - len(line.lstrip(" "))) :]
