"""The top bar, the same on every page: who, what, saved, how it looks, help, time.

"Tersimpan" is written from `view.saved` and from nothing else. Minutes are shown while there are more than ten, so that
no second hand presses; the time can be hidden until five minutes are left. On a narrow screen or with large text the
bar gives up words before functions: the look's tools move into one menu.
"""

import re
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QPainter, QPainterPath, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from cbt_station.delivery.views import CandidateView, SittingView, StationView
from cbt_station.screens.icons import pixmap
from cbt_station.screens.look import Look
from cbt_station.screens.parts import ElidedLabel, IconButton, Picture, label, set_role
from cbt_station.screens.rich.media import raster
from cbt_station.screens.tokens import TEXT_PX, THEMES
from cbt_station.words import LANGUAGES, Words, in_language

ALWAYS_SHOWN_MS: Final = 5 * 60_000
_SECONDS_BELOW_MS: Final = 10 * 60_000
_NARROW_EM: Final = 52
SECTION_EM: Final = 72
"""From here on the section stands in the bar; below, the question names it."""
_TIGHT_EM: Final = 38
"""Below this the photo alone says who, and its name says it to a screen reader."""
_ROOMY_EM: Final = 76


def left_text(words: Words, left_ms: int) -> str:
    """ "92 menit", and from ten minutes on "9:58"."""
    seconds = -(-left_ms // 1000)
    if left_ms > _SECONDS_BELOW_MS:
        return words("station.minutes", minutes=-(-seconds // 60))
    return f"{seconds // 60}:{seconds % 60:02d}"


def wall_time(wall: str) -> str:
    """The clock part of a wall time, however much of the date stands before it."""
    found = re.search(r"\d\d:\d\d:\d\d", wall)
    return found.group() if found else wall


class TopBar(QWidget):
    """Drawn from views; its buttons act on the look, and ask the window for help or the proctor."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._look = look
        self._station: StationView | None = None
        self._candidate: CandidateView | None = None
        self._view: SittingView | None = None
        self._hidden_time = False
        self._photo_shown: tuple[bytes, int, str] | None = None
        self._failed_at: int | None = None
        self._make_parts()
        self._lay_out()
        self._make_menus()
        look.changed.connect(self._fit)
        look.spoken.connect(self._say)
        self._say()
        self._fit()

    # Making

    def _make_parts(self) -> None:
        look = self._look
        self.photo = QLabel()
        self.name, self.detail = ElidedLabel("strong"), ElidedLabel("small")
        self.section = ElidedLabel("pill")
        self.saved_icon = Picture(look, "circle-check", "ok", 22)
        self.saved, self.saved_detail = label("", "saved", wrap=False), ElidedLabel("small")
        self.smaller, self.larger = (
            IconButton(look, "a-arrow-down", bare=True),
            IconButton(look, "a-arrow-up", bare=True),
        )
        self.colours = IconButton(look, "contrast", bare=True)
        self.languages = IconButton(look, "languages", bare=True)
        self.hand = IconButton(look, "hand", bare=True)
        self.help = IconButton(look, "circle-question-mark", bare=True)
        self.more = IconButton(look, "zoom-in", bare=True)
        self.time_label, self.time = ElidedLabel("small"), label("", "clock", wrap=False)
        self.hide_time = IconButton(look, "eye", bare=True)
        self.smaller.clicked.connect(look.smaller)
        self.larger.clicked.connect(look.larger)
        self.hide_time.clicked.connect(self._toggle_time)
        self.hand.setCheckable(True)

    def _lay_out(self) -> None:
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.photo)
        self._row.addLayout(_stacked(self.name, self.detail))
        self._row.addWidget(self.section)
        self._row.addStretch(1)
        self._saved_box, self._time_box = QWidget(), QWidget()
        saved = QHBoxLayout(self._saved_box)
        saved.setContentsMargins(0, 0, 0, 0)
        saved.addWidget(self.saved_icon)
        saved.addLayout(_stacked(self.saved, self.saved_detail))
        self._row.addWidget(self._saved_box)
        for button in (
            self.smaller,
            self.larger,
            self.colours,
            self.languages,
            self.more,
            self.hand,
            self.help,
        ):
            self._row.addWidget(button)
        time = QHBoxLayout(self._time_box)
        time.setContentsMargins(0, 0, 0, 0)
        time.addLayout(_stacked(self.time_label, self.time))
        time.addWidget(self.hide_time)
        self._row.addWidget(self._time_box)

    def _make_menus(self) -> None:
        self._themes = {name: QAction(self, checkable=True) for name in THEMES}
        self._tongues = {name: QAction(self, checkable=True) for name in LANGUAGES}
        for actions, act in ((self._themes, self._look.set_theme), (self._tongues, self._look.set_language)):
            group = QActionGroup(self)
            for name, action in actions.items():
                group.addAction(action)
                action.triggered.connect(_calling(act, name))
        self.hand_action, self.help_action = QAction(self, checkable=True), QAction(self)
        self.hand_action.triggered.connect(self.hand.click)
        self.help_action.triggered.connect(self.help.click)
        self.hand.toggled.connect(self.hand_action.setChecked)
        _popup(self.colours, list(self._themes.values()))
        _popup(self.languages, list(self._tongues.values()))
        _popup(
            self.more,
            [self.hand_action, self.help_action, None, *self._tongues.values(), None, *self._themes.values()],
        )

    # Drawing

    def show_station(self, station: StationView) -> None:
        self._station = station
        self._draw()

    def show_candidate(self, candidate: CandidateView | None) -> None:
        self._candidate = candidate
        self._draw()

    def show_sitting(self, view: SittingView | None) -> None:
        """The last view; with None the parts that only a sitting has are hidden."""
        self._failed_at = self._failed_at if view is not None else None
        came_or_went = (view is None) != (self._view is None)
        self._view = view
        self._fit() if came_or_went else self._draw()

    def show_waiting(self) -> None:
        """Asked to save, and not durable yet."""
        self._say_unsaved("station.saving", "waiting", "hourglass", "doubt")

    def show_unsent(self) -> None:
        """Something is typed and not saved yet; where saving fails, that is said instead."""
        if not self.is_failing:
            self._say_unsaved("station.typed_unsaved", "waiting", "hourglass", "doubt")

    def show_failing(self) -> None:
        """The last thing asked for was not saved; it stays so until a later event is."""
        self._failed_at = self._view.saved.seq if self._view else None
        self._say_unsaved("station.not_saved", "failing", "circle-alert", "warn")

    def _say_unsaved(self, key: str, role: str, picture: str, colour: str) -> None:
        self.saved.setText(self._look.words(key))
        set_role(self.saved, role)
        self.saved_icon.show_icon(picture, colour)
        self.saved_detail.setText("")

    def _draw(self) -> None:
        sitting = self._view is not None
        self._saved_box.setVisible(sitting)
        self._time_box.setVisible(sitting and bool(self._view and self._view.allotted_ms))
        self.hand.setVisible(sitting and not self._narrow())
        self._draw_person()
        if self._view is not None:
            self._draw_saved(self._view)
            self._draw_time(self._view)
        self._draw_section()

    def _draw_person(self) -> None:
        words, station, who = self._look.words, self._station, self._candidate
        title = in_language(station.title, self._look.language, "") if station else ""
        self.name.setText(who.name if who else title)
        venue = station.venue if station else ""
        self.detail.setText(words("station.who", number=who.number, title=title) if who else venue)
        self._draw_photo(who.photo if who else b"")
        self.photo.setAccessibleName(words("station.photo_of", name=who.name) if who else "")
        self.photo.setVisible(who is not None)

    def _draw_photo(self, data: bytes) -> None:
        """Only where it is another one, or another size or theme: a photo takes longer to read than an answer to save."""
        shown = (data, self._look.px(40), self._look.tokens.name)
        if shown != self._photo_shown:
            self._photo_shown = shown
            self.photo.setPixmap(photo(data, shown[1], self._look))

    def _draw_section(self) -> None:
        view = self._view
        current = next((cell for cell in view.cells if cell.item == view.current), None) if view else None
        found = (
            next((s for s in view.sections if current and s.id == current.section), None) if view else None
        )
        self.section.setText(in_language(found.title, self._look.language, "") if found else "")
        self.section.setVisible(
            bool(found) and len(view.sections if view else ()) > 1 and self._ems() >= SECTION_EM
        )

    @property
    def is_failing(self) -> bool:
        """Something could not be saved, and nothing later was."""
        return self._failed_at is not None

    def _draw_saved(self, view: SittingView) -> None:
        words = self._look.words
        if self._failed_at is not None and view.saved.seq <= self._failed_at:
            self._say_unsaved("station.not_saved", "failing", "circle-alert", "warn")
            return
        self._failed_at = None
        self.saved.setText(words("station.saved", wall=wall_time(view.saved.wall)))
        set_role(self.saved, "saved")
        is_second = view.saved.level == "second"
        if view.saved.alone:
            self.saved_icon.show_icon("circle-alert", "warn")
        else:
            self.saved_icon.show_icon("check-check" if is_second else "circle-check", "ok")
        key = "second" if is_second else "lagging" if view.second_lagging else "here"
        key = "alone" if view.saved.alone else key
        self.saved_detail.setText(words(f"station.saved_{key}"))
        self.saved_detail.setToolTip(words(f"station.saved_{key}_more"))

    def _draw_time(self, view: SittingView) -> None:
        words = self._look.words
        forced = view.left_ms <= ALWAYS_SHOWN_MS
        hidden = self._hidden_time and not forced
        self.time.setText(words("station.time_hidden") if hidden else left_text(words, view.left_ms))
        key = "station.time_left_granted" if view.granted_ms else "station.time_left"
        self.time_label.setText(words(key, minutes=view.granted_ms // 60_000))
        self.hide_time.setVisible(not forced)
        self.hide_time.show_icon("eye-off" if hidden else "eye")
        self.hide_time.name(words("station.show_time" if hidden else "station.hide_time"))

    def _toggle_time(self) -> None:
        self._hidden_time = not self._hidden_time
        self._draw()

    # Words and geometry

    def _say(self) -> None:
        words = self._look.words
        self.smaller.name(words("station.smaller"))
        self.larger.name(words("station.larger"))
        self.colours.name(words("station.colours"))
        self.languages.name(words("station.language"))
        self.more.name(words("station.view_tools"))
        self.hand.name(words("station.raise_hand"))
        self.help.name(words("station.help"))
        self.hand_action.setText(words("station.raise_hand"))
        self.help_action.setText(words("station.help"))
        for name, action in self._themes.items():
            action.setText(words(f"station.theme_{name}"))
            action.setChecked(name == self._look.tokens.name)
        for name, action in self._tongues.items():
            action.setText(words(f"station.language_{name}"))
            action.setChecked(name == self._look.language)
        self._draw()

    def _narrow(self) -> bool:
        return self._ems() < _NARROW_EM

    def _ems(self) -> float:
        return self.width() / self._look.px(TEXT_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow = self._narrow()
        for button in (self.colours, self.languages, self.help):
            button.setVisible(not narrow)
        self.more.setVisible(narrow)
        self._themes[self._look.tokens.name].setChecked(True)
        self.saved_detail.setVisible(not narrow)
        self.detail.setVisible(not narrow)
        self.time_label.setVisible(not narrow)
        self.name.setVisible(self._ems() >= _TIGHT_EM or self._view is None)
        edge = self._look.px(8)
        side = edge if narrow else 2 * edge
        self._row.setContentsMargins(side, edge, side, edge)
        self._row.setSpacing(self._look.px(14 if self._ems() > _ROOMY_EM else 3 if narrow else 6))
        self._draw()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(200), super().minimumSizeHint().height())


def photo(data: bytes, px: int, look: Look) -> QPixmap:
    """A photo cut to a rounded square, or the sign for a person where there is none that can be read."""
    image = raster(data)
    if image is None:
        return pixmap("user", look.tokens.muted, px)
    ratio = 2.0
    side = round(px * ratio)
    scaled = image.scaled(
        side, side, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(0, 0, side, side, side / 8, side / 8)
    painter.setClipPath(path)
    painter.drawImage((side - scaled.width()) // 2, (side - scaled.height()) // 2, scaled)
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def _stacked(*parts: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addStretch(1)
    for part in parts:
        part.setSizePolicy(part.sizePolicy().horizontalPolicy(), QSizePolicy.Policy.Fixed)
        column.addWidget(part)
    column.addStretch(1)
    return column


def _popup(button: IconButton, actions: list[QAction | None]) -> None:
    menu = QMenu(button)
    for action in actions:
        menu.addAction(action) if action else menu.addSeparator()
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)


def _calling(act: Callable[[str], None], name: str) -> Callable[[], None]:
    return lambda: act(name)
