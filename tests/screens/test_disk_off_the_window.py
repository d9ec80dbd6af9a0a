"""No file and no database is touched in the window's thread, so that no disk can freeze it, however it fails or stands still.

Structural, without a clock: every operation on the station's disk, on the second place and on the stick with keys is noted
with its thread, from the opened window to the sealed result, while the disk is well and while it fails in each way. And for
each kind of thing that waits for a disk, the disk stands still in it, and the window goes on handling events. What the
station itself does when its disk fails is in tests/delivery; what the waiting looks like in test_interruptions.py.
"""

import builtins
import errno
import io
import os
import threading
from pathlib import Path

import miniaudio
import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import delete
from sqlcipher3 import dbapi2

from cbt_station.delivery.station import Station
from cbt_station.results.on_screen import score_view
from cbt_station.screens.background import AtOnce, Background
from cbt_station.screens.rich.recording import Recording
from cbt_station.screens.rich.sound import open_sound
from cbt_station.screens.station import LOOK, page
from cbt_station.screens.station.window import Window
from tests.delivery.hand_clock import HandClock
from tests.delivery.small_session import PASSPHRASE, make_session

SHORT_WAIT_S = page._SHORT_WAIT_S
OF_PATHS = ("chmod", "listdir", "lstat", "mkdir", "open", "remove", "rename", "replace", "rmdir", "scandir")
OF_PATHS += ("stat", "statvfs", "truncate", "unlink")
OF_OPEN_FILES = ("close", "fdatasync", "fstat", "fsync", "ftruncate", "posix_fallocate", "read", "write")
WRITING = {
    "fdatasync",
    "fsync",
    "ftruncate",
    "mkdir",
    "posix_fallocate",
    "rename",
    "replace",
    "write",
    "COMMIT",
}


class Disk:
    """The operations of this process below some places: noted, and refused or held where a test says so."""

    def __init__(self, monkeypatch):
        self.places, self.noted, self.is_watched = (), [], False
        self.refused = lambda _what, _where: None
        self.held = lambda _what, _where: False
        self.stands, self.goes_on = threading.Event(), threading.Event()
        self._window = threading.get_ident()
        self._read_link = os.readlink
        for name in OF_PATHS:
            monkeypatch.setattr(os, name, self._noting(name, getattr(os, name), os.fspath))
        for name in OF_OPEN_FILES:
            monkeypatch.setattr(os, name, self._noting(name, getattr(os, name), self._name_of))
        opened = self._opening(io.open)
        monkeypatch.setattr(io, "open", opened)
        monkeypatch.setattr(builtins, "open", opened)
        monkeypatch.setattr(dbapi2, "connect", self._connecting(dbapi2.connect))

    def watch(self, *places):
        self.places = tuple(f"{place.absolute()}" for place in places)
        self.is_watched = True

    @property
    def in_the_windows_thread(self):
        return [(what, Path(where).name) for what, where, thread in self.noted if thread == self._window]

    @property
    def kinds(self):
        return {what for what, _, _ in self.noted}

    def does(self, what, where):
        """About to be done: noted; then it stands still, or is refused, where it is to."""
        if not self.is_watched or not isinstance(where, str) or not where.startswith(self.places):
            return
        thread = threading.get_ident()
        self.noted.append((what, where, thread))
        if self.held(what, where) and not self.goes_on.is_set():
            assert thread != self._window, f"{what} {where} would freeze the window"
            self.stands.set()
            self.goes_on.wait()
        failure = self.refused(what, where)
        if failure is not None:
            raise failure

    def stand_still(self, held):
        """From now on what is asked of the disk like this does not come back, until `goes_on` is set."""
        self.held = held

    def _name_of(self, descriptor):
        try:
            return self._read_link(f"/proc/self/fd/{descriptor}")
        except OSError:
            return ""

    def _noting(self, name, real, where):
        def noting(first=".", *args, **how):
            # A path may be given as an open file, and the other way round.
            self.does(name, self._name_of(first) if isinstance(first, int) else where(first))
            return real(first, *args, **how)

        return noting

    def _opening(self, real):
        disk = self

        class Noted(io.BufferedReader):
            def read(self, *size):
                disk.does("read", os.fspath(self.raw.name))
                return super().read(*size)

            def readinto(self, buffer):
                disk.does("read", os.fspath(self.raw.name))
                return super().readinto(buffer)

        def opening(file, mode="r", *args, **how):
            if isinstance(file, int):
                return real(file, mode, *args, **how)
            self.does("open", os.fspath(file))
            if mode == "rb" and args[:1] in ((), (-1,)) and not how:
                return Noted(io.FileIO(file, "r"))
            return real(file, mode, *args, **how)

        return opening

    def _connecting(self, real):
        disk = self

        class Noted(dbapi2.Connection):
            def __init__(self, database, *args, **how):
                self.where = database
                disk.does("connect", database)
                super().__init__(database, *args, **how)

            def execute(self, statement, *values):
                disk.does(statement.split()[0], self.where)
                return super().execute(statement, *values)

            def executemany(self, statement, *values):
                disk.does(statement.split()[0], self.where)
                return super().executemany(statement, *values)

            def close(self):
                disk.does("close", self.where)
                super().close()

        return lambda database, **how: real(database, factory=Noted, **how)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return make_session(tmp_path_factory.mktemp("session") / "kecil", show_score=True)


