"""The venue's closing: exactly these results, counted and signed, over a tree of sealed results.

On the roster = present + absent; present = sealed + aborted. A result that comes later makes closing K+1, which cites K.
"""

from collections.abc import Sequence

from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.artefacts.closing import ClosingNote, check_closing, pairs_hash
from cbt_station.artefacts.commitments import commitment
from cbt_station.artefacts.result import AbortedNote
from cbt_station.artefacts.roster import Roster
from cbt_station.artefacts.signed import Signed, read, sign
from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.notes import SigningKey
from cbt_station.verify.result import CheckedResult, check_bound
from cbt_station.verify.session import CheckedSession, Files
from cbt_station.verify.tree import chain_of, notes_in


class Counted(Struct, frozen=True):
    """What lies in the tree for one venue: pairs of start and result, and who was there."""

    pairs: tuple[tuple[str, str], ...]
    commitments: frozenset[str]
    aborted: int
    granted_ms: int


def count(files: Files, session: CheckedSession, venue: str) -> Counted:
    """Check every result of the venue and count it. Tampered("twin-results") where a sitting has two."""
    results: dict[str, tuple[str, CheckedResult]] = {}
    pairs, commitments, aborted = [], set(), 0
    for name, (kind, note_id) in notes_in(files).items():
        if kind == "result":
            checked = chain_of(files, files[name], session.trust)
            if (checked.result.body.session, checked.result.body.venue) != (
                session.manifest.body.session,
                venue,
            ):
                continue
            check_bound(checked, session)
            sitting = checked.result.body.sitting
            if sitting in results:
                raise Tampered("twin-results", where=sitting, results=f"{results[sitting][0]}, {note_id}")
            results[sitting] = (note_id, checked)
        elif kind == "aborted":
            note = read(files[name], AbortedNote).body
            if note.venue == venue:
                pairs.append((note.start, "aborted"))
                commitments.add(note.commitment)
                aborted += 1
    for note_id, checked in results.values():
        pairs.append((checked.start.id, note_id))
        commitments.add(checked.result.body.commitment)
    granted = sum(checked.result.body.granted_ms for _, checked in results.values())
    return Counted(tuple(sorted(pairs)), frozenset(commitments), aborted, granted)


def write_closing(
    files: Files,
    session: CheckedSession,
    roster: Roster,
    venue: SigningKey,
    proctors: Sequence[SigningKey],
    at: str,
    *,
    disqualified: int = 0,
    incidents: int = 0,
) -> Signed[ClosingNote]:
    """The next closing of a venue. Refusal("closing-same") where nothing changed since the last one."""
    counted = count(files, session, roster.venue)
    listed = {entry.commitment for entry in roster.candidates}
    spare = {commitment(slot.salt, slot.slot) for slot in roster.spare}
    strangers = counted.commitments - listed - spare
    if strangers:
        raise Tampered("commitment-unknown", sitting=min(strangers))
    before = last_closing(files, session, roster.venue)
    pairs = pairs_hash(counted.pairs)
    if before is not None and before.body.pairs == pairs:
        raise Refusal("closing-same", where=roster.venue, number=before.body.number)
    note = ClosingNote(
        trust=session.trust.number,
        session=session.manifest.body.session,
        venue=roster.venue,
        number=before.body.number + 1 if before else 1,
        cites=before.id if before else None,
        manifest=session.manifest.id,
        count=len(counted.pairs),
        pairs=pairs,
        present=len(counted.commitments),
        absent=len(listed - counted.commitments),
        aborted=counted.aborted,
        disqualified=disqualified,
        spare_unused=len(spare - counted.commitments),
        incidents=incidents,
        minutes_granted=counted.granted_ms // 60_000,
        at=at,
    )
    return check_closing(sign(note, session.trust.mode, venue, *proctors), session.trust)


def last_closing(files: Files, session: CheckedSession, venue: str) -> Signed[ClosingNote] | None:
    """The venue's newest closing in the tree, checked."""
    newest: Signed[ClosingNote] | None = None
    for name, (kind, _) in notes_in(files).items():
        if kind != "closing":
            continue
        closing = check_closing(files[name], session.trust)
        if (closing.body.session, closing.body.venue) != (session.manifest.body.session, venue):
            continue
        if newest is None or closing.body.number > newest.body.number:
            newest = closing
    return newest


def tree_name(closing: Signed[ClosingNote]) -> str:
    return names.tree_note("closing", closing.id)
