"""A foreign SVG in the words of our allow-list, where those say the same: then it stays a drawing.

Drawing programs write much that draws nothing (their own namespaces, metadata, a document type) and say as a style what
an attribute says as well. Taken away is only what no viewer draws; rules for classes and styles become the attributes of
their names, percentages of the whole become numbers. Whatever else stands there stays, and `pictures.py` refuses it.
Source: W3C, SVG 1.1: "Styling" (presentation attributes have the names and values of the properties, and less weight
than any rule), "Extensibility", "Metadata", "Units".
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from lxml import etree

from cbt_station.banks.safe_xml import Element, NotXml, parse

_SVG: Final = "http://www.w3.org/2000/svg"
_MEANT: Final = frozenset(["http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace"])
"""Namespaces whose attributes mean something in a drawing."""
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_SAYS_NOTHING: Final = frozenset(
    ["baseProfile", "contentScriptType", "contentStyleType", "zoomAndPan", "enable-background"]
)
_AROUND: Final = frozenset(["overflow", "enable-background", "x", "y"])
"""What says nothing of a drawing that is a file of its own, on its outermost element."""
_PROPERTIES: Final = frozenset(
    """
    fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit
    stroke-dasharray stroke-dashoffset opacity color visibility shape-rendering text-rendering font-family font-size
    font-weight font-style text-anchor dominant-baseline letter-spacing display
    """.split()  # noqa: SIM905 - a list of names to read
)
"""Properties that are presentation attributes and that `pictures.py` allows, or that are settled here."""
_SAYS_MORE: Final = re.compile(rb"<!ATTLIST|<\?xml-stylesheet", re.IGNORECASE)
_RULES: Final = re.compile(
    r"\s*(?:\.[A-Za-z_][\w-]*(?:\s*,\s*\.[A-Za-z_][\w-]*)*\s*\{[^{}@\\]*\}\s*)+", re.ASCII
)
_RULE: Final = re.compile(r"([^{}]+)\{([^{}]*)\}")
_DECLARATION: Final = re.compile(r"([a-z-]+)\s*:\s*([^:;!\\\s][^:;!\\]*)")
_PERCENT: Final = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,4})?)%")
_ACROSS: Final = ("x", "width", "cx", "x1", "x2", "rx", "dx")
_DOWN: Final = ("y", "height", "cy", "y1", "y2", "ry", "dy")
_BOX: Final = re.compile(
    r"\s*[-+0-9.]+[\s,]+[-+0-9.]+[\s,]+([0-9]{1,9}(?:\.[0-9]{1,9})?)[\s,]+([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*"
)
_MOST_RULES: Final = 500
_MOST_ELEMENTS: Final = 20_000
"""Ten times what a drawing of ours may have: the rest would have to draw nothing."""

Style = dict[str, str]


class _Unlike(Exception):
    """Something that attributes do not say."""


def in_our_words(data: bytes) -> bytes:
    """The same drawing; the same bytes where it cannot be said so."""
    if _SAYS_MORE.search(data):
        return data
    try:
        root = parse(data)
        _settle(root)
    except (NotXml, _Unlike):
        return data
    return etree.tostring(root, encoding="utf-8", with_tail=False)


def _settle(root: Element) -> None:
    if sum(1 for _ in root.iter(etree.Element)) > _MOST_ELEMENTS:
        raise _Unlike
    for element in list(root.iter(etree.Element)):
        if _draws_nothing(element) and element is not root:
            _take_out(element)
    classes = _class_rules(root)
    box = _box(root)
    has_words = any(_named(element) == "text" for element in root.iter(etree.Element))
    for element in list(root.iter(etree.Element)):
        _without_idle_attributes(element, has_words=has_words, outermost=element is root)
        _styled(element, classes)
        if element is not root:
            _in_numbers(element, box)
    for element in list(root.iter(etree.Element)):
        if element.get("display") == "none" and element is not root:
            _take_out(element)
        elif element.get("display") == "inline":
            del element.attrib["display"]
    etree.cleanup_namespaces(root)


def _named(element: Element) -> str:
    """An SVG element's name; empty for one of another namespace."""
    name = etree.QName(element)
    return name.localname if name.namespace in (None, _SVG) else ""


def _draws_nothing(element: Element) -> bool:
    return _named(element) in ("", "metadata") or (_named(element) == "defs" and not len(element))


def _class_rules(root: Element) -> list[tuple[str, Style]]:
    """The rules of its style sheets, which must be for classes alone; the sheets are taken out."""
    found: list[tuple[str, Style]] = []
    for sheet in [element for element in root.iter(etree.Element) if _named(element) == "style"]:
        text = _without_comments(sheet.text or "").strip()
        if text and not _RULES.fullmatch(text):
            raise _Unlike
        for selectors, declarations in _RULE.findall(text):
            said = _declared(declarations)
            found += [(selector.strip()[1:], said) for selector in selectors.split(",")]
        _take_out(sheet)
    if len(found) > _MOST_RULES:
        raise _Unlike
    return found


def _without_comments(text: str) -> str:
    if text.rfind("/*") > text.rfind("*/"):
        raise _Unlike  # one never ends, and its end would be looked for from every beginning
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def _declared(text: str) -> Style:
    """The declarations of a rule or a style attribute."""
    said: Style = {}
    for part in text.split(";"):
        if not part.strip():
            continue
        declaration = _DECLARATION.fullmatch(part.strip())
        if declaration is None:
            raise _Unlike
        name, value = declaration[1], declaration[2].strip()
        if name in _PROPERTIES:
            said[name] = value
        elif name not in _SAYS_NOTHING and not name.startswith("-inkscape-"):
            raise _Unlike
    return said


def _styled(element: Element, classes: list[tuple[str, Style]]) -> None:
    """What the rules say of an element as its attributes: they weigh more than those, and a style of its own most."""
    own = str(element.attrib.pop("class", "")).split()
    said: Style = {}
    for name, style in classes:
        if name in own:
            said |= style
    said |= _declared(str(element.attrib.pop("style", "")))
    for name, value in said.items():
        element.set(name, value)


def _without_idle_attributes(element: Element, *, has_words: bool, outermost: bool) -> None:
    for key in list(element.attrib):
        name = etree.QName(key)
        is_idle = name.localname in _SAYS_NOTHING or (outermost and key in _AROUND)
        is_foreign = name.namespace is not None and name.namespace not in _MEANT
        if is_foreign or is_idle or (key == _SPACE and not has_words):
            del element.attrib[key]
    if outermost and element.get("width") == element.get("height") == "100%":
        del element.attrib["width"], element.attrib["height"]


def _box(root: Element) -> Mapping[str, Decimal]:
    """The whole that a percentage is of, by attribute."""
    found = _BOX.fullmatch(str(root.get("viewBox", "")))
    if found is None:
        return {}
    return dict.fromkeys(_ACROSS, Decimal(found[1])) | dict.fromkeys(_DOWN, Decimal(found[2]))


def _in_numbers(element: Element, box: Mapping[str, Decimal]) -> None:
    for key, value in list(element.attrib.items()):
        if not str(value).strip().endswith("%"):
            continue
        share, whole = _PERCENT.fullmatch(str(value).strip()), box.get(str(key))
        if share is None or whole is None:
            raise _Unlike
        element.set(key, format((Decimal(share[1]) * whole / 100).normalize(), "f"))


def _take_out(element: Element) -> None:
    """Without the element; the text after it stays."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)
