"""Steps: what was checked, in order, each true, false, refused or not checkable.

A step that raises `Tampered` is false; one that raises `Trouble` or `Refusal` is not checkable, and says what is
missing. One case apart: a superseded sheet is true in itself and refused.

Evidence that may be absent (a reveal before its day, a log's proof at a venue) is an *optional* step: it says that it
was not checked and takes nothing from the whole. Evidence that a begun check needs and does not find does: nobody may
read "true" over a result whose start note was not there.
"""

from collections.abc import Callable
from typing import Literal, ParamSpec, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from cbt_station.errors import Failure, Tampered, Trouble

T = TypeVar("T")
P = ParamSpec("P")
Verdict = Literal["true", "false", "refused", "not-checkable"]


class Step(Struct, frozen=True):
    """One step as reported. `name` is a key in words/ (`verify.NAME`), `code` that of the failure, if any."""

    number: int
    name: str
    subject: str
    verdict: Verdict
    code: str = ""
    where: str = ""
    facts: dict[str, str] = {}
    optional: bool = False


class Steps:
    """Runs and records the steps of a procedure."""

    def __init__(self) -> None:
        self.done: list[Step] = []
        self.false_ones: list[tuple[Step, Tampered]] = []

    def check(
        self, name: str, subject: str, does: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T | None:
        """Run one step; its value where it is true, None where it is not."""
        try:
            value = does(*args, **kwargs)
        except Failure as failure:
            facts = {key: str(fact) for key, fact in failure.facts.items()}
            step = Step(
                len(self.done) + 1, name, subject, _verdict_of(failure), failure.code, failure.where, facts
            )
            self.done.append(step)
            if isinstance(failure, Tampered):
                self.false_ones.append((step, failure))
            return None
        self.done.append(Step(len(self.done) + 1, name, subject, "true"))
        return value

    def missing(self, name: str, subject: str, what: str) -> None:
        """Record an optional step that cannot be checked because something is not there. Never raises."""
        number = len(self.done) + 1
        self.done.append(
            Step(number, name, subject, "not-checkable", "evidence-missing", what, optional=True)
        )

    def take(self, others: "Steps") -> None:
        """Add another procedure's steps, numbered on."""
        before = len(self.done)
        self.done += [replace(step, number=before + step.number) for step in others.done]
        self.false_ones += [
            (replace(step, number=before + step.number), failure) for step, failure in others.false_ones
        ]

    @property
    def verdict(self) -> Verdict:
        """The whole: false if any step is, else refused, else not checkable (a needed step, or all), else true."""
        needed = {step.verdict for step in self.done if not step.optional}
        worst: tuple[Verdict, ...] = ("false", "refused", "not-checkable", "true")
        return next((verdict for verdict in worst if verdict in needed), "not-checkable")

    def require_none_false(self) -> None:
        """Raise the Tampered of the first false step."""
        for step, failure in self.false_ones:
            raise failure.at(f"step {step.number}, {step.subject}")


def need(value: T | None, what: str) -> T:
    """An input of a step that an earlier step did not give: Trouble("evidence-missing")."""
    if value is None:
        raise Trouble("evidence-missing", where=what)
    return value


def _verdict_of(failure: Failure) -> Verdict:
    if isinstance(failure, Tampered):
        return "false"
    return "refused" if failure.code == "superseded" else "not-checkable"
