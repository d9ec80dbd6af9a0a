"""What a workbook of the nineties says beside its texts: raised letters, formats, errors and hidden cells are never silent.

Covers strings that their cells share, cut between records anywhere, strings with runs of their own, numbers in each
record that holds any, and tables that are cut. How a whole cell looks is layout, as in test_sheet_looks.py.
"""

import struct
from collections.abc import Sequence
from pathlib import Path

import pytest

from cbt_station.banks import sheets
from cbt_station.banks.foreign import ForeignBank, ForeignQuestion
from cbt_station.banks.old_facts import old_sheets
from cbt_station.banks.old_workbook import compound_file
from tests.banks.old_books import label, record

HEAD = ("Soal", "Opsi A", "Opsi B", "Kunci")
ROW = ("Satu?", "1", "2", "A")
PLAIN, RAISED, RED, STRUCK, WHITE = range(5)
AFTER = 1
"""Fonts from the fourth on are called one more than they are."""
GENERAL, PERCENT, ZEROS, HIDES, IN_WHITE, IN_RED, ON_DARK, STRUCK_OUT, ALL_RAISED, THOUSANDS = range(10)


def font(*, colour: int = 0x7FFF, script: int = 0, flags: int = 0) -> bytes:
    return record(0x0031, struct.pack("<5H4B", 200, flags, colour, 400, script, 0, 0, 0, 0) + b"\x01\x00A")


def cell_format(font_: int, code: int, *, fill: int = 0) -> bytes:
    pattern = struct.pack("<IH", (1 << 26) if fill else 0, fill)
    return record(0x00E0, struct.pack("<3H", font_, code, 1) + bytes(8) + pattern)


def code(number: int, text: str) -> bytes:
    return record(0x041E, struct.pack("<2HB", number, len(text), 0) + text.encode("ascii"))


FONTS = font() + font(script=1) + font(colour=10) + font(flags=8) + font(colour=9)
FORMATS = code(164, "0000") + code(165, ";;;")
CELLS = b"".join(
    (
        cell_format(PLAIN, 0),
        cell_format(PLAIN, 9),
        cell_format(PLAIN, 164),
        cell_format(PLAIN, 165),
        cell_format(WHITE + AFTER, 0),
        cell_format(RED, 0),
        cell_format(WHITE + AFTER, 0, fill=18),
        cell_format(STRUCK, 0),
        cell_format(RAISED, 0),
        cell_format(PLAIN, 3),
    )
)


def string(text: str, runs: Sequence[tuple[int, int]] = (), *, wide: bool = False) -> bytes:
    flags = (8 if runs else 0) | wide
    letters = text.encode("utf-16-le" if wide else "latin-1")
    head = struct.pack("<HB", len(text), flags) + (struct.pack("<H", len(runs)) if runs else b"")
    return head + letters + b"".join(struct.pack("<2H", *run) for run in runs)


def table(*strings: bytes, count: int | None = None) -> bytes:
    number = len(strings) if count is None else count
    return struct.pack("<2I", number, number) + b"".join(strings)


def shared(row: int, column: int, number: int, look: int = GENERAL) -> bytes:
    return record(0x00FD, struct.pack("<3HI", row, column, look, number))


def numbered(row: int, column: int, value: float, look: int) -> bytes:
    return record(0x0203, struct.pack("<3Hd", row, column, look, value))


def stream(strings: bytes, cells: bytes, *, state: int = 0) -> bytes:
    start = record(0x0809, struct.pack("<4H2I", 0x0600, 5, 0x0DBB, 0x07CC, 0, 6)) + record(
        0x0042, struct.pack("<H", 1200)
    )
    end = record(0x000A)
    title = struct.pack("<BBBB", state, 0, 4, 0) + b"soal"
    looks = FONTS + FORMATS + CELLS
    at = len(start) + len(looks) + len(record(0x0085, bytes(4) + title)) + len(strings) + len(end)
    bound = record(0x0085, struct.pack("<I", at) + title)
    sheet = record(0x0809, struct.pack("<4H2I", 0x0600, 0x10, 0x0DBB, 0x07CC, 0, 6))
    heads = b"".join(label(0, across, text) for across, text in enumerate(HEAD))
    return start + looks + bound + strings + end + sheet + heads + cells + end


