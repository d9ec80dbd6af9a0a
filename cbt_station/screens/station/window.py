"""The candidate's window: the door, the sitting, the end, and the way between them.

It asks through the one background helper and turns what comes back into a page. What happened to the sitting is in the
views alone: after a restart `begin` finds its way by the same steps.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTime
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from cbt_station.delivery.views import ScoreView, SealedView, SittingView, StationView
from cbt_station.errors import Failure, Refusal, Tampered, Trouble
from cbt_station.exam.clock import Reading
from cbt_station.screens.background import Asker
from cbt_station.screens.look import Look
from cbt_station.screens.station.desk import Desk
from cbt_station.screens.station.door import Door, enlarge_for
from cbt_station.screens.station.exam_page import ExamPage
from cbt_station.screens.station.face import StationFace
from cbt_station.screens.station.frame import KEY_BYTES, Frame
from cbt_station.screens.station.interruptions import Found, Interruptions
from cbt_station.screens.station.look_memory import KeptLook, LookMemory
from cbt_station.screens.station.page import select
from cbt_station.screens.station.practice import PracticeSitting
from cbt_station.screens.station.quiet_pages import HelpPage, ProctorPage, SealingPage
from cbt_station.screens.station.review_page import FinishPage, ReviewPage
from cbt_station.screens.station.sealed_page import SealedPage
from cbt_station.screens.station.spoken import sentence_of
from cbt_station.screens.station.top_bar import left_text
from cbt_station.storage.files import read_bounded

_WARNING_S: Final = 30


def _wall_now() -> str:
    """The time of day that the practice writes beside "saved"; no exam time is read here."""
    return QTime.currentTime().toString("HH:mm:ss")


class Window(Frame):
    """One window for the whole day; `begin` once, `let_go` at the end of the program."""

    def __init__(
        self,
        station: StationFace,
        look: Look,
        asker: Asker,
        *,
        kiosk: bool = False,
        unseen: bool = False,
        venue_key: bytes | None = None,
        key_places: tuple[Path, ...] = (),
        wall: Callable[[], str] = _wall_now,
        reading: Callable[[], Reading | None] = lambda: None,
        position_title: Callable[[str], str] = str,
        look_file: Path | None = None,
    ) -> None:
        super().__init__(look, asker)
        self._station, self._wall, self._kiosk, self._venue_key = station, wall, kiosk, venue_key
        self.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen, unseen)
        self._practising, self._ending, self._waits_to_seal = False, False, False
        self._plain = (look.tokens.name, look.zoom, look.language)
        self._told_warning: int | None = None
        self._told_alarm: str | None = None
        self._complaint = ""
        self._memory = LookMemory(look_file)
        self._kept: KeptLook | None = None
        self._back_to: QWidget | None = None
        self.desk = Desk(asker, reading)
        self.door = Door(self, station, venue_key, key_places, self._practise, self._sit, position_title)
        self._make_pages(key_places)
        self._connect()
        self._say()
        self._open()

    # Making

    def _make_pages(self, key_places: tuple[Path, ...]) -> None:
        look, door = self.look, self.door
        self.locked, self.number, self.secret, self.confirm = (
            door.locked,
            door.number,
            door.secret,
            door.confirm,
        )
        self.choose_language, self.practice, self.rules = door.choose_language, door.practice, door.rules
        self.exam = ExamPage(look, self.desk, self._leave_questions)
        self.review = ReviewPage(look, self._back_to_item, self._to_exam, self._to_finish)
        self.finish = FinishPage(look, self._finish, self._to_review)
        self.sealing = SealingPage(look, self._seal_again)
        self.sealed = SealedPage(
            look, self._show_score, self._next_candidate, key_places, has_key=self._venue_key is not None
        )
        self.help = HelpPage(look, self._help_back, self._letters, self._to_leave)
        self.leave = ProctorPage(look, "leave", self._leave_full_screen, self._help_back, key_places)
        self.interruptions = Interruptions(
            self, self._station, key_places, self._resume, self._resumed, self._not_resumed, self.desk.heard
        )
        own = (
            self.exam,
            self.review,
            self.finish,
            self.sealing,
            self.sealed,
            self.help,
            self.leave,
        )
        for page in (*door.pages, *own, *self.interruptions.pages):
            self.pages.addWidget(page)

    def _connect(self) -> None:
        self.desk.drawn.connect(self._draw)
        self.desk.refused.connect(self._refused)
        self.desk.waiting.connect(self.bar.show_waiting)
        self.desk.slow.connect(self._slow)
        self.desk.stalled.connect(self._stalled)
        self.exam.typing.connect(self._typing)
        self.bar.hand.toggled.connect(self._hand)
        self.bar.help.clicked.connect(self._to_help)
        self.look.spoken.connect(self._spoken)
        self.look.spoken.connect(self._keep_look)
        self.look.changed.connect(self._keep_look)

    def _open(self) -> None:
        self.resize(1280, 800)
        if self._kiosk:
            self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
            self.showFullScreen()
        else:
            self.show()

    # Where the station stands

    def begin(self) -> None:
        """Go on with a sitting that was cut off, or show where the station stands."""
        self.ask(lambda: self._station.info, self._informed)

    def _informed(self, info: StationView) -> None:
        self.door.show_station(info)
        if info.phase == "sealed":
            self._seal()
        elif info.phase in ("running", "paused", "ended") or info.resumable is not None:
            self.ask(self._resume, self._resumed, self._not_resumed)
        else:
            self.door.to_entrance()

    def _resume(self) -> Found:
        view = self._station.resume()
        who = view.candidate if view is not None else None
        kept = self._memory.recall(who.number) if who is not None else None
        return view, self._station.info, kept  # now the station can name the exam and its languages

    def _resumed(self, found: Found) -> None:
        view, info, self._kept = found
        self.door.show_station(info)
        if view is None:
            self.door.to_entrance()
            return
        self._look_as_before(view, info.languages)
        self._sit(view)
        if view.phase == "running":
            number = next((cell.number for cell in view.cells if cell.item == view.current), 1)
            time = left_text(self.look.words, view.left_ms)
            self.banner.say(
                self.look.words("station.resumed", number=number, time=time), "ok", seconds=_WARNING_S
            )

    def _look_as_before(self, view: SittingView, offered: tuple[str, ...]) -> None:
        """As the candidate had it; else in the language of the exam if that was a choice, larger for who is to have it."""
        if self._kept is not None:
            self.look.set_theme(self._kept.theme)
            self.look.set_zoom(self._kept.zoom)
            self.look.set_language(self._kept.language)
            return
        if len(offered) > 1:
            self.look.set_language(view.language)
        if view.candidate is not None:
            enlarge_for(view.candidate, self.look)

    def _keep_look(self) -> None:
        """Behind the answers in the one thread, and only if it changed."""
        view, look = self.desk.view, self.look
        if self._practising or view is None or view.candidate is None:
            return
        kept = KeptLook(
            number=view.candidate.number, theme=look.tokens.name, zoom=look.zoom, language=look.language
        )
        if kept != self._kept:
            self._kept = kept
            self.ask(lambda: self._memory.keep(kept), lambda _done: None)

    def _not_resumed(self, failure: Failure) -> None:
        self.desk.leave()
        if failure.code == "second-place-needed":
            self.interruptions.wait_for_stick()
        else:
            self.door.to_entrance()
        self.tell(failure)

    def _moved_away(self, failure: Failure) -> None:
        """The sitting goes on at another station; this one is free."""
        self.desk.leave()
        self.bar.show_sitting(None)
        self.bar.show_candidate(None)
        self.door.to_entrance()
        self.tell(failure)

    # The practice

    def _practise(self) -> None:
        self._practising = True
        sitting = PracticeSitting(self.look.language, self._wall)
        self.exam.panel.end_with("station.practice_end")
        self.desk.begin(sitting, sitting.view)
        self.turn_to(self.exam)
        self.banner.say(self.look.words("station.practice_banner"), "info")

    def _leave_questions(self) -> None:
        if self._practising:
            self._practising = False
            self.desk.leave()
            self.bar.show_sitting(None)
            self.door.to_rules()
        else:
            self._to_review()

    # The sitting

    def _sit(self, view: SittingView) -> None:
        self.bar.show_candidate(view.candidate or self.door.candidate)
        self._told_warning, self._told_alarm = view.warning, None
        self.exam.panel.end_with("station.to_review")
        if view.phase == "running":
            self.turn_to(self.exam)
        self.desk.begin(self._station, view)
        if (self.look.tokens.name, self.look.zoom, self.look.language) != self._plain:
            self._keep_look()

    def _typing(self) -> None:
        """What is typed is called unsaved until it is durable, wherever on the page one looks."""
        if self.desk.view is not None:
            self._draw_saved(self.desk.view)

    def _draw_saved(self, view: SittingView) -> None:
        self.bar.show_sitting(view)
        if self.exam.question.answering.is_unsaved and view.phase == "running":
            self.bar.show_unsent()

    def _draw(self, view: SittingView) -> None:
        self._draw_saved(view)
        here = self.pages.currentWidget()
        for page in (self.review, self.finish):  # what is not in sight is drawn when it comes
            if page is here:
                page.show_view(view)
        if self._practising:
            return
        if view.phase == "sealed" or (view.phase == "ended" and not self._waits_to_seal):
            self._over()
        elif not self.interruptions.cover(view) and self.interruptions.is_covering:
            self._to_exam()
        self._tell_of(view)

    def _slow(self) -> None:
        """Nobody has to guess why nothing moves."""
        if self.desk.view is not None and not self._practising:
            self._complain(Trouble("disk-stands-still"))

    def _stalled(self) -> None:
        view = self.desk.view
        if view is not None and view.phase == "running" and not (self._practising or self._ending):
            self.interruptions.stall(view)

    def _tell_of(self, view: SittingView) -> None:
        """Warnings and alarms, once each, never in the way."""
        if view.warning is not None and view.warning != self._told_warning:
            minutes = view.warning // 60_000
            key = "station.warning_alone" if self.bar.is_failing else "station.warning"
            self.banner.say(self.look.words(key, minutes=minutes), "doubt", seconds=_WARNING_S)
        self._told_warning = view.warning if view.warning is not None else self._told_warning
        if view.alarm is not None and view.alarm != self._told_alarm:
            self._complain(view.alarm)
        elif not self.bar.is_failing and view.alarm is None:
            self._complain_no_more()
        self._told_alarm = view.alarm

    def _complain(self, failure: Failure | str) -> None:
        self._complaint = sentence_of(failure, self.look.words)
        self.banner.say(self._complaint, "warn")

    def _complain_no_more(self) -> None:
        """What was complained of is over: a message that is not true any more does not stay."""
        if self._complaint and self.banner.text.text() == self._complaint:
            self.banner.hide()
        self._complaint = ""

    def _refused(self, failure: Failure) -> None:
        if failure.code == "fenced-out":
            self._moved_away(failure)
            return
        if isinstance(failure, Refusal):
            self.tell(failure)
            return
        self.bar.show_failing()
        self._told_alarm = failure.code  # the next view brings it too: it is told once
        self._complain(failure)
        if isinstance(failure, Tampered):
            self._complaint = ""  # stays until a person puts it away

    def _to_review(self) -> None:
        if self.desk.view is not None:
            self.review.show_view(self.desk.view)
        self.turn_to(self.review)

    def _to_exam(self) -> None:
        self.turn_to(self.exam)
        if self.desk.on_screen is None and self.desk.view is not None:
            self.desk.go(self.desk.view.current)

    def _back_to_item(self, item: str) -> None:
        self.turn_to(self.exam)
        self.desk.go(item)

    def _to_finish(self) -> None:
        if self.desk.view is not None:
            self.finish.show_view(self.desk.view)
        self.turn_to(self.finish)

    # The end

    def _finish(self) -> None:
        self.exam.question.answering.leave()
        self.finish.show_busy(True)
        self._over()

    def _over(self) -> None:
        if not self._ending:
            self._ending = True
            self.banner.hide()  # "5 minutes left" is over too
            self.sealing.show_trouble("")
            self.turn_to(self.sealing)
            self._seal()

    def _seal(self) -> None:
        self.ask(self._station.finish, self._is_sealed, self._not_sealed)

    def _seal_again(self) -> None:
        """A disk that failed is opened anew first: what a restart does."""

        def call() -> SealedView:
            self._station.try_again()
            return self._station.finish()

        self.ask(call, self._is_sealed, self._not_sealed)

    def _not_sealed(self, failure: Failure) -> None:
        """The answers are kept, sealing waits: say why, and offer to try again."""
        self._ending, self._waits_to_seal = False, True
        self.finish.show_busy(False)
        if failure.code == "second-place-needed":
            self._not_resumed(failure)
            return
        self.turn_to(self.sealing)
        self.sealing.show_trouble(sentence_of(failure, self.look.words))

    def _is_sealed(self, sealed: SealedView) -> None:
        self._ending, self._waits_to_seal = False, False
        self.desk.leave()
        self.banner.hide()
        self.bar.hand.setChecked(False)
        self.bar.show_sitting(None)
        self.finish.show_busy(False)
        self.sealed.show_sealed(sealed, asks_key=not self.door.unlocked_here)
        self.turn_to(self.sealed)

    def _show_score(self, code: str, key: Path | None, passphrase: str) -> None:
        held = None if self.door.unlocked_here else self._venue_key

        def call() -> ScoreView:
            venue_key = read_bounded(key, KEY_BYTES) if key is not None else held
            return self._station.score_code(code, venue_key, passphrase)

        self.ask(call, self._scored, self._not_scored)

    def _not_scored(self, failure: Failure) -> None:
        self.tell(failure)
        if failure.code == "code-wrong":
            self.sealed.code.clear()
        elif failure.code == "passphrase-wrong":
            select(self.sealed.passphrase)

    def _scored(self, score: ScoreView) -> None:
        self.banner.hide()
        self.sealed.show_score(score)

    def _next_candidate(self) -> None:
        """The seat is free: a plain look again, and the door of the session or of the station."""
        theme, zoom, language = self._plain
        self.look.set_theme(theme)
        self.look.set_zoom(zoom)
        self.look.set_language(language)
        self.door.to_number()
        if not self.door.unlocked_here:
            self.turn_to(self.locked)

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
            lambda: self._station.leave_full_screen(read_bounded(key, KEY_BYTES), pin),
            self._left_full_screen,
            lambda failure: self.leave.refuse(failure, self),
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
        view, offered = self.desk.view, self.door.info.languages if self.door.info else ()
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
        if here is self.help or here is self.leave:
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
        """The program ends: what was typed is saved, no more ticks, and the thread's last work is waited for."""
        self.exam.question.answering.leave()
        self.desk.leave()
        self.interruptions.stick_watch.stop()
        self._asker.close()
