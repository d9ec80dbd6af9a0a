"""What events fold to, and what cannot have happened.

One event or one order at a time; random whole sittings are in test_sitting_laws.py.
"""

from typing import Any

import pytest

from cbt_station.errors import Refusal, Tampered
from cbt_station.exam.events import (
    AnswerChosen,
    AnswerCleared,
    Event,
    GapFound,
    ItemFlagged,
    ItemShown,
    LanguageChosen,
    SittingEnded,
    TimeWarned,
    WallClockJumped,
)
from cbt_station.exam.form import Form, FormItem
from cbt_station.exam.sitting import apply, due_warning, fold, require_answerable
from tests.exam.candidates import CHOICE
from tests.exam.happenings import ALLOTTED, act, begun, next_event, played

Step = tuple[type[Event] | str, dict[str, Any]]

SHOW: Step = (ItemShown, {"item": "i1"})
CHOOSE: Step = (AnswerChosen, {"item": "i1", "answer": "a"})
CLEAR: Step = (AnswerCleared, {"item": "i1"})
FLAG: Step = (ItemFlagged, {"item": "i1", "on": True})
LANGUAGE: Step = (LanguageChosen, {"language": "en"})
WARN: Step = (TimeWarned, {"at_ms": 300_000})
GAP: Step = (GapFound, {"cause": "crash", "length_ms": 9, "wall_before": "…", "mono_before_ms": 1})
JUMP: Step = (WallClockJumped, {"by_ms": -3_600_000})
FINISH: Step = (SittingEnded, {"by": "candidate"})
STOP: Step = (SittingEnded, {"by": "proctor"})
TIME_OVER: Step = (SittingEnded, {"by": "clock", "left_ms": 0})
PAUSE: Step = ("pause", {})
RESUME: Step = ("resume", {})
GRANT: Step = ("grant", {"minutes": 0})
NOTE: Step = ("note", {})
LEAVE: Step = ("leave-full-screen", {})
END: Step = ("end", {})
REOPEN: Step = ("reopen", {})
ALL = {
    "show": SHOW,
    "choose": CHOOSE,
    "clear": CLEAR,
    "flag": FLAG,
    "language": LANGUAGE,
    "warn": WARN,
    "gap": GAP,
    "jump": JUMP,
    "finish": FINISH,
    "stop": STOP,
    "time-over": TIME_OVER,
    "pause": PAUSE,
    "resume": RESUME,
    "grant": GRANT,
    "note": NOTE,
    "leave": LEAVE,
    "end": END,
    "reopen": REOPEN,
}
ALWAYS = {"gap", "jump", "grant", "note", "leave"}
POSSIBLE = {
    "running": set(ALL) - {"resume", "reopen"},
    "paused": ALWAYS | {"resume", "stop", "end"},
    "ended": ALWAYS | {"reopen"},
}
LEADING_TO: dict[str, tuple[Step, ...]] = {"running": (), "paused": (PAUSE,), "ended": (FINISH,)}


@pytest.mark.parametrize("step", ALL)
@pytest.mark.parametrize("status", POSSIBLE)
def test_what_may_happen_depends_on_the_status_as_docs_events_says(status: str, step: str) -> None:
    steps = (*LEADING_TO[status], ALL[step])
    if step in POSSIBLE[status]:
        played(*steps)
        return
    with pytest.raises(Tampered) as tampered:
        played(*steps)
    assert tampered.value.code == "journal-order"
    assert tampered.value.facts["status"] == status


def test_a_journal_begins_with_its_start_and_has_only_one() -> None:
    state = apply(None, begun())
    for broken in (
        lambda: fold([]),
        lambda: apply(None, next_event(ItemShown, state, item="i1")),
        lambda: apply(state, begun()),
    ):
        with pytest.raises(Tampered) as tampered:
            broken()
        assert tampered.value.code == "journal-order"


@pytest.mark.parametrize("seq", [0, 1, 3])
def test_a_hole_or_a_repeat_in_the_numbers_is_false_evidence(seq: int) -> None:
    event = ItemShown(seq=seq, mono_ms=0, boot="b", wall="w", left_ms=1, item="i1")
    with pytest.raises(Tampered) as tampered:
        apply(apply(None, begun()), event)
    assert tampered.value.code == "journal-order"


def test_answers_marks_and_places_fold_to_the_last_word() -> None:
    state = played(
        SHOW,
        CHOOSE,
        (ItemShown, {"item": "i2"}),
        FLAG,
        (AnswerChosen, {"item": "i2", "answer": ("c", "b")}),
        (AnswerChosen, {"item": "i3", "answer": "a"}),
        (AnswerChosen, {"item": "i1", "answer": "b"}),
        (AnswerCleared, {"item": "i3"}),
        (ItemFlagged, {"item": "i2", "on": True}),
        (ItemFlagged, {"item": "i1", "on": False}),
        LANGUAGE,
        GAP,
    )
    assert state.answers == {"i1": "b", "i2": ("c", "b")}
    assert (state.seen, state.current) == ({"i1", "i2"}, "i2")
    assert state.flagged == {"i2"}
    assert (state.language, [gap.cause for gap in state.gaps]) == ("en", ["crash"])


