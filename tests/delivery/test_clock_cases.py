"""Five hundred clocks: set back, set forward, in another zone, past 2038, too fast, too slow, in each moment of a sitting.

No second is gained or lost (an answer in the last millisecond counts, none after it; the second fold agrees), and whatever
the wall clock did beyond 2 s stands in the journal. Every case runs `delivery.running` over a journal in memory, every
twentieth a real `Station`. What is told is compared with the walls and monotonic readings of the lines themselves.
"""

import datetime as dt
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from cbt_station.delivery.wall_watch import DRIFT_EVERY_MS, MOST_APART_MS
from tests.delivery.hand_clock import HandClock
from tests.delivery.small_session import make_session
from tests.delivery.test_fairness import AtStation
from tests.exam.candidates import InMemory, Room, play
from tests.exam.second_fold import Told

ALLOTTED_MS, LONG_MS = 30_000, 150_000
DEAD_MS = 65_000
"""What `HandClock.reboot` lets pass on the wall."""
SECOND, HOUR, DAY, YEAR = 1_000, 3_600_000, 86_400_000, 31_557_600_000
UTC = dt.timezone.utc  # noqa: UP017 - the same name as in the table


@dataclass(frozen=True)
class Case:
    """`change` happens to the clock in a `moment`; `by_ms` is how far the wall moved, `rate` how fast it runs."""

    name: str
    moment: str
    by_ms: int = 0
    rate: float = 1.0
    zone_hours: int | None = None
    starts: str = ""

    def change(self, clock: HandClock) -> None:
        clock.wall_offset_ms += self.by_ms
        if self.zone_hours is not None:
            clock.zone = dt.timezone(dt.timedelta(hours=self.zone_hours))


SMALL = {
    "a millisecond": 1,
    "half a second": 500,
    "a leap second": SECOND,
    "a second and a half": 1_500,
    "two seconds": 2_000,
}
LARGE = {
    "a little over two seconds": 2_001,
    "five seconds": 5 * SECOND,
    "a minute": 60 * SECOND,
    "the hour of daylight saving, by hand": HOUR,
    "seven hours, a zone taken for another": 7 * HOUR,
    "a day": DAY,
    "thirty days": 30 * DAY,
    "a year": YEAR,
    "ten years": 10 * YEAR,
}
ZONES = {"an hour east": 8, "an hour west": 6, "daylight saving by the zone's own rule": 8, "to UTC": 0}
PLACES = {  # where the wall clock starts, and how far it is set
    "over 2038 as it runs": ("2038-01-19T03:13:55+00:00", 0),
    "from 2026 to after 2038": ("", 12 * YEAR),
    "back from 2038 to 1901, a wrapped counter": ("2038-01-19T03:14:00+00:00", -(2**32) * SECOND),
    "back to 1970, an empty battery": ("", -56 * YEAR),
    "over a new year as it runs": ("2026-12-31T23:59:50+00:00", 0),
    "over a leap day as it runs": ("2028-02-28T23:59:50+00:00", 0),
}
RATES = (0.5, 0.6, 0.75, 0.9, 0.95, 0.99, 0.999, 1.001, 1.01, 1.05, 1.1, 1.25, 1.5, 1.75, 2.0)


def _at_once(_room: Room, change: Callable[[], None]) -> None:
    change()


def _die(room: Room, meanwhile: Callable[[], None]) -> None:
    room.died_at_ms.append((room.clock.mono_ms, True))
    room.face.die_and_reopen(meanwhile)


def _paused(room: Room, change: Callable[[], None]) -> None:
    room.face.act("pause", 0)
    room.paused = True
    for step in (lambda: None, change, lambda: None):
        room.clock.forward(900)
        step()
        room.face.tick()
    room.face.act("resume", 0)
    room.paused = False


def _asleep(room: Room, change: Callable[[], None]) -> None:
    room.clock.sleep(HOUR)
    change()
    room.face.tick()


