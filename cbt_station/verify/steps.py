"""Steps: what was checked, in order, each true, false or not checkable.

A step that raises `Tampered` is false; one that raises `Trouble` or `Refusal` is not checkable, and says what is
missing. One case apart: a superseded sheet is true in itself and refused. Strict steps raise instead.
"""

from collections.abc import Callable
from typing import Literal, ParamSpec, TypeVar, cast

from msgspec import Struct

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


class Steps:
    """Runs and records the steps of a procedure."""

    def __init__(self, *, strict: bool = False) -> None:
        self._strict = strict
        self.done: list[Step] = []

    def check(
        self, name: str, subject: str, does: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T | None:
        """Run one step; its value where it is true, None where it is not (strict: the failure is raised)."""
        try:
            value = does(*args, **kwargs)
        except Failure as failure:
            if self._strict:
                raise
            verdict = _verdict_of(failure)
            facts = {key: str(fact) for key, fact in failure.facts.items()}
            self._record(name, subject, verdict, failure.code, failure.where, facts)
            return None
        self._record(name, subject, "true")
        return value

    def missing(self, name: str, subject: str, what: str) -> None:
        """Record a step that cannot be checked because something is not there. Never raises: it says no evil."""
        self._record(name, subject, "not-checkable", "evidence-missing", what)

    def _record(  # the fields of a Step
        self,
        name: str,
        subject: str,
        verdict: Verdict,
        code: str = "",
        where: str = "",
        facts: dict[str, str] | None = None,
    ) -> None:
        self.done.append(Step(len(self.done) + 1, name, subject, verdict, code, where, facts or {}))

    @property
    def verdict(self) -> Verdict:
        """The whole: false if any step is; refused if any is; not checkable if nothing was true; else true."""
        verdicts = {step.verdict for step in self.done}
        for verdict in ("false", "refused", "true"):
            if verdict in verdicts:
                return cast("Verdict", verdict)
        return "not-checkable"

    def require_none_false(self) -> None:
        """Raise Tampered for the first false step."""
        for step in self.done:
            if step.verdict == "false":
                raise Tampered(step.code, where=f"step {step.number}, {step.subject}", **step.facts)


def need(value: T | None, what: str) -> T:
    """An input of a step that an earlier step did not give: Trouble("evidence-missing")."""
    if value is None:
        raise Trouble("evidence-missing", where=what)
    return value


def _verdict_of(failure: Failure) -> Verdict:
    if isinstance(failure, Tampered):
        return "false"
    return "refused" if failure.code == "superseded" else "not-checkable"
