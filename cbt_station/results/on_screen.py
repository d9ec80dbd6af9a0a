"""The score as the exam shows it to its candidate at the end: the same scoring as everywhere, in the screen's shape.

Handed to the station by whoever starts it (`score_with`): what delivers an exam never imports what scores it.
"""

from cbt_station.artefacts.scoring import read_scoring
from cbt_station.delivery.views import ScoreLine, ScoreView
from cbt_station.exam.blueprint import TOTAL, Blueprint
from cbt_station.exam.form import Form
from cbt_station.exam.interactions import Response
from cbt_station.verify.rescoring import rescore

_TOTAL_TITLE = {"id": "Jumlah", "en": "Total"}


def score_view(
    scoring: bytes, blueprint: Blueprint, form: Form, answers: dict[str, Response], category: str
) -> ScoreView:
    """`scoring`: the opened scoring file. Thresholds are those of the candidate's category."""
    scores = rescore(blueprint, form, read_scoring(scoring), answers)
    least = {need.outcome: need.least for need in blueprint.thresholds.get(category, ())}
    titles = {section.id: section.title for section in blueprint.sections} | {TOTAL: _TOTAL_TITLE}
    lines = tuple(
        ScoreLine(
            id=outcome,
            title=titles[outcome],
            score=score,
            most=scores.most[outcome],
            threshold=least.get(outcome),
            met=score >= least[outcome] if outcome in least else None,
        )
        for outcome, score in scores.outcomes.items()
    )
    return ScoreView(outcomes=lines, total=scores.outcomes[TOTAL])
