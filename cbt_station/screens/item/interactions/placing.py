"""Options put into places: gaps of a text, spots of a picture. The model and the hand; the places' looks are others'.

The value is a tuple of pairs "option place". A place that holds one gives it back when another comes; an option can be
taken out of its place, into another or back to the others.
"""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cbt_station.exam.interactions import Associable, Value
from cbt_station.screens.flow_layout import FlowLayout
from cbt_station.screens.item.interactions.base import InteractionWidget, Respond, is_key_move, pair_of
from cbt_station.screens.item.interactions.carrying import Ghost, drops, moved_among, under
from cbt_station.screens.item.interactions.rich_button import RichButton, spoken
from cbt_station.screens.look import Look
from cbt_station.screens.rich.media import Media


class Placing(InteractionWidget):
    """`bank` are the options, `places` the buttons of the places by id; `most` how many a place holds (0: any number)."""

    def __init__(
        self,
        look: Look,
        respond: Respond,
        options: Sequence[Associable],
        media: Media,
        most: dict[str, int],
    ) -> None:
        super().__init__(look, respond)
        self._options = {option.id: option for option in options}
        self.names = {name: spoken(option.content, name) for name, option in self._options.items()}
        self._media, self._most = media, most
        self._ghost = Ghost()
        self.held: tuple[str, str] | None = None
        """What is picked up: an option, and the place that it was taken from, or ""."""
        self.bank = {name: self._chip(option) for name, option in self._options.items()}
        self.bank_area = QWidget()
        flow = FlowLayout(look)
        self.bank_area.setLayout(flow)
        for chip in self.bank.values():
            flow.addWidget(chip)
        self.places: dict[str, RichButton] = {}

    def _chip(self, option: Associable) -> RichButton:
        chip = RichButton(self.look, option.content, self._media, lambda _chip: self.press_option(option.id))
        chip.badge_icon = "grip-vertical"
        chip.key_pressed = self._key_on_chip
        chip.dragged = drops(self._ghost, lambda _chip: self._take(option.id, ""), self._dropped)
        return chip

    def add_place(self, name: str, button: RichButton) -> None:
        """A place of the interaction; its button was made with `press_place` and is shown by `show_place`."""
        self.places[name] = button
        button.key_pressed = self._key_on_place
        button.dragged = drops(self._ghost, lambda _place: self._take_from(name), self._dropped)

    # What a place is called and shows: of the kinds

    def place_name(self, name: str) -> str:
        raise NotImplementedError

    def show_place(self, name: str, held: tuple[str, ...], *, waiting: bool) -> None:
        raise NotImplementedError

    # The model

    def held_in(self, place: str) -> tuple[str, ...]:
        """The options in a place, as given."""
        return tuple(one for one, where in map(pair_of, self.values) if where == place)

    def _uses(self, option: str) -> int:
        return Counter(pair_of(pair)[0] for pair in self.values)[option]

    def is_spent(self, option: str) -> bool:
        """Whether an option can be used no more."""
        most = self._options[option].most
        return bool(most) and self._uses(option) >= most

    def put(self, option: str, place: str, taken_from: str = "") -> None:
        """Ask for an option to be in a place."""
        pairs = [pair for pair in self.values if pair != f"{option} {taken_from}"]
        there = [pair for pair in pairs if pair_of(pair)[1] == place]
        if f"{option} {place}" in pairs or place == taken_from:
            self.lay_back()
            return
        if self._most[place] == 1:
            pairs = [pair for pair in pairs if pair not in there]
        elif self._most[place] and len(there) >= self._most[place]:
            self.lay_back()
            self.refuse(self.words("station.place_full", place=self.place_name(place)))
            return
        self.held = None
        self.ask((*pairs, f"{option} {place}"))

    def take_out(self, option: str, place: str) -> None:
        """Ask for a place without an option."""
        self.held = None
        self.ask(tuple(pair for pair in self.values if pair != f"{option} {place}"))

    # The hand

    def press_option(self, option: str) -> None:
        """A press on one of the options."""
        if self.held == (option, ""):
            self.lay_back()
        elif self.held is not None and self.held[1]:
            self.take_out(*self.held)
        elif self._take(option, ""):
            self._to_first_place()

    def press_place(self, place: str) -> None:
        """A press on a place: put there what is held, or pick up what is there."""
        if self.held is not None:
            option, taken_from = self.held
            by_key = self.places[place].hasFocus()
            self.put(option, place, taken_from)
            if by_key and not taken_from:
                self._to_next_option(option)
        elif self._take_from(place):
            self.focus_on(self.places[place])

    def _take(self, option: str, place: str) -> bool:
        if not place and self.is_spent(option):
            if self._options[option].most != 1:
                self.refuse(self.words("station.option_spent", option=self.names[option]))
                return False
            place = next(where for one, where in map(pair_of, self.values) if one == option)
        self.held = (option, place)
        self.draw()
        self.say(self.words("station.picked_up", option=self.names[option]))
        return True

    def _take_from(self, place: str) -> bool:
        held = self.held_in(place)
        if not held:
            self.say(self.words("station.place_empty", place=self.place_name(place)))
            return False
        return self._take(held[-1], place)

    def lay_back(self) -> None:
        """Put down what is held where it came from; nothing is asked for."""
        self.held = None
        self.draw()
        self.show_rule()

    def _dropped(self, _button: RichButton, at: QPoint) -> None:
        if self.held is None:
            return
        option, taken_from = self.held
        place = self.place_under(at)
        if place is not None:
            self.put(option, place, taken_from)
        elif taken_from and self.bank_area.rect().contains(self.bank_area.mapFromGlobal(at)):
            self.take_out(option, taken_from)
        else:
            self.lay_back()

    def place_under(self, at: QPoint) -> str | None:
        """The place at a point of the screen."""
        found = under(list(self.places.values()), at)
        return next((name for name, button in self.places.items() if button is found), None)

    # Keys

    def _to_first_place(self) -> None:
        empty = [button for name, button in self.places.items() if not self.held_in(name)]
        target = next(iter(empty or self.places.values()), None)
        if target is not None:
            self.focus_on(target)

    def _to_next_option(self, option: str) -> None:
        names = list(self.bank)
        at = names.index(option)
        free = [name for name in (*names[at + 1 :], *names[:at]) if not self.is_spent(name)]
        self.focus_on(self.bank[free[0] if free else option])

    def _key_on_chip(self, chip: RichButton, key: int) -> bool:
        if is_key_move(key):
            other = moved_among(list(self.bank.values()), chip, is_key_move(key))
            if other is not None:
                self.focus_on(other)
            return True
        return self._escape(key, chip)

    def _key_on_place(self, button: RichButton, key: int) -> bool:
        if is_key_move(key):
            other = moved_among(list(self.places.values()), button, is_key_move(key))
            if other is not None:
                self.focus_on(other)
            return True
        place = next(name for name, one in self.places.items() if one is button)
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            held = self.held_in(place)
            if held:
                self.take_out(held[-1], place)
            return True
        return self._escape(key, button)

    def _escape(self, key: int, _button: RichButton) -> bool:
        if key != Qt.Key.Key_Escape or self.held is None:
            return False
        option, place = self.held
        self.lay_back()
        self.focus_on(self.places[place] if place else self.bank[option])
        self.say(self.words("station.laid_back", option=self.names[option]))
        return True

    # Drawing

    def draw(self) -> None:
        durable, asked = set(self.value or ()), set(self.values)
        for name, chip in self.bank.items():
            spent, picked = self.is_spent(name), self.held is not None and self.held[0] == name
            chip.show_state(picked=picked, muted=spent and not picked)
            state = "picked" if picked else "used" if spent else "free"
            chip.name(self.names[name], self.words(f"station.option_{state}"))
        for name, button in self.places.items():
            in_it = tuple(one for one, where in map(pair_of, self.value or ()) if where == name)
            coming = {pair for pair in durable ^ asked if pair_of(pair)[1] == name}
            taken = self.held is not None and self.held[1] == name
            button.show_state(
                picked=taken, welcomes=self.held is not None and not taken, waiting=bool(coming)
            )
            self.show_place(name, in_it, waiting=bool(coming))

    def name_of_place(self, place: str, held: tuple[str, ...]) -> str:
        """A place and what is in it, for a screen reader."""
        inside = ", ".join(self.names.get(one, one) for one in held) or self.words("station.place_nothing")
        return self.words("station.place_holds", place=self.place_name(place), option=inside)

    def told_of(self, before: Value | None, now: Value | None) -> str:
        """ "Bandung ditaruh di celah 2." """
        new = [pair for pair in now or () if pair not in (before or ())]
        old = [pair for pair in before or () if pair not in (now or ())]
        if new:
            option, place = pair_of(new[-1])
            return self.words(
                "station.put_into", option=self.names.get(option, option), place=self.place_name(place)
            )
        if old:
            option, place = pair_of(old[-1])
            return self.words(
                "station.taken_out", option=self.names.get(option, option), place=self.place_name(place)
            )
        return ""

    def rule(self) -> str:
        return self.words("station.placing_rule")

    def column(self) -> QVBoxLayout:
        """The widget's own column, spaced by the text size."""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.look.changed.connect(self._space)
        self._space()
        return self._column

    def _space(self) -> None:
        self._column.setSpacing(self.look.px(12))
