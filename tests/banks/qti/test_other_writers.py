"""QTI as other programs may write it and the standard allows it: addresses of files, keys, scales, tools.

What they say must come in as it is meant, or be named: no test here is about one program's habits alone.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from cbt_station.banks.foreign import ForeignQuestion, Remark
from cbt_station.banks.importing import import_bank
from cbt_station.banks.qti.markup import parse
from cbt_station.banks.qti.reading import read
from cbt_station.exam.content import InlinePicture, every
from cbt_station.exam.interactions import (
    ExtendedTextInteraction,
    HotspotInteraction,
    NumberEntryInteraction,
    SliderInteraction,
    TextEntryInteraction,
)
from cbt_station.exam.item import OptionScores
from cbt_station.exam.processing import Processing
from cbt_station.exam.rules.response import score
from cbt_station.words import words_in
from tests.banks.qti.items import (
    MAP_RESPONSE,
    PICTURE,
    bank_of,
    declaration,
    item,
    manifest,
    png,
    question_of,
    zipped,
)

KEY = declaration("single identifier", "B")
CHOICE = """<choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="1">
  <simpleChoice identifier="A">satu</simpleChoice><simpleChoice identifier="B">dua</simpleChoice>
</choiceInteraction>"""
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="70" height="50"><rect width="9" height="9"/></svg>'


def with_picture(source: str, around: str = "{}") -> str:
    return item(KEY, around.format(f'<p>Lihat <img src="{source}" alt="Peta"/> ini.</p>') + CHOICE)


def pictures_of(question: ForeignQuestion) -> list[InlinePicture]:
    assert question.item is not None, question.fault
    return [one for shown in question.item.languages.values() for one in every(InlinePicture, shown.stem)]


def codes(question: ForeignQuestion) -> list[str]:
    return [one.code for one in question.remarks]


# Addresses of files.


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("gbr/peta%20kecil.png", id="escaped"),
        pytest.param("gbr/peta kecil.png", id="not escaped"),
        pytest.param("./x/../gbr/peta%20kecil.png", id="up and down"),
        pytest.param("gbr/peta%20kecil.png?v=1&amp;w=2", id="with a question to a server"),
        pytest.param("gbr/peta%20kecil.png#bagian", id="with a part of the file"),
    ],
)
def test_a_picture_is_found_however_its_address_is_written(tmp_path: Path, source: str) -> None:
    (tmp_path / "gbr").mkdir()
    (tmp_path / "gbr" / "peta kecil.png").write_bytes(png())
    (picture,) = pictures_of(question_of(tmp_path, with_picture(source)))
    assert (picture.width, picture.height) == (40, 30)


def test_a_file_whose_name_has_a_question_mark_is_that_file(tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {"satu.xml": with_picture("peta.png?v=1"), "peta.png?v=1": DRAWING}
    bank = read(zipped(tmp_path / "paket.zip", files | {"peta.png": png()}))
    assert bank is not None
    (picture,) = pictures_of(bank.questions[0])
    assert (picture.width, picture.height) == (70, 50)


@pytest.mark.parametrize(
    ("around", "source"),
    [
        pytest.param('<div xml:base="gbr/">{}</div>', "peta.png", id="a folder"),
        pytest.param('<div xml:base="gbr/lain.xml">{}</div>', "peta.png", id="beside a file"),
        pytest.param(
            '<div xml:base="gbr/"><div xml:base="dalam/">{}</div></div>', "../peta.png", id="one in another"
        ),
    ],
)
def test_the_base_of_addresses_is_followed(tmp_path: Path, around: str, source: str) -> None:
    """Another picture of the same name lies where it would be without the base."""
    (tmp_path / "gbr").mkdir()
    (tmp_path / "gbr" / "peta.png").write_bytes(DRAWING)
    (picture,) = pictures_of(question_of(tmp_path, with_picture(source, around)))
    assert (picture.width, picture.height) == (70, 50)


def test_the_base_of_an_item_may_lead_up_within_its_package(tmp_path: Path) -> None:
    (tmp_path / "items").mkdir()
    (tmp_path / "gbr").mkdir()
    (tmp_path / "gbr" / "peta.png").write_bytes(DRAWING)
    text = with_picture("peta.png").replace("<itemBody>", '<itemBody xml:base="../gbr/">')
    (tmp_path / "items" / "satu.xml").write_text(text, encoding="utf-8")
    (tmp_path / "imsmanifest.xml").write_text(manifest("items/satu.xml"), encoding="utf-8")
    bank = read(tmp_path)
    assert bank is not None
    (picture,) = pictures_of(bank.questions[0])
    assert (picture.width, picture.height) == (70, 50)


@pytest.mark.parametrize(
    ("base", "code"),
    [
        pytest.param("http://example.org/x/", "file-remote", id="another machine"),
        pytest.param("/etc/", "file-outside", id="the whole disk"),
        pytest.param("../../", "file-outside", id="out of the package"),
        pytest.param("http://[x/", "file-outside", id="no address"),
        pytest.param("a" * 2_000 + "/", "file-outside", id="too long"),
    ],
)
def test_a_base_leads_nowhere_else(tmp_path: Path, base: str, code: str) -> None:
    question = question_of(tmp_path, with_picture("peta.png", f'<div xml:base="{base}">{{}}</div>'))
    assert question.fault is not None
    assert question.fault.code == code


def test_a_base_leaves_what_is_no_file_alone() -> None:
    root = parse(b'<p xml:base="gbr/"><a href="#x"/><img src="data:image/png;base64,AA"/></p>')
    assert [one.get("href") or one.get("src") for one in root] == ["#x", "data:image/png;base64,AA"]


def test_bases_within_bases_are_read_once() -> None:
    deep = '<b xml:base="a/">' * 70 + '<img src="x.png"/>' + "</b>" * 70
    root = parse(f"<p>{deep * 600}</p>".encode())
    assert {one.get("src") for one in root.iter("img")} == {"a/" * 70 + "x.png"}


def test_a_standard_template_needs_no_other_address(tmp_path: Path) -> None:
    rules = (
        '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct" '
        'templateLocation="tidak/ada/match_correct.xml"/>'
    )
    question = question_of(tmp_path, item(KEY, f"<p>Berapa?</p>{CHOICE}", rules))
    assert question.item is not None
    assert question.item.rule == OptionScores({"A": Decimal(0), "B": Decimal(1)})


def test_the_language_of_the_body_is_the_language_of_what_is_shown(tmp_path: Path) -> None:
    text = item(KEY, f"<p>Berapa?</p>{CHOICE}", attributes='xml:lang="en-US"')
    assert bank_of(tmp_path, text.replace("<itemBody>", '<itemBody xml:lang="id">')).language == "id"


# Keys.


def match(most: str = "", *right: str) -> str:
    side = '<simpleMatchSet><simpleAssociableChoice identifier="{}1" matchMax="1">a</simpleAssociableChoice>'
    side += (
        '<simpleAssociableChoice identifier="{}2" matchMax="1">b</simpleAssociableChoice></simpleMatchSet>'
    )
    body = f'<matchInteraction responseIdentifier="RESPONSE" shuffle="false" {most}>'
    body += f"{side.format('R', 'R')}{side.format('K', 'K')}</matchInteraction>"
    return item(declaration("multiple directedPair", *right), f"<p>Pasangkan.</p>{body}")


def choice(*right: str) -> str:
    return item(declaration("single identifier", *right), f"<p>Berapa?</p>{CHOICE}")


def slider(base: str, right: str, bounds: str) -> str:
    body = f'<sliderInteraction responseIdentifier="RESPONSE" {bounds}/>'
    return item(declaration(f"single {base}", right), f"<p>Geser.</p>{body}")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(choice("B"), None, id="an option"),
        pytest.param(choice("Z"), "qti-key-not-offered", id="no option"),
        pytest.param(choice(), "qti-key-missing", id="none at all"),
        pytest.param(match('maxAssociations="0"', "R1 K1", "R2 K2"), None, id="two pairs"),
        pytest.param(
            match("", "R1 K1", "R2 K2"), "qti-key-not-offered", id="two pairs where one may be made"
        ),
        pytest.param(
            match('maxAssociations="2"', "K1 R1"), "qti-key-not-offered", id="a pair the other way round"
        ),
        pytest.param(
            slider("integer", "6", 'lowerBound="0" upperBound="9" step="3"'), None, id="on the scale"
        ),
        pytest.param(
            slider("integer", "7", 'lowerBound="0" upperBound="9" step="3"'),
            "qti-key-not-offered",
            id="off the scale",
        ),
    ],
)
def test_a_right_answer_that_nobody_can_give_is_said(tmp_path: Path, text: str, code: str | None) -> None:
    question = question_of(tmp_path, text)
    assert question.fault is None
    assert [one for one in codes(question) if one.startswith("qti-key")] == [code] * (code is not None)


def test_a_text_for_people_needs_no_key(tmp_path: Path) -> None:
    body = '<p>Tulis.</p><extendedTextInteraction responseIdentifier="RESPONSE"/>'
    assert "qti-key-missing" not in codes(question_of(tmp_path, item(declaration("single string"), body)))


def test_points_for_what_is_not_offered_are_left_out_and_the_most_is_what_can_be_had(tmp_path: Path) -> None:
    worths = "".join(
        f'<mapEntry mapKey="{key}" mappedValue="{worth}"/>' for key, worth in (("B", 3), ("Z", 9))
    )
    declared = declaration("single identifier", inside=f"<mapping>{worths}</mapping>")
    question = question_of(tmp_path, item(declared, f"<p>Berapa?</p>{CHOICE}", MAP_RESPONSE))
    assert question.item is not None
    assert question.item.rule == OptionScores({"A": Decimal(0), "B": Decimal(3)})
    assert question.remarks == (Remark("qti-worth-not-offered", {"answers": "Z"}),)


def test_points_for_pairs_stay_where_both_are_offered(tmp_path: Path) -> None:
    worths = '<mapEntry mapKey="R1 K1" mappedValue="1"/><mapEntry mapKey="R1 K9" mappedValue="1"/>'
    text = match('maxAssociations="0"', "R1 K1").replace(
        "</correctResponse>", f"</correctResponse><mapping>{worths}</mapping>"
    )
    question = question_of(tmp_path, text.replace("match_correct", "map_response"))
    assert question.item is not None
    assert isinstance(question.item.rule, Processing)
    assert question.item.rule.most == 1
    assert codes(question) == ["qti-worth-not-offered"]


def test_a_key_that_the_rules_give_nothing_is_refused_in_words(tmp_path: Path) -> None:
    rules = """<responseProcessing><responseCondition><responseIf>
      <match><variable identifier="RESPONSE"/><baseValue baseType="identifier">A</baseValue></match>
      <setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>
      </responseIf></responseCondition></responseProcessing>"""
    question = question_of(tmp_path, item(KEY, f"<p>Berapa?</p>{CHOICE}", rules))
    assert question.fault == Remark("qti-key-worthless", {"found": "0"})


# Numbers.


@pytest.mark.parametrize(
    ("bounds", "right", "step"),
    [
        pytest.param('lowerBound="0" upperBound="1"', "0.5", "0.01", id="a hundred places"),
        pytest.param('lowerBound="0" upperBound="50"', "12", "0.1", id="more than a hundred"),
        pytest.param('lowerBound="0" upperBound="1"', "0.125", "0.001", id="as fine as the right answer"),
        pytest.param('lowerBound="0.05" upperBound="100"', "7", "0.01", id="as fine as its ends"),
        pytest.param('lowerBound="0" upperBound="1" step="0.25"', "0.5", "0.25", id="the file's own"),
    ],
)
def test_a_scale_without_steps_is_about_continuous(
    tmp_path: Path, bounds: str, right: str, step: str
) -> None:
    question = question_of(tmp_path, slider("float", right, bounds))
    assert question.item is not None
    (shown,) = question.item.languages.values()
    assert isinstance(shown.interaction, SliderInteraction)
    assert shown.interaction.step == step
    assert codes(question) == ([] if 'step="' in bounds else ["qti-slider-smooth"])


def test_whole_numbers_without_steps_go_by_one(tmp_path: Path) -> None:
    question = question_of(tmp_path, slider("integer", "5", 'lowerBound="0" upperBound="10"'))
    assert question.item is not None
    (shown,) = question.item.languages.values()
    assert shown.interaction == SliderInteraction("0", "10", "1")


TYPED = declaration("single float", "2.5") + declaration("single string", name="TEKS")
TYPED_BODY = '<p>Isi <textEntryInteraction responseIdentifier="RESPONSE" stringIdentifier="TEKS"/></p>'


def test_how_a_number_was_typed_says_nothing_where_no_rule_looks_at_it(tmp_path: Path) -> None:
    question = question_of(tmp_path, item(TYPED, TYPED_BODY))
    assert question.item is not None
    assert question.losses == ()
    (shown,) = question.item.languages.values()
    assert isinstance(shown.interaction, NumberEntryInteraction)
    assert isinstance(question.item.rule, Processing)
    assert score(question.item.rule, "2.50") == 1


def test_a_rule_that_looks_at_how_a_number_was_typed_is_refused_by_name(tmp_path: Path) -> None:
    rules = """<responseProcessing><responseCondition><responseIf>
      <match><variable identifier="TEKS"/><baseValue baseType="string">2.50</baseValue></match>
      <setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>
      </responseIf></responseCondition></responseProcessing>"""
    question = question_of(tmp_path, item(TYPED, TYPED_BODY, rules))
    assert question.fault == Remark("qti-unsupported", {"what": "stringIdentifier TEKS"})


# Places, choices under a template, tools.


def test_the_corners_of_a_rectangle_stand_in_any_order(tmp_path: Path) -> None:
    area = '<areaMapping><areaMapEntry shape="rect" coords="30,20,10,5" mappedValue="2"/></areaMapping>'
    body = f'<p>Tunjuk.</p><selectPointInteraction responseIdentifier="RESPONSE" maxChoices="1">{PICTURE}</selectPointInteraction>'
    rules = MAP_RESPONSE.replace("map_response", "map_response_point")
    question = question_of(tmp_path / "a", item(declaration("single point", inside=area), body, rules))
    assert question.item is not None
    assert isinstance(question.item.rule, Processing)
    assert [score(question.item.rule, (point,)) for point in ("20 10", "5 10")] == [2, 0]
    spot = '<hotspotChoice identifier="B" shape="rect" coords="30,20,10,5"/>'
    body = f'<p>Tunjuk.</p><hotspotInteraction responseIdentifier="RESPONSE" maxChoices="1">{PICTURE}{spot}</hotspotInteraction>'
    pressed = question_of(tmp_path / "b", item(KEY, body)).item
    assert pressed is not None
    (shown,) = pressed.languages.values()
    assert isinstance(shown.interaction, HotspotInteraction)
    assert shown.interaction.spots[0].coords == (10, 5, 30, 20)


@pytest.mark.parametrize(
    ("declared", "body"),
    [
        pytest.param(
            KEY,
            '<hottextInteraction responseIdentifier="RESPONSE" maxChoices="1"><p><hottext identifier="B" '
            'templateIdentifier="T">a</hottext></p></hottextInteraction>',
            id="words",
        ),
        pytest.param(
            declaration("multiple directedPair", "W G"),
            '<gapMatchInteraction responseIdentifier="RESPONSE" shuffle="false"><gapText identifier="W" matchMax="1">a'
            '</gapText><p><gap identifier="G" templateIdentifier="T"/></p></gapMatchInteraction>',
            id="a gap",
        ),
    ],
)
def test_what_shows_only_under_a_template_is_no_part_of_every_item(
    tmp_path: Path, declared: str, body: str
) -> None:
    question = question_of(tmp_path, item(declared, f"<p>Pilih.</p>{body}"))
    assert question.fault is not None
    assert (question.fault.code, question.fault.facts["attribute"]) == ("qti-attribute", "templateIdentifier")


def test_a_tool_that_is_another_programs_is_left_to_the_exam(tmp_path: Path) -> None:
    tool = (
        '<infoControl title="Kalkulator"><pic:portableInfoControl xmlns:pic="http://www.imsglobal.org/xsd/portableInfoControl"/>'
        "</infoControl>"
    )
    question = question_of(tmp_path, item(KEY, f"<p>Hitung.</p>{tool}{CHOICE}"))
    assert question.losses == ()
    assert question.remarks == (Remark("qti-tool", {"what": "infoControl", "said": "Kalkulator"}),)
    assert question.item is not None
    assert question.item.note == "infoControl: Kalkulator"


def test_what_is_read_at_a_click_is_lost_and_kept_in_the_note(tmp_path: Path) -> None:
    hint = '<infoControl title="Bantuan"><p>Rumus: <b>a</b> kali b</p></infoControl>'
    question = question_of(tmp_path, item(KEY, f"<p>Hitung.</p>{hint}{CHOICE}"))
    assert question.losses == (Remark("qti-dropped", {"what": "infoControl Bantuan"}),)
    assert question.item is not None
    assert question.item.note == "infoControl Bantuan: Rumus: a kali b"


def test_what_is_only_remarked_is_imported_exactly(tmp_path: Path) -> None:
    (tmp_path / "satu.xml").write_text(
        slider("float", "0.5", 'lowerBound="0" upperBound="1"'), encoding="utf-8"
    )
    (question,) = import_bank(tmp_path / "satu.xml", tmp_path / "bank").questions
    assert question.outcome == "exact"


def test_a_drawing_that_became_a_picture_is_not_stretched_under_its_places(tmp_path: Path) -> None:
    body = PICTURE.replace("peta.png", "peta.svg").replace('width="40"', 'width="120"')
    spot = '<hotspotChoice identifier="B" shape="rect" coords="0,0,9,9"/>'
    text = item(
        KEY,
        f'<hotspotInteraction responseIdentifier="RESPONSE" maxChoices="1">{body}{spot}</hotspotInteraction>',
    )
    drawn = DRAWING.replace(b"<rect", b'<image href="#x"/><rect').replace(b'width="70"', b'width="40"')
    (tmp_path / "peta.svg").write_bytes(drawn.replace(b'height="50"', b'height="30"'))
    question = question_of(tmp_path, text)
    assert [one.code for one in question.losses] == ["qti-picture-resized", "svg-as-picture"]


# What an interaction says beside its choices.

ROWS = """<simpleMatchSet><simpleAssociableChoice identifier="R" matchMax="1">a</simpleAssociableChoice></simpleMatchSet>
  <simpleMatchSet><simpleAssociableChoice identifier="K" matchMax="1">b</simpleAssociableChoice></simpleMatchSet>"""


@pytest.mark.parametrize(
    ("declared", "body", "what"),
    [
        pytest.param(
            KEY,
            CHOICE.replace("<simpleChoice", "<p>Perhatikan!</p><simpleChoice", 1),
            "choiceInteraction p",
            id="a paragraph",
        ),
        pytest.param(
            KEY,
            CHOICE.replace("<simpleChoice", "Atau: <simpleChoice", 1),
            "choiceInteraction Atau:",
            id="words",
        ),
        pytest.param(
            KEY,
            '<p><inlineChoiceInteraction responseIdentifier="RESPONSE" shuffle="false"><label>Kota</label><inlineChoice '
            'identifier="A">a</inlineChoice><inlineChoice identifier="B">b</inlineChoice></inlineChoiceInteraction></p>',
            "inlineChoiceInteraction label",
            id="a label",
        ),
        pytest.param(
            KEY,
            f'<hotspotInteraction responseIdentifier="RESPONSE" maxChoices="1">{PICTURE}{PICTURE}'
            '<hotspotChoice identifier="B" shape="default" coords=""/></hotspotInteraction>',
            "hotspotInteraction object",
            id="a second picture",
        ),
        pytest.param(
            declaration("multiple directedPair", "R K"),
            f'<matchInteraction responseIdentifier="RESPONSE" shuffle="false" maxAssociations="1" '
            f'data-first-column-header="Pernyataan">{ROWS}</matchInteraction>',
            "matchInteraction dataFirstColumnHeader=Pernyataan",
            id="the head of a column",
        ),
    ],
)
def test_what_stands_beside_the_choices_is_a_loss_by_its_name(
    tmp_path: Path, declared: str, body: str, what: str
) -> None:
    question = question_of(tmp_path, item(declared, f"<p>Pilih.</p>{body}"))
    assert question.fault is None
    assert question.losses == (Remark("qti-dropped", {"what": what}),)


def test_classes_that_say_how_much_room_there_is_are_followed_and_others_said(tmp_path: Path) -> None:
    typed = '<textEntryInteraction responseIdentifier="RESPONSE" class="qti-input-width-6 qti-lain"/>'
    question = question_of(tmp_path / "a", item(declaration("single string", "ya"), f"<p>Isi {typed}</p>"))
    assert question.item is not None
    (shown,) = question.item.languages.values()
    assert isinstance(shown.interaction, TextEntryInteraction)
    assert shown.interaction.width == 6
    assert question.remarks == (Remark("class-ignored", {"names": "qti-lain"}),)
    written = '<extendedTextInteraction responseIdentifier="RESPONSE" class="qti-height-lines-15" expectedLength="70"/>'
    essay = question_of(
        tmp_path / "b", item(declaration("single string"), f"<p>Tulis.</p>{written}", "")
    ).item
    assert essay is not None
    (shown,) = essay.languages.values()
    assert isinstance(shown.interaction, ExtendedTextInteraction)
    assert shown.interaction.lines == 15


@pytest.mark.parametrize(
    ("value", "lost"),
    [
        pytest.param("<value>A</value>", ["responseDeclaration defaultValue=A"], id="one"),
        pytest.param("<value/>", [], id="none"),
    ],
)
def test_an_answer_that_stands_there_from_the_start_is_a_loss(
    tmp_path: Path, value: str, lost: list[str]
) -> None:
    begins = KEY.replace("<correctResponse>", f"<defaultValue>{value}</defaultValue><correctResponse>")
    question = question_of(tmp_path, item(begins, f"<p>Berapa?</p>{CHOICE}"))
    assert [one.facts["what"] for one in question.losses] == lost


@pytest.mark.parametrize("name", ["duration", "numAttempts", "LAIN"])
def test_a_variable_that_nobody_knows_is_refused_by_its_name(tmp_path: Path, name: str) -> None:
    rules = f"""<responseProcessing><setOutcomeValue identifier="SCORE"><variable identifier="{name}"/></setOutcomeValue>
      </responseProcessing>"""
    question = question_of(tmp_path, item(KEY, f"<p>Berapa?</p>{CHOICE}", rules))
    assert question.fault == Remark("qti-variable-unknown", {"name": name})


@pytest.mark.parametrize(
    ("begins", "lost", "remarked"),
    [
        pytest.param("3", [], ["qti-hint"], id="worth what no answer is"),
        pytest.param("6", ["qti-dropped"], [], id="right"),
        pytest.param("x", ["qti-dropped"], [], id="no number"),
    ],
)
def test_where_a_scale_begins_is_a_wish_unless_it_brings_points(
    tmp_path: Path, begins: str, lost: list[str], remarked: list[str]
) -> None:
    text = slider("integer", "6", 'lowerBound="0" upperBound="9" step="3"')
    value = f"<defaultValue><value>{begins}</value></defaultValue><correctResponse>"
    question = question_of(tmp_path, text.replace("<correctResponse>", value))
    assert ([one.code for one in question.losses], codes(question)) == (lost, remarked)


# Options that cannot be told apart.

SEVERAL = CHOICE.replace('maxChoices="1"', 'maxChoices="0"')
ORDER = """<orderInteraction responseIdentifier="RESPONSE" shuffle="false"><simpleChoice identifier="A">satu</simpleChoice>
  <simpleChoice identifier="B">satu</simpleChoice></orderInteraction>"""
ALONE = '<choiceInteraction responseIdentifier="RESPONSE" maxChoices="0"><simpleChoice identifier="B">Ya</simpleChoice></choiceInteraction>'


@pytest.mark.parametrize(
    ("declared", "body", "fault"),
    [
        pytest.param(KEY, CHOICE.replace("satu", ""), Remark("option-empty", {"number": "1"}), id="empty"),
        pytest.param(
            KEY,
            CHOICE.replace("satu", "dua"),
            Remark("option-equals-key", {"first": "1", "second": "2"}),
            id="as the key",
        ),
        pytest.param(
            declaration("multiple identifier", "B"),
            SEVERAL.replace("satu", "dua"),
            Remark("options-equal", {"first": "1", "second": "2"}),
            id="of several",
        ),
        pytest.param(
            declaration("ordered identifier", "A", "B"),
            ORDER,
            Remark("options-equal", {"first": "1", "second": "2"}),
            id="of an order",
        ),
        pytest.param(
            declaration("multiple directedPair", "R K"),
            f'<matchInteraction responseIdentifier="RESPONSE" maxAssociations="1">{ROWS.replace(">b<", "><")}</matchInteraction>',
            Remark("option-empty", {"number": "1"}),
            id="an empty column",
        ),
        pytest.param(declaration("multiple identifier", "B"), ALONE, None, id="one to tick"),
    ],
)
def test_options_are_told_apart_or_the_question_is_refused_in_words(
    tmp_path: Path, declared: str, body: str, fault: Remark | None
) -> None:
    assert question_of(tmp_path, item(declared, f"<p>Pilih.</p>{body}")).fault == fault


def test_an_option_that_repeats_a_wrong_one_is_left_out_and_named(tmp_path: Path) -> None:
    more = '<simpleChoice identifier="C">satu</simpleChoice></choiceInteraction>'
    question = question_of(
        tmp_path, item(KEY, f"<p>Pilih.</p>{CHOICE.replace('</choiceInteraction>', more)}")
    )
    assert question.losses == (Remark("option-repeated", {"first": "1", "second": "3"}),)
    assert question.item is not None
    assert question.item.rule == OptionScores({"A": Decimal(0), "B": Decimal(1)})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            item(declaration("single float", "3,5"), TYPED_BODY.replace(' stringIdentifier="TEKS"', "")),
            "The scoring rule has 3,5 at float, which is not a valid value.",
            id="a comma in a number",
        ),
        pytest.param(
            item(KEY, f"<p>Berapa?</p>{CHOICE}", MAP_RESPONSE),
            "map-response needs a mapping that is not declared.",
            id="no mapping",
        ),
    ],
)
def test_rules_that_cannot_be_followed_are_refused_in_words(tmp_path: Path, text: str, said: str) -> None:
    fault = question_of(tmp_path, text).fault
    assert fault is not None
    assert fault.code == "qti-rules"
    assert fault.sentence(words_in("en")).startswith(f"Its scoring rules cannot be followed. {said}")


def test_a_variable_that_is_declared_twice_refuses_its_item(tmp_path):
    question = question_of(tmp_path, item(KEY + declaration("single identifier", "A"), CHOICE))
    assert question.fault.code == "qti-identifier-twice"
    assert question.fault.facts["identifier"] == "RESPONSE"
