"""Moodle XML as a bank: Moodle's own files held to their XML read plainly, and each kind by a small file of our own."""

import base64
import html
import io
import re
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from cbt_station.banks import moodle
from cbt_station.banks.foreign import ForeignBank, ForeignQuestion
from cbt_station.banks.html import HtmlReader
from cbt_station.banks.moodle_text import Formatted
from cbt_station.errors import Refusal
from cbt_station.exam.content import Audio, Picture, Slot, as_text, media_in
from cbt_station.exam.interactions import (
    ChoiceInteraction,
    ChoicesInteraction,
    Composite,
    ExtendedTextInteraction,
    GapMatchInteraction,
    GraphicGapMatchInteraction,
    InlineChoiceInteraction,
    MatchInteraction,
    OrderInteraction,
    SelectPointInteraction,
    contents_of,
)
from cbt_station.exam.item import HandMarked, Shown, contents
from cbt_station.exam.scoring import score_item
from tests.shared import SHARED, shared

FOLDERS = ("moodle-core-fixtures", "moodle-33-extra-fixtures", "moodle-qtype-formulas", "moodle-qtype-stack")


def quizzes() -> list[Path]:
    found = [path for folder in FOLDERS for path in sorted((SHARED / "data" / folder).rglob("*.xml"))]
    return [path for path in found if b"<quiz" in path.read_bytes()[:4_096]]


FILES = quizzes()


def text_of(markup: str | None) -> str:
    """What is left of HTML without its tags, read by nothing of ours; pictures leave their alt text."""
    said = re.sub(r'<img[^>]*?alt="([^"]*)"[^>]*>', r"\1", markup or "")
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", said)).split())


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def bank_of(path: Path) -> ForeignBank:
    bank = moodle.read(path)
    assert bank
    return bank


def shown(question: ForeignQuestion) -> Shown:
    assert question.item, question.fault
    (content,) = question.item.languages.values()
    return content


@pytest.mark.skipif(not FILES, reason="../shared/data does not stand beside this checkout")
@pytest.mark.parametrize("path", FILES or [Path("none")], ids=lambda path: path.name)
def test_every_question_of_moodles_own_files_is_there_with_its_text_fraction_and_feedback(path):
    elements = [
        one for one in etree.parse(str(path)).getroot().iter("question") if one.get("type") != "category"
    ]
    bank = bank_of(path)
    assert len(bank.questions) == len(elements)
    for element, question in zip(elements, bank.questions, strict=True):
        kind = str(element.get("type"))
        if kind in ("stack", "formulas"):
            assert question.fault
            assert (question.fault.code, question.fault.facts) == ("question-kind", {"kind": kind})
            continue
        held_to_its_xml(element, question)
        assert {
            name for content in contents(shown(question)) for name in media_in(content)
        } <= bank.media.keys()


def held_to_its_xml(element: etree._Element, question: ForeignQuestion) -> None:
    item, content = question.item, shown(question)
    assert item
    assert item.title == element.findtext("name/text")
    plain = text_of(element.findtext("questiontext/text"))
    plain = re.sub(r"\{[0-9]*:[A-Z_]+:.*?\}|\[\[[0-9]+\]\]", " ", plain)
    stem = content.stem if content.stem else next(contents_of(content.interaction))
    assert words_of(as_text(stem).replace("_", " ")) == words_of(plain.replace("_", " "))
    held_to_its_feedback(element, question)
    held_to_its_fractions(element, question)


FEEDBACK = (
    "feedback",
    "generalfeedback",
    "correctfeedback",
    "partiallycorrectfeedback",
    "incorrectfeedback",
    "hint",
)


