"""What a workbook holds beside the texts of its cells is kept, named or refused: nothing of it changes a question in silence.

Covers formats of numbers, errors, formulas without a result, hidden things, joined cells, comments, links, columns
without a heading, and what the reader of workbooks makes of texts of OpenDocument.
"""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from cbt_station.banks import sheet_facts, sheets
from cbt_station.banks.foreign import ForeignBank, ForeignQuestion
from cbt_station.banks.workbook import read_sheets
from cbt_station.errors import Refusal
from cbt_station.exam.content import as_text
from tests.banks.test_sheets import png

HEAD = ["Segmen", "Soal", "Opsi A", "Opsi B", "Kunci", "Nilai A", "Nilai B", "Toleransi", "Jenis"]
ROW = ["TWK", "Satu?", "1", "2", "A"]
NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{kind}:1.0"'
    for name, kind in {"office": "office", "table": "table", "text": "text", "style": "style"}.items()
)
ODS = (
    f'<office:document-content {NAMES} xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" office:version="1.3">'
    '<office:automatic-styles><style:style style:name="gaib" style:family="table"><style:table-properties '
    'table:display="false"/></style:style><style:style style:name="putih" style:family="table-cell">'
    '<style:text-properties fo:color="#ffffff"/></style:style><style:style style:name="gelap" style:family="table-cell">'
    '<style:table-cell-properties fo:background-color="#000080"/><style:text-properties fo:color="#ffffff"/>'
    '</style:style><style:style style:name="coret" style:family="table-cell"><style:text-properties '
    'style:text-line-through-style="solid"/></style:style></office:automatic-styles><office:body><office:spreadsheet>{}'
    "</office:spreadsheet></office:body></office:document-content>"
)


def xlsx(
    folder: Path, fill: Callable[[Any, Any], object], rows: int = 1, change: tuple[bytes, bytes] = (b"", b"")
) -> Path:
    """A sheet with questions in text cells, and what `fill(sheet, book)` writes over them."""
    file = folder / "bank.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("soal")
        sheet.write_row(0, 0, HEAD)
        for down in range(1, rows + 1):
            for across, cell in enumerate(ROW):
                sheet.write_string(down, across, cell)
        fill(sheet, book)
    if change[0]:
        with zipfile.ZipFile(file) as book:
            parts = {name: book.read(name) for name in book.namelist()}
        assert any(change[0] in part for part in parts.values())
        with zipfile.ZipFile(file, "w") as book:
            for name, part in parts.items():
                book.writestr(name, part.replace(*change))
    return file


