"""Pictures, recordings and formulas of foreign questions: from a name in their text to a checked file of ours.

Nothing is ever fetched: an address, an absolute path or another machine's share refuses the question. GIF and its like
become PNG, a picture that is too large is made smaller, SVG beyond our allow-list is drawn as PNG, and each of these is
a named loss. A file's kind is told by its first bytes, never by its name.
"""

import base64
import binascii
import io
import re
import struct
import warnings
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import unquote, unquote_to_bytes

from lxml import etree

from cbt_station.banks.drawings import in_our_words
from cbt_station.banks.faults import Faulty
from cbt_station.banks.foreign import QuestionRefused, Remark, remark
from cbt_station.banks.formulas import PREFIX, Budget
from cbt_station.banks.pictures import MOST_BYTES, MOST_PIXELS, MOST_SIDE, NAME, PictureFile, check_picture
from cbt_station.banks.rasterising import rasterise
from cbt_station.banks.safe_xml import Element, NotXml, is_entity, parse
from cbt_station.banks.source_text import is_device
from cbt_station.exam.content import Formula

if TYPE_CHECKING:
    from PIL import Image

Lookup: TypeAlias = Callable[[str], bytes | None]
"""The file of a name as the question's text has it (without %-escapes), or None."""

MOST_FOREIGN_BYTES: Final = 32 << 20
MOST_FOREIGN_PIXELS: Final = 36_000_000
"""What is unpacked to be made smaller: a photo of a good camera."""
MOST_AUDIO_BYTES: Final = 16 << 20
_SVG: Final = "{http://www.w3.org/2000/svg}"
_XLINK: Final = "{http://www.w3.org/1999/xlink}"
_CAPITALS: Final = {
    name.lower(): name
    for name in [
        "viewBox",
        "preserveAspectRatio",
        "gradientUnits",
        "gradientTransform",
        "patternUnits",
        "patternTransform",
        "spreadMethod",
        "clipPathUnits",
        "maskUnits",
        "markerWidth",
        "markerHeight",
        "markerUnits",
        "refX",
        "refY",
        "stdDeviation",
        "textLength",
        "lengthAdjust",
        "startOffset",
        "pathLength",
        "linearGradient",
        "radialGradient",
        "clipPath",
        "textPath",
        "foreignObject",
    ]
}
"""SVG's names that have capitals."""
_DATA: Final = re.compile(r"data:([\w/+.-]*)((?:;[\w=.+-]+)*?)(;base64)?,", re.IGNORECASE)
_SCHEME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_LENGTH: Final = re.compile(r"\s*([0-9]{1,6}(?:\.[0-9]+)?)\s*(px|pt|mm|cm|in|pc)?\s*")
_UNITS: Final = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_BROKEN: Final = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
)
"""What Pillow raises for damaged files, besides its own."""
_RASTERS: Final = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
)


