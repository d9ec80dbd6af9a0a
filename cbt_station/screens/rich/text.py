"""Item content (`exam.content` blocks) laid out for a width, without any HTML.

Running text goes into flows (`flow`), everything that has a frame of its own into boxes beside them (`boxes`);
formulas, pictures and widgets stand in the lines (`objects`). Nothing is ever looked up by name outside `Media`.
Formulas are measured in 1/1000 em and stand on the baseline of their line; pictures grow with the text and shrink to
the width; what is wider than the page all the same (a table) is drawn smaller, never cut.
"""

from collections.abc import Callable, Mapping, Sequence
from math import ceil
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QPainter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextOption,
    QTextTable,
    QTextTableCell,
    QTextTableFormat,
)
from PySide6.QtWidgets import QWidget

from cbt_station.exam.content import (
    Audio,
    Block,
    Blocks,
    Cell,
    Columns,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Place,
    Quote,
    Separator,
    Table,
    Text,
    Verbatim,
    as_text,
)
from cbt_station.screens.look import Look
from cbt_station.screens.rich.boxes import (
    Beside,
    Box,
    Indented,
    LineAcross,
    Quotation,
    Row,
    Shrinking,
    Stack,
    gap_of,
)
from cbt_station.screens.rich.flow import INDENT, PARAGRAPH, Flow, Lines, reads_leftwards
from cbt_station.screens.rich.grid import Grid
from cbt_station.screens.rich.media import Media
from cbt_station.screens.rich.objects import Setting
from cbt_station.screens.rich.sideways import Rolled, Sideways

_TABS: Final = str.maketrans({"\t": "    "})


class RichText:
    """Blocks laid out for a width; knows its height and paints itself. `size` is the text's pixels at 100 %.

    `widgets` by response, gap or hot id, and by the media name of a recording: where they go, `places` says. `sideways`
    makes the widget in which a table is rolled that would have to be drawn too small to be read.
    """

    def __init__(
        self,
        blocks: Blocks,
        media: Media,
        look: Look,
        size: float = 16,
        widgets: Mapping[str, QWidget] | None = None,
        sideways: Callable[[Rolled], Sideways] | None = None,
    ) -> None:
        self.setting = Setting(media, look, float(look.px(size)), widgets or {}, sideways)
        self._whole = Stack(_Stacker(self.setting).boxes(blocks), gap_of(self.setting))
        self._heights: dict[float, int] = {}

    def height_for(self, width: float) -> int:
        """The height in whole pixels at a width; layouts ask for several widths, and again and again."""
        if width not in self._heights:
            self._heights[width] = ceil(self._whole.height_for(width))
        return self._heights[width]

    def paint(self, painter: QPainter, at: QPointF, width: float, ink: QColor) -> None:
        """Draw with the top left corner at a point."""
        self.setting.ink = ink
        self._whole.paint(painter, at, width)

    def places(self, at: QPointF, width: float) -> list[tuple[QWidget, QRectF, list[QRectF]]]:
        """Where each widget goes, in the order of reading; of words that can be chosen also their lines."""
        return list(self._whole.widgets_at(at, width))


