"""A picture at the size at which its file shows it, so that coordinates in it mean the same places.

QTI counts coordinates in the pixels of the picture as it is shown, and so do we. A photo is stretched to that size when
it is drawn and keeps its own pixels; a drawing keeps its proportions in the middle of the place that it is given, as
browsers do, so that one of other proportions gets a file of its own.
"""

import io
import re
from decimal import Decimal
from typing import Final

from lxml import etree

from cbt_station.banks.faults import Faulty
from cbt_station.banks.foreign import QuestionRefused, remark
from cbt_station.banks.html_sizes import fits
from cbt_station.banks.inlines import proportional_height
from cbt_station.banks.pictures import MOST_BYTES, PictureFile, check_picture
from cbt_station.banks.safe_xml import Element, parse
from cbt_station.exam.content import Picture

_MIDDLE: Final = "xMidYMid meet"
_BOX: Final = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")


def is_in_proportion(picture: Picture, width: int, height: int) -> bool:
    """Whether the picture fills that size without being stretched, but for half a pixel."""
    return abs(height - proportional_height(PictureFile(b"", picture.width, picture.height), width)) <= 1


def shown_at(picture: Picture, width: int, height: int) -> Picture:
    """The same file, shown at another size. Raises QuestionRefused where no screen of ours could."""
    if not fits(width, height):
        raise _refused(picture, width, height)
    return Picture(picture.media, width, height, picture.alt)


def fitted(picture: Picture, media: dict[str, bytes], width: int, height: int) -> Picture:
    """A drawing in the middle of another size, its file beside the old one in `media`. Raises QuestionRefused."""
    kind = picture.media.rpartition(".")[2]
    if not fits(width, height):
        raise _refused(picture, width, height)
    data = media[picture.media]
    data = _drawing(data, width, height) if kind == "svg" else _raster(data, kind, (width, height))
    try:
        if len(data) > MOST_BYTES:
            raise Faulty("picture-size", width=width, height=height)
        check_picture(f"x.{kind}", data)
    except Faulty as faulty:
        raise _refused(picture, width, height) from faulty
    name = f"{picture.media.rpartition('.')[0][:44].strip('-')}-{width}-{height}.{kind}"
    media[name] = data
    return Picture(name, width, height, picture.alt)


def _refused(picture: Picture, width: int, height: int) -> QuestionRefused:
    return QuestionRefused(remark("qti-picture-size", picture=picture.media, size=f"{width} × {height}"))


def _raster(data: bytes, kind: str, size: tuple[int, int]) -> bytes:
    from PIL import Image, ImageOps

    made = io.BytesIO()
    with Image.open(io.BytesIO(data), formats=["PNG", "JPEG"]) as image:
        whole = image.convert("RGBA" if kind == "png" else "RGB")
    padded = ImageOps.pad(whole, size)
    if kind == "jpg":
        padded.save(made, "JPEG", quality=92)
    else:
        padded.save(made, "PNG", optimize=True)
    return made.getvalue()


def is_in_the_middle(picture: Picture, media: dict[str, bytes]) -> bool:
    """Whether `fitted` keeps a drawing a drawing, in the middle, as SVG has it where the drawing says nothing else."""
    if not picture.media.endswith(".svg"):
        return False
    root = parse(media[picture.media])
    return str(root.get("preserveAspectRatio", _MIDDLE)).split() in (["xMidYMid"], _MIDDLE.split())


def _drawing(data: bytes, width: int, height: int) -> bytes:
    """The drawing with room beside it or above and below it, so that it fills the size without being stretched."""
    root = parse(data)
    sides = _BOX.findall(str(root.get("viewBox", "")))
    left, top, wide, high = (Decimal(side) for side in sides) if len(sides) == 4 else _whole_of(root)
    across, down = max(wide, high * width / height), max(high, wide * height / width)
    box = (left - (across - wide) / 2, top - (down - high) / 2, across, down)
    root.set("viewBox", " ".join(f"{side:.4f}" for side in box))
    root.set("width", str(width))
    root.set("height", str(height))
    return etree.tostring(root, encoding="utf-8")


def _whole_of(root: Element) -> tuple[Decimal, ...]:
    """The box of a drawing that has none of its own: its size."""
    sides = (Decimal(str(root.get(side, "")).removesuffix("px")) for side in ("width", "height"))
    return (Decimal(0), Decimal(0), *sides)