def held_to_its_feedback(element: etree._Element, question: ForeignQuestion) -> None:
    """Every word of it, behind the answer that it belongs to; a picture in it is a loss, and nothing else is."""
    assert question.item
    lines = [words_of(line) for line in (question.item.note or "").splitlines()]
    said = [one for one in element.iter(*FEEDBACK) if text_of(one.findtext("text"))]
    for feedback in said:
        text = words_of(text_of(feedback.findtext("text")))
        parent = feedback.getparent()
        assert parent is not None
        belongs = words_of(text_of(parent.findtext("text"))) if parent.tag == "answer" else []
        assert any(line[-len(text) :] == text and has_words(line, belongs) for line in lines), text
    inside = [one for one in braces(element) if "#" in one]
    for answer in inside:
        before, _, after = answer.partition("#")
        text, belongs = words_of(text_of(after)), words_of(re.sub(r"%-?[0-9.]+%", "", before))
        assert any(line[-len(text) :] == text and has_words(line, belongs) for line in lines), text
    has_picture = any("<img" in (one.findtext("text") or "") for one in said)
    assert [loss.code for loss in question.losses] == ["feedback-in-note"] * has_picture
    is_kept = "feedback-kept" in [note.code for note in question.remarks]
    assert is_kept == (bool(said or inside) and not has_picture)


def has_words(line: list[str], words: list[str]) -> bool:
    return any(line[at : at + len(words)] == words for at in range(len(line) + 1))


def braces(element: etree._Element) -> list[str]:
    """The answers of embedded questions, as they stand between the braces."""
    text = element.findtext("questiontext/text") or ""
    inside = re.findall(r"\{[0-9]*:[A-Z_]+:(.*?)\}", text, re.DOTALL)
    return [answer for one in inside for answer in one.split("~")]


def held_to_its_fractions(element: etree._Element, question: ForeignQuestion) -> None:
    """Each answer brings its fraction of the grade, as our own rule scores it."""
    kind, points = element.get("type"), Decimal(element.findtext("defaultgrade") or "1")
    answers = list(element.iterchildren("answer"))
    fractions = [Decimal(str(answer.get("fraction"))) / 100 for answer in answers]
    content = shown(question)
    if kind == "multichoice":
        assert isinstance(content.interaction, ChoiceInteraction | ChoicesInteraction)
        several = isinstance(content.interaction, ChoicesInteraction)
        for answer, share, option in zip(answers, fractions, content.interaction.options, strict=True):
            assert words_of(as_text(option.content)) == words_of(text_of(answer.findtext("text")))
            given = (option.id,) if several else option.id
            assert close(score(question, given), max(share, Decimal(0)) if several else share, points)
    elif kind == "truefalse":
        for answer, share in zip(answers, fractions, strict=True):
            assert (
                score(question, {"true": "a", "false": "b"}[answer.findtext("text") or ""]) == points * share
            )
    elif kind in ("shortanswer", "numerical"):
        for answer, share in zip(answers, fractions, strict=True):
            typed = (answer.findtext("text") or "").replace("*", "987654321")
            assert close(score(question, typed), share, points)


def close(found: Decimal, share: Decimal, points: Decimal) -> bool:
    """A third stands as 33.33333 in these files."""
    return abs(found - share * points) < Decimal("0.0001") * points


def picture(size: tuple[int, int] = (60, 40)) -> str:
    target = io.BytesIO()
    Image.new("RGB", size, "white").save(target, "PNG")
    return base64.b64encode(target.getvalue()).decode()


def one(tmp_path: Path, kind: str, inside: str, text: str = "Apa?", files: str = "") -> ForeignQuestion:
    path = tmp_path / "kuis.xml"
    path.write_text(
        f'<quiz><question type="{kind}"><name><text>n</text></name>'
        f'<questiontext format="html"><text><![CDATA[{text}]]></text>{files}</questiontext>{inside}</question></quiz>',
        encoding="utf-8",
    )
    (question,) = bank_of(path).questions
    return question


def answer(fraction: object, text: str, more: str = "") -> str:
    return f'<answer fraction="{fraction}" format="html"><text><![CDATA[{text}]]></text>{more}</answer>'


def score(question: ForeignQuestion, response: object) -> Decimal:
    assert question.item, question.fault
    return score_item(question.item.rule, response)  # type: ignore[arg-type]


GRADE = "<defaultgrade>4.0000000</defaultgrade>"


