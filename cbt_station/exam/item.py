"""An item as a candidate sees it, and apart from it what scores it.

`ShownItem` goes into the package that venues hold; `ScoringRule` goes into a file that they do not.
Ids are stable names from the bank: answers are stored by item id and option id, never by position.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import TypeAlias

from msgspec import Struct

from cbt_station.errors import Refusal
from cbt_station.exam.content import Blocks, require_modest
from cbt_station.exam.interactions import Interaction, OptionId, contents_of, ordered_options, parts_of
from cbt_station.exam.processing import Processing

MOST_OPTIONS = 64
MOST_PARTS = 64
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
        parts = parts_of(shown.interaction).values()
        _require_at_most("interactions", len(parts), MOST_PARTS)
        for part in parts:
            places = (*ordered_options(part), *getattr(part, "columns", ()), *getattr(part, "spots", ()))
            _require_at_most("options", len(places), MOST_OPTIONS)
        require_modest(*contents(shown))


def _require_at_most(what: str, number: int, most: int) -> None:
    if number > most:
        raise Refusal("content-too-much", what=what, number=number, most=most)


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
