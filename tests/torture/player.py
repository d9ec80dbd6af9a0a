"""Plays one sitting in a process of its own, preloaded with `shim.c`: the real `run_drive`, a scripted candidate.

A server: everything is imported once, each order forks. Order and report are one JSON line each, on stdin and stdout.

`python -m tests.torture.player`, with LD_PRELOAD; `recorder.Recorder` starts it.
"""

import ctypes
import datetime as dt
import os
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec

from cbt_station.delivery import drive, journal
from cbt_station.delivery.drive import DriveOptions, run_drive
from cbt_station.exam.clock import Reading
from cbt_station.storage.reserve import Reserve
from tests.delivery.small_session import RECORDING, RECORDING_MS
from tests.delivery.writer_thread import write_in_threads
from tests.torture.model import chance_of
from tests.torture.planted import IN_THE_STATION

SMALL_RESERVE = 1 << 16
TICK_S, PATIENCE_S = 0.01, 30.0
LONGEST_S = 60


ALL_CLASSES, KILL = 15, -1


class Fail(msgspec.Struct, frozen=True):
    """Which operation fails: number `at` of these classes (`shim.c`); sticky: and all later ones in its folder.

    Error KILL: the process is killed before it.
    """

    classes: int
    at: int
    error: int
    sticky: bool

    @classmethod
    def kill_at(cls, number: int) -> "Fail":
        return cls(ALL_CLASSES, number, KILL, sticky=False)


class Plan(msgspec.Struct, frozen=True):
    """How a sitting goes. `plain`: six answers, a flag, the end; else chance chooses."""

    seed: int
    answers: int = 8
    end: Literal["finish", "die", "close", "clock"] = "finish"
    plain: bool = False
    acts: bool = False
    checkpoint_every: int = 300
    step_ms: tuple[int, int] = (1, 900)
    mono_ms: int = 1_000_000
    boot: str = "boot-1"


class Order(msgspec.Struct, frozen=True):
    """One sitting to be played and recorded."""

    log: str
    report: str
    roots: tuple[str, ...]
    session: str
    data: str
    second: str | None
    venue_key: bytes
    passphrase: str
    number: str
    code: str
    plan: Plan
    fault: str | None = None
    fail: Fail | None = None


class Report(msgspec.Struct, frozen=True):
    """How it ended. `traces`: what no program should raise; `failed_root`: where the planned failure struck."""

    exit_code: int | None
    traces: tuple[str, ...]
    failed_root: int


class StepClock:
    """Every look at it moves it, so that a clock that was read twice shows. Now and then the machine sleeps."""

    def __init__(self, plan: Plan) -> None:
        self._chance, self._plan = chance_of("clock", plan.seed), plan
        self._mono_ms = plan.mono_ms
        self._lock = threading.Lock()

    def read(self) -> Reading:
        with self._lock:
            step = self._chance.randint(*self._plan.step_ms)
            if not self._plan.plain and self._chance.random() < 0.02:
                step += 12_000
            self._mono_ms += step
            wall = dt.datetime.fromisoformat("2026-12-01T09:00:00+07:00") + dt.timedelta(
                milliseconds=self._mono_ms
            )
            return Reading(self._mono_ms, self._plan.boot, wall.isoformat(timespec="milliseconds"))


