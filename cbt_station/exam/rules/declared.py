"""What is declared, looked at before any rule reads it: numbers that are numbers, keys that can be read, not too much.

A sealed file or a foreign bank may hold whatever its types allow: NaN, a number of a thousand million digits, a table
without end.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from cbt_station.errors import Refusal
from cbt_station.exam.processing import OutcomeDeclaration, ResponseDeclaration
from cbt_station.exam.responding import MOST_TEXT
from cbt_station.exam.responding import MOST_VALUES as MOST_GIVEN
from cbt_station.exam.rules.looking import read_values
from cbt_station.exam.rules.values import MOST_NUMBER_LENGTH, MOST_VALUES

MOST_VARIABLES: Final = 256
"""Responses, and outcomes, of one set of rules."""


def require_declared(
    responses: Mapping[str, ResponseDeclaration], outcomes: Mapping[str, OutcomeDeclaration]
) -> None:
    """Refusal("rule-value" or "rule-too-much") for declarations that rules could not be run over."""
    _require_at_most("variables", max(len(responses), len(outcomes)), MOST_VARIABLES)
    for response in responses.values():
        _require_response(response)
    for outcome in outcomes.values():
        _require_at_most("values", len(outcome.default or ()), MOST_VALUES)
        if outcome.lookup is not None:
            _require_at_most("rows", len(outcome.lookup.entries), MOST_VALUES)
            _require_numbers("lookup", *(entry.source for entry in outcome.lookup.entries))


def _require_response(declared: ResponseDeclaration) -> None:
    _require_texts(declared.correct or (), MOST_GIVEN)
    if declared.mapping is not None:
        table, keys = declared.mapping, [entry.key for entry in declared.mapping.entries]
        _require_texts(keys, MOST_VALUES)
        _require_numbers(
            "mapping", table.default, table.lower, table.upper, *(e.worth for e in table.entries)
        )
        read_values(declared.base, [key for key in keys if key.strip()])
    if declared.areas is not None:
        areas = declared.areas
        _require_at_most("rows", len(areas.entries), MOST_VALUES)
        _require_numbers("areas", areas.default, areas.lower, areas.upper, *(e.worth for e in areas.entries))


def _require_texts(texts: Sequence[str], most: int) -> None:
    _require_at_most("values", len(texts), most)
    _require_at_most("characters", max(map(len, texts), default=0), MOST_TEXT)


def _require_numbers(op: str, *numbers: Decimal | None) -> None:
    """As long as a number may be that stands in a rule."""
    for number in numbers:
        if number is not None and not (
            number.is_finite()
            and len(number.as_tuple().digits) <= MOST_NUMBER_LENGTH
            and abs(number.adjusted()) <= MOST_NUMBER_LENGTH
        ):
            raise Refusal("rule-value", op=op, value=str(number)[:100])


def _require_at_most(what: str, number: int, most: int) -> None:
    if number > most:
        raise Refusal("rule-too-much", what=what, number=number, most=most)
