"""Sheets of questions: what stands in a cell is what a candidate reads, and what a program made of a cell is not guessed at.

Covers the dialects by their headings, scores and keys, cells that became dates or numbers, pictures over cells and
beside the sheet, other people's columns, and the template that the program writes itself.
"""

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from PIL import Image

from cbt_station.banks import sheets
from cbt_station.banks.foreign import ForeignBank, ForeignQuestion
from cbt_station.banks.importing import import_bank
from cbt_station.banks.native import read_bank
from cbt_station.banks.sheet_template import write_template
from cbt_station.errors import Refusal
from cbt_station.exam.content import Picture, as_text
from cbt_station.exam.interactions import ChoiceInteraction
from cbt_station.exam.item import HandMarked, OptionScores

CPNS = (
    ["No", "Segmen", "Teks Soal", "URL Gambar Soal"]
    + [f"Opsi {letter}" for letter in "ABCDE"]
    + [f"Nilai {letter}" for letter in "ABCDE"]
    + [f"URL Gambar Opsi {letter}" for letter in "ABCDE"]
    + ["Teks Pembahasan"]
)
TWK = ["1", "TWK", "Ibu kota provinsi Jawa Barat adalah …", "", "Bogor", "Bandung", "Cirebon", "Garut", "Depok",
    "0", "5", "0", "0", "0", "", "", "", "", "", "Bandung sejak 1925",
]  # fmt: skip
TKP = ["2", "TKP", "Rekan Anda terlambat. Anda …", "", "diam", "menegur", "bertanya", "melapor", "menolong",
    "1", "3", "4", "2", "5", "", "", "", "", "", "",
]  # fmt: skip


def png(width: int = 24, height: int = 12) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(target, "PNG")
    return target.getvalue()


def as_csv(folder: Path, *rows: list[str], separator: str = ",") -> Path:
    file = folder / "bank.csv"
    lines = [separator.join(f'"{cell}"' for cell in row) for row in rows]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def as_xlsx(folder: Path, *rows: list[Any], pictures: dict[tuple[int, int], bytes] | None = None) -> Path:
    file = folder / "bank.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("soal")
        day = book.add_format({"num_format": "d/m"})
        for down, row in enumerate(rows):
            for across, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(down, across, cell, day)
                else:
                    sheet.write(down, across, cell)
        for (down, across), data in (pictures or {}).items():
            sheet.insert_image(down, across, "picture.png", {"image_data": io.BytesIO(data)})
    return file


def read(file: Path) -> ForeignBank:
    bank = sheets.read(file)
    assert bank is not None
    return bank


def only(file: Path) -> ForeignQuestion:
    (question,) = read(file).questions
    return question


def options_of(question: ForeignQuestion) -> dict[str, str]:
    assert question.item is not None
    interaction = question.item.languages["id"].interaction
    assert isinstance(interaction, ChoiceInteraction)
    return {option.id: as_text(option.content) for option in interaction.options}


@pytest.mark.parametrize("make", [as_csv, as_xlsx])
def test_the_cpns_sheet_gives_each_option_its_score(make: Any, tmp_path: Path) -> None:
    first, second = read(make(tmp_path, CPNS, TWK, TKP)).questions
    assert first.item is not None
    assert second.item is not None
    assert options_of(first) == {"a": "Bogor", "b": "Bandung", "c": "Cirebon", "d": "Garut", "e": "Depok"}
    assert first.item.rule == OptionScores({name: Decimal(5 if name == "b" else 0) for name in "abcde"})
    assert second.item.rule == OptionScores(
        {"a": Decimal(1), "b": Decimal(3), "c": Decimal(4), "d": Decimal(2), "e": Decimal(5)}
    )
    assert (first.section, second.section) == ("TWK", "TKP")
    assert first.item.note == "Bandung sejak 1925"
    assert first.losses == second.losses == ()


@pytest.mark.parametrize(
    "headings",
    [
        ["pertanyaan", "pilihan_a", "pilihan_b", "pilihan_c", "pilihan_d", "jawaban_benar", "pembahasan", "kategori"],
        ["Soal", "PilA", "PilB", "PilC", "PilD", "jawab", "catatan", "Kategori"],
        ["Teks Soal", "Opsi A", "Opsi B", "Opsi C", "Opsi D", "Kunci", "Teks Pembahasan", "Segmen"],
    ],
)  # fmt: skip
def test_other_sheets_are_known_by_their_headings(headings: list[str], tmp_path: Path) -> None:
    question = only(
        as_csv(tmp_path, headings, ["2 + 2 = …", "3", "4", "5", "6", "b", "", "TIU"], separator=";")
    )
    assert question.item is not None
    assert question.item.rule == OptionScores({name: Decimal(5 if name == "b" else 0) for name in "abcd"})
    assert question.section == "TIU"
    assert [one.code for one in question.remarks] == ["points-assumed"]


