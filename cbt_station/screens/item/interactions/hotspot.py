"""Places of a picture that are chosen: in the picture by mouse, in the list beside it by mouse, key and screen reader."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cbt_station.exam.content import Paragraph, Text
from cbt_station.exam.interactions import HotspotInteraction, Option
from cbt_station.screens.item.interactions.base import Respond
from cbt_station.screens.item.interactions.beside import Beside
from cbt_station.screens.item.interactions.board import SpotBoard
from cbt_station.screens.item.interactions.choosing import Choosing
from cbt_station.screens.item.option_row import OptionRow
from cbt_station.screens.look import Look
from cbt_station.screens.rich.media import Media


class HotspotWidget(Choosing):
    """`rows` by spot id; `board` is the picture."""

    def __init__(
        self,
        look: Look,
        interaction: HotspotInteraction,
        media: Media,
        _order: tuple[str, ...] | None,
        respond: Respond,
    ) -> None:
        super().__init__(look, respond, least=interaction.least, most=interaction.most)
        self.board = SpotBoard(look, interaction.picture, media, interaction.spots)
        self.board.pressed, self.board.hovered = self._pressed, self._hovered
        self._beside = Beside(look, self.board)
        self.rows: dict[str, OptionRow] = {}
        for spot in interaction.spots:
            number = self.board.numbers[spot.id]
            words = spot.label or self.words("station.spot", number=number)
            option = Option(id=spot.id, content=(Paragraph(content=(Text(text=words),)),))
            row = OptionRow(look, number, option, media, several=self.takes_several)
            row.clicked.connect(_pressing(self.press, spot.id))
            row.installEventFilter(self)
            self.rows[spot.id] = self.marks[spot.id] = row
            self._beside.column.addWidget(row)
        self._beside.column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.hint)
        column.addWidget(self._beside)
        self.show_rule()
        self.draw()

    def _pressed(self, at: QPointF) -> None:
        spot = self.board.spot_at(at)
        if spot is not None:
            self.press(spot)

    def _hovered(self, at: QPointF | None) -> None:
        self.board.point_at(self.board.spot_at(at) if at is not None else self._focused())

    def _focused(self) -> str | None:
        return next((name for name, row in self.rows.items() if row.hasFocus()), None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The spot of the row at which the focus or the mouse is stands out in the picture."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.Enter):
            self.board.point_at(next((name for name, row in self.rows.items() if row is watched), None))
        elif event.type() in (QEvent.Type.FocusOut, QEvent.Type.Leave):
            self.board.point_at(self._focused() if event.type() == QEvent.Type.Leave else None)
        return False

    def draw(self) -> None:
        super().draw()
        durable, asked = set(self.value or ()), set(self.values)
        self.board.marks = {
            name: "waiting"
            if (name in durable) != (name in asked)
            else "chosen"
            if name in durable
            else "open"
            for name in self.rows
        }
        self.board.update()

    def parts_to_focus(self) -> list[QWidget]:
        return list(self.rows.values())


def _pressing(press: Callable[[str], None], name: str) -> Callable[[], None]:
    return lambda: press(name)
