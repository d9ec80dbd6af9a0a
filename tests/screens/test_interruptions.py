"""Where a sitting waits: every page covers the questions, says why in words, and has a way out that works offline.

A real station behind the window is in test_real_station.py; what its disk does in tests/delivery/test_disk_fails.py. The
page for a missing stick is walked through in test_way_in.py.
"""

import pytest
from PySide6.QtCore import Qt

from cbt_station.errors import Refusal, Trouble
from cbt_station.screens.station import desk
from tests.screens.scripted_station import PIN, ScriptedStation

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def station():
    return ScriptedStation(phase="running")


@pytest.fixture
def stick(tmp_path):
    place = tmp_path / "stick"
    place.mkdir()
    (place / "pengawas.key").write_bytes(b"proctor key")
    return place


def on(window):
    return window.pages.currentWidget()


def answer(qtbot, window, number=0):
    qtbot.mouseClick(window.exam.question.options[number], LEFT)


def test_a_pause_is_ended_here_by_a_proctor(qtbot, sit_at, station, stick):
    window = sit_at(station, key_places=(stick,))
    station.change(phase="paused")
    window.desk.tick()
    qtbot.mouseClick(window.interruptions.paused.resume, LEFT)
    page = window.interruptions.resume
    assert on(window) is page
    qtbot.keyClicks(page.pin, "0000")
    window.desk.tick()  # the pause goes on, and takes nobody's page away
    assert on(window) is page
    page.go.click()
    assert "PIN" in window.banner.text.text()
    assert page.pin.text() == ""
    qtbot.keyClicks(page.pin, PIN)
    page.go.click()
    assert on(window) is window.exam
    assert station.done("resume_here") == [
        ("resume_here", b"proctor key", "0000"),
        ("resume_here", b"proctor key", PIN),
    ]
    assert page.pin.text() == ""
    answer(qtbot, window)
    assert window.exam.question.options[0].isChecked()


@pytest.mark.parametrize("why", [{"phase": "paused"}, {"stopped": True}], ids=["paused", "stopped"])
def test_a_proctor_who_leaves_full_screen_is_not_sent_away_meanwhile(qtbot, sit_at, station, stick, why):
    window = sit_at(station, kiosk=True, key_places=(stick,))
    window.bar.help.click()
    window.help.leave.click()
    qtbot.keyClicks(window.leave.pin, PIN)
    station.change(**why)
    window.desk.tick()
    assert on(window) is window.leave
    assert window.leave.pin.text() == PIN
    window.leave.go.click()
    assert station.done("leave_full_screen")
    assert not window.isFullScreen()
    pages = window.interruptions
    assert on(window) is (
        pages.paused if "phase" in why else pages.stopped
    )  # never the question that was open


def test_who_turns_back_from_the_help_in_a_pause_sees_no_question(sit_at, station):
    window = sit_at(station)
    window.bar.help.click()
    station.change(phase="paused")
    window.desk.view = station.view  # it came a moment ago
    window._help_back()
    assert on(window) is window.interruptions.paused


def test_who_comes_back_from_the_proctors_page_finds_the_pause(qtbot, sit_at, station, stick):
    window = sit_at(station, key_places=(stick,))
    station.change(phase="paused")
    window.desk.tick()
    window.interruptions.paused.resume.click()
    window.interruptions.resume.back.click()
    assert on(window) is window.interruptions.paused
    window.interruptions.paused.resume.click()
    station.change(phase="running")  # the hub's proctor was quicker
    window.desk.tick()
    assert on(window) is window.exam


def test_where_nothing_can_be_saved_the_questions_are_covered_and_trying_again_goes_on(
    qtbot, sit_at, station
):
    window = sit_at(station)
    station.change(alarm="disk-failed", stopped=True)
    window.desk.tick()
    page = window.interruptions.stopped
    assert on(window) is page
    assert "waktu tidak berjalan" in page.lead.text()
    assert window.banner.isVisible()
    station.fail_next("try_again", Trouble("disk-failed"))
    page.again.click()
    assert on(window) is page
    assert page.again.isEnabled()
    page.again.click()
    assert on(window) is window.exam
    assert not window.banner.isVisible()
    answer(qtbot, window)
    assert window.bar.saved.text().startswith("Tersimpan")


