"""A score sheet, checked by a stranger with a trust list and nothing else.

1. paper     the PDF's signature covers all of it and is by a certificate of the trust list
2. score     the attached score note, signed by the score key: the numbers are read from it, never from the page, and
             the step says them, for whoever holds the page
3. result    the attached admit, start, hand-over and result notes; the score note names that very result
4. logged    the log's proof of the score note, and of the result note
5. newest    whether a newer sheet supersedes this one (only a newer copy of the log can tell)
"""

from collections.abc import Mapping

from msgspec import Struct

from cbt_station.artefacts.handover import Move
from cbt_station.artefacts.result import ResultNote
from cbt_station.artefacts.score import ScoreNote, check_score, told
from cbt_station.artefacts.signed import Signed, as_text, read
from cbt_station.errors import Failure, Refusal, Tampered
from cbt_station.sealing.pades import check_pdf
from cbt_station.sealing.trust import Trust
from cbt_station.verify.result import CheckedResult, check_chain
from cbt_station.verify.session import check_proof
from cbt_station.verify.steps import Steps, need

SCORE, RESULT, START, ADMIT = "score.note", "result.note", "start.note", "admit.note"
SCORE_PROOF, RESULT_PROOF = "score.tlog-proof", "result.tlog-proof"


def move_names(number: int) -> tuple[str, str]:
    """What the hand-over to a sitting's seat `number` (from 2), and its station's admit note, are called on a sheet."""
    return f"handover-{number}.note", f"admit-{number}.note"


class CheckedSheet(Struct, frozen=True):
    """What a true sheet says. `result` is None for a candidate who has none (absent, disqualified)."""

    score: Signed[ScoreNote]
    result: CheckedResult | None


def check_sheet(
    pdf: bytes, trust: Trust, superseded: frozenset[str] | None = None, *, knows_all: bool = True
) -> tuple[CheckedSheet | None, Steps]:
    """Run the steps. `superseded`: ids of score notes that newer ones replace, as far as the caller has them.

    Only who knows all of them (by a copy of the log) can say that a sheet is the newest.
    """
    steps = Steps()
    paper = steps.check("paper", "SHEET.pdf", lambda: check_pdf(pdf, trust.pdf))  # 1
    if paper is None:
        return None, steps
    attached = paper.attachments
    score = steps.check("score", _told(attached), lambda: check_score(_attached(attached, SCORE), trust))  # 2
    if score is None:
        return None, steps
    result = None
    if score.body.result is not None:
        result = steps.check("result", RESULT, lambda: _check_result(attached, score.body, trust))  # 3
    _check_logged(steps, attached, SCORE_PROOF, "score", score.id, trust)  # 4
    if score.body.result is not None:
        _check_logged(steps, attached, RESULT_PROOF, "result", score.body.result, trust)
    if superseded is None or not (knows_all or score.id in superseded):  # 5
        steps.missing("newest", score.id, "log")
    else:
        steps.check("newest", score.id, _require_newest, score.id, superseded)
    return CheckedSheet(score, result), steps


def _told(attached: Mapping[str, bytes]) -> str:
    """What the note claims, and its name; only the step's verdict says whether it is so."""
    try:
        return f"{told(read(_attached(attached, SCORE), ScoreNote).body)} ({SCORE})"
    except Failure:
        return SCORE


def _attached(attached: Mapping[str, bytes], name: str) -> bytes:
    return need(attached.get(name), name)


def _check_result(attached: Mapping[str, bytes], score: ScoreNote, trust: Trust) -> CheckedResult:
    result = _attached(attached, RESULT)
    moves = [
        Move(*(as_text(_attached(attached, name)) for name in move_names(number)))
        for number in range(2, len(read(result, ResultNote).body.handovers) + 2)
    ]
    checked = check_chain(_attached(attached, ADMIT), _attached(attached, START), result, trust, moves)
    if checked.result.id != score.result or checked.result.body.session != score.session:
        raise Tampered("score-of-another-result")
    return checked


def _check_logged(
    steps: Steps, attached: Mapping[str, bytes], name: str, kind: str, note_id: str, trust: Trust
) -> None:
    if name in attached:
        steps.check("logged", name, check_proof, attached[name], trust, kind, note_id)
    else:
        steps.missing("logged", name, name)


def _require_newest(note_id: str, superseded: frozenset[str]) -> None:
    if note_id in superseded:
        raise Refusal("superseded", where=note_id)
