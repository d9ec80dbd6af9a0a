"""QTI 1.2 as Blackboard exports its pools and Canvas its quizzes: their own elements, scores, addresses and pictures."""

import base64
from decimal import Decimal
from pathlib import Path

import pytest

from cbt_station.banks.foreign import ForeignQuestion, Remark
from cbt_station.banks.qti.reading import read
from cbt_station.exam.content import Formula, InlinePicture, as_text, every
from cbt_station.exam.interactions import ChoicesInteraction, TextEntryInteraction
from cbt_station.exam.item import HandMarked, OptionScores, Shown
from cbt_station.exam.scoring import score_item
from tests.banks.qti.items import png, zipped
from tests.banks.qti.test_older_versions import CHOICE, item, right

POOL = """<manifest identifier="man00001" xmlns:bb="http://www.blackboard.com/content-packaging/"><organizations/>
 <resources>
  <resource bb:file="res00001.dat" bb:title="CourseSettings" identifier="res00001" type="course/x-bb-coursesetting"
    xml:base="res00001"><file href="/res00001"/></resource>
  <resource bb:file="res00002.dat" bb:title="Kumpulan" identifier="res00002" type="assessment/x-bb-qti-pool"
    xml:base="res00002"/>
 </resources></manifest>"""
OTHERS = """<respcondition title="incorrect"><conditionvar><other/></conditionvar>
  <setvar variablename="SCORE" action="Set">0.0</setvar><displayfeedback linkrefid="incorrect" feedbacktype="Response"/>
  </respcondition><respcondition><conditionvar><varequal respident="a2" case="No"/></conditionvar>
  <setvar variablename="SCORE" action="Set">100</setvar></respcondition>"""


def formatted(text: str) -> str:
    """A text as Blackboard wraps it."""
    return (
        '<flow_mat class="FORMATTED_TEXT_BLOCK"><material><mat_extension><mat_formattedtext type="HTML">'
        f"{text}</mat_formattedtext></mat_extension></material></flow_mat>"
    )


def pooled(tmp_path: Path, kind: str, response: str, condition: str, more: str = "") -> ForeignQuestion:
    """The one question of a pool."""
    text = formatted("&lt;p&gt;Berapa &lt;b&gt;dua&lt;/b&gt;?&lt;/p&gt;")
    document = f"""<questestinterop><assessment title="Kumpulan"><section><item maxattempts="0"><itemmetadata>
      <bbmd_asi_object_id>_1_1</bbmd_asi_object_id><bbmd_questiontype>{kind}</bbmd_questiontype>
      <qmd_absolutescore_max>10.000000000000000</qmd_absolutescore_max>{more}</itemmetadata>
      <presentation><flow class="Block"><flow class="QUESTION_BLOCK">{text}</flow>
      <flow class="RESPONSE_BLOCK">{response}</flow></flow></presentation>
      <resprocessing scoremodel="SumOfScores"><outcomes><decvar varname="SCORE" vartype="Decimal" defaultval="0"
        minvalue="0" maxvalue="10.0"/></outcomes><respcondition title="correct"><conditionvar>{condition}</conditionvar>
        <setvar variablename="SCORE" action="Set">SCORE.max</setvar></respcondition>{OTHERS}</resprocessing>
      <itemfeedback ident="correct" view="All"><flow_mat class="Block">{formatted("Bagus")}</flow_mat></itemfeedback>
      </item></section></assessment></questestinterop>"""
    settings = '<COURSE><ULTRASTATUS value="C"/></COURSE>'
    files: dict[str, bytes | str] = {
        "imsmanifest.xml": POOL,
        "res00001.dat": settings,
        "res00002.dat": document,
    }
    bank = read(zipped(tmp_path / "pool.zip", files))
    assert bank is not None
    (question,) = bank.questions
    return question


def choices(cardinality: str) -> str:
    labels = "".join(
        f'<flow_label class="Block"><response_label ident="{name}" shuffle="Yes">{formatted(text)}</response_label></flow_label>'
        for name, text in (("a1", "satu"), ("a2", "dua"), ("a3", "tiga"))
    )
    return (
        f'<response_lid ident="response" rcardinality="{cardinality}" rtiming="No">'
        f'<render_choice shuffle="No" minnumber="0" maxnumber="0">{labels}</render_choice></response_lid>'
    )


TYPED = '<response_str ident="response" rcardinality="Single"><render_fib rows="8" columns="127" fibtype="String"/></response_str>'
EQUAL = '<varequal respident="response" case="No">{}</varequal>'


def shown(question: ForeignQuestion) -> Shown:
    assert question.item is not None, question.fault
    (one,) = question.item.languages.values()
    return one


def test_a_question_of_a_blackboard_pool_has_its_text_key_points_and_feedback(tmp_path: Path) -> None:
    """What stands after a condition that holds for every answer is never reached: no score of ours comes from it."""
    question = pooled(tmp_path, "Multiple Choice", choices("Single"), EQUAL.format("a2"))
    assert as_text(shown(question).stem) == "Berapa dua?"
    assert question.item is not None
    assert question.item.rule == OptionScores({"a1": Decimal(0), "a2": Decimal(10), "a3": Decimal(0)})
    assert question.item.note == "itemfeedback correct: Bagus"
    assert question.losses == ()


def test_several_answers_of_blackboard_are_all_or_nothing(tmp_path: Path) -> None:
    tests = f"<and>{EQUAL.format('a2')}<not>{EQUAL.format('a1')}</not>{EQUAL.format('a3')}</and>"
    question = pooled(tmp_path, "Multiple Answer", choices("Multiple"), tests)
    assert isinstance(shown(question).interaction, ChoicesInteraction)
    assert question.item is not None
    given = (("a2", "a3"), ("a2",), ("a1", "a2", "a3"))
    assert [score_item(question.item.rule, one) for one in given] == [10, 0, 0]


