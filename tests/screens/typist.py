"""The real command `station` in a real process, with a candidate who types into its window by events. To be killed.

    python -m tests.screens.typist               a line in (`Life`, JSON) for each process; then its lines out
    python -m tests.screens.typist once LIFE     one process, imported from the start

Everything is imported once; each life is forked before there is any Qt application, and is then the command as it is.
What comes out, a JSON line each, written at once:

    pid         the process to kill
    begun       the question is on the screen: item, answers, left_ms, level
    asks        the typist is about to press a key: an option of an item, or another item to open
    painted     an option's row was painted with its tick, and the bar says "Tersimpan": item, option, seq, left_ms, level
    shown       another item is on the screen
    ended       the process is gone; its status

Nothing reaches behind the window but to name what is on it.
"""

import importlib
import os
import sys
from pathlib import Path
from typing import Any

import msgspec


class Life(msgspec.Struct, frozen=True):
    """One process. `most`: press no more after so many ticks were painted; `fault`: planted, by its name."""

    session: str
    data: str
    second: str
    seed: int
    most: int = 0
    fault: str = ""


def say(**what: Any) -> None:
    os.write(1, msgspec.json.encode(what) + b"\n")


def watch_and_type(life: Life) -> Any:
    """Sits before the one window of the application; called when its event loop begins."""
    from PySide6.QtWidgets import QApplication

    from cbt_station.screens.station.window import Window
    from tests.screens.typing_candidate import Typist

    application = QApplication.instance()
    assert isinstance(application, QApplication)
    window = next(one for one in application.topLevelWidgets() if isinstance(one, Window))
    typist = Typist(window, life)
    application.installEventFilter(typist)
    return typist


def live(life: Life) -> None:
    """The command, until it is killed."""
    say(do="pid", pid=os.getpid())
    if life.fault:
        from tests.screens.planted_in_the_window import FAULTS

        FAULTS[life.fault]()
    from PySide6.QtWidgets import QApplication

    loop = QApplication.exec

    def begun(*_: object) -> int:
        kept = watch_and_type(life)
        code: int = loop()
        del kept
        return code

    QApplication.exec = begun  # type: ignore[method-assign, assignment]
    second = ["--second", life.second] if life.second else []
    sys.argv = ["cbt-station", "station", "--session", life.session, "--data", life.data, *second]
    from cbt_station.cli import main

    main()


def serve() -> None:
    """Fork a life for each line."""
    for room in ("cbt_station.cli", "cbt_station.delivery.station", "tests.screens.typing_candidate"):
        importlib.import_module(room)  # so that a life begins with the application
    say(do="ready")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.close(0)
            os.open(os.devnull, os.O_RDONLY)
            code = 1
            try:
                live(msgspec.json.decode(line, type=Life))
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        say(do="ended", status=status)


if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    sys.path.insert(0, str(Path.cwd()))
    if sys.argv[1:2] == ["once"]:
        live(msgspec.json.decode(sys.argv[2], type=Life))
    else:
        serve()
