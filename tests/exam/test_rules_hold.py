"""Laws of the rules, over rules and responses that nobody would write.

Whatever the tree: it is refused by a code, or it runs for every response; the score lies within the bounds that were known
beforehand; the same response scores the same; NULL goes through as QTI says. Work is bounded for hostile rules. Single
operators are in test_rules.py.
"""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cbt_station.artefacts.difference import Difference, read_difference, write_difference
from cbt_station.artefacts.scoring import ScoringFile, read_scoring, write_scoring
from cbt_station.errors import Refusal, Tampered
from cbt_station.exam.processing import (
    AreaEntry,
    AreaMapping,
    Lookup,
    LookupEntry,
    MapEntry,
    Mapping,
    Node,
    OutcomeDeclaration,
    Processing,
    ResponseDeclaration,
)
from cbt_station.exam.rules.best import best_score
from cbt_station.exam.rules.following import RULES
from cbt_station.exam.rules.plan import MOST_DEPTH, OPERATORS
from cbt_station.exam.rules.response import as_score, bounds_of, check_processing, outcomes_of, score
from cbt_station.exam.rules.trees import assign, map_point, map_response, variable, when
from cbt_station.exam.rules.values import MOST_FRACTION_BITS
from cbt_station.sealing import strict_json
from tests.exam.written_rules import NULL, computed, item, node, op

RESPONSES = {
    "ONE": ResponseDeclaration(
        "single", "identifier", ("a",), Mapping((MapEntry("a", Decimal(2)),), Decimal(-1))
    ),
    "SOME": ResponseDeclaration("multiple", "identifier", ("a", "b"), Mapping((MapEntry("b", Decimal(1)),))),
    "ORDER": ResponseDeclaration("ordered", "identifier", ("a", "b", "c")),
    "NUMBER": ResponseDeclaration("single", "float", ("1.5",)),
    "TEXT": ResponseDeclaration("single", "string", ("ab",)),
    "POINT": ResponseDeclaration(
        "multiple", "point", areas=AreaMapping((AreaEntry("circle", (5, 5, 3), Decimal(1)),), Decimal("-0.5"))
    ),
    "PAIRS": ResponseDeclaration("multiple", "directedPair", ("a b",)),
    "RECORD": ResponseDeclaration("record", "string"),
}
TABLE = Lookup("interpolation", (LookupEntry(Decimal(1), "3"), LookupEntry(Decimal(0), "-2")), "1")
OUTCOMES = {
    "SCORE": OutcomeDeclaration("single", "float", lookup=TABLE),
    "COUNT": OutcomeDeclaration("single", "integer", ("1",)),
    "BAG": OutcomeDeclaration("multiple", "float"),
    "TRUE": OutcomeDeclaration("single", "boolean"),
    "NAME": OutcomeDeclaration("single", "identifier", ("a",)),
}
NAMES = st.sampled_from([*RESPONSES, *OUTCOMES, "NONE"])
ARGS = {
    "identifier": NAMES,
    "n": st.sampled_from(["0", "1", "2", "NUMBER", "x"]),
    "min": st.sampled_from(["0", "1", "2"]),
    "max": st.sampled_from(["1", "2", "COUNT"]),
    "figures": st.sampled_from(["0", "1", "3", "-1", "500"]),
    "rounding-mode": st.sampled_from(["decimalPlaces", "significantFigures", "up"]),
    "tolerance-mode": st.sampled_from(["exact", "absolute", "relative", "some"]),
    "tolerance": st.sampled_from(["1", "0.5 2", "NUMBER", ""]),
    "name": st.sampled_from(
        ["sin", "tan", "exp", "acos", "atan2", "floor", "abs", "ln", "mean", "sampleSD", "pi"]
    ),
    "number-repeats": st.sampled_from(["0", "3", "999", "NUMBER"]),
    "pattern": st.sampled_from(["a+", "(a|b)*", "(", r"\d{3}"]),
    "shape": st.sampled_from(["rect", "circle", "poly"]),
    "coords": st.sampled_from(["0,0,9,9", "5,5,3", "1,x", ""]),
    "field-identifier": st.sampled_from(["floatValue", "ndp", "other"]),
    "case-sensitive": st.sampled_from(["true", "false", "maybe"]),
}
NUMBERS = st.sampled_from(["0", "1", "-2", "0.5", "3.25", "1e300", "-7e-300", "99999999999"])
CONSTANTS = st.one_of(
    st.builds(lambda value: Node("base-value", args={"base-type": "float"}, value=value), NUMBERS),
    st.builds(
        lambda base, value: Node("base-value", args={"base-type": base}, value=value),
        st.sampled_from(
            ["identifier", "boolean", "integer", "string", "point", "pair", "directedPair", "file"]
        ),
        st.sampled_from(["a", "true", "2", "1 2", "a b", ""]),
    ),
)
VARIABLES = st.builds(lambda name: Node("variable", args={"identifier": name}), NAMES)


