"""What a head says of scoring in its short forms, and the rule that it means.

    key          the right answer: `c`, `[a, c]`, `[b, a, c]` in order, `[a 1, b 2]` as pairs, a text, a number, an area
    scores       what each answer brings, summed: `{a: 2, c: 3}`, `{a 1: 2}`, `{Jakarta: 5}`, `{circle 60 50 20: 5}`
    points       what the key brings, where that is not the section's `right`
    each         what each right pair or place brings, instead of all or nothing
    tolerance    how far a number may lie from the key, both ends included
    case         `exact`: capital letters matter in a text

The rules are built by `exam.rules.building`. `short_marks.py` finds the short form that means exactly a rule.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from cbt_station.banks.faults import Faulty
from cbt_station.banks.fields import NUMBER
from cbt_station.banks.kinds import Shape, kind_of
from cbt_station.exam.content import Hot, every
from cbt_station.exam.interactions import RESPONSE, Simple
from cbt_station.exam.item import OptionScores
from cbt_station.exam.processing import (
    AreaEntry,
    BaseType,
    Processing,
    ResponseDeclaration,
)
from cbt_station.exam.responding import SINGLE
from cbt_station.exam.rules import building
from cbt_station.exam.rules.trees import SCORE, assign, first_of, is_correct, is_null, number, variable

ZERO: Final = Decimal(0)
_ALL: Final = ("key", "scores", "points")
NAMES: Final[dict[str, tuple[str, ...]]] = {
    "choice": ("key", "scores"),
    "inline-choice": ("key", "scores"),
    "choices": _ALL,
    "hottext": _ALL,
    "hotspot": _ALL,
    "text": (*_ALL, "case"),
    "number": (*_ALL, "tolerance"),
    "slider": (*_ALL, "tolerance"),
    "order": ("key", "points", "each"),
    "match": (*_ALL, "each"),
    "associate": (*_ALL, "each"),
    "gap-match": (*_ALL, "each"),
    "graphic-gap-match": (*_ALL, "each"),
    "select-point": (*_ALL, "each"),
    "extended-text": (),
}
"""What a kind's head may say of scoring; a choice in a composite item may have points too."""
PAIRS: Final[dict[str, BaseType]] = {
    "match": "directedPair",
    "gap-match": "directedPair",
    "graphic-gap-match": "directedPair",
    "associate": "pair",
}
LISTS: Final = ("choices", "hottext", "hotspot", "order", *PAIRS)
"""Kinds whose key is a list."""
_AREA: Final = re.compile(r"(rect|circle|ellipse|poly)((?: -?[0-9]{1,5})+)|default")
_CORNERS: Final[dict[Shape, Callable[[int], bool]]] = {
    "rect": lambda count: count == 4,
    "circle": lambda count: count == 3,
    "ellipse": lambda count: count == 4,
    "poly": lambda count: count >= 6 and count % 2 == 0,
    "default": lambda count: count == 0,
}
"""How many coordinates a shape has."""


class Points(NamedTuple):
    """What the section gives for the key and for anything else; no answer brings 0."""

    right: Decimal | None
    wrong: Decimal = ZERO
    section: str = ""


@dataclass(frozen=True)
class Marks:
    """What a head says of scoring one interaction."""

    key: tuple[str, ...] | None = None
    scores: Mapping[str, Decimal] | None = None
    points: Decimal | None = None
    each: Decimal | None = None
    tolerance: Decimal | None = None
    exact_case: bool = False


def place(text: str) -> tuple[Shape, tuple[int, ...]] | None:
    """A shape and its coordinates: `circle 60 50 20`; None for anything else."""
    if not _AREA.fullmatch(text):
        return None
    shape, *coords = text.split(" ")
    numbers = tuple(int(one) for one in coords)
    for name, good in _CORNERS.items():
        if name == shape:
            return (name, numbers) if good(len(numbers)) else None
    return None


def rule_of(marks: Marks, part: Simple, points: Points) -> OptionScores | Processing:
    """The rule that the marks mean. Raises Faulty whose fact `at` is the key of the head that is wrong."""
    if (marks.key is None) == (marks.scores is None) or not (marks.key or marks.scores):
        raise (
            Faulty("key-and-scores", at="scores") if marks.key else Faulty("key-missing-or-scores", at="key")
        )
    if marks.scores is not None and (marks.points is not None or marks.each is not None):
        raise Faulty("scores-and-points", at="points" if marks.points is not None else "each")
    if marks.points is not None and marks.each is not None:
        raise Faulty("scores-and-points", at="each")
    if marks.points is not None:
        points = points._replace(right=marks.points)
    if marks.key is not None and marks.each is None and points.right is None:
        raise Faulty("key-without-points", at="key", section=points.section)
    build: Callable[[Marks, Simple, Points], OptionScores | Processing] = _RULES[kind_of(part)]
    return build(marks, part, points._replace(right=points.right or ZERO))


