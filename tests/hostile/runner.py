"""Plays cases, each in a process of its own that is watched: `python -m tests.hostile.runner WORK NUMBER OF [CASE …]`.

The parent loads everything once and then forks for each case, so that a case costs what it does itself. It measures the
case's own processor time (also of the programs that it started) and how much its memory grew, looks at every file that is
there afterwards, and writes one line of JSON a case. Times are milliseconds, memory is MiB.
"""

import contextlib
import hashlib
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from tests.hostile.case import Case, Screen, World
from tests.hostile.corpus import all_cases
from tests.hostile.planted import PLANTED
from tests.hostile.playing import Played, play
from tests.hostile.watching import BEGIN, END, listen_to_python

WATCHDOG_S: Final = 60
"""Wall time after which a case is ended: a loaded machine is no fault, what never ends is."""
WATCHDOG_CPU_S: Final = 20
MOST_MORE: Final = 1_024 << 20
"""Address space beyond what is there at the start: twice what a case may use, so that what uses too much is seen."""


def main(arguments: list[str]) -> int:
    work, number, of, *only = Path(arguments[0]), int(arguments[1]), int(arguments[2]), *arguments[3:]
    around = json.loads((work / "world.json").read_text("utf-8"))
    world = World(Path(around["outside"]), around["port"], around["secret"])
    cases = [*PLANTED, *all_cases()] if "planted" in only else list(all_cases())
    chosen = [case for place, case in enumerate(cases) if place % of == number and _is_chosen(case, only)]
    _warm()
    with (work / f"played-{number}.jsonl").open("w", encoding="utf-8") as out:
        for case in chosen:
            out.write(json.dumps(run(case, work, world)) + "\n")
            out.flush()
    return 0


def _is_chosen(case: Case, only: Sequence[str]) -> bool:
    return not only or any(case.name.startswith(begin) for begin in only)


def _warm() -> None:
    """What any first import and first question load."""
    import babel.messages.mofile
    import babel.messages.pofile
    import mammoth
    import python_calamine
    from PIL import Image

    from cbt_station.banks import formulas
    from cbt_station.words import words_in
    from tests.hostile.on_screen import warm

    _ = babel, mammoth, python_calamine
    Image.init()
    formulas.draw(r"\frac{1}{2}+\sqrt{x}")
    for language in ("id", "en"):
        words_in(language)
    warm()


def folder_of(work: Path, name: str) -> Path:
    """Where a case lives; its name has no sign that could matter to a path."""
    return work / "cases" / hashlib.sha256(name.encode()).hexdigest()[:12]


def run(case: Case, work: Path, world: World) -> dict[str, Any]:
    """One case: made, played, measured, looked over."""
    home = folder_of(work, case.name)
    for part in ("source", "target", "tmp", "cwd"):
        (home / part).mkdir(parents=True)
    (home / "target").rmdir()
    within = home / "source" / "a" / "b"  # a loose file of QTI may lie two folders deep in its package
    within.mkdir(parents=True)
    source = _in_another_process(lambda: case.make(within, world)) if case.way != "station" else None  # type: ignore[call-arg, arg-type]
    before = _files(home / "source"), _files(world.outside)
    started = time.monotonic()
    measured = _forked(case, home, source, world)
    _mark(END, home)  # also where the case itself did not come so far
    measured["wall_ms"] = round((time.monotonic() - started) * 1000)
    complaints = measured["complaints"]
    if (_files(home / "source"), _files(world.outside)) != before:
        complaints.append("a file that was there is another one now")
    for place in home.iterdir():
        if (place.name in ("tmp", "cwd") and any(place.iterdir())) or place.name not in (
            "source",
            "target",
            "tmp",
            "cwd",
        ):
            complaints.append(
                f"something was left at {place.name}: {[one.name for one in place.rglob('*')][:3]}"
            )
    for path in (home / "target").rglob("*") if (home / "target").is_dir() else ():
        if path.is_symlink() or (path.is_file() and world.secret.encode() in path.read_bytes()):
            complaints.append(f"the secret (or a link) is in {path.relative_to(home)}")
    return {"name": case.name, **measured}


def _files(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path): (stat.st_size, stat.st_mtime_ns) for path in folder.rglob("*") for stat in [path.lstat()]
    }


def _in_another_process(make: Callable[[], Path]) -> Path:
    """Making a case may take memory, which must not be the parent's."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            os.write(writing, str(make()).encode())
        except BaseException:  # noqa: BLE001 - the parent says that it could not be made
            import traceback

            traceback.print_exc()
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        said = stream.read().decode()
    os.waitpid(child, 0)
    if not said:
        raise RuntimeError("the case could not be made")
    return Path(said)


def _forked(case: Case, home: Path, source: Path | None, world: World) -> dict[str, Any]:
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _child(case, home, source, world, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        said = stream.read()
    _, status = os.waitpid(child, 0)
    if not said:
        ended = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else f"exit {status}"
        return {
            "outcome": "ended",
            "complaints": [f"the program was ended by {ended}"],
            "cpu_ms": 0,
            "mib": 0,
        }
    measured: dict[str, Any] = json.loads(said)
    return measured


def _child(case: Case, home: Path, source: Path | None, world: World, answer: int) -> None:
    """The process of one case: never returns."""
    complaints: list[str] = []
    try:
        os.environ["TMPDIR"] = str(home / "tmp")
        import tempfile

        tempfile.tempdir = str(home / "tmp")
        os.chdir(home / "cwd")
        made: Path | Screen = case.make(world) if source is None else source  # type: ignore[call-arg, arg-type]
        _limit(WATCHDOG_S if case.way != "planted" else 6)
        began, at_first = _cpu_ms(), _resident("VmRSS")
        _forget_peak()
        listen_to_python((f"{home}/", BEGIN, END), complaints.append)
        _mark(BEGIN, home)
        played = play(case, made, home / "target", world)
        _mark(END, home)
        said = {
            **msgspec.to_builtins(played),
            "cpu_ms": round(_cpu_ms() - began),
            "mib": round(max(_resident("VmHWM") - at_first, _children(at_first)), 1),
        }
        complaints += played.leaks
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the answer
        said = {**msgspec.to_builtins(Played("crash", crash=repr(error))), "cpu_ms": 0, "mib": 0}
    said["complaints"] = [one for one in complaints if one]
    data = json.dumps(said).encode()
    while data:
        data = data[os.write(answer, data) :]
    os._exit(0)


def _limit(seconds: int) -> None:
    signal.alarm(seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (WATCHDOG_CPU_S, WATCHDOG_CPU_S))
    most = int(_resident("VmSize") * (1 << 20)) + MOST_MORE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _mark(which: str, home: Path) -> None:
    """A file that is nowhere, so that the kernel's log says where a case begins and ends."""
    with contextlib.suppress(FileNotFoundError, PermissionError):
        os.close(os.open(f"{which}{home.name}", os.O_RDONLY))


def _cpu_ms() -> float:
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime)


def _children(at_first: float) -> float:
    """The largest program that was started; what it had from us before it began is not its own."""
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return most if most > at_first * 1.2 else 0


def _resident(what: str) -> float:
    with Path("/proc/self/status").open(encoding="ascii") as status:
        line = next(line for line in status if line.startswith(f"{what}:"))
    return int(line.split()[1]) / 1024


def _forget_peak() -> None:
    with Path("/proc/self/clear_refs").open("w", encoding="ascii") as file:
        file.write("5")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
