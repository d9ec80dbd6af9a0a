"""Qt's wheels take references to None, True and False away on Python 3.11; the screens must outlive that."""

import sys

from PySide6.QtCore import QObject, Signal

import cbt_station.screens  # noqa: F401  # what is tried here: importing it is enough


class _Caller(QObject):
    said = Signal(object)


def test_none_and_the_truths_have_more_references_than_an_exam_can_lose():
    assert all(sys.getrefcount(single) > 1 << 30 for single in (None, True, False))


def test_a_hundred_thousand_calls_of_qt_leave_none_alive(qapp):
    caller = _Caller()
    caller.said.connect(lambda _value: None)
    for _ in range(100_000):
        caller.setObjectName("x")
        caller.said.emit(True)
    assert [caller.parent(), caller.objectName() == "x"] == [None, True]
