"""The window over delivery's own station: real keys, a real journal, the real thread.

The scripted station of the other tests promises what delivery promises; here that promise is held to delivery itself.
"""

import miniaudio
import pytest
from PySide6.QtCore import Qt
from shiboken6 import delete

from cbt_station.delivery.station import Station
from cbt_station.results.on_screen import score_view
from cbt_station.screens.background import Background
from cbt_station.screens.rich.recording import Recording
from cbt_station.screens.rich.sound import open_sound
from cbt_station.screens.station import LOOK
from cbt_station.screens.station.positions import titles_in
from cbt_station.screens.station.window import Window
from tests.delivery.hand_clock import HandClock
from tests.delivery.small_session import PASSPHRASE, PIN, RECORDING_MS, make_session

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return make_session(tmp_path_factory.mktemp("session") / "kecil", show_score=True)


@pytest.fixture
def sit_down(qtbot, look, small, tmp_path):
    """`sit_down()` opens station and window over the same data folder, as a start of the program does."""
    open_now = []

    def stand_up():
        while open_now:
            window, station = open_now.pop()
            window.let_go()
            delete(window)
            station.close()

    def make(clock, session=small) -> tuple[Window, Station]:
        stand_up()
        station = Station.open(session.path, tmp_path / "data", clock=clock, score_with=score_view)
        window = Window(
            station,
            look,
            Background(),
            venue_key=session.venue_key,
            key_places=(tmp_path / "stick",),
            reading=clock.read,
            position_title=titles_in(station.folder),
            look_file=tmp_path / "data" / LOOK,
        )
        open_now.append((window, station))
        qtbot.waitUntil(window.isActiveWindow)
        window.begin()
        return window, station

    yield make
    stand_up()


def on(qtbot, window, page):
    qtbot.waitUntil(lambda: window.pages.currentWidget() is page, timeout=20_000)


def type_code(field, code):
    field.groups[0].setText(code)
    field.groups[0].textEdited.emit(code)


def enter(qtbot, window, small, *, number="1001", birth=("17", "08", "1998")):
    on(qtbot, window, window.locked)
    window.locked.passphrase.setText(PASSPHRASE)
    type_code(window.locked.code, small.code)
    window.locked.open.click()
    on(qtbot, window, window.number)
    window.number.number.setText(number)
    window.number.next.click()
    on(qtbot, window, window.secret)
    for field, text in zip((window.secret.day, window.secret.month, window.secret.year), birth, strict=True):
        field.setText(text)
    window.secret.next.click()
    on(qtbot, window, window.confirm)
    assert "Analis" in [
        value.text() for _, value in window.confirm.facts
    ]  # the title of the position "analis"
    window.confirm.agree.click()
    window.choose_language.choices["id"].click()
    window.practice.skip.click()
    window.rules.start.click()


def shown(qtbot, window, item=None):
    def there() -> bool:
        on_screen = window.desk.on_screen
        return on_screen is not None and (item is None or on_screen.shown.id == item)

    qtbot.waitUntil(there, timeout=20_000)


def test_a_sitting_from_the_code_to_the_score(qtbot, sit_down, small):
    window, station = sit_down(HandClock())
    enter(qtbot, window, small)
    on(qtbot, window, window.exam)
    shown(qtbot, window)
    items = [cell.item for cell in window.desk.view.cells]
    for item in items:
        shown(qtbot, window, item)
        row = next(row for row in window.exam.question.options if row.option.id == "a")
        qtbot.mouseClick(row, LEFT)
        qtbot.waitUntil(row.isChecked)
        qtbot.keyClick(window.exam, Qt.Key.Key_Return)
    on(qtbot, window, window.review)
    assert window.review.nothing.text().startswith("Semua soal sudah dijawab")
    window.review.on.click()
    window.finish.understood.setChecked(True)
    window.finish.finish.click()
    on(qtbot, window, window.sealed)
    assert window.sealed.shown.answered == len(items)
    type_code(window.sealed.code, small.score_code)
    window.sealed.show_score_button.click()
    qtbot.waitUntil(lambda: window.sealed.score is not None, timeout=20_000)
    assert window.sealed.score.total == 5 * len(items)
    window.sealed.noted.setChecked(True)
    window.sealed.next.click()
    on(qtbot, window, window.number)
    assert station.info.phase == "sealed"


def player_in(window) -> Recording:
    (player,) = window.exam.question.stem.findChildren(Recording)
    return player


def test_after_a_restart_the_question_says_how_often_its_recording_may_still_be_played(
    qtbot, sit_down, small
):
    clock = HandClock()
    window, station = sit_down(clock)
    enter(qtbot, window, small)
    on(qtbot, window, window.exam)
    shown(qtbot, window)
    item = window.desk.view.cells[-1].item
    window.desk.go(item)
    shown(qtbot, window, item)
    player = player_in(window)
    player._opener = lambda data: open_sound(data, [miniaudio.Backend.NULL])
    assert player.state.text() == "Masih dapat diputar 2 dari 2 kali."
    player.button.click()
    qtbot.waitUntil(lambda: player.left == 1, timeout=20_000)
    player.stop()
    clock.forward(RECORDING_MS)
    station.tick()
    window, _ = sit_down(clock)
    on(qtbot, window, window.exam)
    shown(qtbot, window, item)
    assert player_in(window).state.text() == "Masih dapat diputar 1 dari 2 kali."


def test_a_restart_in_the_middle_finds_question_answer_and_language(qtbot, sit_down, small):
    clock = HandClock()
    window, _ = sit_down(clock)
    enter(qtbot, window, small)
    shown(qtbot, window)
    second = window.desk.view.cells[1].item
    window.exam.panel.palette_view.press(second)
    shown(qtbot, window, second)
    qtbot.keyClick(window.exam, Qt.Key.Key_C)
    qtbot.waitUntil(lambda: second in window.desk.view.answers)
    answer = window.desk.view.answers[second]
    window.look.set_language("en")
    qtbot.waitUntil(lambda: window.desk.view.language == "en")
    again, _ = sit_down(clock)
    on(qtbot, again, again.exam)
    shown(qtbot, again, second)
    assert again.look.language == "en"
    assert [row.option.id for row in again.exam.question.options if row.isChecked()] == [answer]
    assert again.bar.saved.text().startswith("Saved ")
    qtbot.waitUntil(lambda: "Small exam" in again.bar.detail.text())


def test_a_wrong_code_and_a_wrong_birth_date_are_told(qtbot, sit_down, small):
    window, _ = sit_down(HandClock())
    on(qtbot, window, window.locked)
    window.locked.passphrase.setText(PASSPHRASE)
    type_code(window.locked.code, "AAAA-BBBB-CCCC")
    window.locked.open.click()
    qtbot.waitUntil(window.banner.isVisible, timeout=20_000)
    assert window.locked.wait.isVisible()
    assert window.pages.currentWidget() is window.locked


def test_an_official_station_is_admitted_by_a_proctor_before_its_first_start(qtbot, sit_down, tmp_path):
    official = make_session(tmp_path / "resmi", session="resmi-1", mode="official")
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "pengawas.key").write_bytes(official.proctor_keys[0])
    window, _ = sit_down(HandClock(), official)
    enter(qtbot, window, official)
    on(qtbot, window, window.door.admit)
    window.door.admit.pin.setText(PIN)
    window.door.admit.go.click()
    on(qtbot, window, window.exam)
