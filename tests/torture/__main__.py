"""`python -m tests.torture`: planted faults, a million crash states, every failing operation; what `make torture` runs.

    --states N      distinct crash states (1,000,000)
    --workers N     processes (2)
                    Ctrl-C, or SIGTERM, ends the cutting and reports what was reached
    --minutes N     stop cutting after so many, however few states there are by then
    --seed N        the first sitting's seed (1); a seed plays the same script against the same clock, and a run that was
                    stopped is gone on with from another one
    --keep FOLDER   where states that break a promise are kept (build/torture)

Exit code 1 where a promise was broken or a planted fault was not caught.
"""

import argparse
import itertools
import multiprocessing
import resource
import signal
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from tests.torture.campaign import Tally
from tests.torture.failure_loop import KINDS
from tests.torture.proving import FAULTS
from tests.torture.workers import all_of

A_LINE_EVERY_S = 60
STOPPING = signal.SIGINT, signal.SIGTERM


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    console = Console()
    began = time.monotonic()
    findings = _planted(options, console)
    tally = _cut(options, console)
    findings += tally.findings
    if tally.was_stopped:
        console.print("stopped: the failing operations were not tried")
    else:
        findings += _fail(options, console)
    minutes = (time.monotonic() - began) / 60
    console.print(
        f"{tally.states:,} distinct crash states ({tally.states / max(tally.seconds, 0.001):,.0f}/s, "
        f"{tally.states / max(tally.cpu_seconds, 0.001):,.0f} a second of one core), {tally.judged:,} judgements, "
        f"{tally.recordings:,} recordings of {tally.operations:,} operations, {tally.played_on:,} states played on to their "
        f"result, {tally.tampered:,} tampered journals; {minutes:.1f} minutes in all",
        highlight=False,
    )
    for finding in findings:
        console.print(f"[bold red]BROKEN[/] {finding}", highlight=False)
    console.print("[bold red]promises were broken[/]" if findings else "no promise was broken")
    return 1 if findings else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture")
    parser.add_argument("--states", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("build/torture"))
    return parser.parse_args(arguments)


# --- the three parts ------------------------------------------------------------------------------------------------


def _planted(options: argparse.Namespace, console: Console) -> list[str]:
    findings = []
    with _progress(console) as progress:
        task = progress.add_task("planted faults", total=len(FAULTS))
        for kind, (fault, said) in all_of([("planted", fault) for fault in FAULTS], options.workers):
            if kind == "finding":
                findings.append(f"planted fault {fault}: {said}")
            progress.update(task, advance=1, description=f"planted faults: {fault}")
    return findings


def _cut(options: argparse.Namespace, console: Console) -> Tally:
    tally, seen, began, spent = Tally(), set[bytes](), time.monotonic(), _cpu_seconds()
    sittings = (("cut", (seed, str(options.keep))) for seed in itertools.count(options.seed))

    stopped: list[int] = []
    before = [signal.signal(asked, lambda number, _: stopped.append(number)) for asked in STOPPING]

    def enough() -> bool:
        late = time.monotonic() - began > options.minutes * 60
        return bool(stopped) or late or len(seen) >= options.states

    with _progress(console) as progress:
        task, line = progress.add_task("crash states", total=options.states), Lines(console)
        for kind, what in all_of(sittings, options.workers, enough):
            if kind == "step":
                seen.add(what[:8])  # one digest in 10^13 lost that way
                words = f"crash states, {len(tally.findings)} broken"
                progress.update(task, completed=len(seen), description=words)
            else:
                tally.add(what)
                line.say(tally, len(seen), time.monotonic() - began)
    for asked, handler in zip(STOPPING, before, strict=True):
        signal.signal(asked, handler)
    tally.states, tally.seconds = len(seen), time.monotonic() - began
    tally.cpu_seconds, tally.was_stopped = _cpu_seconds() - spent, bool(stopped)
    return tally


def _cpu_seconds() -> float:
    """What all workers that are over have used, with their players."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Lines:
    """Where no terminal draws a bar: a line a minute, and every finding at once."""

    def __init__(self, console: Console) -> None:
        self._console, self._last, self._told = console, 0.0, 0

    def say(self, tally: Tally, states: int, seconds: float) -> None:
        for finding in tally.findings[self._told :]:
            self._console.print(f"BROKEN {finding}", markup=False, highlight=False)
        self._told = len(tally.findings)
        if not self._console.is_terminal and seconds - self._last > A_LINE_EVERY_S:
            self._last = seconds
            self._console.print(
                f"{seconds / 60:6.1f} min  {states:>11,} states  {states / seconds:5,.0f}/s  {tally.recordings:,} recordings  "
                f"{self._told} broken",
                highlight=False,
            )


def _fail(options: argparse.Namespace, console: Console) -> list[str]:
    findings: list[str] = []
    with _progress(console) as progress:
        task = progress.add_task("failing operations", total=None)
        jobs = [("fail", (number, second)) for second in (True, False) for number in range(len(KINDS))]
        for kind, what in all_of(jobs, options.workers):
            if kind == "step":
                progress.update(task, advance=what)
            else:
                findings += what
    return findings


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.finished_speed or task.speed or 0:>5,.0f}/s")


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<50}"),
        BarColumn(),
        TextColumn("{task.completed:>9,.0f}"),
        _Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=False,
    )


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    sys.exit(main(sys.argv[1:]))
