"""An item as a candidate sees it, and apart from it what scores it.

`ShownItem` goes into the package that venues hold; `ScoringRule` goes into a file that they do not.
Ids are stable names from the bank: answers are stored by item id and option id, never by position.
"""

from decimal import Decimal
from typing import TypeAlias

from msgspec import Struct

from cbt_station.errors import Refusal
from cbt_station.exam.content import Blocks, require_modest

MOST_OPTIONS = 64
ItemId: TypeAlias = str
OptionId: TypeAlias = str
Response: TypeAlias = str | tuple[str, ...]
"""An answer: one option's id, or several in the order given (for interactions that take more than one)."""


class Option(Struct, frozen=True, forbid_unknown_fields=True):
    """One choice."""

    id: OptionId
    content: Blocks
    fixed: bool = False
    """Keeps its place when the others are shuffled ("all of the above")."""


class ChoiceInteraction(Struct, frozen=True, forbid_unknown_fields=True, tag="choice", tag_field="is"):
    """QTI's choiceInteraction with one choice; `shuffle` off keeps every option's place."""

    options: tuple[Option, ...]
    shuffle: bool = True


Interaction: TypeAlias = ChoiceInteraction


class Stimulus(Struct, frozen=True, forbid_unknown_fields=True):
    """A text or picture shared by several items, in the languages of the bank."""

    id: str
    content: dict[str, Blocks]


class Shown(Struct, frozen=True, forbid_unknown_fields=True):
    """An item in one language."""

    stem: Blocks
    interaction: Interaction


class ShownItem(Struct, frozen=True, forbid_unknown_fields=True):
    """An item as shown: no key, no scores, no comment of its author.

    `languages` has at least one entry; every language offers the same options by id, in the same order.
    """

    id: ItemId
    languages: dict[str, Shown]
    stimulus: str | None = None


def require_modest_item(item: ShownItem) -> None:
    """Raise Refusal("content-too-much") where a page could not hold the item."""
    for shown in item.languages.values():
        if len(shown.interaction.options) > MOST_OPTIONS:
            raise Refusal(
                "content-too-much", what="options", number=len(shown.interaction.options), most=MOST_OPTIONS
            )
        require_modest(shown.stem)
        for option in shown.interaction.options:
            require_modest(option.content)


def require_modest_stimulus(stimulus: Stimulus) -> None:
    """The same for a stimulus."""
    for content in stimulus.content.values():
        require_modest(content)


class OptionScores(Struct, frozen=True, forbid_unknown_fields=True, tag="options", tag_field="is"):
    """The simplest rule from a response to an outcome: a score for each option; no answer gives `blank`.

    One right key is the special case of one option above zero. Later rules join `ScoringRule` beside this one.
    """

    scores: dict[OptionId, Decimal]
    blank: Decimal = Decimal(0)


ScoringRule: TypeAlias = OptionScores
