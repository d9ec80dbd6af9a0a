"""What can happen in a sitting: past-tense events, one schema a kind, appended and never changed.

Every event carries its place (`seq`, from 1), the station's clock (`mono_ms` of boot `boot`; `wall` is for people and
decides nothing) and `left_ms`, the candidate's time left after it (a grant is already in it). The list of kinds stands in
`docs/events.md`, and a test holds it to this module.
"""

from typing import Literal, TypeAlias

from msgspec import Struct

from cbt_station.exam.interactions import Response


class _Event(Struct, frozen=True, forbid_unknown_fields=True, tag_field="t", kw_only=True):
    seq: int
    mono_ms: int
    boot: str
    wall: str
    left_ms: int


class SittingStarted(_Event, frozen=True, tag="started", kw_only=True):
    """The first event: binds the journal to its start note, form, time and seat."""

    sitting: str
    start: str
    form: str
    allotted_ms: int
    language: str
    fence: int


class ItemShown(_Event, frozen=True, tag="shown", kw_only=True):
    """An item came onto the screen."""

    item: str


class AnswerChosen(_Event, frozen=True, tag="chosen", kw_only=True):
    """An answer, by item id and option id. `late_ms`: given before the end, recorded this much after it (0: before)."""

    item: str
    answer: Response
    late_ms: int = 0


class AnswerCleared(_Event, frozen=True, tag="cleared", kw_only=True):
    """The candidate took an answer back. `late_ms` as for an answer."""

    item: str
    late_ms: int = 0


class ItemFlagged(_Event, frozen=True, tag="flagged", kw_only=True):
    """Marked doubtful, or the mark taken away. A doubtful answer still counts."""

    item: str
    on: bool


class LanguageChosen(_Event, frozen=True, tag="language", kw_only=True):
    """The language in which items and screen are shown from now on."""

    language: str


class AudioPlayed(_Event, frozen=True, tag="audio-played", kw_only=True):
    """A recording is about to sound: `media` in the question `item`, `length_ms` long. What counts: `exam/plays.py`."""

    item: str
    media: str
    length_ms: int


class AudioUnheard(_Event, frozen=True, tag="audio-unheard", kw_only=True):
    """The play that is the event before this one never sounded: it was refused, since the disk failed in it."""

    item: str
    media: str


class TimeWarned(_Event, frozen=True, tag="warned", kw_only=True):
    """A warning of the blueprint was shown: `at_ms` left."""

    at_ms: int


class GapFound(_Event, frozen=True, tag="gap", kw_only=True):
    """The program did not run. `length_ms` is None where no clock can tell (another boot): wall times then bound it.

    crash: same boot, another process; power: another boot; suspend: the machine slept; stall: the program hung (a disk
    that stood still). None of them is consumed. `mono_before_ms` is the last durable reading before it, of its own boot:
    up to there time was consumed, so that events alone tell all of it.
    """

    cause: Literal["crash", "power", "suspend", "stall"]
    length_ms: int | None
    wall_before: str
    mono_before_ms: int


class SeatMoved(_Event, frozen=True, tag="moved", kw_only=True):
    """The first event of a new seat: the note that moved the sitting here, and this seat's fence number.

    The gap is not consumed, and no clock can tell its length: it lies between two machines. `wall_before` and
    `mono_before_ms` are the old seat's last durable reading.
    """

    handover: str
    fence: int
    wall_before: str
    mono_before_ms: int


class WallClockJumped(_Event, frozen=True, tag="wall-jumped", kw_only=True):
    """The wall clock moved against the monotonic clock by `by_ms`, at once or little by little (only recorded).

    Over a restart of the machine only a clock that was set back shows.
    """

    by_ms: int


class ActDone(_Event, frozen=True, tag="acted", kw_only=True):
    """A proctor's signed act, embedded whole; `act` is what it says, so that the fold needs no keys.

    `minutes` are granted by "grant" and "reopen"; 0 elsewhere.
    """

    act: Literal[
        "pause", "resume", "grant", "note", "leave-full-screen", "end", "reopen", "second-place-lost"
    ]
    minutes: int
    id: str
    note: str


class SittingEnded(_Event, frozen=True, tag="ended", kw_only=True):
    """The end, once; two people may reopen it. Sealing is no event: it closes the journal itself."""

    by: Literal["candidate", "clock", "proctor"]


Event: TypeAlias = (
    SittingStarted
    | ItemShown
    | AnswerChosen
    | AnswerCleared
    | ItemFlagged
    | LanguageChosen
    | AudioPlayed
    | AudioUnheard
    | TimeWarned
    | GapFound
    | SeatMoved
    | WallClockJumped
    | ActDone
    | SittingEnded
)