def read(folder: Path, cells: bytes, strings: bytes = b"", *, state: int = 0, but: int = 1) -> ForeignBank:
    """One question whose cell in the column `but` is among `cells`."""
    others = b"".join(label(1, across, text) for across, text in enumerate(ROW) if across != but)
    file = folder / "bank.xls"
    file.write_bytes(compound_file("Workbook", stream(strings, others + cells, state=state)))
    bank = sheets.read(file)
    assert bank is not None
    return bank


def verdict(question: ForeignQuestion) -> list[str]:
    if question.fault is not None:
        return [f"refused: {question.fault.code}"]
    return [loss.facts.get("property", loss.code) for loss in question.losses]


def only(folder: Path, cells: bytes, strings: bytes = b"", but: int = 1) -> list[str]:
    (question,) = read(folder, cells, strings, but=but).questions
    return verdict(question)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        pytest.param(string("102", [(2, RAISED)]), ["refused: cell-raised"], id="raised"),
        pytest.param(string("102", [(0, RAISED), (1, PLAIN)]), ["refused: cell-raised"], id="raised at first"),
        pytest.param(string("102", [(2, RED)]), ["color"], id="coloured"),
        pytest.param(string("102", [(1, STRUCK)]), ["strike"], id="struck out"),
        pytest.param(string("102", [(3, RAISED)]), [], id="after the last letter"),
        pytest.param(string("102", [(1, RAISED), (1, PLAIN)]), [], id="of no letter"),
        pytest.param(string("102"), [], id="plain"),
        pytest.param(string("ㄱ02", [(2, RAISED)], wide=True), ["refused: cell-raised"], id="in wide letters"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("column", [0, 1])
def test_letters_within_a_cell_are_judged_as_in_any_workbook(
    made: bytes, said: list[str], column: int, tmp_path: Path
) -> None:
    strings = record(0x00FC, table(string("lain"), made))
    assert only(tmp_path, shared(1, column, 1), strings, but=column) == said


@pytest.mark.parametrize("cut", range(9, 60))
def test_a_table_of_strings_may_be_cut_anywhere(cut: int) -> None:
    """Within letters the rest begins with a byte that says how wide they are; elsewhere it just goes on."""
    first, second = string("abcdefghijklmnop"), string("xyz" * 5, [(1, RAISED)])
    whole = table(first, second)
    if cut >= len(whole):
        return
    inside = [(8 + 3, 16), (8 + len(first) + 5, 15)]
    within = any(start < cut < start + length for start, length in inside)
    parts = record(0x00FC, whole[:cut]) + record(0x003C, (b"\x00" if within else b"") + whole[cut:])
    if any(cut == start for start, _ in inside):
        parts = record(0x00FC, whole[:cut]) + record(0x003C, b"\x00" + whole[cut:])
    (sheet,) = old_sheets(stream(parts, shared(1, 0, 0) + shared(1, 1, 1)))
    assert sheet.looks == {(1, 1): ("sup",)}


def test_a_table_that_is_cut_is_no_table_of_plain_strings() -> None:
    strings = record(0x00FC, table(string("satu"), count=9))
    (sheet,) = old_sheets(stream(strings, shared(1, 0, 0) + shared(1, 1, 1)))
    assert list(sheet.facts.faults) == [(1, 1)]


def test_a_string_that_its_cell_keeps_itself_has_runs_too() -> None:
    text = struct.pack("<3HHB", 1, 1, 0, 3, 0) + b"102" + struct.pack("<H2H", 1, 2, RAISED)
    (sheet,) = old_sheets(stream(b"", record(0x00D6, text)))
    assert sheet.looks == {(1, 1): ("sup",)}


RK_HALF = struct.pack("<I", 50 << 2 | 3)
"""50 as a whole number, of which a hundredth is meant."""


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        pytest.param(numbered(1, 1, 7, GENERAL), [], id="a whole number"),
        pytest.param(numbered(1, 1, 0.25, GENERAL), ["cell-number"], id="a quarter"),
        pytest.param(numbered(1, 1, 0.5, PERCENT), ["refused: cell-format"], id="percent"),
        pytest.param(record(0x027E, struct.pack("<3H", 1, 1, PERCENT) + RK_HALF), ["refused: cell-format"], id="percent in four bytes"),
        pytest.param(
            record(0x00BD, struct.pack("<3H", 1, 1, PERCENT) + RK_HALF + struct.pack("<H", 1)), ["refused: cell-format"],
            id="percent among many",
        ),
        pytest.param(
            record(0x0006, struct.pack("<3Hd", 1, 1, PERCENT, 0.5) + bytes(10)), ["refused: cell-format"], id="percent of a formula",
        ),
        pytest.param(numbered(1, 1, 12, ZEROS), ["refused: cell-format"], id="zeros before"),
        pytest.param(numbered(1, 1, 5000, THOUSANDS), ["cell-number"], id="thousands"),
        pytest.param(numbered(1, 1, 5, HIDES), ["refused: cell-hidden"], id="hidden"),
        pytest.param(numbered(1, 1, 5, IN_WHITE), ["refused: cell-hidden"], id="white"),
        pytest.param(numbered(1, 1, 5, ON_DARK), [], id="white on a dark ground"),
        pytest.param(shared(1, 1, 0, STRUCK_OUT), ["strike"], id="struck out"),
        pytest.param(shared(1, 1, 0, IN_RED), [], id="a red cell is layout"),
        pytest.param(shared(1, 1, 0, ALL_RAISED), [], id="a raised cell is layout"),
        pytest.param(record(0x0205, struct.pack("<3H2B", 1, 1, 0, 7, 1)), ["refused: cell-error"], id="an error"),
        pytest.param(
            record(0x0006, struct.pack("<3H", 1, 1, 0) + b"\x02\x00\x07\x00\x00\x00\xff\xff" + bytes(10)),
            ["refused: cell-error"], id="an error of a formula",
        ),
        pytest.param(shared(1, 1, 0) + record(0x01B8, struct.pack("<4H", 1, 1, 1, 1)), ["link-dropped"], id="a link"),
    ],
)  # fmt: skip
def test_a_cell_is_as_it_is_seen_or_says_so(cell: bytes, said: list[str], tmp_path: Path) -> None:
    assert only(tmp_path, cell, record(0x00FC, table(string("kata")))) == said


