"""What the looks of a Word document's letters mean here: kept, named as a loss of their cell, or a refusal.

Whichever style says it counts (`word_styles.py`). Bold, italic, underlined, struck out, raised and lowered letters are
written into each run, where the reader of documents finds them; hidden letters, letters in the colour of the page or of
a size that no eye can read, letters that are moved off their line and letters of symbol fonts refuse their question;
colours, capitals, wide letters and the like are named. Sizes, fonts of letters and what has no letters are layout.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree

from cbt_station.banks.omml import MATH
from cbt_station.banks.safe_xml import Element
from cbt_station.banks.word_marks import lose, put
from cbt_station.banks.word_styles import WORD, WordStyles, above, is_on, said

_WHITE: Final = frozenset({"ffffff", "white"})
_PLAIN: Final = frozenset({"", "auto", "none", "000000", "black"}) | _WHITE
"""Colours that say nothing; letters of the page's colour refuse their question."""
_WHITE_THEME: Final = frozenset({"background1", "light1"})
_PLAIN_THEME: Final = frozenset({"", "none", "text1", "dark1"}) | _WHITE_THEME
_PLAIN_GROUND: Final = frozenset({"", "auto", "none"}) | _WHITE
_PLAIN_PATTERN: Final = frozenset({"", "nil", "clear"})
_SYMBOL_FONTS: Final = frozenset(
    ["symbol", "wingdings", "wingdings 2", "wingdings 3", "webdings", "mt extra", "zapfdingbats", "marlett"]
)
"""Fonts in which the letter a is another character."""
_DECORATED: Final = ("emboss", "imprint", "outline", "shadow")
_NO_NAMES: Final = frozenset({"", "none", "nil"})
_TINY: Final = 4
"""Half points: letters of two points or less cannot be read."""
_OFF_THE_LINE: Final = 2
"""Half points that letters are raised or lowered: less nobody sees."""
_WIDE: Final = 20
"""Twentieths of a point between letters: less is how lines are filled."""
_OFFICE14: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_KEPT: Final = ("b", "i", "strike", "u", "vertAlign")
"""What the reader of documents takes from a run itself."""
_STYLED_HEADINGS: Final = ("heading", "Heading")
_WORDS: Final = (f"{WORD}t", f"{WORD}sym", f"{WORD}noBreakHyphen")


def settle_looks(root: Element, styles: WordStyles) -> None:
    """Every run of a part with the looks that all its styles give it; what cannot be kept as marks before it."""
    named: set[tuple[Element, str]] = set()
    for run in list(root.iter(f"{WORD}r")):
        if not _letters(run):
            continue
        looks = styles.effective(run)
        hidden = hidden_by(looks) or _other_letters(run, looks)
        if hidden:
            _refuse(run, hidden)
            continue
        _write(run, looks, is_heading=_is_heading(run, styles))
        cell = above(run, "tc")
        for name in lost_looks(looks):
            if cell is not None and (cell, name) not in named:
                named.add((cell, name))
                lose(run, "style", name)


def formula_looks(formula: Element, styles: WordStyles) -> tuple[bool, tuple[str, ...]]:
    """Whether any of a formula is hidden, and which of its looks are lost."""
    looks = [styles.effective(run) for run in formula.iter(f"{MATH}r", f"{WORD}r")]
    inner = [
        {str(one.tag).rpartition("}")[2]: one for one in rpr if isinstance(one.tag, str)}
        for rpr in formula.iter(f"{WORD}rPr")
    ]
    lost = dict.fromkeys(name for one in looks for name in lost_looks(one))
    return any(hidden_by(one) for one in [*looks, *inner]), tuple(lost)


def hidden_by(looks: Mapping[str, Element]) -> str:
    """Why nobody could read letters of these looks; empty where one can."""
    size = said(looks.get("sz"), "val")
    fill = looks.get("textFill")
    if (
        "vanish" in looks
        or is_on(looks.get("webHidden"))
        or _is_white(looks.get("color"))
        or (size.isdecimal() and int(size[:6]) <= _TINY)
        or (fill is not None and fill.find(f"{_OFFICE14}noFill") is not None)
    ):
        return "hidden text"
    return ""


def lost_looks(looks: Mapping[str, Element]) -> Iterator[str]:
    """What of these looks our content cannot say, by its name in CSS."""
    checks = (
        ("color", _is_coloured(looks.get("color")) or _is_filled(looks.get("textFill"))),
        ("background-color", _has_ground(looks)),
        ("text-transform", "caps" in looks),
        ("font-variant", "smallCaps" in looks),
        ("letter-spacing", abs(_whole(looks.get("spacing"))) >= _WIDE),
        ("text-emphasis", said(looks.get("em"), "val") not in _NO_NAMES),
        ("border", said(looks.get("bdr"), "val") not in _NO_NAMES),
        ("text-shadow", any(name in looks for name in _DECORATED)),
        ("animation", said(looks.get("effect"), "val") not in _NO_NAMES),
    )
    return (name for name, is_lost in checks if is_lost)


