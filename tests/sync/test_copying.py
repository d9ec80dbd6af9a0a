"""Sync to a folder: whole or not at all, whatever is pulled out, repeated, or done twice at once.

What a server answers is in test_nonsense.py; the upload to a real centre in tests/server/test_http.py.
"""

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from cbt_station.artefacts import names
from cbt_station.errors import Refusal, Tampered, Trouble
from cbt_station.server.centre import Centre
from cbt_station.sync.copying import sync_to_folder
from cbt_station.sync.placing import Target
from cbt_station.sync.tree import KINDS, QUARANTINE, list_tree, read_name
from tests.server.small_tree import SmallWorld
from tests.sync.trees import read_tree, write_tree

WORLD = SmallWorld()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    path = tmp_path / "stick"
    path.mkdir()
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    files = {**WORLD.sat(1).files, **WORLD.sat(2).files}
    name, raw = WORLD.closing([WORLD.sat(1), WORLD.sat(2)])
    return write_tree(tmp_path / "home", {**files, name: raw})


def test_everything_goes_over_and_a_second_run_sends_nothing(home: Path, stick: Path) -> None:
    first = sync_to_folder(home, stick)
    second = sync_to_folder(home, stick)
    assert read_tree(stick) == read_tree(home)
    assert (first.sent, second.sent, second.already) == (8, 0, 8)
    second.require_clean()


def test_a_note_never_travels_before_what_it_cites(home: Path) -> None:
    order = [entry.name for entry in list_tree(home).entries]
    kinds = [read_name(name).kind for name in order if name.startswith("notes/")]
    assert all(name.startswith("sealed/") for name in order[:2])
    assert kinds == sorted(kinds, key=KINDS.index)


Place = Callable[[Target, str, bytes], None]


@pytest.mark.parametrize("persisted", [False, True], ids=["not persisted", "persisted"])
def test_a_stick_pulled_out_at_any_file_leaves_whole_files_and_the_next_run_ends_it(
    home: Path, stick: Path, monkeypatch: pytest.MonkeyPatch, persisted: bool
) -> None:
    before = read_tree(home)
    for at in range(1, 9):
        shutil.rmtree(stick)
        stick.mkdir()
        written = 0
        whole = Target.place

        def place(self: Target, name: str, data: bytes, at: int = at, whole: Place = whole) -> None:
            nonlocal written
            written += 1
            if written == at and not persisted:
                raise Trouble("medium-gone", where=name)
            whole(self, name, data)
            if written == at:
                raise Trouble("medium-gone", where=name)

        with monkeypatch.context() as patch:
            patch.setattr(Target, "place", place)
            with pytest.raises(Trouble, match="medium-gone"):
                sync_to_folder(home, stick)
        over = read_tree(stick)
        assert all(before[name] == data for name, data in over.items())
        for name in over:
            if name.startswith("notes/result-"):
                assert any(other.startswith("sealed/") for other in over)
        sync_to_folder(home, stick).require_clean()
        assert read_tree(stick) == before == read_tree(home)


@pytest.mark.parametrize("cut", [0, 1, 200, 399])
def test_a_write_cut_at_a_byte_shows_nobody_half_a_file(
    home: Path, stick: Path, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    real = os.write

    def write(descriptor: int, data: bytes) -> int:
        real(descriptor, bytes(data)[:cut])
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write)
        with pytest.raises(Trouble, match="disk-failed"):
            sync_to_folder(home, stick)
    assert read_tree(stick) == {}
    sync_to_folder(home, stick).require_clean()
    assert read_tree(stick) == read_tree(home)


def test_what_a_killed_program_left_half_written_is_cleared_away(home: Path, stick: Path) -> None:
    (stick / "sealed").mkdir()
    (stick / "sealed" / ".0123456789abcdef.syncing").write_bytes(b"half")
    sync_to_folder(home, stick)
    assert read_tree(stick) == read_tree(home)


def test_a_folder_that_is_not_there_is_not_made(home: Path, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="folder-missing"):
        sync_to_folder(home, tmp_path / "not-mounted")
    assert not (tmp_path / "not-mounted").exists()


def test_a_folder_that_became_another_one_is_not_written_to(home: Path, stick: Path) -> None:
    target = Target(stick)
    stick.rename(stick.with_name("away"))
    stick.mkdir()
    with pytest.raises(Trouble, match="medium-gone"):
        target.place("notes/x", b"data")
    assert list(stick.iterdir()) == []


def test_a_folder_is_not_synced_onto_itself(home: Path) -> None:
    with pytest.raises(Trouble, match="sync-onto-itself"):
        sync_to_folder(home, home / "." / ".." / home.name)


