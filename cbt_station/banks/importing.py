"""Foreign banks into our own format: one row a format in `FORMATS`, recognised by content.

The steps of an import:

1. The first format that recognises the source reads it.
2. Each question becomes an item in our model, or is refused with its reason (`foreign.py`); names become ids.
3. Questions that ask the same become one enemy set of their section, so that no form shows two of them; the whole
   question again in another section is refused, because no draw could keep the two apart.
4. What our text cannot say is refused; what a section gives for a right answer is what most of its items give.
5. The blueprints: the source's own exams, or one that is fitted to what is there (`import_blueprint.py`).
6. Bank, blueprints and report are written into a new folder, and the bank is read back and compared.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeAlias

from cbt_station.banks import aiken, gift, moodle, p3k, sheets, word
from cbt_station.banks.bank import Bank, BankHead, BankItem, BankStimulus, SectionHead
from cbt_station.banks.body import Files
from cbt_station.banks.faults import Faulty
from cbt_station.banks.fields import DECIMAL
from cbt_station.banks.foreign import (
    MOST_NOTE,
    Converted,
    ForeignBank,
    ForeignItem,
    ForeignQuestion,
    Remark,
    convert,
    remark,
)
from cbt_station.banks.formulas import PREFIX
from cbt_station.banks.import_blueprint import blueprints_for
from cbt_station.banks.import_names import Ids, language_id, printable, section_ids, topic_id
from cbt_station.banks.import_report import REPORT, ImportedQuestion, ImportReport, report_text
from cbt_station.banks.lint import asks, normal
from cbt_station.banks.marks import Points
from cbt_station.banks.native import HEAD, check_media, read_bank
from cbt_station.banks.qti import reading
from cbt_station.banks.returning import holds_a_bank, returned
from cbt_station.banks.settling import settled, settled_blocks
from cbt_station.banks.source_text import hidden_character
from cbt_station.banks.whole_folder import write_files
from cbt_station.banks.writing import item_text, stimulus_text, write_bank
from cbt_station.errors import Refusal, Trouble
from cbt_station.exam.blueprint import Blueprint
from cbt_station.exam.content import Blocks, as_text, media_in
from cbt_station.exam.interactions import ChoiceInteraction, contents_of, ordered_options
from cbt_station.exam.item import OptionScores, Shown, ShownItem, contents, require_modest_item
from cbt_station.exam.processing import Processing
from cbt_station.words import words_in

Reader: TypeAlias = Callable[[Path], ForeignBank | None]
FORMATS: Final[tuple[Reader, ...]] = (
    p3k.read,
    sheets.read,
    word.read,
    moodle.read,
    reading.read,
    aiken.read,
    gift.read,
)
"""Each reads a source that it recognises (a file, a folder or an archive) and answers None for any other."""

_REASONS: Final = 5


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
    """Import any supported format into a new folder; the report is also written there, in `lang`.

    A package of ours that comes back as it went out has nothing to report, and its folder is the bank's alone.
    """
    own = returned(source)
    if own is not None:
        report, files = own
        if report.losses or any(question.reasons or question.remarks for question in report.questions):
            files |= _as_file(report, lang)
        write_files(files, target)
        return report
    foreign = recognised(source)
    if holds_a_bank(source):
        foreign = replace(foreign, losses=(*foreign.losses, remark("qti-own-unused")))
    one = _Import(foreign)
    if not one.questions:
        raise Refusal("import-empty", where=source.name, format=foreign.format)
    if not one.good:
        rows = tuple(_row(question) for question in one.questions)
        raise Refusal(
            "import-nothing", where=source.name, count=len(rows), reasons=_first_reasons(rows, lang)
        )
    bank = one.bank()
    blueprints, losses = blueprints_for(bank, foreign, one.sections, one.item_ids())
    report = _report(
        source,
        replace(foreign, losses=(*foreign.losses, *one.lost_texts(), *losses)),
        bank,
        blueprints,
        one.questions,
    )
    write_bank(bank, target, blueprints, _as_file(report, lang))
    _require_same(bank, read_bank(target))
    return report


def _as_file(report: ImportReport, lang: str) -> dict[str, bytes]:
    return {REPORT: report_text(report, lang).encode()}


def judged(foreign: ForeignBank) -> tuple[ImportedQuestion, ...]:
    """What becomes of each question, without writing anything."""
    return tuple(_row(question) for question in _Import(foreign).questions)


def _first_reasons(rows: tuple[ImportedQuestion, ...], lang: str) -> str:
    """Why the first few were refused, in words."""
    words = words_in(lang)
    said = [f"{row.place}: {one.sentence(words)}" for row in rows[:_REASONS] for one in row.reasons]
    return " ".join(said) + (" …" if len(rows) > _REASONS else "")


def _require_same(bank: Bank, read: Bank) -> None:
    """Drawings of formulas are made when a bank is read: that they are the same is in the formulas themselves."""
    own = {name: data for name, data in read.media.items() if not name.startswith(PREFIX)}
    if replace(read, media=own) != bank:
        raise AssertionError("a bank that was just written reads back as another one")


def recognised(source: Path) -> ForeignBank:
    """Step 1. A folder that no format knows as such and that holds one file is that file."""
    if not source.exists():
        raise Trouble("import-source-not-there", where=str(source))
    if (source / HEAD).is_file():
        raise Refusal("import-is-a-bank", where=source.name)
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


class _Import:
    """One source on its way into a bank."""

    def __init__(self, foreign: ForeignBank) -> None:
        self.foreign = foreign
        self.language = language_id(foreign.language)
        self.sections = section_ids(foreign.sections)
        self.files, self._bad_files = _checked(foreign.media)
        names = Ids()
        self._stimulus_ids = {
            name: names.of(name, f"teks-{number}") for number, name in enumerate(foreign.stimuli, 1)
        }
        self.stimuli = {name: self._stimulus(name, content) for name, content in foreign.stimuli.items()}
        self._bad_stimuli: set[str] = set()
        self.questions = self._converted()
        self._usable()
        _mark_option_counts(self.questions)
        _mark_repeats(self.questions)
        self._writable()

    @property
    def good(self) -> list[_Question]:
        return [question for question in self.questions if not question.refused]

    def item_ids(self) -> dict[str, str]:
        """Our ids by the source's own, of the items that came in."""
        return {question.shown.id: question.item for question in self.good if question.shown.id is not None}

    def lost_texts(self) -> tuple[Remark, ...]:
        """Shared texts that cannot come in, and that no question is refused for."""
        named = {one.item.stimulus for one in self.foreign.questions if one.item is not None}
        return tuple(
            remark("stimulus-not-writable", stimulus=name) for name in sorted(self._bad_stimuli - named)
        )

    def _converted(self) -> list[_Question]:
        """Step 2. An item without a name of its own is named by its section and its place in it."""
        numbers: Counter[str] = Counter()
        ids = Ids()
        questions = []
        for question in self.foreign.questions:
            section = self.sections[question.section]
            numbers[section] += 1
            made = convert(question, self.language)
            own = made.item.id if made.item is not None else None
            item = ids.of(own, f"{section}-{numbers[section]:03d}")
            questions.append(_Question(question, made, section, item))
        return questions

    def _stimulus(self, name: str, content: dict[str, Blocks]) -> BankStimulus:
        own = self._stimulus_ids[name]
        shown = {language_id(language): settled_blocks(blocks) for language, blocks in content.items()}
        return BankStimulus(own, f"stimuli/{own}.md", shown)

    def _usable(self) -> None:
        """Everything that an item names is there and may be in a bank."""
        for question in self.good:
            item = question.shown
            if item.stimulus is not None and item.stimulus not in self.stimuli:
                question.refuse(remark("stimulus-missing", stimulus=item.stimulus))
                continue
            languages = {language_id(language): shown for language, shown in item.languages.items()}
            try:
                require_modest_item(ShownItem(question.item, languages))
            except Refusal as refusal:
                question.refuse(remark("content-too-much", **refusal.facts))
                continue
            made = settled(replace(item, languages=languages), section=Points(None))
            question.converted = replace(question.converted, item=made)
            for name in sorted(_media_of(made.languages.values())):
                if name in self._bad_files:
                    question.refuse(remark("media-refused", name=name, problem=self._bad_files[name]))
                elif name not in self.files and not name.startswith(PREFIX):
                    question.refuse(remark("media-missing", name=name))

    def _writable(self) -> None:
        """Step 4. A text that our dialect cannot say would be another text: refused."""
        if not self.good:
            return
        head = self._head(self.good)
        for name, stimulus in self.stimuli.items():
            try:
                stimulus_text(head, stimulus, self.files)
            except Refusal:
                self._bad_stimuli.add(name)
        for question in self.good:
            if question.shown.stimulus in self._bad_stimuli:
                question.refuse(remark("stimulus-not-writable", stimulus=question.shown.stimulus))
                continue
            try:
                item_text(head, self._item(question), self.files)
            except Refusal as refusal:
                question.refuse(remark("text-not-writable", problem=refusal.facts.get("problem", "")))

    def bank(self) -> Bank:
        """The bank of everything that came in; a text that no question of it names may be wanted by one that will be."""
        head = self._head(self.good)
        items = tuple(self._item(question) for question in self.good)
        stimuli = tuple(one for name, one in self.stimuli.items() if name not in self._bad_stimuli)
        media = _media_of(shown for item in items for shown in item.languages.values())
        media |= {name for one in stimuli for blocks in one.content.values() for name in media_in(blocks)}
        return Bank(
            head=head,
            items=tuple(sorted(items, key=lambda item: item.id)),
            stimuli=tuple(sorted(stimuli, key=lambda one: one.id)),
            media={name: self.foreign.media[name] for name in sorted(media) if not name.startswith(PREFIX)},
        )

    def _head(self, questions: list[_Question]) -> BankHead:
        foreign = self.foreign
        languages = {self.language: None} | {
            language: None for question in questions for language in question.shown.languages
        }
        sections = {
            own: self._section(own, foreign.sections[name], [one for one in questions if one.section == own])
            for name, own in self.sections.items()
            if any(one.section == own for one in questions)
        }
        return BankHead(
            id=re.sub(r"[^A-Za-z0-9]+", "-", foreign.name).strip("-")[:64].strip("-") or "bank",
            title={self.language: printable(foreign.title)},
            licence=printable(foreign.licence or "sebagaimana sumbernya"),
            author=printable(foreign.author or f"diimpor dari {foreign.format}"),
            languages=tuple(languages),
            sections=sections,
        )

    def _section(self, name: str, title: str, questions: list[_Question]) -> SectionHead:
        points = _usual_points(question.shown for question in questions)
        return SectionHead(
            id=name,
            title={self.language: printable(title)},
            topics=tuple(dict.fromkeys(topic_id(question.shown.topic) for question in questions)),
            levels=tuple(dict.fromkeys(topic_id(question.shown.level) for question in questions)),
            right=points.right,
            wrong=points.wrong,
        )

    def _item(self, question: _Question) -> BankItem:
        item = question.shown
        return BankItem(
            id=question.item,
            file=f"items/{question.section}/{question.item}.md",
            section=question.section,
            topic=topic_id(item.topic),
            level=topic_id(item.level),
            languages=item.languages,
            rule=item.rule,
            enemies=None if item.stimulus else question.enemies,
            stimulus=None if item.stimulus is None else self._stimulus_ids[item.stimulus],
            title=printable(item.title) if item.title and item.title.strip() else None,
            source=printable(question.foreign.place),
            note=_printable_lines(item.note),
        )


