"""GIFT and Aiken questions as items: points, weights, typed answers, and what is refused by name.

How GIFT is read is held to another reader in test_gift_grammar.py.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from cbt_station.banks import aiken, gift
from cbt_station.banks.foreign import RIGHT_POINTS, ForeignQuestion
from cbt_station.errors import Refusal
from cbt_station.exam.content import Slot, as_text
from cbt_station.exam.interactions import (
    ChoiceInteraction,
    ChoicesInteraction,
    ExtendedTextInteraction,
    MatchInteraction,
    NumberEntryInteraction,
    TextEntryInteraction,
    contents_of,
)
from cbt_station.exam.item import HandMarked, Shown
from cbt_station.exam.scoring import score_item
from tests.shared import shared


def one(text: str) -> ForeignQuestion:
    (question,) = gift.read_gift("soal", text).questions
    return question


def shown(question: ForeignQuestion) -> Shown:
    assert question.item is not None, question.fault
    (content,) = question.item.languages.values()
    return content


def score(question: ForeignQuestion, response: str | tuple[str, ...] | None) -> Decimal:
    assert question.item is not None
    return score_item(question.item.rule, response)


def test_one_right_answer_brings_the_usual_points_and_a_weight_its_part():
    question = one("Ibu kota?{~Bandung ~%50%Batavia =Jakarta}")
    interaction = shown(question).interaction
    assert isinstance(interaction, ChoiceInteraction)
    assert [as_text(option.content) for option in interaction.options] == ["Bandung", "Batavia", "Jakarta"]
    assert [score(question, name) for name in ("a", "b", "c", None)] == [0, Decimal("2.5"), RIGHT_POINTS, 0]
    assert [note.code for note in question.remarks] == ["points-assumed"]


def test_weights_without_a_right_answer_are_several_and_thirds_make_a_whole():
    question = one("Benua?{~%33.33333%Asia ~%33.33333%Afrika ~%-100%Cina ~%33.33333%Eropa}")
    assert isinstance(shown(question).interaction, ChoicesInteraction)
    assert score(question, ("a", "b", "d")) == RIGHT_POINTS
    assert score(question, ("a", "b", "c", "d")) == 0
    assert Decimal("1.66") < score(question, ("a",)) < Decimal("1.67")


@pytest.mark.parametrize(("text", "right"), [("{T}", "a"), ("{FALSE}", "b"), ("{false#salah}", "b")])
def test_true_or_false_keeps_its_order(text, right):
    question = one(f"Bumi bulat.{text}")
    interaction = shown(question).interaction
    assert isinstance(interaction, ChoiceInteraction)
    assert not interaction.shuffle
    assert [score(question, name) for name in "ab"] == [RIGHT_POINTS * (name == right) for name in "ab"]


@pytest.mark.parametrize(
    ("answers", "typed", "points"),
    [
        pytest.param("=Jakarta =%50%DKI", "jakarta", 5, id="capitals do not matter"),
        pytest.param("=Jakarta =%50%DKI", "dki", Decimal("2.5"), id="a weight"),
        pytest.param("=Jakarta", "Bandung", 0, id="another text"),
        pytest.param("=Jakarta =%20%*", "Bandung", 1, id="anything else"),
        pytest.param("=J*a", "jakarta", 5, id="a pattern"),
        pytest.param("=J*a", "jakar", 0, id="not of the pattern"),
        pytest.param("=a.b*", "axb", 0, id="a point is a point"),
        pytest.param("=%100%x =%50%X", "X", 5, id="the first that fits counts"),
    ],
)
def test_a_typed_answer_is_judged_as_moodle_does(answers, typed, points):
    question = one(f"Ibu kota adalah {{{answers}}}")
    assert isinstance(shown(question).interaction, TextEntryInteraction)
    assert score(question, typed) == points


def test_the_place_to_type_stands_where_the_gap_is():
    content = shown(one("Ibu kota {=Jakarta} adalah besar.")).stem[0].content  # type: ignore[union-attr]
    assert content[1] == Slot("RESPONSE")
    assert as_text(shown(one("Ibu kota?{=Jakarta}")).stem) == "Ibu kota?\n____"


@pytest.mark.parametrize(
    ("number", "typed", "points"),
    [
        ("#1945", "1945", 5),
        ("#1945:2", "1947", 5),
        ("#1945:2", "1947.1", 0),
        ("#3.141..3.142", "3.1415", 5),
        ("#3.141..3.142", "3.1421", 0),
        ("#=1945:0 =%50%1945:2", "1946", Decimal("2.5")),
        ("#=1945:0 =%20%*", "3", 1),
    ],
)
def test_a_typed_number_is_judged_by_its_tolerance(number, typed, points):
    question = one(f"Tahun?{{{number}}}")
    assert isinstance(shown(question).interaction, NumberEntryInteraction)
    assert score(question, typed) == points


def test_pairs_share_the_points_and_a_pair_without_its_left_side_is_one_more_wrong_answer():
    question = one("Pasangkan.{=Jepang->Tokyo =Italia->Roma =Mesir->Kairo = ->Lima}")
    interaction = shown(question).interaction
    assert isinstance(interaction, MatchInteraction)
    assert [as_text(column.content) for column in interaction.columns] == ["Tokyo", "Roma", "Kairo", "Lima"]
    assert len(interaction.rows) == 3
    assert score(question, ("r1 c1", "r2 c2", "r3 c3")) == RIGHT_POINTS
    assert score(question, ("r1 c1", "r2 c3", "r3 c4")) < 2


def test_an_essay_is_marked_by_hand():
    question = one("Jelaskan.{}")
    assert isinstance(shown(question).interaction, ExtendedTextInteraction)
    assert question.item
    assert question.item.rule == HandMarked(RIGHT_POINTS)


def test_feedback_stands_in_the_note_word_for_word_with_the_answer_that_it_belongs_to():
    said = "Bagus sekali, " + "itu benar " * 20
    question = one(f"::Judul::Tanya?{{={'jawaban ' * 20}#{said}~b#kurang[html]<b>x</b>####umum}}")
    assert question.losses == ()
    assert "feedback-kept" in [note.code for note in question.remarks]
    assert question.item
    assert question.item.title == "Judul"
    assert (question.item.note or "").split("\n") == [
        "Umpan balik: umum",
        f"Umpan balik untuk “{'jawaban ' * 19}jawaban”: {said.strip()}",
        "Umpan balik untuk “b”: kurang[html]x",
    ]


def test_feedback_of_any_other_number_belongs_to_any_other_number():
    question = one("Berapa?{#3:2~#Salah semua}")
    assert question.losses == ()
    assert question.item
    assert question.item.note == "Umpan balik untuk “*”: Salah semua"


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param('=a#[html]Lihat <img src\\="x.png" alt\\="peta"> ~b', id="a picture in it"),
        pytest.param("=a#x =a#y", id="two answers that read the same"),
        pytest.param('=a ~b#[html]<a href\\="https\\://x.id">sini</a>', id="a link"),
        pytest.param("=a#" + "kata " * 5_000 + "~b", id="longer than a note"),
    ],
)
def test_feedback_that_the_note_does_not_hold_whole_is_a_named_loss(answers):
    question = one(f"Tanya?{{{answers}}}")
    assert "feedback-in-note" in [loss.code for loss in question.losses]
    assert "feedback-kept" not in [note.code for note in question.remarks]


def test_categories_are_sections_and_a_text_is_kept_as_a_shared_text():
    bank = gift.read_gift(
        "soal",
        "$CATEGORY: $course$/top/TWK/Sejarah\n\n::Teks::Bacalah ini.\n\nApa?{T}\n\n$CATEGORY: TIU\n\nApa?{F}\n",
    )
    assert list(bank.sections) == ["TWK/Sejarah", "TIU"]
    assert [question.section for question in bank.questions] == ["TWK/Sejarah", "TWK/Sejarah", "TIU"]
    assert bank.questions[0].fault
    assert bank.questions[0].fault.code == "not-a-question-text"
    assert as_text(bank.stimuli["Teks"][bank.language]) == "Bacalah ini."


def test_texts_of_one_name_are_all_kept():
    bank = gift.read_gift("kuis", "::Teks::Satu.\n\n::Teks::Dua.\n")
    assert {name: as_text(text["id"]) for name, text in bank.stimuli.items()} == {
        "Teks": "Satu.",
        "Teks 2": "Dua.",
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Apa?{=a ~b", "gift-broken"),
        ("Apa?{=a} dan {=b}", "gift-broken"),
        ("::Apa?{=a}", "gift-broken"),
        ("Apa?{#satu}", "gift-broken"),
        ("Apa?{~a ~b}", "answers-none-right"),
        ("Apa?{=a ~a}", "option-equals-key"),
        ("{=a ~b}", "stem-empty"),
        ('[html]<img src="file:///etc/passwd">Apa?{T}', "file-outside"),
    ],
)
def test_a_broken_question_is_refused_alone(text, code):
    bank = gift.read_gift("soal", f"{text}\n\nBaik?{{T}}\n")
    assert [question.fault and question.fault.code for question in bank.questions] == [code, None]


def test_latex_and_html_in_gift_are_drawn():
    question = one(r"[html]<p>Hitung \(\frac\{1\}\{2\}\)</p>{#0.5}")
    assert "1/2" in as_text(shown(question).stem)


@pytest.mark.parametrize(
    ("data", "found", "remarks"),
    [
        pytest.param("Kafé?{T}".encode(), "Kafé?", [], id="UTF-8"),
        pytest.param("\ufeffKafé?{T}".encode(), "Kafé?", [], id="UTF-8 with a mark"),
        pytest.param("Kafé?{T}".encode("utf-16"), "Kafé?", [], id="UTF-16"),
        pytest.param("Kafé?{T}".encode("cp1252"), "Kafé?", ["encoding-guessed"], id="Windows-1252"),
    ],
)
def test_encodings(tmp_path, data, found, remarks):
    path = tmp_path / "soal.gift"
    path.write_bytes(data)
    bank = gift.read(path)
    assert bank
    assert as_text(shown(bank.questions[0]).stem) == found
    assert [note.code for note in bank.questions[0].remarks if note.code != "points-assumed"] == remarks


AIKEN = """Apa ibu kota Indonesia?
A. Bandung
B) Jakarta
C. Medan
ANSWER: B

