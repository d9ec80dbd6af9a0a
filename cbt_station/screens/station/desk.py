"""The desk: one sitting as the window holds it. Asks the station in order, and passes on the views that come back.

`reading` takes the station's clock at the key press, so that an answer given before the end counts however slow the
disk. It keeps the last view and the item on the screen, nothing else. A view is drawn only when it came back; while one is
awaited for longer than a fifth of a second, `waiting` says so; when nothing at all comes back, `slow` and then `stalled`.
The station's clock is asked for about once a second.
"""

from collections.abc import Callable, Iterator
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from cbt_station.delivery.views import SittingView
from cbt_station.errors import Failure
from cbt_station.exam.clock import Reading
from cbt_station.exam.content import Blocks, media_in
from cbt_station.exam.interactions import Response
from cbt_station.exam.item import ItemId, ShownItem, Stimulus, contents
from cbt_station.screens.background import Asker
from cbt_station.screens.item.on_screen import OnScreen
from cbt_station.screens.station.face import SittingFace

_PATIENCE_MS: Final = 200
_SLOW_MS, _STALLED_MS = 2_000, 12_000
"""A tick that waits before a disk that stands still was asked for at most a second after it: when `stalled` is said, more
than the 10 s have gone after which `delivery` gives all of the time back.
"""
_TICK_MS: Final = 900
"""Qt may be 5 % late; below a second no durable reading is older than 2 s."""


