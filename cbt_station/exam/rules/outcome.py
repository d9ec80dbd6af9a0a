"""From the outcomes of a form's items to those of the test, by its own rules.

The same interpreter as for an item, with the operators over items (`testing`) and rules named `outcome-…`. A variable
`ITEM.OUTCOME` is an outcome of one item. No session asks for it: its outcomes are those of its blueprint.
"""

from collections.abc import Sequence
from fractions import Fraction

from msgspec import Struct

from cbt_station.errors import Refusal
from cbt_station.exam.processing import Node, OutcomeDeclaration
from cbt_station.exam.rules.declared import require_declared
from cbt_station.exam.rules.following import Run, beginning, follow
from cbt_station.exam.rules.plan import Around, Budget, ItemOutcomes, Memory
from cbt_station.exam.rules.values import FLOAT, MOST_VALUES, Held, Kind


class OfTest(Struct, frozen=True, forbid_unknown_fields=True):
    """A test's outcomes and the rules that set them."""

    outcomes: dict[str, OutcomeDeclaration]
    rules: tuple[Node, ...]


def check_test(test: OfTest, items: Sequence[str]) -> None:
    """Raise Refusal for rules that could not be computed over these items, given as "ITEM.OUTCOME" each.

    Codes: those of `response.check_processing`.
    """
    _prepared(test, items)


def outcomes_of_test(test: OfTest, items: Sequence[ItemOutcomes]) -> dict[str, Held]:
    """Every outcome of the test."""
    if len(items) > MOST_VALUES:
        raise Refusal("rule-too-much", what="items", number=len(items), most=MOST_VALUES)
    given: dict[str, Held] = {
        f"{item.id}.{name}": (Fraction(value),) for item in items for name, value in item.outcomes.items()
    }
    run, begin = _prepared(test, list(given))
    memory = Memory(given, begin, tuple(items))
    run(memory)
    return memory.outcomes


def _prepared(test: OfTest, items: Sequence[str]) -> tuple[Run, dict[str, Held]]:
    require_declared({}, test.outcomes)
    known: dict[str, Kind] = dict.fromkeys(items, FLOAT)
    begin: dict[str, Held] = {}
    for name, declared in test.outcomes.items():
        known[name], begin[name] = beginning(declared)
    around = Around({}, test.outcomes, known, Budget(), at_test=True)
    return follow(test.rules, around), begin
