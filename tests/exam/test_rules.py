"""Every operator of QTI's rules, case by case: what it gives, what it makes of NULL, what it refuses.

Whole items of other projects are in test_qti_scoring.py; hostile and random rules in test_rules_hold.py.
"""

from fractions import Fraction

import pytest

from cbt_station.errors import Refusal
from cbt_station.exam.processing import Node
from cbt_station.exam.rules.irrational import PI
from cbt_station.exam.rules.plan import OPERATORS
from tests.exam.written_rules import NULL, computed, op, pair, text

TRUE, FALSE = (True,), (False,)
M = op("multiple", "a", "b", "b")
O = op("ordered", "a", "b", "c")  # noqa: E741 - an ordered container, beside M


def n(value: int | str) -> tuple[Fraction, ...]:
    return (Fraction(value),)


CASES = {
    "and of true and NULL is NULL": (op("and", True, NULL), None),
    "and with one false is false whatever is NULL": (op("and", NULL, False), FALSE),
    "and of all true": (op("and", True, True), TRUE),
    "or with one true is true whatever is NULL": (op("or", NULL, True), TRUE),
    "or of false and NULL is NULL": (op("or", False, NULL), None),
    "or of all false": (op("or", False, False), FALSE),
    "not of NULL is NULL": (op("not", NULL), None),
    "not": (op("not", False), TRUE),
    "any-n counts the true ones": (op("any-n", True, False, True, min="2", max="2"), TRUE),
    "any-n knows that there are too many": (op("any-n", True, True, NULL, min="1", max="1"), FALSE),
    "any-n knows that there are too few": (op("any-n", False, False, NULL, min="2", max="3"), FALSE),
    "any-n of NULLs that decide is NULL": (op("any-n", True, NULL, min="2", max="2"), None),
    "is-null of NULL": (op("is-null", NULL), TRUE),
    "is-null of an empty container": (op("is-null", op("multiple", NULL)), TRUE),
    "is-null of an empty text": (op("is-null", text("")), TRUE),
    "is-null of something": (op("is-null", "a"), FALSE),
    "match of bags": (op("match", M, op("multiple", "b", "a", "b")), TRUE),
    "match of bags counts": (op("match", M, op("multiple", "b", "a")), FALSE),
    "match of ordered containers": (op("match", O, op("ordered", "b", "a", "c")), FALSE),
    "match of NULL is NULL": (op("match", O, NULL), None),
    "match of an integer and a float": (op("match", 1, "1.0"), TRUE),
    "match of pairs both ways": (
        op(
            "match",
            op("base-value", base_type="pair", value="A B"),
            op("base-value", base_type="pair", value="B  A"),
        ),
        TRUE,
    ),
    "match of directed pairs": (op("match", pair("A B"), pair("B A")), FALSE),
    "match of points": (
        op(
            "match",
            op("base-value", base_type="point", value="1 2"),
            op("base-value", base_type="point", value="1 2"),
        ),
        TRUE,
    ),
    "member": (op("member", "b", M), TRUE),
    "member of none": (op("member", "b", NULL), None),
    "contains as a bag": (op("contains", M, op("multiple", "b", "b")), TRUE),
    "contains too many": (op("contains", M, op("multiple", "a", "a")), FALSE),
    "contains as a run": (op("contains", O, op("ordered", "b", "c")), TRUE),
    "contains no gap": (op("contains", O, op("ordered", "a", "c")), FALSE),
    "delete takes every one": (op("delete", "b", M), ("a",)),
    "delete of all is NULL": (op("delete", "a", op("multiple", "a")), None),
    "index from 1": (op("index", O, n="2"), ("b",)),
    "index beyond the end is NULL": (op("index", O, n="4"), None),
    "index of 0 is NULL": (op("index", O, n="0"), None),
    "container-size": (op("container-size", M), n(3)),
    "container-size of NULL is 0": (op("container-size", NULL), n(0)),
    "multiple leaves NULL out": (op("multiple", NULL, "a"), ("a",)),
    "multiple of containers": (op("multiple", M, "c"), ("a", "b", "b", "c")),
    "repeat": (op("repeat", "a", "b", number_repeats="2"), ("a", "b", "a", "b")),
    "string-match": (op("string-match", text("Rek"), text("rek")), FALSE),
    "string-match without regard to capitals": (
        op("string-match", text("STRASSE"), text("straße"), case_sensitive="false"),
        TRUE,
    ),
    "string-match of one spelling in two forms": (op("string-match", text("e\u0301"), text("\u00e9")), TRUE),
    "string-match within": (op("string-match", text("a cat"), text("cat"), substring="true"), TRUE),
    "substring: the first within the second": (op("substring", text("cat"), text("a cat")), TRUE),
    "substring of NULL is NULL": (op("substring", NULL, text("a")), None),
    "pattern-match takes the whole text": (op("pattern-match", text("ab12"), pattern=r"[a-z]+\d{2}"), TRUE),
    "pattern-match takes nothing less": (op("pattern-match", text("ab123"), pattern=r"[a-z]+\d{2}"), FALSE),
    "equal": (op("equal", "0.1", "0.10"), TRUE),
    "equal within an absolute tolerance": (
        op("equal", 10, "9.5", tolerance_mode="absolute", tolerance="0.5"),
        TRUE,
    ),
    "equal at a bound that is left out": (
        op("equal", 10, "9.5", tolerance_mode="absolute", tolerance="0.5", include_lower_bound="false"),
        FALSE,
    ),
    "equal with two widths": (op("equal", 10, 12, tolerance_mode="absolute", tolerance="1 2"), TRUE),
    "equal within a relative tolerance": (
        op("equal", 20, 22, tolerance_mode="relative", tolerance="10"),
        TRUE,
    ),
    "equal relative to a negative number": (
        op("equal", -20, -22, tolerance_mode="relative", tolerance="10"),
        TRUE,
    ),
    "equal of NULL is NULL": (op("equal", NULL, 1), None),
    "equal-rounded to figures": (
        op("equal-rounded", "3.175", "3.183", rounding_mode="significantFigures", figures="3"),
        TRUE,
    ),
    "equal-rounded to places": (
        op("equal-rounded", "3.1749", "3.18", rounding_mode="decimalPlaces", figures="2"),
        FALSE,
    ),
    "inside a circle, edge and all": (
        op("inside", op("base-value", base_type="point", value="13 14"), shape="circle", coords="10,10,5"),
        TRUE,
    ),
    "inside a polygon": (
        op("inside", op("base-value", base_type="point", value="3 3"), shape="poly", coords="0,0,10,0,0,10"),
        TRUE,
    ),
    "outside a polygon": (
        op("inside", op("base-value", base_type="point", value="9 9"), shape="poly", coords="0,0,10,0,0,10"),
        FALSE,
    ),
    "lt": (op("lt", 1, "1.5"), TRUE),
    "lte": (op("lte", 1, 1), TRUE),
    "gt of NULL is NULL": (op("gt", NULL, 1), None),
    "gte": (op("gte", 2, 3), FALSE),
    "duration-lt": (
        op(
            "duration-lt",
            op("base-value", base_type="duration", value="1.5"),
            op("base-value", base_type="duration", value="2"),
        ),
        TRUE,
    ),
    "duration-gte": (
        op(
            "duration-gte",
            op("base-value", base_type="duration", value="2"),
            op("base-value", base_type="duration", value="2"),
        ),
        TRUE,
    ),
    "sum is exact": (op("sum", "0.1", "0.2"), n("0.3")),
    "sum of a container": (op("sum", op("multiple", 1, 2), 3), n(6)),
    "sum with NULL is NULL": (op("sum", 1, NULL), None),
    "subtract": (op("subtract", 1, 3), n(-2)),
    "product": (op("product", 2, "0.5", -3), n(-3)),
    "product beyond any float is NULL": (op("product", op("power", 10, 300), op("power", 10, 300)), None),
    "product with a 0 is 0 wherever it stands": (
        op("product", op("power", 10, 300), op("power", 10, 300), 0),
        n(0),
    ),
    "divide is exact": (op("divide", 1, 3), n("1/3")),
    "divide by 0 is NULL": (op("divide", 1, 0), None),
    "power": (op("power", 2, 10), n(1024)),
    "power of 0 and a negative number is NULL": (op("power", 0, -1), None),
    "power of a negative number and a half is NULL": (op("power", -2, "0.5"), None),
    "power beyond any float is NULL": (op("power", 10, 400), None),
    "integer-divide goes down": (op("integer-divide", -7, 2), n(-4)),
    "integer-divide by 0 is NULL": (op("integer-divide", 1, 0), None),
    "integer-modulus fits it": (op("integer-modulus", -7, 2), n(1)),
    "truncate goes to zero": (op("truncate", "-1.9"), n(-1)),
    "round of a half goes up": (op("round", "-6.5"), n(-6)),
    "round": (op("round", "6.49"), n(6)),
    "round-to figures": (
        op("round-to", "1239451", rounding_mode="significantFigures", figures="3"),
        n(1240000),
    ),
    "round-to places away from zero": (
        op("round-to", "-0.125", rounding_mode="decimalPlaces", figures="2"),
        n("-0.13"),
    ),
    "round-to of small numbers": (op("round-to", "0.00012345", figures="2"), n("0.00012")),
    "integer-to-float": (op("integer-to-float", 3), n(3)),
    "max": (op("max", 1, op("multiple", 5, 3)), n(5)),
    "min of NULL is NULL": (op("min", 1, NULL), None),
    "gcd": (op("gcd", 12, 18), n(6)),
    "lcm": (op("lcm", 4, 6), n(12)),
    "mean": (op("stats-operator", op("multiple", 1, 2, 4), name="mean"), n("7/3")),
    "sample variance": (op("stats-operator", op("multiple", 1, 2, 3), name="sampleVariance"), n(1)),
    "sample variance of one is NULL": (op("stats-operator", op("multiple", 1), name="sampleVariance"), None),
    "population deviation": (op("stats-operator", op("multiple", 2, 4), name="popSD"), n(1)),
    "floor": (op("math-operator", "-1.5", name="floor"), n(-2)),
    "ceil": (op("math-operator", "-1.5", name="ceil"), n(-1)),
    "signum": (op("math-operator", "-0.1", name="signum"), n(-1)),
    "abs": (op("math-operator", "-0.1", name="abs"), n("0.1")),
    "log of 1000": (op("math-operator", 1000, name="log"), n(3)),
    "ln of nothing is NULL": (op("math-operator", 0, name="ln"), None),
    "asin outside its domain is NULL": (op("math-operator", 2, name="asin"), None),
    "toDegrees of pi": (op("math-operator", op("math-constant", name="pi"), name="toDegrees"), n(180)),
    "pi": (op("math-constant", name="pi"), (PI,)),
    "null": (NULL, None),
}


