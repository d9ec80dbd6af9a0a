"""The form: the exact items and options, in order, that one candidate gets, drawn from a stream handed in.

The procedure (the design's "Nobody chooses who gets which form"; vector in tests/golden/form-v1.json):

1. Sections, then cells, in blueprint order. A fixed cell takes its items and draws nothing.
2. A cell holds *units* ordered by their smallest item id: an item, a stimulus group (its items stay in order), or an
   enemy set (one member by below(n), members by id).
3. Take k units by Fisher-Yates from the front.
4. Then the section's order of units (if it is shuffled), then each item's free options, by Fisher-Yates from the end.

`below(n)` is a uniform whole number in 0..n-1; where it comes from is `artefacts.form`'s business.
"""

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

from cbt_station.exam.blueprint import Blueprint

Below: TypeAlias = Callable[[int], int]


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


def check_pool(blueprint: Blueprint, pool: tuple[PoolItem, ...]) -> None:
    """Raise Refusal where a draw could fail or be unfair, so that no draw can fail later.

    Codes: pool-item-twice, pool-cell-short, pool-unit-sizes, pool-enemies-across-cells, pool-item-unknown,
    pool-item-in-two-cells, pool-stimulus-across-cells.
    """
    raise NotImplementedError


def draw_form(blueprint: Blueprint, pool: tuple[PoolItem, ...], below: Below) -> Form:
    """Draw one form. The pool must have passed `check_pool`; its order does not matter."""
    raise NotImplementedError
