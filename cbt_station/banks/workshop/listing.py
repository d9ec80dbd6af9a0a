"""The rows of a workshop's lists, made of what lies on the shelf, and what a filter lets through."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cbt_station.banks import strict_yaml
from cbt_station.banks.bank import BankItem, BankStimulus
from cbt_station.banks.faults import FaultList
from cbt_station.banks.formulas import PREFIX
from cbt_station.banks.item_file import language_marks
from cbt_station.banks.kinds import kind_of
from cbt_station.banks.lint import BankLint
from cbt_station.banks.native import MEDIA, BankText
from cbt_station.banks.recordings import RECORDING
from cbt_station.banks.strict_yaml import Mapping as YamlMapping
from cbt_station.banks.strict_yaml import Scalar
from cbt_station.banks.workshop.people import is_same
from cbt_station.banks.workshop.reviews import review_name
from cbt_station.banks.workshop.rows import Filter, Group, ItemRow, MediaRow, StimulusRow
from cbt_station.banks.workshop.shelf import Shelf
from cbt_station.exam.content import as_text
from cbt_station.exam.interactions import parts_of

_FIRST_WORDS: Final = 90
WITHOUT: Final = "-"
"""In a filter: items without enemies, or without a shared text."""
_NO_WORDS: Final = ("# ", ":::", "- [", "* [", "+ [")
_MARKS: Final = re.compile(r"[*`#>|]|!\[|\]\([^)]*\)|\{[^}]*\}")


@dataclass(frozen=True)
class Said:
    """What a text says of itself, whether or not it has faults."""

    section: str
    topic: str
    level: str
    enemies: str
    stimulus: str
    title: str
    kinds: tuple[str, ...]
    languages: tuple[str, ...]
    first_words: str


def item_row(shelf: Shelf, name: str, author: str) -> ItemRow:
    """The row of one item."""
    file = shelf.files["item"][name]
    text = shelf.texts.get(file, BankText(file, None, {}))
    review = shelf.review(name)
    raw = shelf.text(file)
    item, head = text.content, shelf.folder.head
    said = _said_by(item) if isinstance(item, BankItem) else said_in(raw)
    return ItemRow(
        id=name,
        file=file,
        section=said.section,
        topic=said.topic,
        level=said.level,
        enemies=said.enemies,
        stimulus=said.stimulus,
        kinds=said.kinds,
        languages=said.languages or (head.languages[:1] if head else ()),
        first_words=said.first_words,
        title=said.title,
        state=review.state,
        votes_for=review.count("for"),
        votes_against=review.count("against"),
        voters=tuple(vote.by for vote in review.votes),
        author=author,
        changed_since_approved=review.changed_since_approved,
        faults=(*shelf.faults.get(file, ()), *shelf.faults.get(review_name(name), ())),
        lints=shelf.advice(file),
    )


def _said_by(item: BankItem) -> Said:
    kinds = dict.fromkeys(kind_of(part) for part in parts_of(item.first.interaction).values())
    return Said(
        section=item.section,
        topic=item.topic,
        level=item.level,
        enemies=item.enemies or "",
        stimulus=item.stimulus or "",
        title=item.title or "",
        kinds=tuple(kinds),
        languages=tuple(item.languages),
        first_words=shortened(as_text(item.first.stem)),
    )


def said_in(text: str) -> Said:
    """What a text with faults says all the same, as far as its head is YAML."""
    head, _, body = text.removeprefix("---\n").partition("\n---\n")
    mapping = strict_yaml.load(head, "", FaultList(), deep=("processing",))
    values = {key.text: value for key, value in (mapping.entries if mapping else ())}
    said = {key: value.text for key, value in values.items() if isinstance(value, Scalar)}
    responses = values.get("responses")
    parts = responses.entries if isinstance(responses, YamlMapping) else ()
    kinds = [_kind(part) for _, part in parts] if responses else [said.get("interaction") or "choice"]
    words = next((line for line in map(_plain, body.split("\n")) if line), "")
    return Said(
        section=said.get("section", ""),
        topic=said.get("topic", ""),
        level=said.get("level", ""),
        enemies=said.get("enemies", ""),
        stimulus=said.get("stimulus", ""),
        title=said.get("title", ""),
        kinds=tuple(dict.fromkeys(kind for kind in kinds if kind)),
        languages=tuple(dict.fromkeys(language for language, _ in language_marks(body.split("\n")))),
        first_words=shortened(words),
    )


def _kind(part: strict_yaml.Node) -> str:
    entries = part.entries if isinstance(part, YamlMapping) else ()
    return next(
        (value.text for key, value in entries if key.text == "interaction" and isinstance(value, Scalar)), ""
    )


def _plain(line: str) -> str:
    return "" if line.startswith(_NO_WORDS) else _MARKS.sub("", line).strip()


def shortened(text: str) -> str:
    """The first words of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _FIRST_WORDS else line[: _FIRST_WORDS - 1].rstrip() + "…"


