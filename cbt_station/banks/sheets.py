r"""Sheets of questions: XLSX, XLS, ODS and CSV as committees and schools fill them, and the template to be filled.

One row is one question with one right option (`Kunci`) or a score for each (`Nilai A` …). What a spreadsheet program
makes of a cell is where questions change in silence: 1/2 becomes a date, TRUE a truth value, 0,50 a number. A cell that
became a date or a truth value is refused with its column; a number with decimals is a named loss. Pictures lie over the
cells (XLSX), or a cell names a file beside the sheet; an address is never fetched. LaTeX stands between `\(` and `\)` or `$$`.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from cbt_station.banks import sheet_columns as columns_of
from cbt_station.banks.foreign import (
    RIGHT_POINTS,
    ForeignBank,
    ForeignItem,
    ForeignQuestion,
    QuestionRefused,
    Remark,
    plain_blocks,
    remark,
    require_options,
    title_of,
)
from cbt_station.banks.foreign_media import ForeignMedia
from cbt_station.banks.quiz_items import shown
from cbt_station.banks.sheet_columns import TEMPLATE, Columns, filled_rows, find_columns
from cbt_station.banks.sheet_formulas import with_formulas
from cbt_station.banks.source_text import read_bytes
from cbt_station.banks.workbook import KNOWN, MOST_PICTURE, MOST_SHEET, Sheet, as_text, read_sheets
from cbt_station.errors import Refusal
from cbt_station.exam.blueprint import is_plain_number
from cbt_station.exam.content import Blocks, Picture
from cbt_station.exam.interactions import ChoiceInteraction, ExtendedTextInteraction, Option
from cbt_station.exam.item import HandMarked, OptionScores, ScoringRule

FORMAT: Final = "sheet"
LANGUAGE: Final = "id"
_CHOICE_KINDS: Final = ("", "1", "pg", "pilihan ganda", "choice")
_ESSAY_KINDS: Final = ("2", "5", "essay", "esai", "uraian")
ANY: Final = "umum"


def read(source: Path) -> ForeignBank | None:
    """The questions of a sheet, or None for a file that is no sheet of questions."""
    suffix = source.suffix.lower()
    if source.is_dir() or suffix not in KNOWN:
        return None
    data = read_bytes(source, MOST_SHEET)
    if data is None:
        raise Refusal("import-too-large", where=source.name, most_bytes=MOST_SHEET)
    try:
        book = [(sheet, find_columns(sheet)) for sheet in read_sheets(data, suffix)]
    except Refusal as refusal:
        raise refusal.at(source.name) from refusal
    sheets = [(sheet, columns) for sheet, columns in book if columns is not None]
    if not sheets:
        return None
    media: dict[str, bytes] = {}
    questions = [
        question
        for sheet, columns in sheets
        for question in _Reader(source, sheet, columns, media, several=len(sheets) > 1).questions()
    ]
    sections = {question.section: question.section.strip() or ANY for question in questions}
    title = title_of(source.stem)
    others = [sheet for sheet, columns in book if columns is None and _says(sheet)]
    losses = tuple(remark("sheet-unknown", sheet=sheet.name[:60]) for sheet in others)
    return ForeignBank(FORMAT, source.stem, title, LANGUAGE, sections, tuple(questions), media, losses=losses)


def _says(sheet: Sheet) -> bool:
    """Whether anything stands in a sheet; the page that explains our own template says nothing of an exam."""
    cells = [text for row in sheet.cells for cell in row if (text := as_text(cell))]
    return bool(cells) and cells != list(_HELP)


@dataclass(frozen=True)
class _Reader:
    """Reads one sheet."""

    source: Path
    sheet: Sheet
    columns: Columns
    media: dict[str, bytes]
    several: bool
    """Whether a place must name the sheet."""

    def questions(self) -> Iterator[ForeignQuestion]:
        for row in filled_rows(self.sheet, self.columns):
            place = f"{self.sheet.name} {row + 1}" if self.several else f"{row + 1}"
            section = as_text(self._cell(row, self.columns.single.get(columns_of.SECTION))) or ANY
            losses: list[Remark] = []
            try:
                item, remarks = self._item(row, place, losses)
            except QuestionRefused as refused:
                yield ForeignQuestion(place, section, fault=refused.reason)
            else:
                yield ForeignQuestion(place, section, losses=tuple(losses), item=item, remarks=tuple(remarks))

    def _item(self, row: int, place: str, losses: list[Remark]) -> tuple[ForeignItem, list[Remark]]:
        files = ForeignMedia(self._beside, self.media, losses)
        single, remarks = self.columns.single, list[Remark]()
        pictures = (single.get(columns_of.STEM_PICTURE), single[columns_of.STEM])
        stem = self._content(row, single[columns_of.STEM], pictures, place, files, losses)
        self._text(row, single.get(columns_of.SECTION), losses)  # a date is no section
        kind = self._text(row, single.get(columns_of.KIND), losses).casefold()
        if kind in _ESSAY_KINDS:
            rule: ScoringRule = HandMarked(RIGHT_POINTS)
            content = shown(stem, ExtendedTextInteraction())
            remarks.append(remark("points-assumed", points=RIGHT_POINTS))
        elif kind in _CHOICE_KINDS:
            options = self._options(row, place, files, losses)
            rule, points = self._rule(row, tuple(option.id for option in options), losses)
            remarks += points
            content = shown(stem, ChoiceInteraction(options))
        else:
            raise QuestionRefused(remark("kind-unknown", kind=kind[:40]))
        losses += self._left_over(row)
        item = ForeignItem(
            languages={LANGUAGE: content},
            rule=rule,
            topic=self._text(row, single.get(columns_of.TOPIC), losses) or None,
            level=self._text(row, single.get(columns_of.LEVEL), losses) or None,
            note=self._text(row, single.get(columns_of.NOTE), losses) or None,
        )
        return item, remarks

    def _options(self, row: int, place: str, files: ForeignMedia, losses: list[Remark]) -> tuple[Option, ...]:
        options = []
        for letter, column in sorted(self.columns.options.items()):
            pictures = (self.columns.pictures.get(letter), column)
            content = self._content(row, column, pictures, f"{place} {letter}", files, losses)
            if content:
                options.append(Option(letter.lower(), content))
        require_options([option.content for option in options])
        return tuple(options)

    def _rule(
        self, row: int, options: tuple[str, ...], losses: list[Remark]
    ) -> tuple[OptionScores, list[Remark]]:
        """A score for each option where any is given, else right and wrong by the key."""
        scores = {
            letter.lower(): score
            for letter, column in self.columns.scores.items()
            if (score := self._score(row, letter, column)) is not None
        }
        key = self._text(row, self.columns.single.get(columns_of.KEY), losses).strip(" .)(").lower()
        if key and key not in options:
            raise QuestionRefused(remark("key-for-no-option", key=key[:40]))
        if not scores:
            if not key:
                raise QuestionRefused(remark("key-missing"))
            points = {name: RIGHT_POINTS if name == key else Decimal(0) for name in options}
            return OptionScores(points), [remark("points-assumed", points=RIGHT_POINTS)]
        for name in options:
            if name not in scores:
                raise QuestionRefused(remark("score-missing", option=name.upper()))
        for name, score in scores.items():
            if name not in options and score:
                raise QuestionRefused(remark("score-for-no-option", option=name.upper()))
        if key and scores[key] != max(scores[name] for name in options):
            raise QuestionRefused(remark("key-against-scores", key=key.upper()))
        return OptionScores({name: scores[name] for name in options}), []

    def _score(self, row: int, letter: str, column: int) -> Decimal | None:
        text = as_text(self._cell(row, column)).replace(",", ".")
        if not text:
            return None
        try:
            score = Decimal(text)
        except InvalidOperation:
            score = Decimal("NaN")
        if not is_plain_number(score):
            raise QuestionRefused(remark("score-malformed", option=letter, score=text[:20]))
        return score

    # Cells

    def _cell(self, row: int, column: int | None) -> object:
        cells = self.sheet.cells[row]
        return cells[column] if column is not None and column < len(cells) else ""

    def _text(self, row: int, column: int | None, losses: list[Remark]) -> str:
        """A cell's text; refused where a spreadsheet program made something else of what was typed."""
        cell = self._cell(row, column)
        if isinstance(cell, bool | date | time | timedelta):
            raise QuestionRefused(remark("cell-became", column=self._heading(column), found=as_text(cell)))
        if isinstance(cell, float) and not cell.is_integer():
            losses.append(remark("cell-number", column=self._heading(column), found=as_text(cell)))
        return as_text(cell)

    def _content(
        self,
        row: int,
        column: int,
        pictures: tuple[int | None, ...],
        place: str,
        files: ForeignMedia,
        losses: list[Remark],
    ) -> Blocks:
        """A cell's text, the picture that a cell names, and those that lie over either."""
        plain = plain_blocks(self._text(row, column, losses), losses)
        blocks = list(with_formulas(plain, files))
        named = self._text(row, pictures[0], losses)
        if named:
            blocks.append(self._picture(files, place, named))
        for number, data in enumerate(
            picture for at in pictures if at is not None for picture in self.sheet.pictures.get((row, at), ())
        ):
            name = f"{self.source.stem}-{place}-{number + 1}"
            own = ForeignMedia(lambda _name, data=data: data, self.media, losses)  # type: ignore[misc]
            blocks.append(self._picture(own, place, f"{name}.png"))
        return tuple(blocks)

    def _picture(self, files: ForeignMedia, place: str, name: str) -> Picture:
        media, file = files.picture(name)
        return Picture(media, file.width, file.height, f"Gambar {place}")

    def _beside(self, name: str) -> bytes | None:
        """A file in the sheet's folder or below it; a link that leads out of it is none."""
        path = (self.source.parent / name.replace("\\", "/")).resolve()
        inside = path.is_relative_to(self.source.parent.resolve())
        try:
            return read_bytes(path, MOST_PICTURE) if inside and path.is_file() else None
        except OSError:  # a name that is too long for the disk
            return None

    def _left_over(self, row: int) -> Iterator[Remark]:
        """What stands in columns that mean nothing to us, and pictures over cells that can hold none."""
        for column, heading in self.columns.others.items():
            if as_text(self._cell(row, column)):
                yield remark("field-dropped", field=heading[:40])
        taken = {
            self.columns.single[columns_of.STEM],
            self.columns.single.get(columns_of.STEM_PICTURE),
            *self.columns.options.values(),
            *self.columns.pictures.values(),
        }
        for at, column in self.sheet.pictures:
            if at == row and column not in taken:
                yield remark("picture-elsewhere", column=self._heading(column))

    def _heading(self, column: int | None) -> str:
        return as_text(self._cell(self.columns.row, column))[:40]


