"""The real process, killed with -9 at random moments: nothing acknowledged is missing, time never grows, one result.

`CBT_KILLS` sets how often (25 here; 2,000 in `make torture`), `CBT_SEED` repeats a run. The loop proves itself on planted
faults: a program that acknowledges before it commits, and one that keeps no time, must be caught. There each life ends with
an acknowledgement and not by a clock, so that a busy machine catches them too.
"""

import os
import random
import threading

import pytest

from cbt_station.artefacts.result import read_bundle
from cbt_station.delivery.recover import recover
from cbt_station.sealing.age import decrypt
from tests.delivery.conftest import DriveProcess

KILLS = int(os.environ.get("CBT_KILLS", "25"))
SEED = int(os.environ.get("CBT_SEED", "20261201"))


class Watched:
    """One sitting over many lives of the process, with what was acknowledged, told from outside."""

    def __init__(self, small, data, second, chance):
        self.small, self.data, self.second, self.chance = small, data, second, chance
        self.acknowledged = {}
        self.doubtful = {}
        self.left = None
        self.result = None

    def live_and_die(self):
        """Start, answer as fast as it goes, and die at a random moment."""
        drive = DriveProcess(self.small, self.data, second=self.second)
        while_starting = self.chance.random() < 0.4
        timer = threading.Timer(self.chance.uniform(0.0, 0.8 if while_starting else 0.25), drive.process.kill)
        if while_starting:
            timer.start()
        begun = drive.ask(do="start")
        if begun:  # else it died before it could tell
            assert begun["ok"]
            self.check(begun)
            if not while_starting:
                timer.start()
            self.answer_until_dead(drive, [cell["id"] for cell in begun["items"]])
        timer.cancel()
        drive.kill()

    def live_and_die_after(self, answers):
        """Start, and die with the acknowledgement of so many answers."""
        drive = DriveProcess(self.small, self.data, second=self.second)
        begun = drive.ask(do="start")
        assert begun["ok"], begun["code"]
        self.check(begun)
        for _ in range(answers):
            self.answer(drive, [cell["id"] for cell in begun["items"]])
        drive.kill()

    def check(self, begun):
        for item, option in self.acknowledged.items():
            # An answer that was asked for and not acknowledged may be there or not.
            assert begun["answers"].get(item) in {option, *self.doubtful.get(item, ())}, item
        assert self.left is None or begun["left_ms"] <= self.left
        self.left = begun["left_ms"]
        self.acknowledged, self.doubtful = dict(begun["answers"]), {}

    def answer_until_dead(self, drive, items):
        while self.answer(drive, items):
            pass

    def answer(self, drive, items):
        """One answer; False where nobody acknowledged it."""
        item, option = self.chance.choice(items), self.chance.choice("abcde")
        got = drive.ask(do="choose", item=item, answer=option)
        if not got.get("ok"):
            self.doubtful.setdefault(item, []).append(option)
            return False
        assert got["left_ms"] <= self.left
        self.left = got["left_ms"]
        self.acknowledged[item] = option
        return True

    def finish(self):
        drive = DriveProcess(self.small, self.data, second=self.second)
        self.check(drive.ask(do="start"))
        sealed = drive.ask(do="finish")
        assert drive.finish() == 0
        return sealed["result"]


@pytest.mark.timeout(300 + 2 * KILLS)
def test_nothing_acknowledged_is_lost_however_often_the_process_is_killed(small, tmp_path):
    second = tmp_path / "second"
    second.mkdir()
    watched = Watched(small, tmp_path / "data", second, random.Random(SEED))  # noqa: S311 - repeatable
    for _ in range(KILLS):
        watched.live_and_die()
    report = recover(tmp_path / "data")
    assert report.state == "running"
    assert report.left_ms <= watched.left
    result = watched.finish()
    tree = tmp_path / "data" / "tree"
    assert [path.name for path in tree.glob("notes/result-*")] == [f"result-{result}.note"]
    sealed = decrypt(next((tree / "sealed").iterdir()).read_bytes(), small.results)
    assert read_bundle(sealed).answers == watched.acknowledged
    assert recover(tmp_path / "data").result == result


@pytest.mark.timeout(300 + 2 * KILLS)
@pytest.mark.parametrize(
    ("fault", "shown_by"),
    [
        pytest.param(
            "acknowledge_before_commit", r"\w+\nassert (None|'[a-e]') in", id="an answer is missing"
        ),
        pytest.param("keep_no_time", "journal-time", id="the journal itself refuses time that grows"),
    ],
)
def test_the_loop_catches_a_planted_fault(small, tmp_path, monkeypatch, fault, shown_by):
    monkeypatch.setenv("CBT_PLANTED_FAULT", fault)
    second = tmp_path / "second"  # not there: the fault is in the first place
    watched = Watched(small, tmp_path / "data", second, random.Random(SEED))  # noqa: S311 - repeatable

    def live_many_times():
        for number in range(KILLS):
            watched.live_and_die_after(1 + number % 3)

    with pytest.raises(AssertionError, match=shown_by):
        live_many_times()


@pytest.mark.parametrize("seed", range(max(4, KILLS // 5)))
def test_killed_while_it_finishes_there_is_one_result(small, tmp_path, seed):
    data, chance = tmp_path / "data", random.Random(SEED + seed)  # noqa: S311 - repeatable
    drive = DriveProcess(small, data)
    item = drive.ask(do="start")["items"][0]["id"]
    assert drive.ask(do="choose", item=item, answer="c")["ok"]
    drive.send(do="finish")
    timer = threading.Timer(chance.uniform(0.0, 0.03), drive.process.kill)
    timer.start()
    told = drive.answer()
    timer.cancel()
    drive.kill()
    again = DriveProcess(small, data)
    begun = again.ask(do="start")
    result = begun["result"] if begun["state"] == "sealed" else again.ask(do="finish")["result"]
    assert again.finish() == 0
    assert not told or told["result"] == result
    assert len(list((data / "tree").glob("notes/result-*"))) == 1
    assert len(list((data / "tree").glob("sealed/*"))) == 1
