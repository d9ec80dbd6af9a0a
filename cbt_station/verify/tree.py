"""A tree of results (a stick, a folder, the centre's archive), checked note by note.

1. name       each file is named by what it is and its id
2. result     admit, start and result note, each signed, each about the next; the sealed file is the one named
3. bound      with the session at hand: commitment, edition, scoring, and the form rebuilt after the reveal
4. logged     the log's proof for each note that has one
5. twin       no sitting has two results, no start two results
6. closing    signed by the venue; exactly these pairs of start and result
"""

from collections.abc import Iterable

from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.artefacts.closing import ClosingNote, check_closing, pairs_hash
from cbt_station.artefacts.files import sha256_hex
from cbt_station.artefacts.signed import Signed
from cbt_station.errors import Failure, Tampered
from cbt_station.sealing.body import kind_and_mode
from cbt_station.sealing.notes import parse_note
from cbt_station.sealing.trust import Trust
from cbt_station.verify.result import CheckedResult, check_bound, check_chain, check_form, check_sealed
from cbt_station.verify.session import CheckedSession, Files, check_proof
from cbt_station.verify.steps import Steps, need


class CheckedTree(Struct, frozen=True):
    """What was true of a tree: results by id, and the closings."""

    results: dict[str, CheckedResult]
    closings: tuple[Signed[ClosingNote], ...]


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
    files: Files, trust: Trust, session: CheckedSession | None = None
) -> tuple[CheckedTree, Steps]:
    """Run every step over every note; the report goes on after a false one."""
    steps = Steps()
    notes = notes_in(files)
    for name in sorted(files):
        if name.startswith((f"{names.NOTES}/", f"{names.SEALED}/")):
            steps.check("name", name, check_name, name, files[name])
    results: dict[str, CheckedResult] = {}
    for name, (kind, note_id) in notes.items():
        if kind == "result":
            checked = steps.check("result", note_id, chain_of, files, files[name], trust)
            if checked is not None:
                _check_one(steps, files, checked, session)
                results[note_id] = checked
        proof = names.tree_proof(note_id)
        if proof in files:
            steps.check("logged", note_id, check_proof, files[proof], trust, kind, note_id)
        elif kind in {"result", "closing"}:
            steps.missing("logged", note_id, proof)
    _check_twins(steps, results)
    closings = []
    for name, (kind, note_id) in notes.items():
        if kind == "closing":
            closing = steps.check("closing", note_id, check_closing, files[name], trust)
            if closing is not None:
                closings.append(closing)
    _check_counts(steps, results, closings)
    return CheckedTree(results, tuple(closings)), steps


def chain_of(files: Files, result: bytes, trust: Trust) -> CheckedResult:
    """The admit, start and result note of a result, found in the tree by the ids they cite."""
    from cbt_station.artefacts.result import ResultNote
    from cbt_station.artefacts.signed import read
    from cbt_station.artefacts.start import StartNote

    start_name = names.tree_note("start", read(result, ResultNote).body.start)
    start = need(files.get(start_name), start_name)
    admit_name = names.tree_note("admit", read(start, StartNote).body.admit)
    return check_chain(need(files.get(admit_name), admit_name), start, result, trust)


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


def _check_twins(steps: Steps, results: dict[str, CheckedResult]) -> None:
    by_sitting: dict[str, list[str]] = {}
    for note_id, checked in results.items():
        by_sitting.setdefault(checked.result.body.sitting, []).append(note_id)
    for sitting, ids in sorted(by_sitting.items()):
        if len(ids) > 1:
            steps.check("twin", sitting, _raise_twin, sitting, ids)


def _raise_twin(sitting: str, ids: list[str]) -> Failure:
    raise Tampered("twin-results", where=sitting, results=", ".join(sorted(ids)))


def _check_counts(
    steps: Steps, results: dict[str, CheckedResult], closings: list[Signed[ClosingNote]]
) -> None:
    """Each venue's newest closing counts exactly the results that are here."""
    newest: dict[tuple[str, str], Signed[ClosingNote]] = {}
    for closing in sorted(closings, key=lambda closing: closing.body.number):
        newest[closing.body.session, closing.body.venue] = closing
    for (session, venue), closing in sorted(newest.items()):
        here = [
            (checked.start.id, note_id)
            for note_id, checked in results.items()
            if (checked.result.body.session, checked.result.body.venue) == (session, venue)
        ]
        steps.check("counted", venue, _check_pairs, here, closing.body)


def _check_pairs(here: list[tuple[str, str]], closing: ClosingNote) -> None:
    if len(here) < closing.count - closing.aborted:
        raise Tampered("results-missing", where=closing.venue, counted=closing.count, here=len(here))
    if closing.aborted == 0 and pairs_hash(here) != closing.pairs:
        raise Tampered(
            "results-not-the-closed-ones", where=closing.venue, counted=closing.count, here=len(here)
        )
