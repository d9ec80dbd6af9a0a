"""Texts of Moodle that stand in several languages: of each place a reader sees one, as Moodle's filters choose it.

Two spellings: spans of the class `multilang` side by side, each with its `lang`; and `{mlang id}…{mlang}`. Where the
language of the bank is not among them the first one is taken. The others are named, because candidates lose them.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from cbt_station.banks.foreign import Remark, remark

_SPAN: Final = re.compile(r"<span\b([^<>]{0,200})>", re.IGNORECASE)
_CLASS: Final = re.compile(r"""\bclass\s*=\s*["']?multilang\b""", re.IGNORECASE)
_LANG: Final = re.compile(r"""\b(?:xml:)?lang\s*=\s*["']?([A-Za-z0-9_-]{1,20})""", re.IGNORECASE)
_CLOSING: Final = re.compile(r"</span\s*>", re.IGNORECASE)
_MLANG: Final = re.compile(r"\{\s*mlang\s+([A-Za-z0-9_,\s-]{1,80})\}")
_MLANG_END: Final = re.compile(r"\{\s*mlang\s*\}")
_OTHER: Final = "other"

Lose = Callable[[Remark], None]


class _Piece(NamedTuple):
    """A part of a text in its languages; `start` and `end` are where it stands, marks included."""

    start: int
    end: int
    languages: tuple[str, ...]
    text: str


def in_one_language(text: str, language: str, lose: Lose) -> str:
    """The text with one language at each place; the same text where it names none."""
    if "multilang" in text:
        text = _chosen(text, list(_runs(list(_spans(text)), text)), language, lose)
    if "mlang" in text:
        pieces = list(_marked(text))
        text = _chosen(text, [pieces] if pieces else [], language, lose)
    return text


def _spans(text: str) -> Iterator[_Piece]:
    """Every span of the class, as far as each is closed."""
    start = 0
    while opening := _SPAN.search(text, start):
        start = opening.end()
        said = _LANG.search(opening[1])
        if said is None or not _CLASS.search(opening[1]):
            continue
        closing = _CLOSING.search(text, start)
        if closing is None:
            return
        languages = (said[1].lower(),)
        yield _Piece(opening.start(), closing.end(), languages, text[opening.end() : closing.start()])
        start = closing.end()


def _runs(pieces: list[_Piece], text: str) -> Iterator[list[_Piece]]:
    """Spans side by side are one place; one that stands alone is a text like any other."""
    run: list[_Piece] = []
    for piece in pieces:
        if run and text[run[-1].end : piece.start].strip():
            if len(run) > 1:
                yield run
            run = []
        run.append(piece)
    if len(run) > 1:
        yield run


def _marked(text: str) -> Iterator[_Piece]:
    start = 0
    while opening := _MLANG.search(text, start):
        closing = _MLANG_END.search(text, opening.end())
        if closing is None:
            return
        languages = tuple(one.strip().lower() for one in opening[1].split(",") if one.strip())
        yield _Piece(opening.start(), closing.end(), languages, text[opening.end() : closing.start()])
        start = closing.end()


def _chosen(text: str, places: list[list[_Piece]], language: str, lose: Lose) -> str:
    parts: list[str] = []
    start = 0
    for pieces in places:
        wanted = _wanted([one for piece in pieces for one in piece.languages], language)
        others = dict.fromkeys(
            one for piece in pieces for one in piece.languages if wanted not in piece.languages
        )
        for number, piece in enumerate(pieces):
            before = text[start : piece.start]
            is_between = number > 0 and not before.strip()  # white space between languages is none of a text
            parts += ["" if is_between else before, piece.text if wanted in piece.languages else ""]
            start = piece.end
        if others:
            lose(remark("languages-dropped", kept=wanted[:20], others=", ".join(others)[:60]))
    return "".join([*parts, text[start:]])


def _wanted(offered: list[str], language: str) -> str:
    """The one that is shown: the bank's own, then what stands for any other, then the first."""
    primary = next((one for one in offered if re.split(r"[_-]", one)[0] == language), None)
    return primary or (_OTHER if _OTHER in offered else offered[0] if offered else _OTHER)