def _crashed(room: Room, change: Callable[[], None]) -> None:
    _die(room, lambda: (change(), room.clock.forward(5_000)))


def _power_cut(room: Room, change: Callable[[], None]) -> None:
    _die(room, lambda: (room.clock.reboot(), change()))


def _granted(room: Room, change: Callable[[], None]) -> None:
    change()
    room.face.act("grant", 1)
    room.granted_ms += 60_000


MOMENTS: dict[str, tuple[int, Callable[[Room, Callable[[], None]], object]]] = {
    "in the first second": (0, _at_once),
    "between two ticks": (10_400, _at_once),
    "before an answer": (10_400, lambda room, change: (change(), room.face.answer())),
    "before a grant": (12_000, _granted),
    "while paused": (13_000, _paused),
    "while asleep": (14_000, _asleep),
    "in a crash": (15_000, _crashed),
    "in a power cut": (16_000, _power_cut),
    "at a warning": (ALLOTTED_MS - 5_001, _at_once),
    "in the last second": (
        ALLOTTED_MS - 700,
        lambda room, change: (change(), room.clock.forward(100), room.face.tick()),
    ),
}


def cases() -> Iterator[Case]:
    for moment in MOMENTS:
        for name, by_ms in (SMALL | LARGE).items():
            yield Case(f"set back by {name}", moment, by_ms=-by_ms)
            yield Case(f"set forward by {name}", moment, by_ms=by_ms)
        for name, hours in ZONES.items():
            yield Case(f"zone: {name}", moment, zone_hours=hours)
        for name, (starts, by_ms) in PLACES.items():
            yield Case(name, moment, by_ms=by_ms, starts=starts)
        for rate in RATES:
            yield Case(f"runs {rate:g} times as fast", moment, rate=rate)


TABLE = list(cases())


def clock_of(case: Case) -> HandClock:
    clock = HandClock()
    clock.rate = case.rate
    if case.starts:
        now = dt.datetime.fromisoformat(clock.read().wall)
        clock.wall_offset_ms = round((dt.datetime.fromisoformat(case.starts) - now).total_seconds() * 1000)
    return clock


def sit(case: Case, room: Room) -> Told:
    """The sitting with its change, to the end; `play` tries that no second was gained or lost."""
    at_ms, suffer = MOMENTS[case.moment]
    room.run_until(at_ms)
    ran_before = room.clock.mono_ms, room.clock.slept_ms, room.clock.boot
    suffer(room, lambda: case.change(room.clock))
    if case.moment == "in the last second":
        room.ran_ms += room.clock.mono_ms - ran_before[0]
    return play(room, [])


def apart_ms(line: dict) -> int:
    """Wall minus monotonic, of one line."""
    wall = dt.datetime.fromisoformat(line["wall"]) - dt.datetime(1970, 1, 1, tzinfo=UTC)
    return round(wall.total_seconds() * 1000) - line["mono_ms"]


def most_untold_ms(lines: list[dict]) -> int:
    """The furthest that the wall clock was away, within a boot, from what the lines had told by then."""
    most, base, before = 0, apart_ms(lines[0]), lines[0]
    for line in lines[1:]:
        if line["boot"] != before["boot"]:
            base = apart_ms(line)
        elif line["t"] == "wall-jumped" and before.get("cause") != "power":  # that one compares two boots
            base += line["by_ms"]
        if line["t"] != "gap":  # a gap is told first, in the same breath
            most = max(most, abs(apart_ms(line) - base))
        before = line
    return most


