"""The bank of every interaction at the window: each item is answered as its rule likes best, by mouse and by keys.

The kinds themselves are in test_interactions.py; here the content is what an author writes, in both languages.
"""

from functools import cache
from pathlib import Path

import pytest

from cbt_station.banks.compiling import compile_bank
from cbt_station.banks.native import read_bank
from cbt_station.delivery.views import CellView, SectionView
from cbt_station.exam.interactions import ordered_options
from cbt_station.exam.item import HandMarked
from cbt_station.exam.responding import is_complete, require_response
from cbt_station.rehearsal.answering import best_answer, plausible_answer
from cbt_station.rehearsal.cast import chance_of
from cbt_station.screens.station.acting import act_out
from tests.screens.scripted_station import ScriptedStation
from tests.screens.test_accessible import require_nothing_cut
from tests.screens.test_interactions import plain
from tests.station_pictures import settle

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
BANK = Path(__file__).parents[2] / "question_banks" / "interactions"
NAMES = sorted(path.stem for path in (BANK / "items").glob("*.md"))


@cache
def compiled():
    return compile_bank(read_bank(BANK))


def item_named(name):
    return next(item for item in compiled().items if item.id == name)


def order_of(name):
    part = next(iter(item_named(name).shown.languages.values())).interaction
    return tuple(option.id for option in ordered_options(part))


class BankStation(ScriptedStation):
    """One item of the bank."""

    def __init__(self, name: str, language: str = "id") -> None:
        self.name = name
        super().__init__(phase="running")
        cells = (CellView(item=name, number=1, section="A"),)
        self.change(
            cells=cells, current=name, option_order={name: order_of(name)}, language=language,
            sections=(SectionView(id="A", title={"id": "A"}),),
        )  # fmt: skip

    def choose(self, item, option, **_how):
        part = next(iter(item_named(item).shown.languages.values())).interaction
        require_response(part, option, order_of(item))
        whole = is_complete(part, option)
        cells = self._cells(item, answered=whole, begun=not whole)
        return self._after(answers={item: option}, cells=cells)

    def item(self, item):
        return item_named(item).shown

    def stimulus(self, stimulus):
        return next(one for one in compiled().stimuli if one.id == stimulus)

    def media(self, name):
        return compiled().media[name]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("by_key", [False, True], ids=["by mouse", "by keys"])
def test_it_is_answered_as_its_rule_likes_best(sit_at, name, by_key):
    item = item_named(name)
    part = next(iter(item.shown.languages.values())).interaction
    wanted = None if isinstance(item.rule, HandMarked) else best_answer(item.rule, part, order_of(name))
    wanted = wanted or plausible_answer(part, order_of(name), chance_of(3, name))
    station = BankStation(name)
    window = sit_at(station)
    act_out(window.exam.question, wanted, by_key=by_key)
    assert plain(station.view.answers[name]) == plain(wanted)


@pytest.mark.parametrize("name", NAMES)
def test_it_fits_the_smallest_screen_at_twice_the_size_in_every_language(sit_at, look, name):
    window = sit_at(BankStation(name), size=(1024, 600))
    look.set_zoom(200)
    for language in item_named(name).shown.languages:
        look.set_language(language)
        settle()
        require_nothing_cut(window, f"{name} in {language}")
        assert window.exam.question.parts_to_focus()


def test_every_kind_is_there():
    kinds = {
        type(next(iter(item.shown.languages.values())).interaction).__name__ for item in compiled().items
    }
    assert len(kinds) == 16
