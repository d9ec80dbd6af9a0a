"""A run of the corpus: the world around it, its workers, and what became of every case."""

import json
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from PIL import Image

from tests.hostile.case import World
from tests.hostile.playing import SECRET_PIXEL
from tests.hostile.watching import ROOT, SEEN, STRACE, strace_complaints

LONGEST_S: Final = 900


@dataclass
class Run:
    """What became of every case by its name; `strace`: why the kernel was not watched, empty where it was."""

    played: dict[str, dict[str, Any]]
    world: World
    strace: str
    calls: list[str] = field(default_factory=list)


def play_all(only: Sequence[str] = (), workers: int = 2, *, kernel: bool = True) -> Run:
    """Play the cases whose names begin so (or all), each once."""
    with _world() as (work, world, calls):
        why = _no_strace(work) if kernel else "not asked for"
        command = [sys.executable, "-m", "tests.hostile.runner", str(work)]
        running = [
            subprocess.Popen(
                [*_watched(work, number, why), *command, str(number), str(workers), *only],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for number in range(workers)
        ]
        for one in running:
            said, _ = one.communicate(timeout=LONGEST_S)
            if one.returncode:
                raise RuntimeError(f"a worker failed: {said[-3_000:]}")
        played = {
            line["name"]: line
            for number in range(workers)
            for line in _lines(work / f"played-{number}.jsonl")
        }
        if not why:
            for number in range(workers):
                _add_kernel(played, work, number)
        return Run(played, world, why, calls)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _watched(work: Path, number: int, why: str) -> list[str]:
    return [] if why else [*STRACE, SEEN, "-o", str(work / f"trace-{number}.txt")]


def _no_strace(work: Path) -> str:
    """Why the kernel cannot be watched here; empty where it can."""
    if sys.platform != "linux" or shutil.which("strace") is None:
        return "strace is not installed"
    try:
        done = subprocess.run(
            [*STRACE, SEEN, "-o", str(work / "trace-x.txt"), "true"],
            capture_output=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return "" if done.returncode == 0 else f"strace: {done.stderr.decode()[-80:]}"


def _add_kernel(played: dict[str, dict[str, Any]], work: Path, number: int) -> None:
    from tests.hostile.runner import folder_of

    seen = strace_complaints(work / f"trace-{number}.txt", lambda case: (f"{work}/cases/{case}/",))
    for name, one in played.items():
        one["complaints"] += [f"kernel: {said}" for said in seen.get(folder_of(work, name).name, ())]


@contextmanager
def _world() -> Iterator[tuple[Path, World, list[str]]]:
    """A folder to work in, beside one with secrets that nobody may read, and a port at which somebody listens."""
    root = Path(tempfile.mkdtemp(prefix="h"))
    calls: list[str] = []
    with _listening(calls) as port:
        work, outside = root / "w", root / "o"
        work.mkdir()
        world = World(outside, port, f"RAHASIA{secrets.token_hex(8)}")
        _plant(world)
        (work / "world.json").write_text(json.dumps(asdict(world) | {"outside": str(outside)}), "utf-8")
        try:
            yield work, world, calls
        finally:
            shutil.rmtree(root, ignore_errors=True)


def _plant(world: World) -> None:
    world.outside.mkdir()
    said = world.secret
    files = {
        "rahasia.txt": said,
        "rahasia.md": said,
        "rahasia.css": f'p::after {{ content: "{said}"; display: none }}',
        "rahasia.dtd": f'<!ENTITY rahasia "{said}">',
        "rahasia.xml": f"<p>{said}</p>",
        "rahasia.svg": f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>{said}</text></svg>',
        "rahasia.yaml": f"rahasia: {said}",
        "rahasia.html": f"<p>{said}</p>",
    }
    for name, text in files.items():
        (world.outside / name).write_text(text, "utf-8")
    Image.new("RGB", (64, 64), SECRET_PIXEL).save(world.outside / "rahasia.png")


@contextmanager
def _listening(calls: list[str]) -> Iterator[int]:
    """Counts who calls the port of a TCP server on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    connection, address = server.accept()
                except TimeoutError:
                    continue
                calls.append(str(address))
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            over.set()
            thread.join()
