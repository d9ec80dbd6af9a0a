"""The centre of the exam page: which question, what it is about, and the ways of answering it.

Only draws: what is pressed or typed asks by `respond`, and is shown as given when `show_answer` says so. Interactions
stand where the stem has their places, the others follow it.
"""

from collections.abc import Callable, Iterator
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from cbt_station.delivery.views import CellView, SittingView
from cbt_station.exam.content import Place, Slot
from cbt_station.exam.interactions import Response
from cbt_station.exam.item import ItemId, Shown, ShownItem
from cbt_station.screens.item.answering import Answering
from cbt_station.screens.item.interactions.base import InteractionWidget
from cbt_station.screens.item.interactions.choice import ChoiceWidget
from cbt_station.screens.item.interactions.entry import EntryWidget
from cbt_station.screens.item.interactions.inline_choice import InlineChoiceWidget
from cbt_station.screens.item.on_screen import OnScreen
from cbt_station.screens.item.option_row import OptionRow
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Column, ElidedLabel, Picture, label
from cbt_station.screens.rich.media import Media
from cbt_station.screens.rich.plays import Ask, Plays
from cbt_station.screens.rich.view import STEM_PAD, RichView
from cbt_station.words import in_language

_STEM_PX: Final = 20
"""A quarter more than plain text."""


