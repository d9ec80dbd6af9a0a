"""A sitting read from its second copy alone, with the venue's key: the station that wrote it may be gone.

1. Copies of the sitting whose first frame is whole; of the newest seat that left one, the copy that proves most. Two
   copies of one seat that tell different histories are evidence: Tampered, and nothing is merged.
2. Every move that the place knows, from the copies' first frames and from the notes beside them.
3. What a seat wrote after it was left is not followed: the journal ends where the last move says. A copy that holds less
   is an older one: Refusal("copy-stale").
4. Every line, the chain, each seat's last head and the clock's slot are checked against the sitting's keys.

Whether start, admissions and moves are signed by whom they must be, `require_signed` says: that needs a trust list.
Events whose slot was torn off never counted. Nothing is written here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cbt_station.artefacts import names
from cbt_station.artefacts.admit import AdmitNote, check_admit
from cbt_station.artefacts.files import sha256_hex
from cbt_station.artefacts.handover import HandoverNote, Move, Seat, check_moves, seat_keys
from cbt_station.artefacts.journal import Head, JournalRecord, check_journal
from cbt_station.artefacts.roster import RosterEntry
from cbt_station.artefacts.signed import Signed, as_text, read
from cbt_station.artefacts.start import StartNote, check_start
from cbt_station.delivery.journal import check_slot
from cbt_station.delivery.second_copy import (
    MOST_COPY,
    CopyContent,
    SecondHead,
    copies_at,
    frame_key,
    read_copy,
    read_head,
)
from cbt_station.errors import Refusal, Tampered, Trouble
from cbt_station.exam.clock import ExamClock
from cbt_station.exam.events import Event
from cbt_station.exam.sitting import SittingState, fold
from cbt_station.sealing.age import HybridIdentity, decrypt
from cbt_station.sealing.notes import unbase64
from cbt_station.sealing.trust import Trust
from cbt_station.storage.encrypted import KEY_BYTES
from cbt_station.storage.files import disk_troubles, read_bounded

MOST_NOTE = 1 << 20


@dataclass(frozen=True)
class FoundSitting:
    """What a place proves of a sitting. `moves`: all that are known; `copies`: what was read, by name and SHA-256."""

    head: SecondHead
    moves: tuple[Move, ...]
    candidate: RosterEntry
    records: tuple[JournalRecord, ...]
    events: tuple[Event, ...]
    state: SittingState
    clock: ExamClock
    tree: Head
    copies: dict[str, str]

    @property
    def start(self) -> Signed[StartNote]:
        """Signatures NOT checked."""
        return read(self.head.start.encode(), StartNote)


@dataclass(frozen=True)
class SignedSeats:
    """Who may speak for a found sitting, checked against the trust list."""

    admit: Signed[AdmitNote]
    start: Signed[StartNote]
    seats: tuple[Seat, ...]


def sittings_at(place: Path) -> tuple[str, ...]:
    """The sittings that have copies at a place, by their ids; Trouble("medium-gone") where it is not there."""
    if not place.is_dir():
        raise Trouble("medium-gone", where=place.name)
    with disk_troubles(place):
        found = {path.stem.rpartition("-")[0] for path in place.glob("*-*.copy")}
    return tuple(sorted(found - {""}))


def find_sitting(place: Path, sitting: str, venue: HybridIdentity) -> FoundSitting:
    """Steps 1 to 4. Trouble("copy-missing"), ("copy-unusable"); Refusal("venue-key-wrong"), ("copy-stale")."""
    heads = [(path, head) for path in copies_at(place, sitting) if (head := read_head(path)) is not None]
    if not heads:
        raise Trouble("copy-missing", where=place.name)
    head, content = _newest(heads, venue)  # 1
    moves = moves_at(place, sitting, [one for _, one in heads])  # 2
    if head.moves != moves[: len(head.moves)] or content.candidate is None:
        raise Tampered("handovers-differ", sitting=sitting)
    bodies = [read(move.handover.encode(), HandoverNote).body for move in moves]
    size = _size(content, bodies[len(head.moves) :])  # 3
    records = content.records[:size]
    start = read(head.start.encode(), StartNote).body
    events, tree = check_journal(records, head.mode, sitting, seat_keys(start, bodies))  # 4
    own = seat_keys(start, bodies[: len(head.moves)]).newest
    clock = check_slot(content.slots[size], sitting, size, own)
    copies = {path.name: sha256_hex(read_bounded(path, MOST_COPY)) for path, _ in heads}
    return FoundSitting(head, moves, content.candidate, records, events, fold(events), clock, tree, copies)


def require_signed(found: FoundSitting, trust: Trust) -> SignedSeats:
    """Start, admissions and moves are signed by whom they must be, and the journal begins with that very start."""
    admit = check_admit(found.head.admit.encode(), trust)
    start = check_start(found.head.start.encode(), trust, admit)
    if (start.body.sitting, start.id) != (found.head.sitting, found.state.start):
        raise Tampered("start-of-another-candidate")
    if found.candidate.commitment != start.body.commitment:
        raise Tampered("start-of-another-candidate")
    return SignedSeats(admit, start, check_moves(found.moves, trust, start))


def moves_at(place: Path, sitting: str, heads: Sequence[SecondHead]) -> tuple[Move, ...]:
    """The moves that a place knows, in order, as far as they go without a hole. Nothing is verified."""
    longest: tuple[Move, ...] = max((head.moves for head in heads), key=len, default=())
    while True:
        path = place / names.handover(sitting, len(longest) + 2)
        if not path.is_file():
            return longest
        note = read_bounded(path, MOST_NOTE)
        admit = place / "tree" / names.tree_note("admit", read(note, HandoverNote).body.admit)
        longest = (*longest, Move(as_text(note), as_text(read_bounded(admit, MOST_NOTE))))


def _newest(
    heads: Sequence[tuple[Path, SecondHead]], venue: HybridIdentity
) -> tuple[SecondHead, CopyContent]:
    """Of the newest seat that left a usable copy, the one that proves most."""
    for count in sorted({len(head.moves) for _, head in heads}, reverse=True):
        read_ones = [
            (head, content)
            for path, head in heads
            if len(head.moves) == count and (content := _content(path, head, venue)).slots
        ]
        if not read_ones:
            continue  # its copy was cut before anything counted
        read_ones.sort(key=lambda one: one[1].slot_size)
        best = read_ones[-1][1]
        for head, content in read_ones:
            if content.records[: content.slot_size] != best.records[: content.slot_size]:
                raise Tampered("second-copy-differs", where=head.sitting)
        return read_ones[-1]
    raise Trouble("copy-unusable", where=heads[0][0].name)


def _content(path: Path, head: SecondHead, venue: HybridIdentity) -> CopyContent:
    wrap = unbase64(head.venue_wrap)
    if wrap is None:
        raise Tampered("second-copy-damaged", where=path.name)
    try:
        key = decrypt(wrap, venue)
    except Refusal as refusal:
        raise Refusal("venue-key-wrong") from refusal
    if len(key) != KEY_BYTES:
        raise Tampered("second-copy-damaged", where=path.name)
    return read_copy(path, head.sitting, head.mode, frame_key(key))


def _size(content: CopyContent, later: Sequence[HandoverNote]) -> int:
    """How many lines count: all, or as many as the seat had when it was left, where it was."""
    if not later:
        return content.slot_size
    size = later[-1].size
    if size > content.slot_size or size not in content.slots:
        raise Refusal("copy-stale", here=content.slot_size, needed=size)
    return size
