"""A recording in a question: what it is, a button to play and to stop it, and how often it may still be played, in words.

A play counts from its beginning, also when it is stopped then: it sounds when the sitting has it written down, on a device
that runs by then. Without a device, or with a broken file, nothing is counted and the exam goes on. While its page is hidden
(a pause, the help) it waits, and goes on from there.
"""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cbt_station.errors import Failure
from cbt_station.exam.content import Audio
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, announce, label
from cbt_station.screens.rich.plays import Plays
from cbt_station.screens.rich.sound import Opener, Opening, Sound

_TICK_MS = 100


class Recording(QFrame):
    """One recording; `data` its file, `opener` what makes it sound."""

    def __init__(
        self,
        look: Look,
        audio: Audio,
        data: bytes,
        plays: Plays,
        opener: Opener,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._look, self._audio, self.data, self.plays, self._opener = look, audio, data, plays, opener
        self._opening: Opening | None = None
        self._sound: Sound | None = None
        self._sounding = self._is_asked = False
        self._why: Failure | None = None
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._look_at_it)
        self.button = Button(look, "", "circle-play")
        self.title, self.state = label(role="strong"), label(role="small")
        self.button.clicked.connect(self._pressed)
        self._lay_out()
        look.changed.connect(self._space)
        look.spoken.connect(self._say)
        plays.changed.connect(self._say)
        self.destroyed.connect(lambda: self._silence())  # noqa: PLW0108 - a bound method is cut off with its widget
        self._say()

    def _lay_out(self) -> None:
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        text = QVBoxLayout()
        text.setSpacing(0)
        text.addWidget(self.title)
        text.addWidget(self.state)
        self._row.addLayout(text, 1)
        self._space()

    def show_audio(self, audio: Audio) -> None:
        """The same recording, named in another language."""
        self._audio = audio
        self._say()

    def parts_to_focus(self) -> list[QWidget]:
        return [self.button]

    @property
    def left(self) -> int | None:
        """How often it may still be begun; None for any number."""
        return (
            max(0, self._audio.plays - self.plays.counted(self._audio.media)) if self._audio.plays else None
        )

    # Playing

    def _pressed(self) -> None:
        if self._sound is not None or self._opening is not None:
            self.stop()
        elif self.left != 0:
            self._why = None
            self._opening = Opening(self._opener, self.data)
            self._timer.start()
        self._say()

    def _look_at_it(self) -> None:
        opened = self._opening.result if self._opening is not None else None
        if opened is not None:
            self._opening = None
            if isinstance(opened, Failure):
                self._failed(opened)
            else:
                self._opened(opened)
        elif self._sound is not None and self._sound.is_over:
            self.stop()
            announce(self, self.state.text())
        self._say()

    def _failed(self, failure: Failure) -> None:
        self._timer.stop()
        self._why = failure
        self._say()
        announce(self, self.state.text(), urgent=True)

    def _opened(self, sound: Sound) -> None:
        self._sound = sound
        if self.isVisible():
            self._start()

    def _start(self) -> None:
        """From where it stands; the first time is asked for."""
        if self._sound is None or self._sounding:
            return
        try:
            self._sound.start()
        except Failure as failure:
            self._silence()
            self._failed(failure)
            return
        self._sounding = True
        if not self._is_asked:
            self._is_asked = True
            self._ask(self._sound)

    def _ask(self, sound: Sound) -> None:
        """What comes back when the recording was stopped, or its question left, is of nobody any more."""

        def granted() -> None:
            if sound is self._sound:
                sound.let_sound()
                self._say()

        def refused(failure: Failure) -> None:
            if sound is self._sound:
                self._silence()
                self._failed(failure)

        self.plays.begin(self._audio.media, sound.length_ms, granted, refused)

    def stop(self) -> None:
        """Silence, from now on."""
        self._timer.stop()
        self._silence()
        self._say()

    def _silence(self) -> None:
        if self._opening is not None:
            self._opening.forget()
        if self._sound is not None:
            self._sound.close()
        self._opening, self._sound, self._sounding, self._is_asked = None, None, False, False

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._sound is not None and self._sounding:
            self._sound.pause()
            self._sounding = False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._start()

    # Words

    def _say(self) -> None:
        words, busy = self._look.words, self._sound is not None or self._opening is not None
        self.title.setText(self._audio.alt)
        key = "station.stop_recording" if busy else "station.play_recording"
        self.button.show_icon("square" if busy else "circle-play")
        self.button.name(words(key), spoken=f"{words(key)}: {self._audio.alt}. {self._left_in_words()}")
        self.button.setEnabled(busy or self.left != 0)
        state = self._state()
        if state != self.state.text():
            self.state.setText(state)
            self.setAccessibleName(f"{self._audio.alt}. {state}")

    def _state(self) -> str:
        words = self._look.words
        if self._why is not None:
            return words(f"error.{self._why.code}", where=self._why.where, **self._why.facts)
        if self._sound is not None:
            at, length = self._sound.position_ms, self._sound.length_ms
            return (
                words("station.recording_plays", at=_clock(at), length=_clock(length))
                + " "
                + self._left_in_words()
            )
        return self._left_in_words()

    def _left_in_words(self) -> str:
        words, left = self._look.words, self.left
        if left is None:
            return words("station.recording_any")
        key = "station.recording_left" if left else "station.recording_none"
        return words(key, left=left, most=self._audio.plays)

    def _space(self) -> None:
        pad = self._look.px(12)
        self._row.setContentsMargins(pad, pad, pad, pad)
        self._row.setSpacing(pad)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(80), self._look.px(48))


def _clock(ms: int) -> str:
    return f"{ms // 60_000}:{ms // 1000 % 60:02d}"
