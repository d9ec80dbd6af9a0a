"""Moodle's two kinds of dragging onto a picture.

`ddimageortext` has boxes whose upper left corner is known and whose size is that of what is dragged: pictures by their
own size, words by an estimate of their letters. `ddmarker` has areas that the candidate does not see; with one kind of
marker it is a point to be shown, with several it becomes areas that are seen, which is a named loss.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cbt_station.banks.foreign import QuestionRefused, remark
from cbt_station.banks.moodle_xml import files_in, flag, own_text, text_in, whole
from cbt_station.banks.quiz_items import Made, equal_portions
from cbt_station.banks.safe_xml import Element
from cbt_station.exam.content import Blocks, Picture, as_text
from cbt_station.exam.interactions import Associable, GraphicGapMatchInteraction, SelectPointInteraction, Spot
from cbt_station.exam.processing import AreaEntry
from cbt_station.exam.rules.building import pairs, points

if TYPE_CHECKING:
    from cbt_station.banks.moodle_kinds import Question

LETTER_WIDTH: Final = 8
LINE_HEIGHT: Final = 22
_NUMBERS: Final = re.compile(r"-?[0-9]{1,5}(?:\.[0-9]+)?")
_SHAPES: Final = {"circle": "circle", "rectangle": "rect", "polygon": "poly"}


@dataclass(frozen=True)
class _Drag:
    """Something to be dragged, by its number."""

    name: str
    content: Blocks
    most: int
    group: str


def onto_picture(question: "Question") -> Made:
    """`ddimageortext` as a graphic gap match."""
    picture = _background(question)
    drags = _drags(question)
    spots: list[Spot] = []
    worths: dict[str, int] = {}
    drops = list(question.element.iterchildren("drop"))
    if not drops:
        raise QuestionRefused(remark("cloze-without-answers"))
    for index, drop in enumerate(drops, 1):
        drag = _chosen(drop, drags)
        width, height = _size([one for one in drags.values() if one.group == drag.group])
        left, top = whole(drop, "xleft", 0), whole(drop, "ytop", 0)
        box = (left, top, min(left + width, picture.width), min(top + height, picture.height))
        if box[0] >= box[2] or box[1] >= box[3]:
            raise QuestionRefused(remark("spot-outside", spot=index))
        spots.append(Spot(f"s{index}", "rect", box, own_text(drop).strip() or f"{index}"))
        worths[f"{drag.name} s{index}"] = 1
    if len({drag.group for drag in drags.values()}) > 1:
        question.lose(remark("drag-groups"))
    question.say(remark("spot-size-estimated"))
    return _graphic(question, picture, spots, drags, list(worths))


def markers(question: "Question") -> Made:
    """`ddmarker` as a point to be shown, or as a graphic gap match."""
    picture = _background(question)
    drags = _drags(question)
    spots: list[Spot] = []
    right: list[str] = []
    used: set[str] = set()
    for index, drop in enumerate(question.element.iterchildren("drop"), 1):
        drag = _chosen(drop, drags)
        spots.append(_area(drop, index))
        right.append(f"{drag.name} s{index}")
        used.add(drag.name)
    if not spots:
        raise QuestionRefused(remark("cloze-without-answers"))
    if len(drags) == 1:
        return _points(question, picture, spots)
    question.lose(remark("markers-as-areas"))
    return _graphic(question, picture, spots, drags, right)


def _points(question: "Question", picture: Picture, spots: list[Spot]) -> Made:
    each = equal_portions(question.points, len(spots))
    areas = [AreaEntry(spot.shape, spot.coords, own) for spot, own in zip(spots, each, strict=True)]
    several = len(spots) > 1
    rule = points(areas, several=several, upper=question.points, most=question.points)
    return SelectPointInteraction(picture, most=len(spots)), rule


def _graphic(
    question: "Question", picture: Picture, spots: list[Spot], drags: dict[int, _Drag], right: list[str]
) -> Made:
    options = tuple(Associable(drag.name, drag.content, most=drag.most) for drag in drags.values())
    shuffle = flag(question.element, "shuffleanswers", False)
    interaction = GraphicGapMatchInteraction(picture, tuple(spots), options, shuffle)
    worths = dict(zip(right, equal_portions(question.points, len(right)), strict=True))
    return interaction, pairs(worths, upper=question.points, most=question.points)


def _background(question: "Question") -> Picture:
    files = files_in(question.element)
    if not files:
        raise QuestionRefused(remark("file-missing", file="background"))
    name = next(iter(files))
    question.use(files)
    return question.reader.picture(name, "")


def _drags(question: "Question") -> dict[int, _Drag]:
    found: dict[int, _Drag] = {}
    for index, drag in enumerate(question.element.iterchildren("drag"), 1):
        number = whole(drag, "no", index)
        files = files_in(drag)
        question.use(files)
        text = own_text(drag)
        if files:
            alt = " ".join(text.split()) or f"{number}"
            content: Blocks = (question.reader.picture(next(iter(files)), alt),)
        else:
            content = question.texts.line_block(text)
        if not content:
            raise QuestionRefused(remark("option-empty", number=number))
        endless = drag.find("infinite") is not None and flag(drag, "infinite", True)
        most = 0 if endless else max(1, whole(drag, "noofdrags", 1))
        found[number] = _Drag(f"o{number}", content, most, text_in(drag, "draggroup").strip() or "1")
    if not found:
        raise QuestionRefused(remark("options-few", count=0))
    return found


def _chosen(drop: Element, drags: dict[int, _Drag]) -> _Drag:
    number = whole(drop, "choice", 0)
    if number not in drags:
        raise QuestionRefused(remark("answer-unknown", answer=f"{number}"))
    return drags[number]


def _size(drags: list[_Drag]) -> tuple[int, int]:
    """How large the boxes of a group are: as large as its largest piece."""
    width = height = 1
    for drag in drags:
        first = drag.content[0]
        if isinstance(first, Picture):
            width, height = max(width, first.width), max(height, first.height)
        else:
            lines = as_text(drag.content).split("\n")
            width = max(width, max(map(len, lines)) * LETTER_WIDTH + 12)
            height = max(height, len(lines) * LINE_HEIGHT + 4)
    return width, height


def _area(drop: Element, index: int) -> Spot:
    shape = _SHAPES.get(text_in(drop, "shape").strip().lower())
    numbers = [round(float(number)) for number in _NUMBERS.findall(text_in(drop, "coords"))[:400]]
    if shape == "circle" and len(numbers) == 3:
        return Spot(f"s{index}", "circle", tuple(numbers), f"{index}")
    if shape == "rect" and len(numbers) == 4:
        left, top, width, height = numbers
        return Spot(f"s{index}", "rect", (left, top, left + width, top + height), f"{index}")
    if shape == "poly" and len(numbers) >= 6 and len(numbers) % 2 == 0:
        return Spot(f"s{index}", "poly", tuple(numbers), f"{index}")
    raise QuestionRefused(remark("spot-shape", spot=index))
