"""Check-in: the candidate's number, then the secret that the roster asks for, then "is this you?".

Three steps, so that nobody reads a name before typing a number, and the photo is agreed to by its owner.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel

from cbt_station.delivery.views import CandidateView
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, label
from cbt_station.screens.station.page import Field, Page, captioned, select
from cbt_station.screens.station.top_bar import photo
from cbt_station.words import Words


class NumberPage(Page):
    """Asks for the number: `look_up(number)`."""

    def __init__(self, look: Look, look_up: Callable[[str], None]) -> None:
        super().__init__(look, "id-card", "number", most=520)
        self._look_up = look_up
        self.caption, self.hint = label(role="strong"), label(role="small")
        self.number = Field(self._go)
        self.next = Button(look, "primary", "chevron-right", "on_accent")
        self.next.clicked.connect(self._go)
        captioned(self.card, self.caption, self.number)
        self.card.addWidget(self.hint)
        self.buttons(self.next)
        self.say()

    def arrive(self) -> None:
        self.number.clear()
        self.number.setFocus()

    def again(self) -> None:
        """It was no number of this place: the next typing replaces it."""
        select(self.number)

    def _go(self) -> None:
        if self.number.text().strip():
            self._look_up(self.number.text().strip())

    def say(self) -> None:
        super().say()
        self.caption.setText(self.words("station.number"))
        self.hint.setText(self.words("station.number_hint"))
        self.number.setAccessibleName(self.words("station.number"))
        self.next.name(self.words("station.go_on"))


class SecretPage(Page):
    """Asks for the birth date or the PIN: `check_in(number, secret)`, or `back()` to another number."""

    def __init__(self, look: Look, check_in: Callable[[str, str], None], back: Callable[[], None]) -> None:
        super().__init__(look, "key-round", "secret", most=520)
        self._check_in = check_in
        self._candidate: CandidateView | None = None
        self.caption, self.hint = label(role="strong"), label(role="small")
        self.day, self.month, self.year = (Field(self._go) for _ in range(3))
        self.pin = Field(self._go, secret=True)
        for field, length in ((self.day, 2), (self.month, 2), (self.year, 4)):
            field.setMaxLength(length)
            field.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.day.textEdited.connect(lambda text: select(self.month) if len(text) == 2 else None)
        self.month.textEdited.connect(lambda text: select(self.year) if len(text) == 2 else None)
        self.day_caption, self.month_caption, self.year_caption = (label(role="small") for _ in range(3))
        self._lay_out()
        self.back, self.next = (
            Button(look, picture="chevron-left"),
            Button(look, "primary", "chevron-right", "on_accent"),
        )
        self.back.clicked.connect(back)
        self.next.clicked.connect(self._go)
        self.buttons(self.back, self.next)
        self.say()

    def _lay_out(self) -> None:
        self.card.addWidget(self.caption)
        grid = QGridLayout()
        parts = (
            (self.day, self.day_caption, 2),
            (self.month, self.month_caption, 2),
            (self.year, self.year_caption, 3),
        )
        for place, (field, caption, weight) in enumerate(parts):
            caption.setBuddy(field)
            grid.addWidget(caption, 0, place)
            grid.addWidget(field, 1, place)
            grid.setColumnStretch(place, weight)
        self.card.addLayout(grid)
        self.card.addWidget(self.pin)
        self.card.addWidget(self.hint)

    def show_candidate(self, candidate: CandidateView) -> None:
        self._candidate = candidate
        for field in (self.day, self.month, self.year, self.pin):
            field.clear()
        self.say()

    def _asks_pin(self) -> bool:
        return self._candidate is not None and self._candidate.asks == "pin"

    def arrive(self) -> None:
        (self.pin if self._asks_pin() else self.day).setFocus()

    def again(self) -> None:
        """It did not fit: the next typing replaces it, field by field."""
        select(self.pin if self._asks_pin() else self.day)

    def leave_page(self) -> None:
        """Keep no secret on a page that is not shown."""
        for field in (self.day, self.month, self.year, self.pin):
            field.clear()

    def secret(self) -> str:
        """The PIN as typed, or the birth date as YYYY-MM-DD."""
        if self._asks_pin():
            return self.pin.text().strip()
        day, month, year = (field.text().strip() for field in (self.day, self.month, self.year))
        return f"{year}-{month.zfill(2)}-{day.zfill(2)}"

    def _go(self) -> None:
        asked = [self.pin] if self._asks_pin() else [self.day, self.month, self.year]
        if self._candidate is not None and all(field.text().strip() for field in asked):
            self._check_in(self._candidate.number, self.secret())

    def say(self) -> None:
        super().say()
        words, pin = self.words, self._asks_pin()
        if self._candidate is not None:
            self.lead.setText(words("station.secret_lead_for", number=self._candidate.number))
        self.caption.setText(words("station.pin" if pin else "station.birth_date"))
        self.hint.setText(words("station.pin_hint" if pin else "station.birth_date_hint"))
        for field, caption, key in (
            (self.day, self.day_caption, "day"),
            (self.month, self.month_caption, "month"),
            (self.year, self.year_caption, "year"),
        ):
            caption.setText(words(f"station.{key}"))
            field.setAccessibleName(words(f"station.birth_{key}"))
            caption.setVisible(not pin)
            field.setVisible(not pin)
        self.pin.setVisible(pin)
        self.pin.setAccessibleName(words("station.pin"))
        self.back.name(words("station.other_number"))
        self.next.name(words("station.go_on"))


class ConfirmPage(Page):
    """Name, photo, number, seat: `agree()` or `refuse()`."""

    def __init__(self, look: Look, agree: Callable[[], None], refuse: Callable[[], None]) -> None:
        super().__init__(look, "user", "confirm", most=640)
        self._candidate: CandidateView | None = None
        self.photo = QLabel()
        self.facts = [(label(role="small"), label(role="strong")) for _ in range(6)]
        self.not_me, self.agree = Button(look), Button(look, "primary", "check", "on_accent")
        self.not_me.clicked.connect(refuse)
        self.agree.clicked.connect(agree)
        row = QHBoxLayout()
        row.addWidget(self.photo, 0, Qt.AlignmentFlag.AlignTop)
        grid = QGridLayout()
        for place, (caption, value) in enumerate(self.facts):
            grid.addWidget(caption, place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, place, 1)
        grid.setColumnStretch(1, 1)
        row.addLayout(grid, 1)
        self.card.addLayout(row)
        self._row, self._grid = row, grid
        self.buttons(self.not_me, self.agree)
        look.changed.connect(self.say)
        self.say()

    def show_candidate(self, candidate: CandidateView) -> None:
        self._candidate = candidate
        self.say()

    def arrive(self) -> None:
        self.agree.setFocus()

    def say(self) -> None:
        super().say()
        words, who = self.words, self._candidate
        self.not_me.name(words("station.not_me"))
        self.agree.name(words("station.agree"))
        if who is None:
            return
        self.photo.setPixmap(photo(who.photo, self.look.px(150), self.look))
        self.photo.setAccessibleName(words("station.photo_of", name=who.name))
        self._row.setSpacing(self.look.px(22))
        self._grid.setHorizontalSpacing(self.look.px(16))
        self._grid.setVerticalSpacing(self.look.px(8))
        accommodations = ", ".join(_accommodation(words, name) for name in who.accommodations)
        values = (
            who.name,
            who.number,
            who.seat,
            who.position,
            _category(words, who.category),
            accommodations,
        )
        keys = ("name", "number", "seat", "position", "category", "accommodations")
        for (caption, value), key, text in zip(self.facts, keys, values, strict=True):
            caption.setText(words(f"station.{key}"))
            value.setText(text)
            caption.setVisible(bool(text))
            value.setVisible(bool(text))


def _category(words: Words, name: str) -> str:
    """A blueprint's category in words, or as it is where the catalogue has none."""
    key = f"category.{name}"
    return words(key) if words.knows(key) else name


def _accommodation(words: Words, name: str) -> str:
    """PNP's name in words, or as it is where the catalogue has none."""
    key = f"station.accommodation_{name}"
    return words(key) if words.knows(key) else name
