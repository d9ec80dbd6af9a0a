"""One bank on the bench of one person: the face of the workshop.

Names are what the person typed at opening: they say who claims to have written or voted, and prove nothing.
`at` is the moment as the caller has it, with a time zone. Hashes are hex SHA-256. Every method that changes anything
has changed it durably when it returns, or raises and has changed nothing that counts.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType

from cbt_station.banks.bank import BankHead
from cbt_station.banks.export_report import ExportReport
from cbt_station.banks.faults import BankFault
from cbt_station.banks.lint import BankLint
from cbt_station.banks.workshop.draft import Draft, NoDraft
from cbt_station.banks.workshop.history import DifferenceLine, Version
from cbt_station.banks.workshop.importing import ItemsImported
from cbt_station.banks.workshop.reading import Reading
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


class Workshop:
    """A bank folder, held alone from `open` until `close` (or as a context manager)."""

    by: str
    directory: Path

    @classmethod
    def open(cls, directory: Path, *, by: str) -> "Workshop":
        """Open a bank, with faults or without.

        Raises Refusal("reviewer-name") for a name that is empty, long or not printable; Trouble("bank-in-use") while another
        program writes; Trouble("bank-not-there").
        """
        raise NotImplementedError

    def close(self) -> None:
        """Give the folder back."""
        raise NotImplementedError

    def __enter__(self) -> "Workshop":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def refresh(self) -> None:
        """Read the folder again: somebody may have written in it by hand."""
        raise NotImplementedError

    # What there is

    @property
    def head(self) -> BankHead | None:
        """`bank.yaml`; None where it has faults (items cannot be judged against it then)."""
        raise NotImplementedError

    @property
    def needed(self) -> int:
        """How many votes an approval needs: `workshop.yaml`'s `approvals_needed`, or 2."""
        raise NotImplementedError

    def rows(self, only: Filter = EVERY_ITEM) -> tuple[ItemRow, ...]:
        """The items that a filter lets through, by section (as `bank.yaml` orders them) and id."""
        raise NotImplementedError

    def row(self, item: str) -> ItemRow:
        """One item. Raises Refusal("workshop-item-unknown"), as every method that is given an id."""
        raise NotImplementedError

    def stimuli(self) -> tuple[StimulusRow, ...]:
        """The shared texts, by id."""
        raise NotImplementedError

    def groups(self) -> tuple[Group, ...]:
        """Enemy sets, then stimulus groups, by name."""
        raise NotImplementedError

    def media(self) -> tuple[MediaRow, ...]:
        """Pictures and recordings, by name."""
        raise NotImplementedError

    def faults(self) -> tuple[BankFault, ...]:
        """Every fault of the bank, those of no item too (`bank.yaml`, strays, media, review files)."""
        raise NotImplementedError

    def lints(self) -> tuple[BankLint, ...]:
        """All advice on the items that could be read, that of the whole bank too."""
        raise NotImplementedError

    def counts(self) -> dict[State, int]:
        """How many items are in which state."""
        raise NotImplementedError

    # One text

    def text(self, name: str, what: What = "item") -> str:
        """The text as it lies in the file now (a byte that is no UTF-8 shows as U+FFFD and is a fault)."""
        raise NotImplementedError

    def text_hash(self, name: str, what: What = "item") -> str:
        """The SHA-256 of the file's bytes: what `save` wants as `was`."""
        raise NotImplementedError

    def reading(self, name: str, text: str, what: What = "item") -> Reading:
        """What a text would be under this id; nothing is written. The id need not be there yet."""
        raise NotImplementedError

    def draft(self, text: str) -> Draft | NoDraft:
        """The form of an item's text, or why it has none and the text itself must be edited."""
        raise NotImplementedError

    def draft_text(self, draft: Draft, was: str = "") -> str:
        """The text of a form; lines of `was` that the form says nothing new of stay as they stand."""
        raise NotImplementedError

    # Writing

    def new_item(self, section: str, kind: str = "choice", topic: str = "", level: str = "") -> Draft:
        """An empty item with a free id; nothing is written until `save(draft.id, draft_text(draft), at, was=None)`."""
        raise NotImplementedError

    def new_stimulus(self) -> tuple[str, str]:
        """A free id and the text of an empty stimulus; nothing is written."""
        raise NotImplementedError

    def duplicate(self, item: str) -> tuple[str, str]:
        """A free id and an item's text under it; nothing is written."""
        raise NotImplementedError

    def save(
        self, name: str, text: str, at: datetime, *, was: str | None, what: What = "item"
    ) -> ItemRow | None:
        """Write a text durably: the text before into the history, then the text, then the review. The new row (of an item).

        `was` is `text_hash` when the editor began, None for a new one. A text with faults is saved (work is never lost)
        and its item falls to draft. An unchanged text changes nothing.
        Raises Refusal("workshop-changed-meanwhile", hash=…) when the file is another by now: it is left alone, the
        caller still has its text; Refusal("workshop-item-exists"), ("workshop-id-malformed"), ("workshop-text-too-large").
        """
        raise NotImplementedError

    def rename(self, item: str, new: str, at: datetime) -> ItemRow:
        """Give an item another id, in its text and its file's name; reviews and versions go with it."""
        raise NotImplementedError

    def delete(self, name: str, at: datetime, what: What = "item") -> None:
        """Take a text out of the bank; the history keeps it. Refused for a stimulus that items name, or an item that a
        blueprint names.
        """
        raise NotImplementedError

    def deleted(self, what: What = "item") -> tuple[str, ...]:
        """The ids that only the history knows."""
        raise NotImplementedError

    def add_media(self, name: str, data: bytes) -> str:
        """Put a picture or recording into the bank, checked; the name it got (small letters, numbered where taken)."""
        raise NotImplementedError

    def remove_media(self, name: str) -> None:
        """Take a file out of the bank that no text names. Raises Refusal("workshop-media-named")."""
        raise NotImplementedError

    # Versions

    def versions(self, name: str, what: What = "item") -> tuple[Version, ...]:
        """Every text that there was, the first one first; also of one that was deleted."""
        raise NotImplementedError

    def version_text(self, name: str, number: int, what: What = "item") -> str:
        """One of them. Raises Refusal("workshop-version-unknown")."""
        raise NotImplementedError

    def differences(
        self, name: str, before: int, after: int, what: What = "item"
    ) -> tuple[DifferenceLine, ...]:
        """Two versions line by line."""
        raise NotImplementedError

    def restore(self, name: str, number: int, at: datetime, what: What = "item") -> None:
        """Make an earlier text the present one; what was there until now is a version too. Brings a deleted one back."""
        raise NotImplementedError

    # Reviews

    def review(self, item: str) -> Review:
        """State and votes of an item."""
        raise NotImplementedError

    def submit(self, item: str, at: datetime) -> Review:
        """Draft → review. Raises Refusal("review-faulty") for a text with faults, Refusal("review-wrong-state")."""
        raise NotImplementedError

    def vote(self, item: str, vote: Choice, comment: str, at: datetime, *, on: str) -> Review:
        """A vote on an item in review; `on` is `review(item).on` of what the reviewer saw. A later vote replaces one's own.

        Raises Refusal("review-wrong-state"), ("review-own-text") for the author's vote for the own text,
        ("review-comment-missing") for a vote against without a word, ("review-changed-meanwhile").
        """
        raise NotImplementedError

    def approve(self, item: str, at: datetime) -> Review:
        """Review → approved. Raises Refusal("review-votes-missing", have=, needed=), ("review-vote-against", by=)."""
        raise NotImplementedError

    def send_back(self, item: str, at: datetime) -> Review:
        """Review or approved → draft."""
        raise NotImplementedError

    # In and out

    def import_(
        self, source: Path, at: datetime, *, sections: Mapping[str, str] | None = None
    ) -> ItemsImported:
        """Bring foreign questions in as drafts, all or nothing. `sections`: which section of ours takes one of theirs."""
        raise NotImplementedError

    def export(self, to: str, target: Path, language: str | None = None) -> ExportReport:
        """Write the bank in another format (`exporting.FORMATS`) into a new file."""
        raise NotImplementedError
