"""What a robot answers: the best response that the rule declares, or one that a person might give instead.

Any interaction can be answered; `dice(n)` gives n numbers below 256 and everything follows from them. What comes out is a
good response by `exam.responding`, or None where none was found: a robot leaves such a question out.
"""

from collections.abc import Callable, Sequence

from cbt_station.errors import Failure
from cbt_station.exam.content import Hot, every
from cbt_station.exam.interactions import (
    AssociateInteraction,
    ChoicesInteraction,
    Composite,
    ExtendedTextInteraction,
    GapMatchInteraction,
    GraphicGapMatchInteraction,
    HotspotInteraction,
    HottextInteraction,
    Interaction,
    MatchInteraction,
    NumberEntryInteraction,
    OrderInteraction,
    Response,
    SelectPointInteraction,
    Simple,
    SliderInteraction,
    TextEntryInteraction,
    Value,
    ordered_options,
)
from cbt_station.exam.item import OptionScores, ScoringRule
from cbt_station.exam.processing import Processing
from cbt_station.exam.responding import SINGLE, require_response
from cbt_station.exam.rules.best import best_response

Dice = Callable[[int], Sequence[int]]


def best_answer(rule: ScoringRule, interaction: Interaction, order: Sequence[str]) -> Response | None:
    """The best response, in the form that the interaction gives it."""
    if isinstance(rule, OptionScores):
        best: Response | None = max(order, key=lambda option: rule.scores.get(option, 0), default=None)
        good = tuple(option for option in order if rule.scores.get(option, 0) > 0)
        best = good or None if not isinstance(interaction, SINGLE) else best
    else:
        best = best_response(rule) if isinstance(rule, Processing) else None
    return _if_good(interaction, _in_form(interaction, best), order)


def plausible_answer(interaction: Interaction, order: Sequence[str], dice: Dice) -> Response | None:
    """A response that the question takes, right or wrong."""
    if isinstance(interaction, Composite):
        parts: dict[str, Value] = {}
        for name, part in interaction.parts.items():
            value = plausible_answer(part, [option.id for option in ordered_options(part)], dice)
            if isinstance(value, str | tuple):
                parts[name] = value
        return parts or None
    return _if_good(interaction, _any_value(interaction, order, dice), order)


def _in_form(interaction: Interaction, response: Response | None) -> Response | None:
    """One value as a tuple of one where the interaction takes several, and the other way round."""
    if response is None or isinstance(interaction, Composite) != isinstance(response, dict):
        return None
    if isinstance(interaction, Composite):
        given: dict[str, Value] = response if isinstance(response, dict) else {}
        parts = {name: _in_form(part, given.get(name)) for name, part in interaction.parts.items()}
        return {name: value for name, value in parts.items() if isinstance(value, str | tuple)} or None
    if isinstance(interaction, SINGLE):
        return response if isinstance(response, str) else response[0] if isinstance(response, tuple) else None
    return (response,) if isinstance(response, str) else response


def _if_good(interaction: Interaction, response: Response | None, order: Sequence[str]) -> Response | None:
    if response is None:
        return None
    try:
        require_response(interaction, response, order)
    except Failure:
        return None
    return response


def _any_value(  # noqa: PLR0911 - one return a kind of interaction
    part: Simple, order: Sequence[str], dice: Dice
) -> Value | None:
    match part:
        case TextEntryInteraction() | ExtendedTextInteraction():
            return ["sudah", "belum", "kurang tahu"][dice(1)[0] % 3][: part.most_characters]
        case NumberEntryInteraction():
            return str(dice(1)[0])
        case SliderInteraction():
            return part.low
        case SelectPointInteraction():
            x, y = dice(2)
            return (f"{x * part.picture.width // 256} {y * part.picture.height // 256}",)
        case MatchInteraction():
            return _pairs(order, [column.id for column in part.columns], dice, most=part.most)
        case GapMatchInteraction():
            return _pairs(order, part.gaps, dice)
        case GraphicGapMatchInteraction():
            return _pairs(order, [spot.id for spot in part.spots], dice)
        case AssociateInteraction():
            return _pairs(order[::2], order[1::2], dice, most=part.most)
        case HottextInteraction() | HotspotInteraction():
            offered = (
                [hot.id for hot in every(Hot, part.content)]
                if isinstance(part, HottextInteraction)
                else [spot.id for spot in part.spots]
            )
            return _some(offered, part.most, dice)
        case OrderInteraction():
            return _turned(order, dice)[: part.most or None]
        case ChoicesInteraction():
            return _some(order, part.most, dice)
        case _:
            return order[dice(1)[0] % len(order)] if order else None


def _turned(things: Sequence[str], dice: Dice) -> tuple[str, ...]:
    """The same, from another place on."""
    at = dice(1)[0] % len(things) if things else 0
    return (*things[at:], *things[:at])


def _some(things: Sequence[str], most: int, dice: Dice) -> tuple[str, ...] | None:
    number = 1 + dice(1)[0] % max(1, min(most or len(things), len(things)))
    return _turned(things, dice)[:number] or None


def _pairs(
    firsts: Sequence[str], seconds: Sequence[str], dice: Dice, most: int = 0
) -> tuple[str, ...] | None:
    """Each once, as far as both last."""
    pairs = tuple(f"{a} {b}" for a, b in zip(_turned(firsts, dice), _turned(seconds, dice), strict=False))
    return pairs[: most or None] or None
