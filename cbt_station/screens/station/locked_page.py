"""The locked station: waits for the release code of this session, venue key at hand.

Codes are typed in groups of four. After a wrong one the wait that the station demands is shown as it passes; the
station, not this page, enforces it.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer

from cbt_station.delivery.views import StationView
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, label
from cbt_station.screens.spoken import span_of
from cbt_station.screens.station.page import CodeField, Field, KeyChooser, Page, captioned


class LockedPage(Page):
    """`unlock(key file or None, passphrase, code)`: None where the key was handed in at the program's start."""

    def __init__(
        self,
        look: Look,
        unlock: Callable[[Path | None, str, str], None],
        key_places: tuple[Path, ...],
        *,
        asks_key: bool,
    ) -> None:
        super().__init__(look, "lock", "locked", most=560)
        self._unlock, self._asks_key = unlock, asks_key
        self._wait_s = 0
        self._station: StationView | None = None
        self.key_caption, self.passphrase_caption, self.code_caption = (
            label(role="strong") for _ in range(3)
        )
        self.keys = KeyChooser(look, key_places)
        self.passphrase = Field(self.try_it, secret=True)
        self.code = CodeField(self.try_it)
        self.wait = label(role="waiting")
        self.open = Button(look, "primary", "lock-open", "on_accent")
        captioned(self.card, self.key_caption, self.keys)
        self.key_caption.setVisible(asks_key)
        self.keys.setVisible(asks_key)
        captioned(self.card, self.passphrase_caption, self.passphrase)
        captioned(self.card, self.code_caption, self.code)
        self.card.addWidget(self.wait)
        self.buttons(self.open)
        self.open.clicked.connect(self.try_it)
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._second_passed)
        self.say()

    def show_station(self, station: StationView) -> None:
        self._station = station
        self.say()

    def arrive(self) -> None:
        self.keys.look_on(self._asks_key)
        self.passphrase.setFocus()

    def leave_page(self) -> None:
        """Keep no secret on a page that is not shown."""
        self.keys.look_on(False)
        self.passphrase.clear()
        self.code.clear()

    def try_it(self) -> None:
        """Ask the station; nothing while a wait runs."""
        if self.open.isEnabled():
            self._unlock(self.keys.chosen, self.passphrase.text(), self.code.text())

    def show_busy(self, busy: bool) -> None:
        self.open.setEnabled(not busy and not self._wait_s)

    def show_wait(self, wait_ms: int) -> None:
        """A wrong code: show how long until the next try."""
        self._wait_s = -(-wait_ms // 1000)
        self.code.clear()
        self._timer.start()
        self._draw_wait()

    def _second_passed(self) -> None:
        self._wait_s = max(0, self._wait_s - 1)
        if not self._wait_s:
            self._timer.stop()
        self._draw_wait()

    def _draw_wait(self) -> None:
        self.wait.setVisible(self._wait_s > 0)
        minutes, seconds = divmod(self._wait_s, 60)
        self.wait.setText(self.words("station.wait", time=f"{minutes}:{seconds:02d}"))
        self.open.setEnabled(not self._wait_s)

    def say(self) -> None:
        super().say()
        words, station = self.words, self._station
        if station:
            self.lead.setText(
                words(
                    "station.locked_lead_for", venue=station.venue, window=span_of(station.window, words.lang)
                )
            )
        self.key_caption.setText(words("station.venue_key"))
        self.passphrase_caption.setText(words("station.passphrase"))
        self.passphrase.setAccessibleName(words("station.passphrase"))
        self.code_caption.setText(words("station.code"))
        self.code.name(words)
        self.keys.say()
        self.open.name(words("station.unlock"))
        self._draw_wait()
