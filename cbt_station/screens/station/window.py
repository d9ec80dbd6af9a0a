"""The candidate's window: the door, the sitting, the end, and the way between them.

It asks through the one background helper and turns what comes back into a page. What happened to the sitting is in the
views alone: after a restart `begin` finds its way by the same steps.
"""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTime
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from cbt_station.delivery.views import SittingView, StationView
from cbt_station.errors import Failure, Refusal, Tampered, Trouble
from cbt_station.exam.clock import Reading
from cbt_station.screens.background import Asker
from cbt_station.screens.look import Look
from cbt_station.screens.spoken import sentence_of
from cbt_station.screens.station.desk import Desk
from cbt_station.screens.station.door import Door, enlarge_for
from cbt_station.screens.station.ending import Ending
from cbt_station.screens.station.face import StationFace
from cbt_station.screens.station.frame import KEY_BYTES, Frame
from cbt_station.screens.station.interruptions import WAITS_FOR_STICK, Found, Interruptions
from cbt_station.screens.station.look_memory import KeptLook, LookMemory
from cbt_station.screens.station.practice import PracticeSitting
from cbt_station.screens.station.quiet_pages import HelpPage, ProctorPage, SealingPage
from cbt_station.screens.station.top_bar import left_text
from cbt_station.storage.files import read_bounded

if TYPE_CHECKING:
    from cbt_station.screens.station.before_pages import LanguagePage, PracticePage, RulesPage
    from cbt_station.screens.station.check_in_page import ConfirmPage, NumberPage, SecretPage
    from cbt_station.screens.station.exam_page import ExamPage
    from cbt_station.screens.station.locked_page import LockedPage
    from cbt_station.screens.station.review_page import FinishPage, ReviewPage
    from cbt_station.screens.station.sealed_page import SealedPage

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
        self._practising = False
        self._plain = (look.tokens.name, look.zoom, look.language)
        self._told_warning: int | None = None
        self._told_alarm: str | None = None
        self._complaint = ""
        self._memory, self._key_places = LookMemory(look_file), key_places
        self._kept: KeptLook | None = None
        self._back_to: QWidget | None = None
        self.desk = Desk(asker, reading)
        self.door = Door(self, station, venue_key, key_places, self._practise, self._sit, position_title)
        self.ending = Ending(
            self,
            station,
            self.desk,
            self.door,
            key_places,
            venue_key,
            leave_question=self._leave_question,
            back=self._to_review,
            free=self._next_candidate,
            not_resumed=self._not_resumed,
        )
        self.interruptions = Interruptions(
            self, station, key_places, self._resume, self._resumed, self._not_resumed, self.desk.heard
        )
        self._connect()
        self._say()
        self._open()

    # The pages: each is made when it is first turned to, so that nobody waits for one that is not needed yet.

    @cached_property
    def exam(self) -> "ExamPage":
        from cbt_station.screens.station.exam_page import ExamPage

        page = ExamPage(self.look, self.desk, self._leave_questions)
        page.typing.connect(self._typing)
        # After the page's own: the tick that is waited for is drawn first.
        self.desk.drawn.connect(self._draw)
        self.desk.refused.connect(self._refused)
        return self.add(page)

    @cached_property
    def review(self) -> "ReviewPage":
        from cbt_station.screens.station.review_page import ReviewPage

        return self.add(ReviewPage(self.look, self._back_to_item, self._to_exam, self.ending.to_finish))

    @cached_property
    def help(self) -> HelpPage:
        return self.add(HelpPage(self.look, self._help_back, self._letters, self._to_leave))

    @cached_property
    def leave(self) -> ProctorPage:
        return self.add(
            ProctorPage(self.look, "leave", self._leave_full_screen, self._help_back, self._key_places)
        )

    @property
    def finish(self) -> "FinishPage":
        return self.ending.finish

    @property
    def sealing(self) -> "SealingPage":
        return self.ending.sealing

    @property
    def sealed(self) -> "SealedPage":
        return self.ending.sealed

    @property
    def locked(self) -> "LockedPage":
        return self.door.locked

    @property
    def number(self) -> "NumberPage":
        return self.door.number

    @property
    def secret(self) -> "SecretPage":
        return self.door.secret

    @property
    def confirm(self) -> "ConfirmPage":
        return self.door.confirm

    @property
    def choose_language(self) -> "LanguagePage":
        return self.door.choose_language

    @property
    def practice(self) -> "PracticePage":
        return self.door.practice

    @property
    def rules(self) -> "RulesPage":
        return self.door.rules

    def _is_made(self, name: str) -> bool:
        return name in self.__dict__

    # Making

    def _connect(self) -> None:
        self.desk.waiting.connect(self.bar.show_waiting)
        self.desk.slow.connect(self._slow)
        self.desk.stalled.connect(self._stalled)
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
            self.ending.seal()
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
        if failure.code in WAITS_FOR_STICK:
            self.interruptions.wait_for_stick(failure.code)
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
        sitting = PracticeSitting(self.look.language, self._wall, self.door.kinds)
        self.exam.panel.end_with("station.practice_end")
        self.desk.begin(sitting, sitting.view)
        self.turn_to(self.exam)
        self.banner.say(self.look.words("station.practice_banner"), "info")

    def _leave_question(self) -> None:
        """What is typed is sent now."""
        if self._is_made("exam"):
            self.exam.question.answering.leave()

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
        if self._is_made("review") and self.pages.currentWidget() is self.review:
            self.review.show_view(view)  # what is not in sight is drawn when it comes
        self.ending.draw(view)
        if self._practising:
            return
        if self.ending.has_come(view):
            self.ending.over()
        elif (
            not self.interruptions.cover(view, spare=self.__dict__.get("leave"))
            and self.interruptions.is_covering
        ):
            self._to_exam()
        self._tell_of(view)

    def _slow(self) -> None:
        """Nobody has to guess why nothing moves."""
        if self.desk.view is not None and not self._practising:
            self._complain(Trouble("disk-stands-still"))

    def _stalled(self) -> None:
        view = self.desk.view
        if view is not None and view.phase == "running" and not (self._practising or self.ending.is_sealing):
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
        """To where one came from; or to what covers that meanwhile."""
        view = self.desk.view
        if view is None or self._practising or not self.interruptions.cover(view):
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
        self._leave_question()
        self.desk.leave()
        self.interruptions.stick_watch.stop()
        self._asker.close()
