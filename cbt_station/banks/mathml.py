"""MathML of foreign questions in one canonical form, which is also how a formula that is no LaTeX is written in a bank.

The canonical form has no namespace, no white space between elements and nothing but the elements and attributes named
here; `semantics` is its first child, `mfenced` its row with the marks written out. It holds no dollar sign, backslash
or vertical bar in plain, so that it can stand between dollar signs and in a cell of a table.
"""

import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from lxml import etree

from cbt_station.banks.faults import Faulty
from cbt_station.banks.safe_xml import Element, NotXml, is_entity, local_name, parse

START: Final = "<math"
"""The source of a formula that begins so is MathML, any other is LaTeX."""
EMPTY: Final = "<math></math>"
MOST_CHARACTERS: Final = 12_000
MOST_DEPTH: Final = 60

LEAVES: Final = frozenset({"mi", "mn", "mo", "mtext", "ms"})
ELEMENTS: Final = frozenset(
    [
        "math",
        "mrow",
        "mspace",
        "mfrac",
        "msqrt",
        "mroot",
        "msup",
        "msub",
        "msubsup",
        "munder",
        "mover",
        "munderover",
        "mtable",
        "mtr",
        "mtd",
        "mstyle",
        "mpadded",
        "mphantom",
        "menclose",
        "mmultiscripts",
        "mprescripts",
        "none",
        *LEAVES,
    ]
)
"""What a formula may hold, whichever way it is written."""
_ATTRIBUTES: Final = frozenset(
    [
        "display",
        "displaystyle",
        "scriptlevel",
        "mathvariant",
        "stretchy",
        "fence",
        "separator",
        "form",
        "lspace",
        "rspace",
        "largeop",
        "movablelimits",
        "accent",
        "accentunder",
        "linethickness",
        "columnalign",
        "rowalign",
        "columnlines",
        "rowlines",
        "frame",
        "columnspacing",
        "rowspacing",
        "notation",
        "width",
        "height",
        "depth",
        "voffset",
        "minsize",
        "maxsize",
        "linebreak",
        "rowspan",
        "columnspan",
    ]
)
_VALUE: Final = re.compile(r"[-+A-Za-z0-9.%# ]{0,60}")
_CHILDREN: Final = {
    "mfrac": 2,
    "mroot": 2,
    "msup": 2,
    "msub": 2,
    "munder": 2,
    "mover": 2,
    "msubsup": 3,
    "munderover": 3,
}
_TEX: Final = frozenset({"application/x-tex", "tex", "latex", "application/x-latex", "text/x-tex"})
_HIDDEN: Final = "\u2061\u2062\u2063\u2064\u200b\ufe00\ufe0e"
_ENTITY: Final = {"$": "&#36;", "\\": "&#92;", "|": "&#124;", "`": "&#96;", "\u00a0": "&#160;"}


def canonical(element: Element, dropped: set[str] | None = None) -> str:
    """A formula's canonical form; what was left out of it that could be seen is added to `dropped`.

    Raises Faulty("formula-…").
    """
    written = "".join(_written(element, set() if dropped is None else dropped, 1))
    if len(written) > MOST_CHARACTERS:
        raise Faulty("formula-too-long", most=MOST_CHARACTERS)
    return written


def tex_annotation(element: Element) -> str | None:
    """The LaTeX that a formula says it was made from."""
    for note in element.iter():
        is_note = local_name(note) == "annotation" and not len(note)
        if is_note and note.text and str(note.get("encoding") or "").strip().lower() in _TEX:
            return " ".join(note.text.split())
    return None


def is_display(element: Element) -> bool:
    """Whether a formula stands in a line of its own."""
    return element.get("display") == "block" or element.get("mode") == "display"


