"""What a driver may send: lines without end fill no memory, and a sitting goes on after any of them.

That every answer of the protocol is durable before it is told is in test_kill.py and tests/torture.
"""

import io
import json
import os

from cbt_station.delivery.drive import MOST_LINE, DriveOptions, run_drive
from cbt_station.delivery.recover import recover
from tests.delivery.small_session import PASSPHRASE


class Hose(io.StringIO):
    """Input that nobody may take in one draught."""

    def readline(self, size: int | None = -1, /) -> str:
        assert size is not None
        assert 0 < size <= MOST_LINE + 1
        return super().readline(size)

    def __next__(self) -> str:
        raise AssertionError("whole lines, however long")


def driven(small, tmp_path, clock, *lines: str) -> list[dict]:
    out = io.StringIO()
    options = DriveOptions(small.path, tmp_path / "data", small.venue_key, PASSPHRASE, "1001", small.code)
    run_drive(Hose("\n".join(lines)), out, options, clock=clock)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_without_end_is_refused_and_the_sitting_goes_on(small, tmp_path, clock):
    endless = '{"do":"show","item":"' + "x" * (5 * MOST_LINE)
    told = driven(small, tmp_path, clock, '{"do":"start"}', endless, '{"do":"finish"}')
    assert [one.get("code") or one.get("state") for one in told] == [
        "running",
        "command-malformed",
        "sealed",
    ]


def test_more_lines_than_wait_at_once_are_all_answered_in_order(small, tmp_path, clock):
    wrong = [json.dumps({"do": f"nonsense-{number}"}) for number in range(300)]
    told = driven(small, tmp_path, clock, '{"do":"start"}', *wrong, '{"do":"finish"}')
    assert [one["facts"]["command"] for one in told[1:-1]] == [f"nonsense-{number}" for number in range(300)]
    assert told[-1]["state"] == "sealed"


def test_a_second_place_of_any_name_is_remembered_or_cannot_be_reached(small, tmp_path, clock):
    """No name ends the program: a link to itself, bytes that are no text, a line's end."""
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    odd = tmp_path / os.fsdecode(b"tempat\n\xff")
    odd.mkdir()
    for place, saved in ((circle, "station"), (odd, "second")):
        data = tmp_path / f"data-{saved}"
        options = DriveOptions(
            small.path, data, small.venue_key, PASSPHRASE, "1001", small.code, second=place
        )
        out = io.StringIO()
        run_drive(io.StringIO('{"do":"start"}\n'), out, options, clock=clock)
        assert json.loads(out.getvalue())["saved"] == saved
        assert recover(data).acknowledged[0].level == saved


def test_without_a_code_a_locked_session_says_so_and_an_open_sitting_goes_on(small, tmp_path, clock):
    def told(code: str) -> dict:
        options = DriveOptions(small.path, tmp_path / "data", small.venue_key, PASSPHRASE, "1001", code)
        out = io.StringIO()
        run_drive(io.StringIO('{"do":"start"}\n'), out, options, clock=clock)
        return json.loads(out.getvalue())

    assert told("")["code"] == "code-not-given"
    assert told(small.code)["state"] == "running"
    assert told("")["state"] == "running"
