r"""A part of a Word document before its reader sees it: whatever that reader would drop in silence is put into its way.

Formulas become LaTeX between `\(` and `\)`. A formula that cannot be said, a picture that is only linked, cropped or
turned, a chart, a shape, a field that computes or fetches what it shows, text that runs another way or over another, and
rows that are hidden or deleted become marks that refuse their question; text boxes, notes at the foot, tracked changes and tabs become
such that name a loss, comments a remark (`word_marks.py`). Looks and numbers: `word_looks.py`, `word_numbering.py`.
"""

import re
from collections.abc import Iterable
from typing import Final

from lxml import etree

from cbt_station.banks.foreign import QuestionRefused
from cbt_station.banks.omml import MATH, as_latex
from cbt_station.banks.safe_xml import Element
from cbt_station.banks.word_looks import formula_looks, settle_looks
from cbt_station.banks.word_marks import disarm, lose, put, refuse_inside, run_of
from cbt_station.banks.word_numbering import WordNumbering
from cbt_station.banks.word_styles import WORD, WordStyles, above, is_on, local, said

_DRAWN: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_BLIP: Final = f"{_DRAWN}blip"
_VML: Final = "{urn:schemas-microsoft-com:vml}"
_IMAGE: Final = f"{_VML}imagedata"
_COMPATIBLE: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_REFERENCE: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DRAWINGS: Final = (f"{WORD}drawing", f"{WORD}pict", f"{WORD}object")
_TEXT_BOX: Final = f"{WORD}txbxContent"
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
_WIDE_GAP: Final = re.compile(r"\S {3,}\S")
"""Spaces that somebody meant; two are a slip that nobody sees."""
_HOLDERS: Final = frozenset(
    ["p", "r", "tc", "hyperlink", "ins", "moveTo", "smartTag", "customXml", "sdtContent", "txbxContent"]
)
"""Elements that hold what is read."""
_READ: Final = frozenset(
    [
        "t",
        "r",
        "p",
        "fldChar",
        "instrText",
        "tab",
        "noBreakHyphen",
        "softHyphen",
        "sym",
        "tbl",
        "tr",
        "tc",
        "customXml",
        "ins",
        "moveTo",
        "object",
        "smartTag",
        "drawing",
        "hyperlink",
        "bookmarkStart",
        "br",
        "pict",
        "footnoteReference",
        "endnoteReference",
        "commentReference",
        "sdt",
    ]
)
"""What the reader of documents takes."""
_SAYS_NOTHING: Final = frozenset(
    [
        "annotationRef",
        "bookmarkEnd",
        "commentRangeEnd",
        "commentRangeStart",
        "customXmlDelRangeEnd",
        "customXmlDelRangeStart",
        "customXmlInsRangeEnd",
        "customXmlInsRangeStart",
        "customXmlMoveFromRangeEnd",
        "customXmlMoveFromRangeStart",
        "customXmlMoveToRangeEnd",
        "customXmlMoveToRangeStart",
        "customXmlPr",
        "del",
        "delInstrText",
        "delText",
        "endnoteRef",
        "footnoteRef",
        "lastRenderedPageBreak",
        "moveFrom",
        "moveFromRangeEnd",
        "moveFromRangeStart",
        "moveToRangeEnd",
        "moveToRangeStart",
        "pPr",
        "permEnd",
        "permStart",
        "proofErr",
        "rPr",
        "sdtEndPr",
        "sdtPr",
        "sectPr",
        "smartTagPr",
        "tblPr",
        "tcPr",
        "trPr",
    ]
)
_CHANGES: Final = tuple(f"{WORD}{name}" for name in ("ins", "del", "moveFrom", "moveTo"))
_TURNED: Final = re.compile(r"\b(rotation|flip)\s*:\s*[^0;\s]")
_HARMLESS_EFFECTS: Final = ("extLst",)


