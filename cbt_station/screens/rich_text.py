"""Item content (`exam.content` blocks) laid out as a text document, without any HTML.

Text runs become characters in a format, formulas and pictures become objects that paint themselves from `Media`.
Nothing is ever looked up by name outside it: a document built by a cursor has no resources to load.
Formulas are measured in 1/1000 em and stand on the baseline of their line; pictures grow with the text and shrink to
the width; what is wider than the page all the same (a table) is drawn smaller, never cut.
"""

from collections.abc import Sequence
from typing import Final, cast

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPalette,
    QPyTextObject,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextListFormat,
    QTextOption,
    QTextTable,
    QTextTableFormat,
)

from cbt_station.exam.content import (
    Block,
    Blocks,
    Cell,
    Formula,
    Inline,
    LineBreak,
    Listing,
    Paragraph,
    Picture,
    Quote,
    Table,
    Text,
)
from cbt_station.screens.fonts import CODE, FAMILIES
from cbt_station.screens.look import Look
from cbt_station.screens.media import Media

_FORMULA: Final = int(QTextFormat.ObjectTypes.UserObject) + 1
_PICTURE: Final = int(QTextFormat.ObjectTypes.UserObject) + 2
_WHICH: Final = int(QTextFormat.Property.UserProperty) + 1
_OBJECT: Final = "\ufffc"
_LINE: Final = "\u2028"
_PLAIN_SPACES: Final = str.maketrans({"\n": " ", "\r": " ", "\u2028": " ", "\u2029": " ", "\ufffc": " "})
_SPACING: Final = 1.25
"""Lines stand this far apart: long sentences are read for an hour and a half."""
_PAPER_EDGE: Final = 8


class _Formulas(QPyTextObject):
    """Paints formulas in the colour of the text."""

    def __init__(self, media: Media, em: float) -> None:
        super().__init__()
        self.media, self.em, self.known, self.colour = media, em, list[Formula](), QColor("black")

    def intrinsicSize(self, _doc: QTextDocument, _at: int, style: QTextFormat) -> QSizeF:
        formula = self.known[cast("int", style.property(_WHICH))]
        return QSizeF(formula.width * self.em / 1000, formula.height * self.em / 1000)

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, _doc: QTextDocument, _at: int, style: QTextFormat
    ) -> None:
        formula = self.known[cast("int", style.property(_WHICH))]
        place = QRectF(rect)
        if not self.media.paint_in(painter, formula.media, place, self.colour):
            painter.setPen(self.colour)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, formula.alt)


class _Pictures(QPyTextObject):
    """Paints pictures on white paper, at most as wide as the page."""

    def __init__(self, media: Media, look: Look) -> None:
        super().__init__()
        self.media, self.look, self.known, self.width = media, look, list[Picture](), 10_000.0

    def intrinsicSize(self, _doc: QTextDocument, _at: int, style: QTextFormat) -> QSizeF:
        picture = self.known[cast("int", style.property(_WHICH))]
        edge = 2 * self.look.px(_PAPER_EDGE)
        wanted = max(1, picture.width) * self.look.zoom / 100
        shown = min(wanted, max(32.0, self.width - edge))
        return QSizeF(shown + edge, max(1, picture.height) * shown / max(1, picture.width) + edge)

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, _doc: QTextDocument, _at: int, style: QTextFormat
    ) -> None:
        picture, tokens = self.known[cast("int", style.property(_WHICH))], self.look.tokens
        edge = self.look.px(_PAPER_EDGE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(tokens.hair))
        painter.setBrush(QColor(tokens.paper))
        place = QRectF(rect)
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        inner = place.adjusted(edge, edge, -edge, -edge)
        if not self.media.paint(painter, picture.media, inner):
            painter.setPen(QColor("#18212B"))
            painter.setFont(self.look.font())
            painter.drawText(
                inner, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), picture.alt
            )
        painter.restore()