class ForeignMedia:
    """The media of one foreign bank so far; `media` are the files of ours by name."""

    def __init__(self, lookup: Lookup, media: dict[str, bytes], losses: list[Remark]) -> None:
        self._lookup, self.media, self._losses = lookup, media, losses
        self._formulas = Budget()

    def picture(self, source: str) -> tuple[str, PictureFile]:
        """The name and the file of a picture. Raises QuestionRefused."""
        data = self._bytes(source, MOST_FOREIGN_BYTES)
        shown = _shown(source)
        try:
            kind, picture = self._picture(shown, data)
        except Faulty as faulty:
            raise QuestionRefused(
                remark("picture-refused", picture=shown, problem=_problem(faulty))
            ) from faulty
        return self.keep(source, kind, picture.data), picture

    def recording(self, source: str) -> str:
        """The name of a recording. Raises QuestionRefused."""
        data = self._bytes(source, MOST_AUDIO_BYTES)
        kind = audio_kind(data)
        if kind is None:
            raise QuestionRefused(remark("audio-kind", audio=_shown(source)))
        return self.keep(source, kind, data)

    def formula(self, source: str, *, alone: bool = False) -> Formula:
        """A formula from LaTeX, or from MathML in its canonical form. Raises QuestionRefused."""
        try:
            formula, svg = self._formulas.draw(source, alone=alone)
        except Faulty as faulty:
            raise formula_refused(source, faulty) from faulty
        self.media[formula.media] = svg
        return formula

    def keep(self, source: str, kind: str, data: bytes) -> str:
        """A name for the file: its own, if that is a name for us and not taken by another file."""
        own = "" if source[:5].lower() == "data:" else unquote(source).replace("\\", "/").rpartition("/")[2]
        stem = re.sub(r"[^a-z0-9]+", "-", own.rpartition(".")[0].casefold()).strip("-")[:40].strip("-")
        if not stem or stem.startswith(PREFIX) or is_device(stem):
            stem = f"gambar-{stem}".strip("-")
        name, number = f"{stem}.{kind}", 1
        fits = NAME.fullmatch(own) and not own.startswith(PREFIX) and not is_device(own)
        if fits and own.endswith(f".{kind}"):
            name, stem = own, own.rpartition(".")[0][:40].strip("-")
        while self.media.get(name, data) != data:
            number += 1
            name = f"{stem}-{number}.{kind}"
        self.media[name] = data
        return name

    def _bytes(self, source: str, most: int) -> bytes:
        source = source.strip()
        if source[:5].lower() == "data:":
            data = _of_data_uri(source, most)
        else:
            require_inside(source)
            data = self._lookup(unquote(source))
        if data is None:
            raise QuestionRefused(remark("file-missing", file=_shown(source)))
        if len(data) > most:
            raise QuestionRefused(remark("file-too-large", file=_shown(source), most=most))
        return data

    def _picture(self, shown: str, data: bytes) -> tuple[str, PictureFile]:
        kind = _raster_kind(data)
        if kind is None:
            return self._svg(shown, data)
        if kind in ("png", "jpg") and len(data) <= MOST_BYTES:
            try:
                picture = check_picture(f"x.{kind}", data)
                if not (kind == "jpg" and _is_turned(data)):
                    return kind, picture
            except Faulty as faulty:
                if faulty.code not in ("picture-moves", "picture-size"):
                    raise
        return self._redrawn(shown, kind, data)

    def _redrawn(self, shown: str, kind: str, data: bytes) -> tuple[str, PictureFile]:
        """Another kind, or a smaller size: only the first picture of one that moves."""
        from PIL import Image, ImageOps

        kinds = {"png": "PNG", "jpg": "JPEG", "gif": "GIF", "bmp": "BMP", "webp": "WEBP"}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with Image.open(io.BytesIO(data), formats=[kinds[kind]]) as image:
                    width, height = image.size
                    if width * height > MOST_FOREIGN_PIXELS or max(width, height) > 20_000:
                        raise Faulty(
                            "picture-size",
                            width=width,
                            height=height,
                            most_side=MOST_SIDE,
                            most_pixels=MOST_PIXELS,
                        )
                    if getattr(image, "n_frames", 1) > 1:
                        self._losses.append(remark("picture-moved", picture=shown))
                    image.seek(0)
                    upright = ImageOps.exif_transpose(image) if kind == "jpg" else image
                    return self._saved(shown, upright.convert(_mode(image)), as_jpeg=kind == "jpg")
        except (*_BROKEN, Image.DecompressionBombError) as error:
            raise Faulty("picture-broken", problem=type(error).__name__) from error

    def _saved(self, shown: str, image: "Image.Image", *, as_jpeg: bool) -> tuple[str, PictureFile]:
        before = image.size
        if max(image.size) > MOST_SIDE or image.width * image.height > MOST_PIXELS:
            share = min(MOST_SIDE / max(image.size), (MOST_PIXELS / (image.width * image.height)) ** 0.5)
            image = _scaled(image, share * 0.999)
        data = _encoded(image, as_jpeg)
        while len(data) > MOST_BYTES and min(image.size) > 16:
            image = _scaled(image, 0.75)
            data = _encoded(image, as_jpeg)
        if image.size != before:
            size = f"{image.width} × {image.height}"
            self._losses.append(remark("picture-smaller", picture=shown, size=size))
        kind = "jpg" if as_jpeg else "png"
        return kind, check_picture(f"x.{kind}", data)

    def _svg(self, shown: str, data: bytes) -> tuple[str, PictureFile]:
        if len(data) <= MOST_BYTES:
            try:
                return "svg", check_picture("x.svg", data)
            except Faulty as faulty:
                reason = _problem(faulty)
            try:
                return "svg", check_picture("x.svg", in_our_words(data))
            except Faulty:
                pass  # the reason of the file as it is says more
        else:
            reason = "picture-size"
        text, width, height = harmless_svg(data)
        png = rasterise(text, width, height)
        self._losses.append(remark("svg-as-picture", picture=shown, problem=reason))
        return "png", check_picture("x.png", png)


