"""First the disk fails, then the second place too, in every order: what was acknowledged is there, and what was not is not told.

After the first failure the second place alone holds what came later; so whatever happens to it is no longer harmless. The
disk that fails alone is in test_disk_fails.py.
"""

import os
import signal
import struct
import zlib

import pytest

from cbt_station.delivery import second_place
from cbt_station.delivery.drive import DriveOptions, _Drive
from cbt_station.delivery.recover import recover
from cbt_station.delivery.writer_process import start_writer
from cbt_station.errors import Refusal, Trouble
from tests.delivery.conftest import begin
from tests.delivery.failing_disk import FailingDisk, be_too_slow, pull_out, put_back
from tests.delivery.small_session import PASSPHRASE


@pytest.fixture
def stick(tmp_path):
    place = tmp_path / "stick"
    place.mkdir()
    return place


@pytest.fixture
def disk(monkeypatch):
    return FailingDisk(monkeypatch)


@pytest.fixture
def alone(at_station, small, stick, disk):
    """A sitting with "a" in both places and "b" in the second place only."""
    station = begin(at_station(second=stick), small)
    cells = station.view().cells
    station.choose(cells[0].item, "a")
    disk.fail()
    assert station.choose(cells[1].item, "b").saved.alone
    return station


def answered(view):
    return list(view.answers.values())


def whole_frames(data):
    """Where each frame ends, the first line too."""
    ends = [data.index(b"\n") + 1]
    while ends[-1] < len(data):
        ends.append(ends[-1] + 7 + int.from_bytes(data[ends[-1] + 3 : ends[-1] + 7], "big") + 4)
    return ends


@pytest.mark.parametrize("frames", range(8))
def test_a_new_copy_that_the_power_cut_tore_while_it_was_begun_does_not_hide_the_one_before(
    at_station, small, stick, disk, alone, tmp_path, frames
):
    """The stick failed once, so everything goes into a new file; the power goes after `frames` of that."""
    seq = alone.view().seq
    alone.close()
    (copy,) = stick.glob("*.copy")
    data = copy.read_bytes()
    torn = data[: whole_frames(data)[frames]]
    copy.with_name(copy.name.replace("-1.copy", "-2.copy")).write_bytes(torn)
    assert recover(tmp_path / "data", stick).seq == seq
    disk.mend()
    other = at_station(data="other", second=stick)
    other.unlock(small.venue_key, PASSPHRASE, small.code)
    assert other.copy_of("1001", stick).seq == seq
    view = at_station(second=stick).resume()
    assert (answered(view), view.saved.level) == (["a", "b"], "second")


def test_what_was_late_in_the_copy_before_the_newest_begins_no_second_history(
    at_station, small, stick, disk, monkeypatch
):
    station = begin(at_station(second=stick), small)
    station.choose(station.view().cells[0].item, "a")
    disk.fail()
    be_too_slow(monkeypatch, 1)
    with pytest.raises(Trouble):
        station.choose(station.view().cells[1].item, "b")
    station.close()
    (copy,) = stick.glob("*.copy")
    data = copy.read_bytes()
    before = data[: whole_frames(data)[-3]]  # without "b" and its time
    copy.with_name(copy.name.replace("-1.copy", "-2.copy")).write_bytes(before)
    disk.mend()
    station = at_station(second=stick)
    station.resume()
    assert answered(station.choose(station.view().cells[2].item, "c")) == ["a", "b", "c"]
    other = at_station(data="other", second=stick)
    other.unlock(small.venue_key, PASSPHRASE, small.code)
    assert other.copy_of("1001", stick).answered == 3


def test_a_place_that_can_be_read_and_not_written_gives_back_what_only_it_has(
    at_station, stick, disk, alone, monkeypatch
):
    alone.close()
    disk.mend()
    hung = []

    def hanging():
        writer = start_writer()
        os.kill(writer.pid, signal.SIGSTOP)
        hung.append(writer.pid)
        return writer

    monkeypatch.setattr(second_place, "LONGEST_ATTACH_S", 0.2)
    monkeypatch.setattr(second_place, "start_writer", hanging)
    view = at_station(second=stick).resume()
    for pid in hung:
        os.kill(pid, signal.SIGCONT)
    assert (answered(view), view.saved.level, view.alarm) == (["a", "b"], "station", "second-copy-failed")


def test_a_resumption_that_the_disk_refuses_can_be_asked_for_again(at_station, stick, disk, alone):
    alone.close()
    station = at_station(second=stick)
    with pytest.raises(Trouble, match="disk-failed"):
        station.resume()
    disk.mend()
    assert answered(station.resume()) == ["a", "b"]


