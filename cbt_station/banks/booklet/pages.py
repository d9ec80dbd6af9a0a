"""The whole booklet: cover, sections, and (asked for) the key, each page with its head and foot.

Two rounds: what stands on which page, then the drawing, so that every foot knows how many pages there are. The hash on
the cover is over what is shown: the bank's own edition covers its keys too, and a few short keys could be guessed from it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import groupby
from typing import Final

from cbt_station.banks.bank import Bank, BankItem, SectionHead
from cbt_station.banks.booklet import faces
from cbt_station.banks.booklet.blocks import text
from cbt_station.banks.booklet.cover import cover, items_said
from cbt_station.banks.booklet.ink import FAINT, HEIGHT, WIDTH, Ink
from cbt_station.banks.booklet.item import item_slabs, stimulus_slabs
from cbt_station.banks.booklet.key import key_slabs
from cbt_station.banks.booklet.lines import widths
from cbt_station.banks.booklet.setting import Setting
from cbt_station.banks.booklet.slabs import (
    MOST_HEIGHT,
    ROOM,
    SIDE,
    TOP,
    Slab,
    Slabs,
    on_pages,
    spaced,
    stuck,
    total,
)
from cbt_station.banks.compiling import CompiledBank, compile_bank
from cbt_station.banks.export_report import ExportedItem, ExportReport, exported
from cbt_station.banks.foreign import remark
from cbt_station.exam.content import Text
from cbt_station.exam.item import ShownItem, Stimulus
from cbt_station.paper.dates import number
from cbt_station.sealing import strict_json
from cbt_station.words import LANGUAGES, in_language, words_in

_BOLD: Final = (True, False, False)
_PLAIN: Final = (False, False, False)
_RED: Final = "#b3261e"
_ACROSS: Final = "#f6e3e1"
_MOST_LETTERS: Final = 300
"""Of a head or foot: more do not fit, and are not measured."""


@dataclass(frozen=True)
class _Page:
    """What stands on a page, and what its head says."""

    slabs: Sequence[tuple[float, Slab]]
    head: str
    is_key: bool = False


def export_booklet(
    bank: Bank, language: str | None = None, *, lang: str = "id", key: bool = False
) -> tuple[bytes, ExportReport]:
    """The PDF, and what of each item paper cannot do. Without `language` all of the bank's, two of them side by side.

    Our own words are in the page's language where we have it, else in `lang`.
    """
    languages = (language,) if language else bank.head.languages
    settings = [_setting(bank, one, lang) for one in languages]
    compiled = compile_bank(bank)
    sections = _numbered(bank)
    items: dict[str, ExportedItem] = {}
    body: list[_Page] = []
    for head, numbered in sections:
        groups = _section(bank, head, numbered, settings, items)
        title = in_language(head.title, languages[0], head.id)
        body += [_Page(page, title) for page in on_pages(groups)]
    keys = _key_pages(sections, settings[0]) if key else []
    front = cover(
        bank, sections_of(sections), settings, text_edition(compiled), compiled.edition if key else None
    )
    pages = [*(_Page(page, "") for page in on_pages([front])), *body, *keys]
    data = _drawn(pages, bank, settings[0])
    return data, ExportReport("booklet", tuple(items[item.id] for item in bank.items if item.id in items))


def text_edition(compiled: CompiledBank) -> str:
    """SHA-256 over what is shown: as the bank's edition (`compiling.py`), of items only what candidates see."""
    lines = ["cbt-station/bank-text/v1"]
    lines += [
        f"item {item.id} {sha256(strict_json.encode(item.shown)).hexdigest()}" for item in compiled.items
    ]
    lines += [f"stimulus {one.id} {sha256(strict_json.encode(one)).hexdigest()}" for one in compiled.stimuli]
    lines += [f"media {name} {sha256(data).hexdigest()}" for name, data in compiled.media.items()]
    return sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def _setting(bank: Bank, language: str, lang: str) -> Setting:
    return Setting(ROOM, words_in(language if language in LANGUAGES else lang), language, bank.media)


def _numbered(bank: Bank) -> list[tuple[SectionHead, list[tuple[int, BankItem]]]]:
    """The items of each section with their numbers; those of one shared text stand together."""
    found, at = [], 0
    for head in bank.head.sections.values():
        groups: dict[str, list[BankItem]] = {}
        for item in bank.items:
            if item.section == head.id:
                groups.setdefault(f"stimulus {item.stimulus}" if item.stimulus else item.id, []).append(item)
        items = [item for group in groups.values() for item in group]
        if items:
            found.append((head, list(enumerate(items, start=at + 1))))
            at += len(items)
    return found


def _section(
    bank: Bank,
    head: SectionHead,
    numbered: Sequence[tuple[int, BankItem]],
    settings: Sequence[Setting],
    items: dict[str, ExportedItem],
) -> list[Slabs]:
    """The section's heading and its items, each a group; what each lost goes into `items`."""
    stimuli = {one.id: Stimulus(one.id, one.content) for one in bank.stimuli}
    heading = _heading(head, numbered, settings[0])
    groups: list[Slabs] = []
    for stimulus, members in groupby(numbered, key=lambda one: one[1].stimulus):
        inside = list(members)
        lost: set[str] = set()
        before: Slabs = ()
        if stimulus is not None and stimulus in stimuli:
            own = [replace(setting, losses=lost) for setting in settings]
            before = stimulus_slabs(stimuli[stimulus], inside[0][0], inside[-1][0], own)
        for at, item in inside:
            own = [replace(setting, losses=set(lost)) for setting in settings]
            groups += _joined(before, item_slabs(item_shown(item), at, own))
            before = ()
            codes = sorted({code for setting in own for code in setting.losses})
            items[item.id] = exported(item.id, (remark(code) for code in codes))
    return [*_joined(heading, groups[0]), *groups[1:]]


