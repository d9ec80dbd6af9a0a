"""Scores by the rules of SKD 2024 and of a PPPK-like exam, exact to the last decimal.

Opening a scoring file and re-scoring a sealed result are in tests/verify.
"""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cbt_station.errors import Refusal, Tampered
from cbt_station.exam.blueprint import Blueprint
from cbt_station.exam.form import Form, draw_form
from cbt_station.exam.interactions import Response
from cbt_station.exam.item import OptionScores
from cbt_station.exam.scoring import UnmetRequirement, check_scoring, meets, score_item, score_sections
from tests.exam.counted import below_from
from tests.exam.exams import FIVE, PPPK, PPPK_POOL, PPPK_RULES, SKD, SKD_POOL, SKD_RULES, one_key

SKD_FORM = draw_form(SKD, SKD_POOL, below_from("skd"))
PPPK_FORM = draw_form(PPPK, PPPK_POOL, below_from("pppk"))


def answer_all(form: Form, rules: dict[str, OptionScores], best: bool = True) -> dict[str, Response]:
    """The best or the worst answer to every item."""
    choose = max if best else min
    return {
        entry.item: choose(entry.options, key=rules[entry.item].scores.__getitem__) for entry in form.items
    }


@pytest.mark.parametrize(
    ("exam", "form", "rules", "most", "least"),
    [
        pytest.param(
            SKD,
            SKD_FORM,
            SKD_RULES,
            {"TWK": 150, "TIU": 175, "TKP": 225, "total": 550},
            {"TWK": 0, "TIU": 0, "TKP": 45, "total": 45},
            id="SKD",
        ),
        pytest.param(
            PPPK,
            PPPK_FORM,
            PPPK_RULES,
            {"teknis": 450, "manajerial": 100, "sosio-kultural": 80, "wawancara": 40, "total": 670},
            {"teknis": 0, "manajerial": 25, "sosio-kultural": 20, "wawancara": 10, "total": 55},
            id="PPPK",
        ),
    ],
)
def test_all_best_all_worst_and_all_blank(
    exam: Blueprint, form: Form, rules: dict[str, OptionScores], most: dict[str, int], least: dict[str, int]
) -> None:
    assert score_sections(exam, form, rules, answer_all(form, rules)).outcomes == most
    assert score_sections(exam, form, rules, answer_all(form, rules, best=False)).outcomes == least
    blank = score_sections(exam, form, rules, {})
    assert blank.outcomes == dict.fromkeys(most, Decimal(0))
    assert blank.most == most


def test_skd_gives_5_for_right_0_for_wrong_and_the_option_s_own_score_in_tkp() -> None:
    first = {
        part.id: next(entry.item for entry in SKD_FORM.items if entry.section == part.id)
        for part in SKD.sections
    }
    scores = score_sections(
        SKD, SKD_FORM, SKD_RULES, {first["TWK"]: "c", first["TIU"]: "a", first["TKP"]: "d"}
    )
    assert scores.outcomes == {"TWK": 5, "TIU": 0, "TKP": 4, "total": 9}


QUARTERS = OptionScores(
    scores={"a": Decimal("0.25"), "b": Decimal("0.5"), "c": Decimal("-0.1")}, blank=Decimal("-0.05")
)


@pytest.mark.parametrize(
    ("response", "score"),
    [
        pytest.param("a", "0.25", id="partial credit"),
        pytest.param("c", "-0.1", id="a negative mark"),
        pytest.param(None, "-0.05", id="blank by rule"),
        pytest.param(("a", "b"), "0.75", id="several are added"),
    ],
)
def test_an_item_is_scored_by_its_rule(response: Response | None, score: str) -> None:
    assert score_item(QUARTERS, response) == Decimal(score)


@pytest.mark.parametrize("response", ["d", "", (), ("a", "a"), ("a", "d")])
def test_a_response_that_the_rule_does_not_know_is_false_evidence(response: Response) -> None:
    with pytest.raises(Tampered) as tampered:
        score_item(QUARTERS, response)
    assert tampered.value.code == "response-unknown"


