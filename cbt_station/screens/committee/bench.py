"""The bench: the bank that is open, the one text that lies on it, and everything that is asked of the workshop.

The workshop is asked in the one background thread, in order, so that no disk and no formula holds up a key press; what
comes back is told by signals in the screen's thread. The text is the truth: a form makes a text of what it says, and what is
on the bench is saved, read, compared and previewed as that text. A reading belongs to the text that is there now; those of
older keystrokes are skipped.
"""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal

from cbt_station.banks.workshop.draft import Draft, NoDraft
from cbt_station.banks.workshop.forms import draft_text
from cbt_station.banks.workshop.reading import Reading
from cbt_station.banks.workshop.rows import ItemRow, What
from cbt_station.banks.workshop.workshop import Workshop
from cbt_station.errors import Failure
from cbt_station.screens.background import Asker
from cbt_station.screens.committee.laid import Form, Listing, OnBench, fetch_text, form_of, listed_now
from cbt_station.screens.committee.memory import Memory, Unsaved
from cbt_station.screens.fonts import families_for

T = TypeVar("T")
PAUSE_MS: Final = 250
"""How long nobody types before the text is read."""
LONGEST_S: Final = 2.0
"""Who types without such a pause is read all the same, so that a power cut takes no more than this."""
_ONE_STEP_S: Final = 1.5
"""What is typed without a longer pause is one step back."""
_MOST_STEPS: Final = 300


