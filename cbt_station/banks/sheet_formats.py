"""What a spreadsheet program shows of a number: its format decides, and a reader of workbooks gives the number alone.

50% is 0.5 to it, 0012 is 12 and Rp5.000 is 5000. How far what is shown and what is held lie apart is judged here, and
nothing is formatted. Sources: ECMA-376 part 1, 18.8.30 and 18.8.31 (number formats).
"""

import re
from decimal import Decimal
from enum import IntEnum
from typing import Final


class Shown(IntEnum):
    """How a cell shows what it holds, from the least to the most apart."""

    PLAIN = 0
    SAME = 1
    """The same number, with separators or zeros after the point."""
    DRESSED = 2
    """The same number with more around it: a currency, a unit, zeros before it."""
    OTHER = 3
    """Another number, or none: percent, a fraction, powers of ten, one that is rounded."""
    HIDDEN = 4


BUILT_IN: Final = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 37: "#,##0_)", 38: "#,##0_)", 39: "#,##0.00_)", 40: "#,##0.00_)", 41: "_(* #,##0_)",
    43: "_(* #,##0.00_)", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
"""Formats that every program knows by their numbers; the others are dates, times and money."""
MOST_WHOLE: Final = 10**11
"""From here on a cell of no format shows powers of ten."""
_ASIDE: Final = re.compile(r"_.|\*.")
"""Room as wide as a letter, and a letter that fills the cell."""
_MARKED: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_HARMLESS: Final = re.compile(r"\[(Black|Color ?1|(>|<|=|>=|<=|<>)[-0-9.]+)\]", re.IGNORECASE)
_NUMBER: Final = re.compile(r"-?[0-9]([0-9., ]*[0-9])?")
_DECIMAL: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DIGITS: Final = re.compile(r"([#?0,]*)(?:\.([#?0]*))?")


def shown_number(code: str, value: float) -> Shown:
    """How a number is shown by a format."""
    number = Decimal(repr(value))
    section = _section(code, number)
    if section == "":
        return Shown.HIDDEN if code else _in_general(number)
    if section.lower() in ("general", "standard", "@"):
        return _in_general(number)
    bare = _MARKED.sub("", section).replace(" ", "")
    shape = None if re.search("[%/eE]", bare) else _shape(bare)
    if shape is None:  # money shows nothing as a line
        return Shown.DRESSED if not number and not re.search("[%/eE#0?]", bare) else Shown.OTHER
    whole, decimals = shape
    if whole.endswith(",") or round(number, len(decimals)) != number:
        return Shown.OTHER
    if _is_dressed(section, code, number, whole, decimals):
        return Shown.DRESSED
    return Shown.SAME if decimals or ("," in whole and abs(number) >= 1_000) else Shown.PLAIN


def _is_dressed(section: str, code: str, number: Decimal, whole: str, decimals: str) -> bool:
    """Whether anything but the number's own digits and separators is shown, or less than they are."""
    around = _HARMLESS.sub("", _ASIDE.sub("", section)).replace(" ", "")
    return (
        around != f"{whole}{'.' if decimals else ''}{decimals}"
        or whole.count("0") > len(str(abs(int(number))))
        or (number < 0 and _has_negative(code))
        or (not int(number) and "0" not in whole)
    )


def shown_text(code: str) -> Shown:
    """How a text is shown by a format."""
    sections = _sections(code)
    section = sections[3] if len(sections) > 3 else next((one for one in sections if "@" in one), "@")
    if section == "":
        return Shown.HIDDEN
    return Shown.PLAIN if section.strip().lower() in ("@", "general") else Shown.DRESSED


def shown_as(value: float, text: str) -> Shown:
    """How a number is shown by the text that a file says is seen."""
    number = Decimal(repr(value))
    plain = format(number.normalize(), "f")
    said = " ".join(text.split()).replace("\N{MINUS SIGN}", "-")
    if said in (plain, plain.replace(".", ",")):
        return Shown.PLAIN
    if not said:
        return Shown.HIDDEN
    found = _NUMBER.search(said)
    if found is None or "%" in said:
        return Shown.OTHER
    for thousands, point in ((".", ","), (",", "."), (" ", ",")):
        bare = found.group().replace(thousands, "").replace(point, ".")
        if _DECIMAL.fullmatch(bare) and Decimal(bare) == number:
            is_bare = found.group() == said and not re.match("-?0[0-9]", bare)
            return Shown.SAME if is_bare else Shown.DRESSED
    return Shown.OTHER


def _in_general(number: Decimal) -> Shown:
    return Shown.PLAIN if abs(number) < MOST_WHOLE else Shown.OTHER


def _shape(bare: str) -> tuple[str, str] | None:
    """What stands before and after the point of the one group of digits that a format has."""
    found = [one for one in _DIGITS.finditer(bare) if one.group().strip(".,")]
    return (found[0][1], found[0][2] or "") if len(found) == 1 else None


def _sections(code: str) -> list[str]:
    sections, quoted = [""], False
    escaped = False
    for character in code:
        if character == '"' and not escaped:
            quoted = not quoted
        if character == ";" and not quoted and not escaped:
            sections.append("")
        else:
            sections[-1] += character
        escaped = character == "\\" and not escaped
    return sections


def _has_negative(code: str) -> bool:
    """Whether a format says by itself how a number below nothing is shown, and not by a minus alone."""
    sections = _sections(code)
    return len(sections) > 1 and _ASIDE.sub("", sections[1]) != "-" + _ASIDE.sub("", sections[0])


def _section(code: str, number: Decimal) -> str:
    sections = _sections(code)
    if len(sections) > 2 and number == 0:
        return sections[2]
    if len(sections) > 1 and number < 0:
        return sections[1].removeprefix("-")
    return sections[0]
