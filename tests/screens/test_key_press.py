"""What a key press draws until its tick is on the screen: as little as there is, and nothing that can be drawn before.

No times here: `make bench BENCH=answer` measures them. That the tick comes from the view alone is in test_exam_page.py.
"""

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from cbt_station.screens.item.option_row import OptionRow
from cbt_station.screens.rich.text import RichText
from cbt_station.screens.station.desk import Desk
from cbt_station.screens.tokens import THEMES
from tests.station_pictures import settle


class Paints(QObject):
    """Which widgets were painted until a row was painted with its tick."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[QWidget] = []
        self._ticked = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget) and not self._ticked:
            self.seen.append(watched)
            self._ticked = isinstance(watched, OptionRow) and watched.isChecked()
        return False


@pytest.fixture
def window(qtbot, sit_at, qapp):
    """All painted, and every row prepared."""
    window = sit_at()
    qtbot.waitUntil(lambda: all(row._pictures for row in window.exam.question.options))
    for _ in range(5):
        QApplication.sendPostedEvents()
        QApplication.processEvents()
    return window


def until_the_tick(qtbot, window, letter: str) -> list[QWidget]:
    paints = Paints()
    QApplication.instance().installEventFilter(paints)
    try:
        qtbot.keyClick(window.exam, Qt.Key(ord(letter)))
    finally:
        QApplication.instance().removeEventFilter(paints)
    assert window.exam.question.row_at(letter).isChecked()
    return paints.seen


def test_only_the_rows_whose_tick_changes_are_painted_before_the_tick_is_there(qtbot, window):
    first = until_the_tick(qtbot, window, "A")
    QApplication.processEvents()
    assert [type(one) for one in first if not isinstance(one, OptionRow)] == [], "the question is as it was"
    second = until_the_tick(qtbot, window, "C")
    assert [row.letter for row in first if isinstance(row, OptionRow)] == ["A"]
    assert sorted(row.letter for row in second if isinstance(row, OptionRow)) == ["A", "C"]
    assert [type(one) for one in second if not isinstance(one, OptionRow)] == []


def test_a_press_lays_out_and_draws_no_text_of_the_question(qtbot, window, monkeypatch):
    drawn = []
    monkeypatch.setattr(RichText, "paint", lambda *_: drawn.append(1))
    until_the_tick(qtbot, window, "B")
    assert not drawn


def test_another_answer_than_the_one_before_the_restart_draws_no_text(qtbot, window, look, monkeypatch):
    until_the_tick(qtbot, window, "A")
    row = window.exam.question.row_at("A")
    row._pictures.clear()  # as after a restart: it was never seen without its tick
    row.repaint()
    settle()
    drawn = []
    monkeypatch.setattr(RichText, "paint", lambda *_: drawn.append(1))
    until_the_tick(qtbot, window, "B")
    assert not drawn


def test_an_answer_out_of_sight_is_moved_into_it_and_draws_no_text(qtbot, sit_at, monkeypatch):
    window = sit_at(size=(1024, 600))
    question = window.exam.question
    last, bar = question.options[-1], question.verticalScrollBar()
    wanted = question.viewport().height() - last.mapTo(question.viewport(), last.rect().topLeft()).y()
    window.resize(1024, window.height() - wanted)  # the last row just below what is seen
    qtbot.waitUntil(lambda: last.visibleRegion().isEmpty() and bar.maximum() > 0)
    qtbot.waitUntil(lambda: len(last._pictures) >= 2)
    settle()
    texts = []
    monkeypatch.setattr(RichText, "paint", lambda *_: texts.append(1))
    seen = until_the_tick(qtbot, window, last.letter)
    assert bar.value() > 0
    assert not question.stem.visibleRegion().isEmpty()
    assert question.stem not in seen, "its pixels were moved"
    assert not texts


def test_for_what_comes_back_at_once_no_timer_is_set(qtbot, window, monkeypatch):
    expected = []
    monkeypatch.setattr(Desk, "_expect", lambda _desk: expected.append(1))
    until_the_tick(qtbot, window, "D")
    assert not expected


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("letter", ["", "B"])
def test_a_row_looks_as_if_it_had_been_drawn_just_now(qtbot, window, look, theme, letter):
    look.set_theme(theme)
    if letter:
        until_the_tick(qtbot, window, letter)
    row = window.exam.question.row_at("B")
    QApplication.processEvents()
    shown = row.grab().toImage()
    anew = QPixmap(row.size())
    painter = QPainter(anew)
    row._draw(painter, row._state())
    painter.end()
    assert shown == anew.toImage().convertToFormat(shown.format())
    assert shown.pixelColor(0, 0).name().upper() == look.tokens.background, "its corners are the page's"


def test_a_row_keeps_few_pictures_of_itself(qtbot, window):
    row = window.exam.question.row_at("A")
    for width in range(400, 420):
        row.resize(width, row.height())
        row.grab()
    assert len(row._pictures) <= 6


def test_on_another_screen_a_row_is_drawn_anew_in_that_screens_pixels(window, monkeypatch):
    row = window.exam.question.row_at("A")
    row.grab()
    monkeypatch.setattr(row, "devicePixelRatioF", lambda: 2.0)
    found = row._picture(row._state())
    assert found.devicePixelRatioF() == 2.0
    assert found.width() == 2 * row.width()


def test_where_no_picture_can_be_laid_on_the_screen_none_is_made(window, monkeypatch):
    row = window.exam.question.row_at("A")
    row._pictures.clear()
    monkeypatch.setattr(row, "devicePixelRatioF", lambda: 1.25)
    row.repaint()
    settle()
    assert not row._pictures