def test_fractions_are_parts_of_the_grade(tmp_path):
    question = one(
        tmp_path,
        "multichoice",
        f"{GRADE}<single>true</single><shuffleanswers>0</shuffleanswers>" + answer(100, "a") + answer(80, "b")
        + answer(-25, "c"),
    )  # fmt: skip
    interaction = shown(question).interaction
    assert isinstance(interaction, ChoiceInteraction)
    assert not interaction.shuffle
    assert [score(question, name) for name in "abc"] == [4, Decimal("3.2"), -1]
    assert question.losses == ()


def test_several_answers_are_summed_and_never_below_nothing(tmp_path):
    inside = GRADE + "<single>false</single>" + answer("33.33333", "a") + answer("33.33333", "b")
    question = one(tmp_path, "multichoice", inside + answer("33.33333", "c") + answer(-100, "d"))
    assert isinstance(shown(question).interaction, ChoicesInteraction)
    assert [score(question, given) for given in (("a", "b", "c"), ("d",), ("a", "d"))] == [4, 0, 0]


LANGUAGES = (
    '<span lang="id" class="multilang">Halo</span> <span class="multilang" lang="en">Hello</span>',
    "{mlang id}Halo{mlang}{mlang en}Hello{mlang}",
    "{mlang en}Hello{mlang}{mlang other}Halo{mlang}",
)


@pytest.mark.parametrize("said", LANGUAGES)
def test_of_several_languages_a_candidate_sees_one(tmp_path, said):
    question = one(
        tmp_path, "multichoice", answer(100, said) + answer(0, "bukan itu"), f"<p>{said}, apakah ini?</p>"
    )
    interaction = shown(question).interaction
    assert isinstance(interaction, ChoiceInteraction)
    texts = [shown(question).stem, interaction.options[0].content]
    assert [as_text(text) for text in texts] == ["Halo, apakah ini?", "Halo"]
    assert {loss.code for loss in question.losses} == {"languages-dropped"}
    assert {loss.facts["others"] for loss in question.losses} == {"en"}


@pytest.mark.parametrize(
    "said",
    [
        pytest.param('<span class="multilang" lang="en">Hello</span>', id="one alone"),
        pytest.param(
            '<span class="multilang" lang="en">Hello</span>, <span lang="id" class="multilang">Hello</span>',
            id="two places",
        ),
        pytest.param("{mlang en}Hello", id="without an end"),
        pytest.param('<span class="multilang" lang="en">Hello', id="a span without an end"),
    ],
)
def test_a_language_that_stands_alone_is_a_text_like_any_other(tmp_path, said):
    question = one(tmp_path, "multichoice", answer(100, "a") + answer(0, "b"), f"<p>{said}</p>")
    assert "Hello" in as_text(shown(question).stem)
    assert not [loss for loss in question.losses if loss.code == "languages-dropped"]


def test_where_the_banks_language_is_not_among_them_the_first_is_taken(tmp_path):
    said = "{mlang de}Guten Tag{mlang}{mlang fr,it}Ciao{mlang}"
    question = one(tmp_path, "multichoice", answer(100, "a") + answer(0, "b"), said)
    assert as_text(shown(question).stem) == "Guten Tag"


def test_spans_without_an_end_refuse_their_question_at_once(tmp_path):
    many = '<span lang="id" class="multilang">' * 30_000
    question = one(tmp_path, "multichoice", answer(100, "a") + answer(0, "b"), many)
    assert question.fault
    assert question.fault.code == "content-too-much"


def test_a_file_is_found_though_its_address_asks_a_server(tmp_path):
    file = f'<file name="peta.png" path="/" encoding="base64">{picture()}</file>'
    text = '<p>Lihat <img src="@@PLUGINFILE@@/peta.png?forcedownload=1" alt="Peta" width="30"> ini.</p>'
    question = one(tmp_path, "multichoice", answer(100, "a") + answer(0, "b"), text, file)
    assert as_text(shown(question).stem) == "Lihat Peta ini."