class Bench(QObject):
    """`now` gives the moment with its zone, `memory` keeps what is not saved."""

    opened_bank = Signal()
    listed = Signal()
    laid = Signal()
    """Another text lies on the bench, or none."""
    edited = Signal(object)
    """The text is another one; with who changed it."""
    read = Signal()
    """`reading` is that of the text now."""
    kept = Signal()
    """What is saved is another now: `on_bench`."""
    failed = Signal(object)
    recovered = Signal()
    """What was not saved when the program ended lies on the bench again."""
    conflict = Signal(object)
    """The file is another one than the text began with: Refusal."""

    def __init__(self, asker: Asker, memory: Memory, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._asker, self.memory, self._now = asker, memory, now
        self.workshop: Workshop | None = None
        self.listing: Listing | None = None
        self.on_bench: OnBench | None = None
        self.text = ""
        self.reading: Reading | None = None
        self._drafts: dict[str, Form] = {}
        """The forms of the texts that were read or made here, so that a step back needs no reading."""
        self._back: list[str] = []
        self._on: list[str] = []
        self._step: tuple[object, float] = (None, 0.0)
        self._reading_of = 0
        self._opening = False
        self._saving: OnBench | None = None
        """What is being written just now."""
        self._save_again: list[Callable[[], None] | None] = []
        """What was asked to be saved meanwhile."""
        self._typed_since: float | None = None
        """Since when there is something that was not read, and so is not remembered."""
        self._pause = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self.read_now)

    # Asking

    def ask(
        self,
        call: Callable[[Workshop], T],
        then: Callable[[T], None],
        failed: Callable[[Failure], None] | None = None,
    ) -> None:
        """Ask the workshop; nothing where no bank is open, or another one when the answer comes."""
        workshop = self.workshop
        if workshop is None:
            return

        def back(value: T) -> None:
            if self.workshop is workshop:
                then(value)

        self._asker.ask(lambda: call(workshop), back, failed or self.failed.emit)

    def do(self, call: Callable[[], T], then: Callable[[T], None]) -> None:
        """Something slow that is asked of no bank."""
        self._asker.ask(call, then, self.failed.emit)

    @property
    def now(self) -> datetime:
        return self._now()

    # The bank

    @property
    def is_opening(self) -> bool:
        """Whether a bank was asked for that has not come yet."""
        return self._opening

    def open_bank(self, directory: Path, by: str, failed: Callable[[Failure], None] | None = None) -> None:
        """Open a bank, and close the one that is open as soon as the other is there; nothing while one is being opened."""
        if self._opening:
            return
        self._opening = True
        if self.workshop is not None and self.workshop.directory == directory:
            self.close_bank()  # it is held alone

        def opened(found: tuple[Workshop, Listing]) -> None:
            self._opening = False
            self.close_bank()
            self.workshop, self.listing = found
            self.listed.emit()
            self.opened_bank.emit()
            self._recover()

        def open_it() -> tuple[Workshop, Listing]:
            workshop = Workshop.open(directory, by=by)
            try:
                listing = listed_now(workshop)
                self.memory.remember(directory, by)
                return workshop, listing
            except BaseException:
                workshop.close()
                raise

        def refused(failure: Failure) -> None:
            self._opening = False
            (failed or self.failed.emit)(failure)

        self._asker.ask(open_it, opened, refused)

    def close_bank(self) -> None:
        """Give the bank back; what is on the bench is gone from it."""
        workshop, self.workshop = self.workshop, None
        self.listing, self._saving, self._save_again = None, None, []
        if workshop is not None:
            self._asker.ask(workshop.close, lambda _done: None, self.failed.emit)
        self._lay(None)

    def relist(self) -> None:
        """List anew after something was changed here; what others may have written is for `look_again`."""

        def found(listing: Listing) -> None:
            self.listing = listing
            self.listed.emit()

        self.ask(listed_now, found)

    def look_again(self) -> None:
        """The window is in front again: somebody may have written in the folder. What is typed here stays.

        A text whose file is gone is one that is not saved.
        """
        laid = self.on_bench

        def look(workshop: Workshop) -> tuple[Listing, str | None]:
            workshop.refresh()
            there = laid is not None and workshop.has(laid.name, laid.what)
            return listed_now(workshop), workshop.text_hash(laid.name, laid.what) if laid and there else None

        def found(answer: tuple[Listing, str | None]) -> None:
            self.listing, now = answer
            self.listed.emit()
            if laid is None or laid is not self.on_bench or now == laid.was:
                return
            if now is None:
                self.on_bench = replace(laid, was=None, versions=0, saved_at=None)
                self.kept.emit()
                self.read_now()
            elif not self.is_changed:
                self.lay(laid.name, laid.what)

        self.ask(look, found)

    def row(self, name: str) -> ItemRow | None:
        """An item of the list."""
        rows = self.listing.rows if self.listing else ()
        return next((row for row in rows if row.id == name), None)

    # What lies on the bench

    @property
    def is_changed(self) -> bool:
        """Whether the text is not what its file has."""
        return self.on_bench is not None and (self.on_bench.was is None or self.text != self.on_bench.text)

    @property
    def can_go_back(self) -> bool:
        return bool(self._back)

    @property
    def can_go_on(self) -> bool:
        return bool(self._on)

    def draft(self) -> Draft | NoDraft | None:
        """The form of the text that is there now; None until it was read."""
        return self._drafts.get(self.text)

    def _first_language(self) -> str:
        head = self.listing.head if self.listing else None
        return head.languages[0] if head else ""

    def lay(self, name: str, what: What = "item") -> None:
        """Take an item or a shared text onto the bench."""

        def fetch(workshop: Workshop) -> tuple[OnBench, Reading, Form]:
            laid = fetch_text(workshop, name, what)
            return laid, workshop.reading(name, laid.text, what), form_of(workshop, laid.text, what)

        def found(answer: tuple[OnBench, Reading, Form]) -> None:
            if not self.is_changed:  # else somebody typed while the disk was slow, and nobody was asked
                self._lay(*answer)

        self.ask(fetch, found)

    def lay_new(self, name: str, text: str, what: What = "item") -> None:
        """Begin a text that has no file yet."""
        laid = OnBench(name=name, what=what, was=None, text=text, versions=0, saved_at=None)
        self.ask(
            lambda workshop: (workshop.reading(name, text, what), form_of(workshop, text, what)),
            lambda found: self._lay(laid, *found),
        )

    def _lay(
        self, laid: OnBench | None, reading: Reading | None = None, form: Draft | NoDraft | None = None
    ) -> None:
        self._pause.stop()
        self._typed_since = None
        self._reading_of += 1
        self.on_bench, self.reading = laid, reading
        self.text = laid.text if laid else ""
        families_for(self.text)
        self._back, self._on, self._step = [], [], (None, 0.0)
        self._drafts = {} if form is None else {self.text: form}
        self.laid.emit()
        self.kept.emit()
        if laid is not None:
            unsaved = self.memory.unsaved_of(self._directory(), laid.name, laid.what)
            if unsaved is not None and unsaved.text != laid.text:
                self.edit(unsaved.text, self)
                self.recovered.emit()

    def _recover(self) -> None:
        """A text that was not saved when the program ended comes onto the bench by itself."""
        found = self.memory.first_unsaved(self._directory())
        if found is None:
            return
        if found.is_new:
            self.lay_new(found.name, found.text, found.what)
            self.recovered.emit()
        else:
            self.lay(found.name, found.what)

    def _directory(self) -> Path:
        return self.workshop.directory if self.workshop else Path()

    def edit(self, text: str, who: object) -> None:
        """Another text, from the form, the text's own tab, or a step back."""
        if text == self.text or self.on_bench is None:
            return
        now = time.monotonic()
        last_who, last_at = self._step
        if who is not last_who or now - last_at > _ONE_STEP_S or not self._back:
            self._back = [*self._back[-_MOST_STEPS:], self.text]
        self._on, self._step = [], (who, now)
        self._take(text, who)

    def edit_draft(self, draft: Draft, who: object) -> None:
        """Another form: the text that says the same."""
        try:
            text = draft_text(draft, self._first_language(), self.text)
        except Failure as failure:
            self.failed.emit(failure)
            return
        self._drafts[text] = draft
        self.edit(text, who)

    def step_back(self) -> None:
        """Undo."""
        if self._back:
            self._on.append(self.text)
            self._step = (None, 0.0)
            self._take(self._back.pop(), self)

    def step_on(self) -> None:
        """Redo."""
        if self._on:
            self._back.append(self.text)
            self._step = (None, 0.0)
            self._take(self._on.pop(), self)

    def _take(self, text: str, who: object) -> None:
        self.text = text
        families_for(text)  # a script that was not there before is loaded before it is drawn
        self._reading_of += 1
        self.edited.emit(who)
        self.kept.emit()
        now = time.monotonic()
        self._typed_since = now if self._typed_since is None else self._typed_since
        if now - self._typed_since >= LONGEST_S:
            self.read_now()
        else:
            self._pause.start()

    def read_now(self) -> None:
        """Read the text that is there now, and remember it where it is not saved."""
        self._pause.stop()
        self._typed_since = None
        laid, text = self.on_bench, self.text
        if laid is None:
            return
        self._reading_of += 1
        mine, changed, directory = self._reading_of, self.is_changed, self._directory()
        known = text in self._drafts

        def look(workshop: Workshop) -> tuple[Reading, Form | None] | None:
            if changed:
                self.memory.keep_unsaved(directory, Unsaved(laid.name, laid.what, text, laid.was is None))
            else:
                self.memory.drop_unsaved(directory, laid.name, laid.what)
            if mine != self._reading_of:
                return None  # there are newer keystrokes
            return workshop.reading(laid.name, text, laid.what), (
                None if known else form_of(workshop, text, laid.what)
            )

        def found(answer: tuple[Reading, Form | None] | None) -> None:
            if answer is not None and mine == self._reading_of:
                self.reading, form = answer
                if form is not None:
                    self._drafts[text] = form
                self.read.emit()

        self.ask(look, found)

    # Saving

    def save(self, then: Callable[[], None] | None = None) -> None:
        """Write the text into its file; `then` when it is there."""
        laid, text = self.on_bench, self.text
        if laid is None or not self.is_changed:
            if then is not None:
                then()
            return
        if laid is self._saving:  # what is written now is not what its file began with any more
            self._save_again.append(then)
            return
        self._saving = laid
        at, directory = self.now, self._directory()

        def write(workshop: Workshop) -> OnBench:
            workshop.save(laid.name, text, at, was=laid.was, what=laid.what)
            self.memory.drop_unsaved(directory, laid.name, laid.what)
            return fetch_text(workshop, laid.name, laid.what)

        def written(now: OnBench) -> None:
            self._saving, again = None, self._save_again
            self._save_again = []
            if self.on_bench is laid:
                self.on_bench = now
                self.kept.emit()
                self.relist()
                self.read_now()
            if then is not None:
                then()
            for one in again if self.on_bench is now else ():
                self.save(one)

        def refused(failure: Failure) -> None:
            self._saving, self._save_again = None, []
            if failure.code == "workshop-changed-meanwhile":
                self.conflict.emit(failure)
            else:
                self.failed.emit(failure)

        self.ask(write, written, refused)

    def take_theirs(self) -> None:
        """The file as somebody else wrote it; what was typed here is one step back."""
        laid, mine, directory = self.on_bench, self.text, self._directory()
        if laid is None:
            return

        def fetch(workshop: Workshop) -> tuple[OnBench, Reading, Form]:
            workshop.refresh()
            now = fetch_text(workshop, laid.name, laid.what)
            reading = workshop.reading(laid.name, now.text, laid.what)
            self.memory.drop_unsaved(
                directory, laid.name, laid.what
            )  # or it would be brought back as not saved
            return now, reading, form_of(workshop, now.text, laid.what)

        def found(answer: tuple[OnBench, Reading, Form]) -> None:
            self._lay(*answer)
            self._back = [mine]
            self.kept.emit()
            self.relist()

        self.ask(fetch, found)

    def save_mine(self) -> None:
        """Save over what somebody else wrote meanwhile; that becomes a version. A file that is gone is written anew."""
        laid = self.on_bench
        if laid is None:
            return

        def fetch(workshop: Workshop) -> OnBench:
            workshop.refresh()
            if not workshop.has(laid.name, laid.what):
                return replace(laid, was=None, versions=0, saved_at=None)
            return fetch_text(workshop, laid.name, laid.what)

        def found(theirs: OnBench) -> None:
            if self.on_bench is laid:
                self.on_bench = theirs
                self.save()

        self.ask(fetch, found)

    def forget(self) -> None:
        """What was typed and not saved is not wanted: the text as it was."""
        laid, directory = self.on_bench, self._directory()
        if laid is not None:
            self._asker.ask(
                lambda: self.memory.drop_unsaved(directory, laid.name, laid.what),
                lambda _done: None,
                self.failed.emit,
            )

    def clear(self) -> None:
        """Nothing lies on the bench any more."""
        self._lay(None)

    def stop(self) -> None:
        """The program ends: the bank is given back, and the thread's last work is waited for."""
        self._pause.stop()
        self.close_bank()
        self._asker.close()
