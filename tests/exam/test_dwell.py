"""How long each item was on the screen: nothing of a gap or a pause, nothing twice, nothing lost.

The clock that makes `left_ms` is tested in test_clock.py; here sittings are played with a truth kept beside them.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cbt_station.errors import Tampered
from cbt_station.exam.dwell import ItemTiming, Timing, measure
from cbt_station.exam.events import (
    ActDone,
    AnswerChosen,
    AnswerCleared,
    Event,
    GapFound,
    ItemFlagged,
    ItemShown,
    SittingEnded,
)
from cbt_station.exam.sitting import SittingState, apply
from tests.exam.happenings import ALLOTTED, begun, next_event

ITEMS = ("i1", "i2", "i3")


class Played:
    """A sitting in which exam time passes by hand."""

    def __init__(self) -> None:
        first = begun()
        self.events: list[Event] = [first]
        self.state: SittingState = apply(None, first)

    def do(self, kind: type[Event], after_ms: int = 0, **fields: Any) -> "Played":
        granted = fields["minutes"] * 60_000 if kind is ActDone and fields["act"] == "grant" else 0
        event = next_event(kind, self.state, self.state.left_ms - after_ms + granted, **fields)
        self.events.append(event)
        self.state = apply(self.state, event)
        return self

    def act(self, what: str, minutes: int = 0, after_ms: int = 0) -> "Played":
        return self.do(ActDone, after_ms, act=what, minutes=minutes, id="a" * 64, note="…")

    @property
    def timing(self) -> Timing:
        return measure(ITEMS, self.events)

    def of(self, item: str) -> ItemTiming:
        return next(one for one in self.timing.items if one.item == item)


def test_a_sitting_of_two_items_in_every_number() -> None:
    played = Played().do(ItemShown, 500, item="i1").do(AnswerChosen, 10_000, item="i1", answer="a")
    played.do(ItemShown, 2_000, item="i2").do(AnswerChosen, 7_000, item="i2", answer="c")
    played.do(ItemShown, 1_000, item="i1").do(AnswerChosen, 3_000, item="i1", answer="b")
    played.do(SittingEnded, 250, by="candidate")
    first, second, third = played.timing.items
    assert (first.shown, first.changes, first.answer) == (2, 1, "b")
    assert (first.first_shown_ms, first.first_answer_ms) == (500, 10_500)
    assert first.dwell_before_answer_ms == 10_000
    assert first.dwell_ms == 10_000 + 2_000 + 3_000 + 250
    assert (second.shown, second.dwell_ms, second.changes, second.answer) == (1, 8_000, 0, "c")
    assert third == ItemTiming("i3")
    assert (played.timing.nothing_shown_ms, played.timing.consumed_ms) == (500, 23_750)


@pytest.mark.parametrize(
    ("answers", "changes", "last"),
    [
        pytest.param(["a"], 0, "a", id="the first answer is no change"),
        pytest.param(["a", "a"], 0, "a", id="the same again is none"),
        pytest.param(["a", "b"], 1, "b", id="another one is"),
        pytest.param(["a", "b", "a"], 2, "a", id="back to the first is another"),
        pytest.param(["a", None], 1, None, id="taking back is one"),
        pytest.param(["a", None, "a"], 2, "a", id="and answering again one more"),
        pytest.param([None, "a"], 0, "a", id="taking back nothing is none"),
    ],
)
def test_what_counts_as_a_change(answers: list[str | None], changes: int, last: str | None) -> None:
    played = Played().do(ItemShown, item="i1")
    for answer in answers:
        if answer is None:
            played.do(AnswerCleared, 10, item="i1")
        else:
            played.do(AnswerChosen, 10, item="i1", answer=answer)
    assert (played.of("i1").changes, played.of("i1").answer) == (changes, last)


def test_a_pause_and_a_power_cut_on_an_item_are_no_time_on_it() -> None:
    played = Played().do(ItemShown, item="i1").act("pause", after_ms=4_000).act("resume")
    gap = {
        "cause": "power",
        "length_ms": None,
        "wall_before": "2026-11-24T08:00:00+07:00",
        "mono_before_ms": 1,
    }
    played.do(GapFound, 1_500, **gap).do(AnswerChosen, 2_000, item="i1", answer="a")
    assert played.of("i1").dwell_ms == 4_000 + 1_500 + 2_000


def test_a_grant_is_no_time_on_any_item() -> None:
    played = Played().do(ItemShown, item="i1").act("grant", minutes=5, after_ms=3_000)
    assert played.state.left_ms == ALLOTTED - 3_000 + 300_000
    assert played.of("i1").dwell_ms == 3_000


def test_an_item_of_another_form_is_false_evidence() -> None:
    with pytest.raises(Tampered) as caught:
        measure(ITEMS, Played().do(ItemShown, item="i9").events)
    assert caught.value.code == "item-not-in-form"


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["show", "choose", "clear", "flag", "pause", "gap", "grant"]),
        st.integers(0, 30_000),
        st.sampled_from(ITEMS),
        st.sampled_from("abc"),
    ),
    max_size=40,
)


def play(steps: list[tuple[str, int, str, str]], *, disturbed: bool) -> tuple[Played, dict[str | None, int]]:
    """The sitting, and how long each item was on the screen, counted apart from any event."""
    played, on_screen, current = Played(), dict[str | None, int](), None
    for what, ms, item, option in steps:
        on_screen[current] = on_screen.get(current, 0) + ms
        match what:
            case "show":
                played.do(ItemShown, ms, item=item)
                current = item
            case "choose":
                played.do(AnswerChosen, ms, item=item, answer=option)
            case "clear":
                played.do(AnswerCleared, ms, item=item)
            case "pause" if disturbed:
                played.act("pause", after_ms=ms).act("resume")
            case "gap" if disturbed:
                played.do(GapFound, ms, cause="crash", length_ms=99_000, wall_before="x", mono_before_ms=1)
            case "grant" if disturbed:
                played.act("grant", minutes=3, after_ms=ms)
            case _:
                played.do(ItemFlagged, ms, item=item, on=True)
    return played, on_screen


@given(STEPS)
def test_dwell_is_what_was_on_the_screen_and_its_sum_is_what_was_consumed(
    steps: list[tuple[str, int, str, str]],
) -> None:
    played, on_screen = play(steps, disturbed=True)
    timing = played.timing
    assert {one.item: one.dwell_ms for one in timing.items} == {
        item: on_screen.get(item, 0) for item in ITEMS
    }
    assert timing.nothing_shown_ms + sum(one.dwell_ms for one in timing.items) == timing.consumed_ms
    assert timing.consumed_ms == played.state.consumed_ms == sum(on_screen.values())


@given(STEPS)
def test_gaps_pauses_and_grants_change_no_item(steps: list[tuple[str, int, str, str]]) -> None:
    assert play(steps, disturbed=True)[0].timing.items == play(steps, disturbed=False)[0].timing.items


@given(STEPS)
def test_every_item_is_told_in_the_forms_order_and_its_first_times_fit(
    steps: list[tuple[str, int, str, str]],
) -> None:
    timing = play(steps, disturbed=True)[0].timing
    assert tuple(one.item for one in timing.items) == ITEMS
    for one in timing.items:
        assert (one.first_shown_ms is None) == (one.shown == 0)
        assert one.first_answer_ms is not None or (one.changes, one.answer) == (0, None)
        assert 0 <= (one.dwell_before_answer_ms or 0) <= one.dwell_ms <= timing.consumed_ms