def ods(folder: Path, cells: dict[str, str], row: str = "", columns: str = "", sheet: str = "") -> Path:
    """One question; `cells` by their headings are written as they are."""
    texts = dict(zip(HEAD, ROW, strict=False))
    written = "".join(
        cells[name]
        if name in cells
        else f'<table:table-cell office:value-type="string"><text:p>{texts.get(name, "")}</text:p></table:table-cell>'
        for name in HEAD
    )
    heads = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell>'
        for name in HEAD
    )
    rows = f"<table:table-row>{heads}</table:table-row><table:table-row {row}>{written}</table:table-row>"
    file = folder / "bank.ods"
    with zipfile.ZipFile(file, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", "<manifest/>")
        book.writestr(
            "content.xml", ODS.format(f'<table:table table:name="soal" {sheet}>{columns}{rows}</table:table>')
        )
    return file


def read(file: Path) -> ForeignBank:
    bank = sheets.read(file)
    assert bank is not None
    return bank


def only(file: Path) -> ForeignQuestion:
    (question,) = read(file).questions
    return question


def verdict(question: ForeignQuestion) -> list[str]:
    if question.fault is not None:
        return [f"refused: {question.fault.code}"]
    return [loss.code for loss in question.losses]


def number(column: int, value: float, code: str) -> Callable[[Any, Any], object]:
    return lambda sheet, book: sheet.write_number(1, column, value, book.add_format({"num_format": code}))


def look(column: int, **looks: Any) -> Callable[[Any, Any], object]:
    return lambda sheet, book: sheet.write_string(1, column, "kata", book.add_format(looks))


@pytest.mark.parametrize(
    ("fill", "said"),
    [
        pytest.param(number(2, 7, "0"), [], id="a whole number"),
        pytest.param(number(2, 0.5, "0%"), ["refused: cell-format"], id="half as percent"),
        pytest.param(number(2, 1, "0%"), ["refused: cell-format"], id="one as percent"),
        pytest.param(number(2, 12, "0000"), ["refused: cell-format"], id="zeros before"),
        pytest.param(number(2, 5000, '"Rp"#,##0'), ["refused: cell-format"], id="money"),
        pytest.param(number(2, 0.5, "# ?/?"), ["refused: cell-format"], id="a fraction"),
        pytest.param(number(2, 1 / 3, "0.00"), ["refused: cell-format"], id="rounded"),
        pytest.param(number(2, 3201234567890123, "General"), ["refused: cell-format"], id="sixteen digits"),
        pytest.param(number(2, 5000, "#,##0"), ["cell-number"], id="thousands"),
        pytest.param(number(2, 5, "0.00"), ["cell-number"], id="zeros after"),
        pytest.param(number(2, 5, ";;;"), ["refused: cell-hidden"], id="a format that hides"),
        pytest.param(look(2, num_format=";;;"), ["refused: cell-hidden"], id="a format that hides text"),
        pytest.param(look(2, num_format='"kira-kira" @'), ["refused: cell-format"], id="a format with words"),
        pytest.param(look(2, font_color="white"), ["refused: cell-hidden"], id="white letters"),
        pytest.param(look(2, font_color="white", bg_color="navy"), [], id="white letters on a dark ground"),
        pytest.param(look(2, font_strikeout=True), ["style-dropped"], id="struck out"),
        pytest.param(number(5, 3, '"skor "0'), ["refused: score-missing"], id="a score with words is the score"),
        pytest.param(number(5, 0.5, "0%"), ["refused: cell-format"], id="a score in percent"),
        pytest.param(lambda sheet, _: sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!"), ["refused: cell-error"], id="an error"),
        pytest.param(lambda sheet, _: sheet.write_formula(1, 2, '="x"&"y"', None, "xy"), [], id="a formula's result"),
        pytest.param(lambda sheet, _: sheet.write_url(1, 1, "https://a.id/x", string="Satu?"), ["link-dropped"], id="a link"),
        pytest.param(lambda sheet, _: sheet.write_string(1, 12, "rahasia"), ["field-dropped"], id="beyond the headings"),
    ],
)  # fmt: skip
def test_a_cell_of_a_workbook_is_as_it_is_seen_or_says_so(
    fill: Callable[[Any, Any], object], said: list[str], tmp_path: Path
) -> None:
    assert verdict(only(xlsx(tmp_path, fill))) == said


def test_a_formula_without_a_result_is_no_empty_cell(tmp_path: Path) -> None:
    def fill(sheet: Any, _book: Any) -> None:
        sheet.write_string(1, 3, "tiga")
        sheet.write_formula(1, 2, "=A9", None, 77)

    question = only(xlsx(tmp_path, fill, change=(b"<v>77</v>", b"")))
    assert question.fault is not None
    assert (question.fault.code, question.fault.facts) == ("cell-formula", {"column": "Opsi A"})


def test_hidden_rows_sheets_and_columns_are_said(tmp_path: Path) -> None:
    def fill(sheet: Any, _book: Any) -> None:
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column(3, 3, None, None, {"hidden": True})

    bank = read(xlsx(tmp_path, fill, rows=2))
    assert [[one.code for one in question.remarks] for question in bank.questions] == [
        ["was-hidden", "points-assumed"],
        ["points-assumed"],
    ]
    assert [(loss.code, loss.facts["columns"]) for loss in bank.losses] == [("sheet-columns-hidden", "D")]
    change = (b'<sheet name="soal"', b'<sheet state="veryHidden" name="soal"')
    question = only(xlsx(tmp_path, lambda *_: None, change=change))
    assert question.remarks[0].code == "was-hidden"


def test_comments_are_said(tmp_path: Path) -> None:
    question = only(xlsx(tmp_path, lambda sheet, _: sheet.write_comment(1, 2, "Kuncinya?")))
    assert [(one.code, one.facts) for one in question.remarks][:1] == [("cell-comment", {"column": "Opsi A"})]
    assert verdict(question) == []


def test_a_joined_cell_stands_in_every_row_that_it_reaches_over(tmp_path: Path) -> None:
    def fill(sheet: Any, _book: Any) -> None:
        sheet.merge_range(1, 0, 3, 0, "TIU")

    bank = read(xlsx(tmp_path, fill, rows=4))
    assert [question.section for question in bank.questions] == ["TIU", "TIU", "TIU", "TWK"]


def test_joined_cells_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = xlsx(tmp_path, lambda sheet, _: sheet.merge_range(1, 0, 3, 0, "TIU"), rows=4)
    monkeypatch.setattr("cbt_station.banks.workbook.MOST_CELLS", 2)
    with pytest.raises(Refusal) as refusal:
        read_sheets(file.read_bytes(), ".xlsx")
    assert refusal.value.code == "sheet-too-large"


def test_what_is_noted_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_facts, "MOST_NOTED", 0)
    with pytest.raises(Refusal) as refusal:
        read_sheets(xlsx(tmp_path, number(2, 0.5, "0%")).read_bytes(), ".xlsx")
    assert refusal.value.code == "sheet-too-large"


def cell(value: str, text: str, kind: str = "float", more: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="{kind}" office:value="{value}" {more}><text:p>{text}</text:p>'
        "</table:table-cell>"
    )


STRING = '<table:table-cell office:value-type="string" {}>{}</table:table-cell>'


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        pytest.param(cell("7", "7"), [], id="a whole number"),
        pytest.param(cell("0.5", "50%", "percentage"), ["refused: cell-format"], id="percent"),
        pytest.param(cell("5000", "Rp5.000", "currency"), ["refused: cell-format"], id="money"),
        pytest.param(cell("12", "0012"), ["refused: cell-format"], id="zeros before"),
        pytest.param(cell("5000", "5.000"), ["cell-number"], id="thousands"),
        pytest.param(cell("5", ""), ["refused: cell-hidden"], id="hidden"),
        pytest.param(STRING.format('table:formula="of:=1/0" office:string-value="" calcext:value-type="error"', "<text:p>#DIV/0!</text:p>"), ["refused: cell-error"], id="an error"),
        pytest.param('<table:table-cell table:formula="of:=Z1"/>', ["refused: cell-formula"], id="no result"),
        pytest.param(STRING.format("", "<text:p>a<text:tab/>b</text:p>"), ["tab-as-space"], id="a tab"),
        pytest.param(STRING.format("", '<text:p><text:a xlink:href="https://a.id">satu</text:a></text:p>'), ["link-dropped"], id="a link"),
        pytest.param(STRING.format("", "<text:p><text:ruby><text:ruby-base>satu</text:ruby-base><text:ruby-text>ichi</text:ruby-text></text:ruby></text:p>"), ["style-dropped"], id="small words above"),
    ],
)  # fmt: skip
def test_a_cell_of_an_open_document_is_as_it_is_seen_or_says_so(
    filled: str, said: list[str], tmp_path: Path
) -> None:
    assert verdict(only(ods(tmp_path, {"Opsi A": filled}))) == said


