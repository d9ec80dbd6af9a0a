"""QTI 1.2, as learning platforms and cartridges write it."""

from decimal import Decimal
from pathlib import Path

import pytest

from cbt_station.banks.foreign import ForeignBank, ForeignQuestion
from cbt_station.banks.qti.older import MOST_ITEMS
from cbt_station.banks.qti.reading import read
from cbt_station.errors import Refusal
from cbt_station.exam.content import Paragraph, Slot, as_text
from cbt_station.exam.interactions import (
    ChoiceInteraction,
    ChoicesInteraction,
    ExtendedTextInteraction,
    MatchInteraction,
    NumberEntryInteraction,
    TextEntryInteraction,
)
from cbt_station.exam.item import HandMarked, OptionScores
from cbt_station.exam.processing import Processing
from cbt_station.exam.rules.response import score
from tests.banks.qti.items import zipped


def field(name: str, value: str) -> str:
    return f"<qtimetadatafield><fieldlabel>{name}</fieldlabel><fieldentry>{value}</fieldentry></qtimetadatafield>"


def labels(**texts: str) -> str:
    return "".join(
        f'<response_label ident="{name}"><material><mattext>{text}</mattext></material></response_label>'
        for name, text in texts.items()
    )


def right(test: str, points: str = "100", *, more: str = "") -> str:
    return f"""<respcondition continue="No"><conditionvar>{test}</conditionvar>
      <setvar action="Set" varname="SCORE">{points}</setvar>{more}</respcondition>"""


def item(kind: str, responses: str, conditions: str, *, points: str = "4", more: str = "") -> str:
    return f"""<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2">
     <assessment ident="u" title="Kuis"><section ident="s"><item ident="satu" title="Satu">
      <itemmetadata><qtimetadata>{field("question_type", kind)}{field("points_possible", points)}</qtimetadata></itemmetadata>
      <presentation><material><mattext texttype="text/html">&lt;p&gt;Soal &lt;b&gt;ini&lt;/b&gt;?&lt;/p&gt;</mattext></material>
      {responses}</presentation>
      <resprocessing><outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>
      {conditions}</resprocessing>{more}</item></section></assessment></questestinterop>"""


def bank_of(folder: Path, text: str) -> ForeignBank:
    (folder / "kuis.xml").write_text(text, encoding="utf-8")
    bank = read(folder / "kuis.xml")
    assert bank is not None
    return bank


def question_of(folder: Path, text: str) -> ForeignQuestion:
    (question,) = bank_of(folder, text).questions
    return question


CHOICE = f"""<response_lid ident="r" rcardinality="Single"><render_choice shuffle="Yes">
  {labels(p="Satu", q="Dua", r="Tiga")}</render_choice></response_lid>"""


def test_one_choice_gets_the_points_that_the_file_gives_it(tmp_path: Path) -> None:
    text = item("multiple_choice_question", CHOICE, right('<varequal respident="r">q</varequal>'))
    question = question_of(tmp_path, text)
    assert question.item is not None
    assert question.place == "kuis.xml#satu"
    assert question.item.rule == OptionScores({"p": Decimal(0), "q": Decimal(4), "r": Decimal(0)})
    shown = question.item.languages["id"]
    assert as_text(shown.stem) == "Soal ini?"
    assert isinstance(shown.interaction, ChoiceInteraction)
    assert (shown.interaction.shuffle, question.losses) == (True, ())


def test_an_option_keeps_its_place_where_the_others_are_shuffled(tmp_path: Path) -> None:
    last = CHOICE.replace('<response_label ident="r">', '<response_label ident="r" rshuffle="No">')
    text = item("multiple_choice_question", last, right('<varequal respident="r">q</varequal>'))
    question = question_of(tmp_path, text)
    assert question.item is not None
    shown = question.item.languages["id"].interaction
    assert isinstance(shown, ChoiceInteraction)
    assert [(one.id, one.fixed) for one in shown.options] == [("p", False), ("q", False), ("r", True)]


