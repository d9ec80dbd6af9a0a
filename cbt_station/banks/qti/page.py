"""The content of one item, through the one reader of HTML: interactions become the places where they stand.

A `Page` also gathers what was lost, what is only remarked, and what is kept for the people who review the item. Those
notes go into the item's `note`, which no candidate and no package ever sees.
"""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

from lxml import etree

from cbt_station.banks.foreign import QuestionRefused, Remark, remark
from cbt_station.banks.html import HtmlReader
from cbt_station.banks.html_sizes import shown_size
from cbt_station.banks.html_style import Style, styled
from cbt_station.banks.qti import attributes as of
from cbt_station.banks.qti.markup import words
from cbt_station.banks.qti.names import local, qti2
from cbt_station.banks.qti.resizing import (
    fitted,
    is_in_proportion,
    is_in_the_middle,
    shown_at,
)
from cbt_station.banks.safe_xml import Element
from cbt_station.exam.content import (
    Blocks,
    Hot,
    Inline,
    InlinePicture,
    Paragraph,
    Picture,
    Place,
    Slot,
    as_text,
)

WITHIN_A_LINE: Final = frozenset(["inline-choice-interaction", "text-entry-interaction"])
MOST_NOTE: Final = 4_000
LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"


class Page:
    """Reads what stands in an item's elements; made for one question."""

    def __init__(
        self,
        lookup: Callable[[str], bytes | None],
        media: dict[str, bytes],
        language: str,
        *,
        latex: bool = False,
    ) -> None:
        self._lost: list[Remark] = []
        self._hints: dict[str, None] = {}
        self._noted: list[Remark] = []
        self._notes: list[str] = []
        self.language = language
        self._lookup = lookup
        self._html = HtmlReader(
            lookup, media=media, language=language, inline=self._inline, block=self._block, latex=latex
        )

    def begin(self, body: Element) -> None:
        """Direction of the whole body holds for everything in it, and its language is the item's own."""
        said = next((one.get(LANG) for one in (body, *body.iterancestors()) if one.get(LANG)), None)
        self._html.noticed.language = str(said or self.language)
        self._html.style = styled(Style(), body, "div", self._html.noticed)

    def blocks(self, element: Element) -> Blocks:
        """What an element holds."""
        return self._html.blocks(element)

    def picture(self, element: Element, alt: str = "") -> Picture:
        """The one picture that an element (`object`, `img`, `picture`, `svg`) is."""
        holder = etree.Element("div")
        parent, place = element.getparent(), None
        if parent is not None:
            place = parent.index(element)
        tail, element.tail = element.tail, None
        holder.append(element)
        try:
            found = self._html.blocks(holder)
        finally:
            element.tail = tail
            if parent is not None and place is not None:
                parent.insert(place, element)
        return self._as_shown(_one_picture(found, alt, element), element)

    def _as_shown(self, picture: Picture, element: Element) -> Picture:
        """Places and points of a picture are counted at the size at which it is shown."""
        width, height = shown_size(element, picture)
        if (width, height) == (picture.width, picture.height):
            return picture
        source = str(element.get("data") or element.get("src") or "")
        is_drawing = local(element) == "svg" or source.lower().endswith(".svg")
        if not is_drawing or is_in_proportion(picture, width, height):
            return shown_at(picture, width, height)
        if not is_in_the_middle(picture, self._html.media):
            self.lose_as(remark("qti-picture-resized", picture=picture.media, size=f"{width} × {height}"))
        return fitted(picture, self._html.media, width, height)

    def file(self, reference: str) -> bytes:
        """A file that the item names. Raises QuestionRefused."""
        data = self._lookup(unquote(reference)) if reference else None
        if data is None:
            raise QuestionRefused(remark("file-missing", file=reference[:60]))
        return data

    def words(self, element: Element) -> str:
        """What an element reads as, for a note: nothing of it is shown."""
        try:
            return as_text(HtmlReader(self._lookup, language=self.language).blocks(element))
        except QuestionRefused:
            return words(element)

    def cut(self, element: Element) -> None:
        """Take an element out; the text after it stays."""
        cut(element)

    def lose(self, element: str, what: str = "") -> None:
        """Name what was there and cannot come along."""
        self.lose_as(remark("qti-dropped", what=f"{element} {what}".strip()))

    def lose_as(self, loss: Remark) -> None:
        """The same in words of its own."""
        if loss not in self._lost:
            self._lost.append(loss)

    def hint(self, what: str) -> None:
        """Name a wish about looks that our renderer does not follow; QTI leaves that to it."""
        self._hints.setdefault(what)

    def notice_classes(self, element: Element, followed: re.Pattern[str]) -> None:
        """Name the classes of an element that is not read as content, but for those that are followed."""
        for one in of.text(element, "class").split()[:20]:
            if not followed.fullmatch(one):
                self._html.noticed.classes.setdefault(one[:40])

    def remark(self, one: Remark) -> None:
        """For people; takes nothing away."""
        if one not in self._noted:
            self._noted.append(one)

    def keep(self, heading: str, text: str) -> None:
        """Keep a text for the people who review the item."""
        if text and f"{heading}: {text}" not in self._notes:
            self._notes.append(f"{heading}: {text}")

    @property
    def note(self) -> str | None:
        """Everything that was kept, a line each; what is longer than a note may be is a named loss."""
        text = "\n".join(self._notes)
        if len(text) > MOST_NOTE:
            self.lose_as(remark("qti-note-cut", most=MOST_NOTE))
            text = text[:MOST_NOTE]
        return text or None

    @property
    def losses(self) -> tuple[Remark, ...]:
        """Every loss so far."""
        return (*self._lost, *self._html.losses)

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Every remark so far."""
        hints = (remark("qti-hint", what=", ".join(self._hints)),) if self._hints else ()
        return (*self._noted, *hints, *self._html.remarks)

    def _block(self, element: Element) -> Place | None:
        name = local(element)
        if name.endswith("-interaction") and name not in WITHIN_A_LINE:
            return Place(of.identifier(element, "response-identifier"))
        return None

    def _inline(self, element: Element) -> Inline | None:
        match local(element):
            case "inline-choice-interaction" | "text-entry-interaction":
                return Slot(of.identifier(element, "response-identifier"))
            case "gap":
                return Slot(of.identifier(element))
            case "hottext":
                return Hot(of.identifier(element), self._html.line(element))
            case "printed-variable" | "template-inline" | "template-block":
                raise QuestionRefused(remark("qti-unsupported", what=qti2(local(element))))
        return None


def cut(element: Element) -> None:
    """Take an element out of its tree; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    before, tail = element.getprevious(), element.tail
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _one_picture(blocks: Blocks, alt: str, element: Element) -> Picture:
    match blocks:
        case (Picture() as picture,):
            found = picture
        case (Paragraph(content=(InlinePicture(media=media, width=width, height=height, alt=own),)),):
            found = Picture(media, width, height, own)
        case _:
            raise QuestionRefused(remark("qti-missing", element="image", within=qti2(local(element))))
    return Picture(found.media, found.width, found.height, alt or found.alt)