def test_a_sheet_of_something_else_is_no_bank(tmp_path: Path) -> None:
    assert sheets.read(as_csv(tmp_path, ["number", "name"], ["1", "SITI"])) is None


def test_an_essay_by_its_kind_is_marked_by_hand(tmp_path: Path) -> None:
    rows = (["Soal", "PilA", "PilB", "jawab", "Jenis"], ["Jelaskan makna sila ketiga.", "", "", "", "2"])
    question = only(as_csv(tmp_path, *rows))
    assert question.item is not None
    assert isinstance(question.item.rule, HandMarked)


def test_words_where_a_number_should_be_are_not_passed_over(tmp_path: Path) -> None:
    """A line of instructions between the questions was in neither the bank nor the report; an empty number is nothing."""
    headings = ["No", "Soal", "Opsi A", "Opsi B", "Kunci"]
    rows = (["1", "Satu?", "a", "b", "A"], ["Petunjuk: teliti", *[""] * 4], ["2.", *[""] * 4])
    first, second = read(as_csv(tmp_path, headings, *rows)).questions
    assert first.fault is None
    assert second.fault is not None


SHORT = ["Teks Soal", "Opsi A", "Opsi B", "Opsi C", "Kunci", "Nilai A", "Nilai B", "Nilai C"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["", "x", "y", "z", "a", "", "", ""], "stem-empty"),
        (["q", "x", "", "", "a", "", "", ""], "options-few"),
        (["q", "x", "y", "x", "a", "", "", ""], "option-equals-key"),
        (["q", "x", "y", "", "", "", "", ""], "key-missing"),
        (["q", "x", "y", "", "c", "", "", ""], "key-for-no-option"),
        (["q", "x", "y", "z", "", "1", "2", ""], "score-missing"),
        (["q", "x", "y", "", "", "1", "2", "3"], "score-for-no-option"),
        (["q", "x", "y", "z", "a", "1", "2", "3"], "key-against-scores"),
        (["q", "x", "y", "z", "", "1", "2", "tiga"], "score-malformed"),
        (["q", "x", "y", "z", "", "1", "2", "NaN"], "score-malformed"),
        (["q", dt.date(2024, 1, 2), "y", "z", "b", "", "", ""], "cell-became"),
        (["q", True, "y", "z", "b", "", "", ""], "cell-became"),
    ],
)
def test_a_row_that_cannot_stand_is_refused_alone(row: list[Any], code: str, tmp_path: Path) -> None:
    good = ["p", "x", "y", "z", "c", "", "", ""]
    refused, kept = read(as_xlsx(tmp_path, SHORT, row, good)).questions
    assert refused.fault is not None
    assert (refused.fault.code, refused.place) == (code, "2")
    assert kept.fault is None


def test_a_section_that_became_a_date_is_no_section(tmp_path: Path) -> None:
    row = ["q", "x", "y", "z", "a", "", "", "", dt.date(2024, 1, 2)]
    question = only(as_xlsx(tmp_path, [*SHORT, "Segmen"], row))
    assert question.fault is not None
    assert (question.fault.code, question.fault.facts["column"]) == ("cell-became", "Segmen")


def test_a_workbook_that_only_its_name_calls_old_keeps_its_pictures(tmp_path: Path) -> None:
    file = as_xlsx(tmp_path, SHORT, ["q", "x", "y", "z", "a", "", "", ""], pictures={(1, 0): png()})
    assert len(read(file.rename(tmp_path / "bank.xls")).media) == 1


def test_a_question_that_no_page_could_hold_is_refused_when_it_comes_in(tmp_path: Path) -> None:
    row = ["q\n\n" * 4_100, "x", "y", "z", "a", "", "", ""]
    question = only(as_csv(tmp_path, SHORT, row))
    assert question.fault is not None
    assert question.fault.code == "content-too-much"


