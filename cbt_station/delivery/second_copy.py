"""The second copy of a sitting: an append-only file on another medium, written by other code than the database.

    cbt-station/second-copy/v1 MODE\\n
    frame … frame

    frame  = "CF" | kind (1 byte) | length (4 bytes, big-endian) | body | CRC-32 over all before (4 bytes, big-endian)
    kind H   body = JSON SecondHead, in the clear: admit and start notes, moves to other seats, wraps of venue and committee
    kind C   body = sealed JSON RosterEntry: the candidate
    kind E   body = sealed JSON JournalRecord: an event, its salt, its signed head
    kind S   body = sealed JSON SignedSlot: the clock
    sealed = nonce (12 bytes) | ChaCha20-Poly1305(frame key, additional data: sitting 0x00 kind, number of the frame)
    frame key = HKDF-SHA256(database key, no salt, info "second copy", 32 bytes)

One copy is `SITTING-K.copy`. A frame counts when it is whole and durable; what a cut tore off at the end is cut away at
the next opening. After a failed write a copy is never written again: the next one begins a new file, K + 1, with
everything in it. R is not here: who takes over needs the code again. A sitting that moved to another seat has copies of
each seat, with a key of its own; a seat reads and writes none but its own.
"""

import os
import secrets
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct

from cbt_station.artefacts.handover import Move
from cbt_station.artefacts.journal import JournalRecord
from cbt_station.artefacts.roster import RosterEntry
from cbt_station.delivery.journal import Journal, SignedSlot, check_slot, sitting_keys
from cbt_station.delivery.writer_process import Writer
from cbt_station.errors import Tampered, Trouble
from cbt_station.exam.clock import Reading
from cbt_station.sealing import strict_json
from cbt_station.sealing.body import MODES, Mode
from cbt_station.storage.files import disk_troubles, read_bounded

MOST_COPY = 256 << 20
_MARK = b"CF"
_PREFIX = struct.Struct(">2scI")
_CRC = struct.Struct(">I")
_NONCE = 12
HEAD, CANDIDATE, EVENT, SLOT = b"H", b"C", b"E", b"S"


