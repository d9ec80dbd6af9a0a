"""What every importer shares: a question as its file has it, and how it becomes an item.

A reader of a format only says what stands where: either plain text with one key (`ForeignQuestion.stem`, `options`,
`key`), which is judged here, once for all formats; or a whole item in our own model (`ForeignQuestion.item`), whose
reader has named its losses itself. Each question ends as `exact`, `lossy` (every loss named) or `refused` (with its
reason). Remarks are for people and take nothing away.

Names in here (sections, topics, ids, stimuli) are the source's own; `importing.py` makes legal ids of them.
"""

import re
import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from cbt_station.exam.blueprint import Blueprint
from cbt_station.exam.content import Block, Blocks, Inline, LineBreak, Paragraph, Text
from cbt_station.exam.interactions import ChoiceInteraction, Option
from cbt_station.exam.item import OptionScores, ScoringRule, Shown
from cbt_station.words import Words

Outcome: TypeAlias = Literal["exact", "lossy", "refused"]

MOST_CHARACTERS: Final = 8_000
"""Of one question with its options; an item file holds 64 KiB."""
MOST_NOTE: Final = 20_000
"""Characters of an item's note; what is longer is cut."""
MOST_OPTIONS: Final = 12
OPTION_NAMES: Final = "abcdefghijkl"
RIGHT_POINTS: Final = Decimal(5)
"""What a right answer brings where the source says nothing of points."""

_REMOVED: Final = {"Cc", "Cf", "Zl", "Zp"}
_UNREADABLE: Final = {"Co", "Cn", "Cs"}
_JOINERS: Final = "\u200c\u200d"


class Remark(Struct, frozen=True, forbid_unknown_fields=True):
    """A loss, a reason or a remark; its sentence stands under `import.CODE`."""

    code: str
    facts: dict[str, str] = {}

    def sentence(self, words: Words) -> str:
        """The remark in the language of `words`. Its fact `failure` is the code of one, whose sentence is `reason`."""
        failure = self.facts.get("failure", "")
        reason = {"reason": words(f"error.{failure}", **self.facts)} if failure else {}
        return words(f"import.{self.code}", **(self.facts | reason))


def remark(code: str, /, **facts: object) -> Remark:
    """A remark with its facts as text."""
    return Remark(code, {name: str(value) for name, value in facts.items()})