def test_an_order_by_place_brings_the_grade_and_no_more(tmp_path):
    inside = "<defaultgrade>2</defaultgrade><gradingtype>ABSOLUTE_POSITION</gradingtype>"
    question = one(tmp_path, "ordering", inside + "".join(answer(0, text) for text in "abc"))
    assert question.item
    assert score(question, ("o1", "o2", "o3")) == question.item.rule.most == 2  # type: ignore[union-attr]


def test_a_short_answer_with_capitals_that_matter(tmp_path):
    question = one(tmp_path, "shortanswer", "<usecase>1</usecase>" + answer(100, "Jakarta"))
    assert [score(question, given) for given in ("Jakarta", "jakarta")] == [1, 0]


def test_a_number_with_its_tolerance_and_units(tmp_path):
    inside = answer(100, "9.8", "<tolerance>0.1</tolerance>") + answer(50, "10", "<tolerance>0</tolerance>")
    question = one(tmp_path, "numerical", inside)
    assert [score(question, given) for given in ("9.7", "9.9", "9.69", "10")] == [1, 1, 0, Decimal("0.5")]
    units = "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit></units>"
    named = one(tmp_path, "numerical", inside + units + "<showunits>0</showunits>")
    assert [loss.code for loss in named.losses] == ["units-dropped"]
    graded = one(tmp_path, "numerical", inside + units + "<unitgradingtype>1</unitgradingtype>")
    assert graded.fault
    assert graded.fault.code == "units-graded"


def test_matching_shares_the_grade(tmp_path):
    pair = "<subquestion format='html'><text>{}</text><answer><text>{}</text></answer></subquestion>"
    inside = "".join(
        pair.format(*both)
        for both in (("katak", "amfibi"), ("kucing", "mamalia"), ("kodok", "amfibi"), ("", "ikan"))
    )
    question = one(tmp_path, "matching", GRADE + inside)
    interaction = shown(question).interaction
    assert isinstance(interaction, MatchInteraction)
    assert (len(interaction.rows), len(interaction.columns)) == (3, 3)
    assert score(question, ("r1 c1", "r2 c2", "r3 c1")) == 4


def test_an_essay_keeps_what_markers_read(tmp_path):
    inside = GRADE + "<responsefieldlines>15</responsefieldlines><graderinfo><text>Rubrik</text></graderinfo>"
    question = one(tmp_path, "essay", inside)
    assert question.item
    assert question.item.rule == HandMarked(Decimal(4))
    assert "Rubrik" in (question.item.note or "")
    interaction = shown(question).interaction
    assert isinstance(interaction, ExtendedTextInteraction)
    assert interaction.lines == 15
    assert question.losses == ()


def test_a_text_without_a_question_is_kept_as_a_shared_text(tmp_path):
    question = one(tmp_path, "description", "", text="<p>Bacalah.</p>")
    assert question.fault
    assert question.fault.code == "not-a-question-text"
    assert as_text(bank_of(tmp_path / "kuis.xml").stimuli["n"]["id"]) == "Bacalah."


def test_texts_of_one_name_are_all_kept_and_their_losses_named(tmp_path):
    path = tmp_path / "kuis.xml"
    texts = ("Satu.", "Dua.", '<a href="https://contoh.id">Tiga.</a>')
    path.write_text(
        "<quiz>"
        + "".join(
            '<question type="description"><name><text>n</text></name><questiontext format="html">'
            f"<text><![CDATA[{text}]]></text></questiontext></question>"
            for text in texts
        )
        + "</quiz>"
    )
    bank = bank_of(path)
    assert {name: as_text(text["id"]) for name, text in bank.stimuli.items()} == {
        "n": "Satu.",
        "n 2": "Dua.",
        "n 3": "Tiga.",
    }
    assert [question.fault.facts for question in bank.questions if question.fault] == [
        {"stimulus": name} for name in bank.stimuli
    ]
    assert [loss.code for loss in bank.losses] == ["link-dropped"]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("endless", [" ", "\n", " \n"])
