"""Other projects' scoring cases, played by our interpreter: `python -m tests.exam.qti_scoring` writes docs/qti-scoring.md.

Two sets stand beside a checkout: the conformance fixtures of pie-qti (an item, responses, the outcomes that they must
give) and the items and results of Citolab's scoring engine (whose expected scores are in its own tests; ours are
restated here from the items' rules).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from cbt_station.banks.qti.processing import AT_TEST, outcome_of, read_rules, rules_of
from cbt_station.errors import Failure
from cbt_station.exam.interactions import Response, Value
from cbt_station.exam.rules.declared import MOST_VARIABLES
from cbt_station.exam.rules.following import RULES
from cbt_station.exam.rules.outcome import OfTest, outcomes_of_test
from cbt_station.exam.rules.plan import MOST_DEPTH, MOST_NODES, MOST_STEPS, OPERATORS, ItemOutcomes
from cbt_station.exam.rules.response import outcomes_of
from cbt_station.exam.rules.trees import TEMPLATES
from cbt_station.exam.rules.values import MOST_VALUES, Held
from tests.shared import shared

PAGE = Path(__file__).parents[2] / "docs" / "qti-scoring.md"
PIE = "data/pie-qti/packages/item-player/tests/conformance/fixtures"
CITOLAB = "data/citolab-qti-scoring-engine/Scoring.Tests/Resources"
CLOSE = Fraction(1, 10**9)
"""Cases are written as binary floats; ours are exact."""

NOT_BY_THE_SPECIFICATION = {
    "responseProcessing_equalRounded_tolerance": "`roundingMode` is written `significantFigure`; QTI has `significantFigures`",
    "responseProcessing_patternMatch_caseSensitive": "the pattern is an operand and has `caseSensitive`; in QTI it is an attribute",
    "positionObject_mapResponse_wrong": "`mapResponse` of points without a mapping; QTI wants one, and `mapResponsePoint`",
}
"""Cases of supported operators that are refused, because they are not written as QTI has them."""

NOT_IN_QTI = {
    "isNotNull",
    "lookupTable",
    "mod",
    "outcomeProcessing",
    "preCondition",
    "setDefaultValue",
    "setResponseValue",
    "template match_nothing",
}
"""What the refused cases use that QTI's response processing does not have (outcomeProcessing: not in an item)."""


class Case(NamedTuple):
    """One response and what it must give."""

    fixture: str
    name: str
    responses: Mapping[str, Value]
    expected: Mapping[str, Any]


class Played(NamedTuple):
    """What became of a case: the fixture was refused, or these outcomes are not as expected."""

    case: Case
    refused: Failure | None
    wrong: Mapping[str, Any]


def pie_cases() -> Iterator[tuple[Case, Path]]:
    """Every case with the file of its item."""
    for folder in sorted(shared(PIE).iterdir()):
        written = json.loads((folder / "cases.json").read_text("utf-8"))
        for case in written["cases"]:
            expected = dict(case["expect"].get("outcomes", {}))
            scored = {"SCORE": case["expect"]["score"]} if "score" in case["expect"] else {}
            expected = scored | {name: value for name, value in expected.items() if name != "score"}
            given = {name: _value(value) for name, value in case["responses"].items()}
            yield (
                Case(
                    folder.name,
                    case["name"],
                    {name: value for name, value in given.items() if value is not None},
                    expected,
                ),
                folder / "item.xml",
            )


def _value(value: object) -> Value | None:
    if isinstance(value, list):
        return tuple(str(one) for one in value) or None
    return None if value in (None, "") else str(value)


def play(case: Case, item: Path) -> Played:
    """Read the item, score the response, compare."""
    try:
        processing = read_rules(etree.parse(item).getroot())
    except Failure as failure:
        return Played(case, failure, {})
    response: Response | None = dict(case.responses) or None
    outcomes = outcomes_of(processing, response)
    wrong = {
        name: outcomes.get(name)
        for name, value in case.expected.items()
        if not is_same(outcomes.get(name), value)
    }
    return Played(case, None, wrong)


def is_same(held: Held, expected: object) -> bool:
    """Whether an outcome is what a case says."""
    if expected is None or held is None:
        return held is None and expected is None
    if isinstance(expected, bool) or not isinstance(expected, int | float):
        return held == (expected,)
    return isinstance(held[0], Fraction) and abs(held[0] - Fraction(expected)) < CLOSE


class CitolabCase(NamedTuple):
    """An item of Citolab's, a response, and the outcomes that its rules give."""

    item: str
    response: Response | None
    expected: dict[str, Any]


