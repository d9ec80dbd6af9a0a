"""A question on the screen: a press is the answer, and nothing is drawn that did not come back.

The whole way in and out is in test_way_in.py and test_the_end.py, a sitting by keys alone in test_keyboard_only.py.
"""

import msgspec
import pytest
from PySide6.QtCore import Qt

from cbt_station.errors import Refusal, Tampered, Trouble
from cbt_station.exam.clock import Reading
from cbt_station.screens.station.palette import Filter
from tests.screens.scripted_station import ScriptedStation

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def station():
    return ScriptedStation(phase="running")


def chosen(window) -> list[str]:
    return [row.letter for row in window.exam.question.options if row.isChecked()]


def test_a_click_on_an_option_is_the_answer(qtbot, sit_at, station):
    window = sit_at(station)
    row = window.exam.question.options[2]
    qtbot.mouseClick(row, LEFT)
    assert station.done("choose") == [("choose", "soal-001", "d")]  # the form's order: b a d c e
    assert chosen(window) == ["C"]


def test_a_click_at_the_far_end_of_the_row_counts_too(qtbot, sit_at, station):
    window = sit_at(station)
    row = window.exam.question.options[0]
    qtbot.mouseClick(row, LEFT, pos=row.rect().topRight() + row.rect().topLeft().__class__(-4, 4))
    assert chosen(window) == ["A"]


@pytest.mark.parametrize(("key", "letter"), [(Qt.Key.Key_A, "A"), (Qt.Key.Key_E, "E")])
def test_a_letter_is_the_answer(qtbot, sit_at, station, key, letter):
    window = sit_at(station)
    qtbot.keyClick(window.exam.question.stem, key)
    assert chosen(window) == [letter]


def test_letters_can_be_switched_off(qtbot, sit_at, station):
    window = sit_at(station)
    window.help.letters.setChecked(False)
    qtbot.keyClick(window.exam.question.stem, Qt.Key.Key_A)
    qtbot.keyClick(window.exam.question.stem, Qt.Key.Key_F)
    assert not station.done("choose") + station.done("flag")


def test_a_key_without_a_function_does_nothing(qtbot, sit_at, station):
    window = sit_at(station)
    before = list(station.calls)
    for key in (Qt.Key.Key_G, Qt.Key.Key_Z, Qt.Key.Key_1, Qt.Key.Key_F5, Qt.Key.Key_Delete):
        qtbot.keyClick(window.exam.question.stem, key)
    assert station.calls == before


def test_another_option_replaces_the_first(qtbot, sit_at, station):
    window = sit_at(station)
    for row in (0, 3):
        qtbot.mouseClick(window.exam.question.options[row], LEFT)
    assert chosen(window) == ["D"]


def test_a_click_on_the_chosen_option_leaves_it_chosen(qtbot, sit_at, station):
    window = sit_at(station)
    for _ in range(2):
        qtbot.mouseClick(window.exam.question.options[1], LEFT)
    assert chosen(window) == ["B"]


def test_an_answer_can_be_taken_back(qtbot, sit_at, station):
    window = sit_at(station)
    assert not window.exam.clear.isEnabled()
    qtbot.mouseClick(window.exam.question.options[0], LEFT)
    qtbot.mouseClick(window.exam.clear, LEFT)
    assert chosen(window) == []
    assert station.view.answers == {}


def test_jumping_by_the_palette_loses_nothing(qtbot, sit_at, station):
    window = sit_at(station)
    qtbot.mouseClick(window.exam.question.options[0], LEFT)
    palette = window.exam.panel.palette_view
    place = palette.cells.place_of("soal-012")
    qtbot.mouseClick(palette.viewport(), LEFT, pos=palette.visualRect(palette.cells.index(place)).center())
    assert window.desk.view.current == "soal-012"
    palette.press("soal-001")
    assert chosen(window) == ["A"]


def test_doubtful_is_drawn_from_the_view_and_still_counts(qtbot, sit_at, station):
    window = sit_at(station)
    qtbot.mouseClick(window.exam.question.options[0], LEFT)
    qtbot.mouseClick(window.exam.doubtful, LEFT)
    assert window.exam.doubtful.isChecked()
    assert window.exam.question.mark_text.isVisible()
    assert station.view.answers == {"soal-001": "b"}
    qtbot.keyClick(window.exam.question.stem, Qt.Key.Key_F)
    assert not window.exam.doubtful.isChecked()


