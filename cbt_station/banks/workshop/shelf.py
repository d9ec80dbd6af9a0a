"""What lies in the bank's folder right now: texts with what they were read as, their bytes, and under which name.

A text is called by its id. Where its file's name is no id, or another file has the id already, it is called by the file's
path, which is never an id: such a text is a fault of the bank, and still there to be mended.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from cbt_station.banks.bank import Bank, BankItem
from cbt_station.banks.faults import BankFault, FaultList
from cbt_station.banks.fields import ID
from cbt_station.banks.formulas import PREFIX
from cbt_station.banks.lint import BankLint, asks, item_lints, lints
from cbt_station.banks.native import MEDIA, BankFolder, BankText, read_folder, text_files
from cbt_station.banks.source_text import read_bytes
from cbt_station.banks.workshop.disk import FOLDERS, place
from cbt_station.banks.workshop.history import MOST_BYTES
from cbt_station.banks.workshop.reading import read_alone
from cbt_station.banks.workshop.reviews import (
    Review,
    ReviewFile,
    holds,
    read_needed,
    read_review,
    subject_hash,
)
from cbt_station.banks.workshop.rows import State, What
from cbt_station.errors import Refusal


@dataclass(frozen=True)
class _Advice:
    item: BankItem
    first: BankItem | None
    lints: tuple[BankLint, ...]

    def is_on(self, item: BankItem, first: BankItem | None) -> bool:
        """Whether it was given on these very items; comparing what they hold would cost more than the advice."""
        return item is self.item and first is self.first


@dataclass(frozen=True)
class Shelf:
    """A bank's folder as it was read."""

    directory: Path
    folder: BankFolder
    files: Mapping[What, Mapping[str, str]]
    """Every text's file by the name it is called by."""
    data: Mapping[str, bytes]
    """The bytes of every text, by file; a text that is far too large is left out."""
    reviews: Mapping[str, ReviewFile | None]
    """By item; None for one with faults."""
    needed: int
    review_faults: tuple[BankFault, ...]
    _advice: dict[str, "_Advice"] = field(default_factory=dict)
    """What was found before, so that one edit is judged alone; a shelf hands it to the next."""

    @cached_property
    def texts(self) -> dict[str, BankText]:
        """What could be read, by file."""
        return {text.file: text for text in self.folder.texts}

    @cached_property
    def bank(self) -> Bank | None:
        """The bank of the texts without faults."""
        return self.folder.bank

    @cached_property
    def lints(self) -> tuple[BankLint, ...]:
        """All advice on what could be read."""
        return lints(self.bank) if self.bank is not None else ()

    @cached_property
    def _asking(self) -> dict[str, BankItem]:
        """By what is asked, the first item that asks it."""
        found: dict[str, BankItem] = {}
        for item in self.folder.items:
            found.setdefault(asks(item.first, item.stimulus), item)
        return found

    def advice(self, file: str) -> tuple[BankLint, ...]:
        """The advice on one item."""
        text = self.texts.get(file)
        item = text.content if text else None
        if self.bank is None or not isinstance(item, BankItem):
            return ()
        first = self._first(item)
        known = self._advice.get(file)
        if known is None or not known.is_on(item, first):
            known = self._advice[file] = _Advice(item, first, item_lints(self.bank, item, first))
        return known.lints

    def advice_on(self, item: BankItem) -> tuple[BankLint, ...]:
        """The advice on an item as it would be in this bank."""
        return () if self.bank is None else item_lints(self.bank, item, self._first(item))

    def _first(self, item: BankItem) -> BankItem | None:
        """The first item that asks the same, where that is an earlier one."""
        first = self._asking.get(asks(item.first, item.stimulus))
        return first if first is not None and first.id < item.id else None

    @cached_property
    def faults(self) -> dict[str, tuple[BankFault, ...]]:
        """Every fault, by the file that it names."""
        found: dict[str, list[BankFault]] = {}
        for fault in (*self.folder.faults, *self.review_faults):
            found.setdefault(fault.file, []).append(fault)
        return {file: tuple(faults) for file, faults in found.items()}

    def file(self, name: str, what: What) -> str:
        """The file of a text. Raises Refusal("workshop-item-unknown")."""
        file = self.files[what].get(name)
        if file is None:
            raise Refusal("workshop-item-unknown", where=name)
        return file

    def on_disk(self, name: str, what: What) -> bytes:
        """The bytes of a text as they are now. Raises Refusal("workshop-item-unknown"), and what `bytes_of` raises."""
        return bytes_of(self.directory, self.file(name, what))

    def text(self, file: str) -> str:
        """A text as it was read, whatever bytes it holds."""
        return self.data.get(file, b"").decode("utf-8", "replace")

    def is_good(self, item: str) -> bool:
        """Whether an item and its shared text have no faults, and the head by which they are judged neither."""
        stimuli, _ = self._judged(item)
        files = [self.file(item, "item"), *(self.files["stimulus"][name] for name in stimuli)]
        return self.folder.head is not None and not any(self.faults.get(file) for file in files)

    def subject(self, item: str) -> str:
        """The hash of what a reviewer judges of an item."""
        stimuli, media = self._judged(item)
        return subject_hash(self.data.get(self.file(item, "item"), b""), stimuli, media)

    def _judged(self, item: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """The shared text of an item by its id, and the pictures and recordings of both."""
        text = self.texts.get(self.file(item, "item"), BankText("", None, {}))
        shared = text.content.stimulus if isinstance(text.content, BankItem) else None
        file = self.files["stimulus"].get(shared or "", "")
        media = text.media | (self.texts[file].media if file in self.texts else {})
        stimuli = {shared: self.data[file]} if shared and file in self.data else {}
        return stimuli, {name: data for name, data in media.items() if not name.startswith(PREFIX)}

    def is_as_read(self, item: str) -> bool:
        """Whether all that a reviewer judges lies on the disk as it was read."""
        stimuli, media = self._judged(item)
        file = self.file(item, "item")
        wanted = {file: self.data.get(file)}
        wanted |= {self.files["stimulus"][name]: data for name, data in stimuli.items()}
        wanted |= {f"{MEDIA}/{name}": data for name, data in media.items()}
        return all(_is_on_disk(place(self.directory, name), data) for name, data in wanted.items())

    def review(self, item: str) -> Review:
        """Where an item stands; one whose review file has faults is a draft."""
        is_faulty = bool(self.faults.get(self.file(item, "item")))
        said = self.reviews.get(item) or ReviewFile()
        return holds(said, self.subject(item), self.needed, is_faulty=is_faulty)

    @cached_property
    def counts(self) -> dict[State, int]:
        """How many items are in which state."""
        counts: dict[State, int] = {"draft": 0, "review": 0, "approved": 0}
        for item in self.files["item"]:
            counts[self.review(item).state] += 1
        return counts

    def with_text(self, name: str, what: What, data: bytes) -> "Shelf":
        """The shelf after the bytes of one text that was there already were replaced."""
        file = self.file(name, what)
        stem = file.rpartition("/")[2].removesuffix(".md")
        text, faults = read_alone(self.folder, file, stem, data, what)
        texts = tuple(text if one.file == file else one for one in self.folder.texts)
        if all(one.file != file for one in texts):
            texts = (*texts, text)
        others = tuple(fault for fault in self.folder.faults if fault.file != file)
        folder = replace(self.folder, texts=texts, faults=tuple(sorted((*others, *faults), key=_place)))
        return replace(self, folder=folder, data={**self.data, file: data})

    def with_review(self, item: str, review: ReviewFile) -> "Shelf":
        """The shelf after a review was written."""
        return replace(self, reviews={**self.reviews, item: review})


def _place(fault: BankFault) -> tuple[str, int, str]:
    return fault.file, fault.line, fault.code


def _is_on_disk(path: Path, data: bytes | None) -> bool:
    return data is not None and path.is_file() and read_bytes(path, len(data)) == data


def bytes_of(directory: Path, file: str) -> bytes:
    """The bytes of a text of the bank. Raises Refusal("workshop-changed-meanwhile", "workshop-text-too-large")."""
    path = place(directory, file)
    if not path.is_file():
        raise Refusal("workshop-changed-meanwhile", where=file, hash="")
    data = read_bytes(path, MOST_BYTES)
    if data is None:
        raise Refusal("workshop-text-too-large", where=file, most=MOST_BYTES)
    return data


def read_shelf(directory: Path) -> Shelf:
    """Read everything."""
    folder = read_folder(directory)
    files: dict[What, Mapping[str, str]] = {
        what: dict(_named(text_files(directory, within))) for what, within in FOLDERS.items()
    }
    data = {}
    for file in (*files["item"].values(), *files["stimulus"].values()):
        found = read_bytes(place(directory, file), MOST_BYTES)
        if found is not None:
            data[file] = found
    faults = FaultList()
    reviews = {item: read_review(directory, item, faults) for item in files["item"] if ID.fullmatch(item)}
    needed = read_needed(directory, faults)
    return Shelf(directory, folder, files, data, reviews, needed, faults.sorted())


def _named(files: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    taken: set[str] = set()
    for file in files:
        path = Path(file)
        if path.suffix != ".md":
            continue
        is_id = ID.fullmatch(path.stem) and path.stem.casefold() not in taken
        yield (path.stem if is_id else file), file
        taken.add(path.stem.casefold())
