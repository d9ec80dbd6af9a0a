"""The timing check of sealing: it passes every fair exam, and finds a fault that somebody planted in the arithmetic.

The clock's own laws are in tests/exam/test_clock.py; that a station keeps them is tried in tests/delivery/test_time.py.
"""

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cbt_station.assembly.timing_check import COURSES, check_timing
from cbt_station.errors import Refusal
from cbt_station.exam import clock as clocks
from cbt_station.exam.blueprint import Blueprint, ExtraTime
from cbt_station.exam.clock import ExamClock, Gap, Reading
from tests.exam.exams import PPPK, SKD
from tests.world import bank, blueprint, plan, quorum, rosters, world

OPENS = dt.datetime.fromisoformat("2026-12-01T08:00:00+07:00")
CLOSES = OPENS + dt.timedelta(minutes=30)
EXTRA = "additionalTestingTime"


def check(exam: Blueprint = SKD, *theirs: tuple[str, ...], trusted_days: float = 30) -> None:
    check_timing(exam, theirs, OPENS, CLOSES, CLOSES + dt.timedelta(days=trusted_days))


def refused(exam: Blueprint, *theirs: tuple[str, ...], trusted_days: float = 30) -> Refusal:
    with pytest.raises(Refusal) as caught:
        check(exam, *theirs, trusted_days=trusted_days)
    return caught.value


def with_extra(*extra: ExtraTime) -> Blueprint:
    return replace(SKD, extra_time=extra)


@pytest.mark.parametrize("exam", [SKD, PPPK, blueprint()], ids=lambda exam: exam.id)
def test_the_exams_that_ship_give_everybody_their_time(exam: Blueprint) -> None:
    check(exam, (), *(((EXTRA,), (EXTRA, "magnification")) if exam.extra_time else ()))


def test_a_sitting_may_begin_in_the_last_moment_of_a_short_window() -> None:
    check_timing(SKD, [()], OPENS, OPENS + dt.timedelta(seconds=1), OPENS + dt.timedelta(days=1))


@settings(max_examples=25, deadline=None)
@given(st.integers(1_000, 4 * 3_600_000), st.integers(0, 3_600_000))
def test_any_whole_number_of_milliseconds_is_given(allotted_ms: int, more_ms: int) -> None:
    check(
        replace(SKD, allotted_ms=allotted_ms, extra_time=(ExtraTime(EXTRA, allotted_ms + more_ms),)), (EXTRA,)
    )


@pytest.mark.parametrize(
    ("exam", "theirs", "code"),
    [
        pytest.param(
            with_extra(), (EXTRA,), "timing-accommodation-unmatched", id="extra time that nobody grants"
        ),
        pytest.param(
            SKD, ("additional-testing-time",), "timing-accommodation-unmatched", id="spelled otherwise"
        ),
        pytest.param(
            SKD, ("Additional Testing Time",), "timing-accommodation-unmatched", id="as people write it"
        ),
        *(
            pytest.param(SKD, (name,), "timing-accommodation-unknown", id=name)
            for name in ("extraTime", "additionalTestingTimes", "waktu-tambahan")
        ),
        pytest.param(
            with_extra(ExtraTime(EXTRA, 7_800_000), ExtraTime(EXTRA, 9_000_000)),
            (),
            "timing-extra-twice",
            id="one accommodation with two times",
        ),
        pytest.param(
            with_extra(ExtraTime(EXTRA, 1_800_000)), (), "timing-extra-less", id="30 minutes, not 130"
        ),
        pytest.param(
            with_extra(ExtraTime(EXTRA, 25 * 3_600_000)), (), "timing-too-long", id="more than a day"
        ),
    ],
)
def test_a_blueprint_that_gives_somebody_less_is_refused(
    exam: Blueprint, theirs: tuple[str, ...], code: str
) -> None:
    assert refused(exam, theirs).code == code


def test_other_accommodations_need_no_time() -> None:
    check(with_extra(), ("magnification", "lineReader"))


