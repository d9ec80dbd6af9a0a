"""Pictures of a bank: bounded in bytes and pixels, and nothing in them that acts, loads or hangs.

The bytes travel as their author wrote them, so the check is strict and nothing is repaired. SVG passes an allow-list
of elements and attributes while it is read as a stream: no scripts, styles, links, references (a nested `use` freezes
a window for minutes), no DOCTYPE, and no dash pattern fine enough to become a million strokes.
"""

import io
import re
import warnings
import zlib
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from cbt_station.banks.faults import Faulty

MOST_BYTES: Final = 1 << 20
MOST_SIDE: Final = 4_000
MOST_PIXELS: Final = 6_000_000
"""A full page at 200 dots an inch is 3.9 million."""
MOST_ELEMENTS: Final = 2_000
MOST_SVG_DEPTH: Final = 16
LEAST_DASH: Final = 1.0
MOST_NUMBER: Final = 100_000.0

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\.(png|jpg|svg)")


@dataclass(frozen=True)
class PictureFile:
    """A checked picture, `width` × `height` pixels at 100 %."""

    data: bytes
    width: int
    height: int


def check_picture(name: str, data: bytes) -> PictureFile:
    """The picture in `data`, whose kind is told by its name. Raises Faulty("picture-…" or "svg-…")."""
    kind = name.rpartition(".")[2]
    width, height = _svg_size(data) if kind == "svg" else _raster_size(data, kind)
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE) or width * height > MOST_PIXELS:
        raise Faulty("picture-size", width=width, height=height, most_side=MOST_SIDE, most_pixels=MOST_PIXELS)
    return PictureFile(data, width, height)


_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    zlib.error,
)
"""What Pillow raises for damaged files, besides its own."""


def _raster_size(data: bytes, kind: str) -> tuple[int, int]:
    from PIL import Image

    expected = {"png": "PNG", "jpg": "JPEG"}[kind]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a size that is refused below, and of odd metadata
            with Image.open(io.BytesIO(data), formats=["PNG", "JPEG"]) as picture:
                if picture.format != expected:
                    raise Faulty("picture-kind", found=picture.format or "", expected=expected)
                width, height = picture.size
                if width * height <= MOST_PIXELS:  # too large: the caller says so, nothing is unpacked
                    if getattr(picture, "n_frames", 1) != 1:
                        raise Faulty("picture-moves")
                    picture.load()
    except (*_BROKEN, Image.DecompressionBombError) as error:
        raise Faulty("picture-broken", problem=type(error).__name__) from error
    return width, height


_SHAPE = frozenset(
    [
        "id",
        "fill",
        "fill-opacity",
        "fill-rule",
        "stroke",
        "stroke-width",
        "stroke-opacity",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-dasharray",
        "stroke-dashoffset",
        "opacity",
        "transform",
        "color",
        "visibility",
        "shape-rendering",
        "text-rendering",
    ]
)
_WORDS = frozenset(
    [
        "x",
        "y",
        "dx",
        "dy",
        "font-family",
        "font-size",
        "font-weight",
        "font-style",
        "text-anchor",
        "dominant-baseline",
        "letter-spacing",
    ]
)
_ALLOWED: Final = {
    "svg": _SHAPE
    | _WORDS
    | frozenset(
        ["xmlns", "version", "width", "height", "viewBox", "preserveAspectRatio", "role", "aria-label"]
    ),
    "g": _SHAPE | _WORDS,
    "path": _SHAPE | {"d"},
    "rect": _SHAPE | frozenset(["x", "y", "width", "height", "rx", "ry"]),
    "circle": _SHAPE | frozenset(["cx", "cy", "r"]),
    "ellipse": _SHAPE | frozenset(["cx", "cy", "rx", "ry"]),
    "line": _SHAPE | frozenset(["x1", "y1", "x2", "y2"]),
    "polyline": _SHAPE | {"points"},
    "polygon": _SHAPE | {"points"},
    "text": _SHAPE | _WORDS,
    "tspan": _SHAPE | _WORDS,
    "title": frozenset({"id"}),
    "desc": frozenset({"id"}),
}
_SVG = "http://www.w3.org/2000/svg"
_VALUE = re.compile(r"[-+A-Za-z0-9.,#%()'\" \n_]*")
"""No colon, slash, semicolon or backslash: so no address, no data, no script and no style rule."""
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_LENGTH = re.compile(r"([0-9]+(?:\.[0-9]+)?)(?:px)?")


