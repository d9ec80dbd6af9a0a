"""The text form of an age file: RFC 7468's strict layout with the label AGE ENCRYPTED FILE.

White space before and after the block is allowed, and CRLF if every line has it; nothing else, because a second
spelling would be a second file with the same content. Source: c2sp.org/age, "ASCII armor".
"""

import base64
import binascii

from cbt_station.errors import Tampered

_BEGIN = "-----BEGIN AGE ENCRYPTED FILE-----"
_END = "-----END AGE ENCRYPTED FILE-----"
_COLUMNS = 64
_WHITE_SPACE = " \t\r\n"
MOST_CHARACTERS = 256 << 20
"""Armor is for keys and other small things; a package is never armored."""


def armor(data: bytes) -> str:
    """The armored text of an age file, ending in a newline."""
    letters = base64.b64encode(data).decode("ascii")
    lines = [letters[start : start + _COLUMNS] for start in range(0, len(letters), _COLUMNS)]
    return "\n".join([_BEGIN, *lines, _END]) + "\n"


def dearmor(text: str | bytes) -> bytes:
    """The age file in an armored text, or Tampered("age-armor")."""
    if len(text) > MOST_CHARACTERS:
        raise Tampered("age-armor")
    try:
        block = _with_plain_line_ends(text if isinstance(text, str) else text.decode("ascii"))
        data = base64.b64decode("".join(block.split("\n")[1:-1]), validate=True)
    except (UnicodeError, binascii.Error, ValueError) as error:
        raise Tampered("age-armor") from error
    if armor(data) != block + "\n":
        raise Tampered("age-armor")
    return data


def _with_plain_line_ends(text: str) -> str:
    block = text.strip(_WHITE_SPACE)
    if block.count("\r\n") == block.count("\n"):
        return block.replace("\r\n", "\n")
    return block