def test_next_walks_through_and_the_last_leads_to_the_review(qtbot, sit_at):
    station = ScriptedStation(phase="running", count=3)
    window = sit_at(station)
    for _ in range(2):
        qtbot.mouseClick(window.exam.next, LEFT)
    assert window.desk.view.current == "soal-003"
    qtbot.mouseClick(window.exam.next, LEFT)
    assert window.pages.currentWidget() is window.review


def test_the_palette_counts_and_filters(qtbot, sit_at, station):
    window = sit_at(station)
    qtbot.mouseClick(window.exam.question.options[0], LEFT)
    qtbot.keyClick(window.exam.question.stem, Qt.Key.Key_F)
    panel = window.exam.panel
    assert [chip.text() for chip in panel.filters.values()] == ["Semua 110", "Belum 109", "Ragu 1"]
    qtbot.mouseClick(panel.filters[Filter.DOUBTFUL], LEFT)
    cells = [row for row in panel.palette_view.cells.rows if hasattr(row, "item")]
    assert [cell.item for cell in cells] == ["soal-001"]


def test_an_item_shows_its_options_in_the_forms_order(sit_at, station):
    window = sit_at(station)
    assert [row.option.id for row in window.exam.question.options] == ["b", "a", "d", "c", "e"]


def test_another_language_shows_the_same_item_and_answer_at_once(qtbot, sit_at, station, look):
    window = sit_at(station)
    qtbot.mouseClick(window.exam.question.options[1], LEFT)
    look.set_language("en")
    assert station.done("set_language") == [("set_language", "en")]
    assert window.exam.question.stem.accessibleName().startswith("At a neighbourhood meeting")
    assert window.exam.next.text() == "Save and next"
    assert chosen(window) == ["B"]


# What is not durable is not drawn


def test_the_tick_and_saved_wait_for_the_view(qtbot, sit_at, station):
    window = sit_at(station, threaded=True)
    qtbot.waitUntil(lambda: window.desk.on_screen is not None and bool(window.exam.question.options))
    saved = window.bar.saved.text()
    station.hold("choose")
    qtbot.mouseClick(window.exam.question.options[0], LEFT)
    qtbot.waitUntil(lambda: window.bar.saved.text() == "Menyimpan …")
    assert chosen(window) == []
    station.let_go("choose")
    qtbot.waitUntil(lambda: chosen(window) == ["A"])
    assert window.bar.saved.text().startswith("Tersimpan")
    assert window.bar.saved.text() != saved


def test_keys_still_work_while_the_disk_stands_still(qtbot, sit_at, station, look):
    window = sit_at(station, threaded=True)
    qtbot.waitUntil(lambda: bool(window.exam.question.options))
    station.hold("choose")
    qtbot.mouseClick(window.exam.question.options[0], LEFT)
    qtbot.keyClick(window.exam.question.stem, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert look.zoom == 125
    station.let_go("choose")
    qtbot.waitUntil(lambda: chosen(window) == ["A"])


def test_saved_is_written_from_the_view_alone(sit_at, station):
    window = sit_at(station)
    saved = msgspec.structs.replace(station.view.saved, level="second", wall="11:00:00")
    station.change(saved=saved)
    window.desk.tick()
    assert window.bar.saved.text() == "Tersimpan 11:00:00"
    assert window.bar.saved_detail.text() == "di dua tempat"


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(Trouble("disk-full", where="data"), id="disk full"),
        pytest.param(Refusal("sitting-paused"), id="paused"),
        pytest.param(Tampered("journal-order"), id="tampered"),
        pytest.param(Trouble("never-heard-of"), id="a code without words"),
    ],
)
def test_a_failing_station_shows_words_and_no_tick(qtbot, sit_at, station, failure):
    window = sit_at(station)
    station.fail_next("choose", failure)
    qtbot.mouseClick(window.exam.question.options[0], LEFT)
    assert chosen(window) == []
    assert window.banner.isVisible()
    assert len(window.banner.text.text()) > 20
    if isinstance(failure, Refusal):
        assert window.bar.saved.text().startswith("Tersimpan")
    else:
        window.desk.tick()
        assert (window.bar.saved.text(), window.bar.saved_detail.text()) == ("Belum tersimpan", "")
    qtbot.mouseClick(window.exam.question.options[0], LEFT)
    assert chosen(window) == ["A"]
    assert window.bar.saved.text().startswith("Tersimpan")


def test_a_bug_of_ours_is_not_swallowed(qtbot, sit_at, station):
    window = sit_at(station)
    station.item = lambda _item: 1 / 0
    with pytest.raises(ZeroDivisionError):
        window.desk.go("soal-002")


