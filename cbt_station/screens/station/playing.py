"""Plays a candidate through the real window by real key presses and clicks: for rehearsals, benches and pictures.

Nothing here reaches behind the window: it waits until a page is on the screen and an answer is drawn, as a person does.
`seen` is called with the name of a page, or the id of an item, whenever something worth a picture is on the screen.
"""

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from cbt_station.delivery.views import SealedView
from cbt_station.errors import Trouble
from cbt_station.exam.interactions import ChoiceInteraction, Response
from cbt_station.screens.station.acting import act_out
from cbt_station.screens.station.page import CodeField
from cbt_station.screens.station.window import Window

PATIENCE_S: Final = 60
PAGES: Final = frozenset(
    {"locked", "check-in", "confirm", "practice", "rules", "review", "finish", "sealed", "score"}
)


class Script(Struct, frozen=True, kw_only=True):
    """What a played candidate does. `choose(item, options in order)` gives an option's place, or None for no answer;
    `respond` the whole answer to a question that is no choice of one;
    `doubt(item)` says whether to mark it. Empty codes are not typed.
    """

    number: str
    secret: str
    choose: Callable[[str, tuple[str, ...]], int | None]
    doubt: Callable[[str], bool] = lambda _item: False
    respond: Callable[[str, tuple[str, ...]], Response | None] = lambda _item, _options: None
    passphrase: str = ""
    code: str = ""
    score_code: str = ""
    practises: bool = False
    stops_after: int = 0
    """Leave after so many questions, as if the power had gone (0: never)."""


def play(
    window: Window, script: Script, seen: Callable[[str], None] = lambda _name: None
) -> SealedView | None:
    """From where an opened window stands (locked, or in the middle after a restart) to the slip; None where it stops.

    Trouble("rehearsal-stuck") where a page does not come.
    """
    _until(lambda: window.door.info is not None, "entrance", window)
    if window.door.info and window.door.info.resumable:
        _until(lambda: _page(window) is window.exam, "resumed", window)
    if _page(window) is window.locked:
        _unlock(window, script, seen)
    if _page(window) is window.number:
        _check_in(window, script, seen)
    _until(lambda: _page(window) is window.exam and window.desk.on_screen is not None, "exam", window)
    if not _answer_all(window, script, seen):
        return None
    _end(window, seen)
    sealed = window.sealed.shown
    if sealed is None:
        raise Trouble("rehearsal-stuck", where="sealed", said="")
    seen("sealed")
    if script.score_code and sealed.score_offered and not window.sealed.keys.isVisibleTo(window):
        if window.sealed.passphrase.isVisibleTo(window):  # the program was started again since the unlocking
            QTest.keyClicks(window.sealed.passphrase, script.passphrase)
        _type_code(window.sealed.code, script.score_code)
        _click(window.sealed.show_score_button)
        _until(lambda: window.sealed.score is not None, "score", window)
        seen("score")
    return sealed


def picture_taker(window: Window, folder: Path, items: Mapping[str, str]) -> Callable[[str], None]:
    """A `seen` that writes FOLDER/NAME.png once a name: for every page, and for the items that `items` names."""
    folder.mkdir(parents=True, exist_ok=True)

    def take(what: str) -> None:
        name = items.get(what, what if what in PAGES else "")
        if name and not (folder / f"{name}.png").exists():
            QApplication.processEvents()
            window.grab().save(str(folder / f"{name}.png"))

    return take


def put_away(window: Window) -> None:
    """Close a played window and take it out of memory: every widget that lives on is styled again with the next one."""
    window.let_go()
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _unlock(window: Window, script: Script, seen: Callable[[str], None]) -> None:
    seen("locked")
    QTest.keyClicks(window.locked.passphrase, script.passphrase)
    _type_code(window.locked.code, script.code)
    _click(window.locked.open)
    _until(lambda: _page(window) is not window.locked, "unlocked", window)


def _type_code(field: CodeField, code: str) -> None:
    for group, part in zip(field.groups, code.split("-"), strict=False):
        QTest.keyClicks(group, part)


