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
    Reading,
    reopened,
    started,
    ticked,
)

ALLOTTED = 5_400_000
START = 1_000


def reading(mono_ms: int, boot: str = "b1", slept_ms: int = 0) -> Reading:
    return Reading(mono_ms=mono_ms, boot=boot, wall="2026-11-24T08:00:00+07:00", slept_ms=slept_ms)


def after(ms: int, boot: str = "b1", slept_ms: int = 0) -> Reading:
    return reading(START + ms, boot, slept_ms)


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
    ("now", "gap"),
    [
        pytest.param(after(700_000), ("crash", 700_000), id="another process of the same boot"),
        pytest.param(
            after(700_000, slept_ms=9_000), ("crash", 700_000), id="and the machine slept meanwhile"
        ),
        pytest.param(reading(5, "b2"), ("power", None), id="another boot"),
        pytest.param(reading(0), ("crash", 0), id="a monotonic clock that went back"),
    ],
)
def test_a_gap_between_two_processes_is_classed_and_never_consumed(
    now: Reading, gap: tuple[str, int | None]
) -> None:
    clock, found = reopened(CLOCK, now)
    assert clock.left_ms(now) == ALLOTTED
    assert (found.cause, found.length_ms) == gap
    assert (found.wall_before, found.mono_before_ms) == (CLOCK.at.wall, START)


@pytest.mark.parametrize(
    ("now", "consumed_ms", "gap"),
    [
        pytest.param(after(LONGEST_STEP_MS), LONGEST_STEP_MS, None, id="a long step"),
        pytest.param(after(LONGEST_STEP_MS + 1), 0, ("stall", LONGEST_STEP_MS + 1), id="longer: it hung"),
        pytest.param(after(1_700, slept_ms=700), 1_000, ("suspend", 700), id="a short sleep"),
        pytest.param(after(901_500, slept_ms=900_000), 1_500, ("suspend", 900_000), id="the lid was closed"),
        pytest.param(after(950_000, slept_ms=900_000), 0, ("suspend", 950_000), id="slept, then hung"),
        pytest.param(reading(5, "b2"), 0, ("power", None), id="another boot in the same process"),
    ],
)
def test_within_a_process_a_step_is_consumed_and_sleep_and_hanging_are_not(
    now: Reading, consumed_ms: int, gap: tuple[str, int | None] | None
) -> None:
    clock, found = ticked(CLOCK, now)
    assert clock.left_ms(now) == ALLOTTED - consumed_ms
    assert (found and (found.cause, found.length_ms)) == gap


def test_two_answers_that_waited_for_a_slow_disk_both_count() -> None:
    """The first one's record moved the clock past the end; what was given before it is still in time."""
    first, second, kept = after(ALLOTTED - 300), after(ALLOTTED - 200), after(ALLOTTED + 900)
    over = CLOCK.advanced(kept)
    assert over.late_ms(second, after(ALLOTTED + 1_000)) == 1_000
    assert over.late_ms(first, after(ALLOTTED + LATE_MS)) == LATE_MS
    for pressed, recorded in ((second, ALLOTTED + LATE_MS + 1), (after(ALLOTTED), ALLOTTED + 900)):
        with pytest.raises(Refusal, match=r"^time-is-up"):
            over.late_ms(pressed, after(recorded))
    assert over.granted(60_000).late_ms(after(ALLOTTED + 5_000), after(ALLOTTED + 5_000)) == 0


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
def test_gaps_are_never_consumed(clock: ExamClock, length: int, slept: bool) -> None:
    now = reading(clock.at.mono_ms + length, slept_ms=length if slept else 0)
    after_gap, _ = (ticked if slept else reopened)(clock, now)
    assert after_gap.left_ms(now) == clock.left_ms(clock.at)
    assert after_gap.consumed_ms == clock.consumed_ms
