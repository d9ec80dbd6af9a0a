"""What the centre takes, and what it never does: two numbers for one note, a note that is not true, a lost twin.

Power cuts are in test_power_cut.py, HTTP in test_http.py, the pages in test_pages.py.
"""

import multiprocessing
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cbt_station.artefacts import names
from cbt_station.errors import Failure, Refusal, Tampered, Trouble
from cbt_station.sealing.checkpoint import Checkpoint, verify_checkpoint
from cbt_station.sealing.merkle import verify_consistency
from cbt_station.sealing.notes import SigningKey, parse_note, sign_note
from cbt_station.sealing.tiles import entries_path, parse_entries, tile_width
from cbt_station.server import centre as centres
from cbt_station.server import checking
from cbt_station.server.centre import Centre
from cbt_station.server.checking import About, Known
from cbt_station.sync.tree import QUARANTINE, list_tree
from cbt_station.verify.session import check_proof
from cbt_station.verify.tree import check_tree
from tests.server.small_tree import ORG, SESSION, VENUES, Sat, SmallWorld, key

WORLD = SmallWorld()
OFFICIAL = SmallWorld("official")


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    with Centre.open(tmp_path / "centre", WORLD.trust, WORLD.log_key) as opened:
        opened.add_session(WORLD.files)
        yield opened


def put_all(centre: Centre, sat: Sat) -> dict[str, int]:
    """Every file of a sitting, in order; the number of each note."""
    receipts = [centre.put(name, data) for name, data in sat.files.items()]
    return {receipt.id: receipt.index for receipt in receipts if receipt is not None}


