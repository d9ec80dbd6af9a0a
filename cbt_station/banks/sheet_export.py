"""An item's way to answer as the cells of its row: what `sheet_answers.py` reads back as the same.

An item's own names of options, targets and gaps do not fit: the row has A, B, C and 1, 2, 3 instead, and what scores the
item is said again in those. `expected` is what reading the row back has to give.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct

from cbt_station.banks.foreign import RIGHT_POINTS, QuestionRefused, remark
from cbt_station.banks.kinds import KINDS, Body, Head, body_of, build, head_of, kind_of, settings_of
from cbt_station.banks.marks import Marks, Points, rule_of
from cbt_station.banks.sheet_answers import NUMBERS, TYPED, truth_contents
from cbt_station.banks.sheet_cells import CellWriter
from cbt_station.banks.sheet_columns import LETTERS
from cbt_station.banks.sheet_kinds import KIND_WORDS, TRUTH, said_number, settings_text
from cbt_station.banks.short_marks import marks_of
from cbt_station.exam.content import Blocks, Slot, as_text
from cbt_station.exam.interactions import (
    RESPONSE,
    ChoiceInteraction,
    Composite,
    Interaction,
    Simple,
    ordered_options,
)
from cbt_station.exam.item import HandMarked, OptionScores, ScoringRule, Shown
from cbt_station.words import words_in

_POINTS: Final = Points(RIGHT_POINTS)
_PAIRED: Final = ("match", "gap-match", "associate")
_BY_OPTION: Final = ("match", "gap-match")
"""Kinds in which a score beside an option is that of its pair."""
MOST_TARGETS: Final = 20
BLANK: Final = "_____"


@dataclass(frozen=True)
class Expected:
    """What the row says: the item with the row's own names, which are other ones than the item's or not."""

    shown: Shown
    rule: ScoringRule
    has_other_names: bool


@dataclass(frozen=True)
class _Names:
    """The row's names by the item's own."""

    options: Mapping[str, str]
    targets: Mapping[str, str]
    gaps: Mapping[str, str]

    @property
    def are_others(self) -> bool:
        """Whether the row cannot keep an item's own names."""
        sides = (self.options, self.targets, self.gaps)
        return any(own != name for side in sides for own, name in side.items())

    def pair(self, pair: str) -> str:
        first, second = pair.split(" ")
        other = self.targets or self.gaps or self.options
        return f"{self.options[first]} {other[second]}"


def slots_of(interaction: Interaction) -> dict[str, str]:
    """How each place to answer in is written."""
    gaps = getattr(interaction, "gaps", ())
    return {RESPONSE: BLANK} | {gap: f"[[{number}]]" for number, gap in enumerate(gaps, 1)}


def write_answers(cells: CellWriter, shown: Shown, rule: ScoringRule) -> Expected:
    """Fill the row's cells but for the question itself. Raises QuestionRefused for what a row cannot say."""
    interaction = shown.interaction
    if isinstance(interaction, Composite) or kind_of(interaction) not in KIND_WORDS:
        kind = "composite" if isinstance(interaction, Composite) else kind_of(interaction)
        raise QuestionRefused(remark("export-interaction", kind=kind))
    kind, head, body = kind_of(interaction), head_of(interaction), body_of(interaction, _no_label)
    names = _names(body)
    renamed = _renamed(interaction, head, body, names)
    row = cells.row
    row.cells["Jenis"] = KIND_WORDS[_word(interaction)][0]
    for name, content in _shown(body.options, names.options, interaction):
        cells.write(f"Opsi {name.upper()}", content, f"{row.number} {name.upper()}")
    for name, content in _shown(body.targets, names.targets, interaction):
        cells.write(f"Pasangan {name}", content, f"{row.number} {name}")
    settings = _settings(interaction, head, names)
    meant = (
        _hand_marked(cells, rule)
        if kind == "extended-text"
        else _scored(cells, interaction, rule, renamed, names, settings)
    )
    row.cells["Setelan"] = settings_text(settings)
    return Expected(Shown(shown.stem, renamed), meant, names.are_others)


def _no_label(_label: str) -> Blocks:
    return ()


def _word(interaction: Simple) -> str:
    return TRUTH if _is_truth(interaction) else kind_of(interaction)


