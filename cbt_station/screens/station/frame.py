"""The window's frame: top bar, one banner, one page at a time; asking, telling, turning.

What every step of the way uses and none of them owns. Nothing is ever modal: a failure becomes words in the banner.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QLayout, QStackedWidget, QVBoxLayout, QWidget

from cbt_station.errors import Failure, Refusal
from cbt_station.screens.background import Asker
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Banner
from cbt_station.screens.spoken import sentence_of
from cbt_station.screens.station.page import Page
from cbt_station.screens.station.top_bar import TopBar

T = TypeVar("T")
W = TypeVar("W", bound=QWidget)
KEY_BYTES: Final = 64 * 1024
"""A key file is never larger."""


class _Pages(QStackedWidget):
    """A stack that asks for no more room than the page that is shown."""

    def minimumSizeHint(self) -> QSize:
        shown = self.currentWidget()
        return shown.minimumSizeHint() if shown is not None else QSize()


class Frame(QWidget):
    """An empty window; `ask` talks to the station, `tell` shows a failure, `turn_to` brings a page."""

    def __init__(self, look: Look, asker: Asker) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.look, self._asker = look, asker
        self.bar, self.banner, self.pages = TopBar(look), Banner(look), _Pages()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.setSizeConstraint(
            QLayout.SizeConstraint.SetNoConstraint
        )  # or a wide bar would keep the window wide
        column.addWidget(self.bar)
        column.addWidget(self._place_of_banner())
        column.addWidget(self.pages, 1)

    def _place_of_banner(self) -> QWidget:
        self._banner_place = QWidget()
        place = QVBoxLayout(self._banner_place)
        place.setContentsMargins(12, 8, 12, 4)
        place.addWidget(self.banner)
        self._banner_place.hide()
        self.banner.installEventFilter(self)
        return self._banner_place

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """The banner's place is there only while the banner is."""
        if watched is self.banner and event.type() in (QEvent.Type.HideToParent, QEvent.Type.ShowToParent):
            self._banner_place.setVisible(event.type() == QEvent.Type.ShowToParent)
        return False

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
            sentence_of(failure, self.look.words), "no" if isinstance(failure, Refusal) else "warn"
        )

    def add(self, page: W) -> W:
        """A new page among the others; not yet turned to."""
        self.pages.addWidget(page)
        return page

    def turn_to(self, page: QWidget) -> None:
        """Another page; secrets that were typed do not stay on the one that goes."""
        before = self.pages.currentWidget()
        if isinstance(before, Page) and before is not page:
            before.leave_page()
        self.pages.setCurrentWidget(page)
        if isinstance(page, Page):
            page.arrive()
