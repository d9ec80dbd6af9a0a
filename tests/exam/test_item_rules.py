"""Whole rules of an item: branches, exits, tables, what a response is read as, and the one rounding at the end.

Operators one by one are in test_rules.py.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from msgspec.structs import replace

from cbt_station.errors import Refusal, Tampered
from cbt_station.exam.interactions import Response
from cbt_station.exam.processing import (
    AreaEntry,
    AreaMapping,
    Lookup,
    LookupEntry,
    MapEntry,
    Mapping,
    Node,
    OutcomeDeclaration,
    ResponseDeclaration,
)
from cbt_station.exam.rules.response import as_score, bounds_of, check_processing, outcomes_of, score
from cbt_station.exam.rules.trees import TEMPLATES, assign, is_null, map_point, map_response, variable, when
from tests.exam.written_rules import NULL, item, node, op, scored, text

ONE = (Fraction(1),)
EXIT = Node("exit-response")


def sets(value: Node | int | str) -> Node:
    return assign("SCORE", node(value))


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        pytest.param((sets(1), EXIT, sets(2)), 1, id="nothing after an exit"),
        pytest.param(
            (op("response-processing-fragment", sets(1), EXIT), sets(2)), 1, id="an exit leaves all fragments"
        ),
        pytest.param((when(node(True), (EXIT,)), sets(2)), 0, id="an exit within a branch"),
        pytest.param((when(NULL, (sets(1),), (sets(2),)),), 2, id="NULL is not true"),
        pytest.param((when(node(False), (sets(1),)),), 0, id="no branch"),
        pytest.param((sets(NULL),), 0, id="a score that is NULL is 0"),
        pytest.param((assign("SCORE", op("sum", variable("SCORE"), 1)),) * 3, 3, id="a number begins as 0"),
        pytest.param(
            (op("response-condition", op("response-else", sets(4))),), 4, id="an else that stands alone"
        ),
    ],
)
def test_rules_run_in_order(rules: tuple[Node, ...], expected: int) -> None:
    assert score(item(*rules), None) == expected


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        ("1/3", "0.333333"),
        ("2/3", "0.666667"),
        ("1/2000000", "0"),
        ("3/2000000", "0.000002"),
        ("-5/2", "-2.5"),
        ("10", "10"),
        ("1200000", "1200000"),
    ],
)
def test_a_score_is_rounded_once_half_even_to_six_decimals(value: str, rounded: str) -> None:
    assert str(as_score((Fraction(value),))) == rounded


def test_thirds_add_up_to_one_because_nothing_is_rounded_on_the_way() -> None:
    third = op("divide", 1, 3)
    assert score(item(*(assign("SCORE", op("sum", variable("SCORE"), third)),) * 3), None) == 1


@pytest.mark.parametrize(
    ("declared", "response", "expected"),
    [
        pytest.param(ResponseDeclaration("single", "identifier", ("a",)), "a", 1, id="one"),
        pytest.param(ResponseDeclaration("single", "identifier", ("a",)), ("a",), 1, id="a container of one"),
        pytest.param(ResponseDeclaration("multiple", "identifier", ("a",)), "a", 1, id="one as a container"),
        pytest.param(ResponseDeclaration("multiple", "identifier", ("a", "b")), ("b", "a"), 1, id="a bag"),
        pytest.param(ResponseDeclaration("ordered", "identifier", ("a", "b")), ("b", "a"), 0, id="an order"),
        pytest.param(ResponseDeclaration("single", "string", ("Jakarta",)), " Jakarta ", 1, id="spaces"),
        pytest.param(
            ResponseDeclaration("single", "string", ("caf\u00e9",)), "cafe\u0301", 1, id="two forms"
        ),
        pytest.param(ResponseDeclaration("single", "float", ("2.50",)), "2.5", 1, id="a number by its value"),
        pytest.param(ResponseDeclaration("single", "integer", ("2",)), "2.5", 0, id="decimals are wrong"),
        pytest.param(ResponseDeclaration("multiple", "pair", ("A B", "C D")), ("D C", "A B"), 1, id="pairs"),
        pytest.param(ResponseDeclaration("single", "point", ("1 2",)), "1 2", 1, id="a point"),
        pytest.param(ResponseDeclaration("single", "identifier", ("a",)), None, 0, id="nothing"),
        pytest.param(ResponseDeclaration("single", "identifier"), None, 0, id="nothing, and no key"),
    ],
)
def test_a_response_is_read_by_its_declaration(
    declared: ResponseDeclaration, response: Response | None, expected: int
) -> None:
    processing = replace(item(*TEMPLATES["match_correct"]), responses={"RESPONSE": declared})
    assert score(processing, response) == expected


@pytest.mark.parametrize(
    ("declared", "response"),
    [
        pytest.param(ResponseDeclaration("single", "identifier"), ("a", "b"), id="two where there is one"),
        pytest.param(ResponseDeclaration("multiple", "identifier"), (), id="an empty container"),
        pytest.param(ResponseDeclaration("single", "identifier"), "", id="an empty id"),
        pytest.param(ResponseDeclaration("single", "float"), "two", id="no number"),
        pytest.param(ResponseDeclaration("single", "float"), "NaN", id="not a number"),
        pytest.param(ResponseDeclaration("single", "float"), "9" * 500, id="a number without end"),
        pytest.param(ResponseDeclaration("single", "point"), "1", id="half a point"),
        pytest.param(ResponseDeclaration("single", "directedPair"), "A B C", id="three of a pair"),
        pytest.param(ResponseDeclaration("multiple", "identifier"), ("a",) * 257, id="too many"),
        pytest.param(ResponseDeclaration("single", "identifier"), {"OTHER": "a"}, id="another response"),
        pytest.param(ResponseDeclaration("single", "identifier"), {}, id="no response at all"),
    ],
)
def test_what_nobody_can_have_given_is_false_evidence_and_never_a_zero(
    declared: ResponseDeclaration, response: Response
) -> None:
    processing = replace(item(*TEMPLATES["match_correct"]), responses={"RESPONSE": declared})
    with pytest.raises(Tampered, match=r"^response-unknown"):
        score(processing, response)


WORTHS = Mapping(
    (
        MapEntry("a", Decimal(2)),
        MapEntry("B", Decimal(1), case_sensitive=False),
        MapEntry("c", Decimal("-0.5")),
    ),
    default=Decimal(-1),
    lower=Decimal(-2),
    upper=Decimal("2.5"),
)


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        pytest.param(("a",), "2", id="one"),
        pytest.param(("a", "b"), "2.5", id="no more than the upper bound"),
        pytest.param(("a", "c"), "1.5", id="a deduction"),
        pytest.param(("a", "a", "c"), "1.5", id="twice counts once"),
        pytest.param(("A",), "-1", id="other letters, another value"),
        pytest.param(("x", "y", "z"), "-2", id="no less than the lower bound"),
        pytest.param(None, "0", id="nothing is nothing, not a wrong answer"),
    ],
)
def test_a_mapping_sums_what_each_value_is_worth(response: Response | None, expected: str) -> None:
    declared = ResponseDeclaration("multiple", "string", mapping=WORTHS)
    processing = replace(item(sets(map_response("RESPONSE"))), responses={"RESPONSE": declared})
    assert score(processing, response) == Decimal(expected)
    assert bounds_of(processing) == (-2, Fraction("2.5"))


AREAS = AreaMapping(
    (
        AreaEntry("rect", (0, 0, 10, 10), Decimal(1)),
        AreaEntry("circle", (20, 20, 5), Decimal(2)),
        AreaEntry("ellipse", (50, 50, 10, 5), Decimal(3)),
        AreaEntry("poly", (80, 80, 90, 80, 80, 90), Decimal(4)),
    ),
    default=Decimal("-0.25"),
)


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        pytest.param(("0 10",), "1", id="a corner of a rectangle"),
        pytest.param(("1 1", "2 2"), "1", id="each area once"),
        pytest.param(("25 20",), "2", id="the edge of a circle"),
        pytest.param(("24 24",), "-0.25", id="outside a circle"),
        pytest.param(("60 50",), "3", id="the edge of an ellipse"),
        pytest.param(("60 51",), "-0.25", id="outside an ellipse"),
        pytest.param(("85 85",), "4", id="on the side of a polygon"),
        pytest.param(("86 86",), "-0.25", id="outside a polygon"),
        pytest.param(("1 1", "70 70"), "0.75", id="in and out"),
    ],
)
def test_points_are_worth_what_their_areas_are(response: Response, expected: str) -> None:
    declared = ResponseDeclaration("multiple", "point", areas=AREAS)
    processing = replace(item(sets(map_point("RESPONSE"))), responses={"RESPONSE": declared})
    assert score(processing, response) == Decimal(expected)


def table(kind: Any, *rows: tuple[str, str, bool], default: str | None = None) -> Lookup:
    return Lookup(kind, tuple(LookupEntry(Decimal(a), b, c) for a, b, c in rows), default)


@pytest.mark.parametrize(
    ("lookup", "given", "expected"),
    [
        (table("match", ("1", "5", True), ("2", "9", True)), "2", 9),
        (table("match", ("1", "5", True), default="3"), "7", 3),
        (table("match", ("1", "5", True)), "7", 0),
        (table("interpolation", ("10", "2", True), ("5", "1", True)), "12", 2),
        (table("interpolation", ("10", "2", True), ("5", "1", True)), "10", 2),
        (table("interpolation", ("10", "2", False), ("5", "1", True)), "10", 1),
        (table("interpolation", ("10", "2", True), ("5", "1", True)), "4", 0),
    ],
)
def test_a_table_gives_an_outcome_for_a_number(lookup: Lookup, given: str, expected: int) -> None:
    outcomes = {"SCORE": OutcomeDeclaration("single", "float", lookup=lookup)}
    processing = item(op("lookup-outcome-value", given, identifier="SCORE"), outcomes=outcomes)
    assert score(processing, None) == expected


def test_a_typed_number_is_recorded_as_its_fields() -> None:
    fields = {
        "stringValue": "string",
        "floatValue": "float",
        "integerValue": "integer",
        "leftDigits": "integer",
        "rightDigits": "integer",
        "ndp": "integer",
        "nsf": "integer",
        "exponent": "integer",
    }
    outcomes = {name: OutcomeDeclaration("single", base) for name, base in fields.items()}  # type: ignore[arg-type]
    rules = [assign(name, op("field-value", variable("RESPONSE"), field_identifier=name)) for name in fields]
    processing = item(*rules, cardinality="record", base="string", outcomes=outcomes)
    found = outcomes_of(processing, "012.50")
    assert {name: str(found[name][0]) if found[name] else None for name in fields} == {  # type: ignore[index]
        "stringValue": "012.50",
        "floatValue": "25/2",
        "integerValue": None,
        "leftDigits": "3",
        "rightDigits": "2",
        "ndp": "2",
        "nsf": "4",
        "exponent": None,
    }


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        pytest.param((assign("OTHER", node(1)),), "rule-variable", id="an outcome that is not declared"),
        pytest.param((sets(node(True)),), "rule-type", id="a truth is no score"),
        pytest.param((sets(op("multiple", 1)),), "rule-type", id="a container is no score"),
        pytest.param((when(node(1), (sets(1),)),), "rule-type", id="a number is no condition"),
        pytest.param((op("response-condition"),), "rule-shape", id="a condition without a branch"),
        pytest.param(
            (op("response-condition", op("response-if")),), "rule-shape", id="a branch without anything"
        ),
        pytest.param(
            (op("response-condition", op("response-else", sets(1)), op("response-if", True, sets(1))),),
            "rule-shape",
            id="else before if",
        ),
        pytest.param(
            (op("set-response-value", "a", identifier="RESPONSE"),), "rule-operator", id="a rule of others"
        ),
        pytest.param((sets(map_response("RESPONSE")),), "rule-missing", id="no mapping"),
        pytest.param((sets(map_response("NONE")),), "rule-variable", id="no response"),
        pytest.param((op("lookup-outcome-value", 1, identifier="SCORE"),), "rule-missing", id="no table"),
        pytest.param((node(1),), "rule-operator", id="an expression where a rule stands"),
        pytest.param((op("exit-response"), sets("x")), "rule-type", id="also where nothing comes"),
    ],
)
def test_rules_that_could_not_be_followed_are_refused(rules: tuple[Node, ...], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_processing(item(*rules))
    assert refused.value.code == code


def test_a_score_has_bounds_that_are_known_beforehand() -> None:
    right = when(
        is_null(variable("RESPONSE")), (sets(-1),), (sets(op("sum", variable("SCORE"), 4)), sets("2.5"))
    )
    assert bounds_of(item(right)) == (-1, Fraction("2.5"))
    typed = item(sets(variable("RESPONSE")), base="float")
    assert bounds_of(typed) == (None, None)
    assert scored(typed, "7") == (Fraction(7),)


@pytest.mark.parametrize(
    ("rules", "bounds"),
    [
        pytest.param(
            (sets(5), when(op("is-null", variable("RESPONSE")), (sets(2),))), (0, 5), id="no branch"
        ),
        pytest.param(
            (when(op("is-null", variable("RESPONSE")), (sets(-7), EXIT)), sets(1)), (-7, 1), id="an exit"
        ),
        pytest.param((sets(5), sets(NULL)), (0, 0), id="NULL counts as 0"),
        pytest.param((sets(5),), (0, 5), id="0 is always within"),
    ],
)
def test_the_bounds_hold_wherever_the_rules_end(rules: tuple[Node, ...], bounds: tuple[int, int]) -> None:
    assert bounds_of(item(*rules)) == bounds


def test_a_text_is_compared_as_it_was_typed_inside() -> None:
    processing = item(when(op("match", variable("RESPONSE"), text("a b")), (sets(1),)), base="string")
    assert (score(processing, "a b"), score(processing, "a  b")) == (1, 0)