def formula_refused(source: str, faulty: Faulty) -> QuestionRefused:
    """Why a formula cannot come in."""
    facts = ", ".join(str(value) for value in faulty.facts.values())
    problem = f"{faulty.code}: {facts}"[:160]
    return QuestionRefused(remark("formula-refused", formula=source[:80], problem=problem))


def require_inside(source: str) -> None:
    """Raise QuestionRefused unless a name is one of a file beside the question."""
    plain = unquote(source).strip().replace("\\", "/")
    shown = _shown(source)
    if re.match(r"(https?|ftps?):", plain, re.IGNORECASE):
        raise QuestionRefused(remark("file-remote", file=shown))
    if plain.startswith(("/", "~")) or _SCHEME.match(plain) or "\0" in plain:
        raise QuestionRefused(remark("file-outside", file=shown))
    if not plain:
        raise QuestionRefused(remark("file-missing", file=shown))


def audio_kind(data: bytes) -> str | None:
    """`mp3`, `ogg`, `wav` or `flac`, told by the first bytes."""
    if data.startswith(b"ID3") or (
        len(data) > 2 and data[0] == 0xFF and data[1] & 0xE6 in (0xE2, 0xE4, 0xE6)
    ):
        return "mp3"
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "wav"
    return {b"OggS": "ogg", b"fLaC": "flac"}.get(data[:4])


def as_svg(element: Element) -> Element:
    """An SVG that stood in a text, as a document of its own: an HTML parser loses the namespace and the capitals."""
    copy: Element = etree.Element(
        f"{_SVG}{_capital(str(element.tag))}", nsmap={None: _SVG[1:-1], "xlink": _XLINK[1:-1]}
    )
    _fill(copy, element, 1)
    etree.cleanup_namespaces(copy)
    return copy


def _fill(copy: Element, element: Element, depth: int) -> None:
    if depth > 60:
        raise QuestionRefused(remark("content-too-much", what="svg", most=60))
    for key, value in element.attrib.items():
        name = etree.QName(key)
        if name.localname in ("href", "xlink:href"):
            copy.set(f"{_XLINK}href", str(value))
        elif not name.namespace and ":" not in name.localname and name.localname != "xmlns":
            copy.set(_CAPITALS.get(name.localname, name.localname), str(value))
    copy.text = element.text
    for child in element:
        if isinstance(child.tag, str):
            inner = etree.SubElement(copy, f"{_SVG}{_capital(child.tag)}")
            _fill(inner, child, depth + 1)
            inner.tail = child.tail


def _capital(tag: str) -> str:
    local = str(etree.QName(tag).localname).rpartition(":")[2]
    return _CAPITALS.get(local, local)


def harmless_svg(data: bytes) -> tuple[str, int, int]:
    """A foreign SVG without anything that acts or reaches out, and its size. Raises Faulty("svg-…")."""
    try:
        root = parse(data)
    except NotXml as error:
        raise Faulty("svg-broken", svg_line=error.line, problem="XML") from error
    if root.tag not in (f"{_SVG}svg", "svg"):
        raise Faulty("svg-element", svg_line=1, element=str(root.tag)[:40])
    for element in list(root.iter()):
        _make_harmless(element)
    width, height = _svg_size(root)
    return etree.tostring(root, encoding="unicode", with_tail=False), width, height


