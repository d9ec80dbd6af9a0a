"""Taking typed fields out of a strict YAML mapping; every surprise is a fault with its line.

A field that is asked for and missing, empty or of the wrong kind gives None (or an empty value) after its fault was
noted; a field that nobody asked for is a fault too, because a misspelt key must not be ignored silently.
"""

import re
from decimal import Decimal

from cbt_station.banks import markdown
from cbt_station.banks.faults import FaultList
from cbt_station.banks.strict_yaml import Mapping, Node, Scalar, Sequence

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
"""Names of items, sections, topics …: they travel in file names and signed lines."""
LANGUAGE = re.compile(r"[a-z]{2,3}")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,5})(\.[0-9]{1,6})?")
NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")
"""An answer or a number of a rule: as exact as a foreign rule may be, where `DECIMAL` is what people print."""
COUNT = re.compile(r"0|[1-9][0-9]{0,5}")
CHOICE_NAME = re.compile(markdown.NAME_PATTERN)
"""Names of options, gaps, spots and responses."""


class Fields:
    """The fields of one mapping."""

    def __init__(self, mapping: Mapping, file: str, faults: FaultList) -> None:
        self._entries = {key.text: (key, value) for key, value in mapping.entries}
        self._asked: set[str] = set()
        self._mapping, self._file, self._faults = mapping, file, faults

    def line(self, key: str) -> int:
        """The line of a key, or of the mapping where the key is missing."""
        return self._entries[key][0].line if key in self._entries else self._mapping.line

    def done(self, *later: str) -> None:
        """Note every key that nobody asked for."""
        for name, (key, _) in self._entries.items():
            if name not in self._asked and name not in later:
                self._note(key.line, "key-unknown", key=name)

    def node(self, key: str, *, required: bool = False) -> Node | None:
        """The value of a key as it stands."""
        self._asked.add(key)
        if key in self._entries:
            return self._entries[key][1]
        if required:
            self._note(self._mapping.line, "key-missing", key=key)
        return None

    def text(self, key: str, *, required: bool = False) -> str | None:
        """A text that is not empty."""
        return self._text_of(key, self.node(key, required=required))

    def name(self, key: str, *, required: bool = False) -> str | None:
        """A text that is an id."""
        text = self.text(key, required=required)
        if text is None or ID.fullmatch(text):
            return text
        self._note(self.line(key), "id-malformed", id=text)
        return None

    def names(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of ids, each once."""
        node = self.node(key, required=required)
        if node is None:
            return ()
        if not isinstance(node, Sequence) or not node.items:
            self._kind(key, "list")
            return ()
        found: list[str] = []
        for item in node.items:
            text = self._text_of(key, item)
            if text is None:
                continue
            if not ID.fullmatch(text):
                self._note(item.line, "id-malformed", id=text)
            elif text in found:
                self._note(item.line, "value-twice", key=key, value=text)
            else:
                found.append(text)
        return tuple(found)

    def texts(self, key: str) -> tuple[str, ...] | None:
        """Texts that are not empty: a list of them, each once, or one alone."""
        node = self.node(key)
        if node is None:
            return None
        if isinstance(node, Mapping) or (isinstance(node, Sequence) and not node.items):
            self._kind(key, "list")
            return None
        found: list[str] = []
        for item in node.items if isinstance(node, Sequence) else (node,):
            text = self._text_of(key, item)
            if text is not None and text in found:
                self._note(item.line, "value-twice", key=key, value=text)
            elif text is not None:
                found.append(text)
        return tuple(found)

    def count(self, key: str) -> int | None:
        """A whole number from 0."""
        node = self.node(key)
        return None if node is None else self._count_of(key, node)

    def counts(self, key: str) -> dict[str, tuple[int, int]]:
        """A whole number for each name, with its line."""
        found = {}
        for name, value in self.entries(key):
            number = self._count_of(name.text, value)
            if number is not None:
                found[name.text] = (number, name.line)
        return found

    def yes(self, key: str) -> bool:
        """`yes`, or not there at all."""
        node = self.node(key)
        if node is not None and not (isinstance(node, Scalar) and node.text == "yes"):
            self._kind(key, "yes")
        return node is not None

    def entries(self, key: str) -> tuple[tuple[Scalar, Node], ...]:
        """The entries of a mapping."""
        node = self.node(key)
        if node is None:
            return ()
        if not isinstance(node, Mapping) or not node.entries:
            self._kind(key, "mapping")
            return ()
        return node.entries

    def decimal(self, key: str) -> Decimal | None:
        """A number as people write it: `5`, `-1`, `0.25`."""
        node = self.node(key)
        return None if node is None else self._decimal_of(key, node)

    def decimals(self, key: str) -> dict[str, tuple[Decimal | None, int]] | None:
        """A number for each name, with its line; None for one that is malformed."""
        node = self.node(key)
        if node is None:
            return None
        if not isinstance(node, Mapping) or not node.entries:
            self._kind(key, "mapping")
            return None
        return {name.text: (self._decimal_of(name.text, value), name.line) for name, value in node.entries}

    def titles(self, key: str) -> dict[str, str]:
        """A text by language."""
        node = self.node(key, required=True)
        if node is None:
            return {}
        if not isinstance(node, Mapping) or not node.entries:
            self._kind(key, "mapping")
            return {}
        found = {}
        for language, value in node.entries:
            text = self._text_of(key, value)
            if not LANGUAGE.fullmatch(language.text):
                self._note(language.line, "language-malformed", language=language.text)
            elif text is not None:
                found[language.text] = text
        return found

    def _text_of(self, key: str, node: Node | None) -> str | None:
        if node is None:
            return None
        if not isinstance(node, Scalar):
            self._note(node.line, "value-kind", key=key, expected="text")
            return None
        if not node.text.strip():
            self._note(node.line, "value-empty", key=key)
            return None
        return node.text

    def _decimal_of(self, key: str, node: Node) -> Decimal | None:
        text = self._text_of(key, node)
        if text is None:
            return None
        if not DECIMAL.fullmatch(text):
            self._note(node.line, "number-malformed", key=key, value=text)
            return None
        return Decimal(text)

    def _count_of(self, key: str, node: Node) -> int | None:
        text = self._text_of(key, node)
        if text is None:
            return None
        if not COUNT.fullmatch(text):
            self._note(node.line, "number-malformed", key=key, value=text)
            return None
        return int(text)

    def _kind(self, key: str, expected: str) -> None:
        self._note(self.line(key), "value-kind", key=key, expected=expected)

    def _note(self, line: int, code: str, /, **facts: object) -> None:
        self._faults.add(self._file, line, code, **facts)