class RichText:
    """Blocks laid out for a width; knows its height and paints itself. `size` is the text's pixels at 100 %."""

    def __init__(self, blocks: Blocks, media: Media, look: Look, size: float = 16) -> None:
        self._look, self._em = look, float(look.px(size))
        self._document = QTextDocument()
        self._formulas, self._pictures = _Formulas(media, self._em), _Pictures(media, look)
        self._scale = 1.0
        self._prepare()
        _Writer(self._document, self._formulas, self._pictures, look, self._em).write_at_once(blocks)

    def _prepare(self) -> None:
        font = QFont(list(FAMILIES))
        font.setPixelSize(round(self._em))
        self._document.setDefaultFont(font)
        self._document.setDocumentMargin(0)
        self._document.setUndoRedoEnabled(False)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        self._document.setDefaultTextOption(option)
        layout = self._document.documentLayout()
        layout.registerHandler(_FORMULA, self._formulas)
        layout.registerHandler(_PICTURE, self._pictures)

    def height_for(self, width: float) -> int:
        """Lay out for a width and give the height in whole pixels."""
        if width != self._document.textWidth():
            self._pictures.width = width
            self._document.setTextWidth(width)
        size = self._document.size()
        self._scale = min(1.0, width / size.width()) if size.width() > 0 else 1.0
        return round(size.height() * self._scale + 0.49)

    def paint(self, painter: QPainter, at: QPointF, width: float, ink: QColor) -> None:
        """Draw with the top left corner at a point."""
        self.height_for(width)
        context = QAbstractTextDocumentLayout.PaintContext()
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Text, ink)
        context.palette = palette
        self._formulas.colour = ink
        painter.save()
        painter.translate(at)
        painter.scale(self._scale, self._scale)
        self._document.documentLayout().draw(painter, context)
        painter.restore()


