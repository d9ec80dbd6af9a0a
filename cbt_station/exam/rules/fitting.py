"""Whether a rule can take what an interaction gives, so that no good answer is ever taken for false evidence.

Each response of the item must be declared with a base type that its interaction's values have, and with a cardinality
for as many as can be given.
"""

from typing import Final

from cbt_station.errors import Refusal
from cbt_station.exam.interactions import (
    RESPONSE,
    AssociateInteraction,
    ChoiceInteraction,
    ChoicesInteraction,
    Composite,
    ExtendedTextInteraction,
    GapMatchInteraction,
    GraphicGapMatchInteraction,
    HotspotInteraction,
    HottextInteraction,
    InlineChoiceInteraction,
    Interaction,
    MatchInteraction,
    NumberEntryInteraction,
    OrderInteraction,
    SelectPointInteraction,
    Simple,
    SliderInteraction,
    TextEntryInteraction,
    parts_of,
)
from cbt_station.exam.item import OptionScores, ScoringRule
from cbt_station.exam.processing import Processing, ResponseDeclaration
from cbt_station.exam.rules.values import NUMBERS, TEXTS

BASES: Final[dict[type[Simple], tuple[str, ...]]] = {
    ChoiceInteraction: TEXTS,
    ChoicesInteraction: TEXTS,
    InlineChoiceInteraction: TEXTS,
    TextEntryInteraction: TEXTS,
    NumberEntryInteraction: (*NUMBERS, "string"),
    ExtendedTextInteraction: TEXTS,
    MatchInteraction: ("directedPair",),
    AssociateInteraction: ("pair",),
    OrderInteraction: TEXTS,
    GapMatchInteraction: ("directedPair",),
    HottextInteraction: TEXTS,
    HotspotInteraction: TEXTS,
    GraphicGapMatchInteraction: ("directedPair",),
    SliderInteraction: NUMBERS,
    SelectPointInteraction: ("point",),
}
TYPED: Final = (TextEntryInteraction, NumberEntryInteraction, ExtendedTextInteraction)


def require_fit(rule: ScoringRule, interaction: Interaction) -> None:
    """Raise Refusal("rule-interaction") where a good answer could not be scored; `where` is the response's id."""
    parts = parts_of(interaction)
    if isinstance(rule, OptionScores):
        choices = (ChoiceInteraction, ChoicesInteraction, InlineChoiceInteraction)
        if not isinstance(interaction, choices):
            raise Refusal("rule-interaction", where=RESPONSE, declared="scores of options")
    if not isinstance(rule, Processing):
        return
    for name, part in parts.items():
        declared = rule.responses.get(name)
        if declared is None and not isinstance(interaction, Composite) and len(rule.responses) == 1:
            declared = next(iter(rule.responses.values()))
        if declared is None:
            raise Refusal("rule-interaction", where=name, declared="nothing")
        if not _fits(declared, part):
            raise Refusal("rule-interaction", where=name, declared=f"{declared.cardinality} {declared.base}")


def _fits(declared: ResponseDeclaration, part: Simple) -> bool:
    if declared.cardinality == "record":
        return isinstance(part, TYPED)
    if declared.base not in BASES[type(part)]:
        return False
    return declared.cardinality != "single" or _most(part) == 1


def _most(part: Simple) -> int:
    """How many values can be given at most; 0 for any number."""
    match part:
        case ChoicesInteraction() | HottextInteraction() | HotspotInteraction() | SelectPointInteraction():
            return part.most
        case MatchInteraction() | AssociateInteraction():
            return part.most
        case OrderInteraction():
            return part.most or len(part.options)
        case GapMatchInteraction():
            return len(part.gaps)
        case GraphicGapMatchInteraction():
            return sum(spot.most for spot in part.spots) if all(spot.most for spot in part.spots) else 0
        case _:
            return 1
