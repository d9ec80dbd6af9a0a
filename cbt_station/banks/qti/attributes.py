"""The attributes of QTI elements as values: counts, truths, numbers, shapes. What is none of these is refused by name."""

import re
from decimal import Decimal, InvalidOperation
from typing import Final, Literal, NoReturn, cast

from cbt_station.banks.foreign import QuestionRefused, remark
from cbt_station.banks.qti.names import local, qti2
from cbt_station.banks.safe_xml import Element

MOST_COUNT: Final = 1_000
MOST_COORDINATES: Final = 400
SHAPES: Final = frozenset(["rect", "circle", "ellipse", "poly", "default"])
_NUMBER: Final = re.compile(r"[-+]?[0-9]{1,15}(\.[0-9]{1,15})?")


def text(element: Element, name: str, default: str = "") -> str:
    """An attribute without outer white space."""
    return str(element.get(name, default)).strip()


def identifier(element: Element, name: str = "identifier") -> str:
    """An identifier that must be there. QTI's are names of XML without a colon; we take what has no white space."""
    value = text(element, name)
    if not value or len(value) > 200 or not value.isprintable() or any(part.isspace() for part in value):
        refuse(element, name)
    return value


def count(element: Element, name: str, default: int) -> int:
    """A whole number from 0 to a thousand."""
    value = text(element, name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or len(value) > 6 or int(value) > MOST_COUNT:
        refuse(element, name)
    return int(value)


def size(element: Element, name: str, default: int, most: int) -> int:
    """A wish for room (characters, lines): whole and positive, at most `most`."""
    value = text(element, name)
    if not value.isascii() or not value.isdigit() or int(value[:9]) == 0:
        return default
    return min(int(value[:9]), most)


def truth(element: Element, name: str, default: bool = False) -> bool:
    """`true` or `false` (XML Schema's 1 and 0 too)."""
    value = text(element, name, "true" if default else "false")
    if value not in ("true", "false", "1", "0"):
        refuse(element, name)
    return value in ("true", "1")


def decimal(element: Element, name: str, default: str | None = None) -> Decimal:
    """A number as plain decimal text."""
    value = text(element, name, default or "")
    if not _NUMBER.fullmatch(value):
        refuse(element, name)
    try:
        return Decimal(value)
    except InvalidOperation:
        refuse(element, name)


def plain(number: Decimal) -> str:
    """A number's shortest plain text: `1`, `0.5`."""
    shown = format(number, "f")
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown) or "0"


Shape = Literal["rect", "circle", "ellipse", "poly", "default"]


def shape(element: Element) -> tuple[Shape, tuple[int, ...]]:
    """Shape and coordinates of a place in a picture, in pixels. Lengths in percent have no pixel and are refused."""
    kind = text(element, "shape", "rect")
    if kind not in SHAPES:
        refuse(element, "shape")
    parts = [part.strip() for part in text(element, "coords").split(",") if part.strip()]
    if kind == "default":
        return "default", ()
    if len(parts) > MOST_COORDINATES or not all(_NUMBER.fullmatch(part) for part in parts):
        refuse(element, "coords")
    coords = tuple(int(Decimal(part).to_integral_value()) for part in parts)
    needed = {"rect": 4, "circle": 3, "ellipse": 4}.get(kind)
    if (needed is not None and len(coords) != needed) or (
        kind == "poly" and (len(coords) < 6 or len(coords) % 2)
    ):
        refuse(element, "coords")
    return cast("Shape", kind), upright(kind, coords)


def upright(kind: str, coords: tuple[int, ...]) -> tuple[int, ...]:
    """A rectangle's corners as left, top, right, bottom: HTML, whose shapes QTI's are, takes them in any order."""
    if kind != "rect" or len(coords) != 4:
        return coords
    left, top, right, bottom = coords
    return min(left, right), min(top, bottom), max(left, right), max(top, bottom)


def refuse(element: Element, name: str) -> NoReturn:
    """An attribute that is missing or cannot be meant so."""
    raise QuestionRefused(
        remark(
            "qti-attribute",
            element=qti2(local(element)),
            attribute=qti2(name),
            value=text(element, name)[:60],
        )
    )
