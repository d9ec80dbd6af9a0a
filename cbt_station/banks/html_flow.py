"""The walk of `html.py`: one container's children, in order, as lines and blocks.

A block ends the line before it. A line becomes a paragraph; a picture that has its line for itself becomes a picture
block; two breaks in a row part two paragraphs, as they look.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias

from lxml import etree

from cbt_station.banks import mathml
from cbt_station.banks.foreign import QuestionRefused, remark
from cbt_station.banks.html_lines import as_line, paragraphs
from cbt_station.banks.html_names import ACTING, BLOCKS, DROPPED, REFUSED, SILENT, SIMPLER, WITHIN_A_LINE
from cbt_station.banks.html_sizes import content_size
from cbt_station.banks.html_style import EQUATION, MOST_ATTRIBUTES, Style, rules, styled, text_of
from cbt_station.banks.html_tables import read_table
from cbt_station.banks.html_text import LATEX, Line
from cbt_station.banks.safe_xml import Element, is_entity, local_name
from cbt_station.exam.content import (
    MOST_COLUMNS,
    Block,
    Blocks,
    Columns,
    Formula,
    Heading,
    Inline,
    InlinePicture,
    LineBreak,
    Listing,
    Picture,
    Quote,
    Separator,
    Verbatim,
)

if TYPE_CHECKING:
    from cbt_station.banks.html import HtmlReader

MOST_START: Final = 999_999

_LETTERS: Final = re.compile(r"alpha|latin|roman|greek")
"""Marks of a list that are letters."""
_LEVELS: Final = {f"h{number}": min(number, 3) for number in range(1, 7)}


Handler: TypeAlias = Callable[["Flow", Element, Style], None]


class Flow:
    """One container's content as it comes."""

    def __init__(self, reader: "HtmlReader") -> None:
        self._reader = reader
        self._blocks: list[Block] = []
        self._line = Line()

    def read(self, element: Element, style: Style) -> Blocks:
        """What an element holds."""
        self._children(element, style)
        self._end_line()
        return tuple(self._blocks)

    def read_line(self, element: Element, style: Style) -> tuple[Inline, ...]:
        """What an element holds, as one line. Raises QuestionRefused where a block cannot stand in a line."""
        blocks = self.read(element, style)
        line = as_line(blocks, self._reader)
        if line is None:
            raise QuestionRefused(remark("block-in-line", element=local_name(element)))
        return line

    def read_one(self, element: Element, style: Style) -> Blocks:
        """What an element is, itself included."""
        self._node(element, style)
        self._end_line()
        return tuple(self._blocks)

    def read_text(self, text: str, style: Style) -> Blocks:
        """Text that stands where only elements should."""
        self._text(text, style)
        self._end_line()
        return tuple(self._blocks)

    def _children(self, element: Element, style: Style) -> None:
        self._text(element.text, style)
        for child in element:
            if isinstance(child.tag, str):
                self._reader.enter()
                self._node(child, style)
                self._reader.leave()
            elif is_entity(child):
                self._text(self._reader.entity(child.text or ""), style)
            self._text(child.tail, style)

    def _node(self, element: Element, style: Style) -> None:
        outer, self._reader.style = self._reader.style, style
        blocks, inlines = self._reader.hooked(element)
        self._reader.style = outer
        for block in blocks or ():
            self._block(block)
        for part in inlines or ():
            self._line.add(part, style)
        if blocks is None and inlines is None:
            self._element(element, local_name(element), style)

    def _element(self, element: Element, name: str, style: Style) -> None:
        if len(element.attrib) > MOST_ATTRIBUTES:
            raise QuestionRefused(remark("content-too-much", what="attributes", most=MOST_ATTRIBUTES))
        if name in REFUSED:
            raise QuestionRefused(remark("element-refused", element=name))
        if name in DROPPED:
            if name not in SILENT or text_of(element, "http-equiv").strip().lower() in ACTING:
                self._reader.lose(remark("element-dropped", element=name))
            return
        if self._reader.hides(element):
            return
        inner = styled(style, element, name, self._reader.noticed)
        if not self._special(element, name, inner):
            if name not in WITHIN_A_LINE and name not in BLOCKS:
                self._reader.lose(remark("element-unknown", element=name[:40]))
            if name in SIMPLER:
                self._reader.lose(remark("element-simplified", element="details"))
            if name in BLOCKS:
                self._end_line()
            self._children(element, inner)
            if name in BLOCKS:
                self._end_line()

    def _special(self, element: Element, name: str, style: Style) -> bool:
        """An element that is more than a style or a container; False for one that is not."""
        if name in _LEVELS:
            self._heading(element, name, style)
        elif name == "div" and "qti-layout-row" in text_of(element, "class").split():
            self._columns(element, style)
        elif name in self._HANDLERS:
            self._HANDLERS[name](self, element, style)
        else:
            return False
        return True

    def _text(self, text: str | None, style: Style) -> None:
        if not text:
            return
        text = self._reader.text(text)
        start = 0
        for found in LATEX.finditer(text) if self._reader.latex and not style.code else ():
            self._line.add_text(text[start : found.start()], style)
            self._latex(found.group(found.lastgroup or 0), style, in_line=found.lastgroup == "inline")
            start = found.end()
        self._line.add_text(text[start:], style)

    def _latex(self, latex: str, style: Style, *, in_line: bool) -> None:
        source = " ".join(latex.split())
        if not source:
            return
        if source.startswith(mathml.START):
            raise QuestionRefused(remark("formula-refused", formula=source[:80], problem="<math"))
        self._formula(self._reader.formula(source), style, in_line=in_line)

    def _formula(self, formula: Formula, style: Style, *, in_line: bool) -> None:
        if not in_line:
            self._end_line()
        self._line.add(formula, style)
        if not in_line:
            self._end_line()

    def _block(self, block: Block) -> None:
        self._end_line()
        self._blocks.append(block)

    def _end_line(self) -> None:
        self._blocks.extend(paragraphs(self._line.take(), self._reader))

    # One method an element, in the order of `_HANDLERS` below.

    def _break(self, _element: Element, style: Style) -> None:
        self._line.add(LineBreak(), style)

    def _rule(self, _element: Element, _style: Style) -> None:
        self._block(Separator())

    def _heading(self, element: Element, name: str, style: Style) -> None:
        blocks = Flow(self._reader).read(element, style)
        line = as_line(blocks, self._reader)
        self._end_line()
        if line is None or any(isinstance(block, Picture) for block in blocks):
            self._blocks.extend(blocks)
        elif line:
            if int(name[1]) > 3:
                self._reader.lose(remark("heading-level", level=name))
            self._blocks.append(Heading(_LEVELS[name], line))

    def _quote(self, element: Element, style: Style) -> None:
        self._end_line()
        inner = Flow(self._reader).read(element, style)
        if inner:
            self._blocks.append(Quote(inner))

    def _verbatim(self, element: Element, _style: Style) -> None:
        plain = ("span", "code", "samp", "kbd", "tt", "br")
        if any(
            isinstance(child.tag, str) and local_name(child) not in plain
            for child in element.iterdescendants()
        ):
            self._reader.lose(remark("element-simplified", element="pre"))
        text = self._reader.text(_lines_of(element)).strip("\n")
        if text.strip():
            self._block(Verbatim("\n".join(line.rstrip() for line in text.split("\n"))))

    def _list(self, element: Element, style: Style) -> None:
        self._end_line()
        entries: list[Blocks] = []
        self._loose(element.text, entries, style)
        for child in element:
            if isinstance(child.tag, str):
                self._reader.enter()
                self._entry(child, entries, style)
                self._reader.leave()
            self._loose(child.tail, entries, style)
        if entries:
            self._blocks.append(Listing(tuple(entries), _start(element, self._reader)))

    def _entry(self, child: Element, entries: list[Blocks], style: Style) -> None:
        if local_name(child) != "li":
            found = Flow(self._reader).read_one(child, style)
            if found and entries:
                entries[-1] += found
            elif found:
                entries.append(found)
            return
        if self._reader.hides(child):
            return
        if child.get("value") is not None:
            self._reader.lose(remark("list-numbering", found=f"value={text_of(child, 'value')[:12]}"))
        entries.append(Flow(self._reader).read(child, styled(style, child, "li", self._reader.noticed)))

    def _loose(self, text: str | None, entries: list[Blocks], style: Style) -> None:
        if text and text.strip():
            entries.append(Flow(self._reader).read_text(text, style))

    def _table(self, element: Element, style: Style) -> None:
        self._end_line()
        self._blocks.extend(read_table(element, style, self._reader))

    def _columns(self, element: Element, style: Style) -> None:
        self._end_line()
        columns: list[Blocks] = []
        self._loose(element.text, columns, style)
        for child in element:
            if isinstance(child.tag, str) and not self._reader.hides(child):
                columns.append(Flow(self._reader).read(child, style))
            self._loose(child.tail, columns, style)
        columns = [column for column in columns if column]
        if len(columns) > MOST_COLUMNS:
            self._reader.lose(remark("element-simplified", element="qti-layout-row"))
        if 1 < len(columns) <= MOST_COLUMNS:
            self._blocks.append(Columns(tuple(columns)))
        else:
            self._blocks.extend(block for column in columns for block in column)

    def _image(self, element: Element, style: Style) -> None:
        alt = text_of(element, "alt") or text_of(element, "title") or text_of(element, "aria-label")
        latex = _equation(element)
        if latex:
            self._formula(self._reader.formula(latex), style, in_line=True)
        else:
            self._picture(element, text_of(element, "src"), alt, style)

    def _picture(self, element: Element, source: str, alt: str, style: Style) -> None:
        """At the size at which the element shows it."""
        found = self._reader.inline_picture(source, alt)
        is_drawing = found.media.endswith(".svg") or _is_drawing(source)
        width, height = content_size(element, found, self._reader.noticed, is_drawing=is_drawing)
        self._line.add(InlinePicture(found.media, width, height, found.alt), style)

    def _object(self, element: Element, style: Style) -> None:
        kind = text_of(element, "type").lower()
        source = text_of(element, "data") or text_of(element, "src")
        said = " ".join("".join(str(part) for part in element.itertext()).split())
        alt = text_of(element, "aria-label") or text_of(element, "title") or said
        if kind.startswith("image/") or (not kind and _looks_like_picture(source)):
            self._picture(element, source, alt, style)
        elif kind.startswith("audio/"):
            self._block(self._reader.audio(source, alt))
        elif not source and not kind:
            self._children(element, style)
        else:
            raise QuestionRefused(remark("element-refused", element=f"object {kind[:40]}".strip()))

    def _audio(self, element: Element, _style: Style) -> None:
        sources = [text_of(element, "src")]
        sources += [text_of(child, "src") for child in element.iter() if local_name(child) == "source"]
        source = next((one for one in sources if one), "")
        alt = text_of(element, "aria-label") or text_of(element, "title")
        if any(
            local_name(child) == "track" for child in element.iter()
        ):  # captions, for whoever does not hear it
            self._reader.lose(remark("element-dropped", element="track"))
        said = text_of(element, "data-max-plays")  # our own exports say it so
        plays = int(said) if said.isdecimal() and said.isascii() and len(said) < 3 else 0
        self._block(self._reader.audio(source, alt, plays))

    def _math(self, element: Element, style: Style) -> None:
        formula = self._reader.mathml(element)
        if formula:
            self._formula(formula, style, in_line=not mathml.is_display(element))

    def _svg(self, element: Element, style: Style) -> None:
        titles = [child.text or "" for child in element if local_name(child) in ("title", "desc")]
        alt = text_of(element, "aria-label") or " ".join(titles)
        self._line.add(self._reader.drawing(element, alt), style)

    def _link(self, element: Element, style: Style) -> None:
        if element.get("href"):
            self._reader.lose(remark("link-dropped", address=text_of(element, "href")[:80]))
        self._children(element, style)

    def _quotation(self, element: Element, style: Style) -> None:
        self._line.add_text("“", style)
        self._children(element, style)
        self._line.add_text("”", style)

    def _mark(self, element: Element, style: Style) -> None:
        self._reader.lose(remark("element-simplified", element=local_name(element)))
        self._children(element, style)

    def _ruby(self, element: Element, style: Style) -> None:
        """The reading in brackets after the words, as a browser without ruby shows it."""
        self._reader.lose(remark("element-simplified", element="ruby"))
        self._text(element.text, style)
        for child in element:
            name = local_name(child)
            if name and name != "rp" and not self._reader.hides(child):
                self._reader.enter()
                self._line.add_text("(" if name == "rt" else "", style)
                self._node(child, style)
                self._line.add_text(")" if name == "rt" else "", style)
                self._reader.leave()
            self._text(child.tail, style)

    def _definition(self, element: Element, style: Style) -> None:
        """The words to be explained in bold, the explanation as a quotation below."""
        self._end_line()
        if local_name(element) == "dt":
            self._reader.lose(remark("element-simplified", element="dl"))
            self._children(element, styled(style, etree.Element("b"), "b", self._reader.noticed))
            self._end_line()
        else:
            self._quote(element, style)

    _HANDLERS: ClassVar[dict[str, Handler]] = {
        "br": _break,
        "hr": _rule,
        "blockquote": _quote,
        "pre": _verbatim,
        **dict.fromkeys(("ul", "ol", "menu", "dir"), _list),
        "table": _table,
        "img": _image,
        "object": _object,
        "audio": _audio,
        "math": _math,
        "svg": _svg,
        "a": _link,
        "q": _quotation,
        "mark": _mark,
        "ruby": _ruby,
        "dt": _definition,
        "dd": _definition,
    }


