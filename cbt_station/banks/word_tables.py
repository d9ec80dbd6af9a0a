r"""A word document's tables as grids of cells: each place knows its cell, also where one reaches over several rows.

`mammoth` turns the document into HTML; what it would drop in silence is put into its way first: formulas become LaTeX
between `\(` and `\)`; a formula that cannot be said, a picture that is only linked, a chart, a shape, a field that computes
or fetches what it shows, and letters that Word itself hides become marks that refuse their question; colours become such
of the HTML, whose reader names them as lost. Nothing outside is opened. The archive is bounded, and its XML has no
DOCTYPE, before anything else reads it.
"""

import io
import re
from dataclasses import dataclass
from typing import IO, Final

from lxml import etree

from cbt_station.banks.foreign import QuestionRefused, remark
from cbt_station.banks.html import fragment
from cbt_station.banks.omml import MATH, as_latex
from cbt_station.banks.safe_xml import Element, NotXml, parse
from cbt_station.banks.safe_zip import NotZip, TooMuch, copied
from cbt_station.errors import Refusal

MOST_UNPACKED: Final = 128 << 20
MOST_PARTS: Final = 5_000
MOST_PART: Final = 64 << 20
MOST_ELEMENTS: Final = 200_000
MOST_AROUND: Final = 20_000
"""Elements of a document that has no rows; `mammoth` takes half a minute for a million."""
MOST_OF_A_ROW: Final = 600
MOST_TABLES: Final = 500
MOST_CELLS: Final = 200_000
MOST_SPAN: Final = 1_000
DOCUMENT: Final = "word/document.xml"
REFUSED: Final = "\u27e6Word: "
"""Begins the mark of something that cannot be said, up to the closing bracket."""
_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BLIP: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_IMAGE: Final = "{urn:schemas-microsoft-com:vml}imagedata"
_REFERENCE: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DRAWINGS: Final = (f"{_WORD}drawing", f"{_WORD}pict", f"{_WORD}object")
_HARMLESS: Final = frozenset(
    [
        "HYPERLINK",
        "PAGE",
        "NUMPAGES",
        "SEQ",
        "REF",
        "PAGEREF",
        "NOTEREF",
        "TOC",
        "XE",
        "BOOKMARK",
        "FORMTEXT",
        "FORMCHECKBOX",
    ]
)
"""Fields whose result is all that they are; `EQ` draws a formula of its own, others fetch or start something."""
_FIELD: Final = re.compile(r"\s*([A-Za-z]+|=)")
_HIDING: Final = (f"{_WORD}vanish", f"{_WORD}webHidden", f"{_WORD}color")
_UNSEEN: Final = frozenset({"FFFFFF", "ffffff"})
_TEXT_BOX: Final = f"{_WORD}txbxContent"
_COLOURS: Final = (f"{_WORD}color", f"{_WORD}highlight", f"{_WORD}shd")
_PLAIN: Final = frozenset({"", "auto", "none", "000000"}) | _UNSEEN
"""Colours that say nothing; letters of the page's colour refuse their question."""
_PLAIN_THEME: Final = frozenset({"", "none", "text1", "dark1", "background1", "light1"})
_PLAIN_GROUND: Final = frozenset({"", "auto", "none", "white"}) | _UNSEEN
_PLAIN_PATTERN: Final = frozenset({"", "nil", "clear"})
_COLOURED: Final = {
    ("color",): "color:red",
    ("background-color",): "background-color:red",
    ("color", "background-color"): "color:red;background-color:red",
}
"""What a run has of colours, and the style that says so in HTML, where only its name counts."""
_STYLES: Final = "\n".join(
    [
        "u => u",
        "strike => s",
        "small-caps => span",
        "all-caps => span[style='text-transform:uppercase']",
        *(
            f"highlight[color='{'+'.join(names)}'] => span[style='{style}']"
            for names, style in _COLOURED.items()
        ),
    ]
)


@dataclass(frozen=True)
class Document:
    """The tables of a document as grids, and its pictures by the name that the cells have for them.

    `outside`: the words that stand in no table.
    """

    tables: tuple[tuple[tuple[Element | None, ...], ...], ...]
    pictures: dict[str, bytes]
    outside: str


def read_document(data: bytes) -> Document:
    """The document in a .docx file. Refusal("import-malformed" or "import-too-large") where it is none."""
    import mammoth

    pictures: dict[str, bytes] = {}

    def keep(image: "mammoth.Image") -> dict[str, str]:
        with image.open() as stream:
            name = f"gambar-{len(pictures) + 1}"
            pictures[name] = stream.read(MOST_PART)
        return {"src": name, "alt": image.alt_text or ""}

    try:
        html = mammoth.convert_to_html(
            io.BytesIO(_with_formulas(data)),
            style_map=_STYLES,
            convert_image=mammoth.images.img_element(keep),
            external_file_access=False,
        ).value
    except Refusal:
        raise
    except Exception as error:
        raise Refusal("import-malformed", where=DOCUMENT, problem=type(error).__name__) from error
    try:
        body = fragment(html)
    except QuestionRefused as refused:
        raise Refusal("import-malformed", where=DOCUMENT, problem=refused.reason.code) from refused
    for cell in list(body.iter("td", "th")):
        _gather_colours(cell)
    tables = [table for table in body.iter("table") if not any(True for _ in table.iterancestors("table"))]
    if len(tables) > MOST_TABLES:
        raise Refusal("sheet-too-large", most=MOST_TABLES)
    outside = " ".join(str(part) for child in body if child.tag != "table" for part in child.itertext())
    return Document(tuple(_grid(table) for table in tables), pictures, " ".join(outside.split()))


