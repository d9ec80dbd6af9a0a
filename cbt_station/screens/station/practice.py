"""The practice before the exam: three questions of our own, every tool, no time, nothing kept.

`PracticeSitting` is a `SittingFace` in memory, so that the practice is the exam's own page. What is saved here is said
to be practice by the page around it; nothing of it reaches a disk.
"""

from collections.abc import Callable

import msgspec

from cbt_station.delivery.views import CellView, SavedView, SectionView, SittingView
from cbt_station.errors import Refusal
from cbt_station.exam.clock import Reading
from cbt_station.exam.content import Paragraph, Text
from cbt_station.exam.interactions import ChoiceInteraction, Option, Response
from cbt_station.exam.item import Shown, ShownItem, Stimulus
from cbt_station.words import LANGUAGES, words_in

ITEMS = ("practice-1", "practice-2", "practice-3")
OPTIONS = ("a", "b", "c", "d")


def practice_item(item: str) -> ShownItem:
    """A practice question in every language that the screen speaks."""
    return ShownItem(id=item, languages={language: _shown(item, language) for language in LANGUAGES})


def _shown(item: str, language: str) -> Shown:
    words, key = words_in(language), item.replace("-", "_")
    options = tuple(Option(id=o, content=_paragraph(words(f"station.{key}_{o}"))) for o in OPTIONS)
    return Shown(
        stem=_paragraph(words(f"station.{key}_stem")), interaction=ChoiceInteraction(options=options)
    )


def _paragraph(text: str) -> tuple[Paragraph, ...]:
    return (Paragraph(content=(Text(text=text),)),)


class PracticeSitting:
    """Answers in memory; `wall()` gives the time of day that a save shows."""

    def __init__(self, language: str, wall: Callable[[], str]) -> None:
        self._wall = wall
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
                CellView(item=item, number=n, section="practice") for n, item in enumerate(ITEMS, start=1)
            ),
            current=ITEMS[0],
            answers={},
            option_order=dict.fromkeys(ITEMS, OPTIONS),
            language=language,
            saved=SavedView(level="station", wall=wall(), seq=1),
        )

    def show(self, item: str) -> SittingView:
        return self._after(current=item, cells=self._cells(item, seen=True))

    def choose(self, item: str, option: Response, *, given: Reading | None = None) -> SittingView:  # noqa: ARG002  # no time runs
        return self._after(answers=self.view.answers | {item: option}, cells=self._cells(item, answered=True))

    def clear(self, item: str, *, given: Reading | None = None) -> SittingView:  # noqa: ARG002  # no time runs
        answers = {name: answer for name, answer in self.view.answers.items() if name != item}
        return self._after(answers=answers, cells=self._cells(item, answered=False))

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
        return practice_item(item)

    def stimulus(self, stimulus: str) -> Stimulus:
        raise Refusal("item-unknown", item=stimulus)

    def media(self, name: str) -> bytes:
        raise Refusal("item-unknown", item=name)

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