def prepare(root: Element, styles: WordStyles, numbering: WordNumbering, notes: dict[str, str]) -> None:
    """One part, whose root is an element of Word's. `notes`: the words of notes and comments, by kind and number."""
    disarm(root)
    _choose_alternatives(root)
    _unwrap(root, "fldSimple")
    _part_lines(root)
    settle_looks(root, styles)
    _fit_rows(root)
    for code in list(root.iter(f"{WORD}instrText")):
        _mark_field(code)
    for formula in list(root.iter(f"{MATH}oMath")):
        _replace(formula, styles)
    for drawing in list(root.iter(*_DRAWINGS)):
        _mark_drawing(drawing)
    for chunk in list(root.iter(f"{WORD}altChunk")):
        put(chunk, "altChunk")
    _mark_unknown(root)
    numbering.settle(root)
    _name_what_stays_behind(root, styles, notes)


def words_of(root: Element) -> dict[str, str]:
    """The words of the notes or comments of a part, by kind and number."""
    found = {}
    for kind in ("footnote", "endnote", "comment"):
        for note in root.iterchildren(f"{WORD}{kind}"):
            text = "".join(str(part.text or "") for part in note.iter(f"{WORD}t"))
            found[f"{kind} {said(note, 'id')}"] = " ".join(text.split())
    return found


def _choose_alternatives(root: Element) -> None:
    """What older programs would show, as the reader of documents does; what only new ones can show where there is nothing else."""
    for both in list(root.iter(f"{_COMPATIBLE}AlternateContent")):
        fallback = both.find(f"{_COMPATIBLE}Fallback")
        chosen = fallback if fallback is not None and len(fallback) else both.find(f"{_COMPATIBLE}Choice")
        _put_instead(both, chosen if chosen is not None else ())


def _part_lines(root: Element) -> None:
    """Pages, columns and lines all end a line; a deleted end of a paragraph would carry its words into the next cell."""
    for end in root.iter(f"{WORD}br"):
        end.attrib.pop(f"{WORD}type", None)
    for mark in list(root.iter(f"{WORD}rPr")):
        for change in mark.findall(f"{WORD}del") if above(mark, "pPr") is not None else ():
            change.tag = f"{WORD}ins"  # still a change that is named


def _unwrap(root: Element, name: str) -> None:
    """Fields that stand in one element: their result, or a mark."""
    for field in list(root.iter(f"{WORD}{name}")):
        kind = _FIELD.match(said(field, "instr"))
        if kind is not None and kind[1].upper() not in _HARMLESS:
            put(field, f"field {kind[1].upper()[:20]}")
        else:
            _put_instead(field, [part for part in field if local(part) != "fldData"])


def _put_instead(element: Element, parts: Iterable[Element]) -> None:
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    parent.remove(element)
    for number, part in enumerate(list(parts)):
        parent.insert(at + number, part)


def _fit_rows(root: Element) -> None:
    """Rows that begin further right keep their columns; hidden and deleted ones are refused and not gone."""
    for row in list(root.iter(f"{WORD}tr")):
        properties = row.find(f"{WORD}trPr")
        if properties is None:
            continue
        before = said(properties.find(f"{WORD}gridBefore"), "val")
        if before.isdecimal() and 0 < int(before[:4]) < 1_000:
            row.insert(row.index(properties) + 1, _empty_cell(before))
        deleted = properties.find(f"{WORD}del")
        if deleted is not None:
            properties.remove(deleted)
            _mark_row(row, "deleted row")
        if is_on(properties.find(f"{WORD}hidden")):
            _mark_row(row, "hidden row")


def _empty_cell(wide: str) -> Element:
    cell = etree.Element(f"{WORD}tc")
    properties = etree.SubElement(cell, f"{WORD}tcPr")
    etree.SubElement(properties, f"{WORD}gridSpan", {f"{WORD}val": wide})
    etree.SubElement(cell, f"{WORD}p")
    return cell


def _mark_row(row: Element, what: str) -> None:
    for cell in row.iter(f"{WORD}tc"):
        paragraph = etree.SubElement(cell, f"{WORD}p")
        run = etree.SubElement(paragraph, f"{WORD}r")
        refuse_inside(run, what)


