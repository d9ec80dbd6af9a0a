"""Durable files: old or new and never half, and what the disk refuses said in our words.

The disk is the edge that is faked here (`os.fsync`, `os.write`); a real full and a real read-only disk are used where the
machine lets us mount one.
"""

import errno
import os
import subprocess
import sys
import threading

import pytest

from cbt_station.errors import Failure, Tampered, Trouble
from cbt_station.storage import files
from cbt_station.storage.files import AppendedFile, destroy, make_folder, read_bounded, write_durably
from cbt_station.storage.folder_lock import FolderLock
from cbt_station.storage.reserve import Reserve


@pytest.mark.parametrize(
    ("number", "code"),
    [
        pytest.param(errno.ENOSPC, "disk-full", id="no space"),
        pytest.param(errno.EDQUOT, "disk-full", id="no quota"),
        pytest.param(errno.EFBIG, "disk-full", id="file too big"),
        pytest.param(errno.EROFS, "disk-read-only", id="read-only"),
        pytest.param(errno.EACCES, "disk-read-only", id="no right"),
        pytest.param(errno.EIO, "disk-failed", id="broken"),
        pytest.param(errno.ENODEV, "medium-gone", id="stick pulled out"),
    ],
)
def test_a_failed_write_keeps_the_old_file_and_says_why(tmp_path, monkeypatch, number, code):
    path = tmp_path / "note"
    write_durably(path, b"old")

    def fail(descriptor):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(Trouble) as refused:
        write_durably(path, b"new")
    assert (refused.value.code, refused.value.where) == (code, "note")
    assert path.read_bytes() == b"old"


def test_a_write_syncs_the_file_before_its_name_and_the_folder_after(tmp_path, monkeypatch):
    seen = []
    sync, replace = os.fsync, files.Path.replace
    monkeypatch.setattr(
        files.os,
        "fsync",
        lambda descriptor: (
            seen.append(str(files.Path(f"/proc/self/fd/{descriptor}").readlink())),
            sync(descriptor),
        ),
    )
    monkeypatch.setattr(
        files.Path, "replace", lambda self, new: (seen.append("rename"), replace(self, new))[1]
    )
    write_durably(tmp_path / "note", b"x")
    assert seen == [str(tmp_path / ".note.writing"), "rename", str(tmp_path)]


def test_programs_that_write_one_file_at_once_take_turns(tmp_path):
    path, one = (
        tmp_path / "note",
        "import sys; from pathlib import Path; from cbt_station.storage.files import *\n",
    )
    one += "for _ in range(40): write_durably(Path(sys.argv[1]), sys.argv[2].encode() * 65536)"
    writers = [subprocess.Popen([sys.executable, "-c", one, path, letter]) for letter in "ab"]
    while any(writer.poll() is None for writer in writers):
        held = path.read_bytes() if path.exists() else b""
        assert held in (b"", b"a" * 65536, b"b" * 65536)
    assert [writer.returncode for writer in writers] == [0, 0]
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_power_cut_left_of_a_write_is_the_next_ones(tmp_path):
    (tmp_path / ".note.writing").write_bytes(b"half of something longer")
    write_durably(tmp_path / "note", b"whole")
    assert (tmp_path / "note").read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [tmp_path / "note"]


def test_short_writes_are_finished(tmp_path, monkeypatch):
    write = os.write
    monkeypatch.setattr(files.os, "write", lambda descriptor, data: write(descriptor, bytes(data[:3])))
    write_durably(tmp_path / "note", b"a longer text")
    assert (tmp_path / "note").read_bytes() == b"a longer text"


def test_an_appended_file_that_failed_once_is_never_written_again(tmp_path, monkeypatch):
    file = AppendedFile(tmp_path / "copy")
    file.append(b"one")
    sync = os.fdatasync

    def fail(descriptor):
        raise OSError(errno.EIO, "x")

    monkeypatch.setattr(files.os, "fdatasync", fail)
    with pytest.raises(Trouble):
        file.append(b"two")
    monkeypatch.setattr(files.os, "fdatasync", sync)
    with pytest.raises(Trouble):
        file.append(b"three")
    file.close()
    assert (tmp_path / "copy").read_bytes() in (b"one", b"onetwo")


