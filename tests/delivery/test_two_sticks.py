"""Two sticks, one after the other, and a restart with the wrong one: no second history grows, and nobody is stuck.

The disk that fails with one stick is in test_disk_fails.py and test_both_fail.py; moves to another seat in test_moving.py.
"""

import pytest

from cbt_station.delivery import sitting_folder
from cbt_station.delivery.recover import recover, recover_second
from cbt_station.delivery.second_copy import marks_at
from cbt_station.errors import Refusal, Tampered, Trouble
from tests.delivery.conftest import begin
from tests.delivery.failing_disk import FailingDisk
from tests.delivery.small_session import PIN


@pytest.fixture
def slot(tmp_path):
    """Where sticks are plugged in; each waits in a folder of its own."""

    class Slot:
        path = tmp_path / "slot"
        now = ""

        def pull_out(self):
            if self.now:
                self.path.rename(tmp_path / self.now)
                self.now = ""

        def plug_in(self, name):
            self.pull_out()
            waiting = tmp_path / name
            waiting.mkdir(exist_ok=True)
            waiting.rename(self.path)
            self.now = name

    slot = Slot()
    slot.plug_in("first")
    return slot


@pytest.fixture
def disk(monkeypatch):
    return FailingDisk(monkeypatch)


@pytest.fixture
def on_the_second_stick(at_station, small, slot, disk, clock):
    """ "a" on the disk and both sticks, "b" on both sticks, "c" on the second stick alone."""
    station = begin(at_station(second=slot.path), small)
    items = [cell.item for cell in station.view().cells]
    station.choose(items[0], "a")
    disk.fail()
    assert station.choose(items[1], "b").saved.alone
    slot.pull_out()
    with pytest.raises(Trouble):
        station.choose(items[2], "c")
    slot.plug_in("second")
    clock.forward(10_000)
    station.tick()
    assert station.choose(items[2], "c").saved.alone
    disk.mend()
    return station


def answered(view):
    return list(view.answers.values())


def refused(what):
    with pytest.raises(Refusal) as caught:
        what()
    return caught.value


def test_with_the_first_stick_it_does_not_go_on_and_says_where_that_ends(
    at_station, slot, on_the_second_stick, clock
):
    slot.plug_in("first")
    clock.reboot()
    found = refused(at_station(second=slot.path).resume)
    assert found.code == "second-place-older"
    assert (found.facts["number"], found.facts["last_at"]) == ("1001", "09:16:40")
    slot.plug_in("second")
    assert answered(at_station(second=slot.path).resume()) == ["a", "b", "c"]


def test_where_the_station_is_gone_too_each_stick_says_up_to_when_it_goes(small, slot, on_the_second_stick):
    second = recover_second(slot.path, small.venue)
    slot.plug_in("first")
    first = recover_second(slot.path, small.venue)
    assert (first.last_at[11:19], second.last_at[11:19]) == ("09:16:40", "09:16:50")
    assert list(first.answers.values()) == ["a", "b"]


def test_recover_seals_nothing_with_the_first_stick_alone(at_station, small, slot, clock):
    station = begin(at_station(second=slot.path), small)
    slot.pull_out()
    station.choose(station.view().cells[0].item, "a")
    slot.plug_in("second")
    clock.forward(10_000)
    station.tick()
    station._running.end()
    station.close()
    data = slot.path.parent / "data"
    slot.plug_in("first")
    assert (
        recover(data, slot.path).state == "ended"
    )  # it may have been moved from the second one, and reopened
    slot.plug_in("second")
    assert recover(data, slot.path).state == "sealed"


def test_where_the_second_stick_is_lost_two_proctors_let_it_go_on_from_the_first(
    at_station, small, slot, on_the_second_stick, clock
):
    slot.plug_in("first")
    clock.reboot()
    station = at_station(second=slot.path)
    assert refused(station.resume).code == "second-place-older"
    both = [(key, PIN) for key in small.proctor_keys]
    view = station.declare_second_lost(both, "stik kedua hilang")
    assert answered(view) == ["a", "b"]  # what the first had and the failed disk had not
    assert station.choose(view.cells[3].item, "d").saved.level == "second"
    slot.plug_in("second")  # found again: evidence, never merged
    assert refused(at_station(second=slot.path).resume).code == "second-place-older"
    slot.plug_in("first")
    assert answered(at_station(second=slot.path).resume()) == ["a", "b", "d"]


def test_with_a_well_disk_too_the_stick_that_was_used_last_is_asked_for(at_station, small, slot, clock):
    station = begin(at_station(second=slot.path), small)
    slot.pull_out()
    station.choose(station.view().cells[0].item, "a")
    slot.plug_in("second")
    clock.forward(10_000)
    assert station.tick().saved.level == "second"
    slot.plug_in("first")
    assert (
        refused(at_station(second=slot.path).resume).code == "second-place-older"
    )  # moved away from the second?
    slot.plug_in("second")
    assert at_station(second=slot.path).resume().saved.level == "second"


def test_a_stick_that_is_put_back_is_the_same_one(at_station, small, slot, clock):
    station = begin(at_station(second=slot.path), small)
    slot.pull_out()
    station.choose(station.view().cells[0].item, "a")
    slot.plug_in("first")
    clock.forward(10_000)
    assert station.tick().saved.level == "second"
    assert len(marks_at(slot.path, station._running.facts.sitting)) == 2
    assert at_station(second=slot.path).resume().saved.level == "second"


def test_another_stick_takes_over_only_where_the_disk_can_write_that_down(
    at_station, small, slot, disk, clock, monkeypatch
):
    station = begin(at_station(second=slot.path), small)
    items = [cell.item for cell in station.view().cells]
    disk.fail()
    assert station.choose(items[0], "a").saved.alone
    slot.pull_out()
    with pytest.raises(Trouble):
        station.choose(items[1], "b")
    write = sitting_folder.write_durably

    def read_only(path, data, **how):
        raise Trouble("disk-read-only", where=path.name)

    monkeypatch.setattr(sitting_folder, "write_durably", read_only)
    slot.plug_in("second")
    clock.forward(10_000)
    station.tick()
    with pytest.raises(Trouble):  # a start with the first stick would not know of it
        station.choose(items[1], "b")
    slot.plug_in("first")  # but the one that is written down may come back
    clock.forward(10_000)
    station.tick()
    assert station.choose(items[1], "b").saved.alone
    monkeypatch.setattr(sitting_folder, "write_durably", write)
    disk.mend()
    assert answered(at_station(second=slot.path).resume()) == ["a", "b"]


def test_two_histories_on_one_stick_are_evidence(at_station, small, slot, on_the_second_stick, clock):
    """Whoever copies sticks by hand gets no third history either."""
    slot.plug_in("first")
    clock.reboot()
    station = at_station(second=slot.path)
    station.declare_second_lost([(key, PIN) for key in small.proctor_keys])
    station.choose(station.view().cells[4].item, "e")
    station.close()
    other = slot.path.parent / "second"
    (copy,) = sorted(other.glob("*-1.copy"))
    (slot.path / copy.name.replace("-1.copy", "-9.copy")).write_bytes(copy.read_bytes())
    with pytest.raises(Tampered, match="second-copy-differs"):
        at_station(second=slot.path).resume()
