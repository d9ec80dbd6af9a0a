"""Foreign questions into a bank that is there already: as drafts, all or nothing.

1. The source becomes a bank of its own in a temporary folder, as `bank import` makes it, with its report (`bring`).
2. Its sections are ours where they are called so, or where the caller says (`import_items`); topics, levels and languages
   that we lack are added to `bank.yaml`, as are sections.
3. Ids, enemy sets and media names that we have already are numbered; a file that we have already is used.
4. Everything is put into words and read back before the first file is written.
5. What will be written is noted in `history/importing.yaml`. Then media, shared texts, head and items are written, and the
   note is removed: that is the moment at which the import has happened. An import whose note is still there has not, and
   the next opening takes it back.
"""

import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from cbt_station.banks import strict_yaml
from cbt_station.banks.bank import Bank, BankHead, BankItem, BankStimulus, SectionHead
from cbt_station.banks.body import Files
from cbt_station.banks.faults import FaultList
from cbt_station.banks.formulas import PREFIX
from cbt_station.banks.import_names import slugged
from cbt_station.banks.import_report import ImportReport
from cbt_station.banks.importing import import_bank
from cbt_station.banks.native import HEAD, MEDIA, check_media, read_bank
from cbt_station.banks.source_text import read_bytes
from cbt_station.banks.strict_yaml import Mapping as YamlMapping
from cbt_station.banks.strict_yaml import Scalar
from cbt_station.banks.workshop.deciding import begin
from cbt_station.banks.workshop.desk import Desk
from cbt_station.banks.workshop.disk import HISTORY, hash_of, place, put
from cbt_station.banks.workshop.editing import folder_for
from cbt_station.banks.workshop.head_edit import extended
from cbt_station.banks.workshop.history import MOST_BYTES, Change
from cbt_station.banks.workshop.listing import groups
from cbt_station.banks.workshop.rows import What
from cbt_station.banks.writing import item_text, stimulus_text
from cbt_station.banks.yaml_writer import Lines, yaml_text
from cbt_station.errors import Failure, Refusal
from cbt_station.exam.item import Shown
from cbt_station.storage.files import disk_troubles, remove_durably, write_durably

T = TypeVar("T")
_NOTE: Final = "importing.yaml"
_OLD_HEAD: Final = "importing-bank.yaml"
_MOST_NOTE: Final = 8 << 20
_MOST_MEDIA: Final = 16 << 20


@dataclass(frozen=True)
class ItemsImported:
    """What came in, and under which names; the mappings are from the source's names to ours."""

    report: ImportReport
    """What became of each question, as `bank import` says it, under the ids of ours; no blueprint comes in."""
    blueprints_left: tuple[str, ...] = ()
    """Those that a bank of the source's own would have had."""
    items: dict[str, str] = field(default_factory=dict)
    stimuli: dict[str, str] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)
    sections_added: tuple[str, ...] = ()
    topics_added: tuple[str, ...] = ()
    levels_added: tuple[str, ...] = ()
    languages_added: tuple[str, ...] = ()


@dataclass(frozen=True)
class ForeignSection:
    """A section of a source, and where its questions would go."""

    name: str
    title: Mapping[str, str]
    items: int
    ours: str
    """The section of ours that is proposed; "" is a new one of this name."""
    is_same: bool
    """Ours is called the same: there is nothing to decide."""


@dataclass(frozen=True)
class Brought:
    """A source as a bank of its own: read, and nothing of it in ours yet."""

    report: ImportReport
    bank: Bank
    sections: tuple[ForeignSection, ...]


def bring(desk: Desk, source: Path, language: str | None = None, *, lang: str = "id") -> Brought:
    """Step 1; `language` is what a source in one language really is in."""
    head = _head(desk)
    if language is not None and language not in head.languages:
        raise Refusal("export-language", where=head.id, language=language, known=", ".join(head.languages))
    report, bank = _own_bank(source, lang)
    bank = bank if language is None else _spoken(bank, language)
    return Brought(report, bank, tuple(_foreign_sections(head, bank)))


