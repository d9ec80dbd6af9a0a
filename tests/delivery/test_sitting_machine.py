"""Stations, one stick, one clock, and whatever order hypothesis thinks of, beside a model of a page.

After every step: what was acknowledged is there; "saved in two places" is shown only where the stick proves every event;
the time left never grows but by a grant, is never less than owed minus what ran, and is what the second fold reads from
the lines; a sealed sitting has one result and it stays the same; a seat that was left never goes on. Deaths between two disk operations are tried in
test_power_cut.py and tests/torture.
"""

import itertools
import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace

from cbt_station.delivery import journal
from cbt_station.delivery import running as running_module
from cbt_station.delivery.recover import recover
from cbt_station.delivery.running import RunningSitting
from cbt_station.delivery.second_copy import proven_events
from cbt_station.delivery.station import Station
from cbt_station.errors import Failure, Refusal
from cbt_station.exam.clock import LONGEST_STEP_MS, ExamClock, reopened
from tests.delivery.conftest import begin
from tests.delivery.hand_clock import HandClock
from tests.delivery.small_session import PASSPHRASE, make_session
from tests.exam.candidates import LONGEST_TICK_MS, MOST_BACK_MS
from tests.exam.second_fold import MINUTE_MS, FalseTimeError, fold_lines

ALLOTTED_MS = 90_000
EXAMPLES = int(os.environ.get("CBT_MACHINES", "15"))
ITEMS = st.integers(0, 7)
GRANTED, REOPENED = ExamClock.granted, reopened
not_sealed = precondition(lambda self: not self.sealed)
running = precondition(lambda self: not self.sealed and not self.paused)


