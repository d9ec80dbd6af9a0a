"""A QTI package that we wrote comes back as the bank that it was.

1. The bank's own texts in the package are read as any bank is.
2. Each item's file is read as any QTI item is, and so is what we would write of the bank's item. Where both say the same,
   the author's text stands, byte for byte; what the file says otherwise (stem, interaction, scoring, shared text, title,
   feedback) counts, and the item is written anew with all the rest as its author had it.
3. Shared texts and tests are not read back: one that is not as we would write it is a named loss.
4. A package with items that the bank does not know, or without an item of it, is no longer ours: it is imported as any other.
"""

import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from cbt_station.banks.bank import Bank, BankItem
from cbt_station.banks.blueprint_file import read_blueprint
from cbt_station.banks.export_qti3 import FORMAT, OWN, item_files, item_says, package_files, package_tests
from cbt_station.banks.foreign import QuestionRefused, Remark, remark
from cbt_station.banks.import_report import ImportedQuestion, ImportReport
from cbt_station.banks.native import HEAD, read_bank
from cbt_station.banks.qti.manifest import MANIFEST
from cbt_station.banks.qti.source import Archive, is_zip
from cbt_station.banks.whole_folder import fill_folder
from cbt_station.banks.writing import checked_media, item_text
from cbt_station.errors import Failure, Refusal, Trouble
from cbt_station.exam.blueprint import Blueprint
from cbt_station.exam.item import ScoringRule, Shown
from cbt_station.storage.files import disk_troubles

_PARTS: Final = ("items/", "media/", "stimuli/", "tests/")


def returned(source: Path) -> tuple[ImportReport, dict[str, bytes]] | None:
    """What became of a package of ours, and its bank as files; None for anything else."""
    files = _files(source)
    if files is None:
        return None
    own = {name.removeprefix(OWN): data for name, data in files.items() if name.startswith(OWN)}
    own |= {name: data for name, data in files.items() if name.startswith("media/")}
    try:
        bank, blueprints = _read(own)
    except Trouble:
        raise  # the disk's: no reason to take the package for another one
    except Failure:
        return None  # the importers say what is wrong with it
    there = {name for name in files if name.startswith("items/")}
    if there != {name for item in bank.items for name in item_files(item).values()}:
        return None
    questions = []
    for item in bank.items:
        question, text = _question(bank, item, files)
        questions.append(question)
        if text is not None:
            own[item.file] = text
        elif question.outcome == "refused":
            del own[item.file]
    counts = Counter(question.outcome for question in questions)
    if counts["refused"] == len(questions):
        return None
    report = ImportReport(
        source=source.name,
        format=FORMAT,
        bank=bank.head.id,
        blueprints={f"blueprints/{name}": one.count for name, one in blueprints.items()},
        counts={"exact": counts["exact"], "lossy": counts["lossy"], "refused": counts["refused"]},
        questions=tuple(questions),
        losses=_lost(bank, blueprints, files),
    )
    return report, own


def holds_a_bank(source: Path) -> bool:
    """Whether a package was ours once: importing it as any other leaves the bank's own texts aside."""
    return _files(source, only=OWN + HEAD) is not None


def _files(source: Path, only: str = "") -> dict[str, bytes] | None:
    """What a package with a bank of ours holds; None for anything else, and where another file may hold questions."""
    if not source.is_file() or not is_zip(source):
        return None
    try:
        with source.open("rb") as file:
            package = Archive(source.name, file)
            names = package.names()
            if OWN + HEAD not in names:
                return None
            if only:
                return {only: package.read(only)}
            if any(_is_elsewhere(name) for name in names):
                return None
            return {name: package.read(name) for name in names if _is_text(name) or name.startswith(_PARTS)}
    except (Failure, OSError):
        return None


def _is_elsewhere(name: str) -> bool:
    is_ours = name == MANIFEST or name.startswith((OWN, *_PARTS))
    return not is_ours and name.lower().endswith((".xml", ".qti"))


def _is_text(name: str) -> bool:
    """Whether a file in our folder is one that a bank has: nothing else is ever written anywhere."""
    own = name.removeprefix(OWN)
    return own != name and (
        own == HEAD
        or (own.startswith(("items/", "stimuli/")) and own.endswith(".md"))
        or (own.startswith("blueprints/") and own.endswith(".yaml"))
    )


