"""From answers to scores: an item by its rule, a section by its items, the total by its scored sections.

Exact decimals only; nothing is rounded but the score of an item whose rule is `Processing`, once, at its end (see
`rules.response`). What stands in a regulation stands in the blueprint and in the rules, as data. The station, the
committee and the public run this same code. A response that the form or the rule does not know is false evidence, not a
zero: Tampered. What a person has to mark is refused when a session is sealed.
"""

import decimal
from collections.abc import Iterable, Mapping
from decimal import Decimal

from msgspec import Struct

from cbt_station.errors import Refusal, Tampered
from cbt_station.exam.blueprint import (
    MOST_SCORE,
    TOTAL,
    Blueprint,
    Outcome,
    Requirement,
    Section,
    is_plain_number,
)
from cbt_station.exam.form import Form, FormItem, PoolItem, asks_for
from cbt_station.exam.interactions import Response
from cbt_station.exam.item import HandMarked, ItemId, OptionScores, ScoringRule
from cbt_station.exam.processing import MapEntry, Processing, ResponseDeclaration
from cbt_station.exam.rules.best import best_score, is_correct_declared, is_single
from cbt_station.exam.rules.response import bounds_of, score

EXACT = decimal.Context(prec=60, traps=[decimal.Inexact, decimal.InvalidOperation, decimal.Overflow])


class Scores(Struct, frozen=True, forbid_unknown_fields=True):
    """What one candidate scored, and the most that this form could give, by outcome (section id or "total")."""

    outcomes: dict[Outcome, Decimal]
    most: dict[Outcome, Decimal]


class UnmetRequirement(Struct, frozen=True, forbid_unknown_fields=True):
    """A threshold that was missed: `scored` is below `least`."""

    outcome: Outcome
    least: Decimal
    scored: Decimal


def score_item(rule: ScoringRule, response: Response | None) -> Decimal:
    """What a response is worth: by the item's processing; or the sum of its options, the rule's `blank` for none."""
    if isinstance(rule, HandMarked):
        raise Refusal("scoring-by-hand")
    if isinstance(rule, Processing):
        return score(rule, response)
    if isinstance(response, dict):
        raise Tampered("response-unknown", response=str(response))
    if response is None:
        return rule.blank
    chosen = (response,) if isinstance(response, str) else response
    if not chosen or len(set(chosen)) != len(chosen) or not set(chosen) <= set(rule.scores):
        raise Tampered("response-unknown", response=", ".join(chosen))
    return _sum(rule.scores[option] for option in chosen)


def most_of(rule: ScoringRule) -> Decimal:
    """The most that an item gives."""
    return max([rule.blank, *rule.scores.values()]) if isinstance(rule, OptionScores) else rule.most


def score_sections(
    blueprint: Blueprint,
    form: Form,
    rules: Mapping[ItemId, ScoringRule],
    answers: Mapping[ItemId, Response],
) -> Scores:
    """Score a whole sitting. Unscored sections (pilot items) appear in no outcome.

    Tampered codes: form-other-blueprint, response-unknown, scoring-item-missing, scoring-number.
    """
    _check_form(blueprint, form, answers)
    outcomes: dict[Outcome, Decimal] = {}
    most: dict[Outcome, Decimal] = {}
    try:
        for section in blueprint.sections:
            if section.scored:
                entries = [entry for entry in form.items if entry.section == section.id]
                outcomes[section.id] = _sum(_score_entry(entry, rules, answers) for entry in entries)
                most[section.id] = _sum(most_of(_rule_of(entry.item, rules)) for entry in entries)
        outcomes[TOTAL] = _sum(outcomes.values())
        most[TOTAL] = _sum(most.values())
    except decimal.DecimalException:  # NaN, or more digits than an exact sum holds
        raise Tampered("scoring-number", where=form.blueprint) from None
    if not (outcomes[TOTAL].is_finite() and most[TOTAL].is_finite()):
        raise Tampered("scoring-number", where=form.blueprint)
    return Scores(outcomes=outcomes, most=most)


def meets(
    thresholds: Iterable[Requirement], scores: Scores | Mapping[Outcome, Decimal]
) -> tuple[UnmetRequirement, ...]:
    """The thresholds that were missed, in the blueprint's order; none where all are met.

    Raise Refusal("score-missing") where a threshold asks for an outcome that was not scored.
    """
    outcomes = scores.outcomes if isinstance(scores, Scores) else scores
    unmet = []
    for need in thresholds:
        if need.outcome not in outcomes:
            raise Refusal("score-missing", outcome=need.outcome)
        scored = outcomes[need.outcome]
        if scored < need.least:
            unmet.append(UnmetRequirement(outcome=need.outcome, least=need.least, scored=scored))
    return tuple(unmet)


