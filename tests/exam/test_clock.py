"""The last moment at which an answer counts, and what is never consumed.

Only the arithmetic: power cuts and pauses are played end to end in tests/delivery, whole journals in
test_sitting_laws.py beside this.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cbt_station.errors import Refusal
from cbt_station.exam.clock import (
    LATE_MS,
    LONGEST_STEP_MS,
    ExamClock,
    Gap,
    Reading,
    reopened,
    started,
    ticked,
)

ALLOTTED = 5_400_000
START = 1_000


def reading(mono_ms: int, boot: str = "b1") -> Reading:
    return Reading(mono_ms=mono_ms, boot=boot, wall="2026-11-24T08:00:00+07:00")


def after(ms: int, boot: str = "b1") -> Reading:
    return reading(START + ms, boot)


CLOCK = started(ALLOTTED, after(0))


@pytest.mark.parametrize(
    ("given_at", "recorded_at", "late_ms"),
    [
        pytest.param(0, 0, 0, id="at once"),
        pytest.param(5_399_999, 5_399_999, 0, id="the last millisecond"),
        pytest.param(5_399_999, 5_400_000, 1, id="recorded at the end itself is marked"),
        pytest.param(5_399_999, 5_400_700, 700, id="recorded late"),
        pytest.param(5_399_999, 5_402_000, LATE_MS, id="recorded 2 s late still counts"),
    ],
)
def test_an_answer_counts_until_the_last_millisecond_and_its_record_2_s_longer(
    given_at: int, recorded_at: int, late_ms: int
) -> None:
    assert CLOCK.late_ms(after(given_at), after(recorded_at)) == late_ms


@pytest.mark.parametrize(
    ("given_at", "recorded_at", "late_by_ms"),
    [
        pytest.param(5_400_000, 5_400_000, 0, id="given at the end itself"),
        pytest.param(5_400_300, 5_400_300, 300, id="given after the end"),
        pytest.param(5_399_999, 5_402_001, 2_001, id="recorded more than 2 s late"),
    ],
)
def test_an_answer_after_that_is_refused(given_at: int, recorded_at: int, late_by_ms: int) -> None:
    with pytest.raises(Refusal) as refused:
        CLOCK.late_ms(after(given_at), after(recorded_at))
    assert (refused.value.code, refused.value.facts) == ("time-is-up", {"late_by_ms": late_by_ms})


def test_a_grant_and_a_pause_move_the_end() -> None:
    granted = CLOCK.granted(60_000)
    paused = granted.paused(after(1_000)).resumed(after(901_000))
    assert paused.left_ms(after(901_000)) == ALLOTTED + 60_000 - 1_000
    assert paused.late_ms(after(6_359_999), after(6_359_999)) == 0
    with pytest.raises(Refusal):
        paused.late_ms(after(6_360_000), after(6_360_000))


def test_between_two_boots_nothing_is_consumed() -> None:
    """A monotonic clock begins anew with each boot: their difference means nothing."""
    later_boot = after(3_000_000, "b2")
    assert CLOCK.left_ms(later_boot) == ALLOTTED
    assert CLOCK.advanced(later_boot).left_ms(after(3_000_700, "b2")) == ALLOTTED - 700


def test_resuming_a_clock_that_runs_gives_no_time_back() -> None:
    assert CLOCK.resumed(after(60_000)).left_ms(after(60_000)) == ALLOTTED - 60_000
    paused = CLOCK.paused(after(1_000))
    assert paused.paused(after(60_000)) == replace(paused, at=after(60_000))


def test_a_grant_after_the_end_is_whole() -> None:
    over = CLOCK.advanced(after(ALLOTTED + 90_000))
    assert over.left_ms(after(ALLOTTED + 90_000)) == 0
    assert over.granted(300_000).left_ms(after(ALLOTTED + 90_000)) == 300_000


@pytest.mark.parametrize("ms", [0, -1])
def test_time_is_never_taken_away(ms: int) -> None:
    with pytest.raises(Refusal) as refused:
        CLOCK.granted(ms)
    assert refused.value.code == "grant-not-positive"


@pytest.mark.parametrize(
    ("now", "same_process", "gap"),
    [
        pytest.param(after(700_000), False, ("crash", 700_000), id="another process of the same boot"),
        pytest.param(after(700_000), True, ("suspend", 700_000), id="the same process"),
        pytest.param(reading(5, "b2"), False, ("power", None), id="another boot"),
        pytest.param(reading(0), False, ("crash", 0), id="a monotonic clock that went back"),
    ],
)
def test_a_gap_is_classed_and_never_consumed(
    now: Reading, same_process: bool, gap: tuple[str, int | None]
) -> None:
    clock, found = reopened(CLOCK, now, same_process)
    assert clock.left_ms(now) == ALLOTTED
    assert (found.cause, found.length_ms) == gap
    assert found.wall_before == CLOCK.at.wall


def test_a_step_is_consumed_and_a_sleep_is_not() -> None:
    clock, gap = ticked(CLOCK, after(LONGEST_STEP_MS))
    assert (clock.left_ms(clock.at), gap) == (ALLOTTED - LONGEST_STEP_MS, None)
    clock, gap = ticked(CLOCK, after(LONGEST_STEP_MS + 1))
    assert clock.left_ms(clock.at) == ALLOTTED
    assert gap == Gap(cause="suspend", length_ms=LONGEST_STEP_MS + 1, wall_before=CLOCK.at.wall)


clocks = st.builds(
    ExamClock,
    allotted_ms=st.integers(1, 10**8),
    granted_ms=st.integers(0, 10**7),
    consumed_ms=st.just(0),
    at=st.builds(reading, st.integers(0, 10**9)),
    running=st.booleans(),
)


@settings(deadline=None)
@given(clocks, st.lists(st.tuples(st.integers(-(10**6), 10**8), st.sampled_from(["b1", "b1", "b1", "b2"]))))
def test_time_left_never_grows_without_a_grant(clock: ExamClock, steps: list[tuple[int, str]]) -> None:
    """Whatever the readings: forward, back, or of another boot."""
    left = clock.left_ms(clock.at)
    for step, boot in steps:
        now = reading(max(0, clock.at.mono_ms + step), boot)
        assert 0 <= clock.left_ms(now) <= left
        assert clock.advanced(now).left_ms(now) == clock.left_ms(now)
        clock = clock.advanced(now)
        left = clock.left_ms(now)


@settings(deadline=None)
@given(clocks, st.lists(st.integers(0, 10**6), max_size=20))
def test_how_often_the_clock_is_read_does_not_matter(clock: ExamClock, steps: list[int]) -> None:
    stepped = clock
    for step in steps:
        stepped = stepped.advanced(reading(stepped.at.mono_ms + step))
    assert stepped == clock.advanced(stepped.at)


@settings(deadline=None)
@given(clocks, st.integers(0, 10**8), st.booleans())
def test_gaps_are_never_consumed(clock: ExamClock, length: int, same_process: bool) -> None:
    now = reading(clock.at.mono_ms + length)
    after_gap, _ = reopened(clock, now, same_process)
    assert after_gap.left_ms(now) == clock.left_ms(clock.at)
    assert after_gap.consumed_ms == clock.consumed_ms
