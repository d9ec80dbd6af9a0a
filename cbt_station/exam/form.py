"""The form: the exact items and options, in order, that one candidate gets, drawn from a stream handed in.

The procedure (the design's "Nobody chooses who gets which form"; vector in tests/golden/form-v1.json), section after
section in blueprint order:

1. Cells in blueprint order. A fixed cell takes its items as named and draws nothing; neighbours with one stimulus are
   one unit. Any other cell does steps 2 and 3.
2. The cell's *units*, ordered by their smallest item id: an item, a stimulus group (its items by id), or an enemy set.
   Each enemy set, in that order and whatever its size, becomes one of its members by below(n), members by id.
3. Take k units by Fisher-Yates from the front: for i = 0 … k-1 swap unit i with unit i + below(n - i); below(1) too is
   a number read.
4. The units of all cells of the section, in the order taken; if the section's order is shuffled, by Fisher-Yates from
   the end: for i = n-1 … 1 swap unit i with unit below(i + 1).
5. Item after item in that order, its free options by Fisher-Yates from the end over the places that free options have;
   fixed options keep theirs, and an item without shuffle draws nothing.

Ids are compared by code point, which is also the order of their UTF-8 bytes. `below(n)` is a uniform whole number in
0..n-1; where it comes from is `artefacts.form`'s business.
"""

from collections.abc import Callable, Iterable, MutableSequence
from itertools import groupby
from typing import Any, TypeAlias

from msgspec import Struct

from cbt_station.errors import Refusal
from cbt_station.exam.blueprint import Blueprint, BlueprintCell, Section, check

Below: TypeAlias = Callable[[int], int]
Place: TypeAlias = tuple[str, int]
"""A cell by its section's id and its number in that section, from 0."""


class PoolOption(Struct, frozen=True, forbid_unknown_fields=True):
    """An option without its text."""

    id: str
    fixed: bool = False


class PoolItem(Struct, frozen=True, forbid_unknown_fields=True):
    """An item without its text: what the draw needs to know.

    `options` stand in the bank's order. `stimulus` and `enemies` name the group the item belongs to, if any;
    an item never has both.
    """

    id: str
    section: str
    topic: str
    level: str
    options: tuple[PoolOption, ...]
    shuffle: bool = True
    stimulus: str | None = None
    enemies: str | None = None


class FormItem(Struct, frozen=True, forbid_unknown_fields=True):
    """An item of the form and the order of its options."""

    item: str
    section: str
    options: tuple[str, ...]


class Form(Struct, frozen=True, forbid_unknown_fields=True):
    """The resolved order: nothing of it is computed again on the station."""

    blueprint: str
    items: tuple[FormItem, ...]


Unit: TypeAlias = tuple[PoolItem, ...]
"""Items that are drawn and stay together."""


def check_pool(blueprint: Blueprint, pool: tuple[PoolItem, ...]) -> None:
    """Raise Refusal where a draw could fail or be unfair, so that no draw can fail later.

    Items that no cell asks for are never drawn and do no harm; a stimulus group lies in one cell whole, or in none.

    Codes: those of `blueprint.check`, and pool-item-twice, pool-option-twice, pool-item-in-two-groups, pool-item-unknown, pool-item-in-two-cells,
    pool-stimulus-across-cells, pool-enemies-across-cells, pool-enemies-meet, pool-unit-sizes, pool-cell-short.
    """
    check(blueprint)
    _check_items(pool)
    places = _places(blueprint, pool)
    _check_groups(pool, places)
    for section in blueprint.sections:
        for number, cell in enumerate(section.cells):
            where = f"{section.id}, {number + 1}"
            if cell.fixed:
                _check_fixed(cell, {item.id: item for item in pool}, where)
            else:
                _check_drawn(cell, _candidates(section, cell, pool), where)


def draw_form(blueprint: Blueprint, pool: tuple[PoolItem, ...], below: Below) -> Form:
    """Draw one form. The pool must have passed `check_pool`; its order does not matter."""
    items: list[FormItem] = []
    for section in blueprint.sections:
        # 1 to 3
        units = [unit for cell in section.cells for unit in _taken(section, cell, pool, below)]
        # 4
        if section.order == "shuffled":
            _shuffle(units, below)
        # 5
        items += [
            FormItem(item=item.id, section=section.id, options=_option_order(item, below))
            for unit in units
            for item in unit
        ]
    return Form(blueprint=blueprint.id, items=tuple(items))


def _taken(section: Section, cell: BlueprintCell, pool: tuple[PoolItem, ...], below: Below) -> list[Unit]:
    """The units that a cell gives to the form, in the order taken."""
    if cell.fixed:
        by_id = {item.id: item for item in pool}
        return _neighbours(by_id[name] for name in cell.items)
    # 2
    units = [
        (group[below(len(group))],) if group[0].enemies is not None else group
        for group in _groups(_candidates(section, cell, pool))
    ]
    # 3
    k = cell.count // len(units[0])
    for i in range(k):
        j = i + below(len(units) - i)
        units[i], units[j] = units[j], units[i]
    return units[:k]


