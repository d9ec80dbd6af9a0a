"""How much exam time a candidate has left.

Pure arithmetic over readings that the caller took: nothing here looks at a clock or sleeps. Left = allotted + granted
- consumed, in whole milliseconds; consumed is monotonic time while the sitting ran. The wall clock is written for people
to read, and decides nothing. A gap (the program did not run, or hung, or the machine slept) is never consumed.

A reading counts a machine's sleep and says how much of it was sleep: the rest, awake time, is what a candidate can use.
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
"""The driver reads the clock about once a second; a longer step of awake time means that the program hung."""

GapCause: TypeAlias = Literal["crash", "power", "suspend", "stall"]


class Reading(Struct, frozen=True, forbid_unknown_fields=True):
    """One look at the station's clocks: milliseconds of boot `boot`, `slept_ms` of them asleep; `wall` is RFC 3339."""

    mono_ms: int
    boot: str
    wall: str
    slept_ms: int = 0

    @property
    def awake_ms(self) -> int:
        return self.mono_ms - self.slept_ms


class Gap(Struct, frozen=True, forbid_unknown_fields=True):
    """What a GapFound event says of its own; `mono_before_ms` is the last reading that counted, of its own boot."""

    cause: GapCause
    length_ms: int | None
    wall_before: str
    mono_before_ms: int


class ExamClock(Struct, frozen=True, forbid_unknown_fields=True):
    """One candidate's time as of the reading `at`; `over_ms` of it ran past the end and was not consumed."""

    allotted_ms: int
    granted_ms: int
    consumed_ms: int
    at: Reading
    running: bool
    over_ms: int = 0

    def left_ms(self, now: Reading) -> int:
        """The time left at `now`, never below zero; it grows by a grant only."""
        return max(0, self._left_at_reading - self._step_ms(now))

    def advanced(self, now: Reading) -> "ExamClock":
        """The same time as of `now`. What ran past the end is not consumed: a later grant is whole."""
        consumed = self.allotted_ms + self.granted_ms - self.left_ms(now)
        over = self.over_ms + max(0, self._step_ms(now) - self._left_at_reading)
        return replace(self, consumed_ms=consumed, over_ms=over, at=now)

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
        return replace(self, granted_ms=self.granted_ms + ms, over_ms=0)

    def is_over(self, then: Reading) -> bool:
        """Whether the end had come at `then`, which may lie before the last reading."""
        return self._after_end_ms(then) >= 0

    def late_ms(self, given: Reading, recorded: Reading) -> int:
        """How late an answer given at `given` is when recorded at `recorded`: 0, or 1 … LATE_MS after the end.

        Raise Refusal("time-is-up") if it was given at the end or later, or recorded more than LATE_MS after it.
        """
        recorded_after = self._after_end_ms(recorded)
        if self.is_over(given):
            raise Refusal("time-is-up", late_by_ms=self._after_end_ms(given))
        if recorded_after > LATE_MS:
            raise Refusal("time-is-up", late_by_ms=recorded_after)
        return max(1, recorded_after) if recorded_after >= 0 else 0

    @property
    def _left_at_reading(self) -> int:
        return self.allotted_ms + self.granted_ms - self.consumed_ms

    def _step_ms(self, now: Reading) -> int:
        """The running time from the last reading to `now`, without sleep."""
        return max(0, self._signed_step_ms(now))

    def _signed_step_ms(self, now: Reading) -> int:
        if not self.running or now.boot != self.at.boot:
            return 0
        return now.awake_ms - self.at.awake_ms

    def _after_end_ms(self, then: Reading) -> int:
        """How long after the end `then` is; negative before it. Right for a key press before the last reading, too."""
        return self._signed_step_ms(then) + self.over_ms - self._left_at_reading


def started(allotted_ms: int, now: Reading) -> ExamClock:
    """A clock that begins to run at `now`."""
    return ExamClock(allotted_ms=allotted_ms, granted_ms=0, consumed_ms=0, at=now, running=True)


def reopened(clock: ExamClock, now: Reading) -> tuple[ExamClock, Gap]:
    """The clock after the program did not run, and the gap: from the last reading on nothing is consumed.

    Another boot: the power went, and no clock can tell for how long. The same boot: a crash.
    """
    same_boot = now.boot == clock.at.boot
    return replace(clock, at=now), _gap("crash" if same_boot else "power", clock.at, now)


def noticed(clock: ExamClock, now: Reading) -> tuple[ExamClock, Gap | None]:
    """What the same process finds at `now`: the clock to ask then, not yet advanced, and the gap since its reading.

    A sleep of any length is a gap of just that length: the awake time around it is consumed. After LONGEST_STEP_MS of
    awake time without a reading the program hung, and nothing since the last reading is consumed.
    """
    if now.boot != clock.at.boot:
        return reopened(clock, now)
    slept = now.slept_ms - clock.at.slept_ms
    if now.awake_ms - clock.at.awake_ms > LONGEST_STEP_MS:
        return replace(clock, at=now), _gap("suspend" if slept > 0 else "stall", clock.at, now)
    if slept > 0:
        return clock, replace(_gap("suspend", clock.at, now), length_ms=slept)
    return clock, None


def ticked(clock: ExamClock, now: Reading) -> tuple[ExamClock, Gap | None]:
    """The driver's ordinary step: advanced, and what was noticed."""
    before, gap = noticed(clock, now)
    return before.advanced(now), gap


def _gap(cause: GapCause, before: Reading, now: Reading) -> Gap:
    length = max(0, now.mono_ms - before.mono_ms) if now.boot == before.boot else None
    return Gap(cause=cause, length_ms=length, wall_before=before.wall, mono_before_ms=before.mono_ms)
