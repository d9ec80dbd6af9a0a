r"""A bank as the sheet that our template is (`sheets.py`): what one row can carry, and nothing else silently.

A row is one item in one language, of a kind that a sheet has (`sheet_kinds.py`), with its key or its scores. What a
sheet cannot say of an item is a named loss; an item that would be another question without it is refused. Every row is read back and compared before it is called exact. The same bank gives the same bytes.
"""

import datetime as dt
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import xlsxwriter

from cbt_station.banks import sheets
from cbt_station.banks.bank import Bank, BankItem
from cbt_station.banks.export_report import ExportedItem, ExportReport, exported
from cbt_station.banks.foreign import QuestionRefused, Remark, remark
from cbt_station.banks.import_names import ANY
from cbt_station.banks.lint import asks
from cbt_station.banks.marks import Points
from cbt_station.banks.pictures import check_picture
from cbt_station.banks.rasterising import rasterise
from cbt_station.banks.settling import settled
from cbt_station.banks.sheet_cells import FORMAT, CellWriter, RowCells
from cbt_station.banks.sheet_columns import LETTERS, TEMPLATE
from cbt_station.banks.sheet_export import MOST_TARGETS, Expected, same_shown, slots_of, write_answers
from cbt_station.banks.sheet_template import offer_lists, question_sheet
from cbt_station.exam.content import Blocks

_CREATED: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
MOST_IN_A_CELL: Final = 32_767
"""Characters, by the format's own limit; what is longer would not be there at all."""
_SAME_WORDS: Final = frozenset(["export-style", "export-languages", "export-enemies"])
"""Losses of an item whose row says its words and its scores all the same."""


def export_xlsx(bank: Bank, language: str | None = None) -> tuple[bytes, ExportReport]:
    """The workbook, and what became of each item. `language`: the bank's first where it is not said."""
    chosen = language or bank.head.languages[0]
    rows: list[RowCells] = []
    found: dict[str, RowCells | Remark] = {}
    expected: dict[str, Expected] = {}
    for item in bank.items:
        row = RowCells(len(rows) + 2, {"No": str(len(rows) + 1)})
        try:
            expected[item.id] = _fill(row, bank, item, chosen)
        except QuestionRefused as refused:
            found[item.id] = refused.reason
        else:
            rows.append(row)
            found[item.id] = row
    data = _workbook(bank, rows)
    _compare(data, bank, found, expected)
    losses = [remark("export-names")]
    if any(one.has_other_names for one in expected.values()):
        losses.append(remark("export-option-names"))
    items = tuple(_outcome(name, one) for name, one in found.items())
    return data, ExportReport(FORMAT, items, tuple(losses))


def _outcome(item: str, found: RowCells | Remark) -> ExportedItem:
    if isinstance(found, Remark):
        return ExportedItem(item, "refused", (found,))
    return exported(item, found.losses)


def _fill(row: RowCells, bank: Bank, item: BankItem, language: str) -> Expected:
    """Fill the row's cells; what reading them back must give."""
    shown = item.languages.get(language)
    if shown is None:
        raise QuestionRefused(remark("export-language", language=language))
    if item.stimulus is not None:
        raise QuestionRefused(remark("export-stimulus", stimulus=item.stimulus))
    others = [one for one in item.languages if one != language]
    if others:
        row.losses.append(remark("export-languages", languages=", ".join(others)))
    if item.enemies and not _asks_the_same(bank, item, language):
        row.losses.append(remark("export-enemies", enemies=item.enemies))
    section = bank.head.sections[item.section]
    row.cells |= {
        "Segmen": section.title.get(language, section.id),
        "Topik": "" if item.topic == ANY else item.topic,
        "Tingkat": "" if item.level == ANY else item.level,
        "Teks Pembahasan": item.note or "",
    }
    cells = CellWriter(row, bank, slots_of(shown.interaction))
    expected = write_answers(cells, shown, item.rule)
    text: Blocks = getattr(shown.interaction, "content", ())
    cells.write("Teks Soal", (*shown.stem, *text), f"{row.number}")
    if any(len(cell) > MOST_IN_A_CELL for cell in row.cells.values()):
        raise QuestionRefused(remark("too-long", most=MOST_IN_A_CELL))
    return expected


def _asks_the_same(bank: Bank, item: BankItem, language: str) -> bool:
    """Whether an item's set is just those that ask the same: an import makes that set again."""
    shown = item.languages[language]
    same = {
        one.id
        for one in bank.items
        if one.section == item.section
        and language in one.languages
        and asks(one.languages[language], one.stimulus) == asks(shown, None)
    }
    return same == {one.id for one in bank.items if one.enemies == item.enemies}


def _workbook(bank: Bank, rows: Sequence[RowCells]) -> bytes:
    target = io.BytesIO()
    columns = _columns(rows)
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties(
            {"title": next(iter(bank.head.title.values())), "author": bank.head.author, "created": _CREATED}
        )
        sheet, text = question_sheet(book, columns)
        for at, name in enumerate(columns):
            for down, row in enumerate(rows, start=1):
                if row.cells.get(name):
                    sheet.write_string(down, at, row.cells[name], text)
                for media in row.pictures.get(name, ()):
                    sheet.insert_image(
                        down, at, media, {"image_data": io.BytesIO(_raster(media, bank.media[media]))}
                    )
        offer_lists(sheet, columns)
    return target.getvalue()


def _columns(rows: Sequence[RowCells]) -> list[str]:
    """The template's columns, and those of more options where some item has them."""
    used = {name for row in rows for name in row.cells}
    more = [
        *(f"{kind} {letter}" for kind in ("Opsi", "Nilai") for letter in LETTERS),
        *(f"Pasangan {number}" for number in range(1, MOST_TARGETS + 1)),
    ]
    return [*TEMPLATE, *(name for name in more if name in used and name not in TEMPLATE)]


def _raster(name: str, data: bytes) -> bytes:
    if not name.endswith(".svg"):
        return data
    file = check_picture(name, data)
    return rasterise(data.decode(), file.width, file.height)


def _compare(
    data: bytes, bank: Bank, found: dict[str, RowCells | Remark], expected: dict[str, Expected]
) -> None:
    """Read the sheet back: a row that says another thing than its item is no exact one."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bank.xlsx"
        file.write_bytes(data)
        foreign = sheets.read(file)
    read = {} if foreign is None else {one.place: one for one in foreign.questions}
    for item in bank.items:
        row = found[item.id]
        if isinstance(row, Remark) or any(loss.code not in _SAME_WORDS for loss in row.losses):
            continue
        back = read.get(str(row.number))
        if back is None or back.item is None or back.losses:
            problem = back.fault.code if back and back.fault else "row"
            row.losses.append(remark("export-differs", problem=problem))
            continue
        again = settled(back.item, section=Points(None))
        same = same_shown(next(iter(again.languages.values())), expected[item.id].shown)
        if not same or again.rule != expected[item.id].rule or (back.item.note or "") != (item.note or ""):
            row.losses.append(remark("export-differs", problem="text" if not same else "score"))
