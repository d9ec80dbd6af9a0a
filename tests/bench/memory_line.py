"""Eight hours of work on 110 items in fast time: how much memory has a station more at the end than after the first half hour?

A process of its own with a real `Station` on the disk and a stick beside it; a candidate who needs six seconds for each
step, ticks as the screen sends them. Resident memory from /proc, after a garbage collection, so nothing hides in a heap.
"""

import gc
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HOURS, WARM_UP_MS, STEP_MS, TICK_MS = 8, 1_800_000, 6_000, 1_000
HOUR_MS = 3_600_000


@dataclass(frozen=True)
class Growth:
    """Kilobytes after the warm-up and at the end."""

    warm_kb: int
    end_kb: int
    events: int
    unsteady: float = 0.0

    def __str__(self) -> str:
        return (
            f"{'memory after 8 hours':<34} {self.end_kb / self.warm_kb:6.3f}× of after half an hour   "
            f"({self.end_kb / 1024:.1f} / {self.warm_kb / 1024:.1f} MB, {self.events} events; goal ≤ 1.05×)"
        )


def measure(folder: Path) -> Growth:
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.memory_line", str(folder)], check=True, capture_output=True
    )
    return Growth(**json.loads(told.stdout))


def work_for_hours(folder: Path, hours: float = HOURS) -> Growth:
    from tests.bench.growth_line import begun, staged, worker
    from tests.delivery.hand_clock import HandClock

    stage, clock = staged(folder), HandClock()
    (folder / "stick").mkdir()
    station = begun(stage, folder / "data", clock, second=folder / "stick")
    try:
        work, warm_kb = worker(station, clock), 0
        began_ms = clock.mono_ms
        while (passed_ms := clock.mono_ms - began_ms) < hours * HOUR_MS:
            if passed_ms >= WARM_UP_MS and not warm_kb:
                warm_kb = resident_kb()
            work()  # 2 s of it
            for _ in range((STEP_MS - 2_000) // TICK_MS):
                clock.forward(TICK_MS)
                station.tick()
        view = station.view()
        assert (view.phase, view.saved.level) == ("running", "second")
        return Growth(warm_kb, resident_kb(), view.seq)
    finally:
        station.close()


def resident_kb() -> int:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


if __name__ == "__main__":
    found = work_for_hours(Path(sys.argv[1]))
    sys.stdout.write(json.dumps({name: getattr(found, name) for name in ("warm_kb", "end_kb", "events")}))
