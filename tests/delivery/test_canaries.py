"""Nothing of items, people or keys in any file but sealed: canaries are looked for at twelve moments of a sitting.

The real station in a process of its own; data folder, second place, temporary folder, working folder, home, the centre's
tree, standard error and files without a name are searched, in plain and in the usual spellings. Beside what must be
nowhere stands what may be there: the station's own key file, and while a sitting runs its keys as wraps. The search
proves itself on leaks planted into the process. Memory is not searched: a station that runs has to know what it shows.
"""

import base64
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cbt_station.delivery import sitting_folder as files_of
from cbt_station.errors import Failure
from cbt_station.sealing.age import HybridIdentity, decrypt
from cbt_station.sealing.notes import SigningKey
from cbt_station.sync.copying import sync_to_folder
from tests.delivery.canaries import (
    KEY_WORDS,
    NUMBER,
    PASSPHRASE,
    PIN,
    CanarySession,
    make_canary_session,
    open_files,
    search,
    spellings,
)
from tests.delivery.conftest import ROOT
from tests.delivery.planted_leaks import LEAKS
from tests.world import ORG, VENUE, keys

MOMENTS = (
    "before unlock",
    "after unlock",
    "after check-in",
    "after start",
    "after five answers",
    "after kill -9",
    "after resume",
    "second copy on the stick",
    "after the end, before sealing",
    "after sealing",
    "after sync",
    "after restart",
)
WRAPS = {files_of.STATION_WRAP, files_of.VENUE_WRAP, files_of.COMMITTEE_WRAP, files_of.SITTING_KEY}
AGE = b"age-encryption.org/v1\n"


@pytest.fixture(scope="module")
def canaries(tmp_path_factory: pytest.TempPathFactory) -> CanarySession:
    return make_canary_session(tmp_path_factory.mktemp("canaries"))


class Leak(Exception):
    """Something lies where it must not: at this moment."""


class Watched:
    """One sitting, and the places in which it could leave something."""

    def __init__(self, session: CanarySession, root: Path, leak: str | None) -> None:
        self.session, self.root, self.leak = session, root, leak
        self.places = {name: root / name for name in ("data", "stick", "tmp", "cwd", "home", "centre", "err")}
        for place in self.places.values():
            place.mkdir()
        self.canaries = dict(session.canaries)
        self.process: subprocess.Popen[bytes] | None = None
        self.moments: list[str] = []
        self.lives = 0

    def begin(self, *, second: bool = False) -> str:
        places = {name: str(path) for name, path in self.places.items()}
        arguments = [str(self.session.path), places["data"], str(self.session.venue_key)]
        arguments += [places["stick"]] if second else []
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": places["home"],
            **dict.fromkeys(("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"), places["tmp"]),
            **({"CBT_PLANTED_LEAK": self.leak} if self.leak else {}),
        }
        self.lives += 1
        with (self.places["err"] / f"{self.lives}.txt").open("wb") as error:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.delivery.canary_process", *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=error,
                cwd=places["cwd"],
                env=environment,
            )
        phase, may_dump = self.ask("hello")
        if may_dump:
            raise Leak("the beginning", "core")
        return str(phase)

    def ask(self, *step: object) -> Any:
        assert self.process is not None and self.process.stdout is not None  # noqa: PT018 - for the type checker
        self.tell(*step)
        line = self.process.stdout.readline()
        assert line, (self.places["err"] / f"{self.lives}.txt").read_text()
        return json.loads(line)

    def tell(self, *step: object) -> None:
        assert self.process is not None and self.process.stdin is not None  # noqa: PT018 - for the type checker
        self.process.stdin.write(json.dumps(step).encode() + b"\n")
        self.process.stdin.flush()

    def end(self, *, kill: bool = False) -> None:
        if self.process is None:
            return
        if kill:
            self.process.kill()
        elif self.process.poll() is None:
            self.tell("quit")
        self.process.communicate(timeout=60)
        self.process = None

    def die(self) -> None:
        """Wait until it killed itself."""
        assert self.process is not None
        self.process.communicate(timeout=60)
        assert self.process.returncode == -signal.SIGKILL
        self.process = None

    def at(self, moment: str) -> None:
        """Search everything; what must not be there stops the test."""
        self.moments.append(moment)
        found = search(self.canaries, self.session.path, *self.places.values())
        if found:
            raise Leak(moment, found)
        for label, data in open_files(self.process.pid) if self.process else ():
            for what, raw in self.canaries.items():
                if any(needle in data for _, needle in spellings(raw)):
                    raise Leak(moment, label, what)
        self._require_keys_wrapped(moment)

    # --- keys -----------------------------------------------------------------------------------------------------

    def _require_keys_wrapped(self, moment: str) -> None:
        """Key texts stand in the station's own key file only, and that is its user's alone."""
        found = search({word.decode(): word for word in KEY_WORDS}, self.session.path, *self.places.values())
        own = self.places["data"] / f"station-{VENUE}.key"
        if {one.file for one in found} - {f"data/{own.name}"}:
            raise Leak(moment, found)
        if own.exists():
            assert stat.S_IMODE(own.stat().st_mode) == 0o600
            assert len(own.read_text().splitlines()) == len(KEY_WORDS)

    @property
    def station(self) -> tuple[SigningKey, HybridIdentity]:
        signing, identity = (self.places["data"] / f"station-{VENUE}.key").read_text().splitlines()
        return SigningKey.parse(signing), HybridIdentity.parse(identity)

    @property
    def sitting(self) -> Path:
        (path,) = (self.places["data"] / "sittings").iterdir()
        return path

    def learn_keys(self) -> None:
        """While it runs the sitting's keys are four wraps; what is in them becomes canaries too."""
        _, identity = self.station
        assert {path.name for path in self.sitting.iterdir() if path.read_bytes().startswith(AGE)} == WRAPS
        key = SigningKey.parse(decrypt((self.sitting / files_of.SITTING_KEY).read_bytes(), identity).decode())
        database = decrypt((self.sitting / files_of.STATION_WRAP).read_bytes(), identity)
        self.canaries |= {"sitting key": key.seed, "database key": database}
        self.canaries |= {"text of the sitting key": key.text.encode()}

    def require_keys_gone(self) -> None:
        """After the end of all: nothing that the station or the venue holds opens anything that is left."""
        left = {path.name for path in self.sitting.iterdir()} & WRAPS
        if left != {files_of.COMMITTEE_WRAP}:
            raise Leak(self.moments[-1], left)
        copies = {path.name for path in self.places["stick"].iterdir()} - {"tree"}
        if copies:  # frames, and the wraps that open them
            raise Leak(self.moments[-1], copies)
        venue = keys()[f"{ORG}/venue/{VENUE}"].require_identity()
        for place in ("data", "stick", "centre"):
            for path in self.places[place].rglob("*"):
                if path.is_file() and AGE in path.read_bytes()[: len(AGE)]:
                    with pytest.raises(Failure):
                        decrypt(path.read_bytes(), self.station[1], venue)