def test_an_appended_file_whose_folder_was_taken_away_is_gone(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    file = AppendedFile(folder / "copy")
    file.append(b"one")
    (folder / "copy").unlink()
    folder.rmdir()
    with pytest.raises(Trouble) as refused:
        file.append(b"two")
    file.close()
    assert refused.value.code == "medium-gone"


def test_reading_is_bounded(tmp_path):
    (tmp_path / "big").write_bytes(b"x" * 11)
    with pytest.raises(Tampered):
        read_bounded(tmp_path / "big", 10)
    with pytest.raises(Trouble):
        read_bounded(tmp_path / "none", 10)
    assert read_bounded(tmp_path / "big", 11) == b"x" * 11


def test_a_destroyed_file_is_overwritten_first(tmp_path):
    path, other = tmp_path / "key", tmp_path / "link"
    path.write_bytes(b"secret" * 100)
    os.link(path, other)  # the old bytes, seen through another name
    destroy(path)
    assert not path.exists()
    assert b"secret" not in other.read_bytes()
    destroy(path)


def test_a_second_program_finds_the_folder_in_use_until_the_first_is_dead(tmp_path):
    script = (
        "import sys; from pathlib import Path; from cbt_station.storage.folder_lock import FolderLock\n"
        "lock = FolderLock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(Trouble) as refused:
            FolderLock(tmp_path)
        assert refused.value.code == "data-folder-in-use"
        other.kill()
        other.wait()
    FolderLock(tmp_path).release()


def test_a_lock_that_a_dead_program_left_to_its_child_for_a_moment_is_waited_for(tmp_path):
    """Between fork and exec a child holds what its parent held, also when the parent is dead by then."""
    lock = FolderLock(tmp_path)
    heard, says = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(says)
        os.read(heard, 1)
        os._exit(0)
    lock.release()
    with pytest.raises(Trouble):
        FolderLock(tmp_path)
    leaving = threading.Timer(0.1, os.close, (says,))
    leaving.start()
    FolderLock(tmp_path, patience_s=60).release()
    leaving.join()
    os.close(heard)
    os.waitpid(child, 0)


def test_the_reserve_is_real_space_and_comes_back(tmp_path):
    reserve = Reserve(tmp_path / "reserve", size=1 << 20)
    assert (tmp_path / "reserve").stat().st_blocks * 512 >= 1 << 20
    reserve.give_back()
    assert not (tmp_path / "reserve").exists()


# --- real disks --------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path):
    """A tmpfs of 4 MiB, or a skip."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if made.returncode != 0:
        pytest.skip("this machine lets us mount no small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_refuses_the_reserve_and_the_write(small_disk):
    with pytest.raises(Trouble) as refused:
        Reserve(small_disk / "reserve", size=8 << 20)
    assert refused.value.code == "disk-too-small"
    assert not (small_disk / "reserve").exists()
    with pytest.raises(Trouble) as refused:
        write_durably(small_disk / "note", bytes(8 << 20))
    assert refused.value.code == "disk-full"
    assert not (small_disk / "note").exists()


def test_a_low_disk_gets_the_reserve_back(small_disk):
    reserve = Reserve(small_disk / "reserve", size=2 << 20)
    for _ in range(2):
        with pytest.raises(Trouble) as refused:
            reserve.require_room()
        assert refused.value.code == "disk-low"
    assert not (small_disk / "reserve").exists()


def test_a_read_only_disk_says_so(small_disk):
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    for attempt in (
        lambda: write_durably(small_disk / "note", b"x"),
        lambda: make_folder(small_disk / "folder"),
        lambda: AppendedFile(small_disk / "copy"),
        lambda: FolderLock(small_disk),
    ):
        with pytest.raises(Failure) as refused:
            attempt()
        assert refused.value.code == "disk-read-only"
