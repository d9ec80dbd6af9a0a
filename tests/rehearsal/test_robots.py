"""Robots know the best option of a choice whichever kind of rule scores it.

That their answers are good responses to every interaction is in tests/exam/test_building.py; whole sittings are in
test_demo.py and test_every_interaction.py.
"""

from pathlib import Path

from msgspec.structs import replace

from cbt_station.banks.compiling import CompiledBank, CompiledItem, compile_bank
from cbt_station.banks.native import read_bank
from cbt_station.exam.interactions import ChoiceInteraction
from cbt_station.exam.item import OptionScores
from cbt_station.exam.rules.building import as_processing
from cbt_station.rehearsal.candidates import robot

BANK = Path(__file__).parents[2] / "question_banks" / "skd-id"


def processed(item: CompiledItem) -> CompiledItem:
    assert isinstance(item.rule, OptionScores)
    return replace(item, rule=as_processing(item.rule, several=False))


def chosen(bank: CompiledBank, number: str) -> list[int | None]:
    choose, _ = robot(bank, 7, number)
    found = []
    for item in bank.items:
        interaction = item.shown.languages["id"].interaction
        assert isinstance(interaction, ChoiceInteraction)
        found.append(choose(item.id, tuple(option.id for option in interaction.options)))
    return found


def test_a_robot_chooses_the_same_by_scores_of_options_and_by_their_processing() -> None:
    bank = compile_bank(read_bank(BANK))
    other = replace(bank, items=tuple(map(processed, bank.items)))
    for number in ("24-0001", "24-0002"):
        assert chosen(bank, number) == chosen(other, number)
        assert len(set(chosen(bank, number))) == 6
