"""What cannot come in is refused by its name; what does not come along is named; what candidates never see is kept apart."""

from pathlib import Path

import pytest

from cbt_station.banks.foreign import ForeignQuestion
from cbt_station.exam.content import as_text
from tests.banks.qti.items import CHOICE, SCORE, bank_of, declaration, item, question_of

FEEDBACK = '<outcomeDeclaration identifier="F" cardinality="single" baseType="identifier">{default}</outcomeDeclaration>'


def stem_of(question: ForeignQuestion) -> str:
    assert question.item is not None
    (shown,) = question.item.languages.values()
    return as_text(shown.stem)


@pytest.mark.parametrize(
    ("text", "code", "what"),
    [
        pytest.param(
            item(declaration("single file"), '<uploadInteraction responseIdentifier="RESPONSE"/>'),
            "qti-unsupported",
            "uploadInteraction",
            id="upload",
        ),
        pytest.param(
            CHOICE.replace('adaptive="false"', 'adaptive="true"'),
            "qti-unsupported",
            "assessmentItem adaptive",
            id="adaptive",
        ),
        pytest.param(
            CHOICE.replace("<itemBody>", "<templateProcessing/><itemBody>"),
            "qti-unsupported",
            "templateProcessing",
            id="templates",
        ),
        pytest.param(
            CHOICE.replace("<p>", '<customInteraction responseIdentifier="X"/><p>'),
            "qti-unsupported",
            "customInteraction",
            id="an interaction of its own",
        ),
        pytest.param(
            item(
                declaration("single identifier", "A"),
                "<p>Hanya teks</p>",
            ),
            "qti-no-interaction",
            "",
            id="nothing to answer",
        ),
        pytest.param(
            CHOICE.replace('identifier="C"', 'identifier="A"'), "qti-identifier-twice", "", id="two options A"
        ),
        pytest.param(
            CHOICE.replace('responseIdentifier="RESPONSE"', 'responseIdentifier="LAIN"'),
            "qti-response-undeclared",
            "",
            id="a response that is not declared",
        ),
        pytest.param(
            CHOICE.replace('baseType="identifier"', 'baseType="string"'),
            "qti-response-kind",
            "",
            id="a response of another kind",
        ),
        pytest.param(
            CHOICE.replace("<p>", '<p><img src="tidak-ada.png" alt="x"/>'), "file-missing", "", id="picture"
        ),
        pytest.param(
            CHOICE.replace("<p>", '<p><img src="../../rahasia.png" alt="x"/>'),
            "file-outside",
            "",
            id="outside",
        ),
        pytest.param(
            CHOICE.replace("<p>", '<p><img src="http://tempat.lain/x.png" alt="x"/>'),
            "file-remote",
            "",
            id="remote",
        ),
        pytest.param(CHOICE.replace("</itemBody>", ""), "xml-broken", "", id="not well-formed"),
        pytest.param(
            '<!DOCTYPE a [<!ENTITY b "c">]>' + CHOICE.partition("?>")[2].lstrip(),
            "xml-entities",
            "",
            id="entities",
        ),
        pytest.param(
            CHOICE.replace("<p>", '<drawingInteraction responseIdentifier="D"/><p>').replace(
                'adaptive="false"', 'adaptive="true"'
            ),
            "qti-unsupported",
            "assessmentItem adaptive, drawingInteraction",
            id="every reason at once",
        ),
        pytest.param(
            CHOICE.replace("<p>", "<div>" * 120 + "<p>").replace("</p>", "</p>" + "</div>" * 120),
            "xml-too-deep",
            "",
            id="nesting without end",
        ),
        pytest.param(
            CHOICE.replace("<p>", "<b/>" * 60_000 + "<p>"), "xml-too-much", "", id="elements without end"
        ),
        pytest.param(
            CHOICE.replace(
                "</choiceInteraction>",
                "".join(f'<simpleChoice identifier="z{number}">x</simpleChoice>' for number in range(200))
                + "</choiceInteraction>",
            ),
            "content-too-much",
            "options",
            id="more options than a page holds",
        ),
    ],
)
def test_a_question_that_cannot_come_in_is_refused_by_name(
    tmp_path: Path, text: str, code: str, what: str
) -> None:
    question = question_of(tmp_path, text)
    assert question.fault is not None
    assert (question.fault.code, question.fault.facts.get("what", "")) == (code, what)
    assert question.place == "satu.xml"


@pytest.mark.parametrize("kind", ["feedbackInline", "feedbackBlock"])
def test_feedback_is_kept_for_reviewers_and_not_shown(tmp_path: Path, kind: str) -> None:
    text = CHOICE.replace(
        "<p>Ibu",
        f'<{kind} outcomeIdentifier="F" identifier="salah" showHide="show">Ingat Asia Afrika</{kind}><p>Ibu',
    ).replace(SCORE, SCORE + FEEDBACK.format(default=""))
    question = question_of(tmp_path, text)
    assert question.item is not None
    assert "Asia" not in stem_of(question)
    assert question.item.note == f"{kind} F=salah: Ingat Asia Afrika"
    assert question.losses == ()
    assert "feedback-kept" in [one.code for one in question.remarks]


