"""Foreign HTML into our blocks: an allow-list walk over parsed elements, of XHTML, of QTI's bodies, of HTML fragments.

What our content can say is taken over. What it cannot is named: an unknown element keeps its content and is a loss by
name, script and style are dropped as a loss, and what the question would be another one without (a film, a form, a
picture that is not there, a formula that cannot be drawn) refuses the question. Nothing is ever fetched.

    reader = HtmlReader(pictures=lambda name: files.get(name))
    stem = reader.blocks(fragment("<p>Berapa <b>dua</b> kali dua?</p>"))
    reader.media, reader.losses, reader.remarks

`pictures` answers a name of the text (without %-escapes) with the bytes of that file, or None. `inline` and `block` see
every element first: what they answer stands there instead, an empty tuple for nothing. Depth, number of elements and
length are bounded for each reader, and the work is linear in them; a reader is made for one question.
"""

import re
from collections.abc import Callable
from html.entities import html5
from typing import Final, TypeAlias

from lxml import etree

from cbt_station.banks import formulas, mathml
from cbt_station.banks.faults import Faulty
from cbt_station.banks.foreign import QuestionRefused, Remark, clean, once, remark
from cbt_station.banks.foreign_media import ForeignMedia, Lookup, as_svg, formula_refused
from cbt_station.banks.html_flow import Flow
from cbt_station.banks.html_style import MOST_ATTRIBUTES, Noticed, Style, is_hidden
from cbt_station.banks.safe_xml import Element
from cbt_station.exam.content import Audio, Block, Blocks, Formula, Inline, InlinePicture, Picture
from cbt_station.words import words_in

InlineHook: TypeAlias = Callable[[Element], "Inline | tuple[Inline, ...] | None"]
BlockHook: TypeAlias = Callable[[Element], "Block | Blocks | None"]

MOST_DEPTH: Final = 100
MOST_ELEMENTS: Final = 12_000
MOST_CHARACTERS: Final = 256 << 10
MOST_NAMED: Final = 12
"""Classes and style properties that one remark names."""
_TAG: Final = re.compile(r"<[A-Za-z][^\s/>]*")
_ATTRIBUTE: Final = re.compile(r"""[\s/]*[^\s/>][^\s/>=]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]*))?""")
_OUTER: Final = re.compile(r"</?(?:html|body)\b[^<>]*>", re.IGNORECASE)


def fragment(text: str) -> Element:
    """A piece of HTML as an element that holds it. Raises QuestionRefused where it nests too deeply or is too long."""
    if len(text) > MOST_CHARACTERS * 64:  # base64 of pictures within
        raise QuestionRefused(remark("content-too-much", what="text", most=MOST_CHARACTERS))
    _require_modest_tags(text)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    # What follows a closing body would be dropped, and text before any element must stay where it is.
    inside = _OUTER.sub("", text).replace("\0", "\ufffd").encode("utf-8", "replace")
    root = etree.fromstring(b"<html><body>" + inside + b"</body></html>", parser)
    if any(
        "xcessive depth" in entry.message or "huge" in entry.message.lower() for entry in parser.error_log
    ):
        raise QuestionRefused(remark("content-too-much", what="depth", most=MOST_DEPTH))
    body = root.find("body")
    if body is None:
        return etree.Element("body")
    if root[0].tag == "head":
        for index, child in enumerate(list(root[0])):  # a style or title that the parser moved away
            body.insert(index, child)
    return body


def _require_modest_tags(text: str) -> None:
    """The parser compares each attribute of an element with all others: a hundred thousand take it a quarter of an hour.

    Counted from every place where an element may begin, so that nothing in a comment or a value hides one. Attributes of
    one may so be those of another as well: of an honest text only few are.
    """
    left = 2 * len(text) + MOST_CHARACTERS
    if text.count("<") > 4 * MOST_ELEMENTS:
        raise QuestionRefused(remark("content-too-much", what="elements", most=MOST_ELEMENTS))
    for tag in _TAG.finditer(text):
        place, count = tag.end(), 0
        while (attribute := _ATTRIBUTE.match(text, place)) is not None:
            place, count = attribute.end(), count + 1
            if count > MOST_ATTRIBUTES:
                raise QuestionRefused(remark("content-too-much", what="attributes", most=MOST_ATTRIBUTES))
        left -= place - tag.end()
        if left < 0:
            raise QuestionRefused(remark("content-too-much", what="attributes", most=MOST_ATTRIBUTES))


