"""Choosing among things that are ticked: one, or several up to a count. What the things look like is for others.

A mark is anything with `show_chosen` and `show_waiting`. Where one may be chosen, another replaces it; where several
may, one too many is refused in words that say what to do.
"""

from typing import Protocol

from cbt_station.screens.item.interactions.base import InteractionWidget, Respond
from cbt_station.screens.item.interactions.counts import rule_of
from cbt_station.screens.look import Look


class Mark(Protocol):
    """What shows whether something is chosen."""

    def show_chosen(self, chosen: bool) -> None: ...

    def show_waiting(self) -> None: ...


class Choosing(InteractionWidget):
    """`single`: the value is one id (QTI's single cardinality); else a tuple of them in the order given."""

    def __init__(self, look: Look, respond: Respond, *, least: int, most: int, single: bool = False) -> None:
        super().__init__(look, respond)
        self._least, self._most, self._single = least, most, single
        self.marks: dict[str, Mark] = {}

    @property
    def takes_several(self) -> bool:
        return not self._single and self._most != 1

    def press(self, name: str) -> None:
        """What a click on something does."""
        if self._single:
            self.ask(name)
        elif not self.takes_several:
            self.ask((name,))
        else:
            self._toggle(name)

    def _toggle(self, name: str) -> None:
        given = self.values
        if name in given:
            self.ask(tuple(one for one in given if one != name))
        elif self._most and len(given) >= self._most:
            self.refuse(self.words("station.count_too_many", most=self._most))
        else:
            self.ask((*given, name))

    def draw(self) -> None:
        durable = {self.value} if isinstance(self.value, str) else set(self.value or ())
        asked = set(self.values) if self.waits else durable
        for name, mark in self.marks.items():
            mark.show_chosen(name in durable)
            if (name in durable) != (name in asked):
                mark.show_waiting()

    def rule(self) -> str:
        if self._single:
            return ""
        return rule_of(self.words, self._least, self._most, len(self.value or ()), len(self.marks))
