"""Every page of the candidate's window as a picture, without a display.

Walks once through a sitting over any `StationFace` and stops at each page; at each stop it writes a PNG for every size,
theme, text size and language: `exam-1366x768-light-100-id.png`. It needs an application object made with
`QT_QPA_PLATFORM=offscreen`. What a visitor must type at the doors comes in as a `Visit`.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from cbt_station.screens.background import AtOnce
from cbt_station.screens.look import Look
from cbt_station.screens.station.face import StationFace
from cbt_station.screens.station.window import Window
from cbt_station.screens.tokens import THEMES

SIZES: Final = ((1024, 600), (1366, 768), (1920, 1080))


class Visit(Struct, frozen=True, kw_only=True):
    """What is typed at the doors; `venue_key` is the key's file, or empty where the station is open already."""

    number: str
    secret: str
    venue_key: bytes = b""
    passphrase: str = ""
    code: str = ""


class Looks(Struct, frozen=True, kw_only=True):
    """Which pictures to write."""

    sizes: Sequence[tuple[int, int]] = SIZES
    themes: Sequence[str] = tuple(THEMES)
    zooms: Sequence[int] = (100, 200)
    languages: Sequence[str] = ("id", "en")


def write_pictures(
    station: StationFace, visit: Visit, target: Path, looks: Looks | None = None, only: Sequence[str] = ()
) -> list[Path]:
    """Write the pictures (of the pages in `only`, if given) under `target`, and list them."""
    looks = looks or Looks()
    window = Window(station, Look(), AtOnce(), venue_key=visit.venue_key, wall=lambda: "10:42:07")
    written: list[Path] = []
    try:
        for page in walk(window, visit):
            if not only or page in only:
                written.extend(_shots(window, page, target, looks))
    finally:
        window.let_go()
        window.close()
        window.deleteLater()
    return written


def _shots(window: Window, page: str, target: Path, looks: Looks) -> Iterator[Path]:
    target.mkdir(parents=True, exist_ok=True)
    for theme, zoom, language, (width, height) in product(
        looks.themes, looks.zooms, looks.languages, looks.sizes
    ):
        window.look.set_theme(theme)
        window.look.set_zoom(zoom)
        window.look.set_language(language)
        window.resize(width, height)
        settle()
        if page == "exam-list" and window.exam.list.isVisible():
            window.exam.toggle_list()
            settle()
        path = target / f"{page}-{width}x{height}-{theme}-{zoom}-{language}.png"
        window.grab().save(str(path))
        window.exam.close_list()
        yield path
    window.look.set_theme("light")
    window.look.set_zoom(100)
    window.look.set_language("id")
    window.resize(1366, 768)
    settle()


def settle() -> None:
    """Let every layout that was asked for be done, and what was thrown away be gone."""
    for _ in range(4):
        QApplication.sendPostedEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()


def walk(window: Window, visit: Visit) -> Iterator[str]:
    """From the door to the slip; each name is yielded while its page is on the screen."""
    window.begin()
    settle()
    if window.pages.currentWidget() is window.locked:
        yield "locked"
        window.locked.passphrase.setText(visit.passphrase)
        _type_code(window, visit.code)
        window.locked.try_it()
    yield "number"
    window.number.number.setText(visit.number)
    window.number.next.click()
    yield "secret"
    _type_secret(window, visit.secret)
    window.secret.next.click()
    yield "confirm"
    window.confirm.agree.click()
    if window.pages.currentWidget() is window.choose_language:
        yield "language"
        window.choose_language.choices["id"].click()
    yield "practice"
    window.practice.begin.click()
    yield "practice-question"
    window.exam.panel.finish.click()
    yield "rules"
    window.rules.start.click()
    yield from _sitting(window)


def _type_code(window: Window, code: str) -> None:
    for group, text in zip(window.locked.code.groups, code.split("-"), strict=False):
        group.setText(text)


def _type_secret(window: Window, secret: str) -> None:
    page = window.secret
    if page.pin.isVisibleTo(page):
        page.pin.setText(secret)
    else:
        for field, text in zip((page.year, page.month, page.day), secret.split("-"), strict=True):
            field.setText(text)


def _sitting(window: Window) -> Iterator[str]:
    view = window.desk.view
    items = [cell.item for cell in view.cells] if view else []
    for place, item in enumerate(items[:14]):
        window.desk.go(item)
        if place % 5 != 3 and window.exam.question.options:
            window.exam.question.options[place % 4].click()
        if place % 6 == 1:
            window.exam.doubtful.click()
    for place in range(min(5, len(items))):
        window.desk.go(items[place])
        yield f"exam-{place + 1}"
    yield from _beside(window)
    window.exam.panel.finish.click()
    yield "review"
    window.review.on.click()
    yield "finish"
    window.finish.understood.setChecked(True)
    window.finish.finish.click()
    yield "sealed"


def _beside(window: Window) -> Iterator[str]:
    """What can come up during a sitting."""
    window.banner.say(window.look.words("station.warning", minutes=5), "doubt")
    yield "exam-warning"
    window.banner.hide()
    yield "exam-list"
    window.bar.help.click()
    yield "help"
    window.help.back.click()