@pytest.fixture
def disk(monkeypatch):
    made = Disk(monkeypatch)
    yield made
    made.held, made.refused, made.is_watched = lambda *_: False, lambda *_: None, False
    made.goes_on.set()


@pytest.fixture
def places(tmp_path, small):
    """The station's disk, the second place, and a stick with the keys of venue and proctor."""
    for name in ("data", "second", "keys"):
        (tmp_path / name).mkdir()
    (tmp_path / "keys" / "tempat.key").write_bytes(small.venue_key)
    return tmp_path


@pytest.fixture(autouse=True)
def as_at_a_venue(monkeypatch, sticks_are_looked_through_at_once):
    """Here a stick may hang: nobody waits longer than the program does."""
    monkeypatch.setattr(page, "_SHORT_WAIT_S", SHORT_WAIT_S)


@pytest.fixture
def sit_down(qtbot, look, small, places, disk):
    opened = []

    def make(*, second=True, asker=Background) -> Window:
        clock = HandClock()
        station = Station.open(
            small.path,
            places / "data",
            clock=clock,
            second=places / "second" if second else None,
            score_with=score_view,
        )
        window = Window(
            station,
            look,
            asker(),
            key_places=(places / "keys",),
            reading=clock.read,
            look_file=places / "data" / LOOK,
        )
        opened.append((window, station))
        window.exam_clock = clock
        disk.watch(places, small.path)  # a window is open: from here on
        qtbot.waitUntil(window.isActiveWindow)
        window.begin()
        return window

    yield make
    disk.goes_on.set()
    disk.is_watched = False
    for window, station in opened:
        window.let_go()
        delete(window)
        station.close()


def on(qtbot, window, page):
    qtbot.waitUntil(lambda: window.pages.currentWidget() is page, timeout=30_000)


def settled(qtbot, window):
    qtbot.waitUntil(lambda: window.desk.is_settled and not window.desk._ticking, timeout=30_000)


def type_code(field, code):
    for group, part in zip(field.groups, code.split("-"), strict=True):
        QTest.keyClicks(group, part)


def unlock(qtbot, window, small):
    """With the key from the stick."""
    on(qtbot, window, window.locked)
    qtbot.waitUntil(lambda: bool(window.locked.keys.buttons), timeout=30_000)
    QTest.keyClicks(window.locked.passphrase, PASSPHRASE)
    type_code(window.locked.code, small.code)
    window.locked.open.click()


def enter(qtbot, window, small):
    """From the locked station to the first question."""
    unlock(qtbot, window, small)
    on(qtbot, window, window.number)
    QTest.keyClicks(window.number.number, "1001")
    window.number.next.click()
    on(qtbot, window, window.secret)
    for field, text in zip(
        (window.secret.day, window.secret.month, window.secret.year), ("17", "08", "1998"), strict=True
    ):
        QTest.keyClicks(field, text)
    window.secret.next.click()
    on(qtbot, window, window.confirm)
    window.confirm.agree.click()
    window.choose_language.choices["id"].click()
    window.practice.skip.click()
    window.rules.start.click()
    shown(qtbot, window)


def shown(qtbot, window, item=None):
    def there():
        on_screen = window.desk.on_screen
        return on_screen is not None and (item is None or on_screen.shown.id == item)

    qtbot.waitUntil(there, timeout=30_000)


def press(window, option):
    """The key of an option, wherever it stands here."""
    place = window.desk.view.option_order[window.desk.on_screen.shown.id].index(option)
    QTest.keyClick(window.exam, Qt.Key(ord("ABCDE"[place])))


def given(window):
    return window.desk.view.answers.get(window.desk.on_screen.shown.id)


def listen(qtbot, window):
    """Open the last question and play its recording."""
    item = window.desk.view.cells[-1].item
    window.exam.panel.palette_view.press(item)
    shown(qtbot, window, item)
    (player,) = window.exam.question.stem.findChildren(Recording)
    player._opener = lambda data: open_sound(data, [miniaudio.Backend.NULL])
    player.button.click()
    qtbot.waitUntil(lambda: window.desk.view.plays != {}, timeout=30_000)
    player.stop()


