"""Whole sittings at random: the clock, the events and the state that they fold to agree, whatever happens.

A small driver stands in for `delivery` (whose own state machine, with disks and power cuts, is in tests/delivery):
it takes readings, asks the rules, and writes down what happened.
"""

from functools import reduce
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from cbt_station.errors import Refusal, Tampered
from cbt_station.exam.clock import ExamClock, Reading, reopened, started, ticked
from cbt_station.exam.events import (
    ActDone,
    AnswerChosen,
    Event,
    GapFound,
    ItemShown,
    SittingEnded,
    SittingStarted,
    TimeWarned,
)
from cbt_station.exam.form import Form, FormItem
from cbt_station.exam.sitting import MINUTE_MS, SittingState, apply, due_warning, fold, require_answerable
from tests.exam.candidates import CHOICE

ALLOTTED = 3_600_000
MARKS = (1_800_000, 300_000, 60_000)
FORM = Form(
    blueprint="b",
    items=tuple(FormItem(item=f"i{n}", section="S", options=("a", "b", "c")) for n in range(3)),
)


class Driver:
    """The least that runs a sitting: `ran` counts the milliseconds that a stopwatch beside it would show."""

    def __init__(self) -> None:
        self.now = Reading(mono_ms=5_000, boot="b0", wall="w")
        self.clock: ExamClock = started(ALLOTTED, self.now)
        self.events: list[Event] = []
        self.state: SittingState | None = None
        self.ran = 0
        self.record(
            SittingStarted, sitting="s", start="st", form="f", allotted_ms=ALLOTTED, language="id", fence=1
        )

    @property
    def running(self) -> bool:
        return self.state is not None and self.state.status == "running"

    def record(self, kind: type[Event], **fields: Any) -> None:
        event = kind(
            seq=len(self.events) + 1,
            mono_ms=self.now.mono_ms,
            boot=self.now.boot,
            wall=self.now.wall,
            left_ms=self.clock.left_ms(self.now),
            **fields,
        )
        self.state = apply(self.state, event)
        self.events.append(event)

    def run(self, ms: int) -> None:
        """The program runs for `ms`, ticking as it should."""
        while ms > 0 and self.running:
            step = min(ms, 1_000)
            ms -= step
            self.ran += min(step, self.clock.left_ms(self.now))  # what runs past the end is not exam time
            self.now = replace(self.now, mono_ms=self.now.mono_ms + step)
            self.clock, gap = ticked(self.clock, self.now)
            assert gap is None
            self.tick()

    def run_to_the_end_but(self, ms: int) -> None:
        """In one stride to 100 s before the end, read seldom, and from there as always."""
        stride = self.clock.left_ms(self.now) - 100_000
        if self.running and stride > 0:
            self.ran += stride
            self.now = replace(self.now, mono_ms=self.now.mono_ms + stride)
            self.clock = self.clock.advanced(self.now)
            self.tick()
        self.run(self.clock.left_ms(self.now) - ms)

    def tick(self) -> None:
        assert self.state is not None
        mark = due_warning(self.state, MARKS, self.clock.left_ms(self.now))
        if mark is not None:
            self.record(TimeWarned, at_ms=mark)
        if self.clock.left_ms(self.now) == 0:
            self.record(SittingEnded, by="clock")
            self.clock = self.clock.paused(self.now)

    def choose(self, item: str, option: str) -> None:
        """As `delivery` does: ask the rules, then write."""
        assert self.state is not None
        require_answerable(self.state, FORM, item, option, lambda _item: CHOICE)
        late_ms = self.clock.late_ms(self.now, self.now)
        self.record(ItemShown, item=item)
        self.record(AnswerChosen, item=item, answer=option, late_ms=late_ms)

    def choose_if_allowed(self, item: str, option: str) -> None:
        if self.running:
            self.choose(item, option)
            return
        with pytest.raises(Refusal, match=r"^sitting-(paused|ended)"):
            self.choose(item, option)

    def act(self, what: str, minutes: int = 0) -> None:
        if minutes:
            self.clock = self.clock.granted(minutes * MINUTE_MS)
        if what in ("resume", "reopen"):
            self.clock = self.clock.resumed(self.now)
        if what == "pause":
            self.clock = self.clock.paused(self.now)
        self.record(ActDone, act=what, minutes=minutes, id="a", note="n")

    def finish(self) -> None:
        self.clock = self.clock.paused(self.now)
        self.record(SittingEnded, by="candidate")

    def gap(self, cause: str, length: int) -> None:
        slept = max(1, length) if cause == "suspend" else 0
        boot = self.now.boot + "'" if cause == "power" else self.now.boot
        self.now = Reading(self.now.mono_ms + (slept or length), boot, "w", self.now.slept_ms + slept)
        self.clock, found = (ticked if slept else reopened)(self.clock, self.now)
        assert found is not None
        assert found.cause == cause
        self.record(GapFound, **asdict(found))