def test_the_trust_list_holds_until_the_last_sitting_could_end() -> None:
    """130 minutes for the one with extra time who starts in the last moment."""
    minutes = 1 / 24 / 60
    check(SKD, (EXTRA,), trusted_days=130 * minutes)
    assert refused(SKD, (EXTRA,), trusted_days=129 * minutes).code == "timing-trust-expires"


# --- faults planted in the arithmetic -----------------------------------------------------------------------------

LEFT, REOPENED, RESUMED = ExamClock.left_ms, clocks.reopened, ExamClock.resumed


def _gap_is_consumed(clock: ExamClock, now: Reading) -> tuple[ExamClock, Gap]:
    after, gap = REOPENED(clock, now)
    return replace(after, consumed_ms=after.consumed_ms + min(gap.length_ms or 0, 2_000)), gap


def _power_costs_a_minute(clock: ExamClock, now: Reading) -> tuple[ExamClock, Gap]:
    after, gap = REOPENED(clock, now)
    return replace(after, consumed_ms=after.consumed_ms + 60_000 * (gap.cause == "power")), gap


def _window_cuts(clock: ExamClock, now: Reading) -> int:
    left = (CLOSES + dt.timedelta(minutes=100) - dt.datetime.fromisoformat(now.wall)).total_seconds()
    return min(LEFT(clock, now), max(0, round(left * 1000)))


def _pause_runs(clock: ExamClock, now: Reading) -> ExamClock:
    return clock.advanced(now)


def _grant_in_seconds(clock: ExamClock, ms: int) -> ExamClock:
    return replace(clock, granted_ms=clock.granted_ms + ms // 60)


FAULTS: dict[str, tuple[object, str, Callable[..., object]]] = {
    "two seconds of each gap are consumed": (clocks, "reopened", _gap_is_consumed),
    "a power cut costs a minute": (clocks, "reopened", _power_costs_a_minute),
    "the window ends a sitting": (ExamClock, "left_ms", _window_cuts),
    "a pause goes on counting": (ExamClock, "paused", _pause_runs),
    "minutes are taken for seconds": (ExamClock, "granted", _grant_in_seconds),
    "one per mille too fast": (ExamClock, "left_ms", lambda clock, now: LEFT(clock, now) * 999 // 1000),
    "two seconds too short": (ExamClock, "left_ms", lambda clock, now: max(0, LEFT(clock, now) - 2_000)),
    "two seconds too long": (ExamClock, "left_ms", lambda clock, now: LEFT(clock, now) + 2_000),
    "it never ends": (ExamClock, "left_ms", lambda clock, now: max(1, LEFT(clock, now))),
    "extra time is forgotten": (Blueprint, "allotted_for", lambda exam, _theirs: exam.allotted_ms),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_of_the_arithmetic_stops_the_sealing(
    monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    target, name, wrong = FAULTS[fault]
    monkeypatch.setattr(target, name, wrong)
    assert refused(SKD, (EXTRA,)).code == "timing-off"


def test_every_course_happens_in_an_order_that_can_be_played() -> None:
    for name, course in COURSES.items():
        assert [one.at for one in course] == sorted(one.at for one in course), name
        assert all(0 <= one.at < 1000 for one in course)
    assert {one.what for course in COURSES.values() for one in course} == {
        "crash", "power", "suspend", "pause", "grant",
    }  # fmt: skip


def test_sealing_runs_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    from cbt_station.assembly.session import seal_session
    from tests.world import LOG_N, POSITIONS

    trust = world("official").trust
    monkeypatch.setattr(clocks, "reopened", _power_costs_a_minute)
    with pytest.raises(Refusal) as caught:
        seal_session(
            plan(),
            bank(),
            blueprint(),
            rosters("official"),
            POSITIONS,
            trust,
            quorum("committee"),
            log_n=LOG_N,
        )
    assert caught.value.code == "timing-off"
