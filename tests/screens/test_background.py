"""The one helper: in order, off the screen's thread, failures as values, bugs out loud."""

import threading

import pytest

from cbt_station.errors import Failure, Trouble
from cbt_station.screens.background import Background


@pytest.fixture
def background(qapp):
    made = Background()
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