def _letters(run: Element) -> str:
    """What a run shows of letters: one of spaces alone has no looks."""
    text = "".join(str(part.text or "") for part in run.iterchildren(f"{WORD}t"))
    return text.strip() or ("?" if any(True for _ in run.iterchildren(*_WORDS[1:])) else "")


def _other_letters(run: Element, looks: Mapping[str, Element]) -> str:
    """Why letters are not what their characters say."""
    if abs(_whole(looks.get("position"))) >= _OFF_THE_LINE:
        return "raised letters"
    fonts = looks.get("rFonts")
    text = "".join(str(part.text or "") for part in run.iterchildren(f"{WORD}t"))
    for name in ("ascii", "hAnsi"):
        if said(fonts, name).lower() in _SYMBOL_FONTS and any("!" <= ch <= "\u00ff" for ch in text):
            return f"font {said(fonts, name)}"
    return ""


def _refuse(run: Element, why: str) -> None:
    parent = run.getparent()
    properties = run.find(f"{WORD}rPr")
    if properties is not None:
        run.remove(properties)
    if parent is not None:
        put(run, f"{why}: {_letters(run)[:40]}")


def _write(run: Element, looks: Mapping[str, Element], *, is_heading: bool) -> None:
    """The looks that are kept, said by the run itself; a heading's own weight is that of a heading."""
    before = run.find(f"{WORD}rPr")
    if before is not None:
        run.remove(before)
    properties = etree.Element(f"{WORD}rPr")
    for name in _KEPT:
        look = looks.get(name)
        if name == "b" and is_heading and (before is None or before.find(f"{WORD}b") is None):
            continue
        if look is not None:
            etree.SubElement(
                properties, f"{WORD}{name}", {f"{WORD}val": said(look, "val") or _said_plainly(name)}
            )
    if is_on(looks.get("dstrike")):
        etree.SubElement(properties, f"{WORD}strike")
    run.insert(0, properties)


def _said_plainly(name: str) -> str:
    return "none" if name == "u" else "baseline" if name == "vertAlign" else "1"


def _is_heading(run: Element, styles: WordStyles) -> bool:
    paragraph = above(run, "p")
    return paragraph is not None and any(
        name.startswith(_STYLED_HEADINGS) for name in styles.style_of(paragraph)
    )


def _is_white(color: Element | None) -> bool:
    theme = said(color, "themeColor")
    if theme in ("", "none"):
        return said(color, "val").lower() in _WHITE
    return theme in _WHITE_THEME and not _is_mixed(color, "theme")


def _is_coloured(color: Element | None) -> bool:
    theme = said(color, "themeColor")
    if theme in ("", "none"):
        return said(color, "val").lower() not in _PLAIN
    return theme not in _PLAIN_THEME or _is_mixed(color, "theme")


def _is_filled(fill: Element | None) -> bool:
    """Letters with a filling of their own (Word 2010 and later) in anything but the colour of text."""
    if fill is None:
        return False
    colours = [one for one in fill.iter() if one.get(f"{_OFFICE14}val") is not None]
    return (
        not colours or colours[0].get(f"{_OFFICE14}val") not in ("tx1", "dk1", "000000") or len(colours) > 1
    )


def _is_mixed(element: Element | None, name: str) -> bool:
    """Whether a colour of the theme is made lighter or darker."""
    tint, shade = said(element, f"{name}Tint"), said(element, f"{name}Shade")
    return tint.upper() not in ("", "FF") or shade.upper() not in ("", "FF")


def _has_ground(looks: Mapping[str, Element]) -> bool:
    shade = looks.get("shd")
    return (
        said(looks.get("highlight"), "val").lower() not in _PLAIN_GROUND
        or said(shade, "fill").lower() not in _PLAIN_GROUND
        or said(shade, "themeFill") not in _PLAIN_THEME
        or (said(shade, "themeFill") != "" and _is_mixed(shade, "themeFill"))
        or said(shade, "val") not in _PLAIN_PATTERN
    )


def _whole(element: Element | None) -> int:
    value = said(element, "val")
    digits = value.removeprefix("-")
    return int(value) if digits.isdecimal() and digits.isascii() and len(digits) < 6 else 0
