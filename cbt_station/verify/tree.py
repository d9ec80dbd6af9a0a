"""A tree of results (a stick, a folder, the centre's archive), checked note by note.

1. name       each file is named by what it is and its id
2. result     admit, start, hand-over and result notes, each signed, each about the next; the sealed file is the one
              named. An admission, a start and a hand-over are checked also where no result cites them
3. bound      with the session at hand: commitment, edition, scoring, and the form rebuilt after the reveal
4. logged     the log's proof for each note that has one
5. aborted    a sitting that could not go on, signed by the venue and two proctors
6. twin       no sitting has two results, none is both sealed and aborted, and none was begun twice
7. ended      what was begun was sealed or aborted: else nobody may read "true" over a closed venue
8. closing    signed by the venue, for this session; closing K+1 cites K and counts more, and there is one of each number
9. counted    the newest closing counts exactly these pairs of start and result, and says of them what is so
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.artefacts.admit import check_admit
from cbt_station.artefacts.closing import ClosingNote, check_closing, pairs_hash
from cbt_station.artefacts.files import sha256_hex
from cbt_station.artefacts.handover import HandoverNote, Move, check_handover, check_moves
from cbt_station.artefacts.result import AbortedNote, ResultNote, check_aborted
from cbt_station.artefacts.signed import Signed, as_text, read
from cbt_station.artefacts.start import StartNote, check_start
from cbt_station.errors import Tampered, Trouble
from cbt_station.sealing.body import kind_and_mode
from cbt_station.sealing.notes import parse_note
from cbt_station.sealing.trust import Trust
from cbt_station.verify.result import (
    CheckedResult,
    check_bound,
    check_chain,
    check_form,
    check_sealed,
    check_start_bound,
)
from cbt_station.verify.session import CheckedSession, Files, check_proof
from cbt_station.verify.steps import Steps, need

MOST_SEATS = 64
"""Nobody moves a candidate more often; a chain that goes on is cut off, and then it is false."""


class CheckedTree(Struct, frozen=True):
    """What was true of a tree: results and aborted sittings by note id, and the closings."""

    results: dict[str, CheckedResult]
    closings: tuple[Signed[ClosingNote], ...]
    aborted: dict[str, Signed[AbortedNote]] = {}


def notes_in(files: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Kind and id of every note, by file name; files of other shapes are not notes."""
    found = {}
    for name in sorted(files):
        stem = name.removeprefix(f"{names.NOTES}/").removesuffix(".note")
        kind, _, note_id = stem.rpartition("-")
        if name == names.tree_note(kind, note_id) and names.is_id(note_id):
            found[name] = (kind, note_id)
    return found


def check_name(name: str, data: bytes) -> None:
    """A file of the tree is what its name says, else Tampered("name-differs")."""
    if name.startswith(f"{names.NOTES}/"):
        note = parse_note(data)
        if name != names.tree_note(kind_and_mode(note.text)[0], note.id):
            raise Tampered("name-differs", where=name)
    elif name.startswith(f"{names.SEALED}/") and name != names.tree_sealed(sha256_hex(data)):
        raise Tampered("name-differs", where=name)


@dataclass(frozen=True)
class _Found:
    """What was true so far."""

    results: dict[str, CheckedResult]
    aborted: dict[str, Signed[AbortedNote]]
    closings: list[Signed[ClosingNote]]
    starts: list[Signed[StartNote]]

    def add(self, true: object) -> None:
        if isinstance(true, CheckedResult):
            self.results[true.result.id] = true
        elif isinstance(true, Signed) and isinstance(true.body, AbortedNote):
            self.aborted[true.id] = true
        elif isinstance(true, Signed) and isinstance(true.body, ClosingNote):
            self.closings.append(true)
        elif isinstance(true, Signed) and isinstance(true.body, StartNote):
            self.starts.append(true)


def check_tree(
    files: Files, trust: Trust, session: CheckedSession | None = None
) -> tuple[CheckedTree, Steps]:
    """Run every step over every note; the report goes on after a false one."""
    steps, notes = Steps(), notes_in(files)
    for name in sorted(files):  # 1
        if name.startswith((f"{names.NOTES}/", f"{names.SEALED}/")):
            steps.check("name", name, check_name, name, files[name])
    found = _Found({}, {}, [], [])
    for name, (kind, note_id) in notes.items():
        if kind in _CHECKS:  # 2, 3, 5, 8
            true = steps.check(kind, note_id, _CHECKS[kind], files, files[name], trust, session)
            found.add(true)
            if isinstance(true, CheckedResult):
                _check_one(steps, files, true, session)
        _check_logged(steps, files, trust, kind, note_id)  # 4
    _check_twins(steps, found)
    _check_ended(steps, found)
    _check_counts(steps, found)
    return CheckedTree(found.results, tuple(found.closings), found.aborted), steps


def _check_logged(steps: Steps, files: Files, trust: Trust, kind: str, note_id: str) -> None:
    proof = names.tree_proof(note_id)
    if proof in files:
        steps.check("logged", note_id, check_proof, files[proof], trust, kind, note_id)
    elif kind in {"result", "aborted", "closing"}:
        steps.missing("logged", note_id, proof)


