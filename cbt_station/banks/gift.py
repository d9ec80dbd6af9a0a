"""GIFT files (and Moodle's missing-word files, which are GIFT) as a bank: what stands where is read by `gift_grammar.py`.

GIFT says nothing of points: a right answer brings the import's usual points, with a remark, and weights are parts of
them. Categories are sections. A text that asks nothing is no question; it is kept as a shared text. Feedback is never
shown in an exam: it goes into the item's note, word for word (docs/decisions/0012).
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final

from cbt_station.banks.aiken import looks_like as is_aiken
from cbt_station.banks.foreign import (
    RIGHT_POINTS,
    ForeignBank,
    ForeignItem,
    ForeignQuestion,
    QuestionRefused,
    Remark,
    free_name,
    remark,
    title_of,
)
from cbt_station.banks.foreign_text import language_of, read_text
from cbt_station.banks.gift_grammar import MOST_ANSWERS, GiftAnswer, GiftQuestion, questions_in
from cbt_station.banks.html import HtmlReader
from cbt_station.banks.moodle_text import Formatted
from cbt_station.banks.quiz_items import (
    WHOLE,
    Made,
    Notes,
    QuizAnswer,
    Reading,
    essay,
    matching,
    one_choice,
    several_choices,
    share_of,
    short_text,
    shown,
    typed_number,
    with_slot,
)
from cbt_station.exam.content import Blocks
from cbt_station.words import words_in

FORMAT: Final = "gift"
SECTION: Final = "umum"
_NOTHING: Final = Fraction(0)
_MARKED: Final = re.compile(r"(?<!\\)\{\s*(?:[=~#]|(?:TRUE|FALSE|T|F)\s*[}#]|\})", re.IGNORECASE)
_SINGLE: Final = re.compile(r"(?<!\\)\{[^{}\n]{1,200}\}")


def read(source: Path) -> ForeignBank | None:
    """The bank in a file, or None for a file of another format."""
    if source.is_dir() or source.suffix.lower() not in (".gift", ".txt"):
        return None
    text, remarks = read_text(source)
    if not _looks_like(source, text):
        return None
    return read_gift(source.stem.removesuffix(".gift"), text, remarks)


def _looks_like(source: Path, text: str) -> bool:
    if source.suffix.lower() == ".gift" or source.name.lower().endswith(".gift.txt"):
        return True
    return (
        _MARKED.search(text) is not None and not is_aiken(text) and not text.lstrip().startswith(("<", "{"))
    )


def read_gift(name: str, text: str, remarks: tuple[Remark, ...] = ()) -> ForeignBank:
    """The bank in a text."""
    reader = _Reader(language_of(text), remarks)
    questions = tuple(reader.questions(text))
    return ForeignBank(
        format=FORMAT,
        name=name,
        title=title_of(name),
        language=reader.language,
        sections=reader.sections or {SECTION: SECTION.title()},
        questions=questions,
        media=reader.media,
        stimuli=reader.stimuli,
        losses=tuple(reader.losses),
    )


class _Reader:
    """One file's questions, in order."""

    def __init__(self, language: str, remarks: tuple[Remark, ...]) -> None:
        self.language, self._remarks, self._words = language, remarks, words_in(language)
        self.sections: dict[str, str] = {}
        self.stimuli: dict[str, dict[str, Blocks]] = {}
        self.media: dict[str, bytes] = {}
        self.losses: list[Remark] = []
        self._section = SECTION

    def questions(self, text: str) -> Iterator[ForeignQuestion]:
        """Every question of a file."""
        for question in questions_in(text):
            if question.kind == "Category":
                self._section = category(question.title or "")
                continue
            self.sections.setdefault(self._section, title_of_category(self._section))
            yield self._question(question)

    def _question(self, question: GiftQuestion) -> ForeignQuestion:
        place = f"{question.line}"
        if question.fault is not None:
            fault = remark(
                "gift-broken",
                problem=self._words(f"import.{question.fault.code}"),
                found=question.fault.found,
            )
            return ForeignQuestion(place, self._section, fault=fault)
        reader = HtmlReader(lambda _name: None, media=self.media, language=self.language)
        try:
            item, notes = self._item(question, Formatted(reader))
        except QuestionRefused as refused:
            return ForeignQuestion(place, self._section, fault=refused.reason)
        if notes.loss:
            reader.lose(notes.loss)
        kept = (notes.kept,) if notes.kept else ()
        remarks = (*self._remarks, *reader.remarks, *kept, remark("points-assumed", points=RIGHT_POINTS))
        return ForeignQuestion(place, self._section, losses=reader.losses, item=item, remarks=remarks)

    def _item(self, question: GiftQuestion, texts: Formatted) -> tuple[ForeignItem, Notes]:
        if len(question.answers) > MOST_ANSWERS:
            raise QuestionRefused(remark("content-too-much", what="options", most=MOST_ANSWERS))
        stem = texts.blocks(question.stem.text, question.stem.format)
        if question.kind == "Description":
            name = free_name(question.title or f"teks {question.line}", self.stimuli)
            self.stimuli[name] = {self.language: stem}
            self.losses.extend(texts.reader.losses)  # it is no question, so they are the file's
            raise QuestionRefused(remark("not-a-question-text", stimulus=name))
        interaction, rule = self._made(question, texts)
        if question.kind in ("Short", "Numerical"):
            stem = with_slot(stem)
        notes = self._notes(question, texts)
        item = ForeignItem(
            languages={self.language: shown(stem, interaction)},
            rule=rule,
            id=question.id,
            title=question.title,
            note=notes.text,
        )
        return item, notes

    def _made(self, question: GiftQuestion, texts: Formatted) -> Made:
        match question.kind:
            case "Essay":
                return essay(RIGHT_POINTS)
            case "TF":
                return self._truth(question, texts)
            case "Matching":
                return _matching(question, texts)
            case "Short":
                answers = [(answer.text.text, _share(answer)) for answer in question.answers]
                return short_text(answers, RIGHT_POINTS, case_sensitive=False)
            case "Numerical":
                return _numerical(question)
            case _:
                return _choice(question, texts)

    def _truth(self, question: GiftQuestion, texts: Formatted) -> Made:
        names = [self._words(f"import.{name}") for name in ("answer-true", "answer-false")]
        shares = (WHOLE, _NOTHING) if question.is_true else (_NOTHING, WHOLE)
        answers = [QuizAnswer(texts.plain(name), share) for name, share in zip(names, shares, strict=True)]
        return one_choice(answers, RIGHT_POINTS, texts.reader.lose, shuffle=False)

    def _notes(self, question: GiftQuestion, texts: Formatted) -> Notes:
        notes = Notes(self._words)
        notes.add_feedback("note-general", texts.reading(question.general))
        for answer in question.answers:
            is_any = answer.number is not None and answer.number.kind == "any"
            given = Reading("*") if is_any else texts.reading(answer.text)
            notes.add_feedback("note-answer", texts.reading(answer.feedback), given)
        for key, feedback in zip(("note-when-first", "note-when-second"), question.feedback, strict=True):
            notes.add_feedback(key, texts.reading(feedback))
        notes.add("note-tags", ", ".join(question.tags))
        return notes


