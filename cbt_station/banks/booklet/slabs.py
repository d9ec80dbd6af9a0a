"""Strips of a page below each other, and how they come onto pages.

A slab is never cut: a line of text, a picture, a row of a table. `fitted` makes one that is higher than a page smaller.
`sticky` slabs stay with the next one, so that no heading stands alone at the foot of a page.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from cbt_station.banks.booklet.ink import FAINT, HEIGHT, WIDTH, Ink

SIDE: Final = 54.0
TOP: Final = 64.0
BOTTOM: Final = 56.0
ROOM: Final = WIDTH - 2 * SIDE
MOST_HEIGHT: Final = HEIGHT - TOP - BOTTOM
_PIECE: Final = MOST_HEIGHT / 3
Draw: TypeAlias = Callable[[Ink, float, float], None]


@dataclass(frozen=True)
class Slab:
    """A strip `height` high with `space` above it (not at the head of a page); `draw` gets its upper left corner."""

    height: float
    draw: Draw
    space: float = 0.0
    sticky: bool = False
    baseline: float = 0.0
    """Of its first line, where it has one: what stands beside it stands on that."""


Slabs: TypeAlias = tuple[Slab, ...]


def blank(ink: Ink, x: float, y: float) -> None:
    """Draws nothing."""


def total(slabs: Sequence[Slab]) -> float:
    """How high slabs are below each other."""
    return sum(slab.height + slab.space for slab in slabs) - (slabs[0].space if slabs else 0.0)


def moved(slabs: Iterable[Slab], by: float) -> Slabs:
    """The same further to the right."""
    return tuple(replace(slab, draw=_moved(slab.draw, by)) for slab in slabs)


def spaced(slabs: Sequence[Slab], space: float) -> Slabs:
    """The same, the first with this space above it."""
    return (replace(slabs[0], space=space), *slabs[1:]) if slabs else ()


def stuck(slabs: Sequence[Slab]) -> Slabs:
    """The same, each staying with the next, the last one too."""
    return tuple(replace(slab, sticky=True) for slab in slabs)


def together(slabs: Sequence[Slab]) -> Slabs:
    """The same on one page where they can be: all but the last are sticky."""
    return (*stuck(slabs[:-1]), *slabs[-1:])


def drawn(slabs: Sequence[Slab]) -> Draw:
    """One drawing of all of them."""

    def draw(ink: Ink, x: float, y: float) -> None:
        for at, slab in enumerate(slabs):
            y += slab.space if at else 0.0
            slab.draw(ink, x, y)
            y += slab.height

    return draw


def as_one(slabs: Sequence[Slab]) -> Slab:
    """All of them as one."""
    first = slabs[0] if slabs else Slab(0.0, blank)
    return Slab(total(slabs), drawn(slabs), first.space, baseline=first.baseline)


def fitted(slab: Slab, width: float, room: float, most: float = MOST_HEIGHT) -> Slab:
    """The slab, smaller where it is wider than its room or higher than a page."""
    by = min(1.0, room / max(width, 0.1), most / max(slab.height, 0.1))
    if by >= 1:
        return slab

    def draw(ink: Ink, x: float, y: float) -> None:
        ink.scaled(x, y, by, slab.draw)

    return replace(slab, height=slab.height * by, draw=draw)


def beside(columns: Sequence[tuple[float, Sequence[Slab]]]) -> Slabs:
    """Slabs side by side, each column at its x: one slab where a page holds it, else cut where its columns can be."""
    highest = max((total(slabs) for _, slabs in columns), default=0.0)
    if highest <= MOST_HEIGHT:
        baseline = next((slabs[0].baseline for _, slabs in columns if slabs), 0.0)
        row = _row([(x, total(slabs), drawn(slabs)) for x, slabs in columns], highest)
        return (replace(row, baseline=baseline),)
    cut = [(x, pieces(slabs, _PIECE)) for x, slabs in columns]
    rows = []
    for at in range(max(len(parts) for _, parts in cut)):
        parts = [(x, as_one(parts[at])) for x, parts in cut if at < len(parts)]
        tallest = max(one.height for _, one in parts)
        space = max(one.space for _, one in parts) if at else 0.0
        rows.append(replace(_row([(x, one.height, one.draw) for x, one in parts], tallest), space=space))
    return tuple(rows)


def pieces(slabs: Sequence[Slab], most: float) -> list[list[Slab]]:
    """Slabs in heaps no higher than `most` where they can be."""
    found: list[list[Slab]] = []
    for slab in slabs:
        if found and total([*found[-1], slab]) <= most:
            found[-1].append(slab)
        else:
            found.append([slab])
    return found


def barred(slabs: Sequence[Slab], by: float, room: float | None = None) -> Slabs:
    """The same further to the right, with a bar on their left; or with one on their right, at the end of `room`."""

    def with_bar(slab: Slab, first: bool) -> Draw:
        def draw(ink: Ink, x: float, y: float) -> None:
            at = x + 2 if room is None else x + room - 2
            ink.line(at, y - (0 if first else slab.space), at, y + slab.height, 1.6, FAINT)
            slab.draw(ink, x + by if room is None else x, y)

        return draw

    return tuple(replace(slab, draw=with_bar(slab, not at)) for at, slab in enumerate(slabs))


def framed(slabs: Sequence[Slab], room: float, pad: float = 6.0) -> Slabs:
    """The same within a frame; each page draws its part of it."""

    def with_frame(slab: Slab, first: bool, last: bool) -> Draw:
        above, below = pad if first else slab.space, pad if last else 0.0

        def draw(ink: Ink, x: float, y: float) -> None:
            top = y if first else y - above
            bottom = y + (above if first else 0.0) + slab.height + below
            for side in (x, x + room):
                ink.line(side, top, side, bottom, 0.5, FAINT)
            for edge, here in ((top, first), (bottom, last)):
                if here:
                    ink.line(x, edge, x + room, edge, 0.5, FAINT)
            slab.draw(ink, x + pad, y + (above if first else 0.0))

        return draw

    end = len(slabs) - 1
    return tuple(
        replace(
            slab,
            height=slab.height + (pad if not at else 0) + (pad if at == end else 0),
            draw=with_frame(slab, not at, at == end),
        )
        for at, slab in enumerate(slabs)
    )


def _row(parts: Sequence[tuple[float, float, Draw]], height: float) -> Slab:
    def draw(ink: Ink, x: float, y: float) -> None:
        for at, _, one in parts:
            one(ink, x + at, y)

    return Slab(height, draw)


def _moved(draw: Draw, by: float) -> Draw:
    return lambda ink, x, y: draw(ink, x + by, y)


def on_pages(groups: Sequence[Sequence[Slab]]) -> list[list[tuple[float, Slab]]]:
    """The slabs of every page with the place of each, from the head of the page.

    A group stays on one page where a page holds it. A longer one flows, a sticky slab with those that it sticks to.
    """
    pages: list[list[tuple[float, Slab]]] = [[]]
    at = 0.0
    for group in filter(None, groups):
        whole = total(group) <= MOST_HEIGHT
        for chunk in [list(group)] if whole else _chunks(group):
            space = chunk[0].space if pages[-1] else 0.0
            if pages[-1] and at + space + total(chunk) > MOST_HEIGHT + 0.01:
                pages.append([])
                at = space = 0.0
            at += space
            for place, slab in enumerate(chunk):
                at += slab.space if place else 0.0
                if place and at + slab.height > MOST_HEIGHT + 0.01:
                    pages.append([])
                    at = 0.0
                pages[-1].append((at, fitted(slab, 0.0, ROOM)))
                at += slab.height
    return pages


def _chunks(group: Sequence[Slab]) -> list[list[Slab]]:
    """Slabs that stay together: each sticky one with the next."""
    found: list[list[Slab]] = [[]]
    for slab in group:
        found[-1].append(slab)
        if not slab.sticky:
            found.append([])
    return [chunk for chunk in found if chunk]