def play(watched: Watched) -> None:
    """A sitting with its twelve moments."""
    session = watched.session
    assert watched.begin() == "locked"
    watched.at("before unlock")
    assert watched.ask("unlock", PASSPHRASE, session.code) == "check-in"
    watched.at("after unlock")
    assert watched.ask("check_in", NUMBER, PIN) == "ready"
    watched.at("after check-in")
    assert watched.ask("start") == "running"
    watched.learn_keys()
    watched.at("after start")
    assert watched.ask("answer", 5) == 5
    watched.at("after five answers")
    watched.end(kill=True)
    watched.at("after kill -9")
    watched.begin()
    assert watched.ask("resume") == "running"
    watched.at("after resume")
    watched.end()
    watched.begin(second=True)
    assert watched.ask("resume") == "running"
    assert watched.ask("second") == "second"
    watched.at("second copy on the stick")
    watched.tell("end_and_die")
    watched.die()
    watched.at("after the end, before sealing")
    assert {path.name for path in watched.sitting.iterdir()} >= WRAPS
    watched.begin(second=True)
    assert watched.ask("resume") == "sealed"
    assert watched.ask("finish")
    watched.at("after sealing")
    watched.require_keys_gone()
    sync_to_folder(watched.places["data"] / "tree", watched.places["centre"])
    watched.at("after sync")
    watched.end()
    assert watched.begin() == "locked"
    watched.at("after restart")
    watched.require_keys_gone()


@pytest.fixture
def watched(canaries: CanarySession, tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    sitting = Watched(canaries, tmp_path, getattr(request, "param", None))
    yield sitting
    sitting.end(kill=True)


def test_nothing_lies_about_at_any_of_twelve_moments(watched: Watched) -> None:
    play(watched)
    assert tuple(watched.moments) == MOMENTS
    assert list((watched.places["centre"] / "sealed").iterdir())  # something did go over


@pytest.mark.parametrize("watched", LEAKS, indirect=True)
def test_a_planted_leak_is_found(watched: Watched) -> None:
    with pytest.raises(Leak) as caught:
        play(watched)
    assert watched.leak is not None
    assert caught.value.args[0] == LEAKS[watched.leak][1]


def test_every_spelling_of_a_word_is_found_wherever_it_stands(tmp_path: Path) -> None:
    word = b"KANARI-84"
    for at in range(4):
        text = b"x" * at + word + b" and more"
        ways = {
            "raw": text,
            "utf-16": text.decode().encode("utf-16"),
            "base64": base64.b64encode(text),
            "base64url": base64.urlsafe_b64encode(b"\xff\xfe" * 3 + text),
            "hex": text.hex().encode(),
        }
        for way, data in ways.items():
            (tmp_path / "file").write_bytes(data)
            assert search({"word": word}, tmp_path), (way, at)
    (tmp_path / "file").write_bytes(b"nothing")
    assert search({"word": word}, tmp_path) == []
    (tmp_path / "KANARI-84.txt").write_bytes(b"")
    assert search({"word": word}, tmp_path)