def test_an_answer_counts_from_its_key_press(qtbot, sit_at, station):
    at = Reading(mono_ms=5, boot="b", wall="2026-11-24T10:00:00+07:00")
    window = sit_at(station, reading=lambda: at)
    qtbot.mouseClick(window.exam.question.options[0], LEFT)
    assert station.given == at


# Time


@pytest.mark.parametrize(
    ("left_ms", "shown"),
    [
        pytest.param(5_530_000, "93 menit", id="minutes are calm"),
        pytest.param(600_001, "11 menit", id="never less than there is"),
        pytest.param(600_000, "10:00", id="seconds from ten minutes on"),
        pytest.param(59_001, "1:00", id="a begun second is a second"),
        pytest.param(0, "0:00", id="the end"),
    ],
)
def test_the_time_left_in_words(sit_at, station, left_ms, shown):
    window = sit_at(station)
    station.change(left_ms=left_ms)
    window.desk.tick()
    assert window.bar.time.text() == shown


def test_time_can_be_hidden_until_five_minutes_are_left(qtbot, sit_at, station):
    window = sit_at(station)
    qtbot.mouseClick(window.bar.hide_time, LEFT)
    assert "menit" not in window.bar.time.text()
    station.change(left_ms=300_000)
    window.desk.tick()
    assert window.bar.time.text() == "5:00"
    assert not window.bar.hide_time.isVisible()


def test_a_warning_is_a_banner_once_and_takes_no_focus(qtbot, sit_at, station):
    window = sit_at(station)
    focused = window.focusWidget()
    station.change(warning=300_000, left_ms=300_000)
    window.desk.tick()
    assert "5 menit" in window.banner.text.text()
    assert window.focusWidget() is focused
    assert not window.exam.isHidden()
    qtbot.mouseClick(window.banner.away, LEFT)
    window.desk.tick()
    assert not window.banner.isVisible()


def test_not_saved_is_not_said_any_more_when_a_later_answer_is(qtbot, sit_at, station):
    window = sit_at(station)
    station.fail_next("choose", Trouble("disk-full", where="data"))
    qtbot.mouseClick(window.exam.question.options[0], LEFT)
    station.change(
        alarm="disk-full", warning=300_000, left_ms=300_000
    )  # a station names its last trouble until something is saved
    window.desk.tick()
    assert window.banner.text.text() == "Sisa waktu 5 menit."  # and not that all is saved
    qtbot.mouseClick(window.exam.question.options[0], LEFT)
    assert window.bar.saved.text().startswith("Tersimpan")
    window.banner.hide()
    station.fail_next("choose", Trouble("disk-full", where="data"))
    qtbot.mouseClick(window.exam.question.options[1], LEFT)
    assert "belum tersimpan" in window.banner.text.text()
    qtbot.mouseClick(window.exam.question.options[1], LEFT)
    assert not window.banner.isVisible()


def test_evidence_that_is_false_stays_on_the_screen(qtbot, sit_at, station):
    window = sit_at(station)
    station.fail_next("choose", Tampered("journal-order"))
    qtbot.mouseClick(window.exam.question.options[0], LEFT)
    qtbot.mouseClick(window.exam.question.options[1], LEFT)
    assert window.banner.isVisible()


def test_an_alarm_that_is_over_is_put_away(sit_at, station):
    window = sit_at(station)
    for alarm, told in (("second-copy-failed", True), (None, False), ("second-copy-failed", True)):
        station.change(alarm=alarm)
        window.desk.tick()
        assert window.banner.isVisible() is told


def test_an_alarm_is_told_once_in_words(sit_at, station):
    window = sit_at(station)
    station.change(alarm="second-copy-failed")
    window.desk.tick()
    assert window.banner.isVisible()
    window.banner.hide()
    window.desk.tick()
    assert not window.banner.isVisible()


def test_a_pause_covers_the_question_and_ends_by_itself(sit_at, station):
    window = sit_at(station)
    station.change(phase="paused", paused_because="Alarm kebakaran")
    window.desk.tick()
    assert window.pages.currentWidget() is window.interruptions.paused
    assert "Alarm kebakaran" in window.interruptions.paused.reason.text()
    station.change(phase="running", paused_because="")
    window.desk.tick()
    assert window.pages.currentWidget() is window.exam
    assert window.exam.question.options


def test_the_hand_is_a_sign_on_this_screen(qtbot, sit_at, station):
    window = sit_at(station)
    qtbot.mouseClick(window.bar.hand, LEFT)
    assert window.banner.isVisible()
    qtbot.mouseClick(window.bar.hand, LEFT)
    assert not window.banner.isVisible()
