r"""What the cells of a row mean for each way to answer: its interaction and what scores it.

Options are named by their column's letter (`a`), what they belong to by its number (`1`), gaps `[[1]]` of the text `g1`.
Where no key stands beside options that are put in order or together, they stand in the sheet as they belong: A, B, C one
after the other, A with 1, B with 2. Nothing here opens a file or knows where a column stands.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

from msgspec.structs import replace

from cbt_station.banks.faults import Faulty
from cbt_station.banks.fields import NUMBER
from cbt_station.banks.foreign import (
    RIGHT_POINTS,
    QuestionRefused,
    Remark,
    plain_blocks,
    remark,
    require_options,
)
from cbt_station.banks.kinds import KINDS, Body, Head, build
from cbt_station.banks.marks import Marks, Points, rule_of
from cbt_station.banks.quiz_items import with_slot
from cbt_station.banks.sheet_kinds import TRUTH, Settings, letters, pairs, read_settings, with_point
from cbt_station.exam.content import Block, Blocks, Inline, Paragraph, Slot, Text
from cbt_station.exam.interactions import Simple
from cbt_station.exam.item import HandMarked, ScoringRule
from cbt_station.words import words_in

GAP: Final = re.compile(r"\[\[([0-9]{1,2})\]\]")
_TRUE: Final = ("benar", "true", "ya", "yes")
_FALSE: Final = ("salah", "false", "tidak", "no")
_TARGETED: Final = ("match", "gap-match")
TYPED: Final = ("text", "number", "slider")
"""Kinds whose options are not shown: they are answers that are right as well."""
NUMBERS: Final = ("number", "slider")
USED: Final[dict[str, tuple[str, ...]]] = {
    "choice": ("options", "scores", "key", "points"),
    TRUTH: ("options", "scores", "key", "points"),
    "inline-choice": ("options", "scores", "key", "points"),
    "choices": ("options", "scores", "key", "points"),
    "text": ("options", "scores", "key", "points"),
    "number": ("options", "scores", "key", "points", "tolerance"),
    "slider": ("options", "scores", "key", "points", "tolerance"),
    "extended-text": ("key", "points"),
    "match": ("options", "scores", "key", "points", "targets"),
    "associate": ("options", "key", "points"),
    "order": ("options", "key", "points"),
    "gap-match": ("options", "scores", "key", "points"),
}
"""Which cells mean something for a kind, beside the question, its section, topic, level, settings and note."""


@dataclass(frozen=True)
class Row:
    """The cells of one row as they were read. `answers`: the options as plain text, for kinds that show none."""

    kind: str
    stem: Blocks
    options: Mapping[str, Blocks] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    targets: Mapping[str, Blocks] = field(default_factory=dict)
    scores: Mapping[str, Decimal] = field(default_factory=dict)
    key: str = ""
    points: Decimal | None = None
    tolerance: Decimal | None = None
    settings: str = ""


Made: TypeAlias = tuple[Blocks, Simple, ScoringRule]


def made(row: Row, losses: list[Remark]) -> tuple[Made, bool]:
    """Stem, interaction and rule of a row, and whether its points were assumed. Raises QuestionRefused."""
    settings = read_settings(row.settings, row.kind)
    assumed = row.points is None and not row.scores and settings.each is None
    points = Points(RIGHT_POINTS if row.points is None else row.points)
    if row.kind == "extended-text":
        interaction = build(Head(row.kind), settings.values, Body(), str)
        return (row.stem, interaction, HandMarked(points.right or RIGHT_POINTS)), assumed
    stem, interaction = _interaction(row, settings, losses)
    marks = _marks(row, interaction, settings)
    try:
        return (stem, interaction, rule_of(marks, interaction, points)), assumed
    except Faulty as faulty:
        raise _refused(faulty) from faulty


def _refused(faulty: Faulty) -> QuestionRefused:
    facts = faulty.facts
    match faulty.code:
        case "key-of-no-option":
            return QuestionRefused(remark("key-for-no-option", key=str(facts.get("key", ""))[:40].upper()))
        case "score-of-no-option":
            return QuestionRefused(remark("score-for-no-option", option=str(facts.get("option", "")).upper()))
        case "score-missing":
            return QuestionRefused(remark("score-missing", option=str(facts.get("option", "")).upper()))
        case "key-missing-or-scores":
            return QuestionRefused(remark("key-missing"))
        case "number-malformed":
            return QuestionRefused(remark("number-unreadable", number=str(facts.get("value", ""))[:40]))
    return QuestionRefused(remark("row-refused", problem=faulty.code))


# What is shown


def _interaction(row: Row, settings: Settings, losses: list[Remark]) -> tuple[Blocks, Simple]:
    if row.kind in TYPED:
        stem = row.stem if row.kind == "slider" else with_slot(row.stem)
        return stem, _built(row.kind, settings, Body())
    if row.kind == TRUTH:
        return row.stem, _built("choice", _keeping(settings), Body(options=_truth(row)))
    options = _options(row, losses)
    if row.kind == "inline-choice":
        return with_slot(row.stem), _built(row.kind, settings, Body(options=options))
    if row.kind == "match":
        targets = {name: row.targets[name] for name in _first_places(row.targets).values()}
        require_options(list(targets.values()))
        return row.stem, _built(row.kind, settings, Body(options=options, targets=targets))
    if row.kind == "gap-match":
        stem, text, gaps = _with_gaps(row.stem)
        return stem, _built(row.kind, settings, Body(options=options, text=text, gaps=gaps))
    return row.stem, _built(row.kind, settings, Body(options=options))


def _keeping(settings: Settings) -> Settings:
    return Settings(settings.values, keeps_order=True)


def _built(kind: str, settings: Settings, body: Body) -> Simple:
    named = [*body.options, *body.targets]
    for name in (*settings.fixed, *settings.most_each, *settings.least_each):
        if name not in named:
            raise QuestionRefused(remark("key-for-no-option", key=name[:40].upper()))
    head = Head(
        kind,
        settings.fixed,
        not settings.keeps_order,
        most_each=settings.most_each,
        least_each=settings.least_each,
    )
    values = {one.field: one.default for one in KINDS[kind].settings.values() if one.default is not None}
    values |= settings.values
    for name, setting in KINDS[kind].settings.items():
        if setting.field not in values:
            raise QuestionRefused(remark("setting-missing", setting=name))
    return build(head, values, body, str)


def _options(row: Row, losses: list[Remark]) -> dict[str, Blocks]:
    """The options; one that says the same as an earlier one is left out where that changes no answer's worth."""
    names = list(row.options)
    worths = None
    if row.kind in ("choice", "inline-choice"):
        right = _chosen(row)
        worths = [row.scores.get(name, Decimal(name in right)) for name in names]
    kept = require_options(list(row.options.values()), worths, losses.append)
    return {names[place]: row.options[names[place]] for place in kept}


