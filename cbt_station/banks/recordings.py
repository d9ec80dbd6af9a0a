"""Recordings of a bank: bounded in bytes, and of the kind that their name says. They are not decoded here.

The bytes travel as their author wrote them; the station decodes them in a bounded way of its own.
"""

import re
from dataclasses import dataclass
from typing import Final

from cbt_station.banks.faults import Faulty

MOST_BYTES: Final = 16 << 20
"""A quarter of an hour of speech as MP3."""
RECORDING: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\.(ogg|mp3|wav|flac)")


@dataclass(frozen=True)
class Recording:
    """A checked recording."""

    data: bytes


def check_recording(name: str, data: bytes) -> Recording:
    """The recording in `data`, whose kind is told by its name. Raises Faulty("recording-kind")."""
    kind = name.rpartition(".")[2]
    if recording_kind(data) != kind:
        raise Faulty("recording-kind", expected=kind.upper())
    return Recording(data)


def recording_kind(data: bytes) -> str | None:
    """`mp3`, `ogg`, `wav` or `flac`, told by the first bytes."""
    if data[:3] == b"ID3" or (len(data) > 2 and data[0] == 0xFF and data[1] & 0xE6 in (0xE2, 0xE4, 0xE6)):
        return "mp3"
    if data[:4] == b"RIFF":
        return "wav" if data[8:12] == b"WAVE" else None
    return {b"OggS": "ogg", b"fLaC": "flac"}.get(data[:4])
