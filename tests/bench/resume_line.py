"""From the start of a process to the question at which a sitting goes on after a power cut, beside a bare window."""

from pathlib import Path

from cbt_station.delivery.clock import SystemClock
from cbt_station.delivery.station import Station
from cbt_station.rehearsal.cast import PASSPHRASE
from cbt_station.rehearsal.stage import Stage
from tests.bench.harness import Line
from tests.bench.start_line import compare_starts
from tests.staged import stage_skd

ANSWERS = 30


def measure(folder: Path) -> Line:
    stage, _ = stage_skd(folder / "stage")
    cut_off(stage, folder / "data")
    return compare_starts("start to resumed question", stage.session, folder / "data", "≤ 2×")


def cut_off(stage: Stage, data: Path) -> None:
    """A sitting with some answers, left as a power cut leaves it."""
    station = Station.open(stage.session, data, clock=SystemClock())
    station.unlock(stage.venue_key.read_bytes(), PASSPHRASE, stage.codes.start)
    entry = stage.roster.candidates[0]
    station.check_in(entry.number, entry.birth_date)
    view = station.start("id")
    for cell in view.cells[:ANSWERS]:
        station.choose(cell.item, view.option_order[cell.item][0])
    station.close()
