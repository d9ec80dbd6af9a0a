"""What the workshop remembers of itself on this machine: recent banks, the person's name, texts that were not saved.

Small files in the program's own state folder, never in a bank. They decide nothing, and whatever is wrong with them or
their disk, the workshop opens without.
"""

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from msgspec import Struct

from cbt_station.banks.workshop.rows import What
from cbt_station.errors import Failure
from cbt_station.sealing import strict_json
from cbt_station.storage.files import make_folder, read_bounded, write_durably

_MOST_BYTES: Final = 1 << 20
_MOST_RECENT: Final = 8
_RECENT: Final = "recent.json"


class Unsaved(Struct, frozen=True, forbid_unknown_fields=True):
    """A text as it stood in the editor; `is_new` has no file in the bank yet."""

    name: str
    what: What
    text: str
    is_new: bool


class Recent(Struct, frozen=True, forbid_unknown_fields=True):
    """The banks that were opened, the last one first, and who opened it."""

    by: str = ""
    banks: tuple[str, ...] = ()


def state_folder() -> Path:
    """Where programs of this person keep what they remember (the XDG base directories)."""
    given = os.environ.get("XDG_STATE_HOME", "")
    return (Path(given) if given else Path.home() / ".local" / "state") / "cbt-station" / "workshop"


class Memory:
    """The folder; without one nothing is remembered."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    @property
    def recent(self) -> Recent:
        if self._folder is None:
            return Recent()
        try:
            return strict_json.decode(read_bounded(self._folder / _RECENT, _MOST_BYTES), Recent, "recent")
        except Failure:
            return Recent()

    def remember(self, bank: Path, by: str) -> None:
        """A bank was opened."""
        others = [other for other in self.recent.banks if other != str(bank.absolute())]
        recent = Recent(by, (str(bank.absolute()), *others)[:_MOST_RECENT])
        self._write(_RECENT, strict_json.encode(recent))

    def keep_unsaved(self, bank: Path, unsaved: Unsaved) -> None:
        self._write(_file(bank, unsaved.name, unsaved.what), strict_json.encode(unsaved))

    def drop_unsaved(self, bank: Path, name: str, what: What) -> None:
        if self._folder is not None:
            with suppress(OSError):
                (self._folder / _file(bank, name, what)).unlink(missing_ok=True)

    def unsaved_of(self, bank: Path, name: str, what: What) -> Unsaved | None:
        """What was typed and not saved of a text."""
        return None if self._folder is None else self._read(self._folder / _file(bank, name, what))

    def first_unsaved(self, bank: Path) -> Unsaved | None:
        """Any text of a bank that was not saved."""
        if self._folder is None:
            return None
        with suppress(OSError):
            for path in sorted((self._folder / _of(bank)).glob("*.json")):
                found = self._read(path)
                if found is not None:
                    return found
        return None

    def _read(self, path: Path) -> Unsaved | None:
        if not path.is_file():
            return None
        try:
            return strict_json.decode(read_bounded(path, _MOST_BYTES), Unsaved, "unsaved")
        except Failure:
            return None

    def _write(self, name: str, data: bytes) -> None:
        if self._folder is None:
            return
        with suppress(Failure):
            make_folder((self._folder / name).parent)
            write_durably(self._folder / name, data, private=True)


def _of(bank: Path) -> str:
    return sha256(str(bank.absolute()).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _file(bank: Path, name: str, what: What) -> str:
    return f"{_of(bank)}/{what}-{sha256(name.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}.json"
