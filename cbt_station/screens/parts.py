"""The few plain parts that every screen is built of: labels, buttons, tick box, banner, scrolling column.

All text is plain text. A part that carries an icon draws it again when the look changes, so that icons grow with text.
"""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QIcon,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cbt_station.screens.icons import icon, paint_icon, pixmap
from cbt_station.screens.look import Look

ICON_PX: Final = 20
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def label(text: str = "", role: str = "", *, wrap: bool = True) -> QLabel:
    """A label of plain text; `role` picks its style in the sheet."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    made.setProperty("role", role)
    return made


def set_role(widget: QWidget, role: str, name: str = "role") -> None:
    """Another style of the sheet for a widget that is on the screen already."""
    if widget.property(name) != role:
        widget.setProperty(name, role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


class ElidedLabel(QLabel):
    """One line that gives way: cut with an ellipsis where the place is short, whole for a screen reader."""

    def __init__(self, role: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._padded = role == "pill"

    def setText(self, text: str) -> None:
        """Other words; the same words again cost no new layout."""
        if text != self.text():
            super().setText(text)
            self.updateGeometry()

    def _pad(self) -> int:
        return self.fontMetrics().averageCharWidth() if self._padded else 0

    def minimumSizeHint(self) -> QSize:
        few = self.fontMetrics().averageCharWidth() * 4
        return QSize(min(self.sizeHint().width(), few), self.sizeHint().height())

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        pad = self._pad()
        return QSize(metrics.horizontalAdvance(self.text()) + 2 + 2 * pad, metrics.height() + pad)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        place = self.rect().adjusted(self._pad(), 0, -self._pad(), 0)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(
            place, int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.AlignmentFlag.AlignLeading), shown
        )
        painter.end()


class Picture(QLabel):
    """An icon that stands beside words and says nothing of its own."""

    def __init__(self, look: Look, name: str, colour: str = "accent", size: int = 28) -> None:
        super().__init__()
        self._look, self._name, self._colour, self._size = look, name, colour, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._dress)
        self._dress()

    def show_icon(self, name: str, colour: str) -> None:
        if (name, colour) != (self._name, self._colour):
            self._name, self._colour = name, colour
            self._dress()

    def _dress(self) -> None:
        self.setPixmap(
            pixmap(self._name, getattr(self._look.tokens, self._colour), self._look.px(self._size))
        )


def _dress(button: QAbstractButton, look: Look, name: str, colour: str, checked: str | None) -> None:
    if name:
        tokens = look.tokens
        button.setIcon(
            icon(
                name,
                getattr(tokens, colour),
                look.px(ICON_PX),
                getattr(tokens, checked) if checked else None,
                tokens.muted,
            )
        )
        button.setIconSize(QSize(look.px(ICON_PX), look.px(ICON_PX)))


class Button(QPushButton):
    """A button with words; `kind` is primary, doubt, final, chip, choice or plain."""

    def __init__(
        self, look: Look, kind: str = "", picture: str = "", colour: str = "ink", checked: str | None = None
    ):
        super().__init__()
        self._look, self._picture, self._colour, self._checked = look, picture, colour, checked
        self._iconless = False
        self._named: tuple[str, bool, str] | None = None
        self.setProperty("kind", kind)
        self.setAutoDefault(False)
        if picture == "chevron-right":  # forward: the arrow stands after the words
            self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        look.changed.connect(self._dress)
        self._dress()

    def show_icon(self, name: str) -> None:
        if name != self._picture:
            self._picture = name
            self._dress()

    def give_up_icon(self, given_up: bool) -> None:
        """Words before icons where there is no room for both."""
        self._iconless = given_up
        self._dress()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses as Space does; every other key is the page's."""
        if event.key() in _ENTER:
            if not event.isAutoRepeat():
                self.click()
        elif event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def name(self, text: str, *, shown: bool = True, spoken: str = "") -> None:
        """Its words, which are its name for a screen reader; not `shown` leaves the icon alone, with a tool tip."""
        if self._named == (text, shown, spoken):
            return
        self._named = (text, shown, spoken)
        gap = "\u2002" if self._picture not in ("", "chevron-left", "chevron-right") else ""
        self.setText(gap + text if shown else "")
        self.setAccessibleName(spoken or text)
        self.setToolTip("" if shown else text)

    def _dress(self) -> None:
        if self._iconless:
            self.setIcon(QIcon())
        else:
            _dress(self, self._look, self._picture, self._colour, self._checked)


