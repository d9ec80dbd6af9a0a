"""The question kinds of Moodle, each as an item: `KINDS` says which there are."""

import html
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from cbt_station.banks.foreign import ForeignItem, QuestionRefused, Remark, remark
from cbt_station.banks.foreign_media import audio_kind
from cbt_station.banks.html import HtmlReader
from cbt_station.banks.moodle_cloze import ClozePart, made_of, parts_in, slot
from cbt_station.banks.moodle_pictures import markers, onto_picture
from cbt_station.banks.moodle_text import Formatted, reading
from cbt_station.banks.moodle_xml import (
    PLUGINFILE,
    decimal_of,
    files_in,
    flag,
    own_text,
    text_in,
    whole,
)
from cbt_station.banks.quiz_items import (
    WHOLE,
    Made,
    Notes,
    QuizAnswer,
    Reading,
    as_part,
    equal_portions,
    essay,
    gap_match,
    inline_choice,
    matching,
    one_choice,
    portions,
    several_choices,
    share_of,
    short_text,
    shown,
    typed_number,
    with_slot,
    worth,
)
from cbt_station.banks.safe_xml import Element
from cbt_station.exam.content import Block, Blocks, Inline, Place, Slot
from cbt_station.exam.interactions import RESPONSE, Composite, Interaction, Option, OrderInteraction
from cbt_station.exam.item import ScoringRule
from cbt_station.exam.rules.building import in_order, in_order_by_place, summed
from cbt_station.words import words_in

_GAP: Final = re.compile(r"\[\[([0-9]{1,3})\]\]")
_ONE: Final = Decimal(1)


class Question:
    """One question of a file."""

    def __init__(
        self, element: Element, kind: str, language: str, media: dict[str, bytes], topic: str | None
    ) -> None:
        self.element, self.kind, self.language = element, kind, language
        self._topic = topic
        self._files: dict[str, bytes] = {}
        self._slots: dict[str, Inline | Block] = {}
        self.reader = HtmlReader(
            self._file, media=media, language=language, inline=self._inline, block=self._block
        )
        self.texts = Formatted(self.reader)
        self._words = words_in(language)
        self.points = worth(decimal_of(text_in(element, "defaultgrade"), _ONE), WHOLE)
        self._notes = Notes(self._words)
        self._remarks: list[Remark] = []

    @property
    def losses(self) -> tuple[Remark, ...]:
        """What was lost, feedback included that words do not say."""
        return (*self.reader.losses, *((self._notes.loss,) if self._notes.loss else ()))

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What took nothing away."""
        return (*self.reader.remarks, *self._remarks, *((self._notes.kept,) if self._notes.kept else ()))

    def item(self) -> ForeignItem:
        """The whole question. Raises QuestionRefused."""
        if not self.points > 0:
            raise QuestionRefused(remark("points-none", points=self.points))
        stem, interaction, rule = KINDS[self.kind](self)
        self._note()
        return ForeignItem(
            languages={self.language: shown(stem, interaction)},
            rule=rule,
            id=text_in(self.element, "idnumber").strip() or None,
            topic=self._topic,
            title=" ".join(text_in(self.element, "name").split()) or None,
            note=self._notes.text,
        )

    def stem(self) -> Blocks:
        """The question's text."""
        return self.content(self.element.find("questiontext"))

    def content(self, element: Element | None) -> Blocks:
        """The text of an element, with the files that stand beside it."""
        if element is None:
            return ()
        return self.blocks(own_text(element), _format(element), files_in(element))

    def blocks(self, text: str, written: str, files: dict[str, bytes]) -> Blocks:
        """A text, with its files."""
        self._files = files
        return self.texts.blocks(text, written)

    def use(self, files: dict[str, bytes]) -> None:
        """Look for pictures in these files from now on."""
        self._files = files

    def word(self, key: str) -> str:
        """A word of ours in the language of the file."""
        return self._words(key)

    def lose(self, loss: Remark) -> None:
        """Note a loss."""
        self.reader.lose(loss)

    def say(self, one: Remark) -> None:
        """Note a remark."""
        self._remarks.append(one)

    def put(self, name: str, what: Inline | Block) -> str:
        """The HTML that stands for a slot or a place while a text is read."""
        self._slots[name] = what
        return slot(name)

    def _file(self, name: str) -> bytes | None:
        own = name.removeprefix(PLUGINFILE).strip("/")
        return self._files.get(own) or self._files.get(own.partition("?")[0])

    def _inline(self, element: Element) -> Inline | None:
        what = self._slots.get(str(element.get("id"))) if element.tag == "cbt-slot" else None
        return what if isinstance(what, Slot) else None

    def _block(self, element: Element) -> Block | None:
        if element.tag == "cbt-slot":
            what = self._slots.get(str(element.get("id")))
            return what if isinstance(what, Place) else None
        return self._recording(element) if element.tag == "a" else None

    def _recording(self, element: Element) -> Block | None:
        """A link to a recording in the file: Moodle shows it as a player."""
        source = str(element.get("href") or "")
        data = self._file(source) if source.startswith(PLUGINFILE) else None
        if data is None or audio_kind(data) is None:
            return None
        return self.reader.audio(source, "".join(str(part) for part in element.itertext()))

    # What reviewers read.

    def _note(self) -> None:
        element = self.element
        self._notes.add_feedback("note-general", self._reading("generalfeedback"))
        self._notes.add_feedback("note-correct", self._reading("correctfeedback"))
        self._notes.add_feedback("note-partly", self._reading("partiallycorrectfeedback"))
        self._notes.add_feedback("note-incorrect", self._reading("incorrectfeedback"))
        for answer in element.iterchildren("answer"):
            said = answer.find("feedback")
            if said is not None:
                text = reading(own_text(said), _format(said), self.language)
                name = reading(own_text(answer), _format(answer), self.language)
                self._notes.add_feedback("note-answer", text, name)
        for hint in element.iterchildren("hint"):
            self._notes.add_feedback("note-hint", reading(own_text(hint), _format(hint), self.language))
        self._notes.add("note-grader", self._reading("graderinfo").text)
        tags = [own_text(tag) for tag in element.iterfind("tags/tag")]
        self._notes.add("note-tags", ", ".join(tag.strip() for tag in tags if tag.strip()))
        penalty = decimal_of(text_in(element, "penalty"), Decimal(0))
        if penalty:
            self._notes.add("note-penalty", f"{penalty.normalize():f}")
        if flag(element, "hidden", False):
            self.say(remark("was-hidden"))

    def cloze_feedback(self, part: ClozePart) -> None:
        """The feedback that stands between braces."""
        for answer in part.answers:
            name = Reading(f"{part.place}, {html.unescape(answer.text)}")
            self._notes.add_feedback("note-answer", reading(answer.feedback, "html", self.language), name)

    def _reading(self, path: str) -> Reading:
        found = self.element.find(path)
        return Reading() if found is None else reading(own_text(found), _format(found), self.language)


