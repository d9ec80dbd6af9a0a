"""The pages that stand in for dialogs: a new item, another id, taking an item out, a picture, unsaved work, a file that changed.

Each says what will happen, has its safe way out first (Escape, the arrow), and acts by a button with verb and noun.
"""

from collections.abc import Callable
from difflib import ndiff
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt

from cbt_station.banks.kinds import KINDS
from cbt_station.banks.workshop.rows import What
from cbt_station.screens.committee.laid import Listing
from cbt_station.screens.committee.parts import Choice, Field, Line, Lines, Sheet, row_of
from cbt_station.screens.committee.paths import PathField
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, label, set_role

_MOST_LINES: Final = 40


class NewItemSheet(Sheet):
    """`make(section, kind, topic, level)` lays an empty item onto the bench."""

    def __init__(
        self, look: Look, back: Callable[[], None], make: Callable[[str, str, str, str], None]
    ) -> None:
        super().__init__(look, back)
        self._listing: Listing | None = None
        self.section, self.topic, self.level, self.kind = (Choice(look) for _ in range(4))
        self.fields = {name: Field(getattr(self, name)) for name in ("section", "topic", "level", "kind")}
        for field in self.fields.values():
            self.rows.addWidget(field)
        self.make = Button(look, "primary", "plus", "on_accent")
        self.rows.addWidget(row_of(look, self.make))
        self.rows.addStretch(1)
        self.section.chosen.connect(lambda _section: self._offer())
        self.make.clicked.connect(
            lambda: make(self.section.value, self.kind.value, self.topic.value, self.level.value)
        )
        self.say()

    def show_listing(self, listing: Listing | None) -> None:
        self._listing = listing
        self._offer()

    def _offer(self) -> None:
        head = self._listing.head if self._listing else None
        self.section.refill([*(head.sections if head else ())])
        section = head.sections.get(self.section.value) if head else None
        self.topic.refill(section.topics if section else ())
        self.level.refill(section.levels if section else ())
        self.make.setEnabled(section is not None)

    def arrive(self) -> None:
        self.section.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self) -> None:
        words = self.words
        self.head(words("committee.new_item"), words("committee.new_item_lead"))
        self.kind.refill([*KINDS], lambda kind: words(f"committee.kind_{kind}"))
        for name, field in self.fields.items():
            field.name(words(f"committee.field_{name}"))
        self.make.name(words("committee.make_item"))


