"""One item in one language as a `qti-assessment-item` of its own that any reader of QTI 3 shows and scores the same."""

from decimal import Decimal
from typing import Any, Final

from lxml import etree

from cbt_station.banks.bank import BankItem
from cbt_station.banks.kinds import kind_of
from cbt_station.banks.qti.writing.content import LANG, ContentWriter
from cbt_station.banks.qti.writing.identifiers import as_name, renamed
from cbt_station.banks.qti.writing.rules import processing_of, write_declarations, write_processing
from cbt_station.banks.safe_xml import Element
from cbt_station.exam.content import Blocks, Picture
from cbt_station.exam.interactions import (
    RESPONSE,
    Associable,
    Composite,
    Option,
    Simple,
    Spot,
    parts_of,
)
from cbt_station.exam.rules.trees import SCORE

QTI: Final = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
MEDIA: Final = "../media/"
_SEVERAL: Final = {"choices": "choice", "text": "text-entry", "number": "text-entry"}
_COUNTS: Final = {"match": "associations", "associate": "associations"}


def item_xml(item: BankItem, language: str, identifier: str) -> bytes:
    """The item's file."""
    shown = item.languages[language]
    processing = processing_of(item.rule, shown.interaction)
    said = {
        "identifier": identifier,
        "title": item.title or item.id,
        "adaptive": "false",
        "time-dependent": "false",
    }
    root = etree.Element("qti-assessment-item", said)
    root.set("xmlns", QTI)
    root.set(LANG, language)
    write_declarations(root, item.rule, processing)
    if item.stimulus is not None:
        href = f"../stimuli/{stimulus_file(item.stimulus, language)}"
        etree.SubElement(
            root,
            "qti-assessment-stimulus-ref",
            {"identifier": item.stimulus, "href": href, "title": item.stimulus},
        )
    taken = {*processing.responses, *processing.outcomes, SCORE}
    body = _Body(etree.SubElement(root, "qti-item-body"), parts_of(shown.interaction), taken)
    body.write(shown.stem, composite=isinstance(shown.interaction, Composite))
    for number, name in enumerate(body.counted):
        declared = {"identifier": name, "cardinality": "single", "base-type": "integer"}
        root.insert(len(processing.responses) + number, etree.Element("qti-response-declaration", declared))
    write_processing(root, processing)
    renamed(root, as_name)
    return document(root)


def stimulus_file(name: str, language: str) -> str:
    """Where a shared text lies in a package."""
    return f"{name}.{language}.xml"


def stimulus_xml(name: str, language: str, blocks: Blocks) -> bytes:
    """A shared text's file."""
    root = etree.Element("qti-assessment-stimulus", {"identifier": as_name(name), "title": name})
    root.set("xmlns", QTI)
    root.set(LANG, language)
    body = etree.SubElement(root, "qti-stimulus-body")
    ContentWriter(MEDIA, lambda _parent, _name: None).blocks(body, blocks)
    return document(root)


def document(root: Element) -> bytes:
    """A file's bytes: the same for the same elements."""
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="utf-8") + b"\n"