def stimulus_rows(shelf: Shelf) -> Iterator[StimulusRow]:
    """The shared texts, by id."""
    named = items_by_stimulus(shelf)
    advice: dict[str, list[BankLint]] = {}
    for lint in shelf.lints:
        advice.setdefault(lint.file, []).append(lint)
    for name, file in sorted(shelf.files["stimulus"].items()):
        text = shelf.texts.get(file, BankText(file, None, {}))
        shared = text.content if isinstance(text.content, BankStimulus) else None
        raw = shelf.text(file)
        words = as_text(next(iter(shared.content.values()))) if shared else said_in(raw).first_words
        yield StimulusRow(
            id=name,
            file=file,
            languages=tuple(shared.content) if shared else (),
            first_words=shortened(words),
            items=tuple(named.get(name, ())),
            faults=shelf.faults.get(file, ()),
            lints=tuple(advice.get(file, ())),
        )


def items_by_stimulus(shelf: Shelf) -> dict[str, list[str]]:
    """Faulty items too: they still name what they name."""
    found: dict[str, list[str]] = {}
    for name, file in sorted(shelf.files["item"].items()):
        stimulus = _group(shelf, file, "stimulus")
        if stimulus:
            found.setdefault(stimulus, []).append(name)
    return found


def _group(shelf: Shelf, file: str, what: str) -> str:
    content = shelf.texts[file].content if file in shelf.texts else None
    said = _said_by(content) if isinstance(content, BankItem) else said_in(shelf.text(file))
    return said.enemies if what == "enemies" else said.stimulus


def groups(shelf: Shelf) -> Iterator[Group]:
    """Enemy sets, then stimulus groups, by name."""
    enemies: dict[str, list[str]] = {}
    for name, file in sorted(shelf.files["item"].items()):
        one = _group(shelf, file, "enemies")
        if one:
            enemies.setdefault(one, []).append(name)
    for one, items in sorted(enemies.items()):
        yield Group("enemies", one, tuple(items))
    for one, items in sorted(items_by_stimulus(shelf).items()):
        yield Group("stimulus", one, tuple(items))


def media_rows(shelf: Shelf) -> Iterator[MediaRow]:
    """Pictures and recordings, by name; those with faults too."""
    names = {file: name for names in shelf.files.values() for name, file in names.items()}
    items: dict[str, list[str]] = {}
    stimuli: dict[str, list[str]] = {}
    for text in shelf.folder.texts:
        of = items if text.file.startswith("items/") else stimuli
        for media in text.media:
            if not media.startswith(PREFIX) and text.file in names:
                of.setdefault(media, []).append(names[text.file])
    for name, file in sorted(shelf.folder.media.items()):
        yield MediaRow(
            name=name,
            what="recording" if RECORDING.fullmatch(name) else "picture",
            size_bytes=len(file.data) if file else 0,
            items=tuple(items.get(name, ())),
            stimuli=tuple(stimuli.get(name, ())),
            faults=shelf.faults.get(f"{MEDIA}/{name}", ()),
            data=file.data if file else b"",
        )


def lets_through(only: Filter, row: ItemRow, text: str, by: str) -> bool:
    """Whether a filter shows a row; `text` is the item's file."""
    same = (
        (only.section, row.section),
        (only.topic, row.topic),
        (only.level, row.level),
        (only.state, row.state),
    )
    if any(wanted is not None and wanted != found for wanted, found in same):
        return False
    for wanted, found in ((only.enemies, row.enemies), (only.stimulus, row.stimulus)):
        if wanted and found != ("" if wanted == WITHOUT else wanted):
            return False
    if only.kind is not None and only.kind not in row.kinds:
        return False
    if only.language_missing is not None and only.language_missing in row.languages:
        return False
    flags = (
        (only.only_faulty, bool(row.faults)),
        (only.only_linted, bool(row.lints)),
        (only.only_changed, row.changed_since_approved),
        (only.only_my_vote, waits_for(row, by)),
    )
    if any(wanted and not found for wanted, found in flags):
        return False
    everything = f"{row.id}\n{text}".casefold()
    return all(word in everything for word in only.text.casefold().split())


def waits_for(row: ItemRow, by: str) -> bool:
    """Whether an item in review waits for somebody's vote: not the author's, and not twice."""
    voted = any(is_same(voter, by) for voter in row.voters)
    return row.state == "review" and not voted and not is_same(row.author, by)
