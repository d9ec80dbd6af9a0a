"""How often a recording counts as played: what counts, what an interruption gives back, and never twice.

How a station refuses one play too many is in tests/delivery/test_playing.py, what the screen says in
tests/screens/test_recordings.py.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cbt_station.errors import Tampered
from cbt_station.exam.events import (
    ActDone,
    AudioPlayed,
    AudioUnheard,
    GapFound,
    ItemShown,
    SeatMoved,
    SittingEnded,
)
from cbt_station.exam.sitting import SittingState, apply, fold
from tests.exam.happenings import act, begun, next_event

GAP = {"length_ms": None, "wall_before": "w", "mono_before_ms": 0}
MOVED = {"handover": "h", "fence": 2, "wall_before": "w", "mono_before_ms": 0}
TALK_MS = 60_000


def after(*steps: tuple[Any, int, dict[str, Any]]) -> SittingState:
    """What these events fold to; each comes so many milliseconds of exam time after the one before it."""
    events, state = [begun()], apply(None, begun())
    for kind, ms, fields in steps:
        left_ms = state.left_ms - ms
        event = (
            act(state, kind, left_ms=left_ms)
            if isinstance(kind, str)
            else next_event(kind, state, left_ms, **fields)
        )
        events.append(event)
        state = apply(state, event)
    assert fold(events) == state
    return state


def play(ms: int = 0, media: str = "talk.ogg", length_ms: int = TALK_MS) -> tuple[Any, int, dict[str, Any]]:
    return AudioPlayed, ms, {"item": "i", "media": media, "length_ms": length_ms}


def unheard(ms: int = 0, media: str = "talk.ogg", item: str = "i") -> tuple[Any, int, dict[str, Any]]:
    return AudioUnheard, ms, {"item": item, "media": media}


def gap(ms: int, cause: str = "power") -> tuple[Any, int, dict[str, Any]]:
    return GapFound, ms, {"cause": cause, **GAP}


@pytest.mark.parametrize(
    ("steps", "counted"),
    [
        pytest.param([play()], 1, id="it counts when it begins"),
        pytest.param([play(), play(1)], 2, id="stopped and begun again it counts twice"),
        pytest.param([play(), gap(TALK_MS - 1)], 0, id="cut off a moment before its end"),
        pytest.param([play(), gap(TALK_MS)], 1, id="heard to its end before the cut"),
        pytest.param([play(), gap(5_000), play(), gap(5_000)], 1, id="a second cut gives nothing back"),
        pytest.param([play(), gap(5_000), gap(0)], 0, id="two cuts in one play"),
        pytest.param([play(), gap(5_000), play(), play(1)], 2, id="given back it can be played again"),
        pytest.param([play(), play(10), gap(5_000)], 1, id="of two plays only the one that sounds"),
        pytest.param([play(), gap(5_000, "suspend")], 0, id="the machine slept"),
        pytest.param([play(), gap(5_000, "crash")], 0, id="the program was killed"),
        pytest.param([play(), gap(5_000, "stall")], 0, id="the program hung"),
        pytest.param([play(), (SeatMoved, 5_000, MOVED)], 0, id="the seat was moved in it"),
        pytest.param([play(), (SeatMoved, TALK_MS, MOVED)], 1, id="the seat was moved after it"),
        pytest.param([play(), ("pause", 5_000, {}), gap(0), ("resume", 0, {})], 0, id="a cut in a pause"),
        pytest.param([play(), ("pause", 5_000, {}), ("resume", 0, {})], 1, id="a pause gives nothing back"),
        pytest.param(
            [play(), ("pause", 5_000, {}), ("resume", 0, {}), gap(TALK_MS - 5_000)],
            1,
            id="heard on after a pause",
        ),
        pytest.param([play(length_ms=0), gap(0)], 1, id="of no length it is over at once"),
        pytest.param([play(), play(9), unheard()], 1, id="one that never sounded"),
        pytest.param([play(), play(9), unheard(), gap(9)], 0, id="and the one before it sounds as it did"),
        pytest.param([play(), unheard(), gap(9), play(), gap(9)], 0, id="which uses up nothing"),
    ],
)
def test_what_counts(steps: list[Any], counted: int) -> None:
    assert after(*steps).plays.counted["talk.ogg"] == counted


def test_each_recording_is_given_back_by_itself() -> None:
    state = after(play(), gap(1), play(), play(media="song.ogg", length_ms=9_000), gap(1))
    assert state.plays.counted == {"talk.ogg": 1, "song.ogg": 0}
    assert state.plays.given_back == {"talk.ogg", "song.ogg"}


def test_a_grant_in_a_play_changes_nothing() -> None:
    state = after(play())
    state = apply(state, act(state, "grant", 5, state.left_ms + 300_000))
    state = apply(state, next_event(GapFound, state, state.left_ms - TALK_MS, cause="power", **GAP))
    assert state.plays.counted == {"talk.ogg": 1}


@pytest.mark.parametrize(
    ("steps", "fields", "code"),
    [
        pytest.param([("pause", 0, {})], {}, "journal-order", id="in a pause"),
        pytest.param([(SittingEnded, 0, {"by": "candidate"})], {}, "journal-order", id="after the end"),
        pytest.param([], {"length_ms": -1}, "journal-time", id="of less than no length"),
    ],
)
def test_a_play_that_cannot_have_been_is_false_evidence(
    steps: list[Any], fields: dict[str, Any], code: str
) -> None:
    state = after(*steps)
    event = next_event(AudioPlayed, state, **({"item": "i", "media": "m", "length_ms": 1} | fields))
    with pytest.raises(Tampered) as caught:
        apply(state, event)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("steps", "told", "code"),
    [
        pytest.param([], unheard(), "journal-order", id="of no play"),
        pytest.param([play(), unheard()], unheard(), "journal-order", id="of one play twice"),
        pytest.param([play()], unheard(media="song.ogg"), "journal-order", id="of another recording"),
        pytest.param([play()], unheard(item="j"), "journal-order", id="in another question"),
        pytest.param(
            [play(), (ItemShown, 0, {"item": "j"})], unheard(), "journal-order", id="after something else"
        ),
        pytest.param([play(), gap(0)], unheard(), "journal-order", id="after a gap"),
        pytest.param([play()], unheard(1), "journal-time", id="a moment later"),
    ],
)
def test_only_of_the_play_right_before_it_can_it_be_said_that_it_never_sounded(
    steps: list[Any], told: Any, code: str
) -> None:
    state = after(*steps)
    kind, ms, fields = told
    with pytest.raises(Tampered) as caught:
        apply(state, next_event(kind, state, state.left_ms - ms, **fields))
    assert caught.value.code == code


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["play", "gap", "pause", "grant", "moved"]),
        st.integers(0, 20_000),
        st.sampled_from(["a", "b"]),
        st.integers(0, 30_000),
    ),
    max_size=40,
)


@given(STEPS)
def test_whatever_happens_a_recording_is_given_back_once_and_never_more_than_was_begun(
    steps: list[Any],
) -> None:
    state, begun_ones = apply(None, begun()), {"a": 0, "b": 0}
    for what, ms, media, length_ms in steps:
        left_ms, before = state.left_ms - ms, state.plays
        match what:
            case "play":
                fields = {"item": "i", "media": media, "length_ms": length_ms}
                state = apply(state, next_event(AudioPlayed, state, left_ms, **fields))
                begun_ones[media] += 1
            case "gap":
                state = apply(state, next_event(GapFound, state, left_ms, cause="crash", **GAP))
            case "moved":
                fields = MOVED | {"fence": state.fence + 1}
                state = apply(state, next_event(SeatMoved, state, left_ms, **fields))
            case "pause":
                state = apply(state, act(state, "pause", left_ms=left_ms))
                state = apply(state, act(state, "resume"))
            case "grant":
                event = next_event(ActDone, state, left_ms + 60_000, act="grant", minutes=1, id="a", note="n")
                state = apply(state, event)
        if what in ("pause", "grant"):
            assert state.plays == before
    for media, count in begun_ones.items():
        assert count - state.plays.counted.get(media, 0) == (media in state.plays.given_back)
