"""A picture at the size at which its file shows it, so that coordinates in it mean the same places.

QTI counts coordinates in the pixels of the picture as it is shown; we count them in those of the file. Scaling numbers
would round them, and a point at an edge would be scored otherwise; so the picture is made as large as it is shown.
"""

import io
from typing import Final

from lxml import etree

from cbt_station.banks.faults import Faulty
from cbt_station.banks.foreign import QuestionRefused, remark
from cbt_station.banks.pictures import MOST_BYTES, MOST_PIXELS, MOST_SIDE, check_picture
from cbt_station.banks.safe_xml import Element, parse
from cbt_station.exam.content import Picture

_LEAST: Final = 8


def shown_size(element: Element, picture: Picture) -> tuple[int, int]:
    """Width and height as an element says them; one alone keeps the picture's proportions."""
    width, height = (_whole(str(element.get(name, ""))) for name in ("width", "height"))
    if width is None and height is None:
        return picture.width, picture.height
    if width is None:
        width = round(picture.width * (height or 1) / picture.height)
    if height is None:
        height = round(picture.height * width / picture.width)
    return width, height


def resized(
    picture: Picture, media: dict[str, bytes], width: int, height: int, *, is_drawing: bool = False
) -> Picture:
    """The picture at another size, its file beside the old one in `media`. Raises QuestionRefused where it cannot be.

    `is_drawing`: it was an SVG in its source, which keeps its proportions in the middle; a photo is stretched.
    """
    kind = picture.media.rpartition(".")[2]
    fits = _LEAST <= width <= MOST_SIDE and _LEAST <= height <= MOST_SIDE and width * height <= MOST_PIXELS
    data = media[picture.media]
    if fits:
        data = (
            _drawing(data, width, height)
            if kind == "svg"
            else _raster(data, kind, (width, height), is_drawing)
        )
    try:
        if not fits or len(data) > MOST_BYTES:
            raise Faulty("picture-size", width=width, height=height)
        check_picture(f"x.{kind}", data)
    except Faulty as faulty:
        size = f"{width} × {height}"
        raise QuestionRefused(remark("qti-picture-size", picture=picture.media, size=size)) from faulty
    name = f"{picture.media.rpartition('.')[0][:44].strip('-')}-{width}-{height}.{kind}"
    media[name] = data
    return Picture(name, width, height, picture.alt)


def _whole(text: str) -> int | None:
    number = text.strip().removesuffix("px").strip()
    return int(number) if number.isascii() and number.isdigit() and 0 < int(number[:9]) < 10**6 else None


def _raster(data: bytes, kind: str, size: tuple[int, int], is_drawing: bool) -> bytes:
    from PIL import Image, ImageOps

    made = io.BytesIO()
    with Image.open(io.BytesIO(data), formats=["PNG", "JPEG"]) as image:
        whole = image.convert("RGBA" if kind == "png" else "RGB")
    scaled = ImageOps.pad(whole, size) if is_drawing else whole.resize(size, Image.Resampling.LANCZOS)
    if kind == "jpg":
        scaled.save(made, "JPEG", quality=92)
    else:
        scaled.save(made, "PNG", optimize=True)
    return made.getvalue()


def _drawing(data: bytes, width: int, height: int) -> bytes:
    root = parse(data)
    root.set("width", str(width))
    root.set("height", str(height))
    return etree.tostring(root, encoding="utf-8")
