"""What is typed is saved by itself, counts from its key, and is called unsaved in words until it is durable.

How widgets are answered at all is in test_interactions.py; that an answer counts from its key press to the last
millisecond is delivery's (tests/delivery/test_sitting_machine.py).
"""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QInputMethodEvent, QTextLayout
from PySide6.QtTest import QTest

from cbt_station.errors import Trouble
from cbt_station.exam.clock import Reading
from cbt_station.exam.content import Slot
from cbt_station.screens.fonts import FAMILIES, families_for
from cbt_station.screens.item.interactions import typed
from cbt_station.screens.item.interactions.entry import EntryWidget
from cbt_station.screens.rich.media import Media
from cbt_station.screens.rich.view import RichView
from cbt_station.screens.station.acting import type_character
from tests.screens.content_samples import ARABIC, BALINESE, JAVANESE, words
from tests.screens.interaction_station import InteractionStation
from tests.station_pictures import settle

UNSAVED, SAVED = "Belum tersimpan", "Tersimpan"


def field_of(window, name="RESPONSE"):
    return window.exam.question.answering.parts[name].field


def type_into(field, text):
    field.setFocus()
    for character in text:
        type_character(field, character)


def test_a_pause_saves_and_until_then_the_screen_says_unsaved(qtbot, sit_at):
    station = InteractionStation("text")
    window = sit_at(station)
    type_into(field_of(window), "abc")
    assert not station.done("choose")
    assert window.bar.saved.text() == UNSAVED
    assert field_of(window).accessibleDescription() == UNSAVED
    window.desk._draw(window.desk.view)  # a view of something else says nothing of what is typed
    assert window.bar.saved.text() == UNSAVED
    qtbot.waitUntil(lambda: station.view.answers.get("text") == "abc")
    assert window.bar.saved.text().startswith(SAVED)
    assert field_of(window).accessibleDescription() == SAVED


def test_who_types_without_a_pause_is_saved_all_the_same(qtbot, sit_at, monkeypatch):
    monkeypatch.setattr(typed, "PAUSE_MS", 60_000)
    monkeypatch.setattr(typed, "LIMIT_MS", 100)
    station = InteractionStation("text")
    window = sit_at(station)
    type_into(field_of(window), "tanpa jeda")
    qtbot.waitUntil(lambda: "text" in station.view.answers)


@pytest.mark.parametrize("limit", [typed.PAUSE_MS, typed.LIMIT_MS])
def test_no_character_waits_longer_than_a_second(limit):
    assert limit < 1_000


SENT = {
    "Enter": lambda window: QTest.keyClick(field_of(window), Qt.Key.Key_Return),
    "Tab": lambda window: QTest.keyClick(field_of(window), Qt.Key.Key_Tab),
    "a click elsewhere": lambda window: QTest.mouseClick(window.exam.doubtful, Qt.MouseButton.LeftButton),
    "the next question": lambda window: window.desk.step(1),
    "a jump by the palette": lambda window: window.exam.panel.palette_view.press("choice"),
    "another language": lambda window: window.look.set_language("en"),
    "the tick": lambda window: window.desk.tick(),
    "the way to the review": lambda window: window.exam.panel.finish.click(),
    "the end": lambda window: window.finish.finish.clicked.emit(),
    "the program's end": lambda window: window.let_go(),
}


@pytest.mark.parametrize("sends", SENT.values(), ids=SENT)
def test_it_is_saved_at_once_by(sit_at, sends):
    station = InteractionStation("text", "choice")
    window = sit_at(station)
    type_into(field_of(window), "Supratman")
    sends(window)
    assert station.done("choose") == [("choose", "text", "Supratman")]


def test_it_is_saved_before_the_question_is_left(sit_at):
    station = InteractionStation("text", "choice")
    window = sit_at(station)
    type_into(field_of(window), "abc")
    station.calls.clear()
    window.desk.step(1)
    assert [call[0] for call in station.calls[:2]] == ["choose", "show"]


