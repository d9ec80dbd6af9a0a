"""Screens are tested without a display, in the fonts and the look that a venue sees."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
from shiboken6 import delete

from cbt_station.screens.background import AtOnce, Background
from cbt_station.screens.look import Look
from cbt_station.screens.station import page
from cbt_station.screens.station.window import Window
from tests.screens.scripted_station import BIRTH_DATE, NUMBER, VENUE_KEY, ScriptedStation


@pytest.fixture(autouse=True)
def sticks_are_looked_through_at_once(monkeypatch):
    """A page that looks for key files waits for it a moment; on a busy machine too they are there when it is drawn."""
    monkeypatch.setattr(page, "_SHORT_WAIT_S", 30.0)


@pytest.fixture
def look(qapp):
    """The plain look, and plain again for whoever comes next."""
    return Look()


@pytest.fixture
def open_at(qtbot, look):
    """Open a window over a scripted station: without a thread, unless a test wants to hold the station back."""
    opened = []

    def make(station: ScriptedStation, *, size=(1366, 768), threaded=False, **how) -> Window:
        how.setdefault("venue_key", VENUE_KEY)
        window = Window(station, look, Background() if threaded else AtOnce(), wall=lambda: "10:42:07", **how)
        opened.append(window)
        if not window.isFullScreen():
            window.resize(*size)
        qtbot.waitUntil(window.isActiveWindow)
        window.begin()
        return window

    yield make
    for window in opened:
        window.let_go()
        delete(window)  # now: every widget that lives on is styled again by the next test's look


@pytest.fixture
def sit_at(open_at):
    """A window at the first question of a running sitting."""

    def make(station: ScriptedStation | None = None, **how) -> Window:
        return open_at(station or ScriptedStation(phase="running"), **how)

    return make


def walk_in(window: Window) -> None:
    """From the number to the first question by the buttons, as far as the doors open."""
    window.number.number.setText(NUMBER)
    window.number.next.click()
    if window.pages.currentWidget() is not window.secret:
        return
    for field, text in zip(
        (window.secret.year, window.secret.month, window.secret.day), BIRTH_DATE.split("-"), strict=True
    ):
        field.setText(text)
    window.secret.next.click()
    if window.pages.currentWidget() is not window.confirm:
        return
    window.confirm.agree.click()
    if window.pages.currentWidget() is window.choose_language:
        window.choose_language.choices["id"].click()
    window.practice.skip.click()
    window.rules.start.click()
