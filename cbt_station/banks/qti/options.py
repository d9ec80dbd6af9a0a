"""Options that are empty, or say the same, by the one rule that all importers have (`foreign.require_options`)."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from cbt_station.banks.foreign import QuestionRefused, remark, require_options
from cbt_station.banks.qti.page import Page
from cbt_station.exam.content import Blocks
from cbt_station.exam.interactions import (
    ChoiceInteraction,
    ChoicesInteraction,
    InlineChoiceInteraction,
    MatchInteraction,
    OrderInteraction,
    ordered_options,
    parts_of,
)
from cbt_station.exam.item import OptionScores, ScoringRule, Shown

_DISTINCT: Final = (ChoicesInteraction, InlineChoiceInteraction, OrderInteraction)
"""With options that look the same these make no sense; of one option alone they do."""


def with_options_apart(shown: Shown, rule: ScoringRule, page: Page) -> tuple[Shown, ScoringRule]:
    """The item without an option that repeats another one of the same worth. Raises QuestionRefused."""
    only = shown.interaction
    if isinstance(only, ChoiceInteraction | InlineChoiceInteraction) and isinstance(rule, OptionScores):
        if isinstance(only, InlineChoiceInteraction) and len(only.options) == 1:
            _require_something([only.options[0].content])
            return shown, rule
        worths = [rule.scores[option.id] for option in only.options]
        kept = require_options([option.content for option in only.options], worths, page.lose_as)
        if len(kept) == len(worths):
            return shown, rule
        options = tuple(only.options[place] for place in kept)
        scores = {option.id: rule.scores[option.id] for option in options}
        return replace(shown, interaction=replace(only, options=options)), replace(rule, scores=scores)
    for part in parts_of(only).values():
        contents = [option.content for option in ordered_options(part)]
        if isinstance(part, ChoiceInteraction) or (isinstance(part, _DISTINCT) and len(contents) > 1):
            require_options(contents)
        else:
            _require_something(contents)
        if isinstance(part, MatchInteraction):
            _require_something([column.content for column in part.columns])
    return shown, rule


def _require_something(contents: Sequence[Blocks]) -> None:
    for number, content in enumerate(contents, 1):
        if not content:
            raise QuestionRefused(remark("option-empty", number=number))
