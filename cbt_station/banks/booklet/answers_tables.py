"""Matching on paper: a row for each thing, a circle or box under each of what it is put together with."""

from collections.abc import Sequence
from typing import Final

from cbt_station.banks.booklet.blocks import slabs_of, text
from cbt_station.banks.booklet.ink import FAINT, TINT, Ink
from cbt_station.banks.booklet.lines import lines
from cbt_station.banks.booklet.marking import Mark, letter, marked, sign
from cbt_station.banks.booklet.pieces import Style
from cbt_station.banks.booklet.setting import Setting
from cbt_station.banks.booklet.slabs import MOST_HEIGHT, Slab, Slabs, as_one, fitted, spaced, stuck, total
from cbt_station.exam.content import Text
from cbt_station.exam.interactions import Associable, MatchInteraction

_PAD: Final = 5.0
_NARROWEST: Final = 52.0
_LEAST_BOX: Final = 17.0
_FIRST: Final = 0.36
_LETTER: Final = 15.0


def match(part: MatchInteraction, setting: Setting) -> list[Slabs]:
    """The table; where the columns are many or long, letters stand over them and a list says what they mean."""
    first = setting.room * _FIRST
    wide = (setting.room - first) / max(len(part.columns), 1)
    listed = wide < _NARROWEST or _is_tall(part.columns, setting.wide(wide - 2 * _PAD - _LETTER))
    if listed:
        wide = max(min(wide, 34.0), _LEAST_BOX)
        first = max(setting.room - wide * len(part.columns), setting.room * 0.25)
    whole = first + wide * len(part.columns)
    head = _head(part.columns, first, wide, listed, setting)
    rows = [
        _row(str(at), row, first, wide, len(part.columns), setting)
        for at, row in enumerate(part.rows, start=1)
    ]
    legend = _legend(part.columns, setting) if listed else ()
    slabs = [fitted(slab, whole, setting.room) for slab in (head, *rows)]
    return [spaced((*legend, *spaced((*stuck(slabs[:1]), *slabs[1:]), 6.0)), 5.0)]


def _is_tall(columns: Sequence[Associable], setting: Setting) -> bool:
    return any(total(slabs_of(column.content, setting)) > setting.size * 8 for column in columns)


def _legend(columns: Sequence[Associable], setting: Setting) -> Slabs:
    found: list[Slab] = []
    for at, column in enumerate(columns):
        found += spaced(
            marked(slabs_of(column.content, setting.narrower(24)), letter(at), "bare", setting), 3.0
        )
    return tuple(found)


def _head(columns: Sequence[Associable], first: float, wide: float, listed: bool, setting: Setting) -> Slab:
    cells = []
    for at, column in enumerate(columns):
        if listed:
            cells.append(
                as_one(lines((Text(letter(at)),), setting.wide(wide - 2), "center", Style(bold=True)))
            )
        else:
            content = slabs_of(column.content, setting.wide(wide - 2 * _PAD - _LETTER))
            cells.append(as_one(marked(content, letter(at), "bare", setting, by=_LETTER)))
    height = max((cell.height for cell in cells), default=0.0) + 2 * _PAD

    def draw(ink: Ink, x: float, y: float) -> None:
        ink.box(x, y, first, height, fill=TINT, stroke=FAINT)
        for at, cell in enumerate(cells):
            left = x + first + wide * at
            ink.box(left, y, wide, height, fill=TINT, stroke=FAINT)
            cell.draw(ink, left + (1 if listed else _PAD), y + _PAD)

    return fitted(Slab(height, draw), 0.0, 1.0, MOST_HEIGHT / 2)


def _row(name: str, row: Associable, first: float, wide: float, columns: int, setting: Setting) -> Slab:
    inner = slabs_of(row.content, setting.wide(first - 2 * _PAD - 18))
    label = text(f"{name}.", setting.wide(60), bold=True)[0]
    content = as_one(inner)
    height = max(content.height, label.height, 16.0) + 2 * _PAD
    mark: Mark = "circle" if row.most == 1 else "box"

    def draw(ink: Ink, x: float, y: float) -> None:
        ink.box(x, y, first, height, stroke=FAINT)
        label.draw(ink, x + _PAD, y + _PAD)
        content.draw(ink, x + _PAD + 18, y + _PAD)
        for at in range(columns):
            ink.box(x + first + wide * at, y, wide, height, stroke=FAINT)
            sign(ink, x + first + wide * (at + 0.5), y + height / 2, mark, 5.6)

    return Slab(height, draw)