IMS = "2x/ResponseProcessing/IMS-examples"
CITOLAB_CASES = (
    CitolabCase("2x/ResponseProcessing/ITM-50066.xml", {"RESPONSE": "C"}, {"SCORE": 1}),
    CitolabCase("2x/ResponseProcessing/ITM-50066.xml", {"RESPONSE": "A"}, {"SCORE": 0}),
    CitolabCase("2x/ResponseProcessing/ITM-50066.xml", None, {"SCORE": 0}),
    CitolabCase("2x/ResponseProcessing/ITM-50066_No_Correct_Response.xml", {"RESPONSE": "C"}, {"SCORE": 1}),
    CitolabCase("2x/ResponseProcessing/ITM-50066_No_Correct_Response.xml", {"RESPONSE": "B"}, {"SCORE": 0}),
    CitolabCase("2x/ResponseProcessing/ITM-equal.xml", {"RESPONSE": "10", "RESPONSE2": "15"}, {"SCORE": 1}),
    CitolabCase("2x/ResponseProcessing/ITM-equal.xml", {"RESPONSE": "10", "RESPONSE2": "8"}, {"SCORE": 0}),
    CitolabCase(
        "2x/ResponseProcessing/083-Verklanking-Speciale-Tekens.xml", "A", {"RAW_SCORE": 1, "SCORE": 8}
    ),
    CitolabCase(
        "2x/ResponseProcessing/083-Verklanking-Speciale-Tekens.xml", "B", {"RAW_SCORE": 0, "SCORE": 0}
    ),
    CitolabCase("2x/ResponseProcessing/1004-CaseInsensitive.xml", "REK", {"SCORE": 1}),
    CitolabCase("2x/ResponseProcessing/1004-CaseInsensitive.xml", "rak", {"SCORE": 0}),
    CitolabCase("2x/ResponseProcessing/112505-MR.xml", ("F", "D", "E"), {"SCORE": 1}),
    CitolabCase("2x/ResponseProcessing/112505-MR.xml", ("D", "E"), {"SCORE": 0}),
    CitolabCase("2x/ResponseProcessing/112505-MR.xml", ("D", "E", "F", "A"), {"SCORE": 0}),
    CitolabCase("2x/QTI-Packages/RW/Items/72833.xml", "C", {"SCORE": 1}),
    CitolabCase("2x/OutcomeProcessing/SN02945.xml", "C", {"SCORE": 1}),
    CitolabCase("2x/OutcomeProcessing/SN02945.xml", "A", {"SCORE": 0}),
    CitolabCase(f"{IMS}/choice_multiple.xml", ("H", "O"), {"SCORE": 2}),
    CitolabCase(f"{IMS}/choice_multiple.xml", ("H", "O", "Cl"), {"SCORE": 1}),
    CitolabCase(f"{IMS}/choice_multiple.xml", ("Cl",), {"SCORE": 0}),
    CitolabCase(f"{IMS}/extended_text.xml", None, {"SCORE": 0}),
    CitolabCase(f"{IMS}/gap_match.xml", ("W G1", "Su G2"), {"SCORE": 3}),
    CitolabCase(f"{IMS}/gap_match.xml", ("W G1",), {"SCORE": 1}),
    CitolabCase(f"{IMS}/graphic_associate.xml", ("C B", "D C"), {"SCORE": 2}),
    CitolabCase(f"{IMS}/graphic_gap_match.xml", ("GLA A", "EDI B", "MAN C"), {"SCORE": 3}),
    CitolabCase(f"{IMS}/graphic_order.xml", ("A", "D", "C", "B"), {"SCORE": 1}),
    CitolabCase(f"{IMS}/graphic_order.xml", ("A", "B", "C", "D"), {"SCORE": 0}),
    CitolabCase(f"{IMS}/hotspot.xml", "A", {"SCORE": 1}),
    CitolabCase(f"{IMS}/inline_choice.xml", "Y", {"SCORE": 1}),
    CitolabCase(f"{IMS}/inline_choice.xml", "L", {"SCORE": 0}),
    CitolabCase(f"{IMS}/order.xml", ("DriverC", "DriverA", "DriverB"), {"SCORE": 1}),
    CitolabCase(f"{IMS}/order.xml", ("DriverA", "DriverB", "DriverC"), {"SCORE": 0}),
    CitolabCase(f"{IMS}/order_partial_scoring.xml", ("DriverC", "DriverA", "DriverB"), {"SCORE": 2}),
    CitolabCase(f"{IMS}/order_partial_scoring.xml", ("DriverC", "DriverB", "DriverA"), {"SCORE": 1}),
    CitolabCase(f"{IMS}/slider.xml", "16", {"SCORE": 1}),
    CitolabCase(f"{IMS}/slider.xml", "12", {"SCORE": Fraction(1, 2)}),
    CitolabCase(f"{IMS}/slider.xml", "11", {"SCORE": 0}),
    CitolabCase("30/ResponseProcessing/IMS-examples/text-entry-qti3.xml", "York", {"SCORE": 1}),
    CitolabCase("30/ResponseProcessing/IMS-examples/text-entry-qti3.xml", "york", {"SCORE": Fraction(1, 2)}),
    CitolabCase("30/ResponseProcessing/hs.xml", ("A", "C"), {"SCORE": 1}),
    CitolabCase("30/ResponseProcessing/hs.xml", ("A", "D"), {"SCORE": 1}),
    CitolabCase("30/ResponseProcessing/hs.xml", ("A", "B"), {"SCORE": 0}),
    CitolabCase("30/ResponseProcessing/hs.xml", None, {"SCORE": 0}),
    CitolabCase("30/ResponseProcessing/hs-workaround.xml", ("B", "C"), {"SCORE": 1}),
    CitolabCase(
        "30/ResponseProcessing/sum_item.xml",
        {"RESPONSE_1": "IC1_D", "RESPONSE_2": "IC2_C", "RESPONSE_3": "IC3_A", "RESPONSE_4": "IC4_B"},
        {"SCORE": 1},
    ),
    CitolabCase("30/ResponseProcessing/sum_item.xml", {"RESPONSE_1": "IC1_D"}, {"SCORE": 0}),
)
CITOLAB_REFUSED = {
    "2x/QTI-Packages/RW/Items/72757.xml": "customOperator questify:ParseCommaDecimal",
    "2x/QTI-Packages/RW/Items/72759.xml": "customOperator questify:ParseCommaDecimal",
    "2x/QTI-Packages/RW/Items/72784.xml": "customOperator questify:ParseCommaDecimal",
    "2x/ResponseProcessing/210091-CustomOperator.xml": "customOperator depcp:ParseCommaDecimal",
    "2x/ResponseProcessing/CustomOperators.xml": "customOperator depcp:Trim",
    "30/ResponseProcessing/2gaps.xml": "customOperator qade:Trim",
    "30/ResponseProcessing/e726a093-a5dd-456e-8cc4-fd987cd05438.xml": "customOperator qade:Trim",
    "2x/ResponseProcessing/210091.xml": "equal of a text and a number",
    "2x/ResponseProcessing/083-Verklanking-Speciale-Tekens_No_Identifier_For_Variable_In_LookupOutcomeValue.xml": (
        "lookupOutcomeValue without a number to look up"
    ),
}
"""Items that are refused, by the operator or the fault that is named. Custom operators are code of a vendor's own."""
GAP_MATCH = "30/ResponseProcessing/gap-match-item.xml"
"""Declares one pair and is given four (`gap-match-result-fout.xml`): Citolab gives 0, here it is false evidence."""


