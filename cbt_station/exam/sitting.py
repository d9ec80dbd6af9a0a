"""A sitting: what its events fold to, and what a candidate may still do.

The events are the truth; the state is read from them and can always be read again. `apply` is the only place where an
event changes something, so a recovered sitting and an uninterrupted one are the same sitting. A journal in which
something happened that cannot have happened (an answer after the end, a second end, time that grew) is false evidence:
Tampered. Nothing here knows a clock, a form's texts, or a score.

`left_ms` of an event is the time left after it: a grant is already in it.
"""

from collections.abc import Callable, Iterable
from typing import Literal, NoReturn, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from cbt_station.errors import Refusal, Tampered
from cbt_station.exam.clock import LATE_MS
from cbt_station.exam.events import (
    ActDone,
    AnswerChosen,
    AnswerCleared,
    AudioPlayed,
    AudioUnheard,
    Event,
    GapFound,
    ItemFlagged,
    ItemShown,
    LanguageChosen,
    SeatMoved,
    SittingEnded,
    SittingStarted,
    TimeWarned,
    WallClockJumped,
)
from cbt_station.exam.form import Form, FormItem
from cbt_station.exam.interactions import Interaction, Response
from cbt_station.exam.plays import Begun, Plays
from cbt_station.exam.responding import require_response

Status: TypeAlias = Literal["running", "paused", "ended"]
EndedBy: TypeAlias = Literal["candidate", "clock", "proctor"]
MINUTE_MS = 60_000

_STATUSES_OF_ACT: dict[str, tuple[Status, ...]] = {
    "pause": ("running",),
    "resume": ("paused",),
    "end": ("running", "paused"),
    "reopen": ("ended",),
    "grant": ("running", "paused", "ended"),
    "note": ("running", "paused", "ended"),
    "leave-full-screen": ("running", "paused", "ended"),
    "second-place-lost": ("running", "paused", "ended"),
}


class SittingState(Struct, frozen=True, forbid_unknown_fields=True):
    """A sitting as of its event `seq`."""

    status: Status
    seq: int
    sitting: str
    form: str
    start: str
    allotted_ms: int
    granted_ms: int
    left_ms: int
    language: str
    fence: int
    answers: dict[str, Response] = {}
    flagged: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()
    current: str | None = None
    warned: tuple[int, ...] = ()
    ended_by: EndedBy | None = None
    gaps: tuple[GapFound, ...] = ()
    plays: Plays = Plays()
    begun: Begun | None = None

    @property
    def consumed_ms(self) -> int:
        """The exam time that was used up to here."""
        return self.allotted_ms + self.granted_ms - self.left_ms


def fold(events: Iterable[Event]) -> SittingState:
    """The state that a whole journal tells; Tampered("journal-order") where it tells none."""
    state: SittingState | None = None
    for event in events:
        state = apply(state, event)
    if state is None:
        raise Tampered("journal-order", seq=0, status="none", event="none")
    return state


def apply(state: SittingState | None, event: Event) -> SittingState:
    """The state after `event`, or Tampered: "journal-order" if it cannot follow, "journal-time" if time is wrong."""
    if isinstance(event, SittingStarted):
        return _started(state, event)
    if state is None or event.seq != state.seq + 1 or not _can_follow(state.status, event):
        _impossible(state, event)
    if isinstance(event, SeatMoved) and event.fence <= state.fence:
        _impossible(state, event)
    if isinstance(event, AudioUnheard) and not _is_just_begun(state, event):
        _impossible(state, event)
    _require_time(state, event)
    return _listened(replace(_changed(state, event), seq=event.seq, left_ms=event.left_ms), event)


def require_open(state: SittingState, form: Form, item: str) -> FormItem:
    """The item in the form; Refusal unless the candidate may now see and change it.

    Whether there is time left is the clock's business (`ExamClock.late_ms`).
    Codes: sitting-ended, sitting-paused, item-unknown.
    """
    if state.status == "ended":
        raise Refusal("sitting-ended")
    if state.status == "paused":
        raise Refusal("sitting-paused")
    entry = next((entry for entry in form.items if entry.item == item), None)
    if entry is None:
        raise Refusal("item-unknown", item=item)
    return entry


def require_answerable(
    state: SittingState,
    form: Form,
    item: str,
    answer: Response | None,
    interaction_of: Callable[[str], Interaction],
) -> None:
    """Raise Refusal unless the candidate may now give this answer (None: take it back).

    `interaction_of` gives the item as it is shown; it is asked only for an answer.
    Codes: those of `require_open` and of `responding.require_response`.
    """
    entry = require_open(state, form, item)
    if answer is None:
        return
    try:
        require_response(interaction_of(item), answer, entry.options)
    except Refusal as refusal:
        raise type(refusal)(refusal.code, where=refusal.where, item=item, **refusal.facts) from None


def due_warning(state: SittingState, warnings_ms: tuple[int, ...], left_ms: int) -> int | None:
    """The warning to show and record now: the lowest mark that the time left has reached, if not yet shown.

    Marks as long as the whole time are never due. After a grant, marks below the time left come again.
    """
    whole_ms = state.allotted_ms + state.granted_ms
    reached = [mark for mark in warnings_ms if left_ms <= mark < whole_ms]
    if state.status != "running" or left_ms == 0 or not reached or min(reached) in state.warned:
        return None
    return min(reached)


