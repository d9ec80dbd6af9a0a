"""What the command `station` has loaded when its first page is painted, seen from the process itself.

test_lean.py holds the window's own imports; here the whole start counts: command line, session, journal, window.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cbt_station.delivery.station import Station
from tests.compiled import compile_words
from tests.delivery.conftest import begin
from tests.delivery.hand_clock import HandClock
from tests.delivery.small_session import SmallSession, make_session

ROOT = Path(__file__).resolve().parents[2]
NEVER = {
    "PIL",
    "alembic",
    "babel",
    "fastapi",
    "httpx2",
    "jinja2",
    "latex2mathml",
    "markdown_it",
    "matplotlib",
    "numpy",
    "pandas",
    "pydantic",
    "pyhanko",
    "qrcode",
    "reportlab",
    "rich",
    "scipy",
    "shamir_mnemonic",
    "sqlalchemy",
    "typer",
    "uvicorn",
    "yaml",
    "ziamath",
    "cbt_station.assembly",
    "cbt_station.banks",
    "cbt_station.exam.rules",
    "cbt_station.exam.scoring",
    "cbt_station.results",
    "cbt_station.verify.rescoring",
}


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> SmallSession:
    return make_session(tmp_path_factory.mktemp("session") / "kecil")


def loaded_at_first_paint(session: Path, data: Path, listed: Path) -> set[str]:
    """Start the command; the modules that it has loaded when it has painted."""
    compile_words()
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "CBT_MODULES_AT_FIRST_PAINT": str(listed),
    }
    command = [sys.executable, "-m", "tests.bench.first_paint", "station"]
    done = subprocess.run(
        [*command, "--session", str(session), "--data", str(data)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (0, "painted\n"), done.stderr
    return set(listed.read_text(encoding="utf-8").split())


QT = {"PySide6.QtCore", "PySide6.QtGui", "PySide6.QtSvg", "PySide6.QtWidgets"}
NOT_YET = {
    "subprocess",
    "PySide6.QtWidgets.QMdiArea",
    "cbt_station.delivery.moving",
    "cbt_station.screens.item.interactions.match",
    "cbt_station.screens.item.interactions.slider",
    "cbt_station.verify.tree",
}
"""What is loaded when it is first needed. A class of Qt's that nobody uses is made where PySide6 was asked what a widget
is that it had not made: then it makes all of them, 7 to 23 ms."""


def test_a_locked_station_has_loaded_nothing_heavy_and_no_database(small, tmp_path):
    loaded = loaded_at_first_paint(small.path, tmp_path / "data", tmp_path / "listed")
    assert "cbt_station.screens.station.window" in loaded
    assert "PySide6.QtWidgets.QLabel" in loaded
    assert not (NEVER | NOT_YET) & loaded
    assert {name for name in loaded if re.fullmatch(r"PySide6\.Qt\w+", name)} == QT


def test_a_sitting_that_goes_on_has_loaded_its_journal_and_nothing_heavy(small, tmp_path):
    station = begin(Station.open(small.path, tmp_path / "data", clock=HandClock()), small)
    station.choose(station.view().current, "a")
    station.close()
    loaded = loaded_at_first_paint(small.path, tmp_path / "data", tmp_path / "listed")
    assert "sqlcipher3" in loaded
    assert not (NEVER | NOT_YET) & loaded