def test_two_at_once_to_one_stick_end_with_every_file_of_both(
    home: Path, stick: Path, tmp_path: Path
) -> None:
    other = write_tree(tmp_path / "other", {**WORLD.sat(2).files, **WORLD.sat(3).files})
    failures: list[BaseException] = []

    def run(source: Path) -> None:
        try:
            sync_to_folder(source, stick).require_clean()
        except BaseException as error:  # noqa: BLE001 (shown by the test's own thread)
            failures.append(error)

    threads = [threading.Thread(target=run, args=(source,)) for source in (home, other, home, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert read_tree(stick) == {**read_tree(home), **read_tree(other)}


def test_who_waits_too_long_for_a_folder_is_told(stick: Path) -> None:
    with Target(stick).alone(), pytest.raises(Trouble, match="sync-busy"), Target(stick).alone(0.01):
        pass


# --- twins and damage ------------------------------------------------------------------------------------------------


def test_a_twin_is_kept_apart_and_named_and_the_first_stays(stick: Path, tmp_path: Path) -> None:
    first, second = WORLD.sat(1), WORLD.sat(1, variant="x")
    sync_to_folder(write_tree(tmp_path / "a", first.files), stick)
    report = sync_to_folder(write_tree(tmp_path / "b", second.files), stick)
    over = read_tree(stick)
    twin = second.files[names.tree_note("result", second.result)]
    assert [one.code for one in report.twins] == ["twin-results"]
    assert second.result in report.twins[0].facts["results"]
    assert twin in [data for name, data in over.items() if name.startswith(f"{QUARANTINE}/")]
    assert names.tree_note("result", second.result) not in over
    assert (
        over[names.tree_note("result", first.result)] == first.files[names.tree_note("result", first.result)]
    )
    assert names.tree_sealed(second.sealed) in over
    with pytest.raises(Tampered, match="twin-results"):
        report.require_clean()


def test_what_is_in_quarantine_travels_on_in_quarantine(stick: Path, tmp_path: Path) -> None:
    far = tmp_path / "far"
    far.mkdir()
    sync_to_folder(write_tree(tmp_path / "a", WORLD.sat(1).files), stick)
    sync_to_folder(write_tree(tmp_path / "b", WORLD.sat(1, variant="x").files), stick)
    report = sync_to_folder(stick, far)
    assert read_tree(far) == read_tree(stick)
    assert [one.code for one in report.twins] == ["twin-kept-apart"]


def test_twins_in_one_tree_are_told_apart_on_the_way(stick: Path, tmp_path: Path) -> None:
    files = {**WORLD.sat(1).files, **WORLD.sat(1, variant="x").files}
    report = sync_to_folder(write_tree(tmp_path / "a", files), stick)
    assert sum(name.startswith("notes/result-") for name in read_tree(stick)) == 1
    assert [one.code for one in report.twins] == ["twin-results"]


def test_the_same_text_under_other_signatures_is_kept_beside_the_first(home: Path, stick: Path) -> None:
    name = next(name for name in read_tree(home) if name.startswith("notes/closing-"))
    (stick / "notes").mkdir()
    raw = (home / name).read_bytes()
    (stick / name).write_bytes(
        raw.replace(raw.splitlines()[-1], raw.splitlines()[-1].replace(b"jkt", b"jkx"))
    )
    report = sync_to_folder(home, stick)
    assert [one.code for one in report.twins] == ["twin-bytes"]
    assert (stick / report.twins[0].facts["kept"]).read_bytes() == raw


def test_a_rotten_sealed_file_on_the_stick_is_mended_and_the_rot_kept(home: Path, stick: Path) -> None:
    sync_to_folder(home, stick)
    name = names.tree_sealed(WORLD.sat(1).sealed)
    (stick / name).write_bytes(b"rot")
    sync_to_folder(home, stick).require_clean()
    assert (stick / name).read_bytes() == (home / name).read_bytes()
    assert b"rot" in read_tree(stick).values()


@pytest.mark.parametrize("place", ["sealed/", "notes/result-", "notes/start-"])
def test_a_file_that_is_not_what_its_name_says_stays_here_and_is_named(
    home: Path, stick: Path, place: str
) -> None:
    name = next(name for name in read_tree(home) if name.startswith(place))
    (home / name).write_bytes((home / name).read_bytes()[:-7] + b"AAAAAA\n")
    if place != "sealed/":  # another text, so another id
        (home / name).write_bytes((home / name).read_bytes().replace(b"trust 1", b"trust 2"))
    report = sync_to_folder(home, stick)
    assert [(one.where, one.code) for one in report.failed] == [(name, "name-differs")]
    assert name not in read_tree(stick)
    assert report.sent == 7


@pytest.mark.parametrize(
    "name",
    [
        "notes/evil.sh",
        "notes/result-" + "0" * 63 + ".note",
        "notes/RESULT-" + "0" * 64 + ".note",
        "notes/unknown-" + "0" * 64 + ".note",
        "sealed/" + "A" * 64 + ".result.age",
        "sealed/" + "0" * 64 + ".result.age.exe",
        "proofs/x.tlog-proof",
        "quarantine/x",
    ],
)
def test_strange_names_are_named_and_not_copied(home: Path, stick: Path, name: str) -> None:
    write_tree(home, {name: b"?"})
    assert sync_to_folder(home, stick).strangers == (name,)
    assert name not in read_tree(stick)


@pytest.mark.parametrize("folder", [False, True], ids=["a link", "a linked folder"])
def test_links_are_not_followed(home: Path, stick: Path, tmp_path: Path, folder: bool) -> None:
    secret = write_tree(tmp_path / "secret", {"0" * 64 + ".tlog-proof": b"secret"})
    if folder:
        (home / "proofs").symlink_to(secret)
    else:
        (home / "proofs").mkdir()
        (home / "proofs" / ("0" * 64 + ".tlog-proof")).symlink_to(secret / ("0" * 64 + ".tlog-proof"))
    assert len(sync_to_folder(home, stick).strangers) == 1
    assert b"secret" not in read_tree(stick).values()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "notes/../sealed/x",
        "notes//x",
        "notes/result-" + "0" * 64 + ".note\n",
        "notes\\x",
        "é",
    ],
)
def test_a_name_of_no_shape_is_refused(name: str) -> None:
    with pytest.raises(Refusal, match="name-malformed"):
        read_name(name)


