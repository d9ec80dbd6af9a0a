"""Word documents as schools and committees in Indonesia fill them: tables of questions in two dialects.

    NO | SOAL | JAWABAN A … E | JAWABAN BENAR                        one row a question
    NO | SOAL | JENIS | OPSI | JAWABAN | KUNCI                       one row an option; a `v` marks the right ones
    NO | SOAL | JENIS | BARIS (KODE, NAMA) | KOLOM … | KUNCI …       matching: codes of columns for codes of rows
    NO | SOAL | JENIS | JAWABAN                                      short answer (4) and essay (5)

JENIS: 1 one right option, 2 several, 3 matching, 4 short answer, 5 essay. Tables are known by their headings; rows that
nobody filled are no questions. Text, pictures and formulas of a cell are taken over as they stand. Nothing in these
documents says what a right answer brings.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from cbt_station.banks.foreign import (
    RIGHT_POINTS,
    ForeignBank,
    ForeignItem,
    ForeignQuestion,
    QuestionRefused,
    Remark,
    remark,
    require_options,
    title_of,
)
from cbt_station.banks.html import HtmlReader
from cbt_station.banks.quiz_items import shown, with_slot
from cbt_station.banks.safe_xml import Element
from cbt_station.banks.source_text import read_bytes
from cbt_station.banks.word_marks import REFUSED, gathered, words_behind
from cbt_station.banks.word_tables import Document, read_document
from cbt_station.errors import Refusal
from cbt_station.exam.content import Blocks, Formula, InlinePicture, Picture, Span, Text, as_text, every
from cbt_station.exam.interactions import (
    Associable,
    ChoiceInteraction,
    ChoicesInteraction,
    ExtendedTextInteraction,
    MatchInteraction,
    Option,
    Simple,
    TextEntryInteraction,
)
from cbt_station.exam.item import HandMarked, OptionScores, ScoringRule
from cbt_station.exam.rules.building import match_correct, texts

FORMAT: Final = "word"
LANGUAGE: Final = "id"
SECTION: Final = "umum"
MOST_BYTES: Final = 32 << 20
Grid: TypeAlias = tuple[tuple[Element | None, ...], ...]
Row: TypeAlias = tuple[Element | None, ...]

ROWS: Final = ("no", "soal", "jawabana", "jawabanb")
OPTIONS: Final = ("no", "soal", "jenis", "opsi", "jawaban", "kunci")
MATCHING: Final = ("no", "soal", "jenis", "baris", "baris", "kolom", "kolom", "kunci", "kunci")
ANSWERS: Final = ("no", "soal", "jenis", "jawaban")
_OPTION: Final = re.compile("jawaban[a-l]")
_ONE, _SEVERAL, _MATCH, _SHORT, _ESSAY = "1", "2", "3", "4", "5"


def read(source: Path) -> ForeignBank | None:
    """The questions of a .docx, or None for another file or a document without such tables."""
    if source.is_dir() or source.suffix.lower() != ".docx":
        return None
    data = read_bytes(source, MOST_BYTES)
    if data is None:
        raise Refusal("import-too-large", where=source.name, most_bytes=MOST_BYTES)
    try:
        document = read_document(data)
    except Refusal as refusal:
        raise refusal.at(source.name) from refusal
    media: dict[str, bytes] = {}
    questions = [
        question
        for number, table in enumerate(document.tables, 1)
        for question in _questions(table, number, document, media)
    ]
    if not questions and not any(map(_is_known, document.tables)):
        return None
    sections = {SECTION: SECTION.title()}
    return ForeignBank(
        format=FORMAT,
        name=source.stem,
        title=title_of(source.stem),
        language=LANGUAGE,
        sections=sections,
        questions=tuple(questions),
        media=media,
        losses=tuple(_left_out(document)),
    )


def _left_out(document: Document) -> Iterator[Remark]:
    """What of a document is in no table of questions."""
    if document.outside:
        yield remark("word-outside", text=document.outside[:60])
    others = [f"{number}" for number, table in enumerate(document.tables, 1) if not _is_known(table)]
    if others:
        yield remark("word-table-unknown", tables=", ".join(others)[:60])


def _is_known(table: Grid) -> bool:
    headings = _headings(table)
    return headings[: len(ROWS)] == ROWS or headings in (OPTIONS, MATCHING, ANSWERS)


def _headings(table: Grid) -> tuple[str, ...]:
    return (
        tuple(re.sub(r"[^a-z0-9]", "", words_behind(_plain(cell)).casefold()) for cell in table[0])
        if table
        else ()
    )


def _questions(
    table: Grid, number: int, document: Document, media: dict[str, bytes]
) -> Iterator[ForeignQuestion]:
    if not _is_known(table):
        return
    headings = _headings(table)
    body = table[2:] if headings == MATCHING else table[1:]
    for rows in _by_number(body):
        reader = _Reader(rows, headings, HtmlReader(document.pictures.get, media=media, language=LANGUAGE))
        place = f"tabel {number} no {_plain(rows[0][0]) or '?'}"
        try:
            item = reader.item()
        except QuestionRefused as refused:
            yield ForeignQuestion(place, SECTION, fault=refused.reason)
        else:
            if item is not None:
                notes = (*reader.html.remarks, remark("points-assumed", points=RIGHT_POINTS))
                yield ForeignQuestion(place, SECTION, losses=reader.html.losses, item=item, remarks=notes)


def _by_number(rows: Grid) -> list[list[Row]]:
    """The rows of each question: those that one cell of the first column reaches over."""
    found: list[list[Row]] = []
    for row in rows:
        if found and found[-1][0][0] is row[0]:
            found[-1].append(row)
        else:
            found.append([row])
    return found


def _plain(cell: Element | None) -> str:
    return "" if cell is None else " ".join("".join(cell.itertext()).split())


@dataclass(frozen=True)
class _Reader:
    """Reads one question."""

    rows: Sequence[Row]
    headings: tuple[str, ...]
    html: HtmlReader

    def item(self) -> ForeignItem | None:
        """The question, or None where nobody filled these rows."""
        stem = self._blocks(self.rows[0][1])
        if self.headings[: len(ROWS)] == ROWS:
            return self._of_one_row(stem)
        kind = _plain(self.rows[0][2]).strip(" .")
        if self.headings == MATCHING:
            return self._matching(stem, kind)
        if self.headings == ANSWERS:
            return self._answer(stem, kind)
        return self._of_options(stem, kind)

    def _of_one_row(self, stem: Blocks) -> ForeignItem | None:
        last = len(self.headings) - 1
        options = []
        for heading, cell in zip(self.headings[2:last], self.rows[0][2:last], strict=True):
            content = self._blocks(cell)
            if content and _OPTION.fullmatch(heading):
                options.append(Option(heading.removeprefix("jawaban"), content))
            elif content:
                self.html.lose(remark("field-dropped", field=heading[:40]))
        key = _plain(self.rows[0][last]).strip(" .").lower()
        if not stem and not options:
            return None
        return self._choice(stem, options, [key] if key else [])

    def _of_options(self, stem: Blocks, kind: str) -> ForeignItem | None:
        options, keys = [], []
        for row in self.rows:
            name, content, mark = _plain(row[3]).strip(" .").lower(), self._blocks(row[4]), _plain(row[5])
            if content:
                options.append(Option(_id(name), content))
            if mark:
                keys.append(name if mark.casefold() in ("v", "√", "✓") else mark.lower())
        if not stem and not options:
            return None
        if kind == _ONE:
            return self._choice(stem, options, keys)
        if kind != _SEVERAL:
            raise QuestionRefused(remark("kind-unknown", kind=kind[:40], known="1–5"))
        self._require_choice(stem, options, keys, one=False)
        rule = match_correct("identifier", tuple(keys), RIGHT_POINTS)
        return _item(stem, ChoicesInteraction(tuple(options)), rule)

    def _choice(self, stem: Blocks, options: list[Option], keys: list[str]) -> ForeignItem:
        options = self._require_choice(stem, options, keys, one=True)
        if len(keys) > 1:
            raise QuestionRefused(remark("key-several", keys=", ".join(keys)[:40]))
        scores = {option.id: RIGHT_POINTS if option.id == keys[0] else RIGHT_POINTS * 0 for option in options}
        return _item(stem, ChoiceInteraction(tuple(options)), OptionScores(scores))

    def _require_choice(
        self, stem: Blocks, options: list[Option], keys: list[str], *, one: bool
    ) -> list[Option]:
        """The options that stay."""
        if not stem:
            raise QuestionRefused(remark("stem-empty"))
        contents = [option.content for option in options]
        is_key = [option.id in keys for option in options] if one else None
        kept = require_options(contents, is_key, self.html.lose)
        names = [option.id for option in options]
        if len(set(names)) != len(names):
            raise QuestionRefused(remark("option-name-twice", names=" ".join(names)[:60]))
        if not keys:
            raise QuestionRefused(remark("key-missing"))
        for key in keys:
            if key not in names:
                raise QuestionRefused(remark("key-for-no-option", key=key[:40]))
        return [options[place] for place in kept]

    def _matching(self, stem: Blocks, kind: str) -> ForeignItem | None:
        rows = self._coded("baris", [(row[3], row[4]) for row in self.rows])
        columns = self._coded("kolom", [(row[5], row[6]) for row in self.rows])
        if not stem and not rows and not columns:
            return None
        if kind != _MATCH:
            raise QuestionRefused(remark("kind-unknown", kind=kind[:40], known="1–5"))
        if not stem:
            raise QuestionRefused(remark("stem-empty"))
        if not rows or len(columns) < 2:
            raise QuestionRefused(remark("options-few", count=min(len(rows), len(columns))))
        pairs = [
            f"{_known(rows, _plain(row[7]))} {_known(columns, column)}"
            for row in self.rows
            if _plain(row[7])
            for column in re.split(r"[,;\s]+", _plain(row[8]).strip(" ,;"))
        ]
        if not pairs:
            raise QuestionRefused(remark("key-missing"))
        return _item(
            stem,
            MatchInteraction(tuple(rows.values()), tuple(columns.values())),
            match_correct("directedPair", tuple(dict.fromkeys(pairs)), RIGHT_POINTS),
        )

    def _coded(self, side: str, cells: list[tuple[Element | None, Element | None]]) -> dict[str, Associable]:
        """What stands beside each code, by the code in lower case."""
        found: dict[str, Associable] = {}
        for code_cell, cell in cells:
            code, content = _plain(code_cell).strip(" .").lower(), self._blocks(cell)
            if content:
                if not code or code in found:
                    raise QuestionRefused(remark("option-name-twice", names=code or "–"))
                found[code] = Associable(f"{side}-{_id(code)}", content, most=0)
        return found

    def _answer(self, stem: Blocks, kind: str) -> ForeignItem | None:
        blocks = self._blocks(self.rows[0][3])
        answer = as_text(blocks).strip()
        if not stem and not answer:
            return None
        if kind == _ESSAY:
            for name in _more_than_text(blocks):
                self.html.lose(remark("style-dropped", property=name))
            return _item(stem, ExtendedTextInteraction(), HandMarked(RIGHT_POINTS), note=answer or None)
        if kind != _SHORT:
            raise QuestionRefused(remark("kind-unknown", kind=kind[:40], known="1–5"))
        if not answer or "\n" in answer:
            raise QuestionRefused(remark("key-missing"))
        if _more_than_text(blocks):
            raise QuestionRefused(remark("answer-not-typed", found=answer[:40]))
        return _item(with_slot(stem), TextEntryInteraction(), texts({answer: RIGHT_POINTS}))

    def _blocks(self, cell: Element | None) -> Blocks:
        if cell is None:
            return ()
        text = _plain(cell)
        if REFUSED in text:
            element = text.partition(REFUSED)[2].partition("\u27e7")[0]
            raise QuestionRefused(remark("word-part", element=element[:40]))
        losses, notes = gathered(cell)
        for loss in losses:
            self.html.lose(loss)
        for note in notes:
            self.html.note(note)
        return self.html.blocks(cell)


def _more_than_text(blocks: Blocks) -> list[str]:
    """What of an answer nobody can type, and a note cannot say."""
    found = {
        "sub": any(part.sub for part in every(Text, blocks)),
        "sup": any(part.sup for part in every(Text, blocks)),
        "strike": any(part.strike for part in every(Span, blocks)),
        "formula": any(True for _ in every(Formula, blocks)),
        "picture": any(True for kind in (Picture, InlinePicture) for _ in every(kind, blocks)),
    }
    return [name for name, is_there in found.items() if is_there]


def _known(coded: dict[str, Associable], code: str) -> str:
    found = coded.get(code.strip(" .").lower())
    if found is None:
        raise QuestionRefused(remark("key-for-no-option", key=code[:40]))
    return found.id


def _id(name: str) -> str:
    """A code of the table as an id of ours."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,30}", name):
        raise QuestionRefused(remark("option-name-twice", names=name[:40] or "–"))
    return name


def _item(stem: Blocks, interaction: Simple, rule: ScoringRule, note: str | None = None) -> ForeignItem:
    return ForeignItem({LANGUAGE: shown(stem, interaction)}, rule, note=note)