def test_white_space_without_end_in_moodles_own_format_is_read_at_once(endless):
    made = Formatted(HtmlReader({}.get)).as_html(f"<p>a</p>\nb\n\nc{endless * 200_000}d\ne", "moodle")
    assert made.startswith("<p>a</p> b<br><br>c")
    assert made.endswith("d<br>e")


def test_embedded_answers_are_parts_of_one_item_by_their_weights(tmp_path):
    text = (
        "<p>A {2:MULTICHOICE:=ya#betul~tidak} B {1:SA:=satu~%50%1} C {1:NM:=3:0.5} {0:MCV:=a~b}</p>"
        r"<p>{4:MR:%50%x~%50%y\~z~%-50%w}</p>"
    )
    question = one(tmp_path, "cloze", "", text)
    interaction = shown(question).interaction
    assert isinstance(interaction, Composite)
    assert [type(part).__name__ for part in interaction.parts.values()] == [
        "InlineChoiceInteraction",
        "TextEntryInteraction",
        "NumberEntryInteraction",
        "ChoiceInteraction",
        "ChoicesInteraction",
    ]
    assert as_text(interaction.parts["r5"].options[1].content) == "y~z"  # type: ignore[union-attr]
    assert score(question, {"r1": "a", "r2": "SATU", "r3": "3.4", "r5": ("a", "b")}) == 8
    assert score(question, {"r2": "1", "r5": ("a", "c")}) == Decimal("0.5")
    assert "betul" in ((question.item and question.item.note) or "")


def test_one_embedded_answer_is_a_plain_item(tmp_path):
    question = one(tmp_path, "cloze", "", "A {1:MULTICHOICE:=ya~tidak}.")
    content = shown(question)
    assert isinstance(content.interaction, InlineChoiceInteraction)
    assert Slot("RESPONSE") in content.stem[0].content  # type: ignore[union-attr]
    assert score(question, "a") == 1


def test_missing_words_chosen_from_lists(tmp_path):
    word = "<selectoption><text>{}</text><group>{}</group></selectoption>"
    words = "".join(word.format(*one) for one in (("a", 1), ("b", 1), ("c", 2), ("d", 2)))
    question = one(tmp_path, "gapselect", GRADE + words, "X [[2]] Y [[3]] Z [[1]]")
    interaction = shown(question).interaction
    assert isinstance(interaction, Composite)
    assert [[as_text(option.content) for option in part.options] for part in interaction.parts.values()] == [  # type: ignore[union-attr]
        ["a", "b"],
        ["c", "d"],
        ["a", "b"],
    ]
    assert score(question, {"r1": "b", "r2": "a", "r3": "a"}) == 4


def test_missing_words_dragged_into_gaps(tmp_path):
    boxes = "<dragbox><text>a</text><group>1</group><infinite/></dragbox><dragbox><text>b</text><group>1</group></dragbox>"
    question = one(tmp_path, "ddwtos", GRADE + boxes, "X [[1]] Y [[2]] Z [[1]]")
    interaction = shown(question).interaction
    assert isinstance(interaction, GapMatchInteraction)
    assert [option.most for option in interaction.options] == [0, 1]
    assert score(question, ("o1 r1", "o2 r2", "o1 r3")) == 4
    assert score(question, ("o2 r1",)) == 0


BASE = f'<file name="peta.png" encoding="base64">{picture((200, 100))}</file>'


def test_pieces_dragged_onto_a_picture(tmp_path):
    inside = (
        BASE
        + f'<drag><no>1</no><text>Pulau</text><draggroup>1</draggroup><file name="p.png">{picture()}</file></drag>'
        + "<drag><no>2</no><text>Laut</text><draggroup>1</draggroup></drag>"
        + "<drop><text>barat</text><no>1</no><choice>2</choice><xleft>10</xleft><ytop>20</ytop></drop>"
        + "<drop><text></text><no>2</no><choice>1</choice><xleft>150</xleft><ytop>80</ytop></drop>"
    )
    question = one(tmp_path, "ddimageortext", GRADE + inside)
    interaction = shown(question).interaction
    assert isinstance(interaction, GraphicGapMatchInteraction)
    assert interaction.picture.media == "peta.png"
    assert [(spot.coords, spot.label) for spot in interaction.spots] == [
        ((10, 20, 70, 60), "barat"),
        ((150, 80, 200, 100), "2"),
    ]
    assert isinstance(interaction.options[0].content[0], Picture)
    assert score(question, ("o2 s1", "o1 s2")) == 4