def check_closing_of(data: bytes, trust: Trust, session: CheckedSession | None) -> Signed[ClosingNote]:
    """A closing, and where the session is at hand, of its very manifest."""
    closing = check_closing(data, trust)
    if session is not None and (closing.body.session, closing.body.manifest) != (
        session.manifest.body.session,
        session.manifest.id,
    ):
        raise Tampered("closing-of-another-session", session=closing.body.session)
    return closing


def check_aborted_in(files: Files, data: bytes, trust: Trust) -> Signed[AbortedNote]:
    """An aborted sitting, about the very sitting whose start note it cites."""
    aborted = check_aborted(data, trust)
    body, start_name = aborted.body, names.tree_note("start", aborted.body.start)
    start = read(need(files.get(start_name), start_name), StartNote)
    admit_name = names.tree_note("admit", start.body.admit)
    begun = check_start(start.raw, trust, check_admit(need(files.get(admit_name), admit_name), trust)).body
    if (begun.session, begun.venue, begun.sitting, begun.commitment) != (
        body.session,
        body.venue,
        body.sitting,
        body.commitment,
    ):
        raise Tampered("result-of-another-sitting", sitting=body.sitting)
    return aborted


def check_start_in(
    files: Files, data: bytes, trust: Trust, session: CheckedSession | None
) -> Signed[StartNote]:
    """A start note, at a station of its venue that was admitted; with the session at hand, of a candidate of it."""
    admit_name = names.tree_note("admit", read(data, StartNote).body.admit)
    begun = check_start(data, trust, check_admit(need(files.get(admit_name), admit_name), trust))
    if session is not None:
        check_start_bound(begun.body, session)
    return begun


def chain_of(files: Files, result: bytes, trust: Trust) -> CheckedResult:
    """The admit, start and result note of a result, found in the tree by the ids they cite."""
    start_name = names.tree_note("start", read(result, ResultNote).body.start)
    start = need(files.get(start_name), start_name)
    admit_name = names.tree_note("admit", read(start, StartNote).body.admit)
    moves = moves_of(files, read(result, ResultNote).body.handovers)
    return check_chain(need(files.get(admit_name), admit_name), start, result, trust, moves)


def moves_of(files: Files, handovers: Iterable[str]) -> tuple[Move, ...]:
    """The notes of moves, found by the ids that cite them. Nothing is verified."""
    return tuple(_move_in(files, note_id) for note_id in handovers)


def check_handover_in(files: Files, data: bytes, trust: Trust) -> Signed[HandoverNote]:
    """A move, with all that lie before it, about the very sitting whose start note it cites."""
    body = read(data, HandoverNote).body
    start_name = names.tree_note("start", body.start)
    start = need(files.get(start_name), start_name)
    admit_name = names.tree_note("admit", read(start, StartNote).body.admit)
    begun = check_start(start, trust, check_admit(need(files.get(admit_name), admit_name), trust))
    seats = check_moves(moves_of(files, _before(files, body)), trust, begun)
    before = seats[-1].handover if seats else None
    own_name = names.tree_note("admit", body.admit)
    return check_handover(data, trust, begun, before, check_admit(need(files.get(own_name), own_name), trust))


def _before(files: Files, body: HandoverNote) -> tuple[str, ...]:
    """The ids of the moves before one, oldest first."""
    ids: tuple[str, ...] = ()
    while body.before is not None and len(ids) < MOST_SEATS:
        ids = (body.before, *ids)
        name = names.tree_note("handover", body.before)
        body = read(need(files.get(name), name), HandoverNote).body
    return ids


def _move_in(files: Files, note_id: str) -> Move:
    if not names.is_id(note_id):
        raise Tampered("malformed", where="result: handovers")
    name = names.tree_note("handover", note_id)
    handover = need(files.get(name), name)
    admit_name = names.tree_note("admit", read(handover, HandoverNote).body.admit)
    return Move(as_text(handover), as_text(need(files.get(admit_name), admit_name)))


def _check_one(steps: Steps, files: Files, checked: CheckedResult, session: CheckedSession | None) -> None:
    note, sealed = checked.result.body, names.tree_sealed(checked.result.body.sealed)
    if sealed in files:
        steps.check("sealed", checked.result.id, check_sealed, files[sealed], note)
    else:
        steps.missing("sealed", checked.result.id, sealed)
    if session is None:
        steps.missing("bound", checked.result.id, "exam-SESSION.note")
        return
    steps.check("bound", checked.result.id, check_bound, checked, session)
    if session.pool is None or session.reveal is None or session.draw is None:
        steps.missing("form", checked.result.id, names.reveal(note.session))
    else:
        steps.check("form", checked.result.id, check_form, note, session)