Baris satu
baris dua
A. ya
B. tidak
ANSWER: C

Tanpa jawaban
A. ya
B. tidak
"""


def test_a_file_that_is_no_text_is_refused_and_no_questions_are_made_of_it(tmp_path):
    file = tmp_path / "quiz.gift"
    file.write_bytes(b"\x7fELF\0\0\0{=a ~b}\0")
    with pytest.raises(Refusal) as refusal:
        gift.read(file)
    assert refusal.value.code == "import-malformed"


def test_aiken(tmp_path):
    path = tmp_path / "soal.txt"
    path.write_text(AIKEN)
    bank = aiken.read(path)
    assert bank
    assert gift.read(path) is None
    good, unknown, missing = bank.questions
    assert (good.stem, good.options, good.key) == (
        "Apa ibu kota Indonesia?",
        ("Bandung", "Jakarta", "Medan"),
        1,
    )
    assert unknown.fault
    assert missing.fault
    assert (unknown.fault.code, missing.fault.code) == ("key-unknown", "answer-line-missing")


def test_aiken_text_between_an_answer_and_the_next_question_is_given_to_neither(tmp_path):
    """Feedback as some programs write it stood in the next question's text, for candidates to read."""
    path = tmp_path / "soal.txt"
    path.write_text(
        "Satu?\nA. x\nB. y\nANSWER: B\nFeedback: karena\n\nDua?\nA. x\nB. y\nANSWER: A\n"
        "Tiga?\nA. x\nB. y\nANSWER: A\n\nSebuah teks.\n\nEmpat?\nA. x\nB. y\nANSWER: A\n",
        "utf-8",
    )
    assert [one.fault.code if one.fault else one.stem for one in aiken.read(path).questions] == [
        "Satu?",
        "text-after-answer",
        "Tiga?",
        "Sebuah teks.\n\nEmpat?",
    ]


