"""XML from elsewhere into elements: bounded, without a document type's entities, and nothing is loaded.

Encodings are the file's own where they are of the few that people use; a file that says nothing is UTF-8.
"""

import posixpath
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml import etree

from cbt_station.banks import safe_xml
from cbt_station.banks.foreign import QuestionRefused, remark
from cbt_station.banks.qti.names import in_qti3, local
from cbt_station.banks.safe_xml import Element

MOST_BYTES: Final = 4 << 20
MOST_ELEMENTS: Final = 50_000
MOST_DEPTH: Final = 80
"""Honest items stay under thirty."""
_ENCODINGS: Final = frozenset(
    ["utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252", "latin1"]
)
_MARKS: Final = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
"""With which bytes a file begins that is in one of these."""
_DECLARED: Final = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
MOST_REFERENCE: Final = 1_000
"""Characters of a file's name with its base."""
_FILES: Final = ("src", "data", "href", "template-location")
"""Attributes that name files."""
_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"
_ENTITY: Final = re.compile(rb"<!\0?E\0?N\0?T\0?I\0?T\0?Y")


def parse(data: bytes) -> Element:
    """The root element with QTI 3's names. Raises QuestionRefused("xml-…") for anything but modest, well-formed XML."""
    root = parse_as_written(data)
    in_qti3(root)
    _follow_bases(root)
    return root


def parse_as_written(data: bytes) -> Element:
    """The same with the names that the file has (QTI 1.2, manifests)."""
    if len(data) > MOST_BYTES:
        raise QuestionRefused(remark("xml-too-much", most=MOST_BYTES))
    _require_known_encoding(data)
    if _ENTITY.search(data):
        raise QuestionRefused(remark("xml-entities"))
    try:
        root = safe_xml.parse(data)
    except safe_xml.NotXml as error:
        raise QuestionRefused(remark("xml-broken", problem=error.problem)) from error
    _require_modest(root)
    return root


def _require_known_encoding(data: bytes) -> None:
    declared = _DECLARED.match(data[:200].removeprefix(b"\xef\xbb\xbf"))
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    marked = next((kind for mark, kind in _MARKS if data.startswith(mark)), "")
    if marked and (marked == "utf-32" or (declared and name != marked)):
        name = f"{marked}, {name}"
    if name not in _ENCODINGS:
        raise QuestionRefused(remark("xml-encoding", encoding=name[:40]))


def _follow_bases(root: Element) -> None:
    """Names of files that stand below an `xml:base` as they are meant: from the document itself. Source: W3C, XML Base."""
    bases: dict[Element, str] = {}
    for element in root.iter(etree.Element):
        parent, own = element.getparent(), str(element.attrib.pop(_BASE, "")).strip()
        base = bases.get(parent, "") if parent is not None else ""
        base = _joined(base, own) if own else base
        if not base:
            continue
        bases[element] = base
        for name in _FILES:
            said = str(element.get(name) or "").strip()
            if said and not said.startswith(("#", "data:")):
                element.set(name, _joined(base, said))


def _joined(base: str, reference: str) -> str:
    if len(base) + len(reference) > MOST_REFERENCE:
        raise QuestionRefused(remark("file-outside", file=reference[:60]))
    try:
        is_whole = bool(urlsplit(base).scheme or urlsplit(reference).scheme or base.startswith("/"))
        if is_whole or reference.startswith("/"):
            return urljoin(base, reference)
    except ValueError as error:
        raise QuestionRefused(remark("file-outside", file=reference[:60])) from error
    return posixpath.join(posixpath.dirname(base), reference)


def _require_modest(root: Element) -> None:
    """Count what is there, without recursion; an entity that was not resolved would be a text that is missing."""
    depth, count = 0, 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > MOST_DEPTH:
            raise QuestionRefused(remark("xml-too-deep", most=MOST_DEPTH))
        if count > MOST_ELEMENTS:
            raise QuestionRefused(remark("xml-too-much", most=MOST_ELEMENTS))
    if any(True for _ in root.iter(etree.Entity)):
        raise QuestionRefused(remark("xml-entities"))


def children(element: Element, *names: str) -> Iterator[Element]:
    """The child elements with one of these names (without `qti-`), or all of them."""
    for child in element.iterchildren(etree.Element):
        if not names or local(child) in names:
            yield child


def below(element: Element, *names: str) -> Iterator[Element]:
    """The elements anywhere below with one of these names."""
    for child in element.iterdescendants(etree.Element):
        if local(child) in names:
            yield child


def first(element: Element, name: str) -> Element | None:
    """The first child of this name."""
    return next(children(element, name), None)


def words(element: Element) -> str:
    """All text below an element, white space collapsed."""
    return " ".join("".join(str(text) for text in element.itertext()).split())


def named_by_rules(root: Element) -> set[str]:
    """The variables that some rule of an item looks at or sets."""
    return {
        str(one.get("identifier"))
        for rules in children(root, "response-processing")
        for one in rules.iterdescendants(etree.Element)
    }
