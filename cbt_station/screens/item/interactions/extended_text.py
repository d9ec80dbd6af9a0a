"""A long text, for a person to mark: it grows with what is written, counts, and says whether it is saved."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QMimeData, QSize, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout

from cbt_station.exam.interactions import ExtendedTextInteraction
from cbt_station.screens.item.interactions.base import ENTER, Respond
from cbt_station.screens.item.interactions.typed import Typed, cleaned
from cbt_station.screens.look import Look
from cbt_station.screens.parts import label, set_role
from cbt_station.screens.rich.media import Media

_MOST_LINES: Final = 24


class _Page(QPlainTextEdit):
    """Plain text of at most `most` characters; what would be too much is not taken, and `full` is called."""

    def __init__(self, look: Look, lines: int, most: int, full: Callable[[], None]) -> None:
        super().__init__()
        self._look, self._lines, self._most, self._full = look, max(2, min(lines, _MOST_LINES)), most, full
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(self.updateGeometry)
        look.changed.connect(self.updateGeometry)

    def _room(self) -> int:
        """How many characters more there is room for, counting what is selected as gone."""
        return self._most - len(self.toPlainText()) + len(self.textCursor().selectedText())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() in (*ENTER, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_T, Qt.Key.Key_0):
            event.ignore()  # the page's and the window's
        elif (event.text().isprintable() and event.text()) or event.key() in ENTER:
            if control or self._room() >= max(1, len(event.text())):
                super().keyPressEvent(event)
            else:
                self._full()
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if len(event.commitString()) > self._room():
            event.setCommitString("")
            self._full()
        super().inputMethodEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Pasted text, as plain as typed; of what is too long the beginning."""
        text, room = cleaned(source.text().replace("\r\n", "\n"), "\n\t"), self._room()
        self.textCursor().insertText(text[:room])
        self.ensureCursorVisible()
        if len(text) > room:
            self._full()

    def sizeHint(self) -> QSize:
        lines = max(self._lines, min(_MOST_LINES, int(self.document().size().height()) + 1))
        return QSize(self._look.px(480), lines * self.fontMetrics().lineSpacing() + self._look.px(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(120), self.sizeHint().height())


class ExtendedTextWidget(Typed):
    """The page, and under it how much there is and whether it is saved."""

    field: _Page

    def __init__(
        self,
        look: Look,
        interaction: ExtendedTextInteraction,
        _media: Media,
        _order: tuple[str, ...] | None,
        respond: Respond,
    ) -> None:
        self._least, self._most = interaction.least_characters, interaction.most_characters
        super().__init__(look, respond, _Page(look, interaction.lines, self._most, self._too_much))
        self.field.setAccessibleName(self.words("station.extended_text"))
        self.count, self.state = label(role="small"), label(role="small")
        below = QHBoxLayout()
        below.addWidget(self.count, 1)
        below.addWidget(self.state)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.hint)
        column.addWidget(self.field)
        column.addLayout(below)
        self.state.setWordWrap(False)
        self._putting = False
        self.field.textChanged.connect(self._text_changed)
        self.show_rule()
        self.draw()

    def rule(self) -> str:
        return self.words("station.text_at_least", least=self._least) if self._least else ""

    def text(self) -> str:
        return self.field.toPlainText()

    def put_text(self, text: str) -> None:
        self._putting = True
        self.field.setPlainText(text)
        self._putting = False

    def meant(self, text: str) -> str | None:
        value = cleaned(text, "\n\t")
        return value if value.strip() else None

    def _text_changed(self) -> None:
        if not self._putting:
            self.edited()

    def _too_much(self) -> None:
        self.refuse(self.words("station.text_full", most=self._most))

    def draw(self) -> None:
        super().draw()
        if hasattr(self, "count"):
            words, long = self.words, len(self.text())
            self.count.setText(words("station.text_count", count=long, most=self._most))
            key = "typed_unsaved" if self.is_unsaved else "typed_saved" if self.value else ""
            self.state.setText(words(f"station.{key}") if key else "")
            set_role(self.state, "waiting" if self.is_unsaved else "saved")
