"""How much exam time a candidate has left.

Pure arithmetic over readings that the caller took: nothing here looks at a clock or sleeps. Left = allotted + granted
- consumed, in whole milliseconds; consumed is monotonic time while the sitting ran. The wall clock is written for people
to read, and decides nothing. A gap (the program did not run, or the machine slept) is never consumed.

Readings of two boots cannot be compared: between them nothing is consumed. A monotonic clock that went back consumes
nothing either and goes on from where it is.
"""

from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from cbt_station.errors import Refusal

LATE_MS = 2_000
"""An answer given before the end still counts, marked, if it was recorded at most this long after it."""
LONGEST_STEP_MS = 10_000
"""The driver reads the clock about once a second; a longer step means that the machine slept."""

GapCause: TypeAlias = Literal["crash", "power", "suspend"]


class Reading(Struct, frozen=True, forbid_unknown_fields=True):
    """One look at the station's clocks: milliseconds of boot `boot`; `wall` is RFC 3339, for people."""

    mono_ms: int
    boot: str
    wall: str


class Gap(Struct, frozen=True, forbid_unknown_fields=True):
    """What a GapFound event says of its own."""

    cause: GapCause
    length_ms: int | None
    wall_before: str


class ExamClock(Struct, frozen=True, forbid_unknown_fields=True):
    """One candidate's time as of the reading `at`."""

    allotted_ms: int
    granted_ms: int
    consumed_ms: int
    at: Reading
    running: bool

    def left_ms(self, now: Reading) -> int:
        """The time left at `now`, never below zero; it grows by a grant only."""
        return max(0, self._left_at_reading - self._step_ms(now))

    def advanced(self, now: Reading) -> "ExamClock":
        """The same time as of `now`. What ran past the end is not consumed: a later grant is whole."""
        consumed = self.allotted_ms + self.granted_ms - self.left_ms(now)
        return replace(self, consumed_ms=consumed, at=now)

    def paused(self, now: Reading) -> "ExamClock":
        """Stopped from `now` on; until then it is consumed."""
        return replace(self.advanced(now), running=False)

    def resumed(self, now: Reading) -> "ExamClock":
        """Running from `now` on; a pause before it is not consumed."""
        return replace(self.advanced(now), running=True)

    def granted(self, ms: int) -> "ExamClock":
        """With `ms` more. Raise Refusal("grant-not-positive") where it would take time away or give none."""
        if ms <= 0:
            raise Refusal("grant-not-positive", granted_ms=ms)
        return replace(self, granted_ms=self.granted_ms + ms)

    def late_ms(self, given: Reading, recorded: Reading) -> int:
        """How late an answer given at `given` is when recorded at `recorded`: 0, or 1 … LATE_MS after the end.

        Raise Refusal("time-is-up") if it was given at the end or later, or recorded more than LATE_MS after it.
        Ask the clock as it stood before `given`: an advanced clock no longer knows what ran past its end.
        """
        after_end = self._step_ms(recorded) - self._left_at_reading
        if self.left_ms(given) == 0:
            raise Refusal("time-is-up", late_by_ms=self._step_ms(given) - self._left_at_reading)
        if after_end > LATE_MS:
            raise Refusal("time-is-up", late_by_ms=after_end)
        return max(1, after_end) if after_end >= 0 else 0

    @property
    def _left_at_reading(self) -> int:
        return self.allotted_ms + self.granted_ms - self.consumed_ms

    def _step_ms(self, now: Reading) -> int:
        """The running time from the last reading to `now`."""
        if not self.running or now.boot != self.at.boot:
            return 0
        return max(0, now.mono_ms - self.at.mono_ms)


def started(allotted_ms: int, now: Reading) -> ExamClock:
    """A clock that begins to run at `now`."""
    return ExamClock(allotted_ms=allotted_ms, granted_ms=0, consumed_ms=0, at=now, running=True)


def reopened(clock: ExamClock, now: Reading, same_process: bool = False) -> tuple[ExamClock, Gap]:
    """The clock after a gap, and the gap: from the last reading on nothing is consumed.

    Another boot: the power went, and no clock can tell for how long. The same boot in another process: a crash.
    The same process: the machine slept.
    """
    length = max(0, now.mono_ms - clock.at.mono_ms) if now.boot == clock.at.boot else None
    cause: GapCause = "power" if length is None else "suspend" if same_process else "crash"
    return replace(clock, at=now), Gap(cause=cause, length_ms=length, wall_before=clock.at.wall)


def ticked(clock: ExamClock, now: Reading) -> tuple[ExamClock, Gap | None]:
    """The driver's ordinary step: advanced, or, after a step longer than LONGEST_STEP_MS, reopened after a sleep."""
    if now.boot != clock.at.boot or now.mono_ms - clock.at.mono_ms > LONGEST_STEP_MS:
        return reopened(clock, now, same_process=True)
    return clock.advanced(now), None
