"""docs/events.md lists every kind of event with its fields, and nothing else: held here to the code.

What the page says about order is held by test_sitting.py.
"""

import re
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec

from cbt_station.exam.events import Event

PAGE = Path(__file__).parents[2] / "docs" / "events.md"
COMMON = ("t", "seq", "mono_ms", "boot", "wall", "left_ms")


def shown(hint: Any) -> str:
    """A type as the page writes it."""
    if get_origin(hint) is Literal:
        return " | ".join(repr(value) for value in get_args(hint))
    return hint.__name__ if isinstance(hint, type) and not get_args(hint) else str(hint)


def of_the_code() -> dict[str, dict[str, str]]:
    return {
        str(kind.__struct_config__.tag): {
            field.name: shown(field.type)
            for field in msgspec.structs.fields(kind)
            if field.name not in COMMON
        }
        for kind in get_args(Event)
    }


def rows(heading: str) -> list[list[str]]:
    """The rows of the first table after a heading (or after the beginning of the page), cells without their pipes."""
    after = PAGE.read_text().partition(heading)[2]
    table = re.search(r"(?:^\|.*\n)+", after, re.MULTILINE)
    assert table is not None
    cells = [re.split(r"(?<!\\)\|", line)[1:-1] for line in table[0].splitlines()[2:]]
    return [[cell.strip().replace("\\|", "|") for cell in row] for row in cells]


def test_the_page_lists_every_kind_with_its_fields_in_order() -> None:
    page = {
        kind.strip("`"): dict(field.split(": ", 1) for field in re.findall(r"`([^`]+)`", fields))
        for kind, fields, _ in rows("## Kinds")
    }
    assert page == of_the_code()
    assert [list(fields) for fields in page.values()] == [list(fields) for fields in of_the_code().values()]


def test_the_page_lists_the_fields_that_every_event_has() -> None:
    assert tuple(name.strip("`") for name, _, _ in rows("has these fields")) == COMMON
    for kind in get_args(Event):
        assert kind.__struct_config__.tag_field == "t"
        assert {"t", *(field.name for field in msgspec.structs.fields(kind))} >= set(COMMON)
