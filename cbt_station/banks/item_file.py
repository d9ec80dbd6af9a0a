"""One item or stimulus file: a strict YAML head between `---` lines, then the body, in one or several languages.

Every fault is noted with its line, and reading goes on; what comes back is None as soon as there was one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from cbt_station.banks import strict_yaml
from cbt_station.banks.bank import BankHead, BankItem, BankStimulus, ItemText, SectionHead
from cbt_station.banks.body import BodyReader, BodyText
from cbt_station.banks.faults import FaultList
from cbt_station.banks.fields import Fields
from cbt_station.banks.strict_yaml import Mapping, Scalar
from cbt_station.exam.content import Blocks

LEAST_OPTIONS = 2
MOST_OPTIONS = 12
T = TypeVar("T")
_LANGUAGE_MARK = re.compile(r"# ([a-z]{2,3}) *")


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
    texts = _languages(source, body, first_line, source.body.item)
    first = _check_options(source, texts)
    key, scores = _scoring(source, fields, first, section)
    fixed, shuffle = _fixed(source, fields, first)
    stimulus, enemies = fields.name("stimulus"), fields.name("enemies")
    if stimulus and stimulus not in stimuli:
        source.note(fields.line("stimulus"), "stimulus-unknown", id=stimulus)
    if stimulus and enemies:
        source.note(fields.line("enemies"), "stimulus-and-enemies")
    note, origin = fields.text("note"), fields.text("source")
    fields.done()
    if len(source.faults.found) > before or section is None or topic is None or level is None:
        return None
    languages = {
        language: ItemText(text.stem, {option.id: option.content for option in text.options})
        for language, text in texts.items()
    }
    return BankItem(
        id=source.stem,
        file=source.file,
        section=section,
        topic=topic,
        level=level,
        languages=languages,
        key=key,
        scores=scores,
        enemies=enemies,
        stimulus=stimulus,
        fixed=fixed,
        shuffle=shuffle,
        source=origin,
        note=note,
    )


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
    content = _languages(source, body, first_line, source.body.blocks)
    for blocks in content.values():
        if not blocks:
            source.note(first_line, "stimulus-empty")
    if len(source.faults.found) > before:
        return None
    return BankStimulus(source.stem, source.file, content, origin, note)


def _split(source: Source, *, head_required: bool) -> tuple[Mapping, list[str], int] | None:
    """The head, the lines of the body and the number of the first of them."""
    lines = source.text.split("\n")
    if lines[0] != "---":
        if head_required:
            source.note(1, "head-missing")
            return None
        return Mapping((), 1), lines, 1
    if "---" not in lines[1:]:
        source.note(1, "head-not-closed")
        return None
    end = lines.index("---", 1)
    mapping = strict_yaml.load("\n".join(lines[1:end]), source.file, source.faults, first_line=2)
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


def _parts(source: Source, body: list[str], first_line: int) -> list[tuple[str, int, int]]:
    known = source.head.languages if source.head else ()
    marks = [(mark[1], index) for index, line in enumerate(body) if (mark := _LANGUAGE_MARK.fullmatch(line))]
    if not marks:
        return [(known[0] if known else "", 0, len(body))]
    if any(line.strip() for line in body[: marks[0][1]]):
        source.note(first_line, "text-before-language")
    for language, index in marks:
        if known and language not in known:
            source.note(first_line + index, "language-unknown", language=language)
    ends = [index for _, index in marks[1:]] + [len(body)]
    return [(language, index + 1, end) for (language, index), end in zip(marks, ends, strict=True)]


def _check_options(source: Source, texts: dict[str, BodyText]) -> tuple[str, ...]:
    """The ids of the options, after checking every language against the first."""
    first: tuple[str, ...] | None = None
    for text in texts.values():
        if not text.stem and not text.has_faults:
            source.note(text.line, "stem-empty")
        ids: list[str] = []
        contents: list[Blocks] = []
        for option in text.options:
            if option.id in ids:
                source.note(option.line, "option-twice", option=option.id)
            if not option.content:
                if not option.has_faults:
                    source.note(option.line, "option-empty", option=option.id)
            elif option.content in contents:
                source.note(option.line, "options-equal", option=option.id)
            ids.append(option.id)
            contents.append(option.content)
        if text.options and not LEAST_OPTIONS <= len(ids) <= MOST_OPTIONS:
            source.note(
                text.options[0].line, "option-count", count=len(ids), least=LEAST_OPTIONS, most=MOST_OPTIONS
            )
        if first is None:
            first = tuple(ids)
        elif tuple(ids) != first:
            source.note(text.line, "languages-differ", expected=" ".join(first), found=" ".join(ids))
    return first or ()


def _scoring(
    source: Source, fields: Fields, options: tuple[str, ...], section: str | None
) -> tuple[str | None, dict[str, Decimal] | None]:
    key, scores = fields.text("key"), fields.decimals("scores")
    if key is not None and scores is not None:
        source.note(fields.line("scores"), "key-and-scores")
    elif key is not None:
        _check_key(source, fields.line("key"), key, options, _known_section(source, section))
    elif scores is not None:
        for option, (_, line) in scores.items():
            if options and option not in options:
                source.note(line, "score-of-no-option", option=option)
        for option in options:
            if option not in scores:
                source.note(fields.line("scores"), "score-missing", option=option)
    elif fields.node("key") is None and fields.node("scores") is None:
        source.note(fields.line("key"), "key-missing-or-scores")
    if scores is None:
        return key, None
    return key, {option: number for option, (number, _) in scores.items() if number is not None}


def _known_section(source: Source, section: str | None) -> SectionHead | None:
    return source.head.sections.get(section) if source.head and section else None


def _check_key(
    source: Source, line: int, key: str, options: tuple[str, ...], section: SectionHead | None
) -> None:
    if options and key not in options:
        source.note(line, "key-of-no-option", key=key)
    if section is not None and section.right is None:
        source.note(line, "key-without-points", section=section.id)


def _fixed(source: Source, fields: Fields, options: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """The options that keep their place, and whether the others are shuffled."""
    node = fields.node("fixed")
    if isinstance(node, Scalar):
        if node.text != "all":
            source.note(node.line, "value-kind", key="fixed", expected="list")
        return (), False
    names = fields.names("fixed")
    for name in names:
        if options and name not in options:
            source.note(fields.line("fixed"), "fixed-of-no-option", option=name)
    return tuple(option for option in options if option in names), True