def test_a_number_with_decimals_is_a_named_loss_and_a_whole_one_is_none(tmp_path: Path) -> None:
    whole, broken = read(
        as_xlsx(tmp_path, SHORT, ["q", 1, 2, 3, "a", "", "", ""], ["r", 0.5, 2, 3, "a", "", "", ""])
    ).questions
    assert whole.losses == ()
    assert [one.code for one in broken.losses] == ["cell-number"]
    assert options_of(whole)["a"] == "1"


def test_pictures_over_the_cells_stand_with_their_text(tmp_path: Path) -> None:
    row = ["Gambar apa ini?", "", "y", "z", "a", "", "", ""]
    bank = read(as_xlsx(tmp_path, SHORT, row, pictures={(1, 0): png(), (1, 1): png(30, 30)}))
    (question,) = bank.questions
    assert question.item is not None
    shown = question.item.languages["id"]
    assert isinstance(shown.stem[1], Picture)
    assert isinstance(shown.interaction, ChoiceInteraction)
    (option,) = shown.interaction.options[0].content
    assert isinstance(option, Picture)
    assert (option.width, option.height) == (30, 30)
    assert set(bank.media) == {shown.stem[1].media, option.media}


def test_a_picture_over_another_column_is_a_named_loss(tmp_path: Path) -> None:
    row = ["q", "x", "y", "z", "a", "", "", ""]
    question = only(as_xlsx(tmp_path, SHORT, row, pictures={(1, 4): png()}))
    assert [one.code for one in question.losses] == ["picture-elsewhere"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("peta.png", None),
        ("https://contoh.id/peta.png", "file-remote"),
        ("../rahasia.png", "file-missing"),
        ("/etc/passwd", "file-outside"),
        (r"\\\\server\\peta.png", "file-outside"),
        ("tiada.png", "file-missing"),
        (f"{'x' * 300}.png", "file-missing"),
        ("keluar/rahasia.png", "file-missing"),
    ],
)
def test_a_file_beside_the_sheet_is_read_and_nothing_outside(
    name: str, code: str | None, tmp_path: Path
) -> None:
    folder = tmp_path / "lembar"
    folder.mkdir()
    (folder / "peta.png").write_bytes(png())
    (tmp_path / "rahasia.png").write_bytes(png())
    (folder / "keluar").symlink_to(tmp_path)
    row = TWK.copy()
    row[3] = name
    question = only(as_csv(folder, CPNS, row))
    assert (question.fault.code if question.fault else None) == code


def test_a_column_that_means_nothing_to_us_is_a_named_loss(tmp_path: Path) -> None:
    question = only(as_csv(tmp_path, [*SHORT, "Video"], ["q", "x", "y", "z", "a", "", "", "", "klip.mp4"]))
    assert [(one.code, one.facts) for one in question.losses] == [("field-dropped", {"field": "Video"})]


def test_a_sheet_beside_that_is_none_of_questions_is_named(tmp_path: Path) -> None:
    file = tmp_path / "bank.xlsx"
    with xlsxwriter.Workbook(file) as book:
        for name, rows in (
            ("soal", [SHORT, ["q", "x", "y", "z", "a"]]),
            ("skor", [["Nama"]]),
            ("kosong", []),
        ):
            sheet = book.add_worksheet(name)
            for down, row in enumerate(rows):
                sheet.write_row(down, 0, row)
    assert [(loss.code, loss.facts) for loss in read(file).losses] == [("sheet-unknown", {"sheet": "skor"})]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_template_comes_in_as_it_was_written(suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"contoh{suffix}"
    file.write_bytes(write_template(suffix))
    report = import_bank(file, tmp_path / "bank")
    assert report.counts == {"exact": 10, "lossy": 0, "refused": 0}
    assert report.losses == ()
    bank = read_bank(tmp_path / "bank")
    assert {item.section.lower() for item in bank.items} == {"twk", "tkp", "tiu"}


def test_a_template_of_another_kind_is_refused() -> None:
    with pytest.raises(Refusal) as refusal:
        write_template(".docx")
    assert refusal.value.code == "sheet-format"


def test_a_damaged_workbook_is_refused_by_its_own_name(tmp_path: Path) -> None:
    file = as_xlsx(tmp_path, SHORT)
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(Refusal) as refusal:
        sheets.read(file)
    assert refusal.value.code == "sheet-unreadable"
    assert str(refusal.value.where).startswith("bank.xlsx: ")
