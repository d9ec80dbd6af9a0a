r"""LaTeX (or MathML) between dollar signs, drawn as SVG outlines when a bank is read: every venue shows the same ink.

Units: 100 SVG units are 1 em in the drawing; `content.Formula` counts 1/1000 em. The bytes depend on the LaTeX and
on the pinned versions of ziamath and latex2mathml only: no ids, no dates.

A converter that draws *something* for anything is the danger here: latex2mathml shows `\foo` as the four letters,
takes `%` for a comment and drops the rest, and ziamath's default output is empty in QtSvg. So commands, environments,
braces and characters are checked, and the ink is counted.
"""

import re
import unicodedata
import warnings
from collections.abc import Iterator
from functools import cache, lru_cache
from hashlib import sha256
from types import ModuleType
from typing import Final
from xml.etree import ElementTree as ET

from lxml import etree

from cbt_station.banks import mathml
from cbt_station.banks.faults import Faulty
from cbt_station.banks.safe_xml import Element
from cbt_station.exam.content import Formula

MOST_CHARACTERS: Final = 500
MOST_EFFORT: Final = 1_000
"""About a quarter of a second. The converter measures what stands in a fraction, a root or between marks twice, so that
work doubles with every level: sixteen roots in each other take a minute. Honest formulas stay under 400."""
EFFORT_TOGETHER: Final = 4_000
"""Of all formulas of one text."""
EFFORT_OF_EACH: Final = 10
EM: Final = 100
_MARGIN: Final = 2.0
"""Room around the ink for smoothed edges, in SVG units."""

PREFIX: Final = "formula-"
"""Media of formulas begin so; authors' pictures may not."""

_ENVIRONMENTS: Final = frozenset(
    [
        "matrix",
        "pmatrix",
        "bmatrix",
        "Bmatrix",
        "vmatrix",
        "Vmatrix",
        "smallmatrix",
        "array",
        "cases",
        "align",
        "align*",
        "aligned",
        "split",
    ]
)
_INVISIBLE: Final = frozenset("\u2061\u2062\u2063\u2064\u200b\ufe00")
"""Function application, invisible times and their like: they draw nothing."""
_SVG_ATTRIBUTES: Final = {
    "g": ("transform",),
    "path": ("d", "fill", "stroke", "stroke-width", "transform"),
    "rect": ("x", "y", "width", "height", "fill", "stroke", "stroke-width", "transform"),
    "line": ("x1", "y1", "x2", "y2", "stroke", "stroke-width"),
}
_SVG_VALUE: Final = re.compile(r"[-A-Za-z0-9.,#() ]*")


@lru_cache(maxsize=4096)
def draw(latex: str, *, alone: bool = False) -> tuple[Formula, bytes]:
    """The formula as content, and its SVG. Raises Faulty("formula-…"). Its source is LaTeX, or canonical MathML.

    `alone`: it is all that its line or option says, and is drawn at full size: fractions within a sentence are smaller.
    """
    if latex.startswith(mathml.START):
        math = mathml.parsed(latex)
        math.set("display", "block" if alone else "inline")
    else:
        _check_source(latex)
        math = _mathml(latex, alone)
    if _effort(math) > MOST_EFFORT:
        raise Faulty("formula-too-deep", most=MOST_EFFORT)
    leaves = list(_visible_leaves(math))
    _check_leaves(leaves)
    svg = _drawing(latex, math)
    ink = sum(1 for element in svg.iter() if _draws(element))
    if not ink or ink < len(leaves):
        raise Faulty("formula-no-ink", latex=latex)
    data = _written(svg).encode()
    _, top, width, height = (float(number) for number in svg.attrib["viewBox"].split())
    formula = Formula(
        media=f"{PREFIX}{sha256(data).hexdigest()[:24]}.svg",
        width=_thousandths(width),
        height=_thousandths(height),
        depth=_thousandths(top + height),
        alt=spoken(math),
        latex=latex,
    )
    return formula, data


class Budget:
    """The formulas of one text, drawn until they are too much together."""

    def __init__(self) -> None:
        self._spent = 0

    def draw(self, latex: str, *, alone: bool = False) -> tuple[Formula, bytes]:
        """As `draw`. Raises Faulty("formulas-too-many") for the first that is too much, and each after it."""
        if self._spent > EFFORT_TOGETHER:
            raise Faulty("formulas-too-many", most=EFFORT_TOGETHER)
        drawn = draw(latex, alone=alone)
        self._spent += EFFORT_OF_EACH + effort(latex)
        return drawn


