"""Choices as whole rows with letters: one (radio buttons) or several (tick boxes)."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cbt_station.exam.interactions import Associable, ChoiceInteraction, ChoicesInteraction, Option
from cbt_station.screens.item.interactions.base import Respond
from cbt_station.screens.item.interactions.choosing import Choosing
from cbt_station.screens.item.option_row import OptionRow
from cbt_station.screens.look import Look
from cbt_station.screens.rich.media import Media

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def letter_of(place: int) -> str:
    """A … Z, then AA, AB …"""
    return LETTERS[place] if place < len(LETTERS) else LETTERS[place // 26 - 1] + LETTERS[place % 26]


def in_order(
    options: Sequence[Option] | Sequence[Associable], order: tuple[str, ...] | None
) -> list[Option | Associable]:
    """The form's order; an option that the form does not name is not shown."""
    by_id: dict[str, Option | Associable] = {option.id: option for option in options}
    return [by_id[name] for name in order if name in by_id] if order else list(by_id.values())


class ChoiceWidget(Choosing):
    """`rows` from top to bottom."""

    def __init__(
        self,
        look: Look,
        interaction: ChoiceInteraction | ChoicesInteraction,
        media: Media,
        order: tuple[str, ...] | None,
        respond: Respond,
    ) -> None:
        single = isinstance(interaction, ChoiceInteraction)
        least, most = getattr(interaction, "least", 0), getattr(interaction, "most", 1)
        super().__init__(look, respond, least=least, most=most, single=single)
        offered = in_order(interaction.options, order)
        several = self.takes_several
        self.rows = [
            OptionRow(look, letter_of(place), option, media, several=several)
            for place, option in enumerate(offered)
        ]
        self._list = QVBoxLayout(self)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.addWidget(self.hint)
        for row in self.rows:
            row.clicked.connect(_pressing(self.press, row.option.id))
            self.marks[row.option.id] = row
            self._list.addWidget(row)
        look.changed.connect(self._space)
        self._space()
        self.show_rule()

    def parts_to_focus(self) -> list[QWidget]:
        return list(self.rows)

    def _space(self) -> None:
        self._list.setSpacing(self.look.px(10))


def _pressing(press: Callable[[str], None], name: str) -> Callable[[], None]:
    return lambda: press(name)