def entries(centre: Centre) -> list[bytes]:
    size = centre.head().size
    bundles = range((size + 255) // 256)
    return [
        entry
        for index in bundles
        for entry in parse_entries(centre.log.fetch(entries_path(index, tile_width(0, index, size))))
    ]


def head_of(checkpoint: bytes) -> Checkpoint:
    return verify_checkpoint(checkpoint, WORLD.log_key.verifier, WORLD.trust.log_origin)


def test_a_new_centre_has_its_trust_list_in_the_log(tmp_path: Path) -> None:
    with Centre.open(tmp_path, WORLD.trust, WORLD.log_key) as opened:
        assert entries(opened) == [f"cbt-station/entry/v1 test\ntrust {WORLD.trust.id}\n".encode()]


@pytest.mark.parametrize("world", [WORLD, OFFICIAL], ids=["test", "official"])
def test_a_result_gets_a_receipt_that_verifies_alone(tmp_path: Path, world: SmallWorld) -> None:
    with Centre.open(tmp_path, world.trust, world.log_key) as opened:
        opened.add_session(world.files)
        sat = world.sat(1)
        put_all(opened, sat)
        checkpoint = check_proof(opened.proof(sat.result), world.trust, "result", sat.result)
        assert checkpoint.size == opened.head().size


def test_the_same_note_always_has_the_same_number(centre: Centre) -> None:
    first = put_all(centre, WORLD.sat(1))
    put_all(centre, WORLD.sat(2))
    assert put_all(centre, WORLD.sat(1)) == first
    assert len(entries(centre)) == centre.registry.size == 2 + len(first) + 2


def test_many_threads_with_the_same_notes_make_one_number_each(centre: Centre) -> None:
    sats = [WORLD.sat(number) for number in range(1, 5)]
    seen: list[dict[str, int]] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            seen.extend(put_all(centre, sat) for sat in sats)
        except BaseException as error:  # noqa: BLE001 (shown by the test's own thread)
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    by_note: dict[str, set[int]] = {}
    for indexes in seen:
        for note_id, index in indexes.items():
            by_note.setdefault(note_id, set()).add(index)
    assert all(len(numbers) == 1 for numbers in by_note.values())
    assert len(set(entries(centre))) == len(entries(centre)) == centre.registry.size


def _try_to_open(folder: Path, outcome: "multiprocessing.Queue[str]") -> None:
    try:
        Centre.open(folder, WORLD.trust, WORLD.log_key).close()
        outcome.put("opened")
    except Failure as failure:
        outcome.put(failure.code)


def test_a_second_program_cannot_open_the_same_folder(centre: Centre) -> None:
    context = multiprocessing.get_context("spawn")
    outcome: multiprocessing.Queue[str] = context.Queue()
    process = context.Process(target=_try_to_open, args=(centre.data, outcome))
    process.start()
    assert outcome.get(timeout=60) == "data-folder-in-use"
    process.join()


def test_any_two_published_checkpoints_are_consistent(centre: Centre) -> None:
    published = [head_of(centre.checkpoint())]
    for number in range(1, 7):
        for name, data in WORLD.sat(number).files.items():
            centre.put(name, data)
            published.append(head_of(centre.checkpoint()))
    for old in published:
        for new in published:
            if old.size <= new.size:
                proof = () if old.size == new.size else centre.log.consistency(old.size, new.size)
                verify_consistency(old.size, new.size, old.root, new.root, proof)


def test_everything_the_centre_keeps_is_true_to_a_stranger(centre: Centre) -> None:
    sats = [WORLD.sat(1), WORLD.sat(2)]
    for sat in sats:
        put_all(centre, sat)
    centre.put(*WORLD.closing(sats))
    _, steps = check_tree(centre.files, WORLD.trust, centre.session(SESSION))
    steps.require_none_false()
    assert {step.name for step in steps.done if step.verdict == "true"} >= {
        "result",
        "sealed",
        "bound",
        "closing",
    }


def test_draw_release_and_manifest_are_logged_each_once(centre: Centre) -> None:
    files = {**WORLD.files, names.draw(SESSION): WORLD.draw(), names.release(SESSION): WORLD.release()}
    first, second = centre.add_session(files), centre.add_session(files)
    assert set(first) == set(second)
    assert [entry.split()[2].decode() for entry in entries(centre)] == ["trust", "exam", "draw", "release"]
    for name, proof in first.items():
        note_id = name.removeprefix("proofs/").removesuffix(".tlog-proof")
        row = centre.registry.note(note_id)
        assert row is not None
        check_proof(proof, WORLD.trust, row.kind, note_id)


# --- what is not taken ---------------------------------------------------------------------------------------------


def resigned(raw: bytes, old: str, new: str, *keys: SigningKey) -> tuple[str, bytes]:
    """A note whose text was changed and that these keys sign; its name in the tree."""
    text = parse_note(raw).text
    assert old in text
    data = sign_note(text.replace(old, new), *keys)
    note = parse_note(data)
    return names.tree_note(note.text.split("/")[1], note.id), data


def station(venue: str = VENUES[0]) -> SigningKey:
    return key(f"{ORG}/station/{venue}/s01")


def sitting_key(sat: Sat) -> SigningKey:
    text = parse_note(sat.files[names.tree_note("start", sat.start)]).text
    sitting = next(line.removeprefix("sitting ") for line in text.splitlines() if line.startswith("sitting "))
    return key(names.journal_origin("test", sitting))


def note_of(sat: Sat, kind: str) -> bytes:
    return next(data for name, data in sat.files.items() if name.startswith(f"notes/{kind}-"))


def test_a_name_that_is_not_what_the_bytes_say_is_refused(centre: Centre) -> None:
    sat = WORLD.sat(1)
    with pytest.raises(Tampered, match="name-differs"):
        centre.put(names.tree_note("result", "0" * 64), note_of(sat, "result"))
    with pytest.raises(Tampered, match="name-differs"):
        centre.put(names.tree_sealed("0" * 64), b"sealed")


@pytest.mark.parametrize(
    "name", ["notes/../../x", "/etc/passwd", "proofs/x", "notes/x", "sealed/x", "", "notes/result-1.note"]
)
def test_names_of_no_shape_are_refused(centre: Centre, name: str) -> None:
    with pytest.raises(Refusal, match="name-malformed"):
        centre.put(name, b"x")


def test_nobody_brings_proofs_or_a_quarantine(centre: Centre) -> None:
    for name in (names.tree_proof("0" * 64), f"{QUARANTINE}/{'0' * 64}.{'0' * 64}.age"):
        with pytest.raises(Refusal, match="place-not-taken"):
            centre.put(name, b"x")


def test_kinds_that_are_not_logged_are_refused(centre: Centre) -> None:
    raw = sign_note("cbt-station/act/v1 test\ntrust 1\n", station())
    with pytest.raises(Refusal, match="kind-not-registered"):
        centre.put(names.tree_note("act", parse_note(raw).id), raw)


@pytest.mark.parametrize("left_out", ["sealed/", "notes/admit-", "notes/start-"])
def test_a_result_without_what_it_cites_is_asked_to_come_again(centre: Centre, left_out: str) -> None:
    sat = WORLD.sat(1)
    less = {name: data for name, data in sat.files.items() if not name.startswith(left_out)}
    with pytest.raises(Trouble, match="evidence-missing"):
        put_all(centre, Sat(sat.venue, sat.start, sat.result, sat.sealed, less))
    assert sat.result in put_all(centre, sat)


def test_a_session_that_the_centre_was_not_given_is_said_so(tmp_path: Path) -> None:
    sat = WORLD.sat(1)
    with (
        Centre.open(tmp_path, WORLD.trust, WORLD.log_key) as opened,
        pytest.raises(Trouble, match="session-unknown"),
    ):
        put_all(opened, sat)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        pytest.param("session kecil-1", "session kecil-2", "result-of-another-sitting", id="session"),
        pytest.param("venue jkt-01", "venue mks-02", "result-of-another-sitting", id="venue"),
        pytest.param("edition ", "edition 0", "", id="edition of odd length"),
        pytest.param("sealed_size 400", "sealed_size 401", "sealed-changed", id="sealed size"),
        pytest.param("/v1 test", "/v1 official", "mode-mixed", id="mode"),
    ],
)
def test_a_result_that_was_changed_and_signed_again_is_refused(
    centre: Centre, old: str, new: str, code: str
) -> None:
    sat = WORLD.sat(1)
    put_all(centre, WORLD.sat(2))
    for name, data in sat.files.items():
        if not name.startswith("notes/result-"):
            centre.put(name, data)
    name, data = resigned(note_of(sat, "result"), old, new, sitting_key(sat), station())
    with pytest.raises(Tampered, match=code or None):
        centre.put(name, data)
    assert centre.registry.in_slot(name) is None


