"""The fonts that every screen uses, loaded from our own files: a venue's fonts decide no line break.

Atkinson Hyperlegible Next (made for low vision, every letter and digit distinct) for all text, its Mono for codes,
Noto Sans for what it lacks. Other scripts and signs have their own Noto fonts, each loaded when a text first needs it:
a start loads ten files and not thirty. Chinese, Japanese and Korean are too large to travel with the program; they are
set in the machine's own fonts, by name (docs/decisions/0010-fonts-that-travel.md).
"""

import re
from functools import cache, lru_cache
from typing import Final

from PySide6.QtGui import QFontDatabase

from cbt_station.errors import Trouble
from cbt_station.travelling import travelling

TEXT: Final = "Atkinson Hyperlegible Next"
CODE: Final = "Atkinson Hyperlegible Mono"
FALLBACK: Final = "Noto Sans"
FAMILIES: Final = (TEXT, FALLBACK)

_AT_START: Final = ("AtkinsonHyperlegible*.ttf", "NotoSans_*.ttf")
_SCRIPTS: Final = (
    ("Noto Sans Arabic", "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufeff"),
    ("Noto Sans Hebrew", "\u0590-\u05ff\ufb1d-\ufb4f"),
    ("Noto Sans Javanese", "\ua980-\ua9df"),
    ("Noto Sans Balinese", "\u1b00-\u1b7f"),
    ("Noto Sans Sundanese", "\u1b80-\u1bbf\u1cc0-\u1ccf"),
    ("Noto Sans Batak", "\u1bc0-\u1bff"),
    ("Noto Sans Buginese", "\u1a00-\u1a1f"),
    ("Noto Sans Rejang", "\ua930-\ua95f"),
    (
        "Noto Sans Math",
        "\u20d0-\u20ff\u2100-\u23ff\u25a0-\u266f\u27c0-\u2aff\U0001d400-\U0001d7ff",
    ),
    ("Noto Sans Symbols", "\u20d0-\u20ff\u2300-\u24ff\u2600-\u26ff\u2700-\u27bf"),
    ("Noto Sans Symbols 2", "\u2190-\u21ff\u25a0-\u27bf\u2b00-\u2bff"),
)
_HAN: Final = "\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_HAN_FAMILIES: Final = {
    "zh": ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Micro Hei", "Droid Sans Fallback"),
    "ja": ("Noto Sans CJK JP", "Noto Sans JP", "Source Han Sans", "Yu Gothic", "Meiryo", "Hiragino Sans", "IPAGothic"),
    "ko": ("Noto Sans CJK KR", "Noto Sans KR", "Source Han Sans K", "Malgun Gothic", "Apple SD Gothic Neo", "NanumGothic"),
}  # fmt: skip
EVERY_SCRIPT: Final = (*FAMILIES, *(family for family, _ in _SCRIPTS))
"""For fields in which anything may be typed: a family that is not loaded yet is passed over."""
_loaded: set[str] = set()


def load_fonts() -> None:
    """Make the fonts of every screen known to Qt, once a process; needs the application object."""
    for pattern in _AT_START:
        _load(pattern)


def _load(pattern: str) -> None:
    for path in sorted((travelling("assets") / "fonts").glob(pattern)):
        if path.name in _loaded:
            continue
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise Trouble("font-unreadable", where=str(path))
        _loaded.add(path.name)


@lru_cache(maxsize=1024)
def families_for(text: str, language: str = "") -> tuple[str, ...]:
    """The families, first to last, in which a text of a language is set; what it needs is loaded by then."""
    if text.isascii():
        return FAMILIES
    highest = max(text)
    found = [family for family, signs in _SCRIPTS if highest >= signs[0] and _of(signs).search(text)]
    for family in found:
        _load(f"{family.replace(' ', '')}_*.ttf")
    has_han = highest >= _HAN[0] and _of(_HAN).search(text)
    return (*FAMILIES, *found, *(_han_families(language) if has_han else ()))


@cache
def _of(signs: str) -> re.Pattern[str]:
    """What finds one of these signs; made when a text first has signs so high, since making all delays every start."""
    return re.compile(f"[{signs}]")


def _han_families(language: str) -> tuple[str, ...]:
    """Han characters look otherwise in each language: that of the text first."""
    first = language.partition("-")[0].lower()
    order = sorted(_HAN_FAMILIES, key=lambda known: known != first)
    return tuple(family for known in order for family in _HAN_FAMILIES[known])