def _is_truth(interaction: Simple) -> bool:
    """A choice of the two words that a row need not say."""
    return (
        isinstance(interaction, ChoiceInteraction)
        and not interaction.shuffle
        and not any(option.fixed for option in interaction.options)
        and tuple(option.content for option in interaction.options) == truth_contents()
    )


def _shown(
    contents: Mapping[str, Blocks], names: Mapping[str, str], interaction: Simple
) -> Iterable[tuple[str, Blocks]]:
    return () if _is_truth(interaction) else ((names[own], content) for own, content in contents.items())


def _names(body: Body) -> _Names:
    """Names by their places."""
    if len(body.options) > len(LETTERS):
        raise QuestionRefused(remark("options-many", count=len(body.options), most=len(LETTERS)))
    if len(body.targets) > MOST_TARGETS or len(body.gaps) > MOST_TARGETS:
        count = max(len(body.targets), len(body.gaps))
        raise QuestionRefused(remark("options-many", count=count, most=MOST_TARGETS))
    return _Names(
        dict(zip(body.options, LETTERS.lower(), strict=False)),
        {name: f"{number}" for number, name in enumerate(body.targets, 1)},
        {name: f"g{number}" for number, name in enumerate(body.gaps, 1)},
    )


def _renamed(interaction: Simple, head: Head, body: Body, names: _Names) -> Simple:
    """The same interaction with the row's names."""
    both = {**names.options, **names.targets}
    values = {
        setting.field: getattr(interaction, setting.field) for setting in KINDS[head.kind].settings.values()
    }
    return build(
        replace(
            head,
            fixed=tuple(both[name] for name in head.fixed),
            most_each={both[name]: most for name, most in head.most_each.items()},
            least_each={both[name]: least for name, least in head.least_each.items()},
        ),
        values,
        Body(
            {names.options[name]: content for name, content in body.options.items()},
            {names.targets[name]: content for name, content in body.targets.items()},
            with_names(body.text, names.gaps),
            tuple(names.gaps[gap] for gap in body.gaps),
        ),
        str,
    )


def with_names(content: Any, names: Mapping[str, str]) -> Any:
    """Content whose slots have other names."""
    if isinstance(content, Slot):
        return Slot(names.get(content.response, content.response))
    if isinstance(content, tuple):
        return tuple(with_names(part, names) for part in content)
    if isinstance(content, Struct):
        fields = {name: with_names(getattr(content, name), names) for name in content.__struct_fields__}
        return type(content)(**fields)
    return content


def _settings(interaction: Simple, head: Head, names: _Names) -> dict[str, Any]:
    """What the cell `Setelan` says of the interaction."""
    said = settings_of(interaction)
    both = {**names.options, **names.targets}
    if head.fixed:
        said["fixed"] = ", ".join(both[name].upper() for name in head.fixed)
    if not head.shuffle and KINDS[head.kind].shuffles and not _is_truth(interaction):
        if head.fixed:
            raise QuestionRefused(remark("export-interaction", kind="fixed"))
        said["fixed"] = "all"
    for name, uses in (("most-each", head.most_each), ("least-each", head.least_each)):
        if uses:
            said[name] = ", ".join(f"{both[own].upper()}={count}" for own, count in uses.items())
    return said


def _hand_marked(cells: CellWriter, rule: ScoringRule) -> HandMarked:
    if not isinstance(rule, HandMarked):
        raise QuestionRefused(remark("export-rule"))
    _say_points(cells, rule.most)
    return rule


def _say_points(cells: CellWriter, points: Decimal | None) -> None:
    if points is not None and points != RIGHT_POINTS:
        cells.row.cells["Poin"] = said_number(format(points, "f"))


def _scored(
    cells: CellWriter,
    interaction: Simple,
    rule: ScoringRule,
    renamed: Simple,
    names: _Names,
    settings: dict[str, Any],
) -> ScoringRule:
    """Say what scores the item, in the row's names; what that means."""
    if isinstance(rule, OptionScores) and rule.blank:
        raise QuestionRefused(remark("export-blank", points=rule.blank))
    found = marks_of(rule, interaction, _POINTS)
    if found is None:
        raise QuestionRefused(remark("export-rule"))
    marks = _renamed_marks(found[RESPONSE], kind_of(interaction), names)
    kind, row = kind_of(interaction), cells.row
    _say_points(cells, marks.points)
    if marks.each is not None and kind in _BY_OPTION:
        marks = replace(marks, key=None, each=None, scores=dict.fromkeys(marks.key or (), marks.each))
    if marks.each is not None:
        settings["each"] = marks.each
    if marks.exact_case:
        settings["case"] = "exact"
    if marks.tolerance is not None:
        row.cells["Toleransi"] = said_number(format(marks.tolerance, "f"))
    if kind in TYPED:
        _say_typed(cells, marks, kind)
    elif marks.key is not None:
        row.cells["Kunci"] = _key(marks.key, interaction, kind)
    else:
        _say_scores(cells, marks.scores or {}, interaction, kind)
    return rule_of(marks, renamed, _POINTS)


