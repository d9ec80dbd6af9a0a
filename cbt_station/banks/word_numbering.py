"""Numbers and letters that Word puts before paragraphs: kept where ours say the same, named where they do not.

Our lists are bullets or 1, 2, 3 from 1 on. Word counts through a whole document, in letters or Roman numbers, from any
number: what a question says of “statement (c)” would be of another one. Source: ECMA-376 part 1, 17.9.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from cbt_station.banks.safe_xml import Element
from cbt_station.banks.word_marks import lose
from cbt_station.banks.word_styles import WORD, WordStyles, above, said

_LEVELS: Final = 9
_PLAIN: Final = re.compile(r"\(?%[1-9][.)]?")
"""A number by itself, whatever stands beside it."""
_SHOWN: Final = {
    "upperLetter": "A, B, C",
    "lowerLetter": "a, b, c",
    "upperRoman": "I, II, III",
    "lowerRoman": "i, ii, iii",
}


@dataclass(frozen=True)
class _Level:
    format: str
    text: str
    start: int


@dataclass
class _Ours:
    """How far the open lists of one cell have counted here: of each level its kind and number."""

    counts: dict[int, tuple[bool, int]] = field(default_factory=dict)

    def next(self, level: int, *, is_ordered: bool) -> int:
        self.counts = {one: count for one, count in self.counts.items() if one <= level}
        kind, count = self.counts.get(level, (is_ordered, 0))
        self.counts[level] = (is_ordered, count + 1 if kind == is_ordered else 1)
        return self.counts[level][1]


class WordNumbering:
    """The numberings of one document; `root` is `w:numbering`, or None where it has none."""

    def __init__(self, root: Element | None, styles: WordStyles) -> None:
        self._styles = styles
        found = [] if root is None else root.findall(f"{WORD}num")
        self._numbers = {said(one, "numId"): one for one in found}
        found = [] if root is None else root.findall(f"{WORD}abstractNum")
        self._abstract = {said(one, "abstractNumId"): one for one in found}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()

    def settle(self, root: Element) -> None:
        """Paragraphs say themselves how they are numbered; a number that ours does not say is named."""
        ours: dict[Element | None, _Ours] = {}
        for paragraph in list(root.iter(f"{WORD}p")):
            holder = paragraph.getparent()
            mine = ours.setdefault(holder, _Ours())
            place = self._place(paragraph)
            if place is None:
                if _says_anything(paragraph):
                    ours[holder] = _Ours()
                continue
            number, level = place
            _write(paragraph, number, level)
            shape = self._level(number, level)
            if shape is None or not _says_anything(paragraph):
                self._count(number, level, shape)
                continue
            is_ordered = shape.format != "bullet"
            theirs, here = self._count(number, level, shape), mine.next(level, is_ordered=is_ordered)
            if is_ordered and above(paragraph, "tc") is not None:
                self._compare(paragraph, shape, theirs, here)

    def _compare(self, paragraph: Element, shape: _Level, theirs: int, ours: int) -> None:
        same = shape.format in ("decimal", "") and _PLAIN.fullmatch(shape.text) and theirs == ours
        first = next(paragraph.iterchildren(f"{WORD}r", f"{WORD}hyperlink", f"{WORD}ins"), None)
        if not same and first is not None:
            found = _SHOWN.get(shape.format) or (f"{theirs}" if shape.format == "decimal" else shape.format)
            plain = _PLAIN.fullmatch(shape.text) or not shape.text
            lose(first, "list", found if plain else f"{shape.text}: {found}")

    def _place(self, paragraph: Element) -> tuple[str, int] | None:
        """Numbering and level of a paragraph, by itself or by its style."""
        own = self._styles.paragraph_property(paragraph, "numPr")
        if own is None:
            return None
        number = said(own.find(f"{WORD}numId"), "val")
        if number in ("", "0"):
            if number == "0":
                _write(paragraph, "0", 0)
            return None
        level = said(own.find(f"{WORD}ilvl"), "val") or self._level_of_style(number, paragraph)
        return number, min(int(level), _LEVELS - 1) if level.isdecimal() and len(level) < 4 else 0

    def _level_of_style(self, number: str, paragraph: Element) -> str:
        abstract = self._abstract_of(number)
        names = self._styles.style_of(paragraph)
        for level in abstract.findall(f"{WORD}lvl") if abstract is not None else ():
            if said(level.find(f"{WORD}pStyle"), "val") in names:
                return said(level, "ilvl")
        return "0"

    def _abstract_of(self, number: str) -> Element | None:
        for _ in range(_LEVELS):
            own = self._numbers.get(number)
            name = "" if own is None else said(own.find(f"{WORD}abstractNumId"), "val")
            abstract = self._abstract.get(name)
            link = None if abstract is None else abstract.find(f"{WORD}numStyleLink")
            if link is None:
                return abstract
            number = self._styles.linked_numbering(said(link, "val"))
        return None

    def _override(self, number: str, level: int) -> Element | None:
        own = self._numbers.get(number)
        for one in own.findall(f"{WORD}lvlOverride") if own is not None else ():
            if said(one, "ilvl") == f"{level}":
                return one
        return None

    def _level(self, number: str, level: int) -> _Level | None:
        override, abstract = self._override(number, level), self._abstract_of(number)
        own = None if override is None else override.find(f"{WORD}lvl")
        if own is None and abstract is not None:
            own = next(
                (one for one in abstract.findall(f"{WORD}lvl") if said(one, "ilvl") == f"{level}"), None
            )
        if own is None:
            return None
        start = said(own.find(f"{WORD}start"), "val")
        return _Level(
            said(own.find(f"{WORD}numFmt"), "val"),
            said(own.find(f"{WORD}lvlText"), "val"),
            _whole(start, 0),
        )

    def _count(self, number: str, level: int, shape: _Level | None) -> int:
        """The number that a paragraph gets: numberings of one kind count on together."""
        abstract = self._abstract_of(number)
        counts = self._counts.setdefault(said(abstract, "abstractNumId"), [None] * _LEVELS)
        override = self._override(number, level)
        start = None if override is None else override.find(f"{WORD}startOverride")
        before = counts[level]
        if start is not None and (number, level) not in self._begun:
            now = _whole(said(start, "val"), 1)
        else:
            now = (shape.start if shape else 1) if before is None else before + 1
        self._begun.add((number, level))
        counts[level:] = [now, *[None] * (_LEVELS - level - 1)]
        return now


def _write(paragraph: Element, number: str, level: int) -> None:
    properties = paragraph.find(f"{WORD}pPr")
    if properties is None:
        properties = etree.Element(f"{WORD}pPr")
        paragraph.insert(0, properties)
    for before in properties.findall(f"{WORD}numPr"):
        properties.remove(before)
    own = etree.SubElement(properties, f"{WORD}numPr")
    etree.SubElement(own, f"{WORD}ilvl", {f"{WORD}val": f"{level}"})
    etree.SubElement(own, f"{WORD}numId", {f"{WORD}val": number})


def _says_anything(paragraph: Element) -> bool:
    return any(_shown(paragraph))


def _shown(paragraph: Element) -> Iterator[bool]:
    for part in paragraph.iter(f"{WORD}t", f"{WORD}drawing", f"{WORD}pict", f"{WORD}object", f"{WORD}sym"):
        yield bool(str(part.text or "")) or not str(part.tag).endswith("}t")


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 6 else otherwise
