"""The power is cut at every operation of the recorded station, and every operation fails in turn.

The whole of it is `make torture` (a million crash states); here as many as `CBT_TORTURE_STATES` says (50,000), in ten
parts. What is recorded, which states are legal and what the oracle asks for: `docs/torture.md`. The neighbours are
tests/delivery/test_kill.py (a real kill -9) and test_disk.py (real small disks).
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cbt_station.delivery.second_copy import copies_at, marks_at
from cbt_station.delivery.station import Station
from cbt_station.exam.sitting import MINUTE_MS
from tests.delivery.hand_clock import HandClock
from tests.delivery.small_session import PASSPHRASE, SmallSession
from tests.torture.campaign import Campaign, Tally, small_station
from tests.torture.crash_states import Pick, state_of
from tests.torture.failure_loop import KINDS, FailureLoop, Kind
from tests.torture.model import OPEN, RENAME, SYNC, WRITE, Disk, Op, chance_of
from tests.torture.oracle import Told, require_true_time, truth_of
from tests.torture.player import Plan
from tests.torture.proving import FAULTS, require_caught
from tests.torture.quick import quick_keys
from tests.torture.recorder import (
    NUMBER,
    NoCompilerError,
    Recorder,
    Sessions,
    make_sessions,
    require_nothing_escaped,
    scratch_folder,
)

STATES = int(os.environ.get("CBT_TORTURE_STATES", "50000"))
PARTS = 10
EVERY = int(os.environ.get("CBT_TORTURE_EVERY", "9"))
"""How many operations the failure loop steps on; syncs are few and tried one by one where a program dies of them."""


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with small_station(), scratch_folder() as folder, quick_keys():
        yield folder


@pytest.fixture(scope="module")
def sessions(place: Path) -> Sessions:
    return make_sessions(place)


@pytest.fixture(scope="module")
def recorder(place: Path) -> Iterator[Recorder]:
    try:
        started = Recorder(place)
    except NoCompilerError:
        pytest.skip("no C compiler for the recorder, or no Linux")
    with started:
        yield started


def path_of(name: str) -> bytes:
    return f"/disk/{name}".encode()


def opened(descriptor: int, name: str, flags: int = os.O_CREAT | os.O_WRONLY) -> Op:
    return Op(OPEN, descriptor, 0, flags, 0, path_of(name) if name else b"/disk", b"")


def written(descriptor: int, offset: int, data: bytes) -> Op:
    return Op(WRITE, descriptor, 0, offset, len(data), data, b"")


def synced(descriptor: int, error: int = 0) -> Op:
    return Op(SYNC, descriptor, error, 0, 0, b"", b"")


def every_state(*ops: Op) -> set[frozenset[tuple[str, bytes]]]:
    """All that a disk may hold after `ops`, found by many tries."""
    disk = Disk("/disk")
    for op in ops:
        disk.apply(op)
    states = set()
    for seed in range(400):
        pick = Pick(
            chance_of(seed), ("all", "none", "some")[seed % 3], ("all", "none", "torn")[seed // 3 % 3]
        )
        state = state_of(disk, pick)
        states.add(frozenset((name, content.data) for name, content in state.files.items()))
    return states


OLD, NEW = b"o" * 512, b"n" * 512
FILE = (opened(3, "a"), opened(4, "", os.O_RDONLY), synced(4), written(3, 0, OLD), synced(3))


@pytest.mark.parametrize(
    ("ops", "holds"),
    [
        pytest.param(FILE, {OLD}, id="what was synced is sure"),
        pytest.param((*FILE, written(3, 0, NEW)), {OLD, NEW}, id="an overwritten sector is old or new"),
        pytest.param(
            (*FILE, written(3, 0, NEW), synced(3, 5), synced(3)), {OLD, NEW}, id="no sync makes up for one that failed"
        ),
        pytest.param(
            (*FILE, written(3, 0, NEW), synced(3, 5), written(3, 0, OLD), synced(3)),
            {OLD},
            id="but what is written again is sure again",
        ),
    ],
)  # fmt: skip
def test_a_file_after_a_power_cut(ops: tuple[Op, ...], holds: set[bytes]) -> None:
    assert {data for state in every_state(*ops) for _, data in state} == holds


def test_a_name_is_sure_with_its_folder_only_and_a_rename_loses_no_file() -> None:
    made = (opened(3, "new"), written(3, 0, NEW), synced(3))
    assert every_state(*made) == {frozenset(), frozenset({("new", NEW)})}
    renamed = Op(RENAME, -1, 0, 0, 0, path_of("new"), path_of("name"))
    assert every_state(*made, opened(4, "", os.O_RDONLY), synced(4), renamed) == {
        frozenset({("new", NEW)}),
        frozenset({("name", NEW)}),
    }


def test_sectors_tear_and_new_ones_may_hold_rubbish() -> None:
    states = every_state(*FILE, written(3, 0, NEW * 3))
    sizes = {len(data) for state in states for _, data in state}
    sectors = {data[start : start + 512] for state in states for _, data in state for start in (0, 512, 1024)}
    assert sizes == {512, 1536}
    assert {OLD, NEW, bytes(512)} < sectors
    assert (
        len({data[:512] for state in states for _, data in state}) == 2
    )  # a sector that was written is never rubbish


def test_the_log_says_what_the_disk_holds(recorder: Recorder, sessions: Sessions) -> None:
    recording = recorder.record(sessions.plain, Plan(seed=5, answers=6, acts=True))
    require_nothing_escaped(recording)
    told = Told()
    for op in recording.ops:
        told = told.after(op)
    assert recording.traces == ()
    assert told.result is not None
    assert told.second_seq == told.seq >= 7
    recorder.drop(recording)


def test_a_player_that_dies_while_another_thread_writes_leaves_no_hole_in_the_log(
    recorder: Recorder, sessions: Sessions
) -> None:
    for seed in range(25):
        plan = Plan(seed=seed, answers=4, end="die", checkpoint_every=3, step_ms=(1, 2500))
        recording = recorder.record(sessions.plain, plan)
        require_nothing_escaped(recording)
        recorder.drop(recording)


def test_a_grant_after_the_end_and_before_the_tick_that_ends_it_is_whole(
    sessions: Sessions, tmp_path: Path
) -> None:
    clock = HandClock()
    station = begin(sessions.short, tmp_path / "station", None, clock)
    for _ in range(4):
        clock.forward(9_000)
        station.choose(station.view().cells[0].item, "a")
    clock.forward(5_700)
    assert station.act(station.unsigned_act("grant", 3, "listrik")).left_ms == 3 * MINUTE_MS
    station.close()
    truth = truth_of(tmp_path, sessions.short)
    assert truth is not None
    require_true_time(truth)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_caught(recorder: Recorder, sessions: Sessions, place: Path, fault: str) -> None:
    require_caught(fault, recorder, sessions, place)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_crash_state_breaks_a_promise(
    recorder: Recorder, sessions: Sessions, place: Path, tmp_path: Path, part: int
) -> None:
    campaign = Campaign(recorder, sessions, place, keep=tmp_path / "broken")
    tally, seed, seen = Tally(), part * 1_000_000, set[bytes]()
    while len(seen) < STATES // PARTS:
        tally.add(campaign.torture(seed, min(2_500, STATES // PARTS), seen.add))
        seed += 1
    assert tally.findings == []
    assert tally.played_on > 0


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_whatever_fails_no_answer_is_told_in_vain(
    recorder: Recorder, sessions: Sessions, place: Path, kind: Kind
) -> None:
    loop, number = FailureLoop(recorder, sessions.plain, place), 1
    while loop.fail(kind, number):
        number += 1 if kind.dies else EVERY
    assert number > 100


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.dies or kind.is_kill], ids=lambda kind: kind.name
)
def test_what_dies_without_a_second_place_leaves_all_that_was_told(
    recorder: Recorder, sessions: Sessions, place: Path, kind: Kind
) -> None:
    loop, number = FailureLoop(recorder, sessions.plain, place, second=False), 1
    while loop.fail(kind, number):
        number += 2 if kind.dies else EVERY
    assert number > 50


def test_a_stick_whose_first_line_the_power_cut_left_as_zeros_keeps_nobody_from_going_on(
    sessions: Sessions, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    begin(sessions.plain, tmp_path, stick).close()
    (copy,) = copies_at(stick, next((tmp_path / "data" / "sittings").iterdir()).name)
    copy.write_bytes(bytes(25))
    station = Station.open(sessions.plain.path, tmp_path / "data", clock=HandClock(), second=stick)
    assert station.resume() is not None
    assert station.view().saved.level == "second"
    station.close()


def test_a_cut_between_the_mark_of_a_second_place_and_its_first_byte_keeps_nobody_from_going_on(
    sessions: Sessions, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    begin(sessions.plain, tmp_path, None).close()
    (sitting,) = (tmp_path / "data" / "sittings").iterdir()
    (sitting / "reached-second").write_bytes(b"begun\n")
    station = Station.open(sessions.plain.path, tmp_path / "data", clock=HandClock(), second=stick)
    assert station.resume() is not None
    assert (sitting / "reached-second").read_bytes().decode() == marks_at(stick, sitting.name)[-1]
    station.close()


def begin(session: SmallSession, folder: Path, stick: Path | None, clock: HandClock | None = None) -> Station:
    station = Station.open(session.path, folder / "data", clock=clock or HandClock(), second=stick)
    station.unlock(session.venue_key, PASSPHRASE, session.code)
    station.check_in_unasked(NUMBER)
    station.start("id")
    return station
