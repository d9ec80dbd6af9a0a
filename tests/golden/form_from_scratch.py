"""The draw of a form, written a second time from the published procedure alone: standard library, no code of ours."""

import hmac
from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]


def words(share: bytes, draw: str, session: str, commitment: str) -> Iterator[int]:
    """HMAC_DRBG-SHA256, asked for 32 bytes at a time, as numbers of four bytes."""
    seed = hmac.digest(share, draw.encode() + b"\0" + session.encode(), "sha256")
    key, value, material = bytes(32), b"\1" * 32, seed + bytes.fromhex(commitment) + b"cbt-station/form/v1"
    for mark in (b"\0", b"\1"):
        key = hmac.digest(key, value + mark + material, "sha256")
        value = hmac.digest(key, value, "sha256")
    while True:
        value = hmac.digest(key, value, "sha256")
        yield from (int.from_bytes(value[at : at + 4], "big") for at in range(0, 32, 4))
        key = hmac.digest(key, value + b"\0", "sha256")
        value = hmac.digest(key, value, "sha256")


def below_from(numbers: Iterator[int]) -> Callable[[int], int]:
    def below(n: int) -> int:
        limit = 2**32 // n * n
        return next(number for number in numbers if number < limit) % n

    return below


def shuffle(things: list[Any], below: Callable[[int], int]) -> None:
    for i in range(len(things) - 1, 0, -1):
        j = below(i + 1)
        things[i], things[j] = things[j], things[i]


def units(items: list[Json]) -> list[list[Json]]:
    """Single items, stimulus groups and enemy sets, by their smallest id; members by id."""
    groups: dict[Any, list[Json]] = {}
    for item in sorted(items, key=lambda one: one["id"].encode()):
        groups.setdefault(
            (item["stimulus"], item["enemies"], "" if item["stimulus"] or item["enemies"] else item["id"]), []
        ).append(item)
    return list(groups.values())


def take(cell: Json, items: list[Json], below: Callable[[int], int]) -> list[list[Json]]:
    if cell["items"]:
        by_id = {item["id"]: [item] for item in items}
        return [by_id[name] for name in cell["items"]]
    fitting = [
        item
        for item in items
        if cell["topic"] in (None, item["topic"]) and cell["level"] in (None, item["level"])
    ]
    groups = [[group[below(len(group))]] if group[0]["enemies"] else group for group in units(fitting)]
    count = cell["count"] // len(groups[0])
    for i in range(count):
        j = i + below(len(groups) - i)
        groups[i], groups[j] = groups[j], groups[i]
    return groups[:count]


def options_of(item: Json, below: Callable[[int], int]) -> list[str]:
    order = [option["id"] for option in item["options"]]
    free = [at for at, option in enumerate(item["options"]) if item["shuffle"] and not option["fixed"]]
    moved = [order[at] for at in free]
    shuffle(moved, below)
    for at, option in zip(free, moved, strict=True):
        order[at] = option
    return order


def form(vector: Json, commitment: str) -> Json:
    pool, drawn = vector["pool"], []
    below = below_from(words(bytes.fromhex(vector["share"]), vector["draw"], pool["session"], commitment))
    for section in pool["blueprint"]["sections"]:
        own = [item for item in pool["items"] if item["section"] == section["id"]]
        chosen = [unit for cell in section["cells"] for unit in take(cell, own, below)]
        if section["order"] == "shuffled":
            shuffle(chosen, below)
        drawn += [
            {"item": item["id"], "section": section["id"], "options": options_of(item, below)}
            for unit in chosen
            for item in unit
        ]
    return {"blueprint": pool["blueprint"]["id"], "items": drawn}
