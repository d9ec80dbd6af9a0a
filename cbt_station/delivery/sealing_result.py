"""Sealing a sitting: from its journal to one result, whatever is cut in between.

1. The bundle is sealed to results and escrow keys, the note is signed; both go into the journal's own database in one
   transaction. Cut before it: there is no result, a new one is made. Cut after it: this one is finished.
2. The tree gets the sealed file, then the admit and start notes, then the result note: who finds it finds all.
3. The same in the second place's tree, if it can be reached.
4. The sitting's folder gets the result note: it is over for good.
5. The sitting key is destroyed, then the wraps of station and venue; the second copy of the journal goes.

Steps 2 to 5 may be done again any number of times.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from cbt_station.artefacts import names
from cbt_station.artefacts.handover import HandoverNote, Move
from cbt_station.artefacts.journal import read_line
from cbt_station.artefacts.result import ResultBundle, ResultNote, form_hash, write_bundle
from cbt_station.artefacts.signed import Signed, read, sign
from cbt_station.artefacts.start import StartNote
from cbt_station.delivery.journal import Journal, KeptResult
from cbt_station.delivery.sitting_folder import OpenSitting
from cbt_station.delivery.station_store import StationKeys
from cbt_station.delivery.views import Level
from cbt_station.errors import Refusal
from cbt_station.exam.events import SittingEnded
from cbt_station.sealing.age import encrypt, parse_recipient
from cbt_station.storage.files import make_folder, sync_folder, write_durably


def make_result(journal: Journal, station: StationKeys, level: Level) -> KeptResult:
    """Step 1: the result of an ended sitting, the one that is there or a new one."""
    if journal.result is None:
        state = journal.state
        if state.status != "ended":
            raise Refusal("sitting-not-ended")
        sealed = encrypt(_bundle(journal), *(parse_recipient(text) for text in journal.facts.recipients))
        note = sign(_note(journal, sealed, level), journal.facts.mode, journal.sign_result(), station.signing)
        journal.keep_result(note, sealed)
    assert journal.result is not None  # noqa: S101 - kept just now, or found
    return journal.result


def publish(result: KeptResult, journal: Journal, tree: Path) -> Signed[ResultNote]:
    """Step 2 (and 3): the result in a tree, the note last."""
    publish_notes(journal, tree)
    sealed_path = tree / names.tree_sealed(hashlib.sha256(result.sealed).hexdigest())
    make_folder(sealed_path.parent)
    sync_folder(tree)
    write_durably(sealed_path, result.sealed)
    signed = read(result.note, ResultNote)
    write_tree_note(tree, "result", signed.id, result.note)
    return signed


def publish_notes(journal: Journal, tree: Path) -> None:
    """The admit and start notes in a tree, and those of moves."""
    put_notes(tree, journal.facts.admit, journal.facts.start, journal.facts.moves)


def put_notes(tree: Path, admit: str, start: str, moves: Sequence[Move]) -> None:
    """What the result, or the note that there will be none, rests on: in a tree, each after those that it cites.

    Written again also where they lie there: a program that was killed, or whose sync failed, left a name that may vanish.
    """
    make_folder(tree / "notes")
    sync_folder(tree.parent)
    sync_folder(tree)
    notes = [("admit", admit), ("start", start)]
    for move in moves:
        notes += [("admit", move.admit), ("handover", move.handover)]
    for kind, text in notes:
        body_id = hashlib.sha256(_signed_text(text)).hexdigest()
        write_tree_note(tree, kind, body_id, text.encode())


def finish_on_station(
    opened: OpenSitting, station: StationKeys, level: Level, tree: Path
) -> Signed[ResultNote]:
    """Steps 1, 2 and 4. The keys go afterwards (`SittingFolder.destroy_keys`), when the journal is closed."""
    result = make_result(opened.journal, station, level)
    signed = publish(result, opened.journal, tree)
    opened.folder.keep_result_note(result.note)
    return signed


def _bundle(journal: Journal) -> bytes:
    facts = journal.facts
    return write_bundle(
        ResultBundle(
            mode=facts.mode,
            session=facts.session,
            sitting=facts.sitting,
            start=facts.start,
            admit=facts.admit,
            handovers=tuple(move.handover for move in facts.moves),
            candidate=facts.candidate,
            identity=facts.identity,
            form=facts.form,
            journal=tuple(journal.records),
            answers=journal.state.answers,
        )
    )


def _note(journal: Journal, sealed: bytes, level: Level) -> ResultNote:
    facts, state = journal.facts, journal.state
    assert state.ended_by is not None  # noqa: S101 - an ended sitting was ended by somebody
    return ResultNote(
        trust=facts.trust,
        session=facts.session,
        venue=facts.venue,
        station=facts.station,
        sitting=facts.sitting,
        start=read(facts.start.encode(), StartNote).id,
        handovers=tuple(read(move.handover.encode(), HandoverNote).id for move in facts.moves),
        commitment=facts.candidate.commitment,
        form=form_hash(facts.form),
        edition=facts.edition,
        scoring=facts.scoring,
        engine=facts.engine,
        allotted_ms=state.allotted_ms,
        granted_ms=state.granted_ms,
        left_ms=state.left_ms,
        ended_by=state.ended_by,
        size=len(journal.records),
        root=journal.head,
        sealed=hashlib.sha256(sealed).hexdigest(),
        sealed_size=len(sealed),
        started_at=facts.started_at,
        ended_at=_ended_at(journal),
        level=level,
    )


def _ended_at(journal: Journal) -> str:
    """What the wall clock showed at the end that counts, the last one."""
    for record in reversed(journal.records):
        event = read_line(record.line)
        if isinstance(event, SittingEnded):
            return event.wall
    raise Refusal("sitting-not-ended")


def write_tree_note(tree: Path, kind: str, note_id: str, data: bytes) -> None:
    write_durably(tree / names.tree_note(kind, note_id), data)


def _signed_text(note: str) -> bytes:
    """The signed part of a note that was checked when it was made."""
    return (note.rpartition("\n\n")[0] + "\n").encode()
