"""The questions of the practice: three that are chosen from, and one for each other way of answering that the exam has.

They are ours and ask nothing that has to be known. Words stand in `words/` in every language that the screen speaks: a
gap in a sentence is written `___`, a word that can be chosen `[so]`, and options are parted by `|`.
"""

import re
from collections.abc import Callable, Collection
from typing import Final, TypeAlias

from cbt_station.exam.content import Blocks, Hot, Inline, Paragraph, Picture, Slot, Text
from cbt_station.exam.interactions import (
    RESPONSE,
    Associable,
    AssociateInteraction,
    ChoiceInteraction,
    ChoicesInteraction,
    ExtendedTextInteraction,
    GapMatchInteraction,
    GraphicGapMatchInteraction,
    HotspotInteraction,
    HottextInteraction,
    InlineChoiceInteraction,
    MatchInteraction,
    NumberEntryInteraction,
    Option,
    OrderInteraction,
    SelectPointInteraction,
    SliderInteraction,
    Spot,
    TextEntryInteraction,
)
from cbt_station.exam.item import Shown, ShownItem
from cbt_station.words import LANGUAGES, Words, words_in

_Make: TypeAlias = Callable[[Words, str], Shown]
PICTURE: Final = "practice.svg"
DRAWING: Final = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 160" width="420" height="160">'
    b'<rect x="0" y="0" width="420" height="160" fill="white"/>'
    b'<polygon points="20,140 80,20 140,140" fill="white" stroke="black" stroke-width="4"/>'
    b'<circle cx="220" cy="80" r="56" fill="white" stroke="black" stroke-width="4"/>'
    b'<rect x="312" y="28" width="92" height="104" fill="white" stroke="black" stroke-width="4"/></svg>'
)
_CHOICES: Final = ("practice-1", "practice-2", "practice-3")
_LETTERS: Final = ("a", "b", "c", "d")
_OF_TEXT: Final = re.compile(r"___|\[([^\]]+)\]")


def practice_items(kinds: Collection[str]) -> tuple[ShownItem, ...]:
    """Questions for these kinds of interaction (by their tags); those that are chosen from always."""
    named: list[tuple[str, _Make]] = [(item, _choice) for item in _CHOICES]
    named += [(f"practice-{kind}", make) for kind, make in _MAKERS.items() if kind in kinds]
    return tuple(
        ShownItem(id=item, languages={lang: make(words_in(lang), item) for lang in LANGUAGES})
        for item, make in named
    )


def _choice(words: Words, item: str) -> Shown:
    key = item.replace("-", "_")
    options = tuple(Option(letter, _text(words(f"station.{key}_{letter}"))) for letter in _LETTERS)
    return Shown(_text(words(f"station.{key}_stem")), ChoiceInteraction(options=options))


def _choices(words: Words, _item: str) -> Shown:
    return Shown(_stem(words, "choices"), ChoicesInteraction(options=_options(words, "choices")))


def _inline_choice(words: Words, _item: str) -> Shown:
    return Shown(
        _stem(words, "inline_choice"), InlineChoiceInteraction(options=_options(words, "inline_choice"))
    )


def _typed(words: Words, _item: str) -> Shown:
    return Shown(_stem(words, "text"), TextEntryInteraction(width=16))


def _number(words: Words, _item: str) -> Shown:
    return Shown(_stem(words, "number"), NumberEntryInteraction(width=6))


def _long_text(words: Words, _item: str) -> Shown:
    return Shown(_stem(words, "extended_text"), ExtendedTextInteraction(lines=4, most_characters=500))


def _match(words: Words, _item: str) -> Shown:
    rows = _associables(words, "match")
    columns = tuple(
        Associable(f"to-{one.id}", one.content, most=0) for one in _associables(words, "match_to")
    )
    return Shown(_stem(words, "match"), MatchInteraction(rows=rows, columns=columns))


