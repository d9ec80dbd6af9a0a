"""Every text that an item had: who wrote it and when, what differs, and how to get one back.

Lines that went and came carry a minus or a plus as well as a colour, and the list says in words what each version is.
"""

from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from cbt_station.banks.workshop.history import DifferenceLine, Version
from cbt_station.screens.committee.bench import Bench
from cbt_station.screens.committee.parts import Choice
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, label
from cbt_station.words import Words

_LOW_PX: Final = 300
AGAINST: Final = ("before", "now")


def moment_words(at: datetime | None, words: Words) -> str:
    """A moment as people write it, in this machine's zone."""
    if at is None:
        return words("committee.moment_unknown")
    here = at.astimezone()
    return words("committee.moment", day=here.strftime("%d.%m.%Y"), time=here.strftime("%H:%M"))


class VersionsTab(QWidget):
    """The list at the top, the difference below. Looked up when the tab is shown."""

    def __init__(self, look: Look, bench: Bench) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._look, self._bench = look, bench
        self.versions: tuple[Version, ...] = ()
        self.differences: tuple[DifferenceLine, ...] = ()
        self.lead = label(role="muted")
        self.list = QListWidget()
        self.list.setProperty("role", "lines")
        self.list.setWordWrap(True)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(lambda _row: self._compare())
        self.against = Choice(look)
        for name in AGAINST:
            self.against.add(name)
        self.against.chosen.connect(lambda _name: self._compare())
        self.restore = Button(look, picture="rotate-ccw")
        self.restore.clicked.connect(self._restore)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setProperty("role", "code")
        self._lay_out()
        bench.kept.connect(self._kept)
        look.spoken.connect(self._say)
        look.changed.connect(self._draw)
        self._say()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(8)
        column.addWidget(self.lead)
        column.addWidget(self.list, 2)
        row = QHBoxLayout()
        row.addWidget(self.against, 1)
        row.addWidget(self.restore)
        column.addLayout(row)
        column.addWidget(self.text, 3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is low, what it is about gives way to what differs."""
        super().resizeEvent(event)
        self.lead.setVisible(self.height() >= self._look.px(_LOW_PX))

    def _kept(self) -> None:
        if self.isVisible():
            self.look_up()
            self._enable()

    def look_up(self) -> None:
        """Ask for the versions of what lies on the bench."""
        laid = self._bench.on_bench
        if laid is None or laid.was is None:
            self._show(())
            return
        self._bench.ask(lambda workshop: workshop.versions(laid.name, laid.what), self._show)

    def _show(self, versions: tuple[Version, ...]) -> None:
        if versions == self.versions and self.list.count() == len(versions):
            return
        self.versions = versions
        self.list.blockSignals(True)
        self.list.clear()
        for version in reversed(versions):  # the last one first
            QListWidgetItem(self._line(version), self.list)
        self.list.blockSignals(False)
        if versions:
            self.list.setCurrentRow(0)
        self._compare()

    def _line(self, version: Version) -> str:
        """Counted from the first text: what the history numbers are changes, and a new item begins with one."""
        words, number = self._look.words, self.versions.index(version) + 1
        if version.deed is None:
            key = "committee.version_outside_current" if version.is_current else "committee.version_outside"
            return words(key, number=number)
        key = "committee.version_current" if version.is_current else "committee.version"
        return words(
            key,
            number=number,
            deed=words(f"committee.deed_{version.deed}"),
            by=version.by or words("committee.by_unknown"),
            at=moment_words(version.at, words),
        )

    @property
    def chosen(self) -> Version | None:
        place = self.list.currentRow()
        return self.versions[-1 - place] if 0 <= place < len(self.versions) else None

    def _compare(self) -> None:
        chosen, laid = self.chosen, self._bench.on_bench
        self._enable()
        if chosen is None or laid is None or not self.versions:
            self.differences = ()
            self._draw()
            return
        place = self.versions.index(chosen)
        if self.against.value == "now":
            before, after = chosen.number, self.versions[-1].number
        else:
            before, after = self.versions[max(0, place - 1)].number, chosen.number
        self._bench.ask(
            lambda workshop: workshop.differences(laid.name, before, after, laid.what), self._compared
        )

    def _enable(self) -> None:
        """An earlier text takes the place of the one on the bench: never of one that is not saved."""
        chosen = self.chosen
        there = chosen is not None and not chosen.is_current
        self.restore.setEnabled(there and not self._bench.is_changed)

    def _compared(self, differences: tuple[DifferenceLine, ...]) -> None:
        self.differences = differences
        self._draw()

    def _draw(self) -> None:
        self.text.setPlainText("\n".join(f"{line.mark} {line.text}" for line in self.differences))
        cursor = QTextCursor(self.text.document())
        for line in self.differences:
            if line.mark != " ":
                shape = QTextBlockFormat()
                shape.setBackground(self._look.colour("ok_soft" if line.mark == "+" else "warn_soft"))
                cursor.setBlockFormat(shape)
            if not cursor.movePosition(QTextCursor.MoveOperation.NextBlock):
                break

    def _restore(self) -> None:
        """The text of the chosen version becomes the present one; the present one stays a version."""
        chosen, laid, at = self.chosen, self._bench.on_bench, self._bench.now
        if chosen is None or laid is None:
            return

        def done(_done: object) -> None:
            self._bench.lay(laid.name, laid.what)
            self._bench.relist()

        self._bench.ask(lambda workshop: workshop.restore(laid.name, chosen.number, at, laid.what), done)

    def _say(self) -> None:
        words = self._look.words
        self.lead.setText(words("committee.versions_lead"))
        self.list.setAccessibleName(words("committee.versions"))
        self.against.name(words("committee.versions_against"))
        for name in AGAINST:
            self.against.word(name, words(f"committee.versions_against_{name}"))
        self.restore.name(words("committee.restore"))
        self.text.setAccessibleName(words("committee.differences"))
        for place, version in enumerate(reversed(self.versions)):
            item = self.list.item(place)
            if item is not None:
                item.setText(self._line(version))
