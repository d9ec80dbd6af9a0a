"""One small session for all tests of delivery, and stations that are closed at the end."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from cbt_station.delivery.station import Station
from tests.delivery.hand_clock import HandClock
from tests.delivery.small_session import PASSPHRASE, SmallSession, make_session

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallSession:
    return make_session(tmp_path_factory.mktemp("session") / "kecil")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def at_station(tmp_path: Path, small: SmallSession, clock: HandClock) -> Iterator[Callable[..., Station]]:
    """`at_station(data="data", …)` opens a station; the one before it with the same data folder is closed."""
    opened: dict[str, Station] = {}

    def open_one(session: SmallSession = small, data: str = "data", **more: object) -> Station:
        if data in opened:
            opened[data].close()
        more = {"patience_s": 30.0} | more
        station = Station.open(session.path, tmp_path / data, clock=clock, **more)  # type: ignore[arg-type]
        opened[data] = station
        return station

    yield open_one
    for station in opened.values():
        station.close()


def begin(station: Station, session: SmallSession, number: str = "1001", language: str = "id") -> Station:
    """Unlock, check in, start."""
    if station.info.phase == "locked":
        station.unlock(session.venue_key, PASSPHRASE, session.code)
    station.check_in_unasked(number)
    station.start(language)
    return station


_living: list["DriveProcess"] = []


@pytest.fixture(autouse=True)
def no_process_is_left() -> Iterator[None]:
    """Whatever a failed test leaves behind is killed, by its own handle."""
    yield
    while _living:
        _living.pop().kill()


class DriveProcess:
    """`run_drive` in a process of its own, to be killed, starved or robbed of its disk."""

    def __init__(
        self,
        session: SmallSession,
        data: Path,
        *,
        second: Path | None = None,
        number: str = "1001",
        before: tuple[str, ...] = (),
        preexec: Callable[[], None] | None = None,
    ) -> None:
        key = session.path.with_name(f"{session.path.name}-venue.key")
        key.write_bytes(session.venue_key)
        arguments = [str(session.path), str(data), str(key), PASSPHRASE, number, session.code]
        arguments += [str(second)] if second else []
        self.process = subprocess.Popen(
            [*before, sys.executable, "-m", "tests.delivery.drive_process", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
            preexec_fn=preexec,  # noqa: PLW1509 - a limit can only be set in the child
        )

        _living.append(self)

    def send(self, **command: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(msgspec.json.encode(command) + b"\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, object]:
        """The next line out, or {} when there is none any more."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        return msgspec.json.decode(line) if line.endswith(b"\n") else {}

    def ask(self, **command: object) -> dict[str, object]:
        try:
            self.send(**command)
        except BrokenPipeError:
            return {}
        return self.answer()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._close()

    def finish(self) -> int:
        """End of input; the exit code."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        code = self.process.wait(timeout=60)
        self._close()
        return code

    def _close(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
