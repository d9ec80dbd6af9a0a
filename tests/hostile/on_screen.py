"""A case on the station's screen, without a display: what is drawn, what is said in words instead."""

from dataclasses import replace
from functools import cache

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from cbt_station.errors import Failure
from cbt_station.exam.content import media_in
from cbt_station.exam.interactions import ordered_options, parts_of
from cbt_station.exam.item import ShownItem, Stimulus, contents, require_modest_item, require_modest_stimulus
from cbt_station.screens.item.on_screen import OnScreen
from cbt_station.screens.item.question import Question
from cbt_station.screens.look import Look
from cbt_station.screens.rich.media import Media
from cbt_station.sealing import strict_json
from tests.hostile.case import Screen
from tests.hostile.playing import SECRET_PIXEL, Played, text_of

WIDTH, HEIGHT = 1024, 768
MOST_HEIGHT = 6_000


@cache
def application() -> QApplication:
    """Qt, once a process, on no display."""
    import os

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return QApplication([])


@cache
def look() -> Look:
    """The look that a venue sees."""
    application()
    return Look()


def warm() -> None:
    """Everything that a first question needs is loaded, so that a case's own work is what is measured."""
    from cbt_station.exam.content import Paragraph, Text
    from cbt_station.exam.interactions import ChoiceInteraction, Option
    from cbt_station.exam.item import Shown

    options = tuple(Option(name, (Paragraph((Text(name),)),)) for name in "ab")
    draw(Screen(ShownItem("x", {"id": Shown((Paragraph((Text("x"),)),), ChoiceInteraction(options))}), {}))


def show(screen: Screen) -> Played:
    """What a package brought: first the checks of its reader, then the screen."""
    try:
        item = strict_json.decode(
            strict_json.encode(screen.item) if screen.raw is None else screen.raw, ShownItem, "item"
        )
        require_modest_item(item)
        if screen.stimulus is not None:
            stimulus = strict_json.decode(strict_json.encode(screen.stimulus), Stimulus, "stimulus")
            require_modest_stimulus(stimulus)
    except Failure as failure:
        facts = " ".join(str(fact) for fact in failure.facts.values())
        return Played("refused", [failure.code], f"{failure.code} {facts}")
    return draw(replace(screen, item=item))


def draw(screen: Screen) -> Played:
    """The item as a candidate gets it, in each of its languages."""
    application()
    drawn = Played("shown")
    media = Media(screen.media)
    names = sorted(
        {
            name
            for shown in screen.item.languages.values()
            for blocks in contents(shown)
            for name in media_in(blocks)
        }
    )
    drawn.codes = [f"{'drawn' if _is_drawn(media, name) else 'in words'}: {name[:40]}" for name in names]
    question = Question(look(), lambda *_: None)
    question.resize(WIDTH, HEIGHT)
    for language, shown in screen.item.languages.items():
        part = next(iter(parts_of(shown.interaction).values()), None)
        order = tuple(one.id for one in ordered_options(part)) if part is not None else None
        question.show_item(OnScreen(screen.item, screen.stimulus, dict(screen.media)), order, language)
        question.show()
        application().processEvents()
        inside = question.ground.rect()
        tall = question.ground.grab(inside.intersected(QRect(0, 0, WIDTH, MOST_HEIGHT))).toImage()
        drawn.said += "\n".join(_words(question))
        if _has_secret(tall):
            drawn.leaks.append("the picture outside is on the screen")
    drawn.shown = text_of(screen.item)
    return drawn


def _is_drawn(media: Media, name: str) -> bool:
    image = QImage(64, 64, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    found = media.paint(painter, name, QRectF(0, 0, 64, 64))
    painter.end()
    return found


def _words(widget: QWidget) -> list[str]:
    found = []
    for one in [widget, *widget.findChildren(QWidget)]:
        found.append(one.accessibleName())
        if isinstance(one, QLabel):
            found.append(one.text())
    return [said for said in found if said]


def _has_secret(image: QImage) -> bool:
    red, green, blue = SECRET_PIXEL
    data = bytes(image.convertToFormat(QImage.Format.Format_RGB32).constBits())
    return bytes((blue, green, red, 0xFF)) * 4 in data
