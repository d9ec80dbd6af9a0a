"""What is wrong with the text on the bench, and what is advised, each with a way to its line.

One list: faults first, with their icon, their place and what to do in words. Enter or a click goes to the line.
"""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from cbt_station.banks.faults import BankFault
from cbt_station.banks.lint import BankLint
from cbt_station.screens.icons import icon
from cbt_station.screens.look import Look
from cbt_station.screens.parts import label, set_role

_PLACE = int(Qt.ItemDataRole.UserRole)


class FaultList(QWidget):
    """`wanted` names a file and a line (0: the file as a whole). `with_files`: faults of several files."""

    wanted = Signal(str, int)

    def __init__(self, look: Look, *, with_files: bool = False) -> None:
        super().__init__()
        self._look, self._with_files = look, with_files
        self.faults: tuple[BankFault, ...] = ()
        self.lints: tuple[BankLint, ...] = ()
        self.title = label(role="strong")
        self.list = QListWidget()
        self.list.setProperty("role", "lines")
        self.list.setWordWrap(True)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemActivated.connect(self._go)
        self.list.itemClicked.connect(self._go)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 8)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(self.list, 100)
        column.addStretch(1)
        look.spoken.connect(self.draw)
        look.changed.connect(self.draw)
        self.draw()

    def show_found(self, faults: tuple[BankFault, ...], lints: tuple[BankLint, ...]) -> None:
        if (faults, lints) != (self.faults, self.lints):
            self.faults, self.lints = faults, lints
            self.draw()

    def draw(self) -> None:
        """The list in the words and colours of now."""
        look, words = self._look, self._look.words
        here = self.list.currentRow()
        self.list.clear()
        self.list.setIconSize(QSize(look.px(18), look.px(18)))
        for fault in self.faults:
            text = self._with_place(fault.file, fault.line, fault.sentence(words))
            self._add("triangle-alert", "warn", text, fault.file, fault.line)
        for lint in self.lints:
            text = self._with_place(lint.file, 0, words("committee.advice", text=lint.sentence(words)))
            self._add("info", "doubt", text, lint.file, 0)
        if self.faults or self.lints:
            self.title.setText(words("committee.faults_of", faults=len(self.faults), lints=len(self.lints)))
        else:
            self.title.setText(words("committee.no_faults"))
        set_role(self.title, "fault" if self.faults else "strong")
        self.list.setVisible(bool(self.faults or self.lints))
        self.updateGeometry()
        self.list.setAccessibleName(words("committee.faults"))
        self.list.setAccessibleDescription(words("committee.faults_keys"))
        if 0 <= here < self.list.count():
            self.list.setCurrentRow(here)

    def _with_place(self, file: str, line: int, text: str) -> str:
        words = self._look.words
        if self._with_files:
            return f"{file}:{line}: {text}" if line else f"{file}: {text}"
        return words("committee.fault_line", line=line, text=text) if line else text

    def _add(self, picture: str, colour: str, text: str, file: str, line: int) -> None:
        tokens = self._look.tokens
        item = QListWidgetItem(icon(picture, getattr(tokens, colour), self._look.px(18)), text, self.list)
        item.setData(_PLACE, (file, line))

    def _go(self, item: QListWidgetItem) -> None:
        file, line = item.data(_PLACE)
        self.wanted.emit(file, line)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(120), self._look.px(150 if self.list.count() else 36))
