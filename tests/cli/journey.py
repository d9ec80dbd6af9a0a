"""A whole session by the commands alone, each a process of its own, as an organisation would type them.

Every command is run with `--json` where it has it, and its last line read. Key files and codes take their real work
(scrypt 2^18), so keys are made two at a time.
"""

import contextlib
import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

ORG = "cbt.example"
SESSION = "umum-1"
VENUE = "jkt-07"
LOG = f"{ORG}/log/v1/test"
PASSPHRASE = "sembilan puluh lima"
ROOT = Path(__file__).resolve().parents[2]
BANK = ROOT / "question_banks" / "general-en"
BLUEPRINT = BANK / "blueprints" / "general-short.yaml"
CANDIDATES = ("26-0001", "26-0002", "26-0003")
ABSENT = "26-0004"
LATEST_S = 120
KEYS = [
    *((role, f"{ORG}/{role}/{who}") for role in ("root", "committee", "release") for who in "ab"),
    *((role, f"{ORG}/{role}/{VENUE}") for role in ("venue", "hub", "standby")),
    *(("proctor", f"{ORG}/proctor/{VENUE}/{who}") for who in ("ani", "bayu")),
    *((role, f"{ORG}/{role}/1") for role in ("witness", "score", "results", "escrow")),
    ("log", LOG),
    ("pdf", f"{ORG}/pdf/1"),
]
"""Every role that there is, and just enough of each."""


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        told = json.loads(self.out.splitlines()[-1])
        assert isinstance(told, dict)
        return told


def environment() -> dict[str, str]:
    """The commands' environment: the passphrase, one language, and nothing else of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CBT_")}
    return {**kept, "CBT_PASSPHRASE": PASSPHRASE, "CBT_LANG": "en"}


def arguments(command: Sequence[object]) -> list[str]:
    return [sys.executable, "-m", "cbt_station", *map(str, command)]


def run(*command: object, where: Path) -> Ran:
    """`cbt-station COMMAND` in a folder, whatever becomes of it."""
    done = subprocess.run(
        arguments(command),
        cwd=where,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LATEST_S,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@dataclass(frozen=True)
class Place:
    """One folder in which everything lies, and the commands that are run there."""

    folder: Path

    def __truediv__(self, name: str) -> Path:
        return self.folder / name

    def good(self, *command: object, code: int = 0) -> dict[str, Any]:
        """A command that is expected to answer, with this exit code; gives its JSON."""
        ran = run(*command, "--json", where=self.folder)
        assert ran.code == code, f"{command}\n{ran.err}\n{ran.out}"
        assert ran.json["ok"] is True
        return ran.json

    def bad(self, *command: object) -> tuple[int, str]:
        """A command that is expected to fail; gives its exit code and the code of the failure."""
        ran = run(*command, "--json", where=self.folder)
        assert ran.json["ok"] is False, f"{command}\n{ran.err}"
        return ran.code, ran.json["code"]

    def key(self, *parts: str) -> Path:
        """The key file of `ORG/part/part`."""
        return self / "keys" / f"{'_'.join((ORG, *parts))}.key"

    @property
    def log_key(self) -> Path:
        return self / "keys" / f"{LOG.replace('/', '_')}.key"

    def keys(self, role: str, who: str = "ab") -> list[object]:
        """`--key FILE` for each holder of a role."""
        return [word for one in who for word in ("--key", self.key(role, one))]


def make_keys(place: Place) -> None:
    """Every role's keys, two at a time."""

    def make(wanted: tuple[str, str]) -> None:
        place.good("keys", "new", wanted[0], "--name", wanted[1], "--out", "keys")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(make, KEYS))


def trust_draft(now: dt.datetime) -> str:
    """`trust.toml`, beside the folder of keys."""
    publics = [f'"keys/{name.replace("/", "_")}.pub"' for role, name in KEYS if role != "pdf"]
    return "\n".join(
        [
            'mode = "test"',
            "number = 1",
            f'issued = "{(now - dt.timedelta(days=1)).isoformat(timespec="seconds")}"',
            f'expires = "{(now + dt.timedelta(days=300)).isoformat(timespec="seconds")}"',
            f'log_origin = "{LOG}"',
            f"keys = [{', '.join(publics)}]",
            f'certificates = ["keys/{ORG}_pdf_1.pem"]',
            "[quorums]",
            "root = 2",
            "committee = 2",
            "release = 2",
            "",
        ]
    )


def session_draft(now: dt.datetime) -> str:
    """`session.toml`: open now."""
    return "\n".join(
        [
            f'session = "{SESSION}"',
            f'opens = "{(now - dt.timedelta(hours=1)).isoformat(timespec="seconds")}"',
            f'closes = "{(now + dt.timedelta(hours=5)).isoformat(timespec="seconds")}"',
            'coming_draw = "dice on the stage, before everybody"',
            "spare = 1",
            "[venues]",
            f'{VENUE} = "Jakarta 07"',
            "[[positions]]",
            'id = "analis-01"',
            'title = "Analis"',
            "quota = 1",
            "",
        ]
    )


def roster_rows(template: str) -> str:
    """The template as people fill it: its head, then a row for each candidate."""
    head, example, *_ = template.splitlines()
    columns, cells = head.split(","), example.split(",")
    names = ("SITI RAHMAWATI", "BUDI SANTOSO", "DEWI LESTARI", "JOKO WIDAGDO")
    rows = []
    for number, name in zip((*CANDIDATES, ABSENT), names, strict=True):
        filled = dict(zip(columns, cells, strict=True)) | {"number": number, "name": name, "photo": ""}
        rows.append(",".join(filled[column] for column in columns))
    return "\n".join([head, *rows, ""])


class Drive:
    """A station without its screen: a running `drive`, a JSON line in, a JSON line out."""

    def __init__(self, place: Place, number: str, code: str, score_code: str) -> None:
        self.data = place / "stations" / number
        command = [
            "drive", "--session", "sealed/session", "--data", self.data, "--candidate", number,
            "--venue-key", place.key("venue", VENUE), "--second", place / "second" / number,
        ]  # fmt: skip
        (place / "second" / number).mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            arguments(command),
            cwd=place.folder,
            env={**environment(), "CBT_CODE": code, "CBT_SCORE_CODE": score_code},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ask(self, **command: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, self._process.stderr.read() if self._process.stderr else ""
        told = json.loads(line)
        assert isinstance(told, dict)
        return told

    def kill(self) -> None:
        """As a power cut: nothing of the program runs any more."""
        self._process.kill()
        self._close()

    def end(self) -> int:
        """No more input: the driver ends by itself."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        code = self._process.wait(LATEST_S)
        self._close()
        return code

    def _close(self) -> None:
        self._process.wait(LATEST_S)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()


@contextlib.contextmanager
def centre(place: Place) -> Iterator[str]:
    """The centre's server on a free port of this machine; gives its address, and ends it as a person does."""
    serving = subprocess.Popen(
        arguments(
            [
                "server",
                "--data",
                "centre",
                "--trust",
                "trust",
                "--log-key",
                place.log_key,
                "--port",
                0,
                "--json",
            ]
        ),
        cwd=place.folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert serving.stdout is not None
    assert serving.stderr is not None
    try:
        told = serving.stdout.readline()
        assert told, serving.stderr.read()
        yield json.loads(told)["address"]
    finally:
        serving.terminate()
        serving.wait(LATEST_S)
        serving.stdout.close()
        serving.stderr.close()
