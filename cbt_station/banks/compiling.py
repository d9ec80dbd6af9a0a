"""From a bank to what a session needs: what is shown, what scores it, and what the draw must know, each apart.

The bank's *edition* names its compiled content: the SHA-256 over the lines

    cbt-station/bank-edition/v1
    item ID SHA256 …        the compiled item as JSON, items by id
    stimulus ID SHA256 …    stimuli by id
    media NAME SHA256 …     every formula and picture that is named, by name

each ending in a newline. Notes of authors, sources, file names and unused pictures do not change it.
"""

from collections.abc import Iterable
from hashlib import sha256

from msgspec import Struct

from cbt_station.banks.bank import Bank, BankItem
from cbt_station.errors import Refusal
from cbt_station.exam.blueprint import Blueprint
from cbt_station.exam.form import PoolItem, PoolOption
from cbt_station.exam.interactions import is_shuffled, ordered_options
from cbt_station.exam.item import OptionScores, ScoringRule, ShownItem, Stimulus
from cbt_station.sealing import strict_json


class CompiledItem(Struct, frozen=True, forbid_unknown_fields=True):
    """One item: what is shown, what scores it, and its place in the bank."""

    shown: ShownItem
    rule: ScoringRule
    section: str
    topic: str
    level: str
    enemies: str | None = None

    @property
    def id(self) -> str:
        return self.shown.id

    @property
    def stimulus(self) -> str | None:
        return self.shown.stimulus


class CompiledBank(Struct, frozen=True, forbid_unknown_fields=True):
    """A bank ready for sealing: items and stimuli by id, media by name."""

    id: str
    title: dict[str, str]
    languages: tuple[str, ...]
    edition: str
    items: tuple[CompiledItem, ...]
    stimuli: tuple[Stimulus, ...]
    media: dict[str, bytes]


def compile_bank(bank: Bank) -> CompiledBank:
    """The compiled bank: the same bytes on every machine, whatever the order of the files."""
    items = tuple(_compiled(item) for item in sorted(bank.items, key=lambda item: item.id))
    stimuli = tuple(
        Stimulus(stimulus.id, stimulus.content) for stimulus in sorted(bank.stimuli, key=lambda one: one.id)
    )
    media = dict(sorted(bank.media.items()))
    return CompiledBank(
        id=bank.head.id,
        title=bank.head.title,
        languages=bank.head.languages,
        edition=_edition(items, stimuli, media),
        items=items,
        stimuli=stimuli,
        media=media,
    )


def pool_items(compiled: CompiledBank) -> tuple[PoolItem, ...]:
    """What the draw needs to know of every item: no texts, no keys."""
    return tuple(_pool_item(item) for item in compiled.items)


def require_languages(compiled: CompiledBank, blueprint: Blueprint) -> None:
    """Raise Refusal("bank-language-missing") for an item or stimulus that an exam in these languages cannot show."""
    shown = [(item.id, set(item.shown.languages)) for item in compiled.items]
    shown += [(stimulus.id, set(stimulus.content)) for stimulus in compiled.stimuli]
    for name, languages in shown:
        for language in blueprint.languages:
            if language not in languages:
                raise Refusal("bank-language-missing", where=name, language=language)


def _compiled(item: BankItem) -> CompiledItem:
    return CompiledItem(
        shown=ShownItem(item.id, item.languages, item.stimulus),
        rule=_rule(item),
        section=item.section,
        topic=item.topic,
        level=item.level,
        enemies=item.enemies,
    )


def _rule(item: BankItem) -> ScoringRule:
    """The rule; scores by option stand in the order of the options, whatever the order in which they were written."""
    if isinstance(item.rule, OptionScores) and set(item.rule.scores) == set(item.options):
        return OptionScores({option: item.rule.scores[option] for option in item.options}, item.rule.blank)
    return item.rule


def _pool_item(item: CompiledItem) -> PoolItem:
    interaction = next(iter(item.shown.languages.values())).interaction
    return PoolItem(
        id=item.id,
        section=item.section,
        topic=item.topic,
        level=item.level,
        options=tuple(PoolOption(option.id, option.fixed) for option in ordered_options(interaction)),
        shuffle=is_shuffled(interaction),
        stimulus=item.stimulus,
        enemies=item.enemies,
    )


def _edition(items: Iterable[CompiledItem], stimuli: Iterable[Stimulus], media: dict[str, bytes]) -> str:
    lines = ["cbt-station/bank-edition/v1"]
    lines += [f"item {item.id} {_hash(strict_json.encode(item))}" for item in items]
    lines += [f"stimulus {stimulus.id} {_hash(strict_json.encode(stimulus))}" for stimulus in stimuli]
    lines += [f"media {name} {_hash(data)}" for name, data in media.items()]
    return _hash("".join(f"{line}\n" for line in lines).encode())


def _hash(data: bytes) -> str:
    return sha256(data).hexdigest()
