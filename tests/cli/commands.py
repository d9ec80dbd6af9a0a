"""Runs a command as a person does, in this process: arguments in; exit code, standard output and error out."""

import json
from typing import Any, NamedTuple

import pytest

from cbt_station.cli.app import run
from cbt_station.cli.console import choose_language


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The last line on standard output."""
        told = json.loads(self.out.splitlines()[-1])
        assert isinstance(told, dict)
        return told


def command(capsys: pytest.CaptureFixture[str], *arguments: object) -> Ran:
    """`cbt-station ARGUMENTS`."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        run([str(argument) for argument in arguments])
    choose_language("id")
    said = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return Ran(left.value.code, said.out, said.err)