class _Body:
    """Writes the body; `counted` are the responses of its recordings, which count how often each was played."""

    def __init__(self, body: Element, parts: dict[str, Simple], taken: set[str]) -> None:
        self._body, self._parts, self._taken = body, parts, taken
        self._written: set[str] = set()
        self.counted: list[str] = []
        self._stem = ContentWriter(MEDIA, self._placed, self._limited)
        self._content = ContentWriter(MEDIA, self._placed)
        self._gaps = ContentWriter(MEDIA, _gap)

    def write(self, stem: Blocks, *, composite: bool) -> None:
        self._stem.blocks(self._body, stem)
        if not composite and RESPONSE not in self._written:
            self._placed(self._body, RESPONSE)

    def _limited(self, parent: Element, plays: int) -> Element:
        """QTI says how often a recording may be played of an interaction only; it has a response, which nothing scores."""
        numbers = (f"PLAYS{number or ''}" for number in range(len(self._taken) + 1))
        name = next(one for one in numbers if one not in self._taken)
        self._taken.add(name)
        self.counted.append(name)
        said = {"response-identifier": name, "autostart": "false", "max-plays": str(plays)}
        return _sub(parent, "qti-media-interaction", **said)

    def _placed(self, parent: Element, name: str) -> None:
        part = self._parts[name]
        self._written.add(name)
        kind = kind_of(part)
        element = _sub(parent, f"qti-{_SEVERAL.get(kind, kind)}-interaction", **{"response-identifier": name})
        counts = _COUNTS.get(kind, "choices")
        least, most = getattr(part, "least", None), getattr(part, "most", None)
        if kind == "order":  # its bounds begin at 1, and without a least all are ordered, whatever the most
            least, most = least or (1 if most else None), most or None
        for key, number in ((f"min-{counts}", least), (f"max-{counts}", most)):
            if number is not None:
                element.set(key, str(number))
        if kind == "choice":
            element.set("max-choices", "1")
        if hasattr(part, "shuffle") and kind != "graphic-gap-match":
            element.set("shuffle", _truth(part.shuffle))
        self._settings(element, part, kind)
        self._inside(element, part, kind)

    def _settings(self, element: Element, part: Any, kind: str) -> None:
        if kind in ("text", "number"):
            element.set("expected-length", str(part.width))
            if kind == "text" and part.pattern:
                element.set("pattern-mask", part.pattern)
        elif kind == "extended-text":
            element.set("expected-lines", str(part.lines))
        elif kind == "slider":
            element.set("lower-bound", part.low)
            element.set("upper-bound", part.high)
            if Decimal(part.step) % 1 == 0:
                element.set("step", str(int(Decimal(part.step))))
            element.set("orientation", "vertical" if part.vertical else "horizontal")
            element.set("reverse", _truth(part.reverse))
        elif kind == "gap-match":
            element.set("max-associations", str(len(part.gaps)))

    def _inside(self, element: Element, part: Any, kind: str) -> None:
        if hasattr(part, "picture"):
            _image(element, part.picture)
        for side in (part.rows, part.columns) if kind == "match" else ():
            holder = _sub(element, "qti-simple-match-set")
            for one in side:
                self._associable(holder, "qti-simple-associable-choice", one)
        for one in getattr(part, "options", ()):
            self._offered(element, one, kind)
        for spot in getattr(part, "spots", ()):
            _spot(element, spot, kind)
        if hasattr(part, "content"):
            (self._gaps if kind == "gap-match" else self._content).blocks(element, part.content)

    def _offered(self, element: Element, one: Any, kind: str) -> None:
        if kind in ("gap-match", "graphic-gap-match"):
            self._gap_option(element, one)
        elif kind == "associate":
            self._associable(element, "qti-simple-associable-choice", one)
        else:
            self._option(element, one, is_inline=kind == "inline-choice")

    def _option(self, parent: Element, option: Option, *, is_inline: bool) -> None:
        name = "qti-inline-choice" if is_inline else "qti-simple-choice"
        element = _sub(parent, name, identifier=option.id)
        if option.fixed:
            element.set("fixed", "true")
        write = self._content.within_a_line if is_inline else self._content.only
        write(element, option.content)

    def _associable(self, parent: Element, name: str, option: Associable) -> Element:
        element = _sub(parent, name, identifier=option.id, **{"match-max": str(option.most)})
        if option.least:
            element.set("match-min", str(option.least))
        if option.fixed:
            element.set("fixed", "true")
        if name == "qti-gap-text":
            self._content.within_a_line(element, option.content)
        elif name != "qti-gap-img":
            self._content.only(element, option.content)
        return element

    def _gap_option(self, parent: Element, option: Associable) -> None:
        match option.content:
            case (Picture() as picture,):
                _image(self._associable(parent, "qti-gap-img", option), picture)
            case _:
                self._associable(parent, "qti-gap-text", option)


def _gap(parent: Element, name: str) -> None:
    _sub(parent, "qti-gap", identifier=name)


def _spot(parent: Element, spot: Spot, kind: str) -> None:
    name = "qti-associable-hotspot" if kind == "graphic-gap-match" else "qti-hotspot-choice"
    said = {"shape": spot.shape, "coords": ",".join(map(str, spot.coords)), "hotspot-label": spot.label}
    element = _sub(parent, name, identifier=spot.id, **said)
    if kind == "graphic-gap-match":
        element.set("match-max", str(spot.most))


def _image(parent: Element, picture: Picture) -> None:
    size = {"width": str(picture.width), "height": str(picture.height)}
    _sub(parent, "img", src=f"{MEDIA}{picture.media}", alt=picture.alt, **size)


def _sub(parent: Element, name: str, **said: str) -> Element:
    return etree.SubElement(parent, name, said)


def _truth(on: bool) -> str:
    return "true" if on else "false"
