"""A candidate goes on at another seat, from the stick alone; and the seat that was left stays left.

The chain of notes and every forged one is in tests/verify/test_handover.py; a power cut at any moment of a move in
tests/delivery/test_moving_cut.py. Here two real stations, one stick, and what people do with them.
"""

import shutil

import pytest

from cbt_station.artefacts import names
from cbt_station.artefacts.handover import HandoverNote
from cbt_station.artefacts.journal import read_line
from cbt_station.artefacts.result import ResultNote, read_bundle
from cbt_station.artefacts.signed import read, sign
from cbt_station.artefacts.start import StartNote
from cbt_station.delivery.recover import recover
from cbt_station.delivery.second_copy import read_head
from cbt_station.errors import Failure, Refusal, Tampered, Trouble
from cbt_station.exam.events import ActDone, SeatMoved
from cbt_station.sealing.age import decrypt
from cbt_station.sealing.notes import SigningKey
from cbt_station.storage.folder import Folder
from cbt_station.verify.result import check_bundle
from cbt_station.verify.tree import check_tree
from tests.delivery.conftest import begin
from tests.delivery.small_session import ORG, PASSPHRASE, PIN, VENUE, key, make_session


@pytest.fixture
def stick(tmp_path):
    place = tmp_path / "stick"
    place.mkdir()
    return place


def pull_out(stick):
    stick.rename(stick.with_name("pulled-out"))


def put_back(stick):
    stick.with_name("pulled-out").rename(stick)


def sat_down(at_station, session, stick, answers=3, data="old"):
    """A sitting at the old seat, some answers in two places."""
    station = begin(at_station(session, data=data, second=stick), session)
    for cell, option in zip(station.view().cells[:answers], "abcde", strict=False):
        assert station.choose(cell.item, option).saved.level == "second"
    return station


def unlocked(at_station, session, stick, data="new"):
    station = at_station(session, data=data, second=stick)
    station.unlock(session.venue_key, PASSPHRASE, session.code)
    return station


def moved(at_station, session, stick, data="new", proctor=0):
    station = unlocked(at_station, session, stick, data)
    station.take_over("1001", stick, session.proctor_keys[proctor], PIN)
    return station


def refused(what, *arguments):
    with pytest.raises(Failure) as failure:
        what(*arguments)
    return failure.value.code


def records(station):
    return [read_line(record.line) for record in station._running.journal.records]


# --- the candidate goes on --------------------------------------------------------------------------------------------


def test_every_answer_and_the_exact_time_are_at_the_new_seat(at_station, small, stick, clock):
    old = sat_down(at_station, small, stick)
    old.flag(old.view().cells[4].item, True)
    clock.forward(7_300)
    before = old.tick()
    old.close()
    shutil.rmtree(stick.parent / "old")  # the station burned down
    clock.reboot()
    clock.forward(1_800_000)
    station = unlocked(at_station, small, stick)
    copy = station.copy_of("1001")
    assert (copy.answered, copy.left_ms, copy.fence) == (3, before.left_ms, 1)
    view = station.take_over("1001", stick, small.proctor_keys[0], PIN)
    assert view.phase == "running"
    assert (view.answers, view.left_ms, view.current) == (before.answers, before.left_ms, before.current)
    assert [cell.item for cell in view.cells] == [cell.item for cell in before.cells]
    assert [cell.flagged for cell in view.cells] == [cell.flagged for cell in before.cells]
    assert view.saved.level == "second"
    clock.forward(1_000)
    assert station.tick().left_ms == before.left_ms - 1_000
    (event,) = [one for one in records(station) if isinstance(one, SeatMoved)]
    assert (event.fence, event.left_ms) == (2, before.left_ms)


