r"""A bank as the sheet that our template is (`sheets.py`): what one row can carry, and nothing else silently.

A row is one choice in one language with a key or a score for each option. Formulas stand as LaTeX between `\(` and `\)`,
pictures lie over their cells. What a sheet cannot say of an item is a named loss; an item that would be another question
without it is refused. Every row is read back and compared before it is called exact. The same bank gives the same bytes.
"""

import datetime as dt
import io
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final

import xlsxwriter

from cbt_station.banks import mathml, sheets
from cbt_station.banks.bank import Bank, BankItem
from cbt_station.banks.export_report import ExportedItem, ExportReport, exported
from cbt_station.banks.foreign import RIGHT_POINTS, QuestionRefused, Remark, remark
from cbt_station.banks.html_text import LATEX
from cbt_station.banks.import_names import ANY
from cbt_station.banks.kinds import kind_of
from cbt_station.banks.pictures import check_picture
from cbt_station.banks.rasterising import rasterise
from cbt_station.banks.settling import settled_blocks
from cbt_station.banks.sheet_columns import LETTERS, TEMPLATE
from cbt_station.exam.content import (
    Blocks,
    Formula,
    Heading,
    Inline,
    LineBreak,
    Paragraph,
    Picture,
    Span,
    Text,
    as_text,
)
from cbt_station.exam.interactions import ChoiceInteraction, Composite, Option
from cbt_station.exam.item import OptionScores

FORMAT: Final = "xlsx"
_CREATED: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
MOST_IN_A_CELL: Final = 32_767
"""Characters, by the format's own limit; what is longer would not be there at all."""
_SAME_WORDS: Final = frozenset(["export-style", "export-languages", "export-enemies", "export-order"])
"""Losses of an item whose row says its words and its scores all the same."""
_WIDE: Final = ("Teks Soal", "Teks Pembahasan")


@dataclass
class _Row:
    """One item on its way into the sheet; `number` counts rows of the sheet from 1, the headings' included."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, list[str]] = field(default_factory=dict)
    losses: list[Remark] = field(default_factory=list)


def export_xlsx(bank: Bank, language: str | None = None) -> tuple[bytes, ExportReport]:
    """The workbook, and what became of each item. `language`: the bank's first where it is not said."""
    chosen = language or bank.head.languages[0]
    rows: list[_Row] = []
    found: dict[str, _Row | Remark] = {}
    for item in bank.items:
        row = _Row(len(rows) + 2, {"No": str(len(rows) + 1)})
        try:
            _fill(row, bank, item, chosen)
        except QuestionRefused as refused:
            found[item.id] = refused.reason
        else:
            rows.append(row)
            found[item.id] = row
    data = _workbook(bank, rows)
    _compare(data, bank, found, chosen)
    report = ExportReport(
        FORMAT, tuple(_outcome(name, one) for name, one in found.items()), (remark("export-names"),)
    )
    return data, report


def _outcome(item: str, found: _Row | Remark) -> ExportedItem:
    if isinstance(found, Remark):
        return ExportedItem(item, "refused", (found,))
    return exported(item, found.losses)


def _fill(row: _Row, bank: Bank, item: BankItem, language: str) -> None:
    shown = item.languages.get(language)
    if shown is None:
        raise QuestionRefused(remark("export-language", language=language))
    if not isinstance(shown.interaction, ChoiceInteraction) or not isinstance(item.rule, OptionScores):
        kind = "composite" if isinstance(shown.interaction, Composite) else kind_of(shown.interaction)
        raise QuestionRefused(remark("export-interaction", kind=kind))
    if item.stimulus is not None:
        raise QuestionRefused(remark("export-stimulus", stimulus=item.stimulus))
    others = [one for one in item.languages if one != language]
    if others:
        row.losses.append(remark("export-languages", languages=", ".join(others)))
    if item.enemies:
        row.losses.append(remark("export-enemies", enemies=item.enemies))
    section = bank.head.sections[item.section]
    row.cells |= {
        "Segmen": section.title.get(language, section.id),
        "Topik": "" if item.topic == ANY else item.topic,
        "Tingkat": "" if item.level == ANY else item.level,
        "Teks Pembahasan": item.note or "",
    }
    _content(row, "Teks Soal", shown.stem, f"{row.number}", bank)
    _options(row, shown.interaction, item.rule, bank)
    if any(len(text) > MOST_IN_A_CELL for text in row.cells.values()):
        raise QuestionRefused(remark("too-long", most=MOST_IN_A_CELL))


def _options(row: _Row, interaction: ChoiceInteraction, rule: OptionScores, bank: Bank) -> None:
    options = interaction.options
    if len(options) > len(LETTERS):
        raise QuestionRefused(remark("options-many", count=len(options), most=len(LETTERS)))
    if not interaction.shuffle or any(option.fixed for option in options):
        row.losses.append(remark("export-order"))
    if [option.id for option in options] != list(LETTERS[: len(options)].lower()):
        row.losses.append(remark("export-option-names"))
    if rule.blank:
        raise QuestionRefused(remark("export-blank", points=rule.blank))
    for letter, option in zip(LETTERS, options, strict=False):
        _content(row, f"Opsi {letter}", option.content, f"{row.number} {letter}", bank)
    key = _only_key(rule, options)
    for letter, option in zip(LETTERS, options, strict=False):
        if key is None:
            row.cells[f"Nilai {letter}"] = format(rule.scores[option.id], "f")
        elif option.id == key:
            row.cells["Kunci"] = letter


