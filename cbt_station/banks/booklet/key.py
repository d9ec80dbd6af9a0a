"""The key: each question's right answer in letters and in words, and what it brings.

Only here is a rule looked at. A rule that no short form says is told by what it declares, with a note that it is more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from cbt_station.banks.bank import BankItem, SectionHead
from cbt_station.banks.booklet.answers import labels_of, names_of
from cbt_station.banks.booklet.answers_pictures import Place, with_places
from cbt_station.banks.booklet.blocks import inlines_of, paragraph, text
from cbt_station.banks.booklet.ink import FAINT, TINT, Ink
from cbt_station.banks.booklet.lines import lines
from cbt_station.banks.booklet.setting import Setting
from cbt_station.banks.booklet.slabs import ROOM, Slab, Slabs, beside, spaced, stuck
from cbt_station.banks.fields import NUMBER
from cbt_station.banks.marks import Marks, Points, place
from cbt_station.banks.short_marks import marks_of
from cbt_station.exam.content import Formula, Hot, Inline, InlinePicture, Span, Text, every
from cbt_station.exam.interactions import (
    RESPONSE,
    AssociateInteraction,
    Composite,
    GraphicGapMatchInteraction,
    HotspotInteraction,
    HottextInteraction,
    InlineChoiceInteraction,
    NumberEntryInteraction,
    OrderInteraction,
    SelectPointInteraction,
    Simple,
    SliderInteraction,
    parts_of,
)
from cbt_station.exam.item import HandMarked, OptionScores, ScoringRule
from cbt_station.exam.processing import AreaEntry, Processing, ResponseDeclaration
from cbt_station.exam.scoring import most_of
from cbt_station.paper.dates import number

_NUMBER: Final = 30.0
_ID: Final = 104.0
_POINTS: Final = 56.0
_ANSWER: Final = ROOM - _NUMBER - _ID - _POINTS
_PAD: Final = 4.0
_LARGEST_PICTURE: Final = 64
_LONGEST: Final = 160
"""Characters of an option that the key repeats."""
Pictured: TypeAlias = HotspotInteraction | GraphicGapMatchInteraction | SelectPointInteraction


def key_slabs(items: Sequence[tuple[int, BankItem]], section: SectionHead, setting: Setting) -> Slabs:
    """A section's answers, a row an item."""
    head = _row(
        [
            text(setting.words(f"booklet.key_{name}"), setting, bold=True)
            for name in ("number", "id", "answer", "points")
        ],
        tinted=True,
    )
    rows = [row for at, item in items for row in _item_row(at, item, section, setting)]
    return (*stuck(head), *rows)


def _item_row(at: int, item: BankItem, section: SectionHead, setting: Setting) -> Slabs:
    small = setting.smaller(0.9)
    answer = small.wide(_ANSWER - 2 * _PAD)
    shown = item.languages.get(setting.language, item.first)
    told = _Teller(item.rule, parts_of(shown.interaction), labels_of(shown), answer).tell(section)
    most = _number(most_of(item.rule), setting)
    ids = lines((Text(item.id, code=True),), small.smaller(0.9).wide(_ID - 2 * _PAD))
    return _row([text(f"{at}.", small, bold=True), ids, told, text(most, small)])


def _row(cells: Sequence[Slabs], *, tinted: bool = False) -> Slabs:
    edges = (0.0, _NUMBER, _NUMBER + _ID, ROOM - _POINTS, ROOM)
    return tuple(
        _edged(slab, edges, tinted=tinted)
        for slab in beside([(edge + _PAD, cell) for edge, cell in zip(edges, cells, strict=False)])
    )


def _edged(slab: Slab, edges: Sequence[float], *, tinted: bool) -> Slab:
    height = slab.height + 2 * _PAD

    def draw(ink: Ink, x: float, y: float) -> None:
        if tinted:
            ink.box(x, y, ROOM, height, fill=TINT, stroke=None)
        for edge in edges:
            ink.line(x + edge, y, x + edge, y + height, 0.5, FAINT)
        for side in (y, y + height):
            ink.line(x, side, x + ROOM, side, 0.5, FAINT)
        slab.draw(ink, x, y + _PAD)

    return Slab(height, draw, sticky=tinted)