class HtmlReader:
    """Reads the HTML of one question. `media` may be shared by the readers of one bank."""

    def __init__(
        self,
        pictures: Lookup,
        *,
        media: dict[str, bytes] | None = None,
        language: str = "id",
        inline: InlineHook | None = None,
        block: BlockHook | None = None,
        latex: bool = True,
    ) -> None:
        self.media: dict[str, bytes] = {} if media is None else media
        self._lost: list[Remark] = []
        self.style = Style()
        """The style at the element that a hook is asked about; `line` and `blocks` begin with it there."""
        self.latex = latex
        self.noticed = Noticed(language)
        self._inline, self._block, self.language = inline, block, language
        self._files = ForeignMedia(pictures, self.media, self._lost)
        self._notes: list[Remark] = []
        self._depth = self._elements = self._characters = self._unnamed = 0

    def blocks(self, element: Element) -> Blocks:
        """What an element holds, as blocks."""
        return Flow(self).read(element, self.style)

    def html(self, text: str) -> Blocks:
        """A piece of HTML, as blocks."""
        return self.blocks(fragment(text))

    def line(self, element: Element) -> tuple[Inline, ...]:
        """What an element holds, within a line; blocks in it become parts of the line, and what cannot is refused."""
        return Flow(self).read_line(element, self.style)

    def picture(self, source: str, alt: str) -> Picture:
        """A picture by its name in the text. One without words for it gets a stand-in, and a remark that says so."""
        name, file = self._files.picture(source)
        return Picture(name, file.width, file.height, self._alt(alt, "picture-unnamed"))

    def inline_picture(self, source: str, alt: str) -> InlinePicture:
        """The same within a line."""
        shown = self.picture(source, alt)
        return InlinePicture(shown.media, shown.width, shown.height, shown.alt)

    def audio(self, source: str, alt: str, plays: int = 0) -> Audio:
        """A recording by its name in the text."""
        return Audio(self._files.recording(source), self._alt(alt, "audio-unnamed"), plays)

    def drawing(self, svg: Element, alt: str) -> InlinePicture:
        """An SVG that stands in the text itself."""
        data = etree.tostring(as_svg(svg))
        return self.inline_picture("data:image/svg+xml," + _percent(data), alt)

    def formula(self, source: str, *, alone: bool = False) -> Formula:
        """A formula from LaTeX, or from MathML in its canonical form. Raises QuestionRefused."""
        return self._files.formula(source, alone=alone)

    def mathml(self, element: Element) -> Formula | None:
        """A MathML formula; None for an empty one."""
        dropped: set[str] = set()
        try:
            source = formulas.from_mathml(element, dropped)
        except Faulty as faulty:
            raise formula_refused("MathML", faulty) from faulty
        for name in sorted(dropped):
            self.noticed.drop("style", name)
        return None if source == mathml.EMPTY else self.formula(source)

    def lose(self, loss: Remark) -> None:
        """Note a loss."""
        self._lost.append(loss)

    def note(self, one: Remark) -> None:
        """Note a remark."""
        self._notes.append(one)

    @property
    def losses(self) -> tuple[Remark, ...]:
        """Every loss so far, once, also of styles."""
        styles = [_dropped(kind, name) for kind, name in self.noticed.dropped]
        return once(self._lost + styles)

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What took nothing away: layout that we do not have, pictures without words for them."""
        found = [*once(self._notes)]
        if self.noticed.layout:
            found.append(remark("style-ignored", names=_list(self.noticed.layout)))
        if self.noticed.classes:
            found.append(remark("class-ignored", names=_list(self.noticed.classes)))
        return tuple(found)

    def hooked(self, element: Element) -> tuple[Blocks | None, tuple[Inline, ...] | None]:
        """What stands at an element by the caller's word."""
        block = self._block(element) if self._block else None
        if block is not None:
            return (block if isinstance(block, tuple) else (block,)), None
        inline = self._inline(element) if self._inline else None
        return None, (inline if isinstance(inline, tuple) or inline is None else (inline,))

    def hides(self, element: Element) -> bool:
        """Whether a browser would not show an element: what stands in it is a loss."""
        if not is_hidden(element):
            return False
        said = " ".join("".join(str(part) for part in element.itertext()).split())
        if said or len(element):
            self.lose(remark("hidden-dropped", text=said[:40]))
        return True

    def enter(self) -> None:
        """Count an element on the way down."""
        self._depth += 1
        self._elements += 1
        if self._depth > MOST_DEPTH:
            raise QuestionRefused(remark("content-too-much", what="depth", most=MOST_DEPTH))
        if self._elements > MOST_ELEMENTS:
            raise QuestionRefused(remark("content-too-much", what="elements", most=MOST_ELEMENTS))

    def leave(self) -> None:
        """And on the way up."""
        self._depth -= 1

    def text(self, text: str) -> str:
        """A run of text without what no eye can see."""
        self._characters += len(text)
        if self._characters > MOST_CHARACTERS:
            raise QuestionRefused(remark("content-too-much", what="text", most=MOST_CHARACTERS))
        losses: list[Remark] = []
        cleaned = clean(text.replace("\r", "\n").replace("\t", " ").replace("\f", " "), losses)
        self._lost.extend(once(losses))
        return cleaned

    def entity(self, name: str) -> str:
        """The character of a named entity that the parser left alone. Raises QuestionRefused."""
        found = html5.get(name.strip("&;") + ";")
        if found is None:
            raise QuestionRefused(remark("entity-unknown", entity=name[:40]))
        return found

    def _alt(self, alt: str, stand_in: str) -> str:
        said = " ".join(self.text(alt).split())[:1_000]
        if said:
            return said
        self._unnamed += 1
        self.note(remark("picture-without-alt"))
        return words_in(self.language)(f"import.{stand_in}", number=self._unnamed)


def _percent(data: bytes) -> str:
    return "".join(chr(byte) if byte not in b"%" and byte < 128 else f"%{byte:02X}" for byte in data)


def _dropped(kind: str, name: str) -> Remark:
    if kind == "style":
        return remark("style-dropped", property=name)
    if kind == "tooltip":
        return remark("tooltip-dropped", text=name)
    return remark("element-dropped", element=name)


def _list(names: dict[str, None]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(list(names)[:MOST_NAMED]) + (f" (+{more})" if more > 0 else "")
