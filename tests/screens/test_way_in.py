"""From the locked station to the first question, and back after a restart.

Whether a code is right is delivery's to say (tests/delivery); here only that the window asks, waits and tells.
"""

import msgspec
import pytest
from PySide6.QtCore import Qt

from cbt_station.errors import Refusal, Tampered
from cbt_station.screens.station import BUG_OF_OURS, run
from tests.screens.conftest import walk_in
from tests.screens.scripted_station import (
    BIRTH_DATE,
    CODE,
    NUMBER,
    PASSPHRASE,
    PIN,
    VENUE_KEY,
    ScriptedStation,
)

LEFT = Qt.MouseButton.LeftButton


def page(window):
    return window.pages.currentWidget()


def type_release(qtbot, window, code=CODE, passphrase=PASSPHRASE):
    qtbot.keyClicks(window.locked.passphrase, passphrase)
    window.locked.code.groups[0].setFocus()
    for character in code.replace("-", ""):
        qtbot.keyClick(window.focusWidget(), character)


def test_a_code_is_typed_on_through_its_groups_and_opens_the_session(qtbot, open_at):
    station = ScriptedStation()
    window = open_at(station)
    assert page(window) is window.locked
    assert window.focusWidget() is window.locked.passphrase
    type_release(qtbot, window, code=CODE.lower())
    assert window.locked.code.text() == CODE
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert page(window) is window.number
    assert station.done("unlock") == [("unlock", VENUE_KEY, PASSPHRASE, CODE)]


def test_a_whole_code_can_be_put_into_the_first_group(open_at):
    window = open_at(ScriptedStation())
    first = window.locked.code.groups[0]
    first.setText(f"  {CODE.lower()} ")
    first.textEdited.emit(first.text())
    assert window.locked.code.text() == CODE


def test_backspace_goes_back_over_the_groups(qtbot, open_at):
    window = open_at(ScriptedStation())
    type_release(qtbot, window, code="ABCDE")
    for _ in range(2):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Backspace)
    assert window.locked.code.text() == "ABC--"


def test_a_wrong_code_waits_visibly_and_longer_each_time(qtbot, open_at):
    station = ScriptedStation()
    window = open_at(station)
    type_release(qtbot, window, code="ZZZZZZZZZZZZ")
    window.locked.try_it()
    assert "0:05" in window.locked.wait.text()
    assert not window.locked.open.isEnabled()
    assert window.banner.isVisible()
    window.locked.try_it()
    assert len(station.done("unlock")) == 1
    for _ in range(5):
        window.locked._second_passed()
    assert window.locked.open.isEnabled()
    type_release(qtbot, window, code="ZZZZZZZZZZZZ")
    window.locked.try_it()
    assert "0:10" in window.locked.wait.text()


def test_a_wrong_passphrase_is_replaced_by_what_is_typed_next(qtbot, open_at):
    station = ScriptedStation()
    station.fail_next("unlock", Refusal("passphrase-wrong"))
    window = open_at(station)
    type_release(qtbot, window, passphrase="salah")
    window.locked.open.click()
    qtbot.keyClicks(window.focusWidget(), PASSPHRASE)
    window.locked.open.click()
    assert page(window) is window.number


def test_too_early_says_when_as_people_read_it(open_at):
    station = ScriptedStation()
    station.fail_next("unlock", Refusal("too-early", opens="2026-11-24T08:00:00+07:00"))
    window = open_at(station)
    window.locked.try_it()
    assert "24 November 2026, 08.00 WIB" in window.banner.text.text()


def test_without_a_venue_key_a_stick_is_looked_for(qtbot, open_at, tmp_path):
    station = ScriptedStation()
    window = open_at(station, venue_key=None, key_places=(tmp_path,))
    window.locked.try_it()
    assert not station.done("unlock")
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick" / "bandung.key").write_bytes(VENUE_KEY)
    (tmp_path / "stick" / "bandung.pub").write_bytes(b"public")
    window.locked.keys.look_on(True)
    assert [button.text().strip() for button in window.locked.keys.buttons] == ["bandung.key"]
    type_release(qtbot, window)
    window.locked.try_it()
    assert station.done("unlock") == [("unlock", VENUE_KEY, PASSPHRASE, CODE)]


