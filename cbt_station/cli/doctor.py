"""`doctor`: what this machine lacks to be a station, hub or centre, and the line that mends each.

Every examination is a function without arguments but the folder it looks at; it answers with what it found, and raises
nothing. Sizes are MiB.
"""

import datetime as dt
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer
from msgspec import Struct

from cbt_station.cli.console import AsJson, give, say, words
from cbt_station.errors import Failure, Refusal, Trouble

STATION, HUB, CENTRE = ROLES = ("station", "hub", "centre")
LEAST_FREE_MIB: Final = 1024
LEAST_MEMORY_MIB: Final = 1024
"""Opening a code takes 256 MiB at once; the exam itself, Qt and the system take the rest."""
LEAST_YEAR: Final = 2026
MOST_SECONDS_OF_QT: Final = 60
_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")


class Finding(Struct, frozen=True):
    """What one examination found: fine or not, and in what words of its own (versions, sizes)."""

    fine: bool
    found: str


class Examination(Struct, frozen=True):
    """`name` is a key in words/ (`doctor.NAME`, and `doctor.NAME_mend` for the line that mends it).

    `roles` need it; no role at all: it is only good to have.
    """

    name: str
    does: Callable[[Path], Finding]
    roles: tuple[str, ...] = ROLES


def register(app: typer.Typer) -> None:
    """Hang the command into the application."""
    app.command("doctor")(doctor)


def doctor(
    role: Annotated[
        str | None, typer.Option("--for", help="station, hub or centre; all if not given")
    ] = None,
    data: Annotated[Path, typer.Option(help="the folder where exam data will lie")] = Path(),
    as_json: AsJson = False,
) -> None:
    """What this machine lacks to be a station, hub or centre, and the line that mends each."""
    if role is not None and role not in ROLES:
        raise Refusal("role-unknown", role=role, known=", ".join(ROLES))
    rows = [_examined(one, data) for one in EXAMINATIONS]
    for row in rows:
        _tell(row)
    lacks = {one: [row.name for row in rows if not row.fine and one in row.roles] for one in ROLES}
    for one, missing in lacks.items():
        key = "lacks" if missing else "ready"
        say(f"doctor.{key}", role=words()(f"doctor.role_{one}"), count=len(missing))
    # Without a role: what no role can do without.
    needed = lacks[role] if role else sorted(set.intersection(*(set(found) for found in lacks.values())))
    told = [msgspec.to_builtins(row) for row in rows] if as_json else []
    if needed:
        raise Trouble("machine-lacks", where=role or "", missing=", ".join(needed), examinations=told)
    give(as_json, ready=[one for one in ROLES if not lacks[one]], examinations=told)


class _Row(Struct, frozen=True):
    """One line of the report; `mend` is the line that mends it."""

    name: str
    fine: bool
    found: str
    roles: tuple[str, ...]
    mend: str


def _examined(examination: Examination, data: Path) -> _Row:
    try:
        finding = examination.does(data)
    except (OSError, ImportError, subprocess.SubprocessError, Failure) as error:
        finding = Finding(False, str(error))
    mend = "" if finding.fine else words()(f"doctor.{examination.name}_mend")
    return _Row(examination.name, finding.fine, finding.found, examination.roles, mend)


def _tell(row: _Row) -> None:
    mark, what = "✓" if row.fine else "✗", words()(f"doctor.{row.name}")
    typer.echo(f"  {mark} {what}: {row.found}", err=True)
    if row.mend:
        typer.echo(f"      {row.mend}", err=True)


# --- the examinations -------------------------------------------------------------------------------------------


def _python(_: Path) -> Finding:
    version = sys.version_info
    return Finding(version >= (3, 11), ".".join(map(str, version[:3])))


def _libraries(_: Path) -> Finding:
    """Every library that the package asks for is installed."""
    missing = []
    for line in importlib.metadata.requires("cbt-station") or []:
        name = _NAME.match(line)
        if name is None or "extra ==" in line:
            continue
        try:
            importlib.metadata.version(name[0])
        except importlib.metadata.PackageNotFoundError:
            missing.append(name[0])
    return Finding(not missing, ", ".join(missing) or "✓")


