"""`RichView`: the one widget that shows item content, and the only place where text is not plain.

A label for a screen reader (its name is the content read as text, with alt texts for pictures and formulas, and a word
where something is to be filled in), painted by `RichText`. Real widgets can stand in the content: they become its
children and keep their own keys and names. It opens nothing.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QApplication, QLabel, QSizePolicy, QWidget

from cbt_station.exam.content import GAP, Audio, Blocks, Columns, Listing, Quote, as_text
from cbt_station.screens.look import Look
from cbt_station.screens.rich.media import Media
from cbt_station.screens.rich.objects import wanted_size
from cbt_station.screens.rich.recording import Recording
from cbt_station.screens.rich.sideways import Rolled, Sideways, put
from cbt_station.screens.rich.text import RichText

STEM_PAD: Final = 5
"""Around what a question asks: all of its text begins at one edge, and rings and frames have room."""


class RichView(QLabel):
    """Blocks at `size` pixels (at 100 %); wraps to its width and asks for the height that this takes.

    Reached by Tab it shows a ring; `pad` (pixels at 100 %) leaves room for that.
    """

    def __init__(self, look: Look, size: float = 16, *, pad: int = 0) -> None:
        super().__init__()
        self._look, self._size, self._pad = look, size, pad
        self._blocks: Blocks = ()
        self._media = Media({})
        self._widgets: dict[str, QWidget] = {}
        self._asked: dict[str, QSize] = {}
        self._rolled: list[Sideways] = []
        self._ordered: list[QWidget] = []
        self._ringed = False
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        look.changed.connect(self._build)
        look.spoken.connect(self._say)
        self._build()

    def show_blocks(self, blocks: Blocks, media: Media, widgets: Mapping[str, QWidget] | None = None) -> None:
        """Show other content, with widgets at its `Slot`s and `Place`s (by response or gap id) and on its `Hot` words.

        The view takes the widgets over: what is not among the next ones is deleted. A `HotRun` lies over its words,
        any other widget stands in for them. One whose id the content does not name is hidden.
        """
        given = dict(widgets or {})
        given |= self._recordings(blocks, media, given)
        self._let_go([widget for widget in self._widgets.values() if widget not in given.values()])
        self._blocks, self._media, self._widgets = blocks, media, given
        self._say()
        self._build()

    def parts_to_focus(self) -> list[QWidget]:
        """The widgets in the content that take the focus, as one reads; for the page's own Tab order."""
        found: list[QWidget] = []
        for widget, _, _ in self._places():
            own = getattr(widget, "parts_to_focus", None)
            found += own() if own is not None else [widget]
        return found

    def _recordings(self, blocks: Blocks, media: Media, given: Mapping[str, QWidget]) -> dict[str, QWidget]:
        """A player for each recording; one of this sitting that is there already plays on, perhaps renamed."""
        made: dict[str, QWidget] = {}
        for audio in audio_in(blocks):
            here, data = self._widgets.get(audio.media), media.recording(audio.media)
            if audio.media in given:
                continue
            if isinstance(here, Recording) and here.data == data and here.plays is media.plays:
                here.show_audio(audio)
                made[audio.media] = here
            else:
                made[audio.media] = Recording(self._look, audio, data, media.plays, media.opener, self)
        return made

    def _say(self) -> None:
        blank = self._look.words("station.blank")
        self.setAccessibleName(as_text(self._blocks).replace(GAP, blank))

    @staticmethod
    def _let_go(widgets: list[QWidget]) -> None:
        for widget in widgets:
            widget.hide()
            widget.deleteLater()

    def _order_focus(self) -> None:
        """Tab goes as one reads; a table that is rolled from now on would else come after everything."""
        parts = self.parts_to_focus()
        if parts != self._ordered:
            self._ordered = parts
            for one, after in pairwise([self, *parts]):
                QWidget.setTabOrder(one, after)

    # Layout

    def _build(self) -> None:
        here = QApplication.focusWidget()
        inside = here is not None and self.isAncestorOf(here)
        for widget in self._widgets.values():
            widget.setParent(self)  # from a table that was rolled, which goes now
        self._let_go(list(self._rolled))
        self._rolled = []
        self._text = RichText(
            self._blocks, self._media, self._look, self._size, self._widgets, self._make_sideways
        )
        self._asked = self._what_widgets_ask()
        self._place()
        if here is not None and inside and self.isAncestorOf(here):
            here.setFocus(Qt.FocusReason.OtherFocusReason)  # it was moved, and who types goes on
        self.updateGeometry()
        self.update()

    def _make_sideways(self, rolled: Rolled) -> Sideways:
        made = Sideways(self._look, rolled, self)
        self._rolled.append(made)
        return made

    def _what_widgets_ask(self) -> dict[str, QSize]:
        return {name: wanted_size(widget) for name, widget in self._widgets.items()}

    def _edge(self) -> int:
        return self._look.px(self._pad) if self._pad else 0

    def _inner(self, width: int) -> int:
        return max(1, width - 2 * self._edge())

    def _places(self) -> list[tuple[QWidget, QRectF, list[QRectF]]]:
        return self._text.places(QPointF(self._edge(), self._edge()), self._inner(self.width()))

    def _place(self) -> None:
        """Put every widget where the text has room for it."""
        if not (self._widgets or self._rolled):
            return
        placed: set[QWidget] = set()
        for widget, rect, lines in self._places():
            placed.add(widget)
            put(widget, self, rect, lines)
            if isinstance(widget, Sideways):
                placed.update(widget.put_widgets())
        for widget in (*self._widgets.values(), *self._rolled):
            if widget not in placed:
                widget.hide()
        self._order_focus()

    def event(self, event: QEvent) -> bool:
        """A widget in the content that asks for another size moves the text around it."""
        if event.type() == QEvent.Type.LayoutRequest and self._what_widgets_ask() != self._asked:
            self._build()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._text.height_for(self._inner(width)) + 2 * self._edge()

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > 0 else self._look.px(480)
        return QSize(self._look.px(480), self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(80), max(24, self._look.px(self._size)))

    # Focus and paint

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring(event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason))

    def focusOutEvent(self, _event: QFocusEvent) -> None:
        self._ring(False)

    def _ring(self, ringed: bool) -> None:
        """Not as Qt would: it paints a label anew whenever the focus comes or goes, so with the first answer to each item."""
        if ringed != self._ringed:
            self._ringed = ringed
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, edge = QPainter(self), self._edge()
        painter.setClipRect(event.rect())  # what is out of sight is not even unpacked
        self._text.paint(painter, QPointF(edge, edge), self._inner(self.width()), self._look.colour("ink"))
        painter.setClipping(False)
        if self._ringed:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._look.colour("focus"), self._look.px(2)))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 6, 6)
        painter.end()


def audio_in(blocks: Blocks) -> Iterator[Audio]:
    """Every recording of a content."""
    for block in blocks:
        match block:
            case Audio():
                yield block
            case Quote(blocks=inner):
                yield from audio_in(inner)
            case Listing(entries=parts) | Columns(columns=parts):
                for part in parts:
                    yield from audio_in(part)