def test_more_items_than_a_bank_holds_are_refused(tmp_path: Path) -> None:
    many = "".join(f'<item ident="i{number}"/>' for number in range(MOST_ITEMS + 1))
    text = f'<questestinterop><assessment ident="u" title="Kuis">{many}</assessment></questestinterop>'
    with pytest.raises(Refusal) as refused:
        bank_of(tmp_path, text)
    assert refused.value.code == "source-too-much"


def test_several_choices_are_all_or_nothing_where_the_file_says_so(tmp_path: Path) -> None:
    several = CHOICE.replace("Single", "Multiple")
    test = '<and><varequal respident="r">p</varequal><varequal respident="r">r</varequal><not><varequal respident="r">q</varequal></not></and>'
    question = question_of(tmp_path, item("multiple_answers_question", several, right(test)))
    assert question.item is not None
    rule = question.item.rule
    assert isinstance(question.item.languages["id"].interaction, ChoicesInteraction)
    assert isinstance(rule, Processing)
    assert [score(rule, one) for one in (("p", "r"), ("p",), ("p", "q", "r"), None)] == [4, 0, 0, 0]


def test_points_are_added_within_their_bounds(tmp_path: Path) -> None:
    several = CHOICE.replace("Single", "Multiple")
    adds = "".join(
        f'<respcondition><conditionvar><varequal respident="r">{name}</varequal></conditionvar>'
        f'<setvar action="Add" varname="SCORE">{points}</setvar></respcondition>'
        for name, points in (("p", 50), ("q", -50), ("r", 75))
    )
    question = question_of(tmp_path, item("multiple_answers_question", several, adds))
    assert question.item is not None
    rule = question.item.rule
    assert isinstance(rule, Processing)
    assert [score(rule, one) for one in (("p",), ("q",), ("p", "r"), ("q", "r"))] == [2, 0, 4, 1]


def test_a_short_answer_takes_each_spelling_without_case(tmp_path: Path) -> None:
    typed = '<response_str ident="r" rcardinality="Single"><render_fib><response_label ident="a"/></render_fib></response_str>'
    test = '<varequal respident="r">Bandung</varequal><varequal respident="r">Kota Bandung</varequal>'
    question = question_of(tmp_path, item("short_answer_question", typed, right(test)))
    assert question.item is not None
    shown, rule = question.item.languages["id"], question.item.rule
    assert isinstance(shown.interaction, TextEntryInteraction)
    assert shown.stem[-1] == Paragraph((Slot("RESPONSE"),))
    assert isinstance(rule, Processing)
    assert [score(rule, one) for one in ("bandung", "KOTA BANDUNG", "Bogor", None)] == [4, 4, 0, 0]


def test_a_number_is_right_exactly_or_within_its_range(tmp_path: Path) -> None:
    typed = '<response_str ident="r" rcardinality="Single"><render_fib fibtype="Decimal"><response_label ident="a"/></render_fib></response_str>'
    test = '<or><varequal respident="r">7</varequal><and><vargte respident="r">3.1</vargte><varlte respident="r">3.2</varlte></and></or>'
    question = question_of(tmp_path, item("numerical_question", typed, right(test)))
    assert question.item is not None
    rule = question.item.rule
    assert isinstance(question.item.languages["id"].interaction, NumberEntryInteraction)
    assert isinstance(rule, Processing)
    assert [score(rule, one) for one in ("7.0", "3.1", "3.14", "3.21")] == [4, 4, 4, 0]


def test_an_essay_is_marked_by_hand(tmp_path: Path) -> None:
    typed = '<response_str ident="r" rcardinality="Single"><render_fib><response_label ident="a"/></render_fib></response_str>'
    other = '<respcondition continue="No"><conditionvar><other/></conditionvar></respcondition>'
    question = question_of(tmp_path, item("essay_question", typed, other))
    assert question.item is not None
    assert question.item.rule == HandMarked(Decimal(4))
    assert isinstance(question.item.languages["id"].interaction, ExtendedTextInteraction)