def test_secrets_do_not_stay_on_a_page_that_went(qtbot, open_at):
    window = open_at(ScriptedStation())
    type_release(qtbot, window)
    window.locked.try_it()
    assert window.locked.passphrase.text() == window.locked.code.text().replace("-", "") == ""
    walk_in(window)
    assert window.secret.secret() == "-00-00"


def test_a_birth_date_is_asked_for_in_three_fields(qtbot, open_at):
    station = ScriptedStation(phase="check-in")
    window = open_at(station)
    qtbot.keyClicks(window.number.number, NUMBER)
    qtbot.keyClick(window.number.number, Qt.Key.Key_Return)
    qtbot.keyClicks(window.focusWidget(), "07")
    qtbot.keyClicks(window.focusWidget(), "03")
    qtbot.keyClicks(window.focusWidget(), "1999")
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert station.done("check_in") == [("check_in", NUMBER, BIRTH_DATE)]
    assert page(window) is window.confirm


def test_a_pin_is_asked_for_hidden(qtbot, open_at):
    station = ScriptedStation(phase="check-in", asks="pin")
    window = open_at(station)
    window.number.number.setText(NUMBER)
    window.number.next.click()
    assert window.secret.pin.echoMode() == window.secret.pin.EchoMode.Password
    qtbot.keyClicks(window.focusWidget(), PIN)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert page(window) is window.confirm


@pytest.mark.parametrize(
    ("call", "failure"),
    [
        pytest.param("look_up", Refusal("number-unknown", number=NUMBER), id="unknown number"),
        pytest.param("look_up", Refusal("number-already-sat", number=NUMBER), id="already sat"),
        pytest.param("check_in", Refusal("identity-mismatch"), id="another birth date"),
        pytest.param("start", Tampered("candidate-not-committed", number=NUMBER), id="roster differs"),
    ],
)
def test_a_door_that_stays_shut_says_why_and_can_be_tried_again(open_at, call, failure):
    station = ScriptedStation(phase="check-in", languages=("id",))
    window = open_at(station)
    station.fail_next(call, failure)
    walk_in(window)
    assert window.banner.isVisible()
    assert "{" not in window.banner.text.text()
    walk_in(window)
    assert page(window) is window.exam


def test_who_one_is_is_shown_and_agreed_to(open_at):
    station = ScriptedStation(phase="check-in")
    window = open_at(station)
    window.number.number.setText(NUMBER)
    window.number.next.click()
    for field, text in ((window.secret.day, "7"), (window.secret.month, "3"), (window.secret.year, "1999")):
        field.setText(text)
    window.secret.next.click()
    shown = [value.text() for _, value in window.confirm.facts]
    assert shown[:3] == ["Ni Luh Ayu Prameswari", NUMBER, "B-07"]
    assert window.confirm.agree.text().strip() == "Setuju"
    assert not window.confirm.photo.pixmap().isNull()
    window.confirm.not_me.click()
    assert page(window) is window.number
    assert window.number.number.text() == ""


def test_a_language_is_asked_for_only_where_there_are_several(open_at):
    one = open_at(ScriptedStation(phase="check-in", languages=("id",)))
    walk_in(one)
    assert page(one) is one.exam
    several = open_at(ScriptedStation(phase="check-in"))
    several.door._checked_in(ScriptedStation().candidate)
    several.confirm.agree.click()
    assert page(several) is several.choose_language
    several.choose_language.choices["en"].click()
    assert several.practice.begin.text() == "Begin the practice"