def _read(own: dict[str, bytes]) -> tuple[Bank, dict[str, Blueprint]]:
    """The bank that our folder of the package holds, and its blueprints by file name."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "bank"
        with disk_troubles(directory):
            fill_folder(own, directory, durably=False)
        bank = read_bank(directory)
        paths = sorted((directory / "blueprints").glob("*.yaml"))
        return bank, {path.name: read_blueprint(path) for path in paths}


@dataclass
class _Said:
    """An item with what its files say otherwise than we wrote it."""

    item: BankItem
    rules: list[ScoringRule] = field(default_factory=list)
    losses: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def _question(
    bank: Bank, item: BankItem, files: Mapping[str, bytes]
) -> tuple[ImportedQuestion, bytes | None]:
    """Step 2 of one item: what became of it, and its new text where its files say something else."""
    media = {name.partition("/")[2]: data for name, data in files.items() if name.startswith("media/")}
    written = package_files(replace(bank, items=(item,), stimuli=(), media={}))
    changed = [language for language, name in item_files(item).items() if files[name] != written[name]]
    place = next(iter(item_files(item).values()))
    said = _Said(item)
    try:
        for language in changed:
            name = item_files(item)[language]
            _compare(said, item, language, written[name], files[name], media)
        _check(said, bank)
        if said.item == item and not said.losses:
            return ImportedQuestion(place, "exact", item.id), None
        text = item_text(bank.head, said.item, checked_media(media)).encode()
    except QuestionRefused as refused:
        return ImportedQuestion(place, "refused", None, (refused.reason,)), None
    except Refusal as refusal:
        reason = remark("text-not-writable", problem=refusal.facts.get("problem", ""))
        return ImportedQuestion(place, "refused", None, (reason,)), None
    remarks = (remark("qti-changed-since"), *said.remarks)
    outcome = "lossy" if said.losses else "exact"
    question = ImportedQuestion(place, outcome, item.id, tuple(said.losses), remarks)  # type: ignore[arg-type]
    return question, None if said.item == item else text


def _compare(
    said: _Said, item: BankItem, language: str, written: bytes, file: bytes, media: Mapping[str, bytes]
) -> None:
    """What one file says otherwise. Raises QuestionRefused."""
    before, page_before = item_says(written, language, media)
    now, page = item_says(file, language, media)
    own, was, new = item.languages[language], before.languages[language], now.languages[language]
    stem = own.stem if new.stem == was.stem else new.stem
    interaction = own.interaction if new.interaction == was.interaction else new.interaction
    said.item = replace(said.item, languages=said.item.languages | {language: Shown(stem, interaction)})
    # What QTI could not say of the bank's item is gone where the file's own word counts.
    unsaid = own.stem not in (stem, was.stem) or own.interaction not in (interaction, was.interaction)
    if now.rule != before.rule:
        said.rules.append(now.rule)
        unsaid = unsaid or before.rule != item.rule
    if now.stimulus != before.stimulus:
        said.item = replace(said.item, stimulus=now.stimulus)
    if now.title != before.title:
        said.item = replace(said.item, title=now.title)
    if now.note:
        said.item = replace(said.item, note="\n".join(filter(None, (said.item.note, now.note))))
    lost = [loss for loss in page.losses if new != was or loss not in page_before.losses]
    if unsaid:
        lost.append(remark("qti-settings-lost", language=language))
    said.losses += [loss for loss in lost if loss not in said.losses]
    said.remarks += [one for one in page.remarks if one not in (*page_before.remarks, *said.remarks)]


def _check(said: _Said, bank: Bank) -> None:
    """The item has one rule, and a shared text that is there. Raises QuestionRefused."""
    if any(rule != said.rules[0] for rule in said.rules):
        raise QuestionRefused(remark("qti-rules-differ"))
    if said.rules:
        said.item = replace(said.item, rule=said.rules[0])
    stimulus = said.item.stimulus
    if stimulus is not None and stimulus not in {one.id for one in bank.stimuli}:
        raise QuestionRefused(remark("stimulus-missing", stimulus=stimulus[:60]))


def _lost(bank: Bank, blueprints: Mapping[str, Blueprint], files: Mapping[str, bytes]) -> tuple[Remark, ...]:
    """Step 3."""
    stimuli = package_files(replace(bank, items=(), media={}))
    tests = package_tests(bank, blueprints)
    added = [name for name in files if name.startswith("tests/") and name not in tests]
    return (
        *(
            remark("qti-stimulus-changed", file=name)
            for name, data in stimuli.items()
            if files.get(name) != data
        ),
        *(remark("qti-test-changed", file=name) for name, data in tests.items() if files.get(name) != data),
        *(remark("qti-test-changed", file=name) for name in added),
    )