# The template

_EXAMPLES: Final = (
    {
        "No": "1", "Segmen": "TWK", "Topik": "nasionalisme", "Tingkat": "mudah",
        "Teks Soal": "Semboyan bangsa Indonesia yang tertulis pada lambang negara adalah …",
        "Opsi A": "Tut wuri handayani", "Opsi B": "Bhinneka Tunggal Ika", "Opsi C": "Jer basuki mawa beya",
        "Opsi D": "Rawe-rawe rantas", "Opsi E": "Ing ngarsa sung tuladha", "Kunci": "B",
        "Teks Pembahasan": "Pasal 36A UUD 1945",
    },
    {
        "No": "2", "Segmen": "TKP", "Topik": "pelayanan-publik", "Tingkat": "sedang",
        "Teks Soal": "Seorang warga datang sesaat sebelum loket ditutup. Anda …",
        "Opsi A": "meminta warga datang lagi besok", "Opsi B": "melayani warga sampai selesai",
        "Opsi C": "meminta rekan melayaninya", "Opsi D": "mencatat keperluannya untuk besok",
        "Opsi E": "bertanya dahulu kepada atasan",
        "Nilai A": "1", "Nilai B": "5", "Nilai C": "3", "Nilai D": "4", "Nilai E": "2",
    },
)  # fmt: skip
_HELP: Final = (
    "Satu baris satu soal. Hapus dua baris contoh sebelum lembar ini diimpor.",
    "Soal dengan satu jawaban benar: isi Kunci dengan huruf pilihannya. Soal dengan skor tiap pilihan: isi Nilai A–E.",
    "Pilihan yang tidak dipakai dikosongkan.",
    "Gambar: letakkan di atas selnya, atau tulis nama berkas yang ada di folder lembar ini. Alamat internet ditolak.",
    "Semua sel berformat teks: 1/2 tetap 1/2. Jangan mengubah format sel.",
    "One row is one question. Delete the two example rows. Kunci: the letter of the right option; Nilai A–E: a score each.",
)


