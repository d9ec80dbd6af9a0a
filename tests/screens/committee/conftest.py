"""A workshop's window over a real bank in a folder of its own, without a display."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
from shiboken6 import delete

from cbt_station.banks.workshop.workshop import Workshop
from cbt_station.screens.background import AtOnce, Background
from cbt_station.screens.committee.memory import Memory
from cbt_station.screens.committee.sheet import WorkshopLook
from cbt_station.screens.committee.window import Window

BANKS = Path(__file__).resolve().parents[3] / "question_banks"
ITEMS = ("twk-001", "twk-002", "tiu-021", "tiu-031", "tiu-032", "tkp-001")
ME, OTHERS = "Sari", ("Budi", "Citra")
NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC).astimezone().replace(hour=10, minute=42)
"""In this machine's zone, as the window shows it."""


@pytest.fixture
def bank(tmp_path) -> Path:
    """Six items of the SKD bank: text, formulas, an enemy set, scores for each option."""
    folder = tmp_path / "bank"
    (folder / "items").mkdir(parents=True)
    shutil.copy(BANKS / "skd-id" / "bank.yaml", folder)
    for item in ITEMS:
        (place,) = (BANKS / "skd-id" / "items").rglob(f"{item}.md")
        shutil.copy(place, folder / "items")
    return folder


@pytest.fixture
def every_kind(tmp_path) -> Path:
    """The bank with two items of each way of answering, in two languages, with pictures and shared texts."""
    return Path(shutil.copytree(BANKS / "interactions", tmp_path / "every-kind"))


@pytest.fixture
def workshop_look(qapp):
    return WorkshopLook()


@pytest.fixture
def open_bank(qtbot, workshop_look, tmp_path):
    """Open a window over a bank, each under the name of the person who works there."""
    opened = []

    def make(folder: Path | None, *, by=ME, size=(1366, 768), threaded=False, memory=None) -> Window:
        asker = Background() if threaded else AtOnce()
        window = Window(workshop_look, asker, Memory(memory), lambda: NOW)
        opened.append(window)
        window.resize(*size)
        window.show()
        qtbot.waitUntil(window.isActiveWindow)
        window.begin(folder, by)
        if folder is not None and threaded:
            qtbot.waitUntil(lambda: window.bench.listing is not None)
        return window

    yield make
    for window in opened:
        window.let_go()
        delete(window)  # now: every widget that lives on is styled again by the next test's look


def vote_of_others(folder: Path, item: str, *, names=OTHERS) -> None:
    """Other people vote for an item in programs of their own."""
    for name in names:
        with Workshop.open(folder, by=name) as workshop:
            workshop.vote(item, "for", "Baik.", NOW, on=workshop.review(item).on)


def file_of(folder: Path, item: str) -> Path:
    return folder / "items" / f"{item}.md"
