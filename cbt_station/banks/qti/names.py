"""One spelling for all versions: elements and attributes of QTI 2.x get the names that QTI 3 gives them.

QTI 2.x writes `responseIdentifier`, QTI 3 `response-identifier` and puts `qti-` before each of its own elements. HTML,
MathML and SVG keep their names. Namespaces of QTI itself are dropped, whatever their version, and so are those of
elements that a version put into a namespace of its own; MathML and SVG keep theirs.

Source: 1EdTech, QTI 3.0 migration guide; the names of HTML are those of its content model in QTI 2.2 and 3.0.
"""

import re
from typing import Final

from lxml import etree

from cbt_station.banks.safe_xml import Element

PREFIX: Final = "qti-"
MATHML: Final = "http://www.w3.org/1998/Math/MathML"
SVG: Final = "http://www.w3.org/2000/svg"
XINCLUDE: Final = "http://www.w3.org/2001/XInclude"
KEPT: Final = frozenset({MATHML, SVG, XINCLUDE})
"""Namespaces whose elements stay in them."""
HTML: Final = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "address",
        "article",
        "aside",
        "audio",
        "b",
        "bdi",
        "bdo",
        "big",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "i",
        "iframe",
        "img",
        "ins",
        "kbd",
        "label",
        "legend",
        "li",
        "link",
        "main",
        "map",
        "area",
        "mark",
        "nav",
        "object",
        "ol",
        "p",
        "param",
        "picture",
        "pre",
        "q",
        "rb",
        "rbc",
        "rp",
        "rt",
        "rtc",
        "ruby",
        "s",
        "samp",
        "script",
        "section",
        "small",
        "source",
        "span",
        "strike",
        "strong",
        "style",
        "sub",
        "summary",
        "sup",
        "svg",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "track",
        "tt",
        "u",
        "ul",
        "var",
        "video",
        "wbr",
        "input",
        "button",
        "form",
        "select",
        "textarea",
        "canvas",
        "embed",
        "font",
        "center",
    ]
)
_HUMP: Final = re.compile(r"(?<=[a-z0-9])([A-Z])")
_XML: Final = re.compile(r"\{.*\}|data-|aria-|xml:")


def kebab(name: str) -> str:
    """`responseElseIf` as `response-else-if`."""
    return _HUMP.sub(r"-\1", name).lower()


def in_qti3(root: Element) -> None:
    """Give every element of QTI below `root` (and `root`) the name and the attributes that QTI 3 has for it."""
    for element in list(root.iter(etree.Element)):
        name = etree.QName(element)
        if name.namespace in KEPT or _is_formula(element, name.localname):
            continue
        if name.localname in HTML:
            element.tag = name.localname
            continue
        short = kebab(name.localname)
        element.tag = short if short.startswith(PREFIX) else PREFIX + short
        _rename_attributes(element)


def _is_formula(element: Element, name: str) -> bool:
    """A formula whose author forgot its namespace: everything in it is MathML too."""
    parent = element.getparent()
    if name != "math" and (parent is None or not str(parent.tag).startswith(f"{{{MATHML}}}")):
        return False
    element.tag = f"{{{MATHML}}}{name}"
    return True


def _rename_attributes(element: Element) -> None:
    for given in list(element.attrib):
        name = str(given)
        new = name if _XML.match(name) else kebab(name)
        if new != name:
            element.set(new, element.attrib.pop(given))


def local(element: Element) -> str:
    """An element's name without namespace and without `qti-`: `choice-interaction`, `p`, `math`."""
    return etree.QName(element).localname.removeprefix(PREFIX) if isinstance(element.tag, str) else ""


def qti2(name: str) -> str:
    """The name as QTI 2.x writes it, which is what people know it by: `choiceInteraction`."""
    first, *rest = name.removeprefix(PREFIX).split("-")
    return first + "".join(word.capitalize() for word in rest)