def citolab(case: CitolabCase) -> dict[str, Any]:
    """The outcomes that are not as expected."""
    processing = read_rules(etree.parse(shared(CITOLAB) / case.item).getroot())
    response = case.response
    if isinstance(response, str | tuple) and len(processing.responses) > 1:
        response = {"RESPONSE": response}
    outcomes = outcomes_of(processing, response)
    return {
        name: outcomes.get(name)
        for name, value in case.expected.items()
        if not is_same(outcomes.get(name), float(value))
    }


def citolab_test(name: str, scores: Mapping[str, int]) -> dict[str, Held]:
    """The outcomes of one of Citolab's tests for these scores of its items."""
    test = etree.parse(shared(CITOLAB) / "2x/OutcomeProcessing" / f"{name}.xml").getroot()
    of = {element.get("identifier"): element for element in test.iter("{*}assessmentItemRef")}
    items = [
        ItemOutcomes(
            item,
            {"SCORE": Decimal(score)},
            categories=tuple((of[item].get("category") or "").split()),
            weights={one.get("identifier"): Decimal(one.get("value")) for one in of[item].iter("{*}weight")},
            responded=True,
        )
        for item, score in scores.items()
    ]
    declared = {one.get("identifier"): outcome_of(one) for one in test.iter("{*}outcomeDeclaration")}
    rules = rules_of(next(test.iter("{*}outcomeProcessing")))
    return outcomes_of_test(OfTest(declared, rules), items)