@dataclass
class _SvgCheck:
    """The state of one reading of an SVG as a stream."""

    parser: expat.XMLParserType
    depth: int = 0
    elements: int = 0
    root: dict[str, str] = field(default_factory=dict)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.elements > MOST_ELEMENTS or self.depth > MOST_SVG_DEPTH:
            self.refuse("svg-too-much", most_elements=MOST_ELEMENTS, most_depth=MOST_SVG_DEPTH)
        if name not in _ALLOWED or (name == "svg") != (self.depth == 1):
            self.refuse("svg-element", element=name)
        for attribute, value in attributes.items():
            self.attribute(name, attribute, value)
        if self.depth == 1:
            self.root = attributes

    def attribute(self, element: str, name: str, value: str) -> None:
        if name not in _ALLOWED[element]:
            self.refuse("svg-attribute", element=element, attribute=name)
        if name == "xmlns":
            if value != _SVG:
                self.refuse("svg-attribute", element=element, attribute=name)
            return
        if name == "aria-label":
            return
        if not _VALUE.fullmatch(value) or "url(" in value.lower():
            self.refuse("svg-value", attribute=name, value=value[:40])
        numbers = (
            [float(number) for number in _NUMBER.findall(value)]
            if name not in ("id", "fill", "stroke")
            else []
        )
        if any(abs(number) > MOST_NUMBER for number in numbers):
            self.refuse("svg-value", attribute=name, value=value[:40])
        if name == "stroke-dasharray" and any(number < LEAST_DASH for number in numbers):
            self.refuse("svg-value", attribute=name, value=value[:40])

    def encoding(self, declared: str | None) -> None:
        """Another encoding than UTF-8 would be read as other characters elsewhere."""
        if declared is not None and declared.lower() != "utf-8":
            self.refuse("svg-broken", problem=declared[:20])

    def end(self, _name: str) -> None:
        self.depth -= 1

    def refuse(self, code: str, /, **facts: object) -> None:
        raise Faulty(code, svg_line=self.parser.CurrentLineNumber, **facts)


def _svg_size(data: bytes) -> tuple[int, int]:
    """The size of an SVG that passed the allow-list."""
    parser = expat.ParserCreate(
        "utf-8"
    )  # whatever the file declares: anything else would be read differently elsewhere
    check = _SvgCheck(parser)
    parser.StartElementHandler = check.start
    parser.EndElementHandler = check.end
    parser.StartDoctypeDeclHandler = lambda *_: check.refuse("svg-doctype")
    parser.ProcessingInstructionHandler = lambda *_: check.refuse("svg-element", element="?")
    parser.XmlDeclHandler = lambda _version, encoding, _standalone: check.encoding(encoding)
    try:
        parser.Parse(data.decode("utf-8"), True)  # not the bytes: expat would follow a UTF-16 mark in them
    except expat.ExpatError as error:
        raise Faulty("svg-broken", svg_line=error.lineno, problem=expat.ErrorString(error.code)) from error
    except ValueError as error:
        raise Faulty("svg-broken", svg_line=parser.CurrentLineNumber, problem=type(error).__name__) from error
    if check.root.get("xmlns") != _SVG:
        raise Faulty("svg-attribute", svg_line=1, element="svg", attribute="xmlns")
    return _declared_size(check.root)


def _declared_size(root: dict[str, str]) -> tuple[int, int]:
    box = [float(number) for number in _NUMBER.findall(root.get("viewBox", ""))]
    width, height = (_LENGTH.fullmatch(root.get(side, "")) for side in ("width", "height"))
    if width and height:
        return round(float(width[1])), round(float(height[1]))
    if len(box) == 4 and not (root.get("width") or root.get("height")):
        return round(box[2]), round(box[3])
    raise Faulty("svg-no-size", svg_line=1)
