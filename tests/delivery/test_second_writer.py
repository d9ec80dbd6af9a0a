"""The process that writes the second copy: it may hang, be killed, or outlive its station, and nothing told is untrue.

What the copy holds and what a stick that is pulled out does is in test_second_copy.py; here the writer itself.
"""

import os
import signal
import struct
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from cbt_station.delivery import second_place
from cbt_station.delivery.second_copy import frame_key, own_copies, read_copy
from cbt_station.delivery.second_writer import APPEND, DONE, LOCK, OPEN, frame
from cbt_station.delivery.writer_process import start_writer
from cbt_station.errors import Trouble
from tests.delivery.conftest import ROOT, DriveProcess, begin

LONG_S = 30


@pytest.fixture
def stick(tmp_path):
    place = tmp_path / "stick"
    place.mkdir()
    return place


def events_on(stick, station):
    """How many events the newest copy proves."""
    opened = station._running.opened
    path = own_copies(stick, opened.journal)[-1]
    facts = opened.journal.facts
    return len(read_copy(path, facts.sitting, facts.mode, frame_key(opened.database_key)).records)


def until(holds):
    end = time.monotonic() + LONG_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.005)


def state_of(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def is_gone(pid):
    with suppress(FileNotFoundError):
        return state_of(pid) == "Z"
    return True


def test_it_is_a_small_process_of_its_own_with_nothing_in_its_arguments_or_environment(
    at_station, small, stick, monkeypatch
):
    monkeypatch.setenv("CBT_PASSPHRASE", "rahasia tempat")
    station = begin(at_station(second=stick), small)
    assert station.choose(station.view().cells[0].item, "a").saved.level == "second"
    writer = Path(f"/proc/{station._running.second.writer}")
    assert writer.name != str(os.getpid())
    said = writer.joinpath("cmdline").read_bytes() + writer.joinpath("environ").read_bytes()
    assert b"rahasia" not in said
    assert b"CBT_" not in said
    assert b"1001" not in said
    assert not [
        line for line in writer.joinpath("maps").read_text().splitlines() if "Qt" in line or "ssl" in line
    ]
    limits = writer.joinpath("limits").read_text().splitlines()
    assert next(line.split()[4:6] for line in limits if line.startswith("Max core file size")) == ["0", "0"]


def test_killed_it_is_started_again_and_catches_up_and_meanwhile_says_so(at_station, small, stick, clock):
    station = begin(at_station(second=stick), small)
    cells = station.view().cells
    assert station.choose(cells[0].item, "a").saved.level == "second"
    for number, cell in enumerate(cells[1:5]):
        first = station._running.second.writer
        os.kill(first, signal.SIGKILL)
        until(lambda pid=first: is_gone(pid))
        view = station.choose(cell.item, "b")
        assert (view.saved.level, view.alarm) == ("station", "second-writer-stopped"), number
        clock.forward(999)
        assert station.tick().saved.level == "station"
        clock.forward(1)
        view = station.tick()
        assert (view.saved.level, view.alarm) == ("second", None)
        assert station._running.second.writer not in (0, first)
        assert events_on(stick, station) == view.seq
    assert len(list(stick.glob("*.copy"))) == 1  # what died did not fail: the same file goes on


def test_one_that_hangs_holds_up_no_answer_and_the_level_waits_for_it(at_station, small, stick):
    station = begin(at_station(second=stick, patience_s=0.05), small)
    cells = station.view().cells
    place = station._running.second
    until(lambda: place.is_caught_up)
    os.kill(place.writer, signal.SIGSTOP)
    try:
        until(lambda: state_of(place.writer) == "T")
        for cell in cells[:4]:
            view = station.choose(cell.item, "b")
            assert (view.saved.level, view.alarm) == ("station", None)
        assert view.second_lagging
    finally:
        os.kill(place.writer, signal.SIGCONT)
    place._patience_s = LONG_S
    view = station.tick()
    assert (view.saved.level, len(view.answers)) == ("second", 4)
    assert events_on(stick, station) == view.seq


def test_a_start_waits_no_longer_than_it_must_for_a_place_that_hangs(at_station, small, stick, monkeypatch):
    def hanging():
        writer = start_writer()
        os.kill(writer.pid, signal.SIGSTOP)
        hung.append(writer.pid)
        return writer

    hung = []
    monkeypatch.setattr(second_place, "LONGEST_ATTACH_S", 0.2)
    monkeypatch.setattr(second_place, "start_writer", hanging)
    station = begin(at_station(second=stick), small)
    view = station.choose(station.view().cells[0].item, "a")
    assert (view.saved.level, view.alarm) == ("station", "second-copy-failed")
    for pid in hung:
        os.kill(pid, signal.SIGCONT)
    station.close()


def test_what_it_received_whole_is_written_though_its_station_is_dead(tmp_path):
    lock, copy = tmp_path / "lock", tmp_path / "copy"
    lock.write_bytes(b"")
    writer = subprocess.Popen(
        [sys.executable, "-m", "cbt_station.delivery.second_writer"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    os.kill(writer.pid, signal.SIGSTOP)
    writer.stdin.write(frame(LOCK, bytes(lock)) + frame(OPEN, struct.pack(">Q", 0) + bytes(copy)))
    writer.stdin.write(frame(APPEND, b"all of it") + frame(APPEND, b"not whole")[:-1])
    writer.stdin.close()
    os.kill(writer.pid, signal.SIGCONT)
    answers = writer.stdout.read()
    assert (answers, writer.wait(LONG_S)) == (3 * frame(DONE, b""), 0)
    writer.stdout.close()
    assert copy.read_bytes() == b"all of it"


def test_the_next_one_waits_until_the_last_one_is_done(tmp_path, monkeypatch):
    lock = tmp_path / "lock"
    lock.write_bytes(b"")
    first, second = start_writer(), start_writer()
    first.lock(lock)
    second.most_wait_s = 0.1
    with pytest.raises(Trouble, match="second-writer-stuck"):
        second.lock(lock)
    first.end()
    second.end()
    third = start_writer()
    third.lock(lock)
    fourth = start_writer()
    with pytest.raises(Trouble, match="second-writer-busy"):
        fourth.lock(lock)
    third.end()
    fourth.end()


def test_a_dead_stations_last_frames_are_in_the_copy_before_the_next_station_reads_it(small, tmp_path, stick):
    drive = DriveProcess(small, tmp_path / "data", second=stick)
    items = [cell["id"] for cell in drive.ask(do="start")["items"]]
    drive.ask(do="choose", item=items[0], answer="a")
    writer = next(
        int(pid)
        for pid in Path(f"/proc/{drive.process.pid}/task").glob("*/children")
        for pid in pid.read_text().split()
    )
    os.kill(writer, signal.SIGSTOP)
    drive.send(do="choose", item=items[1], answer="b")
    time.sleep(0.3)  # the station has committed, and its writer has the frames in its pipe
    drive.kill()
    again = DriveProcess(small, tmp_path / "data", second=stick)
    again.send(do="start")
    time.sleep(0.2)
    assert not is_gone(writer)  # it holds the sitting
    os.kill(writer, signal.SIGCONT)
    begun = again.answer()
    assert (begun["saved"], begun["answers"]) == ("second", {items[0]: "a", items[1]: "b"})
    assert len(list(stick.glob("*.copy"))) == 1
    assert again.ask(do="finish")["ok"]
    assert again.finish() == 0
    until(lambda: is_gone(writer))


def test_the_disks_refusals_come_back_by_their_names(tmp_path):
    writer = start_writer()
    writer.lock(ROOT / "pyproject.toml")
    with pytest.raises(Trouble, match="medium-gone"):
        writer.open(tmp_path / "not there" / "copy", 0)
    writer.open(tmp_path / "copy", 0)
    (tmp_path / "copy").unlink()
    for _ in range(2):  # final for that file
        with pytest.raises(Trouble, match="medium-gone"):
            writer.append(b"x")
    writer.open(tmp_path / "copy-2", 0)
    writer.append(b"x")
    writer.end()
    with pytest.raises(Trouble, match="second-writer-stopped"):
        writer.append(b"x")
    assert (tmp_path / "copy-2").read_bytes() == b"x"
