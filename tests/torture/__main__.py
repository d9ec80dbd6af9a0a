"""`python -m tests.torture`: planted faults, a million crash states, every failing operation; what `make torture` runs.

    --states N      distinct crash states (1,000,000)
    --workers N     processes (2)
    --seed N        the first sitting's seed (1); a seed plays the same script against the same clock
    --keep FOLDER   where states that break a promise are kept (build/torture)

Exit code 1 where a promise was broken or a planted fault was not caught.
"""

import argparse
import itertools
import multiprocessing
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from tests.torture.campaign import Campaign, Tally, small_reserve
from tests.torture.failure_loop import KINDS, FailureLoop
from tests.torture.oracle import BrokenPromiseError, quick_keys
from tests.torture.proving import FAULTS, require_caught
from tests.torture.recorder import Recorder, Sessions, make_sessions, scratch_folder

STATES_A_SITTING = 4_000
Job = tuple[str, Any]


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    console = Console()
    began = time.monotonic()
    findings = _planted(options, console)
    tally = _cut(options, console)
    findings += tally.findings + _fail(options, console)
    minutes, rate = (time.monotonic() - began) / 60, tally.states / max(tally.seconds, 0.001)
    console.print(
        f"{tally.states:,} distinct crash states ({rate:,.0f}/s), {tally.judged:,} judgements, {tally.recordings:,} "
        f"recordings of {tally.operations:,} operations, {tally.played_on:,} states played on to their result, "
        f"{tally.tampered:,} tampered journals; {minutes:.1f} minutes in all"
    )
    for finding in findings:
        console.print(f"[bold red]BROKEN[/] {finding}", highlight=False)
    console.print("[bold red]promises were broken[/]" if findings else "no promise was broken")
    return 1 if findings else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture")
    parser.add_argument("--states", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("build/torture"))
    return parser.parse_args(arguments)


# --- the three parts ------------------------------------------------------------------------------------------------


def _planted(options: argparse.Namespace, console: Console) -> list[str]:
    findings = []
    with _progress(console) as progress:
        task = progress.add_task("planted faults", total=len(FAULTS))
        for kind, (fault, said) in _all_of([("planted", fault) for fault in FAULTS], options):
            if kind == "finding":
                findings.append(f"planted fault {fault}: {said}")
            progress.update(task, advance=1, description=f"planted faults: {fault}")
    return findings


def _cut(options: argparse.Namespace, console: Console) -> Tally:
    tally, began = Tally(), time.monotonic()
    sittings = (("cut", (seed, str(options.keep))) for seed in itertools.count(options.seed))
    with _progress(console) as progress:
        task = progress.add_task("crash states", total=options.states)
        found = _all_of(sittings, options, enough=lambda: progress.tasks[0].completed >= options.states)
        for kind, what in found:
            if kind == "step":
                words = f"crash states, {len(tally.findings)} broken"
                progress.update(task, advance=what, description=words)
            else:
                tally.add(what)
    tally.seconds = time.monotonic() - began
    return tally


def _fail(options: argparse.Namespace, console: Console) -> list[str]:
    findings: list[str] = []
    with _progress(console) as progress:
        task = progress.add_task("failing operations", total=None)
        for kind, what in _all_of([("fail", number) for number in range(len(KINDS))], options):
            if kind == "step":
                progress.update(task, advance=what)
            else:
                findings += what
    return findings


# --- workers --------------------------------------------------------------------------------------------------------


def _all_of(
    jobs: Any, options: argparse.Namespace, enough: Callable[[], bool] = lambda: False
) -> Iterator[tuple[str, Any]]:
    """Let the workers do all jobs, or as many as are enough; what they report, as it comes."""
    todo: Queue[Job | None] = multiprocessing.Queue(maxsize=options.workers)
    done: Queue[tuple[str, Any]] = multiprocessing.Queue()
    workers = [
        multiprocessing.Process(target=_work, args=(todo, done), daemon=False) for _ in range(options.workers)
    ]
    for worker in workers:
        worker.start()
    jobs, open_workers, given = iter(jobs), options.workers, 0
    try:
        while open_workers:
            while given < options.workers:
                todo.put(None if enough() else next(jobs, None))
                given += 1
            kind, what = done.get()
            if kind == "ready":
                given -= 1
            elif kind == "over":
                open_workers -= 1
            else:
                yield kind, what
    finally:
        for worker in workers:
            worker.join()


def _work(todo: "Queue[Job | None]", done: "Queue[tuple[str, Any]]") -> None:
    with small_reserve(), scratch_folder() as place, quick_keys():
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
        done.put(("tally", campaign.torture(seed, STATES_A_SITTING, lambda count: done.put(("step", count)))))
    else:
        done.put(("found", _every_failure(what, recorder, sessions, place, done)))


def _every_failure(
    which: int, recorder: Recorder, sessions: Sessions, place: Path, done: "Queue[tuple[str, Any]]"
) -> list[str]:
    findings, number, loop = [], 1, FailureLoop(recorder, sessions.plain, place)
    while True:
        try:
            if not loop.fail(KINDS[which], number):
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
        done.put(("found", [f"{KINDS[what].name}: {traceback.format_exc()}"]))


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<50}"),
        BarColumn(),
        TextColumn("{task.completed:>9,.0f}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=False,
    )


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    sys.exit(main(sys.argv[1:]))
