"""One item or stimulus file: a strict YAML head between `---` lines, then the body, in one or several languages.

Every fault is noted with its line, and reading goes on; what comes back is None as soon as there was one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from cbt_station.banks import strict_yaml
from cbt_station.banks.bank import BankHead, BankItem, BankStimulus, SectionHead
from cbt_station.banks.body import BodyReader
from cbt_station.banks.faults import FaultList
from cbt_station.banks.fields import Fields
from cbt_station.banks.item_body import read_body
from cbt_station.banks.item_head import HeadReader
from cbt_station.banks.item_parts import PartsReader
from cbt_station.banks.item_rule import RuleReader
from cbt_station.banks.strict_yaml import Mapping as YamlMapping
from cbt_station.errors import Refusal
from cbt_station.exam.item import (
    ScoringRule,
    Shown,
    ShownItem,
    Stimulus,
    require_modest_item,
    require_modest_stimulus,
)

T = TypeVar("T")
_LANGUAGE_MARK = re.compile(r"# ([a-z]{2,3}) *")
_DEEP: Final = ("processing",)


@dataclass(frozen=True)
class Source:
    """The text of a file, its place, and what it may name."""

    file: str
    stem: str
    """The file's name without its ending: the id of what is in it."""
    text: str
    head: BankHead | None
    faults: FaultList
    body: BodyReader

    def note(self, line: int, code: str, /, **facts: object) -> None:
        """Note a fault of this file."""
        self.faults.add(self.file, line, code, **facts)


def read_item(source: Source, stimuli: frozenset[str]) -> BankItem | None:
    """The item in a file, or None after its faults were noted. `stimuli` are the ids it may name."""
    before = len(source.faults.found)
    split = _split(source, head_required=True)
    if split is None:
        return None
    mapping, body, first_line = split
    fields = Fields(mapping, source.file, source.faults)
    _check_id(source, fields)
    topic, level, section = _place(source, fields)
    composite = fields.node("responses") is not None
    heads = HeadReader(source.file, source.faults, fields)
    parts = heads.parts()
    languages: dict[str, Shown] = {}
    rule: ScoringRule | None = None
    if parts:
        kinds = {name: part.head.kind for name, part in parts.items()}
        reader = partial(read_body, source.body, kinds, composite)
        texts = _languages(source, body, first_line, reader)
        without_stem = _says_no_stem(source, fields)
        languages = PartsReader(
            source.file, source.faults, parts, composite=composite, without_stem=without_stem
        ).shown(texts)
        rule = RuleReader(source.file, source.faults, fields, parts).read(
            languages, _known_section(source, section)
        )
    stimulus, enemies = fields.name("stimulus"), fields.name("enemies")
    if stimulus and stimulus not in stimuli:
        source.note(fields.line("stimulus"), "stimulus-unknown", id=stimulus)
    if stimulus and enemies:
        source.note(fields.line("enemies"), "stimulus-and-enemies")
    title, note, origin = fields.text("title"), fields.text("note"), fields.text("source")
    if parts:
        fields.done()
    _check_modest(source, languages)
    if len(source.faults.found) > before or section is None or topic is None or level is None or rule is None:
        return None
    return BankItem(
        id=source.stem,
        file=source.file,
        section=section,
        topic=topic,
        level=level,
        languages=languages,
        rule=rule,
        enemies=enemies,
        stimulus=stimulus,
        title=title,
        source=origin,
        note=note,
    )


def _says_no_stem(source: Source, fields: Fields) -> bool:
    """`stem: none`, or not there at all."""
    text = fields.text("stem")
    if text not in (None, "none"):
        source.note(fields.line("stem"), "value-kind", key="stem", expected="none")
    return text == "none"


def _check_modest(source: Source, languages: dict[str, Shown]) -> None:
    """What no page can hold is refused here already, not by the sealed package."""
    try:
        require_modest_item(ShownItem(source.stem, languages))
    except Refusal as refusal:
        source.note(1, "content-too-much", **refusal.facts)


