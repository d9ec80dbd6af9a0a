"""What the quiet pages before and after a sitting share: a scrolling column with a title, words that can change.

A page asks through the callables that the window gives it, and never leaves its place by itself.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, Column, Picture, label
from cbt_station.words import Words

GROUPS: Final = 3
GROUP_LENGTH: Final = 4
_SHORT_WAIT_S: Final = 0.05
"""Sticks that are well are looked through by then, and the page is drawn once."""


class Page(Column):
    """A title with its icon, a sentence, then whatever the page adds to `card`."""

    def __init__(
        self,
        look: Look,
        picture: str,
        key: str,
        *,
        colour: str = "accent",
        most: int = 640,
        tall: bool = False,
    ) -> None:
        super().__init__(look, most)
        self.look, self.key = look, key
        self.picture = Picture(look, picture, colour, 36)
        self.title, self.lead = label(role="title"), label(role="muted")
        self.title.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = QHBoxLayout()
        head.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.title, 1)
        self.frame = QFrame()
        self.frame.setObjectName("card")
        self.card = QVBoxLayout(self.frame)
        self.rows.addStretch(0 if tall else 1)
        self.rows.addLayout(head)
        self.rows.addWidget(self.lead)
        self.rows.addWidget(self.frame, 1 if tall else 0)
        self.rows.addStretch(0 if tall else 2)
        look.spoken.connect(self.say)
        look.changed.connect(self._space)
        self._space()

    @property
    def words(self) -> Words:
        return self.look.words

    def say(self) -> None:
        """Set every word of the page; a page with more words does so after this."""
        self.title.setText(self.words(f"station.{self.key}_title"))
        self.lead.setText(self.words(f"station.{self.key}_lead"))

    def arrive(self) -> None:
        """The page came onto the screen: put the focus where it is wanted (here: where Page Down scrolls)."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave_page(self) -> None:
        """The page goes: keep no secret on it."""

    def buttons(self, *made: Button) -> None:
        """A row of buttons under the card; the last is what one came for."""
        row = QHBoxLayout()
        for button in made[:-1]:
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(made[-1])
        self.rows.insertLayout(self.rows.count() - 1, row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A message above takes from the page's place: the field in which one types stays in sight."""
        super().resizeEvent(event)
        typing = self.focusWidget()
        if isinstance(typing, QLineEdit) and self.isVisible():
            self.ensureWidgetVisible(typing, 0, self.look.px(48))

    def _space(self) -> None:
        edge = self.look.px(20)
        self.card.setContentsMargins(edge, edge, edge, edge)
        self.card.setSpacing(self.look.px(10))


class Field(QLineEdit):
    """A line of typing; Enter does `enter`."""

    def __init__(self, enter: Callable[[], None], *, secret: bool = False) -> None:
        super().__init__()
        self.setMaxLength(200)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        if secret:
            self.setEchoMode(QLineEdit.EchoMode.Password)
        self.returnPressed.connect(enter)


def select(field: Field) -> None:
    """Whatever is typed next replaces what stands there."""
    field.setFocus()
    field.selectAll()


def captioned(card: QVBoxLayout, caption: QLabel, field: QWidget) -> None:
    """A field under its caption; the caption's text is the field's name."""
    caption.setBuddy(field)
    card.addWidget(caption)
    card.addWidget(field)


class _Group(QLineEdit):
    """Four characters of a code; hands over to its neighbours at its ends."""

    def __init__(self, code: "CodeField") -> None:
        super().__init__()
        self._code = code
        self.setProperty("role", "code")
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.textEdited.connect(self._edited)

    def _edited(self, _text: str) -> None:
        self._code.spread(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self._code.back_from(self)
        else:
            super().keyPressEvent(event)


class CodeField(QWidget):
    """A code in groups of four, typed on through or pasted whole; hyphens and spaces do not matter."""

    def __init__(self, enter: Callable[[], None]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.groups = [_Group(self) for _ in range(GROUPS)]
        for place, group in enumerate(self.groups):
            if place:
                row.addWidget(label("–", wrap=False))
            row.addWidget(group, 1)
            group.returnPressed.connect(enter)
        self.setFocusProxy(self.groups[0])

    def text(self) -> str:
        return "-".join(group.text() for group in self.groups)

    def clear(self) -> None:
        for group in self.groups:
            group.clear()
        self.groups[0].setFocus()

    def name(self, words: Words) -> None:
        for place, group in enumerate(self.groups, start=1):
            group.setAccessibleName(words("station.code_group", number=place, count=GROUPS))

    def spread(self, group: _Group) -> None:
        """What does not fit into a group goes on into the next ones."""
        place = self.groups.index(group)
        typed = "".join(c for c in group.text().upper() if c.isalnum())
        group.setText(typed[:GROUP_LENGTH])
        rest = typed[GROUP_LENGTH:]
        while rest and place + 1 < GROUPS:
            place += 1
            self.groups[place].setText(rest[:GROUP_LENGTH])
            rest = rest[GROUP_LENGTH:]
        if len(self.groups[place].text()) == GROUP_LENGTH and place + 1 < GROUPS:
            place += 1
        if self.groups[place] is not group:
            self.groups[place].setFocus()

    def back_from(self, group: _Group) -> None:
        place = self.groups.index(group)
        if place:
            self.groups[place - 1].setFocus()
            self.groups[place - 1].backspace()


class KeyChooser(QWidget):
    """Which key file of a stick to use: the files found, one button each, looked for again every two seconds.

    Each look is a thread of its own: a stick that hangs holds neither the window nor what is asked of the station.
    """

    def __init__(self, look: Look, places: tuple[Path, ...]) -> None:
        super().__init__()
        self._look, self._places = look, places
        self._found: tuple[Path, ...] = ()
        self._seen: SimpleQueue[tuple[Path, ...]] = SimpleQueue()
        self._is_looking = False
        self.chosen: Path | None = None
        self.none = label(role="muted")
        self.buttons: list[Button] = []
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.addWidget(self.none)
        self._timer = QTimer(self, interval=2000)
        self._timer.timeout.connect(self._look_again)

    def look_on(self, wanted: bool) -> None:
        """Look for sticks only while the page is on the screen."""
        if wanted:
            self._begin_looking()
            self._show_seen(_SHORT_WAIT_S)
            self._timer.start()
        else:
            self._timer.stop()

    def say(self) -> None:
        self.none.setText(self._look.words("station.no_key_found"))

    def _look_again(self) -> None:
        """Show what the look before this one saw."""
        self._show_seen(0)
        self._begin_looking()

    def _begin_looking(self) -> None:
        """Begin a look; not while one still waits for its stick."""
        if not self._is_looking:
            self._is_looking, places, seen = True, self._places, self._seen
            threading.Thread(target=lambda: seen.put(_key_files_in(places)), daemon=True).start()

    def _show_seen(self, wait_s: float) -> None:
        try:
            found = self._seen.get(block=wait_s > 0, timeout=wait_s or None)
        except Empty:
            return
        self._is_looking = False
        if found == self._found and (self.buttons or not found):
            return
        self._found = found
        for button in self.buttons:
            self._rows.removeWidget(button)
            button.deleteLater()
        self.buttons = [self._button(path) for path in found[:6]]
        self.chosen = self.chosen if self.chosen in found else found[0] if len(found) == 1 else None
        self.none.setVisible(not found)
        self._show_chosen()

    def _button(self, path: Path) -> Button:
        button = Button(self._look, "choice", "key-round")
        button.setCheckable(True)
        button.name(path.name)
        button.clicked.connect(lambda: self._choose(path))
        self._rows.addWidget(button)
        return button

    def _choose(self, path: Path) -> None:
        self.chosen = path
        self._show_chosen()

    def _show_chosen(self) -> None:
        for path, button in zip(self._found, self.buttons, strict=False):
            button.setChecked(path == self.chosen)


def _key_files_in(places: tuple[Path, ...]) -> tuple[Path, ...]:
    return tuple(sorted({path for place in places for path in _key_files(place)}))


def _key_files(place: Path) -> list[Path]:
    """Key files of a stick: at its top or up to two folders down, under the folder where sticks appear."""
    try:
        return [
            path
            for depth in ("", "*/", "*/*/", "*/*/*/")
            for path in place.glob(f"{depth}*.key")
            if path.is_file()
        ]
    except OSError:  # a stick that was pulled out while we looked
        return []