def offered(part: Simple) -> list[str]:
    """The ids of what is chosen, ordered or put together: options, places in a picture, words of a text."""
    if hasattr(part, "content"):
        return [hot.id for hot in every(Hot, part.content)]
    return [one.id for one in (*getattr(part, "options", ()), *getattr(part, "spots", ()))]


def _known(names: Iterable[str], offered: Iterable[str], head: str) -> None:
    known = set(offered)
    for name in names:
        if name not in known and head == "key":
            raise Faulty("key-of-no-option", at="key", key=name)
        if name not in known:
            raise Faulty("score-of-no-option", at="scores", option=name)


def _require_reachable(part: Simple, names: tuple[str, ...]) -> None:
    most: int = getattr(part, "most", 0)
    if most and len(names) > most:
        raise Faulty("key-more-than-most", at="key", count=len(names), most=most)


def _one_choice(marks: Marks, part: Simple, points: Points) -> OptionScores:
    options = offered(part)
    right = points.right or ZERO
    if marks.key is not None:
        if len(marks.key) != 1:
            raise Faulty("key-of-no-option", at="key", key=", ".join(marks.key))
        _known(marks.key, options, "key")
        return OptionScores({option: right if option == marks.key[0] else points.wrong for option in options})
    scores = marks.scores or {}
    _known(scores, options, "scores")
    for option in options:
        if option not in scores:
            raise Faulty("score-missing", at="scores", option=option)
    return OptionScores({option: scores[option] for option in options})


def _several(marks: Marks, part: Simple, points: Points) -> Processing:
    if marks.key is not None:
        _known(marks.key, offered(part), "key")
        _require_reachable(part, marks.key)
        return _all_or_nothing("identifier", marks.key, points)
    scores = marks.scores or {}
    _known(scores, offered(part), "scores")
    best = sorted((worth for worth in scores.values() if worth > 0), reverse=True)
    most = sum(best[: getattr(part, "most", 0) or None], ZERO)
    return building.mapped("identifier", scores, several=True, lower=ZERO, most=most)


def _order(marks: Marks, part: Simple, points: Points) -> Processing:
    key = marks.key or ()
    _known(key, offered(part), "key")
    _require_reachable(part, key)
    if not getattr(part, "most", 0) and len(key) != len(offered(part)):
        raise Faulty("key-not-all", at="key", count=len(key), of=len(offered(part)))
    if marks.each is not None:
        return building.in_order_by_place(key, marks.each)
    return _all_or_nothing("identifier", key, points, in_order=True)


def _pairs(marks: Marks, part: Simple, points: Points) -> Processing:
    pairs = marks.key if marks.key is not None else tuple(marks.scores or {})
    head = "key" if marks.key is not None else "scores"
    _require_pairs(part, pairs, head)
    base = PAIRS[kind_of(part)]
    if marks.key is not None and marks.each is None:
        _require_reachable(part, pairs)
        return _all_or_nothing(base, pairs, points)
    worths = dict.fromkeys(pairs, marks.each) if marks.each is not None else dict(marks.scores or {})
    return building.pairs(
        {pair: worth or ZERO for pair, worth in worths.items()},
        directed=base == "directedPair",
        most=_most_of_pairs(part, {pair: worth or ZERO for pair, worth in worths.items()}),
    )


def _require_pairs(part: Simple, pairs: Iterable[str], head: str) -> None:
    firsts = [one.id for one in getattr(part, "rows", ()) or getattr(part, "options", ())]
    seconds = [
        *getattr(part, "gaps", ()),
        *(one.id for one in (*getattr(part, "columns", ()), *getattr(part, "spots", ()))),
    ] or firsts
    for pair in pairs:
        first, _, second = pair.partition(" ")
        if first not in firsts or second not in seconds:
            raise Faulty("pair-unknown", at=head, pair=pair)


def _most_of_pairs(part: Simple, worths: Mapping[str, Decimal]) -> Decimal:
    """The most that pairs can bring: no option or target is used more often than it may be, no more pairs than may be."""
    good = {pair: worth for pair, worth in worths.items() if worth > 0}
    firsts = (*getattr(part, "rows", ()), *getattr(part, "options", ()))
    seconds = (*getattr(part, "columns", ()), *getattr(part, "spots", ()))
    uses = {one.id: one.most for one in (*firsts, *seconds)} | dict.fromkeys(getattr(part, "gaps", ()), 1)
    bounds = [_top(good.values(), getattr(part, "most", 0))]
    for side in (0, 1):
        by_name: dict[str, list[Decimal]] = {}
        for pair, worth in good.items():
            by_name.setdefault(pair.split(" ")[side], []).append(worth)
        bounds.append(sum((_top(many, uses.get(name, 0)) for name, many in by_name.items()), ZERO))
    return min(bounds)