def test_ten_tenths_are_one() -> None:
    rules = {item: OptionScores(scores=dict.fromkeys(FIVE, Decimal("0.1"))) for item in SKD_RULES}
    twk = [entry.item for entry in SKD_FORM.items if entry.section == "TWK"][:10]
    assert score_sections(SKD, SKD_FORM, rules, dict.fromkeys(twk, "a")).outcomes["TWK"] == Decimal(1)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from([entry.item for entry in SKD_FORM.items]), st.sampled_from(FIVE)))
def test_the_total_is_the_sum_of_what_each_answer_is_worth(answers: dict[str, Response]) -> None:
    scores = score_sections(SKD, SKD_FORM, SKD_RULES, answers)
    each = sum(score_item(SKD_RULES[item], answer) for item, answer in answers.items())
    assert scores.outcomes["total"] == each == sum(scores.outcomes[part.id] for part in SKD.sections)


def test_unscored_sections_appear_in_no_outcome_and_need_no_rule() -> None:
    exam = replace(
        SKD,
        sections=(*SKD.sections[:2], replace(SKD.sections[2], scored=False)),
        thresholds={},
        ranking=replace(SKD.ranking, order=("total",)),
    )
    rules = {item: rule for item, rule in SKD_RULES.items() if not item.startswith("tkp")}
    answers = {entry.item: "c" for entry in SKD_FORM.items}
    check_scoring(exam, SKD_POOL, rules)
    assert score_sections(exam, SKD_FORM, rules, answers).outcomes == {"TWK": 150, "TIU": 175, "total": 325}


def test_a_dropped_item_gives_everybody_the_same() -> None:
    """A committee drops an item by a revision in which every option, and blank, is worth the same."""
    item = SKD_FORM.items[0].item
    rules = SKD_RULES | {item: OptionScores(scores=dict.fromkeys(FIVE, Decimal(5)), blank=Decimal(5))}
    for answers in ({}, {item: "a"}, {item: "c"}):
        assert score_sections(SKD, SKD_FORM, rules, answers).outcomes["TWK"] == 5
    check_scoring(SKD, SKD_POOL, rules)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        pytest.param(
            "form-other-blueprint", {"form": replace(SKD_FORM, blueprint="x")}, id="another blueprint"
        ),
        pytest.param(
            "form-other-blueprint", {"form": replace(PPPK_FORM, blueprint=SKD.id)}, id="other sections"
        ),
        pytest.param("response-unknown", {"answers": {"twk-999": "a"}}, id="an item outside the form"),
        pytest.param("response-unknown", {"answers": {SKD_FORM.items[0].item: "z"}}, id="an unknown option"),
        pytest.param("scoring-item-missing", {"rules": {}}, id="no rules"),
        pytest.param(
            "scoring-number",
            {"rules": {item: OptionScores(scores=dict.fromkeys(FIVE, Decimal("NaN"))) for item in SKD_RULES}},
            id="not a number",
        ),
        pytest.param(
            "scoring-number",
            {
                "rules": {
                    item: OptionScores(scores=dict.fromkeys(FIVE, Decimal("Infinity"))) for item in SKD_RULES
                }
            },
            id="without end",
        ),
        pytest.param(
            "scoring-number",
            {
                "rules": SKD_RULES
                | {SKD_FORM.items[0].item: OptionScores(scores=dict.fromkeys(FIVE, Decimal("1E-70")))},
            },
            id="too fine to be exact",
        ),
    ],
)
def test_evidence_that_does_not_fit_together_is_false(code: str, changes: dict[str, Any]) -> None:
    of: dict[str, Any] = {"form": SKD_FORM, "rules": SKD_RULES, "answers": {}} | changes
    with pytest.raises(Tampered) as tampered:
        score_sections(SKD, of["form"], of["rules"], of["answers"])
    assert tampered.value.code == code
    assert tampered.value.where


ONE = SKD_POOL[0].id


