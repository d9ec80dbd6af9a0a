"""Who goes on: thresholds met, and rank within a multiple of the position's quota. Anyone can run it again.

Within a position, those who meet their category's thresholds are ordered by the blueprint's outcomes from the strongest
(SKD 2024: total, TKP, TIU, TWK). Equal in all of them means equal in rank (1, 2, 2, 4); who is equal at the cut goes
through together, and nothing else (number, name, time) ever decides. Every tie carries its reason.

Status letters that agencies print: P/L thresholds met and within the cut, P met but not within it, TL not met, TH
absent, DIS disqualified. One is ours: TS (tidak selesai), a sitting that was started and has no result to score, because
it is missing or could not go on. It has no score and no rank, and it is not TL: nothing was failed. When its result is
recovered, the same applicant is ranked as present. A disqualified applicant may have scores; they count for nothing.
"""

from collections.abc import Mapping
from decimal import Decimal
from itertools import groupby
from typing import Literal, TypeAlias

from msgspec import Struct

from cbt_station.errors import Refusal
from cbt_station.exam.blueprint import Blueprint, Outcome
from cbt_station.exam.scoring import UnmetRequirement, meets

Standing: TypeAlias = Literal["present", "absent", "disqualified", "unfinished"]
PlacingStatus: TypeAlias = Literal["P/L", "P", "TL", "TS", "TH", "DIS"]
Key: TypeAlias = tuple[Decimal, ...]

_STATUS_WITHOUT_RANK: dict[Standing, PlacingStatus] = {
    "unfinished": "TS",
    "absent": "TH",
    "disqualified": "DIS",
}


class Applicant(Struct, frozen=True, forbid_unknown_fields=True):
    """One candidate of a roster. Only who is present has scores to be ranked by."""

    number: str
    name: str
    position: str
    category: str
    scores: dict[Outcome, Decimal] | None
    standing: Standing


class Tie(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a placing stands where it stands among equals.

    `decided_by`: the first outcome of the ranking was the same as that of `above` (the next better one), and this later
    outcome decided. `equal_to`: the numbers that are equal in every outcome and share the rank.
    `through_together`: these fill more places than the cut had left, and all went through.
    """

    above: str | None = None
    decided_by: Outcome | None = None
    equal_to: tuple[str, ...] = ()
    through_together: bool = False


class Placing(Struct, frozen=True, forbid_unknown_fields=True):
    """Where an applicant stands in their position. `cut` is the last rank that goes through."""

    number: str
    position: str
    rank: int | None
    status: PlacingStatus
    cut: int
    tie: Tie | None = None
    unmet: tuple[UnmetRequirement, ...] = ()


def rank(
    blueprint: Blueprint, applicants: tuple[Applicant, ...], quotas: Mapping[str, int]
) -> tuple[Placing, ...]:
    """Place all applicants: by position; in it the ranked ones, then TL, TS, TH and DIS.

    Codes: applicant-twice, quota-missing, quota-negative, category-unknown, score-missing, score-unexpected.
    """
    _check(blueprint, applicants, quotas)
    by_position = sorted(applicants, key=lambda one: (one.position, one.number))
    return tuple(
        placing
        for position, group in groupby(by_position, key=lambda one: one.position)
        for placing in _rank_position(
            blueprint, list(group), blueprint.ranking.quota_multiple * quotas[position]
        )
    )


def _rank_position(blueprint: Blueprint, applicants: list[Applicant], cut: int) -> list[Placing]:
    """One position's applicants, handed over by number, so that equal ones are listed by number."""
    unmet = {
        one.number: meets(blueprint.thresholds[one.category], one.scores or {})
        for one in applicants
        if one.standing == "present"
    }
    present = sorted(
        (one for one in applicants if one.standing == "present"),
        key=lambda one: _key(blueprint, one),
        reverse=True,  # stable: equal ones stay by number
    )
    eligible = [one for one in present if not unmet[one.number]]
    failed = [
        Placing(
            number=one.number, position=one.position, rank=None, status="TL", cut=cut, unmet=unmet[one.number]
        )
        for one in present
        if unmet[one.number]
    ]
    return _rank_eligible(blueprint, eligible, cut) + failed + _without_rank(applicants, cut)


def _rank_eligible(blueprint: Blueprint, eligible: list[Applicant], cut: int) -> list[Placing]:
    placings: list[Placing] = []
    above: Applicant | None = None
    for _, group in groupby(eligible, key=lambda one: _key(blueprint, one)):
        equals = list(group)
        place = len(placings) + 1
        through = place <= cut
        together = through and place + len(equals) - 1 > cut
        decided_by = _decided_by(blueprint, above, equals[0])
        for one in equals:
            tie = Tie(
                above=above.number if above and decided_by else None,
                decided_by=decided_by,
                equal_to=tuple(other.number for other in equals if other is not one),
                through_together=together,
            )
            placings.append(
                Placing(
                    number=one.number,
                    position=one.position,
                    rank=place,
                    status="P/L" if through else "P",
                    cut=cut,
                    tie=None if tie == Tie() else tie,
                )
            )
        above = equals[-1]
    return placings


def _without_rank(applicants: list[Applicant], cut: int) -> list[Placing]:
    return [
        Placing(number=one.number, position=one.position, rank=None, status=status, cut=cut)
        for standing, status in _STATUS_WITHOUT_RANK.items()
        for one in applicants
        if one.standing == standing
    ]


def _key(blueprint: Blueprint, applicant: Applicant) -> Key:
    scores = applicant.scores or {}
    return tuple(scores[outcome] for outcome in blueprint.ranking.order)


def _decided_by(blueprint: Blueprint, above: Applicant | None, below: Applicant) -> Outcome | None:
    """The later outcome that parted two whose first outcome is the same; None where the first one did."""
    if above is None:
        return None
    pairs = zip(blueprint.ranking.order, _key(blueprint, above), _key(blueprint, below), strict=True)
    outcome = next(outcome for outcome, better, worse in pairs if better != worse)
    return None if outcome == blueprint.ranking.order[0] else outcome


def _check(blueprint: Blueprint, applicants: tuple[Applicant, ...], quotas: Mapping[str, int]) -> None:
    seen: set[str] = set()
    for one in applicants:
        if one.number in seen:
            raise Refusal("applicant-twice", where=one.number)
        if one.position not in quotas:
            raise Refusal("quota-missing", where=one.number, position=one.position)
        if quotas[one.position] < 0:
            raise Refusal("quota-negative", where=one.position)
        if one.category not in blueprint.thresholds:
            raise Refusal("category-unknown", where=one.number, category=one.category)
        _check_scores(blueprint, one)
        seen.add(one.number)


def _check_scores(blueprint: Blueprint, one: Applicant) -> None:
    scored = one.scores or {}
    if one.standing in ("absent", "unfinished") and one.scores is not None:
        raise Refusal("score-unexpected", where=one.number, standing=one.standing)
    if one.standing == "present":
        for outcome in blueprint.outcomes:
            if outcome not in scored or not scored[outcome].is_finite():
                raise Refusal("score-missing", where=one.number, outcome=outcome)