def test_it_counts_from_its_key_and_not_from_its_sending(sit_at):
    now = [Reading(mono_ms=5, boot="b", wall="2026-11-24T10:00:00+07:00")]
    station = InteractionStation("text")
    window = sit_at(station, reading=lambda: now[0])
    type_into(field_of(window), "abc")
    now[0] = Reading(mono_ms=900, boot="b", wall="2026-11-24T10:00:01+07:00")
    window.desk.tick()
    assert station.given.mono_ms == 5


def test_a_view_moves_neither_text_nor_caret_nor_undo(qtbot, sit_at):
    station = InteractionStation("text")
    window = sit_at(station, threaded=True)
    qtbot.waitUntil(lambda: window.desk.on_screen is not None)
    field = field_of(window)
    type_into(field, "satu")
    station.hold("choose")
    window.desk.tick()
    type_into(field, " dua")
    field.setCursorPosition(2)
    station.let_go("choose")
    qtbot.waitUntil(lambda: station.view.answers.get("text") == "satu dua")
    assert (field.text(), field.cursorPosition()) == ("satu dua", 2)
    assert field.isUndoAvailable()


def test_what_was_typed_back_while_saving_is_not_written_over(qtbot, sit_at):
    station = InteractionStation("text")
    window = sit_at(station, threaded=True)
    qtbot.waitUntil(lambda: window.desk.on_screen is not None)
    field = field_of(window)
    type_into(field, "ab")
    window.desk.tick()
    qtbot.waitUntil(lambda: station.view.answers.get("text") == "ab" and window.desk.is_settled)
    station.hold("choose")
    type_into(field, "c")
    window.exam.question.answering.flush()
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    station.let_go("choose")
    qtbot.waitUntil(lambda: len(station.done("choose")) == 3)
    qtbot.waitUntil(lambda: window.desk.is_settled)
    assert field.text() == station.view.answers["text"] == "ab"


def test_what_failed_stays_in_the_field_is_said_and_is_sent_again(qtbot, sit_at, monkeypatch):
    monkeypatch.setattr(typed, "AGAIN_MS", 50)
    station = InteractionStation("text")
    window = sit_at(station)
    station.fail_next("choose", Trouble("disk-full", where="data"))
    type_into(field_of(window), "abc")
    window.desk.tick()
    assert field_of(window).text() == "abc"
    assert window.exam.question.answering.is_unsaved
    assert window.bar.saved.text() == UNSAVED
    qtbot.waitUntil(lambda: station.view.answers.get("text") == "abc")
    assert not window.exam.question.answering.is_unsaved


def test_a_refusal_is_not_repeated_at_every_tick(sit_at):
    station = InteractionStation("text")
    window = sit_at(station)
    for _ in range(5):
        station.fail_next("choose", Trouble("disk-full", where="data"))
    type_into(field_of(window), "abc")
    for _ in range(5):
        window.desk.tick()
    assert len(station.done("choose")) == 1


def test_text_that_failed_stands_there_again_when_its_question_comes_back(sit_at):
    station = InteractionStation("text", "choice")
    window = sit_at(station)
    for _ in range(2):  # at the tick, and when the question is left
        station.fail_next("choose", Trouble("disk-full", where="data"))
    type_into(field_of(window), "abc")
    window.desk.step(1)
    assert window.bar.saved.text() == UNSAVED
    window.desk.step(-1)
    assert field_of(window).text() == "abc"
    window.desk.tick()
    assert station.view.answers == {"text": "abc"}
    assert window.bar.saved.text().startswith(SAVED)


def test_a_late_key_of_the_last_question_is_no_answer_to_the_next(qtbot, sit_at):
    station = InteractionStation("text", "number")
    window = sit_at(station, threaded=True)
    qtbot.waitUntil(lambda: window.desk.on_screen is not None)
    station.hold("show")
    window.desk.step(1)
    type_into(field_of(window), "12")
    station.let_go("show")
    qtbot.waitUntil(lambda: window.desk.on_screen.shown.id == "number")
    qtbot.waitUntil(lambda: station.view.answers == {"text": "12"})


def test_what_is_typed_can_be_taken_back_before_it_is_saved(sit_at):
    station = InteractionStation("text")
    window = sit_at(station)
    assert not window.exam.clear.isEnabled()
    type_into(field_of(window), "Wage")
    assert window.exam.clear.isEnabled()
    window.exam.clear.click()
    assert field_of(window).text() == ""
    window.desk.tick()
    assert station.view.answers == {}
    assert not window.exam.clear.isEnabled()


