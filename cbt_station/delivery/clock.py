"""The one clock: nothing else in the program reads the time of an exam.

Monotonic time is CLOCK_BOOTTIME, which counts a suspended machine's sleep too (Linux's CLOCK_MONOTONIC does not): so a
sleep shows as a long step, is not consumed, and is recorded. The boot's id tells a restarted program from a restarted
machine. The wall clock is for people, and for the start window only.
"""

import datetime as dt
import secrets
import time
from pathlib import Path
from typing import Protocol

from cbt_station.exam.clock import Reading

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Clock(Protocol):
    """What can be read."""

    def read(self) -> Reading: ...


class SystemClock:
    """This machine's clocks."""

    def __init__(self) -> None:
        try:
            self._boot = _BOOT_ID.read_text(encoding="ascii").strip()
        except OSError:
            # No boot id: every start then looks like another boot, which consumes nothing of the candidate's time.
            self._boot = secrets.token_hex(16)
        self._which = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

    def read(self) -> Reading:
        return Reading(
            mono_ms=time.clock_gettime_ns(self._which) // 1_000_000,
            boot=self._boot,
            wall=dt.datetime.now().astimezone().isoformat(timespec="milliseconds"),
        )


def wall_instant(reading: Reading) -> dt.datetime:
    """The moment that the wall clock shows, with its zone."""
    return dt.datetime.fromisoformat(reading.wall)


def time_of_day(reading: Reading) -> str:
    """ "10:42:07", for people."""
    return wall_instant(reading).strftime("%H:%M:%S")