def _checked(media: Mapping[str, bytes]) -> tuple[Files, dict[str, str]]:
    """The media as a reader of our format has them, and what is wrong with those that it would refuse."""
    good, bad = {}, {}
    for name, data in media.items():
        if name.startswith(PREFIX):
            continue
        try:
            good[name] = check_media(name, data)
        except Faulty as faulty:
            bad[name] = faulty.code
    return good, bad


def _media_of(languages: Iterable[Shown]) -> set[str]:
    return {name for shown in languages for blocks in contents(shown) for name in media_in(blocks)}


def _usual_points(items: Iterable[ForeignItem]) -> Points:
    """What most items of a section give for a right answer and for a wrong one; nothing where no item says so."""
    found = Counter(points for item in items if (points := _points_of(item)) is not None)
    if not found:
        return Points(None)
    return min(found, key=lambda points: (-found[points], -(points.right or 0), points.wrong))


def _points_of(item: ForeignItem) -> Points | None:
    if isinstance(item.rule, OptionScores):
        best = max(item.rule.scores.values(), default=Decimal(0))
        others = sorted(item.rule.scores.values())[:-1]
        if not others or others[0] != others[-1] or others[0] >= best:
            return None
        points = Points(best, others[0])
    elif isinstance(item.rule, Processing) and item.rule.most > 0:
        points = Points(item.rule.most)
    else:
        return None
    good = all(DECIMAL.fullmatch(str(number)) for number in (points.right, points.wrong))
    return points if good else None


