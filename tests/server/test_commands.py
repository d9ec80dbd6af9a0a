"""`server` and `sync` as commands: real processes, from an empty folder to receipts that verify alone.

What they call is tried in this folder's other files and in tests/sync.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cbt_station.artefacts import names
from cbt_station.artefacts.key_file import Keys, write_key_file
from cbt_station.verify.session import check_proof
from tests.server.small_tree import SESSION, SmallWorld
from tests.sync.trees import read_tree, write_tree

WORLD = SmallWorld()
PASSPHRASE = "kata sandi log"
ENVIRONMENT = {**os.environ, "CBT_PASSPHRASE": PASSPHRASE, "CBT_LANG": "en", "PYTHONUNBUFFERED": "1"}


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "log.key"
    path.write_bytes(write_key_file(Keys("log", WORLD.log_key.name, WORLD.log_key), PASSPHRASE, log_n=10))
    return path


@pytest.fixture
def session(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "session", WORLD.files)


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "cbt_station", *map(str, arguments)]


def run(*arguments: object, code: int = 0) -> dict[str, object]:
    done = subprocess.run(
        command(*arguments, "--json"),
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == code, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(found, dict)
    return found


def serve(data: Path, session: Path, key_file: Path, *more: object) -> tuple[object, ...]:
    given = ("--data", data, "--trust", session, "--log-key", key_file, "--pin", WORLD.trust.id)
    return ("server", *given, *more)


@contextmanager
def served(data: Path, session: Path, key_file: Path, *more: object) -> Iterator[str]:
    """The centre as a process on a free port; ends it as a service manager would, and it must end well."""
    process = subprocess.Popen(
        command(*serve(data, session, key_file, "--port", 0, *more)),
        env=ENVIRONMENT,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if "http://" in line:
                yield "http://" + line.split("http://")[1].split(";")[0]
                break
        else:
            pytest.fail("the centre did not start")
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def test_a_new_centre_registers_a_session_and_writes_its_proofs_beside_it(
    tmp_path: Path, session: Path, key_file: Path
) -> None:
    data = tmp_path / "centre"
    found = run(*serve(data, session, key_file, "--init", "--no-serve", "--session", session))
    assert (found["size"], found["origin"]) == (2, WORLD.trust.log_origin)
    proof = (session / names.tree_proof(WORLD.manifest)).read_bytes()
    check_proof(proof, WORLD.trust, "exam", WORLD.manifest)
    (session / names.draw(SESSION)).write_bytes(WORLD.draw())
    assert run(*serve(data, session, key_file, "--no-serve", "--session", session))["size"] == 3
    assert (session / names.tree_proof(WORLD.manifest)).read_bytes() == proof


def test_a_tree_goes_over_a_stick_and_the_network_to_receipts_that_verify(
    tmp_path: Path, session: Path, key_file: Path
) -> None:
    home = write_tree(tmp_path / "home", {**WORLD.sat(1).files, **WORLD.sat(2).files})
    stick = tmp_path / "stick"
    stick.mkdir()
    assert run("sync", home, "--to", stick)["sent"] == 7
    with served(tmp_path / "centre", session, key_file, "--init", "--session", session) as url:
        assert run("sync", stick, "--to", url, "--trust", session)["receipts"] == 5
        assert run("sync", stick, "--to", url, "--trust", session)["sent"] == 0
    assert run("sync", home, "--to", stick, "--trust", session)["receipts"] == 5
    tree = read_tree(home)
    proof = tree[names.tree_proof(WORLD.sat(1).result)]
    check_proof(proof, WORLD.trust, "result", WORLD.sat(1).result)
    verdict = run("verify", home, "--trust", session, "--session", session)
    assert verdict["verdict"] == "true"


@pytest.mark.parametrize(
    ("begun", "more", "code", "said"),
    [(False, (), 4, "centre-missing"), (True, ("--init",), 1, "centre-exists")],
    ids=["no centre, no --init", "a centre, and --init"],
)
def test_a_log_is_neither_begun_by_accident_nor_twice(
    tmp_path: Path, session: Path, key_file: Path, begun: bool, more: tuple[str, ...], code: int, said: str
) -> None:
    data = tmp_path / "centre"
    if begun:
        run(*serve(data, session, key_file, "--init", "--no-serve"))
    assert run(*serve(data, session, key_file, "--no-serve", *more), code=code)["code"] == said


def test_sync_says_in_its_exit_code_what_did_not_go_through(
    tmp_path: Path, session: Path, key_file: Path
) -> None:
    home = write_tree(tmp_path / "home", WORLD.sat(1).files)
    other = write_tree(tmp_path / "other", WORLD.sat(1, variant="x").files)
    stick = tmp_path / "stick"
    stick.mkdir()
    run("sync", home, "--to", stick)
    assert run("sync", other, "--to", stick, code=3)["code"] == "twin-results"
    assert run("sync", home, "--to", tmp_path / "gone", code=4)["code"] == "folder-missing"
    assert run("sync", home, "--to", "http://127.0.0.1:1", code=4)["code"] == "server-unreachable"
    assert run("sync", home, "--to", "ftp://x", code=1)["code"] == "url-malformed"
    with served(tmp_path / "centre", session, key_file, "--init", "--session", session) as url:
        run("sync", home, "--to", url)
        assert run("sync", other, "--to", url, code=3)["code"] == "server-twin"
