"""An item's head as its file has it: settings that are not the default, and the shortest way to say what scores it."""

from decimal import Decimal
from typing import Any

from cbt_station.banks.bank import BankHead, BankItem
from cbt_station.banks.kinds import STEMLESS, head_of, kind_of, settings_of
from cbt_station.banks.marks import LISTS, Marks, Points
from cbt_station.banks.processing_text import processing_text
from cbt_station.banks.short_marks import marks_of
from cbt_station.banks.yaml_writer import Lines, yaml_text
from cbt_station.exam.interactions import RESPONSE, Composite, Simple, parts_of
from cbt_station.exam.item import HandMarked
from cbt_station.exam.processing import Processing


def item_head_text(head: BankHead, item: BankItem) -> str:
    """The lines between the two `---`."""
    section = head.sections.get(item.section)
    points = Points(section.right, section.wrong, section.id) if section else Points(None)
    interaction = item.first.interaction
    short = marks_of(item.rule, interaction, points)
    values: dict[str, Any] = {
        "id": item.id,
        "section": item.section,
        "topic": item.topic,
        "level": item.level,
        "title": item.title,
    }
    parts = {name: part_values(part, (short or {}).get(name)) for name, part in parts_of(interaction).items()}
    if isinstance(interaction, Composite):
        values["responses"] = Lines(
            {name: {"interaction": kind_of(interaction.parts[name])} | part for name, part in parts.items()}
        )
        fixed = None
    else:
        fixed = parts[RESPONSE].pop("fixed", None)
        values |= parts[RESPONSE]
    values |= {"enemies": item.enemies, "stimulus": item.stimulus, "fixed": fixed}
    values |= {"stem": "none" if _is_without_stem(item) else None}
    values |= {"source": item.source, "note": item.note}
    if isinstance(item.rule, HandMarked):
        values["hand-marked"] = _number(item.rule.most)
    text = yaml_text({name: value for name, value in values.items() if value is not None})
    return text + (processing_text(item.rule) if short is None and isinstance(item.rule, Processing) else "")


def _is_without_stem(item: BankItem) -> bool:
    """Whether nothing stands before what is to be answered, where there usually is something."""
    interaction = item.first.interaction
    usual = isinstance(interaction, Composite) or kind_of(interaction) not in STEMLESS
    return usual and not any(shown.stem for shown in item.languages.values())


def part_values(interaction: Simple, marks: Marks | None) -> dict[str, Any]:
    """What the head says of one interaction; of a plain choice nothing but its scoring."""
    kind, head = kind_of(interaction), head_of(interaction)
    values: dict[str, Any] = {} if kind == "choice" else {"interaction": kind}
    for name, value in settings_of(interaction).items():
        values[name] = "yes" if value is True else str(value)
    for name, each in (("most-each", head.most_each), ("least-each", head.least_each)):
        if each:
            values[name] = {option: str(number) for option, number in each.items()}
    if head.spots:
        values["spots"] = Lines({name: str(place) for name, place in head.spots.items()})
    values |= _scoring(kind, marks) if marks else {}
    if not head.shuffle:
        values["fixed"] = "all"
    elif head.fixed:
        values["fixed"] = list(head.fixed)
    return values


def _scoring(kind: str, marks: Marks) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if marks.key is not None:
        values["key"] = list(marks.key) if kind in LISTS or len(marks.key) > 1 else marks.key[0]
    if marks.scores is not None:
        values["scores"] = {name: _number(worth) for name, worth in marks.scores.items()}
    for name in ("points", "each", "tolerance"):
        number = getattr(marks, name)
        if number is not None:
            values[name] = _number(number)
    if marks.exact_case:
        values["case"] = "exact"
    return values


def _number(number: Decimal) -> str:
    return format(number, "f")
