"""`make bench`: every line, or those named on the command line."""

import importlib
import os
import platform
import sys
import tempfile
from pathlib import Path

LINES = {
    "answer": "answer_line",
    "anatomy": "anatomy_line",
    "question": "question_line",
    "package": "package_line",
    "start": "start_line",
    "resume": "resume_line",
    "stages": "stages_line",
    "growth": "growth_line",
    "open": "open_line",
    "memory": "memory_line",
}


def main(wanted: list[str]) -> int:
    """Print a line for each measurement; exit code 1 where a reference was unsteady."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    refused = 0
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name in wanted or LINES:
        module = importlib.import_module(f"tests.bench.{LINES[name]}")
        with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench") as folder:
            line = module.measure(Path(folder))
        print(line, flush=True)
        refused += bool(line.unsteady)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