def _truth(row: Row) -> dict[str, Blocks]:
    """The two options as a row has them, or the words for true and false."""
    if row.options:
        require_options(list(row.options.values()))
        return dict(row.options)
    return dict(zip("ab", truth_contents(), strict=True))


def truth_contents() -> tuple[Blocks, Blocks]:
    """The words for true and false."""
    words = words_in("id")
    return plain_blocks(words("import.answer-true"), []), plain_blocks(words("import.answer-false"), [])


def _first_places(contents: Mapping[str, Blocks]) -> dict[str, str]:
    """For each name the first one that shows the same."""
    first: dict[Blocks, str] = {}
    return {name: first.setdefault(content, name) for name, content in contents.items()}


def _with_gaps(stem: Blocks) -> tuple[Blocks, Blocks, tuple[str, ...]]:
    """What stands before the first paragraph with a gap, the text from there on, and its gaps as they are read."""
    gaps: list[str] = []
    blocks: list[Block] = []
    start = len(stem)
    for place, block in enumerate(stem):
        if isinstance(block, Paragraph):
            content = tuple(_gapped(block.content, gaps))
            start = place if gaps and start == len(stem) else start
            blocks.append(Paragraph(content))
        else:
            blocks.append(block)
    if not gaps or len(set(gaps)) != len(gaps):
        raise QuestionRefused(remark("gaps-malformed"))
    return tuple(blocks[:start]), tuple(blocks[start:]), tuple(gaps)


def _gapped(content: Iterable[Inline], gaps: list[str]) -> Iterable[Inline]:
    for part in content:
        if not isinstance(part, Text):
            yield part
            continue
        start = 0
        for found in GAP.finditer(part.text):
            if found.start() > start:
                yield replace(part, text=part.text[start : found.start()])
            gaps.append(f"g{int(found[1])}")
            yield Slot(gaps[-1])
            start = found.end()
        if start < len(part.text):
            yield replace(part, text=part.text[start:])


# What scores it


def _marks(row: Row, interaction: Simple, settings: Settings) -> Marks:
    if row.kind in TYPED:
        return _typed(row, settings)
    if row.kind in (*_TARGETED, "associate"):
        return _paired(row, interaction, settings)
    if row.kind == "order":
        key = letters(row.key) or list(row.options)
        return Marks(tuple(key), each=settings.each)
    if row.kind == TRUTH:
        return _true_or_false(row)
    key = _chosen(row)
    if row.scores:
        return Marks(scores=_worths(row, [option.id for option in getattr(interaction, "options", ())], key))
    return Marks(tuple(key) or None)


