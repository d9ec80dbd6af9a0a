"""Reading the elements of a Moodle XML file: its texts, numbers and the files that stand inside it."""

import base64
import binascii
from decimal import Decimal, InvalidOperation
from typing import Final

from lxml import etree

from cbt_station.banks.foreign import QuestionRefused, remark
from cbt_station.banks.quiz_items import is_modest
from cbt_station.banks.safe_xml import Element

PLUGINFILE: Final = "@@PLUGINFILE@@/"


def text_in(element: Element, path: str) -> str:
    """The text of a child: what its `text` holds, or it itself; markup that was not escaped is kept."""
    found = element.find(path)
    if found is None:
        return ""
    inner = found.find("text")
    return _inner(found if inner is None else inner)


def own_text(element: Element) -> str:
    """The text of an element that holds a `text`."""
    inner = element.find("text")
    return "" if inner is None else _inner(inner)


def _inner(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            parts.append(etree.tostring(child, encoding="unicode"))
        else:
            parts.append(child.tail or "")
    return "".join(parts)


def flag(element: Element, path: str, default: bool) -> bool:
    """A switch as Moodle writes it: `true`, `1`, `0`, `false`, or an empty element for true."""
    found = element.find(path)
    if found is None:
        return default
    said = (found.text or "").strip().lower()
    return said not in ("0", "false", "no")


def whole(element: Element, path: str, default: int) -> int:
    """A whole number, or `default` where there is none."""
    said = text_in(element, path).strip()
    return int(said[:9]) if said.isascii() and said.isdecimal() else default


def decimal_of(said: str, default: Decimal | None = None) -> Decimal:
    """A number. Raises QuestionRefused("number-unreadable")."""
    said = said.strip()
    if not said and default is not None:
        return default
    try:
        number = Decimal(said)
    except InvalidOperation as error:
        raise QuestionRefused(remark("number-unreadable", number=said[:40])) from error
    if not is_modest(number) or number.copy_abs() > 10**15:
        raise QuestionRefused(remark("number-unreadable", number=said[:40]))
    return number


def files_in(element: Element | None) -> dict[str, bytes]:
    """The files that stand in an element, by the name that its text calls them by."""
    found: dict[str, bytes] = {}
    for file in element.iterchildren("file") if element is not None else ():
        path = str(file.get("path") or "/").strip("/")
        name = str(file.get("name") or "")
        try:
            data = base64.b64decode("".join((file.text or "").split()), validate=True)
        except (binascii.Error, ValueError):
            continue  # a picture that needs it is refused as missing
        found[f"{path}/{name}" if path else name] = data
    return found