def to_the_end(window):
    window.exam.panel.finish.click()
    window.review.on.click()
    window.finish.understood.setChecked(True)
    window.finish.finish.click()


def test_from_the_open_window_to_the_sealed_result_no_file_is_touched_in_its_thread(
    qtbot, sit_down, small, disk, places
):
    window = sit_down()
    enter(qtbot, window, small)
    for option in "abba":
        press(window, option)
        settled(qtbot, window)
    QTest.keyClick(window.exam, Qt.Key.Key_F)
    window.look.set_language("en")
    window.look.set_zoom(125)
    listen(qtbot, window)
    window.exam_clock.forward(2_000)
    window.desk.tick()
    settled(qtbot, window)
    window.bar.help.click()
    window.help.leave.click()  # looks for a proctor's key
    window.leave.back.click()
    window._help_back()
    to_the_end(window)
    on(qtbot, window, window.sealed)
    type_code(window.sealed.code, small.score_code)
    window.sealed.show_score_button.click()
    qtbot.waitUntil(lambda: window.sealed.score is not None, timeout=30_000)
    assert disk.in_the_windows_thread == []
    seen = {"COMMIT", "read", "open", "stat", "statvfs", "scandir", "fsync", "replace", "write", "unlink"}
    assert seen - disk.kinds == set(), "the watch sees what is done"


def sqlite_says(text, code):
    return lambda what: (
        dbapi2.OperationalError(text) if what == "COMMIT" else OSError(code, os.strerror(code))
    )


FAULTS = {
    "EIO": (WRITING - {"fsync", "fdatasync"}, sqlite_says("disk I/O error", errno.EIO)),
    "ENOSPC": (WRITING - {"fsync", "fdatasync"}, sqlite_says("database or disk is full", errno.ENOSPC)),
    "EROFS": (WRITING, sqlite_says("attempt to write a readonly database", errno.EROFS)),
    "a failed sync": ({"fsync", "fdatasync", "COMMIT"}, sqlite_says("disk I/O error", errno.EIO)),
}


def fail(disk, places, fault):
    kinds, failure = FAULTS[fault]
    data = f"{places / 'data'}"
    disk.refused = lambda what, where: failure(what) if what in kinds and where.startswith(data) else None


def mend(disk):
    disk.refused = lambda _what, _where: None


@pytest.mark.parametrize("fault", FAULTS)
def test_a_disk_that_fails_is_told_in_words_and_touched_in_no_window(
    qtbot, sit_down, small, disk, places, fault
):
    """Without a second place: nothing is called saved; well again, it goes on and the result comes out."""
    window = sit_down(second=False)
    enter(qtbot, window, small)
    press(window, "a")
    qtbot.waitUntil(lambda: given(window) is not None, timeout=30_000)
    saved = given(window)
    fail(disk, places, fault)
    press(window, "b")
    qtbot.waitUntil(window.banner.isVisible, timeout=30_000)
    settled(qtbot, window)
    assert given(window) == saved
    assert len(window.banner.text.text()) > 40  # words, not a code
    window.exam_clock.forward(10_000)
    window.desk.tick()
    on(qtbot, window, window.interruptions.stopped)
    window.interruptions.stopped.again.click()  # still broken
    qtbot.waitUntil(window.interruptions.stopped.again.isEnabled, timeout=30_000)
    mend(disk)
    window.interruptions.stopped.again.click()
    on(qtbot, window, window.exam)
    press(window, "c")
    qtbot.waitUntil(lambda: given(window) not in (None, saved), timeout=30_000)
    to_the_end(window)
    on(qtbot, window, window.sealed)
    assert disk.in_the_windows_thread == []
    assert len(list((places / "data" / "tree").glob("notes/result-*"))) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_a_sitting_that_goes_on_in_its_second_place_touches_that_in_no_window_either(
    qtbot, sit_down, small, disk, places, fault
):
    window = sit_down()
    enter(qtbot, window, small)
    fail(disk, places, fault)
    press(window, "b")
    qtbot.waitUntil(lambda: given(window) is not None, timeout=30_000)
    settled(qtbot, window)
    qtbot.waitUntil(window.banner.isVisible, timeout=30_000)
    to_the_end(window)
    on(qtbot, window, window.sealing)
    qtbot.waitUntil(lambda: bool(window.sealing.trouble.text()), timeout=30_000)
    mend(disk)
    window.sealing.again.click()
    on(qtbot, window, window.sealed)
    assert window.sealed.shown.answered == 1
    assert disk.in_the_windows_thread == []
    assert len(list((places / "data" / "tree").glob("notes/result-*"))) == 1


