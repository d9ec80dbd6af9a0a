"""Word documents: a filled table becomes the questions that its author sees, and nothing of them disappears in silence.

Covers both dialects with every kind of question, cells that reach over rows, pictures and formulas within cells, rows
that nobody filled, colours that are lost, and documents that would do harm. The templates of a peer are read where they stand beside the
checkout.
"""

import io
import zipfile
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from PIL import Image

from cbt_station.banks import word
from cbt_station.banks.foreign import ForeignQuestion
from cbt_station.banks.importing import import_bank
from cbt_station.errors import Refusal
from cbt_station.exam.content import Formula, Paragraph, Picture, Slot, Span, as_text
from cbt_station.exam.interactions import (
    ChoiceInteraction,
    ChoicesInteraction,
    ExtendedTextInteraction,
    MatchInteraction,
    TextEntryInteraction,
)
from cbt_station.exam.item import HandMarked, OptionScores
from cbt_station.exam.processing import Processing
from tests.shared import shared

NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
KINDS = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
Cell = str | tuple[str, str]
"""A cell's text or XML, or that and its merge: "restart" begins one that reaches down, "go" continues it."""


def paragraph(text: str) -> str:
    run = text if text.startswith("<") else f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    return f"<w:p>{run}</w:p>"


def table(*rows: list[Cell]) -> str:
    written = ""
    for row in rows:
        cells = ""
        for cell in row:
            text, merge = (cell, "") if isinstance(cell, str) else cell
            mark = {"restart": '<w:vMerge w:val="restart"/>', "go": "<w:vMerge/>"}.get(merge, "")
            cells += f"<w:tc><w:tcPr>{mark}</w:tcPr>{paragraph(text)}</w:tc>"
        written += f"<w:tr>{cells}</w:tr>"
    return f"<w:tbl>{written}</w:tbl>"


def docx(folder: Path, *tables: str, related: str = "", parts: dict[str, bytes] | None = None) -> Path:
    file = folder / "soal.docx"
    with zipfile.ZipFile(file, "w") as book:
        book.writestr("[Content_Types].xml", KINDS)
        main = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
        book.writestr("_rels/.rels", RELATION.format(main))
        book.writestr("word/_rels/document.xml.rels", RELATION.format(related))
        body = "".join(tables)
        book.writestr("word/document.xml", f"<w:document {NAMES}><w:body>{body}</w:body></w:document>")
        for name, data in (parts or {}).items():
            book.writestr(name, data)
    return file


def questions(file: Path) -> tuple[ForeignQuestion, ...]:
    bank = word.read(file)
    assert bank is not None
    return bank.questions


SUM = (
    "<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr><m:sub><m:r><m:t>i</m:t></m:r></m:sub><m:sup>"
    "<m:r><m:t>n</m:t></m:r></m:sup><m:e><m:r><m:t>i</m:t></m:r></m:e></m:nary>"
)
HEAD: list[Cell] = ["NO", "SOAL", *(f"JAWABAN {letter}" for letter in "ABCDE"), "JAWABAN BENAR"]
AKM: list[Cell] = ["NO", "SOAL", "JENIS", "OPSI", "JAWABAN", "KUNCI"]


def test_one_row_is_one_question_and_empty_rows_are_none(tmp_path: Path) -> None:
    full: list[Cell] = ["1", "Ibu kota Jawa Barat?", "Bogor", "Bandung", "Cirebon", "", "", "B"]
    empty: list[Cell] = ["2", "", "", "", "", "", "", ""]
    (question,) = questions(docx(tmp_path, table(HEAD, full, empty)))
    assert question.item is not None
    shown = question.item.languages["id"]
    assert isinstance(shown.interaction, ChoiceInteraction)
    assert [as_text(option.content) for option in shown.interaction.options] == [
        "Bogor",
        "Bandung",
        "Cirebon",
    ]
    assert question.item.rule == OptionScores({"a": Decimal(0), "b": Decimal(5), "c": Decimal(0)})
    assert question.losses == ()


def options(kind: str, *rows: tuple[str, str, str]) -> str:
    body: list[list[Cell]] = [
        [("7", "restart" if not at else "go"), ("Yang mana?", "restart" if not at else "go"),
         (kind, "restart" if not at else "go"), *row]
        for at, row in enumerate(rows)
    ]  # fmt: skip
    return table(AKM, *body)


