"""The candidate's window: one calm screen from the locked station to the slip that the candidate takes home.

It asks `StationFace` (a `delivery.station.Station`) and draws the frozen view that comes back; it decides nothing and
keeps nothing. Imports stay lean (Qt, msgspec, qrcode), because a station must be up within a second of a power cut.
Absent on purpose: modal messages, anything that scores, any file but the sitting's look.
"""

import gc
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from cbt_station.delivery.clock import Clock
    from cbt_station.screens.station.face import StationFace
    from cbt_station.screens.station.window import Window

LOOK: Final = "look.json"
"""The name of `look_file` in a station's data folder."""

_STANDS_MS: Final = 3_000
"""Long after the first question is painted."""
BUG_OF_OURS: Final = 70
"""The exit code of a program that crashed; whoever starts it starts it again, and the sitting goes on."""


def open_window(
    station: "StationFace",
    *,
    kiosk: bool = False,
    unseen: bool = False,
    venue_key: bytes | None = None,
    key_places: Sequence[Path] = (Path("/media"), Path("/run/media"), Path("/mnt")),
    clock: "Clock | None" = None,
    language: str = "id",
    theme: str = "light",
    zoom: int = 100,
    position_title: Callable[[str], str] = str,
    look_file: Path | None = None,
) -> "Window":
    """Open the candidate's window (there must be an application object) and begin where the station stands.

    `venue_key` spares the proctor choosing its file, `key_places` is where sticks with keys appear. `clock` is the
    station's own: with it an answer counts from its key press. `kiosk` fills the screen until a proctor leaves it.
    `position_title` gives the title for a roster's position. In `look_file` theme, text size and language of the running
    sitting outlive a power cut.
    `unseen`: drawn in memory alone, for a candidate who is played while a person has the screen.
    """
    from cbt_station.screens.background import Background
    from cbt_station.screens.look import Look
    from cbt_station.screens.station.window import Window

    window = Window(
        station,
        Look(theme, zoom, language),
        Background(),
        kiosk=kiosk,
        unseen=unseen,
        venue_key=venue_key,
        key_places=tuple(key_places),
        reading=clock.read if clock is not None else lambda: None,
        position_title=position_title,
        look_file=look_file,
    )
    window.begin()
    return window


def _keep_for_good() -> None:
    """What the start has made lives as long as the program: it is never looked through for garbage, what comes after is."""
    gc.freeze()
    gc.enable()


def run(station: "StationFace", **how: Any) -> int:
    """The whole program: application, window, event loop. Keywords as for `open_window`; gives the exit code."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication(["cbt-station"])
    window = open_window(station, **how)
    QTimer.singleShot(_STANDS_MS, _keep_for_good)

    def crash(kind: type[BaseException], bug: BaseException, trace: TracebackType | None) -> None:
        """Qt would print a bug of ours and go on with half a screen; a restart goes on with the whole sitting."""
        sys.__excepthook__(kind, bug, trace)
        app.exit(BUG_OF_OURS)

    before, sys.excepthook = sys.excepthook, crash
    try:
        return app.exec()
    finally:
        sys.excepthook = before
        window.let_go()
