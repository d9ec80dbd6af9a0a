"""What a bank compiles to: blocks without HTML, keys apart from texts, and an edition that names the content alone.

Faults are in test_faults.py; writing a bank again is in test_writing.py.
"""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from cbt_station.banks import formulas
from cbt_station.banks.compiling import compile_bank, pool_items, require_languages
from cbt_station.banks.native import read_bank
from cbt_station.errors import Refusal
from cbt_station.exam.blueprint import Blueprint, BlueprintCell, Ranking, Section
from cbt_station.exam.content import (
    Formula,
    LineBreak,
    Listing,
    Paragraph,
    Picture,
    Quote,
    Table,
    Text,
    as_text,
)
from cbt_station.exam.form import PoolItem, PoolOption
from cbt_station.exam.item import OptionScores
from cbt_station.sealing import strict_json
from tests.banks.small_bank import CIRCLE, PLAIN, RICH, files, put, square


@pytest.fixture
def compiled(tmp_path):
    """The small bank, compiled."""
    return compile_bank(read_bank(put(tmp_path, files())))


def test_every_kind_of_block_arrives(compiled):
    stem = next(item for item in compiled.items if item.id == "tiu-002").shown.languages["id"].stem
    text, picture, table, listing, quote = stem
    assert isinstance(text, Paragraph)
    assert text.content == (
        Text("Lihat "),
        Text("tabel", bold=True),
        Text(" dan gambar, H"),
        Text("2", sub=True),
        Text("O, x"),
        Text("2", sup=True),
        Text(", "),
        Text("kode", code=True),
        Text(", harga $5"),
        LineBreak(),
        Text("baris baru."),
    )
    assert picture == Picture("persegi.png", 8, 8, "Persegi hitam")
    assert isinstance(table, Table)
    assert [[cell.heading for cell in row] for row in table.rows] == [[True, True], [False, False]]
    assert [cell.align for cell in table.rows[1]] == ["start", "end"]
    assert isinstance(table.rows[1][1].content[0], Formula)
    assert listing == Listing(((Paragraph((Text("satu"),)),), (Paragraph((Text("dua"),)),)), 1)
    assert isinstance(quote, Quote)


def test_keys_and_notes_are_nowhere_in_what_is_shown(compiled):
    shown = b"".join(strict_json.encode(item.shown) for item in compiled.items)
    for secret in (b"key", b"score", b"Baris satu", b"halaman 3", b"enemies"):
        assert secret not in shown


def test_rules_come_from_key_or_scores(compiled):
    rules = {item.id: item.rule for item in compiled.items}
    assert rules["tiu-001"] == OptionScores({"a": Decimal(0), "b": Decimal(5), "c": Decimal(0)})
    assert rules["tkp-001"] == OptionScores({"a": Decimal(1), "b": Decimal(5), "c": Decimal(3)})


def test_the_draw_knows_ids_and_what_is_fixed(compiled):
    items = {item.id: item for item in pool_items(compiled)}
    assert items["tiu-002"] == PoolItem(
        "tiu-002",
        "TIU",
        "hitung",
        "sulit",
        (PoolOption("a"), PoolOption("b"), PoolOption("c", fixed=True)),
        stimulus="teks",
    )
    assert not items["tkp-001"].shuffle


def test_media_are_the_formulas_and_pictures_that_are_named(compiled):
    names = sorted(compiled.media)
    assert names[-2:] == ["lingkaran.svg", "persegi.png"]
    assert len(names) == 5
    assert all(name.startswith(formulas.PREFIX) for name in names[:-2])


def test_the_edition_is_the_same_again_and_in_another_process(tmp_path, compiled):
    assert compile_bank(read_bank(tmp_path)).edition == compiled.edition
    code = (
        "import sys; from pathlib import Path; from cbt_station.banks.native import read_bank;"
        "from cbt_station.banks.compiling import compile_bank; print(compile_bank(read_bank(Path(sys.argv[1]))).edition)"
    )
    other = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={"PYTHONHASHSEED": "77", "PATH": ""},
    )
    assert other.stdout.strip() == compiled.edition


def test_the_edition_does_not_depend_on_the_order_or_folders_of_files(tmp_path, compiled):
    again = dict(reversed(files().items()))
    again["items/lain/dalam/tiu-001.md"] = again.pop("items/tiu/tiu-001.md")
    assert compile_bank(read_bank(put(tmp_path / "again", again))).edition == compiled.edition