def _joined(before: Slabs, after: Slabs) -> list[Slabs]:
    """A shared text or a heading with what follows it: on one page where both fit, else flowing one after the other."""
    both = (*before, *after)
    if not before or total(both) <= MOST_HEIGHT:
        return [both]
    return [before, after] if total(after) <= MOST_HEIGHT and not before[-1].sticky else [both]


def item_shown(item: BankItem) -> ShownItem:
    """What candidates see of an item, and nothing else of it."""
    return ShownItem(item.id, item.languages, item.stimulus)


def _heading(head: SectionHead, numbered: Sequence[tuple[int, BankItem]], setting: Setting) -> Slabs:
    title = in_language(head.title, setting.language, head.id)
    name = f"section-{head.id}"
    lines = list(text(title, setting.smaller(1.5), bold=True))

    def draw(ink: Ink, x: float, y: float) -> None:
        ink.bookmark(y - 10, title, name)
        first(ink, x, y)

    first = lines[0].draw
    lines[0] = replace(lines[0], draw=draw)
    said = [items_said(setting, numbered[0][0], numbered[-1][0])]
    if head.right is not None:
        lang = setting.words.lang
        facts = {"right": number(head.right, lang), "wrong": number(head.wrong, lang)}
        said.append(setting.words("booklet.section_points", **facts))
    else:
        said.append(setting.words("booklet.section_own_points"))
    return stuck((*lines, *spaced(text(" ".join(said), setting.smaller(0.92), italic=True), 3.0)))


def sections_of(
    sections: Sequence[tuple[SectionHead, Sequence[tuple[int, BankItem]]]],
) -> list[tuple[SectionHead, int, int]]:
    """Each section with its first and last number."""
    return [(head, numbered[0][0], numbered[-1][0]) for head, numbered in sections]


def _key_pages(
    sections: Sequence[tuple[SectionHead, Sequence[tuple[int, BankItem]]]], setting: Setting
) -> list[_Page]:
    title = setting.words("booklet.key_title")
    groups: list[Slabs] = [stuck(text(title, setting.smaller(1.5), bold=True))]
    for at, (head, numbered) in enumerate(sections):
        name = in_language(head.title, setting.language, head.id)
        heading = stuck(text(name, setting.smaller(1.15), bold=True))
        rows = key_slabs(numbered, head, setting)
        group = (*spaced(heading, 0.0 if not at else 18.0), *spaced(rows, 6.0))
        groups.append(group)
    flat = tuple(slab for group in groups for slab in group)
    first = flat[0]

    def draw(ink: Ink, x: float, y: float) -> None:
        ink.bookmark(y - 10, title, "key")
        first.draw(ink, x, y)

    return [_Page(page, title, is_key=True) for page in on_pages([(replace(first, draw=draw), *flat[1:])])]


def _drawn(pages: Sequence[_Page], bank: Bank, setting: Setting) -> bytes:
    words = setting.words
    title = in_language(bank.head.title, setting.language, bank.head.id)
    ink = Ink(title, setting.language, bank.head.author, words("booklet.kind"))
    for at, page in enumerate(pages, start=1):
        if at > 1:
            ink.next_page()
        if page.is_key:
            _mark_secret(ink, words("booklet.key_mark"))
        if page.head:
            _line(ink, title, page.head, 38.0, setting)
            ink.line(SIDE, 44, WIDTH - SIDE, 44, 0.5, FAINT)
        for y, slab in page.slabs:
            slab.draw(ink, SIDE, TOP + y)
        foot = words("booklet.page", page=at, pages=len(pages))
        _line(ink, bank.head.id, foot, HEIGHT - 30, setting)
    return ink.finish()


def _mark_secret(ink: Ink, mark: str) -> None:
    ((font, _), *_) = faces.font_runs(mark, _BOLD)
    ink.across(mark, font, 60, _ACROSS)
    ink.text((WIDTH - faces.width(mark, font, 11)) / 2, 24, mark, font, 11, _RED)


def _line(ink: Ink, left: str, right: str, y: float, setting: Setting) -> None:
    """A line of the page's head or foot: two texts, the left one shortened where both have no room."""
    small = setting.smaller(0.82).wide(10_000)
    right = _within(right, ROOM / 2 + 40, small)
    across = _across(right, small)
    left = _within(left, ROOM - across - 20, small)
    for said, x in ((left, SIDE), (right, WIDTH - SIDE - _across(right, small))):
        if said:
            text(said, small)[0].draw(ink, x, y - small.size)


def _within(said: str, most: float, setting: Setting) -> str:
    """The text, without its end where it is wider than `most`."""
    if len(said) <= _MOST_LETTERS and _across(said, setting) <= most:
        return said
    counts = range(min(len(said), _MOST_LETTERS))
    fitting = bisect_right(counts, most, key=lambda count: _across(f"{said[:count]}…", setting))
    return f"{said[: fitting - 1].rstrip()}…" if fitting else ""


def _across(said: str, setting: Setting) -> float:
    return widths((Text(said),), setting)[1]
