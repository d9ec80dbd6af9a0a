"""A power cut at every write, sync and rename of a real sitting, from the first start to the sealed result.

One sitting is played by the real process and recorded (`power_cut`). For every operation, the disk states that a cut there
may leave are opened by `recover`: whatever the process had told by then must be there. The harness first catches planted
faults. `CBT_CUTS` bounds how many states are opened (400 here; 0 opens all of them).
"""

import os
import random
import shutil

import msgspec
import pytest

from cbt_station.delivery.recover import RecoverReport, recover
from cbt_station.errors import Trouble
from tests.delivery.conftest import DriveProcess
from tests.delivery.power_cut import Disk, strace
from tests.delivery.test_syncs import _may_trace

CUTS = int(os.environ.get("CBT_CUTS", "400"))
ANSWERS = 12

pytestmark = pytest.mark.skipif(not _may_trace(), reason="no strace, or no right to trace")


def play(small, data, trace):
    """One sitting, recorded."""
    drive = DriveProcess(small, data, before=strace(trace))
    items = [cell["id"] for cell in drive.ask(do="start")["items"]]
    told = [
        drive.ask(do="choose", item=items[number % 8], answer="abcde"[number % 5])
        for number in range(ANSWERS)
    ]
    told.append(drive.ask(do="finish"))
    if not all(line["ok"] for line in told) or drive.finish() != 0:
        pytest.fail("the sitting itself went wrong, so the cuts prove nothing")
    return [(items[number % 8], "abcde"[number % 5]) for number in range(ANSWERS)]


def states(trace, data, answers, chance):
    """(writer of a state, what had been told by then), for every operation and four kinds of luck."""
    disk, told = Disk(data.parent), []
    kinds = [(None, True), (None, False), (chance, False), (chance, False)]
    for line in disk.replay(trace):
        if line is not None:
            told.append(msgspec.json.decode(line))
            continue
        for luck, keep in kinds:
            yield disk, luck, keep, list(told)


def recovered(data):
    """What `recover` finds; nothing where the folder is not one yet."""
    try:
        return recover(data)
    except Trouble as trouble:
        if trouble.code != "data-folder-missing":
            raise
        return RecoverReport(state="empty")


def require_kept(found, told, answers):
    """What had been told is there."""
    if not told:
        return
    told_answers = min(len(told) - 1, ANSWERS)
    acknowledged = dict(answers[:told_answers])
    maybe = answers[told_answers][0] if told_answers < ANSWERS else None
    if told[-1].get("state") == "sealed":
        assert found.result == told[-1]["result"]
    if found.state == "sealed":
        return
    assert found.state in ("running", "ended"), found.failure
    for item, option in acknowledged.items():
        assert found.answers.get(item) == option or item == maybe, item
    left = [line["left_ms"] for line in told if "left_ms" in line]
    assert found.left_ms <= left[-1]


def require_all_kept(small, folder, most):
    """Open states until one is wrong; how many were opened."""
    chance = random.Random(20261201)  # noqa: S311 - repeatable
    data, trace = folder / "played" / "data", folder / "trace"
    data.parent.mkdir()
    answers = play(small, data, trace)
    count = sum(1 for _ in states(trace, data, answers, chance))
    chosen = set(range(count)) if most == 0 else set(chance.sample(range(count), min(most, count)))
    opened = 0
    for number, (disk, luck, keep, told) in enumerate(states(trace, data, answers, chance)):
        if number not in chosen:
            continue
        state = folder / "state"
        disk.write_after_cut(state, luck, keep=keep)
        found = recovered(state / "data")
        require_kept(found, told, answers)
        assert len(list((state / "data" / "tree").glob("notes/result-*"))) <= 1
        assert len(found.sittings) <= 1
        shutil.rmtree(state)
        opened += 1
    return opened


def test_whatever_a_power_cut_leaves_holds_what_was_acknowledged(small, tmp_path):
    assert require_all_kept(small, tmp_path, CUTS) >= min(CUTS or 400, 400)


@pytest.mark.parametrize("fault", ["synchronous_normal", "acknowledge_before_commit", "no_folder_sync"])
def test_the_cuts_catch_a_planted_fault(small, tmp_path, monkeypatch, fault):
    monkeypatch.setenv("CBT_PLANTED_FAULT", fault)
    with pytest.raises(AssertionError):
        require_all_kept(small, tmp_path, 0)
