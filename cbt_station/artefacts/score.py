"""`score.note`: the signed credential in the QR of a score sheet, at most 500 bytes, readable by any scanner.

And `decision-N.note`: what may change a score afterwards.
"""

from typing import ClassVar

from cbt_station.artefacts.names import is_id, require_ids
from cbt_station.artefacts.signed import Signed, check_by_quorum, read_under, require_signers, signers_among
from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.body import NoteBody
from cbt_station.sealing.trust import Trust

MOST_BYTES = 500


class ScoreNote(NoteBody, frozen=True, kw_only=True):
    """`scores` reads `TWK 100, TIU 120, TKP 180, total 400`. The salt keeps the name out of the log entry's id.

    A candidate without a result (absent, disqualified, unfinished) has a verdict and no scores.
    """

    KIND: ClassVar[str] = "score"

    exam: str
    session: str
    number: str
    name: str
    scores: str | None = None
    verdict: str
    result: str | None = None
    scoring: int
    date: str
    supersedes: str | None = None
    salt: str


class DecisionNote(NoteBody, frozen=True, kw_only=True):
    """A changed key, a dropped item, a disqualification, or which of two results counts; logged.

    `what` says it in public: `drop-item tiu-014`, `count-result` and a result's id, `disqualify`.
    """

    KIND: ClassVar[str] = "decision"

    session: str
    number: int
    what: str
    why: str
    old_scoring: str
    new_scoring: str
    results: tuple[str, ...]
    difference: str
    at: str

    @property
    def counted(self) -> str | None:
        """The result that this decision lets count for its sitting; None where it decides something else."""
        what, _, result = self.what.partition(" ")
        return result if what == "count-result" and is_id(result) else None


def require_size(note: bytes) -> bytes:
    """A score note fits its QR code, else Refusal("score-note-too-long")."""
    if len(note) > MOST_BYTES:
        raise Refusal("score-note-too-long", size=len(note), most=MOST_BYTES)
    return note


def check_score(data: bytes, trust: Trust) -> Signed[ScoreNote]:
    """Exactly one score key signed it."""
    if len(data) > MOST_BYTES:
        raise Tampered("malformed", where="score note")
    signed = read_under(data, ScoreNote, trust)
    signers = signers_among(signed.note, trust.at(signed.body.trust).verifiers("score"))
    if not signers:
        raise Tampered("authority-missing", where="score note")
    require_signers(signed, trust, signers[0])
    require_ids("score note", signed.body.result, signed.body.supersedes)
    # Scores come from a result: without one there is nothing that anybody could ever score again.
    if (signed.body.scores is None) != (signed.body.result is None) or signed.body.scoring < 1:
        raise Tampered("malformed", where="score note")
    return signed


def told(score: ScoreNote) -> str:
    """What a score note says, in a line: whoever checks a sheet compares the page with it."""
    return f"{score.number} {score.name}: {score.scores or '–'}; {score.verdict}"


def check_decision(data: bytes, trust: Trust) -> Signed[DecisionNote]:
    """The committee's quorum signed it."""
    return check_by_quorum(data, DecisionNote, trust, "committee")
