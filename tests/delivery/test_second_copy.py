"""The second place: what it holds, what "saved in two places" may claim, and that its loss never stops a sitting."""

import base64
import re
import shutil

import pytest

from cbt_station.artefacts.signed import read
from cbt_station.artefacts.start import StartNote
from cbt_station.delivery.recover import recover, recover_second
from cbt_station.delivery.second_copy import frame_key, read_copy
from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.age import decrypt
from tests.delivery.conftest import begin
from tests.delivery.small_session import make_session


@pytest.fixture
def stick(tmp_path):
    place = tmp_path / "stick"
    place.mkdir()
    return place


def pull_out(stick):
    stick.rename(stick.with_name("pulled-out"))


def put_back(stick):
    stick.with_name("pulled-out").rename(stick)


def copies(stick):
    return sorted(stick.glob("*.copy"))


def content_for_the_venue(stick, session, number=-1):
    """What a venue reads of a stick that was found, with its own key and nothing from the station."""
    path = copies(stick)[number]
    sitting = path.stem.rpartition("-")[0]
    head = read_copy_head(path, sitting)
    key = decrypt(base64.b64decode(head.venue_wrap), session.venue)
    assert decrypt(base64.b64decode(head.committee_wrap), session.results) == key
    return read_copy(path, sitting, "test", frame_key(key))


def read_copy_head(path, sitting):
    """The first frame is in the clear; the others need the key, so cut them off."""
    data = path.read_bytes()
    end = data.index(b"CFC")
    alone = path.with_name("alone")
    alone.write_bytes(data[:end])
    head = read_copy(alone, sitting, "test", bytes(32)).head
    alone.unlink()
    return head


def test_the_venue_reads_every_answer_from_a_stick_alone(at_station, small, stick):
    station = begin(at_station(second=stick), small)
    item = station.view().cells[0].item
    view = station.choose(item, "d")
    assert view.saved.level == "second"
    found = content_for_the_venue(stick, small)
    assert found.records == tuple(station._running.journal.records)
    assert found.candidate.number == "1001"
    assert read(found.head.start.encode(), StartNote).body.sitting == station._running.facts.sitting
    assert found.slot == station._running.journal.slot
    # R is not on it: who takes over needs the code again.
    assert b"AGE-SECRET-KEY" not in copies(stick)[0].read_bytes()


def test_nothing_of_the_candidate_is_readable_without_a_key(at_station, small, stick):
    begin(at_station(second=stick), small)
    data = copies(stick)[0].read_bytes()
    assert b"Siti" not in data
    assert not re.search(rb"\b1001\b", data)  # as a word: the digits are in a hash one time in fifty


def test_a_stick_that_is_pulled_out_degrades_and_comes_back(at_station, small, stick, clock):
    station = begin(at_station(second=stick), small)
    cells = station.view().cells
    assert station.choose(cells[0].item, "a").saved.level == "second"
    pull_out(stick)
    view = station.choose(cells[1].item, "b")
    assert (view.saved.level, view.alarm) == ("station", "second-copy-failed")
    station.choose(cells[2].item, "c")
    assert station.choose(cells[3].item, "d").second_lagging
    put_back(stick)
    clock.forward(9_000)
    assert station.tick().saved.level == "station"  # not tried again yet
    clock.forward(2_000)
    view = station.tick()
    assert (view.saved.level, view.alarm, view.second_lagging) == ("second", None, False)
    # A file that failed once is never written again: everything is in a new one.
    assert len(copies(stick)) == 2
    assert len(content_for_the_venue(stick, small).records) == view.seq


def test_a_stick_that_lags_10_s_is_shown(at_station, small, stick, clock):
    station = begin(at_station(second=stick), small)
    pull_out(stick)
    assert not station.choose(station.view().cells[0].item, "a").second_lagging
    clock.forward(9_999)
    station.tick()
    clock.forward(2)
    assert station.tick().second_lagging


def test_without_a_stick_at_the_start_the_sitting_starts_all_the_same(at_station, small, tmp_path):
    station = begin(at_station(second=tmp_path / "not-there"), small)
    view = station.choose(station.view().cells[0].item, "a")
    assert (view.saved.level, view.alarm) == ("station", "second-copy-failed")
    station.finish()


def test_after_a_restart_the_level_is_what_the_stick_confirms_again(at_station, small, stick):
    station = begin(at_station(second=stick), small)
    station.choose(station.view().cells[0].item, "a")
    pull_out(stick)
    with pytest.raises(Refusal, match="second-place-needed"):  # it may have been moved elsewhere from there
        at_station(second=stick).resume()
    put_back(stick)
    assert at_station(second=stick).resume().saved.level == "second"


