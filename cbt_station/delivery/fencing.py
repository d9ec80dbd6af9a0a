"""Whether a seat may go on with its sitting: without a hub only the second place can tell.

A sitting that ever reached a second place may have been moved to another seat from there, and this station cannot know.
So it goes on only with its second place at hand, where that shows

1. a copy of this sitting, and no other place was written to after it: it is its second place, and not any stick,
2. no move to a later seat, nor another move to this one: else it is fenced out, for good,
3. no result and no aborted note of the sitting that is not its own,
4. no closing of the venue, unless the sitting has ended and only waits to be sealed.

Or two proctors sign that the second place is lost (`second-place-lost`), and the journal says so. A move that nobody who
may signed, or that is of another sitting or another journal, is false evidence: it fences nobody out and lets nobody go on.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from cbt_station.artefacts import names
from cbt_station.artefacts.closing import check_closing
from cbt_station.artefacts.handover import HandoverNote, check_handover_authority
from cbt_station.artefacts.result import AbortedNote, ResultNote, check_aborted
from cbt_station.artefacts.signed import Signed, read
from cbt_station.delivery.clock import time_of_day
from cbt_station.delivery.journal import Journal, sitting_keys
from cbt_station.delivery.second_copy import copies_at, last_reading, marks_at, read_head
from cbt_station.delivery.sitting_folder import OpenSitting
from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.merkle import Frontier
from cbt_station.sealing.trust import Trust
from cbt_station.storage.files import disk_troubles, read_bounded
from cbt_station.storage.folder import Folder

MOST_NOTE = 1 << 20
MOST_FILE = 1 << 26


class FencedOut(Refusal):
    """The sitting was moved on: `handover` says where to."""

    def __init__(self, handover: Signed[HandoverNote]) -> None:
        body = handover.body
        super().__init__(
            "fenced-out", where=body.sitting, fence=body.fence, station=body.station, moved_at=body.at
        )
        self.handover = handover


def require_second_at_hand(opened: OpenSitting, place: Path | None) -> None:
    """1: Refusal("second-place-needed") where the sitting reached a second place and that is not here.

    ("second-place-older") where a copy is here, but another place took over after it: what the sitting had acknowledged
    there, and where it may have been moved to from there, this one does not know.
    """
    if _is_free(opened, place):
        return
    folder, journal = opened.folder, opened.journal
    needed = {
        "where": folder.sitting,
        "number": journal.facts.candidate.number,
        "head": journal.head,
    }
    if place is None or not is_at_hand(place, folder.sitting):
        raise Refusal("second-place-needed", **needed)
    if folder.names_another_second(marks_at(place, folder.sitting)):
        last_at = time_of_day(last_reading(place, journal, opened.database_key))
        raise Refusal("second-place-older", last_at=last_at, **needed)


def _is_free(opened: OpenSitting, place: Path | None) -> bool:
    """It reached no second place: never tried, or cut off before the first copy there, and the place that is here has none."""
    folder = opened.folder
    return not folder.has_reached_second or (folder.is_only_marked and place is not None and place.is_dir())


def is_at_hand(place: Path | None, sitting: str) -> bool:
    """A place that holds something of this sitting."""
    return place is not None and place.is_dir() and bool(copies_at(place, sitting))


def may_seal(opened: OpenSitting, place: Path | None) -> bool:
    """Whether a program without a trust list may finish a sealing: only where nothing here speaks against it."""
    sitting = opened.folder.sitting
    if place is None or not is_at_hand(place, sitting):
        return _is_free(opened, place)
    if opened.folder.names_another_second(marks_at(place, sitting)):
        return False
    own = {move.handover.encode() for move in opened.journal.facts.moves}
    return all(note in own for note in handovers_at(place, sitting))


def require_own_seat(place: Path, journal: Journal, trust: Trust) -> None:
    """2, 3 and 4, of a place that is here."""
    if not place.is_dir():
        return
    sitting = journal.facts.sitting
    for note in handovers_at(place, sitting):
        _require_not_moved(note, journal, trust)
    facts, result = journal.facts, journal.result
    own = read(result.note, ResultNote).id if result is not None else ""
    ended = journal.state.status == "ended"
    require_place_not_over(place, facts.session, sitting, facts.venue, trust, own=own, has_ended=ended)


def handovers_at(place: Path, sitting: str) -> Iterator[bytes]:
    """Every note about a move of the sitting: beside its copies, and in their first frames. Nothing is verified."""
    shape = re.compile(rf"handover-{re.escape(sitting)}-[0-9]+\.note")
    with disk_troubles(place):
        found = sorted(path for path in place.iterdir() if shape.fullmatch(path.name))
    for path in found:
        yield read_bounded(path, MOST_NOTE)
    for path in copies_at(place, sitting):
        head = read_head(path)
        yield from (move.handover.encode() for move in (head.moves if head else ()))


def require_not_begun_elsewhere(place: Path | None, sitting: str) -> None:
    """Before a first start: Refusal("sitting-begun-elsewhere") where this candidate's sitting can be moved here."""
    if is_at_hand(place, sitting):
        raise Refusal("sitting-begun-elsewhere", where=sitting)


