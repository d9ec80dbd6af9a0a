"""How large a picture of foreign HTML is shown: what its element says in pixels, as browsers take it.

A style counts before the attributes, and one side alone keeps the picture's proportions. Lengths of other kinds (parts
of the page, letters) have no pixel: the picture keeps its own size, which is a remark. A drawing is never stretched.
"""

from decimal import Decimal
from typing import Final, Protocol

from cbt_station.banks.html_style import Noticed, rules, text_of
from cbt_station.banks.inlines import proportional_height
from cbt_station.banks.pictures import MOST_PIXELS, MOST_SIDE, PictureFile
from cbt_station.banks.safe_xml import Element

_LEAST: Final = 8


class Sized(Protocol):
    """Anything with a width and a height in pixels."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


def shown_size(element: Element, picture: Sized, noticed: Noticed | None = None) -> tuple[int, int]:
    """Width and height as an element says them; `noticed` hears of those that say nothing in pixels."""
    width, height = (_said(element, name, noticed) for name in ("width", "height"))
    if width is None and height is None:
        return picture.width, picture.height
    if width is None:
        width = round(picture.width * (height or 1) / picture.height)
    if height is None:
        height = proportional_height(PictureFile(b"", picture.width, picture.height), width)
    return width, height


def fits(width: int, height: int) -> bool:
    """Whether a screen of ours shows a picture of that size, and a person sees it."""
    return _LEAST <= width <= MOST_SIDE and _LEAST <= height <= MOST_SIDE and width * height <= MOST_PIXELS


def content_size(
    element: Element, picture: Sized, noticed: Noticed, *, is_drawing: bool = False
) -> tuple[int, int]:
    """The same of a picture that is only looked at: its own size where the said one is none for a screen."""
    width, height = shown_size(element, picture, noticed)
    if is_drawing and height * picture.width > width * picture.height:
        height = proportional_height(PictureFile(b"", picture.width, picture.height), width)
    elif is_drawing:
        width = max(1, round(Decimal(picture.width) * height / picture.height))
    if (width, height) == (picture.width, picture.height):
        return width, height
    if not fits(width, height):
        noticed.layout.setdefault("width")
        return picture.width, picture.height
    return width, height


def _said(element: Element, name: str, noticed: Noticed | None) -> int | None:
    said = rules(element).get(name, "") or text_of(element, name).strip()
    pixels = said.removesuffix("px").strip()
    if pixels.partition(".")[0].isdigit() and pixels.replace(".", "", 1).isdigit() and pixels.isascii():
        number = round(Decimal(pixels[:9]))
        if 0 < number < 10**6:
            return number
    if said not in ("", "auto") and noticed is not None:
        noticed.layout.setdefault(name)
    return None
