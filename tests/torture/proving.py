"""The harness proves itself: every planted fault is caught, or nothing that it says may be believed."""

from collections.abc import Callable
from pathlib import Path

from tests.torture import planted
from tests.torture.campaign import Campaign
from tests.torture.failure_loop import KINDS, FailureLoop
from tests.torture.oracle import BrokenPromiseError
from tests.torture.recorder import Recorder, Sessions

SEEDS, STATES = range(12), 1500
"""Sittings by chance that a fault may hide in, and crash states of each, before it counts as not caught."""
SYNC_THEN_KILLED, KILLED = KINDS[-2], KINDS[-1]
FAULTS: tuple[str, ...] = (
    *(fault.__name__ for fault in planted.CAUGHT_BY_CUTTING),
    *(fault.__name__ for fault in planted.CAUGHT_BY_THE_LOOP),
    planted.skipped_chain_check.__name__,
    planted.ended_left_unsealed.__name__,
)


class NotCaughtError(AssertionError):
    """A planted fault went by unseen."""


def require_caught(fault: str, recorder: Recorder, sessions: Sessions, place: Path) -> str:
    """How the fault showed itself; NotCaughtError where it did not."""
    if fault == planted.skipped_chain_check.__name__:
        with planted.skipped_chain_check():
            found = _by_cutting(None, recorder, sessions, place)
    elif fault == planted.ended_left_unsealed.__name__:
        with planted.ended_left_unsealed():
            found = _by_the_loop(FailureLoop(recorder, sessions.plain, place))
    elif fault in {one.__name__ for one in planted.CAUGHT_BY_THE_LOOP}:
        # A healthy second place has what the log lost, and gives it back.
        hides = fault == planted.log_believed_unsynced.__name__
        found = _by_the_loop(FailureLoop(recorder, sessions.plain, place, fault, second=not hides))
    else:
        found = _by_cutting(fault, recorder, sessions, place)
    if found is None or "the station crashed" in found:  # that would only show how it was planted
        raise NotCaughtError(f"{fault}: {found}")
    return found


def _by_cutting(fault: str | None, recorder: Recorder, sessions: Sessions, place: Path) -> str | None:
    campaign = Campaign(recorder, sessions, place, fault=fault, stop_at_first=True)
    for seed in SEEDS:
        if findings := campaign.torture(seed, STATES).findings:
            return findings[0]
    return None


def _by_the_loop(loop: FailureLoop) -> str | None:
    for number in range(1, 9):
        if found := _broken(lambda number=number: loop.fail(KILLED, number)):  # type: ignore[misc]
            return found
    number = 1
    try:
        while loop.fail(SYNC_THEN_KILLED, number):
            number += 3
    except BrokenPromiseError as broken:
        return str(broken)
    return None


def _broken(try_it: Callable[[], object]) -> str | None:
    try:
        try_it()
    except BrokenPromiseError as broken:
        return str(broken)
    return None
