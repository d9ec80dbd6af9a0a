"""A foreign item in the form in which our files say it: the same to see and the same to score.

What is settled changes nothing that a candidate could notice: runs of one style become one run, empty runs and
paragraphs go, rows of a table are filled up with empty cells as every viewer does, formulas that stand alone are drawn
large as in our own items, an inline interaction without a slot stands below its stem, no option is fixed where none is
shuffled, and scores that a short form can say become that form's rule.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, TypeVar

from msgspec.structs import replace as with_fields

from cbt_station.banks import formulas
from cbt_station.banks.faults import Faulty
from cbt_station.banks.foreign import ForeignItem
from cbt_station.banks.marks import Marks, Points, rule_of
from cbt_station.banks.runs import joined
from cbt_station.banks.short_marks import marks_of
from cbt_station.exam.blueprint import is_plain_number
from cbt_station.exam.content import (
    Audio,
    Block,
    Blocks,
    Cell,
    Columns,
    Formula,
    Heading,
    Hot,
    Inline,
    InlinePicture,
    LineBreak,
    Listing,
    Paragraph,
    Picture,
    Place,
    Quote,
    Slot,
    Span,
    Table,
    Text,
    every,
)
from cbt_station.exam.interactions import (
    INLINE,
    ChoiceInteraction,
    Composite,
    InlineChoiceInteraction,
    Interaction,
    Simple,
    is_shuffled,
    parts_of,
)
from cbt_station.exam.item import OptionScores, ScoringRule, Shown
from cbt_station.exam.processing import OutcomeDeclaration, Processing
from cbt_station.exam.rules import building
from cbt_station.exam.rules.trees import SCORE

P = TypeVar("P", Picture, InlinePicture, Audio)
_ZERO: Final = Decimal(0)
_BEGIN: Final = OutcomeDeclaration("single", "float", default=("0",))
_SAME_BEGIN: Final = [
    _BEGIN,
    *(OutcomeDeclaration("single", "float", default=one) for one in (None, ("0.0",))),
]


def settled(item: ForeignItem, *, section: Points) -> ForeignItem:
    """The item as our files say it. `section`: what its section gives, where it says so."""
    languages = {language: _shown(shown) for language, shown in item.languages.items()}
    first = next(iter(languages.values()))
    return replace(item, languages=languages, rule=_rule(item.rule, first.interaction, section))


def settled_blocks(blocks: Blocks) -> Blocks:
    """Content as our files say it."""
    return tuple(block for one in blocks if (block := _block(one)) is not None)


def _shown(shown: Shown) -> Shown:
    stem = settled_blocks(shown.stem)
    parts = parts_of(shown.interaction)
    placed = {
        *(slot.response for slot in every(Slot, stem)),
        *(place.response for place in every(Place, stem)),
    }
    for name, part in parts.items():
        if name not in placed and isinstance(part, INLINE):
            stem = (*stem, Paragraph((Slot(name),)))
        elif name not in placed and isinstance(shown.interaction, Composite):
            stem = (*stem, Place(name))
    interaction: Interaction = (
        Composite({name: _part(part) for name, part in parts.items()})
        if isinstance(shown.interaction, Composite)
        else _part(shown.interaction)
    )
    return Shown(stem, interaction)


def _part(part: Simple) -> Simple:
    changed: dict[str, Any] = {}
    for name in ("options", "rows", "columns"):
        if hasattr(part, name):
            changed[name] = tuple(
                with_fields(one, content=settled_blocks(one.content), fixed=one.fixed and is_shuffled(part))
                for one in getattr(part, name)
            )
    if hasattr(part, "content"):
        changed["content"] = settled_blocks(part.content)
    if hasattr(part, "picture"):
        changed["picture"] = _alt_settled(part.picture)
    if hasattr(part, "spots"):
        changed["spots"] = tuple(
            with_fields(spot, label=" ".join(spot.label.split()) or spot.id) for spot in part.spots
        )
    return with_fields(part, **changed)


def _block(block: Block) -> Block | None:
    match block:
        case Paragraph():
            content = _line(block.content, alone=True)
            return Paragraph(content) if any(not _is_blank(part) for part in content) else None
        case Heading():
            content = _line(block.content)
            return Heading(block.level, content) if any(not _is_blank(part) for part in content) else None
        case Table():
            return _table(block)
        case Picture():
            return _alt_settled(block)
        case Audio():
            return _alt_settled(block)
        case _:
            return _holding(block)


def _holding(block: Block) -> Block | None:
    match block:
        case Listing():
            entries = tuple(settled_blocks(entry) for entry in block.entries)
            return Listing(entries, block.start) if any(entries) else None
        case Quote():
            inner = settled_blocks(block.blocks)
            return Quote(inner) if inner else None
        case Columns():
            columns = tuple(settled_blocks(column) for column in block.columns)
            return Columns(columns) if any(columns) else None
        case _:
            return block


def _table(table: Table) -> Table | None:
    """The table without rows that hold nothing, its rows filled up to one width, no cell below its last row."""
    laid = list(zip(table.rows, _row_ends(table.rows), strict=True))
    rows = [row for row, end in laid if end]
    width = max((end for _, end in laid), default=0)
    if not width:
        return None
    filled = (row + (Cell(()),) * (width - end) for row, end in laid if end)
    return Table(
        tuple(
            tuple(_cell(cell, most_rows=len(rows) - number) for cell in row)
            for number, row in enumerate(filled)
        )
    )


def _cell(cell: Cell, *, most_rows: int) -> Cell:
    return with_fields(cell, content=_line(cell.content), rows=min(cell.rows, most_rows))


def _row_ends(rows: Sequence[tuple[Cell, ...]]) -> list[int]:
    """The column after each row's last place, cells from above counted."""
    below: dict[int, int] = {}
    ends = []
    for row in rows:
        reach = {column: left - 1 for column, left in below.items() if left > 1}
        taken = {column for column, left in below.items() if left > 0}
        column = 0
        for cell in row:
            while column in taken:
                column += 1
            for place in range(column, column + cell.columns):
                taken.add(place)
                reach[place] = cell.rows - 1
            column += cell.columns
        below = {place: left for place, left in reach.items() if left > 0}
        ends.append(1 + max(taken, default=-1))
    return ends


