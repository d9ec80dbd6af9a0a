"""Ten thousand candidates, each with their own crashes, sleeps, pauses and grants: who gets how much time?

Everybody has allotted + granted, not a millisecond less, and at most 2 s more for each time that the program died (what
ran since the last durable reading). Tried by answers in the last millisecond, and recomputed from the journal's lines by
`second_fold`, which shares no code with the product. Here `delivery.running` runs over a journal in memory; the same
people at real stations with real disks are in tests/delivery/test_fairness.py.
"""

import random

import pytest

from cbt_station.errors import Refusal
from tests.delivery.hand_clock import HandClock
from tests.exam.candidates import InMemory, Room, play
from tests.exam.second_fold import FalseTimeError, fold_lines

CANDIDATES = 10_000
HAPPENINGS = ("crash", "power", "suspend", "pause", "grant", "wall")


def candidate(number: int, allotted_ms: int | None = None) -> Room:
    dice = random.Random(number)  # noqa: S311 - the same people every time
    clock = HandClock()
    clock.rate = dice.choice([1.0, 1.0, 0.5, 2.0, 0.999, 1.02])
    allotted_ms = allotted_ms or dice.randint(20_000, 90_000)
    return Room(clock, InMemory(clock, allotted_ms), allotted_ms, dice)


def dice_of(room: Room) -> list[tuple[float, str]]:
    weights = (5, 5, 5, 4, 1, 2)
    count = room.dice.choice([0, 1, 1, 2, 3, 4, 8])
    return [(room.dice.random(), what) for what in room.dice.choices(HAPPENINGS, weights, k=count)]


def play_first(count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        room = candidate(number)
        play(room, dice_of(room))


@pytest.mark.parametrize("thousand", range(CANDIDATES // 1_000))
def test_everybody_gets_what_was_allotted_and_granted(thousand: int) -> None:
    play_first(1_000, first=thousand * 1_000)


def test_an_exam_of_100_minutes_with_twenty_interruptions_is_as_fair() -> None:
    for number in range(3):
        room = candidate(CANDIDATES + number, allotted_ms=6_000_000)
        play(room, [(room.dice.random(), room.dice.choice(HAPPENINGS)) for _ in range(20)])


# --- the harness finds what it is for -----------------------------------------------------------------------------


def unfair(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """One planted fault."""
    from cbt_station.delivery import running
    from cbt_station.exam import clock

    reopened, noticed = clock.reopened, clock.noticed
    match what:
        case "a crash costs what passed since the last durable reading":

            def costs(before, now):
                after, gap = reopened(before.advanced(now) if before.at.boot == now.boot else before, now)
                return after, gap

            monkeypatch.setattr(running, "reopened", costs)
        case "a sleep is consumed":
            monkeypatch.setattr(clock.Reading, "awake_ms", property(lambda self: self.mono_ms))
        case "readings are kept every 5 s":
            monkeypatch.setattr(running, "KEEP_AFTER_MS", 5_000)
        case "the end is a second early":
            left = clock.ExamClock._left_at_reading.fget
            monkeypatch.setattr(
                clock.ExamClock, "_left_at_reading", property(lambda self: max(0, left(self) - 1_000))
            )
        case "a sleep is not written down":
            monkeypatch.setattr(running, "noticed", lambda before, now: (noticed(before, now)[0], None))
        case "a pause goes on counting":
            monkeypatch.setattr(clock.ExamClock, "paused", clock.ExamClock.advanced)


@pytest.mark.parametrize(
    "what",
    [
        "a crash costs what passed since the last durable reading",
        "a sleep is consumed",
        "readings are kept every 5 s",
        "the end is a second early",
        "a sleep is not written down",
        "a pause goes on counting",
    ],
)
def test_a_planted_unfairness_is_found(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    unfair(monkeypatch, what)
    with pytest.raises((AssertionError, FalseTimeError, Refusal, pytest.fail.Exception)):
        play_first(200)


def test_a_line_that_gives_a_millisecond_more_is_found() -> None:
    room = candidate(1)
    play(room, [(0.5, "suspend")])
    lines = room.face.lines()
    place = len(lines) // 2
    left = fold_lines(lines[: place + 1]).left_ms
    false = lines[place].replace(f'"left_ms":{left}', f'"left_ms":{left + 1}')
    with pytest.raises(FalseTimeError):
        fold_lines([*lines[:place], false, *lines[place + 1 :]])
