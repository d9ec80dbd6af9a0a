"""Acts a response out at the question on the screen by real events: a hand with a mouse, or keys alone.

For rehearsals, pictures and tests. Nothing reaches behind the widgets: what is not visible is scrolled to, what is not
reached by Tab is not used by keys. It starts from whatever is given already, and does not wait for what comes back.
"""

from collections.abc import Callable, Mapping
from typing import Final, cast

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QPlainTextEdit, QWidget

from cbt_station.exam.interactions import RESPONSE, Response, Value
from cbt_station.screens.item.interactions.associate import AssociateWidget
from cbt_station.screens.item.interactions.base import InteractionWidget, pair_of
from cbt_station.screens.item.interactions.board import SpotBoard
from cbt_station.screens.item.interactions.choice import ChoiceWidget
from cbt_station.screens.item.interactions.choosing import Choosing
from cbt_station.screens.item.interactions.hotspot import HotspotWidget
from cbt_station.screens.item.interactions.hottext import HottextWidget
from cbt_station.screens.item.interactions.inline_choice import InlineChoiceWidget
from cbt_station.screens.item.interactions.match import MatchWidget
from cbt_station.screens.item.interactions.ordering import OrderWidget
from cbt_station.screens.item.interactions.placing import Placing
from cbt_station.screens.item.interactions.select_point import SelectPointWidget
from cbt_station.screens.item.interactions.slider import SliderWidget
from cbt_station.screens.item.interactions.typed import Typed
from cbt_station.screens.item.question import Question
from cbt_station.screens.rich.hot_run import HotRun

_LEFT: Final = Qt.MouseButton.LeftButton
_MOST_KEYS: Final = 400
_GRID: Final = 40
_COARSE: Final = 10
_FAR: Final = 24


def act_out(question: Question, response: Response, *, by_key: bool = False) -> None:
    """Give a response to the item on the screen."""
    parts = question.answering.parts
    values = response if isinstance(response, dict) else {RESPONSE: response}
    for name, value in values.items():
        hand = _Keys(question) if by_key else _Mouse(question)
        _ACTS[_kind(parts[name])](hand, parts[name], value)


class _Hand:
    """What both hands can do."""

    def __init__(self, question: Question) -> None:
        self.question = question

    def press(self, widget: QWidget, key: Qt.Key = Qt.Key.Key_Return) -> None:
        """Use a widget: a click, or the focus and a key."""
        raise NotImplementedError

    def write(self, field: QWidget, text: str) -> None:
        """Type a text into a field in place of what stands there, and go on."""
        self.press_into(field)
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(field, Qt.Key.Key_Delete)
        for character in text:
            type_character(field, character)
        QTest.keyClick(field, Qt.Key.Key_Tab)

    def press_into(self, field: QWidget) -> None:
        raise NotImplementedError


class _Mouse(_Hand):
    def press(self, widget: QWidget, key: Qt.Key = Qt.Key.Key_Return) -> None:  # noqa: ARG002 - a mouse has no keys
        self.click(widget, widget.rect().center())

    def click(self, widget: QWidget, at: QPoint) -> None:
        self.question.ensureWidgetVisible(widget)
        QTest.mouseClick(widget, _LEFT, Qt.KeyboardModifier.NoModifier, at)

    def press_into(self, field: QWidget) -> None:
        inside = field.viewport() if isinstance(field, QPlainTextEdit) else field
        self.question.ensureWidgetVisible(field)
        QTest.mouseClick(inside, _LEFT)
        field.setFocus(Qt.FocusReason.MouseFocusReason)


class _Keys(_Hand):
    def press(self, widget: QWidget, key: Qt.Key = Qt.Key.Key_Return) -> None:
        self.press_into(widget)
        QTest.keyClick(widget, key)

    def press_into(self, field: QWidget) -> None:
        """By Tab alone."""
        window = field.window()
        for _ in range(_MOST_KEYS):
            if field.hasFocus():
                return
            QTest.keyClick(_focused(window) or window, Qt.Key.Key_Tab)
            if _arrives_by_arrows(_focused(window), field):
                return
        field.setFocus(Qt.FocusReason.TabFocusReason)


def _focused(window: QWidget) -> QWidget | None:
    return window.focusWidget()


def _arrives_by_arrows(here: QWidget | None, field: QWidget) -> bool:
    """A group of radio buttons is one stop of Tab: within it the arrows move."""
    if here is None or here is field or here.parent() is not field.parent() or type(here) is not type(field):
        return here is field
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Left):
        for _ in range(_MOST_KEYS):
            at = _focused(field.window())
            if at is field:
                return True
            if at is None or at.parent() is not field.parent():
                return False
            QTest.keyClick(at, key)
            if _focused(field.window()) is at:
                break
    return field.hasFocus()


