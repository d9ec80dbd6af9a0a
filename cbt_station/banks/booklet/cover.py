"""The first page: what the bank is, whose booklet this is, its sections, and how to fill it in."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from cbt_station.banks.bank import Bank, SectionHead
from cbt_station.banks.booklet.blocks import labelled, side_by_side, text
from cbt_station.banks.booklet.ink import FAINT, Ink
from cbt_station.banks.booklet.lines import lines
from cbt_station.banks.booklet.setting import Setting
from cbt_station.banks.booklet.slabs import ROOM, Slab, Slabs, beside, moved, spaced
from cbt_station.exam.content import Text
from cbt_station.words import in_language

_FACT: Final = 128.0
_WRITE: Final = 26.0
_INSTRUCTIONS: Final = ("read", "choose", "write", "change", "unclear")


def cover(
    bank: Bank,
    sections: Sequence[tuple[SectionHead, int, int]],
    settings: Sequence[Setting],
    text_edition: str,
    edition: str | None,
) -> Slabs:
    """The page; `edition`, the bank's own, is named where the key stands in the booklet too."""
    setting = settings[0]
    words = setting.words
    found: list[Slab] = []
    for one in settings:
        if one.language in bank.head.title or one is setting:
            title = in_language(bank.head.title, one.language, bank.head.id)
            size = setting.smaller(2.1 if one is setting else 1.4)
            found += spaced(text(title, size, bold=one is setting), 8.0)
    kind = words("booklet.kind_with_key" if edition else "booklet.kind")
    found += spaced(text(kind, setting.smaller(1.2), bold=bool(edition)), 10.0)
    found += spaced(_to_write(setting), 22.0)
    found += spaced(_facts(bank, sections, settings, text_edition, edition), 24.0)
    found += spaced(_sections(sections, setting), 20.0)
    found += spaced(side_by_side([partial(_instructions, one) for one in settings[:2]], setting), 22.0)
    for one in settings[2:]:
        found += spaced(_instructions(one, one), 22.0)
    return tuple(found)


def _instructions(of: Setting, setting: Setting) -> Slabs:
    """How to fill it in, in the language of `of` and the room of `setting`."""
    own = of.wide(setting.room)
    found = list(text(own.words("booklet.instructions"), own.smaller(1.1), bold=True))
    for at, name in enumerate(_INSTRUCTIONS, start=1):
        said = text(own.words(f"booklet.instruction_{name}"), own.narrower(20))
        found += spaced(labelled(f"{at}.", moved(said, 20), own), 4.0)
    return tuple(found)


def _to_write(setting: Setting) -> Slabs:
    """Lines for name, number and date."""
    found: list[Slab] = []
    for name in ("name", "number", "date"):
        label = text(setting.words(f"booklet.write_{name}"), setting.wide(_FACT))

        def draw(ink: Ink, x: float, y: float, label: Slabs = label) -> None:
            label[0].draw(ink, x, y + _WRITE - label[0].height)
            ink.line(x + _FACT, y + _WRITE - 2, x + ROOM, y + _WRITE - 2, 0.6, FAINT)

        found.append(Slab(_WRITE, draw))
    return tuple(found)


def _facts(
    bank: Bank,
    sections: Sequence[tuple[SectionHead, int, int]],
    settings: Sequence[Setting],
    text_edition: str,
    edition: str | None,
) -> Slabs:
    words = settings[0].words
    count = sections[-1][2] if sections else 0
    facts = [
        ("bank", bank.head.id),
        ("author", bank.head.author),
        ("licence", bank.head.licence),
        ("count", str(count)),
        ("languages", ", ".join(setting.language for setting in settings)),
        ("text_edition", text_edition),
    ]
    facts += [("edition", edition)] if edition else []
    found: list[Slab] = []
    for name, value in facts:
        is_hash = name.endswith("edition")
        said = lines(
            (Text(value, code=is_hash),), settings[0].smaller(0.72 if is_hash else 1.0).wide(ROOM - _FACT)
        )
        label = text(words(f"booklet.fact_{name}"), settings[0].wide(_FACT - 8))
        found += spaced(beside([(0.0, label), (_FACT, said)]), 3.0)
    return tuple(found)


def _sections(sections: Sequence[tuple[SectionHead, int, int]], setting: Setting) -> Slabs:
    found: list[Slab] = []
    for head, first, last in sections:
        title = in_language(head.title, setting.language, head.id)
        said = items_said(setting, first, last)
        cells = [
            (0.0, text(title, setting.wide(ROOM - 150), bold=True)),
            (ROOM - 140, text(said, setting.wide(140))),
        ]
        found += spaced(beside(cells), 4.0)
    return tuple(found)


def items_said(setting: Setting, first: int, last: int) -> str:
    """Which questions: 1–12, or the only one."""
    words = setting.words
    return (
        words("booklet.items", first=first, last=last) if first < last else words("booklet.item", first=first)
    )
