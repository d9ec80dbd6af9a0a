"""Opening an encrypted database (SQLCipher) in which a commit that returned survives a power cut.

`sqlcipher3` as it is; one connection, one writer, one process. What makes it safe (measured: the design's `delivery.md`):

- write-ahead log and `synchronous=FULL`, set *and read back* on every connection; no memory map; the page checks on;
- every transaction is begun and ended here (BEGIN IMMEDIATE, COMMIT): the library begins none by itself;
- a new database is created, switched to the write-ahead log, closed, and its folder synced before it is opened for use;
- SQLite 3.51.3 or later (before it: the WAL-reset corruption);
- no automatic checkpoint: the writer calls `checkpoint` between answers, so that an answer costs one sync.

A failed commit is final: a `Database` refuses every later one with the same Trouble, because nobody knows what the disk
holds. Absent on purpose: tables, and SQLAlchemy (`engine`, for what is no journal). Keys are 32 random bytes, used raw.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias

from sqlcipher3 import dbapi2

from cbt_station.errors import Refusal, Trouble
from cbt_station.storage.files import disk_troubles, read_bounded, sync_file, sync_folder, write_durably

LEAST_SQLITE = (3, 51, 3)
KEY_BYTES = 32
MOST_LOG = 1 << 30
Row: TypeAlias = tuple[Any, ...]
"""What a statement gives; the library has no types."""
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


def open_database(path: Path, key: bytes, *, must_exist: bool, schema: int = 1) -> "Database":
    """The database at `path`, ready for durable commits. `schema` is the number of the caller's table layout.

    Created with that number if it is not there and need not be. Trouble("database-missing"), ("database-unreadable")
    where key or file is wrong, ("database-engine") where the library is not the one we trust;
    Refusal("data-too-new") where a later program has written it.
    """
    create_if_needed(path, key, must_exist=must_exist, schema=schema)
    with database_troubles(path):
        database = Database(connect(path, key), path)
    try:
        require_known(path, database.read("PRAGMA user_version")[0][0], schema)
    except BaseException:
        database.close()
        raise
    return database


def create_if_needed(path: Path, key: bytes | None, *, must_exist: bool, schema: int) -> None:
    """Without a key it is a plain SQLite file, for what is public anyway, made and opened with the same care."""
    _require_sqlite()
    if key is not None and len(key) != KEY_BYTES:
        raise ValueError("a database key has 32 bytes")
    if not path.is_file():
        if must_exist:
            raise Trouble("database-missing", where=path.name)
        _create(path, key, schema)


def require_known(path: Path, found: int, schema: int) -> None:
    if found > schema:
        raise Refusal("data-too-new", where=path.name, found=found, known=schema)


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


class Database:
    """One open database. The one way to write: a transaction is durable when the block ends, or the database is over."""

    def __init__(self, connection: Any, path: Path) -> None:
        self._connection, self._path = connection, path
        self.failure: Trouble | None = None

    @contextmanager
    def transaction(self) -> Iterator["Database"]:
        """One transaction and one sync. A Trouble out of it is raised again by every later transaction."""
        if self.failure is not None:
            raise self.failure
        try:
            with database_troubles(self._path):
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self
                    self._connection.execute("COMMIT")
                except BaseException:
                    with suppress(dbapi2.Error):
                        self._connection.execute("ROLLBACK")
                    raise
        except Trouble as trouble:
            self.failure = trouble
            raise

    def execute(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Within a transaction."""
        self._connection.execute(statement, values)

    def execute_each(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Within a transaction, once a row."""
        self._connection.executemany(statement, rows)

    def read(self, statement: str) -> list[Row]:
        """All rows of a statement that changes nothing."""
        with database_troubles(self._path):
            found: list[Row] = self._connection.execute(statement).fetchall()
        return found

    def checkpoint(self) -> None:
        """Move the write-ahead log into the database; between answers, never within one."""
        if self.failure is not None:
            raise self.failure
        try:
            self.read("PRAGMA wal_checkpoint(PASSIVE)")
        except Trouble as trouble:
            self.failure = trouble
            raise

    def close(self) -> None:
        with suppress(dbapi2.Error):
            self._connection.close()


@contextmanager
def database_troubles(path: Path) -> Iterator[None]:
    """Turn what the database library says into Trouble.

    Codes: disk-full, disk-read-only, data-folder-in-use, database-unreadable, database-damaged, disk-failed.
    """
    try:
        yield
    except dbapi2.Error as error:
        raise trouble_of(path, error) from error


def trouble_of(path: Path, error: Exception) -> Trouble:
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
        connection = connect(path, key)
        try:
            connection.execute(f"PRAGMA user_version = {int(schema)}")
        finally:
            connection.close()
    with disk_troubles(path):
        path.chmod(0o600)
    sync_folder(path.parent)


def connect(path: Path, key: bytes | None, isolation_level: str | None = None) -> Any:
    """A connection on which every setting was read back. Its type is the library's, which has no types."""
    connection = dbapi2.connect(
        str(path), isolation_level=isolation_level, check_same_thread=False, timeout=0.0
    )
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
