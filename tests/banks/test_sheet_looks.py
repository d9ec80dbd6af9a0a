"""Letters of a cell that look otherwise than the rest: a text alone does not say so, so the question is refused or names it.

Covers runs of shared and of own strings (XLSX), spans (ODS), plain runs, and that how a whole cell looks is layout.
"""

import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from cbt_station.banks import sheets
from cbt_station.banks.foreign import ForeignQuestion
from cbt_station.banks.sheet_looks import looks_of

HEAD = ["Soal", "Opsi A", "Opsi B", "Kunci"]
RED, BLACK = {"font_color": "red"}, {"font_color": "#000000"}
RAISED = {"font_script": 1}
ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.3">'
    '<office:automatic-styles><style:style style:name="T1" style:family="text"><style:text-properties {}/>'
    '</style:style></office:automatic-styles><office:body><office:spreadsheet><table:table table:name="soal">'
    "{}</table:table></office:spreadsheet></office:body></office:document-content>"
)


def only(file: Path) -> ForeignQuestion:
    bank = sheets.read(file)
    assert bank is not None
    (question,) = bank.questions
    return question


def as_xlsx(
    folder: Path, look: dict[str, Any], column: int = 0, *, whole: bool = False, own: bool = False
) -> Path:
    """A question of which one cell reads `10`, the last letter in a look (or all of the cell)."""
    file = folder / "bank.xlsx"
    with xlsxwriter.Workbook(file, {"constant_memory": own}) as book:
        sheet, form = book.add_worksheet("soal"), book.add_format(look)
        sheet.write_row(0, 0, HEAD)
        for at, cell in enumerate(("Satu?", "1", "2", "A")):
            if at != column:
                sheet.write_string(1, at, cell)
            elif whole:
                sheet.write_string(1, at, "10", form)
            else:
                sheet.write_rich_string(1, at, "1", form, "0")
    return file


def as_ods(folder: Path, look: str) -> Path:
    rows = [HEAD, ["1<text:span text:style-name='T1'>0</text:span>", "1", "2", "A"]]
    body = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    file = folder / "bank.ods"
    with zipfile.ZipFile(file, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", "<manifest/>")
        book.writestr("content.xml", ODS.format(look, body))
    return file


@pytest.mark.parametrize("script", [1, 2])
@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("column", [0, 1])
def test_raised_and_lowered_letters_refuse_their_question(
    script: int, own: bool, column: int, tmp_path: Path
) -> None:
    fault = only(as_xlsx(tmp_path, {"font_script": script}, column, own=own)).fault
    assert fault is not None
    assert (fault.code, fault.facts) == ("cell-raised", {"column": HEAD[column], "found": "10"})


@pytest.mark.parametrize(
    ("look", "lost"),
    [
        pytest.param(RED, ["color"], id="colour"),
        pytest.param({"bold": True, "font_strikeout": True}, ["bold", "strike"], id="bold and struck"),
        pytest.param({"italic": True, "underline": 1}, ["italic", "underline"], id="italic, underlined"),
        pytest.param(BLACK, [], id="black"),
        pytest.param({"font_size": 20}, [], id="large"),
    ],
)
def test_other_looks_of_some_letters_are_a_named_loss(
    look: dict[str, Any], lost: list[str], tmp_path: Path
) -> None:
    question = only(as_xlsx(tmp_path, look))
    assert question.fault is None
    assert [(loss.code, loss.facts["property"]) for loss in question.losses] == [
        ("style-dropped", name) for name in lost
    ]


def test_how_a_whole_cell_looks_is_layout(tmp_path: Path) -> None:
    question = only(as_xlsx(tmp_path, RED | RAISED | {"bold": True}, whole=True))
    assert (question.fault, question.losses) == (None, ())


def test_a_number_is_no_string_and_a_colour_beside_the_cells_is_none_of_theirs(tmp_path: Path) -> None:
    file = tmp_path / "bank.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet, form = book.add_worksheet("soal"), book.add_format(RAISED)
        sheet.write_rich_string(0, 0, "1", form, "0")  # the string of number 0
        sheet.write_number(0, 1, 0)
        sheet.conditional_format(0, 0, 0, 1, {"type": "data_bar", "bar_color": "red"})
    assert looks_of(file.read_bytes()) == {"soal": {(0, 0): ("sup",)}}


@pytest.mark.parametrize(
    ("look", "found"),
    [
        ('style:text-position="super 58%"', "cell-raised"),
        ('style:text-position="-33% 58%"', "cell-raised"),
        ('fo:color="#ff0000" style:text-position="0% 100%"', "color"),
        ('fo:color="#000000" fo:font-weight="normal" fo:font-size="20pt"', None),
    ],
)
def test_spans_of_an_open_document_are_judged_the_same(look: str, found: str | None, tmp_path: Path) -> None:
    question = only(as_ods(tmp_path, look))
    said = question.fault.code if question.fault else None
    said = said or next((loss.facts["property"] for loss in question.losses), None)
    assert said == found
