"""Where a sitting waits: a pause, a disk that takes nothing, a second place that is not there. Each has a way out here.

    paused        a proctor paused it; a proctor ends that here, with key and PIN, where no hub can
    stopped       nothing can be written any more: time stands, "try again" does what a restart does
    … stalled     the same page while the disk does not answer; it goes away when it does
    lost          it goes on by itself when its stick is there, or when two proctors say that it is lost

Which of them is on the screen the views decide. `resume` asks the station to go on, `resumed` and `not_resumed` are the
window's.
"""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from cbt_station.delivery.views import SittingView, StationView
from cbt_station.errors import Failure
from cbt_station.screens.station.face import StationFace
from cbt_station.screens.station.frame import KEY_BYTES, Frame
from cbt_station.screens.station.look_memory import KeptLook
from cbt_station.storage.files import read_bounded

if TYPE_CHECKING:
    from cbt_station.screens.station.quiet_pages import PausedPage, ProctorPage, StoppedPage

_LOOK_EVERY_MS: Final = 3_000
WAITS_FOR_STICK: Final = frozenset({"second-place-needed", "second-place-older"})
"""Codes with which a sitting waits for its second place."""
Found: TypeAlias = tuple[SittingView | None, StationView, KeptLook | None]
"""A sitting that goes on, the station around it, and how its candidate had the screen."""


class Interruptions:
    """The pages, and what is asked of the station on them."""

    def __init__(
        self,
        frame: Frame,
        station: StationFace,
        key_places: tuple[Path, ...],
        resume: Callable[[], Found],
        resumed: Callable[[Found], None],
        not_resumed: Callable[[Failure], None],
        went_on: Callable[[SittingView], None],
    ) -> None:
        """`went_on(view)` draws a view of the sitting that is on the screen already."""
        self._frame, self._station = frame, station
        self._resume, self._resumed, self._not_resumed, self._went_on = resume, resumed, not_resumed, went_on
        self._key_places = key_places
        self._says_lost: list[tuple[Path, str]] = []
        self._waits_for = ""
        self.stick_watch = QTimer(frame, interval=_LOOK_EVERY_MS)
        self.stick_watch.timeout.connect(self.look_for_stick)

    # The pages: each is made when it is first turned to.

    @cached_property
    def paused(self) -> "PausedPage":
        from cbt_station.screens.station.quiet_pages import PausedPage

        return self._frame.add(PausedPage(self._frame.look, self._to_resume))

    @cached_property
    def stopped(self) -> "StoppedPage":
        from cbt_station.screens.station.quiet_pages import StoppedPage

        return self._frame.add(StoppedPage(self._frame.look, self._try_again))

    @cached_property
    def resume(self) -> "ProctorPage":
        return self._proctors("resume", self._resume_here, self._back_to_pause)

    @cached_property
    def lost(self) -> "ProctorPage":
        return self._proctors("lost", self._first_says_lost, self.look_for_stick)

    @cached_property
    def lost_second(self) -> "ProctorPage":
        return self._proctors("lost_second", self._second_says_lost, lambda: self._frame.turn_to(self.lost))

    def _proctors(
        self, key: str, act: Callable[[Path, str], None], back: Callable[[], None]
    ) -> "ProctorPage":
        from cbt_station.screens.station.quiet_pages import ProctorPage

        return self._frame.add(ProctorPage(self._frame.look, key, act, back, self._key_places))

    # What the views say

    def cover(self, view: SittingView, *, spare: QWidget | None = None) -> bool:
        """Cover the questions where the view says so, unless a proctor is typing: to resume, or on the page `spare`."""
        here = self._frame.pages.currentWidget()
        is_spared = here is not None and here is spare
        if view.phase == "paused":
            self.paused.show_view(view)
            if here is not self.resume and not is_spared:
                self._frame.turn_to(self.paused)
        elif view.stopped and view.phase == "running":
            self.stopped.show_view(view, waits=False)
            if not is_spared:
                self._frame.turn_to(self.stopped)
        else:
            return False
        return True

    @property
    def is_covering(self) -> bool:
        here = self._frame.pages.currentWidget()
        made = (self.__dict__.get(name) for name in ("paused", "resume", "stopped"))
        return here is not None and any(page is here for page in made)

    def stall(self, view: SittingView) -> None:
        """Something was asked long ago, and the disk has not answered."""
        self.stopped.show_view(view, waits=True)
        self._frame.turn_to(self.stopped)

    # A pause, and a disk that takes nothing

    def _to_resume(self) -> None:
        self._frame.turn_to(self.resume)

    def _back_to_pause(self) -> None:
        self._frame.turn_to(self.paused)

    def _resume_here(self, key: Path, pin: str) -> None:
        self._frame.ask(
            lambda: self._station.resume_here(read_bounded(key, KEY_BYTES), pin),
            self._goes_on,
            lambda failure: self.resume.refuse(failure, self._frame),
        )

    def _try_again(self) -> None:
        self.stopped.show_busy(True)
        self._frame.ask(self._station.try_again, self._goes_on, self._stays_stopped)

    def _goes_on(self, view: SittingView) -> None:
        self.stopped.show_busy(False)
        self._frame.banner.hide()
        self._went_on(view)

    def _stays_stopped(self, failure: Failure) -> None:
        self.stopped.show_busy(False)
        if failure.code in WAITS_FOR_STICK:
            self._not_resumed(failure)
        else:
            self._frame.tell(failure)

    # A sitting that waits for its second place

    def wait_for_stick(self, why: str) -> None:
        self._waits_for = why
        self._frame.turn_to(self.lost)
        self.stick_watch.start()

    def look_for_stick(self) -> None:
        """It goes on by itself as soon as its stick is there; or says what the stick says."""
        self._frame.ask(self._resume, self._found_stick, self._no_stick)

    def _found_stick(self, found: Found) -> None:
        self.stick_watch.stop()
        self._says_lost = []
        self._frame.banner.hide()
        self._resumed(found)

    def _no_stick(self, failure: Failure) -> None:
        if failure.code not in WAITS_FOR_STICK:
            self.stick_watch.stop()
            self._not_resumed(failure)
        elif failure.code != self._waits_for:  # another stick was put in, or it was pulled out
            self._waits_for = failure.code
            self._frame.tell(failure)

    def _first_says_lost(self, key: Path, pin: str) -> None:
        self._says_lost = [(key, pin)]
        self._frame.turn_to(self.lost_second)

    def _second_says_lost(self, key: Path, pin: str) -> None:
        said, self._says_lost = [*self._says_lost, (key, pin)], []

        def call() -> Found:
            view = self._station.declare_second_lost(
                [(read_bounded(path, KEY_BYTES), secret) for path, secret in said]
            )
            return view, self._station.info, None

        self._frame.ask(call, self._found_stick, self._not_lost)

    def _not_lost(self, failure: Failure) -> None:
        """Both are asked again: which of the two was wrong, nobody is told."""
        self._frame.turn_to(self.lost)
        self._frame.tell(failure)
