"""Every interaction by mouse and by keys alone, and that nothing but a view ticks.

What is typed is in test_typing.py; what a screen reader gets, and sizes, in test_interactions_accessible.py; what a good
response is, in tests/exam/test_responding.py. The hands are those of rehearsals (`screens.station.acting`).
"""

import pytest

from cbt_station.errors import Trouble
from cbt_station.exam.interactions import RESPONSE
from cbt_station.screens.station.acting import act_out
from tests.screens.interaction_answers import ANSWERS
from tests.screens.interaction_items import ITEMS
from tests.screens.interaction_station import InteractionStation

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # a list that opens, without a screen
EVERY = pytest.mark.parametrize("name", ITEMS)


OTHERS = ANSWERS | {
    "choice": "sby",
    "choices": ("b", "c"),
    "inline-choice": "jkt",
    "text": "Ismail Marzuki",
    "number": "-12",
    "extended-text": "Untuk transportasi dan untuk rekreasi.",
    "match": ("bdg sulawesi", "mdn jawa"),
    "associate": ("p r",),
    "order": ("reformasi", "kaa", "sumpah", "proklamasi"),
    "order-some": ("c",),
    "gap-match": ("mdn g1", "mdn g2"),
    "hottext": ("petani", "menjual"),
    "hotspot": ("persegi",),
    "hotspots": ("lingkaran", "persegi"),
    "graphic-gap-match": ("rata segitiga", "tiga lingkaran"),
    "slider": "0",
    "slider-upright": "30",
    "select-point": ("10 10",),
    "composite": {"keliling": "12", "benar": ("a", "b")},
}


def plain(response):
    """A response whose order says nothing."""
    if isinstance(response, dict):
        return {name: plain(value) for name, value in response.items()}
    return response if isinstance(response, str) else set(response)


def is_same(name, given):
    wanted = ANSWERS[name]
    return given == wanted if name.startswith("order") else plain(given) == plain(wanted)


@EVERY
@pytest.mark.parametrize("by_key", [False, True], ids=["by mouse", "by keys"])
def test_it_can_be_answered(sit_at, name, by_key):
    station = InteractionStation(name)
    window = sit_at(station)
    act_out(window.exam.question, ANSWERS[name], by_key=by_key)
    assert is_same(name, station.view.answers[name])
    assert station.view.cells[0].answered


@EVERY
def test_another_answer_replaces_the_first(sit_at, name):
    station = InteractionStation(name)
    window = sit_at(station)
    act_out(window.exam.question, OTHERS[name])
    act_out(window.exam.question, ANSWERS[name])
    assert is_same(name, station.view.answers[name])


@EVERY
def test_it_is_cleared_whole(sit_at, name):
    station = InteractionStation(name)
    window = sit_at(station)
    act_out(window.exam.question, ANSWERS[name])
    window.exam.clear.click()
    assert station.view.answers == {}
    assert all(
        part.value is None and not part.values for part in window.exam.question.answering.parts.values()
    )
    assert not window.exam.question.answering.is_unsaved
    assert not window.exam.clear.isEnabled()


@EVERY
def test_nothing_is_asked_for_by_looking(sit_at, name):
    station = InteractionStation(name)
    window = sit_at(station)
    window.look.set_zoom(200)
    window.look.set_theme("contrast")
    window.desk.tick()
    assert not station.done("choose")
    assert not station.done("clear")


@EVERY
def test_what_failed_is_not_drawn_as_given(sit_at, name):
    station = InteractionStation(name)
    window = sit_at(station)
    for _ in range(9):
        station.fail_next("choose", Trouble("disk-full", where="data"))
    value = ANSWERS[name]
    part = next(iter(window.exam.question.answering.parts.values()))
    part.ask(next(iter(value.values())) if isinstance(value, dict) else value)
    assert part.value is None
    assert not part.waits
    assert station.view.answers == {}
    assert window.banner.isVisible()


@EVERY
def test_an_answer_comes_back_with_its_question(sit_at, name):
    station = InteractionStation(name, "choice" if name != "choice" else "text")
    window = sit_at(station)
    act_out(window.exam.question, ANSWERS[name])
    given = station.view.answers[name]
    window.desk.step(1)
    window.desk.step(-1)
    parts = window.exam.question.answering.parts
    shown = given if isinstance(given, dict) else {RESPONSE: given}
    assert {one: part.value for one, part in parts.items() if part.value} == shown
    assert station.done("choose")[-1] == ("choose", name, given)
