"""A short text or a number, typed within a sentence.

A number may be typed with a comma or a point; what is no number is said in words, and is not saved.
"""

import re
from math import ceil
from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from cbt_station.exam.interactions import NumberEntryInteraction, TextEntryInteraction
from cbt_station.screens.item.interactions.base import Respond
from cbt_station.screens.item.interactions.typed import Meaningless, Typed, cleaned
from cbt_station.screens.look import Look
from cbt_station.screens.rich.media import Media

_NUMBER: Final = re.compile(r"([+-]?)([0-9]*)(?:[.,]([0-9]*))?")
_MINUS: Final = str.maketrans({"\u2212": "-", "\u2013": "-", " ": "", "\u00a0": "", "\u202f": ""})
_MOST_DIGITS: Final = 30
_WIDEST: Final = 44


class EntryField(QLineEdit):
    """A field as wide as what is expected in it."""

    def __init__(self, look: Look, characters: int) -> None:
        super().__init__()
        self._look, self._characters = look, max(4, min(characters, _WIDEST))
        self._taller = 0
        self.setProperty("role", "entry")

    def fit_script(self) -> None:
        """As high as the letters in it: those of some scripts reach further up and down."""
        metrics = self.fontMetrics()
        height, top = _line_of(self.text(), self.font())
        cut = max(
            0.0, top - metrics.ascent()
        )  # Qt puts the line in the middle, as if it began with our own letters
        taller = max(0, ceil(height + 2 * cut) - metrics.height())
        if taller != self._taller:
            self._taller = taller
            self.updateGeometry()

    def baseline(self) -> float:
        """How far below its top the line of its letters is: those of some scripts reach further down than up."""
        metrics = self.fontMetrics()
        height = max(_line_of(self.text(), self.font())[0], metrics.height())
        return (self.sizeHint().height() - height) / 2 + metrics.ascent()

    def sizeHint(self) -> QSize:
        letter = self.fontMetrics().averageCharWidth() * 1.1
        height = super().sizeHint().height() + self._taller
        return QSize(round(letter * self._characters) + self._look.px(30), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(72), super().minimumSizeHint().height() + self._taller)


def _line_of(text: str, font: QFont) -> tuple[float, float]:
    """How high a line of text is in the fonts that it needs, and how far its letters reach up."""
    if text.isascii():
        return 0.0, 0.0
    layout = QTextLayout(text, font)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    return line.height(), -QFontMetricsF(font).tightBoundingRect(text).top()


class EntryWidget(Typed):
    """One line; Enter sends."""

    field: EntryField

    def __init__(self, look: Look, width: int, most: int, respond: Respond) -> None:
        field = EntryField(look, width)
        field.setMaxLength(most)
        super().__init__(look, respond, field)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(field)
        field.textEdited.connect(self.edited)
        field.returnPressed.connect(self.leave)

    def text(self) -> str:
        return self.field.text()

    def put_text(self, text: str) -> None:
        self.field.setText(text)

    def draw(self) -> None:
        super().draw()
        self.field.fit_script()

    def baseline(self) -> float:
        """Where a sentence around it has its line."""
        return self.field.baseline()

    def name(self, text: str) -> None:
        """For a screen reader: which field of the sentence it is."""
        self.field.setAccessibleName(text)

    def edited(self) -> None:
        super().edited()
        self.show_rule()


class TextEntryWidget(EntryWidget):
    """A short text."""

    def __init__(
        self,
        look: Look,
        interaction: TextEntryInteraction,
        _media: Media,
        _order: tuple[str, ...] | None,
        respond: Respond,
    ) -> None:
        super().__init__(look, interaction.width, interaction.most_characters, respond)
        self.name(self.words("station.text_entry"))

    def meant(self, text: str) -> str | None:
        value = cleaned(text)
        return value if value.strip() else None


class NumberEntryWidget(EntryWidget):
    """A number."""

    def __init__(
        self,
        look: Look,
        interaction: NumberEntryInteraction,
        _media: Media,
        _order: tuple[str, ...] | None,
        respond: Respond,
    ) -> None:
        super().__init__(look, interaction.width, interaction.most_characters, respond)
        self.name(self.words("station.number_entry"))

    def meant(self, text: str) -> str | None:
        plain = text.translate(_MINUS).strip()
        if not plain:
            return None
        found = _NUMBER.fullmatch(plain)
        if found is None or not (found[2] or found[3]):
            raise Meaningless(self.words("station.number_wrong"))
        sign, whole, part = "-" if found[1] == "-" else "", found[2] or "0", found[3] or ""
        if max(len(whole), len(part)) > _MOST_DIGITS:
            raise Meaningless(self.words("station.number_long", most=_MOST_DIGITS))
        return f"{sign}{whole}.{part}" if part else sign + whole

    def written(self, value: str) -> str:
        return value.replace(".", ",") if self.look.language == "id" else value
