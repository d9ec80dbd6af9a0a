"""Opening a journal of 2,000 events (every line, the chain, the signatures, the fold), beside reading its bare rows.

What a candidate waits for after a power cut, and what `recover` does. The goal is of the product alone: under 100 ms.
"""

from collections.abc import Iterable
from pathlib import Path

from cbt_station.delivery.journal import SCHEMA, open_journal
from cbt_station.delivery.sitting_folder import JOURNAL
from cbt_station.storage.encrypted import open_database
from tests.bench.growth_line import begun, staged, worker
from tests.bench.harness import Line, compare, timed
from tests.delivery.hand_clock import HandClock

EVENTS = 2_000
IN_A_ROUND = 15


def measure(folder: Path) -> Line:
    stage, clock = staged(folder), HandClock()
    station = begun(stage, folder / "data", clock)
    work = worker(station, clock)
    while station.view().seq < EVENTS:
        work()
    opened = station._need_running().opened
    path, key, head = opened.folder.path / JOURNAL, opened.database_key, station.head
    station.close()

    def whole() -> None:
        journal = open_journal(path, key, None)
        assert (len(journal.records), journal.head) == (EVENTS, head)
        journal.close()

    def bare() -> None:
        database = open_database(path, key, must_exist=True, schema=SCHEMA)
        assert len(database.read("SELECT * FROM journal")) == EVENTS
        database.close()

    def product(_round: int) -> Iterable[int]:
        return [timed(whole) for _ in range(IN_A_ROUND)]

    def reference(_round: int) -> Iterable[int]:
        return [timed(bare) for _ in range(IN_A_ROUND)]

    return compare("open and fold 2,000 events", product, reference, goal="under 100 ms")
