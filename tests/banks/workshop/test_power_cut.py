"""The power fails at any moment of a deed: the text is the old or the new one, and neither is ever lost.

Every operation on the disk of every deed fails once: before it did anything, after it did all, and as the last thing that
the machine did at all. Afterwards the bank is opened as ever. That a durable write is one is in tests/storage/test_files.py.
"""

import errno
import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest

from cbt_station.banks.native import faults
from cbt_station.banks.workshop.workshop import Workshop
from cbt_station.errors import Refusal, Trouble
from tests.banks.small_bank import PLAIN, files, put, square
from tests.banks.workshop.bench import at, contents, later

OPERATIONS = ("open", "write", "fsync", "ftruncate", "rename", "replace", "mkdir", "unlink")
NEW = PLAIN.replace("setengah", "separuh")
_OPEN = io.open
How = Literal["before", "after", "dead"]


class PowerCut(BaseException):
    """The machine is off: nothing that the program does after this has any effect."""


class Disk:
    """The operations on the disk, the `nth` of which fails."""

    def __init__(self, nth: int, how: How) -> None:
        self.left, self.how, self.happened = nth, how, False

    def wrap(self, real: Callable[..., Any]) -> Callable[..., Any]:
        is_open = real is os.open

        def operation(*args: Any, **named: Any) -> Any:
            if self.happened and self.how == "dead":
                raise PowerCut
            if self.happened or (is_open and not args[1] & os.O_CREAT):
                return real(*args, **named)
            self.left -= 1
            if self.left:
                return real(*args, **named)
            self.happened = True
            if self.how == "before":
                raise OSError(errno.EIO, "Input/output error")
            found = real(*args, **named)
            if self.how == "after":
                if is_open:
                    os.close(found)
                raise OSError(errno.EIO, "Input/output error")
            raise PowerCut

        return operation


def _only_reading(file: Any, mode: str = "r", *args: Any, **named: Any) -> Any:
    """Writing another way than by the operations that are tried would be seen by no test here."""
    assert "r" in mode
    assert "+" not in mode
    return _OPEN(file, mode, *args, **named)


@contextmanager
def failing(nth: int, how: How) -> Iterator[Disk]:
    """The nth operation fails."""
    disk, real = Disk(nth, how), {name: getattr(os, name) for name in OPERATIONS}
    really = real | {"fsync": lambda _descriptor: None}  # what it would wait for is not what fails here
    try:
        for name, operation in really.items():
            setattr(os, name, disk.wrap(operation))
        io.open = _only_reading  # type: ignore[assignment]
        yield disk
    finally:
        io.open = _OPEN
        for name, operation in real.items():
            setattr(os, name, operation)


def everything(bank: Path) -> set[bytes]:
    """Every text there is, in the bank or in its history."""
    return set(contents(bank).values())


def save(workshop: Workshop) -> None:
    workshop.save("tiu-001", NEW, later(10), was=workshop.text_hash("tiu-001"))


