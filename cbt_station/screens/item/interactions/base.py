"""What every interaction on the screen is: a widget that asks, and draws what the view says.

`ask` hands a value up and marks the widget as waiting; `show_response` draws what is durable. While later asks are on
their way (`settled` is false) the widget keeps what was asked last, so that a second press builds on the first.
One hint line in words says what is wanted, and why something was refused; a screen reader hears what came back.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from cbt_station.exam.interactions import Value
from cbt_station.screens.look import Look
from cbt_station.screens.parts import announce, label, set_role
from cbt_station.words import Words

Respond: TypeAlias = Callable[[Value | None], None]
ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
PUT_KEYS: Final = (*ENTER, Qt.Key.Key_Space)
ARROWS: Final = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


class InteractionWidget(QWidget):
    """`respond(value)` asks to save a value, or (None) to take it back. It is made anew for each item and language."""

    def __init__(self, look: Look, respond: Respond) -> None:
        super().__init__()
        self.look, self._respond = look, respond
        self.value: Value | None = None
        """What the last view says."""
        self.waits = False
        """Something was asked for, and its view has not come."""
        self._asked: Value | None = None
        self._hears = False
        self._hinted = ("", "small")
        self.hint = label(role="small")
        self.hint.setParent(self)  # or it would be a window of its own
        self.hint.hide()

    @property
    def words(self) -> Words:
        return self.look.words

    @property
    def given(self) -> Value | None:
        """What the candidate has given: as asked last, or as the view says."""
        return self._asked if self.waits else self.value

    @property
    def values(self) -> tuple[str, ...]:
        """`given` as a tuple."""
        given = self.given
        return (given,) if isinstance(given, str) else given or ()

    @property
    def is_unsaved(self) -> bool:
        """Whether something that was typed is not durable yet."""
        return False

    def ask(self, value: Value | None) -> None:
        """Have a value saved; nothing is drawn as given before its view comes."""
        self._asked, self.waits, self._hears = value or None, True, True
        self.show_rule()
        self.draw()
        self._respond(self._asked)

    def show_response(self, value: Value | None, *, settled: bool = True) -> None:
        """Draw what is durable. `settled`: nothing that was asked for is still on its way."""
        if value == self.value and not self.waits:
            return  # as every tick says
        before, self.value = self.value, value
        if settled:
            self.waits = False
        self.draw()
        self.show_rule()
        if self._hears and before != value:
            told = self.told_of(before, value)
            if told:
                announce(self, told)
        self._hears = self._hears and self.waits

    def flush(self) -> None:
        """Ask for what was typed and not asked for yet."""

    def refused(self) -> None:
        """What was asked for was not saved."""

    def draw(self) -> None:
        """Draw `value`, and what of `given` is waited for."""
        raise NotImplementedError

    def parts_to_focus(self) -> list[QWidget]:
        """What takes the focus, as one reads."""
        raise NotImplementedError

    def told_of(self, _before: Value | None, _now: Value | None) -> str:
        """What a screen reader says of a change that came back; "" where its parts' states say it."""
        return ""

    # The hint line

    def rule(self) -> str:
        """What is wanted, in words; "" where the question says it all."""
        return ""

    def show_rule(self) -> None:
        """The hint says again what is wanted."""
        self._show_hint(self.rule(), "small")

    def say(self, text: str) -> None:
        """The hint says what to do next, aloud too."""
        self._show_hint(text, "next")
        announce(self, text)

    def refuse(self, text: str) -> None:
        """The hint says kindly why not, aloud too."""
        self._show_hint(text, "waiting")
        announce(self, text, urgent=True)

    def _show_hint(self, text: str, role: str) -> None:
        if (text, role) == self._hinted:
            return  # as every press of a choice says
        self._hinted = (text, role)
        self.hint.setText(text)
        set_role(self.hint, role)
        self.hint.setVisible(bool(text))

    # Shared by those whose parts are many

    def bring_into_sight(self, widget: QWidget) -> None:
        """Scroll the page to a part."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None:
            above.ensureWidgetVisible(widget)

    def focus_on(self, widget: QWidget) -> None:
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        self.bring_into_sight(widget)


def is_key_move(key: int) -> int:
    """-1 or 1 for an arrow: back or on; 0 for any other key."""
    if key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
        return -1
    return 1 if key in (Qt.Key.Key_Right, Qt.Key.Key_Down) else 0


def pair_of(value: str) -> tuple[str, str]:
    """The two ids of a pair in QTI's form."""
    first, _, second = value.partition(" ")
    return first, second