def _with_formulas(data: bytes) -> bytes:
    """The document with every formula as text, and nothing in it that a parser could choke on."""
    try:
        return copied(data, MOST_UNPACKED, MOST_PARTS, _copy)
    except NotZip as error:
        raise Refusal("import-malformed", where=error.part or DOCUMENT, problem=error.problem) from error
    except TooMuch as error:
        raise Refusal("import-too-large", where=DOCUMENT, most_bytes=MOST_UNPACKED) from error


def _copy(name: str, stream: IO[bytes], made: IO[bytes]) -> None:
    """One part. What is XML under another name is left empty: only a drawing, which stands beside its PNG, is honestly."""
    content = stream.read()
    if name.endswith((".xml", ".rels")):
        made.write(_checked(name, content))
    elif not content[:1_000].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<"):
        made.write(content)


def _checked(name: str, content: bytes) -> bytes:
    try:
        root = parse(content)
    except NotXml as error:
        raise Refusal("import-malformed", where=name, problem="XML") from error
    if root.getroottree().docinfo.doctype:
        raise Refusal("import-malformed", where=name, problem="DOCTYPE")
    if not str(root.tag).startswith(_WORD):  # what the document's own part is called is the file's choice
        return content
    _require_modest(name, root)
    for formula in list(root.iter(f"{MATH}oMath")):
        _replace(formula)
    for drawing in list(root.iter(*_DRAWINGS)):
        _mark_unless_picture(drawing)
    for code in list(root.iter(f"{_WORD}instrText", f"{_WORD}fldSimple")):
        _mark_field(code)
    for hiding in list(root.iter(*_HIDING)):
        _mark_hidden(hiding)
    for strike in root.iter(f"{_WORD}dstrike"):
        strike.tag = f"{_WORD}strike"
    _name_colours(root)
    for chunk in list(root.iter(f"{_WORD}altChunk")):
        _put(chunk, "altChunk")
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _replace(formula: Element) -> None:
    """A formula by a run of text that says it."""
    try:
        if any(map(_hides, formula.iter(*_HIDING))):
            raise QuestionRefused(remark("word-part", element="hidden formula"))
        text = rf"\({as_latex(formula)}\)"
    except QuestionRefused as refused:
        text = f"{REFUSED}{refused.reason.facts.get('element', '')}\u27e7"
    parent = formula.getparent()
    if parent is None:
        return
    run = _run(text)
    coloured = next(filter(_colours, formula.iter(f"{_WORD}rPr")), None)
    if coloured is not None:
        etree.SubElement(run, f"{_WORD}rPr").extend(list(coloured.iter(*_COLOURS)))
    run.tail = formula.tail
    if parent.tag == f"{MATH}oMathPara" and (outer := parent.getparent()) is not None:
        outer.insert(outer.index(parent), run)
        parent.remove(formula)
    else:
        parent.replace(formula, run)


def _mark_unless_picture(drawing: Element) -> None:
    """What shows no picture of this very file would be dropped in silence: a mark in its place refuses the question."""
    pictures = [*drawing.iter(_BLIP, _IMAGE)]
    here = [picture.get(f"{_REFERENCE}embed") or picture.get(f"{_REFERENCE}id") for picture in pictures]
    linked = any(picture.get(f"{_REFERENCE}link") for picture in pictures)
    parent = drawing.getparent()
    if (
        parent is None
        or (pictures and all(here) and not linked)
        or next(drawing.iter(_TEXT_BOX), None) is not None
    ):
        return
    what = "linked picture" if pictures else etree.QName(drawing).localname
    text = etree.Element(f"{_WORD}t")
    text.text, text.tail = f"{REFUSED}{what}\u27e7", drawing.tail
    parent.replace(drawing, text)


def _require_modest(name: str, root: Element) -> None:
    """A document may be as long as its questions are many."""
    rows = sum(1 for _ in root.iter(f"{_WORD}tr"))
    most = min(MOST_ELEMENTS, MOST_AROUND + MOST_OF_A_ROW * rows)
    if sum(1 for _ in root.iter()) > most:
        raise Refusal("import-malformed", where=name, problem=f"XML > {most}")


def _mark_field(code: Element) -> None:
    """A field that is more than its result. Its code stands in pieces; what a later piece says belongs to the first."""
    text = code.text if code.tag == f"{_WORD}instrText" else code.get(f"{_WORD}instr")
    kind = _FIELD.match(text or "")
    if kind is not None and _begins_field(code) and kind[1].upper() not in _HARMLESS:
        _put(code, f"field {kind[1].upper()[:20]}")