def _mark_field(code: Element) -> None:
    """A field that is more than its result. Its code stands in pieces; what a later piece says belongs to the first."""
    kind = _FIELD.match(code.text or "")
    if kind is not None and _begins_field(code) and kind[1].upper() not in _HARMLESS:
        put(code, f"field {kind[1].upper()[:20]}")


def _begins_field(code: Element) -> bool:
    """Whether this is the first piece of a field's code."""
    kind = f"{WORD}fldChar"
    before = code.xpath("preceding::*[self::w:fldChar or self::w:instrText][1]", namespaces={"w": WORD[1:-1]})
    return bool(before) and before[0].tag == kind and before[0].get(f"{WORD}fldCharType") == "begin"


def _replace(formula: Element, styles: WordStyles) -> None:
    """A formula by a run of text that says it."""
    hidden, looks = formula_looks(formula, styles)
    try:
        text = rf"\({as_latex(formula)}\)"
    except QuestionRefused as refused:
        hidden, text = False, refused.reason.facts.get("element", "")
        _put_formula(formula, text, refused=True)
        return
    if hidden:
        _put_formula(formula, "hidden formula", refused=True)
        return
    run = _put_formula(formula, text, refused=False)
    for name in looks:
        lose(run, "style", name)


def _put_formula(formula: Element, text: str, *, refused: bool) -> Element:
    run = run_of("" if refused else text)
    if refused:
        refuse_inside(run, text)
    run.tail = formula.tail
    parent = formula.getparent()
    if parent is not None and parent.tag == f"{MATH}oMathPara" and (outer := parent.getparent()) is not None:
        outer.insert(outer.index(parent), run)
        parent.remove(formula)
    elif parent is not None:
        parent.replace(formula, run)
    return run


# What is drawn


def _mark_drawing(drawing: Element) -> None:
    """What shows no picture of this very file would be dropped in silence: a mark in its place refuses the question."""
    fault = _fault(drawing)
    if fault:
        put(drawing, fault)
    elif next(drawing.iter(_TEXT_BOX), None) is not None:
        _lose_at(drawing, "text box")
    elif any(local(one) not in _HARMLESS_EFFECTS for blip in drawing.iter(_BLIP) for one in blip):
        _lose_at(drawing, "picture effect")


def _fault(drawing: Element) -> str:
    """Why the reader of documents would show something else than Word."""
    pictures, boxes = [*drawing.iter(_BLIP, _IMAGE)], [*drawing.iter(_TEXT_BOX)]
    is_drawing = local(drawing) == "drawing"
    here = [picture.get(f"{_REFERENCE}embed") or picture.get(f"{_REFERENCE}id") for picture in pictures]
    is_linked = any(picture.get(f"{_REFERENCE}link") for picture in pictures) or not all(here)
    is_mixed = bool(boxes) and (bool(pictures) or is_drawing or len(_shapes(drawing)) > len(boxes))
    is_other = not boxes and (not pictures or (is_drawing and len(pictures) != len(_alone(drawing))))
    faults = {
        "linked picture": is_linked,
        "drawing with a text box": is_mixed,
        local(drawing): is_other,
        "cropped picture": any(map(_is_cropped, drawing.iter())),
        "turned picture": any(map(_is_turned, drawing.iter())),
        "hidden picture": any(map(_is_hidden, drawing.iter())),
    }
    return next((fault for fault, is_so in faults.items() if is_so), "")


def _shapes(drawing: Element) -> list[Element]:
    """What is drawn with VML: more than its text boxes is a drawing with words on it."""
    names = ("shape", "rect", "roundrect", "oval", "line", "polyline", "curve", "arc", "image")
    return [*drawing.iter(*(f"{_VML}{name}" for name in names))]


def _alone(drawing: Element) -> list[Element]:
    """Pictures that stand by themselves, in no group and on no canvas: others the reader leaves out."""
    found = []
    for blip in drawing.iter(_BLIP):
        path = [local(one) for one in blip.iterancestors()]
        if path[:4] == ["blipFill", "pic", "graphicData", "graphic"]:
            found.append(blip)
    return found


