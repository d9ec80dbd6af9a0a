"""The workers of `make torture`: each has its own recorder and its own scratch folder, and does one job after the other."""

import multiprocessing
import queue
import signal
import traceback
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any

from tests.torture.campaign import Campaign, Tally, small_station
from tests.torture.failure_loop import KINDS, FailureLoop
from tests.torture.oracle import BrokenPromiseError
from tests.torture.proving import require_caught
from tests.torture.quick import quick_keys
from tests.torture.recorder import Recorder, Sessions, make_sessions, scratch_folder

STATES_A_SITTING = 4_000
PATIENCE_S = 5.0
Job = tuple[str, Any]


def all_of(
    jobs: Iterable[Job], count: int, enough: Callable[[], bool] = lambda: False
) -> Iterator[tuple[str, Any]]:
    """Let the workers do all jobs, or as many as are enough; what they report, as it comes."""
    todo: Queue[Job | None] = multiprocessing.Queue(maxsize=count)
    done: Queue[tuple[str, Any]] = multiprocessing.Queue()
    with scratch_folder() as place:  # of all, so that nothing stays where a worker is ended
        folders = [place / str(number) for number in range(count)]
        workers = [multiprocessing.Process(target=_work, args=(todo, done, folder)) for folder in folders]
        for worker in workers:
            worker.start()
        try:
            yield from _given(iter(jobs), enough, todo, done, workers)
        except BaseException:
            for worker in workers:
                worker.terminate()
            raise
        finally:
            for worker in workers:
                worker.join()


def _given(
    jobs: Iterator[Job],
    enough: Callable[[], bool],
    todo: "Queue[Job | None]",
    done: "Queue[tuple[str, Any]]",
    workers: list[multiprocessing.Process],
) -> Iterator[tuple[str, Any]]:
    open_workers, given = len(workers), 0
    while open_workers:
        while given < len(workers):
            todo.put(None if enough() else next(jobs, None))
            given += 1
        kind, what = _next_of(done, workers)
        if kind == "ready":
            given -= 1
        elif kind == "over":
            open_workers -= 1
        else:
            yield kind, what


def _next_of(done: "Queue[tuple[str, Any]]", workers: list[multiprocessing.Process]) -> tuple[str, Any]:
    while True:
        try:
            return done.get(timeout=PATIENCE_S)
        except queue.Empty:
            if any(worker.exitcode for worker in workers):
                raise RuntimeError("a worker died") from None


def _work(todo: "Queue[Job | None]", done: "Queue[tuple[str, Any]]", place: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all: whoever asked ends us in order
    place.mkdir()
    with small_station(), quick_keys():
        sessions = make_sessions(place)
        with Recorder(place) as recorder:
            while (job := todo.get()) is not None:
                try:
                    _do(job, recorder, sessions, place, done)
                except Exception:  # noqa: BLE001 - a bug of the harness is a finding, too
                    _report_bug(job, done)
                done.put(("ready", None))
    done.put(("over", None))


def _do(
    job: Job, recorder: Recorder, sessions: Sessions, place: Path, done: "Queue[tuple[str, Any]]"
) -> None:
    kind, what = job
    if kind == "planted":
        done.put(("caught", (what, require_caught(what, recorder, sessions, place))))
    elif kind == "cut":
        seed, keep = what
        campaign = Campaign(recorder, sessions, place, keep=Path(keep))
        done.put(
            ("tally", campaign.torture(seed, STATES_A_SITTING, lambda digest: done.put(("step", digest))))
        )
    else:
        done.put(("found", _every_failure(what, recorder, sessions, place, done)))


def _every_failure(
    which: tuple[int, bool],
    recorder: Recorder,
    sessions: Sessions,
    place: Path,
    done: "Queue[tuple[str, Any]]",
) -> list[str]:
    kind, second = which
    findings: list[str] = []
    number, loop = 1, FailureLoop(recorder, sessions.plain, place, second=second)
    while True:
        try:
            if not loop.fail(KINDS[kind], number):
                return findings
        except BrokenPromiseError as broken:
            findings.append(str(broken))
        number += 1
        done.put(("step", 1))


def _report_bug(job: Job, done: "Queue[tuple[str, Any]]") -> None:
    kind, what = job
    if kind == "planted":
        done.put(("finding", (what, traceback.format_exc())))
    elif kind == "cut":
        done.put(("tally", Tally(findings=[f"seed {what[0]}: {traceback.format_exc()}"])))
    else:
        done.put(("found", [f"{KINDS[what[0]].name}: {traceback.format_exc()}"]))