class _Stacker:
    """Walks blocks and makes boxes of them; a run of plain blocks becomes one flow."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._boxes: list[Box] = []
        self._lines: Lines | None = None
        self._depth = 0
        self._lists = 0
        self._rtl = False

    def boxes(self, blocks: Blocks) -> list[Box]:
        for block in blocks:
            self._block(block)
        return self._boxes

    def _nested(self, blocks: Blocks) -> Box:
        return Stack(_Stacker(self._setting).boxes(blocks), gap_of(self._setting))

    def _flow(self) -> Lines:
        if self._lines is None:
            flow = Flow(self._setting)
            self._lines = Lines(flow)
            self._boxes.append(flow)
        return self._lines

    def _add(self, box: Box) -> None:
        """A box of its own ends the flow before it."""
        self._lines = None
        if self._depth:
            box = Indented(box, self._depth * INDENT * self._setting.em, rtl=self._rtl)
        self._boxes.append(box)

    def _block(self, block: Block) -> None:
        match block:
            case Paragraph(content=content):
                lines = self._flow()
                lines.begin(indent=self._depth, content=content)
                lines.write(content)
            case Heading(level=level, content=content):
                self._flow().heading(level, content, self._depth)
            case Picture():
                self._flow().picture(block, self._depth)
            case Listing():
                self._listing(block)
            case _:
                self._boxed(block)

    def _boxed(self, block: Block) -> None:
        setting = self._setting
        match block:
            case Table(rows=rows):
                if any(rows):
                    self._add(_table(block, setting))
            case Quote(blocks=blocks):
                self._add(Quotation(self._nested(blocks), setting, rtl=reads_leftwards(as_text(blocks))))
            case Columns(columns=columns):
                rtl = all(reads_leftwards(as_text(column)) for column in columns)
                self._add(Beside([self._nested(column) for column in columns], setting, rtl=rtl))
            case Verbatim(text=text):
                self._add(_verbatim(text, setting))
            case Separator():
                self._add(LineAcross(setting))
            case Audio(media=name) | Place(response=name):
                widget = setting.take(name)
                if widget is not None:
                    self._add(Row(widget))
                elif isinstance(block, Audio):
                    self._block(Paragraph(content=(Text(text=f"[{block.alt}]", italic=True),)))

    def _listing(self, listing: Listing) -> None:
        self._lists += 1
        key, number, outer_rtl = self._lists, listing.start, self._rtl
        self._rtl = reads_leftwards(as_text((listing,)))
        deeper = 1 if number is None else _indents(number + len(listing.entries) - 1)
        self._depth += deeper
        for place, entry in enumerate(listing.entries):
            self._entry(entry, key, number, above=0.25 if place or self._depth > deeper else PARAGRAPH)
            number = None if number is None else number + 1
        self._depth -= deeper
        self._rtl = outer_rtl

    def _entry(self, entry: Blocks, key: int, number: int | None, *, above: float) -> None:
        """The first block stands beside the bullet where it can, else below it."""
        first = entry[0] if entry else None
        depth, lines = self._depth, self._flow()
        if isinstance(first, Picture):
            lines.picture(first, 0)
        elif isinstance(first, Paragraph):
            lines.begin(content=first.content, above=above)
            lines.write(first.content)
        else:
            lines.begin(above=above)
        lines.entry(key, number, depth)
        for block in entry[isinstance(first, Picture | Paragraph) :]:
            self._block(block)


def _indents(last: int) -> int:
    """How many steps a list is moved in so that its largest number has room."""
    return ceil((len(str(last)) + 1) * 0.56 / INDENT)


def _verbatim(text: str, setting: Setting) -> Box:
    flow = Flow(setting, QTextOption.WrapMode.NoWrap)
    lines = Lines(flow)
    for line in text.translate(_TABS).split("\n"):
        lines.begin(above=0, leading=0.1)
        lines.write((Text(text=line.replace(" ", "\u00a0"), code=True),))
    return Shrinking(flow, flow.lay_out, tinted=True)


def _table(table: Table, setting: Setting) -> Box:
    """A document with nothing in it but the table."""
    flow = Flow(setting, QTextOption.WrapMode.WordWrap)
    cursor = QTextCursor(flow.document)
    _flatten(cursor)
    rtl = reads_leftwards(as_text((table,)))
    columns = max(sum(cell.columns for cell in row) for row in table.rows)
    grid = cursor.insertTable(len(table.rows), columns, _table_format(setting, rtl=rtl))
    lanes = Grid(flow, grid)
    for down, row in enumerate(table.rows):
        for cell, across in zip(row, _places(grid, down, row), strict=True):
            if cell.columns > 1 or cell.rows > 1:
                grid.mergeCells(down, across, min(cell.rows, len(table.rows) - down), cell.columns)
            before = len(flow.inlaid)
            _cell(flow, grid.cellAt(down, across), cell)
            lanes.note(range(across, min(across + cell.columns, columns)), flow.inlaid[before:])
    after = grid.lastCursorPosition()
    after.movePosition(QTextCursor.MoveOperation.NextBlock)
    _flatten(after)  # Qt demands a line before and after a table: they are made as good as none
    return Shrinking(flow, lanes.lay_out, rtl=rtl)


def _flatten(cursor: QTextCursor) -> None:
    """The empty line that the cursor stands in takes no height."""
    layout = QTextBlockFormat()
    layout.setLineHeight(1, int(QTextBlockFormat.LineHeightTypes.FixedHeight.value))
    tiny = QTextCharFormat()
    tiny.setFontPointSize(1)
    cursor.setBlockFormat(layout)
    cursor.setBlockCharFormat(tiny)


def _table_format(setting: Setting, *, rtl: bool) -> QTextTableFormat:
    layout = QTextTableFormat()
    layout.setBorder(1)
    layout.setBorderCollapse(True)
    layout.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    layout.setBorderBrush(QBrush(setting.look.colour("line")))
    layout.setCellPadding(setting.em * 0.4)
    layout.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    return layout


def _cell(flow: Flow, place: QTextTableCell, cell: Cell) -> None:
    style, cursor = QTextCharFormat(), place.firstCursorPosition()
    if cell.heading:
        style.setFontWeight(QFont.Weight.Bold)
        shaded = place.format()
        shaded.setBackground(QBrush(flow.setting.look.colour("accent_soft")))
        place.setFormat(shaded)
    lines = Lines(flow, cursor)
    lines.begin(content=cell.content, leading=0.1)
    aligned = cursor.blockFormat()
    aligned.setAlignment(_ALIGNMENTS.get(cell.align, Qt.AlignmentFlag.AlignLeading))
    cursor.setBlockFormat(aligned)
    lines.write(cell.content, style)


_ALIGNMENTS: Final = {
    "end": Qt.AlignmentFlag.AlignTrailing,
    "left": Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute,
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
