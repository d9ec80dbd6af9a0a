"""ZIP archives that office programs write: what a library is to open is first read here, and it gets only that.

What an archive says of itself (sizes, names, which list of entries counts) is read differently by different libraries,
and a file's ending says nothing at all. So an archive is never handed on as it came: `copied` makes another one of the
parts that were read and found good. Sizes are in bytes.
"""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, Final, TypeAlias

DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,  # an unknown compression
    OverflowError,  # a place beyond what a machine can count to
    ValueError,
    struct.error,
)
"""What `zipfile` raises for an archive that cannot be read, beside OSError (which is a disk's too, if it lies on one)."""

ENCRYPTED: Final = 1
"""The flag of an entry that has a password."""
Copy: TypeAlias = Callable[[str, IO[bytes], IO[bytes]], None]
"""Reads a part by its name from a stream and writes to another one what is to be there instead."""


class NotZip(Exception):
    """The bytes are no archive that can be read; `part` is where, as far as one came."""

    def __init__(self, part: str, problem: str) -> None:
        super().__init__(problem)
        self.part, self.problem = part[:80], problem


class TooMuch(Exception):
    """The archive holds more parts, or unpacks to more, than its reader takes."""


def copied(data: bytes, most: int, most_parts: int, copy: Copy) -> bytes:
    """An archive of what `copy` makes of each part. Raises NotZip, TooMuch, and what `copy` raises."""
    target, part = io.BytesIO(), ""
    try:
        with (
            zipfile.ZipFile(io.BytesIO(data)) as book,
            zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out,
        ):
            entries = {entry.filename: entry for entry in book.infolist()}
            if len(entries) != len(book.infolist()):
                raise NotZip("", "twice")
            if len(entries) > most_parts or sum(entry.file_size for entry in entries.values()) > most:
                raise TooMuch
            for part, entry in entries.items():
                if entry.flag_bits & ENCRYPTED:
                    raise NotZip(part, "encrypted")
                with book.open(entry) as stream, out.open(part, "w") as made:
                    copy(part, stream, made)
    except (*DAMAGED, OSError) as error:
        raise NotZip(part, type(error).__name__) from error
    return target.getvalue()
