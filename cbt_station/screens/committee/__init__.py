"""The committee's bank workshop: items of a bank listed, written, seen as a candidate sees them, reviewed, taken in and out.

It asks `banks.workshop` and draws what comes back; it decides nothing, and what it writes is the text files that a person
could write by hand. The preview is the candidate's own question (`screens.item`).
"""

import sys
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cbt_station.screens.committee.window import Window

BUG_OF_OURS: Final = 70
"""The exit code of a program that crashed; what was typed is offered again at the next start."""


def now_here() -> datetime:
    """This moment, with this machine's zone."""
    return datetime.now().astimezone()


def open_window(
    folder: Path | None = None, *, by: str = "", language: str = "id", memory: Path | None = None
) -> "Window":
    """Open the workshop's window (there must be an application object); `memory` is the folder of what it remembers."""
    from cbt_station.screens.background import Background
    from cbt_station.screens.committee.memory import Memory
    from cbt_station.screens.committee.sheet import WorkshopLook
    from cbt_station.screens.committee.window import Window

    window = Window(WorkshopLook("light", 100, language), Background(), Memory(memory), now_here)
    window.show()
    window.begin(folder, by)
    return window


def run(folder: Path | None = None, *, by: str = "", language: str = "id", memory: Path | None = None) -> int:
    """The whole program until its window is closed; gives the exit code."""
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication(["cbt-station"])
    window = open_window(folder, by=by, language=language, memory=memory)

    def crash(kind: type[BaseException], bug: BaseException, trace: TracebackType | None) -> None:
        """Qt would print a bug of ours and go on with half a window; what was typed is kept for the next start."""
        sys.__excepthook__(kind, bug, trace)
        app.exit(BUG_OF_OURS)

    before, sys.excepthook = sys.excepthook, crash
    try:
        return app.exec()
    finally:
        sys.excepthook = before
        window.let_go()
