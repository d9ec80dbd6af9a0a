"""Nothing but `delivery/clock.py` reads a clock where exam time is made, and the rules read none at all."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "cbt_station"
READERS = {
    "time": {
        "time",
        "time_ns",
        "monotonic",
        "monotonic_ns",
        "perf_counter",
        "perf_counter_ns",
        "clock_gettime",
    }
    | {"clock_gettime_ns", "localtime", "gmtime", "process_time"},
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "QDateTime": {"currentDateTime", "currentDateTimeUtc", "currentMSecsSinceEpoch", "currentSecsSinceEpoch"},
    "QTime": {"currentTime"},
    "QDate": {"currentDate"},
}
MAY = {
    "delivery/clock.py": "the one clock",
    "screens/background.py": "how long a press waits for its answer before the event loop goes on; no exam time",
    "screens/committee/__init__.py": "when a text was saved or voted on; the committee's window makes no exam time",
    "screens/committee/bench.py": "which key presses one step back undoes together; no exam time",
    "screens/station/playing.py": "a scripted player's patience; no exam time",
    "screens/station/window.py": "the time of day in the corner of the check-in pages; no exam time",
}


def readings(path: Path) -> Iterator[str]:
    """Where a module reads a clock: `time.monotonic`, `dt.datetime.now`, `QElapsedTimer` …"""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = (
                owner.attr
                if isinstance(owner, ast.Attribute)
                else owner.id
                if isinstance(owner, ast.Name)
                else ""
            )
            if node.attr in READERS.get(name, ()):
                yield f"{name}.{node.attr}"
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (f"from time import {one.name}" for one in node.names)
        elif isinstance(node, ast.Name) and node.id == "QElapsedTimer":
            yield node.id


@pytest.mark.parametrize("room", ["exam", "sealing", "artefacts", "verify", "storage", "delivery", "screens"])
def test_only_the_one_clock_is_read(room: str) -> None:
    found = {
        path.relative_to(PACKAGE).as_posix(): sorted(set(readings(path)))
        for path in (PACKAGE / room).rglob("*.py")
        if any(readings(path))
    }
    assert set(found) <= set(MAY), found


def test_the_search_finds_every_way_to_read_a_clock(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "import time, datetime as dt\nfrom time import sleep\nfrom PySide6.QtCore import QElapsedTimer\n"
        "a = time.monotonic()\nb = dt.datetime.now()\nc = QElapsedTimer()\nd = list(map(time.time_ns, ()))\n"
    )
    assert set(readings(module)) == {
        "from time import sleep",
        "time.monotonic",
        "datetime.now",
        "QElapsedTimer",
        "time.time_ns",
    }
