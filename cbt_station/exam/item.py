"""An item as a candidate sees it, and apart from it what scores it.

`ShownItem` goes into the package that venues hold; `ScoringRule` goes into a file that they do not.
Ids are stable names from the bank: answers are stored by item id and option id, never by position.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import TypeAlias

from msgspec import Struct

from cbt_station.errors import Refusal
from cbt_station.exam.content import Blocks, Hot, every, require_modest
from cbt_station.exam.interactions import (
    HottextInteraction,
    Interaction,
    OptionId,
    Simple,
    contents_of,
    ordered_options,
    parts_of,
)
from cbt_station.exam.processing import Processing

MOST_OPTIONS = 64
MOST_PARTS = 64
MOST_TOGETHER = 1_024
"""Options, places and spots of all parts of an item: each is a thing of its own on the page."""
MOST_GAPS = 256
"""Gaps, or words that can be chosen, of one text."""
MOST_CORNERS = 400
MOST_COORDINATE = 1_000_000
MOST_ANSWER = 1_000_000
"""Characters, lines and widths that an interaction asks for."""
MOST_NAME = 1_000
"""Characters of an id or a label."""
MOST_DIGITS = 40
"""Of a number on a scale."""
ItemId: TypeAlias = str


class Stimulus(Struct, frozen=True, forbid_unknown_fields=True):
    """A text or picture shared by several items, in the languages of the bank."""

    id: str
    content: dict[str, Blocks]


class Shown(Struct, frozen=True, forbid_unknown_fields=True):
    """An item in one language. A block interaction follows its stem, unless a `Place` in it says where."""

    stem: Blocks
    interaction: Interaction


class ShownItem(Struct, frozen=True, forbid_unknown_fields=True):
    """An item as shown: no key, no scores, no comment of its author.

    `languages` has at least one entry; every language offers the same options by id, in the same order.
    """

    id: ItemId
    languages: dict[str, Shown]
    stimulus: str | None = None


def contents(shown: Shown) -> Iterator[Blocks]:
    """Every piece of content of an item in one language: stem, options, texts and pictures of its interactions."""
    yield shown.stem
    yield from contents_of(shown.interaction)


def require_modest_item(item: ShownItem) -> None:
    """Raise Refusal("content-too-much") where a page could not hold the item."""
    for shown in item.languages.values():
        parts = parts_of(shown.interaction)
        _require_at_most("interactions", len(parts), MOST_PARTS)
        _require_at_most("options", sum(_require_modest_part(part) for part in parts.values()), MOST_TOGETHER)
        for name in parts:
            _require_at_most("id", len(name), MOST_NAME)
        require_modest(*contents(shown))


def _require_modest_part(part: Simple) -> int:
    """How many options, places and spots the part has."""
    places = (*ordered_options(part), *getattr(part, "columns", ()), *getattr(part, "spots", ()))
    _require_at_most("options", len(places), MOST_OPTIONS)
    gaps = [*getattr(part, "gaps", ()), *(hot.id for hot in _hot_words(part))]
    _require_at_most("gaps", len(gaps), MOST_GAPS)
    for name in (*gaps, *(place.id for place in places)):
        _require_at_most("id", len(name), MOST_NAME)
    for spot in getattr(part, "spots", ()):
        _require_at_most("label", len(spot.label), MOST_NAME)
        _require_at_most("corners", len(spot.coords), MOST_CORNERS)
        for number in spot.coords:
            _require_at_most("corners", abs(number), MOST_COORDINATE)
    for setting in ("width", "lines", "most_characters", "least_characters", "least", "most"):
        _require_at_most(setting, getattr(part, setting, 0), MOST_ANSWER)
    for number in (getattr(part, end, None) or "" for end in ("low", "high", "step")):
        _require_at_most("scale", len(number), MOST_DIGITS)
    return len(places) + len(gaps)


def _hot_words(part: Simple) -> Iterator[Hot]:
    return every(Hot, part.content) if isinstance(part, HottextInteraction) else iter(())


def _require_at_most(what: str, number: int, most: int) -> None:
    if not 0 <= number <= most:
        raise Refusal("content-too-much", what=what, number=str(number)[:12], most=most)


def require_modest_stimulus(stimulus: Stimulus) -> None:
    """The same for a stimulus."""
    for content in stimulus.content.values():
        require_modest(content)


class OptionScores(Struct, frozen=True, forbid_unknown_fields=True, tag="options", tag_field="is"):
    """The simplest rule from a response to an outcome: a score for each option; no answer gives `blank`.

    One right key is the special case of one option above zero. It is what `Processing` calls a mapping.
    """

    scores: dict[OptionId, Decimal]
    blank: Decimal = Decimal(0)


class HandMarked(Struct, frozen=True, forbid_unknown_fields=True, tag="hand-marked", tag_field="is"):
    """A person marks it, from 0 to `most`: no rule gives it a score."""

    most: Decimal


ScoringRule: TypeAlias = OptionScores | Processing | HandMarked