def _head(desk: Desk) -> BankHead:
    head = desk.shelf.folder.head
    if head is None:
        raise Refusal("workshop-head-faulty")
    return head


def _foreign_sections(head: BankHead, bank: Bank) -> Iterator[ForeignSection]:
    """Ours of the same name; else ours of the same title, or the only one that we have; else a new one."""
    counts = Counter(item.section for item in bank.items)
    titles = {slugged(said): name for name, one in head.sections.items() for said in one.title.values()}
    only = next(iter(head.sections)) if len(head.sections) == 1 else ""
    for name, section in bank.head.sections.items():
        same = _same(name, head.sections)
        titled = next((titles[slugged(one)] for one in section.title.values() if slugged(one) in titles), "")
        yield ForeignSection(name, section.title, counts[name], same or titled or only, same is not None)


def import_items(desk: Desk, brought: Brought, at: datetime, sections: Mapping[str, str]) -> ItemsImported:
    """Take what was brought into the bank of a desk; the bank may have changed since."""
    head, report = _head(desk), brought.report
    plan = _Plan(desk, head, brought.bank, sections)
    texts = plan.texts()
    with desk.writing():
        _write(desk, plan, texts, at)
        desk.read_again()
    wanted = plan.head
    return ItemsImported(
        report=_as_ours(report, plan.items),
        blueprints_left=tuple(report.blueprints),
        items=plan.items,
        stimuli=plan.stimuli,
        media={old: new for old, new in plan.media.items() if old != new},
        sections_added=tuple(name for name in wanted.sections if name not in head.sections),
        topics_added=_added(head, wanted, "topics"),
        levels_added=_added(head, wanted, "levels"),
        languages_added=tuple(one for one in wanted.languages if one not in head.languages),
    )


def _as_ours(report: ImportReport, items: Mapping[str, str]) -> ImportReport:
    """A report that names what is in our bank."""
    questions = tuple(
        msgspec.structs.replace(question, item=items.get(question.item or "", question.item))
        for question in report.questions
    )
    return msgspec.structs.replace(report, questions=questions, blueprints={})


def _own_bank(source: Path, lang: str) -> tuple[ImportReport, Bank]:
    """Step 1."""
    with disk_troubles(Path("temporary")), tempfile.TemporaryDirectory() as folder:
        report = import_bank(source, Path(folder) / "bank", lang=lang)
        return report, read_bank(Path(folder) / "bank")


def _spoken(bank: Bank, language: str) -> Bank:
    """A bank in one language as one in another: many formats say none, and get the one that most of our sources have."""
    if len(bank.head.languages) != 1:
        return bank
    items = (replace(item, languages={language: item.first}) for item in bank.items)
    stimuli = (replace(one, content={language: next(iter(one.content.values()))}) for one in bank.stimuli)
    sections = {
        name: replace(section, title={language: next(iter(section.title.values()))})
        for name, section in bank.head.sections.items()
    }
    head = replace(bank.head, languages=(language,), sections=sections)
    return replace(bank, head=head, items=tuple(items), stimuli=tuple(stimuli))


def _added(before: BankHead, after: BankHead, what: str) -> tuple[str, ...]:
    """Topics or levels that sections which were there already have now."""
    return tuple(
        name
        for section, now in after.sections.items()
        if section in before.sections
        for name in getattr(now, what)
        if name not in getattr(before.sections[section], what)
    )


