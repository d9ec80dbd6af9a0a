"""A bank as a QTI 3.0 package, and what its items say when they are read again.

    imsmanifest.xml            every file with its kind
    items/ID.xml               an item in its first language; ID.LANG.xml in each other one
    stimuli/ID.LANG.xml        a shared text
    tests/NAME.xml             an exam for each blueprint
    media/NAME                 pictures and recordings, the bank's own files
    cbt-station/bank/…         the bank's texts as their authors wrote them: topics, enemies, notes, thresholds

Items are whole without our folder: any reader of QTI 3 shows and scores them. What of an item QTI cannot say is a named
loss for other readers; ours takes it from our folder while the item still says what it said (`returning.py`).
The same bank gives the same bytes.
"""

import io
import zipfile
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final

from lxml import etree

from cbt_station.banks.bank import Bank, BankItem
from cbt_station.banks.blueprint_file import read_blueprint
from cbt_station.banks.export_report import ExportReport, exported
from cbt_station.banks.foreign import ForeignItem, QuestionRefused, Remark, remark
from cbt_station.banks.formulas import PREFIX
from cbt_station.banks.marks import Points
from cbt_station.banks.qti.item import read_item
from cbt_station.banks.qti.markup import parse
from cbt_station.banks.qti.page import Page
from cbt_station.banks.qti.writing.assessment import assessment_xml
from cbt_station.banks.qti.writing.identifiers import as_name, as_ours, renamed
from cbt_station.banks.qti.writing.item import document, item_xml, stimulus_file, stimulus_xml
from cbt_station.banks.safe_xml import Element
from cbt_station.banks.settling import settled
from cbt_station.exam.blueprint import Blueprint
from cbt_station.exam.content import Audio, every
from cbt_station.exam.interactions import Simple, SliderInteraction, contents_of, parts_of

FORMAT: Final = "qti3"
OWN: Final = "cbt-station/bank/"
"""Where a bank's own texts lie in a package."""
_CP: Final = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
_KINDS: Final = {
    "items": "imsqti_item_xmlv3p0",
    "stimuli": "imsqti_stimulus_xmlv3p0",
    "tests": "imsqti_test_xmlv3p0",
}
_TEXTS: Final = ("bank.yaml", "blueprints/*.yaml", "items/**/*.md", "stimuli/**/*.md")


def export_qti3(directory: Path, bank: Bank) -> tuple[bytes, ExportReport]:
    """The package, and what became of each item for readers other than ours."""
    files = package_files(bank)
    blueprints = sorted((directory / "blueprints").glob("*.yaml"))
    files |= package_tests(bank, {path.name: read_blueprint(path) for path in blueprints})
    for name in bank.unused:
        files[f"media/{name}"] = (directory / "media" / name).read_bytes()
    for pattern in _TEXTS:
        for path in directory.glob(pattern):
            files[OWN + path.relative_to(directory).as_posix()] = path.read_bytes()
    files["imsmanifest.xml"] = _manifest(bank, files)
    report = ExportReport(FORMAT, tuple(exported(item.id, _losses(bank, item)) for item in bank.items))
    return _zipped(files), report


def package_files(bank: Bank) -> dict[str, bytes]:
    """The items, shared texts and media of a package."""
    files = {
        name: item_xml(item, language, name[6:-4])
        for item in bank.items
        for language, name in item_files(item).items()
    }
    for one in bank.stimuli:
        for language, blocks in one.content.items():
            files[f"stimuli/{stimulus_file(one.id, language)}"] = stimulus_xml(one.id, language, blocks)
    return files | {f"media/{name}": data for name, data in bank.media.items() if not name.startswith(PREFIX)}


def package_tests(bank: Bank, blueprints: Mapping[str, Blueprint]) -> dict[str, bytes]:
    """The tests of a package, one for each blueprint by its file name."""
    return {
        f"tests/{name.removesuffix('.yaml')}.xml": assessment_xml(one, bank)
        for name, one in blueprints.items()
    }


def item_files(item: BankItem) -> dict[str, str]:
    """The file of an item in each of its languages."""
    first = next(iter(item.languages))
    return {
        language: f"items/{item.id}.xml" if language == first else f"items/{item.id}.{language}.xml"
        for language in item.languages
    }


def item_says(data: bytes, language: str, media: Mapping[str, bytes]) -> tuple[ForeignItem, Page]:
    """What an item's file says, as our importer reads it, with its losses and remarks. Raises QuestionRefused."""
    root = parse(data)
    renamed(root, as_ours)
    names = [str(one.get("href")) for one in root.iter("qti-assessment-stimulus-ref")]
    stimuli = {
        "\n".join(names): str(one.get("identifier")) for one in root.iter("qti-assessment-stimulus-ref")
    }
    read = read_item(root, lambda name: media.get(name.rpartition("/")[2]), {}, language, stimuli)
    return settled(read.item, section=Points(None)), read.page


def _losses(bank: Bank, item: BankItem) -> Iterable[Remark]:
    for language, shown in item.languages.items():
        try:
            says, page = item_says(item_xml(item, language, item.id), language, bank.media)
        except QuestionRefused as refused:
            yield remark("export-qti-refused", language=language, problem=refused.reason.code)
            continue
        yield from page.losses
        if _has_limits_beside_the_stem(bank, item, language):
            yield remark("export-qti-plays", language=language)
        if any(_has_parts_of_a_step(part) for part in parts_of(shown.interaction).values()):
            yield remark("export-qti-step", language=language)
        if says.languages[language] != shown:
            yield remark("export-qti-shown", language=language)
        if says.rule != item.rule:
            yield remark("export-qti-rule", language=language)


def _has_parts_of_a_step(part: Simple) -> bool:
    """Steps of a slider are whole in QTI."""
    return isinstance(part, SliderInteraction) and Decimal(part.step) % 1 != 0


def _has_limits_beside_the_stem(bank: Bank, item: BankItem, language: str) -> bool:
    """Whether a recording may be played so often only where QTI has no place for that: in options, in a shared text."""
    shown = item.languages[language]
    shared = [one.content.get(language, ()) for one in bank.stimuli if one.id == item.stimulus]
    beside = [*contents_of(shown.interaction), *shared]
    return any(audio.plays for blocks in beside for audio in every(Audio, blocks))


def _manifest(bank: Bank, files: Mapping[str, bytes]) -> bytes:
    root = etree.Element("manifest", {"identifier": as_name(bank.head.id)})
    root.set("xmlns", _CP)
    metadata = etree.SubElement(root, "metadata")
    etree.SubElement(metadata, "schema").text = "QTI Package"
    etree.SubElement(metadata, "schemaversion").text = "3.0.0"
    etree.SubElement(root, "organizations")
    resources = etree.SubElement(root, "resources")
    for number, name in enumerate(sorted(files), start=1):
        kind = _KINDS.get(name.partition("/")[0], "webcontent")
        _resource(resources, f"r.{number}", name, kind)  # no id of a bank has a point
    return document(root)


def _resource(parent: Element, identifier: str, name: str, kind: str) -> None:
    said = {"identifier": identifier, "type": kind, "href": name}
    etree.SubElement(etree.SubElement(parent, "resource", said), "file", {"href": name})


def _zipped(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(files, key=lambda one: (one != "imsmanifest.xml", one)):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            package.writestr(entry, files[name])
    return target.getvalue()
