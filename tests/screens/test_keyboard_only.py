"""A whole sitting without a mouse: every page can be reached, used and left by keys."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.screens.scripted_station import BIRTH_DATE, CODE, NUMBER, PASSPHRASE, ScriptedStation


def press(window, *keys):
    for key in keys:
        QTest.keyClick(window.focusWidget() or window, key)


def tab_to(window, target):
    for _ in range(200):
        if window.focusWidget() is target:
            return
        press(window, Qt.Key.Key_Tab)
    raise AssertionError(f"no way by Tab to {target.accessibleName()}")


def write(window, text):
    for character in text:
        QTest.keyClick(window.focusWidget(), character)


def test_from_the_locked_station_to_the_slip_by_keys_alone(open_at):
    station = ScriptedStation(count=5)
    window = open_at(station)
    write(window, PASSPHRASE)
    press(window, Qt.Key.Key_Tab)
    write(window, CODE.replace("-", ""))
    press(window, Qt.Key.Key_Return)
    write(window, NUMBER)
    press(window, Qt.Key.Key_Return)
    year, month, day = BIRTH_DATE.split("-")
    write(window, day + month + year)
    press(window, Qt.Key.Key_Return)  # to "is this you?"
    press(window, Qt.Key.Key_Return)  # agree
    press(window, Qt.Key.Key_Return)  # the language at hand
    tab_to(window, window.practice.skip)
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_Return)  # start
    assert window.pages.currentWidget() is window.exam
    press(window, Qt.Key.Key_B, Qt.Key.Key_Return)
    press(
        window, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_F
    )  # the second option, doubtful
    press(window, Qt.Key.Key_Right, Qt.Key.Key_Left)
    assert station.view.answers == {"soal-001": "a", "soal-002": "a"}
    assert station.view.current == "soal-002"
    press(window, Qt.Key.Key_F2, Qt.Key.Key_End, Qt.Key.Key_Return)
    assert station.view.current == "soal-005"
    press(window, Qt.Key.Key_E, Qt.Key.Key_Return)
    assert window.pages.currentWidget() is window.review
    tab_to(window, window.review.open_palette)
    press(window, Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_Return)
    assert station.view.current == "soal-003"
    tab_to(window, window.exam.panel.finish)
    press(window, Qt.Key.Key_Return)
    tab_to(window, window.review.on)
    press(window, Qt.Key.Key_Return)
    tab_to(window, window.finish.understood)
    press(window, Qt.Key.Key_Space)
    tab_to(window, window.finish.finish)
    press(window, Qt.Key.Key_Return)
    assert window.pages.currentWidget() is window.sealed


def test_tab_goes_round_the_exam_page_without_a_trap(sit_at):
    window = sit_at()
    window.exam.question.stem.setFocus()
    seen = []
    for _ in range(60):
        press(window, Qt.Key.Key_Tab)
        if window.focusWidget() is window.exam.question.stem:
            break
        seen.append(window.focusWidget())
    exam = window.exam
    wanted = [
        exam.next,
        exam.doubtful,
        exam.panel.palette_view,
        exam.panel.finish,
        window.bar.help,
    ]
    assert all(widget in seen for widget in wanted)
    assert seen[0] in exam.question.options  # radio buttons are one stop: the arrows move among them
    assert seen.index(exam.previous if exam.previous in seen else exam.doubtful) < seen.index(
        exam.panel.palette_view
    )


def test_up_and_down_choose_nothing(sit_at):
    window = sit_at()
    press(window, *[Qt.Key.Key_Down] * 7, *[Qt.Key.Key_Up] * 3)
    assert window.desk.view.answers == {}
    assert window.focusWidget() is window.exam.question.options[1]


def test_a_key_held_down_acts_once(sit_at, qapp):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    window = sit_at()
    for _ in range(5):
        held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True)
        qapp.sendEvent(window.exam.question.stem, held)
    assert window.desk.view.current == "soal-001"


def test_text_size_theme_and_help_have_keys_everywhere(sit_at, look):
    window = sit_at()
    control = Qt.KeyboardModifier.ControlModifier
    for _ in range(9):
        QTest.keyClick(window.exam.question.stem, Qt.Key.Key_Plus, control)
    assert look.zoom == 200
    QTest.keyClick(window.exam.question.stem, Qt.Key.Key_Minus, control)
    assert look.zoom == 175
    QTest.keyClick(window.exam.question.stem, Qt.Key.Key_0, control)
    QTest.keyClick(window.exam.question.stem, Qt.Key.Key_T, control)
    assert (look.zoom, look.tokens.name) == (100, "dark")
    press(window, Qt.Key.Key_F1)
    assert window.pages.currentWidget() is window.help
    press(window, Qt.Key.Key_Escape)
    assert window.pages.currentWidget() is window.exam