class _Writer:
    """Walks blocks and types them into a document."""

    def __init__(
        self, document: QTextDocument, formulas: _Formulas, pictures: _Pictures, look: Look, em: float
    ) -> None:
        self._cursor = QTextCursor(document)
        self._formulas, self._pictures, self._look, self._em = formulas, pictures, look, em
        self._fresh = True

    def write_at_once(self, blocks: Blocks) -> None:
        """As one edit: the document is laid out once, and not after every cell of a table (3 s for 200 cells)."""
        whole = QTextCursor(self._cursor)
        whole.beginEditBlock()
        try:
            self.write(blocks)
        finally:
            whole.endEditBlock()

    def write(self, blocks: Blocks) -> None:
        for block in blocks:
            self._block(block)
        if self._fresh and blocks:  # Qt demands a line after a table or a frame: make it as good as none
            self._flatten()

    def _flatten(self) -> None:
        """The empty line that the cursor stands in takes no height."""
        layout = QTextBlockFormat()
        layout.setLineHeight(1, int(QTextBlockFormat.LineHeightTypes.FixedHeight.value))
        tiny = QTextCharFormat()
        tiny.setFontPointSize(1)
        self._cursor.setBlockFormat(layout)
        self._cursor.setBlockCharFormat(tiny)

    def _block(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            self._begin()
            self._inlines(block.content)
        elif isinstance(block, Picture):
            self._begin(spacing=1)
            self._picture(block)
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Listing):
            self._listing(block)
        elif isinstance(block, Quote):
            self._quote(block)

    def _begin(self, *, indent: int = 0, spacing: float = _SPACING) -> None:
        """A new line of its own; the very first line of a document or cell is there already."""
        layout = QTextBlockFormat()
        layout.setLineHeight(spacing * 100, int(QTextBlockFormat.LineHeightTypes.ProportionalHeight.value))
        layout.setIndent(indent)
        if self._fresh:
            self._cursor.setBlockFormat(layout)
        else:
            layout.setTopMargin(self._em * 0.6)
            self._cursor.insertBlock(layout, QTextCharFormat())
        self._fresh = False

    def _inlines(self, content: Sequence[Inline], *, bold: bool = False) -> None:
        for part in content:
            if isinstance(part, Text):
                self._cursor.insertText(part.text.translate(_PLAIN_SPACES), self._style(part, bold=bold))
            elif isinstance(part, LineBreak):
                self._cursor.insertText(_LINE, QTextCharFormat())
            elif isinstance(part, Formula):
                self._formula(part)

    def _style(self, run: Text, *, bold: bool) -> QTextCharFormat:
        style = QTextCharFormat()
        if run.bold or bold:
            style.setFontWeight(QFont.Weight.Bold)
        style.setFontItalic(run.italic)
        if run.code:
            style.setFontFamilies([CODE, *FAMILIES])
            style.setBackground(QBrush(self._look.colour("accent_soft")))
        if run.sub:
            style.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSubScript)
        if run.sup:
            style.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
        return style

    def _formula(self, formula: Formula) -> None:
        style = QTextCharFormat()
        style.setObjectType(_FORMULA)
        style.setProperty(_WHICH, len(self._formulas.known))
        self._formulas.known.append(formula)
        depth = formula.depth * self._em / 1000
        if (
            depth > 0
        ):  # Qt gives an object on the baseline the descent of its format's font: make that the formula's
            style.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBaseline)
            style.setFont(self._font_descending(depth))
        self._cursor.insertText(_OBJECT, style)

    def _font_descending(self, depth: float) -> QFont:
        font = QFont(FAMILIES[0])
        font.setPointSizeF(100)
        font.setPointSizeF(max(0.1, 100 * depth / QFontMetricsF(font).descent()))
        return font

    def _picture(self, picture: Picture) -> None:
        style = QTextCharFormat()
        style.setObjectType(_PICTURE)
        style.setProperty(_WHICH, len(self._pictures.known))
        self._pictures.known.append(picture)
        self._cursor.insertText(_OBJECT, style)

    def _table(self, table: Table) -> None:
        columns = max((sum(cell.columns for cell in row) for row in table.rows), default=0)
        if not columns:
            return
        if self._fresh:
            self._flatten()
        made = self._cursor.insertTable(len(table.rows), columns, self._table_format())
        for down, row in enumerate(table.rows):
            for cell, across in zip(row, _places(made, down, row), strict=True):
                if cell.columns > 1 or cell.rows > 1:
                    made.mergeCells(down, across, min(cell.rows, len(table.rows) - down), cell.columns)
                self._cell(made.cellAt(down, across).firstCursorPosition(), cell)
        self._cursor = made.lastCursorPosition()
        self._cursor.movePosition(QTextCursor.MoveOperation.NextBlock)
        self._fresh = True

    def _table_format(self) -> QTextTableFormat:
        layout = QTextTableFormat()
        layout.setBorder(1)
        layout.setBorderCollapse(True)
        layout.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        layout.setBorderBrush(QBrush(self._look.colour("line")))
        layout.setCellPadding(self._em * 0.4)
        layout.setTopMargin(self._em * 0.6)
        layout.setBottomMargin(self._em * 0.4)
        return layout

    def _cell(self, cursor: QTextCursor, cell: Cell) -> None:
        layout = QTextBlockFormat()
        layout.setAlignment(_ALIGNMENTS.get(cell.align, Qt.AlignmentFlag.AlignLeading))
        cursor.setBlockFormat(layout)
        outer, self._cursor = self._cursor, cursor
        self._inlines(cell.content, bold=cell.heading)
        self._cursor = outer

    def _listing(self, listing: Listing) -> None:
        style = QTextListFormat()
        if listing.start is None:
            style.setStyle(QTextListFormat.Style.ListDisc)
        else:
            style.setStyle(QTextListFormat.Style.ListDecimal)
            style.setStart(listing.start)
        made = None
        for entry in listing.entries:
            for place, block in enumerate(entry):
                self._entry_block(block, first=place == 0)
                if place == 0:
                    made = self._cursor.createList(style) if made is None else made
                    made.add(self._cursor.block())

    def _entry_block(self, block: Block, *, first: bool) -> None:
        if isinstance(block, Paragraph):
            self._begin(indent=0 if first else 1)
            self._inlines(block.content)
        else:
            if first:
                self._begin()
            self._block(block)

    def _quote(self, quote: Quote) -> None:
        if self._fresh:
            self._flatten()
        frame = QTextFrameFormat()
        frame.setBackground(QBrush(self._look.colour("accent_soft")))
        frame.setPadding(self._em * 0.6)
        frame.setTopMargin(self._em * 0.4)
        frame.setBottomMargin(self._em * 0.4)
        frame.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        made = self._cursor.insertFrame(frame)
        self._cursor = made.firstCursorPosition()
        self._fresh = True
        self.write(quote.blocks)
        self._cursor = made.lastCursorPosition()
        self._cursor.movePosition(QTextCursor.MoveOperation.NextBlock)
        self._fresh = True


_ALIGNMENTS: Final = {
    "end": Qt.AlignmentFlag.AlignTrailing,
    "right": Qt.AlignmentFlag.AlignTrailing,
    "center": Qt.AlignmentFlag.AlignHCenter,
    "centre": Qt.AlignmentFlag.AlignHCenter,
}


def _places(grid: QTextTable, down: int, row: Sequence[Cell]) -> list[int]:
    """Where each cell of a row begins, past the cells that rows above reach down into."""
    places, across = [], 0
    for cell in row:
        while across < grid.columns() - 1 and grid.cellAt(down, across).row() != down:
            across += 1
        places.append(min(across, grid.columns() - 1))
        across += cell.columns
    return places
