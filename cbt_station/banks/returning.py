"""A QTI package that we wrote comes back as the bank that it was.

1. The bank's own texts in the package are read as any bank is.
2. Each item's file is read as any QTI item is, and so is what we would write of the bank's item. Where both say the same,
   the author's text stands, byte for byte; where the file says something else, the file counts and the item is written anew.
3. A package with items that the bank does not know, or without an item of it, is no longer ours: it is imported as any other.
"""

import tempfile
from dataclasses import replace
from pathlib import Path

from cbt_station.banks.bank import Bank, BankItem
from cbt_station.banks.blueprint_file import read_blueprint
from cbt_station.banks.export_qti3 import FORMAT, OWN, item_files, item_says, package_files
from cbt_station.banks.foreign import ForeignItem, Outcome, QuestionRefused, Remark, remark
from cbt_station.banks.import_report import ImportedQuestion, ImportReport
from cbt_station.banks.native import read_bank
from cbt_station.banks.qti.source import Archive, is_zip
from cbt_station.banks.writing import checked_media, item_text, write_files
from cbt_station.errors import Failure, Refusal


def returned(source: Path, target: Path) -> ImportReport | None:
    """Write the bank of a package of ours into a new folder; None for anything else."""
    if not source.is_file() or not is_zip(source):
        return None
    try:
        with source.open("rb") as file:
            package = Archive(source.name, file)
            files = {name: package.read(name) for name in package.names() if _is_of_a_bank(name)}
    except (Failure, OSError):
        return None  # the importers say what is wrong with it
    own = {name.removeprefix(OWN): data for name, data in files.items() if name.startswith(OWN)}
    own |= {name: data for name, data in files.items() if name.startswith("media/")}
    bank, first, items = _read(own)
    if bank is None:
        return None
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
    write_files(own, target)
    counts = {kind: sum(one.outcome == kind for one in questions) for kind in ("exact", "lossy", "refused")}
    return ImportReport(
        source.name, FORMAT, bank.head.id, f"blueprints/{first}" if first else "", items, counts,
        tuple(questions), _lost(bank, files),
    )  # fmt: skip


def _is_of_a_bank(name: str) -> bool:
    return name.startswith((OWN, "items/", "media/", "stimuli/"))


def _read(own: dict[str, bytes]) -> tuple[Bank | None, str, int]:
    """The bank that our folder of the package holds, its first blueprint, and how many items that asks for."""
    if "bank.yaml" not in own:
        return None, "", 0
    with tempfile.TemporaryDirectory() as folder:
        try:
            directory = Path(folder) / "bank"
            write_files(own, directory)
            bank = read_bank(directory)
            blueprints = sorted((directory / "blueprints").glob("*.yaml"))
            items = read_blueprint(blueprints[0]).count if blueprints else 0
        except Failure:
            return None, "", 0
    return bank, blueprints[0].name if blueprints else "", items


def _question(bank: Bank, item: BankItem, files: dict[str, bytes]) -> tuple[ImportedQuestion, bytes | None]:
    """Step 2 of one item: what became of it, and its new text where the file says something else."""
    media = {name.partition("/")[2]: data for name, data in files.items() if name.startswith("media/")}
    named = item_files(item)
    place = next(iter(named.values()))
    written = package_files(replace(bank, items=(item,), stimuli=(), media={}))
    losses: list[Remark] = []
    says: dict[str, ForeignItem] = {}
    try:
        for language, name in named.items():
            if files[name] == written[name]:
                continue
            now, lost = item_says(files[name], language, media)
            if _same(now, written[name], language, media):
                continue
            says[language] = now
            losses += lost
    except QuestionRefused as refused:
        return ImportedQuestion(place, "refused", None, (refused.reason,)), None
    if not says:
        return ImportedQuestion(place, "exact", item.id), None
    shown = item.languages | {language: one.languages[language] for language, one in says.items()}
    changed = replace(item, languages=shown, rule=next(iter(says.values())).rule)
    try:
        text = item_text(bank.head, changed, checked_media(bank.media)).encode()
    except Refusal as refusal:
        reason = remark("text-not-writable", problem=refusal.facts.get("problem", ""))
        return ImportedQuestion(place, "refused", None, (reason,)), None
    outcome: Outcome = "lossy" if losses else "exact"
    return ImportedQuestion(place, outcome, item.id, tuple(losses), (remark("qti-changed-since"),)), text


def _same(now: ForeignItem, written: bytes, language: str, media: dict[str, bytes]) -> bool:
    before, _ = item_says(written, language, media)
    return (now.languages, now.rule, now.stimulus) == (before.languages, before.rule, before.stimulus)


def _lost(bank: Bank, files: dict[str, bytes]) -> tuple[Remark, ...]:
    """Shared texts that another program changed are not read: named."""
    written = package_files(replace(bank, items=(), media={}))
    changed = [name for name, data in written.items() if files.get(name) != data]
    return tuple(remark("qti-stimulus-changed", file=name) for name in changed)
