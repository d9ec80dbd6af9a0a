"""Words: a sentence for each code and state, in every language, for screens, paper, pages and commands.

One gettext catalogue a language (`id.po`, `en.po`), looked up by a dotted key (`error.time-is-up`,
`station.save_and_next`) and never by an English sentence, so that a wording can change without a change of code.
Place-holders are `str.format` names. A test holds the catalogues to each other and to the keys in the code.

Imports nothing of the house. Times, numbers and plurals beyond this are written by the room that shows them.
"""

import gettext
import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

T = TypeVar("T")
LANGUAGES: Final = ("id", "en")
_HERE = Path(__file__).parent


class Words:
    """One language's catalogue: `words("station.next")`, `words("error.time-is-up", late_by_ms=12)`."""

    def __init__(self, lang: str, catalogue: gettext.NullTranslations) -> None:
        self.lang = lang
        self._catalogue = catalogue

    def __call__(self, key: str, /, **facts: object) -> str:
        """The sentence of `key` with its facts; the key itself where no sentence was written."""
        sentence = self._catalogue.gettext(key)
        try:
            return sentence.format(**facts)
        except (KeyError, IndexError):  # a fact that the caller did not have: the sentence still helps
            return sentence

    def knows(self, key: str) -> bool:
        """Whether the catalogue has a sentence for `key`."""
        return self._catalogue.gettext(key) != key


@cache
def words_in(lang: str) -> Words:
    """The catalogue of `lang` ("id" or "en"; anything else reads as "id", the language of the venues)."""
    lang = lang if lang in LANGUAGES else "id"
    source, compiled = _HERE / f"{lang}.po", _HERE / f"{lang}.mo"
    if compiled.exists() and (not source.exists() or compiled.stat().st_mtime >= source.stat().st_mtime):
        return Words(lang, gettext.GNUTranslations(io.BytesIO(compiled.read_bytes())))
    return Words(lang, gettext.GNUTranslations(_compiled_in_memory(source)))


def in_language(said: Mapping[str, T], language: str, otherwise: T) -> T:
    """What is said in a language, or in the first that there is; `otherwise` where it is said in none."""
    return said.get(language) or next(iter(said.values()), otherwise)


def _compiled_in_memory(source: Path) -> io.BytesIO:
    """A checkout whose sources are newer than what was compiled: the same bytes, made now (about 0.1 s)."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    catalogue = io.BytesIO()
    with source.open("rb") as po:
        write_mo(catalogue, read_po(po, locale=source.stem))
    catalogue.seek(0)
    return catalogue