def _chosen(row: Row) -> list[str]:
    """The options of the key: several only where several are chosen."""
    one = row.key.strip(" .)(").lower()
    return letters(row.key) if row.kind == "choices" else [one] if one else []


def _true_or_false(row: Row) -> Marks:
    names = list(row.options) or ["a", "b"]
    if len(names) != 2:
        raise QuestionRefused(remark("truth-options", count=len(names)))
    if row.scores:
        return Marks(scores=_worths(row, names, letters(row.key)))
    said = row.key.strip(" .").casefold()
    if not said:
        return Marks()
    if said in _TRUE or said in _FALSE:
        return Marks((names[0] if said in _TRUE else names[1],))
    if said in row.options:
        return Marks((said,))
    raise QuestionRefused(
        remark("truth-key", key=row.key[:40])
    )  # "B" is "benar" for some, option B for others


def _worths(row: Row, names: Sequence[str], key: Sequence[str]) -> dict[str, Decimal]:
    """A score for each option that is there; one for an option that is not is a slip, unless it is nothing."""
    for name, score in row.scores.items():
        if name not in (row.options or names) and score:
            raise QuestionRefused(remark("score-for-no-option", option=name.upper()))
    for name in names:
        if name not in row.scores:
            raise QuestionRefused(remark("score-missing", option=name.upper()))
    worths = {name: row.scores[name] for name in names}
    for name in key:
        if name not in worths:
            raise QuestionRefused(remark("key-for-no-option", key=name[:40].upper()))
        if worths[name] != max(worths.values()) and row.kind != "choices":
            raise QuestionRefused(remark("key-against-scores", key=name.upper()))
    return worths


def _typed(row: Row, settings: Settings) -> Marks:
    """The key and the options are all right answers; each option can have a score of its own."""
    key = " ".join(row.key.split())
    answers = {name: " ".join(text.split()) for name, text in row.answers.items()}
    if row.kind != "text":
        key, answers = _number(key), {name: _number(text) for name, text in answers.items()}
    given = [text for text in (key, *answers.values()) if text]
    if len(set(given)) != len(given):
        raise QuestionRefused(remark("answer-twice"))
    if row.scores:
        if key:
            raise QuestionRefused(remark("key-beside-scores"))
        for name in answers:
            if name not in row.scores:
                raise QuestionRefused(remark("score-missing", option=name.upper()))
        for name, score in row.scores.items():
            if score and name not in answers:
                raise QuestionRefused(remark("score-for-no-option", option=name.upper()))
        scores = {text: row.scores[name] for name, text in answers.items()}
        return Marks(scores=scores, tolerance=row.tolerance or None, exact_case=settings.exact_case)
    return Marks(tuple(given) or None, tolerance=row.tolerance or None, exact_case=settings.exact_case)


def _number(text: str) -> str:
    """A number with a point; one that cannot be read stays as it is, and is refused as a key."""
    plain = with_point(text).removeprefix("+")
    if not NUMBER.fullmatch(plain):
        return text
    whole, point, decimals = plain.partition(".")  # as text: the arithmetic would round the longest of them
    kept = decimals.rstrip("0")
    return f"{whole}{point}{kept}" if kept else whole.replace("-0", "0")


def _paired(row: Row, interaction: Simple, settings: Settings) -> Marks:
    """Pairs as the key says them, or each with what stands beside it."""
    said = pairs(row.key)
    if not said and row.kind == "associate":
        raise QuestionRefused(remark("key-missing"))
    if not said:
        said = [(name, f"{ord(name) - ord('a') + 1}") for name in row.options]
        others = row.targets if row.kind == "match" else getattr(interaction, "gaps", ())
        said = [(first, second) for first, second in said if second in others or f"g{second}" in others]
    same = _first_places(row.targets)
    named = [
        f"{first} {f'g{second}' if row.kind == 'gap-match' else same.get(second, second)}"
        for first, second in said
    ]
    if not row.scores:
        return Marks(tuple(dict.fromkeys(named)) or None, each=settings.each)
    scores: dict[str, Decimal] = {}
    for pair in named:
        name = pair.split(" ")[0]
        if name not in row.scores:
            raise QuestionRefused(remark("score-missing", option=name.upper()))
        scores[pair] = row.scores[name]
    for name, score in row.scores.items():
        if score and not any(pair.split(" ")[0] == name for pair in scores):
            raise QuestionRefused(remark("score-for-no-option", option=name.upper()))
    return Marks(scores=scores)


def unused(row: Row) -> list[str]:
    """Which kinds of cells are filled that mean nothing for this kind."""
    filled = {
        "options": bool(row.options or row.answers),
        "scores": bool(row.scores),
        "targets": bool(row.targets),
        "tolerance": row.tolerance is not None,
        "points": row.points is not None,
    }
    return [name for name, is_filled in filled.items() if is_filled and name not in USED[row.kind]]
