"""Whether the wall clock moved against the monotonic one: recorded and flagged, and never part of anyone's time.

A jump (more than 2 s between two readings that are kept) is told at once. A wall clock that runs too fast or too slow
(or is pulled along in small steps) is told when it is 2 s away, and then once a minute as long as it goes on, so that a
bad clock cannot fill the journal. Both count from the last time that something was told, so that nothing is lost between.
A change of the time zone moves no clock. Over a restart of the machine no clock can tell how long it took: only a wall
clock that was set back shows.
"""

from cbt_station.delivery.clock import wall_instant
from cbt_station.exam.clock import Reading

MOST_APART_MS = 2_000
DRIFT_EVERY_MS = 60_000


class WallWatch:
    """Watches from the reading `since` on."""

    def __init__(self, since: Reading) -> None:
        self._since = since
        self._drift_told: Reading | None = None

    def moved_ms(self, kept: Reading, now: Reading) -> int:
        """How far the wall clock moved, if that is to be told at `now`, else 0. `kept` is the last durable reading."""
        since = self._since if self._since.boot == kept.boot else kept
        step_ms, whole_ms = _apart_ms(kept, now), _apart_ms(since, now)
        if abs(step_ms) > MOST_APART_MS:
            return whole_ms or step_ms
        return whole_ms if abs(whole_ms) > MOST_APART_MS and self._is_drift_due(now) else 0

    def tell(self, kept: Reading, now: Reading, by_ms: int) -> None:
        """It is durable that it moved by `by_ms` (0: nothing was told): count from here on."""
        if by_ms or now.boot != self._since.boot:
            is_drift = by_ms != 0 and abs(_apart_ms(kept, now)) <= MOST_APART_MS
            self._since, self._drift_told = now, now if is_drift else None

    def _is_drift_due(self, now: Reading) -> bool:
        told = self._drift_told
        return told is None or told.boot != now.boot or now.mono_ms - told.mono_ms >= DRIFT_EVERY_MS


def _apart_ms(before: Reading, now: Reading) -> int:
    """How far the wall clock moved against the monotonic one; over a restart, how far it was set back."""
    wall_ms = round((wall_instant(now) - wall_instant(before)).total_seconds() * 1000)
    return wall_ms - (now.mono_ms - before.mono_ms) if before.boot == now.boot else min(0, wall_ms)