def test_a_second_place_that_saves_the_sitting_uncovers_it_and_is_named(sit_at, station):
    window = sit_at(station)
    station.change(alarm="disk-failed", stopped=True)
    window.desk.tick()
    saved = type(station.view.saved)(level="second", wall="10:42:07", seq=station.view.seq, alone=True)
    station.change(alarm="only-second-left", stopped=False, saved=saved)
    window.desk.tick()
    assert on(window) is window.exam
    assert window.bar.saved_detail.text() == "hanya di tempat kedua"
    assert "Jangan cabut stik" in window.banner.text.text()


def test_trying_again_without_the_stick_waits_for_it(sit_at, station):
    window = sit_at(station)
    station.change(alarm="disk-failed", stopped=True)
    window.desk.tick()
    station.fail_next("try_again", Refusal("second-place-needed", number="1"))
    window.interruptions.stopped.again.click()
    assert on(window) is window.interruptions.lost
    window.desk.tick()
    assert on(window) is window.interruptions.lost
    station.change(alarm=None, stopped=False)
    window.interruptions.stick_watch.timeout.emit()
    assert on(window) is window.exam


def test_sealing_that_needs_the_disk_tries_it_again_first(sit_at, station):
    window = sit_at(station)
    station.fail_next("finish", Trouble("sealing-needs-disk"))
    station.change(phase="ended")
    window.desk.tick()
    assert on(window) is window.sealing
    assert "pindahkan" in window.sealing.trouble.text()
    window.sealing.again.click()
    assert [call[0] for call in station.calls[-2:]] == ["try_again", "finish"]
    assert on(window) is window.sealed


def test_a_disk_that_stands_still_is_said_in_words_then_covers_and_comes_back_by_itself(
    qtbot, sit_at, station, monkeypatch
):
    monkeypatch.setattr(desk, "_SLOW_MS", 60)
    monkeypatch.setattr(desk, "_STALLED_MS", 160)
    window = sit_at(station, threaded=True)
    qtbot.waitUntil(lambda: window.desk.on_screen is not None)
    window.desk._clock.stop()
    qtbot.waitUntil(lambda: window.desk.is_settled and not window.desk._ticking)
    station.hold("choose")
    answer(qtbot, window)
    qtbot.waitUntil(lambda: "tidak menjawab" in window.banner.text.text())
    qtbot.waitUntil(lambda: on(window) is window.interruptions.stopped)
    assert not window.interruptions.stopped.again.isVisible()
    assert "Layar ini kembali sendiri" in window.interruptions.stopped.lead.text()
    station.let_go("choose")
    qtbot.waitUntil(lambda: on(window) is window.exam)
    assert window.exam.question.options[0].isChecked()
    assert not window.banner.isVisible()


def test_a_tick_that_does_not_come_back_is_noticed_too(qtbot, sit_at, station, monkeypatch):
    monkeypatch.setattr(desk, "_SLOW_MS", 60)
    monkeypatch.setattr(desk, "_STALLED_MS", 160)
    window = sit_at(station, threaded=True)
    qtbot.waitUntil(lambda: window.desk.on_screen is not None)
    station.hold("tick")
    window.desk.tick()
    qtbot.waitUntil(lambda: on(window) is window.interruptions.stopped)
    station.let_go("tick")
    qtbot.waitUntil(lambda: on(window) is window.exam)
    qtbot.waitUntil(lambda: window.desk.is_settled and not window.desk._ticking)
    assert not window.desk._stalled.isActive()  # an exam that is quiet is not a disk that stands still
    assert not window.banner.isVisible()
