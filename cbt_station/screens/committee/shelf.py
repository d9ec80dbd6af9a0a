"""What a bank holds beside its items: shared texts, and pictures and recordings, each with who uses it."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem

from cbt_station.banks.workshop.rows import MediaRow, StimulusRow, What
from cbt_station.screens.committee.parts import Sheet, row_of
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, label

_ID: Final = int(Qt.ItemDataRole.UserRole)


class _Shelf(Sheet):
    """A list with acts below."""

    def __init__(self, look: Look, back: Callable[[], None]) -> None:
        super().__init__(look, back, most=900)
        self.list = QListWidget()
        self.list.setProperty("role", "lines")
        self.list.setMinimumHeight(120)
        self.list.setWordWrap(True)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.none = label(role="muted")
        self.rows.addWidget(self.none)
        self.rows.addWidget(self.list, 100)

    def acts(self, *buttons: Button) -> None:
        """What can be done, below the list."""
        self.rows.addWidget(row_of(self.look, *buttons))
        self.rows.addStretch(1)

    @property
    def chosen(self) -> str:
        return str(self.list.currentItem().data(_ID)) if self.list.currentRow() >= 0 else ""

    def fill(self, entries: list[tuple[str, str]]) -> None:
        """Each with its id and its words."""
        here = self.list.currentRow()
        self.list.clear()
        for name, text in entries:
            QListWidgetItem(text, self.list).setData(_ID, name)
        self.list.setCurrentRow(min(max(here, 0), self.list.count() - 1))
        self.none.setVisible(not entries)
        self.list.setVisible(bool(entries))

    def arrive(self) -> None:
        (self.list if self.list.count() else self.back).setFocus(Qt.FocusReason.OtherFocusReason)


class StimulusSheet(_Shelf):
    """`open_text(id)`, and `make()` for a new one."""

    def __init__(
        self, look: Look, back: Callable[[], None], open_text: Callable[[str], None], make: Callable[[], None]
    ) -> None:
        super().__init__(look, back)
        self._rows: tuple[StimulusRow, ...] = ()
        self.open_button, self.make_button = (
            Button(look, "primary", "pencil", "on_accent"),
            Button(look, picture="plus"),
        )
        self.acts(self.open_button, self.make_button)
        self.list.itemActivated.connect(lambda _item: open_text(self.chosen))
        self.open_button.clicked.connect(lambda: open_text(self.chosen) if self.chosen else None)
        self.make_button.clicked.connect(make)
        self.say()

    def show_rows(self, rows: tuple[StimulusRow, ...]) -> None:
        self._rows = rows
        self.say()

    def say(self) -> None:
        words = self.words
        self.head(words("committee.stimuli_title"), words("committee.stimuli_lead"))
        self.list.setAccessibleName(words("committee.stimuli_title"))
        self.none.setText(words("committee.stimuli_none"))
        self.open_button.name(words("committee.stimulus_open"))
        self.open_button.setEnabled(bool(self._rows))
        self.make_button.name(words("committee.stimulus_new"))
        self.fill(
            [
                (
                    row.id,
                    words("committee.stimulus_row", id=row.id, words=row.first_words, count=len(row.items)),
                )
                for row in self._rows
            ]
        )


class MediaSheet(_Shelf):
    """`remove(name)` takes out what no text names."""

    def __init__(self, look: Look, back: Callable[[], None], remove: Callable[[str], None]) -> None:
        super().__init__(look, back)
        self._rows: tuple[MediaRow, ...] = ()
        self.remove_button = Button(look, picture="trash-2")
        self.acts(self.remove_button)
        self.list.currentRowChanged.connect(lambda _row: self._enable())
        self.remove_button.clicked.connect(lambda: remove(self.chosen))
        self.say()

    def show_rows(self, rows: tuple[MediaRow, ...]) -> None:
        self._rows = rows
        self.say()

    def _enable(self) -> None:
        row = next((row for row in self._rows if row.name == self.chosen), None)
        self.remove_button.setEnabled(row is not None and not (row.items or row.stimuli))

    def say(self) -> None:
        words = self.words
        self.head(words("committee.media_title"), words("committee.media_lead"))
        self.list.setAccessibleName(words("committee.media_title"))
        self.none.setText(words("committee.media_none"))
        self.remove_button.name(words("committee.media_remove"))
        self.fill([(row.name, self._line(row)) for row in self._rows])
        self._enable()

    def _line(self, row: MediaRow) -> str:
        words = self.words
        users = (*row.items, *row.stimuli)
        used = words("committee.media_used", names=", ".join(users[:5]), count=len(users))
        said = used if users else words("committee.media_unused")
        faults = " ".join(fault.sentence(words) for fault in row.faults)
        return words("committee.media_row", name=row.name, kib=-(-row.size_bytes // 1024), used=said) + (
            f" {faults}" if faults else ""
        )


class DeletedSheet(_Shelf):
    """`bring_back(what, id)`: items and shared texts that only the history knows."""

    def __init__(self, look: Look, back: Callable[[], None], bring_back: Callable[[What, str], None]) -> None:
        super().__init__(look, back)
        self._texts: tuple[tuple[What, str], ...] = ()
        self.button = Button(look, "primary", "rotate-ccw", "on_accent")
        self.button.clicked.connect(
            lambda: bring_back(*self._texts[self.list.currentRow()]) if self.chosen else None
        )
        self.acts(self.button)
        self.say()

    def show_texts(self, texts: tuple[tuple[What, str], ...]) -> None:
        self._texts = texts
        self.say()
        self.arrive()

    def say(self) -> None:
        words = self.words
        self.head(words("committee.deleted_title"), words("committee.deleted_lead"))
        self.list.setAccessibleName(words("committee.deleted_title"))
        self.none.setText(words("committee.deleted_none"))
        self.button.name(words("committee.bring_back"))
        self.button.setEnabled(bool(self._texts))
        self.fill([(name, self._line(what, name)) for what, name in self._texts])

    def _line(self, what: What, name: str) -> str:
        return name if what == "item" else self.words("committee.deleted_stimulus", name=name)
