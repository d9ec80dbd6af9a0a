"""A bank on the bench: copies of real banks, and people who work at them one after the other."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cbt_station.banks.workshop.workshop import Workshop
from tests.banks.small_bank import files, put

BANKS = Path(__file__).parents[3] / "question_banks"
NAMES = ("skd-id", "general-en", "interactions")
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def later(minutes: int) -> datetime:
    """A moment after nine o'clock."""
    return NINE + timedelta(minutes=minutes)


def small(folder: Path) -> Path:
    """The small good bank of three items."""
    return put(folder / "kecil", files())


def copy(name: str, folder: Path) -> Path:
    """A copy of one of the sample banks."""
    return Path(shutil.copytree(BANKS / name, folder / name))


@contextmanager
def at(bank: Path, by: str) -> Iterator[Workshop]:
    """Somebody at a bank."""
    with Workshop.open(bank, by=by) as workshop:
        yield workshop


def edited(workshop: Workshop, item: str, old: str, new: str, minute: int = 0) -> None:
    """Save an item with one piece of its text replaced."""
    text = workshop.text(item)
    assert old in text
    workshop.save(item, text.replace(old, new), later(minute), was=workshop.text_hash(item))


def contents(bank: Path) -> dict[str, bytes]:
    """Every file of a bank but the lock."""
    return {
        path.relative_to(bank).as_posix(): path.read_bytes()
        for path in sorted(bank.rglob("*"))
        if path.is_file() and path.name != "lock"
    }
