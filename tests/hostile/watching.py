"""What a process touched: every file that Python opened and every call outward, and what the kernel saw beneath it.

Python's own audit events see what Python does; the libraries beneath it (Qt, libxml2, resvg) are seen by `strace`, where it
is there. Both know the same few places that may be read: Python, its libraries, the program with its assets, fonts and
the machine's settings, and the case's own folder.
"""

import os
import re
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
_OWN: Final = (ROOT / "cbt_station", ROOT / "assets", ROOT / "tests", ROOT / ".venv")
_SYSTEM: Final = (
    "/proc/",
    "/sys/",
    "/lib/",
    "/lib64/",
    "/usr/lib/",
    "/usr/lib64/",
    "/usr/local/lib/",
    "/usr/share/",
    "/usr/local/share/",
    "/usr/bin/",
    "/etc/fonts/",
    "/etc/ld.so.",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/xdg/",
    "/etc/machine-id",
    "/var/cache/fontconfig/",
    "/var/lib/dbus/machine-id",
    "/dev/urandom",
    "/dev/null",
    "/dev/shm/",  # noqa: S108 - a place that libraries use
)
_CALLS: Final = re.compile(
    r"socket\.(connect|bind|sendto|sendmsg|getaddrinfo|gethostbyname|gethostbyaddr)|urllib\.Request|http\.client\.connect"
    r"|ftplib\.connect|smtplib\.connect|webbrowser\.open"
)
_PROGRAMS: Final = re.compile(r"subprocess\.Popen|os\.(system|exec|posix_spawn|startfile)|pty\.spawn")
RASTERISER: Final = "cbt_station.banks.rasterising"


def may_read(path: str, own: tuple[str, ...]) -> bool:
    """Whether a path is one of the few places; `own`: the folders of the case."""
    plain = os.path.normpath(path)
    places = (
        *own,
        *_SYSTEM,
        *(f"{place}/" for place in _OWN),
        f"{sys.prefix}/",
        f"{sys.base_prefix}/",
        f"{sysconfig.get_paths()['stdlib']}/",
    )
    return plain == str(ROOT) or any(
        plain.startswith(place) or plain == place.rstrip("/") for place in places
    )


def listen_to_python(own: tuple[str, ...], complain: Callable[[str], None]) -> None:
    """From now on to the end of this process; what is not allowed is named and refused."""

    def heard(event: str, arguments: tuple[object, ...]) -> None:
        if event in (
            "open",
            "os.listdir",
            "os.scandir",
            "os.remove",
            "os.rename",
            "os.mkdir",
            "os.symlink",
            "os.link",
        ):
            _require_own(event, arguments[0], own, complain)
        elif _CALLS.fullmatch(event) or (_PROGRAMS.fullmatch(event) and RASTERISER not in str(arguments)):
            complain(f"{event} {str(arguments)[:120]}")
            raise PermissionError(event)

    sys.addaudithook(heard)


def _require_own(event: str, path: object, own: tuple[str, ...], complain: Callable[[str], None]) -> None:
    if not isinstance(path, str | bytes | os.PathLike):
        return  # a number: a file that is open already
    name = os.fsdecode(path)
    if not may_read(str(Path.cwd() / name), own):
        complain(f"{event} {name[:200]}")
        raise PermissionError(name)


# What strace wrote

BEGIN: Final = "/hostile-case-begins/"
END: Final = "/hostile-case-ends/"
STRACE: Final = ("strace", "-f", "-qq", "-s", "200", "--seccomp-bpf", "-e", "signal=none", "-e")
SEEN: Final = (
    "trace=open,openat,openat2,creat,connect,sendto,sendmsg,socket,execve,rename,renameat,unlink,link,symlink"
)
_PATH: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_CALL: Final = re.compile(r"^(?:\[pid +\d+\] |\d+ +)?(\w+)\((.*)")


def strace_complaints(trace: Path, folders: Callable[[str], tuple[str, ...]]) -> dict[str, list[str]]:
    """What the kernel saw between each case's marks, by the case's number: files elsewhere, sockets, other programs."""
    found: dict[str, list[str]] = {}
    case = ""
    with trace.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            call = _CALL.match(line)
            if call is None:
                continue
            name, rest = call.groups()
            path = _PATH.search(rest)
            said = path[1] if path else ""
            if said.startswith(BEGIN):
                case = said.removeprefix(BEGIN)
                found[case] = []
            elif said.startswith(END):
                case = ""
            elif case and (complaint := _complaint(name, rest, said, folders(case))):
                found[case].append(complaint)
    return found


def _complaint(name: str, rest: str, path: str, own: tuple[str, ...]) -> str | None:
    if name in ("connect", "sendto", "sendmsg", "socket"):
        # The rasteriser's Python talks to it by pipes; a socket of any family is one too many.
        return f"{name} {rest[:120]}"
    if name == "execve":
        return None if RASTERISER in rest else f"execve {rest[:120]}"
    if not path.startswith("/"):
        inside = "AT_FDCWD" not in rest and name in ("openat", "openat2")  # beneath a folder that was opened
        return None if inside else f"{name} {path[:160]}"
    return None if may_read(path, own) else f"{name} {path[:160]}"