def _choice(question: GiftQuestion, texts: Formatted) -> Made:
    """One right answer, or (where none is marked as right) several with their weights."""
    answers = [
        QuizAnswer(texts.blocks(answer.text.text, answer.text.format), _share(answer))
        for answer in question.answers
    ]
    if any(answer.is_correct for answer in question.answers):
        return one_choice(answers, RIGHT_POINTS, texts.reader.lose, shuffle=True)
    return several_choices(answers, RIGHT_POINTS, shuffle=True)


def _share(answer: GiftAnswer) -> Fraction:
    if answer.weight is not None:
        return share_of(answer.weight)
    return WHOLE if answer.is_correct else _NOTHING


def _numerical(question: GiftQuestion) -> Made:
    accepted = []
    other = _NOTHING
    for answer in question.answers:
        number = answer.number
        if number is None or number.kind == "any":
            other = _share(answer)
        elif number.kind == "high-low":
            half = (number.high - number.low) / 2
            accepted.append((number.low + half, half, _share(answer)))
        else:
            accepted.append((number.number, number.tolerance, _share(answer)))
    return typed_number(accepted, RIGHT_POINTS, other)


def _matching(question: GiftQuestion, texts: Formatted) -> Made:
    columns: list[str] = []
    rows: list[tuple[Blocks, int]] = []
    for left, right in question.pairs:
        if not right:
            raise QuestionRefused(remark("answer-empty"))
        if right not in columns:
            columns.append(right)
        content = texts.blocks(left.text, left.format)
        if content:  # a pair without its left side is one more wrong answer
            rows.append((content, columns.index(right)))
    return matching(rows, [texts.plain(column) for column in columns], RIGHT_POINTS, shuffle=True)


def category(path: str) -> str:
    """A category's path without Moodle's own beginnings."""
    parts = [part.strip() for part in path.split("/") if part.strip()]
    while parts and (re.fullmatch(r"\$.*\$", parts[0]) or parts[0] == "top"):
        parts = parts[1:]
    return "/".join(parts) or SECTION


def title_of_category(path: str) -> str:
    """What a section is called."""
    return " – ".join(path.split("/")) if path != SECTION else SECTION.title()
