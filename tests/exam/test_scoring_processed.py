"""Whole exams in which QTI's rules score: what sealing refuses, and a response that was not offered is false evidence.

The same exams in scores by option are in test_scoring.py; single rules in test_item_rules.py.
"""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from cbt_station.errors import Refusal, Tampered
from cbt_station.exam.interactions import ChoicesInteraction, Composite, Interaction, TextEntryInteraction
from cbt_station.exam.item import HandMarked, ScoringRule
from cbt_station.exam.rules import building
from cbt_station.exam.rules.fitting import require_fit
from cbt_station.exam.rules.trees import assign, variable
from cbt_station.exam.scoring import check_scoring, score_sections
from tests.exam.exams import SKD, SKD_POOL, SKD_RULES
from tests.exam.test_scoring import SKD_FORM
from tests.exam.written_rules import item

D = Decimal
ITEM = SKD_FORM.items[0].item
ONE_KEY = building.match_correct("identifier", "a", D(5))


def test_an_item_may_be_scored_by_processing_among_others() -> None:
    rules = SKD_RULES | {ITEM: ONE_KEY}
    check_scoring(SKD, SKD_POOL, rules)
    assert score_sections(SKD, SKD_FORM, rules, {ITEM: "a"}).outcomes["TWK"] == 5
    assert score_sections(SKD, SKD_FORM, rules, {ITEM: "b"}).outcomes["TWK"] == 0


@pytest.mark.parametrize(
    ("rule", "response"),
    [
        pytest.param(ONE_KEY, "z", id="an option"),
        pytest.param(building.match_correct("identifier", ("a",), D(5)), ("a", "z"), id="one of several"),
        pytest.param(building.pairs({"a x": D(5)}), ("z x",), id="the first of a pair"),
        pytest.param(building.pairs({"a b": D(5)}, directed=False), ("a z",), id="either of a pair"),
    ],
)
def test_what_a_candidate_was_not_offered_is_false_evidence_and_never_a_zero(
    rule: ScoringRule, response: str | tuple[str, ...]
) -> None:
    with pytest.raises(Tampered, match=r"^response-unknown"):
        score_sections(SKD, SKD_FORM, SKD_RULES | {ITEM: rule}, {ITEM: response})


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        pytest.param("scoring-by-hand", HandMarked(D(5)), id="a person marks it"),
        pytest.param("scoring-options", building.match_correct("identifier", "z", D(5)), id="no such option"),
        pytest.param("scoring-item-most", replace(ONE_KEY, most=D(4)), id="the key gives more than the most"),
        pytest.param("scoring-item-most", replace(ONE_KEY, most=D(6)), id="the key gives less than the most"),
        pytest.param(
            "scoring-unbounded",
            item(assign("SCORE", variable("RESPONSE")), base="float"),
            id="as much as a candidate types",
        ),
        pytest.param(
            "scoring-unbounded",
            building.match_correct("identifier", "a", D(10) ** 7),
            id="more than a score is",
        ),
    ],
)
def test_a_rule_that_could_not_score_a_form_as_printed_is_refused(code: str, rule: ScoringRule) -> None:
    with pytest.raises(Refusal) as refused:
        check_scoring(SKD, SKD_POOL, SKD_RULES | {ITEM: rule})
    assert (refused.value.code, refused.value.where) == (code, ITEM)


def test_what_a_person_marks_may_stand_where_nothing_is_scored() -> None:
    pilot = replace(SKD, sections=(replace(SKD.sections[0], scored=False), *SKD.sections[1:]))
    rules = SKD_RULES | {ITEM: HandMarked(D(5))}
    check_scoring(pilot, SKD_POOL, rules)
    assert "TWK" not in score_sections(pilot, SKD_FORM, rules, {ITEM: "a"}).outcomes


@pytest.mark.parametrize(
    "interaction",
    [
        pytest.param(ChoicesInteraction((), most=2), id="one value for several options"),
        pytest.param(Composite({"A": TextEntryInteraction()}), id="nothing for a part"),
    ],
)
def test_a_rule_that_takes_less_than_can_be_given_does_not_fit(interaction: Interaction) -> None:
    require_fit(ONE_KEY, TextEntryInteraction())
    require_fit(ONE_KEY, ChoicesInteraction((), most=1))
    with pytest.raises(Refusal, match=r"^rule-interaction"):
        require_fit(ONE_KEY, interaction)