def parsed(source: str) -> ET.Element:
    """The tree of a formula in its canonical form; anything else is refused. Raises Faulty("formula-…")."""
    try:
        element = parse(source)
    except NotXml as error:
        raise Faulty("formula-bad", latex=source[:60], problem="XML") from error
    if element.tag != "math":
        raise Faulty("formula-command", command=str(element.tag)[:40])
    if canonical(element) != source:
        raise Faulty("formula-not-canonical", canonical=canonical(element)[:200])
    return ET.fromstring(source)  # noqa: S314 - it is our own canonical form: no DOCTYPE, no entities


def _written(element: Element, dropped: set[str], depth: int) -> Iterator[str]:
    name = local_name(element)
    if depth > MOST_DEPTH:
        raise Faulty("formula-too-long", most=MOST_DEPTH)
    if name == "semantics":
        inner = [child for child in element if isinstance(child.tag, str)]
        if inner:
            yield from _written(inner[0], dropped, depth + 1)
        return
    if name == "mfenced":
        yield from _fenced(element, dropped, depth)
        return
    if name not in ELEMENTS:
        raise Faulty("formula-command", command=name)
    children = [child for child in element if isinstance(child.tag, str)]
    _require_shape(element, name, children)
    inside = _escaped(_leaf(element)) if name in LEAVES else ""
    if not inside:
        inside = "".join(part for child in children for part in _written(child, dropped, depth + 1))
    if name == "math":  # a formula is a line or part of a line by where it stands, not by what it says
        yield f"<math>{inside}</math>"
        return
    shown = _attributes(element, dropped)
    if name == "mstyle" and not shown:  # it changes nothing, and ziamath 0.13 fails on it
        name = "mrow"
    yield f"<{name}{shown}>{inside}</{name}>" if inside else f"<{name}{shown}/>"


def _require_shape(element: Element, name: str, children: list[Element]) -> None:
    if name in _CHILDREN and len(children) != _CHILDREN[name]:
        raise Faulty("formula-bad", latex=name, problem=f"{len(children)} ≠ {_CHILDREN[name]}")
    for child in element:
        if is_entity(child):
            raise Faulty("formula-character", character=str(child.text)[:20])
    between = "".join([element.text or "", *(child.tail or "" for child in element)])
    if name not in LEAVES and between.strip().strip(_HIDDEN):
        raise Faulty("formula-bad", latex=between.strip()[:60], problem=name)
    if name in LEAVES and children:
        raise Faulty("formula-command", command=local_name(children[0]))


def _leaf(element: Element) -> str:
    text = "".join([element.text or "", *(child.tail or "" for child in element)])
    spaced = re.sub(r"[ \t\r\n\f]+", " ", text)
    return spaced if local_name(element) in ("mtext", "ms") else spaced.strip()


def _attributes(element: Element, dropped: set[str]) -> str:
    shown = ""
    for key, value in sorted(
        (str(etree.QName(key).localname), str(value)) for key, value in element.attrib.items()
    ):
        if key in _ATTRIBUTES and _VALUE.fullmatch(value):
            shown += f' {key}="{value}"'
        elif key in _ATTRIBUTES or key in ("mathcolor", "mathbackground", "mathsize", "color", "background"):
            dropped.add(key)
    return shown


def _escaped(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(_ENTITY.get(character, character) for character in text)


def _fenced(element: Element, dropped: set[str], depth: int) -> Iterator[str]:
    """`mfenced` as the row that it is short for."""
    children = [child for child in element if isinstance(child.tag, str)]
    opening, closing = (element.get(name, default) for name, default in (("open", "("), ("close", ")")))
    marks = "".join(str(element.get("separators", ",")).split())
    yield "<mrow>" + _mark(str(opening), "fence")
    yield "<mrow>"
    for index, child in enumerate(children):
        if index and marks:
            yield _mark(marks[min(index - 1, len(marks) - 1)], "separator")
        yield from _written(child, dropped, depth + 2)
    yield "</mrow>" + _mark(str(closing), "fence") + "</mrow>"


def _mark(text: str, kind: str) -> str:
    return f'<mo {kind}="true">{_escaped(text.strip()[:8])}</mo>' if text.strip() else ""
