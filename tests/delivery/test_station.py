"""The station's face, from the locked session to the sealed result: what it lets in, and what it refuses.

Time is in test_time.py, cuts and broken disks in test_kill.py, test_sealing_cut.py and test_disk.py.
"""

import shutil

import pytest

from cbt_station.artefacts import names
from cbt_station.artefacts.admit import check_admit
from cbt_station.artefacts.journal import check_journal
from cbt_station.artefacts.result import check_result, read_bundle
from cbt_station.artefacts.signed import read
from cbt_station.artefacts.start import StartNote, check_start
from cbt_station.delivery.recover import recover
from cbt_station.delivery.views import ScoreLine, ScoreView
from cbt_station.errors import Failure, Refusal, Tampered, Trouble
from cbt_station.sealing.age import decrypt
from cbt_station.sealing.notes import Verifier
from cbt_station.sealing.trust import open_trust
from cbt_station.storage.encrypted import open_database
from tests.delivery.conftest import begin
from tests.delivery.small_session import PASSPHRASE, PIN, draw_note, make_session, small_trust


def code_of(call) -> str:
    with pytest.raises(Failure) as refused:
        call()
    return refused.value.code


def test_a_whole_sitting_gives_one_result_that_the_committee_can_open(at_station, small, tmp_path):
    station = at_station()
    assert station.info.phase == "locked"
    station.unlock(small.venue_key, PASSPHRASE, small.code.lower())
    assert station.info.phase == "check-in"
    assert station.look_up("1001").name == "Siti Aminah"
    assert code_of(lambda: station.check_in("1001", "1998-08-18")) == "identity-mismatch"
    station.check_in("1001", "17081998")
    assert station.info.phase == "ready"
    view = station.start("en")
    assert (view.phase, view.seq, len(view.cells), view.saved.level) == ("running", 1, 8, "station")
    first, second = view.cells[0].item, view.cells[1].item
    station.show(first)
    station.choose(first, "b")
    station.choose(first, "c")
    station.choose(second, "a")
    station.clear(second)
    view = station.flag(second, True)
    assert (view.answers, view.cells[1].flagged, view.current) == ({first: "c"}, True, first)
    assert station.item(first).languages["en"]
    sealed = station.finish()
    assert (sealed.answered, sealed.unanswered, sealed.flagged, sealed.ended_by) == (1, 7, 1, "candidate")
    assert station.finish() == sealed
    assert station.info.phase == "sealed"
    # What the tree holds is enough for anyone with the results key.
    tree = tmp_path / "data" / "tree"
    trust = open_trust([small_trust("test")], None)
    note = (tree / names.tree_note("result", sealed.result)).read_bytes()
    (admit_path,), (start_path,) = tree.glob("notes/admit-*"), tree.glob("notes/start-*")
    admit = check_admit(admit_path.read_bytes(), trust)
    start = check_start(start_path.read_bytes(), trust, admit)
    result = check_result(note, trust, admit, start)
    data = (tree / names.tree_sealed(result.body.sealed)).read_bytes()
    for who in (small.results, small.escrow):
        bundle = read_bundle(decrypt(data, who))
    assert bundle.answers == {first: "c"}
    _, head = check_journal(
        bundle.journal, "test", result.body.sitting, Verifier.parse(start.body.sitting_key)
    )
    assert (head.size, head.root) == (result.body.size, result.body.root)


def test_after_sealing_no_key_is_left_that_could_change_or_read_the_journal(at_station, small, tmp_path):
    station = begin(at_station(), small)
    sitting = station.finish().sitting
    left = {path.name for path in (tmp_path / "data" / "sittings" / sitting).iterdir()}
    assert left == {"start.note", "journal.db", "committee.wrap", "result.note"}
    key = decrypt((tmp_path / "data" / "sittings" / sitting / "committee.wrap").read_bytes(), small.results)
    open_database(tmp_path / "data" / "sittings" / sitting / "journal.db", key, must_exist=True).close()


def test_the_next_candidate_sits_at_the_same_station(at_station, small, tmp_path):
    station = begin(at_station(), small)
    station.finish()
    assert code_of(lambda: station.look_up("1001")) == "number-already-sat"
    view = begin(station, small, "1003").view()
    assert view.allotted_ms == 7_800_000  # his accommodation
    station.finish()
    assert len(list((tmp_path / "data" / "tree" / "sealed").iterdir())) == 2