@pytest.mark.parametrize("said", ["A, B", "A B", "A atau B", "Jakarta"])
def test_aiken_never_takes_one_of_several_keys(said, tmp_path):
    path = tmp_path / "soal.txt"
    path.write_text(f"Apa?\nA. ya\nB. tidak\nANSWER: {said}\n\nApa?\nA. ya\nB. tidak\nANSWER: b.\n")
    bank = aiken.read(path)
    assert bank
    first, second = bank.questions
    assert first.fault
    assert (first.fault.code, second.fault, second.key) == ("key-unknown", None, 1)


@pytest.mark.parametrize(
    "text", ["Biasa saja.\n", "A. satu\nB. dua\n", "<html>{=a}</html>", "body { color: red }"]
)
def test_other_texts_are_of_neither_format(tmp_path, text):
    path = tmp_path / "catatan.txt"
    path.write_text(text)
    assert aiken.read(path) is None
    assert gift.read(path) is None


MOODLES = "data/moodle-core-fixtures/question/format"


@pytest.mark.parametrize(
    ("name", "questions"),
    [
        (f"{MOODLES}/gift/examples.txt", 43),
        (f"{MOODLES}/gift/tests/fixtures/questions.gift.txt", 9),
        (f"{MOODLES}/missingword/tests/fixtures/question.missingword1.txt", 1),
    ],
)
def test_moodles_own_examples_all_come_in(name, questions):
    bank = gift.read(shared(name))
    assert bank
    assert len(bank.questions) == questions
    assert [question.fault for question in bank.questions if question.fault] == []
    for question in bank.questions:
        for content in contents_of(shown(question).interaction):
            assert as_text(content).strip()


def test_no_file_beside_the_checkout_upsets_a_reader():
    folder: Path = shared("data")
    for path in (
        sorted(folder.rglob("*.txt")) + sorted(folder.rglob("*.dat")) + sorted(folder.rglob("*.gift"))
    ):
        gift.read(path)
        aiken.read(path)