def test_the_practice_has_every_tool_and_leaves_no_trace(qtbot, open_at):
    station = ScriptedStation(phase="check-in", languages=("id",))
    window = open_at(station)
    window.door._checked_in(station.candidate)
    window.confirm.agree.click()
    window.practice.begin.click()
    before = list(station.calls)
    for _ in range(3):
        qtbot.keyClick(window.exam, Qt.Key.Key_B)
        qtbot.keyClick(window.exam, Qt.Key.Key_F)
        qtbot.keyClick(window.exam, Qt.Key.Key_Return)
    assert page(window) is window.rules
    assert station.calls == before
    assert not window.bar.time.isVisible()


def test_a_station_that_was_not_admitted_asks_for_a_proctor(qtbot, open_at, tmp_path):
    (tmp_path / "pengawas.key").write_bytes(b"proctor key")
    station = ScriptedStation(phase="check-in", languages=("id",))
    station.fail_next("start", Refusal("station-not-admitted", station="s-1"))
    window = open_at(station, key_places=(tmp_path,))
    walk_in(window)
    assert page(window) is window.door.admit
    qtbot.keyClicks(window.focusWidget(), PIN)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert station.done("admit") == [("admit", b"proctor key", PIN)]
    assert page(window) is window.exam


def test_a_candidate_who_began_elsewhere_is_moved_here_by_a_proctor(qtbot, open_at, tmp_path):
    (tmp_path / "pengawas.key").write_bytes(b"proctor key")
    station = ScriptedStation(phase="check-in", languages=("id",))
    station.fail_next("start", Refusal("sitting-begun-elsewhere", where="s-1"))
    window = open_at(station, key_places=(tmp_path,))
    walk_in(window)
    assert page(window) is window.door.move
    assert "17" in window.banner.text.text()  # what the stick holds, for the proctor to judge
    qtbot.keyClicks(window.focusWidget(), PIN)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert station.done("take_over") == [("take_over", NUMBER, None, b"proctor key", PIN)]
    assert page(window) is window.exam


def test_a_sitting_that_waits_for_its_stick_goes_on_when_it_is_there(open_at):
    station = ScriptedStation(phase="running")
    station.fail_next("resume", Refusal("second-place-needed", where="s-1"))
    window = open_at(station)
    assert page(window) is window.interruptions.lost
    window.interruptions.stick_watch.timeout.emit()
    assert page(window) is window.exam
    assert not window.interruptions.stick_watch.isActive()


def test_two_proctors_say_that_the_stick_is_lost(qtbot, open_at, tmp_path):
    (tmp_path / "pengawas.key").write_bytes(b"proctor key")
    station = ScriptedStation(phase="running")
    station.fail_next("resume", Refusal("second-place-needed", where="s-1"))
    window = open_at(station, key_places=(tmp_path,))
    for expected in (window.interruptions.lost, window.interruptions.lost_second):
        assert page(window) is expected
        qtbot.keyClicks(window.focusWidget(), PIN)
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert station.done("declare_second_lost") == [
        ("declare_second_lost", (b"proctor key", PIN), (b"proctor key", PIN))
    ]
    assert page(window) is window.exam


def test_a_sitting_that_was_moved_away_leaves_a_free_seat(open_at):
    station = ScriptedStation(phase="running")
    window = open_at(station)
    station.fail_next("tick", Refusal("fenced-out", fence=2, station="station/x/02", moved_at="10:00"))
    window.desk.tick()
    assert page(window) in (window.locked, window.number)
    assert window.desk.view is None


def test_a_restart_goes_on_without_a_code_at_the_same_question(open_at):
    station = ScriptedStation(phase="running")
    station.change(current="soal-037", answers={"soal-037": "d"})
    window = open_at(station)
    assert page(window) is window.exam
    assert window.desk.on_screen.shown.id == "soal-037"
    assert [row.letter for row in window.exam.question.options if row.isChecked()] == ["C"]
    assert "37" in window.banner.text.text()
    assert window.bar.name.text() == "Ni Luh Ayu Prameswari"


