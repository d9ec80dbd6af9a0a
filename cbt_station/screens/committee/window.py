"""The workshop's window: start page, the page on which one works, and the pages that stand in for dialogs.

It asks the bench and turns what comes back into a page or a message. Nothing is modal: a failure is words in the banner at
the top, a question is a page with a way back. Work that is not saved is never lost by leaving: it is asked about.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QLayout, QStackedWidget, QVBoxLayout, QWidget

from cbt_station.errors import Failure, Refusal
from cbt_station.screens.background import Asker
from cbt_station.screens.committee.acts import Acts
from cbt_station.screens.committee.bench import Bench
from cbt_station.screens.committee.help_page import HelpPage
from cbt_station.screens.committee.memory import Memory
from cbt_station.screens.committee.new_bank import make_bank
from cbt_station.screens.committee.parts import Line, Sheet
from cbt_station.screens.committee.sheets import AskSheet
from cbt_station.screens.committee.start_page import StartPage
from cbt_station.screens.committee.status import StatusBar
from cbt_station.screens.committee.top_bar import TopBar
from cbt_station.screens.committee.work_page import TABS, WorkPage
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Banner
from cbt_station.screens.spoken import sentence_of

_BRIEF_S: Final = 12
_A_WHILE_MS: Final = 300
_WORDS: Final = {
    "disk-full": "committee.disk_full",
    "disk-read-only": "committee.disk_read_only",
    "disk-failed": "committee.disk_failed",
}
"""Codes whose own sentence speaks to a candidate whose answer was not saved; here nobody sits."""


class _Pages(QStackedWidget):
    """A stack that asks for no more room than the page that is shown."""

    def minimumSizeHint(self) -> QSize:
        shown = self.currentWidget()
        return shown.minimumSizeHint() if shown is not None else QSize()


class Window(QWidget):
    """One window for one bank at a time; `begin` once, `let_go` at the end of the program."""

    def __init__(self, look: Look, asker: Asker, memory: Memory, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.look = look
        self.bench = Bench(asker, memory, now)
        self._after_leaving: Callable[[], None] | None = None
        self._closing = False
        self.banner, self.pages = Banner(look), _Pages()
        self.start = StartPage(look, memory, self.open_bank, self._make_bank)
        self.acts = Acts(self, look, self.bench)
        self.bar = TopBar(look, self.bench, self.acts.of_items(), self._of_banks())
        self.work = WorkPage(look, self.bench, self.acts.open_item, self.acts.to_picture)
        self.status = StatusBar(look, self.bench, self.work)
        self.leave_sheet = AskSheet(
            look,
            self.stay,
            "leave",
            {"leave_save": self._save_and_go, "leave_stay": self.stay, "leave_drop": self._drop_and_go},
        )
        self.help = HelpPage(look, self.to_work)
        for page in (self.start, self.work, self.leave_sheet, self.help, *self.acts.sheets):
            self.pages.addWidget(page)
        self._lay_out()
        self._connect()
        self._make_keys()
        self._say()
        self.resize(1366, 768)

    def _of_banks(self) -> list[tuple[str, Callable[[], None] | None]]:
        return [
            *self.acts.of_banks(),
            ("", None),
            ("other_bank", lambda: self.leave(self.to_start)),
            ("help", self.to_help),
        ]

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._banner_place = QWidget()
        place = QVBoxLayout(self._banner_place)
        place.setContentsMargins(12, 8, 12, 4)
        place.addWidget(self.banner)
        self._banner_place.hide()
        self.banner.installEventFilter(self)
        for part in (self.bar, self._banner_place):
            column.addWidget(part)
        column.addWidget(self.pages, 1)
        column.addWidget(self.status)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """The banner's place is there only while the banner is."""
        if watched is self.banner and event.type() in (QEvent.Type.HideToParent, QEvent.Type.ShowToParent):
            self._banner_place.setVisible(event.type() == QEvent.Type.ShowToParent)
        return False

    def _connect(self) -> None:
        bench, bar = self.bench, self.bar
        bar.list.clicked.connect(self.toggle_list)
        self.work.shown.connect(bar.list.setChecked)
        bar.step_back.clicked.connect(bench.step_back)
        bar.step_on.clicked.connect(bench.step_on)
        bar.save.clicked.connect(self._save)
        bench.failed.connect(self.tell)
        bench.conflict.connect(self.acts.to_conflict)
        bench.opened_bank.connect(self._opened)
        bench.recovered.connect(lambda: self.say("committee.recovered", "doubt"))
        bench.laid.connect(self._laid)
        self.look.spoken.connect(self._say)

    def _make_keys(self) -> None:
        """Every act of the bar has a key; Escape goes back."""
        look, bench, work = self.look, self.bench, self.work
        keys: dict[str, Callable[[], object]] = {
            "Ctrl+S": self._save,
            "Ctrl+Z": bench.step_back,
            "Ctrl+Shift+Z": bench.step_on,
            "Ctrl+Y": bench.step_on,
            "Ctrl+N": self.acts.to_new_item,
            "Ctrl+D": self.acts.duplicate,
            "Ctrl+F": self._find,
            "F1": self.to_help,
            "F2": self.toggle_list,
            "F8": self._next_fault,
            "Ctrl++": look.larger,
            "Ctrl+=": look.larger,
            "Ctrl+-": look.smaller,
            "Ctrl+0": lambda: look.set_zoom(100),
            "Ctrl+T": look.next_theme,
            "Escape": self.escape,
        }
        for place, tab in enumerate(TABS, start=1):
            keys[f"Ctrl+{place}"] = partial(work.turn_to, tab)
        self.keys = {name: QShortcut(QKeySequence(name), self) for name in keys}
        for name, act in keys.items():
            self.keys[name].setAutoRepeat(name in ("Ctrl+Z", "Ctrl+Y", "Ctrl+Shift+Z"))
            self.keys[name].activated.connect(act)

    # Where one is

    def begin(self, folder: Path | None = None, by: str = "") -> None:
        """Open the bank that was named, or show the first page."""
        self.turn_to(self.start)
        if by:
            self.start.by.setText(by)
        if folder is not None:
            self.start.folder.set_path(folder)
            self.open_bank(folder, self.start.by.text().strip())

    def open_bank(self, folder: Path, by: str) -> None:
        """Open a bank; where it takes a while, that is said."""
        self.bench.open_bank(folder, by, self._not_opened)
        QTimer.singleShot(_A_WHILE_MS, self, lambda: self._say_opening(folder.name))

    def _not_opened(self, failure: Failure) -> None:
        """A bank that cannot be written in has to be put elsewhere; nothing was typed that could be lost."""
        if failure.code == "disk-read-only":
            self.say("committee.open_read_only", "warn")
        else:
            self.tell(failure)

    def _say_opening(self, name: str) -> None:
        if self.bench.is_opening:
            self.say("committee.opening", "info", name=name)

    def _make_bank(self, folder: Path, by: str, title: str, sections: str, languages: str) -> None:
        self.bench.do(
            lambda: make_bank(folder, by, title, sections, languages),
            lambda _made: self.open_bank(folder, by),
        )

    def _opened(self) -> None:
        self.banner.hide()
        self.turn_to(self.work)
        self.work.items.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _laid(self) -> None:
        if self.bench.on_bench is not None:
            self.to_work()
            self.work.opened()

    def turn_to(self, page: QWidget) -> None:
        """Another page."""
        self.pages.setCurrentWidget(page)
        self.status.setVisible(page is self.work)
        self.bar.list.setEnabled(page is self.work)
        if isinstance(page, Sheet | StartPage | HelpPage):
            page.arrive()

    def to_work(self) -> None:
        """Back to the page on which one works, or to the first one where no bank is open."""
        if self.bench.workshop is None:
            self.turn_to(self.start)
            return
        self.turn_to(self.work)

    def to_start(self) -> None:
        self.bench.close_bank()
        self.turn_to(self.start)

    def to_help(self) -> None:
        self.turn_to(self.help) if self.pages.currentWidget() is not self.help else self.to_work()

    def _save(self) -> None:
        self.banner.hide()  # what is said of an earlier try would be read as said of this one
        self.bench.save()

    def toggle_list(self) -> None:
        if self.pages.currentWidget() is self.work:
            self.work.toggle_list()

    def _find(self) -> None:
        """The field that searches the items."""
        if self.pages.currentWidget() is self.work:
            if not self.work.items.isVisible():
                self.work.toggle_list()
            self.work.items.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.work.items.search.selectAll()

    def _next_fault(self) -> None:
        if self.pages.currentWidget() is self.work:
            self.work.next_fault()

    def escape(self) -> None:
        """One step back: a message, then a page."""
        here = self.pages.currentWidget()
        if self.banner.isVisible():
            self.banner.hide()
        elif here is self.leave_sheet:
            self.stay()
        elif here not in (self.work, self.start):
            self.to_work()

    # Leaving what is not saved

    def leave(self, then: Callable[[], None]) -> None:
        """Do something that takes the text from the bench; where it is not saved, ask first."""
        if not self.bench.is_changed:
            then()
            return
        self._after_leaving = then
        self.leave_sheet.ask_about(self.bench.on_bench.name if self.bench.on_bench else "")
        self.turn_to(self.leave_sheet)

    def stay(self) -> None:
        """Nothing was decided: back to the text."""
        self._after_leaving = None
        self.to_work()

    def _save_and_go(self) -> None:
        then, self._after_leaving = self._after_leaving, None
        self.to_work()
        self.bench.save(None if then is None else lambda: self.leave(then))

    def _drop_and_go(self) -> None:
        """The file stays as it is; what was typed is let go."""
        then = self._after_leaving
        self._after_leaving = None
        self.bench.forget()
        self.bench.clear()
        self.to_work()
        if then is not None:
            then()

    def changeEvent(self, event: QEvent) -> None:
        """In front again, after a while elsewhere: the folder may be another."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and self._was_away:
            self._was_away = False
            self.bench.look_again()
        elif event.type() == QEvent.Type.ActivationChange:
            self._was_away = not self.isActiveWindow()

    _was_away = False

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.bench.is_changed and not self._closing:
            event.ignore()
            self.leave(self._close)
        else:
            self.let_go()
            event.accept()

    def _close(self) -> None:
        self._closing = True
        self.close()

    def let_go(self) -> None:
        """The program ends."""
        self.bench.stop()

    # Telling

    def tell(self, failure: Failure) -> None:
        """A failure in words: what happened and what to do next."""
        self.acts.came_back()
        words, key = self.look.words, _WORDS.get(failure.code)
        said = sentence_of(failure, words) if key is None else words(key, **failure.facts)
        self.banner.say(said, "no" if isinstance(failure, Refusal) else "warn")

    def say(self, key: str, tone: str = "ok", **facts: object) -> None:
        """Something that was done, for a moment; what has to be known stays."""
        seconds = _BRIEF_S if tone == "ok" else 0
        self.banner.say(self.look.words(key, **facts), tone, seconds=seconds)

    def _say(self) -> None:
        words = self.look.words
        Line.language = self.look.language
        self.setWindowTitle(words("committee.title"))
        self.banner.away.name(words("station.put_away"))
        self.leave_sheet.say()
