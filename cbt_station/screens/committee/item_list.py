"""The items of a bank: one table over one model, however many there are, and the filters above it.

A state or a fault is an icon and words, never a colour alone. What is not saved of an item is said in its row.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from cbt_station.banks.workshop.rows import EVERY_ITEM, Filter, ItemRow, State
from cbt_station.screens.committee.laid import Listing
from cbt_station.screens.committee.parts import Choice, Fold, Line, row_of
from cbt_station.screens.fonts import families_for
from cbt_station.screens.icons import pixmap
from cbt_station.screens.look import Look
from cbt_station.screens.models import AnyIndex
from cbt_station.screens.parts import Button, TickBox, label

STATES: Final[tuple[State, ...]] = ("draft", "review", "approved")
STATE_ICONS: Final = {
    "draft": ("pencil", "muted"),
    "review": ("message-square", "accent"),
    "approved": ("circle-check", "ok"),
    "changed": ("circle-alert", "doubt"),
}
COLUMNS: Final = ("state", "faults", "id", "words", "votes", "section", "topic", "level", "kind")
_WIDTHS: Final = {
    "state": 38, "faults": 50, "id": 100, "votes": 64, "section": 72, "topic": 140, "level": 76, "kind": 160,
}  # fmt: skip
_ALWAYS: Final = ("state", "faults", "id")
_LEAST_WORDS_PX: Final = 150
_SPELLED_PX: Final = 80
_ICON_PX: Final = 18
_ROW_PX: Final = 36
_TYPING_MS: Final = 200
NONE: Final = "-"


class ItemModel(QAbstractTableModel):
    """The rows that the filter keeps."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.rows: tuple[ItemRow, ...] = ()
        self.unsaved, self.spells_state = "", False
        """The item that is not saved; whether there is room for states in words beside their icons."""

    def show(self, rows: tuple[ItemRow, ...]) -> None:
        """Other rows; where only contents changed the view keeps its place."""
        same = [row.id for row in rows] == [row.id for row in self.rows]
        if same:
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def say(self) -> None:
        """The words are other ones."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(COLUMNS) - 1))

    def place_of(self, item: str) -> int:
        return next((place for place, row in enumerate(self.rows) if row.id == item), -1)

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        words = self._look.words
        if way == Qt.Orientation.Horizontal:
            if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
                return words(f"committee.column_{COLUMNS[section]}")
            if role == Qt.ItemDataRole.DisplayRole:
                bare = section == 1 or (section == 0 and not self.spells_state)
                return "" if bare else words(f"committee.column_{COLUMNS[section]}")
        elif role == Qt.ItemDataRole.DisplayRole:
            return str(section + 1)
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown(row, column)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self.told(row, column)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon(row, column)
        if role == Qt.ItemDataRole.ForegroundRole and column in ("section", "topic", "level", "kind"):
            return self._look.colour("muted")
        return None

    def _shown(self, row: ItemRow, column: str) -> str:
        words = self._look.words
        shown = {
            "state": words(f"committee.state_{row.state}") if self.spells_state else "",
            "faults": str(len(row.faults) or len(row.lints) or ""),
            "id": f"{row.id} •" if row.id == self.unsaved else row.id,
            "words": row.title or row.first_words,
            "votes": f"+{row.votes_for} −{row.votes_against}" if row.voters else "",
            "kind": ", ".join(words(f"committee.kind_{kind}") for kind in row.kinds),
        }
        return shown[column] if column in shown else str(getattr(row, column))

    def told(self, row: ItemRow, column: str) -> str:
        """What a screen reader says of a cell."""
        words = self._look.words
        match column:
            case "state":
                return state_words(self._look, row.state, changed=row.changed_since_approved)
            case "faults":
                return words("committee.faults_of", faults=len(row.faults), lints=len(row.lints))
            case "id" if row.id == self.unsaved:
                return f"{row.id}, {words('committee.unsaved')}"
            case "votes":
                return words("committee.votes_of", pro=row.votes_for, con=row.votes_against)
            case "words":
                return f"{row.title}: {row.first_words}" if row.title else row.first_words
        return self._shown(row, column)

    def _icon(self, row: ItemRow, column: str) -> Any:
        name, colour = "", ""
        if column == "state":
            name, colour = STATE_ICONS["changed" if row.changed_since_approved else row.state]
        elif column == "faults" and row.faults:
            name, colour = "triangle-alert", "warn"
        elif column == "faults" and row.lints:
            name, colour = "info", "doubt"
        if not name:
            return None
        return pixmap(name, getattr(self._look.tokens, colour), self._look.px(_ICON_PX))


def state_words(look: Look, state: State, *, changed: bool = False) -> str:
    """A state in words."""
    return look.words("committee.state_changed" if changed else f"committee.state_{state}")


class _Words(QStyledItemDelegate):
    """Words on the line on which those of the other columns stand, whatever script is among them.

    Qt centres a line as tall as its tallest script, also one that the ellipsis cuts off: such a row stood higher.
    """

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        whole: Any = QStyleOptionViewItem(option)
        self.initStyleOption(whole, index)
        text, whole.text = whole.text, ""
        widget = whole.widget
        style = widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, whole, painter, widget)
        box = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, whole, widget)
        pad = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, whole, widget) + 1
        box = (box if box.isValid() else whole.rect).adjusted(pad, 0, -pad, 0)
        metrics = QFontMetrics(whole.font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.save()
        painter.setFont(whole.font)
        painter.setPen(whole.palette.color(QPalette.ColorRole.Text))
        line = whole.rect.top() + (whole.rect.height() - metrics.height()) // 2 + metrics.ascent()
        painter.drawText(box.left(), line, shown)
        painter.restore()


class ItemTable(QTableView):
    """The table: arrows move, Enter opens; a click opens too."""

    wanted = Signal(str)

    def __init__(self, look: Look, model: ItemModel) -> None:
        super().__init__()
        self._look, self._model = look, model
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegateForColumn(COLUMNS.index("words"), _Words(self))
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        )
        self.clicked.connect(lambda index: self._open(index.row()))
        look.changed.connect(self.fit)
        self.fit()

    def fit(self) -> None:
        """Rows as tall as the text; where it is narrow only what tells items apart is there."""
        px, header = self._look.px, self.horizontalHeader()
        self.verticalHeader().setDefaultSectionSize(px(_ROW_PX))
        self.setIconSize(QSize(px(_ICON_PX), px(_ICON_PX)))
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        rest = self.viewport().width() - sum(px(_WIDTHS[name]) for name in _ALWAYS) - px(_LEAST_WORDS_PX)
        shown = True
        for place, name in enumerate(COLUMNS):
            if name == "words":
                continue
            width = px(_WIDTHS[name])
            if name not in _ALWAYS:
                shown = shown and rest >= width
                rest -= width if shown else 0
                self.setColumnHidden(place, not shown)
            header.resizeSection(place, width)
        spelled = px(_SPELLED_PX) if shown and rest >= 2 * px(_SPELLED_PX) else 0
        if bool(spelled) != self._model.spells_state:
            self._model.spells_state = bool(spelled)
            self._model.say()
        header.resizeSection(COLUMNS.index("state"), px(_WIDTHS["state"]) + spelled)
        header.resizeSection(COLUMNS.index("words"), px(_LEAST_WORDS_PX) + max(0, rest - spelled))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def _open(self, place: int) -> None:
        if 0 <= place < len(self._model.rows):
            self.wanted.emit(self._model.rows[place].id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if not event.isAutoRepeat():
                self._open(self.currentIndex().row())
        elif event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The arrows begin somewhere."""
        super().focusInEvent(event)
        if self._model.rows and not self.currentIndex().isValid():
            self.setCurrentIndex(self._model.index(0, COLUMNS.index("id")))

    def select(self, item: str) -> None:
        """Show which item lies on the bench."""
        place = self._model.place_of(item)
        if place < 0:
            self.clearSelection()
        elif self.currentIndex().row() != place or not self.selectionModel().hasSelection():
            self.setCurrentIndex(self._model.index(place, COLUMNS.index("id")))
            self.selectRow(place)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(120), self._look.px(80))