Whole: TypeAlias = tuple[Blocks, Interaction, ScoringRule]


def _format(element: Element) -> str:
    return str(element.get("format") or "moodle_auto_format")


def _with(stem: Blocks, made: Made) -> Whole:
    return stem, made[0], made[1]


def _answers(question: Question) -> list[tuple[Element, Fraction]]:
    return [
        (answer, share_of(decimal_of(str(answer.get("fraction") or "0"))))
        for answer in question.element.iterchildren("answer")
    ]


def _multichoice(question: Question) -> Whole:
    stem = question.stem()
    answers = [QuizAnswer(question.content(answer), share) for answer, share in _answers(question)]
    shuffle = flag(question.element, "shuffleanswers", True)
    if flag(question.element, "single", True):
        return _with(stem, one_choice(answers, question.points, question.lose, shuffle=shuffle))
    return _with(stem, several_choices(answers, question.points, shuffle=shuffle))


def _truefalse(question: Question) -> Whole:
    stem = question.stem()
    shares = {own_text(answer).strip().lower(): share for answer, share in _answers(question)}
    if not shares.keys() <= {"true", "false"} or not shares:
        raise QuestionRefused(remark("answer-unknown", answer=", ".join(shares)[:60]))
    answers = [
        QuizAnswer(
            question.texts.plain(question.word("import.answer-true")), shares.get("true", Fraction(0))
        ),
        QuizAnswer(
            question.texts.plain(question.word("import.answer-false")), shares.get("false", Fraction(0))
        ),
    ]
    return _with(stem, one_choice(answers, question.points, question.lose, shuffle=False))


