"""Running text (paragraphs, headings, lists, pictures) as one `QTextDocument`, typed in by a cursor: no HTML anywhere.

A document built so has no resources to load. `Flow` is the document with what stands in its lines; `Lines` types
into one. Tables and everything with a frame of its own are boxes beside flows (`boxes`).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, cast

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QBrush,
    QFont,
    QPainter,
    QPalette,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextLine,
    QTextListFormat,
    QTextOption,
)
from PySide6.QtWidgets import QWidget

from cbt_station.exam.content import (
    Formula,
    Hot,
    Inline,
    InlinePicture,
    LineBreak,
    Picture,
    Slot,
    Span,
    Text,
    every,
    inlines_as_text,
)
from cbt_station.screens.fonts import CODE, families_for
from cbt_station.screens.rich.holding import (
    BACKWARDS,
    MAY_BREAK,
    hold,
    loosened,
    make_room_before,
    no_width,
)
from cbt_station.screens.rich.hot_run import HotRun
from cbt_station.screens.rich.objects import (
    CHARACTER,
    OBJECT,
    FormulaInlay,
    GapInlay,
    Inlay,
    Inlays,
    PictureInlay,
    Setting,
    WidgetInlay,
)

LEADING: Final = 0.3
"""Lines stand this much further apart than they must: long sentences are read for an hour and a half."""
PARAGRAPH: Final = 0.6
INDENT: Final = 1.75
HOT_ROOM: Final = 0.2
"""Around words that can be chosen, in ems: their frame touches no letter and no other frame."""
_LINE: Final = "\u2028"
_PLAIN: Final = str.maketrans(
    {"\n": " ", "\r": " ", "\u2028": " ", "\u2029": " ", CHARACTER: " "}
    | dict.fromkeys(
        (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
    )  # a direction is a Span's, never a text's
)
_NEVER_ENDING: Final = re.compile(r"\S{400}")
"""Qt takes seconds over a word of 100,000 letters."""
_ISOLATES: Final = {"ltr": "\u2066", "rtl": "\u2067", "": "\u2068"}
_POP: Final = "\u2069"
_HEADINGS: Final = (1.35, 1.18, 1.05)
_BULLETS: Final = (
    QTextListFormat.Style.ListDisc,
    QTextListFormat.Style.ListCircle,
    QTextListFormat.Style.ListSquare,
)


def reads_leftwards(text: str) -> bool:
    """Whether the first letter that has a direction is of a script written from right to left."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL", "L"):
            return kind != "L"
    return False


def plain_document(setting: Setting, wrap: QTextOption.WrapMode) -> tuple[QTextDocument, Inlays]:
    """An empty document in our fonts, and what will stand in its lines."""
    document, inlays = QTextDocument(), Inlays()
    font = QFont(list(families_for("")))
    font.setPixelSize(max(1, round(setting.em)))
    document.setDefaultFont(font)
    document.setDocumentMargin(0)
    document.setIndentWidth(setting.em * INDENT)
    document.setUndoRedoEnabled(False)
    set_wrap(document, wrap)
    document.documentLayout().registerHandler(OBJECT, inlays)
    return document, inlays


def set_wrap(document: QTextDocument, wrap: QTextOption.WrapMode) -> None:
    option = QTextOption()
    option.setWrapMode(wrap)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    document.setDefaultTextOption(option)