def _sealing(_: Path) -> Finding:
    """The cryptography that is installed can do what sealing needs, post-quantum keys among it."""
    from cbt_station.sealing.age import HybridIdentity, decrypt, encrypt

    key = HybridIdentity.generate()
    return Finding(decrypt(encrypt(b"seal", key.recipient), key) == b"seal", "mlkem768x25519")


def _database(data: Path) -> Finding:
    """An encrypted database opens, and is durable as it must be."""
    from cbt_station.storage.encrypted import open_database

    with tempfile.TemporaryDirectory(dir=data) as folder:
        open_database(Path(folder) / "doctor.db", os.urandom(32), must_exist=False).close()
    return Finding(True, "SQLCipher")


def _fonts(_: Path) -> Finding:
    from cbt_station.travelling import travelling

    fonts = list((travelling("assets") / "fonts").glob("*.ttf"))
    return Finding(bool(fonts), str(len(fonts)))


def _qt(_: Path) -> Finding:
    """Qt starts without a screen: tried in a process of its own, because a missing library ends a process."""
    program = "from PySide6.QtGui import QGuiApplication; QGuiApplication([]); print('ok')"
    run = subprocess.run(  # noqa: S603 (our own interpreter, our own words)
        [sys.executable, "-c", program],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS_OF_QT,
        check=False,
    )
    told = run.stderr.strip().splitlines()
    return Finding(
        run.returncode == 0, "PySide6" if run.returncode == 0 else (told or [str(run.returncode)])[-1][:200]
    )


def _screen(_: Path) -> Finding:
    from cbt_station.screens.application import window_refused

    refused = window_refused()
    shown = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.name
    return Finding(not refused, refused or shown)


def _disk(data: Path) -> Finding:
    """A file and its name survive a power cut, as far as the system promises it; memory is no disk."""
    from cbt_station.storage.files import write_durably

    with tempfile.TemporaryDirectory(dir=data) as folder:
        write_durably(Path(folder) / "doctor", b"durable")
    kind = _file_system(data)
    return Finding(kind not in ("tmpfs", "ramfs"), kind or "fsync")


def _file_system(data: Path) -> str:
    """The kind of the file system that holds a folder, where the system tells (Linux)."""
    mounts = Path("/proc/self/mounts")
    if not mounts.is_file():
        return ""
    best, kind, place = -1, "", str(data.resolve())
    for line in mounts.read_text(errors="replace").splitlines():
        _, at, found, *_ = line.split(" ")
        if (place == at or place.startswith(at.rstrip("/") + "/")) and len(at) >= best:
            best, kind = len(at), found
    return kind


def _space(data: Path) -> Finding:
    free = shutil.disk_usage(data).free >> 20
    return Finding(free >= LEAST_FREE_MIB, f"{free} MiB")


def _memory(_: Path) -> Finding:
    if not hasattr(os, "sysconf"):
        return Finding(True, "?")
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    return Finding(whole >= LEAST_MEMORY_MIB, f"{whole} MiB")


def _clock(_: Path) -> Finding:
    """The wall clock stands at a plausible date and knows its zone; the monotonic one goes forward."""
    now = dt.datetime.now().astimezone()
    before = time.monotonic_ns()
    goes = time.monotonic_ns() >= before
    return Finding(goes and now.year >= LEAST_YEAR, now.isoformat(timespec="seconds"))


def _poppler(_: Path) -> Finding:
    found = [tool for tool in ("pdftoppm", "pdfsig") if shutil.which(tool)]
    return Finding(len(found) == 2, ", ".join(found))


EXAMINATIONS: Final = (
    Examination("python", _python),
    Examination("libraries", _libraries),
    Examination("sealing", _sealing),
    Examination("database", _database, (STATION, HUB)),
    Examination("disk", _disk),
    Examination("space", _space),
    Examination("memory", _memory),
    Examination("clock", _clock),
    Examination("fonts", _fonts),
    Examination("qt", _qt, (STATION, HUB)),
    Examination("screen", _screen, (STATION, HUB)),
    Examination("poppler", _poppler, ()),
)