def type_character(field: QWidget, character: str) -> None:
    """One character of any script, as a key gives it."""
    if character == "\n":
        QTest.keyClick(field, Qt.Key.Key_Return)
        return
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        key = ord(character.upper()) if character.isascii() else 0
        QApplication.sendEvent(field, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, character))


# --- one function a kind -----------------------------------------------------------------------------------------------


def _values(value: Value) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _choose(hand: _Hand, part: InteractionWidget, value: Value) -> None:
    rows = {row.option.id: row for row in cast("ChoiceWidget", part).rows}
    _toggle(hand, part, rows, _values(value))


def _toggle(
    hand: _Hand, part: InteractionWidget, marks: Mapping[str, QWidget], wanted: tuple[str, ...]
) -> None:
    """First what is too much, then what is missing."""
    for name in _changed(part, wanted):
        hand.press(marks[name], Qt.Key.Key_Space)


def _changed(part: InteractionWidget, wanted: tuple[str, ...]) -> list[str]:
    """What to press of things that are ticked; one that replaces the other is not let go first."""
    several = isinstance(part, Choosing) and part.takes_several
    extra = [one for one in part.values if one not in wanted] if several else []
    return [*extra, *(one for one in wanted if one not in part.values)]


def _hottext(hand: _Hand, part: InteractionWidget, value: Value) -> None:
    runs = cast("HottextWidget", part).runs
    if isinstance(hand, _Mouse):
        for name in _changed(part, _values(value)):
            hand.click(runs[name], _within(runs[name]))
    else:
        _toggle(hand, part, runs, _values(value))


