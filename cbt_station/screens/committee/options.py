"""A list of options, or of what they are put to: id, text, what it is worth, whether it keeps its place.

Draws the draft it is shown, and gives back another one for each act. Rows are made anew only when their number or the way of
marking is another: who types keeps the field.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, Literal, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cbt_station.banks.workshop.draft import Draft, DraftOption, DraftText
from cbt_station.screens.committee.parts import Line, Lines
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, IconButton, TickBox, label

Side: TypeAlias = Literal["options", "targets"]
Shape: TypeAlias = tuple[int, bool, bool]
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
ONE_KEY: Final = frozenset({"choice", "inline-choice"})
"""Kinds with one right option: to mark one is to unmark the others."""


class OptionLine(QWidget):
    """One option: everything that can be done to it, by mouse and by keys."""

    def __init__(self, look: Look, options: "OptionList", place: int) -> None:
        super().__init__()
        self._look, self._list, self.place = look, options, place
        self.key, self.points = TickBox(look), Line()
        self.id = label(role="strong", wrap=False)
        self.text = Lines(look, least=1, most=8)
        self.fixed = IconButton(look, "lock-open", bare=True)
        self.fixed.setCheckable(True)
        self.up, self.down = (
            IconButton(look, "arrow-up", bare=True),
            IconButton(look, "arrow-down", bare=True),
        )
        self.remove = IconButton(look, "trash-2", bare=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        before: tuple[QWidget, ...] = (self.key, self.points, self.id)
        for part in before:
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        for part in (self.fixed, self.up, self.down, self.remove):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        self.points.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.key.clicked.connect(lambda on: options.mark(place, on))
        self.points.typed.connect(lambda points: options.change(place, points=points))
        self.text.typed.connect(lambda text: options.write(place, text))
        self.fixed.clicked.connect(lambda on: options.change(place, is_fixed=on))
        self.up.clicked.connect(lambda: options.shift(place, -1))
        self.down.clicked.connect(lambda: options.shift(place, 1))
        self.remove.clicked.connect(lambda: options.remove(place))
        look.changed.connect(self._fit)
        self._fit()

    def show_option(self, option: DraftOption, text: str, *, last: bool) -> None:
        self.id.setText(f"{option.id}.")
        self.key.setChecked(option.is_key)
        self.points.show_text(option.points)
        self.text.show_text(text)
        self.fixed.setChecked(option.is_fixed)
        self.fixed.show_icon("lock" if option.is_fixed else "lock-open")
        self.up.setEnabled(self.place > 0)
        self.down.setEnabled(not last)
        self.name(option.id)

    def name(self, option: str) -> None:
        words = self._look.words
        self.key.setAccessibleName(words("committee.option_key", option=option))
        self.key.setToolTip(words("committee.option_key", option=option))
        self.points.setAccessibleName(words("committee.option_points", option=option))
        self.points.setToolTip(words("committee.option_points", option=option))
        self.text.setAccessibleName(words("committee.option_text", option=option))
        self.fixed.name(words("committee.option_fixed", option=option))
        self.up.name(words("committee.option_up", option=option))
        self.down.name(words("committee.option_down", option=option))
        self.remove.name(words("committee.option_remove", option=option))

    def _fit(self) -> None:
        self.points.setFixedWidth(self._look.px(64))
        self.id.setMinimumHeight(self._look.px(36))
        self.id.setMinimumWidth(self._look.px(20))


class OptionList(QWidget):
    """`changed(draft)` asks for another draft; `language` says whose texts are shown."""

    def __init__(self, look: Look, side: Side, changed: Callable[[Draft], None]) -> None:
        super().__init__()
        self._look, self._side, self._changed = look, side, changed
        self._draft: Draft | None = None
        self._language = ""
        self._shape: Shape = (-1, False, False)
        self.lines: list[OptionLine] = []
        self.caption = label(role="strong")
        self.hint = label(role="small")
        self.add_button = Button(look, "chip", "plus")
        self.add_button.clicked.connect(self.add)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.caption)
        column.addWidget(self.hint)
        column.addLayout(self._rows)
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeading)

    def show_draft(self, draft: Draft, language: str) -> None:
        """The draft as it is now."""
        self._draft, self._language = draft, language
        options = self._options(draft)
        marked = self._side == "options"
        shape = (len(options), marked and draft.marking == "key", marked and draft.marking == "scores")
        if shape != self._shape:
            self._make(shape)
        texts = self._texts(draft)
        for line, option, text in zip(self.lines, options, texts, strict=True):
            line.show_option(option, text, last=line.place == len(options) - 1)

    def _options(self, draft: Draft) -> tuple[DraftOption, ...]:
        return draft.options if self._side == "options" else draft.targets

    def _texts(self, draft: Draft) -> tuple[str, ...]:
        """The texts in the language that is shown, one for each option."""
        there = draft.languages.get(self._language, DraftText())
        texts = there.options if self._side == "options" else there.targets
        wanted = len(self._options(draft))
        return (*texts, *[""] * wanted)[:wanted]

    def _make(self, shape: Shape) -> None:
        self._shape = shape
        count, keyed, scored = shape
        while len(self.lines) > count:
            line = self.lines.pop()
            self._rows.removeWidget(line)
            line.hide()
            line.deleteLater()
        while len(self.lines) < count:
            line = OptionLine(self._look, self, len(self.lines))
            self._rows.addWidget(line)
            self.lines.append(line)
        for line in self.lines:
            line.key.setVisible(keyed)
            line.points.setVisible(scored)

    # Acts

    def _with(
        self,
        draft: Draft,
        options: tuple[DraftOption, ...],
        texts: Callable[[tuple[str, ...]], tuple[str, ...]],
    ) -> Draft:
        """Other options, and their texts in every language by the same move."""
        count = len(self._options(draft))
        languages = {}
        for name, text in draft.languages.items():
            mine = text.options if self._side == "options" else text.targets
            moved = texts((*mine, *[""] * count)[:count])
            languages[name] = (
                replace(text, options=moved) if self._side == "options" else replace(text, targets=moved)
            )
        if self._side == "options":
            return replace(draft, options=options, languages=languages)
        return replace(draft, targets=options, languages=languages)

    def mark(self, place: int, on: bool) -> None:
        """(Un)mark an option as right."""
        draft = self._draft
        if draft is None:
            return
        one = draft.kind in ONE_KEY
        options = tuple(
            replace(option, is_key=on if at == place else option.is_key and not (one and on))
            for at, option in enumerate(self._options(draft))
        )
        self._changed(self._with(draft, options, lambda texts: texts))

    def change(self, place: int, **fields: str | bool) -> None:
        """Another worth of an option, or another way of keeping its place."""
        draft = self._draft
        if draft is not None:
            options = list(self._options(draft))
            options[place] = replace(options[place], **fields)  # type: ignore[arg-type]  # named by the callers above
            self._changed(self._with(draft, tuple(options), lambda texts: texts))

    def write(self, place: int, text: str) -> None:
        """Another text of an option, in the language that is shown."""
        draft = self._draft
        if draft is None:
            return
        texts = list(self._texts(draft))
        texts[place] = text
        there = draft.languages.get(self._language, DraftText())
        now = (
            replace(there, options=tuple(texts))
            if self._side == "options"
            else replace(there, targets=tuple(texts))
        )
        self._changed(replace(draft, languages={**draft.languages, self._language: now}))

    def add(self) -> None:
        """One more, with the next free letter or number."""
        draft = self._draft
        if draft is None:
            return
        taken = {option.id for option in (*draft.options, *draft.targets)}
        numbers = [str(number) for number in range(1, 200)]
        names = [*_LETTERS, *numbers] if self._side == "options" else [*numbers, *_LETTERS]
        name = next(name for name in names if name not in taken)
        options = (*self._options(draft), DraftOption(name))
        self._changed(self._with(draft, options, lambda texts: (*texts, "")))
        self.lines[-1].text.setFocus(Qt.FocusReason.OtherFocusReason)

    def remove(self, place: int) -> None:
        """One less; the steps back bring it back."""
        draft = self._draft
        if draft is None:
            return
        options = self._options(draft)
        left = (*options[:place], *options[place + 1 :])
        self._changed(self._with(draft, left, lambda texts: (*texts[:place], *texts[place + 1 :])))
        if self.lines:
            self.lines[min(place, len(self.lines) - 1)].remove.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def shift(self, place: int, by: int) -> None:
        """To another place in the list; its id goes with it."""
        draft, to = self._draft, place + by
        if draft is None or not 0 <= to < len(self._options(draft)):
            return

        def swapped(values: tuple[object, ...]) -> tuple[object, ...]:
            moved = list(values)
            moved[place], moved[to] = moved[to], moved[place]
            return tuple(moved)

        options = swapped(self._options(draft))
        self._changed(self._with(draft, options, swapped))  # type: ignore[arg-type]  # the same values in another order
        line = self.lines[to]
        button = line.up if by < 0 else line.down
        (button if button.isEnabled() else line.down if by < 0 else line.up).setFocus(
            Qt.FocusReason.OtherFocusReason
        )

    # Words

    def say_hint(self, hint: str) -> None:
        """What is done with the options, below their caption."""
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))

    def name(self, caption: str, add: str, hint: str = "") -> None:
        self.caption.setText(caption)
        self.say_hint(hint)
        self.add_button.name(add)
        for line, option in zip(self.lines, self._options(self._draft) if self._draft else (), strict=False):
            line.name(option.id)
