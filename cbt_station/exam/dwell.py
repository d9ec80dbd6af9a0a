"""What a journal tells of each item: how often it was shown, when it was first answered, changes, time on the screen.

Pure arithmetic over events. Times are whole milliseconds of *exam time*: what the candidate's clock had consumed by then
(allotted + granted - left). Exam time stands still in a gap and in a pause, so neither is ever part of a dwell, and the
dwells of all items with the time before the first one add up to exactly what was consumed. Nothing here says why a
candidate looked long or changed an answer.

Every event carries the time left after it; between two events an item was on the screen for the difference.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from cbt_station.errors import Tampered
from cbt_station.exam.events import AnswerChosen, AnswerCleared, AudioPlayed, AudioUnheard, Event, ItemShown
from cbt_station.exam.interactions import Response
from cbt_station.exam.sitting import SittingState, apply


class ItemTiming(Struct, frozen=True, forbid_unknown_fields=True):
    """One item of a form. `first_…` are exam time and wall time (for people), None where it never happened.

    `changes` counts later events that left another answer than before them: a, then b, is one; b taken back, one more.
    `dwell_before_answer_ms` is the time on the screen until the first answer.
    """

    item: str
    shown: int = 0
    first_shown_ms: int | None = None
    first_shown_at: str | None = None
    first_answer_ms: int | None = None
    first_answer_at: str | None = None
    dwell_before_answer_ms: int | None = None
    changes: int = 0
    dwell_ms: int = 0
    answer: Response | None = None
    """The answer that stood at the end."""
    plays: int = 0
    """How often a recording was begun in it, also those that were given back."""


class Timing(Struct, frozen=True, forbid_unknown_fields=True):
    """All items of a form, in its order; `nothing_shown_ms` passed before the first of them came onto the screen."""

    items: tuple[ItemTiming, ...]
    nothing_shown_ms: int
    consumed_ms: int


def measure(items: Sequence[str], events: Iterable[Event]) -> Timing:
    """The timing of a form's items. Tampered where the events are no sitting, or name an item that is not in it."""
    timings = {item: ItemTiming(item) for item in items}
    state: SittingState | None = None
    nothing_shown_ms = 0
    for event in events:
        before, state = state, apply(state, event)
        passed_ms = state.consumed_ms - (before.consumed_ms if before else 0)
        if before is None or before.current is None:
            nothing_shown_ms += passed_ms
        else:
            timing = _of(timings, before.current)
            timings[timing.item] = replace(timing, dwell_ms=timing.dwell_ms + passed_ms)
        _note(timings, event, before, state)
    return Timing(tuple(timings.values()), nothing_shown_ms, state.consumed_ms if state else 0)


def _note(
    timings: dict[str, ItemTiming], event: Event, before: SittingState | None, state: SittingState
) -> None:
    match event:
        case ItemShown(item=item):
            timings[item] = _shown(_of(timings, item), event, state.consumed_ms)
        case AnswerChosen(item=item) | AnswerCleared(item=item):
            old, new = before.answers.get(item) if before else None, state.answers.get(item)
            timings[item] = _answered(_of(timings, item), event, state.consumed_ms, old, new)
        case AudioPlayed(item=item):
            timings[item] = replace(_of(timings, item), plays=_of(timings, item).plays + 1)
        case AudioUnheard(item=item):
            timings[item] = replace(_of(timings, item), plays=_of(timings, item).plays - 1)
        case _:
            pass


def _shown(timing: ItemTiming, event: Event, now_ms: int) -> ItemTiming:
    if timing.first_shown_ms is None:
        timing = replace(timing, first_shown_ms=now_ms, first_shown_at=event.wall)
    return replace(timing, shown=timing.shown + 1)


def _answered(
    timing: ItemTiming, event: Event, now_ms: int, old: Response | None, new: Response | None
) -> ItemTiming:
    """The answer after the event is `new`; the first answer is no change."""
    if timing.first_answer_ms is None:
        if new is None:
            return timing  # nothing was there to take back
        return replace(
            timing,
            first_answer_ms=now_ms,
            first_answer_at=event.wall,
            dwell_before_answer_ms=timing.dwell_ms,
            answer=new,
        )
    return replace(timing, changes=timing.changes + (old != new), answer=new)


def _of(timings: dict[str, ItemTiming], item: str) -> ItemTiming:
    if item not in timings:
        raise Tampered("item-not-in-form", where=item)
    return timings[item]