def check_scoring(
    blueprint: Blueprint, pool: tuple[PoolItem, ...], rules: Mapping[ItemId, ScoringRule]
) -> None:
    """Raise Refusal where a form of a pool that passed `check_pool` could not be scored, or not as the blueprint prints it.

    Where the blueprint prints the most of a section, every item of a cell must give the same most: else two forms of
    one exam could be worth different totals.
    Codes: scoring-item-missing, scoring-options, scoring-number, scoring-by-hand, scoring-unbounded, scoring-item-most,
    scoring-cell-most, scoring-most, and those of `rules.response.check_processing`.
    """
    unscored = {section.id for section in blueprint.sections if not section.scored}
    for item in pool:
        if item.section in unscored and item.id not in rules:
            continue
        if item.id not in rules:
            raise Refusal("scoring-item-missing", where=item.id)
        if item.section in unscored and isinstance(rules[item.id], HandMarked):
            continue
        try:
            _check_rule(rules[item.id], item)
        except Refusal as refusal:
            raise refusal.at(item.id) from None
    for section in blueprint.sections:
        if section.scored and section.most is not None:
            _check_most(section, section.most, pool, rules)


def _check_form(blueprint: Blueprint, form: Form, answers: Mapping[ItemId, Response]) -> None:
    sections = {section.id for section in blueprint.sections}
    if form.blueprint != blueprint.id or not sections >= {entry.section for entry in form.items}:
        raise Tampered("form-other-blueprint", where=form.blueprint, expected=blueprint.id)
    for item in sorted(set(answers) - {entry.item for entry in form.items}):
        raise Tampered("response-unknown", where=item, response=str(answers[item]))


def _check_rule(rule: ScoringRule, item: PoolItem) -> None:
    if isinstance(rule, HandMarked):
        raise Refusal("scoring-by-hand")
    if isinstance(rule, Processing):
        _check_processing(rule, item)
        return
    if set(rule.scores) != {option.id for option in item.options}:
        raise Refusal("scoring-options")
    for number in (rule.blank, *rule.scores.values()):
        if not is_plain_number(number):
            raise Refusal("scoring-number")


def _check_processing(rule: Processing, item: PoolItem) -> None:
    """Its score is bounded, its most is what the declared best response gives, its keys are options of the item."""
    bounds = bounds_of(rule)
    if None in bounds or any(abs(bound) > MOST_SCORE for bound in bounds if bound is not None):
        raise Refusal("scoring-unbounded", most=MOST_SCORE)
    if not is_plain_number(rule.most):
        raise Refusal("scoring-number")
    best = best_score(rule)
    wrong = best is not None and (best != rule.most if is_correct_declared(rule) else best > rule.most)
    if wrong and (is_correct_declared(rule) or is_single(rule)):
        raise Refusal("scoring-item-most", found=best, printed=rule.most)
    for declared in rule.responses.values():
        named = {*(declared.correct or ()), *(entry.key for entry in _entries(declared))}
        if len(rule.responses) == 1 and not _are_offered(declared, named, {one.id for one in item.options}):
            raise Refusal("scoring-options")


def _entries(declared: ResponseDeclaration) -> tuple[MapEntry, ...]:
    return declared.mapping.entries if declared.mapping is not None else ()


def _are_offered(declared: ResponseDeclaration, values: Iterable[str], offered: set[str]) -> bool:
    """Whether values name options that the form orders; what a form does not order is not known here."""
    if not offered or declared.base not in ("identifier", "pair", "directedPair"):
        return True
    firsts = 1 if declared.base == "directedPair" else None
    return all(set(value.split()[:firsts]) <= offered for value in values)


def _check_most(
    section: Section, printed: Decimal, pool: tuple[PoolItem, ...], rules: Mapping[ItemId, ScoringRule]
) -> None:
    total = Decimal(0)
    for number, cell in enumerate(section.cells):
        found = {most_of(rules[item.id]) for item in pool if asks_for(section, cell, item)}
        if cell.fixed:
            total += _sum(most_of(rules[item]) for item in cell.items)
        elif len(found) == 1:
            total += cell.count * found.pop()
        else:
            raise Refusal("scoring-cell-most", where=f"{section.id}, {number + 1}", found=sorted(found))
    if total != printed:
        raise Refusal("scoring-most", where=section.id, printed=printed, found=total)


def _rule_of(item: ItemId, rules: Mapping[ItemId, ScoringRule]) -> ScoringRule:
    if item not in rules:
        raise Tampered("scoring-item-missing", where=item)
    return rules[item]


def _score_entry(
    entry: FormItem, rules: Mapping[ItemId, ScoringRule], answers: Mapping[ItemId, Response]
) -> Decimal:
    rule, response = _rule_of(entry.item, rules), answers.get(entry.item)
    try:
        if isinstance(rule, Processing) and response is not None:
            _require_offered(rule, entry, response)
        return score_item(rule, response)
    except Tampered as failure:
        raise failure if failure.where else failure.at(entry.item) from None


def _require_offered(rule: Processing, entry: FormItem, response: Response) -> None:
    """A response names options that this candidate was offered."""
    if isinstance(response, dict) or len(rule.responses) != 1:
        return  # a form orders nothing of a composite item
    declared = next(iter(rule.responses.values()))
    values = (response,) if isinstance(response, str) else response
    if not _are_offered(declared, values, set(entry.options)):
        raise Tampered("response-unknown", response=", ".join(values)[:100])


def _sum(numbers: Iterable[Decimal]) -> Decimal:
    total = Decimal(0)
    for number in numbers:
        total = EXACT.add(total, number)
    return total