def _require_not_moved(note: bytes, journal: Journal, trust: Trust) -> None:
    facts = journal.facts
    if any(note == move.handover.encode() for move in facts.moves):
        return
    signed = check_handover_authority(note, trust)
    move = signed.body
    if (move.session, move.venue, move.sitting, move.start) != (
        facts.session,
        facts.venue,
        facts.sitting,
        journal.state.start,
    ):
        raise Tampered("handover-of-another-sitting", sitting=move.sitting)
    if move.fence == facts.fence + 1 and move.old_key != sitting_keys(facts).newest.text:
        raise Tampered("handover-of-another-key", fence=move.fence)
    if move.size <= len(journal.records) and _root_at(journal, move.size) != move.root:
        raise Tampered("handover-of-another-head", fence=move.fence)
    if move.fence >= facts.fence:
        raise FencedOut(signed)


def _root_at(journal: Journal, size: int) -> str:
    frontier = Frontier()
    for record in journal.records[: max(size, 0)]:
        frontier.append(record.leaf)
    return frontier.root().hex()


def require_place_not_over(
    place: Path,
    session: str,
    sitting: str,
    venue: str,
    trust: Trust,
    *,
    own: str = "",
    has_ended: bool = False,
) -> None:
    """3 and 4. `own`: the id of the result that this seat signed itself; `has_ended`: it only waits to be sealed.

    A stick may hold a station's tree in `tree/`, and be the venue's tree itself.
    """
    for tree in (place / "tree", place):
        if not (tree / names.NOTES).is_dir():
            continue
        from cbt_station.verify.tree import notes_in  # most starts have none, and a candidate may be waiting

        files = Folder(tree, most=MOST_FILE)
        for name, (kind, _) in notes_in(files).items():
            if kind == "aborted":
                _require_not_aborted(files[name], session, sitting, trust)
            elif kind == "result":
                _require_not_sealed(files, name, sitting, own, trust)
            elif kind == "closing" and not has_ended:
                _require_not_closed(files[name], session, venue, trust)


def _require_not_aborted(note: bytes, session: str, sitting: str, trust: Trust) -> None:
    if read(note, AbortedNote).body.sitting != sitting:
        return
    aborted = check_aborted(note, trust)
    if aborted.body.session == session:
        raise Refusal("sitting-aborted", where=aborted.id)


def _require_not_sealed(files: Folder, name: str, sitting: str, own: str, trust: Trust) -> None:
    result = read(files[name], ResultNote)
    if result.body.sitting == sitting and result.id != own:
        from cbt_station.verify.tree import chain_of

        raise Refusal("sitting-sealed-elsewhere", result=chain_of(files, files[name], trust).result.id)


def _require_not_closed(note: bytes, session: str, venue: str, trust: Trust) -> None:
    closing = check_closing(note, trust)
    if (closing.body.session, closing.body.venue) == (session, venue):
        raise Refusal("session-closed", where=closing.id, number=closing.body.number)
