"""The blueprints beside an imported bank: the source's own exams in our names, or one that is fitted to what is there."""

from collections.abc import Container, Mapping
from typing import Final

from msgspec.structs import replace

from cbt_station.banks.bank import Bank, BankItem
from cbt_station.banks.compiling import compile_bank, pool_items
from cbt_station.banks.foreign import ForeignBank, Remark, remark
from cbt_station.banks.import_names import printable, slugged, topic_id
from cbt_station.banks.writing import blueprint_text
from cbt_station.errors import Failure
from cbt_station.exam.blueprint import (
    TOTAL,
    Blueprint,
    BlueprintCell,
    ExtraTime,
    Ranking,
    Section,
    is_plain_number,
)
from cbt_station.exam.form import check_pool
from cbt_station.exam.scoring import most_of

FORM_ITEMS: Final = 110
FORM_MINUTES: Final = 100


def blueprints_for(
    bank: Bank, foreign: ForeignBank, sections: Mapping[str, str], items: Mapping[str, str]
) -> tuple[dict[str, Blueprint], tuple[Remark, ...]]:
    """The blueprints by file name, and what was lost of the source's own. `sections`, `items`: our ids by the source's."""
    found: dict[str, Blueprint] = {}
    losses: list[Remark] = []
    pool = pool_items(compile_bank(bank)) if foreign.blueprints else ()
    for blueprint in foreign.blueprints:
        own = _translated(blueprint, bank, sections, items)
        try:
            check_pool(own, pool)
            blueprint_text(own)
        except Failure as failure:
            losses.append(remark("blueprint-dropped", exam=blueprint.id[:60], problem=failure.code))
        else:
            found[_file_name(own.id, found)] = own
    if not found:
        own = fitted(bank)
        found[f"form-{own.count}.yaml"] = own
    return found, tuple(losses)


def _file_name(name: str, taken: Container[str]) -> str:
    """A file is named by its exam; two exams of one name are numbered."""
    number = 1
    while (free := f"{name if number == 1 else f'{name}-{number}'}.yaml") in taken:
        number += 1
    return free


def _translated(
    blueprint: Blueprint, bank: Bank, sections: Mapping[str, str], items: Mapping[str, str]
) -> Blueprint:
    """The same exam with our ids. An item that was refused is missing in its cell, which the check then refuses."""
    return replace(
        blueprint,
        id=slugged(blueprint.id) or bank.head.id,
        title={
            language: printable(blueprint.title.get(language, title))
            for language, title in bank.head.title.items()
        },
        languages=bank.head.languages[:1],
        sections=tuple(
            replace(
                section,
                id=sections.get(section.id, section.id),
                title={language: printable(title) for language, title in section.title.items()},
                cells=tuple(_cell(cell, items) for cell in section.cells),
            )
            for section in blueprint.sections
        ),
    )


def _cell(cell: BlueprintCell, items: Mapping[str, str]) -> BlueprintCell:
    return replace(
        cell,
        topic=None if cell.topic is None else topic_id(cell.topic),
        level=None if cell.level is None else topic_id(cell.level),
        items=tuple(items[name] for name in cell.items if name in items),
    )


def fitted(bank: Bank) -> Blueprint:
    """Up to 110 items spread over the sections; an enemy set counts once."""
    units = {name: _units(bank, name) for name in bank.head.sections}
    counts = spread({name: sum(map(len, many)) for name, many in units.items()}, FORM_ITEMS)
    sections = tuple(
        _section(bank, name, units[name], counts[name]) for name in bank.head.sections if counts[name]
    )
    total = sum(section.count for section in sections)
    allotted_ms = max(1, -(-total * FORM_MINUTES // FORM_ITEMS)) * 60_000
    return Blueprint(
        id=f"{bank.head.id}-{total}"[:64],
        title=bank.head.title,
        languages=bank.head.languages[:1],
        allotted_ms=allotted_ms,
        sections=sections,
        thresholds={"general": ()},
        ranking=Ranking(quota_multiple=3, order=(TOTAL,)),
        extra_time=(ExtraTime("additionalTestingTime", allotted_ms * 13 // 10),),
        warnings_ms=tuple(ms for ms in (1_800_000, 900_000, 300_000, 60_000) if ms < allotted_ms),
        show_score=True,
        source="Disusun saat impor menurut banyaknya soal; bukan ketentuan ujian",
    )


def _units(bank: Bank, section: str) -> list[list[BankItem]]:
    """What stays together of a section: one item of each enemy set, all items of a stimulus."""
    units: dict[str, list[BankItem]] = {}
    for item in bank.items:
        if item.section == section:
            key = f"stimulus {item.stimulus}" if item.stimulus else f"unit {item.enemies or item.id}"
            unit = units.setdefault(key, [])
            if item.stimulus or not unit:
                unit.append(item)
    return list(units.values())


def _section(bank: Bank, name: str, units: list[list[BankItem]], count: int) -> Section:
    """Items that are drawn where each stands alone; named items where some stay together."""
    cell = BlueprintCell(count)
    if any(len(unit) > 1 or unit[0].stimulus for unit in units):
        chosen: list[str] = []
        for unit in units:
            if len(chosen) + len(unit) <= max(count, len(units[0])):
                chosen += [item.id for item in unit]
        cell = BlueprintCell(len(chosen), items=tuple(chosen))
    mosts = {most_of(item.rule) for item in bank.items if item.section == name}
    most = mosts.pop() * cell.count if len(mosts) == 1 else None
    return Section(
        id=name,
        title=bank.head.sections[name].title,
        cells=(cell,),
        most=most if most is not None and is_plain_number(most) else None,
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