def _shortanswer(question: Question) -> Whole:
    answers = [(own_text(answer).strip(), share) for answer, share in _answers(question)]
    made = short_text(answers, question.points, case_sensitive=flag(question.element, "usecase", False))
    return _with(with_slot(question.stem()), made)


def _numerical(question: Question) -> Whole:
    _require_no_units(question)
    accepted = []
    other = Fraction(0)
    for answer, share in _answers(question):
        said = own_text(answer).strip()
        if said in ("", "*"):
            other = share
        else:
            tolerance = decimal_of(text_in(answer, "tolerance"), Decimal(0))
            accepted.append((decimal_of(said), tolerance, share))
    return _with(with_slot(question.stem()), typed_number(accepted, question.points, other))


def _require_no_units(question: Question) -> None:
    """Units that a candidate would have to write are refused; one that is only shown is named."""
    units = [text_in(unit, "unit_name").strip() for unit in question.element.iterfind("units/unit")]
    if whole(question.element, "unitgradingtype", 0):
        raise QuestionRefused(remark("units-graded", units=", ".join(units)[:60]))
    if units and whole(question.element, "showunits", 3) != 3:
        question.lose(remark("units-dropped", units=", ".join(units)[:60]))


def _matching(question: Question) -> Whole:
    stem = question.stem()
    columns: list[str] = []
    rows: list[tuple[Blocks, int]] = []
    for pair in question.element.iterchildren("subquestion"):
        answer = text_in(pair, "answer").strip()
        if not answer:
            raise QuestionRefused(remark("answer-empty"))
        if answer not in columns:
            columns.append(answer)
        content = question.content(pair)
        if content:
            rows.append((content, columns.index(answer)))
    shown_columns = [question.texts.plain(column) for column in columns]
    shuffle = flag(question.element, "shuffleanswers", True)
    return _with(stem, matching(rows, shown_columns, question.points, shuffle=shuffle))


def _essay(question: Question) -> Whole:
    element = question.element
    if text_in(element, "responseformat").strip() == "noinline" or whole(element, "attachmentsrequired", 0):
        raise QuestionRefused(remark("attachment-needed"))
    if whole(element, "attachments", 0):
        question.lose(remark("field-dropped", field="attachments"))
    if text_in(element, "responsetemplate").strip():
        question.lose(remark("field-dropped", field="responsetemplate"))
    for name in ("minwordlimit", "maxwordlimit"):
        if whole(element, name, 0):
            question.lose(remark("field-dropped", field=name))
    return _with(question.stem(), essay(question.points, whole(element, "responsefieldlines", 6)))


def _cloze(question: Question) -> Whole:
    element = question.element.find("questiontext")
    source = "" if element is None else own_text(element)
    text, parts = parts_in(question.texts.as_html(source, "html" if element is None else _format(element)))
    if not parts:
        raise QuestionRefused(remark("cloze-without-answers"))
    total = sum(part.weight for part in parts)
    if total <= 0:
        raise QuestionRefused(remark("points-none", points=total))
    given = text_in(question.element, "defaultgrade").strip()
    points = question.points if given else Decimal(total)
    alone = len(parts) == 1
    made = {}
    for part, own in zip(
        parts, portions(points, [Fraction(part.weight, total) for part in parts]), strict=True
    ):
        response = RESPONSE if alone else part.response
        question.put(part.response, Slot(response) if part.is_in_line else Place(response))
        made[response] = made_of(part, own, question.texts)
        question.cloze_feedback(part)
    stem = question.blocks(text, "html", files_in(element))
    if alone:
        return _with(tuple(block for block in stem if not isinstance(block, Place)), made[RESPONSE])
    return _composite(stem, made)


def _composite(stem: Blocks, made: dict[str, Made]) -> Whole:
    rule = summed({response: as_part(one) for response, one in made.items()})
    return stem, Composite({response: one[0] for response, one in made.items()}), rule


def _gapselect(question: Question) -> Whole:
    choices = _choices(question, "selectoption")
    text, gaps = _gaps(question, choices)
    made = {}
    for (response, right), own in zip(gaps.items(), equal_portions(question.points, len(gaps)), strict=True):
        group = choices[right][1]
        answers = [
            QuizAnswer(content, WHOLE if number == right else Fraction(0))
            for number, (content, of_group, _) in choices.items()
            if of_group == group
        ]
        made[response] = inline_choice(answers, own, question.lose)
    if flag(question.element, "shuffleanswers", False):
        question.say(remark("options-not-shuffled"))
    stem = question.blocks(
        text, _format(_text_element(question)), files_in(question.element.find("questiontext"))
    )
    if len(made) == 1:
        return _with(stem, made[RESPONSE])
    return _composite(stem, made)


