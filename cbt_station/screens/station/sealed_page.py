"""The end: the slip's code and QR that the candidate takes home, and the score where the exam shows it.

The QR holds exactly `qr_payload`; it is drawn black on white in every theme, because it is for cameras. The seat goes to
the next candidate only after a tick that the code was noted, and a button at another place.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout

from cbt_station.delivery.views import ScoreLine, ScoreView, SealedView
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, TickBox, label
from cbt_station.screens.station.page import CodeField, Field, KeyChooser, Page, captioned
from cbt_station.words import in_language

_QUIET: Final = 4
_LEAST_STEP: Final = 4
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop


class QrView(QLabel):
    """A QR code, as large as its place allows; a picture with a name for a screen reader."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._side = 0
        self._runs: tuple[tuple[int, int, int], ...] = ()
        look.changed.connect(self.updateGeometry)

    def show_payload(self, payload: str) -> None:
        from cbt_station.paper.qr import modules

        self._side, self._runs = modules(payload.encode("ascii", "replace"))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        side = max(self._look.px(220), self.minimumSizeHint().width())
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        side = _LEAST_STEP * (self._side + 2 * _QUIET)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        count = self._side + 2 * _QUIET
        step = max(1, min(self.width(), self.height()) // count)
        left, top = (self.width() - step * count) // 2, (self.height() - step * count) // 2
        painter = QPainter(self)
        painter.fillRect(QRect(left, top, step * count, step * count), QColor("#FFFFFF"))
        for row, first, length in self._runs:
            at = QRect(left + (first + _QUIET) * step, top + (row + _QUIET) * step, length * step, step)
            painter.fillRect(at, QColor("#000000"))
        painter.end()


class SealedPage(Page):
    """Draws a `SealedView`; `score_code(code, key file, passphrase)` asks for the score, `next_one()` frees the seat.

    `has_key`: the window holds the key file's bytes, so that at most its passphrase is asked for.
    """

    def __init__(
        self,
        look: Look,
        score_code: Callable[[str, Path | None, str], None],
        next_one: Callable[[], None],
        key_places: tuple[Path, ...],
        *,
        has_key: bool = False,
    ) -> None:
        super().__init__(look, "shield-check", "sealed", colour="ok", most=760)
        self.shown: SealedView | None = None
        self.score: ScoreView | None = None
        self._asks_key, self._has_key = False, has_key
        self._score_code = score_code
        self._make_slip()
        self._make_score(key_places)
        self.noted = TickBox(look)
        self.next = Button(look)
        self.next.setEnabled(False)
        self.noted.toggled.connect(self.next.setEnabled)
        self.next.clicked.connect(next_one)
        self.card.addWidget(self.noted)
        self.buttons(self.next)
        look.changed.connect(self._arrange)
        self.say()

    def _make_slip(self) -> None:
        self.slip_caption, self.slip = label(role="small", wrap=False), label(role="slip", wrap=False)
        self.keep, self.counts = label(role="strong"), label()
        self.qr = QrView(self.look)
        words = QVBoxLayout()
        for part in (self.slip_caption, self.slip, self.keep, self.counts):
            words.addWidget(part)
        words.addStretch(1)
        self._row = QHBoxLayout()
        self._row.addWidget(self.qr)
        self._row.addLayout(words, 1)
        self.card.addLayout(self._row)

    def _make_score(self, key_places: tuple[Path, ...]) -> None:
        self.score_title = label(role="heading")
        self.table = QGridLayout()
        self.table.setColumnStretch(0, 2)
        self.table.setColumnStretch(2, 3)
        self.key_caption, self.passphrase_caption, self.code_caption = (
            label(role="strong") for _ in range(3)
        )
        self.keys = KeyChooser(self.look, key_places)
        self.passphrase = Field(self._try_code, secret=True)
        self.code = CodeField(self._try_code)
        self.show_score_button = Button(self.look, "primary")
        self.show_score_button.clicked.connect(self._try_code)
        self.card.addWidget(self.score_title)
        self.card.addLayout(self.table)
        captioned(self.card, self.key_caption, self.keys)
        captioned(self.card, self.passphrase_caption, self.passphrase)
        captioned(self.card, self.code_caption, self.code)
        self.card.addWidget(self.show_score_button)

    def _try_code(self) -> None:
        key = self.keys.chosen if self._asks_key and not self._has_key else None
        self._score_code(self.code.text(), key, self.passphrase.text() if self._asks_key else "")

    def show_sealed(self, sealed: SealedView, *, asks_key: bool) -> None:
        """`asks_key`: the venue's key is not at hand (the program was started again), so a score needs it."""
        self.shown, self.score, self._asks_key = sealed, sealed.score, asks_key
        self.noted.setChecked(False)
        self.qr.show_payload(sealed.qr_payload)
        self.say()

    def show_score(self, score: ScoreView) -> None:
        self.score = score
        self.leave_page()
        self.say()

    def leave_page(self) -> None:
        """Keep no secret on a page that is not shown."""
        self.keys.look_on(False)
        self.code.clear()
        self.passphrase.clear()

    def say(self) -> None:
        super().say()
        words, sealed = self.words, self.shown
        self.slip_caption.setText(words("station.slip"))
        self.keep.setText(words("station.slip_keep"))
        self.qr.setAccessibleName(words("station.slip_qr"))
        self.noted.setText(words("station.noted"))
        self.noted.setAccessibleName(words("station.noted"))
        self.next.name(words("station.next_candidate"))
        if sealed is not None:
            self.lead.setText(words(f"station.sealed_by_{sealed.ended_by}"))
            self.slip.setText(sealed.slip)
            self.slip.setAccessibleName(" ".join(sealed.slip))
            self.counts.setText(
                words(
                    "station.sealed_counts",
                    answered=sealed.answered,
                    unanswered=sealed.unanswered,
                    flagged=sealed.flagged,
                )
            )
        self._say_score()
        self._arrange()

    def _say_score(self) -> None:
        words = self.words
        asks = self.score is None and self.shown is not None and self.shown.score_offered
        for part in (self.code_caption, self.code, self.show_score_button):
            part.setVisible(asks)
        for secret in (self.passphrase_caption, self.passphrase):
            secret.setVisible(asks and self._asks_key)
        for file in (self.key_caption, self.keys):
            file.setVisible(asks and self._asks_key and not self._has_key)
        self.keys.look_on(asks and self._asks_key and not self._has_key)
        self.keys.say()
        self.key_caption.setText(words("station.venue_key"))
        self.passphrase_caption.setText(words("station.passphrase"))
        self.passphrase.setAccessibleName(words("station.passphrase"))
        self.code_caption.setText(words("station.score_code"))
        self.code.name(words)
        self.show_score_button.name(words("station.show_score"))
        self.score_title.setVisible(self.score is not None)
        self.score_title.setText(words("station.score"))
        _clear(self.table)
        if self.score is not None:
            self._fill_table(self.score)

    def _fill_table(self, score: ScoreView) -> None:
        from cbt_station.paper.dates import number

        for place, line in enumerate(score.outcomes):
            self.table.addWidget(label(in_language(line.title, self.look.language, "")), place, 0)
            self.table.addWidget(
                label(number(line.score, self.look.language), "strong", wrap=False), place, 1, _RIGHT
            )
            self.table.addWidget(label(self._beside(line), "muted"), place, 2)
        if not any(line.id == "total" for line in score.outcomes):
            place = len(score.outcomes)
            total = number(score.total, self.look.language)
            self.table.addWidget(label(self.words("station.score_total"), "heading", wrap=False), place, 0)
            self.table.addWidget(label(total, "heading", wrap=False), place, 1, _RIGHT)

    def _beside(self, line: ScoreLine) -> str:
        """The most that there was, the threshold, and whether it is met: those that the exam has."""
        from cbt_station.paper.dates import number

        words, said = self.words, []
        if line.most is not None:
            said.append(words("station.score_of", most=number(line.most, words.lang)))
        if line.threshold is not None:
            said.append(words("station.score_needs", least=number(line.threshold, words.lang)))
        if line.met is not None:
            said.append(words("station.score_met" if line.met else "station.score_unmet"))
        return " · ".join(said)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        px = self.look.px
        self._row.setSpacing(px(24))
        wide = self.width() > px(600)
        self._row.setDirection(
            QHBoxLayout.Direction.LeftToRight if wide else QHBoxLayout.Direction.TopToBottom
        )
        self.table.setHorizontalSpacing(px(18))
        self.table.setVerticalSpacing(px(6))


def _clear(table: QGridLayout) -> None:
    while (entry := table.takeAt(0)) is not None:
        widget = entry.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