class Question(Column):
    """One item, in one language, with the order of options that the form gives.

    `respond`, `stamp` and `changed` as in `Answering`; `play` asks for a recording to sound.
    """

    def __init__(
        self,
        look: Look,
        respond: Callable[[ItemId, Response | None, bool], None],
        stamp: Callable[[], None] = lambda: None,
        changed: Callable[[], None] = lambda: None,
        play: Ask | None = None,
    ) -> None:
        super().__init__(look, most=820)
        self._look, self._play = look, play
        self.answering = Answering(look, respond, stamp, changed)
        self.language, self._names_section = look.language, False
        self._spells_mark = True
        self._whose, self._plays = "", Plays(play)
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
        self.stem = RichView(look, _STEM_PX, pad=STEM_PAD)
        self.stem.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.rows.addWidget(self.stem)
        self._notes, self._list = QVBoxLayout(), QVBoxLayout()
        self._below: list[QWidget] = []
        self.rows.addLayout(self._notes)
        self.rows.addSpacing(4)
        self.rows.addLayout(self._list)
        self.rows.addStretch(1)
        look.changed.connect(self._space)
        self._space()

    def _make_stimulus(self) -> None:
        self.stimulus_card = QFrame()
        self.stimulus_card.setObjectName("card")
        self._inside = inside = QVBoxLayout(self.stimulus_card)
        self.stimulus_label = label(role="small")
        self.stimulus = RichView(self._look, 18, pad=STEM_PAD)
        self.stimulus.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        inside.addWidget(self.stimulus_label)
        inside.addWidget(self.stimulus)
        self.rows.addWidget(self.stimulus_card)

    def belong_to(self, whose: str) -> None:
        """A sitting begins, or goes on after a restart: nothing of another candidate's stays."""
        if whose != self._whose:
            self._whose, self._plays = whose, Plays(self._play)
            self.answering.forget()

    def show_plays(self, counted: dict[str, int]) -> None:
        """How many plays of each recording count."""
        self._plays.tell(counted)

    def in_language(self, item: ShownItem) -> Shown:
        """The item in the sitting's language, or in the first that it has."""
        return item.languages.get(self.language) or next(iter(item.languages.values()))

    def show_item(self, on_screen: OnScreen, order: tuple[str, ...] | None, language: str) -> None:
        """Another item, or the same one in another language."""
        self.language = language
        shown, media = self.in_language(on_screen.shown), Media(on_screen.media, self._plays)
        parts = self.answering.make(on_screen.shown.id, shown.interaction, media, order)
        within = {name: parts[name] for name in _places_in(shown.stem) if name in parts}
        self._clear_below()
        self.stem.show_blocks(shown.stem, media, within)
        self._show_stimulus(on_screen, media)
        self._show_below({name: part for name, part in parts.items() if name not in within})
        self._show_notes(list(parts.values()))
        self.verticalScrollBar().setValue(0)

    def _show_stimulus(self, on_screen: OnScreen, media: Media) -> None:
        content = on_screen.stimulus.content if on_screen.stimulus else {}
        self.stimulus_label.setText(self._look.words("station.stimulus"))
        if content:
            self.stimulus.show_blocks(in_language(content, self.language, ()), media)
        self.stimulus_card.setVisible(
            bool(content)
        )  # last: a recording that waits in it must not sound if it goes

    def _clear_below(self) -> None:
        for widget in self._below:
            self._list.removeWidget(widget)
            self._notes.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._below = []

    def _show_below(self, parts: dict[str, InteractionWidget]) -> None:
        """Interactions that the stem has no place for."""
        for part in parts.values():
            inline = isinstance(part, EntryWidget | InlineChoiceWidget)
            self._list.addWidget(part, 0, Qt.AlignmentFlag.AlignLeading if inline else Qt.AlignmentFlag(0))
            self._below.append(part)
            part.show()  # now: the next key may already move to it

    def _show_notes(self, parts: list[InteractionWidget]) -> None:
        """What a field of a sentence has to say stands under the sentence."""
        for part in parts:
            if isinstance(part, EntryWidget | InlineChoiceWidget):
                self._notes.addWidget(part.hint)
                self._below.append(part.hint)

    def show_answer(self, answer: Response | None, *, settled: bool = True) -> None:
        """Draw what the view says, and only that."""
        self.answering.show_answer(answer, settled=settled)

    def parts_to_focus(self) -> list[QWidget]:
        """What takes the focus in the item, as one reads: in the stem, then below it."""
        found = [*self.stem.parts_to_focus()]
        for part in self._below:
            if isinstance(part, InteractionWidget):
                found += part.parts_to_focus()
        return [part for part in found if not part.isHidden()]

    @property
    def options(self) -> list[OptionRow]:
        """The rows with letters: of the only choice, or of the one in which the focus is."""
        choices = [part for part in self.answering.parts.values() if isinstance(part, ChoiceWidget)]
        here = self.window().focusWidget()
        found = choices if len(choices) == 1 else [one for one in choices if here in one.rows]
        return found[0].rows if found else []

    @property
    def is_typing(self) -> bool:
        """Whether keys go into a field."""
        return isinstance(self.window().focusWidget(), QLineEdit | QPlainTextEdit)

    def enter(self) -> bool:
        """Enter in a field that is not the last: on to what follows it. False where the page goes on."""
        parts, here = self.parts_to_focus(), self.window().focusWidget()
        if not isinstance(here, QLineEdit) or here not in parts or here is parts[-1]:
            return False
        self._focus(parts[parts.index(here) + 1])
        return True

    def show_place(self, cell: CellView, view: SittingView) -> None:
        """Number, section and the doubtful mark."""
        words = self._look.words
        self.heading.setText(words("station.question_of", number=cell.number, count=len(view.cells)))
        section = next((s for s in view.sections if s.id == cell.section), None)
        titles = section.title if section and len(view.sections) > 1 else {}
        self.section.setText(in_language(titles, self._look.language, ""))
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
        """Up and down among what can be answered, from the stem to the first; nothing is chosen by it."""
        parts, here = self.parts_to_focus(), self.window().focusWidget()
        if not parts:
            return
        place = parts.index(here) if here in parts else -1
        place = place + by if place >= 0 else 0 if by > 0 else len(parts) - 1
        self._focus(parts[max(0, min(len(parts) - 1, place))])

    def _focus(self, widget: QWidget) -> None:
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        self.ensureWidgetVisible(widget)

    def turn_page(self, pages: int) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + pages * bar.pageStep() * 9 // 10)

    def _space(self) -> None:
        self._top.setContentsMargins(self._look.px(STEM_PAD), 0, 0, 0)
        pad = self._look.px(12)
        self._inside.setContentsMargins(pad, pad, pad, pad)
        self._list.setSpacing(self._look.px(18))
        self._notes.setSpacing(self._look.px(4))


def _places_in(part: object) -> Iterator[str]:
    """The response ids for which content has a place."""
    if isinstance(part, Slot | Place):
        yield part.response
    elif isinstance(part, tuple):
        for one in part:
            yield from _places_in(one)
    else:
        for field in getattr(part, "__struct_fields__", ()):
            yield from _places_in(getattr(part, field))
