"""A question with more options than the usual five: the letter beside an option means that option, also the letter F."""

import msgspec
from PySide6.QtCore import Qt

from cbt_station.delivery.views import SittingView
from cbt_station.exam.interactions import ChoiceInteraction
from cbt_station.exam.item import Shown, ShownItem
from tests.screens.scripted_station import ScriptedStation

SEVEN = tuple("abcdefg")


class ManyOptions(ScriptedStation):
    """Every question has seven options."""

    def item(self, item: str) -> ShownItem:
        shown = super().item(item)
        return msgspec.structs.replace(
            shown, languages={lang: _seven(part) for lang, part in shown.languages.items()}
        )

    def _first_view(self, count: int) -> SittingView:
        view = super()._first_view(count)
        return msgspec.structs.replace(view, option_order=dict.fromkeys(view.option_order, SEVEN))


def _seven(part: Shown) -> Shown:
    first = part.interaction.options[0]
    options = tuple(msgspec.structs.replace(first, id=option) for option in SEVEN)
    return msgspec.structs.replace(part, interaction=ChoiceInteraction(options=options))


def test_the_letter_f_answers_where_an_option_bears_it_and_flags_elsewhere(qtbot, sit_at):
    many, usual = ManyOptions(phase="running"), ScriptedStation(phase="running")
    for station in (many, usual):
        qtbot.keyClick(sit_at(station).exam.question.stem, Qt.Key.Key_F)
    assert (many.done("choose"), many.done("flag")) == ([("choose", "soal-001", "f")], [])
    assert (usual.done("choose"), len(usual.done("flag"))) == ([], 1)
