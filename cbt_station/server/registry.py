"""What the centre has registered: one row a note, numbered as it stands in the log, and the twins beside them.

A row is written once and never changed. Two uniqueness rules do the work, in the database and not in the program:
a note has one number, whatever is repeated or comes twice at once; and a *slot* (one sitting, one closing K of a
venue, one manifest of a session …) has one note: the second is a twin.

Plain SQLite through the same careful opening as a station's database (`storage.encrypted`, which also says why it is
not Python's own sqlite3); nothing in here is secret. The tables are plain enough for PostgreSQL. One writer.
Absent on purpose: the notes' bytes, which are files.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import asdict

from cbt_station.storage.engine import Commits, engine_troubles, open_engine

SCHEMA = 1
DATABASE = "registry.db"
CHECKPOINT_EVERY = 256
"""Commits between two moves of the write-ahead log into the database."""

_tables = sa.MetaData()
_notes = sa.Table(
    "notes",
    _tables,
    sa.Column("log_index", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("id", sa.String(64), nullable=False, unique=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("slot", sa.String(200), nullable=False, unique=True),
    sa.Column("session", sa.String(64), nullable=False),
    sa.Column("venue", sa.String(64), nullable=False),
    sa.Column("refers", sa.String(64), nullable=False),
    sa.Column("received", sa.String(40), nullable=False),
    sa.Index("notes_by_session", "session", "kind", "venue"),
    sa.Index("notes_by_reference", "refers", "kind"),
)
_twins = sa.Table(
    "twins",
    _tables,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("slot", sa.String(200), nullable=False, index=True),
    sa.Column("session", sa.String(64), nullable=False),
    sa.Column("venue", sa.String(64), nullable=False),
    sa.Column("first", sa.String(64), nullable=False),
    sa.Column("received", sa.String(40), nullable=False),
)
_sealed = sa.Table(
    "sealed",
    _tables,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("cited", sa.Boolean, nullable=False, index=True),
)


class Entry(Struct, frozen=True):
    """What the registry keeps of a note.

    `slot` is what there may be one of; `refers` is the id that the note is about (a score's result, a result's start).
    """

    id: str
    kind: str
    slot: str
    session: str
    venue: str
    refers: str
    received: str


class Registered(Entry, frozen=True):
    """A note with its number in the log."""

    log_index: int


class Twin(Struct, frozen=True):
    """A note that is kept apart because its slot was taken by `first`."""

    id: str
    sha256: str
    kind: str
    slot: str
    session: str
    venue: str
    first: str
    received: str


class Registry:
    """The tables, one connection, behind one lock: every method may be called from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._engine = open_engine(path, None, must_exist=False, schema=SCHEMA)
        self._commits = Commits(self._engine, path)
        self._lock = threading.RLock()
        self._since_checkpoint = 0
        self.version = 0
        """Grows with every change in this process: what was read at one version holds as long as it stays."""
        with self._transaction() as connection:
            _tables.create_all(connection)

    def close(self) -> None:
        with self._lock:
            self._engine.dispose()

    # --- writing -------------------------------------------------------------------------------------------------

    def add(self, entry: Entry) -> Registered:
        """The note's row, new or as it was. Where another note has its slot, that one's row is returned."""
        with self._transaction() as connection:
            found = self._one(connection, _notes.c.id == entry.id) or self._one(
                connection, _notes.c.slot == entry.slot
            )
            if found is not None:
                return found
            last = connection.execute(sa.select(sa.func.max(_notes.c.log_index))).scalar()
            row = Registered(**asdict(entry), log_index=0 if last is None else last + 1)
            connection.execute(_notes.insert(), asdict(row))
            return row

    def add_twin(self, twin: Twin) -> None:
        """Keep a twin's row; nothing happens if it is there."""
        with self._transaction() as connection:
            known = connection.execute(
                sa.select(_twins.c.id).where(_twins.c.id == twin.id, _twins.c.sha256 == twin.sha256)
            ).first()
            if known is None:
                connection.execute(_twins.insert(), asdict(twin))

    def add_sealed(self, sha256: str, size: int) -> None:
        """A sealed file is here; no note cites it yet."""
        with self._transaction() as connection:
            if (
                connection.execute(sa.select(_sealed.c.sha256).where(_sealed.c.sha256 == sha256)).first()
                is None
            ):
                connection.execute(_sealed.insert(), {"sha256": sha256, "size": size, "cited": False})

    def cite_sealed(self, sha256: str) -> None:
        """A note that was checked cites this sealed file: it no longer counts as waiting."""
        with self._transaction() as connection:
            connection.execute(_sealed.update().where(_sealed.c.sha256 == sha256).values(cited=True))

    def forget_waiting(self, sha256: str) -> None:
        """A sealed file that no note cites goes; one that is cited stays."""
        with self._transaction() as connection:
            connection.execute(
                _sealed.delete().where(_sealed.c.sha256 == sha256, _sealed.c.cited == sa.false())
            )

    # --- reading -------------------------------------------------------------------------------------------------

    @property
    def size(self) -> int:
        """How many notes have a number."""
        with self._reading() as connection:
            last = connection.execute(sa.select(sa.func.max(_notes.c.log_index))).scalar()
        return 0 if last is None else int(last) + 1

    def note(self, note_id: str) -> Registered | None:
        with self._reading() as connection:
            return self._one(connection, _notes.c.id == note_id)

    def in_slot(self, slot: str) -> Registered | None:
        with self._reading() as connection:
            return self._one(connection, _notes.c.slot == slot)

    def numbered(self, start: int, end: int) -> list[Registered]:
        """The notes from number `start` up to but without `end`, in order."""
        return self._many((_notes.c.log_index >= start) & (_notes.c.log_index < end))

    def newest(self, count: int) -> list[Registered]:
        """The last notes, the newest first."""
        size = self.size
        return self.numbered(max(0, size - count), size)[::-1]

    def beginning_with(self, prefix: str, kind: str) -> list[Registered]:
        """The notes of a kind whose id begins with these hex digits."""
        return self._many(
            (_notes.c.id >= prefix) & (_notes.c.id < prefix + "g") & (_notes.c.kind == kind), most=16
        )

    def of_kind(self, kind: str) -> list[Registered]:
        return self._many(_notes.c.kind == kind)

    def of_session(self, session: str, kind: str) -> list[Registered]:
        return self._many((_notes.c.session == session) & (_notes.c.kind == kind))

    def of_venue(self, session: str, venue: str, kind: str) -> list[Registered]:
        return self._many((_notes.c.session == session) & (_notes.c.venue == venue) & (_notes.c.kind == kind))

    def about(self, note_id: str, kind: str) -> list[Registered]:
        """The notes of a kind that refer to a note."""
        return self._many((_notes.c.refers == note_id) & (_notes.c.kind == kind))

    def sessions(self) -> list[str]:
        """Every session that a registered note names, sorted."""
        with self._reading() as connection:
            found = connection.execute(
                sa.select(_notes.c.session)
                .where(_notes.c.session != "")
                .distinct()
                .order_by(_notes.c.session)
            ).scalars()
            return [str(one) for one in found]

    def count(self, session: str, kind: str) -> dict[str, int]:
        """How many notes of a kind each venue of a session has here."""
        query = (
            sa.select(_notes.c.venue, sa.func.count())
            .where(_notes.c.session == session, _notes.c.kind == kind)
            .group_by(_notes.c.venue)
        )
        with self._reading() as connection:
            return {str(venue): int(count) for venue, count in connection.execute(query)}

    def totals(self) -> dict[str, int]:
        """How many notes of each kind."""
        query = sa.select(_notes.c.kind, sa.func.count()).group_by(_notes.c.kind)
        with self._reading() as connection:
            return {str(kind): int(count) for kind, count in connection.execute(query)}

    def twin_of(self, note_id: str) -> Twin | None:
        """The twin of this id, if it is one."""
        found = self._twins(_twins.c.id == note_id)
        return found[0] if found else None

    def twins_beginning_with(self, prefix: str) -> list[Twin]:
        return self._twins((_twins.c.id >= prefix) & (_twins.c.id < prefix + "g"))

    def twins_in_slot(self, slot: str) -> list[Twin]:
        return self._twins(_twins.c.slot == slot)

    def twins_of_session(self, session: str) -> list[Twin]:
        return self._twins(_twins.c.session == session)

    def has_sealed(self, sha256: str) -> bool:
        with self._reading() as connection:
            query = sa.select(_sealed.c.sha256).where(_sealed.c.sha256 == sha256)
            return connection.execute(query).first() is not None

    def waiting_bytes(self) -> int:
        """The size of the sealed files that no note cites yet."""
        with self._reading() as connection:
            query = sa.select(sa.func.coalesce(sa.func.sum(_sealed.c.size), 0)).where(
                _sealed.c.cited == sa.false()
            )
            return int(connection.execute(query).scalar_one())

    def waiting(self) -> list[str]:
        """The sealed files that no note cites yet."""
        with self._reading() as connection:
            query = sa.select(_sealed.c.sha256).where(_sealed.c.cited == sa.false())
            return [str(one) for one in connection.execute(query).scalars()]

    # --- below ---------------------------------------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        with self._lock:
            with self._commits.transaction() as connection:
                yield connection
            self.version += 1
            self._since_checkpoint += 1
            if self._since_checkpoint >= CHECKPOINT_EVERY:
                self._commits.checkpoint()
                self._since_checkpoint = 0

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with self._lock, engine_troubles(self._path), self._engine.connect() as connection:
            yield connection

    def _many(self, where: sa.ColumnElement[bool], most: int | None = None) -> list[Registered]:
        query = sa.select(_notes).where(where).order_by(_notes.c.log_index).limit(most)
        with self._reading() as connection:
            return _registered(connection.execute(query).mappings().all())

    def _twins(self, where: sa.ColumnElement[bool]) -> list[Twin]:
        query = sa.select(_twins).where(where).order_by(_twins.c.received, _twins.c.id)
        with self._reading() as connection:
            return [
                Twin(**{str(key): str(row[key]) for key in row})
                for row in connection.execute(query).mappings()
            ]

    @staticmethod
    def _one(connection: sa.Connection, where: sa.ColumnElement[bool]) -> Registered | None:
        rows = _registered(connection.execute(sa.select(_notes).where(where)).mappings().all())
        return rows[0] if rows else None


def _registered(rows: Sequence[sa.RowMapping]) -> list[Registered]:
    return [Registered(**{str(key): row[key] for key in row}) for row in rows]