class _Plan:
    """Under which names everything comes in, steps 2 to 4."""

    def __init__(self, desk: Desk, head: BankHead, bank: Bank, sections: Mapping[str, str]) -> None:
        self._desk, self._bank = desk, bank
        for wanted in sections.values():
            if wanted not in head.sections:
                raise Refusal("workshop-section-unknown", where=wanted, known=", ".join(head.sections))
        self.sections = {
            name: sections.get(name) or _same(name, head.sections) or name for name in bank.head.sections
        }
        self._folders = {
            own: folder_for(desk, f"---\nsection: {own}\n---\n".encode(), "item")
            for own in self.sections.values()
        }
        self.head = self._extended_head(head)
        shelf = desk.shelf
        self.items = _fresh(
            [item.id for item in bank.items], {*_stems(shelf.files["item"]), *desk.history.names("item")}
        )
        self.stimuli = _fresh(
            [one.id for one in bank.stimuli],
            {*_stems(shelf.files["stimulus"]), *desk.history.names("stimulus")},
        )
        self._enemies = _fresh(
            list(dict.fromkeys(item.enemies for item in bank.items if item.enemies)),
            {group.name for group in groups(shelf) if group.what == "enemies"},
        )
        self.data = {name: data for name, data in bank.media.items() if not name.startswith(PREFIX)}
        self.media = self._media_names()

    def _extended_head(self, head: BankHead) -> BankHead:
        said: dict[str, SectionHead] = dict(head.sections)
        for name, theirs in self._bank.head.sections.items():
            own = self.sections[name]
            there = said.get(own)
            if there is None:
                said[own] = replace(theirs, id=own)
                continue
            topics = [one for one in theirs.topics if not _same(one, there.topics)]
            levels = [one for one in theirs.levels if not _same(one, there.levels)]
            said[own] = replace(there, topics=(*there.topics, *topics), levels=(*there.levels, *levels))
        spoken = dict.fromkeys(language for item in self._bank.items for language in item.languages)
        added = [one for one in spoken if one not in head.languages]
        return replace(head, sections=said, languages=(*head.languages, *added))

    def _media_names(self) -> dict[str, str]:
        """A file that we have keeps its name; another one of that name gets a number."""
        taken = {name: file.data if file else b"" for name, file in self._desk.shelf.folder.media.items()}
        names = {}
        for name, data in self.data.items():
            if taken.get(name) == data:
                names[name] = name
                continue
            stem, ending = name.rsplit(".", 1)
            numbered = (f"{stem[:50]}-{number}.{ending}" for number in range(2, 100_000))
            names[name] = name if name not in taken else next(one for one in numbered if one not in taken)
            taken[names[name]] = data
        return names

    def texts(self) -> dict[str, bytes]:
        """Every text that will be written, by its file; each reads back as what came in."""
        files: Files = {self.media[name]: check_media(name, data) for name, data in self.data.items()}
        texts = {}
        for one in self._bank.stimuli:
            own = self.stimuli[one.id]
            stimulus: BankStimulus = _renamed(replace(one, id=own, file=f"stimuli/{own}.md"), self.media)
            texts[stimulus.file] = stimulus_text(self.head, stimulus, files).encode()
        for item in self._bank.items:
            changed = self._item(item)
            texts[changed.file] = item_text(self.head, changed, files).encode()
        return texts

    def _item(self, item: BankItem) -> BankItem:
        own, section = self.items[item.id], self.sections[item.section]
        known = self.head.sections[section]
        languages: dict[str, Shown] = _renamed(item.languages, self.media)
        return replace(
            item,
            id=own,
            file=f"{self._folders[section]}/{own}.md",
            section=section,
            topic=_same(item.topic, known.topics) or item.topic,
            level=_same(item.level, known.levels) or item.level,
            languages=languages,
            enemies=self._enemies.get(item.enemies or ""),
            stimulus=self.stimuli.get(item.stimulus or ""),
        )


def _same(name: str, known: Collection[str]) -> str | None:
    """The one of our names that is the same but for capital letters."""
    return next((one for one in known if slugged(one) == slugged(name)), None)


def _stems(files: Mapping[str, str]) -> set[str]:
    return {Path(file).stem for file in files.values()}


def _fresh(names: list[str], taken: Collection[str]) -> dict[str, str]:
    """Each name as it is, or numbered where somebody has it."""
    used = {name.casefold() for name in taken}
    found = {}
    for name in names:
        numbered = (f"{name[:56]}-{number}" for number in range(2, 100_000))
        own = name if name.casefold() not in used else next(n for n in numbered if n.casefold() not in used)
        used.add(own.casefold())
        found[name] = own
    return found


