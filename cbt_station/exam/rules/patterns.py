"""Regular expressions of XML Schema, matched in time that grows with the text alone.

Python's own `re` tries again and again, and a hostile pattern can make it try for years. Here a pattern becomes a
machine whose states are followed all at once, one step a character; its states are counted before anything is matched.
Source: W3C XML Schema Part 2, appendix F: a pattern matches the whole text; branches, quantifiers with counts, classes
with ranges and subtraction, the escapes of one and of many characters. Blocks (`\\p{IsGreek}`) are refused.
"""

import unicodedata
from collections.abc import Callable
from typing import Final, NamedTuple, NoReturn

from cbt_station.errors import Refusal

MOST_PATTERN: Final = 1_000
MOST_STATES: Final = 1_000
MOST_BUILT: Final = 5_000
MOST_COUNT: Final = 500
MOST_GROUPS: Final = 40
MOST_KEPT: Final = 2_000
"""Steps that a machine remembers."""
_ESCAPED: Final = {"n": "\n", "r": "\r", "t": "\t"}
_PLAIN: Final = frozenset("\\|.?*+(){}-[]^$")
_NOT_PLAIN: Final = frozenset("?*+{}()|[]")

Test = Callable[[str], bool]


class Step(NamedTuple):
    """A state of the machine: a test that a character passes to go to `then`, or (no test) where it goes by itself."""

    test: Test | None
    then: tuple[int, ...]


class Pattern:
    """A pattern that was understood."""

    def __init__(self, text: str) -> None:
        """Refusal("rule-pattern") where it is not one of XML Schema's."""
        self._steps: list[Step] = []
        self._built = 0
        tree = _Reader(text).read()
        self._end = self._add(None, ())
        start = self._build(tree, self._end)
        self._start = self._closed({start})
        self._known: dict[tuple[frozenset[int], str], frozenset[int]] = {}

    @property
    def states(self) -> int:
        return len(self._steps)

    def matches(self, text: str) -> bool:
        """Whether the whole text is of the pattern."""
        at = self._start
        for character in text:
            at = self._after(at, character)
            if not at:
                return False
        return self._end in at

    def _after(self, at: frozenset[int], character: str) -> frozenset[int]:
        known = self._known.get((at, character))
        if known is not None:
            return known
        reached: set[int] = set()
        for state in at:
            step = self._steps[state]
            if step.test is not None and step.test(character):
                reached.update(step.then)
        found = self._closed(reached)
        if len(self._known) < MOST_KEPT:
            self._known[at, character] = found
        return found

    def _closed(self, states: set[int]) -> frozenset[int]:
        """These and all that are reached without a character."""
        seen, waiting = set(states), list(states)
        while waiting:
            step = self._steps[waiting.pop()]
            if step.test is None:
                new = [state for state in step.then if state not in seen]
                seen.update(new)
                waiting += new
        return frozenset(seen)

    def _add(self, test: Test | None, then: tuple[int, ...]) -> int:
        _require_within(len(self._steps) + 1, MOST_STATES)
        self._steps.append(Step(test, then))
        return len(self._steps) - 1

    def _build(self, tree: "Tree", then: int) -> int:
        """The first state of a machine for `tree` that goes on at `then`."""
        self._built += 1  # repeated nothing makes no state, and still takes time
        _require_within(self._built, MOST_BUILT)
        match tree:
            case Either(branches):
                return self._add(None, tuple(self._build(branch, then) for branch in branches))
            case Sequence(parts):
                for part in reversed(parts):
                    then = self._build(part, then)
                return then
            case Times(part, least, most):
                return self._build_times(part, least, most, then)
            case One(test):
                return self._add(test, (then,))

    def _build_times(self, part: "Tree", least: int, most: int | None, then: int) -> int:
        if most is None:
            again = self._add(None, ())
            first = self._build(part, again)
            self._steps[again] = Step(None, (first, then))
            then = again
        else:
            end = then
            for _ in range(most - least):
                then = self._add(None, (self._build(part, then), end))
        for _ in range(least):
            then = self._build(part, then)
        return then


class One(NamedTuple):
    """A character that passes a test."""

    test: Test


class Sequence(NamedTuple):
    """One after the other."""

    parts: tuple["Tree", ...]


class Either(NamedTuple):
    """One of several."""

    branches: tuple["Tree", ...]


class Times(NamedTuple):
    """From `least` to `most` times (None: any number)."""

    part: "Tree"
    least: int
    most: int | None


Tree = One | Sequence | Either | Times


