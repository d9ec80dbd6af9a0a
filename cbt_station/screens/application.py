"""The Qt application of a program that may have no screen."""

import os
import subprocess
import sys
from typing import Final

from PySide6.QtWidgets import QApplication

_PATIENCE_S: Final = 30


def has_screen() -> bool:
    """Whether a window could be shown to a person here."""
    if os.environ.get("QT_QPA_PLATFORM") in {"offscreen", "minimal"}:
        return False
    return os.name == "nt" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def window_refused() -> str:
    """Why no window can be shown to a person here; empty where one can.

    Tried in a process of its own, because where a library is missing Qt ends the process.
    """
    if not has_screen():
        return "DISPLAY, WAYLAND_DISPLAY"
    program = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
    try:
        tried = subprocess.run(  # noqa: S603 (our own interpreter, our own words)
            [sys.executable, "-c", program], capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        return f"> {_PATIENCE_S} s"
    told = [line for line in tried.stderr.splitlines() if line.strip()]
    return "" if tried.returncode == 0 else (told or [str(tried.returncode)])[0][:200]


def offscreen_application() -> QApplication:
    """An application that draws into memory; the one that is there already, if there is one."""
    there = QApplication.instance()
    if isinstance(there, QApplication):
        return there
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return QApplication(["cbt-station"])
