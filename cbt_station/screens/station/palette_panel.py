"""The palette with its counts and filters, and the way to the end.

The counts are over the whole form, whatever the filter shows; each filter is a button that says what it counts.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from cbt_station.delivery.views import SittingView
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, label
from cbt_station.screens.station.palette import Filter, Palette

_FILTERS: Final = (Filter.ALL, Filter.OPEN, Filter.DOUBTFUL)


class PalettePanel(QWidget):
    """`jump(item)` opens a question, `to_review` the page of what is open, `back` the question where it was hidden."""

    def __init__(
        self, look: Look, jump: Callable[[str], None], to_review: Callable[[], None], back: Callable[[], None]
    ) -> None:
        super().__init__()
        self._look = look
        self._view: SittingView | None = None
        self.only, self._end_key = Filter.ALL, "station.to_review"
        self.palette_view = Palette(look, jump)
        self.filters = {only: Button(look, "chip") for only in _FILTERS}
        self.empty = label(role="muted")
        self.finish = Button(look, picture="list-checks")
        self.finish.clicked.connect(to_review)
        self.back = Button(look, picture="chevron-left")
        self.back.clicked.connect(back)
        self.back.hide()
        group = QButtonGroup(self)
        self._rows, self._chips = QVBoxLayout(self), QHBoxLayout()
        for only, chip in self.filters.items():
            chip.setCheckable(True)
            group.addButton(chip)
            chip.clicked.connect(_calling(self.show_only, only))
            self._chips.addWidget(chip, 1)
        self._rows.addLayout(self._chips)
        self._rows.addWidget(self.empty)
        self._rows.addWidget(self.palette_view, 1)
        self._foot = QHBoxLayout()
        self._foot.addWidget(self.back)
        self._foot.addWidget(self.finish, 1)
        self._rows.addLayout(self._foot)
        look.changed.connect(self._space)
        look.spoken.connect(self._say)
        self._space()
        self._say()

    def show_view(self, view: SittingView) -> None:
        self._view = view
        self.palette_view.show_view(view, self.only)
        self._say()

    def end_with(self, key: str) -> None:
        """What the button at the foot says: the exam's end, or the practice's."""
        self._end_key = key
        self._say()

    def show_only(self, only: Filter) -> None:
        """Filter the cells."""
        self.only = only
        if self._view is not None:
            self.show_view(self._view)

    def _say(self) -> None:
        words, cells = self._look.words, self._view.cells if self._view else ()
        for only, chip in self.filters.items():
            count = sum(only.keeps(cell) for cell in cells)
            spoken = words(f"station.filter_{only.value}", count=count)
            chip.name(words(f"station.filter_{only.value}_short", count=count), spoken=spoken)
            chip.setToolTip(spoken)
            chip.setChecked(only is self.only)
        nothing = bool(cells) and not any(self.only.keeps(cell) for cell in cells)
        self.empty.setVisible(nothing)
        self.empty.setText(words("station.filter_nothing"))
        self.finish.name(words(self._end_key))
        self.back.name(words("station.back_to_questions"))
        self.palette_view.setAccessibleName(words("station.question_list"))

    def _space(self) -> None:
        px = self._look.px
        self._rows.setContentsMargins(px(8), px(14), px(14), px(10))
        self._rows.setSpacing(px(6))
        self._chips.setSpacing(px(5))


def _calling(show: Callable[[Filter], None], only: Filter) -> Callable[[], None]:
    return lambda: show(only)
