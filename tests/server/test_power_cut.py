"""The centre's power fails at every write of a note's way: afterwards every note has one number, and the log is whole.

Each write is tried twice: it failed and is not there, it failed and is there. A real kill of a process comes last.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cbt_station.errors import Tampered, Trouble
from cbt_station.sealing.merkle import verify_consistency
from cbt_station.server.centre import Centre
from cbt_station.storage.files import write_durably
from cbt_station.verify.session import check_proof
from tests.server.small_tree import SESSION, SmallWorld
from tests.server.test_centre import entries, head_of, put_all

WORLD = SmallWorld()
AT = "2026-12-02T00:00:00+00:00"


class PowerCut(BaseException):
    """Nothing of the program runs after this."""


class Disk:
    """A disk whose power fails at its write number `at`, before or after the write."""

    def __init__(self, at: int, *, persisted: bool) -> None:
        self.at, self.persisted, self.writes = at, persisted, 0

    def __call__(self, path: Path, data: bytes) -> None:
        self.writes += 1
        if self.writes == self.at and not self.persisted:
            raise PowerCut
        write_durably(path, data)
        if self.writes == self.at:
            raise PowerCut


def opened(folder: Path, disk: Disk) -> Centre:
    return Centre.open_at(folder, WORLD.trust, WORLD.log_key, now=lambda: AT, write=disk)


@pytest.mark.parametrize("persisted", [False, True], ids=["not persisted", "persisted"])
def test_a_power_cut_at_any_write_changes_no_number(tmp_path: Path, persisted: bool) -> None:
    sat, later = WORLD.sat(1), WORLD.sat(2)
    at, done = 0, False
    while not done:
        at += 1
        folder = tmp_path / str(at)
        disk = Disk(at, persisted=persisted)
        centre = None
        try:
            centre = opened(folder, disk)
            centre.add_session(WORLD.files)
            put_all(centre, sat)
            done = True
        except PowerCut:
            pass
        finally:
            before = None
            if centre is not None:
                before = centre.log.checkpoint()
                centre.close()
        with opened(folder, Disk(0, persisted=False)) as again:
            if before is not None:
                old, new = head_of(before), again.head()
                proof = again.log.consistency(old.size, new.size) if old.size < new.size else ()
                verify_consistency(old.size, new.size, old.root, new.root, proof)
            again.add_session(WORLD.files)
            numbers = put_all(again, sat)
            numbers |= put_all(again, later)
            assert len(set(numbers.values())) == len(numbers)
            assert len(set(entries(again))) == len(entries(again)) == again.registry.size == 7
            for note_id in (sat.result, later.result):
                check_proof(again.proof(note_id), WORLD.trust, "result", note_id)
        shutil.rmtree(folder)
    assert at > 20


def test_a_number_that_was_persisted_but_not_published_is_published_at_the_start(tmp_path: Path) -> None:
    counting = Disk(0, persisted=False)
    with opened(tmp_path, counting) as centre:
        centre.add_session(WORLD.files)
    disk = Disk(0, persisted=False)
    centre = opened(tmp_path, disk)
    sealed, admit, *_ = WORLD.sat(1).files.items()
    centre.put(*sealed)
    disk.at = disk.writes + 2  # the note's own bytes are written, its row is committed, the first tile is not
    with pytest.raises(PowerCut):
        centre.put(*admit)
    assert centre.registry.size == centre.head().size + 1
    centre.close()
    with opened(tmp_path, Disk(0, persisted=False)) as again:
        assert again.registry.size == again.head().size


_KILLED = """
import os, sys
from pathlib import Path
from cbt_station.server.centre import Centre
from cbt_station.storage.files import write_durably
from tests.server.small_tree import SmallWorld
from tests.server.test_centre import put_all
folder, at = Path(sys.argv[1]), int(sys.argv[2])
writes = 0
def write(path, data):
    global writes
    writes += 1
    write_durably(path, data)
    if writes == at:
        os.kill(os.getpid(), 9)
world = SmallWorld()
centre = Centre.open_at(folder, world.trust, world.log_key, now=lambda: "2026-12-02T00:00:00+00:00", write=write)
centre.add_session(world.files)
put_all(centre, world.sat(1))
"""


@pytest.mark.parametrize("at", [7, 14, 20])
def test_a_killed_process_leaves_a_folder_that_goes_on(tmp_path: Path, at: int) -> None:
    root = Path(__file__).resolve().parents[2]
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, str(tmp_path), str(at)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -9, killed.stderr.decode()
    with opened(tmp_path, Disk(0, persisted=False)) as again:
        again.add_session(WORLD.files)
        put_all(again, WORLD.sat(1))
        assert len(set(entries(again))) == again.registry.size == 5


# --- copies and damage -----------------------------------------------------------------------------------------------


def test_a_registry_from_an_old_copy_never_forks_the_log(tmp_path: Path) -> None:
    folder, copy = tmp_path / "centre", tmp_path / "copy"
    with opened(folder, Disk(0, persisted=False)) as centre:
        centre.add_session(WORLD.files)
    shutil.copytree(folder, copy)
    with opened(folder, Disk(0, persisted=False)) as centre:
        put_all(centre, WORLD.sat(1))
    for name in ("registry.db", "registry.db-wal", "registry.db-shm"):
        (folder / name).unlink(missing_ok=True)
        if (copy / name).exists():
            shutil.copy(copy / name, folder / name)
    with pytest.raises(Trouble, match="log-ahead"):
        opened(folder, Disk(0, persisted=False))


def test_a_log_from_an_old_copy_is_brought_up_to_the_registry(tmp_path: Path) -> None:
    folder, copy = tmp_path / "centre", tmp_path / "copy"
    with opened(folder, Disk(0, persisted=False)) as centre:
        centre.add_session(WORLD.files)
    shutil.copytree(folder / "log", copy)
    with opened(folder, Disk(0, persisted=False)) as centre:
        put_all(centre, WORLD.sat(1))
        checkpoint = centre.checkpoint()
    shutil.rmtree(folder / "log")
    shutil.copytree(copy, folder / "log")
    with opened(folder, Disk(0, persisted=False)) as centre:
        assert centre.checkpoint() == checkpoint


@pytest.mark.parametrize("place", ["tile/0/000.p/*", "tile/entries/000.p/*", "checkpoint"])
def test_a_log_whose_files_were_changed_is_not_gone_on_with(tmp_path: Path, place: str) -> None:
    with opened(tmp_path, Disk(0, persisted=False)) as centre:
        centre.add_session(WORLD.files)
        put_all(centre, WORLD.sat(1))
    for path in (tmp_path / "log").glob(place):
        data = bytearray(path.read_bytes())
        data[-3] ^= 1
        path.write_bytes(data)
    with pytest.raises(Tampered):
        opened(tmp_path, Disk(0, persisted=False))


def test_a_session_and_its_notes_are_known_after_a_restart(tmp_path: Path) -> None:
    with opened(tmp_path, Disk(0, persisted=False)) as centre:
        centre.add_session(WORLD.files)
    with opened(tmp_path, Disk(0, persisted=False)) as centre:
        assert centre.session(SESSION).manifest.id == WORLD.manifest
        put_all(centre, WORLD.sat(1))
