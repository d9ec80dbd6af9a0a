"""The best response that a rule declares, and what it is worth: for the most of an item, and for robots that sit exams.

A declared correct value is the best there is to say; without one it is what the mapping or the areas give most for. Rules
that compare with constants of their own declare neither: there is no best response to be known, None.
"""

from decimal import Decimal

from cbt_station.exam.interactions import Response, Value
from cbt_station.exam.processing import AreaEntry, Processing, ResponseDeclaration
from cbt_station.exam.responding import MOST_VALUES as MOST_GIVEN
from cbt_station.exam.rules.response import score


def best_response(processing: Processing) -> Response | None:
    """By response id; the value alone where the item has one response. None where nothing is declared."""
    found = {name: _best(declared) for name, declared in processing.responses.items()}
    known = {name: value for name, value in found.items() if value is not None}
    if len(processing.responses) == 1:
        return next(iter(known.values()), None)
    return known or None


def best_score(processing: Processing) -> Decimal | None:
    """What the best response is worth; None where none is declared."""
    best = best_response(processing)
    return None if best is None else score(processing, best)


def is_correct_declared(processing: Processing) -> bool:
    """Whether every response has its correct value and nothing but it."""
    return all(
        declared.correct and declared.mapping is None and declared.areas is None
        for declared in processing.responses.values()
    )


def is_single(processing: Processing) -> bool:
    """Whether every response has one value, so that the best mapped values can be given together."""
    return all(declared.cardinality == "single" for declared in processing.responses.values())


def _best(declared: ResponseDeclaration) -> Value | None:
    several = declared.cardinality in ("multiple", "ordered")
    if declared.correct and declared.cardinality != "record":
        return declared.correct if several else declared.correct[0]
    values: tuple[str, ...] = ()
    if declared.mapping is not None:
        worths = {entry.key: entry.worth for entry in declared.mapping.entries if entry.key.strip()}
        values = _highest(worths, several)
    elif declared.areas is not None:
        values = _highest({_within(area): area.worth for area in declared.areas.entries}, several)
    if not values:
        return None
    return values if several else values[0]


def _highest(worths: dict[str, Decimal], several: bool) -> tuple[str, ...]:
    if several:
        good = [value for value, worth in worths.items() if worth > 0]
        if len(good) > MOST_GIVEN:  # of so many no more can be given
            good = sorted(good, key=lambda value: -worths[value])[:MOST_GIVEN]
        return tuple(good)
    return (max(worths, key=lambda value: worths[value]),) if worths else ()


def _within(area: AreaEntry) -> str:
    """A point of an area: the middle, or (a polygon may lie around it) a corner."""
    match area.shape, area.coords:
        case "rect", (left, top, right, bottom):
            return f"{(left + right) // 2} {(top + bottom) // 2}"
        case _, (x, y, *_):
            return f"{x} {y}"
        case _:
            return "0 0"
