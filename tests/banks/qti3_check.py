"""A package, or one file of it, against `qti3_model.py`: every fault in words, none where it is valid.

1. Structure: elements in their order, attributes that are known, there, and of their type.
2. Names: identifiers once, what is named is declared and of the kind that its interaction wants.
3. Files: what is referred to is in the package, and the manifest lists every file once.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Final, TypeAlias

from lxml import etree

from tests.banks.qti3_model import (
    ANY_PREFIX,
    CELL,
    CELLS,
    ELEMENTS,
    FOREIGN,
    IDENTIFIER,
    KINDS,
    TYPES,
    Shape,
)

Element: TypeAlias = etree._Element
QTI: Final = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
CP: Final = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
MATHML: Final = "http://www.w3.org/1998/Math/MathML"
RESOURCES: Final = {
    "qti-assessment-item": "imsqti_item_xmlv3p0",
    "qti-assessment-test": "imsqti_test_xmlv3p0",
    "qti-assessment-stimulus": "imsqti_stimulus_xmlv3p0",
}
_NAMING: Final = (
    "variable",
    "correct",
    "default",
    "map-response",
    "map-response-point",
    "set-outcome-value",
    "lookup-outcome-value",
)
_BUILT_IN: Final = frozenset(["completionStatus", "numAttempts", "duration"])
_CHOICES: Final = (
    "simple-choice",
    "inline-choice",
    "simple-associable-choice",
    "gap-text",
    "gap-img",
    "gap",
    "hottext",
    "hotspot-choice",
    "associable-hotspot",
)


def file_faults(data: bytes) -> list[str]:
    """Steps 1 and 2 of one file."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        return [f"no XML: {error.msg}"]
    faults = [] if etree.QName(root).namespace == QTI else [f"namespace {etree.QName(root).namespace}"]
    faults += [fault for element in _walk(root) for fault in _structure(element)]
    if not faults and name_of(root) == "qti-assessment-item":
        faults += list(_names(root))
    return faults


def unknown_elements(data: bytes) -> set[str]:
    """The elements that the model does not cover."""
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    return {name_of(element) for element in _walk(root)} - set(ELEMENTS)


def name_of(element: Element) -> str:
    return etree.QName(element).localname


def _walk(element: Element) -> Iterator[Element]:
    """Elements outside of what belongs to another standard."""
    yield element
    shape = ELEMENTS.get(name_of(element))
    if shape is None or not shape.anything:
        for child in element.iterchildren(etree.Element):
            yield from _walk(child)


def _structure(element: Element) -> Iterator[str]:
    name = name_of(element)
    shape = ELEMENTS.get(name)
    if shape is None:
        yield f"{name}: no such element"
        return
    wanted = MATHML if name == "math" else QTI
    if etree.QName(element).namespace != wanted:
        yield f"{name}: namespace"
    if shape.anything:
        return
    children = "".join(f"{name_of(child)} " for child in element.iterchildren(etree.Element))
    if not re.fullmatch(shape.children, children):
        yield f"{name}: holds {children.strip() or 'nothing'}"
    texts = [element.text, *(child.tail for child in element)]
    if not shape.text and any(text and text.strip() for text in texts):
        yield f"{name}: text"
    yield from _attributes(element, name, shape)


def _attributes(element: Element, name: str, shape: Shape) -> Iterator[str]:
    known = shape.must | shape.may | (CELL if name in CELLS else {})
    for missing in set(shape.must) - set(map(str, element.attrib)):
        yield f"{name}: without {missing}"
    for key, value in element.attrib.items():
        if FOREIGN.match(str(key)) or str(key).startswith(ANY_PREFIX):
            continue
        if key not in known:
            yield f"{name}: attribute {key}"
        elif not re.fullmatch(TYPES[known[str(key)]], _collapsed(str(value), known[str(key)])):
            yield f"{name}: {key}={value!r} is no {known[str(key)]}"


def _collapsed(value: str, kind: str) -> str:
    """White space around anything but a text means nothing."""
    return value if kind in ("text", "title") else " ".join(value.split())


def _names(root: Element) -> Iterator[str]:
    declared = {
        str(one.get("identifier")): (str(one.get("cardinality")), str(one.get("base-type")))
        for one in root.iterchildren(etree.Element)
        if name_of(one) in ("qti-response-declaration", "qti-outcome-declaration")
    }
    said = [
        one.get("identifier")
        for one in root.iterchildren(etree.Element)
        if name_of(one).endswith("-declaration")
    ]
    if len(set(said)) != len(said):
        yield "a variable is declared twice"
    answered: list[str] = []
    for element in root.iter(etree.Element):
        name = name_of(element).removeprefix("qti-")
        if name.endswith("-interaction"):
            answered.append(str(element.get("response-identifier")))
            yield from _interaction(root, element, name.removesuffix("-interaction"), declared)
        elif name in _NAMING and element.get("identifier") not in {*declared, *_BUILT_IN}:
            yield f"{name} names {element.get('identifier')}, which is not declared"
    if len(set(answered)) != len(answered):
        yield "two interactions have one response"


