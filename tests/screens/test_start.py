"""The start and the garbage collector: off until the window stands, and never again through what the start has made."""

import gc
import sys

import pytest

import cbt_station.screens.station as room
from cbt_station import cli
from cbt_station.errors import Trouble
from tests.screens.scripted_station import ScriptedStation


@pytest.fixture
def collector():
    yield
    gc.unfreeze()
    gc.enable()


def test_no_garbage_is_looked_for_while_a_station_starts(monkeypatch, collector):
    seen = []
    monkeypatch.setattr(
        "cbt_station.cli.directly.show_window", lambda _start: seen.append(gc.isenabled()) or 0
    )
    monkeypatch.setattr(sys, "argv", ["cbt-station", "station", "--session", "s", "--data", "d"])
    with pytest.raises(SystemExit):
        cli.main()
    assert seen == [False]


def test_a_start_that_comes_to_no_window_has_its_garbage_collected_again(monkeypatch, collector):
    seen = []

    def no_window(_start):
        raise Trouble("data-folder-in-use")

    monkeypatch.setattr("cbt_station.cli.directly.show_window", no_window)
    monkeypatch.setattr("cbt_station.cli.app.run", lambda **_how: seen.append(gc.isenabled()))
    monkeypatch.setattr(sys, "argv", ["cbt-station", "station", "--session", "s", "--data", "d"])
    cli.main()
    assert seen == [True]


def test_any_other_command_has_its_garbage_collected(monkeypatch, collector):
    seen = []
    monkeypatch.setattr("cbt_station.cli.app.run", lambda **_how: seen.append(gc.isenabled()))
    monkeypatch.setattr(sys, "argv", ["cbt-station", "demo"])
    cli.main()
    assert seen == [True]


def test_where_the_window_stands_what_it_made_is_kept_and_garbage_is_looked_for_again(
    qtbot, qapp, monkeypatch, collector
):
    monkeypatch.setattr(room, "_STANDS_MS", 1)
    monkeypatch.setattr(
        type(qapp), "exec", lambda *_: qtbot.waitUntil(lambda: gc.get_freeze_count() > 0) or 0
    )
    gc.disable()
    room.run(ScriptedStation())
    assert gc.isenabled()
