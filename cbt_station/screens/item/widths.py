"""How much of a window's width a question has, and how much the palette beside it. Pixels."""

from typing import Final

from cbt_station.screens.look import Look
from cbt_station.screens.tokens import TEXT_PX

_NARROW_EM: Final = 52
_PANEL_EM: Final = 19
_ROOMY_EM: Final = 100
_WIDE_PANEL_EM: Final = 26


def is_narrow(window: int, look: Look) -> bool:
    """Whether the palette has no place beside the question, and is a panel over it."""
    return window / look.px(TEXT_PX) < _NARROW_EM


def question_width(window: int, look: Look) -> int:
    """The pixels that a question has in a window of a width: all where the palette is no panel beside it."""
    return window if is_narrow(window, look) else window - panel_width(window, look)


def panel_width(window: int, look: Look) -> int:
    """The pixels of the palette beside the question."""
    roomy = window > look.px(_ROOMY_EM * TEXT_PX)
    return look.px((_WIDE_PANEL_EM if roomy else _PANEL_EM) * TEXT_PX)
