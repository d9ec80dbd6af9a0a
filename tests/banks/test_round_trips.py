"""What a committee brings goes in, out into another format and in again: the same items, field by field, ids aside.

The sources are a bank of another project, the two Word templates of a third, and our own sheet, filled. Each goes
through our format into a sheet and into a QTI package. What a sheet cannot carry must be named in its report; an item that
the report calls exact is held to every field. Sample banks are held to their bytes in test_export_qti3.py.
"""

import re
from pathlib import Path

import pytest

from cbt_station.banks.bank import Bank, BankItem
from cbt_station.banks.export_report import ExportReport
from cbt_station.banks.exporting import export_bank
from cbt_station.banks.formulas import PREFIX
from cbt_station.banks.importing import import_bank
from cbt_station.banks.native import read_bank
from cbt_station.banks.sheet_template import write_template
from cbt_station.exam.content import Picture, every
from cbt_station.exam.interactions import contents_of
from cbt_station.exam.item import contents
from tests.shared import shared


def p3k(_folder: Path) -> Path:
    return shared("data/id-p3k-bank-soal")


def word_one(_folder: Path) -> Path:
    return next(shared("data/garudacbt-word-templates").rglob("format_soal.docx"))


def word_two(_folder: Path) -> Path:
    return next(
        path
        for path in shared("data/garudacbt-word-templates").rglob("*.docx")
        if path.name != "format_soal.docx"
    )


def sheet(folder: Path) -> Path:
    (folder / "soal.xlsx").write_bytes(write_template(".xlsx"))
    return folder / "soal.xlsx"


SOURCES = [p3k, word_one, word_two, sheet]


def fields(bank: Bank, item: BankItem) -> dict[str, object]:
    """Everything of an item but the names of it and its options; pictures by their bytes."""
    section = bank.head.sections[item.section]
    (shown,) = item.languages.values()
    pictures = {one.media for content in contents(shown) for one in every(Picture, content)}
    names = {name: f"{number}" for number, name in enumerate(sorted(pictures))}
    rows = [*getattr(shown.interaction, "rows", ()), *getattr(shown.interaction, "options", ())]
    own = {row.id: f"p{number}" for number, row in enumerate(rows)}
    own |= {one.id: f"q{number}" for number, one in enumerate(getattr(shown.interaction, "columns", ()))}
    return {
        "section": section.title,
        "topic": item.topic,
        "level": item.level,
        "languages": list(item.languages),
        "shown": by_place(with_names(repr(shown), names), own),
        "options": [with_names(repr(content), names) for content in contents_of(shown.interaction)],
        "rule": by_place(repr(item.rule), own),
        "note": item.note,
        "pictures": {names[name]: bank.media[name] for name in pictures},
        "formulas": {name for name in bank.media if name.startswith(PREFIX) and name in repr(shown)},
    }


def with_names(text: str, names: dict[str, str]) -> str:
    for name, other in names.items():
        text = text.replace(name, other)
    return text


def by_place(text: str, names: dict[str, str]) -> str:
    """Options by their places, where a text has nothing but their name, or two of them as a pair."""
    known = "|".join(map(re.escape, names)) or "(?!)"
    return re.sub(
        rf"(?<!Decimal\()(?<!value=)'({known})( ({known}))?'",
        lambda found: f"'{names[found[1]]}{f' {names[found[3]]}' if found[3] else ''}'",
        text,
    )


def came_out(source: Path, to: str, folder: Path) -> tuple[Bank, ExportReport, Bank]:
    """The bank of a source, the report of its export, and the bank of what was exported."""
    import_bank(source, folder / "first")
    data, report = export_bank(folder / "first", to)
    file = folder / {"xlsx": "keluar.xlsx", "qti3": "keluar.zip"}[to]
    file.write_bytes(data)
    import_bank(file, folder / "second")
    return read_bank(folder / "first"), report, read_bank(folder / "second")


@pytest.mark.parametrize("make", SOURCES)
def test_through_qti_the_whole_bank_is_the_same(make, tmp_path):
    first, report, second = came_out(make(tmp_path), "qti3", tmp_path)
    assert report.counts["refused"] == 0
    assert second == first


@pytest.mark.parametrize(("make", "exact"), list(zip(SOURCES, (327, 1, 13, 10), strict=True)))
def test_through_a_sheet_every_item_is_the_same_or_its_loss_is_named(make, exact, tmp_path):
    first, report, second = came_out(make(tmp_path), "xlsx", tmp_path)
    assert report.counts == {"exact": exact, "lossy": len(first.items) - exact, "refused": 0}
    by_row = {item.source: item for item in second.items}
    assert len(by_row) == len(first.items)
    for row, (item, said) in enumerate(zip(first.items, report.items, strict=True), start=2):
        assert said.item == item.id
        if said.outcome == "exact":
            assert fields(second, by_row[f"{row}"]) == fields(first, item)


def test_a_second_time_through_a_sheet_nothing_more_is_lost(tmp_path):
    """What came out of a sheet fits into one: whatever its first journey cost, the second costs nothing."""
    import_bank(word_one(tmp_path), tmp_path / "0")
    for number in range(2):
        data, report = export_bank(tmp_path / f"{number}", "xlsx")
        (tmp_path / "lembar.xlsx").write_bytes(data)
        import_bank(tmp_path / "lembar.xlsx", tmp_path / f"{number + 1}")
    assert report.counts["exact"] == len(report.items)
    assert read_bank(tmp_path / "2") == read_bank(tmp_path / "1")
