"""Options put into the gaps of a text. A gap is as wide as the widest option, so that the text never shifts."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from cbt_station.exam.content import Blocks
from cbt_station.exam.interactions import Associable, GapMatchInteraction
from cbt_station.screens.item.interactions.base import Respond
from cbt_station.screens.item.interactions.choice import in_order
from cbt_station.screens.item.interactions.placing import Placing
from cbt_station.screens.item.interactions.rich_button import TEXT_PX, RichButton, natural_width
from cbt_station.screens.look import Look
from cbt_station.screens.rich.media import Media
from cbt_station.screens.rich.text import RichText
from cbt_station.screens.rich.view import STEM_PAD, RichView

_STEM_PX: Final = 19
_MOST_EM: Final = 18


class Gap(RichButton):
    """A place in a line: one size (`measured` gives it), whatever is in it."""

    measured: Callable[[], QSize] = QSize

    def sizeHint(self) -> QSize:
        return self.measured()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(48), self.measured().height())


class GapMatchWidget(Placing):
    """The options, then the text with its gaps."""

    def __init__(
        self,
        look: Look,
        interaction: GapMatchInteraction,
        media: Media,
        order: tuple[str, ...] | None,
        respond: Respond,
    ) -> None:
        offered = [one for one in in_order(interaction.options, order) if isinstance(one, Associable)]
        super().__init__(look, respond, offered, media, dict.fromkeys(interaction.gaps, 1))
        self.media, self._of = media, {option.id: option for option in offered}
        self._sized_for, self._sized = 0, QSize()
        self._numbers = {gap: number for number, gap in enumerate(interaction.gaps, start=1)}
        for gap in interaction.gaps:
            button = Gap(look, (), media, _pressing(self.press_place, gap))
            button.pad_px, button.measured = 4, self._size
            button.badge = str(self._numbers[gap])
            self.add_place(gap, button)
        self.text = RichView(look, _STEM_PX, pad=STEM_PAD)
        column = self.column()
        column.addWidget(self.hint)
        column.addWidget(self.bank_area)
        column.addWidget(self.text)
        self.text.show_blocks(interaction.content, media, self.places)
        self.draw()
        self.show_rule()

    def _size(self) -> QSize:
        """As large as the largest option, at the present text size."""
        if self._sized_for != self.look.zoom:
            self._sized_for, self._sized = self.look.zoom, self._measure()
        return self._sized

    def _measure(self) -> QSize:
        px, probe = self.look.px, next(iter(self.places.values()))
        left, top, right, bottom = probe.edges()
        contents: list[Blocks] = [option.content for option in self._of.values()]
        wide = max([natural_width(content, self.look, TEXT_PX) for content in contents] or [0])
        width = min(max(wide, px(48)), px(_MOST_EM * TEXT_PX))
        texts = [RichText(content, self.media, self.look, TEXT_PX) for content in contents]
        height = max([px(22), *(text.height_for(width) for text in texts)])
        return QSize(left + width + right, top + height + bottom)

    def place_name(self, name: str) -> str:
        return self.words("station.gap", number=self._numbers[name])

    def show_place(self, name: str, held: tuple[str, ...], *, waiting: bool) -> None:
        button = self.places[name]
        button.show_blocks(self._of[held[0]].content if held and held[0] in self._of else ())
        button.show_state(filled=bool(held), empty=not held)
        more = self.words("station.waiting") if waiting else ""
        button.name(self.name_of_place(name, held), more)

    def parts_to_focus(self) -> list[QWidget]:
        return [*self.bank.values(), *self.places.values()]


def _pressing(press: Callable[[str], None], gap: str) -> Callable[[RichButton], None]:
    return lambda _button: press(gap)
