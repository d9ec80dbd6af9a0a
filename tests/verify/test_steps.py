"""What a report says as a whole, and which step speaks first."""

from collections.abc import Callable

import pytest

from cbt_station.errors import Failure, Refusal, Tampered, Trouble
from cbt_station.verify.steps import Steps, need


def steps_of(*outcomes: Failure | str | None) -> Steps:
    """None: true; a failure: raised; a word: an optional step that misses it."""
    steps = Steps()
    for outcome in outcomes:
        if isinstance(outcome, str):
            steps.missing("logged", "x", outcome)
        else:
            steps.check("note", "x", lambda outcome=outcome: _raise(outcome) if outcome else 1)
    return steps


def _raise(failure: Failure) -> None:
    raise failure


FALSE, MISSING, OLD = (
    Tampered("file-changed", where="a"),
    Trouble("evidence-missing", where="b"),
    Refusal("superseded"),
)


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        pytest.param((None, None), "true", id="all true"),
        pytest.param((None, "proof"), "true", id="an optional one missing"),
        pytest.param((None, MISSING), "not-checkable", id="a needed one missing"),
        pytest.param((None, Refusal("venue-unknown")), "not-checkable", id="one that could not be run"),
        pytest.param(("proof",), "not-checkable", id="nothing but an optional one missing"),
        pytest.param((), "not-checkable", id="nothing"),
        pytest.param((None, FALSE, MISSING), "false", id="one false"),
        pytest.param((None, OLD), "refused", id="superseded"),
        pytest.param((OLD, FALSE), "false", id="superseded and false"),
        pytest.param((OLD, MISSING), "refused", id="superseded and missing"),
    ],
)
def test_the_whole_is_as_bad_as_its_worst_needed_step(
    outcomes: tuple[Failure | str | None, ...], verdict: str
) -> None:
    assert steps_of(*outcomes).verdict == verdict


def test_the_first_false_step_is_raised_with_its_facts_and_its_place() -> None:
    steps = steps_of(None, MISSING, Tampered("file-changed", where="a", size=1), Tampered("inclusion"))
    with pytest.raises(Tampered) as caught:
        steps.require_none_false()
    assert (caught.value.code, caught.value.where, caught.value.facts) == (
        "file-changed",
        "step 3, x: a",
        {"size": 1},
    )
    steps_of(None, MISSING, OLD).require_none_false()


def test_the_steps_of_another_procedure_are_numbered_on() -> None:
    steps = steps_of(None)
    steps.take(steps_of(None, FALSE))
    steps.take(steps_of("proof"))
    assert [step.number for step in steps.done] == [1, 2, 3, 4]
    with pytest.raises(Tampered, match="step 3"):
        steps.require_none_false()


def test_a_bug_is_no_verdict() -> None:
    def buggy() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        Steps().check("note", "x", buggy)


def test_what_an_earlier_step_did_not_give_is_missing_evidence() -> None:
    found: Callable[[], int] = lambda: need(0, "x")  # noqa: E731
    assert found() == 0
    with pytest.raises(Trouble, match="evidence-missing"):
        need(None, "x")
