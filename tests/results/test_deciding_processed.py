"""Decisions about items whose rules are QTI processing: the same session in both kinds of rules changes in the same way.

What decisions are, and how they are signed, is in test_deciding.py.
"""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from cbt_station.banks.compiling import CompiledBank, CompiledItem
from cbt_station.errors import Refusal
from cbt_station.exam.item import OptionScores
from cbt_station.exam.processing import Processing
from cbt_station.exam.rules import building
from tests.results.small_results import World, bank, make_world
from tests.results.test_deciding import decided, item_of, opened_of, total

RIGHT = Decimal(5)
NUMBER = "24-0002"


def processed() -> CompiledBank:
    """The same bank in QTI's rules: TWK by a key, TKP by a mapping, TIU by a rule of its own."""
    rules = {
        "TWK": building.match_correct("identifier", "a", RIGHT),
        "TKP": building.mapped(
            "identifier", {"a": RIGHT, "b": Decimal(3), "c": Decimal(1)}, several=False, right_value="a"
        ),
        "TIU": replace(building.in_order_by_place(("a",), RIGHT), most=RIGHT),
    }

    def with_rule(item: CompiledItem) -> CompiledItem:
        return replace(item, rule=rules[item.section])

    return replace(bank(), items=tuple(map(with_rule, bank().items)))


@pytest.fixture
def world() -> World:
    return make_world(items=processed())


def scores(world: World) -> dict[str, Decimal]:
    opened = opened_of(world)
    return {one.entry.number: total(opened, one.entry.number) for one in opened.candidates if one.scores}


def test_both_kinds_of_rules_score_a_session_the_same(world: World) -> None:
    assert scores(world) == scores(make_world())


@pytest.mark.parametrize("section", ["TWK", "TIU", "TKP"])
def test_a_dropped_item_gives_everybody_the_most_of_it(world: World, section: str) -> None:
    before, item, same = scores(world), item_of(world, NUMBER, section), make_world()
    decided(world, what="drop-item", item=item)
    decided(same, what="drop-item", item=item)
    assert scores(world) == scores(same) != before
    assert {one.scores.most["total"] for one in opened_of(world).candidates if one.scores} == {Decimal(30)}


def test_a_changed_key_is_the_correct_value_from_then_on(world: World) -> None:
    item, same = item_of(world, NUMBER, "TWK"), make_world()
    decided(world, what="change-key", item=item, key="c")
    decided(same, what="change-key", item=item, key="c")
    rule, other = (opened_of(one).decided.scoring.rules[item] for one in (world, same))
    assert isinstance(rule, Processing)
    assert rule.responses["RESPONSE"].correct == ("c",)
    assert isinstance(other, OptionScores)
    assert scores(world) == scores(same)


def test_changed_scores_are_the_worths_from_then_on(world: World) -> None:
    item, same = item_of(world, NUMBER, "TKP"), make_world()
    worths = {"a": Decimal(1), "b": Decimal(3), "c": Decimal(5)}
    decided(world, what="change-key", item=item, scores=worths)
    decided(same, what="change-key", item=item, scores=worths)
    rule = opened_of(world).decided.scoring.rules[item]
    assert isinstance(rule, Processing)
    assert rule.responses["RESPONSE"].correct is None, "the old key is the right answer no more"
    assert scores(world) == scores(same)


@pytest.mark.parametrize(
    ("section", "draft", "code"),
    [
        pytest.param("TIU", {"key": "c"}, "decision-rule-kind", id="no key to change in rules of their own"),
        pytest.param("TWK", {"key": " "}, "decision-incomplete", id="no key"),
        pytest.param("TWK", {"key": "z"}, "scoring-options", id="a key that is no option"),
        pytest.param("TWK", {"key": "a"}, "decision-no-effect", id="the same key"),
        pytest.param("TKP", {"key": "a"}, "decision-incomplete", id="scores are needed"),
        pytest.param(
            "TKP", {"scores": {"a": RIGHT, "b": RIGHT}}, "decision-incomplete", id="not every score"
        ),
        pytest.param(
            "TKP",
            {"scores": {"a": Decimal(9), "b": Decimal(3), "c": Decimal(1)}},
            "scoring-item-most",
            id="more than is printed",
        ),
    ],
)
def test_a_change_that_says_too_little_or_too_much_is_refused(
    world: World, section: str, draft: dict[str, object], code: str
) -> None:
    with pytest.raises(Refusal) as caught:
        decided(world, what="change-key", item=item_of(world, NUMBER, section), **draft)
    assert caught.value.code == code
