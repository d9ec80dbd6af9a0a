"""Help: what the keys do, and how the way of an item goes from a draft to approved."""

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QFormLayout, QFrame

from cbt_station.screens.committee.parts import Sheet
from cbt_station.screens.look import Look
from cbt_station.screens.parts import label

KEYS: Final = (
    ("Ctrl+S", "save"),
    ("Ctrl+Z, Ctrl+Y", "steps"),
    ("Ctrl+N, Ctrl+D", "new"),
    ("Ctrl+F", "find"),
    ("F2", "list"),
    ("F8", "fault"),
    ("Ctrl+1 … 6", "tabs"),
    ("Ctrl + − 0", "zoom"),
    ("Ctrl+T", "theme"),
    ("Esc", "back"),
    ("F1", "help"),
)


class HelpPage(Sheet):
    """Words alone."""

    def __init__(self, look: Look, back: Callable[[], None]) -> None:
        super().__init__(look, back)
        self.way = label()
        self.rows.addWidget(self.way)
        card = QFrame()
        card.setObjectName("card")
        form = QFormLayout(card)
        form.setContentsMargins(16, 12, 16, 12)
        form.setHorizontalSpacing(28)
        self._words = {}
        for keys, name in KEYS:
            self._words[name] = label()
            form.addRow(label(keys, "strong", wrap=False), self._words[name])
        self.rows.addWidget(card)
        self.rows.addStretch(1)
        self.say()

    def arrive(self) -> None:
        self.back.setFocus()

    def say(self) -> None:
        words = self.words
        self.head(words("committee.help_title"), words("committee.help_lead"))
        self.way.setText(words("committee.help_way"))
        for name, text in self._words.items():
            text.setText(words(f"committee.key_{name}"))
