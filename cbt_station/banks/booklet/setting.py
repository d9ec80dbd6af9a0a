"""What a piece of content is laid out with: its room and size, the bank's pictures, what stands in its places."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from cbt_station.exam.content import Inline
from cbt_station.words import Words

if TYPE_CHECKING:
    from cbt_station.banks.booklet.slabs import Slabs

SIZE: Final = 10.5
LEAST_SIZE: Final = 6.0
"""Smaller letters than these are named as a loss."""


@dataclass(frozen=True)
class Gap:
    """A place to write in, `ems` letters wide, with its number before it."""

    ems: float
    label: str = ""
    boxed: bool = False


@dataclass(frozen=True)
class Setting:
    """`slots` and `places`: what stands in a line or as a block for a response or gap; `marks`: numbers of hot words."""

    room: float
    words: Words
    language: str
    media: Mapping[str, bytes]
    size: float = SIZE
    slots: Mapping[str, tuple["Inline | Gap", ...]] = field(default_factory=dict)
    places: Mapping[str, "Callable[[Setting], Slabs]"] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    leftwards: bool = False
    """Where texts without a letter that has a direction begin on the right."""
    losses: set[str] = field(default_factory=set)
    """Codes of what this item lost on paper."""

    def narrower(self, by: float) -> "Setting":
        """The same with less room, never less than a letter's."""
        return replace(self, room=max(self.room - by, self.size))

    def smaller(self, by: float) -> "Setting":
        """The same in smaller letters."""
        return replace(self, size=self.size * by)

    def wide(self, room: float) -> "Setting":
        """The same in this room."""
        return replace(self, room=max(room, 1.0))
