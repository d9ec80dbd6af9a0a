"""Pictures of every interaction: open, with the focus, answered, and while its answer is waited for.

Made by `python -m tests.screenshots --interactions`, in light, dark and high contrast at 100 and 200 %, to be looked at.
The items are the sample items of the tests, over a station in memory; each picture is the whole window.
"""

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtCore import Qt

from cbt_station.errors import Failure
from cbt_station.screens.background import AtOnce
from cbt_station.screens.look import Look
from cbt_station.screens.station.acting import act_out
from cbt_station.screens.station.window import Window
from tests.screens.interaction_answers import ANSWERS
from tests.screens.interaction_items import ITEMS
from tests.screens.interaction_station import InteractionStation
from tests.station_pictures import settle

T = TypeVar("T")
THEMES: Final = ("light", "dark", "contrast")
ZOOMS: Final = ((100, (1366, 768)), (200, (1366, 768)), (200, (1024, 600)), (200, (1024, 1500)))
"""The last is no screen's: at 200 % it shows the whole question, which else is scrolled."""
STATES: Final = ("open", "focus", "answered", "waiting")


class HoldingAsker(AtOnce):
    """Answers at once, or (`holds`) never: a disk that stands still."""

    holds = False

    def ask(
        self, call: Callable[[], T], then: Callable[[T], None], failed: Callable[[Failure], None]
    ) -> None:
        if not self.holds:
            super().ask(call, then, failed)


def interaction_pictures(
    target: Path, only: list[str] | None = None, themes: tuple[str, ...] = THEMES
) -> Iterator[Path]:
    """Write `target`/NAME-STATE-SIZE-THEME-ZOOM.png for the items in `only`, or all."""
    target.mkdir(parents=True, exist_ok=True)
    for name in only or ITEMS:
        for theme, (zoom, size) in product(themes, ZOOMS):
            look = Look(theme, zoom)
            for state in STATES:
                path = target / f"{name}-{state}-{size[0]}x{size[1]}-{theme}-{zoom}.png"
                _picture(name, state, look, size, path)
                yield path


def _picture(name: str, state: str, look: Look, size: tuple[int, int], path: Path) -> None:
    asker = HoldingAsker()
    window = Window(InteractionStation(name), look, asker, venue_key=b"key", wall=lambda: "10:42:07")
    window.resize(*size)
    try:
        window.begin()
        window.banner.hide()
        settle()
        asker.holds = state == "waiting"
        if state in ("answered", "waiting"):
            act_out(window.exam.question, ANSWERS[name])
        if state == "waiting":
            window.bar.show_waiting()
        parts = window.exam.question.parts_to_focus()
        if state == "focus" and parts:
            parts[len(parts) // 2].setFocus(Qt.FocusReason.TabFocusReason)
            window.exam.question.ensureWidgetVisible(parts[len(parts) // 2])
        else:
            window.exam.question.stem.setFocus(Qt.FocusReason.OtherFocusReason)
            window.exam.question.verticalScrollBar().setValue(0)
        settle()
        window.grab().save(str(path))
    finally:
        window.let_go()
        window.close()
        window.deleteLater()
        settle()
