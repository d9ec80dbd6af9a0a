"""The same care for a database that is used through SQLAlchemy: the centre's tables, which nobody waits for key by key.

The station's journal does without (`encrypted`): loading the library costs a restart 140 ms.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from cbt_station.errors import Trouble
from cbt_station.storage.encrypted import connect, create_if_needed, require_known, trouble_of


def open_engine(path: Path, key: bytes | None, *, must_exist: bool, schema: int = 1) -> sa.Engine:
    """`encrypted.open_database`, as an engine of one connection.

    `isolation_level="IMMEDIATE"`: with None SQLAlchemy sends no BEGIN at all, so a rolled-back record stays.
    """
    create_if_needed(path, key, must_exist=must_exist, schema=schema)
    engine = sa.create_engine(
        "sqlite+pysqlite://",
        module=dbapi2,
        poolclass=StaticPool,
        creator=lambda: connect(path, key, isolation_level="IMMEDIATE"),
    )
    try:
        with engine_troubles(path), engine.connect() as connection:
            found = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
        require_known(path, found, schema)
    except BaseException:
        engine.dispose()
        raise
    return engine


class Commits:
    """The one way to write to an engine: a transaction is durable when the block ends, or the database is over."""

    def __init__(self, engine: sa.Engine, path: Path) -> None:
        self._engine = engine
        self._path = path
        self.failure: Trouble | None = None

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """One transaction and one sync. A Trouble out of it is raised again by every later transaction."""
        if self.failure is not None:
            raise self.failure
        try:
            with engine_troubles(self._path), self._engine.begin() as connection:
                yield connection
        except Trouble as trouble:
            self.failure = trouble
            raise

    def checkpoint(self) -> None:
        """Move the write-ahead log into the database."""
        if self.failure is not None:
            raise self.failure
        try:
            with engine_troubles(self._path), self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").all()
        except Trouble as trouble:
            self.failure = trouble
            raise


@contextmanager
def engine_troubles(path: Path) -> Iterator[None]:
    """Turn what the database library says into Trouble; the codes are those of `encrypted.database_troubles`."""
    try:
        yield
    except (DBAPIError, dbapi2.Error) as error:
        raise trouble_of(path, error) from error
