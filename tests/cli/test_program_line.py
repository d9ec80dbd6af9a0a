"""The lines that the program prints for pasting, and what `verify` says to who named nobody to trust.

That the demo's line runs is held in tests/rehearsal/test_demo.py; here how the program names itself.
"""

import sys
from pathlib import Path

import pytest

from cbt_station.cli import console
from tests.cli.commands import command


@pytest.fixture
def started(monkeypatch):
    """`started(argv0)` as if the program had been started by that name."""

    def by(name: str) -> str:
        monkeypatch.setattr(sys, "argv", [name])
        return console.program()

    monkeypatch.delenv("CBT_LANG", raising=False)
    return by


def test_a_program_that_no_path_finds_is_named_by_where_it_lies(started):
    assert started(".venv nowhere/cbt-station") == "'.venv nowhere/cbt-station'"


def test_a_program_on_the_path_is_named_by_its_name(started, monkeypatch, tmp_path):
    there = tmp_path / "cbt-station"
    there.write_text("#!/bin/sh\n")
    there.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert started(str(there)) == "cbt-station"
    assert started("other/cbt-station") == "other/cbt-station"


def test_a_module_is_named_by_its_python(started):
    assert (
        started(str(Path(console.__file__).parents[1] / "__main__.py")) == f"{sys.executable} -m cbt_station"
    )


def test_the_language_that_was_asked_for_is_asked_for_again(started, monkeypatch):
    monkeypatch.setattr(console, "_language", "en")
    assert started("./cbt-station") == "./cbt-station --lang en"
    monkeypatch.setenv("CBT_LANG", "en")
    assert started("./cbt-station") == "./cbt-station"


def test_verify_without_anybody_to_trust_says_which_options_name_one(capsys, tmp_path):
    (tmp_path / "score.note").write_text("cbt-station/score/v1 test\n")
    ran = command(capsys, "verify", tmp_path / "score.note")
    assert ran.code == 4
    assert "--trust" in ran.err
    assert "--pin" in ran.err


def test_a_role_that_is_none_is_answered_with_all_that_there_are(capsys, tmp_path):
    ran = command(capsys, "keys", "new", "king", "--name", "cbt.example/king", "--out", tmp_path)
    assert ran.code == 1
    assert "root, committee" in ran.err
    assert ran.err.rstrip().endswith("pdf.")