@lru_cache(maxsize=4096)
def effort(latex: str) -> int:
    """How much work it is to draw a formula that can be drawn."""
    math = mathml.parsed(latex) if latex.startswith(mathml.START) else _mathml(latex, False)
    return _effort(math)


def _effort(element: ET.Element) -> int:
    within = sum(_effort(child) for child in element) if len(element) else 1
    plain = element.tag in _ONCE or not len(element) or (element.tag == "mrow" and not _has_marks(element))
    return within if plain else 2 * within + 1


_ONCE: Final = frozenset({"math", "mtr", "mtd", "mstyle", "mpadded", "mphantom"})
"""What is in these is measured once."""


def _has_marks(row: ET.Element) -> bool:
    """Whether a row holds signs that grow with what stands beside them."""
    return any(
        child.tag == "mo" and (child.get("stretchy") == "true" or (child.text or "") in "()[]{}|⟨⟩‖")
        for child in row
    )


def as_mathml(source: str, *, alone: bool = False) -> str:
    """The canonical MathML that a formula's source is drawn from. Raises Faulty("formula-…")."""
    if source.startswith(mathml.START):
        return source
    _check_source(source)
    return mathml.canonical(etree.fromstring(ET.tostring(_mathml(source, alone))))


def from_mathml(element: Element, dropped: set[str] | None = None) -> str:
    """The source of a MathML formula: the LaTeX that it says it was made from where that is the same formula, else its
    canonical form. Raises Faulty("formula-…")."""
    source = mathml.canonical(element, dropped)
    latex = mathml.tex_annotation(element)
    if latex:
        for alone in (False, True):
            try:
                if as_mathml(latex, alone=alone) == source:
                    return latex
            except Faulty:
                break
    return source


def _thousandths(units: float) -> int:
    return round(units * 1000 / EM)


def _check_source(latex: str) -> None:
    if not latex.strip():
        raise Faulty("formula-empty")
    if len(latex) > MOST_CHARACTERS:
        raise Faulty("formula-too-long", most=MOST_CHARACTERS)
    bare = re.sub(r"\\[^A-Za-z]", "", latex)
    if bare.endswith("\\"):
        raise Faulty("formula-bad", latex=latex, problem="\\")
    if "%" in bare:
        raise Faulty("formula-comment", latex=latex)
    depth = 0
    for brace in re.findall(r"[{}]", bare):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            break
    if depth:
        raise Faulty("formula-braces", latex=latex)
    for environment in re.findall(r"\\(?:begin|end)\s*\{([^}]*)\}", latex):
        if environment not in _ENVIRONMENTS:
            raise Faulty("formula-command", command=f"\\begin{{{environment}}}")


def _mathml(latex: str, alone: bool) -> ET.Element:
    convert = _ziamath().tex.tex2mml
    try:
        math = ET.fromstring(convert(latex, inline=not alone))  # noqa: S314 - our own converter wrote it
    except Exception as error:
        raise Faulty("formula-bad", latex=latex, problem=type(error).__name__) from error
    for element in math.iter():
        element.tag = element.tag.rpartition("}")[2]
        if element.tag not in mathml.ELEMENTS or "href" in element.attrib:
            raise Faulty("formula-command", command="\\href" if "href" in element.attrib else element.tag)
        if {"mathcolor", "mathbackground"} & set(element.attrib):
            raise Faulty(
                "formula-command", command="\\color"
            )  # a drawing has the colour of the text around it
        if element.tag == "mstyle" and not element.attrib:
            element.tag = "mrow"  # WORKAROUND: ziamath 0.13 fails on an mstyle without attributes
    return math


def _visible_leaves(element: ET.Element) -> Iterator[str]:
    if element.tag == "mphantom":
        return
    text = "".join(ch for ch in element.text or "" if ch not in _INVISIBLE and not ch.isspace())
    if element.tag in mathml.LEAVES and text:
        yield text
    for child in element:
        yield from _visible_leaves(child)


