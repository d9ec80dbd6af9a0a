"""The real window and its second copy's writer, killed with -9 while a candidate types: what was painted as saved is there.

"Told" is what stood on the screen: an option's tick was painted while the bar said "Tersimpan", at the level it said. After
each death recovery must prove all of it, and the next window must open at the same question with no more time.
`CBT_WINDOW_KILLS` sets how often (20 here, 50 in CI, 1,000 in `make torture`), `CBT_SEED` repeats a run. The driver without
a window is killed in tests/delivery/test_kill.py. The loop proves itself on planted faults, at once and not by luck.
"""

import os
import random
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from cbt_station.delivery.recover import recover
from cbt_station.delivery.station import Station
from tests.compiled import compile_words
from tests.delivery.conftest import begin
from tests.delivery.hand_clock import HandClock
from tests.delivery.small_session import make_session
from tests.screens.typist import Life

KILLS = int(os.environ.get("CBT_WINDOW_KILLS", "20"))
SEED = int(os.environ.get("CBT_SEED", "20261201"))
ROOT = Path(__file__).resolve().parents[2]
WAYS = ("window", "window", "both", "writer", "starting")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return make_session(tmp_path_factory.mktemp("session") / "kecil")


class Typists:
    """The process that forks the windows, and what comes out of the one that lives."""

    def __init__(self):
        compile_words()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.screens.typist"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        )
        assert self.line()["do"] == "ready"

    def begin(self, life):
        self.process.stdin.write(msgspec.json.encode(life) + b"\n")
        self.process.stdin.flush()
        return self.line()["pid"]

    def line(self):
        line = self.process.stdout.readline()
        assert line, "the process that forks the windows is gone"
        return msgspec.json.decode(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture(scope="module")
def typists():
    one = Typists()
    yield one
    one.close()


class Watched:
    """One sitting over many lives of its window: what was told, and what may be there besides."""

    def __init__(self, typists, small, place, fault=""):
        self.typists, self.small, self.place, self.fault = typists, small, place, fault
        self.chance = random.Random(SEED)  # noqa: S311 - repeatable
        self.data, self.stick = place / "data", place / "stick"
        self.stick.mkdir()
        station = begin(Station.open(small.path, self.data, clock=HandClock(), second=self.stick), small)
        station.show(station.view().cells[0].item)
        self.answers, self.item = {}, station.view().current
        station.close()
        self.left_ms, self.second_seq, self.seq = None, 0, 0
        self.asked, self.asked_item, self.painted, self.lives = {}, None, 0, 0
        self.pid, self.window, self.killing = 0, -1, threading.Lock()

    def live_and_die(self, way):
        """One window, until it is killed at a moment of chance: itself, its writer first, or both at once."""
        self.begin()
        timer = threading.Timer(self.chance.uniform(0.0, 0.3), self.kill, ("window",))
        if way == "starting":
            timer.start()
        for line in self.lines():
            self.hear(line)
            if line["do"] == "begun" and way != "starting":
                timer = threading.Timer(self.chance.uniform(0.0, 0.25), self.kill, (way,))
                timer.start()
            if way == "writer" and timer.finished.is_set() and self.has_two_places_again(line):
                self.kill("window")
        timer.cancel()
        self.require_kept()

    def live_and_die_after(self, painted, before=lambda: None):
        """One window, killed with the tick that it was painted last; no chance, no clock."""
        self.begin(most=painted)
        seen = 0
        for line in self.lines():
            self.hear(line)
            if line["do"] == "begun":
                before()
            seen += line["do"] == "painted"
            if seen == painted:
                self.kill("both")
        self.require_kept()

    # --- the processes --------------------------------------------------------------------------------------------

    def begin(self, most=0):
        self.lives += 1
        self.writer_died = False
        self.pid = self.typists.begin(
            Life(
                session=str(self.small.path),
                data=str(self.data),
                second=str(self.stick),
                seed=SEED + self.lives,
                most=most,
                fault=self.fault,
            )
        )
        self.window = os.pidfd_open(self.pid)  # this process and no other that gets its number

    def lines(self):
        while (line := self.typists.line())["do"] != "ended":
            yield line
        with self.killing:
            os.close(self.window)
            self.window = -1
        assert line["status"] == signal.SIGKILL, "the window crashed"

    def kill(self, way):
        with self.killing:
            if self.window >= 0:
                self._kill(way)

    def _kill(self, way):
        writers = self.writers()
        if way in ("both", "writer"):
            for pid in writers:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.writer_died = bool(writers)
        if way != "writer" or not writers:
            signal.pidfd_send_signal(self.window, signal.SIGKILL)

    def writers(self):
        """The windows' children: the one program that they start."""
        with suppress(FileNotFoundError):
            return [
                int(child)
                for task in Path(f"/proc/{self.pid}/task").iterdir()
                for child in (task / "children").read_text().split()
            ]
        return []

    def has_two_places_again(self, line):
        """After its death: the level fell, and rose again."""
        self.has_fallen = getattr(self, "has_fallen", False) or line.get("level") == "station"
        if self.has_fallen and line.get("level") == "second":
            self.has_fallen = False
            return True
        return False

    # --- what is told, and whether it is true ---------------------------------------------------------------------

    def hear(self, line):
        match line["do"]:
            case "begun":
                self.require_same_question(line)
                self.told(line)
                self.answers = dict(line["answers"])
                self.asked, self.asked_item = {}, None
            case "asks" if "option" in line:
                self.asked.setdefault(line["item"], []).append(line["option"])
            case "asks":
                self.asked_item = line["item"]
            case "shown":
                self.told(line)
                self.item, self.asked_item = line["item"], None
            case "painted":
                self.told(line)
                self.painted += 1
                self.answers[line["item"]] = line["option"]
                asked = self.asked.get(line["item"], [])
                if line["option"] in asked:  # else the tick before was painted again
                    del asked[: asked.index(line["option"]) + 1]

    def told(self, line):
        """No time ever comes back that had gone with an answer. (Between answers a tick shows up to 2 s less.)"""
        assert self.left_ms is None or line["left_ms"] <= self.left_ms
        if line["do"] == "painted" and line["seq"] > self.seq:
            self.left_ms = line["left_ms"]
        self.seq = line["seq"]
        if line["level"] == "second":
            self.second_seq = line["seq"]

    def require_same_question(self, line):
        assert line["item"] in (self.item, self.asked_item)
        self.require_answers(line["answers"])
        self.item = line["item"]

    def require_answers(self, found):
        for item, option in self.answers.items():
            # What was asked for and not told may be there or not.
            assert found.get(item) in (option, *self.asked.get(item, ())), item

    def require_kept(self):
        report = recover(self.data, self.stick)
        assert report.state == "running"
        assert report.seq >= self.seq
        assert report.current in (self.item, self.asked_item)
        self.require_answers(report.answers)
        assert self.left_ms is None or report.left_ms <= self.left_ms
        proven = sum(one.level == "second" for one in report.acknowledged)
        assert proven >= self.second_seq


@pytest.mark.timeout(300 + 5 * KILLS)
def test_nothing_that_was_painted_as_saved_is_lost_however_often_window_and_writer_are_killed(
    typists, small, tmp_path
):
    watched = Watched(typists, small, tmp_path)
    for number in range(KILLS):
        watched.live_and_die(WAYS[number % len(WAYS)])
    assert watched.painted > KILLS
    assert watched.second_seq > KILLS


@pytest.mark.parametrize("fault", ["acknowledge_before_commit", "keep_no_time", "question_not_kept"])
def test_a_planted_fault_is_caught(typists, small, tmp_path, fault):
    watched = Watched(typists, small, tmp_path, fault)

    def live_many_times():
        for number in range(12):
            watched.live_and_die_after(1 + number % 4)

    with pytest.raises(AssertionError):
        live_many_times()


def test_a_level_told_before_it_is_durable_is_caught(typists, small, tmp_path):
    watched = Watched(typists, small, tmp_path, "second_told_before_it_is_durable")

    def stop_the_writer():
        (writer,) = watched.writers()
        os.kill(writer, signal.SIGSTOP)

    with pytest.raises(AssertionError):
        watched.live_and_die_after(3, before=stop_the_writer)