def _renamed(part: T, names: Mapping[str, str]) -> T:
    """The same content with media under other names."""
    changed: Any = part
    if isinstance(part, tuple):
        changed = tuple(_renamed(one, names) for one in part)
    elif isinstance(part, dict):
        changed = {key: _renamed(one, names) for key, one in part.items()}
    elif isinstance(part, BankStimulus):
        changed = replace(part, content=_renamed(part.content, names))
    elif isinstance(part, msgspec.Struct):
        values = {name: getattr(part, name) for name in part.__struct_fields__}
        new = {name: _renamed(value, names) for name, value in values.items()}
        if isinstance(values.get("media"), str):
            new["media"] = names.get(values["media"], values["media"])
        changed = msgspec.structs.replace(part, **new) if new != values else part
    return changed  # type: ignore[no-any-return]


def _write(desk: Desk, plan: _Plan, texts: Mapping[str, bytes], at: datetime) -> None:
    """Step 5."""
    directory, there = desk.directory, desk.shelf.folder.media
    new = {f"{MEDIA}/{own}": plan.data[name] for name, own in plan.media.items() if own not in there}
    new |= texts
    for file in new:
        if place(directory, file).exists():
            raise Refusal("workshop-item-exists", where=file)
    before = read_bytes(place(directory, HEAD), MOST_BYTES) or b""
    same = plan.head == desk.shelf.folder.head
    after = before if same else extended(before.decode(), plan.head).encode()
    _note(directory, new, before, after)
    try:
        _keep(desk, texts, at)
        _put_all(directory, new, {} if same else {HEAD: after})
    except Failure:
        take_back(directory)
        raise
    remove_durably(place(directory, HISTORY, _NOTE))


def _keep(desk: Desk, texts: Mapping[str, bytes], at: datetime) -> None:
    """Who brought the texts in."""
    for file, data in texts.items():
        name, what = Path(file).stem, _what(file)
        if what == "item":
            begin(desk, name, at)
        desk.history.keep(name, what, None, Change("imported", desk.by, at, now=hash_of(data)))


def _what(file: str) -> What:
    return "item" if file.startswith("items/") else "stimulus"


def _put_all(directory: Path, new: Mapping[str, bytes], head: Mapping[str, bytes]) -> None:
    """What an item names is there before the item."""
    items = {file: data for file, data in new.items() if file.startswith("items/")}
    others = {file: data for file, data in new.items() if file not in items}
    for file, data in (*others.items(), *head.items(), *items.items()):
        put(directory, file, data)


def _note(directory: Path, new: Mapping[str, bytes], head_before: bytes, head_after: bytes) -> None:
    """Note what will be new, before anything is; the head as it was lies beside the note."""
    write_durably(place(directory, HISTORY, _OLD_HEAD), head_before)
    files = {file: hash_of(data) for file, data in new.items()}
    values = {"head": hash_of(head_after), "files": Lines(files)}
    write_durably(place(directory, HISTORY, _NOTE), yaml_text(values).encode())


def take_back(directory: Path) -> None:
    """Undo an import that has not come to its end. A file that was changed since stays: it is somebody's work."""
    note = place(directory, HISTORY, _NOTE)
    if not note.is_file():
        return
    text = (read_bytes(note, _MOST_NOTE) or b"").decode("utf-8", "replace")
    mapping = strict_yaml.load(text, _NOTE, FaultList())
    entries = {key.text: value for key, value in mapping.entries} if mapping else {}
    files, head = entries.get("files"), entries.get("head")
    for key, value in files.entries if isinstance(files, YamlMapping) else ():
        if isinstance(value, Scalar) and _hash_on_disk(directory, key.text) == value.text:
            remove_durably(place(directory, key.text))
    old = read_bytes(place(directory, HISTORY, _OLD_HEAD), MOST_BYTES)
    if old and isinstance(head, Scalar) and _hash_on_disk(directory, HEAD) == head.text:
        put(directory, HEAD, old)
    remove_durably(note)


def _hash_on_disk(directory: Path, file: str) -> str:
    parts = Path(file).parts
    if ".." in parts or parts[:1] not in (("items",), ("stimuli",), (MEDIA,), (HEAD,)):
        return ""  # the note was written by another hand
    path = place(directory, file)
    data = read_bytes(path, _MOST_MEDIA) if path.is_file() else None
    return "" if data is None else hash_of(data)
