"""What the candidate would see: the station's own widgets, in a look of their own, beside what the committee writes.

Any theme, text size and language of the item, at the width that a question has on a small or a usual screen, or at the
pane's own. It can be answered: below it stands what that answer is worth by the item's rule. What is shown is what was
read from the text last; where the text has faults the last good one stays, and it is said.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from cbt_station.errors import Failure
from cbt_station.exam.interactions import ChoiceInteraction, Response
from cbt_station.exam.item import ItemId, ScoringRule, Shown, ShownItem, Stimulus
from cbt_station.exam.scoring import most_of, score_item
from cbt_station.screens.committee.parts import Choice, language_words, row_of
from cbt_station.screens.committee.sheet import PaneLook
from cbt_station.screens.item.on_screen import OnScreen
from cbt_station.screens.item.question import Question
from cbt_station.screens.item.widths import question_width
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, IconButton, label, set_role
from cbt_station.screens.spoken import sentence_of
from cbt_station.screens.tokens import TEXT_PX, THEMES, ZOOMS
from cbt_station.words import LANGUAGES

_LOW_EM: Final = 20
_NARROW_EM: Final = 26
WIDTHS: Final = (0, 1024, 1366)
"""Of the station's screen, in pixels; 0 is the pane's own."""


class Preview(QWidget):
    """One item as a candidate has it; `show_item` whenever it was read anew."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._look = look
        self._shown: OnScreen | None = None
        self._rule: ScoringRule | None = None
        self._answer: Response | None = None
        self._numbers = (1, 1)
        self._stale = False
        self._make_stage()
        self._make_tools()
        self._make_foot()
        self.language.hide()  # nothing is shown that speaks one
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.tools)
        column.addWidget(self.note)
        column.addWidget(self.area, 1)
        column.addLayout(self._foot)
        look.spoken.connect(self._say)
        look.changed.connect(self._fold)
        self._say()

    def _make_tools(self) -> None:
        look = self._look
        self.theme, self.zoom, self.language, self.width_of = (Choice(look) for _ in range(4))
        self.tools = row_of(look, self.theme, self.zoom, self.language, self.width_of)
        for name in THEMES:
            self.theme.add(name)
        for zoom in ZOOMS:
            self.zoom.add(str(zoom))
        for width in WIDTHS:
            self.width_of.add(str(width))
        self.theme.chosen.connect(self.pane_look.set_theme)
        self.zoom.chosen.connect(self._zoomed)
        self.language.chosen.connect(self._speak)
        self.width_of.chosen.connect(lambda _width: self._fit())

    def _make_stage(self) -> None:
        self.note = label(role="waiting")
        self.note.hide()
        self.stage = QWidget()
        self.stage.setObjectName("ground")
        self.stage.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.pane_look = PaneLook(self.stage, language=self._look.language)
        self.question = Question(self.pane_look, self._respond)
        self.question.hide()
        inside = QVBoxLayout(self.stage)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.question)
        self.area = _Stage(self.stage, self._fit)
        self.question.mark.hide()
        self.question.mark_text.hide()

    def _make_foot(self) -> None:
        self.worth = label(role="small")
        self.again = Button(self._look, picture="eraser")
        self.again.clicked.connect(lambda: self._respond("", None, False))
        self.tools_button = IconButton(self._look, "contrast", checked="accent")
        self.tools_button.setCheckable(True)
        self.tools_button.toggled.connect(lambda _on: self._fold())
        self._foot = QHBoxLayout()
        self._foot.addWidget(self.tools_button)
        self._foot.addWidget(self.worth, 1)
        self._foot.addWidget(self.again)

    # What is shown

    def show_item(self, shown: OnScreen, rule: ScoringRule | None, number: int, count: int) -> None:
        """An item as it was read; an answer that was tried stays while the item is the same one."""
        other = self._shown is None or self._shown.shown.id != shown.shown.id
        self._shown, self._rule, self._numbers, self._stale = shown, rule, (number, count), False
        if other:
            self._answer = None
        self._offer_languages(tuple(shown.shown.languages))
        self.question.show()
        self._draw()

    def show_stimulus(self, stimulus: Stimulus, media: dict[str, bytes]) -> None:
        """A shared text alone, where it stands above its questions."""
        nothing = Shown(stem=(), interaction=ChoiceInteraction(options=()))
        shown = ShownItem(f"stimulus {stimulus.id}", dict.fromkeys(stimulus.content, nothing))
        self.show_item(OnScreen(shown, stimulus, media), None, 0, 0)

    def show_faulty(self) -> None:
        """The text has faults: what stands here is older."""
        self._stale = True
        self._say_stale()

    def clear(self) -> None:
        """Nothing is open."""
        self._shown, self._rule, self._answer, self._stale = None, None, None, False
        self.question.hide()
        self.language.hide()
        self._say_stale()
        self._draw_worth()

    def _offer_languages(self, languages: tuple[str, ...]) -> None:
        self.language.setVisible(bool(languages))
        if self.language.values() != languages:
            before = self.language.value
            self.language.refill(languages)
            self.language.set_value(before if before in languages else languages[0])
            self._name_languages()
        self._take_language()

    def _take_language(self) -> None:
        """The screen of a candidate speaks the language of the item, where it can."""
        language = self.language.value
        self.pane_look.set_language(language if language in LANGUAGES else self._look.language)

    def _speak(self, _language: str) -> None:
        self._take_language()
        self._draw()

    def _zoomed(self, zoom: str) -> None:
        self.pane_look.set_zoom(int(zoom))
        self._fit()

    def _draw(self) -> None:
        if self._shown is None:
            return
        at = self.question.verticalScrollBar().value()
        self.question.show_item(self._shown, None, self.language.value)
        number, count = self._numbers
        words = self.pane_look.words
        heading = words("station.question_of", number=number, count=count) if number else ""
        self.question.heading.setText(heading)
        self._show_answer()
        self.question.verticalScrollBar().setValue(at)
        self._say_stale()

    def _respond(self, _item: ItemId, response: Response | None, _typed: bool) -> None:
        self._answer = response
        if response is None:
            self.question.answering.take_back()
        self._show_answer()

    def _show_answer(self) -> None:
        self.question.show_answer(self._answer)
        self._draw_worth()

    def _draw_worth(self) -> None:
        self.again.setEnabled(self._answer is not None)
        if self._rule is None:
            self.worth.setText("")
            return
        words = self._look.words
        most = most_of(self._rule)
        if self._answer is None:
            self.worth.setText(words("committee.worth_try", most=most))
            return
        try:
            self.worth.setText(
                words("committee.worth", points=score_item(self._rule, self._answer), most=most)
            )
        except Failure as failure:
            self.worth.setText(sentence_of(failure, words))

    # Words and geometry

    def _say(self) -> None:
        words = self._look.words
        for choice, key in (
            (self.theme, "committee.preview_theme"),
            (self.zoom, "committee.preview_zoom"),
            (self.language, "committee.preview_language"),
            (self.width_of, "committee.preview_width"),
        ):
            choice.name(words(key))
        for name in THEMES:
            self.theme.word(name, words(f"station.theme_{name}"))
        for zoom in ZOOMS:
            self.zoom.word(str(zoom), words("committee.percent", zoom=zoom))
        for width in WIDTHS:
            key = "committee.preview_width_of" if width else "committee.preview_width_own"
            self.width_of.word(str(width), words(key, width=width))
        self._name_languages()
        self.tools_button.name(words("committee.preview_tools"))
        self._fold()
        self.area.setAccessibleName(words("committee.preview"))
        self._say_stale()
        self._draw_worth()

    def _name_languages(self) -> None:
        for language in self.language.values():
            self.language.word(language, language_words(language, self._look.words))

    def _say_stale(self) -> None:
        words = self._look.words
        if self._stale:
            key = "committee.preview_stale" if self._shown is not None else "committee.preview_faulty"
            self.note.setText(words(key))
        else:
            self.note.setText("" if self._shown is not None else words("committee.preview_none"))
        set_role(self.note, "waiting" if self._stale else "small")
        self.note.setVisible(bool(self.note.text()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """Where it is low, the question comes before what it is set with."""
        px = self._look.px
        low = self.height() < px(_LOW_EM * TEXT_PX)
        self.tools_button.setVisible(low)
        self.tools.setVisible(not low or self.tools_button.isChecked())
        narrow = self.width() < px(_NARROW_EM * TEXT_PX)
        self.again.name(self._look.words("committee.worth_again"), shown=not narrow)
        self._fit()

    def _fit(self) -> None:
        """The stage as wide as the question is on the screen that was chosen."""
        screen = int(self.width_of.value or 0)
        there = self.area.viewport().size()
        width = question_width(screen, self.pane_look) if screen else there.width()
        bar = self.area.horizontalScrollBar().sizeHint().height() if width > there.width() else 0
        self.stage.setFixedSize(QSize(width, max(1, self.area.maximumViewportSize().height() - bar)))


class _Stage(QScrollArea):
    """A place for a screen that may be wider than the pane; scrolled with its bar and with the focus."""

    def __init__(self, stage: QWidget, fit: Callable[[], None]) -> None:
        super().__init__()
        self._fit = fit
        self.setObjectName("pane")
        self.setWidget(stage)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 56)  # where it is low and the choices are open, they are whole