class Desk(QObject):
    """`drawn`: a view came back; `turned`: another item is on the screen; `refused`: a failure came back instead."""

    drawn = Signal(object)
    turned = Signal(object)
    refused = Signal(object)
    waiting = Signal()
    slow = Signal()
    stalled = Signal()

    def __init__(self, asker: Asker, reading: Callable[[], Reading | None] = lambda: None) -> None:
        super().__init__()
        self._asker, self._reading = asker, reading
        self._face: SittingFace | None = None
        self._asked = 0
        self._ticking = False
        self._marked: Reading | None = None
        self.before: Callable[[], None] = lambda: None
        """Called before what leaves a question or asks for the time: what was typed is asked for first."""
        self.view: SittingView | None = None
        self.on_screen: OnScreen | None = None
        self._patience = QTimer(self, interval=_PATIENCE_MS, singleShot=True)
        self._patience.timeout.connect(self.waiting)
        self._slow = QTimer(self, interval=_SLOW_MS, singleShot=True)
        self._slow.timeout.connect(self.slow)
        self._stalled = QTimer(self, interval=_STALLED_MS, singleShot=True)
        self._stalled.timeout.connect(self.stalled)
        self._clock = QTimer(self, interval=_TICK_MS)
        self._clock.timeout.connect(self.tick)

    def begin(self, face: SittingFace, view: SittingView) -> None:
        """Sit down: draw the view and open its current item."""
        self._face, self.on_screen = face, None
        self._draw(view)
        self._clock.start()
        if view.phase == "running":
            self.go(view.current)

    def leave(self) -> None:
        """Get up: no more ticks, and what comes back late is dropped."""
        self._clock.stop()
        for timer in (self._patience, self._slow, self._stalled):
            timer.stop()
        self._face, self.view, self.on_screen = None, None, None

    # What a candidate can do

    def go(self, item: ItemId) -> None:
        """Open an item."""
        self.before()
        self._ask(lambda face: _turn(face, item), self._turn)

    def step(self, by: int) -> bool:
        """Open the item before or after; False where there is none."""
        if self.view is None or self.on_screen is None:
            return False
        items = [cell.item for cell in self.view.cells]
        place = items.index(self.on_screen.shown.id) + by
        if not 0 <= place < len(items):
            return False
        self.go(items[place])
        return True

    def answer(self, item: ItemId, response: Response | None, typed: bool = False) -> None:
        """Answer an item; None takes the answer back. The press counts, not when the disk took it; what was `typed`
        counts from its last key (`mark`).
        """
        given = (self._marked if typed else None) or self._reading()
        if response:
            self._ask(lambda face: face.choose(item, response, given=given), self._draw)
        else:
            self._ask(lambda face: face.clear(item, given=given), self._draw)

    def choose(self, response: Response) -> None:
        """Answer the item on the screen."""
        if self.on_screen is not None:
            self.answer(self.on_screen.shown.id, response)

    def clear(self) -> None:
        """Take the answer to the item on the screen back."""
        if self.on_screen is not None:
            self.answer(self.on_screen.shown.id, None)

    def mark(self) -> None:
        """A key of something that is typed and sent a moment later."""
        self._marked = self._reading()

    @property
    def is_settled(self) -> bool:
        """Nothing that was asked for is still on its way."""
        return not self._asked

    def flag(self, on: bool) -> None:
        if self.on_screen is not None:
            item = self.on_screen.shown.id
            self._ask(lambda face: face.flag(item, on), self._draw)

    def play(
        self, media: str, length_ms: int, then: Callable[[], None], refused: Callable[[Failure], None]
    ) -> None:
        """A recording of the item on the screen is to sound: `then` it may, and that is durable."""
        if self.on_screen is None:
            return
        item = self.on_screen.shown.id

        def played(view: SittingView) -> None:
            self._draw(view)
            then()

        def not_played(failure: Failure) -> None:
            refused(failure)
            self.refused.emit(failure)

        self._ask(lambda face: face.play(item, media, length_ms), played, not_played)

    def set_language(self, language: str) -> None:
        self.before()
        self._ask(lambda face: face.set_language(language), self._draw)

    def tick(self) -> None:
        """Ask for the time, unless the last asking is still on its way."""
        self.before()
        face = self._face
        if not self._ticking and face is not None:
            self._ticking, given = True, self._reading()  # what was pressed before it is done before it
            self._expect()
            self._asker.ask(
                lambda: face.tick(given=given),
                lambda view: self._ticked(face, view),
                lambda why: self._not_ticked(face, why),
            )

    # What comes back

    def _ask(
        self,
        call: Callable[[SittingFace], object],
        then: Callable[..., None],
        otherwise: Callable[[Failure], None] | None = None,
    ) -> None:
        face = self._face
        if face is None:
            return
        self._asked += 1

        def returned(value: object) -> None:
            self._returned()
            if self._face is face:
                then(value)

        def refused(failure: Failure) -> None:
            self._returned()
            if self._face is face:
                (otherwise or self.refused.emit)(failure)

        self._asker.ask(lambda: call(face), returned, refused)
        if self._asked and self._face is face:
            # Nearly always it has come back by now, and nothing is waited for.
            if not self._patience.isActive():
                self._patience.start()
            self._expect()

    def _expect(self) -> None:
        """From here on something must come back."""
        for timer in (self._slow, self._stalled):
            if not timer.isActive():
                timer.start()

    def _came(self) -> None:
        """Something did: the disk is alive."""
        for timer in (self._slow, self._stalled):
            if timer.isActive():
                timer.stop()
        if self._face is not None and (self._asked or self._ticking):
            self._expect()

    def _returned(self) -> None:
        self._asked -= 1
        self._came()
        if self._asked:
            self._patience.start()
        elif self._patience.isActive():
            self._patience.stop()

    def heard(self, view: SittingView) -> None:
        """A view that was asked for elsewhere."""
        if self._face is not None:
            self._draw(view)

    def _draw(self, view: SittingView) -> None:
        self.view = view
        if view.phase == "sealed":
            self._clock.stop()
        self.drawn.emit(view)

    def _turn(self, answer: tuple[SittingView, OnScreen]) -> None:
        view, self.on_screen = answer
        self.turned.emit(self.on_screen)
        self._draw(view)

    def _ticked(self, face: SittingFace, view: SittingView) -> None:
        self._ticking = False
        self._came()
        if self._face is face and not self._asked:  # an answer on its way brings a newer view
            self._draw(view)

    def _not_ticked(self, face: SittingFace, why: Failure) -> None:
        self._ticking = False
        self._came()
        if self._face is face:
            self.refused.emit(why)


def _turn(face: SittingFace, item: ItemId) -> tuple[SittingView, OnScreen]:
    """In the station's thread: tell it what is shown, and fetch that."""
    view = face.show(item)
    shown = face.item(item)
    stimulus = face.stimulus(shown.stimulus) if shown.stimulus else None
    names = {name for blocks in _all_blocks(shown, stimulus) for name in media_in(blocks)}
    return view, OnScreen(shown, stimulus, {name: face.media(name) for name in sorted(names)})


def _all_blocks(shown: ShownItem, stimulus: Stimulus | None) -> Iterator[Blocks]:
    yield from (stimulus.content.values() if stimulus else ())
    for one in shown.languages.values():
        yield from contents(one)
