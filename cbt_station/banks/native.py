"""Our own format: a folder of item files, read strictly (`docs/bank-format.md`).

`read_bank` gives a bank without faults or refuses with the whole list; `faults` gives the list, `read_folder` also what
could be read. Reading goes on after a fault, so that one round shows them all. The order of the disk does not matter:
items are sorted by id.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from cbt_station.banks import recordings, strict_yaml
from cbt_station.banks.bank import Bank, BankHead, BankItem, BankStimulus, SectionHead
from cbt_station.banks.body import BodyReader, Files
from cbt_station.banks.faults import BankFault, FaultList, Faulty
from cbt_station.banks.fields import ID, LANGUAGE, Fields
from cbt_station.banks.formulas import PREFIX
from cbt_station.banks.item_file import Source, read_item, read_stimulus
from cbt_station.banks.pictures import MOST_BYTES, NAME, PictureFile, check_picture
from cbt_station.banks.recordings import RECORDING, Recording, check_recording
from cbt_station.banks.source_text import is_device, read_bytes, read_source
from cbt_station.banks.strict_yaml import Mapping
from cbt_station.errors import Refusal, Trouble
from cbt_station.exam.blueprint import TOTAL

HEAD = "bank.yaml"
ITEMS, STIMULI, MEDIA = "items", "stimuli", "media"
MOST_FILES = 20_000
"""Of one folder of a bank with those in it."""


def read_bank(directory: Path) -> Bank:
    """The bank in a folder, or Refusal("bank-faulty") whose fact `faults` is the whole list."""
    read = read_folder(directory)
    found, bank = read.faults, read.bank
    if found or bank is None:
        raise Refusal(
            "bank-faulty", where=directory.name, count=len(found), first=str(found[0]), faults=found
        )
    return bank


def faults(directory: Path) -> tuple[BankFault, ...]:
    """Every fault of the bank in a folder, by file and line; empty for a good one."""
    return read_folder(directory).faults


@dataclass(frozen=True)
class BankText:
    """One text file of a bank: `content` is None where it has faults, `media` what could be read of those it names."""

    file: str
    content: BankItem | BankStimulus | None
    media: dict[str, bytes]


@dataclass(frozen=True)
class BankFolder:
    """A bank's folder as far as it could be read; `head` is None where `bank.yaml` has faults."""

    head: BankHead | None
    media: Files
    stimulus_names: frozenset[str]
    """What items may name; one with faults is there all the same."""
    texts: tuple[BankText, ...]
    faults: tuple[BankFault, ...]

    @property
    def items(self) -> tuple[BankItem, ...]:
        """The items without faults, by id."""
        found = (text.content for text in self.texts if isinstance(text.content, BankItem))
        return tuple(sorted(found, key=lambda item: item.id))

    @property
    def stimuli(self) -> tuple[BankStimulus, ...]:
        """The shared texts without faults, by id."""
        found = (text.content for text in self.texts if isinstance(text.content, BankStimulus))
        return tuple(sorted(found, key=lambda stimulus: stimulus.id))

    @property
    def bank(self) -> Bank | None:
        """The bank of the texts without faults; None without a head."""
        if self.head is None:
            return None
        media = {name: data for text in self.texts for name, data in text.media.items()}
        return Bank(
            head=self.head,
            items=self.items,
            stimuli=self.stimuli,
            media=dict(sorted(media.items())),
            unused=tuple(sorted(set(self.media) - set(media))),
        )


def read_folder(directory: Path) -> BankFolder:
    """Everything in a bank's folder that can be read, and every fault of the rest."""
    if not directory.is_dir():
        raise Trouble("bank-not-there", where=str(directory))
    found = FaultList()
    head = _read_head(directory, found)
    if found.found:
        head = None  # what an item may name is not known: its own faults are still worth naming
    media = _read_media(directory, found)
    there = frozenset(path.stem for path in _files(directory, STIMULI, FaultList()))
    texts = [
        BankText(source.file, read_stimulus(source), source.body.media)
        for source in _sources(directory, STIMULI, head, media, found)
    ]
    texts += [
        BankText(source.file, read_item(source, there), source.body.media)
        for source in _sources(directory, ITEMS, head, media, found)
    ]
    if not any(text.file.startswith(f"{ITEMS}/") for text in texts) and not found.found:
        found.add(ITEMS, 0, "bank-without-items")
    return BankFolder(head, media, there, tuple(texts), found.sorted())


def text_files(directory: Path, folder: str) -> tuple[str, ...]:
    """The plain files under `items` or `stimuli`, as they are called inside the bank, whatever they hold."""
    return tuple(_inside(directory, path) for path in _files(directory, folder, FaultList()))


def _read_head(directory: Path, found: FaultList) -> BankHead | None:
    path = directory / HEAD
    if path.is_symlink():
        found.add(HEAD, 0, "not-a-plain-file")
        return None
    if not path.is_file():
        found.add(HEAD, 0, "bank-head-missing")
        return None
    text = read_source(path, HEAD, found)
    return None if text is None else read_head(text, found)