def _check_leaves(leaves: list[str]) -> None:
    font = _ziamath().zmath.loadedfonts["default"]
    for text in leaves:
        if text.startswith("\\") and len(text) > 1:
            raise Faulty("formula-command", command=text)
        for character in text:
            if font.glyphindex(character) == 0:
                raise Faulty("formula-character", character=f"{character} U+{ord(character):04X}")


def _drawing(latex: str, math: ET.Element) -> ET.Element:
    try:
        svg: ET.Element = _ziamath().Math(math, size=EM, margin=_MARGIN).svgxml()
    except Exception as error:
        raise Faulty("formula-bad", latex=latex, problem=type(error).__name__) from error
    return svg


@cache
def _ziamath() -> ModuleType:
    with warnings.catch_warnings():
        # WORKAROUND: ziamath 0.13 opens its font through a deprecated function while it is imported.
        warnings.simplefilter("ignore", DeprecationWarning)
        import ziamath
    from ziamath.config import config

    config.svg2 = False  # its default draws symbols and uses, of which QtSvg shows nothing
    config.precision = 2
    return ziamath


def _draws(element: ET.Element) -> bool:
    if element.tag == "path":
        return len(element.attrib.get("d", "").split()) > 3
    return element.tag in {"rect", "line"}


def _written(element: ET.Element) -> str:
    """The drawing with nothing in it but what the tables above name."""
    if element.tag == "svg":
        shown = "".join(f' {name}="{element.attrib[name]}"' for name in ("width", "height", "viewBox"))
        inner = "".join(_written(child) for child in element)
        return f'<svg xmlns="http://www.w3.org/2000/svg"{shown}>{inner}</svg>\n'
    if element.tag not in _SVG_ATTRIBUTES:
        raise Faulty("formula-command", command=element.tag)
    shown = ""
    for name in _SVG_ATTRIBUTES[element.tag]:
        value = element.attrib.get(name)
        if value is None:
            continue
        if not _SVG_VALUE.fullmatch(value):
            raise Faulty("formula-command", command=value[:40])
        shown += f' {name}="{value.strip()}"'
    inner = "".join(_written(child) for child in element)
    return f"<{element.tag}{shown}>{inner}</{element.tag}>" if inner else f"<{element.tag}{shown}/>"


def spoken(element: ET.Element) -> str:
    """A formula on one line, for screen readers and for comparing stems: `1/2`, `√(x^2+1)`, `[1, 2; 3, 4]`."""
    parts = [spoken(child) for child in element]
    if element.tag in _PATTERNS:
        grouped = [part if len(part) < 2 or part.isalnum() else f"({part})" for part in parts]
        return _PATTERNS[element.tag].format(*grouped, *[""] * 3)
    if element.tag == "msqrt":
        return (
            f"√{parts[0]}" if parts and len(parts[0]) == len("".join(parts)) == 1 else f"√({''.join(parts)})"
        )
    if element.tag in {"mtable", "mtr"}:
        return f"[{'; '.join(parts)}]" if element.tag == "mtable" else ", ".join(parts)
    return " " if element.tag == "mspace" else _leaf_text(element) + _side_by_side(parts, element)


_PATTERNS: Final = {
    "mfrac": "{0}/{1}",
    "msup": "{0}^{1}",
    "mover": "{0}^{1}",
    "msub": "{0}_{1}",
    "munder": "{0}_{1}",
    "msubsup": "{0}_{1}^{2}",
    "munderover": "{0}_{1}^{2}",
    "mroot": "√[{1}]({0})",
}


def _leaf_text(element: ET.Element) -> str:
    text = "".join(ch for ch in element.text or "" if ch not in _INVISIBLE).replace("\u00a0", " ")
    # Bold and script letters of the mathematical block read as the letters they are.
    text = "".join(
        unicodedata.normalize("NFKC", ch) if "\U0001d400" <= ch <= "\U0001d7ff" else ch for ch in text
    )
    return text if text.strip() or element.tag == "mtext" else ""


def _side_by_side(parts: list[str], element: ET.Element) -> str:
    """A row; a space where two things would read as one: `2 1/2`, `sin x`."""
    row, after_word = "", False
    for part, child in zip(parts, element, strict=True):
        word = len(part) > 1 and part.isalpha()
        apart = row[-1:].isalnum() and (child.tag == "mfrac" or word or after_word)
        row += f" {part}" if apart and part and not part.isspace() else part
        after_word = word
    return row
