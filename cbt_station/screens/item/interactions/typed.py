"""What is typed: sent after a short pause, never later than a second, and called unsaved in words until it is durable.

The field keeps its text, caret and undo whatever view comes back: a view replaces the text only where nothing of it is
unsaved. `stamped` is called at each key, so that the text counts from the key and not from its sending.
"""

import unicodedata
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from cbt_station.exam.interactions import Value
from cbt_station.screens.fonts import FAMILIES, TEXT, families_for
from cbt_station.screens.item.interactions.base import InteractionWidget, Respond
from cbt_station.screens.look import Look
from cbt_station.screens.parts import set_role

PAUSE_MS: Final = 700
LIMIT_MS: Final = 900
AGAIN_MS: Final = 10_000
"""After a refusal or trouble the text is sent again no sooner, unless it is changed or left."""
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Meaningless(Exception):
    """A text that stands for no value; its words say why."""


def cleaned(text: str, allowed: str = "") -> str:
    """Without characters that no answer may hold (controls, turned directions: what a paste can bring)."""
    return "".join(
        c for c in text if c in allowed or not (unicodedata.category(c) in ("Cc", "Cs") or c in _TURNING)
    )


def set_in_its_script(text: str) -> bool:
    """Make the fonts of a text's script known to every field; whether one was new.

    A style sheet names the fonts of all fields, so that those of other scripts come as substitutes of the first.
    """
    known = QFont.substitutes(TEXT)  # in small letters
    new = [family for family in families_for(text) if family not in FAMILIES and family.lower() not in known]
    if new:
        QFont.insertSubstitutions(TEXT, new)
    return bool(new)


def dress_again(field: QWidget) -> None:
    """Have the style sheet give a field its fonts anew."""
    field.style().unpolish(field)
    field.style().polish(field)
    field.update()


class Typed(InteractionWidget):
    """A field; its kind says what its text means."""

    def __init__(self, look: Look, respond: Respond, field: QLineEdit | QPlainTextEdit) -> None:
        super().__init__(look, respond)
        self.field = field
        self.stamped: Callable[[], None] = lambda: None
        self.changed_state: Callable[[], None] = lambda: None
        """Called where `is_unsaved` may be another."""
        self._pause = self._timer(PAUSE_MS)
        self._limit = self._timer(LIMIT_MS)
        self._again = self._timer(AGAIN_MS)
        field.installEventFilter(self)
        field.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def _timer(self, ms: int) -> QTimer:
        made = QTimer(self, interval=ms, singleShot=True)
        made.setTimerType(Qt.TimerType.PreciseTimer)
        made.timeout.connect(self._send)
        return made

    # What a kind says

    def text(self) -> str:
        """What stands in the field."""
        raise NotImplementedError

    def put_text(self, text: str) -> None:
        """Replace what stands there."""
        raise NotImplementedError

    def meant(self, text: str) -> str | None:
        """The value that a text means, None for none; raise `Meaningless` with words where it means nothing."""
        raise NotImplementedError

    def written(self, value: str) -> str:
        """How a value is written in the field."""
        return value

    # Typing and sending

    def edited(self) -> None:
        """The candidate changed the text."""
        self.stamped()
        self._again.stop()
        if self.is_unsaved:
            self._pause.start()
            if not self._limit.isActive():
                self._limit.start()
        self.draw()

    @property
    def is_wrong(self) -> bool:
        """Whether the text means nothing that could be saved."""
        return self._meaning()[1] != ""

    @property
    def is_unsaved(self) -> bool:
        return self.waits or self._meaning()[0] != self.value or self.is_wrong

    @property
    def meaning(self) -> str | None:
        """The value that the text means, if any."""
        return self._meaning()[0]

    def _meaning(self) -> tuple[str | None, str]:
        """The value that the text means, and words where it means nothing."""
        try:
            return self.meant(self.text()), ""
        except Meaningless as wrong:
            return None, str(wrong)

    def flush(self) -> None:
        if not self._again.isActive():
            self._send()

    def _send(self) -> None:
        for timer in (self._pause, self._limit, self._again):
            timer.stop()
        value, wrong = self._meaning()
        if not wrong and value != self.given:
            self.ask(value)

    def refused(self) -> None:
        if self.is_unsaved and not self.is_wrong:
            self._again.start()

    def leave(self) -> None:
        """The field is left: whatever stands there is sent, once more after a refusal too."""
        self._send()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and event.type() == QEvent.Type.FocusOut:
            self.leave()
        return False

    # Drawing

    def show_response(self, value: Value | None, *, settled: bool = True) -> None:
        before = self.value
        keeps = self.waits or before != self._meaning()[0] or self.is_wrong
        super().show_response(value, settled=settled)
        if settled and not keeps and value != self._meaning()[0]:
            self.put_text(self.written(value) if isinstance(value, str) else "")
            self.draw()

    def take_back(self) -> None:
        """The answer is taken back: what stands in the field goes too."""
        for timer in (self._pause, self._limit, self._again):
            timer.stop()
        self.put_text("")
        self.draw()

    def restore(self, text: str) -> None:
        """Text of this field that could not be saved when the question was left: it stands there again, and is sent."""
        self.put_text(text)
        self.edited()

    def draw(self) -> None:
        if set_in_its_script(self.text()):
            dress_again(self.field)  # with the fonts that are known now
        wrong = self._meaning()[1]
        state = "wrong" if wrong else "unsaved" if self.is_unsaved else ""
        set_role(self.field, state, "state")
        told = wrong or (self.words("station.typed_unsaved") if state else "")
        saved = self.words("station.typed_saved") if self.value and not told else ""
        self.field.setAccessibleDescription(told or saved)
        self.changed_state()

    def show_rule(self) -> None:
        """What is wrong with the text, or what is wanted."""
        wrong = self._meaning()[1]
        self._show_hint(wrong or self.rule(), "waiting" if wrong else "small")

    def parts_to_focus(self) -> list[QWidget]:
        return [self.field]
