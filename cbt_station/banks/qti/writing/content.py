"""Our blocks as the XHTML of QTI 3: what `html.py` reads back as the same blocks.

Formulas are MathML with their LaTeX as annotation; alignment, columns, underlines are classes of QTI's shared vocabulary.
"""

from collections.abc import Callable, Iterable
from typing import Final

from lxml import etree

from cbt_station.banks import formulas, mathml
from cbt_station.banks.safe_xml import Element
from cbt_station.exam.content import (
    Audio,
    Block,
    Blocks,
    Columns,
    Formula,
    Heading,
    Hot,
    Inline,
    InlinePicture,
    LineBreak,
    Listing,
    Paragraph,
    Picture,
    Place,
    Quote,
    Separator,
    Slot,
    Span,
    Table,
    Text,
    Verbatim,
    as_text,
)

MATHML: Final = "http://www.w3.org/1998/Math/MathML"
LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_STYLES: Final = (("bold", "strong"), ("italic", "em"), ("code", "code"), ("sub", "sub"), ("sup", "sup"))
_ALIGN: Final = {"start": "qti-align-left", "center": "qti-align-center", "end": "qti-align-right"}
Placed = Callable[[Element, str], None]
Limited = Callable[[Element, int], Element]


class ContentWriter:
    """Writes into elements of one item.

    `place` puts what stands at a response's (or gap's) place into an element; `limited` opens the element that holds a
    recording which may be played so often only. Without it the limit is said in our own attribute.
    """

    def __init__(self, prefix: str, place: Placed, limited: Limited | None = None) -> None:
        self._prefix, self._place, self._limited = prefix, place, limited

    def blocks(self, parent: Element, blocks: Iterable[Block]) -> None:
        """Append blocks to an element."""
        for block in blocks:
            self._block(parent, block)

    def only(self, parent: Element, blocks: Blocks) -> None:
        """Content of an option: a single paragraph stands there without an element of its own."""
        match blocks:
            case (Paragraph(content=content),) if not any(isinstance(part, Formula) for part in content[:1]):
                self.line(parent, content)
            case _:
                self.blocks(parent, blocks)

    def within_a_line(self, parent: Element, blocks: Blocks) -> None:
        """Content where QTI has lines only: paragraphs below each other; of anything else, what it reads as."""
        for number, block in enumerate(blocks):
            if number:
                etree.SubElement(parent, "br")
            match block:
                case Paragraph(content=content):
                    self.line(parent, content)
                case Picture():
                    self._image(parent, block)
                case _:
                    self.line(parent, (Text(as_text((block,))),))

    def _block(self, parent: Element, block: Block) -> None:
        match block:
            case Paragraph(content=content):
                self.line(etree.SubElement(parent, "p"), content)
            case Picture():
                self._image(etree.SubElement(parent, "p"), block)
            case Table():
                self._table(parent, block)
            case Listing():
                self._listing(parent, block)
            case Quote(blocks=inner):
                self.blocks(etree.SubElement(parent, "blockquote"), inner)
            case Heading(level=level, content=content):
                self.line(etree.SubElement(parent, f"h{level}"), content)
            case _:
                self._rarer(parent, block)

    def _rarer(self, parent: Element, block: Block) -> None:
        match block:
            case Verbatim(text=text):
                etree.SubElement(parent, "pre").text = text
            case Separator():
                etree.SubElement(parent, "hr")
            case Columns(columns=columns):
                row = etree.SubElement(parent, "div", {"class": "qti-layout-row"})
                for column in columns:
                    kind = f"qti-layout-col{12 // max(len(columns), 1)}"
                    self.blocks(etree.SubElement(row, "div", {"class": kind}), column)
            case Audio():
                self._audio(parent, block)
            case Place(response=response):
                self._place(parent, response)

    def _listing(self, parent: Element, block: Listing) -> None:
        listing = etree.SubElement(parent, "ul" if block.start is None else "ol")
        if block.start not in (None, 1):
            listing.set("start", str(block.start))
        for entry in block.entries:
            self.only(etree.SubElement(listing, "li"), entry)

    def _audio(self, parent: Element, audio: Audio) -> None:
        said = {"src": self._prefix + audio.media, "controls": "controls", "aria-label": audio.alt}
        if audio.plays and self._limited is not None:
            etree.SubElement(self._limited(parent, audio.plays), "audio", said)
            return
        element = etree.SubElement(parent, "audio", said)
        if audio.plays:
            element.set("data-max-plays", str(audio.plays))

    def _image(self, parent: Element, picture: Picture | InlinePicture) -> None:
        made = etree.SubElement(parent, "img", {"src": self._prefix + picture.media, "alt": picture.alt})
        made.set("width", str(picture.width))
        made.set("height", str(picture.height))

    def _table(self, parent: Element, table: Table) -> None:
        body = etree.SubElement(etree.SubElement(parent, "table"), "tbody")
        for row in table.rows:
            line = etree.SubElement(body, "tr")
            for cell in row:
                made = etree.SubElement(line, "th" if cell.heading else "td", {"class": _ALIGN[cell.align]})
                if cell.columns > 1:
                    made.set("colspan", str(cell.columns))
                if cell.rows > 1:
                    made.set("rowspan", str(cell.rows))
                self.line(made, cell.content)

    def line(self, parent: Element, content: Iterable[Inline]) -> None:
        """Append a line's parts to an element."""
        for part in content:
            self._inline(parent, part)

    def _inline(self, parent: Element, part: Inline) -> None:
        match part:
            case Text():
                _text(parent, part)
            case LineBreak():
                etree.SubElement(parent, "br")
            case Formula():
                parent.append(_math(part))
            case InlinePicture():
                self._image(parent, part)
            case Span():
                self.line(_span(parent, part), part.content)
            case Slot(response=response):
                self._place(parent, response)
            case Hot(id=name, content=content):
                self.line(etree.SubElement(parent, "qti-hottext", {"identifier": name}), content)