def _started(state: SittingState | None, event: SittingStarted) -> SittingState:
    if state is not None or event.seq != 1:
        _impossible(state, event)
    if not 0 <= event.left_ms <= event.allotted_ms:
        raise Tampered("journal-time", seq=event.seq, left_ms=event.left_ms)
    return SittingState(
        status="running",
        seq=event.seq,
        sitting=event.sitting,
        form=event.form,
        start=event.start,
        allotted_ms=event.allotted_ms,
        granted_ms=0,
        left_ms=event.left_ms,
        language=event.language,
        fence=event.fence,
    )


def _can_follow(status: Status, event: Event) -> bool:
    """Whether this may happen in a sitting that is running, paused or ended."""
    if isinstance(event, ActDone):
        return status in _STATUSES_OF_ACT[event.act]
    if isinstance(event, GapFound | SeatMoved | WallClockJumped):
        return True
    if isinstance(event, SittingEnded):
        return status == "running" or (status == "paused" and event.by == "proctor")
    return status == "running"  # what a candidate does, and the warnings of a running clock


def _require_time(state: SittingState, event: Event) -> None:
    """Time left never grows but by a grant, and what says that the time was over was said when it was."""
    granted = _granted_ms(event)
    wrong = granted < 0 or not 0 <= event.left_ms <= state.left_ms + granted
    if isinstance(event, AnswerChosen | AnswerCleared):
        wrong = wrong or not 0 <= event.late_ms <= LATE_MS or (event.late_ms > 0) != (event.left_ms == 0)
    if isinstance(event, SittingEnded) and event.by == "clock":
        wrong = wrong or event.left_ms > 0
    if isinstance(event, AudioPlayed):
        wrong = wrong or event.length_ms < 0
    if isinstance(event, AudioUnheard):  # it is of the very moment of the play
        wrong = wrong or event.left_ms != state.left_ms
    if wrong:
        raise Tampered("journal-time", seq=event.seq, left_ms=event.left_ms)


def _granted_ms(event: Event) -> int:
    """Minutes count where an act grants time; a sitting is often reopened with some."""
    return event.minutes * MINUTE_MS if isinstance(event, ActDone) and event.act in ("grant", "reopen") else 0


def _changed(state: SittingState, event: Event) -> SittingState:  # noqa: PLR0911 - one return a kind of event
    match event:
        case ItemShown(item=item):
            return replace(state, current=item, seen=state.seen | {item})
        case AnswerChosen(item=item, answer=answer):
            return replace(state, answers={**state.answers, item: answer})
        case AnswerCleared(item=item):
            return replace(state, answers={key: kept for key, kept in state.answers.items() if key != item})
        case ItemFlagged(item=item, on=on):
            return replace(state, flagged=state.flagged | {item} if on else state.flagged - {item})
        case LanguageChosen(language=language):
            return replace(state, language=language)
        case TimeWarned(at_ms=at_ms):
            return replace(state, warned=(*state.warned, at_ms))
        case GapFound():
            return replace(state, gaps=(*state.gaps, event))
        case SeatMoved(fence=fence):
            return replace(state, fence=fence)
        case SittingEnded(by=by):
            return replace(state, status="ended", ended_by=by)
        case ActDone():
            return _acted(state, event)
        case _:
            return state


def _listened(state: SittingState, event: Event) -> SittingState:
    """What the event does to recordings, with the exam time after it."""
    match event:
        case AudioPlayed(media=media, length_ms=length_ms):
            begun = Begun(event.seq, event.item, media, state.plays)
            plays = state.plays.begun(media, length_ms, state.consumed_ms)
            return replace(state, plays=plays, begun=begun)
        case AudioUnheard() if state.begun is not None:
            return replace(state, plays=state.begun.before, begun=None)
        case GapFound() | SeatMoved():
            return replace(state, plays=state.plays.interrupted(state.consumed_ms))
        case _:
            return state


def _is_just_begun(state: SittingState, event: AudioUnheard) -> bool:
    """Whether the event before it is that very play."""
    begun = state.begun
    return begun is not None and (begun.seq, begun.item, begun.media) == (state.seq, event.item, event.media)


def _acted(state: SittingState, event: ActDone) -> SittingState:
    granted = _granted_ms(event)
    if granted:
        marks_reached = tuple(mark for mark in state.warned if mark >= event.left_ms)
        state = replace(state, granted_ms=state.granted_ms + granted, warned=marks_reached)
    match event.act:
        case "pause":
            return replace(state, status="paused")
        case "resume":
            return replace(state, status="running")
        case "reopen":
            return replace(state, status="running", ended_by=None)
        case _:  # "end" is followed by the end itself; the others change nothing
            return state


def _impossible(state: SittingState | None, event: Event) -> NoReturn:
    raise Tampered(
        "journal-order",
        seq=event.seq,
        status=state.status if state else "none",
        event=type(event).__struct_config__.tag,
    )