milliseconds = st.integers(1, 40_000)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("run"), milliseconds),
        st.tuples(st.just("run to the end but"), st.integers(-3_000, 3_000)),
        st.tuples(st.just("choose"), st.sampled_from(["i0", "i1", "i2"]), st.sampled_from("abc")),
        st.tuples(st.sampled_from(["pause", "resume", "finish"])),
        st.tuples(st.sampled_from(["grant", "reopen"]), st.integers(1, 3)),
        st.tuples(st.just("gap"), st.sampled_from(["crash", "power", "suspend"]), st.integers(0, 10**7)),
    ),
    min_size=6,
    max_size=30,
)


NEEDS = {"pause": "running", "resume": "paused", "finish": "running", "reopen": "ended"}


def play(driver: Driver, what: str, *more: Any) -> None:
    """One step of a script, where it can be taken."""
    assert driver.state is not None
    if driver.state.status != NEEDS.get(what, driver.state.status):
        return
    deeds = {
        "run": driver.run,
        "run to the end but": driver.run_to_the_end_but,
        "choose": driver.choose_if_allowed,
        "finish": driver.finish,
        "gap": driver.gap,
    }
    if what in deeds:
        deeds[what](*more)
    else:
        driver.act(what, *more)


@settings(max_examples=150, deadline=None)
@given(steps)
def test_whatever_happens_the_journal_folds_to_the_state_and_no_millisecond_is_lost(
    script: list[Any],
) -> None:
    driver = Driver()
    for step in script:
        play(driver, *step)
    assert driver.state is not None
    # Folding the whole journal, or its head and then its tail, is what happened event by event.
    assert fold(driver.events) == driver.state
    middle = (len(driver.events) + 1) // 2
    assert reduce(apply, driver.events[middle:], fold(driver.events[:middle])) == driver.state
    # Time left = allotted + granted - what a stopwatch counted while it ran: gaps and pauses cost nothing.
    left = driver.clock.left_ms(driver.now)
    assert left == driver.state.allotted_ms + driver.state.granted_ms - driver.ran
    # It never grew but by a grant.
    for before, after in zip(driver.events, driver.events[1:], strict=False):
        granted = after.minutes * MINUTE_MS if isinstance(after, ActDone) else 0
        assert after.left_ms <= before.left_ms + granted
    # Ends and reopenings alternate: each end comes exactly once.
    turns = [
        "end" if isinstance(event, SittingEnded) else "reopen"
        for event in driver.events
        if isinstance(event, SittingEnded) or (isinstance(event, ActDone) and event.act == "reopen")
    ]
    assert turns == ["end", "reopen"] * (len(turns) // 2) + ["end"] * (len(turns) % 2)
    assert (driver.state.status == "ended") == (len(turns) % 2 == 1)
    # The last answer to each item is the answer.
    last = {event.item: event.answer for event in driver.events if isinstance(event, AnswerChosen)}
    assert driver.state.answers == last


@settings(max_examples=60, deadline=None)
@given(steps, st.data())
def test_a_journal_with_an_event_left_out_repeated_or_moved_is_found(
    script: list[Any], data: st.DataObject
) -> None:
    driver = Driver()
    for step in script:
        play(driver, *step)
    place = data.draw(st.integers(0, len(driver.events) - 1))
    events = driver.events
    broken = [[*events[: place + 1], *events[place:]], [*events[:place], events[-1], *events[place:]]]
    if place < len(events) - 1:
        broken.append(events[:place] + events[place + 1 :])
    for journal in broken:
        with pytest.raises(Tampered):
            fold(journal)


def test_a_sitting_of_sixty_minutes_ends_by_the_clock_once_with_all_its_warnings() -> None:
    driver = Driver()
    driver.run(ALLOTTED + 5_000)
    assert [event.at_ms for event in driver.events if isinstance(event, TimeWarned)] == list(MARKS)
    assert [event.left_ms for event in driver.events if isinstance(event, SittingEnded)] == [0]
    with pytest.raises(Refusal):
        driver.choose("i0", "a")