def test_a_picture_in_feedback_is_a_named_loss(tmp_path: Path) -> None:
    text = CHOICE.replace(
        "</assessmentItem>",
        '<modalFeedback outcomeIdentifier="F" identifier="salah" showHide="show">Lihat'
        '<img src="peta.png" alt="peta"/></modalFeedback></assessmentItem>',
    )
    question = question_of(tmp_path, text)
    assert [(one.code, one.facts) for one in question.losses] == [
        ("qti-dropped", {"what": "modalFeedback img"})
    ]
    assert question.item is not None
    assert str(question.item.note).startswith("modalFeedback F=salah: Lihat")


@pytest.mark.parametrize(
    ("show_hide", "default", "is_seen"),
    [
        pytest.param(
            "show", "<defaultValue><value>awal</value></defaultValue>", True, id="its condition holds"
        ),
        pytest.param("show", "", False, id="nothing is set"),
        pytest.param("hide", "", True, id="hidden only when set"),
        pytest.param(
            "hide", "<defaultValue><value>awal</value></defaultValue>", False, id="hidden from the start"
        ),
    ],
)
def test_what_is_shown_before_any_answer_belongs_to_the_stem(
    tmp_path: Path, show_hide: str, default: str, is_seen: bool
) -> None:
    block = f'<feedbackBlock outcomeIdentifier="F" identifier="awal" showHide="{show_hide}"><p>Petunjuk</p></feedbackBlock>'
    text = CHOICE.replace("<p>Ibu", f"{block}<p>Ibu").replace(SCORE, SCORE + FEEDBACK.format(default=default))
    assert ("Petunjuk" in stem_of(question_of(tmp_path, text))) == is_seen


def test_a_rubric_for_candidates_is_shown_and_one_for_scorers_is_kept(tmp_path: Path) -> None:
    text = CHOICE.replace(
        "<p>Ibu",
        '<rubricBlock view="candidate"><p>Baca dulu.</p></rubricBlock>'
        '<rubricBlock view="scorer"><p>Beri satu.</p></rubricBlock><p>Ibu',
    )
    question = question_of(tmp_path, text)
    assert stem_of(question).startswith("Baca dulu.\nIbu")
    assert question.item is not None
    assert question.item.note == "rubricBlock scorer: Beri satu."


@pytest.mark.parametrize(
    ("css", "losses"),
    [
        pytest.param("p { color: red; margin: 2em }", [], id="looks"),
        pytest.param(".x { display : none }", ["qti-stylesheet-acts"], id="it hides"),
    ],
)
def test_a_style_sheet_is_a_wish_unless_it_hides_something(
    tmp_path: Path, css: str, losses: list[str]
) -> None:
    tmp_path.joinpath("gaya.css").write_text(css, encoding="utf-8")
    text = CHOICE.replace("<itemBody>", '<stylesheet href="gaya.css" type="text/css"/><itemBody>')
    question = question_of(tmp_path, text)
    assert [one.code for one in question.losses] == losses
    assert [one.facts for one in question.remarks] == [{"what": "stylesheet gaya.css"}]


def test_an_item_says_its_language(tmp_path: Path) -> None:
    text = CHOICE.replace('adaptive="false"', 'xml:lang="jv-ID" adaptive="false"')
    bank = bank_of(tmp_path, text)
    assert bank.language == "jv"
    assert bank.questions[0].item is not None
    assert list(bank.questions[0].item.languages) == ["jv"]


def test_shuffling_of_a_composite_is_a_named_loss(tmp_path: Path) -> None:
    part = """<choiceInteraction responseIdentifier="{0}" shuffle="true" maxChoices="1">
        <simpleChoice identifier="A">satu</simpleChoice><simpleChoice identifier="B">dua</simpleChoice>
        </choiceInteraction>"""
    declared = declaration("single identifier", name="P") + declaration("single identifier", name="Q")
    question = question_of(tmp_path, item(declared, part.format("P") + part.format("Q"), ""))
    assert [(one.code, one.facts) for one in question.losses] == [
        ("qti-shuffle-dropped", {"response": "P"}),
        ("qti-shuffle-dropped", {"response": "Q"}),
    ]


CATALOG = """<catalogInfo><catalog id="c"><card support="keyword-translation"><cardEntry xml:lang="de">
  <htmlContent>genau</htmlContent></cardEntry></card></catalog></catalogInfo>"""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(CHOICE.replace("</itemBody>", f"</itemBody>{CATALOG}"), id="of the item"),
        pytest.param(CHOICE.replace("<p>Ibu", f"{CATALOG}<p>Ibu"), id="within its body"),
    ],
)
def test_what_is_kept_for_candidates_who_need_it_is_a_loss_and_its_words_are_in_the_note(
    tmp_path: Path, text: str
) -> None:
    question = question_of(tmp_path, text)
    assert [one.facts["what"] for one in question.losses] == ["catalogInfo"]
    assert stem_of(question) == stem_of(question_of(tmp_path / "plain", CHOICE))
    assert question.item is not None
    assert question.item.note == "catalogInfo: genau"