@pytest.mark.parametrize("kind", ["admit", "start", "result"])
def test_a_note_by_another_key_is_refused(centre: Centre, kind: str) -> None:
    sat = WORLD.sat(1)
    for name, data in sat.files.items():
        if not name.startswith(f"notes/{kind}-"):
            try:
                centre.put(name, data)
            except Trouble:
                continue
    stranger = key("stranger")
    raw = sign_note(parse_note(note_of(sat, kind)).text, stranger)
    size = centre.registry.size
    with pytest.raises(Tampered, match="signature-"):
        centre.put(names.tree_note(kind, parse_note(raw).id), raw)
    assert centre.registry.size == size


@pytest.mark.parametrize("kind", ["admit", "start", "closing"])
def test_in_an_official_exam_no_station_or_venue_speaks_alone(tmp_path: Path, kind: str) -> None:
    sat = OFFICIAL.sat(1)
    raw = OFFICIAL.closing([sat])[1] if kind == "closing" else note_of(sat, kind)
    lines = raw.decode().rstrip("\n").split("\n")
    alone = ("\n".join(lines[:-1]) + "\n").encode()
    with Centre.open(tmp_path, OFFICIAL.trust, OFFICIAL.log_key) as opened:
        opened.add_session(OFFICIAL.files)
        put_all(opened, OFFICIAL.sat(2))
        with pytest.raises(Tampered, match="authority-missing"):
            opened.put(names.tree_note(kind, parse_note(alone).id), alone)


def test_a_candidate_of_another_session_is_refused(centre: Centre) -> None:
    sat = WORLD.sat(999)
    centre.put(*next((name, data) for name, data in sat.files.items() if name.startswith("notes/admit-")))
    with pytest.raises(Tampered, match="commitment-unknown"):
        put_all(centre, sat)


