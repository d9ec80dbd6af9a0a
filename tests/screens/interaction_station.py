"""The scripted station over one item of each interaction: an answer is checked and counted as a real one is."""

import msgspec

from cbt_station.delivery.views import CellView, SectionView, SittingView
from cbt_station.exam.clock import Reading
from cbt_station.exam.interactions import Response, ordered_options
from cbt_station.exam.item import ShownItem
from cbt_station.exam.responding import is_complete, require_response
from tests.screens.interaction_items import ITEMS
from tests.screens.scripted_station import ScriptedStation


class InteractionStation(ScriptedStation):
    """A running sitting of the items in `names`, or of all."""

    def __init__(self, *names: str, **how) -> None:
        self.names = names or tuple(ITEMS)
        super().__init__(phase="running", **how)

    def choose(self, item: str, option: Response, *, given: Reading | None = None) -> SittingView:
        part = ITEMS[item].languages["id"].interaction
        self._called("choose", item, option)
        self.given = given
        self._require_running()
        require_response(part, option, self.view.option_order[item])
        whole = is_complete(part, option)
        cells = self._cells(item, answered=whole, begun=not whole)
        return self._after(answers=self.view.answers | {item: option}, cells=cells)

    def clear(self, item: str, *, given: Reading | None = None) -> SittingView:
        super().clear(item, given=given)
        return self.change(cells=self._cells(item, answered=False, begun=False))

    def item(self, item: str) -> ShownItem:
        return ITEMS[item]

    def _first_view(self, _count: int) -> SittingView:
        view = super()._first_view(5)
        cells = tuple(
            CellView(item=name, number=n, section="A") for n, name in enumerate(self.names, start=1)
        )
        order = {name: _order(name) for name in self.names}
        section = SectionView(id="A", title={"id": "Semua cara menjawab", "en": "Every interaction"})
        return msgspec.structs.replace(
            view, cells=cells, sections=(section,), current=self.names[0], option_order=order
        )


def _order(name: str) -> tuple[str, ...]:
    return tuple(one.id for one in ordered_options(ITEMS[name].languages["id"].interaction))
