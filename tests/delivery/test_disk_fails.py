"""A disk that stops taking anything in the middle of a sitting: where it goes on, what is shown, and how it comes back.

Real folders, a real second place; the one thing that is played is that the database refuses from some moment on, with
what was being written there or not: nobody knows after a failed commit. Full and read-only disks of the real process are
in test_disk.py, every failing operation in tests/torture, the second place failing too in test_both_fail.py.
"""

import pytest

from cbt_station.delivery.acts import act_for, make_act
from cbt_station.delivery.recover import recover
from cbt_station.errors import Refusal, Trouble
from tests.delivery.conftest import begin
from tests.delivery.failing_disk import FailingDisk, pull_out, put_back
from tests.delivery.small_session import PASSPHRASE, PIN, make_session


@pytest.fixture
def stick(tmp_path):
    place = tmp_path / "stick"
    place.mkdir()
    return place


@pytest.fixture
def disk(monkeypatch):
    return FailingDisk(monkeypatch)


def answered(view):
    return list(view.answers.values())


@pytest.mark.parametrize("kept", [False, True], ids=["failed and not written", "failed but written"])
def test_the_sitting_goes_on_in_its_second_place_and_comes_back_whole(
    at_station, small, stick, clock, disk, kept, tmp_path
):
    station = begin(at_station(second=stick), small)
    cells = station.view().cells
    station.choose(cells[0].item, "a")
    disk.fail(kept=kept)
    view = station.choose(cells[1].item, "b")
    assert (view.saved.level, view.saved.alone, view.alarm) == ("second", True, "only-second-left")
    assert (view.saved.seq, view.stopped) == (view.seq, False)
    clock.forward(2_000)
    station.tick()
    view = station.choose(cells[2].item, "c")
    assert answered(view) == ["a", "b", "c"]
    left = view.left_ms
    # Recovery finds it at the second place, though the station's own journal ends earlier.
    station.close()
    report = recover(tmp_path / "data", stick)
    assert (list(report.answers.values()), report.seq, report.left_ms) == (["a", "b", "c"], view.seq, left)
    assert all(one.level == "second" for one in report.acknowledged)
    # And a start takes it home.
    disk.mend()
    view = at_station(second=stick).resume()
    assert (answered(view), view.left_ms, view.alarm, view.saved.alone) == (
        ["a", "b", "c"],
        left,
        None,
        False,
    )
    assert at_station(second=stick).resume().saved.level == "second"


def test_without_a_second_place_nothing_is_told_as_saved_and_after_10_s_the_questions_are_covered(
    at_station, small, clock, disk
):
    station = begin(at_station(), small)
    cells = station.view().cells
    left = station.choose(cells[0].item, "a").left_ms
    disk.fail()
    with pytest.raises(Trouble):
        station.choose(cells[1].item, "b")
    clock.forward(9_000)
    view = station.tick()
    assert (view.alarm, view.stopped, view.left_ms, answered(view)) == ("disk-failed", False, left, ["a"])
    clock.forward(1_000)
    view = station.tick()
    assert (view.alarm, view.stopped, view.left_ms) == ("disk-failed", True, left)
    clock.forward(600_000)
    with pytest.raises(Trouble):  # still broken
        station.try_again()
    assert station.tick().stopped
    disk.mend()
    view = station.try_again()
    assert (view.alarm, view.stopped, view.left_ms, answered(view)) == (None, False, left, ["a"])
    assert answered(station.choose(cells[1].item, "c")) == ["a", "c"]


@pytest.mark.parametrize("kept", [False, True], ids=["failed and not written", "failed but written"])
def test_a_second_place_that_comes_back_takes_first_what_was_not_saved(
    at_station, small, stick, clock, disk, kept
):
    station = begin(at_station(second=stick), small)
    cells = station.view().cells
    station.choose(cells[0].item, "a")
    pull_out(stick)
    station.choose(cells[1].item, "b")
    disk.fail(kept=kept)
    with pytest.raises(Trouble):
        station.choose(cells[2].item, "c")
    clock.forward(12_000)
    assert station.tick().stopped
    put_back(stick)
    clock.forward(12_000)
    station.tick()  # the place is attached
    view = station.tick()
    assert (view.stopped, view.alarm, view.saved.level) == (False, "only-second-left", "second")
    assert answered(view) == ["a", "b", "c"]  # what was pressed and not told as saved is there after all
    station.choose(cells[3].item, "d")
    station.close()
    disk.mend()
    assert answered(at_station(second=stick).resume()) == ["a", "b", "c", "d"]


