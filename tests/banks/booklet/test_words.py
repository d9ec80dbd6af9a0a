"""Every word that a bank shows stands in the booklet, in its order, read back with poppler.

How pages are filled is tried in test_pages.py, what must not be there in test_secrets.py.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cbt_station.banks.bank import BankItem
from cbt_station.banks.booklet.pages import export_booklet
from cbt_station.exam.content import Audio, Text, every
from cbt_station.exam.interactions import parts_of
from cbt_station.exam.item import contents
from tests.banks.booklet.reading import booklet, outline, pages, reader, sample, squeezed, whole_pages

CASES = [
    pytest.param("skd-id", "id", id="skd-id"),
    pytest.param("general-en", "en", id="general-en"),
    pytest.param("interactions", "id", id="interactions in Indonesian"),
    pytest.param("interactions", "en", id="interactions in English"),
]


def words_of(item: BankItem, language: str) -> Iterator[str]:
    """The item's own words as runs that no formula interrupts; small letters above and below stand apart."""
    shown = item.languages[language]
    for content in contents(shown):
        yield from (run.text for run in every(Text, content) if not (run.sub or run.sup))
        yield from (audio.alt for audio in every(Audio, content))
    for part in parts_of(shown.interaction).values():
        yield from (spot.label for spot in getattr(part, "spots", ()))


def is_leftwards(text: str) -> bool:
    return any("\u0590" <= ch <= "\u08ff" for ch in text)


@pytest.mark.parametrize(("name", "language"), CASES)
def test_every_word_of_every_item_stands_between_its_number_and_the_next(
    name: str, language: str, tmp_path: Path
) -> None:
    bank = sample(name)
    text = squeezed("\n".join(pages(booklet(name, language), tmp_path)[1:]))
    at = 0
    for number, item in enumerate(in_order(bank), start=1):
        begin = text.index(f"{number}.", at)
        end = text.find(squeezed(f"{number + 1}."), begin) if number < len(bank.items) else len(text)
        runs = [squeezed(run) for run in words_of(item, language) if not is_leftwards(run)]
        missing = [run for run in runs if run not in text[begin:]]
        assert missing == [], (item.id, text[begin:end])
        first = runs[0]
        at = text.index(first, begin)


def in_order(bank) -> list[BankItem]:
    """As sections stand in the bank; items with one shared text side by side are so in these banks."""
    return [item for section in bank.head.sections for item in bank.items if item.section == section]


@pytest.mark.parametrize(("name", "language"), CASES)
def test_paragraph_after_paragraph_comes_in_the_order_of_the_item(
    name: str, language: str, tmp_path: Path
) -> None:
    bank = sample(name)
    text = squeezed("\n".join(pages(booklet(name, language), tmp_path)[1:]))
    at = 0
    for item in in_order(bank):
        for run in every(Text, item.languages[language].stem):
            if not (run.sub or run.sup or is_leftwards(run.text)):
                at = text.index(squeezed(run.text), at)


def test_two_languages_stand_side_by_side_each_with_all_its_words(tmp_path: Path) -> None:
    bank = sample("interactions")
    text = squeezed("\n".join(pages(booklet("interactions"), tmp_path)))
    for item in bank.items:
        for language in ("id", "en"):
            for run in words_of(item, language):
                assert is_leftwards(run) or squeezed(run) in text, (item.id, run)


def test_a_shared_text_stands_once_before_its_items(tmp_path: Path) -> None:
    bank = sample("interactions")
    assert bank.stimuli
    text = "\n".join(pages(booklet("interactions", "id"), tmp_path))
    assert text.count("Mulai bulan depan jam layanan menjadi sebagai berikut.") == 1
    at = text.index("Teks untuk soal 4")
    assert at < text.index("Mulai bulan depan") < text.index("Pernyataan mana saja yang sesuai")


def test_a_shared_text_in_the_second_language_alone_has_its_heading_in_that_language(tmp_path: Path) -> None:
    bank = sample("interactions")
    english = [replace(one, content={"en": one.content["en"]}) for one in bank.stimuli]
    data, _ = export_booklet(replace(bank, stimuli=tuple(english)))
    text = "\n".join(pages(data, tmp_path))
    assert "Text for question 4\n" in text
    assert "Teks untuk soal 4" not in text


def test_the_cover_says_what_the_bank_is(tmp_path: Path) -> None:
    bank = sample("skd-id")
    cover = whole_pages(booklet("skd-id"), tmp_path)[0]
    for words in (bank.head.title["id"], "skd-id", "CC0-1.0", "Tim CBT Station", "166", "Petunjuk", "Nama"):
        assert words in cover


def test_pages_are_counted_on_every_foot_and_sections_are_bookmarks(tmp_path: Path) -> None:
    bank = sample("general-en")
    data = booklet("general-en")
    found = whole_pages(data, tmp_path)
    assert [page.splitlines()[-1] for page in found] == [
        f"general-en Page {at} of {len(found)}" for at in range(1, len(found) + 1)
    ]
    assert outline(data) == [section.title["en"] for section in bank.head.sections.values()]


def test_title_and_language_stand_in_the_document() -> None:
    data = booklet("general-en")
    document = reader(data)
    assert str(document.root["/Lang"]) == "en"
    assert str(document.trailer["/Info"]["/Title"]) == "General aptitude sample"
    assert str(document.trailer["/Info"]["/Author"]) == "CBT Station team"