def _option_order(item: PoolItem, below: Below) -> tuple[str, ...]:
    order = [option.id for option in item.options]
    if not item.shuffle:
        return tuple(order)
    places = [place for place, option in enumerate(item.options) if not option.fixed]
    free = [order[place] for place in places]
    _shuffle(free, below)
    for place, option in zip(places, free, strict=True):
        order[place] = option
    return tuple(order)


def _shuffle(things: MutableSequence[Any], below: Below) -> None:
    """Fisher-Yates from the end, in place."""
    for i in range(len(things) - 1, 0, -1):
        j = below(i + 1)
        things[i], things[j] = things[j], things[i]


def asks_for(section: Section, cell: BlueprintCell, item: PoolItem) -> bool:
    """Whether an item is one of those that a cell may give."""
    if item.section != section.id:
        return False
    if cell.fixed:
        return item.id in cell.items
    return cell.topic in (None, item.topic) and cell.level in (None, item.level)


def _candidates(section: Section, cell: BlueprintCell, pool: tuple[PoolItem, ...]) -> tuple[PoolItem, ...]:
    return tuple(item for item in pool if asks_for(section, cell, item))


def _groups(items: Iterable[PoolItem]) -> list[Unit]:
    """Single items, stimulus groups and enemy sets: members by id, groups by their smallest id."""
    groups: dict[tuple[str, str], list[PoolItem]] = {}
    # In this order a group's first member, which gives the group its place, is its smallest.
    for item in sorted(items, key=lambda item: item.id):
        groups.setdefault(_group_of(item), []).append(item)
    return [tuple(group) for group in groups.values()]


def _group_of(item: PoolItem) -> tuple[str, str]:
    if item.stimulus is not None:
        return "stimulus", item.stimulus
    return ("enemies", item.enemies) if item.enemies is not None else ("item", item.id)


def _neighbours(items: Iterable[PoolItem]) -> list[Unit]:
    """The units of a fixed cell: as named, neighbours with one stimulus together."""
    return [
        tuple(group)
        for _, group in groupby(
            items, key=lambda item: item.id if item.stimulus is None else ("stimulus", item.stimulus)
        )
    ]


def _check_items(pool: tuple[PoolItem, ...]) -> None:
    seen: set[str] = set()
    for item in pool:
        options = [option.id for option in item.options]
        if item.id in seen:
            raise Refusal("pool-item-twice", where=item.id)
        if len(set(options)) != len(options):
            raise Refusal("pool-option-twice", where=item.id)
        if item.stimulus is not None and item.enemies is not None:
            raise Refusal("pool-item-in-two-groups", where=item.id)
        seen.add(item.id)


def _places(blueprint: Blueprint, pool: tuple[PoolItem, ...]) -> dict[str, Place | None]:
    """The one cell that asks for each item, or None."""
    places: dict[str, Place | None] = {}
    by_section = {section.id: section for section in blueprint.sections}
    for item in pool:
        section = by_section.get(item.section)
        cells = enumerate(section.cells) if section else ()
        found = [number for number, cell in cells if section and asks_for(section, cell, item)]
        if len(found) > 1:
            raise Refusal("pool-item-in-two-cells", where=item.id, section=item.section)
        places[item.id] = (item.section, found[0]) if found else None
    return places


def _check_groups(pool: tuple[PoolItem, ...], places: dict[str, Place | None]) -> None:
    """A stimulus group lies in one cell whole; enemies that cells ask for lie in one cell."""
    for group in _groups(pool):
        lie_in = {places[item.id] for item in group}
        if group[0].stimulus is not None and len(lie_in) > 1:
            raise Refusal("pool-stimulus-across-cells", where=group[0].id, stimulus=group[0].stimulus)
        if group[0].enemies is not None and len(lie_in - {None}) > 1:
            raise Refusal("pool-enemies-across-cells", where=group[0].id, enemies=group[0].enemies)


def _check_fixed(cell: BlueprintCell, by_id: dict[str, PoolItem], where: str) -> None:
    section = where.partition(",")[0]
    for name in cell.items:
        if name not in by_id or by_id[name].section != section:
            raise Refusal("pool-item-unknown", where=where, item=name)
    items = [by_id[name] for name in cell.items]
    enemies = [item.enemies for item in items if item.enemies is not None]
    if len(set(enemies)) != len(enemies):
        raise Refusal("pool-enemies-meet", where=where)
    stimuli = [unit[0].stimulus for unit in _neighbours(items) if unit[0].stimulus is not None]
    for stimulus in stimuli:
        if stimuli.count(stimulus) > 1:
            raise Refusal("pool-stimulus-across-cells", where=where, stimulus=stimulus)


def _check_drawn(cell: BlueprintCell, candidates: tuple[PoolItem, ...], where: str) -> None:
    groups = _groups(candidates)
    sizes = {1 if group[0].enemies is not None else len(group) for group in groups}
    if len(sizes) > 1 or any(cell.count % size for size in sizes):
        raise Refusal("pool-unit-sizes", where=where, count=cell.count, sizes=sorted(sizes))
    holds = len(groups) * sum(sizes)
    if holds < cell.count:
        raise Refusal("pool-cell-short", where=where, count=cell.count, holds=holds)
