"""States and votes: `reviews/ID.yaml` beside the items, strict YAML that a person can read and write.

A vote belongs to what was voted on: the item's text, its shared text and its pictures, named by one hash.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from cbt_station.banks.workshop.rows import State

Choice: TypeAlias = Literal["for", "against"]


@dataclass(frozen=True)
class Vote:
    """One vote. `on` is the hash of what was voted on."""

    by: str
    vote: Choice
    comment: str
    at: datetime
    on: str


@dataclass(frozen=True)
class Review:
    """Where an item stands. `state` is what holds now: an edit after approval makes it "review" again."""

    state: State
    on: str
    """The hash of the item as it is now."""
    votes: tuple[Vote, ...] = ()
    """On the item as it is now, the last one of each person."""
    earlier: tuple[Vote, ...] = ()
    """On an earlier text, or replaced by a later vote."""
    needed: int = 2
    changed_since_approved: bool = False
    by: str = ""
    """Who brought the item into the state that the file says, and when."""
    at: datetime | None = None