def operators(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.builds(
        lambda name, of, args: Node(name, tuple(of), args),
        st.sampled_from([*sorted(OPERATORS), "random"]),
        st.lists(parts, max_size=3),
        st.fixed_dictionaries(ARGS),
    )


EXPRESSIONS = st.recursive(CONSTANTS | VARIABLES, operators, max_leaves=6)


def likely(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Numbers out of numbers: trees that are seldom refused, so that many are run."""
    return st.builds(
        lambda name, of, args: Node(name, tuple(of), args),
        st.sampled_from(["sum", "product", "max", "min", "subtract", "divide", "power", "round", "truncate"])
        | st.sampled_from(["round-to", "integer-to-float", "math-operator"]),
        st.lists(parts, min_size=1, max_size=2),
        st.fixed_dictionaries(ARGS | {"figures": st.sampled_from(["1", "4"])}),
    )


NUMERIC = st.recursive(
    st.builds(lambda value: Node("base-value", args={"base-type": "float"}, value=value), NUMBERS)
    | st.sampled_from([variable("SCORE"), variable("COUNT"), variable("NUMBER")])
    | st.sampled_from([op("map-response", identifier="ONE"), op("map-response", identifier="SOME")])
    | st.just(op("map-response-point", identifier="POINT")),
    likely,
    max_leaves=5,
)
ASSIGNMENTS = st.builds(lambda value: assign("SCORE", value), NUMERIC) | st.builds(assign, NAMES, EXPRESSIONS)
EVERY_RULE = st.builds(
    lambda name, of, args: Node(name, tuple(of), args),
    st.sampled_from(sorted(RULES)),
    st.lists(EXPRESSIONS | ASSIGNMENTS, max_size=3),
    st.fixed_dictionaries(ARGS),
)
BRANCHES = st.builds(
    lambda condition, then, otherwise: when(condition, tuple(then), tuple(otherwise)),
    st.sampled_from([node(True), op("is-null", variable("ONE")), op("gt", variable("NUMBER"), 1)]),
    st.lists(ASSIGNMENTS, min_size=1, max_size=2),
    st.lists(ASSIGNMENTS | st.just(Node("exit-response")), max_size=2),
)
TREES = st.lists(ASSIGNMENTS | BRANCHES | EVERY_RULE, min_size=1, max_size=4)
SOUND = st.lists(
    st.builds(lambda value: assign("SCORE", value), NUMERIC)
    | st.builds(
        lambda value, other: when(
            op("gt", variable("NUMBER"), 1), (assign("SCORE", value),), (assign("COUNT", other),)
        ),
        NUMERIC,
        NUMERIC,
    )
    | st.just(op("lookup-outcome-value", variable("NUMBER"), identifier="SCORE")),
    min_size=1,
    max_size=4,
)
VALUES: st.SearchStrategy[Any] = st.text("abc 12.-", max_size=6) | st.lists(
    st.sampled_from(["a", "b", "c", "a b", "4 4", "1.5", ""]), max_size=4
).map(tuple)
GIVEN = st.one_of(
    st.none(), VALUES, st.dictionaries(st.sampled_from([*RESPONSES, "NONE"]), VALUES, max_size=5)
)
GOOD = st.fixed_dictionaries(
    {"TEXT": st.just("ab")},
    optional={
        "ONE": st.sampled_from(["a", "x"]),
        "SOME": st.sampled_from([("a",), ("b", "a")]),
        "NUMBER": st.sampled_from(["0", "1.5", "-3", "1000000"]),
        "POINT": st.sampled_from([("5 5",), ("1 1", "5 6")]),
    },
)


def processing_of(rules: list[Node]) -> Processing:
    return Processing(RESPONSES, OUTCOMES, tuple(rules), Decimal(0))


@settings(max_examples=250, deadline=None)
@given(TREES, GIVEN)
def test_any_tree_is_refused_by_a_code_or_runs_for_any_response(rules: list[Node], response: Any) -> None:
    processing = processing_of(rules)
    try:
        check_processing(processing)
    except Refusal:
        with pytest.raises((Refusal, Tampered)):
            outcomes_of(processing, response)
        return
    with suppress(Tampered):  # what nobody can have given
        score(processing, response)


@settings(max_examples=250, deadline=None)
@given(SOUND, GOOD)
def test_a_score_lies_within_the_bounds_that_were_known_beforehand(rules: list[Node], response: Any) -> None:
    processing = processing_of(rules)
    try:
        low, high = bounds_of(processing)
    except Refusal:
        return
    held = outcomes_of(processing, response)["SCORE"]
    number = held[0] if held else Fraction(0)
    assert isinstance(number, Fraction)
    assert low is None or low <= number
    assert high is None or number <= high


@settings(max_examples=100, deadline=None)
@given(SOUND, GOOD)
def test_rules_that_went_through_a_file_score_the_same(rules: list[Node], response: Any) -> None:
    processing = processing_of(rules)
    try:
        expected = score(processing, response)
    except Refusal:
        return
    read = strict_json.decode(strict_json.encode(processing), Processing, "rules")
    assert read == processing
    assert score(read, response) == expected == as_score(outcomes_of(processing, response)["SCORE"])


STRICT: dict[str, tuple[int, tuple[tuple[str, str], ...]]] = {
    "not": (1, ()),
    "match": (2, ()),
    "member": (2, ()),
    "contains": (2, ()),
    "delete": (2, ()),
    "string-match": (2, ()),
    "substring": (2, ()),
    "pattern-match": (1, (("pattern", "a"),)),
    "equal": (2, ()),
    "equal-rounded": (2, (("figures", "2"),)),
    "inside": (1, (("shape", "circle"), ("coords", "1,1,1"))),
    "index": (1, (("n", "1"),)),
    "stats-operator": (1, (("name", "mean"),)),
    "math-operator": (1, (("name", "sin"),)),
    "round-to": (1, (("figures", "2"),)),
}
STRICT |= dict.fromkeys(["sum", "product", "max", "min", "gcd", "lcm", "round", "truncate"], (1, ()))
STRICT |= dict.fromkeys(["subtract", "divide", "power", "integer-divide", "integer-modulus"], (2, ()))
STRICT |= dict.fromkeys(["lt", "lte", "gt", "gte", "duration-lt", "duration-gte"], (2, ()))


@pytest.mark.parametrize("name", sorted(STRICT))
def test_nothing_comes_of_nothing(name: str) -> None:
    """Operators that are NULL where an operand is."""
    operands, args = STRICT[name]
    assert computed(Node(name, (NULL,) * operands, dict(args))) is None


@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=5))
def test_logic_with_what_is_not_known(truths: list[bool | None]) -> None:
    """What `and` and `or` give is what every filling of the gaps would give, or NULL."""
    operands = [NULL if truth is None else truth for truth in truths]
    fillings = [[truth is True for truth in truths], [truth is not False for truth in truths]]
    for name, decide in (("and", all), ("or", any)):
        possible = {decide(filling) for filling in fillings}
        expected = (possible.pop(),) if len(possible) == 1 else None
        assert computed(op(name, *operands)) == expected


def nested(depth: int) -> Node:
    written = node(1)
    for _ in range(depth):
        written = op("sum", written)
    return written


DOUBLING = tuple(assign("BAG", op("multiple", variable("BAG"), variable("BAG"), 1)) for _ in range(30))
LONG_DIVISION = tuple(
    assign("SCORE", op("divide", op("sum", variable("SCORE"), 1), "7.3")) for _ in range(600)
)


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        pytest.param((assign("SCORE", nested(MOST_DEPTH + 1)),), "rule-too-much", id="deep"),
        pytest.param((assign("SCORE", op("sum", *[1] * 5_000)),), "rule-too-much", id="wide"),
        pytest.param(DOUBLING, "rule-too-much", id="a container that doubles"),
        pytest.param(
            (when(op("or", *[op("pattern-match", "a", pattern="a{400}")] * 9), (assign("SCORE", node(1)),)),),
            "rule-too-much",
            id="patterns",
        ),
    ],
)
def test_rules_without_measure_are_refused(rules: tuple[Node, ...], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_processing(item(*rules, outcomes={"BAG": OutcomeDeclaration("multiple", "float")}))
    assert refused.value.code == code


def with_mapping(**changed: Any) -> Processing:
    mapping = replace(Mapping((MapEntry("a", Decimal(1)),)), **changed)
    declared = ResponseDeclaration("single", "identifier", mapping=mapping)
    return replace(item(assign("SCORE", map_response("RESPONSE"))), responses={"RESPONSE": declared})


def with_areas(worth: Decimal) -> Processing:
    declared = ResponseDeclaration(
        "single", "point", areas=AreaMapping((AreaEntry("default", (), worth),), worth, worth, worth)
    )
    return replace(item(assign("SCORE", map_point("RESPONSE"))), responses={"RESPONSE": declared})


def with_table(source: Decimal, rows: int = 1) -> Processing:
    table = Lookup("match", (LookupEntry(source, "1"),) * rows)
    return item(
        op("lookup-outcome-value", 1, identifier="SCORE"),
        outcomes={"SCORE": OutcomeDeclaration("single", "float", lookup=table)},
    )


NO_NUMBERS = [
    Decimal(text) for text in ("NaN", "sNaN", "Infinity", "-Infinity", "1E+999999999", "1E-999999999")
]


@pytest.mark.parametrize("number", NO_NUMBERS, ids=str)
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda n: with_mapping(entries=(MapEntry("a", n),)), id="worth"),
        pytest.param(lambda n: with_mapping(default=n), id="default"),
        pytest.param(lambda n: with_mapping(lower=n), id="lower bound"),
        pytest.param(lambda n: with_mapping(upper=n), id="upper bound"),
        pytest.param(with_areas, id="area"),
        pytest.param(with_table, id="table"),
    ],
)
def test_a_declared_number_that_is_none_is_refused_before_it_is_used(
    make: Callable[[Decimal], Processing], number: Decimal
) -> None:
    with pytest.raises(Refusal, match=r"^rule-value"):
        check_processing(make(number))
    scoring = ScoringFile("test", "S", 1, "", {"item": make(number)})
    with pytest.raises(Tampered, match=r"^malformed"):
        read_scoring(write_scoring(scoring))


KEYS = tuple(MapEntry(f"k{number}", Decimal(number % 3)) for number in range(1_001))
CORNERS = ",".join("1" for _ in range(1_000))
POINTS = ResponseDeclaration("multiple", "point")


@pytest.mark.parametrize(
    "processing",
    [
        pytest.param(with_mapping(entries=KEYS), id="keys"),
        pytest.param(with_mapping(entries=(MapEntry("a" * 100_001, Decimal(1)),)), id="a key without end"),
        pytest.param(with_table(Decimal(1), rows=1_001), id="rows"),
        pytest.param(
            item(outcomes={f"O{n}": OutcomeDeclaration("single", "float") for n in range(256)}), id="outcomes"
        ),
        pytest.param(item(correct=("a",) * 257, cardinality="multiple"), id="correct values"),
        pytest.param(
            replace(
                item(*[when(op("inside", variable("RESPONSE"), shape="poly", coords=CORNERS), ())] * 4),
                responses={"RESPONSE": POINTS},
            ),
            id="corners for every point",
        ),
        pytest.param(
            replace(
                with_mapping(entries=KEYS[:1_000]),
                rules=(assign("SCORE", map_response("RESPONSE")),) * 1_001,
            ),
            id="a table that is asked again and again",
        ),
    ],
)
def test_declarations_without_measure_are_refused(processing: Processing) -> None:
    with pytest.raises(Refusal, match=r"^rule-too-much"):
        check_processing(processing)


def test_a_key_that_cannot_be_read_is_refused_whether_a_rule_asks_for_it_or_not() -> None:
    mapping = Mapping((MapEntry("two", Decimal(1)),))
    unused = replace(item(), responses={"RESPONSE": ResponseDeclaration("single", "float", mapping=mapping)})
    with pytest.raises(Refusal, match=r"^rule-value"):
        check_processing(unused)


def test_of_more_good_values_than_can_be_given_the_best_are_the_best_response() -> None:
    many = replace(
        with_mapping(entries=KEYS[:999]).responses["RESPONSE"], cardinality="multiple", base="identifier"
    )
    processing = replace(with_mapping(), responses={"RESPONSE": many})
    assert best_score(processing) == 2 * 256


def test_sums_of_fine_fractions_stay_small() -> None:
    """Each has a denominator of its own: exactly added they would have one of a million digits."""
    fine = [op("divide", str(10**300 + 7), str(10**300 + 2 * place + 1)) for place in range(900)]
    for value in (op("sum", *fine), op("stats-operator", op("multiple", *fine), name="popVariance")):
        held = computed(value)
        assert held is not None
        assert isinstance(held[0], Fraction)
        assert held[0].denominator.bit_length() <= MOST_FRACTION_BITS + 1
    assert as_score(computed(op("sum", *fine))) == 900


def test_a_tree_deeper_than_the_stack_is_refused_and_does_not_crash() -> None:
    with pytest.raises(Refusal, match=r"^rule-too-much"):
        check_processing(item(assign("SCORE", nested(900))))


def test_numbers_that_would_grow_without_end_stay_small() -> None:
    squares = tuple(assign("SCORE", op("product", variable("SCORE"), variable("SCORE"))) for _ in range(40))
    assert score(item(assign("SCORE", node("1.000001")), *squares), None) == 0  # beyond any float: NULL
    assert score(item(assign("SCORE", node("0.1")), *squares), None) == 0  # finer than any float
    assert 0 < score(item(*LONG_DIVISION), None) < 1


def test_the_deepest_rules_that_are_taken_fit_into_sealed_files() -> None:
    deepest = item(assign("SCORE", nested(MOST_DEPTH - 2)))
    with pytest.raises(Refusal, match=r"^rule-too-much"):
        check_processing(item(assign("SCORE", nested(MOST_DEPTH - 1))))
    scoring = ScoringFile("test", "S", 1, "", {"item": deepest})
    assert read_scoring(write_scoring(scoring)) == scoring
    difference = Difference("test", "S", 1, "drop-item", (), rule_before=deepest, rule_after=deepest)
    assert read_difference(write_difference(difference)) == difference
