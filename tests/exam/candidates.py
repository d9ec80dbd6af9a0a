"""Candidates whose machines crash, sleep, are paused and get minutes, with a stopwatch beside each of them.

`Room` is one candidate at one station: it turns the clock by hand, ticks as the screen does, and does to the station what
the dice say. Its stopwatch (`ran_ms`) knows what is true: how long the program ran, awake, with the sitting running. The
station is a face with few methods (`InMemory` here, a real `Station` in tests/delivery/test_fairness.py).
"""

import random
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Protocol

import pytest

from cbt_station.artefacts.journal import JournalRecord, write_line
from cbt_station.delivery.running import RunningSitting
from cbt_station.delivery.sitting_folder import OpenSitting
from cbt_station.errors import Refusal
from cbt_station.exam.clock import started
from cbt_station.exam.events import SittingStarted
from cbt_station.exam.form import Form, FormItem
from cbt_station.exam.interactions import ChoiceInteraction, Option
from cbt_station.exam.sitting import apply
from tests.delivery.hand_clock import HandClock
from tests.exam.second_fold import MINUTE_MS, Told, fold_lines

LONGEST_TICK_MS = 1_000
MOST_BACK_MS = 2_000
"""What an interruption may give back, in the candidate's favour."""
CHOICE = ChoiceInteraction(tuple(Option(name, ()) for name in "abc"))
FORM = Form("b", tuple(FormItem(item=f"i{n}", section="S", options=("a", "b", "c")) for n in range(8)))


class Face(Protocol):
    """A station as a candidate and a proctor meet it."""

    item: str

    def tick(self) -> None: ...
    def answer(self) -> None: ...
    def act(self, act: str, minutes: int) -> None: ...
    def die_and_reopen(self, meanwhile: Callable[[], None]) -> None: ...
    def lines(self) -> list[str]: ...
    def is_over(self) -> bool: ...


class JournalInMemory:
    """What `delivery.running` asks of a journal, with a list for a disk: whatever was appended is durable."""

    def __init__(self, first, clock, facts) -> None:
        self.facts, self.failure, self.is_waiting = facts, None, False
        self.state, self.clock = apply(None, first), clock
        self.records = [JournalRecord("", write_line(first), "")]

    def append(self, events, clock) -> None:
        state = self.state
        for event in events:
            state = apply(state, event)
        self.state, self.clock = state, clock
        self.records += [JournalRecord("", write_line(event), "") for event in events]

    def checkpoint_if_due(self) -> None: ...


class InMemory:
    """`delivery.running` itself over a journal in memory."""

    item = "i0"

    def __init__(
        self, clock: HandClock, allotted_ms: int, warnings_ms: tuple[int, ...] = (30_000, 5_000)
    ) -> None:
        now = clock.read()
        facts = SimpleNamespace(form=FORM, blueprint=SimpleNamespace(warnings_ms=warnings_ms), fence=1)
        first = SittingStarted(
            seq=1, mono_ms=now.mono_ms, boot=now.boot, wall=now.wall, left_ms=allotted_ms, sitting="s", start="n",
            form="f", allotted_ms=allotted_ms, language="id", fence=1,
        )  # fmt: skip
        self._clock, self._acts = clock, 0
        self._journal = JournalInMemory(first, started(allotted_ms, now), facts)
        self._open()

    def tick(self) -> None:
        self._running.tick()

    def answer(self) -> None:
        self._running.answer(self.item, "b")

    def act(self, act: str, minutes: int) -> None:
        self._acts += 1
        self._running.act(act, minutes, f"act {self._acts}", "note")

    def die_and_reopen(self, meanwhile: Callable[[], None]) -> None:
        meanwhile()
        self._open()
        self._running.go_on()

    def lines(self) -> list[str]:
        return [record.line for record in self._journal.records]

    def is_over(self) -> bool:
        return self._journal.state.status == "ended"

    def _open(self) -> None:
        self._running = RunningSitting(
            OpenSitting(None, self._journal, b""), self._clock, None, lambda _item: CHOICE
        )