class Flow:
    """A document, what stands in its lines, and where the widgets in them are."""

    def __init__(
        self,
        setting: Setting,
        wrap: QTextOption.WrapMode = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere,
    ) -> None:
        self.setting = setting
        self.document, self.inlays = plain_document(setting, wrap)
        self._whole = QTextCursor(self.document)
        self._whole.beginEditBlock()  # laid out once, and not after every cell of a table (3 s for 200 cells)
        self._open = True
        self.inlaid: list[tuple[int, Inlay]] = []
        """What stands among the words, and where in the document."""
        self._slots: list[tuple[str, int, WidgetInlay]] = []
        self._hots: list[tuple[str, int, int]] = []
        self._placed_for = -1.0
        self._places: list[tuple[QWidget, QRectF, list[QRectF]]] = []

    def note_slot(self, name: str, at: int, inlay: WidgetInlay) -> None:
        self._slots.append((name, at, inlay))

    @property
    def holds_widgets(self) -> bool:
        """Whether widgets stand in its lines, which cannot be drawn smaller."""
        return bool(self._slots)

    def note_hot(self, name: str, start: int, end: int) -> None:
        self._hots.append((name, start, end))

    def lay_out(self, width: float) -> None:
        """For a width; what was laid out for it already stays."""
        if self._open:
            self._open = False
            self.document.setTextWidth(width)
            self._whole.endEditBlock()
            self._placed_for = -1.0
        elif width != self.document.textWidth():
            self.document.setTextWidth(width)
            self._placed_for = -1.0

    def lay_again(self) -> None:
        """For the same width, after something of the document is another."""
        self.document.size()
        self._placed_for = -1.0

    def height_for(self, width: float) -> float:
        self.lay_out(width)
        return self.document.size().height()

    def draw(self, painter: QPainter) -> None:
        """With its top left corner at the painter's origin."""
        for widget, whole, lines in self.places():
            if isinstance(widget, HotRun):
                widget.paint_ground(painter, [line.translated(whole.topLeft()) for line in lines])
        context = QAbstractTextDocumentLayout.PaintContext()
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Text, self.setting.ink)
        context.palette = palette
        if painter.hasClipping():
            context.clip = painter.clipBoundingRect()
        self.document.documentLayout().draw(painter, context)

    def paint(self, painter: QPainter, at: QPointF, width: float) -> None:
        self.lay_out(width)
        painter.save()
        painter.translate(at)
        self.draw(painter)
        painter.restore()

    def places(self) -> list[tuple[QWidget, QRectF, list[QRectF]]]:
        """Each widget in reading order, its rectangle, and (words that can be chosen) the lines within it."""
        width = self.document.textWidth()
        if not (self._slots or self._hots) or width == self._placed_for:
            return self._places
        self.document.size()  # laid out to its end
        found = [
            (at, self.setting.widgets[name], self._stand(at, inlay), list[QRectF]())
            for name, at, inlay in self._slots
        ]
        found += [(start, *self._hot(name, start, end)) for name, start, end in self._hots]
        self._places = [
            (widget, whole, lines) for _, widget, whole, lines in sorted(found, key=lambda one: one[0])
        ]
        self._placed_for = width
        return self._places

    def widgets_at(self, at: QPointF, width: float) -> Iterator[tuple[QWidget, QRectF, list[QRectF]]]:
        self.lay_out(width)
        for widget, whole, lines in self.places():
            yield widget, whole.translated(at), lines

    def _hot(self, name: str, start: int, end: int) -> tuple[QWidget, QRectF, list[QRectF]]:
        rects = self._rects(start, end)
        lines = [self._target(line, start, at > 0, at + 1 < len(rects)) for at, line in enumerate(rects)]
        whole = QRectF()
        for line in lines:
            whole = whole.united(line)
        return self.setting.widgets[name], whole, [line.translated(-whole.topLeft()) for line in lines]

    def _target(self, line: QRectF, at: int, begun: bool, goes_on: bool) -> QRectF:
        """Words with room around: what goes on from line to line has none typed at its ends. High enough to be hit."""
        side = HOT_ROOM * self.setting.em
        grown = max(side, (self.setting.look.px(24) - line.height()) / 2)
        if self.document.findBlock(at).textDirection() == Qt.LayoutDirection.RightToLeft:
            begun, goes_on = goes_on, begun
        return line.adjusted(-side * begun, -grown, side * goes_on, grown)

    def _rects(self, start: int, end: int) -> list[QRectF]:
        """The rectangles that a run of characters takes, one a line."""
        rects = []
        block_at = self.document.findBlock(start).position()
        for line, corner, begin, stop in self._lines_of(start, end):
            xs = [_x(line, begin + place) for place in self._edges(block_at + begin, stop - begin)]
            height = line.ascent() + line.descent()
            rects.append(QRectF(min(xs), line.y(), max(xs) - min(xs), height).translated(corner))
        return rects or [QRectF(0, 0, 1, 1)]

    def _edges(self, at: int, count: int) -> Iterator[int]:
        """The places between some characters: all, as in two directions they go to and fro; but not where an object's
        tail ends, which is not its own."""
        for place in range(count + 1):
            if place == 0 or self.document.characterAt(at + place - 1) != CHARACTER:
                yield place

    def _stand(self, at: int, inlay: WidgetInlay) -> QRectF:
        """Where a widget stands: its own text on the line's baseline."""
        for line, corner, begin, stop in self._lines_of(
            at, at + 2
        ):  # with the space that takes its tail back
            left, right = sorted((_x(line, begin), _x(line, stop)))
            return inlay.place(left, line.y() + line.ascent(), right - left).translated(corner)
        return QRectF(0, 0, 1, 1)

    def _lines_of(self, start: int, end: int) -> Iterator[tuple[QTextLine, QPointF, int, int]]:
        """The lines that a run of characters takes, the corner of their block, and from where to where."""
        block = self.document.findBlock(start)
        corner = self.document.documentLayout().blockBoundingRect(block).topLeft()
        first, last = start - block.position(), end - block.position()
        for number in range(block.layout().lineCount()):
            line = block.layout().lineAt(number)
            begin, stop = max(first, line.textStart()), min(last, line.textStart() + line.textLength())
            if begin < stop:
                yield line, corner, begin, stop


