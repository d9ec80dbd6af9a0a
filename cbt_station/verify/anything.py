"""What to check is decided by what is there: a sheet, a note, a proof, a proven answer, a sealed result, a tree, a session's folder.

Proofs that lie together are held to each other: a log that shows one tree to one and another to the next is found by
whoever has a proof of each.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from cbt_station.artefacts import admit, closing, manifest, names, result, score
from cbt_station.artefacts.draw import check_draw
from cbt_station.artefacts.entry import LOGGED_KINDS
from cbt_station.artefacts.files import sha256_hex
from cbt_station.artefacts.release import check_release, check_reveal
from cbt_station.artefacts.signed import read
from cbt_station.errors import Failure, Refusal, Tampered, Trouble
from cbt_station.sealing.body import kind_and_mode
from cbt_station.sealing.checkpoint import Checkpoint
from cbt_station.sealing.notes import Note, parse_note
from cbt_station.sealing.proof import parse as parse_proof
from cbt_station.sealing.trust import MOST_BYTES as MOST_TRUST_BYTES
from cbt_station.sealing.trust import Trust
from cbt_station.verify.answer import check_answer
from cbt_station.verify.session import CheckedSession, Files, check_proof, check_session, session_in
from cbt_station.verify.sheet import check_sheet
from cbt_station.verify.steps import Steps
from cbt_station.verify.tree import CHECKED_KINDS, check_tree, notes_in

_ALONE: Final[dict[str, Callable[[bytes, Trust], object]]] = {
    "exam": manifest.check_manifest,
    "admit": admit.check_admit,
    "aborted": result.check_aborted,
    "closing": closing.check_closing,
    "score": score.check_score,
    "decision": score.check_decision,
}
"""Notes whose signatures can be checked with a trust list alone."""
_WITH_SESSION: Final[dict[str, Callable[[bytes, CheckedSession], object]]] = {
    "draw": lambda data, session: check_draw(data, session.trust, session.manifest),
    "release": lambda data, session: check_release(data, session.trust, session.manifest),
    "reveal": lambda data, session: check_reveal(data, session.trust, session.manifest),
}
"""Notes that are about a manifest."""
PROOF: Final = ".tlog-proof"
_IN_A_FOLDER: Final = ("result", "start", "act", "handover")
"""Notes that are nothing without those they cite."""


def check_path_files(files: Files, trust: Trust | None, session_files: Files | None = None) -> Steps:
    """Check one file (a mapping of one name) or a folder. Without a trust list nothing is checkable."""
    steps = Steps()
    if trust is None:
        steps.missing("trust", ", ".join(sorted(files)[:3]), "trust-1.note")
        return steps
    session = None
    if session_files is not None:
        session, done = check_session(session_files, trust)
        steps.take(done)
    if len(files) == 1:
        ((name, data),) = files.items()
        _check_file(name, data, trust, session, steps)
    else:
        _check_folder(files, trust, session, steps)
    _check_one_log({**(session_files or {}), **files}, trust, steps)
    return steps


def _check_folder(files: Files, trust: Trust, session: CheckedSession | None, steps: Steps) -> None:
    """A session's folder, a tree, or any files side by side; nothing that is there and can be checked is left out."""
    before, checked = len(steps.done), set[str]()
    if any(_is_manifest(name) for name in files):
        session, done = check_session(files, trust)
        steps.take(done)
        checked = _of_session(files, session)
    if notes_in(files):
        _, done = check_tree(files, trust, session)
        steps.take(done)
        others = {name for name, (kind, _) in notes_in(files).items() if kind not in CHECKED_KINDS}
        checked |= {name for name in files if name.startswith((f"{names.NOTES}/", f"{names.SEALED}/"))}
        checked |= {names.tree_proof(note_id) for _, note_id in notes_in(files).values()}
        checked -= others
    superseded = _superseded(files, trust)
    for name in sorted(set(files) - checked):
        if name.endswith(".pdf"):
            steps.take(check_sheet(files[name], trust, superseded, knows_all=False)[1])
        elif name.endswith(names.ANSWER_PROOF):
            steps.take(check_answer(name, files[name], files, trust))
        elif name.endswith((".note", PROOF, ".result.age")):
            _check_file(name, files[name], trust, session, steps)
    if len(steps.done) == before:
        raise Trouble("nothing-to-verify")


def _superseded(files: Files, trust: Trust) -> frozenset[str]:
    """The score notes that true ones in the folder replace."""
    found = set[str]()
    for name, (kind, _) in notes_in(files).items():
        if kind == "score":
            with suppress(Failure):  # a false one is told about in its own step
                found.add(score.check_score(files[name], trust).body.supersedes or "")
    return frozenset(found)


def _is_manifest(name: str) -> bool:
    return name.startswith("exam-") and name.endswith(".note") and "/" not in name


def _of_session(files: Files, session: CheckedSession | None) -> set[str]:
    """What `check_session` looked at."""
    name = session_in(files)
    checked = {names.manifest(name), names.draw(name), names.release(name), names.reveal(name)}
    checked |= {file for file in files if names.is_decision(file, name)}
    if session is not None:
        checked |= {*session.listed, names.tree_proof(session.manifest.id)}
    return checked


