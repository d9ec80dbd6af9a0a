"""Blocks of content as slabs: paragraphs, headings, lists, quotations, lines with their spaces, pictures, columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from cbt_station.banks.booklet import drawings, faces
from cbt_station.banks.booklet.bidi import reads_leftwards
from cbt_station.banks.booklet.ink import FAINT, MUTED, TINT, Ink
from cbt_station.banks.booklet.lines import lines
from cbt_station.banks.booklet.pieces import Style
from cbt_station.banks.booklet.setting import Gap, Setting
from cbt_station.banks.booklet.slabs import (
    MOST_HEIGHT,
    Slab,
    Slabs,
    barred,
    beside,
    blank,
    moved,
    spaced,
    stuck,
    together,
)
from cbt_station.banks.booklet.tables import table
from cbt_station.exam.content import (
    Audio,
    Blocks,
    Columns,
    Heading,
    Inline,
    InlinePicture,
    LineBreak,
    Listing,
    Paragraph,
    Picture,
    Place,
    Quote,
    Separator,
    Table,
    Text,
    Verbatim,
    as_text,
)

GAP: Final = 0.55
"""Between blocks, of the size of letters."""
_GUTTER: Final = 16.0
_HEADINGS: Final = (1.3, 1.16, 1.05)
_TALLEST: Final = 0.55
"""Of a page, for a picture within an item: its question should stand with it."""
_NARROWEST: Final = 30.0


def slabs_of(blocks: Blocks, setting: Setting) -> Slabs:
    """All blocks below each other."""
    found: list[Slab] = []
    for block in blocks:
        one = _KINDS[type(block)](block, setting)
        found += spaced(one, GAP * setting.size) if found else one
    return tuple(found)


def paragraph(content: Sequence[Inline | Gap], setting: Setting, base: Style | None = None) -> Slabs:
    """A paragraph; neither its first nor its last line stands alone on a page."""
    found = lines(content, setting, base=base)
    if len(found) < 4:
        return together(found)
    return (replace(found[0], sticky=True), *found[1:-2], replace(found[-2], sticky=True), found[-1])


def text(
    words: str, setting: Setting, *, bold: bool = False, italic: bool = False, language: str | None = None
) -> Slabs:
    """Plain words of ours."""
    own = setting if language is None else replace(setting, language=language)
    return lines((Text(words, bold=bold, italic=italic),), own)


def picture_slab(block: Picture, setting: Setting, most: float = _TALLEST) -> Slab:
    """A picture of its own line."""
    one = drawings.picture(block.media, block.width, block.height, setting, most * MOST_HEIGHT)
    return Slab(one.height, lambda ink, x, y: one.draw(ink, x, y + one.height))


def side_by_side(columns: Sequence[Callable[[Setting], Slabs]], setting: Setting) -> Slabs:
    """Columns of the same width."""
    wide = (setting.room - _GUTTER * (len(columns) - 1)) / len(columns)
    return beside([(at * (wide + _GUTTER), column(setting.wide(wide))) for at, column in enumerate(columns)])


def inlines_of(blocks: Blocks) -> tuple[Inline, ...]:
    """The same in one line as far as a line can hold it: options of a list within a sentence."""
    found: list[Inline] = []
    for block in blocks:
        if found:
            found.append(Text(" "))
        if isinstance(block, Paragraph | Heading):
            found += [Text(" ") if isinstance(one, LineBreak) else one for one in block.content]
        elif isinstance(block, Picture):
            found.append(InlinePicture(block.media, block.width, block.height, block.alt))
        else:
            found.append(Text(as_text((block,))))
    return tuple(found)


def _paragraph(block: Paragraph, setting: Setting) -> Slabs:
    return paragraph(block.content, setting)


def _heading(block: Heading, setting: Setting) -> Slabs:
    larger = setting.smaller(_HEADINGS[min(max(block.level, 1), 3) - 1])
    return stuck(lines(block.content, larger, base=Style(bold=True)))


def _picture(block: Picture, setting: Setting) -> Slabs:
    return (picture_slab(block, setting),)


def _quote(block: Quote, setting: Setting) -> Slabs:
    leftwards = reads_leftwards(as_text(block.blocks), setting.leftwards)
    inner = replace(setting.narrower(14), leftwards=leftwards)
    return barred(slabs_of(block.blocks, inner), 14, setting.room if leftwards else None)


def _separator(_block: Separator, setting: Setting) -> Slabs:
    return (Slab(7.0, lambda ink, x, y: ink.line(x, y + 3, x + setting.room, y + 3, 0.6, FAINT)),)


def _columns(block: Columns, setting: Setting) -> Slabs:
    return side_by_side([partial(slabs_of, part) for part in block.columns], setting)


def _place(block: Place, setting: Setting) -> Slabs:
    return setting.places[block.response](setting) if block.response in setting.places else ()


def _listing(block: Listing, setting: Setting) -> Slabs:
    entries, start = block.entries, block.start
    marks = [f"{start + at}." if start is not None else "•" for at in range(len(entries))]
    widest = max((len(mark) for mark in marks), default=1)
    by = min(setting.size * (0.9 + 0.55 * widest), setting.room / 3)
    if setting.room < _NARROWEST:
        by = 0.0
    found: list[Slab] = []
    leftwards = reads_leftwards(" ".join(as_text(entry) for entry in entries), setting.leftwards)
    inner = replace(setting.narrower(by), leftwards=leftwards)
    for mark, entry in zip(marks, entries, strict=True):
        slabs = slabs_of(entry, inner)
        if leftwards:
            row = labelled(mark, slabs, setting, at=setting.room - by * 0.7)
        else:
            row = labelled(mark, moved(slabs, by), setting)
        found += spaced(row, GAP * 0.5 * setting.size)
    return tuple(found)


def labelled(mark: str, slabs: Slabs, setting: Setting, at: float = 0.0) -> Slabs:
    """The slabs with a mark beside them, on the baseline of their first line."""
    label = lines((Text(mark),), setting.wide(400))[0]
    first = slabs[0] if slabs else Slab(label.height, blank)
    down = max(first.baseline - label.baseline, 0.0) if first.baseline else 0.0

    def draw(ink: Ink, x: float, y: float) -> None:
        label.draw(ink, x + at, y + down)
        first.draw(ink, x, y)

    height = max(first.height, label.height + down)
    return (replace(first, height=height, draw=draw), *slabs[1:])


def _verbatim(block: Verbatim, setting: Setting) -> Slabs:
    """Lines with their spaces; smaller where one is too wide, and broken where it still is."""
    rows = block.text.expandtabs(4).split("\n")
    natural = max((_across(row, setting.size) for row in rows), default=0.0)
    inner = setting.narrower(12)
    inner = inner.smaller(min(1.0, max(0.7, inner.room / max(natural, 1.0))))
    found: list[Slab] = []
    for row in rows:
        kept = row.replace(" ", "\u00a0") or "\u00a0"
        found += lines((Text(kept, code=True),), inner)

    def shade(slab: Slab) -> Slab:
        def draw(ink: Ink, x: float, y: float) -> None:
            ink.box(x, y, setting.room, slab.height, fill=TINT, stroke=None)
            slab.draw(ink, x + 6, y)

        return replace(slab, draw=draw)

    return tuple(shade(slab) for slab in found)


def _across(row: str, size: float) -> float:
    return sum(faces.width(part, font, size) for font, part in faces.font_runs(row, (False, False, True)))


def _audio(block: Audio, setting: Setting) -> Slabs:
    """What a recording is, and how often it is played to the room."""
    key = "booklet.audio_times" if block.plays else "booklet.audio"
    label = setting.words(key, plays=block.plays)
    content = (Text(f"{label} ", bold=True), Text(block.alt))
    inner = moved(lines(content, setting.narrower(20)), 20)

    def draw(ink: Ink, x: float, y: float) -> None:
        middle = y + inner[0].height / 2
        ink.path(
            x + 2, middle, ("0 -4 m", "0 4 l", "4 4 l", "9 8 l", "9 -8 l", "4 -4 l", "h"), 0.8, fill=MUTED
        )
        ink.path(x + 11, middle, ("0 -3 m", "3 -1 3 1 0 3 c"), 1.0, stroke=MUTED)
        inner[0].draw(ink, x, y)

    return (replace(inner[0], draw=draw), *inner[1:])


_KINDS: Final[Mapping[type, Callable[[Any, Setting], Slabs]]] = {
    Paragraph: _paragraph,
    Heading: _heading,
    Picture: _picture,
    Table: table,
    Listing: _listing,
    Quote: _quote,
    Verbatim: _verbatim,
    Separator: _separator,
    Columns: _columns,
    Audio: _audio,
    Place: _place,
}
