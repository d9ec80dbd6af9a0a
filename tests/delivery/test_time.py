"""A sitting's time: late answers, the end exactly once, gaps, pauses, warnings, and restarts that give nothing away.

The arithmetic alone is in tests/exam; here it goes through the journal and back. The clock is turned by hand.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cbt_station.artefacts.act import ActNote
from cbt_station.artefacts.journal import read_line
from cbt_station.artefacts.signed import sign
from cbt_station.delivery.acts import act_for
from cbt_station.errors import Failure, Refusal
from cbt_station.exam.events import ActDone, AnswerChosen, GapFound, SittingEnded, TimeWarned, WallClockJumped
from tests.delivery.conftest import begin
from tests.delivery.small_session import make_session

ALLOTTED = 600_000


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    return make_session(
        tmp_path_factory.mktemp("short") / "s", allotted_ms=ALLOTTED, warnings_ms=(300_000, 60_000)
    )


def events(station):
    return [read_line(record.line) for record in station._running.journal.records]


def of(station, kind):
    return [event for event in events(station) if isinstance(event, kind)]


def run(clock, station, ms, step=1_000):
    """Let time pass as it does: a tick a second."""
    for _ in range(ms // step):
        clock.forward(step)
        view = station.tick()
    return view


@pytest.mark.parametrize(
    ("given_before_end", "recorded_after_end", "late_ms"),
    [
        pytest.param(5_000, None, 0, id="in time"),
        pytest.param(1, 0, 1, id="recorded at the end itself"),
        pytest.param(1, 1_999, 1_999, id="recorded almost 2 s late"),
        pytest.param(1, 2_000, 2_000, id="recorded 2 s late"),
        pytest.param(1, 2_001, "refused", id="recorded more than 2 s late"),
        pytest.param(0, 0, "refused", id="given at the end"),
    ],
)
def test_an_answer_counts_if_given_before_the_end_and_kept_within_2_s(
    at_station, short, clock, given_before_end, recorded_after_end, late_ms
):
    station = begin(at_station(short), short)
    item = station.view().cells[0].item
    run(clock, station, ALLOTTED - 5_000)
    clock.forward(5_000 - given_before_end)
    given_at = clock.read()
    if recorded_after_end is not None:
        clock.forward(given_before_end + recorded_after_end)
    if late_ms == "refused":
        with pytest.raises(Refusal) as refused:
            station.choose(item, "b", given=given_at)
        assert refused.value.code == "time-is-up"
        assert not of(station, AnswerChosen)
        return
    station.choose(item, "b", given=given_at)
    (answer,) = of(station, AnswerChosen)
    assert answer.late_ms == late_ms
    if late_ms:
        station.tick()
        assert station.finish().answered == 1


def test_the_clock_ends_a_sitting_exactly_once_and_seals_it(at_station, short, clock, tmp_path):
    station = begin(at_station(short), short)
    view = run(clock, station, ALLOTTED)
    assert (view.phase, view.left_ms) == ("sealed", 0)
    ended = of(station, SittingEnded)
    assert [event.by for event in ended] == ["clock"]
    for _ in range(3):
        clock.forward(1_000)
        assert station.tick().phase == "sealed"
    sealed = station.finish()
    assert (sealed.ended_by, of(station, SittingEnded)) == ("clock", ended)
    assert len(list((tmp_path / "data" / "tree" / "notes").glob("result-*"))) == 1


def test_warnings_come_once_each_and_are_events(at_station, short, clock):
    station = begin(at_station(short), short)
    told = []
    for _ in range(ALLOTTED // 1_000 - 1):
        clock.forward(1_000)
        told.append(station.tick().warning)
    assert [mark for mark in told if mark] == [300_000, 60_000]
    assert [event.at_ms for event in of(station, TimeWarned)] == [300_000, 60_000]


def test_time_is_kept_at_least_every_2_s_and_a_crash_consumes_nothing(at_station, short, clock):
    station = begin(at_station(short), short)
    run(clock, station, 60_000)
    clock.forward(500)  # not yet kept when the program dies
    station = at_station(short)
    assert station.info.resumable == "1001"
    clock.forward(3_600_000)  # an hour until somebody comes
    view = station.resume()
    assert ALLOTTED - 60_000 <= view.left_ms <= ALLOTTED - 58_000
    (gap,) = of(station, GapFound)
    assert gap.cause == "crash"
    assert 3_600_000 <= gap.length_ms <= 3_603_000


def test_a_power_cut_consumes_nothing_and_is_told_as_one(at_station, short, clock):
    station = begin(at_station(short), short)
    item = station.view().cells[2].item
    station.show(item)
    run(clock, station, 30_000)
    clock.reboot()
    station = at_station(short)
    view = station.resume()
    assert (view.left_ms, view.current, view.phase) == (ALLOTTED - 30_000, item, "running")
    (gap,) = of(station, GapFound)
    assert (gap.cause, gap.length_ms) == ("power", None)
    assert run(clock, station, 10_000).left_ms == ALLOTTED - 40_000


def test_a_suspended_machine_consumes_nothing_and_is_told_as_one(at_station, short, clock):
    station = begin(at_station(short), short)
    run(clock, station, 30_000)
    clock.sleep(900_000)  # the lid was closed
    view = station.choose(station.view().cells[0].item, "a")
    assert view.left_ms == ALLOTTED - 30_000
    assert [(event.cause, event.length_ms) for event in of(station, GapFound)] == [("suspend", 900_000)]


def test_a_sleep_of_a_second_is_measured_and_a_program_that_hung_is_not_called_asleep(
    at_station, short, clock
):
    station = begin(at_station(short), short)
    run(clock, station, 30_000)
    clock.forward(400)
    clock.sleep(1_000)
    clock.forward(300)
    assert station.tick().left_ms == ALLOTTED - 30_700
    clock.forward(12_000)  # the disk did not answer
    assert station.tick().left_ms == ALLOTTED - 30_700
    assert [(event.cause, event.length_ms) for event in of(station, GapFound)] == [
        ("suspend", 1_000),
        ("stall", 12_000),
    ]


@pytest.mark.parametrize("asleep", [True, False], ids=["asleep", "hung"])
def test_an_answer_pressed_before_a_gap_and_kept_after_it_costs_no_time(at_station, short, clock, asleep):
    station = begin(at_station(short), short)
    item = station.view().cells[0].item
    run(clock, station, 30_000)
    pressed = clock.read()
    (clock.sleep if asleep else clock.forward)(3_600_000)
    view = station.choose(item, "a", given=pressed)
    assert (view.left_ms, view.answers) == (ALLOTTED - 30_000, {item: "a"})
    assert [event.length_ms for event in of(station, GapFound)] == [3_600_000]


def test_everything_pressed_before_the_end_counts_though_the_disk_was_slow(at_station, short, clock):
    """Asked before the end, all in one queue: tick, two answers, tick; the first tick came back after the end."""
    station = begin(at_station(short), short)
    one, other = (cell.item for cell in station.view().cells[:2])
    run(clock, station, ALLOTTED - 1_000)
    clock.forward(900)
    ticked, pressed = clock.read(), []
    for _ in range(2):
        clock.forward(40)
        pressed.append(clock.read())
    clock.forward(800)
    assert station.tick(given=ticked).phase == "running"
    clock.forward(300)
    station.choose(one, "a", given=pressed[0])
    clock.forward(300)
    station.choose(other, "b", given=pressed[1])
    assert [event.late_ms for event in of(station, AnswerChosen)] == [1_080, 1_380]
    assert station.tick(given=ticked).phase == "running"
    assert station.tick().phase == "sealed"
    assert (station.finish().answered, station.finish().ended_by) == (2, "clock")


def test_a_sitting_reopened_with_minutes_has_them_and_the_wait_before_it_is_no_gap(
    at_station, clock, tmp_path_factory
):
    careful = make_session(
        tmp_path_factory.mktemp("two") / "s", session="kecil-2", allotted_ms=60_000, least_level="second"
    )
    station = begin(at_station(careful), careful)
    assert run(clock, station, 60_000).phase == "ended"  # sealing waits for a second place
    clock.forward(300_000)
    view = station.act(proctors_act(station, clock, "reopen", 5, *careful.proctors))
    assert (view.phase, view.left_ms, view.granted_ms) == ("running", 300_000, 300_000)
    assert not of(station, GapFound)


def test_a_wall_clock_that_is_set_back_is_recorded_and_decides_nothing(at_station, short, clock):
    station = begin(at_station(short), short)
    run(clock, station, 10_000)
    clock.wall_offset_ms -= 86_400_000
    view = run(clock, station, 10_000)
    assert view.left_ms == ALLOTTED - 20_000
    assert [event.by_ms for event in of(station, WallClockJumped)] == [-86_400_000]


def test_a_wall_clock_that_was_set_before_an_answer_or_during_a_crash_is_told_too(at_station, short, clock):
    station = begin(at_station(short), short)
    run(clock, station, 10_000)
    clock.wall_offset_ms += 3_600_000
    station.choose(station.view().cells[0].item, "a")
    run(clock, station, 5_000)
    clock.wall_offset_ms -= 7_200_000
    station = at_station(short)
    assert station.resume().left_ms == ALLOTTED - 15_000
    assert [event.by_ms for event in of(station, WallClockJumped)] == [3_600_000, -7_200_000]


def proctors_act(station, clock, kind, granted, *keys, **changes):
    """An act signed by proctors, at the head that the station shows."""
    facts = station._running.facts
    body = act_for(facts, station.head, kind, granted, "listrik padam", clock.read())
    values = {name: getattr(body, name) for name in ActNote.__struct_fields__} | changes
    return sign(ActNote(**values), "test", *keys)


def test_a_pause_stops_the_time_and_answers_and_a_grant_adds_minutes(at_station, short, clock):
    station = begin(at_station(short), short)
    item = station.view().cells[0].item
    run(clock, station, 10_000)
    view = station.act(proctors_act(station, clock, "pause", 0, short.proctors[0]))
    assert (view.phase, view.paused_because) == ("paused", "listrik padam")
    run(clock, station, 60_000)
    with pytest.raises(Refusal) as refused:
        station.choose(item, "a")
    assert refused.value.code == "sitting-paused"
    station = at_station(short)  # a restart while paused stays paused
    assert station.resume().phase == "paused"
    view = station.act(proctors_act(station, clock, "resume", 0, short.proctors[1]))
    assert (view.phase, view.left_ms) == ("running", ALLOTTED - 10_000)
    view = station.act(proctors_act(station, clock, "grant", 5, short.proctors[0]))
    assert (view.left_ms, view.granted_ms) == (ALLOTTED - 10_000 + 300_000, 300_000)


def test_two_proctors_end_a_sitting_and_one_may_not(at_station, short, clock):
    station = begin(at_station(short), short)
    with pytest.raises(Failure):
        station.act(proctors_act(station, clock, "end", 0, short.proctors[0]))
    view = station.act(proctors_act(station, clock, "end", 0, *short.proctors))
    assert view.phase == "sealed"
    assert station.finish().ended_by == "proctor"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"sitting": "0" * 32}, "act-of-another-sitting", id="another sitting"),
        pytest.param({"venue": "bdg-01"}, "act-of-another-sitting", id="another venue"),
        pytest.param({"head": "0" * 64}, "act-of-another-journal", id="a head that never was"),
        pytest.param({"minutes": 5}, "malformed", id="minutes that it does not grant"),
        pytest.param({"act": "resume"}, "act-out-of-order", id="resume while running"),
    ],
)
def test_an_act_that_does_not_fit_is_refused_and_not_written(at_station, short, clock, changes, code):
    station = begin(at_station(short), short)
    note = proctors_act(station, clock, "pause", 0, short.proctors[0], **changes)
    with pytest.raises(Failure) as refused:
        station.act(note)
    assert (refused.value.code, station.view().seq) == (code, 1)


def test_an_act_counts_once(at_station, short, clock):
    station = begin(at_station(short), short)
    note = proctors_act(station, clock, "grant", 5, short.proctors[0])
    station.act(note)
    with pytest.raises(Refusal) as refused:
        station.act(note)
    assert (refused.value.code, len(of(station, ActDone))) == ("act-twice", 1)


def test_what_verify_would_call_false_is_not_taken_from_a_proctor(at_station, short, clock):
    """A proctor who could get two acts of one nonce into a journal could spoil a candidate's result."""
    station = begin(at_station(short), short)
    first = proctors_act(station, clock, "grant", 10, short.proctors[0], nonce="ab" * 16)
    station.act(first)
    for note, code in (
        (proctors_act(station, clock, "note", 0, short.proctors[1], nonce="ab" * 16), "act-twice"),
        (proctors_act(station, clock, "grant", 6, short.proctors[1]), "authority-missing"),
    ):
        with pytest.raises(Failure) as refused:
            station.act(note)
        assert (refused.value.code, len(of(station, ActDone))) == (code, 1)
    station.act(proctors_act(station, clock, "grant", 5, short.proctors[1]))
    view = station.act(proctors_act(station, clock, "grant", 60, *short.proctors))
    assert view.granted_ms == 75 * 60_000
    station = at_station(short)
    assert station.resume().granted_ms == 75 * 60_000


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["wait", "answer", "crash", "power", "sleep", "set-back"]), st.integers(0, 9_000)
        ),
        min_size=1,
        max_size=12,
    )
)
def test_whatever_happens_time_never_grows_and_no_answer_goes(tmp_path_factory, short, steps):
    from cbt_station.delivery.station import Station
    from tests.delivery.hand_clock import HandClock

    clock, data = HandClock(), tmp_path_factory.mktemp("law") / "data"
    station = begin(Station.open(short.path, data, clock=clock), short)
    try:
        left, answers = ALLOTTED, {}
        cells = station.view().cells
        for number, (what, ms) in enumerate(steps):
            if what == "wait":
                clock.forward(ms)
                view = station.tick()
            elif what == "answer":
                item, option = cells[number % 8].item, "abcde"[ms % 5]
                view = station.choose(item, option)
                answers[item] = option
            elif what == "sleep":
                clock.sleep(20_000 + ms)
                view = station.tick()
            elif what == "set-back":
                clock.wall_offset_ms -= ms
                view = station.tick()
            else:
                station.close()
                if what == "power":
                    clock.reboot()
                else:
                    clock.forward(ms)
                station = Station.open(short.path, data, clock=clock)
                view = station.resume()
            assert view.answers == answers
            durable = station._running.durable_left_ms()
            assert durable <= left
            left = durable
    finally:
        station.close()