# --- receipts --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def proofs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    with Centre.open(tmp_path_factory.mktemp("centre"), WORLD.trust, WORLD.log_key) as centre:
        centre.add_session(WORLD.files)
        found = {}
        for number in (1, 2):
            for name, data in WORLD.sat(number).files.items():
                if (receipt := centre.put(name, data)) is not None:
                    found[names.tree_proof(receipt.id)] = receipt.proof
        return found


def test_receipts_come_back_verified(home: Path, stick: Path, proofs: dict[str, bytes]) -> None:
    sync_to_folder(home, stick)
    write_tree(stick, proofs)
    report = sync_to_folder(home, stick, WORLD.trust)
    report.require_clean()
    assert report.receipts == 5  # both sittings were admitted by one note
    assert {name: data for name, data in read_tree(home).items() if name.startswith("proofs/")} == proofs


def test_without_a_trust_list_no_receipt_is_believed(
    home: Path, stick: Path, proofs: dict[str, bytes]
) -> None:
    sync_to_folder(home, stick)
    write_tree(stick, proofs)
    report = sync_to_folder(home, stick)
    assert (report.receipts, report.unproven) == (0, 5)
    assert not (home / "proofs").exists()


def test_a_proof_of_another_note_is_stored_nowhere(home: Path, stick: Path, proofs: dict[str, bytes]) -> None:
    one, other = (names.tree_proof(WORLD.sat(number).result) for number in (1, 2))
    sync_to_folder(home, stick)
    write_tree(stick, {**proofs, one: proofs[other]})
    report = sync_to_folder(home, stick, WORLD.trust)
    assert [item.code for item in report.failed] == ["inclusion"]
    assert not (home / one).exists()
    assert report.receipts == 4


def test_proofs_go_over_with_their_notes_and_without_them_they_stay(
    home: Path, stick: Path, proofs: dict[str, bytes]
) -> None:
    write_tree(home, proofs)
    stray = names.tree_proof("0" * 64)
    write_tree(home, {stray: next(iter(proofs.values()))})
    report = sync_to_folder(home, stick, WORLD.trust)
    assert [one.code for one in report.failed] == ["proof-without-note"]
    assert set(proofs) <= set(read_tree(stick))
    assert stray not in read_tree(stick)


@pytest.mark.parametrize("place", ["notes", "sealed"])
def test_a_stick_whose_folder_is_a_link_makes_nobody_write_elsewhere(
    home: Path, stick: Path, tmp_path: Path, place: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (stick / place).symlink_to(elsewhere)
    with pytest.raises(Trouble):
        sync_to_folder(home, stick)
    assert list(elsewhere.iterdir()) == []


def test_a_pipe_that_is_named_like_a_file_being_written_is_not_waited_for(home: Path, stick: Path) -> None:
    (stick / "notes").mkdir(exist_ok=True)
    os.mkfifo(stick / "notes" / ".a.syncing")
    (stick / "notes" / ".b.syncing").mkdir()
    sync_to_folder(home, stick).require_clean()


def test_a_folder_that_is_a_link_to_itself_is_missing(home: Path, tmp_path: Path) -> None:
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    for source, target in ((circle, home), (home, circle)):
        with pytest.raises(Trouble, match="folder-missing"):
            sync_to_folder(source, target)
