"""The exam page: stem and options in the centre, palette at the right, the acts at the bottom.

It draws the desk's views and asks the desk; the practice uses the same page over another face. Keys: letters answer
where options bear them (they can be switched off), up and down move among what can be answered, left and right and Enter
move among questions, F marks doubtful, F2 opens the palette. What is typed into a field is text and never a shortcut. A
key without a function does nothing, and a key held down acts once.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cbt_station.delivery.views import SittingView
from cbt_station.errors import Failure
from cbt_station.exam.content import as_text
from cbt_station.exam.item import Shown
from cbt_station.screens.item.interactions.choice import LETTERS
from cbt_station.screens.item.on_screen import OnScreen
from cbt_station.screens.item.question import Question
from cbt_station.screens.item.widths import is_narrow, panel_width
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, announce
from cbt_station.screens.station.desk import Desk
from cbt_station.screens.station.palette_panel import PalettePanel
from cbt_station.screens.station.top_bar import SECTION_EM
from cbt_station.screens.tokens import TEXT_PX

_OF_A_FIELD: Final = (int(Qt.Key.Key_Left), int(Qt.Key.Key_Right))
_ENTERS: Final = (int(Qt.Key.Key_Return), int(Qt.Key.Key_Enter))
_KEYPAD: Final = Qt.KeyboardModifier.KeypadModifier.value
_PLAIN: Final = (Qt.KeyboardModifier.NoModifier.value, Qt.KeyboardModifier.ShiftModifier.value)
_CONTROL: Final = Qt.KeyboardModifier.ControlModifier.value
"""As numbers: Python's arithmetic of Qt's flags costs a key press more than finding out what it means."""


class ExamPage(QWidget):
    """`to_review` is called where the candidate wants to see what is open, or has passed the last question.

    `typing`: whether something typed is not durable may be another now.
    """

    typing = Signal()

    def __init__(self, look: Look, desk: Desk, to_review: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._look, self._desk, self._to_review = look, desk, to_review
        self.letters_on = True
        self._acts_of_keys = self._make_acts()
        self._list_open = False
        self.question = Question(look, desk.answer, desk.mark, self.typing.emit, desk.play)
        desk.before = self.question.answering.flush
        self.panel = PalettePanel(look, self._jump, to_review, self.close_list)
        self._make_bottom()
        self._lay_out()
        desk.drawn.connect(self.draw)
        desk.turned.connect(self._turn)
        desk.refused.connect(self._refused)
        self.typing.connect(self._typed)
        look.changed.connect(self._fit)
        look.spoken.connect(self._say)
        self._say()

    def _make_bottom(self) -> None:
        look = self._look
        self.previous, self.clear = Button(look, picture="chevron-left"), Button(look, picture="eraser")
        self.doubtful = Button(look, "doubt", "flag", "doubt", "on_doubt")
        self.list = Button(look, picture="layout-grid", checked="accent")
        self.next = Button(look, "primary", "chevron-right", "on_accent")
        self.doubtful.setCheckable(True)
        self.list.setCheckable(True)
        self.previous.clicked.connect(lambda: self._desk.step(-1))
        self.clear.clicked.connect(self._clear)
        self.doubtful.clicked.connect(self._flag)
        self.list.clicked.connect(self.toggle_list)
        self.next.clicked.connect(self.go_on)

    def _lay_out(self) -> None:
        self._bottom = QWidget()
        self._bottom.setObjectName("acts")
        self._bottom.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._acts = QHBoxLayout(self._bottom)
        for button in (self.previous, self.clear, self.doubtful):
            self._acts.addWidget(button)
        self._acts.addStretch(1)
        self._acts.addWidget(self.list)
        self._acts.addWidget(self.next)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.question, 1)
        middle.addWidget(self.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(middle, 1)
        column.addWidget(self._bottom)

    # Drawing

    def draw(self, view: SittingView) -> None:
        """Draw what a view says, and nothing that it does not say. The tick first: it is what is waited for."""
        shown = self._desk.on_screen
        answering = self.question.answering
        if shown is None:
            self.question.belong_to(view.candidate.number if view.candidate is not None else "")
            self.question.show_plays(view.plays)
            self.panel.show_view(view)
            return
        answering.note_answers(view.answers)
        self.question.show_plays(view.plays)
        item = shown.shown.id
        if view.language != self.question.language:
            self._show_item(shown, view)
        self.question.show_answer(view.answers.get(item), settled=self._desk.is_settled)
        self.panel.show_view(view)
        cell = next((cell for cell in view.cells if cell.item == item), None)
        if cell is not None:
            self.doubtful.setChecked(cell.flagged)
            self.question.show_place(cell, view)
            self.previous.setEnabled(cell.number > 1)
            self.clear.setEnabled(cell.answered or cell.begun or answering.is_unsaved)

    def _turn(self, shown: OnScreen) -> None:
        view = self._desk.view
        if view is not None:
            self._show_item(shown, view)
            self.close_list()
            self._look_at_stem(self.question.in_language(shown.shown))

    def _show_item(self, shown: OnScreen, view: SittingView) -> None:
        self.question.show_item(shown, view.option_order.get(shown.shown.id), view.language)
        self._order_focus()

    def _order_focus(self) -> None:
        """Tab goes as one reads and acts: stimulus, stem, options, the row below, then the palette."""
        row = (self.previous, self.clear, self.doubtful, self.list, self.next)
        panel = self.panel
        order = [
            self.question.stimulus,
            *self.question.stimulus.parts_to_focus(),
            self.question.stem,
            *self.question.parts_to_focus(),
            *row,
            *panel.filters.values(),
            panel.palette_view,
        ]
        for one, after in pairwise([*order, panel.back, panel.finish]):
            QWidget.setTabOrder(one, after)

    def _look_at_stem(self, shown: Shown) -> None:
        """The eye and the screen reader begin at the stem; a button that is being pressed again keeps the focus."""
        if self.window().focusWidget() not in (self.next, self.previous):
            self.question.stem.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self.question.stem, f"{self.question.heading.text()}. {as_text(shown.stem)}")

    def _refused(self, _failure: Failure) -> None:
        """The words are the window's; here nothing may look as if it had been done."""
        if self._desk.view is not None:
            self.draw(self._desk.view)
        self.question.answering.refused()

    # Acts

    def go_on(self) -> None:
        """The next question, or after the last one the review."""
        if not self._desk.step(1):
            self._to_review()

    def choose(self, letter: str) -> None:
        """Answer with the option at a letter, if there is one."""
        row = self.question.row_at(letter)
        if row is not None:
            row.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.question.ensureWidgetVisible(row)  # an answer that nobody saw taken is no answer
            row.click()

    def _typed(self) -> None:
        """What is typed can be taken back before it is saved."""
        if self.question.answering.is_unsaved:
            self.clear.setEnabled(True)

    def _clear(self) -> None:
        """Take the answer back, and what stands in fields with it."""
        self.question.answering.take_back()
        self._desk.clear()

    def _enter(self) -> None:
        if not self.question.enter():
            self.go_on()

    def _flag(self) -> None:
        wanted = self.doubtful.isChecked()
        self.doubtful.setChecked(not wanted)  # until the view says so
        self._desk.flag(wanted)

    def _jump(self, item: str) -> None:
        self._desk.go(item)

    def toggle_list(self) -> None:
        """The palette where there is no room for it beside the question."""
        if self._narrow():
            self._list_open = not self._list_open
            self._fit()
        if not self._narrow() or self._list_open:
            self.panel.palette_view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_list(self) -> None:
        """Back from the palette to the question."""
        if self._list_open:
            self._list_open = False
            self._fit()

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers().value & ~_KEYPAD
        out_of_a_long_text = held == _CONTROL and event.key() in _ENTERS
        plain = held in _PLAIN or out_of_a_long_text
        act = self._act_of(event) if plain else None
        if act is None:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            act()

    def _make_acts(self) -> dict[int, Callable[[], object]]:
        """What keys other than letters do."""
        acts: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Return: self._enter,
            Qt.Key.Key_Enter: self._enter,
            Qt.Key.Key_Right: self.go_on,
            Qt.Key.Key_Left: lambda: self._desk.step(-1),
            Qt.Key.Key_Down: lambda: self.question.move_focus(1),
            Qt.Key.Key_Up: lambda: self.question.move_focus(-1),
            Qt.Key.Key_PageDown: lambda: self.question.turn_page(1),
            Qt.Key.Key_PageUp: lambda: self.question.turn_page(-1),
            Qt.Key.Key_F2: self.toggle_list,
        }
        return {int(key): act for key, act in acts.items()}

    def _act_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        key, letter = event.key(), event.text().upper()
        if self.question.is_typing and ((letter and letter.isprintable()) or key in _OF_A_FIELD):
            return None
        if key in self._acts_of_keys:
            return self._acts_of_keys[key]
        if not self.letters_on or not letter:
            return None
        if (
            letter == "F" and self.question.row_at(letter) is None
        ):  # a letter that is seen beside an option means it
            return self.doubtful.click
        return (lambda: self.choose(letter)) if letter in LETTERS else None

    # Words and geometry

    def _say(self) -> None:
        words, roomy = self._look.words, not self._narrow()
        self.previous.name(words("station.previous"), shown=roomy)
        self.clear.name(words("station.clear"), shown=roomy)
        self.doubtful.name(words("station.doubtful"))
        self.list.name(words("station.question_list"), shown=False)
        self.next.name(words("station.save_and_next"))
        view, shown = self._desk.view, self._desk.on_screen
        if view is not None and shown is not None:
            self._show_item(shown, view)
            self.draw(view)

    def _narrow(self) -> bool:
        return is_narrow(self.width(), self._look)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow, px = self._narrow(), self._look.px
        self.list.setVisible(narrow)
        self.question.name_section(self.width() < px(SECTION_EM * TEXT_PX))
        self.question.spell_mark(not narrow)
        self.list.setChecked(self._list_open)
        self.question.setVisible(not (narrow and self._list_open))
        self.panel.setVisible(not narrow or self._list_open)
        self.panel.back.setVisible(narrow)
        self._bottom.setVisible(not (narrow and self._list_open))
        panel = panel_width(self.width(), self._look)
        self.panel.setMaximumWidth(16_777_215 if narrow else panel)
        self.panel.setMinimumWidth(0 if narrow else panel)
        edge = px(8 if narrow else 16)
        self._acts.setContentsMargins(edge, px(8), edge, px(8))
        self._acts.setSpacing(px(6 if narrow else 10))
        self.next.give_up_icon(narrow)
        words = self._look.words
        self.previous.name(words("station.previous"), shown=not narrow)
        self.clear.name(words("station.clear"), shown=not narrow)
