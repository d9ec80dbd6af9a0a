"""Where the time of a key press goes: the parts of `answer_line`, one after the other, and what each costs.

The same window, the same station. Each part ends where the next one begins, so the parts add up to the whole; the first
moments of a few functions are noted, which costs each part about a microsecond. Medians of all presses, in milliseconds.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from cbt_station.delivery.journal import Journal
from cbt_station.delivery.sitting_here import SittingHere
from cbt_station.delivery.station import Station
from cbt_station.screens.station.desk import Desk
from cbt_station.screens.station.exam_page import ExamPage
from tests.bench.answer_line import PRESSES_A_QUESTION, Painted, _bare, _last_bytes, settle, sitting, turn_to
from tests.staged import stage_skd

QUESTIONS = 60
BETWEEN_CHECKPOINTS = 3
PARTS = (
    ("Qt: event to the page", ExamPage, "keyPressEvent"),
    ("page: focus, row, question put", Desk, "answer"),
    ("clock, and over to the station's thread", Station, "choose"),
    ("rules: may this be answered", Journal, "append"),
    ("line, leaf, signed head", Journal, "_signed_slot"),
    ("signed clock slot", Journal, "_write"),
    ("encrypted transaction and its one sync", Journal, "_is_so"),
    ("state", SittingHere, "view"),
    ("view, and back to the window's thread", Desk, "_draw"),
    ("rows repainted with the tick", None, ""),
)
"""What is told of the part that ends where that function begins; the last ends with the paint."""


@dataclass(frozen=True)
class Anatomy:
    """Milliseconds by part, in order."""

    parts: dict[str, float]
    whole: float
    bare: float
    pages: float
    unsteady: float = 0.0

    def __str__(self) -> str:
        rows = [f"| {name} | {ms:.3f} | {100 * ms / self.whole:.0f} % |" for name, ms in self.parts.items()]
        return "\n".join(
            (
                "| a key press, part by part | ms | share |",
                "|---|---:|---:|",
                *rows,
                f"| **the whole** | **{self.whole:.3f}** | {self.whole / self.bare:.1f} × the bare write |",
                f"| bare `write` and `fdatasync` | {self.bare:.3f} | |",
                f"| pages written for an answer | {self.pages:.2f} | one sync |",
            )
        )


def measure(folder: Path) -> Anatomy:
    stage, _ = stage_skd(folder / "stage")
    with _noting() as noted, sitting(stage, folder / "data") as (station, window):
        items = [cell.item for cell in station.view().cells]
        fill_log(station)
        painted, record = Painted(), _last_bytes(station)
        begins: list[list[int]] = []
        wholes: list[int] = []
        bare: list[int] = []
        with (folder / "bare").open("wb", buffering=0) as file:
            for item in items[:QUESTIONS]:
                turn_to(window, item)
                free = [row.letter for row in window.exam.question.options if not row.isChecked()]
                for letter in free[:PRESSES_A_QUESTION]:
                    noted.clear()
                    start_ns = time.perf_counter_ns()
                    whole_ns = painted.press(window, letter)
                    seen = [noted.get(name, 0) for _, owner, name in PARTS if owner]
                    begins.append([start_ns, *seen, start_ns + whole_ns])
                    wholes.append(whole_ns)
                    settle(window)
                    bare.append(_bare(file.fileno(), record))
        return Anatomy(_parts(begins), _ms(wholes), _ms(bare), pages_of_an_answer(station))


def fill_log(station: Station) -> None:
    """Into the sitting: from the first checkpoint on the write-ahead log is written over and grows no more."""
    order = station.view().option_order
    for number in range(BETWEEN_CHECKPOINTS):
        for item, options in order.items():
            station.choose(item, options[number % len(options)])
    station.tick()


def pages_of_an_answer(station: Station) -> float:
    """How many pages the log grows by for an answer, over one answer to each item."""
    database = station._need_running().journal._database
    station.tick()
    database.checkpoint()
    order = station.view().option_order
    for item, options in order.items():
        station.choose(item, options[-1])
    (found,) = database.read("PRAGMA wal_checkpoint(NOOP)")
    return float(found[1]) / len(order)


@contextmanager
def _noting() -> Iterator[dict[str, int]]:
    """The first moment of each function since the dictionary was emptied."""
    noted: dict[str, int] = {}
    with ExitStack() as patches:
        for _, owner, name in PARTS:
            if owner is not None:
                patches.enter_context(patch.object(owner, name, _noted(getattr(owner, name), name, noted)))
        yield noted


def _noted(function: Callable[..., Any], name: str, noted: dict[str, int]) -> Callable[..., Any]:
    def noting(*given: Any, **how: Any) -> Any:
        noted.setdefault(name, time.perf_counter_ns())
        return function(*given, **how)

    return noting


def _parts(begins: list[list[int]]) -> dict[str, float]:
    names = [name for name, _, _ in PARTS]
    return {
        name: _ms([moments[at + 1] - moments[at] for moments in begins if all(moments)])
        for at, name in enumerate(names)
    }


def _ms(times: list[int]) -> float:
    return statistics.median(times) / 1e6