def _associate(words: Words, _item: str) -> Shown:
    options = _associables(words, "associate")
    return Shown(_stem(words, "associate"), AssociateInteraction(options=options, most=len(options) // 2))


def _order(words: Words, _item: str) -> Shown:
    return Shown(_stem(words, "order"), OrderInteraction(options=_options(words, "order")))


def _gap_match(words: Words, _item: str) -> Shown:
    content = _content(words("station.practice_gap_match_text"), lambda number: f"gap-{number}")
    gaps = ("gap-1", "gap-2")
    interaction = GapMatchInteraction(content=content, gaps=gaps, options=_associables(words, "gap_match"))
    return Shown(_stem(words, "gap_match"), interaction)


def _hottext(words: Words, _item: str) -> Shown:
    content = _content(words("station.practice_hottext_text"))
    return Shown(_stem(words, "hottext"), HottextInteraction(content=content, most=2))


def _hotspot(words: Words, _item: str) -> Shown:
    return Shown(_stem(words, "hotspot"), HotspotInteraction(picture=_picture(words), spots=_spots(words)))


def _graphic_gap_match(words: Words, _item: str) -> Shown:
    interaction = GraphicGapMatchInteraction(
        picture=_picture(words), spots=_spots(words), options=_associables(words, "shapes")
    )
    return Shown(_stem(words, "graphic_gap_match"), interaction)


def _slider(words: Words, _item: str) -> Shown:
    return Shown(_stem(words, "slider"), SliderInteraction(low="0", high="100", step="10"))


def _select_point(words: Words, _item: str) -> Shown:
    return Shown(_stem(words, "select_point"), SelectPointInteraction(picture=_picture(words)))


_MAKERS: Final[dict[str, _Make]] = {
    str(kind.__struct_config__.tag): make
    for kind, make in (
        (ChoicesInteraction, _choices),
        (InlineChoiceInteraction, _inline_choice),
        (TextEntryInteraction, _typed),
        (NumberEntryInteraction, _number),
        (ExtendedTextInteraction, _long_text),
        (MatchInteraction, _match),
        (AssociateInteraction, _associate),
        (OrderInteraction, _order),
        (GapMatchInteraction, _gap_match),
        (HottextInteraction, _hottext),
        (HotspotInteraction, _hotspot),
        (GraphicGapMatchInteraction, _graphic_gap_match),
        (SliderInteraction, _slider),
        (SelectPointInteraction, _select_point),
    )
}


# --- pieces -------------------------------------------------------------------------------------------------------


def _stem(words: Words, kind: str) -> Blocks:
    return _content(words(f"station.practice_{kind}"))


def _content(text: str, gap: Callable[[int], str] = lambda _number: RESPONSE) -> Blocks:
    """A paragraph with its gaps, numbered from 1, and the words in it that can be chosen."""
    parts: list[Inline] = []
    at = gaps = 0
    for found in _OF_TEXT.finditer(text):
        parts.append(Text(text=text[at : found.start()]))
        at = found.end()
        if found[1] is None:
            gaps += 1
            parts.append(Slot(response=gap(gaps)))
        else:
            parts.append(Hot(id=f"word-{len(parts)}", content=(Text(text=found[1]),)))
    parts.append(Text(text=text[at:]))
    return (Paragraph(content=tuple(part for part in parts if part != Text(text=""))),)


def _text(text: str) -> Blocks:
    return (Paragraph(content=(Text(text=text),)),)


def _listed(words: Words, kind: str) -> list[tuple[str, str]]:
    return list(zip(_LETTERS, words(f"station.practice_{kind}_options").split("|"), strict=False))


def _options(words: Words, kind: str) -> tuple[Option, ...]:
    return tuple(Option(letter, _text(text)) for letter, text in _listed(words, kind))


def _associables(words: Words, kind: str) -> tuple[Associable, ...]:
    return tuple(Associable(letter, _text(text)) for letter, text in _listed(words, kind))


def _picture(words: Words) -> Picture:
    labels = ", ".join(text for _, text in _listed(words, "shapes"))
    return Picture(media=PICTURE, width=420, height=160, alt=labels)


def _spots(words: Words) -> tuple[Spot, ...]:
    (a, first), (b, second), (c, third) = _listed(words, "shapes")
    return (
        Spot(id=f"on-{a}", shape="poly", coords=(20, 140, 80, 20, 140, 140), label=first),
        Spot(id=f"on-{b}", shape="circle", coords=(220, 80, 58), label=second),
        Spot(id=f"on-{c}", shape="rect", coords=(310, 26, 406, 134), label=third),
    )
