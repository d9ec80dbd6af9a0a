"""What `results open` tells people and programs: candidates, results, problems. Nothing of it is ever read back."""

from typing import Any

from cbt_station.artefacts.scoring import plain
from cbt_station.results.opening import OpenedSession


def report(opened: OpenedSession) -> dict[str, Any]:
    """Plain values for JSON; scores are text, so that no reader rounds them."""
    manifest = opened.session.manifest
    return {
        "session": opened.name,
        "mode": manifest.mode,
        "manifest": manifest.id,
        "scoring": {"revision": opened.decided.scoring.revision, "sha256": opened.decided.scoring_hash},
        "decisions": [
            {"number": note.body.number, "what": note.body.what, "id": note.id}
            for note in opened.decided.notes
        ],
        "candidates": [
            {
                "number": one.entry.number,
                "venue": one.venue,
                "standing": one.standing,
                "scores": {name: plain(value) for name, value in one.scores.outcomes.items()}
                if one.scores
                else None,
                "result": one.result.notes.result.id if one.result else None,
            }
            for one in opened.candidates
        ],
        "results": [one.result.notes.result.id for one in opened.candidates if one.result],
        "problems": [
            {
                "step": problem.name,
                "subject": problem.subject,
                "kind": problem.kind,
                "code": problem.code,
                "where": problem.where,
            }
            for problem in opened.problems
        ],
    }
