"""The plays of a recording are the sitting's: they survive a restart, a kill, the station and its seat.

What counts as a play, and what is given back, is in tests/exam/test_plays.py; the player on the screen in
tests/screens/test_recordings.py. Here real stations and a real process, with an item that may be heard twice.
"""

import shutil

import pytest

from cbt_station.artefacts.journal import read_line
from cbt_station.artefacts.result import read_bundle
from cbt_station.delivery.found_copy import find_sitting, sittings_at
from cbt_station.errors import Refusal, Trouble
from cbt_station.exam.events import AudioPlayed, AudioUnheard, GapFound
from cbt_station.exam.sitting import fold
from cbt_station.sealing.age import decrypt
from tests.delivery.conftest import DriveProcess, begin
from tests.delivery.failing_disk import FailingDisk, be_too_slow, pull_out, put_back
from tests.delivery.small_session import PASSPHRASE, PIN, PLAYS, RECORDING, RECORDING_MS, make_session


def hears(station):
    """The item with a recording."""
    return station.view().cells[-1].item


def play(station, length_ms=RECORDING_MS):
    return station.play(hears(station), RECORDING, length_ms)


def refused(station, *what):
    with pytest.raises(Refusal) as caught:
        station.play(*what)
    return caught.value.code


def test_a_play_is_written_before_it_sounds_and_one_too_many_is_refused(at_station, small):
    station = begin(at_station(), small)
    assert station.view().plays == {}
    assert play(station).plays == {RECORDING: 1}
    (told,) = [one for one in events(station) if isinstance(one, AudioPlayed)]
    assert (told.item, told.media, told.length_ms) == (hears(station), RECORDING, RECORDING_MS)
    play(station)
    before = station.view().seq
    assert refused(station, hears(station), RECORDING, RECORDING_MS) == "plays-used"
    assert station.view().seq == before
    assert PLAYS == 2


def events(station):
    return [read_line(record.line) for record in station._running.journal.records]


def test_the_limit_is_the_recordings_and_not_the_items(at_station, small):
    station = begin(at_station(), small)
    one, other = [cell.item for cell in station.view().cells[-2:]]
    station.play(one, RECORDING, RECORDING_MS)
    station.play(other, RECORDING, RECORDING_MS)
    assert refused(station, one, RECORDING, RECORDING_MS) == "plays-used"


@pytest.mark.parametrize(
    ("what", "code"),
    [
        pytest.param(("?", RECORDING, 1), "item-unknown", id="an item of no form"),
        pytest.param((0, RECORDING, 1), "recording-unknown", id="an item without it"),
        pytest.param((-1, "other.wav", 1), "recording-unknown", id="another recording"),
        pytest.param((-1, RECORDING, -1), "recording-length", id="a length below nothing"),
        pytest.param((-1, RECORDING, 1_800_001), "recording-length", id="a length of more than half an hour"),
    ],
)
def test_what_is_no_play_is_refused(at_station, small, what, code):
    station = begin(at_station(), small)
    item, *rest = what
    named = station.view().cells[item].item if isinstance(item, int) else item
    assert refused(station, named, *rest) == code


def test_nothing_is_played_in_a_pause_or_after_the_end(at_station, clock, tmp_path):
    short = make_session(tmp_path / "short", allotted_ms=5_000, warnings_ms=())
    station = begin(at_station(short), short)
    station.act(station.unsigned_act("pause", 0, "hujan"))
    assert refused(station, hears(station), RECORDING, 1) == "sitting-paused"
    station.act(station.unsigned_act("resume", 0, "lanjut"))
    clock.forward(5_000)
    assert refused(station, hears(station), RECORDING, 1) == "time-is-up"


def test_what_was_heard_counts_after_a_restart_and_what_was_cut_off_is_given_back_once(
    at_station, small, clock
):
    station = begin(at_station(), small)
    play(station)
    heard(station, clock)
    assert play(station).plays == {RECORDING: 2}
    clock.forward(1_000)
    station.tick()
    for cut in (1, 2):
        clock.reboot()
        station = at_station()
        assert station.resume().plays == {RECORDING: 1 if cut == 1 else 2}
        if cut == 1:
            assert play(station).plays == {RECORDING: 2}
    assert refused(station, hears(station), RECORDING, 1) == "plays-used"


def heard(station, clock):
    """The recording sounds to its end, and the clock's slot says so."""
    clock.forward(RECORDING_MS)
    station.tick()


def test_a_machine_that_slept_in_a_play_gives_it_back(at_station, small, clock):
    station = begin(at_station(), small)
    play(station)
    clock.forward(500)
    clock.sleep(60_000)
    assert station.tick().plays == {RECORDING: 0}


def test_a_killed_process_keeps_the_count(small, tmp_path):
    drive = DriveProcess(small, tmp_path / "data")
    item = drive.ask(do="start")["items"][-1]["id"]
    assert drive.ask(do="play", item=item, media=RECORDING, length_ms=0)["ok"]
    assert drive.ask(do="play", item=item, media=RECORDING, length_ms=RECORDING_MS)["ok"]
    assert drive.ask(do="play", item=item, media=RECORDING, length_ms=0)["code"] == "plays-used"
    drive.kill()
    drive = DriveProcess(small, tmp_path / "data")
    assert drive.ask(do="start")["plays"] == {RECORDING: 1}  # the second was cut off
    assert drive.ask(do="play", item=item, media=RECORDING, length_ms=RECORDING_MS)["ok"]
    drive.kill()
    drive = DriveProcess(small, tmp_path / "data")
    assert drive.ask(do="start")["plays"] == {RECORDING: 2}  # and is not given back a second time
    assert drive.ask(do="play", item=item, media=RECORDING, length_ms=0)["code"] == "plays-used"