def _is_cropped(element: Element) -> bool:
    name = local(element)
    if name == "srcRect":
        return any(str(element.get(side) or "0").lstrip("-") not in ("0", "0%") for side in "ltrb")
    return name == "imagedata" and any(
        str(element.get(f"crop{side}") or "0") not in ("0", "0f")
        for side in ("left", "right", "top", "bottom")
    )


def _is_turned(element: Element) -> bool:
    name = local(element)
    if name == "xfrm":
        turn = str(element.get("rot") or "0")
        return turn != "0" or any(element.get(flip) in ("1", "true") for flip in ("flipH", "flipV"))
    return name == "shape" and bool(_TURNED.search(str(element.get("style") or "")))


def _is_hidden(element: Element) -> bool:
    return local(element) == "docPr" and element.get("hidden") in ("1", "true", "on")


def _lose_at(element: Element, what: str) -> None:
    """Name a loss at the run in which something stands."""
    run = above(element, "r")
    if run is not None and above(run, "tc") is not None:
        lose(run, "lost", what)


# What the reader does not know, and what it leaves behind


def _mark_unknown(root: Element) -> None:
    for element in list(root.iter()):
        parent = element.getparent()
        if parent is None or not str(parent.tag).startswith(WORD) or local(parent) not in _HOLDERS:
            continue
        name = local(element)
        if not str(element.tag).startswith(WORD):
            if next(element.iter(f"{WORD}t", f"{MATH}t"), None) is not None:
                put(element, name)
        elif name == "cr":
            element.tag = f"{WORD}br"
        elif name == "ptab":
            element.tag = f"{WORD}tab"
        elif name == "sym" and not _is_known_symbol(element):
            put(element, f"symbol {said(element, 'font')} {said(element, 'char')}")
        elif name not in _READ and name not in _SAYS_NOTHING:
            put(element, name)


def _is_known_symbol(symbol: Element) -> bool:
    """Whether the reader of documents knows the character of a symbol font."""
    from mammoth.docx.dingbats import dingbats

    font, character = said(symbol, "font"), said(symbol, "char")
    try:
        code = int(character, 16)
    except ValueError:
        return False
    of_font = re.match("^F0..", character) is not None and (font, int(character[2:], 16)) in dingbats
    return (font, code) in dingbats or of_font


def _name_what_stays_behind(root: Element, styles: WordStyles, notes: dict[str, str]) -> None:
    for reference in list(root.iter(f"{WORD}footnoteReference", f"{WORD}endnoteReference")):
        kind = local(reference).removesuffix("Reference")
        lose(reference, "foot", notes.get(f"{kind} {said(reference, 'id')}", ""))
        parent = reference.getparent()
        if parent is not None:
            parent.remove(reference)
    for reference in list(root.iter(f"{WORD}commentReference")):
        lose(reference, "note", notes.get(f"comment {said(reference, 'id')}", ""))
    named: set[tuple[Element, str]] = set()
    for paragraph in root.iter(f"{WORD}p"):
        cell = above(paragraph, "tc")
        first = next(paragraph.iterchildren(f"{WORD}r", f"{WORD}hyperlink", *_CHANGES), None)
        if cell is None or first is None:
            continue
        for kind, what in _left_behind(paragraph, styles):
            if (cell, what) not in named:
                named.add((cell, what))
                lose(first, kind, what)


def _left_behind(paragraph: Element, styles: WordStyles) -> list[tuple[str, str]]:
    found = []
    if next(paragraph.iter(*_CHANGES), None) is not None:
        found.append(("lost", "tracked changes"))
    if is_on(styles.paragraph_property(paragraph, "bidi")):
        found.append(("style", "direction"))
    if any(above(tab, "tabs") is None for tab in paragraph.iter(f"{WORD}tab")):
        found.append(("lost", "tab"))
    if _WIDE_GAP.search("".join(str(part.text or "") for part in paragraph.iter(f"{WORD}t"))):
        found.append(("lost", "spaces"))
    return found