def test_two_stations_draw_the_same_form_and_two_candidates_different_ones(at_station, small):
    one = begin(at_station(data="one"), small).view()
    other = begin(at_station(data="other"), small).view()
    third = begin(at_station(data="third"), small, "1002").view()
    assert (one.cells, one.option_order) == (other.cells, other.option_order)
    assert one.option_order != third.option_order


def test_a_pin_is_asked_where_the_roster_has_one(at_station, small):
    station = at_station()
    station.unlock(small.venue_key, PASSPHRASE, small.code)
    assert station.look_up("1002").asks == "pin"
    assert code_of(lambda: station.check_in("1002", "1998-08-17")) == "identity-mismatch"
    station.check_in("1002", "135790")


@pytest.mark.parametrize(
    ("call", "code"),
    [
        pytest.param(lambda one: one.look_up("1001"), "station-locked", id="look up while locked"),
        pytest.param(lambda one: one.start("id"), "station-locked", id="start while locked"),
        pytest.param(lambda one: one.tick(), "no-sitting", id="tick without a sitting"),
        pytest.param(lambda one: one.choose("twk-1", "a"), "no-sitting", id="answer without a sitting"),
    ],
)
def test_a_locked_station_does_nothing(at_station, call, code):
    assert code_of(lambda: call(at_station())) == code


def test_how_the_exam_is_answered_is_known_before_it_begins(at_station, small):
    station = at_station()
    with pytest.raises(Refusal, match="station-locked"):
        station.kinds()
    station.unlock(small.venue_key, PASSPHRASE, small.code)
    assert station.kinds() == {"choice"}


def test_an_unknown_number_and_an_absent_check_in_are_refused(at_station, small):
    station = at_station()
    station.unlock(small.venue_key, PASSPHRASE, small.code)
    assert code_of(lambda: station.look_up("9999")) == "number-unknown"
    assert code_of(lambda: station.start("id")) == "nobody-checked-in"
    station.check_in("1001", "17-08-1998")
    assert code_of(lambda: station.start("fr")) == "language-unknown"


def test_what_cannot_be_answered_is_refused_and_the_sitting_goes_on(at_station, small):
    station = begin(at_station(), small)
    item = station.view().cells[0].item
    assert code_of(lambda: station.choose("twk-99", "a")) == "item-unknown"
    assert code_of(lambda: station.choose(item, "z")) == "option-unknown"
    assert code_of(lambda: station.look_up("1002")) == "another-sitting-open"
    assert station.choose(item, "a").seq == 2
    station.finish()
    assert code_of(lambda: station.choose(item, "b")) == "sitting-ended"


# --- the code -----------------------------------------------------------------------------------------------------


def test_a_wrong_code_waits_longer_each_time_also_across_restarts(at_station, small, clock):
    wrong = "0000-0000-0000"
    waits = []
    for _ in range(4):
        station = at_station()  # each time a new program
        with pytest.raises(Refusal) as refused:
            station.unlock(small.venue_key, PASSPHRASE, wrong)
        assert refused.value.code == "code-wrong"
        waits.append(refused.value.facts["wait_ms"])
        assert code_of(lambda: at_station().unlock(small.venue_key, PASSPHRASE, small.code)) == "code-wait"
        clock.forward(waits[-1])
    assert waits == [1000, 2000, 4000, 8000]
    station.close()
    at_station().unlock(small.venue_key, PASSPHRASE, small.code)


def test_a_restart_of_the_machine_does_not_shorten_the_wait(at_station, small, clock):
    station = at_station()
    code_of(lambda: station.unlock(small.venue_key, PASSPHRASE, "0000-0000-0000"))
    clock.reboot()
    with pytest.raises(Refusal) as refused:
        at_station().unlock(small.venue_key, PASSPHRASE, small.code)
    assert (refused.value.code, refused.value.facts["wait_ms"]) == ("code-wait", 1000)


def test_a_code_that_is_no_code_costs_nothing(at_station, small):
    station = at_station()
    assert code_of(lambda: station.unlock(small.venue_key, PASSPHRASE, "123")) == "code-malformed"
    station.unlock(small.venue_key, PASSPHRASE, small.code)


