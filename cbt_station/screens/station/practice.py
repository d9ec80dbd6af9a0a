"""The practice before the exam: questions of our own for every way of answering that it has, every tool, no time.

`PracticeSitting` is a `SittingFace` in memory, so that the practice is the exam's own page. What is saved here is said
to be practice by the page around it; nothing of it reaches a disk.
"""

from collections.abc import Callable, Collection

import msgspec

from cbt_station.delivery.views import CellView, SavedView, SectionView, SittingView
from cbt_station.errors import Refusal
from cbt_station.exam.clock import Reading
from cbt_station.exam.interactions import Interaction, Response, ordered_options
from cbt_station.exam.item import ShownItem, Stimulus
from cbt_station.exam.responding import is_complete, require_response
from cbt_station.screens.station.practice_items import DRAWING, PICTURE, practice_items
from cbt_station.words import LANGUAGES, words_in


class PracticeSitting:
    """Answers in memory; `wall()` gives the time of day that a save shows, `kinds` how the exam is answered."""

    def __init__(self, language: str, wall: Callable[[], str], kinds: Collection[str] = ()) -> None:
        self._wall = wall
        self._items = {item.id: item for item in practice_items(kinds)}
        self.view = SittingView(
            phase="running",
            seq=1,
            left_ms=0,
            allotted_ms=0,
            granted_ms=0,
            sections=(
                SectionView(
                    id="practice", title={lang: words_in(lang)("station.practice") for lang in LANGUAGES}
                ),
            ),
            cells=tuple(
                CellView(item=item, number=n, section="practice")
                for n, item in enumerate(self._items, start=1)
            ),
            current=next(iter(self._items)),
            answers={},
            option_order={item: self._order(item) for item in self._items},
            language=language,
            saved=SavedView(level="station", wall=wall(), seq=1),
        )

    def show(self, item: str) -> SittingView:
        return self._after(current=item, cells=self._cells(item, seen=True))

    def choose(self, item: str, option: Response, *, given: Reading | None = None) -> SittingView:  # noqa: ARG002  # no time runs
        interaction = self._interaction(item)
        require_response(interaction, option, self.view.option_order[item])
        whole = is_complete(interaction, option)
        cells = self._cells(item, answered=whole, begun=not whole)
        return self._after(answers=self.view.answers | {item: option}, cells=cells)

    def clear(self, item: str, *, given: Reading | None = None) -> SittingView:  # noqa: ARG002  # no time runs
        answers = {name: answer for name, answer in self.view.answers.items() if name != item}
        return self._after(answers=answers, cells=self._cells(item, answered=False, begun=False))

    def flag(self, item: str, on: bool) -> SittingView:
        return self._after(cells=self._cells(item, flagged=on))

    def play(self, item: str, media: str, length_ms: int) -> SittingView:  # noqa: ARG002  # counted, and kept nowhere
        plays = self.view.plays
        return self._after(plays=plays | {media: plays.get(media, 0) + 1})

    def set_language(self, language: str) -> SittingView:
        return self._after(language=language)

    def tick(self, *, given: Reading | None = None) -> SittingView:  # noqa: ARG002  # no time runs
        return self.view

    def item(self, item: str) -> ShownItem:
        return self._items[item]

    def stimulus(self, stimulus: str) -> Stimulus:
        raise Refusal("item-unknown", item=stimulus)

    def media(self, name: str) -> bytes:
        if name != PICTURE:
            raise Refusal("item-unknown", item=name)
        return DRAWING

    def _interaction(self, item: str) -> Interaction:
        return next(iter(self._items[item].languages.values())).interaction

    def _order(self, item: str) -> tuple[str, ...]:
        return tuple(option.id for option in ordered_options(self._interaction(item)))

    def _cells(self, item: str, **changed: bool) -> tuple[CellView, ...]:
        return tuple(
            msgspec.structs.replace(cell, **changed) if cell.item == item else cell
            for cell in self.view.cells
        )

    def _after(self, **changed: object) -> SittingView:
        seq = self.view.seq + 1
        saved = SavedView(level="station", wall=self._wall(), seq=seq)
        self.view = msgspec.structs.replace(self.view, seq=seq, saved=saved, **changed)
        return self.view
