"""Punctuation beside formulas, pictures and gaps on paper: no line begins with what closes or ends with what opens.

Every room that a column can have is filled and its lines are read; the screen's lines are in tests/screens/test_holding.py.
"""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from cbt_station.banks.booklet.lines import _filled, words_of
from cbt_station.banks.booklet.pieces import Piece
from cbt_station.banks.booklet.setting import Gap, Setting
from cbt_station.exam.content import Formula, Inline, InlinePicture, Slot, Span, Text
from cbt_station.exam.punctuation import closes, opens
from cbt_station.words import words_in

ROOMS = range(60, 520)
"""Points: from a narrow cell to a page."""
SQUARE = Formula(latex="x^2", media="", alt="x²", width=2400, height=1100, depth=100)
ICON = InlinePicture(media="", width=52, height=20, alt="x")
WIDE = InlinePicture(media="", width=2100, height=80, alt="x")
CHINESE = "阅读下面的短文回答问题"
SLOTS = {"a": (Gap(4.0),), "b": (Gap(3.0, "2"),)}

CONTENTS: dict[str, tuple[Inline, ...]] = {
    "brackets and stops": (Text(text="Nilai ungkapan ("), SQUARE, Text(text="), kemudian ("), Slot(response="a"), Text(text="); lalu ["), SQUARE, Text(text="]! Lalu “"), SQUARE, Text(text="” dan "), Slot(response="b"), Text(text=".000 rupiah, atau "), ICON, Text(text="?")),
    "without a space": (Text(text="("), Slot(response="a"), Text(text=","), Slot(response="b"), Text(text=","), SQUARE, Text(text=","), SQUARE, Text(text=")("), ICON, Text(text="),“"), SQUARE, Text(text="”/"), ICON, Text(text="!")),
    "other letters": (Text(text="tebal (", bold=True), SQUARE, Text(text="), ", bold=True), Span(content=(Slot(response="a"),), language="en"), Text(text=", lalu "), Span(content=(Text(text="("), SQUARE), underline=True), Text(text=")", italic=True)),
    "as wide as the column": (Text(text="("), WIDE, Text(text="), ["), WIDE, Text(text="].")),
    "from the right": (Span(content=(Text(text="مساحة المربع ("), SQUARE, Text(text=")، حيث ("), Slot(response="a"), Text(text="). ثم "), SQUARE, Text(text="؟")), language="ar", direction="rtl"),),
    "Chinese": (Text(text=CHINESE + "（"), SQUARE, Text(text="），" + CHINESE), Slot(response="a"), Text(text="。" + CHINESE), ICON, Text(text="、" + CHINESE)),
}  # fmt: skip


def _setting(room: float) -> Setting:
    return Setting(room=room, words=words_in("id"), language="id", media={}, slots=SLOTS)


def _rows(name: str, room: float) -> list[list[Piece]]:
    setting = _setting(room)
    filled = _filled(words_of(CONTENTS[name], setting, None, leftwards=name == "from the right"), setting)
    return [[piece for piece in row.pieces if piece.text != " "] for row in filled]


def _signs(piece: Piece) -> str:
    """The letters of a piece; an object has none."""
    return piece.text or piece.letters


def _parted(rows: list[list[Piece]]) -> Iterator[str]:
    for above, below in pairwise(rows):
        before, after = _signs(above[-1]), _signs(below[0])
        if closes(after[:1] or " ") or opens(before[-1:] or " "):
            yield f"{before!r} | {after!r}"


@pytest.mark.parametrize("name", CONTENTS)
def test_no_line_on_paper_begins_with_what_closes_or_ends_with_what_opens(name: str) -> None:
    faults = {fault: room for room in ROOMS for fault in _parted(_rows(name, room))}
    assert not faults


@pytest.mark.parametrize("name", CONTENTS)
def test_no_line_on_paper_is_wider_than_its_room(name: str) -> None:
    for room in ROOMS:
        assert all(sum(piece.width for piece in row) <= room + 0.02 for row in _rows(name, room)), room


def test_a_row_of_gaps_between_commas_is_broken_after_the_commas() -> None:
    gaps = ", ".join("aaaa").replace(" ", "")
    content = tuple(Slot(response="a") if sign == "a" else Text(text=sign) for sign in gaps)
    setting = _setting(80)
    rows = _filled(words_of(content, setting, None, leftwards=False), setting)
    assert len(rows) > 1
    assert all(_signs(row.pieces[-1]) == "," for row in rows[:-1])


def test_text_without_spaces_is_broken_beside_what_stands_in_it() -> None:
    """A gap in a Chinese sentence does not hold on to the signs around it."""
    content = (Text(text=CHINESE), Slot(response="a"), Text(text=CHINESE))
    assert len(words_of(content, _setting(200), None, leftwards=False)) == 2 * len(CHINESE) + 1
