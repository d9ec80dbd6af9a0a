"""Options put onto places of a picture; the list beside it names every place and what is there."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF
from PySide6.QtWidgets import QWidget

from cbt_station.exam.content import Blocks, Paragraph, Text
from cbt_station.exam.interactions import Associable, GraphicGapMatchInteraction
from cbt_station.screens.item.interactions.base import Respond, pair_of
from cbt_station.screens.item.interactions.beside import Beside
from cbt_station.screens.item.interactions.board import SpotBoard
from cbt_station.screens.item.interactions.choice import in_order
from cbt_station.screens.item.interactions.placing import Placing
from cbt_station.screens.item.interactions.rich_button import RichButton
from cbt_station.screens.look import Look
from cbt_station.screens.rich.media import Media


class GraphicGapMatchWidget(Placing):
    """The options, then the picture with the list of its places."""

    def __init__(
        self,
        look: Look,
        interaction: GraphicGapMatchInteraction,
        media: Media,
        order: tuple[str, ...] | None,
        respond: Respond,
    ) -> None:
        offered = [one for one in in_order(interaction.options, order) if isinstance(one, Associable)]
        super().__init__(look, respond, offered, media, {spot.id: spot.most for spot in interaction.spots})
        self._contents = {option.id: option.content for option in offered}
        self.board = SpotBoard(look, interaction.picture, media, interaction.spots)
        self.board.pressed, self.board.hovered = self._pressed, self._hovered
        self._labels = {
            spot.id: spot.label or self.words("station.spot", number=self.board.numbers[spot.id])
            for spot in interaction.spots
        }
        beside = Beside(look, self.board)
        for spot in interaction.spots:
            button = RichButton(look, (), media, _pressing(self.press_place, spot.id))
            button.badge = self.board.numbers[spot.id]
            button.installEventFilter(self)
            self.add_place(spot.id, button)
            beside.column.addWidget(button)
        beside.column.addStretch(1)
        column = self.column()
        column.addWidget(self.hint)
        column.addWidget(self.bank_area)
        column.addWidget(beside)
        self.draw()
        self.show_rule()

    def _pressed(self, at: QPointF) -> None:
        spot = self.board.spot_at(at)
        if spot is not None:
            self.press_place(spot)

    def _hovered(self, at: QPointF | None) -> None:
        self.board.point_at(self.board.spot_at(at) if at is not None else None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The spot of the place in the list at which one is stands out in the picture."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.Enter):
            self.board.point_at(next((name for name, place in self.places.items() if place is watched), None))
        elif event.type() in (QEvent.Type.FocusOut, QEvent.Type.Leave):
            self.board.point_at(None)
        return False

    def place_under(self, at: QPoint) -> str | None:
        on_board = self.board.rect().contains(self.board.mapFromGlobal(at))
        return self.board.spot_under(at) if on_board else super().place_under(at)

    def place_name(self, name: str) -> str:
        return self._labels[name]

    def show_place(self, name: str, held: tuple[str, ...], *, waiting: bool) -> None:
        button = self.places[name]
        button.show_blocks(self._shown_in(name, held))
        button.show_state(filled=bool(held), empty=not held)
        button.name(self.name_of_place(name, held), self.words("station.waiting") if waiting else "")

    def _shown_in(self, name: str, held: tuple[str, ...]) -> Blocks:
        """The place's name, and under it what is there."""
        label = Paragraph(content=(Text(text=self._labels[name], bold=bool(held)),))
        inside = tuple(block for one in held for block in self._contents.get(one, ()))
        return (label, *inside)

    def draw(self) -> None:
        super().draw()
        durable, asked, held = set(self.value or ()), set(self.values), self.held
        for name in self.places:
            inside = [one for one, where in map(pair_of, self.value or ()) if where == name]
            changing = any(pair_of(pair)[1] == name for pair in durable ^ asked)
            state = "waiting" if changing else "chosen" if inside else "welcome" if held else "open"
            self.board.marks[name] = state
            self.board.plates.pop(name, None)
            if inside:
                plain = ", ".join(self.names.get(one, one) for one in inside)
                self.board.plates[name] = f"{self.board.numbers[name]}  {plain}"
        self.board.update()

    def parts_to_focus(self) -> list[QWidget]:
        return [*self.bank.values(), *self.places.values()]


def _pressing(press: Callable[[str], None], name: str) -> Callable[[RichButton], None]:
    return lambda _button: press(name)