@pytest.mark.parametrize("name", CASES)
def test_an_operator_gives(name: str) -> None:
    written, expected = CASES[name]
    assert computed(written) == expected


def test_every_operator_has_its_case() -> None:
    """Those that need declarations are below and in test_qti_scoring.py; those over items in test_outcome_rules.py."""

    def names(written: Node) -> set[str]:
        return {written.op} | {name for one in written.of for name in names(one)}

    shown = {name for written, _ in CASES.values() for name in names(written)}
    declared = {"variable", "correct", "default", "map-response", "map-response-point", "field-value"}
    over_items = {name for name in OPERATORS if name.startswith(("number-", "outcome-", "test-"))}
    assert set(OPERATORS) - declared - over_items == shown


@pytest.mark.parametrize(
    ("written", "code"),
    [
        pytest.param(op("random", M), "rule-operator", id="chance"),
        pytest.param(op("custom-operator", **{"class": "org.X"}), "rule-operator", id="code of a vendor"),
        pytest.param(op("and", 1), "rule-type", id="a number is no truth"),
        pytest.param(op("sum", "a"), "rule-type", id="a name is no number"),
        pytest.param(op("match", "a", 1), "rule-type", id="two kinds"),
        pytest.param(op("match", "a", M), "rule-type", id="two cardinalities"),
        pytest.param(op("lt", op("multiple", 1), 2), "rule-type", id="a container is no number"),
        pytest.param(op("index", M, n="1"), "rule-type", id="no first of a bag"),
        pytest.param(op("index", O, n="x"), "rule-value", id="no whole number"),
        pytest.param(op("not"), "rule-shape", id="nothing to negate"),
        pytest.param(op("subtract", 1, 2, 3), "rule-shape", id="one too many"),
        pytest.param(op("variable", identifier="X"), "rule-variable", id="undeclared"),
        pytest.param(op("base-value", base_type="float", value="NaN"), "rule-value", id="not a number"),
        pytest.param(op("base-value", base_type="integer", value="1.5"), "rule-value", id="no integer"),
        pytest.param(op("base-value", base_type="file", value="x"), "rule-value", id="no such type"),
        pytest.param(op("pattern-match", text("a"), pattern="(a"), "rule-pattern", id="no pattern"),
        pytest.param(op("repeat", "a", number_repeats="1001"), "rule-too-much", id="too often"),
        pytest.param(op("number-correct"), "rule-operator", id="over items, in an item"),
        pytest.param(op("math-operator", 1, name="sqrt"), "rule-shape", id="not one of QTI's functions"),
    ],
)
def test_what_could_not_be_computed_is_refused_before_anything_is_answered(written: Node, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        computed(written)
    assert refused.value.code == code