def test_an_emptied_field_takes_the_answer_back(sit_at):
    station = InteractionStation("text")
    window = sit_at(station)
    type_into(field_of(window), "ab")
    window.desk.tick()
    field_of(window).selectAll()
    QTest.keyClick(field_of(window), Qt.Key.Key_Delete)
    window.desk.tick()
    assert station.view.answers == {}


def test_letters_in_a_field_are_text_and_no_shortcuts(sit_at):
    station = InteractionStation("composite")
    window = sit_at(station)
    type_into(field_of(window, "keliling"), "14")
    area = field_of(window, "cara")
    type_into(area, "Fabel ")
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_A):
        QTest.keyClick(area, key)
    window.desk.tick()
    assert station.view.current == "composite"
    assert not station.done("flag")
    assert station.view.answers["composite"] == {"keliling": "14", "cara": "Fabel \na"}


def test_enter_goes_from_field_to_field_and_then_to_the_next_question(sit_at):
    station = InteractionStation("composite", "number", "text")
    window = sit_at(station)
    first, second = field_of(window, "keliling"), field_of(window, "diagonal")
    type_into(first, "14")
    QTest.keyClick(first, Qt.Key.Key_Return)
    assert window.focusWidget() is second
    window.desk.step(1)
    type_into(field_of(window), "7")
    QTest.keyClick(field_of(window), Qt.Key.Key_Return)
    assert station.view.current == "text"
    assert station.view.answers["number"] == "7"


def test_a_composed_character_is_saved_and_never_torn(sit_at):
    station = InteractionStation("text")
    window = sit_at(station)
    field = field_of(window)
    field.setFocus()
    field.inputMethodEvent(QInputMethodEvent("に", []))
    window.desk.tick()
    assert not station.done("choose")
    done = QInputMethodEvent("", [])
    done.setCommitString("日本語 😀 ꦗꦮ")
    field.inputMethodEvent(done)
    window.desk.tick()
    assert station.view.answers == {"text": "日本語 😀 ꦗꦮ"}


# Numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("7,5", "7.5", id="comma"),
        pytest.param("7.5", "7.5", id="point"),
        pytest.param(" 12 ", "12", id="spaces around"),
        pytest.param("-3", "-3", id="minus"),
        pytest.param("−3", "-3", id="the true minus"),
        pytest.param("+4", "4", id="plus"),
        pytest.param(",5", "0.5", id="nothing before the comma"),
        pytest.param("5,", "5", id="nothing after the comma"),
        pytest.param("2,50", "2.50", id="as exact as it was typed"),
        pytest.param("1 000", "1000", id="a space within"),
    ],
)
def test_a_number_is_understood(sit_at, text, value):
    station = InteractionStation("number")
    window = sit_at(station)
    type_into(field_of(window), text)
    window.desk.tick()
    assert station.view.answers == {"number": value}
    assert field_of(window).text() == text


@pytest.mark.parametrize("text", ["abc", "1.000,5", "12 cm", "1/2", "-", ",", "1e5", "0x1F", "٣"])
def test_what_is_no_number_is_said_and_not_saved(sit_at, text):
    station = InteractionStation("number")
    window = sit_at(station)
    part = window.exam.question.answering.parts["RESPONSE"]
    type_into(field_of(window), text)
    window.desk.tick()
    assert not station.done("choose")
    assert part.hint.isVisible()
    assert "bukan angka" in part.hint.text()
    assert field_of(window).accessibleDescription() == part.hint.text()
    assert window.bar.saved.text() == UNSAVED
    assert field_of(window).text() == text


def test_a_number_that_is_mended_is_saved_and_the_words_go(sit_at):
    station = InteractionStation("number")
    window = sit_at(station)
    field, part = field_of(window), window.exam.question.answering.parts["RESPONSE"]
    type_into(field, "12x")
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    window.desk.tick()
    assert station.view.answers == {"number": "12"}
    assert not part.hint.isVisible()


# Long texts