def read_stimulus(source: Source) -> BankStimulus | None:
    """The stimulus in a file; its head is optional."""
    before = len(source.faults.found)
    split = _split(source, head_required=False)
    if split is None:
        return None
    mapping, body, first_line = split
    fields = Fields(mapping, source.file, source.faults)
    if fields.node("id") is not None:
        _check_id(source, fields)
    note, origin = fields.text("note"), fields.text("source")
    fields.done()
    content = _languages(source, body, first_line, source.body.content)
    for blocks in content.values():
        if not blocks:
            source.note(first_line, "stimulus-empty")
    try:
        require_modest_stimulus(Stimulus(source.stem, content))
    except Refusal as refusal:
        source.note(1, "content-too-much", **refusal.facts)
    if len(source.faults.found) > before:
        return None
    return BankStimulus(source.stem, source.file, content, origin, note)


def _split(source: Source, *, head_required: bool) -> tuple[YamlMapping, list[str], int] | None:
    """The head, the lines of the body and the number of the first of them."""
    lines = source.text.split("\n")
    if lines[0] != "---":
        if head_required:
            source.note(1, "head-missing")
            return None
        return YamlMapping((), 1), lines, 1
    if "---" not in lines[1:]:
        source.note(1, "head-not-closed")
        return None
    end = lines.index("---", 1)
    mapping = strict_yaml.load("\n".join(lines[1:end]), source.file, source.faults, first_line=2, deep=_DEEP)
    return None if mapping is None else (mapping, lines[end + 1 :], end + 2)


def _check_id(source: Source, fields: Fields) -> None:
    name = fields.name("id", required=True)
    if name is not None and name != source.stem:
        source.note(fields.line("id"), "id-differs", id=name, expected=source.stem)


def _place(source: Source, fields: Fields) -> tuple[str | None, str | None, str | None]:
    """Topic, level and section, each of which the bank's head must know."""
    section = fields.name("section", required=True)
    topic, level = fields.name("topic", required=True), fields.name("level", required=True)
    if source.head is None or section is None:
        return topic, level, section
    known = source.head.sections.get(section)
    if known is None:
        source.note(fields.line("section"), "section-unknown", section=section)
        return topic, level, section
    if topic is not None and topic not in known.topics:
        source.note(fields.line("topic"), "topic-unknown", topic=topic, section=section)
    if level is not None and level not in known.levels:
        source.note(fields.line("level"), "level-unknown", level=level, section=section)
    return topic, level, section


def _languages(
    source: Source, body: list[str], first_line: int, read: Callable[[str, int], T]
) -> dict[str, T]:
    """The parts of a body by language: level-1 headings `# id` begin them; without one it is the first language."""
    found: dict[str, T] = {}
    for language, start, end in _parts(source, body, first_line):
        if language in found:
            source.note(first_line + start - 1, "language-twice", language=language)
        else:
            found[language] = read("\n".join(body[start:end]), first_line + start)
    return found


def language_marks(lines: list[str]) -> list[tuple[str, int]]:
    """The lines that begin the part of a language: which language, and the line's index."""
    return [(mark[1], index) for index, line in enumerate(lines) if (mark := _LANGUAGE_MARK.fullmatch(line))]


def _parts(source: Source, body: list[str], first_line: int) -> list[tuple[str, int, int]]:
    known = source.head.languages if source.head else ()
    marks = language_marks(body)
    if not marks:
        return [(known[0] if known else "", 0, len(body))]
    if any(line.strip() for line in body[: marks[0][1]]):
        source.note(first_line, "text-before-language")
    for language, index in marks:
        if known and language not in known:
            source.note(first_line + index, "language-unknown", language=language)
    ends = [index for _, index in marks[1:]] + [len(body)]
    return [(language, index + 1, end) for (language, index), end in zip(marks, ends, strict=True)]


def _known_section(source: Source, section: str | None) -> SectionHead | None:
    return source.head.sections.get(section) if source.head and section else None
