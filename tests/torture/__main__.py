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
        for kind, (fault, said) in all_of([("planted", fault) for fault in FAULTS], options.workers):
            if kind == "finding":
                findings.append(f"planted fault {fault}: {said}")
            progress.update(task, advance=1, description=f"planted faults: {fault}")
    return findings


def _cut(options: argparse.Namespace, console: Console) -> Tally:
    tally, began, seen = Tally(), time.monotonic(), set[bytes]()
    sittings = (("cut", (seed, str(options.keep))) for seed in itertools.count(options.seed))
    with _progress(console) as progress:
        task = progress.add_task("crash states", total=options.states)
        found = all_of(sittings, options.workers, enough=lambda: len(seen) >= options.states)
        for kind, what in found:
            if kind == "step":
                seen.add(what[:8])  # one digest in 10^13 lost that way
                words = f"crash states, {len(tally.findings)} broken"
                progress.update(task, completed=len(seen), description=words)
            else:
                tally.add(what)
    tally.states, tally.seconds = len(seen), time.monotonic() - began
    return tally


def _fail(options: argparse.Namespace, console: Console) -> list[str]:
    findings: list[str] = []
    with _progress(console) as progress:
        task = progress.add_task("failing operations", total=None)
        for kind, what in all_of([("fail", number) for number in range(len(KINDS))], options.workers):
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
