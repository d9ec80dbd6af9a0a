"""What delivery hands to a screen: frozen values that hold everything there is to draw.

A view is made after what it tells is durable, never before: a screen that draws only from views cannot promise what
recovery could not prove. Titles are by language; times are whole milliseconds; wall-clock texts ("10:42:07") are for
people. Nothing here scores: a `ScoreView` is filled by a callable that the screen's starter hands in.
"""

from decimal import Decimal
from typing import Literal, TypeAlias

from msgspec import Struct

from cbt_station.exam.blueprint import Titles
from cbt_station.exam.interactions import OptionId, Response
from cbt_station.exam.item import ItemId

Phase: TypeAlias = Literal["locked", "check-in", "ready", "running", "paused", "ended", "sealed"]
Level: TypeAlias = Literal["station", "second"]
EndedBy: TypeAlias = Literal["candidate", "clock", "proctor"]


class StationView(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The station before and between sittings; `resumable` is the number of a candidate whose sitting was cut off."""

    session: str
    title: Titles
    venue: str
    mode: str
    window: str
    languages: tuple[str, ...]
    phase: Phase
    resumable: str | None = None


class CandidateView(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who the roster says sits here; `asks` is the secret that proves it is them."""

    number: str
    name: str
    photo: bytes
    category: str
    position: str
    seat: str
    accommodations: tuple[str, ...]
    asks: Literal["birth-date", "pin"]


class SectionView(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of the exam."""

    id: str
    title: Titles


class CellView(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One item's place in the palette; `number` counts from 1 over the whole form.

    `answered` where everything is given that the item asks for, `begun` where something is but not all of it.
    """

    item: ItemId
    number: int
    section: str
    seen: bool = False
    answered: bool = False
    flagged: bool = False
    begun: bool = False


class SavedView(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Up to which event, when and in how many places everything is durable.

    `alone`: in the second place and no more in the first, whose disk failed.
    """

    level: Level
    wall: str
    seq: int
    alone: bool = False


class SittingView(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sitting as it stands after its last durable event.

    `warning` is the blueprint's mark (ms left) that was just passed, `alarm` the code of a failure to show; `stopped`:
    nothing can be written any more, so the questions are covered and no time is used. Answers are the candidate's own; `option_order` is the form's order of each item's options.
    """

    phase: Phase
    seq: int
    left_ms: int
    allotted_ms: int
    granted_ms: int
    sections: tuple[SectionView, ...]
    cells: tuple[CellView, ...]
    current: ItemId
    answers: dict[ItemId, Response]
    option_order: dict[ItemId, tuple[OptionId, ...]]
    language: str
    saved: SavedView
    warning: int | None = None
    second_lagging: bool = False
    alarm: str | None = None
    stopped: bool = False
    candidate: CandidateView | None = None
    """Whose sitting it is, so that a restart can go on without asking."""
    paused_because: str = ""
    """The proctor's words for a pause."""
    plays: dict[str, int] = {}
    """How many plays of each recording count; how many are allowed stands in the item."""


class ScoreLine(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One outcome: a section's score or the total; `threshold` and `met` where the category has one."""

    id: str
    title: Titles
    score: Decimal
    most: Decimal | None = None
    threshold: Decimal | None = None
    met: bool | None = None


class ScoreView(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The score as the exam shows it to its candidate."""

    outcomes: tuple[ScoreLine, ...]
    total: Decimal


class CopyView(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a second place holds of a candidate's sitting, for a proctor who may move it here.

    `station` is the one that wrote last, `fence` its number among the sitting's seats, `last_at` its wall clock then.
    """

    number: str
    name: str
    sitting: str
    station: str
    fence: int
    answered: int
    seq: int
    left_ms: int
    last_at: str
    status: Literal["running", "paused", "ended"]


class SealedView(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sitting that is over for good: what the candidate takes home."""

    result: str
    slip: str
    qr_payload: str
    sitting: str
    ended_by: EndedBy
    answered: int
    unanswered: int
    flagged: int
    score: ScoreView | None = None
    score_offered: bool = False
    """A score code would open the score on this screen."""