def _check_file(name: str, data: bytes, trust: Trust, session: CheckedSession | None, steps: Steps) -> None:
    if data.startswith(b"%PDF"):
        steps.take(check_sheet(data, trust)[1])
    elif name.endswith(names.ANSWER_PROOF):  # alone: the notes that it names are missing
        steps.take(check_answer(name, data, {}, trust))
    elif name.endswith(PROOF):
        steps.check("logged", name, _check_any_proof, name, data, trust)
    elif name.endswith(".age"):
        steps.check("name", name, _check_sealed_name, name, data, session)
    elif name.startswith("trust-"):
        steps.check("trust", name, _check_is_listed, data, trust)
    elif name.endswith((".note", ".pdf")) or data.startswith(b"cbt-station/"):
        steps.check("note", _told(name, data), check_note, data, trust, session)
    else:
        raise Trouble("nothing-to-verify")


def _told(name: str, data: bytes) -> str:
    """What a score note claims, and its name; of other notes the name."""
    try:
        return f"{score.told(read(data, score.ScoreNote).body)} ({name})"
    except Failure:
        return name


def check_note(data: bytes, trust: Trust, session: CheckedSession | None = None) -> Note:
    """A single note: its signatures where the trust list (and the session) are enough; else Trouble says what is."""
    note = parse_note(data)
    kind, _ = kind_and_mode(note.text)
    if kind in _ALONE:
        _ALONE[kind](data, trust)
    elif kind in _WITH_SESSION and session is not None:
        _WITH_SESSION[kind](data, session)
    elif kind == "trust":
        _check_is_listed(data, trust)
    elif kind in _WITH_SESSION:
        raise Trouble("evidence-missing", where=f"{kind}: exam-SESSION.note")
    elif kind in _IN_A_FOLDER:
        raise Trouble("evidence-missing", where=f"{kind}: the tree that it belongs to")
    else:
        raise Tampered("note-type", first=note.text.partition("\n")[0][:80])
    return note


def _check_is_listed(data: bytes, trust: Trust) -> None:
    """A trust list is true if it is one of the chain that was opened from the pinned one."""
    note = parse_note(data, most_bytes=MOST_TRUST_BYTES)
    if not any(listed.id == note.id for _, listed in trust.chain):
        raise Tampered("trust-pin", id=note.id, pinned=trust.chain[0][1].id)


def _check_sealed_name(name: str, data: bytes, session: CheckedSession | None) -> None:
    base = name.rpartition("/")[2]
    if names.tree_sealed(sha256_hex(data)).endswith(f"/{base}"):
        return
    if session is None or base not in session.listed:
        raise Trouble("evidence-missing", where="exam-SESSION.note")
    entry = session.listed[base]
    if (len(data), sha256_hex(data)) != (entry.size, entry.sha256):
        raise Tampered("file-changed", where=base)


def _check_any_proof(name: str, data: bytes, trust: Trust) -> None:
    note_id = _proven_id(name)
    if not names.is_id(note_id):
        raise Refusal("name-malformed", where="proof", name=name)
    _checkpoint_of(note_id, data, trust)


def _proven_id(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(PROOF)


def _checkpoint_of(note_id: str, data: bytes, trust: Trust) -> Checkpoint:
    """A proof says nothing of the kind of its note: each kind that is logged is tried."""
    failure: Tampered | None = None
    for kind in LOGGED_KINDS:
        try:
            return check_proof(data, trust, kind, note_id)
        except Tampered as tampered:
            failure = tampered
    raise failure or Tampered("inclusion", index=0, size=0)


def _check_one_log(files: Files, trust: Trust, steps: Steps) -> None:
    """Only where two proofs or more are true; a false one is told about in its own step."""
    true: list[tuple[str, int, Checkpoint]] = []
    kinds = {note_id: kind for kind, note_id in notes_in(files).values()}
    for name in sorted(name for name in files if name.endswith(PROOF) and names.is_id(_proven_id(name))):
        note_id, raw = _proven_id(name), files[name]
        with suppress(Failure):
            kind = kinds.get(note_id)
            head = check_proof(raw, trust, kind, note_id) if kind else _checkpoint_of(note_id, raw, trust)
            true.append((note_id, parse_proof(raw).index, head))
    if len(true) > 1:
        steps.check("one-log", true[0][2].origin, _require_one_log, true)


def _require_one_log(proofs: Sequence[tuple[str, int, Checkpoint]]) -> None:
    """One root at a size, one note at a number, one number for a note; else Tampered("log-forked")."""
    roots: dict[tuple[str, int], bytes] = {}
    notes: dict[tuple[str, int], str] = {}
    numbers: dict[tuple[str, str], int] = {}
    for note_id, index, head in proofs:
        same = (
            roots.setdefault((head.origin, head.size), head.root) == head.root
            and notes.setdefault((head.origin, index), note_id) == note_id
            and numbers.setdefault((head.origin, note_id), index) == index
        )
        if not same:
            raise Tampered("log-forked", where=note_id, index=index, size=head.size)