@pytest.mark.parametrize("flip", range(0, 400, 37))
def test_no_flipped_byte_of_a_result_note_is_taken(centre: Centre, flip: int) -> None:
    sat = WORLD.sat(1)
    for name, data in sat.files.items():
        if not name.startswith("notes/result-"):
            centre.put(name, data)
    flipped = bytearray(note_of(sat, "result"))
    flipped[flip] ^= 1
    size = centre.registry.size
    for note_id in {sat.result, _id_or(bytes(flipped), sat.result)}:
        with pytest.raises((Tampered, Trouble, Refusal)):
            centre.put(names.tree_note("result", note_id), bytes(flipped))
    assert centre.registry.size == size


def _id_or(data: bytes, other: str) -> str:
    try:
        return parse_note(data).id
    except Failure:
        return other


def test_a_closing_must_follow_the_one_that_it_cites(centre: Centre) -> None:
    first, second, third = (WORLD.sat(number) for number in (1, 2, 3))
    one = WORLD.closing([first])
    with pytest.raises(Trouble, match="evidence-missing"):
        centre.put(*WORLD.closing([first, second], number=2, cites="0" * 64))
    receipt = centre.put(*one)
    assert receipt is not None
    centre.put(*WORLD.closing([first, second], number=2, cites=receipt.id))
    with pytest.raises(Tampered, match="closing-chain"):
        centre.put(*WORLD.closing([first, second, third], number=3, cites=receipt.id))


def test_a_log_key_that_the_trust_list_does_not_know_opens_nothing(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="log-key-unlisted"):
        Centre.open(tmp_path, WORLD.trust, key("somebody"))


def test_an_older_or_another_trust_list_opens_nothing(tmp_path: Path) -> None:
    newer = SmallWorld(lists=3)
    Centre.open(tmp_path, newer.trust, newer.log_key).close()
    with pytest.raises(Trouble, match="trust-outdated"):
        Centre.open(tmp_path, SmallWorld(lists=2).trust, WORLD.log_key)
    with Centre.open(tmp_path, SmallWorld(lists=4).trust, WORLD.log_key) as opened:
        assert opened.registry.totals()["trust"] == 4


def test_a_file_of_a_session_never_changes(centre: Centre) -> None:
    other = {**WORLD.files, names.draw(SESSION): WORLD.draw()}
    centre.add_session(other)
    with pytest.raises(Tampered, match="session-differs"):
        centre.add_session(
            {**WORLD.files, names.draw(SESSION): WORLD.draw("ffeeddccbbaa99887766554433221100")}
        )


def test_a_session_with_a_false_part_is_not_taken(tmp_path: Path) -> None:
    with Centre.open(tmp_path, WORLD.trust, WORLD.log_key) as opened:
        with pytest.raises(Tampered):
            opened.add_session(
                {**WORLD.files, names.commitments(SESSION): b"cbt-station/commitments/v1 test\n"}
            )
        assert opened.registry.totals() == {"trust": 1}


