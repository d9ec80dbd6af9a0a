"""A bank as it was read: what its authors wrote, checked, before key and text are taken apart.

Plain frozen values. Which file they came from is kept for messages; faults have lines, read banks have none.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from cbt_station.exam.content import Blocks


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
class ItemText:
    """An item in one language; options by id, in the bank's order."""

    stem: Blocks
    options: dict[str, Blocks]


@dataclass(frozen=True)
class BankItem:
    """One item. It has a `key` (one right option) or `scores` (one for each option), never both."""

    id: str
    file: str
    section: str
    topic: str
    level: str
    languages: dict[str, ItemText]
    key: str | None = None
    scores: dict[str, Decimal] | None = None
    enemies: str | None = None
    stimulus: str | None = None
    fixed: tuple[str, ...] = ()
    shuffle: bool = True
    source: str | None = None
    note: str | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """The ids of the options, the same in every language."""
        return tuple(next(iter(self.languages.values())).options)


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
    """A bank without faults. `media` is what its texts name; `unused` pictures lie in its folder for nothing."""

    head: BankHead
    items: tuple[BankItem, ...]
    stimuli: tuple[BankStimulus, ...] = ()
    media: dict[str, bytes] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
