"""How the screen looked and spoke to one candidate, kept over a power cut.

Who reads at 200 % on black, or in English, finds the screen like that again. A small file in the station's data folder;
it holds nothing of the exam and decides nothing: whatever is wrong with it, the plain look is good enough.
"""

from pathlib import Path
from typing import Final

from msgspec import Struct

from cbt_station.errors import Failure
from cbt_station.screens.tokens import THEMES
from cbt_station.sealing import strict_json
from cbt_station.storage.files import read_bounded, write_durably

_MOST_BYTES: Final = 4096


class KeptLook(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Theme, text size in percent and the screen's own language, for the candidate with this number."""

    number: str
    theme: str
    zoom: int
    language: str


class LookMemory:
    """The file; without one nothing is kept."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def keep(self, kept: KeptLook) -> None:
        """Write it durably; a disk that fails has more important things to tell than this."""
        if self._file is not None:
            try:
                write_durably(self._file, strict_json.encode(kept))
            except Failure:
                return

    def recall(self, number: str) -> KeptLook | None:
        """What was kept for this number, if it can be read."""
        if self._file is None:
            return None
        try:
            kept = strict_json.decode(read_bounded(self._file, _MOST_BYTES), KeptLook, "look")
        except Failure:
            return None
        return kept if kept.number == number and kept.theme in THEMES else None
