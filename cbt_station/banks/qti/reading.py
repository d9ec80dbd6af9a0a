"""A QTI source into a foreign bank: a package, a folder, a zip without a manifest, or one loose file.

1. What is there: the manifest's resources, or every file that is QTI by its own root.
2. Tests say in which sections and in which order the items stand; an item that no test names stands in a section of the
   rest. A file that the manifest does not name comes in too, with a remark.
3. Stimuli, then items, each with its own outcome: one that cannot be read is refused by itself.
4. Each test becomes a blueprint where one can follow it.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from cbt_station.banks.foreign import ForeignBank, ForeignQuestion, QuestionRefused, Remark, remark
from cbt_station.banks.qti import attributes as of
from cbt_station.banks.qti.assessment import Plan, read_test
from cbt_station.banks.qti.blueprints import blueprint_of, with_own_sections
from cbt_station.banks.qti.item import read_item
from cbt_station.banks.qti.manifest import manifest_of, read_manifest
from cbt_station.banks.qti.markup import children, first, parse
from cbt_station.banks.qti.names import local, qti2
from cbt_station.banks.qti.older import CARTRIDGE_FILES, Around, Document, read_document
from cbt_station.banks.qti.page import Page
from cbt_station.banks.qti.source import Source, beside, joined, opened
from cbt_station.banks.safe_xml import Element
from cbt_station.errors import Failure, Refusal
from cbt_station.exam.blueprint import Blueprint
from cbt_station.exam.content import Blocks
from cbt_station.exam.rules.trees import TEMPLATES

FORMAT: Final = "QTI"
OLDER_FORMAT: Final = "QTI 1.2"
REST: Final = "soal"
MOST_ITEMS: Final = 5_000
_XML: Final = (".xml", ".qti")
_ROOT: Final = re.compile(
    rb"<(?:[A-Za-z0-9_-]+:)?(?:(?:qti-)?assessment-?(?:item|test|stimulus)|questestinterop)\b", re.IGNORECASE
)
_READ: Final = (
    "assessment-item",
    "assessment-test",
    "assessment-section",
    "assessment-stimulus",
    "response-processing",
    "questestinterop",
)
"""The documents that are looked at, themselves or where another one names them."""
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}")
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
DEFAULT_LANGUAGE: Final = "id"
HIDES: Final = re.compile(rb"display\s*:\s*none|visibility\s*:\s*hidden|content\s*:\s*[\"'][^\"']")


def read(path: Path) -> ForeignBank | None:
    """The bank at `path`, or None where nothing of it is QTI. Raises Refusal for a package that lies."""
    with opened(path) as source:
        return _Reading(source).bank(path.name)


@dataclass
class _Entry:
    """A file that is to be read, or the reason why it cannot be."""

    place: str
    root: Element | None = None
    fault: Remark | None = None
    remarks: tuple[Remark, ...] = ()


@dataclass
class _Reading:
    source: Source
    media: dict[str, bytes] = field(default_factory=dict)
    stimuli: dict[str, dict[str, Blocks]] = field(default_factory=dict)
    stimulus_files: dict[str, list[str | None]] = field(default_factory=dict)
    losses: list[Remark] = field(default_factory=list)
    roots: dict[str, Element] = field(default_factory=dict)
    title: str = ""

    def bank(self, name: str) -> ForeignBank | None:
        entries = self._entries()
        plans = [
            read_test(root, file, self._load) for file, root in self._roots_named(entries, "assessment-test")
        ]
        for file in [file for plan in plans for section in plan.sections for file in section.items]:
            if file not in entries:
                entries[file] = self._entry(file)
        items = {file: entry for file, entry in entries.items() if _is_item(entry)}
        documents = self._documents(entries, language_of(items) or DEFAULT_LANGUAGE)
        if not items and not plans and not documents:
            return None
        if len(items) > MOST_ITEMS:
            raise Refusal("source-too-much", where=name, what="items", most=MOST_ITEMS)
        language = language_of(items) or DEFAULT_LANGUAGE
        sections, questions = self._sectioned(items, plans, language)
        blueprints = self._blueprints(plans, questions, language)
        older = [question for document in documents for question in document.questions]
        for document in documents:
            sections |= document.sections
            self.losses.extend(document.losses)
            self.title = self.title or document.title
        title = self.title or (plans[0].title if plans else "") or Path(name).stem
        return ForeignBank(
            format=FORMAT if items or plans else OLDER_FORMAT,
            name=Path(name).stem,
            title=title[:200],
            language=language,
            sections=sections,
            questions=(*questions.values(), *older),
            media=self.media,
            stimuli=self.stimuli,
            blueprints=blueprints,
            losses=tuple(self.losses),
        )

    # 1. What is there.

    def _entries(self) -> dict[str, _Entry]:
        manifest = manifest_of(self.source)
        entries: dict[str, _Entry] = {}
        if manifest is not None:
            found = read_manifest(self.source, manifest)
            self.title = found.title
            for resource in found.resources:
                place = resource.file or resource.reference
                entries[place] = self._entry(resource.file) if resource.file else _outside(resource.reference)
            self._note_unread(entries)
        unnamed = (remark("qti-not-in-manifest"),) if manifest is not None else ()
        for file in self.source.names():
            if file not in entries and file.lower().endswith(_XML) and self._looks_like_qti(file):
                entries[file] = replace(self._entry(file), remarks=unnamed)
        return entries

    def _note_unread(self, listed: dict[str, _Entry]) -> None:
        """What is listed among the questions and is nothing that is read here is told as lost."""
        for place, entry in listed.items():
            if entry.root is not None and local(entry.root) not in _READ:
                element = local(entry.root)[:40]
                self.losses.append(remark("qti-not-questions", file=place[-60:], element=element))

    def _looks_like_qti(self, file: str) -> bool:
        try:
            return _ROOT.search(self.source.read(file)[: 64 << 10].replace(b"\0", b"")) is not None
        except Failure:
            return False

    def _entry(self, file: str) -> _Entry:
        try:
            root = self._load(file)
        except QuestionRefused as refused:
            return _Entry(file, fault=refused.reason)
        return _Entry(file, root)

    def _load(self, file: str) -> Element:
        """A file's root. Raises QuestionRefused, also where there is no such file."""
        if file not in self.roots:
            try:
                self.roots[file] = parse(self.source.read(file))
            except Failure as failure:
                raise QuestionRefused(_as_remark(failure, file)) from failure
        return self.roots[file]

    def _roots_named(self, entries: dict[str, _Entry], name: str) -> Iterator[tuple[str, Element]]:
        for file, entry in entries.items():
            if entry.root is not None and local(entry.root) == name:
                yield file, entry.root

    def _documents(self, entries: dict[str, _Entry], language: str) -> list[Document]:
        """QTI 1.2. A cartridge holds an assessment twice, cut down to its profile and whole: the whole one counts."""
        found: dict[str, Document] = {}
        for file, root in self._roots_named(entries, "questestinterop"):
            document = read_document(root, Around(file, self._lookup(file), self.media, language))
            other = found.get(document.ident)
            if other is not None:
                self.losses.append(
                    remark("qti-copy-skipped", file=min(document, other, key=_fullness).file[-60:])
                )
            if other is None or _fullness(document) > _fullness(other):
                found[document.ident] = document
        return list(found.values())

    # 2. In which sections.

    def _sectioned(
        self, items: dict[str, _Entry], plans: list[Plan], language: str
    ) -> tuple[dict[str, str], dict[str, ForeignQuestion]]:
        sections: dict[str, str] = {}
        section_of: dict[str, str] = {}
        with_own_sections(plans)
        for plan in plans:
            for missing in plan.missing:
                items.setdefault(missing, _outside(missing))
            for section in plan.sections:
                if section.items:
                    sections.setdefault(section.id, section.title)
                for file in section.items:
                    section_of.setdefault(file, section.id)
        in_order = [*dict.fromkeys(file for file in section_of if file in items)]
        in_order += [file for file in items if file not in section_of]
        if any(file not in section_of for file in in_order):
            sections.setdefault(REST, self.title or REST)
        used: set[str] = set()
        questions = {}
        for file in in_order:
            question = self._question(file, items[file], section_of.get(file, REST), language)
            questions[file] = _with_own_id(question, used)
        return sections, questions

    # 3. Stimuli and items.

    def _question(self, file: str, entry: _Entry, section: str, language: str) -> ForeignQuestion:
        if entry.root is None:
            return ForeignQuestion(entry.place, section, fault=entry.fault)
        media = dict(self.media)
        try:
            stimuli, stimulus_losses = self._stimulus(file, entry.root, media, language)
            self._with_own_template(file, entry.root)
            read = read_item(entry.root, self._lookup(file), media, language, stimuli)
        except QuestionRefused as refused:
            return ForeignQuestion(entry.place, section, fault=refused.reason)
        except Failure as failure:
            return ForeignQuestion(entry.place, section, fault=_as_remark(failure, file))
        self.media.update(media)
        losses = (*stimulus_losses, *read.page.losses, *self._style_losses(file, entry.root))
        own = _item_language(entry.root)
        if own and own != language:
            losses = (*losses, remark("qti-language", language=own))
        remarks = (*entry.remarks, *read.page.remarks)
        return ForeignQuestion(entry.place, section, losses=losses, item=read.item, remarks=remarks)

    def _with_own_template(self, file: str, root: Element) -> None:
        """Rules that lie in a file of the package stand in the item as if they were written there."""
        processing = first(root, "response-processing")
        if processing is None or len(processing):
            return
        name = joined(file, of.text(processing, "template-location"))
        own = of.text(processing, "template").rpartition("/")[2].removesuffix(".xml")
        if own in TEMPLATES and (name is None or self._read(name) is None):
            return  # the other address is for a program that does not know the template
        if name is None and own:
            wanted = (f"rptemplates/{own}.xml", f"/rptemplates/{own}.xml")
            name = next(
                (one for one in self.source.names() if one == wanted[0] or one.endswith(wanted[1])), None
            )
        if name is None:
            return
        template = self._load(name)
        if local(template) != "response-processing":
            raise QuestionRefused(remark("qti-unsupported", what=f"templateLocation {local(template)[:60]}"))
        processing.extend(deepcopy(child) for child in children(template))

    def _lookup(self, file: str) -> Callable[[str], bytes | None]:
        def look(reference: str) -> bytes | None:
            base = "" if reference.startswith(CARTRIDGE_FILES) else file
            name = beside(base, reference)
            if name is None:
                raise QuestionRefused(remark("file-outside", file=reference[:60]))
            data = self._read(name)
            plain = re.split(r"[?#]", reference, maxsplit=1)[
                0
            ]  # what a browser asks a server for beside the file
            name = beside(base, plain) if data is None and plain != reference else None
            return data if name is None else self._read(name)

        return look

    def _read(self, name: str) -> bytes | None:
        """A file of the package; None where there is none. Raises QuestionRefused for one that cannot be read."""
        try:
            return self.source.read(name)
        except Failure as failure:
            if failure.code == "source-file-missing":
                return None
            raise QuestionRefused(_as_remark(failure, name)) from failure

    def _style_losses(self, file: str, root: Element) -> list[Remark]:
        """A style sheet that hides something, or writes something, is more than a wish about looks."""
        found = []
        for element in children(root, "stylesheet"):
            name = joined(file, of.text(element, "href"))
            try:
                data = self.source.read(name) if name is not None else b""
            except Failure:
                data = b""
            if HIDES.search(data):
                found.append(remark("qti-stylesheet-acts", file=of.text(element, "href")[-60:]))
        return found

    def _stimulus(
        self, file: str, root: Element, media: dict[str, bytes], language: str
    ) -> tuple[dict[str, str], tuple[Remark, ...]]:
        """The stimulus that the item names; several are shown one after the other as one."""
        references = [of.text(one, "href") for one in children(root, "assessment-stimulus-ref")]
        if not references:
            return {}, ()
        files = [joined(file, reference) for reference in references]
        blocks: list[Blocks] = []
        losses: list[Remark] = []
        for reference, name in zip(references, files, strict=True):
            if name is None:
                raise QuestionRefused(remark("file-outside", file=reference[:60]))
            page = Page(self._lookup(name), media, language)
            blocks.append(_stimulus_blocks(self._load(name), page))
            losses.extend(page.losses)
        stimulus = self._stimulus_name(files)
        self.stimuli[stimulus] = {language: tuple(block for part in blocks for block in part)}
        return {"\n".join(references): stimulus}, tuple(losses)

    def _stimulus_name(self, files: list[str | None]) -> str:
        """Named by its files; other files of the same name in another folder are another stimulus."""
        own = name = "+".join(_stem(file) for file in files if file is not None)
        number = 1
        while self.stimulus_files.setdefault(name, files) != files:
            number += 1
            name = f"{own}-{number}"
        return name

    # 4. The blueprints.

    def _blueprints(
        self, plans: list[Plan], questions: dict[str, ForeignQuestion], language: str
    ) -> tuple[Blueprint, ...]:
        for plan in plans:
            self.losses.extend(loss for loss in plan.losses if loss not in self.losses)
        found = (blueprint_of(plan, questions, language, self.losses) for plan in plans)
        return tuple(blueprint for blueprint in found if blueprint is not None)


