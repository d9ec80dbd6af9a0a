"""A clock that a test turns by hand: an edge of the world, faked."""

import datetime as dt

from cbt_station.exam.clock import Reading

_START = dt.datetime.fromisoformat("2026-12-01T09:00:00+07:00")


class HandClock:
    """Monotonic and wall time go together unless the test says otherwise. `rate`: how fast the wall clock runs."""

    def __init__(self) -> None:
        self.mono_ms = 1_000_000
        self.boot = "boot-1"
        self.slept_ms = 0
        self.wall_offset_ms = 0
        self.rate = 1.0
        self.zone: dt.tzinfo | None = None

    def read(self) -> Reading:
        wall = _START + dt.timedelta(milliseconds=self.mono_ms + round(self.wall_offset_ms))
        text = wall.astimezone(self.zone or wall.tzinfo).isoformat(timespec="milliseconds")
        return Reading(self.mono_ms, self.boot, text, self.slept_ms)

    def forward(self, ms: int) -> None:
        self.mono_ms += ms
        self.wall_offset_ms += ms * (self.rate - 1)

    def sleep(self, ms: int) -> None:
        """The machine is suspended: its monotonic clock goes on, its awake time stands still."""
        self.forward(ms)
        self.slept_ms += ms

    def reboot(self) -> None:
        """Power cut: the monotonic clock begins anew, the wall clock goes on."""
        self.wall_offset_ms += self.mono_ms
        self.mono_ms = 5_000
        self.slept_ms = 0
        self.boot += "'"
        self.wall_offset_ms += 60_000
