"""The one helper: in order, off the screen's thread, failures as values, bugs out loud."""

import threading
import time

import pytest

from cbt_station.errors import Failure, Trouble
from cbt_station.screens.background import Background


@pytest.fixture
def background(qapp):
    """One that nobody waits for: every answer comes through the event loop."""
    made = Background(short_wait_s=0)
    yield made
    made.close()


@pytest.fixture
def waited_for(qapp):
    """One that is waited for up to a second; a venue's waits 4 ms."""
    made = Background(short_wait_s=1)
    yield made
    made.close()


def failing(_failure: Failure) -> None:
    raise AssertionError("no failure was expected")


def test_work_is_done_elsewhere_and_answered_here(qtbot, background):
    told = []
    background.ask(threading.get_ident, lambda there: told.append((there, threading.get_ident())), failing)
    qtbot.waitUntil(lambda: bool(told))
    there, here = told[0]
    assert there != here == threading.get_ident()


def test_answers_come_in_the_order_of_asking(qtbot, background):
    told = []
    for number in range(50):
        background.ask(lambda number=number: number, told.append, failing)
    qtbot.waitUntil(lambda: len(told) == 50)
    assert told == list(range(50))


def test_a_failure_is_a_value(qtbot, background):
    def full() -> None:
        raise Trouble("disk-full")

    told = []
    background.ask(full, told.append, lambda failure: told.append(failure.code))
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["disk-full"]


def test_a_bug_is_raised_in_the_screens_thread(qtbot, background):
    with qtbot.captureExceptions() as raised:
        background.ask(lambda: 1 / 0, failing, failing)
        qtbot.waitUntil(lambda: bool(raised))
    assert raised[0][0] is ZeroDivisionError


def test_after_closing_nobody_is_answered_but_the_work_is_done(qtbot, background, qapp):
    done, told = [], []
    background.ask(lambda: done.append(1), lambda _none: told.append(1), failing)
    background.close()
    qapp.processEvents()
    assert (done, told) == ([1], [])


def test_an_answer_that_is_soon_there_is_told_before_asking_ends(waited_for):
    told = []
    waited_for.ask(lambda: "here", told.append, failing)
    assert told == ["here"]


def test_a_stalled_disk_holds_the_screen_no_longer_than_the_short_wait(qtbot, qapp):
    background, goes_on, told = Background(short_wait_s=0.001), threading.Event(), []
    background.ask(lambda: goes_on.wait(10), told.append, failing)
    assert told == []
    goes_on.set()
    qtbot.waitUntil(lambda: told == [True])
    background.close()


def test_who_waits_hears_the_older_answers_first(qtbot, waited_for):
    told = []

    def first(_none: object) -> None:
        waited_for.ask(lambda: "third", told.append, failing)
        told.append("first")

    waited_for._short_wait_s = 0
    waited_for.ask(lambda: time.sleep(0.05), first, failing)
    waited_for._short_wait_s = 1
    waited_for.ask(lambda: "second", told.append, failing)
    qtbot.waitUntil(lambda: len(told) == 3)
    assert told == ["first", "second", "third"]


def test_no_answer_is_told_twice(qtbot, waited_for, qapp):
    told = []
    for number in range(20):
        waited_for.ask(lambda number=number: number, told.append, failing)
    qapp.processEvents()
    assert told == list(range(20))
