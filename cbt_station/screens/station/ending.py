"""The end: two acts to confirm, sealing and what it may have to wait for, the slip, the score, and the next candidate.

The sitting ends once, by the candidate, the clock or two proctors; the views say so, and `over` follows whatever they say.
What was not sealed is kept, and tried again. Absent on purpose: what is open and doubtful (`review_page`), which is no end.
"""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cbt_station.delivery.views import ScoreView, SealedView, SittingView
from cbt_station.errors import Failure
from cbt_station.screens.spoken import sentence_of
from cbt_station.screens.station.desk import Desk
from cbt_station.screens.station.door import Door
from cbt_station.screens.station.face import StationFace
from cbt_station.screens.station.frame import KEY_BYTES, Frame
from cbt_station.screens.station.interruptions import WAITS_FOR_STICK
from cbt_station.screens.station.page import select
from cbt_station.storage.files import read_bounded

if TYPE_CHECKING:
    from cbt_station.screens.station.quiet_pages import SealingPage
    from cbt_station.screens.station.review_page import FinishPage
    from cbt_station.screens.station.sealed_page import SealedPage


class Ending:
    """`leave_question()` sends what is typed, `back()` goes to the review, `free()` gives the seat to the next candidate."""

    def __init__(
        self,
        frame: Frame,
        station: StationFace,
        desk: Desk,
        door: Door,
        key_places: tuple[Path, ...],
        venue_key: bytes | None,
        *,
        leave_question: Callable[[], None],
        back: Callable[[], None],
        free: Callable[[], None],
        not_resumed: Callable[[Failure], None],
    ) -> None:
        """`not_resumed` waits for a second place that sealing needs."""
        self._frame, self._station, self._desk, self._door = frame, station, desk, door
        self._key_places, self._venue_key = key_places, venue_key
        self._leave_question, self._back, self._free = leave_question, back, free
        self._not_resumed = not_resumed
        self.is_sealing, self._waits = False, False

    # The pages: each is made when it is first turned to.

    @cached_property
    def finish(self) -> "FinishPage":
        from cbt_station.screens.station.review_page import FinishPage

        return self._frame.add(FinishPage(self._frame.look, self._finish, self._back))

    @cached_property
    def sealing(self) -> "SealingPage":
        from cbt_station.screens.station.quiet_pages import SealingPage

        return self._frame.add(SealingPage(self._frame.look, self._seal_again))

    @cached_property
    def sealed(self) -> "SealedPage":
        from cbt_station.screens.station.sealed_page import SealedPage

        has_key = self._venue_key is not None
        return self._frame.add(
            SealedPage(self._frame.look, self._show_score, self._free, self._key_places, has_key=has_key)
        )

    # From the last act to the seal

    def has_come(self, view: SittingView) -> bool:
        """Whether a view says that the sitting is over, and nothing is waited for."""
        return view.phase == "sealed" or (view.phase == "ended" and not self._waits)

    def draw(self, view: SittingView) -> None:
        """What is asked before the end counts what is open."""
        if "finish" in self.__dict__ and self._frame.pages.currentWidget() is self.finish:
            self.finish.show_view(view)

    def to_finish(self) -> None:
        if self._desk.view is not None:
            self.finish.show_view(self._desk.view)
        self._frame.turn_to(self.finish)

    def _finish(self) -> None:
        self._leave_question()
        self.finish.show_busy(True)
        self.over()

    def over(self) -> None:
        if not self.is_sealing:
            self.is_sealing = True
            self._frame.banner.hide()  # "5 minutes left" is over too
            self.sealing.show_trouble("")
            self._frame.turn_to(self.sealing)
            self.seal()

    def seal(self) -> None:
        self._frame.ask(self._station.finish, self._is_sealed, self._not_sealed)

    def _seal_again(self) -> None:
        """A disk that failed is opened anew first: what a restart does."""

        def call() -> SealedView:
            self._station.try_again()
            return self._station.finish()

        self._frame.ask(call, self._is_sealed, self._not_sealed)

    def _not_sealed(self, failure: Failure) -> None:
        """The answers are kept, sealing waits: say why, and offer to try again."""
        self.is_sealing, self._waits = False, True
        self._free_finish()
        if failure.code in WAITS_FOR_STICK:
            self._not_resumed(failure)
            return
        self._frame.turn_to(self.sealing)
        self.sealing.show_trouble(sentence_of(failure, self._frame.look.words))

    def _is_sealed(self, sealed: SealedView) -> None:
        frame = self._frame
        self.is_sealing, self._waits = False, False
        self._desk.leave()
        frame.banner.hide()
        frame.bar.hand.setChecked(False)
        frame.bar.show_sitting(None)
        self._free_finish()
        self.sealed.show_sealed(sealed, asks_key=not self._door.unlocked_here)
        frame.turn_to(self.sealed)

    def _free_finish(self) -> None:
        if "finish" in self.__dict__:
            self.finish.show_busy(False)

    # The score

    def _show_score(self, code: str, key: Path | None, passphrase: str) -> None:
        held = None if self._door.unlocked_here else self._venue_key

        def call() -> ScoreView:
            venue_key = read_bounded(key, KEY_BYTES) if key is not None else held
            return self._station.score_code(code, venue_key, passphrase)

        self._frame.ask(call, self._scored, self._not_scored)

    def _not_scored(self, failure: Failure) -> None:
        self._frame.tell(failure)
        if failure.code == "code-wrong":
            self.sealed.code.clear()
        elif failure.code == "passphrase-wrong":
            select(self.sealed.passphrase)

    def _scored(self, score: ScoreView) -> None:
        self._frame.banner.hide()
        self.sealed.show_score(score)
