"""What must be true of a note before it is registered: the steps of `verify`, kind by kind.

A note is checked against the trust list, the sessions that the centre was given, and the notes that it cites, which
must be registered before it (`evidence-missing` says which is not here yet, and the sender sends it first).
The outcome says in which *slot* the note stands: what there may be only one of. Nothing is written here.
"""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.artefacts.admit import check_admit
from cbt_station.artefacts.closing import ClosingNote, check_closing
from cbt_station.artefacts.files import sha256_hex
from cbt_station.artefacts.manifest import check_manifest
from cbt_station.artefacts.result import ResultNote
from cbt_station.artefacts.score import check_decision, check_score
from cbt_station.artefacts.signed import read
from cbt_station.errors import Refusal, Tampered, Trouble
from cbt_station.sealing.notes import parse_note
from cbt_station.sealing.trust import MOST_BYTES as MOST_TRUST_BYTES
from cbt_station.sealing.trust import Trust
from cbt_station.verify.counting import require_grown
from cbt_station.verify.result import check_bound, check_form, check_sealed, check_start_bound
from cbt_station.verify.session import CheckedSession, Files
from cbt_station.verify.steps import need
from cbt_station.verify.tree import (
    chain_of,
    check_aborted_in,
    check_draw_in,
    check_handover_in,
    check_release_in,
    check_reveal_in,
    check_start_in,
)


class About(Struct, frozen=True):
    """Where a true note stands. `refers`: the note it is about; `sealed`: the sealed file it names."""

    slot: str
    session: str = ""
    venue: str = ""
    refers: str = ""
    sealed: str = ""


class Known(Struct, frozen=True):
    """What a note is checked against: `files` holds registered notes and sealed files by their names in the tree."""

    trust: Trust
    files: Files
    session: Callable[[str], CheckedSession]
    """A session by name, or Refusal("session-unknown")."""

    def note(self, kind: str, note_id: str) -> bytes:
        name = names.tree_note(kind, note_id)
        return need(self.files.get(name), name)

    def sealed(self, sha256: str) -> bytes:
        name = names.tree_sealed(sha256)
        return need(self.files.get(name), name)


def check(kind: str, data: bytes, known: Known) -> About:
    """Where the note stands, or the failure that keeps it out. Refusal("kind-not-registered") for acts and such."""
    if kind not in _CHECKS:
        raise Refusal("kind-not-registered", where=kind)
    return _CHECKS[kind](data, known)


def sitting_slot(session: str, sitting: str) -> str:
    """One result, or one aborted note, for each sitting."""
    return f"sitting {session} {sitting}"


def superseding_slot(score_id: str) -> str:
    """One newer score note for each that is superseded."""
    return f"supersedes {score_id}"


def _trust(data: bytes, known: Known) -> About:
    note_id = parse_note(data, most_bytes=MOST_TRUST_BYTES).id
    for listed, note in known.trust.chain:
        if note.id == note_id and note.raw == data:
            return About(f"trust {listed.trust}")
    raise Tampered("trust-pin", id=note_id, pinned=known.trust.chain[0][1].id)


def _exam(data: bytes, known: Known) -> About:
    manifest = check_manifest(data, known.trust).body
    names.require_word(manifest.session, "session")
    return About(f"exam {manifest.session}", manifest.session)


def _draw(data: bytes, known: Known) -> About:
    draw = check_draw_in(known.files, data, known.trust).body
    return About(f"draw {draw.session}", draw.session, refers=draw.manifest)


def _release(data: bytes, known: Known) -> About:
    signed = check_release_in(known.files, data, known.trust)
    return About(f"release {signed.id}", signed.body.session, refers=signed.body.manifest)


def _reveal(data: bytes, known: Known) -> About:
    reveal = check_reveal_in(known.files, data, known.trust).body
    return About(f"reveal {reveal.session}", reveal.session, refers=reveal.manifest)