def test_a_long_text_counts_says_what_is_wanted_and_whether_it_is_saved(sit_at):
    station = InteractionStation("extended-text")
    window = sit_at(station)
    part = window.exam.question.answering.parts["RESPONSE"]
    assert part.hint.text() == "Tulis paling sedikit 20 karakter."
    type_into(part.field, "abc")
    assert (part.count.text(), part.state.text()) == ("3 dari paling banyak 200 karakter", UNSAVED)
    window.desk.tick()
    assert part.state.text() == SAVED
    assert station.view.cells[0].begun


def test_a_long_text_takes_no_more_than_it_may(sit_at, qapp):
    station = InteractionStation("extended-text")
    window = sit_at(station)
    part = window.exam.question.answering.parts["RESPONSE"]
    qapp.clipboard().setText("x" * 150 + "\n" + "y" * 100)
    part.field.setFocus()
    part.field.paste()
    QTest.keyClick(part.field, "z")
    assert len(part.field.toPlainText()) == 200
    assert "200" in part.hint.text()
    window.desk.tick()
    assert len(station.view.answers["extended-text"]) == 200


def test_what_no_answer_may_hold_does_not_come_in_by_paste(sit_at, qapp):
    station = InteractionStation("extended-text")
    window = sit_at(station)
    part = window.exam.question.answering.parts["RESPONSE"]
    qapp.clipboard().setText("a\u202eb\u0000c\td\r\ne")
    part.field.setFocus()
    part.field.paste()
    window.desk.tick()
    assert station.view.answers["extended-text"] == "abc\td\ne"


def test_tab_leaves_a_long_text_and_control_enter_goes_on(sit_at):
    station = InteractionStation("extended-text", "text")
    window = sit_at(station)
    field = field_of(window)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert not field.hasFocus()
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert station.view.current == "text"


# Scripts


@pytest.mark.parametrize(
    "text", [ARABIC[:12], JAVANESE[:6], BALINESE[:8]], ids=["arabic", "javanese", "balinese"]
)
def test_letters_that_reach_far_up_and_down_are_seen_whole_and_typing_goes_on(monkeypatch, sit_at, text):
    QFont.removeSubstitutions(FAMILIES[0])
    dressed, dress = [], typed.dress_again
    monkeypatch.setattr(typed, "dress_again", lambda field: (dressed.append(field), dress(field)))
    window = sit_at(InteractionStation("text"))
    field = field_of(window)
    before = field.height()
    type_into(field, text)
    settle()
    layout = QTextLayout(text, field.font())
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    frame = before - field.fontMetrics().height()
    assert field.height() >= frame + line.height() - 1
    assert field.text() == text
    assert field.hasFocus()
    assert dressed == [field]  # once, for its first letter
    found = {family.lower() for family in families_for(text) if family not in FAMILIES}
    assert found <= set(QFont.substitutes(FAMILIES[0]))


def test_a_field_is_as_high_as_before_when_such_letters_go(sit_at):
    window = sit_at(InteractionStation("text"))
    field = field_of(window)
    before = field.height()
    type_into(field, JAVANESE[:4])
    settle()
    assert field.height() > before
    window.desk.tick()
    window.exam.clear.click()
    settle()
    assert field.height() == before


@pytest.mark.parametrize(
    "text", ["W", f"W {ARABIC[:6]}", f"W {JAVANESE[:6]}"], ids=["latin", "arabic", "javanese"]
)
def test_what_is_typed_stands_on_the_line_of_its_sentence_in_every_script(qtbot, look, text):
    field = EntryWidget(look, 20, 60, lambda _value: None)
    field.meant = lambda typed_text: typed_text or None
    view = RichView(look, 20)
    qtbot.addWidget(view)
    view.show_blocks((words("W ", Slot(response="a"), " W"),), Media({}), {"a": field})
    view.resize(700, 200)
    view.show()
    field.put_text(text)
    field.draw()
    settle()
    image, ink = view.grab().toImage(), look.colour("ink")

    def foot(left: int, right: int) -> int:
        """The last row of a letter."""
        rows = [y for y in range(image.height()) for x in range(left, right) if image.pixelColor(x, y) == ink]
        return max(rows)

    begin = field.geometry().left() + look.px(9)
    assert foot(begin, begin + 18) == pytest.approx(foot(0, 18), abs=1)