def _check_twins(steps: Steps, found: _Found) -> None:
    ends: dict[str, list[str]] = {}
    for note_id, checked in found.results.items():
        ends.setdefault(checked.result.body.sitting, []).append(note_id)
    for note_id, ended in found.aborted.items():
        ends.setdefault(ended.body.sitting, []).append(note_id)
    begun: dict[str, list[str]] = {}
    for start in found.starts:
        begun.setdefault(start.body.sitting, []).append(start.id)
    for sitting, ids in sorted(ends.items()):
        if len(ids) > 1:
            steps.check("twin", sitting, _raise_twin, sitting, ids)
        elif (
            len(begun.get(sitting, ())) > 1
        ):  # two seats, two journals: which one was sealed was somebody's choice
            steps.check("twin", sitting, _raise_begun_twice, sitting, begun[sitting])


def _raise_twin(sitting: str, ids: list[str]) -> NoReturn:
    raise Tampered("twin-results", where=sitting, results=", ".join(sorted(ids)))


def _raise_begun_twice(sitting: str, ids: list[str]) -> NoReturn:
    raise Tampered("twin-starts", where=sitting, starts=", ".join(sorted(ids)))


def _check_ended(steps: Steps, found: _Found) -> None:
    """A start without an end is not checkable once its venue has closed; before that it may still be running."""
    ended = {checked.result.body.sitting for checked in found.results.values()}
    ended |= {one.body.sitting for one in found.aborted.values()}
    closed = {(closing.body.session, closing.body.venue) for closing in found.closings}
    for start in found.starts:
        if start.body.sitting in ended:
            continue
        if (start.body.session, start.body.venue) in closed:
            steps.check("ended", start.id, _raise_without_end, start.body.sitting)
        else:
            steps.missing("ended", start.id, start.body.sitting)


def _raise_without_end(sitting: str) -> NoReturn:
    raise Trouble("sitting-without-end", where=sitting)


def _check_counts(steps: Steps, found: _Found) -> None:
    """Each venue's closings follow each other, and its newest counts exactly what is here."""
    by_venue: dict[tuple[str, str], list[Signed[ClosingNote]]] = {}
    for closing in sorted(found.closings, key=lambda closing: closing.body.number):
        by_venue.setdefault((closing.body.session, closing.body.venue), []).append(closing)
    for (session, venue), own in sorted(by_venue.items()):
        steps.check("closing-chain", venue, check_closings_follow, own)
        results = [
            checked
            for checked in found.results.values()
            if (checked.result.body.session, checked.result.body.venue) == (session, venue)
        ]
        here = [(checked.start.id, checked.result.id) for checked in results]
        here += [
            (ended.body.start, "aborted")
            for ended in found.aborted.values()
            if (ended.body.session, ended.body.venue) == (session, venue)
        ]
        granted_ms = sum(checked.result.body.granted_ms for checked in results)
        steps.check("counted", venue, _check_pairs, here, granted_ms, own[-1].body)


def check_closings_follow(closings: Sequence[Signed[ClosingNote]]) -> None:
    """A venue's closings, sorted by number: one of each, each citing the one before and counting more than it.

    A result that comes late is added; none that was counted is ever taken out or changed for another.
    """
    before: Signed[ClosingNote] | None = None
    for closing in closings:
        number, venue = closing.body.number, closing.body.venue
        if before is not None and before.body.number == number:
            raise Tampered("twin-closings", where=venue, number=number)
        if number > 1 and (before is None or before.body.number != number - 1):
            raise Trouble("evidence-missing", where=names.tree_note("closing", closing.body.cites or ""))
        if before is not None and closing.body.cites != before.id:
            raise Tampered("closing-chain", where=venue, number=number)
        if before is not None:
            require_grown(before.body, closing.body)
        before = closing


def require_grown(before: ClosingNote, closing: ClosingNote) -> None:
    """Closing K+1 counts more sittings than K, else Tampered("closing-shrinks")."""
    if closing.count <= before.count or closing.absent > before.absent:
        raise Tampered(
            "closing-shrinks",
            where=closing.venue,
            number=closing.number,
            before=before.count,
            now=closing.count,
        )


def _check_pairs(here: list[tuple[str, str]], granted_ms: int, closing: ClosingNote) -> None:
    if len(here) < closing.count:
        raise Tampered("results-missing", where=closing.venue, counted=closing.count, here=len(here))
    if pairs_hash(here) != closing.pairs:
        raise Tampered(
            "results-not-the-closed-ones", where=closing.venue, counted=closing.count, here=len(here)
        )
    aborted = sum(1 for _, end in here if end == "aborted")
    if (closing.aborted, closing.minutes_granted) != (aborted, granted_ms // 60_000):
        raise Tampered("closing-count", where=closing.venue)


_CHECKS: Final[dict[str, Callable[[Files, bytes, Trust, CheckedSession | None], object]]] = {
    "admit": lambda _files, data, trust, _session: check_admit(data, trust),
    "start": check_start_in,
    "handover": lambda files, data, trust, _session: check_handover_in(files, data, trust),
    "result": lambda files, data, trust, _session: chain_of(files, data, trust),
    "aborted": lambda files, data, trust, _session: check_aborted_in(files, data, trust),
    "closing": lambda _files, data, trust, session: check_closing_of(data, trust, session),
}
CHECKED_KINDS: Final = frozenset(_CHECKS)
"""Notes whose signatures `check_tree` looks at; of others it says only that their name fits."""