def _begins_field(code: Element) -> bool:
    """Whether this is the first piece of a field's code."""
    if code.tag != f"{_WORD}instrText":
        return True
    kind = f"{_WORD}fldChar"
    before = code.xpath(
        "preceding::*[self::w:fldChar or self::w:instrText][1]", namespaces={"w": _WORD[1:-1]}
    )
    return bool(before) and before[0].tag == kind and before[0].get(f"{_WORD}fldCharType") == "begin"


def _mark_hidden(hiding: Element) -> None:
    """Letters that Word does not show, or shows in the colour of the page: here they would be read aloud."""
    run = hiding.getparent()
    run = None if run is None else run.getparent()
    if run is None or run.tag != f"{_WORD}r" or not _hides(hiding):
        return
    said = "".join(str(part.text or "") for part in run.iter(f"{_WORD}t")).strip()
    if said:
        _put(hiding.getparent(), f"hidden text {said[:40]}")


def _hides(property_: Element) -> bool:
    value = _said(property_, "val")
    return (
        value in _UNSEEN if property_.tag == f"{_WORD}color" else value.lower() not in ("0", "false", "off")
    )


def _name_colours(root: Element) -> None:
    """Colours of letters as a highlight, the only one of them that `mammoth` asks for: each once a cell."""
    named: set[tuple[Element, tuple[str, ...]]] = set()
    for properties in list(root.iter(f"{_WORD}rPr")):
        run = properties.getparent()
        if run is None or run.tag != f"{_WORD}r":
            continue
        names = _colours(properties)
        for highlight in properties.findall(f"{_WORD}highlight"):
            properties.remove(highlight)
        cell = next(run.iterancestors(f"{_WORD}tc"), None)
        if names and cell is not None and (cell, names) not in named and _has_letters(run):
            named.add((cell, names))
            etree.SubElement(properties, f"{_WORD}highlight", {f"{_WORD}val": "+".join(names)})


def _has_letters(run: Element) -> bool:
    said = "".join(str(part.text or "") for part in run.iter(f"{_WORD}t"))
    return bool(said.strip()) or run.find(f"{_WORD}sym") is not None


def _gather_colours(cell: Element) -> None:
    """The looks of a cell that are lost, in one place: they part no formula that is typed over several runs."""
    styles = dict.fromkeys(str(span.get("style")) for span in cell.iter("span") if span.get("style"))
    etree.strip_tags(cell, "span")
    for style in styles:
        etree.SubElement(cell, "span", {"style": style})


def _colours(properties: Element) -> tuple[str, ...]:
    """Which colours of a run may say something, by their names in CSS."""
    color, highlight, shade = map(properties.find, _COLOURS)
    has_ground = (
        _said(highlight, "val") not in _PLAIN_GROUND
        or _said(shade, "fill") not in _PLAIN_GROUND
        or _said(shade, "themeFill") not in _PLAIN_THEME
        or _said(shade, "val") not in _PLAIN_PATTERN
    )
    has_color = _said(color, "val") not in _PLAIN or _said(color, "themeColor") not in _PLAIN_THEME
    return ("color",) * has_color + ("background-color",) * has_ground


def _said(element: Element | None, name: str) -> str:
    return "" if element is None else str(element.get(f"{_WORD}{name}") or "")


def _put(element: Element | None, what: str) -> None:
    """A mark in the place of an element that a reader of this document would leave out."""
    parent = None if element is None else element.getparent()
    if element is None or parent is None:
        return
    mark = _run(f"{REFUSED}{what}\u27e7")
    if parent.tag == f"{_WORD}r":
        mark = mark[0]
    elif parent.tag in (f"{_WORD}body", f"{_WORD}tc"):
        around = etree.Element(f"{_WORD}p")
        around.append(mark)
        mark = around
    mark.tail = element.tail
    parent.replace(element, mark)


def _run(text: str) -> Element:
    run = etree.Element(f"{_WORD}r")
    etree.SubElement(run, f"{_WORD}t").text = text
    return run


def _grid(table: Element) -> tuple[tuple[Element | None, ...], ...]:
    """Rows of places; a cell stands at every place that it reaches over."""
    taken: dict[tuple[int, int], Element] = {}
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]
    for down, row in enumerate(rows):
        across = 0
        for cell in row.iterchildren("td", "th"):
            while (down, across) in taken:
                across += 1
            wide, high = (_span(cell, name) for name in ("colspan", "rowspan"))
            for i in range(down, min(down + high, len(rows))):
                taken.update({(i, j): cell for j in range(across, across + wide)})
            across += wide
            if len(taken) > MOST_CELLS:
                raise Refusal("sheet-too-large", most=MOST_CELLS)
    width = max((across for _, across in taken), default=-1) + 1
    return tuple(tuple(taken.get((down, across)) for across in range(width)) for down in range(len(rows)))


def _span(cell: Element, name: str) -> int:
    value = str(cell.get(name, "1"))
    return max(1, min(int(value), MOST_SPAN)) if value.isdecimal() and len(value) < 6 else 1