class AskSheet(Sheet):
    """A sentence and a few acts; the first act is the safe one and has the focus."""

    def __init__(
        self, look: Look, back: Callable[[], None], key: str, acts: dict[str, Callable[[], None]]
    ) -> None:
        super().__init__(look, back)
        self._key, self._about = key, ""
        self.buttons: dict[str, Button] = {}
        for place, (name, act) in enumerate(acts.items()):
            button = Button(look, "" if place else "primary")
            button.clicked.connect(lambda _on=False, act=act: act())
            self.buttons[name] = button
        self.more = label()
        self.more.hide()
        self.rows.addWidget(self.more)
        self.rows.addWidget(row_of(look, *self.buttons.values(), gap=10))
        self.rows.addStretch(1)
        self.say()

    def ask_about(self, what: str) -> None:
        self._about = what
        self.say()

    def arrive(self) -> None:
        next(iter(self.buttons.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self) -> None:
        words = self.words
        self.head(
            words(f"committee.{self._key}_title", name=self._about),
            words(f"committee.{self._key}_lead", name=self._about),
        )
        for name, button in self.buttons.items():
            button.name(words(f"committee.{name}", name=self._about))


class ConflictSheet(AskSheet):
    """The same with the difference between what is in the file and what stands here."""

    _is_gone = False

    def ask_about(self, what: str) -> None:
        self._is_gone = False
        self.more.hide()  # what differed in an earlier one is not what differs here
        super().ask_about(what)

    def show_texts(self, theirs: str | None, mine: str) -> None:
        """What is in the file and not here (minus), and the other way round (plus); None where the file is gone."""
        self._is_gone = theirs is None
        self.say()
        if theirs is None:
            return
        found = [line for line in ndiff(theirs.split("\n"), mine.split("\n")) if line[0] in "-+"]
        self.more.setText("\n".join([*found[:_MOST_LINES], *(["…"] if len(found) > _MOST_LINES else [])]))
        set_role(self.more, "code")
        self.more.setVisible(bool(found))

    def say(self) -> None:
        super().say()
        self.buttons["conflict_theirs"].setVisible(not self._is_gone)
        if self._is_gone:
            words = self.words
            self.head(
                words("committee.conflict_gone_title", name=self._about),
                words("committee.conflict_gone_lead"),
            )
            self.buttons["conflict_mine"].name(words("committee.conflict_write_again"))


class RenameSheet(Sheet):
    """`rename(new id)`, of an item or of a shared text."""

    def __init__(self, look: Look, back: Callable[[], None], rename: Callable[[str], None]) -> None:
        super().__init__(look, back)
        self._item, self._what = "", "item"
        self.button = Button(look, "primary", "pencil", "on_accent")
        self.line = Line(self.button.click)
        self.field = Field(self.line)
        self.button.clicked.connect(lambda: rename(self.line.text().strip()))
        self.rows.addWidget(self.field)
        self.rows.addWidget(row_of(look, self.button))
        self.rows.addStretch(1)
        self.say()

    def ask_about(self, name: str, what: What) -> None:
        self._item, self._what = name, what
        self.line.setText(name)
        self.say()

    def arrive(self) -> None:
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.line.selectAll()

    def say(self) -> None:
        words = self.words
        key = "committee.rename" if self._what == "item" else "committee.rename_stimulus"
        self.head(words(f"{key}_title", name=self._item), words(f"{key}_lead"))
        field = "committee.field_id" if self._what == "item" else "committee.field_stimulus_id"
        self.field.name(words(field), words("committee.hint_id"))
        self.button.name(words("committee.rename"))


class PictureSheet(Sheet):
    """`add(file, words)`: a picture or recording into the bank and the text. Words are asked for, and it goes no way without."""

    def __init__(self, look: Look, back: Callable[[], None], add: Callable[[Path, str], None]) -> None:
        super().__init__(look, back)
        self._add = add
        self.file = PathField(look, "file", lambda: self.alt.setFocus(Qt.FocusReason.OtherFocusReason))
        self.alt = Lines(look, least=2, most=5)
        self.alt_field = Field(self.alt)
        self.missing = label(role="waiting")
        self.missing.hide()
        self.button = Button(look, "primary", "image", "on_accent")
        self.button.clicked.connect(self._try)
        self.alt.typed.connect(lambda _text: self.missing.hide())
        for part in (self.file, self.alt_field, self.missing):
            self.rows.addWidget(part)
        self.rows.addWidget(row_of(look, self.button))
        self.rows.addStretch(1)
        self.say()

    def clear(self) -> None:
        self.file.line.clear()
        self.alt.show_text("")
        self.missing.hide()

    def arrive(self) -> None:
        self.file.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _try(self) -> None:
        """Nothing without words: who cannot see the picture would have no question."""
        words, path, alt = self.words, self.file.path, " ".join(self.alt.toPlainText().split())
        if path is None or not alt:
            self.missing.setText(
                words("committee.picture_file_missing" if path is None else "committee.alt_missing")
            )
            self.missing.show()
            (self.file.line if path is None else self.alt).setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._add(path, alt)

    def say(self) -> None:
        words = self.words
        self.head(words("committee.picture_title"), words("committee.picture_lead"))
        self.file.name(words("committee.picture_file"), words("committee.picture_file_hint"))
        self.alt_field.name(words("committee.picture_alt"), words("committee.picture_alt_hint"))
        self.button.name(words("committee.picture_add"))