def _within(run: HotRun) -> QPoint:
    """A point on the words, which may begin at a line's end."""
    grid = [
        QPoint(run.width() * across // _GRID, run.height() * down // _GRID)
        for down in range(1, _GRID)
        for across in range(1, _GRID)
    ]
    return next((at for at in grid if run.hitButton(at)), run.rect().center())


def _hotspot(hand: _Hand, part: InteractionWidget, value: Value) -> None:
    widget = cast("HotspotWidget", part)
    if isinstance(hand, _Mouse):
        for name in _changed(part, _values(value)):
            hand.click(widget.board, point_in(widget.board, name))
    else:
        _toggle(hand, part, widget.rows, _values(value))


def point_in(board: SpotBoard, name: str) -> QPoint:
    """A point of the board that means a spot."""
    width, height = board.picture.width, board.picture.height
    for down in range(_GRID):
        for across in range(_GRID):
            at = QPointF(width * (across + 0.5) / _GRID, height * (down + 0.5) / _GRID)
            if board.spot_at(at) == name:
                return board.to_screen(at).toPoint()
    return QPoint(0, 0)


def _inline(hand: _Hand, part: InteractionWidget, value: Value) -> None:
    widget = cast("InlineChoiceWidget", part)
    row = widget.ids.index(_values(value)[0]) + 1
    hand.press(widget.box, Qt.Key.Key_Space)
    QApplication.processEvents()
    listed = widget.box.view()
    if isinstance(hand, _Mouse):
        _press_entry(listed, row)
    if listed.isVisible():  # by keys, or in a window that nobody sees: its list does not hear the mouse
        QTest.keyClick(listed, Qt.Key.Key_Home)
        for _ in range(row):
            QTest.keyClick(listed, Qt.Key.Key_Down)
        QTest.keyClick(listed, Qt.Key.Key_Return)
    widget.box.hidePopup()


def _press_entry(listed: QAbstractItemView, row: int) -> None:
    index = listed.model().index(row, 0)
    listed.scrollTo(index)
    at = listed.visualRect(index).center()
    for place in (at + QPoint(0, -_FAR), at):  # a list that just opened waits for the mouse to move
        QTest.mouseMove(listed.viewport(), place)
        QApplication.processEvents()
    QTest.mouseClick(listed.viewport(), _LEFT, Qt.KeyboardModifier.NoModifier, at)


def _type(hand: _Hand, part: InteractionWidget, value: Value) -> None:
    widget = cast("Typed", part)
    hand.write(widget.field, widget.written(_values(value)[0]))


def _match(hand: _Hand, part: InteractionWidget, value: Value) -> None:
    widget = cast("MatchWidget", part)
    extra = [one for one in widget.values if one not in _values(value) and widget.is_several(pair_of(one)[0])]
    for pair in (*extra, *(one for one in _values(value) if one not in widget.values)):
        hand.press(widget.crossings[pair_of(pair)], Qt.Key.Key_Space)


def _associate(hand: _Hand, part: InteractionWidget, value: Value) -> None:
    widget = cast("AssociateWidget", part)
    for pair in [one for one in widget.values if one not in _values(value)]:
        hand.press(widget.pairs[pair])
    for pair in _values(value):
        if pair not in widget.values:
            one, other = pair_of(pair)
            hand.press(widget.chips[one])
            hand.press(widget.chips[other])


def _order(hand: _Hand, part: InteractionWidget, value: Value) -> None:
    widget, wanted = cast("OrderWidget", part), _values(value)
    if widget.orders_all and widget.sequence == wanted and not widget.values:
        hand.press(widget.confirm)
    for place, name in enumerate(wanted):
        there = widget.sequence
        if place < len(there) and there[place] == name:
            continue
        hand.press(widget.rows[name].button)
        if name in there:
            _carry(hand, widget, name, place)


def _carry(hand: _Hand, widget: OrderWidget, name: str, place: int) -> None:
    """A row that is picked up, to its place."""
    if isinstance(hand, _Keys):
        button = widget.rows[name].button
        for _ in range(widget.sequence.index(name) - place):
            QTest.keyClick(button, Qt.Key.Key_Up)
        QTest.keyClick(button, Qt.Key.Key_Return)
    else:
        hand.press(widget.rows[widget.sequence[place]].button)


def _place(hand: _Hand, part: InteractionWidget, value: Value) -> None:
    widget = cast("Placing", part)
    for pair in [one for one in widget.values if one not in _values(value)]:
        button = widget.places[pair_of(pair)[1]]
        hand.question.ensureWidgetVisible(button)
        button.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(button, Qt.Key.Key_Delete)
    for pair in _values(value):
        if pair not in widget.values:
            option, place = pair_of(pair)
            hand.press(widget.bank[option])
            hand.press(widget.places[place])


def _slide(hand: _Hand, part: InteractionWidget, value: Value) -> None:
    widget = cast("SliderWidget", part)
    scale, place = widget.scale, widget.place_of(_values(value)[0])
    if isinstance(hand, _Mouse):
        hand.click(scale, scale.place_at(place).toPoint())
    else:
        hand.press(scale, Qt.Key.Key_Home if place <= scale.maximum() // 2 else Qt.Key.Key_End)
    while step := place - scale.value():  # what the mouse was not exact enough for, too
        QTest.keyClick(scale, Qt.Key.Key_Up if step > 0 else Qt.Key.Key_Down)


def _point(hand: _Hand, part: InteractionWidget, value: Value) -> None:
    widget = cast("SelectPointWidget", part)
    for given in [one for one in widget.values if one not in _values(value)]:
        hand.press(widget.buttons[given])
    for wanted in _values(value):
        if wanted not in widget.values:
            x, y = (int(number) for number in pair_of(wanted))
            if isinstance(hand, _Mouse):
                hand.click(widget.board, widget.board.to_screen(QPointF(x, y)).toPoint())
            else:
                hand.press_into(widget.board.aim)
                _aim(widget, QPoint(x, y))


def _aim(widget: SelectPointWidget, to: QPoint) -> None:
    aim, board = widget.board.aim, widget.board
    while far := to.x() - board.at.x():
        QTest.keyClick(aim, Qt.Key.Key_Right if far > 0 else Qt.Key.Key_Left, _fine(far))
    while far := to.y() - board.at.y():
        QTest.keyClick(aim, Qt.Key.Key_Down if far > 0 else Qt.Key.Key_Up, _fine(far))
    QTest.keyClick(aim, Qt.Key.Key_Return)


def _fine(far: int) -> Qt.KeyboardModifier:
    """With Shift the crosshair moves by one."""
    return Qt.KeyboardModifier.NoModifier if abs(far) >= _COARSE else Qt.KeyboardModifier.ShiftModifier


_ACTS: Final[dict[type, Callable[[_Hand, InteractionWidget, Value], None]]] = {
    ChoiceWidget: _choose,
    InlineChoiceWidget: _inline,
    Typed: _type,
    MatchWidget: _match,
    AssociateWidget: _associate,
    OrderWidget: _order,
    Placing: _place,
    HottextWidget: _hottext,
    HotspotWidget: _hotspot,
    SliderWidget: _slide,
    SelectPointWidget: _point,
}


def _kind(part: InteractionWidget) -> type:
    return next(kind for kind in _ACTS if isinstance(part, kind))