def row(name: str, text: str) -> str:
    return f"""<response_lid ident="{name}"><material><mattext>{text}</mattext></material>
      <render_choice>{labels(x="Api", y="Air")}</render_choice></response_lid>"""


MATCHED = "".join(
    f'<respcondition><conditionvar><varequal respident="{name}">{column}</varequal></conditionvar>'
    '<setvar varname="SCORE" action="Add">50.00</setvar></respcondition>'
    for name, column in (("m", "x"), ("n", "y"))
)


def test_matching_becomes_rows_and_columns_with_points_for_each_pair(tmp_path: Path) -> None:
    question = question_of(
        tmp_path, item("matching_question", row("m", "Panas") + row("n", "Basah"), MATCHED)
    )
    assert question.item is not None
    shown, rule = question.item.languages["id"].interaction, question.item.rule
    assert isinstance(shown, MatchInteraction)
    assert [one.id for one in (*shown.rows, *shown.columns)] == ["m", "n", "x", "y"]
    assert isinstance(rule, Processing)
    assert [score(rule, one) for one in (("m x", "n y"), ("n y",), ("m y", "n x"), None)] == [4, 2, 0, 0]
    assert question.losses == ()


@pytest.mark.parametrize(
    ("kind", "responses", "what"),
    [
        pytest.param("calculated_question", CHOICE, "calculated_question", id="formulas"),
        pytest.param("file_upload_question", "", "file_upload_question", id="uploads"),
        pytest.param("hot_spot_question", CHOICE, "hot_spot_question", id="hot spots"),
        pytest.param(
            "", row("m", "A").replace('"x"', '"z"') + row("n", "B"), "response_lid × 2", id="lists in a text"
        ),
        pytest.param(
            "multiple_choice_question",
            '<response_xy ident="r"><render_hotspot/></response_xy>',
            "response_xy render_hotspot",
            id="points",
        ),
    ],
)
def test_anything_else_is_refused_by_its_name(tmp_path: Path, kind: str, responses: str, what: str) -> None:
    question = question_of(tmp_path, item(kind, responses, ""))
    assert question.fault is not None
    assert question.fault.facts["what"] == what


def test_feedback_is_kept_in_the_note(tmp_path: Path) -> None:
    feedback = '<itemfeedback ident="f"><flow_mat><material><mattext texttype="text/html">&lt;p&gt;Ingat!&lt;/p&gt;</mattext></material></flow_mat></itemfeedback>'
    text = item(
        "multiple_choice_question", CHOICE, right('<varequal respident="r">q</varequal>'), more=feedback
    )
    question = question_of(tmp_path, text)
    assert question.item is not None
    assert question.item.note == "itemfeedback f: Ingat!"


def test_a_cartridge_gives_its_assessments_and_its_longer_copy_once(tmp_path: Path) -> None:
    short = item("cc.multiple_choice.v0p1", CHOICE, right('<varequal respident="r">q</varequal>'))
    start, end = short.index("<item "), short.index("</section>")
    long = short[:end] + short[start:end].replace('"satu"', '"dua"') + short[end:]
    listed = (
        '<manifest xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"><resources>'
        '<resource identifier="a" type="imsqti_xmlv1p2/imscc_xmlv1p1/assessment"><file href="u/assessment_qti.xml"/></resource>'
        '<resource identifier="b" type="associatedcontent/imscc_xmlv1p1/learning-application-resource" href="non_cc/u.xml.qti"/>'
        '<resource identifier="c" type="webcontent" href="wiki/halaman.html"/></resources></manifest>'
    )
    files: dict[str, bytes | str] = {
        "imsmanifest.xml": listed,
        "u/assessment_qti.xml": short,
        "non_cc/u.xml.qti": long,
        "wiki/halaman.html": "<p>kursus</p>",
    }
    bank = read(zipped(tmp_path / "kursus.imscc", files))
    assert bank is not None
    assert [one.place for one in bank.questions] == ["non_cc/u.xml.qti#satu", "non_cc/u.xml.qti#dua"]
    assert [one.facts for one in bank.losses] == [{"file": "u/assessment_qti.xml"}]