def read_head(text: str, found: FaultList) -> BankHead | None:
    """The head that a `bank.yaml` says, or None after faults were noted; some faults leave a head."""
    mapping = strict_yaml.load(text, HEAD, found)
    if mapping is None:
        return None
    fields = Fields(mapping, HEAD, found)
    name, title = fields.name("id", required=True), fields.titles("title")
    licence, author = fields.text("licence", required=True), fields.text("author", required=True)
    languages = fields.names("languages", required=True)
    for language in languages:
        if not LANGUAGE.fullmatch(language):
            found.add(HEAD, fields.line("languages"), "language-malformed", language=language)
    sections = _sections(fields, found)
    fields.done()
    if not (name and licence and author and languages and sections):
        return None
    return BankHead(name, title, licence, author, languages, sections)


def _sections(fields: Fields, found: FaultList) -> dict[str, SectionHead]:
    node = fields.node("sections", required=True)
    if node is None:
        return {}
    if not isinstance(node, Mapping) or not node.entries:
        found.add(HEAD, fields.line("sections"), "value-kind", key="sections", expected="mapping")
        return {}
    sections = {}
    for key, value in node.entries:
        if not ID.fullmatch(key.text) or key.text == TOTAL:
            found.add(HEAD, key.line, "id-malformed", id=key.text)
        elif not isinstance(value, Mapping):
            found.add(HEAD, key.line, "value-kind", key=key.text, expected="mapping")
        else:
            sections[key.text] = _section(key.text, Fields(value, HEAD, found), found)
    return sections


def _section(name: str, fields: Fields, found: FaultList) -> SectionHead:
    right, wrong = fields.decimal("right"), fields.decimal("wrong")
    section = SectionHead(
        id=name,
        title=fields.titles("title"),
        topics=fields.names("topics", required=True),
        levels=fields.names("levels", required=True),
        right=right,
        wrong=wrong if wrong is not None else SectionHead.wrong,
    )
    known = right is not None or fields.node("right") is None
    if wrong is not None and known and (right is None or wrong >= right):
        found.add(HEAD, fields.line("wrong"), "wrong-not-below-right")
    fields.done()
    return section


def _read_media(directory: Path, found: FaultList) -> Files:
    media: dict[str, PictureFile | Recording | None] = {}
    for path in _files(directory, MEDIA, found):
        name, file = path.name, _inside(directory, path)
        good = (NAME.fullmatch(name) or RECORDING.fullmatch(name)) and not name.startswith(PREFIX)
        good = good and not is_device(path.stem)
        if not good or path.parent.name != MEDIA:
            found.add(file, 0, "picture-name", name=Path(file).name)
            continue
        media[name] = None
        most = recordings.MOST_BYTES if RECORDING.fullmatch(name) else MOST_BYTES
        data = read_bytes(path, most)
        if data is None:
            found.add(file, 0, "file-too-large", most_bytes=most)
            continue
        try:
            media[name] = check_media(name, data)
        except Faulty as faulty:
            line = faulty.facts.pop("svg_line", 0)
            found.add(file, int(str(line)), faulty.code, **faulty.facts)
    return media


def check_media(name: str, data: bytes) -> PictureFile | Recording:
    """The picture or recording in `data`. Raises Faulty."""
    return check_recording(name, data) if RECORDING.fullmatch(name) else check_picture(name, data)


def _sources(
    directory: Path,
    folder: str,
    head: BankHead | None,
    pictures: Files,
    found: FaultList,
) -> Iterator[Source]:
    """The readable texts of a folder. A name is an id once, whatever sub-folder it lies in."""
    seen: dict[str, str] = {}
    for path in _files(directory, folder, found):
        file = _inside(directory, path)
        if path.suffix != ".md":
            found.add(file, 0, "stray-file")
        elif not ID.fullmatch(path.stem) or is_device(path.stem):
            found.add(file, 0, "id-malformed", id=Path(file).stem)
        elif path.stem.casefold() in seen:
            found.add(file, 0, "item-twice", id=path.stem, other=seen[path.stem.casefold()])
        else:
            seen[path.stem.casefold()] = file
            text = read_source(path, file, found)
            if text is not None:
                yield Source(file, path.stem, text, head, found, BodyReader(file, found, pictures))


def _files(directory: Path, folder: str, found: FaultList) -> list[Path]:
    """The plain files under a folder of the bank, in the order of their names."""
    if (directory / folder).is_symlink():
        found.add(folder, 0, "not-a-plain-file")
        return []
    try:
        paths = sorted(islice((directory / folder).rglob("*"), MOST_FILES + 1))
    except OSError as error:
        raise Trouble(
            "bank-unreadable", where=str(directory / folder), reason=error.strerror or ""
        ) from error
    if len(paths) > MOST_FILES:
        found.add(folder, 0, "files-too-many", most=MOST_FILES)
        return []
    plain = []
    for path in paths:
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            found.add(_inside(directory, path), 0, "not-a-plain-file")
        elif path.is_file():
            plain.append(path)
    return plain


def _inside(directory: Path, path: Path) -> str:
    """A file's name in the bank; bytes that are no UTF-8 in it are shown as such."""
    return path.relative_to(directory).as_posix().encode("utf-8", "backslashreplace").decode()
