"""The one clock: nothing else in the program reads the time of an exam.

A reading counts a suspended machine's sleep and says how much of it was sleep, so that a sleep of any length is measured
and never consumed. Which clocks count sleep differs from system to system; `_clocks` is the one place that knows:

    system    counts sleep                       stops in sleep
    Linux     CLOCK_BOOTTIME                     CLOCK_MONOTONIC
    Windows   time.monotonic (QPC or ticks)      QueryUnbiasedInterruptTime
    macOS     CLOCK_MONOTONIC                    CLOCK_UPTIME_RAW

The boot's id tells a restarted program from a restarted machine; where there is none, every start looks like another
boot, which consumes nothing of the candidate's time. The wall clock is for people, and for the start window only.
"""

import datetime as dt
import secrets
import sys
import time
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Protocol, TypeAlias

from cbt_station.exam.clock import Reading

LEAST_SLEEP_MS = 500
"""Two clocks are read one after the other, and Windows counts in 15.6 ms: a shorter difference is no sleep."""
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_TRIES = 3
_TOGETHER_NS = 5_000_000
Nanoseconds: TypeAlias = Callable[[], int]


class Clock(Protocol):
    """What can be read."""

    def read(self) -> Reading: ...


class SystemClock:
    """This machine's clocks."""

    def __init__(
        self, clocks: tuple[Nanoseconds, Nanoseconds] | None = None, boot: str | None = None
    ) -> None:
        """`clocks`: one that counts sleep, one that stops in it."""
        self._counts_sleep, self._stops_in_sleep = clocks or _clocks()
        self._boot = boot or _boot_id()
        self._slept_ms = 0

    def read(self) -> Reading:
        mono_ns, awake_ns, wall = self._read_together()
        slept_ms = (mono_ns - awake_ns) // 1_000_000
        if slept_ms - self._slept_ms >= LEAST_SLEEP_MS:
            self._slept_ms = slept_ms
        return Reading(
            mono_ms=mono_ns // 1_000_000,
            boot=self._boot,
            wall=wall.isoformat(timespec="milliseconds"),
            slept_ms=self._slept_ms,
        )

    def _read_together(self) -> tuple[int, int, dt.datetime]:
        """All three of one moment: once more where the program was interrupted between them."""
        for _ in range(_TRIES):
            mono_ns, awake_ns = self._counts_sleep(), self._stops_in_sleep()
            wall = dt.datetime.now().astimezone()
            if self._counts_sleep() - mono_ns < _TOGETHER_NS:
                break
        return mono_ns, awake_ns, wall


def wall_instant(reading: Reading) -> dt.datetime:
    """The moment that the wall clock shows, with its zone."""
    return _instant(reading.wall)


@lru_cache(maxsize=8)
def _instant(wall: str) -> dt.datetime:
    """An answer asks for those of the same few readings again and again."""
    return dt.datetime.fromisoformat(wall)


def time_of_day(reading: Reading) -> str:
    """ "10:42:07", for people."""
    return wall_instant(reading).strftime("%H:%M:%S")


def _clocks() -> tuple[Nanoseconds, Nanoseconds]:
    if sys.platform == "win32":
        return time.monotonic_ns, _unbiased_interrupt_time_ns
    if sys.platform == "darwin":
        return (
            partial(time.clock_gettime_ns, time.CLOCK_MONOTONIC),
            partial(time.clock_gettime_ns, time.CLOCK_UPTIME_RAW),
        )
    return (
        partial(time.clock_gettime_ns, time.CLOCK_BOOTTIME),
        partial(time.clock_gettime_ns, time.CLOCK_MONOTONIC),
    )


if sys.platform == "win32":
    import ctypes

    def _unbiased_interrupt_time_ns() -> int:
        """Time since the start without sleep, in units of 100 ns (Microsoft: QueryUnbiasedInterruptTime)."""
        hundreds = ctypes.c_ulonglong()
        ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(hundreds))
        return hundreds.value * 100


def _boot_id() -> str:
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return secrets.token_hex(16)