_Choices: TypeAlias = dict[int, tuple[Blocks, str, int]]


def _choices(question: Question, tag: str) -> _Choices:
    """The words that go into the gaps, by number: what they show, their group, how often each may be used."""
    found: _Choices = {}
    for number, choice in enumerate(question.element.iterchildren(tag), 1):
        endless = choice.find("infinite") is not None and flag(choice, "infinite", True)
        content = question.texts.line_block(own_text(choice))
        if not content:
            raise QuestionRefused(remark("option-empty", number=number))
        found[number] = content, text_in(choice, "group").strip() or "1", 0 if endless else 1
    if len(found) < 2:
        raise QuestionRefused(remark("options-few", count=len(found)))
    return found


def _gaps(question: Question, choices: _Choices) -> tuple[str, dict[str, int]]:
    """The text with a slot for each `[[n]]`, and the number that belongs into each."""
    gaps: dict[str, int] = {}
    source = own_text(_text_element(question))
    numbers = [int(found) for found in _GAP.findall(source)]
    if not numbers:
        raise QuestionRefused(remark("cloze-without-answers"))

    def place(found: re.Match[str]) -> str:
        number = int(found[1])
        if number not in choices:
            raise QuestionRefused(remark("answer-unknown", answer=found.group()))
        name = f"r{len(gaps) + 1}"
        response = RESPONSE if len(numbers) == 1 and question.kind == "gapselect" else name
        gaps[response] = number
        return question.put(name, Slot(response))

    return _GAP.sub(place, source), gaps


def _text_element(question: Question) -> Element:
    found = question.element.find("questiontext")
    if found is None:
        raise QuestionRefused(remark("stem-empty"))
    return found


def _ddwtos(question: Question) -> Whole:
    choices = _choices(question, "dragbox")
    text, gaps = _gaps(question, choices)
    if len({group for _, group, _ in choices.values()}) > 1:
        question.lose(remark("drag-groups"))
    content = question.blocks(text, _format(_text_element(question)), files_in(_text_element(question)))
    options = [(f"o{number}", shown_as, most) for number, (shown_as, _, most) in choices.items()]
    right = {gap: f"o{number}" for gap, number in gaps.items()}
    shuffle = flag(question.element, "shuffleanswers", False)
    return (), *gap_match(content, tuple(gaps), options, right, question.points, shuffle=shuffle)


def _ordering(question: Question) -> Whole:
    if text_in(question.element, "selecttype").strip().upper() not in ("", "0", "ALL"):
        raise QuestionRefused(
            remark("field-value", field="selecttype", value=text_in(question.element, "selecttype"))
        )
    answers = [answer for answer, _ in _answers(question)]
    options = tuple(Option(f"o{index}", question.content(one)) for index, one in enumerate(answers, 1))
    if len(options) < 2:
        raise QuestionRefused(remark("options-few", count=len(options)))
    names = [option.id for option in options]
    grading = text_in(question.element, "gradingtype").strip().upper()
    if grading in ("ALL_OR_NOTHING", "-1"):
        return question.stem(), OrderInteraction(options), in_order(names, question.points)
    if grading in ("ABSOLUTE_POSITION", "0"):
        each = equal_portions(question.points, len(names))
        return question.stem(), OrderInteraction(options), in_order_by_place(names, each)
    raise QuestionRefused(remark("field-value", field="gradingtype", value=grading[:40]))


def _onto_picture(question: Question) -> Whole:
    return question.stem(), *onto_picture(question)


def _markers(question: Question) -> Whole:
    return question.stem(), *markers(question)


def _description(question: Question) -> Whole:
    raise QuestionRefused(remark("not-a-question-text", stimulus=text_in(question.element, "name")[:60]))


KINDS: Final[dict[str, Callable[[Question], Whole]]] = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _matching,
    "match": _matching,
    "essay": _essay,
    "description": _description,
    "cloze": _cloze,
    "multianswer": _cloze,
    "gapselect": _gapselect,
    "ddwtos": _ddwtos,
    "ddimageortext": _onto_picture,
    "ddmarker": _markers,
    "ordering": _ordering,
}
"""What is not here is refused by its name."""
