"""Picking up and putting down by click, by key and by drag; counts in words; and a sitting of every kind by keys alone."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from cbt_station.screens.item.interactions import make
from cbt_station.screens.rich.media import Media
from cbt_station.screens.station.acting import act_out, point_in, type_character
from tests.screens.interaction_answers import ANSWERS
from tests.screens.interaction_items import ITEMS, KINDS
from tests.screens.interaction_station import InteractionStation
from tests.screens.test_interactions import is_same
from tests.screens.test_keyboard_only import press, tab_to
from tests.station_pictures import settle

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


def sit(sit_at, name, *more):
    station = InteractionStation(name, *more)
    window = sit_at(station)
    settle()
    return window, station, window.exam.question.answering.parts.get("RESPONSE")


def drag(source, target, at=None):
    """With the left button from the middle of one widget to another."""
    end = target.mapToGlobal(at or target.rect().center())
    QTest.mousePress(source, LEFT)
    for part in (0.3, 0.7, 1.0):
        start = source.rect().center()
        there = source.mapFromGlobal(end)
        QTest.mouseMove(
            source, start + QPoint(round((there - start).x() * part), round((there - start).y() * part))
        )
    QTest.mouseRelease(source, LEFT, Qt.KeyboardModifier.NoModifier, source.mapFromGlobal(end))


# Keys


def test_enter_picks_up_arrows_move_enter_puts(sit_at):
    window, station, part = sit(sit_at, "gap-match")
    tab_to(window, part.bank["bdg"])
    press(window, Key.Key_Return)
    assert part.bank["bdg"].picked
    assert window.focusWidget() is part.places["g1"]
    press(window, Key.Key_Right)
    assert not station.done("choose")
    press(window, Key.Key_Return)
    assert station.view.answers == {"gap-match": ("bdg g2",)}
    assert window.focusWidget() is part.bank["mks"]  # on to what is not placed yet


def test_escape_lays_back_and_asks_for_nothing(sit_at):
    window, station, part = sit(sit_at, "gap-match")
    tab_to(window, part.bank["bdg"])
    press(window, Key.Key_Space, Key.Key_Right, Key.Key_Escape)
    assert part.held is None
    assert window.focusWidget() is part.bank["bdg"]
    assert not station.done("choose")


def test_what_is_in_a_place_can_be_moved_and_taken_out(sit_at):
    window, station, part = sit(sit_at, "gap-match")
    act_out(window.exam.question, ("bdg g1",), by_key=True)
    tab_to(window, part.places["g1"])
    press(window, Key.Key_Return, Key.Key_Right, Key.Key_Return)
    assert station.view.answers["gap-match"] == ("bdg g2",)
    press(window, Key.Key_Delete)
    assert station.view.answers == {}


def test_a_gap_gives_back_what_is_replaced(sit_at):
    window, station, part = sit(sit_at, "gap-match")
    act_out(window.exam.question, ("bdg g1",))
    part.press_option("mks")
    part.press_place("g1")
    assert station.view.answers["gap-match"] == ("mks g1",)
    assert not part.bank["bdg"].muted


def test_an_option_that_may_be_used_once_is_moved_by_a_second_press(sit_at):
    window, station, part = sit(sit_at, "gap-match")
    act_out(window.exam.question, ("bdg g1",))
    part.press_option("bdg")
    part.press_place("g2")
    assert station.view.answers["gap-match"] == ("bdg g2",)


def test_an_option_that_may_be_used_twice_is_used_twice_and_then_says_so(sit_at):
    window, _station, part = sit(sit_at, "gap-match")
    act_out(window.exam.question, ("mdn g1", "mdn g2"))
    part.press_option("mdn")
    assert "sudah habis dipakai" in part.hint.text()
    assert part.held is None


def test_arrows_never_leave_the_question_in_passing(sit_at):
    for name in (
        "gap-match",
        "hottext",
        "match",
        "order",
        "associate",
        "slider",
        "select-point",
        "graphic-gap-match",
    ):
        window, station, _ = sit(sit_at, name, "choice")
        part = window.exam.question.parts_to_focus()[-1]
        part.setFocus(Qt.FocusReason.TabFocusReason)
        for key in (Key.Key_Right, Key.Key_Right, Key.Key_Right, Key.Key_Left, Key.Key_Down):
            press(window, key)
        assert station.view.current == name


def test_an_order_is_none_until_it_is_moved_or_confirmed(sit_at):
    window, station, part = sit(sit_at, "order")
    assert part.sequence == ("proklamasi", "sumpah", "kaa", "reformasi")
    assert part.state.text().startswith("Belum diurutkan")
    tab_to(window, part.confirm)
    press(window, Key.Key_Return)
    assert station.view.answers["order"] == part.sequence
    assert not part.confirm.isVisible()
    assert part.state.text() == "Urutan ini tersimpan sebagai jawaban."


def test_a_row_moves_with_the_arrows_and_lies_back_with_escape(sit_at):
    window, station, part = sit(sit_at, "order")
    tab_to(window, part.rows["kaa"].button)
    press(window, Key.Key_Return, Key.Key_Up, Key.Key_Up)
    assert part.sequence[0] == "kaa"
    assert not station.done("choose")
    press(window, Key.Key_Escape)
    assert part.sequence[2] == "kaa"
    press(window, Key.Key_Return, Key.Key_Home, Key.Key_Return)
    assert station.view.answers["order"] == ("kaa", "proklamasi", "sumpah", "reformasi")
    assert window.focusWidget() is part.rows["kaa"].button


def test_the_small_arrows_move_a_row_at_once(sit_at):
    _, station, part = sit(sit_at, "order")
    QTest.mouseClick(part.rows["sumpah"].up, LEFT)
    assert station.view.answers["order"][:2] == ("sumpah", "proklamasi")
    assert not part.rows["sumpah"].up.isEnabled()


def test_a_pair_is_undone_by_its_button(sit_at):
    window, station, part = sit(sit_at, "associate")
    act_out(window.exam.question, ANSWERS["associate"], by_key=True)
    tab_to(window, part.pairs["p q"])
    press(window, Key.Key_Return)
    assert station.view.answers["associate"] == ("r s",)
    assert window.focusWidget() is part.chips["p"]


def test_a_crosshair_moves_by_ten_and_by_one(sit_at):
    window, station, part = sit(sit_at, "select-point")
    tab_to(window, part.board.aim)
    press(window, Key.Key_Right, Key.Key_Up)
    QTest.keyClick(part.board.aim, Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert (part.board.at.x(), part.board.at.y()) == (219, 70)
    assert "219, 70 dari 420 × 160" in part.board.aim.accessibleDescription()
    press(window, Key.Key_Return)
    assert station.view.answers["select-point"] == ("219 70",)
    for _ in range(60):
        press(window, Key.Key_Right)
    assert part.board.at.x() == 420  # never off the picture
    press(window, Key.Key_Delete)
    assert station.view.answers == {}


def test_a_closed_list_chooses_nothing_by_arrows_wheel_or_letters(sit_at):
    window, station, part = sit(sit_at, "inline-choice")
    tab_to(window, part.box)
    press(window, Key.Key_Down, Key.Key_Up, Key.Key_S)
    assert not station.done("choose")
    assert part.box.currentIndex() == 0


def test_the_first_entry_of_a_list_takes_the_answer_back(sit_at):
    window, station, part = sit(sit_at, "inline-choice")
    act_out(window.exam.question, "sby")
    part.box.activated.emit(0)
    assert station.view.answers == {}


def test_a_scale_is_answered_where_it_stands_by_enter(sit_at):
    window, station, part = sit(sit_at, "slider")
    tab_to(window, part.scale)
    press(window, Key.Key_Return)
    assert station.view.answers["slider"] == "50"
    press(window, Key.Key_PageUp, Key.Key_Left)
    assert station.view.answers["slider"] == "57.5"


def test_the_wheel_over_a_scale_scrolls_the_page_and_answers_nothing(sit_at, qapp):
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QWheelEvent

    _, station, part = sit(sit_at, "slider")
    turn = QWheelEvent(
        QPointF(20, 20), QPointF(part.scale.mapToGlobal(QPoint(20, 20))), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    qapp.sendEvent(part.scale, turn)
    assert not station.done("choose")


def test_letters_mean_options_only_where_they_are_seen(sit_at):
    for name, given in (("choices", ("b",)), ("hotspots", None), ("order", None), ("gap-match", None)):
        window, station, _ = sit(sit_at, name)
        window.exam.question.stem.setFocus()
        press(window, Key.Key_B)
        assert station.view.answers.get(name) == given


# Counts


@pytest.mark.parametrize(
    ("name", "third"),
    [
        pytest.param("choices", lambda part: part.press("b"), id="options"),
        pytest.param("hotspots", lambda part: part.press("lingkaran"), id="places"),
        pytest.param("hottext", lambda part: part.press("petani"), id="words"),
        pytest.param("order-some", lambda part: part.press("b"), id="an order of some"),
        pytest.param("associate", lambda part: part.press("p"), id="pairs"),
        pytest.param("select-point", lambda part: part.put(QPoint(5, 5)), id="points"),
    ],
)
def test_one_too_many_is_refused_in_words_and_changes_nothing(sit_at, name, third):
    window, station, part = sit(sit_at, name)
    act_out(window.exam.question, ANSWERS[name])
    before = list(station.calls)
    third(part)
    assert station.calls == before
    assert is_same(name, station.view.answers[name])
    assert part.hint.isVisible()
    assert any(word in part.hint.text() for word in ("Paling banyak", "sudah berpasangan"))
    window.desk.tick()
    assert "Pilih" not in part.hint.text()[:5]  # the words stay until something is done


def test_where_one_may_be_chosen_another_replaces_it(sit_at):
    _window, station, part = sit(sit_at, "hotspot")
    for spot in ("segitiga", "lingkaran"):
        QTest.mouseClick(part.board, LEFT, Qt.KeyboardModifier.NoModifier, point_in(part.board, spot))
    assert station.view.answers["hotspot"] == ("lingkaran",)


def test_a_column_that_is_used_up_says_by_which_row(sit_at):
    _window, station, part = sit(sit_at, "match")
    part.press("bdg", "sumatra")
    part.press("mdn", "sumatra")
    assert station.view.answers["match"] == ("bdg sumatra",)
    assert part.hint.text() == "“Sumatra” sudah dipakai oleh: Bandung. Lepaskan dulu di sana."
    part.press("bdg", "jawa")
    part.press("mdn", "sumatra")
    assert station.view.answers["match"] == ("bdg jawa", "mdn sumatra")


def test_quick_presses_build_on_each_other_though_the_disk_is_slow(qtbot, sit_at):
    station = InteractionStation("choices")
    window = sit_at(station, threaded=True)
    qtbot.waitUntil(lambda: bool(window.exam.question.options))
    station.hold("choose")
    rows = window.exam.question.options
    QTest.mouseClick(rows[0], LEFT)
    QTest.mouseClick(rows[2], LEFT)
    assert not any(row.isChecked() for row in rows)
    station.let_go("choose")
    qtbot.waitUntil(lambda: window.desk.is_settled)
    assert station.view.answers["choices"] == ("a", "c")
    qtbot.waitUntil(lambda: [row.isChecked() for row in rows] == [True, False, True, False])


def test_a_view_of_an_earlier_press_forgets_no_later_one(look):
    asked = []
    part = make(look, KINDS["choices"][1], Media({}), None, asked.append)
    part.press("a")
    part.press("c")
    part.show_response(("a",), settled=False)  # the second is still on its way
    part.press("a")
    assert asked == [("a",), ("a", "c"), ("c",)]
    part.show_response(("a", "c"), settled=False)
    part.show_response(("c",))
    assert part.values == part.value == ("c",)


def test_parts_of_a_composite_asked_for_at_once_all_arrive(qtbot, sit_at):
    station = InteractionStation("composite")
    window = sit_at(station, threaded=True)
    qtbot.waitUntil(lambda: bool(window.exam.question.answering.parts))
    station.hold("choose")
    parts = window.exam.question.answering.parts
    parts["benar"].press("a")
    parts["simetri"].press("dua")
    parts["keliling"].field.setText("14")
    parts["keliling"].edited()
    parts["keliling"].leave()
    station.let_go("choose")
    qtbot.waitUntil(lambda: window.desk.is_settled)
    assert station.view.answers["composite"] == {"benar": ("a",), "simetri": "dua", "keliling": "14"}


def test_a_part_that_is_cleared_leaves_the_answer_and_the_last_one_takes_it_back(sit_at):
    station = InteractionStation("composite")
    window = sit_at(station)
    parts = window.exam.question.answering.parts
    act_out(window.exam.question, {"keliling": "14", "benar": ("a",)})
    parts["benar"].press("a")
    assert station.view.answers["composite"] == {"keliling": "14"}
    parts["keliling"].field.setText("")
    parts["keliling"].leave()
    assert station.view.answers == {}


# Dragging


def test_an_option_is_dragged_into_a_gap_into_another_and_back(sit_at):
    _window, station, part = sit(sit_at, "gap-match")
    drag(part.bank["bdg"], part.places["g1"])
    assert station.view.answers["gap-match"] == ("bdg g1",)
    drag(part.places["g1"], part.places["g2"])
    assert station.view.answers["gap-match"] == ("bdg g2",)
    drag(part.places["g2"], part.bank_area)
    assert station.view.answers == {}


def test_an_option_let_go_elsewhere_lies_back(sit_at):
    window, station, part = sit(sit_at, "gap-match")
    drag(part.bank["bdg"], window.exam.question.stem)
    assert part.held is None
    assert not station.done("choose")


def test_an_option_is_dragged_onto_the_picture_itself(sit_at):
    _, station, part = sit(sit_at, "graphic-gap-match")
    drag(part.bank["nol"], part.board, point_in(part.board, "lingkaran"))
    assert station.view.answers["graphic-gap-match"] == ("nol lingkaran",)


def test_a_row_is_dragged_to_its_place(sit_at):
    _, station, part = sit(sit_at, "order")
    drag(part.rows["reformasi"].button, part.rows["proklamasi"].button)
    assert station.view.answers["order"] == ("reformasi", "proklamasi", "sumpah", "kaa")


def test_two_options_are_dragged_together(sit_at):
    _, station, part = sit(sit_at, "associate")
    drag(part.chips["p"], part.chips["q"])
    assert station.view.answers["associate"] == ("p q",)


def test_a_point_is_dragged(sit_at):
    window, station, part = sit(sit_at, "select-point")
    act_out(window.exam.question, ("220 80",))
    board = part.board
    start, end = (
        board.to_screen(QPoint(220, 80).toPointF()).toPoint(),
        board.to_screen(QPoint(80, 20).toPointF()).toPoint(),
    )
    QTest.mousePress(board, LEFT, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(board, (start + end) / 2)
    QTest.mouseRelease(board, LEFT, Qt.KeyboardModifier.NoModifier, end)
    assert station.view.answers["select-point"] == ("80 20",)


# The whole way


def test_a_sitting_of_every_kind_by_keys_alone(sit_at):
    """From the first question to the slip; Tab, arrows, Enter, Space, Escape, Delete and letters, and nothing else."""
    station = InteractionStation()
    window = sit_at(station)
    window.exam.question.stem.setFocus()
    for name in ITEMS:
        assert station.view.current == name
        act_out(window.exam.question, ANSWERS[name], by_key=True)
        assert is_same(name, station.view.answers[name]), name
        tab_to(window, window.exam.next)
        press(window, Key.Key_Return)
    assert window.pages.currentWidget() is window.review
    tab_to(window, window.review.on)
    press(window, Key.Key_Return)
    tab_to(window, window.finish.understood)
    press(window, Key.Key_Space)
    tab_to(window, window.finish.finish)
    press(window, Key.Key_Return)
    assert window.pages.currentWidget() is window.sealed
    assert station.sealed.answered == len(ITEMS)


def test_a_character_typed_on_the_page_is_no_text(sit_at):
    window, station, _ = sit(sit_at, "text")
    type_character(window.exam.question.stem, "z")
    window.desk.tick()
    assert not station.done("choose")
