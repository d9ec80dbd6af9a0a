"""The columns of a sheet of questions: what our own template calls them, and what other people's sheets do.

A sheet is recognised by its headings, whatever its file is called: the question's text and at least two options. The
names come from templates that committees and schools in Indonesia fill (a CPNS sheet of 20 columns, a CSV with
`jawaban_benar`, a sheet with `PilA` to `PilE` and files) and from ours.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from cbt_station.banks.workbook import Sheet, as_text

LETTERS: Final = "ABCDEFGHIJKL"
MOST_ABOVE: Final = 10
"""Rows that may stand above the headings."""

NUMBER, SECTION, TOPIC, LEVEL, STEM, STEM_PICTURE = "number", "section", "topic", "level", "stem", "picture"
KEY, NOTE, KIND, POINTS, TOLERANCE, SETTINGS = "key", "note", "kind", "points", "tolerance", "settings"
_NAMES: Final = {
    NUMBER: ("no", "nomor", "nosoal", "number"),
    SECTION: ("segmen", "kategori", "bagian", "mapel", "section", "category"),
    TOPIC: ("topik", "kisikisi", "materi", "topic"),
    LEVEL: ("tingkat", "kesulitan", "level"),
    STEM: ("tekssoal", "soal", "pertanyaan", "question", "stem"),
    STEM_PICTURE: ("gambarsoal", "urlgambarsoal", "imgsoal", "gambar", "file1", "picture"),
    KEY: ("kunci", "jawabanbenar", "kuncijawaban", "jawab", "jawaban", "key"),
    NOTE: ("pembahasan", "tekspembahasan", "catatan", "note"),
    KIND: ("jenis", "jenissoal", "kind"),
    POINTS: ("poin", "points"),
    TOLERANCE: ("toleransi", "tolerance"),
    SETTINGS: ("setelan", "settings"),
}
_OPTION: Final = ("opsi", "pil", "pilihan", "jawaban", "option", "")
_SCORE: Final = ("nilai", "skor", "score")
_PICTURE: Final = ("urlgambaropsi", "gambaropsi", "img", "file", "pictureoption")
_TARGET: Final = re.compile(r"(?:pasangan|target)([1-9][0-9]?)")

TEMPLATE: Final = (
    "No", "Segmen", "Topik", "Tingkat", "Jenis", "Teks Soal", "Gambar Soal",
    "Opsi A", "Opsi B", "Opsi C", "Opsi D", "Opsi E",
    "Kunci",
    "Nilai A", "Nilai B", "Nilai C", "Nilai D", "Nilai E",
    "Poin", "Toleransi",
    "Pasangan 1", "Pasangan 2", "Pasangan 3", "Pasangan 4", "Pasangan 5",
    "Gambar Opsi A", "Gambar Opsi B", "Gambar Opsi C", "Gambar Opsi D", "Gambar Opsi E",
    "Setelan", "Teks Pembahasan",
)  # fmt: skip
"""Our own template: the 20 columns of the CPNS sheet, and beside them topic, level, key and what other kinds need."""


@dataclass(frozen=True)
class Columns:
    """Where each thing stands: columns from 0, by name; options, scores and pictures by letter."""

    row: int
    """The headings' row, from 0."""
    single: dict[str, int]
    options: dict[str, int]
    scores: dict[str, int]
    pictures: dict[str, int]
    targets: dict[str, int] = field(default_factory=dict)
    """By number: what options are put together with."""

    @property
    def known(self) -> set[int]:
        """Every column that means something to us."""
        several = (self.options, self.scores, self.pictures, self.targets)
        return {*self.single.values(), *(place for places in several for place in places.values())}


def find_columns(sheet: Sheet) -> Columns | None:
    """The headings of a sheet of questions among its first rows, or None where it is another sheet."""
    for row, cells in enumerate(sheet.cells[:MOST_ABOVE]):
        columns = _columns(row, [as_text(cell) for cell in cells])
        if STEM in columns.single and len(columns.options) >= 2:
            return columns
    return None


def _columns(row: int, headings: Sequence[str]) -> Columns:
    columns = Columns(row, {}, {}, {}, {})
    for place, heading in enumerate(headings):
        known = re.sub(r"[^a-z0-9]", "", heading.casefold())
        if known:
            _placed(columns, known, place)
    return columns


def _placed(columns: Columns, heading: str, place: int) -> None:
    """Note where a heading stands; one that is not known or stands twice means nothing."""
    for name, spellings in _NAMES.items():
        if heading in spellings and name not in columns.single:
            columns.single[name] = place
            return
    target = _TARGET.fullmatch(heading)
    if target is not None and target[1] not in columns.targets:
        columns.targets[target[1]] = place
        return
    for prefixes, found in (
        (_OPTION, columns.options), (_SCORE, columns.scores), (_PICTURE, columns.pictures),
    ):  # fmt: skip
        letter = heading[-1].upper()
        if letter in LETTERS and heading[:-1] in prefixes and letter not in found:
            found[letter] = place
            return


def column_name(column: int) -> str:
    """A column as spreadsheet programs call it: A, B … Z, AA."""
    name, left = "", column + 1
    while left:
        left, letter = divmod(left - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def filled_rows(sheet: Sheet, columns: Columns) -> Iterator[int]:
    """The rows below the headings, from 0, in which anything but a number, a section or a kind stands; words where the
    number should be are something.
    """
    number = columns.single.get(NUMBER)
    empty = {columns.single.get(name) for name in (NUMBER, SECTION, KIND)}
    drawn = {row for row, _ in sheet.pictures}

    def says_something(place: int, cell: object) -> bool:
        text = as_text(cell)
        return any(one.isalpha() for one in text) if place == number else bool(text) and place not in empty

    for row in range(columns.row + 1, len(sheet.cells)):
        cells = sheet.cells[row]
        if row in drawn or any(says_something(place, cell) for place, cell in enumerate(cells)):
            yield row