@pytest.mark.parametrize("lost", [1, 7, 100, 400])
def test_a_torn_end_is_cut_off_and_written_again(at_station, small, stick, lost):
    station = begin(at_station(second=stick), small)
    station.choose(station.view().cells[0].item, "a")
    at_station(data="elsewhere")
    station.close()
    path = copies(stick)[0]
    path.write_bytes(path.read_bytes()[:-lost])
    view = at_station(second=stick).resume()
    assert view.saved.level == "second"
    assert len(content_for_the_venue(stick, small).records) == view.seq


def test_a_changed_frame_is_never_believed(at_station, small, stick):
    station = begin(at_station(second=stick), small)
    for cell in station.view().cells:
        station.choose(cell.item, "a")
    station.close()
    data = bytearray(copies(stick)[0].read_bytes())
    data[len(data) * 3 // 4] ^= 1
    copies(stick)[0].write_bytes(data)
    station = at_station(second=stick)
    view = (
        station.resume()
    )  # from the station's own journal; the stick is written again behind the last good frame
    assert (len(view.answers), view.saved.level) == (8, "second")
    assert len(content_for_the_venue(stick, small).records) == view.seq


def test_what_a_lying_disk_lost_comes_back_from_the_stick(at_station, small, stick, tmp_path):
    station = begin(at_station(second=stick), small)
    cells = station.view().cells
    station.choose(cells[0].item, "a")
    station.close()
    shutil.copytree(tmp_path / "data", tmp_path / "old")
    station = at_station(second=stick)
    station.resume()
    station.choose(cells[1].item, "b")
    station.close()
    shutil.rmtree(tmp_path / "data")  # the disk forgets what it had acknowledged
    (tmp_path / "old").rename(tmp_path / "data")
    view = at_station(second=stick).resume()
    assert view.answers == {cells[0].item: "a", cells[1].item: "b"}
    assert at_station(second=stick).resume().answers == view.answers


def test_two_journals_of_one_sitting_are_never_merged(at_station, small, stick):
    one = begin(at_station(data="one", second=stick), small)
    one.choose(one.view().cells[0].item, "a")
    one.close()
    other = at_station(data="other")
    begin(other, small)
    other.close()
    before = copies(stick)[0].read_bytes()
    with pytest.raises(Tampered) as refused:
        at_station(data="other", second=stick).resume()
    assert refused.value.code in ("second-copy-differs", "second-copy-damaged")
    assert copies(stick)[0].read_bytes() == before


def test_an_exam_that_asks_for_two_places_waits_with_sealing(at_station, stick, tmp_path, clock):
    session = make_session(tmp_path / "session", least_level="second")
    station = begin(at_station(session, second=stick), session)
    item = station.view().cells[0].item
    pull_out(stick)
    station.choose(item, "a")
    with pytest.raises(Refusal) as refused:
        station.finish()
    assert refused.value.code == "second-copy-needed"
    assert (station.tick().phase, station.view().answers) == ("ended", {item: "a"})
    station.close()
    assert recover(tmp_path / "data").state == "ended"
    station = at_station(session, second=stick)
    with pytest.raises(Refusal, match="second-place-needed"):
        station.resume()
    put_back(stick)
    assert station.resume().phase == "sealed"
    assert station.finish().answered == 1


def test_the_result_goes_to_both_places_and_the_copy_of_the_journal_goes_away(
    at_station, small, stick, tmp_path
):
    station = begin(at_station(second=stick), small)
    station.finish()
    trees = [
        {path.relative_to(tree): path.read_bytes() for path in tree.rglob("*") if path.is_file()}
        for tree in (stick / "tree", tmp_path / "data" / "tree")
    ]
    assert trees[0] == trees[1]
    assert copies(stick) == []


def test_recover_tells_for_each_event_what_the_stick_proves(at_station, small, stick, tmp_path):
    station = begin(at_station(second=stick), small)
    station.choose(station.view().cells[0].item, "a")
    pull_out(stick)
    station.choose(station.view().cells[1].item, "b")
    station.close()
    assert {one.level for one in recover(tmp_path / "data").acknowledged} == {"station"}
    put_back(stick)
    assert [one.level for one in recover(tmp_path / "data").acknowledged] == ["second", "second", "station"]


def test_recover_says_second_of_no_more_than_the_stick_alone_proves_wherever_its_copy_is_torn(
    at_station, small, stick, tmp_path
):
    station = begin(at_station(second=stick), small)
    for cell in station.view().cells[:3]:
        station.choose(cell.item, "a")
    station.close()
    (path,) = copies(stick)
    whole, proven = path.read_bytes(), set()
    for size in range(len(whole), len(whole) - 2_500, -61):
        path.write_bytes(whole[:size])
        seconds = sum(one.level == "second" for one in recover(tmp_path / "data", stick).acknowledged)
        assert seconds == recover_second(stick, small.venue).seq
        proven.add(seconds)
    assert len(proven) > 1


def test_sealing_without_the_stick_makes_no_folder_where_it_was(at_station, small, stick):
    station = begin(at_station(second=stick), small)
    pull_out(stick)
    station.finish()
    assert not stick.exists()
