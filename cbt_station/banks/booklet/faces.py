"""Which font draws which characters: Atkinson first, then the Noto fonts that travel with the station.

Chinese, Japanese and Korean do not travel (docs/decisions/0010-fonts-that-travel.md): such text names one of the fonts
that PDF readers bring for these languages, and stays text. Fonts are registered with reportlab when first needed.
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final, TypeAlias, cast

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from cbt_station.errors import Trouble
from cbt_station.travelling import travelling

Look: TypeAlias = tuple[bool, bool, bool]
"""Bold, italic, letters of one width."""
_NEXT: Final = "AtkinsonHyperlegibleNext_"
_OWN: Final[dict[Look, str]] = {
    (False, False, False): f"{_NEXT}400Regular",
    (True, False, False): f"{_NEXT}700Bold",
    (False, True, False): f"{_NEXT}400Regular_Italic",
    (True, True, False): f"{_NEXT}700Bold_Italic",
}
_MONO: Final = "AtkinsonHyperlegibleMono_"
_NOTO: Final[dict[tuple[bool, bool], str]] = {
    (False, False): "NotoSans_400Regular",
    (True, False): "NotoSans_700Bold",
    (False, True): "NotoSans_400Regular_Italic",
    (True, True): "NotoSans_700Bold_Italic",
}
_IN_BOLD: Final = ("Arabic", "Hebrew", "Javanese", "Balinese", "Sundanese")
_SCRIPTS: Final = (*_IN_BOLD, "Batak", "Buginese", "Rejang")
_SIGNS: Final = ("NotoSansMath_400Regular", "NotoSansSymbols_400Regular", "NotoSansSymbols2_400Regular")
_HAN: Final = re.compile("[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")
_KANA: Final = re.compile("[\u3040-\u30ff\u31f0-\u31ff]")
_HANGUL: Final = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
_OF_READERS: Final = {"zh": "STSong-Light", "ja": "HeiseiKakuGo-W5", "ko": "HYGothic-Medium"}
_JOINING: Final = "\u200c\u200d\u034f"
LACKING: Final = ""
"""In the place of a font: no font has the character."""
BOX: Final = 0.62


def font_runs(text: str, look: Look, language: str = "") -> list[tuple[str, str]]:
    """The text in runs of one font each; marks stay with the letter that they stand on."""
    found: list[tuple[str, str]] = []
    for cluster in clusters(text):
        font = _font_of(cluster, look) or _of_readers(cluster, language) or LACKING
        if found and found[-1][0] == font:
            found[-1] = (font, found[-1][1] + cluster)
        else:
            found.append((font, cluster))
    return found


def clusters(text: str) -> list[str]:
    """Letters with the marks and joiners that belong to them."""
    found: list[str] = []
    for character in text:
        if found and (unicodedata.category(character)[0] == "M" or character in _JOINING):
            found[-1] += character
        else:
            found.append(character)
    return found


def lacking(text: str) -> set[str]:
    """The characters that no font has."""
    seen = {cluster for cluster in set(clusters(text)) if not cluster.isspace()}
    return {
        cluster for cluster in seen if not _font_of(cluster, (False,) * 3) and not _of_readers(cluster, "")
    }


def is_of_readers(text: str) -> bool:
    """Whether a part of the text is set in the fonts that the reader's machine has."""
    return bool(_HAN.search(text))


def is_reader_font(font: str) -> bool:
    """Whether a font is one that the reader's machine has: it can be named and not looked into."""
    return font in _OF_READERS.values()


def is_shaped(font: str, text: str) -> bool:
    """Whether letters change or move by what stands beside them."""
    if font == LACKING or is_reader_font(font):
        return False
    return font.startswith(tuple(f"NotoSans{script}_" for script in _SCRIPTS)) or len(text) != len(
        clusters(text)
    )


def width(text: str, font: str, size: float) -> float:
    """How wide plain text is, in points; what no font has is a box for each letter."""
    if font == LACKING:
        return len(clusters(text)) * BOX * size
    return pdfmetrics.stringWidth(text, font, size)


def path_of(font: str) -> str:
    """Where a font's file lies."""
    return str(travelling("assets") / "fonts" / f"{font}.ttf")


@lru_cache(maxsize=8192)
def _font_of(cluster: str, look: Look) -> str | None:
    wanted = [character for character in cluster if character not in _JOINING]
    return next((font for font in _chain(look) if all(ord(one) in _glyphs(font) for one in wanted)), None)


def _of_readers(cluster: str, language: str) -> str | None:
    if not _HAN.match(cluster):
        return None
    tongue = language.partition("-")[0].lower()
    if tongue not in _OF_READERS:
        tongue = "ja" if _KANA.match(cluster) else "ko" if _HANGUL.match(cluster) else "zh"
    return _reader_font(_OF_READERS[tongue])


@cache
def _chain(look: Look) -> tuple[str, ...]:
    bold, italic, code = look
    weight = "700Bold" if bold else "400Regular"
    own = f"{_MONO}{weight}" if code else _OWN[look]
    scripts = (f"NotoSans{one}_{weight if one in _IN_BOLD else '400Regular'}" for one in _SCRIPTS)
    return (own, _NOTO[bold, italic], *scripts, *_SIGNS)


@cache
def _glyphs(font: str) -> frozenset[int]:
    if font not in pdfmetrics.getRegisteredFontNames():  # another paper may be using it at this moment
        try:
            pdfmetrics.registerFont(TTFont(font, path_of(font)))
        except (TTFError, OSError) as error:
            raise Trouble("font-unreadable", where=path_of(font)) from error
    return frozenset(cast("TTFont", pdfmetrics.getFont(font)).face.charToGlyph)


@cache
def _reader_font(font: str) -> str:
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    return font
