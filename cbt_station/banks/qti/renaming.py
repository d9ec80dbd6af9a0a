"""The response of an item with one interaction is called RESPONSE by us, whatever its file called it."""

from typing import Any

import msgspec

from cbt_station.exam.content import Blocks, Place, Slot


def renamed_places(blocks: Blocks, old: str, new: str) -> Blocks:
    """The same blocks with the place of one response under another name."""
    return blocks if old == new else tuple(_renamed(block, old, new) for block in blocks)


def _renamed(part: Any, old: str, new: str) -> Any:
    if isinstance(part, Slot | Place):
        return type(part)(new) if part.response == old else part
    if isinstance(part, tuple):
        return tuple(_renamed(one, old, new) for one in part)
    if not isinstance(part, msgspec.Struct):
        return part
    values = {name: getattr(part, name) for name in part.__struct_fields__}
    changed = {name: _renamed(value, old, new) for name, value in values.items() if isinstance(value, tuple)}
    return msgspec.structs.replace(part, **changed) if changed else part