def _x(line: QTextLine, place: int) -> float:
    found = cast("tuple[float, int]", line.cursorToX(place))
    return found[0]


class Lines:
    """Types lines into a flow (or, with another cursor, into a cell of its document)."""

    def __init__(self, flow: Flow, cursor: QTextCursor | None = None) -> None:
        self._flow, self._setting = flow, flow.setting
        self._cursor = cursor or QTextCursor(flow.document)
        self._fresh = True
        self._typed = ""
        """The end of what stands in the present line."""
        self.lists: dict[int, object] = {}

    def begin(
        self,
        *,
        indent: int = 0,
        leading: float = LEADING,
        above: float = PARAGRAPH,
        content: Sequence[Inline] = (),
    ) -> None:
        """A new line of its own; the very first is there already."""
        em, self._typed = self._setting.em, ""
        layout = QTextBlockFormat()
        if self._are_framed(content):
            leading += 2 * HOT_ROOM
        layout.setLineHeight(leading * em, int(QTextBlockFormat.LineHeightTypes.LineDistanceHeight.value))
        layout.setIndent(indent)
        _direct(layout, content)
        if self._fresh:
            self._cursor.setBlockFormat(layout)
        else:
            layout.setTopMargin(em * above)
            self._cursor.insertBlock(layout, QTextCharFormat())
        self._fresh = False

    def _are_framed(self, content: Sequence[Inline]) -> bool:
        """Whether words of a line can be chosen, so that the lines stand further apart."""
        hots = every(Hot, tuple(content))
        return any(isinstance(self._setting.widgets.get(hot.id), HotRun) for hot in hots)

    def heading(self, level: int, content: Sequence[Inline], indent: int) -> None:
        self.begin(indent=indent, above=1.0, leading=0.15, content=content)
        size = _HEADINGS[min(max(level, 1), len(_HEADINGS)) - 1]
        style = QTextCharFormat()
        style.setFontWeight(QFont.Weight.Bold)
        style.setProperty(int(QTextCharFormat.Property.FontPixelSize), round(self._setting.em * size))
        self.write(content, style, em=self._setting.em * size)

    def entry(self, key: int, number: int | None, depth: int) -> None:
        """Make the present line an entry of a list that was met as `key`: a bullet, or the number."""
        made = self.lists.get(key)
        if made is None:
            style = QTextListFormat()
            style.setIndent(depth)
            style.setStyle(_BULLETS[(depth - 1) % 3] if number is None else QTextListFormat.Style.ListDecimal)
            if number is not None:
                style.setStart(number)
            self.lists[key] = self._cursor.createList(style)
        else:
            made.add(self._cursor.block())  # type: ignore[attr-defined]  # a QTextList; Qt's stubs call it an object

    def picture(self, picture: Picture, indent: int) -> None:
        self.begin(indent=indent, leading=0)
        self._insert(PictureInlay(picture, self._setting), QTextCharFormat())

    def write(
        self, content: Sequence[Inline], style: QTextCharFormat | None = None, *, em: float = 0.0
    ) -> None:
        """Type a whole line of inlines in a style."""
        first = len(self._flow.inlaid)
        self._type(content, style or QTextCharFormat(), em or self._setting.em)
        hold(self._flow.document, self._flow.inlaid[first:])

    def _type(self, content: Sequence[Inline], base: QTextCharFormat, em: float) -> None:
        for part in content:
            if isinstance(part, Text):
                text = _NEVER_ENDING.sub(rf"\g<0>{MAY_BREAK}", part.text.translate(_PLAIN))
                self._put(loosened(self._typed, text), self._styled(part, base, text))
            elif isinstance(part, LineBreak):
                self._put(_LINE, base)
            elif isinstance(part, Formula):
                self._insert(FormulaInlay(part, self._setting, em), base)
            elif isinstance(part, InlinePicture):
                self._insert(PictureInlay(part, self._setting), base)
            elif isinstance(part, Span):
                self._span(part, base, em)
            elif isinstance(part, Slot):
                self._slot(part, base)
            else:
                self._hot(part, base, em)

    def _styled(self, run: Text, base: QTextCharFormat, text: str) -> QTextCharFormat:
        style = QTextCharFormat(base)
        if run.bold:
            style.setFontWeight(QFont.Weight.Bold)
        if run.italic:
            style.setFontItalic(True)
        language = base.stringProperty(_LANGUAGE)
        if run.code:
            style.setFontFamilies([CODE, *families_for(text, language)])
            style.setBackground(QBrush(self._setting.look.colour("accent_soft")))
        elif language or not text.isascii():
            style.setFontFamilies(list(families_for(text, language)))
        if run.sub or run.sup:
            place = QTextCharFormat.VerticalAlignment
            style.setVerticalAlignment(place.AlignSubScript if run.sub else place.AlignSuperScript)
        return style

    def _span(self, span: Span, base: QTextCharFormat, em: float) -> None:
        style = QTextCharFormat(base)
        if span.underline:
            style.setFontUnderline(True)
        if span.strike:
            style.setFontStrikeOut(True)
        if span.language:
            style.setProperty(_LANGUAGE, span.language)
        alone = bool(span.language or span.direction)
        if alone:
            self._put(_ISOLATES[span.direction], style)
        self._type(span.content, style, em)
        if alone:
            self._put(_POP, style)

    def _slot(self, slot: Slot, base: QTextCharFormat) -> None:
        widget = self._setting.take(slot.response)
        if widget is None:
            self._insert(GapInlay(self._setting), base)
            return
        inlay = WidgetInlay(widget, self._setting)
        self._flow.note_slot(slot.response, self._insert(inlay, base), inlay)

    def _hot(self, hot: Hot, base: QTextCharFormat, em: float) -> None:
        widget, at = self._setting.take(hot.id), self._cursor.position()
        if widget is None or isinstance(widget, HotRun):
            self._pad(widget, em)
            self._type(hot.content, base, em)
            self._pad(widget, em)
            if widget is not None and hot.content:
                self._flow.note_hot(hot.id, at, self._cursor.position())
        else:
            inlay = WidgetInlay(widget, self._setting)
            self._flow.note_slot(hot.id, self._insert(inlay, base), inlay)

    def _pad(self, widget: QWidget | None, em: float) -> None:
        if widget is not None:
            self._put(BACKWARDS, no_width(-HOT_ROOM * em))

    def _insert(self, inlay: Inlay, base: QTextCharFormat) -> int:
        """Where in the document it stands now."""
        make_room_before(self._cursor, self._typed)
        at = self._cursor.position()
        self._flow.inlaid.append((at, inlay))
        style = self._flow.inlays.style_of(inlay)
        if base.fontUnderline():
            style.setFontUnderline(True)
        self._put(CHARACTER, style)
        self._put(BACKWARDS, no_width())
        return at

    def _put(self, text: str, style: QTextCharFormat) -> None:
        self._cursor.insertText(text, style)
        self._typed = self._typed[-64:] + text[-64:]


_LANGUAGE: Final = 0x100000 + 7  # QTextFormat.Property.UserProperty and a number of ours


def _direct(layout: QTextBlockFormat, content: Sequence[Inline]) -> None:
    """A line that is all in one direction is laid out in it; others by their first letter."""
    if len(content) == 1 and isinstance(content[0], Span) and content[0].direction:
        rtl = content[0].direction == "rtl"
        layout.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    elif reads_leftwards(inlines_as_text(tuple(content))):
        layout.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
