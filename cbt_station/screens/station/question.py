"""The centre of the exam page: which question, what it is about, its options as whole rows.

Only draws: an option that is pressed calls `choose(option id)`, and ticks when `show_answer` says so.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from cbt_station.delivery.views import CellView, SittingView
from cbt_station.exam.interactions import ChoiceInteraction, Option, Response
from cbt_station.exam.item import Shown, ShownItem
from cbt_station.screens.look import Look
from cbt_station.screens.media import Media
from cbt_station.screens.parts import Column, ElidedLabel, Picture, label
from cbt_station.screens.rich_view import RichView
from cbt_station.screens.station.desk import OnScreen
from cbt_station.screens.station.option_row import OptionRow

LETTERS: Final = "ABCDEFGH"
_STEM_PX: Final = 20
"""A quarter more than plain text."""
_STEM_PAD: Final = 5


class Question(Column):
    """One item, in one language, with the order of options that the form gives."""

    def __init__(self, look: Look, choose: Callable[[str], None]) -> None:
        super().__init__(look, most=820)
        self._look, self._choose = look, choose
        self.language, self._names_section = look.language, False
        self._spells_mark = True
        self.options: list[OptionRow] = []
        self.heading, self.section = label(role="heading", wrap=False), ElidedLabel("muted")
        self.mark, self.mark_text = Picture(look, "flag", "doubt", 20), label(role="muted", wrap=False)
        self._top = top = QHBoxLayout()
        for part in (self.heading, self.section):
            top.addWidget(part)
        top.addStretch(1)
        for part in (self.mark, self.mark_text):
            top.addWidget(part)
        self.rows.addLayout(top)
        self._make_stimulus()
        self.stem = RichView(look, _STEM_PX, pad=_STEM_PAD)
        self.stem.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.rows.addWidget(self.stem)
        self._list = QVBoxLayout()
        self.rows.addSpacing(4)
        self.rows.addLayout(self._list)
        self.rows.addStretch(1)
        look.changed.connect(self._space)
        self._space()

    def _make_stimulus(self) -> None:
        self.stimulus_card = QFrame()
        self.stimulus_card.setObjectName("card")
        inside = QVBoxLayout(self.stimulus_card)
        self.stimulus_label = label(role="small")
        self.stimulus = RichView(self._look, 18)
        inside.addWidget(self.stimulus_label)
        inside.addWidget(self.stimulus)
        self.rows.addWidget(self.stimulus_card)

    def in_language(self, item: ShownItem) -> Shown:
        """The item in the sitting's language, or in the first that it has."""
        return item.languages.get(self.language) or next(iter(item.languages.values()))

    def show_item(self, on_screen: OnScreen, order: tuple[str, ...] | None, language: str) -> None:
        """Another item, or the same one in another language."""
        self.language = language
        shown, media = self.in_language(on_screen.shown), Media(on_screen.media)
        self.stem.show_blocks(shown.stem, media)
        self._show_stimulus(on_screen, media)
        offered = shown.interaction.options if isinstance(shown.interaction, ChoiceInteraction) else ()
        self._show_options(_in_order(offered, order), media)
        self.verticalScrollBar().setValue(0)

    def _show_stimulus(self, on_screen: OnScreen, media: Media) -> None:
        content = on_screen.stimulus.content if on_screen.stimulus else {}
        self.stimulus_card.setVisible(bool(content))
        self.stimulus_label.setText(self._look.words("station.stimulus"))
        if content:
            self.stimulus.show_blocks(content.get(self.language) or next(iter(content.values())), media)

    def _show_options(self, options: list[Option], media: Media) -> None:
        for row in self.options:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.options = [
            OptionRow(self._look, letter, option, media)
            for letter, option in zip(LETTERS, options, strict=False)
        ]
        for row in self.options:
            row.clicked.connect(_asking(row, self._choose))
            self._list.addWidget(row)
            row.show()  # now: the next key may already move to it

    def show_answer(self, answer: Response | None) -> None:
        """Tick what the view says, and only that."""
        chosen = {answer} if isinstance(answer, str) else set(answer or ())
        for row in self.options:
            row.show_chosen(row.option.id in chosen)

    def show_place(self, cell: CellView, view: SittingView) -> None:
        """Number, section and the doubtful mark."""
        words = self._look.words
        self.heading.setText(words("station.question_of", number=cell.number, count=len(view.cells)))
        section = next((s for s in view.sections if s.id == cell.section), None)
        titles = section.title if section and len(view.sections) > 1 else {}
        self.section.setText(titles.get(self._look.language) or next(iter(titles.values()), ""))
        self.mark.setVisible(cell.flagged)
        self.mark_text.setVisible(cell.flagged and self._spells_mark)
        self.mark_text.setText(words("station.marked_doubtful"))

    def name_section(self, wanted: bool) -> None:
        """Whether the section is named here: only where the top bar has no room for it."""
        self._names_section = wanted
        self.section.setVisible(wanted)

    def spell_mark(self, wanted: bool) -> None:
        """Whether the doubtful mark has its word beside it: not where the section's name would be cut for it."""
        self._spells_mark = wanted
        self.mark_text.setVisible(wanted and self.mark.isVisibleTo(self))

    def row_at(self, letter: str) -> OptionRow | None:
        return next((row for row in self.options if row.letter == letter), None)

    def move_focus(self, by: int) -> None:
        """Up and down among the options, from the stem to the first; nothing is chosen by it."""
        if not self.options:
            return
        here = self.window().focusWidget()
        place = self.options.index(here) if isinstance(here, OptionRow) and here in self.options else -1
        place = place + by if place >= 0 else 0 if by > 0 else len(self.options) - 1
        row = self.options[max(0, min(len(self.options) - 1, place))]
        row.setFocus(Qt.FocusReason.TabFocusReason)
        self.ensureWidgetVisible(row)

    def turn_page(self, pages: int) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + pages * bar.pageStep() * 9 // 10)

    def _space(self) -> None:
        self._top.setContentsMargins(self._look.px(_STEM_PAD), 0, 0, 0)
        self._list.setSpacing(self._look.px(10))


def _in_order(options: tuple[Option, ...], order: tuple[str, ...] | None) -> list[Option]:
    """The form's order; an option that the form does not name is not shown."""
    by_id = {option.id: option for option in options}
    return [by_id[name] for name in order if name in by_id] if order is not None else list(options)


def _asking(row: OptionRow, choose: Callable[[str], None]) -> Callable[[], None]:
    def ask() -> None:
        row.show_waiting()
        choose(row.option.id)

    return ask