def test_the_time_while_nothing_could_be_written_is_given_back(at_station, small, stick, clock, disk):
    station = begin(at_station(second=stick), small)
    pull_out(stick)
    left = station.choose(station.view().cells[0].item, "a").left_ms
    disk.fail()
    with pytest.raises(Trouble):
        station.choose(station.view().cells[1].item, "b")
    for _ in range(60):
        clock.forward(1_000)
        assert station.tick().left_ms == left
    put_back(stick)
    clock.forward(11_000)
    station.tick()
    station.tick()
    view = station.choose(station.view().cells[2].item, "c")
    assert (view.left_ms, answered(view)) == (left, ["a", "b", "c"])


def test_when_both_fail_and_the_disk_is_well_again_it_goes_on_here(at_station, small, stick, clock, disk):
    station = begin(at_station(second=stick), small)
    cells = station.view().cells
    station.choose(cells[0].item, "a")
    disk.fail()
    station.choose(cells[1].item, "b")
    pull_out(stick)
    with pytest.raises(Trouble):
        station.choose(cells[2].item, "c")
    disk.mend()
    with pytest.raises(Refusal, match="second-place-needed"):  # only there is what it had acknowledged
        station.try_again()
    assert station.info.resumable == "1001"
    put_back(stick)
    view = station.resume()
    assert (answered(view), view.saved.level, view.alarm) == (["a", "b"], "second", None)


def test_the_end_is_kept_in_the_second_place_and_sealing_waits_for_a_disk(
    at_station, small, stick, clock, disk, tmp_path
):
    station = begin(at_station(second=stick), small)
    station.choose(station.view().cells[0].item, "a")
    disk.fail()
    with pytest.raises(Trouble, match="sealing-needs-disk"):
        station.finish()
    view = station.tick()
    assert (view.phase, view.alarm, view.saved.level) == ("ended", "sealing-needs-disk", "second")
    station.close()
    assert recover(tmp_path / "data", stick).state == "ended"
    # The machine is given up: another station seals it, from the stick.
    disk.mend()
    other = at_station(data="other", second=stick)
    other.unlock(small.venue_key, PASSPHRASE, small.code)
    assert other.take_over("1001", stick).phase == "sealed"
    assert other.finish().answered == 1


def test_a_disk_that_fails_while_it_seals_lets_no_other_history_begin(
    at_station, small, stick, disk, tmp_path
):
    station = begin(at_station(second=stick), small)
    station.choose(station.view().cells[0].item, "a")
    station._running.end()
    disk.fail(kept=True)
    with pytest.raises(Trouble, match="disk-failed"):
        station.finish()
    with pytest.raises(Trouble):
        station.act(station.unsigned_act("reopen", 0, "-"))
    disk.mend()
    assert station.try_again().phase == "sealed"
    assert len(list((tmp_path / "data" / "tree").glob("notes/result-*"))) == 1


def test_an_alarm_is_over_when_something_is_saved_after_it(at_station, small, clock, monkeypatch):
    station = begin(at_station(), small)
    here = station._here
    item = station.view().cells[0].item

    def refuse(running):
        raise Trouble("disk-failed")

    with pytest.raises(Trouble):
        here.did(refuse)
    assert station.view().alarm == "disk-failed"
    clock.forward(500)
    assert station.tick().alarm == "disk-failed"  # nothing was written
    assert station.choose(item, "a").alarm is None
    with pytest.raises(Trouble):
        here.did(refuse)
    clock.forward(1_500)
    assert station.tick().alarm is None  # the tick kept its reading


def test_a_pause_is_ended_at_the_station_by_a_proctor_with_key_and_pin(at_station, tmp_path, clock):
    session = make_session(tmp_path / "resmi", session="resmi-1", mode="official")
    station = at_station(session)
    station.unlock(session.venue_key, PASSPHRASE, session.code)
    station.admit(session.proctor_keys[0], PIN)
    station.check_in("1001", "1998-08-17")
    station.start("id")
    facts = station._running.facts
    pause = act_for(facts, station.head, "pause", 0, "hujan", clock.read())
    left = station.act(make_act(pause, "official", session.proctors[0])).left_ms
    clock.forward(60_000)
    assert station.tick().phase == "paused"
    with pytest.raises(Refusal, match="passphrase-wrong"):
        station.resume_here(session.proctor_keys[0], "000000")
    with pytest.raises(Refusal, match="key-not-trusted"):
        station.resume_here(session.venue_key, PASSPHRASE)
    view = station.resume_here(session.proctor_keys[1], PIN)
    assert (view.phase, view.left_ms) == ("running", left)
    with pytest.raises(Refusal, match="act-out-of-order"):
        station.resume_here(session.proctor_keys[1], PIN)