def once(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """Each of them once, in the order in which they came first."""
    found: dict[tuple[object, ...], Remark] = {}
    for one in remarks:
        found.setdefault((one.code, *sorted(one.facts.items())), one)
    return tuple(found.values())


@dataclass(frozen=True)
class ForeignItem:
    """A whole item in our model, in every language of its file.

    `id`, `topic`, `level`, `stimulus`: as the source names them. `rule` keeps the points that the file gives; a file
    that says nothing of points gets `RIGHT_POINTS` and a remark. An inline interaction has its `Slot` in the stem.
    `title` and `note` (what the file says to reviewers: feedback, explanation) are never shown to candidates.
    """

    languages: dict[str, Shown]
    rule: ScoringRule
    id: str | None = None
    topic: str | None = None
    level: str | None = None
    stimulus: str | None = None
    title: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class ForeignQuestion:
    """A question as its file has it. `place` is where a person finds it there; `section` a key of `ForeignBank.sections`.

    It is plain text with one key, or a whole `item`. `fault`: why the reader could not read it; nothing else of it
    counts then.
    """

    place: str
    section: str
    stem: str = ""
    options: tuple[str, ...] = ()
    key: int = -1
    losses: tuple[Remark, ...] = ()
    fault: Remark | None = None
    item: ForeignItem | None = None
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class ForeignBank:
    """A source that was recognised: its questions in order, and the titles of their sections by name.

    `media`: what its blocks name, under names that our format takes (lower case, digits, hyphens), formulas too.
    `stimuli`: shared texts by the source's name and by language. `blueprints`: the exams that the source describes, in
    the source's own names for sections, topics and items; without any a blueprint is fitted to what is there.
    `losses`: what was lost of the source as a whole, beside its questions.
    """

    format: str
    name: str
    title: str
    language: str
    sections: dict[str, str]
    questions: tuple[ForeignQuestion, ...]
    media: dict[str, bytes] = field(default_factory=dict)
    stimuli: dict[str, dict[str, Blocks]] = field(default_factory=dict)
    blueprints: tuple[Blueprint, ...] = ()
    losses: tuple[Remark, ...] = ()
    licence: str | None = None
    author: str | None = None


@dataclass(frozen=True)
class Converted:
    """What became of a question: its item, or the `fault` for which it is refused."""

    item: ForeignItem | None = None
    losses: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()
    fault: Remark | None = None


class QuestionRefused(Exception):
    """A question cannot come in, for this reason: whoever knows its place makes it that question's `fault`."""

    def __init__(self, reason: Remark) -> None:
        super().__init__(reason.code)
        self.reason = reason


def convert(question: ForeignQuestion, language: str) -> Converted:
    """A question in our terms. Nothing is repaired silently: what changes is a loss, what cannot stand is refused."""
    if question.fault is not None:
        return Converted(fault=question.fault)
    if question.item is not None:
        return Converted(question.item, once(question.losses), question.remarks)
    try:
        return _converted(question, language)
    except QuestionRefused as refused:
        return Converted(fault=refused.reason)


def _converted(question: ForeignQuestion, language: str) -> Converted:
    _check_size(question)
    losses = list(question.losses)
    stem = plain_blocks(question.stem, losses)
    if not stem:
        raise QuestionRefused(remark("stem-empty"))
    options = [plain_blocks(option, losses) for option in question.options]
    is_key = [index == question.key for index in range(len(options))]
    kept = require_options(options, is_key, losses.append)
    named = [(OPTION_NAMES[place], options[index]) for place, index in enumerate(kept)]
    key = OPTION_NAMES[kept.index(question.key)]
    remarks = (*question.remarks, *_remarks(question), remark("points-assumed", points=RIGHT_POINTS))
    shuffle = not any(note.code == "options-kept-in-order" for note in remarks)
    item = ForeignItem(
        languages={language: Shown(stem, ChoiceInteraction(tuple(Option(*one) for one in named), shuffle))},
        rule=OptionScores({name: RIGHT_POINTS if name == key else Decimal(0) for name, _ in named}),
    )
    return Converted(item, once(losses), remarks)


_MARKUP: Final = re.compile(r"</?[a-zA-Z][^<>]*>|&[a-z]{2,8};")
_REFERS: Final = re.compile(
    r"(semua|semuanya)( jawaban| pilihan| pernyataan)?( di ?atas)?( benar| salah| betul)?( semua)?"
    r"|(all|none) of the above"
    r"|((jawaban|pilihan|hanya) )?[a-e]( ?, ?[a-e])*,? (dan|atau|and|or) [a-e]( benar| salah| betul)?"
)


def _remarks(question: ForeignQuestion) -> Iterator[Remark]:
    texts = (question.stem, *question.options)
    if any(text != text.strip() for text in texts):
        yield remark("outer-spaces")
    yield from markup_kept(" ".join(texts))
    # "All of the above" and "a and b" mean other options once those are shuffled.
    for option in question.options:
        if _REFERS.fullmatch(" ".join(option.casefold().split()).rstrip(".")):
            yield remark("options-kept-in-order", option=option.strip()[:60])
            return


def markup_kept(text: str) -> Iterator[Remark]:
    """That plain text looks like HTML and is shown as it stands."""
    markup = _MARKUP.search(text)
    if markup:
        yield remark("markup-kept-as-text", found=markup.group()[:40])


def _check_size(question: ForeignQuestion) -> None:
    count = len(question.options)
    if sum(map(len, (question.stem, *question.options))) > MOST_CHARACTERS:
        raise QuestionRefused(remark("too-long", most=MOST_CHARACTERS))
    if count < 2:
        raise QuestionRefused(remark("options-few", count=count))
    if count > MOST_OPTIONS:
        raise QuestionRefused(remark("options-many", count=count, most=MOST_OPTIONS))
    if not 0 <= question.key < count:
        raise QuestionRefused(remark("key-out-of-range", key=question.key, count=count))


def require_options(
    contents: Sequence[Blocks],
    worths: Sequence[object] | None = None,
    lose: Callable[[Remark], None] | None = None,
) -> list[int]:
    """The places of the options that stay, two or more. Raises QuestionRefused. The one rule for options that are equal:

    Two equal options that bring different points make the right answer a matter of luck: refused. Where one option is
    chosen (`worths`: what each brings), the later of two equal ones that bring the same is left out, which changes no
    answer's worth: a named loss. Anywhere else equal options could not be told apart: refused.
    """
    kept: list[int] = []
    first: dict[Blocks, int] = {}
    for place, content in enumerate(contents):
        if not content:
            raise QuestionRefused(remark("option-empty", number=place + 1))
        same = first.setdefault(content, place)
        if same == place:
            kept.append(place)
        elif worths is None or lose is None:
            raise QuestionRefused(remark("options-equal", first=same + 1, second=place + 1))
        elif worths[same] != worths[place]:
            raise QuestionRefused(remark("option-equals-key", first=same + 1, second=place + 1))
        else:
            lose(remark("option-repeated", first=same + 1, second=place + 1))
    if len(kept) < 2:
        raise QuestionRefused(remark("options-few", count=len(kept)))
    return kept


def free_name(name: str, taken: Container[str]) -> str:
    """The name, or with the first number after it that is free."""
    number = 1
    while (free := name if number == 1 else f"{name} {number}") in taken:
        number += 1
    return free


def plain_blocks(text: str, losses: list[Remark]) -> Blocks:
    """Plain text as paragraphs: a blank line parts them, a new line stays one.

    Spaces at a line's end, and at both ends of the text, nobody can see; those that indent a later line are a named loss.
    """
    text = clean(text.replace("\r\n", "\n").replace("\r", "\n"), losses).strip()
    if any(line.strip() and line[0].isspace() for line in text.split("\n")):
        losses.append(remark("indent-dropped"))
    lines = [line.strip() for line in text.split("\n")]
    blocks: list[Block] = []
    for paragraph in re.split(r"\n{2,}", "\n".join(lines).strip("\n")):
        content: list[Inline] = []
        for line in paragraph.split("\n"):
            if content and line:
                content.append(LineBreak())
            if line:
                content.append(Text(line))
        if content:
            blocks.append(Paragraph(tuple(content)))
    return tuple(blocks)


def clean(text: str, losses: list[Remark]) -> str:
    """The text without what no eye can see, each kind of it named as a loss; QuestionRefused where no eye can read it."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if category in _UNREADABLE:
            raise QuestionRefused(remark("character-unreadable", character=f"U+{ord(character):04X}"))
        if character == "\n" or character in _JOINERS or category not in _REMOVED:
            kept.append(character)
        elif character == "\t":
            losses.append(remark("tab-as-space"))
            kept.append(" ")
        else:
            losses.append(remark("hidden-removed", character=f"U+{ord(character):04X}"))
    return "".join(kept)


def title_of(name: str) -> str:
    """A title from a file's name, which often says "soal" or "bank" itself."""
    words = re.sub(r"[_\W]+", " ", name).strip()
    said = words.lower().split()
    before = "" if "bank" in said else "Bank " if "soal" in said else "Bank soal "
    return f"{before}{words}".strip()
