"""A bank's folder is there whole or not at all: a disk that is full, or fails in any other way, leaves none of it behind.

The disk fails where it really does, at the system's calls: for a file that grows too large by a limit of the process,
for anything else by the call that is refused at its n-th use.
"""

import errno
import fcntl
import os
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from cbt_station.banks.exporting import export_bank
from cbt_station.banks.importing import import_bank
from cbt_station.banks.native import HEAD, read_bank
from cbt_station.banks.whole_folder import finish, write_files
from cbt_station.errors import Refusal, Trouble
from tests.banks.workshop.test_power_cut import PowerCut, failing

BANK = Path(__file__).parents[2] / "question_banks" / "general-en"
GIFT = "\n\n".join(f"::{number}::Berapa {number}?{{={number} ~{number + 1}}}" for number in range(12))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "soal.gift"
    file.write_text(GIFT, encoding="utf-8")
    return file


def left(folder: Path) -> list[str]:
    """Everything in a folder, hidden names too."""
    return sorted(path.name for path in folder.iterdir())


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("there", [False, True], ids=["a new folder", "an empty one"])
def test_a_file_that_the_disk_does_not_take_leaves_nothing(there: bool, source: Path, tmp_path: Path) -> None:
    target = tmp_path / "bank"
    if there:
        target.mkdir()
    with files_of_at_most(200), pytest.raises(Trouble) as trouble:
        import_bank(source, target)
    assert trouble.value.code == "bank-not-written"
    assert trouble.value.facts["reason"] == os.strerror(errno.EFBIG)
    assert left(tmp_path) == ["bank"] * there + ["soal.gift"]
    assert not there or left(target) == []
    import_bank(source, target)
    assert len(read_bank(target).items) == 12


@pytest.mark.parametrize("there", [False, True], ids=["a new folder", "an empty one"])
@pytest.mark.parametrize("call", ["write", "fsync", "open", "rename", "mkdir"])
@pytest.mark.parametrize("nth", [0, 1, 5, 14])
def test_whichever_call_fails_nothing_is_left(
    call: str, nth: int, there: bool, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "bank"
    if there:
        target.mkdir()
    real, count = getattr(os, call), 0

    def failing(path, *rest, **more):  # type: ignore[no-untyped-def]
        nonlocal count
        is_ours = not isinstance(path, str | Path) or str(path).startswith(str(tmp_path))
        if is_ours and (count := count + 1) == nth + 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path, *rest, **more)

    with monkeypatch.context() as patched:
        patched.setattr(os, call, failing)
        failure = failure_of(source, target)
    if failure is not None:
        assert failure.code == "bank-not-written"
        assert left(tmp_path) == ["bank"] * there + ["soal.gift"]
        assert not there or left(target) == []
    else:
        assert count <= nth or call == "mkdir"  # a folder that is there need not be made
        assert len(read_bank(target).items) == 12


def failure_of(source: Path, target: Path) -> Trouble | None:
    try:
        import_bank(source, target)
    except Trouble as trouble:
        return trouble
    return None


def test_a_bank_that_comes_back_is_written_whole_too(tmp_path: Path) -> None:
    package, _ = export_bank(BANK, "qti3")
    (tmp_path / "paket.zip").write_bytes(package)
    with files_of_at_most(500), pytest.raises(Trouble) as trouble:
        import_bank(tmp_path / "paket.zip", tmp_path / "bank")
    assert trouble.value.code == "disk-full"  # already where it is read
    assert left(tmp_path) == ["paket.zip"]


def test_what_a_killed_program_left_is_in_nobodys_way(source: Path, tmp_path: Path) -> None:
    beside = tmp_path / f".bank.{os.getpid()}.writing"
    beside.mkdir()
    (beside / "bank.yaml").write_text("id: x\n")
    import_bank(source, tmp_path / "bank")
    assert left(tmp_path) == ["bank", "soal.gift"]


