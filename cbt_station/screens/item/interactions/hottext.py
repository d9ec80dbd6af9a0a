"""Words of a text that are chosen: the text stays text, its words are tick boxes."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cbt_station.exam.content import Hot, every, inlines_as_text
from cbt_station.exam.interactions import HottextInteraction
from cbt_station.screens.item.interactions.base import Respond, is_key_move
from cbt_station.screens.item.interactions.choosing import Choosing
from cbt_station.screens.look import Look
from cbt_station.screens.rich.hot_run import HotRun
from cbt_station.screens.rich.media import Media
from cbt_station.screens.rich.view import STEM_PAD, RichView

_TEXT_PX = 20


class HottextWidget(Choosing):
    """`runs` by the id of their words, as they stand."""

    def __init__(
        self,
        look: Look,
        interaction: HottextInteraction,
        media: Media,
        _order: tuple[str, ...] | None,
        respond: Respond,
    ) -> None:
        super().__init__(look, respond, least=interaction.least, most=interaction.most)
        self.runs = {
            hot.id: HotRun(look, inlines_as_text(hot.content)) for hot in every(Hot, interaction.content)
        }
        for name, run in self.runs.items():
            run.clicked.connect(_pressing(self.press, name))
            self.marks[name] = run
            run.installEventFilter(self)
        self.text = RichView(look, _TEXT_PX, pad=STEM_PAD)
        self.text.show_blocks(interaction.content, media, self.runs)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(10))
        column.addWidget(self.hint)
        column.addWidget(self.text)
        self.show_rule()

    def draw(self) -> None:
        super().draw()
        self.text.update()  # the ground under the words is the text's to paint

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move among the words, as they lie in lines; they never leave the question in passing."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and is_key_move(event.key()):
            runs = list(self.runs.values())
            here = next((place for place, run in enumerate(runs) if run is watched), 0)
            self.focus_on(runs[max(0, min(len(runs) - 1, here + is_key_move(event.key())))])
            return True
        return False

    def parts_to_focus(self) -> list[QWidget]:
        return list(self.runs.values())


def _pressing(press: Callable[[str], None], name: str) -> Callable[[], None]:
    return lambda: press(name)
