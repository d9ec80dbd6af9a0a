"""The kinds of question that a row of a sheet can say: read as their cells mean it, and written so that they read back.

How cells, pictures and other people's headings are read is tried in test_sheets.py, what an export does with whole banks
in test_export_xlsx.py.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cbt_station.banks import sheets
from cbt_station.banks.export_xlsx import export_xlsx
from cbt_station.banks.foreign import ForeignQuestion
from cbt_station.banks.importing import import_bank
from cbt_station.banks.native import read_bank
from cbt_station.banks.sheet_columns import TEMPLATE
from cbt_station.banks.sheet_kinds import KIND_WORDS
from cbt_station.banks.sheet_template import write_template
from cbt_station.banks.workbook import as_text as cell_text
from cbt_station.banks.workbook import read_sheets
from cbt_station.exam.content import as_text
from cbt_station.exam.interactions import (
    AssociateInteraction,
    ChoiceInteraction,
    ChoicesInteraction,
    ExtendedTextInteraction,
    GapMatchInteraction,
    InlineChoiceInteraction,
    MatchInteraction,
    NumberEntryInteraction,
    OrderInteraction,
    SliderInteraction,
    TextEntryInteraction,
)
from cbt_station.exam.item import HandMarked
from cbt_station.exam.scoring import score_item
from tests.banks.small_bank import PLAIN, put
from tests.banks.small_bank import files as small_bank
from tests.banks.test_sheets import as_csv, as_xlsx

BANKS = Path(__file__).parents[2] / "question_banks"
ABC = {"Opsi A": "satu", "Opsi B": "dua", "Opsi C": "tiga"}


def only(folder: Path, kind: str, make: Any = as_csv, **cells: Any) -> ForeignQuestion:
    """The question of one row; cells by their headings with `_` for a space."""
    row: dict[str, Any] = {"Jenis": kind, "Teks Soal": "Apa?"}
    row |= {name.replace("_", " "): cell for name, cell in cells.items()}
    bank = sheets.read(make(folder, list(TEMPLATE), [row.get(name, "") for name in TEMPLATE]))
    assert bank is not None
    (question,) = bank.questions
    return question


def score(question: ForeignQuestion, response: Any) -> Decimal:
    assert question.item is not None, question.fault
    return score_item(question.item.rule, response)


GAPS = "Lengkapi.\n\nIni [[1]] dan [[2]]."
CASES = [
    ("choice", ABC | {"Kunci": "B"}, ChoiceInteraction, {"b": 5, "a": 0}),
    ("choice", ABC | {"Kunci": "B", "Poin": "3"}, ChoiceInteraction, {"b": 3, "a": 0}),
    ("choice", ABC | {"Nilai A": "1", "Nilai B": "-1", "Nilai C": "4"}, ChoiceInteraction, {"b": -1, "c": 4}),
    ("choices", ABC | {"Kunci": "A, C"}, ChoicesInteraction, {("a", "c"): 5, ("a",): 0, ("a", "b", "c"): 0}),
    ("choices", ABC | {"Kunci": "AC", "Poin": "2,5"}, ChoicesInteraction, {("c", "a"): Decimal("2.5")}),
    (
        "choices",
        ABC | {"Nilai A": "2", "Nilai B": "-2", "Nilai C": "3", "Setelan": "most: 2"},
        ChoicesInteraction,
        {("a", "c"): 5, ("b",): 0, ("a", "b"): 0},
    ),
    ("truth", {"Kunci": "benar"}, ChoiceInteraction, {"a": 5, "b": 0}),
    ("truth", {"Kunci": "FALSE", "Poin": "2"}, ChoiceInteraction, {"a": 0, "b": 2}),
    ("truth", {"Opsi A": "Setuju", "Opsi B": "Tidak", "Kunci": "B"}, ChoiceInteraction, {"b": 5}),
    ("inline-choice", ABC | {"Teks Soal": "Itu _____ saja.", "Kunci": "C"}, InlineChoiceInteraction, {"c": 5}),
    ("text", {"Kunci": "Jakarta"}, TextEntryInteraction, {"jakarta": 5, "Bandung": 0}),
    ("text", {"Kunci": "Jakarta", "Opsi A": "DKI"}, TextEntryInteraction, {"dki": 5, "Jakarta": 5}),
    ("text", {"Kunci": "Jakarta", "Setelan": "huruf: persis"}, TextEntryInteraction, {"jakarta": 0, "Jakarta": 5}),
    (
        "text",
        {"Opsi A": "Jakarta", "Opsi B": "Batavia", "Nilai A": "5", "Nilai B": "2"},
        TextEntryInteraction,
        {"batavia": 2, "jakarta": 5},
    ),
    ("number", {"Kunci": "78,5", "Toleransi": "0.5"}, NumberEntryInteraction, {"78": 5, "79": 5, "79.1": 0}),
    ("number", {"Opsi A": "1", "Opsi B": "2", "Nilai A": "5", "Nilai B": "1"}, NumberEntryInteraction, {"2": 1}),
    (
        "match",
        ABC | {"Pasangan 1": "x", "Pasangan 2": "y", "Pasangan 3": "z", "Pasangan 4": "lain"},
        MatchInteraction,
        {("a 1", "b 2", "c 3"): 5, ("a 1",): 0},
    ),
    (
        "match",
        ABC | {"Pasangan 1": "x", "Pasangan 2": "y", "Kunci": "A 2, B-1; C2", "Nilai A": "1", "Nilai B": "2", "Nilai C": "3"},
        MatchInteraction,
        {("a 2", "b 1", "c 2"): 6, ("a 2", "b 2"): 1},
    ),
    ("match", ABC | {"Pasangan 1": "ya", "Pasangan 2": "tidak", "Pasangan 3": "ya"}, MatchInteraction, {("a 1", "b 2", "c 1"): 5}),
    ("associate", ABC | {"Opsi D": "empat", "Kunci": "A C, D B"}, AssociateInteraction, {("c a", "b d"): 5, ("a c",): 0}),
    ("order", ABC, OrderInteraction, {("a", "b", "c"): 5, ("b", "a", "c"): 0}),
    ("order", ABC | {"Kunci": "C, A, B", "Setelan": "tiap: 2"}, OrderInteraction, {("c", "a", "b"): 6, ("c", "b", "a"): 2}),
    ("gap-match", ABC | {"Teks Soal": GAPS}, GapMatchInteraction, {("a g1", "b g2"): 5, ("b g1", "a g2"): 0}),
    ("gap-match", ABC | {"Teks Soal": GAPS, "Kunci": "C 1, A 2"}, GapMatchInteraction, {("c g1", "a g2"): 5}),
    (
        "slider",
        {"Kunci": "36.5", "Toleransi": "0.5", "Setelan": "low: -10; high: 40; step: 0.5; vertical: yes"},
        SliderInteraction,
        {"36": 5, "37.5": 0},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "cells", "interaction", "scores"), CASES)
def test_a_row_is_asked_and_scored_as_its_kind_says(
    kind: str, cells: dict[str, str], interaction: type, scores: dict[Any, int], tmp_path: Path
) -> None:
    question = only(tmp_path, KIND_WORDS[kind][0], **cells)
    assert question.item is not None, question.fault
    assert type(question.item.languages["id"].interaction) is interaction
    assert {given: score(question, given) for given in scores} == scores
    assert score(question, None) == 0
    assert question.losses == ()
    has_points = (
        "Poin" in cells
        or ("Setelan" in cells and "tiap" in cells["Setelan"])
        or any("Nilai" in name for name in cells)
    )
    assert [one.code for one in question.remarks] == ["points-assumed"] * (not has_points)


@pytest.mark.parametrize(("kind", "cells", "interaction", "scores"), CASES)
def test_what_came_in_from_a_row_goes_out_and_comes_in_again_as_the_same_item(
    kind: str, cells: dict[str, str], interaction: type, scores: dict[Any, int], tmp_path: Path
) -> None:
    row = {"Jenis": KIND_WORDS[kind][0], "Teks Soal": "Apa?", "Teks Pembahasan": "Karena begitu."} | cells
    first = as_csv(tmp_path, list(TEMPLATE), [row.get(name, "") for name in TEMPLATE])
    import_bank(first, tmp_path / "first")
    bank = read_bank(tmp_path / "first")
    data, report = export_xlsx(bank)
    # Option names stay as they are but for what is left out: targets that say the same, unused letters.
    assert [one.outcome for one in report.items] == ["exact"], report.items
    (tmp_path / "again.xlsx").write_bytes(data)
    import_bank(tmp_path / "again.xlsx", tmp_path / "second")
    again = read_bank(tmp_path / "second")
    assert [(one.languages, one.rule, one.note) for one in again.items] == [
        (one.languages, one.rule, one.note) for one in bank.items
    ]


def test_an_essay_is_marked_by_a_person_up_to_its_points_and_the_key_is_for_who_marks_it(
    tmp_path: Path,
) -> None:
    question = only(
        tmp_path, "Uraian", Poin="20", Setelan="baris: 12", Kunci="Persatuan", Teks_Pembahasan="Pasal 3"
    )
    assert question.item is not None
    assert question.item.rule == HandMarked(Decimal(20))
    assert question.item.languages["id"].interaction == ExtendedTextInteraction(lines=12)
    assert question.item.note == "Pasal 3\nKunci: Persatuan"
    assert question.losses == question.remarks == ()


@pytest.mark.parametrize("word", [word for words in KIND_WORDS.values() for word in words])
def test_no_word_means_two_kinds_and_each_is_known_in_any_letters(word: str, tmp_path: Path) -> None:
    assert sum(word in words for words in KIND_WORDS.values()) == 1
    question = only(tmp_path, word.upper().replace(" ", "  "))
    assert question.fault is None or question.fault.code != "kind-unknown"


@pytest.mark.parametrize(
    ("kind", "cells", "code"),
    [
        ("teka-teki", ABC, "kind-unknown"),
        ("pilihan banyak", ABC | {"Kunci": "A, D"}, "key-for-no-option"),
        ("pilihan banyak", ABC, "key-missing"),
        ("pilihan banyak", ABC | {"Nilai A": "1"}, "score-missing"),
        ("pilihan banyak", ABC | {"Opsi C": "satu", "Kunci": "A"}, "options-equal"),
        ("pilihan banyak", ABC | {"Kunci": "A, B, C", "Setelan": "most: 2"}, "row-refused"),
        ("benar/salah", {"Kunci": "B"}, "truth-key"),
        ("benar/salah", {"Kunci": "mungkin"}, "truth-key"),
        ("benar/salah", {}, "key-missing"),
        ("benar/salah", ABC | {"Kunci": "A"}, "truth-options"),
        ("benar/salah", {"Nilai A": "1", "Nilai B": "0", "Nilai C": "3"}, "score-for-no-option"),
        ("isian singkat", {}, "key-missing"),
        ("isian singkat", {"Kunci": "Jakarta", "Opsi A": "Jakarta"}, "answer-twice"),
        ("isian singkat", {"Kunci": "x", "Opsi A": "y", "Nilai A": "3"}, "key-beside-scores"),
        ("isian singkat", {"Opsi A": "y", "Opsi B": "x", "Nilai A": "3"}, "score-missing"),
        ("isian singkat", {"Opsi A": "y", "Nilai A": "3", "Nilai B": "1"}, "score-for-no-option"),
        ("angka", {"Kunci": "dua"}, "number-unreadable"),
        ("angka", {"Kunci": "1e400"}, "number-unreadable"),
        ("angka", {"Kunci": "2", "Toleransi": "-1"}, "cell-number-needed"),
        ("angka", {"Kunci": "2", "Poin": "0"}, "cell-number-needed"),
        ("angka", {"Kunci": "2", "Poin": "banyak"}, "cell-number-needed"),
        ("menjodohkan", ABC, "options-few"),
        ("menjodohkan", ABC | {"Pasangan 1": "x", "Pasangan 2": "y", "Kunci": "A 3"}, "row-refused"),
        ("menjodohkan", ABC | {"Pasangan 1": "x", "Pasangan 2": "y", "Kunci": "A B?"}, "pair-malformed"),
        ("menjodohkan", ABC | {"Pasangan 1": "x", "Pasangan 2": "y", "Nilai A": "1"}, "score-missing"),
        ("memasangkan", ABC, "key-missing"),
        ("urutan", ABC | {"Kunci": "A, B"}, "row-refused"),
        ("urutan", ABC | {"Opsi B": "satu"}, "options-equal"),
        ("isi rumpang", ABC, "gaps-malformed"),
        ("isi rumpang", ABC | {"Teks Soal": "Ini [[1]] dan [[1]]."}, "gaps-malformed"),
        ("penggeser", {"Kunci": "3"}, "setting-missing"),
        ("penggeser", {"Kunci": "3", "Setelan": "low: nol; high: 10"}, "setting-malformed"),
        ("pilihan ganda", ABC | {"Kunci": "A", "Setelan": "lines: 3"}, "setting-malformed"),
        ("pilihan ganda", ABC | {"Kunci": "A", "Setelan": "tetap: E"}, "key-for-no-option"),
        ("uraian", {"Setelan": "lines: banyak"}, "setting-malformed"),
        ("uraian", {"Teks Soal": ""}, "stem-empty"),
    ],
)  # fmt: skip
def test_a_row_that_does_not_fit_its_kind_is_refused_by_its_reason(
    kind: str, cells: dict[str, str], code: str, tmp_path: Path
) -> None:
    row = {"Jenis": kind, "Teks Soal": "Apa?", "Opsi E": "", "Teks Pembahasan": "x"} | cells
    bank = sheets.read(as_csv(tmp_path, list(TEMPLATE), [row.get(name, "") for name in TEMPLATE]))
    assert bank is not None
    assert [one.fault.code if one.fault else None for one in bank.questions] == [code]


@pytest.mark.parametrize(
    ("kind", "cells", "column"),
    [
        ("uraian", {"Opsi A": "satu"}, "Opsi A"),
        ("urutan", ABC | {"Nilai A": "2"}, "Nilai A"),
        ("pilihan ganda", ABC | {"Kunci": "A", "Pasangan 1": "x"}, "Pasangan 1"),
        ("pilihan ganda", ABC | {"Kunci": "A", "Toleransi": "2"}, "Toleransi"),
    ],
)
def test_a_cell_that_means_nothing_for_the_kind_is_a_named_loss(
    kind: str, cells: dict[str, str], column: str, tmp_path: Path
) -> None:
    (loss,) = only(tmp_path, kind, **cells).losses
    assert loss.code == "cell-unused"
    assert column in loss.facts["cells"]


def test_a_number_that_the_program_made_of_a_number_is_as_good_and_a_text_is_not(tmp_path: Path) -> None:
    assert only(tmp_path, "angka", as_xlsx, Kunci=78.5, Poin=2.5, Toleransi=0.25).losses == ()
    lossy = only(tmp_path, "isian singkat", as_xlsx, Kunci=78.5)
    assert [one.code for one in lossy.losses] == ["cell-number"]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("123456789012345.123456789012345", "123456789012345.123456789012345"),
        ("+1,50", "1.5"),
        ("-0,0", "0"),
        ("-100", "-100"),
    ],
)
def test_a_number_is_the_key_digit_by_digit(typed: str, key: str, tmp_path: Path) -> None:
    question = only(tmp_path, "angka", Kunci=typed)
    assert question.item is not None
    assert f"value='{key}'" in str(question.item.rule)


@pytest.mark.parametrize("said", ["tetap: semua", "fixed: all"])
def test_options_can_keep_their_places(said: str, tmp_path: Path) -> None:
    question = only(tmp_path, "", **ABC, Kunci="A", Setelan=said)
    assert question.item is not None
    interaction = question.item.languages["id"].interaction
    assert isinstance(interaction, ChoiceInteraction)
    assert not interaction.shuffle
    one = only(tmp_path, "", **ABC, Kunci="A", Setelan="tetap: C").item
    assert one is not None
    assert [option.fixed for option in one.languages["id"].interaction.options] == [False, False, True]  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["", "pilihan ganda"])
def test_an_equal_wrong_option_is_left_out_by_name_and_one_equal_to_the_key_refuses(
    kind: str, tmp_path: Path
) -> None:
    question = only(tmp_path, kind, **ABC | {"Opsi C": "dua"}, Kunci="A")
    assert [one.code for one in question.losses] == ["option-repeated"]
    assert question.item is not None
    assert [as_text(option.content) for option in question.item.languages["id"].interaction.options] == [
        "satu",
        "dua",
    ]  # type: ignore[union-attr]
    refused = only(tmp_path, kind, **ABC | {"Opsi C": "satu"}, Kunci="A").fault
    assert refused is not None
    assert refused.code == "option-equals-key"
    scored = {"Nilai A": "5", "Nilai B": "2", "Nilai C": "3"}
    refused = only(tmp_path, kind, **ABC | {"Opsi C": "dua"} | scored).fault
    assert refused is not None
    assert refused.code == "option-equals-key"


def test_the_template_offers_every_kind_and_explains_it(tmp_path: Path) -> None:
    questions, page = read_sheets(write_template(".xlsx"), ".xlsx")
    kinds = {cell_text(row[TEMPLATE.index("Jenis")]) for row in questions.cells[1:]}
    assert kinds <= {words[0] for words in KIND_WORDS.values()}
    said = " ".join(cell_text(cell) for row in page.cells for cell in row)
    for words in KIND_WORDS.values():
        assert f"“{words[0]}”" in said


def test_the_page_of_an_older_template_is_no_sheet_of_something_else(tmp_path: Path) -> None:
    import xlsxwriter

    file = tmp_path / "lama.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("soal")
        for down, row in enumerate([["Teks Soal", "Opsi A", "Opsi B", "Kunci"], ["Apa?", "x", "y", "A"]]):
            sheet.write_row(down, 0, row)
        page = book.add_worksheet("petunjuk")
        page.write(0, 0, "Satu baris satu soal. Hapus dua baris contoh sebelum lembar ini diimpor.")
        page.write(1, 0, "Pilihan yang tidak dipakai dikosongkan.")
    bank = sheets.read(file)
    assert bank is not None
    assert bank.losses == ()


def test_every_item_of_each_way_to_answer_goes_out_as_the_same_or_is_named() -> None:
    bank = read_bank(BANKS / "interactions")
    report = export_xlsx(bank)[1]
    reasons = {one.item: {reason.code for reason in one.reasons} for one in report.items}
    came_out = {one.item for one in report.items if one.outcome != "refused"}
    assert not any("export-differs" in codes for codes in reasons.values())
    assert {
        "associate-1", "choices-1", "extended-text-1", "extended-text-2", "gap-match-1", "inline-choice-1",
        "inline-choice-2", "match-1", "match-2", "order-1", "order-2", "slider-1", "slider-2",
    } <= came_out  # fmt: skip
    assert reasons["hotspot-1"] == {"export-interaction"}
    assert reasons["number-2"] == {"export-rule"}
    assert reasons["text-1"] == {"export-block"}


def test_an_option_that_keeps_its_place_comes_back_so(tmp_path: Path) -> None:
    text = PLAIN.replace("key: ", "fixed: all\nkey: ", 1)
    put(tmp_path, small_bank() | {"items/tiu/tiu-001.md": text.encode()})
    data, _ = export_xlsx(read_bank(tmp_path))
    (tmp_path / "soal.xlsx").write_bytes(data)
    bank = sheets.read(tmp_path / "soal.xlsx")
    assert bank is not None
    assert any(
        one.item and not one.item.languages["id"].interaction.shuffle  # type: ignore[union-attr]
        for one in bank.questions
    )
