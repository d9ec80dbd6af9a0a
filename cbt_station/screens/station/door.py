"""The way in: release, check-in, "is this you?", language, practice, rules, start.

Each step asks the station and turns to the next page when the answer comes. What the sitting needs from here is who the
candidate is; the rest is the station's to remember.
"""

from collections.abc import Callable, Collection
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import structs
from PySide6.QtWidgets import QWidget

from cbt_station.delivery.views import CandidateView, CopyView, SittingView, StationView
from cbt_station.errors import Failure
from cbt_station.screens.look import Look
from cbt_station.screens.station.face import StationFace
from cbt_station.screens.station.frame import KEY_BYTES, Frame
from cbt_station.screens.station.page import select
from cbt_station.screens.station.top_bar import left_text
from cbt_station.storage.files import read_bounded

if TYPE_CHECKING:
    from cbt_station.screens.station.before_pages import LanguagePage, PracticePage, RulesPage
    from cbt_station.screens.station.check_in_page import ConfirmPage, NumberPage, SecretPage
    from cbt_station.screens.station.locked_page import LockedPage
    from cbt_station.screens.station.quiet_pages import ProctorPage

_MAGNIFICATION: Final = "magnification"
"""PNP 3.0's name; who has it begins with larger text, and may change it like everybody."""
_MAGNIFIED: Final = 150