def _check_in(window: Window, script: Script, seen: Callable[[str], None]) -> None:
    QTest.keyClicks(window.number.number, script.number)
    QTest.keyClick(window.number.number, Qt.Key.Key_Return)
    _until(lambda: _page(window) is window.secret, "check-in", window)
    seen("check-in")
    page = window.secret
    if page.pin.isVisibleTo(page):
        QTest.keyClicks(page.pin, script.secret)
    else:
        year, month, day = script.secret.split("-")
        for field, typed in ((page.day, day), (page.month, month), (page.year, year)):
            QTest.keyClicks(field, typed)
    _click(page.next)
    _until(lambda: _page(window) is window.confirm, "confirm", window)
    seen("confirm")
    _click(window.confirm.agree)
    if _page(window) is window.choose_language:
        _click(window.choose_language.choices[window.look.language])
    _until(lambda: _page(window) is window.practice, "practice", window)
    if script.practises:
        _click(window.practice.begin)
        _until(lambda: _page(window) is window.exam and window.desk.on_screen is not None, "practice", window)
        QTest.keyClick(window.exam, Qt.Key.Key_A)
        _until(lambda: bool(window.desk.view and window.desk.view.answers), "practice", window)
        seen("practice")
        _click(window.exam.panel.finish)
    else:
        _click(window.practice.skip)
    _until(lambda: _page(window) is window.rules, "rules", window)
    seen("rules")
    _click(window.rules.start)


def _answer_all(window: Window, script: Script, seen: Callable[[str], None]) -> bool:
    """Every question from the one on the screen on; False where the script stops before the last."""
    view, shown = window.desk.view, window.desk.on_screen
    if view is None or shown is None:
        raise Trouble("rehearsal-stuck", where="exam", said="")
    items = [cell.item for cell in view.cells]
    for number, item in enumerate(items[items.index(shown.shown.id) :], start=1):
        _until(partial(_is_on_screen, window, item), item, window)
        if _answer(window, script, item, view.option_order[item], by_key=number % 2 == 0):
            _until(partial(_is_answered, window, item), item, window)
        if script.doubt(item):
            if window.exam.question.row_at("F") is None:
                QTest.keyClick(window.exam, Qt.Key.Key_F)
            else:
                _click(window.exam.doubtful)
            _until(partial(_is_flagged, window, item), item, window)
        seen(item)
        if number == script.stops_after:
            return False
        QTest.keyClick(window.exam, Qt.Key.Key_Return)
    return True


def _answer(window: Window, script: Script, item: str, order: tuple[str, ...], *, by_key: bool) -> bool:
    """Whether anything was answered."""
    shown = window.desk.on_screen
    if shown is None:
        return False
    if isinstance(next(iter(shown.shown.languages.values())).interaction, ChoiceInteraction):
        place = script.choose(item, order)
        if place is not None:
            _choose(window, place, by_key=by_key)
        return place is not None
    response = script.respond(item, order)
    if response is not None:
        act_out(window.exam.question, response, by_key=by_key)
        _until(partial(_is_given, window, item, response), item, window)
    return response is not None


def _choose(window: Window, place: int, *, by_key: bool) -> None:
    if by_key:
        QTest.keyClick(window.exam, Qt.Key(int(Qt.Key.Key_A) + place))
    else:
        row = window.exam.question.options[place]
        window.exam.question.ensureWidgetVisible(row)
        QTest.mouseClick(row, Qt.MouseButton.LeftButton)


def _end(window: Window, seen: Callable[[str], None]) -> None:
    _until(lambda: _page(window) is window.review, "review", window)
    seen("review")
    _click(window.review.on)
    _until(lambda: _page(window) is window.finish, "finish", window)
    QTest.keyClick(window.finish.understood, Qt.Key.Key_Space)
    seen("finish")
    _click(window.finish.finish)
    _until(lambda: _page(window) is window.sealed, "sealed", window)


def _page(window: Window) -> QWidget | None:
    return window.pages.currentWidget()


def _is_on_screen(window: Window, item: str) -> bool:
    return window.desk.on_screen is not None and window.desk.on_screen.shown.id == item


def _is_given(window: Window, item: str, response: Response) -> bool:
    """Whether the view has a response, in whatever order its parts were given."""
    given = window.desk.view.answers.get(item) if window.desk.view is not None else None
    return given is not None and _sorted(given) == _sorted(response)


def _sorted(response: Response) -> object:
    if isinstance(response, dict):
        return {name: _sorted(value) for name, value in response.items()}
    return response if isinstance(response, str) else sorted(response)


def _is_answered(window: Window, item: str) -> bool:
    return window.desk.view is not None and item in window.desk.view.answers


def _is_flagged(window: Window, item: str) -> bool:
    return window.desk.view is not None and any(
        cell.flagged for cell in window.desk.view.cells if cell.item == item
    )


def _click(button: QWidget) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _until(holds: Callable[[], bool], what: str, window: Window) -> None:
    """Let the window live until something is on the screen."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > end:
            raise Trouble("rehearsal-stuck", where=what, said=window.banner.text.text())
        QApplication.processEvents()
        time.sleep(0.0005)
