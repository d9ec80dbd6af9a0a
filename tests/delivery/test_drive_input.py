"""What a driver may send: lines without end fill no memory, and a sitting goes on after any of them.

That every answer of the protocol is durable before it is told is in test_kill.py and tests/torture.
"""

import io
import json

from cbt_station.delivery.drive import MOST_LINE, DriveOptions, run_drive
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