def test_two_stations_one_result_and_the_tree_is_true(at_station, small, stick, tmp_path):
    old = sat_down(at_station, small, stick)
    old.close()
    station = moved(at_station, small, stick)
    items = [cell.item for cell in station.view().cells]
    station.choose(items[5], "e")
    sealed = station.finish()
    assert sealed.answered == 4
    files = Folder(tmp_path / "new" / "tree")
    _, steps = check_tree(files, station.folder.trust)
    assert [(step.name, step.code) for step in steps.done if step.verdict == "false"] == []
    checked = check_tree(files, station.folder.trust)[0].results[sealed.result]
    assert [seat.handover.body.fence for seat in checked.seats] == [2]
    bundle = read_bundle(decrypt(files[names.tree_sealed(checked.result.body.sealed)], small.results))
    state = check_bundle(bundle, checked, station.folder.trust, small.pool.blueprint)
    assert state.answers == {items[0]: "a", items[1]: "b", items[2]: "c", items[5]: "e"}
    assert list(stick.glob("*.copy")) == []
    assert len(list(stick.glob("tree/notes/result-*"))) == 1


def test_a_paused_and_an_ended_sitting_move_as_they_are(at_station, small, stick):
    old = sat_down(at_station, small, stick)
    old.act(old.unsigned_act("pause", 0, "listrik"))
    old.close()
    station = moved(at_station, small, stick)
    assert station.view().phase == "paused"
    station.act(station.unsigned_act("resume", 0, "lanjut"))
    station._running.end()  # ended, and not sealed before the power went
    station.close()
    third = unlocked(at_station, small, stick, "third")
    assert third.take_over("1001", stick, small.proctor_keys[1], PIN).phase == "sealed"
    assert third.finish().ended_by == "candidate"


def test_a_seat_may_move_again_and_again(at_station, small, stick, tmp_path):
    old = sat_down(at_station, small, stick)
    old.close()
    for number, data in enumerate(("second", "third", "fourth"), start=4):
        station = moved(at_station, small, stick, data)
        station.choose(station.view().cells[number].item, "d")
        assert station.view().saved.level == "second"
        station.close()
    station = at_station(data="fourth", second=stick)
    assert len(station.resume().answers) == 6
    sealed = station.finish()
    result = read(
        (tmp_path / "fourth" / "tree" / names.tree_note("result", sealed.result)).read_bytes(), ResultNote
    )
    assert len(result.body.handovers) == 3
    _, steps = check_tree(Folder(tmp_path / "fourth" / "tree"), station.folder.trust)
    assert [step.code for step in steps.done if step.verdict == "false"] == []


def test_the_new_seat_resumes_like_every_other(at_station, small, stick, clock):
    old = sat_down(at_station, small, stick)
    old.close()
    before = moved(at_station, small, stick).view()
    clock.reboot()
    view = at_station(data="new", second=stick).resume()
    assert (view.answers, view.left_ms, view.saved.level) == (before.answers, before.left_ms, "second")


def test_in_official_mode_the_proctor_admits_and_moves_in_one(at_station, tmp_path, stick):
    session = make_session(tmp_path / "session", mode="official")
    old = at_station(session, data="old", second=stick)
    old.unlock(session.venue_key, PASSPHRASE, session.code)
    old.admit(session.proctor_keys[0], PIN)
    old.check_in("1001", "1998-08-17")
    old.start("id")
    old.choose(old.view().cells[0].item, "b")
    old.close()
    station = unlocked(at_station, session, stick)
    assert refused(station.take_over, "1001", stick) == "proctor-needed"
    assert refused(station.take_over, "1001", stick, session.proctor_keys[0], "000000") == "passphrase-wrong"
    assert refused(station.take_over, "1001", stick, session.venue_key, PASSPHRASE) == "key-not-trusted"
    assert station.take_over("1001", stick, session.proctor_keys[0], PIN).saved.level == "second"
    note = read(next(stick.glob("handover-*")).read_bytes(), HandoverNote).note
    assert [line.name for line in note.signatures] == [f"{ORG}/venue/{VENUE}", f"{ORG}/proctor/{VENUE}/a"]


def test_after_the_start_window_a_seat_may_still_be_moved_but_nobody_starts(
    at_station, tmp_path, stick, clock
):
    session = make_session(tmp_path / "session", closes="2026-12-01T09:20:00+07:00")
    old = sat_down(at_station, session, stick)
    old.close()
    clock.forward(3_600_000)
    assert (
        refused(lambda: at_station(session, data="x").unlock(session.venue_key, PASSPHRASE, session.code))
        == "too-late"
    )
    station = moved(at_station, session, stick)
    station.finish()
    station.check_in_unasked("1002")
    assert refused(station.start, "id") == "too-late"


