"""One choice from a list that opens within a sentence. Arrows choose only in the open list: nothing is chosen in passing."""

from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, qInstallMessageHandler
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from cbt_station.exam.content import Blocks
from cbt_station.exam.interactions import InlineChoiceInteraction, Value
from cbt_station.screens.icons import paint_icon
from cbt_station.screens.item.interactions.base import PUT_KEYS, InteractionWidget, Respond
from cbt_station.screens.item.interactions.choice import in_order
from cbt_station.screens.item.interactions.rich_button import natural_width, spoken
from cbt_station.screens.look import Look
from cbt_station.screens.models import AnyIndex
from cbt_station.screens.parts import label
from cbt_station.screens.rich.media import Media
from cbt_station.screens.rich.text import RichText

_PX: Final = 19
_PAD: Final = 7
_MOST_EM: Final = 22


class _Entries(QStyledItemDelegate):
    """Paints the entries of the open list."""

    def __init__(self, box: "ChoiceBox") -> None:
        super().__init__(box)
        self._box = box

    def sizeHint(self, _option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return self._box.entry_size(index.row())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        here = bool(option.state & QStyle.StateFlag.State_Selected)
        self._box.paint_entry(painter, QRectF(option.rect), index.row(), here=here)


class ChoiceBox(QComboBox):
    """A combo box whose entries are content; the first is no choice. It shows what `show_chosen` says."""

    def __init__(self, look: Look, contents: list[Blocks], media: Media, none: str) -> None:
        super().__init__()
        self._look, self._contents, self._media, self._none = look, contents, media, none
        self.is_waiting = False
        self.addItem(none)
        for content in contents:
            self.addItem(spoken(content))
        self.setItemDelegate(_Entries(self))
        self.setMaxVisibleItems(8)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._built_for = (0, "")
        look.changed.connect(self._build)
        self._build()

    def _build(self) -> None:
        """For the present size and theme; asked for its size before it was told of a change, it builds then."""
        if self._built_for == (self._look.zoom, self._look.tokens.name):
            return
        self._built_for = (self._look.zoom, self._look.tokens.name)
        self._texts = [RichText(content, self._media, self._look, _PX) for content in self._contents]
        widths = [natural_width(content, self._look, _PX) for content in self._contents]
        wide = max([*widths, len(self._none) * self._look.px((_PX - 2) * 0.6)])
        self._inner = min(wide, self._look.px(_MOST_EM * _PX))
        self.updateGeometry()
        self.update()

    # Size

    def _line(self, row: int) -> int:
        least = self._look.px(_PX * 1.35)
        return max(least, self._texts[row - 1].height_for(self._inner)) if row else least

    def entry_size(self, row: int) -> QSize:
        px = self._look.px
        return QSize(self._inner + px(4 * _PAD), max(px(40), self._line(row) + px(2 * _PAD)))

    def sizeHint(self) -> QSize:
        self._build()
        px = self._look.px
        tallest = max(self._line(row) for row in range(self.count()))
        return QSize(self._inner + px(4 * _PAD + 24), tallest + px(2 * _PAD))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(110), self.sizeHint().height())

    # Paint

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, look = QPainter(self), self._look
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row, chosen = self.currentIndex(), self.currentIndex() > 0
        thick = look.px(3 if self.hasFocus() else 2 if chosen else 1.6)
        pen = QPen(look.colour("focus" if self.hasFocus() else "accent" if chosen else "line"), thick)
        if self.is_waiting and not self.hasFocus():
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(look.colour("accent_soft" if chosen else "card"))
        edge = thick / 2 + 0.5
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), look.px(8), look.px(8)
        )
        arrow = look.px(18)
        right = self.width() - arrow - look.px(_PAD)
        at = QRectF(right, (self.height() - arrow) / 2, arrow, arrow)
        paint_icon(painter, "hourglass" if self.is_waiting else "chevron-down", at, look.colour("ink"))
        inside = QRect(
            look.px(2 * _PAD), look.px(_PAD), right - look.px(2 * _PAD), self.height() - look.px(2 * _PAD)
        )
        self._paint_text(painter, QRectF(inside), row)
        painter.end()

    def paint_entry(self, painter: QPainter, rect: QRectF, row: int, *, here: bool) -> None:
        look = self._look
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(rect, look.colour("card"))
        if here:
            painter.setPen(QPen(look.colour("accent"), look.px(2)))
            painter.setBrush(look.colour("accent_soft"))
            painter.drawRoundedRect(rect.adjusted(2, 2, -2, -2), look.px(6), look.px(6))
        if row and row == self.currentIndex():
            tick = look.px(18)
            at = QRectF(rect.right() - tick - look.px(6), rect.center().y() - tick / 2, tick, tick)
            paint_icon(painter, "check", at, look.colour("accent"))
        pad = look.px(2 * _PAD)
        self._paint_text(painter, rect.adjusted(pad, look.px(_PAD), -look.px(_PAD), -look.px(_PAD)), row)
        painter.restore()

    def _paint_text(self, painter: QPainter, rect: QRectF, row: int) -> None:
        if row <= 0:
            painter.setPen(self._look.colour("muted"))
            painter.setFont(self._look.font(_PX - 2))
            shown = painter.fontMetrics().elidedText(
                self._none, Qt.TextElideMode.ElideRight, round(rect.width())
            )
            painter.drawText(
                rect, int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.AlignmentFlag.AlignLeading), shown
            )
            return
        text, width = self._texts[row - 1], max(1.0, rect.width())
        height = text.height_for(width)
        scale = min(1.0, rect.height() / height) if height else 1.0
        painter.save()
        down = self._look.px(2)  # letters, not lines, in the middle
        painter.translate(rect.left(), rect.top() + (rect.height() - height * scale) / 2 + down)
        painter.scale(scale, scale)
        text.paint(painter, QPointF(0, 0), width, self._look.colour("ink"))
        painter.restore()

    # Keys and wheel: the closed box changes by neither

    def keyPressEvent(self, event: QKeyEvent) -> None:
        opens = event.key() == Qt.Key.Key_F4 or (
            event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
        )
        if event.key() in PUT_KEYS or opens:
            if not event.isAutoRepeat():
                self.showPopup()
        else:
            event.ignore()

    def showPopup(self) -> None:
        """The list of a window that nobody sees is not seen either."""
        if not self.window().testAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen):
            super().showPopup()
            return
        self.view().window().setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        before = qInstallMessageHandler(
            lambda *_: None
        )  # "This plugin does not support raise()": nor need it
        try:
            super().showPopup()
        finally:
            qInstallMessageHandler(before)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class InlineChoiceWidget(InteractionWidget):
    """The box; choosing its first entry takes the answer back."""

    def __init__(
        self,
        look: Look,
        interaction: InlineChoiceInteraction,
        media: Media,
        order: tuple[str, ...] | None,
        respond: Respond,
    ) -> None:
        super().__init__(look, respond)
        offered = in_order(interaction.options, order)
        self.ids = [option.id for option in offered]
        self.box = ChoiceBox(
            look, [option.content for option in offered], media, self.words("station.choose_one")
        )
        self._label = label(self.words("station.inline_choice"))
        self._label.setParent(
            self
        )  # unseen: on Linux a combo box's name is its value, its label stands beside it
        self._label.setBuddy(self.box)
        self._label.hide()
        self.name(self._label.text())
        self.box.activated.connect(self._activated)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)

    def name(self, text: str) -> None:
        """For a screen reader: which box of the sentence it is."""
        self._label.setText(text)
        self.box.setAccessibleName(text)
        self.box.setAccessibleDescription(text)

    def press(self, name: str) -> None:
        """What choosing an entry does."""
        self.ask(name)

    def _activated(self, row: int) -> None:
        self.box.setCurrentIndex(self._row_of(self.value))  # until the view says so
        self.ask(self.ids[row - 1] if row > 0 else None)

    def _row_of(self, value: Value | None) -> int:
        return self.ids.index(value) + 1 if isinstance(value, str) and value in self.ids else 0

    def draw(self) -> None:
        self.box.setCurrentIndex(self._row_of(self.value))
        self.box.is_waiting = self.waits
        more = f". {self.words('station.waiting')}" if self.waits else ""
        self.box.setAccessibleDescription(self._label.text() + more)
        self.box.update()

    def parts_to_focus(self) -> list[QWidget]:
        return [self.box]
