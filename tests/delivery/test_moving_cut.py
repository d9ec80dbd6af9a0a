"""The power goes at any moment of a move: the candidate is at the new seat with everything, or the move did not happen.

The move is played by a real process and recorded (`power_cut`), the new station's disk and the stick together. Of the disk
states that a cut at any operation may leave, `CBT_MOVE_CUTS` are drawn (40; 200 for a long run; 0 opens all). In each the
old seat and the new one are switched on again with that stick: exactly one of them goes on, and it has every answer that
was in two places and the exact time.
"""

import os
import random
import shutil
from pathlib import Path

import pytest

from cbt_station.artefacts.journal import read_line
from cbt_station.delivery.clock import SystemClock
from cbt_station.delivery.station import Station
from cbt_station.errors import Refusal
from cbt_station.exam.events import SeatMoved
from tests.delivery.conftest import DriveProcess, begin
from tests.delivery.hand_clock import HandClock
from tests.delivery.power_cut import Disk, File, Folder, strace
from tests.delivery.small_session import PASSPHRASE
from tests.delivery.test_syncs import _may_trace

CUTS = int(os.environ.get("CBT_MOVE_CUTS", "40"))
pytestmark = pytest.mark.skipif(not _may_trace(), reason="no strace, or no right to trace")


def opened(small, place, data):
    clock = HandClock()
    clock.boot = f"after the cut, {data}"
    return Station.open(small.path, place / data, clock=clock, second=place / "stick", patience_s=30.0)


def old_seat(small, folder):
    """A sitting with three answers in two places; the station goes off."""
    stick = folder / "played" / "stick"
    stick.mkdir(parents=True)
    station = Station.open(small.path, folder / "old", clock=SystemClock(), second=stick, patience_s=30.0)
    try:
        begin(station, small)
        for cell, option in zip(station.view().cells[:3], "abc", strict=False):
            assert station.choose(cell.item, option).saved.level == "second"
        return station.view()  # as of the last durable reading
    finally:
        station.close()


def move(small, folder, monkeypatch):
    """The recorded move, with one answer after it. What was told, in the order of the trace."""
    monkeypatch.setenv("CBT_TAKE_OVER", "1")
    place = folder / "played"
    drive = DriveProcess(small, place / "new", second=place / "stick", before=strace(folder / "trace"))
    view = drive.ask(do="start")
    assert view["ok"], view
    assert drive.ask(do="choose", item=view["items"][5]["id"], answer="e")["saved"] == "second"
    assert drive.finish() == 0
    return view["items"][5]["id"]


def disk_before(folder, kept):
    """The stick as it lay there before the move, for certain."""
    disk = Disk(folder / "played")
    disk.folder = _certain(kept)
    return disk


def _certain(path: Path) -> Folder:
    found: dict[str, File | Folder] = {}
    for entry in path.iterdir():
        if entry.is_dir():
            found[entry.name] = _certain(entry)
        else:
            data = entry.read_bytes()
            found[entry.name] = File(data, data)
    return Folder(dict(found), dict(found))


def states(folder, kept, chance):
    disk, told = disk_before(folder, kept), 0
    for line in disk.replay(folder / "trace"):
        if line is not None:
            told += 1
            continue
        for luck, keep in ((None, True), (None, False), (chance, False), (chance, False)):
            yield disk, luck, keep, told


def goes_on(small, place, data):
    """The view with which a seat goes on, and when it was moved; or why it does not."""
    station = opened(small, place, data)
    try:
        try:
            view = station.resume()
        except Refusal as refusal:
            return refusal.code, None
        if view is None:
            return "nothing", None
        events = [read_line(record.line) for record in station._running.journal.records]
        moves = [event for event in events if isinstance(event, SeatMoved)]
        assert view.saved.level == "second"
        return view, moves
    finally:
        station.close()


def take_again(small, place):
    station = opened(small, place, "new")
    try:
        station.unlock(small.venue_key, PASSPHRASE, small.code)
        view = station.take_over("1001")
        events = [read_line(record.line) for record in station._running.journal.records]
        return view, [event for event in events if isinstance(event, SeatMoved)]
    finally:
        station.close()


def test_after_a_cut_at_any_moment_of_a_move_exactly_one_seat_goes_on(small, tmp_path, monkeypatch):
    seen = require_one_seat(small, tmp_path, monkeypatch, CUTS)
    assert seen.get("new", 0) >= 2, seen
    assert seen.get("old", 0) >= 2, seen


@pytest.mark.parametrize("fault", ["seat_before_fence", "old_time_forgotten"])
def test_the_cuts_catch_a_planted_fault(small, tmp_path, monkeypatch, fault):
    monkeypatch.setenv("CBT_PLANTED_FAULT", fault)
    with pytest.raises(AssertionError):
        require_one_seat(small, tmp_path, monkeypatch, 80)


def require_one_seat(small, tmp_path, monkeypatch, most):
    """Open states until one is wrong; how many went on where."""
    before = old_seat(small, tmp_path)
    shutil.copytree(tmp_path / "played", tmp_path / "kept")
    late = move(small, tmp_path, monkeypatch)
    chance = random.Random(20261201)  # noqa: S311 - repeatable
    count = sum(1 for _ in states(tmp_path, tmp_path / "kept", chance))
    chosen = set(range(count)) if most == 0 else set(chance.sample(range(count), min(most, count)))
    seen: dict[str, int] = {}
    for number, (disk, luck, keep, told) in enumerate(states(tmp_path, tmp_path / "kept", chance)):
        if number not in chosen:
            continue
        place, other = tmp_path / "state", tmp_path / "other"
        disk.write_after_cut(place, luck, keep=keep)
        (place / "stick").mkdir(exist_ok=True)
        shutil.copytree(tmp_path / "old", place / "old")
        shutil.copytree(place, other)  # each seat finds the stick as the cut left it
        new, moves = goes_on(small, place, "new")
        old, _ = goes_on(small, other, "old")
        if new == "nothing" and old == "fenced-out":  # cut in between: the move is done again
            new, moves = take_again(small, place)
            seen["again"] = seen.get("again", 0) + 1
        went_on = [view for view in (new, old) if not isinstance(view, str)]
        assert len(went_on) == 1, (number, new, old)
        (view,) = went_on
        answers = {item: answer for item, answer in view.answers.items() if item != late}
        assert answers == before.answers, number
        assert told < 2 or view.answers.get(late) == "e", number
        if view is new:
            assert [event.left_ms for event in moves] == [before.left_ms], number
            assert told > 0 or view.left_ms <= before.left_ms
        else:
            assert (told, view.left_ms) == (0, before.left_ms), number
        seen["new" if view is new else "old"] = seen.get("new" if view is new else "old", 0) + 1
        shutil.rmtree(place)
        shutil.rmtree(other)
    assert sum(seen.values()) - seen.get("again", 0) >= min(most or count, count)
    return seen
