"""The first page: who works here, which bank; a new bank in a few fields.

A name is only what the person says of themself: versions and votes carry it, and it proves nothing. That is said here.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cbt_station.screens.committee.memory import Memory
from cbt_station.screens.committee.parts import Field, Line, Page, row_of
from cbt_station.screens.committee.paths import PathField
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, Picture, divider, label


class StartPage(Page):
    """`open_bank(folder, name)`; `make_bank(folder, name, title, sections, languages)` makes a new one and opens it."""

    def __init__(
        self,
        look: Look,
        memory: Memory,
        open_bank: Callable[[Path, str], None],
        make_bank: Callable[[Path, str, str, str, str], None],
    ) -> None:
        super().__init__(look, most=680)
        self._look, self._memory, self._open, self._make = look, memory, open_bank, make_bank
        self.title, self.lead = label(role="title"), label(role="muted")
        self.by = Line(self.open)
        self.by_field = Field(self.by)
        self.folder = PathField(look, "folder", self.open)
        self.open_button = Button(look, "primary", "folder-open", "on_accent")
        self.open_button.clicked.connect(self.open)
        self.recent_title = label(role="strong")
        self._recent = QVBoxLayout()
        self.recent: list[Button] = []
        self.new_title, self.new_lead = label(role="heading"), label(role="muted")
        self.new_name, self.new_sections, self.new_languages = Line(), Line(), Line()
        self.new_folder = PathField(look, "folder", self.make)
        self.new_fields = [Field(part) for part in (self.new_name, self.new_sections, self.new_languages)]
        self.make_button = Button(look, picture="plus")
        self.make_button.clicked.connect(self.make)
        self._lay_out()
        self.by.setText(memory.recent.by)
        look.spoken.connect(self._say)
        self._say()

    def _lay_out(self) -> None:
        self.rows.addWidget(Picture(self._look, "library", "accent", 40))
        above: tuple[QWidget, ...] = (self.title, self.lead, self.by_field, self.folder)
        for part in above:
            self.rows.addWidget(part)
        self.rows.addWidget(row_of(self._look, self.open_button))
        self.rows.addWidget(self.recent_title)
        self.rows.addLayout(self._recent)
        self.rows.addWidget(divider())
        below: tuple[QWidget, ...] = (self.new_title, self.new_lead, *self.new_fields, self.new_folder)
        for part in below:
            self.rows.addWidget(part)
        self.rows.addWidget(row_of(self._look, self.make_button))
        self.rows.addStretch(1)

    def arrive(self) -> None:
        """What is missing first: the name, then the folder."""
        self._list_recent()
        if not self.by.text():
            self.by.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.recent:
            self.recent[0].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.folder.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _list_recent(self) -> None:
        for button in self.recent:
            self._recent.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.recent = []
        for bank in self._memory.recent.banks:
            folder = Path(bank)
            if not folder.is_dir():
                continue
            button = Button(self._look, "choice", "library")
            button.name(f"{folder.name}  ·  {_short(folder.parent)}", spoken=str(folder))
            button.clicked.connect(partial(self._open_recent, folder))
            self._recent.addWidget(button)
            self.recent.append(button)
        self.recent_title.setVisible(bool(self.recent))

    def _open_recent(self, folder: Path, _checked: bool = False) -> None:
        self.folder.set_path(folder)
        self.open()

    def open(self) -> None:
        """Ask for the bank; a field that is empty is named first."""
        by = self._required_name()
        folder = self.folder.required() if by else None
        if folder is not None:
            self._open(folder, by)

    def _required_name(self) -> str:
        by = self.by.text().strip()
        if not by:
            self.by_field.complain(self._look.words("committee.by_missing"))
        return by

    def make(self) -> None:
        """Ask for a new bank; without a name nothing is written that could then not be opened."""
        by = self._required_name()
        folder = self.new_folder.required() if by else None
        if folder is None:
            return
        self._make(
            folder,
            by,
            self.new_name.text().strip(),
            self.new_sections.text().strip(),
            self.new_languages.text().strip(),
        )

    def _say(self) -> None:
        words = self._look.words
        self.title.setText(words("committee.title"))
        self.lead.setText(words("committee.start_lead"))
        self.by_field.name(words("committee.by"), words("committee.by_hint"))
        self.folder.name(words("committee.folder"))
        self.open_button.name(words("committee.open"))
        self.recent_title.setText(words("committee.recent"))
        self.new_title.setText(words("committee.new_bank"))
        self.new_lead.setText(words("committee.new_bank_lead"))
        for field, name in zip(self.new_fields, ("title", "sections", "languages"), strict=True):
            field.name(words(f"committee.new_bank_{name}"), words(f"committee.new_bank_{name}_hint"))
        self.new_folder.name(words("committee.new_bank_folder"))
        self.make_button.name(words("committee.make_bank"))
        if not self.new_sections.text():
            self.new_sections.setText("UMUM")
        if not self.new_languages.text():
            self.new_languages.setText(words.lang)


def _short(path: Path) -> str:
    """A path with the home folder as people write it."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
