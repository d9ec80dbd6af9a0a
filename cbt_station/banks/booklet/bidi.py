"""In which direction each character of a line runs: embedding levels, even leftmost first, odd from the right.

The part of the Unicode Bidirectional Algorithm (UAX 9) that a text without direction characters needs: our banks refuse
those, and a `Span` with a direction is laid out for itself and stands as one object in its line.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

OBJECT: Final = "\ufffc"
_STRONG: Final = ("L", "R", "AL")
_NEUTRAL: Final = frozenset(["B", "S", "WS", "ON", "BN"])
_RIGHT: Final = frozenset(["R", "AN", "EN"])
_PAIRS: Final = "()[]{}⁅⁆⁽⁾₍₎⌈⌉⌊⌋⟦⟧⟨⟩⟪⟫⦅⦆〈〉《》「」『』【】〔〕（）［］｛｝"
_CLOSING: Final = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_MOST_OPEN: Final = 63
"""Brackets within brackets that are looked at (BD16)."""
_MIRRORED: Final = _CLOSING | {closing: opening for opening, closing in _CLOSING.items()}
T = TypeVar("T")


def reads_leftwards(text: str, otherwise: bool = False) -> bool:
    """Whether the first letter that has a direction is of a script written from right to left (P2, P3)."""
    first = next((kind for ch in text if (kind := unicodedata.bidirectional(ch)) in _STRONG), "")
    return first != "L" if first else otherwise


def levels(text: str, base: int) -> list[int]:
    """The level of each character in a paragraph whose own level is `base`."""
    if not base and all(unicodedata.bidirectional(ch) not in ("R", "AL", "AN") for ch in text):
        return [0] * len(text)
    kinds = [unicodedata.bidirectional(ch) or "L" for ch in text]
    _weak(kinds, base)
    _brackets(text, kinds, base)
    _neutral(kinds, base)
    return [_level(kind, base) for kind in kinds]


def visual(things: Sequence[T], level_of: Callable[[T], int]) -> list[T]:
    """The parts of a line in the order in which they stand from the left (L2)."""
    order = list(things)
    ranks = [level_of(thing) for thing in order]
    for level in range(max(ranks, default=0), 0, -1):
        for begin, end in _stretches(ranks, level):
            order[begin:end] = order[begin:end][::-1]
            ranks[begin:end] = ranks[begin:end][::-1]
    return order


def turned(letters: Sequence[str]) -> str:
    """What runs leftwards as it stands from the left: its last letter first, brackets mirrored (L4)."""
    return "".join(_MIRRORED.get(letter, letter) for letter in reversed(letters))


def _stretches(ranks: Sequence[int], least: int) -> Iterator[tuple[int, int]]:
    begin: int | None = None
    for at, rank in enumerate([*ranks, -1]):
        if rank >= least and begin is None:
            begin = at
        elif rank < least and begin is not None:
            yield begin, at
            begin = None


def _weak(kinds: list[str], base: int) -> None:
    """W1 to W7: numbers, and the signs in and around them."""
    edge = "R" if base % 2 else "L"
    previous, strong = edge, edge
    for at, kind in enumerate(kinds):  # W1 to W3
        if kind == "NSM":
            kinds[at] = previous
        elif kind == "EN" and strong == "AL":
            kinds[at] = "AN"
        if kinds[at] in _STRONG:
            strong = kinds[at]
        previous = kinds[at]
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]
    for at in range(1, len(kinds) - 1):  # W4
        around = (kinds[at - 1], kinds[at + 1])
        if (kinds[at] in ("ES", "CS") and around == ("EN", "EN")) or (
            kinds[at] == "CS" and around == ("AN", "AN")
        ):
            kinds[at] = around[0]
    _terminators(kinds)
    strong = edge
    for at, kind in enumerate(kinds):  # W6, W7
        if kind in ("ES", "ET", "CS"):
            kinds[at] = "ON"
        elif kind == "EN" and strong == "L":
            kinds[at] = "L"
        if kind in ("L", "R"):
            strong = kind


def _terminators(kinds: list[str]) -> None:
    """W5: signs of money and percent beside a number belong to it."""
    for order in (range(len(kinds)), range(len(kinds) - 1, -1, -1)):
        beside = ""
        for at in order:
            if kinds[at] == "ET" and beside == "EN":
                kinds[at] = "EN"
            beside = kinds[at]


def _brackets(text: str, kinds: list[str], base: int) -> None:
    """N0: both brackets of a pair take the direction of the paragraph where what they hold has it, else that of what they
    hold where the text before them has it too."""
    edge = "R" if base % 2 else "L"
    for begin, end in _pairs(text, kinds):
        inside = {_side(kind) for kind in kinds[begin + 1 : end] if kind not in _NEUTRAL}
        if not inside:
            continue
        before = next((kinds[at] for at in range(begin - 1, -1, -1) if kinds[at] not in _NEUTRAL), edge)
        found = edge if edge in inside else _side(before)
        for at in (begin, end):
            kinds[at] = found
            for mark in range(at + 1, len(text)):
                if unicodedata.bidirectional(text[mark]) != "NSM":
                    break
                kinds[mark] = found


def _pairs(text: str, kinds: Sequence[str]) -> list[tuple[int, int]]:
    """Where the brackets of each pair stand, in the order of the opening ones (BD16)."""
    found: list[tuple[int, int]] = []
    still_open: list[tuple[str, int]] = []
    for at, character in enumerate(text):
        if kinds[at] != "ON":
            continue
        if character in _CLOSING:
            if len(still_open) == _MOST_OPEN:
                return []
            still_open.append((_CLOSING[character], at))
            continue
        place = next((i for i in range(len(still_open) - 1, -1, -1) if still_open[i][0] == character), None)
        if place is not None:
            found.append((still_open[place][1], at))
            del still_open[place:]
    return sorted(found)


def _neutral(kinds: list[str], base: int) -> None:
    """N1, N2: what has no direction takes that of both its sides where they agree, else that of the paragraph."""
    edge = "R" if base % 2 else "L"
    at = 0
    while at < len(kinds):
        if kinds[at] not in _NEUTRAL:
            at += 1
            continue
        end = at
        while end < len(kinds) and kinds[end] in _NEUTRAL:
            end += 1
        before = _side(kinds[at - 1]) if at else edge
        after = _side(kinds[end]) if end < len(kinds) else edge
        kinds[at:end] = [before if before == after else edge] * (end - at)
        at = end


def _side(kind: str) -> str:
    return "R" if kind in _RIGHT else "L"


def _level(kind: str, base: int) -> int:
    """I1, I2."""
    if base % 2:
        return base if kind == "R" else base + 1
    return base + {"R": 1, "AN": 2, "EN": 2}.get(kind, 0)
