"""What lines are filled with: words of pieces, and the parts of a word that is wider than its room.

A word is cut between its pieces and between letters, never beside punctuation that holds on to what stands there.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from cbt_station.banks.booklet import faces
from cbt_station.banks.booklet.ink import Ink
from cbt_station.exam.punctuation import closes, opens

ROUNDING: Final = 0.01


@dataclass(frozen=True)
class Style:
    """How letters look."""

    bold: bool = False
    italic: bool = False
    code: bool = False
    sub: bool = False
    sup: bool = False
    underline: bool = False
    strike: bool = False
    language: str = ""
    hot: str = ""


@dataclass(frozen=True)
class Piece:
    """Something in a line, of one level: letters of one font, or an object that draws itself."""

    width: float
    above: float
    below: float
    level: int
    style: Style
    font: str = ""
    size: float = 0.0
    text: str = ""
    letters: str = ""
    draw: Callable[[Ink, float, float], None] | None = None
    again: Callable[[str], "Piece"] | None = None
    """The same with a part of its letters."""


@dataclass
class Word:
    """Pieces without a place to break between them, and the space before them; `ends` the line if nothing follows."""

    pieces: list[Piece] = field(default_factory=list)
    space: Piece | None = None
    ends: bool = False

    @property
    def width(self) -> float:
        return sum(piece.width for piece in self.pieces)


def cut(word: Word, room: float) -> list[Word]:
    """A word in parts that fit: between its pieces, and between the letters of one that is still too wide."""
    if word.width <= room + ROUNDING:
        return [word]
    parts = [Word(space=word.space)]
    for unit in _units(one for whole in word.pieces for one in _halves(whole, room)):
        if parts[-1].pieces and parts[-1].width + sum(piece.width for piece in unit) > room + ROUNDING:
            parts.append(Word())
        parts[-1].pieces += unit
    return parts


def _units(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Pieces with the punctuation that holds on to them."""
    units: list[list[Piece]] = []
    for piece in pieces:
        last = units[-1][-1] if units else None
        if last is not None and hold(last.text or last.letters, piece.text or piece.letters):
            units[-1].append(piece)
        else:
            units.append([piece])
    return units


def _halves(piece: Piece, room: float) -> Iterator[Piece]:
    """Letters in halves of halves until each fits; one letter, and an object, stays as wide as it is."""
    letters = faces.clusters(piece.text or piece.letters)
    if piece.width <= room + ROUNDING or len(letters) < 2 or piece.again is None:
        yield piece
        return
    middle = len(letters) // 2
    for half in ("".join(letters[:middle]), "".join(letters[middle:])):
        yield from _halves(piece.again(half), room)


def hold(before: str, after: str) -> bool:
    """Whether the letters or objects (which have none) on both sides of a place stay together."""
    return (after != "" and closes(after[0])) or (before != "" and opens(before[-1]))