def test_an_option_a_row_with_one_mark(tmp_path: Path) -> None:
    (question,) = questions(
        docx(tmp_path, options("1", ("A", "kuda", ""), ("B", "sapi", "V"), ("C", "", "")))
    )
    assert question.item is not None
    assert question.item.rule == OptionScores({"a": Decimal(0), "b": Decimal(5)})


def test_an_option_a_row_with_several_marks(tmp_path: Path) -> None:
    (question,) = questions(
        docx(tmp_path, options("2", ("A", "kuda", "v"), ("B", "batu", ""), ("C", "sapi", "v")))
    )
    assert question.item is not None
    assert isinstance(question.item.languages["id"].interaction, ChoicesInteraction)
    assert isinstance(question.item.rule, Processing)
    assert question.item.rule.responses["RESPONSE"].correct == ("a", "c")


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("1", ("A", "kuda", "v"), ("B", "sapi", "v"))], "key-several"),
        ([("1", ("A", "kuda", ""), ("B", "sapi", ""))], "key-missing"),
        ([("9", ("A", "kuda", "v"), ("B", "sapi", ""))], "kind-unknown"),
        ([("1", ("A", "kuda", "v"), ("A", "sapi", ""))], "option-name-twice"),
        ([("1", ("A", "kuda", "v"), ("B", "kuda", ""))], "option-equals-key"),
        ([("1", ("A", "kuda", "C"), ("B", "sapi", ""))], "key-for-no-option"),
    ],
)
def test_a_question_that_cannot_stand_is_refused_by_reason(rows: list, code: str, tmp_path: Path) -> None:
    ((kind, *filled),) = rows
    (question,) = questions(docx(tmp_path, options(kind, *filled)))
    assert question.fault is not None
    assert question.fault.code == code


def test_matching_by_codes_of_rows_and_columns(tmp_path: Path) -> None:
    head: list[Cell] = ["NO", "SOAL", "JENIS", "BARIS", "BARIS", "KOLOM", "KOLOM", "KUNCI", "KUNCI"]
    second: list[Cell] = ["NO", "SOAL", "JENIS", "KODE", "NAMA", "KODE", "NAMA", "KODE", "KODE"]
    rows: list[list[Cell]] = [
        [
            ("1", "restart"),
            ("Cocokkan", "restart"),
            ("3", "restart"),
            "1",
            "dapur",
            "A",
            "cangkul",
            "1",
            "B,c",
        ],
        [("1", "go"), ("", "go"), ("", "go"), "2", "kebun", "B", "pisau", "2", "A"],
        [("1", "go"), ("", "go"), ("", "go"), "", "", "C", "panci", "", ""],
    ]
    (question,) = questions(docx(tmp_path, table(head, second, *rows)))
    assert question.item is not None
    shown = question.item.languages["id"].interaction
    assert isinstance(shown, MatchInteraction)
    assert [row.id for row in shown.rows] == ["baris-1", "baris-2"]
    assert [column.id for column in shown.columns] == ["kolom-a", "kolom-b", "kolom-c"]
    assert isinstance(question.item.rule, Processing)
    assert question.item.rule.responses["RESPONSE"].correct == (
        "baris-1 kolom-b", "baris-1 kolom-c", "baris-2 kolom-a",
    )  # fmt: skip


def test_short_answers_and_essays(tmp_path: Path) -> None:
    head: list[Cell] = ["NO", "SOAL", "JENIS", "JAWABAN"]
    short, essay = questions(
        docx(tmp_path, table(head, ["1", "Ibu kota?", "4", "Jakarta"], ["2", "Jelaskan!", "5", "asal jelas"]))
    )
    assert short.item is not None
    assert isinstance(short.item.languages["id"].interaction, TextEntryInteraction)
    assert short.item.languages["id"].stem[-1].content[-1] == Slot("RESPONSE")
    assert essay.item is not None
    assert isinstance(essay.item.languages["id"].interaction, ExtendedTextInteraction)
    assert isinstance(essay.item.rule, HandMarked)
    assert essay.item.note == "asal jelas"


