"""What can be done with items and the bank from the menus: each its page where something is asked, and what comes of it.

Kept apart from the window, which knows pages and leaving; here is only which page asks what, and what the bench is asked.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cbt_station.banks.export_report import ExportReport
from cbt_station.banks.faults import BankFault
from cbt_station.banks.lint import BankLint
from cbt_station.banks.workshop.importing import Brought, ItemsImported
from cbt_station.banks.workshop.rows import MediaRow, What
from cbt_station.banks.workshop.workshop import Workshop
from cbt_station.errors import Failure
from cbt_station.screens.committee.bench import Bench
from cbt_station.screens.committee.exchange import CheckSheet, ExportSheet, ImportSheet
from cbt_station.screens.committee.parts import Sheet
from cbt_station.screens.committee.sheets import (
    AskSheet,
    ConflictSheet,
    NewItemSheet,
    PictureSheet,
    RenameSheet,
)
from cbt_station.screens.committee.shelf import DeletedSheet, MediaSheet, StimulusSheet
from cbt_station.screens.look import Look
from cbt_station.storage.files import read_bounded

if TYPE_CHECKING:
    from cbt_station.screens.committee.window import Window

_MOST_MEDIA_BYTES: Final = 17 << 20
"""A little more than the largest that a bank takes, so that the bank refuses it in its own words."""


class Acts:
    """`sheets` are the pages; each is shown by the window."""

    def __init__(self, window: "Window", look: Look, bench: Bench) -> None:
        self._window, self._bench = window, bench
        back = window.to_work
        self.new_item = NewItemSheet(look, back, self._make_item)
        self.rename = RenameSheet(look, back, self._rename)
        self.delete = AskSheet(look, back, "delete", {"delete_stay": back, "delete_do": self._delete})
        self.picture = PictureSheet(look, back, self._add_picture)
        self.conflict = ConflictSheet(
            look,
            back,
            "conflict",
            {"conflict_stay": back, "conflict_theirs": self._theirs, "conflict_mine": self._mine},
        )
        self.import_ = ImportSheet(look, back, self._bring, self._take_in)
        self.export = ExportSheet(look, back, self._export)
        self.check = CheckSheet(look, back)
        self.check.wanted.connect(self._to_fault)
        self.stimuli = StimulusSheet(look, back, self._open_stimulus, self._new_stimulus)
        self.media = MediaSheet(look, back, self._remove_media)
        self.deleted = DeletedSheet(look, back, self._bring_back)
        self.sheets: tuple[Sheet, ...] = (
            self.new_item,
            self.rename,
            self.delete,
            self.picture,
            self.conflict,
            self.import_,
            self.export,
            self.check,
            self.stimuli,
            self.media,
            self.deleted,
        )

    def of_items(self) -> list[tuple[str, Callable[[], None] | None]]:
        """The entries of the menu of items."""
        return [
            ("new_item", self.to_new_item),
            ("duplicate", self.duplicate),
            ("picture", self.to_picture),
            ("", None),
            ("undo", self._bench.step_back),
            ("redo", self._bench.step_on),
            ("", None),
            ("rename", self._to_rename),
            ("delete", self._to_delete),
        ]

    def of_banks(self) -> list[tuple[str, Callable[[], None] | None]]:
        """The entries of the menu of the bank."""
        return [
            ("check", self._to_check),
            ("import", self._to_import),
            ("export", self._to_export),
            ("", None),
            ("stimuli", self._to_stimuli),
            ("media", self._to_media),
            ("deleted", self._to_deleted),
            ("reread", self._reread),
        ]

    def came_back(self) -> None:
        """A failure came back: what waits can be tried again."""
        self.import_.came_back()
        self.export.button.setEnabled(True)

    def _show(self, sheet: Sheet) -> None:
        if self._bench.workshop is not None:
            self._window.banner.hide()
            self._window.turn_to(sheet)

    # Items

    def open_item(self, item: str) -> None:
        """Another item onto the bench."""
        laid = self._bench.on_bench
        if laid is not None and (laid.name, laid.what) == (item, "item"):
            self._window.work.opened()
        else:
            self._window.leave(lambda: self._bench.lay(item))

    def to_new_item(self) -> None:
        self.new_item.show_listing(self._bench.listing)
        self._show(self.new_item)

    def _make_item(self, section: str, kind: str, topic: str, level: str) -> None:
        def new(workshop: Workshop) -> tuple[str, str]:
            draft = workshop.new_item(section, kind, topic, level)
            return draft.id, workshop.draft_text(draft)

        self._window.leave(lambda: self._bench.ask(new, lambda made: self._begin(*made)))

    def _begin(self, name: str, text: str) -> None:
        self._bench.lay_new(name, text)
        self._window.work.turn_to("form")

    def duplicate(self) -> None:
        """The item on the bench once more, under a free id."""
        laid = self._bench.on_bench
        if laid is None or laid.was is None or laid.what != "item":
            return
        self._window.leave(
            lambda: self._bench.ask(
                lambda workshop: workshop.duplicate(laid.name), lambda made: self._begin(*made)
            )
        )

    def _to_rename(self) -> None:
        laid = self._bench.on_bench
        if laid is not None and laid.was is not None:
            self._window.leave(lambda: self._ask_new_name(laid.name, laid.what))

    def _ask_new_name(self, name: str, what: What) -> None:
        self.rename.ask_about(name, what)
        self._show(self.rename)

    def _rename(self, new: str) -> None:
        laid, at = self._bench.on_bench, self._bench.now
        if laid is None:
            return

        def rename(workshop: Workshop) -> int:
            if laid.what == "stimulus":
                return len(workshop.rename_stimulus(laid.name, new, at))
            workshop.rename(laid.name, new, at)
            return 0

        def renamed(followers: int) -> None:
            self._bench.relist()
            self._bench.lay(new, laid.what)
            if followers:
                self._window.say("committee.renamed_stimulus", "info", name=new, count=followers)

        self._bench.ask(rename, renamed)

    def _to_delete(self) -> None:
        laid = self._bench.on_bench
        if laid is not None:
            self.delete.ask_about(laid.name)
            self._show(self.delete)

    def _delete(self) -> None:
        laid, at = self._bench.on_bench, self._bench.now
        if laid is None:
            return

        def deleted(_done: object) -> None:
            self._bench.forget()
            self._bench.clear()
            self._bench.relist()
            self._window.to_work()
            self._window.say("committee.deleted", "info", name=laid.name)

        self._bench.ask(lambda workshop: workshop.delete(laid.name, at, laid.what), deleted)

    # Pictures

    def to_picture(self) -> None:
        if self._bench.on_bench is not None:
            self.picture.clear()
            self._show(self.picture)

    def _add_picture(self, path: Path, alt: str) -> None:
        def added(name: str) -> None:
            self._window.to_work()
            self._window.work.insert_picture(f"![{_plain(alt)}](media/{name})")

        self._bench.ask(
            lambda workshop: workshop.add_media(path.name, read_bounded(path, _MOST_MEDIA_BYTES)), added
        )

    def _to_media(self) -> None:
        self._bench.ask(lambda workshop: workshop.media(), self.media.show_rows)
        self._show(self.media)

    def _remove_media(self, name: str) -> None:
        def removed(rows: tuple[MediaRow, ...]) -> None:
            self.media.show_rows(rows)
            self._bench.relist()

        def remove(workshop: Workshop) -> tuple[MediaRow, ...]:
            workshop.remove_media(name)
            return workshop.media()

        self._bench.ask(remove, removed)

    # Shared texts

    def _to_stimuli(self) -> None:
        self.stimuli.show_rows(self._bench.listing.stimuli if self._bench.listing else ())
        self._show(self.stimuli)

    def _open_stimulus(self, name: str) -> None:
        self._window.leave(lambda: self._bench.lay(name, "stimulus"))

    def _new_stimulus(self) -> None:
        self._window.leave(
            lambda: self._bench.ask(
                lambda workshop: workshop.new_stimulus(), lambda made: self._bench.lay_new(*made, "stimulus")
            )
        )

    # What was taken out

    def _to_deleted(self) -> None:
        def look(workshop: Workshop) -> tuple[tuple[What, str], ...]:
            kinds: tuple[What, ...] = ("item", "stimulus")
            return tuple((what, name) for what in kinds for name in workshop.deleted(what))

        self._bench.ask(look, self.deleted.show_texts)
        self._show(self.deleted)

    def _bring_back(self, what: What, name: str) -> None:
        """The last text of what was taken out, in the bank again."""
        at = self._bench.now

        def bring(workshop: Workshop) -> None:
            workshop.restore(name, workshop.versions(name, what)[-1].number, at, what)

        def back(_done: object) -> None:
            self._bench.relist()
            if what == "item":
                self.open_item(name)
            else:
                self._open_stimulus(name)

        self._bench.ask(bring, back)

    # Somebody wrote in the folder meanwhile

    def _reread(self) -> None:
        self._bench.look_again()

    def to_conflict(self, _failure: Failure) -> None:
        """The file is another one than the text began with: show how, and ask."""
        laid, mine = self._bench.on_bench, self._bench.text
        if laid is None:
            return
        self.conflict.ask_about(laid.name)
        self._show(self.conflict)

        def look(workshop: Workshop) -> str | None:
            workshop.refresh()
            return workshop.text(laid.name, laid.what) if workshop.has(laid.name, laid.what) else None

        self._bench.ask(look, lambda theirs: self.conflict.show_texts(theirs, mine))

    def _theirs(self) -> None:
        self._window.to_work()
        self._bench.take_theirs()

    def _mine(self) -> None:
        self._window.to_work()
        self._bench.save_mine()

    # In, out, check

    def _to_import(self) -> None:
        self._window.leave(lambda: self._show(self.import_))

    def _bring(self, source: Path) -> None:
        """Read a source; the page asks about its sections where they are not ours."""
        self._window.banner.hide()
        lang = self._window.look.language

        def brought(found: Brought) -> None:
            self.import_.show_brought(found, self._bench.listing.head if self._bench.listing else None)

        self._bench.ask(lambda workshop: workshop.bring(source, lang=lang), brought)

    def _take_in(self, brought: Brought, sections: dict[str, str]) -> None:
        at = self._bench.now
        self._window.banner.hide()

        def imported(found: ItemsImported) -> None:
            self.import_.show_report(found)
            self._bench.relist()

        self._bench.ask(lambda workshop: workshop.take_in(brought, at, sections=sections), imported)

    def _to_export(self) -> None:
        bank, listing = self._bench.workshop, self._bench.listing
        if bank is not None:
            self.export.show_bank(bank.directory, listing.head.languages if listing and listing.head else ())
            self._window.leave(lambda: self._show(self.export))

    def _export(self, to: str, file: Path, language: str | None, key: bool) -> None:
        def exported(report: ExportReport) -> None:
            self.export.show_report(file, report)

        self._window.banner.hide()
        lang = self._window.look.language
        self._bench.ask(lambda workshop: workshop.export(to, file, language, lang=lang, key=key), exported)

    def _to_check(self) -> None:
        def checked(found: tuple[tuple[BankFault, ...], tuple[BankLint, ...]]) -> None:
            self.check.show_found(*found)
            self._show(self.check)

        self._bench.ask(lambda workshop: (workshop.faults(), workshop.lints()), checked)

    def _to_fault(self, file: str, line: int) -> None:
        """The item or shared text of a file, at a line."""
        listing = self._bench.listing
        item = next((row.id for row in listing.rows if row.file == file), None) if listing else None
        stimulus = next((row.id for row in listing.stimuli if row.file == file), None) if listing else None
        if item is None and stimulus is None:
            self._window.say("committee.no_such_text", "info", file=file)
            return
        what: What = "item" if item is not None else "stimulus"
        self._window.work.go_to_when_laid(line)
        self._window.leave(lambda: self._bench.lay(item or stimulus or "", what))


def _plain(alt: str) -> str:
    """Words for a picture, with the marks that end or begin something taken their meaning."""
    return "".join(f"\\{sign}" if sign in r"\[]$*_`~^<" else sign for sign in alt)
