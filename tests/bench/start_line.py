"""From the start of a process to its first page on the screen, beside a process that shows one label in a PySide6 window.

The product is the command `cbt-station station` over a sealed session: interpreter, trust list, every file's hash, the
window, the locked page painted. `resume_line` is the same over a sitting that was cut off after 30 answers: from the
power's return to the candidate's question. Bytecode and words are compiled, as in an install; both are warm.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.bench.harness import Line, compare
from tests.compiled import compile_words
from tests.staged import stage_skd

ROOT = Path(__file__).resolve().parents[2]
STARTS = 8
"""In a round: 40 in all. The p99 is then the slowest."""


def started(*arguments: str, stages: Path | None = None) -> int:
    """Start a process; how long until it says that it has painted. It writes down its `stages` where that is wanted."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    if stages is not None:
        environment["CBT_STAGES_OF_THE_START"] = str(stages)
    command = [sys.executable, "-m", "tests.bench.first_paint", *arguments]
    begin = time.perf_counter_ns()
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        taken = time.perf_counter_ns() - begin
    assert (said, process.returncode) == (b"painted\n", 0)
    return taken


def many(*arguments: str) -> Callable[[int], Iterable[int]]:
    """A round of starts."""
    return lambda _: [started(*arguments) for _ in range(STARTS)]


def compare_starts(name: str, session: Path, data: Path, goal: str) -> Line:
    """The station over a session and a data folder, beside the bare window; each has started once before."""
    compile_words()
    product = ("station", "--session", str(session), "--data", str(data))
    started(*product)
    started("bare")
    return compare(name, many(*product), many("bare"), goal=goal)


def measure(folder: Path) -> Line:
    stage, _ = stage_skd(folder / "stage")
    return compare_starts("start to locked page", stage.session, folder / "data", "≤ 1.5×")