class Room:
    """One candidate, one clock, one stopwatch, and the dice."""

    def __init__(self, clock: HandClock, face: Face, allotted_ms: int, dice: random.Random) -> None:
        self.clock, self.face, self.dice = clock, face, dice
        self.allotted_ms, self.granted_ms, self.ran_ms = allotted_ms, 0, 0
        self.paused = False
        self._since_tick_ms = self._slept_unseen_ms = 0
        self.died_at_ms: list[tuple[int, bool]] = []
        """The monotonic clock at each death (without sleep that the station has not seen), and whether the sitting was running."""

    @property
    def owed_ms(self) -> int:
        return self.allotted_ms + self.granted_ms

    def run_until(self, ran_ms: int) -> None:
        """Let the candidate work until the stopwatch shows this, with a tick at least once a second."""
        while self.ran_ms < ran_ms and not self.face.is_over():
            self._pass(min(self.dice.randint(600, LONGEST_TICK_MS), ran_ms - self.ran_ms))
            self._tick()

    def _tick(self) -> None:
        self.face.tick()
        self._since_tick_ms = self._slept_unseen_ms = 0

    def _act(self, act: str, minutes: int) -> None:
        self.face.act(act, minutes)
        self._slept_unseen_ms = 0

    def _pass_some(self) -> None:
        """Awake time in which no tick is due."""
        self._pass(
            self.dice.randint(0, max(0, min(999 - self._since_tick_ms, self.owed_ms - self.ran_ms - 2)))
        )

    def _pass(self, ms: int) -> None:
        self.clock.forward(ms)
        self._since_tick_ms += ms
        if not self.paused:
            self.ran_ms += ms

    def suffer(self, what: str) -> None:
        dice = self.dice
        match what:
            case "crash" | "power":
                self._pass_some()
                self.died_at_ms.append((self.clock.mono_ms - self._slept_unseen_ms, not self.paused))
                self.face.die_and_reopen(lambda: self._be_dead(what))
                self._since_tick_ms = self._slept_unseen_ms = 0
            case "suspend":
                self._pass_some()
                slept_ms = dice.choice([500, 2_000, 9_000, 60_000, 28_800_000])
                self._slept_unseen_ms += slept_ms
                self.clock.sleep(slept_ms)
                if dice.random() < 0.5:
                    self._tick()
            case "pause" if not self.paused:
                self._act("pause", 0)
                self.paused = True
                for _ in range(dice.randint(0, 5)):
                    self._pass(900)
                    self._tick()
                if dice.random() < 0.3:
                    self.suffer(dice.choice(["crash", "power", "suspend", "grant"]))
                self._act("resume", 0)
                self.paused = False
            case "grant":
                minutes = dice.randint(1, 2)
                self._act("grant", minutes)
                self.granted_ms += minutes * MINUTE_MS
            case "wall":
                self.clock.wall_offset_ms += dice.choice([-1, 1]) * dice.choice(
                    [1_500, 3_000, 3_600_000, 10**9]
                )

    def _be_dead(self, what: str) -> None:
        self.clock.reboot() if what == "power" else None
        self.clock.forward(self.dice.choice([0, 700, 5_000, 3_600_000]))


def play(room: Room, happenings: list[tuple[float, str]]) -> Told:
    """A whole sitting, with what happens at parts of the allotted time; every claim is tried on the way.

    1. In the last millisecond of what is owed an answer counts; nobody gets less.
    2. When each death has given back the most that it may, no answer counts any more; nobody gets more.
    3. The end came once, at the tick after the end; and the journal's lines alone tell the same.
    """
    for part, what in sorted(happenings):
        room.run_until(int(part * room.allotted_ms))
        room.suffer(what)
    room.run_until(room.owed_ms - 1)
    room.face.answer()  # 1
    deaths = sum(running for _, running in room.died_at_ms)
    room.run_until(room.owed_ms + deaths * MOST_BACK_MS)
    with pytest.raises(Refusal, match=r"^(time-is-up|sitting-ended)"):  # 2
        room.face.answer()
    room.run_until(room.ran_ms + LONGEST_TICK_MS)
    told = fold_lines(room.face.lines())  # 3
    back = list(_given_back(room, told))
    assert all(0 <= ms <= MOST_BACK_MS for ms in back), back
    assert (told.ends, told.running, told.left_ms, told.answers) == (1, False, 0, {room.face.item: "b"})
    assert (told.allotted_ms, told.granted_ms) == (room.allotted_ms, room.granted_ms)
    assert 0 <= room.ran_ms - (told.consumed_ms + sum(back)) <= LONGEST_TICK_MS
    return told


def _given_back(room: Room, told: Told) -> Iterator[int]:
    """What each death gave back: from the last durable reading to the death."""
    deaths = [gap for gap in told.gaps if gap["cause"] in ("crash", "power")]
    for (died_at_ms, running), gap in zip(room.died_at_ms, deaths, strict=True):
        yield died_at_ms - gap["mono_before_ms"] if running else 0