def test_the_wrong_passphrase_and_another_venues_key_are_refused(at_station, small, tmp_path):
    station = at_station()
    assert code_of(lambda: station.unlock(small.venue_key, "salah", small.code)) == "passphrase-wrong"
    foreign = make_session(tmp_path / "foreign", org="lain.example")
    assert code_of(lambda: station.unlock(foreign.venue_key, PASSPHRASE, small.code)) == "venue-key-wrong"


@pytest.mark.parametrize(
    ("window", "code"),
    [
        pytest.param({"opens": "2098-01-01T00:00:00+07:00"}, "too-early", id="before it opens"),
        pytest.param({"closes": "2021-01-01T00:00:00+07:00"}, "too-late", id="after it closed"),
    ],
)
def test_the_window_gates_the_start_before_the_code_is_tried(at_station, tmp_path, window, code):
    session = make_session(tmp_path / "session", **window)
    station = at_station(session)
    assert code_of(lambda: station.unlock(session.venue_key, PASSPHRASE, "0000-0000-0000")) == code
    assert not (tmp_path / "data" / "wait.json").exists()


def test_without_the_draw_nothing_starts_and_with_it_everything_does(at_station, tmp_path):
    session = make_session(tmp_path / "session", draw=False)
    station = at_station(session)
    assert code_of(lambda: station.unlock(session.venue_key, PASSPHRASE, session.code)) == "draw-missing"
    manifest = (session.path / names.manifest(session.session)).read_bytes()
    later = draw_note(manifest, session.session, "test")  # on a stick
    (session.path / names.draw(session.session)).write_bytes(later)
    begin(station, session)


# --- the folder ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["exam-kecil-1.age", "kecil-1.commitments", "roster-kecil-1-jkt-01.age"])
def test_a_changed_file_is_tampered_and_named(at_station, small, tmp_path, name):
    copy = tmp_path / "copy"
    shutil.copytree(small.path, copy)
    data = bytearray((copy / name).read_bytes())
    data[-1] ^= 1
    (copy / name).write_bytes(data)
    with pytest.raises(Tampered) as refused:
        at_station(_at(small, copy))
    assert refused.value.where == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        pytest.param("trust-1.note", "trust-missing", id="trust list"),
        pytest.param("exam-kecil-1.note", "session-missing", id="manifest"),
        pytest.param("exam-kecil-1.age", "file-missing", id="package"),
        pytest.param("kecil-1.files", "file-missing", id="files list"),
        pytest.param("kecil-1.commitments", "file-missing", id="commitments"),
    ],
)
def test_a_missing_file_is_trouble(at_station, small, tmp_path, name, code):
    copy = tmp_path / "copy"
    shutil.copytree(small.path, copy)
    (copy / name).unlink()
    with pytest.raises(Trouble) as refused:
        at_station(_at(small, copy))
    assert refused.value.code == code