def test_styles_pictures_and_formulas_of_a_cell_are_kept(tmp_path: Path) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(picture, "PNG")
    blip = (
        "<w:r><w:drawing><wp:inline><wp:docPr id='1' name='x' descr='Kotak merah'/><a:graphic><a:graphicData>"
        "<pic:pic><pic:blipFill><a:blip r:embed='p1'/></pic:blipFill></pic:pic></a:graphicData></a:graphic>"
        "</wp:inline></w:drawing></w:r>"
    )
    stem = (
        "<w:r><w:rPr><w:b/></w:rPr><w:t>tebal</w:t></w:r><w:r><w:t xml:space='preserve"
        "'> biasa </w:t></w:r><w:r><w:rPr><w:u w:val='single'/></w:rPr><w:t>garis</w:t></w:r>" + blip
    )
    half = "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
    row: list[Cell] = ["1", stem, half, "2", "", "", "", "A"]
    related = f'<Relationship Id="p1" Type="{OFFICE}/image" Target="media/x.png"/>'
    file = docx(tmp_path, table(HEAD, row), related=related, parts={"word/media/x.png": picture.getvalue()})
    (question,) = questions(file)
    assert question.item is not None
    shown = question.item.languages["id"]
    first = shown.stem[0]
    assert isinstance(first, Paragraph)
    assert first.content[0].bold
    assert any(isinstance(part, Span) and part.underline for part in first.content)
    found = [*shown.stem[1:], *first.content]
    assert any(getattr(part, "alt", "") == "Kotak merah" for part in found)
    assert isinstance(shown.interaction, ChoiceInteraction)
    (formula,) = shown.interaction.options[0].content[0].content
    assert isinstance(formula, Formula)
    assert formula.latex == r"\frac{1}{2}"


def test_a_formula_that_cannot_be_said_refuses_its_question(tmp_path: Path) -> None:
    odd = "<m:oMath><m:borderBox><m:e><m:r><m:t>x</m:t></m:r></m:e></m:borderBox></m:oMath>"
    good: list[Cell] = ["2", "Satu?", "1", "2", "", "", "", "A"]
    first, second = questions(docx(tmp_path, table(HEAD, ["1", odd, "1", "2", "", "", "", "A"], good)))
    assert first.fault is not None
    assert (first.fault.code, first.fault.facts) == ("word-part", {"element": "borderBox"})
    assert second.fault is None


@pytest.mark.parametrize(
    ("omml", "latex"),
    [
        ("<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>", "{x}^{2}"),
        ("<m:rad><m:deg/><m:e><m:r><m:t>π</m:t></m:r></m:e></m:rad>", r"\sqrt{\pi }"),
        ("<m:r><m:t>a≤b</m:t></m:r>", r"a\le b"),
        ("<m:d><m:e><m:r><m:t>50%</m:t></m:r></m:e></m:d>", r"\left( 50\% \right)"),
        (
            SUM,
            r"\sum_{i}^{n} i",
        ),
        (
            "<m:m><m:mr><m:e><m:r><m:t>1</m:t></m:r></m:e><m:e><m:r><m:t>0</m:t></m:r></m:e></m:mr></m:m>",
            r"\begin{matrix}1 & 0\end{matrix}",
        ),
    ],
)  # fmt: skip
def test_formulas_become_latex(omml: str, latex: str, tmp_path: Path) -> None:
    row: list[Cell] = ["1", f"<m:oMath>{omml}</m:oMath>", "1", "2", "", "", "", "A"]
    (question,) = questions(docx(tmp_path, table(HEAD, row)))
    assert question.fault is None
    assert question.item is not None
    paragraph_ = question.item.languages["id"].stem[0]
    assert isinstance(paragraph_, Paragraph)
    assert paragraph_.content[0].latex == latex