class SittingMachine(RuleBasedStateMachine):
    """The model: answers, flags, what was shown, the language, owed and run time, where the stick is, what was sealed."""

    def __init__(self, session, folder) -> None:
        super().__init__()
        self.session, self.data, self.clock = session, folder / "data-1", HandClock()
        self.left_seats = []
        self.stick, self.drawer = folder / "stick", folder / "drawer"
        self.stick.mkdir(parents=True)
        self.station = self._station()
        try:
            begin(self.station, session)
        except BaseException:
            self.station.close()
            raise
        self.items = [cell.item for cell in self.station.view().cells]
        self.options = self.station.view().option_order
        self.answers, self.flagged, self.seen = {}, set(), set()
        self.current, self.language = self.items[0], "id"
        self.paused = self.sealed = False
        self.owed_ms, self.ran_ms, self.deaths = ALLOTTED_MS, 0, 0
        self.since_tick_ms = 0
        self.least_left_ms = ALLOTTED_MS
        self.result = None

    # --- what a candidate does ----------------------------------------------------------------------------------

    def _do(self, call, then) -> None:
        """An allowed call changes station and model; another is refused, and changes neither."""
        try:
            view = call()
        except Refusal as refused:
            expected = "sitting-ended" if self.sealed else "sitting-paused" if self.paused else "time-is-up"
            assert refused.code == expected  # noqa: PT017 - a step may be refused or not
            assert expected != "time-is-up" or self.ran_ms >= self.owed_ms
            return
        assert not self.sealed
        assert not self.paused
        assert view.seq == self.station.view().seq
        then()

    @rule(item=ITEMS, letter=st.integers(0, 4), thinks_ms=st.integers(0, 900))
    def choose(self, item, letter, thinks_ms):
        item = self.items[item]
        option = self.options[item][letter]
        self._pass(thinks_ms)
        self._do(lambda: self.station.choose(item, option), lambda: self.answers.update({item: option}))

    @rule(item=ITEMS)
    def clear(self, item):
        item = self.items[item]
        self._do(lambda: self.station.clear(item), lambda: self.answers.pop(item, None))

    @rule(item=ITEMS, on=st.booleans())
    def flag(self, item, on):
        item = self.items[item]
        self._do(
            lambda: self.station.flag(item, on),
            lambda: (self.flagged.add if on else self.flagged.discard)(item),
        )

    @rule(item=ITEMS)
    def show(self, item):
        item = self.items[item]
        self._do(
            lambda: self.station.show(item), lambda: (self.seen.add(item), setattr(self, "current", item))
        )

    @running
    @rule(language=st.sampled_from(["id", "en"]))
    def set_language(self, language):
        self._do(lambda: self.station.set_language(language), lambda: setattr(self, "language", language))

    @precondition(lambda self: not self.sealed and self.station.view().seq > 12)
    @rule()
    def finish(self):
        if self.paused:
            with pytest.raises(Refusal, match=r"^sitting-paused"):
                self.station.finish()
            return
        by = self.station.finish().ended_by
        self.sealed = True
        assert by == "candidate" or self.ran_ms >= self.owed_ms

    # --- time -----------------------------------------------------------------------------------------------------

    @not_sealed
    @rule(ms=st.one_of(st.integers(1, 5_000), st.integers(5_000, 40_000)))
    def work(self, ms):
        while ms > 0 and not self.sealed:
            step = min(ms, LONGEST_TICK_MS - self.since_tick_ms)
            ms -= step
            self._pass(step)
            self._tick()

    @not_sealed
    @rule(ms=st.integers(500, 10**8), seen_by=st.sampled_from(["tick", "answer", "nobody"]))
    def sleep(self, ms, seen_by):
        self.clock.sleep(ms)
        if seen_by == "tick":
            self._tick()
        elif seen_by == "answer":
            self.choose(0, 0, 0)

    @not_sealed
    @rule(ms=st.integers(LONGEST_STEP_MS + 1, 60_000))
    def hang(self, ms):
        self.clock.forward(ms)
        self.deaths += 1
        self._tick()

    @rule(ms=st.sampled_from([-3_600_000, -1_000, 3_000, 10**10]))
    def set_the_wall_clock(self, ms):
        self.clock.wall_offset_ms += ms

    # --- what goes wrong --------------------------------------------------------------------------------------------

    @not_sealed
    @rule(power=st.booleans(), down_ms=st.integers(0, 10**7), looks=st.booleans())
    def die_and_come_back(self, power, down_ms, looks):
        shown = self.station.view()
        self.station.close()
        if power:
            self.clock.reboot()
        self.clock.forward(down_ms)
        if looks:
            self._check_recovered(shown)
        self.deaths += 1
        self.since_tick_ms = 0
        self._come_back()

    def _check_recovered(self, shown):
        report = recover(self.data, self.stick)
        assert (report.state, report.answers) == ("paused" if self.paused else "running", self.answers)
        assert (report.seq, report.left_ms) == (shown.seq, shown.left_ms)
        if shown.saved.level == "second" and self.stick.is_dir():
            assert {one.level for one in report.acknowledged} == {"second"}

    def _come_back(self):
        """With the stick at hand, where the station insists on it."""
        try:
            self.station = self._station()
            self.station.resume()
        except Failure as failure:
            assert failure.code.startswith("second")  # noqa: PT017 - it may insist or not
            assert not self.stick.is_dir()
            self.station.close()
            self.put_the_stick_back()
            self.station = self._station()
            self.station.resume()

    @precondition(lambda self: not self.sealed and self.stick.is_dir() and len(self.left_seats) < 3)
    @rule(down_ms=st.integers(0, 10**7))
    def move_to_another_station(self, down_ms):
        """The station breaks; the sitting goes on elsewhere with what the stick holds, which must be everything."""
        if self.station.view().saved.level != "second":
            return
        self.station.close()
        self.left_seats.append(self.data)
        self.data = self.data.with_name(f"data-{len(self.left_seats) + 1}")
        self.clock.reboot()
        self.clock.forward(down_ms)
        self.deaths += 1
        self.since_tick_ms = 0
        self.station = self._station()
        self.station.unlock(self.session.venue_key, PASSPHRASE, self.session.code)
        self.station.take_over("1001", self.stick)

    @precondition(lambda self: self.left_seats and self.stick.is_dir())
    @rule(which=st.integers(0, 2))
    def a_left_seat_wants_to_go_on(self, which):
        old = self._station(self.left_seats[which % len(self.left_seats)])
        try:
            if old.info.resumable is None:  # it was told before, and holds nothing any more
                assert old.resume() is None
            else:
                with pytest.raises(Refusal, match=r"^(fenced-out|second-place-needed)"):
                    old.resume()
        finally:
            old.close()

    @precondition(lambda self: not self.sealed and self.stick.is_dir())
    @rule()
    def pull_the_stick_out(self):
        self.stick.rename(self.drawer)

    @precondition(lambda self: not self.stick.is_dir())
    @rule()
    def put_the_stick_back(self):
        self.drawer.rename(self.stick)

    # --- what a proctor does ----------------------------------------------------------------------------------------

    @running
    @rule()
    def pause(self):
        self._act("pause")
        self.paused = True

    @precondition(lambda self: self.paused and not self.sealed)
    @rule()
    def resume(self):
        self._act("resume")
        self.paused = False

    @not_sealed
    @rule(minutes=st.integers(1, 3))
    def grant(self, minutes):
        self._act("grant", minutes)
        over_ms = max(0, self.ran_ms - self.owed_ms)  # that time was nobody's: a grant is whole
        self.ran_ms -= over_ms
        self.owed_ms += minutes * MINUTE_MS
        self.least_left_ms += minutes * MINUTE_MS

    def _act(self, act, minutes=0):
        self.station.act(self.station.unsigned_act(act, minutes, "listrik padam"))

    # --- what always holds ------------------------------------------------------------------------------------------

    @invariant()
    def what_was_acknowledged_is_there(self):
        view = self.station.view()
        cells = view.cells
        assert view.answers == self.answers
        assert {cell.item for cell in cells if cell.flagged} == self.flagged
        assert {cell.item for cell in cells if cell.seen} == self.seen
        assert (view.current, view.language) == (self.current, self.language)
        assert view.phase == ("sealed" if self.sealed else "paused" if self.paused else "running")

    @invariant()
    def two_places_are_shown_only_where_the_stick_proves_them(self):
        view, running = self.station.view(), self.station._running
        if view.saved.level == "second" and not self.sealed:
            place = self.stick if self.stick.is_dir() else self.drawer
            assert proven_events(place, running.journal, running.opened.database_key) == view.seq

    @invariant()
    def time_grows_by_grants_only_and_nobody_has_less(self):
        view, lines = self.station.view(), [one.line for one in self.station._running.journal.records]
        assert view.left_ms <= self.least_left_ms
        self.least_left_ms = view.left_ms
        least = self.owed_ms - self.ran_ms
        most = least + self.deaths * MOST_BACK_MS + 2 * LONGEST_TICK_MS  # not yet read
        assert max(0, least) <= view.left_ms <= max(0, most)
        told = fold_lines(lines)
        assert told.answers == self.answers
        assert told.left_ms >= view.left_ms  # the slot is newer than the last line
        assert told.ends == self.sealed

    @invariant()
    def there_is_one_result_for_good(self):
        seats = [*self.left_seats, self.data]
        results = [path.name for seat in seats for path in (seat / "tree" / "notes").glob("result-*")]
        assert len(results) == self.sealed
        if self.sealed:
            self.result = self.result or results[0]
            assert results == [self.result]
            assert self.result == f"result-{self.station.finish().result}.note"

    def teardown(self):
        self.station.close()
        report = recover(self.data, self.stick)
        assert report.state == ("sealed" if self.sealed else "paused" if self.paused else "running")
        if not self.sealed:
            assert report.answers == self.answers

    # --- one layer down -----------------------------------------------------------------------------------------

    def _station(self, data=None) -> Station:
        where = data or self.data
        return Station.open(self.session.path, where, clock=self.clock, second=self.stick, patience_s=30.0)

    def _pass(self, ms: int) -> None:
        ms = min(ms, LONGEST_TICK_MS - self.since_tick_ms)
        self.clock.forward(ms)
        self.since_tick_ms += ms
        self.ran_ms += 0 if self.paused else ms

    def _tick(self) -> None:
        self.sealed = self.station.tick().phase == "sealed"
        self.since_tick_ms = 0


