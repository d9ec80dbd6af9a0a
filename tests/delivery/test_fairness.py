"""The people of tests/exam/test_fairness.py at real stations: real journals on a disk, closed and opened at each death.

The number is small because every second of theirs is a real commit; CBT_CANDIDATES plays more. A death here is a station
that is let go between two calls; that `kill -9` leaves the same behind is tried in test_kill.py, power cuts in
test_power_cut.py.
"""

import itertools
import os
import random

import pytest

from cbt_station.delivery.station import Station
from tests.delivery.conftest import begin
from tests.delivery.hand_clock import HandClock
from tests.delivery.small_session import make_session
from tests.exam.candidates import Room, play
from tests.exam.second_fold import fold_lines

CANDIDATES = int(os.environ.get("CBT_CANDIDATES", "50"))
HAPPENINGS = ("crash", "power", "suspend", "pause", "grant", "wall")
ALLOTTED_MS = 30_000


class AtStation:
    """A real `Station` and its data folder."""

    def __init__(self, clock, session, data) -> None:
        self._clock, self._session, self._data = clock, session, data
        self.station = begin(self._open(), session)
        self.item = self.station.view().cells[0].item

    def _open(self) -> Station:
        return Station.open(self._session.path, self._data, clock=self._clock, patience_s=30.0)

    def tick(self) -> None:
        self.station.tick()

    def answer(self) -> None:
        self.station.choose(self.item, "b")

    def act(self, act, minutes) -> None:
        self.station.act(self.station.unsigned_act(act, minutes, "listrik padam"))

    def die_and_reopen(self, meanwhile) -> None:
        self.station.close()
        meanwhile()
        self.station = self._open()
        self.station.resume()

    def lines(self) -> list[str]:
        return [record.line for record in self.station._running.journal.records]

    def is_over(self) -> bool:
        return self.station.view().phase == "sealed"


@pytest.fixture(scope="module")
def shortest(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shortest") / "s"
    return make_session(folder, allotted_ms=ALLOTTED_MS, warnings_ms=(20_000, 5_000))


def test_at_a_real_station_everybody_gets_what_was_allotted_and_granted(shortest, tmp_path):
    happened = set()
    for number in range(CANDIDATES):
        dice, clock = random.Random(number), HandClock()  # noqa: S311 - the same people every time
        face = AtStation(clock, shortest, tmp_path / str(number))
        clock.rate = dice.choice([1.0, 0.5, 2.0])
        try:
            weights = (5, 5, 5, 4, 0.3, 2)
            script = dice.choices(HAPPENINGS, weights, k=dice.choice([1, 2, 3, 6]))
            told = play(Room(clock, face, ALLOTTED_MS, dice), [(dice.random(), what) for what in script])
            sealed = face.station.finish()
            assert (sealed.ended_by, sealed.answered) == ("clock", 1)
            happened |= {gap["cause"] for gap in told.gaps}
        finally:
            face.station.close()
    assert happened >= {"crash", "power", "suspend"} or CANDIDATES < 10


def test_the_second_fold_agrees_at_every_line_with_what_the_screen_showed(shortest, tmp_path):
    """After each call: the lines so far give the time left that the view gave."""
    dice, clock = random.Random(7), HandClock()  # noqa: S311 - the same every time
    face = AtStation(clock, shortest, tmp_path / "data")
    room = Room(clock, face, ALLOTTED_MS, dice)
    try:
        for what in itertools.islice(itertools.cycle(["suspend", "crash", "pause", "power"]), 12):
            room.run_until(room.ran_ms + 1_500)
            room.suffer(what)
            face.answer()
            assert fold_lines(face.lines()).left_ms == face.station.view().left_ms
    finally:
        face.station.close()
