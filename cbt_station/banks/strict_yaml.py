"""A small strict YAML, read from PyYAML's events: every plain value is text.

`no`, `12:30`, `1e3` and `01` stay what their author typed; what a value means is decided by the field it stands in.
Refused, because two readers could read two things: duplicate keys, anchors, aliases, tags, merge keys, directives,
several documents. Every node keeps its line, from 1.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import yaml
from yaml import events

from cbt_station.banks.faults import FaultList
from cbt_station.banks.source_text import hidden_character, named

MOST_DEPTH = 8
MOST_DEEP = 120
"""Under a key that may hold a tree."""


@dataclass(frozen=True)
class Scalar:
    """A text; `plain` where it was written without quotes."""

    text: str
    line: int
    plain: bool = True


@dataclass(frozen=True)
class Sequence:
    """A list."""

    items: tuple["Node", ...]
    line: int


@dataclass(frozen=True)
class Mapping:
    """Keys and values in the order of the file."""

    entries: tuple[tuple[Scalar, "Node"], ...]
    line: int


Node: TypeAlias = Scalar | Sequence | Mapping


class _Stop(Exception):
    """A fault was noted after which nothing below makes sense."""


def load(
    text: str, file: str, faults: FaultList, *, first_line: int = 1, deep: Collection[str] = ()
) -> Mapping | None:
    """The mapping that `text` holds, or None where a fault was noted. `first_line` is where `text` begins.

    `deep`: keys of this mapping that may hold a tree.
    """
    return _Loader(file, faults, first_line, deep).load(text)


class _Loader:
    def __init__(self, file: str, faults: FaultList, first_line: int, deep: Collection[str]) -> None:
        self._file, self._faults, self._first_line = file, faults, first_line
        self._deep, self._most_depth = deep, MOST_DEPTH

    def load(self, text: str) -> Mapping | None:
        before = len(self._faults.found)
        try:
            root = self._document(yaml.parse(text, Loader=yaml.SafeLoader))
        except _Stop:
            return None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._note(mark.line if mark else 0, "yaml-syntax", problem=error.problem or "")
            return None
        except (
            yaml.YAMLError,
            ValueError,
            OverflowError,
        ) as error:  # an escape beyond Unicode is a ValueError
            self._note(0, "yaml-syntax", problem=str(error).partition("\n")[0])
            return None
        if not isinstance(root, Mapping):
            self._note(0, "yaml-not-a-mapping")
            return None
        return root if len(self._faults.found) == before else None

    def _document(self, stream: Iterator[events.Event]) -> Node | None:
        root: Node | None = None
        for event in stream:
            if isinstance(event, events.DocumentStartEvent):
                if root is not None:
                    self._stop(event, "yaml-several-documents")
                if event.version or event.tags:
                    self._stop(event, "yaml-directive")
                root = self._node(next(stream), stream, 0)
        return root

    def _node(self, event: events.Event, stream: Iterator[events.Event], depth: int) -> Node:
        self._check(event, depth)
        line = _line(event) + self._first_line
        if isinstance(event, events.ScalarEvent):
            self._check_text(event)
            return Scalar(event.value, line, plain=bool(event.implicit[0]))
        if isinstance(event, events.SequenceStartEvent):
            items = []
            while not isinstance(inner := next(stream), events.SequenceEndEvent):
                items.append(self._node(inner, stream, depth + 1))
            return Sequence(tuple(items), line)
        entries: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(inner := next(stream), events.MappingEndEvent):
            key = self._node(inner, stream, depth + 1)
            value = self._value(key, stream, depth)
            if not isinstance(key, Scalar):
                self._stop(inner, "yaml-key-not-text")
            elif key.text in entries:
                first = entries[key.text][0].line
                self._faults.add(self._file, key.line, "key-twice", key=key.text, first_line=first)
            else:
                entries[key.text] = (key, value)
        return Mapping(tuple(entries.values()), line)

    def _value(self, key: Node, stream: Iterator[events.Event], depth: int) -> Node:
        if depth == 0 and isinstance(key, Scalar) and key.text in self._deep:
            self._most_depth = MOST_DEEP
        value = self._node(next(stream), stream, depth + 1)
        self._most_depth = MOST_DEPTH if depth == 0 else self._most_depth
        return value

    def _check(self, event: events.Event, depth: int) -> None:
        if isinstance(event, events.AliasEvent):
            self._stop(event, "yaml-anchor", name=event.anchor)
        if isinstance(event, events.NodeEvent) and event.anchor is not None:
            self._stop(event, "yaml-anchor", name=event.anchor)
        if getattr(event, "tag", None) is not None:
            self._stop(event, "yaml-tag", name=getattr(event, "tag", ""))
        if depth > self._most_depth:
            self._stop(event, "yaml-too-deep", most=self._most_depth)

    def _check_text(self, event: events.ScalarEvent) -> None:
        # An escape in double quotes can make a character that the check of the file's bytes has not seen.
        hidden = hidden_character(event.value)
        if hidden:
            self._note(_line(event), "hidden-character", character=named(hidden[1]), column=0)

    def _note(self, line: int, code: str, /, **facts: object) -> None:
        self._faults.add(self._file, line + self._first_line, code, **facts)

    def _stop(self, event: events.Event, code: str, /, **facts: object) -> None:
        self._note(_line(event), code, **facts)
        raise _Stop


def _line(event: events.Event) -> int:
    """The line of an event, from 0 in the text that was given."""
    return event.start_mark.line if event.start_mark else 0
