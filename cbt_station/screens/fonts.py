"""The fonts that every screen uses, loaded from our own files: a venue's fonts decide no line break.

Atkinson Hyperlegible Next (made for low vision, every letter and digit distinct) for all text, its Mono for codes,
Noto Sans for the scripts that it lacks.
"""

from typing import Final

from PySide6.QtGui import QFontDatabase

from cbt_station.errors import Trouble
from cbt_station.travelling import travelling

TEXT: Final = "Atkinson Hyperlegible Next"
CODE: Final = "Atkinson Hyperlegible Mono"
FALLBACK: Final = "Noto Sans"
FAMILIES: Final = (TEXT, FALLBACK)

_loaded: set[str] = set()


def families_for(text: str, language: str = "") -> tuple[str, ...]:  # noqa: ARG001
    """The families, first to last, in which a text of a language is set."""
    return FAMILIES


def load_fonts() -> None:
    """Make the fonts known to Qt, once a process; needs the application object."""
    for path in sorted((travelling("assets") / "fonts").glob("*.ttf")):
        if path.name in _loaded:
            continue
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise Trouble("font-unreadable", where=str(path))
        _loaded.add(path.name)
