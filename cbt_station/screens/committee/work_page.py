"""The page on which one works: the items at the left, the one on the bench in the middle, what the candidate sees at the right.

Where there is no room for three, the list gives way first (F2 brings it back), then the preview becomes a tab.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from cbt_station.banks.workshop.rows import Filter, ItemRow
from cbt_station.screens.committee.bench import Bench
from cbt_station.screens.committee.fault_list import FaultList
from cbt_station.screens.committee.form import FormTab
from cbt_station.screens.committee.item_list import ItemList
from cbt_station.screens.committee.preview import Preview
from cbt_station.screens.committee.review_tab import ReviewTab
from cbt_station.screens.committee.text_tab import TextTab
from cbt_station.screens.committee.versions_tab import VersionsTab
from cbt_station.screens.item.on_screen import OnScreen
from cbt_station.screens.look import Look
from cbt_station.screens.tokens import TEXT_PX

_TWO_EM: Final = 54
_THREE_EM: Final = 80
TABS: Final = ("form", "text", "versions", "review", "preview", "faults")


class WorkPage(QWidget):
    """`open_item` asks for another item, `add_picture` for the page that takes one in."""

    shown = Signal(bool)
    """Whether the list is in sight."""

    def __init__(
        self,
        look: Look,
        bench: Bench,
        open_item: Callable[[str], None],
        add_picture: Callable[[], None],
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._look, self._bench = look, bench
        self._list_wanted: bool | None = None
        self._wanted_line: int | None = None
        self.items = ItemList(look, self._filter)
        self.items.wanted.connect(open_item)
        self.form = FormTab(look, bench, self.show_text, add_picture)
        self.text, self.versions, self.review = (
            TextTab(look, bench),
            VersionsTab(look, bench),
            ReviewTab(look, bench),
        )
        self.preview, self.faults = Preview(look), FaultList(look)
        self.faults.wanted.connect(lambda _file, line: self.go_to(line))
        self._lay_out()
        bench.laid.connect(self._laid)
        bench.read.connect(self._read)
        bench.kept.connect(self._kept)
        bench.listed.connect(self._listed)
        look.spoken.connect(self._say)
        look.changed.connect(self._fit)
        self._say()
        self._laid()

    def _lay_out(self) -> None:
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its bar takes the focus
        self.tabs.setUsesScrollButtons(True)
        for tab in (self.form, self.text, self.versions, self.review):
            self.tabs.addTab(tab, "")
        self.tabs.currentChanged.connect(self._turned)
        self.right = QSplitter(Qt.Orientation.Vertical)
        self.right.setChildrenCollapsible(False)
        self.panes = QSplitter(Qt.Orientation.Horizontal)
        for pane in (self.items, self.tabs, self.right):
            self.panes.addWidget(pane)
        self._put_preview(beside=True)
        self.panes.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panes)

    # What is shown

    def _filter(self, wanted: Filter, then: Callable[[tuple[ItemRow, ...]], None]) -> None:
        self._bench.ask(lambda workshop: workshop.rows(wanted), then)

    def _listed(self) -> None:
        if self._bench.listing is not None:
            self.items.show_listing(self._bench.listing)

    def _laid(self) -> None:
        if self._bench.on_bench is None:
            self.preview.clear()
            self.faults.show_found((), ())
        elif self._bench.on_bench.what != "item":
            self.tabs.setCurrentWidget(self.text)
            self.preview.clear()
        self._kept()
        self._read()
        self._turned()
        self._fit()
        if self._bench.on_bench is not None and self._wanted_line is not None:
            line, self._wanted_line = self._wanted_line, None
            self.go_to(line)

    def _kept(self) -> None:
        laid = self._bench.on_bench
        self.items.mark(laid.name if laid and laid.what == "item" else "", unsaved=self._bench.is_changed)

    def _read(self) -> None:
        """The preview of what was read, or the last good one where there are faults."""
        reading, laid = self._bench.reading, self._bench.on_bench
        if reading is None or laid is None:
            return
        self.faults.show_found(reading.faults, reading.lints)
        if reading.shown is not None and reading.rule is not None:
            rows = self.items.model.rows
            place = self.items.model.place_of(laid.name)
            shown = OnScreen(reading.shown, reading.stimulus, reading.media)
            self.preview.show_item(shown, reading.rule, max(place + 1, 1), max(len(rows), 1))
        elif laid.what == "stimulus" and reading.stimulus is not None and not reading.faults:
            self.preview.show_stimulus(reading.stimulus, reading.media)
        elif reading.faults:
            self.preview.show_faulty()

    def _turned(self, _index: int = 0) -> None:
        tab = self.tabs.currentWidget()
        if isinstance(tab, VersionsTab | ReviewTab):
            tab.look_up()

    # Going somewhere

    def turn_to(self, tab: str) -> None:
        """One of `TABS`, as far as it is one now."""
        widget = self._tab_widgets()[tab]
        if self.tabs.indexOf(widget) >= 0:
            self.tabs.setCurrentWidget(widget)

    def show_text(self) -> None:
        """The text's tab, with the focus in the text."""
        self._close_list_where_narrow()
        self.tabs.setCurrentWidget(self.text)
        self.text.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_to(self, line: int) -> None:
        """A line of the text."""
        self.show_text()
        if line:
            self.text.editor.go_to(line)

    def go_to_when_laid(self, line: int) -> None:
        """A line of the text that comes onto the bench next."""
        self._wanted_line = line

    def next_fault(self) -> None:
        """The first fault after the cursor, round and round."""
        lines = sorted({fault.line for fault in self.faults.faults})
        if lines:
            here = self.text.editor.textCursor().blockNumber() + 1 if self.text.editor.isVisible() else 0
            self.go_to(next((line for line in lines if line > here), lines[0]))

    def insert_picture(self, text: str) -> None:
        """Where one writes: in the text, or in the question of the form."""
        if self.tabs.currentWidget() is self.text or self.form.draft is None:
            self.tabs.setCurrentWidget(self.text)
            self.text.editor.insert(text)
        else:
            self.form.insert(text)

    # Geometry

    @property
    def room(self) -> int:
        """How many panes there is room for."""
        em = self.width() / self._look.px(TEXT_PX)
        return 3 if em >= _THREE_EM else 2 if em >= _TWO_EM else 1

    @property
    def list_shown(self) -> bool:
        """The list is there where there is room for three; else while it is wanted, or nothing lies on the bench."""
        if self._bench.on_bench is None:
            return True
        return self.room == 3 if self._list_wanted is None else self._list_wanted

    def toggle_list(self) -> None:
        """Show the list and go there, or put it away."""
        self._list_wanted = not self.list_shown
        self._fit()
        if self.items.isVisible():
            self.items.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def opened(self) -> None:
        """Somebody chose an item: where the list is in the way it goes."""
        self._close_list_where_narrow()
        self._fit()
        if not self.items.isVisible():
            self.tabs.tabBar().setFocus(Qt.FocusReason.OtherFocusReason)

    def _close_list_where_narrow(self) -> None:
        if self.room < 3:
            self._list_wanted = None
            self._fit()

    def _fit(self) -> None:
        room, listed = self.room, self.list_shown
        empty = self._bench.on_bench is None
        beside = room - listed >= 2
        self.items.setVisible(listed)
        self.tabs.setVisible(not (empty or (listed and room == 1)))
        self._put_preview(beside=beside)
        self.right.setVisible(beside and not empty)
        self._share(beside=beside and not empty, listed=listed)
        self.shown.emit(listed)

    def _put_preview(self, *, beside: bool) -> None:
        """Preview and faults in a pane of their own, or as two tabs more."""
        here = self.right.indexOf(self.preview) >= 0
        if beside and not here:
            for part, share in ((self.preview, 4), (self.faults, 1)):
                if (tab := self.tabs.indexOf(part)) >= 0:
                    self.tabs.removeTab(tab)
                self.right.addWidget(part)
                self.right.setStretchFactor(self.right.indexOf(part), share)
                part.show()
        elif not beside and here:
            for part, name in ((self.preview, "preview"), (self.faults, "faults")):
                self.tabs.addTab(part, self._look.words(f"committee.tab_{name}"))

    def _tab_widgets(self) -> dict[str, QWidget]:
        parts = (self.form, self.text, self.versions, self.review, self.preview, self.faults)
        return dict(zip(TABS, parts, strict=True))

    def _share(self, *, beside: bool, listed: bool) -> None:
        """Widths by what is there; a person may move the handles until the next change of size."""
        width, px, empty = self.width(), self._look.px, self._bench.on_bench is None
        list_width = width if empty else min(px(380), width // 3)
        shares = [list_width if listed else 0]
        rest = width - shares[0]
        shares += [rest // 2, rest - rest // 2] if beside else [rest]
        now = (width, beside, listed, empty)
        if self._shared != now:
            self._shared = now
            self.panes.setSizes(shares)

    _shared = (0, False, False, False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(200), self._look.px(140))

    def _say(self) -> None:
        words = self._look.words
        for name, widget in self._tab_widgets().items():
            place = self.tabs.indexOf(widget)
            if place >= 0:
                self.tabs.setTabText(place, words(f"committee.tab_{name}"))
        self.tabs.tabBar().setAccessibleName(words("committee.tabs"))
        self._read()
