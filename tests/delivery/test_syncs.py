"""What an answer costs: exactly one sync without a second place, two with it. Counted by strace from outside."""

import re
import shutil
import subprocess

import pytest

from tests.delivery.conftest import DriveProcess

ANSWERS = 20


def _may_trace() -> bool:
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-c", "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not _may_trace(), reason="no strace, or no right to trace")
@pytest.mark.parametrize("places", [1, 2])
def test_an_answer_costs_one_sync_a_place(small, tmp_path, places):
    trace, second = tmp_path / "trace", tmp_path / "second"
    second.mkdir()
    strace = ("strace", "-f", "-qqq", "-o", str(trace), "-e", "trace=fsync,fdatasync,sync,write,pwrite64")
    drive = DriveProcess(small, tmp_path / "data", second=second if places == 2 else None, before=strace)
    items = [cell["id"] for cell in drive.ask(do="start")["items"]]
    drive.ask(do="choose", item=items[0], answer="a")
    for number in range(ANSWERS):
        assert drive.ask(do="choose", item=items[number % 8], answer="abcde"[number % 5])["ok"]
    drive.kill()
    # Between two lines on standard output lies what one answer cost. A tick in between (every 2 s) may add its own.
    costs, count, seen = [], 0, 0
    for line in trace.read_text().splitlines():
        if re.search(r"\b(fsync|fdatasync|sync)\(", line):
            count += 1
        elif re.search(r"\bwrite\(1, ", line):
            seen += 1
            if seen > 2:
                costs.append(count)
            count = 0
    assert len(costs) == ANSWERS
    assert sorted(costs)[ANSWERS // 2] == places
    assert min(costs) == places
    assert sum(costs) <= places * ANSWERS + 6 * places
