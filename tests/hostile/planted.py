"""Programs with one fault each, which the watch must catch before anybody believes that the others have none."""

import contextlib
import ctypes
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.hostile.case import Case, World
from tests.hostile.playing import Played

Fault = Callable[[Path, World], Played]


def _opens(_target: Path, world: World) -> Played:
    return Played("exact", shown=str(len(world.text.read_bytes())))


def _opens_beneath(_target: Path, world: World) -> Played:
    """As Qt and libxml2 do: Python hears nothing of it."""
    libc = ctypes.CDLL(None)
    libc.open(str(world.text).encode(), 0)
    return Played("exact")


def _looks_into_a_folder(_target: Path, world: World) -> Played:
    return Played("exact", shown=str(sorted(world.outside.iterdir())))


def _asks_for_a_share(_target: Path, _world: World) -> Played:
    ctypes.CDLL(None).open(b"\\\\server\\share\\x.png", 0)
    return Played("exact")


def _calls(_target: Path, world: World) -> Played:
    with contextlib.suppress(OSError):
        socket.socket().connect(("127.0.0.1", world.port))
    return Played("exact")


def _calls_beneath(_target: Path, _world: World) -> Played:
    libc = ctypes.CDLL(None)
    libc.socket(2, 1, 0)
    return Played("exact")


def _starts(_target: Path, _world: World) -> Played:
    with contextlib.suppress(PermissionError):
        subprocess.run([sys.executable, "-c", "pass"], check=False)
    return Played("exact")


def _burns(_target: Path, _world: World) -> Played:
    until = time.process_time() + 1.3
    while time.process_time() < until:
        pass
    return Played("exact")


def _never_ends(_target: Path, _world: World) -> Played:
    time.sleep(3_600)
    return Played("exact")


def _allocates(_target: Path, _world: World) -> Played:
    return Played("exact", shown=str(len(bytearray(600 << 20))))


def _brings_in(target: Path, world: World) -> Played:
    """What another process told it, without opening anything itself."""
    target.mkdir()
    (target / "x.md").write_text(world.secret, "utf-8")
    return Played("exact")


def _writes_beside(target: Path, _world: World) -> Played:
    (target.parent / "beside.txt").write_text("x", "utf-8")
    return Played("exact")


def _says_nothing(_target: Path, _world: World) -> Played:
    return Played("exact", shown="pertanyaan")


def _crashes(_target: Path, _world: World) -> Played:
    raise KeyError("x")


FAULTS: Final[dict[str, tuple[Fault, str]]] = {
    "opens a file outside": (_opens, "open OUTSIDE"),
    "opens a file outside beneath Python": (_opens_beneath, "OUTSIDE"),
    "looks into a folder outside": (_looks_into_a_folder, "os.listdir OUTSIDE"),
    "asks for a share": (_asks_for_a_share, "server"),
    "calls somebody": (_calls, "socket.connect"),
    "makes a socket beneath Python": (_calls_beneath, "socket"),
    "starts a program": (_starts, "subprocess.Popen"),
    "takes too long": (_burns, "processor"),
    "never ends": (_never_ends, "SIGALRM"),
    "takes too much memory": (_allocates, "MiB"),
    "brings the secret in": (_brings_in, "the secret"),
    "writes beside the target": (_writes_beside, "beside.txt"),
    "says nothing of what it dropped": (_says_nothing, "does not name"),
    "crashes": (_crashes, "KeyError"),
}
"""By name: the fault, and what the complaint about it has in it."""


def _nothing(folder: Path, _world: World) -> Path:
    return folder


PLANTED: Final = tuple(Case(f"planted/{name}", "planted", _nothing, names=("script",)) for name in FAULTS)