class SecondHead(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a venue or a committee needs to open a copy that was found; the wraps are age files in base64."""

    mode: Mode
    session: str
    sitting: str
    admit: str
    start: str
    venue_wrap: str
    committee_wrap: str
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True)
class CopyContent:
    """What a copy proves: its whole frames, up to the first that is not whole."""

    head: SecondHead | None
    candidate: RosterEntry | None
    records: tuple[JournalRecord, ...]
    slot: SignedSlot | None
    slot_size: int
    """How many events stood before the slot."""
    frames: int
    good_bytes: int
    slots: dict[int, SignedSlot]
    """The last slot beside each number of events."""


def frame_key(database_key: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"second copy").derive(database_key)


def copies_at(folder: Path, sitting: str) -> tuple[Path, ...]:
    """The copies of a sitting at a place, oldest first, or Trouble("medium-gone")."""
    if not folder.is_dir():
        raise Trouble("medium-gone", where=folder.name)
    with disk_troubles(folder):
        found = [
            (int(number), path)
            for path in folder.glob(f"{sitting}-*.copy")
            if (number := path.stem.removeprefix(f"{sitting}-")).isdecimal()
        ]
    return tuple(path for _, path in sorted(found))


def read_copy(path: Path, sitting: str, mode: Mode, key: bytes) -> CopyContent:
    """Everything that a copy proves. Tampered("second-copy-damaged") where a whole frame does not open."""
    data = read_bounded(path, MOST_COPY)
    first = _first_line(mode)
    head: SecondHead | None = None
    candidate: RosterEntry | None = None
    records: list[JournalRecord] = []
    slot: SignedSlot | None = None
    slots: dict[int, SignedSlot] = {}
    slot_size = frames = 0
    good = len(first) if data.startswith(first) else 0
    if not good and len(data) > len(first):  # the line is written alone: torn, it is all there is
        raise Tampered("second-copy-damaged", where=path.name)
    for kind, body, end in _whole_frames(data, good) if good else ():
        plain = body if kind == HEAD else _open(body, key, sitting, kind, frames, path)
        if kind == HEAD:
            head = strict_json.decode(plain, SecondHead, path.name)
        elif kind == CANDIDATE:
            candidate = strict_json.decode(plain, RosterEntry, path.name)
        elif kind == EVENT:
            records.append(strict_json.decode(plain, JournalRecord, path.name))
        elif kind == SLOT:
            slot, slot_size = strict_json.decode(plain, SignedSlot, path.name), len(records)
            slots[slot_size] = slot
        else:
            raise Tampered("second-copy-damaged", where=path.name)
        frames, good = frames + 1, end
    return CopyContent(head, candidate, tuple(records), slot, slot_size, frames, good, slots)


def read_head(path: Path) -> SecondHead | None:
    """A copy's first frame, for which no key is needed; None where a cut tore it off. Nothing is verified."""
    data = read_bounded(path, MOST_COPY)
    for mode in MODES:
        first = _first_line(mode)
        if data.startswith(first):
            kind, body, _ = next(_whole_frames(data, len(first)), (b"", b"", 0))
            return strict_json.decode(body, SecondHead, path.name) if kind == HEAD else None
        if len(data) <= len(first):  # the line is written alone: torn, it is all there is
            return None
    raise Tampered("second-copy-damaged", where=path.name)


def mark_of(path: Path) -> str:
    """What no other copy has: the nonce of its second frame, hex. Empty where a cut tore that off. Nothing is verified."""
    with disk_troubles(path), path.open("rb") as file:
        file.readline(len(_first_line(max(MODES, key=len))))
        _, kind, length = _read_prefix(file)
        file.seek(length + _CRC.size, os.SEEK_CUR)
        _, after, _ = _read_prefix(file)
        nonce = file.read(_NONCE)
    return nonce.hex() if (kind, after, len(nonce)) == (HEAD, CANDIDATE, _NONCE) else ""


def marks_at(folder: Path, sitting: str) -> tuple[str, ...]:
    """The marks of a sitting's copies at a place, oldest first; Trouble("medium-gone")."""
    return tuple(mark for path in copies_at(folder, sitting) if (mark := mark_of(path)))


def _read_prefix(file: BinaryIO) -> tuple[bytes, bytes, int]:
    read: tuple[bytes, bytes, int] = _PREFIX.unpack(file.read(_PREFIX.size).ljust(_PREFIX.size, b"\x00"))
    return read


class SecondCopy:
    """A copy that is being written. `follow` returns when everything of the journal is durable in it."""

    def __init__(
        self, path: Path, mode: Mode, sitting: str, key: bytes, content: CopyContent | None, writer: Writer
    ) -> None:
        """Go on with a copy that was read (`content`), or begin a new one."""
        self.path, self._writer = path, writer
        self._mode, self._sitting, self._key = mode, sitting, key
        self._frames = content.frames if content else 0
        self._events = len(content.records) if content else 0
        self._slot = content.slot if content else None
        good = content.good_bytes if content else 0
        writer.open(path, good)
        if good == 0:
            writer.append(_first_line(mode))

    @property
    def events(self) -> int:
        """How many events are durable here."""
        return self._events

    def begin(self, head: SecondHead, candidate: RosterEntry) -> None:
        """The first frames, if they are not there yet."""
        if self._frames == 0:
            self._writer.append(_frame(HEAD, strict_json.encode(head)))
            self._frames += 1
        if self._frames == 1:
            self._writer.append(self._sealed_frame(CANDIDATE, strict_json.encode(candidate), 1))
            self._frames += 1

    def follow(self, records: Sequence[JournalRecord], size: int, slot: SignedSlot) -> None:
        """Write what the journal had at `size` events and this copy has not, in one durable write."""
        frames = [(EVENT, strict_json.encode(record)) for record in records[self._events : size]]
        if slot != self._slot:
            frames.append((SLOT, strict_json.encode(slot)))
        if not frames:
            return
        self._writer.append(
            b"".join(
                self._sealed_frame(kind, plain, number)
                for number, (kind, plain) in enumerate(frames, start=self._frames)
            )
        )
        self._frames += len(frames)
        self._slot = slot
        self._events = max(self._events, size)

    def _sealed_frame(self, kind: bytes, plain: bytes, number: int) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        sealed = ChaCha20Poly1305(self._key).encrypt(nonce, plain, _bound_to(self._sitting, kind, number))
        return _frame(kind, nonce + sealed)


def reopen_copy(
    folder: Path, journal: Journal, database_key: bytes, head: SecondHead, writer: Writer
) -> SecondCopy:
    """The newest copy of the journal's sitting at `folder`, whole and caught up; a new one where there is none.

    When this returns, the journal has taken home what the place proved beyond it, and everything is in two places.
    """
    newest = take_home(folder, journal, database_key)
    return _continued(newest, folder, journal, database_key, head, writer)


def continue_copy(
    folder: Path, journal: Journal, database_key: bytes, head: SecondHead, writer: Writer
) -> SecondCopy:
    """The newest copy again, by a journal that knows everything: its writer died, or its database failed."""
    newest = own_copies(folder, journal)[-1:]
    read = [(path, _content(path, journal, database_key)) for path in newest]
    return _continued(read[0] if read else None, folder, journal, database_key, head, writer)


def take_home(folder: Path, journal: Journal, database_key: bytes) -> tuple[Path, CopyContent] | None:
    """Let the journal adopt what the place proves beyond it (its own disk lost it, or failed); the newest copy.

    A copy that was cut off while it was begun counts for nothing: what was acknowledged is in the one before it. Where
    the newest that counts is of another journal, that is evidence: Tampered("second-copy-differs"). Those before it may
    hold what was being written when they failed, and are adopted where they go on from the journal.
    """
    copies = [(path, _content(path, journal, database_key)) for path in own_copies(folder, journal)]
    counting = [(path, content) for path, content in copies if content.slot is not None]
    for number, (path, content) in enumerate(reversed(counting)):
        common = min(len(journal.records), len(content.records))
        if content.records[:common] == tuple(journal.records[:common]):
            _adopt(journal, content)
        elif number == 0:
            raise Tampered("second-copy-differs", where=path.name)
    return copies[-1] if copies else None


def _content(path: Path, journal: Journal, database_key: bytes) -> CopyContent:
    return read_copy(path, journal.facts.sitting, journal.facts.mode, frame_key(database_key))


def _continued(
    newest: tuple[Path, CopyContent] | None,
    folder: Path,
    journal: Journal,
    database_key: bytes,
    head: SecondHead,
    writer: Writer,
) -> SecondCopy:
    """Go on in that copy, or begin one where it holds anything that the journal does not."""
    if newest is None or newest[1].records != tuple(journal.records[: len(newest[1].records)]):
        return begin_copy(folder, journal, database_key, head, writer)
    facts, (path, content) = journal.facts, newest
    key = frame_key(database_key)
    return _caught_up(SecondCopy(path, facts.mode, facts.sitting, key, content, writer), journal, head)


def own_copies(folder: Path, journal: Journal) -> tuple[Path, ...]:
    """The copies that this seat of the sitting wrote, oldest first."""
    facts = journal.facts
    heads = ((path, read_head(path)) for path in copies_at(folder, facts.sitting))
    return tuple(path for path, head in heads if head is not None and len(head.moves) == len(facts.moves))


def begin_copy(
    folder: Path, journal: Journal, database_key: bytes, head: SecondHead, writer: Writer
) -> SecondCopy:
    """A new copy with everything in it: the first, or the next after one whose writing failed."""
    facts, paths = journal.facts, copies_at(folder, journal.facts.sitting)
    number = int(paths[-1].stem.rpartition("-")[2]) + 1 if paths else 1
    path = folder / f"{facts.sitting}-{number}.copy"
    copy = SecondCopy(path, facts.mode, facts.sitting, frame_key(database_key), None, writer)
    return _caught_up(copy, journal, head)


def _caught_up(copy: SecondCopy, journal: Journal, head: SecondHead) -> SecondCopy:
    size, slot = journal.kept_together()
    copy.begin(head, journal.facts.candidate)
    copy.follow(journal.records, size, slot)
    return copy


def proven_events(folder: Path, journal: Journal, database_key: bytes) -> int:
    """How many of the journal's events the second place proves now; 0 where it is not there."""
    best = 0
    for path in own_copies(folder, journal) if folder.is_dir() else ():
        content = _content(path, journal, database_key)
        told = content.records[: content.slot_size]  # what stands after its last slot never counted
        same = sum(1 for ours, theirs in zip(journal.records, told, strict=False) if ours == theirs)
        best = max(best, same if same == min(len(journal.records), len(told)) else 0)
    return best


def last_reading(folder: Path, journal: Journal, database_key: bytes) -> Reading:
    """Up to when the copies of this seat go; the journal's own reading where none of them holds one."""
    facts = journal.facts
    for path in reversed(own_copies(folder, journal)):
        content = _content(path, journal, database_key)
        if content.slot is not None:
            return check_slot(content.slot, facts.sitting, content.slot_size, sitting_keys(facts).newest).at
    return journal.clock.at


def read_on(folder: Path, journal: Journal, database_key: bytes) -> None:
    """Where the place proves more than the journal, the journal in memory goes on with that: for whoever only looks."""
    for path in reversed(own_copies(folder, journal) if folder.is_dir() else ()):
        content, here = _content(path, journal, database_key), len(journal.records)
        if content.records[:here] == tuple(journal.records) and (slot := _slot_beyond(journal, content)):
            journal.read_on(content.records[here : content.slot_size], slot)


def _adopt(journal: Journal, content: CopyContent) -> None:
    if slot := _slot_beyond(journal, content):
        # Events without the slot that was written with them were torn off before they counted.
        journal.adopt(content.records[len(journal.records) : content.slot_size], slot)


def _slot_beyond(journal: Journal, content: CopyContent) -> SignedSlot | None:
    """The copy's slot, where it stands beside more events than the journal has, or beside as many and more used time."""
    here, facts, slot = len(journal.records), journal.facts, content.slot
    if slot is None or content.slot_size < here or slot == journal.slot:
        return None
    if content.slot_size > here:
        return slot
    clock = check_slot(slot, facts.sitting, here, sitting_keys(facts).newest)
    return slot if clock.consumed_ms > journal.clock.consumed_ms else None


def _first_line(mode: Mode) -> bytes:
    return f"cbt-station/second-copy/v1 {mode}\n".encode()


def _frame(kind: bytes, body: bytes) -> bytes:
    data = _PREFIX.pack(_MARK, kind, len(body)) + body
    return data + _CRC.pack(zlib.crc32(data))


def _whole_frames(data: bytes, start: int) -> Iterator[tuple[bytes, bytes, int]]:
    """Kind, body and end of each frame until one is torn."""
    while start + _PREFIX.size <= len(data):
        mark, kind, length = _PREFIX.unpack_from(data, start)
        body_end = start + _PREFIX.size + length
        if mark != _MARK or body_end + _CRC.size > len(data):
            return
        if _CRC.unpack_from(data, body_end)[0] != zlib.crc32(data[start:body_end]):
            return
        yield kind, data[start + _PREFIX.size : body_end], body_end + _CRC.size
        start = body_end + _CRC.size


def _open(body: bytes, key: bytes, sitting: str, kind: bytes, number: int, path: Path) -> bytes:
    try:
        return ChaCha20Poly1305(key).decrypt(body[:_NONCE], body[_NONCE:], _bound_to(sitting, kind, number))
    except (InvalidTag, ValueError) as error:
        raise Tampered("second-copy-damaged", where=path.name) from error


def _bound_to(sitting: str, kind: bytes, number: int) -> bytes:
    return sitting.encode() + b"\x00" + kind + number.to_bytes(8, "big")
