"""Pages on which nothing can be lost: a pause, the end by the clock while sealing waits, help, a proctor's way out.

Each says what is safe, why one is here, and how it ends. None of them stops what the station does.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QGridLayout

from cbt_station.delivery.views import SittingView
from cbt_station.errors import Failure
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, TickBox, announce, label
from cbt_station.screens.station.page import Field, KeyChooser, Page, captioned
from cbt_station.screens.station.top_bar import left_text

if TYPE_CHECKING:
    from cbt_station.screens.station.frame import Frame

KEYS: Final = (
    ("A – E", "keys_answer"),
    ("↑ ↓", "keys_options"),
    ("← →", "keys_questions"),
    ("Enter", "keys_next"),
    ("Space", "keys_take"),
    ("Esc", "keys_lay_back"),
    ("F", "keys_doubtful"),
    ("F2", "keys_palette"),
    ("Ctrl +  Ctrl −", "keys_zoom"),
    ("Ctrl T", "keys_theme"),
    ("F1", "keys_help"),
)


class PausedPage(Page):
    """A proctor paused this sitting: questions are covered, the time stands still. `resume()` for a proctor who is here."""

    def __init__(self, look: Look, resume: Callable[[], None]) -> None:
        super().__init__(look, "circle-pause", "paused", most=560)
        self._view: SittingView | None = None
        self.reason, self.left = label(role="strong"), label()
        self.card.addWidget(self.reason)
        self.card.addWidget(self.left)
        self.resume = Button(look, picture="shield-check")
        self.resume.clicked.connect(resume)
        self.buttons(self.resume)
        self.say()

    def show_view(self, view: SittingView) -> None:
        self._view = view
        self.say()

    def say(self) -> None:
        super().say()
        view = self._view
        if view is not None:
            because = view.paused_because
            self.reason.setText(self.words("station.paused_because", reason=because) if because else "")
            self.reason.setVisible(bool(because))
            self.left.setText(self.words("station.paused_left", time=left_text(self.words, view.left_ms)))
        self.resume.name(self.words("station.paused_resume"))


class StoppedPage(Page):
    """Nothing can be written any more: questions are covered, the time stands still. `again()` tries what a restart does."""

    def __init__(self, look: Look, again: Callable[[], None]) -> None:
        super().__init__(look, "circle-alert", "stopped", colour="warn", most=560)
        self._view: SittingView | None = None
        self._waits = False
        self.left = label(role="strong")
        self.card.addWidget(self.left)
        self.again = Button(look, "primary")
        self.again.clicked.connect(again)
        self.buttons(self.again)
        self.say()

    def show_view(self, view: SittingView, *, waits: bool) -> None:
        """`waits`: the disk may still answer, and there is nothing to try."""
        self._view, self._waits = view, waits
        self.again.setVisible(not waits)
        self.say()

    def show_busy(self, busy: bool) -> None:
        self.again.setEnabled(not busy)

    def say(self) -> None:
        super().say()
        if self._waits:
            self.lead.setText(self.words("station.stalled_lead"))
        if self._view is not None:
            left = left_text(self.words, self._view.left_ms)
            self.left.setText(self.words("station.paused_left", time=left))
        self.again.name(self.words("station.stopped_do"))


class SealingPage(Page):
    """The sitting has ended; the answers are safe and are being sealed. `again()` where sealing has to wait."""

    def __init__(self, look: Look, again: Callable[[], None]) -> None:
        super().__init__(look, "hourglass", "sealing", most=560)
        self.trouble = label(role="strong")
        self.again = Button(look, "primary")
        self.again.clicked.connect(again)
        self.card.addWidget(self.trouble)
        self.buttons(self.again)
        self.show_trouble("")

    def show_trouble(self, text: str) -> None:
        self.trouble.setText(text)
        self.say()
        self.frame.setVisible(bool(text))
        self.again.setVisible(bool(text))

    def say(self) -> None:
        super().say()
        if self.trouble.text():
            self.lead.setText(self.words("station.sealing_waits"))
        self.again.name(self.words("station.seal_again"))


class HelpPage(Page):
    """Keys and what the signs mean. `back()`; `letters(on)`; `leave_full_screen()` for a proctor."""

    def __init__(
        self, look: Look, back: Callable[[], None], letters: Callable[[bool], None], leave: Callable[[], None]
    ) -> None:
        super().__init__(look, "circle-question-mark", "help", most=640)
        self.keys = [(label(key, "strong", wrap=False), label()) for key, _ in KEYS]
        grid = QGridLayout()
        for place, (key, meaning) in enumerate(self.keys):
            grid.addWidget(key, place, 0)
            grid.addWidget(meaning, place, 1)
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(20)
        self.card.addLayout(grid)
        self.letters = TickBox(look)
        self.letters.setChecked(True)
        self.letters.toggled.connect(letters)
        self.card.addWidget(self.letters)
        self.leave, self.back = Button(look, picture="log-out"), Button(look, "primary")
        self.leave.clicked.connect(leave)
        self.back.clicked.connect(back)
        self.buttons(self.leave, self.back)
        self.say()

    def arrive(self) -> None:
        self.back.setFocus()

    def say(self) -> None:
        super().say()
        for (_, meaning), (_, key) in zip(self.keys, KEYS, strict=True):
            meaning.setText(self.words(f"station.{key}"))
        self.letters.setText(self.words("station.letters_on"))
        self.letters.setAccessibleName(self.words("station.letters_on"))
        self.leave.name(self.words("station.leave_do"))
        self.back.name(self.words("station.help_back"))


class ProctorPage(Page):
    """An act that needs a proctor: key from a stick and its PIN. `do(key file, pin)` or `back()`.

    `key` names the act: "leave" (full screen), "admit" (this station to the session), "resume" (a pause) …
    """

    def __init__(
        self,
        look: Look,
        key: str,
        do: Callable[[Path, str], None],
        back: Callable[[], None],
        key_places: tuple[Path, ...],
    ) -> None:
        super().__init__(look, "log-out" if key == "leave" else "shield-check", key, most=560)
        self._do = do
        self.key_caption, self.pin_caption = label(role="strong"), label(role="strong")
        self.keys, self.missing = KeyChooser(look, key_places), label(role="waiting")
        self.missing.hide()
        self.pin = Field(self._go, secret=True)
        captioned(self.card, self.key_caption, self.keys)
        self.card.addWidget(self.missing)
        captioned(self.card, self.pin_caption, self.pin)
        self.back, self.go = (
            Button(look, picture="chevron-left"),
            Button(look, "primary", "key-round", "on_accent"),
        )
        self.back.clicked.connect(back)
        self.go.clicked.connect(self._go)
        self.buttons(self.back, self.go)
        self.say()

    def arrive(self) -> None:
        self.keys.look_on(True)
        self.pin.setFocus()

    def leave_page(self) -> None:
        """Keep no secret on a page that is not shown."""
        self.keys.look_on(False)
        self.pin.clear()

    def refuse(self, failure: Failure, frame: "Frame") -> None:
        """Tell why not; a wrong passphrase is called the PIN that it is here, and is typed anew."""
        if failure.code == "passphrase-wrong":
            frame.banner.say(self.words("station.pin_wrong"), "no")
        else:
            frame.tell(failure)
        self.pin.clear()
        self.pin.setFocus()

    def _go(self) -> None:
        self.missing.setVisible(self.keys.chosen is None)
        if self.keys.chosen is None:
            announce(self, self.missing.text())
        elif self.pin.text():
            self._do(self.keys.chosen, self.pin.text())

    def say(self) -> None:
        super().say()
        self.key_caption.setText(self.words("station.proctor_key"))
        self.pin_caption.setText(self.words("station.proctor_pin"))
        self.pin.setAccessibleName(self.words("station.proctor_pin"))
        self.missing.setText(self.words("station.choose_key"))
        self.keys.say()
        self.back.name(self.words("station.help_back"))
        self.go.name(self.words(f"station.{self.key}_do"))
