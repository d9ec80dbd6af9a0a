"""`cbt-station station` started past the frame: the same options, the same exit codes, and the frame for all else."""

import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cbt_station.cli.directly import Start, read_start
from cbt_station.cli.station import station

PLAIN = ["station", "--session", "stick/session", "--data", "data"]


def test_both_ways_know_the_same_options_with_the_same_defaults():
    frame = inspect.signature(station).parameters
    direct = {name: one for name, one in inspect.signature(Start).parameters.items() if name != "lang"}
    assert list(frame) == list(direct)
    assert [one.default for one in frame.values()] == [one.default for one in direct.values()]


@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        pytest.param(PLAIN, Start(session=Path("stick/session"), data=Path("data")), id="the least"),
        pytest.param(
            [
                "--lang",
                "en",
                *PLAIN,
                "--kiosk",
                "--venue-key=v.key",
                "--second",
                "/media/stick",
                "--pin",
                "ab",
            ],
            Start(
                session=Path("stick/session"),
                data=Path("data"),
                venue_key=Path("v.key"),
                second=Path("/media/stick"),
                kiosk=True,
                pin="ab",
                lang="en",
            ),
            id="all of it",
        ),
    ],
)
def test_the_plain_case_is_read(arguments, start, monkeypatch):
    monkeypatch.delenv("CBT_LANG", raising=False)
    assert read_start(arguments) == start


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="nothing"),
        pytest.param(["demo"], id="another command"),
        pytest.param(["station"], id="nothing of what is needed"),
        pytest.param([*PLAIN, "--help"], id="help"),
        pytest.param([*PLAIN, "--colour", "red"], id="an option that nobody knows"),
        pytest.param([*PLAIN, "--lang", "en"], id="the language in the wrong place"),
        pytest.param([*PLAIN, "--pin"], id="an option without its value"),
        pytest.param([*PLAIN, "--kiosk=yes"], id="a flag with a value"),
        pytest.param([*PLAIN, "more"], id="one word too many"),
        pytest.param(["--lang", "fr", *PLAIN], id="a language that is not there"),
        pytest.param(["--lang"], id="no language"),
    ],
)
def test_everything_else_goes_to_the_frame(arguments):
    assert read_start(arguments) is None


def test_a_failure_is_told_as_the_frame_tells_it(tmp_path):
    command = [sys.executable, "-m", "cbt_station", "--lang", "en", "station"]
    missing = [*command, "--session", str(tmp_path / "none"), "--data", str(tmp_path / "data")]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    told = subprocess.run(missing, capture_output=True, text=True, check=False, env=environment)
    assert told.returncode == 4
    assert "no session here" in told.stderr
    assert "Traceback" not in told.stderr
