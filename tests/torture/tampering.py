"""A journal that somebody changed, with the database's own key: recovery must say so, whatever the change.

The negative control of the oracle: a program that skips the chain check shows here, and nowhere else.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cbt_station.delivery.recover import recover
from cbt_station.delivery.sitting_folder import JOURNAL, STATION_WRAP, list_sittings
from cbt_station.delivery.station_store import StationStore
from cbt_station.errors import Failure
from cbt_station.sealing.age import decrypt
from cbt_station.storage.encrypted import Database, open_database
from tests.torture.oracle import BrokenPromiseError

Change = tuple[str, Callable[[Any], object]]


def _sql(*statements: str) -> Callable[[Any], object]:
    def change(database: Database) -> None:
        for statement in statements:
            database.execute(statement)

    return change


CHANGES: tuple[Change, ...] = (
    ("a moment of a line", _sql("UPDATE journal SET line = replace(line, '\"mono_ms\":', '\"mono_ms\":1') WHERE seq = 2")),
    ("a kind of chosen answers", _sql("UPDATE journal SET line = replace(line, '\"answer\":\"', '\"answer\":\"z') WHERE seq = 2",
                                      "UPDATE journal SET salt = zeroblob(16) WHERE seq = 1")),
    ("one line's salt", _sql("UPDATE journal SET salt = zeroblob(16) WHERE seq = 2")),
    ("the last event removed", _sql("DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)")),
    ("an event in the middle removed", _sql("DELETE FROM journal WHERE seq = 2", "UPDATE journal SET seq = seq - 1 WHERE seq > 2")),
    ("the last event doubled", _sql("INSERT INTO journal SELECT seq + 1, salt, line, head FROM journal ORDER BY seq DESC LIMIT 1")),
    ("more time", _sql("UPDATE slot SET text = replace(text, '\"consumed_ms\":', '\"consumed_ms\":0')")),
)  # fmt: skip


def require_tampering_is_seen(folder: Path, place: Path) -> int:
    """Every change to a journal that can still be opened. How many were tried."""
    data = folder / "station" / "data"
    if (path := _journal_key(data)) is None:
        return 0
    name, key = path
    for what, change in CHANGES:
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(data, place)
        database = place / "sittings" / name / JOURNAL
        opened = open_database(database, key, must_exist=True)
        try:
            with opened.transaction():
                before = _content(opened)
                change(opened)
                changed = _content(opened) != before
        finally:
            opened.close()
        if changed:
            _require_seen(place, what)
    shutil.rmtree(place, ignore_errors=True)
    return len(CHANGES)


def _require_seen(data: Path, what: str) -> None:
    try:
        report = recover(data)
    except Failure:
        return
    if report.state != "unreadable":
        raise BrokenPromiseError(f"tampering is not seen: {what}")


def _journal_key(data: Path) -> tuple[str, bytes] | None:
    store = StationStore(data)
    try:
        for sitting in list_sittings(store.sittings):
            if sitting.can_open and not sitting.is_sealed:
                station = store.existing_keys(sitting.start.body.venue)
                return sitting.sitting, decrypt((sitting.path / STATION_WRAP).read_bytes(), station.identity)
    finally:
        store.close()
    return None


def _content(database: Database) -> list[Any]:
    rows = database.read("SELECT seq, salt, line, head FROM journal ORDER BY seq")
    return [*rows, *database.read("SELECT text FROM slot")]