# --- who may not ------------------------------------------------------------------------------------------------------


def test_without_a_copy_nobody_moves(at_station, small, stick):
    station = unlocked(at_station, small, stick)
    assert station.copy_of("1001") is None
    assert refused(station.take_over, "1001", stick) == "copy-missing"
    assert refused(station.take_over, "9999", stick) == "number-unknown"
    assert refused(station.take_over, "1001", stick.with_name("nothing")) == "medium-gone"


def test_another_candidates_copy_moves_nobody(at_station, small, stick):
    sat_down(at_station, small, stick).close()
    station = unlocked(at_station, small, stick)
    assert refused(station.take_over, "1002", stick) == "copy-missing"


def test_who_began_elsewhere_does_not_start_anew_beside_his_copy(at_station, small, stick):
    sat_down(at_station, small, stick).close()
    station = unlocked(at_station, small, stick)
    station.check_in_unasked("1001")
    assert refused(station.start, "id") == "sitting-begun-elsewhere"


def test_a_sealed_an_aborted_and_a_closed_one_do_not_move(at_station, small, stick):
    old = sat_down(at_station, small, stick)
    shutil.copytree(stick, stick.with_name("kept"))
    old.finish()
    for path in stick.with_name("kept").glob("*.copy"):
        shutil.copy(path, stick)  # the copies come back; the result is there all the same
    station = unlocked(at_station, small, stick)
    assert refused(station.take_over, "1001", stick) == "sitting-sealed-elsewhere"


# --- fencing ----------------------------------------------------------------------------------------------------------


def test_the_old_seat_with_its_stick_is_fenced_out_for_good(at_station, small, stick, tmp_path):
    sat_down(at_station, small, stick).close()
    station = moved(at_station, small, stick)
    station.choose(station.view().cells[6].item, "d")
    old = at_station(data="old", second=stick)
    assert old.info.resumable == "1001"
    assert refused(old.resume) == "fenced-out"
    assert old.info.resumable is None  # the seat is free for the next candidate
    pull_out(stick)
    again = at_station(data="old")
    assert again.resume() is None  # written down: no stick is needed to know it any more
    again.unlock(small.venue_key, PASSPHRASE, small.code)
    assert refused(again.look_up, "1001") == "fenced-out"
    begin(again, small, "1002")
    again.close()
    assert "fenced-out" in {one.state for one in recover(tmp_path / "old").sittings}
    assert len(list((tmp_path / "old").rglob("sitting.key"))) == 1  # the next candidate's
    put_back(stick)
    assert station.choose(station.view().cells[7].item, "a").phase == "running"


def test_the_old_seat_without_its_stick_does_not_go_on(at_station, small, stick):
    sat_down(at_station, small, stick).close()
    pull_out(stick)
    for second in (stick, None):
        station = at_station(data="old", second=second)
        with pytest.raises(Refusal) as needed:
            station.resume()
        assert needed.value.code == "second-place-needed"
        assert needed.value.facts["number"] == "1001"
    empty = stick.with_name("another-stick")
    empty.mkdir()
    assert refused(at_station(data="old", second=empty).resume) == "second-place-needed"
    put_back(stick)
    assert at_station(data="old", second=stick).resume().saved.level == "second"


def test_who_never_had_a_second_place_needs_none(at_station, small):
    begin(at_station(data="old"), small)
    assert at_station(data="old").resume().phase == "running"


def test_a_stick_that_took_nothing_is_not_asked_for(at_station, small, stick):
    stick.rmdir()
    begin(at_station(data="old", second=stick), small)
    assert at_station(data="old", second=stick).resume().phase == "running"


def test_two_proctors_declare_the_second_place_lost(at_station, small, stick):
    sat_down(at_station, small, stick).close()
    pull_out(stick)
    station = at_station(data="old", second=stick)
    assert refused(station.resume) == "second-place-needed"
    one, two = ((data, PIN) for data in small.proctor_keys)
    assert refused(station.declare_second_lost, [one]) == "authority-missing"
    assert refused(station.declare_second_lost, [one, one]) == "signer-twice"
    view = station.declare_second_lost([two, one], "stik rusak")
    assert (view.phase, view.saved.level, len(view.answers)) == ("running", "station", 3)
    (act,) = [event for event in records(station) if isinstance(event, ActDone)]
    assert act.act == "second-place-lost"
    assert at_station(data="old").resume().phase == "running"  # said once; there is no second place any more