class IconButton(QToolButton):
    """A square button of one icon (and, with `text`, a short word)."""

    def __init__(self, look: Look, picture: str, *, bare: bool = False, checked: str | None = None) -> None:
        super().__init__()
        self._look, self._picture, self._checked = look, picture, checked
        self.setProperty("bare", bare)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        look.changed.connect(self._dress)
        self._dress()

    def show_icon(self, name: str) -> None:
        if name != self._picture:
            self._picture = name
            self._dress()

    def name(self, text: str, *, short: str = "") -> None:
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.setText(short)
        beside = (
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            if self._picture
            else Qt.ToolButtonStyle.ToolButtonTextOnly
        )
        self.setToolButtonStyle(beside if short else Qt.ToolButtonStyle.ToolButtonIconOnly)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space press, or open the menu; every other key is the page's."""
        if event.key() not in (*_ENTER, Qt.Key.Key_Space):
            event.ignore()
        elif not event.isAutoRepeat():
            menu: QMenu | None = self.menu()
            self.click() if menu is None else menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _dress(self) -> None:
        _dress(self, self._look, self._picture, "ink", self._checked)


class TickBox(QCheckBox):
    """A tick box whose tick is our icon, in the theme's colour."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.isChecked():
            option = QStyleOptionButton()
            self.initStyleOption(option)
            box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
            painter = QPainter(self)
            paint_icon(painter, "check", QRectF(box).adjusted(2, 2, -2, -2), self._look.colour("on_accent"))
            painter.end()


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Have a screen reader say something that appeared without being asked for (WCAG 4.1.3)."""
    event = QAccessibleAnnouncementEvent(widget, text)
    event.setPoliteness(
        QAccessible.AnnouncementPoliteness.Assertive if urgent else QAccessible.AnnouncementPoliteness.Polite
    )
    QAccessible.updateAccessibility(event)


class Banner(QFrame):
    """One message inside the window, never in front of it: warnings, refusals, trouble. It can be put away."""

    _ICONS: Final = {
        "info": ("info", "accent"),
        "ok": ("circle-check", "ok"),
        "doubt": ("clock", "doubt"),
        "no": ("circle-alert", "doubt"),
        "warn": ("triangle-alert", "warn"),
    }

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("banner")
        self._picture = Picture(look, "info", "accent", 24)
        self.text = label(role="strong")
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.text.setMinimumWidth(1)
        self.away = IconButton(look, "x", bare=True)
        self.away.clicked.connect(self.hide)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(10)
        row.addWidget(self._picture)
        row.addWidget(self.text, 1)
        row.addWidget(self.away)
        self.hide()

    def say(self, text: str, tone: str = "info", *, seconds: int = 0) -> None:
        """Show a message (for `seconds`, or until it is put away) and have it read aloud."""
        set_role(self, "doubt" if tone == "no" else tone, "tone")
        self._picture.show_icon(*self._ICONS[tone])
        self.text.setText(text)
        self.show()
        if seconds:
            self._timer.start(seconds * 1000)
        else:
            self._timer.stop()
        announce(self, text, urgent=tone in ("warn", "no", "doubt"))


class Column(QScrollArea):
    """A column of `most` pixels (at 100 %) in the middle of its place, scrolling up and down only."""

    def __init__(self, look: Look, most: int = 720, *, pad: int = 24) -> None:
        super().__init__()
        self._look, self._most, self._pad = look, most, pad
        self._room = 0
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.ground = QWidget()
        self.rows = QVBoxLayout(self.ground)
        self.setWidget(self.ground)
        look.changed.connect(self._dress)
        self._dress()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(120), self._look.px(80))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pages scroll; the arrows belong to the page."""
        if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The size is the viewport's. That itself is not asked for: PySide6 makes all widgets' classes to say what it is."""
        super().resizeEvent(event)
        self._room = event.size().width()
        self._fit()

    def _dress(self) -> None:
        """The ground's colour is its own and no style sheet's: Qt moves the pixels of a ground like that when it scrolls."""
        palette = self.ground.palette()
        palette.setColor(QPalette.ColorRole.Window, self._look.colour("background"))
        self.ground.setPalette(palette)
        self._fit()

    def _fit(self) -> None:
        width, pad = self._room, self._look.px(self._pad)
        pad = min(pad, max(8, width // 24))
        side = max(pad, (width - self._look.px(self._most)) // 2)
        self.rows.setContentsMargins(side, pad, side, pad)
        self.rows.setSpacing(self._look.px(14))


def divider() -> QFrame:
    """A thin decorative line."""
    line = QFrame()
    line.setObjectName("divider")
    line.setFixedHeight(1)
    return line
