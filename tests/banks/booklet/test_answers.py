"""Each way of answering as a form on paper, and what the key says of it; the letters of both are the same.

That words stand in the booklet at all is tried in test_words.py.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from cbt_station.banks.booklet.marking import letter
from cbt_station.banks.booklet.pages import export_booklet
from cbt_station.exam import interactions as i
from cbt_station.exam.content import Blocks, Paragraph, Slot, Text
from cbt_station.exam.item import HandMarked, ScoringRule
from cbt_station.exam.rules import building
from tests.banks.booklet.reading import bank_of, booklet, pages, said, sample, whole_pages

STEM = said("Soal.")
KEYS = {
    "choice-1": "C Kantor pos 5",
    "choice-2": "C Menutup tangga sementara dan segera melapor = 5",
    "choices-2": "B Loket A tutup pada hari Selasa. = -2",
    "hottext-1": "2 merubah",
    "inline-choice-1": "pejabat",
    "number-1": "78,5 Selisih sampai 0,5 diterima.",
    "slider-2": "36,5",
    "text-1": "SOS S O S S.O.S.",
    "text-2": "FF = 5 ff = 2 Huruf besar dan kecil dibedakan.",
    "associate-1": "A panas – D dingin",
    "gap-match-1": "A menguap → 1 B mengembun → 2 C hujan → 3",
    "match-2": "1 Kapal feri → C Air 2 Kereta api → A Darat",
    "order-1": "1. B Pelamar mendaftar. 2. D Berkas pelamar diperiksa.",
    "graphic-gap-match-1": "A Kawah → 1 bagian di puncak",
    "hotspot-2": "B bangun ke-2 F bangun ke-6",
    "select-point-2": "Setiap yang benar bernilai 2,5.",
    "composite-1": "(1) hijau Bernilai 2. (2) 3 Bernilai 3.",
    "extended-text-1": "Dinilai oleh penilai, dari 0 sampai 10.",
    "number-2": "Soal ini mempunyai aturan penilaian sendiri",
}


@pytest.mark.parametrize(("item", "words"), KEYS.items(), ids=KEYS)
def test_the_key_says_the_right_answer_in_letters_and_words(item: str, words: str, tmp_path: Path) -> None:
    data = booklet("interactions", "id", key=True)
    text = " ".join("\n".join(page for page in whole_pages(data, tmp_path) if "KUNCI" in page).split())
    number = [one.id for one in in_order()].index(item) + 1
    begin = text.index(f" {number}. ")
    assert words in text[begin : begin + 400]


def in_order():
    bank = sample("interactions")
    return [item for section in bank.head.sections for item in bank.items if item.section == section]


def option(name: str) -> i.Option:
    return i.Option(name, said(f"pilihan {name}"))


def printed(
    interaction: i.Interaction, tmp_path: Path, stem: Blocks = STEM, rule: ScoringRule | None = None
) -> str:
    bank = bank_of(stem, interaction=interaction, rule=rule or HandMarked(Decimal(1)))
    return " ".join("\n".join(pages(export_booklet(bank)[0], tmp_path)[1:]).split())


def test_options_have_letters_in_the_order_of_the_bank(tmp_path: Path) -> None:
    text = printed(i.ChoiceInteraction((option("z"), option("y"))), tmp_path)
    assert "A pilihan z B pilihan y" in text


def test_options_in_a_sentence_stand_in_it(tmp_path: Path) -> None:
    stem = (Paragraph((Text("Ibu kota "), Slot("RESPONSE"), Text(" ramai."))),)
    text = printed(i.InlineChoiceInteraction((option("a"), option("b"))), tmp_path, stem)
    assert "Ibu kota ( pilihan a / pilihan b ) ramai." in text


def test_an_answer_without_a_place_in_the_stem_has_one_after_it(tmp_path: Path) -> None:
    text = printed(i.InlineChoiceInteraction((option("a"), option("b"))), tmp_path)
    assert "Soal. ( pilihan a / pilihan b )" in text


def test_how_many_may_be_chosen_is_said(tmp_path: Path) -> None:
    options = (option("a"), option("b"), option("c"))
    assert "Antara 1 dan 2." in printed(i.ChoicesInteraction(options, least=1, most=2), tmp_path)
    assert "Tepat 2." in printed(i.ChoicesInteraction(options, least=2, most=2), tmp_path)
    assert "Paling banyak 2." in printed(i.ChoicesInteraction(options, most=2), tmp_path)
    assert "Paling sedikit 2." in printed(i.ChoicesInteraction(options, least=2), tmp_path)


def test_a_scale_has_only_numbers_that_can_be_answered(tmp_path: Path) -> None:
    text = printed(i.SliderInteraction("0", "97", "1"), tmp_path)
    numbers = text[text.index("angkanya.") : text.index("Jawaban:")].split()[1:]
    assert [int(number) for number in numbers] == sorted(int(number) for number in numbers)
    assert (numbers[0], numbers[-1]) == ("0", "97")
    uneven = printed(i.SliderInteraction("0", "100", "3"), tmp_path)
    shown = uneven[uneven.index("angkanya.") : uneven.index("Jawaban:")].split()[1:]
    assert all(int(number) % 3 == 0 for number in shown)


def test_the_parts_of_a_composite_item_are_numbered_in_the_form_and_in_the_key(tmp_path: Path) -> None:
    stem = (Paragraph((Text("Kota: "), Slot("kota"), Text(" tahun: "), Slot("tahun"))),)
    parts = i.Composite({"kota": i.TextEntryInteraction(), "tahun": i.NumberEntryInteraction()})
    text = printed(parts, tmp_path, stem)
    assert "Kota: (1) tahun: (2)" in text


def test_rules_without_a_short_form_tell_what_they_declare(tmp_path: Path) -> None:
    rule = building.mapped("identifier", {"a": Decimal(3), "b": Decimal(1)}, several=True, upper=Decimal(3))
    bank = bank_of(said("Soal."), interaction=i.ChoicesInteraction((option("a"), option("b"))), rule=rule)
    text = " ".join("\n".join(whole_pages(export_booklet(bank, key=True)[0], tmp_path)).split())
    assert "A pilihan a = 3 B pilihan b = 1 Soal ini mempunyai aturan penilaian sendiri" in text


@pytest.mark.parametrize("written", ["1.50", "1E+5", "1E+900000"])
def test_a_text_that_looks_like_a_number_stands_in_the_key_as_it_is(written: str, tmp_path: Path) -> None:
    rule = building.texts({written: Decimal(1)})
    bank = bank_of(said("Soal."), interaction=i.ExtendedTextInteraction(), rule=rule)
    text = " ".join("\n".join(whole_pages(export_booklet(bank, key=True)[0], tmp_path)).split())
    assert f"{written} = 1 Soal ini mempunyai" in text


@pytest.mark.parametrize(
    ("at", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ")]
)
def test_letters_go_on_after_z(at: int, name: str) -> None:
    assert letter(at) == name