class _Reader:
    """A recursive descent over the pattern's grammar."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._depth = text, 0, 0
        _require_within(len(text), MOST_PATTERN)

    def read(self) -> Tree:
        tree = self._either()
        if self._at < len(self._text):
            self._refuse()
        return tree

    def _either(self) -> Tree:
        self._depth += 1
        if self._depth > MOST_GROUPS:
            self._refuse()
        branches = [self._sequence()]
        while self._next("|"):
            branches.append(self._sequence())
        self._depth -= 1
        return branches[0] if len(branches) == 1 else Either(tuple(branches))

    def _sequence(self) -> Tree:
        parts: list[Tree] = []
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            parts.append(self._times(self._atom()))
        return Sequence(tuple(parts))

    def _times(self, part: Tree) -> Tree:
        for sign, least, most in (("?", 0, 1), ("*", 0, None), ("+", 1, None)):
            if self._next(sign):
                return Times(part, least, most)
        if not self._next("{"):
            return part
        least, comma = self._whole(), self._next(",")
        most = least if not comma else None if self._peek() == "}" else self._whole()
        if not self._next("}") or (most is not None and most < least):
            self._refuse()
        return Times(part, least, most)

    def _atom(self) -> Tree:
        if self._next("("):
            tree = self._either()
            if not self._next(")"):
                self._refuse()
            return tree
        if self._next("["):
            return One(self._class())
        if self._next("\\"):
            return One(self._escape())
        character = self._take()
        if character == ".":
            return One(lambda one: one not in "\n\r")
        if character in _NOT_PLAIN:
            self._refuse()
        return One(_same(character))

    def _class(self) -> Test:
        """After the opening bracket: characters, ranges, escapes, and what is taken away."""
        negated = self._next("^")
        tests: list[Test] = []
        less: Test | None = None
        while not self._next("]"):
            if tests and self._text.startswith("-[", self._at):
                self._at += 2
                less = self._nested_class()
                if not self._next("]"):
                    self._refuse()
                break
            tests.append(self._member())
        if not tests:
            self._refuse()
        return lambda one: (
            any(test(one) for test in tests) != negated and not (less is not None and less(one))
        )

    def _nested_class(self) -> Test:
        self._depth += 1
        if self._depth > MOST_GROUPS:
            self._refuse()
        found = self._class()
        self._depth -= 1
        return found

    def _member(self) -> Test:
        if self._next("\\"):
            at = self._at
            escaped = self._escape()
            character = self._text[at]
            if character not in _PLAIN and character not in _ESCAPED:
                return escaped
            first = _ESCAPED.get(character, character)
        else:
            first = self._take()
            if first == "[":
                self._refuse()
        if self._peek() != "-" or self._text.startswith(("-]", "-["), self._at):
            return _same(first)
        self._at += 1
        last = self._take()
        if last == "\\":
            last = self._take()
            if last not in _PLAIN and last not in _ESCAPED:
                self._refuse()
            last = _ESCAPED.get(last, last)
        if last < first:
            self._refuse()
        return _between(first, last)

    def _escape(self) -> Test:
        character = self._take()
        if character in _ESCAPED:
            return _same(_ESCAPED[character])
        if character in _PLAIN:
            return _same(character)
        if character in "pP":
            return self._category(character == "P")
        if character.lower() not in _MANY:
            self._refuse()
        test, negated = _MANY[character.lower()], character.isupper()
        return lambda one: test(one) != negated

    def _category(self, negated: bool) -> Test:
        start = self._at
        if not self._next("{"):
            self._refuse()
        end = self._text.find("}", start)
        name = self._text[start + 1 : end] if end > 0 else ""
        if name not in _CATEGORIES:
            self._refuse()
        self._at = end + 1
        return lambda one: unicodedata.category(one).startswith(name) != negated

    def _whole(self) -> int:
        start = self._at
        while self._at < len(self._text) and self._text[self._at] in "0123456789":
            self._at += 1
        digits = self._text[start : self._at]
        if not digits or len(digits) > 4 or int(digits) > MOST_COUNT:
            self._refuse()
        return int(digits)

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _next(self, character: str) -> bool:
        if self._peek() != character:
            return False
        self._at += 1
        return True

    def _take(self) -> str:
        if self._at >= len(self._text):
            self._refuse()
        self._at += 1
        return self._text[self._at - 1]

    def _refuse(self) -> NoReturn:
        raise Refusal("rule-pattern", pattern=self._text[:100])


def _same(character: str) -> Test:
    return lambda one: one == character


def _between(first: str, last: str) -> Test:
    return lambda one: first <= one <= last


def _require_within(number: int, most: int) -> None:
    if number > most:
        raise Refusal("rule-too-much", what="pattern", number=number, most=most)


def _is_name_start(one: str) -> bool:
    return one.isalpha() or one in "_:"


def _is_name(one: str) -> bool:
    return one.isalnum() or one in "_:.-\u00b7" or unicodedata.category(one) in ("Mn", "Mc")


_MANY: Final[dict[str, Test]] = {
    "s": lambda one: one in " \t\n\r",
    "d": lambda one: unicodedata.category(one) == "Nd",
    "w": lambda one: unicodedata.category(one)[0] not in "PZC",
    "i": _is_name_start,
    "c": _is_name,
}
_CATEGORIES: Final = frozenset([
    "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf",
    "Po", "Z", "Zs", "Zl", "Zp", "S", "Sm", "Sc", "Sk", "So", "C", "Cc", "Cf", "Co", "Cn",
])  # fmt: skip
