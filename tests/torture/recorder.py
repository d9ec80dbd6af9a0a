"""Records sittings: starts the player under the shim, reads its log, and holds the log to the disk.

A recording is everything that happened below two folders, `station/` (the data folder is `station/data`) and `stick/`
(the second place), with every acknowledgement in its place. One temporary place for all, in memory where there is one.
"""

import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tests.delivery.small_session import PASSPHRASE, SmallSession, make_session
from tests.torture.model import Disk, File, Op, chance_of, disk_of
from tests.torture.player import KILL, Fail, Order, Plan, Report

ROOT = Path(__file__).resolve().parents[2]
SHIM = Path(__file__).with_name("shim.c")
_HEAD = struct.Struct("=BiiqqII")
NUMBER = "1001"


class NoCompilerError(Exception):
    """This machine has no `cc`, so nothing can be recorded."""


@dataclass(frozen=True)
class Sessions:
    """The same small exam in three kinds."""

    plain: SmallSession
    short: SmallSession
    """40 seconds, so that the clock ends it."""
    two_places: SmallSession
    """Sealed only when the second place has everything."""


@dataclass(frozen=True)
class Life:
    """One process from its start to its end."""

    ops: tuple[Op, ...]
    report: Report
    was_killed: bool


@dataclass(frozen=True)
class Recording:
    """One sitting as it was played, by one process or several, from the disk as it stood before."""

    plan: Plan
    session: SmallSession
    second: bool
    lives: tuple[Life, ...]
    before: Path
    after: Path
    """The folders as the last process left them."""

    @property
    def ops(self) -> tuple[Op, ...]:
        return tuple(op for life in self.lives for op in life.ops)

    @property
    def traces(self) -> tuple[str, ...]:
        return tuple(trace for life in self.lives for trace in life.report.traces)

    def disk(self) -> Disk:
        """The disk at the beginning; feed it `ops`."""
        disk = disk_of(self.before)
        disk.root = str(self.after)
        return disk


def scratch() -> Path:
    """A new temporary folder, in memory where the machine has such a place."""
    memory = Path("/dev/shm")  # noqa: S108 - only for speed
    return Path(tempfile.mkdtemp(prefix="torture-", dir=memory if os.access(memory, os.W_OK) else None))


@contextmanager
def scratch_folder() -> Iterator[Path]:
    place = scratch()
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def make_sessions(place: Path) -> Sessions:
    return Sessions(
        plain=make_session(place / "plain"),
        short=make_session(
            place / "short", session="kecil-2", allotted_ms=40_000, warnings_ms=(20_000, 10_000)
        ),
        two_places=make_session(place / "two", session="kecil-3", least_level="second"),
    )


def build_shim(place: Path) -> Path:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        raise NoCompilerError
    built = place / "shim.so"
    if not built.is_file():
        made = [compiler, "-shared", "-fPIC", "-O2", "-o", str(built), str(SHIM), "-ldl", "-lpthread"]
        subprocess.run(made, check=True)
    return built


class Recorder:
    """One player, which plays one sitting after the other."""

    def __init__(self, place: Path) -> None:
        self._place, self._count = place, 0
        environment = os.environ | {"LD_PRELOAD": str(build_shim(place)), "PYTHONDONTWRITEBYTECODE": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.player"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=environment,
            text=True,
        )
        self._line()

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def record(
        self,
        session: SmallSession,
        plan: Plan,
        *,
        second: bool = True,
        before: Path | None = None,
        fault: str | None = None,
        lives: tuple[Fail | None, ...] = (None,),
    ) -> Recording:
        """Play a sitting. `before` is a folder with station/ and stick/ to go on from; `drop` gives the space back.

        Each of `lives` is a process, and what fails in it; each goes on with what the one before left in the folder, where
        what was not sure stays unsure.
        """
        self._count += 1
        place = self._place / f"recording-{self._count}"
        start, after = place / "before", place / "after"
        for folder in (start / "station", start / "stick"):
            folder.mkdir(parents=True)
        if before is not None:
            shutil.copytree(before, start, dirs_exist_ok=True)
        shutil.copytree(start, after)
        order = Order(
            log=str(place / "log"),
            report=str(place / "report"),
            roots=(str(after / "station"), str(after / "stick")),
            session=str(session.path),
            data=str(after / "station" / "data"),
            second=str(after / "stick") if second else None,
            venue_key=session.venue_key,
            passphrase=PASSPHRASE,
            number=NUMBER,
            code=session.code,
            plan=plan,
            fault=fault,
            fail=None,
        )
        lived = []
        for number, fail in enumerate(lives):
            later = msgspec.structs.replace(
                plan, seed=plan.seed + number, mono_ms=plan.mono_ms + number * 10_000_000
            )
            lived.append(self._live(msgspec.structs.replace(order, fail=fail, plan=later)))
        return Recording(plan, session, second, tuple(lived), start, after)

    def _live(self, order: Order) -> Life:
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(order).decode() + "\n")
        self._process.stdin.flush()
        status = self._line()
        ops = tuple(read_log(Path(order.log).read_bytes()))
        if status == str(int(signal.SIGKILL)) and order.fail and order.fail.error == KILL:
            return Life(ops, Report(None, (), -1), was_killed=True)
        if status != "0":
            raise RuntimeError(f"the player ended with status {status}")
        return Life(ops, msgspec.json.decode(Path(order.report).read_bytes(), type=Report), was_killed=False)

    def drop(self, recording: Recording) -> None:
        shutil.rmtree(recording.before.parent, ignore_errors=True)

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the player is gone")
        return line.strip()


def read_log(data: bytes) -> Iterator[Op]:
    at = 0
    while at < len(data):
        kind, descriptor, error, offset, length, first, second = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        middle, end = at + first, at + first + second
        yield Op(kind, descriptor, error, offset, length, data[at:middle], data[middle:end])
        at = end


def require_nothing_escaped(recording: Recording) -> None:
    """What the log says is what the disk holds, byte for byte; else the recorder itself is at fault."""
    disk, real = recording.disk(), disk_of(recording.after)
    for op in recording.ops:
        disk.apply(op)
    ours = {name: _seen(node) for name, node in disk.walk().items() if not name.endswith("-shm")}
    theirs = {name: _seen(node) for name, node in real.walk().items()}
    if ours != theirs:
        differ = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
        raise AssertionError(f"the log and the disk differ in {differ}")


def any_plan(seed: int) -> Plan:
    """A plan by chance: how many answers, how it ends, how often the log is moved into the database."""
    chance = chance_of("plan", seed)
    end = chance.choice(("finish", "finish", "die", "close", "clock"))
    return Plan(
        seed=seed,
        answers=chance.randint(3, 12),
        end=end,
        acts=chance.random() < 0.4,
        checkpoint_every=chance.choice((3, 5, 300)),
        step_ms=(1, 2500 if end == "clock" else chance.choice((40, 900, 2500))),
        mono_ms=chance.randint(10_000, 10_000_000),
    )


def _seen(node: object) -> bytes | None:
    return node.now().digest if isinstance(node, File) else None