class Door:
    """`practise()` begins the practice, `started(view)` sits down; both are the window's. `position_title(id)` may read."""

    def __init__(
        self,
        frame: Frame,
        station: StationFace,
        venue_key: bytes | None,
        key_places: tuple[Path, ...],
        practise: Callable[[], None],
        started: Callable[[SittingView], None],
        position_title: Callable[[str], str],
    ) -> None:
        self._frame, self._station, self._venue_key, self._started = frame, station, venue_key, started
        self._position_title = position_title
        self.info: StationView | None = None
        self.candidate: CandidateView | None = None
        self.unlocked_here = False
        """The venue's key is at hand: it was typed since the program began."""
        self._key_places, self._practise = key_places, practise
        self.kinds: Collection[str] = ()
        """How the exam's questions are answered: what there is to practise."""

    # The pages: each is made when it is first turned to.

    @cached_property
    def locked(self) -> "LockedPage":
        from cbt_station.screens.station.locked_page import LockedPage

        asks_key = self._venue_key is None
        page = LockedPage(self._frame.look, self._unlock, self._key_places, asks_key=asks_key)
        if self.info is not None:
            page.show_station(self.info)
        return self._frame.add(page)

    @cached_property
    def number(self) -> "NumberPage":
        from cbt_station.screens.station.check_in_page import NumberPage

        return self._frame.add(NumberPage(self._frame.look, self._look_up))

    @cached_property
    def secret(self) -> "SecretPage":
        from cbt_station.screens.station.check_in_page import SecretPage

        return self._frame.add(SecretPage(self._frame.look, self._check_in, self.to_number))

    @cached_property
    def confirm(self) -> "ConfirmPage":
        from cbt_station.screens.station.check_in_page import ConfirmPage

        return self._frame.add(ConfirmPage(self._frame.look, self._agreed, self.to_number))

    @cached_property
    def choose_language(self) -> "LanguagePage":
        from cbt_station.screens.station.before_pages import LanguagePage

        page = LanguagePage(self._frame.look, self._language_chosen)
        page.show_languages(self.info.languages if self.info else ())
        return self._frame.add(page)

    @cached_property
    def practice(self) -> "PracticePage":
        from cbt_station.screens.station.before_pages import PracticePage

        return self._frame.add(PracticePage(self._frame.look, self._practise, self.to_rules))

    @cached_property
    def rules(self) -> "RulesPage":
        from cbt_station.screens.station.before_pages import RulesPage

        return self._frame.add(RulesPage(self._frame.look, self._start, self._practise))

    @cached_property
    def admit(self) -> "ProctorPage":
        return self._proctors("admit", self._admit)

    @cached_property
    def move(self) -> "ProctorPage":
        return self._proctors("move", self._move)

    def _proctors(self, key: str, act: Callable[[Path, str], None]) -> "ProctorPage":
        from cbt_station.screens.station.quiet_pages import ProctorPage

        return self._frame.add(ProctorPage(self._frame.look, key, act, self.to_rules, self._key_places))

    def show_station(self, info: StationView) -> None:
        """Where the station stands."""
        self.info = info
        self._frame.bar.show_station(info)
        if "locked" in self.__dict__:
            self.locked.show_station(info)
        if "choose_language" in self.__dict__:
            self.choose_language.show_languages(info.languages)

    def to_entrance(self) -> None:
        """The first page that the station's state allows."""
        is_open = self.info is not None and self.info.phase in ("check-in", "ready")
        self._frame.turn_to(self.number if is_open else self.locked)

    def _turn_to(self, page: QWidget) -> None:
        self._frame.banner.hide()
        self._frame.turn_to(page)

    # Release

    def _unlock(self, key: Path | None, passphrase: str, code: str) -> None:
        venue_key = self._venue_key

        def call() -> StationView:
            data = venue_key if key is None else read_bounded(key, KEY_BYTES)
            self._station.unlock(data or b"", passphrase, code)
            return self._station.info

        if key is None and venue_key is None:
            self._frame.banner.say(self._frame.look.words("station.choose_key"), "doubt")
            return
        self.locked.show_busy(True)
        self._frame.ask(call, self._unlocked, self._not_unlocked)

    def _unlocked(self, info: StationView) -> None:
        self.unlocked_here = True
        self.locked.show_busy(False)
        self.show_station(info)
        self._turn_to(self.number)

    def _not_unlocked(self, failure: Failure) -> None:
        self.locked.show_busy(False)
        wait = failure.facts.get("wait_ms")
        if isinstance(wait, int) and wait > 0:
            self.locked.show_wait(wait)
        self._frame.tell(failure)
        if failure.code == "passphrase-wrong":
            select(self.locked.passphrase)

    # Check-in

    def to_number(self) -> None:
        """Whoever sits down next types a number."""
        self.candidate = None
        self._frame.bar.show_candidate(None)
        self._turn_to(self.number)

    def _look_up(self, number: str) -> None:
        self._frame.ask(lambda: self._station.look_up(number), self._looked_up, self._again_on(self.number))

    def _looked_up(self, candidate: CandidateView) -> None:
        self.secret.show_candidate(candidate)
        self._turn_to(self.secret)

    def _check_in(self, number: str, secret: str) -> None:
        def call() -> CandidateView:
            candidate = self._station.check_in(number, secret)
            return structs.replace(candidate, position=self._position_title(candidate.position))

        self._frame.ask(call, self._checked_in, self._again_on(self.secret))

    def _again_on(self, page: "NumberPage | SecretPage") -> Callable[[Failure], None]:
        """Tell what was wrong, and let the next typing replace it."""

        def told(failure: Failure) -> None:
            self._frame.tell(failure)
            page.again()

        return told

    def _checked_in(self, candidate: CandidateView) -> None:
        self.candidate = candidate
        self.confirm.show_candidate(candidate)
        self._turn_to(self.confirm)

    def _know_kinds(self, kinds: Collection[str]) -> None:
        self.kinds = kinds

    def _agreed(self) -> None:
        # A question that cannot be read says so in the exam; for the practice it is none.
        self._frame.ask(self._station.kinds, self._know_kinds, lambda _failure: None)
        self._frame.bar.show_candidate(self.candidate)
        if self.candidate:
            enlarge_for(self.candidate, self._frame.look)
        several = self.info is not None and len(self.info.languages) > 1
        self._frame.turn_to(self.choose_language if several else self.practice)

    def _language_chosen(self, language: str) -> None:
        self._frame.look.set_language(language)
        self._frame.turn_to(self.practice)

    # Start

    def to_rules(self) -> None:
        self._turn_to(self.rules)

    def _start(self) -> None:
        language = self._exam_language()
        self.rules.show_busy(True)
        self._frame.ask(lambda: self._station.start(language), self._has_started, self._not_started)

    def _exam_language(self) -> str:
        offered, spoken = self.info.languages if self.info else (), self._frame.look.language
        return spoken if spoken in offered or not offered else offered[0]

    def _has_started(self, view: SittingView) -> None:
        self.rules.show_busy(False)
        self._frame.banner.hide()
        self._started(view)

    def _not_started(self, failure: Failure) -> None:
        self.rules.show_busy(False)
        page = {"station-not-admitted": self.admit, "sitting-begun-elsewhere": self.move}.get(failure.code)
        self._frame.turn_to(page or self.rules)
        self._frame.tell(failure)
        if page is self.move and self.candidate is not None:
            number = self.candidate.number
            self._frame.ask(lambda: self._station.copy_of(number), self._show_copy)

    # A seat that was left

    def _show_copy(self, copy: CopyView | None) -> None:
        """What the stick holds, so that a proctor can tell an older stick from the newest."""
        if copy is None:
            return
        words = self._frame.look.words
        found = words(
            "station.move_found",
            answered=copy.answered,
            left=left_text(words, copy.left_ms),
            last=copy.last_at,
            station=copy.station,
        )
        self._frame.banner.say(found, "info")

    def _move(self, key: Path, pin: str) -> None:
        candidate = self.candidate
        if candidate is not None:
            self._frame.ask(
                lambda: self._station.take_over(candidate.number, None, read_bounded(key, KEY_BYTES), pin),
                self._has_started,
                lambda failure: self.move.refuse(failure, self._frame),
            )

    def _admit(self, key: Path, pin: str) -> None:
        self._frame.ask(
            lambda: self._station.admit(read_bounded(key, KEY_BYTES), pin),
            lambda _done: self._start(),
            lambda failure: self.admit.refuse(failure, self._frame),
        )


def enlarge_for(candidate: CandidateView, look: Look) -> None:
    """Larger text for who has it as an accommodation."""
    if _MAGNIFICATION in candidate.accommodations and look.zoom < _MAGNIFIED:
        look.set_zoom(_MAGNIFIED)
