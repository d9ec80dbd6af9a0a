"""The tree of notes, sealed results and proofs: what its files may be called, and in which order they travel.

    notes/KIND-ID.note           ID: SHA-256 of the signed text
    sealed/SHA256.result.age
    proofs/ID.tlog-proof
    quarantine/KIND-ID.SHA256.note   a twin, kept apart: SHA256 of its bytes
    quarantine/SHA256.SHA256.age     what lay under a sealed file's name and was not it

One layout for a stick, a folder, an upload and the centre. Names from elsewhere are strict: whatever has another
shape, or is a link, is a stranger: it is named, never followed and never copied. Files travel in `ORDER`, sealed
before notes, so that no note arrives whose sealed file is missing, and a note after those that it cites.
Sizes are bytes.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.artefacts.files import sha256_hex
from cbt_station.errors import Refusal, Tampered, Trouble
from cbt_station.sealing import proof as tlog_proof
from cbt_station.sealing.body import kind_and_mode
from cbt_station.sealing.notes import parse_note
from cbt_station.sealing.trust import MOST_BYTES as MOST_TRUST_BYTES
from cbt_station.storage.files import disk_troubles, read_bounded

QUARANTINE = "quarantine"
KINDS = (
    "trust",
    "exam",
    "draw",
    "release",
    "reveal",
    "admit",
    "start",
    "handover",
    "act",
    "result",
    "aborted",
    "closing",
    "decision",
    "score",
)
"""Every kind of note, each after those that it cites."""
MOST_NOTE = 1 << 20
MOST_SEALED = 64 << 20
MOST_PROOF = 1 << 20
_ID = "[0-9a-f]{64}"
_KIND = "|".join(KINDS)
_SHAPES = (
    (names.SEALED, re.compile(rf"sealed/(?P<id>{_ID})\.result\.age")),
    (names.NOTES, re.compile(rf"notes/(?P<kind>{_KIND})-(?P<id>{_ID})\.note")),
    (names.PROOFS, re.compile(rf"proofs/(?P<id>{_ID})\.tlog-proof")),
    (QUARANTINE, re.compile(rf"quarantine/(?P<kind>{_KIND})-(?P<id>{_ID})\.(?P<bytes>{_ID})\.note")),
    (QUARANTINE, re.compile(rf"quarantine/(?P<id>{_ID})\.(?P<bytes>{_ID})\.age")),
)
ORDER = (names.SEALED, names.NOTES, QUARANTINE, names.PROOFS)


class Entry(Struct, frozen=True):
    """One file by its name in the tree. `kind` is empty but for notes; `sha256` stands in a quarantined name."""

    name: str
    place: str
    id: str
    kind: str = ""
    sha256: str = ""


class Listing(Struct, frozen=True):
    """A tree's files in the order in which they travel, and the names of what does not belong in it."""

    entries: tuple[Entry, ...]
    strangers: tuple[str, ...]

    def at(self, place: str) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.place == place)


def read_name(name: str) -> Entry:
    """What a name of the tree says, or Refusal("name-malformed")."""
    for place, shape in _SHAPES:
        if found := shape.fullmatch(name):
            parts = found.groupdict()
            return Entry(name, place, parts["id"], parts.get("kind") or "", parts.get("bytes") or "")
    raise Refusal("name-malformed", where="tree", name=name[:120])


def quarantine_name(entry: Entry, data: bytes) -> str:
    """Where a file is kept that may not stand under its own name: its bytes are in the name, so two never meet."""
    if entry.place == names.SEALED:
        return f"{QUARANTINE}/{entry.id}.{sha256_hex(data)}.age"
    return f"{QUARANTINE}/{entry.kind}-{entry.id}.{sha256_hex(data)}.note"


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """As they travel."""
    return tuple(sorted(entries, key=_turn))


def list_tree(root: Path) -> Listing:
    """The files of the tree at `root`; nothing is read but folders. Trouble("folder-missing") where there is none."""
    if not root.is_dir():
        raise Trouble("folder-missing", where=str(root))
    entries, strangers = [], []
    for place in ORDER:
        folder = root / place
        with disk_troubles(folder):
            if folder.is_symlink():
                strangers.append(place)
            elif folder.is_dir():
                good, bad = _list_folder(folder, place)
                entries += good
                strangers += bad
    return Listing(in_order(entries), tuple(sorted(strangers)))


def read_entry(root: Path, entry: Entry) -> bytes:
    """The bytes of a file of the tree, which are what its name says, else Tampered("name-differs")."""
    data = read_bounded(root / entry.name, most_bytes(entry))
    require_named(entry, data)
    return data


def require_named(entry: Entry, data: bytes) -> None:
    """Raise Tampered("name-differs") unless the bytes are what the name says; signatures are not looked at."""
    if len(data) > most_bytes(entry):
        raise Tampered("file-too-large", where=entry.name, most=most_bytes(entry))
    if entry.place == names.PROOFS:
        tlog_proof.parse(data)
        return
    if entry.sha256:
        same = sha256_hex(data) == entry.sha256
    elif entry.place == names.SEALED:
        same = sha256_hex(data) == entry.id
    else:
        note = parse_note(data, most_bytes=most_bytes(entry))
        same = (kind_and_mode(note.text)[0], note.id) == (entry.kind, entry.id)
    if not same:
        raise Tampered("name-differs", where=entry.name)


def most_bytes(entry: Entry) -> int:
    """The most that a file of this name may have."""
    if entry.place == names.SEALED or (entry.place == QUARANTINE and not entry.kind):
        return MOST_SEALED
    if entry.place == names.PROOFS:
        return MOST_PROOF
    return MOST_TRUST_BYTES if entry.kind == "trust" else MOST_NOTE


def _turn(entry: Entry) -> tuple[int, int, str]:
    return ORDER.index(entry.place), KINDS.index(entry.kind) if entry.kind else 0, entry.name


def _list_folder(folder: Path, place: str) -> tuple[list[Entry], list[str]]:
    good, bad = [], []
    with os.scandir(folder) as found:
        for one in found:
            name = f"{place}/{one.name}"
            if one.name.startswith("."):
                continue  # being written, or the system's own
            try:
                entry = read_name(name)
            except Refusal:
                bad.append(name)
                continue
            if one.is_file(follow_symlinks=False):
                good.append(entry)
            else:
                bad.append(name)
    return good, bad
