"""Versions: every text that was replaced lies verbatim in `history/`, with who replaced it and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

Deed: TypeAlias = Literal["created", "saved", "restored", "renamed", "deleted", "imported"]


@dataclass(frozen=True)
class Version:
    """One text of an item. The last one of `versions` is what lies in the bank now, if the item is there."""

    number: int
    by: str
    """Who wrote it; empty where it came from outside the workshop."""
    at: datetime | None
    deed: Deed | None
    """By what it came to be."""
    hash: str
    is_current: bool


@dataclass(frozen=True)
class DifferenceLine:
    """One line of a comparison."""

    mark: Literal[" ", "-", "+"]
    text: str
    number_before: int | None
    number_after: int | None
