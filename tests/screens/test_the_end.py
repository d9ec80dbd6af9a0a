"""Review, two different acts, the slip and the score.

What sealing does is delivery's (tests/delivery/test_sealing_cut.py); here only what is asked and shown.
"""

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from cbt_station.delivery.views import CellView
from cbt_station.errors import Refusal, Trouble
from tests.screens.scripted_station import NUMBER, SCORE, SCORE_CODE, ScriptedStation

LEFT = Qt.MouseButton.LeftButton


def page(window):
    return window.pages.currentWidget()


def end(window):
    window.exam.panel.finish.click()
    window.review.on.click()
    window.finish.understood.setChecked(True)
    window.finish.finish.click()


def test_the_review_lists_what_is_open_and_doubtful_and_leads_back(qtbot, sit_at):
    station = ScriptedStation(phase="running", count=6)
    window = sit_at(station)
    for _ in range(4):
        qtbot.keyClick(window.exam, Qt.Key.Key_A)
        qtbot.keyClick(window.exam, Qt.Key.Key_Return)
    qtbot.keyClick(window.exam, Qt.Key.Key_F)
    window.exam.panel.palette_view.press("soal-001")
    qtbot.keyClick(window.exam, Qt.Key.Key_F)
    qtbot.mouseClick(window.exam.panel.finish, LEFT)
    listed = [row.item for row in window.review.open_palette.cells.rows if isinstance(row, CellView)]
    assert listed == ["soal-001", "soal-005", "soal-006"]
    assert [figure.text() for figure, _ in window.review.figures.values()] == ["4", "0", "2", "2"]
    left = [tile.x() for tile in window.review.tiles.values() if tile.isVisible()]
    assert len(left) == 3
    assert abs((left[2] - left[1]) - (left[1] - left[0])) <= 2  # a figure that is not shown leaves no gap
    window.review.open_palette.press("soal-006")
    assert page(window) is window.exam
    assert window.desk.on_screen.shown.id == "soal-006"


def test_ending_takes_two_different_acts(qtbot, sit_at):
    station = ScriptedStation(phase="running")
    window = sit_at(station)
    window.exam.panel.finish.click()
    assert window.focusWidget() is window.review.back
    window.review.on.click()
    assert window.focusWidget() is window.finish.back
    qtbot.mouseClick(window.finish.finish, LEFT)
    assert not station.done("finish")
    window.finish.understood.setChecked(True)
    qtbot.mouseClick(window.finish.finish, LEFT)
    assert station.done("finish") == [("finish",)]
    assert page(window) is window.sealed


def test_the_tick_does_not_stay_when_one_goes_back(sit_at):
    window = sit_at()
    window.exam.panel.finish.click()
    window.review.on.click()
    window.finish.understood.setChecked(True)
    window.finish.back.click()
    window.review.on.click()
    assert not window.finish.understood.isChecked()
    assert not window.finish.finish.isEnabled()


@pytest.mark.parametrize("zoom", [100, 200])
@pytest.mark.parametrize("theme", ["light", "contrast"])
def test_the_slips_code_and_qr_can_be_read_off_the_screen(sit_at, look, theme, zoom):
    import zxingcpp

    look.set_theme(theme)
    look.set_zoom(zoom)
    station = ScriptedStation(phase="running")
    window = sit_at(station)
    end(window)
    image = window.sealed.qr.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    picture = Image.frombuffer(
        "RGB",
        (image.width(), image.height()),
        bytes(image.constBits()),
        "raw",
        "RGB",
        image.bytesPerLine(),
        1,
    )
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [station.sealed.qr_payload]
    assert window.sealed.slip.text() == "9J44-2MF7-WQX8-JCMA"


def test_the_end_by_the_clock_seals_without_a_press(sit_at):
    station = ScriptedStation(phase="running")
    window = sit_at(station)
    station.change(left_ms=60_000, warning=60_000)
    window.desk.tick()
    assert "1 menit" in window.banner.text.text()
    station.change(phase="ended", left_ms=0)
    window.desk.tick()
    assert page(window) is window.sealed
    assert not window.banner.isVisible()
    assert "Waktu habis" in window.sealed.lead.text()


