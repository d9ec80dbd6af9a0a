"""Edges of the world that fail on request: a disk that takes no commit, a stick that is pulled out, one that is too slow."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from cbt_station.delivery.second_place import SecondPlace
from cbt_station.errors import Trouble
from cbt_station.storage.encrypted import Database


class FailingDisk:
    """From `fail` on every commit is refused; `kept`: what was being written at that moment is there all the same."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch, self._transaction = monkeypatch, Database.transaction
        self.kept = False

    def fail(self, *, kept: bool = False) -> None:
        self.kept = kept
        disk = self

        class Refusing:
            def __init__(self, database: Database) -> None:
                self._database = database

            def __enter__(self) -> Any:
                if self._database.failure is not None:
                    raise self._database.failure
                self._inner = disk._transaction(self._database)
                return self._inner.__enter__()

            def __exit__(self, *what: Any) -> None:
                if disk.kept:
                    disk.kept = False
                    self._inner.__exit__(*what)
                else:
                    with suppress(Trouble):
                        self._inner.__exit__(Trouble, Trouble("disk-failed"), None)
                self._database.failure = Trouble("disk-failed")
                raise self._database.failure

        def refusing(database: Database) -> Refusing:  # a function, so that it is bound as a method
            return Refusing(database)

        self._monkeypatch.setattr(Database, "transaction", refusing)

    def mend(self) -> None:
        self._monkeypatch.setattr(Database, "transaction", self._transaction)


def pull_out(stick: Path) -> None:
    stick.rename(stick.with_name("pulled-out"))


def put_back(stick: Path) -> None:
    stick.with_name("pulled-out").rename(stick)


def be_too_slow(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """So many times what the stick alone shall keep is there, but later than anybody waits."""
    keep_alone, late = SecondPlace.keep_alone, list(range(times))

    def keep_late(place: SecondPlace, records: Sequence[Any], size: int, slot: Any) -> None:
        keep_alone(place, records, size, slot)
        if late:
            late.pop()
            raise Trouble("second-copy-failed")

    monkeypatch.setattr(SecondPlace, "keep_alone", keep_late)