def language_of(items: dict[str, _Entry]) -> str:
    """The language that most items say they are in, empty where none says."""
    said = [one for entry in items.values() if entry.root is not None and (one := _item_language(entry.root))]
    return max(sorted(set(said)), key=said.count, default="")


def _is_item(entry: _Entry) -> bool:
    return entry.root is None or local(entry.root) == "assessment-item"


def _fullness(document: Document) -> int:
    return len(document.questions)


def _outside(reference: str) -> _Entry:
    return _Entry(reference[:120], fault=remark("file-outside", file=reference[:60]))


def _as_remark(failure: Failure, file: str) -> Remark:
    if failure.code == "source-file-missing":
        return remark("file-missing", file=file[-60:])
    return remark("file-unreadable", file=file[-60:], problem=failure.code)


def _with_own_id(question: ForeignQuestion, used: set[str]) -> ForeignQuestion:
    """An id that no other item of the bank has."""
    if question.item is None:
        return question
    own = question.item.id or _stem(question.place)
    name, number = own, 1
    while name in used:
        number += 1
        name = f"{own}-{number}"
    used.add(name)
    return replace(question, item=replace(question.item, id=name))


def _stem(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[0] or name


def _item_language(root: Element) -> str:
    body = first(root, "item-body")
    for element in (body, root):
        said = str(element.get(_LANG, "")) if element is not None else ""
        primary = said.split("-")[0].lower()
        if _LANGUAGE.fullmatch(primary):
            return primary
    return ""


def _stimulus_blocks(root: Element, page: Page) -> Blocks:
    body = first(root, "stimulus-body")
    if local(root) != "assessment-stimulus" or body is None:
        raise QuestionRefused(remark("qti-missing", element="stimulusBody", within=qti2(local(root))))
    for child in children(root):
        if local(child) not in ("stimulus-body", "stylesheet"):
            page.lose(qti2(local(child)))
    page.begin(body)
    return page.blocks(body)
