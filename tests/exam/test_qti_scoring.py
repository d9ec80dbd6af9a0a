"""Scoring cases that other projects wrote for QTI, and the page that counts them.

Operators one by one are in test_rules.py; reading QTI's XML in tests/banks/qti.
"""

import pytest
from lxml import etree

from cbt_station.banks.qti.processing import read_rules
from cbt_station.errors import Failure, Tampered
from cbt_station.exam.rules.response import outcomes_of
from tests.exam.qti_scoring import (
    CITOLAB,
    CITOLAB_CASES,
    CITOLAB_REFUSED,
    GAP_MATCH,
    NOT_BY_THE_SPECIFICATION,
    NOT_IN_QTI,
    PAGE,
    PIE,
    CitolabCase,
    citolab,
    citolab_test,
    is_same,
    page,
    pie_cases,
    play,
)
from tests.shared import shared

SCORED, REFUSED = 95, 42


def test_every_case_of_pie_qti_scores_as_it_says_or_is_refused_by_name() -> None:
    shared(PIE)
    played = [play(case, item) for case, item in pie_cases()]
    assert [one for one in played if one.wrong] == []
    for one in played:
        if one.refused is None or one.case.fixture in NOT_BY_THE_SPECIFICATION:
            continue
        assert one.refused.code == "qti-unsupported", one
        named = one.refused.facts["what"]
        assert named in NOT_IN_QTI or named == "templateDeclaration", one
    refused = sum(one.refused is not None for one in played)
    assert (len(played) - refused, refused) == (SCORED, REFUSED)


@pytest.mark.parametrize(
    "case", CITOLAB_CASES, ids=lambda case: f"{case.item.rpartition('/')[2]} {case.response}"[:70]
)
def test_items_of_citolab_score_as_their_rules_say(case: CitolabCase) -> None:
    assert citolab(case) == {}


@pytest.mark.parametrize("item", CITOLAB_REFUSED)
def test_items_of_citolab_with_code_of_a_vendor_are_refused_by_name(item: str) -> None:
    with pytest.raises(Failure) as refused:
        read_rules(etree.parse(shared(CITOLAB) / item).getroot())
    if CITOLAB_REFUSED[item].startswith("customOperator"):
        assert refused.value.facts == {"what": CITOLAB_REFUSED[item]}


def test_four_pairs_where_one_is_declared_are_false_evidence() -> None:
    processing = read_rules(etree.parse(shared(CITOLAB) / GAP_MATCH).getroot())
    with pytest.raises(Tampered, match=r"^response-unknown"):
        outcomes_of(processing, ("HSA A", "HSB C", "HSC D", "HSD B"))


@pytest.mark.parametrize(
    ("name", "scores", "expected"),
    [
        pytest.param(
            "Test_Toets_TestVariables_Weight",
            {"ITM-SN02945": 1, "ITM-SN02946": 1},
            {"SCORE": 1, "SCORE_CAT_1": 1, "SCORE_CAT_2": 0, "SCORE_CAT_COMBINED": 1},
            id="weights of 1 and 0, both right",
        ),
        pytest.param(
            "Test_Toets_TestVariables_Weight",
            {"ITM-SN02945": 0, "ITM-SN02946": 1},
            {"SCORE": 0, "SCORE_CAT_1": 0, "SCORE_CAT_2": 0, "SCORE_CAT_COMBINED": 0},
            id="weights of 1 and 0, the second right",
        ),
        pytest.param(
            "Test_Toets_With_Empty_Category",
            {"ITM-SN02945": 1, "ITM-SN02946": 1},
            {"SCORE": 5},
            id="one item's number times its weight",
        ),
    ],
)
def test_a_test_of_citolab_gives_its_sums(
    name: str, scores: dict[str, int], expected: dict[str, int]
) -> None:
    outcomes = citolab_test(name, scores)
    assert {
        outcome: value for outcome, value in expected.items() if not is_same(outcomes[outcome], value)
    } == {}


def test_the_page_counts_what_the_interpreter_does() -> None:
    shared(PIE)
    assert PAGE.read_text("utf-8") == page()
