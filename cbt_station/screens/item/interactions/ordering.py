"""Options put into an order. Where all are ordered, the order at the beginning is none until it is moved or confirmed.

A row is picked up by a press, Enter or Space, moves with the arrows, and is put by Enter or a press on another place;
its small arrows move it at once. Where only some are to be ordered, the others stand below and come up by a press.
"""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cbt_station.exam.interactions import Associable, Option, OrderInteraction, Value
from cbt_station.screens.item.interactions.base import InteractionWidget, Respond, is_key_move
from cbt_station.screens.item.interactions.carrying import Ghost, drops, moved_among, under
from cbt_station.screens.item.interactions.choice import in_order
from cbt_station.screens.item.interactions.counts import rule_of
from cbt_station.screens.item.interactions.rich_button import RichButton, spoken
from cbt_station.screens.look import Look
from cbt_station.screens.parts import Button, IconButton, label, set_role
from cbt_station.screens.rich.media import Media

_GAP_PX: Final = 8


class _Row(QWidget):
    """An option with its number and the two small arrows, which are for the mouse alone."""

    def __init__(self, look: Look, option: Option | Associable, media: Media, widget: "OrderWidget") -> None:
        super().__init__()
        self.option = option
        self.button = RichButton(look, option.content, media, lambda _b: widget.press(option.id))
        self.button.badge_icon = "grip-vertical"
        self.up, self.down = IconButton(look, "arrow-up"), IconButton(look, "arrow-down")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.button, 1)
        for arrow, by in ((self.up, -1), (self.down, 1)):
            arrow.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            arrow.clicked.connect(_moving(widget.move_by, option.id, by))
            row.addWidget(arrow)