def _renamed_marks(marks: Marks, kind: str, names: _Names) -> Marks:
    if kind in TYPED:
        return marks
    rename = names.pair if kind in _PAIRED else names.options.__getitem__
    return replace(
        marks,
        key=None if marks.key is None else tuple(rename(one) for one in marks.key),
        scores=None if marks.scores is None else {rename(one): worth for one, worth in marks.scores.items()},
    )


def _key(key: tuple[str, ...], interaction: Simple, kind: str) -> str:
    if _is_truth(interaction):
        return words_in("id")(f"import.answer-{'true' if key[0] == 'a' else 'false'}").lower()
    if kind in _PAIRED:
        return _pairs(key, interaction)
    in_order = kind == "order" and list(key) == sorted(key) and len(key) == len(ordered_options(interaction))
    return "" if in_order else ", ".join(key).upper()


def _pairs(key: Iterable[str], interaction: Simple) -> str:
    """Pairs as a cell says them: nothing where each option goes with what has its number."""
    said = [(first, second.removeprefix("g")) for first, second in (pair.split(" ") for pair in key)]
    others = len(getattr(interaction, "columns", ()) or getattr(interaction, "gaps", ()))
    count = min(others, len(ordered_options(interaction)))
    if said == [(LETTERS[place].lower(), f"{place + 1}") for place in range(count)]:
        return ""
    return ", ".join(f"{first} {second}" for first, second in said).upper()


def _say_scores(cells: CellWriter, scores: Mapping[str, Decimal], interaction: Simple, kind: str) -> None:
    """A score beside each option; of pairs only where each option has one."""
    if kind in _PAIRED:
        if kind not in _BY_OPTION:
            raise QuestionRefused(remark("export-rule"))
        cells.row.cells["Kunci"] = _pairs(scores, interaction)
        scores = _by_option(scores)
    for name, worth in scores.items():
        cells.row.cells[f"Nilai {name.upper()}"] = said_number(format(worth, "f"))


def _by_option(scores: Mapping[str, Decimal]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for pair, worth in scores.items():
        if found.setdefault(pair.split(" ")[0], worth) != worth:
            raise QuestionRefused(remark("export-rule"))
    return found


def _say_typed(cells: CellWriter, marks: Marks, kind: str) -> None:
    """One right answer is the key; several are options, with scores where they have any."""
    answers = list(marks.key or marks.scores or ())
    if len(answers) > len(LETTERS):
        raise QuestionRefused(remark("options-many", count=len(answers), most=len(LETTERS)))
    if marks.scores is None and len(answers) == 1:
        cells.row.cells["Kunci"] = _typed(answers[0], kind)
        return
    for letter, answer in zip(LETTERS, answers, strict=False):
        cells.row.cells[f"Opsi {letter}"] = _typed(answer, kind)
        if marks.scores is not None:
            cells.row.cells[f"Nilai {letter}"] = said_number(format(marks.scores[answer], "f"))


def _typed(answer: str, kind: str) -> str:
    return said_number(answer) if kind in NUMBERS else answer


def same_shown(one: Shown, other: Shown) -> bool:
    """Whether two items in one language are read as the same, whatever their pictures are called."""
    return _as_read(one) == _as_read(other)


def _as_read(shown: Shown) -> tuple[object, ...]:
    interaction = shown.interaction
    if isinstance(interaction, Composite):
        return (interaction,)
    body = body_of(interaction, _no_label)
    return (
        as_text(shown.stem),
        head_of(interaction),
        settings_of(interaction),
        {name: as_text(content) for name, content in body.options.items()},
        {name: as_text(content) for name, content in body.targets.items()},
        as_text(body.text),
        body.gaps,
    )
