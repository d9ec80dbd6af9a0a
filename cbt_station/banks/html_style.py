"""How a run of HTML text looks: bold, small, underlined, in which language and direction, by element, attribute or style.

Only what our content can say is taken over. A colour may mean something ("the red word") and is named as a loss; how
wide, where and in which letters something stands is layout, which is named once as a remark and takes nothing away.
Classes of QTI's shared vocabulary that say one of these things count as the thing.
"""

import re
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias, cast

from cbt_station.banks.foreign import QuestionRefused, remark
from cbt_station.banks.safe_xml import Element

Direction: TypeAlias = Literal["", "ltr", "rtl"]

BY_ELEMENT: Final[dict[str, dict[str, bool]]] = {
    **{key: {"bold": True} for key in ("b", "strong")},
    **{key: {"italic": True} for key in ("i", "em", "var", "cite", "dfn")},
    **{key: {"code": True} for key in ("code", "kbd", "samp", "tt")},
    **{key: {"underline": True} for key in ("u", "ins")},
    **{key: {"strike": True} for key in ("s", "strike", "del")},
    "sub": {"sub": True},
    "sup": {"sup": True},
}
"""Elements that are nothing but a style."""

_BY_CLASS: Final[dict[str, dict[str, bool]]] = {
    "qti-bold": {"bold": True},
    "qti-italic": {"italic": True},
    "qti-underline": {"underline": True},
    "qti-strikethrough": {"strike": True},
}
EQUATION: Final = "equation_image"
"""The class of a formula that Canvas shows as a picture."""
PICTURES: Final = frozenset({"img", "object"})
HIDING_CLASSES: Final = frozenset({"qti-hidden", "qti-display-none", "qti-visually-hidden"})
_MEANING: Final = frozenset(
    {"color", "background-color", "background", "background-image", "text-transform", "content"}
)
"""What of a style may carry meaning that our content cannot say."""
_PLAIN_COLOURS: Final = frozenset(
    [
        "black",
        "#000",
        "#000000",
        "rgb(0,0,0)",
        "white",
        "#fff",
        "#ffffff",
        "rgb(255,255,255)",
        "inherit",
        "initial",
        "transparent",
        "windowtext",
        "none",
        "auto",
        "currentcolor",
    ]
)
_WHITE: Final = frozenset({"white", "#fff", "#ffffff", "rgb(255,255,255)", "transparent"})
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_ALIGNED: Final = {
    **dict.fromkeys(("left", "start", "justify"), "start"),
    **dict.fromkeys(("center", "middle"), "center"),
    **dict.fromkeys(("right", "end"), "end"),
}
_NOTHING: Final = re.compile(r"(0|0*\.0+|0+\.0*)(px|pt|em|rem|ex|%)?")
"""As an opacity or a size of letters: nobody sees it."""
MOST_ATTRIBUTES: Final = 200
"""Of one element."""
MOST_STYLE: Final = 2_000
"""Characters of one style attribute that are read."""


@dataclass(frozen=True)
class Style:
    """The style that a run of text has where it stands."""

    bold: bool = False
    italic: bool = False
    code: bool = False
    sub: bool = False
    sup: bool = False
    underline: bool = False
    strike: bool = False
    language: str = ""
    direction: Direction = ""

    @property
    def span(self) -> tuple[str, Direction, bool, bool]:
        """What a `Span` says of it."""
        return self.language, self.direction, self.underline, self.strike


class Noticed:
    """What elements said that our content does not: losses by name, and what is only layout."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.dropped: dict[tuple[str, str], None] = {}
        self.layout: dict[str, None] = {}
        self.classes: dict[str, None] = {}

    def drop(self, kind: str, name: str) -> None:
        """Note what was left out; each is named once."""
        self.dropped.setdefault((kind, name[:40]))


def text_of(element: Element, attribute: str) -> str:
    """An attribute's text, empty where there is none."""
    return str(element.get(attribute) or "")


