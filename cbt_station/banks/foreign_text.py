"""Plain-text question files of other programs: which encoding they are in, and which language they speak.

UTF-8 and marked UTF-16 are told for certain. Anything else is taken as Windows-1252, the usual one of older Windows
machines, with a remark: a wrong guess shows as wrong letters.
"""

import re
from collections import Counter
from pathlib import Path
from typing import Final

from cbt_station.banks.foreign import Remark, remark
from cbt_station.banks.source_text import read_bytes
from cbt_station.errors import Refusal

MOST_BYTES: Final = 32 << 20
_WORDS: Final = {
    "id": frozenset(
        [
            "yang",
            "dan",
            "di",
            "ke",
            "dari",
            "adalah",
            "untuk",
            "dengan",
            "tidak",
            "berikut",
            "pada",
            "ini",
            "itu",
            "apa",
            "siapa",
            "manakah",
        ]
    ),
    "en": frozenset(
        [
            "the",
            "of",
            "and",
            "is",
            "in",
            "to",
            "which",
            "what",
            "are",
            "for",
            "with",
            "not",
            "following",
            "who",
            "was",
            "on",
            "that",
        ]
    ),
}


def read_text(source: Path) -> tuple[str, tuple[Remark, ...]]:
    """The text of a file, lines parted by `\\n`. Refusal("import-too-large"), or ("import-malformed") where it is no text."""
    data = read_bytes(source, MOST_BYTES)
    if data is None:
        raise Refusal("import-too-large", where=source.name, most_bytes=MOST_BYTES)
    text, remarks = decoded(data)
    if "\0" in text:
        raise Refusal("import-malformed", where=source.name, problem="NUL")
    return text.replace("\r\n", "\n").replace("\r", "\n"), remarks


def decoded(data: bytes) -> tuple[str, tuple[Remark, ...]]:
    """The text in `data`, and a remark where its encoding is a guess."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), ()
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), (remark("encoding-guessed", encoding="Windows-1252"),)


def language_of(text: str) -> str:
    """`en` for a text whose small words are mostly English, else `id`."""
    counts = Counter(re.findall(r"[a-z]+", text[:200_000].lower()))
    english, indonesian = (sum(counts[word] for word in _WORDS[name]) for name in ("en", "id"))
    return "en" if english > indonesian else "id"
