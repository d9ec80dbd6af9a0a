"""GIFT, Moodle's plain-text question format, as its author wrote it: what stands where, without judging it.

Questions are parted by blank lines, between braces too, as Moodle has it. Lines that begin with `//` are
comments; `[id:…]` and `[tag:…]` in the comments before a question are its own. `::title::`, then `[format]`, then the
text with one `{…}`; what follows the braces makes them a gap in the text. A backslash takes the meaning from
`~ = # { } :` and itself, `\\n` is a new line. In a text that is neither HTML nor Markdown, a line's end is a space.
Source: Moodle's manual, "GIFT format", and the grammar of GIFT-grammar-PEG.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["Category", "Description", "Essay", "TF", "MC", "Short", "Numerical", "Matching"]

GAP: Final = "_____"
MOST_ANSWERS: Final = 256
_FORMATS: Final = ("html", "markdown", "plain", "moodle")
_KEEPS_LINES: Final = ("html", "markdown")

_FORMAT: Final = re.compile(rf"\s*\[({'|'.join(_FORMATS)})\]\s?", re.IGNORECASE)
_WEIGHT: Final = re.compile(r"\s*%(-?[0-9]{1,3}(?:\.[0-9]{1,10})?)%")
_TRUTH: Final = re.compile(r"\s*(TRUE|T|FALSE|F)\s*", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_ID: Final = re.compile(r"\[id:((?:[^\]\\]|\\.)*)\]")
_TAG: Final = re.compile(r"\[tag:((?:[^\]\\]|\\.)*)\]")


class GiftFault(Exception):
    """A question that does not follow the format; `code` says how, `found` where it breaks."""

    def __init__(self, code: str, found: str = "") -> None:
        super().__init__(code)
        self.code, self.found = code, " ".join(found.split())[:60]


@dataclass(frozen=True)
class GiftText:
    """A text and the format that it is written in."""

    text: str
    format: str = "moodle"


@dataclass(frozen=True)
class GiftNumber:
    """A number asked for: with a tolerance, or from `low` to `high`, or any (`*`)."""

    kind: Literal["simple", "range", "high-low", "any"]
    number: Decimal = Decimal(0)
    tolerance: Decimal = Decimal(0)
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)


@dataclass(frozen=True)
class GiftAnswer:
    """One entry between the braces; `weight` is None where none is said. `number` in numerical questions only."""

    is_correct: bool
    text: GiftText
    weight: Decimal | None = None
    feedback: GiftText | None = None
    number: GiftNumber | None = None


@dataclass(frozen=True)
class GiftQuestion:
    """A question as it stands; `line` is its first line, from 1."""

    kind: Kind
    line: int
    title: str | None = None
    stem: GiftText = GiftText("")
    answers: tuple[GiftAnswer, ...] = ()
    pairs: tuple[tuple[GiftText, str], ...] = ()
    is_true: bool = False
    feedback: tuple[GiftText | None, GiftText | None] = (None, None)
    general: GiftText | None = None
    has_gap: bool = False
    id: str | None = None
    tags: tuple[str, ...] = ()
    fault: GiftFault | None = field(default=None, compare=False)


def questions_in(text: str) -> Iterator[GiftQuestion]:
    """Every question and category of a text, in order; one that is broken has its `fault`."""
    for line, block, comments in _blocks(text.replace(_LINE, "\ufffd")):
        name = _ID.search(comments)
        tags = tuple(_unescaped(tag) for tag in _TAG.findall(comments))
        try:
            question = parse_question(block, line)
        except GiftFault as fault:
            question = GiftQuestion("Description", line, stem=GiftText(block[:200]), fault=fault)
        yield _with(question, _unescaped(name[1]) if name else None, tags)


def _with(question: GiftQuestion, name: str | None, tags: tuple[str, ...]) -> GiftQuestion:
    return replace(question, id=name, tags=tags) if name or tags else question


def _blocks(text: str) -> Iterator[tuple[int, str, str]]:
    """The first line, the text without comments, and the comments before it, of each question."""
    lines: list[str] = []
    comments: list[str] = []
    first = 0
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.lstrip().startswith("//"):
            comments += [] if lines else [line]
            continue
        if line.strip():
            first = first if lines else number
            lines.append(line)
        if lines and (not line.strip() or lines[0].lstrip().startswith("$CATEGORY")):
            yield first, "\n".join(lines), "\n".join(comments)
            lines, comments = [], []


def parse_question(block: str, line: int = 1) -> GiftQuestion:
    """One question from its text. Raises GiftFault."""
    block = block.strip("\ufeff\n")
    if block.lstrip().startswith("$CATEGORY"):
        return GiftQuestion("Category", line, title=block.lstrip()[len("$CATEGORY") :].lstrip(" :").strip())
    title, rest = _title(block)
    written, rest = _format(rest, "moodle")
    opening = _find(rest, "{")
    if opening < 0:
        return GiftQuestion("Description", line, title, _text(rest, written))
    closing = _closing(rest, opening)
    if closing < 0:
        raise GiftFault("gift-brace-open", rest[opening:])
    before, inside, after = rest[:opening], rest[opening + 1 : closing], rest[closing + 1 :]
    if _find(after, "{") >= 0:
        raise GiftFault("gift-braces-two", after)
    question = _answers(inside, written)
    return _placed(question, line, title, written, before, after)


def _placed(
    question: GiftQuestion, line: int, title: str | None, written: str, before: str, after: str
) -> GiftQuestion:
    has_gap = bool(after.strip())
    stem = f"{before.rstrip()} {GAP} {after.strip()}" if has_gap else before
    return replace(question, line=line, title=title, stem=_text(stem, written), has_gap=has_gap)


def _title(block: str) -> tuple[str | None, str]:
    text = block.lstrip()
    if not text.startswith("::"):
        return None, block
    end = 2
    while True:
        end = _find(text, ":", end)
        if end < 0:
            raise GiftFault("gift-title-open", text)
        if text[end : end + 2] == "::":
            return " ".join(_unescaped(text[2:end]).split()), text[end + 2 :]
        end += 1


def _format(text: str, default: str) -> tuple[str, str]:
    found = _FORMAT.match(text)
    return (found[1].lower(), text[found.end() :]) if found else (default, text)


def _answers(inside: str, written: str) -> GiftQuestion:
    general_at = _find_general(inside)
    general = None
    if general_at >= 0:
        general = _feedback(inside[general_at + 4 :], written)
        inside = inside[:general_at]
    made = _kind(inside, written)
    return replace(made, general=general)


def _kind(inside: str, written: str) -> GiftQuestion:
    if not inside.strip():
        return GiftQuestion("Essay", 0)
    if inside.lstrip().startswith("#"):
        return GiftQuestion("Numerical", 0, answers=tuple(_numbers(inside.lstrip()[1:], written)))
    truth, *said = _split(inside, "#")
    found = _TRUTH.fullmatch(truth)
    if found:
        feedback = [_feedback(part, written) for part in said[:2]] + [None, None]
        return GiftQuestion("TF", 0, is_true=found[1].upper()[0] == "T", feedback=(feedback[0], feedback[1]))
    entries = list(_entries(inside))
    if all(mark == "=" for mark, _ in entries) and all("->" in entry for _, entry in entries):
        return GiftQuestion("Matching", 0, pairs=tuple(_pair(entry, written) for _, entry in entries))
    # One more than may be is enough to see that it is too many.
    answers = tuple(_answer(mark, entry, written) for mark, entry in entries[: MOST_ANSWERS + 1])
    kind: Kind = "Short" if all(mark in "=" for mark, _ in entries) else "MC"
    return GiftQuestion(kind, 0, answers=answers)


def _entries(inside: str) -> Iterator[tuple[str, str]]:
    """Every `=…` and `~…` with its mark; a single answer needs none."""
    places = [index for index in _unescaped_places(inside) if inside[index] in "=~"]
    if not places or inside[: places[0]].strip():
        first = inside[: places[0]] if places else inside
        yield "", first
    for place, end in pairwise([*places, len(inside)]):
        if inside[place + 1 : end].strip() or inside[place] == "~":
            yield inside[place], inside[place + 1 : end]


def _answer(mark: str, entry: str, written: str) -> GiftAnswer:
    if mark == "":
        mark = "="
    weight, entry = _weight(entry)
    text, *said = _split(entry, "#")
    own, text = _format(text, written)
    feedback = _feedback(said[0], written) if said else None
    return GiftAnswer(mark == "=", _text(text, own), weight, feedback)


def _weight(entry: str) -> tuple[Decimal | None, str]:
    found = _WEIGHT.match(entry)
    return (Decimal(found[1]), entry[found.end() :]) if found else (None, entry)


def _pair(entry: str, written: str) -> tuple[GiftText, str]:
    left, _, right = entry.partition("->")
    own, left = _format(left, written)
    return _text(left, own), _one_line(_unescaped(right, _LINE))


def _numbers(inside: str, written: str) -> Iterator[GiftAnswer]:
    places = [index for index in _unescaped_places(inside) if inside[index] in "=~"]
    first = inside[: places[0]] if places else inside
    if first.strip():
        yield _number_answer("", first, written)
    for place, end in pairwise([*places, len(inside)]):
        yield _number_answer(inside[place], inside[place + 1 : end], written)


def _number_answer(mark: str, entry: str, written: str) -> GiftAnswer:
    weight, entry = _weight(entry)
    text, *said = _split(entry, "#")
    feedback = _feedback(said[0], written) if said else None
    return GiftAnswer(mark != "~", GiftText(text.strip()), weight, feedback, _number(text.strip()))


def _number(text: str) -> GiftNumber:
    if text in ("", "*"):
        return GiftNumber("any")
    low, dots, high = text.partition("..")
    if dots:
        return GiftNumber("high-low", low=_decimal(low), high=_decimal(high))
    number, colon, tolerance = text.partition(":")
    if colon:
        return GiftNumber("range", _decimal(number), _decimal(tolerance))
    return GiftNumber("simple", _decimal(text))


def _decimal(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text.strip()):
        raise GiftFault("gift-number", text)
    return Decimal(text.strip())


def _feedback(text: str, written: str) -> GiftText | None:
    own, text = _format(text, written)
    made = _text(text, own)
    return made if made.text else None


def _text(text: str, written: str) -> GiftText:
    if written in _KEEPS_LINES:
        return GiftText(
            _unescaped(text).strip("\n").rstrip() if written == "html" else _markdown(text), written
        )
    return GiftText(_one_line(_unescaped(text, _LINE)), written)


def _markdown(text: str) -> str:
    return _unescaped(text.strip("\n")).strip()


_LINE: Final = "\0"
"""A new line that was asked for by `\\n`, while the others become spaces."""


def _one_line(text: str) -> str:
    return " ".join(text.replace("\n", " ").split()).replace(f" {_LINE} ", "\n").replace(_LINE, "\n").strip()


def _unescaped(text: str, line: str = "\n") -> str:
    return re.sub(r"\\([~=#{}:\\n])", lambda found: line if found[1] == "n" else found[1], text)


def _unescaped_places(text: str, start: int = 0) -> Iterator[int]:
    index = start
    while index < len(text):
        if text[index] == "\\":
            index += 2
            continue
        yield index
        index += 1


def _find(text: str, character: str, start: int = 0) -> int:
    """Where a character that no backslash stands before is, or -1."""
    return next((index for index in _unescaped_places(text, start) if text[index] == character), -1)


def _find_general(text: str) -> int:
    return next((index for index in _unescaped_places(text) if text.startswith("####", index)), -1)


def _closing(text: str, opening: int) -> int:
    return _find(text, "}", opening + 1)


def _split(text: str, mark: str) -> list[str]:
    places = [index for index in _unescaped_places(text) if text[index] == mark]
    return [text[start + 1 : end] for start, end in pairwise([-1, *places, len(text)])]