@pytest.mark.parametrize(
    ("filled", "text"),
    [
        (STRING.format("", "<text:p>a<text:line-break/>b</text:p><text:p>c</text:p>"), "a\nb\nc"),
        (STRING.format("", '<text:p>a<text:s text:c="2"/><text:tab/>b</text:p>'), "a   b"),
        (STRING.format('office:string-value="lain"', "<text:p>tampak</text:p>"), "tampak"),
        (STRING.format("", "<text:p><text:ruby><text:ruby-base>satu</text:ruby-base><text:ruby-text>ichi</text:ruby-text></text:ruby></text:p>"), "satu"),
        (STRING.format("", "<office:annotation><text:p>catatan</text:p></office:annotation><text:p>isi</text:p>"), "isi"),
    ],
)  # fmt: skip
def test_a_text_of_an_open_document_is_what_is_seen(filled: str, text: str, tmp_path: Path) -> None:
    question = only(ods(tmp_path, {"Soal": filled}))
    assert question.item is not None
    assert as_text(question.item.languages["id"].stem) == text


def test_a_repeated_cell_of_an_open_document_counts_each_time(tmp_path: Path) -> None:
    twice = cell("0.5", "50%", "percentage", 'table:number-columns-repeated="2"')
    assert verdict(only(ods(tmp_path, {"Opsi A": twice, "Opsi B": ""}))) == ["refused: cell-format"]
    (sheet,) = read_sheets(ods(tmp_path, {"Opsi A": twice, "Opsi B": ""}).read_bytes(), ".ods")
    assert set(sheet.facts.formats) == {(1, 2), (1, 3)}


