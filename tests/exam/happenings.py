"""Events for tests, with only what a test cares about spelled out."""

from typing import Any

from cbt_station.exam.events import ActDone, Event, SittingStarted
from cbt_station.exam.sitting import SittingState, apply

ALLOTTED = 6_000_000


def begun(allotted_ms: int = ALLOTTED) -> SittingStarted:
    return SittingStarted(
        seq=1,
        **clock_fields(allotted_ms),
        sitting="s",
        start="5" * 64,
        form="f" * 64,
        allotted_ms=allotted_ms,
        language="id",
        fence=1,
    )


def clock_fields(left_ms: int) -> dict[str, Any]:
    return {"mono_ms": 0, "boot": "b1", "wall": "2026-11-24T08:00:00+07:00", "left_ms": left_ms}


def next_event(kind: type[Event], state: SittingState, left_ms: int | None = None, **fields: Any) -> Event:
    """The event that would come after `state`; the time left stays unless it is given."""
    left = state.left_ms if left_ms is None else left_ms
    return kind(seq=state.seq + 1, **clock_fields(left), **fields)


def act(state: SittingState, what: str, minutes: int = 0, left_ms: int | None = None) -> Event:
    return next_event(ActDone, state, left_ms, act=what, minutes=minutes, id="a" * 64, note="…")


def played(*steps: tuple[type[Event] | str, dict[str, Any]]) -> SittingState:
    """A sitting in which these happened: an event's type, or an act's name, and its fields."""
    state = apply(None, begun())
    for kind, fields in steps:
        event = act(state, kind, **fields) if isinstance(kind, str) else next_event(kind, state, **fields)
        state = apply(state, event)
    return state
