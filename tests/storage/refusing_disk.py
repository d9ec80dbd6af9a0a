"""A database's connection whose commits the disk refuses: the edge of the world that is played."""

from typing import Any

from sqlcipher3 import dbapi2


class RefusingDisk:
    """Everything but COMMIT goes to the real connection."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def execute(self, statement: str, *values: Any) -> Any:
        if statement == "COMMIT":
            raise dbapi2.OperationalError("disk I/O error")
        return self._connection.execute(statement, *values)

    def executemany(self, statement: str, rows: Any) -> Any:
        return self._connection.executemany(statement, rows)
