"""Text files that people write: strict UTF-8, LF, no BOM, nothing that an eye cannot see.

A character that hides or reorders others would let two reviewers read two different items. So control and bidi
characters, invisible ones, private-use ones (the symbol fonts of word processors) and tabs are refused by name.
"""

import re
import unicodedata
from pathlib import Path

from cbt_station.banks.faults import FaultList
from cbt_station.errors import Trouble

MOST_TEXT_BYTES = 64 << 10
"""A long reading passage is under 10 kB."""

_JOINERS = "\u200c\u200d"
"""Zero-width joiner and non-joiner: several scripts cannot be written without them."""
_HIDDEN_CATEGORIES = {"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"}


_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def is_device(name: str) -> bool:
    """Whether Windows takes a file's name for a device: a bank with it could not be copied there."""
    return _DEVICE.fullmatch(name) is not None


def hidden_character(text: str) -> tuple[int, str] | None:
    """The first character of `text` that no file of ours may hold, with its index; newline is not one."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return None
    for index, character in enumerate(text):
        if character == "\n" or character in _JOINERS:
            continue
        if unicodedata.category(character) in _HIDDEN_CATEGORIES:
            return index, character
    return None


def named(character: str) -> str:
    """A character as a person looks it up: `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()


def read_bytes(path: Path, most: int) -> bytes | None:
    """A file's bytes, or None if it is larger than `most`. Disk trouble is trouble, not a fault of the bank."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise Trouble("bank-unreadable", where=str(path), reason=error.strerror or "") from error
    return data if len(data) <= most else None


def read_source(path: Path, name: str, faults: FaultList) -> str | None:
    """The text of a file, or None where a fault was noted. `name` is the file's name in faults."""
    data = read_bytes(path, MOST_TEXT_BYTES)
    if data is None:
        faults.add(name, 0, "file-too-large", most_bytes=MOST_TEXT_BYTES)
        return None
    return check_source(data, name, faults)


def check_source(data: bytes, name: str, faults: FaultList, *, most: int = MOST_TEXT_BYTES) -> str | None:
    """The text in `data`, or None where a fault was noted."""
    if len(data) > most:
        faults.add(name, 0, "file-too-large", most_bytes=most)
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        faults.add(name, 1, "byte-order-mark")
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        faults.add(name, data.count(b"\n", 0, error.start) + 1, "not-utf-8")
        return None
    if "\r" in text:
        faults.add(name, text.count("\n", 0, text.index("\r")) + 1, "carriage-return")
        return None
    good = True
    for number, line in enumerate(text.split("\n"), 1):
        hidden = hidden_character(line)
        if hidden:
            faults.add(name, number, "hidden-character", character=named(hidden[1]), column=hidden[0] + 1)
            good = False
    return text if good else None
