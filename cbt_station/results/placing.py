"""From opened results to placings: `exam.ranking` over everybody of the rosters. And why, in words."""

from collections.abc import Mapping

from cbt_station.exam.blueprint import TOTAL, Blueprint
from cbt_station.exam.ranking import Applicant, Placing, rank
from cbt_station.exam.scoring import UnmetRequirement
from cbt_station.paper.dates import number as in_figures
from cbt_station.results.opening import Candidate, OpenedSession
from cbt_station.words import Words, in_language

STATUS_KEYS: Mapping[str, str] = {"P/L": "pl", "P": "p", "TL": "tl", "TS": "ts", "TH": "th", "DIS": "dis"}
"""Status letters as the last part of a key in words/."""


def place(opened: OpenedSession) -> tuple[Placing, ...]:
    """Everybody's placing, by position and rank."""
    applicants = tuple(applicant(candidate) for candidate in opened.candidates)
    return rank(opened.blueprint, applicants, opened.session.positions.quotas())


def applicant(candidate: Candidate) -> Applicant:
    """What the ranking may know of a candidate."""
    entry = candidate.entry
    counts = candidate.standing in {"present", "disqualified"} and candidate.scores is not None
    return Applicant(
        number=entry.number,
        name=entry.name,
        position=entry.position,
        category=entry.category,
        scores=dict(candidate.scores.outcomes) if counts and candidate.scores else None,
        standing=candidate.standing,
    )


def outcome_title(blueprint: Blueprint, outcome: str, words: Words) -> str:
    """A section's title in the language, or the word for the total."""
    if outcome == TOTAL:
        return words("results.total")
    for section in blueprint.sections:
        if section.id == outcome:
            return in_language(section.title, words.lang, section.id)
    return outcome


def outcome_name(outcome: str, words: Words) -> str:
    """An outcome in a sentence: a section's id, or the word for the total."""
    return words("results.total").lower() if outcome == TOTAL else outcome


def reason(blueprint: Blueprint, placing: Placing, words: Words, *, with_numbers: bool) -> str:
    """Why a candidate stands there, in sentences; `with_numbers` names the others (tables), else counts them (sheets)."""
    sentences = []
    first = outcome_name(blueprint.ranking.order[0], words)
    tie = placing.tie
    if tie is not None and tie.decided_by is not None:
        decided = outcome_name(tie.decided_by, words)
        key = "results.tie.decided_above" if with_numbers else "results.tie.decided"
        sentences.append(words(key, first=first, decided=decided, above=tie.above or ""))
    if tie is not None and tie.equal_to:
        key = "results.tie.equal_to" if with_numbers else "results.tie.equal"
        sentences.append(words(key, numbers=", ".join(tie.equal_to), count=len(tie.equal_to)))
    if tie is not None and tie.through_together:
        sentences.append(words("results.tie.together", cut=placing.cut))
    sentences += [_unmet(unmet, words) for unmet in placing.unmet]
    return " ".join(sentences)


def _unmet(unmet: UnmetRequirement, words: Words) -> str:
    scored, least = in_figures(unmet.scored, words.lang), in_figures(unmet.least, words.lang)
    return words("results.unmet", outcome=outcome_name(unmet.outcome, words), scored=scored, least=least)
