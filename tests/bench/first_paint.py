"""Run as a program: a window that says "painted" on standard output when its first page is on the screen, and ends.

    python -m tests.bench.first_paint bare              a label in a window: the reference
    python -m tests.bench.first_paint station ARGUMENTS the command `cbt-station station`, as a person would start it

"On the screen": the locked page with the session's own words, or the question at which a sitting goes on, drawn and the
paint over. Nothing is imported that the program itself would not import, nor sooner: once PySide6 is loaded, its hook
reads the source of every later module. Only the window itself is watched: a filter of the whole application is given
objects that Python has not seen, and PySide6 then makes all its classes to find out what they are (23 ms).
"""

import os
import sys
import time
from typing import Any

_stages: list[tuple[str, int]] = []


def stage(name: str) -> None:
    """What has just ended."""
    _stages.append((name, time.monotonic_ns()))


def watch(window: Any) -> Any:
    """An event filter for the window: when it paints a page that is ready, tells and ends the process."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    class FirstPaint(QObject):
        def eventFilter(self, _window: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and _is_ready(window):
                window.removeEventFilter(self)
                QTimer.singleShot(0, tell)
            return False

    filters = FirstPaint()
    window.installEventFilter(filters)
    return filters


def _is_ready(window: Any) -> bool:
    """A bare window is; the candidate's is when the station has told it where it stands."""
    if not hasattr(window, "desk"):
        return True
    page = window.pages.currentWidget()
    is_exam = type(page).__name__ == "ExamPage"  # asking the window for it would make it
    return page is not None and window.door.info is not None and (not is_exam or bool(window.desk.on_screen))


def tell() -> None:
    """Tell, and end without any farewell: what comes after the first paint is not measured."""
    budget = os.environ.get("CBT_MODULES_AT_FIRST_PAINT")
    if budget:
        with open(budget, "w", encoding="utf-8") as file:  # noqa: PTH123 (pathlib is not for us to import)
            classes = (f"PySide6.QtWidgets.{name}" for name in vars(sys.modules["PySide6.QtWidgets"]))
            file.write("\n".join(sorted({*sys.modules, *classes})))
    stage("painted")
    stages = os.environ.get("CBT_STAGES_OF_THE_START")
    if stages:
        with open(stages, "w", encoding="utf-8") as file:  # noqa: PTH123 (as above)
            file.writelines(f"{name}\t{moment_ns}\n" for name, moment_ns in _stages)
    os.write(1, b"painted\n")
    os._exit(0)


def bare() -> None:
    """The least window that shows a word."""
    stage("python")
    from PySide6.QtWidgets import QApplication, QLabel

    stage("qt")
    application = QApplication(["bare"])
    stage("application")
    label = QLabel("CBT Station")
    kept = label, watch(label)
    label.resize(1280, 800)
    label.show()
    stage("window")
    application.exec()
    del kept


def station(arguments: list[str]) -> None:
    """The command, with the watch set when its window is open and its event loop is about to begin."""
    stage("python")
    from cbt_station.screens import station as room  # no Qt yet

    run, open_window, kept = room.run, room.open_window, []

    def running(*given: Any, **how: Any) -> int:
        stage("station")
        from PySide6 import QtWidgets

        stage("qt")
        assert QtWidgets is not None
        return run(*given, **how)

    def watched(*given: Any, **how: Any) -> Any:
        stage("application")
        window = open_window(*given, **how)
        stage("window")
        kept.append(watch(window))
        return window

    room.run, room.open_window = running, watched
    sys.argv = ["cbt-station", "station", *arguments]
    from cbt_station.cli import main

    main()


if __name__ == "__main__":
    bare() if sys.argv[1] == "bare" else station(sys.argv[2:])