def _interaction(
    root: Element, element: Element, kind: str, declared: dict[str, tuple[str, str]]
) -> Iterator[str]:
    response = str(element.get("response-identifier"))
    if response not in declared:
        yield f"{kind}: {response} is not declared"
        return
    cardinality, base = declared[response]
    cardinalities, bases = KINDS[kind]
    if not re.fullmatch(cardinalities, cardinality) or (
        cardinality != "record" and not re.fullmatch(bases, base)
    ):
        yield f"{kind}: a response that is {cardinality} {base}"
    ids = [
        str(one.get("identifier"))
        for one in element.iter(etree.Element)
        if name_of(one).removeprefix("qti-") in _CHOICES
    ]
    if len(set(ids)) != len(ids):
        yield f"{kind}: an identifier twice"
    if base in ("identifier", "pair", "directedPair"):
        yield from _values(root, response, base, set(ids))


def _values(root: Element, response: str, base: str, ids: set[str]) -> Iterator[str]:
    """What is declared correct, or mapped, is made of choices that there are."""
    (declaration,) = (
        one
        for one in root.iterchildren(etree.Element)
        if one.get("identifier") == response and "response" in name_of(one)
    )
    values = [one.text or "" for one in declaration.iter(f"{{{QTI}}}qti-value")]
    values += [str(one.get("map-key")) for one in declaration.iter(f"{{{QTI}}}qti-map-entry")]
    for value in values:
        named = value.split()
        if len(named) != (1 if base == "identifier" else 2) or not set(named) <= ids:
            yield f"{response}: {value!r} is no {base} of its choices"


def package_faults(data: bytes) -> list[str]:
    """All three steps of a package, each fault with its file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        files = {name: archive.read(name) for name in names}
    faults = [] if len(files) == len(names) else ["a name twice"]
    listed = _manifest(files.get("imsmanifest.xml", b""), faults)
    unlisted = sorted(set(files) - {"imsmanifest.xml"} - set(listed))
    faults += [f"{name}: not in the manifest" for name in unlisted]
    for name, kind in listed.items():
        if name not in files:
            faults.append(f"{name}: not in the package")
        elif kind in RESOURCES.values():
            faults += [
                f"{name}: {fault}" for fault in [*file_faults(files[name]), *_references(name, kind, files)]
            ]
    return faults


def _manifest(data: bytes, faults: list[str]) -> dict[str, str]:
    """The files that the manifest lists, and their kinds."""
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError:
        faults.append("imsmanifest.xml: no XML")
        return {}
    names = [name_of(one) for one in root]
    if etree.QName(root) != etree.QName(CP, "manifest") or names != [
        "metadata",
        "organizations",
        "resources",
    ]:
        faults.append("imsmanifest.xml: not a manifest of QTI 3")
        return {}
    said = [(one.text or "") for one in root[0]]
    if said != ["QTI Package", "3.0.0"]:
        faults.append(f"imsmanifest.xml: metadata {said}")
    listed: dict[str, str] = {}
    ids = [root.get("identifier"), *(one.get("identifier") for one in root[2])]
    if len(set(ids)) != len(ids) or not all(re.fullmatch(IDENTIFIER, str(one)) for one in ids):
        faults.append("imsmanifest.xml: identifiers")
    for resource in root[2]:
        href, kind = str(resource.get("href")), str(resource.get("type"))
        if href in listed or [one.get("href") for one in resource] != [href]:
            faults.append(f"imsmanifest.xml: {href}")
        listed[href] = kind
    return listed


def _references(name: str, kind: str, files: dict[str, bytes]) -> Iterator[str]:
    """Step 3 of one file."""
    root = etree.fromstring(files[name])
    if RESOURCES.get(name_of(root)) != kind:
        yield f"listed as {kind}"
    refs = [
        str(one.get("identifier"))
        for one in root.iter(f"{{{QTI}}}qti-assessment-item-ref", f"{{{QTI}}}qti-assessment-section")
    ]
    if len(set(refs)) != len(refs):
        yield "an identifier twice in the test"
    for element in root.iter(etree.Element):
        for key in ("href", "src", "data"):
            value = element.get(key)
            if value and posixpath.normpath(posixpath.join(posixpath.dirname(name), value)) not in files:
                yield f"{key}={value} is not in the package"
