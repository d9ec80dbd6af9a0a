"""Options of one set put together two by two: press one, then the other; the pairs stand below, each with a way out."""

from collections import Counter

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cbt_station.exam.content import Blocks, Paragraph, Text
from cbt_station.exam.interactions import Associable, AssociateInteraction, Value
from cbt_station.screens.flow_layout import FlowLayout
from cbt_station.screens.item.interactions.base import InteractionWidget, Respond, is_key_move, pair_of
from cbt_station.screens.item.interactions.carrying import Ghost, drops, moved_among, under
from cbt_station.screens.item.interactions.choice import in_order
from cbt_station.screens.item.interactions.rich_button import RichButton, spoken
from cbt_station.screens.look import Look
from cbt_station.screens.parts import label
from cbt_station.screens.rich.media import Media


class AssociateWidget(InteractionWidget):
    """`chips` by option id; `pairs` the buttons of the pairs, each undone by a press."""

    def __init__(
        self,
        look: Look,
        interaction: AssociateInteraction,
        media: Media,
        order: tuple[str, ...] | None,
        respond: Respond,
    ) -> None:
        super().__init__(look, respond)
        self._interaction, self._media, self.held = interaction, media, ""
        offered = [one for one in in_order(interaction.options, order) if isinstance(one, Associable)]
        self._options = {option.id: option for option in offered}
        self.names = {option.id: spoken(option.content, option.id) for option in offered}
        self._ghost = Ghost()
        self.chips = {name: self._chip(option) for name, option in self._options.items()}
        self.pairs: dict[str, RichButton] = {}
        self._caption = label(role="small")
        self._list = QVBoxLayout(self)
        self._list.setContentsMargins(0, 0, 0, 0)
        bank = QWidget()
        flow = FlowLayout(look)
        bank.setLayout(flow)
        for chip in self.chips.values():
            flow.addWidget(chip)
        self._body = QVBoxLayout()
        for part in (self.hint, bank, self._caption):
            self._list.addWidget(part)
        self._list.addLayout(self._body)
        look.changed.connect(self._space)
        self._space()
        self.draw()
        self.show_rule()

    def _chip(self, option: Associable) -> RichButton:
        chip = RichButton(self.look, option.content, self._media, lambda _chip: self.press(option.id))
        chip.badge_icon = "grip-vertical"
        chip.key_pressed = self._key
        chip.dragged = drops(self._ghost, lambda _chip: self._take(option.id), self._dropped)
        return chip

    # Acts

    def press(self, name: str) -> None:
        """The first press picks up, the second makes a pair."""
        if not self.held:
            self._take(name)
        elif self.held == name:
            self.lay_back()
        else:
            self.pair(self.held, name)

    def _is_spent(self, name: str) -> bool:
        uses = Counter(one for pair in self.values for one in pair_of(pair))
        most = self._options[name].most
        return bool(most) and uses[name] >= most

    def _take(self, name: str) -> bool:
        if self._is_spent(name):
            self.refuse(self.words("station.pair_spent", option=self.names[name]))
            return False
        self.held = name
        self.draw()
        self.say(self.words("station.pair_picked_up", option=self.names[name]))
        return True

    def pair(self, one: str, other: str) -> None:
        """Ask for a pair."""
        self.held = ""
        words, pairs = self.words, self.values
        if any({one, other} == set(pair_of(pair)) for pair in pairs):
            self.draw()
            self.refuse(words("station.pair_twice", one=self.names[one], other=self.names[other]))
        elif self._is_spent(other):
            self.draw()
            self.refuse(words("station.pair_spent", option=self.names[other]))
        elif self._interaction.most and len(pairs) >= self._interaction.most:
            self.draw()
            self.refuse(words("station.pair_too_many", most=self._interaction.most))
        else:
            self.ask((*pairs, f"{one} {other}"))

    def undo(self, pair: str) -> None:
        """Ask for the pairs without one."""
        self.ask(tuple(one for one in self.values if one != pair))

    def lay_back(self) -> None:
        self.held = ""
        self.draw()
        self.show_rule()

    def _dropped(self, _button: RichButton, at: QPoint) -> None:
        target = under(list(self.chips.values()), at)
        name = next((name for name, chip in self.chips.items() if chip is target), None)
        if self.held and name is not None and name != self.held:
            self.pair(self.held, name)
        else:
            self.lay_back()

    def _key(self, chip: RichButton, key: int) -> bool:
        if is_key_move(key):
            other = moved_among(list(self.chips.values()), chip, is_key_move(key))
            if other is not None:
                self.focus_on(other)
            return True
        if key == Qt.Key.Key_Escape and self.held:
            name = self.held
            self.lay_back()
            self.focus_on(self.chips[name])
            self.say(self.words("station.laid_back", option=self.names[name]))
            return True
        return False

    def _key_on_pair(self, button: RichButton, key: int) -> bool:
        if is_key_move(key):
            other = moved_among(list(self.pairs.values()), button, is_key_move(key))
            if other is not None:
                self.focus_on(other)
            return True
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            button.click()
            return True
        return False

    # Drawing

    def draw(self) -> None:
        words, durable, asked = self.words, self.value or (), self.values
        for name, chip in self.chips.items():
            spent, picked = self._is_spent(name), self.held == name
            chip.show_state(picked=picked, muted=spent, welcomes=bool(self.held) and not picked and not spent)
            state = "picked" if picked else "paired" if spent else "free"
            chip.name(self.names[name], words(f"station.option_{state}"))
        wanted = [*durable, *(pair for pair in asked if pair not in durable)]
        for pair in [pair for pair in self.pairs if pair not in wanted]:
            self._forget(pair)
        for pair in wanted:
            if pair not in self.pairs:
                self._show(pair)
            waiting = (pair in durable) != (pair in asked)
            self.pairs[pair].show_state(filled=pair in durable, waiting=waiting)
        self._caption.setText(words("station.pairs" if wanted else "station.pairs_none"))

    def _show(self, pair: str) -> None:
        one, other = pair_of(pair)
        content = _joined(self._options[one].content, self._options[other].content)
        button = RichButton(self.look, content, self._media, lambda _button: self.undo(pair))
        button.badge_icon = "x"
        button.key_pressed = self._key_on_pair
        button.name(
            self.words("station.pair", one=self.names[one], other=self.names[other]),
            self.words("station.pair_undo"),
        )
        self.pairs[pair] = button
        self._body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        button.show()

    def _forget(self, pair: str) -> None:
        button = self.pairs.pop(pair)
        if button.hasFocus():
            self.chips[pair_of(pair)[0]].setFocus(Qt.FocusReason.OtherFocusReason)
        self._body.removeWidget(button)
        button.hide()
        button.deleteLater()

    def told_of(self, before: Value | None, now: Value | None) -> str:
        new = [pair for pair in now or () if pair not in (before or ())]
        gone = [pair for pair in before or () if pair not in (now or ())]
        for key, pairs in (("pair_made", new), ("pair_undone", gone)):
            if pairs:
                one, other = pair_of(pairs[-1])
                return self.words(f"station.{key}", one=self.names[one], other=self.names[other])
        return ""

    def rule(self) -> str:
        most, words = self._interaction.most, self.words
        rule = words("station.pair_rule")
        return f"{rule} {words('station.pair_at_most', most=most)}" if most else rule

    def parts_to_focus(self) -> list[QWidget]:
        return [*self.chips.values(), *self.pairs.values()]

    def _space(self) -> None:
        self._list.setSpacing(self.look.px(12))
        self._body.setSpacing(self.look.px(8))


def _joined(one: Blocks, other: Blocks) -> Blocks:
    """Two contents as one: in a line where both are lines."""
    if len(one) == len(other) == 1:
        first, second = one[0], other[0]
        if isinstance(first, Paragraph) and isinstance(second, Paragraph):
            between = Text(text="  —  ", bold=True)
            return (Paragraph(content=(*first.content, between, *second.content)),)
    return (*one, *other)