def test_the_head_comes_last_into_a_folder_that_is_there(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "bank"
    target.mkdir()
    names: list[str] = []
    real = Path.rename

    def seen(path: Path, new: Path) -> Path:
        names.append(new.name)
        return real(path, new)

    monkeypatch.setattr(Path, "rename", seen)
    import_bank(source, target)
    assert names[-1] == HEAD
    assert set(names) == set(left(target))


@pytest.mark.parametrize("there", [False, True], ids=["a new folder", "an empty one"])
def test_a_power_cut_at_any_moment_leaves_the_bank_or_none_after_the_next_import(
    there: bool, source: Path, tmp_path: Path
) -> None:
    few = tmp_path / "sedikit.gift"
    few.write_text(GIFT.partition("::2::")[0], encoding="utf-8")
    nth, whole = 0, 0
    while True:
        nth += 1
        place = tmp_path / str(nth)
        target = place / "bank"
        (target if there else place).mkdir(parents=True)
        with failing(nth, "dead") as disk, suppress(PowerCut):
            import_bank(few, target)
        if not disk.happened:
            break
        try:
            import_bank(source, target)
        except Refusal as refusal:
            assert refusal.code == "bank-folder-not-empty"  # noqa: PT017 - it had come to its end
            whole += 1
        assert len(read_bank(target).items) in (2, 12)
        assert left(place) == ["bank"]
        assert not [name for name in left(target) if name.startswith(".")]
    assert nth > 10
    assert whole


@pytest.mark.parametrize("nth", range(1, 5))
def test_a_bank_that_was_whole_when_the_power_went_is_there_when_it_is_opened(
    nth: int, tmp_path: Path
) -> None:
    """Cut while its parts move up: no part of it is the bank before the last."""
    target = tmp_path / "bank"
    target.mkdir()
    real = Path.rename

    def cut(path: Path, new: Path) -> Path:
        nonlocal nth
        nth -= 1
        if nth <= 0:
            raise PowerCut
        return real(path, new)

    with pytest.MonkeyPatch.context() as patched, suppress(PowerCut):
        patched.setattr(Path, "rename", cut)
        patched.setattr(shutil, "rmtree", lambda *_args, **_more: None)
        write_files({"a/1": b"1", "b/2": b"2", "c/3": b"3", HEAD: b"x"}, target)
    assert not (target / HEAD).exists()
    finish(target)
    assert left(target) == ["a", "b", HEAD, "c"]
    assert (target / "c" / "3").read_bytes() == b"3"


def test_what_a_living_program_writes_is_left_to_it(source: Path, tmp_path: Path) -> None:
    beside = tmp_path / ".bank.123456.writing"
    beside.mkdir()
    held = os.open(beside, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        import_bank(source, tmp_path / "bank")
        assert beside.is_dir()
    finally:
        os.close(held)
    shutil.rmtree(tmp_path / "bank")
    import_bank(source, tmp_path / "bank")
    assert not beside.exists()


def test_names_that_somebody_made_meanwhile_are_not_given_up(tmp_path: Path) -> None:
    target = tmp_path / "bank"
    stage = target / ".bank.123456.writing"
    for folder in (stage, target):
        (folder / "items").mkdir(parents=True)
        (folder / "items" / "a.md").write_text(str(folder == target))
    (stage / ".whole").touch()
    finish(target)
    assert (target / "items" / "a.md").read_text() == "True"
    assert (stage / "items" / "a.md").read_text() == "False"


def test_an_empty_disk_of_its_own_takes_a_bank(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is moved onto it from another disk, and what every empty disk has is nothing."""
    target = tmp_path / "bank"
    (target / "lost+found").mkdir(parents=True)
    real = os.rename

    def within_one_disk(old: Path, new: Path) -> None:
        if Path(old).is_relative_to(target) != Path(new).is_relative_to(target) or target in (old, new):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        real(old, new)

    monkeypatch.setattr(os, "rename", within_one_disk)
    import_bank(source, target)
    assert len(read_bank(target).items) == 12
    assert left(tmp_path) == ["bank", "soal.gift"]


def test_the_folder_has_the_rights_of_any_other(source: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    import_bank(source, tmp_path / "bank")
    assert (tmp_path / "bank").stat().st_mode == (tmp_path / "other").stat().st_mode
    assert (tmp_path / "bank" / HEAD).stat().st_mode == source.stat().st_mode


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("kosong.gift", ""),
        ("catatan.gift", "// belum ada soal\n"),
        ("kosong.csv", "Teks Soal,Opsi A,Opsi B,Kunci\n"),
        ("kosong.xml", "<quiz></quiz>"),
    ],
)
def test_a_source_without_questions_says_so(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(Refusal) as refusal:
        import_bank(tmp_path / name, tmp_path / "bank")
    assert refusal.value.code == "import-empty"
    assert not (tmp_path / "bank").exists()