def test_a_sitting_that_cannot_go_on_says_why(open_at):
    station = ScriptedStation(phase="running")
    station.fail_next("resume", Tampered("journal-order"))
    window = open_at(station)
    assert page(window) is window.locked
    assert window.banner.isVisible()


def test_a_kiosk_is_left_with_a_proctors_key_and_pin_alone(qtbot, open_at, tmp_path):
    (tmp_path / "pengawas.key").write_bytes(b"proctor key")
    station = ScriptedStation(phase="running")
    window = open_at(station, kiosk=True, key_places=(tmp_path,))
    assert window.isFullScreen()
    window.close()
    assert window.isVisible()
    qtbot.keyClick(window.exam, Qt.Key.Key_F1)
    assert window.help.leave.isVisible()
    window.help.leave.click()
    qtbot.keyClicks(window.leave.pin, "0000")
    window.leave.go.click()
    assert window.isFullScreen()
    assert window.banner.isVisible()
    window.leave.pin.clear()
    qtbot.keyClicks(window.leave.pin, PIN)
    window.leave.go.click()
    assert not window.isFullScreen()
    assert page(window) is window.exam
    assert station.done("leave_full_screen")[-1] == ("leave_full_screen", b"proctor key", PIN)


def test_magnification_begins_with_larger_text_and_the_next_candidate_with_plain(open_at, look):
    station = ScriptedStation(phase="check-in", languages=("id",))
    station.candidate = msgspec.structs.replace(station.candidate, accommodations=("magnification",))
    window = open_at(station)
    walk_in(window)
    assert look.zoom == 150
    look.set_theme("dark")
    look.set_language("en")
    window._next_candidate()
    assert (look.zoom, look.tokens.name, look.language) == (100, "light", "id")


def test_a_bug_of_ours_ends_the_program_so_that_it_can_be_started_again(qapp, capfd):
    station = ScriptedStation(phase="running")
    station.item = lambda _item: 1 / 0
    assert run(station) == BUG_OF_OURS
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_two_keys_on_a_stick_are_not_guessed_between(qtbot, open_at, tmp_path):
    for name in ("andi.key", "budi.key"):
        (tmp_path / name).write_bytes(name.encode())
    station = ScriptedStation(phase="running")
    window = open_at(station, kiosk=True, key_places=(tmp_path,))
    window.bar.help.click()
    window.help.leave.click()
    qtbot.keyClicks(window.leave.pin, PIN)
    window.leave.go.click()
    assert window.leave.missing.isVisible()
    window.leave.keys.buttons[1].click()
    window.leave.go.click()
    assert station.done("leave_full_screen") == [("leave_full_screen", b"budi.key", PIN)]


def test_a_wrong_number_and_a_wrong_birth_date_are_replaced_by_what_is_typed_next(qtbot, open_at):
    station = ScriptedStation(phase="check-in")
    window = open_at(station)
    qtbot.keyClicks(window.number.number, "99")
    window.number.next.click()
    qtbot.keyClicks(window.focusWidget(), NUMBER)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    for part in ("08", "04", "1998"):
        qtbot.keyClicks(window.focusWidget(), part)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    for part in ("07", "03", "1999"):
        qtbot.keyClicks(window.focusWidget(), part)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert station.done("check_in")[-1] == ("check_in", NUMBER, BIRTH_DATE)


def test_the_confirm_page_says_position_and_category_in_words(open_at):
    station = ScriptedStation(phase="check-in")
    station.candidate = msgspec.structs.replace(station.candidate, position="analis-01", category="cum-laude")
    window = open_at(station, position_title={"analis-01": "Analis Kebijakan Ahli Pertama"}.__getitem__)
    window.number.number.setText(NUMBER)
    window.number.next.click()
    window.secret.day.setText("07")
    window.secret.month.setText("03")
    window.secret.year.setText("1999")
    window.secret.next.click()
    shown = [value.text() for _, value in window.confirm.facts]
    assert "Analis Kebijakan Ahli Pertama" in shown
    assert "Lulusan terbaik (cumlaude)" in shown


