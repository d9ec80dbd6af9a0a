"""One bank on the bench of one person: the face of the workshop.

Names are what the person typed at opening: they say who claims to have written or voted, and prove nothing.
`at` is the moment as the caller has it, with a time zone. Hashes are hex SHA-256. Every method that changes anything
has changed it durably when it returns, or raises and has changed nothing that counts.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType

from cbt_station.banks.bank import BankHead, BankItem
from cbt_station.banks.export_report import ExportReport
from cbt_station.banks.exporting import export_bank
from cbt_station.banks.faults import BankFault
from cbt_station.banks.lint import BankLint
from cbt_station.banks.whole_folder import finish
from cbt_station.banks.workshop import beginning, deciding, editing, forms, listing, renaming
from cbt_station.banks.workshop.desk import Desk, lock
from cbt_station.banks.workshop.disk import FOLDERS, hash_of, write_new
from cbt_station.banks.workshop.draft import Draft, NoDraft
from cbt_station.banks.workshop.history import DifferenceLine, Version, differences
from cbt_station.banks.workshop.importing import Brought, ItemsImported, bring, import_items, take_back
from cbt_station.banks.workshop.people import person
from cbt_station.banks.workshop.reading import Reading, read_alone, shown_reading
from cbt_station.banks.workshop.reviews import Choice, Review
from cbt_station.banks.workshop.rows import (
    EVERY_ITEM,
    Filter,
    Group,
    ItemRow,
    MediaRow,
    State,
    StimulusRow,
    What,
)
from cbt_station.errors import Failure, Refusal
from cbt_station.storage.folder_lock import FolderLock


class Workshop:
    """A bank folder, held alone from `open` until `close` (or as a context manager)."""

    def __init__(self, desk: Desk, held: FolderLock) -> None:
        self._desk, self._held = desk, held

    @property
    def by(self) -> str:
        """Who opened it."""
        return self._desk.by

    @property
    def directory(self) -> Path:
        """The bank's folder."""
        return self._desk.directory

    @classmethod
    def open(cls, directory: Path, *, by: str) -> "Workshop":
        """Open a bank, with faults or without.

        Raises Refusal("reviewer-name") for a name that is empty, long or not printable; Trouble("bank-in-use") while another
        program writes; Trouble("bank-not-there").
        """
        by = person(by)
        finish(directory)
        held = lock(directory)
        try:
            take_back(directory)
            workshop = cls(Desk(directory, by), held)
            workshop.refresh()
        except Failure:
            held.release()
            raise
        return workshop

    def close(self) -> None:
        """Give the folder back."""
        self._held.release()

    def __enter__(self) -> "Workshop":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def refresh(self) -> None:
        """Read the folder again: somebody may have written in it by hand."""
        self._desk.read_again()
        _ = self._desk.shelf

    # What there is

    @property
    def head(self) -> BankHead | None:
        """`bank.yaml`; None where it has faults (items cannot be judged against it then)."""
        return self._desk.shelf.folder.head

    @property
    def needed(self) -> int:
        """How many votes an approval needs: `workshop.yaml`'s `approvals_needed`, or 2."""
        return self._desk.shelf.needed

    def rows(self, only: Filter = EVERY_ITEM) -> tuple[ItemRow, ...]:
        """The items that a filter lets through, by section (as `bank.yaml` orders them) and id."""
        shelf = self._desk.shelf
        sections = list(shelf.folder.head.sections) if shelf.folder.head else []
        rows = [self.row(name) for name in shelf.files["item"]]
        found = [row for row in rows if listing.lets_through(only, row, shelf.text(row.file), self._desk.by)]
        places = {section: index for index, section in enumerate(sections)}
        return tuple(sorted(found, key=lambda row: (places.get(row.section, len(places)), row.id)))

    def row(self, item: str) -> ItemRow:
        """One item. Raises Refusal("workshop-item-unknown"), as every method that is given an id."""
        self._desk.shelf.file(item, "item")
        return listing.item_row(self._desk.shelf, item, self._desk.author(item))

    def stimuli(self) -> tuple[StimulusRow, ...]:
        """The shared texts, by id."""
        return tuple(listing.stimulus_rows(self._desk.shelf))

    def groups(self) -> tuple[Group, ...]:
        """Enemy sets, then stimulus groups, by name."""
        return tuple(listing.groups(self._desk.shelf))

    def media(self) -> tuple[MediaRow, ...]:
        """Pictures and recordings, by name."""
        return tuple(listing.media_rows(self._desk.shelf))

    def faults(self) -> tuple[BankFault, ...]:
        """Every fault of the bank, those of no item too (`bank.yaml`, strays, media, review files)."""
        return (*self._desk.shelf.folder.faults, *self._desk.shelf.review_faults)

    def lints(self) -> tuple[BankLint, ...]:
        """All advice on the items that could be read, that of the whole bank too."""
        return self._desk.shelf.lints

    def counts(self) -> dict[State, int]:
        """How many items are in which state."""
        return self._desk.shelf.counts

    # One text

    def has(self, name: str, what: What = "item") -> bool:
        """Whether a text of this id lies in the bank."""
        return name in self._desk.shelf.files[what]

    def text(self, name: str, what: What = "item") -> str:
        """The text as it lies in the file now (a byte that is no UTF-8 shows as U+FFFD and is a fault)."""
        return self._data(name, what).decode("utf-8", "replace")

    def text_hash(self, name: str, what: What = "item") -> str:
        """The SHA-256 of the file's bytes: what `save` wants as `was`."""
        return hash_of(self._data(name, what))

    def reading(self, name: str, text: str, what: What = "item") -> Reading:
        """What a text would be under this id; nothing is written. The id need not be there yet."""
        shelf = self._desk.shelf
        file = shelf.files[what].get(name, f"{FOLDERS[what]}/{name}.md")
        stem = Path(file).stem
        read, faults = read_alone(shelf.folder, file, stem, text.encode("utf-8", "surrogatepass"), what)
        lints = shelf.advice_on(read.content) if isinstance(read.content, BankItem) else ()
        said = listing.said_in(text).stimulus if what == "item" else ""
        stimulus = shelf.texts.get(shelf.files["stimulus"].get(said, ""))
        return shown_reading(name, read, faults, lints, stimulus)

    def draft(self, text: str) -> Draft | NoDraft:
        """The form of an item's text, or why it has none and the text itself must be edited."""
        first = self._first_language
        draft = forms.draft_of(text, first)
        if isinstance(draft, NoDraft):
            return draft
        before, after = self._read(draft.id, text), self._read(draft.id, forms.draft_text(draft, first))
        if before is not None and after != before:
            return NoDraft("layout")
        return draft

    def draft_text(self, draft: Draft, was: str = "") -> str:
        """The text of a form; lines of `was` that the form says nothing new of stay as they stand."""
        return forms.draft_text(draft, self._first_language, was)

    # Writing

    def new_item(self, section: str, kind: str = "choice", topic: str = "", level: str = "") -> Draft:
        """An empty item with a free id; nothing is written until `save(draft.id, draft_text(draft), at, was=None)`."""
        return beginning.new_item(self._desk, section, kind, topic, level)

    def new_stimulus(self) -> tuple[str, str]:
        """A free id and the text of an empty stimulus; nothing is written."""
        return beginning.new_stimulus(self._desk)

    def duplicate(self, item: str) -> tuple[str, str]:
        """A free id and an item's text under it; nothing is written."""
        data = self._desk.shelf.on_disk(item, "item")
        new = beginning.free_id(self._desk, "item", [item], item)
        return new, editing.with_id(item, data, new).decode("utf-8", "replace")

    def save(
        self, name: str, text: str, at: datetime, *, was: str | None, what: What = "item"
    ) -> ItemRow | None:
        """Write a text durably: the text before into the history, then the text, then the review. The new row (of an item).

        `was` is `text_hash` when the editor began, None for a new one. A text with faults is saved (work is never lost)
        and its item falls to draft. An unchanged text changes nothing.
        Raises Refusal("workshop-changed-meanwhile", hash=…) when the file is another by now: it is left alone, the
        caller still has its text; Refusal("workshop-item-exists"), ("workshop-id-malformed"), ("workshop-text-too-large").
        """
        editing.save(self._desk, name, editing.encoded(name, text), at, was, what)
        return self.row(name) if what == "item" else None

    def rename(self, item: str, new: str, at: datetime) -> ItemRow:
        """Give an item another id, in its text and its file's name; reviews and versions go with it."""
        renaming.rename(self._desk, item, new, at)
        return self.row(new)

    def rename_stimulus(self, stimulus: str, new: str, at: datetime) -> tuple[str, ...]:
        """Give a shared text another id; the items that name it, which come back, name the new one. Its versions go with it.

        Raises Refusal("workshop-stimulus-line") where an item's line could not be changed; nothing is changed then.
        """
        renaming.rename_stimulus(self._desk, stimulus, new, at)
        return next((row.items for row in self.stimuli() if row.id == new), ())

    def delete(self, name: str, at: datetime, what: What = "item") -> None:
        """Take a text out of the bank; the history keeps it. Refused for a stimulus that items name, or an item that a
        blueprint names.
        """
        editing.delete(self._desk, name, at, what)

    def deleted(self, what: What = "item") -> tuple[str, ...]:
        """The ids that only the history knows."""
        there = self._desk.shelf.files[what]
        return tuple(name for name in self._desk.history.names(what) if name not in there)

    def add_media(self, name: str, data: bytes) -> str:
        """Put a picture or recording into the bank, checked; the name it got (small letters, numbered where taken)."""
        return editing.add_media(self._desk, name, data)

    def remove_media(self, name: str) -> None:
        """Take a file out of the bank that no text names. Raises Refusal("workshop-media-named")."""
        editing.remove_media(self._desk, name)

    # Versions

    def versions(self, name: str, what: What = "item") -> tuple[Version, ...]:
        """Every text that there was, the first one first; also of one that was deleted."""
        now = self._desk.shelf.on_disk(name, what) if name in self._desk.shelf.files[what] else None
        found = self._desk.history.versions(name, what, now)
        if not found:
            raise Refusal("workshop-item-unknown", where=name)
        return found

    def version_text(self, name: str, number: int, what: What = "item") -> str:
        """One of them. Raises Refusal("workshop-version-unknown")."""
        return self._version(name, number, what).decode("utf-8", "replace")

    def differences(
        self, name: str, before: int, after: int, what: What = "item"
    ) -> tuple[DifferenceLine, ...]:
        """Two versions line by line."""
        return differences(self.version_text(name, before, what), self.version_text(name, after, what))

    def restore(self, name: str, number: int, at: datetime, what: What = "item") -> None:
        """Make an earlier text the present one; what was there until now is a version too. Brings a deleted one back."""
        editing.restore(self._desk, name, number, at, what)

    # Reviews

    def review(self, item: str) -> Review:
        """State and votes of an item."""
        return self._desk.shelf.review(item)

    def submit(self, item: str, at: datetime) -> Review:
        """Draft → review. Raises Refusal("review-faulty") for a text with faults, Refusal("review-wrong-state")."""
        deciding.submit(self._desk, item, at)
        return self.review(item)

    def vote(self, item: str, vote: Choice, comment: str, at: datetime, *, on: str) -> Review:
        """A vote on an item in review; `on` is `review(item).on` of what the reviewer saw. A later vote replaces one's own.

        Raises Refusal("review-wrong-state"), ("review-own-text") for the author's vote for the own text,
        ("review-comment-missing") for a vote against without a word, ("review-changed-meanwhile").
        """
        deciding.vote(self._desk, item, vote, comment, at, on)
        return self.review(item)

    def approve(self, item: str, at: datetime) -> Review:
        """Review → approved. Raises Refusal("review-votes-missing", have=, needed=), ("review-vote-against", by=)."""
        deciding.approve(self._desk, item, at)
        return self.review(item)

    def send_back(self, item: str, at: datetime) -> Review:
        """Review or approved → draft."""
        deciding.send_back(self._desk, item, at)
        return self.review(item)

    # In and out

    def import_(
        self,
        source: Path,
        at: datetime,
        *,
        sections: Mapping[str, str] | None = None,
        language: str | None = None,
        lang: str = "id",
    ) -> ItemsImported:
        """Bring foreign questions in as drafts, all or nothing.

        `sections`: which section of ours takes one of theirs. `language`: which of the bank's languages a source in one
        language is in (most formats do not say). `lang` is what a refusal gives its reasons in.
        """
        return self.take_in(self.bring(source, language=language, lang=lang), at, sections=sections)

    def bring(self, source: Path, *, language: str | None = None, lang: str = "id") -> Brought:
        """Read foreign questions and change nothing: what would come in, and of which sections."""
        return bring(self._desk, source, language, lang=lang)

    def take_in(
        self, brought: Brought, at: datetime, *, sections: Mapping[str, str] | None = None
    ) -> ItemsImported:
        """The second half of `import_`: what was brought becomes drafts of ours, all of it or nothing."""
        return import_items(self._desk, brought, at, sections or {})

    def export(
        self, to: str, target: Path, language: str | None = None, *, lang: str = "id", key: bool = False
    ) -> ExportReport:
        """Write the bank in another format (`exporting.FORMATS`) into a new file; `key`: a booklet with its key."""
        if target.exists():
            raise Refusal("file-exists", where=str(target))
        data, report = export_bank(self.directory, to, language, lang=lang, key=key)
        write_new(target, data)
        return report

    @property
    def _first_language(self) -> str:
        return self.head.languages[0] if self.head else ""

    def _data(self, name: str, what: What) -> bytes:
        return self._desk.shelf.on_disk(name, what)

    def _read(self, name: str, text: str) -> BankItem | None:
        return self.reading(name, text).item

    def _version(self, name: str, number: int, what: What) -> bytes:
        if name in self._desk.shelf.files[what]:
            now = self._data(name, what)
            versions = self._desk.history.versions(name, what, now)
            if versions[-1].number == number:
                return now
        return self._desk.history.text(name, number, what)