class Candidate:
    """The driver's input and output in one: asks, waits for the answer, asks again."""

    def __init__(self, plan: Plan, shim: ctypes.CDLL, said: int, die: Any) -> None:
        self._plan, self._shim, self._said, self._die = plan, shim, said, die
        self._chance = chance_of("candidate", plan.seed)
        self._answered = threading.Semaphore(0)
        self._last: dict[str, Any] = {}
        self._is_sealed = False
        self._lines = self._asked()

    # --- output -------------------------------------------------------------------------------------------------

    def write(self, text: str) -> int:
        os.write(self._said, text.encode())
        self._last = msgspec.json.decode(text)
        self._is_sealed = self._is_sealed or self._last.get("state") == "sealed"
        self._answered.release()
        return len(text)

    def flush(self) -> None:
        pass

    # --- input --------------------------------------------------------------------------------------------------

    def readline(self, _most: int = -1) -> str:
        return next(self._lines, "")

    def _asked(self) -> Iterator[str]:
        steps = self._plain() if self._plan.plain else self._any()
        for command in steps:
            line = msgspec.json.encode(command)
            self._shim.torture_asked(line, len(line))
            yield f"{line.decode()}\n"
            self._wait()
            if self._is_sealed:
                return
        if self._plan.end == "die":
            self._die()

    def _wait(self) -> None:
        if not self._answered.acquire(timeout=LONGEST_S):
            raise TimeoutError("no answer")

    def _plain(self) -> Iterator[dict[str, Any]]:
        yield {"do": "start"}
        if not self._last["ok"]:  # somebody tries again
            yield {"do": "start"}
        items = [cell["id"] for cell in self._last.get("items", [])]
        for number, item in enumerate(items[:6]):
            yield {"do": "choose", "item": item, "answer": "abcde"[number % 5]}
        yield from (self._play(item) for item in items[-1:])
        if items:
            yield {"do": "flag", "item": items[0]}
        yield {"do": "finish"}

    def _any(self) -> Iterator[dict[str, Any]]:
        yield {"do": "start"}
        if not self._last["ok"]:
            return
        items = [cell["id"] for cell in self._last["items"]]
        paused = self._last["state"] == "paused"
        for _ in range(self._plan.answers):
            if self._chance.random() < 0.3:
                time.sleep(4 * TICK_S)  # the driver's clock ticks in the pause
            if paused:
                yield {"do": "act", "act": "resume", "words": "lanjut"}
                paused = False
            command = self._one(items)
            paused = command.get("act") == "pause"
            yield command
        if paused and self._plan.end in {"clock", "finish"}:
            yield {"do": "act", "act": "resume", "words": "lanjut"}
        if self._plan.end == "clock":
            yield from self._until_the_end(items)
        elif self._plan.end == "finish":
            yield {"do": "finish"}

    def _one(self, items: list[str]) -> dict[str, Any]:  # noqa: PLR0911 - one return a deed
        item, dice = self._chance.choice(items), self._chance.random()
        if self._plan.acts and dice < 0.15:
            return self._one_act()
        if dice < 0.65:
            return {"do": "choose", "item": item, "answer": self._chance.choice("abcde")}
        if dice < 0.75:
            return {"do": "clear", "item": item}
        if dice < 0.80:
            return {"do": "flag", "item": item, "on": self._chance.random() < 0.7}
        if dice < 0.85:
            return self._play(items[-1])
        if dice < 0.95:
            return {"do": "show", "item": item}
        return {"do": "language", "language": self._chance.choice(("id", "en"))}

    def _play(self, item: str) -> dict[str, Any]:
        """A recording; refused where it was played as often as it may be."""
        return {"do": "play", "item": item, "media": RECORDING, "length_ms": RECORDING_MS}

    def _one_act(self) -> dict[str, Any]:
        if self._chance.random() < 0.3:
            return {"do": "act", "act": "grant", "minutes": self._chance.randint(1, 5), "words": "listrik"}
        return {"do": "act", "act": "pause", "words": "hujan"}

    def _until_the_end(self, items: list[str]) -> Iterator[dict[str, Any]]:
        while not self._is_sealed:
            if not self._last.get("ok"):  # the time is up; the line about the result comes by itself
                self._wait()
                continue
            yield {"do": "choose", "item": self._chance.choice(items), "answer": "a"}


def play(order: Order) -> None:
    """In the forked process; never returns."""
    traces: list[str] = []
    exit_code: int | None = None
    shim = ctypes.CDLL(None)
    said = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)

    def report() -> None:
        found = Report(exit_code, tuple(traces), shim.torture_failed())
        Path(order.report).write_bytes(msgspec.json.encode(found))
        shim.torture_die()

    threading.excepthook = lambda args: traces.append("".join(traceback.format_exception(args.exc_value)))
    sys.unraisablehook = lambda args: traces.append(f"{args.err_msg}: {args.exc_value}")
    drive.TICK_S, drive.PATIENCE_S = TICK_S, PATIENCE_S  # type: ignore[misc]
    journal.COMMITS_BETWEEN_CHECKPOINTS = order.plan.checkpoint_every  # type: ignore[misc]
    Reserve.__init__.__defaults__ = (SMALL_RESERVE,)  # type: ignore[attr-defined]  # states are written a million times
    write_in_threads()  # the shim sees one process, and it is the same code
    if order.fault:
        IN_THE_STATION[order.fault]()
    if order.fail:
        failing = order.fail
        shim.torture_fail(failing.classes, ctypes.c_long(failing.at), failing.error, int(failing.sticky))
    shim.torture_begin(order.log.encode(), ":".join(order.roots).encode(), said)
    candidate = Candidate(order.plan, shim, said, report)
    try:
        exit_code = run_drive(candidate, candidate, _options(order), clock=StepClock(order.plan))  # type: ignore[arg-type]
    except BaseException:  # noqa: BLE001 - whatever comes out is a finding
        traces.append(traceback.format_exc())
    report()


def _options(order: Order) -> DriveOptions:
    return DriveOptions(
        session=Path(order.session),
        data=Path(order.data),
        venue_key=order.venue_key,
        passphrase=order.passphrase,
        candidate=order.number,
        code=order.code,
        second=Path(order.second) if order.second else None,
    )


def serve() -> None:
    orders = msgspec.json.Decoder(Order)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            play(orders.decode(line))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
