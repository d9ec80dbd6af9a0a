"""The machine's own clocks: what is sleep, and what is only two clocks read one after the other.

Which pair a system has is in `delivery.clock._clocks`; here the pair is handed in (Windows counts in 15.6 ms), and once the
real ones of this machine are read. What a sitting makes of a sleep is in test_time.py.
"""

import sys

import pytest

from cbt_station.delivery.clock import LEAST_SLEEP_MS, SystemClock, _clocks, wall_instant

MS = 1_000_000


class Pair:
    """A clock that counts sleep and one that does not, in nanoseconds, turned by hand."""

    def __init__(self) -> None:
        self.mono_ns = self.awake_ns = 5_000 * MS
        self.between_ns = 0
        """What passes while the two are read."""

    def clock(self) -> SystemClock:
        return SystemClock((self._mono, lambda: self.awake_ns), boot="b")

    def _mono(self) -> int:
        now = self.mono_ns
        self.mono_ns += self.between_ns
        self.awake_ns += self.between_ns
        return now

    def run(self, ms: float) -> None:
        self.mono_ns += round(ms * MS)
        self.awake_ns += round(ms * MS)


def test_a_sleep_is_told_apart_from_awake_time() -> None:
    pair = Pair()
    clock = pair.clock()
    before = clock.read()
    pair.run(700)
    pair.mono_ns += 3_000 * MS
    pair.run(100)
    after = clock.read()
    assert (after.mono_ms - before.mono_ms, after.slept_ms - before.slept_ms) == (3_800, 3_000)
    assert after.awake_ms - before.awake_ms == 800


def test_sleep_before_the_program_began_is_no_sleep_of_the_sitting() -> None:
    pair = Pair()
    pair.mono_ns += 28_800_000 * MS
    clock = pair.clock()
    assert clock.read().slept_ms == clock.read().slept_ms == 28_800_000


@pytest.mark.parametrize("jitter_ms", [0.1, 15.6, -15.6, 31.2, LEAST_SLEEP_MS - 1])
def test_clocks_that_tick_apart_are_no_sleep_and_no_time_is_lost_in_them(jitter_ms: float) -> None:
    pair = Pair()
    clock = pair.clock()
    before = clock.read()
    for number in range(1_000):
        pair.run(900)
        pair.mono_ns += round(jitter_ms * MS) * (1 if number % 2 == 0 else -1)
        assert clock.read().slept_ms == 0
    assert clock.read().awake_ms - before.awake_ms == 900_000


def test_many_short_sleeps_are_told_when_together_they_are_one() -> None:
    pair = Pair()
    clock = pair.clock()
    slept = []
    for _ in range(4):
        pair.run(900)
        pair.mono_ns += 200 * MS
        slept.append(clock.read().slept_ms)
    assert slept == [0, 0, 600, 600]


def test_a_program_that_was_interrupted_between_two_clocks_reads_them_again() -> None:
    pair = Pair()
    clock = pair.clock()
    pair.between_ns = 700 * MS
    first = pair.mono_ns
    reading = clock.read()
    assert (reading.mono_ms * MS - first) % (2 * pair.between_ns) == 0  # a whole number of tries
    assert reading.mono_ms * MS > first


def test_this_machine_has_both_clocks_and_they_go_forward() -> None:
    counts_sleep, stops_in_sleep = _clocks()
    assert counts_sleep() >= stops_in_sleep() - 50 * MS
    clock = SystemClock()
    before, after = clock.read(), clock.read()
    assert 0 <= after.mono_ms - before.mono_ms < 60_000
    assert (after.boot, after.slept_ms) == (before.boot, before.slept_ms)
    assert wall_instant(after).utcoffset() is not None


@pytest.mark.skipif(sys.platform != "linux", reason="the boot's id is Linux's")
def test_two_programs_of_one_boot_see_the_same_boot() -> None:
    assert SystemClock().read().boot == SystemClock().read().boot
