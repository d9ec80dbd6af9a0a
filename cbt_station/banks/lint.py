"""Advice on a bank that has no faults: what a candidate who knows nothing could use, and what looks forgotten.

A test-wise candidate gains from a key that stands too often in one place or is too often the longest option. A bias is
named when it is both large (half as much again as chance) and unlikely (three standard deviations, `z >= 3`), in
sections of at least `LEAST_ITEMS` items. Advice never stops a session.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher
from math import sqrt
from typing import Final, TypeAlias

from cbt_station.banks.bank import Bank, BankItem
from cbt_station.banks.formulas import PREFIX
from cbt_station.banks.marks import offered
from cbt_station.exam.content import Blocks, as_text, media_in
from cbt_station.exam.interactions import (
    ChoiceInteraction,
    ChoicesInteraction,
    HotspotInteraction,
    HottextInteraction,
    OrderInteraction,
    TextEntryInteraction,
    contents_of,
    ordered_options,
    parts_of,
)
from cbt_station.exam.item import OptionScores, Shown
from cbt_station.exam.processing import Processing, ResponseDeclaration
from cbt_station.words import Words

_Check: TypeAlias = Callable[[Bank], Iterable["BankLint"]]
_CHOSEN_FROM: Final = (ChoicesInteraction, OrderInteraction, HottextInteraction, HotspotInteraction)
_LEAST_ANSWER: Final = 3
"""Shorter answers stand in many a text by chance."""
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
    return _found(bank, (*_OF_ITEMS, *_OF_THE_WHOLE))


def item_lints(bank: Bank, item: BankItem, first: BankItem | None) -> tuple[BankLint, ...]:
    """The advice of `lints` on one item; `first` is the first of the bank that asks the same, where another one is."""
    items = (item,) if first is None else (first, item)
    found = _found(replace(bank, items=items), _OF_ITEMS)
    return tuple(lint for lint in found if lint.file == item.file)


def _found(bank: Bank, checks: Iterable[_Check]) -> tuple[BankLint, ...]:
    found = (lint for check in checks for lint in check(bank))
    return tuple(sorted(found, key=lambda lint: (lint.file, lint.code, lint.facts)))


def normal(text: str) -> str:
    """A text as a person compares it: without case, spacing, accents' composition and closing marks."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s.,:;?!…]+$", "", " ".join(text.split()))


def _lint(file: str, code: str, /, **facts: object) -> BankLint:
    return BankLint(file, code, tuple((name, str(value)) for name, value in facts.items()))


def _best(item: BankItem) -> str:
    """The key of a single choice, or the option with the highest score."""
    scores = item.rule.scores if isinstance(item.rule, OptionScores) else {}
    return max(item.options, key=lambda option: scores.get(option, Decimal(0)))


def _by_section(bank: Bank) -> dict[str, list[BankItem]]:
    """The items with one choice, which a test-wise candidate can guess at."""
    sections: dict[str, list[BankItem]] = defaultdict(list)
    for item in bank.items:
        if isinstance(item.first.interaction, ChoiceInteraction) and isinstance(item.rule, OptionScores):
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
    options = ordered_options(item.first.interaction)
    lengths = sorted(((len(as_text(option.content)), option.id) for option in options), reverse=True)
    return lengths[0][1] if lengths[0][0] > lengths[1][0] else None


def asks(shown: Shown, stimulus: str | None) -> str:
    """What an item asks, for comparing: its words and pictures without its options, the stimulus it speaks of."""
    own = [shown.stem, *(getattr(part, "content", ()) for part in parts_of(shown.interaction).values())]
    pictures = [getattr(part, "picture", None) for part in parts_of(shown.interaction).values()]
    media = {name for blocks in own for name in media_in(blocks)} | {one.media for one in pictures if one}
    if not media and not any(own):  # then the options are all that it asks
        own = [*contents_of(shown.interaction)]
    words = " ".join(normal(as_text(blocks)) for blocks in own if blocks)
    return words + "".join(sorted(name for name in media if not name.startswith(PREFIX))) + (stimulus or "")


def _repeated_stems(bank: Bank) -> Iterator[BankLint]:
    """Two items that ask the same and may meet in one form. One stem with other options is a usual type of item."""
    first: dict[str, BankItem] = {}
    for item in bank.items:
        text = asks(item.first, item.stimulus)
        other = first.setdefault(text, item)
        if other is item or (item.enemies is not None and item.enemies == other.enemies):
            continue
        yield _lint(item.file, "stem-repeated", id=item.id, other=other.id)


def _near_options(bank: Bank) -> Iterator[BankLint]:
    for item in bank.items:
        for shown in item.languages.values():
            for part in parts_of(shown.interaction).values():
                options = ordered_options(part)
                for index, option in enumerate(options):
                    for other in options[index + 1 :]:
                        if _near(option.content, other.content):
                            yield _lint(
                                item.file, "options-near", id=item.id, option=option.id, other=other.id
                            )


def _unreachable(bank: Bank) -> Iterator[BankLint]:
    """More asked for than there is, or than may be given."""
    for item in bank.items:
        for part in parts_of(item.first.interaction).values():
            least, most = getattr(part, "least", 0), getattr(part, "most", 0)
            there = len(offered(part)) if isinstance(part, _CHOSEN_FROM) else 0
            if most and least > most:
                yield _lint(item.file, "least-over-most", id=item.id, least=least, most=most)
            elif there and max(least, most) > there:
                yield _lint(item.file, "most-unreachable", id=item.id, most=max(least, most), of=there)


def _key_in_view(bank: Bank) -> Iterator[BankLint]:
    """The right text stands in what the candidate reads; or the words of a picture give a key away."""
    for item in bank.items:
        if not isinstance(item.rule, Processing):
            continue
        for language, shown in item.languages.items():
            words = f" {normal(asks(shown, None))} "
            for name, part in parts_of(shown.interaction).items():
                declared = item.rule.responses.get(name)
                if declared is None or not isinstance(part, TextEntryInteraction):
                    continue
                for answer in _answers(declared):
                    if re.search(rf"(?<!\w){re.escape(normal(answer))}(?!\w)", words):
                        yield _lint(item.file, "key-in-view", id=item.id, answer=answer, language=language)


def _answers(declared: ResponseDeclaration) -> list[str]:
    mapped = declared.mapping.entries if declared.mapping else ()
    said = (*(declared.correct or ()), *(entry.key for entry in mapped if entry.worth > 0))
    return [answer for answer in dict.fromkeys(said) if len(answer) >= _LEAST_ANSWER]


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


_OF_ITEMS: Final[tuple[_Check, ...]] = (
    _repeated_stems,
    _near_options,
    _unreachable,
    _key_in_view,
    _missing_languages,
)
"""On one item each, by that item and the first of the bank that asks the same."""
_OF_THE_WHOLE: Final[tuple[_Check, ...]] = (_key_places, _longest_keys, _missing_cells, _unused)
