"""The bar above the workshop: which bank, whether it is saved, steps back and on, saving, and three menus.

Where it is narrow, words give way before functions: each button keeps its name for a screen reader and as a tool tip.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final, TypeAlias

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cbt_station.screens.committee.bench import Bench
from cbt_station.screens.committee.parts import MenuButton
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, ElidedLabel, IconButton, Picture, set_role
from cbt_station.screens.tokens import TEXT_PX, THEMES
from cbt_station.words import LANGUAGES, in_language

Acts: TypeAlias = Sequence[tuple[str, Callable[[], None] | None]]
"""Names and what they do; None divides."""
_ROOMY_EM: Final = 62
_TIGHT_EM: Final = 44
_OF_A_FILE: Final = ("duplicate", "rename", "delete")
_OF_A_BANK: Final = ("stimuli", "media", "deleted", "import", "export", "check", "reread")


class TopBar(QWidget):
    """Its buttons are connected by the window, its menus do `item_acts` and `bank_acts` by name ("" divides)."""

    def __init__(self, look: Look, bench: Bench, item_acts: Acts, bank_acts: Acts) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._look, self._bench = look, bench
        self.list = IconButton(look, "panel-left", checked="accent")
        self.list.setCheckable(True)
        self.title, self.saved = ElidedLabel("strong"), ElidedLabel("small")
        self.saved_icon = Picture(look, "circle-check", "ok", 18)
        self.step_back, self.step_on = IconButton(look, "undo-2"), IconButton(look, "redo-2")
        self.save = Button(look, "primary", "save", "on_accent")
        self.item, self.bank, self.face = (
            MenuButton(look, "file-text"),
            MenuButton(look, "library"),
            MenuButton(look, "contrast"),
        )
        self._make_acts(self.item, item_acts)
        self._make_acts(self.bank, bank_acts)
        self._make_face()
        self._lay_out()
        bench.kept.connect(self.draw)
        bench.opened_bank.connect(self.draw)
        bench.listed.connect(self.draw)
        look.spoken.connect(self._say)
        look.changed.connect(self._fit)
        self._say()

    def _make_acts(self, menu: MenuButton, acts: Acts) -> None:
        for name, act in acts:
            if act is None:
                menu.divide()
            else:
                menu.entry(name, act)

    def _make_face(self) -> None:
        look = self._look
        self.face.entry("larger", look.larger)
        self.face.entry("smaller", look.smaller)
        choices: tuple[tuple[Iterable[str], Callable[[str], None], str], ...] = (
            (THEMES, look.set_theme, "theme"),
            (LANGUAGES, look.set_language, "language"),
        )
        for names, act, prefix in choices:
            self.face.divide()
            group = QActionGroup(self)
            for name in names:
                entry = self.face.entry(f"{prefix}_{name}", partial(act, name), checkable=True)
                group.addAction(entry)

    def _lay_out(self) -> None:
        self._row = row = QHBoxLayout(self)
        row.addWidget(self.list)
        self._said = said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(self.title)
        below = QHBoxLayout()
        below.setSpacing(6)
        below.addWidget(self.saved_icon)
        below.addWidget(self.saved, 1)
        said.addLayout(below)
        row.addLayout(said, 1)
        for part in (self.step_back, self.step_on, self.save, self.item, self.bank, self.face):
            row.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    # Drawing

    def draw(self) -> None:
        """What is open, and whether it is saved."""
        bench, words = self._bench, self._look.words
        open_ = bench.workshop is not None
        for part in (self.list, self.step_back, self.save, self.item):
            part.setVisible(open_)
        self.step_on.setVisible(open_ and not self._tight())
        head = bench.listing.head if bench.listing else None
        titles = head.title if head else {}
        title = in_language(titles, self._look.language, "")
        name = bench.workshop.directory.name if bench.workshop else ""
        bank = title or name or words("committee.title")
        self.title.setText(f"{bench.on_bench.name} · {bank}" if bench.on_bench else bank)
        self.step_back.setEnabled(bench.can_go_back)
        self.step_on.setEnabled(bench.can_go_on)
        self.save.setEnabled(bench.is_changed)
        laid = bench.on_bench
        for entry in self.item.entries:
            needs = entry in _OF_A_FILE
            self.item[entry].setEnabled(not needs or (laid is not None and laid.was is not None))
        is_item = laid is None or laid.what == "item"
        self.item["duplicate"].setEnabled(self.item["duplicate"].isEnabled() and is_item)
        self.item["undo"].setEnabled(bench.can_go_back)
        self.item["redo"].setEnabled(bench.can_go_on)
        for entry in self.bank.entries:
            self.bank[entry].setEnabled(open_ or entry not in _OF_A_BANK)
        self._draw_saved()

    def _draw_saved(self) -> None:
        bench, words, laid = self._bench, self._look.words, self._bench.on_bench
        self.saved_icon.setVisible(laid is not None)
        if laid is None:
            self.saved.setText(words("committee.nothing_open") if bench.workshop else "")
            set_role(self.saved, "small")
            return
        if laid.was is None:
            key, at = "committee.saved_never", ""
        elif bench.is_changed:
            key, at = "committee.unsaved", ""
        else:
            at = laid.saved_at.astimezone().strftime("%H:%M") if laid.saved_at else ""
            key = "committee.saved_at" if at else "committee.saved"
        good = not bench.is_changed
        self.saved_icon.show_icon("circle-check" if good else "pencil", "ok" if good else "doubt")
        set_role(self.saved, "saved" if good else "waiting")
        self.saved.setText(words(key, at=at, version=laid.versions))

    # Words and geometry

    def _say(self) -> None:
        words = self._look.words
        for name in THEMES:
            self.face.word(f"theme_{name}", words(f"station.theme_{name}"))
            self.face[f"theme_{name}"].setChecked(name == self._look.tokens.name)
        for name in LANGUAGES:
            self.face.word(f"language_{name}", words(f"station.language_{name}"))
            self.face[f"language_{name}"].setChecked(name == self._look.language)
        for menu in (self.item, self.bank):
            for entry in menu.entries:
                menu.word(entry, words(f"committee.act_{entry}"))
        self.face.word("larger", words("station.larger"))
        self.face.word("smaller", words("station.smaller"))
        self.list.name(words("committee.list_button"))
        self.step_back.name(words("committee.undo"))
        self.step_on.name(words("committee.redo"))
        self._fit()
        self.draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _tight(self) -> bool:
        """Where there is no room for a step on: its key and the menu have it too."""
        return self.width() / self._look.px(TEXT_PX) < _TIGHT_EM

    def _fit(self) -> None:
        words, px = self._look.words, self._look.px
        roomy = self.width() / px(TEXT_PX) >= _ROOMY_EM
        self.step_on.setVisible(self._bench.workshop is not None and not self._tight())
        self.save.name(words("committee.save"), shown=roomy, spoken=words("committee.save_key"))
        for button, key in ((self.item, "item"), (self.bank, "bank"), (self.face, "face")):
            name = words(f"committee.menu_{key}")
            button.name(name, short=f"\u2002{name}" if roomy else "")
        for theme in THEMES:
            self.face[f"theme_{theme}"].setChecked(theme == self._look.tokens.name)
        self._row.setContentsMargins(px(8), px(6), px(8), px(6))
        self._row.setSpacing(px(6))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(200), super().minimumSizeHint().height())
