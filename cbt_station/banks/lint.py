"""Advice on a bank that has no faults: what a candidate who knows nothing could use, and what looks forgotten.

A test-wise candidate gains from a key that stands too often in one place or is too often the longest option. A bias is
named when it is both large (half as much again as chance) and unlikely (three standard deviations, `z >= 3`), in
sections of at least `LEAST_ITEMS` items. Advice never stops a session.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import sqrt
from typing import Final

from cbt_station.banks.bank import Bank, BankItem
from cbt_station.exam.content import Blocks, as_text
from cbt_station.words import Words

LEAST_ITEMS: Final = 12
_Z: Final = 3.0
_LARGE: Final = 1.5
_NEAR: Final = 0.85
_LEAST_SLIP: Final = 6
"""Short words differ in one letter for good reasons."""


@dataclass(frozen=True)
class BankLint:
    """One piece of advice; `file` is the item's file, or the bank's head for a whole section."""

    file: str
    code: str
    facts: tuple[tuple[str, str], ...] = ()

    def sentence(self, words: Words) -> str:
        """What was noticed, in the language of `words`."""
        return words(f"lint.{self.code}", **dict(self.facts))

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.facts)
        return f"{self.file}: {self.code}{f' ({shown})' if shown else ''}"


def lints(bank: Bank) -> tuple[BankLint, ...]:
    """All advice on a bank, by file."""
    found: list[BankLint] = []
    checks: tuple[Callable[[Bank], Iterable[BankLint]], ...] = (
        _key_places,
        _longest_keys,
        _repeated_stems,
        _near_options,
        _missing_cells,
        _missing_languages,
        _unused,
    )
    for check in checks:
        found.extend(check(bank))
    return tuple(sorted(found, key=lambda lint: (lint.file, lint.code, lint.facts)))


def normal(text: str) -> str:
    """A text as a person compares it: without case, spacing, accents' composition and closing marks."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s.,:;?!…]+$", "", " ".join(text.split()))


def _lint(file: str, code: str, /, **facts: object) -> BankLint:
    return BankLint(file, code, tuple((name, str(value)) for name, value in facts.items()))


def _best(item: BankItem) -> str:
    """The key, or the option with the highest score."""
    if item.key is not None or not item.scores:
        return item.key or ""
    return max(item.options, key=lambda option: (item.scores or {})[option])


def _by_section(bank: Bank) -> dict[str, list[BankItem]]:
    sections: dict[str, list[BankItem]] = defaultdict(list)
    for item in bank.items:
        sections[item.section].append(item)
    return sections


def _biased(count: int, expected: float, variance: float) -> bool:
    return count > expected * _LARGE and (count - expected) / sqrt(variance or 1.0) >= _Z


def _key_places(bank: Bank) -> Iterator[BankLint]:
    """Matters also where options are shuffled: paper forms and reviewers see the bank's order."""
    for section, items in _by_section(bank).items():
        for place in range(max(len(item.options) for item in items)):
            at_risk = [item for item in items if place < len(item.options)]
            if len(at_risk) < LEAST_ITEMS:
                continue
            chances = [1 / len(item.options) for item in at_risk]
            count = sum(item.options[place] == _best(item) for item in at_risk)
            if _biased(count, sum(chances), sum(p * (1 - p) for p in chances)):
                yield _lint(
                    "bank.yaml", "key-place", section=section, place=place + 1, count=count, of=len(at_risk)
                )


def _longest_keys(bank: Bank) -> Iterator[BankLint]:
    for section, items in _by_section(bank).items():
        decided = [(item, longest) for item in items if (longest := _longest(item)) is not None]
        if len(decided) < LEAST_ITEMS:
            continue
        chances = [1 / len(item.options) for item, _ in decided]
        count = sum(longest == _best(item) for item, longest in decided)
        if _biased(count, sum(chances), sum(p * (1 - p) for p in chances)):
            yield _lint("bank.yaml", "key-longest", section=section, count=count, of=len(decided))


def _longest(item: BankItem) -> str | None:
    """The option that is longer than every other, if one is."""
    text = next(iter(item.languages.values()))
    lengths = sorted(((len(as_text(content)), name) for name, content in text.options.items()), reverse=True)
    return lengths[0][1] if lengths[0][0] > lengths[1][0] else None


def _stem_text(item: BankItem) -> str:
    text = next(iter(item.languages.values()))
    media = sorted(block.media for block in text.stem if hasattr(block, "media"))
    return normal(as_text(text.stem)) + "".join(media) + (item.stimulus or "")


def _repeated_stems(bank: Bank) -> Iterator[BankLint]:
    """Two items that ask the same and may meet in one form. One stem with other options is a usual type of item."""
    first: dict[str, BankItem] = {}
    for item in bank.items:
        text = _stem_text(item)
        other = first.setdefault(text, item)
        if other is item or (item.enemies is not None and item.enemies == other.enemies):
            continue
        yield _lint(item.file, "stem-repeated", id=item.id, other=other.id)


def _near_options(bank: Bank) -> Iterator[BankLint]:
    for item in bank.items:
        for text in item.languages.values():
            names = list(text.options)
            for index, name in enumerate(names):
                for other in names[index + 1 :]:
                    if _near(text.options[name], text.options[other]):
                        yield _lint(item.file, "options-near", id=item.id, option=name, other=other)


def _near(one: Blocks, other: Blocks) -> bool:
    """The same words, or words that differ like a slip of the pen. A whole other word is another answer."""
    a, b = normal(as_text(one)).split(), normal(as_text(other)).split()
    if not a or len(a) != len(b) or _shows_media(one) or _shows_media(other):
        return False
    return all(first == second or _slip(first, second) for first, second in zip(a, b, strict=True))


def _slip(one: str, other: str) -> bool:
    if min(len(one), len(other)) < _LEAST_SLIP or not (one + other).isalpha() or one[0] != other[0]:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() > _NEAR


def _shows_media(blocks: Blocks) -> bool:
    return any(hasattr(block, "media") for block in blocks)


def _missing_cells(bank: Bank) -> Iterator[BankLint]:
    """A level or topic that the head promises and no item has."""
    for section in bank.head.sections.values():
        items = [item for item in bank.items if item.section == section.id]
        for level in section.levels:
            if not any(item.level == level for item in items):
                yield _lint("bank.yaml", "level-without-items", section=section.id, level=level)
        for topic in section.topics:
            if not any(item.topic == topic for item in items):
                yield _lint("bank.yaml", "topic-without-items", section=section.id, topic=topic)


def _missing_languages(bank: Bank) -> Iterator[BankLint]:
    for item in bank.items:
        for language in bank.head.languages:
            if language not in item.languages:
                yield _lint(item.file, "language-missing", id=item.id, language=language)


def _unused(bank: Bank) -> Iterator[BankLint]:
    for name in bank.unused:
        yield _lint(f"media/{name}", "picture-unused", picture=name)
    named = {item.stimulus for item in bank.items}
    for stimulus in bank.stimuli:
        if stimulus.id not in named:
            yield _lint(stimulus.file, "stimulus-unused", id=stimulus.id)
