"""QTI 1.2 with several blanks in one text. Everything else of QTI 1.2 is in test_older_versions.py."""

from decimal import Decimal
from pathlib import Path

import pytest

from cbt_station.banks.importing import import_bank
from cbt_station.banks.native import read_bank
from cbt_station.exam.content import Slot, as_text, every
from cbt_station.exam.interactions import Composite, InlineChoiceInteraction, TextEntryInteraction
from cbt_station.exam.scoring import score_item
from tests.banks.qti.test_older_versions import item, labels, question_of

FILL = "fill_in_multiple_blanks_question"
DROP = "multiple_dropdowns_question"
ADD = '<setvar varname="SCORE" action="Add">{}</setvar>'


def blank(name: str, **texts: str) -> str:
    return f'<response_lid ident="response_{name}"><render_choice>{labels(**texts)}</render_choice></response_lid>'


def gives(name: str, label: str, share: str = "50") -> str:
    test = f'<varequal respident="response_{name}">{label}</varequal>'
    return f"<respcondition><conditionvar>{test}</conditionvar>{ADD.format(share)}</respcondition>"


def quiz(kind: str, text: str, responses: str, conditions: str) -> str:
    return item(kind, responses, conditions).replace("Soal &lt;b&gt;ini&lt;/b&gt;?", text)


TWO = quiz(
    FILL,
    "Proklamasi dibacakan di [kota] tahun [tahun].",
    blank("kota", a="Jakarta", b="Batavia") + blank("tahun", c="1945"),
    gives("kota", "a") + gives("kota", "b") + gives("tahun", "c"),
)
CHOSEN = quiz(
    DROP,
    "[y] lalu &lt;i&gt;[x]&lt;/i&gt;",
    blank("x", a="satu", b="dua") + blank("y", c="tiga", d="empat"),
    gives("x", "a") + gives("y", "d"),
)


@pytest.mark.parametrize(
    ("text", "answer", "points"),
    [
        (TWO, {"response_kota": " jakarta ", "response_tahun": "1945"}, 4),
        (TWO, {"response_kota": "Batavia", "response_tahun": "1946"}, 2),
        (TWO, {"response_tahun": "1945"}, 2),
        (TWO, None, 0),
        (CHOSEN, {"response_x": "a", "response_y": "d"}, 4),
        (CHOSEN, {"response_x": "d", "response_y": "a"}, 0),
    ],
)
def test_blanks_come_in_with_their_places_and_are_scored_each_by_itself(
    tmp_path: Path, text: str, answer: dict[str, str] | None, points: int
) -> None:
    (tmp_path / "kuis.xml").write_text(text, encoding="utf-8")
    report = import_bank(tmp_path / "kuis.xml", tmp_path / "bank")
    assert [one.outcome for one in report.questions] == ["exact"]
    (read,) = read_bank(tmp_path / "bank").items
    assert score_item(read.rule, answer) == Decimal(points)


def test_each_blank_stands_where_the_text_names_it(tmp_path: Path) -> None:
    filled, chosen = question_of(tmp_path, TWO), question_of(tmp_path, CHOSEN)
    assert filled.item is not None
    assert chosen.item is not None
    shown = filled.item.languages["id"]
    assert isinstance(shown.interaction, Composite)
    assert {type(part) for part in shown.interaction.parts.values()} == {TextEntryInteraction}
    assert [slot.response for slot in every(Slot, shown.stem)] == ["response_kota", "response_tahun"]
    assert "[" not in as_text(shown.stem)
    other = chosen.item.languages["id"]
    assert isinstance(other.interaction, Composite)
    assert [slot.response for slot in every(Slot, other.stem)] == ["response_y", "response_x"]
    offered = other.interaction.parts["response_x"]
    assert isinstance(offered, InlineChoiceInteraction)
    assert [(one.id, as_text(one.content)) for one in offered.options] == [("a", "satu"), ("b", "dua")]


def test_one_blank_alone_is_an_item_with_one_interaction(tmp_path: Path) -> None:
    question = question_of(tmp_path, quiz(FILL, "Kota [k].", blank("k", a="Jakarta"), gives("k", "a", "100")))
    assert question.item is not None
    assert isinstance(question.item.languages["id"].interaction, TextEntryInteraction)
    assert score_item(question.item.rule, "JAKARTA") == 4


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param(TWO.replace("[tahun]", "itu"), "response_tahun", id="a blank without a place"),
        pytest.param(
            TWO.replace("itu", "").replace("[tahun]", "[tahun] [tahun]"), "response_tahun", id="two places"
        ),
        pytest.param(
            TWO.replace('ident="a"', 'ident="a" scoring_algorithm="TextRegex"'), "TextRegex", id="a pattern"
        ),
        pytest.param(
            TWO.replace('ident="c"', 'ident="c" answer_type="wordbank"'), "wordbank", id="a bank of words"
        ),
        pytest.param(
            TWO.replace(">c</varequal>", ">z</varequal>"), "varequal z", id="a label that is not there"
        ),
    ],
)
def test_what_blanks_of_ours_do_not_do_is_refused_by_name(tmp_path: Path, text: str, what: str) -> None:
    question = question_of(tmp_path, text)
    assert question.fault is not None
    assert question.fault.code == "qti-unsupported"
    assert what in question.fault.facts["what"]


def test_two_responses_of_one_name_are_refused_rather_than_one_of_them_lost(tmp_path: Path) -> None:
    text = TWO.replace("[tahun]", "itu").replace("response_tahun", "response_kota")
    question = question_of(tmp_path, text)
    assert question.fault is not None
    assert (question.fault.code, question.fault.facts["identifier"]) == (
        "qti-identifier-twice",
        "response_kota",
    )
