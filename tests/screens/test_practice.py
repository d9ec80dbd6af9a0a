"""The practice: every way of answering that the exam has can be tried before it, in every language, and nothing is kept.

Which kinds there are a real station says in tests/delivery/test_station.py; how the practice is come to and left is in
test_way_in.py.
"""

import pytest

from cbt_station.errors import Refusal, Tampered
from cbt_station.exam.content import every, media_in
from cbt_station.exam.interactions import Picture, Simple, parts_of
from cbt_station.exam.item import contents
from cbt_station.exam.responding import is_complete, require_response
from cbt_station.screens.rich.media import Media, raster
from cbt_station.screens.station.acting import act_out
from cbt_station.screens.station.practice import PracticeSitting
from cbt_station.screens.station.practice_items import DRAWING, PICTURE, practice_items
from cbt_station.words import LANGUAGES
from tests.screens.scripted_station import ScriptedStation

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # a list that opens, without a screen
KINDS = frozenset(str(kind.__struct_config__.tag) for kind in Simple.__args__)
ANSWERS = {
    "choices": ("a", "c"),
    "inline-choice": "a",
    "text": "Kupang",
    "number": "7.5",
    "extended-text": "Pagi ini cerah.",
    "match": ("a to-a", "b to-b"),
    "associate": ("a c", "b d"),
    "order": ("a", "c", "b"),
    "gap-match": ("a gap-1", "b gap-2"),
    "hottext": ("word-1", "word-3"),
    "hotspot": ("on-b",),
    "graphic-gap-match": ("a on-a", "b on-b", "c on-c"),
    "slider": "30",
    "select-point": ("220 80",),
}


def test_there_is_a_question_for_each_way_of_answering_and_no_other():
    assert [item.id for item in practice_items({"choice"})] == ["practice-1", "practice-2", "practice-3"]
    assert [item.id for item in practice_items({"slider", "order"})][3:] == [
        "practice-order",
        "practice-slider",
    ]
    found = practice_items(KINDS)
    kinds = {
        str(part.__struct_config__.tag)
        for item in found
        for part in parts_of(item.languages["id"].interaction).values()
    }
    assert kinds == KINDS
    assert {*ANSWERS, "choice"} == KINDS


@pytest.mark.parametrize("item", practice_items(KINDS), ids=lambda item: item.id)
def test_every_language_has_the_same_answers(item):
    assert tuple(item.languages) == LANGUAGES
    kind = item.id.removeprefix("practice-")
    if kind not in ANSWERS:
        return
    for shown in item.languages.values():
        order = PracticeSitting("id", lambda: "", {kind}).view.option_order[item.id]
        require_response(shown.interaction, ANSWERS[kind], order)
        assert is_complete(shown.interaction, ANSWERS[kind])
        assert {name for one in contents(shown) for name in media_in(one)} <= {PICTURE}
        for picture in every(Picture, shown.interaction):
            assert picture.alt


@pytest.mark.parametrize("kind", sorted(ANSWERS))
def test_it_is_answered_as_in_the_exam(qtbot, open_at, kind):
    station = ScriptedStation(phase="running")
    window = open_at(station)
    window.desk.leave()
    window.door.kinds = {kind}
    window._practise()
    window.desk.go(f"practice-{kind}")
    act_out(window.exam.question, ANSWERS[kind])
    qtbot.waitUntil(lambda: f"practice-{kind}" in window.desk.view.answers)
    cell = next(cell for cell in window.desk.view.cells if cell.item == f"practice-{kind}")
    assert cell.answered
    assert not [call for call in station.calls if call[0] in ("choose", "show")][1:]


def test_what_there_is_to_practise_is_known_when_the_practice_is_offered(open_at):
    station = ScriptedStation(phase="check-in", languages=("id",))
    station.practised = frozenset({"choice", "order"})
    window = open_at(station)
    window.door._checked_in(station.candidate)
    window.confirm.agree.click()
    window.practice.begin.click()
    assert [cell.item for cell in window.desk.view.cells][3:] == ["practice-order"]


def test_where_it_cannot_be_known_the_questions_that_are_chosen_from_remain(open_at):
    station = ScriptedStation(phase="check-in", languages=("id",))
    station.fail_next("kinds", Tampered("package-changed"))
    window = open_at(station)
    window.door._checked_in(station.candidate)
    window.confirm.agree.click()
    assert station.done("kinds")
    assert not window.banner.isVisible()
    window.practice.begin.click()
    assert len(window.desk.view.cells) == 3


def test_what_is_no_answer_is_refused_and_half_an_answer_is_begun():
    sitting = PracticeSitting("id", lambda: "10.00", {"match"})
    with pytest.raises(Refusal):
        sitting.choose("practice-match", "sideways")
    view = sitting.choose("practice-match", ("a to-a",))
    cell = next(cell for cell in view.cells if cell.item == "practice-match")
    assert (cell.answered, cell.begun) == (False, True)
    assert not sitting.clear("practice-match").cells[3].begun


def test_its_picture_is_one_that_the_station_draws():
    assert raster(DRAWING) is None
    assert Media({PICTURE: DRAWING})._drawing(PICTURE) is not None
