"""The parts that the workshop's pages are built of: choices, menus, captioned fields, lists of lines.

As in `screens.parts`: all text is plain, every part has a name for a screen reader, and colours come from the sheet.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cbt_station.screens.flow_layout import FlowLayout
from cbt_station.screens.icons import paint_icon
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Column, IconButton, announce, label
from cbt_station.words import Words, words_in

VALUE: Final = int(Qt.ItemDataRole.UserRole)


class Choice(QComboBox):
    """One of several values, each shown in words. `chosen` tells only what a person chose."""

    chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._known: dict[str, str] = {}
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setItemDelegate(QStyledItemDelegate(self))  # the one that obeys the sheet
        self.activated.connect(lambda _index: self.chosen.emit(self.value))
        look.changed.connect(self.updateGeometry)

    @property
    def value(self) -> str:
        return str(self.currentData(VALUE) or "")

    def values(self) -> tuple[str, ...]:
        return tuple(str(self.itemData(index, VALUE)) for index in range(self.count()))

    def add(self, value: str, text: str = "") -> None:
        self.addItem(text or value, value)
        self.updateGeometry()

    def refill(self, values: Sequence[str], text: Callable[[str], str] = str) -> None:
        """Other values to choose from; the one that was chosen stays where it still is one."""
        before = self.value
        self.blockSignals(True)
        self.clear()
        for value in values:
            self.add(value, text(value))
        self.blockSignals(False)
        self.set_value(before if before in values else values[0] if values else "")

    def word(self, value: str, text: str) -> None:
        """The words of a value."""
        index = self.findData(value, VALUE)
        if index >= 0:
            self.setItemText(index, text)
            self.updateGeometry()

    def set_value(self, value: str) -> None:
        """Show a value; one that is not offered is added, so that nothing that stands in a file is shown as another."""
        index = self.findData(value, VALUE)
        if index < 0 and value:
            self.add(value)
            index = self.count() - 1
        self.setCurrentIndex(index)

    def name(self, text: str) -> None:
        self.setAccessibleName(text)
        self.setToolTip(text)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel that scrolls the page changes no value on its way."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the list, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.showPopup()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """As wide as its longest words, up to a bound."""
        wide = max(
            (self.fontMetrics().horizontalAdvance(self.itemText(at)) for at in range(self.count())), default=0
        )
        px = self._look.px
        return QSize(max(px(110), min(wide + px(72), px(280))), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(90), super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """As the style paints it, with an ellipsis where the words are cut, and our arrow."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        shown: Any = option
        shown.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, field.width() - 2
        )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        size, edge = self._look.px(16), self._look.px(7)
        leftwards = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        box = QRectF(
            edge if leftwards else self.width() - size - edge, (self.height() - size) / 2, size, size
        )
        paint_icon(painter, "chevron-down", box, self._look.colour("ink" if self.isEnabled() else "muted"))
        painter.end()


class MenuButton(IconButton):
    """A button that opens a menu; the menu's entries can be taken by keys and are named."""

    def __init__(self, look: Look, picture: str) -> None:
        super().__init__(look, picture)
        self.setProperty("worded", True)
        menu = QMenu(self)
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._entries: dict[str, QAction] = {}

    def entry(self, name: str, act: Callable[[], object], *, checkable: bool = False) -> QAction:
        """Another entry; its words come by `word`."""
        action = QAction(self, checkable=checkable)
        action.triggered.connect(lambda _checked=False: act())
        self._entries[name] = action
        menu = self.menu()
        if menu is not None:
            menu.addAction(action)
        return action

    @property
    def entries(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def divide(self) -> None:
        menu = self.menu()
        if menu is not None:
            menu.addSeparator()

    def word(self, name: str, text: str) -> None:
        self._entries[name].setText(text)

    def __getitem__(self, name: str) -> QAction:
        return self._entries[name]


def is_step(event: QEvent) -> bool:
    """Whether a key asks for a step back or on: those are the bench's, not a field's own."""
    return isinstance(event, QKeyEvent) and (
        event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
    )


def edit_menu(field: "QLineEdit | QPlainTextEdit", words: Words, at: QPoint) -> None:
    """What a right click offers in a field, in our words (Qt's are English)."""
    menu = QMenu(field)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    can_write = not field.isReadOnly()
    for key, act, offered in (
        ("committee.cut", field.cut, can_write),
        ("committee.copy", field.copy, True),
        ("committee.paste", field.paste, can_write),
        ("committee.select_all", field.selectAll, True),
    ):
        if offered:
            menu.addAction(words(key)).triggered.connect(lambda _on=False, act=act: act())
    menu.popup(at)


class Line(QLineEdit):
    """A line of typing; `typed` tells only what a person typed."""

    typed = Signal(str)
    language = "id"
    """Of the menu that a right click opens; the window sets it for all lines."""

    def __init__(self, enter: Callable[[], object] | None = None) -> None:
        super().__init__()
        self.setMaxLength(2000)
        self.textEdited.connect(self.typed)
        if enter is not None:
            self.returnPressed.connect(enter)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and is_step(event):
            event.ignore()
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        edit_menu(self, words_in(self.language), event.globalPos())

    def show_text(self, text: str) -> None:
        """Other words, with the cursor kept where nothing changed."""
        if text != self.text():
            self.setText(text)
            self.setCursorPosition(0)


class Lines(QPlainTextEdit):
    """Several lines of typing, as tall as its text up to a bound; Tab goes on to what follows."""

    typed = Signal(str)

    def __init__(self, look: Look, *, least: int = 2, most: int = 12) -> None:
        super().__init__()
        self._look, self._least, self._most = look, least, most
        self._showing = False
        self.setUndoRedoEnabled(False)  # the bench has the steps back
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._changed)
        look.changed.connect(self._fit)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and is_step(event):
            event.ignore()
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        edit_menu(self, self._look.words, event.globalPos())

    def show_text(self, text: str) -> None:
        if text != self.toPlainText():
            self._showing = True
            self.setPlainText(text)
            self._showing = False

    def _changed(self) -> None:
        self._fit()
        if not self._showing:
            self.typed.emit(self.toPlainText())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        lines = int(self.document().size().height())  # of a plain text: lines as they are wrapped
        shown = max(self._least, min(self._most, lines))
        metrics = self.fontMetrics()
        height = shown * metrics.lineSpacing() + 2 * int(self.document().documentMargin()) + self._look.px(18)
        if height != self.height():
            self.setFixedHeight(height)

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(200), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(80), self.height())