def test_a_linked_picture_is_never_opened(tmp_path: Path) -> None:
    secret = tmp_path / "rahasia.png"
    Image.new("RGB", (20, 10), "red").save(secret, "PNG")
    blip = (
        "<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:link='p1'/>"
        "</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
    related = f'<Relationship Id="p1" Type="{OFFICE}/image" Target="{secret}" TargetMode="External"/>'
    file = docx(tmp_path, table(HEAD, ["1", blip, "1", "2", "", "", "", "A"]), related=related)
    (question,) = questions(file)
    assert question.fault is not None
    assert (question.fault.code, question.fault.facts) == ("word-part", {"element": "linked picture"})


def test_a_chart_refuses_its_question_and_is_not_dropped(tmp_path: Path) -> None:
    chart = "<w:r><w:t>Lihat: </w:t><w:drawing><wp:inline><a:graphic/></wp:inline></w:drawing></w:r>"
    (question,) = questions(docx(tmp_path, table(HEAD, ["1", chart, "1", "2", "", "", "", "A"])))
    assert question.fault is not None
    assert (question.fault.code, question.fault.facts) == ("word-part", {"element": "drawing"})


def test_entities_and_broken_archives_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    file = docx(tmp_path, table(HEAD), parts={"word/styles.xml": bomb.encode()})
    with pytest.raises(Refusal) as refusal:
        word.read(file)
    assert refusal.value.code == "import-malformed"
    assert str(refusal.value.where).startswith("soal.docx: ")
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(Refusal):
        word.read(file)


def coloured(look: str, text: str = "merah") -> str:
    return f"<w:r><w:rPr>{look}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


RED = '<w:color w:val="FF0000"/>'
WHITE_GROUND = '<w:shd w:val="clear" w:color="auto" w:fill="FFFFFF"/>'


@pytest.mark.parametrize(
    ("look", "lost"),
    [
        pytest.param(RED, ["color"], id="letters"),
        pytest.param('<w:color w:val="auto" w:themeColor="accent1"/>', ["color"], id="of the theme"),
        pytest.param('<w:highlight w:val="yellow"/>', ["background-color"], id="highlight"),
        pytest.param('<w:highlight w:val="black"/>', ["background-color"], id="black highlight"),
        pytest.param(
            '<w:shd w:val="clear" w:color="auto" w:fill="FFFF00"/>', ["background-color"], id="fill"
        ),
        pytest.param(
            '<w:shd w:val="pct25" w:color="auto" w:fill="auto"/>', ["background-color"], id="pattern"
        ),
        pytest.param(f'{RED}<w:highlight w:val="green"/>', ["color", "background-color"], id="both"),
        pytest.param("<w:caps/>", ["text-transform"], id="capitals"),
        pytest.param('<w:caps w:val="0"/>', [], id="no capitals"),
        pytest.param('<w:color w:val="auto"/><w:highlight w:val="none"/>', [], id="none"),
        pytest.param('<w:color w:val="000000" w:themeColor="text1"/>', [], id="black letters"),
        pytest.param(WHITE_GROUND, [], id="white fill"),
    ],
)
def test_colours_of_letters_are_a_named_loss_of_their_question(
    look: str, lost: list[str], tmp_path: Path
) -> None:
    row: list[Cell] = ["1", coloured("", "Kata ") + coloured(look) + coloured(""), "1", "2", "", "", "", "A"]
    option: list[Cell] = ["2", "Yang mana?", coloured(look), "2", "", "", "", "A"]
    plain: list[Cell] = ["3", "Satu?", "1", "2", "", "", "", coloured(look, "A")]
    *found, untouched = questions(docx(tmp_path, table(HEAD, row, option, plain)))
    for question in found:
        assert question.fault is None
        assert [(loss.code, loss.facts["property"]) for loss in question.losses] == [
            ("style-dropped", name) for name in lost
        ]
    assert untouched.losses == ()  # the key's letter is read, and nothing of it is lost
    assert found[0].item is not None
    assert as_text(found[0].item.languages["id"].stem) == "Kata merahmerah"


def test_the_ground_of_a_cell_and_colours_of_what_shows_no_letter_are_layout(tmp_path: Path) -> None:
    row: list[Cell] = ["1", coloured("", "Satu?") + coloured(RED, " "), "1", "2", "", "", "", "A"]
    filled = table(HEAD, row).replace("<w:tcPr>", '<w:tcPr><w:shd w:val="clear" w:fill="FFFF00"/>')
    marked = filled.replace("<w:p>", f"<w:p><w:pPr><w:rPr>{RED}</w:rPr></w:pPr>")
    (question,) = questions(docx(tmp_path, marked))
    assert question.losses == ()


@pytest.mark.parametrize(
    "stem",
    [
        pytest.param(
            coloured("", r"Luas \(a") + coloured(RED, "b") + coloured("", r"\) itu"), id="typed over runs"
        ),
        pytest.param(
            f"<m:oMath><m:r><w:rPr><w:b/>{RED}</w:rPr><m:t>a</m:t></m:r><m:r><m:t>b</m:t></m:r></m:oMath>",
            id="of Word",
        ),
    ],
)
def test_a_formula_with_a_colour_stays_one_and_the_colour_is_named(stem: str, tmp_path: Path) -> None:
    (question,) = questions(docx(tmp_path, table(HEAD, ["1", stem, "1", "2", "", "", "", "A"])))
    assert [loss.code for loss in question.losses] == ["style-dropped"]
    assert question.item is not None
    (block,) = question.item.languages["id"].stem
    assert isinstance(block, Paragraph)
    assert [part.latex for part in block.content if isinstance(part, Formula)] == ["ab"]


@pytest.mark.parametrize("look", ['<w:color w:val="FFFFFF"/>', "<w:vanish/>"])
def test_hidden_letters_of_a_formula_refuse_its_question(look: str, tmp_path: Path) -> None:
    formula = f"<m:oMath><m:r><m:t>x</m:t></m:r><m:r><w:rPr>{look}</w:rPr><m:t>y</m:t></m:r></m:oMath>"
    (question,) = questions(docx(tmp_path, table(HEAD, ["1", formula, "1", "2", "", "", "", "A"])))
    assert question.fault is not None
    assert (question.fault.code, question.fault.facts) == ("word-part", {"element": "hidden formula"})


def math(*parts: str) -> str:
    return f"<m:oMath>{''.join(parts)}</m:oMath>"


def test_what_a_tracked_change_put_into_a_formula_is_in_it_and_what_it_took_away_is_not(
    tmp_path: Path,
) -> None:
    letter = "<m:r><m:t>{}</m:t></m:r>".format
    stem = math(letter("a"), f"<w:ins>{letter('b')}</w:ins>", f"<w:del>{letter('c')}</w:del>")
    odd = math(letter("a"), f"<w:smartTag>{letter('b')}</w:smartTag>")
    rows: list[list[Cell]] = [["1", stem, "1", "2", "", "", "", "A"], ["2", odd, "1", "2", "", "", "", "A"]]
    first, second = questions(docx(tmp_path, table(HEAD, *rows)))
    assert first.item is not None
    assert "latex='ab'" in str(first.item.languages["id"].stem)
    assert second.fault is not None
    assert second.fault.facts == {"element": "smartTag"}


def test_letters_that_are_struck_out_twice_are_struck_out(tmp_path: Path) -> None:
    row: list[Cell] = ["1", coloured("<w:dstrike/>"), "1", "2", "", "", "", "A"]
    (question,) = questions(docx(tmp_path, table(HEAD, row)))
    assert question.item is not None
    (block,) = question.item.languages["id"].stem
    assert isinstance(block, Paragraph)
    assert [part.strike for part in block.content if isinstance(part, Span)] == [True]


def test_what_stands_in_no_table_of_questions_is_named(tmp_path: Path) -> None:
    passage = paragraph("Bacaan untuk soal 1.")
    rows = table(HEAD, ["1", "Berapa?", "satu", "dua", "", "", "", "B"])
    file = docx(tmp_path, rows, passage, table(["Nama", "Nilai"], ["Siti", "9"]))
    bank = word.read(file)
    assert bank is not None
    assert [(loss.code, loss.facts) for loss in bank.losses] == [
        ("word-outside", {"text": "Bacaan untuk soal 1."}),
        ("word-table-unknown", {"tables": "2"}),
    ]
    plain = word.read(docx(tmp_path, rows))
    assert plain is not None
    assert plain.losses == ()


def test_a_document_without_such_tables_is_of_another_format(tmp_path: Path) -> None:
    assert word.read(docx(tmp_path, table(["Nama", "Nilai"], ["Siti", "9"]))) is None


@pytest.mark.parametrize(("name", "good"), [("format_soal", 2), ("format_soal_akm", 13)])
def test_the_templates_of_a_peer_come_in(name: str, good: int, tmp_path: Path) -> None:
    folder = shared("data/garudacbt-word-templates")
    (file,) = folder.rglob(f"{name}.docx")
    report = import_bank(file, tmp_path / "bank")
    assert report.counts["lossy"] == 0
    assert report.counts["exact"] == good
    assert all(
        isinstance(part, Picture | Paragraph)
        for one in questions(file)
        if one.item
        for part in one.item.languages["id"].stem
    )


def test_formulas_are_read_from_whatever_part_the_document_is(tmp_path: Path) -> None:
    file = docx(tmp_path, table(HEAD, ["1", f"<m:oMath>{SUM}</m:oMath>", "satu", "dua", "", "", "", "B"]))
    moved = tmp_path / "lain.docx"
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(moved, "w") as made:
        for name in source.namelist():
            text = source.read(name).decode().replace("word/document.xml", "word/document2.xml")
            made.writestr(name.replace("document.xml", "document2.xml"), text)
    for one in (file, moved):
        (question,) = questions(one)
        assert question.item is not None
        assert r"\sum" in str(question.item.languages["id"].stem)
