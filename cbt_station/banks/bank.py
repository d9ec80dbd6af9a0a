"""A bank as it was read: what its authors wrote, checked, before key and text are taken apart.

Plain frozen values. Which file they came from is kept for messages; faults have lines, read banks have none.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from cbt_station.exam.content import Blocks
from cbt_station.exam.interactions import is_shuffled, ordered_options
from cbt_station.exam.item import ScoringRule, Shown


@dataclass(frozen=True)
class SectionHead:
    """A section of the bank: its kinds of items, and what a right and a wrong answer bring where there is one key."""

    id: str
    title: dict[str, str]
    topics: tuple[str, ...]
    levels: tuple[str, ...]
    right: Decimal | None = None
    wrong: Decimal = Decimal(0)


@dataclass(frozen=True)
class BankHead:
    """`bank.yaml`. The first language is the one of items without language marks."""

    id: str
    title: dict[str, str]
    licence: str
    author: str
    languages: tuple[str, ...]
    sections: dict[str, SectionHead]


@dataclass(frozen=True)
class BankItem:
    """One item: how it looks in each language and the rule that scores it, whatever short form either was written in.

    Every language has the same interactions with the same ids. Of `title`, `source` and `note` nothing leaves the bank.
    """

    id: str
    file: str
    section: str
    topic: str
    level: str
    languages: dict[str, Shown]
    rule: ScoringRule
    enemies: str | None = None
    stimulus: str | None = None
    title: str | None = None
    source: str | None = None
    note: str | None = None

    @property
    def first(self) -> Shown:
        """The item in its first language."""
        return next(iter(self.languages.values()))

    @property
    def options(self) -> tuple[str, ...]:
        """The ids of the options whose order a form says, the same in every language."""
        return tuple(option.id for option in ordered_options(self.first.interaction))

    @property
    def shuffle(self) -> bool:
        """Whether a form may change their order."""
        return is_shuffled(self.first.interaction)


@dataclass(frozen=True)
class BankStimulus:
    """A text or picture that several items share."""

    id: str
    file: str
    content: dict[str, Blocks]
    source: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Bank:
    """A bank without faults. `media` is what its texts name, drawings of formulas too; `unused` files lie in its folder for nothing."""

    head: BankHead
    items: tuple[BankItem, ...]
    stimuli: tuple[BankStimulus, ...] = ()
    media: dict[str, bytes] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