def _line(content: Iterable[Inline], *, alone: bool = False) -> tuple[Inline, ...]:
    runs = list(joined([part for one in content if (part := _inline(one)) is not None]))
    while runs and isinstance(runs[-1], LineBreak):  # a break at the end breaks nothing
        runs.pop()
    _strip(runs)
    only = alone and len([part for part in runs if not _is_blank(part)]) == 1
    return tuple(_redrawn(part, only) if isinstance(part, Formula) else part for part in runs)


def _strip(runs: list[Inline]) -> None:
    """White space at the ends of a line is not shown."""
    for place in (0, -1):
        while runs and isinstance(last := runs[place], Text) and not last.code:
            text = last.text.rstrip(" ") if place else last.text.lstrip(" ")
            if text:
                runs[place] = with_fields(last, text=text)
                break
            runs.pop(place)


def _inline(part: Inline) -> Inline | None:
    match part:
        case Text():
            text = part.text.replace("\n", " ")
            return with_fields(part, text=text) if text else None
        case Span():
            content = joined([one for inner in part.content if (one := _inline(inner)) is not None])
            return with_fields(part, content=content) if content else None
        case Hot():
            return with_fields(
                part, content=joined([one for inner in part.content if (one := _inline(inner)) is not None])
            )
        case InlinePicture():
            return _alt_settled(part)
        case _:
            return part


def _redrawn(formula: Formula, alone: bool) -> Formula:
    try:
        return formulas.draw(formula.latex, alone=alone)[0]
    except Faulty:
        return formula  # what cannot be drawn again cannot be written either, and is refused there


def _is_blank(part: Inline) -> bool:
    return isinstance(part, Text) and not part.text.strip()


def _alt_settled(part: P) -> P:
    return with_fields(part, alt=" ".join(part.alt.split()))


def _rule(rule: ScoringRule, interaction: Interaction, section: Points) -> ScoringRule:
    if isinstance(rule, OptionScores):
        return _option_scores(rule, interaction, section)
    if not isinstance(rule, Processing) or set(rule.outcomes) != {SCORE} or rule.score != SCORE:
        return rule
    declared = rule.outcomes[SCORE]
    if declared not in _SAME_BEGIN and with_fields(declared, base="float") not in _SAME_BEGIN:
        return rule
    begun = with_fields(rule, outcomes={SCORE: _BEGIN})
    return rule if marks_of(begun, interaction, section) is None else begun


def _option_scores(rule: OptionScores, interaction: Interaction, section: Points) -> ScoringRule:
    """Scores by option stay what they are on a single choice; on several they are the sum that a mapping says."""
    fine = all(is_plain_number(worth) for worth in (rule.blank, *rule.scores.values()))
    several = not isinstance(interaction, ChoiceInteraction | InlineChoiceInteraction)
    if fine and not several and not rule.blank:
        return rule
    if (
        several
        and not rule.blank
        and min(rule.scores.values(), default=_ZERO) >= 0
        and not isinstance(interaction, Composite)
    ):
        try:
            return rule_of(Marks(scores=rule.scores), interaction, section)
        except Faulty:
            pass
    return building.as_processing(rule, several=several)