DEEDS: dict[str, Callable[[Workshop], object]] = {
    "a save": save,
    "a save that makes a text faulty": lambda w: w.save(
        "tiu-001", NEW.replace("- [b]", "- b"), later(10), was=w.text_hash("tiu-001")
    ),
    "a new item": lambda w: w.save("tiu-009", NEW.replace("tiu-001", "tiu-009"), later(10), was=None),
    "a rename": lambda w: w.rename("tiu-001", "tiu-009", later(10)),
    "a removal": lambda w: w.delete("tiu-001", later(10)),
    "an earlier text": lambda w: w.restore("tiu-001", 1, later(10)),
    "a vote": lambda w: w.vote("tiu-001", "for", "baik", later(10), on=w.review("tiu-001").on),
    "a picture": lambda w: w.add_media("baru.png", square("red")),
    "an unused picture": lambda w: w.remove_media("lama.png"),
}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank whose first item Rina edited and handed in."""
    folder = tmp_path_factory.mktemp("asal")
    few = ("bank.yaml", "items/tiu/tiu-001.md", "items/tkp/tkp-001.md")
    bank = put(folder, {file: files()[file] for file in few} | {"media/lama.png": square("blue")})
    with at(bank, "Rina") as workshop:
        text = PLAIN.replace("setengah", "seperdua")
        workshop.save("tiu-001", text, later(1), was=workshop.text_hash("tiu-001"))
        workshop.submit("tiu-001", later(2))
    return bank


@pytest.mark.parametrize("how", ["before", "after", "dead"])
@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_no_failing_operation_loses_a_text(
    deed: Callable[[Workshop], object], how: How, prepared: Path, tmp_path: Path
) -> None:
    nth = 0
    while True:
        nth += 1
        bank = Path(shutil.copytree(prepared, tmp_path / str(nth)))
        before = contents(bank)
        with at(bank, "Agus") as workshop, failing(nth, how) as disk:
            done = _tried(deed, workshop)
        kept = everything(bank)
        for file, data in before.items():
            assert data in kept or file.startswith("reviews/"), (nth, file)
        with at(bank, "Agus") as workshop:
            _check(bank, workshop, before)
            if not done:
                _try_again(deed, workshop, nth)
        if not disk.happened:
            break
    assert nth > 4


def _tried(deed: Callable[[Workshop], object], workshop: Workshop) -> bool:
    try:
        deed(workshop)
    except (Trouble, PowerCut):
        return False
    return True


def _check(bank: Path, workshop: Workshop, before: dict[str, bytes]) -> None:
    """Every text of the bank is whole, and nothing that is no part of a bank lies in it."""
    assert {fault.code for fault in faults(bank)} <= {"option-without-id", "key-of-no-option"}
    for row in workshop.rows():
        text = workshop.text(row.id)
        assert text.endswith("\n")
        assert text.startswith("---\n")
        workshop.versions(row.id)
    item = workshop.rows()[0].id
    assert workshop.review(item).state in ("draft", "review")
    assert not {file for file in contents(bank) if file.startswith(("items/.", "media/."))} - set(before)


def _try_again(deed: Callable[[Workshop], object], workshop: Workshop, nth: int) -> None:
    """What failed can be done again, unless it was done in spite of its failure."""
    try:
        deed(workshop)
    except Refusal as refusal:
        assert refusal.code in (  # noqa: PT017 - which one depends on how far the deed had come
            "workshop-item-exists", "workshop-item-unknown", "review-wrong-state",
        ), nth  # fmt: skip


@pytest.mark.parametrize("how", ["before", "after", "dead"])
def test_a_shared_text_that_is_renamed_is_followed_by_all_when_it_is_renamed_once_more(
    how: How, tmp_path: Path
) -> None:
    other = files()["items/tiu/tiu-002.md"].replace(b"tiu-002", b"tiu-003").replace(b"Gambar", b"Lukisan")
    nth = 0
    while True:
        nth += 1
        bank = put(tmp_path / str(nth), files() | {"items/tiu/tiu-003.md": other})
        with at(bank, "Agus") as workshop, failing(nth, how) as disk:
            _tried(lambda w: w.rename_stimulus("teks", "bacaan", later(10)), workshop)
        assert {fault.code for fault in faults(bank)} == set()  # whoever followed or not
        with at(bank, "Agus") as workshop:
            try:
                workshop.rename_stimulus("teks", "bacaan", later(11))
            except Refusal as refusal:
                assert refusal.code == "workshop-item-unknown", nth  # noqa: PT017 - it had come to its end
            assert [row.id for row in workshop.stimuli()] == ["bacaan"], nth
            assert workshop.stimuli()[0].items == ("tiu-002", "tiu-003")
            assert workshop.version_text("bacaan", 1, "stimulus") == files()["stimuli/teks.md"].decode()
        if not disk.happened:
            break
    assert nth > 10


@pytest.mark.parametrize("how", ["before", "after", "dead"])
def test_a_save_is_the_old_text_or_the_new_one_and_its_author_is_known(
    how: How, prepared: Path, tmp_path: Path
) -> None:
    nth = 0
    while True:
        nth += 1
        bank = Path(shutil.copytree(prepared, tmp_path / str(nth)))
        with at(bank, "Agus") as workshop:
            old = workshop.text("tiu-001")
            with failing(nth, how) as disk:
                _tried(save, workshop)
        with at(bank, "Dewi") as workshop:
            now, row, versions = (
                workshop.text("tiu-001"),
                workshop.row("tiu-001"),
                workshop.versions("tiu-001"),
            )
            assert now in (old, NEW)
            assert row.author == ("Agus" if now == NEW else "Rina")
            assert [one.by for one in versions] == (["", "Rina", "Agus"] if now == NEW else ["", "Rina"])
            assert workshop.version_text("tiu-001", 1) == PLAIN
        if not disk.happened:
            assert now == NEW
            break
