"""Buttons that never tick themselves: who presses asks, and a view alone sets the tick.

Qt's "toggle" for screen readers, switches and voices sets a button's state past its `nextCheckState`: it would show a tick
that nobody keeps.
"""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

_shown: Final = set[QAbstractButton]()
"""Whose tick a view is setting now."""


def set_tick(button: QAbstractButton, on: bool) -> None:
    """What a view says; the others of its group keep theirs."""
    exclusive = button.autoExclusive()
    _shown.add(button)
    button.setAutoExclusive(False)  # or Qt would not let the last one go when an answer is taken back
    button.setChecked(on)
    button.setAutoExclusive(exclusive)
    _shown.discard(button)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


def only_ask(button: QAbstractButton) -> None:
    """A tick that came from elsewhere than `set_tick` is taken back, and asked for as by a click."""

    def take_back(on: bool) -> None:
        if button in _shown:
            return
        set_tick(button, not on)
        if on or not button.autoExclusive():  # else Qt took it away because another was ticked
            button.click()

    button.toggled.connect(take_back)
