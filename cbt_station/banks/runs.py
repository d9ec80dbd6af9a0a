"""Runs of text in their smallest form, the same for every reader and writer: one look is always the same parts."""

from collections.abc import Sequence

from msgspec.structs import replace

from cbt_station.exam.content import Inline, Text


def joined(parts: Sequence[Inline]) -> tuple[Inline, ...]:
    """Neighbours of one style as one run."""
    found: list[Inline] = []
    for part in parts:
        last = found[-1] if found else None
        if isinstance(part, Text) and isinstance(last, Text) and replace(last, text=part.text) == part:
            found[-1] = replace(part, text=last.text + part.text)
        else:
            found.append(part)
    return tuple(found)
