"""Picking up and putting down, the same by mouse, by click and by key.

A chip is picked up by a press (or Enter, Space); places that would take it are marked; a press on one puts it there,
arrows move among them, Enter puts, Esc lays it back. Dragged with the mouse, it is put where it is let go. Nothing moves
on the screen for good before the view says so.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from cbt_station.screens.item.interactions.rich_button import RichButton

_EDGE_PX: Final = 36
_STEP_PX: Final = 24


class Ghost:
    """A picture of what is dragged, under the cursor; it scrolls the page at its edges."""

    def __init__(self) -> None:
        self._label: QLabel | None = None

    def move(self, button: RichButton, at: QPoint) -> None:
        """Follow the cursor, `at` on the screen."""
        window = button.window()
        if self._label is None:
            self._label = QLabel(window)
            self._label.setPixmap(button.grab())
            self._label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._label.adjustSize()
            self._label.show()
        self._label.move(window.mapFromGlobal(at) + QPoint(6, 6))
        _scroll_at_edge(button, at)

    def vanish(self) -> None:
        if self._label is not None:
            self._label.hide()
            self._label.deleteLater()
            self._label = None


def _scroll_at_edge(button: QWidget, at: QPoint) -> None:
    above = button.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is None:
        return
    y, bar = above.viewport().mapFromGlobal(at).y(), above.verticalScrollBar()
    if y < _EDGE_PX:
        bar.setValue(bar.value() - _STEP_PX)
    elif y > above.viewport().height() - _EDGE_PX:
        bar.setValue(bar.value() + _STEP_PX)


def under(buttons: list[RichButton], at: QPoint) -> RichButton | None:
    """The button at a place of the screen."""
    found = (one for one in buttons if one.isVisible() and one.rect().contains(one.mapFromGlobal(at)))
    return next(found, None)


def moved_among(buttons: list[RichButton], here: RichButton, by: int) -> RichButton | None:
    """The button before or after in a list, round its ends; None where there is no other."""
    shown = [one for one in buttons if not one.isHidden() and one.isEnabled()]
    if here not in shown:
        return shown[0] if shown else None
    return shown[(shown.index(here) + by) % len(shown)] if len(shown) > 1 else None


def drops(
    ghost: Ghost, take: Callable[[RichButton], bool], drop: Callable[[RichButton, QPoint], None]
) -> Callable[[RichButton, QPoint, bool], None]:
    """What a button's `dragged` is: picked up by `take` at the first movement, dropped by `drop` at the last."""
    carrying: list[RichButton] = []

    def dragged(button: RichButton, at: QPoint, last: bool) -> None:
        if not carrying:
            if not take(button):
                return
            carrying.append(button)
        ghost.move(button, at)
        if last:
            ghost.vanish()
            carrying.clear()
            drop(button, at)

    return dragged