def test_a_file_that_a_venue_does_not_need_may_be_missing(at_station, small, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(small.path, copy)
    (copy / "kecil-1.positions").unlink()
    begin(at_station(_at(small, copy)), small).finish()


def test_another_organisations_session_is_refused_once_a_trust_list_is_pinned(at_station, tmp_path):
    at_station()
    foreign = make_session(tmp_path / "foreign", session="lain-1", org="lain.example")
    with pytest.raises(Tampered) as refused:
        at_station(foreign)
    assert refused.value.code == "trust-pin"


def test_a_package_of_another_session_under_a_good_name_is_tampered(at_station, small, tmp_path):
    other = make_session(tmp_path / "other", session="kecil-2")
    copy = tmp_path / "copy"
    shutil.copytree(small.path, copy)
    shutil.copy(other.path / "exam-kecil-2.age", copy / "exam-kecil-1.age")
    with pytest.raises(Tampered) as refused:
        at_station(_at(small, copy))
    assert refused.value.code == "file-changed"


def test_an_older_program_refuses_a_session_that_needs_a_newer_one(at_station, tmp_path):
    with pytest.raises(Refusal) as refused:
        at_station(make_session(tmp_path / "session", engine="99.0.0"))
    assert refused.value.code == "program-too-old"


def test_an_older_program_refuses_a_data_folder_of_a_newer_one(at_station, tmp_path):
    at_station().close()
    (tmp_path / "data" / "format").write_text("cbt-station/data/v2\n")
    with pytest.raises(Refusal) as refused:
        at_station()
    assert (refused.value.code, refused.value.facts) == ("data-too-new", {"found": 2, "known": 1})


def test_a_second_program_on_the_same_data_folder_is_refused(at_station, small, clock, tmp_path):
    from cbt_station.delivery.station import Station

    at_station()
    with pytest.raises(Trouble) as refused:
        Station.open(small.path, tmp_path / "data", clock=clock)
    assert refused.value.code == "data-folder-in-use"


# --- who may ------------------------------------------------------------------------------------------------------


def test_in_official_mode_a_proctor_admits_the_station(at_station, tmp_path):
    session = make_session(tmp_path / "session", session="resmi-1", mode="official")
    station = at_station(session)
    station.unlock(session.venue_key, PASSPHRASE, session.code)
    assert code_of(lambda: station.check_in_unasked("1001")) == "test-mode-only"
    station.check_in("1001", "17-08-1998")
    assert code_of(lambda: station.start("id")) == "station-not-admitted"
    assert code_of(lambda: station.admit(session.venue_key, PASSPHRASE)) == "key-not-trusted"
    assert code_of(lambda: station.admit(session.proctor_keys[0], "0000")) == "passphrase-wrong"
    station.admit(session.proctor_keys[0], PIN)
    station.start("id")
    assert code_of(lambda: station.act(station.unsigned_act("pause", 0, "x"))) == "note-malformed"
    station.finish()


def test_a_start_note_names_a_key_that_nobody_else_has(at_station, small, tmp_path):
    for data in ("one", "other"):
        begin(at_station(data=data), small).finish()
    keys = [
        read(path.read_bytes(), StartNote).body.sitting_key
        for data in ("one", "other")
        for path in (tmp_path / data / "tree").glob("notes/start-*")
    ]
    assert len(set(keys)) == 2


def test_a_proctor_leaves_the_full_screen_with_key_and_pin_and_the_journal_knows(at_station, small):
    station = at_station()
    station.leave_full_screen(small.proctor_keys[0], PIN)  # before a sitting: nothing to write
    begin(station, small)
    assert code_of(lambda: station.leave_full_screen(small.venue_key, PASSPHRASE)) == "key-not-trusted"
    seq = station.view().seq
    station.leave_full_screen(small.proctor_keys[1], PIN)
    assert station.view().seq == seq + 1


def test_the_score_is_shown_where_the_exam_shows_it_by_what_was_handed_in(at_station, tmp_path):
    session = make_session(tmp_path / "session", show_score=True)
    seen = []

    def score_with(scoring, blueprint, form, answers, category):
        seen.append((len(scoring) > 0, blueprint.id, len(form.items), answers, category))
        return ScoreView(outcomes=(ScoreLine(id="total", title={}, score=5),), total=5)

    station = begin(at_station(session, score_with=score_with), session)
    item = station.view().cells[0].item
    station.choose(item, "a")
    assert code_of(lambda: station.score_code(session.score_code)) == "score-not-offered"
    assert station.finish().score_offered
    assert code_of(lambda: station.score_code(session.code)) == "code-wrong"
    station._clock.forward(1000)
    assert station.score_code(session.score_code).total == 5
    assert seen == [(True, "KECIL", 8, {item: "a"}, "umum")]


def _at(session, path):
    import dataclasses

    return dataclasses.replace(session, path=path)


def test_a_sitting_whose_start_cannot_be_read_hides_no_other_and_a_stray_folder_is_none(
    at_station, small, tmp_path
):
    for number in ("1001", "1002"):
        station = begin(at_station(), small, number)
        station.finish()
    station.close()
    sittings = tmp_path / "data" / "sittings"
    (sittings / "lost+found").mkdir()
    broken = min(path for path in sittings.iterdir() if path.name != "lost+found")
    (broken / "start.note").write_bytes(b"x")
    found = recover(tmp_path / "data").sittings
    assert sorted(one.state for one in found) == ["sealed", "unreadable"]
    assert (
        code_of(lambda: begin(at_station(), small, "1003")) == "note-malformed"
    )  # it might be that candidate's
    shutil.rmtree(broken)
    assert begin(at_station(), small, "1003").view().phase == "running"
