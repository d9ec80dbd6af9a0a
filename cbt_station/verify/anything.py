"""What to check is decided by what is there: a sheet, a note, a proof, a sealed result, a tree, a session's folder."""

from collections.abc import Callable

from msgspec.structs import replace

from cbt_station.artefacts import admit, closing, manifest, names, score
from cbt_station.artefacts.files import sha256_hex
from cbt_station.errors import Failure, Refusal, Tampered, Trouble
from cbt_station.sealing.body import kind_and_mode
from cbt_station.sealing.notes import Note, parse_note
from cbt_station.sealing.trust import Trust
from cbt_station.verify.session import CheckedSession, Files, check_proof, check_session, session_in
from cbt_station.verify.sheet import check_sheet
from cbt_station.verify.steps import Steps
from cbt_station.verify.tree import check_tree, notes_in

_ALONE: dict[str, Callable[[bytes, Trust], object]] = {
    "exam": manifest.check_manifest,
    "admit": admit.check_admit,
    "closing": closing.check_closing,
    "score": score.check_score,
    "decision": score.check_decision,
}
"""Notes whose signatures can be checked with a trust list alone."""


def check_path_files(files: Files, trust: Trust | None, session_files: Files | None = None) -> Steps:
    """Check one file (a mapping of one name) or a folder. Without a trust list nothing is checkable."""
    steps = Steps()
    if trust is None:
        steps.missing("trust", ", ".join(sorted(files)[:3]), "trust-1.note")
        return steps
    session = _session(session_files, trust, steps)
    if len(files) == 1:
        ((name, data),) = files.items()
        _check_file(name, data, trust, session, steps)
        return steps
    return _check_folder(files, trust, session, steps)


def _session(files: Files | None, trust: Trust, steps: Steps) -> CheckedSession | None:
    if files is None:
        return None
    checked, done = check_session(files, trust)
    _take(steps, done)
    return checked


def _check_folder(files: Files, trust: Trust, session: CheckedSession | None, steps: Steps) -> Steps:
    try:
        session_in(files)
    except Failure:
        pass
    else:
        session, done = check_session(files, trust)
        _take(steps, done)
    if notes_in(files):
        _, done = check_tree(files, trust, session)
        _take(steps, done)
    for name in sorted(files):
        if name.endswith(".pdf"):
            _check_file(name, files[name], trust, session, steps)
    if not steps.done:
        raise Trouble("nothing-to-verify")
    return steps


def _check_file(name: str, data: bytes, trust: Trust, session: CheckedSession | None, steps: Steps) -> None:
    if data.startswith(b"%PDF"):
        _, done = check_sheet(data, trust)
        _take(steps, done)
    elif name.endswith(".tlog-proof"):
        steps.check("logged", name, _check_any_proof, name, data, trust)
    elif name.endswith(".age"):
        steps.check("name", name, _check_sealed_name, name, data, session)
    elif name.startswith("trust-"):
        steps.check("trust", name, _check_is_listed, data, trust)
    else:
        steps.check("note", name, check_note, data, trust)


def check_note(data: bytes, trust: Trust) -> Note:
    """A single note: its signatures where a trust list is enough; else Trouble says what else is needed."""
    note = parse_note(data)
    kind, _ = kind_and_mode(note.text)
    if kind in _ALONE:
        _ALONE[kind](data, trust)
        return note
    if kind in {"result", "start", "draw", "release", "reveal", "act", "handover", "aborted", "trust"}:
        raise Trouble("evidence-missing", where=f"{kind}: the folder it belongs to")
    raise Tampered("note-type", first=note.text.partition("\n")[0][:80])


def _check_is_listed(data: bytes, trust: Trust) -> None:
    """A trust list is true if it is one of the chain that was opened from the pinned one."""
    note = parse_note(data, most_bytes=16 << 20)
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
    """A proof says nothing of the kind of its note: each kind that is logged is tried."""
    note_id = name.rpartition("/")[2].removesuffix(".tlog-proof")
    if not names.is_id(note_id):
        raise Refusal("name-malformed", where="proof", name=name)
    failure: Tampered | None = None
    for kind in (
        "result",
        "score",
        "closing",
        "exam",
        "draw",
        "release",
        "reveal",
        "decision",
        "trust",
        "start",
        "admit",
    ):
        try:
            check_proof(data, trust, kind, note_id)
            return
        except Tampered as error:
            failure = error
    raise failure or Tampered("inclusion")


def _take(steps: Steps, done: Steps) -> None:
    """Add another procedure's steps, numbered on."""
    steps.done += [replace(step, number=len(steps.done) + at) for at, step in enumerate(done.done, start=1)]