def test_hidden_rows_columns_and_sheets_and_comments_are_said(tmp_path: Path) -> None:
    cells = (
        record(0x007D, struct.pack("<5H", 2, 2, 0, 0, 1))
        + record(0x0208, struct.pack("<6HI", 1, 0, 4, 0, 0, 0, 0x20))
        + record(0x0809, struct.pack("<4H2I", 0x0600, 0x20, 0, 0, 0, 0)) + record(0x000A)  # a chart within
        + record(0x001C, struct.pack("<2H", 1, 0))
    )  # fmt: skip
    bank = read(tmp_path, cells + label(1, 1, "x"))
    assert [one.code for one in bank.questions[0].remarks] == ["was-hidden", "cell-comment", "points-assumed"]
    assert [(loss.code, loss.facts["columns"]) for loss in bank.losses] == [("sheet-columns-hidden", "C")]
    hidden = read(tmp_path, label(1, 1, "x"), state=1)
    assert hidden.questions[0].remarks[0].code == "was-hidden"


def test_records_that_are_damaged_cost_only_themselves() -> None:
    damaged = (
        record(0x0203, b"\x01")
        + record(0x00D6, struct.pack("<3HHB", 1, 0, 0, 900, 0))
        + record(0x0208, b"\0")
    )
    (sheet,) = old_sheets(stream(b"", damaged + numbered(1, 1, 0.5, PERCENT)))
    assert list(sheet.facts.formats) == [(1, 1)]
    assert old_sheets(b"\x09\x08\xff\xff") == []