class Beats(QObject):
    """Events that the window handles: a timer's, and paints of the window and of what is in it."""

    def __init__(self, window):
        super().__init__()
        self.window, self.timed, self.painted = window, 0, 0
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._beat)
        QApplication.instance().installEventFilter(self)
        self._timer.start()

    def _beat(self):
        self.timed += 1
        self.window.update()

    def eventFilter(self, _watched, event):
        self.painted += event.type() == QEvent.Type.Paint
        return False

    def stop(self):
        self._timer.stop()
        QApplication.instance().removeEventFilter(self)


def require_living(qtbot, window, disk):
    """The disk stands still in something, and the window handles events: times, paints, and a click that turns a page."""
    qtbot.waitUntil(disk.stands.is_set, timeout=30_000)
    beats = Beats(window)
    qtbot.waitUntil(lambda: beats.timed >= 50 and beats.painted >= 5, timeout=30_000)
    beats.stop()
    before = window.pages.currentWidget()
    if before is window.exam:
        window.bar.help.click()
        assert window.pages.currentWidget() is window.help
        window._help_back()
        assert window.pages.currentWidget() is window.exam
    assert not disk.goes_on.is_set()


def answering(window):
    press(window, "b")


def turning(window):
    window.exam.panel.palette_view.press(window.desk.view.cells[3].item)


def ticking(window):
    window.exam_clock.forward(1_500)
    window.desk.tick()


def leaving(window):
    window.bar.help.click()
    window.help.leave.click()


STALLS = {
    "the commit of an answer": (answering, lambda what, _where: what == "COMMIT"),
    "the beginning of its transaction": (answering, lambda what, _where: what == "BEGIN"),
    "noting which question is open": (turning, lambda what, _where: what == "INSERT"),
    "how much room the disk has": (ticking, lambda what, _where: what == "statvfs"),
    "the commit of the clock": (ticking, lambda what, _where: what == "COMMIT"),
    "syncing the result": (to_the_end, lambda what, where: what == "fsync" and "/tree/" in where),
    "naming the result": (to_the_end, lambda what, where: what == "replace" and "/tree/" in where),
    "looking for keys on a stick": (leaving, lambda what, where: "/keys" in where and what == "scandir"),
    "looking at a file on that stick": (leaving, lambda what, where: what == "stat" and "/keys/" in where),
}


@pytest.mark.parametrize("stall", STALLS)
def test_while_a_disk_stands_still_the_window_handles_events(qtbot, sit_down, small, disk, places, stall):
    do, held = STALLS[stall]
    window = sit_down()
    enter(qtbot, window, small)
    press(window, "a")
    qtbot.waitUntil(lambda: given(window) is not None, timeout=30_000)
    settled(qtbot, window)
    disk.stand_still(held)
    do(window)
    require_living(qtbot, window, disk)
    disk.goes_on.set()
    if do is to_the_end:
        on(qtbot, window, window.sealed)
    else:
        settled(qtbot, window)
    assert disk.in_the_windows_thread == []


def test_while_the_package_is_read_the_window_handles_events(qtbot, sit_down, small, disk, places):
    window = sit_down()
    disk.stand_still(lambda what, where: what == "read" and Path(where).name.startswith("exam-"))
    unlock(qtbot, window, small)
    require_living(qtbot, window, disk)
    disk.goes_on.set()
    on(qtbot, window, window.number)
    assert disk.in_the_windows_thread == []


def test_a_second_place_that_hangs_holds_no_window(qtbot, sit_down, small, disk, places):
    """What only the station's own threads ask of the place; its writer is another process."""
    window = sit_down()
    enter(qtbot, window, small)
    second = f"{places / 'second'}"
    disk.stand_still(lambda _what, where: where.startswith(second))
    to_the_end(window)  # the result goes there too
    require_living(qtbot, window, disk)
    disk.goes_on.set()
    on(qtbot, window, window.sealed)
    assert disk.in_the_windows_thread == []


def test_a_disk_operation_in_the_windows_thread_is_caught(qtbot, sit_down, small, disk):
    """The planted fault: the station is asked where the window is."""
    window = sit_down(asker=AtOnce)
    enter(qtbot, window, small)
    press(window, "a")
    window.exam_clock.forward(1_500)
    window.desk.tick()
    to_the_end(window)
    caught = {what for what, _ in disk.in_the_windows_thread}
    assert {"COMMIT", "read", "stat", "statvfs", "fsync", "replace", "unlink"} <= caught


def test_a_disk_that_stands_still_in_the_windows_thread_is_caught(qtbot, sit_down, small, disk):
    window = sit_down(asker=AtOnce)
    enter(qtbot, window, small)
    disk.stand_still(lambda what, _where: what == "COMMIT")
    with qtbot.captureExceptions() as raised:
        press(window, "b")
    assert "would freeze the window" in str(raised[0][1])
