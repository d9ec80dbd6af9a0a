"""Aiken: a question in a line or more, options `A.` or `A)` one a line, then `ANSWER: B`.

Nothing else fits into this format. A question that is broken is refused alone, with its line.
Source: Moodle's manual, "Aiken format".
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cbt_station.banks.foreign import ForeignBank, ForeignQuestion, Remark, remark, title_of
from cbt_station.banks.foreign_text import language_of, read_text

FORMAT: Final = "aiken"
SECTION: Final = "umum"
_OPTION: Final = re.compile(r"\s*([A-Za-z])\s?[.)]\s+(.*\S)\s*")
_ANSWER: Final = re.compile(r"\s*ANSWER\s*:\s*(\S.*)", re.IGNORECASE)


@dataclass
class _Open:
    """A question whose answer has not come yet."""

    line: int = 0
    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    after: int = 0
    """The line of the answer before it."""

    @property
    def is_of_either(self) -> bool:
        """Its text begins right under an answer, and an empty line parts it: some of it may be that question's."""
        return self.line == self.after + 1 > 1 and not all(
            line.strip() for line in "\n".join(self.stem).strip().split("\n")
        )


def read(source: Path) -> ForeignBank | None:
    """The bank in a file, or None for a file of another format."""
    if source.is_dir() or source.suffix.lower() not in (".txt", ".aiken"):
        return None
    text, remarks = read_text(source)
    if not looks_like(text):
        return None
    return ForeignBank(
        format=FORMAT,
        name=source.stem,
        title=title_of(source.stem),
        language=language_of(text),
        sections={SECTION: SECTION.title()},
        questions=tuple(_questions(text, remarks)),
    )


def looks_like(text: str) -> bool:
    """Whether there is an answer line, and two options before one."""
    lines = [line for line in text.split("\n") if line.strip()]
    return any(
        _ANSWER.fullmatch(line)
        and index > 2
        and all(_OPTION.fullmatch(one) for one in lines[index - 2 : index])
        for index, line in enumerate(lines)
    )


def _questions(text: str, remarks: tuple[Remark, ...]) -> list[ForeignQuestion]:
    found: list[ForeignQuestion] = []
    at = _Open()
    for number, line in enumerate(text.split("\n"), 1):
        option, answer = _OPTION.fullmatch(line), _ANSWER.fullmatch(line)
        if answer:
            found.append(_question(at, answer[1].rstrip(" \t.)").upper(), number, remarks))
            at = _Open(after=number)
        elif option and at.stem and option[1].upper() == chr(ord("A") + len(at.options)):
            at.options.append((option[1].upper(), option[2]))
        elif at.options and line.strip():
            found.append(_broken(at))
            at = _Open(number, [line])
        elif line.strip() or at.stem:
            at.line = at.line or number
            at.stem.append(line)
    if at.options or any(line.strip() for line in at.stem):
        found.append(_broken(at))
    return found


def _question(at: _Open, key: str, number: int, remarks: tuple[Remark, ...]) -> ForeignQuestion:
    names = [name for name, _ in at.options]
    place = f"{at.line or number}"
    if key not in names:  # also two keys: which of them counts, this format cannot say
        fault = remark("key-unknown", key=key[:40])
        return ForeignQuestion(place, SECTION, fault=fault)
    if at.is_of_either:
        return ForeignQuestion(place, SECTION, fault=remark("text-after-answer"))
    stem = "\n".join(line.strip() for line in at.stem).strip()
    options = tuple(text for _, text in at.options)
    return ForeignQuestion(place, SECTION, stem, options, names.index(key), remarks=remarks)


def _broken(at: _Open) -> ForeignQuestion:
    return ForeignQuestion(f"{at.line}", SECTION, fault=remark("answer-line-missing"))