@pytest.mark.parametrize(
    ("style", "said"), [("putih", ["refused: cell-hidden"]), ("gelap", []), ("coret", ["style-dropped"])]
)
def test_a_style_of_a_whole_cell_counts_whoever_gives_it(style: str, said: list[str], tmp_path: Path) -> None:
    text = STRING.format("", "<text:p>kata</text:p>")
    columns = (
        '<table:table-column table:number-columns-repeated="2"/>'
        f'<table:table-column table:default-cell-style-name="{style}"/><table:table-column/>'
    )
    own = STRING.format(f'table:style-name="{style}"', "<text:p>kata</text:p>")
    assert verdict(only(ods(tmp_path, {"Opsi A": own}))) == said
    assert verdict(only(ods(tmp_path, {"Opsi A": text}, columns=columns))) == said
    row = f'table:default-cell-style-name="{style}"'
    assert verdict(only(ods(tmp_path, {"Opsi A": text}, row)))[: len(said)] == said


def test_what_an_open_document_hides_joins_and_comments_is_said(tmp_path: Path) -> None:
    note = STRING.format(
        "", "<office:annotation><text:p>Kuncinya?</text:p></office:annotation><text:p>Satu?</text:p>"
    )
    row = 'table:visibility="filter"'
    columns = '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
    bank = read(ods(tmp_path, {"Soal": note}, row, columns))
    assert [one.code for one in bank.questions[0].remarks][:2] == ["was-hidden", "cell-comment"]
    assert [(loss.code, loss.facts["columns"]) for loss in bank.losses] == [("sheet-columns-hidden", "C")]
    hidden = only(ods(tmp_path, {}, sheet='table:style-name="gaib"'))
    assert hidden.remarks[0].code == "was-hidden"
    joined = STRING.format(
        'table:number-columns-spanned="2" table:number-rows-spanned="1"', "<text:p>sama</text:p>"
    )
    assert verdict(only(ods(tmp_path, {"Opsi A": joined, "Opsi B": "<table:covered-table-cell/>"}))) == [
        "refused: option-equals-key"
    ]


def test_what_stands_above_the_headings_is_named(tmp_path: Path) -> None:
    file = tmp_path / "bank.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("soal")
        sheet.write_string(0, 0, "Bacalah teks berikut.")
        sheet.write_row(2, 0, HEAD)
        sheet.write_row(3, 0, ROW)
    assert [(loss.code, loss.facts) for loss in read(file).losses] == [
        ("sheet-outside", {"sheet": "soal", "text": "Bacalah teks berikut."})
    ]


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        pytest.param(b"<a:xfrm>", b"<a:xfrm>", 0, id="as it is"),
        pytest.param(b"<a:xfrm>", b'<a:xfrm rot="5400000">', 1, id="turned"),
        pytest.param(b"<a:xfrm>", b'<a:xfrm flipH="1">', 1, id="mirrored"),
        pytest.param(b"<a:stretch>", b'<a:srcRect b="40000"/><a:stretch>', 1, id="cropped"),
        pytest.param(b"<a:stretch>", b'<a:srcRect b="0"/><a:stretch>', 0, id="cropped by nothing"),
        pytest.param(b"</xdr:pic>", b"</xdr:pic><xdr:grpSp/>", 1, id="a group"),
    ],
)
def test_a_picture_that_a_sheet_shows_otherwise_than_its_file_is_named(
    before: bytes, after: bytes, count: int, tmp_path: Path
) -> None:
    def fill(sheet: Any, _book: Any) -> None:
        sheet.insert_image(1, 1, "p.png", {"image_data": io.BytesIO(png())})

    bank = read(xlsx(tmp_path, fill, change=(before, after)))
    assert [loss.code for loss in bank.losses] == ["sheet-drawings-lost"] * count
    assert len(bank.media) == 1 - count