def test_a_blank_of_blackboard_is_typed_and_an_essay_marked_up_to_its_points(tmp_path: Path) -> None:
    blank = pooled(tmp_path, "Fill in the Blank", TYPED, EQUAL.format("dua"))
    assert isinstance(shown(blank).interaction, TextEntryInteraction)
    assert blank.item is not None
    assert [score_item(blank.item.rule, one) for one in ("DUA", "tiga")] == [10, 0]
    for kind in ("Essay", "Short Response"):
        essay = pooled(tmp_path, kind, TYPED, "")
        assert essay.item is not None
        assert essay.item.rule == HandMarked(Decimal(10))


@pytest.mark.parametrize(
    ("more", "what"),
    [
        pytest.param("<bbmd_partialcredit>false</bbmd_partialcredit>", None, id="no part of the points"),
        pytest.param("<bbmd_partialcredit/>", None, id="nothing said"),
        pytest.param(
            "<bbmd_partialcredit>true</bbmd_partialcredit>",
            "bbmd_partialcredit=true",
            id="parts of the points",
        ),
        pytest.param(
            "<bbmd_negative_points_ind>Y</bbmd_negative_points_ind>",
            "bbmd_negative_points_ind=Y",
            id="points off",
        ),
    ],
)
def test_points_that_its_conditions_do_not_say_refuse_a_question(
    tmp_path: Path, more: str, what: str | None
) -> None:
    question = pooled(tmp_path, "Multiple Choice", choices("Single"), EQUAL.format("a2"), more)
    assert question.fault == (None if what is None else Remark("qti-unsupported", {"what": what}))


# Canvas.


def quiz(tmp_path: Path, material: str, files: dict[str, bytes | str] | None = None) -> ForeignQuestion:
    text = item("multiple_choice_question", CHOICE, right('<varequal respident="r">q</varequal>'))
    start, end = (
        text.index("<presentation><material>") + 24,
        text.index("</material>", text.index("<presentation>")),
    )
    document = text[:start] + material + text[end:]
    bank = read(zipped(tmp_path / "kuis.zip", {**(files or {}), "kuis.xml": document}))
    assert bank is not None
    (question,) = bank.questions
    return question


def html(text: str) -> str:
    return f'<mattext texttype="text/html"><![CDATA[{text}]]></mattext>'


def test_a_picture_of_a_canvas_course_is_found_at_its_size(tmp_path: Path) -> None:
    source = "$IMS-CC-FILEBASE$/Uploaded%20Media/peta%20kecil.png?canvas_=1&amp;canvas_qs_wrap=1"
    files: dict[str, bytes | str] = {"web_resources/Uploaded Media/peta kecil.png": png()}
    question = quiz(tmp_path, html(f'<p>Lihat <img src="{source}" alt="Peta" width="20"> ini.</p>'), files)
    (picture,) = every(InlinePicture, shown(question).stem)
    assert (picture.width, picture.height) == (20, 15)


def test_a_formula_of_canvas_is_drawn_though_its_picture_is_on_a_server(tmp_path: Path) -> None:
    image = r'<img class="equation_image" src="/equation_images/x" data-equation-content="\frac{1}{2}">'
    question = quiz(tmp_path, html(f"<p>Berapa {image} dari dua?</p>"))
    assert [one.latex for one in every(Formula, shown(question).stem)] == [r"\frac{1}{2}"]
    assert (question.losses, question.remarks) == ((), ())


def test_a_picture_that_stands_in_the_file_itself_has_its_size(tmp_path: Path) -> None:
    data = base64.b64encode(png()).decode()
    inside = f'<mattext>Lihat </mattext><matimage imagtype="image/png" embedded="base64" width="80" label="Peta">{data}</matimage>'
    assert as_text(shown(quiz(tmp_path, inside)).stem) == "Lihat\n[Peta]"


def test_markup_in_a_plain_text_is_shown_as_it_stands_and_said(tmp_path: Path) -> None:
    question = quiz(tmp_path, '<mattext texttype="text/plain">Apa arti &lt;b&gt;?</mattext>')
    assert as_text(shown(question).stem) == "Apa arti <b>?"
    assert question.remarks == (Remark("markup-kept-as-text", {"found": "<b>"}),)


def test_the_address_of_a_text_is_a_loss(tmp_path: Path) -> None:
    question = quiz(tmp_path, '<mattext>Apa?</mattext><mattext uri="http://example.org/x">Baca.</mattext>')
    assert question.losses == (Remark("link-dropped", {"address": "http://example.org/x"}),)


def test_a_picture_in_feedback_is_a_loss(tmp_path: Path) -> None:
    feedback = f'<itemfeedback ident="f"><material>{html("Lihat <img src=x.png>")}</material></itemfeedback>'
    text = item(
        "multiple_choice_question", CHOICE, right('<varequal respident="r">q</varequal>'), more=feedback
    )
    (tmp_path / "kuis.xml").write_text(text, encoding="utf-8")
    bank = read(tmp_path / "kuis.xml")
    assert bank is not None
    assert bank.questions[0].losses == (Remark("feedback-in-note"),)


def test_an_empty_option_of_canvas_is_refused_by_its_number(tmp_path: Path) -> None:
    text = item(
        "multiple_choice_question", CHOICE.replace("Tiga", ""), right('<varequal respident="r">q</varequal>')
    )
    (tmp_path / "kuis.xml").write_text(text, encoding="utf-8")
    bank = read(tmp_path / "kuis.xml")
    assert bank is not None
    assert bank.questions[0].fault == Remark("option-empty", {"number": "3"})