def _equation(element: Element) -> str:
    """The LaTeX of a formula that Canvas shows as a picture of its own server."""
    if EQUATION not in text_of(element, "class").split():
        return ""
    said = text_of(element, "data-equation-content")
    return " ".join((said or text_of(element, "alt").removeprefix("LaTeX:")).split())


def _start(element: Element, reader: "HtmlReader") -> int | None:
    said = rules(element)
    style = said.get("list-style-type") or said.get("list-style") or ""
    is_ordered = local_name(element) == "ol"
    if _LETTERS.search(style) or ("none" in style if is_ordered else "decimal" in style):
        reader.lose(remark("list-numbering", found=style[:24]))
    if not is_ordered:
        return None
    if text_of(element, "type") not in ("", "1") or element.get("reversed") is not None:
        reader.lose(remark("list-numbering", found=f"type={text_of(element, 'type')[:12]}"))
    start = text_of(element, "start").strip()
    number = int(start) if start.isdecimal() and len(start) < 10 else MOST_START + 1
    if start and number > MOST_START:
        reader.lose(remark("list-numbering", found=f"start={start[:12]}"))
        return 1
    return number if start else 1


def _lines_of(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            parts.append("\n" if local_name(child) == "br" else _lines_of(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _is_drawing(source: str) -> bool:
    """Whether a file is an SVG by its name: what became of one is shown as one."""
    return source[:14].lower() == "data:image/svg" or source.lower().partition("?")[0].endswith(".svg")


def _looks_like_picture(source: str) -> bool:
    return source[:11].lower() == "data:image/" or source.lower().endswith(
        (".png", ".jpg", ".jpeg", ".gif", ".svg")
    )
