"""Faults that the torture must catch before it may be believed.

Most are planted into the process that plays a sitting, by their names; the last ones into the recovery. None is in the
program itself, and nothing in the program can turn one on.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from cbt_station.artefacts.journal import read_line
from cbt_station.delivery import journal, recover, sealing_result, sitting_folder, station_store
from cbt_station.delivery.journal import Journal, KeptResult
from cbt_station.delivery.running import RunningSitting
from cbt_station.errors import Trouble
from cbt_station.exam.clock import ExamClock
from cbt_station.storage import encrypted, files


def synchronous_normal() -> None:
    """The write-ahead log is synced at checkpoints only."""
    settings = [("synchronous", "NORMAL", 1) if one[0] == "synchronous" else one for one in _settings()]
    encrypted._SET_AND_READ_BACK = tuple(settings)  # type: ignore[misc]


def rollback_journal() -> None:
    """SQLite's own default, a rollback journal with FULL: the removal of the journal is never made sure."""
    settings = [
        ("journal_mode", "DELETE", "delete") if one[0] == "journal_mode" else one for one in _settings()
    ]
    encrypted._SET_AND_READ_BACK = tuple(settings)  # type: ignore[misc]


def acknowledged_before_commit() -> None:
    """An event is told as kept, and comes to the disk together with what is kept next."""
    insert, write_slot, waiting, put_off = journal._insert, journal._write_slot, [], [False]

    def insert_later(connection: Any, records: Any, first: int) -> None:
        rows = list(records)
        put_off[0] = bool(rows) and not waiting and first > 1
        if put_off[0]:
            waiting.append((rows, first))
            return
        while waiting:
            insert(connection, *waiting.pop())
        insert(connection, rows, first)

    def write_slot_later(connection: Any, slot: Any) -> None:
        if not put_off[0]:
            write_slot(connection, slot)

    journal._insert, journal._write_slot = insert_later, write_slot_later


def no_folder_sync() -> None:
    """Names of new files and folders are not made durable."""
    for room in (files, encrypted, sitting_folder):
        room.sync_folder = _nothing  # type: ignore[attr-defined]


def no_file_sync() -> None:
    """A file is renamed to its name before its content is durable."""

    def write(path: Path, data: bytes, *, private: bool = False) -> None:
        temporary = path.with_name(f".{path.name}{files.TEMPORARY}")
        temporary.write_bytes(data)
        temporary.replace(path)
        files.sync_folder(path.parent)

    for room in (files, sitting_folder, sealing_result):
        room.write_durably = write  # type: ignore[attr-defined]


def result_not_kept_first() -> None:
    """The result leaves before the journal holds it: a cut makes a second one."""

    def keep_result(self: Journal, note: bytes, sealed: bytes) -> None:
        self.result = KeptResult(note, sealed)

    Journal.keep_result = keep_result  # type: ignore[method-assign]


def keys_destroyed_first() -> None:
    """The keys go while the result's note is not durable yet."""
    kept = sitting_folder.SittingFolder.keep_result_note

    def keep(self: sitting_folder.SittingFolder, note: bytes) -> None:
        self.destroy_keys()
        kept(self, note)

    sitting_folder.SittingFolder.keep_result_note = keep  # type: ignore[method-assign]


def clock_read_twice() -> None:
    """The clock is read for the event, and again for what is kept of it: the time between costs nothing."""
    appended = RunningSitting._append

    def append(self: RunningSitting, events: Any, clock: ExamClock) -> None:
        appended(self, events, replace(clock, at=self._clock.read()))

    RunningSitting._append = append  # type: ignore[method-assign]


def time_not_kept() -> None:
    """The clock's slot tells the time of the start: a power cut gives the time back."""
    signed = Journal._signed_slot

    def signed_slot(self: Journal, clock: ExamClock, size: int) -> Any:
        return signed(
            self, type(clock)(clock.allotted_ms, clock.granted_ms, 0, clock.at, clock.running), size
        )

    Journal._signed_slot = signed_slot  # type: ignore[method-assign]


def sync_that_lies() -> None:
    """The second place says "durable" without a sync."""
    os.fdatasync = _nothing  # type: ignore[assignment]


def failed_commit_forgotten() -> None:
    """What the disk refused is told as kept."""

    kept = encrypted.Database.transaction

    @contextmanager
    def transaction(self: encrypted.Database) -> Iterator[Any]:
        with suppress(Trouble), kept(self) as database:
            yield database
        self.failure = None

    encrypted.Database.transaction = transaction  # type: ignore[method-assign]


def failed_sync_tried_again() -> None:
    """After a failed sync the same file is written on, as if the next sync made up for it."""
    appended = files.AppendedFile.append

    def append(self: files.AppendedFile, data: bytes) -> None:
        with suppress(Trouble):
            return appended(self, data)
        self._failure = None
        return appended(self, b"")

    files.AppendedFile.append = append  # type: ignore[method-assign]


def log_believed_unsynced() -> None:
    """What an earlier program left in the write-ahead log is believed as it is read."""
    journal.settle_log = _nothing  # type: ignore[attr-defined]


def names_believed_unsynced() -> None:
    """Names that a killed program left are built on as they are read."""
    station_store.StationStore._settle = _nothing  # type: ignore[method-assign]


def troubles_leak() -> None:
    """The operating system's errors come out as they are."""

    @contextmanager
    def troubles(path: Path) -> Iterator[None]:
        yield

    for room in (files, encrypted, sitting_folder):
        room.disk_troubles = troubles  # type: ignore[attr-defined]


CAUGHT_BY_CUTTING = (
    synchronous_normal,
    rollback_journal,
    acknowledged_before_commit,
    no_folder_sync,
    no_file_sync,
    result_not_kept_first,
    keys_destroyed_first,
    clock_read_twice,
    time_not_kept,
    sync_that_lies,
)
CAUGHT_BY_THE_LOOP = (
    failed_commit_forgotten,
    failed_sync_tried_again,
    log_believed_unsynced,
    names_believed_unsynced,
    troubles_leak,
)
IN_THE_STATION: dict[str, Callable[[], None]] = {
    fault.__name__: fault for fault in (*CAUGHT_BY_CUTTING, *CAUGHT_BY_THE_LOOP)
}


@contextmanager
def ended_left_unsealed() -> Iterator[None]:
    """Recovery leaves an ended sitting, of whose result nothing is out, to the next start, though it is all here."""
    may_seal = recover.may_seal

    def may_finish(opened: Any, place: Any) -> bool:
        tree = opened.folder.path.parents[1] / "tree"
        return any(tree.rglob("*result*")) and may_seal(opened, place)

    recover.may_seal = may_finish
    try:
        yield
    finally:
        recover.may_seal = may_seal


@contextmanager
def skipped_chain_check() -> Iterator[None]:
    """Recovery believes every line of a journal."""
    checked = journal.check_journal

    def check(records: Any, mode: Any, sitting: Any, key: Any) -> Any:
        return tuple(read_line(record.line) for record in records), None

    journal.check_journal = check  # type: ignore[assignment]
    try:
        yield
    finally:
        journal.check_journal = checked


def _nothing(*_: Any) -> None:
    """Instead of what should have been done."""


def _settings() -> tuple[tuple[str, str, Any], ...]:
    return encrypted._SET_AND_READ_BACK