@pytest.mark.parametrize(
    ("change", "same"),
    [
        pytest.param(
            {"items/tiu/tiu-001.md": PLAIN.replace("- [c] 2", "- [c] 4").encode()}, False, id="an option"
        ),
        pytest.param({"items/tiu/tiu-001.md": PLAIN.replace("key: b", "key: a").encode()}, False, id="a key"),
        pytest.param(
            {"items/tiu/tiu-001.md": PLAIN.replace("deret", "hitung").encode()}, False, id="a topic"
        ),
        pytest.param({"media/persegi.png": square("white")}, False, id="a picture's pixels"),
        pytest.param({"media/lingkaran.svg": CIRCLE.replace("15", "14").encode()}, False, id="a drawing"),
        pytest.param({"stimuli/teks.md": b"# id\n\nLain.\n\n# en\n\nA text.\n"}, False, id="a stimulus"),
        pytest.param(
            {"items/tiu/tiu-002.md": RICH.replace("Baris dua", "Baris tiga").encode()}, True, id="a note"
        ),
        pytest.param(
            {"items/tiu/tiu-001.md": PLAIN.replace("Berapa *", "Berapa\n*").encode()},
            True,
            id="a line's width",
        ),
        pytest.param({"media/lain.png": square("red")}, True, id="an unused picture"),
    ],
)
def test_the_edition_names_what_is_shown_and_scored(tmp_path, compiled, change, same):
    other = compile_bank(read_bank(put(tmp_path / "other", files() | change)))
    assert (other.edition == compiled.edition) is same


def blueprint(*languages: str) -> Blueprint:
    """A blueprint that only says its languages."""
    section = Section("TIU", {}, (BlueprintCell(1),))
    return Blueprint("b", {}, languages, 60_000, (section,), {}, Ranking(1, ("total",)))


def test_an_exam_in_a_language_that_an_item_lacks_is_refused(compiled):
    require_languages(compiled, blueprint("id"))
    with pytest.raises(Refusal) as refused:
        require_languages(compiled, blueprint("id", "en"))
    assert (refused.value.code, refused.value.where) == ("bank-language-missing", "tiu-001")


@pytest.mark.parametrize(
    ("latex", "reads"),
    [
        (r"\frac{1}{2}", "1/2"),
        (r"2\frac{1}{2}", "2 1/2"),
        (r"x^2 + \sqrt{y}", "x^2+√y"),
        (r"\sqrt[3]{8}", "√[3](8)"),
        (r"\sin x", "sin x"),
        (r"50\%", "50%"),
        (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", "([1, 2; 3, 4])"),
    ],
)
def test_a_formula_has_ink_a_size_and_words(latex, reads):
    formula, svg = formulas.draw(latex)
    assert formula.alt == reads
    assert 0 < formula.depth < formula.height < 4000
    assert b"<path" in svg
    assert b"<use" not in svg
    assert b"id=" not in svg


def test_a_formula_of_another_height_stands_on_the_same_baseline():
    """1/1000 em: a fraction reaches deeper below the line than a letter without descender."""
    letter, fraction = formulas.draw("x")[0], formulas.draw(r"\frac{1}{2}")[0]
    assert letter.depth < 100 < fraction.depth
    assert 400 < letter.height < 700 < fraction.height


def test_an_option_that_is_a_formula_is_drawn_at_full_size(compiled):
    """Within a sentence a fraction's digits are a third smaller: too small for what is to be chosen."""
    in_line, alone = (formulas.draw(r"\frac{3}{2}", alone=which)[0] for which in (False, True))
    assert alone.height > in_line.height * 1.4
    assert alone.media in compiled.media
    assert in_line.media not in compiled.media


def test_a_shown_item_reads_as_plain_text(compiled):
    item = next(item for item in compiled.items if item.id == "tiu-001")
    assert as_text(item.shown.languages["id"].stem) == "Berapa setengah dari 3?"


@pytest.mark.parametrize("latex", ["x", r"\frac{1}{2}", r"\sqrt{x^2+1}", r"\sum_{i=1}^n i", r"\overline{AB}"])
def test_a_formula_leaves_ink_where_the_station_draws_it(latex):
    """QtSvg says `isValid` also of a drawing of which it shows nothing: so its pixels are counted."""
    _, svg = formulas.draw(latex)
    image = QImage(200, 200, QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg)).render(painter)
    painter.end()
    dark = sum(byte < 128 for byte in bytes(image.constBits()))
    assert dark > 200
