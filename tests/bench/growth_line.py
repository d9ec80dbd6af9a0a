"""What event 10,000 of a sitting costs, beside event 10 of another: a long sitting is no slower than a new one.

Both are real stations with the form of 110 items, on the same disk, one answer in turn; the old one was answered 10,000
times before. From the call to the view that came back after the commit.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from cbt_station.delivery.station import Station
from cbt_station.rehearsal.cast import PASSPHRASE
from cbt_station.rehearsal.stage import Stage
from tests.bench.harness import Line, compare
from tests.delivery.hand_clock import HandClock
from tests.staged import stage_skd

EVENTS = 10_000
IN_A_ROUND = 200
STARTS = dt.datetime.fromisoformat("2026-12-01T09:00:00+07:00")
"""Before the hand clock's first reading, so that the start window is open."""


def staged(folder: Path) -> Stage:
    return stage_skd(folder / "stage", now=STARTS)[0]


def begun(stage: Stage, data: Path, clock: HandClock, second: Path | None = None) -> Station:
    """A new sitting, with ten hours granted, so that time is no question."""
    station = Station.open(stage.session, data, clock=clock, second=second, patience_s=30.0)
    entry = stage.roster.candidates[0]
    station.unlock(stage.venue_key.read_bytes(), PASSPHRASE, stage.codes.start)
    station.check_in(entry.number, entry.birth_date)
    station.start("id")
    station.act(station.unsigned_act("grant", 600, "-"))
    return station


def worker(station: Station, clock: HandClock) -> Callable[[], int]:
    """Each call goes to the next question, or answers it anew; how long that took."""
    order = station.view().option_order
    items, done = list(order), 0

    def work() -> int:
        nonlocal done
        item, answers = items[done // 2 % len(items)], done % 2
        option = order[item][done // (2 * len(items)) % len(order[item])]
        done += 1
        clock.forward(2_000)
        start = time.perf_counter_ns()
        if answers:
            station.choose(item, option)
        else:
            station.show(item)
        taken = time.perf_counter_ns() - start
        if done % 50 == 0:
            station.tick()  # where the log is put in order, between answers
        return taken

    return work


def measure(folder: Path) -> Line:
    stage, clock = staged(folder), HandClock()
    old, new = begun(stage, folder / "old", clock), begun(stage, folder / "new", clock)
    try:
        on, off = worker(old, clock), worker(new, clock)
        for _ in range(EVENTS):
            on()
        for _ in range(10):
            off()
        assert old.view().seq >= EVENTS

        def of(work: Callable[[], int]) -> Callable[[int], Iterable[int]]:
            return lambda _round: [work() for _ in range(IN_A_ROUND)]

        return compare("event 10,000 beside event 10", of(on), of(off), goal="≤ 1.1×")
    finally:
        old.close()
        new.close()