def test_the_count_goes_to_another_seat_and_is_in_the_copy_and_the_result(at_station, small, clock, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    old = begin(at_station(data="old", second=stick), small)
    play(old)
    heard(old, clock)
    play(old)
    heard(old, clock)
    old.close()
    shutil.rmtree(tmp_path / "old")
    (sitting,) = sittings_at(stick)
    assert find_sitting(stick, sitting, small.venue).state.plays.counted == {RECORDING: 2}
    clock.reboot()
    new = at_station(data="new", second=stick)
    new.unlock(small.venue_key, PASSPHRASE, small.code)
    assert new.take_over("1001", stick, small.proctor_keys[0], PIN).plays == {RECORDING: 2}
    assert refused(new, hears(new), RECORDING, 1) == "plays-used"
    new.finish()
    sealed = decrypt(next((tmp_path / "new" / "tree" / "sealed").iterdir()).read_bytes(), small.results)
    journal = read_bundle(sealed).journal
    assert fold(read_line(record.line) for record in journal).plays.counted == {RECORDING: 2}


@pytest.mark.parametrize("kept", [False, True], ids=["nothing written", "written all the same"])
def test_where_the_disk_fails_nothing_may_sound_and_no_listening_is_lost(
    at_station, small, monkeypatch, kept
):
    disk, station = FailingDisk(monkeypatch), begin(at_station(), small)
    disk.fail(kept=kept)
    with pytest.raises(Trouble):
        play(station)
    assert station.view().plays == {}
    disk.mend()
    assert at_station().resume().plays.get(RECORDING, 0) == 0


@pytest.fixture
def stick(tmp_path):
    place = tmp_path / "stick"
    place.mkdir()
    return place


@pytest.fixture
def disk(monkeypatch):
    return FailingDisk(monkeypatch)


@pytest.fixture(params=[False, True], ids=["nothing written", "written all the same"])
def refused_in_the_press(request, at_station, small, stick, disk, clock):
    """One play counts; the stick is away, and the disk fails in the very press of the next one."""
    station = begin(at_station(second=stick), small)
    play(station, 0)
    pull_out(stick)
    station.flag(hears(station), True)  # it is noticed
    clock.forward(9_000)
    station.tick()
    disk.fail(kept=request.param)
    with pytest.raises(Trouble):
        play(station)
    return station


def goes_on(station, clock, ms):
    """So long after the press, the stick is back."""
    clock.forward(ms)
    station.tick()  # the place is attached
    return station.tick()


def require_refused_play_told(station):
    """It is written, with what says that it never sounded; and what an interruption gives back is still to be had."""
    told = [one for one in events(station) if not isinstance(one, GapFound)]
    assert [type(one) for one in told[-2:]] == [AudioPlayed, AudioUnheard]
    assert not station._running.state.plays.given_back


@pytest.mark.parametrize("away_ms", [2_000, 60_000], ids=["back within 10 s", "back after a minute"])
def test_a_refused_play_that_is_written_when_the_stick_comes_back_does_not_count(
    at_station, clock, stick, disk, refused_in_the_press, away_ms
):
    station = refused_in_the_press
    left = station.view().left_ms
    put_back(stick)
    view = goes_on(station, clock, away_ms)
    assert (view.alarm, view.plays) == ("only-second-left", {RECORDING: 1})
    assert view.left_ms == (left - away_ms if away_ms < 10_000 else left)  # as ever
    require_refused_play_told(station)
    station.close()
    disk.mend()
    station = at_station(second=stick)
    assert station.resume().plays == {RECORDING: 1}
    assert play(station).plays == {RECORDING: 2}  # and it can be heard


def test_an_answer_that_comes_before_any_tick_finds_the_refused_play_told(clock, stick, refused_in_the_press):
    station = refused_in_the_press
    put_back(stick)
    clock.forward(2_000)
    station._running.second.follow(clock.read())
    view = station.choose(station.view().cells[0].item, "a")
    assert (view.plays, list(view.answers.values())) == ({RECORDING: 1}, ["a"])
    told = [one for one in events(station) if not isinstance(one, GapFound)]
    assert [type(one) for one in told[-3:-1]] == [AudioPlayed, AudioUnheard]


def test_what_says_so_is_one_line_however_often_the_stick_is_too_slow(
    at_station, small, stick, disk, clock, monkeypatch
):
    station = begin(at_station(second=stick), small)
    disk.fail()
    be_too_slow(
        monkeypatch, 3
    )  # the press, and two ticks: each time it is there, but later than anybody waits
    with pytest.raises(Trouble):
        play(station)
    for _ in range(3):
        clock.forward(1_000)
        view = station.tick()
    assert (view.plays, view.alarm) == ({}, "only-second-left")
    assert sum(isinstance(one, AudioUnheard) for one in events(station)) == 1
    station.close()
    disk.mend()
    assert at_station(second=stick).resume().plays == {}  # place and disk tell one history


def test_a_disk_that_is_well_again_is_told_that_the_play_it_took_never_sounded(
    clock, stick, disk, refused_in_the_press
):
    station = refused_in_the_press
    put_back(stick)
    disk.mend()
    assert station.try_again().plays == {RECORDING: 1}
    assert not station._running.state.plays.given_back
    kinds = [type(one) for one in events(station)]
    assert kinds.count(AudioPlayed) - kinds.count(AudioUnheard) == 1
    assert play(station).plays == {RECORDING: 2}


def test_a_play_that_the_second_place_took_in_time_sounds_and_counts(at_station, small, stick, disk):
    station = begin(at_station(second=stick), small)
    disk.fail()
    assert play(station).plays == {RECORDING: 1}
    assert isinstance(events(station)[-1], AudioPlayed)