def test_the_end_comes_once_and_again_only_after_two_people_reopened() -> None:
    ended = played(CHOOSE, TIME_OVER)
    assert (ended.status, ended.ended_by, ended.left_ms) == ("ended", "clock", 0)
    reopened = apply(ended, act(ended, "reopen", minutes=5, left_ms=300_000))
    assert (reopened.status, reopened.ended_by, reopened.granted_ms) == ("running", None, 300_000)
    again = apply(reopened, next_event(SittingEnded, reopened, 10, by="candidate"))
    assert (again.status, again.ended_by, again.answers) == ("ended", "candidate", {"i1": "a"})


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        pytest.param(SHOW, {"left_ms": ALLOTTED + 1}, id="time grew"),
        pytest.param(SHOW, {"left_ms": -1}, id="less than none"),
        pytest.param(GRANT, {"minutes": 5, "left_ms": ALLOTTED + 300_001}, id="time grew beyond the grant"),
        pytest.param(GRANT, {"minutes": -5, "left_ms": ALLOTTED - 300_000}, id="a grant that takes away"),
        pytest.param(NOTE, {"minutes": 5, "left_ms": ALLOTTED + 1}, id="time by an act that grants none"),
        pytest.param(TIME_OVER, {"left_ms": 1}, id="the clock's end before the end"),
        pytest.param(CHOOSE, {"left_ms": 0}, id="an answer after the end without its mark"),
        pytest.param(CHOOSE, {"late_ms": 5}, id="a late mark before the end"),
        pytest.param(CHOOSE, {"left_ms": 0, "late_ms": 2_001}, id="an answer later than 2 s"),
        pytest.param(CHOOSE, {"left_ms": 0, "late_ms": -1}, id="a mark below zero"),
        pytest.param(CLEAR, {"left_ms": 0, "late_ms": 2_001}, id="taken back later than 2 s"),
    ],
)
def test_time_that_cannot_be_is_false_evidence(step: Step, fields: dict[str, Any]) -> None:
    with pytest.raises(Tampered) as tampered:
        played((step[0], step[1] | fields))
    assert tampered.value.code == "journal-time"


@pytest.mark.parametrize("late_ms", [1, 2_000])
def test_a_late_answer_stands_marked_before_the_end(late_ms: int) -> None:
    state = played((AnswerChosen, CHOOSE[1] | {"left_ms": 0, "late_ms": late_ms}), TIME_OVER)
    assert state.answers == {"i1": "a"}


FORM = Form(blueprint="b", items=(FormItem(item="i1", section="S", options=("c", "a", "b")),))


@pytest.mark.parametrize(
    ("steps", "item", "answer", "code"),
    [
        pytest.param((), "i1", "a", None, id="an option of the form"),
        pytest.param((), "i1", ("a", "c"), "response-malformed", id="several where one is asked for"),
        pytest.param((), "i1", None, None, id="taken back"),
        pytest.param((), "i2", "a", "item-unknown", id="another form's item"),
        pytest.param((), "i2", None, "item-unknown", id="taken back from another form's item"),
        pytest.param((), "i1", "d", "option-unknown", id="another item's option"),
        pytest.param((), "i1", "", "response-malformed", id="an empty id"),
        pytest.param((), "i1", (), "response-malformed", id="none of several"),
        pytest.param((), "i1", ("a", "a"), "response-malformed", id="one twice"),
        pytest.param((PAUSE,), "i1", "a", "sitting-paused", id="paused"),
        pytest.param((PAUSE, RESUME), "i1", "a", None, id="resumed"),
        pytest.param((FINISH,), "i1", "a", "sitting-ended", id="ended"),
        pytest.param((FINISH, REOPEN), "i1", "a", None, id="reopened"),
    ],
)
def test_what_a_candidate_may_answer(
    steps: tuple[Step, ...], item: str, answer: Any, code: str | None
) -> None:
    state = played(*steps)
    if code is None:
        require_answerable(state, FORM, item, answer, lambda _item: CHOICE)
        return
    with pytest.raises(Refusal) as refused:
        require_answerable(state, FORM, item, answer, lambda _item: CHOICE)
    assert refused.value.code == code


MARKS = (1_800_000, 900_000, 300_000, 60_000)


@pytest.mark.parametrize(
    ("steps", "left_ms", "due"),
    [
        pytest.param((), 1_800_001, None, id="not yet"),
        pytest.param((), 1_800_000, 1_800_000, id="at the mark"),
        pytest.param((), 250_000, 300_000, id="marks that were slept through are not made up for"),
        pytest.param(((TimeWarned, {"at_ms": 300_000}),), 250_000, None, id="once only"),
        pytest.param((WARN,), 60_000, 60_000, id="the next one"),
        pytest.param((WARN,), 0, None, id="the end is no warning"),
        pytest.param((PAUSE,), 250_000, None, id="not while paused"),
        pytest.param((FINISH,), 250_000, None, id="not after the end"),
        pytest.param(
            (
                (TimeWarned, {"at_ms": 300_000, "left_ms": 300_000}),
                ("grant", {"minutes": 5, "left_ms": 600_000}),
            ),
            300_000,
            300_000,
            id="again after a grant",
        ),
        pytest.param(
            (
                (TimeWarned, {"at_ms": 300_000, "left_ms": 70_000}),
                ("grant", {"minutes": 1, "left_ms": 130_000}),
            ),
            129_000,
            None,
            id="not again where the grant stays below the mark",
        ),
    ],
)
def test_a_warning_is_due_once(steps: tuple[Step, ...], left_ms: int, due: int | None) -> None:
    assert due_warning(played(*steps), MARKS, left_ms) == due


def test_a_mark_as_long_as_the_whole_time_is_never_due() -> None:
    state = apply(None, begun(allotted_ms=900_000))
    assert due_warning(state, MARKS, 900_000) is None
    assert due_warning(state, MARKS, 300_000) == 300_000
