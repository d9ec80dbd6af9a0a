"""Foreign banks into our own format: one row a format in `FORMATS`, recognised by content.

The steps of an import:

1. The first format that recognises the source reads it.
2. Each question is converted, or refused with its reason (`foreign.py`).
3. Questions with the same stem become one enemy set of their section, so that no form shows two of them; the whole
   question again in another section is refused, because no draw could keep the two apart.
4. A blueprint is fitted to what is there: up to 110 items spread over the sections.
5. Bank, blueprint and report are written into a new folder, and the bank is read back and compared.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeAlias

from msgspec import Struct

from cbt_station.banks import aiken, gift, moodle, p3k, sheets, word
from cbt_station.banks.bank import Bank, BankHead, BankItem, ItemText, SectionHead
from cbt_station.banks.foreign import (
    RIGHT_POINTS,
    Converted,
    ForeignBank,
    ForeignItem,
    ForeignQuestion,
    Outcome,
    Remark,
    convert,
    remark,
)
from cbt_station.banks.lint import normal
from cbt_station.banks.markdown_writer import body_text
from cbt_station.banks.native import read_bank
from cbt_station.banks.writing import write_bank
from cbt_station.errors import Refusal, Trouble
from cbt_station.exam.blueprint import TOTAL, Blueprint, BlueprintCell, ExtraTime, Ranking, Section
from cbt_station.exam.content import as_text
from cbt_station.exam.interactions import contents_of, is_shuffled, ordered_options
from cbt_station.exam.item import OptionScores, Shown
from cbt_station.words import words_in

Reader: TypeAlias = Callable[[Path], ForeignBank | None]
FORMATS: Final[tuple[Reader, ...]] = (p3k.read, sheets.read, word.read, moodle.read, aiken.read, gift.read)
"""Each reads a source that it recognises (a file, a folder or an archive) and answers None for any other."""

REPORT: Final = "import-report.md"
BLUEPRINT: Final = "form-110.yaml"
FORM_ITEMS: Final = 110
FORM_MINUTES: Final = 100
ANY: Final = "umum"
"""Topic and level of questions whose file names none."""


class ImportedQuestion(Struct, frozen=True, forbid_unknown_fields=True):
    """What became of one question: `reasons` are its losses, or why it was refused; `remarks` took nothing away."""

    place: str
    outcome: Outcome
    item: str | None = None
    reasons: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()


class ImportReport(Struct, frozen=True, forbid_unknown_fields=True):
    """What became of a source, question by question, in its order."""

    source: str
    format: str
    bank: str
    blueprint: str
    form_items: int
    counts: dict[str, int]
    questions: tuple[ImportedQuestion, ...]


@dataclass
class _Question:
    """A question on its way through the steps."""

    foreign: ForeignQuestion
    converted: Converted
    section: str
    item: str
    enemies: str | None = None
    remarks: list[Remark] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        return self.converted.fault is not None

    @property
    def shown(self) -> ForeignItem:
        """The item; only of a question that is not refused."""
        if self.converted.item is None:
            raise AssertionError("a refused question has no item")
        return self.converted.item

    @property
    def first(self) -> Shown:
        """The item in its first language."""
        return next(iter(self.shown.languages.values()))

    def refuse(self, reason: Remark) -> None:
        self.converted = replace(self.converted, fault=reason)


def import_bank(source: Path, target: Path, *, lang: str = "id") -> ImportReport:
    """Import any supported format into a new folder; the report is also written there, in `lang`."""
    foreign = _recognised(source)
    questions = _convert(foreign)
    _mark_option_counts(questions)
    _mark_repeats(questions)
    good = [question for question in questions if not question.refused]
    if not good:
        raise Refusal("import-nothing", where=source.name, count=len(questions))
    bank = _bank(foreign, good)
    blueprint = _blueprint(bank)
    report = _report(source, foreign, bank, blueprint, questions)
    write_bank(bank, target, {BLUEPRINT: blueprint})
    try:
        (target / REPORT).write_text(report_text(report, lang), encoding="utf-8", newline="\n")
    except OSError as error:
        raise Trouble("bank-not-written", where=str(target), reason=error.strerror or "") from error
    if read_bank(target) != bank:
        raise AssertionError("a bank that was just written reads back as another one")
    return report


def _recognised(source: Path) -> ForeignBank:
    """Step 1. A folder that no format knows as such and that holds one file is that file."""
    if not source.exists():
        raise Trouble("import-source-not-there", where=str(source))
    candidates = [source]
    if source.is_dir():
        files = sorted(path for path in source.iterdir() if path.is_file() and not path.name.startswith("."))
        candidates += files if len(files) == 1 else [path for path in files if path.suffix == ".json"][:1]
    for candidate in candidates:
        for read in FORMATS:
            foreign = read(candidate)
            if foreign is not None:
                return foreign
    raise Refusal("import-format-unknown", where=source.name)


def _convert(foreign: ForeignBank) -> list[_Question]:
    """Step 2. An item is named by its section and its place in it, so that a later import names it the same."""
    sections = _section_ids(foreign.sections)
    numbers: Counter[str] = Counter()
    questions = []
    for question in foreign.questions:
        section = sections[question.section]
        numbers[section] += 1
        item = f"{section}-{numbers[section]:03d}"
        made = _Question(question, convert(question, foreign.language), section, item)
        if not made.refused:
            _require_writable(made)
        questions.append(made)
    return questions


def _require_writable(question: _Question) -> None:
    """A text that our dialect cannot say would be another text: refused."""
    try:
        for shown in question.shown.languages.values():
            options = {option.id: option.content for option in ordered_options(shown.interaction)}
            body_text(shown.stem, options, question.item)
    except Refusal:
        question.refuse(remark("text-not-writable"))


def _section_ids(names: Iterable[str]) -> dict[str, str]:
    """An id for each section of a source: its name in lower case with hyphens, numbered where that is taken."""
    ids: dict[str, str] = {}
    for number, name in enumerate(names, 1):
        slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:40]
        if not slug or slug == TOTAL or slug in ids.values():
            slug = f"bagian-{number}"
        ids[name] = slug
    return ids


def _mark_option_counts(questions: list[_Question]) -> None:
    """A number of options other than the usual one of the file is worth a look."""
    counts = Counter(
        len(ordered_options(question.first.interaction)) for question in questions if not question.refused
    )
    usual = max(counts, key=lambda count: (counts[count], -count), default=0)
    for question in questions:
        count = usual if question.refused else len(ordered_options(question.first.interaction))
        if count != usual:
            question.remarks.append(remark("option-count-unusual", count=count, usual=usual))


def _mark_repeats(questions: list[_Question]) -> None:
    """Step 3."""
    first_whole: dict[object, _Question] = {}
    first_stem: dict[str, _Question] = {}
    sets: dict[tuple[str, str], list[_Question]] = defaultdict(list)
    for question in questions:
        if question.refused:
            continue
        stem = normal(as_text(question.first.stem))
        whole = (
            stem,
            frozenset(normal(as_text(content)) for content in contents_of(question.first.interaction)),
        )
        same = first_whole.setdefault(whole, question)
        if same.section != question.section:
            question.refuse(remark("repeated-in-other-section", other=same.foreign.place))
            continue
        earlier = first_stem.setdefault(stem, question)
        if earlier is not question:
            question.remarks.append(_repeat(question, same, earlier))
        sets[question.section, stem].append(question)
    for members in sets.values():
        for question in members if len(members) > 1 else ():
            question.enemies = f"sama-{members[0].item}"


def _repeat(question: _Question, same: _Question, earlier: _Question) -> Remark:
    """The remark on a question whose whole, or whose stem, stood earlier."""
    if same is not question:
        return remark("question-repeated", other=same.foreign.place)
    if earlier.section != question.section:
        return remark("stem-repeated-elsewhere", other=earlier.foreign.place)
    return remark("stem-repeated", other=earlier.foreign.place)


def _bank(foreign: ForeignBank, questions: list[_Question]) -> Bank:
    used = {question.section for question in questions}
    titles = {
        _id: foreign.sections[name] for name, _id in _section_ids(foreign.sections).items() if _id in used
    }
    head = BankHead(
        id=re.sub(r"[^A-Za-z0-9]+", "-", foreign.name).strip("-")[:64] or "bank",
        title={foreign.language: foreign.title},
        licence="sebagaimana sumbernya",
        author=f"diimpor dari {foreign.format}",
        languages=(foreign.language,),
        sections={
            name: SectionHead(
                name, {foreign.language: _printable(title)}, (ANY,), (ANY,), RIGHT_POINTS, Decimal(0)
            )
            for name, title in titles.items()
        },
    )
    items = tuple(_item(question) for question in questions)
    return Bank(head, tuple(sorted(items, key=lambda item: item.id)))


def _printable(title: str) -> str:
    return "".join(character if character.isprintable() else " " for character in title).strip() or "–"


def _item(question: _Question) -> BankItem:
    rule, interaction = question.shown.rule, question.first.interaction
    if not isinstance(rule, OptionScores):
        raise AssertionError("only plain choices so far")
    right = [option for option, score in rule.scores.items() if score == RIGHT_POINTS]
    return BankItem(
        id=question.item,
        file=f"items/{question.section}/{question.item}.md",
        section=question.section,
        topic=ANY,
        level=ANY,
        languages={
            language: ItemText(
                shown.stem, {option.id: option.content for option in ordered_options(shown.interaction)}
            )
            for language, shown in question.shown.languages.items()
        },
        key=right[0],
        enemies=question.enemies,
        shuffle=is_shuffled(interaction),
        source=_printable(question.foreign.place),
    )


def _blueprint(bank: Bank) -> Blueprint:
    """Step 4. A section's units: its items, an enemy set counting once."""
    units = {
        name: len({item.enemies or item.id for item in bank.items if item.section == name})
        for name in bank.head.sections
    }
    counts = spread(units, FORM_ITEMS)
    total = sum(counts.values())
    allotted_ms = max(1, -(-total * FORM_MINUTES // FORM_ITEMS)) * 60_000
    return Blueprint(
        id=f"{bank.head.id}-{total}"[:64],
        title=bank.head.title,
        languages=bank.head.languages,
        allotted_ms=allotted_ms,
        sections=tuple(
            Section(
                id=name,
                title=section.title,
                cells=(BlueprintCell(counts[name]),),
                most=RIGHT_POINTS * counts[name],
            )
            for name, section in bank.head.sections.items()
        ),
        thresholds={"general": ()},
        ranking=Ranking(quota_multiple=3, order=(TOTAL,)),
        extra_time=(ExtraTime("additionalTestingTime", allotted_ms * 13 // 10),),
        warnings_ms=tuple(ms for ms in (1_800_000, 900_000, 300_000, 60_000) if ms < allotted_ms),
        show_score=True,
        source="Disusun saat impor menurut banyaknya soal; bukan ketentuan ujian",
    )


def spread(units: dict[str, int], most: int) -> dict[str, int]:
    """`most` items (or all, if there are fewer) over sections by their size: largest remainder, at least one each."""
    total = sum(units.values())
    wanted = min(most, total)
    counts = {name: max(1, size * wanted // total) for name, size in units.items()}
    by_remainder = sorted(units, key=lambda name: (-(units[name] * wanted % total), name))
    while (
        short := wanted - sum(counts.values())
    ) > 0:  # `wanted` is at most `total`, so some section has room
        for name in [name for name in by_remainder if counts[name] < units[name]][:short]:
            counts[name] += 1
    while sum(counts.values()) > wanted and max(counts.values()) > 1:
        counts[max(counts, key=lambda name: (counts[name], name))] -= 1
    return counts


def _report(
    source: Path, foreign: ForeignBank, bank: Bank, blueprint: Blueprint, questions: list[_Question]
) -> ImportReport:
    rows = tuple(_row(question) for question in questions)
    counts = Counter(row.outcome for row in rows)
    return ImportReport(
        source=source.name,
        format=foreign.format,
        bank=bank.head.id,
        blueprint=f"blueprints/{BLUEPRINT}",
        form_items=blueprint.count,
        counts={"exact": counts["exact"], "lossy": counts["lossy"], "refused": counts["refused"]},
        questions=rows,
    )


def _row(question: _Question) -> ImportedQuestion:
    fault, losses = question.converted.fault, question.converted.losses
    remarks = (*question.converted.remarks, *question.remarks)
    if fault is not None:
        return ImportedQuestion(question.foreign.place, "refused", None, (fault,), ())
    return ImportedQuestion(
        question.foreign.place, "lossy" if losses else "exact", question.item, losses, remarks
    )


def report_text(report: ImportReport, lang: str) -> str:
    """The report for people: the counts, then every question that needs a look."""
    words = words_in(lang)
    lines = [
        f"# {words('import.report-title', source=report.source)}",
        "",
        words("import.report-counts", total=len(report.questions), **report.counts),
        words("import.report-form", blueprint=report.blueprint, items=report.form_items),
        "",
    ]
    for question in report.questions:
        notes = [note.sentence(words) for note in (*question.reasons, *question.remarks)]
        if notes:
            outcome = words(f"import.outcome-{question.outcome}")
            name = f" → {question.item}" if question.item else ""
            lines.append(f"- `{question.place}`{name} ({outcome}): {' '.join(notes)}")
    return "\n".join(lines).rstrip("\n") + "\n"
