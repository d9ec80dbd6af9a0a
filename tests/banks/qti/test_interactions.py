"""Every interaction of QTI that is one of our fourteen, and what of it maps where.

Real items of many programs are tried in test_real_items.py; the rules that score are tried in tests/banks/qti beside
`processing.py` and in tests/exam.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from cbt_station.exam.content import Hot, Paragraph, Place, Slot, Text
from cbt_station.exam.interactions import (
    Associable,
    AssociateInteraction,
    ChoiceInteraction,
    ChoicesInteraction,
    Composite,
    ExtendedTextInteraction,
    GapMatchInteraction,
    GraphicGapMatchInteraction,
    HotspotInteraction,
    HottextInteraction,
    InlineChoiceInteraction,
    MatchInteraction,
    NumberEntryInteraction,
    Option,
    OrderInteraction,
    SelectPointInteraction,
    SliderInteraction,
    Spot,
    TextEntryInteraction,
)
from cbt_station.exam.item import HandMarked, OptionScores, Shown
from cbt_station.exam.processing import Processing
from tests.banks.qti.items import (
    CHOICE,
    CHOICE_3,
    MAP_RESPONSE,
    MATCH_CORRECT,
    PICTURE,
    bank_of,
    declaration,
    item,
    question_of,
)


def line(text: str) -> tuple[Paragraph, ...]:
    return (Paragraph((Text(text),)),)


def shown_of(folder: Path, text: str) -> Shown:
    """The item in its one language; nothing of it may be lost."""
    question = question_of(folder, text)
    assert question.fault is None
    assert question.losses == ()
    assert question.item is not None
    (shown,) = question.item.languages.values()
    return shown


def test_a_choice_keeps_its_prompt_its_order_and_its_key(tmp_path: Path) -> None:
    question = question_of(tmp_path, CHOICE)
    assert question.item is not None
    options = (
        Option("A", line("Bogor")),
        Option("B", line("Bandung")),
        Option("C", line("Bukan semua"), fixed=True),
    )
    stem = (*line("Ibu kota Jawa Barat?"), *line("Pilih satu."))
    assert question.item.languages == {"id": Shown(stem, ChoiceInteraction(options))}
    assert question.item.rule == OptionScores({"A": Decimal(0), "B": Decimal(1), "C": Decimal(0)})
    assert (question.item.id, question.item.title, question.losses) == ("satu", "Satu", ())


def test_qti_3_and_qti_2_say_the_same_item(tmp_path: Path) -> None:
    assert question_of(tmp_path / "a", CHOICE).item == question_of(tmp_path / "b", CHOICE_3).item


CHOICES = item(
    declaration("multiple identifier", "A", "B"),
    """<choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="3" minChoices="2">
      <simpleChoice identifier="A">satu</simpleChoice><simpleChoice identifier="B">dua</simpleChoice>
    </choiceInteraction>""",
)
INLINE = item(
    declaration("single identifier", "x"),
    """<p>Air <inlineChoiceInteraction responseIdentifier="RESPONSE" shuffle="true">
      <inlineChoice identifier="x">mendidih</inlineChoice><inlineChoice identifier="y">membeku</inlineChoice>
    </inlineChoiceInteraction> pada 100 °C.</p>""",
)
TEXT = item(
    declaration("single string", "Bandung"),
    '<p>Kota: <textEntryInteraction responseIdentifier="RESPONSE" expectedLength="15" patternMask="[A-Z].*"/></p>',
)
NUMBER = item(
    declaration("single float", "3.5"),
    '<p>Hasil: <textEntryInteraction responseIdentifier="RESPONSE" expectedLength="6"/></p>',
)
MATCH = item(
    declaration("multiple directedPair", "a x"),
    """<matchInteraction responseIdentifier="RESPONSE" shuffle="false" maxAssociations="3" minAssociations="1">
      <simpleMatchSet><simpleAssociableChoice identifier="a" matchMax="1" matchMin="1">A</simpleAssociableChoice>
        <simpleAssociableChoice identifier="b" matchMax="2">B</simpleAssociableChoice></simpleMatchSet>
      <simpleMatchSet><simpleAssociableChoice identifier="x" matchMax="0">X</simpleAssociableChoice></simpleMatchSet>
    </matchInteraction>""",
)
ASSOCIATE = item(
    declaration("multiple pair", "a b"),
    """<associateInteraction responseIdentifier="RESPONSE" shuffle="true" maxAssociations="2">
      <simpleAssociableChoice identifier="a" matchMax="1">A</simpleAssociableChoice>
      <simpleAssociableChoice identifier="b" matchMax="1" fixed="true">B</simpleAssociableChoice>
    </associateInteraction>""",
)
ORDER = item(
    declaration("ordered identifier", "b", "a"),
    """<orderInteraction responseIdentifier="RESPONSE" shuffle="true">
      <simpleChoice identifier="a">A</simpleChoice><simpleChoice identifier="b">B</simpleChoice>
    </orderInteraction>""",
)
GAPS = item(
    declaration("multiple directedPair", "t g1"),
    """<gapMatchInteraction responseIdentifier="RESPONSE" shuffle="true">
      <gapText identifier="t" matchMax="1">tahu</gapText><gapText identifier="u" matchMax="0">tempe</gapText>
      <p>Makan <gap identifier="g1"/> dan <gap identifier="g2"/>.</p>
    </gapMatchInteraction>""",
)
HOTTEXT = item(
    declaration("single identifier", "k"),
    """<hottextInteraction responseIdentifier="RESPONSE" maxChoices="1">
      <p>Ia <hottext identifier="k">pergi</hottext> ke <hottext identifier="p">pasar</hottext>.</p>
    </hottextInteraction>""",
)
HOTSPOT = item(
    declaration("single identifier", "s"),
    f"""<hotspotInteraction responseIdentifier="RESPONSE" maxChoices="1">{PICTURE}
      <hotspotChoice identifier="s" shape="circle" coords="10,12,5" hotspotLabel="Surabaya"/>
      <hotspotChoice identifier="m" shape="rect" coords="1, 2, 9, 8"/>
    </hotspotInteraction>""",
)
GRAPHIC_GAPS = item(
    declaration("multiple directedPair", "o s"),
    f"""<graphicGapMatchInteraction responseIdentifier="RESPONSE">{PICTURE}
      <gapImg identifier="o" matchMax="2" objectLabel="Bendera">{PICTURE}</gapImg>
      <associableHotspot identifier="s" shape="poly" coords="0,0,9,0,9,9" matchMax="1"/>
    </graphicGapMatchInteraction>""",
)
SLIDER = item(
    declaration("single integer", "3"),
    """<sliderInteraction responseIdentifier="RESPONSE" lowerBound="0.0" upperBound="10" step="1"
      orientation="vertical" reverse="true"/>""",
)
POINT = item(
    declaration(
        "single point",
        "5 5",
        inside='<areaMapping defaultValue="0"><areaMapEntry shape="rect" coords="0,0,9,9" mappedValue="2"/></areaMapping>',
    ),
    f'<selectPointInteraction responseIdentifier="RESPONSE" maxChoices="1">{PICTURE}</selectPointInteraction>',
    MAP_RESPONSE.replace("map_response", "map_response_point"),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            CHOICES,
            ChoicesInteraction(
                (Option("A", line("satu")), Option("B", line("dua"))), shuffle=False, least=2, most=3
            ),
            id="several choices",
        ),
        pytest.param(
            INLINE,
            InlineChoiceInteraction((Option("x", line("mendidih")), Option("y", line("membeku")))),
            id="a choice in a line",
        ),
        pytest.param(TEXT, TextEntryInteraction(width=15, pattern="[A-Z].*"), id="a text in a line"),
        pytest.param(NUMBER, NumberEntryInteraction(width=6), id="a number in a line"),
        pytest.param(
            MATCH,
            MatchInteraction(
                (Associable("a", line("A"), most=1, least=1), Associable("b", line("B"), most=2)),
                (Associable("x", line("X"), most=0),),
                shuffle=False,
                least=1,
                most=3,
            ),
            id="rows and columns",
        ),
        pytest.param(
            ASSOCIATE,
            AssociateInteraction(
                (Associable("a", line("A")), Associable("b", line("B"), fixed=True)), most=2
            ),
            id="pairs",
        ),
        pytest.param(
            ORDER, OrderInteraction((Option("a", line("A")), Option("b", line("B")))), id="an order"
        ),
        pytest.param(
            GAPS,
            GapMatchInteraction(
                (Paragraph((Text("Makan "), Slot("g1"), Text(" dan "), Slot("g2"), Text("."))),),
                ("g1", "g2"),
                (Associable("t", line("tahu")), Associable("u", line("tempe"), most=0)),
            ),
            id="gaps in a text",
        ),
        pytest.param(
            HOTTEXT,
            HottextInteraction(
                (
                    Paragraph(
                        (
                            Text("Ia "),
                            Hot("k", (Text("pergi"),)),
                            Text(" ke "),
                            Hot("p", (Text("pasar"),)),
                            Text("."),
                        )
                    ),
                ),
            ),
            id="words of a text",
        ),
        pytest.param(
            SLIDER,
            SliderInteraction("0", "10", "1", vertical=True, reverse=True),
            id="a scale",
        ),
    ],
)
def test_an_interaction_becomes_ours_with_nothing_lost(tmp_path: Path, text: str, expected: object) -> None:
    assert shown_of(tmp_path, text).interaction == expected


@pytest.mark.parametrize(
    ("said", "bounds"),
    [
        pytest.param('maxChoices="1"', (0, 0), id="a most without a least is ignored"),
        pytest.param('minChoices="1"', (1, 0), id="a least"),
        pytest.param('minChoices="1" maxChoices="2"', (1, 2), id="both"),
    ],
)
def test_all_are_ordered_where_no_least_is_said(tmp_path: Path, said: str, bounds: tuple[int, int]) -> None:
    question = question_of(tmp_path, ORDER.replace('shuffle="true"', f'shuffle="true" {said}'))
    assert question.item is not None
    shown = question.item.languages["id"].interaction
    assert isinstance(shown, OrderInteraction)
    assert (shown.least, shown.most) == bounds


def test_columns_of_a_shuffled_match_keep_their_order_and_that_is_remarked(tmp_path: Path) -> None:
    two = MATCH.replace('shuffle="false"', 'shuffle="true"').replace(
        '<simpleAssociableChoice identifier="x" matchMax="0">X</simpleAssociableChoice>',
        '<simpleAssociableChoice identifier="x" matchMax="0">X</simpleAssociableChoice>'
        '<simpleAssociableChoice identifier="y" matchMax="0">Y</simpleAssociableChoice>',
    )
    question = question_of(tmp_path, two)
    assert question.losses == ()
    assert [one.code for one in question.remarks] == ["qti-columns-in-order"]


def test_places_of_a_picture_keep_shape_coordinates_and_label(tmp_path: Path) -> None:
    shown = shown_of(tmp_path, HOTSPOT).interaction
    assert isinstance(shown, HotspotInteraction)
    assert shown.spots == (
        Spot("s", "circle", (10, 12, 5), "Surabaya"),
        Spot("m", "rect", (1, 2, 9, 8), "m"),
    )
    assert (shown.picture.width, shown.picture.height, shown.picture.alt) == (40, 30, "Peta kecil")


@pytest.mark.parametrize(
    ("said", "size"),
    [
        pytest.param('width="40" height="30"', (40, 30), id="as its file"),
        pytest.param('width="80" height="60"', (80, 60), id="twice as large"),
        pytest.param('width="80"', (80, 60), id="its proportions"),
        pytest.param("", (40, 30), id="nothing said"),
    ],
)
def test_a_picture_is_as_large_as_its_coordinates_count(
    tmp_path: Path, said: str, size: tuple[int, int]
) -> None:
    question = question_of(tmp_path, HOTSPOT.replace('width="40" height="30"', said))
    assert question.item is not None
    shown = question.item.languages["id"].interaction
    assert isinstance(shown, HotspotInteraction)
    assert (shown.picture.width, shown.picture.height) == size
    assert question.losses == ()
    assert shown.picture.media == "peta.png"


@pytest.mark.parametrize(
    ("box", "left"),
    [
        pytest.param('viewBox="0 0 40 30"', "-40", id="its own box"),
        pytest.param('viewBox="0 0 4e1 3.0E+1"', "-40", id="with powers of ten"),
        pytest.param('width="40" height="30"', "-40", id="its size"),
        pytest.param('viewBox="0 0 40 30" preserveAspectRatio="xMidYMid"', "-40", id="in the middle"),
    ],
)
def test_a_drawing_of_other_proportions_stands_in_the_middle_of_its_place(
    tmp_path: Path, box: str, left: str
) -> None:
    text = HOTSPOT.replace("peta.png", "peta.svg").replace(
        'width="40" height="30"', 'width="120" height="30"'
    )
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" {box}><rect width="9" height="9"/></svg>'
    (tmp_path / "peta.svg").write_text(drawn)
    bank = bank_of(tmp_path, text)
    (question,) = bank.questions
    assert question.item is not None
    assert question.losses == ()
    shown = question.item.languages["id"].interaction
    assert isinstance(shown, HotspotInteraction)
    assert (shown.picture.width, shown.picture.height) == (120, 30)
    assert f'viewBox="{left}.0000 0.0000 120.0000 30.0000"' in bank.media[shown.picture.media].decode()


def test_a_drawing_that_lies_at_an_edge_is_not_moved_in_silence(tmp_path: Path) -> None:
    text = HOTSPOT.replace("peta.png", "peta.svg").replace(
        'width="40" height="30"', 'width="120" height="30"'
    )
    aside = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30" preserveAspectRatio="xMinYMin"><g/></svg>'
    (tmp_path / "peta.svg").write_text(aside)
    assert [one.code for one in question_of(tmp_path, text).losses] == ["qti-picture-resized"]


def test_a_picture_that_cannot_be_so_large_is_refused(tmp_path: Path) -> None:
    question = question_of(tmp_path, HOTSPOT.replace('width="40"', 'width="9000"'))
    assert question.fault is not None
    assert question.fault.code == "qti-picture-size"


def test_pictures_are_put_onto_places_of_a_picture(tmp_path: Path) -> None:
    shown = shown_of(tmp_path, GRAPHIC_GAPS).interaction
    assert isinstance(shown, GraphicGapMatchInteraction)
    assert shown.spots == (Spot("s", "poly", (0, 0, 9, 0, 9, 9), "s"),)
    (option,) = shown.options
    assert (option.id, option.most, option.content[0].alt) == ("o", 2, "Bendera")  # type: ignore[union-attr]  # a picture
    assert not shown.shuffle


def test_a_point_is_scored_by_the_area_that_it_lies_in(tmp_path: Path) -> None:
    question = question_of(tmp_path, POINT)
    assert question.item is not None
    (shown,) = question.item.languages.values()
    assert isinstance(shown.interaction, SelectPointInteraction)
    assert isinstance(question.item.rule, Processing)
    assert question.item.rule.most == 2


def test_an_essay_is_marked_by_hand_up_to_what_its_file_says(tmp_path: Path) -> None:
    essay = item(
        declaration("single string"),
        '<extendedTextInteraction responseIdentifier="RESPONSE" expectedLength="700" minStrings="1"/>',
        "",
        more='<outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float">'
        "<defaultValue><value>8</value></defaultValue></outcomeDeclaration>",
    )
    question = question_of(tmp_path, essay)
    assert question.item is not None
    assert question.item.rule == HandMarked(Decimal(8))
    assert question.item.languages["id"].interaction == ExtendedTextInteraction(lines=10, least_characters=1)


def test_an_essay_that_says_nothing_of_its_most_gets_the_usual_and_a_remark(tmp_path: Path) -> None:
    essay = item(declaration("single string"), '<extendedTextInteraction responseIdentifier="RESPONSE"/>', "")
    question = question_of(tmp_path, essay)
    assert question.item is not None
    assert question.item.rule == HandMarked(Decimal(5))
    assert [one.code for one in question.remarks] == ["qti-most-assumed"]


def test_an_interaction_between_texts_leaves_its_place_there(tmp_path: Path) -> None:
    text = item(
        declaration("single identifier", "B", name="R1"),
        """<p>Sebelum</p><choiceInteraction responseIdentifier="R1" shuffle="false" maxChoices="1">
        <simpleChoice identifier="A">satu</simpleChoice><simpleChoice identifier="B">dua</simpleChoice>
        </choiceInteraction><p>Sesudah</p>""",
        MATCH_CORRECT,
    )
    question = question_of(tmp_path, text.replace("<responseProcessing", "<!-- --><responseProcessing"))
    assert question.fault is not None  # the template is about RESPONSE, and there is none
    own = text.replace(MATCH_CORRECT, _own_rules("R1"))
    shown = shown_of(tmp_path, own)
    assert shown.stem == (*line("Sebelum"), Place("RESPONSE"), *line("Sesudah"))


def _own_rules(name: str) -> str:
    return f"""<responseProcessing><responseCondition><responseIf>
      <match><variable identifier="{name}"/><correct identifier="{name}"/></match>
      <setOutcomeValue identifier="SCORE"><baseValue baseType="float">2</baseValue></setOutcomeValue>
    </responseIf></responseCondition></responseProcessing>"""


def test_the_only_response_is_called_response_in_the_rules_too(tmp_path: Path) -> None:
    text = item(
        declaration("single string", "ya", name="jawaban"),
        '<p><textEntryInteraction responseIdentifier="jawaban"/></p>',
        _own_rules("jawaban"),
    )
    question = question_of(tmp_path, text)
    assert question.item is not None
    rule = question.item.rule
    assert isinstance(rule, Processing)
    assert list(rule.responses) == ["RESPONSE"]
    assert "jawaban" not in str(rule)


def test_a_composite_keeps_every_part_at_its_place(tmp_path: Path) -> None:
    text = item(
        declaration("single string", "ya", name="T") + declaration("single identifier", "A", name="C"),
        """<p>Isi <textEntryInteraction responseIdentifier="T"/></p>
        <choiceInteraction responseIdentifier="C" shuffle="false" maxChoices="1">
        <simpleChoice identifier="A">satu</simpleChoice><simpleChoice identifier="B">dua</simpleChoice>
        </choiceInteraction>""",
        _own_rules("T"),
    )
    shown = shown_of(tmp_path, text)
    assert shown.stem == (Paragraph((Text("Isi "), Slot("T"))), Place("C"))
    assert isinstance(shown.interaction, Composite)
    assert list(shown.interaction.parts) == ["T", "C"]


@pytest.mark.parametrize(
    ("broken", "mended", "loss"),
    [
        pytest.param(MATCH, ('shuffle="false"', 'shuffle="true"'), None, id="one column has no order"),
        pytest.param(GAPS, ('identifier="g1"', 'identifier="g1" required="true"'), "gap required", id="gap"),
        pytest.param(
            TEXT,
            ("expectedLength", 'placeholderText="nama" expectedLength'),
            "placeholderText=nama",
            id="hint",
        ),
        pytest.param(SLIDER, ("step=", 'stepLabel="true" step='), None, id="a hint is no loss"),
    ],
)
def test_what_we_cannot_say_of_an_interaction_is_named(
    tmp_path: Path, broken: str, mended: tuple[str, str], loss: str | None
) -> None:
    question = question_of(tmp_path, broken.replace(*mended))
    found = [str(one.facts.get("what", "")) for one in question.losses]
    assert (found == []) if loss is None else any(loss in one for one in found)


@pytest.mark.parametrize(
    ("said", "remarks"),
    [
        pytest.param('minChoices="1"', ["qti-answer-asked"], id="an answer is asked for"),
        pytest.param('minChoices="0"', [], id="none is"),
        pytest.param("", [], id="nothing said"),
    ],
)
def test_that_an_answer_is_asked_for_is_said_and_no_loss(
    tmp_path: Path, said: str, remarks: list[str]
) -> None:
    question = question_of(tmp_path, CHOICE.replace('maxChoices="1"', f'maxChoices="1" {said}'))
    assert question.losses == ()
    assert [one.code for one in question.remarks] == remarks