@pytest.mark.parametrize(
    "failure", [Refusal("second-copy-needed"), Trouble("disk-full", where="data")], ids=lambda f: f.code
)
def test_where_sealing_has_to_wait_the_answers_are_said_to_be_safe(sit_at, failure):
    station = ScriptedStation(phase="running")
    window = sit_at(station)
    station.fail_next("finish", failure)
    end(window)
    assert page(window) is window.sealing
    assert "aman" in window.sealing.lead.text()
    assert "angkat tangan" in window.sealing.lead.text()
    assert len(window.sealing.trouble.text()) > 20
    station.change(phase="ended")
    window.desk.tick()
    assert len(station.done("finish")) == 1  # the station tries by itself; a press tries at once
    window.sealing.again.click()
    assert page(window) is window.sealed


def test_a_sealing_that_the_station_finished_by_itself_is_shown(sit_at):
    station = ScriptedStation(phase="running")
    window = sit_at(station)
    station.fail_next("finish", Refusal("second-copy-needed"))
    end(window)
    station.change(phase="sealed")
    window.desk.tick()
    assert page(window) is window.sealed


def test_a_restart_after_sealing_shows_the_slip_again(open_at):
    window = open_at(ScriptedStation(phase="sealed"))
    assert page(window) is window.sealed


def test_a_score_code_opens_the_score(qtbot, sit_at):
    station = ScriptedStation(phase="running", score_offered=True)
    window = sit_at(station)
    end(window)
    window.door.unlocked_here = True
    window.sealed.show_sealed(station.sealed, asks_key=False)
    first = window.sealed.code.groups[0]
    first.setText("SCRE-0000-0000")
    first.textEdited.emit(first.text())
    window.sealed.show_score_button.click()
    assert window.banner.isVisible()
    assert window.sealed.code.text() == "--"  # to be typed anew
    assert window.focusWidget() is first
    first.setText(SCORE_CODE)
    first.textEdited.emit(first.text())
    window.sealed.show_score_button.click()
    shown = [window.sealed.table.itemAt(at).widget().text() for at in range(window.sealed.table.count())]
    assert shown[:3] == ["Tes Wawasan Kebangsaan", "110", "dari 150 · ambang 65 · terpenuhi"]
    assert shown[-1] == "375"
    assert not window.sealed.code.isVisible()


def test_after_a_restart_a_score_asks_for_the_venue_key_again(open_at, tmp_path):
    (tmp_path / "bandung.key").write_bytes(b"venue key")
    station = ScriptedStation(phase="sealed", score_offered=True)
    window = open_at(station, key_places=(tmp_path,))
    window.sealed.passphrase.setText("rahasia")
    first = window.sealed.code.groups[0]
    first.setText(SCORE_CODE)
    first.textEdited.emit(first.text())
    window.sealed.show_score_button.click()
    assert station.done("score_code") == [("score_code", SCORE_CODE, b"venue key", "rahasia")]
    assert window.sealed.score is SCORE
    assert window.sealed.passphrase.text() == ""


def test_where_no_score_is_shown_nothing_asks_for_a_code(sit_at):
    window = sit_at()
    end(window)
    assert not window.sealed.code.isVisible()
    assert not window.sealed.score_title.isVisible()


def test_the_seat_goes_on_only_after_the_code_was_noted(qtbot, sit_at, look):
    window = sit_at()
    end(window)
    look.set_zoom(200)
    qtbot.mouseClick(window.sealed.next, LEFT)
    assert page(window) is window.sealed
    window.sealed.noted.setChecked(True)
    window.sealed.next.click()
    assert page(window) is window.locked
    assert look.zoom == 100
    assert NUMBER not in window.bar.detail.text()