def _top(worths: Iterable[Decimal], most: int) -> Decimal:
    return sum(sorted(worths, reverse=True)[: most or None], ZERO)


def _text(marks: Marks, _: Simple, points: Points) -> Processing:
    if marks.key is not None:
        worths = dict.fromkeys(marks.key, points.right or ZERO)
        return building.texts(worths, points.wrong, case_sensitive=marks.exact_case)
    return building.texts(marks.scores or {}, case_sensitive=marks.exact_case)


def _number(marks: Marks, _: Simple, points: Points) -> Processing:
    answers = (
        marks.scores if marks.scores is not None else dict.fromkeys(marks.key or (), points.right or ZERO)
    )
    head = "key" if marks.key is not None else "scores"
    for text in answers:
        if not NUMBER.fullmatch(text):
            raise Faulty("number-malformed", at=head, key=head, value=text)
    tolerance = marks.tolerance or ZERO
    if tolerance < 0:
        raise Faulty("number-malformed", at="tolerance", key="tolerance", value=tolerance)
    wrong = points.wrong if marks.key is not None else ZERO
    return building.numbers(
        [building.NumberAnswer(Decimal(text), tolerance, worth) for text, worth in answers.items()], wrong
    )


def _points(marks: Marks, part: Simple, points: Points) -> Processing:
    several = getattr(part, "most", 1) != 1
    if marks.key is not None and marks.each is None and several:
        raise Faulty("each-missing", at="key")
    worths = (
        marks.scores
        if marks.scores is not None
        else dict.fromkeys(marks.key or (), points.right if marks.each is None else marks.each)
    )
    areas = []
    for text, worth in worths.items():
        found = place(text)
        if found is None:
            raise Faulty("area-malformed", at="key" if marks.key is not None else "scores", value=text)
        areas.append(AreaEntry(found[0], found[1], worth or ZERO))
    most = _top((area.worth for area in areas if area.worth > 0), getattr(part, "most", 1))
    return building.points(areas, several=True, lower=ZERO, most=most)


_RULES: Final[Mapping[str, Callable[[Marks, Simple, Points], OptionScores | Processing]]] = {
    "choice": _one_choice,
    "inline-choice": _one_choice,
    "choices": _several,
    "hottext": _several,
    "hotspot": _several,
    "order": _order,
    "match": _pairs,
    "associate": _pairs,
    "gap-match": _pairs,
    "graphic-gap-match": _pairs,
    "text": _text,
    "number": _number,
    "slider": _number,
    "select-point": _points,
}


def _all_or_nothing(
    base: BaseType, key: tuple[str, ...], points: Points, *, in_order: bool = False
) -> Processing:
    """The key brings `right`, anything else `wrong`, no answer nothing."""
    right = points.right or ZERO
    rule = building.match_correct(base, key, right, points.wrong, in_order=in_order)
    if not points.wrong:
        return rule
    cases = (
        (is_null(variable(RESPONSE)), (assign(SCORE, number(ZERO)),)),
        (is_correct(RESPONSE), (assign(SCORE, number(right)),)),
    )
    rules = (first_of(cases, (assign(SCORE, number(points.wrong)),)),)
    return Processing(rule.responses, rule.outcomes, rules, max(right, ZERO))


def composite_rule(
    parts: Mapping[str, OptionScores | Processing], others: Mapping[str, Simple]
) -> Processing:
    """The sum of parts that are scored each for itself; `others` are asked and not scored."""
    rule = building.summed(
        {
            name: building.as_processing(part, several=False) if isinstance(part, OptionScores) else part
            for name, part in parts.items()
        }
    )
    asked = {name: unscored(part) for name, part in others.items()}
    return Processing(rule.responses | asked, rule.outcomes, rule.rules, rule.most, rule.score)


def unscored(part: Simple) -> ResponseDeclaration:
    """How an answer is declared that nothing looks at."""
    kind = kind_of(part)
    base = PAIRS.get(kind) or _BASES.get(kind, "identifier")
    if kind == "order":
        return ResponseDeclaration("ordered", base)
    return ResponseDeclaration("single" if isinstance(part, SINGLE) else "multiple", base)


_BASES: Final[dict[str, BaseType]] = {
    "text": "string",
    "extended-text": "string",
    "number": "float",
    "slider": "float",
    "select-point": "point",
}
