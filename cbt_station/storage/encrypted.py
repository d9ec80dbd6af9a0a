"""Opening an encrypted database (SQLCipher) in which a commit that returned survives a power cut.

SQLAlchemy Core over `sqlcipher3`; one connection, one writer, one process. What makes it safe (measured: the design's
`delivery.md`):

- write-ahead log and `synchronous=FULL`, set *and read back* on every connection; no memory map; the page checks on;
- `isolation_level="IMMEDIATE"`: with None SQLAlchemy sends no BEGIN at all, so a rolled-back record stays;
- a new database is created, switched to the write-ahead log, closed, and its folder synced before it is opened for use;
- SQLite 3.51.3 or later (before it: the WAL-reset corruption);
- no automatic checkpoint: the writer calls `checkpoint` between answers, so that an answer costs one sync.

A failed commit is final: `Commits` refuses every later one with the same Trouble, because nobody knows what the disk
holds. Absent on purpose: tables. Keys are 32 random bytes, used raw.

SQLAlchemy is loaded with the first database: a station that nobody has unlocked yet has none, and is up sooner.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlcipher3 import dbapi2

from cbt_station.errors import Refusal, Trouble
from cbt_station.storage.files import disk_troubles, read_bounded, sync_file, sync_folder, write_durably

if TYPE_CHECKING:
    import sqlalchemy as sa

LEAST_SQLITE = (3, 51, 3)
KEY_BYTES = 32
MOST_LOG = 1 << 30
_SET_AND_READ_BACK: tuple[tuple[str, str, Any], ...] = (
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("mmap_size", "0", 0),
    ("cell_size_check", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("fullfsync", "ON", 1),
    ("temp_store", "MEMORY", 2),
    ("wal_autocheckpoint", "0", 0),
    ("foreign_keys", "ON", 1),
)


def open_database(path: Path, key: bytes | None, *, must_exist: bool, schema: int = 1) -> "sa.Engine":
    """The database at `path`, ready for durable commits. `schema` is the number of the caller's table layout.

    Without a key it is a plain SQLite file, for what is public anyway, opened with the same care.

    Created with that number if it is not there and need not be. Trouble("database-missing"), ("database-unreadable")
    where key or file is wrong, ("database-engine") where the library is not the one we trust;
    Refusal("data-too-new") where a later program has written it.
    """
    import sqlalchemy as sa
    from sqlalchemy.pool import StaticPool

    _require_sqlite()
    if key is not None and len(key) != KEY_BYTES:
        raise ValueError("a database key has 32 bytes")
    if not path.is_file():
        if must_exist:
            raise Trouble("database-missing", where=path.name)
        _create(path, key, schema)
    engine = sa.create_engine(
        "sqlite+pysqlite://", module=dbapi2, poolclass=StaticPool, creator=lambda: _connect(path, key)
    )
    try:
        with database_troubles(path), engine.connect() as connection:
            found = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
        if found > schema:
            raise Refusal("data-too-new", where=path.name, found=found, known=schema)
    except BaseException:
        engine.dispose()
        raise
    return engine


def be_ready() -> None:
    """Load the database's library now: where a proctor waits anyway, so that no candidate does."""
    import sqlalchemy.pool  # noqa: F401 (loaded for those who come after)


def settle_log(path: Path) -> None:
    """Make sure what an earlier program left in the write-ahead log, before the database is opened and believed.

    A program that was killed may have left commits without their sync; one whose sync failed has left some that no later
    sync of that file writes. So the log becomes a new file, synced as a whole; on a full disk it is at least synced.
    Only for a database that no other program has open.
    """
    log = path.with_name(f"{path.name}-wal")
    if not log.is_file() or log.stat().st_size == 0:
        return
    try:
        write_durably(log, read_bounded(log, MOST_LOG), private=True)
    except Trouble as trouble:
        if trouble.code != "disk-full":
            raise
        sync_file(log)


class Commits:
    """The one way to write to a database: a transaction is durable when the block ends, or the database is over."""

    def __init__(self, engine: "sa.Engine", path: Path) -> None:
        self._engine = engine
        self._path = path
        self.failure: Trouble | None = None

    @contextmanager
    def transaction(self) -> Iterator["sa.Connection"]:
        """One transaction and one sync. A Trouble out of it is raised again by every later transaction."""
        if self.failure is not None:
            raise self.failure
        try:
            with database_troubles(self._path), self._engine.begin() as connection:
                yield connection
        except Trouble as trouble:
            self.failure = trouble
            raise

    def checkpoint(self) -> None:
        """Move the write-ahead log into the database; between answers, never within one."""
        if self.failure is not None:
            raise self.failure
        try:
            with database_troubles(self._path), self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").all()
        except Trouble as trouble:
            self.failure = trouble
            raise


@contextmanager
def database_troubles(path: Path) -> Iterator[None]:
    """Turn what the database library says into Trouble.

    Codes: disk-full, disk-read-only, data-folder-in-use, database-unreadable, database-damaged, disk-failed.
    """
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except (DBAPIError, dbapi2.Error) as error:
        raise _trouble(path, error) from error


def _trouble(path: Path, error: Exception) -> Trouble:
    said, where = str(error).lower(), path.name
    if "full" in said:
        return Trouble("disk-full", where=where)
    if "readonly" in said or "unable to open" in said:
        return Trouble("disk-read-only", where=where)
    if "locked" in said:
        return Trouble("data-folder-in-use", where=where)
    if "not a database" in said:
        return Trouble("database-unreadable", where=where)
    if "malformed" in said or "corrupt" in said or "no such table" in said:
        return Trouble("database-damaged", where=where)
    return Trouble("disk-failed", where=where, reason=str(getattr(error, "orig", error)))


def _require_sqlite() -> None:
    found = tuple(int(part) for part in dbapi2.sqlite_version.split("."))
    if found < LEAST_SQLITE:
        raise Trouble("database-engine", found=dbapi2.sqlite_version)


def _create(path: Path, key: bytes | None, schema: int) -> None:
    """Create, switch to the write-ahead log, close, sync the folder.

    Without the close and the sync, a power cut can bring back the journal of the mode switch, and with it the past.
    """
    with database_troubles(path):
        connection = _connect(path, key)
        try:
            connection.execute(f"PRAGMA user_version = {int(schema)}")
        finally:
            connection.close()
    with disk_troubles(path):
        path.chmod(0o600)
    sync_folder(path.parent)


def _connect(path: Path, key: bytes | None) -> Any:
    """A connection on which every setting was read back. Its type is the library's, which has no types."""

    connection = dbapi2.connect(str(path), isolation_level="IMMEDIATE", check_same_thread=False, timeout=0.0)
    try:
        if key is not None:
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_log_level = NONE")
        if not connection.execute("PRAGMA cipher_version").fetchall():
            raise Trouble("database-engine", found="SQLite without a cipher")
        for name, value, expected in _SET_AND_READ_BACK:
            connection.execute(f"PRAGMA {name} = {value}")
            found = connection.execute(f"PRAGMA {name}").fetchone()
            if found is None or found[0] != expected:
                raise Trouble("database-engine", found=f"{name}={found[0] if found else None}")
    except BaseException:
        connection.close()
        raise
    return connection
