"""What is a good response to an interaction, and when a question counts as answered.

The forms are those of `exam.interactions`. Only what could never be a candidate's answer is refused: an option that is
not offered, more than may be given, a text that is no number. How much must be given to be complete is shown, and
never forced. Nothing here knows what is right.

Line breaks and tabs stand only in a long text; other control characters, and those that turn the direction of writing,
nowhere.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from typing import Final

from cbt_station.errors import Failure, Refusal
from cbt_station.exam.content import Hot, every
from cbt_station.exam.interactions import (
    Associable,
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
    Option,
    OrderInteraction,
    Response,
    SelectPointInteraction,
    Simple,
    SliderInteraction,
    Spot,
    TextEntryInteraction,
    Value,
    ordered_options,
)

NUMBER: Final = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
POINT: Final = re.compile(r"([0-9]{1,6}) ([0-9]{1,6})")
MOST_VALUES: Final = 256
"""Values of one response: more pairs or points than any page holds."""
MOST_TEXT: Final = 100_000
"""Characters of one text, however many its author allows."""
TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
SINGLE: Final = (
    ChoiceInteraction,
    InlineChoiceInteraction,
    TextEntryInteraction,
    NumberEntryInteraction,
    ExtendedTextInteraction,
    SliderInteraction,
)
"""These take one value, the others several."""


def require_response(interaction: Interaction, response: Response, order: Sequence[str]) -> None:
    """Raise Refusal where nobody can have given this. `order`: the options of the item as its form has them.

    Codes: option-unknown, response-malformed, response-too-many, response-not-a-number, response-off-scale,
    response-outside, response-too-long, response-characters.
    """
    if isinstance(interaction, Composite):
        _require_parts(interaction, response)
    elif isinstance(response, dict):
        raise Refusal("response-malformed", response=str(response)[:100])
    else:
        _require_value(interaction, response, order)


def is_complete(interaction: Interaction, response: Response | None) -> bool:
    """Whether everything is given that the question asks for."""
    if response is None or isinstance(interaction, Composite) != isinstance(response, dict):
        return False
    if isinstance(interaction, Composite):
        given: dict[str, Value] = response if isinstance(response, dict) else {}
        return all(is_complete(part, given.get(name)) for name, part in interaction.parts.items())
    values = (response,) if isinstance(response, str) else tuple(response)
    return _is_enough(interaction, values)


def _require_parts(interaction: Composite, response: Response) -> None:
    if not isinstance(response, dict) or not response or not set(response) <= set(interaction.parts):
        raise Refusal("response-malformed", response=str(response)[:100])
    for name, value in response.items():
        part = interaction.parts[name]
        try:
            _require_value(part, value, [option.id for option in ordered_options(part)])
        except Failure as failure:
            raise failure.at(name) from None


def _require_value(part: Simple, value: Value, order: Sequence[str]) -> None:
    if isinstance(value, str) != isinstance(part, SINGLE) or not value:
        raise Refusal("response-malformed", response=str(value)[:100])
    values = (value,) if isinstance(value, str) else value
    if len(values) > MOST_VALUES:
        raise Refusal("response-too-many", number=len(values), most=MOST_VALUES)
    _require_values(part, values, order)
    _require_at_most(getattr(part, "most", 0), len(values))


def _require_values(part: Simple, values: tuple[str, ...], order: Sequence[str]) -> None:
    match part:
        case ChoiceInteraction() | ChoicesInteraction() | InlineChoiceInteraction():  # first: nearly all are
            _require_options(values, order)
        case TextEntryInteraction() | ExtendedTextInteraction():
            long = isinstance(part, ExtendedTextInteraction)
            _require_text(values[0], min(part.most_characters, MOST_TEXT), long)
        case NumberEntryInteraction():
            _require_number(values[0], part.most_characters)
        case SliderInteraction():
            _require_on_scale(part, values[0])
        case SelectPointInteraction():
            _require_points(part, values)
        case MatchInteraction():
            _require_pairs(values, part.rows, part.columns, order)
        case GapMatchInteraction():
            gaps = [Associable(gap, ()) for gap in part.gaps]
            _require_pairs(values, part.options, gaps, order)
        case GraphicGapMatchInteraction():
            _require_pairs(values, part.options, part.spots, order)
        case AssociateInteraction():
            _require_associations(part, values, order)
        case HottextInteraction():
            _require_options(values, {hot.id for hot in every(Hot, part.content)})
        case HotspotInteraction():
            _require_options(values, {spot.id for spot in part.spots})
        case _:
            _require_options(values, set(order))


def _require_options(values: Sequence[str], offered: Collection[str]) -> None:
    for value in values:
        if value not in offered:
            raise Refusal("option-unknown", option=value[:100])
    if len(set(values)) != len(values):
        raise Refusal("response-malformed", response=", ".join(values)[:100])


def _require_pairs(
    values: Sequence[str],
    firsts: Sequence[Associable],
    seconds: Sequence[Associable | Spot],
    order: Sequence[str],
) -> None:
    """Each "first second", no pair twice, nothing used more often than it may be."""
    pairs = [_pair(value) for value in values]
    _require_options(sorted({first for first, _ in pairs}), set(order))
    _require_options(sorted({second for _, second in pairs}), {one.id for one in seconds})
    if len(set(pairs)) != len(pairs):
        raise Refusal("response-malformed", response=", ".join(values)[:100])
    _require_uses((first for first, _ in pairs), firsts)
    _require_uses((second for _, second in pairs), seconds)


def _require_associations(part: AssociateInteraction, values: Sequence[str], order: Sequence[str]) -> None:
    pairs = [_pair(value) for value in values]
    _require_options(sorted({one for pair in pairs for one in pair}), set(order))
    if len({frozenset(pair) for pair in pairs}) != len(pairs):
        raise Refusal("response-malformed", response=", ".join(values)[:100])
    _require_uses((one for pair in pairs for one in pair), part.options)


def _pair(value: str) -> tuple[str, str]:
    first, space, second = value.partition(" ")
    if not (first and space and second) or " " in second:
        raise Refusal("response-malformed", response=value[:100])
    return first, second


def _require_uses(used: Iterable[str], offered: Iterable[Associable | Spot]) -> None:
    uses = Counter(used)
    for one in offered:
        _require_at_most(one.most, uses[one.id])


def _require_at_most(most: int, number: int) -> None:
    if most and number > most:
        raise Refusal("response-too-many", number=number, most=most)


def _require_points(part: SelectPointInteraction, values: Sequence[str]) -> None:
    for value in values:
        found = POINT.fullmatch(value)
        if found is None:
            raise Refusal("response-malformed", response=value[:100])
        if int(found[1]) > part.picture.width or int(found[2]) > part.picture.height:
            raise Refusal("response-outside", point=value)
    if len(set(values)) != len(values):
        raise Refusal("response-malformed", response=", ".join(values)[:100])


def _require_number(text: str, most: int) -> None:
    _require_length(text, most)
    if not NUMBER.fullmatch(text):
        raise Refusal("response-not-a-number", response=text[:100])


def _require_on_scale(part: SliderInteraction, text: str) -> None:
    if not NUMBER.fullmatch(text):
        raise Refusal("response-not-a-number", response=text[:100])
    scale = (part.low, part.high, part.step)
    on_scale = all(NUMBER.fullmatch(number) for number in scale)
    if on_scale:
        value, low, high, step = (Fraction(number) for number in (text, *scale))
        on_scale = low <= value <= high and (value == high or (step > 0 and (value - low) % step == 0))
    if not on_scale:
        raise Refusal("response-off-scale", response=text, low=part.low, high=part.high, step=part.step)


def _require_text(text: str, most: int, long: bool) -> None:
    _require_length(text, most)
    allowed = "\n\t" if long else ""
    for character in text:
        category = unicodedata.category(character)
        if (category in ("Cc", "Cs") and character not in allowed) or character in TURNING:
            raise Refusal("response-characters", character=f"U+{ord(character):04X}")
    if not text.strip():
        raise Refusal("response-malformed", response=text[:100])


def _require_length(text: str, most: int) -> None:
    if len(text) > most:
        raise Refusal("response-too-long", length=len(text), most=most)


def _is_enough(part: Simple, values: tuple[str, ...]) -> bool:
    least: int = getattr(part, "least", 0)
    match part:
        case ExtendedTextInteraction():
            return len(values[0].strip()) >= max(1, part.least_characters)
        case OrderInteraction():
            return len(values) >= (least or part.most or len(part.options))
        case MatchInteraction() if not least:
            return _is_used_up(values, 0, part.rows) or _is_spent(values, 1, part.columns)
        case GapMatchInteraction():
            gaps = [Associable(gap, ()) for gap in part.gaps]
            return _is_used_up(values, 1, gaps) or _is_spent(values, 0, part.options)
        case GraphicGapMatchInteraction():
            return _is_used_up(values, 1, part.spots) or _is_spent(values, 0, part.options)
        case _:
            return len(values) >= max(1, least)


def _is_used_up(values: Sequence[str], side: int, offered: Sequence[Associable | Spot]) -> bool:
    """Whether everything on this side of the pairs stands in one at least."""
    return {one.id for one in offered} <= {value.split(" ")[side] for value in values if " " in value}


def _is_spent(values: Sequence[str], side: int, offered: Sequence[Associable | Spot | Option]) -> bool:
    """Whether nothing on this side can be used again."""
    uses = Counter(value.split(" ")[side] for value in values if " " in value)
    mosts = {one.id: getattr(one, "most", 1) for one in offered}
    return all(most and uses[name] >= most for name, most in mosts.items())
