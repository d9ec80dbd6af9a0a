"""Run as a program: a window that says "painted" on standard output when its first page is on the screen, and ends.

    python -m tests.bench.first_paint bare              a label in a window: the reference
    python -m tests.bench.first_paint station ARGUMENTS the command `cbt-station station`, as a person would start it

"On the screen": the locked page with the session's own words, or the question at which a sitting goes on, drawn and the
paint over. Nothing is imported that the program itself would not import.
"""

import os
import sys

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QWidget


class FirstPaint(QObject):
    """Sees every event; at the first paint of a page that is ready, tells and ends the process."""

    def eventFilter(self, seen: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(seen, QWidget) and _is_ready(seen.window()):
            QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
            QTimer.singleShot(0, tell)
        return False


def _is_ready(window: QWidget) -> bool:
    """A bare window is; the candidate's is when the station has told it where it stands."""
    if isinstance(window, QLabel):
        return True
    door, desk, page = window.door, window.desk, window.pages.currentWidget()  # type: ignore[attr-defined]
    return door.info is not None and (page is not window.exam or desk.on_screen is not None)  # type: ignore[attr-defined]


def tell() -> None:
    """Tell, and end without any farewell: what comes after the first paint is not measured."""
    budget = os.environ.get("CBT_MODULES_AT_FIRST_PAINT")
    if budget:
        with open(budget, "w", encoding="utf-8") as file:  # noqa: PTH123 (pathlib is not for us to import)
            file.write("\n".join(sorted(sys.modules)))
    os.write(1, b"painted\n")
    os._exit(0)


def bare() -> None:
    """The least window that shows a word."""
    application = QApplication(["bare"])
    watch = FirstPaint()
    application.installEventFilter(watch)
    label = QLabel("CBT Station")
    label.resize(1280, 800)
    label.show()
    application.exec()


def station(arguments: list[str]) -> None:
    """The command, with the watch set when its event loop begins."""
    loop = QApplication.exec

    def watched(*_: object) -> int:
        watch = FirstPaint()
        QApplication.instance().installEventFilter(watch)  # type: ignore[union-attr]
        return loop()

    QApplication.exec = watched  # type: ignore[method-assign, assignment]
    sys.argv = ["cbt-station", "station", *arguments]
    from cbt_station.cli import main

    main()


if __name__ == "__main__":
    bare() if sys.argv[1] == "bare" else station(sys.argv[2:])
