"""Outcome processing of a test: sums over items by section, category and weight, counts, and where it ends."""

from decimal import Decimal
from fractions import Fraction

import pytest

from cbt_station.errors import Refusal
from cbt_station.exam.processing import Node, OutcomeDeclaration
from cbt_station.exam.rules.outcome import OfTest, check_test, outcomes_of_test
from cbt_station.exam.rules.plan import ItemOutcomes
from cbt_station.exam.rules.trees import assign
from tests.exam.written_rules import op

ITEMS = (
    ItemOutcomes(
        "i1",
        {"SCORE": Decimal(2)},
        sections=("S1",),
        categories=("a",),
        weights={"W": Decimal("0.5")},
        most={"SCORE": Decimal(2)},
        least={"SCORE": Decimal(-1)},
        responded=True,
        correct=True,
    ),
    ItemOutcomes(
        "i2",
        {"SCORE": Decimal(0)},
        sections=("S1", "S2"),
        categories=("a", "b"),
        most={"SCORE": Decimal(1)},
        responded=True,
        correct=False,
    ),
    ItemOutcomes("i3", {"SCORE": Decimal(1)}, sections=("S2",), most={"SCORE": Decimal(1)}, correct=False),
    ItemOutcomes("i4", {}, sections=("S3",), presented=False),
)


def outcome(rule: Node) -> object:
    test = OfTest({"T": OutcomeDeclaration("single", "float")}, (assign("T", rule),))
    held = outcomes_of_test(test, ITEMS)["T"]
    return None if held is None else held[0]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        pytest.param(op("sum", op("test-variables", variable_identifier="SCORE")), 3, id="all"),
        pytest.param(
            op("sum", op("test-variables", variable_identifier="SCORE", section_identifier="S2")),
            1,
            id="a section",
        ),
        pytest.param(
            op("sum", op("test-variables", variable_identifier="SCORE", include_category="a")),
            2,
            id="a category",
        ),
        pytest.param(
            op("sum", op("test-variables", variable_identifier="SCORE", exclude_category="b")),
            3,
            id="all but one",
        ),
        pytest.param(
            op("sum", op("test-variables", variable_identifier="SCORE", weight_identifier="W")),
            2,
            id="weights",
        ),
        pytest.param(
            op("sum", op("test-variables", variable_identifier="NONE")), None, id="no such outcome is NULL"
        ),
        pytest.param(
            op("sum", op("outcome-maximum", outcome_identifier="SCORE")), None, id="an unknown most is NULL"
        ),
        pytest.param(
            op("sum", op("outcome-maximum", outcome_identifier="SCORE", section_identifier="S1")),
            3,
            id="the most",
        ),
        pytest.param(op("sum", op("outcome-minimum", outcome_identifier="SCORE")), -1, id="the least"),
        pytest.param(op("number-selected"), 4, id="selected"),
        pytest.param(op("number-presented"), 3, id="presented"),
        pytest.param(op("number-responded"), 2, id="responded"),
        pytest.param(op("number-correct"), 1, id="correct"),
        pytest.param(op("number-incorrect"), 1, id="incorrect: answered and wrong"),
        pytest.param(op("variable", identifier="i3.SCORE"), 1, id="one item"),
        pytest.param(
            op("variable", identifier="i1.SCORE", weight_identifier="W"), 1, id="one item times its weight"
        ),
    ],
)
def test_an_outcome_over_items(rule: Node, expected: int | None) -> None:
    assert outcome(rule) == expected


def test_conditions_and_the_end_of_a_test() -> None:
    passed = op("gte", op("sum", op("test-variables", variable_identifier="SCORE")), 3)
    rules = (
        op(
            "outcome-condition",
            op("outcome-if", passed, assign("T", op("sum", 1, 0)), op("exit-test")),
            op("outcome-else", assign("T", op("sum", 2, 0))),
        ),
        assign("T", op("sum", 9, 0)),
    )
    test = OfTest({"T": OutcomeDeclaration("single", "float")}, rules)
    assert outcomes_of_test(test, ITEMS)["T"] == (Fraction(1),)
    assert outcomes_of_test(test, ITEMS[1:])["T"] == (Fraction(9),)


def test_an_item_that_is_not_in_the_form_is_refused() -> None:
    rule = assign("T", op("variable", identifier="i9.SCORE"))
    with pytest.raises(Refusal, match=r"^rule-variable"):
        check_test(OfTest({"T": OutcomeDeclaration("single", "float")}, (rule,)), ["i1.SCORE"])