_HEAD = """# How items are scored: QTI processing

An item's rule is QTI's response processing as data (`cbt_station/exam/processing.py`), whatever format it came from; one
interpreter (`cbt_station/exam/rules/`) scores it for the committee and for the public. Rules are checked when a bank is
read and again when a session is sealed: cardinalities and base types are worked out before anybody answers, so that
nothing can fail when it is scored. Work is bounded: rules have no loop, patterns are matched in time that grows with the
text alone, and an item may have {nodes} nodes, {depth} levels, {variables} variables, containers and tables of {values}
values, and {steps} steps through tables and areas.

- **Exact.** Numbers are fractions; functions such as sine are computed to 50 significant digits. Only the score of an item
  is rounded, once, at its end: half-even to 6 decimals. A score that is NULL is 0.
- **Repeatable.** What draws by chance (`random`, `randomInteger`, `randomFloat`, templates) is refused.
- **A response that is not of the declared kind** was never a candidate's: false evidence, never a zero.

Where QTI is silent or loose, this holds:

- Typed text is compared in Unicode NFC and without spaces at its ends. An empty text is NULL.
- `mapResponse` of nothing is 0 within the bounds, as the standard template says, and never `defaultValue`.
- A number without a declared default begins as 0. A number with decimals may be the answer to an integer, a wrong one.
- An integer and a float can be compared, and so can an identifier and a string; a float can be given to an integer
  outcome and keeps its decimals. `member` and `contains` take a single value for a container of one.
- A relative tolerance is in percent of the first number's size. Rounding goes away from zero from 5 on; `round` goes up.
- A number beyond the largest float is NULL.
- SCORE, and the feedback of a standard template, need no declaration.

## Supported

Rules: {rules}.

Operators: {operators}. Those in italics are for outcome processing of a test: the interpreter runs it, and no session asks
for it. A session's outcomes are those of its blueprint; an imported test whose own processing is more than the sum of the scores
is told as a loss.

Standard templates, as data: {templates}.

Patterns are those of XML Schema, without blocks (`\\p{{IsGreek}}`). `customOperator` is a vendor's own code and is refused
by its class.

## Cases of other projects

This page is written by `python -m tests.exam.qti_scoring` from cases that stand beside a checkout; a test holds it to them.

### pie-qti: conformance fixtures with responses and outcomes

{counts}

| fixture | cases | scored as the case says | refused, and why |
|---|---:|---:|---|
"""


def page() -> str:
    """The whole page."""
    played = [play(case, item) for case, item in pie_cases()]
    by_fixture: dict[str, list[Played]] = {}
    for one in played:
        by_fixture.setdefault(one.case.fixture, []).append(one)
    head = _HEAD.format(
        nodes=MOST_NODES,
        depth=MOST_DEPTH,
        values=MOST_VALUES,
        variables=MOST_VARIABLES,
        steps=MOST_STEPS,
        rules=_listed(RULES),
        operators=_listed(OPERATORS, AT_TEST),
        templates=", ".join(f"`{name}`" for name in TEMPLATES),
        counts=_counts(played),
    )
    rows = [_row(fixture, cases) for fixture, cases in by_fixture.items()]
    return head + "\n".join(rows) + "\n" + _citolab_section()


def _counts(played: list[Played]) -> str:
    refused = sum(one.refused is not None for one in played)
    good = sum(one.refused is None and not one.wrong for one in played)
    return f"{len(played)} cases: {good} score as the case says, {len(played) - good - refused} do not, {refused} are refused by name."


def _row(fixture: str, cases: list[Played]) -> str:
    good = sum(one.refused is None and not one.wrong for one in cases)
    refused = cases[0].refused
    why = "" if refused is None else f"`{refused.code}` {_what(refused)}"
    if fixture in NOT_BY_THE_SPECIFICATION:
        why += f": {NOT_BY_THE_SPECIFICATION[fixture]}"
    return f"| {fixture} | {len(cases)} | {good} | {why} |"


def _what(failure: Failure) -> str:
    return str(failure.facts.get("what") or failure.facts.get("op") or "")


def _citolab_section() -> str:
    wrong = [case for case in CITOLAB_CASES if citolab(case)]
    items = len({case.item for case in CITOLAB_CASES})
    lines = [
        "",
        "### Citolab's scoring engine: items and results",
        "",
        f"{len(CITOLAB_CASES)} responses to {items} items: {len(CITOLAB_CASES) - len(wrong)} score as their rules say. Its",
        "tests with weights and categories give the sums that they must.",
        "",
        "| refused item | why |",
        "|---|---|",
        *(f"| {item.rpartition('/')[2]} | {why} |" for item, why in CITOLAB_REFUSED.items()),
        f"| {GAP_MATCH.rpartition('/')[2]} | declares one pair and is given four: not 0, but false evidence |",
    ]
    return "\n".join(lines) + "\n"


def _listed(names: Iterable[str], slanted: Iterable[str] = ()) -> str:
    return ", ".join(f"*`{name}`*" if name in slanted else f"`{name}`" for name in sorted(names))


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
