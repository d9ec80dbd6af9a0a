"""The text as its file has it, for whoever writes by hand: line numbers, and lines with faults marked.

A mark is an icon beside the number and words below, not a colour alone. Tab leaves the editor; nothing is completed or changed
by itself.
"""

from typing import Any

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from cbt_station.screens.committee.bench import Bench
from cbt_station.screens.committee.parts import edit_menu, is_step
from cbt_station.screens.icons import paint_icon
from cbt_station.screens.look import Look


class Editor(QPlainTextEdit):
    """A plain text with numbered lines; `typed` tells only what a person typed."""

    typed = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._showing = False
        self.faulty: dict[int, str] = {}
        """Lines with faults, with what is wrong."""
        self.setProperty("role", "code")
        self.setUndoRedoEnabled(False)  # the bench has the steps back
        self.setTabChangesFocus(True)
        self._gutter = _Gutter(self)
        self.blockCountChanged.connect(lambda _count: self._fit())
        self.updateRequest.connect(self._scrolled)
        self.textChanged.connect(self._changed)
        self.cursorPositionChanged.connect(self._mark)
        look.changed.connect(self._fit)
        self._fit()

    def show_text(self, text: str) -> None:
        """Another text; the cursor and the place in sight stay where they were."""
        if text == self.toPlainText():
            return
        at, bar = self.textCursor().position(), self.verticalScrollBar().value()
        self._showing = True
        self.setPlainText(text)
        self._showing = False
        cursor = self.textCursor()
        cursor.setPosition(min(at, len(text)))
        self.setTextCursor(cursor)
        self.verticalScrollBar().setValue(bar)

    def show_faults(self, faulty: dict[int, str]) -> None:
        """Which lines have faults."""
        self.faulty = faulty
        self._mark()
        self._gutter.update()

    def go_to(self, line: int) -> None:
        """The cursor at the beginning of a line, in sight."""
        block = self.document().findBlockByNumber(max(0, line - 1))
        if not block.isValid():
            block = self.document().lastBlock()
        self.setTextCursor(QTextCursor(block))
        self.centerCursor()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def insert(self, text: str) -> None:
        """Put a text where the cursor is, in lines of its own."""
        cursor = self.textCursor()
        before = "" if cursor.block().text() == "" else "\n\n"
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        cursor.insertText(f"{before}{text}\n")

    def _changed(self) -> None:
        if not self._showing:
            self.typed.emit(self.toPlainText())

    def _mark(self) -> None:
        """The line in which one types, and those with faults."""
        marks = [self._marked(self.textCursor().block(), "accent_soft")] if self.hasFocus() else []
        document = self.document()
        marks += [
            self._marked(document.findBlockByNumber(line - 1), "warn_soft") for line in self.faulty if line
        ]
        self.setExtraSelections(marks)

    def _marked(self, block: QTextBlock, colour: str) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        made: Any = mark
        made.cursor = QTextCursor(block) if block.isValid() else self.textCursor()
        made.format.setBackground(self._look.colour(colour))
        made.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        return mark

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and is_step(event):
            event.ignore()
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        edit_menu(self, self._look.words, event.globalPos())

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        self._mark()

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self._mark()

    # The gutter

    def _width(self) -> int:
        digits = max(2, len(str(self.blockCount())))
        return self._look.px(26) + digits * self.fontMetrics().horizontalAdvance("9")

    def _fit(self) -> None:
        self.setViewportMargins(self._width(), 0, 0, 0)
        inside = self.contentsRect()
        self._gutter.setGeometry(QRect(inside.left(), inside.top(), self._width(), inside.height()))
        self._mark()

    def _scrolled(self, rect: QRect, by: int) -> None:
        if by:
            self._gutter.scroll(0, by)
        else:
            self._gutter.update(0, rect.y(), self._gutter.width(), rect.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(160), self._look.px(100))

    def paint_gutter(self, event: QPaintEvent) -> None:
        """The numbers of the lines in sight, with an icon where there is a fault."""
        look, px = self._look, self._look.px
        painter = QPainter(self._gutter)
        painter.fillRect(event.rect(), look.colour("background"))
        painter.setFont(self.font())
        size = px(14)
        block = self.firstVisibleBlock()
        while block.isValid():
            place = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if place.top() > event.rect().bottom():
                break
            number, line = block.blockNumber() + 1, self.fontMetrics().height()
            if number in self.faulty:
                box = QRectF(px(3), place.top() + (line - size) / 2, size, size)
                paint_icon(painter, "triangle-alert", box, look.colour("warn"))
            painter.setPen(look.colour("muted"))
            where = QRectF(0, place.top(), self._width() - px(6), line)
            painter.drawText(
                where, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), str(number)
            )
            block = block.next()
        painter.end()


class _Gutter(QWidget):
    """Beside the text; it takes no focus and says nothing that the faults below do not say."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self._editor = editor

    def paintEvent(self, event: QPaintEvent) -> None:
        self._editor.paint_gutter(event)


class TextTab(QWidget):
    """The tab: the text on the bench."""

    def __init__(self, look: Look, bench: Bench) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._look, self._bench = look, bench
        self.editor = Editor(look)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.editor)
        self.editor.typed.connect(lambda text: bench.edit(text, self))
        bench.laid.connect(self._laid)
        bench.edited.connect(self._edited)
        bench.read.connect(self._read)
        look.spoken.connect(self._say)
        self._say()
        self._laid()

    def _laid(self) -> None:
        self.editor.show_text(self._bench.text)
        self.editor.setReadOnly(self._bench.on_bench is None)
        self.editor.moveCursor(QTextCursor.MoveOperation.Start)
        self._read()

    def _edited(self, who: object) -> None:
        if who is not self:
            self.editor.show_text(self._bench.text)

    def _read(self) -> None:
        reading = self._bench.reading
        words = self._look.words
        faults = reading.faults if reading else ()
        self.editor.show_faults({fault.line: fault.sentence(words) for fault in faults if fault.line})

    def _say(self) -> None:
        self.editor.setAccessibleName(self._look.words("committee.text"))
        self._read()