@pytest.mark.parametrize(
    ("code", "rules"),
    [
        pytest.param("scoring-item-missing", {}, id="no rules"),
        pytest.param(
            "scoring-options", SKD_RULES | {ONE: one_key(FIVE[:4], "a")}, id="an option without a score"
        ),
        pytest.param(
            "scoring-options", SKD_RULES | {ONE: one_key((*FIVE, "f"), "a")}, id="a score without an option"
        ),
        pytest.param(
            "scoring-cell-most", SKD_RULES | {ONE: one_key(FIVE, "a", right=4)}, id="an item worth less"
        ),
        pytest.param(
            "scoring-most",
            SKD_RULES | {item: one_key(FIVE, "a", right=4) for item in SKD_RULES if item.startswith("twk")},
            id="a section worth less than printed",
        ),
        *(
            pytest.param(
                "scoring-number",
                SKD_RULES | {ONE: OptionScores(scores=dict.fromkeys(FIVE, Decimal(number)))},
                id=number,
            )
            for number in ("NaN", "-Infinity", "0.0000001", "1000001", "1E+9")
        ),
    ],
)
def test_rules_that_could_not_score_a_form_as_printed_are_refused(
    code: str, rules: dict[str, OptionScores]
) -> None:
    with pytest.raises(Refusal) as refused:
        check_scoring(SKD, SKD_POOL, rules)
    assert refused.value.code == code
    assert refused.value.where


def test_whole_exams_can_be_scored_as_printed() -> None:
    check_scoring(SKD, SKD_POOL, SKD_RULES)
    check_scoring(PPPK, PPPK_POOL, PPPK_RULES)


def outcomes(twk: int, tiu: int, tkp: int) -> dict[str, Decimal]:
    return {
        "TWK": Decimal(twk),
        "TIU": Decimal(tiu),
        "TKP": Decimal(tkp),
        "total": Decimal(twk + tiu + tkp),
    }


@pytest.mark.parametrize(
    ("category", "scores", "missed"),
    [
        pytest.param("general", (65, 80, 166), (), id="general, at every threshold"),
        pytest.param("general", (60, 80, 225), ("TWK",), id="general, TWK missed"),
        pytest.param("general", (150, 75, 225), ("TIU",), id="general, TIU missed"),
        pytest.param("general", (150, 175, 165), ("TKP",), id="general, TKP missed"),
        pytest.param("general", (60, 75, 165), ("TWK", "TIU", "TKP"), id="general, all missed"),
        pytest.param("cum-laude", (0, 90, 221), (), id="cum laude, 311 with TWK 0"),
        pytest.param("cum-laude", (65, 80, 225), ("TIU",), id="cum laude, TIU 80 is not 85"),
        pytest.param("diaspora", (60, 85, 165), ("total",), id="diaspora, 310"),
        pytest.param("diaspora", (60, 85, 166), (), id="diaspora, 311"),
        pytest.param("disability", (60, 60, 166), (), id="disability, 286"),
        pytest.param("disability", (60, 60, 165), ("total",), id="disability, 285"),
        pytest.param("papua", (80, 55, 151), ("TIU",), id="Papua, TIU 55"),
        pytest.param("papua", (0, 61, 225), (), id="Papua, 286 with TWK 0"),
        pytest.param("remote", (0, 55, 225), ("total", "TIU"), id="remote, both missed"),
    ],
)
def test_thresholds_follow_the_category(
    category: str, scores: tuple[int, int, int], missed: tuple[str, ...]
) -> None:
    unmet = meets(SKD.thresholds[category], outcomes(*scores))
    assert tuple(need.outcome for need in unmet) == missed


def test_an_unmet_threshold_says_what_was_asked_and_what_was_scored() -> None:
    assert meets(SKD.thresholds["general"], outcomes(60, 80, 166)) == (
        UnmetRequirement(outcome="TWK", least=Decimal(65), scored=Decimal(60)),
    )


def test_scores_of_a_form_can_be_asked_too_and_a_missing_outcome_is_refused() -> None:
    scores = score_sections(SKD, SKD_FORM, SKD_RULES, answer_all(SKD_FORM, SKD_RULES))
    assert meets(SKD.thresholds["general"], scores) == ()
    with pytest.raises(Refusal) as refused:
        meets(SKD.thresholds["general"], {"TWK": Decimal(100)})
    assert refused.value.code == "score-missing"
