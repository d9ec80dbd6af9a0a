"""Before the end: what is open and doubtful, and the two different acts that end a sitting.

Review first (go back to any question, or on), then a tick and a button: never two presses at one place.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cbt_station.delivery.views import SittingView
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, TickBox, label
from cbt_station.screens.station.page import Page
from cbt_station.screens.station.palette import Filter, Palette

_STATES = ("answered", "begun", "open", "doubtful")


def counts(view: SittingView) -> dict[str, int]:
    """How many questions are answered, begun (part of what is asked for is given), open, doubtful."""
    return {
        "answered": sum(cell.answered for cell in view.cells),
        "begun": sum(cell.begun for cell in view.cells),
        "open": sum(not (cell.answered or cell.begun) for cell in view.cells),
        "doubtful": sum(cell.flagged for cell in view.cells),
    }


class ReviewPage(Page):
    """`jump(item)` opens a question, `back()` the last one, `on()` leads to the end."""

    def __init__(
        self, look: Look, jump: Callable[[str], None], back: Callable[[], None], on: Callable[[], None]
    ) -> None:
        super().__init__(look, "list-checks", "review", most=820, tall=True)
        self._view: SittingView | None = None
        self.figures = {state: (label(role="figure", wrap=False), label(role="small")) for state in _STATES}
        self.tiles = {state: self._tile(*parts) for state, parts in self.figures.items()}
        row = QHBoxLayout()
        for tile in self.tiles.values():
            row.addWidget(tile, 1)
        self.card.addLayout(row)
        self.nothing = label(role="strong")
        self.open_palette = Palette(look, jump, height=180)
        kept = self.open_palette.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # or the figures would spread over the whole card
        self.open_palette.setSizePolicy(kept)
        self.card.addWidget(self.nothing)
        self.card.addWidget(self.open_palette, 1)
        self.back, self.on = (
            Button(look, picture="chevron-left"),
            Button(look, "primary", "chevron-right", "on_accent"),
        )
        self.back.clicked.connect(back)
        self.on.clicked.connect(on)
        self.buttons(self.back, self.on)
        self.say()

    def _tile(self, figure: QLabel, caption: QLabel) -> QWidget:
        """A figure over its words: one widget, so that hidden it leaves no gap."""
        tile = QWidget()
        column = QVBoxLayout(tile)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(figure)
        column.addWidget(caption)
        return tile

    def show_view(self, view: SittingView) -> None:
        self._view = view
        self.open_palette.show_view(view, Filter.OPEN_OR_DOUBTFUL)
        self.say()

    def arrive(self) -> None:
        self.back.setFocus()  # the safe way is the one at hand

    def say(self) -> None:
        super().say()
        words = self.words
        found = counts(self._view) if self._view else dict.fromkeys(_STATES, 0)
        for state, (figure, caption) in self.figures.items():
            figure.setText(str(found[state]))
            caption.setText(words(f"station.count_{state}"))
            figure.setAccessibleName(f"{caption.text()}: {found[state]}")
        self.tiles["begun"].setVisible(bool(found["begun"]))
        left = bool(found["open"] or found["begun"] or found["doubtful"])
        self.open_palette.setVisible(left)
        self.open_palette.setAccessibleName(words("station.review_list"))
        self.nothing.setText(words("station.review_list" if left else "station.review_nothing"))
        self.back.name(words("station.back_to_questions"))
        self.on.name(words("station.to_finish"))


class FinishPage(Page):
    """The last page that can be left: tick that one has understood, then end. `finish()` or `back()`."""

    def __init__(self, look: Look, finish: Callable[[], None], back: Callable[[], None]) -> None:
        super().__init__(look, "triangle-alert", "finish", colour="doubt", most=640)
        self._view: SittingView | None = None
        self.summary = label(role="strong")
        self.understood = TickBox(look)
        self.understood_text = label()
        self.understood_text.setBuddy(self.understood)
        self.card.addWidget(self.summary)
        self.card.addWidget(self._ticked_line())
        self.back, self.finish = (
            Button(look, picture="chevron-left"),
            Button(look, "final", "lock", "on_warn"),
        )
        self.understood.toggled.connect(self.finish.setEnabled)
        self.back.clicked.connect(back)
        self.finish.clicked.connect(finish)
        self.buttons(self.back, self.finish)
        self.say()

    def _ticked_line(self) -> QWidget:
        line = QFrame()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.understood, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.understood_text, 1)
        return line

    def show_view(self, view: SittingView) -> None:
        self._view = view
        self.say()

    def show_busy(self, busy: bool) -> None:
        self.finish.setEnabled(not busy and self.understood.isChecked())
        self.back.setEnabled(not busy)

    def arrive(self) -> None:
        self.understood.setChecked(False)
        self.finish.setEnabled(False)
        self.back.setFocus()

    def say(self) -> None:
        super().say()
        words = self.words
        found = counts(self._view) if self._view else dict.fromkeys(_STATES, 0)
        begun = words("station.finish_begun", **found) if found["begun"] else ""
        self.summary.setText(f"{words('station.finish_summary', **found)}\n{begun}".strip())
        self.understood.setAccessibleName(words("station.understood"))
        self.understood_text.setText(words("station.understood"))
        self.back.name(words("station.back_to_review"))
        self.finish.name(words("station.finish"))
