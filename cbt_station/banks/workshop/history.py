"""Versions: every text that was replaced lies verbatim in `history/`, with who replaced it and when.

    history/items/ID/0001.md      the text before the first change, as it was; none where there was none
    history/items/ID/0001.yaml    the change: deed, by, at, and the hashes of the text before and after

A text's author is who made the change after which it was there. Nothing here is ever changed or removed; a rename takes
the folder along. A file that was damaged by hand costs the names in it, never a text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final, Literal, TypeAlias

from cbt_station.banks import strict_yaml
from cbt_station.banks.faults import FaultList
from cbt_station.banks.source_text import check_source, read_bytes
from cbt_station.banks.strict_yaml import Scalar
from cbt_station.banks.workshop.disk import FOLDERS, HISTORY, hash_of, place
from cbt_station.banks.workshop.people import moment_of, moment_text
from cbt_station.banks.workshop.rows import What
from cbt_station.banks.yaml_writer import yaml_text
from cbt_station.errors import Refusal
from cbt_station.storage.files import disk_troubles, make_folder, rename_durably, write_durably

Deed: TypeAlias = Literal["created", "saved", "restored", "renamed", "deleted", "imported"]
_DEEDS: Final[dict[str, Deed]] = {
    "created": "created",
    "saved": "saved",
    "restored": "restored",
    "renamed": "renamed",
    "deleted": "deleted",
    "imported": "imported",
}
MOST_BYTES: Final = 1 << 20
"""Of a text, whatever is wrong with it: sixteen times what a bank may hold."""
_FILE: Final = re.compile(r"([0-9]{4,6})\.(md|yaml)")


@dataclass(frozen=True)
class Version:
    """One text of an item. The last one of `versions` is what lies in the bank now, if the item is there."""

    number: int
    by: str
    """Who wrote it; empty where it came from outside the workshop."""
    at: datetime | None
    deed: Deed | None
    """By what it came to be."""
    hash: str
    is_current: bool


@dataclass(frozen=True)
class DifferenceLine:
    """One line of a comparison."""

    mark: Literal[" ", "-", "+"]
    text: str
    number_before: int | None
    number_after: int | None


@dataclass(frozen=True)
class Change:
    """One deed: the hashes of the text before and after, "" where there was none."""

    deed: Deed | None
    by: str
    at: datetime | None
    was: str = ""
    now: str = ""


class History:
    """The history of one bank."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def keep(self, name: str, what: What, before: bytes | None, change: Change) -> None:
        """Keep the text before a change, then the change; durable when it returns."""
        folder = self._folder(name, what)
        make_folder(folder)
        number = max(self._numbers(folder), default=0) + 1
        if before is not None:
            write_durably(folder / f"{number:04d}.md", before)
        values = {"deed": change.deed, "by": change.by, "at": moment_text(change.at) if change.at else ""}
        values |= {"was": change.was, "now": change.now}
        said = {key: value for key, value in values.items() if value}
        write_durably(folder / f"{number:04d}.yaml", yaml_text(said).encode())

    def move(self, name: str, new: str, what: What) -> None:
        """Take the history of an item along to its new id."""
        folder, target = self._folder(name, what), self._folder(new, what)
        if folder.is_dir():
            rename_durably(folder, target)

    def author(self, name: str, what: What, now: bytes) -> str:
        """Who wrote a text; empty where nobody knows."""
        return self._made(self._changes(name, what), hash_of(now)).by

    def versions(self, name: str, what: What, now: bytes | None) -> tuple[Version, ...]:
        """Every text there was, the first one first, `now` last."""
        changes = self._changes(name, what)
        texts = dict(self._texts(name, what))
        hashes = {number: hash_of(data) for number, data in texts.items()}
        if now is not None:
            hashes[max([*hashes, *changes], default=0) + 1] = hash_of(now)
        numbers = sorted(hashes)
        found = []
        for number, following in zip(numbers, [*numbers[1:], 0], strict=True):
            if hashes.get(following) == hashes[number]:
                continue  # kept for a change that a power cut prevented
            made = self._made(
                {one: change for one, change in changes.items() if one < number}, hashes[number]
            )
            current = now is not None and number == numbers[-1]
            found.append(Version(number, made.by, made.at, made.deed, hashes[number], current))
        return tuple(found)

    def text(self, name: str, number: int, what: What) -> bytes:
        """An earlier text. Raises Refusal("workshop-version-unknown")."""
        for one, data in self._texts(name, what):
            if one == number:
                return data
        raise Refusal("workshop-version-unknown", where=name, number=number)

    def names(self, what: What) -> tuple[str, ...]:
        """The ids of which an earlier text was kept."""
        folder = place(self._directory, HISTORY, FOLDERS[what])
        return tuple(
            name
            for name in sorted(_names(folder))
            if any(file.endswith(".md") for file in _names(self._folder(name, what)))
        )

    def _folder(self, name: str, what: What) -> Path:
        return place(self._directory, HISTORY, FOLDERS[what], name)

    def _numbers(self, folder: Path) -> list[int]:
        return sorted({int(found[1]) for name in _names(folder) if (found := _FILE.fullmatch(name))})

    def _texts(self, name: str, what: What) -> Iterator[tuple[int, bytes]]:
        folder = self._folder(name, what)
        for number in self._numbers(folder):
            path = folder / f"{number:04d}.md"
            data = read_bytes(path, MOST_BYTES) if path.is_file() and not path.is_symlink() else None
            if data is not None:
                yield number, data

    def _changes(self, name: str, what: What) -> dict[int, Change]:
        folder = self._folder(name, what)
        paths = {number: folder / f"{number:04d}.yaml" for number in self._numbers(folder)}
        return {
            number: _change(path)
            for number, path in paths.items()
            if path.is_file() and not path.is_symlink()
        }

    def _made(self, changes: dict[int, Change], text_hash: str) -> Change:
        """The last change after which there was a text."""
        found = [change for _, change in sorted(changes.items()) if change.now == text_hash]
        return found[-1] if found else Change(None, "", None)


def _names(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    with disk_troubles(folder):
        return [path.name for path in folder.iterdir()]


def _change(path: Path) -> Change:
    faults = FaultList()
    text = check_source(read_bytes(path, MOST_BYTES) or b"", path.name, faults)
    mapping = strict_yaml.load(text, path.name, faults) if text is not None else None
    entries = mapping.entries if mapping is not None else ()
    said = {key.text: value.text for key, value in entries if isinstance(value, Scalar)}
    return Change(
        _DEEDS.get(said.get("deed", "")),
        said.get("by", ""),
        moment_of(said.get("at", "")),
        said.get("was", ""),
        said.get("now", ""),
    )


def differences(before: str, after: str) -> tuple[DifferenceLine, ...]:
    """Two texts line by line, all lines of both."""
    one, other = before.splitlines(), after.splitlines()
    found: list[DifferenceLine] = []
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [DifferenceLine(" ", one[a + i], a + i + 1, c + i + 1) for i in range(b - a)]
            continue
        found += [DifferenceLine("-", one[i], i + 1, None) for i in range(a, b)]
        found += [DifferenceLine("+", other[i], None, i + 1) for i in range(c, d)]
    return tuple(found)
