"""A tree of results (a stick, a folder, the centre's archive), checked note by note.

1. name       each file is named by what it is and its id
2. result     admit, start, hand-over and result notes, each signed, each about the next; the sealed file is the one
              named. An admission, a start and a hand-over are checked also where no result cites them; so are draw,
              release and reveal, by their manifest
3. bound      with the session at hand: commitment, edition, scoring, and the form rebuilt after the reveal
4. logged     the log's proof for each note that has one
5. aborted    a sitting that could not go on, signed by the venue and two proctors
6. decision   of the committee's quorum; those in the session's folder hold as well
7. twin       no sitting has two results, none is both sealed and aborted, and none was begun twice. Where the
              committee decided which one counts, the others are set aside: kept, and named
8. ended      what was begun was sealed or aborted: else nobody may read "true" over a closed venue
9. closing    signed by the venue, for this session; closing K+1 cites K and counts more, and there is one of each number
10. counted   the newest closing counts exactly these pairs of start and result, and says of them what is so; of twins
              that were decided it counts any one

Steps 7 to 10 are `verify.counting`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.artefacts.admit import check_admit
from cbt_station.artefacts.closing import ClosingNote, check_closing
from cbt_station.artefacts.draw import DrawNote, check_draw
from cbt_station.artefacts.files import sha256_hex
from cbt_station.artefacts.handover import HandoverNote, Move, check_handover, check_moves
from cbt_station.artefacts.manifest import Manifest, check_manifest
from cbt_station.artefacts.release import ReleaseNote, RevealNote, check_release, check_reveal
from cbt_station.artefacts.result import AbortedNote, ResultNote, check_aborted
from cbt_station.artefacts.signed import Signed, as_text, read
from cbt_station.artefacts.start import StartNote, check_start
from cbt_station.errors import Tampered
from cbt_station.sealing.body import kind_and_mode
from cbt_station.sealing.notes import parse_note
from cbt_station.sealing.trust import Trust
from cbt_station.verify.counting import Found, check_counts, check_ended, check_twins, chosen_by
from cbt_station.verify.result import (
    CheckedResult,
    check_bound,
    check_chain,
    check_form,
    check_sealed,
    check_start_bound,
)
from cbt_station.verify.session import CheckedSession, Files, check_decision_of, check_proof
from cbt_station.verify.steps import Steps, need

MOST_SEATS = 64
"""Nobody moves a candidate more often; a chain that goes on is cut off, and then it is false."""


class CheckedTree(Struct, frozen=True):
    """What was true of a tree. `set_aside`: what does not count for its sitting, by decision."""

    results: dict[str, CheckedResult]
    aborted: dict[str, Signed[AbortedNote]]
    starts: tuple[Signed[StartNote], ...]
    closings: tuple[Signed[ClosingNote], ...]
    set_aside: frozenset[str]


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


def check_tree(
    files: Files,
    trust: Trust,
    session: CheckedSession | None = None,
    counting: Mapping[str, str] | None = None,
) -> tuple[CheckedTree, Steps]:
    """Run every step over every note; the report goes on after a false one.

    `counting`: the result that counts for a sitting, where it is not the decisions of tree and session that say so.
    """
    steps, notes = Steps(), notes_in(files)
    for name in sorted(files):  # 1
        if name.startswith((f"{names.NOTES}/", f"{names.SEALED}/")):
            steps.check("name", name, check_name, name, files[name])
    found = Found()
    for name, (kind, note_id) in notes.items():
        if kind in _CHECKS:  # 2, 3, 5, 6, 9
            true = steps.check(kind, note_id, _CHECKS[kind], files, files[name], trust, session)
            found.add(true)
            if isinstance(true, CheckedResult):
                _check_one(steps, files, true, session)
        _check_logged(steps, files, trust, kind, note_id)  # 4
    found.decisions.extend(session.decisions if session is not None else ())
    chosen = chosen_by(found) if counting is None else counting
    set_aside = check_twins(steps, found, chosen)  # 7
    check_ended(steps, found)  # 8
    check_counts(steps, found, chosen)  # 9, 10
    tree = CheckedTree(found.results, found.aborted, tuple(found.starts), tuple(found.closings), set_aside)
    return tree, steps


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


def check_start_in(
    files: Files, data: bytes, trust: Trust, session: CheckedSession | None = None
) -> Signed[StartNote]:
    """A start note, at a station of its venue that was admitted; with the session at hand, of a candidate of it."""
    admit = check_admit(_note(files, "admit", read(data, StartNote).body.admit), trust)
    begun = check_start(data, trust, admit)
    if session is not None:
        check_start_bound(begun.body, session)
    return begun


def check_aborted_in(files: Files, data: bytes, trust: Trust) -> Signed[AbortedNote]:
    """An aborted sitting, about the very sitting whose start note it cites."""
    aborted = check_aborted(data, trust)
    body = aborted.body
    begun = check_start_in(files, _note(files, "start", body.start), trust).body
    if (begun.session, begun.venue, begun.sitting, begun.commitment) != (
        body.session,
        body.venue,
        body.sitting,
        body.commitment,
    ):
        raise Tampered("result-of-another-sitting", sitting=body.sitting)
    return aborted


def chain_of(files: Files, result: bytes, trust: Trust) -> CheckedResult:
    """The admit, start and result note of a result, found in the tree by the ids they cite."""
    body = read(result, ResultNote).body
    start = _note(files, "start", body.start)
    admit = _note(files, "admit", read(start, StartNote).body.admit)
    return check_chain(admit, start, result, trust, moves_of(files, body.handovers))


def _note(files: Files, kind: str, note_id: str) -> bytes:
    """A note that another one cites."""
    name = names.tree_note(kind, note_id)
    return need(files.get(name), name)


def moves_of(files: Files, handovers: Iterable[str]) -> tuple[Move, ...]:
    """The notes of moves, found by the ids that cite them. Nothing is verified."""
    return tuple(_move_in(files, note_id) for note_id in handovers)


def check_handover_in(files: Files, data: bytes, trust: Trust) -> Signed[HandoverNote]:
    """A move, with all that lie before it, about the very sitting whose start note it cites."""
    body = read(data, HandoverNote).body
    begun = check_start_in(files, _note(files, "start", body.start), trust)
    seats = check_moves(moves_of(files, _before(files, body)), trust, begun)
    before = seats[-1].handover if seats else None
    return check_handover(data, trust, begun, before, check_admit(_note(files, "admit", body.admit), trust))


def manifest_in(files: Files, note_id: str, trust: Trust) -> Signed[Manifest]:
    """The manifest that a note cites, in the tree."""
    if not names.is_id(note_id):
        raise Tampered("malformed", where="manifest id")
    return check_manifest(_note(files, "exam", note_id), trust)


def check_draw_in(files: Files, data: bytes, trust: Trust) -> Signed[DrawNote]:
    return check_draw(data, trust, manifest_in(files, read(data, DrawNote).body.manifest, trust))


def check_release_in(files: Files, data: bytes, trust: Trust) -> Signed[ReleaseNote]:
    return check_release(data, trust, manifest_in(files, read(data, ReleaseNote).body.manifest, trust))


def check_reveal_in(files: Files, data: bytes, trust: Trust) -> Signed[RevealNote]:
    return check_reveal(data, trust, manifest_in(files, read(data, RevealNote).body.manifest, trust))


def _before(files: Files, body: HandoverNote) -> tuple[str, ...]:
    """The ids of the moves before one, oldest first."""
    ids: tuple[str, ...] = ()
    while body.before is not None and len(ids) < MOST_SEATS:
        ids = (body.before, *ids)
        body = read(_note(files, "handover", body.before), HandoverNote).body
    return ids


def _move_in(files: Files, note_id: str) -> Move:
    if not names.is_id(note_id):
        raise Tampered("malformed", where="result: handovers")
    handover = _note(files, "handover", note_id)
    admit = _note(files, "admit", read(handover, HandoverNote).body.admit)
    return Move(as_text(handover), as_text(admit))


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


def _about(session: CheckedSession | None) -> str | None:
    return session.manifest.body.session if session is not None else None


_CHECKS: Final[dict[str, Callable[[Files, bytes, Trust, CheckedSession | None], object]]] = {
    "admit": lambda _files, data, trust, _session: check_admit(data, trust),
    "start": check_start_in,
    "handover": lambda files, data, trust, _session: check_handover_in(files, data, trust),
    "result": lambda files, data, trust, _session: chain_of(files, data, trust),
    "aborted": lambda files, data, trust, _session: check_aborted_in(files, data, trust),
    "closing": lambda _files, data, trust, session: check_closing_of(data, trust, session),
    "decision": lambda _files, data, trust, session: check_decision_of(data, trust, _about(session)),
    "draw": lambda files, data, trust, _session: check_draw_in(files, data, trust),
    "release": lambda files, data, trust, _session: check_release_in(files, data, trust),
    "reveal": lambda files, data, trust, _session: check_reveal_in(files, data, trust),
}
CHECKED_KINDS: Final = frozenset(_CHECKS)
"""Notes whose signatures `check_tree` looks at; of others it says only that their name fits."""