def run(tmp_path, examples, **more):
    session = make_session(tmp_path / "s", allotted_ms=ALLOTTED_MS, warnings_ms=(60_000, 10_000))
    numbers = itertools.count()
    run_state_machine_as_test(
        lambda: SittingMachine(session, tmp_path / str(next(numbers))),
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.reuse, Phase.generate),  # each step is real commits: shrink by hand
            **more,
        ),
    )


def test_in_whatever_order_things_happen_the_promises_hold(tmp_path):
    run(tmp_path, EXAMPLES)


FAULTS = {
    "two places are always shown": (RunningSitting, "level", property(lambda _: "second")),
    "an answer is told before it is kept": (journal, "_insert", lambda *_, **__: None),
    "a grant counts twice": (ExamClock, "granted", lambda clock, ms: GRANTED(GRANTED(clock, ms), ms)),
    "a restart costs ten seconds": (
        running_module,
        "reopened",
        lambda clock, now: REOPENED(replace(clock, consumed_ms=clock.consumed_ms + 10_000), now),
    ),
    "a sealed sitting is ended again": (RunningSitting, "end", lambda _: None),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault, monkeypatch, tmp_path):
    monkeypatch.setattr(*FAULTS[fault])
    with pytest.raises((AssertionError, FalseTimeError, Failure, BaseExceptionGroup)):
        run(tmp_path, 20, database=None, derandomize=True, print_blob=False)