def check_told(case: Case, told: Told, lines: list[dict]) -> None:
    drift_ms = round(abs(case.rate - 1) * DRIFT_EVERY_MS)
    assert most_untold_ms(lines) <= MOST_APART_MS + drift_ms + round(2_000 * abs(case.rate - 1))
    if case.rate != 1:
        expected = abs(case.rate - 1) * LONG_MS > 2 * MOST_APART_MS
        assert not expected or told.wall_moved_ms
        assert all((by_ms > 0) == (case.rate > 1) for by_ms in told.wall_moved_ms)
        return
    seen_ms = min(0, case.by_ms + DEAD_MS) if case.moment == "in a power cut" else case.by_ms
    assert len(told.wall_moved_ms) == (abs(seen_ms) > MOST_APART_MS)
    for by_ms in told.wall_moved_ms:
        slack_ms = 2_000 if case.moment == "in a power cut" else 0  # since the last durable reading
        assert abs(by_ms - seen_ms) <= slack_ms


def test_the_table_has_500_cases_and_each_its_name() -> None:
    assert len(TABLE) >= 500
    assert len({(case.name, case.moment) for case in TABLE}) == len(TABLE)


def try_in_memory(case: Case) -> None:
    allotted_ms = LONG_MS if case.rate != 1 else ALLOTTED_MS
    clock = clock_of(case)
    face = InMemory(clock, allotted_ms)
    try:
        told = sit(case, Room(clock, face, allotted_ms, random.Random(1)))  # noqa: S311 - the same ticks
        check_told(case, told, [json.loads(line) for line in face.lines()])
    except BaseException as error:
        error.add_note(f"the clock: {case.name}, {case.moment}")
        raise


def try_all() -> None:
    for case in TABLE:
        try_in_memory(case)


@pytest.mark.parametrize("moment", MOMENTS)
def test_no_second_is_gained_or_lost_and_every_jump_is_told(moment: str) -> None:
    for case in TABLE:
        if case.moment == moment:
            try_in_memory(case)


@pytest.fixture(scope="module")
def shortest(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shortest") / "s"
    wide = {"opens": "1900-01-01T00:00:00+07:00", "closes": "2099-01-01T00:00:00+07:00"}
    return make_session(folder, allotted_ms=ALLOTTED_MS, warnings_ms=(20_000, 5_000), **wide)


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{case.name}, {case.moment}") for case in TABLE[::20] if case.rate == 1]
)
def test_a_real_station_is_as_steady(case: Case, shortest, tmp_path) -> None:
    clock = clock_of(case)
    face = AtStation(clock, shortest, tmp_path / "data")
    try:
        told = sit(case, Room(clock, face, ALLOTTED_MS, random.Random(1)))  # noqa: S311 - the same ticks
        check_told(case, told, [json.loads(line) for line in face.lines()])
    finally:
        face.station.close()


# --- the harness finds what it is for -----------------------------------------------------------------------------


@pytest.mark.parametrize("blind", ["to jumps", "to drift", "over a restart", "between a tick and an answer"])
def test_a_product_that_is_blind_is_found(monkeypatch: pytest.MonkeyPatch, blind: str) -> None:
    from cbt_station.delivery import running, wall_watch

    moved = wall_watch.WallWatch.moved_ms
    apart = wall_watch._apart_ms

    def sees(self, kept, now):
        by_ms = moved(self, kept, now)
        jumped = abs(apart(kept, now)) > MOST_APART_MS
        return {"to jumps": 0 if jumped else by_ms, "to drift": by_ms if jumped else 0}[blind]

    match blind:
        case "over a restart":
            monkeypatch.setattr(wall_watch, "_apart_ms", lambda a, b: apart(a, b) if a.boot == b.boot else 0)
        case "between a tick and an answer":
            answer = running.RunningSitting.answer

            def blindly(self, *args):
                before = self._wall.moved_ms
                self._wall.moved_ms = lambda *_: 0
                try:
                    answer(self, *args)
                finally:
                    self._wall.moved_ms = before

            monkeypatch.setattr(running.RunningSitting, "answer", blindly)
        case _:
            monkeypatch.setattr(wall_watch.WallWatch, "moved_ms", sees)
    with pytest.raises(AssertionError):
        try_all()
