"""What an answer writes: two pages of the database (its line's, the clock slot's) and seldom more, however long the sitting.

That it is one sync is counted from outside, in test_syncs.py; that it survives, in test_power_cut.py.
"""

import pytest

from cbt_station.delivery.station import Station
from tests.delivery.conftest import begin
from tests.delivery.hand_clock import HandClock
from tests.delivery.small_session import SmallSession

ANSWERS = 40


@pytest.fixture
def station(small: SmallSession, tmp_path):
    station = begin(Station.open(small.path, tmp_path / "data", clock=HandClock()), small)
    yield station
    station.close()


def pages_of(station: Station, answers: int) -> list[int]:
    """How many pages the write-ahead log grows by, answer by answer."""
    database = station._need_running().journal._database
    order, grown, before = station.view().option_order, [], _log(database)
    for number in range(answers):
        item = list(order)[number % len(order)]
        station.choose(item, order[item][number % len(order[item])])
        after = _log(database)
        grown.append(after - before)
        before = after
    return grown


def _log(database) -> int:
    return database.read("PRAGMA wal_checkpoint(NOOP)")[0][1]


def test_an_answer_writes_two_pages_and_seldom_more(station):
    grown = pages_of(station, ANSWERS)
    assert min(grown) == 2
    assert max(grown) <= 6, "a full page is divided"
    assert sum(grown) <= 2.5 * ANSWERS


def test_the_thousandth_answer_writes_no_more_than_the_first(station):
    pages_of(station, 1_000)
    assert sum(pages_of(station, ANSWERS)) <= 2.5 * ANSWERS