def test_after_the_act_a_new_stick_is_a_second_place_again(at_station, small, stick):
    sat_down(at_station, small, stick).close()
    other = stick.with_name("other")
    other.mkdir()
    station = at_station(data="old", second=other)
    assert refused(station.resume) == "second-place-needed"
    view = station.second_place_lost(station.unsigned_act("second-place-lost", 0, "-"))
    assert view.saved.level == "second"
    station.close()
    assert refused(at_station(data="old", second=stick.with_name("none")).resume) == "second-place-needed"
    assert at_station(data="old", second=other).resume().saved.level == "second"


def test_no_other_act_stands_for_the_lost_second_place(at_station, small, stick):
    sat_down(at_station, small, stick).close()
    pull_out(stick)
    station = at_station(data="old", second=stick)
    assert refused(station.second_place_lost, station.unsigned_act("note", 0, "-")) == "act-out-of-order"


def test_a_seat_that_still_runs_stops_when_its_stick_comes_back_moved(at_station, small, stick, clock):
    old = sat_down(at_station, small, stick)
    pull_out(stick)
    old.choose(old.view().cells[3].item, "e")  # at this station alone
    put_back(stick)
    station = moved(at_station, small, stick)
    clock.forward(11_000)
    assert refused(old.tick) == "fenced-out"
    assert refused(old.choose, old.folder.session, "a") == "no-sitting"
    assert station.view().phase == "running"
    old.close()
    assert at_station(data="old", second=stick).info.resumable is None


def test_two_histories_are_kept_and_never_merged(at_station, small, stick, tmp_path):
    """The stick was copied: one copy moved the candidate, the old seat went on with the other."""
    sat_down(at_station, small, stick).close()
    copied = stick.with_name("copied")
    shutil.copytree(stick, copied)
    station = moved(at_station, small, stick)
    old = at_station(data="old", second=copied)
    old.resume()
    old.choose(old.view().cells[7].item, "e")
    station.choose(station.view().cells[7].item, "a")
    old = at_station(data="old", second=stick)
    assert refused(old.resume) == "fenced-out"
    old.close()
    assert recover(tmp_path / "old").answers[station.view().cells[7].item] == "e"  # evidence
    assert station.view().answers[station.view().cells[7].item] == "a"


def test_both_results_of_a_copied_stick_are_twins(at_station, small, stick, tmp_path):
    sat_down(at_station, small, stick).close()
    copied = stick.with_name("copied")
    shutil.copytree(stick, copied)
    moved(at_station, small, stick).finish()
    old = at_station(data="old", second=copied)
    old.resume()
    old.finish()
    both = {**Folder(tmp_path / "old" / "tree"), **Folder(tmp_path / "new" / "tree")}
    _, steps = check_tree(both, old.folder.trust)
    assert [step.code for step in steps.done if step.verdict == "false"] == ["twin-results"]


def test_a_copy_of_the_old_seat_that_went_on_stays_on_the_stick(at_station, small, stick):
    old = sat_down(at_station, small, stick)
    station = moved(at_station, small, stick)  # the old seat still has the stick's file open, and writes
    old.choose(old.view().cells[6].item, "e")
    station.finish()
    assert len(list(stick.glob("*.copy"))) == 1


# --- older copies, forged moves ---------------------------------------------------------------------------------------


def test_an_older_copy_than_the_move_is_refused(at_station, small, stick):
    old = sat_down(at_station, small, stick, answers=2)
    shutil.copytree(stick, stick.with_name("older"))
    old.choose(old.view().cells[3].item, "a")
    old.close()
    station = moved(at_station, small, stick)
    station.close()
    for path in stick.glob("*.copy"):
        path.unlink()
    for path in stick.with_name("older").glob("*.copy"):
        shutil.copy(path, stick)
    third = unlocked(at_station, small, stick, "third")
    assert refused(third.take_over, "1001", stick) == "copy-stale"


