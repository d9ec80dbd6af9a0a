from typing import Any

sqlite_version: str

class Error(Exception): ...

def connect(
    database: str, *, isolation_level: str | None, check_same_thread: bool, timeout: float
) -> Any: ...
