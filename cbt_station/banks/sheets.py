r"""Sheets of questions: XLSX, XLS, ODS and CSV as committees and schools fill them.

One row is one question: one right option (`Kunci`), a score for each (`Nilai A` …), or what its `Jenis` says
(`sheet_answers.py`). What a spreadsheet program makes of a cell is where questions change in silence: 1/2 becomes a date,
TRUE a truth value, 0,50 a number. A cell that became a date or a truth value is refused with its column; a number with
decimals is a named loss where it is a text. Pictures lie over the cells (XLSX, ODS), or a cell names a file beside the
sheet; an address is never fetched. LaTeX stands between `\(` and `\)` or `$$`. The template is `sheet_template.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from cbt_station.banks import sheet_columns as columns_of
from cbt_station.banks.fields import DECIMAL
from cbt_station.banks.foreign import (
    RIGHT_POINTS,
    ForeignBank,
    ForeignItem,
    ForeignQuestion,
    QuestionRefused,
    Remark,
    plain_blocks,
    remark,
    title_of,
)
from cbt_station.banks.foreign_media import ForeignMedia
from cbt_station.banks.quiz_items import shown
from cbt_station.banks.sheet_answers import NUMBERS, TYPED, Row, made, unused
from cbt_station.banks.sheet_columns import Columns, column_name, filled_rows, find_columns
from cbt_station.banks.sheet_drawings import MOST_PICTURE
from cbt_station.banks.sheet_facts import ERROR
from cbt_station.banks.sheet_formats import Shown
from cbt_station.banks.sheet_formulas import with_formulas
from cbt_station.banks.sheet_kinds import KIND_WORDS, kind_named, said_number, with_point
from cbt_station.banks.sheet_looks import RAISED
from cbt_station.banks.sheet_template import is_help
from cbt_station.banks.source_text import read_bytes
from cbt_station.banks.workbook import KNOWN, MOST_SHEET, Sheet, as_text, read_sheets
from cbt_station.errors import Refusal
from cbt_station.exam.blueprint import is_plain_number
from cbt_station.exam.content import Blocks, Picture

FORMAT: Final = "sheet"
LANGUAGE: Final = "id"
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
    losses = tuple(_left_out(book))
    return ForeignBank(FORMAT, source.stem, title, LANGUAGE, sections, tuple(questions), media, losses=losses)


def _left_out(book: list[tuple[Sheet, Columns | None]]) -> Iterator[Remark]:
    """What of a workbook is in no question."""
    for sheet, columns in book:
        if columns is None and _says(sheet):
            yield remark("sheet-unknown", sheet=sheet.name[:60])
        above = _above(sheet, columns)
        if above:
            yield remark("sheet-outside", sheet=sheet.name[:60], text=above[:60])
        hidden = sorted(sheet.facts.hidden_columns & columns.known) if columns is not None else []
        if hidden:
            names = ", ".join(map(column_name, hidden))[:60]
            yield remark("sheet-columns-hidden", sheet=sheet.name[:60], columns=names)
        if sheet.lost:
            yield remark("sheet-drawings-lost", sheet=sheet.name[:60], count=sheet.lost)


def _above(sheet: Sheet, columns: Columns | None) -> str:
    """What stands above the headings."""
    rows = sheet.cells[: columns.row] if columns is not None else ()
    return " ".join(text for row in rows for cell in row if (text := as_text(cell)))


def _says(sheet: Sheet) -> bool:
    """Whether anything stands in a sheet; the page that explains our own template says nothing of an exam."""
    cells = [text for row in sheet.cells for cell in row if (text := as_text(cell))]
    return bool(cells) and not is_help(cells)


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
        single = self.columns.single
        pictures = (single.get(columns_of.STEM_PICTURE), single[columns_of.STEM])
        stem = self._content(row, single[columns_of.STEM], pictures, place, files, losses)
        self._text(row, single.get(columns_of.SECTION), losses)  # a date is no section
        kind = kind_named(self._text(row, single.get(columns_of.KIND), losses))
        own = self._row(row, kind, stem, place, files, losses)
        (stem, interaction, rule), assumed = made(own, losses)
        content = shown(stem, interaction)
        losses += [
            remark("cell-unused", cells=self._columns_of(name), kind=KIND_WORDS[kind][0])
            for name in unused(own)
        ]
        losses += self._left_over(row)
        item = ForeignItem(
            languages={LANGUAGE: content},
            rule=rule,
            topic=self._text(row, single.get(columns_of.TOPIC), losses) or None,
            level=self._text(row, single.get(columns_of.LEVEL), losses) or None,
            note=self._note(row, own, losses),
        )
        return item, [*self._remarks(row), *[remark("points-assumed", points=RIGHT_POINTS)] * assumed]

    def _remarks(self, row: int) -> Iterator[Remark]:
        """What takes nothing from a question, and a committee should know."""
        facts = self.sheet.facts
        if facts.is_hidden or row in facts.hidden_rows:
            yield remark("was-hidden")
        for down, column in sorted(facts.comments):
            if down == row:
                yield remark("cell-comment", column=self._heading(column))

    def _row(
        self, row: int, kind: str, stem: Blocks, place: str, files: ForeignMedia, losses: list[Remark]
    ) -> Row:
        """The row's cells, each read as its kind needs it."""
        single = self.columns.single
        is_typed = kind in TYPED
        return Row(
            kind,
            stem,
            options={} if is_typed else self._options(row, place, files, losses),
            answers=self._answers(row, kind, losses) if is_typed else {},
            targets=self._contents(row, self.columns.targets, {}, place, files, losses),
            scores={
                letter.lower(): score
                for letter, column in self.columns.scores.items()
                if (score := self._score(row, letter, column)) is not None
            },
            key=self._typed(row, single.get(columns_of.KEY), kind, losses).strip(),
            points=self._positive(row, single.get(columns_of.POINTS)),
            tolerance=self._positive(row, single.get(columns_of.TOLERANCE)),
            settings=self._text(row, single.get(columns_of.SETTINGS), losses),
        )

    def _note(self, row: int, own: Row, losses: list[Remark]) -> str | None:
        """The explanation, and under it the key of a question that a person marks."""
        note = self._text(row, self.columns.single.get(columns_of.NOTE), losses)
        if own.kind == "extended-text" and own.key:
            note = f"{note}\n{self._heading(self.columns.single[columns_of.KEY])}: {own.key}".strip()
        return note or None

    def _options(self, row: int, place: str, files: ForeignMedia, losses: list[Remark]) -> dict[str, Blocks]:
        found = self._contents(row, self.columns.options, self.columns.pictures, place, files, losses)
        return {letter.lower(): content for letter, content in sorted(found.items())}

    def _contents(
        self,
        row: int,
        columns: Mapping[str, int],
        pictures: Mapping[str, int],
        place: str,
        files: ForeignMedia,
        losses: list[Remark],
    ) -> dict[str, Blocks]:
        """What the cells of these columns show, by the columns' names."""
        found = {}
        for name, column in columns.items():
            over = (pictures.get(name), column)
            content = self._content(row, column, over, f"{place} {name}", files, losses)
            if content:
                found[name] = content
        return found

    def _answers(self, row: int, kind: str, losses: list[Remark]) -> dict[str, str]:
        """Answers that are typed: plain text."""
        columns = sorted(self.columns.options.items())
        return {
            letter.lower(): text
            for letter, column in columns
            if (text := self._typed(row, column, kind, losses).strip())
        }

    def _typed(self, row: int, column: int | None, kind: str, losses: list[Remark]) -> str:
        """A cell's text; where a number is asked for, one that the program made of it is as good."""
        cell = self._cell(row, column)
        if kind in NUMBERS and isinstance(cell, float | int) and not isinstance(cell, bool):
            self._shown(row, column, Shown.DRESSED)
            return said_number(as_text(cell))
        return self._text(row, column, losses)

    def _positive(self, row: int, column: int | None) -> Decimal | None:
        """A number above nothing, or None for an empty cell."""
        cell = self._cell(row, column)
        self._shown(row, column, Shown.DRESSED)
        text = _number(cell)
        if not text:
            return None
        if (
            isinstance(cell, bool | date | time | timedelta)
            or not DECIMAL.fullmatch(text)
            or Decimal(text) <= 0
        ):
            heading = self._heading(column)
            raise QuestionRefused(remark("cell-number-needed", column=heading, found=text[:20]))
        return Decimal(text)

    def _score(self, row: int, letter: str, column: int) -> Decimal | None:
        self._shown(row, column, Shown.DRESSED)
        text = _number(self._cell(row, column))
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

    def _columns_of(self, name: str) -> str:
        """The headings of a kind of cells."""
        columns = {
            "options": self.columns.options,
            "scores": self.columns.scores,
            "targets": self.columns.targets,
        }
        places = columns[name].values() if name in columns else [self.columns.single[name]]
        return ", ".join(self._heading(place) for place in places)[:120]

    def _cell(self, row: int, column: int | None) -> object:
        return self.sheet.cell(row, column)

    def _looks(self, row: int, column: int | None) -> tuple[str, ...]:
        place = self.sheet.at(row, column)
        looks = self.sheet.looks.get(place, ())
        more = self.sheet.facts.looks.get(place)
        return tuple(sorted({*looks, more})) if more else looks

    def _shown(self, row: int, column: int | None, most: Shown) -> Shown:
        """How a cell shows what it holds; refused where that is more apart than `most`, or nothing that anybody typed."""
        place, heading = self.sheet.at(row, column), self._heading(column)
        fault, found = self.sheet.facts.faults.get(place, ("", ""))
        if fault:
            code = remark("cell-error", column=heading, found=found) if fault == ERROR else None
            raise QuestionRefused(code or remark("cell-formula", column=heading))
        shown, code_ = self.sheet.facts.formats.get(place, (Shown.PLAIN, ""))
        if shown == Shown.HIDDEN:
            raise QuestionRefused(remark("cell-hidden", column=heading, found=code_[:40]))
        if shown > most:
            said = as_text(self._cell(row, column))[:40]
            raise QuestionRefused(remark("cell-format", column=heading, found=said, format=code_[:40]))
        return shown

    def _text(self, row: int, column: int | None, losses: list[Remark]) -> str:
        """A cell's text; refused where a spreadsheet program made something else of what was typed."""
        cell = self._cell(row, column)
        if isinstance(cell, bool | date | time | timedelta):
            raise QuestionRefused(remark("cell-became", column=self._heading(column), found=as_text(cell)))
        if not set(RAISED).isdisjoint(self._looks(row, column)):
            raise QuestionRefused(
                remark("cell-raised", column=self._heading(column), found=as_text(cell)[:40])
            )
        shown = self._shown(row, column, Shown.SAME)
        if shown == Shown.SAME or (isinstance(cell, float) and not cell.is_integer()):
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
        losses += [remark("style-dropped", property=look) for look in self._looks(row, column)]
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
        known = self.columns.known
        for column, cell in enumerate(self.sheet.cells[row]):
            if column not in known and as_text(cell):
                yield remark("field-dropped", field=self._heading(column))
        for (down, column), address in sorted(self.sheet.facts.links.items()):
            if down == row and column in known:
                yield remark("link-dropped", address=address[:80])
        taken = {
            self.columns.single[columns_of.STEM],
            self.columns.single.get(columns_of.STEM_PICTURE),
            *self.columns.options.values(),
            *self.columns.pictures.values(),
            *self.columns.targets.values(),
        }
        for at, column in self.sheet.pictures:
            if at == row and column not in taken:
                yield remark("picture-elsewhere", column=self._heading(column))

    def _heading(self, column: int | None) -> str:
        return as_text(self._cell(self.columns.row, column))[:40] or column_name(column or 0)


def _number(cell: object) -> str:
    """A number with a point; one that the program made of what was typed means what it holds."""
    return as_text(cell) if isinstance(cell, float | int) else with_point(as_text(cell))
