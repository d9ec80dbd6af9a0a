"""Moodle's embedded answers ("cloze"): `{2:MULTICHOICE:=right~wrong#why}` within a text, each a part of one item.

The number before the colon is the part's weight. Between the braces `~` parts the answers, `=` or `%50%` marks what an
answer is worth, `#` begins its feedback; a backslash takes the meaning from all of these. Texts between the braces are
HTML, as everything around them. Source: Moodle's manual, "Embedded Answers (Cloze) question type".
"""

import html
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from cbt_station.banks.foreign import QuestionRefused, remark
from cbt_station.banks.moodle_text import Formatted
from cbt_station.banks.moodle_xml import decimal_of
from cbt_station.banks.quiz_items import (
    WHOLE,
    Made,
    QuizAnswer,
    inline_choice,
    one_choice,
    several_choices,
    share_of,
    short_text,
    typed_number,
)

MOST_PARTS: Final = 60
_OPENING: Final = re.compile(r"\{([0-9]{0,4}):([A-Z_]{2,20}):")
_WEIGHT: Final = re.compile(r"\s*%(-?[0-9]{1,3}(?:\.[0-9]{1,10})?)%")
_SHORT: Final = {
    "SHORTANSWER": False,
    "SA": False,
    "MW": False,
    "SHORTANSWER_C": True,
    "SAC": True,
    "MWC": True,
}
_NUMBERS: Final = frozenset({"NUMERICAL", "NM"})
_IN_LINE: Final = frozenset({"MULTICHOICE", "MC", "MULTICHOICE_S", "MCS"})
_IN_ROWS: Final = frozenset(
    ["MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH", "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"]
)
_SEVERAL: Final = frozenset(
    ["MULTIRESPONSE", "MR", "MULTIRESPONSE_H", "MRH", "MULTIRESPONSE_S", "MRS", "MULTIRESPONSE_HS", "MRHS"]
)


@dataclass(frozen=True)
class ClozeAnswer:
    """An answer as it stands between the braces: its HTML, its share, its feedback."""

    text: str
    share: Fraction
    feedback: str


@dataclass(frozen=True)
class ClozePart:
    """One pair of braces: `place` is its number, from 1."""

    place: int
    weight: int
    kind: str
    answers: tuple[ClozeAnswer, ...]

    @property
    def response(self) -> str:
        """Its response id."""
        return f"r{self.place}"

    @property
    def is_in_line(self) -> bool:
        """Whether it stands within a line."""
        return self.kind in _SHORT or self.kind in _NUMBERS or self.kind in _IN_LINE


def parts_in(text: str) -> tuple[str, tuple[ClozePart, ...]]:
    """The text with a `<cbt-slot>` at every part, and the parts. Raises QuestionRefused."""
    pieces: list[str] = []
    parts: list[ClozePart] = []
    start = 0
    while found := _OPENING.search(text, start):
        kind = found[2]
        if not (
            kind in _SHORT or kind in _NUMBERS or kind in _IN_LINE or kind in _IN_ROWS or kind in _SEVERAL
        ):
            raise QuestionRefused(remark("cloze-kind", kind=kind))
        end = _closing(text, found.end())
        if end < 0:
            raise QuestionRefused(remark("cloze-open", found=text[found.start() : found.start() + 40]))
        part = ClozePart(len(parts) + 1, int(found[1] or 1), kind, _answers(text[found.end() : end]))
        if part.place > MOST_PARTS:
            raise QuestionRefused(remark("content-too-much", what="interactions", most=MOST_PARTS))
        pieces += [text[start : found.start()], slot(part.response)]
        parts.append(part)
        start = end + 1
    return "".join([*pieces, text[start:]]), tuple(parts)


def slot(response: str) -> str:
    """What stands for a part while its text is read."""
    return f'<cbt-slot id="{response}"></cbt-slot>'


def made_of(part: ClozePart, points: Decimal, texts: Formatted) -> Made:
    """A part as an interaction and its rule."""
    if part.kind in _SHORT:
        spellings = [(_plain(answer.text), answer.share) for answer in part.answers]
        return short_text(spellings, points, case_sensitive=_SHORT[part.kind])
    if part.kind in _NUMBERS:
        return _number(part, points)
    if part.kind in _IN_LINE:
        return inline_choice(_shown(part, texts), points, texts.reader.lose)
    if part.kind in _SEVERAL:
        return several_choices(_shown(part, texts), points, shuffle=False)
    return one_choice(_shown(part, texts), points, texts.reader.lose, shuffle=False)


def _shown(part: ClozePart, texts: Formatted) -> list[QuizAnswer]:
    return [QuizAnswer(texts.line_block(one.text), one.share) for one in part.answers]


def _number(part: ClozePart, points: Decimal) -> Made:
    accepted = []
    other = Fraction(0)
    for answer in part.answers:
        value, _, tolerance = _plain(answer.text).partition(":")
        if value.strip() in ("", "*"):
            other = answer.share
            continue
        accepted.append((decimal_of(value), decimal_of(tolerance, Decimal(0)), answer.share))
    return typed_number(accepted, points, other)


def _plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^<>]*>", "", text)).strip()


def _closing(text: str, start: int) -> int:
    index = start
    while index < len(text):
        if text[index] == "\\":
            index += 1
        elif text[index] == "}":
            return index
        index += 1
    return -1


def _answers(inside: str) -> tuple[ClozeAnswer, ...]:
    return tuple(_answer(entry) for entry in _split(inside, "~") if entry.strip())


def _answer(entry: str) -> ClozeAnswer:
    share, entry = Fraction(0), entry.lstrip()
    found = _WEIGHT.match(entry)
    if entry.startswith("="):
        share, entry = WHOLE, entry[1:]
    elif found:
        share, entry = share_of(Decimal(found[1])), entry[found.end() :]
    text, *feedback = _split(entry, "#", most=1)
    return ClozeAnswer(_unescaped(text).strip(), share, _unescaped(feedback[0]) if feedback else "")


def _split(text: str, mark: str, most: int = 10_000) -> list[str]:
    """The text at each mark that no backslash stands before; the `#` of an HTML entity is none."""
    parts: list[str] = []
    start = index = 0
    while index < len(text):
        if text[index] == "\\":
            index += 1
        elif (
            text[index] == mark and len(parts) < most and not (mark == "#" and text[index - 1 : index] == "&")
        ):
            parts.append(text[start:index])
            start = index + 1
        index += 1
    return [*parts, text[start:]]


def _unescaped(text: str) -> str:
    return re.sub(r"\\([}~#=/\"'\\{%])", r"\1", text)