def test_a_wrong_pin_is_called_a_pin_and_typed_anew(qtbot, open_at, tmp_path):
    (tmp_path / "pengawas.key").write_bytes(b"proctor key")
    window = open_at(ScriptedStation(phase="running"), kiosk=True, key_places=(tmp_path,))
    window.bar.help.click()
    window.help.leave.click()
    qtbot.keyClicks(window.leave.pin, "0000")
    window.leave.go.click()
    assert "PIN" in window.banner.text.text()
    assert "sandi" not in window.banner.text.text()
    qtbot.keyClicks(window.focusWidget(), PIN)
    window.leave.go.click()
    assert not window.isFullScreen()


def test_the_field_in_which_one_types_stays_in_sight_below_a_message_at_200_percent(qtbot, open_at, look):
    look.set_zoom(200)
    window = open_at(ScriptedStation(), size=(1024, 600))
    type_release(qtbot, window, code="ZZZZZZZZZZZZ")
    window.locked.try_it()
    field = window.locked.code.groups[0]

    def in_sight() -> bool:
        top = field.mapTo(window.locked.viewport(), field.rect().topLeft()).y()
        bottom = field.mapTo(window.locked.viewport(), field.rect().bottomLeft()).y()
        return top >= 0 and bottom <= window.locked.viewport().height()

    assert field.hasFocus()
    qtbot.waitUntil(in_sight)


def test_a_restart_finds_text_size_colours_and_the_screens_own_language(open_at, look, tmp_path):
    station = ScriptedStation(phase="running", languages=("id",))
    window = open_at(station, look_file=tmp_path / "look.json")
    look.set_zoom(200)
    look.set_theme("night")
    look.set_language("en")
    window.let_go()
    look.set_zoom(100)
    look.set_theme("light")
    look.set_language("id")
    again = open_at(station, look_file=tmp_path / "look.json")
    assert page(again) is again.exam
    assert (look.zoom, look.tokens.name, look.language) == (200, "night", "en")
    assert station.view.language == "id"  # the exam has no other
    assert again.banner.text.text().startswith("Your exam goes on")


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param(
            b'{"number":"24-0001-0001","theme":"night","zoom":200,"language":"en"}', id="of another candidate"
        ),
        pytest.param(
            b'{"number":"24-0001-0817","theme":"pink","zoom":200,"language":"en"}', id="a theme that is none"
        ),
        pytest.param(b"{", id="torn"),
        pytest.param(b"x" * 5000, id="too large"),
    ],
)
def test_a_kept_look_that_does_not_fit_leaves_the_plain_one(open_at, look, tmp_path, kept):
    (tmp_path / "look.json").write_bytes(kept)
    open_at(ScriptedStation(phase="running"), look_file=tmp_path / "look.json")
    assert (look.zoom, look.tokens.name, look.language) == (100, "light", "id")


def test_an_english_screen_over_an_indonesian_exam_is_english_after_a_restart(open_at, look):
    look.set_language("en")  # as the program was started
    window = open_at(ScriptedStation(phase="running", languages=("id",)))
    assert look.language == "en"
    assert window.banner.text.text().startswith("Your exam goes on")
    look.set_language("id")
    station = ScriptedStation(phase="running", languages=("id", "en"))
    station.change(language="en")
    open_at(station)
    assert look.language == "en"  # where the exam has both, its language was a choice


def test_magnification_is_there_again_after_a_restart(open_at, look):
    station = ScriptedStation(phase="running")
    who = msgspec.structs.replace(station.candidate, accommodations=("magnification",))
    station.change(candidate=who)
    open_at(station)
    assert look.zoom == 150
