"""Rules that builders write are what they say, the sample banks score the same either way, and robots answer everything.

The interpreter itself is in test_rules.py and test_item_rules.py.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from cbt_station.banks.compiling import CompiledItem, compile_bank
from cbt_station.banks.native import read_bank
from cbt_station.errors import Refusal
from cbt_station.exam.interactions import (
    ChoiceInteraction,
    Interaction,
    Response,
    TextEntryInteraction,
    ordered_options,
)
from cbt_station.exam.item import HandMarked, OptionScores, ScoringRule
from cbt_station.exam.processing import AreaEntry, Processing
from cbt_station.exam.responding import is_complete, require_response
from cbt_station.exam.rules import building
from cbt_station.exam.rules.best import best_score
from cbt_station.exam.rules.fitting import require_fit
from cbt_station.exam.rules.response import bounds_of, score
from cbt_station.exam.scoring import most_of, score_item
from cbt_station.rehearsal.answering import best_answer, plausible_answer

BANKS = Path(__file__).parents[2] / "question_banks"
D = Decimal


@cache
def items(bank: str) -> tuple[CompiledItem, ...]:
    return compile_bank(read_bank(BANKS / bank)).items


SHIPPED = [item for bank in ("skd-id", "general-en", "interactions") for item in items(bank)]

ORDERED = ("c", "a", "b")
AREAS = (AreaEntry("rect", (0, 0, 9, 9), D(2)), AreaEntry("circle", (50, 50, 5), D(1)))
BUILT: dict[str, tuple[Processing, dict[Response | None, str]]] = {
    "one right": (building.match_correct("identifier", "b", D(5), D(-1)), {"b": "5", "a": "-1", None: "-1"}),
    "a right set": (
        building.match_correct("identifier", ("a", "b"), D(2)),
        {("b", "a"): "2", ("a",): "0", ("a", "b", "c"): "0", None: "0"},
    ),
    "worths": (
        building.mapped(
            "identifier", {"a": D(1), "b": D("-0.5")}, several=True, lower=D(0), blank=D("-0.25")
        ),
        {("a",): "1", ("a", "b"): "0.5", ("b",): "0", ("c",): "0", None: "-0.25"},
    ),
    "a number": (
        building.numbers([building.NumberAnswer(D("2.5"), D("0.05"), D(3))], D(-1)),
        {"2.55": "3", "2.45": "3", "2.5500001": "-1", None: "0"},
    ),
    "an exact number": (
        building.numbers([building.NumberAnswer(D(7), D(0), D(3))]),
        {"7.0": "3", "7.01": "0"},
    ),
    "numbers": (
        building.numbers(
            [building.NumberAnswer(D(10), D(0), D(4)), building.NumberAnswer(D(10), D(1), D(2))]
        ),
        {"10": "4", "9": "2", "11.5": "0", None: "0"},
    ),
    "texts": (
        building.texts({"Jakarta": D(2), "Batavia": D(1)}, D(-1)),
        {"jakarta": "2", " Batavia ": "1", "Bandung": "-1", None: "0"},
    ),
    "texts with capitals": (building.texts({"pH": D(2)}, case_sensitive=True), {"pH": "2", "PH": "0"}),
    "pairs": (
        building.pairs({"a x": D(1), "b y": D(2)}, default=D(-1)),
        {("b y", "a x"): "3", ("a x", "b x"): "0", ("x a",): "0", None: "0"},
    ),
    "pairs both ways": (building.pairs({"a b": D(1)}, directed=False), {("b a",): "1"}),
    "an order": (building.in_order(ORDERED, D(5)), {ORDERED: "5", ("a", "b", "c"): "0", None: "0"}),
    "an order by place": (
        building.in_order_by_place(ORDERED, D(2)),
        {ORDERED: "6", ("c", "b", "a"): "2", ("a", "b", "c"): "0", ("c",): "2", None: "0"},
    ),
    "an order whose places bring different points": (
        building.in_order_by_place(ORDERED, (D(1), D(2), D(4))),
        {ORDERED: "7", ("c", "b", "a"): "1", ("c",): "1", None: "0"},
    ),
    "points": (
        building.points(AREAS, several=True, default=D("-0.5"), lower=D(0)),
        {("1 1", "50 50"): "3", ("1 1", "2 2"): "2", ("1 1", "90 90"): "1.5", ("90 90",): "0", None: "0"},
    ),
}


@pytest.mark.parametrize("name", BUILT)
def test_a_builder_s_rule_gives_what_it_says_and_no_more_than_its_most(name: str) -> None:
    processing, worths = BUILT[name]
    assert {response: score(processing, response) for response in worths} == {
        response: D(worth) for response, worth in worths.items()
    }
    assert max(map(D, worths.values())) == processing.most
    low, high = bounds_of(processing)
    assert low is not None
    assert high is not None
    assert low <= min(map(D, worths.values()))
    assert high >= processing.most


def test_a_composite_item_is_the_sum_of_its_parts() -> None:
    parts = {f"P{number}": processing for number, (processing, _) in enumerate(BUILT.values())}
    whole = building.summed(parts)
    best = {f"P{number}": next(iter(worths)) for number, (_, worths) in enumerate(BUILT.values())}
    assert whole.most == sum(part.most for part in parts.values())
    assert score(whole, best) == sum(score(part, best[name]) for name, part in parts.items())  # type: ignore[arg-type]
    assert score(whole, {"P0": "a"}) == D(-1) + sum(
        score(part, None) for name, part in parts.items() if name != "P0"
    )


@pytest.mark.parametrize("name", BUILT)
def test_everybody_gets_the_most_of_an_item_that_was_dropped(name: str) -> None:
    processing, worths = BUILT[name]
    dropped = building.dropped(processing)
    assert {score(dropped, response) for response in worths} == {processing.most}
    assert most_of(dropped) == processing.most


def test_scores_by_option_and_their_processing_are_equal_over_every_sample_bank() -> None:
    by_options = [item for item in SHIPPED if isinstance(item.rule, OptionScores)]
    assert len(by_options) > 150
    for item in by_options:
        assert isinstance(item.rule, OptionScores)
        for several in (False, True):
            processing = building.as_processing(item.rule, several=several)
            responses: list[Response | None] = [None, *item.rule.scores]
            responses += [tuple(item.rule.scores)] if several else []
            for response in responses:
                assert score(processing, response) == score_item(item.rule, response), item.id
        assert building.as_processing(item.rule, several=False).most == most_of(item.rule)


def dice_of(seed: int) -> Callable[[int], Sequence[int]]:
    return lambda n: [(seed * 37 + 11 * place) % 256 for place in range(n)]


def interaction_of(item: CompiledItem) -> Interaction:
    return next(iter(item.shown.languages.values())).interaction


@pytest.mark.parametrize("item", items("interactions"), ids=lambda item: item.id)
def test_a_robot_s_best_answer_brings_the_most_and_any_other_no_more(item: CompiledItem) -> None:
    interaction = interaction_of(item)
    order = tuple(option.id for option in ordered_options(interaction))
    require_fit(item.rule, interaction)
    if not isinstance(item.rule, HandMarked):
        best = best_answer(item.rule, interaction, order)
        assert best is not None
        require_response(interaction, best, order)
        assert is_complete(interaction, best)
        assert score_item(item.rule, best) == most_of(item.rule)
    for seed in range(8):
        other = plausible_answer(interaction, order, dice_of(seed))
        assert other is not None
        require_response(interaction, other, order)
        if not isinstance(item.rule, HandMarked):
            assert score_item(item.rule, other) <= most_of(item.rule)


@pytest.mark.parametrize(
    ("rule", "interaction"),
    [
        pytest.param(
            building.numbers([building.NumberAnswer(D(1), D(0), D(1))]),
            TextEntryInteraction(),
            id="text for a number",
        ),
        pytest.param(
            building.match_correct("directedPair", "a b", D(1)),
            ChoiceInteraction(()),
            id="an option for a pair",
        ),
        pytest.param(OptionScores({"a": D(1)}), TextEntryInteraction(), id="scores of options for a text"),
    ],
)
def test_a_rule_that_could_not_take_an_answer_does_not_fit(
    rule: ScoringRule, interaction: Interaction
) -> None:
    with pytest.raises(Refusal, match=r"^rule-interaction"):
        require_fit(rule, interaction)


def test_a_rule_that_declares_no_key_has_no_best_response() -> None:
    assert best_score(building.in_order_by_place((), D(0))) is None
