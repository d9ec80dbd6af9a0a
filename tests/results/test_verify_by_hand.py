"""docs/verify_note.sh: a stranger with openssl and a shell, and the same answers as our own check.

What our own check says of every flipped byte is in test_sheets.py.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from cbt_station.artefacts import names
from cbt_station.results.issuing import Sheet
from cbt_station.sealing.notes import parse_note
from tests.results.small_results import SCORE, World, key

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_note.sh"
VKEY = SCORE.verifier.text
SHELLS = [
    pytest.param(command, marks=pytest.mark.skipif(shutil.which(command[0]) is None, reason="not installed"))
    for command in (["sh"], ["bash", "--posix"], ["busybox", "sh"])
]


@pytest.fixture(scope="module")
def note(printed: dict[str, Sheet]) -> bytes:
    return printed["24-0001"].note


PAGE = SCRIPT.with_name("verify-by-hand.md")


def test_the_pages_own_lines_find_a_trust_lists_id_and_its_score_key(
    sealed_world: World, tmp_path: Path
) -> None:
    trust = sealed_world.session[names.trust(1)]
    (tmp_path / "trust-1.note").write_bytes(trust)
    lines = [
        line
        for line in PAGE.read_text().splitlines()
        if line.endswith("trust-1.note") or "trust-1.note |" in line
    ]
    said = [
        subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
        for line in lines
    ]
    assert [said[0].split()[-1], said[1]] == [parse_note(trust).id, f'"{VKEY}"\n']


def run(
    tmp_path: Path, note: bytes, vkey: str = VKEY, shell: Sequence[str] = ("sh",)
) -> subprocess.CompletedProcess[bytes]:
    file = tmp_path / "note.txt"
    file.write_bytes(note)
    return subprocess.run(
        [*shell, str(SCRIPT), str(file), vkey],
        capture_output=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        check=False,
    )


@pytest.mark.parametrize("shell", SHELLS)
def test_a_true_note_is_true_in_any_shell(tmp_path: Path, note: bytes, shell: list[str]) -> None:
    done = run(tmp_path, note, shell=shell)
    assert (done.returncode, done.stderr) == (0, b"")
    assert note.partition(b"\n\n")[0] in done.stdout
    assert b"TRUE: signed by contoh.example/score/1" in done.stdout
    assert b"TEST: this is not the result of an official exam" in done.stdout


def test_every_changed_byte_is_false(tmp_path: Path, note: bytes) -> None:
    for place in range(0, len(note), 7):
        changed = bytearray(note)
        changed[place] ^= 0x01
        done = run(tmp_path, bytes(changed))
        assert done.returncode == 3, (place, done.stdout)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda note: note + note.rpartition(b"\n\n")[2], id="the signature line twice"),
        pytest.param(lambda note: note + b"\n", id="a newline too many"),
        pytest.param(lambda note: note.replace(b"/score/v1", b"/slip/v1"), id="another kind of note"),
        pytest.param(lambda note: b"total 999\n\n" + note, id="a text put before the text"),
        pytest.param(lambda _: b"", id="nothing at all"),
    ],
)
def test_a_note_of_another_shape_is_false(
    tmp_path: Path, note: bytes, change: Callable[[bytes], bytes]
) -> None:
    assert run(tmp_path, change(note)).returncode == 3


def test_a_scanner_that_drops_the_last_newline_is_forgiven(tmp_path: Path, note: bytes) -> None:
    assert run(tmp_path, note[:-1]).returncode == 0


@pytest.mark.parametrize(
    ("vkey", "code"),
    [
        pytest.param(key("contoh.example/score/1x").verifier.text, 3, id="another key"),
        pytest.param(VKEY.replace("/score/1", "/score/2"), 2, id="a name that the key's id does not cover"),
        pytest.param(VKEY[:-6], 2, id="a key that was cut"),
        pytest.param("", 2, id="no key"),
    ],
)
def test_another_key_never_says_true(tmp_path: Path, note: bytes, vkey: str, code: int) -> None:
    assert run(tmp_path, note, vkey).returncode == code


def test_a_missing_file_is_wrong_usage(tmp_path: Path) -> None:
    done = subprocess.run(["sh", str(SCRIPT), str(tmp_path / "none"), VKEY], capture_output=True, check=False)
    assert done.returncode == 2