def write_template(suffix: str) -> bytes:
    """An empty sheet of questions with two examples: `.xlsx` (with a page that explains it) or `.csv`."""
    if suffix == ".csv":
        import csv

        target = io.StringIO()
        csv.writer(target, lineterminator="\n").writerows(
            [TEMPLATE, *([row.get(name, "") for name in TEMPLATE] for row in _EXAMPLES)]
        )
        return target.getvalue().encode("utf-8-sig")
    if suffix == ".xlsx":
        return _template_workbook()
    raise Refusal("sheet-format", suffix=suffix, known=".csv, .xlsx")


def _template_workbook() -> bytes:
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        heading = book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1, "num_format": "@"})
        sheet = book.add_worksheet("soal")
        sheet.freeze_panes(1, 0)
        for at, name in enumerate(TEMPLATE):
            wide = 48 if name in ("Teks Soal", "Teks Pembahasan") else 24 if name.startswith("Opsi") else 12
            sheet.set_column(at, at, wide, text)
            sheet.write_string(0, at, name, heading)
            for down, row in enumerate(_EXAMPLES, start=1):
                sheet.write_string(down, at, row.get(name, ""), text)
        at = TEMPLATE.index("Kunci")
        sheet.data_validation(1, at, 1_000, at, {"validate": "list", "source": list("ABCDE")})
        page = book.add_worksheet("petunjuk")
        page.set_column(0, 0, 110, text)
        for down, line in enumerate(_HELP):
            page.write_string(down, 0, line, text)
    return target.getvalue()
