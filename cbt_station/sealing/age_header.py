"""The head of an age file: its version line, one stanza a recipient, and the MAC over all of it.

Reads from a stream, line by line, and never more than MOST_HEADER_BYTES or MOST_STANZAS, whatever the file claims.
What a stanza means is `age_recipients`' business. A failure is Tampered("age-header") with the place in it.
Source: c2sp.org/age, "Header".
"""

import base64
import binascii
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cbt_station.errors import Tampered

MOST_STANZAS = 1024
"""Each stanza costs a try of 0.1 ms (hybrid), each file is for one venue or one committee: a thousand is ample."""
MOST_HEADER_BYTES = 2 << 20
"""1024 hybrid stanzas take 1.6 MB."""
FILE_KEY_BYTES = 16

_VERSION = b"age-encryption.org/v1"
_COLUMNS = 64
_ARGUMENTS = re.compile(rb"-> [!-~]+(?: [!-~]+)*")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]*")
_MAC_LINE = re.compile(rb"--- ([A-Za-z0-9+/]{43})")


@dataclass(frozen=True)
class Stanza:
    """The file key, wrapped for one recipient."""

    kind: str
    arguments: tuple[str, ...]
    body: bytes


@dataclass(frozen=True)
class Header:
    """A head as it was read: `raw` is all of it, with the newline after the MAC."""

    stanzas: tuple[Stanza, ...]
    mac: bytes
    raw: bytes

    def require_mac(self, file_key: bytes) -> None:
        """Raise Tampered("age-mac") unless who wrote the head knew the file key."""
        macced = self.raw[: self.raw.rindex(b"--- ") + 3]
        if not hmac.compare_digest(_mac(macced, file_key), self.mac):
            raise Tampered("age-mac")


def write_header(stanzas: Sequence[Stanza], file_key: bytes) -> bytes:
    """The bytes of a head."""
    macced = _VERSION + b"\n" + b"".join(_stanza_bytes(stanza) for stanza in stanzas) + b"---"
    return macced + b" " + to_base64(_mac(macced, file_key)).encode("ascii") + b"\n"


def read_header(file: BinaryIO) -> Header:
    """The head that begins where the stream stands; leaves the stream behind the head."""
    lines = _Lines(file)
    if lines.take("version line") != _VERSION:
        raise Tampered("age-header", where="version line")
    stanzas: list[Stanza] = []
    while not (line := lines.take("stanza")).startswith(b"---"):
        if len(stanzas) == MOST_STANZAS:
            raise Tampered("age-header", where=f"stanza {MOST_STANZAS + 1}", most_stanzas=MOST_STANZAS)
        stanzas.append(_read_stanza(line, lines, f"stanza {len(stanzas) + 1}"))
    mac_line = _MAC_LINE.fullmatch(line)
    if mac_line is None or not stanzas:
        raise Tampered("age-header", where="MAC line")
    _require_scrypt_alone(stanzas)
    return Header(tuple(stanzas), from_base64(mac_line[1], "MAC line"), bytes(lines.raw))


def to_base64(data: bytes) -> str:
    """Base64 without padding, age's spelling inside the head."""
    return base64.b64encode(data).decode("ascii").rstrip("=")


def from_base64(letters: bytes, where: str) -> bytes:
    """What canonical base64 without padding stands for."""
    try:
        data = base64.b64decode(letters + b"=" * (-len(letters) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Tampered("age-header", where=where) from error
    # Refuses set bits behind the last byte and padding that was written out.
    if to_base64(data).encode("ascii") != letters:
        raise Tampered("age-header", where=where)
    return data


class _Lines:
    """The lines of a head, within its bound; `raw` collects what was read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.raw = bytearray()

    def take(self, where: str) -> bytes:
        line = self._file.readline(MOST_HEADER_BYTES + 1 - len(self.raw))
        self.raw += line
        if not line.endswith(b"\n") or len(self.raw) > MOST_HEADER_BYTES:
            raise Tampered("age-header", where=where)
        return line[:-1]


def _read_stanza(line: bytes, lines: _Lines, where: str) -> Stanza:
    if not _ARGUMENTS.fullmatch(line):
        raise Tampered("age-header", where=where)
    kind, *arguments = line.decode("ascii").split(" ")[1:]
    body = bytearray()
    while True:
        part = lines.take(where)
        if len(part) > _COLUMNS or not _BASE64.fullmatch(part):
            raise Tampered("age-header", where=where)
        body += part
        if len(part) < _COLUMNS:  # the last line is always a short one, if only an empty one
            return Stanza(kind, tuple(arguments), from_base64(bytes(body), where))


def _require_scrypt_alone(stanzas: Sequence[Stanza]) -> None:
    """A passphrase says who wrote the file only if nobody else could have opened it."""
    if len(stanzas) > 1 and any(stanza.kind == "scrypt" for stanza in stanzas):
        raise Tampered("age-header", where="scrypt stanza beside another")


def _stanza_bytes(stanza: Stanza) -> bytes:
    body = to_base64(stanza.body)
    # A body of whole lines is followed by an empty one.
    rows = [body[start : start + _COLUMNS] for start in range(0, len(body) + 1, _COLUMNS)]
    return "\n".join([" ".join(["->", stanza.kind, *stanza.arguments]), *rows, ""]).encode("ascii")


def _mac(macced: bytes, file_key: bytes) -> bytes:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"header").derive(file_key)
    return hmac.digest(key, macced, "sha256")