def test_the_new_seat_is_not_misled_by_an_older_stick(at_station, small, stick):
    old = sat_down(at_station, small, stick)
    old.close()
    older = stick.with_name("older")
    shutil.copytree(stick, older)
    station = moved(at_station, small, stick)
    station.choose(station.view().cells[6].item, "d")
    station.close()
    station = at_station(data="new", second=older)
    assert refused(station.resume) == "second-place-older"  # it may have been moved on from the newer one
    view = station.declare_second_lost([(key, PIN) for key in small.proctor_keys])
    assert (len(view.answers), view.saved.level) == (4, "second")


def forged(small, stick, *signers, **changes):
    """A move as it might be written by hand, put beside the copy."""
    path = next(stick.glob("*.copy"))
    sitting = path.stem.rpartition("-")[0]
    begun = read(read_head(path).start.encode(), StartNote)
    fresh = SigningKey.generate(names.journal_origin("test", sitting))
    body = HandoverNote(
        **{
            "trust": 1,
            "session": small.session,
            "venue": VENUE,
            "sitting": sitting,
            "start": begun.id,
            "size": 1,
            "root": "0" * 64,
            "old_key": begun.body.sitting_key,
            "new_key": fresh.verifier.text,
            "station": "station/x",
            "admit": "0" * 64,
            "fence": 2,
            "cause": "technical",
            "at": "2026-12-01T09:10:00+07:00",
            **changes,
        }
    )
    note = sign(body, "test", *(signers or small.proctors[:1]))
    (stick / names.handover(sitting, body.fence)).write_bytes(note)
    return note


VENUE_KEY = key(f"{ORG}/venue/{VENUE}")


@pytest.mark.parametrize(
    ("signers", "changes", "code"),
    [
        pytest.param((), {}, "authority-missing", id="a proctor alone"),
        pytest.param((key("stranger"),), {}, "authority-missing", id="a stranger"),
        pytest.param((VENUE_KEY,), {}, "handover-of-another-head", id="a head that never was"),
        pytest.param(
            (VENUE_KEY,), {"sitting": "f" * 32}, "handover-of-another-sitting", id="another sitting"
        ),
        pytest.param((VENUE_KEY,), {"start": "f" * 64}, "handover-of-another-sitting", id="another start"),
        pytest.param(
            (VENUE_KEY,),
            {"old_key": key("stranger").verifier.text},
            "handover-of-another-key",
            id="a key that never sat",
        ),
    ],
)
def test_a_forged_move_fences_nobody_out_and_lets_nobody_on(at_station, small, stick, signers, changes, code):
    old = sat_down(at_station, small, stick)
    old.close()
    sitting = next(stick.glob("*.copy")).stem.rpartition("-")[0]
    forged(small, stick, *signers, **changes)
    path = next(stick.glob("handover-*"))
    path.rename(stick / names.handover(sitting, 2))
    assert refused(at_station(data="old", second=stick).resume) == code
    next(stick.glob("handover-*")).unlink()
    assert at_station(data="old", second=stick).resume().phase == "running"  # it was never fenced out


def test_a_torn_move_is_named(at_station, small, stick):
    sat_down(at_station, small, stick).close()
    sitting = next(stick.glob("*.copy")).stem.rpartition("-")[0]
    (stick / names.handover(sitting, 2)).write_bytes(b"cbt-station/hand")
    with pytest.raises(Tampered):
        at_station(data="old", second=stick).resume()


def test_a_number_cannot_be_left_out(at_station, small, stick):
    """A note of fence 3 without fence 2: the old seat is out all the same, and nobody builds on it."""
    old = sat_down(at_station, small, stick)
    size, root = len(old._running.journal.records), old.head
    old.close()
    forged(small, stick, VENUE_KEY, fence=3, size=size, root=root)
    assert refused(at_station(data="old", second=stick).resume) == "fenced-out"
    sitting = next(stick.glob("*.copy")).stem.rpartition("-")[0]
    (stick / names.handover(sitting, 3)).rename(stick / names.handover(sitting, 2))
    station = unlocked(at_station, small, stick)
    with pytest.raises((Tampered, Trouble)):
        station.take_over("1001", stick)