def test_markers_are_a_point_where_there_is_one_kind_and_areas_by_name_where_there_are_more(tmp_path):
    drop = "<drop><no>1</no><shape>{}</shape><coords>{}</coords><choice>{}</choice></drop>"
    drag = "<drag><no>{0}</no><text>m{0}</text><noofdrags>1</noofdrags></drag>"
    question = one(tmp_path, "ddmarker", BASE + drag.format(1) + drop.format("circle", "50,50;10", 1))
    assert isinstance(shown(question).interaction, SelectPointInteraction)
    assert [score(question, given) for given in ("55 50", "70 50")] == [1, 0]
    inside = BASE + drag.format(1) + drag.format(2)
    inside += drop.format("rectangle", "10,10;20,20", 2) + drop.format("polygon", "0,0;9,0;9,9", 1)
    several = one(tmp_path, "ddmarker", inside)
    interaction = shown(several).interaction
    assert isinstance(interaction, GraphicGapMatchInteraction)
    assert [spot.coords for spot in interaction.spots] == [(10, 10, 30, 30), (0, 0, 9, 0, 9, 9)]
    assert "markers-as-areas" in {loss.code for loss in several.losses}


def test_an_order_is_judged_as_a_whole_or_place_by_place(tmp_path):
    answers = "".join(answer(1, text) for text in ("satu", "dua", "tiga"))
    whole = one(tmp_path, "ordering", answers + "<gradingtype>ALL_OR_NOTHING</gradingtype>")
    assert isinstance(shown(whole).interaction, OrderInteraction)
    assert [score(whole, given) for given in (("o1", "o2", "o3"), ("o1", "o3", "o2"))] == [1, 0]
    other = one(tmp_path, "ordering", answers + "<gradingtype>LONGEST_ORDERED_SUBSET</gradingtype>")
    assert other.fault
    assert other.fault.code == "field-value"


@pytest.mark.parametrize(
    "kind",
    [
        "calculated",
        "calculatedmulti",
        "calculatedsimple",
        "random",
        "randomsamatch",
        "stack",
        "coderunner",
        "",
    ],
)
def test_other_kinds_are_refused_by_name(tmp_path, kind):
    fault = one(tmp_path, kind, "").fault
    assert fault
    assert (fault.code, fault.facts["kind"]) == ("question-kind", kind or "?")


def test_files_inside_are_shown_and_a_linked_recording_is_a_player(tmp_path):
    sound = base64.b64encode(b"ID3\x03" + bytes(20)).decode()
    files = f'<file name="a b.png" encoding="base64">{picture()}</file><file name="x.mp3" encoding="base64">{sound}</file>'
    text = (
        '<img src="@@PLUGINFILE@@/a%20b.png" alt="peta"><p><a href="@@PLUGINFILE@@/x.mp3">Dengar</a></p>Apa?'
    )
    question = one(tmp_path, "essay", "", text, files)
    blocks = shown(question).stem
    assert blocks[:2] == (Picture("a-b.png", 60, 40, "peta"), Audio("x.mp3", "Dengar"))
    assert question.losses == ()


