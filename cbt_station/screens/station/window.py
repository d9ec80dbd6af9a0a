"""The candidate's window: top bar, one banner, one page at a time; the way from page to page.

It holds the station's face, asks through the one background helper, and turns what comes back into a page. Failures
become words in the banner with what to do next; nothing is ever modal. What happened to the sitting is in the views
alone: after a restart `begin` finds its way by the same steps.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

from PySide6.QtCore import QEvent, Qt, QTime
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from cbt_station.delivery.views import CandidateView, ScoreView, SealedView, SittingView, StationView
from cbt_station.errors import Failure, Refusal
from cbt_station.screens.background import Asker
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Banner
from cbt_station.screens.station.before_pages import LanguagePage, PracticePage, RulesPage
from cbt_station.screens.station.check_in_page import ConfirmPage, NumberPage, SecretPage
from cbt_station.screens.station.desk import Desk
from cbt_station.screens.station.exam_page import ExamPage
from cbt_station.screens.station.face import StationFace
from cbt_station.screens.station.locked_page import LockedPage
from cbt_station.screens.station.page import Page
from cbt_station.screens.station.practice import PracticeSitting
from cbt_station.screens.station.quiet_pages import HelpPage, LeavePage, PausedPage, SealingPage
from cbt_station.screens.station.review_page import FinishPage, ReviewPage
from cbt_station.screens.station.sealed_page import SealedPage
from cbt_station.screens.station.spoken import sentence_of
from cbt_station.screens.station.top_bar import TopBar, left_text
from cbt_station.storage.files import read_bounded

T = TypeVar("T")
_KEY_BYTES: Final = 64 * 1024
_WARNING_S: Final = 30


def _wall_now() -> str:
    """The time of day that the practice writes beside "saved"; no exam time is read here."""
    return QTime.currentTime().toString("HH:mm:ss")


class Window(QWidget):
    """One window for the whole day; `begin` once, `let_go` at the end of the program."""

    def __init__(
        self,
        station: StationFace,
        look: Look,
        asker: Asker,
        *,
        score_with: Callable[..., Any] | None = None,
        kiosk: bool = False,
        venue_key: bytes | None = None,
        key_places: tuple[Path, ...] = (),
        wall: Callable[[], str] = _wall_now,
    ) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.look, self._station, self._asker, self._wall = look, station, asker, wall
        self._score_with, self._kiosk, self._venue_key = score_with, kiosk, venue_key
        self._info: StationView | None = None
        self._candidate: CandidateView | None = None
        self._number = ""
        self._practising, self._ending = False, False
        self._told_warning: int | None = None
        self._told_alarm: str | None = None
        self._back_to: QWidget | None = None
        self.desk = Desk(asker)
        self._make_pages(key_places)
        self._lay_out()
        self._connect()
        self._say()
        self._open()

    # Making

    def _make_pages(self, key_places: tuple[Path, ...]) -> None:
        look = self.look
        self.bar, self.banner = TopBar(look), Banner(look)
        self.locked = LockedPage(look, self._unlock, key_places, asks_key=self._venue_key is None)
        self.number = NumberPage(look, self._look_up)
        self.secret = SecretPage(look, self._check_in, self._to_number)
        self.confirm = ConfirmPage(look, self._agreed, self._to_number)
        self.choose_language = LanguagePage(look, self._language_chosen)
        self.practice = PracticePage(look, self._practise, self._to_rules)
        self.rules = RulesPage(look, self._start, self._practise)
        self.exam = ExamPage(look, self.desk, self._leave_questions)
        self.review = ReviewPage(look, self._back_to_item, self._to_exam, self._to_finish)
        self.finish = FinishPage(look, self._finish, self._to_review)
        self.paused, self.sealing = PausedPage(look), SealingPage(look, self._seal)
        self.sealed = SealedPage(look, self._show_score)
        self.help = HelpPage(look, self._help_back, self._letters, self._to_leave)
        self.leave = LeavePage(look, self._leave_full_screen, self._help_back, key_places)

    def _lay_out(self) -> None:
        self.pages = QStackedWidget()
        for page in (
            self.locked, self.number, self.secret, self.confirm, self.choose_language, self.practice, self.rules,
            self.exam, self.review, self.finish, self.paused, self.sealing, self.sealed, self.help, self.leave,
        ):  # fmt: skip
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        self._banner_place = QWidget()
        place = QVBoxLayout(self._banner_place)
        place.setContentsMargins(12, 8, 12, 4)
        place.addWidget(self.banner)
        column.addWidget(self._banner_place)
        column.addWidget(self.pages, 1)
        self._banner_place.hide()
        self.banner.installEventFilter(self)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """The banner's place is there only while the banner is."""
        if watched is self.banner and event.type() in (QEvent.Type.HideToParent, QEvent.Type.ShowToParent):
            self._banner_place.setVisible(event.type() == QEvent.Type.ShowToParent)
        return False

    def _connect(self) -> None:
        self.desk.drawn.connect(self._draw)
        self.desk.refused.connect(self._refused)
        self.desk.waiting.connect(self.bar.show_waiting)
        self.bar.hand.toggled.connect(self._hand)
        self.bar.help.clicked.connect(self._to_help)
        self.look.spoken.connect(self._spoken)

    def _open(self) -> None:
        self.resize(1280, 800)
        if self._kiosk:
            self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
            self.showFullScreen()
        else:
            self.show()

    # Asking

    def ask(
        self,
        call: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[Failure], None] | None = None,
    ) -> None:
        """Ask the station something that may touch a disk."""
        self._asker.ask(call, then, failed or self.tell)

    def tell(self, failure: Failure) -> None:
        """A failure in words: what happened and what to do next."""
        self.banner.say(
            sentence_of(failure, self.look.words), "doubt" if isinstance(failure, Refusal) else "warn"
        )

    def turn_to(self, page: QWidget) -> None:
        """Another page; secrets that were typed do not stay on the one that goes."""
        before = self.pages.currentWidget()
        if before is page:
            return
        if isinstance(before, LockedPage | SecretPage | LeavePage):
            before.leave_page()
        self.pages.setCurrentWidget(page)
        if isinstance(page, Page):
            page.arrive()

    # The way in: where the station stands, release, check-in, practice, rules, start

    def begin(self) -> None:
        """Go on with a sitting that was cut off, or show where the station stands."""
        self.ask(lambda: self._station.info, self._informed)

    def _informed(self, info: StationView) -> None:
        self._info = info
        self.bar.show_station(info)
        self.locked.show_station(info)
        self.choose_language.show_languages(info.languages)
        if info.phase == "sealed":
            self._seal()
        elif info.phase in ("running", "paused", "ended") or info.resumable is not None:
            self.ask(self._station.resume, self._resumed, self._not_resumed)
        else:
            self._to_entrance()

    def _resumed(self, view: SittingView | None) -> None:
        if view is None:
            self._to_entrance()
            return
        if view.language != self.look.language:
            self.look.set_language(view.language)
        self._sit(view)
        if view.phase == "running":
            number = next((cell.number for cell in view.cells if cell.item == view.current), 1)
            time = left_text(self.look.words, view.left_ms)
            self.banner.say(
                self.look.words("station.resumed", number=number, time=time), "ok", seconds=_WARNING_S
            )

    def _not_resumed(self, failure: Failure) -> None:
        self._to_entrance()
        self.tell(failure)

    def _to_entrance(self) -> None:
        self.turn_to(self.locked if self._info is None or self._info.phase == "locked" else self.number)

    def _unlock(self, key: Path | None, passphrase: str, code: str) -> None:
        venue_key = self._venue_key

        def call() -> StationView:
            data = venue_key if key is None else read_bounded(key, _KEY_BYTES)
            self._station.unlock(data or b"", passphrase, code)
            return self._station.info

        if key is None and venue_key is None:
            self.banner.say(self.look.words("station.choose_key"), "doubt")
            return
        self.locked.show_busy(True)

        self.ask(call, self._unlocked, self._not_unlocked)

    def _unlocked(self, info: StationView) -> None:
        self.locked.show_busy(False)
        self.banner.hide()
        self._informed(info)

    def _not_unlocked(self, failure: Failure) -> None:
        self.locked.show_busy(False)
        wait = failure.facts.get("wait_ms")
        if isinstance(wait, int) and wait > 0:
            self.locked.show_wait(wait)
        self.tell(failure)

    def _to_number(self) -> None:
        self.banner.hide()
        self.turn_to(self.number)

    def _look_up(self, number: str) -> None:
        self.ask(lambda: self._station.look_up(number), self._looked_up)

    def _looked_up(self, candidate: CandidateView) -> None:
        self.banner.hide()
        self._number = candidate.number
        self.secret.show_candidate(candidate)
        self.turn_to(self.secret)

    def _check_in(self, secret: str) -> None:
        number = self._number
        self.ask(lambda: self._station.check_in(number, secret), self._checked_in)

    def _checked_in(self, candidate: CandidateView) -> None:
        self.banner.hide()
        self._candidate = candidate
        self.confirm.show_candidate(candidate)
        self.turn_to(self.confirm)

    def _agreed(self) -> None:
        self.bar.show_candidate(self._candidate)
        several = self._info is not None and len(self._info.languages) > 1
        self.turn_to(self.choose_language if several else self.practice)

    def _language_chosen(self, language: str) -> None:
        self.look.set_language(language)
        self.turn_to(self.practice)

    def _practise(self) -> None:
        self._practising = True
        sitting = PracticeSitting(self.look.language, self._wall)
        self.exam.panel.end_with("station.practice_end")
        self.desk.begin(sitting, sitting.view)
        self.turn_to(self.exam)
        self.banner.say(self.look.words("station.practice_banner"), "info")

    def _to_rules(self) -> None:
        if self._practising:
            self._practising = False
            self.desk.leave()
            self.bar.show_sitting(None)
        self.banner.hide()
        self.turn_to(self.rules)

    def _start(self) -> None:
        self.rules.show_busy(True)
        language = self._exam_language()
        self.ask(lambda: self._station.start(language), self._started, self._not_started)

    def _exam_language(self) -> str:
        offered = self._info.languages if self._info else ()
        return self.look.language if self.look.language in offered or not offered else offered[0]

    def _started(self, view: SittingView) -> None:
        self.rules.show_busy(False)
        self.banner.hide()
        self._sit(view)

    def _not_started(self, failure: Failure) -> None:
        self.rules.show_busy(False)
        self.tell(failure)

    # The sitting

    def _sit(self, view: SittingView) -> None:
        self._candidate = view.candidate or self._candidate
        self.bar.show_candidate(self._candidate)
        self._told_warning, self._told_alarm = view.warning, None
        self.exam.panel.end_with("station.to_review")
        if view.phase == "running":
            self.turn_to(self.exam)
        self.desk.begin(self._station, view)

    def _draw(self, view: SittingView) -> None:
        self.bar.show_sitting(view)
        self.review.show_view(view)
        self.finish.show_view(view)
        self.paused.show_view(view)
        if self._practising:
            return
        if view.phase == "paused":
            self.turn_to(self.paused)
        elif view.phase in ("ended", "sealed"):
            self._over()
        elif self.pages.currentWidget() is self.paused:
            self._to_exam()
        self._tell_of(view)

    def _tell_of(self, view: SittingView) -> None:
        """Warnings and alarms, once each, never in the way."""
        if view.warning is not None and view.warning != self._told_warning:
            minutes = view.warning // 60_000
            self.banner.say(self.look.words("station.warning", minutes=minutes), "doubt", seconds=_WARNING_S)
        self._told_warning = view.warning if view.warning is not None else self._told_warning
        if view.alarm is not None and view.alarm != self._told_alarm:
            self.banner.say(sentence_of(view.alarm, self.look.words), "warn")
        self._told_alarm = view.alarm

    def _refused(self, failure: Failure) -> None:
        if not isinstance(failure, Refusal):
            self.bar.show_failing()
        self.tell(failure)

    def _leave_questions(self) -> None:
        self._to_rules() if self._practising else self._to_review()

    def _to_review(self) -> None:
        self.turn_to(self.review)

    def _to_exam(self) -> None:
        self.turn_to(self.exam)
        if self.desk.on_screen is None and self.desk.view is not None:
            self.desk.go(self.desk.view.current)

    def _back_to_item(self, item: str) -> None:
        self.turn_to(self.exam)
        self.desk.go(item)

    def _to_finish(self) -> None:
        self.turn_to(self.finish)

    # The end

    def _finish(self) -> None:
        self.finish.show_busy(True)
        self._over()

    def _over(self) -> None:
        if not self._ending:
            self._ending = True
            self.sealing.show_trouble("")
            self.turn_to(self.sealing)
            self._seal()

    def _seal(self) -> None:
        self.ask(self._station.finish, self._is_sealed, self._not_sealed)

    def _not_sealed(self, failure: Failure) -> None:
        """The answers are kept, sealing waits: say why, and offer to try again."""
        self._ending = False
        self.finish.show_busy(False)
        self.turn_to(self.sealing)
        self.sealing.show_trouble(sentence_of(failure, self.look.words))

    def _is_sealed(self, sealed: SealedView) -> None:
        self.desk.leave()
        self.banner.hide()
        self.bar.show_sitting(None)
        self.sealed.show_sealed(sealed)
        self.turn_to(self.sealed)

    def _show_score(self, code: str) -> None:
        self.ask(lambda: self._scored(code), self.sealed.show_score)

    def _scored(self, code: str) -> ScoreView:
        return self._station.score_code(code)

    # Help, hand, full screen, words

    def _to_help(self) -> None:
        here = self.pages.currentWidget()
        if here is self.help:
            self._help_back()
        elif here is not self.leave:
            self._back_to = here
            self.help.leave.setVisible(self.isFullScreen())
            self.turn_to(self.help)

    def _help_back(self) -> None:
        self.turn_to(self._back_to or self.locked)

    def _letters(self, on: bool) -> None:
        self.exam.letters_on = on

    def _to_leave(self) -> None:
        self.turn_to(self.leave)

    def _leave_full_screen(self, key: Path, pin: str) -> None:
        self.ask(
            lambda: self._station.leave_full_screen(read_bounded(key, _KEY_BYTES), pin),
            self._left_full_screen,
        )

    def _left_full_screen(self, _done: object) -> None:
        self._kiosk = False
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint, False)
        self.showNormal()
        self._help_back()

    def _hand(self, up: bool) -> None:
        if up:
            self.banner.say(self.look.words("station.hand_is_up"), "doubt")
        else:
            self.banner.hide()

    def _spoken(self) -> None:
        self._say()
        view, offered = self.desk.view, self._info.languages if self._info else ()
        language = self.look.language
        if view is not None and view.language != language and (self._practising or language in offered):
            self.desk.set_language(language)

    def _say(self) -> None:
        self.setWindowTitle(self.look.words("station.window_title"))
        self.banner.away.name(self.look.words("station.put_away"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        acts: dict[tuple[bool, int], Callable[[], None]] = {
            (True, Qt.Key.Key_Plus): self.look.larger,
            (True, Qt.Key.Key_Equal): self.look.larger,
            (True, Qt.Key.Key_Minus): self.look.smaller,
            (True, Qt.Key.Key_0): lambda: self.look.set_zoom(100),
            (True, Qt.Key.Key_T): self.look.next_theme,
            (False, Qt.Key.Key_F1): self._to_help,
            (False, Qt.Key.Key_Escape): self._escape,
        }
        act = acts.get((control, event.key()))
        if act is not None and not event.isAutoRepeat():
            act()

    def _escape(self) -> None:
        here = self.pages.currentWidget()
        if here in (self.help, self.leave):
            self._help_back()
        elif self.banner.isVisible():
            self.banner.hide()

    def closeEvent(self, event: QCloseEvent) -> None:
        """In the kiosk the window stays until a proctor has left full screen."""
        if self._kiosk:
            event.ignore()
        else:
            self.let_go()
            event.accept()

    def let_go(self) -> None:
        """The program ends: no more ticks, and the thread's last work is waited for."""
        self.desk.leave()
        self._asker.close()
