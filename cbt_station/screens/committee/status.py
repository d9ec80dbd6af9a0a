"""The strip below: faults with a way to the first, where the item stands, which file, how many items are ready."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from cbt_station.screens.committee.bench import Bench
from cbt_station.screens.committee.item_list import STATE_ICONS, STATES, state_words
from cbt_station.screens.committee.work_page import WorkPage
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, ElidedLabel, Picture
from cbt_station.screens.tokens import TEXT_PX


class StatusBar(QWidget):
    """Drawn from the bench; its one button goes to the next fault."""

    def __init__(self, look: Look, bench: Bench, work: WorkPage) -> None:
        super().__init__()
        self.setObjectName("status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._look, self._bench = look, bench
        self.faults = Button(look, "chip", "triangle-alert", "warn")
        self.faults.clicked.connect(work.next_fault)
        self.state_icon, self.state = Picture(look, "pencil", "muted", 18), ElidedLabel("small")
        self.file, self.counts = ElidedLabel("small"), ElidedLabel("small")
        self._row = row = QHBoxLayout(self)
        for part in (self.faults, self.state_icon, self.state):
            row.addWidget(part)
        row.addWidget(self.file)
        row.addStretch(1)
        row.addWidget(self.counts)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for signal in (bench.kept, bench.read, bench.listed, bench.laid, look.spoken, look.changed):
            signal.connect(self.draw)
        self.draw()

    def draw(self) -> None:
        words, bench, px = self._look.words, self._bench, self._look.px
        self._row.setContentsMargins(px(8), px(3), px(8), px(3))
        self._row.setSpacing(px(8))
        laid, reading, listing = bench.on_bench, bench.reading, bench.listing
        found = len(reading.faults) if reading and laid else 0
        self.faults.setVisible(found > 0)
        self.faults.name(words("committee.to_fault", count=found))
        row = bench.row(laid.name) if laid and laid.what == "item" else None
        self.state_icon.setVisible(row is not None)
        self.state.setVisible(row is not None)
        if row is not None:
            changed = row.changed_since_approved
            self.state_icon.show_icon(*STATE_ICONS["changed" if changed else row.state])
            self.state.setText(state_words(self._look, row.state, changed=changed))
            self.file.setText(row.file)
        else:
            self.file.setText("")
        counts = {state: listing.counts.get(state, 0) for state in STATES} if listing else {}
        self.counts.setText(words("committee.counts", **counts) if counts else "")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        em = self.width() / self._look.px(TEXT_PX)
        self.file.setVisible(em >= 50)
        self.counts.setVisible(em >= 36)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(200), super().minimumSizeHint().height())