def _only_key(rule: OptionScores, options: Sequence[Option]) -> str | None:
    """The key, where the sheet's own points for a key say the whole rule."""
    good = [option.id for option in options if rule.scores[option.id] == RIGHT_POINTS]
    rest = [rule.scores[option.id] for option in options if option.id not in good]
    return good[0] if len(good) == 1 and all(worth == Decimal(0) for worth in rest) else None


def _content(row: _Row, column: str, blocks: Blocks, place: str, bank: Bank) -> None:
    """Paragraphs as lines with a blank one between them, then the pictures over the cell."""
    texts: list[str] = []
    pictures: list[str] = []
    for block in blocks:
        match block:
            case Paragraph(content=content):
                if pictures:
                    row.losses.append(remark("export-picture-place"))
                texts.append(_line(row, content))
            case Heading(content=content):
                row.losses.append(remark("export-style", styles="heading"))
                texts.append(_line(row, content))
            case Picture():
                pictures.append(block.media)
                file = check_picture(block.media, bank.media[block.media])
                if block.alt != f"Gambar {place}":
                    row.losses.append(remark("export-picture-words"))
                if (block.width, block.height) != (file.width, file.height):
                    row.losses.append(remark("export-picture-size"))
                if block.media.endswith(".svg"):
                    row.losses.append(remark("svg-as-picture", picture=block.media, problem=FORMAT))
            case _:
                raise QuestionRefused(remark("export-block", block=type(block).__name__.lower()))
    row.cells[column] = "\n\n".join(texts)
    row.pictures[column] = pictures


def _line(row: _Row, content: Iterable[Inline]) -> str:
    return "".join(_inline(row, part) for part in content)


def _inline(row: _Row, part: Inline) -> str:
    match part:
        case Text(text=text):
            if part.sub or part.sup:
                raise QuestionRefused(remark("export-block", block="sub" if part.sub else "sup"))
            styles = [name for name in ("bold", "italic", "code") if getattr(part, name)]
            if styles:
                row.losses.append(remark("export-style", styles=", ".join(styles)))
            if LATEX.search(text):
                raise QuestionRefused(remark("export-latex", text=text[:40]))
            return text
        case LineBreak():
            return "\n"
        case Formula(latex=latex):
            if latex.startswith(mathml.START) or "\\)" in latex:
                raise QuestionRefused(remark("export-block", block="mathml"))
            return f"\\({latex}\\)"
        case Span(content=inner):
            row.losses.append(remark("export-style", styles="span"))
            return _line(row, inner)
        case _:
            raise QuestionRefused(remark("export-block", block=type(part).__name__.lower()))


def _workbook(bank: Bank, rows: Sequence[_Row]) -> bytes:
    target = io.BytesIO()
    columns = _columns(rows)
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties(
            {"title": next(iter(bank.head.title.values())), "author": bank.head.author, "created": _CREATED}
        )
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        heading = book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1, "num_format": "@"})
        sheet = book.add_worksheet("soal")
        sheet.freeze_panes(1, 0)
        for at, name in enumerate(columns):
            sheet.set_column(at, at, 48 if name in _WIDE else 24 if name.startswith("Opsi") else 12, text)
            sheet.write_string(0, at, name, heading)
            for down, row in enumerate(rows, start=1):
                if row.cells.get(name):
                    sheet.write_string(down, at, row.cells[name], text)
                for media in row.pictures.get(name, ()):
                    sheet.insert_image(
                        down, at, media, {"image_data": io.BytesIO(_raster(media, bank.media[media]))}
                    )
    return target.getvalue()


def _columns(rows: Sequence[_Row]) -> list[str]:
    """The template's columns, and those of more options where some item has them."""
    used = {name for row in rows for name in row.cells}
    more = [
        f"{kind} {letter}" for kind in ("Opsi", "Nilai") for letter in LETTERS if f"{kind} {letter}" in used
    ]
    return [*TEMPLATE, *(name for name in more if name not in TEMPLATE)]


def _raster(name: str, data: bytes) -> bytes:
    if not name.endswith(".svg"):
        return data
    file = check_picture(name, data)
    return rasterise(data.decode(), file.width, file.height)


def _compare(data: bytes, bank: Bank, found: dict[str, _Row | Remark], language: str) -> None:
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
        shown = item.languages[language]
        if back is None or back.item is None or back.losses:
            row.losses.append(
                remark("export-differs", problem=back.fault.code if back and back.fault else "row")
            )
            continue
        other = next(iter(back.item.languages.values()))
        same = as_text(settled_blocks(other.stem)) == as_text(shown.stem) and _texts(
            other.interaction
        ) == _texts(shown.interaction)
        if not same or back.item.rule != item.rule or (back.item.note or "") != (item.note or ""):
            row.losses.append(remark("export-differs", problem="text" if not same else "score"))


def _texts(interaction: object) -> list[tuple[str, str]]:
    options: tuple[Option, ...] = getattr(interaction, "options", ())
    return [(option.id, as_text(settled_blocks(option.content))) for option in options]
