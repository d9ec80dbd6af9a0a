"""What stays on a station between sittings: its lock, its keys, the pinned trust, its admission, the wait after a wrong code.

    lock                 held while a program uses the folder
    format               the number of this layout
    pinned               id of the first trust list that this station saw
    station-VENUE.key    the station's signing key and age identity (readable by its user only)
    admit-SESSION.note   its admission to a session
    wait.json            wrong codes so far, and until when the next one waits
    reserve              disk space that only a running sitting may use
    second-place         the path of the second place that was last used here
    sittings/ID/         one folder a sitting (`sitting_folder`)
    tree/                what leaves the station: notes/, sealed/

Without a TPM the station's key is as safe as the disk it lies on; the docs say so.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from msgspec import Struct

from cbt_station.errors import Refusal, Tampered, Trouble
from cbt_station.exam.clock import Reading
from cbt_station.sealing import strict_json
from cbt_station.sealing.age import HybridIdentity
from cbt_station.sealing.notes import SigningKey
from cbt_station.storage.files import (
    make_folder,
    read_bounded,
    remove_durably,
    sync_folder,
    write_durably,
)
from cbt_station.storage.folder_lock import FolderLock

FORMAT = 1
MOST_SMALL = 1 << 20
LONGEST_WAIT_MS = 300_000
_PATIENCE_S: Final = 1.0
"""A window killed while it starts its second copy's writer leaves one that holds the lock for some milliseconds more."""


@dataclass(frozen=True)
class StationKeys:
    """A station's own keys: one signs, the other opens what is wrapped to it."""

    signing: SigningKey
    identity: HybridIdentity


class CodeWait(Struct, frozen=True, forbid_unknown_fields=True):
    """Wrong codes so far; the next may be tried at `until_ms` of boot `boot`."""

    wrong: int
    boot: str
    until_ms: int


class StationStore:
    """A station's data folder, held by this program until `close`."""

    def __init__(self, path: Path) -> None:
        """Trouble("data-folder-in-use"), or Refusal("data-too-new") where a later program wrote it."""
        self.path = path
        make_folder(path)
        self._lock = FolderLock(path, _PATIENCE_S)
        try:
            self._require_format()
            make_folder(self.sittings)
            self._settle()
        except BaseException:
            self._lock.release()
            raise

    @property
    def sittings(self) -> Path:
        return self.path / "sittings"

    @property
    def tree(self) -> Path:
        return self.path / "tree"

    @property
    def reserve(self) -> Path:
        return self.path / "reserve"

    def close(self) -> None:
        self._lock.release()

    def _settle(self) -> None:
        """Make names sure that a killed program left without a sync, before anything is built on them."""
        try:
            sync_folder(self.path.parent)
        except Trouble as trouble:  # a folder that we may not read is not ours to make
            if trouble.code != "disk-read-only":
                raise
        sync_folder(self.path)
        sync_folder(self.sittings)

    def pinned(self) -> str | None:
        """The first trust list that this station believes, once it has seen one."""
        path = self.path / "pinned"
        return read_bounded(path, 100).decode("ascii", "replace").strip() if path.is_file() else None

    def pin(self, trust_id: str) -> None:
        if self.pinned() is None:
            write_durably(self.path / "pinned", f"{trust_id}\n".encode())

    def keys(self, venue: str) -> StationKeys:
        """The station's keys at a venue, made on first use."""
        path = self._key_path(venue)
        if not path.is_file():
            signing = SigningKey.generate(f"station/{venue}/{secrets.token_hex(4)}")
            text = f"{signing.text}\n{HybridIdentity.generate().text}\n"
            write_durably(path, text.encode(), private=True)
        return self.existing_keys(venue)

    def existing_keys(self, venue: str) -> StationKeys:
        """Trouble("file-missing") if there are none."""
        path = self._key_path(venue)
        try:
            signing, identity = read_bounded(path, MOST_SMALL).decode("ascii").splitlines()
            return StationKeys(SigningKey.parse(signing), HybridIdentity.parse(identity))
        except (ValueError, Refusal) as error:  # ValueError: not ASCII, or not two lines
            raise Tampered("malformed", where=path.name) from error

    def admission(self, session: str) -> bytes | None:
        path = self.path / f"admit-{session}.note"
        return read_bounded(path, MOST_SMALL) if path.is_file() else None

    def keep_admission(self, session: str, note: bytes) -> None:
        write_durably(self.path / f"admit-{session}.note", note)

    def remember_second(self, path: Path) -> None:
        """So that `recover` can prove what lies there."""
        place = path.absolute()  # not resolved: a link to itself is a place that cannot be reached, no more
        if self.second_place() != place:
            write_durably(self.path / "second-place", os.fsencode(place) + b"\n")

    def second_place(self) -> Path | None:
        path = self.path / "second-place"
        if not path.is_file():
            return None
        return Path(os.fsdecode(read_bounded(path, MOST_SMALL).removesuffix(b"\n")))

    # --- the wait after wrong codes -----------------------------------------------------------------------------

    def require_no_wait(self, now: Reading) -> None:
        """Raise Refusal("code-wait") while it lasts. After a restart of the machine it begins anew."""
        wait = self._wait()
        if wait is None or wait.wrong == 0:
            return
        if wait.boot != now.boot:
            wait = self._keep_wait(wait.wrong, now)
        if now.mono_ms < wait.until_ms:
            wait_ms = wait.until_ms - now.mono_ms
            raise Refusal("code-wait", wait_ms=wait_ms, wait_s=-(-wait_ms // 1000))

    def count_attempt(self, now: Reading) -> int:
        """Count a code as wrong *before* it is tried, so that pulling the plug gives no free guess. The next wait, ms."""
        before = self._wait()
        wait = self._keep_wait((before.wrong if before else 0) + 1, now)
        return wait.until_ms - now.mono_ms

    def forget_wait(self) -> None:
        remove_durably(self._wait_path)

    def _wait(self) -> CodeWait | None:
        if not self._wait_path.is_file():
            return None
        return strict_json.decode(read_bounded(self._wait_path, 1000), CodeWait, self._wait_path.name)

    def _keep_wait(self, wrong: int, now: Reading) -> CodeWait:
        """1 s, 2 s, 4 s … up to five minutes."""
        length_ms = min(1000 << min(wrong - 1, 20), LONGEST_WAIT_MS)
        wait = CodeWait(wrong, now.boot, now.mono_ms + length_ms)
        write_durably(self._wait_path, strict_json.encode(wait))
        return wait

    @property
    def _wait_path(self) -> Path:
        return self.path / "wait.json"

    def _key_path(self, venue: str) -> Path:
        return self.path / f"station-{venue}.key"

    def _require_format(self) -> None:
        path = self.path / "format"
        if not path.is_file():
            write_durably(path, f"cbt-station/data/v{FORMAT}\n".encode())
            return
        text = read_bounded(path, 100).decode("ascii", "replace").strip()
        number = text.removeprefix("cbt-station/data/v")
        if text == number or not number.isdecimal():
            raise Tampered("malformed", where=path.name)
        if int(number) > FORMAT:
            raise Refusal("data-too-new", where=path.name, found=int(number), known=FORMAT)
