"""What a content package says it holds: items, tests, stimuli and QTI 1.2 documents, in its own order.

Only where things lie is read from `imsmanifest.xml`; what they are is told by themselves.
"""

from dataclasses import dataclass
from typing import Final

from lxml import etree

from cbt_station.banks.foreign import QuestionRefused
from cbt_station.banks.qti.markup import parse_as_written
from cbt_station.banks.qti.source import Source, joined
from cbt_station.banks.safe_xml import Element
from cbt_station.errors import Refusal

MANIFEST: Final = "imsmanifest.xml"
_QUESTIONS: Final = ("imsqti", "imscc/assessment", "question-bank", "assessment")
_ANOTHER: Final = (
    "imslti",
    "imswl",
    "imsdt",
    "webcontent",
    "learning-application-resource",
    "associatedcontent",
)
_BLACKBOARD: Final = "{http://www.blackboard.com/content-packaging/}file"
"""How Blackboard names the file of a resource."""
_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"


@dataclass(frozen=True)
class Resource:
    """A file that holds questions or a test, as the manifest names it; `file` None where that leaves the package."""

    reference: str
    file: str | None


@dataclass(frozen=True)
class Manifest:
    """The resources that a QTI reader has to look at, and the title of the whole."""

    resources: tuple[Resource, ...]
    title: str


def manifest_of(source: Source) -> str | None:
    """The manifest's name: the one that lies highest."""
    found = [name for name in source.names() if name.rpartition("/")[2].lower() == MANIFEST]
    return min(found, key=lambda name: (name.count("/"), name), default=None)


def read_manifest(source: Source, name: str) -> Manifest:
    """Raises Refusal("source-manifest") for one that cannot be read."""
    try:
        root = parse_as_written(source.read(name))
    except QuestionRefused as refused:
        raise Refusal(
            "source-manifest", where=name, problem=refused.reason.facts.get("problem", "")
        ) from refused
    if etree.QName(root).localname != "manifest":
        raise Refusal("source-manifest", where=name, problem=etree.QName(root).localname[:40])
    resources: dict[str, Resource] = {}
    for element in _named(root, "resource"):
        if _holds_questions(str(element.get("type", "")), str(element.get("href", ""))):
            for reference in _references(element):
                resources.setdefault(reference, Resource(reference, joined(name, _based(element, reference))))
            own = str(element.get(_BLACKBOARD, "")).strip()
            if own:  # its base is for other files
                resources.setdefault(own, Resource(own, joined(name, own)))
    return Manifest(tuple(resources.values()), _title(root))


def _holds_questions(kind: str, file: str) -> bool:
    """By its type; Canvas keeps its own questions in files of another type whose name says what they are."""
    kind = kind.lower()
    if file.lower().endswith(".xml.qti"):
        return True
    return kind.startswith(_QUESTIONS) and not kind.startswith(_ANOTHER)


def _references(resource: Element) -> list[str]:
    """The resource's own file; the first XML among its files where it names none."""
    own = str(resource.get("href", "")).strip()
    files = [str(one.get("href", "")).strip() for one in _named(resource, "file")]
    if own:
        return [own]
    return [file for file in files if file.lower().endswith((".xml", ".qti"))][:1]


def _based(element: Element, reference: str) -> str:
    """With the base addresses of the resource and of those around it."""
    bases = [str(one.get(_BASE, "")) for one in (element, *element.iterancestors())]
    for base in bases:
        if base and not reference.startswith("/"):
            reference = base.rstrip("/") + "/" + reference
    return reference


def _title(root: Element) -> str:
    """The first title of the package's own metadata, before anything of its resources."""
    metadata = next((child for child in root if _is(child, "metadata")), None)
    for element in _named(metadata, "title") if metadata is not None else ():
        text = " ".join("".join(str(part) for part in element.itertext()).split())
        if text:
            return text[:200]
    return ""


def _named(root: Element, name: str) -> list[Element]:
    return [element for element in root.iterdescendants(etree.Element) if _is(element, name)]


def _is(element: Element, name: str) -> bool:
    return isinstance(element.tag, str) and etree.QName(element).localname == name