def _text(parent: Element, text: Text) -> None:
    inner = parent
    for name, tag in _STYLES:
        if getattr(text, name):
            inner = etree.SubElement(inner, tag)
    if inner is not parent:
        inner.text = text.text
    elif len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text.text
    else:
        parent.text = (parent.text or "") + text.text


def _span(parent: Element, span: Span) -> Element:
    element = etree.SubElement(parent, "span")
    if span.language:
        element.set(LANG, span.language)
    if span.direction:
        element.set("dir", span.direction)
    classes = [
        name for name, on in (("qti-underline", span.underline), ("qti-strikethrough", span.strike)) if on
    ]
    if classes:
        element.set("class", " ".join(classes))
    return element


def _math(formula: Formula) -> Element:
    own = etree.fromstring(formulas.as_mathml(formula.latex))
    math = etree.Element(f"{{{MATHML}}}math", nsmap={None: MATHML})
    inside = math
    if not formula.latex.startswith(mathml.START):
        inside = etree.SubElement(math, f"{{{MATHML}}}semantics")
    _copied(own, inside if inside is math else etree.SubElement(inside, f"{{{MATHML}}}mrow"))
    for name, value in own.attrib.items():
        math.set(str(name), str(value))
    if inside is not math:
        if len(inside[0]) == 1:
            inside.replace(inside[0], inside[0][0])
        note = etree.SubElement(inside, f"{{{MATHML}}}annotation", {"encoding": "application/x-tex"})
        note.text = formula.latex
    return math


def _copied(source: Element, target: Element) -> None:
    target.text = source.text
    for child in source:
        made = etree.SubElement(target, f"{{{MATHML}}}{child.tag!s}")
        for name, value in child.attrib.items():
            made.set(str(name), str(value))
        _copied(child, made)
