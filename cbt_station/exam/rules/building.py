"""Rules for the ways in which a native bank scores, as QTI processing: one builder a way, `summed` for composite items.

Each builder gives a whole `Processing` with one response, `RESPONSE`, and the outcome `SCORE`. A single value is a `str`,
several a tuple. `right` is what a good response gives and `wrong` what any other gives; no response gives 0, as in
QTI's standard templates for mappings, or `blank` where a builder has it.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from cbt_station.exam import processing as data
from cbt_station.exam.interactions import RESPONSE, ResponseId, Value
from cbt_station.exam.item import OptionScores
from cbt_station.exam.processing import (
    AreaEntry,
    AreaMapping,
    BaseType,
    Cardinality,
    MapEntry,
    Node,
    OutcomeDeclaration,
    Processing,
    ResponseDeclaration,
)
from cbt_station.exam.rules.trees import (
    SCORE,
    TEMPLATES,
    assign,
    constant,
    first_of,
    is_correct,
    is_null,
    map_response,
    number,
    variable,
    when,
)

ZERO = Decimal(0)


class NumberAnswer(NamedTuple):
    """A number that is accepted: within `tolerance` of `value` on both sides, both ends included."""

    value: Decimal
    tolerance: Decimal
    worth: Decimal


def match_correct(
    base: BaseType, right_value: Value, right: Decimal, wrong: Decimal = ZERO, *, in_order: bool = False
) -> Processing:
    """All or nothing: the response is exactly `right_value` (several: as a set, or `in_order`); blank gives `wrong`."""
    declared = ResponseDeclaration(_cardinality(right_value, in_order), base, correct=_several(right_value))
    rules = (when(is_correct(RESPONSE), (_score(right),), (_score(wrong),)),)
    return _processing(declared, rules, max(right, wrong))


def mapped(
    base: BaseType,
    worths: Mapping[str, Decimal],
    *,
    several: bool,
    default: Decimal = ZERO,
    blank: Decimal = ZERO,
    lower: Decimal | None = None,
    upper: Decimal | None = None,
    most: Decimal | None = None,
    right_value: Value | None = None,
) -> Processing:
    """What each value is worth, summed, `default` for any other, within the bounds.

    `most` where not every good value can be given at once; else it is the sum of all good worths (the best one, where
    the response is single). `right_value` is kept as the correct response.
    """
    entries = tuple(MapEntry(key, worth) for key, worth in worths.items())
    declared = ResponseDeclaration(
        "multiple" if several else "single",
        base,
        correct=None if right_value is None else _several(right_value),
        mapping=data.Mapping(entries, default, lower, upper),
    )
    best = _most(worths.values(), several, default, upper) if most is None else most
    rules = (when(is_null(variable(RESPONSE)), (_score(blank),), (assign(SCORE, map_response(RESPONSE)),)),)
    return _processing(declared, rules, max(best, blank))


def pairs(
    worths: Mapping[str, Decimal],
    *,
    directed: bool = True,
    default: Decimal = ZERO,
    lower: Decimal | None = ZERO,
    upper: Decimal | None = None,
    most: Decimal | None = None,
) -> Processing:
    """What each pair "a b" is worth; `default` (0 or below) for a wrong pair. All or nothing: `match_correct`."""
    return mapped(
        "directedPair" if directed else "pair",
        worths,
        several=True,
        default=default,
        lower=lower,
        upper=upper,
        most=most,
    )


def texts(
    worths: Mapping[str, Decimal], wrong: Decimal = ZERO, *, case_sensitive: bool = False
) -> Processing:
    """A typed text: what each accepted spelling gives, `wrong` for any other, 0 for none."""
    entries = tuple(MapEntry(key, worth, case_sensitive) for key, worth in worths.items())
    declared = ResponseDeclaration("single", "string", mapping=data.Mapping(entries, wrong))
    return _processing(declared, TEMPLATES["map_response"], _most(worths.values(), False, wrong, None))


def numbers(answers: Sequence[NumberAnswer], wrong: Decimal = ZERO, *, blank: Decimal = ZERO) -> Processing:
    """A typed number: what the first answer that it is within gives, or `wrong`."""
    cases = tuple((_is_within(answer), (_score(answer.worth),)) for answer in answers)
    best = max(answers, key=lambda answer: answer.worth)
    declared = ResponseDeclaration("single", "float", correct=(format(best.value, "f"),))
    blank_case = (is_null(variable(RESPONSE)), (_score(blank),))
    rules = (first_of((blank_case, *cases), (_score(wrong),)),)
    return _processing(declared, rules, max(best.worth, wrong, blank))


def in_order(right_order: Sequence[str], right: Decimal, wrong: Decimal = ZERO) -> Processing:
    """All options in exactly this order, or nothing."""
    return match_correct("identifier", tuple(right_order), right, wrong, in_order=True)


def in_order_by_place(right_order: Sequence[str], each: Decimal | Sequence[Decimal]) -> Processing:
    """`each` for every option that stands at its own place: the same for all, or one for each place."""
    worths = [each] * len(right_order) if isinstance(each, Decimal) else each
    declared = ResponseDeclaration("ordered", "identifier", correct=tuple(right_order))
    rules = tuple(
        when(_stands_at(place, option), (assign(SCORE, Node("sum", (variable(SCORE), number(own)))),))
        for place, (option, own) in enumerate(zip(right_order, worths, strict=True), start=1)
    )
    return _processing(declared, rules, max(sum(worths, ZERO), ZERO))


def points(
    areas: Sequence[AreaEntry],
    *,
    several: bool,
    default: Decimal = ZERO,
    lower: Decimal | None = None,
    upper: Decimal | None = None,
    most: Decimal | None = None,
) -> Processing:
    """Points in a picture: each area counts once, `default` for each point in none."""
    declared = ResponseDeclaration(
        "multiple" if several else "single",
        "point",
        areas=AreaMapping(tuple(areas), default, lower, upper),
    )
    best = _most((area.worth for area in areas), several, default, upper) if most is None else most
    return _processing(declared, TEMPLATES["map_response_point"], max(best, ZERO))


def as_processing(rule: OptionScores, *, several: bool) -> Processing:
    """The same rule in QTI's words; a test proves them equal over every sample bank."""
    best = _most(rule.scores.values(), several, ZERO, None) if several else max(rule.scores.values())
    return mapped("identifier", rule.scores, several=several, blank=rule.blank, most=max(best, rule.blank))