def _make_harmless(element: Element) -> None:
    if not isinstance(element.tag, str):
        if is_entity(element):
            raise Faulty("svg-element", svg_line=element.sourceline or 0, element=str(element.text)[:40])
        return
    name = etree.QName(element).localname
    if name in ("script", "foreignObject", "iframe", "audio", "video", "handler", "include"):
        raise Faulty("svg-element", svg_line=element.sourceline or 0, element=name)
    for key, value in element.attrib.items():
        _require_inward(name, etree.QName(key).localname, str(value), element.sourceline or 0)
    if name == "style":
        _require_inward(name, "style", element.text or "", element.sourceline or 0)
    for key in [key for key in element.attrib if str(key).lower().startswith("on")]:
        del element.attrib[key]


def _require_inward(element: str, attribute: str, value: str, line: int) -> None:
    bare = re.sub(r"\s+", "", re.sub(r"/\*.*?\*/", "", value, flags=re.DOTALL)).lower()
    links = attribute in ("href", "src", "base")
    is_data = re.match(r"data:image/(png|jpe?g|gif);base64,", bare) is not None
    if links and element != "a" and not bare.startswith("#") and not is_data:
        raise Faulty("svg-value", svg_line=line, attribute=attribute, value=value[:40])
    urls = re.findall(r"url\(['\"]?(.?)", bare)
    if "@import" in bare or "\\" in bare or any(first != "#" for first in urls):
        raise Faulty("svg-value", svg_line=line, attribute=attribute, value=value[:40])


def _svg_size(root: Element) -> tuple[int, int]:
    sides = [_LENGTH.fullmatch(str(root.get(side) or "")) for side in ("width", "height")]
    box = [float(number) for number in re.findall(r"[-+]?[0-9.]{1,12}", str(root.get("viewBox") or ""))[:4]]
    if all(sides):
        width, height = (float(side[1]) * _UNITS[side[2] or ""] for side in sides if side)
    elif len(box) == 4:
        width, height = box[2], box[3]
    else:
        raise Faulty("svg-no-size", svg_line=1)
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE and width * height <= MOST_PIXELS):
        raise Faulty(
            "picture-size",
            width=round(width),
            height=round(height),
            most_side=MOST_SIDE,
            most_pixels=MOST_PIXELS,
        )
    return max(1, round(width)), max(1, round(height))


def _of_data_uri(source: str, most: int) -> bytes | None:
    head = _DATA.match(source[:200])
    if head is None:
        return None
    if len(source) > most * 4:
        raise QuestionRefused(remark("file-too-large", file=_shown(source), most=most))
    body = source[head.end() :]
    try:
        data = unquote_to_bytes(body)
        return base64.b64decode(re.sub(rb"\s+", b"", data), validate=True) if head[3] else data
    except (binascii.Error, ValueError):
        return None


def _is_turned(data: bytes) -> bool:
    """Whether a photo says that it is to be shown turned: the station shows the pixels as they are."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
            return image.getexif().get(0x0112, 1) not in (0, 1)
    except _BROKEN:
        return False


def _raster_kind(data: bytes) -> str | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((kind for magic, kind in _RASTERS if data.startswith(magic)), None)


def _mode(image: "Image.Image") -> str:
    transparent = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    return "RGBA" if transparent else "L" if image.mode in ("1", "L") else "RGB"


def _scaled(image: "Image.Image", share: float) -> "Image.Image":
    return image.resize((max(1, int(image.width * share)), max(1, int(image.height * share))))


def _encoded(image: "Image.Image", as_jpeg: bool) -> bytes:
    target = io.BytesIO()
    if as_jpeg:
        image.convert("RGB").save(target, "JPEG", quality=90)
    else:
        image.save(target, "PNG", optimize=True)
    return target.getvalue()


def _shown(source: str) -> str:
    source = source.partition(",")[0] if source[:5].lower() == "data:" else source
    return "".join(ch for ch in source.strip()[:60] if ch.isprintable())


def _problem(faulty: Faulty) -> str:
    facts = ", ".join(f"{name}={value}" for name, value in faulty.facts.items() if name != "svg_line")
    return f"{faulty.code} ({facts})" if facts else faulty.code
