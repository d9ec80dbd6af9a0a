"""Moodle XML as a bank: every question kind of Moodle's core that our interactions can say; the others are refused by name.

Fractions are parts of the question's default grade. Pictures and recordings stand in the file itself. Categories are
sections (the first name) and topics (the rest). What Moodle would have shown to whoever answered (feedback, hints) is
never shown in an exam: it goes into the item's note (docs/decisions/0012). Penalties belong to several tries, which an
exam does not have. Source: Moodle's manual, "Moodle XML format"; the kinds are built in `moodle_kinds.py`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NoReturn

from lxml import etree

from cbt_station.banks.foreign import (
    ForeignBank,
    ForeignQuestion,
    QuestionRefused,
    Remark,
    free_name,
    remark,
    title_of,
)
from cbt_station.banks.foreign_text import language_of
from cbt_station.banks.gift import SECTION, category
from cbt_station.banks.moodle_kinds import KINDS, Question
from cbt_station.banks.moodle_xml import text_in
from cbt_station.banks.safe_xml import Element, NotXml, parse
from cbt_station.banks.source_text import read_bytes
from cbt_station.errors import Refusal
from cbt_station.exam.content import Blocks

FORMAT: Final = "moodle-xml"
MOST_BYTES: Final = 64 << 20


def read(source: Path) -> ForeignBank | None:
    """The bank in a file, or None for a file of another format. Refusal("import-malformed") for broken XML."""
    if source.is_dir() or source.suffix.lower() != ".xml":
        return None
    data = read_bytes(source, MOST_BYTES)
    if data is None:
        raise Refusal("import-too-large", where=source.name, most_bytes=MOST_BYTES)
    if b"<quiz" not in data[:4_096]:
        return None
    try:
        root = parse(data)
    except NotXml as error:
        where = f"{source.name}:{error.line}"
        raise Refusal("import-malformed", where=where, problem=error.problem) from error
    if root.tag != "quiz":
        return None
    for node in root.iter(etree.Entity):  # not resolved, so a text that would be missing
        where = f"{source.name}:{node.sourceline}"
        raise Refusal("import-malformed", where=where, problem=f"ENTITY {str(node.text)[:40]}")
    return read_quiz(source.stem, root)


def read_quiz(name: str, root: Element) -> ForeignBank:
    """The bank in a parsed file."""
    reader = _Quiz(language_of(" ".join(str(one.text or "") for one in root.iter("text"))))
    questions = tuple(reader.questions(root))
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


class _Quiz:
    """One file's questions, in order."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.sections: dict[str, str] = {}
        self.stimuli: dict[str, dict[str, Blocks]] = {}
        self.media: dict[str, bytes] = {}
        self.losses: list[Remark] = []
        self._section, self._topic = SECTION, ""

    def questions(self, root: Element) -> Iterator[ForeignQuestion]:
        """Every question; a category only says where the next ones stand."""
        for element in root.iterchildren("question"):
            kind = str(element.get("type") or "").strip().lower()
            if kind == "category":
                path = category(text_in(element, "category"))
                self._section, _, self._topic = path.partition("/")
                continue
            self.sections.setdefault(
                self._section, self._section if self._section != SECTION else SECTION.title()
            )
            yield self._question(element, kind)

    def _question(self, element: Element, kind: str) -> ForeignQuestion:
        name = " ".join(text_in(element, "name").split())[:60]
        place = f"{element.sourceline}: {name}" if name else f"{element.sourceline}"
        if kind not in KINDS:
            return ForeignQuestion(place, self._section, fault=remark("question-kind", kind=kind[:40] or "?"))
        try:
            question = Question(element, kind, self.language, self.media, self._topic or None)
            if kind == "description":
                self._text(name or place, question)
            item = question.item()
        except QuestionRefused as refused:
            return ForeignQuestion(place, self._section, fault=refused.reason)
        return ForeignQuestion(
            place, self._section, losses=question.losses, item=item, remarks=question.remarks
        )

    def _text(self, name: str, question: Question) -> NoReturn:
        """A text that asks nothing, as a shared one; it is no question, so its losses are the file's."""
        name = free_name(name, self.stimuli)
        self.stimuli[name] = {self.language: question.stem()}
        self.losses.extend(question.losses)
        raise QuestionRefused(remark("not-a-question-text", stimulus=name))
