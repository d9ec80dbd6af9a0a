"""What a person does at the workshop's window, for its tests."""

from PySide6.QtTest import QTest

from tests.station_pictures import settle


def say(window) -> str:
    """What the banner says."""
    return window.banner.text.text() if window.banner.isVisible() else ""


def open_item(window, item):
    window.work.items.wanted.emit(item)
    settle()


def type_into(field, text):
    field.setFocus()
    QTest.keyClicks(field, text)


def ids(window):
    return [row.id for row in window.work.items.model.rows]
