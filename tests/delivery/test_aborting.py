"""What a stick alone tells when the station is gone, and sealing a sitting that cannot go on from it."""

import shutil

import pytest

from cbt_station import __version__
from cbt_station.artefacts import names
from cbt_station.artefacts.journal import JournalRecord
from cbt_station.artefacts.result import read_aborted_bundle
from cbt_station.delivery.aborting import abort_sitting
from cbt_station.delivery.recover import recover_second
from cbt_station.delivery.session_folder import open_session
from cbt_station.delivery.unlocking import open_venue_key
from cbt_station.errors import Failure, Trouble
from cbt_station.sealing.age import decrypt
from cbt_station.storage.folder import Folder
from cbt_station.verify.tree import check_tree
from tests.delivery.small_session import PASSPHRASE, SmallSession, make_session
from tests.delivery.test_moving import moved, sat_down

AT = "2026-12-01T11:00:00+07:00"


@pytest.fixture
def stick(tmp_path):
    place = tmp_path / "stick"
    place.mkdir()
    return place


@pytest.fixture(scope="module")
def official(tmp_path_factory) -> SmallSession:
    return make_session(tmp_path_factory.mktemp("official") / "resmi", mode="official")


def started(at_station, session, stick):
    station = at_station(session, data="old", second=stick)
    station.unlock(session.venue_key, PASSPHRASE, session.code)
    station.admit(session.proctor_keys[0], "246813")
    station.check_in("1001", "1998-08-17")
    station.start("id")
    for cell, option in zip(station.view().cells[:3], "abc", strict=False):
        station.choose(cell.item, option)
    return station


def aborted(session, stick, tree, proctors):
    folder = open_session(session.path, pinned=None, version=__version__)
    key = open_venue_key(folder, session.venue_key, PASSPHRASE)
    sitting = next(stick.glob("*.copy")).stem.rpartition("-")[0]
    return abort_sitting(folder, key, proctors, sitting, stick, tree, "kebakaran", AT)


def test_the_stick_and_the_venues_key_tell_all_when_the_disk_is_gone(
    at_station, small, stick, tmp_path, clock
):
    station = sat_down(at_station, small, stick)
    station.flag(station.view().cells[5].item, True)
    clock.forward(5_000)
    view, head = station.tick(), station.head
    station.close()
    shutil.rmtree(tmp_path / "old")
    trust = open_session(small.path, pinned=None, version=__version__).trust
    for known in (None, trust):
        report = recover_second(stick, small.venue, known)
        assert (report.state, report.number, report.answers) == ("running", "1001", view.answers)
        assert (report.left_ms, report.head, report.seq) == (view.left_ms, head, view.seq)
        assert report.flagged == (view.cells[5].item,)
        assert {one.level for one in report.acknowledged} == {"second"}


def test_another_key_reads_nothing_of_it(at_station, small, stick):
    sat_down(at_station, small, stick).close()
    assert recover_second(stick, small.results).failure == "venue-key-wrong"


def test_a_place_without_copies_is_said_so(small, stick):
    with pytest.raises(Trouble, match="copy-missing"):
        recover_second(stick, small.venue)
    with pytest.raises(Trouble, match="medium-gone"):
        recover_second(stick / "none", small.venue)


def test_venue_and_two_proctors_seal_what_cannot_go_on(at_station, official, stick, tmp_path):
    station = started(at_station, official, stick)
    answers, records = station.view().answers, tuple(station._running.journal.records)
    station.close()
    note = aborted(official, stick, tmp_path / "tree", official.proctors)
    for tree in (stick / "tree", tmp_path / "tree"):
        checked, steps = check_tree(Folder(tree), station.folder.trust)
        assert [step.code for step in steps.done if step.verdict == "false"] == []
        assert list(checked.aborted) == [note.id]
    sealed = (tmp_path / "tree" / names.tree_sealed(note.body.sealed)).read_bytes()
    for identity in (official.results, official.escrow):
        bundle = read_aborted_bundle(decrypt(sealed, identity))
        assert (bundle.answers, bundle.journal, bundle.candidate.number) == (answers, records, "1001")
    assert isinstance(records[0], JournalRecord)


@pytest.mark.parametrize("proctors", [(), (0,), (0, 0)], ids=["nobody", "one proctor", "the same one twice"])
def test_fewer_than_two_proctors_abort_nothing(at_station, official, stick, tmp_path, proctors):
    started(at_station, official, stick).close()
    with pytest.raises(Failure) as refused:
        aborted(official, stick, tmp_path / "tree", [official.proctors[one] for one in proctors])
    assert refused.value.code in ("authority-missing", "signer-twice")
    assert not list(stick.glob("tree/notes/aborted-*"))


def test_an_aborted_sitting_neither_resumes_nor_moves_nor_is_aborted_again(
    at_station, small, stick, tmp_path
):
    sat_down(at_station, small, stick).close()
    aborted(small, stick, tmp_path / "tree", small.proctors)
    with pytest.raises(Failure, match="sitting-aborted"):
        at_station(data="old", second=stick).resume()
    with pytest.raises(Failure, match="sitting-aborted"):
        moved(at_station, small, stick)
    with pytest.raises(Failure, match="sitting-aborted"):
        aborted(small, stick, tmp_path / "tree", small.proctors)


def test_a_moved_sitting_is_aborted_with_its_moves(at_station, small, stick, tmp_path):
    sat_down(at_station, small, stick).close()
    station = moved(at_station, small, stick)
    station.choose(station.view().cells[6].item, "e")
    station.close()
    note = aborted(small, stick, tmp_path / "tree", small.proctors)
    sealed = (tmp_path / "tree" / names.tree_sealed(note.body.sealed)).read_bytes()
    bundle = read_aborted_bundle(decrypt(sealed, small.results))
    assert (len(bundle.moves), len(bundle.answers)) == (1, 4)
    _, steps = check_tree(Folder(tmp_path / "tree"), station.folder.trust)
    assert [step.code for step in steps.done if step.verdict == "false"] == []