def test_of_sealed_files_that_nobody_cites_the_oldest_goes_and_none_shuts_a_venue_out(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(centres, "MOST_WAITING", 1000)
    cited = WORLD.sat(1, size=900)
    put_all(centre, cited)
    strangers = [WORLD.sat(number, size=600) for number in (2, 3, 4)]
    for sat in strangers:  # anybody may send them: they are only bytes under their hash
        name = names.tree_sealed(sat.sealed)
        centre.put(name, sat.files[name])
    assert [centre.registry.has_sealed(sat.sealed) for sat in strangers] == [False, False, True]
    assert not (centre.data / "tree" / names.tree_sealed(strangers[0].sealed)).exists()
    late = WORLD.sat(5, size=500)
    assert late.result in put_all(centre, late)
    assert (centre.data / "tree" / names.tree_sealed(cited.sealed)).exists()
    with pytest.raises(Trouble, match="evidence-missing"):  # whose file went sends it again
        centre.put(names.tree_note("result", strangers[0].result), note_of(strangers[0], "result"))
    with pytest.raises(Trouble, match="too-much-waiting"):
        _put_sealed(centre, WORLD.sat(6, size=1001))


def test_a_result_whose_sealed_file_went_while_it_was_checked_is_not_registered(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    sat = WORLD.sat(1)
    checked = checking.check

    def and_then_it_goes(kind: str, data: bytes, known: Known) -> About:
        about = checked(kind, data, known)
        if kind == "result":
            centre.registry.forget_waiting(sat.sealed)
        return about

    monkeypatch.setattr(centres, "check", and_then_it_goes)
    with pytest.raises(Trouble, match="evidence-missing"):
        put_all(centre, sat)
    assert centre.registry.note(sat.result) is None


def _put_sealed(centre: Centre, sat: Sat) -> None:
    name = names.tree_sealed(sat.sealed)
    centre.put(name, sat.files[name])


# --- twins -----------------------------------------------------------------------------------------------------------


def test_a_second_result_of_a_sitting_is_kept_apart_and_named(centre: Centre) -> None:
    first, second = WORLD.sat(1), WORLD.sat(1, variant="x")
    put_all(centre, first)
    size = centre.registry.size
    for _ in range(2):
        with pytest.raises(Tampered, match="twin-results") as caught:
            put_all(centre, second)
        assert first.result in str(caught.value.facts["results"])
        assert second.result in str(caught.value.facts["results"])
    assert centre.registry.size == size
    kept = list_tree(centre.data / "tree").at(QUARANTINE)
    assert [one.id for one in kept] == [second.result]
    assert (centre.data / "tree" / kept[0].name).read_bytes() == note_of(second, "result")
    assert (centre.data / "tree" / names.tree_sealed(second.sealed)).exists()
    assert put_all(centre, first)[first.result] < size


def test_who_signs_twins_without_end_fills_no_disk(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(centres, "MOST_TWINS", 2)
    put_all(centre, WORLD.sat(1))
    for variant in "abcd":
        with pytest.raises(Tampered, match="twin-results"):
            put_all(centre, WORLD.sat(1, variant=variant))
    assert len(list_tree(centre.data / "tree").at(QUARANTINE)) == 2


def test_a_result_beside_an_aborted_note_is_a_twin_too(centre: Centre) -> None:
    put_all(centre, WORLD.aborted(1))
    with pytest.raises(Tampered, match="twin-results"):
        put_all(centre, WORLD.sat(1))


def test_a_second_first_closing_is_a_twin(centre: Centre) -> None:
    centre.put(*WORLD.closing([WORLD.sat(1)]))
    with pytest.raises(Tampered, match="twin-note"):
        centre.put(*WORLD.closing([WORLD.sat(1), WORLD.sat(2)]))


def test_a_decision_lets_a_twin_into_the_log_beside_the_first(centre: Centre) -> None:
    first, second = WORLD.sat(1), WORLD.sat(1, variant="x")
    put_all(centre, first)
    with pytest.raises(Tampered):
        put_all(centre, second)
    centre.put(*WORLD.decision([first.result, second.result]))
    check_proof(centre.proof(second.result), WORLD.trust, "result", second.result)
    assert second.result in put_all(centre, second)


def test_a_score_note_is_registered_and_its_name_is_kept_nowhere(centre: Centre) -> None:
    sat = WORLD.sat(1)
    put_all(centre, sat)
    name, raw = WORLD.score(sat)
    for _ in range(2):
        assert centre.put(name, raw) is not None
    assert not (centre.data / "tree" / name).exists()
    assert not any(b"Siti Aminah" in path.read_bytes() for path in centre.data.rglob("*") if path.is_file())


def test_a_second_score_of_a_result_counts_only_if_it_supersedes_the_first(centre: Centre) -> None:
    sat = WORLD.sat(1)
    put_all(centre, sat)
    first = centre.put(*WORLD.score(sat))
    assert first is not None
    with pytest.raises(Tampered, match="twin-note"):
        centre.put(*WORLD.score(sat, salt="again"))
    assert centre.put(*WORLD.score(sat, supersedes=first.id, salt="better")) is not None
    with pytest.raises(Tampered, match="twin-note"):
        centre.put(*WORLD.score(sat, supersedes=first.id, salt="other"))
    with pytest.raises(Trouble, match="evidence-missing"):
        centre.put(*WORLD.score(WORLD.sat(2)))
