"""A session's folder, opened by numbered checks: after them its public files are what the committee signed.

Checks 1 to 6 and 8 are the steps of `verify.session`; what may be missing there and not here is said so.

1. Trust lists 1 … N, each following the one before; list 1 is the one pinned at this station.
2. Exactly one manifest, of exactly the committee's quorum.
3. The files list has the hash that the manifest signs.
4. Every listed file that is here has its size and SHA-256. (Files that this place does not need may be missing.)
5. The package is here, with the size and the opening hash that the manifest signs.
6. The commitments have the hash that the manifest signs.
7. This program is new enough.
8. The draw, if it is here, is the committee's and completes this manifest. Without it nothing starts.

With R (`open_content`):
9. The package opens with R, and is this session's; its share is the one committed to; its pool is the one signed and
   gives a form to everyone.

Absent on purpose: what is done with it, and anything that scores.
"""

import hashlib
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from cbt_station.artefacts import names
from cbt_station.artefacts.draw import DrawNote, check_draw
from cbt_station.artefacts.files import FileEntry, sha256_hex
from cbt_station.artefacts.manifest import Manifest, require_engine
from cbt_station.artefacts.package import Package
from cbt_station.artefacts.pool import Pool, require_agreement, require_drawable
from cbt_station.artefacts.release import require_share
from cbt_station.artefacts.signed import Signed
from cbt_station.errors import Refusal, Tampered, Trouble
from cbt_station.exam.interactions import parts_of
from cbt_station.exam.item import ShownItem, Stimulus
from cbt_station.sealing.age import HybridIdentity, SealedFile
from cbt_station.sealing.body import Mode
from cbt_station.sealing.trust import Trust
from cbt_station.storage.files import disk_troubles, read_bounded
from cbt_station.storage.folder import Folder
from cbt_station.verify.session import (
    check_commitments,
    check_package,
    read_listed,
    read_manifest,
    read_trust,
    session_in,
)

MOST_NOTE = 16 << 20
MOST_LIST = 64 << 20
NEAR_ITEMS = 5
"""The current item and its neighbours."""
_UNLOCK = re.compile(r"unlock-([a-z0-9-]+)\.age")


@dataclass(frozen=True)
class SessionFolder:
    """A folder that passed checks 1 to 7."""

    path: Path
    trust: Trust
    manifest: Signed[Manifest]
    listed: dict[str, FileEntry]
    commitments: frozenset[str]

    @property
    def session(self) -> str:
        return self.manifest.body.session

    @property
    def mode(self) -> Mode:
        return self.manifest.mode

    def read(self, name: str, most: int = MOST_LIST) -> bytes:
        """A listed file's bytes; Trouble("file-missing"), Tampered("file-changed") or ("file-not-listed")."""
        entry = self.listed.get(name)
        if entry is None:
            raise Tampered("file-not-listed", where=name)
        data = read_bounded(self.path / name, most)
        if (len(data), sha256_hex(data)) != (entry.size, entry.sha256):
            raise Tampered("file-changed", where=name)
        return data

    def has(self, name: str) -> bool:
        return name in self.listed and (self.path / name).is_file()

    def draw(self) -> Signed[DrawNote]:
        """Check 8: the draw as it stands in the folder now, or Refusal("draw-missing")."""
        path = self.path / names.draw(self.session)
        if not path.is_file():
            raise Refusal("draw-missing", session=self.session)
        return check_draw(read_bounded(path, MOST_NOTE), self.trust, self.manifest)

    def venues(self) -> tuple[str, ...]:
        """The venues whose unlock files are listed."""
        prefix, listed = f"unlock-{self.session}-", sorted(self.listed)
        return tuple(
            name.removeprefix(prefix).removesuffix(".age")
            for name in listed
            if _UNLOCK.fullmatch(name) and name.startswith(prefix)
        )


