"""What a workshop lists: items, stimuli, groups and media as rows, and the filter over items. Plain frozen values."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from cbt_station.banks.faults import BankFault
from cbt_station.banks.lint import BankLint

State: TypeAlias = Literal["draft", "review", "approved"]
What: TypeAlias = Literal["item", "stimulus"]


@dataclass(frozen=True)
class ItemRow:
    """One item file. What could not be read of a faulty file is empty."""

    id: str
    """What every method of the workshop calls it by: the item's id, or the file's path where its name is none, or is taken."""
    file: str
    section: str
    topic: str
    level: str
    enemies: str
    stimulus: str
    kinds: tuple[str, ...]
    """Kinds of interaction, as `interaction:` names them; several of a composite item."""
    languages: tuple[str, ...]
    first_words: str
    title: str
    state: State
    votes_for: int
    """On the text as it is now, as `votes_against` and `voters`."""
    votes_against: int
    voters: tuple[str, ...]
    author: str
    """Who wrote the text as it is now; empty where it was written outside the workshop."""
    changed_since_approved: bool
    """It was approved, and its text, its stimulus or a picture of it is another one now."""
    faults: tuple[BankFault, ...]
    lints: tuple[BankLint, ...]


@dataclass(frozen=True)
class StimulusRow:
    """One shared text or picture."""

    id: str
    file: str
    languages: tuple[str, ...]
    first_words: str
    items: tuple[str, ...]
    """The items that name it."""
    faults: tuple[BankFault, ...]
    lints: tuple[BankLint, ...]


@dataclass(frozen=True)
class Group:
    """Items that belong together: an enemy set, or the items of one stimulus."""

    what: Literal["enemies", "stimulus"]
    name: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class MediaRow:
    """One picture or recording. `items` and `stimuli` name it; `data` is empty for one with faults."""

    name: str
    what: Literal["picture", "recording"]
    size_bytes: int
    items: tuple[str, ...]
    stimuli: tuple[str, ...]
    faults: tuple[BankFault, ...]
    data: bytes = b""


@dataclass(frozen=True)
class Filter:
    """Which items a list shows; None and "" let everything through, "-" in `enemies` and `stimulus` those without one."""

    section: str | None = None
    topic: str | None = None
    level: str | None = None
    kind: str | None = None
    state: State | None = None
    enemies: str | None = None
    stimulus: str | None = None
    language_missing: str | None = None
    text: str = ""
    """Words that must all stand in the id or the file's text, whatever their capital letters."""
    only_faulty: bool = False
    only_linted: bool = False
    only_changed: bool = False
    only_my_vote: bool = False
    """Items in review that wait for the vote of the person who opened the workshop."""


EVERY_ITEM: Final = Filter()
