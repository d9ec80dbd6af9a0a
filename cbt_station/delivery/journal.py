"""The journal of a sitting: the truth, from which everything else is read.

Appending an event: the event, its salt, the signed head over everything so far and the clock's slot go into the
database in ONE transaction, which costs one sync. Only when it is durable does the state here change, so nothing that
was not written can be shown. The clock's 2 s readings overwrite one signed slot; they are no events.

`open_journal` is the only way in: at first start, at resume and in `recover`. It checks every line, the chain, the last
head's signature and the slot's, and folds the events.

The result is written into the journal's own database, in one transaction (`keep_result`): a sealing that was cut is
finished from there and never made a second time.

A failed commit is final for the database, and nobody knows whether what was being written is in it. So that very step,
line for line, comes first where the journal goes on elsewhere (`go_on_elsewhere`): database and second place then tell
one history, whichever of them has it, and the next opening takes from the second place what the database lacks.
"""

import base64
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from cbt_station.artefacts.handover import HandoverNote, Move, seat_keys
from cbt_station.artefacts.journal import (
    SALT_BYTES,
    JournalRecord,
    SeatKeys,
    check_journal,
    leaf_of,
    sign_head,
    write_line,
)
from cbt_station.artefacts.names import journal_origin
from cbt_station.artefacts.roster import RosterEntry
from cbt_station.artefacts.signed import read
from cbt_station.artefacts.start import StartNote
from cbt_station.errors import Refusal, Tampered, Trouble
from cbt_station.exam.blueprint import Blueprint
from cbt_station.exam.clock import ExamClock
from cbt_station.exam.events import Event, SittingStarted
from cbt_station.exam.form import Form
from cbt_station.exam.sitting import SittingState, apply
from cbt_station.sealing import strict_json
from cbt_station.sealing.body import Mode
from cbt_station.sealing.merkle import Frontier
from cbt_station.sealing.notes import SigningKey, Verifier, unbase64
from cbt_station.storage.encrypted import Database, open_database, settle_log
from cbt_station.storage.files import sync_folder

SCHEMA = 1
COMMITS_BETWEEN_CHECKPOINTS = 300

_TABLES = (
    "CREATE TABLE journal (seq INTEGER NOT NULL PRIMARY KEY, salt BLOB NOT NULL, line TEXT NOT NULL, head TEXT NOT NULL)",
    "CREATE TABLE slot (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), text TEXT NOT NULL, signature TEXT NOT NULL)",
    "CREATE TABLE kept (name TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL)",
)
_INSERT = "INSERT INTO journal (seq, salt, line, head) VALUES (?, ?, ?, ?)"
_WRITE_SLOT = "INSERT OR REPLACE INTO slot (id, text, signature) VALUES (1, ?, ?)"
_KEEP = "INSERT INTO kept (name, value) VALUES (?, ?)"


