"""A bank's folder is there whole or not at all: a disk that is full, or fails in any other way, leaves none of it behind.

The disk fails where it really does, at the system's calls: for a file that grows too large by a limit of the process,
for anything else by the call that is refused at its n-th use.
"""

import errno
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cbt_station.banks.exporting import export_bank
from cbt_station.banks.importing import import_bank
from cbt_station.banks.native import HEAD, read_bank
from cbt_station.errors import Refusal, Trouble

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