class Field(QWidget):
    """A part under its caption, which is its name; a fault of it stands below, in words."""

    def __init__(self, part: QWidget, *, beside: QWidget | None = None) -> None:
        super().__init__()
        self.part = part
        self.caption, self.hint, self.wrong = label(role="strong"), label(role="small"), label(role="waiting")
        self.hint.hide()
        self.wrong.hide()
        self.caption.setBuddy(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.caption)
        if beside is None:
            column.addWidget(part)
        else:
            row = QHBoxLayout()
            row.setSpacing(6)
            row.addWidget(part, 1)
            row.addWidget(beside)
            column.addLayout(row)
        column.addWidget(self.hint)
        column.addWidget(self.wrong)
        if isinstance(part, Line | Lines):
            part.textChanged.connect(self.wrong.hide)

    def complain(self, text: str) -> None:
        """What has to be done here first; it goes with the next change."""
        self.wrong.setText(text)
        self.wrong.show()
        self.part.setFocus(Qt.FocusReason.OtherFocusReason)
        into_sight(self)
        announce(self, text)

    def name(self, text: str, hint: str = "") -> None:
        self.caption.setText(text)
        self.part.setAccessibleName(text)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.part.setAccessibleDescription(hint)

    @property
    def words(self) -> QLabel:
        return self.caption


def into_sight(part: QWidget) -> None:
    """Scroll to a part of a page as soon as it has its place."""

    def scroll() -> None:
        around = part.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        if around is not None and part.isVisible():
            around.ensureWidgetVisible(part)

    QTimer.singleShot(0, part, scroll)


def language_words(language: str, words: Words) -> str:
    """The name of a language, or its code where it has none here."""
    key = f"station.language_{language}"
    return words(key) if words.knows(key) else language


def row_of(look: Look, *parts: QWidget, gap: int = 6) -> QWidget:
    """Parts one after the other, in as many lines as the place asks for."""
    row = QWidget()
    flow = FlowLayout(look, gap)
    row.setLayout(flow)
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    row.setSizePolicy(policy)
    for part in parts:
        flow.addWidget(part)
    return row


class Fold(QScrollArea):
    """A row of parts that takes the height it asks for as far as there is some; what is left out is scrolled."""

    def __init__(self, look: Look, row: QWidget) -> None:
        super().__init__()
        self._look, self._row = look, row
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row.setObjectName("panel")
        self.setWidget(row)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(240), self._row.heightForWidth(max(1, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(120), self._look.px(48))


class Page(Column):
    """A column that is laid out once more when it comes into sight.

    WORKAROUND: Qt asks a part for its size before its style is on it, keeps the answer where a layout has height for
    width, and puts parts over each other.
    """

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self.rows.invalidate)


class Sheet(Page):
    """A page of its own inside the window, instead of a dialog: title, what it asks, its acts, and a way back."""

    def __init__(self, look: Look, back: Callable[[], None], most: int = 760) -> None:
        super().__init__(look, most, pad=16)
        self.look = look
        self.title, self.lead = label(role="heading"), label(role="muted")
        self.back = IconButton(look, "chevron-left")
        self.back.clicked.connect(back)
        head = QHBoxLayout()
        head.addWidget(self.back)
        head.addWidget(self.title, 1)
        self.rows.addLayout(head)
        self.rows.addWidget(self.lead)
        look.spoken.connect(self.say)

    @property
    def words(self) -> Words:
        return self.look.words

    def head(self, title: str, lead: str = "") -> None:
        self.title.setText(title)
        self.lead.setText(lead)
        self.lead.setVisible(bool(lead))
        self.back.name(self.words("committee.back"))

    def say(self) -> None:
        """Set every word of the page."""

    def arrive(self) -> None:
        """The page came onto the screen: put the focus where it is wanted."""
