"""Screens are tested without a display, in the fonts and the look that a venue sees."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest

from cbt_station.screens.background import AtOnce
from cbt_station.screens.look import Look
from cbt_station.screens.station.window import Window
from tests.screens.scripted_station import ScriptedStation


@pytest.fixture
def look(qapp):
    """The plain look, and plain again for whoever comes next."""
    return Look()


@pytest.fixture
def open_at(qtbot, look):
    """Open a window over a scripted station; without a thread, so that a press is answered when it returns."""

    def make(station: ScriptedStation, *, size: tuple[int, int] = (1366, 768), **how) -> Window:
        window = Window(station, look, AtOnce(), wall=lambda: "10:42:07", **how)
        qtbot.addWidget(window)
        window.resize(*size)
        window.begin()
        return window

    return make