def _admit(data: bytes, known: Known) -> About:
    admit = check_admit(data, known.trust)
    known.session(admit.body.session)
    names.require_word(admit.body.venue, "venue")
    return About(f"admit {admit.id}", admit.body.session, admit.body.venue)


def _start(data: bytes, known: Known) -> About:
    signed = check_start_in(known.files, data, known.trust)
    start = signed.body
    check_start_bound(start, known.session(start.session))
    return About(f"start {signed.id}", start.session, start.venue, refers=start.admit)


def _handover(data: bytes, known: Known) -> About:
    move = check_handover_in(known.files, data, known.trust).body
    known.session(move.session)
    slot = f"seat {move.session} {move.sitting} {move.fence}"
    return About(slot, move.session, move.venue, refers=move.start)


def _result(data: bytes, known: Known) -> About:
    checked = chain_of(known.files, data, known.trust)
    result, session = checked.result.body, known.session(checked.result.body.session)
    check_sealed(known.sealed(result.sealed), result)
    check_bound(checked, session)
    check_form(result, session)
    slot = sitting_slot(result.session, result.sitting)
    return About(slot, result.session, result.venue, result.start, result.sealed)


def _aborted(data: bytes, known: Known) -> About:
    aborted = check_aborted_in(known.files, data, known.trust).body
    sealed = known.sealed(aborted.sealed)
    if (len(sealed), sha256_hex(sealed)) != (aborted.sealed_size, aborted.sealed):
        raise Tampered("sealed-changed", where=aborted.sealed)
    slot = sitting_slot(aborted.session, aborted.sitting)
    return About(slot, aborted.session, aborted.venue, aborted.start, aborted.sealed)


def _closing(data: bytes, known: Known) -> About:
    closing = check_closing(data, known.trust).body
    if closing.manifest != known.session(closing.session).manifest.id:
        raise Tampered("result-of-another-session", session=closing.session)
    if closing.number != 1 or closing.cites is not None:
        _require_cites(closing, known)
    slot = f"closing {closing.session} {closing.venue} {closing.number}"
    return About(slot, closing.session, closing.venue, closing.cites or "")


def _require_cites(closing: ClosingNote, known: Known) -> None:
    """Closing K cites closing K-1 of the same venue."""
    if closing.cites is None:
        raise Tampered("closing-chain", where=closing.venue, number=closing.number)
    before = read(known.note("closing", closing.cites), ClosingNote).body
    if (before.session, before.venue, before.number) != (closing.session, closing.venue, closing.number - 1):
        raise Tampered("closing-chain", where=closing.venue, number=closing.number)
    require_grown(before, closing)


def _decision(data: bytes, known: Known) -> About:
    decision = check_decision(data, known.trust).body
    known.session(decision.session)
    return About(f"decision {decision.session} {decision.number}", decision.session)


def _score(data: bytes, known: Known) -> About:
    """A score's result is registered; one newer note for each that is superseded, one first note for each result."""
    signed = check_score(data, known.trust)
    score = signed.body
    known.session(score.session)
    if score.result is not None:
        result = read(known.note("result", score.result), ResultNote).body
        if result.session != score.session:
            raise Tampered("score-of-another-result")
    if score.supersedes is not None:
        slot = superseding_slot(score.supersedes)
    else:
        slot = f"score {score.result or signed.id}"
    return About(slot, score.session, refers=score.result or "")


_CHECKS: Final[dict[str, Callable[[bytes, Known], About]]] = {
    "trust": _trust,
    "exam": _exam,
    "draw": _draw,
    "release": _release,
    "reveal": _reveal,
    "admit": _admit,
    "start": _start,
    "handover": _handover,
    "result": _result,
    "aborted": _aborted,
    "closing": _closing,
    "decision": _decision,
    "score": _score,
}
REGISTERED_KINDS: Final = tuple(_CHECKS)


def session_missing(name: str) -> Trouble:
    """What is said of a session that the centre was never given."""
    return Trouble("session-unknown", where=name)
