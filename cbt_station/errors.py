"""The three ways in which something can fail, told apart when the failure is born.

- `Refusal`: the rules say no (the time is up, the code is wrong). Shown kindly.
- `Trouble`: the world failed (disk, stick, network, a key or evidence that is not there). Says what to do next.
- `Tampered`: the evidence is false. Never softened, always kept.

Anything else that is raised is a bug of ours and crashes loudly.

A failure is born with a code and the facts: `Refusal("time-is-up", late_by_ms=12)`. The code never changes once
released; `words/` owns the sentence (key `error.CODE`, with the facts as its place-holders), `docs/error-codes.md`
lists all codes, and a test holds both lists to the code. So every code is written as a literal.
"""

from typing import ClassVar


class Failure(Exception):
    """One of the three kinds; never raised itself.

    `where` names the file, line, row or step, in a form that a person can go to.
    """

    kind: ClassVar[str]
    exit_code: ClassVar[int]

    def __init__(self, code: str, *, where: str = "", **facts: object) -> None:
        shown = ", ".join(f"{name}={value}" for name, value in facts.items())
        super().__init__(f"{code}{f' at {where}' if where else ''}{f' ({shown})' if shown else ''}")
        self.code = code
        self.where = where
        self.facts = facts

    def at(self, where: str) -> "Failure":
        """The same failure, with the place put in front of the place it already names."""
        return type(self)(self.code, where=f"{where}: {self.where}" if self.where else where, **self.facts)


class Refusal(Failure):
    """The rules say no."""

    kind = "refusal"
    exit_code = 1


class Tampered(Failure):
    """The evidence is false."""

    kind = "tampered"
    exit_code = 3


class Trouble(Failure):
    """Disk, network, power, or a key or evidence that is not there."""

    kind = "trouble"
    exit_code = 4