def styled(style: Style, element: Element, name: str, noticed: Noticed) -> Style:
    """The style inside an element."""
    changes: dict[str, Any] = dict(BY_ELEMENT.get(name, {}))
    changes |= _of_attributes(element, name, noticed)
    for one in text_of(element, "class").split()[:20]:
        changes |= _BY_CLASS.get(one, {})
        if one not in _BY_CLASS and one != EQUATION:
            noticed.classes.setdefault(one[:40])
    said = rules(element)
    if name in PICTURES:  # `html_sizes.py` follows these
        said = {key: value for key, value in said.items() if key not in ("width", "height")}
    changes |= _of_rules(said, noticed)
    if not changes:
        return style
    if (changes.get("sub") or changes.get("sup")) and (style.sub or style.sup):
        raise QuestionRefused(remark("small-nested"))  # x with a^b above it is not x^ab
    return replace(style, **changes)


def _of_attributes(element: Element, name: str, noticed: Noticed) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    language = text_of(element, _LANG) or text_of(element, "lang")
    if _LANGUAGE.fullmatch(language):
        changes["language"] = "" if language.lower() == noticed.language.lower() else language
    direction = text_of(element, "dir").lower()
    if direction in ("ltr", "rtl"):
        changes["direction"] = cast("Direction", direction)
    colour = text_of(element, "color") if name == "font" else ""
    if colour and (not _is_plain(colour) or _is_white(colour)):
        noticed.drop("style", "color")
    if text_of(element, "background") or not _is_plain(text_of(element, "bgcolor") or "white"):
        noticed.drop("style", "background")
    for attribute in element.attrib:
        if str(attribute).lower().startswith("on"):
            noticed.drop("script", attribute)
    if text_of(element, "title").strip() and name not in ("img", "math", "object", "audio"):
        noticed.drop("tooltip", text_of(element, "title").strip())
    return changes


def rules(element: Element) -> dict[str, str]:
    """The declarations of a style attribute, names and values in lower case without outer spaces."""
    found = {}
    for rule in text_of(element, "style")[:MOST_STYLE].lower().split(";"):
        name, colon, value = rule.partition(":")
        if colon and name.strip():
            found[name.strip()] = value.replace("!important", "").strip()
    return found


def _of_rules(found: dict[str, str], noticed: Noticed) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name, value in found.items():
        match name:
            case "font-weight":
                changes["bold"] = value in ("bold", "bolder") or (value.isdecimal() and int(value[:4]) >= 600)
            case "font-style":
                changes["italic"] = value in ("italic", "oblique")
            case "text-decoration" | "text-decoration-line":
                changes |= _decoration(value)
            case "vertical-align" if value in ("sub", "super"):
                changes["sub" if value == "sub" else "sup"] = True
            case "direction" if value in ("ltr", "rtl"):
                changes["direction"] = value
            case _ if name in _MEANING:
                if not _is_plain(value) or (name == "color" and _is_white(value)):
                    noticed.drop("style", name)
            case _:
                noticed.layout.setdefault(name[:40])
    return changes


def _decoration(value: str) -> dict[str, bool]:
    words = value.split()
    if "none" in words:
        return {"underline": False, "strike": False}
    return {
        name: True for name, word in (("underline", "underline"), ("strike", "line-through")) if word in words
    }


def _is_plain(colour: str) -> bool:
    return colour.replace(" ", "").lower() in _PLAIN_COLOURS


def _is_white(colour: str) -> bool:
    """Whether letters of this colour cannot be seen on most pages; a ground of it is none."""
    return colour.replace(" ", "").lower() in _WHITE


def is_hidden(element: Element) -> bool:
    """Whether a browser would not show the element."""
    if not HIDING_CLASSES.isdisjoint(text_of(element, "class").split()):
        return True
    found = rules(element)
    hidden = element.get("hidden") is not None or found.get("display") == "none"
    is_nothing = any(_NOTHING.fullmatch(found.get(name, "")) for name in ("opacity", "font-size"))
    return hidden or is_nothing or found.get("visibility") in ("hidden", "collapse")


def alignment(element: Element) -> str | None:
    """`start`, `center` or `end` where an element says how its lines stand."""
    said = rules(element).get("text-align", "") or text_of(element, "align").strip().lower()
    for one in text_of(element, "class").split():
        said = one.removeprefix("qti-align-") if one.startswith("qti-align-") else said
    return _ALIGNED.get(said)