class ItemList(QWidget):
    """Filters above, table below. `wanted` names the item that somebody wants to open."""

    wanted = Signal(str)

    def __init__(
        self, look: Look, filtered: Callable[[Filter, Callable[[tuple[ItemRow, ...]], None]], None]
    ) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._look, self._filtered = look, filtered
        self.model = ItemModel(look)
        self.table = ItemTable(look, self.model)
        self.table.wanted.connect(self.wanted)
        self._typing = QTimer(self, interval=_TYPING_MS, singleShot=True)
        self._typing.timeout.connect(self.refilter)
        self._listing: Listing | None = None
        self._make_filters()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 0)
        column.setSpacing(6)
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.search, 1)
        top.addWidget(self.more)
        column.addLayout(top)
        column.addWidget(self.filters)
        column.addWidget(self.count)
        column.addWidget(self.table, 1)
        look.spoken.connect(self._say)
        self._say()

    def _make_filters(self) -> None:
        look = self._look
        self.search = Line()
        self.search.setClearButtonEnabled(False)
        self.search.typed.connect(lambda _text: self._typing.start())
        self.more = Button(look, picture="search", checked="accent")
        self.more.setCheckable(True)
        self.more.toggled.connect(self._show_filters)
        self.section, self.topic, self.level, self.kind = (Choice(look) for _ in range(4))
        self.state, self.group = Choice(look), Choice(look)
        self.faulty, self.linted, self.mine = TickBox(look), TickBox(look), TickBox(look)
        self.everything = Button(look, "chip", "x")
        self.everything.clicked.connect(self.show_everything)
        self.choices = (self.section, self.topic, self.level, self.kind, self.state, self.group)
        self.ticks = (self.faulty, self.linted, self.mine)
        for choice in self.choices:
            choice.chosen.connect(lambda _value: self.refilter())
        for tick in self.ticks:
            tick.toggled.connect(lambda _on: self.refilter())
        self.filters = Fold(look, row_of(look, *self.choices, *self.ticks, self.everything))
        self.filters.hide()
        self.count = label(role="small")

    # What is shown

    def show_listing(self, listing: Listing) -> None:
        """Another list, or the same bank a moment later."""
        self._listing = listing
        for row in listing.rows:
            families_for(
                row.title + row.first_words
            )  # a script that was not there before is loaded before it is drawn
        self._offer()
        self.refilter()

    def _offer(self) -> None:
        rows = self._listing.rows if self._listing else ()
        words = self._look.words
        sections = [*(self._listing.head.sections if self._listing and self._listing.head else ())]
        _fill(self.section, [*sections, *(row.section for row in rows)], words("committee.every_section"))
        _fill(self.topic, (row.topic for row in rows), words("committee.every_topic"), sort=True)
        _fill(self.level, (row.level for row in rows), words("committee.every_level"))
        kinds = sorted({kind for row in rows for kind in row.kinds})
        _fill(self.kind, kinds, words("committee.every_kind"), lambda kind: words(f"committee.kind_{kind}"))
        _fill(self.state, STATES, words("committee.every_state"), lambda s: words(f"committee.state_{s}"))
        enemies = sorted({f"enemies:{row.enemies}" for row in rows if row.enemies})
        stimuli = sorted({f"stimulus:{row.stimulus}" for row in rows if row.stimulus})
        _fill(self.group, [*enemies, *stimuli], words("committee.every_group"), self._group_words)

    def _group_words(self, group: str) -> str:
        what, _, name = group.partition(":")
        return self._look.words(f"committee.group_{what}", name=name)

    @property
    def filter(self) -> Filter:
        """What is asked for."""
        what, _, name = self.group.value.partition(":")
        return Filter(
            section=self.section.value or None,
            topic=self.topic.value or None,
            level=self.level.value or None,
            kind=self.kind.value or None,
            state=self.state.value or None,  # type: ignore[arg-type]  # one of STATES
            enemies=name if what == "enemies" else None,
            stimulus=name if what == "stimulus" else None,
            text=self.search.text().strip(),
            only_faulty=self.faulty.isChecked(),
            only_linted=self.linted.isChecked(),
            only_my_vote=self.mine.isChecked(),
        )

    def refilter(self) -> None:
        """Ask which items the filter keeps."""
        self._typing.stop()
        self._filtered(self.filter, self._show_rows)

    def _show_rows(self, rows: tuple[ItemRow, ...]) -> None:
        selected = self.selected
        self.model.show(rows)
        self.table.select(selected)
        self._count()

    def _count(self) -> None:
        total = len(self._listing.rows) if self._listing else 0
        shown = len(self.model.rows)
        key = (
            "committee.items_shown"
            if shown != total
            else "committee.items_all"
            if total
            else "committee.items_none"
        )
        self.count.setText(self._look.words(key, shown=shown, total=total) if self._listing else "")
        self.everything.setEnabled(self.filter != EVERY_ITEM)

    selected = ""
    """The item on the bench."""

    def mark(self, item: str, *, unsaved: bool) -> None:
        """Which item lies on the bench, and whether it is saved."""
        if self.selected != item or (self.model.unsaved == item) != unsaved:
            self.selected, self.model.unsaved = item, item if unsaved else ""
            self.model.say()
            self.table.select(item)

    def show_everything(self) -> None:
        """No filter at all."""
        for choice in self.choices:
            choice.setCurrentIndex(0)
        for tick in self.ticks:
            tick.setChecked(False)
        self.search.clear()
        self.refilter()

    def show_only(self, **wanted: str) -> None:
        """A filter from elsewhere (`state="review"`)."""
        self.show_everything()
        for name, value in wanted.items():
            getattr(self, name).set_value(value)
        self.refilter()

    def _show_filters(self, shown: bool) -> None:
        self.filters.setVisible(shown)

    # Words

    def _say(self) -> None:
        words = self._look.words
        self.search.setPlaceholderText(words("committee.search"))
        self.search.setAccessibleName(words("committee.search"))
        self.more.name(words("committee.filters"))
        for name in ("section", "topic", "level", "kind", "state", "group"):
            getattr(self, name).name(words(f"committee.filter_{name}"))
        self.faulty.setText(words("committee.only_faulty"))
        self.linted.setText(words("committee.only_linted"))
        self.mine.setText(words("committee.only_my_vote"))
        self.everything.name(words("committee.no_filter"))
        self.table.setAccessibleName(words("committee.items"))
        self.table.setAccessibleDescription(words("committee.items_keys"))
        self.model.say()
        self._offer()
        self._count()


def _fill(
    choice: Choice,
    values: Iterable[str],
    every: str,
    text: Callable[[str], str] = str,
    *,
    sort: bool = False,
) -> None:
    """Everything, then each value once."""
    found = [value for value in dict.fromkeys(values) if value]
    choice.refill(["", *(sorted(found) if sort else found)], lambda value: text(value) if value else every)
