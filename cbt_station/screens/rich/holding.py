"""Punctuation that stays with the object beside it: no line begins with the full stop of a field or ends with its bracket.

WORKAROUND: Qt lets a line end after every object, whatever follows, and joins nothing to one (neither U+2060 nor a
no-break space): measured over all widths. So an object asks for as much room as what hangs on it takes (`tail`), and
after it stands a space as wide as that, backwards: what follows is drawn where it would have been, and there is always
room for it. Before an object Qt breaks as Unicode says, unless both together are wider than the page: so an object that
can be smaller leaves room for its brackets too (`head`). Lengths are pixels of the screen.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from math import ceil
from typing import Final

from PySide6.QtCore import QTextBoundaryFinder
from PySide6.QtGui import QFont, QFontMetricsF, QTextCharFormat, QTextCursor, QTextDocument

from cbt_station.exam.punctuation import closes, opens
from cbt_station.screens.fonts import TEXT
from cbt_station.screens.rich.objects import CHARACTER, Inlay

BACKWARDS: Final = "\u00a0"
"""Stands after every object; as good as not there where nothing hangs on it."""
MAY_BREAK: Final = "\u200b"
_UNSEEN: Final = BACKWARDS + "\u2066\u2067\u2068\u2069"
_MOST: Final = 24
"""So many characters beside an object are looked at."""
_LONG: Final = re.compile(r"\w{9}")
"""What is glued to punctuation and longer than this may begin a line of its own, or a field would have no room."""


def loosened(before: str, text: str) -> str:
    """A text typed after `before` in its line: a long word glued to punctuation that hangs on an object may leave it."""
    _, found, hanging = before[-_MOST:].rpartition(CHARACTER)
    if not found:
        return text
    signs = hanging.strip(_UNSEEN)
    if not all(closes(sign) for sign in signs):
        return text
    more = _run(text)
    if (signs or more) and _LONG.match(text, more):
        return text[:more] + MAY_BREAK + text[more:]
    return text


def make_room_before(cursor: QTextCursor, line: str) -> None:
    """Where an object comes at the end of a line typed so far: a break that Qt would not see by itself."""
    line = line[-_MOST:]
    before = line.rstrip(_UNSEEN)
    if before and closes(before[-1]):
        cursor.insertText(MAY_BREAK)
        return
    brackets = len(before) - len(before.rstrip("".join(filter(opens, set(before)))))
    glued = before[: len(before) - brackets][::-1]
    if brackets and glued and (closes(glued[0]) or _LONG.match(glued)):
        away = QTextCursor(cursor)
        away.setPosition(cursor.position() - (len(line) - len(before)) - brackets)
        away.insertText(MAY_BREAK)


def hold(document: QTextDocument, inlaid: Iterable[tuple[int, Inlay]]) -> None:
    """Give each object of one line of text, typed to its end, what hangs on it."""
    text, begin = "", -1
    for at, inlay in inlaid:
        if begin < 0:
            block = document.findBlock(at)
            text, begin = block.text(), block.position()
        here = at - begin
        inlay.head = _width(document, begin + _head(text, here), at)
        inlay.tail = _width(document, at + 2, begin + _tail(text, here + 2))
        if inlay.tail:
            _step_back(document, at + 1, inlay.tail)


def no_width(pixels: float = 0.0) -> QTextCharFormat:
    """The format of a space beside an object or words that takes back so many pixels, or (less than 0) makes room."""
    style = QTextCharFormat()
    style.setFont(_tiny())
    style.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
    style.setFontLetterSpacing(-_tiny_space() - pixels)
    return style


def _step_back(document: QTextDocument, at: int, pixels: float) -> None:
    cursor = QTextCursor(document)
    cursor.setPosition(at)
    cursor.setPosition(at + 1, QTextCursor.MoveMode.KeepAnchor)
    cursor.setCharFormat(no_width(pixels))


def _run(text: str) -> int:
    """How many signs at the beginning close."""
    return next((at for at, sign in enumerate(text) if not closes(sign)), len(text))


def _tail(text: str, begin: int) -> int:
    """Where the line may end again after an object, if its punctuation begins there; else there itself."""
    after = text[begin : begin + _MOST]
    after = after[: after.find(CHARACTER)] if CHARACTER in after else after
    first = next((sign for sign in after if sign not in _UNSEEN), "")
    if not first or not closes(first):
        return begin
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Line, BACKWARDS + after)
    finder.toNextBoundary()
    return begin + len((BACKWARDS + after)[: finder.position()].rstrip()) - 1


def _head(text: str, end: int) -> int:
    """From where on the text before an object cannot be parted from it, if brackets stand before it; else there."""
    begin = max(0, end - _MOST)
    before = text[begin:end]
    before = before[before.rfind(CHARACTER) + 2 :] if CHARACTER in before else before
    last = next((sign for sign in reversed(before) if sign not in _UNSEEN), "")
    if not last or not opens(last):
        return end
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Line, before + CHARACTER)
    finder.setPosition(len(before))
    finder.toPreviousBoundary()
    return end - len(before) + max(0, finder.position())


def _width(document: QTextDocument, begin: int, end: int) -> float:
    """How wide some characters are at the most, each run in its own font; nothing for none."""
    cursor, whole = QTextCursor(document), 0.0
    for at in range(begin, end):
        cursor.setPosition(at + 1)
        font = cursor.charFormat().font().resolve(document.defaultFont())
        whole += QFontMetricsF(font).horizontalAdvance(document.characterAt(at))
    return ceil(whole) + 1.0 if whole else 0.0


@lru_cache(maxsize=1)
def _tiny() -> QFont:
    font = QFont(TEXT)
    font.setPixelSize(1)
    return font


@lru_cache(maxsize=1)
def _tiny_space() -> float:
    return QFontMetricsF(_tiny()).horizontalAdvance(BACKWARDS)