def summed(parts: Mapping[ResponseId, Processing]) -> Processing:
    """A composite item: the sum of its parts, each built for one response."""
    responses, outcomes, rules, totals = {}, {SCORE: _number_outcome()}, [], []
    for name, part in parts.items():
        names = {RESPONSE: name} | {outcome: f"{outcome}_{name}" for outcome in part.outcomes}
        responses[name] = part.responses[RESPONSE]
        outcomes |= {names[outcome]: declared for outcome, declared in part.outcomes.items()}
        rules += [_renamed(rule, names) for rule in part.rules]
        totals.append(variable(names[part.score]))
    rules.append(assign(SCORE, Node("sum", tuple(totals))))
    most = sum((part.most for part in parts.values()), ZERO)
    return Processing(responses, outcomes, tuple(rules), most)


def dropped(rule: Processing) -> Processing:
    """The rule of an item that was dropped: everybody gets the most that it could give."""
    outcome = replace(_number_outcome(), default=(format(rule.most, "f"),))
    return Processing(rule.responses, {SCORE: outcome}, (), rule.most)


def _processing(response: ResponseDeclaration, rules: tuple[Node, ...], most: Decimal) -> Processing:
    return Processing({RESPONSE: response}, {SCORE: _number_outcome()}, rules, most)


def _number_outcome() -> OutcomeDeclaration:
    return OutcomeDeclaration("single", "float", default=("0",))


def _score(worth: Decimal) -> Node:
    return assign(SCORE, number(worth))


def _several(value: Value) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _cardinality(value: Value, in_order: bool) -> Cardinality:
    if isinstance(value, str):
        return "single"
    return "ordered" if in_order else "multiple"


def _most(worths: Iterable[Decimal], several: bool, default: Decimal, upper: Decimal | None) -> Decimal:
    good = [worth for worth in worths if worth > 0] or [ZERO]
    best = sum(good, ZERO) if several else max(*good, default, ZERO)
    return best if upper is None else min(best, upper)


def _is_within(answer: NumberAnswer) -> Node:
    tolerance = format(answer.tolerance, "f")
    args = {
        "tolerance-mode": "absolute" if answer.tolerance else "exact",
        "tolerance": f"{tolerance} {tolerance}",
    }
    if not answer.tolerance:
        del args["tolerance"]
    return Node("equal", (number(answer.value), variable(RESPONSE)), args)


def _stands_at(place: int, option: str) -> Node:
    at = Node("index", (variable(RESPONSE),), {"n": str(place)})
    return Node("match", (at, constant("identifier", option)))


def _renamed(node: Node, names: Mapping[str, str]) -> Node:
    args = dict(node.args)
    if "identifier" in args:
        args["identifier"] = names.get(args["identifier"], args["identifier"])
    return replace(node, of=tuple(_renamed(part, names) for part in node.of), args=args)
