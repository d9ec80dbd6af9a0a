"""The Qt application of a program that may have no screen."""

import os

from PySide6.QtWidgets import QApplication


def has_screen() -> bool:
    """Whether a window could be shown to a person here."""
    if os.environ.get("QT_QPA_PLATFORM") in {"offscreen", "minimal"}:
        return False
    return os.name == "nt" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def offscreen_application() -> QApplication:
    """An application that draws into memory; the one that is there already, if there is one."""
    there = QApplication.instance()
    if isinstance(there, QApplication):
        return there
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return QApplication(["cbt-station"])
