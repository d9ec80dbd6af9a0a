"""What is wrong with a bank: every fault with its file, line and reason.

A reader does not stop at the first fault: it notes it here and goes on, so that an author mends all in one round.
The code never changes once released; `words/` has its sentence under `fault.CODE` (and `lint.CODE` for advice).
"""

from dataclasses import dataclass, field

from cbt_station.words import Words


@dataclass(frozen=True)
class BankFault:
    """One fault: `file` inside the bank with forward slashes, `line` from 1 (0: the file as a whole)."""

    file: str
    line: int
    code: str
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def place(self) -> str:
        """The place in the form that editors open: `items/twk/twk-001.md:7`."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def sentence(self, words: Words) -> str:
        """What is wrong and what to do, in the language of `words`."""
        return words(f"fault.{self.code}", **dict(self.facts))

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.facts)
        return f"{self.place}: {self.code}{f' ({shown})' if shown else ''}"


@dataclass
class FaultList:
    """The faults found so far in one reading of a bank."""

    found: list[BankFault] = field(default_factory=list)
    _named: set[BankFault] = field(default_factory=set)

    def add(self, file: str, line: int, code: str, /, **facts: object) -> None:
        """Note a fault. A place is named once for one reason."""
        fault = BankFault(file, line, code, tuple((name, str(value)) for name, value in facts.items()))
        if fault not in self._named:
            self._named.add(fault)
            self.found.append(fault)

    def sorted(self) -> tuple[BankFault, ...]:
        """All faults in the order in which a person goes through the files."""
        return tuple(sorted(self.found, key=lambda fault: (fault.file, fault.line, fault.code, fault.facts)))


class Faulty(Exception):
    """A fault found by code that does not know the place: the caller notes it with file and line."""

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts
