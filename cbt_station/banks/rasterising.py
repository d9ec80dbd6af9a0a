"""Foreign SVG as PNG, drawn once when a bank comes in, by a process of its own that has little time and memory.

What is drawn has been stripped of everything that reaches out (`foreign_media.py`); the bounds here are for what only
costs: filters, nested references, a million strokes. The letters are those that we ship, so that every committee's
machine draws the same.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

from cbt_station.banks.faults import Faulty

SECONDS: Final = 10
"""Of a clock: a machine with much to do is no fault of the drawing."""
DRAWING_SECONDS: Final = 0.4
"""Of the processor, once everything is loaded; an honest drawing takes a twentieth."""
MOST_MEMORY: Final = 448 << 20
_PNG: Final = b"\x89PNG\r\n\x1a\n"


def rasterise(svg: str, width: int, height: int) -> bytes:
    """The drawing as PNG of that size. Raises Faulty("svg-not-drawn")."""
    try:
        # -P: the folder in which somebody works, perhaps beside the very file that comes in, is no place for modules.
        done = subprocess.run(  # noqa: S603 - our own interpreter and module, no shell
            [sys.executable, "-P", "-m", "cbt_station.banks.rasterising", str(width), str(height)],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            input=svg.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Faulty("svg-not-drawn", problem=type(error).__name__) from error
    if done.returncode or not done.stdout.startswith(_PNG):
        raise Faulty("svg-not-drawn", problem=_last_line(done.stderr))
    return done.stdout


def _last_line(said: bytes) -> str:
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return "".join(ch for ch in (lines[-1] if lines else "") if ch.isprintable())[:120]


def _draw() -> None:
    """The other process: SVG in, PNG out."""
    width, height = (int(side) for side in sys.argv[1:3])
    svg = sys.stdin.buffer.read().decode()
    from resvg_py import svg_to_bytes

    from cbt_station.travelling import travelling

    fonts = [str(path) for path in sorted((travelling("assets") / "fonts").glob("NotoSans*.ttf"))]
    _limit()
    png = svg_to_bytes(
        svg_string=svg,
        width=width,
        height=height,
        skip_system_fonts=True,
        font_files=fonts,
        font_family="Noto Sans",
        serif_family="Noto Sans",
        sans_serif_family="Noto Sans",
        monospace_family="Noto Sans",
    )
    sys.stdout.buffer.write(bytes(png))


def _limit() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        signal.setitimer(signal.ITIMER_PROF, DRAWING_SECONDS)  # nobody hears it, so it ends the process


if __name__ == "__main__":
    _draw()
