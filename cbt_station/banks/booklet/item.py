"""One question as it is printed: its number beside it, in one language or in several."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from cbt_station.banks.booklet import faces
from cbt_station.banks.booklet.answers import form
from cbt_station.banks.booklet.blocks import slabs_of, text
from cbt_station.banks.booklet.ink import FAINT, Ink
from cbt_station.banks.booklet.marking import marked
from cbt_station.banks.booklet.setting import Setting
from cbt_station.banks.booklet.slabs import ROOM, Slab, Slabs, beside, spaced, stuck
from cbt_station.exam.content import Audio, Blocks, Table, as_text, every
from cbt_station.exam.interactions import parts_of
from cbt_station.exam.item import Shown, ShownItem, Stimulus, contents

NUMBER: Final = 30.0
BETWEEN: Final = 22.0
_GUTTER: Final = 18.0
_SIDE_BY_SIDE: Final = 2
"""More languages than these stand below each other."""


def item_slabs(item: ShownItem, number: int, settings: Sequence[Setting]) -> Slabs:
    """A question, in each setting's language that it has."""
    own = [setting for setting in settings if setting.language in item.languages] or [
        replace(settings[0], language=next(iter(item.languages)))
    ]
    columns = _columns(own, ROOM - NUMBER)
    forms = [form(item.languages[setting.language], setting) for setting in columns]
    body = _beside(forms, columns) if _is_parallel(columns) else _below(forms)
    for setting in own:
        _note_losses(item.languages[setting.language], setting)
    kept = (*stuck(body[:1]), *body[1:])  # the first line never alone
    return spaced(marked(kept, f"{number}.", "bare", settings[0].wide(ROOM), by=NUMBER), BETWEEN)


def stimulus_slabs(stimulus: Stimulus, first: int, last: int, settings: Sequence[Setting]) -> Slabs:
    """A shared text under its heading ("for questions 12–15"), in each language that it has."""
    heading = "booklet.text_for_one" if first == last else "booklet.text_for"
    own = [setting for setting in settings if setting.language in stimulus.content] or [
        replace(settings[0], language=next(iter(stimulus.content)))
    ]
    columns = _columns(own, ROOM)
    groups = [
        [
            stuck(text(setting.words(heading, first=first, last=last), setting, bold=True)),
            spaced(slabs_of(stimulus.content[setting.language], setting), 6.0),
        ]
        for setting in columns
    ]
    body = _beside(groups, columns) if _is_parallel(columns) else _below(groups)
    for setting in own:
        _note(stimulus.content[setting.language], setting)
    ruled = _ruled(body[0])
    return spaced((ruled, *body[1:]), BETWEEN)


def _ruled(slab: Slab) -> Slab:
    def draw(ink: Ink, x: float, y: float) -> None:
        ink.line(x, y, x + ROOM, y, 0.8, FAINT)
        slab.draw(ink, x, y + 5)

    return replace(slab, height=slab.height + 5, draw=draw, sticky=True)


def _is_parallel(settings: Sequence[Setting]) -> bool:
    return 1 < len(settings) <= _SIDE_BY_SIDE


def _columns(settings: Sequence[Setting], room: float) -> list[Setting]:
    """Each language with its room."""
    count = len(settings) if _is_parallel(settings) else 1
    return [setting.wide((room - _GUTTER * (count - 1)) / count) for setting in settings]


def _below(forms: Sequence[Sequence[Slabs]]) -> Slabs:
    found: list[Slab] = []
    for at, groups in enumerate(forms):
        for place, group in enumerate(groups):
            found += spaced(group, 14.0) if at and not place else group
    return tuple(found)


def _beside(forms: Sequence[Sequence[Slabs]], settings: Sequence[Setting]) -> Slabs:
    """The same part of each language at the same height."""
    wide = settings[0].room + _GUTTER
    if len({len(groups) for groups in forms}) > 1:
        forms = [[tuple(slab for group in groups for slab in group)] for groups in forms]
    found: list[Slab] = []
    for row in zip(*forms, strict=True):
        space = max((group[0].space for group in row if group), default=0.0)
        found += spaced(beside([(at * wide, group) for at, group in enumerate(row)]), space)
    return tuple(found)


def _note_losses(shown: Shown, setting: Setting) -> None:
    for content in contents(shown):
        _note(content, setting)
    labels = [
        spot.label for part in parts_of(shown.interaction).values() for spot in getattr(part, "spots", ())
    ]
    _note_letters(" ".join(labels), setting)


def _note(content: Blocks, setting: Setting) -> None:
    """What paper cannot do, and letters that no font of ours has."""
    if any(True for _ in every(Audio, content)):
        setting.losses.add("booklet-audio")
    _note_letters(as_text(content), setting)
    for table in every(Table, content):
        _note_letters(as_text((table,)), setting)


def _note_letters(words: str, setting: Setting) -> None:
    if faces.is_of_readers(words):
        setting.losses.add("booklet-reader-fonts")
    if faces.lacking(words):
        setting.losses.add("booklet-character")