@dataclass(frozen=True)
class Content:
    """An opened package: check 9 passed."""

    package: Package
    pool: Pool
    share: bytes
    _file: BinaryIO
    _lock: threading.Lock
    _near: "OrderedDict[str, ShownItem]"
    _kinds: set[str] = field(default_factory=set)

    def item(self, item_id: str) -> ShownItem:
        """An item as shown, decrypted when asked for; it agrees with the pool. Only a few stay in memory."""
        with self._lock:
            if item_id not in self._near:
                self._near[item_id] = self._read_item(item_id)
            self._near.move_to_end(item_id)
            while len(self._near) > NEAR_ITEMS:
                self._near.popitem(last=False)
            return self._near[item_id]

    def _read_item(self, item_id: str) -> ShownItem:
        with disk_troubles(Path(names.package(self.pool.session))):
            item = self.package.item(item_id)
        require_agreement(self.pool, item)
        return item

    def kinds(self) -> frozenset[str]:
        """How the items are answered: the tags of their interactions. Reads them all, once."""
        if not self._kinds:
            items = [self.item(entry.id) for entry in self.pool.items]
            parts = (parts_of(next(iter(item.languages.values())).interaction).values() for item in items)
            self._kinds.update(str(part.__struct_config__.tag) for found in parts for part in found)
        return frozenset(self._kinds)

    def stimulus(self, stimulus_id: str) -> Stimulus:
        with self._lock, disk_troubles(Path(names.package(self.pool.session))):
            return self.package.stimulus(stimulus_id)

    def media(self, name: str) -> bytes:
        with self._lock, disk_troubles(Path(names.package(self.pool.session))):
            return self.package.media(name)

    def close(self) -> None:
        self._file.close()


def open_session(path: Path, *, pinned: str | None, version: str) -> SessionFolder:
    """Checks 1 to 7, and 8 where the draw is here."""
    if not path.is_dir():
        raise Trouble("session-missing", where=str(path))
    with disk_troubles(path):
        files = Folder(path, most=MOST_LIST)
    trust = read_trust(files, pinned)  # 1
    manifest = read_manifest(files, session_in(files), trust)  # 2
    session = manifest.body.session
    for needed in (names.files(session), names.commitments(session), names.package(session)):
        if needed not in files:
            raise Trouble("file-missing", where=needed)
    listed = read_listed(files, manifest)  # 3
    for name in sorted(listed):
        if name in files:
            _require_same(path / name, listed[name])  # 4
    _check_package(path, manifest.body, listed)  # 5
    commitments = check_commitments(files, manifest)  # 6
    require_engine(manifest.body, version)  # 7
    folder = SessionFolder(path, trust, manifest, listed, commitments)
    if names.draw(session) in files:
        folder.draw()  # 8
    return folder


def open_content(folder: SessionFolder, identity: HybridIdentity) -> Content:
    """Check 9. The caller closes it."""
    manifest, path = folder.manifest.body, folder.path / names.package(folder.session)
    if identity.recipient.text != manifest.package_recipient:
        raise Tampered("unlock-foreign")
    with disk_troubles(path):
        file = path.open("rb")
    try:
        package = Package(SealedFile(file, identity, opening=manifest.package_opening))
        if (package.head.session, package.head.mode) != (folder.session, folder.mode):
            raise Tampered("package-of-another-session", session=package.head.session)
        share = require_share(package.head.share, manifest)
        pool = package.pool(manifest.pool)
        if (pool.session, pool.mode, pool.edition) != (folder.session, folder.mode, manifest.edition):
            raise Tampered("package-of-another-session", session=pool.session)
        require_drawable(pool)
    except BaseException:
        file.close()
        raise
    return Content(package, pool, share, file, threading.Lock(), OrderedDict())


def _require_same(path: Path, entry: FileEntry) -> None:
    """Size and SHA-256, in bounded memory."""
    with disk_troubles(path), path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
    if (size, digest) != (entry.size, entry.sha256):
        raise Tampered("file-changed", where=path.name)


def _check_package(path: Path, manifest: Manifest, listed: dict[str, FileEntry]) -> None:
    name = names.package(manifest.session)
    if name not in listed:
        raise Tampered("file-not-listed", where=name)
    with disk_troubles(path / name), (path / name).open("rb") as file:
        check_package(file, manifest)