def _mark_option_counts(questions: list[_Question]) -> None:
    """A number of options other than the usual one of the file is worth a look, where one is chosen."""
    counted = [
        (question, len(ordered_options(question.first.interaction)))
        for question in questions
        if not question.refused and isinstance(question.first.interaction, ChoiceInteraction)
    ]
    counts = Counter(count for _, count in counted)
    usual = max(counts, key=lambda count: (counts[count], -count), default=0)
    for question, count in counted:
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
        stem = asks(question.first, question.shown.stimulus)
        whole = (
            stem,
            frozenset(_as_compared(content) for content in contents_of(question.first.interaction)),
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
            question.enemies = f"sama-{members[0].item}"[:64].rstrip("-")


def _as_compared(content: Blocks) -> str:
    return normal(as_text(content)) + "".join(sorted(media_in(content)))


def _repeat(question: _Question, same: _Question, earlier: _Question) -> Remark:
    """The remark on a question whose whole, or whose stem, stood earlier."""
    if same is not question:
        return remark("question-repeated", other=same.foreign.place)
    if earlier.section != question.section:
        return remark("stem-repeated-elsewhere", other=earlier.foreign.place)
    return remark("stem-repeated", other=earlier.foreign.place)


def _printable_lines(note: str | None) -> str | None:
    """A note without what no eye can see: it is for reviewers, and no part of the question."""
    lines = [
        "".join(" " if hidden_character(one) else one for one in line) for line in (note or "").splitlines()
    ]
    return "\n".join(line.rstrip() for line in lines).strip()[:MOST_NOTE].strip() or None


def _report(
    source: Path,
    foreign: ForeignBank,
    bank: Bank,
    blueprints: Mapping[str, Blueprint],
    questions: list[_Question],
) -> ImportReport:
    rows = tuple(_row(question) for question in questions)
    counts = Counter(row.outcome for row in rows)
    return ImportReport(
        source=source.name,
        format=foreign.format,
        bank=bank.head.id,
        blueprints={f"blueprints/{name}": one.count for name, one in blueprints.items()},
        counts={"exact": counts["exact"], "lossy": counts["lossy"], "refused": counts["refused"]},
        questions=rows,
        losses=foreign.losses,
        points_assumed=sum(_assumes_points(question) for question in questions if not question.refused),
    )


def _assumes_points(question: _Question) -> bool:
    return question.foreign.item is None or any(
        one.code == "points-assumed" for one in question.converted.remarks
    )


def _row(question: _Question) -> ImportedQuestion:
    fault, losses = question.converted.fault, question.converted.losses
    remarks = (*question.converted.remarks, *question.remarks)
    if fault is not None:
        return ImportedQuestion(question.foreign.place, "refused", None, (fault,), ())
    return ImportedQuestion(
        question.foreign.place, "lossy" if losses else "exact", question.item, losses, remarks
    )
