"""Foreign questions in, the bank out, each with its report; and the check of the whole bank.

What an import or export did is shown question by question with the reasons, as `bank import` and `bank export` say it.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout

from cbt_station.banks.bank import BankHead
from cbt_station.banks.export_report import ExportReport
from cbt_station.banks.exporting import FORMATS, KEYED
from cbt_station.banks.faults import BankFault
from cbt_station.banks.import_report import report_text
from cbt_station.banks.lint import BankLint
from cbt_station.banks.workshop.importing import Brought, ItemsImported
from cbt_station.screens.committee.fault_list import FaultList
from cbt_station.screens.committee.parts import Choice, Field, Sheet, into_sight, language_words, row_of
from cbt_station.screens.committee.paths import PathField
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, TickBox, announce, label
from cbt_station.words import in_language

ENDINGS: Final = {"qti3": "zip", "xlsx": "xlsx"}


class _Report(QPlainTextEdit):
    """A report to read, with Tab leading on."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setMinimumHeight(120)
        self.hide()


class ImportSheet(Sheet):
    """`read(source)`, then `show_brought`; `take(brought, sections)`, then `show_report`.

    Where the source has sections that the bank does not have by name, it is asked where they go before anything comes in.
    """

    def __init__(
        self,
        look: Look,
        back: Callable[[], None],
        read: Callable[[Path], None],
        take: Callable[[Brought, dict[str, str]], None],
    ) -> None:
        super().__init__(look, back, most=900)
        self._read, self._take = read, take
        self._imported: ItemsImported | None = None
        self._brought: Brought | None = None
        self._ours: dict[str, str] = {}
        """What our sections are called."""
        self.sections: dict[str, Choice] = {}
        """By the source's section, the choice among ours."""
        self.button = Button(look, "primary", "file-input", "on_accent")
        self.source = PathField(look, "file", self.button.click)
        self.folder = Button(look, "chip", "folder-open")
        self.outcome, self.report = label(role="strong"), _Report()
        self.asked = label(role="strong")
        self._asking = QVBoxLayout()
        self._asking.setSpacing(8)
        self.rows.addWidget(self.source)
        self.rows.addWidget(self.folder, 0, Qt.AlignmentFlag.AlignLeading)
        self.rows.addWidget(self.asked)
        self.rows.addLayout(self._asking)
        self.rows.addWidget(row_of(look, self.button))
        self.rows.addWidget(self.outcome)
        self.rows.addWidget(self.report, 100)
        self.rows.addStretch(1)
        self.folder.clicked.connect(self._look_for_folder)
        self.button.clicked.connect(self._try)
        self.source.line.textChanged.connect(self._forget)
        self.say()

    def _look_for_folder(self) -> None:
        """A package may be a folder."""
        self.source.mode = "folder"
        self.source.look_for()
        self.source.mode = "file"

    def _try(self) -> None:
        path = self.source.required()
        if path is None:
            return
        if self._brought is not None:
            self._take_in(self._brought)
            return
        self.show_report(None)  # what an earlier one brought is not what this one did
        self._wait()
        self._read(path)

    def _wait(self) -> None:
        """A large source takes a while."""
        self.button.setEnabled(False)
        self.outcome.setText(self.words("committee.import_reading"))
        self.outcome.show()

    def _take_in(self, brought: Brought) -> None:
        chosen = {theirs: choice.value for theirs, choice in self.sections.items() if choice.value}
        self._wait()
        self._take(brought, chosen)

    def came_back(self) -> None:
        """A failure came back: nothing came in, and it can be tried again."""
        self.button.setEnabled(True)
        self.say()

    def arrive(self) -> None:
        self.source.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _forget(self) -> None:
        """Another source: what was read is not it."""
        self._brought = None
        self.sections = {}
        while (item := self._asking.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.asked.hide()

    def show_brought(self, brought: Brought, head: BankHead | None) -> None:
        """What was read: asked about where a section of it is none of ours by name, else taken in."""
        self._forget()
        unknown = [section for section in brought.sections if not section.is_same]
        if not unknown:
            self._take_in(brought)
            return
        self._brought = brought
        language = self.look.language
        self._ours = {
            name: in_language(one.title, language, name)
            for name, one in (head.sections if head else {}).items()
        }
        for section in unknown:
            choice = Choice(self.look)
            self.sections[section.name] = choice
            choice.refill([*self._ours, ""], partial(self._section_words, theirs=section.name))
            choice.set_value(section.ours)
            self._asking.addWidget(Field(choice))
        self.button.setEnabled(True)
        self.say()
        first = self.sections[unknown[0].name]
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        into_sight(first)

    def _section_words(self, ours: str, theirs: str) -> str:
        if not ours:
            return self.words("committee.import_section_new", name=theirs)
        title = self._ours[ours]
        return ours if title == ours else f"{ours} · {title}"

    def _say_sections(self) -> None:
        words, brought = self.words, self._brought
        self.asked.setVisible(brought is not None)
        if brought is None:
            return
        self.asked.setText(words("committee.import_sections", count=len(brought.bank.items)))
        known = {section.name: section for section in brought.sections}
        for place, (name, choice) in enumerate(self.sections.items()):
            entry = self._asking.itemAt(place)
            field = entry.widget() if entry is not None else None
            section = known[name]
            title = in_language(section.title, words.lang, name)
            called = name if title == name else f"{name} · {title}"
            if isinstance(field, Field):
                field.name(words("committee.import_section", name=called, count=section.items))
            choice.word("", self._section_words("", name))

    def show_report(self, imported: ItemsImported | None) -> None:
        """What came in; None where nothing did."""
        self.button.setEnabled(True)
        self._imported = imported
        if imported is not None:
            self.source.line.clear()  # pressed once more, it would all come in twice
        self.say()
        if imported is not None:
            self.report.setFocus(Qt.FocusReason.OtherFocusReason)
            into_sight(self.report)

    def say(self) -> None:
        words, imported = self.words, self._imported
        self.head(words("committee.import_title"), words("committee.import_lead"))
        self.source.name(words("committee.import_source"), words("committee.import_source_hint"))
        self.folder.name(words("committee.import_folder"))
        self.button.name(words("committee.import"))
        self.report.setAccessibleName(words("committee.report"))
        self._say_sections()
        self.report.setVisible(imported is not None)
        self.outcome.setVisible(imported is not None)
        if imported is not None:
            report = imported.report
            self.outcome.setText(words("committee.imported", **report.counts))
            named = "".join(f"{old} → {new}\n" for old, new in imported.items.items() if old != new)
            renamed = f"\n{words('committee.import_renamed')}\n{named}" if named else ""
            left = f"\n{words('committee.import_no_blueprints')}\n" if imported.blueprints_left else ""
            self.report.setPlainText(report_text(report, words.lang) + renamed + left)


class ExportSheet(Sheet):
    """`export(format, file, language, with its key)`; then `show_report`."""

    def __init__(
        self, look: Look, back: Callable[[], None], export: Callable[[str, Path, str | None, bool], None]
    ) -> None:
        super().__init__(look, back, most=900)
        self._report: tuple[Path, ExportReport] | None = None
        self._bank = Path()
        self.format, self.language = Choice(look), Choice(look)
        self.format_field, self.language_field = Field(self.format), Field(self.language)
        self.button = Button(look, "primary", "file-output", "on_accent")
        self.file = PathField(look, "new", self.button.click)
        self.outcome, self.report = label(role="strong"), _Report()
        self.key = TickBox(look)
        self.key.toggled.connect(lambda _on: self._propose())
        self.rows.addWidget(row_of(look, self.format_field, self.language_field, gap=10))
        self.rows.addWidget(self.key)
        self.rows.addWidget(self.file)
        self.rows.addWidget(row_of(look, self.button))
        self.rows.addWidget(self.outcome)
        self.rows.addWidget(self.report, 100)
        self.rows.addStretch(1)
        self.format.chosen.connect(lambda _format: self._propose())
        self.button.clicked.connect(lambda: self._try(export))
        self.say()

    def show_bank(self, directory: Path, languages: tuple[str, ...]) -> None:
        """The bank that goes out."""
        self._bank, self._report = directory, None
        self.language.refill(languages, lambda language: language_words(language, self.words))
        self.language_field.setVisible(len(languages) > 1)
        self._propose()
        self.say()

    def _propose(self) -> None:
        """A file beside the bank that is not there yet; one with a key says so in its name."""
        self.key.setVisible(self.format.value in KEYED)
        ending = ENDINGS.get(self.format.value, "pdf")
        keyed = self.format.value in KEYED and self.key.isChecked()
        name = f"{self._bank.name}-{self.words('committee.key_in_name')}" if keyed else self._bank.name
        path = self._bank.parent / f"{name}.{ending}"
        number = 2
        while path.exists():
            path = self._bank.parent / f"{name}-{number}.{ending}"
            number += 1
        self.file.set_path(path)

    def _try(self, export: Callable[[str, Path, str | None, bool], None]) -> None:
        path = self.file.required()
        if path is None:
            return
        self.show_report(path, None)  # what an earlier one wrote is not what this one did
        self.button.setEnabled(False)
        language = self.language.value if self.language.count() > 1 else None
        export(self.format.value, path, language, self.key.isVisibleTo(self) and self.key.isChecked())

    def arrive(self) -> None:
        self.format.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_report(self, file: Path, report: ExportReport | None) -> None:
        """What went out; None where nothing did."""
        self.button.setEnabled(True)
        self._report = (file, report) if report is not None else None
        self.say()
        if report is not None:
            into_sight(self.report if self.report.isVisibleTo(self) else self.outcome)
            announce(self.outcome, self.outcome.text())

    def say(self) -> None:
        words = self.words
        self.head(words("committee.export_title"), words("committee.export_lead"))
        self.format.refill([*FORMATS], lambda name: _format_words(name, self.look))
        for language in self.language.values():
            self.language.word(language, language_words(language, self.words))
        self.format_field.name(words("committee.export_format"))
        self.language_field.name(words("committee.export_language"))
        self.file.name(words("committee.export_file"))
        self.key.setText(words("committee.export_key"))
        self.button.name(words("committee.export"))
        self.report.setAccessibleName(words("committee.report"))
        self.outcome.setVisible(self._report is not None)
        lines: list[str] = []
        if self._report is not None:
            file, report = self._report
            self.outcome.setText(words("committee.exported", file=file.name, **report.counts))
            lines = [
                f"{item.item}: {' '.join(reason.sentence(words) for reason in item.reasons)}"
                for item in report.items
                if item.reasons
            ]
            lines += [loss.sentence(words) for loss in report.losses]
        self.report.setPlainText("\n".join(lines))
        self.report.setVisible(bool(lines))


def _format_words(name: str, look: Look) -> str:
    key = f"committee.format_{name}"
    return look.words(key) if look.words.knows(key) else name


class CheckSheet(Sheet):
    """Every fault of the bank, then the advice; `wanted` names a file and a line."""

    wanted = Signal(str, int)

    def __init__(self, look: Look, back: Callable[[], None]) -> None:
        super().__init__(look, back, most=1100)
        self.list = FaultList(look, with_files=True)
        self.list.wanted.connect(self.wanted)
        self.rows.addWidget(self.list, 1)
        self.say()

    def show_found(self, faults: tuple[BankFault, ...], lints: tuple[BankLint, ...]) -> None:
        self.list.show_found(faults, lints)

    def arrive(self) -> None:
        (self.list.list if self.list.list.count() else self.back).setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self) -> None:
        self.head(self.words("committee.check_title"), self.words("committee.check_lead"))
