"""An item that asks nothing before its options says so in its head: a question that was forgotten stays a fault.

Other formats' items without a question come in that way; kinds whose own text is all there is are in test_interaction_faults.py.
"""

from pathlib import Path

import pytest

from cbt_station.banks.importing import import_bank
from cbt_station.banks.lint import asks
from cbt_station.banks.native import faults, read_bank
from cbt_station.banks.writing import item_text
from tests.banks.qti.items import CHOICE, declaration, item, zipped
from tests.banks.small_bank import PLAIN, files, put

P = "items/tiu/tiu-001.md"
SILENT = PLAIN.replace("key: b\n", "key: b\nstem: none\n").replace("Berapa *setengah* dari $3$?\n\n", "")


def test_an_item_without_a_question_says_so_and_is_written_so(tmp_path: Path) -> None:
    put(tmp_path, files() | {P: SILENT.encode()})
    bank = read_bank(tmp_path)
    silent = next(one for one in bank.items if one.id == "tiu-001")
    assert silent.first.stem == ()
    assert "stem: none\n" in item_text(bank.head, silent, {})


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        pytest.param(SILENT.replace("stem: none\n", ""), 8, "stem-empty", id="forgotten"),
        pytest.param(
            PLAIN.replace("key: b\n", "key: b\nstem: none\n"), 9, "stem-said", id="said all the same"
        ),
        pytest.param(SILENT.replace("stem: none", "stem: nothing"), 7, "value-kind", id="another word"),
        pytest.param(
            "---\nid: tiu-001\nsection: TIU\ntopic: deret\nlevel: mudah\ninteraction: text\nkey: x\nstem: none\n---\n",
            10,
            "stem-empty",
            id="within a sentence",
        ),
    ],
)
def test_a_forgotten_question_is_a_fault(tmp_path: Path, text: str, line: int, code: str) -> None:
    put(tmp_path, files() | {P: text.encode()})
    assert (P, line, code) in [(one.file, one.line, one.code) for one in faults(tmp_path)]


def bare(name: str, first: str) -> str:
    options = f'<simpleChoice identifier="A">{first}</simpleChoice><simpleChoice identifier="B">Tidak</simpleChoice>'
    body = f'<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt/>{options}</choiceInteraction>'
    return item(declaration("single identifier", "A"), body).replace(
        'identifier="satu"', f'identifier="{name}"'
    )


def test_items_without_a_question_come_in_and_are_no_enemies_unless_they_offer_the_same(
    tmp_path: Path,
) -> None:
    package = zipped(
        tmp_path / "x.zip",
        {"a.xml": bare("a", "Ya"), "b.xml": bare("b", "Mungkin"), "c.xml": bare("c", "Ya"), "d.xml": CHOICE},
    )
    report = import_bank(package, tmp_path / "bank")
    assert [one.outcome for one in report.questions] == ["exact"] * 4
    read = {one.id: one for one in read_bank(tmp_path / "bank").items}
    assert read["a"].first.stem == ()
    assert read["a"].enemies == read["c"].enemies is not None
    assert read["b"].enemies is None
    assert asks(read["a"].first, None) != asks(read["b"].first, None)