@pytest.mark.parametrize(
    ("look", "frame_look", "count"),
    [
        ('fo:clip="rect(0cm, 0cm, 0cm, 0cm)" style:mirror="none"', "", 0),
        ('fo:clip="rect(0cm, 1.2cm, 0cm, 0cm)"', "", 1),
        ('style:mirror="horizontal"', "", 1),
        ("", 'draw:transform="rotate (0.5) translate (1cm 1cm)"', 1),
    ],
)
def test_a_picture_that_an_open_document_shows_otherwise_is_named(
    look: str, frame_look: str, count: int, tmp_path: Path
) -> None:
    frame = (
        f'<draw:frame draw:style-name="g" {frame_look}><draw:image xlink:href="Pictures/a.png"/></draw:frame>'
    )
    drawn = STRING.format("", f"{frame}<text:p>Satu?</text:p>")
    file = ods(tmp_path, {"Soal": drawn})
    with zipfile.ZipFile(file) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    style = (
        f'<style:style style:name="g" style:family="graphic"><style:graphic-properties {look}/></style:style>'
    )
    names = b'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" office:version'
    parts["content.xml"] = (
        parts["content.xml"]
        .replace(b"office:version", names, 1)
        .replace(b"</office:automatic-styles>", f"{style}</office:automatic-styles>".encode())
    )
    with zipfile.ZipFile(file, "w") as book:
        for name, part in {**parts, "Pictures/a.png": png()}.items():
            book.writestr(name, part)
    bank = read(file)
    assert [loss.code for loss in bank.losses] == ["sheet-drawings-lost"] * count
    assert len(bank.media) == 1 - count


def test_a_strict_workbook_is_read_as_any_other(tmp_path: Path) -> None:
    def fill(sheet: Any, book: Any) -> None:
        sheet.write_number(1, 2, 0.5, book.add_format({"num_format": "0%"}))
        sheet.insert_image(1, 1, "p.png", {"image_data": io.BytesIO(png())})

    file = xlsx(tmp_path, fill)
    with zipfile.ZipFile(file) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(file, "w") as book:
        for name, part in parts.items():
            for kind in ("spreadsheetml", "officeDocument", "drawingml"):
                usual = f"http://schemas.openxmlformats.org/{kind}/2006/".encode()
                part = part.replace(usual, f"http://purl.oclc.org/ooxml/{kind}/".encode())  # noqa: PLW2901
            book.writestr(name, part)
    (sheet,) = read_sheets(file.read_bytes(), ".xlsx")
    assert list(sheet.facts.formats) == [(1, 2)]
    assert list(sheet.pictures) == [(1, 1)]


def test_a_sheet_that_only_the_reader_of_workbooks_finds_is_refused(tmp_path: Path) -> None:
    file = xlsx(tmp_path, number(2, 0.5, "0%"))
    with zipfile.ZipFile(file) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(file, "w") as book:
        for name, part in parts.items():
            book.writestr(name.replace("xl/workbook", "xl/Workbook"), part)
    with pytest.raises(Refusal) as refusal:
        read_sheets(file.read_bytes(), ".xlsx")
    assert refusal.value.code == "sheet-unreadable"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (b'<c r="C2" t = "e"><v>#N/A</v></c>', "refused: cell-error"),
        (b"<c r='C2'><f>A9</f></c>", "refused: cell-formula"),
        (b'<c r="C2"><v>3201234567890123</v></c>', "refused: cell-format"),
        (b'<c r="C2" s = "1"><v>0.5</v></c>', "refused: cell-format"),
        (b'<c t="e"><v>#N/A</v></c>', "refused: cell-error"),
    ],
)
def test_a_sheet_with_nothing_else_to_say_is_read_for_one_cell(
    cell: bytes, said: str, tmp_path: Path
) -> None:
    """Long sheets of plain cells are not read twice: what says anything must be seen before."""
    percent = xlsx(tmp_path, lambda _sheet, book: book.add_format({"num_format": "0%"}))
    with zipfile.ZipFile(percent) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = re.sub(rb'<c r="C2"[^>]*>.*?</c>', cell, parts[name])
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(
        b"</cellXfs>", b'<xf numFmtId="9" fontId="0" fillId="0"/></cellXfs>'
    )
    with zipfile.ZipFile(percent, "w") as book:
        for one, part in parts.items():
            book.writestr(one, part)
    assert verdict(only(percent)) == [said]