class OrderWidget(InteractionWidget):
    """`rows` by option id; `sequence` is what is shown from first to last."""

    def __init__(
        self,
        look: Look,
        interaction: OrderInteraction,
        media: Media,
        order: tuple[str, ...] | None,
        respond: Respond,
    ) -> None:
        super().__init__(look, respond)
        offered = in_order(interaction.options, order)
        self._first = tuple(option.id for option in offered)
        self._least, self._most = interaction.least, interaction.most
        self.names = {option.id: spoken(option.content, option.id) for option in offered}
        self.held: str | None = None
        self._carried: tuple[str, ...] = ()
        self._before_held: tuple[str, ...] = ()
        self._ghost = Ghost()
        self.state, self.confirm = label(role="waiting"), Button(look, "chip", "check")
        self.confirm.name(self.words("station.order_confirm"))
        self.confirm.clicked.connect(lambda: self.ask(self._first))
        self.rest = label(self.words("station.order_rest"), "small")
        self.rows = {option.id: _Row(look, option, media, self) for option in offered}
        self._list = QVBoxLayout(self)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.addWidget(self.hint)
        head = QHBoxLayout()
        head.addWidget(self.state, 1)
        head.addWidget(self.confirm)
        self._list.addLayout(head)
        self._body = QVBoxLayout()
        self._list.addLayout(self._body)
        for row in self.rows.values():
            row.button.key_pressed = self._key
            row.button.dragged = drops(self._ghost, _taking(self.pick_up, row.option.id), self._dropped)
        look.changed.connect(self._space)
        self._space()
        self.draw()
        self.show_rule()

    @property
    def orders_all(self) -> bool:
        """Whether every option gets a place (QTI's usual order)."""
        return not self._most and self._least in (0, len(self._first))

    @property
    def sequence(self) -> tuple[str, ...]:
        """What is shown as ordered, from first to last: what is carried, else what was given."""
        if self.held is not None:
            return self._carried
        return self.values or (self._first if self.orders_all else ())

    # Acts

    def press(self, name: str) -> None:
        """A press on a row: pick it up, or put what is held there."""
        if self.held is None:
            if name in self.sequence:
                self.pick_up(name)
            else:
                self._add(name)
        elif self.held == name:
            self.put()
        elif name in self._carried:
            self._carry_to(self._carried.index(name))
            self.put()
        else:
            self._carry_out()

    def move_by(self, name: str, by: int) -> None:
        """Up or down by one, at once."""
        self.held = None
        there = self.sequence
        if name not in there:
            return
        place = there.index(name) + by
        if 0 <= place < len(there):
            self._ask_moved(there, name, place)

    def pick_up(self, name: str) -> bool:
        if name not in self.sequence:
            return False
        self._before_held = self.sequence
        self._carried, self.held = self.sequence, name
        self.draw()
        self.say(self.words("station.order_picked_up", option=self.names[name]))
        return True

    def put(self) -> None:
        """Where it is carried to now."""
        carried, self.held = self._carried, None
        self.ask(carried)

    def lay_back(self) -> None:
        name, self.held = self.held, None
        self.draw()
        self.show_rule()
        if name is not None:
            self.say(self.words("station.laid_back", option=self.names[name]))

    def _add(self, name: str) -> None:
        if self._most and len(self.values) >= self._most:
            self.refuse(self.words("station.count_too_many", most=self._most))
        else:
            self.ask((*self.values, name))

    def _carry_out(self) -> None:
        """Back to those that are not ordered."""
        name, self.held = self.held, None
        self.ask(tuple(one for one in self.values if one != name))

    def _ask_moved(self, there: Sequence[str], name: str, place: int) -> None:
        others = [one for one in there if one != name]
        self.ask((*others[:place], name, *others[place:]))

    def _carry_to(self, place: int) -> None:
        if self.held is None:
            return
        others = [one for one in self._carried if one != self.held]
        place = max(0, min(len(others), place))
        self._carried = (*others[:place], self.held, *others[place:])
        self.draw()
        self.say(self.words("station.order_at", place=place + 1, count=len(self._carried)))

    def _dropped(self, _button: RichButton, at: QPoint) -> None:
        target = under([row.button for row in self.rows.values()], at)
        name = next((name for name, row in self.rows.items() if row.button is target), None)
        if name is not None and name in self._carried:
            self._carry_to(self._carried.index(name))
            self.put()
        elif name is not None and self.held is not None:
            self._carry_out()
        else:
            self.lay_back()

    # Keys

    def _key(self, button: RichButton, key: int) -> bool:
        name = next(name for name, row in self.rows.items() if row.button is button)
        if self.held is not None:
            return self._key_held(button, key)
        if is_key_move(key):
            other = moved_among([row.button for row in self._shown_rows()], button, is_key_move(key))
            if other is not None:
                self.focus_on(other)
            return True
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not self.orders_all and name in self.values:
            self.ask(tuple(one for one in self.values if one != name))
            return True
        return False

    def _key_held(self, button: RichButton, key: int) -> bool:
        if self.held is None:
            return False
        if is_key_move(key):
            self._carry_to(self._carried.index(self.held) + is_key_move(key))
            self.focus_on(self.rows[self.held].button)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._carry_to(0 if key == Qt.Key.Key_Home else len(self._carried))
            self.focus_on(self.rows[self.held].button)
        elif key == Qt.Key.Key_Escape:
            self.lay_back()
            self.focus_on(button)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not self.orders_all:
            self._carry_out()
        else:
            return False
        return True

    # Drawing

    def _shown_rows(self) -> list[_Row]:
        placed = self.sequence
        return [self.rows[name] for name in (*placed, *(name for name in self._first if name not in placed))]

    def draw(self) -> None:
        placed, durable = self.sequence, self.value or ()
        for place, row in enumerate(self._shown_rows()):
            if self._body.indexOf(row) != place:
                self._body.insertWidget(place, row)
        if not self.orders_all:
            self._body.removeWidget(self.rest)
            self._body.insertWidget(len(placed), self.rest)
        self.rest.setVisible(not self.orders_all and len(placed) < len(self._first))
        for name, row in self.rows.items():
            self._draw_row(name, row, placed, tuple(durable))
        self._draw_state()

    def _draw_row(self, name: str, row: _Row, placed: tuple[str, ...], durable: tuple[str, ...]) -> None:
        words, is_in = self.words, name in placed
        place = placed.index(name) + 1 if is_in else 0
        settled = bool(durable) and not self.waits and is_in
        row.button.badge = str(place) if is_in else ""
        row.button.badge_icon = "grip-vertical" if is_in else "plus"
        row.button.show_state(picked=self.held == name, filled=settled, waiting=self.waits and is_in)
        row.button.update()
        if not is_in:
            row.button.name(words("station.order_unused", option=self.names[name]))
        else:
            spoken_at = words("station.order_row", option=self.names[name], place=place, count=len(placed))
            row.button.name(spoken_at, words("station.option_picked") if self.held == name else "")
        for arrow, there in ((row.up, is_in and place > 1), (row.down, is_in and place < len(placed))):
            arrow.setEnabled(there)
            arrow.setVisible(is_in)
        row.up.name(words("station.order_up", option=self.names[name]))
        row.down.name(words("station.order_down", option=self.names[name]))

    def _draw_state(self) -> None:
        words = self.words
        none = "order_not_yet" if self.orders_all else "order_some"
        key = "order_waiting" if self.waits else "order_done" if self.value else none
        self.state.setText(words(f"station.{key}"))
        set_role(self.state, "saved" if key == "order_done" else "waiting")
        open_yet = self.orders_all and not self.value and not self.waits
        if not open_yet and self.confirm.hasFocus() and self.rows:
            self._shown_rows()[0].button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.confirm.setVisible(open_yet)

    def told_of(self, _before: Value | None, now: Value | None) -> str:
        if not now:
            return self.words("station.order_not_yet")
        return self.words("station.order_told", order=", ".join(self.names.get(one, one) for one in now))

    def rule(self) -> str:
        words = self.words
        if self.orders_all:
            return words("station.order_rule")
        return rule_of(words, self._least, self._most, len(self.value or ()), len(self._first))

    def parts_to_focus(self) -> list[QWidget]:
        rows: list[QWidget] = [row.button for row in self._shown_rows()]
        return [self.confirm, *rows] if self.confirm.isVisibleTo(self) else rows

    def _space(self) -> None:
        self._list.setSpacing(self.look.px(10))
        self._body.setSpacing(self.look.px(_GAP_PX))


def _moving(move: Callable[[str, int], None], name: str, by: int) -> Callable[[], None]:
    return lambda: move(name, by)


def _taking(take: Callable[[str], bool], name: str) -> Callable[[RichButton], bool]:
    return lambda _button: take(name)