@pytest.mark.parametrize(
    ("kind", "inside", "text", "code"),
    [
        ("multichoice", answer(0, "a") + answer(0, "b"), "Apa?", "answers-none-right"),
        ("multichoice", answer(100, "a"), "Apa?", "options-few"),
        ("multichoice", answer(100, "a") + answer(0, "a"), "Apa?", "option-equals-key"),
        ("multichoice", answer("banyak", "a") + answer(0, "b"), "Apa?", "number-unreadable"),
        ("multichoice", "<defaultgrade>NaN</defaultgrade>", "Apa?", "number-unreadable"),
        ("multichoice", "<defaultgrade>0</defaultgrade>", "Apa?", "points-none"),
        ("numerical", answer(100, "tiga"), "Apa?", "number-unreadable"),
        ("numerical", answer(100, "1e999999"), "Apa?", "number-unreadable"),
        ("numerical", answer(100, "1E9999999"), "Apa?", "number-unreadable"),
        ("numerical", answer(100, "1e-21"), "Apa?", "number-unreadable"),
        ("truefalse", answer(0, "true") + answer(0, "false"), "Apa?", "answers-none-right"),
        ("essay", "", "", "stem-empty"),
        ("essay", "", '<img src="@@PLUGINFILE@@/x.png">', "file-missing"),
        ("essay", "", '<img src="file:///etc/passwd">', "file-outside"),
        ("essay", "<attachmentsrequired>1</attachmentsrequired>", "Apa?", "attachment-needed"),
        ("cloze", "", "Tanpa tempat.", "cloze-without-answers"),
        ("cloze", "", "A {1:MULTICHOICE:=a~b", "cloze-open"),
        ("cloze", "", "A {1:REGEXP:=a}", "cloze-kind"),
        ("cloze", "", "A {1:NM:=NaN}", "number-unreadable"),
        ("cloze", "", "A {1:NM:=1:sNaN}", "number-unreadable"),
        ("cloze", "", "A {1:NM:=1E9999999}", "number-unreadable"),
        ("cloze", "", "A {1:NM:=1:-1}", "number-unreadable"),
        ("cloze", "", "A {1:MC:a~b}", "answers-none-right"),
        ("gapselect", "<selectoption><text>a</text></selectoption>" * 2, "A [[7]]", "answer-unknown"),
        ("ddimageortext", "", "Apa?", "file-missing"),
    ],
)
def test_what_cannot_stand_is_refused_with_its_reason(tmp_path, kind, inside, text, code):
    fault = one(tmp_path, kind, inside, text).fault
    assert fault
    assert fault.code == code


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"<quiz><question>", id="not closed"),
        pytest.param(b'<!DOCTYPE quiz [<!ENTITY a "aa"><!ENTITY b "&a;">]><quiz>&c;</quiz', id="entities"),
        pytest.param(b"<quiz>" + b"<a>" * 300 + b"</a>" * 300 + b"</quiz>", id="depth"),
    ],
)
def test_broken_xml_is_refused_as_a_file(tmp_path, data):
    path = tmp_path / "kuis.xml"
    path.write_bytes(data)
    with pytest.raises(Refusal, match="import-malformed"):
        moodle.read(path)


def test_xml_of_another_kind_is_left_alone(tmp_path):
    path = tmp_path / "lain.xml"
    path.write_text("<questestinterop/>")
    assert moodle.read(path) is None


def test_categories_are_sections_and_topics(tmp_path):
    path = tmp_path / "kuis.xml"
    category = '<question type="category"><category><text>{}</text></category></question>'
    question = '<question type="essay"><questiontext><text>Apa?</text></questiontext></question>'
    path.write_text(
        f"<quiz>{question}{category.format('$course$/top/TWK/Sejarah/1945')}{question}{category.format('TIU')}{question}</quiz>"
    )
    bank = bank_of(path)
    assert list(bank.sections) == ["umum", "TWK", "TIU"]
    assert [question.section for question in bank.questions] == ["umum", "TWK", "TIU"]
    assert [question.item and question.item.topic for question in bank.questions] == [
        None,
        "Sejarah/1945",
        None,
    ]


def test_no_file_beside_the_checkout_upsets_the_reader():
    refused = set()
    for path in sorted(shared("data").rglob("*.xml")):
        try:
            moodle.read(path)
        except Refusal as refusal:
            refused.add(refusal.code)
    assert refused <= {"import-malformed"}
