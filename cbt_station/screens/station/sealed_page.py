"""The end: the slip's code and QR that the candidate takes home, and the score where the exam shows it.

The QR holds exactly `qr_payload`; it is drawn black on white in every theme, because it is for cameras.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from cbt_station.delivery.views import ScoreView, SealedView
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, label
from cbt_station.screens.station.page import CodeField, Page, captioned
from cbt_station.screens.station.top_bar import title_in

_QUIET: Final = 4
_MASK: Final = 3
"""A fixed mask is as legal as the best of eight, and five times as fast."""


class QrView(QLabel):
    """A QR code, as large as its place allows; a picture with a name for a screen reader."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._modules: list[list[bool | None]] = []
        look.changed.connect(self.updateGeometry)

    def show_payload(self, payload: str) -> None:
        code = QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=_MASK)
        code.add_data(payload)
        code.make(fit=True)
        self._modules = code.modules
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        side = max(self._look.px(220), 4 * (len(self._modules) + 2 * _QUIET))
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        side = 4 * (len(self._modules) + 2 * _QUIET)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        count = len(self._modules) + 2 * _QUIET
        step = max(1, min(self.width(), self.height()) // count)
        side = step * count
        left, top = (self.width() - side) // 2, (self.height() - side) // 2
        painter = QPainter(self)
        painter.fillRect(QRectF(left, top, side, side), QColor("#FFFFFF"))
        for y, row in enumerate(self._modules):
            for x, dark in enumerate(row):
                if dark:
                    painter.fillRect(
                        left + (x + _QUIET) * step, top + (y + _QUIET) * step, step, step, QColor("#000000")
                    )
        painter.end()


class SealedPage(Page):
    """Draws a `SealedView`; `score_code(code)` asks for the score where it is offered."""

    def __init__(self, look: Look, score_code: Callable[[str], None]) -> None:
        super().__init__(look, "shield-check", "sealed", colour="ok", most=760)
        self._sealed: SealedView | None = None
        self._score: ScoreView | None = None
        self._score_code = score_code
        self.slip_caption, self.slip, self.counts = label(role="small"), label(role="slip"), label()
        self.keep = label(role="strong")
        self.qr = QrView(look)
        self.slip.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        words = QVBoxLayout()
        for part in (self.slip_caption, self.slip, self.keep, self.counts):
            words.addWidget(part)
        words.addStretch(1)
        self._row = QHBoxLayout()
        self._row.addWidget(self.qr)
        self._row.addLayout(words, 1)
        self.card.addLayout(self._row)
        self._make_score()
        look.changed.connect(self._arrange)
        self.say()

    def _make_score(self) -> None:
        self.score_title = label(role="heading")
        self.table = QGridLayout()
        self.table.setColumnStretch(0, 1)
        self.code_caption = label(role="strong")
        self.code = CodeField(self._try_code)
        self.show_score_button = Button(self.look, "primary")
        self.show_score_button.clicked.connect(self._try_code)
        self.card.addWidget(self.score_title)
        self.card.addLayout(self.table)
        captioned(self.card, self.code_caption, self.code)
        self.card.addWidget(self.show_score_button)

    def _try_code(self) -> None:
        self._score_code(self.code.text())

    def show_sealed(self, sealed: SealedView) -> None:
        self._sealed, self._score = sealed, sealed.score
        self.qr.show_payload(sealed.qr_payload)
        self.say()

    def show_score(self, score: ScoreView) -> None:
        self._score = score
        self.code.clear()
        self.say()

    def say(self) -> None:
        super().say()
        words, sealed = self.words, self._sealed
        self.slip_caption.setText(words("station.slip"))
        self.keep.setText(words("station.slip_keep"))
        self.qr.setAccessibleName(words("station.slip_qr"))
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
        words, score = self.words, self._score
        asks = score is None and self._sealed is not None and self._sealed.score_offered
        for part in (self.code_caption, self.code, self.show_score_button):
            part.setVisible(asks)
        self.code_caption.setText(words("station.score_code"))
        self.code.name(words)
        self.show_score_button.name(words("station.show_score"))
        self.score_title.setVisible(score is not None)
        self.score_title.setText(words("station.score"))
        _clear(self.table)
        if score is not None:
            self._fill_table(score)

    def _fill_table(self, score: ScoreView) -> None:
        words = self.words
        for place, line in enumerate(score.outcomes):
            most = words("station.score_of", most=_plain(line.most)) if line.most is not None else ""
            need = (
                words("station.score_needs", least=_plain(line.threshold))
                if line.threshold is not None
                else ""
            )
            met = (
                "" if line.met is None else words("station.score_met" if line.met else "station.score_unmet")
            )
            cells = (
                (title_in(line.title, self.look.language), ""),
                (_plain(line.score), "strong"),
                (most, "muted"),
            )
            for column, (text, role) in enumerate((*cells, (need, "muted"), (met, "strong"))):
                self.table.addWidget(label(text, role, wrap=column == 0), place, column)
        place = len(score.outcomes)
        self.table.addWidget(label(words("station.score_total"), "heading", wrap=False), place, 0)
        self.table.addWidget(label(_plain(score.total), "heading", wrap=False), place, 1)

    def _arrange(self) -> None:
        px = self.look.px
        self._row.setSpacing(px(24))
        self._row.setDirection(
            QHBoxLayout.Direction.LeftToRight if self.width() > px(600) else QHBoxLayout.Direction.TopToBottom
        )
        self.table.setHorizontalSpacing(px(18))
        self.table.setVerticalSpacing(px(6))


def _plain(number: Decimal | None) -> str:
    """Exact, without an exponent or needless zeros."""
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _clear(table: QGridLayout) -> None:
    while (entry := table.takeAt(0)) is not None:
        widget = entry.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
