"""Legal ids and titles for the names of a foreign bank: the same source names its items the same at every import."""

import re
from collections.abc import Iterable
from typing import Final

from cbt_station.banks.fields import ID, LANGUAGE
from cbt_station.banks.source_text import is_device
from cbt_station.exam.blueprint import TOTAL

ANY: Final = "umum"
"""Topic and level of questions whose file names none."""
_MOST: Final = 64


def section_ids(names: Iterable[str]) -> dict[str, str]:
    """An id for each section of a source: its name in lower case with hyphens, numbered where that is taken."""
    ids: dict[str, str] = {}
    for number, name in enumerate(names, 1):
        slug = slugged(name)[:40].strip("-")
        if not slug or slug == TOTAL or slug in ids.values():
            slug = f"bagian-{number}"
        ids[name] = slug
    return ids


def slugged(name: str | None) -> str:
    """A name in lower case with hyphens; empty where nothing of it is left."""
    return re.sub(r"[^a-z0-9]+", "-", (name or "").casefold()).strip("-")[:_MOST].strip("-")


def topic_id(name: str | None) -> str:
    """The id of a topic or level."""
    return slugged(name) or ANY


def printable(title: str) -> str:
    """A title without what no file of ours may hold."""
    return "".join(character if character.isprintable() else " " for character in title).strip() or "–"


def language_id(name: str) -> str:
    """A language of ours: `en` for `en-US`."""
    short = re.split(r"[-_]", name.casefold())[0]
    return short if LANGUAGE.fullmatch(short) else "und"


class Ids:
    """Ids of items or stimuli, each once whatever its capital letters: they are file names."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, name: str | None, otherwise: str) -> str:
        """The source's own name where it is an id; else its slug, numbered where that is taken; else `otherwise`."""
        own = name or ""
        if is_device(own):
            own = f"{own}-1"
        if ID.fullmatch(own) and self._free(own):
            return self._take(own)
        slug = re.sub(r"[^A-Za-z0-9]+", "-", own).strip("-")[: _MOST - 6].strip("-")
        for base in (slug, otherwise[: _MOST - 6]):
            for number in range(1, 10_000) if base else ():
                numbered = base if number == 1 else f"{base}-{number}"
                if self._free(numbered):
                    return self._take(numbered)
        raise AssertionError("ten thousand items of one name")

    def _free(self, name: str) -> bool:
        return name.casefold() not in self._taken

    def _take(self, name: str) -> str:
        self._taken.add(name.casefold())
        return name