class SittingFacts(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What a sitting needs until it is sealed, so that neither a restart nor `recover` asks for code or session.

    `identity` is R, `recipients` are those of the result, notes are whole. `admit` is the first seat's, which the start
    cites; `moves` are the hand-overs to the seats after it, the last one to this; `copies_read` what of the seats before
    was read when this one took over, by name and SHA-256.
    """

    mode: Mode
    session: str
    venue: str
    station: str
    sitting: str
    trust: int
    engine: str
    edition: str
    scoring: str
    recipients: tuple[str, ...]
    candidate: RosterEntry
    identity: str
    blueprint: Blueprint
    form: Form
    admit: str
    start: str
    started_at: str
    moves: tuple[Move, ...] = ()
    copies_read: dict[str, str] = {}

    @property
    def fence(self) -> int:
        """The number of this seat."""
        return len(self.moves) + 1


class Slot(Struct, frozen=True, forbid_unknown_fields=True):
    """The clock's newest reading, beside a journal of `size` events."""

    sitting: str
    size: int
    clock: ExamClock


class SignedSlot(Struct, frozen=True, forbid_unknown_fields=True):
    """A slot's text as signed by the sitting key, base64."""

    text: str
    signature: str


class KeptResult(Struct, frozen=True):
    """The result as it will be published: note and sealed bundle."""

    note: bytes
    sealed: bytes


WriteElsewhere: TypeAlias = Callable[[Sequence[JournalRecord], int, SignedSlot], None]
"""Makes that many records and the slot durable in another place, or raises Trouble."""


@dataclass(frozen=True)
class _Step:
    """What one append makes so, once it is durable."""

    events: list[Event]
    records: list[JournalRecord]
    state: SittingState
    frontier: Frontier
    clock: ExamClock
    slot: SignedSlot


class Journal:
    """One sitting's journal, open. Made by `open_journal` only."""

    def __init__(
        self,
        database: Database,
        facts: SittingFacts,
        key: SigningKey | None,
        records: Sequence[JournalRecord],
        events: Sequence[Event],
        clock: ExamClock,
        slot: SignedSlot,
        result: KeptResult | None,
    ) -> None:
        """`events` are those of the checked `records`: read once, since the candidate waits for it."""
        self._database, self._key = database, key
        self._since_checkpoint = 0
        self._pending: _Step | None = None
        self._elsewhere: WriteElsewhere | None = None
        self._is_sealing = self.has_read_on = False
        self.facts, self.clock, self.slot, self.result = facts, clock, slot, result
        self.records: list[JournalRecord] = []
        self.roots: set[str] = set()
        self._frontier = Frontier()
        state: SittingState | None = None
        for record, event in zip(records, events, strict=True):
            state = apply(state, event)
            self._frontier.append(record.leaf)
            self._remember(record)
        if state is None:
            raise Tampered("journal-empty")
        self.state = state
        # One assignment, so that the second place's thread never sees the events of one write and the slot of another.
        self._kept_together = len(self.records), slot
        self._size_here = len(self.records)

    @property
    def head(self) -> str:
        """The root over all events, in hex."""
        return self._frontier.root().hex()

    @property
    def failure(self) -> Trouble | None:
        """What made this journal's database stop for good, if anything did."""
        return self._database.failure

    @property
    def is_elsewhere(self) -> bool:
        """The database failed, and the journal goes on in another place alone."""
        return self._elsewhere is not None

    @property
    def is_waiting(self) -> bool:
        """What was being written when everything failed is still to be written, before anything else."""
        return self._pending is not None

    @property
    def waiting(self) -> Sequence[Event]:
        """The events of that, refused by now: they may stand in the database, and nobody was told so."""
        return self._pending.events if self._pending is not None else ()

    @property
    def has_more_elsewhere(self) -> bool:
        """Events that are acknowledged, and known to be durable in the other place only."""
        return len(self.records) > self._size_here

    @property
    def is_stopped(self) -> bool:
        """Nothing can be written any more."""
        return self.failure is not None and self._elsewhere is None

    def append(self, events: Sequence[Event], clock: ExamClock) -> None:
        """Write events and the clock's slot in one transaction; return when it is durable.

        Trouble means that nothing was acknowledged, and nothing will be, unless it goes on elsewhere from this very step.
        """
        if self.is_waiting and self.failure is not None:
            raise self.failure
        # 1. All that can be refused is refused before anything is written.
        step = self._step(_Step([], [], self.state, self._frontier, self.clock, self.slot), events, clock)
        # 2. One transaction, one sync.
        try:
            self._write(step)
        except Trouble:
            self._pending, self._elsewhere = step, None
            raise
        # 3. Only now is it so.
        self._is_so(step)
        self._since_checkpoint += 1

    def go_on_elsewhere(self, write: WriteElsewhere, also: Sequence[Event] = ()) -> None:
        """After a failure: what was being written when it came, and everything after it, is written by `write` alone.

        `also` is written in one with what was being written, at its reading: what became of it since nobody was told.
        Not once a result was being kept: it may be in the database, and no other history may grow beside it.
        """
        if self.failure is not None and self._is_sealing:
            raise self.failure
        if self._pending is not None:
            if also:  # kept as it is: asked for again, it is the same lines
                self._pending = self._step(self._pending, also, self._pending.clock)
            step = self._pending
            write([*self.records, *step.records], len(self.records) + len(step.records), step.slot)
            self._is_so(step)
            self._pending = None
        self._elsewhere = write

    def _write(self, step: _Step) -> None:
        size = len(self.records) + len(step.records)
        if self._elsewhere is not None:
            self._elsewhere([*self.records, *step.records], size, step.slot)
            return
        with self._database.transaction() as database:
            _insert(database, step.records, first=len(self.records) + 1)
            _write_slot(database, step.slot)
        self._size_here = size

    def _step(self, before: _Step, events: Sequence[Event], clock: ExamClock) -> _Step:
        """The step that `before` is, and these events after it."""
        state, frontier, records = before.state, before.frontier.copy(), [*before.records]
        for event in events:
            state = apply(state, event)
            records.append(_record(event, frontier, self._signing_key, self.facts))
        slot = self._signed_slot(clock, len(self.records) + len(records))
        return _Step([*before.events, *events], records, state, frontier, clock, slot)

    def _is_so(self, step: _Step) -> None:
        self.state, self._frontier, self.clock, self.slot = step.state, step.frontier, step.clock, step.slot
        for record in step.records:
            self._remember(record)
        self._kept_together = len(self.records), step.slot

    def adopt(self, records: Sequence[JournalRecord], slot: SignedSlot) -> None:
        """Take over events that the second place has and this one lost, with the slot written beside them.

        The second place's chain must go on from this very head: Tampered otherwise, and nothing is merged.
        """
        step = self._step_beyond(records, slot)
        self._write(step)
        self._is_so(step)

    def read_on(self, records: Sequence[JournalRecord], slot: SignedSlot) -> None:
        """The same for whoever only looks: nothing is written, and nothing may be written after it."""
        self._is_so(self._step_beyond(records, slot))
        self._key, self.has_read_on = None, True

    def _step_beyond(self, records: Sequence[JournalRecord], slot: SignedSlot) -> _Step:
        facts, everything = self.facts, [*self.records, *records]
        keys = sitting_keys(facts)
        events, _ = check_journal(everything, facts.mode, facts.sitting, keys)
        clock = check_slot(slot, facts.sitting, len(everything), keys.newest)
        state, frontier = self.state, self._frontier.copy()
        for record, event in zip(records, events[len(self.records) :], strict=True):
            state = apply(state, event)
            frontier.append(record.leaf)
        return _Step([], list(records), state, frontier, clock, slot)

    def keep_result(self, note: bytes, sealed: bytes) -> None:
        """Make this the one result of the sitting. Refusal("already-sealed") if there is one."""
        if self.result is not None:
            raise Refusal("already-sealed")
        self._is_sealing = self._is_sealing or self.failure is None  # one that failed before takes nothing
        with self._database.transaction() as database:
            database.execute_each(_KEEP, [("result", note), ("sealed", sealed)])
        self.result = KeptResult(note, sealed)

    def kept_together(self) -> tuple[int, SignedSlot]:
        """How many events there are, and the slot that was written with the last of them, as one durable state."""
        size, slot = self._kept_together
        return size, slot

    def checkpoint_if_due(self) -> None:
        """Between answers: keep the write-ahead log short."""
        if self._since_checkpoint >= COMMITS_BETWEEN_CHECKPOINTS:
            self._database.checkpoint()
            self._since_checkpoint = 0

    def sign_result(self) -> SigningKey:
        """The sitting key, for the result note."""
        return self._signing_key

    def close(self) -> None:
        self._database.close()

    @property
    def _signing_key(self) -> SigningKey:
        if self._key is None:
            raise Trouble("sitting-key-missing", where=self.facts.sitting)
        return self._key

    def _signed_slot(self, clock: ExamClock, size: int) -> SignedSlot:
        text = strict_json.encode(Slot(self.facts.sitting, size, clock)).decode()
        signature = self._signing_key.sign_bytes(_slot_message(text))
        return SignedSlot(text, base64.b64encode(signature).decode())

    def _remember(self, record: JournalRecord) -> None:
        self.records.append(record)
        self.roots.add(self._frontier.root().hex())


def create_journal(
    path: Path,
    database_key: bytes,
    facts: SittingFacts,
    key: SigningKey,
    begin: SittingStarted | Sequence[JournalRecord],
    clock: ExamClock,
) -> None:
    """A new journal with its first event, closed again: `open_journal` opens it, as it opens every journal.

    At a later seat it begins with the lines of those before it.
    """
    records = [_record(begin, Frontier(), key, facts)] if isinstance(begin, SittingStarted) else begin
    text = strict_json.encode(Slot(facts.sitting, len(records), clock)).decode()
    slot = SignedSlot(text, base64.b64encode(key.sign_bytes(_slot_message(text))).decode())
    database = open_database(path, database_key, must_exist=False, schema=SCHEMA)
    try:
        with database.transaction():
            for table in _TABLES:
                database.execute(table)
            database.execute(_KEEP, ("facts", strict_json.encode(facts)))
            _insert(database, records, first=1)
            _write_slot(database, slot)
    finally:
        database.close()


def open_journal(path: Path, database_key: bytes, key: SigningKey | None) -> Journal:
    """A journal that is whole and signed, with the state it tells.

    Without the sitting key (destroyed when it was sealed) it can only be read. What is believed is durable: also what a
    killed program had not synced, and the log's name (SQLite syncs its folder, but passes over a failure of that).
    """
    settle_log(path)
    database = open_database(path, database_key, must_exist=True, schema=SCHEMA)
    try:
        kept = {name: bytes(value) for name, value in database.read("SELECT name, value FROM kept")}
        rows = database.read("SELECT salt, line, head FROM journal ORDER BY seq")
        slots = database.read("SELECT text, signature FROM slot")
        sync_folder(path.parent)
        if "facts" not in kept or not slots:
            raise Trouble("database-damaged", where=path.name)
        facts = strict_json.decode(kept["facts"], SittingFacts, "facts")
        records = [JournalRecord(bytes(salt).hex(), line, head) for salt, line, head in rows]
        keys = sitting_keys(facts)
        events, _ = check_journal(records, facts.mode, facts.sitting, keys)
        slot = SignedSlot(*slots[0])
        clock = check_slot(slot, facts.sitting, len(records), keys.newest)
        result = KeptResult(kept["result"], kept["sealed"]) if "result" in kept else None
        return Journal(database, facts, key, records, events, clock, slot, result)
    except BaseException:
        database.close()
        raise


def sitting_keys(facts: SittingFacts) -> SeatKeys:
    """The keys that the start note and the moves name; they must be this sitting's."""
    moves = [read(move.handover.encode(), HandoverNote).body for move in facts.moves]
    keys = seat_keys(read(facts.start.encode(), StartNote).body, moves)
    if any(key.name != journal_origin(facts.mode, facts.sitting) for key in keys.all):
        raise Tampered("start-of-another-candidate")
    return keys


def check_slot(slot: SignedSlot, sitting: str, size: int, key: Verifier) -> ExamClock:
    """The clock of a signed slot that belongs to a journal of `size` events, or Tampered("clock-slot")."""
    signature = unbase64(slot.signature)
    if signature is None:
        raise Tampered("clock-slot")
    key.verify_bytes(_slot_message(slot.text), signature)
    read_slot = strict_json.decode(slot.text.encode(), Slot, "clock slot")
    if (read_slot.sitting, read_slot.size) != (sitting, size):
        raise Tampered("clock-slot")
    return read_slot.clock


def _record(event: Event, frontier: Frontier, key: SigningKey, facts: SittingFacts) -> JournalRecord:
    """The event as a record, appended to `frontier`, with the signed head that covers it."""
    salt, line = secrets.token_bytes(SALT_BYTES), write_line(event)
    frontier.append(leaf_of(salt, line))
    return JournalRecord(salt.hex(), line, sign_head(key, facts.mode, facts.sitting, frontier))


def _insert(database: Database, records: Iterable[JournalRecord], first: int) -> None:
    for seq, record in enumerate(records, start=first):
        database.execute(_INSERT, (seq, bytes.fromhex(record.salt), record.line, record.head))


def _write_slot(database: Database, slot: SignedSlot) -> None:
    database.execute(_WRITE_SLOT, (slot.text, slot.signature))


def _slot_message(text: str) -> bytes:
    return b"cbt-station/clock-slot/v1\n" + text.encode()
