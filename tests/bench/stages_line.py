"""Where the time of a start goes: the stages of `start_line` and `resume_line`, beside those of the bare window.

Each process says when a stage of it ended; medians, in milliseconds. In a sitting that goes on, its journal is opened with
the station and its question is fetched and painted with the window.
"""

import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from cbt_station.delivery.clock import SystemClock
from cbt_station.delivery.station import Station
from tests.bench.resume_line import cut_off
from tests.bench.start_line import started
from tests.compiled import compile_words
from tests.staged import stage_skd

STARTS = 15
STAGES = {
    "python": "Python itself",
    "station": "our modules; session, hashes, signatures, journal",
    "qt": "PySide6",
    "application": "application object",
    "window": "our widgets' modules, fonts, look, window",
    "painted": "page made, laid out, painted",
}


@dataclass(frozen=True)
class Stages:
    """Milliseconds by kind of start and stage."""

    found: dict[str, dict[str, float]]
    unsteady: float = 0.0

    def __str__(self) -> str:
        kinds = list(self.found)
        rows = [
            f"| {said} | " + " | ".join(f"{self.found[kind].get(stage, 0.0):.0f}" for kind in kinds) + " |"
            for stage, said in STAGES.items()
        ]
        sums = {kind: sum(stages.values()) for kind, stages in self.found.items()}
        whole = " | ".join(f"**{sums[kind]:.0f}**" for kind in kinds)
        ratios = " | ".join(f"{sums[kind] / sums['bare window']:.1f} ×" for kind in kinds)
        return "\n".join(
            (
                f"| a start, stage by stage (ms) | {' | '.join(kinds)} |",
                "|---|" + "---:|" * len(kinds),
                *rows,
                f"| **the whole** | {whole} |",
                f"| | {ratios} |",
            )
        )


def measure(folder: Path) -> Stages:
    compile_words()
    stage, _ = stage_skd(folder / "stage")
    cut_off(stage, folder / "data")
    Station.open(stage.session, folder / "empty", clock=SystemClock()).close()
    kinds = {
        "bare window": ("bare",),
        "locked page": ("station", "--session", str(stage.session), "--data", str(folder / "empty")),
        "resumed question": ("station", "--session", str(stage.session), "--data", str(folder / "data")),
    }
    times: dict[str, list[dict[str, float]]] = {kind: [] for kind in kinds}
    for _ in range(STARTS + 1):
        for kind, arguments in kinds.items():
            times[kind].append(_one(arguments, folder / "stages"))
    return Stages({kind: _medians(found[1:]) for kind, found in times.items()})


def _one(arguments: tuple[str, ...], written: Path) -> dict[str, float]:
    before = time.monotonic_ns()
    started(*arguments, stages=written)
    stages = {}
    for line in written.read_text(encoding="utf-8").splitlines():
        name, _, moment_ns = line.partition("\t")
        stages[name] = (int(moment_ns) - before) / 1e6
        before = int(moment_ns)
    return stages


def _medians(found: list[dict[str, float]]) -> dict[str, float]:
    return {stage: statistics.median(one[stage] for one in found) for stage in found[0]}