@dataclass(frozen=True)
class _Teller:
    """Tells the answers of one item."""

    rule: ScoringRule
    parts: Mapping[str, Simple]
    labels: Mapping[str, str]
    setting: Setting

    def tell(self, section: SectionHead) -> Slabs:
        if isinstance(self.rule, HandMarked):
            return self._say("booklet.key_by_hand", most=_number(self.rule.most, self.setting))
        found: list[Slab] = []
        interaction = next(iter(self.parts.values())) if set(self.parts) == {RESPONSE} else None
        short = self._short_forms(section)
        for name, part in self.parts.items():
            if short is not None:
                told = (
                    self._marks(part, short[name]) if name in short else self._say("booklet.key_not_scored")
                )
            else:
                told = self._declared(name, part)
            if interaction is None:
                told = (*stuck(text(self.labels[name], self.setting, bold=True)), *told)
            found += spaced(told, 4.0) if found else told
        if short is None:
            found += self._say("booklet.key_own_rule")
        return tuple(found)

    def _short_forms(self, section: SectionHead) -> dict[str, Marks] | None:
        interaction = self.parts[RESPONSE] if set(self.parts) == {RESPONSE} else Composite(dict(self.parts))
        return marks_of(self.rule, interaction, Points(section.right, section.wrong, section.id))

    def _say(self, key: str, **facts: object) -> Slabs:
        return text(self.setting.words(key, **facts), self.setting, italic=True)

    def _marks(self, part: Simple, marks: Marks) -> Slabs:
        if marks.scores is not None:
            found = self._scores(part, marks.scores)
        else:
            found = self._key(part, marks.key or ())
        notes = []
        if marks.tolerance:
            notes.append(
                self.setting.words("booklet.key_tolerance", by=_number(marks.tolerance, self.setting))
            )
        if marks.exact_case:
            notes.append(self.setting.words("booklet.key_case"))
        if marks.each is not None:
            notes.append(self.setting.words("booklet.key_each", points=_number(marks.each, self.setting)))
        elif marks.points is not None and len(self.parts) > 1:
            notes.append(self.setting.words("booklet.key_worth", points=_number(marks.points, self.setting)))
        return (*found, *(slab for note in notes for slab in text(note, self.setting, italic=True)))

    def _key(self, part: Simple, key: Sequence[str]) -> Slabs:
        areas = [(AreaEntry(*area, Decimal(0)), "") for value in key if (area := place(value))]
        if areas and isinstance(part, SelectPointInteraction):
            return self._areas(part, areas)
        return self._values(part, key)

    def _values(self, part: Simple, values: Sequence[str], worths: Sequence[Decimal] = ()) -> Slabs:
        found: list[Slab] = []
        names = names_of(part)
        for at, value in enumerate(values):
            said = self._value(part, value, names)
            if isinstance(part, OrderInteraction):
                said = (Text(f"{at + 1}. "), *said)
            if worths:
                said = (*said, Text(f" = {_number(worths[at], self.setting)}", bold=True))
            found += paragraph(said, self.setting)
        return tuple(found)

    def _value(self, part: Simple, value: str, names: Mapping[str, str]) -> tuple[Inline, ...]:
        """A letter with its words, a pair of them, a number in the page's writing, a text as it is."""
        ids = [value] if value in names else value.split(" ")
        if names and all(one in names for one in ids):
            found: list[Inline] = []
            between = " – " if isinstance(part, AssociateInteraction) else " → "
            for at, one in enumerate(ids):
                found += [Text(between)] if at else []
                found += (
                    [] if isinstance(part, InlineChoiceInteraction) else [Text(f"{names[one]} ", bold=True)]
                )
                found += _shortened(_content(part, one))
            return tuple(found)
        if isinstance(part, NumberEntryInteraction | SliderInteraction) and NUMBER.fullmatch(value):
            return (Text(_number(Decimal(value), self.setting), bold=True),)
        return (Text(value, bold=True),)

    def _scores(self, part: Simple, scores: Mapping[str, Decimal]) -> Slabs:
        areas = [
            (AreaEntry(*area, worth), _number(worth, self.setting))
            for value, worth in scores.items()
            if (area := place(value))
        ]
        if areas and isinstance(part, SelectPointInteraction):
            return self._areas(part, areas)
        return self._values(part, list(scores), list(scores.values()))

    def _areas(self, part: Pictured, areas: Sequence[tuple[Place, str]]) -> Slabs:
        """The picture with the right areas outlined."""
        return (with_places(part.picture, areas, self.setting, most=0.3),)

    def _declared(self, name: str, part: Simple) -> Slabs:
        declared = self.rule.responses.get(name) if isinstance(self.rule, Processing) else None
        if isinstance(self.rule, OptionScores):
            return self._scores(part, self.rule.scores)
        return self._of_declaration(part, declared) if declared is not None else ()

    def _of_declaration(self, part: Simple, declared: ResponseDeclaration) -> Slabs:
        found: Slabs = ()
        if declared.correct:
            found = self._values(part, declared.correct)
        if declared.mapping is not None:
            found += self._scores(part, {entry.key: entry.worth for entry in declared.mapping.entries})
        if declared.areas is not None and isinstance(part, Pictured):
            areas = [(one, _number(one.worth, self.setting)) for one in declared.areas.entries]
            found += self._areas(part, areas)
        return found


def _content(part: Simple, name: str) -> tuple[Inline, ...]:
    """What an option, row, column, place or word says."""
    if isinstance(part, HottextInteraction):
        return next((hot.content for hot in every(Hot, part.content) if hot.id == name), ())
    for of in ("options", "rows", "columns", "spots"):
        for one in getattr(part, of, ()):
            if one.id == name:
                return (Text(one.label),) if of == "spots" else inlines_of(one.content)
    return ()


def _shortened(content: Sequence[Inline]) -> tuple[Inline, ...]:
    """The first letters, and pictures no larger than a stamp."""
    found: list[Inline] = []
    left = _LONGEST
    for one in content:
        if left <= 0:
            found.append(Text(" …"))
            break
        if isinstance(one, Text):
            cut = one.text if len(one.text) <= left else one.text[:left] + " …"
            found.append(Text(cut, one.bold, one.italic, one.code, one.sub, one.sup))
            left -= len(one.text)
        elif isinstance(one, InlinePicture):
            by = min(1.0, _LARGEST_PICTURE / max(one.width, one.height))
            found.append(
                InlinePicture(
                    one.media, max(1, round(one.width * by)), max(1, round(one.height * by)), one.alt
                )
            )
            left -= 10
        elif isinstance(one, Span):
            found.append(
                Span(_shortened(one.content), one.language, one.direction, one.underline, one.strike)
            )
            left -= 20
        else:
            found.append(one)
            left -= 10 if isinstance(one, Formula) else 1
    return tuple(found)


def _number(value: Decimal, setting: Setting) -> str:
    return number(value, setting.words.lang)
