"""How the screens of this process look and speak now: theme, text size, language.

One object for the application. A change sets the one style sheet and tells every widget that paints or words itself.
The next candidate begins with the plain look.
"""

from typing import cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from cbt_station.screens.fonts import FAMILIES, load_fonts
from cbt_station.screens.tokens import TEXT_PX, THEMES, ZOOMS, Tokens, style_sheet
from cbt_station.words import LANGUAGES, Words, words_in


class Look(QObject):
    """Theme, zoom (percent) and language; `changed` after the sheet is set, `spoken` after the language changed."""

    changed = Signal()
    spoken = Signal()

    def __init__(self, theme: str = "light", zoom: int = 100, language: str = "id") -> None:
        super().__init__()
        self.tokens: Tokens = THEMES[theme]
        self.zoom = zoom
        self.words: Words = words_in(language)
        load_fonts()
        self._begin()
        self._apply()

    @property
    def language(self) -> str:
        """The language of the screen's own words."""
        return self.words.lang

    def px(self, size: float) -> int:
        """Pixels at 100 % as whole pixels of the present text size."""
        return max(1, round(size * self.zoom / 100))

    def font(self, size: float = TEXT_PX, *, bold: bool = False) -> QFont:
        """Our text font for a widget that paints itself."""
        font = QFont(list(FAMILIES))
        font.setPixelSize(self.px(size))
        font.setBold(bold)
        return font

    def colour(self, name: str) -> QColor:
        """A token as Qt's colour."""
        return QColor(getattr(self.tokens, name))

    def set_theme(self, name: str) -> None:
        """Another theme, at once."""
        if name != self.tokens.name:
            self.tokens = THEMES[name]
            self._apply()

    def set_zoom(self, zoom: int) -> None:
        """Another text size, at once; the nearest of the sizes on offer."""
        nearest = min(ZOOMS, key=lambda known: abs(known - zoom))
        if nearest != self.zoom:
            self.zoom = nearest
            self._apply()

    def larger(self) -> None:
        self.set_zoom(next((zoom for zoom in ZOOMS if zoom > self.zoom), self.zoom))

    def smaller(self) -> None:
        self.set_zoom(next((zoom for zoom in reversed(ZOOMS) if zoom < self.zoom), self.zoom))

    def next_theme(self) -> None:
        names = list(THEMES)
        self.set_theme(names[(names.index(self.tokens.name) + 1) % len(names)])

    def set_language(self, language: str) -> None:
        """The screen's own words in another language ("id" or "en"; anything else leaves them)."""
        if language in LANGUAGES and language != self.language:
            self.words = words_in(language)
            self.spoken.emit()

    def _apply(self) -> None:
        self._dress()
        self.changed.emit()

    def _begin(self) -> None:
        """Once, before the first sheet."""
        QApplication.setStyle("Fusion")

    def _dress(self) -> None:
        """Set fonts and colours: here for the whole application."""
        app = cast("QApplication", QApplication.instance())
        # From one sheet to another Qt styles every widget once more: three times the work.
        app.setStyleSheet("")
        app.setFont(self.font())
        app.setPalette(self._palette())
        app.setStyleSheet(self.sheet())

    def sheet(self) -> str:
        """The one style sheet; a program with parts of its own kind adds their rules."""
        return style_sheet(self.tokens, self.zoom)

    def _palette(self) -> QPalette:
        palette = QPalette()
        for role, token in (
            (QPalette.ColorRole.Window, "background"),
            (QPalette.ColorRole.Base, "card"),
            (QPalette.ColorRole.Button, "card"),
            (QPalette.ColorRole.WindowText, "ink"),
            (QPalette.ColorRole.Text, "ink"),
            (QPalette.ColorRole.ButtonText, "ink"),
            (QPalette.ColorRole.PlaceholderText, "muted"),
            (QPalette.ColorRole.Highlight, "accent"),
            (QPalette.ColorRole.HighlightedText, "on_accent"),
        ):
            palette.setColor(role, self.colour(token))
        return palette
