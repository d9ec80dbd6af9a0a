"""The venue's closing: exactly these results, counted and signed, over a tree of sealed results.

On the roster = present + absent; present = sealed + aborted. A result that comes later makes closing K+1, which cites K.

The note has no number for a sitting that was begun and has no end here: it would count as absent, which it is not. So it is
closed only when somebody says that it may be (`leaves_unfinished`); `verify` names it from then on (`sitting-without-end`).
"""

from collections.abc import Sequence

from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.artefacts.closing import ClosingNote, check_closing, pairs_hash
from cbt_station.artefacts.commitments import commitment
from cbt_station.artefacts.result import AbortedNote, ResultNote
from cbt_station.artefacts.roster import Roster
from cbt_station.artefacts.signed import Signed, read, sign
from cbt_station.artefacts.start import StartNote
from cbt_station.assembly.signing import in_order
from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.notes import SigningKey
from cbt_station.verify.counting import check_closings_follow
from cbt_station.verify.result import CheckedResult, check_bound
from cbt_station.verify.session import CheckedSession, Files
from cbt_station.verify.tree import chain_of, check_aborted_in, check_start_in, notes_in


class Counted(Struct, frozen=True):
    """What lies in the tree for one venue: pairs of start and result, and who was there.

    `unfinished`: the commitments of whose sittings were begun and have no end here.
    """

    pairs: tuple[tuple[str, str], ...]
    commitments: frozenset[str]
    aborted: int
    granted_ms: int
    unfinished: frozenset[str] = frozenset()


def count(files: Files, session: CheckedSession, venue: str) -> Counted:
    """Check every result of the venue and count it. Tampered("twin-results") where a sitting has two."""
    results: dict[str, CheckedResult] = {}
    aborted: dict[str, Signed[AbortedNote]] = {}
    begun: dict[str, str] = {}
    for name, (kind, _) in notes_in(files).items():
        if kind == "result":
            checked = chain_of(files, files[name], session.trust)
            if _place(checked.result.body) == (session.manifest.body.session, venue):
                check_bound(checked, session)
                _require_first(results, aborted, checked.result)
                results[checked.result.body.sitting] = checked
        elif kind == "aborted":
            ended = check_aborted_in(files, files[name], session.trust)
            if _place(ended.body) == (session.manifest.body.session, venue):
                _require_first(results, aborted, ended)
                aborted[ended.body.sitting] = ended
        elif kind == "start":
            start = read(files[name], StartNote).body
            if _place(start) == (session.manifest.body.session, venue):
                check_start_in(files, files[name], session.trust)
                begun[start.sitting] = start.commitment
    pairs = [(one.start.id, one.result.id) for one in results.values()]
    pairs += [(one.body.start, "aborted") for one in aborted.values()]
    notes: list[ResultNote | AbortedNote] = [one.result.body for one in results.values()]
    notes += [one.body for one in aborted.values()]
    return Counted(
        tuple(sorted(pairs)),
        frozenset(note.commitment for note in notes),
        len(aborted),
        sum(one.result.body.granted_ms for one in results.values()),
        frozenset(begun[sitting] for sitting in begun.keys() - results.keys() - aborted.keys()),
    )


def _place(note: ResultNote | AbortedNote | StartNote) -> tuple[str, str]:
    return note.session, note.venue


def _require_first(
    results: dict[str, CheckedResult],
    aborted: dict[str, Signed[AbortedNote]],
    note: Signed[ResultNote] | Signed[AbortedNote],
) -> None:
    """A sitting ends once: sealed or aborted."""
    sitting = note.body.sitting
    other = (
        results[sitting].result.id
        if sitting in results
        else aborted[sitting].id
        if sitting in aborted
        else ""
    )
    if other:
        raise Tampered("twin-results", where=sitting, results=f"{other}, {note.id}")


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
    leaves_unfinished: bool = False,
) -> Signed[ClosingNote]:
    """The next closing of a venue. Refusal("closing-same") where nothing changed since the last one.

    Refusal("sittings-unfinished") where sittings were begun and have no end here, unless it is said to leave them.
    `proctors` in any order. Refusal("signers-wrong") where they are not keys of this venue.
    """
    if (roster.mode, roster.session) != (session.manifest.mode, session.manifest.body.session):
        raise Tampered("file-of-another-session", where=names.roster(roster.session, roster.venue))
    counted = count(files, session, roster.venue)
    listed = {entry.commitment for entry in roster.candidates}
    spare = {commitment(slot.salt, slot.slot) for slot in roster.spare}
    strangers = counted.commitments - listed - spare
    if strangers:
        raise Tampered("commitment-unknown", sitting=min(strangers))
    if counted.unfinished and not leaves_unfinished:
        who = ", ".join(unfinished_numbers(counted, roster))
        raise Refusal("sittings-unfinished", where=roster.venue, count=len(counted.unfinished), numbers=who)
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
    least = 0 if session.trust.mode == "test" else 1
    signers = [venue, *in_order(proctors, session.trust, "proctor", least=least, venue=roster.venue)]
    in_order([venue], session.trust, "venue", least=1, venue=roster.venue)
    return check_closing(sign(note, session.trust.mode, *signers), session.trust)


def unfinished_numbers(counted: Counted, roster: Roster) -> tuple[str, ...]:
    """Whose sittings have no end here: their numbers, or the commitment's beginning for who sat on a spare place."""
    numbers = {entry.commitment: entry.number for entry in roster.candidates}
    return tuple(sorted(numbers.get(one, one[:12]) for one in counted.unfinished))


def last_closing(files: Files, session: CheckedSession, venue: str) -> Signed[ClosingNote] | None:
    """The venue's newest closing in the tree; all of them checked, and that they follow each other."""
    closings = [
        check_closing(files[name], session.trust)
        for name, (kind, _) in notes_in(files).items()
        if kind == "closing"
    ]
    place = (session.manifest.body.session, session.manifest.id, venue)
    own = [one for one in closings if (one.body.session, one.body.manifest, one.body.venue) == place]
    own.sort(key=lambda closing: closing.body.number)
    check_closings_follow(own)
    return own[-1] if own else None


def tree_name(closing: Signed[ClosingNote]) -> str:
    return names.tree_note("closing", closing.id)