def test_time_that_only_the_second_place_knows_is_not_given_back(
    at_station, small, stick, disk, clock, tmp_path
):
    station = begin(at_station(second=stick), small)
    station.choose(station.view().cells[0].item, "a")
    disk.fail()
    for _ in range(60):
        clock.forward(1_000)
        left = station.tick().left_ms
    station.close()
    assert recover(tmp_path / "data", stick).left_ms == left
    disk.mend()
    assert at_station(second=stick).resume().left_ms == left


def test_what_only_the_second_place_has_is_not_told_as_saved_on_this_machine(small, stick, alone, clock):
    pull_out(stick)
    with pytest.raises(Trouble):
        alone.choose(alone.view().cells[2].item, "c")
    saved = alone.view().saved
    assert (saved.level, saved.alone) == ("second", True)
    options = DriveOptions(small.path, stick, small.venue_key, PASSPHRASE, "1001")
    drive = _Drive(alone, None, options, clock)
    drive._begun = True
    assert drive._answer('{"do": "start"}', clock.read())["saved"] == "second"


def test_an_answer_is_not_acknowledged_by_the_one_before_it_that_was_late(
    at_station, small, stick, disk, clock, monkeypatch
):
    station = begin(at_station(second=stick), small)
    cells = station.view().cells
    disk.fail()
    be_too_slow(monkeypatch, 2)  # for "a", and for its second try when "b" comes
    with pytest.raises(Trouble):
        station.choose(cells[0].item, "a")
    with pytest.raises(Trouble):
        station.choose(cells[1].item, "b")
    clock.forward(1_000)
    assert answered(station.tick()) == ["a"]
    assert answered(station.choose(cells[1].item, "c")) == ["a", "c"]


@pytest.mark.parametrize(("seconds", "used_ms"), [(9, 9_000), (11, 0)])
def test_time_without_saving_is_used_for_up_to_10_s_only(
    at_station, small, stick, disk, clock, monkeypatch, seconds, used_ms
):
    station = begin(at_station(second=stick), small)
    disk.fail()
    be_too_slow(monkeypatch, 1)
    with pytest.raises(Trouble):
        station.choose(station.view().cells[0].item, "a")
    left = station.view(live=True).left_ms
    clock.forward(seconds * 1_000)
    assert station.tick().left_ms == left - used_ms


def test_after_a_try_that_failed_the_sitting_goes_on_in_the_second_place_also_where_that_was_late(
    at_station, small, stick, disk, clock, monkeypatch
):
    station = begin(at_station(second=stick), small)
    cells = station.view().cells
    disk.fail()
    be_too_slow(monkeypatch, 1)
    with pytest.raises(Trouble):
        station.choose(cells[0].item, "a")
    with pytest.raises(Trouble, match="disk-failed"):
        station.try_again()
    clock.forward(1_000)
    assert answered(station.tick()) == ["a"]
    assert answered(station.choose(cells[1].item, "b")) == ["a", "b"]
    station.close()
    disk.mend()
    assert answered(at_station(second=stick).resume()) == ["a", "b"]


def test_a_result_that_was_never_begun_keeps_nobody_from_going_on(stick, clock, alone):
    with pytest.raises(Trouble, match="sealing-needs-disk"):
        alone.finish()
    pull_out(stick)
    with pytest.raises(Trouble):
        alone.act(alone.unsigned_act("reopen", 0, "-"))
    alone.tick()
    put_back(stick)
    for _ in range(3):
        clock.forward(10_000)
        view = alone.tick()
    assert (view.phase, answered(view)) == ("running", ["a", "b"])


def test_the_place_that_alone_holds_answers_cannot_be_given_up_while_the_disk_is_failed(stick, clock, alone):
    act = alone.unsigned_act("second-place-lost", 0, "-")
    with pytest.raises(Refusal, match="second-place-here"):
        alone.act(act)
    pull_out(stick)
    with pytest.raises(Trouble):
        alone.choose(alone.view().cells[2].item, "c")
    with pytest.raises(Trouble, match="disk-failed"):
        alone.act(act)
    put_back(stick)
    for _ in range(3):
        clock.forward(10_000)
        view = alone.tick()
    assert answered(view) == ["a", "b", "c"]


def test_recovery_seals_nothing_while_the_second_place_cannot_be_read(
    at_station, small, stick, disk, tmp_path
):
    station = begin(at_station(second=stick), small)
    cells = station.view().cells
    station._running.end()
    disk.fail()
    station.act(station.unsigned_act("reopen", 0, "-"))
    station.choose(cells[0].item, "a")
    station.close()
    disk.mend()
    (copy,) = stick.glob("*.copy")
    good = copy.read_bytes()
    frame = struct.pack(">2scI", b"CF", b"E", 12) + bytes(12)
    copy.write_bytes(good + frame + struct.pack(">I", zlib.crc32(frame)))
    assert recover(tmp_path / "data", stick).result is None
    copy.write_bytes(good)
    report = recover(tmp_path / "data", stick)
    assert (report.state, list(report.answers.values())) == ("running", ["a"])
